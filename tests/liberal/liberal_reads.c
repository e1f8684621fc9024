/* liberal_reads.c - reads of the device logic: requests on their way to tx, and completions on their way to dmc. */
#include <string.h>

#include "liberal_device.h"
#include "stream.h"

void liberal_reads_reset(struct dut *d)
{
    memset(&d->reads, 0, sizeof d->reads);
    d->dmr.n_dw = 0;
}

bool liberal_pending(const struct dut *d)
{
    return d->reads.outstanding > 0 || d->reads.stuck || (d->plan->seed & 32 && d->reads.deliveries > 0);
}

/* --- requests --- */

static void accept(struct dut *d)
{
    struct liberal_reads *all = &d->reads;
    struct liberal_read *r = &all->waiting[all->n_waiting];
    struct tlp t;
    tlp_decode(d->dmr.dw, d->dmr.n_dw, &t);
    *r = (struct liberal_read){
        .held = d->holding, .tag = (uint8_t)t.tag, .mark = d->data_in, .stamp = d->next_number, .n_dw = d->dmr.n_dw};
    memcpy(r->dw, d->dmr.dw, r->n_dw * sizeof r->dw[0]);
    all->tag[r->tag].outstanding = true;
    all->tag[r->tag].remaining = tlp_read_byte_count(&t);
    all->outstanding++;
    if (liberal_breaks(d, LIBERAL_READ_LOST, 20))
        liberal_strike(d);
    else
        all->n_waiting++;
}

void liberal_dmr_sample(struct dut *d, const struct dut_in *in)
{
    if (!in->dmr.valid || !d->out.dmr_tready)
        return;
    d->dmr.n_dw = stream_take_beat(d->dmr.dw, TLP_MAX_DW, d->dmr.n_dw, &in->dmr, d->config->data_dw);
    if (!in->dmr.last)
        return;
    if (!d->flr.active && d->dmr.n_dw <= 4)
        accept(d);
    d->dmr.n_dw = 0;
}

void liberal_reads_hold(struct dut *d, bool hold)
{
    for (unsigned k = 0; k < d->reads.n_waiting; k++)
        d->reads.waiting[k].held = hold;
}

/* Behind all data that came before it, and all that was committed before. */
static bool is_behind_posted(const struct dut *d, const struct liberal_read *r)
{
    for (unsigned k = 0; k < d->queued; k++) {
        const struct liberal_posted *p = d->order[k];
        const bool earlier = liberal_is_data(p) && p->mark <= r->mark;
        if (earlier || (!p->held && p->number < r->stamp))
            return false;
    }
    return true;
}

/* Does data wait that nobody can say was held back? */
static bool passes_data(const struct dut *d, const struct liberal_read *r)
{
    if (!d->arrived.bme || !liberal_proven(d, d->arrived.bme_seq))
        return false;
    for (unsigned k = 0; k < d->queued; k++)
        if (liberal_is_data(d->order[k]) && d->order[k]->mark <= r->mark && !d->order[k]->offered)
            return true;
    return false;
}

/* A switch sends one that is held back. */
static bool escapes(struct dut *d)
{
    const struct liberal_control *c = &d->arrived;
    return !c->bme && liberal_proven(d, c->bme_seq) && liberal_breaks(d, LIBERAL_READ_AFTER_BME, 20);
}

int liberal_read_choose(struct dut *d, bool fits)
{
    const unsigned n = d->reads.n_waiting, first = n ? rng_below(&d->rng, n) : 0;
    for (unsigned i = 0; i < n && fits; i++) {
        const unsigned k = (first + i) % n;
        const struct liberal_read *r = &d->reads.waiting[k];
        if (r->held && !escapes(d))
            continue;
        if (is_behind_posted(d, r) || (passes_data(d, r) && liberal_breaks(d, LIBERAL_READ_PASSES_DATA, 40)))
            return (int)k;
    }
    return -1;
}

void liberal_read_take(struct dut *d, unsigned k)
{
    struct liberal_reads *all = &d->reads;
    struct liberal_read *r = &all->waiting[k];
    if (r->held || r->again || !is_behind_posted(d, r))
        liberal_strike(d);
    d->tx.is_read = true;
    d->tx.n_dw = r->n_dw;
    memcpy(d->tx.dw, r->dw, r->n_dw * sizeof r->dw[0]);
    if (!r->again && liberal_breaks(d, LIBERAL_READ_TWICE, 30)) {
        r->again = true;
        return;
    }
    all->n_waiting--;
    memmove(r, r + 1, (all->n_waiting - k) * sizeof *r);
}

/* --- completions --- */

static void end_read(struct dut *d, unsigned tag)
{
    d->reads.tag[tag].outstanding = false;
    d->reads.outstanding--;
    if (liberal_breaks(d, LIBERAL_PENDING_STUCK, 20))
        d->reads.stuck = true;
}

