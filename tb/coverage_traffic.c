/*
 * coverage_traffic.c - TLPs: messages, completions, accesses of the host, data writes, and the credits they use.
 */
#include <string.h>

#include "coverage_private.h"

void cover_traffic_reset(struct coverage_run *run)
{
    memset(&run->flow, 0, sizeof run->flow);
    memset(run->read, 0, sizeof run->read);
    credits_init(&run->flow.credits);
}

static void deed(struct coverage_run *run, enum cover_partner kind, uint64_t time, unsigned vector, unsigned n,
                 uint16_t tag)
{
    cover_race_deed(run, (struct cover_deed){.kind = kind, .time = time, .vector = vector, .n = n, .tag = tag});
}

/* --- what the host asks for --- */

/* Where an address leads; *inside: offset in its structure. */
static enum cover_target target_of(const struct coverage_run *run, const struct tlp *t, uint32_t *inside)
{
    const struct dut_config *c = &run->config;
    const uint64_t offset = t->address - scoreboard_bar0(run->scoreboard);
    *inside = (uint32_t)offset;
    if (!scoreboard_decodes(run->scoreboard) || offset >> c->bar0_size_log2)
        return COVER_OUTSIDE;
    if (offset - c->table_offset < 16U * c->nvec) {
        *inside -= c->table_offset;
        return COVER_TABLE;
    }
    if (offset - c->pba_offset < 8U * ((c->nvec + 63) / 64)) {
        *inside -= c->pba_offset;
        return COVER_PBA;
    }
    return offset - c->csr_offset < 4096 ? COVER_CSR : COVER_GAP;
}

static enum cover_size size_of(const struct tlp *t)
{
    if (t->length == 1)
        return t->first_be == 0 ? COVER_ZERO_LENGTH : COVER_DW;
    if (t->length > 2)
        return COVER_LONG;
    return t->address % 8 == 0 ? COVER_QWORD : COVER_QWORD_MISALIGNED;
}

static void control_deeds(struct coverage_run *run, const struct msix_control *was, uint64_t time)
{
    const struct msix_control now = run->control;
    const unsigned pending = run->owing > 0;
    if (now.fmask != was->fmask)
        deed(run, now.fmask ? COVER_FUNCTION_MASK_SET : COVER_FUNCTION_MASK_CLEAR, time, 0, COVER_VECTORS, 0);
    if (now.bme != was->bme)
        deed(run, now.bme ? COVER_BUS_MASTER_ON : COVER_BUS_MASTER_OFF, time, 0, COVER_VECTORS, 0);
    if (now.enable == was->enable)
        return;
    deed(run, now.enable ? COVER_ENABLE : COVER_DISABLE, time, 0, COVER_VECTORS, 0);
    cover_note(run, COVER_MODE, (now.enable ? COVER_ENABLE_EMPTY : COVER_DISABLE_EMPTY) + pending, 0, 0, 0);
}

static void config_write(struct coverage_run *run, const struct seen *what)
{
    const struct msix_control was = run->control;
    const uint16_t id = what->tlp.completer_id & 0xFFF8;
    run->control = scoreboard_control(run->scoreboard);
    control_deeds(run, &was, what->end_time);
    if (id == run->id || what->tlp.completer_id % 8 != 0)
        return;
    run->id_before = run->id;
    run->id = id;
    run->id_time = what->end_time;
}

static void write_mask(struct coverage_run *run, const struct seen *what, unsigned vector, bool mask)
{
    const uint64_t bit = UINT64_C(1) << vector % 64;
    const bool was = cover_is_masked(run, vector);
    cover_note_state(run, mask ? COVER_STATE_MASK : COVER_STATE_UNMASK, vector);
    if (was == mask)
        return;
    run->masked[vector / 64] ^= bit;
    deed(run, mask ? COVER_MASK : COVER_UNMASK, what->end_time, vector, 1, 0);
}

/* Whole DWs of one entry; the odd rest is undefined stimulus and covers nothing here. */
static void write_table(struct coverage_run *run, const struct seen *what, uint32_t offset)
{
    const struct tlp *t = &what->tlp;
    const unsigned vector = offset / 16;
    for (unsigned k = 0; k < t->length && k < 2; k++) {
        const unsigned field = (offset / 4 + k) % 4;
        if ((k == 0 ? t->first_be : t->last_be) != 0xF)
            return;
        if (field == 3) {
            write_mask(run, what, vector, tlp_payload_le(what->dw[t->header_dw + k]) & 1);
        } else if (k == 0) {
            cover_note_state(run, COVER_STATE_REWRITE, vector);
            deed(run, COVER_TABLE_WRITE, what->end_time, vector, 1, 0);
        }
    }
}

