/*
 * monitor.c - see monitor.h.
 *
 * What happened stands in a ring of small records in the order that counts. A TLP's record is made when its place is
 * known and told when the TLP is complete; everything behind it waits. TLP contents live in `struct seen` blocks from a
 * pool, so that events cost a record only. Both are large enough from the start. On a clock in which nothing moves a
 * handful of flags is read.
 */
#include "monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "stream.h"

/* What a run needs; only a TLP that stalls in its middle, while much happens behind it, makes them grow. */
enum { FIRST_RECORDS = 1024 /* a power of two */, FIRST_BLOCKS = 128 };

struct record {
    enum seen_kind kind;
    bool complete;
    int vector;
    uint64_t time;
    struct seen *tlp; /* NULL unless kind is SEEN_TLP */
};

/* A TLP on its way through a stream. */
struct lane {
    struct seen *tlp; /* NULL: the next beat starts one */
    uint64_t record;  /* its place, if it stands at its first beat */
};

struct csr_request {
    bool write;
    uint16_t addr;
    uint8_t be;
    uint64_t wdata;
};

struct monitor {
    unsigned data_dw;
    struct checks *checks;
    struct observer observer[MONITOR_MAX_OBSERVERS];
    unsigned observers;
    struct record *ring;
    uint64_t mask, head, tail; /* head and tail count for ever; the index is their low part */
    struct seen **pool;
    size_t pooled, pool_room;
    struct lane lane[SEEN_STREAMS];
    struct seen plain; /* stands for events, clears and resets when they are told */
    bool in_reset, tx_stalled, csr_stalled, flr_active, intx_level;
    struct dut_beat tx_offer; /* the beat that was not taken */
    struct csr_request csr_offer;
    uint64_t last_movement;
};

struct monitor *monitor_create(unsigned data_dw, struct checks *checks)
{
    struct monitor *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->ring = calloc(FIRST_RECORDS, sizeof *m->ring);
    m->pool = calloc(FIRST_BLOCKS, sizeof *m->pool);
    m->pool_room = m->pool ? FIRST_BLOCKS : 0;
    while (m->pooled < m->pool_room && (m->pool[m->pooled] = malloc(sizeof **m->pool)))
        m->pooled++;
    if (!m->ring || m->pooled < FIRST_BLOCKS) {
        monitor_destroy(m);
        return NULL;
    }
    m->data_dw = data_dw;
    m->checks = checks;
    m->mask = FIRST_RECORDS - 1;
    m->in_reset = true;
    return m;
}

static struct record *record_at(struct monitor *m, uint64_t place)
{
    return &m->ring[place & m->mask];
}

void monitor_destroy(struct monitor *m)
{
    if (!m)
        return;
    for (uint64_t i = m->head; i != m->tail; i++)
        free(record_at(m, i)->tlp);
    for (unsigned s = SEEN_DMA; s < SEEN_STREAMS; s++)
        free(m->lane[s].tlp);
    for (size_t i = 0; i < m->pooled; i++)
        free(m->pool[i]);
    free(m->pool);
    free(m->ring);
    free(m);
}

void monitor_observe(struct monitor *m, const struct observer *observer)
{
    if (m->observers < MONITOR_MAX_OBSERVERS)
        m->observer[m->observers++] = *observer;
}

bool monitor_idle(const struct monitor *m)
{
    for (unsigned s = 0; s < SEEN_STREAMS; s++)
        if (m->lane[s].tlp)
            return false;
    return m->head == m->tail;
}

uint64_t monitor_last_movement(const struct monitor *m)
{
    return m->last_movement;
}

/* --- blocks and records --- */

static struct seen *take_block(struct monitor *m)
{
    return m->pooled ? m->pool[--m->pooled] : memory_resize(NULL, sizeof(struct seen));
}

static void give_block(struct monitor *m, struct seen *block)
{
    if (m->pooled == m->pool_room) {
        m->pool_room *= 2;
        m->pool = memory_resize(m->pool, m->pool_room * sizeof(struct seen *));
    }
    m->pool[m->pooled++] = block;
}

static void grow_ring(struct monitor *m)
{
    const uint64_t old_size = m->mask + 1, new_size = 2 * old_size;
    struct record *bigger = memory_resize(NULL, new_size * sizeof *bigger);
    for (uint64_t i = m->head; i != m->tail; i++)
        bigger[i & (new_size - 1)] = *record_at(m, i);
    free(m->ring);
    m->ring = bigger;
    m->mask = new_size - 1;
}

