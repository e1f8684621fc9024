/*
 * test_msix_model.c - the reference model of MSI-X, rule by rule: what is legal passes, what is not fails the check
 * that names it. The races of the requirements are in test_msix_races.c, random traces in test_msix_oracle.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "story.h"

enum { NVEC = 5, V = 2, W = 3 };

static int begin(void **state)
{
    static struct story story;
    story_begin(&story, NVEC);
    *state = &story;
    return 0;
}

static int end(void **state)
{
    story_end(*state);
    return 0;
}

/* Starts over, ready to send. */
static struct story *ready(void **state)
{
    struct story *s = *state;
    s->policy = policy_default();
    story_again(s);
    story_ready(s);
    return s;
}

/* --- messages and masks --- */

/* MSIX-PBA-14, EDGE-02a, EDGE-06: one event, one message; none without. */
static void event_gives_one_message(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_message(s, V);
    story_ends_well(s);
    assert_int_equal(msix_model_messages(s->m, V), 1);
    assert_int_equal(msix_model_messages(s->m, W), 0);
    assert_int_equal(msix_model_messages_total(s->m), 1);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* EDGE-04: events may merge while the message is unsent, or give a message each. */
static void events_may_merge_or_not(void **state)
{
    for (unsigned messages = 1; messages <= 3; messages++) {
        struct story *s = ready(state);
        for (unsigned k = 0; k < 3; k++)
            story_event(s, V);
        for (unsigned k = 0; k < messages; k++)
            story_message(s, V);
        story_ends_well(s);
    }
    struct story *s = ready(state);
    for (unsigned k = 0; k < 3; k++)
        story_event(s, V);
    for (unsigned k = 0; k < 4; k++)
        story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* EDGE-03: an event that nothing covers is lost. */
static void event_without_message_is_lost(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_is_legal(s);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
}

/* EDGE-03, coverage rule: a message before the event does not cover it. */
static void message_before_the_event_does_not_cover_it(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_message(s, V);
    story_event(s, V);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
}

/* MSIX-PBA-06, MSIX-PBA-08, MSIX-PBA-09: masked events set the bit; unmask gives one message for all. */
static void masked_events_wait_in_the_pending_bit(void **state)
{
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    for (unsigned k = 0; k < 3; k++)
        story_event(s, V);
    story_pending(s, V, true);
    story_pending(s, W, false);
    story_unmask(s, V);
    story_message(s, V);
    story_fence(s);
    story_pending(s, V, false);
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* MSIX-PBA-06, MSIX-TBL-09: no message once the mask is proven. */
static void masked_vector_is_silent(void **state)
{
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* MSIX-PBA-06: a message that was pending when it was masked may not come after the fence either. */
static void vector_that_was_never_unmasked_is_silent(void **state)
{
    struct story *s = *state;
    story_again(s);
    story_dw(s, V, 0, (uint32_t)story_address(V));
    story_dw(s, V, 2, story_data_of(V));
    story_control(s, true, false, true);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* MSIX-PBA-14, MSIX-PBA-15: unmasking, or writing a mask again, sends nothing. */
static void unmask_without_event_is_silent(void **state)
{
    struct story *s = ready(state);
    story_unmask(s, V);
    story_mask(s, V);
    story_mask(s, V);
    story_unmask(s, V);
    story_pending(s, V, false);
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* MSIX-PBA-07, MSIX-PBA-16: Function Mask holds all, and what is masked by itself stays silent when it is cleared. */
static void function_mask_holds_messages(void **state)
{
    struct story *s = ready(state);
    story_control(s, true, true, true);
    story_mask(s, W);
    story_fence(s);
    story_event(s, V);
    story_event(s, W);
    story_answer(s, story_read(s, 0, NVEC), 1U << V | 1U << W);
    story_control(s, true, false, true);
    story_message(s, V);
    story_fence(s);
    story_answer(s, story_read(s, 0, NVEC), 1U << W);
    story_is_legal(s);
    story_message(s, W);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* MSIX-PBA-07: no message after the fence of Function Mask. */
static void function_mask_is_held_to(void **state)
{
    struct story *s = ready(state);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* MSIX-PBA-25: nothing while disabled, whatever is unmasked. */
static void disabled_function_is_silent(void **state)
{
    struct story *s = ready(state);
    story_control(s, false, false, true);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_DISABLED);
}

/* MSIX-PBA-27, MSIX-PBA-28: no message while bus mastering is off; what was held leaves once afterwards. */
static void bus_master_off_holds_messages(void **state)
{
    struct story *s = ready(state);
    story_control(s, true, false, false);
    story_fence(s);
    story_event(s, V);
    story_event(s, W);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_BUS_MASTER);
    story_control(s, true, false, true);
    story_message(s, V);
    story_message(s, W);
    story_ends_well(s);
    story_message(s, W);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* MSIX-PBA-27: other writes too, until the fence. */
static void writes_may_leave_until_bus_master_off_is_proven(void **state)
{
    struct story *s = ready(state);
    assert_true(msix_model_may_write(s->m));
    const uint64_t moment = story_control(s, true, false, false);
    story_completed(s, moment);
    assert_true(msix_model_may_write(s->m)); /* the completion of a configuration write pushes nothing */
    story_fence(s);
    assert_false(msix_model_may_write(s->m));
    story_control(s, true, false, true);
    assert_true(msix_model_may_write(s->m));
}

/* ORD-12: a completion must stand behind data only if nothing may have held that back since its request entered. */
static void bus_master_on_is_known_since_a_request(void **state)
{
    struct story *s = ready(state);
    const uint64_t from = msix_model_control_floor(s->m);
    assert_true(msix_model_bme_on_since(s->m, from));
    story_control(s, true, false, false);
    assert_false(msix_model_bme_on_since(s->m, from));
    story_control(s, true, false, true);
    story_fence(s);
    assert_false(msix_model_bme_on_since(s->m, from));
    assert_true(msix_model_bme_on_since(s->m, msix_model_control_floor(s->m)));
}

/* 0.3: the completion of a configuration write proves that it took effect, not that older messages have left. */
static void configuration_write_completion_is_half_a_fence(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_completed(s, story_control(s, true, true, true));
    story_message(s, V); /* was committed before */
    story_is_legal(s);
    story_event(s, V);
    story_message(s, V); /* cannot have been */
    story_breaks(s, CHECK_MSG_MASKED);
}

/* ORD-25: an entry write may pass an earlier configuration write; a configuration write passes nothing. */
static void entry_write_may_pass_a_configuration_write(void **state)
{
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_control(s, true, true, true);
    story_unmask(s, V);
    story_message(s, V); /* Function Mask is not in force yet, the unmask is */
    story_is_legal(s);

    s = ready(state);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    story_mask(s, V);
    story_control(s, true, false, true);
    story_message(s, V); /* Function Mask cannot have been cleared ahead of the mask */
    story_breaks(s, CHECK_MSG_MASKED);
}

/* --- fields --- */

/* TLP-05, MSIX-TBL-26: a message that no entry explains. */
static void unknown_message_is_refused(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    assert_int_equal(msix_model_message(s->m, ++s->moment, 0xFEE0FFF0, 0x12345678, 0), -1);
    story_breaks(s, CHECK_MSG_KNOWN);
}

/* TLP-26, MSIX-TBL-16: fields of two entries, or altered ones. */
static void mixed_fields_are_refused(void **state)
{
    struct story *s = ready(state);
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
    struct story *s = ready(state);
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
    struct story *s = ready(state);
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
    struct story *s = ready(state);
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

/* --- the order of data and messages --- */

/* ORD-06, EDGE-14: a message that leaves ahead of the data of its event. */
static void message_must_not_overtake_its_data(void **state)
{
    struct story *s = ready(state);
    story_data(s, 2, 1);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_ORDER);
    story_data(s, 0, 1);
    story_message(s, V);
    story_ends_well(s);
}

/* ORD-06: with several events, each message that leaves early must have been caused by an event that it may cover. */
static void message_before_the_data_belongs_to_an_earlier_event(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_data(s, 1, 0);
    story_event(s, V);
    story_message(s, V); /* the first event's */
    story_is_legal(s);
    story_message(s, V); /* the second one's, too early */
    story_breaks(s, CHECK_MSG_ORDER);
    story_data(s, 0, 1);
    story_message(s, V);
    story_ends_well(s);
}

/* ORD-06: two events behind the same data: not even one message may go ahead of it. */
static void many_events_are_no_excuse(void **state)
{
    struct story *s = ready(state);
    story_data(s, 1, 0);
    story_event(s, V);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_ORDER);
}

/* EDGE-14: after a message for the first event a further one must follow the data of the second. */
static void second_event_needs_its_own_message(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_data(s, 1, 0);
    story_event(s, V);
    story_message(s, V);
    story_data(s, 0, 1);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
}

/* MSIX-PBA-18: an event that was cleared leaves nothing that must follow. */
static void cleared_event_needs_no_message(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_data(s, 1, 0);
    story_event(s, V);
    story_clear(s, V);
    story_message(s, V);
    story_ends_well(s);
}

/* MSIX-PBA-28 with the policy that drops: an event that was not recorded leaves nothing that must follow. */
static void dropped_event_needs_no_message(void **state)
{
    struct story *s = ready(state);
    s->policy.hold_while_bme_off = POLICY_NO;
    story_event(s, V);
    story_completed(s, story_control(s, true, false, false));
    story_data(s, 1, 0);
    story_event(s, V);
    story_message(s, V);
    story_ends_well(s);
}

/* --- pending bits --- */

/* MSIX-PBA-01, MSIX-PBA-22: each bit for itself. */
static void pending_bits_are_judged_one_by_one(void **state)
{
    struct story *s = ready(state);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    const struct story_read read = story_read(s, 0, NVEC);
    story_answer(s, read, 1U << V);
    story_is_legal(s);
    story_answer(s, story_read(s, 0, NVEC), 1U << V | 1U << W);
    story_breaks(s, CHECK_PBA_VALUE);
    story_answer(s, story_read(s, 0, NVEC), 1U << W); /* W is anything now; V is known */
    story_breaks(s, CHECK_PBA_VALUE);
}

/* Bits that were not asked for are not judged, nor is a read that was not answered with data. */
static void unread_bits_are_not_judged(void **state)
{
    struct story *s = ready(state);
    struct story_read read = story_read(s, 0, NVEC);
    msix_model_pba_end(s->m, read.token, UINT64_MAX, 0, true, 0);
    read = story_read(s, 0, NVEC);
    msix_model_pba_drop(s->m, read.token);
    msix_model_pba_drop(s->m, -1);
    msix_model_pba_end(s->m, -1, UINT64_MAX, UINT64_MAX, true, 0);
    msix_model_pba_end(s->m, read.token, UINT64_MAX, UINT64_MAX, true, 0);
    story_is_legal(s);
    read = story_read(s, 0, 64); /* past the last entry: judged elsewhere */
    story_answer(s, read, UINT64_MAX << NVEC);
    story_is_legal(s);
}

/* Too many reads at once: those past the last watch are not judged, and the watches come back. */
static void reads_beyond_the_watches_are_not_judged(void **state)
{
    struct story *s = ready(state);
    struct story_read read[64];
    for (unsigned k = 0; k < 64; k++)
        read[k] = story_read(s, 0, NVEC);
    assert_int_equal(story_read(s, 0, NVEC).token, -1);
    for (unsigned k = 0; k < 64; k++)
        story_answer(s, read[k], 0);
    assert_true(story_read(s, 0, NVEC).token >= 0);
    story_is_legal(s);
}

/* MSIX-PBA-18, MSIX-PBA-19: clear, and a new event after it. */
static void clear_takes_the_pending_bit_and_a_new_event_sets_it_again(void **state)
{
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_clear(s, V);
    story_pending(s, V, false);
    story_event(s, V);
    story_pending(s, V, true);
    story_clear(s, V);
    story_unmask(s, V);
    story_fence(s);
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* MSIX-PBA-10, MSIX-PBA-35: the bit does not stay behind a message. */
static void pending_bit_goes_with_its_message(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_message(s, V);
    story_pending(s, V, true);
    story_breaks(s, CHECK_PBA_VALUE);
}

/* MSIX-PBA-12: it may have been sampled before. */
static void pending_bit_may_have_been_sampled_before_the_message(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    const struct story_read read = story_read(s, V, 1);
    story_message(s, V);
    story_answer(s, read, 1);
    story_pending(s, V, false);
    story_ends_well(s);
}

/* MSIX-PBA-13: waiting for credits it may read 0 or 1; 0 only behind the message. */
static void waiting_message_may_show_as_pending(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    story_pending(s, V, true);
    story_is_legal(s);
    story_message(s, V);
    story_pending(s, V, false);
    story_ends_well(s);

    s = ready(state);
    story_event(s, V);
    story_pending(s, V, false);
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);
}

/* Completions of other reads may overtake (ORD-15): an answer to an older read says less. */
static void answers_out_of_order_are_understood(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    const struct story_read older = story_read(s, V, 1);
    story_completed(s, story_control(s, true, true, true));
    story_answer(s, older, 1);
    story_message(s, V); /* committed between the sample and Function Mask */
    story_ends_well(s);
}

/* MSIX-PBA-11 with reads under way: a later event does not hide that an earlier one was lost. */
static void later_event_does_not_hide_a_lost_one(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    const struct story_read read = story_read(s, V, 1);
    story_event(s, V);
    story_answer(s, read, 0);
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);
}

/* Policy prompt_visibility: without the promise an event may show late. */
static void late_visibility_is_not_judged_without_the_promise(void **state)
{
    struct story *s = ready(state);
    s->policy.prompt_visibility = POLICY_NO;
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_pending(s, V, false);
    story_is_legal(s);
    story_pending(s, W, true);
    story_breaks(s, CHECK_PBA_VALUE);
}

/* --- choices of the block --- */

/* MSIX-PBA-23: events while MSI-X Enable = 0. */
static void events_while_disabled_follow_the_policy(void **state)
{
    static const enum policy_tristate choice[] = {POLICY_NO, POLICY_YES, POLICY_EITHER};
    for (unsigned k = 0; k < 3; k++) {
        for (unsigned bit = 0; bit < 2; bit++) {
            struct story *s = ready(state);
            s->policy.record_while_disabled = choice[k];
            story_control(s, false, false, true);
            story_fence(s);
            story_event(s, V);
            story_pending(s, V, bit);
            if (choice[k] == POLICY_EITHER || (choice[k] == POLICY_YES) == bit)
                story_is_legal(s);
            else
                story_breaks(s, CHECK_PBA_VALUE);
        }
    }
}

/* MSIX-PBA-24: pending bits when Enable goes from 1 to 0. */
static void pending_bits_at_disable_follow_the_policy(void **state)
{
    static const enum policy_tristate choice[] = {POLICY_NO, POLICY_YES, POLICY_EITHER};
    for (unsigned k = 0; k < 3; k++) {
        for (unsigned bit = 0; bit < 2; bit++) {
            struct story *s = ready(state);
            s->policy.keep_on_disable = choice[k];
            story_mask(s, V);
            story_fence(s);
            story_event(s, V);
            story_control(s, false, false, true);
            story_fence(s);
            story_pending(s, V, bit);
            if (choice[k] == POLICY_EITHER || (choice[k] == POLICY_YES) == bit)
                story_is_legal(s);
            else
                story_breaks(s, CHECK_PBA_VALUE);
        }
    }
}

/* MSIX-PBA-28, MSIX-PBA-29: events while bus mastering is off, unmasked and masked. */
static void events_while_bus_master_is_off_follow_the_policy(void **state)
{
    static const enum policy_tristate choice[] = {POLICY_NO, POLICY_YES, POLICY_EITHER};
    for (unsigned k = 0; k < 12; k++) {
        const enum policy_tristate policy = choice[k / 4];
        const bool masked = k & 1, bit = k & 2;
        struct story *s = ready(state);
        s->policy.hold_while_bme_off = masked ? POLICY_YES : policy;
        s->policy.record_masked_while_bme_off = masked ? policy : POLICY_YES;
        if (masked)
            story_mask(s, V);
        story_control(s, true, false, false);
        story_fence(s);
        story_event(s, V);
        story_pending(s, V, bit);
        if (policy == POLICY_EITHER || (policy == POLICY_YES) == bit)
            story_is_legal(s);
        else
            story_breaks(s, CHECK_PBA_VALUE);
    }
}

/* --- several entries --- */

/* V and W hold the same fields. */
static struct story *ready_twins(void **state)
{
    struct story *s = ready(state);
    story_mask(s, W);
    story_dw(s, W, 0, (uint32_t)story_address(V));
    story_dw(s, W, 1, (uint32_t)(story_address(V) >> 32));
    story_dw(s, W, 2, story_data_of(V));
    story_unmask(s, W);
    story_fence(s);
    return s;
}

/* EDGE-05, MSIX-TBL-25: entries with equal fields, judged by their sum. */
static void twins_are_judged_by_their_sum(void **state)
{
    struct story *s = ready_twins(state);
    story_event(s, V);
    story_event(s, W);
    story_message(s, V);
    story_message(s, V);
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* The sum starts anew with what is proven, however long this has been going on. */
static void sum_of_twins_does_not_run_out(void **state)
{
    struct story *s = ready_twins(state);
    for (unsigned round = 0; round < 50; round++) {
        story_event(s, V);
        story_event(s, W);
        story_message(s, V);
        story_message(s, V);
        if (round % 3 == 0)
            story_fence(s);
        if (round % 7 == 0)
            story_answer(s, story_read(s, 0, NVEC), 0);
    }
    story_ends_well(s);
}

/* Two pairs of twins do not count into each other. */
static void pairs_of_twins_have_sums_of_their_own(void **state)
{
    struct story *s = ready_twins(state);
    story_mask(s, 0);
    story_dw(s, 0, 0, (uint32_t)story_address(1));
    story_dw(s, 0, 1, (uint32_t)(story_address(1) >> 32));
    story_dw(s, 0, 2, story_data_of(1));
    story_unmask(s, 0);
    story_fence(s);
    for (unsigned k = 0; k < 9; k++) {
        story_event(s, V);
        story_event(s, W);
        story_message(s, V);
        story_message(s, V);
    }
    story_event(s, 0);
    story_event(s, 1);
    story_message(s, 1);
    story_message(s, 1);
    story_ends_well(s);
}

/* MSIX-TBL-25: masking one twin does not mask the other, and then it is clear who sent. */
static void masked_twin_sends_nothing(void **state)
{
    struct story *s = ready_twins(state);
    story_mask(s, W);
    story_fence(s);
    story_event(s, V);
    story_event(s, W);
    story_message(s, V);
    story_pending(s, W, true);
    story_pending(s, V, false);
    story_is_legal(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* ORD-06: a message of twins that is too early for each of them. */
static void twins_must_not_overtake_their_data(void **state)
{
    struct story *s = ready_twins(state);
    story_data(s, 1, 0);
    story_event(s, V);
    story_event(s, W);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_ORDER);
}

/* MSIX-PBA-17, EDGE-11: all vectors at once, in any order. */
static void all_pending_vectors_send_once(void **state)
{
    struct story all, *s = &all;
    (void)state;
    story_begin(s, 2048);
    story_ready(s);
    story_control(s, true, true, true);
    story_fence(s);
    for (unsigned v = 0; v < 2048; v++)
        story_event(s, v);
    for (unsigned first = 0; first < 2048; first += 64)
        story_answer(s, story_read(s, first, 64), UINT64_MAX);
    story_control(s, true, false, true);
    for (unsigned k = 0; k < 2048; k++)
        story_message(s, k * 1023 % 2048);
    story_fence(s);
    for (unsigned first = 0; first < 2048; first += 64)
        story_answer(s, story_read(s, first, 64), 0);
    story_ends_well(s);
    story_message(s, 2047);
    story_breaks(s, CHECK_MSG_CAUSE);
    story_end(s);
}

/* MSIX-CAP-05: the first and the last entry of any table. */
static void first_and_last_entry_behave_alike(void **state)
{
    static const unsigned sizes[] = {1, 2, 63, 64, 65, 2047, 2048};
    (void)state;
    for (unsigned k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct story s;
        const unsigned last = sizes[k] - 1;
        story_begin(&s, sizes[k]);
        story_ready(&s);
        story_mask(&s, last);
        story_fence(&s);
        story_event(&s, last);
        if (last > 0) {
            story_event(&s, 0);
            story_message(&s, 0);
        }
        story_pending(&s, last, true);
        story_unmask(&s, last);
        story_message(&s, last);
        story_ends_well(&s);
        story_end(&s);
    }
}

/* EDGE-12: an event past the last entry has no effect. */
static void event_past_the_last_entry_is_ignored(void **state)
{
    struct story *s = ready(state);
    story_event(s, NVEC);
    story_event(s, 2047);
    story_clear(s, NVEC);
    assert_int_equal(msix_model_messages(s->m, NVEC), 0);
    story_answer(s, story_read(s, 0, NVEC), 0);
    story_ends_well(s);
}

/* --- fairness --- */

/* EDGE-09: a waiting vector is sent within nvec + slack messages of others. */
static void waiting_vector_is_not_starved(void **state)
{
    for (unsigned late = 0; late < 2; late++) {
        struct story *s = ready(state);
        s->policy.fairness_slack = 3;
        story_event(s, W);
        for (unsigned k = 0; k < NVEC + 3 + late; k++) {
            story_event(s, V);
            story_message(s, V);
        }
        story_message(s, W);
        if (late)
            story_breaks(s, CHECK_MSG_FAIRNESS);
        else
            story_is_legal(s);
    }
}

/* EDGE-09: a masked vector does not wait, nor one whose earlier event may have been served with another. */
static void only_a_vector_that_may_send_is_waiting(void **state)
{
    struct story *s = ready(state);
    s->policy.fairness_slack = 3;
    story_mask(s, W);
    story_fence(s);
    story_event(s, W);
    for (unsigned k = 0; k < 50; k++) {
        story_event(s, V);
        story_message(s, V);
    }
    story_unmask(s, W);
    story_fence(s);
    story_message(s, W);
    story_is_legal(s);

    s = ready(state);
    s->policy.fairness_slack = 3;
    story_event(s, W);
    story_event(s, W);
    story_message(s, W); /* for both, or there is another one to come */
    for (unsigned k = 0; k < 50; k++) {
        story_event(s, V);
        story_message(s, V);
    }
    story_event(s, W);
    story_message(s, W);
    story_is_legal(s);
}

/* EDGE-09: nobody waits while Function Mask is set. */
static void function_mask_stops_the_waiting(void **state)
{
    struct story *s = ready(state);
    s->policy.fairness_slack = 3;
    story_event(s, W);
    for (unsigned k = 0; k < NVEC + 3; k++) {
        story_event(s, V);
        story_message(s, V);
    }
    story_control(s, true, true, true);
    story_fence(s);
    story_control(s, true, false, true);
    story_event(s, V);
    story_message(s, V);
    story_fence(s);
    story_message(s, W);
    story_is_legal(s);
}

/* --- how exact it is --- */

/* N.3: after a fence and a fenced read of the pending bit, with no newer event, exactly one state is left. */
static void fence_and_pending_read_leave_one_state(void **state)
{
    for (unsigned k = 0; k < 16; k++) {
        const bool fmask = k & 1, toggled = k & 2, bit = k & 4, second = k & 8;
        struct story *s = ready(state);
        story_event(s, V);
        if (second)
            story_event(s, V);
        story_control(s, true, true, true);
        if (toggled) {
            story_mask(s, V);
            story_control(s, true, false, true);
            story_control(s, true, true, true);
        }
        if (!fmask) {
            story_mask(s, V);
            story_control(s, true, false, true);
        }
        if (!bit)
            story_message(s, V);
        story_fence(s);
        story_pending(s, V, bit);
        story_is_legal(s);
        assert_true(msix_model_is_exact(s->m, V));
        assert_int_equal(msix_model_may_hold(s->m, V), bit);
    }
}

/* N.3: before that, several are. */
static void open_window_leaves_several_states(void **state)
{
    struct story *s = ready(state);
    assert_true(msix_model_is_exact(s->m, V));
    story_event(s, V);
    assert_false(msix_model_is_exact(s->m, V));
    story_mask(s, V);
    story_fence(s);
    assert_true(msix_model_is_exact(s->m, V)); /* no message was seen: it is pending */
    story_unmask(s, V);
    assert_false(msix_model_is_exact(s->m, V));
}

/* What one contradiction leaves behind is not told twice. */
static void contradiction_is_told_once(void **state)
{
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_pending(s, V, false);
    story_breaks(s, CHECK_PBA_VALUE);
    story_pending(s, V, false);
    story_pending(s, V, false);
    story_unmask(s, V);
    story_fence(s);
    story_ends_well(s);
}

/* Far more writes than the ring holds, without a single ordered read. */
static void controls_may_change_for_ever_without_a_fence(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    for (unsigned k = 0; k < 3000; k++) {
        story_completed(s, story_control(s, true, k % 2 == 0, true));
        if (k % 500 == 499) {
            story_message(s, V);
            story_event(s, V);
            story_event(s, W);
            story_message(s, W);
        }
    }
    story_message(s, V);
    story_ends_well(s);
    assert_true(msix_model_may_write(s->m));
}

/* More unproven writes than can be held: nothing breaks. */
static void unproven_controls_are_bounded(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    for (unsigned k = 0; k < 1500; k++)
        story_control(s, true, k % 2 == 0, true);
    story_message(s, V);
    story_ends_well(s);
}

/* Conventional reset: masked, nothing pending, no fields, no reads under way (MSIX-TBL-05, MSIX-PBA-02). */
static void reset_forgets_everything(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    (void)story_read(s, 0, NVEC);
    story_again(s);
    story_answer(s, story_read(s, 0, NVEC), 0);
    assert_true(msix_model_is_exact(s->m, V));
    assert_false(msix_model_expects(s->m, story_address(V), story_data_of(V)));
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_KNOWN);
}

/* The text names what is believed, and never runs over. */
static void explanation_fits_its_room(void **state)
{
    struct story *s = ready(state);
    char text[2000];
    story_event(s, V);
    story_event(s, V);
    const size_t whole = msix_model_explain(s->m, V, text, sizeof text);
    assert_int_equal(whole, strlen(text));
    assert_non_null(strstr(text, "entry 2"));
    assert_non_null(strstr(text, "possible"));
    for (size_t room = 1; room <= whole + 1; room++) {
        memset(text, 'x', sizeof text);
        const size_t n = msix_model_explain(s->m, V, text, room);
        assert_int_equal(n, room <= whole ? room - 1 : whole);
        assert_int_equal(text[n], 0);
        assert_int_equal(text[room], 'x');
    }
}

#define TEST(name) cmocka_unit_test(name)

/* --- resets of the function --- */

/* MSIX-PBA-33, EDGE-20, RACE-30: in a function-level reset events mean nothing; behind it all is as after reset. */
static void function_level_reset_forgets(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    msix_model_flr_begin(s->m);
    story_event(s, W);
    story_clear(s, W);
    story_message(s, V); /* committed before: may leave */
    story_is_legal(s);
    story_fence(s);
    msix_model_flr_end(s->m);
    story_is_legal(s);
    assert_int_equal(msix_model_messages(s->m, V), 1);
    assert_false(msix_model_may_hold(s->m, W));
    assert_true(msix_model_is_exact(s->m, V));
    story_pending(s, V, false);
    story_ends_well(s);
    assert_null(msix_model_check_invariants(s->m));
    story_message(s, V);
    story_breaks(s, CHECK_MSG_KNOWN);
}

/* MSIX-PBA-33: a message that waits is dropped, and nobody asks for it. */
static void function_level_reset_drops_what_waits(void **state)
{
    struct story *s = ready(state);
    story_event(s, V);
    msix_model_flr_begin(s->m);
    msix_model_flr_end(s->m);
    story_fence(s);
    story_ends_well(s);
}

/* MSIX-PBA-31: a write that resets the table masks all, clears pending bits, and leaves what is on its way. */
static void soft_reset_clears_when_it_is_proven(void **state)
{
    uint32_t certain;
    struct story *s = ready(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_pending(s, V, true);
    story_event(s, W);
    const uint64_t moment = ++s->moment;
    msix_model_control(s->m, moment, (struct msix_control){false, false, false});
    msix_model_soft_reset(s->m, moment);
    story_message(s, W); /* committed before */
    story_is_legal(s);
    assert_true(msix_model_may_hold(s->m, V));
    story_fence(s);
    assert_false(msix_model_may_hold(s->m, V));
    assert_int_equal(msix_model_field(s->m, V, 3, UINT64_MAX, &certain), 1);
    assert_int_equal(msix_model_field(s->m, V, 2, UINT64_MAX, &certain), 0);
    story_pending(s, V, false);
    story_ends_well(s);
    story_message(s, W);
    story_breaks(s, CHECK_MSG_FIELDS);
}

/* MSIX-PBA-31: an event around it may have come before or after. */
static void event_around_a_soft_reset_is_kept_or_lost(void **state)
{
    for (unsigned kept = 0; kept < 2; kept++) {
        struct story *s = ready(state);
        const uint64_t moment = ++s->moment;
        msix_model_control(s->m, moment, (struct msix_control){false, false, false});
        msix_model_soft_reset(s->m, moment);
        story_event(s, V);
        story_fence(s);
        story_pending(s, V, kept);
        story_is_legal(s);
        assert_true(msix_model_is_exact(s->m, V));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(event_gives_one_message),
        TEST(event_around_a_soft_reset_is_kept_or_lost),
        TEST(soft_reset_clears_when_it_is_proven),
        TEST(function_level_reset_drops_what_waits),
        TEST(function_level_reset_forgets),
        TEST(events_may_merge_or_not),
        TEST(event_without_message_is_lost),
        TEST(message_before_the_event_does_not_cover_it),
        TEST(masked_events_wait_in_the_pending_bit),
        TEST(masked_vector_is_silent),
        TEST(vector_that_was_never_unmasked_is_silent),
        TEST(unmask_without_event_is_silent),
        TEST(function_mask_holds_messages),
        TEST(function_mask_is_held_to),
        TEST(disabled_function_is_silent),
        TEST(bus_master_off_holds_messages),
        TEST(writes_may_leave_until_bus_master_off_is_proven),
        TEST(bus_master_on_is_known_since_a_request),
        TEST(configuration_write_completion_is_half_a_fence),
        TEST(entry_write_may_pass_a_configuration_write),
        TEST(unknown_message_is_refused),
        TEST(mixed_fields_are_refused),
        TEST(fields_are_written_byte_by_byte),
        TEST(fields_are_known_while_they_may_be_sent),
        TEST(unwritten_entry_is_not_known),
        TEST(many_writes_leave_no_key_behind),
        TEST(table_reads_as_written),
        TEST(reserved_table_bits_follow_the_policy),
        TEST(written_pending_bits_follow_the_policy),
        TEST(message_must_not_overtake_its_data),
        TEST(message_before_the_data_belongs_to_an_earlier_event),
        TEST(many_events_are_no_excuse),
        TEST(second_event_needs_its_own_message),
        TEST(cleared_event_needs_no_message),
        TEST(dropped_event_needs_no_message),
        TEST(pending_bits_are_judged_one_by_one),
        TEST(unread_bits_are_not_judged),
        TEST(reads_beyond_the_watches_are_not_judged),
        TEST(clear_takes_the_pending_bit_and_a_new_event_sets_it_again),
        TEST(pending_bit_goes_with_its_message),
        TEST(pending_bit_may_have_been_sampled_before_the_message),
        TEST(waiting_message_may_show_as_pending),
        TEST(answers_out_of_order_are_understood),
        TEST(later_event_does_not_hide_a_lost_one),
        TEST(late_visibility_is_not_judged_without_the_promise),
        TEST(events_while_disabled_follow_the_policy),
        TEST(pending_bits_at_disable_follow_the_policy),
        TEST(events_while_bus_master_is_off_follow_the_policy),
        TEST(twins_are_judged_by_their_sum),
        TEST(sum_of_twins_does_not_run_out),
        TEST(pairs_of_twins_have_sums_of_their_own),
        TEST(masked_twin_sends_nothing),
        TEST(twins_must_not_overtake_their_data),
        TEST(all_pending_vectors_send_once),
        TEST(first_and_last_entry_behave_alike),
        TEST(event_past_the_last_entry_is_ignored),
        TEST(waiting_vector_is_not_starved),
        TEST(only_a_vector_that_may_send_is_waiting),
        TEST(function_mask_stops_the_waiting),
        TEST(fence_and_pending_read_leave_one_state),
        TEST(open_window_leaves_several_states),
        TEST(contradiction_is_told_once),
        TEST(controls_may_change_for_ever_without_a_fence),
        TEST(unproven_controls_are_bounded),
        TEST(reset_forgets_everything),
        TEST(explanation_fits_its_room),
    };
    return cmocka_run_group_tests_name("msix_model", tests, begin, end);
}
