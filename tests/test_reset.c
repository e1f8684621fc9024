/*
 * test_reset.c - conventional reset: values after it, and nothing from before it.
 */
#include "common.h"

enum { RESET_CLOCKS = 4 };

static void table_after_power_up(struct bench *b)
{
    bench_enumerate(b);
    expect_dword(b, bench_table_address(b, bench_config(b)->nvec - 1U, 3), 1, "MSIX-TBL-33");
    expect_table_reset(b, "MSIX-TBL-06");
}

const struct test table_starts_masked_and_zero = {
    .name = "table_starts_masked_and_zero",
    .requirements = "MSIX-TBL-03, MSIX-TBL-05, MSIX-TBL-06, MSIX-TBL-10, MSIX-TBL-31, MSIX-TBL-33",
    .story = "After power-up every entry reads 0, 0, 0, 1, the last one first and at the first moment that software "
             "can look.",
    .run = table_after_power_up,
};

static void pba_after_power_up(struct bench *b)
{
    bench_enumerate(b);
    expect_pba_clear(b, "MSIX-PBA-02");
}

const struct test pba_starts_zero = {
    .name = "pba_starts_zero",
    .requirements = "MSIX-PBA-02, MSIX-PBA-03",
    .story = "After power-up no pending bit is set.",
    .run = pba_after_power_up,
};

static void reset_of_a_used_block(struct bench *b)
{
    start_all(b, false);
    msix_control(b, true, true);
    for (unsigned v = 0; v < bench_config(b)->nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    bench_reset(b, RESET_CLOCKS);
    expect_value(b, "Message Control after reset", host_cfg_read32(b, capability_find(b, CAP_MSIX)) >> 30, 0,
                 "MSIX-CAP-08");
    expect_value(b, "Command after reset", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, 0, "CFG-01");
    bench_enumerate(b);
    expect_table_reset(b, "MSIX-TBL-32");
    expect_pba_clear(b, "MSIX-PBA-33");
}

const struct test reset_restores_masks_and_clears_pending = {
    .name = "reset_restores_masks_and_clears_pending",
    .requirements = "MSIX-TBL-05, MSIX-TBL-32, MSIX-PBA-02, MSIX-PBA-33, MSIX-CAP-07, MSIX-CAP-08",
    .story = "With every entry unmasked and pending a reset brings back all masks, clears all pending bits and both "
             "control bits.",
    .run = reset_of_a_used_block,
};

/* Programs everything anew and unmasks it: whatever an event from before the reset left behind would be sent now. */
static void expect_silence_after_reset(struct bench *b)
{
    const uint64_t sent_before = scoreboard_messages_total(bench_scoreboard(b));
    start_all(b, false);
    bench_run(b, 100);
    host_fence(b);
    expect_total(b, sent_before, "MSIX-PBA-33");
    expect_pba_clear(b, "MSIX-PBA-33");
}

static void reset_in_mid_drain(struct bench *b)
{
    start_all(b, false);
    msix_control(b, true, true);
    for (unsigned v = 0; v < bench_config(b)->nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    host_set_ready(b, HOST_READY_RANDOM, 30);
    control_start(b, capability_find(b, CAP_MSIX), true, false);
    bench_run(b, 20 + rng_below(bench_rng(b), 20));
    bench_reset(b, RESET_CLOCKS);
    release_tx(b);
    expect_silence_after_reset(b);
}

const struct test reset_in_mid_drain_leaves_no_stale_message = {
    .name = "reset_in_mid_drain_leaves_no_stale_message",
    .requirements = "RACE-33, MSIX-PBA-33, TLP-25",
    .story = "A reset in the middle of a drain of all vectors: after new programming nothing from before it is sent.",
    .run = reset_in_mid_drain,
};

static void reset_with_tx_dead(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_all(b, false);
    stall_tx(b);
    random_payload(b, payload, DMA_MAX_DW);
    app_dma_write(b, dma_buffer(0), payload, DMA_MAX_DW);
    app_event(b, bench_config(b)->nvec - 1U);
    bench_run(b, 20);
    bench_reset(b, RESET_CLOCKS);
    release_tx(b);
    expect_silence_after_reset(b);
}

const struct test reset_drops_what_waits_behind_a_dead_tx = {
    .name = "reset_drops_what_waits_behind_a_dead_tx",
    .requirements = "RACE-33, RACE-43, MSIX-PBA-33",
    .story = "A dma write and its message that tx never took are gone after a reset.",
    .run = reset_with_tx_dead,
};

static void event_beside_reset(struct bench *b)
{
    for (unsigned delay = 1; delay <= 8 && !bench_stopped(b); delay++) {
        start_one(b, 0, true);
        app_event_at(b, 0, delay);
        bench_run(b, 3);
        bench_reset(b, 3);
        start_one(b, 0, false);
        quiesce(b);
        expect_messages(b, 0, 0, "EDGE-20");
    }
}

const struct test event_before_reset_sends_nothing_after_it = {
    .name = "event_before_reset_sends_nothing_after_it",
    .requirements = "EDGE-20, RACE-43, MSIX-PBA-33",
    .story = "An event in each clock before a reset: after it and after unmasking there is silence.",
    .run = event_beside_reset,
};

static void many_resets(struct bench *b)
{
    for (unsigned clocks = 1; clocks <= 4; clocks++) {
        bench_reset(b, clocks);
        start_one(b, 0, false);
        app_event(b, 0);
        bench_wait_messages(b, 0, 1, 200, "RACE-33");
        quiesce(b);
        expect_messages(b, 0, 1, "RACE-33");
    }
}

const struct test works_after_reset_of_any_length = {
    .name = "works_after_reset_of_any_length",
    .requirements = "RACE-33, EDGE-02a",
    .story = "After resets of 1 to 4 clocks the block sends one message for one event.",
    .run = many_resets,
};
