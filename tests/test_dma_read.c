/*
 * test_dma_read.c - reads of host memory by the device logic: order, credits, completions, errors.
 */
#include "common.h"

#include "host_memory.h"

enum {
    READS = 60,
    MANY = 24,
    PIECE = 16,
    STUCK = 12, /* more than the block queues */
    QUIET = 60
};

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
    unsigned tag[STUCK];
    for (unsigned k = 0; k < STUCK; k++)
        tag[k] = app_read_start(b, dma_buffer(0), 4);
    bench_run(b, DMA_MAX_DW);
    host_grant(b, 64, 200, 64, 64);
    for (unsigned i = 0; i < MANY && !bench_stopped(b); i++) {
        app_dma_write(b, dma_buffer(1), &payload, 1);
        app_event(b, 0);
        bench_wait_messages(b, 0, i + 1, 1000, "RACE-49");
        expect_dword(b, bench_csr_address(b, 8), app_csr_read(b, 8), "ORD-10");
    }
    bench_expect(b, !app_read_done(b, tag[0]), "FC-08", "a read has left without credit");
    host_grant_nonposted(b, 1, 0);
    app_read_wait(b, tag[0], NULL);
    feed(b);
    for (unsigned k = 1; k < STUCK && !bench_stopped(b); k++)
        app_read_wait(b, tag[k], NULL);
}

const struct test messages_data_and_completions_pass_a_stalled_read = {
    .name = "messages_data_and_completions_pass_a_stalled_read",
    .requirements = "ORD-09, ORD-10, ORD-21, RACE-49, FC-01, FC-08",
    .story =
        "NPH = 0 and more reads than the block can queue: data, messages and register reads go on; one credit lets one "
        "go.",
    .run = passed,
};

/* Nothing leaves in so many clocks. */
static void expect_silence(struct bench *b, unsigned clocks, const char *requirement)
{
    struct capture c;
    capture_start(&c);
    capture_run(b, &c, clocks);
    expect_value(b, "TLPs on tx", c.count, 0, requirement);
}

static void held(struct bench *b)
{
    bench_enumerate(b);
    msix_bus_master(b, false);
    host_fence(b);
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    expect_silence(b, DMA_MAX_DW, "CFG-02");
    expect_value(b, "dmr_tready with BME = 0", bench_out(b)->dmr_tready, 0, "CFG-02");
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING, 0, "CFG-18");
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
    .story = "With BME = 0 no read request is taken in or leaves, and none is lost, whenever the write comes.",
    .run = held,
};

/* The fence does not wait for the read, so the read must not come behind it. */
static void stuck_without_bus_master(struct bench *b)
{
    for (unsigned sleep = 0; sleep < 2 && !bench_stopped(b); sleep++) {
        bench_enumerate(b);
        starve_reads(b);
        const unsigned tag = app_read_start(b, dma_buffer(0), 4);
        bench_run(b, DMA_MAX_DW);
        if (sleep)
            set_dstate(b, 3);
        else
            msix_bus_master(b, false);
        host_fence(b);
        host_grant_nonposted(b, 8, 0);
        expect_silence(b, QUIET, sleep ? "CFG-24" : "RACE-26");
        feed(b);
        set_dstate(b, 0);
        bench_enumerate(b);
        app_read_wait(b, tag, NULL);
    }
}

const struct test stalled_read_stays_when_bus_mastering_goes = {
    .name = "stalled_read_stays_when_bus_mastering_goes",
    .requirements = "RACE-26, CFG-02, CFG-24, FC-08",
    .story = "A read waits for credit when BME or D0 goes: credit that comes behind the fence does not let it out.",
    .run = stuck_without_bus_master,
};

static void behind_message(struct bench *b)
{
    start_one(b, 0, false);
    starve_posted(b, STARVED_HEADERS);
    app_event(b, 0);
    bench_run(b, DMA_MAX_DW + search_clocks(b)); /* the message is committed */
    const unsigned tag = app_read_start(b, dma_buffer(0), 4);
    expect_silence(b, QUIET, "ORD-11");
    feed(b);
    app_read_wait(b, tag, NULL);
    expect_messages(b, 0, 1, "ORD-11");
}

const struct test device_read_waits_behind_messages = {
    .name = "device_read_waits_behind_messages",
    .requirements = "ORD-11, FC-08",
    .story = "A message waits for a header credit and a read comes behind it: the read waits too.",
    .run = behind_message,
};

/* 255 reads of all sizes, whose answers all come when the last one has been asked for. */
static void all_tags_once(struct bench *b, const uint32_t *there, const struct host_answer_style *style)
{
    enum { MOST = APP_READ_TAGS - 1 };
    uint32_t got[APP_READ_MAX_DW];
    unsigned tag[MOST], first[MOST] = {0}, dws[MOST] = {0};
    struct rng *rng = bench_rng(b);
    host_set_answer_style(b, &(struct host_answer_style){.hold = true});
    for (unsigned i = 0; i < MOST && !bench_stopped(b); i++) {
        first[i] = rng_below(rng, APP_READ_MAX_DW);
        dws[i] = 1 + rng_below(rng, APP_READ_MAX_DW - first[i]);
        tag[i] = app_read_start(b, dma_buffer(0) + 4U * first[i], dws[i]);
    }
    bench_run(b, 8 * MOST);
    host_set_answer_style(b, style);
    for (unsigned i = 0; i < MOST && !bench_stopped(b); i++) {
        expect_value(b, "how a read ended", (uint64_t)app_read_wait(b, tag[i], got), TLP_SC, "ORD-22");
        for (unsigned d = 0; d < dws[i] && !bench_stopped(b); d++)
            expect_value(b, "a DW that was read", got[d], there[first[i] + d], "ORD-22");
    }
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0xF0000, 0, "CFG-18");
}

