/*
 * test_flow_control.c - credits: nothing leaves without them, everything leaves with them, and the head of the line counts.
 */
#include "common.h"

enum { LEAVES_WITHIN = 500, WAIT = 60, PLENTY = 100 };

static void one_message_a_credit(struct bench *b)
{
    start_all(b, false);
    const unsigned events = bench_config(b)->nvec < 20 ? bench_config(b)->nvec : 20;
    starve_posted(b, STARVED_HEADERS);
    for (unsigned v = 0; v < events; v++)
        app_event(b, v);
    bench_run(b, WAIT);
    expect_total(b, 0, "FC-03");
    for (unsigned sent = 1; sent <= events && !bench_stopped(b); sent++) {
        host_grant(b, 1, 0, 0, 0);
        bench_run(b, WAIT);
        expect_total(b, sent, "FC-01");
    }
    feed(b);
    quiesce(b);
    expect_total(b, events, "EDGE-02a");
}

const struct test each_header_credit_lets_one_message_go = {
    .name = "each_header_credit_lets_one_message_go",
    .requirements = "FC-01, FC-03, FC-08, RACE-44",
    .story = "No posted header credit: no message. Then one credit at a time: exactly one message each.",
    .run = one_message_a_credit,
};

static void one_message_a_data_credit(struct bench *b)
{
    start_all(b, false);
    const unsigned events = bench_config(b)->nvec < 10 ? bench_config(b)->nvec : 10;
    starve_posted(b, STARVED_DATA);
    for (unsigned v = 0; v < events; v++)
        app_event(b, v);
    bench_run(b, WAIT);
    expect_total(b, 0, "FC-03");
    for (unsigned sent = 1; sent <= events && !bench_stopped(b); sent++) {
        host_grant(b, 0, 1, 0, 0);
        bench_run(b, WAIT);
        expect_total(b, sent, "FC-01");
    }
    feed(b);
    quiesce(b);
    expect_total(b, events, "EDGE-02a");
}

const struct test each_data_credit_lets_one_message_go = {
    .name = "each_data_credit_lets_one_message_go",
    .requirements = "FC-01, FC-03, FC-08, RACE-44",
    .story = "No posted data credit: no message. Then one credit at a time: exactly one message each.",
    .run = one_message_a_data_credit,
};

static void larger_write_first(struct bench *b)
{
    struct capture c;
    uint32_t payload[DMA_MAX_DW];
    start_frozen(b, 0, false, 8, DMA_MAX_DW / 4 - 1);
    random_payload(b, payload, DMA_MAX_DW);
    app_dma_write(b, dma_buffer(0), payload, DMA_MAX_DW);
    app_event(b, 0);
    capture_start(&c);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs while the data write lacks one unit", c.count, 0, "RACE-45");
    host_grant(b, 0, 1, 0, 0);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs with exactly enough for the data write", c.count, 1, "FC-03");
    expect_value(b, "DWs of that TLP, at least", c.tlp[0].n_dw >= DMA_MAX_DW, 1, "RACE-45");
    host_grant(b, 0, 1, 0, 0);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs with one more unit", c.count, 2, "RACE-45");
    expect_value(b, "the second TLP is the message", captured_is_message(&c.tlp[1]), 1, "RACE-45");
    expect_host_memory(b, dma_buffer(0), payload, DMA_MAX_DW, "ORD-06");
    feed(b);
}

const struct test message_waits_behind_a_larger_write = {
    .name = "message_waits_behind_a_larger_write",
    .requirements = "RACE-45, ORD-08, FC-02, FC-03, FC-15",
    .story = "A dma write of 32 DWs lacks one data unit; the message behind it would fit and still waits.",
    .run = larger_write_first,
};

static void write_behind_message(struct bench *b)
{
    struct capture c;
    const uint32_t mark = 0xFEEDBEEFU;
    start_one(b, 0, false);
    starve_posted(b, STARVED_DATA);
    app_event(b, 0);
    bench_run(b, WAIT);
    app_dma_write(b, dma_buffer(0), &mark, 1);
    capture_start(&c);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs without a data credit", c.count, 0, "FC-03");
    host_grant(b, 0, 1, 0, 0);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs with one", c.count, 1, "FC-03");
    host_grant(b, 0, 1, 0, 0);
    capture_run(b, &c, PLENTY);
    expect_value(b, "TLPs with two", c.count, 2, "FC-03");
    feed(b);
    quiesce(b);
    expect_messages(b, 0, 1, "EDGE-02a");
    expect_host_memory(b, dma_buffer(0), &mark, 1, "ORD-08");
}

const struct test posted_credits_are_spent_one_tlp_at_a_time = {
    .name = "posted_credits_are_spent_one_tlp_at_a_time",
    .requirements = "ORD-08, FC-01, FC-03, ORD-03",
    .story = "A waiting message and a dma write behind it: each data credit lets exactly one of them go, none is lost.",
    .run = write_behind_message,
};

