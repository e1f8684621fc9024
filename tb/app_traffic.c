/*
 * app_traffic.c - what tests ask the device logic to do: events, clears, dma writes and reads.
 */
#include <string.h>

#include "app_private.h"
#include "bench.h"

enum { PAGE = 4096 };

/* --- events and clears --- */

struct lane_goal {
    const struct app_lane *lane;
    uint64_t accepted;
};

static bool goal_reached(struct bench *b, const void *ctx)
{
    (void)b;
    const struct lane_goal *goal = ctx;
    return goal->lane->accepted >= goal->accepted;
}

static void push_and_wait(struct bench *b, struct app_lane *lane, unsigned vector, const char *what)
{
    if (bench_stopped(b))
        return;
    app_lane_push(lane, (uint16_t)(vector & 2047));
    bench_wait(b, goal_reached, &(struct lane_goal){lane, lane->queued}, what);
}

void app_event(struct bench *b, unsigned vector)
{
    push_and_wait(b, &bench_app(b)->event, vector, "an event to be accepted");
}

void app_clear(struct bench *b, unsigned vector)
{
    push_and_wait(b, &bench_app(b)->clear, vector, "a clear to be accepted");
}

void app_event_start(struct bench *b, unsigned vector)
{
    app_lane_push(&bench_app(b)->event, (uint16_t)(vector & 2047));
}

void app_clear_start(struct bench *b, unsigned vector)
{
    app_lane_push(&bench_app(b)->clear, (uint16_t)(vector & 2047));
}

void app_event_at(struct bench *b, unsigned vector, unsigned delay)
{
    app_lane_schedule(&bench_app(b)->event, (uint16_t)(vector & 2047), delay);
}

void app_clear_at(struct bench *b, unsigned vector, unsigned delay)
{
    app_lane_schedule(&bench_app(b)->clear, (uint16_t)(vector & 2047), delay);
}

static bool lanes_are_idle(struct bench *b, const void *ctx)
{
    (void)ctx;
    return app_lane_idle(&bench_app(b)->event) && app_lane_idle(&bench_app(b)->clear);
}

void app_event_flush(struct bench *b)
{
    bench_wait(b, lanes_are_idle, NULL, "the queued events and clears to be accepted");
}

/* --- dma writes --- */

static bool range_is_legal(struct bench *b, uint64_t address, unsigned dws, unsigned most)
{
    const bool legal = dws >= 1 && dws <= most && address % 4 == 0 && address % PAGE + 4U * dws <= PAGE;
    return bench_expect(b, legal, "TLP-31",
                        "the test asked the device logic for a dma TLP of %u DWs at %llX; at most %u, DW-aligned "
                        "and inside 4 KB are legal",
                        dws, (unsigned long long)address, most);
}

static struct tlp memory_request(const struct app *app, enum tlp_kind kind, uint64_t address, unsigned dws)
{
    return (struct tlp){
        .kind = kind,
        .length = (uint16_t)dws,
        .address = address,
        .is_4dw = address >> 32 != 0,
        .first_be = 0xF,
        .last_be = dws > 1 ? 0xF : 0,
        .ro = app->ro,
        .ns = app->ns,
        .ido = app->ido,
        .requester_id = app->requester_id,
    };
}

static void push_dma(struct app *app, const uint32_t *dw, size_t n)
{
    stream_source_push(&app->dma, dw, n);
    app->dma_queued++;
}

void app_dma_write_start(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws)
{
    struct app *app = bench_app(b);
    uint32_t wire[TLP_MAX_PAYLOAD_DW], dw[TLP_MAX_DW];
    if (bench_stopped(b) || !range_is_legal(b, address, dws, app->mps_max / 4))
        return;
    for (unsigned i = 0; i < dws; i++)
        wire[i] = tlp_payload_le(payload[i]);
    struct tlp tlp = memory_request(app, TLP_MWR, address, dws);
    tlp.ep = app->poison;
    push_dma(app, dw, tlp_encode(&tlp, wire, dw, TLP_MAX_DW));
}

static bool dma_goal_reached(struct bench *b, const void *ctx)
{
    return bench_app(b)->dma_sent >= *(const uint64_t *)ctx;
}

void app_dma_write(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws)
{
    app_dma_write_start(b, address, payload, dws);
    const uint64_t goal = bench_app(b)->dma_queued;
    bench_wait(b, dma_goal_reached, &goal, "a dma write to be accepted");
}

