/*
 * scenario_surroundings.c - moves of the generator whose matter is what goes on around messages: credits, pace, reads,
 * registers, corners of the state, rest.
 */
#include "scenario_maker.h"

enum { CSR_QWORDS = 512, LIKELY_CAPABILITY = 0xB0, PAGE = 4096, RAW_DWS = 3, WRITE_DWS = 32 };

/* Draws 0 .. bound-1 for each, in order. */
static void draw(struct maker *m, struct scenario_op *op, const unsigned bound[SCENARIO_ARGS])
{
    for (unsigned i = 0; i < SCENARIO_ARGS; i++)
        op->arg[i] += maker_below(m, bound[i]);
    maker_add(m, op);
}

static void small_window(struct maker *m)
{
    struct scenario_op back = {.kind = SCENARIO_WINDOW, .arg = {32, 128, 32, 128, 32, 128}};
    struct scenario_op least = {.kind = SCENARIO_WINDOW, .arg = {1, SCENARIO_LEAST_PD, 1, SCENARIO_LEAST_PD, 1, 1}};
    static const unsigned bound[SCENARIO_ARGS] = {4, 8, 4, 8, 4, 4};
    if (maker_chance(m, 40))
        maker_add(m, &back);
    else
        draw(m, &least, bound);
}

void move_credits(struct maker *m)
{
    static const enum scenario_credits modes[] = {SCENARIO_CREDITS_GENEROUS, SCENARIO_CREDITS_SLOW,
                                                  SCENARIO_CREDITS_FROZEN, SCENARIO_CREDITS_FROZEN};
    static const unsigned bound[SCENARIO_ARGS] = {3, 10, 2, 2, 3, 3};
    if (maker_chance(m, 30))
        small_window(m);
    maker_set_credits(m, modes[maker_below(m, 4)]);
    for (unsigned n = maker_below(m, 4); n > 0; n--) {
        const unsigned index = maker_choose(m);
        maker_event(m, index, maker_chance(m, 50) ? 1 + maker_below(m, 8) : 0);
        maker_linger(m, 12);
        draw(m, &(struct scenario_op){.kind = SCENARIO_GRANT}, bound);
    }
}

void move_small_start(struct maker *m)
{
    static const unsigned bound[SCENARIO_ARGS] = {2, 3, 4, 8, 8, 8};
    draw(m, &(struct scenario_op){.kind = SCENARIO_WINDOW, .arg = {1, SCENARIO_LEAST_PD, 1, 1, 2, 2}}, bound);
    maker_emit(m, SCENARIO_RESET, 2, 0);
}

/* Data writes use up what is left, then things happen; one header and 8 units of data are the smallest window. */
void move_starve(struct maker *m)
{
    maker_set_credits(m, SCENARIO_CREDITS_FROZEN);
    for (unsigned n = 1 + maker_below(m, 2); n > 0; n--)
        maker_data_of(m, maker_chance(m, 50) ? 1 : WRITE_DWS);
    maker_emit(m, SCENARIO_WAIT, 10 + maker_below(m, 40), 0);
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--) {
        const unsigned index = maker_choose(m);
        maker_event(m, index, 1 + maker_below(m, 8));
        maker_linger(m, 8);
        if (maker_chance(m, 50))
            maker_control(m, index);
        else
            move_corner(m);
    }
    maker_linger(m, 20);
    maker_reopen(m, 70);
}

static void gaps(struct maker *m)
{
    const enum scenario_stream stream = maker_chance(m, 50) ? SCENARIO_STREAM_RX : SCENARIO_STREAM_DMA;
    maker_emit(m, SCENARIO_GAPS, stream, maker_chance(m, 40) ? 0 : maker_below(m, 91));
}

void move_pace(struct maker *m)
{
    switch (maker_below(m, 6)) {
    case 0:
        maker_set_tx(m, 0);
        maker_linger(m, 40);
        maker_set_tx(m, 100);
        break;
    case 1:
        maker_set_tx(m, maker_chance(m, 40) ? 0 : 5 + maker_below(m, 90));
        break;
    case 2:
        maker_set_tx(m, 100);
        break;
    case 3:
        gaps(m);
        break;
    case 4:
        maker_emit(m, SCENARIO_STALL_DMA, 1, 0);
        maker_data(m);
        maker_linger(m, 20);
        maker_emit(m, SCENARIO_STALL_DMA, maker_chance(m, 20), 0);
        break;
    default:
        maker_emit(m, SCENARIO_CSR_DELAY, maker_chance(m, 40) ? 0 : maker_chance(m, 50) ? 256 : maker_below(m, 30), 0);
        break;
    }
}

void move_corner(struct maker *m)
{
    const unsigned index = maker_choose(m), state = maker_below(m, 16);
    const bool masked = state & 1, function_mask = state & 2, bus_master = state & 8;
    if (m->masked[index] != masked)
        maker_set_mask(m, index, masked);
    m->enable = maker_chance(m, 30) ? (state & 4) != 0 : true;
    m->function_mask = function_mask;
    maker_emit(m, SCENARIO_CONTROL, m->enable, m->function_mask);
    if (m->bus_master != bus_master)
        maker_set_bus_master(m, bus_master);
    if (maker_chance(m, 60))
        maker_linger(m, 16);
    maker_event(m, index, 1 + maker_below(m, 4));
    maker_linger(m, 10);
    maker_control(m, index);
    maker_probe(m, index, 25);
    if (maker_chance(m, 30))
        maker_read_pending(m, index);
}

