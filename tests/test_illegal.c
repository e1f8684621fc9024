/*
 * test_illegal.c - after requests that no sender may send the block works as before, without a reset.
 */
#include "common.h"
#include "scenario_gen.h"
#include "scenario_run.h"

enum { SCENARIOS = 4, OPERATIONS = 300, SETTING = 0x18, DWS = 8 };

/* What the scenario has set at will is as on a new bench. */
static void calm(struct bench *b)
{
    bench_drain(b);
    host_set_answers(b, true);
    host_set_answer_style(b, &(struct host_answer_style){.delay = 0});
    host_set_attributes(b, false, false, false, 0);
    host_set_gaps(b, 0);
    app_set_attributes(b, false, false, false);
    app_set_gaps(b, 0);
    app_set_csr_delay(b, 0);
    app_set_flr_delay(b, 0);
    app_set_intx(b, false);
    set_interrupt_disable(b, false);
}

static void expect_registers(struct bench *b)
{
    const uint32_t value = (uint32_t)rng_next(bench_rng(b));
    expect_config(b, REG_ID, 0xFFFF, bench_config(b)->vendor_id, "ENV-06");
    host_mem_write32(b, bench_csr_address(b, SETTING), value);
    expect_dword(b, bench_csr_address(b, SETTING), value, "ENV-06");
}

static void expect_interrupts(struct bench *b)
{
    const unsigned vector = any_vector(b);
    start_one(b, vector, true);
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), vector);
    app_event(b, vector);
    expect_pending(b, vector, true, "ENV-06");
    msix_unmask(b, vector);
    quiesce(b);
    expect_messages(b, vector, before + 1, "ENV-06");
    msix_control(b, false, false);
    app_set_intx(b, true);
    expect_wire(b, true, "ENV-06");
    app_set_intx(b, false);
    expect_wire(b, false, "ENV-06");
}

static void expect_data(struct bench *b)
{
    uint32_t payload[DWS], got[DWS];
    random_payload(b, payload, DWS);
    app_dma_write(b, dma_buffer(0), payload, DWS);
    const int status = app_read_wait(b, app_read_start(b, dma_buffer(0), DWS), got);
    bench_expect(b, status == TLP_SC || bench_stopped(b), "ENV-06", "a read has ended with status %d", status);
    for (unsigned i = 0; i < DWS && !bench_stopped(b); i++)
        expect_value(b, "a DW that was read", got[i], payload[i], "ENV-06");
}

static void illegal_then_normal(struct bench *b)
{
    const struct scenario_profile *profile = scenario_profile_find("illegal");
    for (unsigned i = 0; i < SCENARIOS && !bench_stopped(b); i++) {
        struct scenario s;
        struct scenario_outcome outcome;
        scenario_init(&s);
        const bool ran = scenario_generate(&s, profile, rng_next(bench_rng(b)), OPERATIONS, bench_config(b)->nvec) &&
                         scenario_run(b, &s, &outcome);
        scenario_free(&s);
        bench_expect(b, ran, "ENV-04", "there is no memory for the scenario");
        calm(b);
        expect_registers(b);
        expect_interrupts(b);
        expect_data(b);
    }
}

const struct test block_works_after_illegal_requests = {
    .name = "block_works_after_illegal_requests",
    .requirements = "ENV-06, MMIO-24, MMIO-26, MMIO-27, MMIO-28, FC-11",
    .story =
        "Malformed, unsupported and poisoned requests by chance; then registers, interrupts, data and reads work as "
        "on a new block.",
    .run = illegal_then_normal,
};
