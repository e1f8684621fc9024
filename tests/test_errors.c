/*
 * test_errors.c - errors that come in: status bits, error outputs, and that nothing else happens.
 */
#include "common.h"

enum { CORRECTABLE = 1 << 16, NONFATAL = 1 << 17, FATAL = 1 << 18, UNSUPPORTED = 1 << 19, DEVICE_ERRORS = 0xF0000 };
#define STATUS_ERRORS UINT32_C(0xF9000000)
#define MASTER_PARITY UINT32_C(0x01000000)
#define DETECTED_PARITY UINT32_C(0x80000000)
#define SIGNALED_TARGET_ABORT UINT32_C(0x08000000)

/* These are set and no others; then all are cleared. */
static void expect_errors(struct bench *b, uint32_t status, uint32_t device, const char *requirement)
{
    host_fence(b);
    expect_config(b, REG_COMMAND, STATUS_ERRORS, status, requirement);
    expect_config(b, reg_device(b), DEVICE_ERRORS, device, requirement);
    host_cfg_write(b, REG_COMMAND, 0xC, UINT32_MAX);
    host_cfg_write(b, reg_device(b), 0xC, UINT32_MAX);
    expect_config(b, REG_COMMAND, STATUS_ERRORS, 0, requirement);
    expect_config(b, reg_device(b), DEVICE_ERRORS, 0, requirement);
}

/* Messages that an endpoint takes and does nothing about. */
static void send_ignored(struct bench *b)
{
    static const uint8_t codes[] = {0x00, 0x14, 0x19, 0x40, 0x41, 0x43, 0x44, 0x45, 0x47, 0x48, 0x7F};
    const uint32_t power_limit = 0;
    struct tlp message = {.kind = TLP_MSG, .msg_routing = 4};
    for (unsigned k = 0; k < sizeof codes; k++) {
        message.msg_code = codes[k];
        host_send(b, &message, NULL);
    }
    message = (struct tlp){.kind = TLP_MSGD, .msg_code = 0x50, .msg_routing = 4, .length = 1};
    host_send(b, &message, &power_limit);
}

static void unsupported(struct bench *b)
{
    const uint64_t outside = BENCH_BAR0 + (UINT64_C(1) << bench_config(b)->bar0_size_log2);
    bench_enumerate(b);
    expect_errors(b, 0, 0, "MMIO-38");
    host_wait(b, host_mem_read_start(b, outside, 1, 0xF, 0));
    expect_errors(b, 0, UNSUPPORTED | CORRECTABLE, "MMIO-38");
    host_mem_write32(b, outside, 0);
    expect_errors(b, 0, UNSUPPORTED | NONFATAL, "MMIO-38");
    struct tlp message = {.kind = TLP_MSG, .msg_code = 0x20, .msg_routing = 4};
    host_send(b, &message, NULL);
    expect_errors(b, 0, UNSUPPORTED | NONFATAL, "MMIO-27");
    message.msg_code = 0x7E;
    host_send(b, &message, NULL);
    expect_errors(b, 0, UNSUPPORTED | NONFATAL, "MMIO-27");
    send_ignored(b);
    expect_errors(b, 0, 0, "MMIO-27");
}

const struct test unsupported_requests_set_their_status = {
    .name = "unsupported_requests_set_their_status",
    .requirements = "MMIO-26, MMIO-27, MMIO-38",
    .story =
        "Read and write outside the BAR, messages that are unknown and all that are ignored: status bits and clearing.",
    .run = unsupported,
};

static void poisoned(struct bench *b)
{
    const uint32_t payload = 0;
    start_one(b, 0, true);
    struct tlp write = {.kind = TLP_MWR,
                        .length = 1,
                        .first_be = 0xF,
                        .ep = true,
                        .is_4dw = true,
                        .address = bench_table_address(b, 0, 3)};
    host_send(b, &write, &payload);
    expect_errors(b, DETECTED_PARITY, NONFATAL, "MMIO-24");
    struct tlp config = {
        .kind = TLP_CFGWR0, .length = 1, .first_be = 0xF, .ep = true, .reg = REG_BAR0, .completer_id = 0x0100};
    expect_value(b, "the status of a poisoned configuration write",
                 host_wait(b, host_send(b, &config, &payload)).status, TLP_UR, "CFG-13");
    expect_errors(b, DETECTED_PARITY, NONFATAL | UNSUPPORTED | CORRECTABLE, "CFG-13");
    expect_dword(b, bench_table_address(b, 0, 3), 1, "MMIO-24");
}

