/*
 * test_target.c - requests of the host that are out of the ordinary: wide tags, digests, poison, malformed and unsupported ones,
 * addresses beside the BAR, and accesses of single bytes.
 *
 * The models judge every completion and all credits; the tests see to it that the requests come.
 */
#include "common.h"

#include "skips.h"

enum {
    MANY = 40 /* more than the block's credits of any kind */,
    READ_BACK = 8,
    LONGEST = 240 /* DWs that the block's credits can take */,
    REQUESTER = 0x1234
};

static struct tlp memory_read(uint64_t address)
{
    return (struct tlp){
        .kind = TLP_MRD, .length = 1, .first_be = 0xF, .address = address, .is_4dw = address >> 32 != 0};
}

static void send_raw(struct bench *b, const struct tlp *tlp, const uint32_t *payload)
{
    uint32_t dw[16];
    const size_t n = tlp_encode(tlp, payload, dw, sizeof dw / sizeof dw[0]);
    bench_expect(b, n > 0, "ENV-04", "the test's %s cannot be encoded", tlp_kind_name(tlp->kind));
    host_send_raw(b, dw, n);
}

/* --- header fields that come back --- */

static void wide_tags(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned round = 0; round < 32 && !bench_stopped(b); round++) {
        struct tlp tlp =
            memory_read(round & 4 ? bench_csr_address(b, 8 * round) : bench_table_address(b, 0, round % 4));
        if (round & 4) {
            app_csr_write(b, 8 * round, (uint32_t)rng_next(bench_rng(b)));
            app_csr_write(b, 8 * round + 4, (uint32_t)rng_next(bench_rng(b)));
            tlp.length = 2;
            tlp.last_be = 0xF;
        }
        tlp.tag = (uint16_t)(0x100U + (rng_next(bench_rng(b)) % 0x300U));
        tlp.requester_id = (uint16_t)(REQUESTER ^ rng_next(bench_rng(b)));
        send_raw(b, &tlp, NULL);
        host_flush(b);
        bench_settle(b);
    }
}

const struct test completions_copy_wide_tags_and_requesters = {
    .name = "completions_copy_wide_tags_and_requesters",
    .requirements = "MMIO-06, MMIO-04, MMIO-31",
    .story = "Reads of one and two DWs with ten-bit tags from many requesters: each is answered to where it came from.",
    .run = wide_tags,
};

static void attributes_of_all(struct bench *b)
{
    start_one(b, 0, true);
    const uint64_t beside = BENCH_BAR0 + (UINT64_C(1) << bench_config(b)->bar0_size_log2);
    for (unsigned code = 0; code < 64 && !bench_stopped(b); code++) {
        host_set_attributes(b, code & 1U, code & 2U, code & 4U, code >> 3 & 7U);
        host_wait(b, host_mem_read_start(b, bench_table_address(b, 0, 2), 1, 0xF, 0));
        host_wait(b, host_mem_read_start(b, bench_csr_address(b, 0), 2, 0xF, 0xF));
        host_wait(b, host_mem_read_start(b, beside, 1, 0xF, 0));
    }
    host_set_attributes(b, false, false, false, 0);
}

const struct test completions_copy_attributes_and_class = {
    .name = "completions_copy_attributes_and_class",
    .requirements = "MMIO-06, MMIO-07, MMIO-29",
    .story = "Reads with every mixture of RO, NS, IDO and traffic class, served and refused.",
    .run = attributes_of_all,
};

static void digests(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned round = 0; round < 16 && !bench_stopped(b); round++) {
        const uint32_t payload[2] = {(uint32_t)rng_next(bench_rng(b)), (uint32_t)rng_next(bench_rng(b))};
        struct tlp write = {.kind = TLP_MWR, .is_4dw = true, .td = true, .address = bench_table_address(b, 0, 0)};
        write.length = (uint16_t)(1 + round % 2);
        write.first_be = 0xF;
        write.last_be = write.length == 2 ? 0xF : 0;
        host_send(b, &write, payload);
        struct tlp read = memory_read(write.address);
        read.td = true;
        expect_value(b, "the DW written with a digest", host_wait(b, host_send(b, &read, NULL)).data[0] & ~3U,
                     tlp_payload_le(payload[0]) & ~3U, "MMIO-30"); /* bits 1:0 of an address: MSIX-TBL-03, -04 */
        struct tlp config = {.kind = TLP_CFGRD0, .length = 1, .first_be = 0xF, .td = true, .completer_id = 0x100};
        expect_value(b, "the ID register read with a digest", host_wait(b, host_send(b, &config, NULL)).data[0],
                     (uint32_t)bench_config(b)->device_id << 16 | bench_config(b)->vendor_id, "MMIO-30");
    }
}

