/* liberal_rx.c - requests of the host: arrival, credits, the order of service, completions. */
#include <string.h>

#include "liberal_device.h"
#include "stream.h"

enum { PH, PD, NPH, NPD };
enum { LONGEST_OWED = 32 /* clocks */ };
enum area { AREA_NONE, AREA_TABLE, AREA_PBA, AREA_CSR, AREA_GAP };

/* --- credits for the host --- */

static void set_grant(struct dut *d, unsigned type, uint32_t least, uint32_t most, uint32_t mask)
{
    d->grant[type] = (struct liberal_grant){.limit = least + rng_below(&d->rng, most - least + 1), .mask = mask};
}

static void give_back(struct dut *d)
{
    for (unsigned k = 0; k < 4; k++) {
        struct liberal_grant *g = &d->grant[k];
        const bool all = d->clock % LONGEST_OWED == 0;
        if (g->owed == 0 || !(all || liberal_chance(d, d->habit->grants)))
            continue;
        uint32_t n = all ? g->owed : 1 + rng_below(&d->rng, g->owed);
        if (liberal_breaks(d, LIBERAL_KEEPS_CREDIT, 2)) {
            g->owed--;
            n--;
            liberal_strike(d);
        }
        g->owed -= n;
        g->limit = (g->limit + n) & g->mask;
    }
}

void liberal_rx_reset(struct dut *d)
{
    d->rx.n_dw = 0;
    d->writes_in = d->writes_done = 0;
    d->requests = d->answers = 0;
    d->csr = (struct liberal_csr){0};
    d->seq = d->flushed = LIBERAL_NEVER;
    set_grant(d, PH, 1, 60, 0xFF);
    set_grant(d, PD, d->config->mps_max / 16, 300, 0xFFF);
    set_grant(d, NPH, 1, 60, 0xFF);
    set_grant(d, NPD, 1, 60, 0xFFF);
}

/* Nobody counts what has no name. */
static void owe(struct dut *d, const struct tlp *t)
{
    if (t->kind == TLP_PREFIX || t->kind == TLP_UNKNOWN)
        return;
    const bool posted = tlp_class(t->kind) == TLP_POSTED;
    d->grant[posted ? PH : NPH].owed++;
    d->grant[posted ? PD : NPD].owed += tlp_data_credits(t);
}

/* --- where an address leads --- */

static bool claims(const struct dut *d, const struct tlp *t)
{
    return d->control.mse && t->address - liberal_bar(d) < UINT64_C(1) << d->config->bar0_size_log2;
}

static enum area area_of(const struct dut *d, uint64_t address, uint32_t *inside)
{
    const struct dut_config *c = d->config;
    const uint32_t offset = (uint32_t)(address - liberal_bar(d));
    *inside = offset - c->table_offset;
    if (offset >= c->table_offset && *inside < 16 * c->nvec)
        return AREA_TABLE;
    *inside = offset - c->pba_offset;
    if (offset >= c->pba_offset && *inside < (c->nvec + 63) / 64 * 8)
        return AREA_PBA;
    *inside = offset - c->csr_offset;
    if (offset >= c->csr_offset && *inside < 4096)
        return AREA_CSR;
    *inside = offset;
    return AREA_GAP;
}

/* A switch: behind the last entry the table begins anew. */
static bool alias(struct dut *d, uint64_t address, uint32_t *inside)
{
    const uint32_t behind = (uint32_t)(address - liberal_bar(d)) - d->config->table_offset - 16 * d->config->nvec;
    if (behind >= 16 * d->config->nvec || !liberal_breaks(d, LIBERAL_TABLE_ALIASES, 100))
        return false;
    *inside = behind;
    return true;
}

static bool touches_csr(const struct dut *d, const struct tlp *t)
{
    uint32_t inside;
    return (t->kind == TLP_MRD || t->kind == TLP_MWR) && t->length <= 2 && claims(d, t) &&
           (area_of(d, t->address, &inside) == AREA_CSR ||
            area_of(d, t->address + 4 * t->length - 4, &inside) == AREA_CSR);
}

