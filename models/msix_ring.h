/*
 * msix_ring.h - function-level controls of the MSI-X model, as a row of writes.
 *
 * Nobody outside the block can see when a control write takes effect. What is known: it has not before it entered rx,
 * and it has once a later request was completed (a fence). So the model keeps every write in a ring and, per table
 * entry, the set of places in that ring where the block may stand.
 *
 * Sequence numbers ("moments") count everything that was seen, in the order of monitor.h; larger is later.
 */
#ifndef MSIX_RING_H
#define MSIX_RING_H

#include "policy.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    MSIX_RING_SIZE = 512,
    MSIX_RING_UNPROVEN = 256 /* writes that may be unproven: each is a request that waits with a tag of its own */
};

struct msix_control {
    bool enable; /* MSI-X Enable */
    bool fmask;  /* Function Mask */
    bool bme;    /* Bus Master Enable (and D0) */
};

struct msix_ring_entry {
    struct msix_control control; /* in force after this write */
    uint64_t seq;                /* moment in which it entered rx */
    uint64_t fenced_at;          /* moment in which its effect was proven, UINT64_MAX until then */
    bool late;                   /* it entered before `seq`, and may have been in force for as long */
};

/* Indices grow for ever; entry n lives in slot n mod MSIX_RING_SIZE. */
struct msix_ring {
    struct msix_ring_entry entry[MSIX_RING_SIZE];
    uint64_t head;      /* newest write */
    uint64_t floor;     /* newest write proven to be in force: the block stands at floor..head */
    uint64_t flush;     /* newest write in force when everything up to flush_seq was flushed out of tx */
    uint64_t fence_seq; /* writes that entered before this moment are in force */
    uint64_t flush_seq; /* messages committed before this moment have been seen on tx */
};

/* After reset: disabled, not masked, no bus master; everything proven. */
void msix_ring_reset(struct msix_ring *ring);

/* Entry of an index between head - MSIX_RING_SIZE + 1 and head. */
static inline const struct msix_ring_entry *msix_ring_at(const struct msix_ring *ring, uint64_t index)
{
    return &ring->entry[index % MSIX_RING_SIZE];
}

/* A write that changes the controls entered rx at moment `seq`, or, if `late`, before. The caller has made sure that no table
 * entry still stands at the slot that is reused (head - MSIX_RING_SIZE + 1). More than MSIX_RING_UNPROVEN unproven writes
 * cannot be held: the oldest then counts as proven. */
void msix_ring_push(struct msix_ring *ring, uint64_t seq, struct msix_control control, bool late);

/* Moment `now` brought a completion which proves that writes before `fence_seq` are in force; if `ordered`, also that
 * every message committed before the request entered (at moment `flush_seq`) has been seen. Older moments than known
 * are ignored. */
void msix_ring_fence(struct msix_ring *ring, uint64_t now, uint64_t fence_seq, bool ordered, uint64_t flush_seq);

/* Does a pending bit stay when write `i` takes effect? (MSIX-PBA-24) Behind a late one it may be that of an event since then. */
static inline enum policy_tristate msix_ring_keep(const struct msix_ring *ring, uint64_t i, const struct policy *policy)
{
    const struct msix_ring_entry *write = msix_ring_at(ring, i);
    if (!msix_ring_at(ring, i - 1)->control.enable || write->control.enable)
        return POLICY_YES;
    return write->late && policy->keep_on_disable == POLICY_NO ? POLICY_EITHER : policy->keep_on_disable;
}

/* Is the state at the last flush still in the ring? If not, nothing is known of what was in force since then. */
static inline bool msix_ring_holds_flush(const struct msix_ring *ring)
{
    return ring->head - ring->flush < MSIX_RING_SIZE;
}

/* True if bus mastering may have been off somewhere between index `from` and the newest write. */
bool msix_ring_bme_off_since(const struct msix_ring *ring, uint64_t from);

#endif
