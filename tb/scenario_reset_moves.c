/*
 * scenario_reset_moves.c - moves of the generator that end something: function-level reset, link down, power states,
 * each in the middle of other things, and at a chosen distance from them. And illegal requests.
 */
#include "scenario_maker.h"

enum { REACH = 8 /* clocks before and behind */, UPSETS = 8 };

/* --- what is going on when it strikes --- */

static void many_pending(struct maker *m)
{
    maker_set_function_mask(m, true);
    for (unsigned i = 0; i < m->vectors; i++)
        maker_event(m, i, 0);
    maker_emit(m, SCENARIO_WAIT, 8 + maker_below(m, 20), 0);
    maker_set_function_mask(m, false);
}

static void no_credit(struct maker *m)
{
    maker_set_credits(m, SCENARIO_CREDITS_FROZEN);
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--)
        maker_data_of(m, maker_chance(m, 50) ? 1 : 32);
    maker_emit(m, SCENARIO_WAIT, 10 + maker_below(m, 40), 0);
    maker_event(m, maker_choose(m), 1 + maker_below(m, 4));
}

static void assert_wire(struct maker *m)
{
    maker_set_enable(m, false);
    maker_set_intx(m, true, 0);
    maker_linger(m, 20);
}

void maker_upset(struct maker *m)
{
    switch (maker_below(m, UPSETS)) {
    case 0:
        break;
    case 1:
        assert_wire(m);
        break;
    case 2:
        no_credit(m);
        break;
    case 3:
        many_pending(m);
        break;
    case 4: /* in mid-TLP on dma */
        maker_emit(m, SCENARIO_GAPS, SCENARIO_STREAM_DMA, 60);
        maker_data_of(m, 32);
        maker_emit(m, SCENARIO_WAIT, 1 + maker_below(m, 12), 0);
        maker_emit(m, SCENARIO_GAPS, SCENARIO_STREAM_DMA, 0);
        break;
    case 5: /* in mid-TLP on tx */
        maker_set_tx(m, 10 + maker_below(m, 40));
        maker_data_of(m, 32);
        maker_event(m, maker_choose(m), 1 + maker_below(m, 6));
        maker_emit(m, SCENARIO_WAIT, 2 + maker_below(m, 20), 0);
        break;
    case 6: /* stalled */
        maker_set_tx(m, 0);
        maker_data(m);
        maker_event(m, maker_choose(m), 1);
        maker_read_pending(m, maker_choose(m));
        maker_linger(m, 20);
        break;
    default:
        move_read_data(m);
        break;
    }
}

/* --- what strikes --- */

static void sleep_or_wake(struct maker *m)
{
    maker_set_power(m, !m->asleep);
}

static void start_flr(struct maker *m)
{
    maker_emit(m, SCENARIO_FLR, maker_chance(m, 50) ? 0 : maker_below(m, 60), 0);
    m->lost = true;
}

static void toggle_master(struct maker *m)
{
    maker_set_bus_master(m, !m->bus_master);
}

static void toggle_enable(struct maker *m)
{
    maker_set_enable(m, !m->enable);
}

/* Requests of every kind while the function is away: refused, told to come again, or dropped. */
static void knock(struct maker *m)
{
    for (unsigned n = maker_below(m, 6); n > 0; n--) {
        switch (maker_below(m, 7)) {
        case 0:
            maker_emit(m, SCENARIO_READ_CONFIG, 4 * (uint64_t)maker_below(m, 48), 0xF);
            break;
        case 1:
            maker_emit(m, SCENARIO_READ_CSR, 8 * (uint64_t)maker_below(m, 512), 0xFF);
            break;
        case 2:
            maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CSR, .arg = {8, 0xFF, maker_below(m, 1000)}});
            break;
        case 3:
            maker_event(m, maker_choose(m), 0);
            break;
        case 4:
            maker_data(m);
            break;
        case 5:
            maker_set_intx(m, !m->intx, 1 + maker_below(m, 8));
            break;
        default:
            maker_control(m, maker_choose(m));
            break;
        }
        maker_linger(m, 10);
    }
}

