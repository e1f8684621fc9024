/*
 * test_scenario.c - the scenario language and its generator: text in and out, every kind of bad line, the same from the
 * same seed.
 */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario_gen.h"
#include "scratch_file.h"

enum { TEXT = 100000 };

/* --- text --- */

static int read_text(const char *text, struct scenario *s, char *error, size_t room)
{
    char name[SCRATCH_NAME];
    scratch_file_make(name, text);
    const int status = scenario_read_file(name, s, error, room);
    remove(name);
    return status;
}

static void print_text(const struct scenario *s, char *text)
{
    FILE *to = tmpfile();
    assert_non_null(to);
    scenario_print(s, to);
    rewind(to);
    text[fread(text, 1, TEXT - 1, to)] = '\0';
    fclose(to);
}

/* Every operation, its optional words given and left out, in the canonical form. */
static const char canonical[] = "seed 18446744073709551615\n"
                                "read config 0x0 0xF\n"
                                "write config 0xFFC 0xF 0xFFFFFFFF\n"
                                "read table 0 address\n"
                                "read table 2047 data64\n"
                                "write table 7 upper 0xFFFFFFFF\n"
                                "write table 7 control 0x1\n"
                                "write table 7 address64 0xFFFFFFFFFFFFFFFC\n"
                                "write table 7 data64 0x1FFFFFFFF\n"
                                "read pba 31\n"
                                "read pba64 64\n"
                                "read csr 0xFF8 0xFF\n"
                                "write csr 0x0 0x3C 0x123456789ABCDEF0\n"
                                "read bar 0xFFFE0 8\n"
                                "write bar 0x4 1 0x7\n"
                                "control 1 0\n"
                                "enable 1\n"
                                "function-mask 0\n"
                                "bus-master 1\n"
                                "memory-space 0\n"
                                "route 255 31\n"
                                "mask 3\n"
                                "unmask 3\n"
                                "program 3 0xFEE00000 0x41\n"
                                "program 3 0xFFFFFFFFFFFFFFFC 0xFFFFFFFF masked\n"
                                "event 3\n"
                                "event 2047 at +1000\n"
                                "clear 3\n"
                                "clear 3 at +1\n"
                                "dma 0x20000000 32 0x0\n"
                                "dma 0x81FFFFFFC 1 0xFFFFFFFF ro\n"
                                "dma 0x20000004 1 0x1 ns\n"
                                "dma 0x20000004 1 0x1 ro ns\n"
                                "dma 0x20000000 128 0x1 ro ns ido\n"
                                "tx 0\n"
                                "tx 100\n"
                                "gaps rx 95\n"
                                "gaps dma 0\n"
                                "stall-dma 1\n"
                                "csr-delay 256\n"
                                "credits infinite\n"
                                "credits generous\n"
                                "credits slow\n"
                                "credits frozen\n"
                                "credits stingy\n"
                                "credits scattered\n"
                                "window 127 2047 127 2047 127 2047\n"
                                "window 0 0 0 0 0 0\n"
                                "grant 1 8 0 0 1 1\n"
                                "reset 1\n"
                                "wait 10000\n"
                                "flush\n"
                                "fence\n"
                                "settle\n"
                                "drain\n"
                                "dma-read 0x20000000 128 0xFF\n"
                                "dma-read 0x81FFFFFFC 1 0x0 ro\n"
                                "dma-read 0x20000004 2 0x18 ns ido\n"
                                "answers 64 0\n"
                                "answers 512 1000 mixed\n"
                                "answer-errors 50 50 100\n"
                                "hold-answers 1\n"
                                "stray 63 data\n"
                                "stray 0 status\n"
                                "stray 0 foreign\n"
                                "stray 0 locked\n"
                                "intx 1\n"
                                "intx 0 at +1000\n"
                                "intx-flow 1\n"
                                "interrupt-disable 1\n"
                                "starve ph 1\n"
                                "starve cpld 2000\n"
                                "infinite 0x3F\n"
                                "flood 256 0xFFFFFFFF\n"
                                "attributes 1 1 1 7\n"
                                "device-control 2 5 0 1\n"
                                "ido 1 0\n"
                                "power d3hot\n"
                                "power d0\n"
                                "flr 200\n"
                                "recover\n"
                                "link-down 100\n"
                                "illegal message 0xFFFF\n"
                                "illegal type 0x0\n";

