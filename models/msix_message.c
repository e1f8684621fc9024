#include "msix_private.h"

#include <inttypes.h>

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
    msix_pba_update(m, v);
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
        msix_pba_update(m, candidate[k]);
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
        (void)msix_vector_origin(msix_model_touch(m, v), &m->ring, address, data, &origin);
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
            refuse(m, (unsigned)vector, msix_model_touch(m, (unsigned)vector));
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
