#include "msix_private.h"

#include <inttypes.h>

void msix_pba_update(struct msix_model *m, unsigned v)
{
    for (uint64_t left = m->open; left; left &= left - 1) {
        struct watch *w = &m->watch[__builtin_ctzll(left)];
        if (v < w->first || v >= w->first + w->n)
            continue;
        for (unsigned value = 0; value < 2; value++)
            if (msix_vector_can_sample(&m->vector[v], w->head, w->moment, value))
                w->can[value] |= UINT64_C(1) << (v - w->first);
    }
}

/* The entry is not idle: its states will tell what this read can sample. */
static void follow_read(struct msix_model *m, unsigned v, int token)
{
    const struct watch *w = &m->watch[token];
    if (m->policy->prompt_visibility != POLICY_YES)
        return;
    if (m->exact[v])
        (void)msix_exact_read_start(m->exact[v], token, w->head,
                                    msix_versions_floor(&m->vector[v].versions, w->moment));
    else
        m->single[v].reads += m->single[v].on;
}

int msix_model_pba_start(struct msix_model *m, uint64_t moment, unsigned first, unsigned n)
{
    if (m->open == UINT64_MAX)
        return -1;
    const int token = __builtin_ctzll(~m->open);
    struct watch *w = &m->watch[token];
    m->moment = moment;
    *w = (struct watch){.first = first, .n = n, .moment = moment, .head = m->ring.head};
    m->open |= UINT64_C(1) << token;
    for (unsigned v = first; v < first + n && v < m->nvec; v++) {
        if (!m->exact[v] && msix_vector_is_idle(&m->vector[v])) { /* in every state there is: no need to catch up */
            w->can[0] |= UINT64_C(1) << (v - first);
            continue;
        }
        if (!msix_vector_can_be_idle(msix_model_touch_intervals(m, v)))
            w->owed |= UINT64_C(1) << (v - first);
        follow_read(m, v, token);
    }
    w->could = w->can[1];
    return token;
}

void msix_model_pba_drop(struct msix_model *m, int token)
{
    if (token < 0 || !(m->open >> token & 1))
        return;
    m->open &= ~(UINT64_C(1) << token);
    const struct watch *w = &m->watch[token];
    for (unsigned v = w->first; v < w->first + w->n && v < m->nvec; v++) {
        m->single[v].reads -= m->single[v].reads > 0;
        if (!m->exact[v])
            continue;
        msix_exact_read_drop(m->exact[v], token);
        msix_follow_settle(m, v);
    }
}

void msix_model_pba_write(struct msix_model *m, unsigned first, unsigned n)
{
    for (unsigned v = first; m->policy->pba_writes_ignored != POLICY_YES && v < first + n && v < m->nvec; v++) {
        m->vector[v].pba_written = true;
        msix_model_touch(m, v);
        msix_follow_forget(m, v);
    }
}

/* Do the intervals allow that the bit was `value` when it was sampled, after the read entered, and that all that was
 * committed before has been seen? Cuts them down to that. `owed`: see struct watch. */
static bool intervals_allow(struct msix_model *m, unsigned v, uint64_t moment, bool value, bool owed)
{
    struct msix_vector *vector = &m->vector[v];
    if (msix_vector_is_idle(vector) && !owed)
        return true;
    const bool dropped = vector->last_clear > moment || m->policy->keep_on_disable != POLICY_YES ||
                         m->policy->hold_while_bme_off != POLICY_YES;
    const bool lost = !value && owed && !dropped && vector->last_message < moment;
    return !lost && msix_vector_pending_was(vector, &m->ring, m->policy, moment, value);
}

static void tell_early_clear(struct msix_model *m, unsigned v, bool value)
{
    check_report(m->checks, CHECK_PBA_EARLY_CLEAR, (int)v,
                 "the pending bit of vector %u reads %d, but a message committed before is not ahead of this "
                 "completion; allowed: the message first, or the bit still set (MSIX-PBA-11, RACE-18)",
                 v, value);
    msix_follow_forget(m, v);
}

static void tell_pending(struct msix_model *m, unsigned v, bool value)
{
    check_report(m->checks, CHECK_PBA_VALUE, (int)v,
                 "the pending bit of vector %u reads %d; allowed since the read entered: %d (%s)", v, value, !value,
                 value ? "no event is pending there: MSIX-PBA-14, MSIX-PBA-22"
                       : "an event was recorded and nothing sent it: MSIX-PBA-06, MSIX-PBA-34");
    msix_follow_forget(m, v);
}

