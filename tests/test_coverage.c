/*
 * test_coverage.c - walks through crosses that no story needs as a whole: every state of the controls with every
 * deed, every access of the host at every place, what is refused. The models judge; `make cover` counts.
 */
#include "common.h"

enum { LEAVE_CLOCKS = 40, PIPELINE_CLOCKS = 24, STATES = 16, LONG_DW = 8, OFFSET = 6 };

/* --- the transmit side --- */

enum tx { TX_FREE, TX_NOT_READY, TX_NO_HEADER, TX_NO_DATA, TX_NO_CREDIT, TX_KINDS };

/* Posted windows so small that one data write uses up what is to be missing. */
static void set_windows(struct bench *b, enum tx tx)
{
    if (tx >= TX_NO_HEADER)
        host_set_window(b, tx == TX_NO_DATA ? 2 : 1, tx == TX_NO_HEADER ? 2 : 1, 0, 0);
    bench_reset(b, 2);
    host_set_route(b, 1, 0);
}

static void starve(struct bench *b, enum tx tx)
{
    const uint32_t filler = 0;
    if (tx < TX_NO_HEADER)
        return;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    app_dma_write(b, dma_buffer(DMA_FILLER), &filler, 1);
    bench_run(b, LEAVE_CLOCKS);
}

static void let_go(struct bench *b, unsigned vector)
{
    release_tx(b);
    feed(b);
    msix_unmask(b, vector);
    msix_bus_master(b, true);
    msix_control(b, true, false);
    quiesce(b);
}

/* --- every state, every deed --- */

/* What the entry holds already: a real write, and no undefined message if one is on its way. */
static void rewrite(struct bench *b, unsigned vector)
{
    host_mem_write32(b, bench_table_address(b, vector, 2), own_data(vector));
}

static void deeds(struct bench *b, unsigned vector, bool masked, bool rewritable)
{
    host_forget(b, host_mem_read_start(b, bench_pba_address(b, vector), 2, 0xF, 0xF));
    if (rewritable)
        rewrite(b, vector);
    app_event(b, vector);
    for (unsigned k = 0; k < 3; k++) { /* as it is, the other value, back */
        const bool mask = masked ^ (k == 1);
        if (mask)
            msix_mask(b, vector);
        else
            msix_unmask(b, vector);
    }
    app_event(b, vector);
    bench_run(b, PIPELINE_CLOCKS);
}

static void in_state(struct bench *b, unsigned vector, enum tx tx, unsigned state)
{
    const bool masked = state & 1, function_mask = state & 2, enable = state & 4, master = state & 8;
    let_go(b, vector);
    starve(b, tx);
    if (masked)
        msix_mask(b, vector);
    msix_control(b, enable, function_mask);
    msix_bus_master(b, master);
    host_fence(b);
    if (tx == TX_NOT_READY)
        stall_tx(b);
    bench_run(b, 2);
    deeds(b, vector, masked, masked || function_mask || !enable);
}

static void every_state(struct bench *b)
{
    for (unsigned tx = 0; tx < TX_KINDS && !bench_stopped(b); tx++) {
        const unsigned vector = any_vector(b);
        set_windows(b, (enum tx)tx);
        start_one(b, vector, false);
        for (unsigned state = 0; state < STATES && !bench_stopped(b); state++)
            in_state(b, vector, (enum tx)tx, state);
        let_go(b, vector);
    }
}

const struct test every_deed_in_every_control_state = {
    .name = "every_deed_in_every_control_state",
    .requirements = "MSIX-PBA-07, MSIX-PBA-34, MSIX-TBL-20, MSIX-TBL-21, MSIX-PBA-15, MSIX-PBA-29",
    .story = "Events, mask writes, rewrites and PBA reads in all 16 states of masks, enable and bus master, with five "
             "states of tx.",
    .run = every_state,
};

/* --- races without any credit --- */

struct partner {
    bool masked, function_mask, disabled, no_master, pending; /* before */
    void (*strike)(struct bench *b, unsigned vector, unsigned capability);
};

static void mask(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    msix_mask(b, vector);
}

