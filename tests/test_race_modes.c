/*
 * test_race_modes.c - changes of mode, clock by clock against messages, the INTx wire and accesses: MSI-X Enable, bus
 * number, Memory Space Enable. Swept as situations.h says.
 */
#include "situations.h"

enum { FIRST = 1, SECOND = 2 }; /* outcomes: what was first, or which ID */

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
