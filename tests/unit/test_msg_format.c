/*
 * test_msg_format.c - every bit of a message TLP, from the byte map of area D: which rule guards it, and that nothing
 * else does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "msg_format.h"

enum { BYTES = 24, FREE = CHECK_COUNT, SHAPE };

/* The worked examples of area D: address FEE0_1004h and 1_FEE0_1004h, data 0000_4123h, requester 01:00.0. */
static const uint8_t LOW[16] = {0x40, 0x00, 0x00, 0x01, 0x01, 0x00, 0x77, 0x0F,
                                0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00};
static const uint8_t HIGH[20] = {0x60, 0x00, 0x00, 0x01, 0x01, 0x00, 0x77, 0x0F, 0x00, 0x00,
                                 0x00, 0x01, 0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00};

static const enum check_id RULES[] = {CHECK_MSG_LENGTH,        CHECK_MSG_BYTE_ENABLES, CHECK_MSG_HEADER_FORM,
                                      CHECK_MSG_ORDERING_ATTR, CHECK_MSG_IDO,          CHECK_MSG_TRAFFIC_CLASS,
                                      CHECK_MSG_POISON,        CHECK_MSG_DIGEST,       CHECK_MSG_ADDRESS_TYPE,
                                      CHECK_MSG_TAG_HIGH,      CHECK_MSG_HINTS,        CHECK_MSG_RESERVED};

static enum tlp_defect decode(const uint8_t *byte, size_t n, struct tlp *t)
{
    uint32_t dw[BYTES / 4];
    for (size_t k = 0; k < n / 4; k++)
        dw[k] = (uint32_t)byte[4 * k] << 24 | (uint32_t)byte[4 * k + 1] << 16 | (uint32_t)byte[4 * k + 2] << 8 |
                byte[4 * k + 3];
    return tlp_decode(dw, n / 4, t);
}

/* The one rule that these bytes break, FREE if none; fails if there are several. SHAPE: no memory write of that length.
 * */
static int broken_rule(const uint8_t *byte, size_t n)
{
    struct checks checks;
    struct tlp t;
    int broken = FREE;
    if (decode(byte, n, &t) != TLP_OK || t.kind != TLP_MWR)
        return SHAPE;
    checks_init(&checks, NULL, NULL);
    const bool ok = msg_format_judge(&checks, &t, false);
    for (int id = 0; id < CHECK_COUNT; id++) {
        if (checks.counter[id].failed == 0)
            continue;
        assert_int_equal(broken, FREE);
        broken = id;
    }
    assert_int_equal(ok, broken == FREE);
    return broken;
}

/* TLP-01..TLP-23: a clean message passes every rule, and every rule is evaluated once. */
static void clean_message_passes_every_rule(void **state)
{
    struct checks checks;
    struct tlp t;
    (void)state;
    checks_init(&checks, NULL, NULL);
    assert_int_equal(decode(LOW, sizeof LOW, &t), TLP_OK);
    assert_true(msg_format_judge(&checks, &t, false));
    assert_int_equal(decode(HIGH, sizeof HIGH, &t), TLP_OK);
    assert_true(msg_format_judge(&checks, &t, false));
    for (size_t k = 0; k < sizeof RULES / sizeof RULES[0]; k++) {
        assert_int_equal(checks.counter[RULES[k]].evaluated, 2);
        assert_int_equal(checks.counter[RULES[k]].failed, 0);
    }
}

/* What guards a bit of header byte 0..7; the same in both forms. */
static int guard(unsigned byte, unsigned bit)
{
    static const int byte1[8] = {CHECK_MSG_HINTS,         CHECK_MSG_RESERVED,      CHECK_MSG_IDO,
                                 CHECK_MSG_TAG_HIGH,      CHECK_MSG_TRAFFIC_CLASS, CHECK_MSG_TRAFFIC_CLASS,
                                 CHECK_MSG_TRAFFIC_CLASS, CHECK_MSG_TAG_HIGH};
    static const int byte2[8] = {SHAPE,
                                 SHAPE,
                                 CHECK_MSG_ADDRESS_TYPE,
                                 CHECK_MSG_ADDRESS_TYPE,
                                 CHECK_MSG_ORDERING_ATTR,
                                 CHECK_MSG_ORDERING_ATTR,
                                 CHECK_MSG_POISON,
                                 SHAPE};
    switch (byte) {
    case 1:
        return byte1[bit];
    case 2:
        return byte2[bit];
    case 7:
        return CHECK_MSG_BYTE_ENABLES;
    case 4:
    case 5:
    case 6:
        return FREE;
    default: /* Fmt, Type and Length: the TLP is another one */
        return SHAPE;
    }
}

