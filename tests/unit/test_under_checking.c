/*
 * test_under_checking.c - bugs that slip through test benches often. One test a point, in the order of docs/mistakes.md:
 * each must fail, by the check that names what is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "credits.h"
#include "story.h"
#include "wire.h"

enum { NVEC = WIRE_VECTORS, V = 2, W = 3, MASK = 16 * V + 12 };

static struct story *told(struct story *s)
{
    story_begin(s, NVEC);
    story_ready(s);
    return s;
}

#define WIRED(test) cmocka_unit_test_setup_teardown(test, wire_set_up, wire_tear_down)

/* ORD-02, ORD-06: RO = 1 lets a later write pass; it does not let anything pass that write. */
static void under_01_message_passes_earlier_relaxed_data(void **state)
{
    struct wire *w = *state;
    wire_data(w, 0, 1, true);
    wire_event(w, V);
    wire_is_legal(w);
    wire_message(w, V);
    wire_breaks(w, CHECK_MSG_ORDER);
}

/* RACE-19, ORD-12: a host that polls pending bits takes a 1 for 'the data is there'. */
static void under_02_pending_bit_overtakes_the_data_it_announces(void **state)
{
    struct wire *w = *state;
    const uint32_t bits = 1 << V;
    wire_write32(w, MASK, 1);
    wire_fence(w);
    const uint8_t tag = wire_read(w, WIRE_PBA, 1); /* comes first, and is served last */
    wire_data(w, 0, 1, false);
    wire_event(w, V);
    wire_is_legal(w);
    wire_complete(w, tag, &bits);
    wire_breaks(w, CHECK_CPL_ORDER);
}

/* ORD-12, RACE-47: the same with a flag in a device register, sampled behind the data. */
static void under_02_status_flag_overtakes_the_data_it_announces(void **state)
{
    struct wire *w = *state;
    const uint32_t ready = 1;
    const uint8_t tag = wire_read(w, WIRE_CSR, 1);
    wire_data(w, 0, 1, false);
    wire_csr_answers(w, 0, ready);
    wire_is_legal(w);
    wire_complete(w, tag, &ready);
    wire_breaks(w, CHECK_CPL_ORDER);
}

/* MSIX-PBA-11, RACE-18: the bit went at the grant, the message stands in a queue, and the read says that all is done. */
static void under_03_bit_clears_while_the_message_is_queued(void **state)
{
    struct wire *w = *state;
    const uint32_t nothing = 0;
    wire_event(w, V);
    const uint8_t tag = wire_read(w, WIRE_PBA, 1);
    wire_is_legal(w);
    wire_complete(w, tag, &nothing);
    wire_breaks(w, CHECK_PBA_EARLY_CLEAR);
}

/* ORD-28: an INTx message is posted, and stays behind the data that it announces, whatever RO that has. */
static void under_04_intx_message_passes_earlier_data(void **state)
{
    struct wire *w = *state;
    wire_complete(w, wire_msix(w, false, false), NULL);
    wire_fence(w);
    for (unsigned ro = 0; ro < 2; ro++)
        for (unsigned level = 2; level-- > 0;) {
            wire_data(w, ro, 1, ro);
            wire_intx_level(w, level);
            wire_is_legal(w);
            wire_intx(w, level);
            wire_breaks(w, CHECK_INTX_ORDER);
            wire_data_sent(w, ro, 1, ro);
        }
    wire_ends_well(w);
}

/* MSIX-TBL-18, RACE-13: an entry that was rewritten under Function Mask must be read again when Function Mask falls. */
static void under_05_old_fields_after_a_rewrite_under_function_mask(void **state)
{
    struct story s;
    (void)state;
    told(&s);
    story_control(&s, true, true, true);
    story_fence(&s);
    story_dw(&s, V, 2, 0x22222222);
    story_control(&s, true, false, true);
    story_fence(&s);
    story_event(&s, V);
    story_is_legal(&s);
    story_message(&s, V); /* with the data of before */
    story_breaks(&s, CHECK_MSG_FIELDS);
    story_end(&s);
}

/* ORD-08, RACE-45, FC-15: there is a data credit for the message and there are too few for the data in front of it. Credits
 * allow the message; order does not. */
