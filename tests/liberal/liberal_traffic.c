/* liberal_traffic.c - random software and random device logic, by the ordinary calls of the bench, legal only. */
#include "liberal.h"
#include "liberal_software.h"

enum {
    CAPABILITY_MSIX = 0x11,
    QUEUE_MOST = 24, /* requests that wait in front of rx */
    DMA_MOST = 12    /* data writes that wait in front of dma */
};

/* --- operations --- */

static void do_events(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t), n = 1 + traffic_below(t, 4);
    for (unsigned k = 0; k < n; k++)
        app_event_start(t->b, traffic_chance(t, 70) ? v : traffic_any_vector(t));
}

static void do_event_burst(struct traffic *t)
{
    app_event_flush(t->b); /* not more than the port takes */
    for (unsigned v = 0; v < t->nvec && v < 40; v++)
        app_event_start(t->b, traffic_chance(t, 50) ? v : t->hot[0]);
}

static void do_event_past_last(struct traffic *t)
{
    app_event_start(t->b, t->nvec + traffic_below(t, 2048 - t->nvec));
}

static void do_clear(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t), delay = 1 + traffic_below(t, 3);
    app_clear_at(t->b, v, delay);
    if (traffic_chance(t, 50))
        app_event_at(t->b, v, traffic_chance(t, 50) ? delay : 1 + traffic_below(t, 30));
}

static void do_mask(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    traffic_mask(t, v, true);
    if (traffic_chance(t, 30))
        app_event_start(t->b, v);
    if (traffic_chance(t, 25))
        traffic_mask(t, v, false);
}

static void do_unmask(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    traffic_mask(t, v, false);
    if (traffic_chance(t, 25))
        traffic_mask(t, v, true);
}

static void do_mask_again(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    traffic_mask(t, v, t->masked[v]);
}

static void do_rewrite(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    traffic_mask(t, v, true);
    if (traffic_chance(t, 40) && !t->dead)
        host_fence(t->b);
    if (traffic_chance(t, 50))
        app_event_start(t->b, v);
    traffic_write_entry(t, v, true, traffic_chance(t, 30));
    if (t->masked[v] && traffic_chance(t, 70))
        traffic_mask(t, v, false);
    if (traffic_chance(t, 30) && !t->dead)
        host_fence(t->b);
    if (traffic_chance(t, 50))
        app_event_start(t->b, v);
}

static void do_rewrite_under_fmask(struct traffic *t)
{
    if (t->dead)
        return;
    const bool disable = traffic_chance(t, 25);
    traffic_msix_start(t, !disable, !disable || t->fmask);
    traffic_make_certain(t);
    if (traffic_chance(t, 50))
        host_fence(t->b);
    for (unsigned k = 0; k < 3; k++) {
        const unsigned v = traffic_any_vector(t);
        if (traffic_is_quiet(t, v))
            traffic_write_entry(t, v, traffic_chance(t, 50), traffic_chance(t, 30));
        if (traffic_chance(t, 50))
            app_event_start(t->b, v);
    }
    if (traffic_chance(t, 50))
        host_fence(t->b);
    traffic_msix_start(t, true, false);
    if (traffic_chance(t, 50)) {
        traffic_make_certain(t);
        host_fence(t->b);
        app_event_start(t->b, traffic_any_vector(t));
    }
}

static void do_function_mask(struct traffic *t)
{
    traffic_msix_start(t, t->enable, !t->fmask);
    if (traffic_chance(t, 30))
        traffic_msix_start(t, t->enable, !t->fmask);
}

static void do_enable(struct traffic *t)
{
    traffic_msix_start(t, !t->enable, t->fmask);
    if (traffic_chance(t, 60))
        traffic_msix_start(t, true, t->fmask);
}

static void do_both_controls(struct traffic *t)
{
    traffic_msix_start(t, traffic_chance(t, 70), traffic_chance(t, 40));
    if (traffic_chance(t, 30))
        traffic_msix_start(t, true, true);
}

