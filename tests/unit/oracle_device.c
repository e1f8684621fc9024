#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oracle_device.h"

enum { MAX_OWED = 4 };

uint32_t below(struct rng *r, uint32_t n)
{
    r->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = (r->state ^ r->state >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) >> 32) % n;
}

bool one_in(struct rng *r, uint32_t n)
{
    return below(r, n) == 0;
}

/* --- a device that keeps the rules --- */

struct device {
    struct oracle *o;      /* its record of the trace and its steps; not its set */
    struct oracle_state s; /* where the device stands */
    struct trace t;
    struct rng *rng;
    uint8_t controls_done, entries_proven; /* completed; proven by a completion */
    uint8_t entries_at_control[ORACLE_OPS];
    bool stalled;   /* tx */
    unsigned limit; /* writes and reads under way */
    unsigned owed;  /* most messages that may be on their way */
    unsigned events, events_at_read[ORACLE_OPS];
};

/* Puts an op into the trace; the device must be able to do it. */
static void emit(struct device *d, struct trace_op op)
{
    struct oracle_state to[2];
    oracle_record(d->o, &op);
    const unsigned n = oracle_apply(d->o, &d->s, &op, to);
    assert_true(n > 0 && d->t.n < ORACLE_OPS);
    d->s = to[below(d->rng, n)];
    d->t.op[d->t.n++] = op;
}

static bool hidden_step(struct device *d)
{
    struct oracle_state to[ORACLE_SUCCESSORS];
    const unsigned n = d->s.n_queue < ORACLE_QUEUE ? oracle_successors(d->o, &d->s, to) : 0;
    if (n > 0)
        d->s = to[below(d->rng, n)];
    return n > 0;
}

static bool send_message(struct device *d)
{
    if (d->s.n_queue == 0 || d->s.queue[0].mark > d->o->data_sent)
        return false;
    const unsigned fields = d->s.queue[0].fields;
    d->owed -= d->owed > 0;
    emit(d, (struct trace_op){
                .kind = TRACE_MESSAGE, .address = oracle_address(d->o, fields), .data = oracle_data(d->o, fields)});
    return true;
}

static void proven(struct device *d, uint8_t entries)
{
    if (entries > d->entries_proven)
        d->entries_proven = entries;
}

static bool finish_read(struct device *d)
{
    const unsigned k = d->s.n_reads ? below(d->rng, d->s.n_reads) : 0;
    const struct oracle_read read = d->s.read[k];
    if (d->s.n_reads == 0 || !read.sampled || read.ahead > 0)
        return false;
    emit(d, (struct trace_op){.kind = TRACE_READ_DONE,
                              .id = read.id,
                              .bit = read.value,
                              .relaxed = d->o->read[read.id].relaxed,
                              .other = d->o->read[read.id].other});
    proven(d, d->o->read[read.id].entries_before);
    const unsigned since = d->events - d->events_at_read[read.id] + 1;
    if (!d->o->read[read.id].relaxed && d->owed > since)
        d->owed = since;
    return true;
}

static bool finish_control(struct device *d)
{
    if (d->controls_done >= d->s.controls)
        return false;
    proven(d, d->o->control[d->controls_done + 1].entries_before);
    emit(d, (struct trace_op){.kind = TRACE_CONTROL_DONE, .id = d->controls_done++});
    return true;
}

static bool send_data(struct device *d)
{
    if (d->o->data_sent >= d->o->data)
        return false;
    emit(d, (struct trace_op){.kind = TRACE_DATA_SENT});
    return true;
}

/* Something on tx. */
static bool output(struct device *d)
{
    switch (below(d->rng, 5)) {
    case 0:
        return finish_read(d);
    case 1:
        return finish_control(d);
    case 2:
        return send_data(d);
    default:
        return send_message(d);
    }
}

/* --- stimulus --- */

static void control(struct device *d, bool enable, bool fmask, bool bme)
{
    emit(d, (struct trace_op){
                .kind = TRACE_CONTROL, .id = d->o->n_controls, .enable = enable, .fmask = fmask, .bme = bme});
}

static void random_control(struct device *d)
{
    const struct oracle_control now = d->o->control[d->o->n_controls];
    if (d->o->n_controls - d->controls_done >= (int)d->limit)
        return;
    switch (below(d->rng, 8)) {
    case 0:
        control(d, !now.enable, now.fmask, now.bme);
        break;
    case 1:
        control(d, now.enable, now.fmask, !now.bme);
        break;
    case 2:
        control(d, below(d->rng, 2), below(d->rng, 2), below(d->rng, 2));
        break;
    case 3:
    case 4:
        control(d, true, false, true);
        break;
    default:
        control(d, now.enable, !now.fmask, now.bme);
        break;
    }
}