/* ENV-05, TLP-02..TLP-22: each header bit flipped breaks exactly the rule that guards it. */
static void each_flipped_bit_breaks_its_rule(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 8 * sizeof HIGH; k++) {
        const unsigned byte = k / 8, bit = k % 8;
        uint8_t low[sizeof LOW], high[sizeof HIGH];
        memcpy(low, LOW, sizeof LOW);
        memcpy(high, HIGH, sizeof HIGH);
        high[byte] ^= (uint8_t)(1U << bit);
        int expected = byte < 8 ? guard(byte, bit) : byte == 15 && bit < 2 ? CHECK_MSG_RESERVED : FREE;
        if (byte == 11 && bit == 0)
            expected = CHECK_MSG_HEADER_FORM; /* the upper address is 0 now */
        assert_int_equal(broken_rule(high, sizeof high), expected);
        if (byte >= sizeof LOW)
            continue;
        low[byte] ^= (uint8_t)(1U << bit);
        assert_int_equal(broken_rule(low, sizeof low), byte < 8                ? guard(byte, bit)
                                                       : byte == 11 && bit < 2 ? CHECK_MSG_RESERVED
                                                                               : FREE);
    }
}

/* TLP-02: two DWs of payload, in the header and in the stream. */
static void longer_payload_breaks_the_length(void **state)
{
    uint8_t byte[20] = {0};
    (void)state;
    memcpy(byte, LOW, sizeof LOW);
    byte[3] = 2;
    byte[7] = 0x0F;
    assert_int_equal(broken_rule(byte, sizeof byte), CHECK_MSG_LENGTH);
}

/* TLP-14: a digest that nobody asked for. */
static void digest_breaks_its_rule(void **state)
{
    uint8_t byte[20] = {0};
    (void)state;
    memcpy(byte, LOW, sizeof LOW);
    byte[2] |= 0x80;
    assert_int_equal(broken_rule(byte, sizeof byte), CHECK_MSG_DIGEST);
}

/* TLP-04, RACE-14: the long header with an address below 4 GB. The short one has no upper address that could be wrong.
 * */
static void header_form_follows_the_upper_address(void **state)
{
    uint8_t byte[20];
    (void)state;
    memcpy(byte, HIGH, sizeof HIGH);
    byte[11] = 0;
    assert_int_equal(broken_rule(byte, sizeof byte), CHECK_MSG_HEADER_FORM);
    byte[8] = 0x80;
    assert_int_equal(broken_rule(byte, sizeof byte), FREE);
}

/* TLP-21, TLP-22: with TH set, address bits 1:0 are the hint, and TH is what is wrong. */
static void hint_bits_belong_to_th(void **state)
{
    uint8_t byte[16];
    (void)state;
    memcpy(byte, LOW, sizeof LOW);
    byte[1] |= 1;
    byte[11] |= 3;
    assert_int_equal(broken_rule(byte, sizeof byte), CHECK_MSG_HINTS);
}

static void keep_text(void *ctx, const struct check_failure *failure)
{
    strcpy(ctx, failure->text);
}

/* The report names the field, what it was, what is allowed and the requirement. */
static void report_says_what_was_seen_and_allowed(void **state)
{
    char text[1100] = "";
    struct checks checks;
    struct tlp t;
    uint8_t byte[16];
    (void)state;
    memcpy(byte, LOW, sizeof LOW);
    byte[7] = 0xFF;
    assert_int_equal(decode(byte, sizeof byte, &t), TLP_OK);
    checks_init(&checks, keep_text, text);
    assert_false(msg_format_judge(&checks, &t, false));
    assert_non_null(strstr(text, "FFh"));
    assert_non_null(strstr(text, "0Fh"));
    assert_non_null(strstr(text, "TLP-03"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_message_passes_every_rule),       cmocka_unit_test(each_flipped_bit_breaks_its_rule),
        cmocka_unit_test(longer_payload_breaks_the_length),      cmocka_unit_test(digest_breaks_its_rule),
        cmocka_unit_test(header_form_follows_the_upper_address), cmocka_unit_test(hint_bits_belong_to_th),
        cmocka_unit_test(report_says_what_was_seen_and_allowed),
    };
    return cmocka_run_group_tests_name("msg_format", tests, NULL, NULL);
}
