/*
 * test_second_flr.c - function-level resets that are asked for again before the function has come back from the first: each
 * write of Initiate FLR is refused in the first reset, or carried out behind it and starts another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire.h"

enum { CONTROL = WIRE_PCIE + CFG_DEVICE_CONTROL, INITIATE = 0xD810 /* and MRRS 101b */, MRRS_RESET = 0x00002810 };

#define WIRED(test) cmocka_unit_test_setup_teardown(test, wire_set_up, wire_tear_down)

static uint8_t ask(struct wire *w)
{
    return wire_cfg_write(w, CONTROL, 0x3, INITIATE);
}

static uint8_t read_control(struct wire *w)
{
    return wire_cfg_read(w, CONTROL);
}

static void answer(struct wire *w, uint8_t tag, uint8_t status)
{
    const uint32_t value = MRRS_RESET;
    const struct tlp t = wire_completion(w, tag, status);
    wire_tx(w, &t, &value);
}

static void reset(struct wire *w)
{
    wire_flr_active(w, true);
    wire_flr_active(w, false);
}

/* Nothing is left of the writes, and the function is as good as new. */
static void comes_back(struct wire *w)
{
    wire_fence(w);
    answer(w, read_control(w), TLP_SC);
    wire_ready(w, WIRE_VECTORS);
    wire_event(w, 0);
    wire_message(w, 0);
    wire_ends_well(w);
}

/* CFG-12, CFG-14, CFG-15: behind the first reset; requests behind the second write fall into its reset. */
static void second_write_is_carried_out(void **state)
{
    for (unsigned late = 0; late < 3; late++) { /* how soon its completion is seen */
        struct wire *w = wire_fresh(state);
        wire_flr(w);
        const uint8_t master = wire_command(w, CFG_COMMAND_BME), second = ask(w), read = read_control(w);
        wire_flr_active(w, false);
        wire_flr_active(w, true);
        answer(w, master, TLP_SC);
        if (late == 0)
            answer(w, second, TLP_SC);
        answer(w, read, TLP_RRS);
        if (late == 1)
            answer(w, second, TLP_SC);
        wire_flr_active(w, false);
        if (late == 2)
            answer(w, second, TLP_SC);
        comes_back(w);
    }
}

/* CFG-12: in the first reset. What comes behind it is carried out. */
static void second_write_is_refused(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t second = ask(w), third = ask(w), read = read_control(w);
    answer(w, second, TLP_RRS);
    wire_flr_active(w, false);
    reset(w); /* by the third write */
    wire_is_legal(w);
    answer(w, third, TLP_SC);
    answer(w, read, TLP_SC);
    comes_back(w);
}

/* CFG-16: what was written between two resets is gone with the second, however late its completion is. */
static void writes_between_the_resets_are_gone(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t bar = wire_cfg_write(w, CFG_BAR0, 0xF, 0x70000000), enable = wire_msix(w, true, false),
                  second = ask(w), command = wire_command(w, CFG_COMMAND_MSE);
    wire_flr_active(w, false);
    reset(w);
    answer(w, bar, TLP_SC);
    answer(w, enable, TLP_SC);
    answer(w, second, TLP_SC);
    answer(w, command, TLP_SC); /* behind it: this one counts */
    wire_cfg_reads(w, CFG_BAR0, 0x4);
    wire_cfg_reads(w, WIRE_MSIX, (WIRE_VECTORS - 1) << 16 | 0x11);
    wire_cfg_reads(w, CFG_COMMAND, CFG_STATUS_CAP_LIST | CFG_COMMAND_MSE);
    comes_back(w);
}

/* CFG-15: the second write was successful, and nothing was reset. */
static void second_reset_does_not_come(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t second = ask(w);
    wire_flr_active(w, false);
    answer(w, second, TLP_SC);
    wire_is_legal(w);
    answer(w, read_control(w), TLP_SC);
    wire_breaks(w, CHECK_FLR_ACTIVE);
}

/* CFG-14: a reset that nobody asked for, and one whose write was refused. */
static void reset_comes_unasked(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t master = wire_command(w, CFG_COMMAND_BME);
    wire_flr_active(w, false);
    wire_is_legal(w);
    wire_flr_active(w, true);
    wire_breaks(w, CHECK_FLR_ACTIVE);
    wire_flr_active(w, false);
    answer(w, master, TLP_SC);
    wire_flr(w);
    const uint8_t second = ask(w);
    wire_flr_active(w, false);
    reset(w);
    wire_is_legal(w);
    answer(w, second, TLP_RRS);
    wire_breaks(w, CHECK_FLR_ACTIVE);
}

/* CFG-12: once one request was successful behind the reset, none is told to try again. */
static void refused_behind_a_successful_one(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t master = wire_command(w, CFG_COMMAND_BME), read = read_control(w), second = ask(w);
    wire_flr_active(w, false);
    answer(w, master, TLP_SC);
    wire_is_legal(w);
    answer(w, read, TLP_RRS);
    wire_breaks(w, CHECK_CPL_STATUS);
    answer(w, second, TLP_RRS);
    wire_breaks(w, CHECK_CPL_STATUS);
}

