/*
 * test_cpl_checker.c - the completion checker: every check of it seen passing and failing.
 */
#include "cpl_checker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { HOST_ID = 0x0008, BLOCK_ID = 0x0100, TAG = 0x3A5 };

static struct cpl_checker checker;
static struct checks checks;
static unsigned reports;

static void count_report(void *ctx, const struct check_failure *failure)
{
    (void)ctx;
    assert_int_equal(failure->vector, -1);
    assert_true(strlen(failure->text) > 20);
    reports++;
}

static int set_up(void **state)
{
    (void)state;
    cpl_checker_init(&checker);
    checks_init(&checks, count_report, NULL);
    reports = 0;
    return 0;
}

static struct tlp request_of(enum tlp_kind kind, uint16_t length, uint8_t first_be, uint8_t last_be)
{
    return (struct tlp){.kind = kind,
                        .length = length,
                        .first_be = first_be,
                        .last_be = last_be,
                        .tc = 5,
                        .ro = true,
                        .requester_id = HOST_ID,
                        .tag = TAG,
                        .address = 0x12345678};
}

static struct cpl_expect expect_of(struct tlp request)
{
    return (struct cpl_expect){.request = request,
                               .allowed_status = 1 << TLP_SC,
                               .data_check = CHECK_TABLE_VALUE,
                               .pba_qword = -1,
                               .completer_old = BLOCK_ID,
                               .completer_new = BLOCK_ID};
}

static bool reads(enum tlp_kind kind)
{
    return kind == TLP_MRD || kind == TLP_IORD || kind == TLP_CFGRD0 || kind == TLP_CFGRD1 || kind == TLP_MRDLK;
}

/* The completion that a good block sends. */
static struct tlp completion_of(const struct tlp *request, uint8_t status)
{
    const bool memory = request->kind == TLP_MRD || request->kind == TLP_MRDLK;
    const bool data = status == TLP_SC && reads(request->kind);

    return (struct tlp){.kind = data ? TLP_CPLD : TLP_CPL,
                        .tc = request->tc,
                        .ro = request->ro,
                        .ns = request->ns,
                        .length = data ? request->length : 0,
                        .payload_dw = data ? request->length : 0,
                        .requester_id = request->requester_id,
                        .tag = request->tag,
                        .completer_id = BLOCK_ID,
                        .status = status,
                        .byte_count = (uint16_t)(memory ? tlp_read_byte_count(request) : 4),
                        .lower_address = (uint8_t)(memory ? tlp_read_lower_address(request) : 0)};
}

static const uint32_t zeros[4];

static const struct cpl_expect *answer(const struct cpl_expect *expect, const struct tlp *cpl)
{
    assert_non_null(cpl_checker_add(&checker, expect));
    return cpl_checker_match(&checker, &checks, cpl, zeros);
}

static uint64_t failed(enum check_id id)
{
    return checks.counter[id].failed;
}

/* Exactly this check has failed, once, with a report; counters start anew. */
static void only_failed(enum check_id id)
{
    for (int k = 0; k < CHECK_COUNT; k++)
        if (failed((enum check_id)k) != (k == (int)id))
            fail_msg("%s failed %u times", check_info((enum check_id)k)->name, (unsigned)failed((enum check_id)k));
    assert_int_equal(reports, 1);
    set_up(NULL);
}

static void none_failed(void)
{
    for (int k = 0; k < CHECK_COUNT; k++)
        if (failed((enum check_id)k))
            fail_msg("%s failed", check_info((enum check_id)k)->name);
    assert_int_equal(reports, 0);
    set_up(NULL);
}

