/*
 * test_masking.c - entry mask and function mask: what is held, what is sent after, and what is left alone.
 */
#include "common.h"

#include "skips.h"

static void hold_until_unmask(struct bench *b)
{
    unsigned v;
    start_all(b, true);
    for (unsigned i = 0; boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        expect_pending(b, v, false, "MSIX-PBA-06");
        app_event(b, v);
        expect_pending(b, v, true, "MSIX-PBA-06");
        bench_run(b, 50);
        expect_messages(b, v, 0, "MSIX-PBA-06");
        msix_unmask(b, v);
        quiesce(b);
        expect_messages(b, v, 1, "MSIX-PBA-09");
        expect_pending(b, v, false, "MSIX-PBA-10");
    }
}

const struct test mask_holds_event_until_unmask = {
    .name = "mask_holds_event_until_unmask",
    .requirements = "MSIX-PBA-06, MSIX-PBA-09, MSIX-PBA-10, EDGE-03",
    .story =
        "A masked vector turns an event into its pending bit; unmasking sends the message once and clears the bit.",
    .run = hold_until_unmask,
};

/* Masks vector 0 by its entry, by the function mask or by both (bits 0 and 1), and lets one event run into it. */
static void hold_by(struct bench *b, unsigned how)
{
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    if (how & 1U)
        msix_mask(b, 0);
    msix_control(b, true, (how & 2U) != 0);
    host_fence(b);
    app_event(b, 0);
    bench_run(b, 50);
    expect_pending(b, 0, true, "MSIX-PBA-07");
    expect_messages(b, 0, before, "MSIX-PBA-07");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, before + (how == 2), "MSIX-PBA-16");
    msix_unmask(b, 0);
    quiesce(b);
    expect_messages(b, 0, before + 1, "MSIX-PBA-09");
    expect_pending(b, 0, false, "MSIX-PBA-10");
}

static void three_ways_to_mask(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned how = 1; how <= 3; how++)
        hold_by(b, how);
}

const struct test entry_and_function_mask_hold_alike = {
    .name = "entry_and_function_mask_hold_alike",
    .requirements = "MSIX-PBA-07, MSIX-PBA-09, MSIX-PBA-10, MSIX-PBA-16",
    .story = "The entry mask alone, the function mask alone and both hold an event; it goes when the last of them is "
             "cleared.",
    .run = three_ways_to_mask,
};

static void many_events_one_message(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned k = 1; k <= 20 && !bench_stopped(b); k += 1 + k / 3) {
        for (unsigned i = 0; i < k; i++)
            app_event_start(b, 0);
        app_event_flush(b);
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        msix_unmask(b, 0);
        quiesce(b);
        expect_messages(b, 0, before + 1, "MSIX-PBA-08");
        expect_pending(b, 0, false, "MSIX-PBA-10");
        msix_mask(b, 0);
        host_fence(b);
    }
}

const struct test events_while_masked_give_one_message = {
    .name = "events_while_masked_give_one_message",
    .requirements = "MSIX-PBA-08, MSIX-PBA-09",
    .story = "One to twenty events under the mask are one pending bit, and one message after it.",
    .run = many_events_one_message,
};

static void unmask_storm(struct bench *b)
{
    start_all(b, true);
    for (unsigned i = 0; i < 300 && !bench_stopped(b); i++) {
        const unsigned v = any_vector(b);
        if (rng_percent(bench_rng(b), 50))
            msix_unmask(b, v);
        else
            msix_mask(b, v);
    }
    host_flush(b);
    msix_control(b, true, true);
    msix_control(b, true, false);
    quiesce(b);
    expect_total(b, 0, "MSIX-PBA-14");
    expect_pba_clear(b, "MSIX-PBA-14");
}

const struct test unmask_without_pending_is_silent = {
    .name = "unmask_without_pending_is_silent",
    .requirements = "MSIX-PBA-14, EDGE-02a",
    .story = "Three hundred mask and unmask writes and a function mask pulse without a single event: no message.",
    .run = unmask_storm,
};

static void same_value_again(struct bench *b)
{
    start_one(b, 0, true);
    app_event(b, 0);
    for (unsigned i = 0; i < 5; i++)
        msix_mask(b, 0);
    expect_pending(b, 0, true, "MSIX-PBA-15");
    msix_unmask(b, 0);
    quiesce(b);
    for (unsigned i = 0; i < 5; i++)
        msix_unmask(b, 0);
    quiesce(b);
    expect_messages(b, 0, 1, "MSIX-PBA-15");
    app_event(b, 0);
    bench_wait_messages(b, 0, 2, 200, "MSIX-PBA-15");
    msix_control(b, true, false);
    quiesce(b);
    expect_messages(b, 0, 2, "MSIX-PBA-15");
}

