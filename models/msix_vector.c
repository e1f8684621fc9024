#include "msix_vector.h"

#include <stdlib.h>
#include <string.h>

static const struct msix_interval EMPTY = {1, 0};
static const struct msix_interval ZERO = {0, 0};

static bool is_empty(struct msix_interval a)
{
    return a.lo > a.hi;
}

static struct msix_interval join(struct msix_interval a, struct msix_interval b)
{
    if (is_empty(a))
        return b;
    if (is_empty(b))
        return a;
    return (struct msix_interval){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

/* lo..hi cut down to min..max. */
static struct msix_interval clip(struct msix_interval a, int32_t min, int32_t max)
{
    return (struct msix_interval){a.lo > min ? a.lo : min, a.hi < max ? a.hi : max};
}

static struct msix_interval shift(struct msix_interval a, int32_t by)
{
    return is_empty(a) ? EMPTY : (struct msix_interval){a.lo + by, a.hi + by};
}

static bool cell_empty(const struct msix_cell *c)
{
    return is_empty(c->p[0]) && is_empty(c->p[1]);
}

static uint32_t n_i(const struct msix_vector *v)
{
    return (uint32_t)(v->i1 - v->i0 + 1);
}

static uint32_t n_cells(const struct msix_vector *v)
{
    return n_i(v) * (uint32_t)(v->j1 - v->j0 + 1);
}

int msix_vector_reset(struct msix_vector *v, const struct msix_ring *ring)
{
    struct msix_versions versions = v->versions;
    struct msix_cell *cell = v->cell ? v->cell : malloc(4 * sizeof *cell);
    const uint32_t room = v->cell ? v->room_cells : 4;
    const int rc = msix_versions_reset(&versions);
    *v = (struct msix_vector){
        .versions = versions, .cell = cell, .room_cells = room, .i0 = ring->head, .i1 = ring->head};
    if (rc || !cell)
        return -1;
    cell[0] = (struct msix_cell){{ZERO, EMPTY}};
    return 0;
}

void msix_vector_free(struct msix_vector *v)
{
    msix_versions_free(&v->versions);
    free(v->cell);
    *v = (struct msix_vector){0};
}

/* --- the transition --- */

/* What a block may lose by itself in this cell, by policy. */
static void drop_by_policy(struct msix_cell *c, enum policy_tristate keep)
{
    if (keep == POLICY_YES || is_empty(c->p[1]))
        return;
    c->p[0] = join(c->p[0], c->p[1]);
    if (keep == POLICY_NO)
        c->p[1] = EMPTY;
}

static void settle_cell(struct msix_cell *c, const struct msix_control *control, const struct msix_version *version,
                        const struct policy *policy)
{
    if (msix_versions_allow(control, version))
        c->p[0] = join(c->p[0], shift(c->p[1], 1));
    else if (control->enable && !control->fmask && !version->mask)
        drop_by_policy(c, policy->hold_while_bme_off);
}

static void join_cell(struct msix_cell *into, const struct msix_cell *from)
{
    into->p[0] = join(into->p[0], from->p[0]);
    into->p[1] = join(into->p[1], from->p[1]);
}

/* From every cell to the later ones. */
static void close_cells(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy)
{
    const uint32_t ni = n_i(v);
    uint64_t need[MSIX_RING_SIZE];
    for (uint64_t i = v->i0 + 1; i <= v->i1; i++)
        need[i - v->i0] = msix_versions_needed(&v->versions, ring, i);
    for (uint64_t j = v->j0; j <= v->j1; j++) {
        for (uint64_t i = v->i0; i <= v->i1; i++) {
            struct msix_cell *c = &v->cell[(j - v->j0) * ni + (i - v->i0)];
            if (cell_empty(c))
                continue;
            const struct msix_control *control = &msix_ring_at(ring, i)->control;
            settle_cell(c, control, msix_versions_at(&v->versions, j), policy);
            if (i < v->i1 && j >= need[i + 1 - v->i0]) {
                struct msix_cell next = *c;
                if (control->enable && !msix_ring_at(ring, i + 1)->control.enable)
                    drop_by_policy(&next, policy->keep_on_disable);
                join_cell(c + 1, &next);
            }
            if (j < v->j1) {
                struct msix_cell next = *c;
                if (msix_versions_at(&v->versions, j + 1)->reset)
                    next = (struct msix_cell){{join(c->p[0], c->p[1]), EMPTY}};
                join_cell(c + ni, &next);
            }
        }
    }
}

static int reserve_cells(struct msix_cell **cell, uint32_t *room, uint32_t wanted)
{
    if (wanted <= *room)
        return 0;
    struct msix_cell *more = realloc(*cell, wanted * sizeof *more);
    if (!more)
        return -1;
    *cell = more;
    *room = wanted;
    return 0;
}

/* The same cells on another grid; new ones are impossible, those outside are dropped. */
static int regrid(struct msix_vector *v, struct msix_scratch *scratch, uint64_t i0, uint64_t i1, uint64_t j0,
                  uint64_t j1)
{
    const uint32_t ni = (uint32_t)(i1 - i0 + 1);
    const uint32_t wanted = ni * (uint32_t)(j1 - j0 + 1);
    if (reserve_cells(&scratch->cell, &scratch->room, wanted) || reserve_cells(&v->cell, &v->room_cells, wanted))
        return -1;
    for (uint64_t j = j0; j <= j1; j++) {
        for (uint64_t i = i0; i <= i1; i++) {
            struct msix_cell *to = &scratch->cell[(j - j0) * ni + (i - i0)];
            if (i >= v->i0 && i <= v->i1 && j >= v->j0 && j <= v->j1)
                *to = v->cell[(j - v->j0) * n_i(v) + (i - v->i0)];
            else
                *to = (struct msix_cell){{EMPTY, EMPTY}};
        }
    }
    memcpy(v->cell, scratch->cell, wanted * sizeof *v->cell);
    v->i0 = i0;
    v->i1 = i1;
    v->j0 = j0;
    v->j1 = j1;
    return 0;
}

/* --- where a message comes from --- */

/* The earliest control write under which a message with version j can have been committed that has not left yet;
 * UINT64_MAX: none. */
static uint64_t first_control_with(const struct msix_vector *v, const struct msix_ring *ring, uint64_t j)
{
    const struct msix_version *version = msix_versions_at(&v->versions, j);
    const bool newest = j == msix_versions_head(&v->versions);
    if (version->mask || j < v->last_origin.j)
        return UINT64_MAX;
    if (!msix_ring_holds_flush(ring))
        return 0;
    if (!newest && msix_versions_at(&v->versions, j + 1)->seq < ring->flush_seq)
        return UINT64_MAX;
    for (uint64_t i = v->last_origin.i > ring->flush ? v->last_origin.i : ring->flush; i <= ring->head; i++) {
        const bool replaced = i < ring->head && msix_ring_at(ring, i + 1)->fenced_at < version->seq;
        if (msix_versions_allow(&msix_ring_at(ring, i)->control, version) &&
            j >= msix_versions_needed(&v->versions, ring, i) && !replaced)
            return i;
    }
    return UINT64_MAX;
}

bool msix_vector_origin(const struct msix_vector *v, const struct msix_ring *ring, uint64_t address, uint32_t data,
                        struct msix_place *origin)
{
    *origin = (struct msix_place){UINT64_MAX, UINT64_MAX};
    for (uint64_t j = v->versions.base; j <= msix_versions_head(&v->versions); j++) {
        if (msix_versions_at(&v->versions, j)->address != address || msix_versions_at(&v->versions, j)->data != data)
            continue;
        const uint64_t i = first_control_with(v, ring, j);
        if (i == UINT64_MAX)
            continue;
        origin->i = i < origin->i ? i : origin->i;
        origin->j = j < origin->j ? j : origin->j;
    }
    return origin->j != UINT64_MAX;
}

/* Can any message have been committed that has not left yet? */
static bool any_origin(const struct msix_vector *v, const struct msix_ring *ring)
{
    for (uint64_t j = v->versions.base + v->versions.n; j-- > v->versions.base;)
        if (first_control_with(v, ring, j) != UINT64_MAX)
            return true;
    return false;
}

/* Messages committed before the flushed request was served have all been seen, so what is unseen was committed since:
 * one for the event that was pending then and one for each later event, less one if the pending bit is set now. */
static void apply_flush(struct msix_vector *v, const struct msix_ring *ring)
{
    const uint64_t later = msix_vector_events_after(v, ring->flush_seq);
    const int32_t most = !any_origin(v, ring) ? 0 : later < INT32_MAX ? (int32_t)later + 1 : INT32_MAX;
    for (uint32_t k = 0; k < n_cells(v); k++) {
        v->cell[k].p[0] = clip(v->cell[k].p[0], 0, most);
        v->cell[k].p[1] = clip(v->cell[k].p[1], 0, most > 0 ? most - 1 : 0);
    }
    v->group = 0;
}

uint32_t msix_vector_stale(const struct msix_vector *v, const struct msix_ring *ring)
{
    const uint64_t keep = msix_versions_floor(&v->versions, ring->flush_seq);
    return (uint32_t)((keep < v->j0 ? keep : v->j0) - v->versions.base);
}

/* All cells say: nothing pending, nothing on its way. Then the past does not matter. */
static void restart_idle(struct msix_vector *v, uint64_t i, uint64_t j)
{
    v->i0 = v->i1 = i;
    v->j0 = v->j1 = j;
    v->cell[0] = (struct msix_cell){{ZERO, EMPTY}};
}

static uint64_t later_of(uint64_t a, uint64_t b, uint64_t c)
{
    return a > b && a > c ? a : b > c ? b : c;
}

static bool any_cell(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!cell_empty(&v->cell[k]))
            return true;
    return false;
}

int msix_vector_catch_up(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy,
                         struct msix_scratch *scratch)
{
    const uint64_t j_head = msix_versions_head(&v->versions);
    if (v->fence_seen == ring->fence_seq && v->flush_seen == ring->flush_seq && v->i1 == ring->head && v->j1 == j_head)
        return 0;
    const uint64_t j_floor = msix_versions_floor(&v->versions, ring->fence_seq);
    if (msix_vector_is_idle(v))
        restart_idle(v, later_of(ring->floor, v->i0, v->last_origin.i), later_of(j_floor, v->j0, v->last_origin.j));
    if (v->i1 != ring->head || v->j1 != j_head) {
        if (regrid(v, scratch, v->i0, ring->head, v->j0, j_head))
            return -1;
        close_cells(v, ring, policy);
    }
    uint64_t i0 = v->i0 > ring->floor ? v->i0 : ring->floor;
    uint64_t j0 = v->j0 > j_floor ? v->j0 : j_floor;
    if ((i0 != v->i0 || j0 != v->j0) && regrid(v, scratch, i0, ring->head, j0, j_head))
        return -1;
    if (v->flush_seen != ring->flush_seq)
        apply_flush(v, ring);
    v->fence_seen = ring->fence_seq;
    v->flush_seen = ring->flush_seq;
    return any_cell(v) ? 0 : 1;
}

/* --- observations --- */

/* Does an event in this cell set the pending bit? */
static enum policy_tristate event_sets(const struct msix_control *control, const struct msix_version *version,
                                       const struct policy *policy)
{
    if (!control->enable)
        return policy->record_while_disabled;
    if (!control->bme)
        return control->fmask || version->mask ? policy->record_masked_while_bme_off : policy->hold_while_bme_off;
    return POLICY_YES;
}

static const struct msix_event *last_event(const struct msix_vector *v, uint64_t ago)
{
    return &v->event[(v->events - 1 - ago) % MSIX_EVENT_MOMENTS];
}

/* Enters the event into the row of the last ones. */
static void note_event(struct msix_vector *v, uint64_t seq, uint64_t data_mark, uint64_t ahead, bool recorded)
{
    const bool cleared = v->events > 0 && v->last_clear > last_event(v, 0)->moment; /* MSIX-PBA-18: nothing is owed */
    if (!recorded)
        data_mark = v->events > 0 && !cleared ? last_event(v, 0)->data_mark : 0;
    v->event[v->events++ % MSIX_EVENT_MOMENTS] =
        (struct msix_event){.moment = seq, .data_mark = data_mark, .ahead = ahead};
}

void msix_vector_event(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy, uint64_t seq,
                       uint64_t data_mark)
{
    const uint64_t ahead = v->taken + (uint64_t)msix_vector_most(v);
    bool recorded = true;
    for (uint64_t j = v->j0; j <= v->j1; j++) {
        for (uint64_t i = v->i0; i <= v->i1; i++) {
            struct msix_cell *c = &v->cell[(j - v->j0) * n_i(v) + (i - v->i0)];
            enum policy_tristate sets =
                event_sets(&msix_ring_at(ring, i)->control, msix_versions_at(&v->versions, j), policy);
            recorded = recorded && (sets == POLICY_YES || cell_empty(c));
            if (sets == POLICY_NO)
                continue;
            c->p[1] = join(c->p[0], c->p[1]);
            if (sets == POLICY_YES)
                c->p[0] = EMPTY;
        }
    }
    note_event(v, seq, data_mark, ahead, recorded);
    close_cells(v, ring, policy);
}

void msix_vector_clear(struct msix_vector *v, uint64_t seq)
{
    v->last_clear = seq;
    for (uint32_t k = 0; k < n_cells(v); k++) {
        struct msix_cell *c = &v->cell[k];
        c->p[0] = join(c->p[0], c->p[1]);
        c->p[1] = EMPTY;
    }
}

static struct msix_cell cell_after_message(const struct msix_cell *c, bool must_leave)
{
    struct msix_cell next;
    for (unsigned p = 0; p < 2; p++)
        next.p[p] = shift(clip(c->p[p], 1, INT32_MAX), -1);
    if (must_leave)
        next.p[0] = clip(next.p[0], 1, INT32_MAX);
    return next;
}

/* Is cell k at the origin of a message or later? */
static bool behind(const struct msix_vector *v, uint32_t k, struct msix_place origin)
{
    return v->i0 + k % n_i(v) >= origin.i && v->j0 + k / n_i(v) >= origin.j;
}

/* The oldest event that is remembered and that a message leaving now cannot cover, or NULL. */
static const struct msix_event *first_uncovered(const struct msix_vector *v, uint64_t data_sent)
{
    const struct msix_event *found = NULL;
    for (uint64_t k = 0; k < v->events && k < MSIX_EVENT_MOMENTS && last_event(v, k)->data_mark > data_sent; k++)
        found = last_event(v, k);
    return found;
}

/* The message cannot cover the last event and nothing let that one be dropped: then something must remain. */
static bool must_leave(const struct msix_vector *v, const struct policy *policy, uint64_t data_sent)
{
    const struct msix_event *last = last_event(v, 0);
    if (policy->keep_on_disable != POLICY_YES || policy->hold_while_bme_off != POLICY_YES)
        return false;
    return v->events > 0 && last->data_mark > data_sent && v->last_clear < last->moment;
}

enum msix_sending msix_vector_can_send(const struct msix_vector *v, const struct policy *policy, uint64_t data_sent,
                                       struct msix_place origin)
{
    const bool leave = must_leave(v, policy, data_sent);
    bool possible = false;
    for (uint32_t k = 0; k < n_cells(v) && !possible; k++) {
        struct msix_cell next = cell_after_message(&v->cell[k], leave);
        possible = behind(v, k, origin) && !cell_empty(&next);
    }
    if (!possible)
        return leave && msix_vector_most(v) > 0 ? MSIX_SENDS_EARLY : MSIX_SENDS_NOTHING;
    const struct msix_event *uncovered = first_uncovered(v, data_sent);
    return uncovered && v->taken >= uncovered->ahead ? MSIX_SENDS_EARLY : MSIX_SENDS;
}

void msix_vector_message(struct msix_vector *v, const struct policy *policy, uint64_t data_sent,
                         struct msix_place origin)
{
    const bool leave = must_leave(v, policy, data_sent);
    for (uint32_t k = 0; k < n_cells(v); k++)
        v->cell[k] = behind(v, k, origin) ? cell_after_message(&v->cell[k], leave) : (struct msix_cell){{EMPTY, EMPTY}};
    v->last_origin = origin;
    v->taken++;
}

void msix_vector_maybe_message(struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++) {
        struct msix_cell next = cell_after_message(&v->cell[k], false);
        join_cell(&v->cell[k], &next);
    }
}

