/*
 * test_monitor.c - what the monitor tells, in which order, and what it finds wrong with the streams.
 */
#include "monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stream.h"

enum { WIDTH = 4, TOLD = 4096 };

/* One clock after the other, and all that was told as text: "tx@3-5 event7@4 ..." */
struct fixture {
    struct monitor *monitor;
    struct checks checks;
    struct dut_in in;
    struct dut_out out;
    uint64_t time;
    char told[TOLD];
    unsigned count;
    struct seen last;
};

static void tell(void *ctx, struct seen *what)
{
    static const char *const streams[] = {"rx", "tx", "dma", "dmr", "dmc"};
    struct fixture *f = ctx;
    const size_t used = strlen(f->told);
    char *const to = f->told + used;
    const size_t room = TOLD - used;
    if (used + 64 < TOLD && what->kind == SEEN_TLP)
        snprintf(to, room, "%s@%d-%d ", streams[what->stream], (int)what->time, (int)what->end_time);
    else if (used + 64 < TOLD)
        snprintf(to, room, "%s%d@%d ",
                 what->kind == SEEN_RESET   ? "reset"
                 : what->kind == SEEN_EVENT ? "event"
                 : what->kind == SEEN_FLR   ? "flr"
                 : what->kind == SEEN_INTX  ? "intx"
                                            : "clear",
                 what->vector, (int)what->time);
    f->count++;
    f->last = *what;
}

static int set_up(void **state)
{
    static struct fixture f;
    memset(&f, 0, sizeof f);
    checks_init(&f.checks, NULL, NULL);
    f.monitor = monitor_create(WIDTH, &f.checks);
    assert_non_null(f.monitor);
    monitor_observe(f.monitor, &(struct observer){.name = "test", .ctx = &f, .seen = tell});
    f.in.rst_n = f.in.link_up = true;
    f.in.tx_tready = true;
    f.out.rx_tready = f.out.dma_tready = f.out.dmr_tready = f.out.evt_ready = f.out.clr_ready = true;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    monitor_destroy(f->monitor);
    return 0;
}

static void clock(struct fixture *f)
{
    monitor_cycle(f->monitor, f->time++, &f->in, &f->out);
    f->in.rx.valid = f->in.dma.valid = f->in.dmr.valid = f->out.tx.valid = f->out.dmc.valid = false;
    f->in.evt_valid = f->in.clr_valid = false;
}

/* A MWr of eight payload DWs to 1000h: three beats of four DWs. */
static void put(struct dut_beat *beat, unsigned number)
{
    const uint32_t tlp[11] = {0x40000008, 0x000000FF, 0x1000, 1, 2, 3, 4, 5, 6, 7, 8};
    stream_put_beat(beat, tlp, 11, number * WIDTH, WIDTH);
}

/* A MWr of one DW: one beat. */
static void put_short(struct dut_beat *beat)
{
    const uint32_t tlp[4] = {0x40000001, 0x0000000F, 0x2000, 9};
    stream_put_beat(beat, tlp, 4, 0, WIDTH);
}

static void event(struct fixture *f, uint16_t vector)
{
    f->in.evt_valid = true;
    f->in.evt_vector = vector;
}

static void clear(struct fixture *f, uint16_t vector)
{
    f->in.clr_valid = true;
    f->in.clr_vector = vector;
}

static void expect_failed(const struct fixture *f, enum check_id id, unsigned failed)
{
    assert_int_equal(f->checks.counter[id].failed, failed);
}

static void one_clock_has_a_fixed_order(void **state)
{
    struct fixture *f = *state;
    put_short(&f->out.tx);
    put_short(&f->in.rx);
    put_short(&f->in.dma);
    put_short(&f->in.dmr);
    clear(f, 3);
    event(f, 4);
    clock(f);
    assert_string_equal(f->told, "tx@0-0 rx@0-0 dma@0-0 dmr@0-0 clear3@0 event4@0 ");
    assert_true(monitor_idle(f->monitor));
}

static void tx_stands_at_its_first_beat(void **state)
{
    struct fixture *f = *state;
    for (unsigned beat = 0; beat < 3; beat++) {
        put(&f->out.tx, beat);
        event(f, (uint16_t)beat);
        assert_string_equal(f->told, "");
        clock(f);
    }
    assert_string_equal(f->told, "tx@0-2 event0@0 event1@1 event2@2 ");
}

