/*
 * progress.c - see progress.h.
 */
#include "progress.h"

bool progress_is_chance(const struct progress_view *v)
{
    if (!v->link)
        return false;
    if (v->input_waits)
        return true;
    if (!v->tx_ready || v->csr_waits)
        return false;
    if (v->tx_inside)
        return true;
    if (!v->posted_room)
        return false;
    if (v->dma_owed && v->bus_master)
        return true;
    if (v->read_owed && v->bus_master && v->nonposted_room)
        return true;
    return v->completion_room && (v->cpl_owed || !v->dma_owed);
}

void progress_count(struct progress *p, bool moved, bool chance)
{
    p->chances += moved || chance;
    if (moved)
        p->at_last_move = p->chances;
}

uint64_t progress_idle(const struct progress *p, uint64_t begin)
{
    return p->chances - (p->at_last_move > begin ? p->at_last_move : begin);
}