const struct test digests_are_not_payload = {
    .name = "digests_are_not_payload",
    .requirements = "MMIO-30, MMIO-04",
    .story = "Writes, reads and configuration requests with TD = 1 and a digest behind them work like those without.",
    .run = digests,
};

/* --- poison --- */

static void poison(struct bench *b)
{
    const unsigned capability = CAP_MSIX;
    start_one(b, 0, true);
    const uint32_t data = own_data(0);
    for (unsigned field = 0; field < 4; field++) {
        const uint32_t payload = 0;
        struct tlp write = {.kind = TLP_MWR, .is_4dw = true, .ep = true, .length = 1, .first_be = 0xF};
        write.address = bench_table_address(b, 0, field);
        host_send(b, &write, &payload);
    }
    expect_dword(b, bench_table_address(b, 0, 2), data, "MMIO-24");
    expect_dword(b, bench_table_address(b, 0, 3), 1, "MMIO-24");
    struct tlp control = {.kind = TLP_CFGWR0, .ep = true, .length = 1, .first_be = 0x8, .completer_id = 0x100};
    control.reg = (uint16_t)bench_capability(b, (uint8_t)capability);
    const uint32_t off = 0;
    expect_value(b, "the status of a poisoned configuration write", host_wait(b, host_send(b, &control, &off)).status,
                 TLP_UR, "CFG-13");
    expect_value(b, "{Enable, Function Mask}", host_cfg_read32(b, control.reg) >> 30, 2, "CFG-13");
    struct tlp read = memory_read(bench_table_address(b, 0, 2));
    read.ep = true;
    expect_value(b, "a DW read by a request with EP = 1", host_wait(b, host_send(b, &read, NULL)).data[0], data,
                 "MMIO-25");
}

const struct test poisoned_writes_change_nothing = {
    .name = "poisoned_writes_change_nothing",
    .requirements = "MMIO-24, MMIO-25, CFG-13",
    .story = "Poisoned writes of a whole entry and of Message Control change nothing; EP in a read means nothing.",
    .run = poison,
};

/* --- malformed and unsupported --- */

static void malformed(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 0; i < MANY && !bench_stopped(b); i++) {
        uint32_t dw[8] = {0};
        struct tlp tlp = memory_read(bench_table_address(b, 0, 0));
        const size_t n = tlp_encode(&tlp, NULL, dw, 8);
        host_send_raw(b, dw, n + 1 + i % 2); /* DWs behind a read */
        struct tlp config = {.kind = TLP_CFGWR0, .length = 2, .first_be = 0xF, .completer_id = 0x100};
        const uint32_t payload[2] = {UINT32_MAX, UINT32_MAX};
        config.reg = REG_COMMAND;
        if (tlp_encode(&config, payload, dw, 8) > 0)
            host_send_raw(b, dw, 5); /* two DWs for a register */
        struct tlp write = {.kind = TLP_MWR, .is_4dw = true, .length = 1, .first_be = 0xF};
        write.address = bench_table_address(b, 0, 2);
        host_send_raw(b, dw, tlp_encode(&write, payload, dw, 8) + 1);
    }
    host_flush(b);
    quiesce(b);
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-28");
    expect_value(b, "the command register", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, COMMAND_MSE | COMMAND_BME,
                 "MMIO-28");
}

const struct test malformed_requests_are_dropped = {
    .name = "malformed_requests_are_dropped",
    .requirements = "MMIO-28, FC-11, ENV-06",
    .story = "Forty each of reads with payload, configuration writes of two DWs and writes with a DW too many: no "
             "completion, no change, and all credits come back.",
    .run = malformed,
};

