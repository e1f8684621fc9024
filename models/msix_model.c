#include "msix_private.h"

#include <stdlib.h>

struct msix_model *msix_model_create(unsigned nvec, const struct policy *policy, struct checks *checks)
{
    struct msix_model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->nvec = nvec;
    m->policy = policy;
    m->checks = checks;
    m->vector = calloc(nvec, sizeof *m->vector);
    m->exact = calloc(nvec, sizeof(struct msix_exact *));
    m->single = calloc(nvec, sizeof *m->single);
    if (!m->vector || !m->exact || !m->single || msix_states_pool_init(&m->states) || msix_keys_init(&m->keys, nvec)) {
        msix_model_destroy(m);
        return NULL;
    }
    for (unsigned v = 0; v < nvec; v++)
        if (msix_vector_reset(&m->vector[v], &m->ring)) {
            msix_model_destroy(m);
            return NULL;
        }
    return m;
}

void msix_model_destroy(struct msix_model *m)
{
    if (!m)
        return;
    msix_follow_free(m);
    for (unsigned v = 0; m->vector && v < m->nvec; v++)
        msix_vector_free(&m->vector[v]);
    free(m->vector);
    msix_keys_free(&m->keys);
    free(m->scratch.cell);
    free(m);
}

void msix_model_reset(struct msix_model *m)
{
    msix_ring_reset(&m->ring);
    msix_keys_clear(&m->keys);
    for (unsigned v = 0; v < m->nvec; v++)
        (void)msix_vector_reset(&m->vector[v], &m->ring); /* has its memory already: cannot fail */
    msix_follow_reset(m);
    m->open = 0;
    m->messages = m->settled_mark = 0;
    m->in_flr = false;
}

void msix_model_flr_begin(struct msix_model *m)
{
    m->in_flr = true;
    for (int token = 0; token < WATCHES; token++) /* reads under way are not judged */
        msix_model_pba_drop(m, token);
}

void msix_model_flr_end(struct msix_model *m)
{
    const uint64_t messages = m->messages, data_sent = m->data_sent, crowds = m->crowds;
    msix_ring_reset(&m->ring);
    msix_keys_clear(&m->keys);
    for (unsigned v = 0; v < m->nvec; v++) {
        const uint64_t own = m->vector[v].messages;
        (void)msix_vector_reset(&m->vector[v], &m->ring); /* has its memory already: cannot fail */
        m->vector[v].messages = own;
        m->vector[v].wait_mark = messages;
    }
    msix_follow_reset(m);
    m->open = 0;
    m->settled_mark = messages;
    m->data_sent = data_sent;
    m->crowds = crowds;
    m->in_flr = false;
}

/* --- keeping up --- */

/* Forgets the versions that cannot be seen again, and their keys. */
static void trim(struct msix_model *m, unsigned v)
{
    struct msix_vector *vector = &m->vector[v];
    const uint32_t stale = msix_vector_stale(vector, &m->ring);
    for (uint32_t k = 0; k < stale; k++)
        if (!vector->versions.version[k].mask)
            msix_keys_drop(&m->keys, vector->versions.version[k].address, vector->versions.version[k].data,
                           (uint16_t)v);
    msix_versions_trim(&vector->versions, stale);
    if (stale > 0)
        vector->wait_mark = m->messages; /* it may have been masked until now */
}

void msix_model_tell_flushed(struct msix_model *m, unsigned v)
{
    check(m->checks, CHECK_EVENT_LOST, false);
    check_report(m->checks, CHECK_EVENT_LOST, (int)v,
                 "a message of vector %u must have been committed before a fence, but was never seen; allowed: the "
                 "message ahead of the fence's completion (MSIX-PBA-34)",
                 v);
    msix_follow_forget(m, v);
}

struct msix_vector *msix_model_touch(struct msix_model *m, unsigned v)
{
    if (m->exact[v])
        msix_exact_see_reads(m->exact[v]);
    else if (m->single[v].reads > 0)
        msix_follow_single(m, v);
    return msix_model_touch_reading(m, v);
}

