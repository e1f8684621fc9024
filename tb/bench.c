/*
 * bench.c - the bench object: birth, one clock, reset, verdict, end. What software does is in bench_steps.c and
 * bench_drain.c.
 */
#include "bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_private.h"

enum { FIRST_RESET_CLOCKS = 4, CLOCKS_AFTER_FAILURE = 20, RECENT_WITH_VECTOR = 6, RECENT_ALONE = 16 };

/* --- verdict --- */

/* Listener of the checks: the first failed error is kept, warnings are only counted. */
static void keep_failure(void *ctx, const struct check_failure *failure)
{
    struct bench *b = ctx;
    const struct check_info *info = check_info(failure->id);
    if (b->verbose)
        fprintf(stderr, "clock %" PRIu64 ": %s %s [%s]: %s\n", b->time,
                info->severity == CHECK_ERROR ? "check" : "warning", info->name, info->requirements, failure->text);
    if (b->failure.failed || info->severity != CHECK_ERROR)
        return;
    b->failure.failed = true;
    b->failure.check = failure->id;
    b->failure.vector = failure->vector;
    b->failure.time = b->time;
    snprintf(b->failure.text, sizeof b->failure.text, "%s", failure->text);
}

/* Taken when the clock of the failure is over, so that what failed is in it. */
static void take_history(struct bench *b)
{
    char *text = b->failure.history;
    const size_t room = sizeof b->failure.history;
    size_t used = 0;
    b->history_taken = true;
    if (b->failure.vector >= 0 && (unsigned)b->failure.vector < bench_config(b)->nvec)
        used = scoreboard_explain(b->scoreboard, (unsigned)b->failure.vector, text, room);
    if (used > room - 1)
        used = room - 1;
    const unsigned recent = used > 0 ? RECENT_WITH_VECTOR : RECENT_ALONE;
    if (used + 128 < room) {
        used += (size_t)snprintf(text + used, room - used, "last on all streams:\n");
        tlp_log_recent(b->log, recent, text + used, room - used);
    }
}

static void hdl_text(void *ctx, bool error, const char *text)
{
    struct bench *b = ctx;
    if (b->verbose)
        fprintf(stderr, "design: %s\n", text);
    if (!error)
        return;
    b->hdl_judged = true;
    check(&b->checks, CHECK_HDL_ASSERTION, false);
    check_report(&b->checks, CHECK_HDL_ASSERTION, -1, "the design reported: %s", text);
}

bool bench_expect(struct bench *b, bool ok, const char *requirement, const char *format, ...)
{
    char text[512];
    va_list arguments;
    if (check(&b->checks, CHECK_TEST_EXPECTATION, ok))
        return true;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    check_report(&b->checks, CHECK_TEST_EXPECTATION, -1, "%s: %s", requirement, text);
    return false;
}

/* --- birth and death --- */

/* Registration order is the order of telling: the scoreboard writes the vector that the others read. */
static bool create_parts(struct bench *b, const struct bench_options *options, char *error, size_t room)
{
    const struct dut_config *config = dut_get_config();
    snprintf(error, room, "out of memory");
    b->dut = dut_create(options->power_up_seed, hdl_text, b);
    b->host = host_create(b, config->data_dw, options->seed ^ UINT64_C(0x686F7374));
    b->app = app_create(config->data_dw, config->mps_max, options->seed ^ UINT64_C(0x61707000));
    b->monitor = monitor_create(config->data_dw, &b->checks);
    b->scoreboard = scoreboard_create(config, &b->policy, &b->checks);
    if (!b->dut || !b->host || !b->app || !b->monitor || !b->scoreboard)
        return false;
    b->log = tlp_log_create(options->log, error, room);
    if (!b->log)
        return false;
    if (options->coverage) {
        b->coverage = coverage_run_create(options->coverage, config, b->scoreboard, &b->checks);
        snprintf(error, room, "out of memory");
        if (!b->coverage)
            return false;
    }
    const struct observer observers[] = {
        scoreboard_observer(b->scoreboard),
        b->coverage ? coverage_observer(b->coverage) : (struct observer){0},
        host_observer(b->host),
        app_observer(b->app),
        tlp_log_observer(b->log),
    };
    for (size_t i = 0; i < sizeof observers / sizeof observers[0]; i++)
        if (observers[i].seen)
            monitor_observe(b->monitor, &observers[i]);
    return true;
}

static bool create_extras(struct bench *b, const struct bench_options *options, char *error, size_t room)
{
    if (options->fault) {
        b->fault = fault_create(options->fault, dut_get_config());
        snprintf(error, room, "there is no fault \"%s\"", options->fault);
        if (!b->fault)
            return false;
    }
    return true;
}

struct bench *bench_create(const struct bench_options *options, char *error, size_t room)
{
    struct bench *b = calloc(1, sizeof *b);
    if (!b) {
        snprintf(error, room, "out of memory");
        return NULL;
    }
    b->verbose = options->verbose;
    b->design_coverage = options->design_coverage;
    b->waves = options->waves;
    b->waves_from = options->waves_from;
    b->waves_to = options->waves_to;
    b->limit = options->limit ? options->limit : UINT64_MAX;
    b->policy = options->policy ? *options->policy : policy_default();
    rng_seed(&b->rng, options->seed);
    checks_init(&b->checks, keep_failure, b);
    if (!create_parts(b, options, error, room) || !create_extras(b, options, error, room)) {
        bench_destroy(b);
        return NULL;
    }
    error[0] = '\0';
    bench_set_link(b, true, true);
    bench_reset(b, FIRST_RESET_CLOCKS);
    return b;
}

