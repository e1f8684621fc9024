/*
 * scenario_state.c - see scenario_state.h.
 */
#include "scenario_state.h"

#include <string.h>

enum {
    COMMAND = 0x04,
    COMMAND_MSE = 2,
    COMMAND_BME = 4,
    FIRST_BAR = 0x10,
    LAST_BAR = 0x24,
    FIRST_CAPABILITY = 0x40,
    CAPABILITY_MSIX = 0x11,
    CAPABILITY_DWORDS = 3,
    CONTROL_FIELD = 3,
    FIRST_ROUTE = 0x0100,
    PCIE_BYTES = 0x3C,
    PM_BYTES = 8,
    PMCSR = 0x04,
    DEVICE_CONTROL = 0x08,
    DEVICE_CONTROL2 = 0x28,
    D3HOT = 3,
    FIRST_MRRS = 2,
    SIZE_DWS = 32, /* of the code 0 */
    UNIT_DWS = 4,  /* of a data credit */
};

#define INITIATE_FLR UINT32_C(0x8000)

void state_start(struct scenario_state *s)
{
    struct bench *const b = s->b;
    s->tags = 0;
    memset(s->under_way, 0, sizeof s->under_way);
    s->device.mps = s->device.least_mps = 0;
    state_forget(s);
    bench_enumerate(b); /* routes to 01:00.0 */
    s->route = FIRST_ROUTE;
    s->capability = bench_capability(b, CAPABILITY_MSIX);
}

void state_forget(struct scenario_state *s)
{
    memset(s->entry, 0, sizeof s->entry);
    s->enable = s->function_mask = false;
    s->bus_master = s->memory_space = true; /* by the enumeration that follows */
    s->asleep = s->lost = s->renumbering = false;
    s->device = (struct state_device){.mps = s->device.mps,
                                      .least_mps = s->device.mps,
                                      .mrrs = FIRST_MRRS,
                                      .least_mrrs = FIRST_MRRS,
                                      .ro = true,
                                      .ns = true};
    state_apply_answers(s);
}

/* --- tags --- */

static void free_completed(struct scenario_state *s)
{
    for (unsigned i = 0; i < s->tags;) {
        const struct state_tag done = s->tag[i];
        if (!host_done(s->b, done.tag)) {
            i++;
            continue;
        }
        host_forget(s->b, done.tag);
        s->tag[i] = s->tag[--s->tags];
        s->under_way[done.of]--;
        s->renumbering = s->renumbering && !done.captures;
    }
    if (s->under_way[STATE_DEVICE] == 0) {
        s->device.least_mps = s->device.mps;
        s->device.least_mrrs = s->device.mrrs;
    }
}

static bool any_is_done(struct bench *b, const void *ctx)
{
    const struct scenario_state *const s = ctx;
    bool any = s->tags < STATE_MOST_TAGS;
    for (unsigned i = 0; i < s->tags && !any; i++)
        any = host_done(b, s->tag[i].tag);
    return any;
}

void state_need_tag(struct scenario_state *s)
{
    bench_wait(s->b, any_is_done, s, "the completion of one of 256 requests");
    free_completed(s);
}

void state_end(struct scenario_state *s)
{
    while (s->tags > 0)
        host_forget(s->b, s->tag[--s->tags].tag);
}

bool state_may_request(struct scenario_state *s)
{
    free_completed(s);
    return s->tags < STATE_MOST_TAGS;
}

void state_keep_tag(struct scenario_state *s, uint8_t tag, enum state_request of)
{
    s->tag[s->tags++] = (struct state_tag){.tag = tag, .of = of};
    s->under_way[of]++;
}

/* --- configuration writes --- */

static bool is_capability(const struct scenario_state *s, unsigned reg)
{
    return s->capability && reg - s->capability < 4 * CAPABILITY_DWORDS;
}

/*
 * Base addresses stay where they are. Sizes, resets and power states have operations of their own; the rest of these
 * capabilities may be written.
 */
static bool config_write_is_defined(const struct scenario_state *s, unsigned reg, unsigned byte_enables)
{
    const struct dut_config *const config = bench_config(s->b);
    if (reg < FIRST_CAPABILITY)
        return reg < FIRST_BAR || reg > LAST_BAR;
    if (config->pm_cap && reg - config->pm_cap < PM_BYTES)
        return reg - config->pm_cap != PMCSR || !(byte_enables & 1);
    if (config->pcie_cap && reg - config->pcie_cap < PCIE_BYTES)
        return (reg - config->pcie_cap != DEVICE_CONTROL && reg - config->pcie_cap != DEVICE_CONTROL2) ||
               !(byte_enables & 3);
    return is_capability(s, reg);
}

static bool write_config(struct scenario_state *s, unsigned reg, unsigned byte_enables, uint32_t value,
                         enum state_request of)
{
    if (!state_may_request(s))
        return false;
    state_keep_tag(s, host_cfg_write_start(s->b, reg, byte_enables, value), of);
    s->tag[s->tags - 1].captures = true;
    return true;
}

