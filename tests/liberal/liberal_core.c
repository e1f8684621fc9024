/* liberal_core.c - table, masks, pending bits, events; which message is committed when. */
#include <string.h>

#include "liberal_device.h"

enum {
    LATE_CLEAR_CLOCKS = 40,
    SEARCHES = 2,
    IN_QUEUE = 6,
    STARVED_CLOCKS = 30,
    LONGEST_WAIT = 16 /* clocks without a commit */
};

static void reset_entries(struct dut *d)
{
    const bool zero = d->policy->table_zero_after_reset == POLICY_YES;
    memset(d->vector, 0, sizeof d->vector);
    for (unsigned v = 0; v < d->config->nvec; v++) {
        struct liberal_vector *x = &d->vector[v];
        for (unsigned k = 0; k < 3 && !zero; k++)
            x->field[k] = (uint32_t)rng_next(&d->rng) & (k ? UINT32_MAX : ~3U);
        x->field[3] = 1;
        x->arrived_mask = true;
        memcpy(x->truth, x->field, sizeof x->truth);
    }
    d->pendings = 0;
    d->next_vector = 0;
    d->late_clear_waits = false;
}

void liberal_core_clear(struct dut *d, uint64_t seq)
{
    bool open[LIBERAL_VECTORS] = {false};
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->message)
            liberal_unshow(d, d->order[k]);
    for (unsigned v = 0; v < d->config->nvec; v++)
        open[v] = !liberal_masked(d, v);
    reset_entries(d);
    for (unsigned v = 0; v < d->config->nvec; v++) {
        d->vector[v].mask_seq = d->vector[v].busy_seq = seq;
        if (open[v] && d->plan->illegal == LIBERAL_FLR_KEEPS_MASKS)
            d->vector[v].field[3] = 0;
    }
}

void liberal_core_reset(struct dut *d)
{
    reset_entries(d);
    d->victim = rng_below(&d->rng, d->config->nvec);
    if (d->plan->illegal == LIBERAL_MASK_RESETS_CLEAR) {
        d->vector[d->victim].field[3] = 0;
    }
}

void liberal_set_pending(struct dut *d, unsigned vector, bool pending)
{
    struct liberal_vector *x = &d->vector[vector];
    d->pendings += pending && !x->pending;
    d->pendings -= !pending && x->pending;
    x->pending = pending;
}

bool liberal_masked(const struct dut *d, unsigned vector)
{
    return d->vector[vector].field[3] & 1;
}

void liberal_touch(struct dut *d, unsigned vector)
{
    d->vector[vector].busy_seq = d->seq + (d->rx.n_dw > 0);
}

void liberal_lose(struct dut *d, unsigned vector)
{
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->message && d->order[k]->vector == vector)
            return;
    d->vector[vector].lost = !d->vector[vector].pending;
}

/* --- when rules change --- */

/* The bits of messages that are not taken back any more fall at once. */
static void unshow_all(struct dut *d, int vector)
{
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->message && (vector < 0 || d->order[k]->vector == (unsigned)vector))
            liberal_unshow(d, d->order[k]);
}

/* What policy lets go while enabled, unmasked and without bus mastering. */
static void drop_without_bus_master(struct dut *d, unsigned v)
{
    const struct liberal_control *c = &d->control;
    if (!c->enable || c->fmask || c->bme || liberal_masked(d, v))
        return;
    if (d->policy->hold_while_bme_off == POLICY_NO)
        unshow_all(d, (int)v);
    if (!d->vector[v].pending)
        return;
    if (!liberal_choose(d, d->policy->hold_while_bme_off)) {
        liberal_set_pending(d, v, false);
    } else if (liberal_breaks(d, LIBERAL_DROPS_ON_BME, 50)) {
        liberal_set_pending(d, v, false);
        liberal_lose(d, v);
    }
}

