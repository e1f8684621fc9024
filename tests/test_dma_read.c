/*
 * test_dma_read.c - reads of host memory by the device logic: order, credits, completions, errors.
 */
#include "common.h"

#include "host_memory.h"

enum { READS = 60, MANY = 24, PIECE = 16 };

static void fill_memory(struct bench *b, uint64_t address, uint32_t *values, unsigned dws)
{
    random_payload(b, values, dws);
    for (unsigned done = 0; done < dws; done += DMA_MAX_DW)
        app_dma_write(b, address + 4U * done, values + done, dws - done < DMA_MAX_DW ? dws - done : DMA_MAX_DW);
    bench_settle(b);
}

static void reads(struct bench *b)
{
    uint32_t there[4][APP_READ_MAX_DW], got[APP_READ_MAX_DW];
    struct rng *rng = bench_rng(b);
    bench_enumerate(b);
    for (unsigned k = 0; k < 4; k++)
        fill_memory(b, dma_buffer(k), there[k], APP_READ_MAX_DW);
    for (unsigned i = 0; i < READS && !bench_stopped(b); i++) {
        unsigned tag[4], first[4], dws[4];
        host_set_answer_style(b, &(struct host_answer_style){.mixed = i % 3 != 0, .delay = i % 4 * 10});
        for (unsigned k = 0; k < 4; k++) {
            first[k] = rng_below(rng, APP_READ_MAX_DW);
            dws[k] = 1 + rng_below(rng, APP_READ_MAX_DW - first[k]);
            tag[k] = app_read_start(b, dma_buffer(k) + 4U * first[k], dws[k]);
        }
        for (unsigned k = 0; k < 4; k++) {
            const int status = app_read_wait(b, tag[k], got);
            bench_expect(b, bench_stopped(b) || status == TLP_SC, "ORD-22", "a read has ended with status %d", status);
            for (unsigned d = 0; d < dws[k] && !bench_stopped(b); d++)
                expect_value(b, "a DW that was read", got[d], there[k][first[k] + d], "ORD-22");
        }
    }
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, 0, "CFG-18");
}

const struct test device_reads_return_host_memory = {
    .name = "device_reads_return_host_memory",
    .requirements = "ORD-14, ORD-15, ORD-16, ORD-22, CFG-18, FC-01",
    .story = "Four reads at a time of all sizes; completions are cut, mixed and delayed by chance.",
    .run = reads,
};

static void behind_writes(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned ro = 0; ro < 2 && !bench_stopped(b); ro++) {
        uint32_t payload[4], got[4];
        starve_posted(b, STARVED_DATA);
        random_payload(b, payload, 4);
        app_dma_write(b, dma_buffer(ro), payload, 4);
        app_set_attributes(b, ro, false, false);
        const unsigned tag = app_read_start(b, dma_buffer(ro), 4);
        struct capture c;
        capture_start(&c);
        capture_run(b, &c, DMA_MAX_DW);
        expect_value(b, "TLPs on tx while the data write waits", c.count, 0, "ORD-11");
        feed(b);
        app_read_wait(b, tag, got);
        for (unsigned d = 0; d < 4 && !bench_stopped(b); d++)
            expect_value(b, "a DW read behind its write", got[d], payload[d], "ORD-11");
        app_set_attributes(b, false, false, false);
    }
}

const struct test device_read_waits_behind_writes = {
    .name = "device_read_waits_behind_writes",
    .requirements = "ORD-11, FC-08",
    .story =
        "A write waits for credit and a read comes behind it, relaxed or not: the read waits too and finds the data.",
    .run = behind_writes,
};

/* Both DWs of an 8-byte buffer, by a write and a read each. */
static void write_and_read(struct bench *b, uint64_t address)
{
    uint32_t there[2] = {0}, got[2] = {0};
    random_payload(b, there, 2);
    for (unsigned k = 0; k < 2; k++)
        app_dma_write(b, address + 4U * k, there + k, 1);
    for (unsigned k = 0; k < 2; k++)
        app_read_wait(b, app_read_start(b, address + 4U * k, 1), got + k);
    for (unsigned k = 0; k < 2; k++)
        expect_value(b, "a DW that was read", got[k], there[k], "ORD-22");
}