static void good_completions_of_every_request_pass(void **state)
{
    /* MMIO-04, MMIO-05, MMIO-06, MMIO-08, MMIO-12, CFG-09 */
    static const enum tlp_kind kinds[] = {TLP_MRD,    TLP_MRDLK,  TLP_IORD,     TLP_IOWR, TLP_CFGRD0, TLP_CFGWR0,
                                          TLP_CFGRD1, TLP_CFGWR1, TLP_FETCHADD, TLP_SWAP, TLP_CAS,    TLP_DMWR};

    (void)state;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const bool unsupported = kinds[i] == TLP_MRDLK || kinds[i] >= TLP_FETCHADD;
        struct cpl_expect e = expect_of(request_of(kinds[i], 1, 0x6, 0));
        e.allowed_status = 1 << TLP_SC | 1 << TLP_UR | 1 << TLP_CA;
        const struct tlp ur = completion_of(&e.request, TLP_UR), ca = completion_of(&e.request, TLP_CA);
        const struct tlp sc = completion_of(&e.request, TLP_SC);
        assert_non_null(answer(&e, &ur));
        assert_non_null(answer(&e, &ca));
        if (!unsupported)
            assert_non_null(answer(&e, &sc));
        assert_int_equal(checks.counter[CHECK_CPL_EXPECTED].evaluated, unsupported ? 2 : 3);
        assert_int_equal(checks.counter[CHECK_CPL_HEADER].evaluated, unsupported ? 2 : 3);
        none_failed();
    }
}

static void a_match_returns_what_was_added(void **state)
{
    /* MMIO-04 */
    struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
    const struct tlp sc = completion_of(&e.request, TLP_SC);

    (void)state;
    e.arrival = 77;
    e.dma_mark = 99;
    e.pba_qword = 3;
    const struct cpl_expect *got = answer(&e, &sc);
    assert_int_equal(got->arrival, 77);
    assert_int_equal(got->dma_mark, 99);
    assert_int_equal(got->pba_qword, 3);
    assert_int_equal(cpl_checker_outstanding(&checker), 0);
    none_failed();
}

static void an_answer_that_nobody_asked_for_is_unexpected(void **state)
{
    /* MMIO-04 */
    const struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
    struct tlp cpl = completion_of(&e.request, TLP_SC);

    (void)state;
    assert_null(cpl_checker_match(&checker, &checks, &cpl, zeros));
    only_failed(CHECK_CPL_EXPECTED);

    cpl.tag ^= 0x200; /* T9 counts */
    assert_null(answer(&e, &cpl));
    only_failed(CHECK_CPL_EXPECTED);

    cpl = completion_of(&e.request, TLP_SC);
    cpl.requester_id ^= 1;
    assert_null(answer(&e, &cpl));
    assert_int_equal(cpl_checker_outstanding(&checker), 1);
    only_failed(CHECK_CPL_EXPECTED);

    cpl = completion_of(&e.request, TLP_SC);
    cpl.kind = TLP_MWR;
    assert_null(answer(&e, &cpl));
    only_failed(CHECK_CPL_EXPECTED);

    cpl = completion_of(&e.request, TLP_SC);
    cpl.defect = TLP_SHORT;
    assert_null(answer(&e, &cpl));
    only_failed(CHECK_CPL_EXPECTED);
}

static void a_second_answer_is_unexpected(void **state)
{
    /* MMIO-04 */
    const struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
    const struct tlp cpl = completion_of(&e.request, TLP_SC);

    (void)state;
    assert_non_null(answer(&e, &cpl));
    assert_null(cpl_checker_match(&checker, &checks, &cpl, zeros));
    only_failed(CHECK_CPL_EXPECTED);
}

static void header_fails(const struct cpl_expect *e, struct tlp cpl)
{
    assert_non_null(answer(e, &cpl));
    only_failed(CHECK_CPL_HEADER);
}

static void bits_that_must_be_zero_fail_the_header_check(void **state)
{
    /* MMIO-08, TLP-22 */
    const struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
    const struct tlp good = completion_of(&e.request, TLP_SC);
    struct tlp cpl;

    (void)state;
    cpl = good, cpl.td = true, header_fails(&e, cpl);
    cpl = good, cpl.ep = true, header_fails(&e, cpl);
    cpl = good, cpl.th = true, header_fails(&e, cpl);
    cpl = good, cpl.bcm = true, header_fails(&e, cpl);
    cpl = good, cpl.at = 1, header_fails(&e, cpl);
    cpl = good, cpl.reserved = 0x80, header_fails(&e, cpl);
    cpl = good, cpl.defect = TLP_BAD_LENGTH, header_fails(&e, cpl);
}

