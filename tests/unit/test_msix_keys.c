/*
 * test_msix_keys.c - which entries hold an address and data: references, shared keys, all 2048 at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "msix_keys.h"

enum { EXPECTED = 32, ENTRIES = 2048 };

static int set_up(void **state)
{
    static struct msix_keys keys;
    *state = &keys;
    return msix_keys_init(&keys, EXPECTED);
}

static int tear_down(void **state)
{
    msix_keys_free(*state);
    return 0;
}

/* How many hold it; the first of them in *vector. */
static uint32_t holders(const struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t *vector)
{
    uint16_t found[4] = {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF};
    const uint32_t n = msix_keys_find(keys, address, data, found, 4);
    *vector = found[0];
    return n;
}

/* TLP-05: found by all of address and data, and by nothing less. */
static void key_is_found_whole(void **state)
{
    struct msix_keys *keys = *state;
    uint16_t v;
    assert_int_equal(holders(keys, 0, 0, &v), 0);
    assert_int_equal(msix_keys_add(keys, 0x1FEE00000, 5, 31), 0);
    assert_int_equal(holders(keys, 0x1FEE00000, 5, &v), 1);
    assert_int_equal(v, 31);
    assert_int_equal(holders(keys, 0xFEE00000, 5, &v), 0);
    assert_int_equal(holders(keys, 0x1FEE00000, 6, &v), 0);
    for (unsigned bit = 0; bit < 64; bit++)
        assert_int_equal(holders(keys, 0x1FEE00000 ^ UINT64_C(1) << bit, 5, &v), 0);
    for (unsigned bit = 0; bit < 32; bit++)
        assert_int_equal(holders(keys, 0x1FEE00000, 5 ^ UINT32_C(1) << bit, &v), 0);
}

/* One entry holds a key as often as it was added. */
static void references_are_counted(void **state)
{
    struct msix_keys *keys = *state;
    uint16_t v;
    for (unsigned k = 0; k < 3; k++)
        msix_keys_add(keys, 4, 2, 7);
    for (unsigned k = 0; k < 3; k++) {
        assert_int_equal(holders(keys, 4, 2, &v), 1);
        msix_keys_drop(keys, 4, 2, 7);
    }
    assert_int_equal(holders(keys, 4, 2, &v), 0);
    msix_keys_drop(keys, 4, 2, 7);
    msix_keys_drop(keys, 8, 2, 7);
    assert_int_equal(holders(keys, 4, 2, &v), 0);
}

/* EDGE-05: several entries with the same fields. */
static void key_may_be_shared(void **state)
{
    struct msix_keys *keys = *state;
    uint16_t found[8];
    for (uint16_t v = 0; v < 6; v++)
        msix_keys_add(keys, 0xFEE00000, 1, v);
    assert_int_equal(msix_keys_find(keys, 0xFEE00000, 1, found, 8), 6);
    unsigned seen = 0;
    for (unsigned k = 0; k < 6; k++)
        seen |= 1U << found[k];
    assert_int_equal(seen, 0x3F);
    assert_int_equal(msix_keys_find(keys, 0xFEE00000, 1, found, 2), 6); /* says how many, writes what fits */
    assert_int_equal(msix_keys_find(keys, 0xFEE00000, 1, NULL, 0), 6);
    msix_keys_drop(keys, 0xFEE00000, 1, 3);
    assert_int_equal(msix_keys_find(keys, 0xFEE00000, 1, found, 8), 5);
    for (unsigned k = 0; k < 5; k++)
        assert_int_not_equal(found[k], 3);
}

/* Reset forgets all, and what is forgotten is used again. */
static void clear_forgets_all(void **state)
{
    struct msix_keys *keys = *state;
    uint16_t v;
    for (unsigned round = 0; round < 3; round++) {
        for (uint16_t k = 0; k < ENTRIES; k++)
            assert_int_equal(msix_keys_add(keys, 16 * k, k, k), 0);
        msix_keys_clear(keys);
        for (uint16_t k = 0; k < ENTRIES; k++)
            assert_int_equal(holders(keys, 16 * k, k, &v), 0);
    }
}

/* All entries of the largest table, in a table made for fewer, with fields as software makes them. */
static void all_entries_are_told_apart(void **state)
{
    struct msix_keys *keys = *state;
    uint16_t v;
    for (uint16_t k = 0; k < ENTRIES; k++)
        assert_int_equal(msix_keys_add(keys, 0xFEE00000 + ((k & 0xFFU) << 12), k >> 3, k), 0);
    for (uint16_t k = 0; k < ENTRIES; k += 2)
        msix_keys_drop(keys, 0xFEE00000 + ((k & 0xFFU) << 12), k >> 3, k);
    for (uint16_t k = 0; k < ENTRIES; k++) {
        assert_int_equal(holders(keys, 0xFEE00000 + ((k & 0xFFU) << 12), k >> 3, &v), k % 2);
        if (k % 2)
            assert_int_equal(v, k);
    }
}

/* Freed twice, or never filled. */
static void free_leaves_nothing(void **state)
{
    struct msix_keys keys;
    (void)state;
    assert_int_equal(msix_keys_init(&keys, 1), 0);
    msix_keys_add(&keys, 1, 2, 3);
    msix_keys_free(&keys);
    msix_keys_free(&keys);
    assert_null(keys.bucket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(key_is_found_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(references_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_may_be_shared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clear_forgets_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_entries_are_told_apart, set_up, tear_down),
        cmocka_unit_test(free_leaves_nothing),
    };
    return cmocka_run_group_tests_name("msix_keys", tests, NULL, NULL);
}
