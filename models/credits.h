/*
 * credits.h - flow-control credits, not scaled: both directions of one link (FC-01..FC-06, FC-08, FC-11).
 *
 * `struct credits` is a sender's ledger: cumulative limits granted by the receiver, cumulative credits consumed. It
 * judges the block's TLPs against the host's limits, and it tells the host agent what the block's limits allow it to
 * send. `struct rx_grants` judges the block as a receiver: what it grants.
 *
 * Headers count modulo 256, data units of 16 bytes modulo 4096. No allocation; the caller owns the structures.
 */
#ifndef CREDITS_H
#define CREDITS_H

#include "check.h"
#include "tlp.h"

#include <stdbool.h>
#include <stdint.h>

/* Cumulative limits by type. A set *_inf flag means: never throttled, the number is ignored (FC-05, FC-06). */
struct credit_limits {
    uint8_t ph, nph, cplh;
    uint16_t pd, npd, cpld; /* 12 bits */
    bool ph_inf, nph_inf, cplh_inf, pd_inf, npd_inf, cpld_inf;
};

/* Headers or data units of one class. */
struct credit_count {
    uint16_t limit, consumed; /* modulo 256 or 4096 */
    bool infinite;
};

struct credits {
    struct credit_count header[3], data[3]; /* index: enum tlp_class */
};

/* All limits and all consumed counts 0, nothing infinite: nothing may be sent. */
void credits_init(struct credits *c);

/* Takes over new limits; consumed counts stay (FC-12). To be called when they change, not every clock. */
void credits_set_limits(struct credits *c, const struct credit_limits *limits);

/* May a TLP of this class with `data` units (0..64) of payload be started now? (FC-03, FC-04) */
bool credits_fit(const struct credits *c, enum tlp_class class, unsigned data);

/* The same for a decoded TLP (FC-01, FC-02). */
bool credits_can_send(const struct credits *c, const struct tlp *t);

/* Counts a TLP as sent without judging it. */
void credits_take(struct credits *c, const struct tlp *t);

/*
 * Judges CHECK_CREDIT_POSTED, _NONPOSTED or _COMPLETION for a TLP that starts now, and counts it as sent either way.
 * Returns true if it fitted.
 */
bool credits_consume(struct credits *c, struct checks *checks, const struct tlp *t);

/* Credits left of a count: the distance to its limit, 0..255 or 0..4095; UINT16_MAX if infinite. */
uint16_t credits_left_header(const struct credits *c, enum tlp_class class);
uint16_t credits_left_data(const struct credits *c, enum tlp_class class);

/* Cumulative limits that the block grants to the host. Completions are not throttled by an endpoint (FC-11). */
struct rx_limits {
    uint8_t ph, nph;
    uint16_t pd, npd; /* 12 bits */
};

/* One granted type: what is unused now, and what the first grant was. */
struct rx_grant {
    uint16_t limit;
    int unused; /* credits granted and not used yet */
    int initial;
};

struct rx_grants {
    struct rx_grant ph, pd, nph, npd;
    unsigned min_pd; /* smallest legal first grant of posted data, units */
    bool started;
};

/* Before the first grant after power-up or reset. `mps_max` is the largest payload that the block supports, bytes. */
void rx_grants_init(struct rx_grants *g, unsigned mps_max);

/*
 * The limits as seen on the port; cheap if nothing changed. The first call after rx_grants_init() judges the first
 * grant (PH, NPH, NPD at least 1, PD at least mps_max / 16); each later change must move forward. Never may more than
 * 127 headers or 2047 data units be granted and unused: beyond that the modulo comparison of FC-04 means nothing.
 * Judges CHECK_RX_CREDITS, once a type in each call that brings a change. Returns true if all is well.
 */
bool rx_grants_update(struct rx_grants *g, struct checks *checks, const struct rx_limits *limits);

/* The host has sent this TLP, within credit. */
void rx_grants_use(struct rx_grants *g, const struct tlp *t);

/*
 * All is idle and every TLP sent was accepted: all credits must have come back, as many unused as at first
 * (FC-11, ENV-08). Judges CHECK_RX_CREDITS. Returns true if so.
 */
bool rx_grants_drained(const struct rx_grants *g, struct checks *checks);

#endif
