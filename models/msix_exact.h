/*
 * msix_exact.h - what one table entry may be doing, state by state.
 *
 * msix_vector.h keeps intervals, which are never wrong but forget which count belonged to which history. While an entry
 * has few possibilities this set keeps them one by one, and then nothing that no history explains can pass. It begins
 * when an idle entry gets an event and ends when the entry is idle again; if it grows past a bound (a crowd) it is given up,
 * and the intervals judge alone until the entry is idle.
 *
 * A state is: the first i control writes and the first j entry writes are in force, an event is pending or not, these
 * messages are committed and unsent in this order, these reads may have sampled 0, these may have sampled 1. Hidden
 * steps: the next write takes effect (a control write not ahead of an earlier entry write, ORD-25), a pending event
 * is committed where that is allowed, or dropped where the policy lets it be, a read samples: the pending bit, or 1
 * for a message on its way, because a bit may stay set until its message has been sent (MSIX-PBA-10, MSIX-PBA-12). An
 * event sets the bit, or is left to the newest message on its way (EDGE-04). Hidden steps are made up for before
 * every observation (msix_exact_catch_up), as late as they can have happened.
 *
 * A read that has not sampled can always do so later, and what one read has sampled is nothing to the others. So one
 * state stands for all that its reads can have sampled, each for itself, with the fewest messages ahead of it. Only
 * one that samples 0 while messages are on their way makes another state, in which these do not show any more.
 */
#ifndef MSIX_EXACT_H
#define MSIX_EXACT_H

#include "msix_states.h"
#include "msix_versions.h"
#include "policy.h"

/* A read of the pending bit that is under way; what entered before it must be in force when it samples. */
struct msix_exact_read {
    bool open;
    bool fresh; /* nothing but hidden steps since it entered: the states do not tell yet whether it has sampled */
    int token;
    uint64_t i, j;
};

struct msix_exact {
    struct msix_states states;
    struct msix_exact_read read[MSIX_STATE_READS];
    bool closed; /* the states hold all that hidden steps make of them */
    /* of ring and versions, when last caught up */
    uint64_t head, newest, fence_seen, flush_seen;
    /* see msix_twins.h */
    struct msix_twins *twins;
    struct msix_exact *next_twin;
    uint64_t least, most; /* shared messages that its states have taken */
    unsigned vector;
    struct msix_exact *next_spare;
};

/* What the hidden steps depend on. */
struct msix_ground {
    const struct msix_ring *ring;
    const struct msix_versions *versions;
    const struct policy *policy;
    uint64_t data_sent; /* so many dma writes have left, or more */
};

/* A message as it leaves, behind so many dma writes. */
struct msix_letter {
    uint64_t address;
    uint32_t data;
    uint64_t data_sent;
};

enum msix_exact_result {
    MSIX_EXACT_DONE,
    MSIX_EXACT_NONE,     /* no state is left that explains what was seen; nothing changed */
    MSIX_EXACT_CROWD,    /* too many: the set is of no use any more */
    MSIX_EXACT_NO_MEMORY /* likewise */
};

/* How a message that leaves now fits the states. */
enum msix_exact_sending {
    MSIX_EXACT_NO_MESSAGE,   /* none is on its way */
    MSIX_EXACT_OTHER_FIELDS, /* the oldest one on its way has other fields, in every state */
    MSIX_EXACT_EARLY,        /* it would leave before the data of its event (ORD-06) */
    MSIX_EXACT_SENDS
};

/* How the value of a read fits the states. */
enum msix_exact_reading {
    MSIX_EXACT_READ,
    MSIX_EXACT_UNTRACKED, /* this read is not known here */
    MSIX_EXACT_NEVER,     /* no state can have been sampled so */
    MSIX_EXACT_OVERTAKES  /* only with a message ahead of it that has not been seen (RACE-18) */
};

/* Nothing pending, nothing on its way, at this place: control write i, version j. And right after: an event behind
 * `data_mark` dma writes is pending. */
enum msix_exact_result msix_exact_begin(struct msix_exact *e, struct msix_states_pool *pool, uint64_t i, uint64_t j);
void msix_exact_begin_pending(struct msix_exact *e, uint64_t data_mark);
void msix_exact_end(struct msix_exact *e, struct msix_states_pool *pool);

/* Hidden steps up to now; then everything away that a fence has disproved. */
enum msix_exact_result msix_exact_catch_up(struct msix_exact *e, struct msix_states_pool *pool,
                                           const struct msix_ground *ground);

/* Something is about to be seen that reads under way may have sampled before or after: to be called before catching
 * up, unless that is the end of a read. */
void msix_exact_see_reads(struct msix_exact *e);

/* The rest wants a set that is caught up. `moment`: of what is seen; what was committed was so before it. */

enum msix_exact_result msix_exact_event(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_ground *ground, uint64_t moment, uint64_t data_mark,
                                        bool unsettled);
void msix_exact_clear(struct msix_exact *e, uint64_t moment);

enum msix_exact_sending msix_exact_can_send(const struct msix_exact *e, const struct msix_letter *letter);
/* Only after MSIX_EXACT_SENDS. */
void msix_exact_message(struct msix_exact *e, const struct msix_letter *letter);
/* The same, but the message may be a twin's: the states that did not send it stay. */
enum msix_exact_result msix_exact_share(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_letter *letter);
/* Most shared messages that a state has taken which can send this one too; -1: none can. */
int64_t msix_exact_most_with(const struct msix_exact *e, const struct msix_letter *letter);

/* A read entered. Returns false if there are too many: it is not tracked. */
bool msix_exact_read_start(struct msix_exact *e, int token, uint64_t i, uint64_t j);
/* Can its end be told without looking closer? If so, this is done: it returned `value`, ordered. If not, the set must
 * see reads and be caught up before msix_exact_read_end(). */
bool msix_exact_read_end_fresh(struct msix_exact *e, int token, bool value);
/* It returned `value`; `ordered`: all that was committed before the sample has been seen. Changes the states only if
 * MSIX_EXACT_READ. */
enum msix_exact_reading msix_exact_read_end(struct msix_exact *e, int token, uint64_t moment, bool value, bool ordered);
/* Nothing was learnt from it. */
void msix_exact_read_drop(struct msix_exact *e, int token);

/* Nothing pending and nothing on its way: possible? Keeps only these states, if there are any. */
bool msix_exact_keep_idle(struct msix_exact *e);
/* The only possibility? Then *i and *j are the place at which or behind which the block stands. False also if a read is
 * under way, or if there is no such place. */
bool msix_exact_is_idle(const struct msix_exact *e, uint64_t *i, uint64_t *j);

/* Is something pending or on its way in some state? Is there but one place and one value of the pending bit, with
 * nothing on its way? */
bool msix_exact_may_hold(const struct msix_exact *e);
bool msix_exact_is_one(const struct msix_exact *e);

/* Shared messages that the states have taken: the least; keeps the states with least..most of them. Returns false if there are
 * none; nothing changes then. And: takes n away from each count, which is n at least; and: does not count any more. */
uint64_t msix_exact_least_taken(const struct msix_exact *e);
bool msix_exact_keep_taken(struct msix_exact *e, uint64_t least, uint64_t most);
void msix_exact_lower_taken(struct msix_exact *e, uint64_t n);
void msix_exact_forget_taken(struct msix_exact *e);

/* For tests: at least one state, each at a place that is kept, with a queue and reads that are in order. Returns a
 * sentence or NULL. */
const char *msix_exact_check_invariants(const struct msix_exact *e, const struct msix_ring *ring,
                                        const struct msix_versions *versions);

#endif
