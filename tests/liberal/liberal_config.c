/* liberal_config.c - configuration space: Type 0 header and the MSI-X capability at B0h. */
#include <string.h>

#include "liberal_device.h"

enum {
    COMMAND_RW = 0x546, /* Interrupt Disable, SERR#, Parity, BME, MSE */
    COMMAND_IO = 0x1,   /* RW or 0 */
    COMMAND_MSE = 0x2,
    COMMAND_BME = 0x4,
    MSIX_CAPABILITY = 0xB0,
    GLITCH_CLOCKS = 24
};

void liberal_config_reset(struct dut *d)
{
    d->bar[0] = d->bar[1] = d->command = 0;
    d->scratch[0] = d->scratch[1] = 0;
    d->id = d->old_id = d->older_id = 0;
    d->id_seq = LIBERAL_NEVER;
    d->glitch_until = 0;
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

uint32_t liberal_config_read(const struct dut *d, unsigned reg)
{
    const struct dut_config *c = d->config;
    switch (reg) {
    case 0x00:
        return (uint32_t)c->device_id << 16 | c->vendor_id;
    case 0x04:
        return 0x00100000 | d->command;
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
        return MSIX_CAPABILITY;
    case 0x3C:
        return d->scratch[1];
    case MSIX_CAPABILITY:
        return (uint32_t)d->control.enable << 31 | (uint32_t)(d->control.fmask || d->glitch_until > 0) << 30 |
               (c->nvec - 1) << 16 | 0x11;
    case MSIX_CAPABILITY + 4:
        return c->table_offset;
    case MSIX_CAPABILITY + 8:
        return c->pba_offset;
    default:
        return 0;
    }
}

static uint32_t merge(uint32_t old, const struct liberal_request *r)
{
    uint32_t mask = 0;
    for (unsigned k = 0; k < 4; k++)
        if (r->tlp.first_be >> k & 1)
            mask |= UINT32_C(0xFF) << 8 * k;
    return (old & ~mask) | (r->payload[0] & mask);
}

static void take(bool *bit, bool value, uint64_t *changed, uint64_t seq)
{
    if (*bit != value)
        *changed = seq;
    *bit = value;
}

/* Controls after this write. */
static void write_control(struct liberal_control *c, const struct liberal_request *r)
{
    if (r->tlp.reg == 0x04) {
        const uint32_t value = merge((c->bme ? COMMAND_BME : 0U) | (c->mse ? COMMAND_MSE : 0U), r);
        take(&c->bme, value & COMMAND_BME, &c->bme_seq, r->seq);
        c->mse = value & COMMAND_MSE;
    } else if (r->tlp.reg == MSIX_CAPABILITY && (r->tlp.first_be & 8)) {
        take(&c->enable, r->payload[0] >> 31, &c->enable_seq, r->seq);
        take(&c->fmask, r->payload[0] >> 30 & 1, &c->fmask_seq, r->seq);
    }
}

void liberal_config_arrives(struct dut *d, const struct liberal_request *r)
{
    write_control(&d->arrived, r);
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

static void write_others(struct dut *d, const struct liberal_request *r)
{
    switch (r->tlp.reg) {
    case 0x04:
        d->command = merge(d->command, r) & (COMMAND_RW | (d->plan->seed & 1 ? COMMAND_IO : 0));
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
        d->scratch[1] = d->plan->seed & 4 ? (uint8_t)merge(d->scratch[1], r) : 0;
        break;
    default:
        break;
    }
}

void liberal_config_write(struct dut *d, const struct liberal_request *r)
{
    const struct liberal_control before = d->control;
    if (r->tlp.reg == MSIX_CAPABILITY)
        d->glitch_until = 0;
    capture(d, r);
    write_others(d, r);
    write_control(&d->control, r);
    const bool both = !before.enable && d->control.enable && !before.fmask && d->control.fmask;
    if (both && liberal_breaks(d, LIBERAL_CONTROL_GLITCH, 100)) {
        d->control.fmask = false;
        d->glitch_until = d->clock + GLITCH_CLOCKS;
        d->glitch_before = before.enable_seq;
    }
    liberal_rules_changed(d, &before, -1, r->seq);
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
