/*
 * test_scenario_legal.c - whatever the list, the stimulus is defined (ENV-04): scenarios are played on a host that only
 * writes down what it was asked, and a table of its own judges each write by requirements MSIX-TBL-13, -15, -19, -08
 * and MSIX-PBA-05.
 */
#define _DEFAULT_SOURCE

#include "scenario_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "paper_block.h"
#include "rng.h"
#include "scenario_gen.h"

/* --- the tests --- */

static struct scenario_outcome play(const struct scenario *s)
{
    struct scenario_outcome outcome;
    memset(&block, 0, sizeof block);
    block.ready_percent = 100;
    for (size_t i = 0; i < s->count; i++)
        block.may_be_illegal = block.may_be_illegal || s->op[i].kind == SCENARIO_ILLEGAL;
    assert_true(scenario_run(BENCH, s, &outcome));
    assert_int_equal(outcome.executed, s->count);
    assert_true(outcome.left_out <= s->count);
    if (block.stuck)
        fail_msg("a blocking operation was begun that could not end");
    if (block.complaint[0])
        fail_msg("%s", block.complaint);
    return outcome;
}

/* Plays a text; returns how many operations were left out. */
static size_t play_text(const char *text)
{
    char copy[2000], error[256], *rest = copy;
    struct scenario s;
    scenario_init(&s);
    snprintf(copy, sizeof copy, "%s", text);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        struct scenario_op op;
        const int is = scenario_read_line(line, &s, &op, error, sizeof error);
        if (is < 0)
            fail_msg("%s", error);
        assert_true(is == 0 || scenario_add(&s, &op));
    }
    const size_t left_out = play(&s).left_out;
    scenario_free(&s);
    return left_out;
}

static void open_entry_is_masked_before_it_is_programmed(void **state)
{
    (void)state;
    assert_int_equal(play_text("program 3 0xFEE00000 1\ncontrol 1 0\nprogram 3 0xFEE00010 2\n"), 0);
    assert_int_equal(block.requests, 2 + 1 + 3);
    assert_true(block.entry[3].unmasked);
    assert_int_equal(play_text("program 3 0xFEE00000 1\ncontrol 1 0\nprogram 3 0xFEE00010 2 masked\n"), 0);
    assert_int_equal(block.requests, 2 + 1 + 3);
    assert_false(block.entry[3].unmasked);
}

static void function_mask_counts_when_its_completion_has_come(void **state)
{
    (void)state;
    const char *const start = "program 3 0xFEE00000 1\ncontrol 1 0\nfence\nfunction-mask 1\n";
    char text[300];
    snprintf(text, sizeof text, "%sprogram 3 0xFEE00010 2\n", start);
    assert_int_equal(play_text(text), 0);
    assert_int_equal(block.requests, 2 + 1 + 1 + 3);
    snprintf(text, sizeof text, "%sfence\nprogram 3 0xFEE00010 2\n", start);
    assert_int_equal(play_text(text), 0);
    assert_int_equal(block.requests, 2 + 1 + 1 + 2);
    snprintf(text, sizeof text, "%swrite table 3 data 7\nfence\nwrite table 3 data 7\n", start);
    assert_int_equal(play_text(text), 1);
    snprintf(text, sizeof text, "%sfence\nfunction-mask 0\nwrite table 3 data 7\n", start);
    assert_int_equal(play_text(text), 1);
}

static void open_entry_is_not_rewritten(void **state)
{
    (void)state;
    static const char *const writes[] = {"write table 3 address 0x10", "write table 3 upper 1", "write table 3 data 1",
                                         "write table 3 address64 0x10", "write table 3 data64 1"};
    char text[300];
    for (unsigned i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        snprintf(text, sizeof text, "program 3 0xFEE00000 1\ncontrol 1 0\nfence\n%s\n", writes[i]);
        assert_int_equal(play_text(text), 1);
        snprintf(text, sizeof text, "program 3 0xFEE00000 1\ncontrol 1 0\nmask 3\n%s\n", writes[i]);
        assert_int_equal(play_text(text), 0);
        snprintf(text, sizeof text, "program 3 0xFEE00000 1\n%s\n", writes[i]); /* disabled: nothing can be sent */
        assert_int_equal(play_text(text), 0);
    }
}

