/*
 * cpl_checker.h - every non-posted request gets exactly one completion, and the right one (MMIO-04).
 *
 * Whoever hands a non-posted request to the block adds an expectation under its transaction ID; whoever sees a
 * completion matches it. Matching is by tag and never by order (ORD-15). One requester; 1024 tags (10 bits), each
 * used once at a time. Judged here: that the completion was asked for, its header, completer, attributes, status,
 * Byte Count, Lower Address and data. The order against posted TLPs (CHECK_CPL_ORDER) is judged elsewhere; `arrival`
 * and `dma_mark` are carried along for that.
 *
 * One completion a request: reads answered in several pieces (MMIO-21) are not followed, because no block checked so
 * far completes accesses of more than 2 DW successfully (policy.max_access_dw = 2). Data of at most 2 DW is compared.
 *
 * No allocation; the caller owns the structure (about 140 KB). Adding, matching and finding the oldest take constant
 * time.
 */
#ifndef CPL_CHECKER_H
#define CPL_CHECKER_H

#include "check.h"
#include "tlp.h"

#include <stdbool.h>
#include <stdint.h>

enum { CPL_CHECKER_TAGS = 1024 };

/* What may come back for one request. */
struct cpl_expect {
    struct tlp request;
    uint8_t allowed_status;   /* bit s set: status s is legal, e.g. 1 << TLP_SC | 1 << TLP_UR */
    unsigned data_dw;         /* DWs of data[] that are compared in a successful completion, 0..2 */
    uint32_t data[2];         /* in wire order (tlp.h) */
    uint32_t care[2];         /* bits compared, wire order; bytes not enabled in the request are taken out by add */
    bool ido_allowed;         /* IDO Completion Enable is or may be 1 (MMIO-07) */
    enum check_id data_check; /* the check that a wrong data bit fails */
    /* carried for the caller, not judged here */
    uint64_t arrival;  /* sequence number of the request */
    uint64_t dma_mark; /* data writes accepted before the request */
    int pba_qword;     /* QWORD of the pending-bit array that is read, -1 if none */
    /* both are acceptable as Completer ID; equal when no capture was under way (TLP-17, MMIO-08) */
    uint16_t completer_old, completer_new;
};

struct cpl_slot {
    struct cpl_expect expect; /* first: a slot and its expectation have one address */
    bool open;
    uint16_t prev, next; /* neighbours in order of adding */
};

struct cpl_checker {
    struct cpl_slot slot[CPL_CHECKER_TAGS + 1]; /* the last one is the head of the list */
    unsigned outstanding;
};

/* Nothing outstanding. */
void cpl_checker_init(struct cpl_checker *c);

/*
 * Copies `expect` into the slot of expect->request.tag and opens it. Takes the bytes that the request does not enable
 * out of care[] (MMIO-16). Returns the slot's expectation, which the caller may change while it is open, or NULL if
 * that tag is in use (nothing is changed then).
 */
struct cpl_expect *cpl_checker_add(struct cpl_checker *c, const struct cpl_expect *expect);

/*
 * Judges a decoded completion with its payload (cpl->payload_dw DWs in wire order; may be NULL if 0) against the open
 * expectation of its transaction ID and closes that. Evaluates CHECK_CPL_EXPECTED and, if expected, _HEADER,
 * _COMPLETER, _ATTRIBUTES, _STATUS, _BYTE_COUNT, _LOWER_ADDRESS, _MISSING (passed) and, for a successful completion
 * with data_dw > 0 that carries as much, the expectation's data_check. Returns the expectation closed, valid until the
 * next add; NULL if no such request is outstanding. MMIO-05..MMIO-12, MMIO-14, MMIO-16, CFG-09.
 */
const struct cpl_expect *cpl_checker_match(struct cpl_checker *c, struct checks *checks, const struct tlp *cpl,
                                           const uint32_t *payload);

/* Number of open expectations. */
unsigned cpl_checker_outstanding(const struct cpl_checker *c);

/* The open expectation that was added first; NULL if none (for liveness, CHECK_PROGRESS). */
const struct cpl_expect *cpl_checker_oldest(const struct cpl_checker *c);

/*
 * Walks the open expectations in order of adding: the one after `after`, the first one if `after` is NULL; NULL at the
 * end. For changing all that are open, e.g. completer_new when a bus number is re-captured. `after` must be open.
 */
struct cpl_expect *cpl_checker_next(struct cpl_checker *c, const struct cpl_expect *after);

/* Forgets all open expectations without judging them (conventional reset). */
void cpl_checker_drop_all(struct cpl_checker *c);

/*
 * End of a test: fails CHECK_CPL_MISSING once for each expectation still open and forgets it. Returns their number.
 */
unsigned cpl_checker_missing(struct cpl_checker *c, struct checks *checks);

#endif
