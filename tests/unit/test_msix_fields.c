/*
 * test_msix_fields.c - the reference model of MSI-X about the fields of entries: what messages carry and what reads
 * return.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { NVEC = STORY_NVEC, V = 2, W = 3 };

/* TLP-05, MSIX-TBL-26: a message that no entry explains. */
static void unknown_message_is_refused(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    assert_int_equal(msix_model_message(s->m, ++s->moment, 0xFEE0FFF0, 0x12345678, 0), -1);
    story_breaks(s, CHECK_MSG_KNOWN);
}

/* TLP-26, MSIX-TBL-16: fields of two entries, or altered ones. */
static void mixed_fields_are_refused(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_message_with(s, story_address(V), story_data_of(W));
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message_with(s, story_address(V), story_data_of(V) ^ 0x80);
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message_with(s, story_address(V) ^ UINT64_C(0x8000000000000000), story_data_of(V));
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message(s, V);
    story_ends_well(s);
}

/* MSIX-TBL-02, MMIO byte enables: single bytes make the fields too; address bits 1:0 never leave. */
static void fields_are_written_byte_by_byte(void **state)
{
    static const uint8_t be[4] = {0, 0, 0x6, 0};
    static const uint32_t value[4] = {0, 0, 0xAABBCCDD, 0};
    struct story *s = story_fresh(state);
    uint32_t care;
    story_mask(s, V);
    story_dw(s, V, 0, 0xFEE01007);
    msix_model_write(s->m, ++s->moment, V, be, value);
    story_unmask(s, V);
    story_event(s, V);
    story_message_with(s, 0xFEE01004 | (story_address(V) & ~UINT64_C(0xFFFFFFFF)), 0xC0BBCC02);
    story_ends_well(s);
    assert_int_equal(msix_model_field(s->m, V, 2, s->moment, &care), 0xC0BBCC02);
    assert_int_equal(care, 0xFFFFFFFF);
}

/* For telling messages from data writes. */
static void fields_are_known_while_they_may_be_sent(void **state)
{
    struct story *s = story_fresh(state);
    assert_true(msix_model_expects(s->m, story_address(V), story_data_of(V)));
    assert_true(msix_model_knows(s->m, story_address(V), story_data_of(V)));
    assert_true(msix_model_knows_address(s->m, story_address(V)));
    assert_false(msix_model_knows_address(s->m, 0x1234));
    story_mask(s, V);
    story_dw(s, V, 2, 0x77);
    assert_true(msix_model_expects(s->m, story_address(V), story_data_of(V)));
    assert_false(msix_model_expects(s->m, story_address(V), 0x77));
    story_fence(s);
    story_event(s, V);
    assert_false(msix_model_expects(s->m, story_address(V), story_data_of(V)));
    assert_false(msix_model_knows(s->m, story_address(W), 0x77));
    assert_true(msix_model_knows(s->m, story_address(V), 0x77));
}

/* An entry that was never written has no fields to be known by. */
static void unwritten_entry_is_not_known(void **state)
{
    struct story *s = *state;
    story_again(s);
    assert_false(msix_model_knows(s->m, 0, 0));
    assert_false(msix_model_knows_address(s->m, 0));
    story_message_with(s, 0, 0);
    story_breaks(s, CHECK_MSG_KNOWN);
}

/* Many writes without a fence: all keys go when the fence comes. */
static void many_writes_leave_no_key_behind(void **state)
{
    struct story *s = story_fresh(state);
    for (uint32_t k = 0; k < 40; k++) {
        story_mask(s, V);
        story_dw(s, V, 2, 0x1000 + k);
        story_unmask(s, V);
    }
    assert_true(msix_model_expects(s->m, story_address(V), 0x1000));
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    assert_false(msix_model_expects(s->m, story_address(V), story_data_of(V)));
    for (uint32_t k = 0; k < 40; k++)
        assert_false(msix_model_expects(s->m, story_address(V), 0x1000 + k));
}

/* MSIX-TBL-05, MSIX-TBL-06, MSIX-TBL-10: what a read of the table must return. */
static void table_reads_as_written(void **state)
{
    struct story *s = *state;
    uint32_t care;
    s->policy = policy_default();
    story_again(s);
    assert_int_equal(msix_model_field(s->m, V, 3, 1, &care), 1);
    assert_int_equal(care, 0xFFFFFFFF);
    assert_int_equal(msix_model_field(s->m, V, 0, 1, &care), 0);
    assert_int_equal(care, 0xFFFFFFFF);
    s->policy.table_zero_after_reset = POLICY_EITHER;
    (void)msix_model_field(s->m, V, 1, 1, &care);
    assert_int_equal(care, 0);
    const uint64_t before = s->moment;
    story_dw(s, V, 2, 0x11223344);
    assert_int_equal(msix_model_field(s->m, V, 2, s->moment, &care), 0x11223344);
    assert_int_equal(care, 0xFFFFFFFF);
    (void)msix_model_field(s->m, V, 2, before, &care); /* written since the read entered */
    assert_int_equal(care, 0);
}

/* MSIX-PBA-05: a write to the pending bits is undefined; only the policy 'ignored' lets them be judged afterwards. */
static void written_pending_bits_follow_the_policy(void **state)
{
    struct story *s = *state;
    msix_model_pba_write(s->m, 0, 2);
    story_pending(s, 1, true);
    story_breaks(s, CHECK_PBA_VALUE);

    s->policy.pba_writes_ignored = POLICY_EITHER;
    story_again(s);
    story_ready(s);
    msix_model_pba_write(s->m, 0, 2);
    story_pending(s, 1, true);
    story_pending(s, 1, false);
    story_is_legal(s);
}

/* MSIX-TBL-03, -04, -07, -08: reserved bits that were written. */
static void reserved_table_bits_follow_the_policy(void **state)
{
    struct story *s = *state;
    uint32_t care;
    s->policy = policy_default();
    story_again(s);
    story_dw(s, V, 3, 0xFFFF0000);
    assert_int_equal(msix_model_field(s->m, V, 3, s->moment, &care), 0);
    assert_int_equal(care, 0xFFFFFFFF);
    s->policy.vector_control_reserved_zero = POLICY_EITHER;
    (void)msix_model_field(s->m, V, 3, s->moment, &care);
    assert_int_equal(care, 1);
    s->policy.vector_control_reserved_zero = POLICY_NO;
    assert_int_equal(msix_model_field(s->m, V, 3, s->moment, &care), 0xFFFF0000);
    assert_int_equal(care, 0xFFFFFFFF);
    story_dw(s, V, 0, 0xFEE00004);
    assert_int_equal(msix_model_field(s->m, V, 0, s->moment, &care), 0xFEE00004);
    assert_int_equal(care, 0xFFFFFFFF);
    story_dw(s, V, 0, 0xFEE00007);
    assert_int_equal(msix_model_field(s->m, V, 0, s->moment, &care) & care, 0xFEE00004);
    assert_int_equal(care, 0xFFFFFFFC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_message_is_refused),
        cmocka_unit_test(mixed_fields_are_refused),
        cmocka_unit_test(fields_are_written_byte_by_byte),
        cmocka_unit_test(fields_are_known_while_they_may_be_sent),
        cmocka_unit_test(unwritten_entry_is_not_known),
        cmocka_unit_test(many_writes_leave_no_key_behind),
        cmocka_unit_test(table_reads_as_written),
        cmocka_unit_test(written_pending_bits_follow_the_policy),
        cmocka_unit_test(reserved_table_bits_follow_the_policy),
    };
    return cmocka_run_group_tests_name("msix_fields", tests, story_setup, story_teardown);
}
