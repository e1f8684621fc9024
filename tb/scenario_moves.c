/*
 * scenario_moves.c - moves of the generator whose matter is events, data and the bits that hold them back.
 */
#include "scenario_maker.h"

enum { REACH = 8 /* clocks between the two actors of a race, either way */, STORM_STEPS = 10, CSR_QWORDS = 512 };

/* --- races --- */

typedef void actor(struct maker *m, unsigned index);

/* The event (and perhaps its follower) strikes -8 .. +8 clocks from the control write. */
static void aim(struct maker *m, unsigned index, actor *second)
{
    const unsigned offset = maker_below(m, 2 * REACH + 1);
    const unsigned before = offset < REACH ? REACH - offset : 0, after = offset > REACH ? offset - REACH : 0;
    if (maker_chance(m, 25))
        maker_data(m);
    maker_event(m, index, 1 + after);
    if (maker_chance(m, 15))
        maker_event(m, index, 2 + after + maker_below(m, 4));
    if (before)
        maker_emit(m, SCENARIO_WAIT, before, 0);
    second(m, index);
}

void move_race(struct maker *m)
{
    const unsigned index = maker_choose(m);
    aim(m, index, maker_control);
    maker_linger(m, 12);
    maker_probe(m, index, 30);
    if (maker_chance(m, 20))
        maker_read_pending(m, index);
    maker_reopen(m, 50);
    if (m->masked[index] && maker_chance(m, 40))
        maker_set_mask(m, index, false);
}

/* --- other moves --- */

void move_events(struct maker *m)
{
    const bool same = maker_chance(m, 40);
    unsigned index = maker_choose(m);
    for (unsigned n = 1 + maker_below(m, 6); n > 0; n--) {
        maker_event(m, index, maker_chance(m, 30) ? 1 + maker_below(m, 12) : 0);
        index = same ? index : maker_choose(m);
    }
    if (maker_chance(m, 3))
        maker_emit(m, SCENARIO_CLEAR, SCENARIO_MOST_VECTORS - 1, 0);
    if (maker_chance(m, 3)) /* a vector that the table does not have, or that nobody programmed */
        maker_emit(m, SCENARIO_EVENT, maker_chance(m, 50) ? SCENARIO_MOST_VECTORS - 1 : maker_below(m, m->nvec), 0);
}

void move_storm(struct maker *m)
{
    const unsigned index = maker_choose(m), other = maker_choose(m);
    if (maker_chance(m, 50))
        maker_event(m, index, 1 + maker_below(m, 10));
    for (unsigned n = 3 + maker_below(m, STORM_STEPS); n > 0; n--) {
        maker_set_mask(m, maker_chance(m, 85) ? index : other, !m->masked[index]);
        maker_linger(m, maker_chance(m, 70) ? 2 : 6);
        if (maker_chance(m, 25))
            maker_event(m, index, 1 + maker_below(m, 6));
    }
    maker_probe(m, index, 20);
    if (maker_chance(m, 30))
        maker_read_pending(m, index);
}

void move_drain(struct maker *m)
{
    const bool by_function = maker_chance(m, 70);
    if (by_function)
        maker_set_function_mask(m, true);
    for (unsigned i = 0; i < m->vectors && !by_function; i++)
        maker_set_mask(m, i, true);
    for (unsigned i = 0; i < m->vectors; i++)
        maker_event(m, i, 0);
    maker_emit(m, SCENARIO_WAIT, 8 + maker_below(m, 20), 0);
    if (by_function)
        maker_set_function_mask(m, false);
    for (unsigned i = 0; i < m->vectors; i++)
        if (m->masked[i] && maker_chance(m, 80))
            maker_set_mask(m, i, false);
    for (unsigned n = maker_below(m, 4); n > 0; n--) {
        maker_linger(m, 6);
        maker_control(m, maker_choose(m));
        if (maker_chance(m, 40))
            maker_event(m, maker_choose(m), 0);
    }
    maker_reopen(m, 70);
    if (maker_chance(m, 20))
        maker_emit(m, SCENARIO_DRAIN, 0, 0);
}

void move_data_and_events(struct maker *m)
{
    const unsigned index = maker_choose(m);
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--) {
        maker_data(m);
        maker_linger(m, maker_chance(m, 50) ? 1 : 6);
        const unsigned struck = maker_chance(m, 80) ? index : maker_choose(m);
        const unsigned at = maker_chance(m, 40) ? 1 + maker_below(m, 10) : 0;
        if (maker_chance(m, 70))
            maker_event(m, struck, at);
    }
    if (maker_chance(m, 25))
        maker_emit(m, SCENARIO_READ_CSR, 8 * (uint64_t)maker_below(m, CSR_QWORDS), 0xFF);
}

