/*
 * scenario_device_moves.c - moves of the generator around the transaction layer: reads of the device logic and their
 * answers, credit servers, floods of requests, the legacy interrupt, sizes and attributes.
 */
#include "bench.h"
#include "scenario_maker.h"

enum { READ_BUFFERS = 64, PAGE = 4096, CSR_PAGE = 4096, CSR_BROKEN = 64, MOST_READ = SCENARIO_MOST_DW };

/* --- dma reads --- */

/* Byte enables that are contiguous, as a read of this length may have. */
static uint64_t enables_of(struct maker *m, unsigned dws)
{
    static const uint8_t firsts[] = {0xF, 0xE, 0xC, 0x8}, lasts[] = {0xF, 0x7, 0x3, 0x1};
    if (dws == 1)
        return maker_chance(m, 50) ? 0xF : maker_below(m, 16);
    const unsigned first = firsts[maker_chance(m, 70) ? 0 : maker_below(m, 4)];
    return first | (uint64_t)lasts[maker_chance(m, 70) ? 0 : maker_below(m, 4)] << 4;
}

/* Where data was written before, most times; at any distance from the boundaries of 64 bytes and of the page. */
static void read_data(struct maker *m)
{
    const uint64_t base = maker_chance(m, 50) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW;
    const unsigned dws = maker_chance(m, 40) ? 1 + maker_below(m, 4) : 1 + maker_below(m, MOST_READ);
    const unsigned slack = PAGE / 4 - dws, step = maker_chance(m, 30) ? slack : maker_below(m, slack + 1);
    const uint64_t address = base + (uint64_t)PAGE * maker_below(m, READ_BUFFERS) + 4U * (uint64_t)step;
    maker_add(m, &(struct scenario_op){.kind = SCENARIO_DMA_READ,
                                       .arg = {address, dws, enables_of(m, dws), maker_chance(m, 20),
                                               maker_chance(m, 20), maker_chance(m, 20)}});
}

void move_read_data(struct maker *m)
{
    for (unsigned n = 1 + maker_below(m, maker_chance(m, 10) ? 40 : 5); n > 0; n--) {
        if (maker_chance(m, 40))
            maker_data(m);
        if (maker_chance(m, 30))
            maker_event(m, maker_choose(m), maker_chance(m, 50) ? 1 + maker_below(m, 10) : 0);
        read_data(m);
        maker_linger(m, maker_chance(m, 60) ? 1 : 8);
    }
    if (maker_chance(m, 15)) /* Transactions Pending */
        maker_emit(m, SCENARIO_READ_CONFIG, 0x78, 0xF);
}

static void hold(struct maker *m, bool held)
{
    m->held = held;
    maker_emit(m, SCENARIO_HOLD_ANSWERS, held, 0);
}

static void strays(struct maker *m)
{
    for (unsigned n = 1 + maker_below(m, 3); n > 0; n--) {
        maker_emit(m, SCENARIO_STRAY, maker_below(m, 64), maker_below(m, 4));
        maker_linger(m, 4);
    }
}

void move_answers(struct maker *m)
{
    const unsigned ur = maker_chance(m, 30) ? maker_below(m, 30) : 0, ca = maker_chance(m, 30) ? maker_below(m, 30) : 0;
    switch (maker_below(m, 5)) {
    case 0:
    case 1:
        maker_add(m,
                  &(struct scenario_op){.kind = SCENARIO_ANSWERS,
                                        .arg = {64 * (1 + (uint64_t)maker_below(m, 8)),
                                                maker_chance(m, 40) ? 0 : maker_below(m, 200), maker_chance(m, 70)}});
        break;
    case 2:
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_ANSWER_ERRORS,
                                           .arg = {ur, ca, maker_chance(m, 30) ? maker_below(m, 40) : 0}});
        break;
    case 3:
        strays(m);
        break;
    default:
        hold(m, true);
        move_read_data(m);
        maker_linger(m, 40);
        hold(m, maker_chance(m, 20));
        break;
    }
}

/* --- credits --- */

/* Types that never run out are told at initialisation: a link that comes up again, or a reset. */
static void infinite_types(struct maker *m)
{
    maker_emit(m, SCENARIO_INFINITE, maker_below(m, 64), 0);
    if (maker_chance(m, 50))
        maker_emit(m, SCENARIO_LINK_DOWN, 1 + maker_below(m, 5), 0);
    else
        maker_emit(m, SCENARIO_RESET, 1 + maker_below(m, 5), 0);
    m->asleep = m->lost = false;
    maker_start(m);
}

/* Something of each class: what may go and what must wait depends on the type that is short. */
static void traffic(struct maker *m)
{
    for (unsigned n = 2 + maker_below(m, 6); n > 0; n--) {
        switch (maker_below(m, 5)) {
        case 0:
            maker_data(m);
            break;
        case 1:
            maker_event(m, maker_choose(m), 1 + maker_below(m, 6));
            break;
        case 2:
            read_data(m);
            break;
        case 3:
            maker_emit(m, SCENARIO_READ_CSR, 8 * (uint64_t)maker_below(m, CSR_PAGE / 8), 0xFF);
            break;
        default:
            maker_read_pending(m, maker_choose(m));
            break;
        }
        maker_linger(m, maker_chance(m, 60) ? 2 : 12);
    }
}

