/* liberal_traffic.c - random software and random device logic, by the ordinary calls of the bench, legal only. */
#include "bench.h"
#include "liberal.h"

enum {
    CAPABILITY_MSIX = 0x11,
    COMMAND = 0x04,
    COMMAND_MSE = 0x2,
    COMMAND_BME = 0x4,
    QUEUE_MOST = 24,    /* requests that wait in front of rx */
    DMA_MOST = 12,      /* data writes that wait in front of dma */
    CONTROLS_MOST = 8,  /* control writes without completion */
    HOT = 4,            /* vectors that most of it is about */
    AUDITED = 40,       /* entries that are read back */
    OPERATIONS = 26
};

struct traffic {
    struct bench *b;
    struct rng rng;
    unsigned nvec, capability;
    unsigned weight[OPERATIONS], weights;
    uint16_t hot[HOT];
    bool masked[130], programmed[130];
    unsigned version[130];
    /* controls as last queued; certain: their completions have come */
    bool enable, fmask, bme;
    uint8_t control[CONTROLS_MOST];
    unsigned controls;
    bool alone;         /* no entry takes the values of another one */
    bool dead;          /* tx does not move: nothing may wait for a completion */
    uint64_t dead_until;
};

/* --- small words --- */

static bool chance(struct traffic *t, unsigned percent)
{
    return rng_percent(&t->rng, percent);
}

static unsigned below(struct traffic *t, unsigned bound)
{
    return rng_below(&t->rng, bound);
}

static unsigned any_vector(struct traffic *t)
{
    return chance(t, 80) ? t->hot[below(t, HOT)] : below(t, t->nvec);
}

/* Control writes whose completions have come are forgotten. True if none is left. */
static bool controls_are_certain(struct traffic *t)
{
    for (unsigned k = 0; k < t->controls;) {
        if (!host_done(t->b, t->control[k])) {
            k++;
            continue;
        }
        host_forget(t->b, t->control[k]);
        t->control[k] = t->control[--t->controls];
    }
    return t->controls == 0;
}

static void control_start(struct traffic *t, unsigned reg, unsigned byte_enables, uint32_t value)
{
    if (!controls_are_certain(t) && t->controls == CONTROLS_MOST)
        return;
    t->control[t->controls++] = host_cfg_write_start(t->b, reg, byte_enables, value);
}

static void msix_start(struct traffic *t, bool enable, bool fmask)
{
    if (t->controls == CONTROLS_MOST)
        return;
    t->enable = enable;
    t->fmask = fmask;
    control_start(t, t->capability, 0x8, (uint32_t)enable << 31 | (uint32_t)fmask << 30);
}

/* Waits until what was written to the controls is in force. */
static bool make_certain(struct traffic *t)
{
    if (t->dead)
        return controls_are_certain(t);
    while (t->controls > 0 && !bench_stopped(t->b))
        host_wait(t->b, t->control[--t->controls]);
    return true;
}

/* --- entries --- */

/* Values of a version: unique for each vector and version, sometimes those of another vector (EDGE-05). */
static uint64_t address_of(struct traffic *t, unsigned v, unsigned version)
{
    (void)t;
    const uint64_t low = UINT64_C(0xFEE00000) + 0x1000U * (version % 64) + 16U * v;
    return (v + version) % 3 == 0 ? (uint64_t)(version + 1) << 33 | low : low;
}

static uint32_t data_of(unsigned v, unsigned version)
{
    return (v + 1) * UINT32_C(0x9E3779B1) + version * UINT32_C(0x01010100);
}

/* May address and data be written? */
static bool is_quiet(struct traffic *t, unsigned v)
{
    return t->masked[v] || ((t->fmask || !t->enable) && make_certain(t));
}

