#include "liberal_software.h"

/* --- small words --- */

bool traffic_chance(struct traffic *t, unsigned percent)
{
    return rng_percent(&t->rng, percent);
}

unsigned traffic_below(struct traffic *t, unsigned bound)
{
    return rng_below(&t->rng, bound);
}

unsigned traffic_any_vector(struct traffic *t)
{
    return traffic_chance(t, 80) ? t->hot[traffic_below(t, TRAFFIC_HOT)] : traffic_below(t, t->nvec);
}

/* Control writes whose completions have come are forgotten. True if none is left. */
static bool controls_are_certain(struct traffic *t)
{
    for (unsigned k = 0; k < t->controls;) {
        if (!host_done(t->b, t->control[k])) {
            k++;
            continue;
        }
        host_forget(t->b, t->control[k]);
        t->control[k] = t->control[--t->controls];
    }
    return t->controls == 0;
}

void traffic_control_start(struct traffic *t, unsigned reg, unsigned byte_enables, uint32_t value)
{
    if (!controls_are_certain(t) && t->controls == TRAFFIC_CONTROLS)
        return;
    t->control[t->controls++] = host_cfg_write_start(t->b, reg, byte_enables, value);
}

void traffic_msix_start(struct traffic *t, bool enable, bool fmask)
{
    if (t->controls == TRAFFIC_CONTROLS)
        return;
    t->enable = enable;
    t->fmask = fmask;
    traffic_control_start(t, t->capability, 0x8, (uint32_t)enable << 31 | (uint32_t)fmask << 30);
}

/* Waits until what was written to the controls is in force. */
bool traffic_make_certain(struct traffic *t)
{
    if (t->dead)
        return controls_are_certain(t);
    while (t->controls > 0 && !bench_stopped(t->b))
        host_wait(t->b, t->control[--t->controls]);
    return true;
}

uint32_t traffic_command(const struct traffic *t)
{
    return TRAFFIC_MSE | (t->bme ? TRAFFIC_BME : 0U) | (t->parity ? TRAFFIC_PARITY : 0U);
}

/* --- entries --- */

/* Values of a version: unique for each vector and version, sometimes those of another vector (EDGE-05). */
static uint64_t address_of(unsigned v, unsigned version)
{
    const uint64_t low = UINT64_C(0xFEE00000) + 0x1000U * (version % 64) + 16U * v;
    return (v + version) % 3 == 0 ? (uint64_t)(version + 1) << 33 | low : low;
}

static uint32_t data_of(unsigned v, unsigned version)
{
    return (v + 1) * UINT32_C(0x9E3779B1) + version * UINT32_C(0x01010100);
}

/* May address and data be written? */
bool traffic_is_quiet(struct traffic *t, unsigned v)
{
    return t->masked[v] || ((t->fmask || !t->enable) && traffic_make_certain(t));
}

/* Writes address and data; the mask as well if `with_mask` (then it becomes `masked`). In one of several ways. */
void traffic_write_entry(struct traffic *t, unsigned v, bool with_mask, bool masked)
{
    struct bench *b = t->b;
    const bool borrowed = !t->alone && t->nvec > 1 && traffic_chance(t, 6);
    const unsigned of = borrowed ? traffic_below(t, t->nvec) : v;
    const unsigned version = borrowed ? t->version[of] : ++t->version[v];
    const uint64_t address = address_of(of, version);
    const uint32_t data = data_of(of, version);
    if (traffic_chance(t, 60)) {
        host_mem_write64(b, bench_table_address(b, v, 0), address);
    } else {
        host_mem_write32(b, bench_table_address(b, v, 0), (uint32_t)address);
        host_mem_write32(b, bench_table_address(b, v, 1), (uint32_t)(address >> 32));
    }
    if (with_mask && traffic_chance(t, 60)) {
        host_mem_write64(b, bench_table_address(b, v, 2), (uint64_t)masked << 32 | data);
    } else {
        host_mem_write32(b, bench_table_address(b, v, 2), data);
        if (with_mask)
            host_mem_write32(b, bench_table_address(b, v, 3), masked);
    }
    t->programmed[v] = true;
    if (with_mask)
        t->masked[v] = masked;
}

void traffic_mask(struct traffic *t, unsigned v, bool masked)
{
    if (!masked && !t->programmed[v]) {
        traffic_write_entry(t, v, true, false);
        return;
    }
    host_mem_write32(t->b, bench_table_address(t->b, v, 3), masked);
    t->masked[v] = masked;
}

/* --- reads --- */

void traffic_read_and_forget(struct traffic *t, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    host_set_attributes(t->b, traffic_chance(t, 20), traffic_chance(t, 20), false,
                        traffic_chance(t, 5) ? (uint8_t)traffic_below(t, 8) : 0);
    host_forget(t->b, host_mem_read_start(t->b, address, dws, first_be, last_be));
    host_set_attributes(t->b, false, false, false, 0);
}

void traffic_audit(struct traffic *t, unsigned fields, unsigned entries)
{
    uint8_t tag[4 * TRAFFIC_AUDITED + 8];
    unsigned n = 0;
    for (unsigned v = 0; v < t->nvec && v < entries; v++)
        for (unsigned field = 0; field < 4; field++)
            if (fields >> field & 1)
                tag[n++] = host_mem_read_start(t->b, bench_table_address(t->b, v, field), 1, 0xF, 0);
    for (unsigned v = 0; v < t->nvec; v += 64)
        tag[n++] = host_mem_read_start(t->b, bench_pba_address(t->b, v), 2, 0xF, 0xF);
    while (n > 0 && !bench_stopped(t->b))
        host_wait(t->b, tag[--n]);
}
