/*
 * test_table.c - the MSI-X table as memory: every DW of every entry, and nothing but them.
 */
#include "common.h"

#include "skips.h"

#include <inttypes.h>

enum { FIELDS = 4, CONTROL = 3, CHUNK_DW = 16, LONG_DW = 8 };

/* A number that no two DWs of a table share; legal for its field: address bits 1:0 zero, reserved control bits zero, masked. */
static uint32_t unique(unsigned vector, unsigned field)
{
    const uint32_t mixed = (vector * FIELDS + field + 1U) * UINT32_C(0x9E3779B1);
    if (field == CONTROL)
        return 1;
    return field == 0 ? mixed & ~UINT32_C(3) : mixed;
}

/* All DWs of the table in address order are unique(). */
static void expect_unique_by_dword(struct bench *b)
{
    const unsigned dws = FIELDS * bench_config(b)->nvec;
    for (unsigned done = 0; done < dws && !bench_stopped(b); done += CHUNK_DW) {
        uint32_t value[CHUNK_DW];
        const unsigned n = dws - done < CHUNK_DW ? dws - done : CHUNK_DW;
        read_dwords(b, bench_table_address(b, 0, 0) + 4U * done, n, value);
        for (unsigned i = 0; i < n && !bench_stopped(b); i++)
            expect_value(b, "a DW of the table", value[i], unique((done + i) / FIELDS, (done + i) % FIELDS),
                         "MSIX-TBL-01");
    }
}

static uint64_t unique_pair(unsigned vector, unsigned half)
{
    return (uint64_t)unique(vector, 2 * half + 1) << 32 | unique(vector, 2 * half);
}

static void expect_unique_by_qword(struct bench *b)
{
    const unsigned qwords = 2 * bench_config(b)->nvec;
    for (unsigned done = 0; done < qwords && !bench_stopped(b); done += CHUNK_DW) {
        uint64_t value[CHUNK_DW];
        const unsigned n = qwords - done < CHUNK_DW ? qwords - done : CHUNK_DW;
        read_qwords(b, bench_table_address(b, 0, 0) + 8U * done, n, value);
        for (unsigned i = 0; i < n && !bench_stopped(b); i++)
            expect_value(b, "a QWORD of the table", value[i], unique_pair((done + i) / 2, (done + i) % 2),
                         "MSIX-TBL-12");
    }
}

static void dwords_upwards(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++)
        for (unsigned field = 0; field < FIELDS; field++)
            host_mem_write32(b, bench_table_address(b, v, field), unique(v, field));
    expect_unique_by_dword(b);
    expect_unique_by_qword(b);
}

const struct test table_dwords_are_distinct_upwards = {
    .name = "table_dwords_are_distinct_upwards",
    .requirements = "MSIX-TBL-01, MSIX-TBL-11, MSIX-TBL-12, MSIX-CAP-16",
    .story =
        "A unique number in every DW of every entry, written from first to last, reads back by DWORD and by QWORD.",
    .run = dwords_upwards,
};

static void qwords_downwards(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned v = bench_config(b)->nvec; v-- > 0 && !bench_stopped(b);)
        for (unsigned half = 2; half-- > 0;)
            host_mem_write64(b, bench_table_address(b, v, 2 * half), unique_pair(v, half));
    expect_unique_by_qword(b);
    expect_unique_by_dword(b);
}

const struct test table_qwords_are_distinct_downwards = {
    .name = "table_qwords_are_distinct_downwards",
    .requirements = "MSIX-TBL-01, MSIX-TBL-11, MSIX-TBL-12",
    .story = "The same by QWORD writes from last to first: address decoding has no aliases in either direction.",
    .run = qwords_downwards,
};

/* Walks a one and a zero through one field of one entry. */
static void walk_field(struct bench *b, unsigned vector, unsigned field)
{
    const uint64_t address = bench_table_address(b, vector, field);
    for (unsigned bit = field == 0 ? 2 : 0; bit < 32 && !bench_stopped(b); bit++) {
        const uint32_t one = UINT32_C(1) << bit;
        const uint32_t zero = field == 0 ? ~one & ~UINT32_C(3) : ~one;
        host_mem_write32(b, address, one);
        expect_dword(b, address, one, "MSIX-TBL-02");
        host_mem_write32(b, address, zero);
        expect_dword(b, address, zero, "MSIX-TBL-02");
    }
}