static void units_of_each_size(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_frozen(b, 0, false, PLENTY, 1);
    random_payload(b, payload, DMA_MAX_DW);
    starve_posted(b, STARVED_DATA);
    for (unsigned dws = 1; dws <= DMA_MAX_DW && !bench_stopped(b); dws++) {
        const unsigned units = (dws + 3) / 4;
        struct capture c;
        app_dma_write(b, dma_buffer(dws), payload, dws);
        host_grant(b, 0, units - 1, 0, 0);
        capture_start(&c);
        capture_run(b, &c, 30);
        expect_value(b, "TLPs with one unit too few", c.count, 0, "FC-02");
        host_grant(b, 0, 1, 0, 0);
        capture_run(b, &c, 30 + DMA_MAX_DW);
        expect_value(b, "TLPs with exactly enough", c.count, 1, "FC-02");
        expect_value(b, "data units left", host_credits_left(b).pd, 0, "FC-02");
    }
    feed(b);
}

const struct test data_units_are_counted_from_length = {
    .name = "data_units_are_counted_from_length",
    .requirements = "FC-01, FC-02, FC-03",
    .story = "Dma writes of 1 to 32 DWs need exactly one data unit for each started four DWs.",
    .run = units_of_each_size,
};

static void one_at_a_time(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_all(b, false);
    host_set_credits(b, HOST_CREDITS_SLOW);
    for (unsigned i = 0; i < 40 && !bench_stopped(b); i++) {
        random_payload(b, payload, DMA_MAX_DW);
        app_dma_write_start(b, dma_buffer(i), payload, 1 + i % DMA_MAX_DW);
        app_event_start(b, any_vector(b));
        expect_dword(b, bench_table_address(b, any_vector(b), 3), 0, "FC-10");
    }
    app_dma_flush(b);
    quiesce(b);
    expect_pba_clear(b, "FC-09");
    feed(b);
}

const struct test smallest_windows_one_credit_at_a_time = {
    .name = "smallest_windows_one_credit_at_a_time",
    .requirements = "FC-09, FC-10, ORD-17, RACE-44, RACE-48",
    .story = "The smallest legal windows, given back one by one at random times: everything gets through.",
    .run = one_at_a_time,
};

static void slow_from_the_start(struct bench *b)
{
    host_set_credits(b, HOST_CREDITS_SLOW);
    bench_reset(b, 2);
    start_one(b, 0, false);
    for (unsigned i = 1; i <= 30 && !bench_stopped(b); i++) {
        const uint32_t mark = i;
        app_dma_write(b, dma_buffer(i), &mark, 1);
        app_event(b, 0);
        bench_wait_messages(b, 0, i, 2 * LEAVES_WITHIN, "FC-09");
        expect_host_memory(b, dma_buffer(i), &mark, 1, "ORD-06");
    }
    quiesce(b);
    expect_messages(b, 0, 30, "EDGE-02a");
    feed(b);
}

const struct test smallest_windows_from_the_first_credit = {
    .name = "smallest_windows_from_the_first_credit",
    .requirements = "FC-09, FC-10, ORD-06",
    .story = "Flow control starts with the smallest legal windows: thirty rounds of data, event and message.",
    .run = slow_from_the_start,
};

static void counters_wrap(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned i = 1; i <= 560 && !bench_stopped(b); i++) {
        app_dma_write_start(b, dma_buffer(i), payload, DMA_MAX_DW);
        if (i % 4 == 0) {
            app_dma_flush(b);
            app_event(b, 0);
            bench_wait_messages(b, 0, i / 4, LEAVES_WITHIN, "FC-04");
        }
    }
    quiesce(b);
    expect_messages(b, 0, 140, "FC-04");
    for (unsigned i = 1; i <= 560 && !bench_stopped(b); i += 37)
        expect_host_memory(b, dma_buffer(i), payload, DMA_MAX_DW, "FC-04");
}

const struct test credit_counters_wrap = {
    .name = "credit_counters_wrap",
    .requirements = "FC-04, RACE-44, ORD-05",
    .story =
        "700 posted TLPs and 4600 data units carry the 8- and 12-bit counters past their ends with finite windows.",
    .run = counters_wrap,
};

static void without_any_limit(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    host_set_credits(b, HOST_CREDITS_INFINITE);
    bench_reset(b, 2);
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned i = 1; i <= 300 && !bench_stopped(b); i++) {
        app_dma_write(b, dma_buffer(i), payload, DMA_MAX_DW);
        app_event(b, 0);
        bench_wait_messages(b, 0, i, LEAVES_WITHIN, "FC-05");
    }
    quiesce(b);
    expect_messages(b, 0, 300, "FC-05");
}

const struct test infinite_credits_never_throttle = {
    .name = "infinite_credits_never_throttle",
    .requirements = "FC-05, FC-06",
    .story = "All types are advertised as infinite: 300 messages and 2400 data units leave without one update.",
    .run = without_any_limit,
};

