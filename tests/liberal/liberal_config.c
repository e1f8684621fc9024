/* liberal_config.c - configuration space: Type 0 header, power management, PCI Express and MSI-X capability. */
#include <string.h>

#include "liberal_device.h"

enum {
    COMMAND = 0x04,
    COMMAND_RW = 0x546, /* Interrupt Disable, SERR#, Parity, BME, MSE */
    COMMAND_IO = 0x1,   /* RW or 0 */
    COMMAND_MSE = 0x2,
    COMMAND_BME = 0x4,
    COMMAND_PARITY = 0x40,
    COMMAND_INT_DISABLE = 0x400,
    STATUS_INTERRUPT = 0x80000,
    STATUS_CAPABILITIES = 0x100000,
    PMCSR = 4,
    D3HOT = 3,
    DEVICE_CONTROL = 8,
    LINK_CONTROL = 16,
    DEVICE_CONTROL2 = 40,
    CONTROL_FLR = 0x8000,
    CONTROL_MPS = 0xE0,
    CONTROL_RW = 0x79FF,
    CONTROL_RESET = 0x2810,
    LINK_RW = 0xCB,
    CONTROL2_RW = 0x300,
    IDO_REQUESTS = 0x100,
    IDO_COMPLETIONS = 0x200,
    PENDING = 0x20,
    GLITCH_CLOCKS = 24
};

#define STATUS_ERRORS UINT32_C(0xF9000000)

/* Is this register at `offset` in a capability that is there? */
static bool is_register(unsigned reg, unsigned capability, unsigned offset)
{
    return capability > 0 && reg == capability + offset;
}

void liberal_config_clear(struct dut *d)
{
    const bool keeps_link = d->plan->illegal != LIBERAL_FLR_CLEARS_LINK_CONTROL;
    d->bar[0] = d->bar[1] = d->command = d->status = 0;
    d->device_control = (uint16_t)((d->device_control & CONTROL_MPS) | CONTROL_RESET);
    d->link_control = keeps_link ? d->link_control : 0;
    d->device_status = d->device_control2 = 0;
    d->scratch[0] = d->scratch[1] = 0;
    d->glitch_until = 0;
}

void liberal_config_reset(struct dut *d)
{
    liberal_config_clear(d);
    d->device_control = CONTROL_RESET;
    d->link_control = 0;
    d->id = d->old_id = d->older_id = 0;
    d->id_seq = LIBERAL_NEVER;
    memset(&d->control, 0, sizeof d->control);
    memset(&d->arrived, 0, sizeof d->arrived);
}

static uint64_t bar_mask(const struct dut *d)
{
    return ~((UINT64_C(1) << d->config->bar0_size_log2) - 1);
}

uint64_t liberal_bar(const struct dut *d)
{
    return (uint64_t)d->bar[1] << 32 | d->bar[0];
}

unsigned liberal_config_mps_dw(const struct dut *d)
{
    return 32U << (d->device_control >> 5 & 7);
}

bool liberal_parity_response(const struct dut *d)
{
    return d->command & COMMAND_PARITY;
}

bool liberal_ido(struct dut *d, bool completion)
{
    const bool enabled = d->device_control2 & (completion ? IDO_COMPLETIONS : IDO_REQUESTS);
    if (enabled)
        return liberal_chance(d, d->habit->ido);
    const bool known = liberal_proven(d, d->ido_seq);
    if (!known || !liberal_breaks(d, LIBERAL_IDO_UNASKED, 20))
        return false;
    liberal_strike(d);
    return true;
}

/* --- reads --- */

/* First of these capabilities that is there: 0 power management, 1 PCI Express, 2 MSI-X. */
static uint32_t next_capability(const struct dut *d, unsigned from)
{
    const uint16_t at[3] = {d->config->pm_cap, d->config->pcie_cap, d->config->msix_cap};
    while (at[from] == 0)
        from++;
    return at[from];
}

