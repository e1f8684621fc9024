#include "msix_exact_private.h"

#include <string.h>

enum { FEW = MSIX_STATES_FEW };

enum msix_exact_result msix_exact_result_of(enum msix_room room)
{
    return room == MSIX_ROOM ? MSIX_EXACT_DONE : room == MSIX_NO_ROOM ? MSIX_EXACT_CROWD : MSIX_EXACT_NO_MEMORY;
}

enum msix_exact_result msix_exact_begin(struct msix_exact *e, struct msix_states_pool *pool, uint64_t i, uint64_t j)
{
    const enum msix_exact_result result = msix_exact_result_of(msix_states_reserve(pool, &e->states, 1));
    if (result != MSIX_EXACT_DONE)
        return result;
    e->states.state[0] = (struct msix_state){.i = i, .j = j};
    e->states.n = 1;
    memset(e->read, 0, sizeof e->read);
    e->least = e->most = 0;
    e->closed = false;
    e->head = i;
    e->newest = j;
    e->fence_seen = e->flush_seen = 0;
    return MSIX_EXACT_DONE;
}

void msix_exact_begin_pending(struct msix_exact *e, uint64_t data_mark)
{
    e->states.state[0].pending = 1;
    e->states.state[0].mark = data_mark;
}

void msix_exact_end(struct msix_exact *e, struct msix_states_pool *pool)
{
    msix_states_release(pool, &e->states);
}

void msix_exact_keep(struct msix_exact *e, uint32_t *n, uint32_t k)
{
    if (*n != k)
        msix_state_copy(&e->states.state[*n], &e->states.state[k]);
    ++*n;
}

/* --- hidden steps --- */

void msix_state_hide(struct msix_state *s)
{
    for (unsigned k = 0; k < s->n_queue; k++)
        s->queue[k].shows = false;
}

static bool shows(const struct msix_state *s)
{
    bool any = false;
    for (unsigned k = 0; k < s->n_queue; k++)
        any |= s->queue[k].shows;
    return any;
}

/* Can it sample in this state? */
static bool can_sample(const struct msix_exact_read *read, const struct msix_state *s)
{
    return read->open && !read->fresh && s->i >= read->i && s->j >= read->j;
}

/* Reads may sample this bit now. Returns false if none can. */
static bool sample_bit(const struct msix_exact *e, struct msix_state *s, bool bit)
{
    const uint8_t now = (uint8_t)(MSIX_SAMPLED - s->n_queue);
    bool any = false;
    for (unsigned k = 0; k < MSIX_STATE_READS; k++) {
        if (!can_sample(&e->read[k], s))
            continue;
        any = true;
        if (s->sampled[bit][k] < now)
            s->sampled[bit][k] = now;
    }
    return any;
}

/* Reads may sample what the bit reads. */
static void sample(const struct msix_exact *e, struct msix_state *s)
{
    (void)sample_bit(e, s, s->pending || shows(s));
}

/* Reads may also sample 0 while messages are on their way. What reads 0 shows none of them any more. Returns false if this
 * is not so. */
static bool sample_hidden(const struct msix_exact *e, struct msix_state *s)
{
    if (s->pending || !shows(s))
        return false;
    msix_state_hide(s);
    return sample_bit(e, s, false);
}

static void enter(struct msix_closure *c, const struct msix_exact *e, struct msix_state *draft)
{
    sample(e, draft);
    msix_closure_enter(c);
}

static void enter_without_pending(struct msix_closure *c, const struct msix_exact *e, struct msix_state *draft)
{
    draft->pending = 0;
    draft->mark = 0;
    enter(c, e, draft);
}

/* A write has led to this state, and has kept or dropped the pending bit. */
static void enter_behind_write(struct msix_closure *c, const struct msix_exact *e, const struct msix_state *to,
                               enum policy_tristate keep)
{
    if (keep != POLICY_NO || !to->pending)
        enter(c, e, msix_closure_draft(c, to));
    if (keep != POLICY_YES && to->pending)
        enter_without_pending(c, e, msix_closure_draft(c, to));
}

static void apply_control(struct msix_closure *c, const struct msix_exact *e, const struct msix_ground *g,
                          const struct msix_state *from)
{
    struct msix_state to;
    msix_state_copy(&to, from);
    to.i++;
    const enum policy_tristate keep = msix_ring_keep(g->ring, to.i, g->policy);
    if (keep == POLICY_NO) /* the bits of messages that are on their way fall too */
        msix_state_hide(&to);
    enter_behind_write(c, e, &to, keep);
}

static void apply_write(struct msix_closure *c, const struct msix_exact *e, const struct msix_ground *g,
                        const struct msix_state *from)
{
    struct msix_state to;
    msix_state_copy(&to, from);
    to.j++;
    enter_behind_write(c, e, &to, msix_versions_keep(g->versions, to.j));
}

