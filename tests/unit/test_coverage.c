/*
 * test_coverage.c - the names of the bins, what makes a bin hit, and the file that is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coverage.h"
#include "coverage_bins.h"
#include "scratch_file.h"

static const struct dut_config config = {.name = "unit",
                                         .nvec = 5,
                                         .data_dw = 4,
                                         .mps_max = 128,
                                         .bar0_size_log2 = 14,
                                         .pba_offset = 0x1000,
                                         .csr_offset = 0x2000,
                                         .pm_cap = 0x40,
                                         .pcie_cap = 0x70,
                                         .msix_cap = 0xB0};

/* --- bins --- */

static void names_are_unique_and_found(void **state)
{
    char name[128];
    (void)state;
    assert_true(coverage_bins_total() > 1000);
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++)
        assert_int_equal(coverage_bin_find(coverage_bin_name(bin, name, sizeof name)), (int)bin);
    assert_int_equal(coverage_bin_find("race.event_mask"), -1);
}

static void names_are_made_of_places(void **state)
{
    char name[128];
    (void)state;
    const unsigned race = coverage_bin(COVER_RACE, (const unsigned[COVER_AXES]){COVER_UNMASK, COVER_SWEEP - 3});
    assert_string_equal(coverage_bin_name(race, name, sizeof name), "race.event_unmask.-3");
    const unsigned form =
        coverage_bin(COVER_STATE_EVENT, (const unsigned[COVER_AXES]){COVER_BY_BOTH, 1, 0, COVER_TX_NO_DATA});
    assert_string_equal(coverage_bin_name(form, name, sizeof name), "state_event.by_both.enabled.no_master.no_data");
    assert_int_equal(coverage_bin_group(form), COVER_STATE_EVENT);
    assert_int_equal(coverage_bin_judge(form), CHECK_EVENT_LOST);
}

static void groups_join_without_gaps(void **state)
{
    (void)state;
    unsigned group = 0;
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++) {
        const unsigned now = coverage_bin_group(bin);
        assert_true(now == group || now == group + 1);
        group = now;
    }
    assert_int_equal(group, COVER_GROUPS - 1);
}

static void undefined_situations_are_no_bins(void **state)
{
    (void)state;
    const int open = coverage_bin_find("state_rewrite.unmasked.enabled.master.free");
    const int masked = coverage_bin_find("state_rewrite.by_entry.enabled.master.free");
    assert_true(open >= 0 && masked >= 0);
    assert_false(coverage_bin_exists((unsigned)open));
    assert_true(coverage_bin_exists((unsigned)masked));
}

/* --- runs --- */

struct fixture {
    struct checks checks;
    struct policy policy;
    struct scoreboard *scoreboard;
    struct coverage *coverage;
    struct coverage_run *run;
    struct observer observer;
    uint64_t time;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->policy = policy_default();
    checks_init(&f->checks, NULL, NULL);
    f->scoreboard = scoreboard_create(&config, &f->policy, &f->checks);
    f->coverage = coverage_create();
    f->run = coverage_run_create(f->coverage, &config, f->scoreboard, &f->checks);
    assert_true(f->scoreboard && f->coverage && f->run);
    f->observer = coverage_observer(f->run);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    coverage_run_destroy(f->run);
    coverage_destroy(f->coverage);
    scoreboard_destroy(f->scoreboard);
    free(f);
    return 0;
}

static uint64_t hits(const struct fixture *f, const char *name)
{
    const int bin = coverage_bin_find(name);
    assert_true(bin >= 0);
    return coverage_count(f->coverage, (unsigned)bin);
}

static void tell(struct fixture *f, enum seen_kind kind, unsigned vector)
{
    f->observer.seen(f->observer.ctx, &(struct seen){.kind = kind, .time = f->time, .vector = (int)vector});
}

