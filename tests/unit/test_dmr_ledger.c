/*
 * test_dmr_ledger.c - reads of the device logic: requests, tags, and which completions may reach it.
 */
#include "dmr_ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TAG = 7, OTHER = 8 };

struct packet {
    uint32_t dw[TLP_MAX_DW];
    size_t n;
    struct tlp t;
};

static int set_up(void **state)
{
    static struct dmr_ledger ledger;
    dmr_ledger_init(&ledger);
    *state = &ledger;
    return 0;
}

static struct packet encode(struct tlp t)
{
    static const uint32_t payload[TLP_MAX_PAYLOAD_DW] = {1, 2, 3};
    struct packet p;
    p.n = tlp_encode(&t, payload, p.dw, TLP_MAX_DW);
    assert_true(p.n > 0);
    tlp_decode(p.dw, p.n, &p.t);
    return p;
}

static struct packet read_of(unsigned tag, unsigned dws, unsigned first_be)
{
    return encode((struct tlp){.kind = TLP_MRD,
                               .length = (uint16_t)dws,
                               .tag = (uint16_t)tag,
                               .first_be = (uint8_t)first_be,
                               .last_be = dws > 1 ? 0xF : 0,
                               .address = 0x1000});
}

static struct packet data_of(unsigned tag, unsigned dws, unsigned bytes, unsigned lower_address)
{
    return encode((struct tlp){.kind = TLP_CPLD,
                               .length = (uint16_t)dws,
                               .tag = (uint16_t)tag,
                               .byte_count = (uint16_t)bytes,
                               .lower_address = (uint8_t)lower_address});
}

static void begin(struct dmr_ledger *l, unsigned tag, unsigned dws, unsigned first_be)
{
    const struct packet p = read_of(tag, dws, first_be);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 0), 0);
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 0), DMR_SENT);
}

static enum dmr_answer answer(struct dmr_ledger *l, const struct packet *p)
{
    return dmr_ledger_complete(l, &p->t, p->dw, p->n, true, true);
}

static enum dmr_delivery deliver(struct dmr_ledger *l, const struct packet *p)
{
    return dmr_ledger_deliver(l, &p->t, p->dw, p->n);
}

static void requests_leave_once_untouched_and_behind_their_data(void **state)
{
    /* ORD-11, ORD-27 */
    struct dmr_ledger *l = *state;
    struct packet p = read_of(TAG, 4, 0xF), q = read_of(OTHER, 2, 0xF);
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 9), DMR_UNKNOWN);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 3), 0);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 3), -1);
    assert_int_equal(dmr_ledger_accept(l, &q.t, q.dw, q.n, 4), 0);
    assert_int_equal(dmr_ledger_waiting(l), 2);
    assert_int_equal(dmr_ledger_send(l, &q.t, q.dw, q.n, 4), DMR_SENT); /* ORD-16: in any order */
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 2), DMR_EARLY);
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 3), DMR_UNKNOWN);
    assert_int_equal(dmr_ledger_waiting(l), 0);
    assert_int_equal(dmr_ledger_outstanding(l), 2);
}

static void a_request_that_a_reset_dropped_is_told_from_others(void **state)
{
    /* RACE-30 */
    struct dmr_ledger *l = *state;
    struct packet p = read_of(TAG, 4, 0xF), q = read_of(OTHER, 4, 0xF);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 0), 0);
    assert_int_equal(dmr_ledger_accept(l, &q.t, q.dw, q.n, 0), 0);
    assert_int_equal(dmr_ledger_send(l, &q.t, q.dw, q.n, 0), DMR_SENT);
    dmr_ledger_forget(l);
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 0), DMR_DROPPED);
    assert_int_equal(dmr_ledger_send(l, &q.t, q.dw, q.n, 0), DMR_UNKNOWN);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 0), 0); /* a new one with its tag */
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 0), DMR_SENT);
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 0), DMR_UNKNOWN);
}

static void an_altered_request_is_noticed(void **state)
{
    /* ORD-27 */
    struct dmr_ledger *l = *state;
    struct packet p = read_of(TAG, 4, 0xF);
    assert_int_equal(dmr_ledger_accept(l, &p.t, p.dw, p.n, 0), 0);
    p.dw[2] ^= 0x80;
    assert_int_equal(dmr_ledger_send(l, &p.t, p.dw, p.n, 0), DMR_ALTERED);
    const struct packet write = encode((struct tlp){.kind = TLP_MWR, .length = 1, .first_be = 0xF});
    assert_int_equal(dmr_ledger_accept(l, &write.t, write.dw, write.n, 0), -1);
}

static void a_read_ends_with_its_last_byte(void **state)
{
    /* CFG-18, ORD-14 */
    struct dmr_ledger *l = *state;
    begin(l, TAG, 4, 0xC); /* 14 bytes from offset 2 on */
    const struct packet first = data_of(TAG, 2, 14, 2), last = data_of(TAG, 2, 8, 8);
    assert_int_equal(answer(l, &first), DMR_DELIVER);
    assert_int_equal(dmr_ledger_outstanding(l), 1);
    assert_false(dmr_ledger_settled(l));
    assert_int_equal(answer(l, &last), DMR_DELIVER);
    assert_int_equal(dmr_ledger_outstanding(l), 0);
    assert_int_equal(dmr_ledger_owed(l), 2);
    assert_int_equal(deliver(l, &last), DMC_OVERTAKES);
    assert_int_equal(deliver(l, &first), DMC_DUE);
    assert_int_equal(deliver(l, &first), DMC_UNKNOWN);
    assert_true(dmr_ledger_settled(l));
    assert_int_equal(answer(l, &last), DMR_UNEXPECTED);
}

