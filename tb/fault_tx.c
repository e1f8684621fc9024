/* fault_tx.c - planted faults: what happens to whole TLPs on tx. See fault_plan.h. */
#include <string.h>

#include "fault_plan.h"

enum { SPARE_TAG = 0xEE };

#define TLP_DW0_TD UINT32_C(0x00008000)
#define TLP_DW0_4DW UINT32_C(0x20000000)

bool fault_flip(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    unsigned dw = f->plan->dw + (f->plan->payload ? what->tlp.header_dw : 0);
    if (dw >= packet->n_dw)
        return false;
    packet->dw[dw] ^= f->plan->payload ? tlp_payload_le(f->plan->flip) : f->plan->flip;
    return true;
}

bool fault_mix(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const unsigned dw = what->tlp.header_dw + f->plan->dw;
    /* Lower Address is that of the first enabled byte; entries begin where the table does, modulo 16 */
    const unsigned field = (what->tlp.lower_address - f->config->table_offset) / 4 % 4 + f->plan->dw;
    if (dw >= packet->n_dw || what->index < 0 || field > 3)
        return false;
    const uint32_t before = packet->dw[dw], mask = tlp_payload_le(f->plan->mask);
    packet->dw[dw] = (before & ~mask) | (tlp_payload_le(f->view.entry[what->index].field[field]) & mask);
    return packet->dw[dw] != before;
}

bool fault_drop(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    tx_proxy_remove(&f->tx, packet);
    return true;
}

bool fault_duplicate(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    return tx_proxy_insert(&f->tx, packet, packet->dw, packet->n_dw) != NULL;
}

bool fault_repeat(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    f->copy = *packet;
    f->due = f->time + f->plan->amount;
    return true;
}

bool fault_hold(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    packet->held = true;
    f->passed = f->in_front = 0;
    for (unsigned i = 0; i < f->tx.count; i++)
        f->in_front += !f->tx.queue[i]->held;
    return true;
}

bool fault_starve(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    if (f->first_vector < 0)
        f->first_vector = what->index;
    if (f->vector < 0 && what->index != f->first_vector)
        f->vector = what->index;
    if (what->index < 0 || what->index != f->vector || f->passed >= f->plan->count)
        return false;
    packet->held = true;
    return true;
}

bool fault_delay(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)packet;
    (void)what;
    f->tx.stalled = true;
    f->due = f->time + f->plan->amount;
    return true;
}

bool fault_truncate(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    if (packet->n_dw <= f->plan->amount)
        return false;
    packet->n_dw -= f->plan->amount;
    return true;
}

static bool append(struct tx_packet *packet, unsigned dws)
{
    if (packet->n_dw + dws > TX_PROXY_DW)
        return false;
    memset(&packet->dw[packet->n_dw], 0, dws * sizeof packet->dw[0]);
    packet->n_dw += dws;
    return true;
}

bool fault_extend(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    return append(packet, f->plan->amount);
}

bool fault_lengthen(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    if (what->tlp.length != 1 || !append(packet, 1))
        return false;
    packet->dw[0] += 1;
    packet->dw[1] |= UINT32_C(0xF0);
    return true;
}

bool fault_add_digest(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    (void)what;
    if (!append(packet, 1))
        return false;
    packet->dw[0] |= TLP_DW0_TD;
    return true;
}

bool fault_widen(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    if (what->tlp.is_4dw || !append(packet, 1))
        return false;
    memmove(&packet->dw[3], &packet->dw[2], (packet->n_dw - 3) * sizeof packet->dw[0]);
    packet->dw[2] = 0;
    packet->dw[0] |= TLP_DW0_4DW;
    return true;
}

bool fault_keep_hole(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    packet->keep_beat = (packet->n_dw - 1) / f->config->data_dw;
    packet->keep_flip = 1;
    return true;
}

bool fault_keep_short(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    if (packet->n_dw <= f->config->data_dw)
        return false;
    packet->keep_beat = 0;
    packet->keep_flip = UINT32_C(1) << (f->config->data_dw - 1);
    return true;
}

