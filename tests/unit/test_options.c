/*
 * test_options.c - the command line: what is understood, and that everything else is refused with a sentence.
 */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_WORDS = 16 };

static int parse(struct options *o, char *error, const char *const words[])
{
    char *argv[MOST_WORDS] = {(char *)"sim"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)words[argc - 1];
    return options_parse(argc, argv, o, error, 256);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect_refused(const char *const words[], const char *sentence)
{
    struct options o;
    char error[256] = "";
    assert_int_equal(parse(&o, error, words), -1);
    if (!strstr(error, sentence))
        fail_msg("\"%s\" does not say \"%s\"", error, sentence);
}

static void defaults(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error, (const char *const[]){NULL}), 0);
    assert_int_equal(o.action, OPTIONS_RUN);
    assert_int_equal(o.seed, 1);
    assert_null(o.test);
    assert_null(o.json);
    assert_false(o.verbose);
    assert_false(o.power_up_given);
}

static void everything_at_once(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error,
                           WORDS("--test", "mask_*", "--seed=0x10", "--waves", "w.fst", "--log=l", "--json", "j",
                                 "--fault", "f", "--policy", "p", "-v", "--power-up", "7")),
                     0);
    assert_string_equal(o.test, "mask_*");
    assert_int_equal(o.seed, 16);
    assert_string_equal(o.waves, "w.fst");
    assert_string_equal(o.log, "l");
    assert_string_equal(o.json, "j");
    assert_string_equal(o.fault, "f");
    assert_string_equal(o.policy, "p");
    assert_true(o.verbose);
    assert_true(o.power_up_given);
    assert_int_equal(o.power_up, 7);
}

static void by_hand(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error, WORDS("--interactive", "--replay", "s.scn", "--fault", "f", "--log", "l")), 0);
    assert_true(o.interactive);
    expect_refused(WORDS("--interactive", "--profile", "mixed"), "--interactive and --profile contradict each other");
    expect_refused(WORDS("--interactive", "race_*"), "--interactive and --test contradict each other");
    expect_refused(WORDS("--interactive=yes"), "takes no value");
}

static void bare_word_is_a_pattern(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error, WORDS("pba_*", "--seed", "3")), 0);
    assert_string_equal(o.test, "pba_*");
    expect_refused(WORDS("one", "two"), "given twice");
    expect_refused(WORDS("one", "--test", "two"), "--test is given twice");
}

static void lists(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum options_action action;
    } rows[] = {
        {"--help", OPTIONS_HELP},
        {"-h", OPTIONS_HELP},
        {"--list", OPTIONS_LIST},
        {"--list-faults", OPTIONS_LIST_FAULTS},
        {"--list-checks", OPTIONS_LIST_CHECKS},
        {"--list-profiles", OPTIONS_LIST_PROFILES},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct options o;
        char error[256];
        assert_int_equal(parse(&o, error, WORDS(rows[i].word)), 0);
        assert_int_equal(o.action, rows[i].action);
    }
    expect_refused(WORDS("--list", "--list-faults"), "cannot be combined");
    expect_refused(WORDS("--list", "--list"), "given twice");
}

static void scenarios(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error, WORDS("--profile", "mixed", "--ops", "40", "--record=r", "--shrink", "s")), 0);
    assert_string_equal(o.profile, "mixed");
    assert_int_equal(o.ops, 40);
    assert_string_equal(o.record, "r");
    assert_string_equal(o.shrink, "s");
    assert_null(o.replay);
    assert_false(o.no_shrink);
    assert_int_equal(parse(&o, error, WORDS("--replay", "p", "--no-shrink")), 0);
    assert_true(o.no_shrink);
    expect_refused(WORDS("--no-shrink", "--shrink", "s"), "--shrink and --no-shrink contradict each other");
    assert_int_equal(parse(&o, error, WORDS("--replay", "p", "--shrink", "s", "--fault", "f")), 0);
    assert_string_equal(o.replay, "p");
    expect_refused(WORDS("--ops", "0"), "--ops takes a number from 1 on");
    expect_refused(WORDS("--ops", "100001"), "--ops takes a number from 0 to 100000");
    expect_refused(WORDS("--replay", "p", "--seed", "2"), "--replay and --seed contradict each other");
    expect_refused(WORDS("--profile", "mixed", "--replay", "p"), "--replay and --profile contradict each other");
    expect_refused(WORDS("one", "--replay", "p"), "--replay and --test contradict each other");
    expect_refused(WORDS("--ops", "2", "--replay", "p"), "--replay and --ops contradict each other");
}