static void walking_bits(struct bench *b)
{
    bench_enumerate(b);
    const unsigned entry[] = {0, bench_config(b)->nvec - 1U, any_vector(b)};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned field = 0; field < CONTROL; field++)
            walk_field(b, entry[i], field);
}

const struct test table_fields_hold_walking_bits = {
    .name = "table_fields_hold_walking_bits",
    .requirements = "MSIX-TBL-02, MSIX-TBL-11, MSIX-TBL-23",
    .story =
        "Walking ones and zeros in Address 31:2, Upper Address and Data of the first, the last and a random entry.",
    .run = walking_bits,
};

static void two_writes_and_a_read(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned round = 0; round < 100 && !bench_stopped(b); round++) {
        const uint64_t address = bench_table_address(b, any_vector(b), 1 + rng_below(bench_rng(b), 2));
        const uint32_t last = (uint32_t)rng_next(bench_rng(b));
        host_mem_write32(b, address, ~last);
        host_mem_write32(b, address, last);
        const uint8_t tag = host_mem_read_start(b, address, 1, 0xF, 0);
        expect_value(b, "the DW just written twice", host_wait(b, tag).data[0], last, "MSIX-TBL-30");
    }
}

const struct test read_behind_two_writes_sees_the_last = {
    .name = "read_behind_two_writes_sees_the_last",
    .requirements = "MSIX-TBL-30, ORD-24, ORD-25",
    .story = "Two writes and a read of one DW back to back on rx: the read returns the second write.",
    .run = two_writes_and_a_read,
};

/* Is each DW of `value` that of `old` or of `new`? */
static bool halves_fit(uint64_t value, uint64_t old, uint64_t new)
{
    const uint64_t a = value ^ old, b = value ^ new;
    return ((uint32_t)a == 0 || (uint32_t)b == 0) && (a >> 32 == 0 || b >> 32 == 0);
}

static void qword_beside_qword(struct bench *b)
{
    const bool whole = bench_policy(b)->qword_atomic == POLICY_YES;
    bench_enumerate(b);
    const uint64_t entry = bench_table_address(b, any_vector(b), 0);
    for (unsigned round = 0; round < 60 && !bench_stopped(b); round++) {
        const uint64_t old = rng_next(bench_rng(b)) & ~UINT64_C(3), new = ~old & ~UINT64_C(3);
        host_mem_write64(b, entry, old);
        const uint8_t tag = host_mem_read_start(b, entry, 2, 0xF, 0xF);
        host_mem_write64(b, entry, new);
        const struct host_completion answer = host_wait(b, tag);
        const uint64_t value = (uint64_t)answer.data[1] << 32 | answer.data[0];
        bench_expect(b, value == old || value == new || (!whole && halves_fit(value, old, new)), "MSIX-TBL-29",
                     "a QWORD read reads %016" PRIX64 ", neither %016" PRIX64 " nor %016" PRIX64, value, old, new);
    }
}

const struct test qword_read_beside_a_qword_write_is_whole = {
    .name = "qword_read_beside_a_qword_write_is_whole",
    .requirements = "MSIX-TBL-29, MSIX-TBL-23",
    .story =
        "A QWORD write right behind a QWORD read of the same address: the read returns all of the old or all of the "
        "new value.",
    .run = qword_beside_qword,
};

static void write_read_stream(struct bench *b)
{
    enum { PAIRS = 8 };
    bench_enumerate(b);
    for (unsigned round = 0; round < 20 && !bench_stopped(b); round++) {
        uint8_t tag[PAIRS];
        uint32_t value[PAIRS];
        for (unsigned i = 0; i < PAIRS; i++) {
            const uint64_t address = bench_table_address(b, any_vector(b), 2);
            value[i] = (uint32_t)rng_next(bench_rng(b));
            host_mem_write32(b, address, value[i]);
            tag[i] = host_mem_read_start(b, address, 1, 0xF, 0);
        }
        for (unsigned i = 0; i < PAIRS; i++)
            expect_value(b, "the DW written before this read", host_wait(b, tag[i]).data[0], value[i], "MSIX-TBL-30");
    }
}