const struct test poisoned_requests_set_their_status = {
    .name = "poisoned_requests_set_their_status",
    .requirements = "MMIO-24, MMIO-38, CFG-13",
    .story = "A poisoned memory write and a poisoned configuration write change nothing and are reported.",
    .run = poisoned,
};

static void poisoned_writes(struct bench *b)
{
    const uint32_t payload[4] = {1, 2, 3, 4};
    start_one(b, 0, false);
    for (unsigned k = 0; k < 4 && !bench_stopped(b); k++) {
        const bool poisoned = k & 1, response = k & 2;
        host_cfg_write(b, REG_COMMAND, 0x1, response ? 0x46 : 0x06);
        app_set_poisoned(b, poisoned);
        app_dma_write(b, dma_buffer(k), payload, 4);
        app_set_poisoned(b, false);
        app_event(b, 0);
        quiesce(b);
        expect_errors(b, poisoned && response ? MASTER_PARITY : 0, 0, "MMIO-38");
    }
}

const struct test poisoned_writes_of_the_device = {
    .name = "poisoned_writes_of_the_device",
    .requirements = "MMIO-38",
    .story =
        "Data writes with and without EP, Parity Error Response set and not: Master Data Parity Error if both are.",
    .run = poisoned_writes,
};

static void malformed(struct bench *b)
{
    bench_enumerate(b);
    const uint32_t too_long[] = {0x60000001, 0x0000000F, (uint32_t)(BENCH_BAR0 >> 32), (uint32_t)BENCH_BAR0, 0, 0};
    host_send_raw(b, too_long, 6);
    expect_errors(b, 0, FATAL, "MMIO-28");
}

const struct test malformed_requests_set_their_status = {
    .name = "malformed_requests_set_their_status",
    .requirements = "MMIO-28, MMIO-38",
    .story = "A memory write with a DW too many is dropped and reported.",
    .run = malformed,
};

/* Every Fmt and Type that nobody has defined, prefixes among them, as long as a header and a DW of payload. */
static void undefined_types(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned code = 0; code < 256 && !bench_stopped(b); code++) {
        const uint32_t dw[] = {code << 24 | 1, 0xF, 0, (uint32_t)BENCH_BAR0, UINT32_MAX};
        const size_t n = code & 0x20 ? 5 : 4;
        struct tlp tlp;
        if (tlp_decode(dw, n, &tlp) != TLP_BAD_TYPE)
            continue;
        host_send_raw(b, dw, n);
        expect_errors(b, 0, FATAL, "MMIO-28");
    }
    expect_dword(b, bench_table_address(b, 0, 2), own_data(0), "MMIO-28");
}

const struct test every_undefined_type_is_dropped = {
    .name = "every_undefined_type_is_dropped",
    .requirements = "MMIO-28, MMIO-38, ENV-06",
    .story = "Every Fmt and Type that is not defined comes once: dropped without an answer, and reported as malformed.",
    .run = undefined_types,
};

static void aborted(struct bench *b)
{
    const uint64_t broken = bench_csr_address(b, 4096 - APP_CSR_BROKEN);
    bench_enumerate(b);
    for (unsigned dws = 1; dws <= 2 && !bench_stopped(b); dws++) {
        const struct host_completion answer =
            host_wait(b, host_mem_read_start(b, broken, dws, 0xF, dws == 2 ? 0xF : 0));
        expect_value(b, "the status of a read that the device logic refuses", answer.status, TLP_CA, "MMIO-09");
        expect_errors(b, SIGNALED_TARGET_ABORT, CORRECTABLE, "MMIO-38");
    }
    /* two accesses, of which the second fails */
    const struct host_completion answer = host_wait(b, host_mem_read_start(b, broken - 4, 2, 0xF, 0xF));
    expect_value(b, "the status of a read that half fails", answer.status, TLP_CA, "MMIO-12");
    host_mem_write32(b, broken, 0x12345678);
    host_fence(b);
    expect_value(b, "the register that cannot be written", app_csr_read(b, 4096 - APP_CSR_BROKEN), 0, "MMIO-38");
    expect_dword(b, bench_csr_address(b, 8), app_csr_read(b, 8), "MMIO-05");
}

