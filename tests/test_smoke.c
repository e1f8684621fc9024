/*
 * test_smoke.c - everything at once, at random, for a few thousand clocks; the models judge.
 *
 * All stimulus is defined: an entry is rewritten under its mask only. A mix is a row of weights, one for each deed.
 */
#include "common.h"

enum { DEEDS_A_RUN = 1500, VECTORS = 4, EXPECTED_MESSAGES = 10 };

/* A run works on a few vectors, so that things happen to the same one. */
struct scene {
    struct bench *b;
    struct rng *rng;
    unsigned vector[VECTORS];
    unsigned capability;
    unsigned round;
};

static unsigned some_vector(const struct scene *s)
{
    return rng_percent(s->rng, 10) ? rng_below(s->rng, bench_config(s->b)->nvec)
                                   : s->vector[rng_below(s->rng, VECTORS)];
}

static void event(struct scene *s)
{
    app_event_start(s->b, some_vector(s));
}

static void burst(struct scene *s)
{
    const unsigned v = some_vector(s);
    for (unsigned i = rng_below(s->rng, 6); i-- > 0;)
        app_event_start(s->b, v);
}

static void clear(struct scene *s)
{
    app_clear_start(s->b, some_vector(s));
}

static void data(struct scene *s)
{
    uint32_t payload[DMA_MAX_DW];
    const unsigned dws = 1 + rng_below(s->rng, DMA_MAX_DW);
    random_payload(s->b, payload, dws);
    app_dma_write_start(s->b, dma_buffer(s->round), payload, dws);
}

static void mask(struct scene *s)
{
    msix_mask(s->b, some_vector(s));
}

static void unmask(struct scene *s)
{
    msix_unmask(s->b, some_vector(s));
}

static void rewrite(struct scene *s)
{
    const unsigned v = some_vector(s);
    const uint64_t address = own_address(v) ^ UINT64_C(0x100000) * (1 + rng_below(s->rng, 7));
    msix_mask(s->b, v);
    msix_program(s->b, v, address, (uint32_t)rng_next(s->rng), true);
    if (rng_percent(s->rng, 70))
        msix_unmask(s->b, v);
}

static void function_control(struct scene *s)
{
    const bool enable = rng_percent(s->rng, 80);
    host_forget(s->b, control_start(s->b, s->capability, enable, rng_percent(s->rng, 25)));
}

static void command(struct scene *s)
{
    const uint32_t value = COMMAND_MSE | (rng_percent(s->rng, 80) ? COMMAND_BME : 0);
    host_forget(s->b, host_cfg_write_start(s->b, REG_COMMAND, 0x1, value));
}

static void read_something(struct scene *s)
{
    const unsigned v = some_vector(s);
    const uint64_t address[] = {bench_table_address(s->b, v, 0), bench_table_address(s->b, v, 2),
                                bench_pba_address(s->b, v), bench_csr_address(s->b, 8 * rng_below(s->rng, 16))};
    const unsigned dws = 1 + rng_below(s->rng, 2);
    const uint64_t at = address[rng_below(s->rng, 4)];
    host_forget(s->b, host_mem_read_start(s->b, at, dws, 0xF, dws == 2 ? 0xF : 0));
}

static void read_configuration(struct scene *s)
{
    host_forget(s->b, host_cfg_read_start(s->b, s->capability));
}

static void write_register(struct scene *s)
{
    host_mem_write64(s->b, bench_csr_address(s->b, 8 * rng_below(s->rng, 16)), rng_next(s->rng));
}

static void fence(struct scene *s)
{
    feed(s->b);
    host_set_ready(s->b, HOST_READY_RANDOM, 70);
    host_fence(s->b);
}

static void pace(struct scene *s)
{
    host_set_ready(s->b, HOST_READY_RANDOM, 10 + 10 * rng_below(s->rng, 10));
    host_set_gaps(s->b, 20 * rng_below(s->rng, 4));
    app_set_gaps(s->b, 20 * rng_below(s->rng, 4));
    app_set_csr_delay(s->b, rng_percent(s->rng, 50) ? 256 : 0);
}

static void dead_time(struct scene *s)
{
    stall_tx(s->b);
    bench_run(s->b, rng_below(s->rng, 60));
    release_tx(s->b);
}

static void credits(struct scene *s)
{
    static const enum host_credit_mode mode[] = {HOST_CREDITS_GENEROUS, HOST_CREDITS_GENEROUS, HOST_CREDITS_SLOW,
                                                 HOST_CREDITS_FROZEN};
    host_set_credits(s->b, mode[rng_below(s->rng, 4)]);
}

