/*
 * test_layer.c - the whole transaction layer at once: resets, power states, reads, INTx, errors and messages by chance.
 */
#include "common.h"

enum { DEEDS = 500, BUFFERS = 8, MOST_READS = 32, UNUSED_TAG = 0xEE };

struct scene {
    struct bench *b;
    struct rng *rng;
    bool read[APP_READ_TAGS]; /* tags handed out and not waited for */
    unsigned reads;           /* how many */
    bool calm;                /* configured by software: BAR0, MSE, BME and one vector */
};

static void write_data(struct scene *s)
{
    uint32_t payload[DMA_MAX_DW];
    const unsigned dws = 1 + rng_below(s->rng, DMA_MAX_DW);
    random_payload(s->b, payload, dws);
    app_dma_write_start(s->b, dma_buffer(rng_below(s->rng, BUFFERS)), payload, dws);
}

static void event(struct scene *s)
{
    app_event_start(s->b, rng_below(s->rng, bench_config(s->b)->nvec));
}

static void collect(struct scene *s)
{
    for (unsigned tag = 0; tag < APP_READ_TAGS; tag++)
        if (s->read[tag] && app_read_done(s->b, tag)) {
            app_read_wait(s->b, tag, NULL);
            s->read[tag] = false;
            s->reads--;
        }
}

static void read_data(struct scene *s)
{
    collect(s);
    if (s->reads == MOST_READS || bench_stopped(s->b))
        return;
    const unsigned dws = 1 + rng_below(s->rng, APP_READ_MAX_DW);
    s->read[app_read_start(s->b, dma_buffer(rng_below(s->rng, BUFFERS)), dws)] = true;
    s->reads++;
}

static void level(struct scene *s)
{
    app_set_intx(s->b, rng_percent(s->rng, 50));
}

static void command(struct scene *s)
{
    uint32_t value = COMMAND_MSE | COMMAND_BME;
    value ^= rng_percent(s->rng, 20) ? COMMAND_BME : 0U;
    value ^= rng_percent(s->rng, 10) ? COMMAND_MSE : 0U;
    value |= rng_percent(s->rng, 40) ? COMMAND_INTX_DISABLE : 0U;
    value |= rng_percent(s->rng, 40) ? COMMAND_PARITY : 0U;
    host_forget(s->b, host_cfg_write_start(s->b, REG_COMMAND, 0x3, value));
}

static void control(struct scene *s)
{
    host_forget(s->b,
                control_start(s->b, bench_config(s->b)->msix_cap, rng_percent(s->rng, 60), rng_percent(s->rng, 20)));
}

static void device_control(struct scene *s)
{
    const uint32_t value = (uint32_t)rng_next(s->rng) & ~((uint32_t)DEVICE_CONTROL_FLR | 0xE0);
    host_forget(s->b, host_cfg_write_start(s->b, reg_device(s->b), 0x7 & rng_below(s->rng, 8), value));
    host_forget(s->b, host_cfg_write_start(s->b, reg_device2(s->b), 0x3, rng_below(s->rng, 4) << 8));
}

static void clear_status(struct scene *s)
{
    host_forget(s->b, host_cfg_write_start(s->b, REG_COMMAND, 0xC, UINT32_MAX));
    host_forget(s->b, host_cfg_write_start(s->b, reg_device(s->b), 0x4, UINT32_MAX));
}

static void read_status(struct scene *s)
{
    host_forget(s->b, host_cfg_read_start(s->b, rng_percent(s->rng, 50) ? REG_COMMAND : reg_device(s->b)));
}

static void read_registers(struct scene *s)
{
    const unsigned vector = rng_below(s->rng, bench_config(s->b)->nvec);
    const uint64_t address[] = {bench_table_address(s->b, vector, 0), bench_pba_address(s->b, vector),
                                bench_csr_address(s->b, 8 * rng_below(s->rng, 512)), BENCH_BAR0 - 8};
    host_forget(s->b, host_mem_read_start(s->b, address[rng_below(s->rng, 4)], 2, 0xF, 0xF));
}

