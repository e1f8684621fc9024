/* liberal_tx.c - what leaves: a choice among all that may, credits, beats. */
#include <string.h>

#include "liberal_device.h"
#include "stream.h"

enum { POSTED, COMPLETION, NONPOSTED };

void liberal_tx_reset(struct dut *d)
{
    memset(&d->tx, 0, sizeof d->tx);
    d->tx_dead = false;
    d->sent_now = -1;
}

/* --- credits --- */

static bool fits(unsigned limit, unsigned used, unsigned need, bool infinite, unsigned range)
{
    return infinite || ((limit - used - need) & (range - 1)) <= range / 2;
}

static unsigned units(const uint32_t *dw)
{
    return dw[0] >> 30 & 1 ? ((dw[0] & 0x3FF) + 3) / 4 : 0;
}

/* `headers`, `data`: what is needed. */
static bool has_credit(const struct dut *d, const struct dut_credit_limits *fc, unsigned class, unsigned headers,
                       unsigned data)
{
    if (class == NONPOSTED)
        return fits(fc->nph, d->tx.used_h[NONPOSTED], headers, fc->nph_inf, 256);
    const bool h = class == POSTED ? fits(fc->ph, d->tx.used_h[0], headers, fc->ph_inf, 256)
                                   : fits(fc->cplh, d->tx.used_h[1], headers, fc->cplh_inf, 256);
    const bool u = class == POSTED ? fits(fc->pd, d->tx.used_d[0], data, fc->pd_inf, 4096)
                                   : fits(fc->cpld, d->tx.used_d[1], data, fc->cpld_inf, 4096);
    return h && (data == 0 || u);
}

/* Switches: one header, or one data unit, is not counted. */
static bool may_start(struct dut *d, const struct dut_credit_limits *fc, unsigned class, const uint32_t *dw)
{
    const unsigned data = units(dw);
    if (has_credit(d, fc, class, 1, data))
        return true;
    const enum liberal_illegal headers = class == POSTED      ? LIBERAL_POSTED_OVERRUN
                                         : class == NONPOSTED ? LIBERAL_NONPOSTED_OVERRUN
                                                              : LIBERAL_COMPLETION_OVERRUN;
    const bool over = (has_credit(d, fc, class, 0, data) && liberal_breaks(d, headers, 30)) ||
                      (class == POSTED && data > 0 && has_credit(d, fc, class, 1, data - 1) &&
                       liberal_breaks(d, LIBERAL_DATA_OVERRUN, 30));
    return over;
}

/* --- posted --- */

/* Does the message go before data that its event came after? */
static bool leaves_data_behind(const struct dut *d, unsigned place)
{
    for (unsigned k = 0; k < place; k++)
        if (liberal_is_data(d->order[k]) && d->order[k]->mark <= d->order[place]->mark)
            return true;
    return false;
}

static bool leaves_intx_behind(const struct dut *d, unsigned place)
{
    for (unsigned k = 0; k < place; k++)
        if (d->order[k]->intx)
            return true;
    return false;
}

/* A switch: something behind the head passes it. */
static bool passes_illegally(struct dut *d, const struct dut_credit_limits *fc, unsigned place, bool head_fits)
{
    const struct liberal_posted *p = d->order[place], *head = d->order[0];
    if (p->message && !p->held && has_credit(d, fc, POSTED, 1, 1) && leaves_data_behind(d, place)) {
        if (liberal_is_data(head) && head->relaxed && place == 1)
            return liberal_breaks(d, LIBERAL_PASSES_RELAXED_DATA, 50);
        return !head_fits && liberal_is_data(head) && liberal_breaks(d, LIBERAL_PASSES_STARVED_DATA, 50);
    }
    if (p->intx && p->strict && d->arrived.bme && leaves_data_behind(d, place) && !leaves_intx_behind(d, place))
        return has_credit(d, fc, POSTED, 1, 0) && liberal_breaks(d, LIBERAL_ASSERT_PASSES_DATA, 50);
    return liberal_is_data(p) && !p->relaxed && liberal_is_data(head) && place == 1 &&
           has_credit(d, fc, POSTED, 1, units(p->dw)) && liberal_breaks(d, LIBERAL_DATA_PASSES_DATA, 30);
}

static bool may_pass(struct dut *d, const struct dut_credit_limits *fc, unsigned place)
{
    const struct liberal_posted *p = d->order[place];
    return p->relaxed && liberal_chance(d, d->habit->relaxed_passes) && has_credit(d, fc, POSTED, 1, units(p->dw));
}

