/*
 * test_pba.c - the pending-bit array as software reads it.
 */
#include "common.h"

#include "skips.h"

enum { QWORDS = 32 };

/* The array by DWORDs and by QWORDs is exactly `wanted`. */
static void expect_pba(struct bench *b, const uint64_t *wanted, const char *requirement)
{
    uint64_t qword[QWORDS];
    uint32_t dword[2 * QWORDS];
    read_pba(b, qword);
    read_dwords(b, bench_pba_address(b, 0), 2 * pba_qwords(b), dword);
    for (unsigned q = 0; q < pba_qwords(b) && !bench_stopped(b); q++) {
        expect_value(b, "a QWORD of the PBA", qword[q], wanted[q], requirement);
        expect_value(b, "the same by DWORDs", (uint64_t)dword[2 * q + 1] << 32 | dword[2 * q], wanted[q], requirement);
    }
}

static void one_bit_at_a_time(struct bench *b)
{
    uint64_t wanted[QWORDS] = {0};
    unsigned v;
    start_all(b, true);
    expect_pba(b, wanted, "MSIX-PBA-02");
    for (unsigned i = 0; boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        app_event(b, v);
        wanted[v / 64] |= UINT64_C(1) << v % 64;
        expect_pba(b, wanted, "MSIX-PBA-01");
    }
    expect_total(b, 0, "MSIX-PBA-06");
}

const struct test pending_bit_stands_at_its_place = {
    .name = "pending_bit_stands_at_its_place",
    .requirements = "MSIX-PBA-01, MSIX-PBA-04, MSIX-PBA-22",
    .story = "Vectors beside each 32 and 64 boundary set their own bit, the same by DWORD and by QWORD, and no other.",
    .run = one_bit_at_a_time,
};

static void random_subsets(struct bench *b)
{
    uint64_t wanted[QWORDS] = {0};
    start_all(b, true);
    for (unsigned round = 0; round < 4 && !bench_stopped(b); round++) {
        for (unsigned i = 0; i < bench_config(b)->nvec / 4U + 1U; i++) {
            const unsigned v = any_vector(b);
            app_event_start(b, v);
            wanted[v / 64] |= UINT64_C(1) << v % 64;
        }
        app_event_flush(b);
        expect_pba(b, wanted, "MSIX-PBA-01");
    }
}

const struct test random_pending_set_reads_exactly = {
    .name = "random_pending_set_reads_exactly",
    .requirements = "MSIX-PBA-01, MSIX-PBA-04, MSIX-PBA-08, MSIX-PBA-22",
    .story = "Growing random sets of masked events read back exactly, by DWORD and by QWORD.",
    .run = random_subsets,
};

static void every_bit_set(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    uint64_t wanted[QWORDS] = {0};
    start_all(b, true);
    for (unsigned v = 0; v < nvec; v++) {
        app_event_start(b, v);
        wanted[v / 64] |= UINT64_C(1) << v % 64;
    }
    app_event_flush(b);
    expect_pba(b, wanted, "MSIX-PBA-01");
    host_fence(b);
    expect_total(b, 0, "MSIX-PBA-06");
}

const struct test all_pending_bits_and_no_more = {
    .name = "all_pending_bits_and_no_more",
    .requirements = "MSIX-PBA-01, MSIX-PBA-03, MSIX-PBA-06, EDGE-11",
    .story = "With every vector pending the array holds NVEC ones, and zeros past the last vector.",
    .run = every_bit_set,
};

static void past_the_last_bit(struct bench *b)
{
    start_all(b, true);
    const unsigned last = bench_config(b)->nvec - 1U;
    app_event(b, last);
    host_mem_write64(b, bench_pba_address(b, last), UINT64_MAX);
    const uint64_t qword = host_mem_read64(b, bench_pba_address(b, last));
    expect_value(b, "the last QWORD of the PBA", qword, UINT64_C(1) << last % 64, "MSIX-PBA-03");
}

const struct test undefined_write_past_the_last_bit_reads_zero = {
    .name = "undefined_write_past_the_last_bit_reads_zero",
    .requirements = "MSIX-PBA-03, MSIX-PBA-05, ENV-06",
    .story = "Not even a write of all ones makes the bits past the last vector read one.",
    .skip = skip_if_last_qword_is_full,
    .run = past_the_last_bit,
};

