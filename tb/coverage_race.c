/*
 * coverage_race.c - what came within a few clocks of what, and how it ended.
 *
 * The last deeds are kept in a ring; each new one is compared with those of the last clocks. A race with two legal ends
 * opens a watch on its vector; the first read of its pending bit that enters after the race tells how it ended: by
 * the messages since, and by the bit. A later deed that could change either closes the watch without an outcome.
 */
#include "coverage_private.h"

#include <stdlib.h>
#include <string.h>

enum {
    TOLD_LATE = 256, /* a deed may be told this many clocks late, behind a long TLP on a slow tx */
    DRAIN_CLOCKS = 32
};

/* Races of a watch, by the bit that stands for `sent`, `one` ... in enum cover_outcome. */
static uint32_t bit(enum cover_outcome race)
{
    return UINT32_C(1) << race;
}

void cover_race_reset(struct coverage_run *run)
{
    run->deeds = 0;
    memset(run->watch, 0, sizeof run->watch);
    run->drain_stopped = false;
}

/* --- watches --- */

static struct cover_watch *find_watch(struct coverage_run *run, unsigned vector)
{
    for (unsigned k = 0; k < COVER_WATCHES; k++)
        if (run->watch[k].open && run->watch[k].vector == vector)
            return &run->watch[k];
    return NULL;
}

static struct cover_watch *open_watch(struct coverage_run *run, unsigned vector, uint64_t time)
{
    struct cover_watch *w = find_watch(run, vector);
    if (!w) {
        w = &run->watch[run->next_watch++ % COVER_WATCHES];
        *w = (struct cover_watch){.open = true, .vector = vector};
    }
    w->last = time;
    return w;
}

static void outcome(struct coverage_run *run, enum cover_outcome o)
{
    cover_note(run, COVER_OUTCOME, o, 0, 0, 0);
}

/* Those that end either sent or pending. */
static void close_sent_or_pending(struct coverage_run *run, const struct cover_watch *w, bool pending)
{
    static const enum cover_outcome races[] = {COVER_01_SENT, COVER_04_SENT, COVER_06_SENT, COVER_07_SENT,
                                               COVER_09_SENT, COVER_10_SENT, COVER_22_SENT, COVER_26_SENT};
    for (unsigned k = 0; k < sizeof races / sizeof races[0]; k++)
        if (w->races & bit(races[k]) && (pending || w->messages > 0))
            outcome(run, races[k] + (pending ? 1 : 0));
}

static void close_watch(struct coverage_run *run, struct cover_watch *w, bool pending)
{
    close_sent_or_pending(run, w, pending);
    if (w->races & bit(COVER_03_ONE) && !pending && w->messages > 0)
        outcome(run, w->messages == 1 ? COVER_03_ONE : COVER_03_TWO);
    if (w->races & bit(COVER_16_COVERED) && !pending)
        outcome(run, w->messages == w->own + 1 ? COVER_16_COVERED : COVER_16_AGAIN);
    if (w->races & bit(COVER_20_NONE) && !pending)
        outcome(run, w->messages == 0 ? COVER_20_NONE : COVER_20_ONE);
    if (w->races & bit(COVER_21_PENDING))
        outcome(run, pending ? COVER_21_PENDING : COVER_21_DROPPED);
    w->open = false;
}

void cover_race_pending(struct coverage_run *run, const struct cover_read *read, unsigned vector, bool pending)
{
    struct cover_watch *w = find_watch(run, vector);
    if (read->event_vector == (int)vector)
        outcome(run, pending ? COVER_17_ONE : COVER_17_ZERO);
    if (read->unmask_vector == (int)vector)
        outcome(run, pending ? COVER_18_ONE : COVER_18_ZERO);
    if (w && read->time > w->last + COVER_SWEEP)
        close_watch(run, w, pending);
}

void cover_race_pba(struct coverage_run *run, bool any_pending)
{
    if (run->drain_stopped && any_pending) {
        outcome(run, COVER_08_SENT);
        outcome(run, COVER_08_PENDING);
    }
    run->drain_stopped = false;
}

void cover_race_message(struct coverage_run *run, unsigned vector)
{
    struct cover_watch *w = find_watch(run, vector);
    if (w)
        w->messages++;
}

/* --- pairs --- */

static bool same_vector(const struct cover_deed *a, const struct cover_deed *b)
{
    return a->vector < b->vector + b->n && b->vector < a->vector + a->n;
}

static void watch(struct coverage_run *run, const struct cover_deed *deed, unsigned vector, enum cover_outcome race)
{
    open_watch(run, vector, deed->time)->races |= bit(race);
}

