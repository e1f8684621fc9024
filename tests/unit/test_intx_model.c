/*
 * test_intx_model.c - the emulated wire: which messages a level and its gate allow, in what order, and a block that takes every
 * liberty that is legal.
 */
#include "intx_model.h"

#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static struct intx_model model;
    memset(&model, 0xA5, sizeof model);
    intx_model_reset(&model, true);
    *state = &model;
    return 0;
}

static int still_sound(void **state)
{
    const char *wrong = intx_model_check_invariants(*state);
    if (wrong)
        print_error("%s\n", wrong);
    return wrong ? -1 : 0;
}

/* A read that entered at `arrival` was completed at `now`: everything before it is in force and has been seen. */
static void fence(struct intx_model *m, uint64_t now, uint64_t arrival)
{
    intx_model_fence(m, now, arrival, true, arrival, 0, 0);
}

static void edges_allow_a_message_each(void **state)
{
    /* INTX-06, INTX-08 */
    struct intx_model *m = *state;
    assert_int_equal(intx_model_message(m, true, 0), INTX_NO_CAUSE);
    intx_model_reset(m, true);
    intx_model_level(m, 5, true, 0);
    assert_int_equal(intx_model_target(m), 1);
    assert_true(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED);
    assert_true(intx_model_wire(m));
    assert_false(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, true, 0), INTX_DUPLICATE);
    assert_int_equal(intx_model_message(m, false, 0), INTX_NO_CAUSE);
}

static void pulses_may_be_swallowed(void **state)
{
    /* INTX-09 */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 0);
    intx_model_level(m, 6, false, 0);
    assert_false(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED);
    assert_true(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, false, 0), INTX_ALLOWED);
    intx_model_level(m, 7, true, 0);
    intx_model_level(m, 8, false, 0);
    fence(m, 10, 9);
    assert_int_equal(intx_model_message(m, true, 0), INTX_NO_CAUSE);
}

static void gate_counts_behind_the_fence(void **state)
{
    /* INTX-10, INTX-11, CFG-03 */
    struct intx_model *m = *state;
    intx_model_gate(m, 5, false, 0);
    intx_model_level(m, 6, true, 0);
    assert_int_equal(intx_model_target(m), -1);
    assert_false(intx_model_owes(m));
    fence(m, 9, 7);
    assert_int_equal(intx_model_target(m), 0);
    assert_int_equal(intx_model_message(m, true, 0), INTX_NO_CAUSE);

    intx_model_reset(m, true);
    intx_model_gate(m, 5, false, 0);
    intx_model_level(m, 6, true, 0);
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED); /* the write was not in force yet */
    fence(m, 9, 7);
    assert_true(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, false, 0), INTX_ALLOWED);
    intx_model_gate(m, 10, true, 0);
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED);
}

static void an_unordered_completion_proves_no_sending(void **state)
{
    /* ORD-13 */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 0);
    intx_model_level(m, 6, false, 0);
    intx_model_fence(m, 10, 9, false, 9, 0, 0);
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED);
}

static void message_stands_behind_the_data_of_its_edge(void **state)
{
    /* ORD-28, INTX-17 */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 3);
    assert_int_equal(intx_model_message(m, true, 2), INTX_EARLY);
    intx_model_level(m, 6, false, 4);
    assert_int_equal(intx_model_message(m, false, 4), INTX_ALLOWED);
    /* committed behind the flush, it stands behind what the flush stood behind */
    intx_model_level(m, 7, true, 4);
    intx_model_fence(m, 12, 9, true, 9, 8, 8);
    assert_int_equal(intx_model_message(m, true, 7), INTX_EARLY);
}

static void reset_ends_the_wire_silently(void **state)
{
    /* INTX-14 */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 0);
    (void)intx_model_message(m, true, 0);
    intx_model_reset(m, true);
    assert_false(intx_model_wire(m));
    assert_int_equal(intx_model_message(m, false, 0), INTX_DUPLICATE);
}

static void function_level_reset_deasserts_first(void **state)
{
    /* INTX-13, RACE-32 */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 0);
    (void)intx_model_message(m, true, 0);
    intx_model_flr_begin(m);
    assert_int_equal(intx_model_target(m), 0);
    assert_true(intx_model_owes(m));
    assert_int_equal(intx_model_message(m, false, 0), INTX_ALLOWED);
    assert_int_equal(intx_model_message(m, false, 0), INTX_ALLOWED); /* of an assertion that the reset has dropped */
    intx_model_flr_end(m, 9, true, 0);
    assert_true(intx_model_owes(m)); /* the cause is still there */
    assert_int_equal(intx_model_message(m, true, 0), INTX_ALLOWED);
}

