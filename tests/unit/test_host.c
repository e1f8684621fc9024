/*
 * test_host.c - the host agent at its pins, without a design: credits both ways, tags, answers to the block's reads.
 */
#include "host.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "bench_private.h"
#include "host_private.h"
#include "stream.h"

enum { WIDTH = 4, MPS = 128 };

/* --- a design that nobody clocks --- */

const struct dut_config *dut_get_config(void)
{
    static const struct dut_config config = {.name = "none", .nvec = 4, .data_dw = WIDTH, .mps_max = MPS};
    return &config;
}

struct dut *dut_create(uint32_t power_up_seed, dut_text_fn *text, void *ctx)
{
    (void)power_up_seed;
    (void)text;
    (void)ctx;
    return NULL;
}

void dut_destroy(struct dut *dut)
{
    (void)dut;
}

void dut_cycle(struct dut *dut, const struct dut_in *in, struct dut_out *out)
{
    (void)dut;
    (void)in;
    (void)out;
}

unsigned dut_errors(const struct dut *dut)
{
    (void)dut;
    return 0;
}

int dut_waves_open(struct dut *dut, const char *file)
{
    (void)dut;
    (void)file;
    return -1;
}

void dut_waves_close(struct dut *dut)
{
    (void)dut;
}

int dut_coverage_add(struct dut *dut, const char *file)
{
    (void)dut;
    (void)file;
    return -1;
}

/* --- the fixture --- */

static int set_up(void **state)
{
    static struct bench b;
    memset(&b, 0, sizeof b);
    b.policy = policy_default();
    checks_init(&b.checks, NULL, NULL);
    b.scoreboard = scoreboard_create(dut_get_config(), &b.policy, &b.checks);
    b.host = host_create(&b, WIDTH, 1);
    assert_non_null(b.scoreboard);
    assert_non_null(b.host);
    b.in.rst_n = b.in.link_up = b.in.fc_init_done = true;
    b.out.rx_tready = true;
    *state = &b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    host_destroy(b->host);
    scoreboard_destroy(b->scoreboard);
    return 0;
}

static void clock(struct bench *b)
{
    host_drive(b->host, &b->in);
    host_sample(b->host, &b->in, &b->out);
    b->out.tx.valid = false;
}

static unsigned sent_in(struct bench *b, unsigned clocks)
{
    unsigned sent = 0;
    for (unsigned i = 0; i < clocks; i++) {
        clock(b);
        sent += b->in.rx.valid && b->in.rx.last;
    }
    return sent;
}

static void grant(struct bench *b, unsigned ph, unsigned pd, unsigned nph)
{
    b->out.rxfc_ph = (uint8_t)ph;
    b->out.rxfc_pd = (uint16_t)(pd & 0xFFF);
    b->out.rxfc_nph = (uint8_t)nph;
}

/* The block begins a TLP: a posted write of `dws` DWs. */
static void block_writes(struct bench *b, unsigned dws)
{
    const uint32_t dw[4] = {0x40000000 | (dws & 0x3FF), 0xF, 0, 0};
    stream_put_beat(&b->out.tx, dw, 4, 0, WIDTH);
    clock(b);
}

/* --- requests under the block's credits --- */

static void nothing_leaves_without_credit(void **state)
{
    struct bench *b = *state;
    host_mem_write32(b, 0x1000, 1);
    assert_int_equal(sent_in(b, 20), 0);
    grant(b, 1, 0, 9);
    assert_int_equal(sent_in(b, 20), 0);
    grant(b, 1, 1, 9);
    assert_int_equal(sent_in(b, 20), 1);
    assert_int_equal(host_queued(b), 0);
}

static void credits_count_over_their_wrap(void **state)
{
    struct bench *b = *state;
    const uint32_t values[5] = {0};
    unsigned ph = 0, pd = 0;
    for (unsigned round = 0; round < 3000; round++) {
        host_mem_write(b, 0x1000, values, 5, 0xF, 0xF); /* one header, two units */
        grant(b, ++ph, pd += 1, 0);
        assert_int_equal(sent_in(b, 3), 0);
        grant(b, ph, pd += 1, 0);
        assert_int_equal(sent_in(b, 4), 1);
    }
}

static void requests_leave_in_their_order(void **state)
{
    struct bench *b = *state;
    host_cfg_read_start(b, 0);
    host_mem_write32(b, 0x1000, 1);
    grant(b, 5, 5, 0);
    assert_int_equal(sent_in(b, 10), 0); /* the write does not pass the read that waits */
    grant(b, 5, 5, 1);
    assert_int_equal(sent_in(b, 10), 2);
}

