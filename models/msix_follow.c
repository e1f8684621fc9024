/*
 * msix_follow.c - which entries are followed state by state (msix_exact.h), and what a contradiction there means.
 */
#include "msix_private.h"

#include <inttypes.h>
#include <stdlib.h>

static struct msix_ground ground_of(const struct msix_model *m, unsigned v)
{
    return (struct msix_ground){
        .ring = &m->ring, .versions = &m->vector[v].versions, .policy = m->policy, .data_sent = m->data_sent};
}

/* --- beginning and end --- */

static struct msix_exact *take_spare(struct msix_model *m)
{
    struct msix_exact *e = m->spare_exact;
    if (e)
        m->spare_exact = e->next_spare;
    else
        e = malloc(sizeof *e);
    if (e)
        *e = (struct msix_exact){0};
    return e;
}

/* It is not known any more what its twins and itself have sent. */
static void leave_twins(struct msix_model *m, unsigned v)
{
    if (m->exact[v]->twins)
        msix_twins_dissolve(&m->twins, m->exact[v]->twins);
    msix_exact_forget_taken(m->exact[v]);
}

static void stop(struct msix_model *m, unsigned v)
{
    struct msix_exact *e = m->exact[v];
    m->single[v] = (struct msix_single){0};
    if (!e)
        return;
    leave_twins(m, v);
    msix_exact_end(e, &m->states);
    e->next_spare = m->spare_exact;
    m->spare_exact = e;
    m->exact[v] = NULL;
}

void msix_follow_free(struct msix_model *m)
{
    for (unsigned v = 0; m->exact && m->single && v < m->nvec; v++)
        stop(m, v);
    while (m->spare_exact) {
        struct msix_exact *next = m->spare_exact->next_spare;
        free(m->spare_exact);
        m->spare_exact = next;
    }
    msix_twins_pool_free(&m->twins);
    msix_states_pool_free(&m->states);
    free(m->exact);
    free(m->single);
}

void msix_follow_reset(struct msix_model *m)
{
    for (unsigned v = 0; v < m->nvec; v++)
        stop(m, v);
    m->crowds = m->data_sent = 0;
}

void msix_follow_forget(struct msix_model *m, unsigned v)
{
    stop(m, v);
    msix_vector_forget(&m->vector[v]);
}

/* Returns true if the set is still good. */
static bool goes_on(struct msix_model *m, unsigned v, enum msix_exact_result result)
{
    if (result == MSIX_EXACT_DONE)
        return true;
    m->crowds += result == MSIX_EXACT_CROWD;
    m->out_of_memory |= result == MSIX_EXACT_NO_MEMORY;
    stop(m, v);
    return false;
}