static void unmask(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    msix_unmask(b, vector);
}

static void function_mask(struct bench *b, unsigned vector, unsigned capability)
{
    (void)vector;
    host_forget(b, control_start(b, capability, true, true));
}

static void all_on(struct bench *b, unsigned vector, unsigned capability)
{
    (void)vector;
    host_forget(b, control_start(b, capability, true, false));
}

static void disable(struct bench *b, unsigned vector, unsigned capability)
{
    (void)vector;
    host_forget(b, control_start(b, capability, false, false));
}

static void command(struct bench *b, unsigned value)
{
    host_forget(b, host_cfg_write_start(b, REG_COMMAND, 0x1, value));
}

static void master_on(struct bench *b, unsigned vector, unsigned capability)
{
    (void)vector;
    (void)capability;
    command(b, COMMAND_MSE | COMMAND_BME);
}

static void master_off(struct bench *b, unsigned vector, unsigned capability)
{
    (void)vector;
    (void)capability;
    command(b, COMMAND_MSE);
}

static void clear(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    app_clear_start(b, vector);
}

static void read_entry(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    host_forget(b, host_mem_read_start(b, bench_table_address(b, vector, 2), 2, 0xF, 0xF));
}

static void write_entry(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    rewrite(b, vector);
}

static void read_pending(struct bench *b, unsigned vector, unsigned capability)
{
    (void)capability;
    host_forget(b, host_mem_read_start(b, bench_pba_address(b, vector), 2, 0xF, 0xF));
}

static const struct partner partners[] = {
    {.strike = mask},
    {.masked = true, .pending = true, .strike = unmask},
    {.strike = function_mask},
    {.function_mask = true, .pending = true, .strike = all_on},
    {.disabled = true, .strike = all_on},
    {.strike = disable},
    {.no_master = true, .strike = master_on},
    {.strike = master_off},
    {.masked = true, .pending = true, .strike = clear},
    {.strike = clear},
    {.strike = read_entry},
    {.masked = true, .strike = write_entry},
    {.masked = true, .strike = read_pending},
};

static void prepare(struct bench *b, unsigned vector, enum tx tx, const struct partner *p)
{
    let_go(b, vector);
    starve(b, tx);
    if (p->masked)
        msix_mask(b, vector);
    msix_control(b, !p->disabled, p->function_mask);
    msix_bus_master(b, !p->no_master);
    host_fence(b);
    if (p->pending)
        app_event(b, vector);
    if (tx == TX_NOT_READY)
        stall_tx(b);
    bench_run(b, 2);
}

static void race(struct bench *b, unsigned vector, enum tx tx, const struct partner *p, int offset)
{
    const unsigned capability = capability_find(b, CAP_MSIX);
    prepare(b, vector, tx, p);
    if (offset >= 0) {
        p->strike(b, vector, capability);
        bench_run(b, (unsigned)offset);
        app_event_start(b, vector);
    } else {
        app_event_start(b, vector);
        bench_run(b, (unsigned)-offset);
        p->strike(b, vector, capability);
    }
    bench_run(b, PIPELINE_CLOCKS);
    release_tx(b);
    feed(b); /* the answer waits behind a committed message */
    (void)msix_pending(b, vector);
}

static void races_while(struct bench *b, enum tx tx)
{
    const unsigned vector = any_vector(b);
    set_windows(b, tx);
    start_one(b, vector, false);
    for (unsigned k = 0; k < sizeof partners / sizeof partners[0]; k++)
        for (int offset = -OFFSET; offset <= OFFSET && !bench_stopped(b); offset++)
            race(b, vector, tx, &partners[k], offset);
    let_go(b, vector);
}