static void limits_of_a_reset_are_not_used(void **state)
{
    struct bench *b = *state;
    grant(b, 5, 5, 5);
    b->in.rst_n = false;
    clock(b);
    b->in.rst_n = true;
    host_mem_write32(b, 0x1000, 1);
    host_drive(b->host, &b->in);
    assert_false(b->in.rx.valid);
    grant(b, 0, 0, 0);
    host_sample(b->host, &b->in, &b->out);
    assert_int_equal(sent_in(b, 5), 0);
}

static void the_link_must_be_up(void **state)
{
    struct bench *b = *state;
    grant(b, 5, 5, 5);
    b->in.fc_init_done = false;
    host_mem_write32(b, 0x1000, 1);
    assert_int_equal(sent_in(b, 5), 0);
    b->in.fc_init_done = true;
    assert_int_equal(sent_in(b, 5), 1);
}

/* --- tags --- */

static void complete(struct bench *b, uint8_t tag)
{
    struct seen what = {.kind = SEEN_TLP, .stream = SEEN_TX, .n_dw = 4};
    what.tlp = (struct tlp){.kind = TLP_CPLD, .tag = tag, .payload_dw = 1, .header_dw = 3};
    what.dw[3] = 0x78563412;
    const struct observer observer = host_observer(b->host);
    observer.seen(observer.ctx, &what);
}

static void tags_are_used_in_turn(void **state)
{
    struct bench *b = *state;
    for (unsigned i = 0; i < 1000; i++) {
        const uint8_t tag = host_cfg_read_start(b, 0);
        assert_int_equal(tag, i % 256);
        assert_false(host_idle(b->host));
        complete(b, tag);
        assert_true(host_done(b, tag));
        const struct host_completion completion = host_wait(b, tag);
        assert_int_equal(completion.data[0], 0x12345678);
        assert_int_equal(completion.data_dw, 1);
        stream_source_clear(&b->host->rx);
    }
    assert_true(host_idle(b->host));
}

static void forgotten_tags_come_back(void **state)
{
    struct bench *b = *state;
    const uint8_t first = host_cfg_read_start(b, 0), second = host_cfg_read_start(b, 0);
    host_forget(b, first);
    complete(b, second);
    host_forget(b, second);
    assert_int_equal(b->host->free_count, 255);
    complete(b, first);
    complete(b, first); /* nobody asked for it any more */
    assert_int_equal(b->host->free_count, 256);
    assert_int_equal(b->host->outstanding, 0);
}

/* --- credits for the block --- */

static void generous_keeps_the_window_open(void **state)
{
    struct bench *b = *state;
    clock(b);
    assert_int_equal(b->in.fc.ph, 32);
    assert_int_equal(b->in.fc.pd, 128);
    for (unsigned i = 1; i <= 600; i++) {
        block_writes(b, 32);
        clock(b);
        assert_int_equal(b->in.fc.ph, (32 + i) & 0xFF);
        assert_int_equal(b->in.fc.pd, (128 + 8 * i) & 0xFFF);
    }
    assert_int_equal(b->in.fc.cplh, 32);
}

static void frozen_gives_only_what_is_granted(void **state)
{
    struct bench *b = *state;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    for (unsigned i = 0; i < 5; i++)
        block_writes(b, 4);
    clock(b);
    assert_int_equal(b->in.fc.ph, 32);
    assert_int_equal(host_credits_left(b).ph, 27);
    assert_int_equal(host_credits_left(b).pd, 123);
    host_grant(b, 2, 3, 4, 5);
    clock(b);
    assert_int_equal(b->in.fc.ph, 34);
    assert_int_equal(b->in.fc.pd, 131);
    assert_int_equal(b->in.fc.cplh, 36);
    assert_int_equal(b->in.fc.cpld, 133);
    host_set_credits(b, HOST_CREDITS_GENEROUS);
    clock(b);
    assert_int_equal(b->in.fc.ph, 37);
    assert_int_equal(b->in.fc.cplh, 36); /* nothing is taken back */
}

static void slow_never_opens_more_than_one_tlp(void **state)
{
    struct bench *b = *state;
    unsigned written = 0;
    host_set_credits(b, HOST_CREDITS_SLOW);
    host_reset(b->host);
    clock(b);
    assert_int_equal(b->in.fc.ph, 1);
    assert_int_equal(b->in.fc.pd, MPS / 16);
    for (unsigned i = 0; i < 5000; i++) {
        const struct host_credits_left left = host_credits_left(b);
        assert_true(left.ph <= 1 && left.pd <= MPS / 16);
        if (left.ph == 1 && left.pd == MPS / 16) {
            block_writes(b, MPS / 4);
            written++;
        } else {
            clock(b);
        }
    }
    assert_in_range(written, 100, 400);
}

