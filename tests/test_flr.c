/*
 * test_flr.c - function-level reset: what it resets and keeps, and what becomes of all that is under way.
 */
#include "common.h"

enum { SWEEP = 24, LONG_DELAY = 200, FULL_QUEUE = 16 };

/* Nothing that was there before is left: same start as after power-up, one event is one message. */
static void expect_fresh(struct bench *b, unsigned vector)
{
    start_one(b, vector, true);
    expect_pba_clear(b, "CFG-16");
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), vector);
    app_event(b, vector);
    msix_unmask(b, vector);
    bench_wait_messages(b, vector, before + 1, 1000, "CFG-16");
    quiesce(b);
}

static void resets(struct bench *b)
{
    const uint32_t kept = 0xC8;
    start_all(b, false);
    host_cfg_write(b, reg_link(b), 0x1, kept);
    host_cfg_write(b, reg_device(b), 0x3, 0x000F);
    host_cfg_write(b, reg_device2(b), 0x3, 0x0300);
    if (bench_config(b)->mps_max > 128)
        host_cfg_write(b, reg_device(b), 0x1, 1U << 5);
    host_cfg_write(b, REG_INTERRUPT, 0x1, 0x5A);
    host_cfg_write(b, REG_COMMAND, 0x3, 0x0546);
    flr(b);
    expect_config(b, REG_COMMAND, 0xFFFF, 0, "CFG-16");
    expect_config(b, REG_BAR0, UINT32_MAX, 4, "CFG-16");
    expect_config(b, bench_config(b)->msix_cap, 0xC0000000, 0, "CFG-16");
    expect_config(b, reg_device(b), 0xFFFF, 0x2810U | (bench_config(b)->mps_max > 128 ? 1U << 5 : 0), "CFG-17");
    expect_config(b, reg_device2(b), 0xFFFF, 0, "CFG-16");
    expect_config(b, reg_link(b), 0xFF, kept, "CFG-17");
    expect_config(b, REG_INTERRUPT, 0xFF, 0, "CFG-16");
    bench_enumerate(b);
    expect_table_reset(b, "CFG-16");
    expect_fresh(b, 0);
}

const struct test flr_resets_all_but_what_it_keeps = {
    .name = "flr_resets_all_but_what_it_keeps",
    .requirements = "CFG-14, CFG-15, CFG-16, CFG-17, MSIX-TBL-32, MSIX-PBA-33",
    .story = "Registers and table are filled; after FLR all reads as after reset but MPS and link control.",
    .run = resets,
};

static void drops(struct bench *b)
{
    const uint32_t payload[4] = {1, 2, 3, 4};
    for (unsigned round = 0; round < 3 && !bench_stopped(b); round++) {
        start_one(b, 0, false);
        starve_posted(b, round == 1 ? STARVED_DATA : STARVED_HEADERS);
        app_dma_write(b, dma_buffer(1), payload, 4);
        app_event(b, 0);
        app_dma_write_start(b, dma_buffer(2), payload, 4);
        bench_run(b, SWEEP);
        app_set_flr_delay(b, round * 20);
        flr(b);
        feed(b);
        bench_run(b, LONG_DELAY);
        expect_fresh(b, 0);
    }
}

const struct test flr_drops_what_waits_for_credit = {
    .name = "flr_drops_what_waits_for_credit",
    .requirements = "RACE-30, MSIX-PBA-33, FC-12, CFG-16",
    .story =
        "Data and a message wait for credit when FLR comes; credit comes after it, and nothing of the old is sent.",
    .run = drops,
};

/* The queue of posted TLPs is full, and one more write waits whole in front of it. */
static void full_queue(struct bench *b)
{
    const uint32_t payload = 0xF1F1;
    for (unsigned writes = 1; writes <= FULL_QUEUE && !bench_stopped(b); writes++) {
        start_one(b, 0, false);
        starve_posted(b, STARVED_HEADERS);
        for (unsigned k = 0; k < writes; k++)
            app_dma_write_start(b, dma_buffer(k), &payload, 1);
        bench_run(b, LONG_DELAY);
        const uint8_t tag = flr_start(b);
        bench_run(b, LONG_DELAY);
        expect_value(b, "completion of the write that starts the reset", host_done(b, tag), true, "CFG-15");
        host_forget(b, tag);
        flr_wait_end(b);
        feed(b);
        expect_fresh(b, 0);
    }
}

