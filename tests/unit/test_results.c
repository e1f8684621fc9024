/*
 * test_results.c - JSON lines: well formed whatever the texts hold, kept if a run breaks off, renamed when it ends.
 */
#include "results.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scratch_file.h"

enum { TEXT = 65536 };

/* --- a JSON reader that only says whether the text is well formed --- */

static const char *skip_value(const char *c);

static const char *blanks(const char *c)
{
    return c + strspn(c, " ");
}

static const char *skip_string(const char *c)
{
    assert_int_equal(*c++, '"');
    for (; *c != '"'; c++) {
        assert_true((unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7F);
        if (*c == '\\' && c[1] == 'u') {
            for (unsigned i = 2; i < 6; i++)
                assert_true(isxdigit((unsigned char)c[i]));
            c += 5;
        } else if (*c == '\\') {
            assert_non_null(strchr("\"\\/bfnrt", c[1]));
            c++;
        }
    }
    return c + 1;
}

static const char *skip_object(const char *c)
{
    assert_int_equal(*c++, '{');
    for (c = blanks(c); *c != '}';) {
        c = blanks(skip_string(c));
        assert_int_equal(*c, ':');
        c = blanks(skip_value(blanks(c + 1)));
        assert_true(*c == ',' || *c == '}');
        if (*c == ',') {
            c = blanks(c + 1);
            assert_int_equal(*c, '"');
        }
    }
    return c + 1;
}

static const char *skip_value(const char *c)
{
    if (*c == '"')
        return skip_string(c);
    if (*c == '{')
        return skip_object(c);
    const size_t digits = strspn(c, "0123456789.");
    assert_true(digits > 0);
    return c + digits;
}

/* Every line is one object. Returns the number of lines. */
static unsigned expect_well_formed(const char *text)
{
    unsigned lines = 0;
    for (; *text; lines++) {
        text = skip_object(text);
        assert_int_equal(*text, '\n');
        text++;
    }
    return lines;
}

/* --- the tests --- */

static struct result some_result(enum result_outcome outcome)
{
    return (struct result){
        .name = "mask_holds_message",
        .config = "default",
        .seed = UINT64_MAX,
        .outcome = outcome,
        .reason = outcome == RESULT_SKIPPED ? "the table has one vector" : "",
        .fault = "",
        .cycles = 1234,
        .wall_s = 0.25,
        .messages = 5,
        .log_hash = 0xAB,
        .error = {.check = "msg_masked", .requirements = "MSIX-PBA-06", .time = 99, .text = "a message left"},
    };
}

static void write_results(const struct result *result, unsigned times, bool checks, char *text)
{
    char name[SCRATCH_NAME], error[256];
    struct checks set;
    scratch_file_make(name, "");
    struct results *results = results_open(name, error, sizeof error);
    assert_non_null(results);
    for (unsigned i = 0; i < times; i++)
        results_add(results, result);
    checks_init(&set, NULL, NULL);
    if (checks)
        results_add_checks(results, &set);
    assert_int_equal(results_close(results, error, sizeof error), 0);
    scratch_file_read(name, text, TEXT);
    remove(name);
}

static void a_line_holds_what_was_found(void **state)
{
    (void)state;
    static char text[TEXT];
    const struct result result = some_result(RESULT_FAILED);
    write_results(&result, 1, false, text);
    assert_string_equal(
        text, "{\"name\": \"mask_holds_message\", \"config\": \"default\", \"seed\": 18446744073709551615, "
              "\"result\": \"failed\", \"reason\": \"\", \"fault\": \"\", \"cycles\": 1234, "
              "\"wall_s\": 0.250000, \"messages\": 5, \"log_hash\": \"00000000000000ab\", \"evaluated\": {}, "
              "\"error\": {\"check\": \"msg_masked\", \"requirements\": \"MSIX-PBA-06\", \"time\": 99, \"vector\": 0, "
              "\"text\": \"a message left\"}}\n");
}

static void only_failures_have_an_error(void **state)
{
    (void)state;
    static char text[TEXT];
    const struct result passed = some_result(RESULT_PASSED), skipped = some_result(RESULT_SKIPPED);
    write_results(&passed, 1, false, text);
    assert_null(strstr(text, "error"));
    assert_non_null(strstr(text, "\"result\": \"passed\""));
    write_results(&skipped, 1, false, text);
    assert_null(strstr(text, "error"));
    assert_non_null(strstr(text, "the table has one vector"));
}

static void any_text_is_well_formed(void **state)
{
    (void)state;
    static char text[TEXT];
    struct result result = some_result(RESULT_FAILED);
    for (unsigned c = 1; c < 256; c++)
        result.error.text[c - 1] = (char)c;
    result.error.text[255] = '\0';
    result.reason = "\"\\\n\t\x01\x7f\xff";
    write_results(&result, 3, true, text);
    assert_int_equal(expect_well_formed(text), 4);
    assert_non_null(strstr(text, "\"reason\": \"\\\"\\\\\\u000a\\u0009\\u0001\\u007f\\u00ff\""));
}

static void checks_are_all_named(void **state)
{
    (void)state;
    static char text[TEXT];
    write_results(NULL, 0, true, text);
    assert_int_equal(expect_well_formed(text), 1);
    for (unsigned id = 0; id < CHECK_COUNT; id++)
        assert_non_null(strstr(text, check_info((enum check_id)id)->name));
}

static void lines_survive_a_run_that_breaks_off(void **state)
{
    (void)state;
    static char text[TEXT], before[TEXT];
    char name[SCRATCH_NAME], part[SCRATCH_NAME + 8], error[256];
    const struct result result = some_result(RESULT_PASSED);
    scratch_file_make(name, "old\n");
    snprintf(part, sizeof part, "%s.part", name);
    struct results *results = results_open(name, error, sizeof error);
    results_add(results, &result);
    results_add(results, &result);
    scratch_file_read(part, text, TEXT); /* what is there if the program ended now */
    scratch_file_read(name, before, TEXT);
    assert_int_equal(expect_well_formed(text), 2);
    assert_string_equal(before, "old\n");
    assert_int_equal(results_close(results, error, sizeof error), 0);
    scratch_file_read(name, before, TEXT);
    assert_string_equal(before, text);
    remove(name);
}

static void a_refused_run_has_a_line(void **state)
{
    (void)state;
    static char text[TEXT];
    FILE *to = tmpfile();
    assert_non_null(to);
    results_print_refused(to, "a", 7, "no \"a\"");
    rewind(to);
    text[fread(text, 1, sizeof text - 1, to)] = '\0';
    fclose(to);
    assert_string_equal(text,
                        "{\"name\": \"a\", \"seed\": 7, \"result\": \"refused\", \"reason\": \"no \\\"a\\\"\"}\n");
}

static void unwritable_files_are_named(void **state)
{
    (void)state;
    char error[256] = "", name[6000];
    assert_null(results_open("/nonexistent/results.json", error, sizeof error));
    assert_non_null(strstr(error, "/nonexistent/results.json"));
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_null(results_open(name, error, sizeof error));
    assert_non_null(strstr(error, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_holds_what_was_found),
        cmocka_unit_test(only_failures_have_an_error),
        cmocka_unit_test(any_text_is_well_formed),
        cmocka_unit_test(checks_are_all_named),
        cmocka_unit_test(lines_survive_a_run_that_breaks_off),
        cmocka_unit_test(a_refused_run_has_a_line),
        cmocka_unit_test(unwritable_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
