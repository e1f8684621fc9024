/*
 * dmr_ledger.h - reads of the device logic: requests that were handed over and have not left, tags that are outstanding, and
 * completions that are due at the device logic (ORD-09..ORD-11, ORD-22, CFG-18, CFG-19).
 *
 * A request is known by its tag, which is free again when all bytes have come or an error has ended the read. No allocation; the
 * caller owns the structure.
 */
#ifndef DMR_LEDGER_H
#define DMR_LEDGER_H

#include "tlp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DMR_TAGS = 256,
    DMR_REQUEST_DW = 4,
    DMR_DUE_DW = 160, /* longest completion that is kept */
    DMR_DUE = 64      /* completions on their way to the device logic */
};

struct dmr_read {
    bool outstanding; /* handed over, and not answered in full */
    bool waiting;     /* not on tx yet */
    bool vague;       /* a completion may or may not have matched it */
    bool dropped;     /* a reset came while it waited */
    uint8_t n_dw;
    uint32_t dw[DMR_REQUEST_DW];
    uint64_t data_mark; /* dma writes accepted before it */
    uint32_t remaining; /* bytes */
};

struct dmr_due {
    bool optional;
    uint16_t n_dw;
    uint8_t tag;
    uint32_t dw[DMR_DUE_DW];
};

struct dmr_ledger {
    struct dmr_read read[DMR_TAGS];
    unsigned waiting, outstanding;
    struct dmr_due due[DMR_DUE]; /* in order of arrival */
    unsigned n_due;
};

void dmr_ledger_init(struct dmr_ledger *l);

/* A read request of n DWs was handed over behind `data_mark` dma writes. Returns 0; -1 if it is no read request or its tag is
 * outstanding: the device logic's mistake, nothing is changed. */
int dmr_ledger_accept(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n, uint64_t data_mark);

enum dmr_sent {
    DMR_SENT,    /* due, and nothing wrong */
    DMR_EARLY,   /* it has passed dma writes that were handed over before it (ORD-11); taken as sent */
    DMR_ALTERED, /* its tag waits, but other DWs do; taken as sent */
    DMR_DROPPED, /* it waited when a reset came, and is gone (RACE-30) */
    DMR_UNKNOWN  /* no request with this tag waits */
};
/* A read request left when `data_sent` dma writes had. */
enum dmr_sent dmr_ledger_send(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n,
                              uint64_t data_sent);

enum dmr_answer {
    DMR_DELIVER,    /* matches: is due at the device logic */
    DMR_UNEXPECTED, /* no read with this tag and requester */
    DMR_MALFORMED   /* matches, but cannot be right: no data, wrong Byte Count, more than was asked for */
};
/*
 * The host has sent a completion. `ours`: its Requester ID is the function's. `certain` false: whether it matches is hidden
 * (the ID or a reset is changing): it may or may not be delivered, and what becomes of its read shows when it is.
 */
enum dmr_answer dmr_ledger_complete(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n, bool ours,
                                    bool certain);

enum dmr_delivery {
    DMC_DUE,
    DMC_OVERTAKES, /* due, but an earlier one of its tag is not delivered; taken as delivered (ORD-14) */
    DMC_ALTERED,   /* one of its tag is due, with other DWs; that counts as delivered */
    DMC_UNKNOWN    /* none of its tag is due */
};
/* A completion was delivered to the device logic. */
enum dmr_delivery dmr_ledger_deliver(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n);

/* Reset, or function-level reset: nothing waits, nothing is outstanding, nothing is due (CFG-19). */
void dmr_ledger_forget(struct dmr_ledger *l);

/* Requests not on tx yet; tags outstanding; completions that must still be delivered. */
unsigned dmr_ledger_waiting(const struct dmr_ledger *l);
unsigned dmr_ledger_outstanding(const struct dmr_ledger *l);
unsigned dmr_ledger_owed(const struct dmr_ledger *l);
/* Is it certain how many are outstanding: no completion on its way, none vague? */
bool dmr_ledger_settled(const struct dmr_ledger *l);

#endif
