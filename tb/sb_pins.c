#include "sb.h"

#include <inttypes.h>
#include <string.h>

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
    if (!p->tx_inside) {
        if (!check(sb->checks, CHECK_FC_INIT, in->fc_init_done && in->link_up))
            check_report(sb->checks, CHECK_FC_INIT, -1,
                         "a TLP is sent before flow-control initialisation is complete (FC-07)");
        if (in->tx_tready) {
            struct tlp t = first_beat(&out->tx);
            credits_consume(&p->tx, sb->checks, &t);
        }
    }
    if (in->tx_tready)
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
        check(sb->checks, CHECK_WRITE_ACCEPTANCE, true);
        rx_grants_use(&p->grants, &t);
    }
    p->rx_inside = !in->rx.last;
}

void scoreboard_cycle(struct scoreboard *sb, uint64_t time, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_pins *p = &sb->pins;
    (void)time;
    if (!in->rst_n) {
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
    p->started = true;
    if (out->tx.valid)
        judge_tx(sb, in, out);
    if (in->rx.valid)
        judge_rx(sb, in, out);
    if (out->csr_valid && in->csr_ready)
        sb_csr_seen(sb, in, out);
}
