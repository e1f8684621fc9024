/*
 * test_ordering.c - data first, then whatever announces it: a message, a completion, a pending bit.
 */
#include "common.h"

enum { LEAVES_WITHIN = 500, ROUNDS = 40, READ_COMPLETION = 0x4A };

/* Steps until vector has sent `count` messages, and looks into host memory in that very clock. */
static void expect_data_with_message(struct bench *b, unsigned vector, uint64_t count, uint64_t address,
                                     const uint32_t *payload, unsigned dws)
{
    bench_wait_messages(b, vector, count, LEAVES_WITHIN, "ORD-06");
    expect_host_memory(b, address, payload, dws, "HOST-10");
}

static void data_then_message(struct bench *b, unsigned dws_of_round(struct bench *b, unsigned round))
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    for (unsigned pace = 0; pace < 3; pace++) {
        host_set_ready(b, pace ? HOST_READY_RANDOM : HOST_READY_ALWAYS, 60 / (pace + 1));
        for (unsigned round = 0; round < ROUNDS / 2 && !bench_stopped(b); round++) {
            const unsigned dws = dws_of_round(b, round);
            const uint64_t count = scoreboard_messages(bench_scoreboard(b), 0) + 1;
            random_payload(b, payload, dws);
            app_dma_write(b, dma_buffer(round), payload, dws);
            app_event(b, 0);
            expect_data_with_message(b, 0, count, dma_buffer(round), payload, dws);
        }
    }
    release_tx(b);
}

static unsigned any_size(struct bench *b, unsigned round)
{
    (void)round;
    return 1 + rng_below(bench_rng(b), DMA_MAX_DW);
}

static void message_after_data(struct bench *b)
{
    data_then_message(b, any_size);
}

const struct test message_follows_its_data = {
    .name = "message_follows_its_data",
    .requirements = "ORD-01, ORD-02, ORD-06, ORD-30, HOST-10, TLP-10, TLP-29",
    .story = "A dma write, then an event: in the clock in which the message arrives the data is in host memory.",
    .run = message_after_data,
};

static void relaxed_data(struct bench *b)
{
    app_set_attributes(b, true, true, false);
    data_then_message(b, any_size);
}

const struct test message_does_not_pass_relaxed_data = {
    .name = "message_does_not_pass_relaxed_data",
    .requirements = "ORD-02, ORD-04, ORD-18, ORD-30, TLP-08, TLP-32",
    .story =
        "The same with Relaxed Ordering and No Snoop set in the data writes: the message has neither and passes none.",
    .run = relaxed_data,
};

static void backlog_then_message(struct bench *b)
{
    enum { WRITES = 12 };
    uint32_t payload[WRITES][DMA_MAX_DW];
    start_one(b, 0, false);
    host_set_ready(b, HOST_READY_RANDOM, 30);
    for (unsigned round = 1; round <= 6 && !bench_stopped(b); round++) {
        unsigned dws[WRITES];
        for (unsigned i = 0; i < WRITES; i++) {
            dws[i] = any_size(b, i);
            random_payload(b, payload[i], dws[i]);
            app_dma_write_start(b, dma_buffer(WRITES * round + i), payload[i], dws[i]);
        }
        app_dma_flush(b);
        app_event_start(b, 0);
        bench_wait_messages(b, 0, round, 2 * LEAVES_WITHIN, "ORD-06");
        for (unsigned i = 0; i < WRITES; i++)
            expect_host_memory(b, dma_buffer(WRITES * round + i), payload[i], dws[i], "ORD-06");
    }
    release_tx(b);
}

const struct test message_follows_a_backlog_of_data = {
    .name = "message_follows_a_backlog_of_data",
    .requirements = "ORD-02, ORD-05, ORD-06, ORD-27, ORD-30",
    .story = "Twelve dma writes of any size pile up behind a slow tx; the message comes after the last of them.",
    .run = backlog_then_message,
};

/* One dma write whose source pauses, and an event `delay` clocks after its first beat is offered. */
static void event_inside_a_write(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    app_set_gaps(b, 60);
    for (unsigned delay = 1; delay <= 40 && !bench_stopped(b); delay++) {
        random_payload(b, payload, DMA_MAX_DW);
        app_dma_write_start(b, dma_buffer(delay), payload, DMA_MAX_DW);
        app_event_at(b, 0, delay);
        bench_wait_messages(b, 0, delay, LEAVES_WITHIN, "RACE-46");
        app_dma_flush(b);
        quiesce(b);
        expect_messages(b, 0, delay, "EDGE-02a");
        expect_host_memory(b, dma_buffer(delay), payload, DMA_MAX_DW, "ORD-27");
    }
}

const struct test event_beside_the_last_beat_of_a_write = {
    .name = "event_beside_the_last_beat_of_a_write",
    .requirements = "RACE-46, ORD-01, ORD-06, TLP-25",
    .story = "An event in every clock around a dma write with gaps: data whose last beat was taken by then goes first, "
             "and no TLP is split.",
    .run = event_inside_a_write,
};