static void drop_disabled(struct dut *d)
{
    if (d->policy->keep_on_disable == POLICY_NO)
        unshow_all(d, -1);
    for (unsigned v = 0; v < d->config->nvec && d->pendings > 0; v++) {
        if (!d->vector[v].pending)
            continue;
        if (!liberal_choose(d, d->policy->keep_on_disable)) {
            liberal_set_pending(d, v, false);
        } else if (liberal_breaks(d, LIBERAL_DROPS_ON_DISABLE, 50)) {
            liberal_set_pending(d, v, false);
            liberal_lose(d, v);
        }
    }
}

static void fmask_spoils_masks(struct dut *d, bool set)
{
    const enum liberal_illegal illegal = set ? LIBERAL_FMASK_SETS_MASKS : LIBERAL_FMASK_CLEARS_MASKS;
    for (unsigned v = 0; v < d->config->nvec; v++) {
        if (liberal_masked(d, v) != set && d->vector[v].rewritten > 0 && liberal_breaks(d, illegal, 30))
            d->vector[v].field[3] = set;
    }
}

void liberal_rules_changed(struct dut *d, const struct liberal_control *before, int vector, uint64_t seq)
{
    const struct liberal_control *now = &d->control;
    const bool fmask_set = now->fmask && !before->fmask, fmask_cleared = !now->fmask && before->fmask;
    const bool disabled = before->enable && !now->enable;
    if (fmask_set || fmask_cleared)
        fmask_spoils_masks(d, fmask_set);
    if (vector >= 0 && liberal_masked(d, (unsigned)vector))
        liberal_withdraw(d, vector, 0, false);
    if (fmask_set || disabled)
        liberal_withdraw(d, -1, 0, false);
    if (before->bme && !now->bme)
        liberal_bus_master_off(d);
    if (!before->bme && now->bme)
        liberal_bus_master_on(d);
    if (disabled)
        drop_disabled(d);
    for (unsigned v = 0; v < d->config->nvec && vector < 0; v++) {
        const bool stale = fmask_cleared && d->vector[v].address != 0;
        if (!(stale && liberal_breaks(d, LIBERAL_STALE_AFTER_FMASK, 100)))
            liberal_fetch(d, v, seq);
        drop_without_bus_master(d, v);
    }
    if (vector >= 0)
        drop_without_bus_master(d, (unsigned)vector);
}

/* --- events and clears --- */

/* A fence has read its bit as 0, and nothing has happened since. */
static bool is_known_idle(const struct dut *d, unsigned vector)
{
    const struct liberal_vector *x = &d->vector[vector];
    return x->zero_seq > x->busy_seq && liberal_proven(d, x->zero_seq);
}

/* By policy: does an event that is accepted now set the bit? */
static bool event_sets(struct dut *d, unsigned v)
{
    const struct liberal_control *c = &d->control;
    if (!c->enable)
        return liberal_choose(d, d->policy->record_while_disabled);
    if (c->bme)
        return true;
    const bool masked = c->fmask || liberal_masked(d, v);
    const bool sets =
        liberal_choose(d, masked ? d->policy->record_masked_while_bme_off : d->policy->hold_while_bme_off);
    if (!sets || !liberal_breaks(d, LIBERAL_DROPS_ON_BME, 50))
        return sets;
    liberal_lose(d, v);
    return false;
}

static void commit(struct dut *d, unsigned v, bool breaks);
static bool may_commit(struct dut *d, unsigned v);

/* Does data that an event came after stand behind this place? */
static bool data_follows(const struct dut *d, unsigned place, uint64_t mark)
{
    for (unsigned k = place + 1; k < d->queued; k++)
        if (liberal_is_data(d->order[k]) && d->order[k]->mark <= mark)
            return true;
    return false;
}