static void write_entry(struct scene *s)
{
    const unsigned vector = rng_below(s->rng, bench_config(s->b)->nvec);
    const bool masked = rng_percent(s->rng, 40);
    if (!masked && bench_policy(s->b)->table_zero_after_reset != POLICY_YES) /* else it sends whatever is in there */
        msix_program(s->b, vector, own_address(vector), own_data(vector), false);
    else
        host_mem_write32(s->b, bench_table_address(s->b, vector, 3), masked);
}

static void wrong_request(struct scene *s)
{
    const uint32_t payload[4] = {0};
    struct tlp t = {
        .kind = TLP_MWR, .length = 1, .first_be = 0xF, .is_4dw = true, .address = bench_csr_address(s->b, 16)};
    switch (rng_below(s->rng, 5)) {
    case 0:
        t.ep = true;
        break;
    case 1:
        t.address = BENCH_BAR0 - 16;
        break;
    case 2:
        t = (struct tlp){.kind = TLP_MSG, .msg_code = (uint8_t)rng_below(s->rng, 256), .msg_routing = 4};
        break;
    case 3:
        /* above MPS */
        host_mem_write(s->b, t.address, (const uint32_t[40]){0}, 40, 0xF, 0xF);
        return;
    default:
        t = (struct tlp){.kind = TLP_CPLD, .length = 1, .byte_count = 4, .tag = UNUSED_TAG, .requester_id = 0x0100};
        break;
    }
    host_send(s->b, &t, payload);
}

static void back_pressure(struct scene *s)
{
    static const enum host_credit_mode modes[] = {HOST_CREDITS_GENEROUS, HOST_CREDITS_SLOW, HOST_CREDITS_FROZEN};
    host_set_credits(s->b, modes[rng_below(s->rng, 3)]);
    host_set_ready(s->b, rng_percent(s->rng, 50) ? HOST_READY_ALWAYS : HOST_READY_RANDOM, 10 + rng_below(s->rng, 80));
    host_set_gaps(s->b, rng_below(s->rng, 50));
    app_set_gaps(s->b, rng_below(s->rng, 50));
    host_set_answer_style(s->b, &(struct host_answer_style){
                                    .mixed = true, .delay = rng_below(s->rng, 30), .ur = 5, .ca = 5, .poisoned = 5});
}

static void release(struct scene *s)
{
    release_tx(s->b);
    feed(s->b);
}

static void set_up(struct scene *s)
{
    release(s);
    host_flush(s->b);
    set_dstate(s->b, 0);
    bench_enumerate(s->b);
    for (unsigned k = 0; k < 4; k++) {
        const unsigned vector = rng_below(s->rng, bench_config(s->b)->nvec);
        msix_control(s->b, true, true);
        msix_program(s->b, vector, own_address(vector), own_data(vector), rng_percent(s->rng, 30));
    }
    msix_control(s->b, true, false);
}

static void power(struct scene *s)
{
    host_forget(s->b, host_cfg_write_start(s->b, reg_pmcsr(s->b), 0x1, 3));
    bench_run(s->b, rng_below(s->rng, 40));
    host_forget(s->b, host_cfg_write_start(s->b, reg_pmcsr(s->b), 0x1, 0));
    bench_run(s->b, rng_below(s->rng, 40));
    if (rng_percent(s->rng, 70))
        set_up(s);
}

static void function_reset(struct scene *s)
{
    app_set_flr_delay(s->b, rng_below(s->rng, 40));
    const uint8_t tag = flr_start(s->b);
    for (unsigned k = rng_below(s->rng, 6); k > 0; k--) {
        if (rng_percent(s->rng, 30))
            read_status(s);
        else if (rng_percent(s->rng, 30))
            read_registers(s);
        else if (rng_percent(s->rng, 30))
            write_entry(s);
        else if (rng_percent(s->rng, 30))
            host_forget(s->b, host_cfg_write_start(s->b, REG_INTERRUPT, 0x1, 0x33));
        else
            event(s);
        bench_run(s->b, rng_below(s->rng, 10));
    }
    if (rng_percent(s->rng, 50))
        level(s);
    release(s);
    host_wait(s->b, tag);
    flr_wait_end(s->b);
    bench_run(s->b, rng_below(s->rng, 10));
    set_up(s);
}

