/*
 * test_power.c - power states: what D3hot holds back, and what the way back to D0 resets or keeps.
 */
#include "common.h"

enum { QUIET = 60, SWEEP = 16 };

static bool resets(const struct bench *b)
{
    return !bench_config(b)->no_soft_reset;
}

static void takes_two_states(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned from = 0; from < 4; from += 3)
        for (unsigned to = 0; to < 4 && !bench_stopped(b); to++) {
            set_dstate(b, 0);
            set_dstate(b, from);
            set_dstate(b, to);
            expect_config(b, reg_pmcsr(b), 3, to == 1 || to == 2 ? from : to, "CFG-24");
        }
    expect_config(b, reg_pmcsr(b), 8, resets(b) ? 0 : 8, "MSIX-PBA-32");
    set_dstate(b, 0);
}

const struct test power_state_takes_d0_and_d3hot_only = {
    .name = "power_state_takes_d0_and_d3hot_only",
    .requirements = "CFG-24",
    .story = "All values are written to PowerState from D0 and from D3hot: D1 and D2 leave it as it is.",
    .run = takes_two_states,
};

static void refuses_memory(struct bench *b)
{
    start_one(b, 0, false);
    set_dstate(b, 3);
    const uint64_t address[] = {bench_table_address(b, 0, 2), bench_pba_address(b, 0), bench_csr_address(b, 8)};
    for (unsigned i = 0; i < 3 && !bench_stopped(b); i++) {
        const struct host_completion answer = host_wait(b, host_mem_read_start(b, address[i], 1, 0xF, 0));
        expect_value(b, "the status of a memory read in D3hot", answer.status, TLP_UR, "MMIO-34");
        host_mem_write32(b, address[i], 0xDEAD0000U + i);
    }
    expect_config(b, REG_ID, 0xFFFF, bench_config(b)->vendor_id, "MMIO-34");
    set_dstate(b, 0);
    if (resets(b))
        bench_enumerate(b);
    if (resets(b))
        expect_field_reset(b, 0, 2, "MSIX-PBA-31");
    else
        expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MSIX-PBA-32");
    quiesce(b);
}

const struct test d3hot_refuses_memory_requests = {
    .name = "d3hot_refuses_memory_requests",
    .requirements = "MMIO-34, CFG-24, MSIX-PBA-31, MSIX-PBA-32",
    .story = "In D3hot table, PBA and registers answer with UR and ignore writes; configuration space works on.",
    .run = refuses_memory,
};

static void holds(struct bench *b)
{
    const uint32_t payload = 0x0D3;
    struct capture c;
    start_one(b, 0, false);
    set_dstate(b, 3);
    app_event(b, 0);
    app_dma_write_start(b, dma_buffer(0), &payload, 1);
    capture_start(&c);
    capture_run(b, &c, QUIET);
    expect_value(b, "TLPs on tx in D3hot", c.count, 0, "MSIX-PBA-30");
    set_dstate(b, 0);
    if (resets(b)) {
        start_one(b, 0, true);
        expect_pending(b, 0, false, "MSIX-PBA-31");
        msix_unmask(b, 0);
    }
    quiesce(b);
    expect_messages(b, 0, !resets(b), "MSIX-PBA-32");
    expect_host_memory(b, dma_buffer(0), &payload, 1, "RACE-27");
}

const struct test d3hot_sends_no_message_and_no_data = {
    .name = "d3hot_sends_no_message_and_no_data",
    .requirements = "MSIX-PBA-30, MSIX-PBA-31, MSIX-PBA-32, CFG-24",
    .story = "An event and a data write in D3hot wait; back in D0 the event is sent, or a reset has cleared it.",
    .run = holds,
};