struct msix_vector *msix_model_touch_intervals(struct msix_model *m, unsigned v)
{
    struct msix_vector *vector = &m->vector[v];
    const int rc = msix_vector_catch_up(vector, &m->ring, m->policy, &m->scratch);
    m->out_of_memory |= rc < 0;
    if (rc == 1)
        msix_model_tell_flushed(m, v);
    msix_pba_update(m, v);
    return vector;
}

struct msix_vector *msix_model_touch_reading(struct msix_model *m, unsigned v)
{
    struct msix_vector *vector = msix_model_touch_intervals(m, v);
    msix_follow_catch_up(m, v);
    msix_follow_settle(m, v);
    trim(m, v);
    msix_pba_update(m, v);
    return vector;
}

void msix_model_control(struct msix_model *m, uint64_t moment, uint64_t since, struct msix_control control)
{
    const struct msix_control *now = &msix_ring_at(&m->ring, m->ring.head)->control;
    if (now->enable == control.enable && now->fmask == control.fmask && now->bme == control.bme)
        return;
    m->moment = moment;
    msix_ring_push(&m->ring, moment, control, since < moment);
    if (m->ring.head % (MSIX_RING_SIZE / 4) != 0)
        return;
    /* The ring will reuse slots: nobody may stand there. Idle vectors need no slot. */
    for (unsigned v = 0; v < m->nvec; v++)
        if (m->exact[v] || !msix_vector_is_idle(&m->vector[v]))
            msix_model_touch(m, v);
}

void msix_model_write(struct msix_model *m, uint64_t moment, unsigned v, const uint8_t be[4], const uint32_t value[4])
{
    m->moment = moment;
    msix_follow_single(m, v);
    struct msix_vector *vector = msix_model_touch(m, v);
    if (msix_versions_write(&vector->versions, moment, be, value)) {
        m->out_of_memory = true;
        return;
    }
    const struct msix_version *version = msix_versions_newest(&vector->versions);
    if (!version->mask && msix_keys_add(&m->keys, version->address, version->data, (uint16_t)v))
        m->out_of_memory = true;
}

void msix_model_soft_reset(struct msix_model *m, uint64_t moment, uint64_t since)
{
    m->moment = moment;
    for (unsigned v = 0; v < m->nvec; v++) {
        msix_follow_single(m, v);
        struct msix_vector *vector = msix_model_touch(m, v);
        const bool late = msix_vector_events_after(vector, since) > 0;
        m->out_of_memory |= msix_versions_soft_reset(&vector->versions, moment, late) != 0;
        vector->last_clear = moment; /* nothing is certainly owed for what came before */
    }
}

void msix_model_fence(struct msix_model *m, uint64_t moment, uint64_t fence_moment, bool ordered, uint64_t flush_moment)
{
    if (m->in_flr)
        return;
    const bool settled = m->ring.floor == m->ring.head;
    m->moment = moment;
    msix_ring_fence(&m->ring, moment, fence_moment, ordered, flush_moment);
    if (!settled && m->ring.floor == m->ring.head)
        m->settled_mark = m->messages;
}

/* --- events --- */

void msix_model_event(struct msix_model *m, uint64_t moment, unsigned v, uint64_t data_mark, bool unsettled)
{
    if (v >= m->nvec || m->in_flr)
        return;
    m->moment = moment;
    struct msix_vector *vector = msix_model_touch(m, v);
    if (msix_vector_can_be_idle(vector))
        vector->wait_mark = m->messages;
    msix_follow_event(m, v, moment, data_mark, unsettled);
    msix_vector_event(vector, &m->ring, m->policy, moment, data_mark, unsettled);
    msix_pba_update(m, v);
}

void msix_model_clear(struct msix_model *m, uint64_t moment, unsigned v)
{
    if (v >= m->nvec || m->in_flr)
        return;
    m->moment = moment;
    msix_follow_single(m, v);
    msix_vector_clear(msix_model_touch(m, v), moment);
    if (m->exact[v])
        msix_exact_clear(m->exact[v], moment);
    msix_follow_settle(m, v);
    msix_pba_update(m, v);
}

/* --- questions --- */

