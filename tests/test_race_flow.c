/*
 * test_race_flow.c - what lacks credit or time, clock by clock against what comes beside it: data, messages, completions,
 * reads of the device logic, and the credit updates themselves. Swept as situations.h says.
 */
#include "situations.h"

enum { FIRST = 1, SECOND = 2, LONG_WAIT = 4000 }; /* outcomes: which of two came first; clocks */

/* --- data and messages --- */

/* Needs two data credits, and is over within the sweep in every stream width. */
static void short_write(struct round *r)
{
    r->dws = 8;
    app_dma_write_start(r->b, r->buffer, r->payload, r->dws);
}

static void one_data_credit(struct round *r)
{
    if (r->situation == SITUATION_NO_PD)
        host_grant(r->b, 2, 1, 0, 0);
}

static void look_at_the_stuck_write(struct round *r)
{
    if (r->situation != SITUATION_NO_PD)
        return;
    bench_expect(r->b, !round_has(r, LEAVES_DATA), "RACE-45", "offset %d: a data write has left without credit",
                 r->offset);
    r->outcomes |= round_has(r, LEAVES_MESSAGE) ? FIRST : SECOND;
}

static void judge_message_and_data(struct round *r)
{
    app_dma_flush(r->b);
    quiesce(r->b);
    round_expect_messages(r, 1, "EDGE-02a");
    round_expect_data(r, "ORD-06");
}

