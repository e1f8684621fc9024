#include "msix_private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { MOST_LINES = 8 };

/* Text that grows up to `room`. */
struct writing {
    char *text;
    size_t used, room;
};

static void put(struct writing *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writing *w, const char *format, ...)
{
    const size_t left = w->room - w->used;
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->used, left, format, args);
    va_end(args);
    w->used += n < 0 ? 0 : (size_t)n < left ? (size_t)n : left - 1;
}

static void put_place(const struct msix_model *m, unsigned v, uint64_t i, uint64_t j, struct writing *w)
{
    put(w, "  possible: %" PRIu64 " newer control and %" PRIu64 " newer entry writes not in force, pending ",
        m->ring.head - i, msix_versions_head(&m->vector[v].versions) - j);
}

static void explain_intervals(const struct msix_model *m, unsigned v, struct writing *w)
{
    const struct msix_vector *vector = &m->vector[v];
    const uint64_t ni = vector->i1 - vector->i0 + 1;
    for (uint64_t k = 0; k < ni * (vector->j1 - vector->j0 + 1) && k < MOST_LINES; k++) {
        for (int p = 0; p < 2; p++) {
            const struct msix_interval c = vector->cell[k].p[p];
            if (c.lo > c.hi)
                continue;
            put_place(m, v, vector->i0 + k % ni, vector->j0 + k / ni, w);
            put(w, "%d, %d..%d messages on their way\n", p, c.lo, c.hi);
        }
    }
}

static void explain_states(const struct msix_model *m, unsigned v, struct writing *w)
{
    const struct msix_states *states = &m->exact[v]->states;
    for (uint32_t k = 0; k < states->n && k < MOST_LINES; k++) {
        const struct msix_state *s = &states->state[k];
        put_place(m, v, s->i, s->j, w);
        put(w, "%d, %d messages on their way", s->pending, s->n_queue);
        for (unsigned q = 0; q < s->n_queue; q++)
            put(w, "%s%08" PRIX32, q ? ", " : ": data ", s->queue[q].data);
        put(w, "\n");
    }
    if (states->n > MOST_LINES)
        put(w, "  and %" PRIu32 " more\n", states->n - MOST_LINES);
}

size_t msix_model_explain(const struct msix_model *m, unsigned v, char *text, size_t room)
{
    const struct msix_vector *vector = &m->vector[v];
    const struct msix_version *newest = msix_versions_newest(&vector->versions);
    const struct msix_control *control = &msix_ring_at(&m->ring, m->ring.head)->control;
    struct writing w = {.text = text, .room = room};
    put(&w,
        "  entry %u: address %016" PRIX64 " data %08" PRIX32 " mask %d, %" PRIu64 " events, %" PRIu64
        " messages; last written controls: enable %d, function mask %d, bus master %d\n",
        v, newest->address, newest->data, newest->mask, vector->events, vector->messages, control->enable,
        control->fmask, control->bme);
    if (m->exact[v])
        explain_states(m, v, &w);
    else
        explain_intervals(m, v, &w);
    return w.used;
}
