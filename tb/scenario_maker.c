/*
 * scenario_maker.c - see scenario_maker.h: the parts that moves are made of.
 */
#include "scenario_maker.h"

#include "bench.h"

enum { CONTROLS = 10, DMA_BUFFERS = 1024, PAGE = 4096, COMMON_DWS = 32 /* MPS after reset */ };

void maker_add(struct maker *m, const struct scenario_op *op)
{
    if (m->s->count < m->ops && !scenario_add(m->s, op))
        m->out_of_memory = true;
}

void maker_emit(struct maker *m, enum scenario_kind kind, uint64_t first, uint64_t second)
{
    maker_add(m, &(struct scenario_op){.kind = kind, .arg = {first, second}});
}

unsigned maker_below(struct maker *m, unsigned bound)
{
    return rng_below(&m->rng, bound);
}

bool maker_chance(struct maker *m, unsigned percent)
{
    return rng_percent(&m->rng, percent);
}

void maker_linger(struct maker *m, unsigned most)
{
    const unsigned clocks = maker_below(m, most + 1);
    if (clocks)
        maker_emit(m, SCENARIO_WAIT, clocks, 0);
}

/* Index into the active vectors. */
unsigned maker_choose(struct maker *m)
{
    return maker_below(m, m->vectors);
}

void maker_event(struct maker *m, unsigned index, unsigned at)
{
    maker_emit(m, SCENARIO_EVENT, m->vector[index], at);
}

void maker_set_mask(struct maker *m, unsigned index, bool masked)
{
    m->masked[index] = masked;
    maker_emit(m, masked ? SCENARIO_MASK : SCENARIO_UNMASK, m->vector[index], 0);
}

void maker_set_enable(struct maker *m, bool enable)
{
    m->enable = enable;
    maker_emit(m, SCENARIO_ENABLE, enable, 0);
}

void maker_set_function_mask(struct maker *m, bool function_mask)
{
    m->function_mask = function_mask;
    maker_emit(m, SCENARIO_FUNCTION_MASK, function_mask, 0);
}

void maker_set_bus_master(struct maker *m, bool bus_master)
{
    m->bus_master = bus_master;
    maker_emit(m, SCENARIO_BUS_MASTER, bus_master, 0);
}

void maker_set_tx(struct maker *m, unsigned percent)
{
    m->tx_closed = percent == 0;
    maker_emit(m, SCENARIO_TX, percent, 0);
}

void maker_set_credits(struct maker *m, enum scenario_credits mode)
{
    m->frozen = mode == SCENARIO_CREDITS_FROZEN;
    maker_emit(m, SCENARIO_CREDITS, mode, 0);
}

void maker_set_power(struct maker *m, bool asleep)
{
    m->asleep = asleep;
    maker_emit(m, SCENARIO_POWER, asleep ? SCENARIO_POWER_D3HOT : SCENARIO_POWER_D0, 0);
}

void maker_set_intx(struct maker *m, bool level, unsigned at)
{
    m->intx = level;
    maker_emit(m, SCENARIO_INTX, level, at);
}

void maker_recover(struct maker *m)
{
    maker_emit(m, SCENARIO_RECOVER, 0, 0);
    m->asleep = m->lost = m->held = false;
    maker_start(m);
}

void maker_data(struct maker *m)
{
    const unsigned most = maker_chance(m, 90) ? COMMON_DWS : SCENARIO_MOST_DW;
    maker_data_of(m, maker_chance(m, 40) ? 1 + maker_below(m, 4) : 1 + maker_below(m, most));
}

