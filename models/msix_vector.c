#include "msix_vector_private.h"

#include <stdlib.h>
#include <string.h>

int msix_vector_reset(struct msix_vector *v, const struct msix_ring *ring)
{
    struct msix_versions versions = v->versions;
    struct msix_cell *cell = v->cell ? v->cell : malloc(4 * sizeof *cell);
    const uint32_t room = v->cell ? v->room_cells : 4;
    const int rc = msix_versions_reset(&versions);
    *v = (struct msix_vector){
        .versions = versions, .cell = cell, .room_cells = room, .i0 = ring->head, .i1 = ring->head};
    if (rc || !cell)
        return -1;
    cell[0] = (struct msix_cell){{ZERO, EMPTY}};
    return 0;
}

void msix_vector_free(struct msix_vector *v)
{
    msix_versions_free(&v->versions);
    free(v->cell);
    *v = (struct msix_vector){0};
}

/* --- the transition --- */

/* What a block may lose by itself in this cell, by policy. */
static void drop_by_policy(struct msix_cell *c, enum policy_tristate keep)
{
    if (keep == POLICY_YES || is_empty(c->p[1]))
        return;
    c->p[0] = join(c->p[0], c->p[1]);
    if (keep == POLICY_NO)
        c->p[1] = EMPTY;
}

static void settle_cell(struct msix_cell *c, const struct msix_control *control, const struct msix_version *version,
                        const struct policy *policy)
{
    if (msix_versions_allow(control, version))
        c->p[0] = join(c->p[0], shift(c->p[1], 1));
    else if (control->enable && !control->fmask && !version->mask)
        drop_by_policy(c, policy->hold_while_bme_off);
}

void msix_vector_close(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy)
{
    const uint32_t ni = n_i(v);
    uint64_t need[MSIX_RING_SIZE];
    for (uint64_t i = v->i0 + 1; i <= v->i1; i++)
        need[i - v->i0] = msix_versions_needed(&v->versions, ring, i);
    for (uint64_t j = v->j0; j <= v->j1; j++) {
        for (uint64_t i = v->i0; i <= v->i1; i++) {
            struct msix_cell *c = &v->cell[(j - v->j0) * ni + (i - v->i0)];
            if (cell_empty(c))
                continue;
            const struct msix_control *control = &msix_ring_at(ring, i)->control;
            settle_cell(c, control, msix_versions_at(&v->versions, j), policy);
            if (i < v->i1 && j >= need[i + 1 - v->i0]) {
                struct msix_cell next = *c;
                drop_by_policy(&next, msix_ring_keep(ring, i + 1, policy));
                join_cell(c + 1, &next);
            }
            if (j < v->j1) {
                struct msix_cell next = *c;
                drop_by_policy(&next, msix_versions_keep(&v->versions, j + 1));
                join_cell(c + ni, &next);
            }
        }
    }
}

static int reserve_cells(struct msix_cell **cell, uint32_t *room, uint32_t wanted)
{
    if (wanted <= *room)
        return 0;
    struct msix_cell *more = realloc(*cell, wanted * sizeof *more);
    if (!more)
        return -1;
    *cell = more;
    *room = wanted;
    return 0;
}

/* The same cells on another grid; new ones are impossible, those outside are dropped. */
static int regrid(struct msix_vector *v, struct msix_scratch *scratch, uint64_t i0, uint64_t i1, uint64_t j0,
                  uint64_t j1)
{
    const uint32_t ni = (uint32_t)(i1 - i0 + 1);
    const uint32_t wanted = ni * (uint32_t)(j1 - j0 + 1);
    if (reserve_cells(&scratch->cell, &scratch->room, wanted) || reserve_cells(&v->cell, &v->room_cells, wanted))
        return -1;
    for (uint64_t j = j0; j <= j1; j++) {
        for (uint64_t i = i0; i <= i1; i++) {
            struct msix_cell *to = &scratch->cell[(j - j0) * ni + (i - i0)];
            if (i >= v->i0 && i <= v->i1 && j >= v->j0 && j <= v->j1)
                *to = v->cell[(j - v->j0) * n_i(v) + (i - v->i0)];
            else
                *to = (struct msix_cell){{EMPTY, EMPTY}};
        }
    }
    memcpy(v->cell, scratch->cell, wanted * sizeof *v->cell);
    v->i0 = i0;
    v->i1 = i1;
    v->j0 = j0;
    v->j1 = j1;
    return 0;
}

/* --- where a message comes from --- */

/* The earliest control write under which a message with version j can have been committed that has not left yet;
 * UINT64_MAX: none. */