const struct test flr_is_completed_behind_a_full_queue = {
    .name = "flr_is_completed_behind_a_full_queue",
    .requirements = "CFG-15, RACE-29, MMIO-04",
    .story = "One to sixteen data writes wait for credit when FLR comes: it is completed without waiting for them.",
    .run = full_queue,
};

static void sent_before(struct bench *b)
{
    const uint32_t payload = 0x0F12;
    bench_enumerate(b);
    app_dma_write(b, dma_buffer(1), &payload, 1);
    bench_run(b, SWEEP);
    flr(b);
    bench_run(b, SWEEP);
    expect_host_memory(b, dma_buffer(1), &payload, 1, "RACE-30");
}

const struct test data_sent_before_flr_stays_in_memory = {
    .name = "data_sent_before_flr_stays_in_memory",
    .requirements = "RACE-30, CFG-16",
    .story = "A data write has been sent when FLR comes: it is in host memory, and is not sent again.",
    .run = sent_before,
};

static void middle(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++) {
        start_one(b, 0, false);
        host_set_ready(b, HOST_READY_RANDOM, 25);
        const uint8_t tag = flr_start(b);
        bench_run(b, 1);
        app_dma_write_start(b, dma_buffer(1), payload, DMA_MAX_DW);
        app_event_at(b, 0, 1 + delay / 2);
        app_dma_write_start(b, dma_buffer(2), payload, 1);
        const struct host_completion answer = host_wait(b, tag);
        expect_value(b, "the status of the write that starts FLR", answer.status, TLP_SC, "CFG-15");
        release_tx(b);
        flr_wait_end(b);
        bench_run(b, delay);
    }
    flr(b); /* an event behind the last one was recorded */
    expect_fresh(b, 0);
}

const struct test race_flr_with_traffic_in_flight = {
    .name = "race_flr_with_traffic_in_flight",
    .requirements = "RACE-29, RACE-30, CFG-15, TLP-25",
    .story = "FLR against long data writes and events on a slow tx: whole TLPs or none, and its completion.",
    .run = middle,
};

static void held_read(struct bench *b)
{
    for (unsigned delay = 0; delay < 2 * SWEEP && !bench_stopped(b); delay++) {
        bench_enumerate(b);
        app_set_gaps(b, delay & 1 ? 70 : 0);
        const uint8_t off = host_cfg_write_start(b, REG_COMMAND, 0x1, COMMAND_MSE);
        bench_run(b, delay / 2);
        const unsigned tag = app_read_start(b, dma_buffer(0), 4);
        host_wait(b, off);
        host_wait(b, flr_start(b));
        bench_run(b, LONG_DELAY);
        bench_expect(b, bench_stopped(b) || !bench_out(b)->flr_active, "CFG-18",
                     "FLR has not ended although nothing is in its way");
        app_set_gaps(b, 0);
        bench_enumerate(b); /* one that was only offered may be taken in now */
        bench_run(b, SWEEP);
        app_read_wait(b, tag, NULL);
        expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, 0, "CFG-18");
    }
}

const struct test race_flr_with_a_read_that_is_held = {
    .name = "race_flr_with_a_read_that_is_held",
    .requirements = "RACE-30, CFG-16, CFG-18, RACE-26",
    .story = "BME falls around a read that is handed over, then FLR: the read has been sent or never is, and FLR ends.",
    .run = held_read,
};