/* Joins a message that still waits and stands behind all data of the event. A switch: or does not stand there. */
static bool merge(struct dut *d, const struct liberal_input *e)
{
    const struct liberal_control *c = &d->control;
    const bool allowed = c->enable && !c->fmask && c->bme && !liberal_masked(d, e->vector);
    const bool late = liberal_breaks(d, LIBERAL_MERGES_TOO_LATE, 70);
    if (!late && !(allowed && liberal_chance(d, d->habit->merges))) /* under a mask it sets its bit (MSIX-PBA-06) */
        return false;
    for (unsigned k = d->queued; k-- > 0;) {
        const struct liberal_posted *p = d->order[k];
        if (!p->message || p->vector != e->vector)
            continue;
        if (!data_follows(d, k, e->mark))
            return true;
        if (late && !p->shown && !d->vector[e->vector].pending)
            d->vector[e->vector].lost = true;
        return late && !p->shown;
    }
    return false;
}

static void event(struct dut *d, struct liberal_input *e)
{
    if (d->config->nvec > 1 && liberal_breaks(d, LIBERAL_NEIGHBOUR_BIT, 10)) {
        const unsigned right = e->vector;
        e->vector = right > 0 ? right - 1 : 1;
        liberal_lose(d, right);
        if (is_known_idle(d, e->vector))
            liberal_strike(d);
    }
    struct liberal_vector *x = &d->vector[e->vector];
    if (merge(d, e))
        return;
    if (x->pending && d->policy->fairness_slack == 0 && liberal_chance(d, d->habit->separates) &&
        may_commit(d, e->vector))
        commit(d, e->vector, false);
    unshow_all(d, (int)e->vector); /* one bit says all that may still be taken back */
    liberal_set_pending(d, e->vector, true);
    x->lost = false;
    x->mark = e->mark;
    drop_without_bus_master(d, e->vector);
}

static void clear(struct dut *d, unsigned vector)
{
    liberal_withdraw(d, (int)vector, 0, false);
    unshow_all(d, (int)vector);
    liberal_set_pending(d, vector, false);
    d->vector[vector].lost = false;
}

/* Reads of the pending bits may not have heard of it for a while, unless policy promises that. */
static void enter_input(struct dut *d, unsigned vector, bool is_clear)
{
    if (vector >= d->config->nvec) {
        if (is_clear || !liberal_breaks(d, LIBERAL_EVENT_PAST_LAST, 100))
            return;
        vector %= d->config->nvec;
        if (is_known_idle(d, vector))
            liberal_strike(d);
    }
    struct liberal_vector *x = &d->vector[vector];
    x->loose = is_clear ? x->loose : is_known_idle(d, vector) ? 1 : x->loose + 1;
    liberal_touch(d, vector);
    if (d->clock >= x->blind_until)
        x->blind_bit = x->pending || x->shown > 0;
    x->blind_until = liberal_later(d, d->habit->event_latency);
    if (is_clear)
        clear(d, vector);
    else if (event_sets(d, vector))
        event(d, &(struct liberal_input){.vector = vector, .mark = d->data_in});
}

static void sample_clear(struct dut *d, unsigned vector)
{
    if (vector < d->config->nvec && !d->late_clear_waits && liberal_breaks(d, LIBERAL_CLEAR_TAKES_LATER, 60)) {
        d->late_clear_waits = true;
        d->late_clear = (struct liberal_input){.vector = vector, .due = d->clock + LATE_CLEAR_CLOCKS};
        return;
    }
    enter_input(d, vector, true);
}

static void sample_event(struct dut *d, unsigned vector, bool with_clear)
{
    if (vector < d->config->nvec && ((with_clear && liberal_breaks(d, LIBERAL_CLEAR_BEATS_SET, 100)) ||
                                     (d->sent_now == (int)vector && liberal_breaks(d, LIBERAL_SEND_BEATS_SET, 100)))) {
        liberal_lose(d, vector);
        return;
    }
    if (d->late_clear_waits && d->late_clear.vector == vector)
        d->late_clear.took_event = true;
    enter_input(d, vector, false);
}

void liberal_core_sample(struct dut *d, const struct dut_in *in)
{
    const bool is_clear = in->clr_valid && d->out.clr_ready, is_event = in->evt_valid && d->out.evt_ready;
    if (d->flr.active) /* accepted and forgotten */
        return;
    if (is_clear)
        sample_clear(d, in->clr_vector);
    if (is_event)
        sample_event(d, in->evt_vector, is_clear && in->clr_vector == in->evt_vector);
}

