/* tx_proxy.c - see tx_proxy.h */
#include "tx_proxy.h"

#include <string.h>

#include "stream.h"

void tx_proxy_init(struct tx_proxy *p, unsigned data_dw)
{
    memset(p, 0, sizeof *p);
    p->data_dw = data_dw;
    p->room = 1;
    tx_proxy_reset(p);
}

void tx_proxy_reset(struct tx_proxy *p)
{
    p->count = 0;
    p->leaving = NULL;
    p->beat = 0;
    p->arriving.n_dw = 0;
    p->n_unused = TX_PROXY_SLOTS;
    for (unsigned i = 0; i < TX_PROXY_SLOTS; i++)
        p->unused[i] = &p->slot[i];
}

static size_t beats_of(const struct tx_proxy *p, const struct tx_packet *packet)
{
    return stream_beats(packet->n_dw, p->data_dw);
}

/* A packet that is held does not count: it must not keep others from passing. */
static unsigned waiting(const struct tx_proxy *p)
{
    unsigned n = 0;
    for (unsigned i = 0; i < p->count; i++)
        n += !p->queue[i]->held;
    return n;
}

/* While a packet of many beats leaves, the next one may come in: else the stream could not be kept full. */
bool tx_proxy_ready(const struct tx_proxy *p)
{
    unsigned room = p->room + (p->leaving != NULL && beats_of(p, p->leaving) > 1);
    return p->n_unused > 2 && waiting(p) < room;
}

bool tx_proxy_empty(const struct tx_proxy *p)
{
    return waiting(p) == 0 && p->arriving.n_dw == 0;
}

static struct tx_packet *store(struct tx_proxy *p, unsigned place)
{
    if (p->n_unused == 0)
        return NULL;
    struct tx_packet *packet = p->unused[--p->n_unused];
    memmove(&p->queue[place + 1], &p->queue[place], (p->count - place) * sizeof p->queue[0]);
    p->queue[place] = packet;
    p->count++;
    return packet;
}

struct tx_packet *tx_proxy_take(struct tx_proxy *p, const struct dut_beat *beat)
{
    struct tx_packet *a = &p->arriving;
    a->n_dw = stream_take_beat(a->dw, TX_PROXY_DW, a->n_dw, beat, p->data_dw);
    if (!beat->last)
        return NULL;
    if (a->n_dw > TX_PROXY_DW)
        a->n_dw = TX_PROXY_DW;
    struct tx_packet *packet = a->n_dw > 0 ? store(p, p->count) : NULL;
    if (packet != NULL)
        *packet = *a;
    a->n_dw = 0;
    return packet;
}

static unsigned place_of(const struct tx_proxy *p, const struct tx_packet *packet)
{
    unsigned i = 0;
    while (i < p->count && p->queue[i] != packet)
        i++;
    return i;
}

struct tx_packet *tx_proxy_insert(struct tx_proxy *p, const struct tx_packet *after, const uint32_t *dw, unsigned n_dw)
{
    unsigned place = 0;
    if (after != NULL)
        place = place_of(p, after) + 1;
    else if (p->leaving != NULL)
        place = place_of(p, p->leaving) + 1;
    struct tx_packet *packet = place <= p->count ? store(p, place) : NULL;
    if (packet == NULL)
        return NULL;
    memset(packet, 0, sizeof *packet);
    memcpy(packet->dw, dw, n_dw * sizeof *dw);
    packet->n_dw = n_dw;
    packet->made_up = true;
    return packet;
}

void tx_proxy_remove(struct tx_proxy *p, struct tx_packet *packet)
{
    unsigned place = place_of(p, packet);
    if (place == p->count)
        return;
    p->count--;
    memmove(&p->queue[place], &p->queue[place + 1], (p->count - place) * sizeof p->queue[0]);
    p->unused[p->n_unused++] = packet;
}

static struct tx_packet *first_free(const struct tx_proxy *p)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (!p->queue[i]->held)
            return p->queue[i];
    }
    return NULL;
}

void tx_proxy_present(struct tx_proxy *p, struct dut_beat *beat)
{
    memset(beat, 0, sizeof *beat);
    if (p->leaving == NULL && !p->stalled) {
        p->leaving = first_free(p);
        p->beat = 0;
    }
    const struct tx_packet *packet = p->leaving;
    if (packet == NULL)
        return;
    stream_put_beat(beat, packet->dw, packet->n_dw, (size_t)p->beat * p->data_dw, p->data_dw);
    if (packet->keep_beat == p->beat)
        beat->keep ^= packet->keep_flip;
}

const struct tx_packet *tx_proxy_accept(struct tx_proxy *p)
{
    struct tx_packet *packet = p->leaving;
    if (packet == NULL || ++p->beat < beats_of(p, packet))
        return NULL;
    p->leaving = NULL;
    p->beat = 0;
    tx_proxy_remove(p, packet);
    return packet;
}

bool tx_proxy_check_invariants(const struct tx_proxy *p)
{
    bool ok = p->count + p->n_unused == TX_PROXY_SLOTS;
    for (unsigned i = 0; i < p->count && ok; i++) {
        ok = p->queue[i] >= p->slot && p->queue[i] < p->slot + TX_PROXY_SLOTS && p->queue[i]->n_dw > 0;
        for (unsigned k = 0; k < i && ok; k++)
            ok = p->queue[k] != p->queue[i];
    }
    return ok && (p->leaving == NULL || place_of(p, p->leaving) < p->count);
}
