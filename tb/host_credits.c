/*
 * host_credits.c - see host_credits.h, and the back-pressure part of host.h.
 */
#include "host_credits.h"

#include <limits.h>

#include "bench.h"
#include "host_private.h"

enum { FIRST_HEADERS = 32, FIRST_DATA = 128, FIRST_NPD = 32, MOST_HEADERS = 127, MOST_DATA = 2047 };

/* How a mode gives back what is short. */
enum give_piece { GIVE_ONE, GIVE_SOME, GIVE_ALL };
static const struct {
    unsigned percent; /* of the clocks, for each type */
    enum give_piece piece;
    bool slow_window;
} modes[] = {
    [HOST_CREDITS_INFINITE] = {100, GIVE_ALL, false}, [HOST_CREDITS_GENEROUS] = {100, GIVE_ALL, false},
    [HOST_CREDITS_SLOW] = {25, GIVE_ONE, true},       [HOST_CREDITS_FROZEN] = {0, GIVE_ONE, false},
    [HOST_CREDITS_STINGY] = {2, GIVE_ALL, true},      [HOST_CREDITS_SCATTERED] = {10, GIVE_SOME, false},
};

static bool is_header(unsigned type)
{
    return type == GRANT_PH || type == GRANT_NPH || type == GRANT_CPLH;
}

void host_grants_init(struct host_grants *grants, unsigned mps_max, uint64_t seed)
{
    static const uint32_t windows[GRANT_TYPES] = {
        FIRST_HEADERS, FIRST_DATA, FIRST_HEADERS, FIRST_NPD, FIRST_HEADERS, FIRST_DATA,
    };
    *grants = (struct host_grants){.mode = HOST_CREDITS_GENEROUS};
    for (unsigned i = 0; i < GRANT_TYPES; i++) {
        grants->type[i].window = windows[i];
        grants->type[i].slow_window = 1;
    }
    grants->type[GRANT_PD].slow_window = mps_max / 16;
    rng_seed(&grants->rng, seed);
}

void host_grants_reset(struct host_grants *grants)
{
    grants->infinite = grants->infinite_next;
    for (unsigned i = 0; i < GRANT_TYPES; i++) {
        struct host_grant_type *type = &grants->type[i];
        bool infinite = grants->infinite >> i & 1;
        type->consumed = 0;
        type->limit = infinite ? 0 : modes[grants->mode].slow_window ? type->slow_window : type->window;
        type->starved = 0;
    }
    grants->owing = false;
    grants->changed = true;
}

static uint32_t left_of(const struct host_grant_type *type)
{
    return type->limit - type->consumed;
}

/*
 * Brings the unused part up to the window; never takes anything back. A block that sends without credit leaves less
 * than nothing.
 */
static void top_up(struct host_grants *grants, unsigned i)
{
    struct host_grant_type *type = &grants->type[i];
    if (grants->infinite >> i & 1 || (int32_t)left_of(type) >= (int32_t)type->window)
        return;
    if (type->starved > grants->clock) {
        grants->owing = true;
        return;
    }
    type->limit = type->consumed + type->window;
    grants->changed = true;
}

static void consume(struct host_grants *grants, unsigned header, unsigned data_units)
{
    grants->type[header].consumed++;
    grants->type[header + 1].consumed += data_units;
    if (grants->mode == HOST_CREDITS_GENEROUS) {
        top_up(grants, header);
        top_up(grants, header + 1);
    } else {
        grants->owing = grants->mode != HOST_CREDITS_FROZEN;
    }
}

void host_grants_consume(struct host_grants *grants, uint32_t dw0)
{
    const unsigned type = dw0 >> 24 & 0x1F;
    const bool has_data = dw0 >> 30 & 1;
    const unsigned length = (dw0 & 0x3FF) ? dw0 & 0x3FF : 1024;
    const bool posted = (type == 0 && has_data) || (type & 0x18) == 0x10;
    const bool completion = (type & 0x1E) == 0x0A;
    consume(grants, posted ? GRANT_PH : completion ? GRANT_CPLH : GRANT_NPH, has_data ? (length + 3) / 4 : 0);
}

static uint32_t piece_of(struct host_grants *grants, uint32_t missing)
{
    switch (modes[grants->mode].piece) {
    case GIVE_ONE:
        return 1;
    case GIVE_SOME:
        return 1 + rng_below(&grants->rng, missing);
    default:
        return missing;
    }
}

/* Each type that is short gets something, with luck. */
static void give_back(struct host_grants *grants)
{
    grants->owing = false;
    for (unsigned i = 0; i < GRANT_TYPES && grants->mode != HOST_CREDITS_FROZEN; i++) {
        struct host_grant_type *type = &grants->type[i];
        const uint32_t window = modes[grants->mode].slow_window ? type->slow_window : type->window;
        const int32_t missing = (int32_t)(window - left_of(type));
        if (grants->infinite >> i & 1 || missing <= 0)
            continue;
        grants->owing = true;
        if (type->starved > grants->clock || !rng_percent(&grants->rng, modes[grants->mode].percent))
            continue;
        type->limit += piece_of(grants, (uint32_t)missing);
        grants->changed = true;
    }
}

