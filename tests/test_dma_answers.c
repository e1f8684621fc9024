/*
 * test_dma_answers.c - completions for reads of the device logic that the tests make themselves: wrong, odd and rare ones.
 */
#include "common.h"

enum { PIECE = 16 };

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
    answer(b, tag, 4, 16, 0, 0x0103);     /* another function */
    answer(b, tag + 0x100, 4, 16, 0, 0x0100);
    answer(b, tag + 0x200, 4, 16, 0, 0x0100); /* wide tags */
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

static void other_statuses(struct bench *b)
{
    enum { ABORTS = 0x30000000, RECEIVED_MASTER_ABORT = 0x20000000, RECEIVED_TARGET_ABORT = 0x10000000 };
    bench_enumerate(b);
    host_set_answers(b, false);
    for (unsigned status = 1; status < 8 && !bench_stopped(b); status++) {
        const unsigned tag = app_read_start(b, dma_buffer(0), 4);
        bench_run(b, DMA_MAX_DW);
        struct tlp t = {
            .kind = TLP_CPL, .tag = (uint16_t)tag, .status = (uint8_t)status, .byte_count = 16, .requester_id = 0x0100};
        host_send(b, &t, NULL);
        expect_value(b, "how a read ended", (uint64_t)app_read_wait(b, tag, NULL), status, "ORD-22");
        expect_config(b, REG_COMMAND, ABORTS, status == TLP_CA ? RECEIVED_TARGET_ABORT : RECEIVED_MASTER_ABORT,
                      "MMIO-38");
        expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0xF0000, 0, "CFG-18");
        host_cfg_write(b, REG_COMMAND, 0x8, UINT32_MAX);
    }
    host_set_answers(b, true);
}

const struct test any_status_but_success_ends_a_read = {
    .name = "any_status_but_success_ends_a_read",
    .requirements = "ORD-22, CFG-18, MMIO-38",
    .story = "Completions with UR, CA, RRS and reserved codes: each ends its read and is one of two aborts in Status.",
    .run = other_statuses,
};

static void digests(struct bench *b)
{
    uint32_t payload[PIECE], got[PIECE];
    bench_enumerate(b);
    host_set_answers(b, false);
    for (unsigned dws = 1; dws <= PIECE && !bench_stopped(b); dws++) {
        const unsigned tag = app_read_start(b, dma_buffer(0), dws);
        bench_run(b, DMA_MAX_DW);
        struct tlp t = {.kind = TLP_CPLD,
                        .length = (uint16_t)dws,
                        .td = true,
                        .ep = dws % 4 == 0,
                        .tag = (uint16_t)tag,
                        .byte_count = (uint16_t)(4 * dws),
                        .requester_id = 0x0100};
        random_payload(b, payload, dws);
        host_send(b, &t, payload);
        expect_value(b, "how a read ended", (uint64_t)app_read_wait(b, tag, got), TLP_SC, "MMIO-30");
        for (unsigned d = 0; d < dws && !bench_stopped(b); d++)
            expect_value(b, "a DW that was read", got[d], tlp_payload_le(payload[d]), "MMIO-30");
    }
    expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0x50000, 0, "CFG-18");
    host_set_answers(b, true);
}

const struct test completions_with_a_digest_are_taken = {
    .name = "completions_with_a_digest_are_taken",
    .requirements = "MMIO-30, ORD-22, CFG-18",
    .story = "Completions with TD = 1 and a digest, some of them poisoned: their reads end with all their data.",
    .run = digests,
};