/* A bit that cannot have been set when the read entered shows an event that came later: the data ahead of the first such event must
 * be ahead of the completion. */
static void judge_pending_data(struct msix_model *m, const struct watch *w, unsigned k, uint64_t data_sent)
{
    const struct msix_vector *vector = &m->vector[w->first + k];
    const uint64_t later = msix_vector_events_after(vector, w->moment);
    if (m->policy->prompt_visibility != POLICY_YES) /* the bit may be one that was cleared before */
        return;
    if ((w->could >> k & 1) || later == 0 || later > MSIX_EVENT_MOMENTS || data_sent == UINT64_MAX)
        return;
    const struct msix_event *event = &vector->event[(vector->events - later) % MSIX_EVENT_MOMENTS];
    if (!check(m->checks, CHECK_CPL_ORDER, data_sent >= event->data_mark))
        check_report(m->checks, CHECK_CPL_ORDER, (int)(w->first + k),
                     "a completion shows the pending bit of vector %u and passed the data of its event: %" PRIu64
                     " dma writes came before the event, %" PRIu64 " have been sent; allowed: the completion behind "
                     "them (RACE-19, ORD-12)",
                     w->first + k, event->data_mark, data_sent);
}

/* What do the states say to it? */
static enum msix_exact_reading end_read(struct msix_model *m, unsigned v, int token, bool value, bool ordered)
{
    if (m->single[v].reads > 0 && !value) /* not one event that is pending: not so simple any more */
        msix_follow_single(m, v);
    if (!m->exact[v])
        return MSIX_EXACT_UNTRACKED;
    if (ordered && msix_exact_read_end_fresh(m->exact[v], token, value))
        return MSIX_EXACT_READ;
    msix_exact_see_reads(m->exact[v]);
    msix_follow_catch_up(m, v);
    return m->exact[v] ? msix_exact_read_end(m->exact[v], token, m->moment, value, ordered) : MSIX_EXACT_UNTRACKED;
}

static void judge_pending(struct msix_model *m, int token, unsigned k, bool value, bool ordered)
{
    const struct watch *w = &m->watch[token];
    const unsigned v = w->first + k;
    const bool unseen =
        m->vector[v].pba_written || (m->policy->prompt_visibility != POLICY_YES && m->vector[v].events > 0);
    const enum msix_exact_reading exact = unseen ? MSIX_EXACT_UNTRACKED : end_read(m, v, token, value, ordered);
    const bool cleared = ordered && !value && (w->can[0] >> k & 1); /* with a message that should have been ahead */
    const bool possible = cleared || (exact != MSIX_EXACT_NEVER && (w->can[value] >> k & 1));
    if (!check(m->checks, CHECK_PBA_VALUE, unseen || possible)) {
        tell_pending(m, v, value);
        return;
    }
    if (!ordered || unseen)
        return;
    const bool behind = intervals_allow(m, v, w->moment, value, w->owed >> k & 1) && exact != MSIX_EXACT_OVERTAKES &&
                        exact != MSIX_EXACT_NEVER;
    if (!check(m->checks, CHECK_PBA_EARLY_CLEAR, behind))
        tell_early_clear(m, v, value);
}

/* The usual case, for speed: nothing was pending or on its way when the read entered, and nothing is now. */
static bool stayed_idle(const struct msix_model *m, const struct watch *w, unsigned k)
{
    return (w->can[0] >> k & 1) && !(w->owed >> k & 1) && !m->exact[w->first + k] &&
           msix_vector_is_idle(&m->vector[w->first + k]);
}

void msix_model_pba_end(struct msix_model *m, int token, uint64_t value, uint64_t care, bool ordered,
                        uint64_t data_sent)
{
    if (token < 0 || !(m->open >> token & 1))
        return;
    struct watch *w = &m->watch[token];
    for (unsigned k = 0; k < w->n && w->first + k < m->nvec; k++) {
        if (!(care >> k & 1))
            continue;
        if (stayed_idle(m, w, k) && !(value >> k & 1)) {
            check(m->checks, CHECK_PBA_VALUE, true);
            continue;
        }
        msix_model_touch_reading(m, w->first + k);
        judge_pending(m, token, k, value >> k & 1, ordered);
        if (ordered && (value >> k & 1))
            judge_pending_data(m, w, k, data_sent);
    }
    msix_model_pba_drop(m, token);
}
