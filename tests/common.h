/*
 * common.h - the vocabulary that the directed tests share: starts, reads in bulk, expectations and a raw TX capture.
 *
 * Expectations go through bench_expect() and so fail the run with the requirement that they name. All functions return at once
 * when the run has stopped.
 */
#ifndef COMMON_H
#define COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "test.h"

/* Registers and identifiers of configuration space that tests name. */
enum {
    REG_ID = 0x00,
    REG_COMMAND = 0x04,
    REG_CLASS = 0x08,
    REG_HEADER_TYPE = 0x0C,
    REG_BAR0 = 0x10,
    REG_SUBSYSTEM = 0x2C,
    REG_CAPABILITIES = 0x34,
    REG_INTERRUPT = 0x3C,
    CAP_PM = 0x01,
    CAP_MSI = 0x05,
    CAP_PCIE = 0x10,
    CAP_MSIX = 0x11,
    COMMAND_MSE = 1 << 1,
    COMMAND_BME = 1 << 2,
    COMMAND_PARITY = 1 << 6,
    COMMAND_INTX_DISABLE = 1 << 10,
    DEVICE_CONTROL_FLR = 1 << 15,
    DEVICE_STATUS_PENDING = 1 << 21,
    ENTRY_BYTES = 16,
};

/* --- starts --- */

/* Enumerates, programs `vector` alone with its own address and data, MSI-X enabled, function mask 0, fenced. All other entries
 * are as reset (masked). Costs a few hundred clocks at every table size. */
void start_one(struct bench *b, unsigned vector, bool masked);
/* Enumerates and sets up the whole table by msix_setup_all(), a mix of 32- and 64-bit addresses. */
void start_all(struct bench *b, bool masked);
/* The address and data that start_one() gives a vector: unique, the odd ones above 4 GB. */
uint64_t own_address(unsigned vector);
uint32_t own_data(unsigned vector);

/* Clocks that the policy grants beside the few of a pipeline, until a vector that may be sent is offered. */
unsigned search_clocks(const struct bench *b);
/* A sweep of two actors, from -sweep_end() to sweep_end() clocks apart: 8, and on in wider steps as far as the block may
 * search for a vector. */
int sweep_end(const struct bench *b);
int sweep_next(int offset);

/* Random vector of the table. */
unsigned any_vector(struct bench *b);
/* Random vector other than `vector`; the table must have two. */
unsigned other_vector(struct bench *b, unsigned vector);
/* The `index`-th of at most eight telling vectors (first, last, both sides of each PBA DWORD and QWORD edge); false past the end. */
bool boundary_vector(const struct bench *b, unsigned index, unsigned *vector);

/* Offset of the capability with this ID, 0 if the list does not have it. */
unsigned capability_find(struct bench *b, unsigned id);
/* Posts (does not wait for) the configuration write of Message Control's upper byte. `capability`: offset of MSI-X. Returns the tag. */
uint8_t control_start(struct bench *b, unsigned capability, bool enable, bool function_mask);

/* --- quiet --- */

/* Everything that can leave has left: settled, and fenced. */
void quiesce(struct bench *b);

/* --- power states, function-level reset, link --- */

/* Offsets in configuration space: PMCSR, Device Control (with Device Status), Link Control, Device Control 2. */
unsigned reg_pmcsr(const struct bench *b);
unsigned reg_device(const struct bench *b);
unsigned reg_link(const struct bench *b);
unsigned reg_device2(const struct bench *b);
/* Writes PowerState (0 or 3), waited for and fenced. */
void set_dstate(struct bench *b, unsigned dstate);
/* Queues the write of Initiate Function Level Reset, MPS as it is. Returns its tag. */
uint8_t flr_start(struct bench *b);
/* Steps until flr_active has risen; respectively fallen. */
void flr_wait_begin(struct bench *b);
void flr_wait_end(struct bench *b);
/* The whole of it: write, completion, end. */
void flr(struct bench *b);
/* Link down for `clocks`, then up with flow control initialised anew. */
void link_bounce(struct bench *b, unsigned clocks);

/* --- INTx --- */

/* The wire that this function drives: 0 INTA .. 3 INTD; meaningless without a pin. */
unsigned own_wire(const struct bench *b);
/* Steps until the wire is in this state, for a function with a pin; without one it stays deasserted. */
void expect_wire(struct bench *b, bool asserted, const char *requirement);
/* Sets or clears Interrupt Disable, all else in Command as enumerated; waited for. */
void set_interrupt_disable(struct bench *b, bool disable);

/* --- reads in bulk: sixteen requests in flight --- */
void read_dwords(struct bench *b, uint64_t address, unsigned count, uint32_t *values);
void read_qwords(struct bench *b, uint64_t address, unsigned count, uint64_t *values);
/* QWORDs of the PBA: how many, and all of them (room for 32). */
unsigned pba_qwords(const struct bench *b);
void read_pba(struct bench *b, uint64_t *bits);