static void memory_write(struct coverage_run *run, const struct seen *what)
{
    uint32_t offset;
    const enum cover_target target = target_of(run, &what->tlp, &offset);
    const enum cover_size size = size_of(&what->tlp);
    cover_note(run, COVER_HOST_WRITE, target, size, 0, 0);
    if (target == COVER_TABLE && (size == COVER_DW || size == COVER_QWORD) && !what->tlp.ep)
        write_table(run, what, offset);
}

static void read_pba(struct coverage_run *run, const struct seen *what, uint32_t offset)
{
    struct cover_read *read = &run->read[what->tlp.tag];
    read->first = offset * 8;
    read->n = 32U * what->tlp.length;
    if (read->first >= run->config.nvec)
        return;
    if (read->first + read->n > run->config.nvec)
        read->n = run->config.nvec - read->first;
    read->pba = true;
    for (unsigned v = read->first; v < read->first + read->n; v++)
        cover_note_state(run, COVER_STATE_PBA_READ, v);
    deed(run, COVER_PBA_READ, what->end_time, read->first, read->n, what->tlp.tag);
}

static void memory_read(struct coverage_run *run, const struct seen *what)
{
    uint32_t offset;
    const enum cover_target target = target_of(run, &what->tlp, &offset);
    const enum cover_size size = size_of(&what->tlp);
    cover_note(run, COVER_HOST_READ, target, size, 0, 0);
    if (target == COVER_TABLE && size <= COVER_QWORD)
        deed(run, COVER_TABLE_READ, what->end_time, offset / 16, 1, 0);
    if (target == COVER_PBA && size <= COVER_QWORD)
        read_pba(run, what, offset);
}

static void open_request(struct coverage_run *run, const struct seen *what)
{
    struct cover_read *read = &run->read[what->tlp.tag];
    run->flow.completions_waiting += !read->open;
    *read = (struct cover_read){
        .open = true, .time = what->end_time, .event_vector = -1, .unmask_vector = -1, .request = what->tlp};
    if (run->flow.dma_waiting > 0 && cover_tx_state(run) >= COVER_TX_NO_HEADER)
        cover_note(run, COVER_ORDER, COVER_COMPLETION_BEHIND_POSTED, 0, 0, 0);
}

void cover_traffic_rx(struct coverage_run *run, const struct seen *what)
{
    if (what->tlp.defect != TLP_OK)
        return;
    if (tlp_class(what->tlp.kind) == TLP_NONPOSTED)
        open_request(run, what);
    switch (what->tlp.kind) {
    case TLP_CFGWR0:
        config_write(run, what);
        break;
    case TLP_MWR:
        memory_write(run, what);
        break;
    case TLP_MRD:
        memory_read(run, what);
        break;
    default:
        break;
    }
}

/* --- completions --- */

static enum cover_request request_of(const struct tlp *t)
{
    switch (t->kind) {
    case TLP_MRD:
        return t->length > 2    ? COVER_READ_LONG
               : t->length == 2 ? COVER_READ_2
               : t->first_be    ? COVER_READ_1
                                : COVER_READ_ZERO;
    case TLP_CFGRD0:
        return COVER_CFG_READ;
    case TLP_CFGWR0:
        return COVER_CFG_WRITE;
    default:
        return COVER_OTHER_REQUEST;
    }
}

static void note_byte_enables(struct coverage_run *run, const struct tlp *t)
{
    const enum cover_request request = request_of(t);
    if (request == COVER_READ_1 || request == COVER_READ_ZERO)
        cover_note(run, COVER_READ_BE, t->first_be, 0, 0, 0);
    else if (request == COVER_CFG_READ)
        cover_note(run, COVER_CFG_READ_BE, t->first_be, 0, 0, 0);
    else if (request == COVER_CFG_WRITE)
        cover_note(run, COVER_CFG_WRITE_BE, t->first_be, 0, 0, 0);
    if (request != COVER_READ_2 || t->first_be == 0 || t->last_be == 0)
        return;
    cover_note(run, COVER_READ2_FIRST_BE, t->first_be - 1U, 0, 0, 0);
    cover_note(run, COVER_READ2_LAST_BE, t->last_be - 1U, 0, 0, 0);
}

static void note_pending_bits(struct coverage_run *run, const struct cover_read *read, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    bool any = false;
    for (unsigned k = 0; k < read->n && k / 32 < t->payload_dw; k++) {
        const bool pending = tlp_payload_le(what->dw[t->header_dw + k / 32]) >> k % 32 & 1;
        any |= pending;
        if (pending)
            cover_note_place(run, COVER_VECTOR_PENDING, read->first + k);
        cover_race_pending(run, read, read->first + k, pending);
    }
    cover_race_pba(run, any);
}

