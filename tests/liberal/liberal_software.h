/*
 * liberal_software.h - the words of the random traffic: what software writes and reads, with its own notes about it.
 *
 * Legal stimulus only (ENV-04): address and data of an entry are written only while it is masked, or while Function
 * Mask or a cleared Enable is certainly in force; the mask of an unmasked entry is set by DW writes.
 */
#ifndef LIBERAL_SOFTWARE_H
#define LIBERAL_SOFTWARE_H

#include "bench.h"

enum {
    TRAFFIC_COMMAND = 0x04,
    TRAFFIC_MSE = 0x2,
    TRAFFIC_BME = 0x4,
    TRAFFIC_VECTORS = 130,
    TRAFFIC_CONTROLS = 8, /* control writes without completion, at most */
    TRAFFIC_HOT = 4,      /* vectors that most of it is about */
    TRAFFIC_AUDITED = 40, /* entries that are read back */
    TRAFFIC_OPERATIONS = 27
};

struct traffic {
    struct bench *b;
    struct rng rng;
    unsigned nvec, capability;
    unsigned weight[TRAFFIC_OPERATIONS], weights;
    uint16_t hot[TRAFFIC_HOT];
    bool masked[TRAFFIC_VECTORS], programmed[TRAFFIC_VECTORS]; /* as last written */
    unsigned version[TRAFFIC_VECTORS];                         /* counts the values of an entry */
    bool enable, fmask, bme;                                   /* as last written */
    uint8_t control[TRAFFIC_CONTROLS];                         /* tags of control writes */
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

/* A read that nobody waits for; some carry RO = 1 or another traffic class, which makes them no fence. */
void traffic_read_and_forget(struct traffic *t, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be);
/* Reads back these fields (one bit each) of the first `entries` entries and all pending bits, and waits for it. */
void traffic_audit(struct traffic *t, unsigned fields, unsigned entries);

#endif