void traffic_bus_master(struct traffic *t)
{
    if (t->controls == TRAFFIC_CONTROLS)
        return;
    t->bme = !t->bme;
    traffic_control_start(t, TRAFFIC_COMMAND, 0x1, traffic_command(t));
    if (traffic_chance(t, 40))
        app_event_start(t->b, traffic_any_vector(t));
    if (traffic_chance(t, 30) && !t->dead)
        host_fence(t->b);
}

static void do_normal(struct traffic *t)
{
    if (!t->bme)
        traffic_bus_master(t);
    traffic_msix_start(t, true, false);
    if (traffic_chance(t, 40) && !t->dead)
        host_fence(t->b);
}

static void do_read_pending(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    const uint64_t address = bench_pba_address(t->b, v);
    if (traffic_chance(t, 50))
        traffic_read_and_forget(t, address, 2, 0xF, 0xF);
    else
        traffic_read_and_forget(t, address + 4U * (v % 64 / 32), 1, 0xF, 0);
    if (traffic_chance(t, 10))
        traffic_read_and_forget(t, address + 4, 1, 0xF, 0);
}

static void do_read_table(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t), field = traffic_below(t, 4);
    if (traffic_chance(t, 40))
        traffic_read_and_forget(t, bench_table_address(t->b, v, field & 2), 2, 0xF, 0xF);
    else
        traffic_read_and_forget(t, bench_table_address(t->b, v, field), 1,
                                traffic_chance(t, 80) ? 0xF : traffic_below(t, 16), 0);
}

static void do_registers(struct traffic *t)
{
    const uint32_t values[2] = {(uint32_t)rng_next(&t->rng), (uint32_t)rng_next(&t->rng)};
    const unsigned dws = 1 + traffic_below(t, 2), be = traffic_chance(t, 60) ? 0xF : traffic_below(t, 16);
    const uint64_t address = bench_csr_address(t->b, 4 * traffic_below(t, 8));
    if (dws == 2 && be == 0)
        return;
    if (traffic_chance(t, 50))
        host_mem_write(t->b, address, values, dws, be, dws == 2 ? 0xF : 0);
    else
        traffic_read_and_forget(t, address, dws, be, dws == 2 ? 0xF : 0);
}

/* What belongs to no structure, to nobody, or is too long. */
static void do_odd_places(struct traffic *t)
{
    static const uint32_t values[16] = {1, 2, 3, 4};
    const struct dut_config *c = bench_config(t->b);
    const uint64_t gap = BENCH_BAR0 + c->table_offset + 16U * c->nvec + 4U * traffic_below(t, 8);
    const bool pba_follows =
        c->pba_offset >= c->table_offset && c->pba_offset - c->table_offset < 4096U + 16U * c->nvec;
    switch (traffic_below(t, 6)) {
    case 0:
        if (!pba_follows)
            host_mem_write32(t->b, gap, traffic_chance(t, 50) ? 0 : (uint32_t)rng_next(&t->rng));
        break;
    case 1:
        if (!pba_follows)
            traffic_read_and_forget(t, gap, 1, 0xF, 0);
        break;
    case 2:
        traffic_read_and_forget(t, BENCH_BAR0 - 0x100000 * (uint64_t)(1 + traffic_below(t, 3)), 1 + traffic_below(t, 2),
                                0xF, 0);
        break;
    case 3:
        host_mem_write(t->b, bench_table_address(t->b, 0, 0), values, 3 + traffic_below(t, 10), 0xF, 0xF);
        break;
    case 4:
        host_mem_write32(t->b, bench_pba_address(t->b, traffic_any_vector(t)), (uint32_t)rng_next(&t->rng));
        break;
    default:
        traffic_read_and_forget(t, bench_table_address(t->b, traffic_any_vector(t), 0), 3 + traffic_below(t, 6), 0xF,
                                0xF);
        break;
    }
}

static void do_audit(struct traffic *t)
{
    if (t->dead)
        return;
    if (traffic_chance(t, 30))
        bench_run(t->b, 60);
    traffic_audit(t, traffic_chance(t, 20) ? 0xF : 0x8, 8);
}