/* Windows as in SLOW, but what is short stays so for long, and then comes back as a whole. */
static void stingy_gives_back_late_and_at_once(void **state)
{
    struct bench *b = *state;
    unsigned longest = 0;
    host_set_credits(b, HOST_CREDITS_STINGY);
    host_reset(b->host);
    clock(b);
    assert_int_equal(b->in.fc.pd, MPS / 16);
    for (unsigned round = 0; round < 50; round++) {
        unsigned waited = 0;
        block_writes(b, MPS / 4);
        while (host_credits_left(b).pd == 0 && waited < 5000) {
            clock(b);
            waited++;
        }
        assert_int_equal(host_credits_left(b).pd, MPS / 16);
        longest = waited > longest ? waited : longest;
        while (host_credits_left(b).ph == 0)
            clock(b);
    }
    assert_in_range(longest, 50, 4999);
}

static void scattered_gives_pieces_up_to_the_window(void **state)
{
    struct bench *b = *state;
    bool part = false;
    host_set_credits(b, HOST_CREDITS_SCATTERED);
    for (unsigned i = 0; i < 10; i++)
        block_writes(b, MPS / 4);
    const unsigned least = host_credits_left(b).pd;
    for (unsigned i = 0; i < 2000; i++) {
        const unsigned left = host_credits_left(b).pd;
        assert_true(left <= 128);
        part = part || (left > least && left < 128);
        clock(b);
    }
    assert_true(part);
    assert_int_equal(host_credits_left(b).pd, 128);
    assert_int_equal(host_credits_left(b).ph, 32);
}

static void a_starved_type_gets_nothing_and_the_others_do(void **state)
{
    struct bench *b = *state;
    host_starve(b, 1, 100);
    host_starve(b, 1, 10); /* the longer time stays */
    const unsigned full = host_credits_left(b).pd;
    block_writes(b, 4);
    assert_int_equal(host_credits_left(b).ph, 32);
    assert_int_equal(host_credits_left(b).pd, full - 1);
    for (unsigned i = 0; i < 90; i++)
        clock(b);
    assert_int_equal(host_credits_left(b).pd, full - 1);
    for (unsigned i = 0; i < 20; i++)
        clock(b);
    assert_int_equal(host_credits_left(b).pd, full);
}

static void infinite_begins_at_a_reset(void **state)
{
    struct bench *b = *state;
    host_set_credits(b, HOST_CREDITS_INFINITE);
    clock(b);
    assert_false(b->in.fc.ph_inf);
    host_reset(b->host);
    clock(b);
    assert_true(b->in.fc.ph_inf && b->in.fc.pd_inf && b->in.fc.nph_inf && b->in.fc.npd_inf && b->in.fc.cplh_inf &&
                b->in.fc.cpld_inf);
    assert_int_equal(b->in.fc.ph, 0);
    assert_int_equal(host_credits_left(b).ph, UINT_MAX);
    host_set_credits(b, HOST_CREDITS_FROZEN);
    block_writes(b, 4);
    host_grant(b, 3, 3, 3, 3);
    clock(b);
    assert_true(b->in.fc.ph_inf);
    assert_int_equal(b->in.fc.ph, 0);
    host_set_infinite(b, HOST_INFINITE_PD);
    host_reset(b->host);
    clock(b);
    assert_true(b->in.fc.pd_inf && !b->in.fc.ph_inf);
    assert_int_equal(b->in.fc.ph, 32);
}

static void a_smaller_window_comes_with_use(void **state)
{
    struct bench *b = *state;
    host_set_window(b, 30, 0, 0, 0);
    for (unsigned i = 0; i < 2; i++)
        block_writes(b, 1);
    clock(b);
    assert_int_equal(b->in.fc.ph, 32);
    block_writes(b, 1);
    clock(b);
    assert_int_equal(b->in.fc.ph, 33);
    assert_int_equal(b->in.fc.pd, 131);
}

/* --- reads of the block --- */