/* --- arrival --- */

static void write_arrives(struct dut *d, const struct liberal_request *r)
{
    for (unsigned k = 0; k < r->tlp.length && r->tlp.length <= 2 && claims(d, &r->tlp) && !r->tlp.ep; k++) {
        uint32_t inside;
        const uint8_t be = k == 0 ? r->tlp.first_be : r->tlp.last_be;
        if (be && area_of(d, r->tlp.address + 4 * k, &inside) == AREA_TABLE)
            liberal_table_arrives(d, inside / 16, inside / 4 % 4, r->payload[k], r->seq);
    }
}

/* Malformed: dropped, and nobody answers. Length and MPS are those of the TLP itself. */
static bool is_malformed(const struct dut *d, const struct tlp *t)
{
    const bool one_dw = t->kind >= TLP_IORD && t->kind <= TLP_CFGWR1;
    return t->defect != TLP_OK || (one_dw && t->length != 1) ||
           (tlp_has_data(t->kind) && t->length > liberal_config_mps_dw(d));
}

static void drop_malformed(struct dut *d, const struct tlp *t)
{
    if (tlp_class(t->kind) != TLP_COMPLETION)
        owe(d, t);
    if (!d->flr.active)
        liberal_error(d, d->seq, 0, LIBERAL_FATAL, LIBERAL_MALFORMED);
}

static void arrive(struct dut *d)
{
    struct liberal_request r = {.seq = ++d->seq, .hidden = -1, .behind = d->writes_in, .data_mark = d->rx.data_mark};
    tlp_decode(d->rx.dw, d->rx.n_dw, &r.tlp);
    if (is_malformed(d, &r.tlp)) {
        drop_malformed(d, &r.tlp);
        return;
    }
    if (tlp_class(r.tlp.kind) == TLP_COMPLETION) {
        liberal_completion(d, &r.tlp, d->rx.dw, d->rx.n_dw);
        return;
    }
    for (unsigned k = 0; k < 2 && k < r.tlp.payload_dw; k++)
        r.payload[k] = tlp_payload_le(d->rx.dw[r.tlp.header_dw + k]);
    r.bme_proven = d->arrived.bme && d->arrived.bme_seq <= d->flushed;
    r.in_order = liberal_chance(d, d->habit->in_order);
    if (tlp_class(r.tlp.kind) == TLP_POSTED) {
        r.due = liberal_later(d, d->habit->write_latency);
        r.split = liberal_chance(d, d->habit->split_writes);
        d->write[d->writes_in++ % LIBERAL_REQUESTS] = r;
        write_arrives(d, &r);
        return;
    }
    r.due = liberal_later(d, d->habit->request_latency);
    r.split = liberal_chance(d, d->habit->split_reads);
    d->request[d->requests++] = r;
    if (r.tlp.kind == TLP_CFGWR0)
        liberal_config_arrives(d, &r);
}

void liberal_rx_sample(struct dut *d, const struct dut_in *in)
{
    if (d->csr.offered && in->csr_ready) {
        d->csr.offered = false;
        d->csr.done = true;
        d->csr.failed = in->csr_error;
        if (!d->csr.write)
            d->csr.data = in->csr_rdata;
    }
    if (!in->rx.valid || !d->out.rx_tready) {
        d->blocked += in->rx.valid;
        if (d->blocked == d->policy->write_acceptance_clocks)
            liberal_strike(d);
        return;
    }
    d->blocked = 0;
    if (d->rx.n_dw == 0)
        d->rx.data_mark = d->data_before;
    d->rx.n_dw = stream_take_beat(d->rx.dw, TLP_MAX_DW, d->rx.n_dw, &in->rx, d->config->data_dw);
    if (!in->rx.last)
        return;
    arrive(d);
    d->rx.n_dw = 0;
}

