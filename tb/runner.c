#define _POSIX_C_SOURCE 200809L

#include "runner.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "fault.h"

enum { FILE_NAME = 4096, SENTENCE = 512 };

/* One run of one test. */
struct run {
    const struct runner_options *options;
    const struct test *test;
    uint32_t power_up;
    const char *waves, *log;
    /* what came out */
    struct bench_failure failure;
    struct checks checks;
    uint64_t cycles, messages, log_hash;
    unsigned strikes;
};

/* All that the selected tests share. */
struct session {
    const struct runner_options *options;
    const struct runner_listener *listener;
    struct runner_totals *totals;
    const struct fault_info *fault; /* NULL: none */
    const char *pattern;
    unsigned selected;
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

/* --- one run --- */

static void copy_outcome(struct run *run, struct bench *b)
{
    run->failure = *bench_failure(b);
    run->checks = *bench_checks(b);
    run->cycles = bench_time(b);
    run->messages = scoreboard_messages_total(bench_scoreboard(b));
    run->log_hash = bench_log_hash(b);
    run->strikes = bench_fault_strikes(b);
}

static int run_once(struct run *run, char *error, size_t room)
{
    const struct bench_options options = {
        .seed = run->options->seed,
        .power_up_seed = run->power_up,
        .policy = run->options->policy,
        .fault = run->options->fault,
        .waves = run->waves,
        .log = run->log,
        .verbose = run->options->verbose,
    };
    struct bench *b = bench_create(&options, error, room);
    if (!b)
        return -1;
    run->test->run(b);
    if (!run->test->no_drain)
        bench_drain(b);
    const bool finished = bench_finish(b, error, room);
    copy_outcome(run, b);
    bench_destroy(b);
    return finished ? 0 : -1;
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

static void judge_fault(struct result *r, const struct run *run, const struct fault_info *fault)
{
    char text[sizeof r->error.text];
    if (!describe_fault(run, fault, text, sizeof text))
        return;
    if (run->failure.failed)
        fail_as(r, &run->failure);
    else
        fail(r, "no check", "ENV-07", run->cycles);
    snprintf(r->error.text, sizeof r->error.text, "%s", text);
}

/* The second run has other register start values and nothing else: its traffic must be the same. */
static bool same_traffic(const struct run *first, const struct run *second)
{
    return !second->failure.failed && second->log_hash == first->log_hash && second->cycles == first->cycles;
}

static void describe_difference(const struct run *first, const struct run *second, struct bench_failure *failure)
{
    failure->failed = true;
    failure->check = CHECK_POWER_UP;
    failure->vector = -1;
    failure->time = second->failure.failed ? second->failure.time : 0;
    snprintf(failure->text, sizeof failure->text,
             "with --power-up %" PRIu32 " instead of --power-up %" PRIu32
             " the run %s; allowed is no difference at all",
             second->power_up, first->power_up,
             second->failure.failed ? "fails" : "has other traffic (compare two --log files)");
    snprintf(failure->history, sizeof failure->history, "%.1000s\n%.3000s", second->failure.text,
             second->failure.history);
}

/* --- one test --- */

static uint32_t first_power_up(const struct runner_options *options)
{
    return options->power_up_given ? options->power_up
                                   : (uint32_t)(options->seed * UINT32_C(2654435761)) ^ UINT32_C(0x5EED);
}

/* A second run if the first one passed; its difference becomes the failure of the first. */
static int run_again(struct session *s, struct run *first, char *error, size_t room)
{
    const bool wanted = !s->options->power_up_given && (!s->fault || s->fault->both_power_ups);
    if (!wanted || first->failure.failed)
        return 0;
    struct run second = {.options = s->options, .test = first->test, .power_up = ~first->power_up};
    if (run_once(&second, error, room) != 0)
        return -1;
    s->totals->cycles += second.cycles;
    if (!check(&first->checks, CHECK_POWER_UP, same_traffic(first, &second)))
        describe_difference(first, &second, &first->failure);
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

static int run_test(struct session *s, const struct test *test, struct result *r, char *error, size_t room)
{
    char waves[FILE_NAME], log[FILE_NAME];
    const struct runner_options *o = s->options;
    const bool several = s->selected > 1;
    struct run first = {
        .options = o,
        .test = test,
        .power_up = first_power_up(o),
        .waves = o->waves && several ? runner_file_name(o->waves, test->name, waves, sizeof waves) : o->waves,
        .log = o->log && several ? runner_file_name(o->log, test->name, log, sizeof log) : o->log,
    };
    const double begin = now();
    if (run_twice(s, &first, r, error, room) != 0)
        return -1;
    r->wall_s = now() - begin;
    r->cycles = first.cycles;
    r->messages = first.messages;
    r->log_hash = first.log_hash;
    checks_add(&s->totals->checks, &first.checks);
    s->totals->messages += first.messages;
    return 0;
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
        .error = {.check = "", .requirements = ""},
    };
    return reason ? 0 : run_test(s, test, r, error, room);
}

/* --- all tests --- */

static bool is_selected(const struct session *s, const struct test *test)
{
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
    s->pattern = o->pattern ? o->pattern : s->fault ? s->fault->test : NULL;
    for (const struct test *const *t = o->tests; *t; t++)
        s->selected += is_selected(s, *t);
    if (s->selected == 0) {
        snprintf(error, room, "no test matches \"%s\"; --list lists all", s->pattern ? s->pattern : "*");
        return -1;
    }
    return 0;
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
