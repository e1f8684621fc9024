/*
 * fault_view.h - what a planted fault knows: that which passed by on the pins, in the host's and the device's words.
 *
 * The layer has no other source: it learns BAR0, the MSI-X capability, table entries and requests from the TLPs that
 * enter on rx, data write addresses from dma, and events and clears from their ports, all as sent, before any fault
 * altered them. It uses this to aim (a message of a masked vector, the completion of a PBA read), never to judge.
 */
#ifndef FAULT_VIEW_H
#define FAULT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "dut.h"
#include "tlp.h"

enum {
    FAULT_VIEW_VECTORS = 2048,
    FAULT_VIEW_TAGS = 1024,
    FAULT_VIEW_DMA = 512, /* data writes remembered */
    FAULT_VIEW_DW = 8     /* DWs kept of a TLP on its way in */
};

/* What a TLP on tx is. */
enum fault_kind {
    FAULT_KIND_OTHER,
    FAULT_KIND_MESSAGE,
    FAULT_KIND_DMA,
    FAULT_KIND_READ,     /* a read request of the device logic */
    FAULT_KIND_INTX,     /* Assert_INTx or Deassert_INTx */
    FAULT_KIND_CFG_READ, /* completions, named by what was asked for */
    FAULT_KIND_CFG_WRITE,
    FAULT_KIND_TABLE,   /* starts at one of the first three fields of an entry */
    FAULT_KIND_CONTROL, /* starts at Vector Control */
    FAULT_KIND_PBA,
    FAULT_KIND_CSR,
    FAULT_KIND_GAP,
    FAULT_KIND_UNCLAIMED
};

/* A TLP on tx: what it is and which one. */
struct fault_what {
    enum fault_kind kind;
    int index; /* vector of a message or entry (-1: none fits), first bit of a PBA read, register, byte offset */
    struct tlp tlp;
};

/* The front of a TLP that is on its way in. */
struct fault_inbound {
    uint32_t dw[FAULT_VIEW_DW];
    unsigned n_dw; /* accepted so far, counted on past FAULT_VIEW_DW */
};

struct fault_entry {
    uint32_t field[4]; /* address, upper address, data, vector control, as numbers */
    uint32_t events;
};

struct fault_view {
    const struct dut_config *config;
    struct fault_inbound rx, dma;
    uint64_t bar0;
    uint16_t msix_capability; /* offset, 0 while unknown */
    uint64_t events, clears, dma_writes, requests;
    struct fault_entry entry[FAULT_VIEW_VECTORS];
    struct {
        uint8_t kind;
        int32_t index;
    } tag[FAULT_VIEW_TAGS];
    uint64_t dma_address[FAULT_VIEW_DMA];
    uint64_t dma_reads[FAULT_VIEW_DMA]; /* device reads that were handed over before it */
    uint64_t reads, reads_sent;         /* device reads handed over; that have left the design */
};

/* Nothing seen yet. `config` is borrowed. */
void fault_view_init(struct fault_view *v, const struct dut_config *config);

/* rst_n low: streams start anew, the table is as after reset; the rest stays. */
void fault_view_reset(struct fault_view *v);

/* Learns from the pins of one clock: what was accepted on rx, dma, evt and clr. */
void fault_view_cycle(struct fault_view *v, const struct dut_in *in, const struct dut_out *out);

/* What is this TLP of tx? */
struct fault_what fault_view_name(const struct fault_view *v, const uint32_t *dw, unsigned n_dw);

/* Does none of the device reads wait that were handed over before this data write? Then those that leave behind it must. */
bool fault_view_reads_are_behind(const struct fault_view *v, uint64_t address);

/* Learns from a completion on tx where the MSI-X capability is. */
void fault_view_completion(struct fault_view *v, const struct fault_what *what, const uint32_t *dw);

/*
 * The TLP to which the beat on the port belongs, as far as it is known with this beat: decodes into `t` and returns
 * true if the whole header is there. `front` is what was accepted before.
 */
bool fault_view_front(const struct fault_view *v, const struct fault_inbound *front, const struct dut_beat *beat,
                      struct tlp *t);

/* Where in BAR0 an address falls: kind (FAULT_KIND_UNCLAIMED outside) and index. */
enum fault_kind fault_view_region(const struct fault_view *v, uint64_t address, int *index);

/* A programmed vector whose entry mask is `masked` and that had no event so far, the highest one; -1: none. */
int fault_view_idle_vector(const struct fault_view *v, bool masked);

/* A programmed vector whose entry mask is set and that had events, the highest one; -1: none. */
int fault_view_masked_vector(const struct fault_view *v);

#endif
