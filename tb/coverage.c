#include "coverage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coverage_private.h"

struct coverage {
    unsigned bins;
    uint64_t count[];
};

/* --- all runs --- */

struct coverage *coverage_create(void)
{
    const unsigned bins = coverage_bins_total();
    struct coverage *c = calloc(1, sizeof *c + bins * sizeof c->count[0]);
    if (c)
        c->bins = bins;
    return c;
}

void coverage_destroy(struct coverage *coverage)
{
    free(coverage);
}

unsigned coverage_hit(const struct coverage *coverage)
{
    unsigned hit = 0;
    for (unsigned bin = 0; bin < coverage->bins; bin++)
        hit += coverage->count[bin] > 0;
    return hit;
}

uint64_t coverage_count(const struct coverage *coverage, unsigned bin)
{
    return coverage->count[bin];
}

/* Verilator separates keys and values of a point by 1 and 2. */
static void write_bins(const struct coverage *coverage, FILE *to)
{
    char name[128];
    if (ftell(to) == 0)
        fputs("# SystemC::Coverage-3\n", to);
    for (unsigned bin = 0; bin < coverage->bins; bin++)
        if (coverage_bin_exists(bin))
            fprintf(
                to,
                "C '\1f\2functional\1l\2%u\1n\0020\1t\2functional\1page\2v_functional/bins\1o\2%s\1h\2bench' %" PRIu64
                "\n",
                bin + 1, coverage_bin_name(bin, name, sizeof name), coverage->count[bin]);
}

int coverage_write(const struct coverage *coverage, const char *file, char *error, size_t room)
{
    FILE *to = fopen(file, "r+");
    if (!to)
        to = fopen(file, "w");
    bool broken = !to || fseek(to, 0, SEEK_END) != 0;
    if (!broken)
        write_bins(coverage, to);
    if (to)
        broken = broken | ferror(to) | (fclose(to) != 0);
    if (broken)
        snprintf(error, room, "cannot write coverage to %s: %s", file, strerror(errno));
    return broken ? -1 : 0;
}

/* --- one run --- */

struct coverage_run *coverage_run_create(struct coverage *into, const struct dut_config *config,
                                         const struct scoreboard *scoreboard, const struct checks *checks)
{
    struct coverage_run *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    *run = (struct coverage_run){.into = into, .scoreboard = scoreboard, .checks = checks, .config = *config};
    run->count = calloc(into->bins, sizeof run->count[0]);
    run->mark = calloc(into->bins, sizeof run->mark[0]);
    if (!run->count || !run->mark) {
        coverage_run_destroy(run);
        return NULL;
    }
    for (unsigned g = 0; g < COVER_GROUPS; g++)
        run->start[g] = coverage_bin((enum cover_group)g, (unsigned[COVER_AXES]){0});
    memset(run->masked, 0xFF, sizeof run->masked);
    cover_race_reset(run);
    cover_traffic_reset(run);
    cover_layer_reset(run);
    return run;
}

void coverage_run_destroy(struct coverage_run *run)
{
    if (!run)
        return;
    free(run->count);
    free(run->mark);
    free(run);
}

void coverage_run_end(struct coverage_run *run, bool passed)
{
    for (unsigned bin = 0; bin < run->into->bins && passed; bin++)
        if (run->count[bin] > 0 && run->checks->counter[coverage_bin_judge(bin)].evaluated > run->mark[bin])
            run->into->count[bin] += run->count[bin];
}

/* --- notes --- */

void cover_note(struct coverage_run *run, enum cover_group group, unsigned a, unsigned b, unsigned c, unsigned d)
{
    const unsigned bin = coverage_bin_at(run->start[group], group, (const unsigned[COVER_AXES]){a, b, c, d});
    if (run->count[bin]++ == 0)
        run->mark[bin] = run->before[coverage_bin_judge(bin)];
}

enum cover_tx cover_tx_state(const struct coverage_run *run)
{
    const struct cover_flow *flow = &run->flow;
    const bool header = credits_left_header(&flow->credits, TLP_POSTED) > 0;
    const bool data = credits_left_data(&flow->credits, TLP_POSTED) > 0;
    if (!header || !data)
        return header ? COVER_TX_NO_DATA : data ? COVER_TX_NO_HEADER : COVER_TX_NO_CREDIT;
    return flow->tx_stalled ? COVER_TX_NOT_READY : COVER_TX_FREE;
}

bool cover_is_masked(const struct coverage_run *run, unsigned vector)
{
    return run->masked[vector / 64] >> vector % 64 & 1;
}

bool cover_is_allowed(const struct coverage_run *run, unsigned vector)
{
    return !cover_is_masked(run, vector) && run->control.enable && !run->control.fmask && run->control.bme;
}

void cover_note_place(struct coverage_run *run, enum cover_group group, unsigned vector)
{
    const bool at[] = {vector == 0,       vector + 1 == run->config.nvec, vector % 64 == 31, vector % 64 == 32,
                       vector % 64 == 63, vector % 64 == 0 && vector > 0};
    for (unsigned k = 0; k < sizeof at / sizeof at[0]; k++)
        if (at[k])
            cover_note(run, group, k, 0, 0, 0);
}