static void deliver(struct dut *d, const struct tlp *t, const uint32_t *dw, unsigned n)
{
    struct liberal_reads *all = &d->reads;
    struct liberal_delivery *x = &all->delivery[all->deliveries];
    if (all->deliveries == LIBERAL_DELIVERIES || n > LIBERAL_TLP_DW)
        return;
    *x = (struct liberal_delivery){.due = liberal_later(d, d->habit->dmc_latency), .tag = (uint8_t)t->tag, .n_dw = n};
    memcpy(x->dw, dw, n * sizeof x->dw[0]);
    if (liberal_breaks(d, LIBERAL_LOSES_DELIVERY, 20))
        liberal_strike(d);
    else
        all->deliveries++;
}

static void report_status(struct dut *d, const struct tlp *t)
{
    if (t->ep && t->payload_dw > 0) {
        liberal_poisoned(d, d->seq);
        if (liberal_parity_response(d))
            liberal_error(d, d->seq, LIBERAL_MASTER_PARITY, 0, LIBERAL_PULSES);
    }
    if (t->status != TLP_SC)
        liberal_error(d, d->seq, t->status == TLP_CA ? LIBERAL_RECEIVED_TARGET_ABORT : LIBERAL_RECEIVED_MASTER_ABORT, 0,
                      LIBERAL_PULSES);
}

/* One that is dropped may be reported as poisoned as well. */
static void refuse(struct dut *d, const struct tlp *t, unsigned device_status, enum liberal_pulse pulse)
{
    if (d->flr.active)
        return;
    liberal_error(d, d->seq, 0, device_status, pulse);
    if (t->ep && t->payload_dw > 0 && liberal_chance(d, d->habit->extra_errors))
        liberal_poisoned(d, d->seq);
}

void liberal_completion(struct dut *d, const struct tlp *t, const uint32_t *dw, unsigned n)
{
    struct liberal_reads *all = &d->reads;
    const bool plain = t->kind == TLP_CPL || t->kind == TLP_CPLD;
    const unsigned tag = t->tag & 0xFF, skipped = t->lower_address & 3;
    if (!plain || t->requester_id != d->id || t->tag >= LIBERAL_TAGS || !all->tag[tag].outstanding) {
        refuse(d, t, LIBERAL_CORRECTABLE, LIBERAL_UNEXPECTED);
        if (!d->flr.active && plain && liberal_proven(d, d->id_seq) &&
            liberal_breaks(d, LIBERAL_FORWARDS_UNEXPECTED, 70)) {
            deliver(d, t, dw, n);
            liberal_strike(d);
        }
        return;
    }
    const uint32_t left = all->tag[tag].remaining;
    const bool wrong = t->kind != TLP_CPLD || t->byte_count != left || t->payload_dw > (left + skipped + 3) / 4;
    if (t->status == TLP_SC && wrong) {
        refuse(d, t, LIBERAL_FATAL, LIBERAL_MALFORMED);
        return;
    }
    report_status(d, t);
    deliver(d, t, dw, n);
    const uint32_t bytes = 4U * t->payload_dw - skipped;
    if (t->status == TLP_SC && bytes < left)
        all->tag[tag].remaining -= bytes;
    else
        end_read(d, tag);
}

/* --- to the device logic --- */

static bool is_first_of_tag(const struct liberal_reads *all, unsigned k)
{
    for (unsigned i = 0; i < k; i++)
        if (all->delivery[i].tag == all->delivery[k].tag)
            return false;
    return true;
}

/* The one that begins goes to the front. */
static bool choose_delivery(struct dut *d)
{
    struct liberal_reads *all = &d->reads;
    const unsigned first = all->deliveries ? rng_below(&d->rng, all->deliveries) : 0;
    for (unsigned i = 0; i < all->deliveries; i++) {
        const unsigned k = (first + i) % all->deliveries;
        const bool in_order = is_first_of_tag(all, k);
        if (all->delivery[k].due > d->clock || !(in_order || liberal_breaks(d, LIBERAL_SWAPS_DELIVERIES, 70)))
            continue;
        if (!in_order)
            liberal_strike(d);
        const struct liberal_delivery next = all->delivery[k];
        memmove(&all->delivery[1], &all->delivery[0], k * sizeof next);
        all->delivery[0] = next;
        return true;
    }
    return false;
}

void liberal_dmc_step(struct dut *d)
{
    struct liberal_reads *all = &d->reads;
    d->out.dmc.valid = false;
    if (all->deliveries == 0 || liberal_chance(d, d->habit->dmc_gaps) || (all->offset == 0 && !choose_delivery(d)))
        return;
    const struct liberal_delivery *x = &all->delivery[0];
    stream_put_beat(&d->out.dmc, x->dw, x->n_dw, all->offset, d->config->data_dw);
    all->offset += d->config->data_dw;
    if (all->offset < x->n_dw)
        return;
    all->offset = 0;
    all->deliveries--;
    memmove(&all->delivery[0], &all->delivery[1], all->deliveries * sizeof *x);
}

/* All tags are free; what has not begun to be delivered is dropped or not. */
void liberal_reads_flr(struct dut *d)
{
    struct liberal_reads *all = &d->reads;
    memset(all->tag, 0, sizeof all->tag);
    all->outstanding = all->n_waiting = 0;
    if (!liberal_chance(d, d->habit->drains))
        all->deliveries = all->offset > 0;
}