/* The device logic says that it has stopped, and still owes the rest of a TLP. */
static void half_a_write(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    random_payload(b, payload, DMA_MAX_DW);
    app_set_flr_prompt(b, true);
    for (unsigned delay = 0; delay < SWEEP && !bench_stopped(b); delay++) {
        bench_enumerate(b);
        app_set_gaps(b, 80);
        app_dma_write_start(b, dma_buffer(0), payload, DMA_MAX_DW);
        app_read_forget(b, app_read_start(b, dma_buffer(0), 4));
        bench_run(b, delay);
        const uint8_t tag = flr_start(b);
        bench_run(b, 4);
        app_stall_dma(b, true);
        bench_run(b, SWEEP);
        app_stall_dma(b, false);
        host_wait(b, tag);
        flr_wait_end(b);
        app_set_gaps(b, 0);
        bench_enumerate(b);
        app_dma_write(b, dma_buffer(delay + 1), payload, 4);
        bench_settle(b);
        expect_host_memory(b, dma_buffer(delay + 1), payload, 4, "RACE-30");
    }
    app_set_flr_prompt(b, false);
}

const struct test flr_waits_for_the_end_of_a_write = {
    .name = "flr_waits_for_the_end_of_a_write",
    .requirements = "RACE-30, CFG-16, TLP-31",
    .story = "FLR while a data write is half handed over and stalled, flr_done at once: nothing of it is sent later.",
    .run = half_a_write,
};

/* The cause lasts: the wire is down in the reset all the same, and up again behind it. */
static void lasting_cause(struct bench *b)
{
    bench_enumerate(b);
    app_set_intx(b, true);
    expect_wire(b, true, "INTX-06");
    const uint64_t before = host_intx_count(b, own_wire(b));
    app_set_flr_delay(b, 2 * LONG_DELAY);
    const uint8_t tag = flr_start(b);
    flr_wait_begin(b);
    bench_run(b, LONG_DELAY);
    bench_expect(b, bench_stopped(b) || !host_intx_asserted(b, own_wire(b)), "INTX-13",
                 "INTx is still asserted in FLR");
    host_wait(b, tag);
    flr_wait_end(b);
    expect_wire(b, true, "INTX-08");
    expect_value(b, "times that the wire rose", host_intx_count(b, own_wire(b)),
                 bench_config(b)->intx_pin ? before + 1 : 0, "INTX-06");
    app_set_intx(b, false);
}

const struct test lasting_cause_does_not_hold_intx_in_flr = {
    .name = "lasting_cause_does_not_hold_intx_in_flr",
    .requirements = "INTX-13, INTX-08, RACE-32",
    .story = "FLR while the cause of INTx lasts: deasserted in the reset, asserted again when it is over.",
    .run = lasting_cause,
};

static void intx(struct bench *b)
{
    for (unsigned round = 0; round < 4 && !bench_stopped(b); round++) {
        bench_enumerate(b);
        app_set_intx(b, true);
        expect_wire(b, true, "INTX-06");
        if (round & 1)
            app_set_flr_delay(b, 30);
        if (round & 2)
            host_set_ready(b, HOST_READY_RANDOM, 20);
        const uint8_t tag = flr_start(b);
        flr_wait_begin(b);
        app_set_intx(b, false);
        flr_wait_end(b);
        bench_expect(b, bench_stopped(b) || !host_intx_asserted(b, own_wire(b)), "RACE-32",
                     "FLR is over and INTx is still asserted");
        host_wait(b, tag);
        release_tx(b);
    }
}

const struct test flr_deasserts_intx_first = {
    .name = "flr_deasserts_intx_first",
    .requirements = "INTX-13, RACE-32",
    .story = "FLR while INTx is asserted: Deassert_INTx has been sent before FLR ends.",
    .run = intx,
};

static void late_completion(struct bench *b)
{
    bench_enumerate(b);
    host_set_answers(b, false);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    bench_run(b, SWEEP);
    flr(b);
    const uint32_t payload[4] = {0};
    struct tlp t = {.kind = TLP_CPLD, .length = 4, .tag = (uint16_t)tag, .byte_count = 16, .requester_id = 0x0100};
    host_send(b, &t, payload);
    bench_enumerate(b);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0x10000, 0x10000, "CFG-19");
    expect_value(b, "how the read ended", (uint64_t)app_read_wait(b, tag, NULL), (uint64_t)-1, "CFG-18");
    host_set_answers(b, true);
    app_read_wait(b, app_read_start(b, dma_buffer(0), 8), NULL);
}

const struct test completion_after_flr_is_unexpected = {
    .name = "completion_after_flr_is_unexpected",
    .requirements = "CFG-18, CFG-19",
    .story =
        "A read is outstanding when FLR comes: Transactions Pending is 0 after it, its completion changes nothing.",
    .run = late_completion,
};