static void writes_are_ignored(struct bench *b)
{
    const unsigned v = any_vector(b);
    uint64_t wanted[QWORDS] = {0};
    wanted[v / 64] = UINT64_C(1) << v % 64;
    start_all(b, true);
    app_event(b, v);
    for (unsigned q = 0; q < pba_qwords(b); q++) {
        host_mem_write64(b, bench_pba_address(b, 64 * q), q & 1U ? UINT64_MAX : 0);
        host_mem_write32(b, bench_pba_address(b, 64 * q) + 4, 0x55555555U);
    }
    expect_pba(b, wanted, "MSIX-PBA-05");
    for (unsigned q = 0; q < pba_qwords(b); q++)
        host_mem_write64(b, bench_pba_address(b, 64 * q), q & 1U ? 0 : UINT64_MAX);
    expect_pba(b, wanted, "MSIX-PBA-05");
    msix_unmask(b, v);
    quiesce(b);
    expect_messages(b, v, 1, "ENV-06");
    expect_total(b, 1, "ENV-06");
}

const struct test undefined_pba_writes_are_ignored = {
    .name = "undefined_pba_writes_are_ignored",
    .requirements = "MSIX-PBA-05, ENV-06",
    .story = "Writes to the PBA are undefined for PCIe; this block ignores them: no bit set, none cleared, no message.",
    .run = writes_are_ignored,
};

static void polling(struct bench *b)
{
    start_all(b, true);
    for (unsigned i = 0; i < 200 && !bench_stopped(b); i++) {
        const unsigned v = any_vector(b);
        app_event(b, v);
        expect_pending(b, v, true, "MSIX-PBA-20");
        app_clear(b, v);
        expect_pending(b, v, false, "MSIX-PBA-18");
    }
    expect_total(b, 0, "MSIX-PBA-20");
    expect_pba_clear(b, "MSIX-PBA-20");
}

const struct test polling_works_without_messages = {
    .name = "polling_works_without_messages",
    .requirements = "MSIX-PBA-20, MSIX-PBA-18, MSIX-PBA-19",
    .story = "Vectors stay masked for ever: two hundred causes come, are seen in the PBA, are served and disappear, "
             "with no message.",
    .run = polling,
};

/* Reads the vector's pending bit until it is set; the host's memory must hold the payload at that moment. */
static void poll_then_look(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws)
{
    bool seen = false;
    for (unsigned i = 0; i < 100 && !seen && !bench_stopped(b); i++)
        seen = msix_pending(b, 0);
    bench_expect(b, seen, "RACE-17", "a hundred reads did not show the pending bit");
    expect_host_memory(b, address, payload, dws, "RACE-19");
}

static void pending_bit_as_flag(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, true);
    host_set_ready(b, HOST_READY_RANDOM, 40);
    for (unsigned round = 0; round < 30 && !bench_stopped(b); round++) {
        const unsigned dws = 1 + rng_below(bench_rng(b), DMA_MAX_DW);
        random_payload(b, payload, dws);
        app_dma_write(b, dma_buffer(round), payload, dws);
        app_event_at(b, 0, 1);
        poll_then_look(b, dma_buffer(round), payload, dws);
        app_clear(b, 0);
    }
    release_tx(b);
    host_fence(b);
    expect_total(b, 0, "MSIX-PBA-20");
}

const struct test pending_bit_is_a_flag_for_data = {
    .name = "pending_bit_is_a_flag_for_data",
    .requirements = "RACE-17, RACE-19, ORD-12, ORD-29, MSIX-PBA-11",
    .story = "Data, then a masked event: when a poll sees the pending bit the data is in host memory.",
    .run = pending_bit_as_flag,
};

static void reads_during_a_drain(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    start_all(b, false);
    msix_control(b, true, true);
    for (unsigned v = 0; v < nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    host_set_ready(b, HOST_READY_RANDOM, 25);
    host_forget(b, control_start(b, capability_find(b, CAP_MSIX), true, false));
    for (unsigned i = 0; i < 40 && !bench_stopped(b); i++)
        host_mem_read64(b, bench_pba_address(b, any_vector(b)));
    release_tx(b);
    quiesce(b);
    expect_messages_each(b, 1, "RACE-18");
    expect_pba_clear(b, "MSIX-PBA-10");
}

const struct test pba_reads_during_a_drain_are_honest = {
    .name = "pba_reads_during_a_drain_are_honest",
    .requirements = "RACE-18, MSIX-PBA-04, MSIX-PBA-10, MSIX-PBA-11, MSIX-PBA-12",
    .story = "Reads in the middle of a slow drain: no bit reads zero ahead of its message, and each vector sends once.",
    .run = reads_during_a_drain,
};