/* A second event around the message that takes the last credit, and clears beside it. */
static void last_credit(struct bench *b, enum tx tx)
{
    const unsigned vector = any_vector(b);
    set_windows(b, tx);
    start_one(b, vector, false);
    for (unsigned clocks = 0; clocks < 3 * OFFSET && !bench_stopped(b); clocks++) {
        let_go(b, vector);
        if (tx == TX_NO_DATA) /* one header is left when the data is gone */
            host_set_window(b, 2, 1, 0, 0);
        host_set_credits(b, HOST_CREDITS_FROZEN);
        app_event_start(b, vector);
        if (clocks > 0)
            bench_run(b, clocks);
        if (clocks % 4 == 3)
            app_clear(b, vector);
        app_event_start(b, vector);
        if (clocks % 4 == 1)
            app_clear_start(b, vector);
        bench_run(b, PIPELINE_CLOCKS);
    }
    let_go(b, vector);
}

static void races_without_credit(struct bench *b)
{
    races_while(b, TX_NO_CREDIT);
    races_while(b, TX_NOT_READY);
    last_credit(b, TX_NO_HEADER);
    last_credit(b, TX_NO_DATA);
    last_credit(b, TX_NO_CREDIT);
}

const struct test races_without_any_credit = {
    .name = "races_without_any_credit",
    .requirements = "RACE-01, RACE-02, RACE-04, RACE-05, RACE-16, RACE-17, RACE-21, RACE-22, RACE-26, RACE-27",
    .story =
        "An event beside every control write, clear, read and its own message while tx is stalled, or neither a header "
        "nor a data credit is left.",
    .run = races_without_credit,
};

/* --- every access of the host --- */

static void access_all_sizes(struct bench *b, uint64_t address)
{
    const uint32_t zeros[LONG_DW] = {0};
    const uint64_t qword = address & ~UINT64_C(7);
    static const struct {
        unsigned dws, first_be, last_be, plus;
    } size[] = {{1, 0xF, 0, 0}, {2, 0xF, 0xF, 0}, {2, 0xF, 0xF, 4}, {LONG_DW, 0xF, 0xF, 0}, {1, 0, 0, 0}};
    for (unsigned k = 0; k < sizeof size / sizeof size[0] && !bench_stopped(b); k++) {
        const uint64_t at = qword + size[k].plus;
        host_mem_write(b, at, zeros, size[k].dws, size[k].first_be, size[k].last_be);
        (void)host_wait(b, host_mem_read_start(b, at, size[k].dws, size[k].first_be, size[k].last_be));
    }
}

/* The first entry is masked and stays so: what is written to it is legal in itself, its size may not be. */
static void undefined_accesses(struct bench *b)
{
    const struct dut_config *c = bench_config(b);
    bench_enumerate(b);
    access_all_sizes(b, bench_pba_address(b, 0));
    access_all_sizes(b, bench_csr_address(b, 0x40));
    access_all_sizes(b, bench_csr_address(b, 0) - 64); /* below the registers: nothing, or the end of a table */
    access_all_sizes(b, BENCH_BAR0 + c->pba_offset + 8U * pba_qwords(b) + 64);
    access_all_sizes(b, BENCH_BAR0 + (UINT64_C(1) << c->bar0_size_log2)); /* not claimed */
    expect_table_reset(b, "ENV-06");
    expect_pba_clear(b, "MSIX-PBA-05");
}

const struct test undefined_accesses_of_every_size_harm_nothing = {
    .name = "undefined_accesses_of_every_size_harm_nothing",
    .requirements = "ENV-06, MSIX-TBL-13, MSIX-TBL-27, MSIX-PBA-05, MMIO-01, MMIO-19, MMIO-20",
    .story = "Reads and writes of one DW, two, two misaligned, eight and none, in the PBA, the registers, a gap and "
             "beside the "
             "BAR.",
    .run = undefined_accesses,
};

static void read_bytes(struct bench *b)
{
    start_one(b, 0, true);
    for (unsigned first = 1; first < 16 && !bench_stopped(b); first++)
        for (unsigned last = 1; last < 16; last++)
            host_forget(b, host_mem_read_start(b, bench_table_address(b, 0, 0), 2, first, last));
    for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
        struct tlp t = {
            .kind = TLP_CFGRD0, .length = 1, .first_be = (uint8_t)be, .completer_id = 0x0100, .reg = REG_ID};
        (void)host_wait(b, host_send(b, &t, NULL));
    }
    host_cfg_write(b, REG_COMMAND, 0x2, 0);      /* byte 0 holds MSE and BME and is not written */
    host_cfg_write(b, REG_INTERRUPT, 0x1, 0x5A); /* Interrupt Line: software's own */
    (void)host_cfg_read32(b, REG_COMMAND);
    (void)host_cfg_read32(b, REG_INTERRUPT);
    quiesce(b);
}

