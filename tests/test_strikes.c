/*
 * test_strikes.c - control writes that hit what is under way, clock by clock: function-level reset, Bus Master Enable,
 * D3hot and MSI-X Enable against INTx, data and messages, reset against a message and against a read that is half sent;
 * and INTx past a read that has no credit.
 */
#include "common.h"

enum { SWEEP = 28, LONG_DELAY = 100 };

/* Behind each strike: an event is one message, as ever. */
static void expect_alive(struct bench *b, const char *requirement)
{
    start_one(b, 0, false);
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    app_event(b, 0);
    bench_wait_messages(b, 0, before + 1, 1000, requirement);
    quiesce(b);
    msix_control(b, false, false);
}

enum strike { FLR, MASTER_OFF, D3HOT, MSIX_ENABLE, STRIKES };

/* MSI-X Enable is set or cleared. */
static uint8_t strike(struct bench *b, enum strike what, bool enable)
{
    switch (what) {
    case FLR:
        return flr_start(b);
    case MASTER_OFF:
        return host_cfg_write_start(b, REG_COMMAND, 0x1, 0x2);
    case D3HOT:
        return host_cfg_write_start(b, reg_pmcsr(b), 0x1, 3);
    default:
        return control_start(b, bench_config(b)->msix_cap, enable, false);
    }
}

/* The cause rises in one of the SWEEP clocks around the write. */
static void strike_intx(struct bench *b, enum strike what, unsigned delay)
{
    bench_enumerate(b);
    app_set_intx_at(b, true, 1 + delay);
    bench_run(b, SWEEP / 2);
    const uint8_t tag = strike(b, what, true);
    if (what == FLR)
        flr_wait_begin(b);
    bench_run(b, SWEEP);
    if (what == FLR)
        flr_wait_end(b);
    host_wait(b, tag);
    host_fence(b);
    expect_wire(b, what == FLR || what == MASTER_OFF, "INTX-12");
    app_set_intx(b, false);
    expect_wire(b, false, "INTX-08");
    if (what == D3HOT)
        set_dstate(b, 0);
    expect_alive(b, "CFG-16");
}

static void sweep_intx(struct bench *b)
{
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++)
        for (unsigned what = 0; what < STRIKES; what++)
            strike_intx(b, what, delay);
}

const struct test race_intx_against_control = {
    .name = "race_intx_against_control",
    .requirements = "RACE-32, RACE-35, INTX-11, INTX-12, INTX-13, INTX-19, CFG-16",
    .story =
        "The cause rises around the write that starts FLR, clears Bus Master Enable, leads to D3hot or enables MSI-X: "
        "after the first two the wire is asserted, after the others it is not.",
    .run = sweep_intx,
};

enum pace { PROMPT, LONG_WRITE, STALLED, PACES };

/* A data write and an event: both in clock `delay`, or at once while tx is stalled until then. */
static void strike_traffic(struct bench *b, enum strike what, unsigned delay, enum pace pace)
{
    const uint32_t payload[DMA_MAX_DW] = {delay};
    const bool stalled = pace == STALLED;
    uint8_t tag = 0;
    start_one(b, 0, false);
    for (unsigned clock = 0; clock < SWEEP && !bench_stopped(b); clock++) {
        if (stalled && clock == 0)
            stall_tx(b);
        if (clock == (stalled ? 0 : delay)) {
            app_dma_write_start(b, dma_buffer(1), payload, pace == LONG_WRITE ? DMA_MAX_DW : 1);
            app_event_start(b, 0);
        }
        if (clock == SWEEP / 2)
            tag = strike(b, what, false);
        if (stalled && clock == delay)
            release_tx(b);
        bench_run(b, 1);
    }
    if (what == FLR)
        flr_wait_end(b);
    host_wait(b, tag);
    if (what == D3HOT)
        set_dstate(b, 0);
    expect_alive(b, "MSIX-PBA-27");
}

static void sweep_traffic(struct bench *b)
{
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++)
        for (unsigned k = 0; k < PACES * STRIKES; k++)
            strike_traffic(b, k / PACES, delay, k % PACES);
}

const struct test race_data_and_messages_against_control = {
    .name = "race_data_and_messages_against_control",
    .requirements = "RACE-29, RACE-30, MSIX-PBA-27, ORD-02, CFG-16",
    .story = "A data write and an event around the write that starts FLR, clears Bus Master Enable, leads to D3hot or "
             "disables MSI-X; short and long writes, tx ready and stalled until then.",
    .run = sweep_traffic,
};

/* A message that has begun on a stalled tx before the write is finished behind it. */
static void sweep_message(struct bench *b)
{
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++) {
        start_one(b, 0, false);
        stall_tx(b);
        app_event(b, 0);
        bench_run(b, LONG_DELAY / 10);
        const uint8_t tag = flr_start(b);
        bench_run(b, 1 + delay);
        release_tx(b);
        host_wait(b, tag);
        flr_wait_end(b);
        expect_alive(b, "RACE-29");
    }
}

const struct test race_flr_with_a_message_on_a_stalled_tx = {
    .name = "race_flr_with_a_message_on_a_stalled_tx",
    .requirements = "RACE-29, CFG-16, TLP-25",
    .story = "A message stands on a stalled tx when FLR comes, and is let go in each clock around it.",
    .run = sweep_message,
};

/* With two DWs a beat a read with a long header can stand still in its middle. */
static void half_a_read(struct bench *b)
{
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++) {
        bench_enumerate(b);
        stall_tx(b);
        const unsigned first = app_read_start(b, dma_buffer(1), 4), second = app_read_start(b, dma_buffer(2), 4);
        bench_run(b, LONG_DELAY / 10);
        const uint8_t tag = flr_start(b);
        bench_run(b, 1 + delay);
        release_tx(b);
        host_wait(b, tag);
        flr_wait_end(b);
        app_read_forget(b, first);
        app_read_forget(b, second);
        expect_alive(b, "RACE-30");
    }
}

const struct test race_flr_with_a_read_half_sent = {
    .name = "race_flr_with_a_read_half_sent",
    .requirements = "RACE-30, CFG-18, TLP-25",
    .story = "Two reads wait on a stalled tx when FLR comes: the one that has begun is sent whole, the other never.",
    .run = half_a_read,
};

static void past_a_read(struct bench *b)
{
    bench_enumerate(b);
    host_set_credits(b, HOST_CREDITS_FROZEN);
    while (host_credits_left(b).nph > 0 && !bench_stopped(b))
        app_read_wait(b, app_read_start(b, dma_buffer(0), 1), NULL);
    const unsigned tag = app_read_start(b, dma_buffer(1), 4);
    bench_run(b, SWEEP);
    host_grant(b, 16, 0, 16, 16);
    app_set_intx(b, true);
    expect_wire(b, true, "ORD-09");
    app_set_intx(b, false);
    expect_wire(b, false, "ORD-09");
    bench_expect(b, !app_read_done(b, tag), "FC-08", "a read has left without credit");
    feed(b);
    app_read_wait(b, tag, NULL);
}

const struct test intx_passes_a_stalled_read = {
    .name = "intx_passes_a_stalled_read",
    .requirements = "ORD-09, INTX-17, FC-08",
    .story = "A read waits for credit: Assert_INTx and Deassert_INTx pass it.",
    .run = past_a_read,
};
