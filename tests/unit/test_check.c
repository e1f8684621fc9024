/*
 * test_check.c - the register of checks: complete, well-formed, and it counts and reports.
 */
#include "check.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NAMED(id)                                                                                                      \
    {                                                                                                                  \
        id, #id                                                                                                        \
    }

/* Every check by its name in the source, so that the text names can be held against them. */
static const struct {
    enum check_id id;
    const char *source_name;
} all[] = {
    NAMED(CHECK_STREAM_STABLE),     NAMED(CHECK_STREAM_KEEP),       NAMED(CHECK_TLP_TYPE),
    NAMED(CHECK_TLP_LENGTH),        NAMED(CHECK_MSG_LENGTH),        NAMED(CHECK_MSG_BYTE_ENABLES),
    NAMED(CHECK_MSG_HEADER_FORM),   NAMED(CHECK_MSG_ORDERING_ATTR), NAMED(CHECK_MSG_IDO),
    NAMED(CHECK_MSG_TRAFFIC_CLASS), NAMED(CHECK_MSG_POISON),        NAMED(CHECK_MSG_DIGEST),
    NAMED(CHECK_MSG_ADDRESS_TYPE),  NAMED(CHECK_MSG_REQUESTER),     NAMED(CHECK_MSG_TAG_HIGH),
    NAMED(CHECK_MSG_HINTS),         NAMED(CHECK_MSG_RESERVED),      NAMED(CHECK_MSG_KNOWN),
    NAMED(CHECK_MSG_FIELDS),        NAMED(CHECK_MSG_CAUSE),         NAMED(CHECK_MSG_MASKED),
    NAMED(CHECK_MSG_DISABLED),      NAMED(CHECK_MSG_BUS_MASTER),    NAMED(CHECK_MSG_ORDER),
    NAMED(CHECK_MSG_FAIRNESS),      NAMED(CHECK_EVENT_LOST),        NAMED(CHECK_PBA_VALUE),
    NAMED(CHECK_PBA_EARLY_CLEAR),   NAMED(CHECK_PBA_RESERVED),      NAMED(CHECK_DMA_ORDER),
    NAMED(CHECK_DMA_CONTENT),       NAMED(CHECK_DMA_BUS_MASTER),    NAMED(CHECK_DMA_LOST),
    NAMED(CHECK_DMR_ORDER),         NAMED(CHECK_DMR_CONTENT),       NAMED(CHECK_DMR_BUS_MASTER),
    NAMED(CHECK_DMR_LOST),          NAMED(CHECK_DMC_CONTENT),       NAMED(CHECK_DMC_ORDER),
    NAMED(CHECK_DMC_LOST),          NAMED(CHECK_INTX_FORMAT),       NAMED(CHECK_INTX_REQUESTER),
    NAMED(CHECK_INTX_DUPLICATE),    NAMED(CHECK_INTX_CAUSE),        NAMED(CHECK_INTX_ORDER),
    NAMED(CHECK_INTX_STATE),        NAMED(CHECK_CPL_EXPECTED),      NAMED(CHECK_CPL_HEADER),
    NAMED(CHECK_CPL_COMPLETER),     NAMED(CHECK_CPL_ATTRIBUTES),    NAMED(CHECK_CPL_STATUS),
    NAMED(CHECK_CPL_BYTE_COUNT),    NAMED(CHECK_CPL_LOWER_ADDRESS), NAMED(CHECK_CPL_ORDER),
    NAMED(CHECK_CPL_MISSING),       NAMED(CHECK_CFG_VALUE),         NAMED(CHECK_CFG_OUTPUTS),
    NAMED(CHECK_TABLE_VALUE),       NAMED(CHECK_TABLE_MASK_VALUE),  NAMED(CHECK_BAR_GAP_VALUE),
    NAMED(CHECK_CSR_VALUE),         NAMED(CHECK_CSR_ACCESS),        NAMED(CHECK_ERROR_PULSES),
    NAMED(CHECK_FLR_ACTIVE),        NAMED(CHECK_FLR_STALE),         NAMED(CHECK_CREDIT_POSTED),
    NAMED(CHECK_CREDIT_NONPOSTED),  NAMED(CHECK_CREDIT_COMPLETION), NAMED(CHECK_FC_INIT),
    NAMED(CHECK_RX_CREDITS),        NAMED(CHECK_WRITE_ACCEPTANCE),  NAMED(CHECK_PROGRESS),
    NAMED(CHECK_LATENCY),           NAMED(CHECK_HDL_ASSERTION),     NAMED(CHECK_POWER_UP),
    NAMED(CHECK_TEST_EXPECTATION),
};

enum { ALL = sizeof all / sizeof all[0] };

_Static_assert((int)ALL == (int)CHECK_COUNT, "the list above names every check");

static void every_check_is_in_the_register_by_its_own_name(void **state)
{
    /* ENV-07 */
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        const char *name = check_info(all[i].id)->name, *source = all[i].source_name + strlen("CHECK_");
        assert_int_equal(all[i].id, i);
        assert_int_equal(strlen(name), strlen(source));
        for (size_t k = 0; source[k]; k++)
            assert_int_equal(name[k], tolower((unsigned char)source[k]));
    }
}