/* CFG-18: flr_active stays until the device logic is done. */
static void reset_ends_before_the_device_logic_is_done(void **state)
{
    struct wire *w = *state;
    const struct dut_out active = {.flr_active = true}, over = {.flr_active = false};
    wire_clock(w, (struct dut_in){.flr_done = false}, active);
    wire_clock(w, (struct dut_in){.flr_done = true}, active);
    wire_clock(w, (struct dut_in){.flr_done = false}, over);
    wire_is_legal(w);
    wire_clock(w, (struct dut_in){.flr_done = false}, active);
    wire_clock(w, (struct dut_in){.flr_done = false}, over);
    wire_breaks(w, CHECK_FLR_ACTIVE);
}

/* MMIO-38: where errors are not judged all other bits are, of every register. */
static void error_bits_alone_are_left_out(void **state)
{
    struct wire *w = *state;
    w->policy.error_reporting = POLICY_NO;
    wire_cfg_reads(w, CONTROL, 0x000F0000 | MRRS_RESET);
    wire_is_legal(w);
    wire_cfg_reads(w, WIRE_MSIX, (WIRE_VECTORS - 1) << 16 | 0x11); /* is enabled, and reads as disabled */
    wire_breaks(w, CHECK_CFG_VALUE);
}

/* TLP-17, TLP-18: two writes that fall into the reset bring another ID. The first is refused, the second is carried out
 * behind it: its ID is the one from then on. */
static void id_of_a_write_behind_a_refused_one_is_captured(void **state)
{
    enum { NEW_ID = 0xDC60 };
    struct wire *w = *state;
    const uint16_t old_id = w->id;
    wire_flr(w);
    w->id = NEW_ID;
    const uint8_t first = wire_command(w, CFG_COMMAND_BME), second = wire_command(w, CFG_COMMAND_BME);
    w->id = old_id;
    answer(w, first, TLP_RRS);
    wire_flr_active(w, false);
    w->id = NEW_ID;
    answer(w, second, TLP_SC);
    comes_back(w);
    answer(w, read_control(w), TLP_SC);
    wire_is_legal(w);
    const uint8_t read = read_control(w);
    w->id = old_id; /* of the write that was refused nothing is left, and of the time before it neither */
    answer(w, read, TLP_SC);
    wire_breaks(w, CHECK_CPL_COMPLETER);
}

/* Memory space, proven; then the first look at the pending bits. */
static void reads_pending(struct wire *w, uint32_t bits)
{
    wire_place(w);
    wire_fence(w);
    wire_is_legal(w);
    wire_reads(w, WIRE_PBA, bits);
}

/* D3hot and D0 again are asked for in the reset and carried out behind it; their completions come late. Event 1 comes before D0 is
 * written, event 0 behind that, event 2 behind the completions. */
static void events_around_late_wake(struct wire *w, uint32_t bits)
{
    wire_flr(w);
    const uint8_t sleep = wire_cfg_write(w, WIRE_PM + CFG_PMCSR, 0x1, 3);
    wire_flr_active(w, false);
    wire_event(w, 1);
    const uint8_t wake = wire_cfg_write(w, WIRE_PM + CFG_PMCSR, 0x1, 0);
    wire_event(w, 0);
    answer(w, sleep, TLP_SC);
    answer(w, wake, TLP_SC);
    wire_event(w, 2);
    reads_pending(w, bits);
}

/* MSIX-PBA-31: D0 clears what came before. What came since it was written may have come before or behind it, what came since
 * it was completed came behind it. */
static void event_ahead_of_late_wake_is_kept_or_lost(void **state)
{
    for (uint32_t bits = 0; bits < 8; bits++) {
        struct wire *w = wire_fresh(state);
        events_around_late_wake(w, bits);
        if (bits >> 1 == 2)
            wire_is_legal(w);
        else if (bits >> 1 == 1)
            assert_int_equal(w->checks.counter[CHECK_PBA_VALUE].failed, 2);
        else
            wire_breaks(w, CHECK_PBA_VALUE);
    }
}

/* The second write makes an Enable that falls. */
static void event_ahead_of_late_controls(struct wire *w, unsigned writes, bool kept)
{
    uint8_t tag[2];
    wire_flr(w);
    for (unsigned k = 0; k < writes; k++)
        tag[k] = wire_msix(w, k == 0, false);
    wire_flr_active(w, false);
    wire_event(w, 0);
    for (unsigned k = 0; k < writes; k++)
        answer(w, tag[k], TLP_SC);
    reads_pending(w, kept);
}

/* MSIX-PBA-23, MSIX-PBA-24: what a block does by Enable it does by the value in force when the event comes, or later. One that
 * records and keeps always loses nothing. */