void move_server(struct maker *m)
{
    static const enum scenario_credits modes[] = {SCENARIO_CREDITS_GENEROUS, SCENARIO_CREDITS_SLOW,
                                                  SCENARIO_CREDITS_STINGY, SCENARIO_CREDITS_SCATTERED};
    switch (maker_below(m, 8)) {
    case 0:
        infinite_types(m);
        break;
    case 1:
    case 2:
        maker_set_credits(m, modes[maker_below(m, 4)]);
        break;
    case 3: /* one type alone gets nothing, a grant now and then */
        maker_set_credits(m, SCENARIO_CREDITS_FROZEN);
        traffic(m);
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_GRANT,
                                           .arg = {maker_below(m, 3), maker_below(m, 10), maker_below(m, 3),
                                                   maker_below(m, 3), maker_below(m, 3), maker_below(m, 3)}});
        break;
    default:
        maker_emit(m, SCENARIO_STARVE, maker_below(m, 6), maker_chance(m, 70) ? 1 + maker_below(m, 200) : 2000);
        break;
    }
    traffic(m);
    maker_reopen(m, 60);
}

/* --- the host --- */

void move_flood(struct maker *m)
{
    if (maker_chance(m, 60))
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_ATTRIBUTES,
                                           .arg = {maker_chance(m, 40), maker_chance(m, 40), maker_chance(m, 40),
                                                   maker_chance(m, 50) ? 0 : maker_below(m, 8)}});
    if (maker_chance(m, 20))
        maker_set_tx(m, 0);
    maker_emit(m, SCENARIO_FLOOD, maker_chance(m, 30) ? 256 : 1 + maker_below(m, 64), maker_below(m, 1U << 31));
    for (unsigned n = maker_below(m, 5); n > 0; n--) {
        maker_control(m, maker_choose(m));
        if (maker_chance(m, 50))
            maker_emit(m, SCENARIO_READ_CSR, CSR_PAGE - CSR_BROKEN + 8 * (uint64_t)maker_below(m, CSR_BROKEN / 8),
                       0xFF); /* fails for good */
        if (maker_chance(m, 30))
            maker_emit(m, SCENARIO_WRITE_CSR, CSR_PAGE - CSR_BROKEN, 0xFF);
    }
    maker_linger(m, maker_chance(m, 50) ? 10 : 200);
    maker_reopen(m, 60);
}

/* --- the legacy interrupt --- */

/* What closes and opens the wire. */
static void gate(struct maker *m)
{
    switch (maker_below(m, 4)) {
    case 0:
        maker_set_enable(m, !m->enable);
        break;
    case 1:
        maker_set_intx(m, !m->intx, 0);
        break;
    default:
        maker_emit(m, SCENARIO_INTERRUPT_DISABLE, maker_chance(m, 50), 0);
        break;
    }
}

/* Software's answer to the interrupt: what is the cause, and that it is gone. */
static void handler(struct maker *m)
{
    maker_emit(m, SCENARIO_INTX_FLOW, 1, 0);
    maker_set_intx(m, true, 0);
    maker_linger(m, 30);
    maker_emit(m, SCENARIO_READ_CSR, 0, 0x0F);
    maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CSR, .arg = {0, 0x0F, 1}});
    maker_emit(m, SCENARIO_FENCE, 0, 0);
    m->intx = false;
    maker_emit(m, SCENARIO_INTX_FLOW, maker_chance(m, 50), 0);
}

void move_intx(struct maker *m)
{
    if (m->enable && maker_chance(m, 70))
        maker_set_enable(m, false);
    if (maker_chance(m, 15)) {
        handler(m);
        return;
    }
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--) {
        if (maker_chance(m, 40))
            maker_data(m);
        maker_set_intx(m, !m->intx, 1 + maker_below(m, 12));
        if (maker_chance(m, 30)) /* a pulse */
            maker_set_intx(m, !m->intx, 2 + maker_below(m, 14));
        maker_linger(m, 8);
        if (maker_chance(m, 60))
            gate(m);
        if (maker_chance(m, 20)) /* Interrupt Status */
            maker_emit(m, SCENARIO_READ_CONFIG, 0x04, 0xF);
        maker_linger(m, 10);
    }
    if (maker_chance(m, 50))
        maker_emit(m, SCENARIO_INTERRUPT_DISABLE, 0, 0);
}

/* --- sizes and attributes --- */

void move_device(struct maker *m)
{
    if (maker_chance(m, 70)) /* sizes shrink only then */
        maker_emit(m, SCENARIO_SETTLE, 0, 0);
    if (maker_chance(m, 60))
        maker_add(m, &(struct scenario_op){
                         .kind = SCENARIO_DEVICE_CONTROL,
                         .arg = {maker_below(m, 3), maker_below(m, 6), maker_chance(m, 70), maker_chance(m, 70)}});
    else
        maker_emit(m, SCENARIO_IDO, maker_chance(m, 50), maker_chance(m, 50));
    maker_linger(m, 10);
    maker_data_of(m, maker_chance(m, 50) ? SCENARIO_MOST_DW : 1 + maker_below(m, SCENARIO_MOST_DW));
    read_data(m);
    maker_event(m, maker_choose(m), 0);
}