/* An event beside the unmask of a vector that owed a message before it. */
static void watch_event_of_pending(struct coverage_run *run, unsigned v, const struct cover_deed *newer)
{
    const struct cover_watch *w = find_watch(run, v);
    if (w && w->unmasked && (newer->kind == COVER_EVENT || run->owed[v] > 1))
        watch(run, newer, v, COVER_03_ONE);
}

/* A message that leaves a few clocks after a second event. */
static void watch_second_event(struct coverage_run *run, unsigned v, const struct cover_deed *message)
{
    watch(run, message, v, COVER_16_COVERED);
    struct cover_watch *w = find_watch(run, v);
    w->own = w->messages;
}

/* An event and what would stop its message. Both orders; `newer` came last. */
static void watch_event(struct coverage_run *run, const struct cover_deed *event, const struct cover_deed *other,
                        const struct cover_deed *newer)
{
    const unsigned v = event->vector;
    const struct msix_control c = run->control; /* as it is after the partner was written */
    const bool masked = cover_is_masked(run, v);
    switch (other->kind) {
    case COVER_MASK:
        if (c.enable && c.bme && !c.fmask)
            watch(run, newer, v, COVER_01_SENT);
        break;
    case COVER_FUNCTION_MASK_SET:
        if (c.enable && c.bme && !masked)
            watch(run, newer, v, COVER_04_SENT);
        break;
    case COVER_DISABLE:
        if (c.bme && !c.fmask && !masked)
            watch(run, newer, v, COVER_22_SENT);
        break;
    case COVER_BUS_MASTER_OFF:
        if (c.enable && !c.fmask && !masked)
            watch(run, newer, v, COVER_26_SENT);
        break;
    case COVER_UNMASK:
        watch_event_of_pending(run, v, newer);
        break;
    case COVER_SEND:
        if (newer == other && run->owed[v] > 1)
            watch_second_event(run, v, newer);
        break;
    case COVER_CLEAR:
        if (masked)
            watch(run, newer, v, COVER_21_PENDING);
        break;
    case COVER_PBA_READ:
        if (masked)
            run->read[other->tag].event_vector = (int)v;
        break;
    default:
        break;
    }
}

static unsigned tx_order(const struct cover_deed *event, const struct cover_deed *other)
{
    return event->time < other->time    ? COVER_EVENT_FIRST
           : event->time == other->time ? COVER_SAME_CLOCK
                                        : COVER_EVENT_LAST;
}

static unsigned offset_of(const struct cover_deed *a, const struct cover_deed *b)
{
    return (unsigned)((int64_t)(a->time - b->time) + COVER_SWEEP);
}

static void pair_with_event(struct coverage_run *run, const struct cover_deed *event, const struct cover_deed *other,
                            const struct cover_deed *newer)
{
    cover_note(run, COVER_RACE, other->kind, offset_of(event, other), 0, 0);
    cover_note(run, COVER_RACE_TX, other->kind, tx_order(event, other), cover_tx_state(run), 0);
    watch_event(run, event, other, newer);
}

static void pair_with_clear(struct coverage_run *run, const struct cover_deed *clear, const struct cover_deed *other,
                            const struct cover_deed *newer)
{
    if (other->kind == COVER_UNMASK) {
        cover_note(run, COVER_RACE_CLEAR, COVER_CLEAR_UNMASK, offset_of(clear, other), 0, 0);
        if (run->owed[clear->vector] > 0 && cover_is_allowed(run, clear->vector))
            watch(run, newer, clear->vector, COVER_20_NONE);
    } else if (other->kind == COVER_SEND) {
        cover_note(run, COVER_RACE_CLEAR, COVER_CLEAR_SEND, offset_of(clear, other), 0, 0);
    }
}

/* Two writes of the host, `first` before `second`. */
static void pair_of_host(struct coverage_run *run, const struct cover_deed *first, const struct cover_deed *second)
{
    static const struct {
        enum cover_partner first, second;
        int race; /* -1: none */
    } pairs[] = {
        [COVER_UNMASK_THEN_MASK] = {COVER_UNMASK, COVER_MASK, COVER_06_SENT},
        [COVER_FUNCTION_CLEAR_THEN_SET] = {COVER_FUNCTION_MASK_CLEAR, COVER_FUNCTION_MASK_SET, COVER_09_SENT},
        [COVER_MASK_THEN_FUNCTION_CLEAR] = {COVER_MASK, COVER_FUNCTION_MASK_CLEAR, COVER_10_SENT},
        [COVER_FUNCTION_CLEAR_THEN_MASK] = {COVER_FUNCTION_MASK_CLEAR, COVER_MASK, COVER_10_SENT},
        [COVER_DISABLE_THEN_ENABLE] = {COVER_DISABLE, COVER_ENABLE, -1},
        [COVER_ENABLE_THEN_DISABLE] = {COVER_ENABLE, COVER_DISABLE, -1},
    };
    const unsigned distance = (unsigned)(second->time - first->time);
    for (unsigned k = 0; k < sizeof pairs / sizeof pairs[0] && distance > 0; k++) {
        if (pairs[k].first != first->kind || pairs[k].second != second->kind)
            continue;
        cover_note(run, COVER_RACE_HOST, k, distance - 1, 0, 0);
        const unsigned v = second->n == 1 ? second->vector : first->n == 1 ? first->vector : run->last_event;
        if (pairs[k].race >= 0 && run->owed[v] > 0 && run->control.enable && run->control.bme)
            watch(run, second, v, (enum cover_outcome)pairs[k].race);
    }
}