static void undefined_writes_are_left_out(void **state)
{
    (void)state;
    assert_int_equal(play_text("program 3 0xFEE00000 1\nwrite table 3 data64 0x100000000\n"), 1); /* masks by a QWORD */
    assert_int_equal(play_text("unmask 3\n"), 1);                                                 /* has no address */
    assert_int_equal(play_text("write table 3 address64 0x10\nunmask 3\nwrite table 3 data 0\nunmask 3\n"), 1);
    assert_int_equal(play_text("write table 3 data64 0\nwrite table 3 address64 0\nwrite table 3 data64 0\n"), 1);
    assert_int_equal(play_text("mask 40\nunmask 40\nprogram 40 0x10 1\nread pba 40\nread table 40 data\n"), 5);
    assert_int_equal(play_text("write table 3 upper 0x8\nwrite table 3 address 0x10000000\n"), 1); /* a dma buffer */
    assert_int_equal(play_text("write config 0x10 0xF 0\nwrite config 0x50 0xF 0\nwrite config 0x3C 0xF 0\n"), 2);
    assert_int_equal(play_text("write bar 0x0 1 1\nwrite bar 0x1000 1 1\nwrite bar 0x278 3 1\nwrite bar 0x280 8 1\n"),
                     3);
    assert_int_equal(play_text("read bar 0x0 2\nread bar 0x4 2\nread bar 0x0 3\nread bar 0x280 8\nread bar 0x8000 2\n"),
                     2);
}

static void memory_space_must_be_open_for_the_table(void **state)
{
    (void)state;
    assert_int_equal(play_text("memory-space 0\nmask 3\nfence\nmask 3\n"), 2);
    assert_int_equal(play_text("memory-space 0\nmemory-space 1\nmask 3\nfence\nmask 3\n"), 1);
}

static void blocking_operations_open_what_blocks(void **state)
{
    (void)state;
    static const char *const blocking[] = {"fence", "flush", "settle", "drain", "reset 2", "recover", "link-down 3"};
    char text[100];
    for (unsigned i = 0; i < sizeof blocking / sizeof blocking[0]; i++) {
        snprintf(text, sizeof text, "tx 0\ncredits frozen\n%s\n", blocking[i]);
        assert_int_equal(play_text(text), 0);
        assert_true(block.blocking > 1);
        assert_int_equal(block.ready_percent, 100);
        assert_false(block.frozen);
    }
}

static void tags_do_not_run_out(void **state)
{
    (void)state;
    struct scenario s;
    scenario_init(&s);
    assert_true(scenario_add(&s, &(struct scenario_op){.kind = SCENARIO_TX, .arg = {0}}));
    for (unsigned i = 0; i < 400; i++)
        assert_true(scenario_add(&s, &(struct scenario_op){.kind = SCENARIO_READ_CONFIG}));
    assert_int_equal(play(&s).left_out, 400 - 256);
    scenario_free(&s);
}

static void sizes_shrink_only_when_nothing_is_under_way(void **state)
{
    (void)state;
    const char *const raised = "device-control 1 2 1 1\nfence\ndma 0x20000000 128 1\n";
    char text[300];
    assert_int_equal(play_text("dma 0x20000000 128 1\ndevice-control 1 2 1 1\ndma 0x20000000 128 1\n"), 0); /* cut */
    snprintf(text, sizeof text, "%sdma-read 0x20000000 4 0xFF\ndevice-control 0 2 1 1\n", raised);
    assert_int_equal(play_text(text), 1);
    snprintf(text, sizeof text, "%ssettle\ndevice-control 0 2 1 1\ndma 0x20000000 128 1\n", raised);
    assert_int_equal(play_text(text), 0);
    assert_int_equal(play_text("device-control 2 2 1 1\nfence\ndma 0x20000000 128 1\n"), 0); /* not supported */
}

static void a_function_that_was_reset_is_enumerated_first(void **state)
{
    (void)state;
    static const char *const resets[] = {"flr 0", "power d3hot\npower d0"};
    char text[300];
    for (unsigned i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%s\ndma-read 0x20000000 4 0xFF\n", resets[i]);
        assert_int_equal(play_text(text), 1);
        snprintf(text, sizeof text, "%s\nrecover\ndma-read 0x20000000 4 0xFF\nunmask 3\n", resets[i]);
        assert_int_equal(play_text(text), 1);
        snprintf(text, sizeof text, "stall-dma 1\n%s\nsettle\nhold-answers 1\ndma-read 0x20000000 4 0xFF\n", resets[i]);
        assert_int_equal(play_text(text), 0);
        snprintf(text, sizeof text, "hold-answers 1\ndma-read 0x20000000 4 0xFF\n%s\nrecover\n", resets[i]);
        assert_int_equal(play_text(text), 0);
    }
    assert_int_equal(play_text("flr 0\nflr 0\nrecover\nflr 0\n"), 0);
    assert_int_equal(play_text("power d3hot\nmask 3\nfence\nmask 3\npower d0\nmask 3\n"), 3);
}

static void numbers_do_not_change_under_reads(void **state)
{
    (void)state;
    assert_int_equal(play_text("hold-answers 1\ndma-read 0x20000000 4 0xFF\nroute 7 1\n"), 1);
    assert_int_equal(play_text("route 7 1\ndma-read 0x20000000 4 0xFF\n"), 1);
    assert_int_equal(play_text("route 7 1\nwrite config 0x3C 0x0 0\nfence\ndma-read 0x20000000 4 0xFF\n"), 0);
    assert_int_equal(play_text("route 7 1\ndma-read 0x20000000 4 0xFF\nfence\ndma-read 0x20000000 4 0xFF\n"), 2);
}

