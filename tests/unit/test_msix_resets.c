/*
 * test_msix_resets.c - the reference model of MSI-X about resets of the function.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { V = 2, W = 3 };

/* MSIX-PBA-33, EDGE-20, RACE-30: in a function-level reset events mean nothing; behind it all is as after reset. */
static void function_level_reset_forgets(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_mask(s, V);
    story_fence(s);
    story_event(s, V);
    story_pending(s, V, true);
    story_event(s, W);
    const uint64_t moment = ++s->moment;
    msix_model_control(s->m, moment, moment, (struct msix_control){false, false, false});
    msix_model_soft_reset(s->m, moment, moment);
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
        struct story *s = story_fresh(state);
        const uint64_t moment = ++s->moment;
        msix_model_control(s->m, moment, moment, (struct msix_control){false, false, false});
        msix_model_soft_reset(s->m, moment, moment);
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
        cmocka_unit_test(function_level_reset_forgets),
        cmocka_unit_test(function_level_reset_drops_what_waits),
        cmocka_unit_test(soft_reset_clears_when_it_is_proven),
        cmocka_unit_test(event_around_a_soft_reset_is_kept_or_lost),
    };
    return cmocka_run_group_tests_name("msix_resets", tests, story_setup, story_teardown);
}