static void inbound(struct bench *b)
{
    start_one(b, 0, false);
    app_set_flr_delay(b, LONG_DELAY);
    const uint8_t tag = flr_start(b);
    flr_wait_begin(b);
    uint8_t config[4], memory[4];
    for (unsigned i = 0; i < 4; i++) {
        host_mem_write32(b, bench_table_address(b, 0, 2), 0xBAD00000U + i);
        memory[i] = host_mem_read_start(b, bench_csr_address(b, 8), 1, 0xF, 0);
        config[i] = i & 1 ? host_cfg_write_start(b, REG_INTERRUPT, 0x1, 0x77) : host_cfg_read_start(b, REG_ID);
    }
    uint8_t kept[3] = {host_cfg_write_start(b, reg_link(b), 0x1, 0xC8),
                       host_cfg_write_start(b, reg_device(b), 0x1, 0x30)};
    host_set_route(b, 9, 5);
    kept[2] = host_cfg_write_start(b, REG_INTERRUPT, 0x1, 0x77);
    host_set_route(b, 1, 0);
    const uint32_t payload = 0x0F17;
    const unsigned read = app_read_start(b, dma_buffer(0), 1);
    app_dma_write_start(b, dma_buffer(1), &payload, 1);
    host_wait(b, tag);
    for (unsigned i = 0; i < 3; i++)
        host_wait(b, kept[i]);
    for (unsigned i = 0; i < 4 && !bench_stopped(b); i++) {
        expect_value(b, "the status of a memory read during FLR", host_wait(b, memory[i]).status, TLP_UR, "MMIO-35");
        expect_value(b, "the status of a configuration request during FLR", host_wait(b, config[i]).status,
                     bench_policy(b)->flr_answers_rrs == POLICY_NO ? TLP_SC : TLP_RRS, "CFG-12");
    }
    flr_wait_end(b);
    expect_config(b, REG_INTERRUPT, 0xFF, 0, "CFG-12");
    host_cfg_read32(b, reg_link(b)); /* the model compares */
    host_cfg_read32(b, reg_device(b));
    app_set_flr_delay(b, 0);
    expect_fresh(b, 0);
    app_read_wait(b, read, NULL);
    expect_host_memory(b, dma_buffer(1), &payload, 1, "CFG-16");
}

const struct test requests_during_flr_are_answered_and_do_nothing = {
    .name = "requests_during_flr_are_answered_and_do_nothing",
    .requirements = "MMIO-35, RACE-31, CFG-12, FC-11",
    .story = "While FLR lasts: reads are UR, writes are dropped, configuration requests are told to try again; credits "
             "return.",
    .run = inbound,
};

/* The credit lets one TLP out, the data write or the Deassert_INTx, whichever was first: the other is dropped by FLR. */
static void deassert_behind_data(struct bench *b)
{
    enum { DWS = 20 };
    uint32_t payload[DWS];
    random_payload(b, payload, DWS);
    for (unsigned delay = 1; delay <= SWEEP && !bench_stopped(b); delay++) {
        bench_enumerate(b);
        app_set_intx(b, true);
        expect_wire(b, true, "INTX-06");
        starve_posted(b, STARVED_HEADERS);
        app_dma_write_start(b, dma_buffer(0), payload, DWS);
        app_set_intx_at(b, false, delay);
        bench_run(b, 2 * SWEEP);
        host_grant(b, 1, 64, 0, 0);
        bench_run(b, SWEEP);
        const uint8_t tag = flr_start(b);
        bench_run(b, SWEEP);
        feed(b);
        host_wait(b, tag);
        flr_wait_end(b);
        expect_wire(b, false, "INTX-13");
    }
}

const struct test race_flr_with_deassert_behind_data = {
    .name = "race_flr_with_deassert_behind_data",
    .requirements = "INTX-13, RACE-32, RACE-30, INTX-17",
    .story =
        "The cause falls in each clock around a data write, credit lets one of the two out, FLR drops the other: the "
        "wire is down after it.",
    .run = deassert_behind_data,
};