static void toggle_function_mask(struct maker *m, unsigned index)
{
    (void)index;
    maker_set_function_mask(m, !m->function_mask);
}

void move_function(struct maker *m)
{
    const unsigned index = maker_choose(m);
    aim(m, index, toggle_function_mask);
    maker_linger(m, 10);
    maker_probe(m, index, 30);
    if (maker_chance(m, 60))
        toggle_function_mask(m, 0);
    const unsigned rewritten = maker_choose(m);
    if (maker_chance(m, 20))
        maker_program(m, rewritten, maker_chance(m, 30));
    maker_reopen(m, 30);
}

/* One write of both bits to any of the four values (RACE-25). */
static void write_both(struct maker *m, unsigned index)
{
    (void)index;
    m->enable = maker_chance(m, 60);
    m->function_mask = maker_chance(m, 40);
    maker_emit(m, SCENARIO_CONTROL, m->enable, m->function_mask);
}

static void toggle_enable(struct maker *m, unsigned index)
{
    (void)index;
    maker_set_enable(m, !m->enable);
}

void move_enable(struct maker *m)
{
    const unsigned index = maker_choose(m);
    aim(m, index, maker_chance(m, 60) ? toggle_enable : write_both);
    maker_linger(m, 10);
    maker_probe(m, index, 30);
    if (maker_chance(m, 60))
        toggle_enable(m, 0);
    maker_reopen(m, 40);
}

static void toggle_master(struct maker *m, unsigned index)
{
    (void)index;
    maker_set_bus_master(m, !m->bus_master);
}

void move_master(struct maker *m)
{
    if (maker_chance(m, 60))
        maker_data(m);
    const unsigned index = maker_choose(m);
    aim(m, index, toggle_master);
    maker_linger(m, 14);
    maker_probe(m, index, 30);
    if (maker_chance(m, 60))
        toggle_master(m, 0);
    maker_reopen(m, 30);
}

/* Under the entry's mask, under Function Mask, or while disabled; by QWORDs or DW by DW; fenced or not. */
void move_rewrite(struct maker *m)
{
    const unsigned index = maker_choose(m), v = m->vector[index], how = maker_below(m, 4);
    if (maker_chance(m, 60))
        maker_event(m, index, 1 + maker_below(m, 10));
    if (how == 1)
        maker_set_function_mask(m, true);
    else if (how == 2)
        maker_set_enable(m, false);
    else
        maker_set_mask(m, index, true);
    if (how == 1 || how == 2 || maker_chance(m, 30))
        maker_emit(m, SCENARIO_FENCE, 0, 0);
    if (maker_chance(m, 50)) {
        maker_program(m, index, maker_chance(m, 50));
    } else {
        const uint64_t upper = maker_chance(m, 50) ? 0 : 1 + maker_below(m, 100000);
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_TABLE, .arg = {v, SCENARIO_FIELD_UPPER, upper}});
        maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_TABLE,
                                           .arg = {v, SCENARIO_FIELD_DATA, maker_below(m, 1U << 31)}});
        if (maker_chance(m, 30))
            maker_add(m, &(struct scenario_op){.kind = SCENARIO_WRITE_TABLE,
                                               .arg = {v, SCENARIO_FIELD_DATA64, maker_below(m, 65536)}});
    }
    if (maker_chance(m, 30))
        maker_event(m, index, 1 + maker_below(m, 8));
    if (m->masked[index] && maker_chance(m, 80))
        maker_set_mask(m, index, false);
    maker_reopen(m, 90);
}

void move_poll(struct maker *m)
{
    const unsigned index = maker_choose(m);
    if (maker_chance(m, 70))
        maker_set_mask(m, index, true);
    if (maker_chance(m, 50))
        maker_data(m);
    maker_event(m, index, maker_chance(m, 50) ? 1 + maker_below(m, 10) : 0);
    for (unsigned n = 1 + maker_below(m, 4); n > 0; n--) {
        maker_linger(m, 4);
        maker_read_pending(m, maker_chance(m, 80) ? index : maker_choose(m));
    }
    if (maker_chance(m, 50)) {
        maker_set_mask(m, index, false);
        maker_linger(m, 8);
        maker_read_pending(m, index);
    }
}

void move_clear(struct maker *m)
{
    const unsigned index = maker_choose(m);
    if (maker_chance(m, 60))
        maker_set_mask(m, index, true);
    maker_event(m, index, 1 + maker_below(m, 8));
    maker_emit(m, SCENARIO_CLEAR, m->vector[index], 1 + maker_below(m, 16));
    if (maker_chance(m, 40))
        maker_event(m, index, 1 + maker_below(m, 16));
    maker_linger(m, 10);
    if (m->masked[index] && maker_chance(m, 60))
        maker_set_mask(m, index, false);
    if (maker_chance(m, 40))
        maker_read_pending(m, index);
}
