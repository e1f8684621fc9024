#include "msix_ring.h"

void msix_ring_reset(struct msix_ring *ring)
{
    *ring = (struct msix_ring){0};
}

void msix_ring_push(struct msix_ring *ring, uint64_t seq, struct msix_control control, bool late)
{
    ring->head++;
    ring->entry[ring->head % MSIX_RING_SIZE] =
        (struct msix_ring_entry){.control = control, .seq = seq, .fenced_at = UINT64_MAX, .late = late};
    if (ring->head - ring->floor > MSIX_RING_UNPROVEN)
        ring->entry[++ring->floor % MSIX_RING_SIZE].fenced_at = seq;
}

void msix_ring_fence(struct msix_ring *ring, uint64_t now, uint64_t fence_seq, bool ordered, uint64_t flush_seq)
{
    if (fence_seq > ring->fence_seq)
        ring->fence_seq = fence_seq;
    while (ring->floor < ring->head && msix_ring_at(ring, ring->floor + 1)->seq < ring->fence_seq)
        ring->entry[++ring->floor % MSIX_RING_SIZE].fenced_at = now;
    if (!ordered || flush_seq <= ring->flush_seq)
        return;
    ring->flush_seq = flush_seq;
    while (ring->flush < ring->floor && msix_ring_at(ring, ring->flush + 1)->seq < flush_seq)
        ring->flush++;
}

bool msix_ring_bme_off_since(const struct msix_ring *ring, uint64_t from)
{
    if (ring->head - from >= MSIX_RING_SIZE)
        return true;
    for (uint64_t i = from; i <= ring->head; i++)
        if (!msix_ring_at(ring, i)->control.bme)
            return true;
    return false;
}
