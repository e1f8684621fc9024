/*
 * test_intx_format.c - an INTx message, bit by bit.
 */
#include "intx_format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { INTB = 2 };

/* Assert_INTB of 01:00.0 as it is on the wire. */
static const uint32_t right[4] = {0x34000000, 0x01000021, 0, 0};

static bool judge(const uint32_t dw[4], unsigned pin, bool ido)
{
    struct checks checks;
    struct tlp t;
    checks_init(&checks, NULL, NULL);
    tlp_decode(dw, 4, &t);
    const bool ok = intx_format_judge(&checks, &t, pin, ido);
    assert_int_equal(checks.counter[CHECK_INTX_FORMAT].evaluated, 1);
    assert_int_equal(checks.counter[CHECK_INTX_FORMAT].failed, !ok);
    return ok;
}

static void codes_name_the_wire_and_the_edge(void **state)
{
    /* INTX-02 */
    (void)state;
    for (unsigned code = 0; code < 256; code++) {
        const uint32_t dw[4] = {0x34000000, 0x01000000 | code, 0, 0};
        struct tlp t;
        tlp_decode(dw, 4, &t);
        assert_int_equal(intx_format_is_message(&t), code >= 0x20 && code <= 0x27);
        if (!intx_format_is_message(&t))
            continue;
        assert_int_equal(intx_format_asserts(&t), code < 0x24);
        assert_int_equal(intx_format_wire(&t), code & 3);
        for (unsigned pin = 0; pin <= 4; pin++)
            assert_int_equal(judge(dw, pin, false), pin == (code & 3) + 1);
    }
}

static void every_other_bit_is_fixed(void **state)
{
    /* INTX-01, INTX-03, INTX-05 */
    (void)state;
    assert_true(judge(right, INTB, false));
    for (unsigned bit = 0; bit < 128; bit++) {
        uint32_t dw[4] = {right[0], right[1], right[2], right[3]};
        const unsigned word = bit / 32, place = bit % 32;
        const bool code = word == 1 && place < 8, tag = word == 1 && place >= 8 && place < 16;
        const bool requester = word == 1 && place >= 16, type = word == 0 && place >= 24;
        const bool ido = word == 0 && place == 18, high_tag = word == 0 && (place == 23 || place == 19);
        if (code || type || high_tag)
            continue;
        dw[word] ^= UINT32_C(1) << place;
        assert_int_equal(judge(dw, INTB, false), tag || requester);
        if (ido)
            assert_true(judge(dw, INTB, true));
    }
}

static void routing_and_data_are_part_of_it(void **state)
{
    /* INTX-01 */
    (void)state;
    for (unsigned routing = 0; routing < 8; routing++) {
        const uint32_t dw[4] = {0x30000000 | routing << 24, right[1], 0, 0};
        assert_int_equal(judge(dw, INTB, false), routing == 4);
    }
    const uint32_t with_data[4] = {0x74000000, right[1], 0, 0};
    assert_false(judge(with_data, INTB, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_name_the_wire_and_the_edge),
        cmocka_unit_test(every_other_bit_is_fixed),
        cmocka_unit_test(routing_and_data_are_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
