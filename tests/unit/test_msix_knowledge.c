/*
 * test_msix_knowledge.c - how much the reference model of MSI-X knows, how it bears being wrong, and what it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "story.h"

enum { NVEC = STORY_NVEC, V = 2, W = 3 };

/* N.3: after a fence and a fenced read of the pending bit, with no newer event, exactly one state is left. */
static void fence_and_pending_read_leave_one_state(void **state)
{
    for (unsigned k = 0; k < 16; k++) {
        const bool fmask = k & 1, toggled = k & 2, bit = k & 4, second = k & 8;
        struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
    story_event(s, V);
    for (unsigned k = 0; k < 1500; k++)
        story_control(s, true, k % 2 == 0, true);
    story_message(s, V);
    story_ends_well(s);
}

/* Conventional reset: masked, nothing pending, no fields, no reads under way (MSIX-TBL-05, MSIX-PBA-02). */
static void reset_forgets_everything(void **state)
{
    struct story *s = story_fresh(state);
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
    struct story *s = story_fresh(state);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fence_and_pending_read_leave_one_state),
        cmocka_unit_test(open_window_leaves_several_states),
        cmocka_unit_test(contradiction_is_told_once),
        cmocka_unit_test(controls_may_change_for_ever_without_a_fence),
        cmocka_unit_test(unproven_controls_are_bounded),
        cmocka_unit_test(reset_forgets_everything),
        cmocka_unit_test(explanation_fits_its_room),
    };
    return cmocka_run_group_tests_name("msix_knowledge", tests, story_setup, story_teardown);
}
