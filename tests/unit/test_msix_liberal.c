/*
 * test_msix_liberal.c - legal histories that a block with other choices than ours may show, and that were refused once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

enum { V = 3 };

/* MSIX-PBA-18, ORD-06: a cleared event owes nothing, also if one that was not recorded came after the clear. */
static void unrecorded_event_revives_no_cleared_one(void **state)
{
    struct story *s = story_fresh(state);
    s->policy.record_while_disabled = POLICY_NO;
    story_event(s, V);
    story_data(s, 2, 0);
    story_event(s, V);
    story_clear(s, V);
    story_completed(s, story_control(s, false, false, true));
    story_event(s, V);
    story_message(s, V); /* that of the first event, which was committed before the clear */
    story_data(s, 0, 2);
    story_fence(s);
    story_pending(s, V, false);
    story_ends_well(s);
}

/* ORD-15, MSIX-PBA-28: the older read may have been sampled later, when the bit had been dropped. */
static void older_read_may_be_sampled_later(void **state)
{
    struct story *s = story_fresh(state);
    s->policy.hold_while_bme_off = POLICY_NO;
    story_mask(s, V);
    story_control(s, true, false, false);
    story_fence(s);
    story_event(s, V);
    const struct story_read older = story_read(s, V, 1);
    const struct story_read newer = story_read(s, V, 1);
    story_unmask(s, V);
    story_answer(s, older, 0);
    story_answer(s, newer, 1);
    story_ends_well(s);
}

/* MSIX-PBA-05: a write to the pending bits takes nothing back that is on its way. */
static void written_pending_bit_leaves_messages_on_their_way(void **state)
{
    struct story *s = story_fresh(state);
    s->policy.pba_writes_ignored = POLICY_EITHER;
    story_event(s, V);
    story_event(s, V);
    story_event(s, V);
    msix_model_pba_write(s->m, V, 1);
    story_message(s, V);
    story_message(s, V);
    story_message(s, V);
    story_is_legal(s);
}

/* TLP-26: old fields are told as such, although masked versions came in between. */
static void old_fields_are_known_behind_masked_versions(void **state)
{
    struct story *s = story_fresh(state);
    story_mask(s, V);
    story_dw(s, V, 0, 0xFEE0F000);
    story_dw(s, V, 2, 0x12345678);
    story_unmask(s, V);
    story_fence(s);
    story_mask(s, V);
    story_unmask(s, V);
    story_fence(s);
    story_event(s, V);
    story_message(s, V);
    story_breaks(s, CHECK_MSG_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unrecorded_event_revives_no_cleared_one),
        cmocka_unit_test(older_read_may_be_sampled_later),
        cmocka_unit_test(written_pending_bit_leaves_messages_on_their_way),
        cmocka_unit_test(old_fields_are_known_behind_masked_versions),
    };
    return cmocka_run_group_tests_name("msix_liberal", tests, story_setup, story_teardown);
}