/* Generous credits, tx ready. */
static void clock_on(struct fixture *f, unsigned clocks)
{
    struct dut_in in = {.rst_n = true, .tx_tready = true, .link_up = true, .fc_init_done = true};
    const struct dut_out out = {0};
    in.fc.ph = in.fc.cplh = 32;
    in.fc.pd = in.fc.cpld = 128;
    for (unsigned i = 0; i < clocks; i++)
        coverage_cycle(f->run, f->time++, &in, &out);
}

static void what_nobody_judges_is_not_covered(void **state)
{
    struct fixture *f = *state;
    check(&f->checks, CHECK_EVENT_LOST, true); /* before it happened */
    clock_on(f, 1);
    tell(f, SEEN_EVENT, 0);
    clock_on(f, 1);
    coverage_run_end(f->run, true);
    assert_int_equal(hits(f, "vector_event.first"), 0);
    assert_int_equal(coverage_hit(f->coverage), 0);
}

static void what_is_judged_later_is_covered(void **state)
{
    struct fixture *f = *state;
    clock_on(f, 1);
    tell(f, SEEN_EVENT, 0);
    tell(f, SEEN_EVENT, 4);
    clock_on(f, 1);
    check(&f->checks, CHECK_EVENT_LOST, true);
    coverage_run_end(f->run, true);
    assert_int_equal(hits(f, "vector_event.first"), 1);
    assert_int_equal(hits(f, "vector_event.last"), 1);
    assert_int_equal(hits(f, "table_size.2_to_31"), 2);
    assert_int_equal(hits(f, "state_event.by_entry.disabled.no_master.free"), 2);
    assert_int_equal(hits(f, "event_behind_data.none"), 0); /* judged by another check */
}

static void a_failed_run_covers_nothing(void **state)
{
    struct fixture *f = *state;
    clock_on(f, 1);
    tell(f, SEEN_EVENT, 0);
    check(&f->checks, CHECK_EVENT_LOST, true);
    coverage_run_end(f->run, false);
    assert_int_equal(coverage_hit(f->coverage), 0);
}

static void offsets_are_clock_of_event_minus_clock_of_partner(void **state)
{
    struct fixture *f = *state;
    clock_on(f, 20);
    tell(f, SEEN_EVENT, 2);
    clock_on(f, 3);
    tell(f, SEEN_CLEAR, 2);
    clock_on(f, 9);
    tell(f, SEEN_EVENT, 2); /* too late for a race with the clear */
    clock_on(f, 20);
    tell(f, SEEN_CLEAR, 1);
    tell(f, SEEN_EVENT, 1);
    tell(f, SEEN_EVENT, 3); /* another vector */
    check(&f->checks, CHECK_EVENT_LOST, true);
    coverage_run_end(f->run, true);
    assert_int_equal(hits(f, "race.event_clear.-3"), 1);
    assert_int_equal(hits(f, "race.event_clear.+0"), 1);
    assert_int_equal(hits(f, "race_tx.event_clear.event_first.free"), 1);
    assert_int_equal(hits(f, "race_tx.event_clear.same_clock.free"), 1);
    assert_int_equal(hits(f, "race_tx.event_clear.event_last.free"), 0);
}

static void numbers_past_the_table_are_told_apart(void **state)
{
    struct fixture *f = *state;
    clock_on(f, 1);
    tell(f, SEEN_EVENT, 5);
    tell(f, SEEN_CLEAR, 2047);
    check(&f->checks, CHECK_CPL_STATUS, true);
    check(&f->checks, CHECK_EVENT_LOST, true);
    coverage_run_end(f->run, true);
    assert_int_equal(hits(f, "past_the_table.event"), 1);
    assert_int_equal(hits(f, "past_the_table.clear"), 1);
    assert_int_equal(coverage_hit(f->coverage), 2);
}

/* --- the transaction layer --- */

/* A TLP that counts now. */
static void tell_tlp(struct fixture *f, enum seen_stream stream, const struct tlp *tlp)
{
    static const uint32_t payload[64] = {0};
    struct seen what = {.kind = SEEN_TLP, .stream = stream, .time = f->time, .end_time = f->time, .vector = -1};
    what.n_dw = (unsigned)tlp_encode(tlp, tlp_has_data(tlp->kind) ? payload : NULL, what.dw, SEEN_MAX_DW);
    assert_true(what.n_dw > 0);
    tlp_decode(what.dw, what.n_dw, &what.tlp);
    what.is_dma = stream == SEEN_TX;
    f->observer.seen(f->observer.ctx, &what);
}

