/*
 * test_order_ledger.c - data writes of the device: order, relaxed ordering, content, and the row that messages stand
 * behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "order_ledger.h"

/* A data write of one DW: 3 DW header, requester 01:00.0. */
struct write {
    uint32_t dw[4];
    struct tlp t;
};

static struct write make(uint32_t address, uint32_t data, bool ro)
{
    struct write w = {.dw = {ro ? 0x40002001 : 0x40000001, 0x0100000F, address, data}};
    assert_int_equal(tlp_decode(w.dw, 4, &w.t), TLP_OK);
    return w;
}

static int accept(struct order_ledger *l, struct write w)
{
    return order_ledger_accept(l, &w.t, w.dw, 4);
}

static enum ledger_verdict send(struct order_ledger *l, struct write w)
{
    return order_ledger_send(l, &w.t, w.dw, 4);
}

static int set_up(void **state)
{
    struct order_ledger *l = malloc(sizeof *l);
    if (!l)
        return -1;
    memset(l, 0xA5, sizeof *l);
    order_ledger_init(l);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

/* ORD-05, ORD-27: in the order handed over, each once. */
static void writes_leave_in_order(void **state)
{
    struct order_ledger *l = *state;
    for (uint32_t k = 0; k < 5; k++)
        assert_int_equal(accept(l, make(0x1000 * k, k, false)), 0);
    for (uint32_t k = 0; k < 5; k++) {
        assert_int_equal(order_ledger_waiting(l), 5 - k);
        assert_int_equal(send(l, make(0x1000 * k, k, false)), LEDGER_SENT);
        assert_int_equal(l->sent, k + 1);
    }
    assert_int_equal(l->accepted, 5);
}

/* ORD-05: one without Relaxed Ordering passes nothing, not even a relaxed one. */
static void write_that_overtakes_is_told(void **state)
{
    struct order_ledger *l = *state;
    accept(l, make(0x1000, 1, true));
    accept(l, make(0x2000, 2, false));
    assert_int_equal(send(l, make(0x2000, 2, false)), LEDGER_OVERTAKES);
    assert_int_equal(l->sent, 0); /* nothing may stand behind it yet */
    assert_int_equal(send(l, make(0x1000, 1, true)), LEDGER_SENT);
    assert_int_equal(l->sent, 2);
}

/* ORD-03: a relaxed one may pass, and the row waits for those that it passed. */
static void relaxed_write_may_overtake(void **state)
{
    struct order_ledger *l = *state;
    accept(l, make(0x1000, 1, false));
    accept(l, make(0x2000, 2, false));
    accept(l, make(0x3000, 3, true));
    assert_int_equal(send(l, make(0x3000, 3, true)), LEDGER_SENT);
    assert_int_equal(l->sent, 0);
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_SENT);
    assert_int_equal(l->sent, 1);
    assert_int_equal(order_ledger_waiting(l), 2); /* one of them has left */
    assert_int_equal(send(l, make(0x2000, 2, false)), LEDGER_SENT);
    assert_int_equal(l->sent, 3);
}

/* ORD-27: no write leaves twice, in the row or ahead of it. */
static void write_sent_again_is_told(void **state)
{
    struct order_ledger *l = *state;
    accept(l, make(0x1000, 1, false));
    accept(l, make(0x1000, 2, false));
    accept(l, make(0x3000, 3, true));
    send(l, make(0x1000, 1, false));
    send(l, make(0x3000, 3, true));
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_AGAIN); /* though another one is due for this address */
    assert_int_equal(send(l, make(0x3000, 3, true)), LEDGER_AGAIN);
    assert_int_equal(l->sent, 1);
}

/* Two writes that are the same are two. */
static void equal_writes_are_counted(void **state)
{
    struct order_ledger *l = *state;
    accept(l, make(0x1000, 1, false));
    accept(l, make(0x1000, 1, false));
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_SENT);
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_SENT);
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_AGAIN);
}

/* ORD-27, TLP-25: passed on untouched: data, attributes, length. */
static void altered_write_is_told(void **state)
{
    struct order_ledger *l = *state;
    struct write longer = make(0x1000, 1, false);
    accept(l, make(0x1000, 1, false));
    assert_int_equal(send(l, make(0x1000, 9, false)), LEDGER_ALTERED);
    assert_int_equal(send(l, make(0x1000, 1, true)), LEDGER_ALTERED);
    longer.dw[0]++;
    assert_int_equal(order_ledger_send(l, &longer.t, longer.dw, 3), LEDGER_ALTERED);
    assert_int_equal(send(l, make(0x1004, 1, false)), LEDGER_UNKNOWN);
    assert_int_equal(l->sent, 0);
    assert_int_equal(send(l, make(0x1000, 1, false)), LEDGER_SENT);
    assert_int_equal(send(l, make(0x1000, 9, false)), LEDGER_UNKNOWN);
}

