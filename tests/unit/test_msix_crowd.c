/*
 * test_msix_crowd.c - the model of MSI-X beside a small simulated device with several entries, some of them with equal
 * fields: long random runs must be accepted to the end (soundness), fairness included; then one message more must be
 * refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "story.h"

enum { NVEC = 4, WRITES = 512, QUEUE = 6, READS = 8, STEPS = 400, RUNS = 400 };

struct host_write {
    bool is_control, enable, fmask, bme;
    unsigned vector, dw;
    uint32_t value;
    uint64_t moment;
};

struct queued {
    bool is_message;
    uint64_t address, mark;
    uint32_t data;
    struct story_read read;
    uint64_t bits;
};

/* What the block holds; nothing of it is shown to the model. */
struct device {
    uint64_t random;
    struct story *s;
    struct host_write write[WRITES];      /* in the order of entering */
    unsigned n_writes, controls, entries; /* entered; places of the next one of each kind to take effect */
    unsigned completed;                   /* place of the next configuration write to complete */
    bool enable, fmask, bme;
    uint32_t field[NVEC][4];
    bool pending[NVEC];
    uint64_t mark[NVEC];
    unsigned last_grant;
    struct queued queue[QUEUE];
    unsigned n_queue;
    struct story_read read[READS];
    unsigned read_behind[READS]; /* writes before it */
    unsigned n_reads;
};

static uint32_t below(struct device *d, uint32_t n)
{
    d->random = d->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (uint32_t)(d->random >> 33) % n;
}

/* --- the block by itself --- */

static void skip_to_kind(const struct device *d, unsigned *at, bool control)
{
    while (*at < d->n_writes && d->write[*at].is_control != control)
        ++*at;
}

/* The next write of one kind takes effect; a configuration write only behind all earlier entry writes (ORD-25). */
static void take_effect(struct device *d, bool control)
{
    unsigned *at = control ? &d->controls : &d->entries;
    skip_to_kind(d, &d->controls, true);
    skip_to_kind(d, &d->entries, false);
    if (*at == d->n_writes || (control && d->entries < d->controls))
        return;
    const struct host_write *w = &d->write[(*at)++];
    if (control) {
        d->enable = w->enable;
        d->fmask = w->fmask;
        d->bme = w->bme;
    } else {
        d->field[w->vector][w->dw] = w->value;
    }
    skip_to_kind(d, &d->controls, true);
    skip_to_kind(d, &d->entries, false);
}

static void push(struct device *d, struct queued q)
{
    d->queue[d->n_queue++] = q;
}

/* Round robin (EDGE-09). */
static void commit(struct device *d)
{
    for (unsigned k = 1; k <= NVEC && d->n_queue < QUEUE; k++) {
        const unsigned v = (d->last_grant + k) % NVEC;
        if (!d->pending[v] || !d->enable || d->fmask || !d->bme || (d->field[v][3] & 1))
            continue;
        push(d, (struct queued){.is_message = true,
                                .address = (uint64_t)d->field[v][1] << 32 | d->field[v][0],
                                .data = d->field[v][2],
                                .mark = d->mark[v]});
        d->pending[v] = false;
        d->last_grant = v;
        return;
    }
}

static void sample(struct device *d)
{
    if (d->n_reads == 0 || d->n_queue == QUEUE || d->controls < d->read_behind[0] || d->entries < d->read_behind[0])
        return;
    struct queued q = {.read = d->read[0]};
    for (unsigned v = 0; v < NVEC; v++)
        q.bits |= (uint64_t)d->pending[v] << v;
    push(d, q);
    d->n_reads--;
    memmove(d->read, d->read + 1, d->n_reads * sizeof d->read[0]);
    memmove(d->read_behind, d->read_behind + 1, d->n_reads * sizeof d->read_behind[0]);
}

/* --- tx --- */

static void send(struct device *d)
{
    const struct queued q = d->queue[0];
    if (d->n_queue == 0)
        return;
    if (q.is_message && q.mark > d->s->data_sent) {
        story_data(d->s, 0, 1);
        return;
    }
    memmove(d->queue, d->queue + 1, --d->n_queue * sizeof d->queue[0]);
    if (q.is_message)
        story_message_with(d->s, q.address, q.data);
    else
        story_answer(d->s, q.read, q.bits);
}

static void complete(struct device *d)
{
    skip_to_kind(d, &d->completed, true);
    if (d->completed < d->controls && d->completed < d->n_writes)
        story_completed(d->s, d->write[d->completed++].moment);
}

/* --- the host and the device logic --- */

