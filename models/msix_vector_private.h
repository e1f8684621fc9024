/*
 * msix_vector_private.h - intervals and cells, for the files of msix_vector: msix_vector.c (the transition),
 * msix_vector_seen.c (observations), msix_vector_ask.c (questions).
 */
#ifndef MSIX_VECTOR_PRIVATE_H
#define MSIX_VECTOR_PRIVATE_H

#include "msix_vector.h"

static const struct msix_interval EMPTY = {1, 0};
static const struct msix_interval ZERO = {0, 0};

static inline bool is_empty(struct msix_interval a)
{
    return a.lo > a.hi;
}

static inline struct msix_interval join(struct msix_interval a, struct msix_interval b)
{
    if (is_empty(a))
        return b;
    if (is_empty(b))
        return a;
    return (struct msix_interval){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}

/* lo..hi cut down to min..max. */
static inline struct msix_interval clip(struct msix_interval a, int32_t min, int32_t max)
{
    return (struct msix_interval){a.lo > min ? a.lo : min, a.hi < max ? a.hi : max};
}

static inline struct msix_interval shift(struct msix_interval a, int32_t by)
{
    return is_empty(a) ? EMPTY : (struct msix_interval){a.lo + by, a.hi + by};
}

static inline bool cell_empty(const struct msix_cell *c)
{
    return is_empty(c->p[0]) && is_empty(c->p[1]);
}

static inline uint32_t n_i(const struct msix_vector *v)
{
    return (uint32_t)(v->i1 - v->i0 + 1);
}

static inline uint32_t n_cells(const struct msix_vector *v)
{
    return n_i(v) * (uint32_t)(v->j1 - v->j0 + 1);
}

static inline void join_cell(struct msix_cell *into, const struct msix_cell *from)
{
    into->p[0] = join(into->p[0], from->p[0]);
    into->p[1] = join(into->p[1], from->p[1]);
}

static inline const struct msix_event *last_event(const struct msix_vector *v, uint64_t ago)
{
    return &v->event[(v->events - 1 - ago) % MSIX_EVENT_MOMENTS];
}

/* From every cell to the later ones. */
void msix_vector_close(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy);
/* Is anything possible? */
bool msix_vector_any_cell(const struct msix_vector *v);

#endif