/* --- device registers: in the order of rx --- */

static bool csr_turn(const struct dut *d, const struct liberal_request *r)
{
    for (unsigned k = 0; k < d->requests; k++)
        if (d->request[k].seq < r->seq && touches_csr(d, &d->request[k].tlp))
            return false;
    return true;
}

/* Whether a write that is lost counts as an abort is open. */
static void refused(struct dut *d, struct liberal_request *r, bool write)
{
    if (write && !liberal_chance(d, d->habit->extra_errors))
        return;
    if (write || !r->failed)
        liberal_error(d, r->seq, LIBERAL_SIGNALED_ABORT, write ? LIBERAL_NONFATAL : LIBERAL_CORRECTABLE,
                      LIBERAL_PULSES);
    r->failed = !write;
}

/* DWs done_dw..done_dw+n-1 of a request by one access. True if it has been done. */
static bool csr_access(struct dut *d, struct liberal_request *r, uint32_t inside, unsigned n)
{
    struct liberal_csr *c = &d->csr;
    const bool upper = inside & 4;
    if (c->done && c->owner == r->seq) {
        c->done = false;
        if (c->failed)
            refused(d, r, c->write);
        for (unsigned k = 0; k < n && !c->write; k++)
            r->data[r->done_dw + k] = (uint32_t)(c->data >> (upper || k == 1 ? 32 : 0));
        return true;
    }
    if (c->offered || c->done || !csr_turn(d, r))
        return false;
    *c = (struct liberal_csr){.offered = true, .owner = r->seq, .write = r->tlp.kind == TLP_MWR};
    c->address = (uint16_t)(inside & ~7U);
    for (unsigned k = 0; k < n; k++) {
        const unsigned dw = r->done_dw + k, half = upper || k == 1;
        c->be = (uint8_t)(c->be | (dw == 0 ? r->tlp.first_be : r->tlp.last_be) << 4 * half);
        c->data |= (uint64_t)r->payload[dw] << 32 * half;
    }
    return false;
}

/* --- host writes --- */

static uint32_t merge_bytes(uint32_t old, uint32_t value, uint8_t be)
{
    uint32_t mask = 0;
    for (unsigned k = 0; k < 4; k++)
        if (be >> k & 1)
            mask |= UINT32_C(0xFF) << 8 * k;
    return (old & ~mask) | (value & mask);
}

static void write_entry(struct dut *d, const struct liberal_request *r, uint32_t inside, unsigned n)
{
    uint32_t value[2];
    const unsigned vector = inside / 16, field = inside / 4 % 4;
    for (unsigned k = 0; k < n; k++) {
        const unsigned dw = r->done_dw + k;
        value[k] = merge_bytes(liberal_table_read(d, vector, field + k), r->payload[dw],
                               dw == 0 ? r->tlp.first_be : r->tlp.last_be);
    }
    liberal_table_write(d, vector, field, n, value, r);
}

static void write_alias(struct dut *d, const struct liberal_request *r, uint32_t inside, unsigned n)
{
    struct liberal_vector *x = &d->vector[inside / 16];
    const struct liberal_vector before = *x;
    write_entry(d, r, inside, n);
    memcpy(x->truth, before.truth, sizeof x->truth);
    x->written = before.written;
}

/* One piece: an aligned QWORD, or a DW. True if it is in force. */
static bool write_piece(struct dut *d, struct liberal_request *r, unsigned *n)
{
    const uint64_t address = r->tlp.address + 4 * r->done_dw;
    uint32_t inside;
    enum area area = area_of(d, address, &inside);
    const bool aliased = area == AREA_GAP && alias(d, address, &inside);
    const bool qword = r->tlp.length == 2 && r->tlp.address % 8 == 0;
    *n = qword && r->done_dw == 0 && !(r->split && area != AREA_CSR) ? 2 : 1;
    if (area == AREA_CSR)
        return csr_access(d, r, inside, *n);
    if (aliased)
        write_alias(d, r, inside, *n);
    if (area == AREA_TABLE)
        write_entry(d, r, inside, *n);
    return true;
}

