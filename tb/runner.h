/*
 * runner.h - runs tests: each on a bench of its own, twice with different register start values, and judges them.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "policy.h"
#include "results.h"
#include "scenario.h"
#include "test.h"

struct runner_options {
    const struct test *const *tests; /* ended by NULL */
    const char *pattern;             /* of fnmatch(3); NULL: all, or with a fault the fault's own test */
    uint64_t seed;
    bool power_up_given; /* one run with these start values instead of two */
    uint32_t power_up;
    const char *waves, *log;       /* NULL: none; with several tests the name goes before the extension */
    uint64_t waves_from, waves_to; /* clocks that are in the waveform; 0 and UINT64_MAX: all */
    uint64_t limit;                /* a run that comes to this clock fails; 0: none */
    const char *fault;             /* NULL: none */
    bool fault_is_bug;             /* what the fault breaks fails the test, instead of being what was wanted */
    const char *profile;           /* only the tests of this profile of the generator; NULL: all tests */
    unsigned ops;                  /* operations of a generated scenario; 0: SCENARIO_DEFAULT_OPS */
    const struct scenario *replay; /* what tests without a `run` play in place of their profile; NULL: none */
    const char *replay_file;       /* where it came from */
    const char *record, *shrink;   /* files for scenarios, NULL: none; named like waves */
    bool no_shrink;                /* scenarios that fail stay as long as they are, unless `shrink` names a file */
    struct coverage *coverage;     /* of the first runs; NULL: none (bench.h) */
    const char *design_coverage;   /* NULL: none */
    const struct policy *policy;
    bool verbose;
};

/* Who hears of the tests as they go. `ctx` is handed through. */
struct runner_listener {
    void *ctx;
    void (*begins)(void *ctx, unsigned index, unsigned total, const char *name); /* index from 0 */
    void (*ended)(void *ctx, const struct result *result);
};

/* Sums over all tests. */
struct runner_totals {
    unsigned passed, failed, skipped;
    uint64_t cycles;   /* of all runs, the second ones included */
    uint64_t messages; /* checked, of the first runs */
    double wall_s;
    struct checks checks; /* of the first runs, and CHECK_POWER_UP */
};

/*
 * Runs what is selected. Returns 0 if at least one test ran (whatever came out), else -1 with one sentence in `error`:
 * nothing matches, all were skipped, an unknown fault, a file that can't be written. Totals and listener have what was
 * done until then.
 */
int runner_run(const struct runner_options *options, const struct runner_listener *listener,
               struct runner_totals *totals, char *error, size_t room);

/* Seed of the registers' start values in the first run of a test, if the user gives none. */
uint32_t runner_power_up(uint64_t seed);

/*
 * FILE for one test of several: the name goes before the extension ("a/b.fst" -> "a/b.NAME.fst"). Returns text, cut at
 * room.
 */
char *runner_file_name(const char *file, const char *name, char *text, size_t room);

#endif
