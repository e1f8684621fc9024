/*
 * run.c - see run.h.
 */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>

static void copy_outcome(struct run *run, struct bench *b)
{
    run->failure = *bench_failure(b);
    run->checks = *bench_checks(b);
    run->cycles = bench_time(b);
    run->messages = scoreboard_messages_total(bench_scoreboard(b));
    run->log_hash = bench_log_hash(b);
    run->strikes = bench_fault_strikes(b);
}

static bool play(struct run *run, struct bench *b)
{
    if (run->scenario)
        return scenario_run(b, run->scenario, &run->scenario_outcome);
    run->test->run(b);
    return true;
}

int run_once(struct run *run, char *error, size_t room)
{
    const struct bench_options options = {
        .seed = run->seed,
        .power_up_seed = run->power_up,
        .policy = run->options->policy,
        .fault = run->options->fault,
        .waves = run->waves,
        .waves_from = run->options->waves_from,
        .waves_to = run->options->waves_to,
        .limit = run->options->limit,
        .log = run->log,
        .coverage = run->covers ? run->options->coverage : NULL,
        .design_coverage = run->covers ? run->options->design_coverage : NULL,
        .verbose = run->options->verbose && !run->silent,
    };
    struct bench *b = bench_create(&options, error, room);
    if (!b)
        return -1;
    if (!play(run, b)) {
        bench_destroy(b);
        snprintf(error, room, "out of memory");
        return -1;
    }
    if (!run->test->no_drain)
        bench_drain(b);
    const bool finished = bench_finish(b, error, room);
    copy_outcome(run, b);
    bench_destroy(b);
    return finished ? 0 : -1;
}

/* --- two runs --- */

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
             second->failure.failed ? "fails" : "has other traffic (compare the --log files of the two)");
    snprintf(failure->history, sizeof failure->history, "%.1000s%s%.3000s", second->failure.text,
             second->failure.failed ? "\n" : "", second->failure.history);
}

void run_compare(struct run *first, const struct run *second)
{
    if (!check(&first->checks, CHECK_POWER_UP, same_traffic(first, second)))
        describe_difference(first, second, &first->failure);
}