static void note_existing(struct coverage_run *run, enum cover_group group, unsigned a, unsigned b)
{
    if (coverage_bin_exists(coverage_bin_at(run->start[group], group, (const unsigned[COVER_AXES]){a, b})))
        cover_note(run, group, a, b, 0, 0);
}

static void completion(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct cover_read *read = &run->read[t->tag];
    static const enum cover_status statuses[8] = {[TLP_UR] = COVER_UR, [TLP_RRS] = COVER_RRS, [TLP_CA] = COVER_CA};
    const enum cover_status status = statuses[t->status & 7];
    if (!read->open)
        return;
    read->open = false;
    run->flow.completions_waiting--;
    note_existing(run, COVER_COMPLETION, request_of(&read->request), status);
    if (read->request.kind == TLP_MRD && read->request.length == 1)
        note_existing(run, COVER_READ_BE_STATUS, read->request.first_be, status);
    cover_note(run, COVER_TAG, t->tag & 255U, 0, 0, 0);
    note_byte_enables(run, &read->request);
    cover_note(run, COVER_TAG_LOW, t->tag & 15U, 0, 0, 0);
    cover_note(run, COVER_TAG_HIGH, t->tag >> 4 & 15U, 0, 0, 0);
    if (read->pba)
        note_pending_bits(run, read, what);
}

/* --- messages --- */

static void note_bits(struct coverage_run *run, enum cover_group group, unsigned value, uint64_t bits)
{
    for (; bits != 0; bits &= bits - 1)
        cover_note(run, group, value, (unsigned)__builtin_ctzll(bits), 0, 0);
}

static void message_fields(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const uint32_t data = tlp_payload_le(what->dw[t->header_dw]);
    cover_note(run, COVER_MESSAGE_FORM, t->is_4dw, 0, 0, 0);
    for (unsigned value = 0; value < 2; value++) { /* only bits that are new in this run */
        const uint64_t address = (value ? t->address : ~t->address) >> 2 & ~run->address_seen[value];
        const uint32_t bits = (value ? data : ~data) & ~run->data_seen[value];
        note_bits(run, COVER_MESSAGE_ADDRESS, value, address & (UINT64_MAX >> 2));
        note_bits(run, COVER_MESSAGE_DATA, value, bits);
        run->address_seen[value] |= address;
        run->data_seen[value] |= bits;
    }
}

/* A bus number that was captured while the message waited. */
static void message_id(struct coverage_run *run, const struct seen *what, unsigned vector)
{
    if (run->event_time[vector] >= run->id_time || run->owed[vector] == 0 || run->id_before == 0)
        return;
    if (what->tlp.requester_id == run->id_before)
        cover_note(run, COVER_OUTCOME, COVER_40_OLD, 0, 0, 0);
    else if (what->tlp.requester_id == run->id)
        cover_note(run, COVER_OUTCOME, COVER_40_NEW, 0, 0, 0);
}

static void message(struct coverage_run *run, const struct seen *what)
{
    const unsigned vector = (unsigned)what->vector;
    memmove(run->flow.messages + 1, run->flow.messages, 2 * sizeof run->flow.messages[0]);
    run->flow.messages[0] = what->time;
    message_fields(run, what);
    if (what->vector < 0 || vector >= run->config.nvec)
        return;
    cover_note_place(run, COVER_VECTOR_MESSAGE, vector);
    message_id(run, what, vector);
    deed(run, COVER_SEND, what->time, vector, 1, 0);
    cover_race_message(run, vector);
    cover_answered(run, vector);
}

void cover_traffic_tx(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    if (t->defect != TLP_OK)
        return;
    if (tlp_class(t->kind) == TLP_COMPLETION) {
        completion(run, what);
        return;
    }
    if (t->kind != TLP_MWR)
        return;
    if (credits_left_header(&run->flow.credits, TLP_COMPLETION) == 0 && run->flow.completions_waiting > 0)
        cover_note(run, COVER_ORDER, COVER_POSTED_PASSES_COMPLETION, 0, 0, 0);
    if (!what->is_dma)
        message(run, what);
    else if (run->flow.dma_waiting > 0)
        run->flow.dma_waiting--;
}

/* --- data writes --- */

static unsigned dma_size(unsigned dws)
{
    static const unsigned most[] = {1, 2, 4, 16, 31};
    unsigned k = 0;
    while (k < sizeof most / sizeof most[0] && dws > most[k])
        k++;
    return k;
}

