/*
 * coverage_layer.c - the transaction layer besides messages: pairs of the ordering table, reads of the device and their
 * answers, the legacy interrupt, resets, control writes aimed at other things, illegal requests.
 */
#include <string.h>

#include "coverage_private.h"
#include "intx_format.h"

enum { COMMAND = 0x04, INTERRUPT_DISABLE = 0x400, INITIATE_FLR = 0x8000, PMCSR = 4, DEVICE_CONTROL = 8, TAGS = 256 };

void cover_layer_reset(struct coverage_run *run)
{
    memset(&run->layer, 0, sizeof run->layer);
    run->layer.reset_in = -1;
}

/* --- what is blocked --- */

static bool is_blocked(const struct coverage_run *run, enum cover_blocked first)
{
    const struct cover_flow *flow = &run->flow;
    switch (first) {
    case COVER_BLOCKED_POSTED:
        return flow->dma_waiting > 0 && cover_tx_state(run) >= COVER_TX_NO_HEADER;
    case COVER_BLOCKED_READ:
        return run->layer.reads_waiting > 0 && credits_left_header(&flow->credits, TLP_NONPOSTED) == 0;
    default:
        return flow->completions_waiting > 0 && (credits_left_header(&flow->credits, TLP_COMPLETION) == 0 ||
                                                 credits_left_data(&flow->credits, TLP_COMPLETION) == 0);
    }
}

/* A later TLP comes, or leaves, while an earlier one is blocked. */
static void pair(struct coverage_run *run, enum cover_group later, bool leaves)
{
    for (unsigned first = COVER_BLOCKED_POSTED; first <= COVER_BLOCKED_COMPLETION; first++) {
        const unsigned bin = coverage_bin_at(run->start[later], later, (const unsigned[COVER_AXES]){first, leaves});
        if (coverage_bin_exists(bin) && is_blocked(run, (enum cover_blocked)first))
            cover_note(run, later, first, leaves, 0, 0);
    }
}

/* --- strikes and what they are aimed at --- */

static void note_strike(struct coverage_run *run, unsigned strike, unsigned aim)
{
    const uint64_t struck = run->layer.struck[strike], aimed = run->layer.aimed[aim];
    const uint64_t offset = struck + COVER_SWEEP - aimed;
    if (struck && aimed && offset < COVER_OFFSETS)
        cover_note(run, COVER_STRIKE, strike, aim, (unsigned)offset, 0);
}

static void strike(struct coverage_run *run, enum cover_strike what, uint64_t time)
{
    run->layer.struck[what] = time + 1;
    for (unsigned aim = 0; aim < COVER_AIMS; aim++)
        note_strike(run, what, aim);
}

static void aim(struct coverage_run *run, enum cover_aim what, uint64_t time)
{
    run->layer.aimed[what] = time + 1;
    for (unsigned k = 0; k < COVER_STRIKES; k++)
        note_strike(run, k, what);
}

/* --- configuration writes --- */

static void write_command(struct coverage_run *run, const struct seen *what, uint32_t value)
{
    struct cover_layer *layer = &run->layer;
    if ((what->tlp.first_be & 1) && run->control.bme && !(value & 4))
        strike(run, COVER_STRIKE_MASTER_OFF, what->end_time);
    if (!(what->tlp.first_be & 2) || layer->int_disable == !!(value & INTERRUPT_DISABLE))
        return;
    layer->int_disable = value & INTERRUPT_DISABLE;
    layer->gate = COVER_WIRE_DISABLE;
}

static void write_power(struct coverage_run *run, const struct seen *what, uint32_t value)
{
    struct cover_layer *layer = &run->layer;
    const bool asleep = (value & 3) == 3;
    if (layer->asleep == asleep || ((value & 3) != 0 && !asleep))
        return;
    layer->asleep = asleep;
    layer->gate = COVER_WIRE_POWER;
    if (!asleep)
        return;
    strike(run, COVER_STRIKE_D3HOT, what->end_time);
    cover_note(run, COVER_RESET, COVER_BY_D3HOT, cover_reset_situation(run), 0, 0);
}