static void under_06_message_slips_past_data_that_lacks_credits(void **state)
{
    struct wire *w = *state;
    struct credits credits;
    const struct tlp data = {.kind = TLP_MWR, .length = 32}, message = {.kind = TLP_MWR, .length = 1};
    credits_init(&credits);
    credits_set_limits(&credits, &(struct credit_limits){.ph = 8, .pd = 3});
    assert_false(credits_can_send(&credits, &data));
    assert_true(credits_can_send(&credits, &message));
    wire_data(w, 0, 32, false);
    wire_event(w, V);
    wire_message(w, V);
    wire_breaks(w, CHECK_MSG_ORDER);
}

/* MMIO-33, ORD-20, ORD-23: a host write waits on rx because a read before it waits for tx. */
static void under_07_host_write_waits_for_tx(void **state)
{
    struct wire *w = *state;
    const struct dut_in write = {.rx = {.data = {0x40000001}, .valid = true, .last = true}};
    wire_read(w, 0, 1);
    for (unsigned k = 1; k < w->policy.write_acceptance_clocks; k++)
        wire_clock(w, write, (struct dut_out){.tx = {.valid = true}});
    wire_is_legal(w);
    wire_clock(w, write, (struct dut_out){.tx = {.valid = true}});
    wire_breaks(w, CHECK_WRITE_ACCEPTANCE);
}

/* EDGE-13, RACE-16: the event comes in the clock in which the last message takes the bit, and goes with it. */
static void under_08_event_is_lost_to_the_clear_of_a_send(void **state)
{
    struct wire *w = *state;
    wire_event(w, V);
    wire_message(w, V);
    wire_event(w, V); /* of the same clock, and not covered by that message: it is told behind it */
    wire_fence(w);
    wire_is_legal(w);
    scoreboard_finish(w->sb);
    wire_breaks(w, CHECK_EVENT_LOST);
}

/* EDGE-13, RACE-21: the same with the clear input, under the mask: the bit must end 1. */
static void under_08_event_is_lost_to_the_clear_input(void **state)
{
    struct story s;
    (void)state;
    told(&s);
    story_mask(&s, V);
    story_fence(&s);
    story_event(&s, V);
    story_clear(&s, V);
    story_event(&s, V);
    story_is_legal(&s);
    story_pending(&s, V, false);
    story_breaks(&s, CHECK_PBA_VALUE);
    story_end(&s);
}

/* CFG-16, MSIX-PBA-33, RACE-30: a message, or data, waits for credits; the function is reset; the credits come. */
static void under_09_late_credits_release_what_is_older_than_the_reset(void **state)
{
    struct wire *w = *state;
    for (unsigned data = 0; data < 2; data++)
        for (unsigned ready = data; ready < 2;
             ready++) { /* data that leaves before is wrong by Bus Master Enable too */
            if (data)
                wire_data(w, 0, 1, false);
            else
                wire_event(w, V);
            wire_flr(w);
            wire_flr_active(w, false);
            wire_fence(w);
            if (ready) /* the driver has set up all as it was */
                wire_ready(w, NVEC);
            wire_is_legal(w);
            if (data)
                wire_data_sent(w, 0, 1, false);
            else
                wire_message(w, V);
            wire_breaks(w, data ? CHECK_FLR_STALE : ready ? CHECK_MSG_CAUSE : CHECK_MSG_KNOWN);
            w = wire_fresh(state);
        }
}

/* Table sizes that are no power of two, the smallest and the largest, and those around a QWORD of pending bits. */
static const unsigned sizes[] = {1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 1000, 2047, 2048};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* EDGE-03, MSIX-TBL-26, EDGE-12: the last entry is as good as any, and an event behind it is nobody's. */
static void under_10_last_entry_is_lost_or_wraps(void **state)
{
    (void)state;
    for (unsigned k = 0; k < SIZES; k++) {
        struct wire w;
        const unsigned n = sizes[k], last = n - 1;
        wire_begin(&w, n);
        wire_ready(&w, n);
        wire_event(&w, last);
        wire_message(&w, last);
        if (n < 2048)
            wire_event(&w, n);
        wire_is_legal(&w);
        wire_message(&w, n < 2048 ? 0 : last); /* the event behind the end came round; or a message too many */
        wire_breaks(&w, CHECK_MSG_CAUSE);
        wire_event(&w, last);
        scoreboard_finish(w.sb);
        wire_breaks(&w, CHECK_EVENT_LOST);
        wire_end(&w);
    }
}