static void unsupported(struct bench *b)
{
    static const enum tlp_kind kind[] = {TLP_IOWR,     TLP_IORD, TLP_CFGWR1, TLP_CFGRD1,
                                         TLP_FETCHADD, TLP_SWAP, TLP_DMWR,   TLP_MRDLK};
    enum { KINDS = sizeof kind / sizeof kind[0] };
    const uint32_t payload[2] = {UINT32_MAX, UINT32_MAX};
    start_one(b, 0, true);
    for (unsigned i = 0; i < 2 * MANY && !bench_stopped(b); i++) {
        struct tlp tlp = {
            .kind = kind[i % KINDS], .length = 1, .first_be = 0xF, .completer_id = 0x100, .reg = REG_COMMAND};
        const bool memory = tlp.kind >= TLP_FETCHADD || tlp.kind == TLP_MRDLK;
        tlp.address = memory ? bench_table_address(b, 0, 0) : 0x1000;
        tlp.is_4dw = memory;
        const bool data = tlp_has_data(tlp.kind);
        expect_value(b, "the status of an unsupported request",
                     host_wait(b, host_send(b, &tlp, data ? payload : NULL)).status, TLP_UR, "MMIO-26");
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-26");
}

const struct test unsupported_requests_are_refused = {
    .name = "unsupported_requests_are_refused",
    .requirements = "MMIO-26, MMIO-04, CFG-11, FC-11",
    .story = "I/O, Type 1, locked, atomic and deferrable requests, more than there are credits: each is refused, none "
             "changes anything, all credits come back.",
    .run = unsupported,
};

static void other_functions(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned function = 1; function < 8 && !bench_stopped(b); function++) {
        const uint32_t nothing = 0;
        struct tlp read = {.kind = TLP_CFGRD0, .length = 1, .first_be = 0xF};
        read.completer_id = (uint16_t)(0x100U | function);
        expect_value(b, "the status of a read of another function", host_wait(b, host_send(b, &read, NULL)).status,
                     TLP_UR, "CFG-11");
        struct tlp write = read;
        write.kind = TLP_CFGWR0;
        write.completer_id = (uint16_t)(0x900U | function);
        write.reg = REG_COMMAND;
        expect_value(b, "the status of a write of another function",
                     host_wait(b, host_send(b, &write, &nothing)).status, TLP_UR, "CFG-11");
        host_fence(b);
    }
    expect_value(b, "the command register", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, COMMAND_MSE | COMMAND_BME,
                 "CFG-11");
}

const struct test other_functions_do_not_answer = {
    .name = "other_functions_do_not_answer",
    .requirements = "CFG-11, MMIO-09, TLP-17",
    .story = "Configuration requests to functions 1 to 7 are refused, change nothing and capture nothing.",
    .run = other_functions,
};

/* --- what is taken and ignored --- */

static void every_write_length(struct bench *b)
{
    uint32_t values[LONGEST];
    start_one(b, 0, true);
    random_payload(b, values, LONGEST);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned dws = 3; dws <= LONGEST && !bench_stopped(b);
             dws += dws < 48 ? 1 : 13) { /* above 32: malformed */
            host_mem_write(b, bench_table_address(b, 0, 0), values, dws, 0xF, 0xF);
            if (dws % 8 == 0)
                host_fence(b);
        }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-19");
    quiesce(b);
}

const struct test undefined_long_writes_of_every_length_are_refused = {
    .name = "undefined_long_writes_of_every_length_are_refused",
    .requirements = "MMIO-19, MMIO-28, FC-11, ENV-06",
    .story = "Writes of 3 to 240 DWs to the table change nothing, and give back exactly the credits that they took.",
    .run = every_write_length,
};

