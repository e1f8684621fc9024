/*
 * test_msix_rewrites.c - the rows of the race table that rewrite entries (RACE-11..15, 37..39, 42, 43), as the model of
 * MSI-X sees them: every legal outcome is accepted, every illegal one fails the check named here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "msg_format.h"
#include "story.h"

enum { V = 2, W = 3 };

static const uint32_t NEW_DATA = 0xBEEF0001;
static const uint64_t NEW_ADDRESS = UINT64_C(0x7FEE12340);

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

/* RACE-11, RACE-13: rewritten behind a fence, under the entry's mask and under Function Mask: only the new fields. */
static void race_11_13_rewrite_behind_a_fence(void **state)
{
    for (unsigned k = 0; k < 8; k++) {
        const bool by_function = k & 1, event_before = k & 2, old = k & 4;
        struct story *s = story_fresh(state);
        story_set_mask(s, V, by_function, true);
        story_fence(s);
        if (event_before)
            story_event(s, V);
        rewrite(s);
        story_set_mask(s, V, by_function, false);
        if (!event_before)
            story_event(s, V);
        if (old) {
            old_message(s);
            story_breaks(s, CHECK_MSG_FIELDS);
        }
        new_message(s);
        story_ends_well(s);
    }
}

/* RACE-11: mixed fields of old and new, high and low address (RACE-14 for its header). */
static void race_11_mixed_fields(void **state)
{
    struct story *s = story_held(state, V, false);
    story_dw(s, V, 0, 0xFEE12340);
    story_dw(s, V, 1, 7);
    rewrite(s);
    story_unmask(s, V);
    story_message_with(s, UINT64_C(0x7FEE12340), story_data_of(V));
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message_with(s, 0xFEE12340, NEW_DATA);
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message_with(s, UINT64_C(0x7FEE12340), NEW_DATA);
    story_ends_well(s);
}

/* RACE-12: mask, rewrite, unmask without a fence, events before and after. */
static void race_12_rewrite_without_a_fence(void **state)
{
    for (unsigned k = 0; k < 4; k++) {
        struct story *s = story_fresh(state);
        story_event(s, V);
        story_event(s, V);
        story_mask(s, V);
        rewrite(s);
        story_unmask(s, V);
        k & 1 ? new_message(s) : old_message(s);
        if (k == 1) { /* old values behind new ones */
            old_message(s);
            story_breaks(s, CHECK_MSG_FIELDS);
            continue;
        }
        k & 2 ? new_message(s) : old_message(s);
        if (k == 3) { /* the second event merged with the first, or found it committed, with the old values */
            story_breaks(s, CHECK_MSG_CAUSE);
            continue;
        }
        story_ends_well(s);
    }
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_event(s, V);
    story_mask(s, V);
    rewrite(s);
    story_unmask(s, V);
    old_message(s);
    story_fence(s);
    old_message(s);
    story_breaks(s, CHECK_MSG_FIELDS);
    new_message(s);
    story_ends_well(s);
}

/* RACE-38: a QWORD write of Data and Control that unmasks: new data. */
static void race_38_qword_write_unmasks_with_new_data(void **state)
{
    static const uint8_t be[4] = {0, 0, 0xF, 0xF};
    const uint32_t value[4] = {0, 0, NEW_DATA, 0};
    struct story *s = story_held(state, V, false);
    msix_model_write(s->m, ++s->moment, V, be, value);
    old_message(s);
    story_breaks(s, CHECK_MSG_FIELDS);
    new_message(s);
    story_ends_well(s);
}

/* RACE-12: both fields rewritten without a fence: none of the mixtures. */
static void race_12_fields_do_not_mix(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_mask(s, V);
    story_dw(s, V, 0, (uint32_t)NEW_ADDRESS);
    story_dw(s, V, 1, (uint32_t)(NEW_ADDRESS >> 32));
    rewrite(s);
    story_unmask(s, V);
    story_message_with(s, NEW_ADDRESS, story_data_of(V));
    story_breaks(s, CHECK_MSG_FIELDS);
    new_message(s); /* the old address with new data */
    story_breaks(s, CHECK_MSG_FIELDS);
    story_message_with(s, NEW_ADDRESS, NEW_DATA);
    story_ends_well(s);
}