static uint32_t read_pcie(const struct dut *d, unsigned offset)
{
    const unsigned mps = d->config->mps_max >= 512 ? 2 : d->config->mps_max >= 256 ? 1 : 0;
    switch (offset) {
    case 0:
        return 0x00020010 | next_capability(d, 2) << 8;
    case 4:
        return 0x10008020 | mps;
    case DEVICE_CONTROL:
        return (uint32_t)(d->device_status | (liberal_pending(d) ? PENDING : 0)) << 16 | d->device_control;
    case 12:
        return 0x00400011;
    case LINK_CONTROL:
        return 0x00110000 | d->link_control;
    case DEVICE_CONTROL2:
        return d->device_control2;
    default:
        return 0;
    }
}

static uint32_t read_msix(const struct dut *d, unsigned offset)
{
    const struct dut_config *c = d->config;
    const bool fmask = d->control.fmask || d->glitch_until > 0;
    switch (offset) {
    case 0:
        return (uint32_t)d->control.enable << 31 | (uint32_t)fmask << 30 | (c->nvec - 1) << 16 | 0x11;
    case 4:
        return c->table_offset;
    default:
        return c->pba_offset;
    }
}

static uint32_t read_header(const struct dut *d, unsigned reg)
{
    const struct dut_config *c = d->config;
    switch (reg) {
    case 0x00:
        return (uint32_t)c->device_id << 16 | c->vendor_id;
    case COMMAND:
        return STATUS_CAPABILITIES | d->command | d->status | (d->intx.level && c->intx_pin ? STATUS_INTERRUPT : 0);
    case 0x08:
        return c->class_code << 8 | c->revision_id;
    case 0x0C:
        return d->scratch[0];
    case 0x10:
        return d->bar[0] | 4;
    case 0x14:
        return d->bar[1];
    case 0x2C:
        return (uint32_t)c->subsys_id << 16 | c->subsys_vendor_id;
    case 0x34:
        return next_capability(d, 0);
    case 0x3C:
        return c->intx_pin << 8 | d->scratch[1];
    default:
        return 0;
    }
}

uint32_t liberal_config_read(const struct dut *d, unsigned reg)
{
    const struct dut_config *c = d->config;
    if (reg >= c->msix_cap && reg < c->msix_cap + 12U)
        return read_msix(d, reg - c->msix_cap);
    if (c->pcie_cap && reg >= c->pcie_cap && reg < c->pcie_cap + 60U)
        return read_pcie(d, reg - c->pcie_cap);
    if (is_register(reg, c->pm_cap, 0))
        return 0x00030001 | next_capability(d, 1) << 8;
    if (is_register(reg, c->pm_cap, PMCSR))
        return (c->no_soft_reset ? 8 : 0) | (d->control.d3hot ? D3HOT : 0);
    return read_header(d, reg);
}

/* --- writes --- */

static uint32_t enabled_bits(const struct liberal_request *r)
{
    uint32_t mask = 0;
    for (unsigned k = 0; k < 4; k++)
        if (r->tlp.first_be >> k & 1)
            mask |= UINT32_C(0xFF) << 8 * k;
    return mask;
}

static uint32_t merge(uint32_t old, const struct liberal_request *r)
{
    const uint32_t mask = enabled_bits(r);
    return (old & ~mask) | (r->payload[0] & mask);
}

static void take(bool *bit, bool value, uint64_t *changed, uint64_t seq)
{
    if (*bit != value)
        *changed = seq;
    *bit = value;
}

static void derive(const struct dut *d, struct liberal_control *c, uint64_t seq)
{
    const bool moves = c->bme_bit && !(c->d3hot && d->plan->illegal != LIBERAL_MESSAGE_IN_D3HOT);
    take(&c->bme, moves, &c->bme_seq, seq);
    c->mse = c->mse_bit && !(c->d3hot && d->plan->illegal != LIBERAL_SERVES_IN_D3HOT);
}

