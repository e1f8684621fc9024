/*
 * test_host_memory.c - the sparse memory of the host.
 */
#include "host_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static struct host_memory memory;

    host_memory_init(&memory);
    *state = &memory;
    return 0;
}

static int tear_down(void **state)
{
    host_memory_free(*state);
    return 0;
}

static struct tlp write_of(uint64_t address, uint16_t length, uint8_t first_be, uint8_t last_be)
{
    return (struct tlp){
        .kind = TLP_MWR, .address = address, .length = length, .first_be = first_be, .last_be = last_be};
}

static void untouched_memory_reads_zero_and_allocates_nothing(void **state)
{
    /* HOST-09, HOST-10 */
    struct host_memory *m = *state;
    uint8_t bytes[5] = {1, 2, 3, 4, 5};

    assert_int_equal(host_memory_read8(m, 0xFEE00000), 0);
    assert_int_equal(host_memory_read32(m, UINT64_C(0x123456789ABCDEF0)), 0);
    host_memory_read(m, 0xFFE, bytes, sizeof bytes);
    host_memory_read(m, 0xFFF, bytes, 0);
    for (unsigned i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0);
    assert_int_equal(m->pages, 0);
}

static void payload_bytes_go_to_rising_addresses(void **state)
{
    /* TLP-07, HOST-09, HOST-10 */
    struct host_memory *m = *state;
    const uint32_t payload[3] = {0x44332211, 0x88776655, 0xCCBBAA99}; /* wire order: 44h first */
    const struct tlp t = write_of(0x1000, 3, 0xF, 0xF);
    static const uint8_t expected[12] = {0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 0xCC, 0xBB, 0xAA, 0x99};

    assert_int_equal(host_memory_apply(m, &t, payload), 0);
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(host_memory_read8(m, 0x1000 + i), expected[i]);
    assert_int_equal(host_memory_read32(m, 0x1000), 0x11223344);
    assert_int_equal(host_memory_read32(m, 0x1001), 0x88112233);
    assert_int_equal(m->pages, 1);
}

static void only_enabled_bytes_are_written(void **state)
{
    /* MMIO-15, MMIO-17, HOST-10: all enables of a 1 DW write, all pairs of a 2 DW write, against a plain loop */
    struct host_memory *m = *state;
    const uint32_t payload[2] = {0x01020304, 0x05060708}; /* byte k of the write is k + 1 */

    for (unsigned pair = 0; pair < 512; pair++) {
        const uint16_t length = pair < 256 ? 2 : 1;
        const uint8_t first = pair & 15, last = length == 2 ? pair >> 4 & 15 : 0;
        const struct tlp t = write_of(0x2000 + 8 * (uint64_t)pair, length, first, last);
        assert_int_equal(host_memory_apply(m, &t, payload), 0);
        for (unsigned byte = 0; byte < 8; byte++) {
            const bool enabled = ((unsigned)last << 4 | first) >> byte & 1;
            assert_int_equal(host_memory_read8(m, t.address + byte), enabled ? byte + 1 : 0);
        }
    }
}

static void middle_dws_of_a_write_are_whole(void **state)
{
    /* MMIO-17 */
    struct host_memory *m = *state;
    const uint32_t payload[4] = {0x01010101, 0x02020202, 0x03030303, 0x04040404};
    const struct tlp t = write_of(0x3000, 4, 0x8, 0x1);

    assert_int_equal(host_memory_apply(m, &t, payload), 0);
    assert_int_equal(host_memory_read32(m, 0x3000), 0x01000000);
    assert_int_equal(host_memory_read32(m, 0x3004), 0x02020202);
    assert_int_equal(host_memory_read32(m, 0x3008), 0x03030303);
    assert_int_equal(host_memory_read32(m, 0x300C), 0x00000004);
}

static void address_bits_below_a_dw_are_ignored(void **state)
{
    /* TLP-05 */
    struct host_memory *m = *state;
    const uint32_t payload = 0x11223344;
    const struct tlp t = write_of(0x3FFF, 1, 0xF, 0);

    assert_int_equal(host_memory_apply(m, &t, &payload), 0);
    assert_int_equal(host_memory_read32(m, 0x3FFC), 0x44332211);
    assert_int_equal(m->pages, 1);
}

static void a_zero_length_write_touches_nothing(void **state)
{
    /* MMIO-15 */
    struct host_memory *m = *state;
    const uint32_t payload = 0xFFFFFFFF;
    const struct tlp t = write_of(0x4000, 1, 0, 0);

    assert_int_equal(host_memory_apply(m, &t, &payload), 0);
    assert_int_equal(m->pages, 0);
}