/* RACE-14: the upper address between 0 and not 0: the header form fits the address of this very message. */
static void race_14_header_fits_the_address(void **state)
{
    for (unsigned k = 0; k < 8; k++) {
        const bool above = k & 1, is_4dw = k & 2, torn = k & 4;
        const uint32_t low = 0xFEE55550, high = above ? 9 : 0, old_high = above ? 0 : 9;
        struct story *s = story_fresh(state);
        story_mask(s, V);
        story_dw(s, V, 0, low);
        story_dw(s, V, 1, old_high);
        story_fence(s);
        story_event(s, V);
        story_dw(s, V, 1, high);
        story_unmask(s, V);
        story_message_with(s, (uint64_t)(torn ? old_high : high) << 32 | low, story_data_of(V));
        if (torn) {
            story_breaks(s, CHECK_MSG_FIELDS);
            continue;
        }
        const struct tlp t = {.kind = TLP_MWR,
                              .length = 1,
                              .first_be = 0xF,
                              .address = (uint64_t)high << 32 | low,
                              .is_4dw = is_4dw,
                              .payload_dw = 1};
        msg_format_judge(&s->checks, &t, false);
        if (is_4dw == above)
            story_ends_well(s);
        else
            story_breaks(s, CHECK_MSG_HEADER_FORM);
    }
}

/* RACE-15: W is rewritten under its mask while V is sent: V has nothing of W, before or after, nor W of V. */
static void race_15_fields_do_not_wander(void **state)
{
    const uint64_t address[] = {story_address(V), story_address(W), story_address(V), story_address(V)};
    const uint32_t data[] = {story_data_of(V), story_data_of(V), story_data_of(W), NEW_DATA};
    for (unsigned k = 0; k < 4; k++) {
        struct story *s = story_fresh(state);
        story_mask(s, W);
        story_fence(s);
        story_event(s, V);
        story_dw(s, W, 2, NEW_DATA);
        story_message_with(s, address[k], data[k]);
        if (k > 0) {
            story_breaks(s, CHECK_MSG_FIELDS);
            old_message(s);
        }
        story_message_with(s, story_address(W), NEW_DATA); /* nor does W send for V */
        story_breaks(s, CHECK_MSG_CAUSE);
        story_unmask(s, W);
        story_event(s, W);
        story_message_with(s, story_address(W), NEW_DATA);
        story_ends_well(s);
    }
}

/* RACE-37: DW after DW of a masked entry whose fields were fetched ahead: they are fetched again. */
static void race_37_fields_are_fetched_again(void **state)
{
    const uint64_t address[] = {NEW_ADDRESS, story_address(V), NEW_ADDRESS, story_address(V)};
    const uint32_t data[] = {NEW_DATA, story_data_of(V), story_data_of(V), NEW_DATA};
    for (unsigned k = 0; k < 8; k++) {
        const bool by_function = k & 1;
        struct story *s = story_held(state, V, by_function);
        story_dw(s, V, 0, (uint32_t)NEW_ADDRESS);
        story_dw(s, V, 1, (uint32_t)(NEW_ADDRESS >> 32));
        story_dw(s, V, 2, NEW_DATA);
        story_set_mask(s, V, by_function, false);
        story_message_with(s, address[k / 2], data[k / 2]);
        if (k / 2 == 0)
            story_ends_well(s);
        else
            story_breaks(s, CHECK_MSG_FIELDS);
    }
}

/* RACE-39: a rewrite of the open entry V. Its message has the fields of before or after; W and the pending bits are as
 * ever. */
