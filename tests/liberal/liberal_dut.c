/* liberal_dut.c - the functions of dut.h, one clock, reset. */
#include <stdlib.h>
#include <string.h>

#include "liberal_device.h"

enum { FIRST_STRIKE_CLOCK = 150 /* software has found the device by then */ };

static struct liberal_plan *in_use; /* see liberal.h */

void liberal_use(struct liberal_plan *plan)
{
    in_use = plan;
}

/* --- chance --- */

bool liberal_chance(struct dut *d, unsigned percent)
{
    return percent >= 100 || (percent > 0 && rng_percent(&d->rng, percent));
}

uint64_t liberal_later(struct dut *d, unsigned most)
{
    return d->clock + (most ? rng_below(&d->rng, most + 1) : 0);
}

bool liberal_breaks(struct dut *d, enum liberal_illegal illegal, unsigned percent)
{
    if (d->plan->illegal != illegal)
        return false;
    return d->plan->illegal == illegal && d->clock >= FIRST_STRIKE_CLOCK && liberal_chance(d, percent);
}

void liberal_strike(struct dut *d)
{
    d->plan->strikes++;
}

bool liberal_proven(const struct dut *d, uint64_t seq)
{
    return seq <= d->flushed;
}

bool liberal_choose(struct dut *d, enum policy_tristate choice)
{
    return choice == POLICY_EITHER ? !liberal_chance(d, d->habit->drops) : choice == POLICY_YES;
}

/* --- dut.h --- */

const struct dut_config *dut_get_config(void)
{
    return &in_use->config;
}

static void reset(struct dut *d)
{
    memset(&d->out, 0, sizeof d->out);
    liberal_rx_reset(d);
    liberal_config_reset(d);
    liberal_core_reset(d);
    liberal_queue_reset(d);
    liberal_tx_reset(d);
    liberal_intx_reset(d);
    liberal_reads_reset(d);
    memset(&d->flr, 0, sizeof d->flr);
    d->errors = 0;
}

struct dut *dut_create(uint32_t power_up_seed, dut_text_fn *text, void *ctx)
{
    struct dut *d = calloc(1, sizeof *d);
    (void)text;
    (void)ctx;
    if (!d)
        return NULL;
    d->plan = in_use;
    d->habit = &in_use->habits;
    d->config = &in_use->config;
    d->policy = &in_use->policy;
    rng_seed(&d->rng, in_use->seed ^ (uint64_t)power_up_seed << 32 ^ UINT64_C(0x64657669));
    reset(d);
    return d;
}

void dut_destroy(struct dut *dut)
{
    for (unsigned v = 0; dut && v < dut->config->nvec; v++)
        if (dut->vector[v].lost)
            liberal_strike(dut);
    free(dut);
}

static void drive(struct dut *d)
{
    struct dut_out *out = &d->out;
    const struct liberal_habits *h = d->habit;
    const bool room = d->errors < LIBERAL_ERRORS / 2 && d->reads.deliveries < LIBERAL_DELIVERIES - 4;
    out->rx_tready = room && d->writes_in - d->writes_done < LIBERAL_REQUESTS - 1 &&
                     d->requests < LIBERAL_REQUESTS - 1 && !liberal_chance(d, h->rx_pauses);
    if (d->tx_dead && d->answers > 0 && liberal_breaks(d, LIBERAL_WRITES_WAIT_FOR_TX, 100))
        out->rx_tready = false;
    out->dma_tready = d->queued < LIBERAL_QUEUE / 2 && !liberal_chance(d, h->dma_pauses);
    if (d->holding && d->dma.n_dw == 0)
        out->dma_tready = out->dma_tready && liberal_chance(d, h->takes_held);
    out->dmr_tready = d->reads.n_waiting < LIBERAL_READS / 2 && !liberal_chance(d, h->dmr_pauses);
    if (d->holding && d->dmr.n_dw == 0)
        out->dmr_tready = out->dmr_tready && liberal_chance(d, h->takes_held);
    out->evt_ready = !liberal_chance(d, h->event_pauses);
    out->clr_ready = !liberal_chance(d, h->event_pauses);
    out->rxfc_ph = (uint8_t)d->grant[0].limit;
    out->rxfc_pd = d->grant[1].limit & 0xFFF;
    out->rxfc_nph = (uint8_t)d->grant[2].limit;
    out->rxfc_npd = d->grant[3].limit & 0xFFF;
    out->csr_valid = d->csr.offered;
    out->csr_write = d->csr.write;
    out->csr_addr = d->csr.address;
    out->csr_be = d->csr.be;
    out->csr_wdata = d->csr.write ? d->csr.data : 0;
    out->cfg_requester_id = d->id;
    out->cfg_bme = d->control.bme_bit;
    out->cfg_mse = d->control.mse_bit;
    out->cfg_int_disable = d->control.int_disable;
    out->cfg_dstate = d->control.d3hot ? 3 : 0;
    out->cfg_mps = d->device_control >> 5 & 7;
    out->cfg_mrrs = d->device_control >> 12 & 7;
    out->cfg_ro_en = d->device_control >> 4 & 1;
    out->cfg_ns_en = d->device_control >> 11 & 1;
    out->cfg_ido_req_en = d->device_control2 >> 8 & 1;
    out->cfg_ido_cpl_en = d->device_control2 >> 9 & 1;
    out->flr_active = d->flr.active;
    out->cfg_msix_enable = d->control.enable;
    out->cfg_msix_fmask = d->control.fmask || d->glitch_until > 0;
}

/* Within a clock: what left, what came in, in the order in which the contract counts them; then the inside moves. */
void dut_cycle(struct dut *d, const struct dut_in *in, struct dut_out *out)
{
    *out = d->out;
    d->clock++;
    if (!in->rst_n || !in->link_up) {
        reset(d);
        drive(d);
        d->out.rx_tready = d->out.dma_tready = d->out.dmr_tready = d->out.evt_ready = d->out.clr_ready = false;
        return;
    }
    d->data_before = d->data_in;
    liberal_tx_sample(d, in);
    liberal_dma_sample(d, in);
    liberal_dmr_sample(d, in);
    liberal_intx_sample(d, in);
    liberal_core_sample(d, in);
    liberal_rx_sample(d, in);
    liberal_config_step(d);
    liberal_flr_step(d, in);
    liberal_errors_step(d);
    liberal_rx_step(d);
    liberal_intx_step(d);
    liberal_core_step(d);
    liberal_tx_step(d, in);
    liberal_dmc_step(d);
    drive(d);
}

uint64_t dut_cycles(const struct dut *dut)
{
    return dut->clock;
}

unsigned dut_errors(const struct dut *dut)
{
    (void)dut;
    return 0;
}

int dut_waves_open(struct dut *dut, const char *file)
{
    (void)dut;
    (void)file;
    return -1;
}

void dut_waves_close(struct dut *dut)
{
    (void)dut;
}

int dut_coverage_add(struct dut *dut, const char *file)
{
    (void)dut;
    (void)file;
    return -1;
}
