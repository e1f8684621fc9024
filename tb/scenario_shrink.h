/*
 * scenario_shrink.h - cuts a failing scenario down to a short one that still fails in the same way.
 *
 * Delta debugging: pieces of half the list, then smaller ones, down to single operations and pairs; then values: waits,
 * sizes, vectors, percentages, each towards its simplest. Every candidate is tried by the caller's predicate, which
 * must be deterministic; then the outcome is too, because the effort is bounded by the number of trials and not by time.
 */
#ifndef SCENARIO_SHRINK_H
#define SCENARIO_SHRINK_H

#include "scenario.h"

/* Does the candidate still fail in the same way? */
typedef bool scenario_fails_fn(void *ctx, const struct scenario *candidate);

struct scenario_shrink {
    scenario_fails_fn *fails;
    void *ctx;
    unsigned most_trials; /* after which no new candidate is tried; 0: no limit */
    /* what came out */
    size_t before, after;   /* operations */
    unsigned trials, taken; /* candidates tried; of these, that failed as well and were taken */
    bool cut_short;         /* by most_trials: a shorter one may exist */
};

/*
 * Shrinks `s`, which the predicate is known to accept. Returns false if memory runs out; `s` is then what was reached.
 */
bool scenario_shrink(struct scenario *s, struct scenario_shrink *job);

#endif