static void strays_have_no_owner(void **state)
{
    (void)state;
    char text[2000] = "hold-answers 1\n";
    for (unsigned i = 0; i < 30; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "dma-read 0x20000000 4 0xFF\nstray %u %s\n", i,
                 i % 2 ? "data" : "status");
    assert_int_equal(play_text(text), 0);
}

static void illegal_requests_are_sent_where_they_are_asked_for(void **state)
{
    (void)state;
    struct scenario s;
    scenario_init(&s);
    for (unsigned form = 0; form < SCENARIO_ILLEGAL_FORMS; form++)
        for (unsigned value = 0; value < 0x10000; value += 0x1357)
            assert_true(scenario_add(&s, &(struct scenario_op){.kind = SCENARIO_ILLEGAL, .arg = {form, value}}));
    struct scenario_outcome outcome;
    memset(&block, 0, sizeof block);
    block.ready_percent = 100;
    block.may_be_illegal = true;
    assert_true(scenario_run(BENCH, &s, &outcome));
    assert_string_equal(block.complaint, "");
    scenario_free(&s);
}

/* Whatever is cut out: generated lists with holes, of all profiles. */
static void any_subset_is_legal(void **state)
{
    (void)state;
    const struct scenario_profile *profile;
    struct rng rng;
    rng_seed(&rng, 11);
    for (unsigned i = 0; (profile = scenario_profile(i)); i++)
        for (unsigned round = 0; round < 60; round++) {
            struct scenario s, part;
            const unsigned kept = 20 + rng_below(&rng, 81);
            scenario_init(&s);
            scenario_init(&part);
            assert_true(scenario_generate(&s, profile, round, 600, round % 3 ? NVEC : 1));
            for (size_t k = 0; k < s.count; k++)
                if (rng_percent(&rng, kept))
                    assert_true(scenario_add(&part, &s.op[k]));
            play(&part);
            scenario_free(&s);
            scenario_free(&part);
        }
}

/* And operations that no generator would put together: each argument anywhere in its range. */
static unsigned words_of(const struct scenario_arg *arg)
{
    unsigned n = 0;
    while (arg->words[n])
        n++;
    return n;
}

static bool random_op(struct rng *rng, struct scenario_op *op)
{
    char text[256];
    *op = (struct scenario_op){.kind = (enum scenario_kind)rng_below(rng, SCENARIO_ILLEGAL)};
    for (unsigned i = 0; i < SCENARIO_ARGS; i++) {
        const struct scenario_arg *const arg = &scenario_form(op->kind)->arg[i];
        const uint64_t step = arg->step ? arg->step : 1;
        const bool small = arg->is_vector || arg->form == SCENARIO_ARG_WORD || rng_percent(rng, 40);
        const uint64_t any = small ? rng_below(rng, arg->is_vector ? NVEC + 2 : 6) : rng_next(rng);
        if (arg->form == SCENARIO_ARG_WORD)
            op->arg[i] = rng_below(rng, words_of(arg));
        else if (arg->form != SCENARIO_ARG_NONE)
            op->arg[i] = arg->most == UINT64_MAX ? any : arg->least + any % (arg->most + 1 - arg->least) / step * step;
    }
    return !scenario_op_wrong(op, text, sizeof text);
}

static void any_list_is_legal(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 5);
    for (unsigned round = 0; round < 300; round++) {
        struct scenario s;
        struct scenario_op op;
        scenario_init(&s);
        while (s.count < 400)
            if (random_op(&rng, &op))
                assert_true(scenario_add(&s, &op));
        play(&s);
        scenario_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_entry_is_masked_before_it_is_programmed),
        cmocka_unit_test(function_mask_counts_when_its_completion_has_come),
        cmocka_unit_test(open_entry_is_not_rewritten),
        cmocka_unit_test(undefined_writes_are_left_out),
        cmocka_unit_test(memory_space_must_be_open_for_the_table),
        cmocka_unit_test(blocking_operations_open_what_blocks),
        cmocka_unit_test(tags_do_not_run_out),
        cmocka_unit_test(sizes_shrink_only_when_nothing_is_under_way),
        cmocka_unit_test(a_function_that_was_reset_is_enumerated_first),
        cmocka_unit_test(numbers_do_not_change_under_reads),
        cmocka_unit_test(strays_have_no_owner),
        cmocka_unit_test(illegal_requests_are_sent_where_they_are_asked_for),
        cmocka_unit_test(any_subset_is_legal),
        cmocka_unit_test(any_list_is_legal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