static void every_read_length(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 0; i < 200 && !bench_stopped(b); i++) {
        static const unsigned some[] = {3, 4, 31, 32, 33, 127, 128, 255, 256, 511, 512, 1023, 1024};
        const unsigned dws = i < 13 ? some[i] : i < 100 ? 3 + i % 16 : 3 + rng_below(bench_rng(b), 1022);
        const uint64_t address = BENCH_BAR0 + (rng_next(bench_rng(b)) & 0x7CU);
        const unsigned first = 1U << rng_below(bench_rng(b), 4), last = 1U << rng_below(bench_rng(b), 4);
        const uint8_t tag = host_mem_read_start(b, address, dws, 0xF & ~(first - 1U), 2 * last - 1U);
        expect_value(b, "the status of a long read", host_wait(b, tag).status, TLP_UR, "MMIO-19");
    }
}

const struct test undefined_long_reads_are_refused_with_their_counts = {
    .name = "undefined_long_reads_are_refused_with_their_counts",
    .requirements = "MMIO-12, MMIO-19, MMIO-20",
    .story =
        "Reads of 3 to 1024 DWs at any offset with bytes left out at both ends: refused, with the counts of the read.",
    .run = every_read_length,
};

static void messages_and_completions(struct bench *b)
{
    static const enum tlp_kind kind[] = {TLP_MSG, TLP_MSGD, TLP_CPL, TLP_CPLD, TLP_CPLLK, TLP_CPLDLK};
    const uint32_t payload[4] = {UINT32_MAX, 1, 2, 3};
    start_one(b, 0, true);
    for (unsigned i = 0; i < 6 * 20 && !bench_stopped(b); i++) {
        struct tlp tlp = {
            .kind = kind[i % 6], .msg_code = (uint8_t)(i * 7), .msg_routing = (uint8_t)(i / 6 % 8), .byte_count = 4};
        tlp.is_4dw = tlp_class(tlp.kind) == TLP_POSTED;
        tlp.length = tlp_has_data(tlp.kind) ? 1 + i % 4 : 0;
        tlp.tag = (uint16_t)i;
        tlp.td = i % 3 == 0;
        host_send(b, &tlp, tlp_has_data(tlp.kind) ? payload : NULL);
        if (i % 8 == 0)
            host_fence(b);
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-27");
    quiesce(b);
}

const struct test messages_and_unexpected_completions_are_ignored = {
    .name = "messages_and_unexpected_completions_are_ignored",
    .requirements = "MMIO-27, FC-11, ENV-06, ORD-22",
    .story = "Messages with and without data and completions of nothing: no answer, no change, all credits back.",
    .run = messages_and_completions,
};

/* DWs too few or too many, with and without a digest, for every kind that the block knows. */
static void wrong_counts(struct bench *b)
{
    static const enum tlp_kind kind[] = {TLP_MRD,    TLP_MWR,  TLP_CFGRD0,   TLP_CFGWR0, TLP_IORD, TLP_IOWR, TLP_CFGRD1,
                                         TLP_CFGWR1, TLP_MSGD, TLP_FETCHADD, TLP_MRDLK,  TLP_CAS,  TLP_SWAP, TLP_DMWR};
    enum { KINDS = sizeof kind / sizeof kind[0] };
    const uint32_t payload[4] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    start_one(b, 0, true);
    for (unsigned i = 0; i < KINDS * 24 && !bench_stopped(b); i++) {
        uint32_t dw[24] = {0};
        struct tlp tlp = {
            .kind = kind[i % KINDS], .length = 1, .first_be = 0xF, .completer_id = 0x100, .reg = REG_COMMAND};
        const bool memory =
            tlp.kind == TLP_MRD || tlp.kind == TLP_MWR || tlp.kind >= TLP_FETCHADD || tlp.kind == TLP_MRDLK;
        const bool one_dw = !memory && tlp.kind != TLP_MSGD;
        tlp.address = memory ? bench_table_address(b, 0, 2) & ~UINT64_C(7) : 0;
        tlp.is_4dw = memory || tlp.kind == TLP_MSGD;
        tlp.length = tlp.kind == TLP_CAS || (!one_dw && i % 2) ? 2 : 1;
        tlp.last_be = tlp.length == 2 && tlp.kind <= TLP_MWR ? 0xF : 0;
        tlp.td = i / KINDS % 2;
        const size_t n = tlp_encode(&tlp, tlp_has_data(tlp.kind) ? payload : NULL, dw, 16);
        const size_t more = 1 + i / (2 * KINDS) % 4;
        host_send_raw(b, dw, i / (2 * KINDS) % 3 == 2 && n > 4 ? n - 1 : n + more);
        if (i % 8 == 0)
            host_fence(b);
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-28");
    expect_value(b, "the command register", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, COMMAND_MSE | COMMAND_BME,
                 "MMIO-28");
    quiesce(b);
}

const struct test requests_of_the_wrong_size_are_dropped = {
    .name = "requests_of_the_wrong_size_are_dropped",
    .requirements = "MMIO-28, MMIO-30, FC-11, ENV-06",
    .story =
        "Every kind of request with a DW too few or some too many, with and without digest: dropped, credits back.",
    .run = wrong_counts,
};

/* A write of one DW behind which the same write is repeated at every multiple of 64 DWs: whoever counts with too few bits
 * takes a repetition for the request. */
static void endless(struct bench *b)
{
    const uint32_t payload = UINT32_MAX;
    start_one(b, 0, true);
    for (unsigned copies = 1; copies <= 16 && !bench_stopped(b); copies++) {
        uint32_t dw[TLP_MAX_DW] = {0};
        struct tlp write = {.kind = TLP_MWR, .is_4dw = true, .length = 1, .first_be = 0xF};
        write.address = bench_table_address(b, 0, 2);
        for (unsigned i = 0; i <= copies; i++)
            tlp_encode(&write, &payload, dw + 64 * i, 5);
        host_send_raw(b, dw, 64 * copies + 5);
        host_fence(b);
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-28");
    quiesce(b);
}

const struct test requests_with_up_to_a_thousand_dws_too_many_are_dropped = {
    .name = "requests_with_up_to_a_thousand_dws_too_many_are_dropped",
    .requirements = "MMIO-28, ENV-06",
    .story = "A write of one DW is followed by 64 to 1024 DWs more, in which it is repeated: it is dropped whole.",
    .run = endless,
};

/* --- where the BAR is and is not --- */

static void beside_the_bar(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned bit = bench_config(b)->bar0_size_log2; bit < 64 && !bench_stopped(b); bit++) {
        const uint64_t address = bench_table_address(b, 0, 2) ^ UINT64_C(1) << bit;
        host_mem_write32(b, address, bit);
        expect_value(b, "the status of a read beside the BAR",
                     host_wait(b, host_mem_read_start(b, address, 1, 0xF, 0)).status, TLP_UR, "MMIO-03");
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-37");
}

const struct test every_address_bit_is_decoded = {
    .name = "every_address_bit_is_decoded",
    .requirements = "MMIO-01, MMIO-03, MMIO-37",
    .story = "Accesses that miss BAR0 by one address bit, for each bit up to 63, are refused and change nothing.",
    .run = beside_the_bar,
};

static void at_the_edge(struct bench *b)
{
    const uint64_t size = UINT64_C(1) << bench_config(b)->bar0_size_log2;
    const bool broken = bench_config(b)->csr_offset + UINT32_C(4096) == size; /* the last registers always fail */
    start_one(b, 0, true);
    for (unsigned i = 0; i < READ_BACK && !bench_stopped(b); i++) {
        expect_value(b, "the status of the last DW of the BAR",
                     host_wait(b, host_mem_read_start(b, BENCH_BAR0 + size - 4, 1, 0xF, 0)).status,
                     broken ? TLP_CA : TLP_SC, "MMIO-01");
        host_wait(b, host_mem_read_start(b, BENCH_BAR0 + size - 8, 2, 0xF, 0xF));
        host_wait(b, host_mem_read_start(b, BENCH_BAR0 + size, 1, 0xF, 0));
        host_wait(b, host_mem_read_start(b, BENCH_BAR0 - 4, 1, 0xF, 0));
    }
}

const struct test the_bar_ends_where_it_says = {
    .name = "the_bar_ends_where_it_says",
    .requirements = "MMIO-01, MMIO-03",
    .story = "The last DW and QWORD of BAR0 are served, the DWs beside it are refused.",
    .run = at_the_edge,
};

static void across_the_end(struct bench *b)
{
    const uint64_t end = BENCH_BAR0 + (UINT64_C(1) << bench_config(b)->bar0_size_log2);
    const uint32_t values[2] = {0x55555554, 0xAAAAAAA8};
    start_all(b, true);
    for (unsigned round = 0; round < 4 && !bench_stopped(b); round++) {
        host_mem_write(b, end - 4, values, 2, 0xF, 0xF);
        host_mem_read32(b, BENCH_BAR0); /* where it would wrap to */
        host_mem_read32(b, BENCH_BAR0 + 4);
        for (unsigned v = 0; v < 2 && v < bench_config(b)->nvec; v++)
            host_mem_read64(b, bench_table_address(b, v, 0));
    }
}

const struct test undefined_write_across_the_end_of_the_bar_harms_nothing = {
    .name = "undefined_write_across_the_end_of_the_bar_harms_nothing",
    .requirements = "MMIO-36, MMIO-03, ENV-06",
    .story = "A write of two DWs that begins in the last DW of BAR0 does not wrap to its first.",
    .skip = skip_if_registers_end_the_bar,
    .run = across_the_end,
};

/* The BAR is moved to `base`, the table is used there, and nobody answers where it was. */
static void move_bar(struct bench *b, uint64_t base, uint64_t before)
{
    const uint64_t data = bench_table_address(b, 0, 2) - BENCH_BAR0;
    const uint32_t mark = (uint32_t)rng_next(bench_rng(b));
    host_cfg_write32(b, REG_BAR0, (uint32_t)base);
    host_cfg_write32(b, REG_BAR0 + 4, (uint32_t)(base >> 32));
    for (unsigned reg = 0; reg < 0xC0 && !bench_stopped(b); reg += 4)
        host_cfg_read32(b, reg);
    host_mem_write32(b, base + data, mark);
    expect_value(b, "Message Data through the moved BAR", host_mem_read32(b, base + data), mark, "MMIO-23");
    host_mem_write32(b, before + data, ~mark);
    host_wait(b, host_mem_read_start(b, before + data, 1, 0xF, 0));
    expect_value(b, "Message Data after a write to where the BAR was", host_mem_read32(b, base + data), mark,
                 "MMIO-03");
}

static void bar_anywhere(struct bench *b)
{
    uint64_t before = BENCH_BAR0;
    start_one(b, 0, true);
    for (unsigned bit = bench_config(b)->bar0_size_log2; bit < 64 && !bench_stopped(b); bit++) {
        const uint64_t base = UINT64_C(1) << bit;
        move_bar(b, base, before);
        before = base;
    }
    move_bar(b, BENCH_BAR0, before);
}

const struct test bar_works_at_every_place = {
    .name = "bar_works_at_every_place",
    .requirements = "MMIO-23, MMIO-01, MMIO-03, MMIO-37, CFG-08",
    .story = "BAR0 is placed at every power of two, below 4 GB with 3 DW headers and above with 4 DW headers.",
    .run = bar_anywhere,
};

/* --- single bytes --- */

static void split_registers(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 0; i < 64 && !bench_stopped(b); i++) {
        static const unsigned first[] = {0xF, 0xE, 0xC, 0x8}, last[] = {0xF, 0x7, 0x3, 0x1};
        const unsigned offset = 4 + 8 * rng_below(bench_rng(b), 511);
        const uint32_t values[2] = {(uint32_t)rng_next(bench_rng(b)), (uint32_t)rng_next(bench_rng(b))};
        host_mem_write(b, bench_csr_address(b, offset), values, 2, first[i % 4], last[i / 4 % 4]);
        host_wait(b, host_mem_read_start(b, bench_csr_address(b, offset), 2, first[i / 2 % 4], last[i / 8 % 4]));
        host_wait(b, host_mem_read_start(b, bench_csr_address(b, offset & ~7U), 2, 0xF, 0xF));
        host_wait(b, host_mem_read_start(b, bench_csr_address(b, (offset & ~7U) + 8), 2, 0xF, 0xF));
    }
}

const struct test register_accesses_across_qwords_are_split = {
    .name = "register_accesses_across_qwords_are_split",
    .requirements = "MMIO-17, ORD-25, ORD-26, MMIO-05",
    .story =
        "Two-DW accesses of device registers across a QWORD border, with bytes left out at both ends: two accesses "
        "in ascending order, each with its own bytes.",
    .run = split_registers,
};

static void control_bytes(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned round = 0; round < 4; round++)
        for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
            const uint32_t value = round & 1U ? UINT32_MAX : 0;
            host_mem_write(b, bench_table_address(b, 0, 3), &value, 1, be, 0);
            host_mem_read32(b, bench_table_address(b, 0, 3));
            const uint32_t opposite = ~value;
            host_mem_write(b, bench_table_address(b, 0, 3), &opposite, 1, be, 0);
            host_mem_read32(b, bench_table_address(b, 0, 3));
        }
    host_mem_write32(b, bench_table_address(b, 0, 3), 1);
}

