/*
 * test_stuck.c - one side of the block is stuck for long while another goes on: completions without credit, posted TLPs
 * that pass them, more reads than fit, and single types of credit without limit.
 */
#include "common.h"

enum { PASSING = 200, TOO_MANY_READS = 40, ACCEPTANCE = 2400, FLOOD = 300, ENOUGH_TLPS = 64, LEAVES_WITHIN = 400 };

/* The block starts with one credit for completions of each kind, and a fence takes it. */
static void start_without_completion_credits(struct bench *b)
{
    host_set_window(b, 0, 0, 1, 1);
    bench_reset(b, 2);
    start_one(b, 0, false);
    host_set_credits(b, HOST_CREDITS_FROZEN);
    host_fence(b);
}

static void give_back(struct bench *b)
{
    host_set_window(b, 0, 0, 32, 128);
    feed(b);
}

static void posted_past_a_completion(struct bench *b)
{
    start_without_completion_credits(b);
    for (unsigned round = 0; round < 3 && !bench_stopped(b); round++) {
        const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
        bench_run(b, 20);
        for (unsigned i = 0; i < PASSING - 60 * round && !bench_stopped(b); i++) {
            host_grant(b, 1, 1, 0, 0);
            app_dma_write(b, dma_buffer(i), &(uint32_t){i}, 1);
        }
        app_event(b, 0);
        host_grant(b, 1, 1, 0, 0);
        bench_wait_messages(b, 0, round + 1, LEAVES_WITHIN, "RACE-48");
        expect_value(b, "completions without a credit", host_done(b, tag), 0, "FC-03");
        host_grant(b, 0, 0, 1, 1);
        expect_value(b, "a DW of the entry", host_wait(b, tag).data[0], own_data(0), "RACE-48");
    }
    give_back(b);
}

const struct test completion_survives_many_posted_tlps = {
    .name = "completion_survives_many_posted_tlps",
    .requirements = "RACE-48, FC-10, MMIO-04, ORD-12",
    .story = "A completion lacks credit while up to 200 posted TLPs pass it; when credit comes it leaves.",
    .run = posted_past_a_completion,
};

static void more_reads_than_fit(struct bench *b)
{
    uint8_t tag[TOO_MANY_READS];
    start_without_completion_credits(b);
    for (unsigned i = 0; i < TOO_MANY_READS; i++)
        tag[i] = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
    host_mem_write32(b, bench_csr_address(b, 8), 0x600DF00D);
    bench_run(b, ACCEPTANCE);
    give_back(b);
    for (unsigned i = 0; i < TOO_MANY_READS; i++)
        expect_value(b, "a DW of the entry", host_wait(b, tag[i]).data[0], own_data(0), "MMIO-31");
    expect_dword(b, bench_csr_address(b, 8), 0x600DF00D, "ORD-24");
}

const struct test no_more_reads_are_taken_than_can_be_answered = {
    .name = "no_more_reads_are_taken_than_can_be_answered",
    .requirements = "ORD-20, ORD-23, RACE-50, MMIO-31, MMIO-33",
    .story = "Forty reads and a write while completions have no credit: whatever the block has granted credit for, it "
             "takes, and in the end all is answered.",
    .run = more_reads_than_fit,
};

/* --- the watchdog counts chances --- */

enum { LONG_FREEZE = 100000, READS = 40 };

static bool time_is(struct bench *b, const void *ctx)
{
    return bench_time(b) >= *(const uint64_t *)ctx;
}

/* A data write, a message and a completion are owed all the while. */
static void wait_frozen(struct bench *b, const char *what)
{
    const uint64_t end = bench_time(b) + LONG_FREEZE;
    app_dma_write_start(b, dma_buffer(0), &(uint32_t){1}, 1);
    app_event_start(b, 0);
    const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
    bench_run(b, 20);
    const uint64_t before = scoreboard_messages_total(bench_scoreboard(b));
    bench_wait(b, time_is, &end, what);
    expect_value(b, "messages of a frozen host", scoreboard_messages_total(bench_scoreboard(b)), before, "FC-03");
    feed(b);
    release_tx(b);
    expect_value(b, "a DW of the entry", host_wait(b, tag).data[0], own_data(0), "RACE-48");
    quiesce(b);
}

