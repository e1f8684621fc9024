/*
 * coverage.h - functional coverage: which situations the tests have brought about, and a check has judged.
 *
 * `struct coverage` holds the bins (coverage_bins.h) of all runs. A `struct coverage_run` watches one bench: an
 * observer behind the scoreboard, and a look at the pins once a clock. A situation that it sees is noted; a bin is
 * hit when the run has ended without a failure and the check that judges this group of bins was evaluated at or after
 * the moment of the situation. So a stimulus that nobody judges covers nothing.
 *
 * Only a bench that was given a `struct coverage` does this; the cost of a clock does not grow with the table.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "dut.h"
#include "monitor.h"
#include "scoreboard.h"

struct coverage;
struct coverage_run;

/* All bins 0. NULL if memory runs out. */
struct coverage *coverage_create(void);
void coverage_destroy(struct coverage *coverage);

/* Bins that were hit, and runs x situations in one of them (0..coverage_bins_total() - 1). */
unsigned coverage_hit(const struct coverage *coverage);
uint64_t coverage_count(const struct coverage *coverage, unsigned bin);

/*
 * Adds one line a bin to FILE, in the format of Verilator's coverage.dat: file "functional", line = number of the bin from
 * 1, type "functional", its name as comment. FILE may hold the design's own points already (dut_coverage_add).
 * Returns 0, or -1 with a sentence in `error`.
 */
int coverage_write(const struct coverage *coverage, const char *file, char *error, size_t room);

/* Watches one run; everything is borrowed and must outlive it. NULL if memory runs out. */
struct coverage_run *coverage_run_create(struct coverage *into, const struct dut_config *config,
                                         const struct scoreboard *scoreboard, const struct checks *checks);
void coverage_run_destroy(struct coverage_run *run);

/* To be registered right behind the scoreboard, which writes what a TLP on tx was. */
struct observer coverage_observer(struct coverage_run *run);

/* Once a clock after monitor_cycle() and scoreboard_cycle(). */
void coverage_cycle(struct coverage_run *run, uint64_t time, const struct dut_in *in, const struct dut_out *out);

/* The run has been judged completely: hands its hits over if it passed. To be called once. */
void coverage_run_end(struct coverage_run *run, bool passed);

#endif