/* What is left of a cell if a read sampled `value`, and since the read entered `events` came. What was committed before
 * the sample has been seen, so every message on its way and every pending event is owed to what was pending then and to
 * the events since. `kept`: what was pending then has neither left nor been dropped. */
static struct msix_cell cell_after_sample(const struct msix_cell *c, bool value, int32_t events, bool kept)
{
    struct msix_cell left = *c;
    if (value) {
        left.p[0] = clip(c->p[0], kept ? 1 : 0, INT32_MAX);
        left.p[1] = clip(c->p[1], 0, events);
    } else {
        left.p[0] = clip(c->p[0], 0, events);
        left.p[1] = clip(c->p[1], 0, events - 1);
    }
    return left;
}

/* Nothing happened since the read entered but what the block did by itself, and no later write has been proven: then
 * what was sampled is among the cells, and the rest follows from it. */
static struct msix_cell cell_as_sampled(const struct msix_cell *c)
{
    return (struct msix_cell){{EMPTY, clip(c->p[1], 0, 0)}};
}

bool msix_vector_pending_was(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy,
                             uint64_t since, bool value)
{
    const uint64_t after = msix_vector_events_after(v, since);
    const int32_t events = after < INT32_MAX ? (int32_t)after : INT32_MAX;
    const bool drops = policy->keep_on_disable != POLICY_YES || policy->hold_while_bme_off != POLICY_YES;
    const bool untouched = v->last_message < since && v->last_clear < since;
    /* a read that entered earlier may have been sampled later (ORD-15), and have seen the bit dropped */
    const bool at_rest = value && untouched && !drops && events == 0 && ring->fence_seq <= since;
    bool possible = false;
    for (uint32_t k = 0; k < n_cells(v); k++) {
        struct msix_cell left =
            at_rest ? cell_as_sampled(&v->cell[k]) : cell_after_sample(&v->cell[k], value, events, untouched && !drops);
        possible = possible || !cell_empty(&left);
    }
    if (!possible)
        return false;
    for (uint32_t k = 0; k < n_cells(v); k++)
        v->cell[k] =
            at_rest ? cell_as_sampled(&v->cell[k]) : cell_after_sample(&v->cell[k], value, events, untouched && !drops);
    if (at_rest)
        close_cells(v, ring, policy);
    v->group = 0;
    return true;
}

