/*
 * test_race_resets.c - what takes the function away from its traffic, clock by clock against that traffic: Bus Master
 * Enable, function-level reset, link down, D3hot. Swept as situations.h says.
 */
#include "situations.h"

enum { SENT = 1, KEPT_BACK = 2, FLR_SHORT = 20, FLR_LONG = 150 };

/* Was the message of this round sent before anything was opened again? */
static void note_sent(struct round *r)
{
    r->outcomes |= round_messages(r) > 0 ? SENT : KEPT_BACK;
}

/* Software begins anew: one event is one message, and what was kept back from before comes at most once. */
static void begin_anew(struct round *r, const char *requirement)
{
    struct bench *b = r->b;
    start_one(b, r->vector, true);
    msix_unmask(b, r->vector);
    quiesce(b);
    const unsigned left = round_messages(r);
    bench_expect(b, left <= 1, requirement, "offset %d: one event, and %u messages", r->offset, left);
    app_event(b, r->vector);
    quiesce(b);
    round_expect_messages(r, left + 1, requirement);
}

/* --- Bus Master Enable --- */

static void bus_master(struct round *r, bool on)
{
    host_forget(r->b, host_cfg_write_start(r->b, REG_COMMAND, 0x1, COMMAND_MSE | (on ? COMMAND_BME : 0)));
}

static void bus_master_off(struct round *r)
{
    bus_master(r, false);
}

static void bus_master_on(struct round *r)
{
    bus_master(r, true);
}

static void judge_bus_master_off(struct round *r)
{
    note_sent(r);
    msix_bus_master(r->b, true);
    app_dma_flush(r->b);
    quiesce(r->b);
    round_expect_messages(r, 1, "RACE-26");
    round_expect_data(r, "RACE-28");
}

static void data_and_bus_master_off(struct bench *b)
{
    const struct sweep_race race = {.first = round_data_and_event,
                                    .second = bus_master_off,
                                    .judge = judge_bus_master_off,
                                    .outcomes = SENT | KEPT_BACK,
                                    .requirement = "RACE-26"};
    sweep_race(b, &race, false);
}

const struct test race_data_and_event_with_bus_master_off = {
    .name = "race_data_and_event_with_bus_master_off",
    .requirements = "RACE-26, RACE-28, MSIX-PBA-28",
    .story =
        "A data write and its event against BME 1 to 0: both leave before the fence or both later, the data first.",
    .run = data_and_bus_master_off,
};

static void hold_one_event(struct round *r)
{
    msix_bus_master(r->b, false);
    host_fence(r->b);
    app_event(r->b, r->vector);
}

static void judge_bus_master_on(struct round *r)
{
    app_dma_flush(r->b);
    quiesce(r->b);
    const unsigned sent = round_messages(r);
    bench_expect(r->b, sent == 1 || sent == 2, "RACE-27", "offset %d: %u messages of two events", r->offset, sent);
    r->outcomes |= sent == 1 ? SENT : KEPT_BACK;
    round_expect_data(r, "RACE-27");
    expect_pending(r->b, r->vector, false, "MSIX-PBA-10");
}

static void data_and_bus_master_on(struct bench *b)
{
    const struct sweep_race race = {.arm = hold_one_event,
                                    .first = round_data_and_event,
                                    .second = bus_master_on,
                                    .judge = judge_bus_master_on,
                                    .outcomes = SENT | KEPT_BACK,
                                    .requirement = "RACE-27"};
    sweep_race(b, &race, false);
}

const struct test race_data_and_event_with_bus_master_on = {
    .name = "race_data_and_event_with_bus_master_on",
    .requirements = "RACE-27, RACE-28, MSIX-PBA-28",
    .story =
        "One event is held; a data write and a second event against BME 0 to 1: one message or two, behind the data "
        "of their events.",
    .run = data_and_bus_master_on,
};

/* --- function-level reset --- */

static void start_flr(struct round *r)
{
    r->tag[0] = flr_start(r->b);
}

