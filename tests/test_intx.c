/*
 * test_intx.c - the emulated interrupt wire: level and gates, order behind data, and the flow of a driver.
 */
#include "common.h"

enum { PULSES = 200, ROUNDS = 20, NO_DATA_CLOCKS = 60 };

static void follows_level(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned i = 0; i < 4 && !bench_stopped(b); i++) {
        app_set_intx(b, true);
        expect_wire(b, true, "INTX-06");
        host_cfg_read32(b, REG_COMMAND);
        app_set_intx(b, false);
        expect_wire(b, false, "INTX-08");
        host_cfg_read32(b, REG_COMMAND);
        quiesce(b);
    }
    expect_value(b, "times that the wire rose", host_intx_count(b, own_wire(b)), bench_config(b)->intx_pin ? 4 : 0,
                 "INTX-06");
}

const struct test intx_wire_follows_the_level = {
    .name = "intx_wire_follows_the_level",
    .requirements = "INTX-01, INTX-02, INTX-03, INTX-04, INTX-06, INTX-08, INTX-15, INTX-16, CFG-04, CFG-06",
    .story = "The cause rises and falls: Assert_INTx and Deassert_INTx, and Interrupt Status as the cause says.",
    .run = follows_level,
};

static void disable(struct bench *b)
{
    bench_enumerate(b);
    app_set_intx(b, true);
    expect_wire(b, true, "INTX-10");
    set_interrupt_disable(b, true);
    expect_wire(b, false, "INTX-10");
    expect_config(b, REG_COMMAND, 1U << 19, bench_config(b)->intx_pin ? 1U << 19 : 0, "CFG-04");
    set_interrupt_disable(b, false);
    expect_wire(b, true, "INTX-10");
    app_set_intx(b, false);
    expect_wire(b, false, "INTX-08");
}

const struct test interrupt_disable_takes_the_wire_down = {
    .name = "interrupt_disable_takes_the_wire_down",
    .requirements = "INTX-10, CFG-03, CFG-04",
    .story =
        "Interrupt Disable is set and cleared while the cause lasts; Interrupt Status shows the cause all the time.",
    .run = disable,
};

static void mode_switch(struct bench *b)
{
    start_one(b, 0, false);
    msix_control(b, false, false);
    for (unsigned i = 0; i < ROUNDS && !bench_stopped(b); i++) {
        app_set_intx(b, true);
        expect_wire(b, true, "RACE-36");
        msix_control(b, true, false);
        app_event(b, 0);
        expect_wire(b, false, "RACE-35");
        quiesce(b);
        msix_control(b, false, false);
        expect_wire(b, true, "RACE-36");
        app_set_intx(b, false);
        expect_wire(b, false, "INTX-08");
        quiesce(b);
    }
}

const struct test msix_enable_takes_the_wire_down = {
    .name = "msix_enable_takes_the_wire_down",
    .requirements = "INTX-11, RACE-35, RACE-36",
    .story = "MSI-X is enabled and disabled while the cause lasts: deasserted, and asserted again.",
    .run = mode_switch,
};

static void without_bus_master(struct bench *b)
{
    bench_enumerate(b);
    msix_bus_master(b, false);
    host_fence(b);
    app_set_intx(b, true);
    expect_wire(b, true, "INTX-12");
    app_set_intx(b, false);
    expect_wire(b, false, "INTX-12");
    msix_bus_master(b, true);
}

const struct test intx_needs_no_bus_master = {
    .name = "intx_needs_no_bus_master",
    .requirements = "INTX-12, CFG-02",
    .story = "With BME = 0 the wire rises and falls as always.",
    .run = without_bus_master,
};

static void in_d3hot(struct bench *b)
{
    bench_enumerate(b);
    app_set_intx(b, true);
    expect_wire(b, true, "INTX-08");
    set_dstate(b, 3);
    expect_wire(b, false, "INTX-19");
    for (unsigned level = 2; level-- > 0 && !bench_stopped(b);) {
        app_set_intx(b, level);
        bench_run(b, 1);
        expect_config(b, REG_COMMAND, 1U << 19, bench_config(b)->intx_pin ? level << 19 : 0, "CFG-04");
    }
    app_set_intx(b, true);
    expect_wire(b, false, "INTX-19");
    set_dstate(b, 0);
    bench_enumerate(b);
    expect_wire(b, true, "INTX-08");
    app_set_intx(b, false);
}