static void do_config_read(struct traffic *t)
{
    static const unsigned regs[] = {0x00, 0x04, 0x10, 0x34, 0xB0, 0xB4, 0xB8, 0x44};
    host_forget(t->b, host_cfg_read_start(t->b, regs[traffic_below(t, 8)]));
}

static void do_fence(struct traffic *t)
{
    if (!t->dead)
        host_fence(t->b);
}

/* Another bus and device number, captured by a write that changes nothing else. */
static void do_capture(struct traffic *t)
{
    traffic_collect(t);
    if (t->reads > 0 || t->dead || !traffic_make_certain(t)) /* their completions go to the old one */
        return;
    t->route = (uint16_t)(traffic_below(t, 8192) << 3);
    host_set_route(t->b, (uint8_t)(t->route >> 8), (uint8_t)(t->route >> 3 & 31));
    traffic_control_start(t, 0x08, 0xF, 0);
    if (traffic_chance(t, 50)) {
        app_event_start(t->b, traffic_any_vector(t));
        traffic_make_certain(t);
    } else {
        host_fence(t->b);
    }
}

static bool host_is_idle(struct bench *b, const void *ctx)
{
    (void)ctx;
    return host_idle(bench_host(b));
}

/* Memory requests while Memory Space Enable is 0: nobody's. Nothing is on its way while it changes. */
static void do_memory_space(struct traffic *t)
{
    if (t->dead || !traffic_make_certain(t) ||
        !bench_wait(t->b, host_is_idle, NULL, "the host's requests to be answered"))
        return;
    host_cfg_write(t->b, TRAFFIC_COMMAND, 0x1, traffic_command(t) & ~(uint32_t)TRAFFIC_MSE);
    traffic_read_and_forget(t, bench_table_address(t->b, traffic_any_vector(t), 0), 1, 0xF, 0);
    host_mem_write32(t->b, bench_table_address(t->b, traffic_any_vector(t), 3), 1);
    bench_wait(t->b, host_is_idle, NULL, "the host's requests to be answered");
    host_cfg_write(t->b, TRAFFIC_COMMAND, 0x1, traffic_command(t));
}

void traffic_data(struct traffic *t)
{
    uint32_t payload[128];
    const unsigned n = 1 + traffic_below(t, 3), v = traffic_any_vector(t);
    for (unsigned k = 0; k < n && app_dma_queued(t->b) < DMA_MOST; k++) {
        const unsigned dws = 1 + traffic_below(t, traffic_chance(t, 80) ? 8 : bench_config(t->b)->mps_max / 4);
        const uint64_t page =
            (traffic_chance(t, 50) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW) + 4096U * traffic_below(t, 64);
        for (unsigned i = 0; i < dws; i++)
            payload[i] = (uint32_t)rng_next(&t->rng);
        app_set_attributes(t->b, traffic_chance(t, 30), traffic_chance(t, 30), false);
        app_dma_write_start(t->b, page + 4U * traffic_below(t, 1024 - dws), payload, dws);
    }
    if (traffic_chance(t, 60))
        app_event_at(t->b, v, 1 + traffic_below(t, 12));
}

void traffic_revive(struct traffic *t)
{
    t->dead = false;
    host_set_credits(t->b, traffic_chance(t, 50) ? HOST_CREDITS_GENEROUS : HOST_CREDITS_SLOW);
    host_set_ready(t->b, traffic_chance(t, 50) ? HOST_READY_ALWAYS : HOST_READY_RANDOM, 20 + traffic_below(t, 80));
}

static void do_pace(struct traffic *t)
{
    if (t->dead)
        return;
    traffic_revive(t);
    host_set_window(t->b, 1 + traffic_below(t, 40), bench_config(t->b)->mps_max / 16 + traffic_below(t, 100),
                    1 + traffic_below(t, 40), 1 + traffic_below(t, 100));
    host_set_gaps(t->b, traffic_chance(t, 50) ? 0 : traffic_below(t, 80));
    app_set_gaps(t->b, traffic_chance(t, 50) ? 0 : traffic_below(t, 80));
    app_set_csr_delay(t->b, traffic_chance(t, 50) ? 0 : 256);
    const bool fails = traffic_chance(t, 40);
    host_set_answer_style(t->b, &(struct host_answer_style){.delay = traffic_below(t, 40),
                                                            .mixed = traffic_chance(t, 60),
                                                            .ur = fails ? 10 : 0,
                                                            .ca = fails ? 10 : 0,
                                                            .poisoned = fails ? 10 : 0});
    host_set_window_nonposted(t->b, 1 + traffic_below(t, 10), 1 + traffic_below(t, 10));
}

