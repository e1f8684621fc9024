/*
 * test_credits.c - flow control in both directions, with every counter carried over its wrap.
 */
#include "credits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct checks checks;
static unsigned reports;

static void count_report(void *ctx, const struct check_failure *failure)
{
    (void)ctx;
    assert_int_equal(failure->vector, -1);
    assert_non_null(failure->text);
    reports++;
}

static int set_up(void **state)
{
    static struct credits credits;

    credits_init(&credits);
    checks_init(&checks, count_report, NULL);
    reports = 0;
    *state = &credits;
    return 0;
}

static struct tlp tlp_of(enum tlp_kind kind, uint16_t length)
{
    return (struct tlp){.kind = kind, .length = length};
}

static struct credit_limits limits_of(uint8_t header, uint16_t data)
{
    return (struct credit_limits){.ph = header, .nph = header, .cplh = header, .pd = data, .npd = data, .cpld = data};
}

static void expect_counts(enum check_id id, uint64_t evaluated, uint64_t failed)
{
    assert_int_equal(checks.counter[id].evaluated, evaluated);
    assert_int_equal(checks.counter[id].failed, failed);
    assert_int_equal(reports, failed);
}

static void without_limits_nothing_fits(void **state)
{
    /* FC-03, FC-07 */
    const struct credits *c = *state;

    for (int class = TLP_POSTED; class <= TLP_COMPLETION; class ++)
        assert_false(credits_fit(c, (enum tlp_class) class, 0));
}

static void each_kind_costs_what_the_table_says(void **state)
{
    /* FC-01, FC-02, INTX-16 */
    static const struct {
        enum tlp_kind kind;
        uint16_t length;
        uint16_t data;
    } costs[] = {
        {TLP_MWR, 1, 1},    {TLP_MWR, 5, 2},  {TLP_MWR, 32, 8}, {TLP_MSG, 0, 0}, {TLP_MRD, 128, 0},
        {TLP_CFGWR0, 1, 1}, {TLP_CPLD, 2, 1}, {TLP_CPLD, 5, 2}, {TLP_CPL, 0, 0},
    };
    struct credits *c = *state;
    const struct credit_limits limits = limits_of(10, 100);

    for (unsigned i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        const struct tlp t = tlp_of(costs[i].kind, costs[i].length);
        const enum tlp_class class = tlp_class(t.kind);
        credits_init(c);
        credits_set_limits(c, &limits);
        credits_take(c, &t);
        for (int k = TLP_POSTED; k <= TLP_COMPLETION; k++) {
            const bool own = (enum tlp_class)k == class;
            assert_int_equal(credits_left_header(c, (enum tlp_class)k), own ? 9 : 10);
            assert_int_equal(credits_left_data(c, (enum tlp_class)k), own ? 100 - costs[i].data : 100);
        }
    }
}

static void a_tlp_needs_header_and_all_of_its_data(void **state)
{
    /* FC-03, FC-08 */
    struct credits *c = *state;
    struct credit_limits limits = limits_of(1, 2);

    credits_set_limits(c, &limits);
    assert_true(credits_fit(c, TLP_POSTED, 2));
    assert_false(credits_fit(c, TLP_POSTED, 3));
    limits.ph = 0;
    credits_set_limits(c, &limits);
    assert_false(credits_fit(c, TLP_POSTED, 2));
    assert_true(credits_fit(c, TLP_NONPOSTED, 2));
    limits.pd = 0, limits.ph = 1;
    credits_set_limits(c, &limits);
    assert_false(credits_fit(c, TLP_POSTED, 1));
    assert_true(credits_fit(c, TLP_POSTED, 0));
}

static void classes_are_independent(void **state)
{
    /* FC-08 */
    static const enum tlp_kind kinds[3] = {TLP_MWR, TLP_CFGWR0, TLP_CPLD};
    struct credits *c = *state;

    for (int starved = 0; starved < 3; starved++) {
        struct credit_limits limits = limits_of(1, 1);
        if (starved == TLP_POSTED)
            limits.ph = 0;
        if (starved == TLP_NONPOSTED)
            limits.nph = 0;
        if (starved == TLP_COMPLETION)
            limits.cplh = 0;
        credits_set_limits(c, &limits);
        for (int k = 0; k < 3; k++) {
            const struct tlp t = tlp_of(kinds[k], 1);
            assert_int_equal(credits_can_send(c, &t), k != starved);
        }
    }
}

static void consumption_within_credit_passes_and_beyond_fails(enum tlp_kind kind, enum check_id id)
{
    struct credits c;
    const struct credit_limits limits = limits_of(2, 100);
    const struct tlp t = tlp_of(kind, 1);

    credits_init(&c);
    checks_init(&checks, count_report, NULL);
    reports = 0;
    credits_set_limits(&c, &limits);
    assert_true(credits_consume(&c, &checks, &t));
    assert_true(credits_consume(&c, &checks, &t));
    expect_counts(id, 2, 0);
    assert_false(credits_consume(&c, &checks, &t));
    expect_counts(id, 3, 1);
}

