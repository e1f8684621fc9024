/*
 * test_policy_file.c - policy files: what is read, and that every mistake is named with its file and line.
 */
#include "policy_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scratch_file.h"

static int read_text(const char *content, struct policy *policy, char *error, size_t room)
{
    char name[SCRATCH_NAME];
    scratch_file_make(name, content);
    *policy = policy_default();
    const int status = policy_file_read(name, policy, error, room);
    remove(name);
    return status;
}

static void expect_refused(const char *content, const char *where, const char *sentence)
{
    struct policy policy;
    char error[512] = "";
    assert_int_equal(read_text(content, &policy, error, sizeof error), -1);
    if (!strstr(error, sentence) || !strstr(error, where) || !strstr(error, "unit_"))
        fail_msg("\"%s\" does not name the file, \"%s\" and \"%s\"", error, where, sentence);
}

static void names_and_values_are_set(void **state)
{
    (void)state;
    struct policy policy;
    char error[256];
    assert_int_equal(read_text("# a block of others\n\n  keep_on_disable = no  # they say\r\nfairness_slack=7\n"
                               "\tpba_writes_ignored =either",
                               &policy, error, sizeof error),
                     0);
    assert_int_equal(policy.keep_on_disable, POLICY_NO);
    assert_int_equal(policy.fairness_slack, 7);
    assert_int_equal(policy.pba_writes_ignored, POLICY_EITHER);
    assert_int_equal(policy.progress_clocks, policy_default().progress_clocks);
}

static void empty_file_changes_nothing(void **state)
{
    (void)state;
    struct policy policy;
    const struct policy standard = policy_default();
    char error[256];
    assert_int_equal(read_text("", &policy, error, sizeof error), 0);
    assert_memory_equal(&policy, &standard, sizeof policy);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    expect_refused("no_such_policy = yes\n", "line 1", "no_such_policy");
    expect_refused("# one\n\nkeep_on_disable = maybe\n", "line 3", "maybe");
    expect_refused("fairness_slack = -1\n", "line 1", "-1");
    expect_refused("fairness_slack =\n", "line 1", "fairness_slack");
    expect_refused("= yes\n", "line 1", "");
    expect_refused("keep_on_disable yes\n", "line 1", "name = value");
    expect_refused("keep_on_disable = yes no\n", "line 1", "yes no");
    expect_refused("keep_on_disable = yes = no\n", "line 1", "yes = no");
}

static void files_of_another_kind_are_refused(void **state)
{
    (void)state;
    char long_line[400];
    memset(long_line, 'x', sizeof long_line);
    long_line[sizeof long_line - 1] = '\0';
    expect_refused(long_line, "line 1", "no policy file");
}

static void a_line_may_fill_the_buffer(void **state)
{
    (void)state;
    struct policy policy;
    char content[256], error[256];
    snprintf(content, sizeof content, "%-200s# %s\n", "keep_on_disable = no", "comment");
    assert_int_equal(read_text(content, &policy, error, sizeof error), 0);
    assert_int_equal(policy.keep_on_disable, POLICY_NO);
}

static void missing_file_is_named(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    char error[256];
    assert_int_equal(policy_file_read("/nonexistent/policy", &policy, error, sizeof error), -1);
    assert_non_null(strstr(error, "/nonexistent/policy"));
    assert_int_equal(policy_file_read("/", &policy, error, sizeof error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_set),   cmocka_unit_test(empty_file_changes_nothing),
        cmocka_unit_test(mistakes_are_named),         cmocka_unit_test(files_of_another_kind_are_refused),
        cmocka_unit_test(a_line_may_fill_the_buffer), cmocka_unit_test(missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
