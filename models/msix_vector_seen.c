#include "msix_vector_private.h"

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
                       uint64_t data_mark, bool unsettled)
{
    const uint64_t ahead = v->taken + (uint64_t)msix_vector_most(v);
    bool recorded = true;
    for (uint64_t j = v->j0; j <= v->j1; j++) {
        for (uint64_t i = v->i0; i <= v->i1; i++) {
            struct msix_cell *c = &v->cell[(j - v->j0) * n_i(v) + (i - v->i0)];
            enum policy_tristate sets = msix_versions_record(&msix_ring_at(ring, i)->control,
                                                             msix_versions_at(&v->versions, j), policy, unsettled);
            recorded = recorded && (sets == POLICY_YES || cell_empty(c));
            if (sets == POLICY_NO)
                continue;
            c->p[1] = join(c->p[0], c->p[1]);
            if (sets == POLICY_YES)
                c->p[0] = EMPTY;
        }
    }
    note_event(v, seq, data_mark, ahead, recorded);
    msix_vector_close(v, ring, policy);
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
        msix_vector_close(v, ring, policy);
    v->group = 0;
    return true;
}

/* --- what is known from elsewhere --- */

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
