/*
 * test_tlp_filter.c - the GTKWave filter: stalls, beats of every width, x and z, resets, rows.
 */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlp_filter.h"

enum { CLK_ID = 1, VALID_ID, READY_ID, LAST_ID, KEEP_ID, DATA_ID, RST_ID, VECTOR_ID };
enum { MAX_DW = 16 };

/* A VCD as GTKWave writes it, in the making. Clock n rises at 10n + 5, wires change at 10n. */
struct vcd {
    FILE *file;
    char *text;
    size_t size;
    unsigned data_dw;
    unsigned clocks;
    bool has_ready;
};

static void vcd_begin(struct vcd *v, const char *args, unsigned data_dw, bool has_ready, unsigned min_time)
{
    *v = (struct vcd){.data_dw = data_dw, .has_ready = has_ready};
    v->file = open_memstream(&v->text, &v->size);
    assert_non_null(v->file);
    fprintf(v->file, "$comment data_start 0x1 $end\n$comment name tx $end\n$timescale 1ns $end\n");
    fprintf(v->file, "$comment min_time %u $end\n$comment max_time 99999 $end\n$comment max_seqn 7 $end\n", min_time);
    fprintf(v->file, "$comment args \"%s\" $end\n$scope module TOP $end\n", args);
    fprintf(v->file, "$var wire 1 %d clk $end\n$var wire 1 %d tx_tvalid $end\n", CLK_ID, VALID_ID);
    if (has_ready)
        fprintf(v->file, "$var wire 1 %d tx_tready_i $end\n", READY_ID);
    fprintf(v->file, "$var wire 1 %d tx_tlast $end\n$var wire %u %d tx_tkeep[%u:0] $end\n", LAST_ID, data_dw, KEEP_ID,
            data_dw - 1);
    fprintf(v->file, "$var wire %u %d tx_tdata_o[%u:0] $end\n", 32 * data_dw, DATA_ID, 32 * data_dw - 1);
    fprintf(v->file, "$var wire 1 %d rst_n $end\n$upscope $end\n$enddefinitions $end\n", RST_ID);
    fprintf(v->file, "#0\n$dumpvars\n0%d\n1%d\n$end\n", CLK_ID, RST_ID);
}

static void vcd_edge(struct vcd *v)
{
    fprintf(v->file, "#%u\n1%d\n", 10 * v->clocks + 5, CLK_ID);
    v->clocks++;
    fprintf(v->file, "#%u\n0%d\n", 10 * v->clocks, CLK_ID);
}

static void vcd_bits(struct vcd *v, uint32_t value)
{
    for (int bit = 31; bit >= 0; bit--)
        fputc('0' + (int)(value >> bit & 1), v->file);
}

/* One clock with a beat of `n` DWs on the wires. */
static void vcd_beat(struct vcd *v, const uint32_t *dw, unsigned n, char last, char ready)
{
    fprintf(v->file, "1%d\n%c%d\n", VALID_ID, last, LAST_ID);
    if (v->has_ready)
        fprintf(v->file, "%c%d\n", ready, READY_ID);
    fprintf(v->file, "b%s%s %d\n", v->data_dw > n ? "0" : "", &"1111111111111111"[MAX_DW - n], KEEP_ID);
    fputc('b', v->file);
    for (unsigned i = n; i-- > 0;)
        vcd_bits(v, dw[i]);
    fprintf(v->file, " %d\n", DATA_ID);
    vcd_edge(v);
}

static void vcd_idle(struct vcd *v, unsigned clocks)
{
    fprintf(v->file, "0%d\n", VALID_ID);
    while (clocks--)
        vcd_edge(v);
}

/* Ends the VCD, has it answered and returns the answer; the caller frees it. */
static char *vcd_answer(struct vcd *v)
{
    char *answer = NULL;
    size_t size = 0;

    fprintf(v->file, "$comment data_end 0x1 $end\n");
    fclose(v->file);
    FILE *in = fmemopen(v->text, v->size, "r"), *out = open_memstream(&answer, &size);
    assert_non_null(in);
    assert_non_null(out);
    assert_true(tlp_filter_answer(in, out));
    assert_false(tlp_filter_answer(in, out));
    fclose(in);
    fclose(out);
    free(v->text);
    return answer;
}

static void expect(struct vcd *v, const char *answer)
{
    char *got = vcd_answer(v);

    assert_string_equal(got, answer);
    free(got);
}

static void expect_line(struct vcd *v, const char *line)
{
    char *got = vcd_answer(v);

    if (!strstr(got, line))
        fail_msg("no '%s' in\n%s", line, got);
    free(got);
}