/* A message for entry `vector` as the host programmed it, in the name of the requester of `like`. */
static unsigned build_message(const struct fault *f, int vector, const struct tlp *like, uint32_t *dw)
{
    const struct fault_entry *e = &f->view.entry[vector];
    const uint32_t payload = tlp_payload_le(e->field[2]);
    const struct tlp t = {
        .kind = TLP_MWR,
        .length = 1,
        .first_be = 0xF,
        .requester_id = like->requester_id,
        .address = (uint64_t)e->field[1] << 32 | (e->field[0] & ~UINT32_C(3)),
        .is_4dw = e->field[1] != 0,
    };
    return (unsigned)tlp_encode(&t, &payload, dw, TX_PROXY_DW);
}

bool fault_other_entry(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    int vector = fault_view_idle_vector(&f->view, false);
    if (vector < 0)
        return false;
    packet->n_dw = build_message(f, vector, &what->tlp, packet->dw);
    return true;
}

static bool add_message(struct fault *f, const struct tx_packet *after, const struct tlp *like, int vector)
{
    uint32_t dw[TX_PROXY_DW];
    if (vector < 0)
        return false;
    unsigned n = build_message(f, vector, like, dw);
    return tx_proxy_insert(&f->tx, after, dw, n) != NULL;
}

/* Completions name the function as the completer. */
static struct tlp in_the_name_of(const struct tlp *t)
{
    struct tlp like = *t;
    if (tlp_class(t->kind) == TLP_COMPLETION)
        like.requester_id = t->completer_id;
    return like;
}

bool fault_add_masked(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const struct tlp like = in_the_name_of(&what->tlp);
    return add_message(f, packet, &like, fault_view_masked_vector(&f->view));
}

bool fault_add_idle(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const struct tlp like = in_the_name_of(&what->tlp);
    return add_message(f, packet, &like, fault_view_idle_vector(&f->view, false));
}

static bool add(struct fault *f, const struct tx_packet *after, const struct tlp *t, const uint32_t *payload)
{
    uint32_t dw[TX_PROXY_DW];
    unsigned n = (unsigned)tlp_encode(t, payload, dw, TX_PROXY_DW);
    return n > 0 && tx_proxy_insert(&f->tx, after, dw, n) != NULL;
}

bool fault_add_idle_masked(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const struct tlp like = in_the_name_of(&what->tlp);
    return add_message(f, packet, &like, fault_view_idle_vector(&f->view, true));
}

bool fault_add_unknown(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const uint32_t payload = 0;
    struct tlp t = {.kind = TLP_MWR, .length = 1, .first_be = 0xF, .address = f->plan->flip};
    t.requester_id = in_the_name_of(&what->tlp).requester_id;
    return add(f, packet, &t, &payload);
}

bool fault_add_read(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    struct tlp t = {.kind = TLP_MRD, .length = 1, .first_be = 0xF, .address = UINT64_C(0x1000)};
    t.requester_id = in_the_name_of(&what->tlp).requester_id;
    return add(f, packet, &t, NULL);
}

bool fault_add_completion(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    const uint32_t payload = 0;
    struct tlp t = {.kind = TLP_CPLD, .length = 1, .byte_count = 4, .tag = SPARE_TAG};
    t.completer_id = in_the_name_of(&what->tlp).requester_id;
    t.requester_id = tlp_class(what->tlp.kind) == TLP_COMPLETION ? what->tlp.requester_id : 0;
    return add(f, packet, &t, &payload);
}

bool fault_keep_over_flr(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    f->copy = *packet;
    tx_proxy_remove(&f->tx, packet);
    return true;
}

bool fault_as_msgd(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    if (!what->tlp.is_4dw)
        fault_widen(f, packet, what);
    packet->dw[0] |= UINT32_C(0x14000000); /* Type 10100b: local */
    return true;
}

bool fault_power_up_tag(struct fault *f, struct tx_packet *packet, const struct fault_what *what)
{
    (void)what;
    packet->dw[1] = (packet->dw[1] & ~UINT32_C(0xFF00)) | (f->power_up & UINT32_C(0xFF)) << 8;
    return true;
}

bool fault_is_4dw(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    (void)packet;
    return what->tlp.is_4dw;
}

bool fault_is_3dw(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    (void)packet;
    return !what->tlp.is_4dw;
}

bool fault_has_data(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what)
{
    (void)f;
    (void)packet;
    return what->tlp.payload_dw > 0;
}
