/*
 * test_backpressure.c - every stream slow or dead in turn: what depends on it waits, everything else goes on.
 */
#include "common.h"

enum { LEAVES_WITHIN = 500 };

static void random_ready(struct bench *b)
{
    start_all(b, false);
    for (unsigned percent = 5; percent <= 95 && !bench_stopped(b); percent += 15) {
        host_set_ready(b, HOST_READY_RANDOM, percent);
        const uint64_t before = scoreboard_messages_total(bench_scoreboard(b));
        const unsigned events = bench_config(b)->nvec < 40 ? bench_config(b)->nvec : 40;
        for (unsigned v = 0; v < events; v++)
            app_event(b, v);
        quiesce(b);
        expect_total(b, before + events, "FC-13");
    }
    release_tx(b);
}

const struct test slow_tx_loses_and_repeats_nothing = {
    .name = "slow_tx_loses_and_repeats_nothing",
    .requirements = "FC-13, TLP-25, TLP-30, EDGE-03",
    .story = "Tx ready in 5 to 95 percent of the clocks: one message for each vector's event every time.",
    .run = random_ready,
};

static void dead_then_alive(struct bench *b)
{
    start_one(b, 0, false);
    stall_tx(b);
    app_event(b, 0);
    bench_run(b, 300);
    const bool valid = bench_out(b)->tx.valid;
    bench_expect(b, valid, "FC-13", "tx_tvalid is not shown while tx is not ready");
    bench_expect(b, scoreboard_messages(bench_scoreboard(b), 0) == 0, "FC-13", "a message left without ready");
    release_tx(b);
    quiesce(b);
    expect_messages(b, 0, 1, "EDGE-02a");
}

const struct test message_is_offered_until_taken = {
    .name = "message_is_offered_until_taken",
    .requirements = "FC-13, TLP-30, EDGE-02a",
    .story = "Tx is not ready for 300 clocks: the message is offered all the time and taken once.",
    .run = dead_then_alive,
};

/* Reads that the block has promised to take with nothing outstanding. */
static unsigned nonposted_window(struct bench *b)
{
    bench_run(b, 2);
    return bench_out(b)->rxfc_nph;
}

static void writes_behind_reads(struct bench *b)
{
    enum { WRITES = 60, READS_MAX = 64 };
    uint8_t tag[READS_MAX];
    const unsigned window = nonposted_window(b);
    const unsigned reads = window < READS_MAX ? window : READS_MAX;
    start_one(b, 0, true);
    stall_tx(b);
    for (unsigned i = 0; i < reads; i++)
        tag[i] = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
    host_flush(b);
    for (unsigned i = 0; i < WRITES; i++)
        host_mem_write32(b, bench_table_address(b, 0, 2), i);
    for (unsigned clock = 0; clock < 20 * WRITES && !host_idle(bench_host(b)) && !bench_stopped(b); clock++)
        bench_step(b);
    host_flush(b);
    msix_unmask(b, 0);
    app_event(b, 0);
    bench_run(b, 20);
    release_tx(b);
    for (unsigned i = 0; i < reads; i++)
        expect_value(b, "a read from before the writes", host_wait(b, tag[i]).data[0], own_data(0), "ORD-24");
    expect_dword(b, bench_table_address(b, 0, 2), WRITES - 1, "RACE-50");
    quiesce(b);
    expect_messages(b, 0, 1, "RACE-50");
}

const struct test writes_are_taken_behind_stuck_reads = {
    .name = "writes_are_taken_behind_stuck_reads",
    .requirements = "ORD-20, ORD-23, RACE-50, MMIO-33, MMIO-31",
    .story = "Tx is dead and as many reads as the block grants wait for it: sixty writes behind them are taken and "
             "take effect.",
    .run = writes_behind_reads,
};

static void writes_without_credits(struct bench *b)
{
    struct capture c;
    start_one(b, 0, true);
    starve_posted(b, STARVED_HEADERS);
    app_event(b, 0);
    msix_program(b, 0, own_address(0), 0x12345678U, false);
    host_flush(b);
    bench_run(b, 50);
    msix_mask(b, 0);
    host_mem_write32(b, bench_table_address(b, 0, 2), 0x87654321U);
    msix_unmask(b, 0);
    host_flush(b);
    bench_run(b, 50);
    capture_start(&c);
    feed(b);
    capture_until(b, &c, 1, LEAVES_WITHIN, "RACE-50");
    capture_run(b, &c, 50);
    expect_value(b, "messages", c.count, 1, "EDGE-02a");
}

