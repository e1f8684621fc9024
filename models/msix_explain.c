#include "msix_private.h"

#include <inttypes.h>
#include <stdio.h>

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