static void data_between_two_events(struct bench *b)
{
    uint32_t payload[4];
    struct capture c;
    start_one(b, 0, false);
    for (unsigned round = 0; round < 10 && !bench_stopped(b); round++) {
        stall_tx(b);
        app_event(b, 0);
        bench_run(b, round);
        random_payload(b, payload, 4);
        app_dma_write(b, dma_buffer(round), payload, 4);
        app_event(b, 0);
        release_tx(b);
        capture_start(&c);
        capture_run(b, &c, 60);
        bench_expect(b, c.count == 2 || c.count == 3, "EDGE-14", "%u TLPs for two events and a write", c.count);
        expect_value(b, "the last TLP is a message", c.count > 0 && captured_is_message(&c.tlp[c.count - 1]), 1,
                     "EDGE-14");
        expect_host_memory(b, dma_buffer(round), payload, 4, "EDGE-14");
    }
}

const struct test data_between_two_events_is_covered = {
    .name = "data_between_two_events_is_covered",
    .requirements = "EDGE-14, EDGE-04, ORD-06, RACE-16",
    .story = "Event, data, event while tx is dead: after it wakes up the last TLP is a message, behind the data.",
    .run = data_between_two_events,
};

static void masked_event_keeps_its_data(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, true);
    for (unsigned round = 1; round <= 10 && !bench_stopped(b); round++) {
        stall_tx(b);
        random_payload(b, payload, DMA_MAX_DW);
        app_dma_write(b, dma_buffer(round), payload, DMA_MAX_DW);
        app_event(b, 0);
        msix_unmask(b, 0);
        bench_run(b, 20);
        release_tx(b);
        expect_data_with_message(b, 0, round, dma_buffer(round), payload, DMA_MAX_DW);
        msix_mask(b, 0);
        host_fence(b);
    }
}

const struct test pending_event_still_follows_its_data = {
    .name = "pending_event_still_follows_its_data",
    .requirements = "ORD-07, ORD-06, MSIX-PBA-09",
    .story = "Data and a masked event while tx is dead, then unmask, then tx wakes up: the message follows the data.",
    .run = masked_event_keeps_its_data,
};

/* With posted traffic stuck a read is asked for; nothing may come, and after the release the data comes first. */
static void read_behind_stuck_data(struct bench *b, uint64_t address)
{
    struct capture c;
    const uint32_t mark = (uint32_t)rng_next(bench_rng(b));
    starve_posted(b, STARVED_HEADERS);
    app_dma_write(b, dma_buffer(1), &mark, 1);
    const uint8_t tag = host_mem_read_start(b, address, 1, 0xF, 0);
    capture_start(&c);
    capture_run(b, &c, 100);
    expect_value(b, "TLPs while the data is stuck", c.count, 0, "RACE-47");
    feed(b);
    capture_until(b, &c, 2, LEAVES_WITHIN, "RACE-47");
    expect_value(b, "the first TLP is the data", c.tlp[0].dw[0] >> 24 & 0x9FU, 0, "ORD-12");
    expect_value(b, "the second is the completion", c.tlp[1].dw[0] >> 24, READ_COMPLETION, "ORD-12");
    host_wait(b, tag);
    expect_host_memory(b, dma_buffer(1), &mark, 1, "ORD-12");
}

static void completions_wait(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 0; i < 2; i++) {
        read_behind_stuck_data(b, bench_table_address(b, 0, 0));
        read_behind_stuck_data(b, bench_pba_address(b, 0));
        read_behind_stuck_data(b, bench_csr_address(b, 0));
    }
}

const struct test completion_waits_behind_posted_data = {
    .name = "completion_waits_behind_posted_data",
    .requirements = "RACE-47, ORD-12, ORD-29, FC-08",
    .story = "A dma write lacks credit, completions do not: reads of table, PBA and device registers wait until the "
             "data has gone.",
    .run = completions_wait,
};

static void completion_behind_message(struct bench *b)
{
    struct capture c;
    start_one(b, 0, false);
    starve_posted(b, STARVED_HEADERS);
    app_event(b, 0);
    bench_run(b, 20);
    const uint8_t tag = host_mem_read_start(b, bench_pba_address(b, 0), 1, 0xF, 0);
    capture_start(&c);
    capture_run(b, &c, 60);
    const unsigned early = c.count;
    feed(b);
    capture_until(b, &c, 2, LEAVES_WITHIN, "RACE-18");
    const uint32_t bit = host_wait(b, tag).data[0] & 1U;
    if (early == 1)
        expect_value(b, "the pending bit that overtook its message", bit, 1, "MSIX-PBA-11");
    if (bit == 0)
        expect_value(b, "the message goes before the completion", captured_is_message(&c.tlp[0]), 1, "MSIX-PBA-11");
    quiesce(b);
    expect_messages(b, 0, 1, "EDGE-02a");
}