void bench_destroy(struct bench *b)
{
    if (!b)
        return;
    fault_destroy(b->fault);
    dut_destroy(b->dut);
    host_destroy(b->host);
    app_destroy(b->app);
    monitor_destroy(b->monitor);
    scoreboard_destroy(b->scoreboard);
    tlp_log_destroy(b->log);
    coverage_run_destroy(b->coverage);
    free(b);
}

bool bench_finish(struct bench *b, char *error, size_t room)
{
    for (unsigned i = 0; i < CLOCKS_AFTER_FAILURE && b->failure.failed; i++)
        bench_step(b);
    if (!b->hdl_judged && !check(&b->checks, CHECK_HDL_ASSERTION, dut_errors(b->dut) == 0))
        check_report(&b->checks, CHECK_HDL_ASSERTION, -1, "the design counted %u errors", dut_errors(b->dut));
    if (b->failure.failed && !b->history_taken)
        take_history(b);
    dut_waves_close(b->dut);
    if (b->waves_failed) {
        snprintf(error, room, "cannot write waves to %s: this build has none, or the file cannot be made", b->waves);
        return false;
    }
    if (scoreboard_out_of_memory(b->scoreboard)) {
        snprintf(error, room, "out of memory: the model of MSI-X has not seen everything, so this run proves nothing");
        return false;
    }
    if (b->coverage)
        coverage_run_end(b->coverage, !b->failure.failed);
    if (b->design_coverage && dut_coverage_add(b->dut, b->design_coverage) > 0) {
        snprintf(error, room, "cannot add the design's coverage to %s", b->design_coverage);
        return false;
    }
    return tlp_log_close(b->log, error, room) == 0;
}

/* --- the clock --- */

static void move_waves(struct bench *b)
{
    if (b->time == b->waves_from)
        b->waves_failed = dut_waves_open(b->dut, b->waves) != 0;
    else if (b->time > b->waves_to && b->time - 1 == b->waves_to)
        dut_waves_close(b->dut);
}

static void judge_limit(struct bench *b)
{
    check(&b->checks, CHECK_PROGRESS, false);
    check_report(&b->checks, CHECK_PROGRESS, -1,
                 "the run has come to clock %" PRIu64 " and is not over; allowed are as many (--limit)", b->time);
}

void bench_step(struct bench *b)
{
    if (b->waves)
        move_waves(b);
    if (b->time == b->limit && !b->failure.failed)
        judge_limit(b);
    host_drive(b->host, &b->in);
    app_drive(b->app, &b->in);
    fault_cycle(b->fault, b->dut, &b->in, &b->out);
    monitor_cycle(b->monitor, b->time, &b->in, &b->out);
    scoreboard_cycle(b->scoreboard, b->time, &b->in, &b->out);
    const bool moved = monitor_last_movement(b->monitor) == b->time;
    progress_count(&b->progress, moved, !moved && scoreboard_chance(b->scoreboard, &b->in, &b->out));
    if (b->coverage)
        coverage_cycle(b->coverage, b->time, &b->in, &b->out);
    host_sample(b->host, &b->in, &b->out);
    app_sample(b->app, &b->in, &b->out);
    if (b->failure.failed && !b->history_taken)
        take_history(b);
    b->time++;
}

void bench_run(struct bench *b, uint64_t clocks)
{
    for (uint64_t i = 0; i < clocks && !b->failure.failed; i++)
        bench_step(b);
}

static void agents_reset(struct bench *b)
{
    host_reset(b->host);
    app_reset(b->app);
}

void bench_hold_reset(struct bench *b, bool hold)
{
    if (hold)
        agents_reset(b);
    b->in.rst_n = !hold;
}

void bench_reset(struct bench *b, unsigned clocks)
{
    bench_hold_reset(b, true);
    bench_run(b, clocks ? clocks : 1);
    bench_hold_reset(b, false);
}

void bench_set_link(struct bench *b, bool link_up, bool fc_init_done)
{
    if (!link_up)
        agents_reset(b);
    b->in.link_up = link_up;
    b->in.fc_init_done = fc_init_done;
}

/* --- parts --- */

uint64_t bench_time(const struct bench *b)
{
    return b->time;
}

bool bench_stopped(const struct bench *b)
{
    return b->failure.failed;
}

const struct bench_failure *bench_failure(const struct bench *b)
{
    return &b->failure;
}

const struct dut_config *bench_config(const struct bench *b)
{
    (void)b;
    return dut_get_config();
}

const struct policy *bench_policy(const struct bench *b)
{
    return &b->policy;
}

struct host *bench_host(const struct bench *b)
{
    return b->host;
}

struct app *bench_app(const struct bench *b)
{
    return b->app;
}

struct scoreboard *bench_scoreboard(const struct bench *b)
{
    return b->scoreboard;
}

struct checks *bench_checks(struct bench *b)
{
    return &b->checks;
}

struct monitor *bench_monitor(const struct bench *b)
{
    return b->monitor;
}

struct rng *bench_rng(struct bench *b)
{
    return &b->rng;
}

const struct dut_in *bench_in(const struct bench *b)
{
    return &b->in;
}

const struct dut_out *bench_out(const struct bench *b)
{
    return &b->out;
}

uint64_t bench_log_hash(const struct bench *b)
{
    return tlp_log_hash(b->log);
}

unsigned bench_fault_strikes(const struct bench *b)
{
    return b->fault ? fault_strikes(b->fault) : 0;
}

int bench_waves_start(struct bench *b, const char *file)
{
    return dut_waves_open(b->dut, file);
}

void bench_waves_stop(struct bench *b)
{
    dut_waves_close(b->dut);
}