/* --- questions --- */

bool msix_vector_can_pend(const struct msix_vector *v, bool value)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[value]))
            return true;
    return false;
}

bool msix_vector_can_sample(const struct msix_vector *v, uint64_t head, uint64_t since, bool value)
{
    const uint64_t floor = msix_versions_floor(&v->versions, since);
    for (uint64_t j = floor > v->j0 ? floor : v->j0; j <= v->j1; j++)
        for (uint64_t i = head > v->i0 ? head : v->i0; i <= v->i1; i++)
            if (!is_empty(v->cell[(j - v->j0) * n_i(v) + (i - v->i0)].p[value]))
                return true;
    return false;
}

bool msix_vector_can_commit(const struct msix_vector *v, const struct msix_ring *ring)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!cell_empty(&v->cell[k]) && msix_versions_allow(&msix_ring_at(ring, v->i0 + k % n_i(v))->control,
                                                            msix_versions_at(&v->versions, v->j0 + k / n_i(v))))
            return true;
    return false;
}

int32_t msix_vector_most(const struct msix_vector *v)
{
    int32_t most = 0;
    for (uint32_t k = 0; k < n_cells(v); k++)
        for (unsigned p = 0; p < 2; p++)
            if (!is_empty(v->cell[k].p[p]) && v->cell[k].p[p].hi > most)
                most = v->cell[k].p[p].hi;
    return most;
}

