/*
 * tx_proxy.h - store and forward of whole TLPs between the design's tx port and the host, for planted faults.
 *
 * Beats from the design are gathered into packets; packets leave in the order in which they came, except that one that
 * is `held` waits while later ones pass. A packet may be altered, removed or added while it is stored and not on its
 * way out. With nothing held or altered the proxy is a queue that a design could have as well: a TLP of one beat goes
 * through in the clock in which it comes, a longer one starts with its last beat.
 *
 * No allocation; the caller owns the structure (about 100 KB).
 */
#ifndef TX_PROXY_H
#define TX_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "dut.h"

enum {
    TX_PROXY_DW = 160,   /* longest TLP */
    TX_PROXY_SLOTS = 128 /* packets stored at once */
};

struct tx_packet {
    uint32_t dw[TX_PROXY_DW]; /* wire order, as in tlp.h */
    unsigned n_dw;            /* 1..TX_PROXY_DW */
    bool held;                /* later ones may pass */
    bool made_up;             /* not from the design */
    uint32_t keep_flip;       /* inverted in tkeep of beat `keep_beat` */
    unsigned keep_beat;
};

struct tx_proxy {
    unsigned data_dw;
    unsigned room; /* whole packets stored before tready falls, at least 1 */
    bool stalled;  /* nothing new starts while set; set by the owner */
    struct tx_packet slot[TX_PROXY_SLOTS];
    struct tx_packet *queue[TX_PROXY_SLOTS]; /* stored packets, first to leave first */
    unsigned count;
    struct tx_packet *unused[TX_PROXY_SLOTS];
    unsigned n_unused;
    struct tx_packet arriving; /* not yet complete */
    struct tx_packet *leaving; /* on the port now: stays until its last beat was accepted; also in queue[] */
    unsigned beat;             /* of `leaving` */
};

/* Empty, for streams of `data_dw` DWs. */
void tx_proxy_init(struct tx_proxy *p, unsigned data_dw);

/* Forgets all that is stored (reset). */
void tx_proxy_reset(struct tx_proxy *p);

/* tready towards the design. */
bool tx_proxy_ready(const struct tx_proxy *p);

/* Nothing is stored or half gathered, but for what is held. */
bool tx_proxy_empty(const struct tx_proxy *p);

/* Takes a beat that the design handed over. Returns the packet that it completed, stored last, or NULL. */
struct tx_packet *tx_proxy_take(struct tx_proxy *p, const struct dut_beat *beat);

/* Adds a packet of these DWs behind `after` (NULL: in front of all that have not started). NULL if there is no room. */
struct tx_packet *tx_proxy_insert(struct tx_proxy *p, const struct tx_packet *after, const uint32_t *dw, unsigned n_dw);

/* Removes a packet that is not leaving. */
void tx_proxy_remove(struct tx_proxy *p, struct tx_packet *packet);

/* The beat that the host sees now; all zero if there is none. */
void tx_proxy_present(struct tx_proxy *p, struct dut_beat *beat);

/*
 * The beat last presented was accepted. Returns the packet if that was its last beat; it is no longer stored and may
 * be read until the next call of any function here.
 */
const struct tx_packet *tx_proxy_accept(struct tx_proxy *p);

/* For tests: counts and pointers agree. */
bool tx_proxy_check_invariants(const struct tx_proxy *p);

#endif
