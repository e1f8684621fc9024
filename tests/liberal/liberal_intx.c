/* liberal_intx.c - the legacy interrupt: a wire that follows cause and gate, some time later, by messages. */
#include <string.h>

#include "liberal_device.h"

enum { ASSERT = 0x20, DEASSERT = 0x24, LOCAL = 4 };

void liberal_intx_reset(struct dut *d)
{
    memset(&d->intx, 0, sizeof d->intx);
}

static bool gate(struct dut *d)
{
    const struct liberal_control *c = &d->control;
    const enum liberal_illegal illegal = d->plan->illegal;
    const bool disabled = c->int_disable && illegal != LIBERAL_INTX_WHILE_DISABLED;
    const bool replaced = c->enable && illegal != LIBERAL_INTX_WITH_MSIX;
    const bool asleep = c->d3hot && illegal != LIBERAL_INTX_IN_D3HOT;
    return d->config->intx_pin > 0 && !d->flr.active && !disabled && !replaced && !asleep;
}

static bool everything_settled(const struct dut *d)
{
    const struct liberal_control *c = &d->arrived;
    return c->bme && liberal_proven(d, c->bme_seq) && liberal_proven(d, c->enable_seq) &&
           liberal_proven(d, c->disable_seq);
}

static void commit(struct dut *d, bool asserts)
{
    struct liberal_posted *p = liberal_queue_take(d);
    if (!p)
        return;
    const bool function = liberal_breaks(d, LIBERAL_INTX_FUNCTION, 50), code = liberal_breaks(d, LIBERAL_INTX_CODE, 50);
    const unsigned wire = (d->config->intx_pin - 1 + code) % 4;
    const struct tlp t = {.kind = TLP_MSG,
                          .msg_routing = LOCAL,
                          .requester_id = (uint16_t)(d->id | function),
                          .tag = (uint16_t)(rng_next(&d->rng) & 0xFF),
                          .ido = liberal_ido(d, false),
                          .msg_code = (uint8_t)((asserts ? ASSERT : DEASSERT) + wire)};
    p->intx = true;
    p->asserts = asserts;
    p->strict = d->intx.strict;
    d->intx.edges = 0;
    p->mark = d->intx.mark;
    p->n_dw = (unsigned)tlp_encode(&t, NULL, p->dw, LIBERAL_TLP_DW);
    p->id_late = !function && liberal_chance(d, d->habit->id_at_send);
    unsigned first = liberal_queue_first_place(d, p->mark);
    for (unsigned k = first; k < d->queued; k++)
        if (d->order[k]->intx)
            first = k + 1;
    const bool inserts = first < d->queued && liberal_chance(d, d->habit->inserts);
    liberal_queue_enter(d, p, inserts ? first + rng_below(&d->rng, d->queued - first) : d->queued);
    if (function || code)
        liberal_strike(d);
}

static void repeat(struct dut *d)
{
    const bool allowed = d->policy->intx_duplicates != POLICY_NO && liberal_chance(d, d->habit->repeats);
    if (!allowed && !liberal_breaks(d, LIBERAL_INTX_REPEATS, 50))
        return;
    commit(d, d->intx.wire);
    if (!allowed)
        liberal_strike(d);
}

void liberal_intx_sample(struct dut *d, const struct dut_in *in)
{
    if (d->intx.level != in->intx_level) {
        d->intx.edge_seq = d->seq + 2;
        d->intx.edge_clock = d->clock;
    }
    d->intx.level = in->intx_level;
}

void liberal_intx_step(struct dut *d)
{
    struct liberal_intx *x = &d->intx;
    const bool wanted = x->level && gate(d);
    if (wanted != x->wanted) {
        x->wanted = wanted;
        x->mark = d->data_in;
        x->strict = x->edges++ == 0 && x->edge_clock == d->clock && everything_settled(d);
        if (!d->flr.active && wanted != x->wire && liberal_breaks(d, LIBERAL_INTX_LOSES_EDGE, 20))
            x->lost = true;
        else
            x->lost = false;
    }
    const bool idle = !wanted && !x->wire && !x->level && !d->flr.active && d->queued == 0;
    if (idle && d->config->intx_pin > 0 && liberal_proven(d, x->edge_seq) && d->clock > x->spurious + 100 &&
        liberal_breaks(d, LIBERAL_INTX_SPURIOUS, 2)) {
        x->spurious = d->clock;
        x->wire = true;
        commit(d, true);
        liberal_strike(d);
        return;
    }
    if (wanted == x->wire || x->lost || d->spares < 2 || !liberal_chance(d, d->flr.active ? 100 : d->habit->intx))
        return;
    x->wire = wanted;
    commit(d, wanted);
    repeat(d);
}

/* Messages were dropped: what does the last one say that is left, or was sent? */
void liberal_intx_flr(struct dut *d)
{
    d->intx.wire = d->intx.sent;
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->intx)
            d->intx.wire = d->order[k]->asserts;
    d->intx.lost = d->intx.wanted = false;
    d->intx.mark = d->data_in;
    if (d->plan->illegal == LIBERAL_INTX_THROUGH_FLR)
        d->intx.lost = d->intx.wire;
}

void liberal_intx_sent(struct dut *d, const struct liberal_posted *p)
{
    d->intx.sent = p->asserts;
}
