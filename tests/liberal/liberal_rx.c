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

static void owe(struct dut *d, const struct tlp *t)
{
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
    for (unsigned k = 0; k < r->tlp.length && r->tlp.length <= 2 && claims(d, &r->tlp); k++) {
        uint32_t inside;
        const uint8_t be = k == 0 ? r->tlp.first_be : r->tlp.last_be;
        if (be && area_of(d, r->tlp.address + 4 * k, &inside) == AREA_TABLE)
            liberal_table_arrives(d, inside / 16, inside / 4 % 4, r->payload[k], r->seq);
    }
}

static void arrive(struct dut *d)
{
    struct liberal_request r = {.seq = ++d->seq, .hidden = -1, .behind = d->writes_in, .data_mark = d->rx.data_mark};
    tlp_decode(d->rx.dw, d->rx.n_dw, &r.tlp);
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

/* DWs done_dw..done_dw+n-1 of a request by one access. True if it has been done. */
static bool csr_access(struct dut *d, struct liberal_request *r, uint32_t inside, unsigned n)
{
    struct liberal_csr *c = &d->csr;
    const bool upper = inside & 4;
    if (c->done && c->owner == r->seq) {
        c->done = false;
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
    if (!ours)
        return true;
    if (!write_piece(d, r, &n))
        return false;
    r->done_dw += n;
    if (r->done_dw < r->tlp.length && r->split)
        r->due = liberal_later(d, d->habit->write_latency);
    return r->done_dw >= r->tlp.length;
}

static void serve_writes(struct dut *d)
{
    while (d->writes_done < d->writes_in) {
        struct liberal_request *r = &d->write[d->writes_done % LIBERAL_REQUESTS];
        if (r->due > d->clock || !serve_write(d, r))
            return;
        owe(d, &r->tlp);
        d->writes_done++;
    }
}

/* --- completions --- */

static void answer(struct dut *d, const struct liberal_request *r, enum tlp_status status, unsigned n)
{
    const bool memory = r->tlp.kind == TLP_MRD;
    struct liberal_answer *a = &d->answer[d->answers++];
    *a = (struct liberal_answer){.seq = r->seq,
                                 .ready = liberal_later(d, d->habit->completion_latency),
                                 .stamp = d->next_number,
                                 .ordered = !r->tlp.ro && r->tlp.tc == 0 && r->tlp.kind != TLP_CFGWR0,
                                 .id_late = liberal_chance(d, d->habit->id_at_send),
                                 .data_mark = r->data_mark,
                                 .bme_proven = r->bme_proven,
                                 .hidden = r->hidden};
    a->tlp = (struct tlp){.kind = n ? TLP_CPLD : TLP_CPL,
                          .tc = r->tlp.tc,
                          .ro = r->tlp.ro,
                          .ns = r->tlp.ns,
                          .length = (uint16_t)n,
                          .requester_id = r->tlp.requester_id,
                          .tag = r->tlp.tag,
                          .completer_id = d->id,
                          .status = (uint8_t)status,
                          .byte_count = memory ? (uint16_t)tlp_read_byte_count(&r->tlp) : 4,
                          .lower_address = memory ? tlp_read_lower_address(&r->tlp) & 0x7F : 0};
    for (unsigned k = 0; k < n; k++)
        a->payload[k] = tlp_payload_le(r->data[k]);
    a->passes_messages = a->ordered && r->hidden >= 0 && liberal_breaks(d, LIBERAL_BIT_CLEARS_EARLY, 70);
    if (liberal_breaks(d, LIBERAL_BYTE_COUNT, 3)) {
        a->tlp.byte_count = a->tlp.byte_count == 4 ? 3 : 4;
        liberal_strike(d);
    }
    if (liberal_breaks(d, LIBERAL_LOSES_COMPLETION, 3)) {
        d->answers--;
        liberal_strike(d);
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

/* True if it has been answered. */
static bool serve(struct dut *d, struct liberal_request *r)
{
    const bool function = (r->tlp.completer_id & 7) == 0;
    switch (r->tlp.kind) {
    case TLP_MRD:
        if (r->done_dw == 0 && (r->tlp.length > d->policy->max_access_dw || !claims(d, &r->tlp))) {
            answer(d, r, TLP_UR, 0);
            return true;
        }
        if (!serve_read(d, r))
            return false;
        answer(d, r, TLP_SC, r->tlp.length);
        return true;
    case TLP_CFGRD0:
        r->data[0] = liberal_config_read(d, r->tlp.reg);
        answer(d, r, function ? TLP_SC : TLP_UR, function);
        return true;
    case TLP_CFGWR0:
        if (function)
            liberal_config_write(d, r);
        answer(d, r, function ? TLP_SC : TLP_UR, 0);
        return true;
    default:
        answer(d, r, TLP_UR, 0);
        return true;
    }
}

/*
 * May request `k` be served now? No request passes host writes. Non-posted requests may pass each other (B 2.4.1), but
 * none passes a configuration write: the models take every later completion as proof that the write is in force.
 */
static bool may_serve(const struct dut *d, unsigned k)
{
    const struct liberal_request *r = &d->request[k];
    if (r->due > d->clock || r->behind > d->writes_done || d->answers == LIBERAL_ANSWERS)
        return false;
    for (unsigned i = 0; i < k; i++)
        if (r->in_order || d->request[i].tlp.kind == TLP_CFGWR0)
            return false;
    return true;
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