/* Writes address and data; the mask as well if `with_mask` (then it becomes `masked`). In one of several ways. */
static void write_entry(struct traffic *t, unsigned v, bool with_mask, bool masked)
{
    struct bench *b = t->b;
    const bool borrowed = !t->alone && t->nvec > 1 && chance(t, 6);
    const unsigned of = borrowed ? below(t, t->nvec) : v;
    const unsigned version = borrowed ? t->version[of] : ++t->version[v];
    const uint64_t address = address_of(t, of, version);
    const uint32_t data = data_of(of, version);
    if (chance(t, 60)) {
        host_mem_write64(b, bench_table_address(b, v, 0), address);
    } else {
        host_mem_write32(b, bench_table_address(b, v, 0), (uint32_t)address);
        host_mem_write32(b, bench_table_address(b, v, 1), (uint32_t)(address >> 32));
    }
    if (with_mask && chance(t, 60)) {
        host_mem_write64(b, bench_table_address(b, v, 2), (uint64_t)masked << 32 | data);
    } else {
        host_mem_write32(b, bench_table_address(b, v, 2), data);
        if (with_mask)
            host_mem_write32(b, bench_table_address(b, v, 3), masked);
    }
    t->programmed[v] = true;
    if (with_mask)
        t->masked[v] = masked;
}

static void mask(struct traffic *t, unsigned v, bool masked)
{
    if (!masked && !t->programmed[v]) {
        write_entry(t, v, true, false);
        return;
    }
    host_mem_write32(t->b, bench_table_address(t->b, v, 3), masked);
    t->masked[v] = masked;
}

/* --- operations --- */

static void do_events(struct traffic *t)
{
    const unsigned v = any_vector(t), n = 1 + below(t, 4);
    for (unsigned k = 0; k < n; k++)
        app_event_start(t->b, chance(t, 70) ? v : any_vector(t));
}

static void do_event_burst(struct traffic *t)
{
    app_event_flush(t->b); /* not more than the port takes */
    for (unsigned v = 0; v < t->nvec && v < 40; v++)
        app_event_start(t->b, chance(t, 50) ? v : t->hot[0]);
}

static void do_event_past_last(struct traffic *t)
{
    app_event_start(t->b, t->nvec + below(t, 2048 - t->nvec));
}

static void do_clear(struct traffic *t)
{
    const unsigned v = any_vector(t), delay = 1 + below(t, 3);
    app_clear_at(t->b, v, delay);
    if (chance(t, 50))
        app_event_at(t->b, v, chance(t, 50) ? delay : 1 + below(t, 30));
}

static void do_mask(struct traffic *t)
{
    const unsigned v = any_vector(t);
    mask(t, v, true);
    if (chance(t, 30))
        app_event_start(t->b, v);
    if (chance(t, 25))
        mask(t, v, false);
}

static void do_unmask(struct traffic *t)
{
    const unsigned v = any_vector(t);
    mask(t, v, false);
    if (chance(t, 25))
        mask(t, v, true);
}

static void do_mask_again(struct traffic *t)
{
    const unsigned v = any_vector(t);
    mask(t, v, t->masked[v]);
}

static void do_rewrite(struct traffic *t)
{
    const unsigned v = any_vector(t);
    mask(t, v, true);
    if (chance(t, 40) && !t->dead)
        host_fence(t->b);
    if (chance(t, 50))
        app_event_start(t->b, v);
    write_entry(t, v, true, chance(t, 30));
    if (t->masked[v] && chance(t, 70))
        mask(t, v, false);
    if (chance(t, 30) && !t->dead)
        host_fence(t->b);
    if (chance(t, 50))
        app_event_start(t->b, v);
}

static void do_rewrite_under_fmask(struct traffic *t)
{
    if (t->dead)
        return;
    const bool disable = chance(t, 25);
    msix_start(t, !disable, !disable || t->fmask);
    make_certain(t);
    if (chance(t, 50))
        host_fence(t->b);
    for (unsigned k = 0; k < 3; k++) {
        const unsigned v = any_vector(t);
        if (is_quiet(t, v))
            write_entry(t, v, chance(t, 50), chance(t, 30));
        if (chance(t, 50))
            app_event_start(t->b, v);
    }
    if (chance(t, 50))
        host_fence(t->b);
    msix_start(t, true, false);
    if (chance(t, 50)) {
        make_certain(t);
        host_fence(t->b);
        app_event_start(t->b, any_vector(t));
    }
}

static void do_function_mask(struct traffic *t)
{
    msix_start(t, t->enable, !t->fmask);
    if (chance(t, 30))
        msix_start(t, t->enable, !t->fmask);
}