static void pending_survives_or_not(struct bench *b)
{
    const unsigned last = bench_config(b)->nvec - 1;
    start_all(b, true);
    app_event(b, 0);
    app_event(b, last);
    set_dstate(b, 3);
    host_fence(b);
    set_dstate(b, 0);
    if (resets(b)) {
        bench_enumerate(b);
        expect_table_reset(b, "MSIX-PBA-31");
        expect_pba_clear(b, "MSIX-PBA-31");
        expect_config(b, bench_config(b)->msix_cap, 0xC0000000, 0, "MSIX-PBA-31");
    } else {
        expect_pending(b, 0, true, "MSIX-PBA-32");
        expect_pending(b, last, true, "MSIX-PBA-32");
        expect_config(b, bench_config(b)->msix_cap, 0xC0000000, 0x80000000, "MSIX-PBA-32");
    }
}

const struct test d3hot_to_d0_resets_or_keeps_everything = {
    .name = "d3hot_to_d0_resets_or_keeps_everything",
    .requirements = "MSIX-PBA-31, MSIX-PBA-32, MSIX-TBL-32, CFG-24",
    .story = "Masks, addresses, pending bits and enables after D3hot and back, as No_Soft_Reset says.",
    .run = pending_survives_or_not,
};

static void keeps(struct bench *b)
{
    const uint32_t link = 0xC8, mps = bench_config(b)->mps_max / 256;
    bench_enumerate(b);
    host_cfg_write(b, reg_link(b), 0x1, link);
    host_cfg_write(b, reg_device(b), 0x1, mps << 5 | 0x10);
    set_dstate(b, 3);
    set_dstate(b, 0);
    expect_config(b, reg_link(b), 0xFF, link, "MSIX-PBA-31");
    expect_config(b, reg_device(b), 7U << 5, mps << 5, "MSIX-PBA-31");
}

const struct test d3hot_keeps_payload_size_and_link_control = {
    .name = "d3hot_keeps_payload_size_and_link_control",
    .requirements = "MSIX-PBA-31, MSIX-PBA-32, CFG-24",
    .story = "Back from D3hot, with or without a reset: payload size and link control are as they were written.",
    .run = keeps,
};

static void race(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned delay = 1; delay <= SWEEP && !bench_stopped(b); delay++) {
        app_event_at(b, 0, delay);
        const uint8_t down = host_cfg_write_start(b, reg_pmcsr(b), 0x1, 3);
        host_wait(b, down);
        host_fence(b);
        bench_run(b, QUIET);
        set_dstate(b, 0);
        if (resets(b))
            start_one(b, 0, false);
        app_event_flush(b);
        quiesce(b);
    }
}

const struct test race_event_with_d3hot = {
    .name = "race_event_with_d3hot",
    .requirements = "RACE-34, MSIX-PBA-30",
    .story = "An event in each clock around the write of D3hot: its message comes before the fence or waits for D0.",
    .run = race,
};

/* Queued in one row, so that the writes of PowerState fall into the reset, or are carried out behind it. */
static void race_behind_flr(struct bench *b)
{
    for (unsigned writes = 1; writes <= 3 && !bench_stopped(b); writes++)
        for (unsigned delay = 1; delay <= SWEEP && !bench_stopped(b); delay++) {
            uint8_t tag[4];
            start_one(b, 0, false);
            app_event_at(b, 0, 2 * writes + delay);
            const uint8_t reset = flr_start(b);
            for (unsigned k = 0; k <= writes; k++)
                tag[k] = host_cfg_write_start(b, reg_pmcsr(b), 0x1, k < writes ? 3 : 0);
            host_wait(b, reset);
            for (unsigned k = 0; k <= writes; k++)
                host_wait(b, tag[k]);
            flr_wait_end(b);
            app_event_flush(b);
            set_dstate(b, 0);
            start_one(b, 0, true);
            host_mem_read32(b, bench_pba_address(b, 0));
            msix_unmask(b, 0);
            quiesce(b);
        }
}

const struct test race_event_with_d3hot_behind_flr = {
    .name = "race_event_with_d3hot_behind_flr",
    .requirements = "MSIX-PBA-31, MSIX-PBA-33, CFG-12",
    .story = "FLR, D3hot and D0 are written in one row, with an event in each clock around them: it is kept or lost.",
    .run = race_behind_flr,
};