static void recapture(struct scene *s)
{
    host_set_route(s->b, (uint8_t)rng_below(s->rng, 256), (uint8_t)rng_below(s->rng, 32));
    host_forget(s->b, host_cfg_write_start(s->b, REG_INTERRUPT, 0x0, 0));
}

enum { DEEDS = 17 };

static void (*const deed[DEEDS])(struct scene *s) = {
    event,
    burst,
    clear,
    data,
    mask,
    unmask,
    rewrite,
    function_control,
    command,
    read_something,
    read_configuration,
    write_register,
    fence,
    pace,
    dead_time,
    credits,
    recapture,
};

struct mix {
    unsigned char weight[DEEDS];
};

static unsigned draw(struct rng *rng, const struct mix *mix)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < DEEDS; i++)
        sum += mix->weight[i];
    unsigned at = rng_below(rng, sum);
    unsigned chosen = 0;
    while (at >= mix->weight[chosen])
        at -= mix->weight[chosen++];
    return chosen;
}

/* Back to a state in which everything can leave; what that is the drain at the end of the test checks. */
static void calm_down(struct scene *s)
{
    host_set_gaps(s->b, 0);
    app_set_gaps(s->b, 0);
    app_set_csr_delay(s->b, 0);
    feed(s->b);
    release_tx(s->b);
    msix_bus_master(s->b, true);
    msix_control(s->b, true, false);
    app_dma_flush(s->b);
    app_event_flush(s->b);
    quiesce(s->b);
}

static void run_mix(struct bench *b, const struct mix *mix)
{
    start_all(b, false);
    struct scene scene = {.b = b, .rng = bench_rng(b), .capability = capability_find(b, CAP_MSIX)};
    for (unsigned i = 0; i < VECTORS; i++)
        scene.vector[i] = any_vector(b);
    for (; scene.round < DEEDS_A_RUN && !bench_stopped(b); scene.round++) {
        deed[draw(scene.rng, mix)](&scene);
        bench_run(b, rng_below(scene.rng, 8));
    }
    calm_down(&scene);
    const uint64_t sent = scoreboard_messages_total(bench_scoreboard(b));
    bench_expect(b, sent >= EXPECTED_MESSAGES, "ENV-08", "%u messages in a whole random run: it tries too little",
                 (unsigned)sent);
}

static void everything(struct bench *b)
{
    static const struct mix mix = {{20, 8, 5, 12, 8, 12, 4, 3, 2, 10, 3, 4, 3, 2, 2, 2, 1}};
    run_mix(b, &mix);
}

const struct test random_mix_of_everything = {
    .name = "random_mix_of_everything",
    .requirements = "ENV-01, ENV-04, ENV-08, EDGE-03, MSIX-PBA-34, MSIX-PBA-35, MSIX-TBL-23, MSIX-TBL-29, ORD-06",
    .story =
        "Events, data, masks, rewrites, controls, reads and back-pressure in random order; the models judge each TLP.",
    .run = everything,
};

static void masks_mostly(struct bench *b)
{
    static const struct mix mix = {{15, 5, 4, 4, 20, 25, 8, 4, 0, 8, 0, 0, 4, 1, 2, 1, 0}};
    run_mix(b, &mix);
}

const struct test random_masks_and_events = {
    .name = "random_masks_and_events",
    .requirements = "ENV-01, MSIX-PBA-34, MSIX-PBA-35, RACE-01, RACE-03, RACE-06, RACE-12",
    .story = "Mostly mask, unmask, rewrite and events on four vectors.",
    .run = masks_mostly,
};

static void controls_mostly(struct bench *b)
{
    static const struct mix mix = {{20, 5, 2, 8, 2, 4, 1, 15, 10, 4, 5, 1, 5, 1, 2, 1, 3}};
    run_mix(b, &mix);
}

const struct test random_function_controls = {
    .name = "random_function_controls",
    .requirements = "ENV-01, RACE-04, RACE-05, RACE-22, RACE-23, RACE-25, RACE-26, RACE-27, RACE-40",
    .story = "Mostly Enable, Function Mask and Bus Master Enable against events and data.",
    .run = controls_mostly,
};

static void starved_mostly(struct bench *b)
{
    static const struct mix mix = {{20, 6, 2, 18, 4, 8, 2, 1, 1, 12, 2, 4, 2, 8, 8, 16, 0}};
    run_mix(b, &mix);
}

const struct test random_back_pressure = {
    .name = "random_back_pressure",
    .requirements = "ENV-01, FC-03, FC-08, FC-09, FC-10, FC-13, ORD-06, ORD-12, EDGE-14, RACE-44",
    .story = "Mostly data, reads and events under changing credits, ready and gaps.",
    .run = starved_mostly,
};
