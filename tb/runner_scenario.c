/*
 * runner_scenario.c - tests that play a scenario: made, recorded, shrunk.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "scenario_gen.h"
#include "scenario_shrink.h"

enum { FILE_NAME = 4096, SENTENCE = 512, SHRINK_SECONDS = 20 };

int runner_scenario_make(const struct runner_options *options, const struct test *test, struct scenario *s, char *error,
                         size_t room)
{
    if (test->run)
        return 0;
    const struct scenario_profile *profile = test->profile ? scenario_profile_find(test->profile) : NULL;
    const unsigned ops = options->ops ? options->ops : SCENARIO_DEFAULT_OPS;
    if (!options->replay && !profile) {
        snprintf(error, room, "the test %s has nothing to run, and no profile \"%s\"", test->name,
                 test->profile ? test->profile : "");
        return -1;
    }
    const bool made = options->replay ? scenario_copy(s, options->replay)
                                      : scenario_generate(s, profile, options->seed, ops, dut_get_config()->nvec);
    if (!made)
        snprintf(error, room, "out of memory");
    return made ? 0 : -1;
}

static const char *file_for(const char *file, const struct run *run, bool several, char *text, size_t room)
{
    return several ? runner_file_name(file, run->test->name, text, room) : file;
}

int runner_scenario_record(const struct run *run, bool several, char *error, size_t room)
{
    char file[FILE_NAME], title[SENTENCE];
    snprintf(title, sizeof title, "%s, seed %" PRIu64 ", %u vectors (configuration %s): %zu operations",
             run->test->name, run->seed, dut_get_config()->nvec, dut_get_config()->name, run->scenario->count);
    return scenario_write_file(file_for(run->options->record, run, several, file, sizeof file), title, run->scenario,
                               error, room);
}

/* --- shrinking --- */

/* What the predicate needs to know of the run that failed. */
struct goal {
    const struct run *failed;
    char error[SENTENCE]; /* of a run that could not be made */
};

/* Failures of one check; of a test's own expectations those that begin with the same requirement. */
static bool same_failure(const struct bench_failure *a, const struct bench_failure *b)
{
    if (!a->failed || !b->failed || a->check != b->check)
        return false;
    return a->check != CHECK_TEST_EXPECTATION || strncmp(a->text, b->text, strcspn(b->text, ":") + 1) == 0;
}

static struct run trial_run(const struct run *failed, const struct scenario *candidate, uint32_t power_up)
{
    return (struct run){.options = failed->options,
                        .test = failed->test,
                        .scenario = candidate,
                        .seed = failed->seed,
                        .power_up = power_up,
                        .silent = true};
}

static bool still_fails(void *ctx, const struct scenario *candidate)
{
    struct goal *goal = ctx;
    const struct run *const failed = goal->failed;
    struct run first = trial_run(failed, candidate, failed->power_up);
    if (run_once(&first, goal->error, sizeof goal->error) != 0)
        return false;
    if (failed->failure.check == CHECK_POWER_UP && !first.failure.failed) {
        struct run second = trial_run(failed, candidate, ~failed->power_up);
        if (run_once(&second, goal->error, sizeof goal->error) != 0)
            return false;
        run_compare(&first, &second);
    }
    return same_failure(&first.failure, &failed->failure);
}

static int write_shrunk(const struct run *failed, const char *file, const struct scenario *s, char *error, size_t room)
{
    char title[SENTENCE];
    snprintf(title, sizeof title, "cut from %s, seed %" PRIu64 ", configuration %s%s%s: fails %s", failed->test->name,
             failed->seed, dut_get_config()->name, failed->options->fault ? ", planted fault " : "",
             failed->options->fault ? failed->options->fault : "", check_info(failed->failure.check)->name);
    return scenario_write_file(file, title, s, error, room);
}

int runner_scenario_shrink(const struct run *failed, bool several, struct result *r, char *error, size_t room)
{
    char name[FILE_NAME];
    const char *const file = file_for(failed->options->shrink, failed, several, name, sizeof name);
    struct goal goal = {.failed = failed};
    struct scenario_shrink job = {.fails = still_fails, .ctx = &goal, .seconds = SHRINK_SECONDS};
    struct scenario s, begun;
    scenario_init(&s);
    scenario_init(&begun);
    bool done = scenario_copy(&s, failed->scenario) && scenario_copy(&begun, failed->scenario);
    const size_t before = s.count;
    if (done && failed->scenario_outcome.executed < begun.count) { /* what was never begun cannot matter */
        begun.count = failed->scenario_outcome.executed;
        done = !still_fails(&goal, &begun) || scenario_copy(&s, &begun);
    }
    done = done && scenario_shrink(&s, &job);
    if (done)
        snprintf(r->shrunk, sizeof r->shrunk, "%zu operations cut to %zu in %u runs, %.1f s%s: %s", before, s.count,
                 job.trials, job.wall_s, job.cut_short ? " (time was up)" : "", file);
    else
        snprintf(error, room, "out of memory");
    const int status = done ? write_shrunk(failed, file, &s, error, room) : -1;
    scenario_free(&s);
    scenario_free(&begun);
    return status;
}