/* The pending event is committed: a message with what the entry holds. Returns false if there are too many. */
static bool commit(struct msix_state *s, const struct msix_ground *g)
{
    const struct msix_version *version = msix_versions_at(g->versions, s->j);
    uint64_t until = UINT64_MAX;
    if (s->n_queue == MSIX_STATE_QUEUE)
        return false;
    if (s->i < g->ring->head)
        until = msix_ring_at(g->ring, s->i + 1)->seq;
    if (s->j < msix_versions_head(g->versions))
        until = least_of(until, msix_versions_at(g->versions, s->j + 1)->seq);
    s->queue[s->n_queue++] = (struct msix_unsent){
        .address = version->address, .data = version->data, .mark = s->mark, .until = until, .shows = true};
    s->pending = 0;
    s->mark = 0;
    return true;
}

static void enter_committed(struct msix_closure *c, const struct msix_exact *e, const struct msix_ground *g,
                            const struct msix_state *from)
{
    struct msix_state *s = msix_closure_draft(c, from);
    if (commit(s, g))
        enter(c, e, s);
    else
        c->overflow = true;
}

/* May a pending event be dropped here? (MSIX-PBA-28) */
static bool may_drop(const struct msix_control *control, const struct msix_version *version,
                     const struct policy *policy)
{
    return control->enable && !control->fmask && !control->bme && !version->mask &&
           policy->hold_while_bme_off != POLICY_YES;
}

static void step(struct msix_closure *c, const struct msix_exact *e, const struct msix_ground *g,
                 const struct msix_state *s)
{
    const struct msix_control *control = &msix_ring_at(g->ring, s->i)->control;
    const struct msix_version *version = msix_versions_at(g->versions, s->j);
    if (s->i < g->ring->head && s->j >= msix_versions_needed(g->versions, g->ring, s->i + 1))
        apply_control(c, e, g, s);
    if (s->j < msix_versions_head(g->versions))
        apply_write(c, e, g, s);
    if (s->pending && msix_versions_allow(control, version))
        enter_committed(c, e, g, s);
    else if (s->pending && may_drop(control, version, g->policy))
        enter_without_pending(c, e, msix_closure_draft(c, s)); /* MSIX-PBA-28 */
    if (sample_hidden(e, msix_closure_draft(c, s)))
        msix_closure_enter(c);
}

/* --- fences --- */

/* In force is what was proven to be, and nothing that was committed before the flushed request is still on its way. */
static bool stands(const struct msix_state *s, const struct msix_ground *g, uint64_t floor)
{
    return s->i >= g->ring->floor && s->j >= floor && (s->n_queue == 0 || s->queue[0].until >= g->ring->flush_seq);
}

/* Keeps what stands, if anything does. */
static enum msix_exact_result keep_standing(struct msix_exact *e, const struct msix_ground *g)
{
    const uint64_t floor = msix_versions_floor(g->versions, g->ring->fence_seq);
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        n += stands(&e->states.state[k], g, floor);
    if (n == 0)
        return MSIX_EXACT_NONE;
    for (uint32_t k = n == e->states.n ? n : (n = 0); k < e->states.n; k++)
        if (stands(&e->states.state[k], g, floor))
            msix_exact_keep(e, &n, k);
    e->states.n = n;
    return MSIX_EXACT_DONE;
}

/* --- closing --- */

void msix_exact_freeze(struct msix_exact *e, uint64_t moment)
{
    e->closed = false;
    for (uint32_t k = 0; k < e->states.n; k++) {
        struct msix_state *s = &e->states.state[k];
        for (unsigned q = s->n_queue; q-- > 0 && s->queue[q].until == UINT64_MAX;)
            s->queue[q].until = moment - 1;
    }
}

void msix_exact_see_reads(struct msix_exact *e)
{
    for (unsigned k = 0; k < MSIX_STATE_READS; k++) {
        if (!e->read[k].open || !e->read[k].fresh)
            continue;
        e->read[k].fresh = false;
        e->closed = false;
    }
}

/* Writes have entered: a message that was committed before the first of them was so for good. */
static void freeze_before_writes(struct msix_exact *e, const struct msix_ground *g)
{
    uint64_t moment = UINT64_MAX;
    if (e->head != g->ring->head)
        moment = msix_ring_at(g->ring, e->head + 1)->seq;
    if (e->newest != msix_versions_head(g->versions))
        moment = least_of(moment, msix_versions_at(g->versions, e->newest + 1)->seq);
    if (moment == UINT64_MAX)
        return;
    msix_exact_freeze(e, moment + 1);
    msix_exact_see_reads(e); /* they may have sampled before or after */
    e->head = g->ring->head;
    e->newest = msix_versions_head(g->versions);
}