const struct test alternating_writes_and_reads_at_full_rate = {
    .name = "alternating_writes_and_reads_at_full_rate",
    .requirements = "MSIX-TBL-30, ORD-24, MMIO-32",
    .story = "Write, read, write, read at full rate over random entries: each read sees the write before it and no "
             "later one.",
    .run = write_read_stream,
};

static void qword_writes_update_both_halves(struct bench *b)
{
    bench_enumerate(b);
    for (unsigned round = 0; round < 50 && !bench_stopped(b); round++) {
        const unsigned v = any_vector(b);
        const uint32_t data = (uint32_t)rng_next(bench_rng(b));
        host_mem_write64(b, bench_table_address(b, v, 2), UINT64_C(1) << 32 | data);
        expect_dword(b, bench_table_address(b, v, 2), data, "MSIX-TBL-12");
        expect_dword(b, bench_table_address(b, v, 3), 1, "MSIX-TBL-12");
        host_mem_write32(b, bench_table_address(b, v, 2), ~data);
        expect_value(b, "{Control, Data}", host_mem_read64(b, bench_table_address(b, v, 2)),
                     UINT64_C(1) << 32 | (~data & 0xFFFFFFFFU), "MSIX-TBL-12");
    }
}

const struct test dword_and_qword_accesses_mix = {
    .name = "dword_and_qword_accesses_mix",
    .requirements = "MSIX-TBL-11, MSIX-TBL-12, ORD-26",
    .story = "QWORD writes read back by DWORDs and DWORD writes by QWORDs.",
    .run = qword_writes_update_both_halves,
};

static void zero_length(struct bench *b)
{
    start_one(b, 0, true);
    const uint32_t unmask = 0;
    const uint32_t other = 0xFFFFFFFFU;
    app_event(b, 0);
    host_mem_write(b, bench_table_address(b, 0, CONTROL), &unmask, 1, 0, 0);
    host_mem_write(b, bench_table_address(b, 0, 2), &other, 1, 0, 0);
    const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0, 0);
    const struct host_completion answer = host_wait(b, tag);
    expect_value(b, "the status of a zero-length read", answer.status, TLP_SC, "MMIO-14");
    expect_value(b, "the DWs of a zero-length read", answer.data_dw, 1, "MMIO-14");
    expect_dword(b, bench_table_address(b, 0, CONTROL), 1, "MMIO-15");
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-15");
    expect_pending(b, 0, true, "MMIO-15");
    expect_messages(b, 0, 0, "MMIO-15");
}

const struct test zero_length_accesses_change_nothing = {
    .name = "zero_length_accesses_change_nothing",
    .requirements = "MMIO-14, MMIO-15",
    .story = "A write with no byte enabled does not unmask and a read with none is answered and disturbs nothing.",
    .run = zero_length,
};

static uint32_t merge(uint32_t old, uint32_t new, unsigned byte_enables)
{
    uint32_t mask = 0;
    for (unsigned byte = 0; byte < 4; byte++)
        if (byte_enables >> byte & 1U)
            mask |= UINT32_C(0xFF) << (8 * byte);
    return (old & ~mask) | (new &mask);
}

static void partial_writes(struct bench *b)
{
    bench_enumerate(b);
    const unsigned v = any_vector(b);
    const uint64_t address = bench_table_address(b, v, 2), beside = host_mem_read64(b, bench_table_address(b, v, 0));
    uint32_t value = host_mem_read32(b, address);
    for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
        const uint32_t data = (uint32_t)rng_next(bench_rng(b));
        value = merge(value, data, be);
        host_mem_write(b, address, &data, 1, be, 0);
        expect_dword(b, address, value, "MSIX-TBL-13");
    }
    expect_dword(b, bench_table_address(b, v, 0), (uint32_t)beside, "ENV-06");
    expect_dword(b, bench_table_address(b, v, 1), (uint32_t)(beside >> 32), "ENV-06");
    expect_dword(b, bench_table_address(b, v, CONTROL), 1, "ENV-06");
}

