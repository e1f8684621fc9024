/*
 * scenario_state.h - what a running scenario knows of the block's registers, to keep its stimulus defined (ENV-04).
 * Private to scenario_*.c.
 *
 * It follows what was queued, in order. A write to Enable, Function Mask, Memory Space or PowerState counts for what
 * comes later only when its completion has come, because a posted write may pass a configuration write (RACE-13,
 * RACE-41).
 *
 * A function-level reset, or D0 after D3hot without No_Soft_Reset, loses the function: from the write on nobody knows
 * when its registers go. Until `recover` the table is held to be as before, so that a write is defined if it comes in
 * time, and is refused if it does not, because Memory Space Enable is 0 then.
 */
#ifndef SCENARIO_STATE_H
#define SCENARIO_STATE_H

#include "bench.h"
#include "scenario.h"

enum {
    STATE_MOST_TAGS = 256, /* non-posted requests under way: all tags of the host */
    STATE_MOST_READS = 64, /* dma reads queued or under way */
    STATE_STRAY_TAG = 128, /* a tag so far ahead is not used before a completion that is queued now has entered */
    STATE_ADDRESS = 1,     /* fields of an entry that were written since reset */
    STATE_UPPER = 2,
    STATE_DATA = 4,
    STATE_PROGRAMMED = 7,
};

enum state_request { STATE_OTHER, STATE_CONTROL, STATE_COMMAND, STATE_DEVICE, STATE_POWER, STATE_REQUESTS };

struct state_tag {
    uint8_t tag;
    enum state_request of;
    bool captures; /* a configuration write that is sent to the present route */
};

struct state_entry {
    uint64_t address;
    uint8_t written; /* STATE_ADDRESS .. */
    bool unmasked;   /* as last queued */
};

/* Device Control, as last queued; and the smallest sizes that may be in force. */
struct state_device {
    unsigned mps, mrrs;             /* as coded: 0 is 128 bytes */
    unsigned least_mps, least_mrrs; /* while writes are under way */
    bool ro, ns;
};

struct scenario_state {
    struct bench *b;
    unsigned capability;                                  /* offset of MSI-X; 0: none */
    bool enable, function_mask, bus_master, memory_space; /* as last queued */
    bool asleep;                                          /* D3hot, as last queued */
    bool lost;                                            /* reset and not enumerated again */
    bool renumbering;                                     /* a new route, and no completed write to it yet */
    struct state_device device;
    struct host_answer_style answers;
    unsigned window;  /* of posted data, as last asked for; 0: never */
    bool ro, ns, ido; /* attributes of memory requests */
    uint8_t tc;
    unsigned under_way[STATE_REQUESTS]; /* requests of each kind */
    unsigned tags;
    struct state_tag tag[STATE_MOST_TAGS];
    uint16_t route;      /* bus 15:8, device 7:3 of configuration requests */
    unsigned tx_percent; /* knobs that could keep a blocking operation from its end */
    bool frozen, stalled;
    struct state_entry entry[SCENARIO_MOST_VECTORS];
};

/* As scenario_run.h says for the start; also after a conventional reset. Enumerates. */
void state_start(struct scenario_state *s);
/* The function is at its reset values but for MPS and the route. Does not enumerate. */
void state_forget(struct scenario_state *s);

/* Waits until another non-posted request may be sent. */
void state_need_tag(struct scenario_state *s);
/* Nobody waits for what is under way. */
void state_end(struct scenario_state *s);
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

/* Device Control and Device Control 2; sizes only shrink while nothing of the device is under way. */
bool state_device_control(struct scenario_state *s, unsigned mps, unsigned mrrs, bool ro, bool ns);
bool state_ido(struct scenario_state *s, bool request, bool completion);
/* PowerState. */
bool state_power(struct scenario_state *s, bool asleep);
/* Initiate Function Level Reset. */
bool state_flr(struct scenario_state *s);
/* Where configuration requests go; false: dma reads are under way, whose completions go to the old number. */
bool state_route(struct scenario_state *s, unsigned bus, unsigned device);
/* Largest dma write and read for certain, DWs. */
unsigned state_write_dws(const struct scenario_state *s);
unsigned state_read_dws(const struct scenario_state *s);
/* Is a dma read defined now? */
bool state_may_read(struct scenario_state *s);
/* A window of posted data that the largest data write fits in (FC-09). */
unsigned state_window(const struct scenario_state *s, unsigned wanted);
/* Hands the style of answers to the host, with completions no larger than MPS. */
void state_apply_answers(struct scenario_state *s);

/* Writes to the table; false: left out. */
bool state_mask(struct scenario_state *s, unsigned vector, bool masked);
bool state_program(struct scenario_state *s, unsigned vector, uint64_t address, uint32_t data, bool masked);
bool state_write_field(struct scenario_state *s, unsigned vector, enum scenario_field field, uint64_t value);

/* Lets go what would keep a blocking operation from its end: tx never ready, frozen credits. */
void state_open(struct scenario_state *s);

#endif
