#include "oracle.h"

#include <string.h>

_Static_assert(sizeof(struct oracle_state) == 40, "states have no padding and are five QWORDs");

/* --- the set of states --- */

static uint32_t hash(const struct oracle_state *s)
{
    uint64_t qword[5], h = 0;
    memcpy(qword, s, sizeof qword);
    for (unsigned k = 0; k < 5; k++)
        h = (h ^ qword[k] ^ h >> 29) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

static void insert(struct oracle *o, const struct oracle_state *s)
{
    uint32_t at = hash(s) & (2 * ORACLE_STATES - 1);
    while (o->slot[at]) {
        if (memcmp(&o->state[o->slot[at] - 1], s, sizeof *s) == 0)
            return;
        at = (at + 1) & (2 * ORACLE_STATES - 1);
    }
    if (o->n_states == ORACLE_STATES) {
        o->overflow = true;
        return;
    }
    o->state[o->n_states] = *s;
    o->slot[at] = (uint16_t)++o->n_states;
}

/* No state is left; the slots are emptied one by one, because there are many more of them than states. */
static void forget_states(struct oracle *o)
{
    for (unsigned k = 0; k < o->n_states; k++) {
        uint32_t at = hash(&o->state[k]) & (2 * ORACLE_STATES - 1);
        for (; o->slot[at]; at = (at + 1) & (2 * ORACLE_STATES - 1))
            o->slot[at] = 0;
    }
    o->n_states = 0;
}

static void close_states(struct oracle *o)
{
    struct oracle_state next[ORACLE_SUCCESSORS];
    for (unsigned k = 0; k < o->n_states && !o->overflow; k++) {
        const struct oracle_state from = o->state[k];
        const unsigned n = oracle_successors(o, &from, next);
        for (unsigned i = 0; i < n; i++)
            insert(o, &next[i]);
    }
}

/* --- hidden steps --- */

static bool masked(const struct oracle *o, const struct oracle_state *s)
{
    return o->control[s->controls].fmask || (o->entry[s->entries].dw[3] & 1);
}

/* Commits the pending event: a message with what the entry holds now, behind the data of the newest event in it. */
static void commit(struct oracle_state *s, uint8_t fields)
{
    s->queue[s->n_queue++] = (struct oracle_message){.fields = fields, .mark = s->mark, .shows = 1};
    s->pending = s->mark = 0;
}

static struct oracle_state without_pending(struct oracle_state s)
{
    s.pending = s.mark = 0;
    return s;
}

static struct oracle_state without_shown(struct oracle_state s)
{
    for (unsigned k = 0; k < s.n_queue; k++)
        s.queue[k].shows = 0;
    return s;
}

static bool reads_one(const struct oracle_state *s)
{
    for (unsigned k = 0; k < s->n_queue; k++)
        if (s->queue[k].shows)
            return true;
    return s->pending;
}

/* The next configuration write takes effect; pending bits may be dropped where Enable goes from 1 to 0. */
static unsigned apply_control(const struct oracle *o, const struct oracle_state *from, struct oracle_state *to)
{
    struct oracle_state next = *from;
    next.controls++;
    const bool off = o->control[from->controls].enable && !o->control[next.controls].enable;
    unsigned n = 0;
    if (off && o->policy.keep_on_disable == POLICY_NO)
        next = without_shown(next);
    if (!off || !from->pending || o->policy.keep_on_disable != POLICY_NO)
        to[n++] = next;
    if (off && from->pending && o->policy.keep_on_disable != POLICY_YES)
        to[n++] = without_pending(next);
    return n;
}

static unsigned sample_reads(const struct oracle *o, const struct oracle_state *from, struct oracle_state *to)
{
    unsigned n = 0;
    for (unsigned k = 0; k < from->n_reads; k++) {
        const struct oracle_read_info *info = &o->read[from->read[k].id];
        if (from->read[k].sampled || from->controls < info->controls_before || from->entries < info->entries_before)
            continue;
        struct oracle_state sampled = *from;
        sampled.read[k].sampled = 1;
        sampled.read[k].ahead = info->relaxed ? 0 : from->n_queue;
        if (info->other) {
            to[n++] = sampled;
            continue;
        }
        sampled.read[k].value = reads_one(from);
        if (sampled.read[k].value)
            to[n++] = sampled;
        sampled.read[k].value = 0;
        if (!from->pending) /* what showed has fallen */
            to[n++] = without_shown(sampled);
    }
    return n;
}

unsigned oracle_successors(struct oracle *o, const struct oracle_state *from, struct oracle_state *to)
{
    const struct oracle_control *now = &o->control[from->controls];
    unsigned n = 0;
    if (from->controls < o->n_controls && from->entries >= o->control[from->controls + 1].entries_before)
        n += apply_control(o, from, to);
    if (from->entries < o->n_entries) {
        to[n] = *from;
        to[n++].entries++;
    }
    if (from->pending && now->enable && now->bme && !masked(o, from)) {
        if (from->n_queue == ORACLE_QUEUE) {
            o->overflow = true;
            return 0;
        }
        to[n] = *from;
        commit(&to[n++], o->entry[from->entries].fields);
    }
    if (from->pending && now->enable && !now->bme && !masked(o, from) && o->policy.hold_while_bme_off != POLICY_YES)
        to[n++] = without_pending(*from);
    return n + sample_reads(o, from, to + n);
}

/* --- what is seen --- */

/* An event may be left to a message of an open entry that has not left yet, if that one then waits for its data. */
static bool joins_message(const struct oracle *o, const struct oracle_state *from)
{
    const struct oracle_control *now = &o->control[from->controls];
    return now->enable && now->bme && !masked(o, from) && !from->pending && from->n_queue > 0;
}

static unsigned take_event(const struct oracle *o, const struct oracle_state *from, struct oracle_state to[2])
{
    const struct oracle_control *now = &o->control[from->controls];
    enum policy_tristate recorded = POLICY_YES;
    unsigned n = 0;
    if (!now->enable)
        recorded = o->policy.record_while_disabled;
    else if (!now->bme)
        recorded = masked(o, from) ? o->policy.record_masked_while_bme_off : o->policy.hold_while_bme_off;
    if (recorded != POLICY_NO) {
        to[n] = *from;
        to[n].pending = 1;
        to[n++].mark = o->data;
    }
    if (recorded != POLICY_YES)
        to[n++] = *from;
    if (joins_message(o, from)) {
        to[n] = *from;
        to[n++].queue[from->n_queue - 1].mark = o->data;
    }
    return n;
}

static unsigned take_message(const struct oracle *o, const struct oracle_state *from, const struct trace_op *op,
                             struct oracle_state *to)
{
    if (from->n_queue == 0)
        return 0;
    const struct oracle_message *head = &from->queue[0];
    if (head->mark > o->data_sent || oracle_address(o, head->fields) != op->address ||
        oracle_data(o, head->fields) != op->data)
        return 0;
    *to = *from;
    to->n_queue--;
    memmove(to->queue, to->queue + 1, to->n_queue * sizeof to->queue[0]);
    to->queue[to->n_queue] = (struct oracle_message){0};
    for (unsigned k = 0; k < to->n_reads; k++)
        if (to->read[k].ahead > 0)
            to->read[k].ahead--;
    return 1;
}

static unsigned take_read_done(const struct oracle_state *from, const struct trace_op *op, struct oracle_state *to)
{
    unsigned k = 0;
    while (k < from->n_reads && from->read[k].id != op->id)
        k++;
    if (k == from->n_reads || !from->read[k].sampled || from->read[k].ahead > 0 || from->read[k].value != op->bit)
        return 0;
    *to = *from;
    to->n_reads--;
    memmove(to->read + k, to->read + k + 1, (to->n_reads - k) * sizeof to->read[0]);
    to->read[to->n_reads] = (struct oracle_read){0};
    return 1;
}

unsigned oracle_apply(const struct oracle *o, const struct oracle_state *from, const struct trace_op *op,
                      struct oracle_state to[2])
{
    to[0] = *from;
    switch (op->kind) {
    case TRACE_EVENT:
        return take_event(o, from, to);
    case TRACE_CLEAR:
        to[0] = without_shown(without_pending(*from));
        return 1;
    case TRACE_CONTROL_DONE:
        return from->controls > op->id;
    case TRACE_READ:
        if (from->n_reads < ORACLE_READS)
            to[0].read[to[0].n_reads++] = (struct oracle_read){.id = op->id};
        return from->n_reads < ORACLE_READS;
    case TRACE_READ_DONE:
        return take_read_done(from, op, to);
    case TRACE_MESSAGE:
        return take_message(o, from, op, to);
    case TRACE_FINISH:
        return !from->pending && from->n_queue == 0;
    default:
        return 1;
    }
}

static void record_entry(struct oracle *o, const struct trace_op *op)
{
    struct oracle_entry *entry = &o->entry[o->n_entries + 1];
    *entry = o->entry[o->n_entries];
    for (unsigned byte = 0; byte < 16; byte++) {
        if (!(op->be[byte / 4] >> byte % 4 & 1))
            continue;
        const uint32_t lane = UINT32_C(0xFF) << 8 * (byte % 4);
        entry->dw[byte / 4] = (entry->dw[byte / 4] & ~lane) | (op->value[byte / 4] & lane);
    }
    entry->fields = ++o->n_entries;
    for (uint8_t k = 0; k < o->n_entries; k++)
        if (oracle_address(o, k) == oracle_address(o, o->n_entries) && o->entry[k].dw[2] == entry->dw[2]) {
            entry->fields = k;
            return;
        }
}

void oracle_record(struct oracle *o, const struct trace_op *op)
{
    switch (op->kind) {
    case TRACE_DATA:
        o->data++;
        break;
    case TRACE_DATA_SENT:
        o->data_sent++;
        break;
    case TRACE_CONTROL:
        o->control[++o->n_controls] = (struct oracle_control){op->enable, op->fmask, op->bme, o->n_entries};
        break;
    case TRACE_ENTRY:
        record_entry(o, op);
        break;
    case TRACE_READ:
        o->read[o->n_reads++] = (struct oracle_read_info){o->n_controls, o->n_entries, op->relaxed, op->other};
        break;
    default:
        break;
    }
}

bool oracle_step(struct oracle *o, const struct trace_op *op)
{
    const struct oracle_state *before = o->state;
    const unsigned n = o->n_states;
    oracle_record(o, op);
    forget_states(o);
    o->state = o->table[o->state == o->table[0]];
    for (unsigned k = 0; k < n; k++) {
        struct oracle_state to[2];
        const unsigned m = oracle_apply(o, &before[k], op, to);
        for (unsigned i = 0; i < m; i++)
            insert(o, &to[i]);
    }
    close_states(o);
    return o->n_states > 0 || o->overflow;
}

void oracle_init(struct oracle *o, const struct policy *policy)
{
    if (o->n_states > 0)
        forget_states(o);
    o->policy = *policy;
    o->state = o->table[0];
    o->overflow = false;
    o->n_controls = o->n_entries = o->n_reads = o->data = o->data_sent = 0;
    o->control[0] = (struct oracle_control){0};
    o->entry[0] = (struct oracle_entry){.dw = {0, 0, 0, 1}};
    insert(o, &(struct oracle_state){0});
}

uint64_t oracle_address(const struct oracle *o, unsigned fields)
{
    return (uint64_t)o->entry[fields].dw[1] << 32 | (o->entry[fields].dw[0] & ~UINT32_C(3));
}

uint32_t oracle_data(const struct oracle *o, unsigned fields)
{
    return o->entry[fields].dw[2];
}