static void kind_and_payload_must_suit_request_and_status(void **state)
{
    /* MMIO-05, CFG-09 */
    struct cpl_expect read = expect_of(request_of(TLP_MRD, 2, 0xF, 0xF));
    struct cpl_expect write = expect_of(request_of(TLP_CFGWR0, 1, 0xF, 0));
    struct cpl_expect locked = expect_of(request_of(TLP_MRDLK, 1, 0xF, 0));
    struct tlp cpl;

    (void)state;
    locked.allowed_status = read.allowed_status = 1 << TLP_SC | 1 << TLP_UR;
    cpl = completion_of(&read.request, TLP_SC), cpl.kind = TLP_CPL, header_fails(&read, cpl);
    cpl = completion_of(&read.request, TLP_SC), cpl.payload_dw = 1, header_fails(&read, cpl);
    cpl = completion_of(&read.request, TLP_SC), cpl.payload_dw = 3, header_fails(&read, cpl);
    cpl = completion_of(&read.request, TLP_SC), cpl.kind = TLP_CPLDLK, header_fails(&read, cpl);
    cpl = completion_of(&read.request, TLP_UR), cpl.kind = TLP_CPLD, cpl.payload_dw = 2, header_fails(&read, cpl);
    cpl = completion_of(&read.request, TLP_UR), cpl.kind = TLP_CPLLK, header_fails(&read, cpl);
    cpl = completion_of(&write.request, TLP_SC), cpl.kind = TLP_CPLD, cpl.payload_dw = 1, header_fails(&write, cpl);
    cpl = completion_of(&locked.request, TLP_SC), header_fails(&locked, cpl); /* a plain CplD */
}

static void locked_reads_are_answered_in_their_own_kind_or_refused_in_either(void **state)
{
    /* MMIO-05, MMIO-26 */
    struct cpl_expect e = expect_of(request_of(TLP_MRDLK, 1, 0xF, 0));
    struct tlp cpl;

    (void)state;
    e.allowed_status = 1 << TLP_SC | 1 << TLP_UR;
    cpl = completion_of(&e.request, TLP_SC), cpl.kind = TLP_CPLDLK, answer(&e, &cpl);
    cpl = completion_of(&e.request, TLP_UR), cpl.kind = TLP_CPLLK, answer(&e, &cpl);
    cpl = completion_of(&e.request, TLP_UR), answer(&e, &cpl);
    assert_int_equal(checks.counter[CHECK_CPL_HEADER].evaluated, 3);
    none_failed();
}

static void length_of_an_answer_without_data_is_not_looked_at(void **state)
{
    /* MMIO-13 */
    const struct cpl_expect e = expect_of(request_of(TLP_CFGWR0, 1, 0xF, 0));
    struct tlp cpl = completion_of(&e.request, TLP_SC);

    (void)state;
    cpl.length = 1;
    answer(&e, &cpl);
    none_failed();
}

static void either_completer_id_is_good_while_one_is_captured(void **state)
{
    /* MMIO-08, TLP-17 */
    struct cpl_expect e = expect_of(request_of(TLP_CFGRD0, 1, 0xF, 0));
    struct tlp cpl = completion_of(&e.request, TLP_SC);

    (void)state;
    e.completer_new = 0x0500;
    answer(&e, &cpl);
    cpl.completer_id = 0x0500;
    answer(&e, &cpl);
    assert_int_equal(checks.counter[CHECK_CPL_COMPLETER].evaluated, 2);
    none_failed();
    cpl.completer_id = 0x0501;
    answer(&e, &cpl);
    only_failed(CHECK_CPL_COMPLETER);
}

