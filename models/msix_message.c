#include "msix_private.h"

#include <inttypes.h>

/* Is this what forbids a message in this state? */
static bool is_closed_by(enum check_id id, const struct msix_control *control, const struct msix_version *version)
{
    switch (id) {
    case CHECK_MSG_DISABLED:
        return !control->enable;
    case CHECK_MSG_BUS_MASTER:
        return !control->bme;
    case CHECK_MSG_MASKED:
        return control->fmask || version->mask;
    default:
        return false;
    }
}

/* What forbids a message in all states from control write `i` and version `j` on; CHECK_MSG_CAUSE: nothing does in all. */
static enum check_id closed_since(const struct msix_ring *ring, const struct msix_versions *versions, uint64_t i,
                                  uint64_t j)
{
    static const enum check_id order[] = {CHECK_MSG_DISABLED, CHECK_MSG_BUS_MASTER, CHECK_MSG_MASKED};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        bool closed = true;
        for (uint64_t at = i; closed && at <= ring->head; at++)
            for (uint64_t of = j; closed && of <= msix_versions_head(versions); of++)
                closed = is_closed_by(order[k], &msix_ring_at(ring, at)->control, msix_versions_at(versions, of));
        if (closed)
            return order[k];
    }
    return CHECK_MSG_CAUSE;
}

/* Why no hypothesis can give this message: for want of an event if some state lets messages through, else what forbids
 * it in all states, else what the newest writes say; CHECK_MSG_CAUSE: nothing but that there is no event. */