void cover_traffic_dma(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const unsigned last = run->last_event;
    cover_note(run, COVER_DMA_SIZE, dma_size(t->length), 0, 0, 0);
    cover_note(run, COVER_DMA_ATTRIBUTE, 0, t->ro, 0, 0);
    cover_note(run, COVER_DMA_ATTRIBUTE, 1, t->ns, 0, 0);
    cover_note(run, COVER_DMA_ATTRIBUTE, 2, t->ido, 0, 0);
    cover_note(run, COVER_DMA_HEADER, t->is_4dw, 0, 0, 0);
    if (run->owed[last] > 0 && cover_is_allowed(run, last) && cover_tx_state(run) >= COVER_TX_NO_HEADER)
        cover_note(run, COVER_ORDER, COVER_DATA_BEHIND_MESSAGE, 0, 0, 0);
    run->flow.dma_waiting++;
}

/* --- credits, at the pins --- */

static void note_credit(struct coverage_run *run, enum cover_group group, unsigned counter,
                        const struct credit_count *before, const struct credit_count *after, unsigned used,
                        unsigned modulus)
{
    if (used == 0)
        return;
    if (before->infinite) {
        cover_note(run, group, counter, COVER_INFINITE, 0, 0);
        return;
    }
    const unsigned left = (before->limit - before->consumed + modulus) % modulus;
    if (left == 1)
        cover_note(run, group, counter, COVER_LAST_ONE, 0, 0);
    if (left == used && used > 1)
        cover_note(run, group, counter, COVER_EXACTLY, 0, 0);
    if (left == used)
        cover_note(run, group, counter, COVER_THEN_ZERO, 0, 0);
    if (after->consumed < before->consumed)
        cover_note(run, group, counter, COVER_WRAP, 0, 0);
}

static void note_nonposted(struct coverage_run *run, const struct credit_count *before,
                           const struct credit_count *after)
{
    const unsigned left = (before->limit - before->consumed + 256U) % 256;
    if (before->infinite) {
        cover_note(run, COVER_CREDIT_NONPOSTED, COVER_INFINITE, 0, 0, 0);
        return;
    }
    if (left == 1) {
        cover_note(run, COVER_CREDIT_NONPOSTED, COVER_LAST_ONE, 0, 0, 0);
        cover_note(run, COVER_CREDIT_NONPOSTED, COVER_THEN_ZERO, 0, 0, 0);
    }
    if (after->consumed < before->consumed)
        cover_note(run, COVER_CREDIT_NONPOSTED, COVER_WRAP, 0, 0, 0);
}

static void tlp_begins(struct coverage_run *run, const struct dut_beat *beat)
{
    const uint32_t dw[4] = {beat->data[0]};
    struct tlp t;
    tlp_decode(dw, 4, &t);
    const enum tlp_class class = tlp_class(t.kind);
    if (class == TLP_NONPOSTED) {
        const struct credit_count was = run->flow.credits.header[class];
        credits_take(&run->flow.credits, &t);
        note_nonposted(run, &was, &run->flow.credits.header[class]);
        return;
    }
    const enum cover_group group = class == TLP_POSTED ? COVER_CREDIT_POSTED : COVER_CREDIT_CPL;
    const struct credits before = run->flow.credits;
    credits_take(&run->flow.credits, &t);
    note_credit(run, group, 0, &before.header[class], &run->flow.credits.header[class], 1, 256);
    note_credit(run, group, 1, &before.data[class], &run->flow.credits.data[class], tlp_data_credits(&t), 4096);
}

static void take_limits(struct cover_flow *flow, const struct dut_credit_limits *fc)
{
    flow->fc = *fc;
    flow->started = true;
    credits_set_limits(&flow->credits, &(struct credit_limits){.ph = fc->ph,
                                                               .nph = fc->nph,
                                                               .cplh = fc->cplh,
                                                               .pd = fc->pd,
                                                               .npd = fc->npd,
                                                               .cpld = fc->cpld,
                                                               .ph_inf = fc->ph_inf,
                                                               .nph_inf = fc->nph_inf,
                                                               .cplh_inf = fc->cplh_inf,
                                                               .pd_inf = fc->pd_inf,
                                                               .npd_inf = fc->npd_inf,
                                                               .cpld_inf = fc->cpld_inf});
}

void cover_traffic_cycle(struct coverage_run *run, const struct dut_in *in, const struct dut_out *out)
{
    struct cover_flow *flow = &run->flow;
    if (!in->rst_n || !in->link_up)
        return;
    if (!flow->started || memcmp(&flow->fc, &in->fc, sizeof flow->fc) != 0)
        take_limits(flow, &in->fc);
    if (out->tx.valid && in->tx_tready && !flow->tx_inside)
        tlp_begins(run, &out->tx);
    if (out->tx.valid && in->tx_tready)
        flow->tx_inside = !out->tx.last;
    flow->tx_stalled = !in->tx_tready;
}