void app_dma_flush(struct bench *b)
{
    const uint64_t goal = bench_app(b)->dma_queued;
    bench_wait(b, dma_goal_reached, &goal, "the queued dma writes to be accepted");
}

size_t app_dma_queued(const struct bench *b)
{
    return bench_app(b)->dma.queued;
}

/* --- dma reads --- */

void app_reads_end(struct app *app)
{
    for (unsigned i = 0; i < APP_READ_TAGS; i++)
        if (app->read[i].state == APP_READ_WAITING) {
            app->read[i].state = app->read[i].forgotten ? APP_READ_FREE : APP_READ_DONE;
            app->read[i].status = -1;
        }
    app->reads_waiting = 0;
}

/* Pieces come in address order (ORD-14), so each goes behind what has come. */
void app_completion_seen(struct app *app, const struct seen *what)
{
    struct app_read *read = &app->read[what->tlp.tag % APP_READ_TAGS];
    if (what->tlp.tag >= APP_READ_TAGS || read->state != APP_READ_WAITING)
        return;
    for (unsigned i = 0; i < what->tlp.payload_dw && read->got < read->dws; i++)
        read->values[read->got++] = tlp_payload_le(what->dw[what->tlp.header_dw + i]);
    if (what->tlp.status == TLP_SC && read->got < read->dws)
        return;
    read->state = read->forgotten ? APP_READ_FREE : APP_READ_DONE;
    read->status = what->tlp.status;
    app->reads_waiting--;
}

static unsigned free_read(const struct app *app)
{
    for (unsigned i = 0; i < APP_READ_TAGS; i++)
        if (app->read[(app->next_tag + i) % APP_READ_TAGS].state == APP_READ_FREE)
            return (app->next_tag + i) % APP_READ_TAGS;
    return APP_READ_TAGS;
}

unsigned app_read_start(struct bench *b, uint64_t address, unsigned dws)
{
    return app_read_bytes_start(b, address, dws, 0xF, dws > 1 ? 0xF : 0);
}

unsigned app_read_bytes_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    struct app *app = bench_app(b);
    uint32_t dw[4];
    if (bench_stopped(b) || !range_is_legal(b, address, dws, APP_READ_MAX_DW))
        return 0;
    const unsigned tag = free_read(app);
    if (!bench_expect(b, tag < APP_READ_TAGS, "ENV-04", "the test has %u dma reads under way and waits for none",
                      (unsigned)APP_READ_TAGS))
        return 0;
    app->next_tag = (tag + 1) % APP_READ_TAGS;
    app->read[tag] = (struct app_read){.state = APP_READ_WAITING, .dws = dws};
    app->reads_waiting++;
    struct tlp tlp = memory_request(app, TLP_MRD, address, dws);
    tlp.tag = (uint16_t)tag;
    tlp.first_be = first_be & 0xF;
    tlp.last_be = last_be & 0xF;
    stream_source_push(&app->dmr, dw, tlp_encode(&tlp, NULL, dw, 4));
    return tag;
}

void app_read_forget(struct bench *b, unsigned tag)
{
    struct app_read *read = &bench_app(b)->read[tag % APP_READ_TAGS];
    read->forgotten = true;
    if (read->state == APP_READ_DONE)
        read->state = APP_READ_FREE;
}

unsigned app_reads_waiting(const struct bench *b)
{
    return bench_app(b)->reads_waiting;
}

unsigned app_read_next_tag(const struct bench *b)
{
    return bench_app(b)->next_tag;
}

bool app_read_tag_used(const struct bench *b, unsigned tag)
{
    return bench_app(b)->read[tag % APP_READ_TAGS].state != APP_READ_FREE;
}

void app_read_send_raw(struct bench *b, const uint32_t *dw, size_t n)
{
    stream_source_push(&bench_app(b)->dmr, dw, n);
}

bool app_read_done(const struct bench *b, unsigned tag)
{
    return bench_app(b)->read[tag % APP_READ_TAGS].state == APP_READ_DONE;
}

static bool read_is_done(struct bench *b, const void *ctx)
{
    return app_read_done(b, *(const unsigned *)ctx);
}

int app_read_wait(struct bench *b, unsigned tag, uint32_t *values)
{
    if (!bench_wait(b, read_is_done, &tag, "a dma read to be answered"))
        return -1;
    struct app_read *read = &bench_app(b)->read[tag % APP_READ_TAGS];
    if (values)
        memcpy(values, read->values, read->got * sizeof *values);
    read->state = APP_READ_FREE;
    return read->status;
}
