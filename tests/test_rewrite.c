/*
 * test_rewrite.c - address and data are changed under a mask: the next message is entirely new.
 */
#include "common.h"

#include "skips.h"

enum { LEAVES_WITHIN = 200 };

/* The `index`-th message of the capture carries this address and data, in the header form that fits. */
static void expect_sent(struct bench *b, const struct capture *c, unsigned index, uint64_t address, uint32_t data,
                        const char *requirement)
{
    struct tlp tlp;
    if (!bench_expect(b, index < c->count, requirement, "message %u has not come", index))
        return;
    const struct captured *t = &c->tlp[index];
    tlp_decode(t->dw, t->n_dw, &tlp);
    expect_value(b, "the message's address", tlp.address, address, requirement);
    expect_value(b, "its data", tlp_payload_le(t->dw[tlp.header_dw]), data, requirement);
    expect_value(b, "its header DWs", tlp.header_dw, address >> 32 ? 4 : 3, "TLP-04");
}

/* Another address and data for each `round`; 32- and 64-bit addresses in turn. */
static uint64_t new_address(unsigned round)
{
    return own_address(round) ^ UINT64_C(0x80000);
}

static uint32_t new_data(unsigned round)
{
    return 0xC0DE0000U + round * 0x01010101U;
}

static void under_entry_mask(struct bench *b)
{
    struct capture c;
    start_one(b, 0, false);
    for (unsigned round = 0; round < 20 && !bench_stopped(b); round++) {
        const bool pending_first = round & 1U;
        msix_mask(b, 0);
        host_fence(b);
        if (pending_first)
            app_event(b, 0);
        msix_program(b, 0, new_address(round), new_data(round), true);
        capture_start(&c);
        msix_unmask(b, 0);
        if (!pending_first)
            app_event_at(b, 0, 1 + rng_below(bench_rng(b), 12));
        capture_until(b, &c, 1, LEAVES_WITHIN, "RACE-11");
        capture_run(b, &c, 20);
        expect_sent(b, &c, 0, new_address(round), new_data(round), "RACE-11");
        expect_value(b, "messages for one event", c.count, 1, "EDGE-02a");
    }
}

const struct test rewrite_under_entry_mask_takes_effect = {
    .name = "rewrite_under_entry_mask_takes_effect",
    .requirements = "RACE-11, RACE-14, MSIX-TBL-16, MSIX-TBL-18, TLP-04, TLP-26",
    .story =
        "Mask, fence, new address and data, unmask: the next message is new, whether the event came before or after.",
    .run = under_entry_mask,
};

