#include "msix_vector_private.h"

bool msix_vector_can_pend(const struct msix_vector *v, bool value)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[value]))
            return true;
    return false;
}

bool msix_vector_can_sample(const struct msix_vector *v, uint64_t head, uint64_t since, bool value)
{
    const uint64_t floor = msix_versions_floor(&v->versions, since);
    for (uint64_t j = floor > v->j0 ? floor : v->j0; j <= v->j1; j++)
        for (uint64_t i = head > v->i0 ? head : v->i0; i <= v->i1; i++)
            if (!is_empty(v->cell[(j - v->j0) * n_i(v) + (i - v->i0)].p[value]))
                return true;
    return false;
}

bool msix_vector_can_commit(const struct msix_vector *v, const struct msix_ring *ring)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!cell_empty(&v->cell[k]) && msix_versions_allow(&msix_ring_at(ring, v->i0 + k % n_i(v))->control,
                                                            msix_versions_at(&v->versions, v->j0 + k / n_i(v))))
            return true;
    return false;
}

int32_t msix_vector_most(const struct msix_vector *v)
{
    int32_t most = 0;
    for (uint32_t k = 0; k < n_cells(v); k++)
        for (unsigned p = 0; p < 2; p++)
            if (!is_empty(v->cell[k].p[p]) && v->cell[k].p[p].hi > most)
                most = v->cell[k].p[p].hi;
    return most;
}

bool msix_vector_can_be_idle(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[0]) && v->cell[k].p[0].lo == 0)
            return true;
    return false;
}

bool msix_vector_is_idle(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!is_empty(v->cell[k].p[1]) || v->cell[k].p[0].hi > 0)
            return false;
    return true;
}

uint64_t msix_vector_events_after(const struct msix_vector *v, uint64_t seq)
{
    uint64_t n = 0;
    while (n < v->events && n < MSIX_EVENT_MOMENTS && last_event(v, n)->moment > seq)
        n++;
    return n == MSIX_EVENT_MOMENTS ? v->events : n;
}

const char *msix_vector_check_invariants(const struct msix_vector *v)
{
    if (v->versions.n == 0 || v->versions.n > v->versions.room)
        return "a vector has no version or more than it has room for";
    if (v->i0 > v->i1 || v->j0 > v->j1 || n_cells(v) > v->room_cells)
        return "the grid of cells is empty or larger than its room";
    if (v->j0 < v->versions.base || v->j1 > msix_versions_head(&v->versions))
        return "a cell stands at a version that is not kept";
    for (uint32_t k = 0; k < n_cells(v); k++)
        for (unsigned p = 0; p < 2; p++)
            if (!is_empty(v->cell[k].p[p]) && v->cell[k].p[p].lo < 0)
                return "a count of messages is negative";
    return msix_vector_any_cell(v) ? NULL : "no cell is possible";
}