/* "AREA-12, AREA-SUB-03a": what a requirement ID looks like. Returns the end of it, NULL if it is none. */
static const char *skip_id(const char *p)
{
    const size_t area = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    p += area;
    if (area < 3 || p[-1] != '-' || strspn(p, "0123456789") != 2)
        return NULL;
    p += 2;
    return *p == 'a' || *p == 'b' ? p + 1 : p;
}

static void every_check_stands_for_requirements_and_says_its_rule(void **state)
{
    /* ENV-07 */
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        const struct check_info *info = check_info((enum check_id)i);
        const char *p = skip_id(info->requirements);
        while (p && *p) {
            assert_memory_equal(p, ", ", 2);
            p = skip_id(p + 2);
        }
        assert_non_null(p);
        assert_true(strlen(info->rule) > 10);
        assert_null(strpbrk(info->rule, "\n\t"));
        assert_true(info->severity == CHECK_ERROR || info->severity == CHECK_WARNING);
    }
}

static void a_check_is_found_by_its_name_only(void **state)
{
    /* ENV-07 */
    (void)state;
    for (int i = 0; i < CHECK_COUNT; i++)
        assert_int_equal(check_find(check_info((enum check_id)i)->name), i);
    assert_int_equal(check_find(""), -1);
    assert_int_equal(check_find("msg_lengt"), -1);
    assert_int_equal(check_find("msg_lengths"), -1);
    assert_int_equal(check_find("MSG_LENGTH"), -1);
}

static void evaluations_and_failures_are_counted(void **state)
{
    /* ENV-07 */
    struct checks set;

    (void)state;
    memset(&set, 0xFF, sizeof set);
    checks_init(&set, NULL, NULL);
    for (int i = 0; i < CHECK_COUNT; i++) {
        assert_int_equal(set.counter[i].evaluated, 0);
        assert_int_equal(set.counter[i].failed, 0);
    }
    assert_true(check(&set, CHECK_MSG_LENGTH, true));
    assert_false(check(&set, CHECK_MSG_LENGTH, false));
    assert_true(check(&set, CHECK_MSG_LENGTH, true));
    assert_int_equal(set.counter[CHECK_MSG_LENGTH].evaluated, 3);
    assert_int_equal(set.counter[CHECK_MSG_LENGTH].failed, 1);
    assert_int_equal(set.counter[CHECK_MSG_IDO].evaluated, 0);
}

static void counters_of_runs_add_up(void **state)
{
    /* ENV-07 */
    struct checks one, two;

    (void)state;
    checks_init(&one, NULL, NULL);
    checks_init(&two, NULL, NULL);
    check(&one, CHECK_STREAM_STABLE, true);
    check(&two, CHECK_STREAM_STABLE, false);
    check(&two, CHECK_TEST_EXPECTATION, false);
    checks_add(&one, &two);
    assert_int_equal(one.counter[CHECK_STREAM_STABLE].evaluated, 2);
    assert_int_equal(one.counter[CHECK_STREAM_STABLE].failed, 1);
    assert_int_equal(one.counter[CHECK_TEST_EXPECTATION].failed, 1);
    assert_int_equal(two.counter[CHECK_STREAM_STABLE].evaluated, 1);
}

struct heard {
    unsigned count;
    enum check_id id;
    int vector;
    char text[2048];
};

static void listen(void *ctx, const struct check_failure *failure)
{
    struct heard *heard = ctx;

    heard->count++;
    heard->id = failure->id;
    heard->vector = failure->vector;
    assert_true(strlen(failure->text) < sizeof heard->text);
    memcpy(heard->text, failure->text, strlen(failure->text) + 1);
}

static void the_listener_hears_what_happened(void **state)
{
    /* ENV-07 */
    struct heard heard = {0};
    struct checks set;

    (void)state;
    checks_init(&set, listen, &heard);
    check_report(&set, CHECK_MSG_LENGTH, 17, "the message has Length %u, not %d", 2U, 1);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.id, CHECK_MSG_LENGTH);
    assert_int_equal(heard.vector, 17);
    assert_string_equal(heard.text, "the message has Length 2, not 1");
    assert_int_equal(set.counter[CHECK_MSG_LENGTH].evaluated, 0);
}

static void a_long_text_is_cut(void **state)
{
    /* ENV-07 */
    struct heard heard = {0};
    struct checks set;

    (void)state;
    checks_init(&set, listen, &heard);
    check_report(&set, CHECK_PROGRESS, -1, "%1500d", 7);
    assert_int_equal(strlen(heard.text), 1023);
    assert_int_equal(heard.vector, -1);
}

static void without_a_listener_a_report_is_silent(void **state)
{
    /* ENV-07 */
    struct checks set;

    (void)state;
    checks_init(&set, NULL, NULL);
    check_report(&set, CHECK_PROGRESS, -1, "nobody hears %s", "this");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_is_in_the_register_by_its_own_name),
        cmocka_unit_test(every_check_stands_for_requirements_and_says_its_rule),
        cmocka_unit_test(a_check_is_found_by_its_name_only),
        cmocka_unit_test(evaluations_and_failures_are_counted),
        cmocka_unit_test(counters_of_runs_add_up),
        cmocka_unit_test(the_listener_hears_what_happened),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(without_a_listener_a_report_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