static void write_config(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const struct dut_config *c = &run->config;
    const uint32_t value = tlp_payload_le(what->dw[t->header_dw]);
    if ((t->completer_id & 7) != 0 || t->ep)
        return;
    if (t->reg == COMMAND)
        write_command(run, what, value);
    else if (c->pm_cap && t->reg == c->pm_cap + PMCSR && (t->first_be & 1))
        write_power(run, what, value);
    else if (c->pcie_cap && t->reg == c->pcie_cap + DEVICE_CONTROL && (t->first_be & 2) && (value & INITIATE_FLR))
        strike(run, COVER_STRIKE_FLR, what->end_time);
    else if (c->msix_cap && t->reg == c->msix_cap && (t->first_be & 8) && run->control.enable != (value >> 31 != 0)) {
        strike(run, COVER_STRIKE_ENABLE, what->end_time);
        run->layer.gate = COVER_WIRE_MSIX;
    }
}

/* --- requests that are illegal, or legal and odd --- */

/* True if it is one of them. */
static bool illegal(const struct coverage_run *run, const struct seen *what, enum cover_illegal *kind)
{
    static const enum cover_illegal of_kind[] = {
        [TLP_MRDLK] = COVER_ILLEGAL_LOCKED, [TLP_IORD] = COVER_ILLEGAL_IO,      [TLP_IOWR] = COVER_ILLEGAL_IO,
        [TLP_CFGRD1] = COVER_ILLEGAL_TYPE1, [TLP_CFGWR1] = COVER_ILLEGAL_TYPE1, [TLP_FETCHADD] = COVER_ILLEGAL_MEMORY,
        [TLP_SWAP] = COVER_ILLEGAL_MEMORY,  [TLP_CAS] = COVER_ILLEGAL_MEMORY,   [TLP_DMWR] = COVER_ILLEGAL_MEMORY,
        [TLP_PREFIX] = COVER_ILLEGAL_TYPE,  [TLP_UNKNOWN] = COVER_ILLEGAL_TYPE,
    };
    const struct tlp *t = &what->tlp;
    const bool config = t->kind == TLP_CFGRD0 || t->kind == TLP_CFGWR0;
    *kind = of_kind[t->kind];
    if (t->defect == TLP_BAD_LENGTH || t->defect == TLP_SHORT || (config && t->length != 1))
        *kind = COVER_ILLEGAL_LENGTH;
    else if (tlp_has_data(t->kind) && t->length > 32U << run->layer.mps)
        *kind = COVER_ILLEGAL_OVER_MPS;
    else if (t->kind == TLP_MSG || t->kind == TLP_MSGD)
        *kind = tlp_message_is_taken(t->msg_code) ? COVER_ILLEGAL_MESSAGE : COVER_ILLEGAL_OTHER_MESSAGE;
    else if (config && (t->completer_id & 7) != 0)
        *kind = COVER_ILLEGAL_FUNCTION;
    else if (t->ep && (t->kind == TLP_CFGWR0 || t->kind == TLP_MWR))
        *kind = config ? COVER_ILLEGAL_POISONED_CONFIG : COVER_ILLEGAL_POISONED_WRITE;
    else if (t->td)
        *kind = COVER_ILLEGAL_DIGEST;
    else if (t->th)
        *kind = COVER_ILLEGAL_HINTS;
    return *kind != COVER_ILLEGAL_MESSAGE || t->kind == TLP_MSG || t->kind == TLP_MSGD;
}

/* --- reads of the device --- */

static unsigned read_size(const struct tlp *t)
{
    static const unsigned most[] = {1, 4, 16, 32};
    unsigned k = 1;
    if (t->length == 1)
        return t->first_be != 0;
    while (k < sizeof most / sizeof most[0] && t->length > most[k])
        k++;
    return k + 1;
}

