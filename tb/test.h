/*
 * test.h - what a test is, and the list that the program runs.
 */
#ifndef TEST_H
#define TEST_H

#include <stddef.h>

#include "bench.h"

struct test {
    const char *name;         /* unique; says the rule that it tries: "mask_holds_message" */
    const char *requirements; /* IDs that it stimulates: "MSIX-PBA-06, RACE-01" */
    const char *story;        /* one sentence */
    /* Why the test does not apply to this configuration, or NULL if it does. May be NULL: applies always. */
    const char *(*skip)(const struct dut_config *config);
    /* Runs on a bench fresh out of reset; bench_drain() follows by itself. NULL: the test plays a scenario. */
    void (*run)(struct bench *b);
    const char *profile; /* of the generator that makes the scenario (scenario_gen.h); NULL: none is made */
    bool no_drain;       /* the test leaves the design in a state that a drain would spoil */
};

/* Reviewed reasons for a skip; tests use these functions so that the list stays in one place (tests/skips.c). */

/* All tests in the order in which they run, ended by a NULL. Defined in tests/all_tests.c. */
extern const struct test *const all_tests[];

#endif
