#include "msix_exact_private.h"

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
            msix_exact_keep(e, &n, k);
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
        msix_exact_keep(e, &n, k);
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
        for (unsigned bit = 0; bit < 2; bit++)
            if (s->sampled[bit][k] && (!e->read[k].open || MSIX_SAMPLED - s->sampled[bit][k] > s->n_queue))
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
