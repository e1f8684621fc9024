/*
 * test_scenario_shrink.c - the cutter of scenarios: for known causes among noise the shortest list is found.
 */
#include "scenario_shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario_gen.h"
#include "scratch_file.h"

enum { TEXT = 100000 };

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

struct cause {
    enum scenario_kind kind[4]; /* in this order */
    unsigned n;
    uint64_t least_wait; /* clocks of all waits together */
    unsigned asked;
};

static bool happens(void *ctx, const struct scenario *s)
{
    struct cause *const cause = ctx;
    unsigned found = 0;
    uint64_t waited = 0;
    cause->asked++;
    for (size_t i = 0; i < s->count; i++) {
        waited += s->op[i].kind == SCENARIO_WAIT ? s->op[i].arg[0] : 0;
        found += found < cause->n && s->op[i].kind == cause->kind[found];
    }
    return found == cause->n && waited >= cause->least_wait;
}

static void cut_to_cause(const struct scenario_profile *profile, struct cause cause, const char *wanted)
{
    static char text[TEXT];
    struct scenario s;
    struct scenario_shrink job = {.fails = happens, .ctx = &cause};
    scenario_init(&s);
    assert_true(scenario_generate(&s, profile, 3, 600, 64));
    assert_true(happens(&cause, &s));
    assert_true(scenario_shrink(&s, &job));
    assert_int_equal(job.before, 600);
    assert_int_equal(job.after, s.count);
    assert_int_equal(job.trials + 1, cause.asked);
    assert_false(job.cut_short);
    print_text(&s, text);
    assert_string_equal(text, wanted);
    scenario_free(&s);
}

static void causes_are_found(void **state)
{
    (void)state;
    const struct scenario_profile *const mixed = scenario_profile_find("mixed");
    cut_to_cause(mixed, (struct cause){.n = 0}, "seed 3\n");
    cut_to_cause(mixed, (struct cause){{SCENARIO_EVENT}, 1, 0, 0}, "seed 3\nevent 0\n");
    cut_to_cause(mixed, (struct cause){{SCENARIO_UNMASK, SCENARIO_EVENT, SCENARIO_MASK, SCENARIO_FENCE}, 4, 0, 0},
                 "seed 3\nunmask 0\nevent 0\nmask 0\nfence\n");
}

static void waits_are_cut_to_what_matters(void **state)
{
    (void)state;
    struct scenario s;
    struct cause cause = {{SCENARIO_DMA, SCENARIO_EVENT}, 2, 37, 0};
    struct scenario_shrink job = {.fails = happens, .ctx = &cause};
    char error[256];
    scenario_init(&s);
    assert_int_equal(
        read_text("wait 100\nmask 1\ndma 0x20000040 8 0x7\nwait 9\nevent 3\nwait 30\n", &s, error, sizeof error), 0);
    assert_true(scenario_shrink(&s, &job));
    assert_in_range(s.count, 3, 4); /* the waits may stand apart */
    uint64_t waited = 0;
    for (size_t i = 0; i < s.count; i++)
        waited += s.op[i].kind == SCENARIO_WAIT ? s.op[i].arg[0] : 0;
    assert_in_range(waited, 37, 73);
    scenario_free(&s);
}

/* Closing without opening "fails otherwise": the two go only together. */
static bool needs_pairs(void *ctx, const struct scenario *s)
{
    int open = 0, events = 0;
    (void)ctx;
    for (size_t i = 0; i < s->count; i++) {
        open += s->op[i].kind == SCENARIO_UNMASK;
        open -= s->op[i].kind == SCENARIO_MASK;
        events += s->op[i].kind == SCENARIO_EVENT;
    }
    return open == 0 && events > 0;
}

static void pairs_go_together(void **state)
{
    (void)state;
    struct scenario s;
    struct scenario_shrink job = {.fails = needs_pairs};
    char error[256];
    scenario_init(&s);
    assert_int_equal(read_text("mask 1\nevent 3\nunmask 2\nmask 3\nunmask 1\n", &s, error, sizeof error), 0);
    assert_true(scenario_shrink(&s, &job));
    assert_int_equal(s.count, 1);
    assert_int_equal(s.op[0].kind, SCENARIO_EVENT);
    assert_int_equal(s.op[0].arg[0], 0);
    scenario_free(&s);
}

/* Every value that matters stays: here that the event strikes 4 clocks or more from now, and the size of a write. */
static bool needs_values(void *ctx, const struct scenario *s)
{
    bool late = false, large = false;
    (void)ctx;
    for (size_t i = 0; i < s->count; i++) {
        late = late || (s->op[i].kind == SCENARIO_EVENT && s->op[i].arg[SCENARIO_AT] >= 4);
        large = large || (s->op[i].kind == SCENARIO_DMA && s->op[i].arg[1] >= 5);
    }
    return late && large;
}

static void values_that_matter_stay(void **state)
{
    (void)state;
    struct scenario s;
    struct scenario_shrink job = {.fails = needs_values};
    char error[256];
    scenario_init(&s);
    assert_int_equal(read_text("dma 0x20000400 32 0x77 ro ns\nevent 40 at +100\n", &s, error, sizeof error), 0);
    assert_true(scenario_shrink(&s, &job));
    assert_int_equal(s.count, 2);
    assert_int_equal(s.op[0].arg[0], 0x20000000);
    assert_in_range(s.op[0].arg[1], 5, 9);
    assert_int_equal(s.op[0].arg[SCENARIO_DMA_RO] + s.op[0].arg[SCENARIO_DMA_NS], 0);
    assert_int_equal(s.op[1].arg[0], 0);
    assert_in_range(s.op[1].arg[SCENARIO_AT], 4, 7);
    scenario_free(&s);
}

static bool is_long(void *ctx, const struct scenario *s)
{
    unsigned *const asked = ctx;
    ++*asked;
    return s->count > 40;
}

static struct scenario_shrink shrink_long(struct scenario *s, unsigned most_trials)
{
    unsigned asked = 0;
    struct scenario_shrink job = {.fails = is_long, .ctx = &asked, .most_trials = most_trials};
    assert_true(scenario_generate(s, scenario_profile_find("mixed"), 3, 600, 64));
    assert_true(scenario_shrink(s, &job));
    assert_int_equal(asked, job.trials);
    return job;
}

/* The bound holds exactly, and what is left is the same each time, because no clock on the wall is asked. */
static void effort_is_bounded_by_trials(void **state)
{
    static char text[2][TEXT];
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        struct scenario s;
        scenario_init(&s);
        const struct scenario_shrink job = shrink_long(&s, 5);
        assert_int_equal(job.trials, 5);
        assert_true(job.cut_short);
        assert_in_range(s.count, 41, 599);
        print_text(&s, text[round]);
        scenario_free(&s);
    }
    assert_string_equal(text[0], text[1]);
}

static void enough_trials_are_not_cut_short(void **state)
{
    struct scenario s;
    (void)state;
    scenario_init(&s);
    const unsigned needed = shrink_long(&s, 0).trials;
    scenario_free(&s);
    scenario_init(&s);
    assert_false(shrink_long(&s, needed + 1).cut_short);
    assert_int_equal(s.count, 41);
    scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_are_found),
        cmocka_unit_test(waits_are_cut_to_what_matters),
        cmocka_unit_test(pairs_go_together),
        cmocka_unit_test(values_that_matter_stay),
        cmocka_unit_test(effort_is_bounded_by_trials),
        cmocka_unit_test(enough_trials_are_not_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
