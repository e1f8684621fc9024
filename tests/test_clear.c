/*
 * test_clear.c - the clear input: the cause went away by other means, so the pending bit does too.
 */
#include "common.h"

#include "skips.h"

enum { SWEEP = 8, SETTLE_CLOCKS = 40 };

static void clear_then_unmask(struct bench *b)
{
    unsigned v;
    start_all(b, true);
    for (unsigned i = 0; boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        app_event(b, v);
        expect_pending(b, v, true, "MSIX-PBA-06");
        app_clear(b, v);
        expect_pending(b, v, false, "MSIX-PBA-18");
        msix_unmask(b, v);
        quiesce(b);
        expect_messages(b, v, 0, "MSIX-PBA-18");
    }
    expect_total(b, 0, "MSIX-PBA-18");
}

const struct test clear_drops_the_pending_bit = {
    .name = "clear_drops_the_pending_bit",
    .requirements = "MSIX-PBA-18, MSIX-PBA-21, EDGE-03",
    .story = "Event, clear, unmask: the bit goes from one to zero and nothing is sent.",
    .run = clear_then_unmask,
};

static void event_after_clear(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 1; i <= 10 && !bench_stopped(b); i++) {
        app_event(b, 0);
        app_clear(b, 0);
        app_event(b, 0);
        expect_pending(b, 0, true, "MSIX-PBA-19");
        msix_unmask(b, 0);
        quiesce(b);
        expect_messages(b, 0, i, "MSIX-PBA-19");
        msix_mask(b, 0);
        host_fence(b);
    }
}

const struct test event_after_clear_counts_again = {
    .name = "event_after_clear_counts_again",
    .requirements = "MSIX-PBA-19, MSIX-PBA-09",
    .story = "An event after a clear sets the bit again and gives one message.",
    .run = event_after_clear,
};

static void clear_under_function_mask(struct bench *b)
{
    start_one(b, 0, false);
    msix_control(b, true, true);
    app_event(b, 0);
    app_clear(b, 0);
    expect_pending(b, 0, false, "MSIX-PBA-18");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, 0, "MSIX-PBA-18");
}

const struct test clear_works_under_function_mask = {
    .name = "clear_works_under_function_mask",
    .requirements = "MSIX-PBA-18, MSIX-PBA-07",
    .story = "The same with the function mask instead of the entry's own.",
    .run = clear_under_function_mask,
};

static void clears_without_cause(struct bench *b)
{
    const unsigned kept = bench_config(b)->nvec - 1U;
    start_all(b, true);
    app_event(b, kept);
    for (unsigned v = 0; v < 2048; v++)
        if (v != kept)
            app_clear_start(b, v);
    bench_run(b, 2100);
    expect_pending(b, kept, true, "MSIX-PBA-22");
    expect_total(b, 0, "MSIX-PBA-18");
    msix_unmask(b, kept);
    quiesce(b);
    expect_messages(b, kept, 1, "MSIX-PBA-22");
    expect_total(b, 1, "EDGE-12");
    expect_pba_clear(b, "MSIX-PBA-22");
}

const struct test clears_without_cause_are_harmless = {
    .name = "clears_without_cause_are_harmless",
    .requirements = "MSIX-PBA-22, MSIX-TBL-26, EDGE-12",
    .story =
        "Clears for every number from 0 to 2047 but one, known or not, leave that one vector pending and send nothing.",
    .run = clears_without_cause,
};

static void clear_of_idle_unmasked(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned i = 1; i <= 10 && !bench_stopped(b); i++) {
        app_clear(b, 0);
        app_event(b, 0);
        bench_wait_messages(b, 0, i, 200, "EDGE-03");
        app_clear(b, 0);
        bench_settle(b);
    }
    expect_messages(b, 0, 10, "EDGE-02a");
    expect_pending(b, 0, false, "MSIX-PBA-10");
}