static void one_run_of_many(void **state)
{
    (void)state;
    struct options o;
    char error[256];
    assert_int_equal(parse(&o, error, WORDS("--waves", "w", "--waves-window=100:250", "--limit", "9", "--out", "d")),
                     0);
    assert_int_equal(o.waves_from, 100);
    assert_int_equal(o.waves_to, 250);
    assert_int_equal(o.limit, 9);
    assert_string_equal(o.out, "d");
    assert_int_equal(parse(&o, error, WORDS("--batch", "-", "--fault-as-bug", "f")), 0);
    assert_string_equal(o.batch, "-");
    assert_string_equal(o.bug, "f");
    assert_int_equal(o.waves_from, 0);
    assert_true(o.waves_to == UINT64_MAX);
    assert_int_equal(o.limit, OPTIONS_LIMIT);
    static const char *const windows[] = {"1", "1:", ":1", "2:1", "a:b", "1:2:3", "111111111111111111111111111:2"};
    for (unsigned i = 0; i < sizeof windows / sizeof windows[0]; i++)
        expect_refused(WORDS("--waves", "w", "--waves-window", windows[i]), "takes two clocks as 100:250");
    expect_refused(WORDS("--waves-window", "1:2"), "--waves-window needs --waves");
    expect_refused(WORDS("--limit", "0"), "--limit takes a number from 1 on");
    expect_refused(WORDS("--batch", "-", "--test", "t"), "--batch and --test contradict each other");
    expect_refused(WORDS("--fault", "f", "--fault-as-bug", "f"), "--fault and --fault-as-bug contradict each other");
}

static void unknown_options_are_refused(void **state)
{
    (void)state;
    expect_refused(WORDS("--sed", "1"), "unknown option \"--sed\"");
    expect_refused(WORDS("--seeds=1"), "unknown option");
    expect_refused(WORDS("-"), "unknown option");
    expect_refused(WORDS("--"), "unknown option");
    expect_refused(WORDS("-vv"), "unknown option");
    expect_refused(WORDS("--List"), "unknown option");
}

static void values_must_be_there(void **state)
{
    (void)state;
    expect_refused(WORDS("--seed"), "--seed needs a N");
    expect_refused(WORDS("--waves"), "--waves needs a FILE.fst");
    expect_refused(WORDS("--json", ""), "not an empty word");
    expect_refused(WORDS("--json="), "not an empty word");
    expect_refused(WORDS(""), "not an empty word");
    expect_refused(WORDS("-v=1"), "takes no value");
    expect_refused(WORDS("--list=x"), "takes no value");
    expect_refused(WORDS("--seed", "1", "--seed", "1"), "given twice");
}

static void bad_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"x",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "1e3",
                                      "0x",
                                      "0xG",
                                      "12a",
                                      "18446744073709551616",
                                      "0x10000000000000000",
                                      "99999999999999999999999999"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_refused(WORDS("--seed", bad[i]), "--seed takes a number from 0 to 18446744073709551615");
    expect_refused(WORDS("--power-up", "4294967296"), "--power-up takes a number from 0 to 4294967295");
}

static void numbers_reach_their_ends(void **state)
{
    (void)state;
    uint64_t value = 1;
    assert_true(options_number("0", UINT64_MAX, &value));
    assert_int_equal(value, 0);
    assert_true(options_number("18446744073709551615", UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(options_number("0XffFFffFFffFFffFF", UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_true(options_number("5", 5, &value));
    assert_false(options_number("6", 5, &value));
    assert_false(options_number("", 5, &value));
}

static void help_names_every_option(void **state)
{
    (void)state;
    static const char *const names[] = {
        "--help",    "--list", "--list-faults", "--list-checks", "--test",   "--seed",     "--power-up",
        "--waves",   "--log",  "--json",        "--fault",       "--policy", "-v",         "--list-profiles",
        "--profile", "--ops",  "--record",      "--replay",      "--shrink", "--no-shrink"};
    char text[8192];
    FILE *to = tmpfile();
    assert_non_null(to);
    options_print_help(to, "sim");
    rewind(to);
    text[fread(text, 1, sizeof text - 1, to)] = '\0';
    fclose(to);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(strstr(text, names[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(everything_at_once),
        cmocka_unit_test(bare_word_is_a_pattern),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(lists),
        cmocka_unit_test(scenarios),
        cmocka_unit_test(one_run_of_many),
        cmocka_unit_test(unknown_options_are_refused),
        cmocka_unit_test(values_must_be_there),
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(numbers_reach_their_ends),
        cmocka_unit_test(help_names_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
