/* liberal_table.c - table and pending bits as the host sees them, and what messages take from an entry. */
#include "liberal_device.h"

enum { HALF_CLOCKS = 12 };

/* --- table --- */

uint32_t liberal_table_read(struct dut *d, unsigned vector, unsigned field)
{
    const struct liberal_vector *x = &d->vector[vector];
    return field == 2 && x->half_until ? x->half_data : x->field[field];
}

uint32_t liberal_table_show(struct dut *d, unsigned vector, unsigned field)
{
    const struct liberal_vector *x = &d->vector[vector];
    const uint32_t wrong = (x->field[field] ^ x->truth[field]) & (field == 3 ? 1 : UINT32_MAX);
    if (wrong && x->half_until == 0 && (field == 3 || (x->written >> field & 1)))
        liberal_strike(d);
    return liberal_table_read(d, vector, field);
}

/* What messages take from now on. */
void liberal_fetch(struct dut *d, unsigned vector, uint64_t seq)
{
    struct liberal_vector *x = &d->vector[vector];
    const uint64_t address = (uint64_t)x->field[1] << 32 | (x->field[0] & ~3U);
    if (!d->control.enable || d->control.fmask || liberal_masked(d, vector))
        return;
    if (x->address == address && x->data == x->field[2])
        return;
    x->old_address = x->address;
    x->old_data = x->data;
    x->fetched = seq;
    x->address = address;
    x->data = x->field[2];
}

static void set_mask(struct dut *d, unsigned vector, uint32_t value, uint64_t seq)
{
    struct liberal_vector *x = &d->vector[vector];
    const bool was = liberal_masked(d, vector);
    x->truth[3] = value;
    x->written |= 8;
    if (was != (value & 1) && vector == d->victim && liberal_breaks(d, LIBERAL_LOSES_WRITE, 50))
        return;
    x->field[3] = d->policy->vector_control_reserved_zero == POLICY_YES || d->plan->seed & 8 ? value & 1 : value;
    if (was != (value & 1))
        liberal_rules_changed(d, &d->control, (int)vector, seq);
}

/* The new data of a QWORD that unmasks comes later than the mask. */
static bool halve(struct dut *d, struct liberal_vector *x, unsigned first, unsigned n, const uint32_t *value)
{
    if (first != 2 || n != 2 || !(x->field[3] & 1) || (value[1] & 1) || value[0] == x->field[2] ||
        !liberal_breaks(d, LIBERAL_QWORD_OLD_DATA, 100))
        return false;
    x->half_until = d->clock + HALF_CLOCKS;
    x->half_data = value[0];
    return true;
}

void liberal_table_write(struct dut *d, unsigned vector, unsigned first, unsigned n, const uint32_t *value,
                         const struct liberal_request *r)
{
    struct liberal_vector *x = &d->vector[vector];
    const bool half = halve(d, x, first, n, value);
    for (unsigned k = first; k < first + n; k++) {
        if (k == 3) {
            set_mask(d, vector, value[k - first], r->seq);
        } else {
            x->rewritten = r->seq;
            x->truth[k] = value[k - first];
            x->written |= 1U << k;
            if (k == 2 && half)
                continue;
            x->field[k] = value[k - first];
            x->half_until = k == 2 ? 0 : x->half_until;
        }
    }
    liberal_fetch(d, vector, r->seq);
}

void liberal_table_arrives(struct dut *d, unsigned vector, unsigned field, uint32_t value, uint64_t seq)
{
    struct liberal_vector *x = &d->vector[vector];
    if (field != 3 || x->arrived_mask == (value & 1))
        return;
    x->arrived_mask = value & 1;
    x->old_mask_seq = x->mask_seq;
    x->mask_seq = seq;
}

/* The other half of such a QWORD. */
void liberal_table_step(struct dut *d)
{
    for (unsigned v = 0; v < d->config->nvec && d->plan->illegal == LIBERAL_QWORD_OLD_DATA; v++) {
        struct liberal_vector *x = &d->vector[v];
        if (x->half_until == 0 || d->clock < x->half_until)
            continue;
        x->half_until = 0;
        x->field[2] = x->half_data;
        x->data = x->field[2];
    }
}

/* --- pending bits --- */

/* DW `dw` of the array. A 0 may be that of a vector whose message still waits. */
uint32_t liberal_pba_read(struct dut *d, unsigned dw, struct liberal_request *r)
{
    uint32_t bits = 0, waiting = 0;
    const unsigned nvec = d->config->nvec;
    for (unsigned k = 0; k < d->queued; k++)
        if (d->order[k]->message && d->order[k]->vector / 32 == dw)
            waiting |= UINT32_C(1) << d->order[k]->vector % 32;
    for (unsigned k = 0; k < 32 && 32 * dw + k < nvec; k++) {
        struct liberal_vector *x = &d->vector[32 * dw + k];
        const bool is = d->clock < x->blind_until ? x->blind_bit : x->pending || x->shown > 0;
        bits |= (uint32_t)is << k;
        if (!is && (waiting >> k & 1) && r->seq > x->busy_seq && x->loose == 1)
            r->hidden = (int)(32 * dw + k);
        else if (!is && !(waiting >> k & 1) && !r->tlp.ro && d->clock >= x->blind_until)
            x->zero_seq = r->seq;
    }
    if (nvec < 32 * dw + 32 && liberal_breaks(d, LIBERAL_BITS_BEYOND, 30)) {
        bits |= UINT32_C(1) << 31;
        liberal_strike(d);
    }
    return bits;
}
