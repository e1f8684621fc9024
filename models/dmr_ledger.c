#include "dmr_ledger.h"

#include <string.h>

void dmr_ledger_init(struct dmr_ledger *l)
{
    memset(l, 0, sizeof *l);
}

int dmr_ledger_accept(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n, uint64_t data_mark)
{
    struct dmr_read *read = &l->read[t->tag % DMR_TAGS];

    if (t->kind != TLP_MRD || t->defect != TLP_OK || n > DMR_REQUEST_DW || t->tag >= DMR_TAGS || read->outstanding)
        return -1;
    *read = (struct dmr_read){.outstanding = true,
                              .waiting = true,
                              .n_dw = (uint8_t)n,
                              .data_mark = data_mark,
                              .remaining = tlp_read_byte_count(t)};
    memcpy(read->dw, dw, n * sizeof *dw);
    l->waiting++;
    l->outstanding++;
    return 0;
}

enum dmr_sent dmr_ledger_send(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n,
                              uint64_t data_sent)
{
    struct dmr_read *read = &l->read[t->tag % DMR_TAGS];

    if (t->tag >= DMR_TAGS || !read->waiting)
        return t->tag < DMR_TAGS && read->dropped ? DMR_DROPPED : DMR_UNKNOWN;
    read->waiting = false;
    l->waiting--;
    if (n != read->n_dw || memcmp(dw, read->dw, n * sizeof *dw) != 0)
        return DMR_ALTERED;
    return data_sent < read->data_mark ? DMR_EARLY : DMR_SENT;
}

static void end_read(struct dmr_ledger *l, struct dmr_read *read)
{
    read->outstanding = false;
    read->vague = false;
    l->outstanding--;
    l->waiting -= read->waiting; /* answered before it was asked: that tag does not wait any more */
    read->waiting = false;
}

static void make_due(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n, bool optional)
{
    const size_t kept = n < DMR_DUE_DW ? n : DMR_DUE_DW;

    if (l->n_due == DMR_DUE) /* never with a block that delivers: the oldest makes room */
        memmove(&l->due[0], &l->due[1], (size_t)--l->n_due * sizeof l->due[0]);
    struct dmr_due *due = &l->due[l->n_due++];
    due->optional = optional;
    due->n_dw = (uint16_t)n;
    due->tag = (uint8_t)t->tag;
    memcpy(due->dw, dw, kept * sizeof *dw);
}

/* Data that cannot be what was asked for next. */
static bool is_malformed(const struct dmr_read *read, const struct tlp *t)
{
    const uint32_t skipped = t->lower_address & 3U;
    const uint32_t most_dw = (read->remaining + skipped + 3) / 4;

    return t->kind != TLP_CPLD || t->byte_count != read->remaining || t->payload_dw > most_dw;
}

static void take_data(struct dmr_ledger *l, struct dmr_read *read, const struct tlp *t)
{
    const uint32_t bytes = 4U * t->payload_dw - (t->lower_address & 3U);

    read->remaining -= bytes < read->remaining ? bytes : read->remaining;
    if (read->remaining == 0)
        end_read(l, read);
}

enum dmr_answer dmr_ledger_complete(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n, bool ours,
                                    bool certain)
{
    const bool plain = t->kind == TLP_CPL || t->kind == TLP_CPLD;
    struct dmr_read *read = &l->read[t->tag % DMR_TAGS];

    if (!plain || !ours || t->tag >= DMR_TAGS || !read->outstanding)
        return DMR_UNEXPECTED;
    if (!certain || read->vague) {
        read->vague = true;
        make_due(l, t, dw, n, true);
        return DMR_DELIVER;
    }
    if (t->status == TLP_SC && is_malformed(read, t))
        return DMR_MALFORMED;
    make_due(l, t, dw, n, false);
    if (t->status == TLP_SC)
        take_data(l, read, t);
    else
        end_read(l, read);
    return DMR_DELIVER;
}

static void remove_due(struct dmr_ledger *l, unsigned k)
{
    l->n_due--;
    memmove(&l->due[k], &l->due[k + 1], (l->n_due - k) * sizeof l->due[0]);
}

static bool same(const struct dmr_due *due, const uint32_t *dw, size_t n)
{
    const size_t kept = n < DMR_DUE_DW ? n : DMR_DUE_DW;
    return due->n_dw == n && memcmp(due->dw, dw, kept * sizeof *dw) == 0;
}

/* It was delivered, so it has matched. */
static void learn(struct dmr_ledger *l, const struct tlp *t)
{
    struct dmr_read *read = &l->read[t->tag % DMR_TAGS];

    if (!read->outstanding)
        return;
    if (t->status == TLP_SC)
        take_data(l, read, t);
    else
        end_read(l, read);
}

enum dmr_delivery dmr_ledger_deliver(struct dmr_ledger *l, const struct tlp *t, const uint32_t *dw, size_t n)
{
    int first = -1;

    for (unsigned k = 0; k < l->n_due; k++) {
        if (l->due[k].tag != t->tag)
            continue;
        if (same(&l->due[k], dw, n)) {
            if (l->due[k].optional)
                learn(l, t);
            remove_due(l, k);
            return first < 0 ? DMC_DUE : DMC_OVERTAKES;
        }
        if (first < 0 && !l->due[k].optional)
            first = (int)k;
    }
    if (first < 0)
        return DMC_UNKNOWN;
    remove_due(l, (unsigned)first);
    return DMC_ALTERED;
}

void dmr_ledger_forget(struct dmr_ledger *l)
{
    for (unsigned tag = 0; tag < DMR_TAGS; tag++) {
        l->read[tag].dropped |= l->read[tag].waiting;
        l->read[tag].outstanding = l->read[tag].waiting = l->read[tag].vague = false;
    }
    l->waiting = l->outstanding = l->n_due = 0;
}

unsigned dmr_ledger_waiting(const struct dmr_ledger *l)
{
    return l->waiting;
}

unsigned dmr_ledger_outstanding(const struct dmr_ledger *l)
{
    return l->outstanding;
}

unsigned dmr_ledger_owed(const struct dmr_ledger *l)
{
    unsigned owed = 0;

    for (unsigned k = 0; k < l->n_due; k++)
        owed += !l->due[k].optional;
    return owed;
}

bool dmr_ledger_settled(const struct dmr_ledger *l)
{
    bool vague = l->n_due > 0;

    for (unsigned tag = 0; tag < DMR_TAGS && !vague && l->outstanding > 0; tag++)
        vague = l->read[tag].vague;
    return !vague;
}