static void race_39_rewrite_of_an_open_entry_harms_nobody(void **state)
{
    enum { OLD, NEW, LOST, FIELDS_OF_V, SENDS_FOR_V, BIT_OF_W, CASES };
    for (unsigned outcome = 0; outcome < CASES; outcome++) {
        struct story *s = story_fresh(state);
        story_event(s, V);
        story_event(s, W);
        rewrite(s);
        if (outcome == FIELDS_OF_V) {
            story_message_with(s, story_address(W), NEW_DATA);
            story_breaks(s, CHECK_MSG_FIELDS);
        }
        story_message(s, W);
        if (outcome == SENDS_FOR_V) {
            story_message(s, W);
            story_breaks(s, CHECK_MSG_CAUSE);
        }
        if (outcome == BIT_OF_W) {
            story_pending(s, W, true);
            story_breaks(s, CHECK_PBA_VALUE);
        }
        if (outcome == LOST) {
            msix_model_finish(s->m);
            story_breaks(s, CHECK_EVENT_LOST);
            continue;
        }
        outcome == OLD ? old_message(s) : new_message(s);
        story_ends_well(s);
        outcome == OLD ? old_message(s) : new_message(s); /* and once only */
        story_breaks(s, CHECK_MSG_CAUSE);
    }
}

/* RACE-42: an event and an access of its entry at once: both happen, in either order. */
static void race_42_event_and_access_both_happen(void **state)
{
    for (unsigned k = 0; k < 4; k++) {
        const bool event_first = k & 1, lost = k & 2;
        uint32_t care;
        struct story *s = story_fresh(state);
        story_mask(s, V);
        story_fence(s);
        if (event_first)
            story_event(s, V);
        rewrite(s);
        if (!event_first)
            story_event(s, V);
        assert_int_equal(msix_model_field(s->m, V, 2, s->moment, &care), NEW_DATA); /* what a read must return */
        assert_int_equal(care, UINT32_MAX);
        story_pending(s, V, !lost);
        if (lost) {
            story_breaks(s, CHECK_PBA_VALUE);
            continue;
        }
        story_unmask(s, V);
        old_message(s); /* the write was lost */
        story_breaks(s, CHECK_MSG_FIELDS);
        new_message(s);
        story_ends_well(s);
    }
}

/* RACE-43, MSIX-PBA-23: an event right after reset, disabled and masked: by choice it is pending or ignored. No message,
 * neither with the fields of before nor with those of an entry that nobody has written. */
static void race_43_event_after_reset(void **state)
{
    static const enum policy_tristate choice[] = {POLICY_NO, POLICY_YES, POLICY_EITHER};
    for (unsigned k = 0; k < 6; k++) {
        const enum policy_tristate recorded = choice[k / 2];
        const bool bit = k & 1;
        struct story *s = story_fresh(state);
        s->policy.record_while_disabled = recorded;
        story_event(s, V);
        story_again(s);
        story_event(s, V);
        old_message(s);
        story_breaks(s, CHECK_MSG_KNOWN);
        story_message_with(s, 0, 0);
        story_breaks(s, CHECK_MSG_KNOWN);
        story_pending(s, V, bit);
        if (recorded != POLICY_EITHER && bit != (recorded == POLICY_YES)) {
            story_breaks(s, CHECK_PBA_VALUE);
            continue;
        }
        story_ready(s);
        if (bit)
            old_message(s);
        story_ends_well(s);
        old_message(s);
        story_breaks(s, CHECK_MSG_CAUSE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(race_11_13_rewrite_behind_a_fence),
        cmocka_unit_test(race_11_mixed_fields),
        cmocka_unit_test(race_12_rewrite_without_a_fence),
        cmocka_unit_test(race_38_qword_write_unmasks_with_new_data),
        cmocka_unit_test(race_12_fields_do_not_mix),
        cmocka_unit_test(race_14_header_fits_the_address),
        cmocka_unit_test(race_15_fields_do_not_wander),
        cmocka_unit_test(race_37_fields_are_fetched_again),
        cmocka_unit_test(race_39_rewrite_of_an_open_entry_harms_nobody),
        cmocka_unit_test(race_42_event_and_access_both_happen),
        cmocka_unit_test(race_43_event_after_reset),
    };
    return cmocka_run_group_tests_name("msix_rewrites", tests, story_setup, story_teardown);
}