/* A switch: data that is held back leaves. */
static bool escapes(struct dut *d, const struct dut_credit_limits *fc, const struct liberal_posted *p)
{
    const struct liberal_control *c = &d->arrived;
    if (d->plan->illegal != LIBERAL_DATA_AFTER_BME || c->bme || c->bme_seq > d->flushed)
        return false;
    if (!has_credit(d, fc, POSTED, 1, units(p->dw)) || !liberal_breaks(d, LIBERAL_DATA_AFTER_BME, 20))
        return false;
    liberal_strike(d);
    return true;
}

/* Place of the posted TLP that leaves next, -1: none can. Data with RO = 1 may pass all before it. */
static int choose_posted(struct dut *d, const struct dut_credit_limits *fc)
{
    bool head_fits = false, found = false;
    for (unsigned k = 0; k < d->queued; k++) {
        const struct liberal_posted *p = d->order[k];
        if (p->held) {
            if (k == 0 && escapes(d, fc, p))
                return 0;
            continue;
        }
        const bool head = !found;
        found = true;
        if (head)
            head_fits = may_start(d, fc, POSTED, p->dw);
        if (!head && passes_illegally(d, fc, k, head_fits)) {
            if (!p->message || d->vector[p->vector].loose == 1)
                liberal_strike(d);
            return (int)k;
        }
        if (!head && may_pass(d, fc, k))
            return (int)k;
    }
    if (!head_fits)
        return -1;
    for (unsigned k = 0; k < d->queued; k++)
        if (!d->order[k]->held)
            return (int)k;
    return -1;
}

/* --- completions --- */

/* Data that came before the request did, and nobody can say that it was held back. */
static bool data_waits(const struct dut *d, const struct liberal_answer *a)
{
    for (unsigned k = 0; k < d->queued && a->bme_proven && d->arrived.bme; k++)
        if (liberal_is_data(d->order[k]) && !d->order[k]->held && d->order[k]->mark <= a->data_mark)
            return true;
    return false;
}

static bool is_behind_posted(struct dut *d, const struct liberal_answer *a)
{
    if (!a->ordered)
        return true;
    for (unsigned k = 0; k < d->queued; k++) {
        const struct liberal_posted *p = d->order[k];
        if (p->number >= a->stamp || p->held)
            continue;
        if (a->passes_messages && p->message)
            continue;
        return data_waits(d, a) && liberal_breaks(d, LIBERAL_COMPLETION_PASSES, 30);
    }
    return true;
}

static uint32_t first_dw(const struct liberal_answer *a)
{
    return a->tlp.kind == TLP_CPLD ? UINT32_C(1) << 30 | a->tlp.length : 0;
}

/* Index of the completion that leaves next, from a random one on; -1: none can. */
static int choose_answer(struct dut *d, const struct dut_credit_limits *fc)
{
    const unsigned first = d->answers ? rng_below(&d->rng, d->answers) : 0;
    for (unsigned n = 0; n < d->answers; n++) {
        const unsigned k = (first + n) % d->answers;
        struct liberal_answer *a = &d->answer[k];
        const uint32_t dw0 = first_dw(a);
        if (a->ready > d->clock || liberal_error_waits(d, a) || !has_credit(d, fc, COMPLETION, 0, units(&dw0)) ||
            !is_behind_posted(d, a))
            continue;
        if (may_start(d, fc, COMPLETION, &dw0))
            return (int)k;
    }
    return -1;
}

/* --- starting --- */

static void set_requester(uint32_t *dw, uint16_t id)
{
    dw[1] = (dw[1] & 0xFFFF) | (uint32_t)id << 16;
}

/* Switches: an ID that nobody may carry any more. */
static void spoil_requester(struct dut *d, uint32_t *dw)
{
    const uint16_t old = d->old_id, id = d->id;
    if (d->id_seq == LIBERAL_NEVER || d->id_seq > d->flushed || old == id)
        return;
    if (liberal_breaks(d, LIBERAL_OLD_REQUESTER, 30)) {
        set_requester(dw, old);
        liberal_strike(d);
    }
    const uint16_t mixed = (uint16_t)((id & 0xFF00) | (old & 0x00FF));
    if (mixed != old && mixed != id && liberal_breaks(d, LIBERAL_MIXED_REQUESTER, 30)) {
        set_requester(dw, mixed);
        liberal_strike(d);
    }
}

