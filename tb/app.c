/*
 * app.c - the application agent clock by clock: what it drives, what it sees. What tests ask it to do is in
 * app_traffic.c.
 */
#include "app.h"

#include <stdlib.h>
#include <string.h>

#include "app_private.h"
#include "bench.h"

struct app *app_create(unsigned data_dw, unsigned mps_max, uint64_t seed)
{
    struct app *app = calloc(1, sizeof *app);
    if (!app)
        return NULL;
    app->mps_max = mps_max;
    rng_seed(&app->rng, seed);
    stream_source_init(&app->dma, data_dw, seed ^ UINT64_C(0x646D61));
    stream_source_init(&app->dmr, data_dw, seed ^ UINT64_C(0x646D72));
    return app;
}

void app_destroy(struct app *app)
{
    if (!app)
        return;
    stream_source_free(&app->dma);
    stream_source_free(&app->dmr);
    app_lane_free(&app->event);
    app_lane_free(&app->clear);
    app_lane_free(&app->intx);
    free(app);
}

void app_reset(struct app *app)
{
    stream_source_clear(&app->dma);
    stream_source_clear(&app->dmr);
    app->dma_sent = app->dma_queued;
    app_lane_clear(&app->event);
    app_lane_clear(&app->clear);
    app_lane_clear(&app->intx);
    app_reads_end(app);
    app->csr_busy = false;
    app->flr_active = false;
}

bool app_idle(const struct app *app)
{
    return app->dma.queued == 0 && app->dmr.queued == 0 && app->reads_waiting == 0 && app_lane_idle(&app->event) &&
           app_lane_idle(&app->clear) && app_lane_idle(&app->intx);
}

/* --- before a clock --- */

static bool is_broken(unsigned offset)
{
    return offset >= 8 * APP_CSR_QWORDS - APP_CSR_BROKEN;
}

static void drive_csr(const struct app *app, struct dut_in *in)
{
    in->csr_error = is_broken(app->csr_offset);
    in->csr_ready = app->csr_busy && app->csr_wait == 0;
    if (in->csr_ready)
        in->csr_rdata = app->csr[app->csr_offset / 8];
}

/* A TLP takes the attributes that are allowed when it is begun. */
static void drive_stream(struct app *app, struct stream_source *source, struct dut_beat *beat)
{
    static const uint32_t ns = 1U << 12, ro = 1U << 13, ido = 1U << 18;
    const struct app_enables *may = &app->enables;
    if (source->queued > 0 && stream_source_at_start(source) && (!may->ro || !may->ns || !may->ido)) {
        size_t n = 0;
        uint32_t *const dw = stream_source_first(source, &n);
        dw[0] &= ~((may->ro ? 0 : ro) | (may->ns ? 0 : ns) | (may->ido ? 0 : ido));
    }
    stream_source_drive(source, beat, !app->flr_active);
}

static void drive_intx(struct app *app)
{
    bool valid = false;
    uint16_t level = 0;
    app_lane_drive(&app->intx, &valid, &level);
    if (!valid)
        return;
    app_lane_sample(&app->intx, true);
    app->intx_level = level;
    if (app->intx_flow)
        app->csr[0] = (app->csr[0] & ~UINT64_C(1)) | level;
}

void app_drive(struct app *app, struct dut_in *in)
{
    app_lane_drive(&app->event, &in->evt_valid, &in->evt_vector);
    app_lane_drive(&app->clear, &in->clr_valid, &in->clr_vector);
    if (in->dma.valid || app->dma.queued > 0)
        drive_stream(app, &app->dma, &in->dma);
    if (in->dmr.valid || app->dmr.queued > 0)
        drive_stream(app, &app->dmr, &in->dmr);
    in->csr_ready = false;
    if (app->csr_busy)
        drive_csr(app, in);
    drive_intx(app);
    in->intx_level = app->intx_level;
    const bool half = stream_source_in_tlp(&app->dma) || stream_source_in_tlp(&app->dmr);
    in->flr_done = app->flr_active && app->flr_wait == 0 && (!half || app->flr_prompt);
}

/* --- after it --- */

static void write_csr(uint64_t *qword, uint8_t byte_enables, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        const uint64_t byte = UINT64_C(0xFF) << (8 * i);
        if (byte_enables >> i & 1)
            *qword = (*qword & ~byte) | (value & byte);
    }
}

/* Bit 0 of the cause register: written 1, the cause is gone. */
static void write_register(struct app *app, const struct dut_out *out)
{
    uint64_t *qword = &app->csr[out->csr_addr / 8 % APP_CSR_QWORDS];
    const uint64_t cause = app->csr[0] & 1;
    if (is_broken(out->csr_addr))
        return;
    write_csr(qword, out->csr_be, out->csr_wdata);
    if (!app->intx_flow || out->csr_addr != 0)
        return;
    const bool cleared = out->csr_be & 1 && out->csr_wdata & 1;
    app->csr[0] = (app->csr[0] & ~UINT64_C(1)) | (cleared ? 0 : cause);
    app->intx_level = app->csr[0] & 1;
}