static void dma_stands_at_its_last_beat(void **state)
{
    struct fixture *f = *state;
    for (unsigned beat = 0; beat < 3; beat++) {
        put(&f->in.dma, beat);
        event(f, (uint16_t)beat);
        clock(f);
    }
    assert_string_equal(f->told, "event0@0 event1@1 dma@2-2 event2@2 ");
}

static void rx_blocks_a_tx_that_began_later(void **state)
{
    struct fixture *f = *state;
    put(&f->in.rx, 0);
    clock(f);
    put_short(&f->out.tx);
    put(&f->in.rx, 1);
    clock(f);
    put_short(&f->out.tx);
    clock(f);
    assert_string_equal(f->told, "");
    put(&f->in.rx, 2);
    clock(f);
    assert_string_equal(f->told, "rx@0-3 tx@1-1 tx@2-2 ");
}

static void what_was_not_accepted_is_not_told(void **state)
{
    struct fixture *f = *state;
    f->in.tx_tready = f->out.rx_tready = f->out.dma_tready = f->out.evt_ready = f->out.clr_ready = false;
    put_short(&f->out.tx);
    put_short(&f->in.rx);
    put_short(&f->in.dma);
    event(f, 1);
    clear(f, 1);
    clock(f);
    assert_string_equal(f->told, "");
    assert_true(monitor_idle(f->monitor));
    assert_int_equal(monitor_last_movement(f->monitor), 0);
}

static void tlps_are_decoded(void **state)
{
    struct fixture *f = *state;
    for (unsigned beat = 0; beat < 3; beat++) {
        put(&f->out.tx, beat);
        clock(f);
    }
    assert_int_equal(f->last.tlp.defect, TLP_OK);
    assert_int_equal(f->last.tlp.kind, TLP_MWR);
    assert_int_equal(f->last.n_dw, 11);
    assert_int_equal(f->last.tlp.address, 0x1000);
    assert_int_equal(f->last.dw[10], 8);
    assert_int_equal(f->last.vector, -1);
    assert_false(f->last.is_dma);
}

static void longer_than_kept_is_counted(void **state)
{
    struct fixture *f = *state;
    struct dut_beat beat = {.keep = 15, .valid = true};
    for (unsigned i = 0; i < 50; i++) {
        f->in.rx = beat;
        f->in.rx.data[0] = i ? 0 : 0x400000C5; /* MWr of 197 DWs */
        f->in.rx.last = i == 49;
        clock(f);
    }
    assert_int_equal(f->last.n_dw, 200);
    assert_int_equal(f->last.tlp.defect, TLP_OK);
    assert_int_equal(f->last.tlp.payload_dw, 197);
}

static void reset_drops_what_is_half_seen(void **state)
{
    struct fixture *f = *state;
    put(&f->out.tx, 0);
    put(&f->in.dma, 0);
    event(f, 5);
    clock(f);
    f->in.rst_n = false;
    for (unsigned i = 0; i < 3; i++) {
        event(f, 6);
        put(&f->out.tx, 1);
        clock(f);
    }
    assert_string_equal(f->told, "event5@0 reset-1@1 ");
    assert_true(monitor_idle(f->monitor));
    f->in.rst_n = true;
    put_short(&f->out.tx);
    clock(f);
    assert_string_equal(f->told, "event5@0 reset-1@1 tx@4-4 ");
}

static void much_can_wait_behind_one_tlp(void **state)
{
    struct fixture *f = *state;
    put(&f->out.tx, 0);
    clock(f);
    for (unsigned i = 0; i < 1000; i++) {
        event(f, (uint16_t)i);
        put_short(&f->in.rx);
        clock(f);
    }
    assert_int_equal(f->count, 0);
    put(&f->out.tx, 1);
    clock(f);
    put(&f->out.tx, 2);
    clock(f);
    assert_int_equal(f->count, 2001);
    assert_int_equal(f->last.vector, 999);
    assert_true(monitor_idle(f->monitor));
}

static void unfinished_at_the_end_is_freed(void **state)
{
    struct fixture *f = *state;
    put(&f->out.tx, 0);
    put(&f->in.rx, 0);
    put(&f->in.dma, 0);
    clock(f);
    event(f, 1);
    put_short(&f->in.dmr);
    clock(f);
    assert_false(monitor_idle(f->monitor));
    assert_int_equal(monitor_last_movement(f->monitor), 1);
}

/* --- the stream protocol --- */

static void stall(struct fixture *f)
{
    f->in.tx_tready = false;
    put(&f->out.tx, 0);
    clock(f);
    put(&f->out.tx, 0);
}