static void end_flr(struct round *r)
{
    const struct host_completion answer = host_wait(r->b, r->tag[0]);
    expect_value(r->b, "the status of the write that starts FLR", answer.status, TLP_SC, "RACE-29");
    flr_wait_end(r->b);
}

static void judge_flr(struct round *r)
{
    note_sent(r);
    end_flr(r);
    begin_anew(r, "RACE-30");
}

static void data_and_flr(struct bench *b)
{
    const struct sweep_race race = {.first = round_data_and_event,
                                    .second = start_flr,
                                    .judge = judge_flr,
                                    .outcomes = SENT | KEPT_BACK,
                                    .requirement = "RACE-30"};
    sweep_race(b, &race, false);
}

const struct test race_data_and_event_with_flr = {
    .name = "race_data_and_event_with_flr",
    .requirements = "RACE-29, RACE-30, CFG-15, MSIX-PBA-33",
    .story =
        "A data write and its event against FLR: whole TLPs before it or nothing, and nothing of the old after it.",
    .run = data_and_flr,
};

enum { READ_OK = 1, READ_REFUSED = 2, CONFIG_OK = 4, CONFIG_RETRY = 8 };

static void ask(struct round *r)
{
    host_mem_write32(r->b, bench_table_address(r->b, r->vector, 2), 0xBAD0BAD0);
    r->tag[1] = host_mem_read_start(r->b, bench_csr_address(r->b, 8), 1, 0xF, 0);
    r->tag[2] = host_cfg_read_start(r->b, REG_ID);
}

static void judge_requests_in_flr(struct round *r)
{
    struct bench *b = r->b;
    end_flr(r);
    const unsigned memory = host_wait(b, r->tag[1]).status, config = host_wait(b, r->tag[2]).status;
    bench_expect(b, memory == TLP_SC || memory == TLP_UR, "RACE-31", "offset %d: a memory read ended with status %u",
                 r->offset, memory);
    bench_expect(b, config == TLP_SC || config == TLP_RRS, "RACE-31",
                 "offset %d: a configuration read ended with status %u", r->offset, config);
    r->outcomes |= memory == TLP_SC ? READ_OK : READ_REFUSED;
    r->outcomes |= config == TLP_SC ? CONFIG_OK : CONFIG_RETRY;
    bench_enumerate(b);
    expect_field_reset(b, r->vector, 2, "RACE-31");
    begin_anew(r, "RACE-31");
}

static void requests_and_flr(struct bench *b)
{
    const bool retry = bench_policy(b)->flr_answers_rrs != POLICY_NO;
    const struct sweep_race race = {.first = ask,
                                    .second = start_flr,
                                    .judge = judge_requests_in_flr,
                                    .outcomes = READ_OK | READ_REFUSED | CONFIG_OK | (retry ? CONFIG_RETRY : 0),
                                    .requirement = "RACE-31"};
    app_set_flr_delay(b, FLR_SHORT);
    sweep_race(b, &race, false);
}

const struct test race_requests_with_flr = {
    .name = "race_requests_with_flr",
    .requirements = "RACE-31, MMIO-35, CFG-12, FC-11",
    .story = "A table write, a register read and a configuration read against FLR: served before it, or refused; the "
             "function is as reset.",
    .run = requests_and_flr,
};

static void raise_level(struct round *r)
{
    app_set_intx(r->b, true);
}

/* FLR outlasts the round, so that the level can fall inside it: at its end no wire may be left asserted. */
static void judge_intx_in_flr(struct round *r)
{
    struct bench *b = r->b;
    app_set_intx(b, false);
    end_flr(r);
    for (unsigned wire = 0; wire < 4; wire++)
        bench_expect(b, !host_intx_asserted(b, wire) || bench_stopped(b), "RACE-32",
                     "offset %d: FLR is over and INTx is still asserted", r->offset);
    if (bench_config(b)->intx_pin)
        r->outcomes |= host_intx_count(b, own_wire(b)) > r->rises ? SENT : KEPT_BACK;
    start_one(b, r->vector, false);
}

