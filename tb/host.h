/*
 * host.h - the host agent: root complex and software, in front of rx and tx.
 *
 * It sends requests under the credits that the block grants (rxfc_*), gives tags out, matches completions by tag, paces
 * tx_tready and grants credits to the block. Requests leave in the order in which they were queued.
 *
 * `_start`/`_post` calls queue and return at once; the others step the clock until done. Addresses are byte addresses,
 * DW-aligned unless said otherwise; values are little-endian numbers as software sees them.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dut.h"
#include "monitor.h"
#include "rng.h"
#include "tlp.h"

struct bench;
struct host;

/* How tx_tready is paced. */
enum host_ready { HOST_READY_ALWAYS, HOST_READY_NEVER, HOST_READY_RANDOM /* `percent` of the clocks */ };

/*
 * How credits are granted to the block. Whether a type is infinite is fixed when flow control is initialised, so
 * HOST_CREDITS_INFINITE takes effect at the next bench_reset() and lasts until the reset after another mode is chosen;
 * the finite modes follow each other at any time. Granted credits can't be taken back: a mode decides only about what
 * is given from now on.
 */
enum host_credit_mode {
    HOST_CREDITS_INFINITE, /* initial credit 0 for all types: never throttle (FC-05); updates are not sent */
    HOST_CREDITS_GENEROUS, /* finite, given back as soon as used, up to the window. The state of a new bench. */
    HOST_CREDITS_SLOW,     /* finite: the smallest legal window (FC-09), given back one by one at random times */
    HOST_CREDITS_FROZEN,   /* finite; nothing is given back until the mode changes or host_grant() */
    HOST_CREDITS_STINGY,   /* as SLOW, but much later, and then all that is short of the type at once */
    HOST_CREDITS_SCATTERED /* finite, the windows of GENEROUS; types come back in any order, by chance, in random pieces */
};

/* Credits that the block has left of each type: headers, and data units of 16 bytes. */
struct host_credits_left {
    unsigned ph, pd, nph, npd, cplh, cpld;
};

/* Types for host_set_infinite(). */
enum host_infinite {
    HOST_INFINITE_PH = 1,
    HOST_INFINITE_PD = 2,
    HOST_INFINITE_NPH = 4,
    HOST_INFINITE_NPD = 8,
    HOST_INFINITE_CPLH = 16,
    HOST_INFINITE_CPLD = 32,
    HOST_INFINITE_ALL = 63
};

/* Completion as the requester gets it. */
struct host_completion {
    bool done;
    uint8_t status; /* enum tlp_status */
    unsigned data_dw;
    uint32_t data[2]; /* numbers; the first two DWs */
    uint64_t time;    /* clock of its first beat on tx */
};

/* --- used by the bench only --- */
struct host *host_create(struct bench *b, unsigned data_dw, uint64_t seed);
void host_destroy(struct host *host);
void host_reset(struct host *host);                    /* forgets queues, tags, credits */
void host_drive(struct host *host, struct dut_in *in); /* before the clock */
void host_sample(struct host *host, const struct dut_in *in, const struct dut_out *out); /* after it */
struct observer host_observer(struct host *host); /* completions arrive through the monitor */
bool host_idle(const struct host *host);          /* nothing queued, no tag outstanding */

/* --- configuration space (function 0, destination = the current bus/device number) --- */
uint32_t host_cfg_read32(struct bench *b, unsigned reg);
void host_cfg_write32(struct bench *b, unsigned reg, uint32_t value);
void host_cfg_write(struct bench *b, unsigned reg, unsigned byte_enables, uint32_t value);
uint8_t host_cfg_read_start(struct bench *b, unsigned reg);
uint8_t host_cfg_write_start(struct bench *b, unsigned reg, unsigned byte_enables, uint32_t value);
/* Bus (0..255) and device (0..31) that later configuration requests are routed to. Starts as 01:00. */
void host_set_route(struct bench *b, uint8_t bus, uint8_t device);

/* --- memory --- The header is 3 DW below 4 GB and 4 DW above. */
uint32_t host_mem_read32(struct bench *b, uint64_t address);
uint64_t host_mem_read64(struct bench *b, uint64_t address); /* one 2 DW request */
uint8_t host_mem_read_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be);
/*
 * Memory writes are posted: these return when the write has been queued; host_flush() waits until all queued requests
 * have entered the block.
 */
void host_mem_write32(struct bench *b, uint64_t address, uint32_t value);
void host_mem_write64(struct bench *b, uint64_t address, uint64_t value); /* one 2 DW request */
void host_mem_write(struct bench *b, uint64_t address, const uint32_t *values, unsigned dws, unsigned first_be,
                    unsigned last_be);

/* Any TLP, raw (n DWs in wire order); non-posted ones should carry a tag from host_take_tag(). */
void host_send_raw(struct bench *b, const uint32_t *dw, size_t n);
/* As the encoder takes it; requester id is the host's. Returns the tag (non-posted) or 0. */
uint8_t host_send(struct bench *b, struct tlp *tlp, const uint32_t *payload);
uint8_t host_take_tag(struct bench *b); /* steps until one of the 256 is free; they are used in turn */
/* TLPs that have been queued and have not entered the block completely. */
size_t host_queued(const struct bench *b);

