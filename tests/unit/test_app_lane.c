/*
 * test_app_lane.c - the driver of the event and clear ports: queue, schedule, and who goes first.
 */
#include "app_lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT = 256 };

/* Runs `clocks` and says what was taken in which, counted from 0: "0:5 2:7 ". Ready on every `pace`-th clock. */
static void play(struct app_lane *lane, unsigned clocks, unsigned pace, char *text)
{
    bool valid = false;
    uint16_t vector = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < clocks; i++) {
        const bool ready = i % pace == 0, held = valid && lane->offered;
        const uint16_t before = vector;
        app_lane_drive(lane, &valid, &vector);
        assert_false(held && (!valid || vector != before));
        if (valid && ready)
            snprintf(text + strlen(text), TEXT - strlen(text), "%u:%u ", i, vector);
        app_lane_sample(lane, ready);
    }
}

static void queue_goes_back_to_back(void **state)
{
    (void)state;
    struct app_lane lane = {0};
    char text[TEXT];
    for (uint16_t v = 0; v < 4; v++)
        app_lane_push(&lane, v);
    play(&lane, 6, 1, text);
    assert_string_equal(text, "0:0 1:1 2:2 3:3 ");
    assert_true(app_lane_idle(&lane));
    assert_int_equal(lane.accepted, 4);
    app_lane_free(&lane);
}

static void schedule_goes_when_due_and_first(void **state)
{
    (void)state;
    struct app_lane lane = {0};
    char text[TEXT];
    app_lane_schedule(&lane, 30, 3);
    app_lane_schedule(&lane, 10, 1);
    app_lane_schedule(&lane, 31, 3);
    app_lane_schedule(&lane, 11, 0);
    app_lane_push(&lane, 99);
    play(&lane, 8, 1, text);
    assert_string_equal(text, "0:10 1:11 2:30 3:31 4:99 ");
    app_lane_schedule(&lane, 5, 4);
    play(&lane, 8, 1, text);
    assert_string_equal(text, "3:5 ");
    assert_int_equal(lane.accepted, 1);
    app_lane_free(&lane);
}

static void what_is_offered_is_held(void **state)
{
    (void)state;
    struct app_lane lane = {0};
    char text[TEXT];
    app_lane_push(&lane, 1);
    app_lane_schedule(&lane, 2, 2);
    app_lane_push(&lane, 3);
    play(&lane, 12, 4, text);
    assert_string_equal(text, "0:1 4:2 8:3 ");
    app_lane_free(&lane);
}

static void clearing_forgets_all(void **state)
{
    (void)state;
    struct app_lane lane = {0};
    char text[TEXT];
    app_lane_push(&lane, 1);
    app_lane_schedule(&lane, 2, 2);
    app_lane_clear(&lane);
    assert_true(app_lane_idle(&lane));
    assert_int_equal(lane.accepted, lane.queued);
    play(&lane, 6, 1, text);
    assert_string_equal(text, "");
    app_lane_free(&lane);
}

static void many_keep_their_order(void **state)
{
    (void)state;
    struct app_lane lane = {0};
    bool valid = false;
    uint16_t vector = 0, next = 0;
    for (uint16_t i = 0; i < 6000; i++) {
        app_lane_push(&lane, i);
        if (i % 3 == 0)
            continue;
        app_lane_drive(&lane, &valid, &vector);
        assert_int_equal(vector, next++);
        app_lane_sample(&lane, true);
    }
    assert_int_equal(next, 4000);
    app_lane_free(&lane);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queue_goes_back_to_back), cmocka_unit_test(schedule_goes_when_due_and_first),
        cmocka_unit_test(what_is_offered_is_held), cmocka_unit_test(clearing_forgets_all),
        cmocka_unit_test(many_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
