/*
 * test_msix_races.c - the race table of the requirements, as the model of MSI-X sees it: every legal outcome is
 * accepted, every illegal one fails the check named here. Rows about rewritten entries (RACE-11..15, 37..39, 42, 43) are
 * in test_msix_rewrites.c. Rows that concern data writes, completions, credits or resets
 * are judged elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { V = 2, W = 3 };

static const uint32_t NEW_DATA = 0xBEEF0001;

static void old_message(struct story *s)
{
    story_message(s, V);
}

static void new_message(struct story *s)
{
    story_message_with(s, story_address(V), NEW_DATA);
}

static void rewrite(struct story *s)
{
    story_dw(s, V, 2, NEW_DATA);
}

/* RACE-01, RACE-04: an event against masking, by the entry's bit and by Function Mask; the event before the write and
 * after it. */
static void race_01_04_event_against_mask(void **state)
{
    for (unsigned k = 0; k < 4; k++) {
        const bool by_function = k & 1, event_first = k & 2;
        enum { SENT, HELD, NEITHER, BOTH, LATE, CASES };
        for (unsigned outcome = 0; outcome < CASES; outcome++) {
            struct story *s = story_fresh(state);
            if (event_first)
                story_event(s, V);
            story_set_mask(s, V, by_function, true);
            if (!event_first)
                story_event(s, V);
            if (outcome == SENT || outcome == BOTH)
                old_message(s);
            if (outcome == LATE) {
                story_fence(s);
                old_message(s);
                story_breaks(s, CHECK_MSG_MASKED);
                continue;
            }
            story_pending(s, V, outcome == HELD || outcome == BOTH);
            if (outcome == NEITHER)
                story_breaks(s, CHECK_PBA_EARLY_CLEAR);
            else if (outcome == BOTH)
                story_breaks(s, CHECK_PBA_VALUE);
            else
                story_is_legal(s);
        }
    }
}

/* RACE-02, RACE-05: an event against unmasking, nothing was pending. */
static void race_02_05_event_against_unmask(void **state)
{
    for (unsigned k = 0; k < 4; k++) {
        const bool by_function = k & 1, event_first = k & 2;
        enum { NONE, ONE, TWO, STUCK, CASES };
        for (unsigned outcome = 0; outcome < CASES; outcome++) {
            struct story *s = story_fresh(state);
            story_set_mask(s, V, by_function, true);
            story_fence(s);
            if (event_first)
                story_event(s, V);
            story_set_mask(s, V, by_function, false);
            if (!event_first)
                story_event(s, V);
            if (outcome != NONE)
                old_message(s);
            if (outcome == NONE) {
                msix_model_finish(s->m);
                story_breaks(s, CHECK_EVENT_LOST);
                continue;
            }
            story_is_legal(s);
            if (outcome == TWO) {
                old_message(s);
                story_breaks(s, CHECK_MSG_CAUSE);
                continue;
            }
            story_pending(s, V, outcome == STUCK);
            if (outcome == STUCK)
                story_breaks(s, CHECK_PBA_VALUE);
            else
                story_ends_well(s);
        }
    }
}

/* RACE-03, RACE-05: an event against unmasking with an older one pending. */
static void race_03_event_against_unmask_with_pending(void **state)
{
    for (unsigned k = 0; k < 8; k++) {
        const unsigned messages = k / 2;
        const bool by_function = k % 2;
        struct story *s = story_held(state, V, by_function);
        story_set_mask(s, V, by_function, false);
        story_event(s, V);
        for (unsigned n = 0; n < messages; n++)
            old_message(s);
        if (messages == 0) {
            msix_model_finish(s->m);
            story_breaks(s, CHECK_EVENT_LOST);
            continue;
        }
        if (messages == 3) {
            story_breaks(s, CHECK_MSG_CAUSE);
            continue;
        }
        story_pending(s, V, false);
        story_ends_well(s);
    }
    struct story *s = story_held(state, V, false); /* the new event is not covered */
    story_unmask(s, V);
    old_message(s);
    story_event(s, V);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
    s = story_held(state, V, false); /* stuck */
    story_unmask(s, V);
    story_event(s, V);
    old_message(s);
    old_message(s);
    story_pending(s, V, true);
    story_breaks(s, CHECK_PBA_VALUE);
}

