/*
 * test_tlp_bytes.c - decoder and encoder of TLPs against bytes that were worked out by hand, bit by bit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tlp_vectors.h"

static void decodes(const struct tlp_vector *v)
{
    uint32_t dw[TLP_VECTOR_BYTES / 4];
    const size_t n = tlp_vector_dws(v->bytes, v->count, dw);
    struct tlp t;

    if (tlp_decode(dw, n, &t) != TLP_OK || t.defect != TLP_OK || t.reserved != 0 || !tlp_same(&t, &v->means))
        fail_msg("wrong fields: %s", v->what);
    assert_int_equal(t.fmt, v->bytes[0] >> 5);
    assert_int_equal(t.type, v->bytes[0] & 0x1F);
    assert_int_equal(t.header_dw, v->means.is_4dw ? 4 : 3);
    assert_int_equal(t.payload_dw, tlp_has_data(t.kind) ? t.length : 0);
    if (t.payload_dw > 0)
        assert_int_equal(tlp_payload_le(dw[t.header_dw]), v->payload);
}

static void encodes(const struct tlp_vector *v)
{
    uint32_t expected[TLP_VECTOR_BYTES / 4], dw[TLP_VECTOR_BYTES / 4];
    const size_t n = tlp_vector_dws(v->bytes, v->count, expected);
    const unsigned header = v->means.is_4dw ? 4 : 3;

    if (tlp_encode(&v->means, expected + header, dw, n) != n)
        fail_msg("wrong length: %s", v->what);
    if (memcmp(dw, expected, n * sizeof *dw) != 0)
        fail_msg("wrong bytes: %s", v->what);
    assert_int_equal(tlp_encode(&v->means, expected + header, dw, n - 1), 0);
}

static void message_bytes_decode_to_its_fields(void **state)
{
    /* TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-06, TLP-07, TLP-17 */
    (void)state;
    for (unsigned i = 0; i < tlp_messages_count; i++)
        decodes(&tlp_messages[i]);
}

static void message_fields_encode_to_its_bytes(void **state)
{
    /* TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-06, TLP-07, TLP-17 */
    (void)state;
    for (unsigned i = 0; i < tlp_messages_count; i++)
        encodes(&tlp_messages[i]);
}

static void every_kind_decodes_from_its_bytes(void **state)
{
    /* MMIO-08, CFG-09, INTX-01, INTX-02, TLP-14, TLP-21 */
    bool seen[TLP_UNKNOWN + 1] = {false};

    (void)state;
    for (unsigned i = 0; i < tlp_others_count; i++) {
        decodes(&tlp_others[i]);
        seen[tlp_others[i].means.kind] = true;
    }
    for (int kind = 0; kind < TLP_PREFIX; kind++)
        assert_true(seen[kind]);
}

static void every_kind_encodes_to_its_bytes(void **state)
{
    /* MMIO-08, CFG-09, INTX-01, INTX-02, TLP-14, TLP-21 */
    (void)state;
    for (unsigned i = 0; i < tlp_others_count; i++)
        encodes(&tlp_others[i]);
}

static void flips_are_seen(const struct tlp_vector *v)
{
    uint32_t dw[TLP_VECTOR_BYTES / 4];
    const size_t n = tlp_vector_dws(v->bytes, v->count, dw);
    struct tlp clean, flipped;

    tlp_decode(dw, n, &clean);
    for (unsigned bit = 0; bit < 32 * clean.header_dw; bit++) {
        dw[bit / 32] ^= UINT32_C(1) << bit % 32;
        tlp_decode(dw, n, &flipped);
        if (tlp_same_all(&clean, &flipped))
            fail_msg("%s: bit %u of DW %u is not looked at", v->what, bit % 32, bit / 32);
        dw[bit / 32] ^= UINT32_C(1) << bit % 32;
    }
}

static void each_flipped_header_bit_changes_the_decoded_message(void **state)
{
    /* ENV-05, TLP-22 */
    (void)state;
    for (unsigned i = 0; i < tlp_messages_count; i++)
        flips_are_seen(&tlp_messages[i]);
}

static void each_flipped_header_bit_changes_the_decoded_tlp_of_other_kinds(void **state)
{
    /* ENV-05, TLP-22, MMIO-08, INTX-03 */
    (void)state;
    for (unsigned i = 0; i < tlp_others_count; i++)
        if (tlp_others[i].means.kind != TLP_MSGD) /* DW 2 and 3 depend on the code */
            flips_are_seen(&tlp_others[i]);
}