static void canonical_text_comes_back(void **state)
{
    (void)state;
    static char text[TEXT];
    struct scenario s;
    char error[512] = "";
    bool seen[SCENARIO_KINDS] = {false};
    scenario_init(&s);
    if (read_text(canonical, &s, error, sizeof error) != 0)
        fail_msg("%s", error);
    print_text(&s, text);
    assert_string_equal(text, canonical);
    for (size_t i = 0; i < s.count; i++)
        seen[s.op[i].kind] = true;
    for (unsigned kind = 0; kind < SCENARIO_KINDS; kind++)
        if (!seen[kind])
            fail_msg("\"%s\" is not tried", scenario_form((enum scenario_kind)kind)->words);
    scenario_free(&s);
}

static void loose_text_is_understood(void **state)
{
    (void)state;
    static char text[TEXT];
    struct scenario s;
    char error[512] = "";
    scenario_init(&s);
    assert_int_equal(read_text("# a comment\n\n  \t\n\tevent   3   at   +5# now\r\n  mask 0x10\ndma 536870912 0x2 9 ns",
                               &s, error, sizeof error),
                     0);
    print_text(&s, text);
    assert_string_equal(text, "seed 1\nevent 3 at +5\nmask 16\ndma 0x20000000 2 0x9 ns\n");
    scenario_free(&s);
}

static void empty_text_is_a_scenario(void **state)
{
    (void)state;
    struct scenario s;
    char error[512] = "";
    scenario_init(&s);
    assert_int_equal(read_text("", &s, error, sizeof error), 0);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.seed, 1);
    scenario_free(&s);
}

/* The unit tests run in the project's folder. */
static void every_operation_is_documented(void **state)
{
    (void)state;
    static char text[TEXT];
    char words[64];
    scratch_file_read("docs/scenario-language.md", text, sizeof text);
    for (unsigned kind = 0; kind < SCENARIO_KINDS; kind++) {
        const struct scenario_form *const form = scenario_form((enum scenario_kind)kind);
        snprintf(words, sizeof words, "| `%s", form->words);
        if (!strstr(text, words))
            fail_msg("docs/scenario-language.md has no row for %s", form->words);
        assert_true(strlen(form->help) > 0);
    }
}

/* --- bad lines --- */

static void expect_refused(const char *text, const char *where, const char *sentence)
{
    struct scenario s;
    char error[512] = "";
    scenario_init(&s);
    assert_int_equal(read_text(text, &s, error, sizeof error), -1);
    if (!strstr(error, sentence) || !strstr(error, where) || !strstr(error, "unit_"))
        fail_msg("\"%s\" does not name the file, \"%s\" and \"%s\"", error, where, sentence);
    scenario_free(&s);
}

static void unknown_words_are_refused(void **state)
{
    (void)state;
    expect_refused("evnt 3\n", ":1: ", "there is no operation \"evnt 3\"");
    expect_refused("fence\n# two\nread\n", ":3: ", "there is no operation \"read\"");
    expect_refused("read tables 3 data\n", ":1: ", "there is no operation \"read tables\"");
    expect_refused("Fence\n", ":1: ", "there is no operation \"Fence\"");
    expect_refused("read table 3 dta\n",
                   ":1: ", "read table: FIELD is one of address, upper, data, control, address64, data64; not \"dta\"");
    expect_refused("gaps tx 3\n", ":1: ", "STREAM is one of rx, dma");
    expect_refused("credits\n", ":1: ", "MODE is one of infinite, generous, slow, frozen, stingy, scattered; not \"\"");
}

static void missing_and_superfluous_words_are_refused(void **state)
{
    (void)state;
    expect_refused("event\n", ":1: ", "event: VECTOR is a number, not \"\"");
    expect_refused("program 3 0xFEE00000\n", ":1: ", "DATA is a number, not \"\"");
    expect_refused("fence 3\n", ":1: ", "a word too many, \"3\"");
    expect_refused("event 3 5\n", ":1: ", "a word too many, \"5\"");
    expect_refused("program 3 0xFEE00000 0x41 mask\n", ":1: ", "a word too many, \"mask\"");
    expect_refused("dma 0x20000000 1 1 ns ro\n", ":1: ", "a word too many, \"ro\"");
    expect_refused("window 1 8 1 1 1 1 1 1 1 1 1 1\n", ":1: ", "no operation has more than 12 words");
}

