#include "msix_exact.h"

#include <string.h>

enum { FEW = MSIX_STATES_FEW };

static enum msix_exact_result result_of(enum msix_room room)
{
    return room == MSIX_ROOM ? MSIX_EXACT_DONE : room == MSIX_NO_ROOM ? MSIX_EXACT_CROWD : MSIX_EXACT_NO_MEMORY;
}

enum msix_exact_result msix_exact_begin(struct msix_exact *e, struct msix_states_pool *pool, uint64_t i, uint64_t j)
{
    const enum msix_exact_result result = result_of(msix_states_reserve(pool, &e->states, 1));
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

/* State k becomes the next one of those that stay, of which there are *n. */
static void keep(struct msix_exact *e, uint32_t *n, uint32_t k)
{
    if (*n != k)
        msix_state_copy(&e->states.state[*n], &e->states.state[k]);
    ++*n;
}

/* --- hidden steps --- */

static void insert_without_pending(struct msix_closure *c, struct msix_state s)
{
    s.pending = 0;
    s.mark = 0;
    msix_closure_insert(c, &s);
}

/* The bit of messages that are on their way falls. */
static void hide(struct msix_state *s)
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

/* The next control write takes effect; pending bits may be dropped where Enable goes from 1 to 0 (MSIX-PBA-24). */
static void apply_control(struct msix_closure *c, const struct msix_ground *g, struct msix_state s)
{
    const bool enabled = msix_ring_at(g->ring, s.i++)->control.enable;
    const bool off = enabled && !msix_ring_at(g->ring, s.i)->control.enable;
    const bool falls = off && s.pending;
    if (off && g->policy->keep_on_disable == POLICY_NO)
        hide(&s);
    if (!falls || g->policy->keep_on_disable != POLICY_NO)
        msix_closure_insert(c, &s);
    if (falls && g->policy->keep_on_disable != POLICY_YES)
        insert_without_pending(c, s);
}

static uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
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

static void insert_committed(struct msix_closure *c, const struct msix_ground *g, struct msix_state s)
{
    if (commit(&s, g))
        msix_closure_insert(c, &s);
    else
        c->overflow = true;
}

/* The read samples this bit now. What reads 0 shows no message any more. */
static void sample(struct msix_state *s, unsigned read, unsigned bit)
{
    s->read[read] = (uint8_t)(MSIX_SAMPLED | bit | MSIX_SAMPLE_AHEAD * s->n_queue);
    if (bit == 0)
        hide(s);
}

static void insert_sampled(struct msix_closure *c, struct msix_state s, unsigned read, unsigned bit)
{
    sample(&s, read, bit);
    msix_closure_insert(c, &s);
}

static void sample_reads(struct msix_closure *c, const struct msix_exact *e, const struct msix_state *from)
{
    for (unsigned k = 0; k < MSIX_STATE_READS; k++) {
        const struct msix_exact_read *read = &e->read[k];
        if (!read->open || read->fresh || from->read[k] || from->i < read->i || from->j < read->j)
            continue;
        insert_sampled(c, *from, k, from->pending);
        if (!from->pending && shows(from))
            insert_sampled(c, *from, k, 1);
    }
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
        apply_control(c, g, *s);
    if (s->j < msix_versions_head(g->versions)) {
        struct msix_state next = *s;
        next.j++;
        if (msix_versions_at(g->versions, next.j)->reset)
            next.mark = next.pending = 0;
        msix_closure_insert(c, &next);
    }
    if (s->pending && msix_versions_allow(control, version))
        insert_committed(c, g, *s);
    else if (s->pending && may_drop(control, version, g->policy))
        insert_without_pending(c, *s); /* MSIX-PBA-28 */
    sample_reads(c, e, s);
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
            keep(e, &n, k);
    e->states.n = n;
    return MSIX_EXACT_DONE;
}

/* --- closing --- */

/* Whatever may still have been committed only now was so before this moment; what is pending may be committed later. */
static void freeze(struct msix_exact *e, uint64_t moment)
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
    freeze(e, moment + 1);
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

/* Does it stand at one place, the newest? */
static bool is_at_rest(const struct msix_exact *e)
{
    bool rests = true;
    for (uint32_t k = 0; k < e->states.n && rests; k++)
        rests = e->states.state[k].i == e->head && e->states.state[k].j == e->newest;
    return rests;
}

/* No write is on its way to the entry: nothing can happen but that events are committed and reads sample. */
static bool is_settled(const struct msix_exact *e, const struct msix_ground *g)
{
    return e->states.n <= FEW && is_at_rest(e) &&
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

static void add_samples(struct few *few, const struct msix_exact *e, const struct msix_state *from)
{
    for (unsigned k = 0; k < MSIX_STATE_READS; k++) {
        if (!e->read[k].open || e->read[k].fresh || from->read[k])
            continue;
        sample(draft(few, from), k, from->pending);
        add(few);
        if (from->pending || !shows(from))
            continue;
        sample(draft(few, from), k, 1);
        add(few);
    }
}

/* The usual case, for speed. Returns false if that is not so simple. */
static bool close_settled(struct msix_exact *e, struct few *few, const struct msix_ground *g)
{
    const bool allowed =
        msix_versions_allow(&msix_ring_at(g->ring, e->head)->control, msix_versions_newest(g->versions));
    for (uint32_t k = 0; k < e->states.n; k++) {
        (void)draft(few, &e->states.state[k]);
        add(few);
    }
    few->next = 0;
    while (few->next < few->n && few->n <= FEW) {
        const struct msix_state *from = &few->state[few->next++];
        if (from->pending && allowed) {
            if (!commit(draft(few, from), g))
                return false;
            add(few);
        }
        add_samples(few, e, from);
    }
    return few->n <= FEW;
}

static void close_all(struct msix_exact *e, struct msix_closure *c, const struct msix_ground *g)
{
    const struct msix_state *s;
    msix_closure_begin(c);
    for (uint32_t k = 0; k < e->states.n; k++)
        msix_closure_insert(c, &e->states.state[k]);
    while (!c->overflow && (s = msix_closure_next(c)) != NULL) {
        const struct msix_state from = *s;
        step(c, e, g, &from);
    }
}

static enum msix_exact_result copy_states(struct msix_exact *e, struct msix_states_pool *pool,
                                          const struct msix_state *state, uint32_t n)
{
    const enum msix_exact_result result = result_of(msix_states_reserve(pool, &e->states, n));
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

/* --- events --- */

/* Does an event in this state set the pending bit? */
static enum policy_tristate is_recorded(const struct msix_ground *g, const struct msix_state *s)
{
    const struct msix_control *control = &msix_ring_at(g->ring, s->i)->control;
    const bool masked = control->fmask || msix_versions_at(g->versions, s->j)->mask;
    if (!control->enable)
        return g->policy->record_while_disabled;
    if (!control->bme)
        return masked ? g->policy->record_masked_while_bme_off : g->policy->hold_while_bme_off;
    return POLICY_YES;
}

/* May the event be left to the newest message on its way, which then waits for its data (EDGE-04)? */
static bool may_join(const struct msix_ground *g, const struct msix_state *s)
{
    return s->n_queue > 0 && !s->pending &&
           msix_versions_allow(&msix_ring_at(g->ring, s->i)->control, msix_versions_at(g->versions, s->j));
}

enum msix_exact_result msix_exact_event(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_ground *ground, uint64_t moment, uint64_t data_mark)
{
    const uint32_t n = e->states.n;
    uint32_t doubled = 0;
    for (uint32_t k = 0; k < n; k++)
        doubled += is_recorded(ground, &e->states.state[k]) == POLICY_EITHER || may_join(ground, &e->states.state[k]);
    const enum msix_exact_result result = result_of(msix_states_reserve(pool, &e->states, n + doubled));
    if (result != MSIX_EXACT_DONE)
        return result;
    freeze(e, moment);
    for (uint32_t k = 0; k < n; k++) {
        struct msix_state *s = &e->states.state[k];
        const enum policy_tristate recorded = is_recorded(ground, s);
        if (recorded == POLICY_NO)
            continue;
        struct msix_state other = *s;
        if (may_join(ground, s))
            other.queue[s->n_queue - 1].mark = data_mark;
        if (recorded == POLICY_EITHER || may_join(ground, s))
            e->states.state[e->states.n++] = other;
        s->pending = 1;
        s->mark = data_mark;
    }
    return MSIX_EXACT_DONE;
}

void msix_exact_clear(struct msix_exact *e, uint64_t moment)
{
    freeze(e, moment);
    for (uint32_t k = 0; k < e->states.n; k++) {
        e->states.state[k].pending = 0;
        e->states.state[k].mark = 0;
        hide(&e->states.state[k]);
    }
}

/* --- messages --- */

static enum msix_exact_sending sends(const struct msix_state *s, const struct msix_letter *letter)
{
    if (s->n_queue == 0)
        return MSIX_EXACT_NO_MESSAGE;
    if (s->queue[0].address != letter->address || s->queue[0].data != letter->data)
        return MSIX_EXACT_OTHER_FIELDS;
    return s->queue[0].mark > letter->data_sent ? MSIX_EXACT_EARLY : MSIX_EXACT_SENDS;
}

enum msix_exact_sending msix_exact_can_send(const struct msix_exact *e, const struct msix_letter *letter)
{
    enum msix_exact_sending best = MSIX_EXACT_NO_MESSAGE;
    for (uint32_t k = 0; k < e->states.n && best < MSIX_EXACT_SENDS; k++) {
        const enum msix_exact_sending sending = sends(&e->states.state[k], letter);
        best = sending > best ? sending : best;
    }
    return best;
}

static void remove_oldest(struct msix_state *s)
{
    s->n_queue--;
    memmove(s->queue, s->queue + 1, s->n_queue * sizeof s->queue[0]);
    for (unsigned k = 0; k < MSIX_STATE_READS; k++)
        if (s->read[k] >= MSIX_SAMPLE_AHEAD)
            s->read[k] = (uint8_t)(s->read[k] - MSIX_SAMPLE_AHEAD);
}

void msix_exact_message(struct msix_exact *e, const struct msix_letter *letter)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++) {
        if (sends(&e->states.state[k], letter) != MSIX_EXACT_SENDS)
            continue;
        keep(e, &n, k);
        remove_oldest(&e->states.state[n - 1]);
    }
    e->states.n = n;
}

enum msix_exact_result msix_exact_share(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_letter *letter)
{
    const uint32_t n = e->states.n;
    const enum msix_exact_result result = result_of(msix_states_reserve(pool, &e->states, 2 * n));
    if (result != MSIX_EXACT_DONE)
        return result;
    for (uint32_t k = 0; k < n; k++) {
        if (sends(&e->states.state[k], letter) != MSIX_EXACT_SENDS)
            continue;
        struct msix_state *s = &e->states.state[e->states.n++];
        *s = e->states.state[k];
        remove_oldest(s);
        if (++s->taken == UINT16_MAX)
            return MSIX_EXACT_CROWD;
    }
    return MSIX_EXACT_DONE;
}

int64_t msix_exact_most_with(const struct msix_exact *e, const struct msix_letter *letter)
{
    int64_t most = -1;
    for (uint32_t k = 0; k < e->states.n; k++) {
        const struct msix_state *s = &e->states.state[k];
        if (sends(s, letter) == MSIX_EXACT_SENDS && s->taken > most)
            most = s->taken;
    }
    return most;
}

/* --- reads of the pending bit --- */

bool msix_exact_read_start(struct msix_exact *e, int token, uint64_t i, uint64_t j)
{
    unsigned at = 0;
    while (at < MSIX_STATE_READS && e->read[at].open)
        at++;
    if (at == MSIX_STATE_READS)
        return false;
    e->read[at] = (struct msix_exact_read){.open = true, .fresh = true, .token = token, .i = i, .j = j};
    return true;
}

static int find_read(const struct msix_exact *e, int token)
{
    for (int k = 0; k < MSIX_STATE_READS; k++)
        if (e->read[k].open && e->read[k].token == token)
            return k;
    return -1;
}

/* From here on the states do not tell how it stood. */
static void close_read(struct msix_exact *e, int at)
{
    e->read[at].open = false;
    for (uint32_t k = 0; k < e->states.n; k++)
        e->states.state[k].read[at] = 0;
}

/* Nothing has left since it entered: what it has sampled, if it is ordered, was a state without messages. */
bool msix_exact_read_end_fresh(struct msix_exact *e, int token, bool value)
{
    const int at = find_read(e, token);
    uint32_t n = 0;
    if (at < 0 || !e->read[at].fresh || !is_at_rest(e))
        return false;
    for (int k = 0; k < MSIX_STATE_READS; k++)
        if (k != at && e->read[k].open) /* it may have sampled something else */
            return false;
    for (uint32_t k = 0; k < e->states.n; k++)
        n += e->states.state[k].n_queue == 0 && e->states.state[k].pending == value;
    if (n == 0)
        return false;
    n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        if (e->states.state[k].n_queue == 0 && e->states.state[k].pending == value)
            keep(e, &n, k);
    e->states.n = n;
    e->read[at].open = false;
    e->closed = !value; /* what was pending may be committed again */
    return true;
}

static bool returns(uint8_t read, bool value, bool ordered)
{
    return (read & MSIX_SAMPLE_BITS) == (MSIX_SAMPLED | value) && (!ordered || read < MSIX_SAMPLE_AHEAD);
}

enum msix_exact_reading msix_exact_read_end(struct msix_exact *e, int token, uint64_t moment, bool value, bool ordered)
{
    const int at = find_read(e, token);
    uint32_t right = 0, sampled = 0;
    if (at < 0)
        return MSIX_EXACT_UNTRACKED;
    for (uint32_t k = 0; k < e->states.n; k++) {
        right += returns(e->states.state[k].read[at], value, ordered);
        sampled += returns(e->states.state[k].read[at], value, false);
    }
    if (right == 0)
        return sampled == 0 ? MSIX_EXACT_NEVER : MSIX_EXACT_OVERTAKES;
    freeze(e, moment);
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        if (returns(e->states.state[k].read[at], value, ordered))
            keep(e, &n, k);
    e->states.n = n;
    close_read(e, at);
    return MSIX_EXACT_READ;
}

void msix_exact_read_drop(struct msix_exact *e, int token)
{
    const int at = find_read(e, token);
    if (at >= 0)
        close_read(e, at);
}

/* --- questions --- */

static bool idle(const struct msix_state *s)
{
    return !s->pending && s->n_queue == 0;
}

bool msix_exact_keep_idle(struct msix_exact *e)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        n += idle(&e->states.state[k]);
    if (n == 0)
        return false;
    n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        if (idle(&e->states.state[k]))
            keep(e, &n, k);
    e->states.n = n;
    return true;
}

