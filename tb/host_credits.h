/*
 * host_credits.h - the credit server of the host agent: what the block may send, as cumulative limits on its pins.
 *
 * Private to host*.c; tests use the functions of host.h.
 */
#ifndef HOST_CREDITS_H
#define HOST_CREDITS_H

#include <stdbool.h>
#include <stdint.h>

#include "dut.h"
#include "host.h"
#include "rng.h"

/* In the order of the bits of enum host_infinite. */
enum { GRANT_PH, GRANT_PD, GRANT_NPH, GRANT_NPD, GRANT_CPLH, GRANT_CPLD, GRANT_TYPES };

struct host_grant_type {
    uint32_t limit, consumed; /* counted for ever; the pins carry their low 8 or 12 bits */
    uint32_t window;          /* of GENEROUS */
    uint32_t slow_window;     /* of SLOW and STINGY */
    uint64_t starved;         /* nothing is given back before this clock */
};

struct host_grants {
    struct host_grant_type type[GRANT_TYPES];
    enum host_credit_mode mode;
    unsigned infinite, infinite_next; /* now, and from the next reset on: enum host_infinite */
    bool changed;                     /* the pins are to be written */
    bool owing;                       /* something has to be given back, now or later */
    uint64_t clock;                   /* clocks driven so far */
    struct rng rng;
};

/* GENEROUS with the windows that host.h names; SLOW gives one largest TLP of `mps_max` bytes. */
void host_grants_init(struct host_grants *grants, unsigned mps_max, uint64_t seed);

/* Flow control starts anew: nothing consumed, limits = windows. */
void host_grants_reset(struct host_grants *grants);

/* The block has begun a TLP with this first DW. */
void host_grants_consume(struct host_grants *grants, uint32_t dw0);

/* Before a clock: gives back what the mode says and writes the pins if they change. */
void host_grants_drive(struct host_grants *grants, struct dut_credit_limits *pins);

#endif