const struct test undefined_partial_writes_follow_byte_enables = {
    .name = "undefined_partial_writes_follow_byte_enables",
    .requirements = "MSIX-TBL-13, MMIO-17, ENV-06",
    .story = "Partial writes to a masked entry are undefined for PCIe; this block honours the byte enables and harms "
             "no neighbour.",
    .run = partial_writes,
};

static void partial_reads(struct bench *b)
{
    const bool served = bench_policy(b)->odd_reads_served == POLICY_YES;
    bench_enumerate(b);
    const uint64_t address = bench_table_address(b, any_vector(b), 2);
    const uint32_t data = (uint32_t)rng_next(bench_rng(b));
    host_mem_write32(b, address, data);
    for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
        const uint32_t mask = merge(0, 0xFFFFFFFFU, be);
        const struct host_completion answer = host_wait(b, host_mem_read_start(b, address, 1, be, 0));
        if (!served && be != 0xF) /* the checks of completions judge it */
            continue;
        expect_value(b, "the status of a partial read", answer.status, TLP_SC, "MMIO-10");
        expect_value(b, "the enabled bytes", answer.data[0] & mask, data & mask, "MMIO-16");
    }
}

const struct test partial_reads_return_the_enabled_bytes = {
    .name = "partial_reads_return_the_enabled_bytes",
    .requirements = "MMIO-10, MMIO-11, MMIO-14, MMIO-16",
    .story =
        "All 16 byte enable patterns of a one-DW read: status, count and the enabled bytes are right, those of odd "
        "reads if policy says that they are served.",
    .run = partial_reads,
};

static void long_accesses(struct bench *b)
{
    static const unsigned lengths[] = {3, 4, LONG_DW};
    const uint32_t ones[LONG_DW] = {0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU,
                                    0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU};
    start_one(b, 0, true);
    for (unsigned i = 0; i < 3 && !bench_stopped(b); i++) {
        host_mem_write(b, bench_table_address(b, 0, 0), ones, lengths[i], 0xF, 0xF);
        const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 0), lengths[i], 0xF, 0xF);
        expect_value(b, "the status of a long read", host_wait(b, tag).status, TLP_UR, "MMIO-19");
        expect_value(b, "{Upper, Address}", host_mem_read64(b, bench_table_address(b, 0, 0)), own_address(0), "ENV-06");
        expect_value(b, "{Control, Data}", host_mem_read64(b, bench_table_address(b, 0, 2)),
                     UINT64_C(1) << 32 | own_data(0), "ENV-06");
    }
}

const struct test undefined_long_accesses_change_nothing = {
    .name = "undefined_long_accesses_change_nothing",
    .requirements = "MSIX-TBL-13, MMIO-19, ENV-06",
    .story = "Reads of 3, 4 and 8 DWs end in Unsupported Request, writes of that size change no byte.",
    .run = long_accesses,
};

static void odd_qwords(struct bench *b)
{
    const uint32_t pair[2] = {0x11111110U, 0x22222222U};
    start_one(b, 0, true);
    host_mem_write(b, bench_table_address(b, 0, 1), pair, 2, 0xF, 0xF);
    const struct host_completion answer =
        host_wait(b, host_mem_read_start(b, bench_table_address(b, 0, 1), 2, 0xF, 0xF));
    expect_value(b, "the status of a misaligned QWORD read", answer.status, TLP_SC, "MMIO-19");
    expect_value(b, "its first DW", answer.data[0], pair[0], "MSIX-TBL-13");
    expect_value(b, "its second DW", answer.data[1], pair[1], "MSIX-TBL-13");
    expect_dword(b, bench_table_address(b, 0, 0), (uint32_t)own_address(0), "ENV-06");
    expect_dword(b, bench_table_address(b, 0, CONTROL), 1, "ENV-06");
}