static void more_gates_than_fit_are_taken_as_proven(void **state)
{
    /* INTX-08 */
    struct intx_model *m = *state;
    intx_model_level(m, 1, true, 0);
    for (uint64_t k = 0; k < 4 * INTX_GATES; k++)
        intx_model_gate(m, 2 + k, k & 1, 0);
    for (unsigned k = 0; k < INTX_GATES / 2; k++)
        assert_int_equal(intx_model_message(m, !(k & 1), 0), INTX_ALLOWED);
}

/*
 * A block that is right: writes come into force in order and late, what it commits is right then and waits for the data
 * before it, and is sent late; reads are served in order and answered behind what was committed before.
 */
struct block {
    bool gate[4096];
    unsigned gates, in_force;
    bool level, wire;
    bool queue[8192]; /* committed */
    uint64_t behind[8192];
    unsigned committed, sent;
    uint64_t accepted, data_sent;
    uint64_t read_arrival, read_data; /* of a read that is under way, 0: none */
    unsigned read_gates, read_commits;
    bool read_served;
};

static void commit(struct block *b)
{
    const bool wanted = b->level && b->gate[b->in_force];
    if (b->wire == wanted)
        return;
    b->wire = wanted;
    b->behind[b->committed] = b->accepted;
    b->queue[b->committed++] = wanted;
}

static void step(struct block *b, struct intx_model *m, struct rng *rng, uint64_t now)
{
    switch (rng_below(rng, 10)) {
    case 0:
        b->level = !b->level;
        intx_model_level(m, now, b->level, b->accepted);
        break;
    case 1:
        if (b->gates + 1 < 4096 && b->gates - b->in_force < 20) {
            b->gate[b->gates + 1] = !b->gate[b->gates];
            b->gates++;
            intx_model_gate(m, now, b->gate[b->gates], b->accepted);
        }
        break;
    case 2:
        b->in_force += b->in_force < b->gates;
        break;
    case 3:
        b->accepted++;
        break;
    case 4:
        b->data_sent += b->data_sent < b->accepted;
        break;
    case 5:
        if (!b->read_arrival) {
            b->read_arrival = now;
            b->read_data = b->accepted;
            b->read_gates = b->gates;
            b->read_served = false;
        } else if (!b->read_served && b->in_force >= b->read_gates) {
            b->read_served = true;
            b->read_commits = b->committed;
        } else if (b->read_served && b->sent >= b->read_commits && b->data_sent >= b->read_data) {
            intx_model_fence(m, now, b->read_arrival, true, b->read_arrival, b->read_data, b->accepted);
            b->read_arrival = 0;
        }
        break;
    case 6:
    case 7:
        commit(b);
        break;
    default:
        if (b->sent < b->committed && b->data_sent >= b->behind[b->sent]) {
            assert_int_equal(intx_model_message(m, b->queue[b->sent], b->data_sent), INTX_ALLOWED);
            b->sent++;
        }
        break;
    }
    assert_null(intx_model_check_invariants(m));
}

static void every_liberty_is_allowed(void **state)
{
    /* ENV-01, INTX-08, INTX-09 */
    struct intx_model *m = *state;
    static struct block b;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct rng rng;
        rng_seed(&rng, seed);
        memset(&b, 0, sizeof b);
        b.gate[0] = true;
        intx_model_reset(m, true);
        for (uint64_t now = 1; now <= 2000; now++)
            step(&b, m, &rng, now);
        b.in_force = b.gates;
        commit(&b);
        b.data_sent = b.accepted;
        while (b.sent < b.committed)
            assert_int_equal(intx_model_message(m, b.queue[b.sent++], b.data_sent), INTX_ALLOWED);
        fence(m, 3001, 3000);
        assert_int_equal(intx_model_target(m), b.wire);
        assert_false(intx_model_owes(m));
        assert_int_equal(intx_model_message(m, !b.wire, b.data_sent), INTX_NO_CAUSE);
    }
}

static void data_that_is_held_back_is_not_waited_for(void **state)
{
    /* ORD-28, RACE-28: BME = 0 came behind the edge */
    struct intx_model *m = *state;
    intx_model_level(m, 5, true, 3);
    intx_model_unorder(m);
    fence(m, 8, 7);
    assert_int_equal(intx_model_message(m, true, 2), INTX_ALLOWED);
    intx_model_level(m, 9, false, 4);
    assert_int_equal(intx_model_message(m, false, 3), INTX_EARLY);
}

#define MODEL_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, still_sound)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MODEL_TEST(edges_allow_a_message_each),
        MODEL_TEST(pulses_may_be_swallowed),
        MODEL_TEST(gate_counts_behind_the_fence),
        MODEL_TEST(an_unordered_completion_proves_no_sending),
        MODEL_TEST(message_stands_behind_the_data_of_its_edge),
        MODEL_TEST(reset_ends_the_wire_silently),
        MODEL_TEST(function_level_reset_deasserts_first),
        MODEL_TEST(more_gates_than_fit_are_taken_as_proven),
        MODEL_TEST(data_that_is_held_back_is_not_waited_for),
        MODEL_TEST(every_liberty_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