/*
 * Read requests of the block (tx) are answered from host memory by themselves; off: not at all, and the test answers by
 * host_send(), with the function's requester ID in the completion. Off also forgets the answers that have not been sent.
 */
void host_set_answers(struct bench *b, bool automatic);

/*
 * How reads are answered. All zero, the state of a new bench: at once, in order, in completions that end at each 64-byte boundary.
 * Percentages are of the reads; a read is answered in one of the wrong ways at most.
 */
struct host_answer_style {
    unsigned delay; /* clocks that a read waits, 0 up to this, by chance; also between its completions */
    bool mixed; /* reads take turns by chance; their completions end at a random 64-byte boundary within 128 bytes */
    unsigned ur, ca;   /* percent that end with Unsupported Request or Completer Abort, at any of their completions */
    unsigned poisoned; /* percent of the completions that carry EP = 1 */
    unsigned
        most; /* bytes of the largest completion, a multiple of 64 up to 512; 0: 64, and 128 if mixed. Not above MPS. */
    bool hold; /* none at all for now */
};
void host_set_answer_style(struct bench *b, const struct host_answer_style *style);
/* Reads that have not been answered completely. */
unsigned host_answers_waiting(const struct bench *b);

/*
 * Interrupts as software gets them. The handler is called for each message (`vector` 0..2047) and each INTx message (`vector` -1) when
 * what was written before it is in host memory (HOST-10); it may queue requests and read host memory, and must not step the clock. NULL:
 * none. The wires are those of the port, 0 INTA .. 3 INTD: level as the INTx messages leave them, and how often each rose (HOST-11).
 */
typedef void host_handler_fn(struct bench *b, void *ctx, int vector);
void host_set_handler(struct bench *b, host_handler_fn *handler, void *ctx);
bool host_intx_asserted(const struct bench *b, unsigned wire);
uint64_t host_intx_count(const struct bench *b, unsigned wire);

/*
 * Steps until the completion for `tag` has come (the run fails with CHECK_PROGRESS after the policy's limit), frees the
 * tag.
 */
struct host_completion host_wait(struct bench *b, uint8_t tag);
/* Has it come? Does not free the tag. */
bool host_done(const struct bench *b, uint8_t tag);
/* Nobody will wait for this tag: it is free again when its completion has come. */
void host_forget(struct bench *b, uint8_t tag);
/* The completion for `tag` will never come (the request was one that the block drops): free again at once. */
void host_abandon(struct bench *b, uint8_t tag);
/* Steps until every queued request has entered the block. */
void host_flush(struct bench *b);
/* Fence: a configuration read of the vendor ID with RO = 0, IDO = 0, TC 0 (ENV-03), waited for. */
void host_fence(struct bench *b);

/* Attributes that later memory reads and writes carry (default all 0). Fences never do. */
void host_set_attributes(struct bench *b, bool ro, bool ns, bool ido, uint8_t tc);

/* --- back-pressure --- */
void host_set_ready(struct bench *b, enum host_ready mode, unsigned percent);
void host_set_credits(struct bench *b, enum host_credit_mode mode);
/* Single types to be infinite after the next bench_reset() (FC-05), the others finite. Ends at a later choice. */
void host_set_infinite(struct bench *b, unsigned host_infinite_bits);
/* FROZEN mode: adds to the limits, once. */
void host_grant(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld);
void host_grant_nonposted(struct bench *b, unsigned nph, unsigned npd);
/*
 * The window of GENEROUS: how much of each type is kept granted and unused. At first 32 headers of each type, 128 PD,
 * 32 NPD, 128 CPLD; 0 leaves a type as it is; at most 127 headers and 2047 data units. A smaller window takes effect as
 * credits are used; after bench_reset() it is what the block starts with, in every finite mode. SLOW has a window of
 * its own.
 */
void host_set_window(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld);
void host_set_window_nonposted(struct bench *b, unsigned nph, unsigned npd);
/*
 * One type (the position of its bit in enum host_infinite, 0 PH .. 5 CPLD) gets nothing back for so many clocks, whatever the
 * mode; host_grant() still works. A longer time that was set before stays.
 */
void host_starve(struct bench *b, unsigned type, unsigned clocks);
/* What the block may still use, as far as the host has seen its TLPs begin. Infinite types: UINT_MAX. */
struct host_credits_left host_credits_left(const struct bench *b);
/*
 * FROZEN, and then dma writes of one DW to `address` until the block has no posted header credit left (or no posted
 * data credit). The honest way to have no credit: stop granting and let the rest be used. Needs BME = 1 and tx ready.
 */
void host_freeze_now(struct bench *b, uint64_t address);
/* Random gaps between request beats on rx: `percent` of the clocks idle (0 none). */
void host_set_gaps(struct bench *b, unsigned percent);

#endif
