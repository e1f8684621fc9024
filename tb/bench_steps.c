/*
 * bench_steps.c - waiting, and what software does at the start of a test.
 */
#include <inttypes.h>

#include "bench.h"
#include "bench_private.h"

enum {
    QUIET_CLOCKS = 64,  /* without any movement: nothing is left in a pipeline, nor waiting for slow credits */
    LONGEST_WAIT = 64,  /* in units of progress_clocks, while other things move */
    LONGEST_SELF = 256, /* the same, in clocks, while the bench itself is in the way */
    CONFIG_CAPABILITIES = 0x34,
    CONFIG_BAR0 = 0x10,
    CONFIG_COMMAND = 0x04,
    MOST_CAPABILITIES = 48,
    COMMAND_MSE_BME = 0x6,
};

/* --- waiting --- */

/* `begin`: chances before the wait. */
static bool is_stuck(const struct bench *b, uint64_t begin)
{
    const uint64_t patience = b->policy.progress_clocks;
    return progress_idle(&b->progress, begin) > patience || b->progress.chances - begin > LONGEST_WAIT * patience;
}

/* The test waits for what it does not let happen; without this it would wait for ever. */
static bool is_in_its_own_way(struct bench *b, uint64_t since, uint64_t begin, const char *what)
{
    const uint64_t clocks = b->time - since, chances = b->progress.chances - begin;
    return clocks > (uint64_t)LONGEST_SELF * b->policy.progress_clocks &&
           !bench_expect(b, false, "ENV-04",
                         "the test has waited for %s since clock %" PRIu64
                         ", but let the block move something in %" PRIu64 " of %" PRIu64
                         " clocks only (credits, tx_tready, Bus Master Enable)",
                         what, since, chances, clocks);
}

/* Nothing offered on tx, nothing left to hand over: what is still owed is not being held up by anybody. */
static bool is_idle(const struct bench *b)
{
    return !b->out.tx.valid && host_queued(b) == 0 && app_dma_queued(b) == 0;
}

bool bench_wait(struct bench *b, bench_done_fn *done, const void *ctx, const char *what)
{
    const uint64_t since = b->time, begin = b->progress.chances;
    while (!b->failure.failed) {
        if (done(b, ctx))
            return check(&b->checks, CHECK_PROGRESS, true);
        if (is_in_its_own_way(b, since, begin, what))
            break;
        if (is_stuck(b, begin)) {
            if (is_idle(b) && scoreboard_judge_owed(b->scoreboard))
                break; /* lost, not late */
            check(&b->checks, CHECK_PROGRESS, false);
            check_report(&b->checks, CHECK_PROGRESS, -1,
                         "waited from clock %" PRIu64 " to %" PRIu64
                         " for %s; the last movement on any port was at %" PRIu64
                         ", and something owed could have moved in %" PRIu64
                         " clocks after it; allowed are %u such clocks, or %d times as many with movement in between",
                         since, b->time, what, monitor_last_movement(b->monitor), progress_idle(&b->progress, begin),
                         b->policy.progress_clocks, LONGEST_WAIT);
        } else {
            bench_step(b);
        }
    }
    return false;
}

static bool is_quiet(struct bench *b, const void *ctx)
{
    const uint64_t since = *(const uint64_t *)ctx, moved = monitor_last_movement(b->monitor);
    return b->time - (moved > since ? moved : since) >= QUIET_CLOCKS + b->policy.search_clocks && !b->out.tx.valid &&
           host_idle(b->host) && app_idle(b->app) && monitor_idle(b->monitor) && !scoreboard_busy(b->scoreboard);
}

void bench_settle(struct bench *b)
{
    bench_wait(b, is_quiet, &(uint64_t){b->time}, "all streams to become quiet with nothing outstanding");
}

void bench_wait_messages(struct bench *b, unsigned vector, uint64_t count, uint64_t limit, const char *requirement)
{
    const uint64_t end = b->time + limit + b->policy.search_clocks;
    while (!b->failure.failed && b->time < end && scoreboard_messages(b->scoreboard, vector) < count)
        bench_step(b);
    if (b->failure.failed)
        return;
    const uint64_t sent = scoreboard_messages(b->scoreboard, vector);
    bench_expect(b, sent >= count, requirement,
                 "vector %u has sent %" PRIu64 " messages after %" PRIu64 " clocks, not %" PRIu64, vector, sent, limit,
                 count);
}

/* --- configuration space --- */

static void walk_capabilities(struct bench *b)
{
    unsigned offset = host_cfg_read32(b, CONFIG_CAPABILITIES) & 0xFC;
    for (unsigned i = 0; i < MOST_CAPABILITIES && offset >= 0x40 && !b->failure.failed; i++) {
        const uint32_t header = host_cfg_read32(b, offset);
        const uint8_t id = header & 0xFF;
        if (!b->capability[id])
            b->capability[id] = (uint8_t)offset;
        offset = header >> 8 & 0xFC;
    }
    b->capabilities_known = !b->failure.failed;
}

unsigned bench_capability(struct bench *b, uint8_t id)
{
    if (!b->capabilities_known)
        walk_capabilities(b);
    return b->capability[id];
}

void bench_enumerate(struct bench *b)
{
    host_set_route(b, 1, 0);
    bench_place(b);
}

void bench_place(struct bench *b)
{
    host_cfg_write32(b, CONFIG_BAR0, (uint32_t)BENCH_BAR0);
    host_cfg_write32(b, CONFIG_BAR0 + 4, (uint32_t)(BENCH_BAR0 >> 32));
    host_cfg_write(b, CONFIG_COMMAND, 0x3, COMMAND_MSE_BME);
}

/* --- addresses --- */

uint64_t bench_table_address(const struct bench *b, unsigned vector, unsigned field)
{
    return BENCH_BAR0 + bench_config(b)->table_offset + 16U * vector + 4U * field;
}

uint64_t bench_pba_address(const struct bench *b, unsigned vector)
{
    return BENCH_BAR0 + bench_config(b)->pba_offset + 8U * (vector / 64);
}

uint64_t bench_csr_address(const struct bench *b, unsigned offset)
{
    return BENCH_BAR0 + bench_config(b)->csr_offset + offset;
}