void cover_note_state(struct coverage_run *run, enum cover_group group, unsigned vector)
{
    const unsigned masked =
        (cover_is_masked(run, vector) ? COVER_BY_ENTRY : 0U) | (run->control.fmask ? COVER_BY_FUNCTION : 0U);
    if (group == COVER_STATE_REWRITE && masked == COVER_UNMASKED && run->control.enable)
        return; /* undefined */
    cover_note(run, group, masked, run->control.enable, run->control.bme, cover_tx_state(run));
}

void cover_answered(struct coverage_run *run, unsigned vector)
{
    run->owing -= run->owed[vector] > 0;
    run->owed[vector] = 0;
}

/* --- the observer --- */

static void note_size(struct coverage_run *run)
{
    const unsigned n = run->config.nvec;
    cover_note(run, COVER_TABLE_SIZE, n == 1 ? 0 : n < 32 ? 1 : n == 32 ? 2 : n < 2048 ? 3 : 4, 0, 0, 0);
}

static void event(struct coverage_run *run, uint64_t time, unsigned v)
{
    const uint64_t waiting = run->flow.dma_waiting;
    if (v >= run->config.nvec) {
        cover_note(run, COVER_PAST_THE_TABLE, 0, 0, 0, 0);
        return;
    }
    note_size(run);
    cover_note_place(run, COVER_VECTOR_EVENT, v);
    cover_note_state(run, COVER_STATE_EVENT, v);
    cover_note(run, COVER_EVENT_BEHIND, waiting < 4 ? (unsigned)waiting : 4, 0, 0, 0);
    if (waiting > 0 && cover_tx_state(run) >= COVER_TX_NO_HEADER && cover_is_allowed(run, v))
        cover_note(run, COVER_ORDER, COVER_MESSAGE_BEHIND_DATA, 0, 0, 0);
    run->owing += run->owed[v] == 0;
    run->owed[v] = (uint8_t)(run->owed[v] + (run->owed[v] < 255));
    run->event_time[v] = time;
    run->last_event = v;
    cover_race_deed(run, (struct cover_deed){.kind = COVER_EVENT, .time = time, .vector = v, .n = 1});
}

static void clear(struct coverage_run *run, uint64_t time, unsigned v)
{
    if (v >= run->config.nvec) {
        cover_note(run, COVER_PAST_THE_TABLE, 1, 0, 0, 0);
        return;
    }
    cover_race_deed(run, (struct cover_deed){.kind = COVER_CLEAR, .time = time, .vector = v, .n = 1});
    cover_answered(run, v);
}

enum cover_reset cover_reset_situation(const struct coverage_run *run)
{
    const struct cover_flow *flow = &run->flow;
    const bool drain = flow->messages[2] != 0 && run->owing > 0 && run->event_time[run->last_event] < flow->messages[0];
    return flow->tx_inside                                                             ? COVER_RESET_MID_TLP
           : flow->tx_stalled                                                          ? COVER_RESET_STALL
           : cover_tx_state(run) != COVER_TX_FREE && (run->owing || flow->dma_waiting) ? COVER_RESET_STARVED
           : run->layer.intx_wire                                                      ? COVER_RESET_INTX
           : drain                                                                     ? COVER_RESET_DRAIN
                                                                                       : COVER_RESET_IDLE;
}

static void reset(struct coverage_run *run)
{
    memset(run->masked, 0xFF, sizeof run->masked);
    memset(run->owed, 0, sizeof run->owed);
    run->owing = 0;
    run->id = run->id_before = 0;
    run->control = (struct msix_control){false, false, false};
    cover_race_reset(run);
    cover_traffic_reset(run);
}

/* A function-level reset has begun: nothing is owed, and everything is masked. */
static void forget_vectors(struct coverage_run *run)
{
    memset(run->masked, 0xFF, sizeof run->masked);
    memset(run->owed, 0, sizeof run->owed);
    run->owing = 0;
    run->flow.dma_waiting = 0;
    run->control = (struct msix_control){false, false, false};
    cover_race_reset(run);
}

static void seen(void *ctx, struct seen *what)
{
    struct coverage_run *run = ctx;
    cover_layer_seen(run, what);
    switch (what->kind) {
    case SEEN_RESET:
        reset(run);
        break;
    case SEEN_EVENT:
        event(run, what->time, (unsigned)what->vector);
        break;
    case SEEN_CLEAR:
        clear(run, what->time, (unsigned)what->vector);
        break;
    case SEEN_TLP:
        if (what->stream == SEEN_RX)
            cover_traffic_rx(run, what);
        else if (what->stream == SEEN_TX)
            cover_traffic_tx(run, what);
        else if (what->stream == SEEN_DMA)
            cover_traffic_dma(run, what);
        break;
    case SEEN_FLR:
        forget_vectors(run);
        break;
    case SEEN_INTX:
        break;
    }
}

struct observer coverage_observer(struct coverage_run *run)
{
    return (struct observer){.name = "coverage", .ctx = run, .seen = seen};
}

void coverage_cycle(struct coverage_run *run, uint64_t time, const struct dut_in *in, const struct dut_out *out)
{
    (void)time;
    cover_traffic_cycle(run, in, out);
    cover_layer_cycle(run, in, out);
    for (unsigned id = 0; id < CHECK_COUNT; id++)
        run->before[id] = run->checks->counter[id].evaluated;
}