uint32_t msix_model_field(const struct msix_model *m, unsigned v, unsigned field, uint64_t moment, uint32_t *care)
{
    const struct msix_vector *vector = &m->vector[v];
    const unsigned written = vector->versions.written >> 4 * field & 0xF;
    uint32_t value = vector->versions.field[field];
    *care = vector->versions.field_seq[field] > moment ? 0 : UINT32_MAX;
    if (field == 3) {
        value &= m->policy->vector_control_reserved_zero == POLICY_YES ? 1 : UINT32_MAX;
        if (m->policy->vector_control_reserved_zero != POLICY_YES && written)
            *care &= m->policy->vector_control_reserved_zero == POLICY_NO ? UINT32_MAX : 1;
        return value;
    }
    if (field == 0 && value & 3) { /* undefined (MSIX-TBL-04) */
        value &= ~3U;
        *care &= ~3U;
    }
    if (m->policy->table_zero_after_reset != POLICY_YES)
        for (unsigned k = 0; k < 4; k++)
            if (!(written >> k & 1))
                *care &= ~(UINT32_C(0xFF) << 8 * k);
    return value;
}

bool msix_model_bme_on_since(const struct msix_model *m, uint64_t from)
{
    return !msix_ring_bme_off_since(&m->ring, from);
}

uint64_t msix_model_control_floor(const struct msix_model *m)
{
    return m->ring.floor;
}

bool msix_model_may_write(const struct msix_model *m)
{
    if (!msix_ring_holds_flush(&m->ring))
        return true;
    for (uint64_t i = m->ring.flush; i <= m->ring.head; i++)
        if (msix_ring_at(&m->ring, i)->control.bme)
            return true;
    return false;
}

uint64_t msix_model_messages(const struct msix_model *m, unsigned v)
{
    return v < m->nvec ? m->vector[v].messages : 0;
}

uint64_t msix_model_messages_total(const struct msix_model *m)
{
    return m->messages;
}

bool msix_model_may_hold(struct msix_model *m, unsigned v)
{
    const struct msix_vector *vector = msix_model_touch(m, v);
    return m->exact[v] ? msix_exact_may_hold(m->exact[v]) : !msix_vector_is_idle(vector);
}

bool msix_model_can_pend(struct msix_model *m, unsigned v, bool value)
{
    return msix_vector_can_pend(msix_model_touch(m, v), value);
}

bool msix_model_is_exact(struct msix_model *m, unsigned v)
{
    const struct msix_vector *vector = msix_model_touch(m, v);
    if (m->exact[v])
        return msix_exact_is_one(m->exact[v]);
    const bool one = msix_vector_can_pend(vector, false) != msix_vector_can_pend(vector, true);
    return one && vector->i0 == vector->i1 && vector->j0 == vector->j1 && msix_vector_most(vector) == 0;
}

uint64_t msix_model_crowds(const struct msix_model *m)
{
    return m->crowds;
}

bool msix_model_out_of_memory(const struct msix_model *m)
{
    return m->out_of_memory;
}

void msix_model_finish(struct msix_model *m)
{
    for (unsigned v = 0; v < m->nvec; v++) {
        const struct msix_vector *vector = msix_model_touch(m, v);
        if (vector->events == 0 || vector->pba_written)
            continue;
        const bool ok = msix_vector_can_be_idle(vector) && (!m->exact[v] || msix_exact_keep_idle(m->exact[v]));
        if (!check(m->checks, CHECK_EVENT_LOST, ok))
            check_report(m->checks, CHECK_EVENT_LOST, (int)v,
                         "an event of vector %u was never announced: all is unmasked and drained, and a message is "
                         "still owed; allowed: every event covered by a message (EDGE-03, ENV-08)",
                         v);
        msix_follow_settle(m, v);
    }
}

const char *msix_model_check_invariants(const struct msix_model *m)
{
    if (m->ring.floor > m->ring.head || m->ring.flush > m->ring.floor)
        return "the ring of controls is out of order";
    for (unsigned v = 0; v < m->nvec; v++) {
        const char *wrong = msix_vector_check_invariants(&m->vector[v]);
        if (!wrong && m->exact[v])
            wrong = msix_exact_check_invariants(m->exact[v], &m->ring, &m->vector[v].versions);
        if (wrong)
            return wrong;
    }
    return NULL;
}