/* Data that has left holds nothing back any more. */
static void forget_marks(struct msix_exact *e, uint64_t data_sent)
{
    for (uint32_t k = 0; k < e->states.n; k++) {
        struct msix_state *s = &e->states.state[k];
        s->mark = s->mark <= data_sent ? 0 : s->mark;
        for (unsigned q = 0; q < s->n_queue; q++)
            s->queue[q].mark = s->queue[q].mark <= data_sent ? 0 : s->queue[q].mark;
    }
}

bool msix_exact_is_at_rest(const struct msix_exact *e)
{
    bool rests = true;
    for (uint32_t k = 0; k < e->states.n && rests; k++)
        rests = e->states.state[k].i == e->head && e->states.state[k].j == e->newest;
    return rests;
}

/* No write is on its way to the entry: nothing can happen but that events are committed and reads sample. */
static bool is_settled(const struct msix_exact *e, const struct msix_ground *g)
{
    return e->states.n <= FEW && msix_exact_is_at_rest(e) &&
           !may_drop(&msix_ring_at(g->ring, e->head)->control, msix_versions_newest(g->versions), g->policy);
}

/* A few states that are being closed; `next` is the first one to be looked at. */
struct few {
    struct msix_state *state;
    uint32_t n, next;
};

/* Room for a state that is a copy of this one, to be changed and then added. */
static struct msix_state *draft(struct few *few, const struct msix_state *from)
{
    struct msix_state *s = &few->state[few->n];
    msix_state_copy(s, from);
    return s;
}

static void add(struct few *few)
{
    const uint32_t at = msix_states_enter(few->state, few->n);
    few->n += at == few->n;
    few->next = at < few->next ? at : few->next;
}

static void add_sampled(struct few *few, const struct msix_exact *e, struct msix_state *draft)
{
    sample(e, draft);
    add(few);
}

/* The usual case, for speed. Returns false if that is not so simple. */
static bool close_settled(struct msix_exact *e, struct few *few, const struct msix_ground *g)
{
    const bool allowed =
        msix_versions_allow(&msix_ring_at(g->ring, e->head)->control, msix_versions_newest(g->versions));
    for (uint32_t k = 0; k < e->states.n; k++) {
        add_sampled(few, e, draft(few, &e->states.state[k]));
    }
    few->next = 0;
    while (few->next < few->n && few->n <= FEW) {
        const struct msix_state *from = &few->state[few->next++];
        if (from->pending && allowed) {
            struct msix_state *s = draft(few, from);
            if (!commit(s, g))
                return false;
            add_sampled(few, e, s);
        }
        if (sample_hidden(e, draft(few, from)))
            add(few);
    }
    return few->n <= FEW;
}

static void close_all(struct msix_exact *e, struct msix_closure *c, const struct msix_ground *g)
{
    const struct msix_state *s;
    msix_closure_begin(c);
    for (uint32_t k = 0; k < e->states.n; k++) {
        enter(c, e, msix_closure_draft(c, &e->states.state[k]));
    }
    while (!c->overflow && (s = msix_closure_next(c)) != NULL)
        step(c, e, g, s);
}

static enum msix_exact_result copy_states(struct msix_exact *e, struct msix_states_pool *pool,
                                          const struct msix_state *state, uint32_t n)
{
    const enum msix_exact_result result = msix_exact_result_of(msix_states_reserve(pool, &e->states, n));
    if (result != MSIX_EXACT_DONE)
        return result;
    for (uint32_t k = 0; k < n; k++)
        msix_state_copy(&e->states.state[k], &state[k]);
    e->states.n = n;
    return MSIX_EXACT_DONE;
}

static enum msix_exact_result close_states(struct msix_exact *e, struct msix_states_pool *pool,
                                           const struct msix_ground *g)
{
    struct msix_closure *c = pool->closure;
    struct few few = {.state = pool->few};
    forget_marks(e, g->data_sent);
    if (is_settled(e, g) && close_settled(e, &few, g))
        return copy_states(e, pool, few.state, few.n);
    close_all(e, c, g);
    return c->overflow ? MSIX_EXACT_CROWD : copy_states(e, pool, c->state, c->n);
}

enum msix_exact_result msix_exact_catch_up(struct msix_exact *e, struct msix_states_pool *pool,
                                           const struct msix_ground *ground)
{
    freeze_before_writes(e, ground);
    const bool fenced = e->fence_seen != ground->ring->fence_seq || e->flush_seen != ground->ring->flush_seq;
    if (e->closed && !fenced)
        return MSIX_EXACT_DONE;
    if (!e->closed) {
        const enum msix_exact_result result = close_states(e, pool, ground);
        if (result != MSIX_EXACT_DONE)
            return result;
    }
    e->closed = true;
    e->fence_seen = ground->ring->fence_seq;
    e->flush_seen = ground->ring->flush_seq;
    return keep_standing(e, ground);
}
