/*
 * fault_plan.h - inside the planted faults: what one fault is made of, and the functions that do the damage.
 *
 * A fault is a row of a table in fault_list.c or fault_device.c: when to strike (skip, times, after_*), at what, and which function
 * does it. There are five kinds of targets, one of which a row uses:
 *   dmc     a completion on its way to the device logic
 *   tx      a whole TLP from the design (`kinds`, `when`): `tx` alters, drops, holds, copies it
 *   inbound a TLP on its way into the design on rx or dma (`port`, `reaches`): bits of one DW are inverted
 *   input   pins on their way into the design
 *   output  pins on their way to monitor and agents
 */
#ifndef FAULT_PLAN_H
#define FAULT_PLAN_H

#include "fault.h"
#include "fault_view.h"
#include "tx_proxy.h"

/* Sets of enum fault_kind. */
#define FAULT_SET(kind) (1u << (kind))
#define FAULT_MESSAGES FAULT_SET(FAULT_KIND_MESSAGE)
#define FAULT_DMAS FAULT_SET(FAULT_KIND_DMA)
#define FAULT_DEVICE_READS FAULT_SET(FAULT_KIND_READ)
#define FAULT_INTX FAULT_SET(FAULT_KIND_INTX)
#define FAULT_MEMORY_READS                                                                                             \
    (FAULT_SET(FAULT_KIND_TABLE) | FAULT_SET(FAULT_KIND_CONTROL) | FAULT_SET(FAULT_KIND_PBA) |                         \
     FAULT_SET(FAULT_KIND_CSR) | FAULT_SET(FAULT_KIND_GAP))
#define FAULT_READS (FAULT_MEMORY_READS | FAULT_SET(FAULT_KIND_CFG_READ))
#define FAULT_COMPLETIONS (FAULT_READS | FAULT_SET(FAULT_KIND_CFG_WRITE) | FAULT_SET(FAULT_KIND_UNCLAIMED))

enum fault_port { FAULT_PORT_NONE, FAULT_PORT_RX, FAULT_PORT_DMA };

/* Which events or clears: by the entry's own mask bit as the host wrote it. */
enum fault_mask { FAULT_ANY, FAULT_MASKED, FAULT_UNMASKED };

struct fault_plan {
    struct fault_info info;
    /* when: the first `skip` matches pass; then `times` strikes, 0 is for ever */
    unsigned skip, times;
    unsigned after_events, after_messages, after_dma;
    /* tx */
    unsigned kinds;
    bool (*when)(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what);
    bool (*tx)(struct fault *f, struct tx_packet *packet, const struct fault_what *what); /* false: could not strike */
    /* dmc: false: could not strike */
    bool (*dmc)(struct fault *f, struct tx_packet *packet, const struct tlp *t);
    unsigned until, count; /* held packets go when `count` TLPs of these kinds have passed */
    /* inbound: index of the payload DW concerned in a TLP, or -1; struck if (its value & mask) == match */
    enum fault_port port;
    int (*reaches)(const struct fault *f, const struct tlp *t);
    uint32_t match;
    /* pins */
    void (*input)(struct fault *f, struct dut_in *in);
    void (*output)(struct fault *f, const struct dut_in *in, struct dut_out *out);
    /* numbers for the functions */
    bool payload; /* `dw` counts payload DWs and `flip` is a number as software sees it, else raw header */
    unsigned dw;
    uint32_t mask, flip;
    unsigned amount; /* clocks, DWs, vectors: see the function */
    enum fault_mask which;
};

struct fault {
    const struct fault_plan *plan;
    const struct dut_config *config;
    uint64_t time;
    unsigned matches, strikes;
    uint64_t messages; /* of the design, so far */
    struct tx_proxy tx, dmc;
    struct fault_view view;
    uint64_t due; /* clock in which a delay ends or a copy goes out, 0: none */
    struct tx_packet copy;
    int first_vector, vector;    /* of the first message; that is starved: another one; -1: none yet */
    unsigned passed;             /* TLPs since something is held */
    unsigned in_front;           /* TLPs still to leave that were in front of what is held: they pass nothing */
    struct dut_beat before;      /* tx as presented in the last clock, if it was not accepted then */
    uint32_t power_up;           /* hash of the design's outputs before its first clock edge */
    bool inbound_hit;            /* the beat on its way in holds the DW that the plan reaches for */
    bool inbound_strikes;        /* and is altered */
    struct dut_credit_limits fc; /* as they were after reset */
    bool fc_known;
    bool on; /* note of an input function for its output half */
};

/* Rows of the tables; NULL past the end. */
const struct fault_plan *fault_plan(unsigned index);
/* Those of fault_device.c. */
extern const struct fault_plan fault_device_plans[];
extern const unsigned fault_device_plan_count;
/* The plan of the fault `none`, which is not in the table. */
const struct fault_plan *fault_plan_none(void);

/* May the next match be struck? */
bool fault_armed(const struct fault *f);