static void reads_of_one_byte_and_of_none_end(void **state)
{
    /* CFG-18 */
    struct dmr_ledger *l = *state;
    for (unsigned be = 0; be < 16; be++) {
        begin(l, TAG, 1, be);
        const struct packet request = read_of(TAG, 1, be);
        const struct packet p = data_of(TAG, 1, tlp_read_byte_count(&request.t), tlp_read_lower_address(&request.t));
        assert_int_equal(answer(l, &p), DMR_DELIVER);
        assert_int_equal(dmr_ledger_outstanding(l), 0);
        assert_int_equal(deliver(l, &p), DMC_DUE);
    }
}

static void errors_end_a_read(void **state)
{
    /* MMIO-38 */
    struct dmr_ledger *l = *state;
    for (unsigned status = 1; status < 8; status++) {
        begin(l, TAG, 4, 0xF);
        const struct packet p = encode(
            (struct tlp){.kind = TLP_CPL, .tag = TAG, .byte_count = 16, .status = (uint8_t)status, .lower_address = 0});
        assert_int_equal(answer(l, &p), DMR_DELIVER);
        assert_int_equal(dmr_ledger_outstanding(l), 0);
        assert_int_equal(deliver(l, &p), DMC_DUE);
    }
}

static void what_cannot_be_right_is_malformed(void **state)
{
    /* MMIO-28 */
    struct dmr_ledger *l = *state;
    begin(l, TAG, 4, 0xF);
    const struct packet count = data_of(TAG, 4, 12, 0), more = data_of(TAG, 5, 16, 0);
    const struct packet none = encode((struct tlp){.kind = TLP_CPL, .tag = TAG, .byte_count = 16});
    assert_int_equal(answer(l, &count), DMR_MALFORMED);
    assert_int_equal(answer(l, &more), DMR_MALFORMED);
    assert_int_equal(answer(l, &none), DMR_MALFORMED);
    assert_int_equal(dmr_ledger_outstanding(l), 1);
    assert_int_equal(dmr_ledger_owed(l), 0);
}

static void what_matches_nothing_is_unexpected(void **state)
{
    /* CFG-19 */
    struct dmr_ledger *l = *state;
    begin(l, TAG, 1, 0xF);
    const struct packet p = data_of(TAG, 1, 4, 0), other = data_of(OTHER, 1, 4, 0);
    const struct packet locked = encode((struct tlp){.kind = TLP_CPLDLK, .length = 1, .tag = TAG, .byte_count = 4});
    assert_int_equal(answer(l, &other), DMR_UNEXPECTED);
    assert_int_equal(answer(l, &locked), DMR_UNEXPECTED);
    assert_int_equal(dmr_ledger_complete(l, &p.t, p.dw, p.n, false, true), DMR_UNEXPECTED);
    dmr_ledger_forget(l);
    assert_int_equal(answer(l, &p), DMR_UNEXPECTED);
    assert_int_equal(deliver(l, &p), DMC_UNKNOWN);
}

static void delivered_data_is_compared(void **state)
{
    /* ORD-22 */
    struct dmr_ledger *l = *state;
    begin(l, TAG, 1, 0xF);
    struct packet p = data_of(TAG, 1, 4, 0);
    assert_int_equal(answer(l, &p), DMR_DELIVER);
    p.dw[3] ^= 1;
    assert_int_equal(deliver(l, &p), DMC_ALTERED);
    assert_int_equal(dmr_ledger_owed(l), 0);
}

static void a_doubtful_match_is_settled_by_delivery(void **state)
{
    /* CFG-19, RACE-40 */
    struct dmr_ledger *l = *state;
    begin(l, TAG, 2, 0xF);
    const struct packet p = data_of(TAG, 2, 8, 0);
    assert_int_equal(dmr_ledger_complete(l, &p.t, p.dw, p.n, true, false), DMR_DELIVER);
    assert_int_equal(dmr_ledger_owed(l), 0);
    assert_false(dmr_ledger_settled(l));
    assert_int_equal(deliver(l, &p), DMC_DUE);
    assert_int_equal(dmr_ledger_outstanding(l), 0);
    assert_true(dmr_ledger_settled(l));
}

static void more_completions_than_are_kept_push_the_oldest_out(void **state)
{
    /* ENV-06 */
    struct dmr_ledger *l = *state;
    for (unsigned tag = 0; tag <= DMR_DUE; tag++) {
        begin(l, tag, 1, 0xF);
        const struct packet p = data_of(tag, 1, 4, 0);
        assert_int_equal(answer(l, &p), DMR_DELIVER);
    }
    const struct packet oldest = data_of(0, 1, 4, 0), next = data_of(1, 1, 4, 0);
    assert_int_equal(deliver(l, &oldest), DMC_UNKNOWN);
    assert_int_equal(deliver(l, &next), DMC_DUE);
}

#define LEDGER_TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(requests_leave_once_untouched_and_behind_their_data),
        LEDGER_TEST(a_request_that_a_reset_dropped_is_told_from_others),
        LEDGER_TEST(an_altered_request_is_noticed),
        LEDGER_TEST(a_read_ends_with_its_last_byte),
        LEDGER_TEST(reads_of_one_byte_and_of_none_end),
        LEDGER_TEST(errors_end_a_read),
        LEDGER_TEST(what_cannot_be_right_is_malformed),
        LEDGER_TEST(what_matches_nothing_is_unexpected),
        LEDGER_TEST(delivered_data_is_compared),
        LEDGER_TEST(a_doubtful_match_is_settled_by_delivery),
        LEDGER_TEST(more_completions_than_are_kept_push_the_oldest_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
