/*
 * test_over_assertion.c - legal behaviour that test benches often take for a bug. One test a point, in the order of
 * docs/mistakes.md: none of it may fail a check.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"
#include "wire.h"

enum { NVEC = WIRE_VECTORS, V = 2, W = 3, MASK = 16 * V + 12 };

static struct story *told(struct story *s)
{
    story_begin(s, NVEC);
    story_ready(s);
    return s;
}

static void told_well(struct story *s)
{
    story_ends_well(s);
    story_end(s);
}

#define WIRED(test) cmocka_unit_test_setup_teardown(test, wire_set_up, wire_tear_down)

/* MSIX-TBL-10, MSIX-TBL-31: address and data are undefined after reset; only the mask bit is promised. */
static void over_01_address_and_data_after_reset_hold_anything(void **state)
{
    struct wire w;
    (void)state;
    wire_begin(&w, NVEC);
    w.policy.table_zero_after_reset = POLICY_EITHER;
    wire_ready(&w, 0);
    wire_reads(&w, 16 * V, 0xDEAD0001);
    wire_reads(&w, 16 * V + 4, 0xDEAD0002);
    wire_reads(&w, 16 * V + 8, 0xDEAD0003);
    wire_reads(&w, 16 * V + 12, 1);
    wire_ends_well(&w);
    wire_end(&w);
}

/* MSIX-PBA-13, MSIX-PBA-11: a vector that is unmasked and waits for credits may show its bit or not. A completion with
 * RO = 0 that shows 0 comes behind the message; one with RO = 1 may come before it. */
static void over_02_pending_bit_of_an_unmasked_vector_that_waits(void **state)
{
    struct wire *w = *state;
    struct tlp relaxed = wire_memory(TLP_MRD, WIRE_PBA, 1);
    uint32_t bits = 1 << V;
    relaxed.ro = true;
    wire_event(w, V);
    wire_complete(w, wire_read(w, WIRE_PBA, 1), &bits);
    wire_complete(w, wire_request(w, relaxed, NULL), &bits);
    bits = 0;
    wire_complete(w, wire_request(w, relaxed, NULL), &bits);
    wire_message(w, V);
    wire_complete(w, wire_read(w, WIRE_PBA, 1), &bits);
    wire_ends_well(w);
}

/* EDGE-03, MSIX-PBA-09: no rule says how soon a message must come, behind an event or an unmask. */
static void over_03_message_comes_as_late_as_it_likes(void **state)
{
    struct story s;
    (void)state;
    told(&s);
    story_event(&s, V);
    for (unsigned k = 0; k < 500; k++)
        story_fence(&s);
    story_message(&s, V);
    story_mask(&s, V);
    story_fence(&s);
    story_event(&s, V);
    story_unmask(&s, V);
    for (unsigned k = 0; k < 500; k++)
        story_fence(&s);
    story_message(&s, V);
    told_well(&s);
}

/* EDGE-04, EDGE-14: events that meet back-pressure may share a message that covers them all, or have one each. */
static void over_04_events_merge_or_not(void **state)
{
    struct story s;
    (void)state;
    told(&s);
    for (unsigned messages = 1; messages <= 3; messages++) {
        for (unsigned k = 0; k < 3; k++) {
            story_data(&s, 1, 0);
            story_event(&s, V);
        }
        for (unsigned sent = 0; sent < 3; sent++) { /* the last message is behind all data */
            story_data(&s, 0, 1);
            if (sent + messages >= 3)
                story_message(&s, V);
        }
        story_fence(&s);
        story_pending(&s, V, false);
    }
    told_well(&s);
}

/* EDGE-07, EDGE-09: messages of different vectors leave in any order, neither by number, nor in turn, nor as their events
 * came. */
static void over_05_vectors_leave_in_any_order(void **state)
{
    static const unsigned order[][NVEC] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}};
    struct story s;
    (void)state;
    told(&s);
    for (unsigned k = 0; k < 3; k++) {
        for (unsigned v = 0; v < NVEC; v++)
            story_event(&s, v);
        for (unsigned v = 0; v < NVEC; v++)
            story_message(&s, order[k][v]);
    }
    for (unsigned k = 0; k < 4; k++) { /* the same one again and again, while another waits */
        story_event(&s, V);
        story_event(&s, W);
        story_message(&s, V);
    }
    story_message(&s, W);
    told_well(&s);
}

