/*
 * monitor.h - turns pins into what happened, and tells the observers.
 *
 * The monitor reads one `struct dut_in` / `struct dut_out` a clock, judges the stream protocol (CHECK_STREAM_*),
 * assembles beats into TLPs and calls every registered observer with one `struct seen` for each thing that happened.
 *
 * Order of the calls is the order that counts for PCIe and for the block's contracts:
 *   - a TLP on rx or tx stands at its first accepted beat, a TLP on dma or dmr at its last; so an event accepted
 *     while a TLP is on its way out of tx comes after that TLP (it cannot be covered by it);
 *   - within one clock: reset, flr_active, tx, rx, dma, dmr, dmc, clear, event, intx_level. So an edge of the INTx level stands
 *     behind the data writes that ended in its clock.
 * A TLP's content is only known at its last beat, so later things wait in the monitor until the TLP before them
 * is complete. `time` is when it counted, `end_time` when it was complete.
 *
 * SEEN_RESET comes once for each time that rst_n or link_up goes low, in the first such clock. TLPs half seen are dropped then.
 * While either is low nothing is handed over and nothing is judged. SEEN_FLR and SEEN_INTX tell that the pin has changed;
 * both pins count as 0 in reset.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include "check.h"
#include "dut.h"
#include "tlp.h"

enum {
    SEEN_MAX_DW = 160, /* DWs of a TLP that are kept; more are counted only */
    MONITOR_MAX_OBSERVERS = 8
};

enum seen_kind { SEEN_RESET, SEEN_TLP, SEEN_CLEAR, SEEN_EVENT, SEEN_FLR, SEEN_INTX };

enum seen_stream { SEEN_RX, SEEN_TX, SEEN_DMA, SEEN_DMR, SEEN_DMC, SEEN_STREAMS };

struct seen {
    enum seen_kind kind;
    enum seen_stream stream; /* of a TLP */
    uint64_t time, end_time; /* clocks since the start of the run */
    int vector;     /* events and clears; the new level of FLR and INTX; messages: written by the scoreboard, else -1 */
    bool is_dma;    /* tx: written by the scoreboard, a data write handed over on dma */
    unsigned n_dw;  /* DWs of the TLP; dw[] holds the first SEEN_MAX_DW of them */
    struct tlp tlp; /* decoded; tlp.defect says if that worked */
    uint32_t dw[SEEN_MAX_DW];
};

struct observer {
    const char *name;
    void *ctx;
    void (*seen)(void *ctx, struct seen *what); /* may write `vector` and `is_dma` for the observers after it */
};

struct monitor;

/* Allocates a monitor for streams of `data_dw` DWs that counts in `checks` (borrowed). NULL if memory runs out. */
struct monitor *monitor_create(unsigned data_dw, struct checks *checks);
void monitor_destroy(struct monitor *monitor);

/* Registers an observer (copied). Called in the order of registration. At most MONITOR_MAX_OBSERVERS. */
void monitor_observe(struct monitor *monitor, const struct observer *observer);

/* Reads the pins of one clock. `time` counts clocks and grows by one a call. */
void monitor_cycle(struct monitor *monitor, uint64_t time, const struct dut_in *in, const struct dut_out *out);

/* True if no TLP is half seen on any stream and nothing waits to be told. */
bool monitor_idle(const struct monitor *monitor);

/* The last clock in which anything was handed over on any port (beats, events, clears, device register accesses). */
uint64_t monitor_last_movement(const struct monitor *monitor);

#endif
