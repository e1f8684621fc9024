/*
 * test_scenario_bytes.c - any bytes are a scenario: legal operation by operation, the same after printing and reading,
 * and defined when it is played (on the host of paper_block.h); and what a generator makes survives the way through
 * bytes.
 */
#define _DEFAULT_SOURCE

#include "scenario_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "paper_block.h"
#include "rng.h"
#include "scenario_gen.h"
#include "scenario_run.h"

enum { ROUNDS = 1000, MOST_BYTES = 600, TEXT = 60000 };

static void print_text(const struct scenario *s, char *text)
{
    FILE *const to = tmpfile();
    assert_non_null(to);
    scenario_print(s, to);
    rewind(to);
    text[fread(text, 1, TEXT - 1, to)] = '\0';
    fclose(to);
}

static void assert_same(const struct scenario *a, const struct scenario *b)
{
    assert_int_equal(a->seed, b->seed);
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->op[i].kind, b->op[i].kind);
        assert_memory_equal(a->op[i].arg, b->op[i].arg, sizeof a->op[i].arg);
    }
}

static void assert_legal(const struct scenario *s)
{
    char text[256], line[SCENARIO_LINE];
    for (size_t i = 0; i < s->count; i++)
        if (scenario_op_wrong(&s->op[i], text, sizeof text))
            fail_msg("%s: %s", scenario_op_print(&s->op[i], line, sizeof line), text);
}

/* Printed, and read again: the same operations, and the same text. */
static void assert_text(const struct scenario *s)
{
    static char text[TEXT], again[TEXT];
    char error[256];
    struct scenario read;
    scenario_init(&read);
    print_text(s, text);
    FILE *const from = fmemopen(text, strlen(text), "r");
    assert_non_null(from);
    if (scenario_read(from, "text", &read, error, sizeof error) != 0)
        fail_msg("%s", error);
    fclose(from);
    assert_same(s, &read);
    print_text(&read, again);
    assert_string_equal(text, again);
    scenario_free(&read);
}

static void assert_runs(const struct scenario *s)
{
    struct scenario_outcome outcome;
    memset(&block, 0, sizeof block);
    block.ready_percent = 100;
    assert_true(scenario_run(BENCH, s, &outcome));
    assert_int_equal(outcome.executed, s->count);
    if (block.stuck)
        fail_msg("a blocking operation was begun that could not end");
    if (block.complaint[0])
        fail_msg("%s", block.complaint);
}

static void assert_good(const uint8_t *bytes, size_t size, unsigned nvec)
{
    struct scenario s, again;
    uint8_t back[SCENARIO_BYTES_OPS * 64];
    scenario_init(&s);
    scenario_init(&again);
    assert_true(scenario_from_bytes(&s, bytes, size, nvec));
    assert_true(s.count <= SCENARIO_BYTES_OPS);
    assert_legal(&s);
    assert_text(&s);
    assert_runs(&s);
    const size_t used = scenario_to_bytes(&s, nvec, back, sizeof back);
    assert_true(scenario_from_bytes(&again, back, used, nvec));
    assert_same(&s, &again);
    scenario_free(&s);
    scenario_free(&again);
}

static void any_bytes_are_a_scenario(void **state)
{
    static const unsigned sizes[] = {1, 5, NVEC, 65, 2048};
    uint8_t bytes[MOST_BYTES];
    struct rng rng;
    (void)state;
    rng_seed(&rng, 1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const size_t size = rng_next(&rng) % (MOST_BYTES + 1);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)rng_next(&rng);
        assert_good(bytes, size, sizes[round % 5]);
    }
}

static void uniform_bytes_are_a_scenario(void **state)
{
    uint8_t bytes[MOST_BYTES];
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        memset(bytes, (int)value, sizeof bytes);
        assert_good(bytes, sizeof bytes, NVEC);
    }
}

static void no_bytes_are_an_empty_scenario(void **state)
{
    struct scenario s;
    (void)state;
    scenario_init(&s);
    assert_true(scenario_from_bytes(&s, NULL, 0, NVEC));
    assert_int_equal(s.seed, 1);
    assert_int_equal(s.count, 0);
    scenario_free(&s);
}

static void cut_at_any_byte_it_is_a_scenario(void **state)
{
    static const uint8_t bytes[] = {6, SCENARIO_PROGRAM, 3, 4, 0, 0, 0xB8, 0x3F, 1, 0x41, 0, SCENARIO_EVENT, 3,
                                    5, SCENARIO_DMA,     0};
    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++)
        assert_good(bytes, size, NVEC);
}

static bool sayable(const struct scenario_op *op)
{
    if (scenario_form(op->kind)->arg[0].is_vector && op->arg[0] >= NVEC)
        return false;
    return (op->kind != SCENARIO_WAIT || op->arg[0] <= 256) &&
           ((op->kind != SCENARIO_EVENT && op->kind != SCENARIO_CLEAR) || op->arg[SCENARIO_AT] <= 255);
}

/* All profiles of the generator: what bytes can say comes back as it was. */
static void generated_scenarios_survive(void **state)
{
    static uint8_t bytes[SCENARIO_BYTES_OPS * 64];
    const struct scenario_profile *profile;
    (void)state;
    for (unsigned i = 0; (profile = scenario_profile(i)) != NULL; i++) {
        struct scenario s, again;
        scenario_init(&s);
        scenario_init(&again);
        assert_true(scenario_generate(&s, profile, 1 + i, SCENARIO_BYTES_OPS, NVEC));
        const size_t used = scenario_to_bytes(&s, NVEC, bytes, sizeof bytes);
        assert_true(scenario_from_bytes(&again, bytes, used, NVEC));
        size_t back = 0; /* an illegal request is left out */
        for (size_t n = 0; n < s.count; n++) {
            if (s.op[n].kind == SCENARIO_ILLEGAL)
                continue;
            assert_true(back < again.count);
            if (sayable(&s.op[n]))
                assert_memory_equal(s.op[n].arg, again.op[back].arg, sizeof s.op[n].arg);
            back++;
        }
        assert_int_equal(back, again.count);
        scenario_free(&s);
        scenario_free(&again);
    }
}

static void too_little_room_ends_with_a_whole_operation(void **state)
{
    uint8_t bytes[9];
    struct scenario s, again;
    (void)state;
    scenario_init(&s);
    scenario_init(&again);
    for (unsigned vector = 0; vector < 5; vector++)
        assert_true(scenario_add(&s, &(struct scenario_op){.kind = SCENARIO_EVENT, .arg = {vector}}));
    const size_t used = scenario_to_bytes(&s, NVEC, bytes, sizeof bytes);
    assert_int_equal(used, 7); /* the seed, and two events of three bytes */
    assert_true(scenario_from_bytes(&again, bytes, used, NVEC));
    assert_int_equal(again.count, 2);
    scenario_free(&s);
    scenario_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_are_a_scenario),       cmocka_unit_test(uniform_bytes_are_a_scenario),
        cmocka_unit_test(no_bytes_are_an_empty_scenario), cmocka_unit_test(cut_at_any_byte_it_is_a_scenario),
        cmocka_unit_test(generated_scenarios_survive),    cmocka_unit_test(too_little_room_ends_with_a_whole_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
