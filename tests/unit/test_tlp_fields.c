/*
 * test_tlp_fields.c - what follows from the fields of a TLP: Byte Count, Lower Address, credits, class.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tlp.h"

/* Byte Count and Lower Address the slow way: lay out the bytes and look for the first and the last enabled one. */
static void brute_force(const struct tlp *read, unsigned *byte_count, unsigned *lower_address)
{
    int first = -1, last = -1;

    for (int byte = 0; byte < 4 * read->length; byte++) {
        const int dw = byte / 4;
        const unsigned be = dw == 0 ? read->first_be : dw == read->length - 1 ? read->last_be : 0xF;
        if (!(be >> byte % 4 & 1))
            continue;
        if (first < 0)
            first = byte;
        last = byte;
    }
    *byte_count = first < 0 ? 1 : (unsigned)(last - first + 1);
    *lower_address = (unsigned)((read->address + (first < 0 ? 0U : (unsigned)first)) % 128);
}

static void agrees_with_brute_force(uint16_t length, unsigned first_be, unsigned last_be, uint64_t address)
{
    const struct tlp read = {.kind = TLP_MRD,
                             .length = length,
                             .first_be = (uint8_t)first_be,
                             .last_be = (uint8_t)last_be,
                             .address = address};
    unsigned count, lower;

    brute_force(&read, &count, &lower);
    assert_int_equal(tlp_read_byte_count(&read), count);
    assert_int_equal(tlp_read_lower_address(&read), lower);
}

static void byte_count_and_lower_address_of_one_dw_reads(void **state)
{
    /* MMIO-10, MMIO-11, MMIO-14 */
    (void)state;
    for (unsigned be = 0; be < 16; be++)
        for (uint64_t address = 0x1000; address < 0x1100; address += 4)
            agrees_with_brute_force(1, be, 0, address);
}

static void byte_count_and_lower_address_of_longer_reads(void **state)
{
    /* MMIO-10, MMIO-11 */
    static const uint16_t lengths[] = {2, 3, 31, 32, 33, 1023, 1024};

    (void)state;
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        for (unsigned first = 1; first < 16; first++)
            for (unsigned last = 1; last < 16; last++)
                agrees_with_brute_force(lengths[i], first, last, 0xFFFFFFF0 + 4 * (first % 4));
}

static void byte_count_of_illegal_enables_stays_in_range(void **state)
{
    /* MMIO-18 */
    (void)state;
    for (unsigned first = 0; first < 16; first++)
        for (unsigned last = 0; last < 16; last++) {
            const struct tlp read = {
                .kind = TLP_MRD, .length = 2, .first_be = (uint8_t)first, .last_be = (uint8_t)last};
            assert_in_range(tlp_read_byte_count(&read), 1, 8);
        }
}

static void data_credits_come_from_length_alone(void **state)
{
    /* FC-01, FC-02 */
    static const struct {
        enum tlp_kind kind;
        uint16_t length;
        unsigned credits;
    } cases[] = {
        {TLP_MWR, 1, 1},    {TLP_MWR, 4, 1},      {TLP_MWR, 5, 2},    {TLP_MWR, 8, 2},
        {TLP_MWR, 128, 32}, {TLP_MWR, 1024, 256}, {TLP_CPLD, 1, 1},   {TLP_CPLD, 2, 1},
        {TLP_CFGWR0, 1, 1}, {TLP_MRD, 1024, 0},   {TLP_CPL, 1023, 0}, {TLP_MSG, 0, 0},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tlp t = {.kind = cases[i].kind, .length = cases[i].length, .address = 12};
        assert_int_equal(tlp_data_credits(&t), cases[i].credits);
    }
}

static void kinds_have_class_and_name(void **state)
{
    /* TLP-29, FC-01, FC-08 */
    static const struct {
        enum tlp_kind kind;
        enum tlp_class class;
        const char *name;
    } cases[] = {
        {TLP_MRD, TLP_NONPOSTED, "MRd"},        {TLP_MRDLK, TLP_NONPOSTED, "MRdLk"},
        {TLP_MWR, TLP_POSTED, "MWr"},           {TLP_IORD, TLP_NONPOSTED, "IORd"},
        {TLP_IOWR, TLP_NONPOSTED, "IOWr"},      {TLP_CFGRD0, TLP_NONPOSTED, "CfgRd0"},
        {TLP_CFGWR0, TLP_NONPOSTED, "CfgWr0"},  {TLP_CFGRD1, TLP_NONPOSTED, "CfgRd1"},
        {TLP_CFGWR1, TLP_NONPOSTED, "CfgWr1"},  {TLP_MSG, TLP_POSTED, "Msg"},
        {TLP_MSGD, TLP_POSTED, "MsgD"},         {TLP_CPL, TLP_COMPLETION, "Cpl"},
        {TLP_CPLD, TLP_COMPLETION, "CplD"},     {TLP_CPLLK, TLP_COMPLETION, "CplLk"},
        {TLP_CPLDLK, TLP_COMPLETION, "CplDLk"}, {TLP_FETCHADD, TLP_NONPOSTED, "FetchAdd"},
        {TLP_SWAP, TLP_NONPOSTED, "Swap"},      {TLP_CAS, TLP_NONPOSTED, "CAS"},
        {TLP_DMWR, TLP_NONPOSTED, "DMWr"},      {TLP_PREFIX, TLP_POSTED, "Prefix"},
        {TLP_UNKNOWN, TLP_POSTED, "Unknown"},
    };

    (void)state;
    assert_int_equal(sizeof cases / sizeof cases[0], TLP_UNKNOWN + 1);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(tlp_class(cases[i].kind), cases[i].class);
        assert_string_equal(tlp_kind_name(cases[i].kind), cases[i].name);
    }
}

static void status_has_a_name(void **state)
{
    /* MMIO-09 */
    static const char *const names[] = {"SC",       "UR",       "RRS",      "reserved", "CA",
                                        "reserved", "reserved", "reserved", "reserved"};

    (void)state;
    for (uint8_t status = 0; status < 9; status++)
        assert_string_equal(tlp_status_name(status), names[status]);
}

static void messages_that_are_taken(void **state)
{
    /* MMIO-27: hot-plug codes 40h to 48h but 42h and 46h, which are none */
    (void)state;
    unsigned taken = 0;
    for (unsigned code = 0; code < 256; code++)
        taken += tlp_message_is_taken((uint8_t)code);
    assert_int_equal(taken, 12);
    for (uint8_t code = 0x40; code <= 0x48; code++)
        assert_int_equal(tlp_message_is_taken(code), code != 0x42 && code != 0x46);
    assert_true(tlp_message_is_taken(0x00) && tlp_message_is_taken(0x14) && tlp_message_is_taken(0x19));
    assert_true(tlp_message_is_taken(0x50) && tlp_message_is_taken(0x7F));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(byte_count_and_lower_address_of_one_dw_reads),
        cmocka_unit_test(byte_count_and_lower_address_of_longer_reads),
        cmocka_unit_test(byte_count_of_illegal_enables_stays_in_range),
        cmocka_unit_test(data_credits_come_from_length_alone),
        cmocka_unit_test(kinds_have_class_and_name),
        cmocka_unit_test(messages_that_are_taken),
        cmocka_unit_test(status_has_a_name),
    };
    return cmocka_run_group_tests_name("tlp_fields", tests, NULL, NULL);
}