const struct test clear_pending_bit_is_seen_behind_the_message_only = {
    .name = "clear_pending_bit_is_seen_behind_the_message_only",
    .requirements = "MSIX-PBA-11, RACE-18, RACE-47, ORD-12",
    .story = "A message lacks credit while its pending bit is read: zero is only shown behind the message.",
    .run = completion_behind_message,
};

static void register_flag(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, true);
    host_set_ready(b, HOST_READY_RANDOM, 30);
    for (unsigned round = 1; round <= 20 && !bench_stopped(b); round++) {
        random_payload(b, payload, DMA_MAX_DW);
        app_dma_write(b, dma_buffer(round), payload, DMA_MAX_DW);
        app_csr_write(b, 0x10, round);
        expect_value(b, "the status register", host_mem_read32(b, bench_csr_address(b, 0x10)), round, "ORD-29");
        expect_host_memory(b, dma_buffer(round), payload, DMA_MAX_DW, "ORD-12");
    }
    release_tx(b);
}

const struct test status_register_read_flushes_data = {
    .name = "status_register_read_flushes_data",
    .requirements = "ORD-12, ORD-29, HOST-11",
    .story =
        "Data, then a status register that the host polls: when it reads the new status the data is in its memory.",
    .run = register_flag,
};

static void data_in_order(struct bench *b)
{
    start_one(b, 0, false);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    app_set_gaps(b, 20);
    for (unsigned i = 0; i < 100; i++) {
        uint32_t payload[DMA_MAX_DW];
        const unsigned dws = any_size(b, i);
        for (unsigned dw = 0; dw < dws; dw++)
            payload[dw] = i;
        app_dma_write_start(b, dma_buffer(0), payload, dws);
    }
    uint32_t latest = 0;
    while (scoreboard_busy(bench_scoreboard(b)) && !bench_stopped(b)) {
        bench_step(b);
        const uint32_t now = host_memory_dword(b, dma_buffer(0));
        bench_expect(b, now >= latest, "ORD-05", "dma write %u is in host memory after %u", (unsigned)now,
                     (unsigned)latest);
        latest = now;
    }
    app_dma_flush(b);
    quiesce(b);
    expect_host_memory(b, dma_buffer(0), &(uint32_t){99}, 1, "ORD-05");
    release_tx(b);
}

const struct test dma_writes_keep_their_order = {
    .name = "dma_writes_keep_their_order",
    .requirements = "ORD-05, ORD-27",
    .story = "A hundred dma writes to one buffer: what the host sees there only moves forward, and the last one stays.",
    .run = data_in_order,
};

static void interleave(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_all(b, false);
    host_set_ready(b, HOST_READY_RANDOM, 60);
    app_set_gaps(b, 15);
    for (unsigned i = 0; i < 300 && !bench_stopped(b); i++) {
        if (rng_percent(bench_rng(b), 50)) {
            const unsigned dws = any_size(b, i);
            random_payload(b, payload, dws);
            app_dma_write_start(b, dma_buffer(i), payload, dws);
        }
        if (rng_percent(bench_rng(b), 60))
            app_event_start(b, any_vector(b));
        bench_run(b, rng_below(bench_rng(b), 6));
    }
    app_dma_flush(b);
    quiesce(b);
    expect_pba_clear(b, "MSIX-PBA-10");
    release_tx(b);
}

const struct test interleaved_data_and_events_keep_order = {
    .name = "interleaved_data_and_events_keep_order",
    .requirements = "ORD-02, ORD-05, ORD-06, EDGE-03, EDGE-14",
    .story =
        "Hundreds of dma writes of any size between events of any vector: each message follows the data of its event.",
    .run = interleave,
};

static void effect_order(struct bench *b)
{
    start_one(b, 0, true);
    const unsigned cap = capability_find(b, CAP_MSIX);
    for (unsigned round = 1; round <= 10 && !bench_stopped(b); round++) {
        app_event(b, 0);
        msix_unmask(b, 0);
        msix_mask(b, 0);
        msix_unmask(b, 0);
        const uint8_t memory = host_mem_read_start(b, bench_table_address(b, 0, 3), 1, 0xF, 0);
        host_forget(b, control_start(b, cap, true, true));
        host_forget(b, control_start(b, cap, true, false));
        const uint8_t config = host_cfg_read_start(b, cap);
        expect_value(b, "Vector Control", host_wait(b, memory).data[0], 0, "ORD-25");
        expect_value(b, "{Enable, Function Mask}", host_wait(b, config).data[0] >> 30, 2, "ORD-25");
        quiesce(b);
        expect_messages(b, 0, round, "ORD-25");
        msix_mask(b, 0);
        host_fence(b);
    }
}

const struct test host_writes_take_effect_in_order = {
    .name = "host_writes_take_effect_in_order",
    .requirements = "ORD-24, ORD-25, RACE-06, RACE-09",
    .story = "Unmask, mask, unmask, and the function mask set and cleared, all back to back: the last of each is what "
             "stays.",
    .run = effect_order,
};
