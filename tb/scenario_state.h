/*
 * scenario_state.h - what a running scenario knows of the block's registers, to keep its stimulus defined (ENV-04).
 * Private to scenario_*.c.
 *
 * It follows what was queued, in order. A write to Enable, Function Mask or Memory Space counts for what comes later
 * only when its completion has come, because a posted write may pass a configuration write (RACE-13, RACE-41).
 */
#ifndef SCENARIO_STATE_H
#define SCENARIO_STATE_H

#include "bench.h"
#include "scenario.h"

enum {
    STATE_MOST_TAGS = 120, /* non-posted requests under way; the host has 256 tags */
    STATE_ADDRESS = 1,     /* fields of an entry that were written since reset */
    STATE_UPPER = 2,
    STATE_DATA = 4,
    STATE_PROGRAMMED = 7,
};

enum state_request { STATE_OTHER, STATE_CONTROL, STATE_COMMAND };

struct state_tag {
    uint8_t tag;
    enum state_request of;
};

struct state_entry {
    uint64_t address;
    uint8_t written; /* STATE_ADDRESS .. */
    bool unmasked;   /* as last queued */
};

struct scenario_state {
    struct bench *b;
    unsigned capability;                                  /* offset of MSI-X; 0: none */
    bool enable, function_mask, bus_master, memory_space; /* as last queued */
    unsigned controls, commands; /* writes to Message Control and to Command that are under way */
    unsigned tags;
    struct state_tag tag[STATE_MOST_TAGS];
    uint16_t route;      /* bus 15:8, device 7:3 of configuration requests */
    unsigned tx_percent; /* knobs that could keep a blocking operation from its end */
    bool frozen, stalled;
    struct state_entry entry[SCENARIO_MOST_VECTORS];
};

/* As scenario_run.h says for the start; also after a reset. Enumerates. */
void state_start(struct scenario_state *s);

/* May another non-posted request be sent? Frees the tags of what has been completed. */
bool state_may_request(struct scenario_state *s);
/* A tag that nobody waits for, and what was asked with it. */
void state_keep_tag(struct scenario_state *s, uint8_t tag, enum state_request of);

/* Message Control's two bits, by a configuration write; false: left out. */
bool state_control(struct scenario_state *s, bool enable, bool function_mask);
/* Command's two bits. */
bool state_command(struct scenario_state *s, bool bus_master, bool memory_space);
/* A configuration write to any register. */
bool state_write_config(struct scenario_state *s, unsigned reg, unsigned byte_enables, uint32_t value);

/* Writes to the table; false: left out. */
bool state_mask(struct scenario_state *s, unsigned vector, bool masked);
bool state_program(struct scenario_state *s, unsigned vector, uint64_t address, uint32_t data, bool masked);
bool state_write_field(struct scenario_state *s, unsigned vector, enum scenario_field field, uint64_t value);

/* Lets go what would keep a blocking operation from its end: tx never ready, frozen credits. */
void state_open(struct scenario_state *s);

#endif