/* MSIX-PBA-03, MSIX-PBA-06: in the last QWORD of pending bits the last vector counts, and what is behind it reads 0. */
static void under_10_last_qword_of_pending_bits(void **state)
{
    (void)state;
    for (unsigned k = 0; k < SIZES; k++) {
        struct wire w;
        const unsigned n = sizes[k], last = n - 1, offset = WIRE_PBA + last / 32 * 4;
        const uint32_t bit = UINT32_C(1) << last % 32;
        wire_begin(&w, n);
        wire_ready(&w, n);
        wire_write32(&w, 16 * last + 12, 1);
        wire_fence(&w);
        wire_event(&w, last);
        wire_reads(&w, offset, bit);
        wire_is_legal(&w);
        if (n % 32 != 0) {
            wire_reads(&w, offset, bit | bit << 1);
            wire_breaks(&w, CHECK_PBA_RESERVED);
        }
        wire_reads(&w, offset, 0);
        wire_breaks(&w, CHECK_PBA_VALUE);
        wire_end(&w);
    }
}

/* TLP-17, TLP-18, RACE-40: the bus was numbered anew, and messages still carry the old number. */
static void under_11_requester_id_is_not_captured_again(void **state)
{
    struct wire *w = *state;
    const uint16_t old = w->id;
    w->id = 0x4500;
    wire_complete(w, wire_command(w, CFG_COMMAND_MSE | CFG_COMMAND_BME), NULL);
    wire_fence(w);
    wire_event(w, V);
    wire_event(w, W);
    wire_message(w, V);
    wire_is_legal(w);
    w->id = old;
    wire_message(w, W);
    wire_breaks(w, CHECK_MSG_REQUESTER);
}

/* MSIX-TBL-05, MSIX-TBL-06: tables whose mask bits come up 0, or whose reserved bits come up 1, have been shipped. */
static void under_12_vector_control_after_reset(void **state)
{
    static const uint32_t wrong[] = {0, 3, 0x80000001, UINT32_MAX};
    (void)state;
    for (unsigned k = 0; k < 4; k++) {
        struct wire w;
        wire_begin(&w, NVEC);
        wire_ready(&w, 0);
        wire_reads(&w, MASK, 1);
        wire_is_legal(&w);
        wire_reads(&w, MASK, wrong[k]);
        wire_breaks(&w, CHECK_TABLE_MASK_VALUE);
        wire_end(&w);
    }
}

/* EDGE-18, EDGE-19: Interrupt Disable is about INTx, and MSE about what comes in: neither stops a message. */
static void under_13_message_is_gated_by_the_wrong_bit(void **state)
{
    static const uint32_t command[] = {CFG_COMMAND_MSE | CFG_COMMAND_BME | CFG_COMMAND_INT_DISABLE, CFG_COMMAND_BME};
    for (unsigned k = 0; k < 2; k++) {
        struct wire *w = wire_fresh(state);
        wire_complete(w, wire_command(w, command[k]), NULL);
        wire_fence(w);
        wire_event(w, V);
        wire_message(w, V); /* is sent by a good block */
        wire_event(w, V);
        wire_is_legal(w);
        scoreboard_finish(w->sb); /* is held back by a bad one */
        wire_breaks(w, CHECK_EVENT_LOST);
    }
}

/* EDGE-18, INTX-08: the same with an INTx level that is up: messages know nothing of Interrupt Disable, and INTx knows
 * nothing of MSE and BME. */
static void under_13_interrupt_disable_is_about_intx_alone(void **state)
{
    struct wire *w = *state;
    wire_intx_level(w, true);
    wire_complete(w, wire_command(w, CFG_COMMAND_MSE | CFG_COMMAND_BME | CFG_COMMAND_INT_DISABLE), NULL);
    wire_fence(w);
    wire_event(w, V);
    wire_fence(w);
    wire_is_legal(w);
    scoreboard_finish(w->sb); /* the message is held back */
    wire_breaks(w, CHECK_EVENT_LOST);
    wire_message(w, V);
    wire_complete(w, wire_msix(w, false, false), NULL);
    wire_fence(w);
    wire_is_legal(w);
    wire_intx(w, true); /* Interrupt Disable forgotten */
    wire_breaks(w, CHECK_INTX_CAUSE);
    wire_intx(w, false);
    w = wire_fresh(state);
    wire_complete(w, wire_msix(w, false, false), NULL);
    wire_complete(w, wire_command(w, 0), NULL);
    wire_fence(w);
    wire_intx_level(w, true);
    wire_is_legal(w);
    scoreboard_finish(w->sb); /* the INTx message is held back by the wrong bits */
    wire_breaks(w, CHECK_INTX_STATE);
    wire_intx(w, true);
    wire_ends_well(w);
}