static void start_posted(struct dut *d, unsigned place)
{
    struct liberal_posted *p = d->order[place];
    p->offered = true;
    d->tx.posted = p;
    d->tx.is_read = false;
    d->tx.n_dw = p->n_dw;
    memcpy(d->tx.dw, p->dw, p->n_dw * sizeof p->dw[0]);
    if (liberal_is_data(p))
        return;
    if (p->id_late)
        set_requester(d->tx.dw, d->id);
    if (p->message)
        spoil_requester(d, d->tx.dw);
}

static void start_answer(struct dut *d, unsigned k)
{
    struct liberal_answer *a = &d->answer[k];
    d->tx.posted = NULL;
    d->tx.is_read = false;
    d->tx.answer = *a;
    d->answer[k] = d->answer[--d->answers];
    a = &d->tx.answer;
    if (a->id_late)
        a->tlp.completer_id = d->id;
    if (d->id_seq != LIBERAL_NEVER && d->id_seq < a->seq && d->id_seq <= d->flushed && d->old_id != d->id &&
        liberal_breaks(d, LIBERAL_OLD_COMPLETER, 20)) {
        a->tlp.completer_id = d->old_id;
        liberal_strike(d);
    }
    d->tx.n_dw = (unsigned)tlp_encode(&a->tlp, a->payload, d->tx.dw, LIBERAL_TLP_DW);
}

static bool start_read(struct dut *d, const struct dut_credit_limits *fc)
{
    const uint32_t header = 0;
    if (d->reads.n_waiting == 0)
        return false;
    const int k = liberal_read_choose(d, may_start(d, fc, NONPOSTED, &header));
    if (k < 0)
        return false;
    d->tx.posted = NULL;
    liberal_read_take(d, (unsigned)k);
    return true;
}

static bool start_other(struct dut *d, const struct dut_credit_limits *fc)
{
    const bool first = liberal_chance(d, d->habit->completions_first);
    int answer = first ? choose_answer(d, fc) : -1;
    const int posted = answer < 0 ? choose_posted(d, fc) : -1;
    if (answer < 0 && posted < 0 && !first)
        answer = choose_answer(d, fc);
    if (posted >= 0)
        start_posted(d, (unsigned)posted);
    else if (answer >= 0)
        start_answer(d, (unsigned)answer);
    return posted >= 0 || answer >= 0;
}

/* A switch: a read without credit holds up everything. */
static bool is_blocked(struct dut *d, const struct dut_credit_limits *fc)
{
    return d->reads.n_waiting > 0 && !d->reads.waiting[0].held && !has_credit(d, fc, NONPOSTED, 1, 0) &&
           liberal_breaks(d, LIBERAL_READ_BLOCKS, 100);
}

static bool start(struct dut *d, const struct dut_credit_limits *fc)
{
    const bool first = liberal_chance(d, d->habit->reads_first);
    d->tx.offset = 0;
    if (is_blocked(d, fc))
        return false;
    return (first && start_read(d, fc)) || start_other(d, fc) || (!first && start_read(d, fc));
}

/* --- beats --- */

/* A message began to leave: was a switch at work that somebody can see by now? */
static void judge_illegal(struct dut *d, const struct liberal_posted *p)
{
    const struct liberal_control *c = &d->arrived;
    const struct liberal_vector *x = &d->vector[p->vector];
    const bool masked = x->arrived_mask && x->mask_seq <= d->flushed;
    const bool glitched = d->plan->illegal == LIBERAL_CONTROL_GLITCH && c->enable && c->fmask;
    if (p->illegal && (masked || glitched || (c->fmask && c->fmask_seq <= d->flushed) ||
                       (!c->enable && c->enable_seq <= d->flushed) || (!c->bme && c->bme_seq <= d->flushed)))
        liberal_strike(d);
}

static void message_begins(struct dut *d, struct liberal_posted *p)
{
    struct liberal_vector *x = &d->vector[p->vector];
    d->sent_now = (int)p->vector;
    judge_illegal(d, p);
    if (p->copy && x->loose == 1)
        liberal_strike(d);
    if (!x->pending && liberal_breaks(d, LIBERAL_STAYS_PENDING, 30)) {
        liberal_set_pending(d, p->vector, true);
        x->mark = p->mark;
        if (x->loose == 1)
            liberal_strike(d);
    }
    liberal_touch(d, p->vector);
    if (!d->twin_waits && !p->copy && liberal_breaks(d, LIBERAL_DUPLICATE, 30)) {
        d->twin = *p;
        d->twin_waits = true;
    }
}