/* TLP-19: the tag of a posted write means nothing. */
static void over_06_tag_of_a_message(void **state)
{
    struct wire *w = *state;
    for (unsigned tag = 0; tag < 256; tag += 51) {
        struct tlp t = wire_message_tlp(w, V);
        const uint32_t data = wire_data_of(V);
        t.tag = (uint16_t)tag;
        wire_event(w, V);
        wire_tx(w, &t, &data);
    }
    wire_ends_well(w);
}

/* MMIO-13, MMIO-16, MMIO-06: Length of a completion without data, bytes that were not asked for, and IDO that is not copied. */
static void over_06_fields_of_completions_that_mean_nothing(void **state)
{
    struct wire *w = *state;
    struct tlp read = wire_memory(TLP_MRD, 16 * V + 8, 1);
    uint32_t value = (wire_data_of(V) & 0xFFFF) | 0xBAD10000;
    read.first_be = 0x3;
    wire_complete(w, wire_request(w, read, NULL), &value);
    read.first_be = 0xF;
    read.ido = true;
    value = wire_data_of(V);
    wire_complete(w, wire_request(w, read, NULL), &value);
    struct tlp done = wire_completion(w, wire_msix(w, true, false), TLP_SC);
    done.length = 77;
    wire_tx(w, &done, NULL);
    wire_ends_well(w);
}

/* TLP-22: a receiver looks at no reserved bit: such a request is like any other, and changes what it writes. */
static void over_06_reserved_bits_of_a_request(void **state)
{
    struct wire *w = *state;
    struct tlp write = wire_memory(TLP_MWR, 16 * V + 8, 1), read = wire_memory(TLP_MRD, 16 * V + 8, 1);
    const uint32_t value = 0x12345678;
    write.reserved = read.reserved = 0x00020000; /* of header DW 0 */
    wire_request(w, write, &value);
    wire_complete(w, wire_request(w, read, NULL), &value);
    wire_ends_well(w);
}

/* ORD-13, RACE-04: the completion of a CfgWr may pass messages, so one that was committed before it may still come. */
static void over_07_configuration_write_completion_is_no_fence(void **state)
{
    struct wire *w = *state;
    wire_event(w, V);
    wire_complete(w, wire_msix(w, true, true), NULL);
    wire_message(w, V);
    wire_fence(w);
    wire_ends_well(w);
}

/* MSIX-PBA-05: writes to the pending bits are undefined: ignored, taken, or anything else. */
static void over_08_written_pending_bits_read_as_anything(void **state)
{
    struct wire *w = *state;
    w->policy.pba_writes_ignored = POLICY_EITHER;
    wire_write32(w, WIRE_PBA, 0x1F);
    wire_reads(w, WIRE_PBA, 0x1F);
    wire_reads(w, WIRE_PBA, 0x0A);
    wire_reads(w, WIRE_PBA, 0);
    wire_ends_well(w);
}

/* MSIX-TBL-07, MSIX-TBL-08, MSIX-TBL-09: reserved Vector Control bits may keep what was written; bit 0 alone masks. */
static void over_08_written_reserved_bits_may_stay(void **state)
{
    struct wire *w = *state;
    w->policy.vector_control_reserved_zero = POLICY_EITHER;
    wire_write32(w, MASK, 0xFFFFFFFE);
    wire_reads(w, MASK, 0xFFFFFFFE);
    wire_reads(w, MASK, 0);
    wire_event(w, V);
    wire_message(w, V);
    wire_ends_well(w);
}

/* MSIX-PBA-23, MSIX-PBA-28, MSIX-PBA-29: whether events count while MSI-X is disabled or BME = 0 is left open. */
static void over_09_events_while_disabled_are_recorded_or_not(void **state)
{
    (void)state;
    for (unsigned recorded = 0; recorded < 2; recorded++)
        for (unsigned by_bme = 0; by_bme < 2; by_bme++) {
            struct story s;
            told(&s);
            s.policy.record_while_disabled = s.policy.hold_while_bme_off = POLICY_EITHER;
            s.policy.record_masked_while_bme_off = POLICY_EITHER;
            story_mask(&s, W);
            story_control(&s, by_bme, false, !by_bme);
            story_fence(&s);
            story_event(&s, V);
            story_event(&s, W);
            story_pending(&s, V, recorded);
            story_pending(&s, W, recorded);
            story_unmask(&s, W);
            story_control(&s, true, false, true);
            story_fence(&s);
            for (unsigned k = 0; k < recorded; k++) {
                story_message(&s, V);
                story_message(&s, W);
            }
            story_fence(&s);
            story_pending(&s, V, false);
            told_well(&s);
        }
}