static void frozen_for_long(struct bench *b)
{
    start_one(b, 0, false);
    starve_posted(b, STARVED_HEADERS);
    wait_frozen(b, "posted credits to stay frozen");
    stall_tx(b);
    wait_frozen(b, "tx to stay closed");
    host_set_ready(b, HOST_READY_RANDOM, 50); /* half of the clocks are chances */
    for (unsigned i = 0; i < READS && !bench_stopped(b); i++)
        expect_value(b, "a DW of the entry", host_mem_read32(b, bench_table_address(b, 0, 2)), own_data(0), "MMIO-31");
    release_tx(b);
}

const struct test waiting_counts_chances_only = {
    .name = "waiting_counts_chances_only",
    .requirements = "FC-10, FC-03, ORD-09, ENV-06",
    .story = "A host that freezes its credits, then tx_tready, for 100,000 clocks each is no hang of the block, and "
             "all that "
             "was owed comes afterwards.",
    .run = frozen_for_long,
};

/* Flow control starts anew with these types infinite and tiny windows of the others. */
static void with_infinite(struct bench *b, unsigned types)
{
    uint32_t payload[DMA_MAX_DW];
    host_set_window(b, 2, 8, 2, 2);
    host_set_infinite(b, types);
    bench_reset(b, 2);
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    for (unsigned i = 1; i <= 40 && !bench_stopped(b); i++) {
        app_dma_write_start(b, dma_buffer(i), payload, 1 + i % DMA_MAX_DW);
        app_event_start(b, 0);
        for (unsigned reads = 0; reads < 4; reads++)
            host_forget(b, host_mem_read_start(b, bench_csr_address(b, 8 * i), 2, 0xF, 0xF));
        bench_run(b, rng_below(bench_rng(b), 40));
    }
    app_dma_flush(b);
    app_event_flush(b);
    quiesce(b);
    release_tx(b);
}

static void each_type_infinite(struct bench *b)
{
    for (unsigned type = HOST_INFINITE_PH; type <= HOST_INFINITE_CPLD && !bench_stopped(b); type *= 2) {
        with_infinite(b, type);
        with_infinite(b, HOST_INFINITE_ALL & ~type);
    }
}

const struct test each_credit_type_may_be_infinite_alone = {
    .name = "each_credit_type_may_be_infinite_alone",
    .requirements = "FC-05, FC-08, FC-03",
    .story = "Each of the six types is infinite alone, then finite alone: data, messages and reads keep to the rest.",
    .run = each_type_infinite,
};

/* TLPs that a capture saw before the first message. */
static unsigned before_the_message(const struct capture *c)
{
    unsigned i = 0;
    while (i < c->count && i < CAPTURE_TLPS && !captured_is_message(&c->tlp[i]))
        i++;
    return i;
}

static void flood_of_short_writes(struct bench *b)
{
    struct capture c;
    start_one(b, 0, false);
    host_set_window(b, 64, 512, 0, 0);
    feed(b);
    for (unsigned i = 0; i < FLOOD; i++)
        app_dma_write_start(b, dma_buffer(2 * i), &(uint32_t){i}, 1);
    bench_run(b, 20);
    capture_start(&c);
    app_event_start(b, 0);
    capture_run(b, &c, FLOOD / 2);
    bench_expect(b, before_the_message(&c) <= ENOUGH_TLPS, "EDGE-10", "%u one-DW writes went ahead of the message",
                 before_the_message(&c));
    app_dma_flush(b);
}

const struct test short_writes_back_to_back_do_not_starve_a_message = {
    .name = "short_writes_back_to_back_do_not_starve_a_message",
    .requirements = "EDGE-10, EDGE-03",
    .story = "300 writes of one DW without a gap, and an event: its message is among the next 64 TLPs.",
    .run = flood_of_short_writes,
};
