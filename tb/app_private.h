/*
 * app_private.h - the inside of the application agent, shared by app*.c only.
 */
#ifndef APP_PRIVATE_H
#define APP_PRIVATE_H

#include "app.h"
#include "app_lane.h"
#include "rng.h"
#include "stream.h"

enum { APP_CSR_QWORDS = 512, APP_CSR_RANDOM_DELAY = 256 };

enum app_read_state { APP_READ_FREE, APP_READ_WAITING, APP_READ_DONE };

/* Attributes that the block lets the device logic use, as it showed them last. */
struct app_enables {
    bool ro, ns, ido;
};

/* A read of host memory under one tag. */
struct app_read {
    enum app_read_state state;
    bool forgotten; /* free as soon as it is done */
    int status;     /* enum tlp_status; -1: ended by FLR */
    unsigned dws;   /* asked for */
    unsigned got;   /* DWs that have come */
    uint32_t values[APP_READ_MAX_DW];
};

struct app {
    struct rng rng;
    unsigned mps_max;
    bool ro, ns, ido, poison;
    struct app_enables enables;
    uint16_t requester_id; /* as the block showed it last */

    struct stream_source dma, dmr;
    uint64_t dma_queued, dma_sent; /* TLPs, for the calls that wait */

    struct app_lane event, clear, intx; /* intx: levels */
    struct app_read read[APP_READ_TAGS];
    unsigned next_tag, reads_waiting;

    uint64_t csr[APP_CSR_QWORDS];
    unsigned csr_delay; /* APP_CSR_RANDOM_DELAY: random */
    unsigned csr_wait;  /* clocks until csr_ready */
    bool csr_busy;      /* a request is being waited on */
    unsigned csr_offset;

    bool intx_level, intx_flow;
    bool flr_active; /* as sampled last */
    bool flr_prompt;
    unsigned flr_delay, flr_wait;
};

/* A completion on dmc. */
void app_completion_seen(struct app *app, const struct seen *what);

/* Reads that wait end with status -1. */
void app_reads_end(struct app *app);

#endif
