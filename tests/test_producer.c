/*
 * test_producer.c - producer and consumer: the device logic writes data and announces it, software sees the announcement
 * and reads its memory. One test for each way to announce (ORD-29), in all situations of tx and through long stalls.
 */
#include "situations.h"

enum { WRITES = 4, ROUNDS = 8, STALL = 300, LIMIT = 3000, FLAG_BUFFER = 100, STATUS = 0x10, NO_TAG = -1 };

/* One round: the data, and what has become of the announcement. */
struct scene {
    struct bench *b;
    uint32_t round; /* counts from 1: the value of flags */
    unsigned dws[WRITES];
    uint32_t payload[WRITES][DMA_MAX_DW];
    bool announced;   /* by the device logic */
    bool interrupted; /* the handler was called */
    int tag;          /* of the consumer's read under way, or NO_TAG */
    uint32_t read;    /* what it has returned */
};

struct way {
    void (*start)(struct bench *b);    /* behind the reset of a situation */
    void (*announce)(struct scene *s); /* called when the last beat of the data was accepted */
    bool (*seen)(struct scene *s);     /* called once a clock: has the consumer seen it? */
    void (*finish)(struct scene *s);   /* the consumer acknowledges */
    host_handler_fn *handler;
    const char *requirement;
};

/* --- the producer's data, the consumer's look --- */

static void write_data(struct scene *s)
{
    struct rng *rng = bench_rng(s->b);
    for (unsigned i = 0; i < WRITES; i++) {
        s->dws[i] = 1 + rng_below(rng, DMA_MAX_DW);
        random_payload(s->b, s->payload[i], s->dws[i]);
        app_set_attributes(s->b, rng_percent(rng, 50), rng_percent(rng, 50), false);
        app_dma_write_start(s->b, dma_buffer(i), s->payload[i], s->dws[i]);
    }
    app_set_attributes(s->b, false, false, false);
}

static void look_at_data(struct scene *s, const char *requirement)
{
    for (unsigned i = 0; i < WRITES; i++)
        expect_host_memory(s->b, dma_buffer(i), s->payload[i], s->dws[i], requirement);
}

/* --- the frame of all five --- */

static void one_round(struct scene *s, const struct way *way, enum situation situation)
{
    struct bench *b = s->b;
    bool seen = false;
    s->round++;
    s->announced = s->interrupted = false;
    situation_hold_posted(b, situation);
    situation_hold_completions(b, situation);
    if (s->round % 4 == 0)
        stall_tx(b);
    write_data(s);
    for (unsigned clock = 0; clock < LIMIT && !seen && !bench_stopped(b); clock++) {
        if (clock == STALL)
            situation_release(b);
        if (!s->announced && app_dma_queued(b) == 0) {
            way->announce(s);
            s->announced = true;
        }
        bench_step(b);
        seen = way->seen(s);
    }
    bench_expect(b, seen || bench_stopped(b), way->requirement,
                 "the consumer has not seen the announcement of round %u", (unsigned)s->round);
    look_at_data(s, way->requirement);
    situation_release(b);
    if (way->finish)
        way->finish(s);
    quiesce(b);
}

static void produce_and_consume(struct bench *b, const struct way *way)
{
    struct scene s = {.b = b, .tag = NO_TAG};
    for (unsigned k = 0; k < SITUATIONS && !bench_stopped(b); k++) {
        situation_choose(b, (enum situation)k);
        way->start(b);
        host_set_handler(b, way->handler, &s);
        for (unsigned i = 0; i < ROUNDS && !bench_stopped(b); i++)
            one_round(&s, way, (enum situation)k);
        host_set_handler(b, NULL, NULL);
    }
}

/* A read that is asked again as soon as it was answered. Returns true if an answer has come in this clock. */
static bool poll(struct scene *s, uint64_t address)
{
    if (s->tag == NO_TAG) {
        s->tag = host_mem_read_start(s->b, address, 1, 0xF, 0);
        return false;
    }
    if (!host_done(s->b, (uint8_t)s->tag))
        return false;
    s->read = host_wait(s->b, (uint8_t)s->tag).data[0];
    s->tag = NO_TAG;
    return true;
}

static void start_masked(struct bench *b)
{
    start_one(b, 0, true);
}

static void start_unmasked(struct bench *b)
{
    start_one(b, 0, false);
}

/* --- a flag in memory --- */

static void write_flag(struct scene *s)
{
    app_dma_write_start(s->b, dma_buffer(FLAG_BUFFER), &s->round, 1);
}

static bool flag_is_set(struct scene *s)
{
    return host_memory_dword(s->b, dma_buffer(FLAG_BUFFER)) == s->round;
}

static void by_flag(struct bench *b)
{
    produce_and_consume(
        b, &(struct way){.start = start_masked, .announce = write_flag, .seen = flag_is_set, .requirement = "ORD-29"});
}

