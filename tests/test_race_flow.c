/*
 * test_race_flow.c - changes of mode and of credit, clock by clock against messages, data and completions. Swept as
 * situations.h says.
 */
#include "situations.h"

enum { FIRST = 1, SECOND = 2 }; /* outcomes: which of two came first, or which rule held */

/* --- MSI-X Enable and the INTx wire --- */

static void level_and_event(struct round *r)
{
    app_set_intx(r->b, true);
    round_event(r);
}

static void enable(struct round *r)
{
    host_forget(r->b, control_start(r->b, bench_config(r->b)->msix_cap, true, false));
}

static void disable(struct round *r)
{
    host_forget(r->b, control_start(r->b, bench_config(r->b)->msix_cap, false, false));
}

static void start_disabled(struct round *r)
{
    app_set_intx(r->b, false);
    msix_control(r->b, false, false);
    quiesce(r->b);
}

static void start_enabled(struct round *r)
{
    msix_control(r->b, true, false);
    app_set_intx(r->b, false);
    quiesce(r->b);
}

static void judge_enable(struct round *r)
{
    struct bench *b = r->b;
    quiesce(b);
    expect_wire(b, false, "RACE-35");
    round_expect_messages(r, 1, "RACE-35");
    if (bench_config(b)->intx_pin)
        r->outcomes |= host_intx_count(b, own_wire(b)) > r->rises ? FIRST : SECOND;
    app_set_intx(b, false);
}

static void intx_and_enable(struct bench *b)
{
    const struct sweep_race race = {.prepare = start_disabled,
                                    .first = level_and_event,
                                    .second = enable,
                                    .judge = judge_enable,
                                    .outcomes = bench_config(b)->intx_pin ? FIRST | SECOND : 0,
                                    .requirement = "RACE-35"};
    sweep_race(b, &race, false);
}

const struct test race_intx_with_enable = {
    .name = "race_intx_with_enable",
    .requirements = "RACE-35, INTX-11",
    .story = "INTx level and an event against MSI-X Enable 0 to 1: asserted and taken down, or never asserted; one "
             "message.",
    .run = intx_and_enable,
};

static void judge_disable(struct round *r)
{
    struct bench *b = r->b;
    quiesce(b);
    const unsigned sent = round_messages(r);
    r->outcomes |= sent ? FIRST : SECOND;
    expect_wire(b, true, "RACE-36");
    round_expect_messages(r, sent, "RACE-36");
    app_set_intx(b, false);
    expect_wire(b, false, "INTX-08");
    msix_control(b, true, false);
    quiesce(b);
    round_expect_messages(r, 1, "RACE-36");
}

