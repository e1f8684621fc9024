#include "msix_model.h"

#include "msix_keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { WATCHES = 64 /* one bit each of `open` */, CANDIDATES = 2048 };

/* A read of pending bits that is under way, and what each bit may have been since it entered. */
struct watch {
    unsigned first, n;
    uint64_t moment;
    uint64_t head;   /* newest control write when it entered */
    uint64_t can[2]; /* bit k: vector first+k may have been pending = 0 / 1 */
    uint64_t could;  /* can[1] when the read entered */
    uint64_t owed;   /* bit k: something of it was certainly pending or on its way when the read entered */
};

struct msix_model {
    unsigned nvec;
    const struct policy *policy;
    struct checks *checks;
    struct msix_ring ring;
    struct msix_vector *vector;
    struct msix_keys keys;
    struct msix_scratch scratch;
    struct watch watch[WATCHES];
    uint64_t open; /* watches in use, one bit each */
    uint64_t messages;
    uint64_t settled_mark; /* messages when the newest control write was proven */
    uint16_t candidate[CANDIDATES];
    uint64_t groups; /* sets of vectors that shared a message, counted */
};

struct msix_model *msix_model_create(unsigned nvec, const struct policy *policy, struct checks *checks)
{
    struct msix_model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->nvec = nvec;
    m->policy = policy;
    m->checks = checks;
    m->vector = calloc(nvec, sizeof *m->vector);
    if (!m->vector || msix_keys_init(&m->keys, nvec)) {
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
    m->open = 0;
    m->messages = m->settled_mark = 0;
}

/* --- keeping up --- */

static void update_watches(struct msix_model *m, unsigned v)
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

/* The one way to a vector: its cells are up to date, its keys are those of its versions. */
static struct msix_vector *touch(struct msix_model *m, unsigned v)
{
    struct msix_vector *vector = &m->vector[v];
    const int rc = msix_vector_catch_up(vector, &m->ring, m->policy, &m->scratch);
    trim(m, v);
    if (rc == 1) {
        check(m->checks, CHECK_EVENT_LOST, false);
        check_report(m->checks, CHECK_EVENT_LOST, (int)v,
                     "a message of vector %u must have been committed before a fence, but was never seen; allowed: the "
                     "message ahead of the fence's completion (MSIX-PBA-34)",
                     v);
        msix_vector_forget(vector);
    }
    update_watches(m, v);
    return vector;
}

void msix_model_control(struct msix_model *m, uint64_t moment, struct msix_control control)
{
    const struct msix_control *now = &msix_ring_at(&m->ring, m->ring.head)->control;
    if (now->enable == control.enable && now->fmask == control.fmask && now->bme == control.bme)
        return;
    msix_ring_push(&m->ring, moment, control);
    if (m->ring.head % (MSIX_RING_SIZE / 4) != 0)
        return;
    /* The ring will reuse slots: nobody may stand there. Idle vectors need no slot. */
    for (unsigned v = 0; v < m->nvec; v++)
        if (!msix_vector_is_idle(&m->vector[v]))
            touch(m, v);
}

void msix_model_write(struct msix_model *m, uint64_t moment, unsigned v, const uint8_t be[4], const uint32_t value[4])
{
    struct msix_vector *vector = touch(m, v);
    if (msix_versions_write(&vector->versions, moment, be, value))
        return;
    const struct msix_version *version = msix_versions_newest(&vector->versions);
    if (!version->mask)
        (void)msix_keys_add(&m->keys, version->address, version->data, (uint16_t)v);
}

void msix_model_fence(struct msix_model *m, uint64_t moment, uint64_t fence_moment, bool ordered, uint64_t flush_moment)
{
    const bool settled = m->ring.floor == m->ring.head;
    msix_ring_fence(&m->ring, moment, fence_moment, ordered, flush_moment);
    if (!settled && m->ring.floor == m->ring.head)
        m->settled_mark = m->messages;
}

/* --- events --- */

void msix_model_event(struct msix_model *m, uint64_t moment, unsigned v, uint64_t data_mark)
{
    if (v >= m->nvec)
        return;
    struct msix_vector *vector = touch(m, v);
    if (msix_vector_can_be_idle(vector))
        vector->wait_mark = m->messages;
    msix_vector_event(vector, &m->ring, m->policy, moment, data_mark);
    update_watches(m, v);
}

void msix_model_clear(struct msix_model *m, uint64_t moment, unsigned v)
{
    if (v >= m->nvec)
        return;
    msix_vector_clear(touch(m, v), moment);
    update_watches(m, v);
}

/* --- messages --- */

/* What forbids a message in this state; CHECK_MSG_CAUSE: nothing but that there is no event. */
static enum check_id closed_by(const struct msix_control *control, const struct msix_version *version)
{
    if (!control->enable)
        return CHECK_MSG_DISABLED;
    if (!control->bme)
        return CHECK_MSG_BUS_MASTER;
    return control->fmask || version->mask ? CHECK_MSG_MASKED : CHECK_MSG_CAUSE;
}

/* Why no hypothesis can give this message: for want of an event if some state lets messages through, else what the
 * newest writes say. */
static enum check_id reason(const struct msix_model *m, const struct msix_vector *vector)
{
    if (msix_vector_is_idle(vector) || msix_vector_can_commit(vector, &m->ring))
        return CHECK_MSG_CAUSE;
    return closed_by(&msix_ring_at(&m->ring, m->ring.head)->control, msix_versions_newest(&vector->versions));
}

static void refuse(struct msix_model *m, unsigned v, const struct msix_vector *vector)
{
    static const struct {
        enum check_id id;
        const char *happened, *allowed;
    } text[] = {
        {CHECK_MSG_DISABLED, "MSI-X Enable is 0", "no MSI-X message after the fence (MSIX-PBA-25)"},
        {CHECK_MSG_BUS_MASTER, "bus mastering is off", "no memory write after the fence (MSIX-PBA-27)"},
        {CHECK_MSG_MASKED, "the vector is masked", "the pending bit, and no message (MSIX-PBA-06)"},
        {CHECK_MSG_CAUSE, "no event is left that it could announce", "one message for each event at most (EDGE-02a)"},
    };
    const enum check_id id = reason(m, vector);
    size_t k = 0;
    while (text[k].id != id)
        k++;
    check(m->checks, id, false);
    check_report(m->checks, id, (int)v, "vector %u sent a message although %s; allowed: %s", v, text[k].happened,
                 text[k].allowed);
}

static void judge_fairness(struct msix_model *m, unsigned v, const struct msix_vector *vector)
{
    const bool settled = m->ring.floor == m->ring.head && vector->versions.n == 1;
    if (m->policy->fairness_slack == 0 || !settled)
        return;
    uint64_t since = vector->wait_mark > m->settled_mark ? vector->wait_mark : m->settled_mark;
    uint64_t waited = m->messages - since;
    if (!check(m->checks, CHECK_MSG_FAIRNESS, waited <= m->nvec + m->policy->fairness_slack))
        check_report(m->checks, CHECK_MSG_FAIRNESS, (int)v,
                     "vector %u waited for %" PRIu64 " messages of others; allowed: %u (EDGE-09)", v, waited,
                     m->nvec + m->policy->fairness_slack);
}

/* One vector can have sent it, or none: `sending` says how that stands. */
static void take_message(struct msix_model *m, uint64_t moment, unsigned v, uint64_t data_sent,
                         enum msix_sending sending, struct msix_place origin)
{
    struct msix_vector *vector = &m->vector[v];
    if (sending == MSIX_SENDS_NOTHING) {
        refuse(m, v, vector);
        return;
    }
    if (!check(m->checks, CHECK_MSG_ORDER, sending == MSIX_SENDS)) {
        check_report(m->checks, CHECK_MSG_ORDER, (int)v,
                     "the message of vector %u overtook the data that it announces: only %" PRIu64
                     " dma writes have been "
                     "sent; allowed: the message behind all that came before its event (ORD-02, ORD-06)",
                     v, data_sent);
        return;
    }
    static const enum check_id passed[] = {CHECK_MSG_CAUSE, CHECK_MSG_MASKED, CHECK_MSG_DISABLED, CHECK_MSG_BUS_MASTER};
    for (size_t k = 0; k < sizeof passed / sizeof passed[0]; k++)
        check(m->checks, passed[k], true);
    judge_fairness(m, v, vector);
    msix_vector_message(vector, m->policy, data_sent, origin);
    vector->wait_mark = m->messages;
    vector->last_message = moment;
    update_watches(m, v);
}

/* Messages that were seen since all `n` candidates, and no others, share what is seen. */
static uint64_t group_messages(const struct msix_model *m, const uint16_t *candidate, uint32_t n)
{
    const struct msix_vector *first = &m->vector[candidate[0]];
    for (uint32_t k = 0; k < n; k++) {
        const struct msix_vector *vector = &m->vector[candidate[k]];
        if (vector->group == 0 || vector->group != first->group || vector->group_size != n)
            return 0;
    }
    return first->group_messages;
}

/* Several entries can have sent it: which one is not known, so it is judged by their sum (EDGE-05). */
static void take_shared(struct msix_model *m, uint64_t moment, const uint16_t *candidate, uint32_t n)
{
    const uint64_t before = group_messages(m, candidate, n);
    const uint64_t group = before > 0 ? m->vector[candidate[0]].group : ++m->groups;
    uint64_t most = 0;
    for (uint32_t k = 0; k < n; k++) {
        struct msix_vector *vector = &m->vector[candidate[k]];
        most += (uint64_t)msix_vector_most(vector);
        vector->group = group;
        vector->group_size = n;
        vector->group_messages = before + 1;
        vector->last_message = moment;
        vector->wait_mark = m->messages;
        msix_vector_maybe_message(vector);
        update_watches(m, candidate[k]);
    }
    if (!check(m->checks, CHECK_MSG_CAUSE, before < most))
        check_report(m->checks, CHECK_MSG_CAUSE, (int)candidate[0],
                     "%" PRIu32 " vectors share one address and data, and together they sent more messages than "
                     "the %" PRIu64 " that their events allow (EDGE-05)",
                     n, most);
}

/* The first `n` candidates hold its address and data: which of them can have sent it? Returns one of them. */
static unsigned take_from(struct msix_model *m, uint64_t moment, uint32_t n, uint64_t address, uint32_t data,
                          uint64_t data_sent)
{
    uint32_t able = 0;
    unsigned best = m->candidate[0];
    enum msix_sending best_sending = MSIX_SENDS_NOTHING;
    struct msix_place best_origin = {0, 0}, origin;
    for (uint32_t k = 0; k < n; k++) {
        const uint16_t v = m->candidate[k];
        (void)msix_vector_origin(touch(m, v), &m->ring, address, data, &origin);
        const enum msix_sending sending = msix_vector_can_send(&m->vector[v], m->policy, data_sent, origin);
        if (sending > best_sending) {
            best_sending = sending;
            best = v;
            best_origin = origin;
        }
        if (sending == MSIX_SENDS)
            m->candidate[able++] = v;
    }
    if (able > 1)
        take_shared(m, moment, m->candidate, able);
    else
        take_message(m, moment, best, data_sent, best_sending, best_origin);
    return best;
}

bool msix_model_knows(const struct msix_model *m, uint64_t address, uint32_t data)
{
    for (unsigned v = 0; v < m->nvec; v++)
        if (msix_versions_held(&m->vector[v].versions, address, data, true))
            return true;
    return false;
}

bool msix_model_knows_address(const struct msix_model *m, uint64_t address)
{
    for (unsigned v = 0; v < m->nvec; v++)
        if (msix_versions_held(&m->vector[v].versions, address, 0, false))
            return true;
    return false;
}

bool msix_model_expects(const struct msix_model *m, uint64_t address, uint32_t data)
{
    return msix_keys_find(&m->keys, address, data, NULL, 0) > 0;
}

/* Address and data fit no entry as a whole. Whose are they in part, or were they once? */
static int refuse_fields(struct msix_model *m, uint64_t address, uint32_t data)
{
    int found = -1;
    unsigned best = 0;
    for (unsigned v = 0; v < m->nvec; v++) {
        unsigned score = 0;
        const struct msix_vector *vector = &m->vector[v];
        if (msix_versions_held(&vector->versions, address, data, true))
            score = 4;
        else if (vector->versions.written && msix_versions_newest(&vector->versions)->data == data && data != 0)
            score = 2 + (msix_versions_held(&vector->versions, address, 0, false) ? 1 : 0);
        else if (msix_versions_held(&vector->versions, address, 0, false))
            score = 1;
        if (score > best) {
            best = score;
            found = (int)v;
        }
    }
    enum check_id id = found < 0 ? CHECK_MSG_KNOWN : CHECK_MSG_FIELDS;
    check(m->checks, id, false);
    if (found < 0)
        check_report(m->checks, id, -1,
                     "a message to address %016" PRIX64 " with data %08" PRIX32 " fits no table entry, now or before "
                     "(TLP-05, MSIX-TBL-24)",
                     address, data);
    else
        check_report(m->checks, id, found,
                     "a message with address %016" PRIX64 " and data %08" PRIX32 ", but entry %d holds address "
                     "%016" PRIX64 " and data %08" PRIX32
                     ": old, mixed or altered fields; allowed: one state of the entry "
                     "in which it was unmasked and that no fence has ended (TLP-26, RACE-11)",
                     address, data, found, msix_versions_newest(&m->vector[found].versions)->address,
                     msix_versions_newest(&m->vector[found].versions)->data);
    return found;
}

int msix_model_message(struct msix_model *m, uint64_t moment, uint64_t address, uint32_t data, uint64_t data_sent)
{
    uint32_t n = msix_keys_find(&m->keys, address, data, m->candidate, CANDIDATES);
    uint32_t n_alive = 0;
    struct msix_place origin;
    int vector;
    for (uint32_t k = 0; k < n && k < CANDIDATES; k++)
        if (msix_vector_origin(&m->vector[m->candidate[k]], &m->ring, address, data, &origin))
            m->candidate[n_alive++] = m->candidate[k];
    if (n_alive == 0) {
        /* an entry that is masked for good and holds these very fields: the mask is what was broken */
        for (unsigned v = 0; n == 0 && v < m->nvec; v++)
            if (m->vector[v].versions.written && msix_versions_newest(&m->vector[v].versions)->address == address &&
                msix_versions_newest(&m->vector[v].versions)->data == data)
                m->candidate[n++] = (uint16_t)v;
        if (n > 0 && msix_versions_newest(&m->vector[m->candidate[0]].versions)->address == address &&
            msix_versions_newest(&m->vector[m->candidate[0]].versions)->data == data) {
            vector = m->candidate[0];
            refuse(m, (unsigned)vector, touch(m, (unsigned)vector));
        } else {
            vector = refuse_fields(m, address, data);
        }
    } else {
        check(m->checks, CHECK_MSG_KNOWN, true);
        check(m->checks, CHECK_MSG_FIELDS, true);
        vector = (int)take_from(m, moment, n_alive, address, data, data_sent);
    }
    m->messages++;
    if (vector >= 0)
        m->vector[vector].messages++;
    return vector;
}

/* --- pending-bit array --- */

int msix_model_pba_start(struct msix_model *m, uint64_t moment, unsigned first, unsigned n)
{
    if (m->open == UINT64_MAX)
        return -1;
    const int token = __builtin_ctzll(~m->open);
    struct watch *w = &m->watch[token];
    *w = (struct watch){.first = first, .n = n, .moment = moment, .head = m->ring.head};
    m->open |= UINT64_C(1) << token;
    for (unsigned v = first; v < first + n && v < m->nvec; v++) {
        if (msix_vector_is_idle(&m->vector[v])) /* in every state there is: no need to catch up */
            w->can[0] |= UINT64_C(1) << (v - first);
        else if (!msix_vector_can_be_idle(touch(m, v)))
            w->owed |= UINT64_C(1) << (v - first);
    }
    w->could = w->can[1];
    return token;
}

void msix_model_pba_drop(struct msix_model *m, int token)
{
    if (token < 0 || !(m->open >> token & 1))
        return;
    m->open &= ~(UINT64_C(1) << token);
}

void msix_model_pba_write(struct msix_model *m, unsigned first, unsigned n)
{
    for (unsigned v = first; m->policy->pba_writes_ignored != POLICY_YES && v < first + n && v < m->nvec; v++) {
        m->vector[v].pba_written = true;
        msix_vector_forget(touch(m, v));
    }
}

/* The bit was `value` when it was sampled, after the read entered. Cut the hypotheses down to that. `owed`: see struct
 * watch. */
static void learn_pending(struct msix_model *m, unsigned v, uint64_t moment, bool value, bool owed)
{
    struct msix_vector *vector = &m->vector[v];
    if (msix_vector_is_idle(vector) && !owed)
        return;
    const bool dropped = vector->last_clear > moment || m->policy->keep_on_disable != POLICY_YES ||
                         m->policy->hold_while_bme_off != POLICY_YES;
    const bool lost = !value && owed && !dropped && vector->last_message < moment;
    if (check(m->checks, CHECK_PBA_EARLY_CLEAR,
              !lost && msix_vector_pending_was(vector, &m->ring, m->policy, moment, value)))
        return;
    check_report(m->checks, CHECK_PBA_EARLY_CLEAR, (int)v,
                 "the pending bit of vector %u reads %d, but a message committed before is not ahead of this "
                 "completion; allowed: the message first, or the bit still set (MSIX-PBA-11, RACE-18)",
                 v, value);
    msix_vector_forget(vector);
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

static void judge_pending(struct msix_model *m, const struct watch *w, unsigned k, bool value, bool ordered)
{
    const unsigned v = w->first + k;
    const bool unseen =
        m->vector[v].pba_written || (m->policy->prompt_visibility != POLICY_YES && m->vector[v].events > 0);
    if (!check(m->checks, CHECK_PBA_VALUE, unseen || (w->can[value] >> k & 1))) {
        check_report(m->checks, CHECK_PBA_VALUE, (int)v,
                     "the pending bit of vector %u reads %d; allowed since the read entered: %d (%s)", v, value, !value,
                     value ? "no event is pending there: MSIX-PBA-14, MSIX-PBA-22"
                           : "an event was recorded and nothing sent it: MSIX-PBA-06, MSIX-PBA-34");
        msix_vector_forget(&m->vector[v]);
    } else if (ordered && !unseen) {
        learn_pending(m, v, w->moment, value, w->owed >> k & 1);
    }
}

/* The usual case, for speed: nothing was pending or on its way when the read entered, and nothing is now. */
static bool stayed_idle(const struct msix_model *m, const struct watch *w, unsigned k)
{
    return (w->can[0] >> k & 1) && !(w->owed >> k & 1) && msix_vector_is_idle(&m->vector[w->first + k]);
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
        touch(m, w->first + k);
        judge_pending(m, w, k, value >> k & 1, ordered);
        if (ordered && (value >> k & 1))
            judge_pending_data(m, w, k, data_sent);
    }
    msix_model_pba_drop(m, token);
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
    return !msix_vector_is_idle(touch(m, v));
}

bool msix_model_is_exact(struct msix_model *m, unsigned v)
{
    const struct msix_vector *vector = touch(m, v);
    bool one = msix_vector_can_pend(vector, false) != msix_vector_can_pend(vector, true);
    return one && vector->i0 == vector->i1 && vector->j0 == vector->j1 && msix_vector_most(vector) == 0;
}

void msix_model_finish(struct msix_model *m)
{
    for (unsigned v = 0; v < m->nvec; v++) {
        const struct msix_vector *vector = touch(m, v);
        if (vector->events == 0 || vector->pba_written)
            continue;
        if (!check(m->checks, CHECK_EVENT_LOST, msix_vector_can_be_idle(vector)))
            check_report(m->checks, CHECK_EVENT_LOST, (int)v,
                         "an event of vector %u was never announced: all is unmasked and drained, and a message is "
                         "still owed; allowed: every event covered by a message (EDGE-03, ENV-08)",
                         v);
    }
}

size_t msix_model_explain(const struct msix_model *m, unsigned v, char *text, size_t room)
{
    const struct msix_vector *vector = &m->vector[v];
    const struct msix_version *newest = msix_versions_newest(&vector->versions);
    const struct msix_control *control = &msix_ring_at(&m->ring, m->ring.head)->control;
    int n = snprintf(text, room,
                     "  entry %u: address %016" PRIX64 " data %08" PRIX32 " mask %d, %" PRIu64 " events, %" PRIu64
                     " messages; last written controls: enable %d, function mask %d, bus master %d\n",
                     v, newest->address, newest->data, newest->mask, vector->events, vector->messages, control->enable,
                     control->fmask, control->bme);
    size_t used = n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
    const uint64_t ni = vector->i1 - vector->i0 + 1;
    for (uint64_t k = 0; k < ni * (vector->j1 - vector->j0 + 1) && k < 8; k++) {
        for (int p = 0; p < 2; p++) {
            struct msix_interval c = vector->cell[k].p[p];
            if (c.lo > c.hi)
                continue;
            n = snprintf(text + used, room - used,
                         "  possible: %" PRIu64 " newer control and %" PRIu64 " newer entry writes not in force, "
                         "pending %d, %d..%d messages on their way\n",
                         m->ring.head - (vector->i0 + k % ni),
                         msix_versions_head(&vector->versions) - (vector->j0 + k / ni), p, c.lo, c.hi);
            used = n < 0 ? used : used + (size_t)n < room ? used + (size_t)n : room - 1;
        }
    }
    return used;
}

const char *msix_model_check_invariants(const struct msix_model *m)
{
    if (m->ring.floor > m->ring.head || m->ring.flush > m->ring.floor)
        return "the ring of controls is out of order";
    for (unsigned v = 0; v < m->nvec; v++) {
        const char *wrong = msix_vector_check_invariants(&m->vector[v]);
        if (wrong)
            return wrong;
    }
    return NULL;
}