const struct test registers_that_fail_are_answered_with_abort = {
    .name = "registers_that_fail_are_answered_with_abort",
    .requirements = "MMIO-09, MMIO-12, MMIO-38",
    .story = "The device logic refuses accesses for good: Completer Abort with the counts of a read, status, no data.",
    .run = aborted,
};

static void poisoned_data(struct bench *b)
{
    const uint32_t payload = 0x0E9;
    bench_enumerate(b);
    for (unsigned response = 0; response < 2 && !bench_stopped(b); response++) {
        host_cfg_write(b, REG_COMMAND, 0x1, COMMAND_MSE | COMMAND_BME | (response ? COMMAND_PARITY : 0));
        app_set_poisoned(b, true);
        app_dma_write(b, dma_buffer(0), &payload, 1);
        app_set_poisoned(b, false);
        bench_settle(b);
        expect_errors(b, response ? MASTER_PARITY : 0, 0, "MMIO-38");
        app_dma_write(b, dma_buffer(1), &payload, 1);
        bench_settle(b);
        expect_errors(b, 0, 0, "MMIO-38");
    }
}

const struct test poisoned_data_of_the_device_is_noted = {
    .name = "poisoned_data_of_the_device_is_noted",
    .requirements = "MMIO-38, CFG-01",
    .story = "Data writes with EP = 1: Master Data Parity Error is set exactly if Parity Error Response is.",
    .run = poisoned_data,
};

/* Ones in other bytes, and zeros, leave the bits; each bit is cleared by its own one. */
static void clearing(struct bench *b)
{
    const struct {
        unsigned reg, byte;
        uint32_t bits;
    } half[] = {{REG_COMMAND, 3, DETECTED_PARITY}, {reg_device(b), 2, NONFATAL | UNSUPPORTED | CORRECTABLE}};
    const uint32_t payload = 0;
    struct tlp config = {
        .kind = TLP_CFGWR0, .length = 1, .first_be = 0xF, .ep = true, .reg = REG_BAR0, .completer_id = 0x0100};
    bench_enumerate(b);
    for (unsigned k = 0; k < 2 && !bench_stopped(b); k++) {
        const unsigned reg = half[k].reg, own = 1U << half[k].byte;
        const uint32_t keep = k == 0 ? COMMAND_MSE | COMMAND_BME : 0x2810;
        host_wait(b, host_send(b, &config, &payload));
        for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
            host_cfg_write(b, reg, be, be & own ? keep : 0xFFFF0000 | keep);
            expect_config(b, reg, half[k].bits, half[k].bits, "CFG-10");
        }
        uint32_t left = half[k].bits;
        for (uint32_t bit = UINT32_C(1) << 31; bit > 0xFFFF && !bench_stopped(b); bit >>= 1) {
            host_cfg_write(b, reg, own, bit | keep);
            left &= bit >> 8 * half[k].byte & 0xFF ? ~bit : UINT32_MAX;
            expect_config(b, reg, half[k].bits, left, "CFG-10");
        }
        expect_value(b, "error bits that were not cleared by their own ones", left, 0, "MMIO-38");
    }
}

const struct test status_bits_are_cleared_by_their_own_ones = {
    .name = "status_bits_are_cleared_by_their_own_ones",
    .requirements = "CFG-10, MMIO-38",
    .story =
        "Errors are recorded; ones without the byte enable, zeros and other bits' ones leave them, their own clear.",
    .run = clearing,
};

static void message_codes(struct bench *b)
{
    const uint32_t payload = 0;
    bench_enumerate(b);
    for (unsigned code = 0; code < 256 && !bench_stopped(b); code++) {
        struct tlp t = {.kind = code & 1 ? TLP_MSG : TLP_MSGD, .msg_code = (uint8_t)code, .msg_routing = code >> 2 & 7};
        t.length = t.kind == TLP_MSGD;
        host_send(b, &t, &payload);
        t.kind = t.kind == TLP_MSG ? TLP_MSGD : TLP_MSG;
        t.length = t.kind == TLP_MSGD;
        host_send(b, &t, &payload);
        host_fence(b);
    }
}

const struct test each_message_code_is_taken_or_refused = {
    .name = "each_message_code_is_taken_or_refused",
    .requirements = "MMIO-26, MMIO-27, MMIO-38",
    .story =
        "Messages of all 256 codes, with and without data: those that an endpoint ignores, and errors for the rest.",
    .run = message_codes,
};