static void intx_and_disable(struct bench *b)
{
    const struct sweep_race race = {.prepare = start_enabled,
                                    .first = level_and_event,
                                    .second = disable,
                                    .judge = judge_disable,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-36"};
    sweep_race(b, &race, false);
}

const struct test race_intx_with_disable = {
    .name = "race_intx_with_disable",
    .requirements = "RACE-36, INTX-11, MSIX-PBA-24",
    .story =
        "INTx level and an event against MSI-X Enable 1 to 0: the message before the fence or after the next enable, "
        "and the wire asserted.",
    .run = intx_and_disable,
};

/* --- bus number, memory space --- */

static void recapture(struct round *r)
{
    r->value = 1 + (r->value + rng_below(bench_rng(r->b), 200)) % 250;
    host_set_route(r->b, (uint8_t)r->value, (uint8_t)rng_below(bench_rng(r->b), 32));
    host_forget(r->b, host_cfg_write_start(r->b, REG_INTERRUPT, 0x0, 0));
}

static void judge_recapture(struct round *r)
{
    quiesce(r->b);
    round_expect_messages(r, 1, "RACE-40");
    const unsigned at = round_first(r, LEAVES_MESSAGE);
    if (at < CAPTURE_TLPS)
        r->outcomes |= r->seen.tlp[at].dw[1] >> 24 == r->value ? SECOND : FIRST;
}

static void message_and_recapture(struct bench *b)
{
    const struct sweep_race race = {.first = round_event,
                                    .second = recapture,
                                    .judge = judge_recapture,
                                    .outcomes = FIRST | SECOND,
                                    .requirement = "RACE-40"};
    sweep_race(b, &race, false);
}

const struct test race_message_with_bus_number_capture = {
    .name = "race_message_with_bus_number_capture",
    .requirements = "RACE-40, TLP-17, TLP-18",
    .story = "A message, also one that waits for credit, against another bus number: both IDs are seen, each whole.",
    .run = message_and_recapture,
};

enum { READ_OK = 1, READ_REFUSED = 2, WRITTEN = 4, DROPPED = 8 };

static void write_and_read(struct round *r)
{
    r->value++;
    host_mem_write32(r->b, bench_table_address(r->b, r->vector, 2), r->value);
    r->tag[1] = host_mem_read_start(r->b, bench_pba_address(r->b, r->vector), 2, 0xF, 0xF);
}

static void close_memory_space(struct round *r)
{
    host_forget(r->b, host_cfg_write_start(r->b, REG_COMMAND, 0x1, COMMAND_BME));
}

static void judge_memory_space(struct round *r)
{
    struct bench *b = r->b;
    const unsigned status = host_wait(b, r->tag[1]).status;
    bench_expect(b, status == TLP_SC || status == TLP_UR, "RACE-41", "offset %d: the read ended with status %u",
                 r->offset, status);
    r->outcomes |= status == TLP_SC ? READ_OK : READ_REFUSED;
    host_cfg_write(b, REG_COMMAND, 0x1, COMMAND_MSE | COMMAND_BME);
    const uint32_t now = host_mem_read32(b, bench_table_address(b, r->vector, 2));
    r->outcomes |= now == r->value ? WRITTEN : DROPPED;
}

static void accesses_and_memory_space(struct bench *b)
{
    const struct sweep_race race = {.first = write_and_read,
                                    .second = close_memory_space,
                                    .judge = judge_memory_space,
                                    .outcomes = READ_OK | READ_REFUSED | WRITTEN | DROPPED,
                                    .requirement = "RACE-41"};
    sweep_race(b, &race, true);
}

const struct test race_accesses_with_memory_space_off = {
    .name = "race_accesses_with_memory_space_off",
    .requirements = "RACE-41, CFG-01, MMIO-26",
    .story =
        "A table write and a PBA read against Memory Space Enable 1 to 0: each by the old or the new rule, and the "
        "read is answered.",
    .run = accesses_and_memory_space,
};

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

enum { POSTED_PASSES = 4 };

static void look_at_the_stuck_completion(struct round *r)
{
    if (r->situation != SITUATION_NO_CPLH)
        return;
    expect_value(r->b, "completions without credit", round_has(r, LEAVES_COMPLETION), 0, "RACE-48");
    r->outcomes |= round_has(r, LEAVES_MESSAGE) && round_has(r, LEAVES_DATA) ? POSTED_PASSES : 0;
}

static void stuck_completion_and_data(struct bench *b)
{
    const struct sweep_race race = {.first = read_register,
                                    .second = round_data_and_event,
                                    .held = look_at_the_stuck_completion,
                                    .judge = judge_completion,
                                    .outcomes = FIRST | SECOND | POSTED_PASSES,
                                    .requirement = "RACE-48"};
    app_set_csr_delay(b, 3);
    sweep_race(b, &race, false);
}

const struct test race_stuck_completion_with_data = {
    .name = "race_stuck_completion_with_data",
    .requirements = "RACE-48, ORD-13, FC-08",
    .story = "The same with a slow register: a completion without credit lets data and message go on, and comes in the "
             "end.",
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

static void look_past_the_stuck_read(struct round *r)
{
    expect_value(r->b, "reads without credit", round_has(r, LEAVES_READ), 0, "RACE-49");
    if (r->situation > SITUATION_RANDOM)
        return;
    expect_value(r->b, "messages past the stuck read", round_messages(r), 1, "RACE-49");
    expect_value(r->b, "completions past the stuck read", round_has(r, LEAVES_COMPLETION), 1, "RACE-49");
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

static void look_at_the_queue(struct round *r)
{
    expect_value(r->b, "host writes that wait while tx is stuck", host_queued(r->b), 0, "RACE-50");
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
                                    .held = look_at_the_queue,
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
