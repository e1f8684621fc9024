/*
 * progress.h - liveness counted in chances, not in clocks (FC-10).
 *
 * A hang is a block that does not move what it owes although it may. A clock in which the bench itself is in the way -
 * no credit, tx_tready low, Bus Master Enable 0 - says nothing about the block. So what is counted are chances: clocks in
 * which something moved, or in which nothing was in the way of something that is owed.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* A clock without any movement, as the bench sees it. */
struct progress_view {
    bool link;            /* link up and flow control initialised, not in reset */
    bool tx_ready;        /* tx_tready */
    bool tx_inside;       /* a TLP has begun on tx: its credits are taken */
    bool input_waits;     /* rx, evt or clr is offered and not taken; those may never wait for tx (ORD-20, ORD-23) */
    bool csr_waits;       /* the device logic has not answered a register access */
    bool bus_master;      /* Bus Master Enable as last written, and D0 */
    bool dma_owed;        /* a data write is offered on dma, or was taken and has not left */
    bool read_owed;       /* a read request is offered on dmr, or was taken and has not left */
    bool cpl_owed;        /* a request has had no completion */
    bool posted_room;     /* credits for the largest data write that may be owed, or for a message if none is */
    bool nonposted_room;  /* credits for a read request */
    bool completion_room; /* credits for a completion */
};

/*
 * Could the block have moved something? A completion waits legally behind posted TLPs that have no room (ORD-12), so
 * its room alone is no chance; a posted TLP never waits for a completion. If nothing known is owed, everything must be
 * open.
 */
bool progress_is_chance(const struct progress_view *view);

struct progress {
    uint64_t chances;      /* since the start of the run */
    uint64_t at_last_move; /* as many there were when something moved last */
};

/* One clock. */
void progress_count(struct progress *p, bool moved, bool chance);

/* Chances without movement, of those that came after the first `begin` chances. */
uint64_t progress_idle(const struct progress *p, uint64_t begin);

#endif