const struct test d3hot_takes_the_wire_down = {
    .name = "d3hot_takes_the_wire_down",
    .requirements = "INTX-08, INTX-19, CFG-04",
    .story = "D3hot deasserts INTx, D0 asserts it again; Interrupt Status shows the cause all the time.",
    .run = in_d3hot,
};

static void pulses(struct bench *b)
{
    struct rng *rng = bench_rng(b);
    bench_enumerate(b);
    for (unsigned i = 0; i < PULSES && !bench_stopped(b); i++) {
        app_set_intx(b, rng_percent(rng, 50));
        if (rng_percent(rng, 10))
            host_forget(
                b, host_cfg_write_start(b, REG_COMMAND, 0x2, rng_percent(rng, 50) ? COMMAND_INTX_DISABLE >> 0 : 0));
        if (rng_percent(rng, 10))
            host_forget(b, host_cfg_read_start(b, REG_COMMAND));
        if (rng_percent(rng, 5))
            host_set_ready(b, rng_percent(rng, 50) ? HOST_READY_RANDOM : HOST_READY_ALWAYS, 30);
        bench_run(b, rng_below(rng, 5));
    }
    release_tx(b);
    host_flush(b);
    quiesce(b);
}

const struct test intx_pulses_may_be_swallowed_and_never_invented = {
    .name = "intx_pulses_may_be_swallowed_and_never_invented",
    .requirements = "INTX-06, INTX-08, INTX-09, INTX-10",
    .story = "Random pulses of the cause and writes of Interrupt Disable; in the end the wire is right.",
    .run = pulses,
};

static void behind_data(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    bench_enumerate(b);
    starve_posted(b, STARVED_DATA);
    random_payload(b, payload, DMA_MAX_DW);
    app_dma_write(b, dma_buffer(0), payload, DMA_MAX_DW);
    app_set_intx(b, true);
    bench_run(b, DMA_MAX_DW);
    bench_expect(b, !host_intx_asserted(b, own_wire(b)), "ORD-28",
                 "Assert_INTx has passed a data write without credit");
    feed(b);
    expect_wire(b, true, "ORD-28");
    bench_settle(b);
    expect_host_memory(b, dma_buffer(0), payload, DMA_MAX_DW, "ORD-28");
    app_set_intx(b, false);
}

const struct test intx_waits_behind_data_without_credit = {
    .name = "intx_waits_behind_data_without_credit",
    .requirements = "INTX-17, ORD-28, FC-08",
    .story = "A data write waits for data credits; Assert_INTx needs none and stays behind it all the same.",
    .run = behind_data,
};

/* An Assert_INTx is committed and has no credit: what comes after it stays behind it. */
static void in_the_way(struct bench *b)
{
    struct capture c;
    bench_enumerate(b);
    starve_posted(b, STARVED_HEADERS);
    app_set_intx(b, true);
    bench_run(b, DMA_MAX_DW);
    const unsigned read = app_read_start(b, dma_buffer(0), 1);
    const uint8_t disable = host_cfg_write_start(b, REG_COMMAND, 0x2, COMMAND_INTX_DISABLE >> 0);
    const uint8_t fence = host_cfg_read_start(b, REG_ID);
    capture_start(&c);
    capture_run(b, &c, PULSES);
    if (bench_config(b)->intx_pin)
        expect_value(b, "TLPs on tx while Assert_INTx waits", c.count, 0, "ORD-28");
    feed(b);
    host_wait(b, disable);
    host_wait(b, fence);
    app_read_wait(b, read, NULL);
    expect_wire(b, false, "INTX-10");
    app_set_intx(b, false);
}

const struct test nothing_passes_an_intx_message = {
    .name = "nothing_passes_an_intx_message",
    .requirements = "ORD-28, ORD-11, ORD-12, INTX-10, INTX-17",
    .story = "Assert_INTx waits for a header credit: a read and two completions behind it wait too.",
    .run = in_the_way,
};