/* --- commit --- */

/* A switch: a rule that is broken on purpose, once everybody can know that it is in force. */
static bool breaks_rule(struct dut *d, unsigned v)
{
    const struct liberal_control *c = &d->arrived;
    const struct liberal_vector *x = &d->vector[v];
    const bool settled = liberal_proven(d, x->mask_seq) && liberal_proven(d, x->rewritten) && x->rewritten > 0 &&
                         liberal_proven(d, c->enable_seq) && liberal_proven(d, c->fmask_seq) &&
                         liberal_proven(d, c->bme_seq) && d->writes_in == d->writes_done;
    if (!settled)
        return false;
    switch (d->plan->illegal) {
    case LIBERAL_MESSAGE_AFTER_MASK:
        return c->enable && c->bme && !c->fmask && x->arrived_mask && liberal_breaks(d, LIBERAL_MESSAGE_AFTER_MASK, 5);
    case LIBERAL_MESSAGE_AFTER_FMASK:
        return c->enable && c->bme && c->fmask && !x->arrived_mask &&
               liberal_breaks(d, LIBERAL_MESSAGE_AFTER_FMASK, 20);
    case LIBERAL_MESSAGE_AFTER_DISABLE:
        return !c->enable && c->bme && !c->fmask && !x->arrived_mask &&
               liberal_breaks(d, LIBERAL_MESSAGE_AFTER_DISABLE, 20);
    case LIBERAL_MESSAGE_AFTER_BME:
        return c->enable && !c->bme && !c->fmask && !x->arrived_mask &&
               liberal_breaks(d, LIBERAL_MESSAGE_AFTER_BME, 20);
    default:
        return false;
    }
}

/* A switch: more others are served than may be, while there are others. */
static unsigned most_others(const struct dut *d)
{
    return d->config->nvec + d->policy->fairness_slack + IN_QUEUE;
}

static bool is_starved(struct dut *d)
{
    return d->skipped <= most_others(d) && d->clock - d->served_clock < STARVED_CLOCKS &&
           liberal_breaks(d, LIBERAL_STARVES, 100);
}

static void count_skipped(struct dut *d, unsigned served)
{
    const bool waits = d->vector[d->victim].pending && served != d->victim;
    if (d->skipped > most_others(d) && !waits && d->plan->illegal == LIBERAL_STARVES)
        liberal_strike(d);
    d->skipped = waits ? d->skipped + 1 : 0;
    d->served_clock = d->clock;
}

static bool may_commit(struct dut *d, unsigned v)
{
    const struct liberal_control *c = &d->control;
    return d->spares > 1 && d->messages < d->habit->room && c->enable && !c->fmask && c->bme && !liberal_masked(d, v) &&
           !(v == d->victim && is_starved(d));
}

static void write_header(struct dut *d, struct liberal_posted *p, uint64_t address, uint32_t data)
{
    const bool spoiled = address >> 32 == 0 && liberal_breaks(d, LIBERAL_LONG_HEADER, 30);
    const struct tlp t = {.kind = TLP_MWR,
                          .length = 1,
                          .first_be = 0xF,
                          .requester_id = d->id,
                          .ido = liberal_ido(d, false),
                          .tag = (uint16_t)(rng_next(&d->rng) & 0xFF),
                          .address = address,
                          .is_4dw = address >> 32 != 0 || spoiled};
    const uint32_t wire = tlp_payload_le(data);
    p->n_dw = (unsigned)tlp_encode(&t, &wire, p->dw, LIBERAL_TLP_DW);
    p->origin_id = d->id;
    if (spoiled)
        liberal_strike(d);
}