const struct test table_writes_take_effect_without_credits = {
    .name = "table_writes_take_effect_without_credits",
    .requirements = "RACE-50, ORD-20, RACE-12, FC-12",
    .story =
        "With no posted credit the host programs, unmasks, masks and reprograms; one message comes when credit does.",
    .run = writes_without_credits,
};

static void dma_stalls_in_mid_tlp(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned beats = 1; beats <= 4 && !bench_stopped(b); beats++) {
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        app_dma_write_start(b, dma_buffer(beats), payload, DMA_MAX_DW);
        bench_run(b, beats);
        app_stall_dma(b, true);
        for (unsigned i = 1; i <= 5; i++) {
            app_event(b, 0);
            bench_wait_messages(b, 0, before + i, LEAVES_WITHIN, "RACE-46");
        }
        expect_value(b, "a read beside a stalled dma write", host_mem_read64(b, bench_table_address(b, 0, 0)),
                     own_address(0), "ORD-12");
        app_stall_dma(b, false);
        app_dma_flush(b);
        quiesce(b);
        expect_host_memory(b, dma_buffer(beats), payload, DMA_MAX_DW, "RACE-46");
    }
}

const struct test dma_source_stalled_in_mid_tlp_blocks_nobody = {
    .name = "dma_source_stalled_in_mid_tlp_blocks_nobody",
    .requirements = "RACE-46, EDGE-10, TLP-25",
    .story = "A dma source stops in the middle of a TLP: messages and completions go on, the TLP leaves whole later.",
    .run = dma_stalls_in_mid_tlp,
};

static void slow_registers(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned delay = 0; delay <= 256 && !bench_stopped(b); delay += delay < 4 ? 1 : 126) {
        app_set_csr_delay(b, delay);
        const uint32_t value = (uint32_t)rng_next(bench_rng(b));
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        host_mem_write32(b, bench_csr_address(b, 0x40), value);
        const uint8_t tag = host_mem_read_start(b, bench_csr_address(b, 0x40), 1, 0xF, 0);
        bench_run(b, 10);
        app_event(b, 0);
        bench_wait_messages(b, 0, before + 1, LEAVES_WITHIN, "EDGE-03");
        expect_value(b, "a device register", host_wait(b, tag).data[0], value, "ORD-24");
        expect_value(b, "the same inside the device", app_csr_read(b, 0x40), value, "MMIO-17");
    }
}

const struct test slow_device_registers_do_not_stop_messages = {
    .name = "slow_device_registers_do_not_stop_messages",
    .requirements = "ORD-24, EDGE-03, MMIO-17, MMIO-32",
    .story = "Device registers that take 0 to 255 clocks are written and read right, and a message passes meanwhile.",
    .run = slow_registers,
};

static void register_byte_enables(struct bench *b)
{
    start_one(b, 0, true);
    app_set_csr_delay(b, 256);
    for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
        const uint32_t old = (uint32_t)rng_next(bench_rng(b));
        const uint32_t new = ~old;
        uint32_t wanted = 0;
        for (unsigned byte = 0; byte < 4; byte++)
            wanted |= ((be >> byte & 1U) ? new : old) & UINT32_C(0xFF) << (8 * byte);
        app_csr_write(b, 0x84, old);
        host_mem_write(b, bench_csr_address(b, 0x84), &new, 1, be, 0);
        expect_dword(b, bench_csr_address(b, 0x84), wanted, "MMIO-17");
        expect_value(b, "the device's copy", app_csr_read(b, 0x84), wanted, "MMIO-17");
    }
}

const struct test device_registers_honour_byte_enables = {
    .name = "device_registers_honour_byte_enables",
    .requirements = "MMIO-17, MMIO-16, MMIO-15",
    .story = "All 16 byte enable patterns of a write to a device register reach exactly those bytes.",
    .run = register_byte_enables,
};