/* A data write that is complete and held back is no reason to hold the wire: BME falls, or D0 is left, in every clock around its end. */
static void past_held_write(struct bench *b)
{
    uint32_t payload[4];
    random_payload(b, payload, 4);
    for (unsigned delay = 0; delay < 2 * ROUNDS && !bench_stopped(b); delay++) {
        const bool sleep = delay & 1;
        bench_enumerate(b);
        app_set_intx(b, sleep);
        expect_wire(b, sleep, "INTX-08");
        const uint8_t off = sleep ? host_cfg_write_start(b, reg_pmcsr(b), 0x1, 3)
                                  : host_cfg_write_start(b, REG_COMMAND, 0x1, COMMAND_MSE);
        bench_run(b, delay / 2);
        app_dma_write_start(b, dma_buffer(0), payload, 4);
        host_wait(b, off);
        app_set_intx(b, true);
        bench_run(b, PULSES);
        if (bench_config(b)->intx_pin)
            expect_value(b, "the INTx wire", host_intx_asserted(b, own_wire(b)), !sleep, sleep ? "INTX-19" : "INTX-12");
        set_dstate(b, 0);
        bench_enumerate(b);
        app_set_intx(b, false);
        expect_wire(b, false, "INTX-08");
        bench_settle(b);
        expect_host_memory(b, dma_buffer(0), payload, 4, "RACE-27");
    }
}

const struct test intx_passes_a_data_write_that_is_held_back = {
    .name = "intx_passes_a_data_write_that_is_held_back",
    .requirements = "INTX-12, INTX-19, INTX-08, CFG-02, RACE-27",
    .story = "BME or D0 goes around a data write: the wire follows its cause all the same, and the write leaves later.",
    .run = past_held_write,
};

/* A driver: the interrupt says that there is something, the register says what, and then memory is read. */
static void driver(struct bench *b)
{
    bench_enumerate(b);
    app_set_intx_flow(b, true);
    for (unsigned i = 0; i < ROUNDS && !bench_stopped(b); i++) {
        uint32_t payload[4];
        random_payload(b, payload, 4);
        host_set_ready(b, HOST_READY_RANDOM, 20 + 4 * i);
        app_dma_write_start(b, dma_buffer(i), payload, 4);
        app_dma_flush(b);
        app_intx_raise(b);
        if (bench_config(b)->intx_pin)
            expect_wire(b, true, "HOST-11");
        expect_dword(b, bench_csr_address(b, 0), 1, "HOST-11");
        expect_host_memory(b, dma_buffer(i), payload, 4, "HOST-11");
        host_mem_write(b, bench_csr_address(b, 0), &(uint32_t){1}, 1, 0x1, 0);
        expect_dword(b, bench_csr_address(b, 0), 0, "HOST-11");
        expect_wire(b, false, "HOST-11");
    }
    release_tx(b);
}

const struct test intx_driver_reads_its_register_and_then_trusts_memory = {
    .name = "intx_driver_reads_its_register_and_then_trusts_memory",
    .requirements = "HOST-11, ORD-12, ORD-28, ORD-29",
    .story = "Data, cause, Assert_INTx, register read: then the data is in memory; writing 1 takes the wire down.",
    .run = driver,
};

/* Nobody sends a Deassert_INTx for a wire that a reset has taken down: the other end clears its own copy. */
static void reset_while_asserted(struct bench *b)
{
    for (unsigned clocks = 1; clocks <= 3 && !bench_stopped(b); clocks++) {
        bench_enumerate(b);
        app_set_intx(b, true);
        expect_wire(b, true, "INTX-14");
        quiesce(b);
        app_set_intx(b, false);
        bench_reset(b, clocks);
        expect_config(b, REG_COMMAND, 1U << 19, 0, "CFG-04");
        expect_wire(b, false, "INTX-14");
    }
}

const struct test reset_takes_the_wire_down_without_a_message = {
    .name = "reset_takes_the_wire_down_without_a_message",
    .requirements = "INTX-14, RACE-33, CFG-04",
    .story = "rst_n falls while the wire is asserted: it is down afterwards, and no Deassert_INTx comes for it.",
    .run = reset_while_asserted,
};

/* A message without data takes a header credit and no more: it leaves where no data credit is left. */
static void without_data_credit(struct bench *b)
{
    start_one(b, 0, false);
    msix_control(b, false, false);
    starve_posted(b, STARVED_DATA);
    app_set_intx(b, true);
    bench_run(b, NO_DATA_CLOCKS);
    expect_value(b, "INTx wire without data credit", host_intx_asserted(b, own_wire(b)), bench_config(b)->intx_pin != 0,
                 "INTX-16");
    feed(b);
    app_set_intx(b, false);
    expect_wire(b, false, "INTX-08");
}

const struct test intx_needs_no_data_credit = {
    .name = "intx_needs_no_data_credit",
    .requirements = "INTX-16, FC-01",
    .story = "No posted data credit is left, but headers are: Assert_INTx leaves.",
    .run = without_data_credit,
};