static void do_stall(struct traffic *t)
{
    if (t->dead)
        return;
    t->dead = true;
    t->dead_until = bench_time(t->b) + 20 + traffic_below(t, traffic_chance(t, 20) ? 600 : 120);
    if (traffic_chance(t, 50)) {
        host_set_ready(t->b, HOST_READY_NEVER, 0);
        return;
    }
    host_set_credits(t->b, HOST_CREDITS_FROZEN);
    if (traffic_chance(t, 60))
        host_grant(t->b, traffic_below(t, 6), traffic_below(t, 6), traffic_below(t, 2), traffic_below(t, 3));
}

static void do_nothing(struct traffic *t)
{
    bench_run(t->b, 1 + traffic_below(t, traffic_chance(t, 90) ? 20 : 100));
}

struct operation {
    void (*run)(struct traffic *t);
    unsigned weight; /* usually */
    bool floods;     /* belongs to a flood of events */
};

static const struct operation operations[TRAFFIC_OPERATIONS] = {
    {do_events, 20, true},
    {do_event_burst, 2, true},
    {do_event_past_last, 2, false},
    {do_clear, 5, false},
    {do_mask, 8, false},
    {do_unmask, 12, false},
    {do_mask_again, 3, false},
    {do_rewrite, 8, false},
    {do_rewrite_under_fmask, 5, false},
    {do_function_mask, 3, false},
    {do_enable, 3, false},
    {do_both_controls, 3, false},
    {traffic_bus_master, 3, false},
    {do_normal, 12, false},
    {do_read_pending, 10, true},
    {do_read_table, 4, false},
    {do_registers, 4, false},
    {do_odd_places, 3, false},
    {do_config_read, 3, false},
    {do_fence, 10, true},
    {do_capture, 3, false},
    {traffic_data, 15, false},
    {do_pace, 3, false},
    {do_stall, 3, false},
    {do_nothing, 15, true},
    {do_audit, 3, false},
    {do_memory_space, 1, false},
    {traffic_read_host, 8, false},
    {traffic_poisoned_data, 1, false},
    {traffic_starve_reads, 1, false},
    {traffic_level, 5, false},
    {traffic_int_disable, 2, false},
    {traffic_intx_phase, 3, false},
    {traffic_status, 5, false},
    {traffic_features, 4, false},
    {traffic_wrong_request, 6, false},
    {traffic_broken_register, 2, false},
    {traffic_power, 2, false},
    {traffic_flr, 2, false},
    {traffic_link_down, 1, false},
};

/* --- a run --- */

/* A flood is only events, and reads now and then: others are never idle. */
static bool is_shock(const struct operation *o)
{
    return o->run == traffic_power || o->run == traffic_flr || o->run == traffic_link_down;
}

static void draw_weights(struct traffic *t, bool flood)
{
    const bool legal = t->plan->illegal == LIBERAL_LEGAL, shocks = liberal_switch_resets(t->plan->illegal);
    for (unsigned k = 0; k < TRAFFIC_OPERATIONS; k++) {
        t->weight[k] = operations[k].weight * (1 + traffic_below(t, 10));
        if (traffic_chance(t, 8) || (flood && !operations[k].floods))
            t->weight[k] = 0;
        if (!legal && is_shock(&operations[k]))
            t->weight[k] *= shocks ? 4 : 0;
        if (t->plan->illegal == LIBERAL_ASSERT_PASSES_DATA && operations[k].run == traffic_intx_phase)
            t->weight[k] *= 10;
        t->weights += t->weight[k];
    }
}

