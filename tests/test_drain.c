/*
 * test_drain.c - all vectors at once: each is sent exactly once, however they are let go.
 */
#include "common.h"

/* One event for every vector, back to back. */
static void raise_all(struct bench *b)
{
    for (unsigned v = 0; v < bench_config(b)->nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
}

static void expect_all_sent_once(struct bench *b, const char *requirement)
{
    quiesce(b);
    expect_total(b, bench_config(b)->nvec, requirement);
    expect_messages_each(b, 1, requirement);
    expect_pba_clear(b, "MSIX-PBA-10");
}

static void by_function_mask(struct bench *b)
{
    start_all(b, false);
    msix_control(b, true, true);
    raise_all(b);
    raise_all(b);
    host_fence(b);
    expect_total(b, 0, "MSIX-PBA-07");
    msix_control(b, true, false);
    expect_all_sent_once(b, "MSIX-PBA-17");
}

const struct test function_mask_clear_sends_each_vector_once = {
    .name = "function_mask_clear_sends_each_vector_once",
    .requirements = "MSIX-PBA-17, MSIX-PBA-08, EDGE-07, EDGE-11",
    .story = "Every vector has two events under the function mask; clearing it sends exactly one message each.",
    .run = by_function_mask,
};

static void back_to_back(struct bench *b)
{
    start_all(b, false);
    raise_all(b);
    expect_all_sent_once(b, "EDGE-11");
}

const struct test all_events_back_to_back_are_sent = {
    .name = "all_events_back_to_back_are_sent",
    .requirements = "EDGE-11, EDGE-03, EDGE-06, MSIX-PBA-10",
    .story = "One event for every vector in consecutive clocks, nothing masked: one message each.",
    .run = back_to_back,
};

static void back_to_back_into_a_stall(struct bench *b)
{
    start_all(b, false);
    stall_tx(b);
    raise_all(b);
    raise_all(b);
    bench_run(b, 50);
    release_tx(b);
    quiesce(b);
    expect_pba_clear(b, "MSIX-PBA-10");
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++) {
        const uint64_t sent = scoreboard_messages(bench_scoreboard(b), v);
        bench_expect(b, sent >= 1 && sent <= 2, "EDGE-04", "two events of vector %u gave %u messages", v,
                     (unsigned)sent);
    }
}

const struct test all_events_twice_into_a_stalled_tx = {
    .name = "all_events_twice_into_a_stalled_tx",
    .requirements = "EDGE-04, EDGE-11, EDGE-03, MSIX-PBA-35",
    .story = "Two rounds of events for every vector while tx is dead: one or two messages each after it wakes up.",
    .run = back_to_back_into_a_stall,
};

/* Unmasks all vectors, which are pending, in the order given. */
static void unmask_in_order(struct bench *b, const uint16_t *order)
{
    const unsigned nvec = bench_config(b)->nvec;
    start_all(b, true);
    raise_all(b);
    host_fence(b);
    expect_total(b, 0, "MSIX-PBA-06");
    for (unsigned i = 0; i < nvec && !bench_stopped(b); i++)
        msix_unmask(b, order[i]);
    expect_all_sent_once(b, "MSIX-PBA-09");
}

static void ascending(struct bench *b)
{
    uint16_t order[2048];
    for (unsigned i = 0; i < bench_config(b)->nvec; i++)
        order[i] = (uint16_t)i;
    unmask_in_order(b, order);
}

const struct test unmasking_upwards_sends_each_once = {
    .name = "unmasking_upwards_sends_each_once",
    .requirements = "MSIX-PBA-09, MSIX-PBA-10, MSIX-PBA-34, EDGE-11",
    .story = "All vectors pending, unmasked from first to last: one message each.",
    .run = ascending,
};

static void descending(struct bench *b)
{
    uint16_t order[2048];
    const unsigned nvec = bench_config(b)->nvec;
    for (unsigned i = 0; i < nvec; i++)
        order[i] = (uint16_t)(nvec - 1U - i);
    unmask_in_order(b, order);
}