static const uint32_t message[] = {0x40000001, 0x0100000F, 0xFEE01004, 0x23410000};
static const uint32_t dma_write[] = {0x60000005, 0x010000FF, 0x00000008, 0x10000000, 0x01000000,
                                     0x02000000, 0x03000000, 0x04000000, 0x05000000};
static const uint32_t read_below_4g[] = {0x00000002, 0x000005FF, 0x80008000};
static const uint32_t completion_ur[] = {0x0A000000, 0x01002004, 0x00000500};

#define MESSAGE_TEXT "?darkgreen?MWr FEE01004 = 00004123 req 01:00.0\n"

static void one_beat(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 8, true, 0);
    vcd_idle(&v, 2);
    vcd_beat(&v, message, 4, '1', '1');
    vcd_idle(&v, 3);
    expect(&v, "$name tx\n#0\n#25 " MESSAGE_TEXT "#325\n$finish\n");
}

static void every_width(void **state)
{
    (void)state;
    for (unsigned data_dw = 2; data_dw <= MAX_DW; data_dw *= 2) {
        struct vcd v;

        vcd_begin(&v, "tx 1", data_dw, true, 0);
        const unsigned n = sizeof dma_write / sizeof dma_write[0];
        for (unsigned i = 0; i < n; i += data_dw)
            vcd_beat(&v, dma_write + i, n - i < data_dw ? n - i : data_dw, i + data_dw >= n ? '1' : '0', '1');
        expect_line(&v, "#5 ?darkslategray?MWr 810000000 x5 = 00000001 00000002 00000003 00000004 .. req 01:00.0\n");
    }
}

/* The box begins at the first accepted beat: not when it was offered, and no beat counts twice. */
static void stalls_and_gaps(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 2, true, 0);
    vcd_beat(&v, message, 2, '0', '0');
    vcd_beat(&v, message, 2, '0', '0');
    vcd_beat(&v, message, 2, '0', '1');
    vcd_idle(&v, 4);
    vcd_beat(&v, message + 2, 2, '1', '0');
    vcd_beat(&v, message + 2, 2, '1', '1');
    vcd_idle(&v, 1);
    expect(&v, "$name tx\n#0\n#25 " MESSAGE_TEXT "#385\n$finish\n");
}

static void without_ready(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "dmc 1", 4, false, 0);
    vcd_beat(&v, completion_ur, 3, '1', '1');
    expect_line(&v, "#5 ?red4?Cpl tag 05 UR req 00:00.0\n");
}

static void x_in_data(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 4, true, 0);
    fprintf(v.file, "1%d\n1%d\n1%d\nb1111 %d\nbx", VALID_ID, READY_ID, LAST_ID, KEEP_ID);
    for (int i = 2; i >= 0; i--)
        vcd_bits(&v, message[i]);
    fprintf(v.file, " %d\n", DATA_ID);
    vcd_edge(&v);
    expect_line(&v, "#5 ?red4?X in MWr FEE01004 = 00000000 req 01:00.0\n");
}

/* Above the kept DWs anything may stand. */
static void z_outside_keep(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "rx 1", 4, true, 0);
    fprintf(v.file, "1%d\n1%d\n1%d\nb111 %d\nbz", VALID_ID, READY_ID, LAST_ID, KEEP_ID);
    for (int i = 2; i >= 0; i--)
        vcd_bits(&v, read_below_4g[i]);
    fprintf(v.file, " %d\n", DATA_ID);
    vcd_edge(&v);
    expect_line(&v, "#5 ?royalblue4?MRd 80008000 x2 tag 05 req 00:00.0\n");
}

static void x_in_handshake(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 4, true, 0);
    fprintf(v.file, "x%d\n1%d\n", VALID_ID, READY_ID);
    vcd_edge(&v);
    fprintf(v.file, "1%d\nz%d\n", VALID_ID, READY_ID);
    vcd_edge(&v);
    fprintf(v.file, "0%d\n", VALID_ID);
    vcd_edge(&v);
    vcd_beat(&v, message, 4, 'x', '1');
    expect(&v, "$name tx\n#0\n#5 ?red4?X on valid\n#15 ?red4?X on ready\n"
               "#35 ?red4?X in MWr FEE01004 = 00004123 req 01:00.0\n#335\n$finish\n");
}