const struct test rewriting_a_mask_value_does_nothing = {
    .name = "rewriting_a_mask_value_does_nothing",
    .requirements = "MSIX-PBA-15",
    .story = "Mask written over mask and unmask over unmask neither send, nor drop, nor repeat.",
    .run = same_value_again,
};

/* Unmasks a random half of all entries; `open` remembers which. */
static void random_masks(struct bench *b, bool *open)
{
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++) {
        open[v] = rng_percent(bench_rng(b), 50);
        if (open[v])
            msix_unmask(b, v);
    }
    host_fence(b);
}

static void expect_masks(struct bench *b, const bool *open, const char *requirement)
{
    enum { GROUP = 16 };
    const unsigned nvec = bench_config(b)->nvec;
    for (unsigned done = 0; done < nvec && !bench_stopped(b); done += GROUP / 2) {
        uint64_t half[GROUP];
        const unsigned n = nvec - done < GROUP / 2 ? nvec - done : GROUP / 2;
        read_qwords(b, bench_table_address(b, done, 0), 2 * n, half);
        for (unsigned i = 0; i < n && !bench_stopped(b); i++)
            expect_value(b, "Vector Control", half[2 * i + 1] >> 32, !open[done + i], requirement);
    }
}

static void toggle_function_mask(struct bench *b)
{
    bool open[2048];
    start_all(b, true);
    random_masks(b, open);
    msix_control(b, true, true);
    expect_masks(b, open, "MSIX-CAP-09");
    msix_control(b, true, false);
    expect_masks(b, open, "MSIX-CAP-09");
    msix_control(b, false, true);
    msix_control(b, false, false);
    expect_masks(b, open, "MSIX-CAP-09");
    expect_total(b, 0, "MSIX-PBA-14");
}

const struct test function_mask_leaves_entry_masks = {
    .name = "function_mask_leaves_entry_masks",
    .requirements = "MSIX-CAP-09, MSIX-TBL-23",
    .story = "A random pattern of entry masks reads back unchanged while the function mask and Enable toggle.",
    .run = toggle_function_mask,
};

static void mixed_pattern(struct bench *b)
{
    bool open[2048];
    const unsigned nvec = bench_config(b)->nvec;
    uint64_t wanted[32] = {0};
    uint64_t bits[32];
    start_all(b, true);
    msix_control(b, true, true);
    random_masks(b, open);
    for (unsigned v = 0; v < nvec; v++)
        app_event_start(b, v);
    app_event_flush(b);
    msix_control(b, true, false);
    quiesce(b);
    for (unsigned v = 0; v < nvec && !bench_stopped(b); v++) {
        expect_messages(b, v, open[v], "MSIX-PBA-16");
        wanted[v / 64] |= (uint64_t)!open[v] << v % 64;
    }
    read_pba(b, bits);
    for (unsigned q = 0; q < pba_qwords(b); q++)
        expect_value(b, "a QWORD of the PBA", bits[q], wanted[q], "MSIX-PBA-16");
}

const struct test function_mask_clear_respects_entry_masks = {
    .name = "function_mask_clear_respects_entry_masks",
    .requirements = "MSIX-PBA-16, MSIX-PBA-17, MSIX-PBA-22",
    .story = "All vectors pending under the function mask: clearing it sends the unmasked half once and leaves the "
             "other half pending.",
    .run = mixed_pattern,
};

static void others_keep_going(struct bench *b)
{
    start_all(b, false);
    const unsigned held = any_vector(b);
    const unsigned free_one = other_vector(b, held);
    msix_mask(b, held);
    host_fence(b);
    for (unsigned i = 1; i <= 10 && !bench_stopped(b); i++) {
        app_event(b, held);
        app_event(b, free_one);
        bench_wait_messages(b, free_one, i, 200, "MSIX-PBA-22");
    }
    quiesce(b);
    expect_messages(b, free_one, 10, "MSIX-PBA-22");
    expect_messages(b, held, 0, "MSIX-PBA-06");
    expect_pending(b, held, true, "MSIX-PBA-22");
    expect_pending(b, free_one, false, "MSIX-PBA-22");
}

const struct test masking_one_vector_leaves_the_others = {
    .name = "masking_one_vector_leaves_the_others",
    .requirements = "MSIX-PBA-22, MSIX-PBA-06, EDGE-03",
    .story = "While one vector is masked and pending another sends its ten messages.",
    .skip = skip_below_two_vectors,
    .run = others_keep_going,
};

/*
 * Vector 0 has an event, nothing posted can leave, and the host masks and reads back. The message leaves before that read's
 * completion or it is withdrawn; after it, silence.
 */
