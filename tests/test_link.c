/*
 * test_link.c - link down: a conventional reset at any point.
 */
#include "common.h"

enum { ROUNDS = 40, DEEDS = 12 };

static void expect_works(struct bench *b)
{
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    start_one(b, 0, false);
    app_event(b, 0);
    bench_wait_messages(b, 0, before + 1, 1000, "RACE-33");
    quiesce(b);
}

static void idle(struct bench *b)
{
    for (unsigned clocks = 1; clocks <= 3 && !bench_stopped(b); clocks++) {
        start_all(b, false);
        app_set_intx(b, true);
        quiesce(b);
        link_bounce(b, clocks);
        app_set_intx(b, false);
        expect_config(b, REG_COMMAND, 0xFFFF, 0, "RACE-33");
        bench_enumerate(b);
        expect_table_reset(b, "RACE-33");
        expect_works(b);
    }
}

const struct test link_down_resets_everything = {
    .name = "link_down_resets_everything",
    .requirements = "RACE-33, INTX-14, MSIX-TBL-32, MSIX-PBA-33",
    .story = "The link goes down while all is idle: registers, table and INTx state as after reset, no stale message.",
    .run = idle,
};

static void busy(struct bench *b)
{
    struct rng *rng = bench_rng(b);
    uint32_t payload[DMA_MAX_DW];
    for (unsigned round = 0; round < ROUNDS && !bench_stopped(b); round++) {
        start_one(b, 0, false);
        random_payload(b, payload, DMA_MAX_DW);
        host_set_ready(b, HOST_READY_RANDOM, 30);
        for (unsigned i = 0; i < DEEDS; i++) {
            app_dma_write_start(b, dma_buffer(i), payload, 1 + rng_below(rng, DMA_MAX_DW));
            app_event_start(b, 0);
            host_forget(b, host_mem_read_start(b, bench_pba_address(b, 0), 2, 0xF, 0xF));
            app_read_wait(b, app_read_start(b, dma_buffer(i), 4), NULL);
            app_read_start(b, dma_buffer(i), 1 + i);
        }
        app_set_intx(b, rng_percent(rng, 50));
        bench_run(b, rng_below(rng, 100));
        link_bounce(b, 1 + rng_below(rng, 4));
        for (unsigned tag = 0; tag < APP_READ_TAGS; tag++)
            if (app_read_done(b, tag))
                app_read_wait(b, tag, NULL);
        release_tx(b);
    }
    app_set_intx(b, false);
    expect_works(b);
}

const struct test link_down_in_mid_traffic_leaves_nothing = {
    .name = "link_down_in_mid_traffic_leaves_nothing",
    .requirements = "RACE-33, TLP-25, FC-07",
    .story = "The link goes down in the middle of data, messages, reads and INTx; tx starts clean and nothing of the "
             "old comes.",
    .run = busy,
};

static void outstanding(struct bench *b)
{
    const uint32_t payload[4] = {0};
    bench_enumerate(b);
    host_set_answers(b, false);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    bench_run(b, DMA_MAX_DW);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, DEVICE_STATUS_PENDING, "CFG-18");
    link_bounce(b, 1);
    app_read_wait(b, tag, NULL);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, 0, "RACE-33");
    bench_enumerate(b);
    struct tlp t = {.kind = TLP_CPLD, .length = 4, .tag = (uint16_t)tag, .byte_count = 16, .requester_id = 0x0100};
    host_send(b, &t, payload);
    host_fence(b);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0xF0000, 0x10000, "CFG-19");
    host_set_answers(b, true);
}

const struct test link_down_ends_reads = {
    .name = "link_down_ends_reads",
    .requirements = "RACE-33, CFG-18, CFG-19",
    .story = "A read is outstanding when the link goes down: no transaction is pending after it, its completion is "
             "unexpected.",
    .run = outstanding,
};