/* RACE-05: clearing Function Mask does not release an entry that is masked itself. */
static void race_05_entry_mask_outlives_function_mask(void **state)
{
    struct story *s = story_fresh(state);
    story_mask(s, V);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    story_control(s, true, false, true);
    old_message(s);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* RACE-06, RACE-09: unmask with pending, and mask at once. */
static void race_06_09_unmask_and_mask_at_once(void **state)
{
    for (unsigned k = 0; k < 2; k++) {
        for (unsigned outcome = 0; outcome < 5; outcome++) {
            const bool sent = outcome & 1, bit = outcome & 2;
            struct story *s = story_held(state, V, k);
            story_set_mask(s, V, k, false);
            story_set_mask(s, V, k, true);
            if (outcome == 4) {
                story_fence(s);
                old_message(s);
                story_breaks(s, CHECK_MSG_MASKED);
                continue;
            }
            if (sent)
                old_message(s);
            story_pending(s, V, bit);
            if (sent != bit)
                story_is_legal(s);
            else
                story_breaks(s, bit ? CHECK_PBA_VALUE : CHECK_PBA_EARLY_CLEAR);
        }
    }
}

/* RACE-07: mask while the message waits for credits. */
static void race_07_mask_while_the_message_waits(void **state)
{
    for (unsigned outcome = 0; outcome < 5; outcome++) {
        const bool sent = outcome & 1, bit = outcome & 2;
        struct story *s = story_fresh(state);
        story_event(s, V);
        story_fence(s); /* long ago */
        story_mask(s, V);
        if (outcome == 4) {
            story_fence(s);
            old_message(s);
            story_breaks(s, CHECK_MSG_MASKED);
            continue;
        }
        if (sent)
            old_message(s);
        story_pending(s, V, bit);
        if (sent != bit)
            story_is_legal(s);
        else
            story_breaks(s, bit ? CHECK_PBA_VALUE : CHECK_PBA_EARLY_CLEAR);
    }
}

/* RACE-08: Function Mask in the middle of a drain of all 2048 vectors. */
static void race_08_function_mask_in_a_drain(void **state)
{
    struct story all, *s = &all;
    (void)state;
    story_begin(s, 2048);
    story_ready(s);
    story_control(s, true, true, true);
    story_fence(s);
    for (unsigned v = 0; v < 2048; v++)
        story_event(s, v);
    story_control(s, true, false, true);
    for (unsigned v = 0; v < 1000; v++)
        story_message(s, v);
    story_control(s, true, true, true);
    for (unsigned v = 1000; v < 1024; v++)
        story_message(s, v);
    story_fence(s);
    for (unsigned first = 0; first < 2048; first += 64)
        story_answer(s, story_read(s, first, 64), first < 1024 ? 0 : UINT64_MAX);
    story_is_legal(s);
    story_pending(s, 1023, true); /* sent, and pending */
    story_breaks(s, CHECK_PBA_VALUE);
    story_pending(s, 1024, false); /* neither */
    story_breaks(s, CHECK_PBA_VALUE);
    story_message(s, 2000);
    story_breaks(s, CHECK_MSG_MASKED);
    story_message(s, 5); /* twice */
    story_breaks(s, CHECK_MSG_CAUSE);
    story_end(s);
}

/* RACE-10: the entry's mask is set while Function Mask is being cleared. */
static void race_10_entry_mask_against_function_unmask(void **state)
{
    for (unsigned k = 0; k < 8; k++) {
        const bool sent = k & 1, bit = k & 2, mask_first = k & 4;
        struct story *s = story_held(state, V, true);
        story_event(s, W);
        if (mask_first)
            story_mask(s, V);
        story_control(s, true, false, true);
        if (!mask_first)
            story_mask(s, V);
        if (sent)
            old_message(s);
        if (mask_first && sent) { /* a configuration write does not pass an entry write */
            story_breaks(s, CHECK_MSG_MASKED);
            continue;
        }
        story_message(s, W);
        story_pending(s, V, bit);
        if (sent != bit) {
            story_pending(s, W, false);
            story_is_legal(s);
        } else {
            story_breaks(s, bit || mask_first ? CHECK_PBA_VALUE : CHECK_PBA_EARLY_CLEAR);
        }
    }
}

/* RACE-10: the others are not affected, and V is silent behind the fence. */
static void race_10_others_are_not_affected(void **state)
{
    for (unsigned sent = 0; sent < 2; sent++) {
        struct story *s = story_held(state, V, true);
        story_event(s, W);
        story_control(s, true, false, true);
        story_mask(s, V);
        if (sent)
            story_message(s, W);
        story_pending(s, W, false);
        if (sent)
            story_is_legal(s);
        else
            story_breaks(s, CHECK_PBA_EARLY_CLEAR);
        story_pending(s, V, true);
        old_message(s);
        story_breaks(s, CHECK_MSG_MASKED);
    }
}

/* RACE-16: an event around the send of the previous message, unmasked and masked meanwhile. */
static void race_16_event_around_a_send(void **state)
{
    for (unsigned k = 0; k < 4; k++) {
        const bool masked = k & 1, lost = k & 2;
        struct story *s = story_fresh(state);
        story_event(s, V);
        if (masked)
            story_mask(s, V);
        old_message(s);
        story_event(s, V);
        if (masked) {
            story_pending(s, V, !lost);
        } else {
            if (!lost)
                old_message(s);
            msix_model_finish(s->m);
        }
        if (!lost)
            story_is_legal(s);
        else
            story_breaks(s, masked ? CHECK_PBA_EARLY_CLEAR : CHECK_EVENT_LOST);
    }
}

/* RACE-17: a read of the pending bit against an event. */
static void race_17_pending_read_against_event(void **state)
{
    for (unsigned bit = 0; bit < 2; bit++) {
        struct story *s = story_fresh(state);
        story_mask(s, V);
        story_fence(s);
        const struct story_read read = story_read(s, V, 1);
        story_event(s, V);
        story_answer(s, read, bit);
        story_pending(s, V, true);
        story_is_legal(s);
        story_pending(s, V, false);
        story_breaks(s, CHECK_PBA_VALUE);
    }
}

/* RACE-18: a read of the pending bit against the message after an unmask. */
static void race_18_pending_read_against_send(void **state)
{
    struct story *s = story_held(state, V, false);
    story_unmask(s, V);
    story_pending(s, V, true);
    const struct story_read before = story_read(s, V, 1);
    old_message(s);
    story_answer(s, before, 1);
    story_pending(s, V, false);
    story_ends_well(s);

    s = story_held(state, V, false);
    story_unmask(s, V);
    story_pending(s, V, false); /* ahead of the message */
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);

    s = story_held(state, V, false);
    story_unmask(s, V);
    const struct story_read read = story_read(s, V, 1);
    story_answer(s, read, 0);
    story_breaks(s, CHECK_PBA_EARLY_CLEAR);
}