static void mask_while_stuck(struct bench *b, void (*release)(struct bench *b))
{
    const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
    app_event(b, 0);
    bench_run(b, 15);
    msix_mask(b, 0);
    const uint8_t tag = host_mem_read_start(b, bench_table_address(b, 0, 3), 1, 0xF, 0);
    bench_run(b, 30);
    release(b);
    expect_value(b, "Vector Control", host_wait(b, tag).data[0], 1, "ORD-24");
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0) - before;
    bench_run(b, 100);
    host_fence(b);
    expect_messages(b, 0, before + sent, "RACE-07");
    expect_pending(b, 0, sent == 0, "RACE-07");
    bench_expect(b, sent <= 1, "RACE-07", "one event gave %u messages", (unsigned)sent);
    msix_unmask(b, 0);
    quiesce(b);
    expect_messages(b, 0, before + 1, "RACE-07");
}

static void mask_while_not_ready(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned i = 0; i < 5 && !bench_stopped(b); i++) {
        stall_tx(b);
        mask_while_stuck(b, release_tx);
    }
}

const struct test mask_flush_holds_stalled_message = {
    .name = "mask_flush_holds_stalled_message",
    .requirements = "RACE-07, MSIX-PBA-34, MSIX-PBA-35, ORD-24, TLP-25",
    .story = "A message waits for tx ready while its vector is masked and read back: once before the completion, or "
             "not at all.",
    .run = mask_while_not_ready,
};

static void mask_without_headers(struct bench *b)
{
    start_one(b, 0, false);
    starve_posted(b, STARVED_HEADERS);
    mask_while_stuck(b, feed);
}

const struct test mask_flush_holds_message_without_header_credit = {
    .name = "mask_flush_holds_message_without_header_credit",
    .requirements = "RACE-07, MSIX-PBA-34, MSIX-PBA-35, FC-12",
    .story = "The same while the message waits for a posted header credit.",
    .run = mask_without_headers,
};

static void mask_without_data(struct bench *b)
{
    start_one(b, 0, false);
    starve_posted(b, STARVED_DATA);
    mask_while_stuck(b, feed);
}

const struct test mask_flush_holds_message_without_data_credit = {
    .name = "mask_flush_holds_message_without_data_credit",
    .requirements = "RACE-07, MSIX-PBA-34, MSIX-PBA-35, FC-12",
    .story = "The same while the message waits for a posted data credit.",
    .run = mask_without_data,
};

static void function_mask_while_stalled(struct bench *b)
{
    start_all(b, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    stall_tx(b);
    app_event(b, 0);
    bench_run(b, 15);
    host_forget(b, control_start(b, cap, true, true));
    const uint8_t tag = host_cfg_read_start(b, cap);
    bench_run(b, 30);
    release_tx(b);
    expect_value(b, "{Enable, Function Mask}", host_wait(b, tag).data[0] >> 30, 3, "ORD-25");
    const uint64_t sent = scoreboard_messages_total(bench_scoreboard(b));
    bench_run(b, 100);
    host_fence(b);
    expect_total(b, sent, "RACE-07");
    expect_pending(b, 0, sent == 0, "RACE-07");
}

const struct test function_mask_flush_holds_stalled_message = {
    .name = "function_mask_flush_holds_stalled_message",
    .requirements = "RACE-04, RACE-07, MSIX-PBA-34",
    .story = "The function mask is set and read back while a message waits for tx: once before the completion, or not "
             "at all.",
    .run = function_mask_while_stalled,
};

static void reserved_control_bits(struct bench *b)
{
    start_one(b, 0, true);
    app_event(b, 0);
    host_mem_write32(b, bench_table_address(b, 0, 3), 0xFFFFFFFFU);
    host_fence(b);
    expect_messages(b, 0, 0, "MSIX-TBL-09");
    expect_vector_control(b, 0, 0xFFFFFFFFU, "MSIX-TBL-08");
    host_mem_write32(b, bench_table_address(b, 0, 3), 0xFFFFFFFEU);
    quiesce(b);
    expect_messages(b, 0, 1, "MSIX-TBL-09");
    expect_vector_control(b, 0, 0xFFFFFFFEU, "MSIX-TBL-08");
}

const struct test undefined_reserved_control_bits_do_not_mask = {
    .name = "undefined_reserved_control_bits_do_not_mask",
    .requirements = "MSIX-TBL-07, MSIX-TBL-08, MSIX-TBL-09, MSIX-TBL-28",
    .story =
        "Whatever is written to Vector Control 31:1, bit 0 alone masks; the reserved bits read as the policy says.",
    .run = reserved_control_bits,
};