/* MSIX-PBA-24, RACE-23: pending bits may live through an enable toggle, or not. */
static void over_10_pending_bits_survive_a_toggle_or_not(void **state)
{
    (void)state;
    for (unsigned survives = 0; survives < 2; survives++) {
        struct story s;
        told(&s);
        s.policy.keep_on_disable = POLICY_EITHER;
        story_mask(&s, V);
        story_fence(&s);
        story_event(&s, V);
        story_pending(&s, V, true);
        story_control(&s, false, false, true);
        story_control(&s, true, false, true);
        story_fence(&s);
        story_pending(&s, V, survives);
        story_unmask(&s, V);
        if (survives)
            story_message(&s, V);
        told_well(&s);
    }
}

/* MMIO-19, MSIX-TBL-13: accesses of the table that are no aligned DWORD or QWORD may be served, refused or aborted. */
static void over_11_odd_reads_of_the_table_end_in_any_way(void **state)
{
    static const uint8_t status[] = {TLP_SC, TLP_UR, TLP_CA};
    struct tlp odd[] = {wire_memory(TLP_MRD, 16 * V, 3), wire_memory(TLP_MRD, 16 * V + 4, 2),
                        wire_memory(TLP_MRD, 16 * V + 8, 1), wire_memory(TLP_MRD, WIRE_PBA, 4)};
    const uint32_t anything[4] = {1, 2, 3, 4};
    struct wire *w = *state;
    odd[2].first_be = 0x6;
    w->policy.odd_reads_served = POLICY_EITHER;
    for (unsigned k = 0; k < 4; k++)
        for (unsigned how = 0; how < 3; how++) {
            const uint8_t tag = wire_request(w, odd[k], NULL);
            const struct tlp t = wire_completion(w, tag, status[how]);
            wire_tx(w, &t, anything);
        }
    wire_is_legal(w);
    const uint8_t tag = wire_read(w, 16 * V + 8, 1); /* an aligned DWORD is none of these */
    const struct tlp aborted = wire_completion(w, tag, TLP_CA);
    wire_tx(w, &aborted, NULL);
    wire_breaks(w, CHECK_CPL_STATUS);
    wire_ends_well(w);
}

/* TLP-04: a function that can do 64 bits sends 3 DW headers below 4 GB, and only these. */
static void over_12_message_below_4_gb_has_the_short_header(void **state)
{
    struct wire *w = *state;
    wire_event(w, 2); /* even vectors are below 4 GB */
    wire_event(w, 3);
    wire_message(w, 2);
    wire_message(w, 3);
    wire_is_legal(w);
    struct tlp t = wire_message_tlp(w, 2);
    const uint32_t data = wire_data_of(2);
    t.is_4dw = true;
    wire_event(w, 2);
    wire_tx(w, &t, &data);
    wire_breaks(w, CHECK_MSG_HEADER_FORM);
    wire_ends_well(w);
}

/* TLP-09: where IDO Request Enable is 1 a message may carry IDO, and need not. */
static void over_13_ido_where_it_is_enabled(void **state)
{
    struct wire *w = *state;
    wire_complete(w, wire_cfg_write(w, WIRE_PCIE + CFG_DEVICE_CONTROL2, 0x3, 0x100), NULL);
    wire_fence(w);
    for (unsigned ido = 0; ido < 2; ido++) {
        struct tlp t = wire_message_tlp(w, V);
        const uint32_t data = wire_data_of(V);
        t.ido = ido;
        wire_event(w, V);
        wire_tx(w, &t, &data);
    }
    wire_ends_well(w);
}

/* INTX-07: a receiver takes an INTx message that repeats the state of the wire, where a block is allowed to send it. */
static void over_14_intx_messages_come_twice(void **state)
{
    struct wire *w = *state;
    wire_complete(w, wire_msix(w, false, false), NULL);
    wire_fence(w);
    w->policy.intx_duplicates = POLICY_EITHER;
    for (unsigned times = 1; times <= 3; times++)
        for (unsigned level = 2; level-- > 0;) {
            wire_intx_level(w, level);
            for (unsigned k = 0; k < times; k++)
                wire_intx(w, level);
            wire_fence(w);
        }
    wire_is_legal(w);
    w->policy.intx_duplicates = POLICY_NO;
    wire_intx(w, false);
    wire_breaks(w, CHECK_INTX_DUPLICATE);
    wire_ends_well(w);
}