bool msix_exact_is_idle(const struct msix_exact *e, uint64_t *i, uint64_t *j)
{
    const struct msix_state *state = e->states.state;
    *i = *j = UINT64_MAX;
    for (unsigned k = 0; k < MSIX_STATE_READS; k++)
        if (e->read[k].open)
            return false;
    for (uint32_t k = 0; k < e->states.n; k++) {
        if (!idle(&state[k]))
            return false;
        *i = least_of(*i, state[k].i);
        *j = least_of(*j, state[k].j);
    }
    for (uint32_t k = 0; k < e->states.n; k++)
        if (state[k].i == *i && state[k].j == *j)
            return true;
    return false;
}

bool msix_exact_may_hold(const struct msix_exact *e)
{
    for (uint32_t k = 0; k < e->states.n; k++)
        if (!idle(&e->states.state[k]))
            return true;
    return false;
}

bool msix_exact_is_one(const struct msix_exact *e)
{
    const struct msix_state *first = &e->states.state[0];
    for (uint32_t k = 0; k < e->states.n; k++) {
        const struct msix_state *s = &e->states.state[k];
        if (s->n_queue > 0 || s->i != first->i || s->j != first->j || s->pending != first->pending)
            return false;
    }
    return true;
}

uint64_t msix_exact_least_taken(const struct msix_exact *e)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t k = 0; k < e->states.n; k++)
        least = least_of(least, e->states.state[k].taken);
    return least;
}

