/*
 * test_msix_pending.c - the reference model of MSI-X about pending bits, and about the choices that a block has there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { NVEC = STORY_NVEC, V = 2, W = 3 };

/* --- pending bits --- */

/* MSIX-PBA-01, MSIX-PBA-22: each bit for itself. */
static void pending_bits_are_judged_one_by_one(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_message(s, V);
    story_pending(s, V, true);
    story_breaks(s, CHECK_PBA_VALUE);
}

/* MSIX-PBA-12: it may have been sampled before. */
static void pending_bit_may_have_been_sampled_before_the_message(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_pending(s, V, true);
    story_is_legal(s);
    story_message(s, V);
    story_pending(s, V, false);
    story_ends_well(s);

    s = story_fresh(state);
    story_event(s, V);
    story_pending(s, V, false);
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);
}

/* Completions of other reads may overtake (ORD-15): an answer to an older read says less. */
static void answers_out_of_order_are_understood(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_event(s, V);
    const struct story_read read = story_read(s, V, 1);
    story_event(s, V);
    story_answer(s, read, 0);
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);
}

/* Policy prompt_visibility: without the promise an event may show late. */
static void late_visibility_is_not_judged_without_the_promise(void **state)
{
    struct story *s = story_fresh(state);
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
            struct story *s = story_fresh(state);
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
            struct story *s = story_fresh(state);
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
        struct story *s = story_fresh(state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pending_bits_are_judged_one_by_one),
        cmocka_unit_test(unread_bits_are_not_judged),
        cmocka_unit_test(reads_beyond_the_watches_are_not_judged),
        cmocka_unit_test(clear_takes_the_pending_bit_and_a_new_event_sets_it_again),
        cmocka_unit_test(pending_bit_goes_with_its_message),
        cmocka_unit_test(pending_bit_may_have_been_sampled_before_the_message),
        cmocka_unit_test(waiting_message_may_show_as_pending),
        cmocka_unit_test(answers_out_of_order_are_understood),
        cmocka_unit_test(later_event_does_not_hide_a_lost_one),
        cmocka_unit_test(late_visibility_is_not_judged_without_the_promise),
        cmocka_unit_test(events_while_disabled_follow_the_policy),
        cmocka_unit_test(pending_bits_at_disable_follow_the_policy),
        cmocka_unit_test(events_while_bus_master_is_off_follow_the_policy),
    };
    return cmocka_run_group_tests_name("msix_pending", tests, story_setup, story_teardown);
}
