/* fault_pins.c - planted faults: what happens to single pins, and to TLPs on their way in. See fault_plan.h. */
#include <string.h>

#include "fault_plan.h"

enum { REG_COMMAND = 0x04, REG_CAPABILITIES = 0x40, FIELD_DATA = 2, FIELD_CONTROL = 3 };

/* --- inbound TLPs --- */

static struct dut_beat *inbound_beat(const struct fault *f, struct dut_in *in)
{
    return f->plan->port == FAULT_PORT_RX ? &in->rx : &in->dma;
}

static const struct fault_inbound *inbound_front(const struct fault *f)
{
    return f->plan->port == FAULT_PORT_RX ? &f->view.rx : &f->view.dma;
}

/* The payload DW that the plan reaches for, if it is in this beat. */
static uint32_t *inbound_target(const struct fault *f, struct dut_beat *beat)
{
    struct tlp t;
    const struct fault_inbound *front = inbound_front(f);
    if (!beat->valid || !fault_view_front(&f->view, front, beat, &t))
        return NULL;
    int k = f->plan->reaches(f, &t);
    unsigned place = t.header_dw + (unsigned)k;
    if (k < 0 || place < front->n_dw || place >= front->n_dw + f->config->data_dw)
        return NULL;
    return &beat->data[place - front->n_dw];
}

/* A beat that waits must not change: whether it is struck is decided when it comes. */
void fault_inbound(struct fault *f, struct dut_in *in)
{
    uint32_t *dw = inbound_target(f, inbound_beat(f, in));
    bool waited = f->inbound_hit;
    f->inbound_hit = dw != NULL && (tlp_payload_le(*dw) & f->plan->mask) == f->plan->match;
    if (!waited)
        f->inbound_strikes = f->inbound_hit && fault_armed(f);
    if (f->inbound_strikes && dw != NULL)
        *dw ^= tlp_payload_le(f->plan->flip);
}

void fault_inbound_done(struct fault *f, const struct dut_in *in, const struct dut_out *out)
{
    bool ready = f->plan->port == FAULT_PORT_RX ? out->rx_tready : out->dma_tready;
    if (!f->inbound_hit || !ready || !in->rst_n)
        return;
    f->strikes += f->inbound_strikes;
    f->matches++;
    f->inbound_hit = false;
}

/* Index of the payload DW that hits this field of an entry, or -1. */
static int to_field(const struct fault *f, const struct tlp *t, unsigned field)
{
    int vector;
    enum fault_kind kind = fault_view_region(&f->view, t->address, &vector);
    if (t->kind != TLP_MWR || (kind != FAULT_KIND_TABLE && kind != FAULT_KIND_CONTROL))
        return -1;
    unsigned first = (unsigned)(t->address / 4 % 4);
    return first <= field && field - first < t->length ? (int)(field - first) : -1;
}

int fault_to_control(const struct fault *f, const struct tlp *t)
{
    return to_field(f, t, FIELD_CONTROL);
}

int fault_to_data(const struct fault *f, const struct tlp *t)
{
    return to_field(f, t, FIELD_DATA);
}

int fault_to_command(const struct fault *f, const struct tlp *t)
{
    (void)f;
    return t->kind == TLP_CFGWR0 && t->reg == REG_COMMAND && (t->first_be & 1u) != 0 ? 0 : -1;
}

/* While nobody has read where the capability is, any capability register will do. */
int fault_to_msix(const struct fault *f, const struct tlp *t)
{
    if (t->kind != TLP_CFGWR0 || t->reg < REG_CAPABILITIES || (t->first_be & 8u) == 0)
        return -1;
    return f->view.msix_capability == 0 || t->reg == f->view.msix_capability ? 0 : -1;
}

void fault_break_dma(struct fault *f, struct dut_in *in)
{
    if (!in->dma.valid || f->view.dma.n_dw > 0 || !fault_armed(f))
        return;
    in->dma.data[0] ^= f->plan->flip;
    f->strikes++;
}

/* --- events and clears --- */

static bool is_which(const struct fault *f, unsigned vector)
{
    bool masked = (f->view.entry[vector % FAULT_VIEW_VECTORS].field[3] & 1) != 0;
    return f->plan->which == FAULT_ANY || (f->plan->which == FAULT_MASKED) == masked;
}

/* Counts a match of something that is accepted at once; true if it is to be struck. */
static bool strike_now(struct fault *f)
{
    bool armed = fault_armed(f);
    f->matches++;
    f->strikes += armed;
    return armed;
}

void fault_swallow_event(struct fault *f, struct dut_in *in)
{
    if (in->rst_n && in->evt_valid && is_which(f, in->evt_vector) && strike_now(f))
        in->evt_valid = false;
}

void fault_swallow_clear(struct fault *f, struct dut_in *in)
{
    if (in->rst_n && in->clr_valid && is_which(f, in->clr_vector) && strike_now(f))
        in->clr_valid = false;
}

void fault_redirect_event(struct fault *f, struct dut_in *in)
{
    if (in->rst_n && in->evt_valid && is_which(f, in->evt_vector) && strike_now(f))
        in->evt_vector = (uint16_t)((in->evt_vector + 1u) % f->config->nvec);
}