/* Which single bits of a header that has none of them set must show up in `reserved`. */
static void reserved_is(enum tlp_kind kind, const uint32_t expected[4])
{
    const struct tlp plain = {.kind = kind, .length = 1, .msg_code = 0x40, .byte_count = 4};
    const uint32_t payload = 0;
    uint32_t dw[5];
    const size_t n = tlp_encode(&plain, &payload, dw, 5);
    struct tlp t;

    tlp_decode(dw, n, &t);
    const unsigned header = t.header_dw;
    for (unsigned bit = 0; bit < 32 * header; bit++) {
        const uint32_t mask = UINT32_C(1) << bit % 32, before = dw[bit / 32];
        if (before & mask || (bit / 32 == 0 && mask >= UINT32_C(1) << 24) || bit < 10)
            continue; /* set already, or the kind or the length would change */
        dw[bit / 32] |= mask;
        tlp_decode(dw, n, &t);
        if (t.reserved != (expected[bit / 32] & mask))
            fail_msg("%s: bit %u of DW %u", tlp_kind_name(kind), bit % 32, bit / 32);
        dw[bit / 32] = before;
    }
}

static void reserved_bits_are_those_of_the_kind(void **state)
{
    /* TLP-22, INTX-03, MMIO-08 */
    static const uint32_t memory[4] = {0x00020000};
    static const uint32_t io[4] = {0x00070C00, 0, 0x00000003};
    static const uint32_t config[4] = {0x00070C00, 0, 0x0000F003};
    static const uint32_t completion[4] = {0x00030C00, 0, 0x00000080};
    static const uint32_t message[4] = {0x00030C00};

    (void)state;
    reserved_is(TLP_MWR, memory);
    reserved_is(TLP_MRD, memory);
    reserved_is(TLP_SWAP, memory);
    reserved_is(TLP_IOWR, io);
    reserved_is(TLP_CFGRD0, config);
    reserved_is(TLP_CFGWR1, config);
    reserved_is(TLP_CPL, completion);
    reserved_is(TLP_CPLD, completion);
    reserved_is(TLP_MSGD, message);
}

static void intx_messages_reserve_everything_but_class_requester_tag_and_code(void **state)
{
    /* INTX-02, INTX-03, INTX-05 */
    static const uint8_t not_intx[] = {0x1F, 0x28};
    uint32_t dw[4] = {0x34000000, 0x01000000, 0, 0};
    struct tlp t;

    (void)state;
    for (uint32_t code = 0x20; code <= 0x27; code++) {
        for (unsigned bit = 0; bit < 128; bit++) {
            static const uint32_t reserved[4] = {0x00037FFF, 0, 0xFFFFFFFF, 0xFFFFFFFF};
            uint32_t flipped[4] = {dw[0], dw[1] | code, 0, 0};
            const uint32_t mask = UINT32_C(1) << bit % 32;
            if (bit / 32 == 1 || (bit < 32 && bit >= 24))
                continue;
            flipped[bit / 32] ^= mask;
            tlp_decode(flipped, 4, &t);
            assert_int_equal(t.reserved, reserved[bit / 32] & mask);
        }
    }
    dw[2] = 0x12345678;
    for (unsigned i = 0; i < 2; i++) {
        dw[1] = 0x01000000U | not_intx[i];
        assert_int_equal(tlp_decode(dw, 4, &t), TLP_OK);
        assert_int_equal(t.reserved, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_bytes_decode_to_its_fields),
        cmocka_unit_test(message_fields_encode_to_its_bytes),
        cmocka_unit_test(every_kind_decodes_from_its_bytes),
        cmocka_unit_test(every_kind_encodes_to_its_bytes),
        cmocka_unit_test(each_flipped_header_bit_changes_the_decoded_message),
        cmocka_unit_test(each_flipped_header_bit_changes_the_decoded_tlp_of_other_kinds),
        cmocka_unit_test(reserved_bits_are_those_of_the_kind),
        cmocka_unit_test(intx_messages_reserve_everything_but_class_requester_tag_and_code),
    };
    return cmocka_run_group_tests_name("tlp_bytes", tests, NULL, NULL);
}