const struct test undefined_misaligned_qword_is_two_dwords = {
    .name = "undefined_misaligned_qword_is_two_dwords",
    .requirements = "MSIX-TBL-13, MMIO-19, ENV-06",
    .story = "Two DWs that are not QWORD-aligned are honoured as two DWs; the DWs around them stay.",
    .run = odd_qwords,
};

/* Tries to write through one DW of BAR0 that belongs to no structure. */
static void try_gap(struct bench *b, uint64_t offset)
{
    host_mem_write32(b, BENCH_BAR0 + offset, 0xFFFFFFFEU);
    const struct host_completion answer = host_wait(b, host_mem_read_start(b, BENCH_BAR0 + offset, 1, 0xF, 0));
    expect_value(b, "the status of a read from the gap", answer.status, TLP_SC, "MSIX-TBL-27");
    expect_value(b, "a DW of the gap", answer.data[0], 0, "MSIX-TBL-27");
}

/* Tries both ends of the hole that begins at `from`, and every power of two in it, up to `to`. */
static void try_hole(struct bench *b, uint64_t from, uint64_t to)
{
    for (uint64_t step = 4; from + step <= to && !bench_stopped(b); step *= 2) {
        try_gap(b, from + step - 4);
        try_gap(b, to - step);
    }
}

/* The lowest start of a structure above `offset`, or the end of BAR0. */
static uint64_t next_structure(const struct dut_config *c, uint64_t offset)
{
    const uint64_t start[] = {c->table_offset, c->pba_offset, c->csr_offset};
    uint64_t next = UINT64_C(1) << c->bar0_size_log2;
    for (unsigned i = 0; i < 3; i++)
        if (start[i] >= offset && start[i] < next)
            next = start[i];
    return next;
}

static void gap_is_empty(struct bench *b)
{
    const struct dut_config *c = bench_config(b);
    start_all(b, true);
    const uint64_t table_end = c->table_offset + (uint64_t)ENTRY_BYTES * c->nvec;
    const uint64_t pba_end = c->pba_offset + 8U * (uint64_t)pba_qwords(b);
    try_hole(b, table_end, next_structure(c, table_end));
    try_hole(b, pba_end, next_structure(c, pba_end));
    for (unsigned v = 0; v < c->nvec && !bench_stopped(b); v++)
        for (unsigned field = 0; field<FIELDS; field += c->nvec> 128 ? 3 : 1)
            expect_dword(b, bench_table_address(b, v, field), scoreboard_entry_field(bench_scoreboard(b), v, field),
                         "MSIX-TBL-26");
    expect_pba_clear(b, "MSIX-TBL-26");
}

const struct test space_past_the_last_entry_is_empty = {
    .name = "space_past_the_last_entry_is_empty",
    .requirements = "MSIX-TBL-26, MSIX-TBL-27, MSIX-CAP-18",
    .story = "Behind the last entry and behind the PBA reads return zero, writes vanish, and no entry answers to a "
             "second address.",
    .run = gap_is_empty,
};

static void used_before_enabled(struct bench *b)
{
    bench_enumerate(b);
    const unsigned v = any_vector(b);
    msix_program(b, v, own_address(v), own_data(v), false);
    expect_value(b, "{Upper, Address}", host_mem_read64(b, bench_table_address(b, v, 0)), own_address(v),
                 "MSIX-TBL-21");
    expect_value(b, "{Control, Data}", host_mem_read64(b, bench_table_address(b, v, 2)), own_data(v), "MSIX-TBL-21");
    msix_control(b, true, true);
    expect_value(b, "{Control, Data}", host_mem_read64(b, bench_table_address(b, v, 2)), own_data(v), "MSIX-TBL-21");
    msix_control(b, true, false);
    app_event(b, v);
    bench_wait_messages(b, v, 1, 200, "MSIX-TBL-21");
}

const struct test table_works_before_enable = {
    .name = "table_works_before_enable",
    .requirements = "MSIX-TBL-21, RACE-25",
    .story = "An entry programmed and unmasked while MSI-X is disabled is there after Enable and sends.",
    .run = used_before_enabled,
};

