/*
 * test_msix_messages.c - the reference model of MSI-X about messages: when one may leave, and behind which data. What is
 * legal passes, what is not fails the check that names it. Races are in test_msix_races.c, random traces in
 * test_msix_oracle.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { NVEC = STORY_NVEC, V = 2, W = 3 };

/* --- messages and masks --- */

/* MSIX-PBA-14, EDGE-02a, EDGE-06: one event, one message; none without. */
static void event_gives_one_message(void **state)
{
    struct story *s = story_fresh(state);
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
        struct story *s = story_fresh(state);
        for (unsigned k = 0; k < 3; k++)
            story_event(s, V);
        for (unsigned k = 0; k < messages; k++)
            story_message(s, V);
        story_ends_well(s);
    }
    struct story *s = story_fresh(state);
    for (unsigned k = 0; k < 3; k++)
        story_event(s, V);
    for (unsigned k = 0; k < 4; k++)
        story_message(s, V);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* EDGE-03: an event that nothing covers is lost. */
static void event_without_message_is_lost(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_is_legal(s);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
}

/* EDGE-03, coverage rule: a message before the event does not cover it. */
static void message_before_the_event_does_not_cover_it(void **state)
{
    struct story *s = story_fresh(state);
    story_event(s, V);
    story_message(s, V);
    story_event(s, V);
    msix_model_finish(s->m);
    story_breaks(s, CHECK_EVENT_LOST);
}

/* MSIX-PBA-06, MSIX-PBA-08, MSIX-PBA-09: masked events set the bit; unmask gives one message for all. */
static void masked_events_wait_in_the_pending_bit(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_MASKED);
}

/* MSIX-PBA-25: nothing while disabled, whatever is unmasked. */
static void disabled_function_is_silent(void **state)
{
    struct story *s = story_fresh(state);
    story_control(s, false, false, true);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_DISABLED);
}

/* MSIX-PBA-27, MSIX-PBA-28: no message while bus mastering is off; what was held leaves once afterwards. */
static void bus_master_off_holds_messages(void **state)
{
    struct story *s = story_fresh(state);
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

/* MSIX-PBA-06: what forbids a message in every state is what was broken, not what was last written and may not be in
 * force: the vector is masked for good, bus mastering and Enable are being switched off. */
static void rule_that_holds_in_all_states_is_named(void **state)
{
    static const struct {
        bool enable, bme;
    } last[] = {{true, false}, {false, true}, {false, false}};
    for (unsigned k = 0; k < sizeof last / sizeof last[0]; k++) {
        struct story *s = story_held(state, V, false);
        (void)story_control(s, last[k].enable, false, last[k].bme);
        story_message(s, V);
        story_breaks(s, CHECK_MSG_MASKED);
    }
    struct story *s = story_held(state, V, false);
    (void)story_control(s, true, false, false);
    story_fence(s);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_BUS_MASTER);
}

/* MSIX-PBA-27: other writes too, until the fence. */
static void writes_may_leave_until_bus_master_off_is_proven(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_control(s, true, true, true);
    story_unmask(s, V);
    story_message(s, V); /* Function Mask is not in force yet, the unmask is */
    story_is_legal(s);

    s = story_fresh(state);
    story_control(s, true, true, true);
    story_fence(s);
    story_event(s, V);
    story_mask(s, V);
    story_control(s, true, false, true);
    story_message(s, V); /* Function Mask cannot have been cleared ahead of the mask */
    story_breaks(s, CHECK_MSG_MASKED);
}

/* --- the order of data and messages --- */

/* ORD-06, EDGE-14: a message that leaves ahead of the data of its event. */
static void message_must_not_overtake_its_data(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_data(s, 1, 0);
    story_event(s, V);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_ORDER);
}

/* EDGE-14: after a message for the first event a further one must follow the data of the second. */
static void second_event_needs_its_own_message(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    s->policy.hold_while_bme_off = POLICY_NO;
    story_event(s, V);
    story_completed(s, story_control(s, true, false, false));
    story_data(s, 1, 0);
    story_event(s, V);
    story_message(s, V);
    story_ends_well(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_gives_one_message),
        cmocka_unit_test(events_may_merge_or_not),
        cmocka_unit_test(event_without_message_is_lost),
        cmocka_unit_test(message_before_the_event_does_not_cover_it),
        cmocka_unit_test(masked_events_wait_in_the_pending_bit),
        cmocka_unit_test(masked_vector_is_silent),
        cmocka_unit_test(vector_that_was_never_unmasked_is_silent),
        cmocka_unit_test(unmask_without_event_is_silent),
        cmocka_unit_test(function_mask_holds_messages),
        cmocka_unit_test(function_mask_is_held_to),
        cmocka_unit_test(disabled_function_is_silent),
        cmocka_unit_test(bus_master_off_holds_messages),
        cmocka_unit_test(rule_that_holds_in_all_states_is_named),
        cmocka_unit_test(writes_may_leave_until_bus_master_off_is_proven),
        cmocka_unit_test(bus_master_on_is_known_since_a_request),
        cmocka_unit_test(configuration_write_completion_is_half_a_fence),
        cmocka_unit_test(entry_write_may_pass_a_configuration_write),
        cmocka_unit_test(message_must_not_overtake_its_data),
        cmocka_unit_test(message_before_the_data_belongs_to_an_earlier_event),
        cmocka_unit_test(many_events_are_no_excuse),
        cmocka_unit_test(second_event_needs_its_own_message),
        cmocka_unit_test(cleared_event_needs_no_message),
        cmocka_unit_test(dropped_event_needs_no_message),
    };
    return cmocka_run_group_tests_name("msix_messages", tests, story_setup, story_teardown);
}
