#define _POSIX_C_SOURCE 200809L

#include "runner.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fault.h"
#include "run.h"

enum { FILE_NAME = 4096, SENTENCE = 512, MOST_SHRUNK = 3 };

/* All that the selected tests share. */
struct session {
    const struct runner_options *options;
    const struct runner_listener *listener;
    struct runner_totals *totals;
    const struct fault_info *fault; /* NULL: none */
    const char *pattern;
    unsigned selected;
    unsigned shrunk; /* scenarios cut without being asked */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

char *runner_file_name(const char *file, const char *name, char *text, size_t room)
{
    const char *const slash = strrchr(file, '/'), *dot = strrchr(file, '.');
    const char *const base = slash ? slash + 1 : file;
    if (!dot || dot <= base)
        dot = file + strlen(file);
    snprintf(text, room, "%.*s.%s%s", (int)(dot - file), file, name, dot);
    return text;
}

/* --- verdicts --- */

static void fail(struct result *r, const char *check, const char *requirements, uint64_t time)
{
    r->outcome = RESULT_FAILED;
    r->error.check = check;
    r->error.requirements = requirements;
    r->error.time = time;
}

static void fail_as(struct result *r, const struct bench_failure *failure)
{
    const struct check_info *info = check_info(failure->check);
    fail(r, info->name, info->requirements, failure->time);
    r->error.vector = failure->vector;
    snprintf(r->error.text, sizeof r->error.text, "%s", failure->text);
    snprintf(r->error.history, sizeof r->error.history, "%s", failure->history);
}

/* Says what is wrong with a run with a planted fault; false if the check that the fault names was the first to fail. */
static bool describe_fault(const struct run *run, const struct fault_info *fault, char *text, size_t room)
{
    const struct bench_failure *failure = &run->failure;
    const char *const wanted = fault->check < CHECK_COUNT ? check_info(fault->check)->name : "none";
    const char *const seen = failure->failed ? check_info(failure->check)->name : "none";
    const bool expected =
        fault->check < CHECK_COUNT ? failure->failed && failure->check == fault->check : !failure->failed;
    if (run->strikes == 0 && fault->check < CHECK_COUNT)
        snprintf(text, room, "the fault %s never struck in this test, so %s was not tried; first to fail: %s",
                 fault->name, wanted, seen);
    else if (!expected)
        snprintf(text, room, "the fault %s struck %u times; first to fail should be: %s; it was: %s. %s", fault->name,
                 run->strikes, wanted, seen, failure->text);
    else
        return false;
    return true;
}

static void describe_catch(const struct run *run, const struct fault_info *fault, char *text, size_t room)
{
    if (fault->check < CHECK_COUNT)
        snprintf(text, room, "struck %u time%s, caught by the check %s [%s] at clock %" PRIu64, run->strikes,
                 run->strikes == 1 ? "" : "s", check_info(fault->check)->name, check_info(fault->check)->requirements,
                 run->failure.time);
    else
        snprintf(text, room, "broke nothing, and no check failed");
}

static void judge_fault(struct result *r, const struct run *run, const struct fault_info *fault)
{
    char text[sizeof r->error.text];
    if (!describe_fault(run, fault, text, sizeof text)) {
        describe_catch(run, fault, r->caught, sizeof r->caught);
        return;
    }
    if (run->failure.failed)
        fail_as(r, &run->failure);
    else
        fail(r, "no check", "ENV-07", run->cycles);
    snprintf(r->error.text, sizeof r->error.text, "%s", text);
}

/* --- one test --- */

uint32_t runner_power_up(uint64_t seed)
{
    return (uint32_t)(seed * UINT32_C(2654435761)) ^ UINT32_C(0x5EED);
}

static uint32_t first_power_up(const struct runner_options *options, uint64_t seed)
{
    return options->power_up_given ? options->power_up : runner_power_up(seed);
}

/* A second run if the first one passed; its difference becomes the failure of the first. */
static int run_again(struct session *s, struct run *first, char *error, size_t room)
{
    const bool wanted = !s->options->power_up_given && (!s->fault || s->fault->both_power_ups);
    if (!wanted || first->failure.failed)
        return 0;
    struct run second = {.options = s->options,
                         .test = first->test,
                         .scenario = first->scenario,
                         .seed = first->seed,
                         .power_up = ~first->power_up};
    if (run_once(&second, error, room) != 0)
        return -1;
    s->totals->cycles += second.cycles;
    run_compare(first, &second);
    return 0;
}

static int run_twice(struct session *s, struct run *first, struct result *r, char *error, size_t room)
{
    if (run_once(first, error, room) != 0)
        return -1;
    s->totals->cycles += first->cycles;
    if (run_again(s, first, error, room) != 0)
        return -1;
    if (s->fault)
        judge_fault(r, first, s->fault);
    else if (first->failure.failed)
        fail_as(r, &first->failure);
    return 0;
}

static void copy_result(struct session *s, const struct run *run, struct result *r)
{
    r->seed = run->seed;
    r->cycles = run->cycles;
    r->messages = run->messages;
    r->log_hash = run->log_hash;
    r->checks = run->checks;
    r->operations = run->scenario_outcome.executed;
    r->left_out = run->scenario_outcome.left_out;
    checks_add(&s->totals->checks, &run->checks);
    s->totals->messages += run->messages;
}

/*
 * Unasked, the first few failures are cut: further ones are mostly the same. Not those of a planted fault, whose
 * failure is what was wanted.
 */
static bool to_be_shrunk(struct session *s, const struct run *run)
{
    const struct runner_options *o = s->options;
    if (!run->scenario || !run->failure.failed)
        return false;
    return o->shrink || (!o->no_shrink && !s->fault && s->shrunk++ < MOST_SHRUNK);
}

/* A scenario is recorded before it runs, so that it is there if the run never ends. */
static int run_recorded(struct session *s, struct run *run, struct result *r, char *error, size_t room)
{
    const struct runner_options *o = s->options;
    const bool several = s->selected > 1;
    const double begin = now();
    if (o->record && run->scenario && runner_scenario_record(run, several, error, room) != 0)
        return -1;
    if (run_twice(s, run, r, error, room) != 0)
        return -1;
    r->wall_s = now() - begin;
    copy_result(s, run, r);
    return to_be_shrunk(s, run) ? runner_scenario_shrink(run, several, r, error, room) : 0;
}

static int run_test(struct session *s, const struct test *test, struct result *r, char *error, size_t room)
{
    char waves[FILE_NAME], log[FILE_NAME];
    const struct runner_options *o = s->options;
    const bool several = s->selected > 1;
    struct scenario scenario;
    scenario_init(&scenario);
    int status = runner_scenario_make(o, test, &scenario, error, room);
    const uint64_t seed = o->replay ? scenario.seed : o->seed;
    struct run run = {
        .options = o,
        .test = test,
        .scenario = test->run ? NULL : &scenario,
        .seed = seed,
        .power_up = first_power_up(o, seed),
        .waves = o->waves && several ? runner_file_name(o->waves, test->name, waves, sizeof waves) : o->waves,
        .log = o->log && several ? runner_file_name(o->log, test->name, log, sizeof log) : o->log,
        .covers = true,
    };
    if (status == 0)
        status = run_recorded(s, &run, r, error, room);
    scenario_free(&scenario);
    return status;
}

static int run_or_skip(struct session *s, const struct test *test, struct result *r, char *error, size_t room)
{
    const struct dut_config *config = dut_get_config();
    const char *reason = test->skip ? test->skip(config) : NULL;
    *r = (struct result){
        .name = test->name,
        .config = config->name,
        .seed = s->options->seed,
        .outcome = reason ? RESULT_SKIPPED : RESULT_PASSED,
        .reason = reason ? reason : "",
        .fault = s->fault ? s->fault->name : "",
        .replay = s->options->replay_file ? s->options->replay_file : "",
        .generated = test->profile != NULL,
        .error = {.check = "", .requirements = "", .vector = -1},
    };
    return reason ? 0 : run_test(s, test, r, error, room);
}

/* --- all tests --- */

static bool is_selected(const struct session *s, const struct test *test)
{
    const char *const profile = s->options->profile;
    if (profile && (!test->profile || strcmp(test->profile, profile) != 0))
        return false;
    return !s->pattern || fnmatch(s->pattern, test->name, 0) == 0;
}

static void count(struct runner_totals *totals, const struct result *r)
{
    totals->passed += r->outcome == RESULT_PASSED;
    totals->failed += r->outcome == RESULT_FAILED;
    totals->skipped += r->outcome == RESULT_SKIPPED;
}

static int run_selected(struct session *s, struct result *r, char *error, size_t room)
{
    unsigned index = 0;
    for (const struct test *const *t = s->options->tests; *t; t++) {
        if (!is_selected(s, *t))
            continue;
        s->listener->begins(s->listener->ctx, index++, s->selected, (*t)->name);
        if (run_or_skip(s, *t, r, error, room) != 0)
            return -1;
        count(s->totals, r);
        s->listener->ended(s->listener->ctx, r);
    }
    return 0;
}

static int select_tests(struct session *s, char *error, size_t room)
{
    const struct runner_options *o = s->options;
    s->fault = o->fault ? fault_find(o->fault) : NULL;
    if (o->fault && !s->fault) {
        snprintf(error, room, "there is no fault \"%s\"; --list-faults lists all", o->fault);
        return -1;
    }
    if (o->fault_is_bug) /* judged as if nobody knew */
        s->fault = NULL;
    s->pattern = o->pattern || o->profile || o->replay || !s->fault ? o->pattern : s->fault->test;
    unsigned scenarios = 0;
    for (const struct test *const *t = o->tests; *t; t++) {
        s->selected += is_selected(s, *t);
        scenarios += is_selected(s, *t) && !(*t)->run;
    }
    if (s->selected == 0)
        snprintf(error, room, "no test matches \"%s\"; --list lists all (tests/all_tests.c)",
                 s->pattern ? s->pattern : o->profile);
    else if (scenarios == 0 && (o->record || o->shrink))
        snprintf(error, room, "none of the selected tests plays a scenario; --list-profiles lists what does");
    else
        return 0;
    return -1;
}

int runner_run(const struct runner_options *options, const struct runner_listener *listener,
               struct runner_totals *totals, char *error, size_t room)
{
    struct session s = {.options = options, .listener = listener, .totals = totals};
    const double begin = now();
    *totals = (struct runner_totals){0};
    if (select_tests(&s, error, room) != 0)
        return -1;
    struct result *r = calloc(1, sizeof *r);
    if (!r) {
        snprintf(error, room, "out of memory");
        return -1;
    }
    int status = run_selected(&s, r, error, room);
    totals->wall_s = now() - begin;
    if (status == 0 && totals->passed + totals->failed == 0) {
        snprintf(error, room, "nothing was tried: all %u selected tests were skipped (the last one: %s)",
                 totals->skipped, r->reason);
        status = -1;
    }
    free(r);
    return status;
}