static void sample_csr(struct app *app, const struct dut_in *in, const struct dut_out *out)
{
    if (in->csr_ready && out->csr_valid) {
        if (out->csr_write)
            write_register(app, out);
        app->csr_busy = false;
    } else if (app->csr_busy) {
        app->csr_busy = out->csr_valid;
        app->csr_wait -= app->csr_wait > 0;
    } else if (out->csr_valid) {
        app->csr_busy = true;
        app->csr_offset = out->csr_addr % (8 * APP_CSR_QWORDS);
        app->csr_wait = app->csr_delay == APP_CSR_RANDOM_DELAY ? rng_below(&app->rng, 8) : app->csr_delay;
    }
}

static void sample_flr(struct app *app, bool active)
{
    if (active && !app->flr_active) {
        const size_t before = app->dma.queued;
        stream_source_drop_waiting(&app->dma);
        stream_source_drop_waiting(&app->dmr);
        app->dma_sent += before - app->dma.queued;
        app_reads_end(app);
        app->flr_wait = app->flr_delay;
    } else if (active && app->flr_wait > 0) {
        app->flr_wait--;
    }
    app->flr_active = active;
}

void app_sample(struct app *app, const struct dut_in *in, const struct dut_out *out)
{
    if (!in->rst_n || !in->link_up)
        return;
    app->requester_id = out->cfg_requester_id;
    app->enables = (struct app_enables){out->cfg_ro_en, out->cfg_ns_en, out->cfg_ido_req_en};
    if (app->event.offered)
        app_lane_sample(&app->event, out->evt_ready);
    if (app->clear.offered)
        app_lane_sample(&app->clear, out->clr_ready);
    if (app->dma.offered)
        app->dma_sent += stream_source_sample(&app->dma, out->dma_tready);
    if (app->dmr.offered)
        stream_source_sample(&app->dmr, out->dmr_tready);
    if (app->csr_busy || out->csr_valid)
        sample_csr(app, in, out);
    if (app->flr_active || out->flr_active)
        sample_flr(app, out->flr_active);
}

static void seen(void *ctx, struct seen *what)
{
    if (what->kind == SEEN_TLP && what->stream == SEEN_DMC && what->tlp.defect == TLP_OK)
        app_completion_seen(ctx, what);
}

struct observer app_observer(struct app *app)
{
    return (struct observer){.name = "app", .ctx = app, .seen = seen};
}

/* --- knobs --- */

void app_set_attributes(struct bench *b, bool ro, bool ns, bool ido)
{
    struct app *app = bench_app(b);
    app->ro = ro;
    app->ns = ns;
    app->ido = ido;
}

void app_set_poisoned(struct bench *b, bool poisoned)
{
    bench_app(b)->poison = poisoned;
}

void app_set_gaps(struct bench *b, unsigned percent)
{
    stream_source_set_gaps(&bench_app(b)->dma, percent);
    stream_source_set_gaps(&bench_app(b)->dmr, percent);
}

void app_stall_dma(struct bench *b, bool stall)
{
    stream_source_set_stall(&bench_app(b)->dma, stall);
}

void app_set_csr_delay(struct bench *b, unsigned clocks)
{
    bench_app(b)->csr_delay = clocks < APP_CSR_RANDOM_DELAY ? clocks : APP_CSR_RANDOM_DELAY;
}

void app_set_intx(struct bench *b, bool level)
{
    bench_app(b)->intx_level = level;
}

void app_set_intx_at(struct bench *b, bool level, unsigned delay)
{
    app_lane_schedule(&bench_app(b)->intx, level, delay);
}

void app_set_intx_flow(struct bench *b, bool on)
{
    bench_app(b)->intx_flow = on;
}

void app_intx_raise(struct bench *b)
{
    bench_app(b)->csr[0] |= 1;
    bench_app(b)->intx_level = true;
}

void app_set_flr_delay(struct bench *b, unsigned clocks)
{
    bench_app(b)->flr_delay = clocks;
}

void app_set_flr_prompt(struct bench *b, bool prompt)
{
    bench_app(b)->flr_prompt = prompt;
}

/* --- the device's view of its registers --- */

uint32_t app_csr_read(const struct bench *b, unsigned offset)
{
    const uint64_t qword = bench_app(b)->csr[offset / 8 % APP_CSR_QWORDS];
    return (uint32_t)(offset & 4 ? qword >> 32 : qword);
}

void app_csr_write(struct bench *b, unsigned offset, uint32_t value)
{
    const bool upper = offset & 4;
    write_csr(&bench_app(b)->csr[offset / 8 % APP_CSR_QWORDS], upper ? 0xF0 : 0x0F,
              (uint64_t)value << (upper ? 32 : 0));
}
