/*
 * runner_shrink.c - the scenario of a run that has failed, cut to what matters: asked for, or of its own accord.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"
#include "scenario_shrink.h"

enum {
    FILE_NAME = 4096,
    SENTENCE = 512,
    /* Effort: as many trials as fit into so many clocks if all were as long as the failed run; a function of the run. */
    SHRINK_CLOCKS = 8000000,
    LEAST_TRIALS = 100,
    MOST_TRIALS = 3000
};

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

static int save(const struct run *failed, const char *file, const struct scenario *s, char *error, size_t room)
{
    char title[SENTENCE];
    snprintf(title, sizeof title, "cut from %s, seed %" PRIu64 ", configuration %s%s%s: fails %s", failed->test->name,
             failed->seed, dut_get_config()->name, failed->options->fault ? ", planted fault " : "",
             failed->options->fault ? failed->options->fault : "", check_info(failed->failure.check)->name);
    return scenario_write_file(file, title, s, error, room);
}

static unsigned most_trials(const struct run *failed)
{
    const uint64_t fit = SHRINK_CLOCKS / (failed->cycles + 1);
    return fit < LEAST_TRIALS ? LEAST_TRIALS : fit > MOST_TRIALS ? MOST_TRIALS : (unsigned)fit;
}

/* What was never begun cannot matter: the list ends where the run has. */
static void cut_unplayed(const struct run *failed, struct goal *goal, struct scenario *s)
{
    const size_t whole = s->count;
    if (failed->scenario_outcome.executed >= whole)
        return;
    s->count = failed->scenario_outcome.executed;
    if (!still_fails(goal, s))
        s->count = whole;
}

/* --- where it goes --- */

/* `--log` and `--replay` have named a place; otherwise it is a folder of its own. Returns 0, or -1 if it can't be had. */
static int own_file(const struct run *failed, char *file, size_t room)
{
    const char *const beside = failed->log ? failed->log : failed->options->replay_file;
    if (beside) {
        const size_t length = strlen(beside);
        const bool is_scenario = length > 4 && strcmp(beside + length - 4, ".scn") == 0;
        return snprintf(file, room, "%.*s.short.scn", (int)(length - 4 * is_scenario), beside) < (int)room ? 0 : -1;
    }
    mkdir("out", 0777);
    mkdir("out/shrunk", 0777);
    snprintf(file, room, "out/shrunk/%s.%s.%" PRIu64 ".scn", dut_get_config()->name, failed->test->name, failed->seed);
    return 0;
}

static const char *asked_file(const struct run *failed, bool several, char *text, size_t room)
{
    const char *const file = failed->options->shrink;
    return several ? runner_file_name(file, failed->test->name, text, room) : file;
}

/* --- both --- */

static void describe(struct result *r, const struct scenario_shrink *job, size_t before)
{
    if (job->after == before)
        snprintf(r->shrunk, sizeof r->shrunk, "all %zu operations matter (%u runs)", before, job->trials);
    else
        snprintf(r->shrunk, sizeof r->shrunk, "%zu operations cut to %zu in %u runs%s", before, job->after, job->trials,
                 job->cut_short ? " (and no more were allowed)" : "");
}

static int shrink(const struct run *failed, const char *file, struct result *r, char *error, size_t room)
{
    struct goal goal = {.failed = failed};
    struct scenario_shrink job = {.fails = still_fails, .ctx = &goal, .most_trials = most_trials(failed)};
    struct scenario s;
    scenario_init(&s);
    bool done = scenario_copy(&s, failed->scenario);
    if (done) {
        cut_unplayed(failed, &goal, &s);
        done = scenario_shrink(&s, &job);
    }
    if (done)
        describe(r, &job, failed->scenario->count);
    else
        snprintf(error, room, "out of memory");
    /* what was short already needs no second file, unless it was asked for */
    const bool worth_a_file =
        failed->options->shrink || !failed->options->replay || s.count < failed->scenario->count || job.taken;
    const int status = !done ? -1 : worth_a_file ? save(failed, file, &s, error, room) : 0;
    if (status == 0 && worth_a_file)
        snprintf(r->shrunk_file, sizeof r->shrunk_file, "%s", file);
    scenario_free(&s);
    return status;
}

int runner_scenario_shrink(const struct run *failed, bool several, struct result *r, char *error, size_t room)
{
    char name[FILE_NAME];
    if (failed->options->shrink)
        return shrink(failed, asked_file(failed, several, name, sizeof name), r, error, room);
    snprintf(error, room, "the name is too long");
    if (own_file(failed, name, sizeof name) != 0 || shrink(failed, name, r, error, room) != 0) {
        const size_t said = strlen(r->shrunk);
        snprintf(r->shrunk + said, sizeof r->shrunk - said, "%snot saved: %.300s", said ? ", " : "", error);
    }
    return 0; /* nobody has asked: the verdict of the run stands, whatever became of this */
}