static void message_and_stuck_write(struct bench *b)
{
    const struct sweep_race race = {.arm = one_data_credit,
                                    .first = short_write,
                                    .second = round_event,
                                    .held = look_at_the_stuck_write,
                                    .judge = judge_message_and_data,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-45"};
    sweep_race(b, &race, false);
}

const struct test race_message_with_a_write_too_large_for_the_credit = {
    .name = "race_message_with_a_write_too_large_for_the_credit",
    .requirements = "RACE-45, ORD-08, FC-15",
    .story = "One data credit, a write that needs two and an event: the message uses the credit if it was first, and "
             "waits behind the write if not.",
    .run = message_and_stuck_write,
};

static void judge_slow_write(struct round *r)
{
    judge_message_and_data(r);
    if (round_has(r, LEAVES_DATA) && round_has(r, LEAVES_MESSAGE))
        r->outcomes |= round_first(r, LEAVES_MESSAGE) < round_first(r, LEAVES_DATA) ? FIRST : SECOND;
}

/* A few beats, so that the sweep reaches past the last one in every stream width. */
static void write_of_some_beats(struct round *r)
{
    const unsigned dws = 3 * bench_config(r->b)->data_dw;
    r->dws = dws < DMA_MAX_DW ? dws : DMA_MAX_DW;
    app_dma_write_start(r->b, r->buffer, r->payload, r->dws);
}

static void message_and_slow_write(struct bench *b)
{
    const struct sweep_race race = {.first = write_of_some_beats,
                                    .second = round_event,
                                    .judge = judge_slow_write,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-46"};
    app_set_gaps(b, 50);
    sweep_race(b, &race, false);
}

const struct test race_event_with_a_write_whose_source_pauses = {
    .name = "race_event_with_a_write_whose_source_pauses",
    .requirements = "RACE-46, ORD-01, TLP-25",
    .story = "An event while a data write is handed over with pauses: ahead of it if the last beat came later, else "
             "behind it.",
    .run = message_and_slow_write,
};

/* --- completions and reads --- */

static void read_register(struct round *r)
{
    r->tag[0] = host_mem_read_start(r->b, bench_csr_address(r->b, 8), 1, 0xF, 0);
}

static void judge_completion(struct round *r)
{
    judge_message_and_data(r);
    host_wait(r->b, r->tag[0]);
    if (round_has(r, LEAVES_DATA) && round_has(r, LEAVES_COMPLETION))
        r->outcomes |= round_first(r, LEAVES_COMPLETION) < round_first(r, LEAVES_DATA) ? FIRST : SECOND;
}

static void completion_and_data(struct bench *b)
{
    const struct sweep_race race = {.first = read_register,
                                    .second = round_data_and_event,
                                    .judge = judge_completion,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-47"};
    sweep_race(b, &race, false);
}

const struct test race_completion_with_data = {
    .name = "race_completion_with_data",
    .requirements = "RACE-47, ORD-12, FC-08",
    .story =
        "A register read against a data write and its event: the completion ahead of the data or behind it, as the "
        "read was served.",
    .run = completion_and_data,
};

static void look_at_the_stuck_completion(struct round *r)
{
    if (r->situation == SITUATION_NO_CPLH)
        expect_value(r->b, "completions without credit", round_has(r, LEAVES_COMPLETION), 0, "RACE-48");
}

static void stuck_completion_and_data(struct bench *b)
{
    const struct sweep_race race = {.first = read_register,
                                    .second = round_data_and_event,
                                    .held = look_at_the_stuck_completion,
                                    .judge = judge_completion,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-48"};
    app_set_csr_delay(b, 3);
    sweep_race(b, &race, false);
}

const struct test race_stuck_completion_with_data = {
    .name = "race_stuck_completion_with_data",
    .requirements = "RACE-48, ORD-13, FC-08",
    .story = "The same with a slow register: data and message may pass a completion without credit or wait for it, and "
             "all of them come in the end.",
    .run = stuck_completion_and_data,
};

static void use_up_reads(struct round *r)
{
    host_set_credits(r->b, HOST_CREDITS_FROZEN);
    while (host_credits_left(r->b).nph > 0 && !bench_stopped(r->b))
        app_read_wait(r->b, app_read_start(r->b, dma_buffer(0), 1), NULL);
}

static void device_read(struct round *r)
{
    r->tag[1] = (uint8_t)app_read_start(r->b, dma_buffer(0), 4);
}

static void event_and_register_read(struct round *r)
{
    round_event(r);
    read_register(r);
}

/* With credit for all but the read the others come, however long it takes; then a second register read starts. */
static void look_past_the_stuck_read(struct round *r)
{
    if (r->situation <= SITUATION_RANDOM) {
        bench_wait_messages(r->b, r->vector, r->messages + 1, LONG_WAIT, "RACE-49");
        host_wait(r->b, r->tag[0]);
        read_register(r);
    }
    bench_expect(r->b, !round_has(r, LEAVES_READ) && !app_read_done(r->b, r->tag[1]), "RACE-49",
                 "offset %d: a read has left without credit", r->offset);
}

static void judge_stuck_read(struct round *r)
{
    app_read_wait(r->b, r->tag[1], NULL);
    host_wait(r->b, r->tag[0]);
    quiesce(r->b);
    round_expect_messages(r, 1, "RACE-49");
}

static void stuck_read(struct bench *b)
{
    const struct sweep_race race = {.arm = use_up_reads,
                                    .first = device_read,
                                    .second = event_and_register_read,
                                    .held = look_past_the_stuck_read,
                                    .judge = judge_stuck_read,
                                    .requirement = "RACE-49"};
    sweep_race(b, &race, false);
}

const struct test race_message_and_completion_with_a_stuck_read = {
    .name = "race_message_and_completion_with_a_stuck_read",
    .requirements = "RACE-49, ORD-09, ORD-10, ORD-21",
    .story = "A read of the device logic without credit against an event and a register read: both pass it.",
    .run = stuck_read,
};

static void rewrite_and_unmask(struct round *r)
{
    r->value = (uint32_t)rng_next(bench_rng(r->b));
    host_mem_write64(r->b, bench_table_address(r->b, r->vector, 2), r->value);
}

static void mask_again(struct round *r)
{
    msix_mask(r->b, r->vector);
    host_fence(r->b);
}

static void take_it_all_the_same(struct round *r)
{
    host_flush(r->b); /* the policy says how long a write may wait; tx is no excuse */
    expect_value(r->b, "TLPs on a dead tx", r->seen.count, 0, "RACE-50");
}

static void judge_write_under_stall(struct round *r)
{
    quiesce(r->b);
    round_expect_messages(r, 1, "RACE-50");
    expect_dword(r->b, bench_table_address(r->b, r->vector, 2), r->value, "RACE-50");
}

static void write_under_stall(struct bench *b)
{
    const struct sweep_race race = {.prepare = mask_again,
                                    .dead_tx = true,
                                    .first = rewrite_and_unmask,
                                    .second = round_event,
                                    .held = take_it_all_the_same,
                                    .judge = judge_write_under_stall,
                                    .requirement = "RACE-50"};
    sweep_race(b, &race, true);
}

const struct test race_table_write_with_event_under_a_dead_tx = {
    .name = "race_table_write_with_event_under_a_dead_tx",
    .requirements = "RACE-50, ORD-20, ORD-23, MMIO-33",
    .story =
        "tx is dead; a write of new data that unmasks against an event: taken at once, and one message with the new "
        "data when tx is back.",
    .run = write_under_stall,
};

/* --- credit updates --- */

enum { LAPS = 30, ROUND_PH = 2, ROUND_PD = DMA_MAX_DW / 4 + 1 };

static void long_write(struct round *r)
{
    r->dws = DMA_MAX_DW;
    app_dma_write_start(r->b, r->buffer, r->payload, r->dws);
}

static void data_event_and_read(struct round *r)
{
    long_write(r);
    app_dma_flush(r->b);
    round_event(r);
    read_register(r);
}

static void grant_what_they_need(struct round *r)
{
    host_grant(r->b, ROUND_PH, ROUND_PD, 1, 1);
}

/* Nobody gives credit back but the second actor: what is left stays the same, exactly. All of the sweep is here. */
static void same_credit_again(struct round *r)
{
    struct bench *b = r->b;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    situation_hold_completions(b, r->situation);
    const struct host_credits_left before = host_credits_left(b);
    for (unsigned lap = 0; lap < LAPS && !bench_stopped(b); lap++) {
        const unsigned apart = (unsigned)(r->offset < 0 ? -r->offset : r->offset);
        (r->offset < 0 ? grant_what_they_need : data_event_and_read)(r);
        bench_run(b, apart);
        (r->offset < 0 ? data_event_and_read : grant_what_they_need)(r);
        host_wait(b, r->tag[0]);
        bench_settle(b);
    }
    const struct host_credits_left after = host_credits_left(b);
    expect_value(b, "PH left", after.ph, before.ph, "RACE-44");
    expect_value(b, "PD left", after.pd, before.pd, "RACE-44");
    expect_value(b, "CPLH left", after.cplh, before.cplh, "RACE-44");
    round_expect_messages(r, LAPS, "RACE-44");
}

static void judge_nothing(struct round *r)
{
    quiesce(r->b);
}

static void nothing(struct round *r)
{
    (void)r;
}

static void credits_and_consumption(struct bench *b)
{
    const struct sweep_race race = {.arm = same_credit_again,
                                    .first = nothing,
                                    .second = nothing,
                                    .judge = judge_nothing,
                                    .requirement = "RACE-44"};
    sweep_race(b, &race, false);
}

const struct test race_credit_update_with_consumption = {
    .name = "race_credit_update_with_consumption",
    .requirements = "RACE-44, FC-01, FC-02, FC-03",
    .story =
        "What data, a message and a completion use is given back around the clock of its use, five hundred times a "
        "situation, past the wrap of the counters: no credit is lost or made up.",
    .run = credits_and_consumption,
};
