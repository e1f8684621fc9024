/*
 * test_progress.c - the watchdog's arithmetic: what is a chance, and what is none because the bench was in the way.
 */
#include "progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PATIENCE = 4000, LONG_FREEZE = 100000 };

/* All is open and a completion is owed. */
static struct progress_view open_view(void)
{
    return (struct progress_view){.link = true,
                                  .tx_ready = true,
                                  .bus_master = true,
                                  .cpl_owed = true,
                                  .posted_room = true,
                                  .completion_room = true};
}

static void nothing_in_the_way_is_a_chance(void **state)
{
    (void)state;
    struct progress_view v = open_view();
    assert_true(progress_is_chance(&v));
    v.dma_owed = true;
    assert_true(progress_is_chance(&v));
    v.cpl_owed = false;
    assert_true(progress_is_chance(&v));
    v.dma_owed = false;
    assert_true(progress_is_chance(&v));
}

static void each_obstacle_is_none(void **state)
{
    (void)state;
    for (unsigned obstacle = 0; obstacle < 5; obstacle++) {
        struct progress_view v = open_view();
        bool *const open[] = {&v.link, &v.tx_ready, &v.posted_room, &v.completion_room};
        if (obstacle < 4)
            *open[obstacle] = false;
        else
            v.csr_waits = true;
        assert_false(progress_is_chance(&v));
    }
}

static void inputs_never_wait_for_tx(void **state)
{
    (void)state;
    struct progress_view v = {.link = true, .input_waits = true};
    assert_true(progress_is_chance(&v));
    v.link = false;
    assert_false(progress_is_chance(&v));
}

/* Each class by its own credits; a posted TLP passes a completion, a completion never a posted TLP. */
static void classes_are_told_apart(void **state)
{
    (void)state;
    struct progress_view v = open_view();
    v.dma_owed = true;
    v.completion_room = false;
    assert_true(progress_is_chance(&v));
    v.bus_master = false;
    assert_false(progress_is_chance(&v));
    v.completion_room = true;
    assert_true(progress_is_chance(&v)); /* completions leave without Bus Master Enable */
    v.cpl_owed = false;
    assert_false(progress_is_chance(&v));
}

/* Its credits were taken when it began. */
static void a_tlp_that_has_begun_needs_no_more_credit(void **state)
{
    (void)state;
    struct progress_view v = {.link = true, .tx_ready = true, .tx_inside = true};
    assert_true(progress_is_chance(&v));
    v.tx_ready = false;
    assert_false(progress_is_chance(&v));
}

static void a_frozen_host_never_trips(void **state)
{
    (void)state;
    struct progress p = {0};
    for (unsigned clock = 0; clock < LONG_FREEZE; clock++)
        progress_count(&p, false, false);
    assert_int_equal(progress_idle(&p, 0), 0);
    assert_int_equal(p.chances, 0);
}

/* Ready in every third clock: three times as many clocks, the same number of chances. */
static void a_hang_trips_after_as_many_chances(void **state)
{
    (void)state;
    struct progress p = {0};
    unsigned clock = 0;
    while (progress_idle(&p, 0) <= PATIENCE)
        progress_count(&p, false, clock++ % 3 == 0);
    assert_int_equal(clock, 3 * PATIENCE + 1);
}

static void movement_and_a_new_wait_begin_anew(void **state)
{
    (void)state;
    struct progress p = {0};
    for (unsigned clock = 0; clock < 10; clock++)
        progress_count(&p, false, true);
    assert_int_equal(progress_idle(&p, 0), 10);
    assert_int_equal(progress_idle(&p, p.chances), 0);
    progress_count(&p, true, false);
    assert_int_equal(progress_idle(&p, 0), 0);
    assert_int_equal(p.chances, 11);
    progress_count(&p, false, true);
    assert_int_equal(progress_idle(&p, 0), 1);
    assert_int_equal(progress_idle(&p, 4), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_in_the_way_is_a_chance),
        cmocka_unit_test(each_obstacle_is_none),
        cmocka_unit_test(inputs_never_wait_for_tx),
        cmocka_unit_test(classes_are_told_apart),
        cmocka_unit_test(a_tlp_that_has_begun_needs_no_more_credit),
        cmocka_unit_test(a_frozen_host_never_trips),
        cmocka_unit_test(a_hang_trips_after_as_many_chances),
        cmocka_unit_test(movement_and_a_new_wait_begin_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
