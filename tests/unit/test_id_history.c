/*
 * test_id_history.c - which Requester and Completer IDs may be on the wire (TLP-17, TLP-18, RACE-40).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "id_history.h"

/* Before the first capture the ID is 0. */
static void first_id_is_zero(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    assert_true(id_history_allows(&h, 0));
    assert_false(id_history_allows(&h, 0x0100));
    assert_int_equal(id_history_newest(&h), 0);
    assert_true(id_history_settled(&h));
    id_history_capture(&h, 5, 0x0100);
    assert_false(id_history_settled(&h));
    id_history_flush(&h, 6);
    assert_true(id_history_settled(&h));
}

/* TLP-17, RACE-40: after a capture old and new are possible, each whole; after the flush the new one only. */
static void old_and_new_id_until_the_flush(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    id_history_capture(&h, 10, 0x1208);
    assert_true(id_history_allows(&h, 0));
    assert_true(id_history_allows(&h, 0x1208));
    assert_false(id_history_allows(&h, 0x1200)); /* bus of one, device of the other */
    assert_false(id_history_allows(&h, 0x0008));
    assert_int_equal(id_history_newest(&h), 0x1208);
    id_history_flush(&h, 10); /* the request came no later than the capture */
    assert_true(id_history_allows(&h, 0));
    id_history_flush(&h, 11);
    assert_false(id_history_allows(&h, 0));
    assert_true(id_history_allows(&h, 0x1208));
}

/* TLP-18: several captures, flushed one by one; an older flush takes nothing back. */
static void captures_go_one_by_one(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    for (uint16_t k = 1; k <= 4; k++)
        id_history_capture(&h, 10U * k, k);
    for (uint16_t id = 0; id <= 4; id++)
        assert_true(id_history_allows(&h, id));
    id_history_flush(&h, 25);
    id_history_flush(&h, 15);
    for (uint16_t id = 0; id <= 4; id++)
        assert_int_equal(id_history_allows(&h, id), id >= 2);
    id_history_flush(&h, 1000);
    for (uint16_t id = 0; id <= 4; id++)
        assert_int_equal(id_history_allows(&h, id), id == 4);
}

/* TLP-18: the same ID again changes nothing; back to an older one does. */
static void same_id_again(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    for (unsigned k = 0; k < 1000; k++)
        id_history_capture(&h, 10 + k, 7);
    assert_true(id_history_allows(&h, 0));
    assert_false(id_history_allows(&h, 1));
    id_history_flush(&h, 11);
    assert_false(id_history_allows(&h, 0));
    id_history_capture(&h, 2000, 8);
    id_history_capture(&h, 2001, 7);
    id_history_flush(&h, 2002);
    assert_true(id_history_allows(&h, 7));
    assert_false(id_history_allows(&h, 8));
}

/* More captures than are kept without a flush: no ID is refused that may be right, and that ends with the flush. */
static void forgotten_captures_are_not_refused(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    for (uint16_t k = 1; k < ID_HISTORY_SIZE; k++)
        id_history_capture(&h, k, k);
    assert_true(id_history_allows(&h, 0));
    assert_false(id_history_allows(&h, 5000));
    for (uint16_t k = ID_HISTORY_SIZE; k < 3 * ID_HISTORY_SIZE; k++)
        id_history_capture(&h, k, k);
    assert_true(id_history_allows(&h, 0));
    assert_true(id_history_allows(&h, 17));
    id_history_flush(&h, ID_HISTORY_SIZE); /* says nothing about those that are kept */
    assert_true(id_history_allows(&h, 17));
    id_history_flush(&h, 3 * ID_HISTORY_SIZE);
    assert_false(id_history_allows(&h, 17));
    assert_true(id_history_allows(&h, 3 * ID_HISTORY_SIZE - 1));
}

/* ORD-15: a completion may carry what was captured when its request entered, or anything since, whatever was flushed. */
static void completion_may_have_been_built_long_ago(void **state)
{
    struct id_history h;
    (void)state;
    id_history_init(&h);
    id_history_capture(&h, 10, 0x0100);
    id_history_capture(&h, 20, 0x0200);
    id_history_capture(&h, 30, 0x0300);
    id_history_flush(&h, 40);
    assert_false(id_history_allows(&h, 0x0200));
    assert_true(id_history_allows_since(&h, 0x0200, 25));
    assert_true(id_history_allows_since(&h, 0x0300, 25));
    assert_false(id_history_allows_since(&h, 0x0100, 25));
    assert_true(id_history_allows_since(&h, 0x0100, 15));
    assert_true(id_history_allows_since(&h, 0, 5));
    assert_false(id_history_allows_since(&h, 0x0200, 35));
    for (uint16_t k = 0; k < 2 * ID_HISTORY_SIZE; k++)
        id_history_capture(&h, 50 + k, k);
    assert_true(id_history_allows_since(&h, 0x0700, 45)); /* more captures than are kept: any */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_id_is_zero),
        cmocka_unit_test(old_and_new_id_until_the_flush),
        cmocka_unit_test(captures_go_one_by_one),
        cmocka_unit_test(same_id_again),
        cmocka_unit_test(forgotten_captures_are_not_refused),
        cmocka_unit_test(completion_may_have_been_built_long_ago),
    };
    return cmocka_run_group_tests_name("id_history", tests, NULL, NULL);
}