static void attributes_are_copied_and_ido_is_off(void **state)
{
    /* MMIO-06, MMIO-07 */
    (void)state;
    for (unsigned bits = 0; bits < 32; bits++) {
        struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
        e.request.tc = bits & 7;
        e.request.ro = bits >> 3 & 1;
        e.request.ns = bits >> 4 & 1;
        e.request.ido = bits & 1; /* need not be copied */
        const struct tlp good = completion_of(&e.request, TLP_SC);
        struct tlp cpl = good;
        answer(&e, &cpl);
        none_failed();
        cpl = good, cpl.tc ^= 1, answer(&e, &cpl), only_failed(CHECK_CPL_ATTRIBUTES);
        cpl = good, cpl.tc ^= 4, answer(&e, &cpl), only_failed(CHECK_CPL_ATTRIBUTES);
        cpl = good, cpl.ro ^= 1, answer(&e, &cpl), only_failed(CHECK_CPL_ATTRIBUTES);
        cpl = good, cpl.ns ^= 1, answer(&e, &cpl), only_failed(CHECK_CPL_ATTRIBUTES);
        cpl = good, cpl.ido = true, answer(&e, &cpl), only_failed(CHECK_CPL_ATTRIBUTES);
    }
}

static void only_allowed_status_passes(void **state)
{
    /* MMIO-09, MMIO-01, MMIO-02 */
    (void)state;
    for (unsigned allowed = 0; allowed < 8; allowed++)
        for (uint8_t status = 0; status < 8; status++) {
            struct cpl_expect e = expect_of(request_of(TLP_CFGWR0, 1, 0xF, 0));
            const struct tlp cpl = completion_of(&e.request, status);
            e.allowed_status = (uint8_t)(1 << allowed);
            answer(&e, &cpl);
            if (status == allowed)
                none_failed();
            else
                only_failed(CHECK_CPL_STATUS);
        }
}

static void byte_count_and_lower_address_belong_to_the_enables(void **state)
{
    /* MMIO-10, MMIO-11, MMIO-12, MMIO-14 */
    static const struct {
        uint8_t first, last;
        uint16_t length, byte_count;
        uint8_t lower;
    } reads_of[] = {
        {0xF, 0x0, 1, 4, 0x78}, {0x0, 0x0, 1, 1, 0x78}, {0x2, 0x0, 1, 1, 0x79}, {0x9, 0x0, 1, 4, 0x78},
        {0xC, 0x0, 1, 2, 0x7A}, {0x8, 0x1, 2, 2, 0x7B}, {0xF, 0xF, 2, 8, 0x78}, {0xE, 0x3, 2, 5, 0x79},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof reads_of / sizeof reads_of[0]; i++)
        for (uint8_t status = TLP_SC; status <= TLP_UR; status++) {
            const struct tlp read = request_of(TLP_MRD, reads_of[i].length, reads_of[i].first, reads_of[i].last);
            struct cpl_expect e = expect_of(read);
            struct tlp good = completion_of(&e.request, status), cpl;
            e.allowed_status = (uint8_t)(1 << status);
            good.byte_count = reads_of[i].byte_count;
            good.lower_address = reads_of[i].lower;
            answer(&e, &good);
            none_failed();
            cpl = good, cpl.byte_count++, answer(&e, &cpl), only_failed(CHECK_CPL_BYTE_COUNT);
            cpl = good, cpl.lower_address ^= 0x40, answer(&e, &cpl), only_failed(CHECK_CPL_LOWER_ADDRESS);
        }
}

static void other_requests_are_answered_with_byte_count_4(void **state)
{
    /* MMIO-12, CFG-09 */
    static const enum tlp_kind kinds[] = {TLP_CFGRD0, TLP_CFGWR0, TLP_IORD, TLP_SWAP};

    (void)state;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct cpl_expect e = expect_of(request_of(kinds[i], 1, 0x2, 0));
        e.allowed_status = 1 << TLP_UR;
        const struct tlp good = completion_of(&e.request, TLP_UR);
        struct tlp cpl;
        cpl = good, cpl.byte_count = 1, answer(&e, &cpl), only_failed(CHECK_CPL_BYTE_COUNT);
        cpl = good, cpl.lower_address = 1, answer(&e, &cpl), only_failed(CHECK_CPL_LOWER_ADDRESS);
    }
}