/* Flow control starts anew with these types infinite and small windows of the others. */
static void with_infinite(struct bench *b, unsigned types)
{
    host_set_window(b, 8, 8, 0, 0);
    host_set_infinite(b, types);
    bench_reset(b, 2);
    start_one(b, 0, false);
    for (unsigned i = 1; i <= 300 && !bench_stopped(b); i++) {
        app_event(b, 0);
        bench_wait_messages(b, 0, i, LEAVES_WITHIN, "FC-05");
    }
    quiesce(b);
    expect_messages(b, 0, 300, "FC-05");
}

static void one_type_infinite(struct bench *b)
{
    with_infinite(b, HOST_INFINITE_PH);
    with_infinite(b, HOST_INFINITE_PD);
}

const struct test infinite_and_finite_types_mix = {
    .name = "infinite_and_finite_types_mix",
    .requirements = "FC-05, FC-06, FC-08",
    .story = "Infinite headers with finite data, then the reverse: 300 messages each.",
    .run = one_type_infinite,
};

/* The block starts with one credit for completions of each kind, and a fence takes it. */
static void start_without_completion_credits(struct bench *b)
{
    host_set_window(b, 0, 0, 1, 1);
    bench_reset(b, 2);
    start_one(b, 0, false);
    host_set_credits(b, HOST_CREDITS_FROZEN);
    host_fence(b);
}

static void completions_without_credit(struct bench *b)
{
    enum { READS = 6 };
    uint8_t tag[READS];
    start_without_completion_credits(b);
    for (unsigned i = 0; i < READS; i++)
        tag[i] = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
    bench_run(b, WAIT);
    expect_value(b, "completions without a credit", host_done(b, tag[0]), 0, "FC-03");
    for (unsigned i = 0; i < READS && !bench_stopped(b); i++) {
        host_grant(b, 0, 0, 1, 0);
        bench_run(b, WAIT);
        expect_value(b, "completions without a data unit", host_done(b, tag[i]), 0, "FC-03");
        host_grant(b, 0, 0, 0, 1);
        expect_value(b, "a DW of the entry", host_wait(b, tag[i]).data[0], own_data(0), "FC-01");
    }
    host_set_window(b, 0, 0, 32, 128);
    feed(b);
    quiesce(b);
}

const struct test each_completion_takes_its_credits = {
    .name = "each_completion_takes_its_credits",
    .requirements = "FC-01, FC-03, FC-08",
    .story = "Without completion credits no read is answered; one header and one data unit let exactly one answer go.",
    .run = completions_without_credit,
};

static void messages_past_stuck_completions(struct bench *b)
{
    start_without_completion_credits(b);
    const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0);
    bench_run(b, WAIT);
    app_event(b, 0);
    bench_run(b, PLENTY);
    expect_value(b, "completions without a credit", host_done(b, tag), 0, "RACE-48");
    host_set_window(b, 0, 0, 32, 128);
    feed(b);
    expect_value(b, "a DW of the entry", host_wait(b, tag).data[0], own_data(0), "RACE-48");
    quiesce(b);
    expect_messages(b, 0, 1, "RACE-48");
}

const struct test stuck_completion_causes_no_deadlock = {
    .name = "stuck_completion_causes_no_deadlock",
    .requirements = "RACE-48, ORD-17, FC-08, FC-10",
    .story = "A completion lacks credit while an event comes: the message leaves before or after it, and both leave in "
             "the end.",
    .run = messages_past_stuck_completions,
};

static void withdrawn_message(struct bench *b)
{
    start_one(b, 0, false);
    starve_posted(b, STARVED_HEADERS);
    app_event(b, 0);
    bench_run(b, 10);
    msix_mask(b, 0);
    bench_run(b, WAIT);
    host_grant(b, 2, 2, 0, 0);
    host_fence(b);
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0);
    expect_value(b, "header credits left", host_credits_left(b).ph, 2 - sent, "FC-12");
    msix_unmask(b, 0);
    quiesce(b);
    expect_messages(b, 0, 1, "FC-12");
    expect_value(b, "header credits left", host_credits_left(b).ph, 1, "FC-12");
    feed(b);
}

const struct test withdrawn_message_spends_no_credit = {
    .name = "withdrawn_message_spends_no_credit",
    .requirements = "FC-12, RACE-07",
    .story = "A message that lacks credit is masked, credit comes, it is unmasked: one credit is spent in all.",
    .run = withdrawn_message,
};

static void early_event(struct bench *b)
{
    bench_hold_reset(b, true);
    bench_run(b, 4);
    bench_set_link(b, true, false);
    bench_hold_reset(b, false);
    app_event_start(b, 0);
    bench_run(b, 100);
    bench_set_link(b, true, true);
    quiesce(b);
}

const struct test nothing_leaves_before_flow_control_is_initialised = {
    .name = "nothing_leaves_before_flow_control_is_initialised",
    .requirements = "FC-07",
    .story = "An event while the link is up and flow control is not yet initialised: no TLP leaves before it is.",
    .run = early_event,
};
