#include "msix_exact_private.h"

#include <string.h>

/* --- events --- */

/* Does an event in this state set the pending bit? */
static enum policy_tristate is_recorded(const struct msix_ground *g, const struct msix_state *s, bool unsettled)
{
    return msix_versions_record(&msix_ring_at(g->ring, s->i)->control, msix_versions_at(g->versions, s->j), g->policy,
                                unsettled);
}

/* May the event be left to the newest message on its way, which then waits for its data (EDGE-04)? */
static bool may_join(const struct msix_ground *g, const struct msix_state *s)
{
    return s->n_queue > 0 && !s->pending &&
           msix_versions_allow(&msix_ring_at(g->ring, s->i)->control, msix_versions_at(g->versions, s->j));
}

enum msix_exact_result msix_exact_event(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_ground *ground, uint64_t moment, uint64_t data_mark,
                                        bool unsettled)
{
    const uint32_t n = e->states.n;
    uint32_t doubled = 0;
    for (uint32_t k = 0; k < n; k++)
        doubled += is_recorded(ground, &e->states.state[k], unsettled) == POLICY_EITHER ||
                   may_join(ground, &e->states.state[k]);
    const enum msix_exact_result result = msix_exact_result_of(msix_states_reserve(pool, &e->states, n + doubled));
    if (result != MSIX_EXACT_DONE)
        return result;
    msix_exact_freeze(e, moment);
    for (uint32_t k = 0; k < n; k++) {
        struct msix_state *s = &e->states.state[k];
        const enum policy_tristate recorded = is_recorded(ground, s, unsettled);
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
    msix_exact_freeze(e, moment);
    for (uint32_t k = 0; k < e->states.n; k++) {
        e->states.state[k].pending = 0;
        e->states.state[k].mark = 0;
        msix_state_hide(&e->states.state[k]);
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
        for (unsigned bit = 0; bit < 2; bit++)
            if (s->sampled[bit][k] && s->sampled[bit][k] < MSIX_SAMPLED)
                s->sampled[bit][k]++;
}

void msix_exact_message(struct msix_exact *e, const struct msix_letter *letter)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++) {
        if (sends(&e->states.state[k], letter) != MSIX_EXACT_SENDS)
            continue;
        msix_exact_keep(e, &n, k);
        remove_oldest(&e->states.state[n - 1]);
    }
    e->states.n = n;
}

enum msix_exact_result msix_exact_share(struct msix_exact *e, struct msix_states_pool *pool,
                                        const struct msix_letter *letter)
{
    const uint32_t n = e->states.n;
    const enum msix_exact_result result = msix_exact_result_of(msix_states_reserve(pool, &e->states, 2 * n));
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

/* Of states that are closed: those without a pending event stay so, whenever their messages were committed. */
static bool none_pending(const struct msix_exact *e)
{
    for (uint32_t k = 0; k < e->states.n; k++)
        if (e->states.state[k].pending)
            return false;
    return true;
}

/* From here on the states do not tell how it stood. */
static void close_read(struct msix_exact *e, int at)
{
    e->read[at].open = false;
    for (uint32_t k = 0; k < e->states.n; k++)
        e->states.state[k].sampled[0][at] = e->states.state[k].sampled[1][at] = 0;
}

/* Nothing has left since it entered: what it has sampled, if it is ordered, was a state without messages. */
bool msix_exact_read_end_fresh(struct msix_exact *e, int token, bool value)
{
    const int at = find_read(e, token);
    uint32_t n = 0;
    if (at < 0 || !e->read[at].fresh || !msix_exact_is_at_rest(e))
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
            msix_exact_keep(e, &n, k);
    e->states.n = n;
    e->read[at].open = false;
    e->closed = !value; /* what was pending may be committed again */
    return true;
}

static bool returns(const struct msix_state *s, int at, bool value, bool ordered)
{
    return s->sampled[value][at] >= (ordered ? MSIX_SAMPLED : 1);
}

enum msix_exact_reading msix_exact_read_end(struct msix_exact *e, int token, uint64_t moment, bool value, bool ordered)
{
    const int at = find_read(e, token);
    uint32_t right = 0, sampled = 0;
    if (at < 0)
        return MSIX_EXACT_UNTRACKED;
    for (uint32_t k = 0; k < e->states.n; k++) {
        right += returns(&e->states.state[k], at, value, ordered);
        sampled += returns(&e->states.state[k], at, value, false);
    }
    if (right == 0)
        return sampled == 0 ? MSIX_EXACT_NEVER : MSIX_EXACT_OVERTAKES;
    msix_exact_freeze(e, moment);
    uint32_t n = 0;
    for (uint32_t k = 0; k < e->states.n; k++)
        if (returns(&e->states.state[k], at, value, ordered))
            msix_exact_keep(e, &n, k);
    e->states.n = n;
    e->closed = none_pending(e);
    close_read(e, at);
    return MSIX_EXACT_READ;
}

void msix_exact_read_drop(struct msix_exact *e, int token)
{
    const int at = find_read(e, token);
    if (at >= 0)
        close_read(e, at);
}