static void enabled_bytes_are_compared_and_others_never(void **state)
{
    /* MMIO-16, MMIO-14: each byte of both DWs wrong, under all pairs of enables; judged by the check that was named */
    (void)state;
    for (unsigned pair = 0; pair < 512; pair++)
        for (unsigned byte = 0; byte < 8; byte++) {
            const uint16_t length = pair < 256 ? 2 : 1;
            const uint8_t first = pair & 15, last = length == 2 ? pair >> 4 & 15 : 0;
            struct cpl_expect e = expect_of(request_of(TLP_MRD, length, first, last));
            uint32_t payload[2] = {0x01020304, 0x05060708};
            if (byte >= 4U * length)
                continue;
            e.data_dw = length;
            memcpy(e.data, payload, sizeof payload);
            e.care[0] = e.care[1] = UINT32_MAX;
            payload[byte / 4] ^= UINT32_C(0xFF000000) >> 8 * (byte % 4);
            const struct tlp cpl = completion_of(&e.request, TLP_SC);
            assert_non_null(cpl_checker_add(&checker, &e));
            cpl_checker_match(&checker, &checks, &cpl, payload);
            assert_int_equal(checks.counter[CHECK_TABLE_VALUE].evaluated, 1);
            if (((unsigned)last << 4 | first) >> byte & 1)
                only_failed(CHECK_TABLE_VALUE);
            else
                none_failed();
        }
}

static void bits_without_care_are_not_compared(void **state)
{
    /* MSIX-TBL-10, MMIO-16 */
    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        struct cpl_expect e = expect_of(request_of(TLP_CFGRD0, 1, 0xF, 0));
        const uint32_t payload = UINT32_C(1) << bit;
        const struct tlp cpl = completion_of(&e.request, TLP_SC);
        e.data_dw = 1;
        e.data_check = CHECK_CFG_VALUE;
        e.care[0] = 0x00FF0F10;
        assert_non_null(cpl_checker_add(&checker, &e));
        cpl_checker_match(&checker, &checks, &cpl, &payload);
        if (e.care[0] >> bit & 1)
            only_failed(CHECK_CFG_VALUE);
        else
            none_failed();
    }
}

static void data_is_compared_only_where_there_is_data(void **state)
{
    /* MMIO-05, MMIO-16 */
    struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
    struct tlp cpl = completion_of(&e.request, TLP_UR);

    (void)state;
    e.allowed_status = 1 << TLP_UR | 1 << TLP_SC;
    e.data_dw = 1;
    e.data[0] = e.care[0] = UINT32_MAX;
    assert_non_null(cpl_checker_add(&checker, &e));
    cpl_checker_match(&checker, &checks, &cpl, NULL);
    assert_int_equal(checks.counter[CHECK_TABLE_VALUE].evaluated, 0);
    none_failed();

    cpl = completion_of(&e.request, TLP_SC);
    cpl.payload_dw = 0; /* wrong already: nothing to compare */
    assert_non_null(cpl_checker_add(&checker, &e));
    cpl_checker_match(&checker, &checks, &cpl, NULL);
    assert_int_equal(checks.counter[CHECK_TABLE_VALUE].evaluated, 0);
    only_failed(CHECK_CPL_HEADER);

    e.data_dw = 0;
    cpl = completion_of(&e.request, TLP_SC);
    answer(&e, &cpl);
    assert_int_equal(checks.counter[CHECK_TABLE_VALUE].evaluated, 0);
    none_failed();
}

static void start_of_a_long_read_is_compared_with_whole_dws_inside(void **state)
{
    /* MMIO-16 */
    struct cpl_expect e = expect_of(request_of(TLP_MRD, 3, 0x8, 0x1));

    (void)state;
    e.care[0] = e.care[1] = UINT32_MAX;
    const struct cpl_expect *slot = cpl_checker_add(&checker, &e);
    assert_int_equal(slot->care[0], 0x000000FF);
    assert_int_equal(slot->care[1], 0xFFFFFFFF);
}

static void a_tag_is_used_once_at_a_time(void **state)
{
    /* MMIO-31, MMIO-04 */
    struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0)), other = e;
    const struct tlp cpl = completion_of(&e.request, TLP_SC);

    (void)state;
    e.arrival = 1;
    other.arrival = 2;
    assert_non_null(cpl_checker_add(&checker, &e));
    assert_null(cpl_checker_add(&checker, &other));
    assert_int_equal(cpl_checker_match(&checker, &checks, &cpl, zeros)->arrival, 1);
    assert_non_null(cpl_checker_add(&checker, &other));
    assert_int_equal(cpl_checker_match(&checker, &checks, &cpl, zeros)->arrival, 2);
    none_failed();
}