/* Each address bit and each bit of the Requester ID alone: a line that is stuck reads what belongs to another address. */
static void address_bits(struct bench *b)
{
    for (unsigned bit = 2; bit < 64 && !bench_stopped(b); bit++) {
        host_set_route(b, (uint8_t)(1U << bit % 8), (uint8_t)(1U << bit % 5));
        bench_place(b);
        write_and_read(b, UINT64_C(1) << bit);
        if (bit < 32) /* and with the long header */
            write_and_read(b, UINT64_C(1) << 40 | UINT64_C(1) << bit);
    }
}

const struct test device_reads_with_each_address_bit = {
    .name = "device_reads_with_each_address_bit",
    .requirements = "ORD-22, TLP-17, TLP-31",
    .story = "A DW is written and read at each power of two, each time with another bus and device number.",
    .run = address_bits,
};

static void starve_reads(struct bench *b)
{
    host_set_credits(b, HOST_CREDITS_FROZEN);
    while (host_credits_left(b).nph > 0 && !bench_stopped(b)) {
        const unsigned before = host_credits_left(b).nph;
        app_read_wait(b, app_read_start(b, dma_buffer(0), 1), NULL);
        expect_value(b, "NPH left", host_credits_left(b).nph, before - 1, "FC-01");
    }
}

static void passed(struct bench *b)
{
    const uint32_t payload = 0x4E5048;
    start_one(b, 0, false);
    starve_reads(b);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    bench_run(b, DMA_MAX_DW);
    host_grant(b, 64, 200, 64, 64);
    for (unsigned i = 0; i < MANY && !bench_stopped(b); i++) {
        app_dma_write(b, dma_buffer(1), &payload, 1);
        app_event(b, 0);
        bench_wait_messages(b, 0, i + 1, 1000, "RACE-49");
        expect_dword(b, bench_csr_address(b, 8), app_csr_read(b, 8), "ORD-10");
    }
    bench_expect(b, !app_read_done(b, tag), "FC-08", "a read has left without credit");
    host_grant_nonposted(b, 1, 0);
    app_read_wait(b, tag, NULL);
    feed(b);
}

const struct test messages_data_and_completions_pass_a_stalled_read = {
    .name = "messages_data_and_completions_pass_a_stalled_read",
    .requirements = "ORD-09, ORD-10, ORD-21, RACE-49, FC-01, FC-08",
    .story = "NPH = 0 and a read that waits: data, messages and register reads go on; one credit lets the read go.",
    .run = passed,
};

static void held(struct bench *b)
{
    bench_enumerate(b);
    msix_bus_master(b, false);
    host_fence(b);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    struct capture c;
    capture_start(&c);
    capture_run(b, &c, DMA_MAX_DW);
    expect_value(b, "TLPs on tx with BME = 0", c.count, 0, "CFG-02");
    msix_bus_master(b, true);
    app_read_wait(b, tag, NULL);
    for (unsigned delay = 0; delay < PIECE && !bench_stopped(b); delay++) {
        const unsigned race = app_read_start(b, dma_buffer(0), 1);
        bench_run(b, delay);
        msix_bus_master(b, false);
        host_fence(b);
        bench_run(b, DMA_MAX_DW);
        msix_bus_master(b, true);
        app_read_wait(b, race, NULL);
    }
}

const struct test bus_master_off_holds_reads = {
    .name = "bus_master_off_holds_reads",
    .requirements = "CFG-02, RACE-26",
    .story = "With BME = 0 no read request leaves, and none is lost, whenever the write comes.",
    .run = held,
};

static void before_enumeration(struct bench *b)
{
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    struct capture c;
    capture_start(&c);
    capture_run(b, &c, DMA_MAX_DW);
    expect_value(b, "TLPs on tx before the first configuration write", c.count, 0, "CFG-23");
    bench_reset(b, 2); /* the request carries ID 0, and nobody could answer it */
    app_read_wait(b, tag, NULL);
    bench_enumerate(b);
    app_read_wait(b, app_read_start(b, dma_buffer(0), 4), NULL);
}

