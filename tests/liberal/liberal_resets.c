/* liberal_resets.c - function-level reset: what is dropped and what drains, when it ends. */
#include "liberal_device.h"

/* The first place from which the queue may be dropped: what is on its way out stays. */
static unsigned first_droppable(const struct dut *d)
{
    for (unsigned k = d->queued; k-- > 0;)
        if (d->order[k]->offered)
            return k + 1;
    return 0;
}

/* A switch keeps one for later. */
static void keep_stale(struct dut *d, const struct liberal_posted *p)
{
    const enum liberal_illegal wanted = p->message ? LIBERAL_FLR_STALE_MESSAGE : LIBERAL_FLR_STALE_DATA;
    if (d->flr.has_stale || p->intx || p->offered || !liberal_breaks(d, wanted, 70))
        return;
    d->flr.stale = *p;
    d->flr.has_stale = true;
}

/* A tail of the queue goes; data that was held back can't stay. */
static void drop_posted(struct dut *d)
{
    unsigned cut = first_droppable(d);
    if (liberal_chance(d, d->habit->drains))
        cut += rng_below(&d->rng, d->queued - cut + 1);
    for (unsigned k = 0; k < cut; k++)
        if (d->order[k]->held)
            cut = k;
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->message)
            liberal_unshow(d, d->order[k]);
    for (unsigned k = d->queued; k-- > cut;) {
        if (d->order[k]->offered)
            continue;
        keep_stale(d, d->order[k]);
        liberal_queue_remove(d, k);
    }
}

/* The registers go back, and stay so until the end. */
void liberal_flr_begin(struct dut *d, const struct liberal_request *r)
{
    if (liberal_breaks(d, LIBERAL_FLR_IGNORED, 100)) {
        liberal_strike(d);
        return;
    }
    const bool enable = d->control.enable && liberal_breaks(d, LIBERAL_FLR_KEEPS_CONTROLS, 100);
    drop_posted(d);
    liberal_config_clear(d);
    d->control =
        (struct liberal_control){.enable = enable, .enable_seq = r->seq, .fmask_seq = r->seq, .bme_seq = r->seq};
    d->holding = true; /* BME is 0 */
    liberal_core_clear(d, r->seq);
    liberal_reads_flr(d);
    d->flr.active = true;
    d->flr.waits = false;
    d->flr.done = false;
    d->flr.until = liberal_later(d, 4 * d->habit->flr_clocks) + 2;
    liberal_intx_flr(d);
    d->twin_waits = false;
    if (enable)
        liberal_strike(d);
    if (liberal_breaks(d, LIBERAL_FLR_SPOILS_CREDIT, 100))
        for (unsigned k = 0; k < 3; k++)
            d->tx.used_h[k] = d->tx.used_d[k] = 0;
}

static bool is_over(const struct dut *d)
{
    const bool sends = d->tx.active && (d->tx.posted || d->tx.is_read);
    const bool inside = d->dma.n_dw > 0 || d->dmr.n_dw > 0 || d->reads.deliveries > 0;
    const bool quiet = d->queued == 0 && !sends && !inside && d->errors == 0;
    const bool deasserted = !d->intx.wire || d->intx.lost;
    return d->flr.done && d->clock >= d->flr.until && quiet && deasserted;
}

static void send_stale(struct dut *d)
{
    struct liberal_posted *p = d->flr.has_stale && d->clock > d->flr.ended ? liberal_queue_take(d) : NULL;
    if (!p)
        return;
    *p = d->flr.stale;
    p->held = p->offered = p->shown = false;
    p->stale = p->copy = true;
    d->flr.has_stale = false;
    liberal_queue_enter(d, p, d->queued);
}

void liberal_flr_step(struct dut *d, const struct dut_in *in)
{
    d->flr.done = in->flr_done && d->out.flr_active;
    if (!d->flr.active) {
        send_stale(d);
        return;
    }
    if (!is_over(d))
        return;
    if (d->intx.lost && d->intx.wire)
        liberal_strike(d);
    d->flr.active = false;
    d->flr.ended = d->clock;
    d->intx.lost = false;
}
