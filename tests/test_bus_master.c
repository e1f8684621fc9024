/*
 * test_bus_master.c - Bus Master Enable: what it holds back, what it lets through, and that nothing is lost.
 */
#include "common.h"

enum { LONG_ENOUGH = 100 };

/* No memory write leaves for a while. */
static void expect_no_writes(struct bench *b, const char *requirement)
{
    struct capture c;
    capture_start(&c);
    capture_run(b, &c, LONG_ENOUGH);
    expect_value(b, "TLPs on tx with BME = 0", c.count, 0, requirement);
}

static void hold_message(struct bench *b)
{
    const unsigned held = bench_policy(b)->hold_while_bme_off == POLICY_YES;
    start_one(b, 0, false);
    for (unsigned k = 1; k <= 3 && !bench_stopped(b); k++) {
        msix_bus_master(b, false);
        host_fence(b);
        for (unsigned i = 0; i < k; i++)
            app_event(b, 0);
        expect_no_writes(b, "MSIX-PBA-27");
        msix_bus_master(b, true);
        quiesce(b);
        expect_messages(b, 0, (uint64_t)k * held, "MSIX-PBA-28");
        expect_pending(b, 0, false, "MSIX-PBA-10");
    }
}

const struct test bus_master_off_holds_messages = {
    .name = "bus_master_off_holds_messages",
    .requirements = "MSIX-PBA-27, MSIX-PBA-28, RACE-27, CFG-02",
    .story = "With BME = 0 one to three events send nothing; after BME = 1 the held vector sends one message.",
    .run = hold_message,
};

static void hold_all(struct bench *b)
{
    start_all(b, false);
    msix_bus_master(b, false);
    host_fence(b);
    for (unsigned v = 0; v < bench_config(b)->nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    expect_no_writes(b, "MSIX-PBA-27");
    msix_bus_master(b, true);
    quiesce(b);
    if (bench_policy(b)->hold_while_bme_off == POLICY_YES)
        expect_messages_each(b, 1, "RACE-27");
    expect_pba_clear(b, "MSIX-PBA-10");
}

const struct test bus_master_on_sends_each_held_vector_once = {
    .name = "bus_master_on_sends_each_held_vector_once",
    .requirements = "MSIX-PBA-27, MSIX-PBA-28, RACE-27",
    .story = "All vectors have an event with BME = 0; after BME = 1 each sends exactly one message.",
    .run = hold_all,
};

static void hold_dma(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    msix_bus_master(b, false);
    host_fence(b);
    random_payload(b, payload, DMA_MAX_DW);
    app_dma_write_start(b, dma_buffer(0), payload, DMA_MAX_DW);
    app_dma_write_start(b, dma_buffer(1), payload, 1);
    expect_no_writes(b, "MSIX-PBA-27");
    msix_bus_master(b, true);
    app_dma_flush(b);
    app_event(b, 0);
    bench_wait_messages(b, 0, 1, 500, "RACE-27");
    expect_host_memory(b, dma_buffer(0), payload, DMA_MAX_DW, "RACE-27");
    expect_host_memory(b, dma_buffer(1), payload, 1, "RACE-27");
}

const struct test bus_master_off_holds_dma_writes = {
    .name = "bus_master_off_holds_dma_writes",
    .requirements = "MSIX-PBA-27, RACE-26, RACE-27, RACE-28, CFG-02",
    .story =
        "Dma writes wait while BME = 0; after BME = 1 they are in host memory before the message of a later event.",
    .run = hold_dma,
};

static void masked_event(struct bench *b)
{
    const bool recorded = bench_policy(b)->record_masked_while_bme_off == POLICY_YES;
    start_one(b, 0, true);
    msix_bus_master(b, false);
    host_fence(b);
    app_event(b, 0);
    expect_pending(b, 0, recorded, "MSIX-PBA-29");
    msix_bus_master(b, true);
    quiesce(b);
    expect_messages(b, 0, 0, "MSIX-PBA-06");
    msix_unmask(b, 0);
    quiesce(b);
    expect_messages(b, 0, recorded, "MSIX-PBA-29");
}

const struct test masked_event_is_recorded_without_bus_master = {
    .name = "masked_event_is_recorded_without_bus_master",
    .requirements = "MSIX-PBA-29, MSIX-PBA-06",
    .story = "An event on a masked vector sets its pending bit although BME = 0, and is sent after BME and unmask.",
    .run = masked_event,
};

static void completions_flow(struct bench *b)
{
    start_one(b, 0, true);
    msix_bus_master(b, false);
    app_dma_write_start(b, dma_buffer(0), &(uint32_t){1}, 1);
    for (unsigned i = 0; i < 10 && !bench_stopped(b); i++) {
        expect_value(b, "{Upper, Address}", host_mem_read64(b, bench_table_address(b, 0, 0)), own_address(0), "CFG-02");
        expect_value(b, "Vendor ID", host_cfg_read32(b, REG_ID) & 0xFFFFU, bench_config(b)->vendor_id, "CFG-02");
    }
    msix_bus_master(b, true);
    app_dma_flush(b);
}

const struct test completions_leave_without_bus_master = {
    .name = "completions_leave_without_bus_master",
    .requirements = "CFG-02, MSIX-CAP-23",
    .story = "With BME = 0 and a dma write held, register and configuration reads are answered.",
    .run = completions_flow,
};

static void off_while_waiting(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned gap = 0; gap < 12 && !bench_stopped(b); gap++) {
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        stall_tx(b);
        app_dma_write_start(b, dma_buffer(gap), &(uint32_t){gap}, 1);
        app_event_at(b, 0, 3);
        bench_run(b, gap);
        host_forget(b, host_cfg_write_start(b, REG_COMMAND, 0x1, COMMAND_MSE));
        bench_run(b, 20);
        release_tx(b);
        host_fence(b);
        expect_no_writes(b, "RACE-26");
        msix_bus_master(b, true);
        app_dma_flush(b);
        quiesce(b);
        expect_messages(b, 0, before + 1, "RACE-26");
        expect_host_memory(b, dma_buffer(gap), &(uint32_t){gap}, 1, "RACE-26");
    }
}

const struct test bus_master_off_drains_only_up_to_the_fence = {
    .name = "bus_master_off_drains_only_up_to_the_fence",
    .requirements = "RACE-26, RACE-27, MSIX-PBA-27, TLP-25",
    .story = "BME goes off while a dma write and a message wait for tx: both leave before the fence or after BME = 1, "
             "none between.",
    .run = off_while_waiting,
};

static void off_in_mid_dma(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned beats = 1; beats <= 6 && !bench_stopped(b); beats++) {
        app_dma_write_start(b, dma_buffer(beats), payload, DMA_MAX_DW);
        bench_run(b, beats);
        app_stall_dma(b, true);
        host_cfg_write(b, REG_COMMAND, 0x1, COMMAND_MSE);
        host_fence(b);
        app_stall_dma(b, false);
        expect_no_writes(b, "RACE-26");
        msix_bus_master(b, true);
        app_dma_flush(b);
        quiesce(b);
        expect_host_memory(b, dma_buffer(beats), payload, DMA_MAX_DW, "RACE-46");
    }
}

const struct test bus_master_off_in_mid_dma_write = {
    .name = "bus_master_off_in_mid_dma_write",
    .requirements = "RACE-26, RACE-27, RACE-46, TLP-25",
    .story = "BME goes off while the source has delivered only part of a dma write: it leaves whole, after BME = 1.",
    .run = off_in_mid_dma,
};