bool state_write_config(struct scenario_state *s, unsigned reg, unsigned byte_enables, uint32_t value)
{
    const bool command = reg == COMMAND && (byte_enables & 1);
    const bool control = s->capability && reg == s->capability && (byte_enables & 8);
    if (!config_write_is_defined(s, reg, byte_enables) || !write_config(s, reg, byte_enables, value,
                                                                        command   ? STATE_COMMAND
                                                                        : control ? STATE_CONTROL
                                                                                  : STATE_OTHER))
        return false;
    if (command) {
        s->bus_master = value & COMMAND_BME;
        s->memory_space = value & COMMAND_MSE;
    } else if (control) {
        s->enable = value >> 31;
        s->function_mask = value >> 30 & 1;
    }
    return true;
}

bool state_control(struct scenario_state *s, bool enable, bool function_mask)
{
    const uint32_t value = (uint32_t)enable << 31 | (uint32_t)function_mask << 30;
    return s->capability && state_write_config(s, s->capability, 0x8, value);
}

bool state_command(struct scenario_state *s, bool bus_master, bool memory_space)
{
    const uint32_t value = (bus_master ? COMMAND_BME : 0) | (memory_space ? COMMAND_MSE : 0);
    return state_write_config(s, COMMAND, 0x1, value);
}

/* --- the device's sizes and attributes, power, function-level reset, number --- */