static const struct tlp data_write = {.kind = TLP_MWR, .length = 1, .first_be = 0xF, .address = 0x20000000};

static void judge_all(struct fixture *f)
{
    for (unsigned id = 0; id < CHECK_COUNT; id++)
        check(&f->checks, (enum check_id)id, true);
    coverage_run_end(f->run, true);
}

static void a_reset_is_told_from_a_link_that_goes_down(void **state)
{
    struct fixture *f = *state;
    const struct dut_in link_down = {.rst_n = true};
    clock_on(f, 1);
    tell(f, SEEN_RESET, 0);
    coverage_cycle(f->run, f->time++, &(struct dut_in){.link_up = true}, &(struct dut_out){0});
    clock_on(f, 1);
    tell_tlp(f, SEEN_TX, &(struct tlp){.kind = TLP_MSG, .msg_code = 0x20, .msg_routing = 4});
    tell(f, SEEN_RESET, 0);
    coverage_cycle(f->run, f->time++, &link_down, &(struct dut_out){0});
    judge_all(f);
    assert_int_equal(hits(f, "reset.rst_n.idle"), 1);
    assert_int_equal(hits(f, "reset.link_down.intx"), 1);
    assert_int_equal(hits(f, "reset.link_down.idle"), 0);
}

static void pairs_need_a_first_one_that_is_blocked(void **state)
{
    struct fixture *f = *state;
    const struct dut_in none = {.rst_n = true, .tx_tready = true, .link_up = true, .fc_init_done = true};
    clock_on(f, 1);
    tell_tlp(f, SEEN_DMA, &data_write);
    tell_tlp(f, SEEN_DMA, &data_write);
    coverage_cycle(f->run, f->time++, &none, &(struct dut_out){0}); /* no credit from now on */
    tell_tlp(f, SEEN_DMA, &data_write);
    tell_tlp(f, SEEN_DMR, &(struct tlp){.kind = TLP_MRD, .length = 1, .first_be = 0xF, .address = 0x20000000});
    tell_tlp(f, SEEN_TX, &data_write);
    judge_all(f);
    assert_int_equal(hits(f, "pair_data.posted.comes"), 1);
    assert_int_equal(hits(f, "pair_read.posted.comes"), 1);
    assert_int_equal(hits(f, "pair_data.read.leaves"), 1);
    assert_int_equal(hits(f, "pair_data.read.comes"), 0);
    assert_int_equal(hits(f, "data_behind_data.none"), 1);
    assert_int_equal(hits(f, "data_behind_data.2"), 1);
}

static void answers_are_told_from_strays(void **state)
{
    struct fixture *f = *state;
    struct tlp answer = {.kind = TLP_CPLD, .length = 16, .byte_count = 128, .tag = 7, .requester_id = 0x0100};
    clock_on(f, 1);
    tell_tlp(f, SEEN_DMR, &(struct tlp){.kind = TLP_MRD, .length = 32, .first_be = 0xF, .last_be = 0xF, .tag = 7});
    tell_tlp(f, SEEN_RX, &answer);
    answer.byte_count = 64;
    tell_tlp(f, SEEN_RX, &answer);
    tell_tlp(f, SEEN_RX, &answer);
    answer.requester_id = 0x0105;
    tell_tlp(f, SEEN_RX, &answer);
    judge_all(f);
    assert_int_equal(hits(f, "answer.pieces"), 1);
    assert_int_equal(hits(f, "answer.whole"), 0);
    assert_int_equal(hits(f, "read_tag.7"), 1);
    assert_int_equal(hits(f, "stray.data"), 1);
    assert_int_equal(hits(f, "stray.foreign"), 1);
}