const struct test no_read_leaves_before_the_first_configuration_write = {
    .name = "no_read_leaves_before_the_first_configuration_write",
    .requirements = "CFG-23",
    .story = "A read handed over right after reset waits; after enumeration reads leave.",
    .run = before_enumeration,
};

static void wrong_answers(struct bench *b)
{
    static const struct host_answer_style styles[] = {
        {.ur = 100}, {.ca = 100}, {.poisoned = 100}, {.ur = 30, .ca = 30, .poisoned = 30, .mixed = true, .delay = 5}};
    bench_enumerate(b);
    host_cfg_write(b, REG_COMMAND, 0x3, COMMAND_MSE | COMMAND_BME | COMMAND_PARITY);
    for (unsigned s = 0; s < 4 && !bench_stopped(b); s++) {
        host_set_answer_style(b, &styles[s]);
        for (unsigned i = 0; i < MANY && !bench_stopped(b); i++)
            app_read_wait(b, app_read_start(b, dma_buffer(0), 1 + i), NULL);
        host_fence(b);
        host_cfg_read32(b, REG_COMMAND);
        host_cfg_read32(b, reg_device(b));
        host_cfg_write32(b, REG_COMMAND, UINT32_C(0xFFFF0000) | COMMAND_MSE | COMMAND_BME | COMMAND_PARITY);
        host_cfg_write(b, reg_device(b), 0x4, UINT32_MAX);
        host_cfg_read32(b, REG_COMMAND);
        host_cfg_read32(b, reg_device(b));
    }
}

const struct test reads_that_fail_are_reported = {
    .name = "reads_that_fail_are_reported",
    .requirements = "MMIO-38, CFG-25, ORD-22",
    .story = "Answers with UR, CA and poisoned data end reads and set the status bits that stand for them.",
    .run = wrong_answers,
};

/* A completion made by the test. */
static void answer(struct bench *b, unsigned tag, unsigned dws, unsigned byte_count, unsigned lower_address,
                   uint16_t id)
{
    const uint32_t payload[DMA_MAX_DW] = {0};
    struct tlp t = {.kind = dws ? TLP_CPLD : TLP_CPL,
                    .length = (uint16_t)dws,
                    .tag = (uint16_t)tag,
                    .byte_count = (uint16_t)byte_count,
                    .lower_address = (uint8_t)lower_address,
                    .requester_id = id};
    host_send(b, &t, dws ? payload : NULL);
}

static void unexpected(struct bench *b)
{
    bench_enumerate(b);
    host_fence(b);
    host_set_answers(b, false);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    bench_run(b, DMA_MAX_DW);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, DEVICE_STATUS_PENDING, "CFG-18");
    answer(b, tag + 1, 4, 16, 0, 0x0100); /* another tag */
    answer(b, tag, 4, 16, 0, 0x0208);     /* another requester */
    host_fence(b);
    expect_config(b, reg_device(b), 0xF0000, 0x10000, "CFG-19");
    answer(b, tag, 0, 16, 0, 0x0100); /* successful without data */
    answer(b, tag, 4, 12, 0, 0x0100); /* wrong Byte Count */
    answer(b, tag, 5, 16, 0, 0x0100); /* more than asked for */
    host_fence(b);
    expect_config(b, reg_device(b), 0xF0000, 0x50000, "MMIO-38");
    bench_expect(b, !app_read_done(b, tag), "CFG-19", "a wrong completion has ended a read");
    answer(b, tag, 2, 16, 0, 0x0100);
    answer(b, tag, 2, 8, 8, 0x0100);
    app_read_wait(b, tag, NULL);
    answer(b, tag, 2, 8, 8, 0x0100); /* once too often */
    host_fence(b);
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, 0, "CFG-18");
    host_set_answers(b, true);
}

const struct test completions_that_match_no_read_are_dropped = {
    .name = "completions_that_match_no_read_are_dropped",
    .requirements = "CFG-18, CFG-19, MMIO-28, MMIO-38",
    .story =
        "Wrong tag, wrong requester, no data, wrong counts, too much: dropped and reported; the right ones are taken.",
    .run = unexpected,
};