static bool device_is_quiet(const struct scenario_state *s)
{
    return app_idle(bench_app(s->b)) && host_answers_waiting(s->b) == 0 && !scoreboard_busy(bench_scoreboard(s->b));
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static uint32_t device_value(const struct state_device *d)
{
    return (uint32_t)d->ro << 4 | (uint32_t)d->mps << 5 | (uint32_t)d->ns << 11 | (uint32_t)d->mrrs << 12;
}

bool state_device_control(struct scenario_state *s, unsigned mps, unsigned mrrs, bool ro, bool ns)
{
    const struct dut_config *const config = bench_config(s->b);
    struct state_device next = s->device;
    free_completed(s);
    next.mps = SIZE_DWS * 4U << mps <= config->mps_max ? mps : next.mps;
    next.mrrs = mrrs;
    next.ro = ro;
    next.ns = ns;
    const bool shrinks = next.mps < s->device.mps || next.mrrs < s->device.mrrs;
    if (!config->pcie_cap || s->lost || (shrinks && !device_is_quiet(s)) ||
        !write_config(s, config->pcie_cap + DEVICE_CONTROL, 0x3, device_value(&next), STATE_DEVICE))
        return false;
    next.least_mps = least(s->device.least_mps, next.mps);
    next.least_mrrs = least(s->device.least_mrrs, next.mrrs);
    s->device = next;
    state_apply_answers(s);
    if (s->window)
        host_set_window(s->b, 0, state_window(s, s->window), 0, 0);
    return true;
}

bool state_ido(struct scenario_state *s, bool request, bool completion)
{
    const struct dut_config *const config = bench_config(s->b);
    const uint32_t value = (uint32_t)request << 8 | (uint32_t)completion << 9;
    return config->pcie_cap && write_config(s, config->pcie_cap + DEVICE_CONTROL2, 0x2, value, STATE_OTHER);
}

/* Until `recover` reads have at most the size of before and of after. */
static void lose(struct scenario_state *s)
{
    s->lost = true;
    s->device.least_mrrs = s->device.mrrs = least(s->device.least_mrrs, FIRST_MRRS);
}

bool state_power(struct scenario_state *s, bool asleep)
{
    const struct dut_config *const config = bench_config(s->b);
    if (!config->pm_cap || !write_config(s, config->pm_cap + PMCSR, 0x1, asleep ? D3HOT : 0, STATE_POWER))
        return false;
    if (s->asleep && !asleep && !config->no_soft_reset)
        lose(s);
    s->asleep = asleep;
    return true;
}

bool state_flr(struct scenario_state *s)
{
    const struct dut_config *const config = bench_config(s->b);
    const uint32_t value = device_value(&s->device) | INITIATE_FLR;
    if (!config->pcie_cap || !write_config(s, config->pcie_cap + DEVICE_CONTROL, 0x3, value, STATE_OTHER))
        return false;
    lose(s);
    return true;
}

bool state_route(struct scenario_state *s, unsigned bus, unsigned device)
{
    const uint16_t route = (uint16_t)(bus << 8 | device << 3);
    if (route != s->route && app_reads_waiting(s->b) > 0)
        return false;
    s->renumbering = s->renumbering || route != s->route;
    for (unsigned i = 0; i < s->tags && route != s->route; i++)
        s->tag[i].captures = false;
    s->route = route;
    host_set_route(s->b, (uint8_t)bus, (uint8_t)device);
    return true;
}

unsigned state_write_dws(const struct scenario_state *s)
{
    return SIZE_DWS << s->device.least_mps;
}

unsigned state_read_dws(const struct scenario_state *s)
{
    return SIZE_DWS << s->device.least_mrrs;
}

bool state_may_read(struct scenario_state *s)
{
    free_completed(s);
    return !s->lost && !s->renumbering && app_reads_waiting(s->b) < STATE_MOST_READS;
}

unsigned state_window(const struct scenario_state *s, unsigned wanted)
{
    const unsigned largest = SIZE_DWS / UNIT_DWS << s->device.mps;
    return wanted > 0 && wanted < largest ? largest : wanted;
}

void state_apply_answers(struct scenario_state *s)
{
    struct host_answer_style style = s->answers;
    style.most = least(style.most, 4 * state_write_dws(s));
    host_set_answer_style(s->b, &style);
}

/* --- the table --- */

/* A write to the table is surely taken, and there is such an entry. */
static bool table_is_open(struct scenario_state *s, unsigned vector)
{
    free_completed(s);
    return vector < bench_config(s->b)->nvec && s->memory_space && s->under_way[STATE_COMMAND] == 0 && !s->asleep &&
           s->under_way[STATE_POWER] == 0;
}

/* No entry can send, whatever its own mask is. */
static bool function_is_closed(const struct scenario_state *s)
{
    return s->under_way[STATE_CONTROL] == 0 && (s->function_mask || !s->enable);
}

static bool may_rewrite(const struct scenario_state *s, const struct state_entry *e)
{
    return !e->unmasked || function_is_closed(s);
}

bool state_mask(struct scenario_state *s, unsigned vector, bool masked)
{
    if (!table_is_open(s, vector))
        return false;
    struct state_entry *const e = &s->entry[vector];
    if (!masked && e->written != STATE_PROGRAMMED)
        return false;
    host_mem_write32(s->b, bench_table_address(s->b, vector, CONTROL_FIELD), masked);
    e->unmasked = !masked;
    return true;
}

bool state_program(struct scenario_state *s, unsigned vector, uint64_t address, uint32_t data, bool masked)
{
    if (!table_is_open(s, vector))
        return false;
    struct state_entry *const e = &s->entry[vector];
    if (e->unmasked && (masked || !function_is_closed(s)))
        state_mask(s, vector, true);
    msix_program(s->b, vector, address, data, masked);
    *e = (struct state_entry){.address = address, .written = STATE_PROGRAMMED, .unmasked = !masked};
    return true;
}

static bool write_address(struct scenario_state *s, unsigned vector, enum scenario_field field, uint64_t value)
{
    struct state_entry *const e = &s->entry[vector];
    const uint64_t low = UINT32_MAX;
    const uint64_t address = field == SCENARIO_FIELD_ADDRESS64 ? value
                             : field == SCENARIO_FIELD_ADDRESS ? (e->address & ~low) | value
                                                               : (e->address & low) | value << 32;
    if (!may_rewrite(s, e) || !scenario_message_address_legal(address))
        return false;
    e->address = address;
    if (field == SCENARIO_FIELD_ADDRESS64)
        host_mem_write64(s->b, bench_table_address(s->b, vector, 0), value);
    else
        host_mem_write32(s->b, bench_table_address(s->b, vector, field), (uint32_t)value);
    e->written |= field == SCENARIO_FIELD_ADDRESS64 ? STATE_ADDRESS | STATE_UPPER
                  : field == SCENARIO_FIELD_ADDRESS ? STATE_ADDRESS
                                                    : STATE_UPPER;
    return true;
}

/* A QWORD must not mask an unmasked entry (MSIX-TBL-15), nor unmask one without an address. */
static bool write_data64(struct scenario_state *s, unsigned vector, uint64_t value)
{
    struct state_entry *const e = &s->entry[vector];
    const bool masked = value >> 32, addressed = (e->written | STATE_DATA) == STATE_PROGRAMMED;
    if (!may_rewrite(s, e) || (masked && e->unmasked) || (!masked && !addressed))
        return false;
    host_mem_write64(s->b, bench_table_address(s->b, vector, 2), value);
    e->written |= STATE_DATA;
    e->unmasked = !masked;
    return true;
}

bool state_write_field(struct scenario_state *s, unsigned vector, enum scenario_field field, uint64_t value)
{
    if (field == SCENARIO_FIELD_CONTROL)
        return state_mask(s, vector, value == 1);
    if (!table_is_open(s, vector))
        return false;
    if (field == SCENARIO_FIELD_DATA64)
        return write_data64(s, vector, value);
    if (field != SCENARIO_FIELD_DATA)
        return write_address(s, vector, field, value);
    if (!may_rewrite(s, &s->entry[vector]))
        return false;
    host_mem_write32(s->b, bench_table_address(s->b, vector, 2), (uint32_t)value);
    s->entry[vector].written |= STATE_DATA;
    return true;
}

/* --- blocking --- */

void state_open(struct scenario_state *s)
{
    if (s->tx_percent == 0) {
        s->tx_percent = 100;
        host_set_ready(s->b, HOST_READY_ALWAYS, 100);
    }
    if (s->frozen) {
        s->frozen = false;
        host_set_credits(s->b, HOST_CREDITS_GENEROUS);
    }
}
