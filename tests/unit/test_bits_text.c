/*
 * test_bits_text.c - the numbers of set bits, as the wave window shows pending and mask bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "bits_text.h"

static void expect(const char *hex, const char *text)
{
    char got[80];

    bits_text(hex, got, sizeof got);
    assert_string_equal(got, text);
}

static void numbers_and_ranges(void **state)
{
    (void)state;
    expect("0\n", "-");
    expect("", "-");
    expect("00000001\n", "0");
    expect("8000100F", "0-3 12 31");
    expect("1ffff0000", "16-32");
    expect("AbC", "2-5 7 9 11");
}

static void the_last_of_2048(void **state)
{
    char hex[514] = "80";

    (void)state;
    memset(hex + 2, '0', 509);
    hex[511] = '1';
    expect(hex, "0 2047");
}

static void unknown_digits(void **state)
{
    (void)state;
    expect("000x", "x0-3");
    expect("xxxx", "x");
    expect("z", "z");
    expect("ZZ", "z");
    expect("zx", "x0-3 z4-7");
    expect("00-1", "0 x4-7");
    expect("1zzX3", "0-1 x4-7 z8-15 16");
    expect("hello\n", "x0-11 13-15 x16-19");
}

static void cut_at_the_room(void **state)
{
    char got[8];

    (void)state;
    bits_text("15555", got, sizeof got);
    assert_string_equal(got, "0 2 4 6");
    bits_text("AAAAA", got, sizeof got);
    assert_string_equal(got, "1 3 5 7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_ranges),
        cmocka_unit_test(the_last_of_2048),
        cmocka_unit_test(unknown_digits),
        cmocka_unit_test(cut_at_the_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