void fault_extra_event(struct fault *f, struct dut_in *in)
{
    int vector =
        in->evt_valid || !fault_armed(f) ? -1 : fault_view_idle_vector(&f->view, f->plan->which == FAULT_MASKED);
    if (vector < 0)
        return;
    in->evt_valid = true;
    in->evt_vector = (uint16_t)vector;
    f->strikes++;
}

void fault_extra_clear(struct fault *f, struct dut_in *in)
{
    if (in->clr_valid || !fault_armed(f))
        return;
    for (unsigned k = 0; k < f->config->nvec; k++) {
        if (f->view.entry[k].events == 0 || !is_which(f, k))
            continue;
        in->clr_valid = true;
        in->clr_vector = (uint16_t)k;
        f->strikes++;
        return;
    }
}

/* --- flow control --- */

void fault_infinite_credits(struct fault *f, struct dut_in *in)
{
    struct dut_credit_limits *fc = &in->fc;
    f->strikes += !fc->ph_inf || !fc->pd_inf || !fc->cplh_inf || !fc->cpld_inf;
    fc->ph_inf = fc->nph_inf = fc->cplh_inf = true;
    fc->pd_inf = fc->npd_inf = fc->cpld_inf = true;
}

void fault_stale_credits(struct fault *f, struct dut_in *in)
{
    if (!f->fc_known)
        f->fc = in->fc;
    f->fc_known = in->rst_n;
    f->strikes += f->fc.ph != in->fc.ph || f->fc.cplh != in->fc.cplh;
    in->fc = f->fc;
}

/* Of several beats: credit is judged at the first, what the TLP is at the last. */
void fault_early_tlp(struct fault *f, struct dut_in *in)
{
    enum { DWS = 32 };
    const uint32_t payload[DWS] = {0};
    const struct tlp t = {.kind = TLP_MWR, .length = DWS, .first_be = 0xF, .last_be = 0xF, .address = 0x1000};
    uint32_t dw[DWS + 4];
    unsigned n = (unsigned)tlp_encode(&t, payload, dw, DWS + 4);
    if (in->rst_n && !in->fc_init_done && fault_armed(f))
        f->strikes += tx_proxy_insert(&f->tx, NULL, dw, n) != NULL;
}

void fault_grant_back(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    if (!in->rst_n || !fault_armed(f))
        return;
    out->rxfc_ph = (uint8_t)(out->rxfc_ph - f->plan->amount);
    f->strikes++;
}

/* --- streams --- */

void fault_close_rx(struct fault *f, struct dut_in *in)
{
    f->on = fault_armed(f);
    if (!f->on)
        return;
    f->strikes += in->rx.valid;
    in->rx.valid = false;
}

void fault_close_rx_out(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->on)
        out->rx_tready = false;
}

void fault_close_dma(struct fault *f, struct dut_in *in)
{
    f->on = fault_armed(f);
    if (!f->on)
        return;
    f->strikes += in->dma.valid;
    in->dma.valid = false;
}

void fault_close_dma_out(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->on)
        out->dma_tready = false;
}

void fault_swallow_dma(struct fault *f, struct dut_in *in)
{
    f->on = fault_armed(f) && in->rst_n;
    if (!f->on)
        return;
    f->strikes += in->dma.valid;
    in->dma.valid = false;
}

void fault_swallow_dma_out(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->on)
        out->dma_tready = true;
}

void fault_withdraw(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->before.valid && strike_now(f))
        memset(&out->tx, 0, sizeof out->tx);
}

void fault_change(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->before.valid && strike_now(f))
        out->tx.data[0] ^= f->plan->flip;
}

/* --- device registers --- */

/* An access on the csr port is altered for as long as it lasts; it counts when it is taken. */
static bool csr_strikes(struct fault *f, const struct dut_in *in, const struct dut_out *out, bool writes_only)
{
    if (!out->csr_valid || (writes_only && !out->csr_write))
        return false;
    bool armed = fault_armed(f);
    f->strikes += armed && in->csr_ready;
    f->matches += in->csr_ready;
    return armed;
}

void fault_csr_address(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    if (csr_strikes(f, in, out, false))
        out->csr_addr ^= (uint16_t)f->plan->flip;
}

void fault_csr_enables(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    if (csr_strikes(f, in, out, true))
        out->csr_be ^= (uint8_t)f->plan->flip;
}

void fault_csr_data(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    if (csr_strikes(f, in, out, true))
        out->csr_wdata ^= f->plan->flip * UINT64_C(0x100000001);
}

void fault_hide_bme(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->strikes)
        out->cfg_bme = false;
}

void fault_hide_enable(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->strikes)
        out->cfg_msix_enable = false;
}

void fault_hide_fmask(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->strikes)
        out->cfg_msix_fmask = true;
}

void fault_cfg_output(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (!out->cfg_msix_enable)
        return;
    out->cfg_bme = !out->cfg_bme;
    f->strikes++;
}

void fault_csr_direction(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    if (csr_strikes(f, in, out, false))
        out->csr_write = !out->csr_write;
}