static void read_comes(struct coverage_run *run, const struct tlp *t)
{
    pair(run, COVER_PAIR_READ, false);
    cover_note(run, COVER_READ_SIZE, read_size(t), 0, 0, 0);
    cover_note(run, COVER_READ_ATTRIBUTE, 0, t->ro, 0, 0);
    cover_note(run, COVER_READ_ATTRIBUTE, 1, t->ns, 0, 0);
    cover_note(run, COVER_READ_ATTRIBUTE, 2, t->ido, 0, 0);
    run->layer.reads_waiting++;
    run->layer.read_open[t->tag % TAGS] = 1;
}

static void stray(struct coverage_run *run, const struct tlp *t)
{
    const bool late = run->layer.was_reset[t->tag % TAGS];
    run->layer.was_reset[t->tag % TAGS] = 0;
    cover_note(run, COVER_STRAY,
               (t->requester_id & 7) != 0                      ? COVER_STRAY_FOREIGN
               : t->kind == TLP_CPLLK || t->kind == TLP_CPLDLK ? COVER_STRAY_LOCKED
               : late                                          ? COVER_STRAY_LATE
               : t->kind == TLP_CPL                            ? COVER_STRAY_STATUS
                                                               : COVER_STRAY_DATA,
               0, 0, 0);
}

static void answer(struct coverage_run *run, const struct tlp *t)
{
    struct cover_layer *layer = &run->layer;
    uint8_t *const open = &layer->read_open[t->tag % TAGS];
    if (!*open || (t->requester_id & 7) != 0 || t->kind == TLP_CPLDLK || t->kind == TLP_CPLLK) {
        stray(run, t);
        return;
    }
    const bool last = t->status != TLP_SC || t->byte_count <= 4U * t->payload_dw - (t->lower_address & 3U);
    const unsigned before = layer->last_answered;
    if (before && before - 1 != t->tag && layer->read_open[before - 1] == 2)
        cover_note(run, COVER_ANSWER, COVER_ANSWER_BETWEEN, 0, 0, 0);
    if (t->ep)
        cover_note(run, COVER_ANSWER, COVER_ANSWER_POISONED, 0, 0, 0);
    if (t->status == TLP_UR || t->status == TLP_CA)
        cover_note(run, COVER_ANSWER, t->status == TLP_UR ? COVER_ANSWER_UR : COVER_ANSWER_CA, 0, 0, 0);
    else if (last)
        cover_note(run, COVER_ANSWER, *open == 1 ? COVER_ANSWER_WHOLE : COVER_ANSWER_PIECES, 0, 0, 0);
    if (last)
        cover_note(run, COVER_READ_TAG, t->tag % TAGS, 0, 0, 0);
    *open = last ? 0 : 2;
    layer->last_answered = t->tag % TAGS + 1U;
}

/* --- the streams --- */

static void rx(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    enum cover_illegal kind;
    if (tlp_class(t->kind) == TLP_COMPLETION && t->defect == TLP_OK) {
        answer(run, t);
        return;
    }
    if (illegal(run, what, &kind)) {
        cover_note(run, COVER_ILLEGAL, kind, 0, 0, 0);
        return;
    }
    if (tlp_class(t->kind) == TLP_NONPOSTED)
        pair(run, COVER_PAIR_COMPLETION, false);
    if (t->kind == TLP_MRD) {
        cover_note(run, COVER_HOST_ATTRIBUTE, 0, t->ro, 0, 0);
        cover_note(run, COVER_HOST_ATTRIBUTE, 1, t->ns, 0, 0);
        cover_note(run, COVER_HOST_ATTRIBUTE, 2, t->ido, 0, 0);
        cover_note(run, COVER_HOST_ATTRIBUTE, 3, t->tc != 0, 0, 0);
    } else if (t->kind == TLP_CFGWR0) {
        write_config(run, what);
    }
}