static void reset_in_a_tlp(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 2, true, 0);
    vcd_beat(&v, message, 2, '0', '1');
    fprintf(v.file, "0%d\n", RST_ID);
    vcd_idle(&v, 1);
    fprintf(v.file, "1%d\n", RST_ID);
    vcd_beat(&v, message, 2, '0', '1');
    vcd_beat(&v, message + 2, 2, '1', '1');
    expect(&v, "$name tx\n#0\n#25 " MESSAGE_TEXT "#335\n$finish\n");
}

static void window_opens_in_a_tlp(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 2, true, 1000);
    vcd_beat(&v, dma_write + 7, 2, '1', '1');
    vcd_beat(&v, message, 2, '0', '1');
    vcd_beat(&v, message + 2, 2, '1', '1');
    expect(&v, "$name tx\n#0\n#5 ?gray24?(began before this window)\n#15 " MESSAGE_TEXT "#325\n$finish\n");
}

static void window_ends_in_a_tlp(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 2, true, 0);
    vcd_beat(&v, message, 2, '0', '1');
    vcd_idle(&v, 1);
    expect_line(&v, "#5 ?red4?unfinished: SHORT MWr 40000001 0100000F\n");
}

/* Back to back, so that each box gets a row of its own as long as there are rows. */
static void rows(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 2", 4, true, 0);
    for (int i = 0; i < 3; i++)
        vcd_beat(&v, message, 4, '1', '1');
    vcd_idle(&v, 1);
    expect(&v, "$name tx\n#0\n#5 " MESSAGE_TEXT "#25 " MESSAGE_TEXT "#325\n"
               "$next\n$name +\n#0\n#15 " MESSAGE_TEXT "#315\n$finish\n");
}

static void malformed(void **state)
{
    (void)state;
    struct vcd v;

    vcd_begin(&v, "tx 1", 4, true, 0);
    const uint32_t too_long[] = {0x40000002, 0x010000FF, 0xFEE01004, 0x23410000};
    const uint32_t prefix[] = {0x80000000, 0x00000000, 0x00000000};

    vcd_beat(&v, too_long, 4, '1', '1');
    vcd_beat(&v, prefix, 3, '1', '1');
    expect(&v, "$name tx\n#0\n#5 ?red4?BAD LENGTH MWr FEE01004 x2 = 00004123 req 01:00.0\n"
               "#15 ?red4?BAD TYPE Prefix 80000000 00000000 00000000\n#315\n$finish\n");
}

static void events(void **state)
{
    (void)state;
    struct vcd v = {.file = NULL};

    v.file = open_memstream(&v.text, &v.size);
    fprintf(v.file, "$comment args \"evt 1\" $end\n$var wire 1 %d clk $end\n", CLK_ID);
    fprintf(v.file, "$var wire 1 %d evt_valid $end\n$var wire 1 %d evt_ready $end\n", VALID_ID, READY_ID);
    fprintf(v.file, "$var wire 11 %d evt_vector[10:0] $end\n#0\n0%d\n1%d\n", VECTOR_ID, CLK_ID, READY_ID);
    vcd_idle(&v, 1);
    fprintf(v.file, "1%d\nb1000001 %d\n", VALID_ID, VECTOR_ID);
    vcd_edge(&v);
    fprintf(v.file, "bx %d\n", VECTOR_ID);
    vcd_edge(&v);
    vcd_idle(&v, 1);
    expect(&v, "$name evt\n#0\n#15 ?darkgreen?65\n#25 ?red4?X\n#325\n$finish\n");
}

/* Wires that the filter does not know, and a query without any, are answered all the same. */
static void unknown_wires(void **state)
{
    (void)state;
    struct vcd v = {.file = NULL};

    v.file = open_memstream(&v.text, &v.size);
    fprintf(v.file, "$var wire 1 1 foo $end\n$var wire 8 999 tx_tdata $end\n#0\n01\nb1 999\nr1.5 1\n\n#5\n11\n");
    expect(&v, "$name TLPs\n#0\n$finish\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_beat),
        cmocka_unit_test(every_width),
        cmocka_unit_test(stalls_and_gaps),
        cmocka_unit_test(without_ready),
        cmocka_unit_test(x_in_data),
        cmocka_unit_test(z_outside_keep),
        cmocka_unit_test(x_in_handshake),
        cmocka_unit_test(reset_in_a_tlp),
        cmocka_unit_test(window_opens_in_a_tlp),
        cmocka_unit_test(window_ends_in_a_tlp),
        cmocka_unit_test(rows),
        cmocka_unit_test(malformed),
        cmocka_unit_test(events),
        cmocka_unit_test(unknown_wires),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
