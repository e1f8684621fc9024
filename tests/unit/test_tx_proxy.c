/*
 * test_tx_proxy.c - the store of the planted-fault layer under random use: nothing is lost, and its own invariants hold.
 */
#include "tx_proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rng.h"

enum { DATA_DW = 4, DEEDS = 20000 };

static struct tx_packet *any_packet(struct tx_proxy *p, struct rng *rng)
{
    return p->count > 0 ? p->queue[rng_below(rng, p->count)] : NULL;
}

static void take(struct tx_proxy *p, struct rng *rng)
{
    const struct dut_beat beat = {.keep = 0xF, .last = rng_percent(rng, 50), .valid = true};
    if (p->n_unused > 0)
        tx_proxy_take(p, &beat);
}

static void give(struct tx_proxy *p)
{
    struct dut_beat beat;
    tx_proxy_present(p, &beat);
    if (beat.valid)
        tx_proxy_accept(p);
}

static void random_deed(struct tx_proxy *p, struct rng *rng)
{
    const uint32_t dw[] = {1, 2, 3, 4, 5};
    struct tx_packet *any = any_packet(p, rng);
    unsigned deed = rng_below(rng, 6);
    if (deed == 0 && any != NULL && any != p->leaving)
        tx_proxy_remove(p, any);
    else if (deed == 1 && any != NULL && any != p->leaving)
        any->held = !any->held;
    else if (deed == 2)
        tx_proxy_insert(p, any, dw, 1 + rng_below(rng, 5));
    else if (deed == 3)
        take(p, rng);
    else
        give(p);
}

static void random_use_keeps_the_invariants(void **state)
{
    (void)state;
    struct rng rng;
    struct tx_proxy *p = calloc(1, sizeof *p);
    assert_non_null(p);
    rng_seed(&rng, 7);
    tx_proxy_init(p, DATA_DW);
    for (unsigned i = 0; i < DEEDS; i++) {
        random_deed(p, &rng);
        assert_true(tx_proxy_check_invariants(p));
    }
    free(p);
}

static void a_full_store_takes_no_more(void **state)
{
    (void)state;
    const uint32_t dw = 0;
    struct tx_proxy *p = calloc(1, sizeof *p);
    assert_non_null(p);
    tx_proxy_init(p, DATA_DW);
    for (unsigned i = 0; i < TX_PROXY_SLOTS; i++)
        assert_non_null(tx_proxy_insert(p, NULL, &dw, 1));
    assert_null(tx_proxy_insert(p, NULL, &dw, 1));
    assert_false(tx_proxy_ready(p));
    tx_proxy_reset(p);
    assert_true(tx_proxy_ready(p));
    free(p);
}

static void what_is_held_lets_others_pass(void **state)
{
    (void)state;
    const uint32_t first = 1, second = 2;
    struct dut_beat beat;
    struct tx_proxy *p = calloc(1, sizeof *p);
    assert_non_null(p);
    tx_proxy_init(p, DATA_DW);
    struct tx_packet *a = tx_proxy_insert(p, NULL, &first, 1);
    tx_proxy_insert(p, a, &second, 1);
    a->held = true;
    tx_proxy_present(p, &beat);
    assert_int_equal(beat.data[0], second);
    assert_non_null(tx_proxy_accept(p));
    assert_true(tx_proxy_empty(p)); /* but for the one that is held */
    tx_proxy_present(p, &beat);
    assert_false(beat.valid);
    a->held = false;
    assert_false(tx_proxy_empty(p));
    tx_proxy_present(p, &beat);
    assert_int_equal(beat.data[0], first);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_use_keeps_the_invariants),
        cmocka_unit_test(a_full_store_takes_no_more),
        cmocka_unit_test(what_is_held_lets_others_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