const struct test clear_of_idle_vector_is_silent = {
    .name = "clear_of_idle_vector_is_silent",
    .requirements = "EDGE-02a, EDGE-03, MSIX-PBA-10",
    .story = "Clears before an event and after its message change nothing: ten events, ten messages.",
    .run = clear_of_idle_unmasked,
};

/* Event and clear of a masked vector, `offset` clocks apart (positive: the event is later). */
static void clear_against_event(struct bench *b, int offset, bool pending_before)
{
    if (pending_before)
        app_event(b, 0);
    app_clear_at(b, 0, SWEEP + 1);
    app_event_at(b, 0, (unsigned)((int)SWEEP + 1 + offset));
    bench_run(b, 2 * SWEEP + 2);
    expect_pending(b, 0, offset >= 0, "RACE-21");
    app_clear(b, 0);
    expect_pending(b, 0, false, "RACE-21");
}

static void sweep_clear_against_event(struct bench *b)
{
    start_one(b, 0, true);
    for (int offset = -SWEEP; offset <= SWEEP && !bench_stopped(b); offset++) {
        clear_against_event(b, offset, false);
        clear_against_event(b, offset, true);
    }
    expect_total(b, 0, "MSIX-PBA-20");
}

const struct test later_event_survives_clear = {
    .name = "later_event_survives_clear",
    .requirements = "RACE-21, MSIX-PBA-19, EDGE-13",
    .story = "Clear and event of a masked vector from -8 to +8 clocks apart: the bit stays if the event is not the "
             "earlier one.",
    .run = sweep_clear_against_event,
};

/* A pending vector is unmasked and cleared `offset` clocks apart: at most one message, and nothing stays. */
static void clear_against_unmask(struct bench *b, int offset)
{
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    app_event(b, 0);
    app_clear_at(b, 0, (unsigned)((int)SWEEP + 1 + offset));
    bench_run(b, SWEEP);
    msix_unmask(b, 0);
    bench_run(b, SETTLE_CLOCKS);
    quiesce(b);
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0) - before;
    bench_expect(b, sent <= 1, "RACE-20", "one event gave %u messages", (unsigned)sent);
    expect_pending(b, 0, false, "RACE-20");
    msix_mask(b, 0);
    host_fence(b);
}

static void sweep_clear_against_unmask(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned pace = 0; pace < 2; pace++) {
        host_set_ready(b, pace ? HOST_READY_RANDOM : HOST_READY_ALWAYS, 40);
        for (int offset = -SWEEP; offset <= 2 * SWEEP && !bench_stopped(b); offset++)
            clear_against_unmask(b, offset);
    }
    release_tx(b);
}

const struct test clear_against_unmask_sends_at_most_once = {
    .name = "clear_against_unmask_sends_at_most_once",
    .requirements = "RACE-20, MSIX-PBA-18",
    .story =
        "Clear and unmask of a pending vector from -8 to +16 clocks apart: one message or none, and the bit ends zero.",
    .run = sweep_clear_against_unmask,
};

static void clear_of_waiting_message(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned gap = 1; gap <= 12 && !bench_stopped(b); gap++) {
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        stall_tx(b);
        app_event(b, 0);
        app_clear_at(b, 0, gap);
        bench_run(b, 20);
        release_tx(b);
        quiesce(b);
        const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0) - before;
        bench_expect(b, sent <= 1, "RACE-20", "one event gave %u messages", (unsigned)sent);
        expect_pending(b, 0, false, "RACE-20");
        app_event(b, 0);
        bench_wait_messages(b, 0, before + sent + 1, 200, "MSIX-PBA-19");
    }
}

const struct test clear_of_a_waiting_message_leaves_no_trace = {
    .name = "clear_of_a_waiting_message_leaves_no_trace",
    .requirements = "RACE-20, EDGE-03, MSIX-PBA-19",
    .story = "A clear while the message waits for tx: it is sent once or not at all, and the next event is sent again.",
    .run = clear_of_waiting_message,
};
