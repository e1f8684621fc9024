/*
 * scenario_surroundings.c - moves of the generator whose matter is what goes on around messages: credits, pace, reads,
 * registers, corners of the state, rest.
 */
#include "scenario_maker.h"

enum { CSR_QWORDS = 512, LIKELY_CAPABILITY = 0xB0 };

static void small_window(struct maker *m)
{
    const bool back = maker_chance(m, 40);
    const uint64_t headers = back ? 32 : 1 + maker_below(m, 4),
                   units = back ? 128 : SCENARIO_LEAST_PD + maker_below(m, 8);
    maker_add(m, &(struct scenario_op){.kind = SCENARIO_WINDOW,
                                       .arg = {headers, units, headers, units, back ? 32 : 1 + maker_below(m, 4),
                                               back ? 128 : 1 + maker_below(m, 4)}});
}

void move_credits(struct maker *m)
{
    static const enum scenario_credits modes[] = {SCENARIO_CREDITS_GENEROUS, SCENARIO_CREDITS_SLOW,
                                                  SCENARIO_CREDITS_FROZEN, SCENARIO_CREDITS_FROZEN};
    if (maker_chance(m, 30))
        small_window(m);
    maker_emit(m, SCENARIO_CREDITS, modes[maker_below(m, 4)], 0);
    for (unsigned n = maker_below(m, 4); n > 0; n--) {
        maker_event(m, maker_choose(m), maker_chance(m, 50) ? 1 + maker_below(m, 8) : 0);
        maker_linger(m, 12);
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_GRANT,
                                           .arg = {maker_below(m, 3), maker_below(m, 10), maker_below(m, 2),
                                                   maker_below(m, 2), maker_below(m, 3), maker_below(m, 3)}});
    }
}

void move_pace(struct maker *m)
{
    switch (maker_below(m, 6)) {
    case 0:
        maker_emit(m, SCENARIO_TX, 0, 0);
        maker_linger(m, 40);
        maker_emit(m, SCENARIO_TX, 100, 0);
        break;
    case 1:
        maker_emit(m, SCENARIO_TX, maker_chance(m, 40) ? 0 : 5 + maker_below(m, 90), 0);
        break;
    case 2:
        maker_emit(m, SCENARIO_TX, 100, 0);
        break;
    case 3:
        maker_emit(m, SCENARIO_GAPS, maker_below(m, 2), maker_chance(m, 40) ? 0 : maker_below(m, 91));
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
    if (maker_chance(m, 30))
        maker_read_pending(m, index);
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
            maker_emit(m, SCENARIO_READ_CONFIG,
                       maker_chance(m, 50) ? LIKELY_CAPABILITY : 4 * (uint64_t)maker_below(m, 64), 0);
            break;
        }
        maker_linger(m, 4);
    }
}

void move_registers(struct maker *m)
{
    const uint64_t offset = 8 * (uint64_t)maker_below(m, 16);
    switch (maker_below(m, 8)) {
    case 0:
    case 1:
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CSR,
                                           .arg = {offset, maker_below(m, 256), rng_next(&m->rng)}});
        break;
    case 2:
    case 3:
        maker_emit(m, SCENARIO_READ_CSR, offset, maker_below(m, 256));
        break;
    case 4:
        maker_add(m, &(struct scenario_op){
                         .kind = maker_chance(m, 60) ? SCENARIO_READ_BAR : SCENARIO_WRITE_BAR,
                         .arg = {4 * (uint64_t)maker_below(m, 16384), 1 + maker_below(m, 3), maker_below(m, 1000)}});
        break;
    case 5:
        maker_emit(m, SCENARIO_MEMORY_SPACE, 0, 0);
        maker_linger(m, 10);
        maker_emit(m, SCENARIO_READ_CSR, offset, 0xFF);
        maker_event(m, maker_choose(m), 0);
        maker_emit(m, SCENARIO_MEMORY_SPACE, 1, 0);
        break;
    case 6:
        maker_emit(m, SCENARIO_ROUTE, maker_below(m, 256), maker_below(m, 32));
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CONFIG, .arg = {0x3C, 0, 0}});
        maker_event(m, maker_choose(m), 1 + maker_below(m, 8));
        break;
    default:
        maker_add(m, &(struct scenario_op){
                         .kind = SCENARIO_WRITE_CONFIG,
                         .arg = {4 * (uint64_t)(maker_below(m, 2) ? maker_below(m, 16) : 44 + maker_below(m, 3)),
                                 maker_below(m, 8), ((uint32_t)rng_next(&m->rng) & 0xFFFFFFF8U) | 6U}});
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
        maker_emit(m, SCENARIO_CREDITS, maker_chance(m, 50) ? SCENARIO_CREDITS_INFINITE : SCENARIO_CREDITS_GENEROUS, 0);
    maker_emit(m, SCENARIO_RESET, 1 + maker_below(m, 5), 0);
    maker_start(m);
}