static void event_ahead_of_late_controls_is_kept_or_lost(void **state)
{
    for (unsigned k = 0; k < 6; k++) {
        struct wire *w = wire_fresh(state);
        w->policy.record_while_disabled = k < 2 ? POLICY_NO : POLICY_YES;
        w->policy.keep_on_disable = k >= 2 && k < 4 ? POLICY_NO : POLICY_YES;
        event_ahead_of_late_controls(w, k < 2 ? 1 : 2, k % 2);
        if (k == 4)
            wire_breaks(w, CHECK_PBA_VALUE);
        wire_is_legal(w);
    }
}

/* MSIX-PBA-23: a write that is no control, or a policy that only asks about open entries, leaves nothing open. */
static void event_ahead_of_other_late_writes_is_certain(void **state)
{
    for (unsigned lost = 0; lost < 2; lost++) {
        struct wire *w = wire_fresh(state);
        w->policy.hold_while_bme_off = lost ? POLICY_NO : POLICY_YES;
        w->policy.record_while_disabled = lost ? POLICY_YES : POLICY_NO;
        wire_flr(w);
        const uint8_t write = lost ? wire_msix(w, true, false) : wire_cfg_write(w, CFG_INTERRUPT, 0x1, 0x55);
        wire_flr_active(w, false);
        wire_event(w, 0);
        answer(w, write, TLP_SC);
        reads_pending(w, !lost);
        wire_breaks(w, CHECK_PBA_VALUE);
    }
}

/* ORD-15: completions change places, the writes do not: what was written last is what counts, register and ID. */
static void completions_behind_a_reset_change_places(void **state)
{
    enum { NEW_ID = 0xDC60 };
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t sleep = wire_cfg_write(w, WIRE_PM + CFG_PMCSR, 0x1, 3);
    w->id = NEW_ID;
    const uint8_t wake = wire_cfg_write(w, WIRE_PM + CFG_PMCSR, 0x1, 0);
    wire_flr_active(w, false);
    answer(w, wake, TLP_SC);
    answer(w, sleep, TLP_SC);
    comes_back(w);
}

/* The same where the second write starts another reset: what the first wrote is gone with it. */
static void completion_of_a_second_reset_comes_first(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t first = wire_command(w, CFG_COMMAND_MSE), second = ask(w), read = read_control(w);
    wire_flr_active(w, false);
    reset(w);
    answer(w, second, TLP_SC);
    answer(w, first, TLP_SC);
    answer(w, read, TLP_SC);
    wire_fence(w);
    wire_cfg_reads(w, CFG_COMMAND, CFG_STATUS_CAP_LIST);
    comes_back(w);
}

/* CFG-15: the second reset comes behind a completion that proves it, while an older write is not completed. */
static void late_reset_behind_an_open_write(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t first = wire_command(w, 0), second = ask(w), third = wire_command(w, 0);
    wire_flr_active(w, false);
    answer(w, second, TLP_SC);
    wire_is_legal(w);
    answer(w, third, TLP_SC);
    wire_breaks(w, CHECK_FLR_ACTIVE);
    answer(w, first, TLP_SC);
    wire_is_legal(w); /* said once */
}

/* A block that leaves one write open and completes a thousand behind it cannot be followed. */
static void more_writes_than_are_kept_leave_no_verdict(void **state)
{
    struct wire *w = *state;
    wire_flr(w);
    const uint8_t slow = wire_command(w, 0);
    wire_flr_active(w, false);
    for (unsigned k = 0; k < 1200 && !scoreboard_out_of_memory(w->sb); k++) {
        w->next_tag = (uint8_t)(w->next_tag + (w->next_tag == slow));
        answer(w, wire_command(w, 0), TLP_SC);
        assert_true(k > 1000 || !scoreboard_out_of_memory(w->sb));
    }
    assert_true(scoreboard_out_of_memory(w->sb));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRED(second_write_is_carried_out),
        WIRED(id_of_a_write_behind_a_refused_one_is_captured),
        WIRED(second_write_is_refused),
        WIRED(writes_between_the_resets_are_gone),
        WIRED(second_reset_does_not_come),
        WIRED(reset_comes_unasked),
        WIRED(refused_behind_a_successful_one),
        WIRED(reset_ends_before_the_device_logic_is_done),
        WIRED(error_bits_alone_are_left_out),
        WIRED(event_ahead_of_late_wake_is_kept_or_lost),
        WIRED(event_ahead_of_late_controls_is_kept_or_lost),
        WIRED(event_ahead_of_other_late_writes_is_certain),
        WIRED(late_reset_behind_an_open_write),
        WIRED(more_writes_than_are_kept_leave_no_verdict),
        WIRED(completions_behind_a_reset_change_places),
        WIRED(completion_of_a_second_reset_comes_first),
    };
    return cmocka_run_group_tests_name("second_flr", tests, NULL, NULL);
}