static void a_stalled_beat_may_only_wait(void **state)
{
    struct fixture *f = *state;
    stall(f);
    clock(f);
    put(&f->out.tx, 0);
    f->out.tx.data[WIDTH] ^= 1; /* past the stream's width: does not exist */
    f->in.tx_tready = true;
    clock(f);
    assert_int_equal(f->checks.counter[CHECK_STREAM_STABLE].evaluated, 2);
    expect_failed(f, CHECK_STREAM_STABLE, 0);
    put(&f->out.tx, 2);
    clock(f);
    assert_int_equal(f->checks.counter[CHECK_STREAM_STABLE].evaluated, 2);
}

static void a_stalled_beat_must_not_change(void **state)
{
    for (unsigned what = 0; what < 4; what++) {
        struct fixture *f = *state;
        stall(f);
        if (what == 0)
            f->out.tx.valid = false;
        else if (what == 1)
            f->out.tx.keep = 7;
        else if (what == 2)
            f->out.tx.last = !f->out.tx.last;
        else
            f->out.tx.data[WIDTH - 1] ^= 0x80000000;
        clock(f);
        expect_failed(f, CHECK_STREAM_STABLE, 1);
        tear_down(state);
        set_up(state);
    }
}

static void reset_may_withdraw_a_beat(void **state)
{
    struct fixture *f = *state;
    stall(f);
    f->in.rst_n = false;
    f->out.tx.valid = false;
    clock(f);
    f->in.rst_n = true;
    clock(f);
    expect_failed(f, CHECK_STREAM_STABLE, 0);
}

static void keep_is_judged_on_tx_and_dmc_only(void **state)
{
    struct fixture *f = *state;
    put_short(&f->in.rx);
    f->in.rx.keep = 5;
    put_short(&f->in.dma);
    f->in.dma.keep = 0;
    clock(f);
    assert_int_equal(f->checks.counter[CHECK_STREAM_KEEP].evaluated, 0);
    put_short(&f->out.tx);
    f->out.tx.keep = 13;
    clock(f);
    expect_failed(f, CHECK_STREAM_KEEP, 1);
    put(&f->out.dmc, 0);
    f->out.dmc.keep = 7;
    clock(f);
    expect_failed(f, CHECK_STREAM_KEEP, 2);
}

static void a_register_access_is_held(void **state)
{
    struct fixture *f = *state;
    f->out.csr_valid = true;
    f->out.csr_addr = 8;
    clock(f);
    f->out.csr_wdata = 77; /* of a read: says nothing */
    clock(f);
    expect_failed(f, CHECK_STREAM_STABLE, 0);
    f->out.csr_addr = 16;
    clock(f);
    expect_failed(f, CHECK_STREAM_STABLE, 1);
    f->in.csr_ready = true;
    clock(f);
    f->in.csr_ready = false;
    f->out.csr_valid = false;
    clock(f);
    expect_failed(f, CHECK_STREAM_STABLE, 1);
    f->out.csr_valid = true;
    clock(f);
    f->out.csr_valid = false;
    clock(f);
    expect_failed(f, CHECK_STREAM_STABLE, 2);
}

/* INTX-06, CFG-15, RACE-33: levels are told when they change; the link counts as reset, and both levels fall in it. */
static void levels_are_told_when_they_change(void **state)
{
    struct fixture *f = *state;
    f->in.intx_level = true;
    f->out.flr_active = true;
    event(f, 3);
    put_short(&f->in.dma);
    f->in.dma.valid = true;
    clock(f);
    clock(f);
    f->out.flr_active = false;
    clock(f);
    assert_string_equal(f->told, "flr1@0 dma@0-0 event3@0 intx1@0 flr0@2 ");
    f->told[0] = '\0';
    f->in.link_up = false;
    clock(f);
    clock(f);
    f->in.link_up = true;
    clock(f);
    assert_string_equal(f->told, "reset-1@3 intx1@5 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_clock_has_a_fixed_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(levels_are_told_when_they_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tx_stands_at_its_first_beat, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dma_stands_at_its_last_beat, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rx_blocks_a_tx_that_began_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_accepted_is_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tlps_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(longer_than_kept_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reset_drops_what_is_half_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(much_can_wait_behind_one_tlp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unfinished_at_the_end_is_freed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stalled_beat_may_only_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stalled_beat_must_not_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reset_may_withdraw_a_beat, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keep_is_judged_on_tx_and_dmc_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_register_access_is_held, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
