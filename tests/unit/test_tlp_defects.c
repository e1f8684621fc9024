/*
 * test_tlp_defects.c - what the decoder says of TLPs that are none, and what the encoder refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tlp.h"

static void undefined_types_and_prefixes_are_named(void **state)
{
    /* TLP-23, MMIO-28: the only codes of Fmt and Type that stand for a header, listed by hand */
    static const uint8_t defined[] = {
        0x00, 0x20, 0x01, 0x21, 0x40, 0x60, 0x02, 0x42, 0x04, 0x44, 0x05, 0x45, 0x0A, 0x4A,
        0x0B, 0x4B, 0x4C, 0x6C, 0x4D, 0x6D, 0x4E, 0x6E, 0x5B, 0x7B, 0x30, 0x31, 0x32, 0x33,
        0x34, 0x35, 0x36, 0x37, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,
    };

    (void)state;
    for (unsigned byte0 = 0; byte0 < 256; byte0++) {
        const uint32_t dw[5] = {(uint32_t)byte0 << 24 | 1};
        const bool known = memchr(defined, (int)byte0, sizeof defined) != NULL;
        struct tlp t;
        tlp_decode(dw, 5, &t);
        assert_int_equal(t.defect == TLP_BAD_TYPE, !known);
        assert_int_equal(t.kind == TLP_PREFIX, byte0 >> 5 == 4);
        assert_int_equal(t.kind >= TLP_PREFIX, !known);
    }
}

static void fewer_dws_than_the_header_are_short(void **state)
{
    /* MMIO-28, TLP-25 */
    static const uint32_t three[4] = {0x40000001, 0x0100000F, 0xFEE00000, 0};
    static const uint32_t four[5] = {0x60000001, 0x0100000F, 1, 0, 0};
    struct tlp t;

    (void)state;
    for (size_t n = 0; n < 5; n++) {
        assert_int_equal(tlp_decode(four, n, &t) == TLP_SHORT, n < 4);
        assert_int_equal(t.kind, n == 0 ? TLP_UNKNOWN : TLP_MWR);
        assert_int_equal(t.payload_dw, 0);
        if (n < 4)
            assert_int_equal(tlp_decode(three, n, &t) == TLP_SHORT, n < 3);
    }
}

static void dw_count_must_be_header_payload_and_digest(void **state)
{
    /* TLP-02, TLP-14, MMIO-28, MMIO-30 */
    uint32_t dw[12] = {0x40000003, 0x010000FF, 0x1000};
    struct tlp t;

    (void)state;
    for (size_t n = 3; n < 12; n++) {
        assert_int_equal(tlp_decode(dw, n, &t), n == 6 ? TLP_OK : TLP_BAD_LENGTH);
        assert_int_equal(t.payload_dw, n - 3);
        assert_int_equal(t.address, 0x1000);
    }
    dw[0] |= 0x8000; /* TD */
    for (size_t n = 3; n < 12; n++) {
        assert_int_equal(tlp_decode(dw, n, &t), n == 7 ? TLP_OK : TLP_BAD_LENGTH);
        assert_int_equal(t.payload_dw, n == 3 ? 0 : n - 4);
    }
    dw[0] = 0x00000003; /* MRd: Length announces no payload */
    assert_int_equal(tlp_decode(dw, 3, &t), TLP_OK);
    assert_int_equal(tlp_decode(dw, 4, &t), TLP_BAD_LENGTH);
    assert_int_equal(t.payload_dw, 1);
}

static void length_code_zero_is_1024_where_length_counts(void **state)
{
    /* MMIO-13, INTX-03 */
    static const struct {
        uint32_t dw0;
        unsigned length;
    } cases[] = {
        {0x00000000, 1024}, {0x40000000, 1024}, {0x44000000, 1024}, {0x04000000, 1024},
        {0x4A000000, 1024}, {0x0A000000, 0},    {0x0B000000, 0},    {0x34000000, 0},
        {0x74000000, 1024}, {0x0A0003FF, 1023}, {0x34000005, 5},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t dw[4] = {cases[i].dw0};
        struct tlp t;
        tlp_decode(dw, 4, &t);
        assert_int_equal(t.length, cases[i].length);
    }
}

static void low_address_bits_are_never_part_of_the_address(void **state)
{
    /* TLP-05, TLP-21 */
    static const uint32_t first[] = {0x02000001, 0x42000001, 0x00000001, 0x40000001};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        const uint32_t dw[4] = {first[i], 0x0000000F, 0x000003FB};
        struct tlp t;
        tlp_decode(dw, 4, &t);
        assert_int_equal(t.address, 0x3F8);
    }
}

static void what_cannot_be_encoded_is_refused(void **state)
{
    /* ENV-04 */
    struct tlp t = {.kind = TLP_MWR, .length = 1};
    const uint32_t payload = 0;
    uint32_t dw[8];

    (void)state;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 4);
    assert_int_equal(tlp_encode(&t, &payload, dw, 3), 0);
    assert_int_equal(tlp_encode(&t, NULL, dw, 8), 0);
    t.length = 0;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
    t.length = 1025;
    assert_int_equal(tlp_encode(&t, &payload, dw, 2000), 0);
    t.length = 1;
    t.kind = TLP_PREFIX;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
    t.kind = TLP_UNKNOWN;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
}

static void fields_of_other_kinds_do_not_leak_into_the_header(void **state)
{
    /* TLP-22 */
    const struct tlp base = {.length = 1,
                             .at = 3,
                             .ph = 3,
                             .address = UINT64_C(0xFFFFFFFFFFFFFFFF),
                             .reg = 0xFFFF,
                             .lower_address = 0xFF,
                             .msg_code = 0x50,
                             .reserved = UINT32_MAX};
    const uint32_t payload = 0;

    (void)state;
    for (int kind = 0; kind < TLP_PREFIX; kind++) {
        struct tlp t = base, back;
        uint32_t dw[5];
        t.kind = (enum tlp_kind)kind;
        if (kind == TLP_MSG) {
            t.msg_code = 0x20;
            t.length = 0;
        }
        const size_t n = tlp_encode(&t, &payload, dw, 5);
        assert_int_equal(tlp_decode(dw, n, &back), TLP_OK);
        assert_int_equal(back.reserved, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undefined_types_and_prefixes_are_named),
        cmocka_unit_test(fewer_dws_than_the_header_are_short),
        cmocka_unit_test(dw_count_must_be_header_payload_and_digest),
        cmocka_unit_test(length_code_zero_is_1024_where_length_counts),
        cmocka_unit_test(low_address_bits_are_never_part_of_the_address),
        cmocka_unit_test(what_cannot_be_encoded_is_refused),
        cmocka_unit_test(fields_of_other_kinds_do_not_leak_into_the_header),
    };
    return cmocka_run_group_tests_name("tlp_defects", tests, NULL, NULL);
}
