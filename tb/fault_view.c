/* fault_view.c - see fault_view.h */
#include "fault_view.h"

#include <string.h>

#include "stream.h"

enum { REG_BAR0 = 0x10, REG_BAR1 = 0x14, CAP_FIRST = 0x40, CAP_ID_MSIX = 0x11 };

void fault_view_init(struct fault_view *v, const struct dut_config *config)
{
    memset(v, 0, sizeof *v);
    v->config = config;
    fault_view_reset(v);
}

void fault_view_reset(struct fault_view *v)
{
    v->rx.n_dw = 0;
    v->dma.n_dw = 0;
    v->reads = v->reads_sent;
    for (unsigned k = 0; k < FAULT_VIEW_VECTORS; k++)
        v->entry[k] = (struct fault_entry){.field = {0, 0, 0, 1}, .events = v->entry[k].events};
}

static bool within(uint64_t offset, uint32_t start, uint64_t size)
{
    return offset >= start && offset - start < size;
}

enum fault_kind fault_view_region(const struct fault_view *v, uint64_t address, int *index)
{
    const struct dut_config *c = v->config;
    uint64_t offset = address - v->bar0;
    *index = 0;
    if (address < v->bar0 || offset >> c->bar0_size_log2 != 0)
        return FAULT_KIND_UNCLAIMED;
    if (within(offset, c->table_offset, UINT64_C(16) * c->nvec)) {
        *index = (int)((offset - c->table_offset) / 16);
        return (offset - c->table_offset) % 16 == 12 ? FAULT_KIND_CONTROL : FAULT_KIND_TABLE;
    }
    if (within(offset, c->pba_offset, UINT64_C(8) * ((c->nvec + 63) / 64))) {
        *index = (int)((offset - c->pba_offset) * 8);
        return FAULT_KIND_PBA;
    }
    *index = (int)offset;
    return within(offset, c->csr_offset, 4096) ? FAULT_KIND_CSR : FAULT_KIND_GAP;
}

static uint32_t merge(uint32_t old, uint32_t value, unsigned enables)
{
    for (unsigned k = 0; k < 4; k++) {
        uint32_t byte = UINT32_C(0xFF) << 8 * k;
        if ((enables >> k & 1u) != 0)
            old = (old & ~byte) | (value & byte);
    }
    return old;
}

static void learn_table(struct fault_view *v, const struct tlp *t, const uint32_t *payload, unsigned dws)
{
    for (unsigned k = 0; k < dws; k++) {
        uint64_t offset = t->address + 4 * k - v->bar0 - v->config->table_offset;
        unsigned enables = k == 0 ? t->first_be : k + 1u == t->length ? t->last_be : 0xFu;
        if (offset / 16 >= v->config->nvec)
            return;
        uint32_t *field = &v->entry[offset / 16].field[offset / 4 % 4];
        *field = merge(*field, tlp_payload_le(payload[k]), enables);
    }
}

static void learn_cfg_write(struct fault_view *v, const struct tlp *t, uint32_t value)
{
    uint64_t low_mask = (UINT64_C(1) << v->config->bar0_size_log2) - 1;
    if (t->reg == REG_BAR0)
        v->bar0 = (v->bar0 & ~UINT64_C(0xFFFFFFFF)) | (value & ~low_mask);
    else if (t->reg == REG_BAR1)
        v->bar0 = (v->bar0 & UINT64_C(0xFFFFFFFF)) | (uint64_t)value << 32;
}

static void learn_tag(struct fault_view *v, const struct tlp *t, enum fault_kind kind, int index)
{
    v->tag[t->tag % FAULT_VIEW_TAGS].kind = (uint8_t)kind;
    v->tag[t->tag % FAULT_VIEW_TAGS].index = index;
}

static void learn_request(struct fault_view *v, const struct fault_inbound *front)
{
    struct tlp t;
    int index;
    unsigned n = front->n_dw < FAULT_VIEW_DW ? front->n_dw : FAULT_VIEW_DW;
    v->requests++;
    if (tlp_decode(front->dw, n, &t) != TLP_OK && t.defect != TLP_BAD_LENGTH)
        return;
    enum fault_kind kind = fault_view_region(v, t.address, &index);
    unsigned dws = n > t.header_dw ? n - t.header_dw : 0;
    if (t.kind == TLP_MWR && !t.ep && (kind == FAULT_KIND_TABLE || kind == FAULT_KIND_CONTROL))
        learn_table(v, &t, &front->dw[t.header_dw], dws);
    else if (t.kind == TLP_CFGWR0 && !t.ep && t.first_be == 0xF && dws > 0)
        learn_cfg_write(v, &t, tlp_payload_le(front->dw[t.header_dw]));
    if (t.kind == TLP_MRD)
        learn_tag(v, &t, kind, index);
    else if (t.kind == TLP_CFGRD0 || t.kind == TLP_CFGWR0)
        learn_tag(v, &t, t.kind == TLP_CFGRD0 ? FAULT_KIND_CFG_READ : FAULT_KIND_CFG_WRITE, t.reg);
    else if (tlp_class(t.kind) == TLP_NONPOSTED)
        learn_tag(v, &t, FAULT_KIND_UNCLAIMED, 0);
}

