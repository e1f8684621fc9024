/*
 * speed_ratio.h - what the bench costs: clocks a second with full checking against the bare model.
 *
 * The input pins of a run are recorded and played into a fresh design by a loop that does nothing else. Both sides are
 * timed in turn, several times, in processor time of this process, and only over the clocks under load.
 */
#ifndef SPEED_RATIO_H
#define SPEED_RATIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "speed_run.h"

struct speed_ratio {
    double bench_cycles_per_s, bare_cycles_per_s; /* medians */
    double ratio;                                 /* median of the ratios of neighbours */
};

enum { SPEED_MAX_ROUNDS = 99 };

/*
 * Measures `rounds` (1..SPEED_MAX_ROUNDS) pairs of runs of `clocks` clocks under this load. Memory: about 350 bytes a
 * clock. Returns false with a sentence in `error` if a check failed, or if the replay did not make the same TLPs as the
 * run.
 */
bool speed_measure_ratio(enum speed_load load, uint64_t seed, uint64_t clocks, unsigned rounds,
                         struct speed_ratio *result, char *error, size_t room);

#endif
