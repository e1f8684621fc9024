#include "msix_states.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- buffers --- */

static uint32_t room_of(unsigned size)
{
    return 2U << 2 * size;
}

int msix_states_pool_init(struct msix_states_pool *pool)
{
    *pool = (struct msix_states_pool){.closure = malloc(sizeof *pool->closure)};
    if (!pool->closure)
        return -1;
    memset(pool->closure->slot, 0, sizeof pool->closure->slot);
    pool->closure->n = 0;
    return 0;
}

static struct msix_state *next_spare(const struct msix_state *buffer)
{
    struct msix_state *next;
    memcpy(&next, buffer, sizeof next);
    return next;
}

void msix_states_pool_free(struct msix_states_pool *pool)
{
    for (unsigned size = 0; size < MSIX_STATES_CLASSES; size++)
        while (pool->spare[size]) {
            struct msix_state *next = next_spare(pool->spare[size]);
            free(pool->spare[size]);
            pool->spare[size] = next;
        }
    free(pool->closure);
    *pool = (struct msix_states_pool){0};
}

static struct msix_state *take_buffer(struct msix_states_pool *pool, unsigned size)
{
    struct msix_state *buffer = pool->spare[size];
    if (buffer)
        pool->spare[size] = next_spare(buffer);
    else
        buffer = malloc(room_of(size) * sizeof *buffer);
    if (buffer)
        pool->in_use += room_of(size);
    return buffer;
}

static void return_buffer(struct msix_states_pool *pool, struct msix_states *set)
{
    if (set->size == 0)
        return;
    const unsigned size = set->size - 1U;
    memcpy(set->state, &pool->spare[size], sizeof pool->spare[size]);
    pool->spare[size] = set->state;
    pool->in_use -= room_of(size);
}

enum msix_room msix_states_reserve(struct msix_states_pool *pool, struct msix_states *set, uint32_t n)
{
    unsigned size = 0;
    if (n > MSIX_STATES_MOST)
        return MSIX_NO_ROOM;
    while (room_of(size) < n)
        size++;
    if (set->size > size)
        return MSIX_ROOM;
    if (pool->in_use + room_of(size) > MSIX_STATES_TOTAL)
        return MSIX_NO_ROOM;
    struct msix_state *buffer = take_buffer(pool, size);
    if (!buffer)
        return MSIX_NO_MEMORY;
    if (set->n > 0)
        memcpy(buffer, set->state, set->n * sizeof *buffer);
    return_buffer(pool, set);
    set->state = buffer;
    set->size = (uint8_t)(size + 1);
    return MSIX_ROOM;
}

void msix_states_release(struct msix_states_pool *pool, struct msix_states *set)
{
    return_buffer(pool, set);
    *set = (struct msix_states){0};
}

/* --- what is the same --- */

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

/* What must be equal, but for places and messages, as one number. */
static uint32_t key_of(const struct msix_state *s)
{
    return (uint32_t)s->taken << 16 | (uint32_t)s->n_queue << 8 | s->pending;
}

static uint32_t hash(const struct msix_state *s)
{
    uint64_t h = mix(mix(s->i, s->j), key_of(s));
    for (unsigned k = 0; k < s->n_queue; k++)
        h = mix(h, s->queue[k].address ^ (uint64_t)s->queue[k].data << 32);
    return (uint32_t)(h >> 32);
}

static bool is_same(const struct msix_state *a, const struct msix_state *b)
{
    if (key_of(a) != key_of(b) || a->i != b->i || a->j != b->j)
        return false;
    for (unsigned k = 0; k < a->n_queue; k++)
        if (a->queue[k].address != b->queue[k].address || a->queue[k].data != b->queue[k].data)
            return false;
    return true;
}

/* Is everything that is possible for b possible for a, which is the same otherwise? */
static bool covers(const struct msix_state *a, const struct msix_state *b)
{
    if (a->mark > b->mark)
        return false;
    for (unsigned k = 0; memcmp(a->sampled, b->sampled, sizeof a->sampled) && k < MSIX_STATE_READS; k++)
        if (a->sampled[0][k] < b->sampled[0][k] || a->sampled[1][k] < b->sampled[1][k])
            return false;
    for (unsigned k = 0; k < a->n_queue; k++)
        if (a->queue[k].mark > b->queue[k].mark || a->queue[k].until < b->queue[k].until ||
            a->queue[k].shows < b->queue[k].shows)
            return false;
    return true;
}

uint32_t msix_states_enter(struct msix_state *state, uint32_t n)
{
    const struct msix_state *s = &state[n];
    const uint32_t key = key_of(s);
    for (uint32_t k = 0; k < n; k++) {
        if (key_of(&state[k]) != key || !is_same(&state[k], s))
            continue;
        if (covers(&state[k], s))
            return UINT32_MAX;
        if (covers(s, &state[k])) {
            msix_state_copy(&state[k], s);
            return k;
        }
    }
    return n;
}

/* --- closing --- */

enum { LAST_SLOT = 2 * MSIX_STATES_MOST - 1 };

void msix_closure_begin(struct msix_closure *c)
{
    for (uint32_t k = 0; k < c->n; k++)
        c->slot[c->slot_of[k]] = 0;
    c->n = c->n_todo = 0;
    c->overflow = false;
}

static void wait(struct msix_closure *c, uint32_t k)
{
    if (!c->waits[k])
        c->todo[c->n_todo++] = (uint16_t)k;
    c->waits[k] = true;
}

struct msix_state *msix_closure_draft(struct msix_closure *c, const struct msix_state *from)
{
    struct msix_state *s = &c->state[c->n];
    msix_state_copy(s, from);
    return s;
}

void msix_closure_enter(struct msix_closure *c)
{
    const struct msix_state *s = &c->state[c->n];
    const uint32_t h = hash(s);
    uint32_t at = h & LAST_SLOT;
    for (; c->slot[at]; at = (at + 1) & LAST_SLOT) {
        const uint32_t k = c->slot[at] - 1U;
        if (c->hash[k] != h || !is_same(&c->state[k], s))
            continue;
        if (covers(&c->state[k], s))
            return;
        if (covers(s, &c->state[k])) {
            msix_state_copy(&c->state[k], s);
            wait(c, k);
            return;
        }
    }
    if (c->n == MSIX_STATES_MOST) {
        c->overflow = true;
        return;
    }
    c->hash[c->n] = h;
    c->slot_of[c->n] = (uint16_t)at;
    c->waits[c->n] = false;
    wait(c, c->n++);
    c->slot[at] = (uint16_t)c->n;
}

const struct msix_state *msix_closure_next(struct msix_closure *c)
{
    if (c->n_todo == 0)
        return NULL;
    const uint32_t k = c->todo[--c->n_todo];
    c->waits[k] = false;
    return &c->state[k];
}