static void all_tags(struct bench *b)
{
    static const struct host_answer_style styles[] = {
        {.mixed = true}, {.delay = 0}, {.mixed = true, .delay = 3}, {.delay = 5}};
    uint32_t there[APP_READ_MAX_DW];
    bench_enumerate(b);
    fill_memory(b, dma_buffer(0), there, APP_READ_MAX_DW);
    for (unsigned round = 0; round < 4 && !bench_stopped(b); round++)
        all_tags_once(b, there, &styles[round]);
}

const struct test reads_with_all_tags_at_a_time = {
    .name = "reads_with_all_tags_at_a_time",
    .requirements = "ORD-14, ORD-15, ORD-22, CFG-18, CFG-19",
    .story =
        "255 reads of all sizes are outstanding together; their completions come in pieces, in any order and in turn.",
    .run = all_tags,
};

static void long_completions(struct bench *b)
{
    uint32_t there[APP_READ_MAX_DW], got[APP_READ_MAX_DW];
    bench_enumerate(b);
    fill_memory(b, dma_buffer(1), there, APP_READ_MAX_DW);
    for (unsigned code = 0; 128U << code <= bench_config(b)->mps_max && !bench_stopped(b); code++) {
        host_cfg_write(b, reg_device(b), 0x1, 0x10 | code << 5);
        host_set_answer_style(b, &(struct host_answer_style){.most = 128U << code});
        for (unsigned first = 0; first < 3 && !bench_stopped(b); first++) {
            const unsigned dws = APP_READ_MAX_DW - first;
            const unsigned tag = app_read_start(b, dma_buffer(1) + 4U * first, dws);
            expect_value(b, "how a read ended", (uint64_t)app_read_wait(b, tag, got), TLP_SC, "ORD-22");
            for (unsigned d = 0; d < dws && !bench_stopped(b); d++)
                expect_value(b, "a DW that was read", got[d], there[first + d], "ORD-22");
        }
    }
}

const struct test completions_of_the_largest_payload_are_passed_on = {
    .name = "completions_of_the_largest_payload_are_passed_on",
    .requirements = "ORD-22, CFG-19, CFG-25",
    .story = "For every payload size that the block supports: reads whose completions have just that size.",
    .run = long_completions,
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

static void credits_over_flr(struct bench *b)
{
    bench_enumerate(b);
    host_set_credits(b, HOST_CREDITS_FROZEN);
    for (unsigned i = 0; i < 5 && !bench_stopped(b); i++)
        app_read_wait(b, app_read_start(b, dma_buffer(0), 1), NULL);
    flr(b);
    bench_enumerate(b);
    starve_reads(b);
    const unsigned tag = app_read_start(b, dma_buffer(0), 1);
    expect_silence(b, QUIET, "FC-12");
    feed(b);
    app_read_wait(b, tag, NULL);
}

const struct test flr_keeps_the_credits_of_reads = {
    .name = "flr_keeps_the_credits_of_reads",
    .requirements = "FC-12, CFG-17, FC-03",
    .story = "Reads use credit before and after FLR: together exactly as many leave as there was credit for.",
    .run = credits_over_flr,
};

/* Reads wait at every moment, and tx is slow: completions get their turn all the same. */
static void flood(struct bench *b)
{
    enum { FLOOD = 200, ASKED = 10 };
    bench_enumerate(b);
    host_set_answer_style(b, &(struct host_answer_style){.hold = true});
    host_set_ready(b, HOST_READY_RANDOM, 30);
    for (unsigned i = 0; i < FLOOD && !bench_stopped(b); i++)
        app_read_forget(b, app_read_start(b, dma_buffer(0), 1));
    for (unsigned i = 0; i < ASKED && !bench_stopped(b); i++)
        expect_dword(b, bench_csr_address(b, 8), app_csr_read(b, 8), "ORD-21");
    bench_expect(b, bench_stopped(b) || host_answers_waiting(b) < FLOOD, "ORD-21",
                 "%u register reads were answered only when all %u reads of the device had left", (unsigned)ASKED,
                 (unsigned)FLOOD);
    release_tx(b);
    host_set_answer_style(b, &(struct host_answer_style){.delay = 0});
}

const struct test reads_do_not_starve_completions = {
    .name = "reads_do_not_starve_completions",
    .requirements = "ORD-10, ORD-21, MMIO-04",
    .story = "Two hundred reads of the device want to leave: register reads are answered in between.",
    .run = flood,
};