static void all_tags_at_once_are_answered_in_any_order(void **state)
{
    /* MMIO-31, ORD-15 */
    (void)state;
    for (uint16_t i = 0; i < CPL_CHECKER_TAGS; i++) {
        struct cpl_expect e = expect_of(request_of(TLP_CFGWR0, 1, 0xF, 0));
        e.request.tag = i;
        e.arrival = i;
        assert_non_null(cpl_checker_add(&checker, &e));
    }
    assert_int_equal(cpl_checker_outstanding(&checker), CPL_CHECKER_TAGS);
    for (unsigned i = 0; i < CPL_CHECKER_TAGS; i++) {
        struct tlp request = request_of(TLP_CFGWR0, 1, 0xF, 0);
        request.tag = (uint16_t)((i * 389 + 7) % CPL_CHECKER_TAGS); /* odd factor: every tag once */
        const struct tlp cpl = completion_of(&request, TLP_SC);
        assert_non_null(cpl_checker_match(&checker, &checks, &cpl, NULL));
        assert_int_equal(cpl_checker_outstanding(&checker), CPL_CHECKER_TAGS - 1 - i);
    }
    assert_int_equal(checks.counter[CHECK_CPL_MISSING].evaluated, CPL_CHECKER_TAGS);
    none_failed();
}

static void add_tag(uint16_t tag)
{
    struct cpl_expect e = expect_of(request_of(TLP_CFGWR0, 1, 0xF, 0));

    e.request.tag = tag;
    assert_non_null(cpl_checker_add(&checker, &e));
}

static void close_tag(uint16_t tag)
{
    struct tlp request = request_of(TLP_CFGWR0, 1, 0xF, 0);

    request.tag = tag;
    const struct tlp cpl = completion_of(&request, TLP_SC);
    assert_non_null(cpl_checker_match(&checker, &checks, &cpl, NULL));
}

static void the_oldest_is_the_one_added_first_among_those_open(void **state)
{
    /* MMIO-04, ENV-08 */
    (void)state;
    assert_null(cpl_checker_oldest(&checker));
    add_tag(9), add_tag(3), add_tag(700), add_tag(0);
    assert_int_equal(cpl_checker_oldest(&checker)->request.tag, 9);
    close_tag(3);
    assert_int_equal(cpl_checker_oldest(&checker)->request.tag, 9);
    close_tag(9);
    assert_int_equal(cpl_checker_oldest(&checker)->request.tag, 700);
    add_tag(9);
    close_tag(700), close_tag(0);
    assert_int_equal(cpl_checker_oldest(&checker)->request.tag, 9);
    close_tag(9);
    assert_null(cpl_checker_oldest(&checker));
}

static void a_walk_visits_all_that_are_open_in_order(void **state)
{
    /* TLP-18, MMIO-08: a capture gives all outstanding requests a second Completer ID */
    static const uint16_t order[] = {5, 1023, 2};
    unsigned i = 0;

    (void)state;
    assert_null(cpl_checker_next(&checker, NULL));
    add_tag(5), add_tag(77), add_tag(1023), add_tag(2);
    close_tag(77);
    for (struct cpl_expect *e = NULL; (e = cpl_checker_next(&checker, e)); i++) {
        assert_int_equal(e->request.tag, order[i]);
        e->completer_new = 0x0900;
    }
    assert_int_equal(i, 3);
    struct tlp request = request_of(TLP_CFGWR0, 1, 0xF, 0);
    request.tag = 1023;
    struct tlp cpl = completion_of(&request, TLP_SC);
    cpl.completer_id = 0x0900;
    cpl_checker_match(&checker, &checks, &cpl, NULL);
    none_failed();
}