const struct test reads_with_all_byte_enables = {
    .name = "reads_with_all_byte_enables",
    .requirements = "MSIX-CAP-24, MMIO-10, MMIO-11, MMIO-16, CFG-09, ENV-06",
    .story = "Reads of two DWs with all pairs of byte enables, configuration reads with all sixteen, writes of single "
             "bytes.",
    .run = read_bytes,
};

/* --- what is refused --- */

/* TLPs that no completer takes: nothing comes back, and the block goes on as if they had not been. */
static void send_malformed(struct bench *b, uint32_t dw0, unsigned dws)
{
    uint32_t dw[TLP_MAX_DW] = {dw0, 0x0000000F, (uint32_t)(BENCH_BAR0 >> 32), (uint32_t)BENCH_BAR0};
    host_send_raw(b, dw, dws);
    host_flush(b);
}

static void drop(struct bench *b)
{
    start_one(b, 0, true);
    app_event(b, 0);
    send_malformed(b, 0x34000000, 4); /* a message without data */
    send_malformed(b, 0x74000001, 5); /* and with */
    quiesce(b);
    expect_pending(b, 0, true, "MSIX-PBA-22");
    expect_value(b, "the mask of vector 0", host_mem_read32(b, bench_table_address(b, 0, 3)), 1, "ENV-06");
}

const struct test messages_of_the_host_are_dropped = {
    .name = "messages_of_the_host_are_dropped",
    .requirements = "MMIO-27, ENV-06, MSIX-PBA-22",
    .story = "Msg and MsgD end in nothing: no completion, no state changed, credits given back.",
    .run = drop,
};

/* --- resets and counters that take long --- */

static void reset_starved(struct bench *b)
{
    for (unsigned k = 0; k < 4 && !bench_stopped(b); k++) {
        set_windows(b, TX_NO_CREDIT);
        start_one(b, 0, false);
        starve(b, TX_NO_CREDIT);
        app_event(b, 0);
        bench_run(b, k * 7);
    }
    bench_reset(b, 2);
    host_set_route(b, 1, 0);
    start_one(b, 0, false);
    quiesce(b);
    expect_messages(b, 0, 0, "MSIX-PBA-33");
}

const struct test reset_drops_what_waits_for_credit = {
    .name = "reset_drops_what_waits_for_credit",
    .requirements = "MSIX-PBA-33, RACE-33",
    .story = "A message that waits for credits when reset comes is never sent.",
    .run = reset_starved,
};

static void many_reads(struct bench *b)
{
    uint32_t values[4];
    bench_enumerate(b);
    read_dwords(b, bench_table_address(b, 0, 0), 4, values);
    for (unsigned done = 0; done < 4200 && !bench_stopped(b); done++)
        host_forget(b, host_cfg_read_start(b, REG_ID));
    quiesce(b);
}

const struct test completion_data_credits_wrap = {
    .name = "completion_data_credits_wrap",
    .requirements = "FC-01, FC-04, RACE-44",
    .story = "More than 4096 completions with data: the counter of data credits passes its end.",
    .run = many_reads,
};

static void attributes(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    for (unsigned k = 0; k < 8 && !bench_stopped(b); k++) {
        random_payload(b, payload, DMA_MAX_DW);
        app_set_attributes(b, k & 1, k & 2, k & 4);
        app_dma_write(b, dma_buffer(k), payload, 1 + 4 * k);
        app_event(b, 0);
    }
    quiesce(b);
}

const struct test dma_attributes_pass_untouched = {
    .name = "dma_attributes_pass_untouched",
    .requirements = "ORD-02, ORD-04, ORD-18, ORD-27",
    .story = "Data writes with all combinations of RO, NS and IDO leave as they came, ahead of their messages.",
    .run = attributes,
};