/* Room for LEDGER_SLOTS waiting writes; a write that is refused changes nothing. */
static void ledger_is_bounded(void **state)
{
    struct order_ledger *l = *state;
    static const uint32_t longest[LEDGER_TLP_DW + 1];
    const struct write w = make(0, 0, false);
    assert_int_equal(order_ledger_accept(l, &w.t, longest, LEDGER_TLP_DW + 1), -1);
    assert_int_equal(l->accepted, 0);
    for (uint32_t k = 0; k < LEDGER_SLOTS; k++)
        assert_int_equal(accept(l, make(4 * k, k, false)), 0);
    assert_int_equal(accept(l, make(0x10000, 0, false)), -1);
    assert_int_equal(l->accepted, LEDGER_SLOTS);
    assert_int_equal(send(l, make(0, 0, false)), LEDGER_SENT);
    assert_int_equal(accept(l, make(0x10000, 0, false)), 0); /* takes the slot of the one that left */
    assert_int_equal(send(l, make(0, 0, false)), LEDGER_UNKNOWN);
}

/* The longest TLP is compared to its last DW. */
static void longest_write_is_compared_whole(void **state)
{
    struct order_ledger *l = *state;
    uint32_t dw[LEDGER_TLP_DW] = {0x60008080, 0x010000FF, 1, 0x1000};
    struct tlp t;
    dw[LEDGER_TLP_DW - 1] = 0x12345678;
    assert_int_equal(tlp_decode(dw, LEDGER_TLP_DW, &t), TLP_OK);
    assert_int_equal(order_ledger_accept(l, &t, dw, LEDGER_TLP_DW), 0);
    dw[LEDGER_TLP_DW - 1] ^= 1;
    assert_int_equal(order_ledger_send(l, &t, dw, LEDGER_TLP_DW), LEDGER_ALTERED);
    dw[LEDGER_TLP_DW - 1] ^= 1;
    assert_int_equal(order_ledger_send(l, &t, dw, LEDGER_TLP_DW), LEDGER_SENT);
}

/* Many more writes than slots. */
static void slots_are_used_again(void **state)
{
    struct order_ledger *l = *state;
    for (uint32_t k = 0; k < 3 * LEDGER_SLOTS; k++) {
        assert_int_equal(accept(l, make(4 * k, k, k % 3 == 0)), 0);
        if (k % 2 == 1) {
            const bool swap = k % 3 == 0; /* the later one is relaxed */
            assert_int_equal(send(l, make(4 * (k - !swap), k - !swap, (k - !swap) % 3 == 0)), LEDGER_SENT);
            assert_int_equal(send(l, make(4 * (k - swap), k - swap, (k - swap) % 3 == 0)), LEDGER_SENT);
        }
    }
    assert_int_equal(order_ledger_waiting(l), 0);
}

/* RACE-30: what a function-level reset drops is not missed, and is stale when it comes after all. */
static void dropped_writes_are_stale(void **state)
{
    struct order_ledger *l = *state;
    struct write a = make(0x1000, 1, false), b = make(0x2000, 2, true), c = make(0x3000, 3, false);
    assert_int_equal(accept(l, a), 0);
    assert_int_equal(accept(l, b), 0);
    assert_int_equal(accept(l, c), 0);
    assert_int_equal(send(l, b), LEDGER_SENT);
    order_ledger_drop(l);
    assert_int_equal(order_ledger_waiting(l), 0);
    assert_int_equal(l->sent, 3);
    assert_int_equal(send(l, a), LEDGER_DROPPED);
    assert_int_equal(send(l, b), LEDGER_AGAIN);
    assert_int_equal(send(l, c), LEDGER_DROPPED);
    assert_int_equal(accept(l, a), 0); /* and it may be handed over anew */
    assert_int_equal(send(l, a), LEDGER_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_leave_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dropped_writes_are_stale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(write_that_overtakes_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(relaxed_write_may_overtake, set_up, tear_down),
        cmocka_unit_test_setup_teardown(write_sent_again_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(equal_writes_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(altered_write_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ledger_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(longest_write_is_compared_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slots_are_used_again, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("order_ledger", tests, NULL, NULL);
}
