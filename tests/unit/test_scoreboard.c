/*
 * test_scoreboard.c - what the scoreboard judges by itself, told as TLPs on the wires: reads of the table beside writes,
 * and TLPs that are too long or too many for what it keeps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "order_ledger.h"
#include "wire.h"

enum { V = 2, ENTRY = 16 * V, VIEWS = 8 };

#define WIRED(test) cmocka_unit_test_setup_teardown(test, wire_set_up, wire_tear_down)

/* The entry is masked and holds {0, 0}; a QWORD read is under way, and behind it `writes` QWORDs {k, 100 * k} are. */
static uint8_t read_beside(struct wire *w, unsigned writes)
{
    const uint32_t masked[2] = {0, 1}, zeros[2] = {0, 0};
    wire_write(w, ENTRY + 8, 2, masked);
    wire_write(w, ENTRY, 2, zeros);
    wire_fence(w);
    const uint8_t tag = wire_read(w, ENTRY, 2);
    for (uint32_t k = 1; k <= writes; k++) {
        const uint32_t values[2] = {4 * k, 100 * k};
        wire_write(w, ENTRY, 2, values);
    }
    return tag;
}

static void answer(struct wire *w, uint8_t tag, uint32_t first, uint32_t second)
{
    const uint32_t values[2] = {first, second};
    wire_complete(w, tag, values);
}

/* MSIX-TBL-29, ORD-17: a write may pass a read, so the read returns any one of the values of its time. */
static void read_beside_writes_returns_one_of_their_values(void **state)
{
    struct wire *w = *state;
    for (uint32_t k = 0; k <= 3; k++)
        answer(w, read_beside(w, 3), 4 * k, 100 * k);
    wire_ends_well(w);
}

/* MSIX-TBL-29: and no other value, and no half of one and half of another. */
static void read_beside_writes_returns_no_mixture(void **state)
{
    struct wire *w = *state;
    answer(w, read_beside(w, 2), 4, 200);
    wire_breaks(w, CHECK_TABLE_VALUE);
    answer(w, read_beside(w, 2), 8, 0);
    wire_breaks(w, CHECK_TABLE_VALUE);
    answer(w, read_beside(w, 2), 12, 300); /* of a write that never was */
    assert_int_equal(w->checks.counter[CHECK_TABLE_VALUE].failed, 2);
    checks_init(&w->checks, NULL, NULL);
    wire_ends_well(w);
}

/* MSIX-TBL-29: where a QWORD is no single access, each DW stands for itself; a mixture within a DW is never right. */
static void halves_may_differ_where_the_policy_says_so(void **state)
{
    struct wire *w = *state;
    w->policy.qword_atomic = POLICY_EITHER;
    answer(w, read_beside(w, 2), 4, 200);
    answer(w, read_beside(w, 2), 8, 0);
    wire_is_legal(w);
    answer(w, read_beside(w, 2), 4, 150);
    wire_breaks(w, CHECK_TABLE_VALUE);
}

/* A QWORD write gives the open entry another address; its message goes to one with these halves. */
static void message_in_mid_write(struct wire *w, bool new_lower, bool new_upper)
{
    const uint32_t old[2] = {0xFEE00100, 1}, new[2] = {0xFEE00200, 2};
    wire_write(w, ENTRY, 2, old);
    wire_fence(w);
    wire_event(w, V);
    wire_write(w, ENTRY, 2, new);
    struct tlp t = wire_message_tlp(w, V);
    t.is_4dw = true;
    t.address = (uint64_t)(new_upper ? new : old)[1] << 32 | (new_lower ? new : old)[0];
    const uint32_t data = wire_data_of(V);
    wire_tx(w, &t, &data);
}

/* MSIX-TBL-19: for a message too a QWORD is one write, or the lower DW and then the upper one; the upper one alone is
 * neither. */
static void message_beside_a_qword_write_follows_the_policy(void **state)
{
    struct wire *w = *state;
    message_in_mid_write(w, false, false);
    message_in_mid_write(w, true, true);
    wire_is_legal(w);
    message_in_mid_write(w, true, false);
    wire_breaks(w, CHECK_MSG_FIELDS);
    w->policy.qword_atomic = POLICY_NO;
    message_in_mid_write(w, true, false);
    wire_is_legal(w);
    message_in_mid_write(w, false, true);
    wire_breaks(w, CHECK_MSG_FIELDS);
}

