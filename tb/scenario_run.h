/*
 * scenario_run.h - plays a scenario on a bench.
 *
 * Before the first operation the block is enumerated: BAR0 placed, Memory Space and Bus Master Enable set, MSI-X
 * disabled, all entries as reset. Except `reset`, `wait`, `flush`, `fence`, `settle` and `drain` no operation takes a
 * clock: it queues, or turns a knob, and the next one follows in the same clock.
 *
 * Any list is legal stimulus (ENV-04), whatever was cut out of it: what would be undefined in the state that the
 * operations before have made is left out, or done in a legal way; and what would never end is let go on. The rules are
 * in docs/scenario-language.md. They look at the operations and at completions only, so the same list on the same block
 * does the same.
 */
#ifndef SCENARIO_RUN_H
#define SCENARIO_RUN_H

#include "scenario.h"

struct bench;

struct scenario_outcome {
    size_t executed; /* operations begun, the one in which the run stopped included */
    size_t left_out; /* of these, not done because they were illegal in that state */
};

/*
 * Runs until the end of the list or until the bench stops. Does not drain at the end. Returns false if memory runs out
 * (nothing was run then).
 */
bool scenario_run(struct bench *b, const struct scenario *s, struct scenario_outcome *outcome);

#endif
