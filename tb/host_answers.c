/*
 * host_answers.c - the host as completer: answers to the block's own reads, from host memory; and its interrupts.
 */
#include <string.h>

#include "bench.h"
#include "host_private.h"
#include "intx_format.h"

enum {
    BOUNDARY = 64 /* read completion boundary */,
    MOST_BYTES = 512 /* of one completion: the largest MPS of any build */
};

/* --- one completion --- */

static void read_payload(struct host *host, uint64_t address, unsigned dws, uint32_t *payload)
{
    uint8_t bytes[MOST_BYTES];
    host_memory_read(scoreboard_host_memory(bench_scoreboard(host->bench)), address, bytes, 4U * dws);
    for (unsigned i = 0; i < dws; i++)
        payload[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 | (uint32_t)bytes[4 * i + 2] << 8 |
                     bytes[4 * i + 3];
}

/* `dws` 0: without data, as the status says. */
static void send_piece(struct host *host, const struct host_answer *a, unsigned dws, uint8_t status)
{
    uint32_t payload[MOST_BYTES / 4], dw[MOST_BYTES / 4 + 3];
    read_payload(host, a->address, dws, payload);
    const struct tlp completion = {
        .kind = dws ? TLP_CPLD : TLP_CPL,
        .tc = a->read.tc,
        .ro = a->read.ro,
        .ns = a->read.ns,
        .ido = a->read.ido,
        .ep = dws && rng_percent(&host->rng, host->answers.style.poisoned),
        .length = (uint16_t)dws,
        .status = status,
        .requester_id = a->read.requester_id,
        .tag = a->read.tag,
        .byte_count = (uint16_t)a->bytes,
        .lower_address = a->lower_address & 0x7F,
    };
    stream_source_push(&host->rx, dw, tlp_encode(&completion, payload, dw, sizeof dw / sizeof dw[0]));
}

/* DWs of the next completion: up to a boundary, or to the end. */
static unsigned piece_size(struct host *host, const struct host_answer *a)
{
    const unsigned to_boundary = (BOUNDARY - (unsigned)(a->address % BOUNDARY)) / 4;
    const struct host_answer_style *style = &host->answers.style;
    const unsigned most = style->most ? style->most : style->mixed ? 2 * BOUNDARY : BOUNDARY;
    const unsigned further = (most - 4 * to_boundary) / BOUNDARY;
    const unsigned dws = to_boundary + BOUNDARY / 4 * (style->mixed ? rng_below(&host->rng, further + 1) : further);
    return dws < a->left ? dws : a->left;
}

/* Sends the next completion. Returns true if that was the last one. */
static bool send_next(struct host *host, struct host_answer *a)
{
    const unsigned dws = piece_size(host, a);
    const bool ends = a->status != TLP_SC && (dws == a->left || rng_percent(&host->rng, 50));
    if (ends) {
        send_piece(host, a, 0, a->status);
        return true;
    }
    send_piece(host, a, dws, TLP_SC);
    const unsigned here = 4 * dws - a->lower_address % 4;
    a->bytes -= here < a->bytes ? here : a->bytes;
    a->left -= dws;
    a->address += 4U * dws;
    a->lower_address = (unsigned)(a->address & 0x7F);
    return a->left == 0;
}

/* --- which, and when --- */

static uint64_t later(struct host *host)
{
    const unsigned delay = host->answers.style.delay;
    return host->answers.clock + (delay ? rng_below(&host->rng, delay + 1) : 0);
}

static uint8_t draw_status(struct host *host)
{
    const struct host_answer_style *style = &host->answers.style;
    const unsigned chance = style->ur + style->ca ? rng_below(&host->rng, 100) : 100;
    return chance < style->ur ? TLP_UR : chance < style->ur + style->ca ? TLP_CA : TLP_SC;
}

void host_answer_read(struct host *host, const struct tlp *read)
{
    struct host_answers *all = &host->answers;
    if (!all->automatic || all->count == HOST_TAGS)
        return;
    all->waiting[all->count++] = (struct host_answer){.read = *read,
                                                      .due = later(host),
                                                      .address = read->address,
                                                      .left = read->length,
                                                      .bytes = tlp_read_byte_count(read),
                                                      .lower_address = tlp_read_lower_address(read),
                                                      .status = draw_status(host)};
}

static void remove_answer(struct host_answers *all, unsigned k)
{
    all->count--;
    memmove(&all->waiting[k], &all->waiting[k + 1], (all->count - k) * sizeof all->waiting[0]);
}

/* In order: the first with all its completions. Mixed: one completion of any. */
void host_answers_drive(struct host *host)
{
    struct host_answers *all = &host->answers;
    all->clock++;
    if (all->count == 0 || all->style.hold)
        return;
    const unsigned k = all->style.mixed ? rng_below(&host->rng, all->count) : 0;
    struct host_answer *a = &all->waiting[k];
    if (a->due > all->clock)
        return;
    bool last = send_next(host, a);
    while (!last && !all->style.mixed)
        last = send_next(host, a);
    if (last)
        remove_answer(all, k);
    else
        a->due = later(host);
}

void host_set_answers(struct bench *b, bool automatic)
{
    bench_host(b)->answers.automatic = automatic;
    if (!automatic)
        bench_host(b)->answers.count = 0;
}

void host_set_answer_style(struct bench *b, const struct host_answer_style *style)
{
    bench_host(b)->answers.style = *style;
}

unsigned host_answers_waiting(const struct bench *b)
{
    return bench_host(b)->answers.count;
}

/* --- interrupts --- */

void host_interrupt_seen(struct host *host, const struct seen *what)
{
    if (what->tlp.kind == TLP_MSG) {
        const unsigned wire = intx_format_wire(&what->tlp);
        const bool asserted = intx_format_asserts(&what->tlp);
        host->rises[wire] += asserted && !host->wire[wire]; /* a duplicate means nothing (INTX-07) */
        host->wire[wire] = asserted;
    }
    if (host->handler)
        host->handler(host->bench, host->handler_ctx, what->tlp.kind == TLP_MSG ? -1 : what->vector);
}

void host_set_handler(struct bench *b, host_handler_fn *handler, void *ctx)
{
    bench_host(b)->handler = handler;
    bench_host(b)->handler_ctx = ctx;
}

bool host_intx_asserted(const struct bench *b, unsigned wire)
{
    return bench_host(b)->wire[wire % HOST_WIRES];
}

uint64_t host_intx_count(const struct bench *b, unsigned wire)
{
    return bench_host(b)->rises[wire % HOST_WIRES];
}