/* RACE-25, MSIX-PBA-26: one write changes Enable and Function Mask, both from 0 to 1, then both back. A block that takes
 * them one after the other lets a message slip out between. */
static void under_15_enable_and_function_mask_of_one_write_come_apart(void **state)
{
    struct wire *w = *state;
    for (unsigned up = 0; up < 2; up++) {
        wire_complete(w, wire_msix(w, !up, !up), NULL);
        wire_fence(w);
        wire_event(w, V);
        wire_msix(w, up, up);
        wire_is_legal(w);
        wire_message(w, V);
        wire_breaks(w, up ? CHECK_MSG_MASKED : CHECK_MSG_DISABLED);
    }
}

/* TLP-07, TLP-24: header bytes go by position, most significant first; data goes by address, least significant first. */
static void under_16_message_data_in_the_order_of_the_header(void **state)
{
    struct wire *w = *state;
    struct tlp t;
    const uint32_t swapped = tlp_payload_le(wire_data_of(V));
    wire_event(w, V);
    wire_is_legal(w);
    t = wire_message_tlp(w, V);
    wire_tx(w, &t, &swapped);
    wire_breaks(w, CHECK_MSG_FIELDS);
}

/* MMIO-10, MMIO-14: Byte Count is from the first enabled byte to the last, holes included, and 1 if there is none. */
static void under_17_byte_count_of_sparse_and_empty_reads(void **state)
{
    static const struct {
        uint8_t first_be;
        uint16_t right, wrong;
    } cases[] = {{0x9, 4, 2}, {0xA, 3, 2}, {0x5, 3, 2}, {0x4, 1, 4}, {0x0, 1, 4}};
    struct wire *w = *state;
    const uint32_t value = wire_data_of(V);
    for (unsigned k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct tlp read = wire_memory(TLP_MRD, 16 * V + 8, 1);
        read.first_be = cases[k].first_be;
        struct tlp t = wire_completion(w, wire_request(w, read, NULL), TLP_SC);
        assert_int_equal(t.byte_count, cases[k].right);
        wire_tx(w, &t, &value);
        wire_is_legal(w);
        t = wire_completion(w, wire_request(w, read, NULL), TLP_SC);
        t.byte_count = cases[k].wrong;
        wire_tx(w, &t, &value);
        wire_breaks(w, CHECK_CPL_BYTE_COUNT);
    }
}

/* MMIO-14, ORD-12: a read of no bytes is answered, with data of no meaning, and flushes like any other. */
static void under_17_empty_read_does_not_flush(void **state)
{
    struct wire *w = *state;
    struct tlp read = wire_memory(TLP_MRD, 0, 1);
    const uint32_t garbage = 0x6A4BA6E0;
    read.first_be = 0;
    wire_complete(w, wire_request(w, read, NULL), &garbage);
    wire_data(w, 0, 1, false);
    const uint8_t tag = wire_request(w, read, NULL);
    wire_is_legal(w);
    wire_complete(w, tag, &garbage);
    wire_breaks(w, CHECK_CPL_ORDER);
    wire_data_sent(w, 0, 1, false);
    wire_request(w, read, NULL); /* is never answered */
    scoreboard_finish(w->sb);
    wire_breaks(w, CHECK_CPL_MISSING);
}

/* MMIO-15: a write of no bytes changes nothing. */
static void under_17_empty_write_changes_the_table(void **state)
{
    struct wire *w = *state;
    struct tlp write = wire_memory(TLP_MWR, 16 * V + 8, 1);
    const uint32_t value = 0x99999999;
    write.first_be = 0;
    wire_request(w, write, &value);
    wire_reads(w, 16 * V + 8, wire_data_of(V));
    wire_is_legal(w);
    wire_reads(w, 16 * V + 8, value);
    wire_breaks(w, CHECK_TABLE_VALUE);
}