static void read_storm(struct bench *b)
{
    start_all(b, true);
    const unsigned v = any_vector(b);
    uint32_t value[CHUNK_DW];
    app_event(b, v);
    for (unsigned i = 0; i < 50 && !bench_stopped(b); i++) {
        read_dwords(b, bench_table_address(b, v, 0), FIELDS, value);
        expect_value(b, "Message Data", value[2], scoreboard_entry_field(bench_scoreboard(b), v, 2), "MSIX-TBL-22");
        expect_value(b, "Vector Control", value[CONTROL], 1, "MSIX-TBL-22");
    }
    expect_total(b, 0, "MSIX-TBL-22");
    expect_pending(b, v, true, "MSIX-TBL-22");
    msix_unmask(b, v);
    quiesce(b);
    expect_messages(b, v, 1, "MSIX-TBL-22");
}

const struct test table_reads_have_no_side_effect = {
    .name = "table_reads_have_no_side_effect",
    .requirements = "MSIX-TBL-22, MSIX-TBL-23, MSIX-PBA-04",
    .story = "A storm of reads of a pending entry neither sends, nor drops, nor changes anything.",
    .run = read_storm,
};

static void neighbours_of_the_pba(struct bench *b)
{
    start_all(b, true);
    const unsigned last = bench_config(b)->nvec - 1U;
    host_mem_write64(b, bench_table_address(b, last, 0), UINT64_C(0xFFFFFFFFFFFFFFFC));
    host_mem_write64(b, bench_table_address(b, last, 2), UINT64_C(0x1FFFFFFFF));
    expect_pba_clear(b, "MSIX-CAP-18");
    for (unsigned v = 0; v <= last; v++)
        app_event_start(b, v);
    app_event_flush(b);
    host_fence(b);
    expect_value(b, "{Upper, Address} of the last entry", host_mem_read64(b, bench_table_address(b, last, 0)),
                 UINT64_C(0xFFFFFFFFFFFFFFFC), "MSIX-CAP-18");
    expect_value(b, "{Control, Data} of the last entry", host_mem_read64(b, bench_table_address(b, last, 2)),
                 UINT64_C(0x1FFFFFFFF), "MSIX-CAP-18");
}

const struct test table_and_pba_do_not_overlap = {
    .name = "table_and_pba_do_not_overlap",
    .requirements = "MSIX-CAP-18, MSIX-PBA-22",
    .story = "All ones in the last entry leave the PBA alone and all pending bits leave the last entry alone.",
    .run = neighbours_of_the_pba,
};

/* Entries that are looked at: all of a small table, the boundary ones of a large one. */
static bool entry_to_try(const struct bench *b, unsigned index, unsigned *vector)
{
    *vector = index;
    return bench_config(b)->nvec <= 8 ? index < bench_config(b)->nvec : boundary_vector(b, index, vector);
}

static void one_after_reset(struct bench *b)
{
    unsigned vector, other;
    for (unsigned i = 0; entry_to_try(b, i, &vector) && !bench_stopped(b); i++)
        for (unsigned field = 0; field < 3 && !bench_stopped(b); field++) {
            start_all(b, true);
            bench_reset(b, 2);
            bench_enumerate(b);
            host_mem_write32(b, bench_table_address(b, vector, field), UINT32_MAX & ~3U);
            for (unsigned k = 0; entry_to_try(b, k, &other) && !bench_stopped(b); k++)
                for (unsigned f = 0; f < 3 && other != vector && !bench_stopped(b); f++)
                    host_mem_read32(b, bench_table_address(b, other, f)); /* the model compares */
        }
}

const struct test write_after_reset_brings_nothing_old_back = {
    .name = "write_after_reset_brings_nothing_old_back",
    .requirements = "MSIX-TBL-02, MSIX-TBL-32, CFG-20",
    .story = "The table is filled and reset, then one DW of one entry is written: all other entries still read zero.",
    .run = one_after_reset,
};
