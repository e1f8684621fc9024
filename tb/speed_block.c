/* speed_block.c - see speed_block.h */
#include "speed_block.h"

#include <stdio.h>

#include "app.h"
#include "host.h"
#include "speed_run.h"

enum { LATENCY_EVENTS = 64, LATENCY_GAP = 40, WARM_UP = 2000, MEASURED = 20000, DRAIN_LIMIT = 100000 };

enum sort { MESSAGE, DATA_WRITE, COMPLETION, SORTS };

/* The beats on tx, followed from TLP to TLP. */
struct beats {
    bool inside;
    enum sort sort;
    uint64_t count[SORTS];
    uint64_t messages;
    uint64_t first, last; /* clocks of message beats */
};

/* The load has no other writes of one DW than messages. */
static enum sort sort_of(uint32_t dw0)
{
    if ((dw0 >> 24 & 0xDF) != 0x40)
        return COMPLETION;
    return (dw0 & 0x3FF) == 1 ? MESSAGE : DATA_WRITE;
}

static void count_beat(struct beats *t, const struct bench *b)
{
    const struct dut_beat *tx = &bench_out(b)->tx;
    if (!tx->valid || !bench_in(b)->tx_tready)
        return;
    if (!t->inside)
        t->sort = sort_of(tx->data[0]);
    t->inside = !tx->last;
    t->count[t->sort]++;
    if (t->sort != MESSAGE)
        return;
    t->last = bench_time(b);
    if (t->count[MESSAGE] == 1)
        t->first = t->last;
    t->messages += tx->last;
}

static bool drained(struct speed_run *run, struct beats *t, uint64_t wanted)
{
    for (unsigned i = 0; i < DRAIN_LIMIT && t->messages < wanted && !bench_stopped(run->b); i++) {
        speed_step(run);
        count_beat(t, run->b);
    }
    return t->messages == wanted;
}

/* Function Mask holds one event of every vector, and is cleared. */
static bool drain_all(struct speed_run *run, struct speed_block *result, char *error, size_t room)
{
    unsigned nvec = bench_config(run->b)->nvec;
    struct beats t = {0};
    speed_control(run, true, true);
    speed_settle(run);
    for (unsigned v = 0; v < nvec; v++)
        app_event_start(run->b, v);
    speed_settle(run);
    speed_control(run, true, false);
    if (!drained(run, &t, nvec)) {
        snprintf(error, room, "the drain of %u vectors gave %llu messages", nvec, (unsigned long long)t.messages);
        return false;
    }
    result->messages_per_clock = (double)t.messages / (double)(t.last - t.first + 1);
    return speed_good(run, error, room);
}

bool speed_messages(uint64_t seed, struct speed_block *result, char *error, size_t room)
{
    struct speed_run run;
    bool good = speed_start(&run, seed, true, false, NULL, error, room) && drain_all(&run, result, error, room);
    speed_end(&run);
    return good;
}

/* Clocks from the event's acceptance to tx_tvalid; LATENCY_GAP if it did not come. */
static unsigned one_latency(struct speed_run *run, unsigned vector)
{
    app_event_start(run->b, vector);
    for (unsigned i = 0; i < LATENCY_GAP; i++) {
        speed_step(run);
        if (bench_in(run->b)->evt_valid && bench_out(run->b)->evt_ready)
            break;
    }
    unsigned k = 0;
    while (k < LATENCY_GAP && !bench_out(run->b)->tx.valid) {
        speed_step(run);
        k++;
    }
    for (unsigned i = 0; i < LATENCY_GAP; i++)
        speed_step(run);
    return k;
}

bool speed_latency(uint64_t seed, struct speed_block *result, char *error, size_t room)
{
    struct speed_run run;
    result->latency_clocks = 0;
    bool good = speed_start(&run, seed, true, false, NULL, error, room);
    for (unsigned i = 0; good && i < LATENCY_EVENTS; i++) {
        unsigned nvec = bench_config(run.b)->nvec;
        unsigned k = one_latency(&run, i == 0 ? nvec - 1 : rng_below(bench_rng(run.b), nvec));
        if (k > result->latency_clocks)
            result->latency_clocks = k;
    }
    good = good && speed_good(&run, error, room);
    speed_end(&run);
    return good;
}

static void saturate(struct speed_run *run, struct beats *t, unsigned clocks)
{
    for (unsigned i = 0; i < clocks && !bench_stopped(run->b); i++) {
        speed_keep_dma(run);
        app_event_start(run->b, (unsigned)(run->clock++ % bench_config(run->b)->nvec));
        speed_step(run);
        count_beat(t, run->b);
    }
}

bool speed_utilisation(uint64_t seed, struct speed_block *result, char *error, size_t room)
{
    struct speed_run run;
    struct beats warm_up = {0}, t;
    bool good = speed_start(&run, seed, false, false, NULL, error, room);
    if (good) {
        saturate(&run, &warm_up, WARM_UP);
        t = (struct beats){.inside = warm_up.inside, .sort = warm_up.sort};
        saturate(&run, &t, MEASURED);
        result->dma_share = (double)t.count[DATA_WRITE] / MEASURED;
        result->message_share = (double)t.count[MESSAGE] / MEASURED;
        result->tx_utilisation = result->dma_share + result->message_share + (double)t.count[COMPLETION] / MEASURED;
        good = speed_good(&run, error, room);
    }
    speed_end(&run);
    return good;
}