static void posted_begins(struct dut *d, const struct dut_credit_limits *fc, struct liberal_posted *p)
{
    if (!has_credit(d, fc, POSTED, 1, units(p->dw)))
        liberal_strike(d);
    d->tx.used_h[POSTED]++;
    d->tx.used_d[POSTED] = (uint16_t)(d->tx.used_d[POSTED] + units(p->dw));
    if (p->message)
        message_begins(d, p);
    if (p->stale)
        liberal_strike(d);
    if (p->intx)
        liberal_intx_sent(d, p);
    if (liberal_is_data(p) && (p->dw[0] >> 14 & 1) && liberal_parity_response(d))
        liberal_error(d, d->seq, LIBERAL_MASTER_PARITY, 0, LIBERAL_PULSES);
    liberal_queue_remove(d, liberal_queue_find(d, p));
}

static void answer_begins(struct dut *d, const struct dut_credit_limits *fc, const struct liberal_answer *a)
{
    if (!has_credit(d, fc, COMPLETION, 1, units(d->tx.dw)))
        liberal_strike(d);
    d->tx.used_h[COMPLETION]++;
    d->tx.used_d[COMPLETION] = (uint16_t)(d->tx.used_d[COMPLETION] + units(d->tx.dw));
    if (a->ordered && d->plan->illegal == LIBERAL_COMPLETION_PASSES && data_waits(d, a))
        liberal_strike(d);
    for (unsigned k = 0; k < d->queued && a->passes_messages; k++) {
        const struct liberal_posted *p = d->order[k];
        if (p->message && (int)p->vector == a->hidden && p->number < a->stamp && d->vector[p->vector].busy_seq < a->seq)
            liberal_strike(d);
    }
    if (a->ordered && !a->tlp.ido && a->seq > d->flushed) /* IDO: not while the ID changes */
        d->flushed = a->seq;
}

static void read_begins(struct dut *d, const struct dut_credit_limits *fc)
{
    if (!has_credit(d, fc, NONPOSTED, 1, 0))
        liberal_strike(d);
    d->tx.used_h[NONPOSTED]++;
}

void liberal_tx_sample(struct dut *d, const struct dut_in *in)
{
    struct liberal_sender *tx = &d->tx;
    d->sent_now = -1;
    d->tx_dead = d->out.tx.valid && !in->tx_tready;
    if (!d->out.tx.valid || !in->tx_tready)
        return;
    if (tx->offset == 0 && tx->is_read)
        read_begins(d, &in->fc);
    else if (tx->offset == 0 && tx->posted)
        posted_begins(d, &in->fc, tx->posted);
    else if (tx->offset == 0)
        answer_begins(d, &in->fc, &tx->answer);
    tx->offered = false;
    tx->offset += d->config->data_dw;
    tx->active = tx->offset < tx->n_dw;
}

/* A switch sends a message once more. */
static void send_twin(struct dut *d)
{
    struct liberal_posted *p = d->spares > 1 ? liberal_queue_take(d) : NULL;
    if (!p)
        return;
    *p = d->twin;
    p->copy = true;
    p->shown = p->offered = false;
    d->twin_waits = false;
    liberal_queue_enter(d, p, d->queued);
}

void liberal_tx_step(struct dut *d, const struct dut_in *in)
{
    struct liberal_sender *tx = &d->tx;
    if (d->twin_waits)
        send_twin(d);
    if (!tx->active && in->link_up && in->fc_init_done && !liberal_chance(d, d->habit->tx_pauses)) {
        tx->active = start(d, &in->fc);
        d->tx_dead = d->tx_dead || !tx->active;
    }
    const bool pause = tx->offset > 0 && liberal_chance(d, d->habit->tx_gaps);
    const bool withdraws = tx->offered && liberal_breaks(d, LIBERAL_WITHDRAWS_VALID, 10);
    if (withdraws)
        liberal_strike(d);
    if (tx->active && ((tx->offered && !withdraws) || (!tx->offered && !pause))) {
        tx->offered = true;
        stream_put_beat(&d->out.tx, tx->dw, tx->n_dw, tx->offset, d->config->data_dw);
    } else {
        d->out.tx.valid = false;
    }
}
