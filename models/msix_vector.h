/*
 * msix_vector.h - what one table entry may be doing: the hypotheses of the MSI-X model.
 *
 * The block hides when a control write takes effect and when a message is committed. A hypothesis is a cell (i, j): the
 * first i function-level writes (msix_ring.h) and the first j writes to this entry are in force. In each cell, for the
 * pending bit p = 0 and p = 1, an interval [lo, hi] of counts of messages that were committed and have not been seen
 * yet is kept; an empty interval means impossible.
 *
 *   one predicate    msix_versions_allow(): may a message be committed in this cell?
 *   one transition   msix_vector_catch_up(): from every cell to the later ones, with commits wherever they are
 *                    allowed, then everything away that a fence has disproved.
 *
 * Observations (event, clear, message, pending bit read) cut the set down; no cell left means that the block did
 * something that no legal history explains.
 */
#ifndef MSIX_VECTOR_H
#define MSIX_VECTOR_H

#include "msix_versions.h"
#include "policy.h"

enum { MSIX_EVENT_MOMENTS = 8 };

/* Possible counts lo..hi; empty if lo > hi. */
struct msix_interval {
    int32_t lo, hi;
};

struct msix_cell {
    struct msix_interval p[2];
};

/* The first i control writes and the first j entry writes are in force. */
struct msix_place {
    uint64_t i, j;
};

/* An event that was seen. */
struct msix_event {
    uint64_t moment;
    uint64_t data_mark; /* dma writes that precede it, or an earlier one if it may not have been recorded */
    uint64_t ahead;     /* of `taken`, now and later: messages that may have been committed before it */
};

struct msix_vector {
    struct msix_versions versions;
    /* cells (i0..i1) x (j0..j1), row by row (j); j counts versions */
    struct msix_cell *cell;
    uint32_t room_cells;
    uint64_t i0, i1, j0, j1;
    struct msix_place last_origin;   /* of the last message: the next ones were committed there or later */
    uint64_t fence_seen, flush_seen; /* of the ring, when last caught up */
    /* what was seen */
    bool pba_written;          /* software wrote its pending bit: undefined unless the policy says ignored */
    uint64_t events, messages; /* messages: those that were said to be its own, right or wrong */
    uint64_t taken;            /* messages that were legal and certainly its own */
    struct msix_event event[MSIX_EVENT_MOMENTS]; /* the last events, by count modulo size */
    uint64_t last_clear, last_message;           /* moments, 0: never */
    uint64_t wait_mark;                          /* messages of all vectors when this one began to wait */
    /* messages that may as well be another vector's, see msix_model.c; 0: none */
    uint64_t group;
    uint32_t group_size;
    uint64_t group_messages;
};

/* Is a message that leaves now, behind `data_sent` dma writes, one that this vector may send? */
enum msix_sending {
    MSIX_SENDS_NOTHING, /* no message is on its way */
    MSIX_SENDS_EARLY,   /* one is, but it would leave before the data of its event (ORD-06) */
    MSIX_SENDS
};

/* Scratch space for catching up, shared by all vectors. Zero-initialise; free() cell at the end. */
struct msix_scratch {
    struct msix_cell *cell;
    uint32_t room;
};

/* Reset state: masked, nothing pending, nothing on its way. Returns 0, or -1 if memory runs out. */
int msix_vector_reset(struct msix_vector *v, const struct msix_ring *ring);
void msix_vector_free(struct msix_vector *v);

/* Brings the cells up to date with the ring and the versions. Returns 0; 1 if nothing is possible any more (a message
 * that was certainly committed before a fence was never seen); -1 without memory. */
int msix_vector_catch_up(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy,
                         struct msix_scratch *scratch);
/* After catching up: how many of the oldest versions can neither be in force nor be seen in a message any more? */
uint32_t msix_vector_stale(const struct msix_vector *v, const struct msix_ring *ring);

/* The rest wants a vector that is caught up. */

/* An event at moment `seq`, behind `data_mark` dma writes; `unsettled`: see msix_versions_record(). */
void msix_vector_event(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy, uint64_t seq,
                       uint64_t data_mark, bool unsettled);
/* The cause was satisfied: pending goes, what is committed stays. */
void msix_vector_clear(struct msix_vector *v, uint64_t seq);
/* May a message leave behind `data_sent` dma writes? Nothing changes. */
enum msix_sending msix_vector_can_send(const struct msix_vector *v, const struct policy *policy, uint64_t data_sent,
                                       struct msix_place origin);
/* Takes one message out of every cell that can give one; only after MSIX_SENDS. The block stands at its origin or
 * later, and so do the origins of the messages that follow. */
void msix_vector_message(struct msix_vector *v, const struct policy *policy, uint64_t data_sent,
                         struct msix_place origin);
/* As above, but this message may as well be another vector's: both outcomes stay possible. */
void msix_vector_maybe_message(struct msix_vector *v);
/* The pending bit was `value` when a read sampled it, after moment `since`, and everything that was committed before
 * has been seen. Returns false and changes nothing if that is impossible. */
bool msix_vector_pending_was(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy,
                             uint64_t since, bool value);

/* May the pending bit be `value` now? */
bool msix_vector_can_pend(const struct msix_vector *v, bool value);
/* The same as a read samples it that entered at moment `since`, when `head` was the newest control write: those before
 * it are in force. */
bool msix_vector_can_sample(const struct msix_vector *v, uint64_t head, uint64_t since, bool value);
/* In some state that is possible now: would an event be committed? */
bool msix_vector_can_commit(const struct msix_vector *v, const struct msix_ring *ring);
/* Largest number of messages committed and unseen. */
int32_t msix_vector_most(const struct msix_vector *v);
/* Nothing pending, nothing on its way: possible? And: the only possibility? */
bool msix_vector_can_be_idle(const struct msix_vector *v);
bool msix_vector_is_idle(const struct msix_vector *v);
/* The earliest place (control write i, entry write j) in which a message with these fields can have been committed that
 * has not left yet. Returns false if there is none: the fields are not those of any version that a fence has left. */
bool msix_vector_origin(const struct msix_vector *v, const struct msix_ring *ring, uint64_t address, uint32_t data,
                        struct msix_place *origin);
/* Events after a moment, at least this many are known exactly: MSIX_EVENT_MOMENTS; more count as all. */
uint64_t msix_vector_events_after(const struct msix_vector *v, uint64_t seq);
/* It is known from elsewhere (msix_exact.h) that nothing is pending and nothing on its way, and that the block stands at
 * this place or behind it. */
void msix_vector_settle(struct msix_vector *v, struct msix_place place);
/* After a contradiction: anything small is possible again. */
void msix_vector_forget(struct msix_vector *v);

/* For tests: intervals in order, dimensions consistent, at least one cell possible. Returns a sentence or NULL. */
const char *msix_vector_check_invariants(const struct msix_vector *v);

#endif
