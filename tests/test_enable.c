/*
 * test_enable.c - MSI-X Enable, alone and together with Function Mask; and what does not gate messages.
 */
#include "common.h"

enum { LONG_ENOUGH = 100 };

/* Nothing is sent for a while, and a fence proves it. */
static void expect_silence(struct bench *b, uint64_t total, const char *requirement)
{
    bench_run(b, LONG_ENOUGH);
    host_fence(b);
    expect_total(b, total, requirement);
}

/* One message for the event that was recorded, if this block's choice is to keep it. */
static unsigned kept(enum policy_tristate choice)
{
    return choice == POLICY_YES;
}

static void event_while_disabled(struct bench *b)
{
    const unsigned after = kept(bench_policy(b)->record_while_disabled);
    start_one(b, 0, false);
    msix_control(b, false, false);
    host_fence(b);
    app_event(b, 0);
    expect_silence(b, 0, "MSIX-PBA-25");
    expect_pending(b, 0, after, "MSIX-PBA-23");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, after, "RACE-23");
    expect_pending(b, 0, false, "MSIX-PBA-10");
}

const struct test disabled_function_is_silent_and_records = {
    .name = "disabled_function_is_silent_and_records",
    .requirements = "MSIX-PBA-23, MSIX-PBA-25, RACE-23, EDGE-15",
    .story = "An event while MSI-X is disabled sends nothing; this block records it and sends it after Enable.",
    .run = event_while_disabled,
};

static void disable_with_pending(struct bench *b)
{
    const unsigned after = kept(bench_policy(b)->keep_on_disable);
    start_one(b, 0, true);
    app_event(b, 0);
    msix_control(b, false, false);
    expect_pending(b, 0, after, "MSIX-PBA-24");
    msix_unmask(b, 0);
    expect_silence(b, 0, "MSIX-PBA-25");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, after, "RACE-23");
    expect_pending(b, 0, false, "RACE-23");
}

const struct test disable_keeps_pending_bits = {
    .name = "disable_keeps_pending_bits",
    .requirements = "MSIX-PBA-24, MSIX-PBA-25, RACE-23",
    .story = "A pending bit outlives Enable 1 to 0, stays silent even unmasked, and is sent once after Enable 0 to 1.",
    .run = disable_with_pending,
};

static void all_pending_across_disable(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    start_all(b, false);
    msix_control(b, true, true);
    for (unsigned v = 0; v < nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    msix_control(b, false, false);
    expect_silence(b, 0, "MSIX-PBA-25");
    msix_control(b, true, false);
    quiesce(b);
    if (bench_policy(b)->keep_on_disable == POLICY_YES)
        expect_messages_each(b, 1, "RACE-23");
    expect_pba_clear(b, "RACE-23");
}

const struct test enable_sends_each_retained_bit_once = {
    .name = "enable_sends_each_retained_bit_once",
    .requirements = "RACE-23, RACE-25, MSIX-PBA-24",
    .story = "All vectors pending across Enable off and on: exactly one message each.",
    .run = all_pending_across_disable,
};

static void enable_with_function_mask(struct bench *b)
{
    bench_enumerate(b);
    msix_program(b, 0, own_address(0), own_data(0), false);
    app_event(b, 0);
    msix_control(b, true, true);
    app_event(b, 0);
    expect_silence(b, 0, "MSIX-PBA-26");
    expect_pending(b, 0, true, "MSIX-PBA-26");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, 1, "RACE-25");
    expect_pending(b, 0, false, "RACE-25");
}

const struct test enable_and_function_mask_in_one_write_is_silent = {
    .name = "enable_and_function_mask_in_one_write_is_silent",
    .requirements = "MSIX-PBA-26, RACE-25, HOST-13",
    .story = "0000h to C000h with an unmasked entry and an event sends nothing; C000h to 8000h sends one message.",
    .run = enable_with_function_mask,
};

/* From `from` to `to` (Enable is bit 1, Function Mask bit 0) with vector 0 pending and unmasked: silent after the fence. */
static void silent_switch(struct bench *b, unsigned from, unsigned to)
{
    const uint64_t total = scoreboard_messages_total(bench_scoreboard(b));
    msix_control(b, from & 2U, from & 1U);
    app_event(b, 0);
    msix_control(b, to & 2U, to & 1U);
    host_fence(b);
    const uint64_t sent = scoreboard_messages_total(bench_scoreboard(b));
    expect_silence(b, sent, "RACE-25");
    bench_expect(b, sent == total || from == 2, "RACE-25", "a message left while masked or disabled");
    msix_control(b, true, false);
    quiesce(b);
    if (bench_policy(b)->keep_on_disable == POLICY_YES && bench_policy(b)->record_while_disabled == POLICY_YES)
        expect_total(b, total + 1, "RACE-25");
}

static void both_bits_at_once(struct bench *b)
{
    static const unsigned from[] = {3, 2, 2, 3, 0, 1, 1, 0, 2};
    static const unsigned to[] = {1, 1, 0, 0, 1, 0, 3, 3, 3};
    start_one(b, 0, false);
    for (unsigned i = 0; i < 9 && !bench_stopped(b); i++)
        silent_switch(b, from[i], to[i]);
}

const struct test control_bits_change_together = {
    .name = "control_bits_change_together",
    .requirements = "RACE-25, MSIX-PBA-25, MSIX-PBA-26",
    .story = "All changes of Enable and Function Mask that end masked or disabled, with a vector waiting: silent after "
             "the fence.",
    .run = both_bits_at_once,
};