const struct test unmasking_downwards_sends_each_once = {
    .name = "unmasking_downwards_sends_each_once",
    .requirements = "MSIX-PBA-09, MSIX-PBA-10, MSIX-PBA-34, EDGE-11",
    .story = "All vectors pending, unmasked from last to first: one message each.",
    .run = descending,
};

static void shuffled(struct bench *b)
{
    uint16_t order[2048];
    const unsigned nvec = bench_config(b)->nvec;
    for (unsigned i = 0; i < nvec; i++)
        order[i] = (uint16_t)i;
    rng_shuffle(bench_rng(b), order, nvec);
    host_set_ready(b, HOST_READY_RANDOM, 60);
    unmask_in_order(b, order);
    release_tx(b);
}

const struct test unmasking_in_random_order_sends_each_once = {
    .name = "unmasking_in_random_order_sends_each_once",
    .requirements = "MSIX-PBA-09, MSIX-PBA-10, MSIX-PBA-34, EDGE-11",
    .story = "All vectors pending, unmasked in random order under a slow tx: one message each.",
    .run = shuffled,
};

static void one_by_one(struct bench *b)
{
    unsigned v;
    start_all(b, true);
    raise_all(b);
    for (unsigned i = 0; boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        msix_unmask(b, v);
        quiesce(b);
        expect_total(b, i + 1U, "MSIX-PBA-22");
        expect_messages(b, v, 1, "MSIX-PBA-09");
    }
}

const struct test each_unmask_releases_its_own_vector = {
    .name = "each_unmask_releases_its_own_vector",
    .requirements = "MSIX-PBA-09, MSIX-PBA-22",
    .story = "With all vectors pending, each single unmask gives exactly that vector's message.",
    .run = one_by_one,
};

/* After the function mask has stopped a drain: each vector is either sent and clear, or pending. */
static void expect_exact_split(struct bench *b, const char *requirement)
{
    uint64_t bits[32];
    read_pba(b, bits);
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++) {
        const unsigned pending = bits[v / 64] >> v % 64 & 1U;
        const uint64_t sent = scoreboard_messages(bench_scoreboard(b), v);
        bench_expect(b, sent + pending == 1, requirement, "vector %u sent %u messages and its pending bit reads %u", v,
                     (unsigned)sent, pending);
    }
}

static void stopped_half_way(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    start_all(b, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    msix_control(b, true, true);
    raise_all(b);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    host_forget(b, control_start(b, cap, true, false));
    bench_run(b, 10 + nvec);
    host_forget(b, control_start(b, cap, true, true));
    host_fence(b);
    const uint64_t total = scoreboard_messages_total(bench_scoreboard(b));
    bench_run(b, 100);
    expect_exact_split(b, "RACE-08");
    expect_total(b, total, "RACE-08");
    release_tx(b);
    msix_control(b, true, false);
    expect_all_sent_once(b, "RACE-08");
}

const struct test function_mask_stops_a_drain_half_way = {
    .name = "function_mask_stops_a_drain_half_way",
    .requirements = "RACE-08, MSIX-PBA-34, MSIX-PBA-35",
    .story = "The function mask is set in the middle of a drain: each vector is sent or still pending, never both, "
             "never neither.",
    .run = stopped_half_way,
};

static void pulse(struct bench *b)
{
    start_all(b, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    msix_control(b, true, true);
    raise_all(b);
    for (unsigned gap = 0; gap < 10 && !bench_stopped(b); gap++) {
        host_forget(b, control_start(b, cap, true, false));
        bench_run(b, gap);
        host_forget(b, control_start(b, cap, true, true));
        host_fence(b);
        expect_exact_split(b, "RACE-09");
    }
    msix_control(b, true, false);
    expect_all_sent_once(b, "RACE-09");
}

const struct test function_mask_pulses_neither_lose_nor_repeat = {
    .name = "function_mask_pulses_neither_lose_nor_repeat",
    .requirements = "RACE-09, MSIX-PBA-34, MSIX-PBA-35",
    .story =
        "The function mask opens for 0 to 9 clocks at a time: any part of the vectors is sent, the rest stays pending.",
    .run = pulse,
};
