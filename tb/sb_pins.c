#include "sb.h"

#include <inttypes.h>
#include <string.h>

#include "progress.h"

void sb_pins_reset(struct scoreboard *sb)
{
    memset(&sb->pins, 0, sizeof sb->pins);
    credits_init(&sb->pins.tx);
    rx_grants_init(&sb->pins.grants, sb->config.mps_max);
}

/* Kind and length are in the first DW; that is all that credits need, and a first beat holds it. */
static struct tlp first_beat(const struct dut_beat *beat)
{
    const uint32_t dw[4] = {beat->data[0]};
    struct tlp t;
    tlp_decode(dw, 4, &t);
    return t;
}

static void take_limits(struct sb_pins *p, const struct dut_credit_limits *fc)
{
    p->fc = *fc;
    struct credit_limits limits = {.ph = fc->ph,
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
                                   .cpld_inf = fc->cpld_inf};
    credits_set_limits(&p->tx, &limits);
}

static void judge_tx(struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    if (!p->tx_inside && !p->tx_offered) { /* once offered it may not be withdrawn, whatever the link does */
        if (!check(sb->checks, CHECK_FC_INIT, in->fc_init_done && in->link_up))
            check_report(sb->checks, CHECK_FC_INIT, -1,
                         "a TLP is offered before flow-control initialisation is complete (FC-07)");
    }
    p->tx_offered = !in->tx_tready;
    if (!in->tx_tready)
        return;
    if (!p->tx_inside) {
        struct tlp t = first_beat(&out->tx);
        credits_consume(&p->tx, sb->checks, &t);
    }
    p->tx_inside = !out->tx.last;
}

static void judge_rx(struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    if (!out->rx_tready) {
        p->rx_stalled++;
        if (p->rx_stalled != sb->policy->write_acceptance_clocks)
            return;
        check(sb->checks, CHECK_WRITE_ACCEPTANCE, false);
        check_report(sb->checks, CHECK_WRITE_ACCEPTANCE, -1,
                     "a TLP for which there is credit has waited on rx for %" PRIu64
                     " clocks; allowed: acceptance whatever tx does (ORD-20, MMIO-33)",
                     p->rx_stalled);
        return;
    }
    p->rx_stalled = 0;
    if (!p->rx_inside) {
        struct tlp t = first_beat(&in->rx);
        p->rx_begun++;
        check(sb->checks, CHECK_WRITE_ACCEPTANCE, true);
        rx_grants_use(&p->grants, &t);
    }
    p->rx_inside = !in->rx.last;
}

/* A write at the port is not in the ledger yet; its length counts from its first beat on. */
static void measure_dma(struct sb_pins *p, const struct dut_beat *beat, bool taken)
{
    if (!p->dma_inside) {
        const struct tlp t = first_beat(beat);
        const unsigned units = (t.length + 3U) / 4;
        p->dma_units = units > p->dma_units ? units : p->dma_units;
    }
    if (taken)
        p->dma_inside = !beat->last;
}

bool scoreboard_chance(const struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out)
{
    const struct sb_pins *const p = &sb->pins;
    const bool dma_owed = in->dma.valid || order_ledger_waiting(sb->ledger) > 0;
    const struct progress_view view = {
        .link = in->rst_n && in->link_up && in->fc_init_done,
        .tx_ready = in->tx_tready,
        .tx_inside = p->tx_inside,
        .input_waits = (in->rx.valid && !out->rx_tready) || (in->evt_valid && !out->evt_ready) ||
                       (in->clr_valid && !out->clr_ready),
        .csr_waits = out->csr_valid && !in->csr_ready,
        .bus_master = scoreboard_control(sb).bme,
        .dma_owed = dma_owed,
        .cpl_owed = cpl_checker_outstanding(sb->cpl) > 0,
        .read_owed = in->dmr.valid || dmr_ledger_waiting(&sb->dmr) > 0,
        .posted_room = credits_fit(&p->tx, TLP_POSTED, dma_owed && p->dma_units ? p->dma_units : 1),
        .nonposted_room = credits_fit(&p->tx, TLP_NONPOSTED, 0),
        .completion_room = credits_fit(&p->tx, TLP_COMPLETION, 1),
    };
    return progress_is_chance(&view);
}

/* Configuration outputs, one field after the other. Those of features that are not there stay 0. */
struct outputs {
    uint16_t requester_id;
    bool bme, mse, int_disable, msix_enable, msix_fmask, ro, ns, ido_req, ido_cpl, absent;
    unsigned mps, mrrs, dstate;
};

static uint64_t pack(const struct outputs *o)
{
    const unsigned bits = (unsigned)o->bme | (unsigned)o->mse << 1 | (unsigned)o->int_disable << 2 |
                          (unsigned)o->msix_enable << 3 | (unsigned)o->msix_fmask << 4 | o->mps << 5 | o->mrrs << 8 |
                          (unsigned)o->ro << 11 | (unsigned)o->ns << 12 | (unsigned)o->ido_req << 13 |
                          (unsigned)o->ido_cpl << 14 | o->dstate << 15 | (unsigned)o->absent << 17;
    return (uint64_t)bits << 16 | o->requester_id;
}