static void each_class_is_judged_by_its_own_check(void **state)
{
    /* FC-01, FC-03, FC-04 */
    (void)state;
    consumption_within_credit_passes_and_beyond_fails(TLP_MWR, CHECK_CREDIT_POSTED);
    consumption_within_credit_passes_and_beyond_fails(TLP_MSG, CHECK_CREDIT_POSTED);
    consumption_within_credit_passes_and_beyond_fails(TLP_MRD, CHECK_CREDIT_NONPOSTED);
    consumption_within_credit_passes_and_beyond_fails(TLP_CPLD, CHECK_CREDIT_COMPLETION);
    consumption_within_credit_passes_and_beyond_fails(TLP_CPL, CHECK_CREDIT_COMPLETION);
}

static void missing_data_credit_fails_the_check(void **state)
{
    /* FC-02, FC-03 */
    struct credits *c = *state;
    const struct credit_limits limits = limits_of(9, 1);
    const struct tlp five = tlp_of(TLP_MWR, 5);

    credits_set_limits(c, &limits);
    assert_false(credits_consume(c, &checks, &five));
    expect_counts(CHECK_CREDIT_POSTED, 1, 1);
}

static void a_tlp_beyond_credit_is_counted_all_the_same(void **state)
{
    /* FC-04 */
    struct credits *c = *state;
    const struct tlp t = tlp_of(TLP_MWR, 1);
    struct credit_limits limits = limits_of(0, 0);

    credits_set_limits(c, &limits);
    assert_false(credits_consume(c, &checks, &t));
    limits = limits_of(1, 1);
    credits_set_limits(c, &limits);
    assert_false(credits_fit(c, TLP_POSTED, 1));
    limits = limits_of(2, 2);
    credits_set_limits(c, &limits);
    assert_true(credits_fit(c, TLP_POSTED, 1));
}

static void infinite_types_never_throttle_and_ignore_updates(void **state)
{
    /* FC-05, FC-06 */
    struct credits *c = *state;
    struct credit_limits limits = limits_of(0, 0);
    const struct tlp t = tlp_of(TLP_MWR, 32);

    limits.pd_inf = true;
    limits.ph = 1;
    for (unsigned i = 0; i < 5000; i++) { /* headers one by one, data not limited, both over their wrap */
        credits_set_limits(c, &limits);
        assert_true(credits_fit(c, TLP_POSTED, 64));
        assert_true(credits_consume(c, &checks, &t));
        assert_false(credits_can_send(c, &t));
        limits.ph++;
        limits.pd = (uint16_t)(i % 3); /* an update that means nothing */
    }
    assert_int_equal(credits_left_data(c, TLP_POSTED), UINT16_MAX);
    expect_counts(CHECK_CREDIT_POSTED, 5000, 0);
}

static void each_infinite_flag_belongs_to_its_type(void **state)
{
    /* FC-05, FC-08 */
    struct credits *c = *state;

    for (unsigned flag = 0; flag < 6; flag++) {
        const struct credit_limits limits = {.ph_inf = flag == 0,
                                             .nph_inf = flag == 1,
                                             .cplh_inf = flag == 2,
                                             .pd_inf = flag == 3,
                                             .npd_inf = flag == 4,
                                             .cpld_inf = flag == 5};
        credits_set_limits(c, &limits);
        for (unsigned class = 0; class < 3; class ++) {
            assert_int_equal(credits_left_header(c, (enum tlp_class) class) == UINT16_MAX, flag == class);
            assert_int_equal(credits_left_data(c, (enum tlp_class) class) == UINT16_MAX, flag == class + 3);
        }
    }
}

static void one_credit_at_a_time_wraps_every_counter(void **state)
{
    /* FC-04, FC-09, RACE-44: against counters that do not wrap */
    static const enum tlp_kind kinds[3] = {TLP_MWR, TLP_CFGWR0, TLP_CPLD};
    struct credits *c = *state;

    for (unsigned k = 0; k < 3; k++) {
        const struct tlp t = tlp_of(kinds[k], 1);
        for (uint32_t sent = 0; sent < 3 * 4096 + 10; sent++) {
            struct credit_limits limits = limits_of((uint8_t)sent, sent & 0xFFF);
            credits_set_limits(c, &limits);
            assert_false(credits_can_send(c, &t));
            limits = limits_of((uint8_t)(sent + 1), (sent + 1) & 0xFFF);
            credits_set_limits(c, &limits);
            assert_true(credits_can_send(c, &t));
            assert_int_equal(credits_left_header(c, tlp_class(t.kind)), 1);
            assert_int_equal(credits_left_data(c, tlp_class(t.kind)), 1);
            assert_true(credits_consume(c, &checks, &t));
        }
    }
    assert_int_equal(reports, 0);
}