static void learn_dma(struct fault_view *v, const struct fault_inbound *front)
{
    struct tlp t;
    unsigned n = front->n_dw < FAULT_VIEW_DW ? front->n_dw : FAULT_VIEW_DW;
    tlp_decode(front->dw, n, &t);
    v->dma_reads[v->dma_writes % FAULT_VIEW_DMA] = v->reads;
    v->dma_address[v->dma_writes++ % FAULT_VIEW_DMA] = t.address;
}

static void stream(struct fault_view *v, struct fault_inbound *front, const struct dut_beat *beat, bool ready,
                   void (*learn)(struct fault_view *, const struct fault_inbound *))
{
    if (!beat->valid || !ready)
        return;
    front->n_dw = stream_take_beat(front->dw, FAULT_VIEW_DW, front->n_dw, beat, v->config->data_dw);
    if (!beat->last)
        return;
    learn(v, front);
    front->n_dw = 0;
}

void fault_view_cycle(struct fault_view *v, const struct dut_in *in, const struct dut_out *out)
{
    stream(v, &v->rx, &in->rx, out->rx_tready, learn_request);
    v->reads += in->dmr.valid && in->dmr.last && out->dmr_tready;
    if (out->flr_active) /* dropped */
        v->reads = v->reads_sent;
    stream(v, &v->dma, &in->dma, out->dma_tready, learn_dma);
    if (in->evt_valid && out->evt_ready) {
        v->events++;
        v->entry[in->evt_vector % FAULT_VIEW_VECTORS].events++;
    }
    v->clears += in->clr_valid && out->clr_ready;
}

bool fault_view_front(const struct fault_view *v, const struct fault_inbound *front, const struct dut_beat *beat,
                      struct tlp *t)
{
    struct fault_inbound now = *front;
    now.n_dw = stream_take_beat(now.dw, FAULT_VIEW_DW, now.n_dw, beat, v->config->data_dw);
    unsigned n = now.n_dw < FAULT_VIEW_DW ? now.n_dw : FAULT_VIEW_DW;
    enum tlp_defect defect = tlp_decode(now.dw, n, t);
    return defect == TLP_OK || defect == TLP_BAD_LENGTH;
}

static bool is_dma(const struct fault_view *v, uint64_t address)
{
    uint64_t n = v->dma_writes < FAULT_VIEW_DMA ? v->dma_writes : FAULT_VIEW_DMA;
    for (uint64_t i = 0; i < n; i++) {
        if (v->dma_address[i] == address)
            return true;
    }
    return false;
}

bool fault_view_reads_are_behind(const struct fault_view *v, uint64_t address)
{
    const uint64_t n = v->dma_writes < FAULT_VIEW_DMA ? v->dma_writes : FAULT_VIEW_DMA;
    for (uint64_t i = 0; i < n; i++) { /* the newest of this address */
        const uint64_t k = (v->dma_writes - 1 - i) % FAULT_VIEW_DMA;
        if (v->dma_address[k] == address)
            return v->reads_sent >= v->dma_reads[k];
    }
    return false;
}

static int vector_of(const struct fault_view *v, uint64_t address)
{
    for (unsigned k = 0; k < v->config->nvec; k++) {
        const struct fault_entry *e = &v->entry[k];
        if (((uint64_t)e->field[1] << 32 | (e->field[0] & ~UINT32_C(3))) == address)
            return (int)k;
    }
    return -1;
}

struct fault_what fault_view_name(const struct fault_view *v, const uint32_t *dw, unsigned n_dw)
{
    struct fault_what what = {.kind = FAULT_KIND_OTHER, .index = -1};
    tlp_decode(dw, n_dw, &what.tlp);
    if (what.tlp.kind == TLP_MWR && is_dma(v, what.tlp.address)) {
        what.kind = FAULT_KIND_DMA;
    } else if (what.tlp.kind == TLP_MWR) {
        what.kind = FAULT_KIND_MESSAGE;
        what.index = vector_of(v, what.tlp.address);
    } else if (what.tlp.kind == TLP_MRD) {
        what.kind = FAULT_KIND_READ;
    } else if (what.tlp.kind == TLP_MSG) {
        what.kind = FAULT_KIND_INTX;
    } else if (tlp_class(what.tlp.kind) == TLP_COMPLETION) {
        what.kind = (enum fault_kind)v->tag[what.tlp.tag % FAULT_VIEW_TAGS].kind;
        what.index = v->tag[what.tlp.tag % FAULT_VIEW_TAGS].index;
    }
    return what;
}

void fault_view_completion(struct fault_view *v, const struct fault_what *what, const uint32_t *dw)
{
    if (what->kind != FAULT_KIND_CFG_READ || what->index < CAP_FIRST || what->tlp.payload_dw == 0)
        return;
    if ((tlp_payload_le(dw[what->tlp.header_dw]) & 0xFF) == CAP_ID_MSIX)
        v->msix_capability = (uint16_t)what->index;
}

static int find_vector(const struct fault_view *v, bool masked, bool had_events)
{
    for (unsigned k = v->config->nvec; k-- > 0;) {
        const struct fault_entry *e = &v->entry[k];
        if (e->field[0] != 0 && (e->field[3] & 1) == masked && (e->events > 0) == had_events)
            return (int)k;
    }
    return -1;
}

int fault_view_idle_vector(const struct fault_view *v, bool masked)
{
    return find_vector(v, masked, false);
}

int fault_view_masked_vector(const struct fault_view *v)
{
    return find_vector(v, true, true);
}