static void other_kinds_change_nothing(void **state)
{
    /* HOST-04 */
    struct host_memory *m = *state;
    const uint32_t payload = 0xFFFFFFFF;
    struct tlp t = write_of(0x4000, 1, 0xF, 0);

    t.kind = TLP_CPLD;
    assert_int_equal(host_memory_apply(m, &t, &payload), 0);
    t.kind = TLP_MSG;
    assert_int_equal(host_memory_apply(m, &t, NULL), 0);
    assert_int_equal(m->pages, 0);
}

static void later_writes_win(void **state)
{
    /* HOST-10, ORD-30 */
    struct host_memory *m = *state;
    const uint32_t first = 0x11111111, second = 0x22222222;
    const struct tlp whole = write_of(0x5000, 1, 0xF, 0), half = write_of(0x5000, 1, 0xC, 0);

    host_memory_apply(m, &whole, &first);
    host_memory_apply(m, &half, &second);
    assert_int_equal(host_memory_read32(m, 0x5000), 0x22221111);
}

static void blocks_cross_pages_and_the_end_of_the_address_space(void **state)
{
    /* HOST-10 */
    struct host_memory *m = *state;
    static const uint64_t starts[] = {0x0, 0xFFD, 0xFFFFFFFF, UINT64_C(0xFFFFFFFFFFFFFFF0)};
    static uint8_t in[9000], out[9000];

    for (unsigned i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 7 + i / 256);
    for (unsigned s = 0; s < sizeof starts / sizeof starts[0]; s++) {
        assert_int_equal(host_memory_write(m, starts[s], in, sizeof in), 0);
        memset(out, 0, sizeof out);
        host_memory_read(m, starts[s], out, sizeof out);
        assert_memory_equal(in, out, sizeof in);
        out[0] = (uint8_t)~in[4097];
        host_memory_read(m, starts[s] + 4097, out, 1);
        assert_int_equal(out[0], in[4097]);
        assert_int_equal(host_memory_read8(m, starts[s] + 8999), in[8999]);
    }
}

static void the_last_dw_before_wrapping_and_the_first_after_it(void **state)
{
    /* HOST-10 */
    struct host_memory *m = *state;
    const uint32_t payload[2] = {0x01020304, 0x05060708};
    const struct tlp t = write_of(UINT64_C(0xFFFFFFFFFFFFFFFC), 2, 0xF, 0xF);

    assert_int_equal(host_memory_apply(m, &t, payload), 0);
    assert_int_equal(host_memory_read32(m, UINT64_C(0xFFFFFFFFFFFFFFFC)), 0x04030201);
    assert_int_equal(host_memory_read32(m, 0), 0x08070605);
    assert_int_equal(host_memory_read32(m, UINT64_C(0xFFFFFFFFFFFFFFFE)), 0x06050403);
}

static void many_pages_are_kept_apart(void **state)
{
    /* HOST-10: more pages than buckets, near and far */
    struct host_memory *m = *state;
    enum { PAGES = 3 * HOST_MEMORY_BUCKETS };

    for (uint32_t i = 0; i < PAGES; i++) {
        const uint64_t address = (i % 2 ? (uint64_t)i << 40 : (uint64_t)i << 12) + 8;
        assert_int_equal(host_memory_write(m, address, &i, sizeof i), 0);
    }
    assert_int_equal(m->pages, PAGES);
    for (uint32_t i = 0; i < PAGES; i++)
        assert_int_equal(host_memory_read32(m, (i % 2 ? (uint64_t)i << 40 : (uint64_t)i << 12) + 8), i);
}

static void freed_memory_is_empty_and_usable(void **state)
{
    /* HOST-10 */
    struct host_memory *m = *state;
    const uint8_t byte = 9;

    host_memory_write(m, 0x1234, &byte, 1);
    host_memory_free(m);
    assert_int_equal(m->pages, 0);
    assert_int_equal(host_memory_read8(m, 0x1234), 0);
    host_memory_write(m, 0x1234, &byte, 1);
    assert_int_equal(host_memory_read8(m, 0x1234), 9);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(untouched_memory_reads_zero_and_allocates_nothing),
        MEMORY_TEST(payload_bytes_go_to_rising_addresses),
        MEMORY_TEST(only_enabled_bytes_are_written),
        MEMORY_TEST(middle_dws_of_a_write_are_whole),
        MEMORY_TEST(address_bits_below_a_dw_are_ignored),
        MEMORY_TEST(a_zero_length_write_touches_nothing),
        MEMORY_TEST(other_kinds_change_nothing),
        MEMORY_TEST(later_writes_win),
        MEMORY_TEST(blocks_cross_pages_and_the_end_of_the_address_space),
        MEMORY_TEST(the_last_dw_before_wrapping_and_the_first_after_it),
        MEMORY_TEST(many_pages_are_kept_apart),
        MEMORY_TEST(freed_memory_is_empty_and_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