/* RACE-35, RACE-36: at the change of mode the Deassert_INTx, or the Assert_INTx, may come in front of a message or behind. */
static void over_14_intx_and_messages_change_places_at_a_change_of_mode(void **state)
{
    struct wire *w = *state;
    for (unsigned intx_first = 0; intx_first < 2; intx_first++) {
        wire_intx_level(w, true);
        wire_event(w, V);
        wire_complete(w, wire_msix(w, false, false), NULL);
        for (unsigned k = 0; k < 2; k++)
            if (k == intx_first)
                wire_message(w, V); /* from before the write */
            else
                wire_intx(w, true);
        wire_fence(w);
        wire_complete(w, wire_msix(w, true, false), NULL);
        wire_event(w, V);
        for (unsigned k = 0; k < 2; k++)
            if (k == intx_first)
                wire_message(w, V);
            else
                wire_intx(w, false);
        wire_fence(w);
        wire_intx_level(w, false);
    }
    wire_ends_well(w);
}

/* RACE-01, RACE-04, RACE-07: masked behind the commit and in front of the fence: sent or withdrawn, both are right. */
static void over_15_message_in_the_window_is_sent_or_withdrawn(void **state)
{
    (void)state;
    for (unsigned sent = 0; sent < 2; sent++)
        for (unsigned by_function = 0; by_function < 2; by_function++) {
            struct story s;
            told(&s);
            story_event(&s, V);
            if (by_function)
                story_control(&s, true, true, true);
            else
                story_mask(&s, V);
            if (sent)
                story_message(&s, V);
            story_fence(&s);
            story_pending(&s, V, !sent);
            story_unmask(&s, V);
            story_control(&s, true, false, true);
            if (!sent)
                story_message(&s, V);
            told_well(&s);
        }
}

/* ORD-03: data with RO = 1 that came later may pass a message that waits, and older data too. */
static void over_16_later_relaxed_data_passes_the_message(void **state)
{
    struct wire *w = *state;
    wire_data(w, 0, 1, false);
    wire_event(w, V);
    wire_data(w, 1, 1, true);
    wire_data_sent(w, 1, 1, true);
    wire_data_sent(w, 0, 1, false);
    wire_message(w, V);
    wire_ends_well(w);
}

/* ORD-15, ORD-16: completions of different requests come in any order. */
static void over_17_completions_change_places(void **state)
{
    struct wire *w = *state;
    uint8_t tag[NVEC];
    for (unsigned v = 0; v < NVEC; v++)
        tag[v] = wire_read(w, 16 * v + 8, 1);
    const uint8_t config = wire_msix(w, true, false);
    wire_complete(w, config, NULL);
    for (unsigned k = 0; k < NVEC; k++) {
        const unsigned v = (3 * k + 2) % NVEC;
        const uint32_t value = wire_data_of(v);
        wire_complete(w, tag[v], &value);
    }
    wire_ends_well(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_01_address_and_data_after_reset_hold_anything),
        WIRED(over_02_pending_bit_of_an_unmasked_vector_that_waits),
        cmocka_unit_test(over_03_message_comes_as_late_as_it_likes),
        cmocka_unit_test(over_04_events_merge_or_not),
        cmocka_unit_test(over_05_vectors_leave_in_any_order),
        WIRED(over_06_tag_of_a_message),
        WIRED(over_06_fields_of_completions_that_mean_nothing),
        WIRED(over_06_reserved_bits_of_a_request),
        WIRED(over_07_configuration_write_completion_is_no_fence),
        WIRED(over_08_written_pending_bits_read_as_anything),
        WIRED(over_08_written_reserved_bits_may_stay),
        cmocka_unit_test(over_09_events_while_disabled_are_recorded_or_not),
        cmocka_unit_test(over_10_pending_bits_survive_a_toggle_or_not),
        WIRED(over_11_odd_reads_of_the_table_end_in_any_way),
        WIRED(over_12_message_below_4_gb_has_the_short_header),
        WIRED(over_13_ido_where_it_is_enabled),
        WIRED(over_14_intx_messages_come_twice),
        WIRED(over_14_intx_and_messages_change_places_at_a_change_of_mode),
        cmocka_unit_test(over_15_message_in_the_window_is_sent_or_withdrawn),
        WIRED(over_16_later_relaxed_data_passes_the_message),
        WIRED(over_17_completions_change_places),
    };
    return cmocka_run_group_tests_name("over_assertion", tests, NULL, NULL);
}