bool msix_vector_can_be_idle(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[0]) && v->cell[k].p[0].lo == 0)
            return true;
    return false;
}

bool msix_vector_is_idle(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[1]) || v->cell[k].p[0].hi > 0)
            return false;
    return true;
}

uint64_t msix_vector_events_after(const struct msix_vector *v, uint64_t seq)
{
    uint64_t n = 0;
    while (n < v->events && n < MSIX_EVENT_MOMENTS && last_event(v, n)->moment > seq)
        n++;
    return n == MSIX_EVENT_MOMENTS ? v->events : n;
}

void msix_vector_settle(struct msix_vector *v, struct msix_place place)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        v->cell[k] = (struct msix_cell){{!cell_empty(&v->cell[k]) && behind(v, k, place) ? ZERO : EMPTY, EMPTY}};
    v->last_origin = place;
    v->group = 0;
}

void msix_vector_forget(struct msix_vector *v)
{
    const int32_t most = msix_vector_most(v); /* what may be on its way stays possible */
    for (uint32_t k = 0; k < n_cells(v); k++)
        v->cell[k] = (struct msix_cell){{{0, most + 1}, {0, most}}};
    v->group = 0;
}

const char *msix_vector_check_invariants(const struct msix_vector *v)
{
    if (v->versions.n == 0 || v->versions.n > v->versions.room)
        return "a vector has no version or more than it has room for";
    if (v->i0 > v->i1 || v->j0 > v->j1 || n_cells(v) > v->room_cells)
        return "the grid of cells is empty or larger than its room";
    if (v->j0 < v->versions.base || v->j1 > msix_versions_head(&v->versions))
        return "a cell stands at a version that is not kept";
    for (uint32_t k = 0; k < n_cells(v); k++)
        for (unsigned p = 0; p < 2; p++)
            if (!is_empty(v->cell[k].p[p]) && v->cell[k].p[p].lo < 0)
                return "a count of messages is negative";
    return any_cell(v) ? NULL : "no cell is possible";
}