static uint64_t later_of(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Reads that entered while the entry was as it still is: idle, or, if `all`, with one event. They have sampled that, or
 * will sample what comes. */
static void follow_reads(struct msix_model *m, unsigned v, bool all)
{
    for (uint64_t left = m->policy->prompt_visibility == POLICY_YES ? m->open : 0; left; left &= left - 1) {
        const int token = __builtin_ctzll(left);
        const struct watch *w = &m->watch[token];
        if (v < w->first || v >= w->first + w->n || (!all && ((w->can[1] | w->owed) >> (v - w->first) & 1)))
            continue;
        (void)msix_exact_read_start(m->exact[v], token, w->head,
                                    msix_versions_floor(&m->vector[v].versions, w->moment));
    }
}

static struct msix_exact *begin(struct msix_model *m, unsigned v, uint64_t i, uint64_t j)
{
    struct msix_exact *e = m->exact[v] = take_spare(m);
    if (!e) {
        m->out_of_memory = true;
        return NULL;
    }
    e->vector = v;
    return goes_on(m, v, msix_exact_begin(e, &m->states, i, j)) ? e : NULL;
}

/* Is it at one place, the newest, open, and is nobody reading its bit? */
static bool is_plain(const struct msix_model *m, unsigned v)
{
    const struct msix_vector *vector = &m->vector[v];
    for (uint64_t left = m->open; left; left &= left - 1) {
        const struct watch *w = &m->watch[__builtin_ctzll(left)];
        if (v >= w->first && v < w->first + w->n)
            return false;
    }
    return m->ring.floor == m->ring.head && vector->versions.n == 1 &&
           msix_versions_allow(&msix_ring_at(&m->ring, m->ring.head)->control, msix_versions_newest(&vector->versions));
}

void msix_follow_single(struct msix_model *m, unsigned v)
{
    struct msix_single *single = &m->single[v];
    if (!single->on)
        return;
    single->on = false;
    single->reads = 0;
    struct msix_exact *e = begin(m, v, single->i, single->j);
    if (!e)
        return;
    msix_exact_begin_pending(e, single->mark);
    follow_reads(m, v, true);
    msix_exact_see_reads(e);
    msix_follow_catch_up(m, v);
}

/* Follows an idle entry from here on. Returns false if one event will be all that there is to follow. */
static bool follow(struct msix_model *m, unsigned v, uint64_t data_mark)
{
    const struct msix_vector *vector = &m->vector[v];
    const uint64_t i = later_of(vector->i0, vector->last_origin.i);
    const uint64_t j =
        later_of(later_of(vector->j0, vector->last_origin.j), msix_versions_needed(&vector->versions, &m->ring, i));
    if (is_plain(m, v)) {
        m->single[v] = (struct msix_single){
            .on = true, .i = m->ring.head, .j = msix_versions_head(&vector->versions), .mark = data_mark};
        return false;
    }
    if (!begin(m, v, i, j))
        return false;
    follow_reads(m, v, false);
    msix_exact_see_reads(m->exact[v]);
    msix_follow_catch_up(m, v);
    return m->exact[v];
}

void msix_follow_event(struct msix_model *m, unsigned v, uint64_t moment, uint64_t data_mark, bool unsettled)
{
    const struct msix_ground ground = ground_of(m, v);
    msix_follow_single(m, v);
    if (!m->exact[v] && !m->vector[v].pba_written && msix_vector_is_idle(&m->vector[v]) && !follow(m, v, data_mark))
        return;
    if (m->exact[v])
        (void)goes_on(m, v, msix_exact_event(m->exact[v], &m->states, &ground, moment, data_mark, unsettled));
}

/* --- twins --- */

static void tell_twins(struct msix_model *m, const struct msix_exact *member)
{
    const struct msix_twins *twins = member->twins;
    const uint64_t least = twins->least - member->least + msix_exact_least_taken(member);
    const bool lost = twins->messages < least;
    const enum check_id id = lost ? CHECK_EVENT_LOST : CHECK_MSG_CAUSE;
    check(m->checks, id, false);
    check_report(m->checks, id, (int)member->vector,
                 "vector %u and others with the same address and data sent too %s messages: %" PRIu64
                 " of them cannot be shared out so that each event is answered and each message has one; allowed: at "
                 "%s (EDGE-05)",
                 member->vector, lost ? "few" : "many", twins->messages,
                 lost ? "least one for each entry that is no more pending" : "most one for each event");
}

/* Returns false if the sum does not come out: then nothing is believed about any of them. */
static bool settle_twin(struct msix_model *m, struct msix_exact *member)
{
    struct msix_twins *twins = member->twins;
    if (msix_twins_settle(member))
        return true;
    tell_twins(m, member);
    for (struct msix_exact *e = twins->first; e; e = twins->first) {
        twins->first = e->next_twin;
        e->twins = NULL;
        msix_follow_forget(m, e->vector);
    }
    msix_twins_dissolve(&m->twins, twins);
    return false;
}

/* One group of all these entries; NULL if some of them are not followed. */
static struct msix_twins *join(struct msix_model *m, const uint16_t *candidate, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        msix_follow_single(m, candidate[k]);
    for (uint32_t k = 0; k < n; k++)
        if (!m->exact[candidate[k]])
            return NULL;
    struct msix_twins *twins = NULL;
    for (uint32_t k = 1; k < n; k++) {
        twins = msix_twins_join(&m->twins, m->exact[candidate[k - 1]], m->exact[candidate[k]]);
        m->out_of_memory |= !twins;
    }
    return twins;
}

bool msix_follow_sum_allows(struct msix_model *m, const uint16_t *candidate, uint32_t n,
                            const struct msix_letter *letter, uint64_t *most)
{
    const struct msix_twins *twins = join(m, candidate, n);
    if (!twins)
        return true;
    *most = twins->most;
    for (uint32_t k = 0; k < n; k++) {
        const struct msix_exact *e = m->exact[candidate[k]];
        if (msix_exact_most_with(e, letter) == (int64_t)e->most)
            ++*most;
    }
    return twins->messages < *most;
}

void msix_follow_share(struct msix_model *m, const uint16_t *candidate, uint32_t n, const struct msix_letter *letter)
{
    struct msix_twins *twins = join(m, candidate, n);
    bool all = twins;
    for (uint32_t k = 0; k < n; k++)
        if (m->exact[candidate[k]])
            all &= goes_on(m, candidate[k], msix_exact_share(m->exact[candidate[k]], &m->states, letter));
    if (all)
        msix_twins_count(twins);
    for (uint32_t k = 0; k < n; k++) {
        if (m->exact[candidate[k]] && !all)
            leave_twins(m, candidate[k]);
        msix_follow_settle(m, candidate[k]);
    }
}

/* --- after each thing that was seen --- */

static void end_idle(struct msix_model *m, unsigned v)
{
    uint64_t i, j;
    if (!m->exact[v] || !msix_exact_is_idle(m->exact[v], &i, &j))
        return;
    stop(m, v);
    msix_vector_settle(&m->vector[v], (struct msix_place){.i = i, .j = j});
}

/* Everything is known of them: the sum must come out exactly. */
static void end_idle_twins(struct msix_model *m, struct msix_twins *twins)
{
    if (!msix_twins_are_idle(twins))
        return;
    for (struct msix_exact *e = twins->first; e; e = e->next_twin)
        if (!settle_twin(m, e))
            return;
    struct msix_exact *e = twins->first;
    msix_twins_dissolve(&m->twins, twins);
    while (e) {
        struct msix_exact *next = e->next_twin;
        end_idle(m, e->vector);
        e = next;
    }
}

void msix_follow_settle(struct msix_model *m, unsigned v)
{
    struct msix_exact *e = m->exact[v];
    if (!e || !e->twins)
        end_idle(m, v);
    else if (settle_twin(m, e))
        end_idle_twins(m, e->twins);
}

void msix_follow_catch_up(struct msix_model *m, unsigned v)
{
    const struct msix_single *single = &m->single[v];
    if (single->on && (single->i != m->ring.head || single->j != msix_versions_head(&m->vector[v].versions)))
        msix_follow_single(m, v);
    if (!m->exact[v])
        return;
    const struct msix_ground ground = ground_of(m, v);
    const enum msix_exact_result result = msix_exact_catch_up(m->exact[v], &m->states, &ground);
    if (result == MSIX_EXACT_NONE)
        msix_model_tell_flushed(m, v);
    else
        (void)goes_on(m, v, result);
}
