/*
 * order_ledger.h - posted writes of the device logic: what was handed over, in which order, and what has left.
 *
 * Data writes are passed on untouched and one to one (ORD-27), in the order of their last beats (ORD-05). A write with
 * RO = 1 may pass earlier ones; the others may not. "Sent" counts the unbroken row from the first write on, which is
 * what messages and completions must stand behind (ORD-06, ORD-12).
 */
#ifndef ORDER_LEDGER_H
#define ORDER_LEDGER_H

#include "check.h"
#include "tlp.h"

#include <stddef.h>
#include <stdint.h>

enum {
    LEDGER_TLP_DW = 4 + 128 + 1, /* longest data write: 512 bytes, digest */
    LEDGER_SLOTS = 1024          /* writes handed over and not sent */
};

struct ledger_write {
    uint16_t n_dw;
    bool ro, sent, dropped;
    uint32_t dw[LEDGER_TLP_DW];
};

struct order_ledger {
    uint64_t accepted; /* writes handed over */
    uint64_t sent;     /* unbroken row that has left */
    struct ledger_write write[LEDGER_SLOTS];
};

enum ledger_acceptance {
    LEDGER_ACCEPTED,
    LEDGER_FULL,    /* LEDGER_SLOTS are waiting */
    LEDGER_TOO_LONG /* more than LEDGER_TLP_DW DWs: no write that a device may hand over */
};

enum ledger_verdict {
    LEDGER_SENT,      /* a write that was due */
    LEDGER_OVERTAKES, /* a write that was handed over, but earlier ones have not left and it carries RO = 0 */
    LEDGER_AGAIN,     /* the same as one that has left already */
    LEDGER_ALTERED,   /* same address as a write that is due, other content */
    LEDGER_DROPPED,   /* one that order_ledger_drop() has dropped */
    LEDGER_UNKNOWN    /* no write that was handed over */
};

/* Empty. About 560 KB; the caller owns it. */
void order_ledger_init(struct order_ledger *l);

/* A write was handed over; n DWs. Unless it is accepted, nothing is changed and `dw` is not read. */
enum ledger_acceptance order_ledger_accept(struct order_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n);

/* What is this memory write that left? For LEDGER_SENT and LEDGER_OVERTAKES it is taken as sent. */
enum ledger_verdict order_ledger_send(struct order_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n);

/* A function-level reset drops what waits: it will not be missed, and must not be sent (RACE-30). */
void order_ledger_drop(struct order_ledger *l);

/* Writes handed over and not sent. */
uint64_t order_ledger_waiting(const struct order_ledger *l);

#endif