/* A switch: fields that are not those of the entry. */
static void spoil_fields(struct dut *d, const struct liberal_vector *x, uint64_t *address, uint32_t *data)
{
    const bool differs =
        x->fetched > 0 && liberal_proven(d, x->fetched) && x->old_address != x->address && x->old_data != x->data;
    if (differs && x->old_address != 0 && liberal_breaks(d, LIBERAL_TORN_FIELDS, 50)) {
        *data = x->old_data;
        liberal_strike(d);
    } else if (differs && x->old_address != 0 && liberal_breaks(d, LIBERAL_OLD_AFTER_FENCE, 50)) {
        *address = x->old_address;
        *data = x->old_data;
        liberal_strike(d);
    } else if (x->half_until > 0 && liberal_proven(d, x->old_mask_seq)) {
        liberal_strike(d);
    } else if (d->plan->illegal == LIBERAL_STALE_AFTER_FMASK && liberal_proven(d, x->rewritten)) {
        if (x->address != ((uint64_t)x->field[1] << 32 | (x->field[0] & ~3U)) || x->data != x->field[2])
            liberal_strike(d);
    }
}

/* `breaks`: a switch sends it against the rules, with what the entry holds. */
static void commit(struct dut *d, unsigned v, bool breaks)
{
    struct liberal_vector *x = &d->vector[v];
    struct liberal_posted *p = liberal_queue_take(d);
    uint64_t address = breaks ? (uint64_t)x->field[1] << 32 | (x->field[0] & ~3U) : x->address;
    uint32_t data = breaks ? x->field[2] : x->data;
    if (!p)
        return;
    spoil_fields(d, x, &address, &data);
    p->message = true;
    p->vector = v;
    p->mark = x->mark;
    write_header(d, p, address, data);
    p->id_late = liberal_chance(d, d->habit->id_at_send);
    p->shown = liberal_chance(d, d->habit->clears_late);
    x->shown += p->shown;
    p->illegal = breaks || (d->glitch_until > 0 && liberal_proven(d, d->glitch_before));
    unsigned first = liberal_queue_first_place(d, p->mark);
    for (unsigned k = first; k < d->queued; k++) /* messages of one vector do not pass each other (B 2.4.1 A2a) */
        if (d->order[k]->message && d->order[k]->vector == v)
            first = k + 1;
    const bool inserts = first < d->queued && liberal_chance(d, d->habit->inserts);
    liberal_queue_enter(d, p, inserts ? first + rng_below(&d->rng, d->queued - first) : d->queued);
    liberal_set_pending(d, v, false);
}

/* Takes the next vector that may send, from a random one on, or in turn where fairness is promised. */
static bool commit_one(struct dut *d)
{
    const unsigned nvec = d->config->nvec;
    const bool fair = d->policy->fairness_slack > 0;
    const unsigned first = fair ? d->next_vector : rng_below(&d->rng, nvec);
    for (unsigned k = 0; k < nvec && d->pendings > 0; k++) {
        const unsigned v = (first + k) % nvec;
        if (!d->vector[v].pending)
            continue;
        const bool breaks = breaks_rule(d, v);
        if (!breaks && !may_commit(d, v))
            continue;
        count_skipped(d, v);
        commit(d, v, breaks);
        d->next_vector = (v + 1) % nvec;
        return true;
    }
    return false;
}

static void late_clear_step(struct dut *d)
{
    if (!d->late_clear_waits || d->clock < d->late_clear.due)
        return;
    d->late_clear_waits = false;
    const bool takes = d->late_clear.took_event && d->vector[d->late_clear.vector].pending;
    liberal_set_pending(d, d->late_clear.vector, false);
    if (takes)
        liberal_lose(d, d->late_clear.vector);
}

/* A bit of a message that waits may fall at any time. */
static void clear_some_bit(struct dut *d)
{
    if (d->messages > 0 && liberal_chance(d, d->habit->clears))
        liberal_unshow(d, d->order[rng_below(&d->rng, d->queued)]);
}

void liberal_core_step(struct dut *d)
{
    late_clear_step(d);
    liberal_table_step(d);
    const bool now = d->clock % LONGEST_WAIT == 0;
    for (unsigned k = 0; k < SEARCHES && d->pendings > 0 && (now || liberal_chance(d, d->habit->commit)); k++)
        if (!commit_one(d))
            break;
    clear_some_bit(d);
}
