#include "order_ledger.h"

#include <string.h>

static struct ledger_write *slot(struct order_ledger *l, uint64_t index)
{
    return &l->write[index % LEDGER_SLOTS];
}

void order_ledger_init(struct order_ledger *l)
{
    l->accepted = l->sent = 0;
    for (unsigned k = 0; k < LEDGER_SLOTS; k++)
        l->write[k].n_dw = 0;
}

enum ledger_acceptance order_ledger_accept(struct order_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n)
{
    if (n > LEDGER_TLP_DW)
        return LEDGER_TOO_LONG;
    if (order_ledger_waiting(l) >= LEDGER_SLOTS)
        return LEDGER_FULL;
    struct ledger_write *w = slot(l, l->accepted++);
    w->n_dw = (uint16_t)n;
    w->ro = t->ro;
    w->sent = w->dropped = false;
    memcpy(w->dw, dw, n * sizeof *dw);
    return LEDGER_ACCEPTED;
}

static bool same(const struct ledger_write *w, const uint32_t *dw, size_t n)
{
    return w->n_dw == n && memcmp(w->dw, dw, n * sizeof *dw) == 0;
}

static bool same_address(const struct ledger_write *w, const struct tlp *t)
{
    struct tlp due;
    tlp_decode(w->dw, w->n_dw, &due);
    return due.address == t->address;
}

static void take(struct order_ledger *l, uint64_t index)
{
    slot(l, index)->sent = true;
    while (l->sent < l->accepted && slot(l, l->sent)->sent)
        l->sent++;
}

/* Not the one at the head of the row: one behind it? */
static enum ledger_verdict send_out_of_row(struct order_ledger *l, const uint32_t *dw, size_t n)
{
    for (uint64_t k = l->sent; k < l->accepted; k++) {
        struct ledger_write *w = slot(l, k);
        if (w->sent || !same(w, dw, n))
            continue;
        take(l, k);
        return w->ro ? LEDGER_SENT : LEDGER_OVERTAKES;
    }
    return LEDGER_UNKNOWN;
}

/* A write that is not due: what may it have been? */
static enum ledger_verdict explain(struct order_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n)
{
    const uint64_t kept = l->accepted < LEDGER_SLOTS ? l->accepted : LEDGER_SLOTS;
    for (uint64_t k = l->accepted - kept; k < l->accepted; k++)
        if (slot(l, k)->sent && same(slot(l, k), dw, n))
            return slot(l, k)->dropped ? LEDGER_DROPPED : LEDGER_AGAIN;
    for (uint64_t k = l->sent; k < l->accepted; k++)
        if (!slot(l, k)->sent && same_address(slot(l, k), t))
            return LEDGER_ALTERED;
    return LEDGER_UNKNOWN;
}

enum ledger_verdict order_ledger_send(struct order_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n)
{
    if (l->sent < l->accepted && same(slot(l, l->sent), dw, n)) {
        take(l, l->sent);
        return LEDGER_SENT;
    }
    enum ledger_verdict verdict = send_out_of_row(l, dw, n);
    if (verdict != LEDGER_UNKNOWN)
        return verdict;
    return explain(l, t, dw, n);
}

void order_ledger_drop(struct order_ledger *l)
{
    for (; l->sent < l->accepted; l->sent++) {
        struct ledger_write *w = slot(l, l->sent);
        w->dropped = !w->sent;
        w->sent = true;
    }
}

uint64_t order_ledger_waiting(const struct order_ledger *l)
{
    return l->accepted - l->sent;
}
