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

/*
 * The same one operation at a time, for whoever decides as it goes. Create enumerates the block; NULL if memory runs
 * out. The bench is borrowed and must outlive the player. Play returns false if the operation was left out.
 */
struct scenario_state;
struct scenario_state *scenario_player_create(struct bench *b);
bool scenario_player_play(struct scenario_state *player, const struct scenario_op *op);
void scenario_player_destroy(struct scenario_state *player);

#endif