static void host_control(struct device *d, bool enable, bool fmask, bool bme)
{
    const uint64_t moment = story_control(d->s, enable, fmask, bme);
    d->write[d->n_writes++] =
        (struct host_write){.is_control = true, .enable = enable, .fmask = fmask, .bme = bme, .moment = moment};
}

static void host_dw(struct device *d, unsigned v, unsigned dw, uint32_t value)
{
    story_dw(d->s, v, dw, value);
    d->write[d->n_writes++] = (struct host_write){.vector = v, .dw = dw, .value = value};
}

static void host_read(struct device *d)
{
    if (d->n_reads == READS)
        return;
    d->read_behind[d->n_reads] = d->n_writes;
    d->read[d->n_reads++] = story_read(d->s, 0, NVEC);
}

static void stimulus(struct device *d)
{
    const unsigned v = below(d, NVEC);
    switch (below(d, 24)) {
    case 0:
        host_control(d, below(d, 4) > 0, below(d, 2), below(d, 4) > 0);
        break;
    case 1:
        host_control(d, true, false, true);
        break;
    case 2:
    case 3:
        host_dw(d, v, 3, below(d, 2));
        break;
    case 4:
        host_dw(d, v, 3, 1);
        host_dw(d, v, 2, below(d, 2));
        host_dw(d, v, 3, 0);
        break;
    case 5:
        host_dw(d, v, 3, 0);
        break;
    case 6:
    case 7:
        host_read(d);
        break;
    case 8:
        story_clear(d->s, v);
        d->pending[v] = false;
        break;
    case 9:
        story_data(d->s, 1, 0);
        break;
    default:
        story_event(d->s, v);
        d->pending[v] = true;
        d->mark[v] = d->s->data;
        break;
    }
}

static void step(struct device *d, bool stalled)
{
    const uint32_t what = below(d, 5);
    if (what == 0)
        take_effect(d, false);
    if (what == 1)
        take_effect(d, true);
    if (what <= 2)
        commit(d);
    if (what == 3)
        sample(d);
    if (!stalled && below(d, 2))
        send(d);
    if (below(d, 3) == 0)
        complete(d);
}

static void set_up_entries(struct device *d)
{
    for (unsigned v = 0; v < NVEC; v++) {
        d->field[v][3] = 1;
        host_dw(d, v, 0, 0xFEE00000 + (v / 2) * 16); /* pairs share an address, and some of the time their data */
        host_dw(d, v, 1, v / 2);
        host_dw(d, v, 2, below(d, 2));
        host_dw(d, v, 3, 0);
    }
    host_control(d, true, false, true);
}

static bool moves(const struct device *d)
{
    bool any = d->n_queue > 0 || d->n_reads > 0 || d->controls < d->n_writes || d->entries < d->n_writes;
    for (unsigned v = 0; v < NVEC; v++)
        any = any || d->pending[v];
    return any;
}

/* ENV-08: all on, everything leaves; then the pending bits are read. */
static void drain(struct device *d)
{
    host_control(d, true, false, true);
    for (unsigned v = 0; v < NVEC; v++)
        host_dw(d, v, 3, 0);
    for (unsigned k = 0; k < 2; k++) {
        while (moves(d))
            step(d, false);
        host_read(d);
    }
    while (moves(d))
        step(d, false);
}

static void run(struct story *s, uint64_t seed)
{
    struct device d = {.random = seed * 77 + 1, .s = s};
    bool stalled = false;
    story_again(s);
    set_up_entries(&d);
    for (unsigned k = 0; k < STEPS && d.n_writes < WRITES - 2 * NVEC; k++) {
        if (below(&d, 12) == 0)
            stalled = !stalled;
        if (below(&d, 3) == 0)
            stimulus(&d);
        step(&d, stalled);
        story_is_legal(s);
    }
    drain(&d);
    story_ends_well(s);
    for (unsigned v = 0; v < NVEC; v++)
        assert_true(msix_model_is_exact(s->m, v));
    story_message_with(s, (uint64_t)d.field[0][1] << 32 | d.field[0][0], d.field[0][2]);
    story_breaks(s, CHECK_MSG_CAUSE);
}

/* ENV-01, EDGE-05, EDGE-09, MSIX-TBL-25. */
static void legal_runs_of_several_entries_are_accepted(void **state)
{
    static struct story story;
    (void)state;
    story_begin(&story, NVEC);
    story.free_answers = true; /* this device answers without regard to dma */
    story.policy.fairness_slack = QUEUE + 1;
    for (uint64_t seed = 1; seed <= RUNS; seed++)
        run(&story, seed);
    story_end(&story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(legal_runs_of_several_entries_are_accepted)};
    return cmocka_run_group_tests_name("msix_crowd", tests, NULL, NULL);
}