/* RACE-20: clear against unmask. */
static void race_20_clear_against_unmask(void **state)
{
    for (unsigned k = 0; k < 6; k++) {
        const bool clear_first = k & 1;
        const unsigned messages = k / 2;
        struct story *s = story_held(state, V, false);
        if (clear_first)
            story_clear(s, V);
        story_unmask(s, V);
        if (!clear_first)
            story_clear(s, V);
        for (unsigned n = 0; n < messages; n++)
            old_message(s);
        if (messages == 2 || (messages == 1 && clear_first)) { /* the clear was there first: nothing is left to send */
            assert_int_equal(s->checks.counter[CHECK_MSG_CAUSE].failed, messages - !clear_first);
            continue;
        }
        story_pending(s, V, false);
        story_ends_well(s);
        story_pending(s, V, true);
        story_breaks(s, CHECK_PBA_VALUE);
    }
}

/* RACE-21: an event that is ordered after the clear stays. */
static void race_21_event_after_clear(void **state)
{
    for (unsigned bit = 0; bit < 2; bit++) {
        struct story *s = story_held(state, V, false);
        story_clear(s, V);
        story_event(s, V);
        story_pending(s, V, bit);
        if (bit)
            story_is_legal(s);
        else
            story_breaks(s, CHECK_PBA_VALUE);
    }
}

/* RACE-22: MSI-X Enable 1 to 0 against a waiting message; what is left of the event is a choice. */
static void race_22_disable_against_a_waiting_message(void **state)
{
    static const enum policy_tristate keep[] = {POLICY_YES, POLICY_NO, POLICY_EITHER};
    for (unsigned k = 0; k < 15; k++) {
        const enum policy_tristate policy = keep[k / 5];
        const bool sent = k % 5 & 1, bit = k % 5 & 2, late = k % 5 == 4;
        struct story *s = story_fresh(state);
        s->policy.keep_on_disable = policy;
        story_event(s, V);
        story_control(s, false, false, true);
        if (late) {
            story_fence(s);
            old_message(s);
            story_breaks(s, policy == POLICY_NO ? CHECK_MSG_CAUSE : CHECK_MSG_DISABLED);
            continue;
        }
        if (sent)
            old_message(s);
        story_pending(s, V, bit);
        const bool legal = sent ? !bit : policy == POLICY_EITHER || bit == (policy == POLICY_YES);
        if (legal)
            story_is_legal(s);
        else
            story_breaks(s, sent || policy == POLICY_NO ? CHECK_PBA_VALUE : CHECK_PBA_EARLY_CLEAR);
    }
}