static void toggle_quickly(struct bench *b)
{
    start_one(b, 0, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    for (unsigned gap = 0; gap < 12 && !bench_stopped(b); gap++) {
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        stall_tx(b);
        app_event(b, 0);
        bench_run(b, gap);
        host_forget(b, control_start(b, cap, false, false));
        bench_run(b, gap);
        host_forget(b, control_start(b, cap, true, false));
        bench_run(b, 20);
        release_tx(b);
        quiesce(b);
        if (bench_policy(b)->keep_on_disable == POLICY_YES)
            expect_messages(b, 0, before + 1, "RACE-24");
        expect_pending(b, 0, false, "RACE-24");
    }
}

const struct test enable_toggle_under_stall_does_not_duplicate = {
    .name = "enable_toggle_under_stall_does_not_duplicate",
    .requirements = "RACE-24, MSIX-PBA-24, EDGE-02a",
    .story = "Enable goes off and on again while a message waits for tx: one message for the one event.",
    .run = toggle_quickly,
};

static void reprogram_while_disabled(struct bench *b)
{
    struct capture c;
    start_one(b, 0, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    stall_tx(b);
    app_event(b, 0);
    bench_run(b, 10);
    host_forget(b, control_start(b, cap, false, false));
    release_tx(b);
    host_fence(b);
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0);
    msix_program(b, 0, own_address(1), own_data(1), false);
    msix_control(b, true, false);
    capture_start(&c);
    capture_run(b, &c, LONG_ENOUGH);
    expect_value(b, "messages of the event, in all", sent + c.count, 1, "RACE-24");
    if (c.count == 1)
        expect_value(b, "its payload", c.tlp[0].dw[4], tlp_payload_le(own_data(1)), "RACE-24");
}

const struct test no_stale_message_after_reprogramming = {
    .name = "no_stale_message_after_reprogramming",
    .requirements = "RACE-22, RACE-24, MSIX-TBL-16",
    .story = "Disable, fence, new address and data, enable: a message with the old values is not seen after the fence.",
    .run = reprogram_while_disabled,
};

static void unrelated_command_bits(struct bench *b)
{
    static const uint32_t command[] = {COMMAND_BME, COMMAND_BME | COMMAND_INTX_DISABLE,
                                       COMMAND_BME | COMMAND_MSE | COMMAND_INTX_DISABLE, COMMAND_BME | COMMAND_MSE};
    start_one(b, 0, false);
    for (unsigned i = 0; i < 4 && !bench_stopped(b); i++) {
        host_cfg_write32(b, REG_COMMAND, command[i]);
        host_fence(b);
        app_event(b, 0);
        bench_wait_messages(b, 0, 2 * i + 1, 200, "EDGE-19");
        app_event(b, 0);
        bench_wait_messages(b, 0, 2 * i + 2, 200, "EDGE-18");
    }
    quiesce(b);
    expect_messages(b, 0, 8, "EDGE-02a");
}

const struct test interrupt_disable_and_mse_do_not_gate = {
    .name = "interrupt_disable_and_mse_do_not_gate",
    .requirements = "EDGE-18, EDGE-19",
    .story = "Messages leave with Interrupt Disable set and with Memory Space Enable clear.",
    .run = unrelated_command_bits,
};

static void driver_start_order(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    const unsigned used = nvec < 4 ? nvec : 4;
    bench_enumerate(b);
    msix_control(b, true, true);
    for (unsigned v = 0; v < used; v++)
        msix_program(b, v, own_address(v), own_data(v), true);
    host_cfg_write32(b, REG_COMMAND, COMMAND_MSE | COMMAND_BME | COMMAND_INTX_DISABLE);
    for (unsigned v = 0; v < used; v++)
        msix_mask(b, v);
    msix_control(b, true, false);
    for (unsigned v = 0; v < used; v++)
        app_event(b, v);
    expect_silence(b, 0, "HOST-13");
    for (unsigned v = 0; v < used; v++) {
        msix_unmask(b, v);
        bench_wait_messages(b, v, 1, 200, "HOST-13");
        expect_total(b, v + 1U, "HOST-13");
    }
}

const struct test operating_system_start_order_is_silent_until_unmask = {
    .name = "operating_system_start_order_is_silent_until_unmask",
    .requirements = "HOST-13, MSIX-PBA-26, MSIX-TBL-21",
    .story = "Enable with function mask, program, mask all, clear the function mask, as an operating system does: no "
             "message before the last unmask.",
    .run = driver_start_order,
};

static void resume_order(struct bench *b)
{
    start_one(b, 0, false);
    msix_control(b, true, true);
    app_event(b, 0);
    msix_program(b, 0, own_address(2), own_data(2), false);
    expect_silence(b, 0, "HOST-14");
    struct capture c;
    capture_start(&c);
    host_forget(b, control_start(b, capability_find(b, CAP_MSIX), true, false));
    capture_run(b, &c, LONG_ENOUGH);
    unsigned messages = 0;
    for (unsigned i = 0; i < c.count; i++) {
        if (!captured_is_message(&c.tlp[i]))
            continue;
        messages++;
        expect_value(b, "the payload after resume", c.tlp[i].dw[3], tlp_payload_le(own_data(2)), "MSIX-TBL-18");
    }
    expect_value(b, "messages after resume", messages, 1, "HOST-14");
}

const struct test resume_order_sends_new_values = {
    .name = "resume_order_sends_new_values",
    .requirements = "HOST-14, MSIX-TBL-18, MSIX-TBL-20, RACE-13",
    .story = "Function mask, entries restored, function mask cleared, as after suspend: the pending message carries "
             "the restored values.",
    .run = resume_order,
};