void maker_data_of(struct maker *m, unsigned dws)
{
    const uint64_t base = maker_chance(m, 50) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW;
    const unsigned slack = PAGE / 4 - dws;
    const uint64_t address =
        base + (uint64_t)PAGE * (m->buffer++ % DMA_BUFFERS) + 4U * (uint64_t)maker_below(m, slack + 1);
    const bool ro = maker_chance(m, 20), ns = maker_chance(m, 20), ido = maker_chance(m, 20);
    const uint64_t payload = maker_below(m, 1000);
    maker_add(m, &(struct scenario_op){.kind = SCENARIO_DMA, .arg = {address, dws, payload, ro, ns, ido}});
}

/* Now and then two entries hold the same, and the upper address comes and goes (RACE-14, EDGE-05). */
void maker_program(struct maker *m, unsigned index, bool masked)
{
    const unsigned v = m->vector[index], owner = maker_chance(m, 4) ? m->vector[maker_choose(m)] : v;
    const uint64_t low = UINT64_C(0xFEE00000) + 16U * (uint64_t)owner + 4U * (uint64_t)maker_below(m, 4);
    const uint64_t upper = maker_chance(m, 50)   ? 0
                           : maker_chance(m, 50) ? UINT64_C(1) << maker_below(m, 32)
                                                 : 1 + maker_below(m, 1000000);
    const uint64_t value = maker_chance(m, 50) ? 0x4000U | owner : (uint32_t)rng_next(&m->rng);
    m->masked[index] = masked;
    maker_add(m, &(struct scenario_op){.kind = SCENARIO_PROGRAM, .arg = {v, upper << 32 | low, value, masked}});
}

void maker_read_pending(struct maker *m, unsigned index)
{
    maker_emit(m, maker_chance(m, 50) ? SCENARIO_READ_PBA : SCENARIO_READ_PBA64, m->vector[index], 0);
}

/* One control write, drawn; most of them change what is. */
void maker_control(struct maker *m, unsigned index)
{
    switch (maker_below(m, CONTROLS)) {
    case 0:
    case 1:
    case 2:
    case 3:
        maker_set_mask(m, index, maker_chance(m, 85) ? !m->masked[index] : m->masked[index]);
        break;
    case 4:
    case 5:
        maker_set_function_mask(m, !m->function_mask);
        break;
    case 6:
        maker_set_enable(m, !m->enable);
        break;
    case 7:
        maker_set_bus_master(m, !m->bus_master);
        break;
    case 8:
        maker_read_pending(m, index);
        break;
    default:
        maker_program(m, index, maker_chance(m, 40));
        break;
    }
}

/* Where the state closes everything for good nothing races: open it again, most times. */
void maker_reopen(struct maker *m, unsigned percent)
{
    if (m->lost && maker_chance(m, percent))
        maker_recover(m);
    else if (m->asleep && maker_chance(m, percent))
        maker_set_power(m, false);
    if (!m->enable && maker_chance(m, percent))
        maker_set_enable(m, true);
    if (m->function_mask && maker_chance(m, percent))
        maker_set_function_mask(m, false);
    if (!m->bus_master && maker_chance(m, percent))
        maker_set_bus_master(m, true);
    if (m->tx_closed && maker_chance(m, percent))
        maker_set_tx(m, 100);
    if (m->frozen && maker_chance(m, percent))
        maker_set_credits(m, maker_chance(m, 70) ? SCENARIO_CREDITS_GENEROUS : SCENARIO_CREDITS_SLOW);
}

void maker_probe(struct maker *m, unsigned index, unsigned percent)
{
    if (!maker_chance(m, percent))
        return;
    maker_emit(m, SCENARIO_FENCE, 0, 0);
    maker_event(m, index, 0);
    maker_emit(m, SCENARIO_WAIT, 4 + maker_below(m, 12), 0);
    if (maker_chance(m, 40))
        maker_read_pending(m, index);
}

void maker_start(struct maker *m)
{
    for (unsigned i = 0; i < m->vectors; i++)
        maker_program(m, i, maker_chance(m, 40));
    maker_emit(m, SCENARIO_CONTROL, 1, 0);
    m->enable = m->bus_master = true;
    m->function_mask = false;
}
