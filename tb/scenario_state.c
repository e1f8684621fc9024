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
};

void state_start(struct scenario_state *s)
{
    struct bench *const b = s->b;
    memset(s->entry, 0, sizeof s->entry);
    s->tags = 0;
    s->controls = s->commands = 0;
    s->enable = s->function_mask = false;
    s->bus_master = s->memory_space = true;
    bench_enumerate(b); /* routes to 01:00.0 */
    s->route = 0x0100;
    s->capability = bench_capability(b, CAPABILITY_MSIX);
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
        s->controls -= done.of == STATE_CONTROL;
        s->commands -= done.of == STATE_COMMAND;
    }
}

bool state_may_request(struct scenario_state *s)
{
    free_completed(s);
    return s->tags < STATE_MOST_TAGS;
}

void state_keep_tag(struct scenario_state *s, uint8_t tag, enum state_request of)
{
    s->tag[s->tags++] = (struct state_tag){tag, of};
    s->controls += of == STATE_CONTROL;
    s->commands += of == STATE_COMMAND;
}

/* --- configuration writes --- */

static bool is_capability(const struct scenario_state *s, unsigned reg)
{
    return s->capability && reg - s->capability < 4 * CAPABILITY_DWORDS;
}

/* Base addresses stay where they are; of the capabilities only this one is written. */
static bool config_write_is_defined(const struct scenario_state *s, unsigned reg)
{
    return reg < FIRST_CAPABILITY ? reg < FIRST_BAR || reg > LAST_BAR : is_capability(s, reg);
}

bool state_write_config(struct scenario_state *s, unsigned reg, unsigned byte_enables, uint32_t value)
{
    if (!config_write_is_defined(s, reg) || !state_may_request(s))
        return false;
    const bool command = reg == COMMAND && (byte_enables & 1);
    const bool control = s->capability && reg == s->capability && (byte_enables & 8);
    const uint8_t tag = host_cfg_write_start(s->b, reg, byte_enables, value);
    state_keep_tag(s, tag, command ? STATE_COMMAND : control ? STATE_CONTROL : STATE_OTHER);
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

/* --- the table --- */

/* A write to the table is surely taken, and there is such an entry. */
static bool table_is_open(struct scenario_state *s, unsigned vector)
{
    free_completed(s);
    return vector < bench_config(s->b)->nvec && s->memory_space && s->commands == 0;
}

/* No entry can send, whatever its own mask is. */
static bool function_is_closed(const struct scenario_state *s)
{
    return s->controls == 0 && (s->function_mask || !s->enable);
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
