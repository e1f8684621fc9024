/*
 * test_msix_entries.c - the reference model of MSI-X about many entries: tables of any size, and who is served when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { NVEC = STORY_NVEC, V = 2, W = 3 };

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
    struct story *s = story_fresh(state);
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
        struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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

    s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pending_vectors_send_once),          cmocka_unit_test(first_and_last_entry_behave_alike),
        cmocka_unit_test(event_past_the_last_entry_is_ignored),   cmocka_unit_test(waiting_vector_is_not_starved),
        cmocka_unit_test(only_a_vector_that_may_send_is_waiting), cmocka_unit_test(function_mask_stops_the_waiting),
    };
    return cmocka_run_group_tests_name("msix_entries", tests, story_setup, story_teardown);
}
