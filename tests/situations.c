/* situations.c - see situations.h. */
#include "situations.h"

enum { HELD_CLOCKS = 40, RELEASED_CLOCKS = 60, BUFFERS = 64 };

/* --- situations --- */

void situation_choose(struct bench *b, enum situation situation)
{
    const bool few_posted = situation == SITUATION_NO_PH || situation == SITUATION_NO_PD;
    host_set_window(b, few_posted ? 2 : 32, few_posted ? DMA_MAX_DW / 4 : 128, situation == SITUATION_NO_CPLH ? 2 : 32,
                    128);
    host_set_window_nonposted(b, 1, 0);
    situation_release(b);
    bench_reset(b, 2);
}

void situation_hold_posted(struct bench *b, enum situation situation)
{
    if (situation == SITUATION_RANDOM)
        host_set_ready(b, HOST_READY_RANDOM, 50);
    if (situation == SITUATION_NO_PH)
        starve_posted(b, STARVED_HEADERS);
    if (situation == SITUATION_NO_PD)
        starve_posted(b, STARVED_DATA);
}

void situation_hold_completions(struct bench *b, enum situation situation)
{
    if (situation != SITUATION_NO_CPLH)
        return;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    while (host_credits_left(b).cplh > 0 && !bench_stopped(b))
        host_fence(b);
}

void situation_release(struct bench *b)
{
    release_tx(b);
    feed(b);
}

/* --- what came out --- */

static bool is_kind(const struct captured *c, enum leaves kind)
{
    struct tlp t;
    tlp_decode(c->dw, c->n_dw < CAPTURE_DW ? c->n_dw : CAPTURE_DW, &t);
    switch (kind) {
    case LEAVES_DATA:
        return t.kind == TLP_MWR && !captured_is_message(c);
    case LEAVES_MESSAGE:
        return captured_is_message(c);
    case LEAVES_INTX:
        return t.kind == TLP_MSG;
    case LEAVES_READ:
        return t.kind == TLP_MRD;
    default:
        return tlp_class(t.kind) == TLP_COMPLETION;
    }
}

unsigned round_first(const struct round *r, enum leaves kind)
{
    for (unsigned i = 0; i < r->seen.count && i < CAPTURE_TLPS; i++)
        if (is_kind(&r->seen.tlp[i], kind))
            return i;
    return CAPTURE_TLPS;
}

bool round_has(const struct round *r, enum leaves kind)
{
    return round_first(r, kind) < CAPTURE_TLPS;
}

unsigned round_messages(const struct round *r)
{
    return (unsigned)(scoreboard_messages(bench_scoreboard(r->b), r->vector) - r->messages);
}

void round_expect_data(struct round *r, const char *requirement)
{
    expect_host_memory(r->b, r->buffer, r->payload, r->dws, requirement);
}

void round_expect_messages(struct round *r, unsigned count, const char *requirement)
{
    const unsigned sent = round_messages(r);
    bench_expect(r->b, sent == count, requirement, "offset %d: %u messages, %u are right", r->offset, sent, count);
}

/* --- actors --- */

void round_event(struct round *r)
{
    app_event_start(r->b, r->vector);
}

void round_data_and_event(struct round *r)
{
    app_dma_write_start(r->b, r->buffer, r->payload, r->dws);
    app_event_at(r->b, r->vector, 1 + rng_below(bench_rng(r->b), 4));
}

/* --- the sweep --- */

static void begin(struct round *r)
{
    struct bench *b = r->b;
    r->messages = scoreboard_messages(bench_scoreboard(b), r->vector);
    r->rises = bench_config(b)->intx_pin ? host_intx_count(b, own_wire(b)) : 0;
    r->buffer = dma_buffer(rng_below(bench_rng(b), BUFFERS));
    r->dws = 1 + rng_below(bench_rng(b), DMA_MAX_DW);
    random_payload(b, r->payload, DMA_MAX_DW);
}

static void strike(struct round *r, const struct sweep_race *race)
{
    capture_start(&r->seen);
    (r->offset >= 0 ? race->first : race->second)(r);
    capture_run(r->b, &r->seen, (unsigned)(r->offset >= 0 ? r->offset : -r->offset));
    (r->offset >= 0 ? race->second : race->first)(r);
}

static void one_round(struct round *r, const struct sweep_race *race)
{
    begin(r);
    if (race->prepare)
        race->prepare(r);
    situation_hold_posted(r->b, r->situation);
    if (race->arm)
        race->arm(r);
    situation_hold_completions(r->b, r->situation);
    if (race->dead_tx)
        stall_tx(r->b);
    strike(r, race);
    capture_run(r->b, &r->seen, HELD_CLOCKS + search_clocks(r->b));
    if (race->held)
        race->held(r);
    situation_release(r->b);
    capture_run(r->b, &r->seen, RELEASED_CLOCKS + search_clocks(r->b));
    race->judge(r);
}

void sweep_race(struct bench *b, const struct sweep_race *race, bool masked)
{
    struct round r = {.b = b};
    for (unsigned s = 0; s < SITUATIONS && !bench_stopped(b); s++) {
        r.situation = (enum situation)s;
        r.vector = any_vector(b);
        situation_choose(b, r.situation);
        start_one(b, r.vector, masked);
        for (r.offset = -sweep_end(b); r.offset <= sweep_end(b) && !bench_stopped(b); r.offset = sweep_next(r.offset))
            one_round(&r, race);
    }
    bench_expect(b, (race->outcomes & ~r.outcomes) == 0 || bench_stopped(b), race->requirement,
                 "the sweep has seen the outcomes %Xh only, %Xh are legal: it misses the race", r.outcomes,
                 race->outcomes);
}