static void bad_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"-1", "+1", "x", "0x", "1.0", "3a", "18446744073709551616"};
    char text[64];
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "wait %s\n", bad[i]);
        expect_refused(text, ":1: ", "wait: CLOCKS is a number, not ");
    }
    expect_refused("wait 0\n", ":1: ", "CLOCKS is a number from 1 to 10000");
    expect_refused("wait 10001\n", ":1: ", "CLOCKS is a number from 1 to 10000");
    expect_refused("event 2048\n", ":1: ", "VECTOR is a number from 0 to 2047");
    expect_refused("read config 0x2 0xF\n", ":1: ", "REGISTER is a number from 0x0 to 0xFFC and a multiple of 4");
    expect_refused("read csr 0x4 0xFF\n", ":1: ", "a multiple of 8");
    expect_refused("write config 0x4 0x10 0\n", ":1: ", "BE is a number from 0x0 to 0xF");
    expect_refused("tx 101\n", ":1: ", "PERCENT is a number from 0 to 100");
    expect_refused("stall-dma 2\n", ":1: ", "BIT is a number from 0 to 1");
    expect_refused("event 3 at 5\n", ":1: ", "behind \"at\" stands +1 to +1000 clocks from now, not \"5\"");
    expect_refused("event 3 at +0\n", ":1: ", "not \"+0\"");
    expect_refused("event 3 at +1001\n", ":1: ", "not \"+1001\"");
    expect_refused("event 3 at\n", ":1: ", "not \"\"");
}

static void undefined_stimulus_is_refused(void **state)
{
    (void)state;
    expect_refused("dma 0xFEE00000 1 1\n", ":1: ", "dma writes go to");
    expect_refused("dma 0x30000000 1 1\n", ":1: ", "dma writes go to");
    expect_refused("dma 0x20000FFC 2 1\n", ":1: ", "must not cross a border of 4 KB");
    expect_refused("read bar 0xFFC 2\n", ":1: ", "must not cross a border of 4 KB");
    expect_refused("write bar 0xFE4 8 1\n", ":1: ", "must not cross a border of 4 KB");
    expect_refused("dma 0x20000000 129 1\n", ":1: ", "DWS is a number from 1 to 128");
    expect_refused("dma-read 0x20000000 129 0xFF\n", ":1: ", "DWS is a number from 1 to 128");
    expect_refused("dma-read 0xFEE00000 1 0xF\n", ":1: ", "dma reads come from");
    expect_refused("dma-read 0x20000FFC 2 0xFF\n", ":1: ", "must not cross a border of 4 KB");
    expect_refused("dma-read 0x20000000 1 0xFF\n", ":1: ", "byte enables");
    expect_refused("dma-read 0x20000000 2 0xF\n", ":1: ", "byte enables");
    expect_refused("dma-read 0x20000000 4 0xF5\n", ":1: ", "byte enables");
    expect_refused("answer-errors 60 41 0\n", ":1: ", "at most 100 percent");
    expect_refused("answers 100 0\n", ":1: ", "a multiple of 64");
    expect_refused("starve pq 1\n", ":1: ", "TYPE is one of ph, pd");
    expect_refused("power d1\n", ":1: ", "STATE is one of d0, d3hot");
    expect_refused("illegal nonsense 1\n", ":1: ", "FORM is one of message");
    expect_refused("program 3 0x20000000 1\n", ":1: ", "a message address must lie outside");
    expect_refused("program 3 0x810000000 1\n", ":1: ", "a message address must lie outside");
    expect_refused("program 3 0xFEF00000 1\n", ":1: ", "a message address must lie outside");
    expect_refused("program 3 0xFEE00002 1\n", ":1: ", "ADDRESS is a number");
    expect_refused("write table 3 address 0x1\n", ":1: ", "bits 1:0 of a message address are 0");
    expect_refused("write table 3 address64 0x100000002\n", ":1: ", "bits 1:0 of a message address are 0");
    expect_refused("write table 3 data 0x100000000\n", ":1: ", "this field is a DW");
    expect_refused("write table 3 control 2\n", ":1: ", "Vector Control is 0 or 1");
    expect_refused("write table 3 data64 0x200000000\n", ":1: ", "Vector Control is 0 or 1");
    expect_refused("window 1 7 1 1 1 1\n", ":1: ", "at least 8 units");
}