/* D3hot to D0 without No_Soft_Reset. */
static bool wakes(const struct dut *d, const struct liberal_control *c, const struct liberal_request *r)
{
    return is_register(r->tlp.reg, d->config->pm_cap, PMCSR) && c->d3hot && !d->config->no_soft_reset &&
           (r->tlp.first_be & 1) && (r->payload[0] & 3) == 0;
}

static void forget_control(struct liberal_control *c, uint64_t seq)
{
    *c = (struct liberal_control){.enable_seq = seq, .fmask_seq = seq, .bme_seq = seq};
}

/* Controls after this write. */
static void write_control(const struct dut *d, struct liberal_control *c, const struct liberal_request *r)
{
    if (r->tlp.reg == COMMAND) {
        const uint32_t old = (c->bme_bit ? COMMAND_BME : 0U) | (c->mse_bit ? COMMAND_MSE : 0U) |
                             (c->int_disable ? COMMAND_INT_DISABLE : 0U);
        const uint32_t value = merge(old, r);
        c->bme_bit = value & COMMAND_BME;
        c->mse_bit = value & COMMAND_MSE;
        take(&c->int_disable, value & COMMAND_INT_DISABLE, &c->disable_seq, r->seq);
    } else if (r->tlp.reg == d->config->msix_cap && (r->tlp.first_be & 8)) {
        take(&c->enable, r->payload[0] >> 31, &c->enable_seq, r->seq);
        take(&c->fmask, r->payload[0] >> 30 & 1, &c->fmask_seq, r->seq);
    } else if (is_register(r->tlp.reg, d->config->pm_cap, PMCSR) && (r->tlp.first_be & 1)) {
        const unsigned state = r->payload[0] & 3;
        if (state == 0 || state == D3HOT)
            c->d3hot = state == D3HOT;
    }
    derive(d, c, r->seq);
}

bool liberal_config_is_flr(const struct dut *d, const struct liberal_request *r)
{
    return r->tlp.kind == TLP_CFGWR0 && (r->tlp.completer_id & 7) == 0 && !r->tlp.ep &&
           is_register(r->tlp.reg, d->config->pcie_cap, DEVICE_CONTROL) && (r->tlp.first_be & 2) &&
           (r->payload[0] & CONTROL_FLR);
}

bool liberal_config_is_heavy(const struct dut *d, const struct liberal_request *r)
{
    const unsigned reg = r->tlp.reg;
    return r->tlp.kind == TLP_CFGWR0 && (liberal_config_is_flr(d, r) || reg == COMMAND || reg == 0x10 || reg == 0x14 ||
                                         is_register(reg, d->config->pm_cap, PMCSR));
}

void liberal_config_arrives(struct dut *d, const struct liberal_request *r)
{
    if ((r->tlp.completer_id & 7) != 0 || r->tlp.ep || d->flr.active)
        return;
    const bool resets = liberal_config_is_flr(d, r) || wakes(d, &d->arrived, r);
    if (!resets) {
        write_control(d, &d->arrived, r);
        return;
    }
    forget_control(&d->arrived, r->seq);
    for (unsigned v = 0; v < d->config->nvec; v++)
        for (unsigned field = 3; field < 4; field++)
            liberal_table_arrives(d, v, field, 1, r->seq);
}

/* Every completed CfgWr0 captures (TLP-18). */
static void capture(struct dut *d, const struct liberal_request *r)
{
    const uint16_t id = r->tlp.completer_id & 0xFFF8;
    if (id == d->id)
        return;
    d->older_id = d->old_id;
    d->old_id = d->id;
    d->id = id;
    d->id_seq = r->seq;
}