/* The oldest write goes on. True if it is done. */
static bool serve_write(struct dut *d, struct liberal_request *r)
{
    unsigned n = 1;
    const bool ours = r->tlp.kind == TLP_MWR && r->tlp.length <= d->policy->max_access_dw && claims(d, &r->tlp);
    if (d->flr.active)
        return true;
    const bool takes = ours && liberal_breaks(d, LIBERAL_TAKES_POISONED, 100);
    if (r->tlp.ep && r->tlp.payload_dw > 0 && !r->failed) /* once */
        liberal_poisoned(d, r->seq);
    r->failed |= r->tlp.ep;
    if (r->tlp.ep && !takes)
        return true;
    if (!ours) {
        if (r->tlp.kind == TLP_MWR || !tlp_message_is_taken(r->tlp.msg_code))
            liberal_unsupported(d, r);
        return true;
    }
    if (!write_piece(d, r, &n))
        return false;
    r->done_dw += n;
    if (r->done_dw < r->tlp.length && r->split)
        r->due = liberal_later(d, d->habit->write_latency);
    return r->done_dw >= r->tlp.length;
}

/* None passes the write that starts a function-level reset. */
static bool is_behind_flr(const struct dut *d, const struct liberal_request *r)
{
    for (unsigned k = 0; k < d->requests; k++)
        if (d->request[k].seq < r->seq && liberal_config_is_flr(d, &d->request[k]))
            return true;
    return false;
}

static void serve_writes(struct dut *d)
{
    while (d->writes_done < d->writes_in) {
        struct liberal_request *r = &d->write[d->writes_done % LIBERAL_REQUESTS];
        if (is_behind_flr(d, r))
            return;
        if (r->due > d->clock || !serve_write(d, r))
            return;
        owe(d, &r->tlp);
        d->writes_done++;
    }
}

/* --- reads and configuration --- */

static uint32_t read_dw(struct dut *d, struct liberal_request *r, enum area area, uint32_t inside)
{
    switch (area) {
    case AREA_TABLE:
        return liberal_table_show(d, inside / 16, inside / 4 % 4);
    case AREA_PBA:
        return liberal_pba_read(d, inside / 4, r);
    default:
        return d->policy->gap_reads_zero == POLICY_YES ? 0 : (uint32_t)rng_next(&d->rng);
    }
}

static bool is_in_progress(const struct dut *d, const struct liberal_request *r)
{
    return r->done_dw > 0 || ((d->csr.offered || d->csr.done) && d->csr.owner == r->seq);
}

/* Samples the next piece; true if all of the read is there. */
static bool serve_read(struct dut *d, struct liberal_request *r)
{
    uint32_t inside;
    const uint64_t address = r->tlp.address + 4 * r->done_dw;
    const enum area area = area_of(d, address, &inside);
    const bool qword = r->tlp.length == 2 && r->tlp.address % 8 == 0 && r->done_dw == 0;
    const unsigned n = qword && !(r->split && area != AREA_CSR) ? 2 : 1;
    if (area == AREA_CSR) {
        if (!csr_access(d, r, inside, n))
            return false;
    } else {
        for (unsigned k = 0; k < n; k++)
            r->data[r->done_dw + k] = read_dw(d, r, area, inside + 4 * k);
    }
    r->done_dw += n;
    if (r->done_dw < r->tlp.length && r->split)
        r->due = liberal_later(d, d->habit->request_latency);
    return r->done_dw >= r->tlp.length;
}

static bool serve_memory(struct dut *d, struct liberal_request *r)
{
    const bool ours = r->tlp.length <= d->policy->max_access_dw && claims(d, &r->tlp) && !d->flr.active;
    if (r->done_dw == 0 && !ours && !is_in_progress(d, r)) {
        if (!d->flr.active)
            liberal_unsupported(d, r);
        liberal_answer(d, r, TLP_UR, 0);
        return true;
    }
    if (!serve_read(d, r))
        return false;
    liberal_answer(d, r, r->failed ? TLP_CA : TLP_SC, r->failed ? 0 : r->tlp.length);
    return true;
}