static void half_the_range_fits_and_more_does_not(void **state)
{
    /* FC-04: (LIMIT - (CONSUMED + need)) mod range <= range / 2, at every start value */
    struct credits *c = *state;
    const struct tlp one = tlp_of(TLP_MWR, 1);

    for (unsigned start = 0; start < 4096; start++) {
        struct credit_limits limits = {.ph = (uint8_t)(start + 1 + 128), .pd = (start + 1 + 2048) & 0xFFF};
        credits_set_limits(c, &limits);
        assert_true(credits_fit(c, TLP_POSTED, 1));
        limits.ph++;
        credits_set_limits(c, &limits);
        assert_false(credits_fit(c, TLP_POSTED, 1));
        limits.ph--;
        limits.pd = (limits.pd + 1) & 0xFFF;
        credits_set_limits(c, &limits);
        assert_false(credits_fit(c, TLP_POSTED, 1));
        credits_take(c, &one);
    }
}

static void new_limits_keep_what_was_consumed(void **state)
{
    /* FC-12 */
    struct credits *c = *state;
    const struct tlp t = tlp_of(TLP_CPLD, 1);
    struct credit_limits limits = limits_of(4, 4);

    credits_set_limits(c, &limits);
    credits_take(c, &t);
    limits = limits_of(6, 6);
    credits_set_limits(c, &limits);
    assert_int_equal(credits_left_header(c, TLP_COMPLETION), 5);
    assert_int_equal(credits_left_data(c, TLP_COMPLETION), 5);
}

/* The block as a receiver */

static struct rx_limits grant(uint8_t ph, uint16_t pd, uint8_t nph, uint16_t npd)
{
    return (struct rx_limits){.ph = ph, .pd = pd, .nph = nph, .npd = npd};
}

static bool first_grant(unsigned mps, struct rx_limits limits)
{
    struct rx_grants g;

    rx_grants_init(&g, mps);
    return rx_grants_update(&g, &checks, &limits);
}

static void first_grant_has_a_minimum_of_every_type(void **state)
{
    /* FC-11 */
    (void)state;
    assert_true(first_grant(128, grant(1, 8, 1, 1)));
    expect_counts(CHECK_RX_CREDITS, 4, 0);
    assert_false(first_grant(128, grant(0, 8, 1, 1)));
    assert_false(first_grant(128, grant(1, 7, 1, 1)));
    assert_false(first_grant(128, grant(1, 8, 0, 1)));
    assert_false(first_grant(128, grant(1, 8, 1, 0)));
    expect_counts(CHECK_RX_CREDITS, 20, 4);
    assert_true(first_grant(512, grant(1, 32, 1, 1)));
    assert_false(first_grant(512, grant(1, 31, 1, 1)));
}

static void a_grant_never_reaches_half_the_range(void **state)
{
    /* FC-11, FC-04 */
    (void)state;
    assert_true(first_grant(128, grant(127, 2047, 127, 2047)));
    assert_int_equal(reports, 0);
    assert_false(first_grant(128, grant(128, 2047, 127, 2047)));
    assert_false(first_grant(128, grant(127, 2048, 127, 2047)));
    assert_false(first_grant(128, grant(127, 2047, 128, 2047)));
    assert_false(first_grant(128, grant(127, 2047, 127, 2048)));
    assert_int_equal(reports, 4);
}

static void limits_only_move_forward(void **state)
{
    /* FC-11 */
    struct rx_grants g;
    struct rx_limits limits = grant(10, 20, 10, 20);

    (void)state;
    rx_grants_init(&g, 128);
    assert_true(rx_grants_update(&g, &checks, &limits));
    limits = grant(11, 25, 12, 21);
    assert_true(rx_grants_update(&g, &checks, &limits));
    assert_int_equal(reports, 0);
    limits.ph--;
    assert_false(rx_grants_update(&g, &checks, &limits));
    limits.pd--;
    assert_false(rx_grants_update(&g, &checks, &limits));
    limits.nph--;
    assert_false(rx_grants_update(&g, &checks, &limits));
    limits.npd--;
    assert_false(rx_grants_update(&g, &checks, &limits));
}

static void unchanged_limits_cost_no_evaluation(void **state)
{
    /* FC-11 */
    struct rx_grants g;
    const struct rx_limits limits = grant(0, 8, 1, 1); /* wrong, and wrong once only */

    (void)state;
    rx_grants_init(&g, 128);
    assert_false(rx_grants_update(&g, &checks, &limits));
    assert_true(rx_grants_update(&g, &checks, &limits));
    expect_counts(CHECK_RX_CREDITS, 4, 1);
}