static void do_enable(struct traffic *t)
{
    msix_start(t, !t->enable, t->fmask);
    if (chance(t, 60))
        msix_start(t, true, t->fmask);
}

static void do_both_controls(struct traffic *t)
{
    msix_start(t, chance(t, 70), chance(t, 40));
    if (chance(t, 30))
        msix_start(t, true, true);
}

static void do_bus_master(struct traffic *t)
{
    if (t->controls == CONTROLS_MOST)
        return;
    t->bme = !t->bme;
    control_start(t, COMMAND, 0x1, t->bme ? COMMAND_MSE | COMMAND_BME : COMMAND_MSE);
    if (chance(t, 40))
        app_event_start(t->b, any_vector(t));
    if (chance(t, 30) && !t->dead)
        host_fence(t->b);
}

static void do_normal(struct traffic *t)
{
    if (!t->bme)
        do_bus_master(t);
    msix_start(t, true, false);
    if (chance(t, 40) && !t->dead)
        host_fence(t->b);
}

/* A read that nobody waits for. RO = 1 makes it no fence. */
static void read_and_forget(struct traffic *t, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    host_set_attributes(t->b, chance(t, 20), chance(t, 20), false, 0);
    host_forget(t->b, host_mem_read_start(t->b, address, dws, first_be, last_be));
    host_set_attributes(t->b, false, false, false, 0);
}

static void do_read_pending(struct traffic *t)
{
    const unsigned v = any_vector(t);
    const uint64_t address = bench_pba_address(t->b, v);
    if (chance(t, 50))
        read_and_forget(t, address, 2, 0xF, 0xF);
    else
        read_and_forget(t, address + 4U * (v % 64 / 32), 1, 0xF, 0);
    if (chance(t, 10))
        read_and_forget(t, address + 4, 1, 0xF, 0);
}

static void do_read_table(struct traffic *t)
{
    const unsigned v = any_vector(t), field = below(t, 4);
    if (chance(t, 40))
        read_and_forget(t, bench_table_address(t->b, v, field & 2), 2, 0xF, 0xF);
    else
        read_and_forget(t, bench_table_address(t->b, v, field), 1, chance(t, 80) ? 0xF : below(t, 16), 0);
}

static void do_registers(struct traffic *t)
{
    const uint32_t values[2] = {(uint32_t)rng_next(&t->rng), (uint32_t)rng_next(&t->rng)};
    const unsigned dws = 1 + below(t, 2), be = chance(t, 60) ? 0xF : below(t, 16);
    const uint64_t address = bench_csr_address(t->b, 4 * below(t, 8));
    if (dws == 2 && be == 0)
        return;
    if (chance(t, 50))
        host_mem_write(t->b, address, values, dws, be, dws == 2 ? 0xF : 0);
    else
        read_and_forget(t, address, dws, be, dws == 2 ? 0xF : 0);
}

/* What belongs to no structure, to nobody, or is too long. */
static void do_odd_places(struct traffic *t)
{
    static const uint32_t values[16] = {1, 2, 3, 4};
    const struct dut_config *c = bench_config(t->b);
    const uint64_t gap = BENCH_BAR0 + c->table_offset + 16U * c->nvec + 4U * below(t, 8);
    const bool pba_follows = c->pba_offset >= c->table_offset && c->pba_offset - c->table_offset < 4096U + 16U * c->nvec;
    switch (below(t, 5)) {
    case 0:
        if (!pba_follows)
            host_mem_write32(t->b, gap, chance(t, 50) ? 0 : (uint32_t)rng_next(&t->rng));
        break;
    case 1:
        if (!pba_follows)
            read_and_forget(t, gap, 1, 0xF, 0);
        break;
    case 2:
        read_and_forget(t, BENCH_BAR0 - 0x100000 * (uint64_t)(1 + below(t, 3)), 1 + below(t, 2), 0xF, 0);
        break;
    case 3:
        host_mem_write(t->b, bench_table_address(t->b, 0, 0), values, 3 + below(t, 10), 0xF, 0xF);
        break;
    default:
        read_and_forget(t, bench_table_address(t->b, any_vector(t), 0), 3 + below(t, 6), 0xF, 0xF);
        break;
    }
}