const struct test producer_announces_by_flag = {
    .name = "producer_announces_by_flag",
    .requirements = "ORD-29, ORD-04, ORD-05, HOST-10",
    .story = "Data, relaxed or not, then a flag written by DMA: software that sees the flag finds the data.",
    .run = by_flag,
};

/* --- MSI-X --- */

static void raise_event(struct scene *s)
{
    app_event_start(s->b, 0);
}

/* The handler looks by itself, in the moment in which it is called. */
static void handle_message(struct bench *b, void *ctx, int vector)
{
    struct scene *s = ctx;
    expect_value(b, "the vector of the interrupt", (uint64_t)vector, 0, "HOST-10");
    s->interrupted = true;
    look_at_data(s, "ORD-30");
}

static bool handler_was_called(struct scene *s)
{
    return s->interrupted;
}

static void by_message(struct bench *b)
{
    produce_and_consume(b, &(struct way){.start = start_unmasked,
                                         .announce = raise_event,
                                         .seen = handler_was_called,
                                         .handler = handle_message,
                                         .requirement = "ORD-29"});
}

const struct test producer_announces_by_message = {
    .name = "producer_announces_by_message",
    .requirements = "ORD-29, ORD-02, ORD-06, ORD-30, HOST-10",
    .story = "Data, relaxed or not, then an event: the handler of the MSI-X message finds the data.",
    .run = by_message,
};

/* --- INTx: the wire says that there is something, the register says what, and then memory is read --- */

static void start_intx(struct bench *b)
{
    bench_enumerate(b);
    app_set_intx_flow(b, true);
}

static void raise_intx(struct scene *s)
{
    app_intx_raise(s->b);
}

/* Without a pin software polls the register. */
static void handle_intx(struct bench *b, void *ctx, int vector)
{
    struct scene *s = ctx;
    expect_value(b, "the vector of the interrupt", (uint64_t)(int64_t)vector, UINT64_MAX, "HOST-11");
    s->interrupted = s->interrupted || host_intx_asserted(b, own_wire(b));
}

static bool cause_was_read(struct scene *s)
{
    const bool asked = s->interrupted || bench_config(s->b)->intx_pin == 0;
    return asked && poll(s, bench_csr_address(s->b, 0)) && s->read == 1;
}

static void clear_cause(struct scene *s)
{
    host_mem_write32(s->b, bench_csr_address(s->b, 0), 1);
    host_fence(s->b);
    expect_wire(s->b, false, "HOST-11");
}

static void by_intx(struct bench *b)
{
    produce_and_consume(b, &(struct way){.start = start_intx,
                                         .announce = raise_intx,
                                         .seen = cause_was_read,
                                         .finish = clear_cause,
                                         .handler = handle_intx,
                                         .requirement = "HOST-11"});
}

const struct test producer_announces_by_intx = {
    .name = "producer_announces_by_intx",
    .requirements = "ORD-29, ORD-12, ORD-28, HOST-11",
    .story =
        "Data, then the cause: Assert_INTx calls the handler, it reads the cause register, and then finds the data.",
    .run = by_intx,
};

/* --- the pending bit --- */

static bool pending_bit_was_read(struct scene *s)
{
    return poll(s, bench_pba_address(s->b, 0)) && (s->read & 1U) != 0;
}

static void serve_cause(struct scene *s)
{
    app_clear(s->b, 0);
    expect_pending(s->b, 0, false, "MSIX-PBA-20");
}

static void by_pending_bit(struct bench *b)
{
    produce_and_consume(b, &(struct way){.start = start_masked,
                                         .announce = raise_event,
                                         .seen = pending_bit_was_read,
                                         .finish = serve_cause,
                                         .requirement = "ORD-29"});
}

const struct test producer_announces_by_pending_bit = {
    .name = "producer_announces_by_pending_bit",
    .requirements = "ORD-29, ORD-12, RACE-19, MSIX-PBA-20",
    .story = "Data, then an event of a masked vector: software that reads the pending bit as 1 finds the data.",
    .run = by_pending_bit,
};

/* --- a status register --- */

static void set_status(struct scene *s)
{
    app_csr_write(s->b, STATUS, s->round);
}

static bool status_was_read(struct scene *s)
{
    return poll(s, bench_csr_address(s->b, STATUS)) && s->read == s->round;
}

static void by_register(struct bench *b)
{
    produce_and_consume(
        b,
        &(struct way){.start = start_masked, .announce = set_status, .seen = status_was_read, .requirement = "ORD-29"});
}

const struct test producer_announces_by_register = {
    .name = "producer_announces_by_register",
    .requirements = "ORD-29, ORD-12, RACE-47",
    .story = "Data, then a status register: software that reads the new status finds the data.",
    .run = by_register,
};