static void tx(struct coverage_run *run, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct cover_layer *layer = &run->layer;
    if (intx_format_is_message(t)) {
        pair(run, COVER_PAIR_INTX, true);
        layer->intx_wire = intx_format_asserts(t);
        if (!layer->intx_wire || layer->gate != COVER_WIRE_FLR)
            cover_note(run, COVER_INTX, layer->intx_wire, layer->gate, 0, 0);
    } else if (t->kind == TLP_MWR && what->is_dma) {
        pair(run, COVER_PAIR_DATA, true);
    } else if (t->kind == TLP_MWR) {
        pair(run, COVER_PAIR_MESSAGE, true);
        aim(run, COVER_AIM_MESSAGE, what->time);
    } else if (t->kind == TLP_MRD) {
        pair(run, COVER_PAIR_READ, true);
        layer->reads_waiting -= layer->reads_waiting > 0;
    } else if (tlp_class(t->kind) == TLP_COMPLETION) {
        pair(run, COVER_PAIR_COMPLETION, true);
    }
}

static void tlp(struct coverage_run *run, const struct seen *what)
{
    const uint64_t waiting = run->flow.dma_waiting;
    switch (what->stream) {
    case SEEN_RX:
        rx(run, what);
        break;
    case SEEN_TX:
        tx(run, what);
        break;
    case SEEN_DMA:
        pair(run, COVER_PAIR_DATA, false);
        cover_note(run, COVER_DATA_BEHIND, waiting < 4 ? (unsigned)waiting : 4, 0, 0, 0);
        aim(run, COVER_AIM_DATA, what->end_time);
        break;
    case SEEN_DMR:
        read_comes(run, &what->tlp);
        break;
    default:
        break;
    }
}

static void forget_reads(struct coverage_run *run)
{
    struct cover_layer *layer = &run->layer;
    for (unsigned tag = 0; tag < TAGS; tag++)
        layer->was_reset[tag] = layer->was_reset[tag] || layer->read_open[tag];
    memset(layer->read_open, 0, sizeof layer->read_open);
    layer->reads_waiting = 0;
}

static void flr(struct coverage_run *run, bool active)
{
    struct cover_layer *layer = &run->layer;
    if (active)
        cover_note(run, COVER_RESET, COVER_BY_FLR, cover_reset_situation(run), 0, 0);
    layer->gate = active ? COVER_WIRE_FLR : COVER_WIRE_LEVEL; /* behind it all is open, and the level decides */
    layer->int_disable = layer->asleep = false;
    forget_reads(run);
}

void cover_layer_seen(struct coverage_run *run, const struct seen *what)
{
    const unsigned vector = (unsigned)what->vector;
    switch (what->kind) {
    case SEEN_RESET: {
        const enum cover_reset in = cover_reset_situation(run);
        cover_layer_reset(run);
        run->layer.reset_in = (int)in;
        break;
    }
    case SEEN_FLR:
        flr(run, what->vector);
        break;
    case SEEN_INTX:
        run->layer.gate = COVER_WIRE_LEVEL;
        pair(run, COVER_PAIR_INTX, false);
        aim(run, COVER_AIM_INTX, what->time);
        break;
    case SEEN_EVENT:
        aim(run, COVER_AIM_EVENT, what->time);
        if (vector < run->config.nvec && cover_is_allowed(run, vector))
            pair(run, COVER_PAIR_MESSAGE, false);
        break;
    case SEEN_TLP:
        tlp(run, what);
        break;
    default:
        break;
    }
}

void cover_layer_cycle(struct coverage_run *run, const struct dut_in *in, const struct dut_out *out)
{
    run->layer.mps = out->cfg_mps;
    if (run->layer.reset_in < 0)
        return;
    cover_note(run, COVER_RESET, in->rst_n ? COVER_BY_LINK : COVER_BY_RST_N, (unsigned)run->layer.reset_in, 0, 0);
    run->layer.reset_in = -1;
}