/* RACE-23: Enable 0 to 1 with retained pending bits: one message each. */
static void race_23_enable_with_pending(void **state)
{
    struct story *s = story_fresh(state);
    story_control(s, false, false, true);
    story_fence(s);
    story_event(s, V);
    story_event(s, V);
    story_event(s, W);
    story_control(s, true, false, true);
    story_message(s, W);
    story_message(s, V);
    story_ends_well(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* RACE-24: Enable 1 to 0 to 1 under a stall. */
static void race_24_disable_and_enable_at_once(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_control(s, false, false, true);
    story_control(s, true, false, true);
    old_message(s);
    story_ends_well(s);
    old_message(s);
    story_breaks(s, CHECK_MSG_CAUSE);

    s = story_fresh(state); /* dropped, by choice */
    s->policy.keep_on_disable = POLICY_EITHER;
    story_event(s, V);
    story_control(s, false, false, true);
    story_control(s, true, false, true);
    story_fence(s);
    story_ends_well(s);

    s = story_fresh(state); /* programmed anew in between */
    story_event(s, V);
    story_control(s, false, false, true);
    story_fence(s);
    rewrite(s);
    story_control(s, true, false, true);
    old_message(s);
    story_breaks(s, CHECK_MSG_FIELDS);
    new_message(s);
    story_ends_well(s);
}

/* RACE-25: one write changes Enable and Function Mask together. */
static void race_25_enable_and_function_mask_together(void **state)
{
    struct story *s = story_fresh(state);
    story_control(s, false, false, true);
    story_fence(s);
    story_event(s, V);
    story_control(s, true, true, true); /* 0 to C000h: no glitch */
    old_message(s);
    story_breaks(s, CHECK_MSG_MASKED);
    story_fence(s);
    old_message(s);
    story_breaks(s, CHECK_MSG_MASKED);
    story_control(s, true, false, true); /* to 8000h */
    old_message(s);
    story_is_legal(s);
    story_event(s, V);
    story_control(s, false, true, true); /* to 4000h */
    story_fence(s);
    old_message(s);
    story_breaks(s, CHECK_MSG_DISABLED);
    story_control(s, true, true, true);
    story_fence(s);
    story_control(s, false, false, true); /* C000h to 0: no glitch either */
    old_message(s);
    story_breaks(s, CHECK_MSG_DISABLED);
    story_fence(s);
    old_message(s);
    story_breaks(s, CHECK_MSG_DISABLED);
}

/* RACE-19, ORD-12: an answer that shows an event which came after the read entered stands behind that event's data. */
static void race_19_answer_stands_behind_the_data_of_its_event(void **state)
{
    for (unsigned sent = 0; sent < 2; sent++) {
        struct story *s = *state;
        story_again(s);
        story_ready(s);
        story_mask(s, V);
        story_fence(s);
        const struct story_read read = story_read(s, V, 1);
        story_data(s, 1, sent);
        story_event(s, V);
        story_answer(s, read, 1);
        if (sent)
            story_is_legal(s);
        else
            story_breaks(s, CHECK_CPL_ORDER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(race_01_04_event_against_mask),
        cmocka_unit_test(race_02_05_event_against_unmask),
        cmocka_unit_test(race_03_event_against_unmask_with_pending),
        cmocka_unit_test(race_05_entry_mask_outlives_function_mask),
        cmocka_unit_test(race_06_09_unmask_and_mask_at_once),
        cmocka_unit_test(race_07_mask_while_the_message_waits),
        cmocka_unit_test(race_08_function_mask_in_a_drain),
        cmocka_unit_test(race_10_entry_mask_against_function_unmask),
        cmocka_unit_test(race_10_others_are_not_affected),
        cmocka_unit_test(race_16_event_around_a_send),
        cmocka_unit_test(race_17_pending_read_against_event),
        cmocka_unit_test(race_18_pending_read_against_send),
        cmocka_unit_test(race_19_answer_stands_behind_the_data_of_its_event),
        cmocka_unit_test(race_20_clear_against_unmask),
        cmocka_unit_test(race_21_event_after_clear),
        cmocka_unit_test(race_22_disable_against_a_waiting_message),
        cmocka_unit_test(race_23_enable_with_pending),
        cmocka_unit_test(race_24_disable_and_enable_at_once),
        cmocka_unit_test(race_25_enable_and_function_mask_together),
    };
    return cmocka_run_group_tests_name("msix_races", tests, story_setup, story_teardown);
}