static void operate(struct traffic *t)
{
    unsigned pick = t->weights ? traffic_below(t, t->weights) : 0, k = 0;
    while (k + 1 < TRAFFIC_OPERATIONS && pick >= t->weight[k])
        pick -= t->weight[k++];
    operations[k].run(t);
}

/* The entries that are programmed before MSI-X is enabled, and the controls to start with. */
void traffic_begin(struct traffic *t)
{
    const struct liberal_plan *plan = t->plan;
    const bool flooded = plan->illegal == LIBERAL_STARVES;
    t->capability = bench_capability(t->b, CAPABILITY_MSIX);
    host_set_route(t->b, (uint8_t)(t->route >> 8), (uint8_t)(t->route >> 3 & 31));
    bench_place(t->b);
    t->bme = true;
    t->parity = false;
    for (unsigned v = 0; v < t->nvec; v++)
        t->masked[v] = true;
    for (unsigned k = 0; k < TRAFFIC_HOT; k++)
        t->hot[k] = (uint16_t)traffic_below(t, t->nvec);
    if (traffic_chance(t, 30) || plan->illegal == LIBERAL_MASK_RESETS_CLEAR)
        traffic_audit(t, 0x8, t->nvec);
    const unsigned programmed = traffic_below(t, 101), unmasked = flooded ? 100 : traffic_below(t, 101);
    for (unsigned v = 0; v < t->nvec && v < TRAFFIC_AUDITED; v++)
        if (flooded || traffic_chance(t, programmed))
            traffic_write_entry(t, v, true, !traffic_chance(t, unmasked));
    if (traffic_chance(t, 20))
        do_events(t);
    if (flooded) {
        traffic_msix_start(t, true, false);
        traffic_make_certain(t);
        host_fence(t->b);
    } else if (traffic_chance(t, 90)) {
        traffic_msix_start(t, true, traffic_chance(t, 20));
    }
}

static void run(struct traffic *t, uint64_t end)
{
    struct bench *b = t->b;
    const unsigned pace = traffic_below(t, 12);
    do_pace(t);
    while (bench_time(b) < end && !bench_stopped(b)) {
        operate(t);
        bench_run(b, traffic_below(t, pace + 1) + traffic_chance(t, 20));
        while (!bench_stopped(b) && host_queued(b) > QUEUE_MOST && bench_time(b) < end)
            bench_step(b);
        if (t->dead && bench_time(b) >= t->dead_until)
            traffic_revive(t);
    }
}

/* From whatever is left: everything comes to rest, and software reads back what it believes. */
static void finish(struct traffic *t)
{
    traffic_revive(t);
    traffic_make_certain(t);
    if (!t->bme)
        traffic_bus_master(t); /* data that is held back would never settle */
    traffic_make_certain(t);
    bench_settle(t->b);
    host_fence(t->b);
    traffic_audit(t, 0xF, TRAFFIC_AUDITED);
}

/* Flow control starts with some types infinite now and then, which a reset takes. */
static void restart(struct traffic *t)
{
    if (traffic_chance(t, 30))
        host_set_infinite(t->b, traffic_below(t, 64));
    traffic_revive(t);
    bench_reset(t->b, 1 + traffic_below(t, 8));
    t->controls = 0;
    t->route = 0x0100;
    traffic_collect(t);
    t->enable = t->fmask = false;
    for (unsigned v = 0; v < t->nvec; v++)
        t->programmed[v] = false;
}

void liberal_traffic(struct bench *b, const struct liberal_plan *plan, unsigned clocks)
{
    struct traffic t = {
        .b = b, .plan = plan, .route = 0x0100, .nvec = plan->config.nvec, .alone = plan->illegal != LIBERAL_LEGAL};
    rng_seed(&t.rng, plan->seed ^ UINT64_C(0x74726166));
    draw_weights(&t, plan->illegal == LIBERAL_STARVES);
    if (traffic_chance(&t, 40))
        restart(&t);
    traffic_begin(&t);
    if (traffic_chance(&t, 15)) {
        run(&t, bench_time(b) + clocks / 3);
        restart(&t);
        traffic_begin(&t);
    }
    run(&t, bench_time(b) + clocks);
    finish(&t);
}