static uint64_t first_control_with(const struct msix_vector *v, const struct msix_ring *ring, uint64_t j)
{
    const struct msix_version *version = msix_versions_at(&v->versions, j);
    const bool newest = j == msix_versions_head(&v->versions);
    if (version->mask || j < v->last_origin.j)
        return UINT64_MAX;
    if (!msix_ring_holds_flush(ring))
        return 0;
    if (!newest && msix_versions_at(&v->versions, j + 1)->seq < ring->flush_seq)
        return UINT64_MAX;
    for (uint64_t i = v->last_origin.i > ring->flush ? v->last_origin.i : ring->flush; i <= ring->head; i++) {
        const bool replaced = i < ring->head && msix_ring_at(ring, i + 1)->fenced_at < version->seq;
        if (msix_versions_allow(&msix_ring_at(ring, i)->control, version) &&
            j >= msix_versions_needed(&v->versions, ring, i) && !replaced)
            return i;
    }
    return UINT64_MAX;
}

bool msix_vector_origin(const struct msix_vector *v, const struct msix_ring *ring, uint64_t address, uint32_t data,
                        struct msix_place *origin)
{
    *origin = (struct msix_place){UINT64_MAX, UINT64_MAX};
    for (uint64_t j = v->versions.base; j <= msix_versions_head(&v->versions); j++) {
        if (msix_versions_at(&v->versions, j)->address != address || msix_versions_at(&v->versions, j)->data != data)
            continue;
        const uint64_t i = first_control_with(v, ring, j);
        if (i == UINT64_MAX)
            continue;
        origin->i = i < origin->i ? i : origin->i;
        origin->j = j < origin->j ? j : origin->j;
    }
    return origin->j != UINT64_MAX;
}

/* Can any message have been committed that has not left yet? */
static bool any_origin(const struct msix_vector *v, const struct msix_ring *ring)
{
    for (uint64_t j = v->versions.base + v->versions.n; j-- > v->versions.base;)
        if (first_control_with(v, ring, j) != UINT64_MAX)
            return true;
    return false;
}

/* Messages committed before the flushed request was served have all been seen, so what is unseen was committed since:
 * one for the event that was pending then and one for each later event, less one if the pending bit is set now. */
static void apply_flush(struct msix_vector *v, const struct msix_ring *ring)
{
    const uint64_t later = msix_vector_events_after(v, ring->flush_seq);
    const int32_t most = !any_origin(v, ring) ? 0 : later < INT32_MAX ? (int32_t)later + 1 : INT32_MAX;
    for (uint32_t k = 0; k < n_cells(v); k++) {
        v->cell[k].p[0] = clip(v->cell[k].p[0], 0, most);
        v->cell[k].p[1] = clip(v->cell[k].p[1], 0, most > 0 ? most - 1 : 0);
    }
    v->group = 0;
}

uint32_t msix_vector_stale(const struct msix_vector *v, const struct msix_ring *ring)
{
    const uint64_t keep = msix_versions_floor(&v->versions, ring->flush_seq);
    return (uint32_t)((keep < v->j0 ? keep : v->j0) - v->versions.base);
}

/* All cells say: nothing pending, nothing on its way. Then the past does not matter. */
static void restart_idle(struct msix_vector *v, uint64_t i, uint64_t j)
{
    v->i0 = v->i1 = i;
    v->j0 = v->j1 = j;
    v->cell[0] = (struct msix_cell){{ZERO, EMPTY}};
}

static uint64_t later_of(uint64_t a, uint64_t b, uint64_t c)
{
    return a > b && a > c ? a : b > c ? b : c;
}

bool msix_vector_any_cell(const struct msix_vector *v)
{
    for (uint32_t k = 0; k < n_cells(v); k++)
        if (!cell_empty(&v->cell[k]))
            return true;
    return false;
}

int msix_vector_catch_up(struct msix_vector *v, const struct msix_ring *ring, const struct policy *policy,
                         struct msix_scratch *scratch)
{
    const uint64_t j_head = msix_versions_head(&v->versions);
    if (v->fence_seen == ring->fence_seq && v->flush_seen == ring->flush_seq && v->i1 == ring->head && v->j1 == j_head)
        return 0;
    const uint64_t j_floor = msix_versions_floor(&v->versions, ring->fence_seq);
    if (msix_vector_is_idle(v))
        restart_idle(v, later_of(ring->floor, v->i0, v->last_origin.i), later_of(j_floor, v->j0, v->last_origin.j));
    if (v->i1 != ring->head || v->j1 != j_head) {
        if (regrid(v, scratch, v->i0, ring->head, v->j0, j_head))
            return -1;
        msix_vector_close(v, ring, policy);
    }
    uint64_t i0 = v->i0 > ring->floor ? v->i0 : ring->floor;
    uint64_t j0 = v->j0 > j_floor ? v->j0 : j_floor;
    if ((i0 != v->i0 || j0 != v->j0) && regrid(v, scratch, i0, ring->head, j0, j_head))
        return -1;
    if (v->flush_seen != ring->flush_seq)
        apply_flush(v, ring);
    v->fence_seen = ring->fence_seq;
    v->flush_seen = ring->flush_seq;
    return msix_vector_any_cell(v) ? 0 : 1;
}