static void gaps_everywhere(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_all(b, true);
    host_set_gaps(b, 50);
    app_set_gaps(b, 50);
    app_set_csr_delay(b, 256);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    for (unsigned round = 0; round < 40 && !bench_stopped(b); round++) {
        const unsigned v = any_vector(b);
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), v);
        random_payload(b, payload, DMA_MAX_DW);
        app_dma_write(b, dma_buffer(round), payload, 1 + round % DMA_MAX_DW);
        app_event(b, v);
        host_mem_write32(b, bench_csr_address(b, 8 * round), round);
        msix_unmask(b, v);
        expect_dword(b, bench_csr_address(b, 8 * round), round, "MMIO-32");
        bench_wait_messages(b, v, before + 1, LEAVES_WITHIN, "MSIX-PBA-09");
        expect_host_memory(b, dma_buffer(round), payload, 1 + round % DMA_MAX_DW, "ORD-06");
        msix_mask(b, v);
    }
    quiesce(b);
    expect_total(b, 40, "EDGE-02a");
    host_set_gaps(b, 0);
    release_tx(b);
}

const struct test gaps_on_all_streams_change_nothing = {
    .name = "gaps_on_all_streams_change_nothing",
    .requirements = "MMIO-32, ORD-06, MSIX-PBA-09, FC-13",
    .story = "Gaps on rx and dma, a slow tx and slow registers together: forty events, forty messages, all data right.",
    .run = gaps_everywhere,
};

static void tag_sweep(struct bench *b)
{
    enum { TAGS = 256 };
    uint8_t tag[TAGS];
    bool seen[TAGS] = {false};
    start_one(b, 0, true);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    for (unsigned i = 0; i < TAGS; i++) {
        tag[i] = host_mem_read_start(b, bench_table_address(b, 0, i % 4), 1, 0xF, 0);
        bench_expect(b, !seen[tag[i]], "MMIO-31", "tag %u is given twice", tag[i]);
        seen[tag[i]] = true;
    }
    const uint32_t entry[4] = {(uint32_t)own_address(0), 0, own_data(0), 1};
    for (unsigned i = 0; i < TAGS && !bench_stopped(b); i++)
        expect_value(b, "a DW of the entry", host_wait(b, tag[i]).data[0], entry[i % 4], "MMIO-31");
    release_tx(b);
}

const struct test all_tags_are_answered = {
    .name = "all_tags_are_answered",
    .requirements = "MMIO-04, MMIO-31, MMIO-32, FC-11",
    .story = "256 reads with 256 tags queued at once, more than the block grants at a time: each gets its own answer.",
    .run = tag_sweep,
};

/* Events of one vector that find no room to be committed, then a look at its pending bit that nothing can overtake. */
static void events_into_a_full_block(struct bench *b, unsigned events)
{
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    starve_posted(b, STARVED_HEADERS);
    fill_posted(b);
    for (unsigned i = 0; i < events; i++)
        app_event(b, 0);
    bench_run(b, 10);
    const uint8_t tag = host_mem_read_start(b, bench_pba_address(b, 0), 1, 0xF, 0);
    bench_run(b, 20);
    feed(b);
    expect_value(b, "the pending bit of an event that could not be committed", host_wait(b, tag).data[0] & 1U, 1,
                 "EDGE-03");
    app_dma_flush(b);
    quiesce(b);
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0) - before;
    bench_expect(b, sent >= 1 && sent <= events, "EDGE-04", "%u events gave %u messages", events, (unsigned)sent);
    expect_pending(b, 0, false, "MSIX-PBA-10");
}

static void full_block(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned events = 1; events <= 4 && !bench_stopped(b); events++)
        events_into_a_full_block(b, events);
}

const struct test events_into_a_full_block_stay_pending = {
    .name = "events_into_a_full_block_stay_pending",
    .requirements = "EDGE-03, EDGE-04, MSIX-PBA-10, MSIX-PBA-35, ORD-12",
    .story = "The block is full of stuck data: one to four events stay one pending bit, and are announced when the "
             "data has gone.",
    .run = full_block,
};