static void misplaced_seeds_are_refused(void **state)
{
    (void)state;
    expect_refused("seed 1\nseed 2\n", ":2: ", "the seed stands once");
    expect_refused("fence\nseed 2\n", ":2: ", "the seed stands once");
    expect_refused("seed\n", ":1: ", "seed takes one number");
    expect_refused("seed x\n", ":1: ", "seed takes one number");
    expect_refused("seed 1 2\n", ":1: ", "seed takes one number");
}

static void files_of_another_kind_are_refused(void **state)
{
    (void)state;
    char line[400];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    expect_refused(line, ":1: ", "a line has at most 198 characters");
    struct scenario s;
    char error[512] = "";
    scenario_init(&s);
    assert_int_equal(scenario_read_file("/nonexistent/a.scn", &s, error, sizeof error), -1);
    assert_non_null(strstr(error, "/nonexistent/a.scn"));
    assert_int_equal(scenario_read_file("/", &s, error, sizeof error), -1);
    assert_int_equal(scenario_write_file("/nonexistent/a.scn", "t", &s, error, sizeof error), -1);
    assert_non_null(strstr(error, "/nonexistent/a.scn"));
    scenario_free(&s);
}

/* --- the generator --- */

static const unsigned sizes[] = {1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 1000, 2047, 2048};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void expect_same(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->op[i].kind, b->op[i].kind);
        assert_memory_equal(a->op[i].arg, b->op[i].arg, sizeof a->op[i].arg);
    }
}

static void generated_text_comes_back(void **state)
{
    (void)state;
    static char text[TEXT], again[TEXT];
    const struct scenario_profile *profile;
    for (unsigned i = 0; (profile = scenario_profile(i)); i++)
        for (unsigned n = 0; n < SIZES; n++) {
            struct scenario made, got;
            char error[512] = "", sentence[256];
            scenario_init(&made);
            scenario_init(&got);
            assert_true(scenario_generate(&made, profile, 7 + n, 500, sizes[n]));
            assert_int_equal(made.count, 500);
            for (size_t k = 0; k < made.count; k++)
                assert_null(scenario_op_wrong(&made.op[k], sentence, sizeof sentence));
            print_text(&made, text);
            if (read_text(text, &got, error, sizeof error) != 0)
                fail_msg("%s, %u vectors: %s", profile->name, sizes[n], error);
            print_text(&got, again);
            assert_string_equal(again, text);
            expect_same(&got, &made);
            scenario_free(&made);
            scenario_free(&got);
        }
}

static void seed_and_profile_decide(void **state)
{
    (void)state;
    static char text[3][TEXT];
    const struct scenario_profile *const mixed = scenario_profile_find("mixed"),
                                         *drain = scenario_profile_find("drain");
    struct scenario s[3];
    assert_non_null(mixed);
    assert_non_null(drain);
    assert_null(scenario_profile_find("mix"));
    for (unsigned i = 0; i < 3; i++)
        scenario_init(&s[i]);
    assert_true(scenario_generate(&s[0], mixed, 5, 300, 32));
    assert_true(scenario_generate(&s[1], mixed, 5, 300, 32));
    assert_true(scenario_generate(&s[2], drain, 5, 300, 32));
    for (unsigned i = 0; i < 3; i++) {
        print_text(&s[i], text[i]);
        scenario_free(&s[i]);
    }
    assert_string_equal(text[0], text[1]);
    assert_string_not_equal(text[0], text[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_comes_back),   cmocka_unit_test(loose_text_is_understood),
        cmocka_unit_test(empty_text_is_a_scenario),    cmocka_unit_test(every_operation_is_documented),
        cmocka_unit_test(unknown_words_are_refused),   cmocka_unit_test(missing_and_superfluous_words_are_refused),
        cmocka_unit_test(bad_numbers_are_refused),     cmocka_unit_test(undefined_stimulus_is_refused),
        cmocka_unit_test(misplaced_seeds_are_refused), cmocka_unit_test(files_of_another_kind_are_refused),
        cmocka_unit_test(generated_text_comes_back),   cmocka_unit_test(seed_and_profile_decide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
