#include "msix_twins.h"

#include <stdlib.h>

void msix_twins_pool_free(struct msix_twins_pool *pool)
{
    while (pool->spare) {
        struct msix_twins *next = pool->spare->next_spare;
        free(pool->spare);
        pool->spare = next;
    }
}

static struct msix_twins *take_spare(struct msix_twins_pool *pool)
{
    struct msix_twins *twins = pool->spare;
    if (twins)
        pool->spare = twins->next_spare;
    else
        twins = malloc(sizeof *twins);
    if (twins)
        *twins = (struct msix_twins){0};
    return twins;
}

static void retire(struct msix_twins_pool *pool, struct msix_twins *twins)
{
    twins->next_spare = pool->spare;
    pool->spare = twins;
}

static void enter(struct msix_twins *twins, struct msix_exact *member)
{
    member->twins = twins;
    member->next_twin = twins->first;
    twins->first = member;
    twins->least += member->least;
    twins->most += member->most;
}

static void enter_all(struct msix_twins_pool *pool, struct msix_twins *into, struct msix_twins *from)
{
    into->messages += from->messages;
    while (from->first) {
        struct msix_exact *member = from->first;
        from->first = member->next_twin;
        enter(into, member);
    }
    retire(pool, from);
}

struct msix_twins *msix_twins_join(struct msix_twins_pool *pool, struct msix_exact *a, struct msix_exact *b)
{
    struct msix_twins *twins = a->twins ? a->twins : b->twins ? b->twins : take_spare(pool);
    if (!twins)
        return NULL;
    if (!a->twins)
        enter(twins, a);
    if (!b->twins)
        enter(twins, b);
    if (b->twins != twins)
        enter_all(pool, twins, b->twins);
    return twins;
}

void msix_twins_count(struct msix_twins *twins)
{
    twins->messages++;
    twins->least = twins->most = 0;
    for (struct msix_exact *member = twins->first; member; member = member->next_twin) {
        (void)msix_exact_keep_taken(member, 0, UINT64_MAX);
        twins->least += member->least;
        twins->most += member->most;
    }
}

void msix_twins_dissolve(struct msix_twins_pool *pool, struct msix_twins *twins)
{
    while (twins->first) {
        struct msix_exact *member = twins->first;
        twins->first = member->next_twin;
        member->twins = NULL;
        msix_exact_forget_taken(member);
    }
    retire(pool, twins);
}

/* What all members have certainly taken need not be counted any more. */
static void take_off(struct msix_twins *twins, struct msix_exact *member)
{
    const uint64_t n = member->least;
    msix_exact_lower_taken(member, n);
    twins->messages -= n;
    twins->least -= n;
    twins->most -= n;
}

bool msix_twins_settle(struct msix_exact *member)
{
    struct msix_twins *twins = member->twins;
    const uint64_t others_least = twins->least - member->least, others_most = twins->most - member->most;
    const uint64_t least = twins->messages > others_most ? twins->messages - others_most : 0;
    if (twins->messages < others_least || !msix_exact_keep_taken(member, least, twins->messages - others_least))
        return false;
    twins->least = others_least + member->least;
    twins->most = others_most + member->most;
    take_off(twins, member);
    return true;
}

bool msix_twins_are_idle(const struct msix_twins *twins)
{
    uint64_t i, j;
    for (const struct msix_exact *member = twins->first; member; member = member->next_twin)
        if (!msix_exact_is_idle(member, &i, &j))
            return false;
    return true;
}
