/*
 * scenario_gen.c - see scenario_gen.h: which vectors, which moves in which order.
 */
#include "scenario_gen.h"

#include "scenario_maker.h"

enum { DRAWS = 100, REOPEN_PERCENT = 25 };

static void (*const move[MOVES])(struct maker *m) = {
    [MOVE_RACE] = move_race,
    [MOVE_EVENTS] = move_events,
    [MOVE_STORM] = move_storm,
    [MOVE_DRAIN] = move_drain,
    [MOVE_DATA] = move_data_and_events,
    [MOVE_FUNCTION] = move_function,
    [MOVE_ENABLE] = move_enable,
    [MOVE_MASTER] = move_master,
    [MOVE_REWRITE] = move_rewrite,
    [MOVE_POLL] = move_poll,
    [MOVE_CLEAR] = move_clear,
    [MOVE_CREDITS] = move_credits,
    [MOVE_STARVE] = move_starve,
    [MOVE_PACE] = move_pace,
    [MOVE_STATE] = move_corner,
    [MOVE_READS] = move_reads,
    [MOVE_REGISTERS] = move_registers,
    [MOVE_QUIET] = move_quiet,
    [MOVE_RESET] = move_reset,
    [MOVE_READ_DATA] = move_read_data,
    [MOVE_ANSWERS] = move_answers,
    [MOVE_SERVER] = move_server,
    [MOVE_FLOOD] = move_flood,
    [MOVE_INTX] = move_intx,
    [MOVE_DEVICE] = move_device,
    [MOVE_POWER] = move_power,
    [MOVE_FLR] = move_flr,
    [MOVE_LINK] = move_link,
    [MOVE_AIMED] = move_aimed,
    [MOVE_ILLEGAL] = move_illegal,
};

/* --- the active vectors --- */

static bool is_active(const struct maker *m, unsigned vector)
{
    for (unsigned i = 0; i < m->vectors; i++)
        if (m->vector[i] == vector)
            return true;
    return false;
}

/* Neighbours of a random place, the ends, and both sides of the borders of DWs and QWORDs of the PBA. */
static unsigned draw_vector(struct maker *m, unsigned center)
{
    const unsigned border = 32 * (1 + maker_below(m, 1 + (m->nvec - 1) / 32)), step = maker_below(m, 4);
    switch (maker_below(m, 4)) {
    case 0:
        return step < 2 ? 0 : m->nvec - 1;
    case 1:
        return (border - step % 2) % m->nvec;
    default:
        return (center + step) % m->nvec;
    }
}

static void draw_vectors(struct maker *m)
{
    const unsigned center = maker_below(m, m->nvec), wanted = m->profile->vectors;
    for (unsigned i = 0; i < DRAWS && m->vectors < wanted; i++) {
        const unsigned vector = draw_vector(m, center);
        if (!is_active(m, vector))
            m->vector[m->vectors++] = vector;
    }
}

/* --- moves --- */

static unsigned draw_move(struct maker *m)
{
    const unsigned char *weight = m->profile->weight;
    unsigned sum = 0, chosen = 0;
    for (unsigned i = 0; i < MOVES; i++)
        sum += weight[i];
    for (unsigned at = maker_below(m, sum); at >= weight[chosen]; chosen++)
        at -= weight[chosen];
    return chosen;
}

/* Two profiles make two things of one seed. */
static uint64_t mix(const struct scenario_profile *profile, uint64_t seed)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (const char *c = profile->name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
    return hash ^ seed;
}

bool scenario_generate(struct scenario *s, const struct scenario_profile *profile, uint64_t seed, unsigned ops,
                       unsigned nvec)
{
    struct maker m = {.s = s, .profile = profile, .nvec = nvec, .ops = ops};
    rng_seed(&m.rng, mix(profile, seed));
    s->seed = seed;
    draw_vectors(&m);
    if (maker_chance(&m, profile->starved))
        move_small_start(&m);
    maker_start(&m);
    while (s->count < ops && !m.out_of_memory) {
        move[draw_move(&m)](&m);
        if (maker_chance(&m, 60))
            maker_linger(&m, profile->pause);
        if (maker_chance(&m, REOPEN_PERCENT))
            maker_reopen(&m, 50);
    }
    return !m.out_of_memory;
}
