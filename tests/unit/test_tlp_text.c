/*
 * test_tlp_text.c - TLPs as one line of text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tlp_vectors.h"

struct line {
    uint8_t bytes[TLP_VECTOR_BYTES];
    unsigned count;
    const char *text;
};

static const struct line lines[] = {
    {{0x40, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x0F, 0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00},
     16,
     "MWr  32 00FEE01004 len 1 be F/0 req 01:00.0 tag 00 tc 0 attr -- data 00004123"},
    {{0x20, 0x7D, 0x78, 0x02, 0x3B, 0xF9, 0xA5, 0x7C, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9B},
     16,
     "MRd  64 1234567898 len 2 be C/7 req 3b:1f.1 tag 1a5 tc 7 attr RNI ep th at 2 ph 3"},
    {{0x4A, 0x00, 0x00, 0x02, 0x01, 0x00, 0x00, 0x08, 0x00, 0x08, 0x12, 0x40, 1, 0, 0, 0, 2, 0, 0, 0},
     20,
     "CplD 01:00.0 SC bc 8 la 40 req 00:01.0 tag 12 tc 0 attr -- data 00000001 00000002"},
    {{0x0A, 0x00, 0x80, 0x00, 0x01, 0x00, 0x30, 0x04, 0x00, 0x08, 0x12, 0x80, 0, 0, 0, 0},
     16,
     "Cpl  01:00.0 UR bc 4 la 00 req 00:01.0 tag 12 tc 0 attr -- td bcm reserved 00000080"},
    {{0x44, 0x00, 0x00, 0x01, 0x00, 0x00, 0x05, 0x0F, 0x02, 0x00, 0x01, 0x04, 6, 0, 0, 0},
     16,
     "CfgWr0 02:00.0 reg 104 be F/0 req 00:00.0 tag 05 tc 0 attr -- data 00000006"},
    {{0x34, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x21, 0, 0, 0, 0, 0, 0, 0, 0},
     16,
     "Msg  code 21 routing 4 req 01:00.0 tag 00 tc 0 attr --"},
    {{0x02, 0x00, 0x00, 0x01, 0x00, 0x00, 0x33, 0x03, 0x00, 0x00, 0x03, 0xF8},
     12,
     "IORd 000003F8 be 3/0 req 00:00.0 tag 33 tc 0 attr --"},
    {{0x40, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0xFF, 0, 0, 0x10, 0, 7, 0, 0, 0},
     16,
     "MWr  32 0000001000 len 3 be F/F req 00:00.0 tag 00 tc 0 attr -- data 00000007 !bad length"},
    {{0x80, 0x00, 0x00, 0x00}, 4, "Prefix fmt 4 type 00 !bad type"},
    {{0x40, 0x00, 0x00, 0x01}, 4, "MWr  !short"},
    {{0}, 0, "Unknown !short"},
};

static void text_shows_what_an_analyser_shows(void **state)
{
    /* ENV-05 */
    char text[256];

    (void)state;
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        uint32_t dw[TLP_VECTOR_BYTES / 4];
        const size_t n = tlp_vector_dws(lines[i].bytes, lines[i].count, dw);
        assert_int_equal(tlp_format(dw, n, text, sizeof text), strlen(lines[i].text));
        assert_string_equal(text, lines[i].text);
    }
}

static void long_payload_is_cut_in_text(void **state)
{
    /* ENV-05 */
    uint32_t dw[12] = {0x40000009, 0x000000FF, 0x1000};
    char text[256];

    (void)state;
    tlp_format(dw, 12, text, sizeof text);
    assert_non_null(strstr(text, " data 00000000 00000000 00000000 00000000 ... (9)"));
}

static void text_is_cut_at_its_room_and_always_ends(void **state)
{
    /* ENV-05 */
    char whole[256], text[256];
    uint32_t dw[4];
    const size_t n = tlp_vector_dws(lines[0].bytes, lines[0].count, dw),
                 length = tlp_format(dw, n, whole, sizeof whole);

    (void)state;
    for (size_t room = 1; room <= length + 1; room++) {
        memset(text, '#', sizeof text);
        assert_int_equal(tlp_format(dw, n, text, room), room - 1);
        assert_int_equal(strlen(text), room - 1);
        assert_memory_equal(text, whole, room - 1);
        assert_int_equal(text[room], '#');
    }
    text[0] = '#';
    assert_int_equal(tlp_format(dw, n, text, 0), 0);
    assert_int_equal(text[0], '#');
}

static void id_is_bus_device_function(void **state)
{
    /* TLP-17 */
    char text[8];

    (void)state;
    assert_string_equal(tlp_format_id(0x0000, text), "00:00.0");
    assert_string_equal(tlp_format_id(0x3BF9, text), "3b:1f.1");
    assert_string_equal(tlp_format_id(0xFFFF, text), "ff:1f.7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_shows_what_an_analyser_shows),
        cmocka_unit_test(long_payload_is_cut_in_text),
        cmocka_unit_test(text_is_cut_at_its_room_and_always_ends),
        cmocka_unit_test(id_is_bus_device_function),
    };
    return cmocka_run_group_tests_name("tlp_text", tests, NULL, NULL);
}