/* Nothing of before may come after it. */
static void come_back(struct maker *m)
{
    if (m->tx_closed || maker_chance(m, 50))
        maker_set_tx(m, 100);
    if (m->frozen)
        maker_set_credits(m, SCENARIO_CREDITS_GENEROUS);
    maker_recover(m);
    if (maker_chance(m, 50))
        maker_emit(m, SCENARIO_READ_TABLE, m->vector[maker_choose(m)], SCENARIO_FIELD_CONTROL);
    if (maker_chance(m, 50))
        maker_read_pending(m, maker_choose(m));
    if (maker_chance(m, 30))
        maker_emit(m, SCENARIO_READ_CONFIG, maker_chance(m, 50) ? 0x78 : 0x04, 0xF);
    maker_event(m, maker_choose(m), 0);
    maker_linger(m, 20);
}

/* --- moves --- */

void move_flr(struct maker *m)
{
    maker_upset(m);
    start_flr(m);
    maker_linger(m, 30);
    knock(m);
    while (maker_chance(m, 30)) { /* once more, in the first reset or behind it */
        if (maker_chance(m, 50))
            maker_set_bus_master(m, !m->bus_master);
        start_flr(m);
        maker_linger(m, 30);
        knock(m);
    }
    come_back(m);
}

void move_power(struct maker *m)
{
    if (maker_chance(m, 50))
        maker_upset(m);
    maker_set_power(m, true);
    maker_linger(m, 20);
    knock(m);
    if (maker_chance(m, 30))
        maker_emit(m, SCENARIO_FENCE, 0, 0);
    if (maker_chance(m, 30))
        maker_set_intx(m, !m->intx, 0);
    maker_linger(m, 20);
    maker_set_power(m, false);
    maker_linger(m, 20);
    if (maker_chance(m, 30))
        knock(m);
    come_back(m);
}

void move_link(struct maker *m)
{
    maker_upset(m);
    maker_emit(m, maker_chance(m, 60) ? SCENARIO_LINK_DOWN : SCENARIO_RESET, 1 + maker_below(m, 8), 0);
    m->asleep = m->lost = false;
    maker_set_tx(m, 100);
    maker_start(m);
    maker_event(m, maker_choose(m), 0);
}

/* The write strikes -8 .. +8 clocks from what it is aimed at. */
void move_aimed(struct maker *m)
{
    static void (*const strike[])(struct maker *) = {start_flr, toggle_master, sleep_or_wake, toggle_enable};
    const unsigned offset = maker_below(m, 2 * REACH + 1), index = maker_choose(m);
    const unsigned before = offset < REACH ? REACH - offset : 0, after = offset > REACH ? offset - REACH : 0;
    switch (maker_below(m, 4)) {
    case 0:
        maker_event(m, index, 1 + after);
        break;
    case 1: /* its message leaves when tx is let go */
        maker_set_tx(m, 0);
        maker_event(m, index, 0);
        maker_linger(m, 12);
        maker_set_tx(m, 100);
        break;
    case 2:
        maker_data(m);
        maker_event(m, index, 1 + after);
        break;
    default:
        if (m->enable && maker_chance(m, 80))
            maker_set_enable(m, false);
        maker_set_intx(m, !m->intx, 1 + after);
        break;
    }
    if (before)
        maker_emit(m, SCENARIO_WAIT, before, 0);
    strike[maker_below(m, 4)](m);
    maker_linger(m, 12);
    if (maker_chance(m, 50))
        maker_emit(m, SCENARIO_FENCE, 0, 0);
    if (m->lost || m->asleep)
        come_back(m);
    maker_reopen(m, 60);
}

/* Now and then a message that is taken or ignored: few codes are. */
static unsigned illegal_value(struct maker *m)
{
    static const uint8_t codes[] = {0x00, 0x14, 0x19, 0x40, 0x41, 0x43, 0x44, 0x45, 0x47, 0x48, 0x50, 0x7E, 0x7F};
    const unsigned any = maker_below(m, 0x10000);
    return maker_chance(m, 30) ? (any & 0xFF00) | codes[any % (sizeof codes)] : any;
}

void move_illegal(struct maker *m)
{
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--) {
        maker_emit(m, SCENARIO_ILLEGAL, maker_below(m, SCENARIO_ILLEGAL_FORMS), illegal_value(m));
        maker_linger(m, maker_chance(m, 60) ? 1 : 8);
        if (maker_chance(m, 30))
            maker_event(m, maker_choose(m), 1 + maker_below(m, 6));
    }
    if (maker_chance(m, 20)) /* error status, and its clearing */
        maker_emit(m, SCENARIO_READ_CONFIG, maker_chance(m, 50) ? 0x78 : 0x04, 0xF);
    if (maker_chance(m, 20))
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_CONFIG,
                                           .arg = {maker_chance(m, 50) ? 0x78 : 0x04, 0xC, 0xFFFF0000}});
}