static void write_pins(const struct host_grants *grants, struct dut_credit_limits *pins)
{
    const struct host_grant_type *type = grants->type;
    *pins = (struct dut_credit_limits){
        .ph = (uint8_t)type[GRANT_PH].limit,
        .nph = (uint8_t)type[GRANT_NPH].limit,
        .cplh = (uint8_t)type[GRANT_CPLH].limit,
        .pd = type[GRANT_PD].limit & 0xFFF,
        .npd = type[GRANT_NPD].limit & 0xFFF,
        .cpld = type[GRANT_CPLD].limit & 0xFFF,
        .ph_inf = grants->infinite & HOST_INFINITE_PH,
        .pd_inf = grants->infinite & HOST_INFINITE_PD,
        .nph_inf = grants->infinite & HOST_INFINITE_NPH,
        .npd_inf = grants->infinite & HOST_INFINITE_NPD,
        .cplh_inf = grants->infinite & HOST_INFINITE_CPLH,
        .cpld_inf = grants->infinite & HOST_INFINITE_CPLD,
    };
}

void host_grants_drive(struct host_grants *grants, struct dut_credit_limits *pins)
{
    grants->clock++;
    if (grants->owing)
        give_back(grants);
    if (grants->changed)
        write_pins(grants, pins);
    grants->changed = false;
}

/* --- host.h --- */

void host_set_credits(struct bench *b, enum host_credit_mode mode)
{
    struct host_grants *grants = &bench_host(b)->grants;
    grants->infinite_next = mode == HOST_CREDITS_INFINITE ? HOST_INFINITE_ALL : 0;
    grants->mode = mode == HOST_CREDITS_INFINITE ? HOST_CREDITS_GENEROUS : mode;
    grants->owing = grants->mode != HOST_CREDITS_GENEROUS && grants->mode != HOST_CREDITS_FROZEN;
    for (unsigned i = 0; i < GRANT_TYPES && grants->mode == HOST_CREDITS_GENEROUS; i++)
        top_up(grants, i);
}

void host_set_infinite(struct bench *b, unsigned host_infinite_bits)
{
    bench_host(b)->grants.infinite_next = host_infinite_bits & HOST_INFINITE_ALL;
}

void host_starve(struct bench *b, unsigned type, unsigned clocks)
{
    struct host_grants *grants = &bench_host(b)->grants;
    const uint64_t end = grants->clock + clocks;
    if (type < GRANT_TYPES && grants->type[type].starved < end)
        grants->type[type].starved = end;
}

static void grant(struct host_grants *grants, unsigned type, unsigned credits)
{
    if (credits == 0 || (grants->infinite >> type & 1))
        return;
    grants->type[type].limit += credits;
    grants->changed = true;
}

void host_grant(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld)
{
    struct host_grants *grants = &bench_host(b)->grants;
    grant(grants, GRANT_PH, ph);
    grant(grants, GRANT_PD, pd);
    grant(grants, GRANT_CPLH, cplh);
    grant(grants, GRANT_CPLD, cpld);
}

void host_grant_nonposted(struct bench *b, unsigned nph, unsigned npd)
{
    struct host_grants *grants = &bench_host(b)->grants;
    grant(grants, GRANT_NPH, nph);
    grant(grants, GRANT_NPD, npd);
}

static void set_window(struct host_grants *grants, unsigned type, unsigned credits)
{
    const unsigned most = is_header(type) ? MOST_HEADERS : MOST_DATA;
    if (credits == 0)
        return;
    grants->type[type].window = credits < most ? credits : most;
    if (grants->mode == HOST_CREDITS_GENEROUS)
        top_up(grants, type);
}

void host_set_window(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld)
{
    struct host_grants *grants = &bench_host(b)->grants;
    set_window(grants, GRANT_PH, ph);
    set_window(grants, GRANT_PD, pd);
    set_window(grants, GRANT_CPLH, cplh);
    set_window(grants, GRANT_CPLD, cpld);
}

void host_set_window_nonposted(struct bench *b, unsigned nph, unsigned npd)
{
    struct host_grants *grants = &bench_host(b)->grants;
    set_window(grants, GRANT_NPH, nph);
    set_window(grants, GRANT_NPD, npd);
}

static unsigned left_or_all(const struct host_grants *grants, unsigned type)
{
    return grants->infinite >> type & 1 ? UINT_MAX : left_of(&grants->type[type]);
}

struct host_credits_left host_credits_left(const struct bench *b)
{
    const struct host_grants *grants = &bench_host(b)->grants;
    return (struct host_credits_left){
        .ph = left_or_all(grants, GRANT_PH),
        .pd = left_or_all(grants, GRANT_PD),
        .nph = left_or_all(grants, GRANT_NPH),
        .npd = left_or_all(grants, GRANT_NPD),
        .cplh = left_or_all(grants, GRANT_CPLH),
        .cpld = left_or_all(grants, GRANT_CPLD),
    };
}

/* The last write may stay in the block if a message took the credit meant for it. */
static bool sent_or_starved(struct bench *b, const void *ctx)
{
    (void)ctx;
    const struct host_credits_left left = host_credits_left(b);
    return !scoreboard_busy(bench_scoreboard(b)) || left.ph == 0 || left.pd == 0;
}

void host_freeze_now(struct bench *b, uint64_t address)
{
    static const uint32_t payload = 0;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    struct host_credits_left left = host_credits_left(b);
    while (left.ph > 0 && left.pd > 0 && left.ph != UINT_MAX && !bench_stopped(b)) {
        app_dma_write(b, address, &payload, 1);
        bench_wait(b, sent_or_starved, NULL, "the dma writes that use up the posted credits");
        left = host_credits_left(b);
    }
}