/* Reads back what software believes, and the pending bits, and waits for it. */
static void audit(struct traffic *t, unsigned fields, unsigned entries)
{
    uint8_t tag[4 * AUDITED + 8];
    unsigned n = 0;
    for (unsigned v = 0; v < t->nvec && v < entries; v++)
        for (unsigned field = 0; field < 4; field++)
            if (fields >> field & 1)
                tag[n++] = host_mem_read_start(t->b, bench_table_address(t->b, v, field), 1, 0xF, 0);
    for (unsigned v = 0; v < t->nvec; v += 64)
        tag[n++] = host_mem_read_start(t->b, bench_pba_address(t->b, v), 2, 0xF, 0xF);
    while (n > 0 && !bench_stopped(t->b))
        host_wait(t->b, tag[--n]);
}

static void do_audit(struct traffic *t)
{
    if (t->dead)
        return;
    if (chance(t, 30))
        bench_run(t->b, 60);
    audit(t, chance(t, 20) ? 0xF : 0x8, 8);
}

static void do_config_read(struct traffic *t)
{
    static const unsigned regs[] = {0x00, 0x04, 0x10, 0x34, 0xB0, 0xB4, 0xB8, 0x44};
    host_forget(t->b, host_cfg_read_start(t->b, regs[below(t, 8)]));
}

static void do_fence(struct traffic *t)
{
    if (!t->dead)
        host_fence(t->b);
}

/* Another bus and device number, captured by a write that changes nothing else. */
static void do_capture(struct traffic *t)
{
    host_set_route(t->b, (uint8_t)below(t, 256), (uint8_t)below(t, 32));
    control_start(t, 0x08, 0xF, 0);
    if (chance(t, 50) && !t->dead)
        host_fence(t->b);
}

static void do_data(struct traffic *t)
{
    uint32_t payload[128];
    const unsigned n = 1 + below(t, 3), v = any_vector(t);
    for (unsigned k = 0; k < n && app_dma_queued(t->b) < DMA_MOST; k++) {
        const unsigned dws = 1 + below(t, chance(t, 80) ? 8 : bench_config(t->b)->mps_max / 4);
        const uint64_t page = (chance(t, 50) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW) + 4096U * below(t, 64);
        for (unsigned i = 0; i < dws; i++)
            payload[i] = (uint32_t)rng_next(&t->rng);
        app_set_attributes(t->b, chance(t, 30), chance(t, 30), false);
        app_dma_write_start(t->b, page + 4U * below(t, 1024 - dws), payload, dws);
    }
    if (chance(t, 60))
        app_event_at(t->b, v, 1 + below(t, 12));
}

static void revive(struct traffic *t)
{
    t->dead = false;
    host_set_credits(t->b, chance(t, 50) ? HOST_CREDITS_GENEROUS : HOST_CREDITS_SLOW);
    host_set_ready(t->b, chance(t, 50) ? HOST_READY_ALWAYS : HOST_READY_RANDOM, 20 + below(t, 80));
}

static void do_pace(struct traffic *t)
{
    if (t->dead)
        return;
    revive(t);
    host_set_window(t->b, 1 + below(t, 40), bench_config(t->b)->mps_max / 16 + below(t, 100), 1 + below(t, 40),
                    1 + below(t, 100));
    host_set_gaps(t->b, chance(t, 50) ? 0 : below(t, 80));
    app_set_gaps(t->b, chance(t, 50) ? 0 : below(t, 80));
    app_set_csr_delay(t->b, chance(t, 50) ? 0 : 256);
}

static void do_stall(struct traffic *t)
{
    if (t->dead)
        return;
    t->dead = true;
    t->dead_until = bench_time(t->b) + 20 + below(t, chance(t, 20) ? 600 : 120);
    if (chance(t, 50)) {
        host_set_ready(t->b, HOST_READY_NEVER, 0);
        return;
    }
    host_set_credits(t->b, HOST_CREDITS_FROZEN);
    if (chance(t, 60))
        host_grant(t->b, below(t, 6), below(t, 6), below(t, 2), below(t, 3));
}

static void do_nothing(struct traffic *t)
{
    bench_run(t->b, 1 + below(t, chance(t, 90) ? 20 : 100));
}