const struct test undefined_control_bytes_mask_by_byte_0_alone = {
    .name = "undefined_control_bytes_mask_by_byte_0_alone",
    .requirements = "MMIO-17, MSIX-TBL-09, MSIX-TBL-13, MSIX-TBL-08",
    .story = "Vector Control is written under all byte enables: only writes of byte 0 change the mask bit.",
    .run = control_bytes,
};

static void entry_bytes(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_one(b, v, true);
    for (unsigned field = 0; field < 3; field++)
        for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
            const uint32_t value = (uint32_t)rng_next(bench_rng(b)) & (field ? UINT32_MAX : ~3U),
                           inverse = ~value & ~3U;
            host_mem_write32(b, bench_table_address(b, v, field), inverse);
            host_mem_write(b, bench_table_address(b, v, field), &value, 1, be, 0);
            host_mem_read32(b, bench_table_address(b, v, field));
            host_mem_read64(b, bench_table_address(b, v, field & 2U));
        }
}

const struct test undefined_single_bytes_of_every_field = {
    .name = "undefined_single_bytes_of_every_field",
    .requirements = "MMIO-17, MSIX-TBL-13, MSIX-TBL-30",
    .story = "Address, upper address and data are written under all byte enables: the bytes named change, no others.",
    .run = entry_bytes,
};