static void grants_follow_use_over_every_wrap(void **state)
{
    /* FC-11, FC-04 */
    struct rx_grants g;
    struct rx_limits limits = grant(127, 2047, 127, 2047);
    const struct tlp write = tlp_of(TLP_MWR, 32), config = tlp_of(TLP_CFGWR0, 1), completion = tlp_of(TLP_CPLD, 1);

    (void)state;
    rx_grants_init(&g, 512);
    assert_true(rx_grants_update(&g, &checks, &limits));
    for (unsigned i = 0; i < 10000; i++) {
        rx_grants_use(&g, &write);
        rx_grants_use(&g, &config);
        rx_grants_use(&g, &completion); /* takes none: completions are not throttled */
        limits = grant((uint8_t)(limits.ph + 1), (limits.pd + 8) & 0xFFF, (uint8_t)(limits.nph + 1),
                       (limits.npd + 1) & 0xFFF);
        assert_true(rx_grants_update(&g, &checks, &limits));
        assert_true(rx_grants_drained(&g, &checks));
    }
    assert_int_equal(reports, 0);
    limits.pd = (limits.pd + 1) & 0xFFF; /* one more than was used */
    assert_false(rx_grants_update(&g, &checks, &limits));
}

static void a_credit_not_returned_shows_when_all_is_idle(void **state)
{
    /* FC-11, ENV-08 */
    static const enum tlp_kind kinds[2] = {TLP_MWR, TLP_CFGWR0};

    (void)state;
    for (unsigned kind = 0; kind < 2; kind++)
        for (unsigned forgotten = 0; forgotten < 3; forgotten++) {
            struct rx_grants g;
            struct rx_limits limits = grant(4, 16, 4, 16);
            const struct tlp t = tlp_of(kinds[kind], 1);
            const bool header = forgotten != 1, data = forgotten != 2;
            rx_grants_init(&g, 128);
            rx_grants_update(&g, &checks, &limits);
            assert_true(rx_grants_drained(&g, &checks));
            rx_grants_use(&g, &t);
            assert_false(rx_grants_drained(&g, &checks));
            limits = kind == 0 ? grant(4 + header, (uint16_t)(16 + data), 4, 16)
                               : grant(4, 16, 4 + header, (uint16_t)(16 + data));
            rx_grants_update(&g, &checks, &limits);
            assert_int_equal(rx_grants_drained(&g, &checks), forgotten == 0);
        }
}

#define CREDIT_TEST(name) cmocka_unit_test_setup(name, set_up)

/* FC-11: a sender counts nothing for a Type that nobody has defined, nor does the block give anything back. */
static void undefined_types_are_not_counted(void **state)
{
    (void)state;
    struct credits c;
    struct rx_grants g;
    struct checks set;
    checks_init(&set, NULL, NULL);
    credits_init(&c);
    rx_grants_init(&g, 128);
    rx_grants_update(&g, &set, &(struct rx_limits){.ph = 4, .nph = 4, .pd = 8, .npd = 4});
    const enum tlp_kind kinds[] = {TLP_PREFIX, TLP_UNKNOWN};
    for (unsigned i = 0; i < 2; i++) {
        const struct tlp t = {.kind = kinds[i], .length = 4};
        assert_true(credits_can_send(&c, &t));
        credits_take(&c, &t);
        rx_grants_use(&g, &t);
    }
    assert_int_equal(credits_left_header(&c, TLP_POSTED), 0);
    assert_true(rx_grants_drained(&g, &set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CREDIT_TEST(without_limits_nothing_fits),
        CREDIT_TEST(each_kind_costs_what_the_table_says),
        CREDIT_TEST(a_tlp_needs_header_and_all_of_its_data),
        CREDIT_TEST(classes_are_independent),
        CREDIT_TEST(each_class_is_judged_by_its_own_check),
        CREDIT_TEST(missing_data_credit_fails_the_check),
        CREDIT_TEST(a_tlp_beyond_credit_is_counted_all_the_same),
        CREDIT_TEST(infinite_types_never_throttle_and_ignore_updates),
        CREDIT_TEST(each_infinite_flag_belongs_to_its_type),
        CREDIT_TEST(one_credit_at_a_time_wraps_every_counter),
        CREDIT_TEST(half_the_range_fits_and_more_does_not),
        CREDIT_TEST(new_limits_keep_what_was_consumed),
        CREDIT_TEST(first_grant_has_a_minimum_of_every_type),
        CREDIT_TEST(a_grant_never_reaches_half_the_range),
        CREDIT_TEST(limits_only_move_forward),
        CREDIT_TEST(unchanged_limits_cost_no_evaluation),
        CREDIT_TEST(grants_follow_use_over_every_wrap),
        CREDIT_TEST(a_credit_not_returned_shows_when_all_is_idle),
        cmocka_unit_test(undefined_types_are_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