static void write_dw(struct device *d, unsigned dw, uint32_t value)
{
    struct trace_op op = {.kind = TRACE_ENTRY};
    op.be[dw] = 0xF;
    op.value[dw] = value;
    emit(d, op);
}

static void write_data_and_mask(struct device *d, uint32_t data, bool mask)
{
    emit(d, (struct trace_op){.kind = TRACE_ENTRY, .be = {0, 0, 0xF, 0xF}, .value = {0, 0, data, mask}});
}

static void random_entry(struct device *d)
{
    const bool mask = d->o->entry[d->o->n_entries].dw[3] & 1;
    const uint32_t random = below(d->rng, 3);
    if (d->o->n_entries - d->entries_proven >= (int)d->limit)
        return;
    switch (below(d->rng, 8)) {
    case 0:
    case 1:
        if (mask || one_in(d->rng, 4))
            write_dw(d, 2, 0x40 + random);
        break;
    case 2:
        if (mask || one_in(d->rng, 4))
            write_dw(d, below(d->rng, 2), 0x1000 * random);
        break;
    case 3:
        if (mask)
            write_data_and_mask(d, 0x40 + random, false);
        break;
    default:
        write_dw(d, 3, !mask);
        break;
    }
}

static void stimulus(struct device *d)
{
    switch (below(d->rng, 16)) {
    case 0:
        emit(d, (struct trace_op){.kind = TRACE_CLEAR});
        break;
    case 1:
    case 2:
        random_control(d);
        break;
    case 3:
    case 4:
    case 5:
        random_entry(d);
        break;
    case 6:
    case 7:
    case 8:
        d->events_at_read[d->o->n_reads] = d->events;
        if (d->s.n_reads < d->limit)
            emit(d, (struct trace_op){.kind = TRACE_READ,
                                      .id = d->o->n_reads,
                                      .relaxed = one_in(d->rng, 6),
                                      .other = one_in(d->rng, 4)});
        break;
    case 9:
        emit(d, (struct trace_op){.kind = TRACE_DATA});
        break;
    case 10:
        d->stalled = !d->stalled;
        break;
    default:
        if (d->owed == MAX_OWED)
            break;
        d->owed++;
        d->events++;
        emit(d, (struct trace_op){.kind = TRACE_EVENT});
        break;
    }
}

/* --- a trace --- */

static void set_up(struct device *d)
{
    if (one_in(d->rng, 6))
        return;
    emit(d, (struct trace_op){
                .kind = TRACE_ENTRY, .be = {0xF, 0xF, 0xF, 0}, .value = {0xFEE01004, below(d->rng, 2), 0x40, 0}});
    if (!one_in(d->rng, 4))
        write_dw(d, 3, 0);
    control(d, true, one_in(d->rng, 4), !one_in(d->rng, 8));
    while (d->s.controls < d->o->n_controls)
        hidden_step(d);
    finish_control(d);
}

/* Everything is switched on and all that is owed is sent (ENV-08). */
static void drain(struct device *d)
{
    control(d, true, false, true);
    write_dw(d, 3, 0);
    for (unsigned k = 0; k < 400 && d->t.n + 1 < ORACLE_OPS; k++)
        if (!hidden_step(d) || one_in(d->rng, 3))
            output(d);
    if (!d->s.pending && d->s.n_queue == 0 && d->t.n < ORACLE_OPS)
        emit(d, (struct trace_op){.kind = TRACE_FINISH});
}

void oracle_device_trace(struct oracle *o, const struct policy *policy, struct rng *rng, struct trace *t)
{
    struct device d = {.o = o, .rng = rng, .limit = 1 + (below(rng, 5) + 1) / 3};
    const unsigned length = 8 + below(rng, 30);
    oracle_init(o, policy);
    set_up(&d);
    while (d.t.n < length) {
        const uint32_t what = below(rng, 8);
        if (what < 3)
            hidden_step(&d);
        else if (what < 5 && !d.stalled)
            output(&d);
        else if (what >= 5)
            stimulus(&d);
    }
    if (one_in(rng, 2))
        drain(&d);
    *t = d.t;
}
