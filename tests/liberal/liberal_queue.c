/* liberal_queue.c - the posted queue: data and messages, who stands where, who is taken back or held back. */
#include <string.h>

#include "liberal_device.h"
#include "stream.h"

void liberal_queue_reset(struct dut *d)
{
    d->queued = d->messages = 0;
    d->spares = LIBERAL_QUEUE;
    for (unsigned k = 0; k < LIBERAL_QUEUE; k++)
        d->spare[k] = &d->slot[k];
    d->next_number = 1;
    d->data_in = 0;
    d->holding = false;
    d->dma.n_dw = 0;
    d->twin_waits = false;
}

/* --- places --- */

struct liberal_posted *liberal_queue_take(struct dut *d)
{
    if (d->spares == 0)
        return NULL;
    struct liberal_posted *p = d->spare[--d->spares];
    p->intx = p->asserts = p->strict = p->stale = false;
    p->message = p->relaxed = p->held = p->offered = p->shown = p->id_late = p->illegal = p->copy = false;
    return p;
}

bool liberal_is_data(const struct liberal_posted *p)
{
    return !p->message && !p->intx;
}

void liberal_queue_enter(struct dut *d, struct liberal_posted *p, unsigned place)
{
    memmove(&d->order[place + 1], &d->order[place], (d->queued - place) * sizeof d->order[0]);
    d->order[place] = p;
    d->queued++;
    d->messages += p->message;
    p->number = d->next_number++;
}

/* The first place behind the first `mark` data writes, and behind what is on its way out. */
unsigned liberal_queue_first_place(const struct dut *d, uint64_t mark)
{
    for (unsigned k = d->queued; k-- > 0;) {
        const struct liberal_posted *p = d->order[k];
        if (p->offered || (liberal_is_data(p) && p->mark <= mark))
            return k + 1;
    }
    return 0;
}

unsigned liberal_queue_find(const struct dut *d, const struct liberal_posted *p)
{
    unsigned k = 0;
    while (d->order[k] != p)
        k++;
    return k;
}

void liberal_unshow(struct dut *d, struct liberal_posted *p)
{
    if (p->shown)
        d->vector[p->vector].shown--;
    p->shown = false;
}

void liberal_queue_remove(struct dut *d, unsigned place)
{
    struct liberal_posted *p = d->order[place];
    if (p->message) {
        liberal_unshow(d, p);
        d->messages--;
    }
    d->queued--;
    memmove(&d->order[place], &d->order[place + 1], (d->queued - place) * sizeof d->order[0]);
    d->spare[d->spares++] = p;
}

/* --- taking back --- */

/* A message whose bit still shows has not been promised to anybody. */
static void take_back(struct dut *d, unsigned place)
{
    struct liberal_posted *p = d->order[place];
    struct liberal_vector *x = &d->vector[p->vector];
    const unsigned vector = p->vector;
    const bool loses = liberal_breaks(d, LIBERAL_WITHDRAWS_AND_LOSES, 50);
    if (!loses) {
        liberal_set_pending(d, vector, true);
        if (x->mark < p->mark)
            x->mark = p->mark;
    }
    if (liberal_breaks(d, LIBERAL_WITHDRAWS_AND_SENDS, 50)) {
        liberal_unshow(d, p);
        p->copy = true;
        return;
    }
    liberal_queue_remove(d, place);
    if (loses)
        liberal_lose(d, vector);
}

void liberal_withdraw(struct dut *d, int vector, unsigned place, bool always)
{
    for (unsigned k = d->queued; k-- > place;) {
        const struct liberal_posted *p = d->order[k];
        const bool concerned = p->message && (vector < 0 || p->vector == (unsigned)vector);
        if (concerned && p->shown && !p->offered && (always || liberal_chance(d, d->habit->withdraws)))
            take_back(d, k);
    }
}

/* --- bus mastering --- */

/* The first place from which everything may be held back: nobody was promised that it leaves. */
static unsigned first_free_place(const struct dut *d)
{
    uint64_t stamp = 0;
    for (unsigned k = 0; k < d->answers; k++)
        if (d->answer[k].ordered && d->answer[k].stamp > stamp)
            stamp = d->answer[k].stamp;
    if (d->tx.active && !d->tx.posted && d->tx.answer.ordered && d->tx.answer.stamp > stamp)
        stamp = d->tx.answer.stamp;
    for (unsigned k = d->queued; k-- > 0;) {
        const struct liberal_posted *p = d->order[k];
        if (p->offered || p->held || p->number < stamp || p->intx || (p->message && !p->shown))
            return k + 1;
    }
    return 0;
}

void liberal_bus_master_off(struct dut *d)
{
    d->holding = true;
    unsigned cut = d->queued;
    if (liberal_chance(d, d->habit->holds_data)) {
        cut = first_free_place(d);
        cut += rng_below(&d->rng, d->queued - cut + 1);
    }
    liberal_withdraw(d, -1, cut, true);
    for (unsigned k = cut; k < d->queued; k++)
        d->order[k]->held = liberal_is_data(d->order[k]);
    liberal_reads_hold(d, true);
}

/* Held data takes its place anew: completions that were sampled meanwhile do not wait for it. */
void liberal_bus_master_on(struct dut *d)
{
    d->holding = false;
    liberal_reads_hold(d, false);
    for (unsigned k = 0; k < d->queued; k++) {
        if (!d->order[k]->held)
            continue;
        d->order[k]->held = false;
        d->order[k]->number = d->next_number++;
    }
}

/* --- data writes --- */

static void accept(struct dut *d)
{
    struct liberal_posted *p = liberal_queue_take(d);
    struct tlp t;
    tlp_decode(d->dma.dw, d->dma.n_dw, &t);
    p->relaxed = t.ro;
    p->held = d->holding;
    p->mark = ++d->data_in;
    p->n_dw = d->dma.n_dw;
    memcpy(p->dw, d->dma.dw, d->dma.n_dw * sizeof p->dw[0]);
    d->dma.n_dw = 0;
    liberal_queue_enter(d, p, d->queued);
    if (liberal_breaks(d, LIBERAL_LOSES_DATA, 10)) {
        liberal_strike(d);
        liberal_queue_remove(d, d->queued - 1);
    }
}

void liberal_dma_sample(struct dut *d, const struct dut_in *in)
{
    if (!in->dma.valid || !d->out.dma_tready)
        return;
    d->dma.n_dw = stream_take_beat(d->dma.dw, LIBERAL_TLP_DW, d->dma.n_dw, &in->dma, d->config->data_dw);
    if (in->dma.last && d->flr.active)
        d->dma.n_dw = 0; /* swallowed */
    else if (in->dma.last)
        accept(d);
}