static void strikes_have_offsets(void **state)
{
    struct fixture *f = *state;
    static const uint32_t flr = 0x00800000; /* bit 15, in wire order */
    struct seen what = {.kind = SEEN_TLP, .stream = SEEN_RX, .vector = -1};
    const struct tlp write = {.kind = TLP_CFGWR0, .length = 1, .first_be = 0x3, .completer_id = 0x0100, .reg = 0x78};
    clock_on(f, 10);
    tell(f, SEEN_EVENT, 1);
    clock_on(f, 3);
    what.n_dw = (unsigned)tlp_encode(&write, &flr, what.dw, SEEN_MAX_DW);
    tlp_decode(what.dw, what.n_dw, &what.tlp);
    what.time = what.end_time = f->time;
    f->observer.seen(f->observer.ctx, &what);
    clock_on(f, 1);
    tell_tlp(f, SEEN_DMA, &data_write);
    judge_all(f);
    assert_int_equal(hits(f, "strike.flr.event.+3"), 1);
    assert_int_equal(hits(f, "strike.flr.data.-1"), 1);
    assert_int_equal(hits(f, "strike.flr.message.+0"), 0);
}

static void illegal_requests_have_kinds(void **state)
{
    struct fixture *f = *state;
    struct tlp poisoned = data_write;
    poisoned.ep = true;
    clock_on(f, 1);
    tell_tlp(f, SEEN_RX, &(struct tlp){.kind = TLP_MSG, .msg_code = 0x7F, .msg_routing = 4});
    tell_tlp(f, SEEN_RX, &(struct tlp){.kind = TLP_MSG, .msg_code = 0x7E, .msg_routing = 4});
    tell_tlp(f, SEEN_RX, &poisoned);
    tell_tlp(f, SEEN_RX, &data_write);
    judge_all(f);
    assert_int_equal(hits(f, "illegal.message_ignored"), 1);
    assert_int_equal(hits(f, "illegal.message_unsupported"), 1);
    assert_int_equal(hits(f, "illegal.poisoned_write"), 1);
}

/* --- the file --- */

static void the_file_has_a_line_for_each_bin_that_exists(void **state)
{
    struct fixture *f = *state;
    char error[256] = "", line[512], name[128], wanted[256], file[SCRATCH_NAME];
    scratch_file_make(file, "");
    assert_int_equal(coverage_write(f->coverage, file, error, sizeof error), 0);
    FILE *from = fopen(file, "r");
    assert_non_null(from);
    assert_non_null(fgets(line, sizeof line, from));
    assert_string_equal(line, "# SystemC::Coverage-3\n");
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++) {
        if (!coverage_bin_exists(bin))
            continue;
        assert_non_null(fgets(line, sizeof line, from));
        snprintf(wanted, sizeof wanted, "\1l\2%u\1", bin + 1);
        assert_non_null(strstr(line, wanted));
        snprintf(wanted, sizeof wanted, "\1o\2%s\1", coverage_bin_name(bin, name, sizeof name));
        assert_non_null(strstr(line, wanted));
    }
    assert_null(fgets(line, sizeof line, from));
    fclose(from);
    remove(file);
}

static void an_unwritable_file_is_named(void **state)
{
    struct fixture *f = *state;
    char error[256] = "";
    assert_int_equal(coverage_write(f->coverage, "/nowhere/at/all.dat", error, sizeof error), -1);
    assert_non_null(strstr(error, "/nowhere/at/all.dat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(names_are_made_of_places),
        cmocka_unit_test(groups_join_without_gaps),
        cmocka_unit_test(undefined_situations_are_no_bins),
        cmocka_unit_test_setup_teardown(what_nobody_judges_is_not_covered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_judged_later_is_covered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_run_covers_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(offsets_are_clock_of_event_minus_clock_of_partner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_past_the_table_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reset_is_told_from_a_link_that_goes_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pairs_need_a_first_one_that_is_blocked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_are_told_from_strays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strikes_have_offsets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(illegal_requests_have_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_has_a_line_for_each_bin_that_exists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unwritable_file_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