static void without_msix(struct round *r)
{
    msix_control(r->b, false, false);
}

static void intx_and_flr(struct bench *b)
{
    const struct sweep_race race = {.prepare = without_msix,
                                    .first = raise_level,
                                    .second = start_flr,
                                    .judge = judge_intx_in_flr,
                                    .outcomes = bench_config(b)->intx_pin ? SENT | KEPT_BACK : 0,
                                    .requirement = "RACE-32"};
    app_set_flr_delay(b, FLR_LONG + 3 * search_clocks(b));
    sweep_race(b, &race, false);
}

const struct test race_intx_with_flr = {
    .name = "race_intx_with_flr",
    .requirements = "RACE-32, INTX-13",
    .story = "The INTx level rises around the write of FLR: asserted and deasserted again before FLR ends, or never "
             "asserted.",
    .run = intx_and_flr,
};

/* --- link down --- */

static void link_down(struct round *r)
{
    bench_set_link(r->b, false, false);
}

static void judge_link_down(struct round *r)
{
    struct bench *b = r->b;
    note_sent(r);
    bench_set_link(b, true, true);
    bench_run(b, 1);
    r->messages = scoreboard_messages(bench_scoreboard(b), r->vector); /* counted from the reset on */
    expect_config(b, REG_COMMAND, 0xFFFF, 0, "RACE-33");
    bench_enumerate(b);
    expect_dword(b, bench_table_address(b, r->vector, 3), 1, "RACE-33");
    begin_anew(r, "RACE-33");
}

static void data_and_link_down(struct bench *b)
{
    const struct sweep_race race = {.first = round_data_and_event,
                                    .second = link_down,
                                    .judge = judge_link_down,
                                    .outcomes = SENT | KEPT_BACK,
                                    .requirement = "RACE-33"};
    sweep_race(b, &race, false);
}

const struct test race_data_and_event_with_link_down = {
    .name = "race_data_and_event_with_link_down",
    .requirements = "RACE-33, TLP-25, FC-07",
    .story = "A data write and its event against the link going down: sent before it or lost, and tx starts clean.",
    .run = data_and_link_down,
};

/* --- D3hot --- */

static void sleep_now(struct round *r)
{
    host_forget(r->b, host_cfg_write_start(r->b, reg_pmcsr(r->b), 0x1, 3));
}

static void judge_sleep(struct round *r)
{
    struct bench *b = r->b;
    host_fence(b);
    const unsigned asleep = round_messages(r);
    note_sent(r);
    bench_run(b, FLR_SHORT);
    expect_value(b, "messages sent in D3hot", round_messages(r) - asleep, 0, "RACE-34");
    set_dstate(b, 0);
    if (!bench_config(b)->no_soft_reset)
        start_one(b, r->vector, false);
    app_dma_flush(b);
    quiesce(b);
    const unsigned sent = round_messages(r);
    bench_expect(b, sent == 1 || (sent == 0 && !bench_config(b)->no_soft_reset), "RACE-34", "offset %d: %u messages",
                 r->offset, sent);
    round_expect_data(r, "RACE-34");
}

static void data_and_sleep(struct bench *b)
{
    const struct sweep_race race = {.first = round_data_and_event,
                                    .second = sleep_now,
                                    .judge = judge_sleep,
                                    .outcomes = SENT | KEPT_BACK,
                                    .requirement = "RACE-34"};
    sweep_race(b, &race, false);
}

const struct test race_data_and_event_with_d3hot = {
    .name = "race_data_and_event_with_d3hot",
    .requirements = "RACE-34, MSIX-PBA-30, MSIX-PBA-31, MSIX-PBA-32",
    .story = "A data write and its event against the write of D3hot: before the fence, or after the way back to D0.",
    .run = data_and_sleep,
};
