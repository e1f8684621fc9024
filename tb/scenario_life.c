/*
 * scenario_life.c - resets, power states and waiting in a running scenario.
 */
#include "scenario_do.h"

enum {
    PATIENCE = 8, /* clocks between two tries of software whose request has to be repeated */
    MOST_TRIES = 1000,
};

/* --- waiting --- */

static void run_fence(struct scenario_state *s)
{
    state_open(s);
    state_need_tag(s);
    host_fence(s->b);
    state_may_request(s);
}

static void release_answers(struct scenario_state *s)
{
    s->answers.hold = false;
    state_apply_answers(s);
}

static bool answers_are_done(struct bench *b, const void *ctx)
{
    (void)ctx;
    return host_answers_waiting(b) == 0 && host_queued(b) == 0;
}

/*
 * The function answers again, in D0; completions that were meant for reads before its reset have come; and if it was
 * reset it is enumerated.
 */
static void recover(struct scenario_state *s)
{
    scenario_stall_dma(s, false);
    run_fence(s);
    unsigned tries = 0;
    while (!bench_stopped(s->b) && tries < MOST_TRIES &&
           host_wait(s->b, host_cfg_read_start(s->b, 0)).status == TLP_RRS) {
        tries++;
        bench_run(s->b, PATIENCE);
    }
    bench_expect(s->b, tries < MOST_TRIES, "CFG-18",
                 "a function-level reset has not ended after %u configuration requests that were to be repeated",
                 tries);
    run_fence(s);
    if (s->asleep)
        state_power(s, false);
    run_fence(s);
    if (!s->lost)
        return;
    release_answers(s);
    bench_wait(s->b, answers_are_done, NULL, "the answers to reads before the reset");
    state_forget(s);
    bench_place(s->b);
}

/* While data writes and reads wait outside, quiet never comes: a fence is all there is then. */
static void settle(struct scenario_state *s)
{
    if (s->lost)
        recover(s);
    run_fence(s);
    if (!s->bus_master || s->asleep)
        return;
    scenario_stall_dma(s, false);
    release_answers(s);
    bench_settle(s->b);
    state_may_request(s);
}

static void drain(struct scenario_state *s)
{
    recover(s);
    state_command(s, true, true);
    run_fence(s);
    for (unsigned v = 0; v < bench_config(s->b)->nvec; v++)
        if (!s->entry[v].unmasked)
            state_mask(s, v, false);
    state_control(s, true, false);
    settle(s);
    run_fence(s);
}

/* --- resets and power --- */

static void reset(struct scenario_state *s, unsigned clocks)
{
    bench_reset(s->b, clocks);
    state_open(s);
    state_start(s);
}

static void link_down(struct scenario_state *s, unsigned clocks)
{
    bench_set_link(s->b, false, false);
    bench_run(s->b, clocks);
    bench_set_link(s->b, true, true);
    state_open(s);
    state_start(s);
}

static bool flr(struct scenario_state *s, unsigned delay)
{
    app_set_flr_delay(s->b, delay);
    return state_flr(s);
}

/* --- the operations --- */

bool scenario_life(struct scenario_state *s, const struct scenario_op *op)
{
    switch (op->kind) {
    case SCENARIO_POWER:
        return state_power(s, op->arg[0] == SCENARIO_POWER_D3HOT);
    case SCENARIO_FLR:
        return flr(s, (unsigned)op->arg[0]);
    case SCENARIO_RESET:
        reset(s, (unsigned)op->arg[0]);
        break;
    case SCENARIO_LINK_DOWN:
        link_down(s, (unsigned)op->arg[0]);
        break;
    case SCENARIO_WAIT:
        bench_run(s->b, op->arg[0]);
        break;
    case SCENARIO_FLUSH:
        state_open(s);
        host_flush(s->b);
        break;
    case SCENARIO_FENCE:
        run_fence(s);
        break;
    case SCENARIO_RECOVER:
        recover(s);
        break;
    case SCENARIO_SETTLE:
        settle(s);
        break;
    default:
        drain(s);
        break;
    }
    return true;
}