/* FC-11: a request that was refused has used its credits like any other, and they must come back. */
static void under_18_credits_of_a_refused_request_stay_away(void **state)
{
    const struct tlp unclaimed[] = {{.kind = TLP_MWR, .length = 1, .first_be = 0xF, .address = 0x1000},
                                    {.kind = TLP_MRD, .length = 1, .first_be = 0xF, .address = 0x1000},
                                    {.kind = TLP_IOWR, .length = 1, .first_be = 0xF}};
    const struct rx_limits first = {.ph = 16, .pd = 64, .nph = 32, .npd = 32};
    struct rx_limits back[] = {first, first, first};
    (void)state;
    back[0].ph++, back[0].pd++;
    back[1].nph++;
    back[2].nph++, back[2].npd++;
    for (unsigned k = 0; k < 3; k++)
        for (unsigned returned = 0; returned < 2; returned++) {
            struct rx_grants grants;
            struct checks checks;
            checks_init(&checks, NULL, NULL);
            rx_grants_init(&grants, 128);
            assert_true(rx_grants_update(&grants, &checks, &first));
            rx_grants_use(&grants, &unclaimed[k]);
            if (returned)
                assert_true(rx_grants_update(&grants, &checks, &back[k]));
            assert_int_equal(rx_grants_drained(&grants, &checks), returned);
            assert_int_equal(checks.counter[CHECK_RX_CREDITS].failed > 0, !returned);
        }
}

/* FC-11: what a function-level reset drops has used credits all the same. */
static void under_18_credits_of_what_a_reset_drops_stay_away(void **state)
{
    for (unsigned returned = 0; returned < 2; returned++) {
        struct wire *w = wire_fresh(state);
        const uint32_t value = 0x12345678;
        wire_flr(w);
        wire_clock(w, (struct dut_in){.rx = {.data = {0x40000001}, .valid = true, .last = true}},
                   (struct dut_out){.rx_tready = true, .flr_active = true});
        wire_write32(w, 16 * V + 8, value);
        wire_clock(w, (struct dut_in){.rx = {.valid = false}},
                   (struct dut_out){.flr_active = true, .rxfc_ph = (uint8_t)returned, .rxfc_pd = (uint8_t)returned});
        wire_flr_active(w, false);
        wire_fence(w);
        wire_is_legal(w);
        scoreboard_finish(w->sb);
        if (returned)
            wire_is_legal(w);
        else
            wire_breaks(w, CHECK_RX_CREDITS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRED(under_01_message_passes_earlier_relaxed_data),
        WIRED(under_02_pending_bit_overtakes_the_data_it_announces),
        WIRED(under_02_status_flag_overtakes_the_data_it_announces),
        WIRED(under_03_bit_clears_while_the_message_is_queued),
        WIRED(under_04_intx_message_passes_earlier_data),
        cmocka_unit_test(under_05_old_fields_after_a_rewrite_under_function_mask),
        WIRED(under_06_message_slips_past_data_that_lacks_credits),
        WIRED(under_07_host_write_waits_for_tx),
        WIRED(under_08_event_is_lost_to_the_clear_of_a_send),
        cmocka_unit_test(under_08_event_is_lost_to_the_clear_input),
        WIRED(under_09_late_credits_release_what_is_older_than_the_reset),
        cmocka_unit_test(under_10_last_entry_is_lost_or_wraps),
        cmocka_unit_test(under_10_last_qword_of_pending_bits),
        WIRED(under_11_requester_id_is_not_captured_again),
        cmocka_unit_test(under_12_vector_control_after_reset),
        WIRED(under_13_message_is_gated_by_the_wrong_bit),
        WIRED(under_13_interrupt_disable_is_about_intx_alone),
        WIRED(under_15_enable_and_function_mask_of_one_write_come_apart),
        WIRED(under_16_message_data_in_the_order_of_the_header),
        WIRED(under_17_byte_count_of_sparse_and_empty_reads),
        WIRED(under_17_empty_read_does_not_flush),
        WIRED(under_17_empty_write_changes_the_table),
        cmocka_unit_test(under_18_credits_of_a_refused_request_stay_away),
        WIRED(under_18_credits_of_what_a_reset_drops_stay_away),
    };
    return cmocka_run_group_tests_name("under_checking", tests, NULL, NULL);
}