static void zero_length_registers(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned i = 0; i < 16 && !bench_stopped(b); i++) {
        const uint64_t address = bench_csr_address(b, 4 * (i % 4) + 64);
        const uint32_t values[2] = {UINT32_MAX, UINT32_MAX};
        host_mem_write(b, address, values, 1, 0, 0);
        host_wait(b, host_mem_read_start(b, address, 1, 0, 0));
        expect_dword(b, address, app_csr_read(b, (unsigned)(address - bench_csr_address(b, 0))), "MMIO-15");
    }
}

const struct test zero_length_register_accesses_do_nothing = {
    .name = "zero_length_register_accesses_do_nothing",
    .requirements = "MMIO-14, MMIO-15, MMIO-17",
    .story = "Reads and writes of device registers without any byte: answered, and the registers see nothing.",
    .run = zero_length_registers,
};

/* Without payload nothing else tells that Length is wrong. */
static void long_configuration_reads(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned round = 0; round < 4; round++)
        for (unsigned bit = 0; bit < 10 && !bench_stopped(b); bit++) {
            uint32_t dw[4];
            struct tlp tlp = {.kind = round % 2 ? TLP_IORD : TLP_CFGRD0, .length = 1, .first_be = 0xF};
            tlp.completer_id = 0x100;
            const size_t n = tlp_encode(&tlp, NULL, dw, 4);
            dw[0] = (dw[0] & ~0x3FFU) | (1U << bit) | (bit ? round / 2 : 2);
            host_send_raw(b, dw, n);
            if (bit % 4 == 3)
                host_fence(b);
        }
    host_flush(b);
    quiesce(b);
}

const struct test configuration_reads_of_several_dws_are_dropped = {
    .name = "configuration_reads_of_several_dws_are_dropped",
    .requirements = "MMIO-28, FC-11",
    .story = "Configuration and I/O reads whose Length is not 1, each bit of it tried: no completion, credits back.",
    .run = long_configuration_reads,
};
