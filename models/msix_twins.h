/*
 * msix_twins.h - entries with equal address and data: whose message was it?
 *
 * A message that several entries can have sent is one of them, and nobody outside can tell which (EDGE-05). So each
 * state of each of these entries counts how many such messages it took to be its own, and the counts of all together
 * must be the number that was seen: more than the most that the states allow is a message without cause, fewer than the
 * least is one that was lost.
 */
#ifndef MSIX_TWINS_H
#define MSIX_TWINS_H

#include "msix_exact.h"

struct msix_twins {
    uint64_t messages;    /* seen, and taken by some member */
    uint64_t least, most; /* sums of those of the members */
    struct msix_exact *first;
    struct msix_twins *next_spare;
};

/* Unused groups. Zero-initialise. */
struct msix_twins_pool {
    struct msix_twins *spare;
};

void msix_twins_pool_free(struct msix_twins_pool *pool);

/* One group of both and of those that are in a group with one of them. NULL without memory. */
struct msix_twins *msix_twins_join(struct msix_twins_pool *pool, struct msix_exact *a, struct msix_exact *b);
/* One message more was seen, and members may have taken it. */
void msix_twins_count(struct msix_twins *twins);
/* No group any more: nothing is known about who sent what. */
void msix_twins_dissolve(struct msix_twins_pool *pool, struct msix_twins *twins);

/* The states of a member have changed. Drops those of them whose count cannot be, whatever the others took. Returns
 * false if that is all of them; nothing is dropped then. */
bool msix_twins_settle(struct msix_exact *member);

/* Is nothing pending or on its way in any state of any member? */
bool msix_twins_are_idle(const struct msix_twins *twins);

#endif