/* ORD-24: a read that comes behind the writes sees the last of them. */
static void read_behind_writes_returns_the_last_value(void **state)
{
    struct wire *w = *state;
    answer(w, read_beside(w, 2), 8, 200);
    wire_is_legal(w);
    answer(w, wire_read(w, ENTRY, 2), 4, 100);
    assert_int_equal(w->checks.counter[CHECK_TABLE_VALUE].failed, 2);
}

/* MSIX-TBL-05: the mask bit is judged as such. */
static void mask_beside_a_write_is_old_or_new(void **state)
{
    struct wire *w = *state;
    for (uint32_t bit = 0; bit < 2; bit++) {
        wire_write32(w, ENTRY + 12, 0);
        wire_fence(w);
        const uint8_t tag = wire_read(w, ENTRY + 12, 1);
        wire_write32(w, ENTRY + 12, 1);
        wire_complete(w, tag, &bit);
    }
    wire_is_legal(w);
    const uint32_t neither = 2;
    const uint8_t tag = wire_read(w, ENTRY + 12, 1);
    wire_write32(w, ENTRY + 12, 0);
    wire_complete(w, tag, &neither);
    wire_breaks(w, CHECK_TABLE_MASK_VALUE);
}

/* More writes beside one read than are remembered: that read is not judged, the next one is. */
static void many_writes_beside_a_read(void **state)
{
    struct wire *w = *state;
    answer(w, read_beside(w, VIEWS), 0, 0);
    wire_is_legal(w);
    answer(w, read_beside(w, VIEWS + 1), 77, 77);
    wire_is_legal(w);
    answer(w, read_beside(w, VIEWS), 77, 77);
    assert_int_equal(w->checks.counter[CHECK_TABLE_VALUE].failed, 2);
}

/* ENV-04: a data write that no device may hand over is the test's fault, and no data that was lost. */
static void data_write_that_is_too_long(void **state)
{
    struct wire *w = *state;
    const uint32_t dw[SEEN_MAX_DW] = {0x40000000 | (LEDGER_TLP_DW - 2), 0x010000FF, 0x80000000};
    wire_raw(w, SEEN_DMA, dw, LEDGER_TLP_DW + 1);
    wire_breaks(w, CHECK_TEST_EXPECTATION);
    wire_ends_well(w);
}

/* ORD-27: more writes than a block can hold, and none of them leaves. */
static void data_writes_that_never_leave(void **state)
{
    struct wire *w = *state;
    for (unsigned k = 0; k < LEDGER_SLOTS; k++)
        wire_data(w, k, 1, false);
    wire_is_legal(w);
    wire_data(w, LEDGER_SLOTS, 1, false);
    wire_breaks(w, CHECK_DMA_LOST);
}

/* TLP-25: a TLP of the block that is longer than what is kept of it fails, and nothing behind what was kept is read. */
static void tlp_that_is_longer_than_what_is_kept(void **state)
{
    struct wire *w = *state;
    const uint32_t dw[SEEN_MAX_DW] = {0x40000000 | 1020, 0x010000FF, 0x80000000};
    wire_raw(w, SEEN_TX, dw, 1023);
    wire_breaks(w, CHECK_TLP_LENGTH);
    assert_int_equal(scoreboard_host_memory(w->sb)->pages, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WIRED(read_beside_writes_returns_one_of_their_values),
        WIRED(read_beside_writes_returns_no_mixture),
        WIRED(halves_may_differ_where_the_policy_says_so),
        WIRED(message_beside_a_qword_write_follows_the_policy),
        WIRED(read_behind_writes_returns_the_last_value),
        WIRED(mask_beside_a_write_is_old_or_new),
        WIRED(many_writes_beside_a_read),
        WIRED(data_write_that_is_too_long),
        WIRED(data_writes_that_never_leave),
        WIRED(tlp_that_is_longer_than_what_is_kept),
    };
    return cmocka_run_group_tests_name("scoreboard", tests, NULL, NULL);
}
