/*
 * test_side_band.c - why an interrupt has to travel behind its data: on a wire beside the link it overtakes them, as a
 * message it does not. docs/ordering.md shows the first round of both tests.
 */
#include "common.h"

enum { ROUNDS = 20, WRITES = 3, DWS = 16, READY_PERCENT = 30, WAIT = 1000 };

struct handler {
    uint32_t payload[WRITES][DWS]; /* what the interrupt announces */
    unsigned calls, old;           /* calls of the handler, and those that found old data */
};

/* The interrupt handler of the driver: it believes that the data is there. */
static void handle(struct bench *b, void *ctx, int vector)
{
    struct handler *h = ctx;
    bool old = false;
    (void)vector;
    for (unsigned i = 0; i < WRITES; i++)
        for (unsigned dw = 0; dw < DWS; dw++)
            old = old || host_memory_dword(b, dma_buffer(i) + 4U * dw) != h->payload[i][dw];
    h->calls++;
    h->old += old;
}

/* Data and its event. On the wire the handler runs in the clock of the event; else the message calls it. */
static void announce(struct bench *b, struct handler *h, bool wire)
{
    for (unsigned i = 0; i < WRITES; i++) {
        random_payload(b, h->payload[i], DWS);
        app_dma_write_start(b, dma_buffer(i), h->payload[i], DWS);
    }
    app_dma_flush(b);
    app_event(b, 0);
    if (wire)
        handle(b, h, 0);
}

/* The same traffic on the same slow tx, the vector masked if a wire stands in for it. */
static void rounds(struct bench *b, struct handler *h, bool wire)
{
    start_one(b, 0, wire);
    host_set_ready(b, HOST_READY_RANDOM, READY_PERCENT);
    host_set_handler(b, wire ? NULL : handle, h);
    for (unsigned i = 1; i <= ROUNDS && !bench_stopped(b); i++) {
        announce(b, h, wire);
        if (!wire)
            bench_wait_messages(b, 0, i, WAIT, "HOST-12");
        bench_settle(b);
        for (unsigned k = 0; k < WRITES; k++)
            expect_host_memory(b, dma_buffer(k), h->payload[k], DWS, "ORD-05");
    }
    host_set_handler(b, NULL, NULL);
    release_tx(b);
    expect_value(b, "calls of the handler", h->calls, ROUNDS, "HOST-12");
}

static void wire_overtakes(struct bench *b)
{
    struct handler h = {.calls = 0};
    rounds(b, &h, true);
    bench_expect(b, h.old > 0 || bench_stopped(b), "HOST-12",
                 "the handler has found new data in all of %u rounds: the race was missed", (unsigned)ROUNDS);
}

const struct test side_band_interrupt_overtakes_its_data = {
    .name = "side_band_interrupt_overtakes_its_data",
    .requirements = "HOST-12, ORD-29",
    .story = "The interrupt comes on a wire of its own, at the time of the event: its handler finds old data.",
    .run = wire_overtakes,
};

static void message_follows(struct bench *b)
{
    struct handler h = {.calls = 0};
    rounds(b, &h, false);
    expect_value(b, "handlers that found old data", h.old, 0, "HOST-12");
}

const struct test message_instead_of_a_side_band_finds_its_data = {
    .name = "message_instead_of_a_side_band_finds_its_data",
    .requirements = "HOST-12, HOST-10, ORD-02, ORD-30",
    .story = "The same traffic on the same slow tx with MSI-X instead of the wire: the handler never finds old data.",
    .run = message_follows,
};