static void write_device_control(struct dut *d, const struct liberal_request *r)
{
    const unsigned largest = d->config->mps_max >= 512 ? 2 : d->config->mps_max >= 256 ? 1 : 0;
    const uint32_t old = d->device_control;
    uint32_t value = merge(old, r) & CONTROL_RW;
    if ((value >> 5 & 7) > largest)
        value = (value & ~(uint32_t)CONTROL_MPS) | (old & CONTROL_MPS);
    if ((value >> 12 & 7) > 5)
        value = (value & ~0x7000U) | (old & 0x7000);
    d->device_control = (uint16_t)value;
    const unsigned cleared = (r->payload[0] & enabled_bits(r)) >> 16 & 0xF;
    const unsigned wrongly = ~r->payload[0] >> 16 & d->device_status & (enabled_bits(r) >> 16) & 0xF;
    d->device_status = (uint16_t)(d->device_status & ~cleared);
    if (wrongly && liberal_breaks(d, LIBERAL_STATUS_CLEARED_BY_ZERO, 70))
        d->device_status = (uint16_t)(d->device_status & ~wrongly);
}

static void write_pcie(struct dut *d, const struct liberal_request *r, unsigned offset)
{
    switch (offset) {
    case DEVICE_CONTROL:
        write_device_control(d, r);
        break;
    case LINK_CONTROL:
        d->link_control = (uint16_t)(merge(d->link_control, r) & LINK_RW);
        break;
    case DEVICE_CONTROL2:
        d->device_control2 = (uint16_t)(merge(d->device_control2, r) & CONTROL2_RW);
        d->ido_seq = r->seq;
        break;
    default:
        break;
    }
}

static void write_others(struct dut *d, const struct liberal_request *r)
{
    const bool line = d->config->intx_pin > 0 || d->plan->seed & 4;
    switch (r->tlp.reg) {
    case COMMAND:
        d->command = merge(d->command, r) & (COMMAND_RW | (d->plan->seed & 1 ? COMMAND_IO : 0));
        d->status &= ~(r->payload[0] & enabled_bits(r) & STATUS_ERRORS);
        break;
    case 0x0C:
        d->scratch[0] = d->plan->seed & 2 ? (uint8_t)merge(d->scratch[0], r) : 0;
        break;
    case 0x10:
        d->bar[0] = merge(d->bar[0], r) & (uint32_t)bar_mask(d) & ~0xFU;
        break;
    case 0x14:
        d->bar[1] = merge(d->bar[1], r) & (uint32_t)(bar_mask(d) >> 32);
        break;
    case 0x3C:
        d->scratch[1] = line ? (uint8_t)merge(d->scratch[1], r) : 0;
        break;
    default:
        if (d->config->pcie_cap && r->tlp.reg >= d->config->pcie_cap)
            write_pcie(d, r, r->tlp.reg - d->config->pcie_cap);
        break;
    }
}

void liberal_config_write(struct dut *d, const struct liberal_request *r)
{
    const struct liberal_control before = d->control;
    const bool woken = wakes(d, &d->control, r);
    if (r->tlp.reg == d->config->msix_cap)
        d->glitch_until = 0;
    capture(d, r);
    write_others(d, r);
    write_control(d, &d->control, r);
    if (woken && !liberal_breaks(d, LIBERAL_SOFT_RESET_KEEPS, 100)) {
        liberal_config_clear(d);
        forget_control(&d->control, r->seq);
    }
    const bool both = !before.enable && d->control.enable && !before.fmask && d->control.fmask;
    if (both && liberal_breaks(d, LIBERAL_CONTROL_GLITCH, 100)) {
        d->control.fmask = false;
        d->glitch_until = d->clock + GLITCH_CLOCKS;
        d->glitch_before = before.enable_seq;
    }
    liberal_rules_changed(d, &before, -1, r->seq);
    if (woken && !liberal_breaks(d, LIBERAL_SOFT_RESET_KEEPS, 100))
        liberal_core_clear(d, r->seq);
    if (liberal_config_is_flr(d, r))
        liberal_flr_begin(d, r);
}

/* The other half of a glitch. */
void liberal_config_step(struct dut *d)
{
    if (d->glitch_until == 0 || d->clock < d->glitch_until)
        return;
    const struct liberal_control before = d->control;
    d->glitch_until = 0;
    d->control.fmask = true;
    liberal_rules_changed(d, &before, -1, d->control.fmask_seq);
}