static enum check_id reason(const struct msix_model *m, const struct msix_vector *vector)
{
    const struct msix_ring *ring = &m->ring;
    const struct msix_versions *versions = &vector->versions;
    if (msix_vector_is_idle(vector) || msix_vector_can_commit(vector, ring))
        return CHECK_MSG_CAUSE;
    /* since all older messages have been seen */
    const enum check_id id = closed_since(ring, versions, msix_ring_holds_flush(ring) ? ring->flush : ring->floor,
                                          msix_versions_floor(versions, ring->flush_seq));
    return id != CHECK_MSG_CAUSE ? id : closed_since(ring, versions, ring->head, msix_versions_head(versions));
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

/* How an entry stands to a message that leaves now. */
struct stand {
    enum msix_sending sending;     /* what the intervals say */
    enum msix_exact_sending exact; /* what its states say, if it is followed */
    struct msix_place origin;
};

static struct stand stand_of(struct msix_model *m, unsigned v, const struct msix_letter *letter)
{
    struct stand s = {.exact = MSIX_EXACT_SENDS};
    (void)msix_vector_origin(msix_model_touch(m, v), &m->ring, letter->address, letter->data, &s.origin);
    s.sending = msix_vector_can_send(&m->vector[v], m->policy, letter->data_sent, s.origin);
    if (m->exact[v])
        s.exact = msix_exact_can_send(m->exact[v], letter);
    return s;
}

static bool can_send(const struct stand *s)
{
    return s->sending == MSIX_SENDS && s->exact == MSIX_EXACT_SENDS;
}

static bool stands_nearer(const struct stand *a, const struct stand *b)
{
    return a->sending > b->sending || (a->sending == b->sending && a->exact > b->exact);
}

static void refuse_early(struct msix_model *m, unsigned v, const struct msix_letter *letter)
{
    check(m->checks, CHECK_MSG_ORDER, false);
    check_report(m->checks, CHECK_MSG_ORDER, (int)v,
                 "the message of vector %u overtook the data that it announces: only %" PRIu64
                 " dma writes have been sent; allowed: the message behind all that came before its event (ORD-02, "
                 "ORD-06)",
                 v, letter->data_sent);
}

static void refuse_order(struct msix_model *m, unsigned v, const struct msix_letter *letter)
{
    check(m->checks, CHECK_MSG_FIELDS, false);
    check_report(m->checks, CHECK_MSG_FIELDS, (int)v,
                 "vector %u sent address %016" PRIX64 " and data %08" PRIX32
                 ", but no message with these fields can be its oldest that is unsent; allowed: messages in the order "
                 "of their events, each with the fields of its moment (TLP-26, RACE-12)",
                 v, letter->address, letter->data);
}

/* Nobody can have sent it; entry v comes nearest. */
static void refuse_message(struct msix_model *m, unsigned v, const struct stand *s, const struct msix_letter *letter)
{
    if (s->sending == MSIX_SENDS_EARLY || (s->sending == MSIX_SENDS && s->exact == MSIX_EXACT_EARLY))
        refuse_early(m, v, letter);
    else if (s->sending == MSIX_SENDS && s->exact == MSIX_EXACT_OTHER_FIELDS)
        refuse_order(m, v, letter);
    else
        refuse(m, v, &m->vector[v]);
}

static void count_as_legal(struct msix_model *m)
{
    static const enum check_id passed[] = {CHECK_MSG_ORDER, CHECK_MSG_CAUSE, CHECK_MSG_MASKED, CHECK_MSG_DISABLED,
                                           CHECK_MSG_BUS_MASTER};
    for (size_t k = 0; k < sizeof passed / sizeof passed[0]; k++)
        check(m->checks, passed[k], true);
}

/* It is the message of this entry. */
static void take_message(struct msix_model *m, uint64_t moment, unsigned v, const struct msix_letter *letter,
                         struct msix_place origin)
{
    struct msix_vector *vector = &m->vector[v];
    count_as_legal(m);
    judge_fairness(m, v, vector);
    msix_vector_message(vector, m->policy, letter->data_sent, origin);
    vector->wait_mark = m->messages;
    vector->last_message = moment;
    m->single[v] = (struct msix_single){0};
    if (m->exact[v])
        msix_exact_message(m->exact[v], letter);
    msix_follow_settle(m, v);
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

/* Intervals: any of these entries may have sent it. Returns the most messages that their events allow, all together;
 * *before gets how many of these have been seen. */
static uint64_t share_by_intervals(struct msix_model *m, uint64_t moment, const uint16_t *candidate, uint32_t n,
                                   uint64_t *before)
{
    *before = group_messages(m, candidate, n);
    const uint64_t group = *before > 0 ? m->vector[candidate[0]].group : ++m->groups;
    uint64_t most = 0;
    for (uint32_t k = 0; k < n; k++) {
        struct msix_vector *vector = &m->vector[candidate[k]];
        most += (uint64_t)msix_vector_most(vector);
        vector->group = group;
        vector->group_size = n;
        vector->group_messages = *before + 1;
        vector->last_message = moment;
        vector->wait_mark = m->messages;
        msix_vector_maybe_message(vector);
    }
    return most;
}

static void refuse_sum(struct msix_model *m, unsigned v, uint32_t n, uint64_t most)
{
    check(m->checks, CHECK_MSG_CAUSE, false);
    check_report(m->checks, CHECK_MSG_CAUSE, (int)v,
                 "%" PRIu32 " vectors share one address and data, and together they sent more messages than "
                 "the %" PRIu64 " that their events allow (EDGE-05)",
                 n, most);
}

/* Several entries can have sent it: which one is not known, so it is judged by their sum (EDGE-05). */
static void take_shared(struct msix_model *m, uint64_t moment, const uint16_t *candidate, uint32_t n,
                        const struct msix_letter *letter)
{
    uint64_t before, most;
    if (!msix_follow_sum_allows(m, candidate, n, letter, &most)) {
        refuse_sum(m, candidate[0], n, most);
        return;
    }
    most = share_by_intervals(m, moment, candidate, n, &before);
    if (before < most)
        check(m->checks, CHECK_MSG_CAUSE, true);
    else
        refuse_sum(m, candidate[0], n, most);
    msix_follow_share(m, candidate, n, letter);
    for (uint32_t k = 0; k < n; k++)
        msix_pba_update(m, candidate[k]);
}

/* The first `n` candidates hold its address and data: which of them can have sent it? Returns one of them. */
static unsigned take_from(struct msix_model *m, uint64_t moment, uint32_t n, const struct msix_letter *letter)
{
    uint32_t able = 0;
    unsigned best = m->candidate[0];
    struct stand best_stand = {0};
    for (uint32_t k = 0; k < n; k++) {
        const uint16_t v = m->candidate[k];
        const struct stand stand = stand_of(m, v, letter);
        if (stands_nearer(&stand, &best_stand)) {
            best_stand = stand;
            best = v;
        }
        if (can_send(&stand))
            m->candidate[able++] = v;
    }
    if (able == 0)
        refuse_message(m, best, &best_stand, letter);
    else if (able == 1)
        take_message(m, moment, best, letter, best_stand.origin);
    else
        take_shared(m, moment, m->candidate, able, letter);
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
    const struct msix_letter letter = {.address = address, .data = data, .data_sent = data_sent};
    uint32_t n = msix_keys_find(&m->keys, address, data, m->candidate, CANDIDATES);
    uint32_t n_alive = 0;
    struct msix_place origin;
    int vector;
    m->moment = moment;
    m->data_sent = data_sent;
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
        vector = (int)take_from(m, moment, n_alive, &letter);
    }
    m->messages++;
    if (vector >= 0)
        m->vector[vector].messages++;
    return vector;
}
