/*
 * test_rng.c - random numbers: repeatable, in range, evenly spread.
 */
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void same_seed_gives_same_row(void **state)
{
    (void)state;
    struct rng a, b, c;
    unsigned differ = 0;
    rng_seed(&a, 7);
    rng_seed(&b, 7);
    rng_seed(&c, 8);
    for (unsigned i = 0; i < 1000; i++) {
        const uint64_t x = rng_next(&a);
        assert_true(x == rng_next(&b));
        differ += x != rng_next(&c);
    }
    assert_int_equal(differ, 1000);
}

/*
 * xoshiro256** after splitmix64 of 0, computed by hand from the published algorithms: the row never changes between
 * versions.
 */
static void row_of_seed_zero_is_known(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 0);
    assert_true(rng.s[0] == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(rng.s[1] == UINT64_C(0x6E789E6AA1B965F4));
    assert_true(rng_next(&rng) == UINT64_C(0x99EC5F36CB75F2B4));
}

static void below_stays_below_and_hits_all(void **state)
{
    (void)state;
    struct rng rng;
    unsigned hits[7] = {0};
    rng_seed(&rng, 1);
    assert_int_equal(rng_below(&rng, 0), 0);
    assert_int_equal(rng_below(&rng, 1), 0);
    for (unsigned i = 0; i < 7000; i++) {
        const uint32_t x = rng_below(&rng, 7);
        assert_true(x < 7);
        hits[x]++;
    }
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(hits[i], 850, 1150);
}

static void percent_has_exact_ends(void **state)
{
    (void)state;
    struct rng rng;
    unsigned quarter = 0;
    rng_seed(&rng, 2);
    for (unsigned i = 0; i < 4000; i++) {
        assert_false(rng_percent(&rng, 0));
        assert_true(rng_percent(&rng, 100));
        quarter += rng_percent(&rng, 25);
    }
    assert_in_range(quarter, 850, 1150);
}

static void shuffle_keeps_all_and_moves_some(void **state)
{
    (void)state;
    struct rng rng;
    uint16_t items[100];
    unsigned seen[100] = {0}, moved = 0;
    rng_seed(&rng, 3);
    for (uint16_t i = 0; i < 100; i++)
        items[i] = i;
    rng_shuffle(&rng, items, 100);
    for (unsigned i = 0; i < 100; i++) {
        seen[items[i]]++;
        moved += items[i] != i;
    }
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(seen[i], 1);
    assert_true(moved > 80);
    rng_shuffle(&rng, items, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_same_row),         cmocka_unit_test(row_of_seed_zero_is_known),
        cmocka_unit_test(below_stays_below_and_hits_all),   cmocka_unit_test(percent_has_exact_ends),
        cmocka_unit_test(shuffle_keeps_all_and_moves_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