static void read_config(struct maker *m)
{
    const unsigned reg = maker_chance(m, 50) ? LIKELY_CAPABILITY : 4 * maker_below(m, 64);
    maker_emit(m, SCENARIO_READ_CONFIG, reg, maker_chance(m, 50) ? 0xF : maker_below(m, 16));
}

void move_reads(struct maker *m)
{
    for (unsigned n = 1 + maker_below(m, 5); n > 0; n--) {
        const unsigned v = m->vector[maker_choose(m)];
        switch (maker_below(m, 5)) {
        case 0:
        case 1:
            maker_emit(m, SCENARIO_READ_TABLE, v, maker_below(m, 6));
            break;
        case 2:
            maker_read_pending(m, maker_choose(m));
            break;
        case 3:
            maker_emit(m, SCENARIO_READ_CSR, 8 * (uint64_t)maker_below(m, CSR_QWORDS), 0xFF);
            break;
        default:
            read_config(m);
            break;
        }
        maker_linger(m, 4);
    }
}

/* A raw offset somewhere in BAR0 and, in a small one, past it (MMIO-01). */
static void raw(struct maker *m)
{
    static const unsigned bound[SCENARIO_ARGS] = {0, RAW_DWS, 0, 0, 0, 0},
                          payload[SCENARIO_ARGS] = {0, RAW_DWS, 1000, 0, 0, 0};
    struct scenario_op op = {.kind = SCENARIO_READ_BAR, .arg = {4 * (uint64_t)maker_below(m, 16384), 1}};
    if (maker_chance(m, 40))
        op.kind = SCENARIO_WRITE_BAR;
    if (op.arg[0] % PAGE > PAGE - 4 * RAW_DWS)
        op.arg[0] -= 4 * RAW_DWS;
    draw(m, &op, op.kind == SCENARIO_WRITE_BAR ? payload : bound);
}

/* Memory space is closed for a while; messages go on (EDGE-19). */
static void close_memory(struct maker *m)
{
    maker_emit(m, SCENARIO_MEMORY_SPACE, 0, 0);
    maker_linger(m, 10);
    maker_emit(m, SCENARIO_READ_CSR, 0, 0xFF);
    maker_event(m, maker_choose(m), 0);
    maker_emit(m, SCENARIO_MEMORY_SPACE, 1, 0);
}

/* Other bus and device numbers, captured by a configuration write that writes nothing (RACE-40). */
static void recapture(struct maker *m)
{
    static const unsigned bound[SCENARIO_ARGS] = {256, 32, 0, 0, 0, 0};
    draw(m, &(struct scenario_op){.kind = SCENARIO_ROUTE}, bound);
    maker_emit(m, SCENARIO_WRITE_CONFIG, 0x3C, 0);
    const unsigned index = maker_choose(m);
    maker_event(m, index, 1 + maker_below(m, 8));
}

/* Never byte 3 of a capability's register, where the bits of MSI-X are; Command keeps Memory Space and Bus Master Enable. */
static void write_anything(struct maker *m)
{
    const unsigned low = 4 * maker_below(m, 16), high = LIKELY_CAPABILITY + 4 * maker_below(m, 3);
    static const unsigned low_bound[SCENARIO_ARGS] = {0, 16}, high_bound[SCENARIO_ARGS] = {0, 8};
    const uint32_t value = ((uint32_t)rng_next(&m->rng) & 0xFFFFFFF8U) | 6U;
    const bool capability = maker_chance(m, 50);
    draw(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CONFIG, .arg = {capability ? high : low, 0, value}},
         capability ? high_bound : low_bound);
}

/* All byte enables of one DW, none included. */
static void read_one_dw(struct maker *m, uint64_t offset)
{
    const uint64_t enables = maker_below(m, 16);
    maker_emit(m, SCENARIO_READ_CSR, offset, maker_chance(m, 50) ? enables << 4 : enables);
}

void move_registers(struct maker *m)
{
    static const unsigned enables[SCENARIO_ARGS] = {0, 256, 0, 0, 0, 0};
    const uint64_t offset = 8 * (uint64_t)maker_below(m, 16);
    switch (maker_below(m, 8)) {
    case 0:
    case 1:
        draw(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CSR, .arg = {offset, 0, rng_next(&m->rng)}}, enables);
        break;
    case 2:
    case 3:
        if (maker_chance(m, 50))
            draw(m, &(struct scenario_op){.kind = SCENARIO_READ_CSR, .arg = {offset}}, enables);
        else
            read_one_dw(m, offset);
        break;
    case 4:
        raw(m);
        break;
    case 5:
        close_memory(m);
        break;
    case 6:
        recapture(m);
        break;
    default:
        write_anything(m);
        break;
    }
}

void move_quiet(struct maker *m)
{
    static const enum scenario_kind kinds[] = {SCENARIO_FENCE, SCENARIO_FENCE, SCENARIO_SETTLE, SCENARIO_FLUSH};
    maker_reopen(m, 50);
    maker_emit(m, SCENARIO_WAIT, 20 + maker_below(m, 40), 0);
    maker_emit(m, kinds[maker_below(m, 4)], 0, 0);
}

void move_reset(struct maker *m)
{
    if (maker_chance(m, 30))
        maker_set_credits(m, maker_chance(m, 50) ? SCENARIO_CREDITS_INFINITE : SCENARIO_CREDITS_GENEROUS);
    maker_emit(m, SCENARIO_RESET, 1 + maker_below(m, 5), 0);
    maker_start(m);
}