static void serve_config(struct dut *d, struct liberal_request *r)
{
    const bool write = r->tlp.kind == TLP_CFGWR0, poisoned = write && r->tlp.ep;
    if ((r->tlp.completer_id & 7) != 0 || poisoned) {
        if (poisoned && !d->flr.active)
            liberal_poisoned(d, r->seq);
        if (!d->flr.active)
            liberal_unsupported(d, r);
        liberal_answer(d, r, TLP_UR, 0);
        return;
    }
    if (d->flr.active) {
        liberal_answer(d, r, TLP_RRS, 0);
        return;
    }
    if (write)
        liberal_config_write(d, r);
    else
        r->data[0] = liberal_config_read(d, r->tlp.reg);
    liberal_answer(d, r, TLP_SC, write ? 0 : 1);
}

/* True if it has been answered. */
static bool serve(struct dut *d, struct liberal_request *r)
{
    switch (r->tlp.kind) {
    case TLP_MRD:
        return serve_memory(d, r);
    case TLP_CFGRD0:
    case TLP_CFGWR0:
        serve_config(d, r);
        return true;
    default:
        if (r->tlp.ep && r->tlp.payload_dw > 0 && !d->flr.active)
            liberal_poisoned(d, r->seq);
        if (!d->flr.active)
            liberal_unsupported(d, r);
        liberal_answer(d, r, TLP_UR, 0);
        return true;
    }
}

/* In a function-level reset configuration requests are told to try again, or wait for its end with all behind them. */
static bool waits_for_flr(struct dut *d, unsigned k)
{
    const struct liberal_request *r = &d->request[k];
    if (!d->flr.active || (r->tlp.kind != TLP_CFGRD0 && r->tlp.kind != TLP_CFGWR0))
        return false;
    for (unsigned i = 0; i < k; i++)
        if (d->request[i].tlp.kind == TLP_CFGRD0 || d->request[i].tlp.kind == TLP_CFGWR0)
            return true;
    if (d->policy->flr_answers_rrs == POLICY_NO ||
        (d->policy->flr_answers_rrs == POLICY_EITHER && liberal_chance(d, d->habit->waits_in_flr)))
        d->flr.waits = true;
    return d->flr.waits;
}

/*
 * May request `k` be served now? No request passes host writes. Non-posted requests may pass each other (B 2.4.1), but
 * none passes a configuration write: the models take every later completion as proof that the write is in force. A
 * write that moves what is decoded leaves alone what is half done, and device registers keep their order.
 */
static bool may_serve(struct dut *d, unsigned k)
{
    const struct liberal_request *r = &d->request[k];
    if (r->due > d->clock || r->behind > d->writes_done || d->answers == LIBERAL_ANSWERS)
        return false;
    const bool heavy = liberal_config_is_heavy(d, r);
    for (unsigned i = 0; i < k; i++)
        if (r->in_order || d->request[i].tlp.kind == TLP_CFGWR0 ||
            (heavy && (is_in_progress(d, &d->request[i]) || touches_csr(d, &d->request[i].tlp))))
            return false;
    return !waits_for_flr(d, k);
}

static void serve_requests(struct dut *d)
{
    for (unsigned k = 0; k < d->requests;) {
        if (!may_serve(d, k) || !serve(d, &d->request[k])) {
            k++;
            continue;
        }
        owe(d, &d->request[k].tlp);
        d->requests--;
        memmove(&d->request[k], &d->request[k + 1], (d->requests - k) * sizeof d->request[0]);
    }
}

void liberal_rx_step(struct dut *d)
{
    serve_writes(d);
    serve_requests(d);
    give_back(d);
}