/* --- expectations: each is one sentence about what only the test knows --- */
void expect_messages(struct bench *b, unsigned vector, uint64_t count, const char *requirement);
void expect_total(struct bench *b, uint64_t count, const char *requirement);
void expect_pending(struct bench *b, unsigned vector, bool pending, const char *requirement);
void expect_value(struct bench *b, const char *what, uint64_t got, uint64_t wanted, const char *requirement);
void expect_dword(struct bench *b, uint64_t address, uint32_t wanted, const char *requirement);
/* The bits of `mask` in a configuration register read so. */
void expect_config(struct bench *b, unsigned reg, uint32_t mask, uint32_t wanted, const char *requirement);
/* Every vector of the table has sent exactly `count` messages so far. */
void expect_messages_each(struct bench *b, uint64_t count, const char *requirement);
/* The whole PBA reads zero. */
void expect_pba_clear(struct bench *b, const char *requirement);
/* All four DWs of every entry are as after reset: 0, 0, 0, 1; address and data only if policy says that they are zero. */
void expect_table_reset(struct bench *b, const char *requirement);
/* One DW (0..2) of an entry after a reset: zero if the policy promises that, else not compared (MSIX-TBL-10). */
void expect_field_reset(struct bench *b, unsigned vector, unsigned field, const char *requirement);
/* Vector Control reads as it was written; reserved bits as the policy says (MSIX-TBL-07). */
void expect_vector_control(struct bench *b, unsigned vector, uint32_t written, const char *requirement);
/* What the host finds in its memory: the writes of the block so far, in tx order. */
uint32_t host_memory_dword(struct bench *b, uint64_t address);
/* The host finds these `dws` numbers at `address` of its memory. */
void expect_host_memory(struct bench *b, uint64_t address, const uint32_t *values, unsigned dws,
                        const char *requirement);

/* --- back-pressure and credits --- */

/* TX never ready, respectively ready in every clock again. */
void stall_tx(struct bench *b);
void release_tx(struct bench *b);
/*
 * Freezes the credits and burns posted ones with dma writes until none is left: headers (data credits remain) or data (headers
 * remain). No posted TLP can leave then before host_grant() or feed(); completions can, for a window of theirs (32).
 */
enum starved { STARVED_HEADERS, STARVED_DATA };
void starve_posted(struct bench *b, enum starved what);
/* After starve_posted(): dma writes of one DW until the block takes no more of them (with BME = 0 it takes none). */
void fill_posted(struct bench *b);
/* Resets the block to a window of exactly `ph` and `pd` (at least 1 each), then start_one(), then freezes: the block may send these
 * posted credits and no more before host_grant() or feed(). */
void start_frozen(struct bench *b, unsigned vector, bool masked, unsigned ph, unsigned pd);
/* Generous credits again. */
void feed(struct bench *b);

/* --- dma --- */

/* Fills `payload` with random numbers. */
void random_payload(struct bench *b, uint32_t *payload, unsigned dws);
/* A dma buffer of 4 KB, number 0..1023 by request; the odd ones above 4 GB. */
uint64_t dma_buffer(unsigned number);
/* Largest dma write that the block starts with, in DWs (MPS after reset: 128 bytes). */
enum { DMA_MAX_DW = 32, DMA_FILLER = 1023 /* the buffer that starve_posted() writes */ };

/* --- capture: the raw TLPs of tx, taken from the pins while the capture itself steps the clock --- */

enum { CAPTURE_TLPS = 256, CAPTURE_DW = 8 };

struct captured {
    uint64_t time;           /* clock of the first beat */
    unsigned n_dw;           /* DWs of the TLP */
    uint32_t dw[CAPTURE_DW]; /* the first ones, wire order */
};

struct capture {
    unsigned count; /* complete TLPs; those past CAPTURE_TLPS are counted only */
    bool inside;    /* in mid-TLP */
    struct captured tlp[CAPTURE_TLPS];
};

void capture_start(struct capture *c);
void capture_step(struct bench *b, struct capture *c);
void capture_run(struct bench *b, struct capture *c, unsigned clocks);
/* Until `count` TLPs are complete, at most `limit` clocks; then the run fails, citing `requirement`. */
void capture_until(struct bench *b, struct capture *c, unsigned count, unsigned limit, const char *requirement);
/* A memory write to an address that is no dma buffer. */
bool captured_is_message(const struct captured *t);
/* The TLP at `index` is exactly these DWs. */
void expect_captured(struct bench *b, const struct capture *c, unsigned index, const uint32_t *dw, unsigned n_dw,
                     const char *requirement);

#endif