static void pair_with_pba_read(struct coverage_run *run, const struct cover_deed *unmask, const struct cover_deed *read)
{
    const struct cover_watch *w = find_watch(run, unmask->vector);
    if (w && w->unmasked)
        run->read[read->tag].unmask_vector = (int)unmask->vector;
}

static void pair(struct coverage_run *run, const struct cover_deed *old, const struct cover_deed *newer)
{
    if (newer->kind == COVER_EVENT && old->kind != COVER_EVENT)
        pair_with_event(run, newer, old, newer);
    else if (old->kind == COVER_EVENT && newer->kind != COVER_EVENT)
        pair_with_event(run, old, newer, newer);
    else if (newer->kind == COVER_CLEAR)
        pair_with_clear(run, newer, old, newer);
    else if (old->kind == COVER_CLEAR)
        pair_with_clear(run, old, newer, newer);
    else if (old->kind == COVER_UNMASK && newer->kind == COVER_PBA_READ)
        pair_with_pba_read(run, old, newer);
    else
        pair_of_host(run, old, newer);
}

/* --- a deed alone --- */

static void unmasked(struct coverage_run *run, const struct cover_deed *deed)
{
    const unsigned v = deed->vector;
    if (run->owed[v] > 0 && cover_is_allowed(run, v))
        open_watch(run, v, deed->time)->unmasked = true;
}

/* A message that certainly waits is masked. */
static void masked(struct coverage_run *run, const struct cover_deed *deed)
{
    const unsigned v = deed->vector;
    const struct msix_control c = run->control;
    if (run->owed[v] > 0 && deed->time > run->event_time[v] + COVER_SWEEP && c.enable && c.bme && !c.fmask)
        watch(run, deed, v, COVER_07_SENT);
}

static void function_masked(struct coverage_run *run, const struct cover_deed *deed)
{
    run->drain_stopped =
        run->owing > 1 && run->flow.messages[0] != 0 && deed->time < run->flow.messages[0] + DRAIN_CLOCKS;
}

/* Of all vectors that this may let go, the one that had the last event is watched. */
static void function_unmasked(struct coverage_run *run, const struct cover_deed *deed)
{
    if (run->owed[run->last_event] > 0)
        open_watch(run, run->last_event, deed->time);
}

static void alone(struct coverage_run *run, const struct cover_deed *deed)
{
    if (deed->kind == COVER_UNMASK)
        unmasked(run, deed);
    else if (deed->kind == COVER_MASK)
        masked(run, deed);
    else if (deed->kind == COVER_FUNCTION_MASK_SET)
        function_masked(run, deed);
    else if (deed->kind == COVER_FUNCTION_MASK_CLEAR)
        function_unmasked(run, deed);
}

/* What the pending bit says after a later deed is no outcome of the race before it. */
static void forget_what_is_over(struct coverage_run *run, const struct cover_deed *deed)
{
    if (deed->kind == COVER_SEND || deed->kind == COVER_PBA_READ || deed->kind == COVER_TABLE_READ ||
        deed->kind == COVER_TABLE_WRITE)
        return;
    for (unsigned k = 0; k < COVER_WATCHES; k++) {
        struct cover_watch *w = &run->watch[k];
        const bool concerned = w->vector - deed->vector < deed->n; /* unsigned: not below either */
        if (w->open && concerned && deed->time > w->last + COVER_SWEEP)
            w->open = false;
    }
    if (deed->kind == COVER_EVENT || deed->n > 1)
        run->drain_stopped = false;
}

void cover_race_deed(struct coverage_run *run, struct cover_deed deed)
{
    uint64_t k = run->deeds;
    forget_what_is_over(run, &deed);
    alone(run, &deed);
    while (k > 0 && run->deeds - k < COVER_DEEDS) {
        const struct cover_deed *old = &run->deed[--k % COVER_DEEDS];
        if (old->time + TOLD_LATE < deed.time)
            break;
        if (llabs((long long)(old->time - deed.time)) <= COVER_SWEEP && same_vector(old, &deed))
            pair(run, old, &deed);
    }
    run->deed[run->deeds++ % COVER_DEEDS] = deed;
}