/* Plays the queue of rx and decodes its TLPs. Returns their number. */
static unsigned collect(struct bench *b, struct seen *tlps, unsigned most)
{
    unsigned count = 0;
    memset(tlps, 0, most * sizeof *tlps);
    for (unsigned i = 0; i < 200 && count < most; i++) {
        clock(b);
        if (!b->in.rx.valid)
            continue;
        struct seen *const t = &tlps[count];
        t->n_dw = stream_take_beat(t->dw, SEEN_MAX_DW, t->n_dw, &b->in.rx, WIDTH);
        if (b->in.rx.last) {
            tlp_decode(t->dw, t->n_dw, &t->tlp);
            count++;
        }
    }
    return count;
}

static void expect_piece(const struct seen *s, unsigned dws, unsigned bytes, unsigned lower_address)
{
    assert_int_equal(s->tlp.defect, TLP_OK);
    assert_int_equal(s->tlp.kind, TLP_CPLD);
    assert_int_equal(s->tlp.length, dws);
    assert_int_equal(s->tlp.byte_count, bytes);
    assert_int_equal(s->tlp.lower_address, lower_address);
    assert_int_equal(s->tlp.tag, 17);
    assert_int_equal(s->tlp.requester_id, 0x0108);
}

static void reads_are_answered_in_pieces(void **state)
{
    struct bench *b = *state;
    static struct seen tlps[4];
    uint8_t bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(host_memory_write(scoreboard_host_memory(b->scoreboard), 0x2000, bytes, sizeof bytes), 0);
    struct seen read = {.kind = SEEN_TLP, .stream = SEEN_TX};
    read.tlp = (struct tlp){.kind = TLP_MRD,
                            .address = 0x2034,
                            .length = 30,
                            .first_be = 0xE,
                            .last_be = 0x3,
                            .requester_id = 0x0108,
                            .tag = 17};
    const struct observer observer = host_observer(b->host);
    observer.seen(observer.ctx, &read);
    assert_int_equal(collect(b, tlps, 4), 3);
    expect_piece(&tlps[0], 3, 117, 0x35); /* 2035h .. 203Fh: 11 bytes */
    expect_piece(&tlps[1], 16, 106, 0x40);
    expect_piece(&tlps[2], 11, 42, 0x00); /* 2080h .. 20A9h */
    assert_int_equal(tlps[0].dw[3], 0x34353637);
    assert_int_equal(tlps[2].dw[3], 0x80818283);
}

static void answers_can_be_held_and_sized(void **state)
{
    struct bench *b = *state;
    static struct seen tlps[4];
    struct seen read = {.kind = SEEN_TLP, .stream = SEEN_TX};
    read.tlp = (struct tlp){.kind = TLP_MRD,
                            .address = 0x2020,
                            .length = 64,
                            .first_be = 0xF,
                            .last_be = 0xF,
                            .requester_id = 0x0108,
                            .tag = 17};
    const struct observer observer = host_observer(b->host);
    host_set_answer_style(b, &(struct host_answer_style){.most = 128, .hold = true});
    observer.seen(observer.ctx, &read);
    for (unsigned i = 0; i < 100; i++)
        clock(b);
    assert_int_equal(host_queued(b), 0);
    assert_int_equal(host_answers_waiting(b), 1);
    host_set_answer_style(b, &(struct host_answer_style){.most = 128});
    assert_int_equal(collect(b, tlps, 4), 3);
    expect_piece(&tlps[0], 24, 256, 0x20); /* up to 2080h: two boundaries of 64 bytes */
    expect_piece(&tlps[1], 32, 160, 0x00);
    expect_piece(&tlps[2], 8, 32, 0x00);
    assert_int_equal(host_answers_waiting(b), 0);
}

static void answers_can_be_left_to_the_test(void **state)
{
    struct bench *b = *state;
    struct seen read = {.kind = SEEN_TLP, .stream = SEEN_TX};
    read.tlp = (struct tlp){.kind = TLP_MRD, .address = 0x2000, .length = 1, .first_be = 0xF};
    const struct observer observer = host_observer(b->host);
    host_set_answers(b, false);
    observer.seen(observer.ctx, &read);
    assert_int_equal(host_queued(b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_leaves_without_credit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credits_count_over_their_wrap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(requests_leave_in_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_of_a_reset_are_not_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_link_must_be_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tags_are_used_in_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgotten_tags_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(generous_keeps_the_window_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(frozen_gives_only_what_is_granted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slow_never_opens_more_than_one_tlp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stingy_gives_back_late_and_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scattered_gives_pieces_up_to_the_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_starved_type_gets_nothing_and_the_others_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(infinite_begins_at_a_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_smaller_window_comes_with_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_are_answered_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_can_be_held_and_sized, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_can_be_left_to_the_test, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