static void what_was_never_answered_is_missing(void **state)
{
    /* MMIO-04, ENV-08 */
    (void)state;
    add_tag(1), add_tag(2), add_tag(3);
    close_tag(2);
    assert_int_equal(cpl_checker_missing(&checker, &checks), 2);
    assert_int_equal(checks.counter[CHECK_CPL_MISSING].evaluated, 3);
    assert_int_equal(failed(CHECK_CPL_MISSING), 2);
    assert_int_equal(reports, 2);
    assert_int_equal(cpl_checker_outstanding(&checker), 0);
    assert_int_equal(cpl_checker_missing(&checker, &checks), 0);
    assert_int_equal(failed(CHECK_CPL_MISSING), 2);
}

static void a_reset_drops_what_is_open_without_judging_it(void **state)
{
    /* RACE-33 */
    (void)state;
    add_tag(1), add_tag(2);
    cpl_checker_drop_all(&checker);
    assert_int_equal(cpl_checker_outstanding(&checker), 0);
    assert_int_equal(cpl_checker_missing(&checker, &checks), 0);
    assert_int_equal(checks.counter[CHECK_CPL_MISSING].evaluated, 0);
    add_tag(1), close_tag(1);
    none_failed();
}

static void completions_as_raw_bytes_pass_and_fail(void **state)
{
    /* MMIO-05, MMIO-08, CFG-09, ENV-05: decoder and checker together, then each header bit flipped */
    const uint32_t clean[4] = {0x4A500001 | 0x2000, 0x01000004, 0x0008A500 | 0x78, 0x78563412};
    const uint32_t dw0_t9_t8 = 0x00880000;

    (void)state;
    for (unsigned flip = 0; flip <= 96; flip++) {
        struct cpl_expect e = expect_of(request_of(TLP_MRD, 1, 0xF, 0));
        uint32_t dw[4];
        struct tlp cpl;
        e.data_dw = 1;
        e.data[0] = 0x78563412;
        e.care[0] = UINT32_MAX;
        memcpy(dw, clean, sizeof dw);
        dw[0] |= dw0_t9_t8; /* tag 3A5h */
        if (flip < 96)
            dw[flip / 32] ^= UINT32_C(1) << flip % 32;
        tlp_decode(dw, 4, &cpl);
        assert_non_null(cpl_checker_add(&checker, &e));
        cpl_checker_match(&checker, &checks, &cpl, dw + cpl.header_dw);
        if (flip == 96)
            none_failed();
        assert_int_equal(reports > 0, flip < 96);
        set_up(NULL);
    }
}

#define CHECKER_TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHECKER_TEST(good_completions_of_every_request_pass),
        CHECKER_TEST(a_match_returns_what_was_added),
        CHECKER_TEST(an_answer_that_nobody_asked_for_is_unexpected),
        CHECKER_TEST(a_second_answer_is_unexpected),
        CHECKER_TEST(bits_that_must_be_zero_fail_the_header_check),
        CHECKER_TEST(kind_and_payload_must_suit_request_and_status),
        CHECKER_TEST(locked_reads_are_answered_in_their_own_kind_or_refused_in_either),
        CHECKER_TEST(length_of_an_answer_without_data_is_not_looked_at),
        CHECKER_TEST(either_completer_id_is_good_while_one_is_captured),
        CHECKER_TEST(attributes_are_copied_and_ido_is_off),
        CHECKER_TEST(only_allowed_status_passes),
        CHECKER_TEST(byte_count_and_lower_address_belong_to_the_enables),
        CHECKER_TEST(other_requests_are_answered_with_byte_count_4),
        CHECKER_TEST(enabled_bytes_are_compared_and_others_never),
        CHECKER_TEST(bits_without_care_are_not_compared),
        CHECKER_TEST(data_is_compared_only_where_there_is_data),
        CHECKER_TEST(start_of_a_long_read_is_compared_with_whole_dws_inside),
        CHECKER_TEST(a_tag_is_used_once_at_a_time),
        CHECKER_TEST(all_tags_at_once_are_answered_in_any_order),
        CHECKER_TEST(the_oldest_is_the_one_added_first_among_those_open),
        CHECKER_TEST(a_walk_visits_all_that_are_open_in_order),
        CHECKER_TEST(what_was_never_answered_is_missing),
        CHECKER_TEST(a_reset_drops_what_is_open_without_judging_it),
        CHECKER_TEST(completions_as_raw_bytes_pass_and_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
