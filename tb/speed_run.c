/* speed_run.c - see speed_run.h */
#include "speed_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "cfg_model.h"
#include "host.h"
#include "memory.h"

enum {
    CAP_ID_MSIX = 0x11,
    RESET_CLOCKS = 4,
    SETTLE_LIMIT = 1000000,
    DMA_DWS = 16,
    DMA_RING = 256 * 1024, /* bytes */
    DMA_WAITING = 2,
    WIDEST_WINDOW_H = 127,
    WIDEST_WINDOW_D = 2047,
};

#define MESSAGE_ADDRESS UINT32_C(0xFEE00000)

uint64_t speed_hash(uint64_t hash, const struct dut_beat *beat, unsigned data_dw)
{
    for (unsigned i = 0; i < data_dw; i++)
        hash = (hash ^ beat->data[i]) * UINT64_C(0x100000001B3);
    return (hash ^ beat->keep ^ (uint64_t)beat->last << 32) * UINT64_C(0x100000001B3);
}

void speed_record_free(struct speed_record *record)
{
    free(record->in);
    *record = (struct speed_record){0};
}

static void note(struct speed_record *r, const struct bench *b)
{
    const struct dut_in *in = bench_in(b);
    const struct dut_out *out = bench_out(b);
    if (r->clocks == r->room) {
        r->room = r->room != 0 ? 2 * r->room : 4096;
        r->in = memory_resize(r->in, r->room * sizeof *r->in);
    }
    r->in[r->clocks++] = *in;
    if (in->rst_n && out->tx.valid && in->tx_tready)
        r->tx_hash = speed_hash(r->tx_hash, &out->tx, bench_config(b)->data_dw);
}

void speed_step(struct speed_run *run)
{
    bench_step(run->b);
    if (run->record != NULL)
        note(run->record, run->b);
}

void speed_settle(struct speed_run *run)
{
    for (unsigned i = 0; i < SETTLE_LIMIT && !bench_stopped(run->b); i++) {
        if (host_idle(bench_host(run->b)) && app_idle(bench_app(run->b)) && !scoreboard_busy(bench_scoreboard(run->b)))
            return;
        speed_step(run);
    }
}

static void write_config(struct speed_run *run, unsigned reg, uint32_t value)
{
    host_forget(run->b, host_cfg_write_start(run->b, reg, 0xF, value));
}

void speed_control(struct speed_run *run, bool enable, bool function_mask)
{
    write_config(run, bench_capability(run->b, CAP_ID_MSIX),
                 (enable ? CFG_MSIX_ENABLE : 0) | (function_mask ? CFG_MSIX_FMASK : 0));
}

static void program_all(struct speed_run *run, bool masked)
{
    for (unsigned v = 0; v < bench_config(run->b)->nvec; v++) {
        host_mem_write64(run->b, bench_table_address(run->b, v, 0), MESSAGE_ADDRESS + 16 * v);
        host_mem_write64(run->b, bench_table_address(run->b, v, 2), (uint64_t)masked << 32 | (0x4000 + v));
    }
}

static void set_up(struct speed_run *run, bool infinite, bool masked)
{
    struct bench *b = run->b;
    bench_capability(b, CAP_ID_MSIX); /* looked up here, because the walk steps the clock unseen */
    if (infinite)
        host_set_credits(b, HOST_CREDITS_INFINITE);
    else
        host_set_window(b, WIDEST_WINDOW_H, WIDEST_WINDOW_D, WIDEST_WINDOW_H, WIDEST_WINDOW_D);
    bench_hold_reset(b, true);
    for (unsigned i = 0; i < RESET_CLOCKS; i++)
        speed_step(run);
    bench_hold_reset(b, false);
    speed_step(run);
    write_config(run, CFG_BAR0, (uint32_t)BENCH_BAR0);
    write_config(run, CFG_BAR1, (uint32_t)(BENCH_BAR0 >> 32));
    write_config(run, CFG_COMMAND, CFG_COMMAND_MSE | CFG_COMMAND_BME);
    speed_settle(run);
    program_all(run, masked);
    speed_control(run, true, false);
    speed_settle(run);
}

bool speed_start(struct speed_run *run, uint64_t seed, bool infinite, bool masked, struct speed_record *record,
                 char *error, size_t room)
{
    const struct bench_options options = {.seed = seed, .power_up_seed = (uint32_t)seed};
    *run = (struct speed_run){.record = record};
    run->b = bench_create(&options, error, room);
    if (run->b == NULL)
        return false;
    set_up(run, infinite, masked);
    if (record != NULL)
        record->setup = record->clocks;
    return speed_good(run, error, room);
}

void speed_end(struct speed_run *run)
{
    bench_destroy(run->b);
    run->b = NULL;
}

bool speed_good(const struct speed_run *run, char *error, size_t room)
{
    const struct bench_failure *failure = bench_failure(run->b);
    if (failure->failed)
        snprintf(error, room, "clock %llu: %s: %s", (unsigned long long)failure->time, check_info(failure->check)->name,
                 failure->text);
    return !failure->failed;
}

/* --- load --- */

static void give_dma(struct speed_run *run)
{
    static const uint32_t payload[DMA_DWS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    uint64_t offset = run->clock * 4 * DMA_DWS % DMA_RING; /* buffers are used again, as drivers do */
    app_dma_write_start(run->b, BENCH_DMA_BASE + offset, payload, DMA_DWS);
}

void speed_keep_dma(struct speed_run *run)
{
    if (app_dma_queued(run->b) < DMA_WAITING)
        give_dma(run);
}

/* Every vector in turn, with a stride that visits the groups of any pick tree. */
static void give_event(struct speed_run *run)
{
    unsigned nvec = bench_config(run->b)->nvec;
    app_event_start(run->b, run->vector);
    run->vector = (run->vector + (nvec > 7 ? 7 : 1)) % nvec;
}

static void read_forget(struct speed_run *run, uint64_t address, unsigned dws)
{
    host_forget(run->b, host_mem_read_start(run->b, address, dws, 0xF, dws > 1 ? 0xF : 0));
}

/* A mask that is taken back by the next access of this kind. */
static void mask_or_unmask(struct speed_run *run)
{
    if (!run->masked)
        run->masked_vector = (run->masked_vector + 5) % bench_config(run->b)->nvec;
    run->masked = !run->masked;
    host_mem_write32(run->b, bench_table_address(run->b, run->masked_vector, 3), run->masked);
}

static void give_access(struct speed_run *run)
{
    struct bench *b = run->b;
    unsigned vector = run->access * 3 % bench_config(b)->nvec;
    switch (run->access++ % 6) {
    case 0:
        read_forget(run, bench_table_address(b, vector, 0), 2);
        break;
    case 1:
        read_forget(run, bench_pba_address(b, vector), 2);
        break;
    case 2:
        read_forget(run, bench_csr_address(b, run->access * 4 % 256), 1);
        break;
    case 3:
        host_mem_write32(b, bench_csr_address(b, run->access * 4 % 256), run->access);
        break;
    default:
        mask_or_unmask(run);
        break;
    }
}

void speed_load_step(struct speed_run *run, enum speed_load load)
{
    enum { EVENT = 8, DMA = 16, ACCESS = 64, ACCESS_SATURATED = 4 };
    bool saturated = load == SPEED_SATURATED;
    if (saturated || run->clock % EVENT == 0)
        give_event(run);
    if (saturated)
        speed_keep_dma(run);
    else if (run->clock % DMA == 0)
        give_dma(run);
    if (run->clock % (saturated ? ACCESS_SATURATED : ACCESS) == 0)
        give_access(run);
    run->clock++;
    speed_step(run);
}