static void link(struct scene *s)
{
    if (!rng_percent(s->rng, 20))
        return;
    link_bounce(s->b, 1 + rng_below(s->rng, 3));
    set_up(s);
}

static void (*const deed[])(struct scene *) = {
    write_data,    write_data,  write_data,     event,          event,          event,       event,
    read_data,     read_data,   level,          level,          command,        control,     clear_status,
    read_status,   read_status, read_registers, read_registers, write_entry,    write_entry, wrong_request,
    back_pressure, release,     device_control, power,          function_reset, link,        set_up,
};

static void everything(struct bench *b)
{
    struct scene s = {.b = b, .rng = bench_rng(b)};
    set_up(&s);
    for (unsigned i = 0; i < DEEDS && !bench_stopped(b); i++) {
        deed[rng_below(s.rng, sizeof deed / sizeof deed[0])](&s);
        bench_run(b, rng_below(s.rng, 12));
    }
    app_set_flr_delay(b, 0);
    app_set_intx(b, false);
    set_up(&s);
    while (s.reads && !bench_stopped(b)) {
        collect(&s);
        bench_run(b, 1);
    }
    app_dma_flush(b);
    app_event_flush(b);
}

const struct test random_transaction_layer = {
    .name = "random_transaction_layer",
    .requirements =
        "ENV-01, ENV-08, INTX-08, ORD-11, ORD-12, ORD-28, CFG-16, CFG-19, MMIO-38, FC-10, FC-12, RACE-30, RACE-33",
    .story = "Data, reads, events, INTx, errors, power states, function-level reset and link down by chance; the "
             "models judge.",
    .run = everything,
};

/* --- the handler of the host --- */

enum { HANDLED = 60 };

struct handler {
    unsigned expected[BUFFERS]; /* value that the data of a buffer must have, at least */
    unsigned calls, wrong;
};

/* The interrupt says that what was written before it is in memory. */
static void handle(struct bench *b, void *ctx, int vector)
{
    struct handler *h = ctx;
    h->calls++;
    for (unsigned k = 0; k < BUFFERS && vector >= -1; k++)
        h->wrong += host_memory_dword(b, dma_buffer(k)) < h->expected[k];
}

static void handler_finds_data(struct bench *b)
{
    struct handler h = {.calls = 0};
    struct rng *rng = bench_rng(b);
    start_one(b, 0, false);
    host_set_handler(b, handle, &h);
    host_set_ready(b, HOST_READY_RANDOM, 40);
    for (unsigned i = 1; i <= HANDLED && !bench_stopped(b); i++) {
        const uint32_t value = i;
        const unsigned k = rng_below(rng, BUFFERS);
        app_set_attributes(b, rng_percent(rng, 50), false, false);
        app_dma_write(b, dma_buffer(k), &value, 1);
        const uint64_t before = scoreboard_messages(bench_scoreboard(b), 0);
        app_event(b, 0);
        h.expected[k] = i;
        bench_wait_messages(b, 0, before + 1, 1000, "HOST-10");
    }
    host_set_handler(b, NULL, NULL);
    release_tx(b);
    expect_value(b, "handlers that found old data", h.wrong, 0, "HOST-10");
    bench_expect(b, h.calls >= HANDLED || bench_stopped(b), "HOST-10", "the handler was called %u times", h.calls);
}

const struct test interrupt_handler_finds_the_data_of_its_event = {
    .name = "interrupt_handler_finds_the_data_of_its_event",
    .requirements = "HOST-10, ORD-02, ORD-30",
    .story = "The host's handler looks into memory at each message: all data of its event is there, relaxed or not.",
    .run = handler_finds_data,
};