static uint64_t add_record(struct monitor *m, const struct record *what)
{
    if (m->tail - m->head > m->mask)
        grow_ring(m);
    *record_at(m, m->tail) = *what;
    return m->tail++;
}

/* --- telling --- */

static void tell_observers(struct monitor *m, struct seen *what)
{
    for (unsigned i = 0; i < m->observers; i++)
        m->observer[i].seen(m->observer[i].ctx, what);
}

static void tell_plain(struct monitor *m, const struct record *what)
{
    m->plain.kind = what->kind;
    m->plain.time = m->plain.end_time = what->time;
    m->plain.vector = what->vector;
    tell_observers(m, &m->plain);
}

static void tell_front(struct monitor *m)
{
    while (m->head != m->tail && record_at(m, m->head)->complete) {
        const struct record what = *record_at(m, m->head++);
        if (what.tlp) {
            tell_observers(m, what.tlp);
            give_block(m, what.tlp);
        } else {
            tell_plain(m, &what);
        }
    }
}

/* --- assembling --- */

static struct seen *open_tlp(struct monitor *m, enum seen_stream stream, uint64_t time)
{
    struct seen *tlp = take_block(m);
    tlp->kind = SEEN_TLP;
    tlp->stream = stream;
    tlp->time = time;
    tlp->vector = -1;
    tlp->is_dma = false;
    tlp->n_dw = 0;
    return tlp;
}

/* Adds a beat. True if the TLP is complete; it is decoded then and the lane is free. */
static bool take_beat(struct monitor *m, struct lane *lane, uint64_t time, const struct dut_beat *beat)
{
    struct seen *tlp = lane->tlp;
    tlp->n_dw = stream_take_beat(tlp->dw, SEEN_MAX_DW, tlp->n_dw, beat, m->data_dw);
    m->last_movement = time;
    if (!beat->last)
        return false;
    tlp->end_time = time;
    tlp_decode(tlp->dw, tlp->n_dw, &tlp->tlp);
    lane->tlp = NULL;
    return true;
}

/* rx, tx: the TLP takes its place with its first beat. */
static void beat_from_first(struct monitor *m, enum seen_stream stream, uint64_t time, const struct dut_beat *beat)
{
    struct lane *lane = &m->lane[stream];
    if (!lane->tlp) {
        lane->tlp = open_tlp(m, stream, time);
        lane->record = add_record(m, &(struct record){.kind = SEEN_TLP, .time = time, .tlp = lane->tlp});
    }
    if (take_beat(m, lane, time, beat))
        record_at(m, lane->record)->complete = true;
}

/* dma, dmr, dmc: with its last. */
static void beat_to_last(struct monitor *m, enum seen_stream stream, uint64_t time, const struct dut_beat *beat)
{
    struct lane *lane = &m->lane[stream];
    if (!lane->tlp)
        lane->tlp = open_tlp(m, stream, time);
    struct seen *tlp = lane->tlp;
    if (!take_beat(m, lane, time, beat))
        return;
    tlp->time = time;
    add_record(m, &(struct record){.kind = SEEN_TLP, .complete = true, .time = time, .tlp = tlp});
}

static void add_plain(struct monitor *m, enum seen_kind kind, uint64_t time, int vector)
{
    add_record(m, &(struct record){.kind = kind, .complete = true, .vector = vector, .time = time});
    m->last_movement = time;
}

/* --- the stream protocol --- */

static void judge_keep(struct monitor *m, const char *stream, const struct dut_beat *beat)
{
    if (!check(m->checks, CHECK_STREAM_KEEP, stream_keep_legal(beat, m->data_dw)))
        check_report(
            m->checks, CHECK_STREAM_KEEP, -1,
            "a beat on %s has keep %Xh with last %d; allowed is all %u bits, on the last beat at least one, contiguous "
            "from bit 0",
            stream, (unsigned)beat->keep, beat->last, m->data_dw);
}

static const char *difference(const struct dut_beat *was, const struct dut_beat *is, unsigned data_dw)
{
    if (!is->valid)
        return "withdrew valid";
    if (is->keep != was->keep)
        return "changed keep";
    if (is->last != was->last)
        return "changed last";
    return memcmp(is->data, was->data, data_dw * sizeof is->data[0]) ? "changed data" : NULL;
}

static void judge_tx_stable(struct monitor *m, const struct dut_beat *tx)
{
    const char *broken = difference(&m->tx_offer, tx, m->data_dw);
    if (!check(m->checks, CHECK_STREAM_STABLE, !broken))
        check_report(m->checks, CHECK_STREAM_STABLE, -1,
                     "tx %s while its beat was not taken; allowed is to hold everything until ready", broken);
}