static void under_function_mask(struct bench *b)
{
    struct capture c;
    start_one(b, 0, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    for (unsigned round = 0; round < 20 && !bench_stopped(b); round++) {
        msix_control(b, true, true);
        host_fence(b);
        app_event(b, 0);
        msix_program(b, 0, new_address(round), new_data(round), false);
        host_fence(b);
        capture_start(&c);
        host_mem_read_start(b, bench_table_address(b, 0, 0), 1, 0xF, 0);
        host_forget(b, control_start(b, cap, true, false));
        capture_until(b, &c, 3, LEAVES_WITHIN, "RACE-13");
        capture_run(b, &c, 20);
        unsigned at = 0;
        while (at < c.count && !captured_is_message(&c.tlp[at]))
            at++;
        expect_sent(b, &c, at, new_address(round), new_data(round), "RACE-13");
        expect_value(b, "TLPs for a read, a configuration write and an event", c.count, 3, "EDGE-02a");
    }
}

const struct test rewrite_under_function_mask_alone_takes_effect = {
    .name = "rewrite_under_function_mask_alone_takes_effect",
    .requirements = "RACE-13, RACE-14, MSIX-TBL-18, MSIX-TBL-20, TLP-26",
    .story =
        "The entry stays unmasked and is rewritten under the function mask alone; clearing that sends the new values.",
    .run = under_function_mask,
};

static void toggle_header_form(struct bench *b)
{
    struct capture c;
    start_one(b, 0, true);
    for (unsigned round = 0; round < 16 && !bench_stopped(b); round++) {
        const uint32_t upper = round & 1U ? 0x00000001U << round : 0;
        const uint64_t address = (uint64_t)upper << 32 | 0xFEE00010U;
        host_mem_write32(b, bench_table_address(b, 0, 0), 0xFEE00010U);
        host_mem_write32(b, bench_table_address(b, 0, 1), upper);
        host_mem_write32(b, bench_table_address(b, 0, 2), round);
        app_event(b, 0);
        capture_start(&c);
        msix_unmask(b, 0);
        capture_until(b, &c, 1, LEAVES_WITHIN, "RACE-14");
        expect_sent(b, &c, 0, address, round, "RACE-14");
        msix_mask(b, 0);
        host_fence(b);
    }
}

const struct test header_form_follows_a_rewritten_upper_address = {
    .name = "header_form_follows_a_rewritten_upper_address",
    .requirements = "RACE-14, RACE-37, TLP-04, TLP-26, MSIX-TBL-16",
    .story = "Only the upper address changes between zero and non-zero, by DWORD writes: 3 and 4 DW headers follow.",
    .run = toggle_header_form,
};

static void another_entry(struct bench *b)
{
    start_all(b, true);
    const unsigned v = any_vector(b);
    const unsigned w = other_vector(b, v);
    const uint64_t address = own_address(v) | 8U;
    struct capture c;
    msix_program(b, v, address, new_data(99), false);
    host_fence(b);
    capture_start(&c);
    for (unsigned round = 0; round < 60 && !bench_stopped(b); round++) {
        msix_program(b, w, new_address(round), new_data(round), true);
        app_event_at(b, v, 1 + rng_below(bench_rng(b), 3));
        capture_run(b, &c, 8 + search_clocks(b));
    }
    capture_run(b, &c, 50 + search_clocks(b));
    expect_value(b, "messages for 60 events", c.count, 60, "RACE-15");
    for (unsigned i = 0; i < c.count && !bench_stopped(b); i++)
        expect_sent(b, &c, i, address, new_data(99), "RACE-15");
    expect_messages(b, w, 0, "RACE-15");
}

const struct test rewriting_one_entry_leaves_the_sending_one = {
    .name = "rewriting_one_entry_leaves_the_sending_one",
    .requirements = "RACE-15, MSIX-TBL-29, TLP-26, MSIX-PBA-22",
    .story = "A masked entry is rewritten all the time while another sends sixty messages, each with its own values.",
    .skip = skip_below_two_vectors,
    .run = another_entry,
};

static void qword_unmask(struct bench *b)
{
    struct capture c;
    start_one(b, 0, true);
    for (unsigned round = 0; round < 20 && !bench_stopped(b); round++) {
        app_event(b, 0);
        host_fence(b);
        capture_start(&c);
        host_mem_write64(b, bench_table_address(b, 0, 2), new_data(round));
        capture_until(b, &c, 1, LEAVES_WITHIN, "RACE-38");
        expect_sent(b, &c, 0, own_address(0), new_data(round), "RACE-38");
        msix_mask(b, 0);
        host_fence(b);
    }
    expect_messages(b, 0, 20, "MSIX-TBL-14");
}

const struct test qword_unmask_carries_the_new_data = {
    .name = "qword_unmask_carries_the_new_data",
    .requirements = "RACE-38, MSIX-TBL-14, ORD-26",
    .story = "One QWORD write changes Data and unmasks a pending entry: the message has the new data, never the old.",
    .run = qword_unmask,
};

static void no_fence_between(struct bench *b)
{
    struct capture c;
    uint64_t address = own_address(0);
    uint32_t data = own_data(0);
    start_one(b, 0, false);
    for (unsigned round = 0; round < 24 && !bench_stopped(b); round++) {
        capture_start(&c);
        app_event_start(b, 0);
        capture_run(b, &c, round % 8);
        msix_mask(b, 0);
        msix_program(b, 0, new_address(round), new_data(round), true);
        msix_unmask(b, 0);
        capture_run(b, &c, 80 + search_clocks(b));
        expect_value(b, "messages for one event", c.count, 1, "RACE-12");
        struct tlp tlp = {0};
        tlp_decode(c.tlp[0].dw, c.tlp[0].n_dw, &tlp);
        const bool old = tlp.address == address;
        expect_sent(b, &c, 0, old ? address : new_address(round), old ? data : new_data(round), "RACE-12");
        address = new_address(round);
        data = new_data(round);
    }
}

const struct test rewrite_without_fence_is_all_old_or_all_new = {
    .name = "rewrite_without_fence_is_all_old_or_all_new",
    .requirements = "RACE-12, RACE-14, TLP-26, ORD-25",
    .story = "Event, then mask, rewrite and unmask back to back: one message, entirely old or entirely new.",
    .run = no_fence_between,
};

static void qword_rewrite(struct bench *b)
{
    start_one(b, 0, false);
    for (int offset = -sweep_end(b); offset <= sweep_end(b) && !bench_stopped(b); offset = sweep_next(offset)) {
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        const uint64_t address = new_address((unsigned)(offset + sweep_end(b)));
        if (offset < 0)
            host_mem_write64(b, bench_table_address(b, 0, 0), address);
        else
            app_event_start(b, 0);
        bench_run(b, (unsigned)(offset < 0 ? -offset : offset));
        if (offset < 0)
            app_event_start(b, 0);
        else
            host_mem_write64(b, bench_table_address(b, 0, 0), address);
        quiesce(b);
        expect_messages(b, 0, before + 1, "RACE-39");
    }
}

const struct test undefined_qword_rewrite_is_old_or_new = {
    .name = "undefined_qword_rewrite_is_old_or_new",
    .requirements = "RACE-39, MSIX-TBL-19, MSIX-TBL-29, TLP-26",
    .story = "A QWORD write changes both address DWs of an unmasked entry around an event: one message, to the old or "
             "the new "
             "address; to a mixed one only if the policy says that QWORDs are not atomic.",
    .run = qword_rewrite,
};

static void stalled_old_message(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned round = 0; round < 8 && !bench_stopped(b); round++) {
        struct capture c;
        stall_tx(b);
        app_event(b, 0);
        bench_run(b, 2 * round);
        msix_mask(b, 0);
        msix_program(b, 0, new_address(round), new_data(round), true);
        bench_run(b, 10);
        release_tx(b);
        host_fence(b);
        const uint64_t sent = scoreboard_messages(bench_scoreboard(b), 0);
        capture_start(&c);
        msix_unmask(b, 0);
        capture_run(b, &c, 60 + search_clocks(b));
        expect_messages(b, 0, round + 1U, "RACE-12");
        if (sent == round)
            expect_sent(b, &c, 0, new_address(round), new_data(round), "RACE-11");
        else
            expect_value(b, "messages after the fence", c.count, 0, "RACE-12");
    }
}

const struct test stalled_message_is_old_before_the_fence_only = {
    .name = "stalled_message_is_old_before_the_fence_only",
    .requirements = "RACE-07, RACE-11, RACE-12, MSIX-TBL-16",
    .story =
        "A message waits for tx while its entry is masked and rewritten: old before the fence, or new after unmask.",
    .run = stalled_old_message,
};
