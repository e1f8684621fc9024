/*
 * run.h - one run of one test on a bench of its own. Private to runner*.c.
 */
#ifndef RUN_H
#define RUN_H

#include "bench.h"
#include "runner.h"
#include "scenario_run.h"

struct run {
    const struct runner_options *options;
    const struct test *test;
    const struct scenario *scenario; /* played in place of test->run; NULL: none */
    uint64_t seed;
    uint32_t power_up;
    bool silent;             /* nothing is printed, whatever the options say */
    const char *waves, *log; /* NULL: none */
    bool covers;             /* counts for coverage; a second run with the same traffic does not */
    /* what came out */
    struct bench_failure failure;
    struct checks checks;
    struct scenario_outcome scenario_outcome;
    uint64_t cycles, messages, log_hash;
    unsigned strikes;
};

/* Creates a bench, runs, drains, judges. Returns 0 whatever came out, or -1 with a sentence in `error`. */
int run_once(struct run *run, char *error, size_t room);

/*
 * The second run has other register start values and nothing else: its traffic must be the same. Puts the difference
 * into the failure of the first, if there is one (CHECK_POWER_UP).
 */
void run_compare(struct run *first, const struct run *second);

/* --- runner_scenario.c, runner_shrink.c --- */

/* Makes `s` (initialised) what the test plays: generated, or a copy of what is replayed. Returns 0 or -1. */
int runner_scenario_make(const struct runner_options *options, const struct test *test, struct scenario *s, char *error,
                         size_t room);

/* Writes the scenario to the file of --record, named like waves if there are several tests. Returns 0 or -1. */
int runner_scenario_record(const struct run *run, bool several, char *error, size_t room);

/*
 * Cuts the scenario of a run that has failed to what still fails the same check, writes it to the file of --shrink, or
 * else beside the log, beside the replayed file or into out/shrunk, and says so in `r`. The number of trials is bounded
 * by the length of the run, so the outcome is a function of the run. Returns 0, or -1 if the file of --shrink can't be
 * written.
 */
int runner_scenario_shrink(const struct run *failed, bool several, struct result *r, char *error, size_t room);

#endif