static void cycle_tx(struct monitor *m, uint64_t time, const struct dut_beat *tx, bool ready)
{
    if (m->tx_stalled)
        judge_tx_stable(m, tx);
    if (!tx->valid) {
        m->tx_stalled = false;
    } else if (ready) {
        m->tx_stalled = false;
        judge_keep(m, "tx", tx);
        beat_from_first(m, SEEN_TX, time, tx);
    } else {
        m->tx_stalled = true;
        m->tx_offer.keep = tx->keep;
        m->tx_offer.last = tx->last;
        memcpy(m->tx_offer.data, tx->data, m->data_dw * sizeof tx->data[0]);
    }
}

static void judge_csr_stable(struct monitor *m, const struct dut_out *out)
{
    const struct csr_request *was = &m->csr_offer;
    bool same = out->csr_valid && out->csr_write == was->write && out->csr_addr == was->addr &&
                out->csr_be == was->be && (!was->write || out->csr_wdata == was->wdata);
    if (!check(m->checks, CHECK_STREAM_STABLE, same))
        check_report(m->checks, CHECK_STREAM_STABLE, -1,
                     "a device register access at offset %Xh was %s before csr_ready; allowed is to hold it", was->addr,
                     out->csr_valid ? "changed" : "withdrawn");
}

static void cycle_csr(struct monitor *m, uint64_t time, const struct dut_out *out, bool ready)
{
    if (m->csr_stalled)
        judge_csr_stable(m, out);
    m->csr_stalled = out->csr_valid && !ready;
    if (out->csr_valid && ready)
        m->last_movement = time;
    if (m->csr_stalled)
        m->csr_offer = (struct csr_request){out->csr_write, out->csr_addr, out->csr_be, out->csr_wdata};
}

/* --- one clock --- */

static void drop_partial(struct monitor *m)
{
    for (unsigned s = 0; s < SEEN_STREAMS; s++) {
        struct lane *lane = &m->lane[s];
        if (!lane->tlp)
            continue;
        if (s == SEEN_RX || s == SEEN_TX)
            record_at(m, lane->record)->tlp = NULL; /* its place stays incomplete: tell_rest() passes over it */
        give_block(m, lane->tlp);
        lane->tlp = NULL;
    }
}

/* Tells all that is complete; the places of dropped TLPs are passed over. */
static void tell_rest(struct monitor *m)
{
    while (m->head != m->tail) {
        tell_front(m);
        if (m->head != m->tail)
            m->head++;
    }
}

static void enter_reset(struct monitor *m, uint64_t time)
{
    drop_partial(m);
    tell_rest(m);
    m->in_reset = true;
    m->tx_stalled = m->csr_stalled = false;
    m->flr_active = m->intx_level = false;
    add_plain(m, SEEN_RESET, time, -1);
    tell_front(m);
}

static void cycle_level(struct monitor *m, enum seen_kind kind, uint64_t time, bool *was, bool is)
{
    *was = is;
    add_plain(m, kind, time, is);
}

void monitor_cycle(struct monitor *m, uint64_t time, const struct dut_in *in, const struct dut_out *out)
{
    if (!in->rst_n || !in->link_up) {
        if (!m->in_reset)
            enter_reset(m, time);
        return;
    }
    m->in_reset = false;
    if (out->flr_active != m->flr_active)
        cycle_level(m, SEEN_FLR, time, &m->flr_active, out->flr_active);
    if (out->tx.valid || m->tx_stalled)
        cycle_tx(m, time, &out->tx, in->tx_tready);
    if (in->rx.valid && out->rx_tready)
        beat_from_first(m, SEEN_RX, time, &in->rx);
    if (in->dma.valid && out->dma_tready)
        beat_to_last(m, SEEN_DMA, time, &in->dma);
    if (in->dmr.valid && out->dmr_tready)
        beat_to_last(m, SEEN_DMR, time, &in->dmr);
    if (out->dmc.valid) {
        judge_keep(m, "dmc", &out->dmc);
        beat_to_last(m, SEEN_DMC, time, &out->dmc);
    }
    if (out->csr_valid || m->csr_stalled)
        cycle_csr(m, time, out, in->csr_ready);
    if (in->clr_valid && out->clr_ready)
        add_plain(m, SEEN_CLEAR, time, in->clr_vector);
    if (in->evt_valid && out->evt_ready)
        add_plain(m, SEEN_EVENT, time, in->evt_vector);
    if (in->intx_level != m->intx_level)
        cycle_level(m, SEEN_INTX, time, &m->intx_level, in->intx_level);
    if (m->head != m->tail)
        tell_front(m);
}