static void (*const operations[OPERATIONS])(struct traffic *t) = {
    do_events,     do_event_burst,  do_event_past_last, do_clear,        do_mask,
    do_unmask,     do_mask_again,   do_rewrite,         do_rewrite_under_fmask,
    do_function_mask, do_enable,    do_both_controls,   do_bus_master,   do_normal,
    do_read_pending, do_read_table, do_registers,       do_odd_places,   do_config_read,
    do_fence,      do_capture,      do_data,            do_pace,         do_stall,
    do_nothing,    do_audit,
};

/* --- a run --- */

static void draw_weights(struct traffic *t)
{
    static const unsigned usual[OPERATIONS] = {20, 2, 2, 5, 8, 12, 3, 8, 5, 3, 3, 3, 3, 12, 10, 4, 4, 3, 3, 10, 3, 15, 3, 3, 15, 3};
    for (unsigned k = 0; k < OPERATIONS; k++) {
        t->weight[k] = usual[k] * (1 + below(t, 10));
        if (chance(t, 8))
            t->weight[k] = 0;
        t->weights += t->weight[k];
    }
}

/* Only events, and reads now and then: others are never idle. */
static void flood(struct traffic *t)
{
    for (unsigned k = 0; k < OPERATIONS; k++)
        if (operations[k] != do_events && operations[k] != do_event_burst && operations[k] != do_nothing && operations[k] != do_read_pending &&
            operations[k] != do_fence)
            t->weights -= t->weight[k], t->weight[k] = 0;
}

static void operate(struct traffic *t)
{
    unsigned pick = t->weights ? below(t, t->weights) : 0, k = 0;
    while (k + 1 < OPERATIONS && pick >= t->weight[k])
        pick -= t->weight[k++];
    operations[k](t);
}

/* The entries that are programmed before MSI-X is enabled, and the controls to start with. */
static void begin(struct traffic *t, const struct liberal_plan *plan)
{
    const bool flooded = plan->illegal == LIBERAL_STARVES;
    t->capability = bench_capability(t->b, CAPABILITY_MSIX);
    bench_enumerate(t->b);
    t->bme = true;
    for (unsigned v = 0; v < t->nvec; v++)
        t->masked[v] = true;
    for (unsigned k = 0; k < HOT; k++)
        t->hot[k] = (uint16_t)below(t, t->nvec);
    if (chance(t, 30) || plan->illegal == LIBERAL_MASK_RESETS_CLEAR)
        audit(t, 0x8, t->nvec);
    const unsigned programmed = below(t, 101), unmasked = flooded ? 100 : below(t, 101);
    for (unsigned v = 0; v < t->nvec && v < AUDITED; v++)
        if (flooded || chance(t, programmed))
            write_entry(t, v, true, !chance(t, unmasked));
    if (chance(t, 20))
        do_events(t);
    if (flooded) {
        msix_start(t, true, false);
        make_certain(t);
        host_fence(t->b);
    } else if (chance(t, 90)) {
        msix_start(t, true, chance(t, 20));
    }
}

void liberal_traffic(struct bench *b, const struct liberal_plan *plan, unsigned clocks)
{
    struct traffic t = {.b = b, .nvec = plan->config.nvec, .alone = plan->illegal != LIBERAL_LEGAL};
    rng_seed(&t.rng, plan->seed ^ UINT64_C(0x74726166));
    draw_weights(&t);
    if (plan->illegal == LIBERAL_STARVES)
        flood(&t);
    begin(&t, plan);
    const uint64_t end = bench_time(b) + clocks;
    const unsigned pace = below(&t, 12);
    do_pace(&t);
    while (bench_time(b) < end && !bench_stopped(b)) {
        operate(&t);
        bench_run(b, below(&t, pace + 1) + chance(&t, 20));
        while (!bench_stopped(b) && host_queued(b) > QUEUE_MOST && bench_time(b) < end)
            bench_step(b);
        if (t.dead && bench_time(b) >= t.dead_until)
            revive(&t);
    }
    revive(&t);
    make_certain(&t);
    if (!t.bme)
        do_bus_master(&t); /* data that is held back would never settle */
    make_certain(&t);
    bench_settle(b);
    host_fence(b);
    audit(&t, 0xF, AUDITED);
}
