/*
 * liberal_software.h - the words of the random traffic: what software writes and reads, with its own notes about it.
 *
 * Legal stimulus only (ENV-04): address and data of an entry are written only while it is masked, or while Function
 * Mask or a cleared Enable is certainly in force; the mask of an unmasked entry is set by DW writes.
 */
#ifndef LIBERAL_SOFTWARE_H
#define LIBERAL_SOFTWARE_H

#include "bench.h"
#include "liberal.h"

enum {
    TRAFFIC_COMMAND = 0x04,
    TRAFFIC_MSE = 0x2,
    TRAFFIC_BME = 0x4,
    TRAFFIC_PARITY = 0x40,
    TRAFFIC_VECTORS = 130,
    TRAFFIC_CONTROLS = 8, /* control writes without completion, at most */
    TRAFFIC_HOT = 4,      /* vectors that most of it is about */
    TRAFFIC_AUDITED = 40, /* entries that are read back */
    TRAFFIC_OPERATIONS = 40,
    TRAFFIC_READS = 32
};

struct traffic {
    struct bench *b;
    const struct liberal_plan *plan;
    struct rng rng;
    unsigned nvec, capability;
    unsigned weight[TRAFFIC_OPERATIONS], weights;
    uint16_t hot[TRAFFIC_HOT];
    bool masked[TRAFFIC_VECTORS], programmed[TRAFFIC_VECTORS]; /* as last written */
    unsigned version[TRAFFIC_VECTORS];                         /* counts the values of an entry */
    bool enable, fmask, bme, parity;                           /* as last written */
    uint16_t route;                                            /* of configuration requests */
    unsigned read[TRAFFIC_READS];                              /* tags of the device logic's reads */
    unsigned reads;
    bool late_answers;                 /* the host may still answer reads from before a reset */
    uint8_t control[TRAFFIC_CONTROLS]; /* tags of control writes */
    unsigned controls;
    bool alone;          /* no entry takes the values of another one */
    bool dead;           /* tx does not move: nothing may wait for a completion */
    uint64_t dead_until; /* clock */
};

bool traffic_chance(struct traffic *t, unsigned percent);
unsigned traffic_below(struct traffic *t, unsigned bound);
unsigned traffic_any_vector(struct traffic *t);

/* A configuration write that nobody waits for yet; left out if too many are under way. */
void traffic_control_start(struct traffic *t, unsigned reg, unsigned byte_enables, uint32_t value);
/* The same for MSI-X Enable and Function Mask. */
void traffic_msix_start(struct traffic *t, bool enable, bool fmask);
/* Waits until all of them are in force, if it may wait. Are they? */
bool traffic_make_certain(struct traffic *t);

/* May address and data of this entry be written? */
bool traffic_is_quiet(struct traffic *t, unsigned v);
/* Writes address and data of the next version; the mask as well if `with_mask` (then it becomes `masked`). */
void traffic_write_entry(struct traffic *t, unsigned v, bool with_mask, bool masked);
/* Writes the mask; an entry without address and data gets them first. */
void traffic_mask(struct traffic *t, unsigned v, bool masked);

/* Lower byte of Command. */
uint32_t traffic_command(const struct traffic *t);

/* --- liberal_traffic.c --- */
void traffic_begin(struct traffic *t); /* enumerates, and programs entries */
void traffic_revive(struct traffic *t);
void traffic_data(struct traffic *t);
void traffic_bus_master(struct traffic *t);

/* --- liberal_layer.c: one operation each --- */
void traffic_read_host(struct traffic *t);
void traffic_poisoned_data(struct traffic *t);
void traffic_starve_reads(struct traffic *t);
void traffic_level(struct traffic *t);
void traffic_int_disable(struct traffic *t);
void traffic_intx_phase(struct traffic *t);
void traffic_status(struct traffic *t);
void traffic_features(struct traffic *t);
void traffic_wrong_request(struct traffic *t);
void traffic_broken_register(struct traffic *t);
void traffic_collect(struct traffic *t); /* reads that are done */

/* --- liberal_shocks.c --- */
void traffic_power(struct traffic *t);
void traffic_flr(struct traffic *t);
void traffic_link_down(struct traffic *t);

/* A read that nobody waits for; some carry RO = 1 or another traffic class, which makes them no fence. */
void traffic_read_and_forget(struct traffic *t, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be);
/* Reads back these fields (one bit each) of the first `entries` entries and all pending bits, and waits for it. */
void traffic_audit(struct traffic *t, unsigned fields, unsigned entries);

#endif
