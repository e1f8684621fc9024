/*
 * test_policy.c - the choices of the block as data: defaults, setting and listing by name.
 */
#include "policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The defaults in the order of the structure, as text. */
static const char *const defaults[][2] = {
    {"record_while_disabled", "yes"},
    {"keep_on_disable", "yes"},
    {"hold_while_bme_off", "yes"},
    {"record_masked_while_bme_off", "yes"},
    {"table_zero_after_reset", "yes"},
    {"pba_writes_ignored", "yes"},
    {"gap_reads_zero", "yes"},
    {"max_access_dw", "2"},
    {"odd_reads_served", "yes"},
    {"qword_atomic", "yes"},
    {"vector_control_reserved_zero", "yes"},
    {"fairness_slack", "16"},
    {"intx_duplicates", "no"},
    {"error_reporting", "yes"},
    {"flr_answers_rrs", "yes"},
    {"prompt_visibility", "yes"},
    {"write_acceptance_clocks", "2000"},
    {"progress_clocks", "4000"},
    {"search_clocks", "0"},
    {"idle_latency_clocks", "4"},
};

enum { FIELDS = sizeof defaults / sizeof defaults[0], ROOM = 128 };

static void refused(const char *name, const char *value)
{
    struct policy policy = policy_default();
    const struct policy before = policy;
    char error[ROOM] = "";

    assert_int_equal(policy_set(&policy, name, value, error, sizeof error), -1);
    assert_non_null(strstr(error, name));
    assert_memory_equal(&policy, &before, sizeof policy);
}

static void defaults_are_the_contract_of_the_block(void **state)
{
    /* MSIX-PBA-23, MSIX-PBA-24, MSIX-PBA-28, MSIX-PBA-29, MSIX-TBL-27, MSIX-PBA-05 */
    const struct policy policy = policy_default();

    (void)state;
    assert_int_equal(policy.record_while_disabled, POLICY_YES);
    assert_int_equal(policy.max_access_dw, 2);
    assert_int_equal(policy.progress_clocks, 4000);
    for (unsigned i = 0; i < FIELDS; i++) {
        const char *name;
        char value[ROOM];
        assert_true(policy_get(&policy, i, &name, value, sizeof value));
        assert_string_equal(name, defaults[i][0]);
        assert_string_equal(value, defaults[i][1]);
    }
}

static void listing_ends_after_the_last_field(void **state)
{
    /* ENV-01 */
    const struct policy policy = policy_default();
    const char *name = "untouched";
    char value[ROOM] = "untouched";

    (void)state;
    assert_false(policy_get(&policy, FIELDS, &name, value, sizeof value));
    assert_string_equal(name, "untouched");
    assert_string_equal(value, "untouched");
}

static void each_field_is_set_by_its_name_and_no_other_changes(void **state)
{
    /* ENV-01 */
    (void)state;
    for (unsigned i = 0; i < FIELDS; i++) {
        const char *const text = defaults[i][1][0] > '9' ? "either" : "123456789";
        struct policy policy = policy_default();
        char error[ROOM], value[ROOM];
        const char *name;
        assert_int_equal(policy_set(&policy, defaults[i][0], text, error, sizeof error), 0);
        for (unsigned k = 0; k < FIELDS; k++) {
            assert_true(policy_get(&policy, k, &name, value, sizeof value));
            assert_string_equal(value, k == i ? text : defaults[k][1]);
        }
    }
}

static void tristates_take_yes_no_and_either(void **state)
{
    /* MSIX-PBA-24 */
    struct policy policy = policy_default();
    char error[ROOM];

    (void)state;
    assert_int_equal(policy_set(&policy, "keep_on_disable", "no", error, sizeof error), 0);
    assert_int_equal(policy.keep_on_disable, POLICY_NO);
    assert_int_equal(policy_set(&policy, "keep_on_disable", "either", error, sizeof error), 0);
    assert_int_equal(policy.keep_on_disable, POLICY_EITHER);
    assert_int_equal(policy_set(&policy, "keep_on_disable", "yes", error, sizeof error), 0);
    assert_int_equal(policy.keep_on_disable, POLICY_YES);
    assert_int_equal(policy_set(&policy, "fairness_slack", "0", error, sizeof error), 0);
    assert_int_equal(policy.fairness_slack, 0);
}

static void what_is_no_field_or_no_value_is_refused_with_a_sentence(void **state)
{
    /* ENV-01 */
    static const char *const not_tristate[] = {"", "1", "YES", "yes ", "maybe", "ye"};
    static const char *const not_count[] = {"", "-1", "+1", " 1", "1 ", "0x10", "yes", "1234567890", "1.5"};

    (void)state;
    refused("no_such_field", "yes");
    refused("", "yes");
    for (unsigned i = 0; i < sizeof not_tristate / sizeof not_tristate[0]; i++)
        refused("gap_reads_zero", not_tristate[i]);
    for (unsigned i = 0; i < sizeof not_count / sizeof not_count[0]; i++)
        refused("max_access_dw", not_count[i]);
}

static void a_value_that_has_no_name_lists_as_a_question_mark(void **state)
{
    /* ENV-01 */
    struct policy policy = policy_default();
    const char *name;
    char value[ROOM];
    const unsigned strange = 7;

    (void)state;
    memcpy(&policy.record_while_disabled, &strange, sizeof strange);
    assert_true(policy_get(&policy, 0, &name, value, sizeof value));
    assert_string_equal(value, "?");
}

static void error_text_is_cut_at_its_room(void **state)
{
    /* ENV-01 */
    struct policy policy = policy_default();
    char error[8];

    (void)state;
    assert_int_equal(policy_set(&policy, "no_such_field", "1", error, sizeof error), -1);
    assert_int_equal(strlen(error), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_the_contract_of_the_block),
        cmocka_unit_test(listing_ends_after_the_last_field),
        cmocka_unit_test(each_field_is_set_by_its_name_and_no_other_changes),
        cmocka_unit_test(tristates_take_yes_no_and_either),
        cmocka_unit_test(what_is_no_field_or_no_value_is_refused_with_a_sentence),
        cmocka_unit_test(a_value_that_has_no_name_lists_as_a_question_mark),
        cmocka_unit_test(error_text_is_cut_at_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