static uint64_t pack_outputs(const struct dut_out *out)
{
    const struct outputs o = {.requester_id = out->cfg_requester_id,
                              .bme = out->cfg_bme,
                              .mse = out->cfg_mse,
                              .int_disable = out->cfg_int_disable,
                              .msix_enable = out->cfg_msix_enable,
                              .msix_fmask = out->cfg_msix_fmask,
                              .ro = out->cfg_ro_en,
                              .ns = out->cfg_ns_en,
                              .ido_req = out->cfg_ido_req_en,
                              .ido_cpl = out->cfg_ido_cpl_en,
                              .absent = out->cfg_msi_enable,
                              .mps = out->cfg_mps,
                              .mrrs = out->cfg_mrrs,
                              .dstate = out->cfg_dstate};
    return pack(&o);
}

static uint64_t expected_outputs(const struct cfg_model *m)
{
    const struct outputs o = {.requester_id = cfg_model_requester_id(m),
                              .bme = cfg_model_bme(m),
                              .mse = cfg_model_mse(m),
                              .int_disable = cfg_model_int_disable(m),
                              .msix_enable = cfg_model_msix_enable(m),
                              .msix_fmask = cfg_model_msix_fmask(m),
                              .ro = cfg_model_relaxed_ordering(m),
                              .ns = cfg_model_no_snoop(m),
                              .ido_req = cfg_model_ido_request(m),
                              .ido_cpl = cfg_model_ido_completion(m),
                              .mps = cfg_model_mps(m),
                              .mrrs = cfg_model_mrrs(m),
                              .dstate = cfg_model_dstate(m)};
    return pack(&o);
}

/* Judged when they change, and when a fence proves the last configuration write; never while one is under way. */
static void judge_outputs(struct scoreboard *sb, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    const uint64_t now = pack_outputs(out);
    if (now != p->outputs) {
        p->outputs = now;
        p->outputs_due = true;
    }
    if (!p->outputs_due || p->rx_begun != sb->requests || !sb_proven(sb, sb->config_moment) || sb_is_shaky(sb))
        return;
    p->outputs_due = false;
    if (!check(sb->checks, CHECK_CFG_OUTPUTS, now == expected_outputs(&sb->cfg)))
        check_report(
            sb->checks, CHECK_CFG_OUTPUTS, -1,
            "the configuration outputs are %010" PRIX64 "h, the registers say %010" PRIX64
            "h (bits 15:0 requester ID, 16 BME, 17 MSE, 18 Interrupt Disable, 19 MSI-X Enable, 20 Function "
            "Mask, 23:21 MPS, 26:24 MRRS, 27 RO, 28 NS, 29 IDO requests, 30 IDO completions, 32:31 D-state, 33 "
            "outputs of absent features); allowed: the same (CFG-01, CFG-25, MSIX-CAP-11)",
            now, expected_outputs(&sb->cfg));
}

/* A function-level reset lasts until the device logic has stopped, at least. */
static void judge_flr_end(struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    const bool ends = p->flr_active && !out->flr_active;
    if (ends && !check(sb->checks, CHECK_FLR_ACTIVE, p->flr_done || in->flr_done))
        check_report(sb->checks, CHECK_FLR_ACTIVE, -1,
                     "flr_active has fallen, but the device logic is not done; allowed: only behind flr_done (CFG-18)");
    p->flr_active = out->flr_active;
    p->flr_done = in->flr_done;
}

void scoreboard_cycle(struct scoreboard *sb, uint64_t time, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    (void)time;
    if (!in->rst_n || !in->link_up) {
        if (p->started)
            sb_pins_reset(sb);
        return;
    }
    const uint16_t rxfc[4] = {out->rxfc_ph, out->rxfc_pd, out->rxfc_nph, out->rxfc_npd};
    if (!p->started || memcmp(&p->fc, &in->fc, sizeof p->fc) != 0)
        take_limits(p, &in->fc);
    if (!p->started || memcmp(p->rxfc, rxfc, sizeof rxfc) != 0) {
        memcpy(p->rxfc, rxfc, sizeof rxfc);
        const struct rx_limits limits = {
            .ph = out->rxfc_ph, .nph = out->rxfc_nph, .pd = out->rxfc_pd, .npd = out->rxfc_npd};
        rx_grants_update(&p->grants, sb->checks, &limits);
    }
    p->outputs_due |= !p->started;
    p->started = true;
    if (out->tx.valid)
        judge_tx(sb, in, out);
    if (in->rx.valid)
        judge_rx(sb, in, out);
    if (in->dma.valid) {
        measure_dma(p, &in->dma, out->dma_tready);
        p->dma_ended += out->dma_tready && in->dma.last && !out->flr_active; /* else swallowed */
    }
    if (out->csr_valid && in->csr_ready)
        sb_csr_seen(sb, in, out);
    judge_flr_end(sb, in, out);
    judge_outputs(sb, out);
    sb_errors_cycle(sb, out);
}