/* Completions of 128 bytes for one read; the block keeps count of what is left, and takes no byte too much for an error. */
static void read_in_pieces(struct bench *b, unsigned dws)
{
    enum { TAG = 0xA5, BYTES = 128 };
    uint32_t dw[4];
    const struct tlp read = {.kind = TLP_MRD,
                             .length = (uint16_t)dws,
                             .first_be = 0xF,
                             .last_be = 0xF,
                             .tag = TAG,
                             .address = dma_buffer(0),
                             .requester_id = 0x0100};
    app_read_send_raw(b, dw, tlp_encode(&read, NULL, dw, 4));
    bench_run(b, DMA_MAX_DW);
    for (unsigned done = 0; done < 4 * dws && !bench_stopped(b); done += BYTES) {
        const unsigned left = 4 * dws - done, piece = left < BYTES ? left : BYTES;
        answer(b, TAG, piece / 4, left, done % BYTES, 0x0100);
        host_fence(b);
        expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0xF0000, left > piece ? DEVICE_STATUS_PENDING : 0,
                      "ORD-22");
    }
}

/* The largest read has Length 0 and its first completion Byte Count 0. The others are a little less, so that what is left
 * has ones in its low bits as well. */
static void whole_page(struct bench *b)
{
    static const unsigned short_of_it[] = {0, 1, 10, 21};
    bench_enumerate(b);
    host_cfg_write(b, reg_device(b), 0x2, 0x5800);
    host_set_answers(b, false);
    for (unsigned i = 0; i < sizeof short_of_it / sizeof short_of_it[0] && !bench_stopped(b); i++)
        read_in_pieces(b, 1024 - short_of_it[i]);
    host_set_answers(b, true);
}

const struct test read_of_a_whole_page_is_answered = {
    .name = "read_of_a_whole_page_is_answered",
    .requirements = "ORD-22, CFG-18, MMIO-10",
    .story =
        "Reads of 4096 bytes and of some DWs less, with 32 completions each: none is an error, the last one ends it.",
    .run = whole_page,
};

static void malformed_answers(struct bench *b)
{
    enum { FATAL = 1 << 18, DWS = 4, TOO_MANY = 160 };
    const uint32_t payload[TOO_MANY] = {0};
    uint32_t dw[TOO_MANY + 4];
    bench_enumerate(b);
    host_set_answers(b, false);
    const unsigned tag = app_read_start(b, dma_buffer(0), APP_READ_MAX_DW);
    bench_run(b, DMA_MAX_DW);
    for (unsigned wrong = 0; wrong < 6 && !bench_stopped(b); wrong++) {
        const unsigned length = wrong == 5 ? DMA_MAX_DW + 1 : DWS; /* above MPS */
        struct tlp t = {.kind = TLP_CPLD,
                        .length = (uint16_t)length,
                        .tag = (uint16_t)(wrong == 4 ? tag + 1 : tag),
                        .td = wrong == 3,
                        .byte_count = 4 * APP_READ_MAX_DW,
                        .requester_id = 0x0100};
        const size_t n = tlp_encode(&t, payload, dw, sizeof dw / sizeof dw[0]);
        dw[n] = 0;
        host_send_raw(b, dw, wrong == 5 ? n : wrong == 1 ? n + 1 : n - 1);
        host_fence(b);
        expect_config(b, reg_device(b), DEVICE_STATUS_PENDING | 0xF0000, DEVICE_STATUS_PENDING | FATAL, "MMIO-28");
        host_cfg_write(b, reg_device(b), 0x4, UINT32_MAX);
    }
    for (unsigned left = 4 * APP_READ_MAX_DW; left > 0 && !bench_stopped(b); left -= 4 * DMA_MAX_DW)
        answer(b, tag, DMA_MAX_DW, left, 0, 0x0100);
    expect_value(b, "how a read ended", (uint64_t)app_read_wait(b, tag, NULL), TLP_SC, "ORD-22");
    host_set_answers(b, true);
}

const struct test malformed_completions_are_dropped = {
    .name = "malformed_completions_are_dropped",
    .requirements = "MMIO-28, MMIO-38, ORD-22, CFG-18",
    .story =
        "Completions with DWs too few or too many, or above MPS: dropped and reported; the right ones end the read.",
    .run = malformed_answers,
};