/* --- tx (fault_tx.c): all return true if they struck --- */
/* Inverts `flip` in DW `dw`; false if the TLP has no such DW. */
bool fault_flip(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Takes the bits `mask` of payload DW `dw` of a table read from what the host wrote last; false if that changes nothing. */
bool fault_mix(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Removes the TLP. */
bool fault_drop(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Sends the TLP twice. */
bool fault_duplicate(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Sends the TLP again `amount` clocks later. */
bool fault_repeat(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Holds the TLP until `count` of the kinds `until` have passed it. */
bool fault_hold(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Holds all messages of the second vector that sends one until `count` of the kinds `until` have passed. */
bool fault_starve(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Stops the stream for `amount` clocks in front of the TLP. */
bool fault_delay(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Cuts `amount` DWs off the end; false if nothing would be left. */
bool fault_truncate(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Appends `amount` DWs, Length stays. */
bool fault_extend(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Makes a write of 1 DW one of 2 DW, a correct TLP in itself. */
bool fault_lengthen(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Sets TD and appends a digest. */
bool fault_add_digest(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Makes the 3 DW header one of 4 DW with upper address 0; false if it has 4 already. */
bool fault_widen(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Leaves a hole in tkeep of the last beat. */
bool fault_keep_hole(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Clears the last tkeep bit of the first beat; false if the TLP has only one. */
bool fault_keep_short(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Gives a message address and data of another entry, one that is unmasked and had no event. */
bool fault_other_entry(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Adds behind the TLP: the message of a masked entry that had events; of one that had none; of an unmasked one that had
 * none; one to address `flip`. False if there is no such entry. */
bool fault_add_masked(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
bool fault_add_idle_masked(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
bool fault_add_idle(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
bool fault_add_unknown(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Adds behind the TLP: a memory read request; a completion with a tag that is unused. */
bool fault_add_read(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
bool fault_add_completion(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Makes an MWr a message with data (MsgD), which has no address. */
bool fault_as_msgd(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Writes into the Tag of a message what the design's registers were at power-up. */
bool fault_power_up_tag(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Takes the TLP away, and sends it when a function-level reset has ended; with fault_note_flr(). */
bool fault_keep_over_flr(struct fault *f, struct tx_packet *packet, const struct fault_what *what);
/* Conditions for `when`. */
bool fault_is_4dw(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what);
bool fault_is_3dw(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what);
bool fault_has_data(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what);

/* --- dmc (fault_device.c) --- */
/* Inverts `flip` in DW `dw`; loses the completion; lets the next one pass, if more of its read is to come. */
bool fault_dmc_flip(struct fault *f, struct tx_packet *packet, const struct tlp *t);
bool fault_dmc_drop(struct fault *f, struct tx_packet *packet, const struct tlp *t);
bool fault_dmc_swap(struct fault *f, struct tx_packet *packet, const struct tlp *t);

/* --- inbound (fault_pins.c): payload DW that reaches ... --- */
int fault_to_control(const struct fault *f, const struct tlp *t); /* Vector Control of an entry */
int fault_to_data(const struct fault *f, const struct tlp *t);    /* Message Data of an entry */
int fault_to_command(const struct fault *f, const struct tlp *t); /* the Command register */
int fault_to_msix(const struct fault *f, const struct tlp *t);    /* MSI-X Message Control */

/* --- pins (fault_pins.c) --- */
/* Alters the beat on `port` as the plan says; called for every plan with a port. */
void fault_inbound(struct fault *f, struct dut_in *in);
/* After the clock: counts what fault_inbound() did. */
void fault_inbound_done(struct fault *f, const struct dut_in *in, const struct dut_out *out);
/* The design does not see an event / a clear of a vector that is `which`. */
void fault_swallow_event(struct fault *f, struct dut_in *in);
void fault_swallow_clear(struct fault *f, struct dut_in *in);
/* The design sees an event that nobody sent, for a vector without events; a clear, for one that had events. */
void fault_extra_event(struct fault *f, struct dut_in *in);
void fault_extra_clear(struct fault *f, struct dut_in *in);
/* The event reaches the next vector instead. */
void fault_redirect_event(struct fault *f, struct dut_in *in);
/* The design believes in infinite credits. */
void fault_infinite_credits(struct fault *f, struct dut_in *in);
/* The design keeps the credit limits of the first clock after reset. */
void fault_stale_credits(struct fault *f, struct dut_in *in);
/* The header of a dma TLP reaches the design with bits `flip` of DW 0 inverted. */
void fault_break_dma(struct fault *f, struct dut_in *in);
/* rx, or dma, is closed for ever, on both sides. */
void fault_close_rx(struct fault *f, struct dut_in *in);
void fault_close_rx_out(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_close_dma(struct fault *f, struct dut_in *in);
void fault_close_dma_out(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* All data writes are accepted, and none reaches the design. */
void fault_swallow_dma(struct fault *f, struct dut_in *in);
void fault_swallow_dma_out(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* A waiting beat is withdrawn for one clock / changes bits `flip` of its first DW. */
void fault_withdraw(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_change(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* A memory write appears on tx while flow control is not initialised. */
void fault_early_tlp(struct fault *f, struct dut_in *in);
/* The posted header limit granted to the host is `amount` less than it was, for ever. */
void fault_grant_back(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* An access on the csr port: address, byte enables, both DWs of write data altered by `flip`; read for write. */
void fault_csr_address(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_csr_enables(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_csr_data(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_csr_direction(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* Once struck, a lost control write does not show on the configuration outputs, so that what it leads to is caught. */
void fault_hide_bme(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_hide_enable(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_hide_fmask(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* For fault_keep_over_flr(): sees flr_active fall. */
void fault_note_flr(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* flr_active is never shown. */
void fault_hide_flr(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* Unsupported Requests are not pulsed; or one is that nobody sent, when `amount` requests have come in. */
void fault_lose_pulse(struct fault *f, const struct dut_in *in, struct dut_out *out);
void fault_extra_pulse(struct fault *f, const struct dut_in *in, struct dut_out *out);
/* The design sees the INTx level set for a clock when `amount` requests have come in. */
void fault_extra_level(struct fault *f, struct dut_in *in);
/* Bus Master Enable is shown inverted while MSI-X is enabled. */
void fault_cfg_output(struct fault *f, const struct dut_in *in, struct dut_out *out);

#endif