bool msix_exact_keep_taken(struct msix_exact *e, uint64_t least, uint64_t most)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        n += e->states.state[k].taken >= least && e->states.state[k].taken <= most;
    if (n == 0)
        return false;
    n = 0;
    e->least = UINT64_MAX;
    e->most = 0;
    for (uint32_t k = 0; k < e->states.n; k++) {
        const uint16_t taken = e->states.state[k].taken;
        if (taken < least || taken > most)
            continue;
        e->least = taken < e->least ? taken : e->least;
        e->most = taken > e->most ? taken : e->most;
        keep(e, &n, k);
    }
    e->states.n = n;
    return true;
}

void msix_exact_lower_taken(struct msix_exact *e, uint64_t n)
{
    for (uint32_t k = 0; n > 0 && k < e->states.n; k++)
        e->states.state[k].taken = (uint16_t)(e->states.state[k].taken - n);
    e->least -= n;
    e->most -= n;
}

void msix_exact_forget_taken(struct msix_exact *e)
{
    for (uint32_t k = 0; k < e->states.n; k++)
        e->states.state[k].taken = 0;
    e->least = e->most = 0;
}

static const char *check_state(const struct msix_exact *e, const struct msix_state *s, const struct msix_ring *ring,
                               const struct msix_versions *versions)
{
    if (s->i > ring->head || ring->head - s->i >= MSIX_RING_SIZE)
        return "a state stands at a control write that is not kept";
    if (s->j < versions->base || s->j > msix_versions_head(versions))
        return "a state stands at a version that is not kept";
    if (s->n_queue > MSIX_STATE_QUEUE || s->pending > 1)
        return "a state holds too many messages";
    for (unsigned k = 1; k < s->n_queue; k++)
        if (s->queue[k].until < s->queue[k - 1].until)
            return "a message was committed before the one ahead of it";
    for (unsigned k = 0; k < MSIX_STATE_READS; k++)
        if (s->read[k] && (!e->read[k].open || s->read[k] / MSIX_SAMPLE_AHEAD > s->n_queue))
            return "a state has sampled a read that is not under way, or behind messages that it has not";
    return NULL;
}

const char *msix_exact_check_invariants(const struct msix_exact *e, const struct msix_ring *ring,
                                        const struct msix_versions *versions)
{
    const char *wrong = e->states.n > 0 ? NULL : "no state is possible";
    for (uint32_t k = 0; k < e->states.n && !wrong; k++)
        wrong = check_state(e, &e->states.state[k], ring, versions);
    return wrong;
}
