/*
 * wire.h - tells the scoreboard what passes on the wires between host, block and device logic, and asks what it made of
 * it: story.h one level up, with whole TLPs. Payloads are numbers as software sees them.
 */
#ifndef WIRE_H
#define WIRE_H

#include "cfg_model.h"
#include "scoreboard.h"

enum {
    WIRE_VECTORS = 5,
    WIRE_TAGS = 256,
    WIRE_PM = 0x40,
    WIRE_PCIE = 0x70,
    WIRE_MSIX = 0xB0,
    WIRE_PBA = 0x8000,
    WIRE_CSR = 0x9000
};

struct wire {
    struct policy policy;
    struct checks checks;
    struct dut_config config;
    struct scoreboard *sb;
    struct observer observer;
    uint64_t time;
    uint16_t id;                   /* of the block */
    uint8_t next_tag;              /* of the host */
    struct tlp request[WIRE_TAGS]; /* by tag */
};

/* After reset: nothing is programmed. `nvec` 1..2048. */
void wire_begin(struct wire *w, unsigned nvec);
void wire_end(struct wire *w);
/* BAR, MSE and BME are set. */
void wire_place(struct wire *w);
/* The same and MSI-X Enable, entries 0..n-1 have fields of their own and are unmasked; all of that proven. */
void wire_ready(struct wire *w, unsigned n);

/* A fixture: *state is such a wire, with WIRE_VECTORS entries that are ready. */
int wire_set_up(void **state);
int wire_tear_down(void **state);
/* Another such wire in its place, for the next round of a loop. */
struct wire *wire_fresh(void **state);

/* Requests of the host enter. Those that want a completion return their tag. */
uint8_t wire_request(struct wire *w, struct tlp t, const uint32_t *values);
uint8_t wire_cfg_write(struct wire *w, uint16_t reg, uint8_t be, uint32_t value);
uint8_t wire_cfg_read(struct wire *w, uint16_t reg);
void wire_write(struct wire *w, uint32_t offset, unsigned dws, const uint32_t *values);
void wire_write32(struct wire *w, uint32_t offset, uint32_t value);
uint8_t wire_read(struct wire *w, uint32_t offset, unsigned dws);
struct tlp wire_memory(enum tlp_kind kind, uint32_t offset, unsigned dws);
/* Function-level controls by one write each, not yet completed. */
uint8_t wire_command(struct wire *w, uint32_t value);
uint8_t wire_msix(struct wire *w, bool enable, bool function_mask);

/* The completion that a good block sends, to be altered and sent with wire_tx(). */
struct tlp wire_completion(const struct wire *w, uint8_t tag, uint8_t status);
/* That completion, successful, leaves. */
void wire_complete(struct wire *w, uint8_t tag, const uint32_t *values);
/* Both at once: a configuration read, for its completion's sake or for this value; a read of one DW that gives it. */
void wire_fence(struct wire *w);
void wire_cfg_reads(struct wire *w, uint16_t reg, uint32_t value);
void wire_reads(struct wire *w, uint32_t offset, uint32_t value);

/* What else the block sends, and what the device logic does. Data write `k` has an address and payload of its own. */
void wire_tx(struct wire *w, const struct tlp *t, const uint32_t *values);
/* A TLP of `n` DWs in wire order, of which the first SEEN_MAX_DW are kept, on any stream. */
void wire_raw(struct wire *w, enum seen_stream stream, const uint32_t *dw, unsigned n);
struct tlp wire_message_tlp(const struct wire *w, unsigned vector);
void wire_message(struct wire *w, unsigned vector);
uint64_t wire_address(unsigned vector);
uint32_t wire_data_of(unsigned vector);
void wire_data(struct wire *w, unsigned k, unsigned dws, bool ro);
void wire_data_sent(struct wire *w, unsigned k, unsigned dws, bool ro);
void wire_event(struct wire *w, unsigned vector);
/* The level of the device logic; Assert_INTA or Deassert_INTA leaves. */
void wire_intx_level(struct wire *w, bool level);
void wire_intx(struct wire *w, bool assert);
/* Initiate Function Level Reset is written, the reset begins, the write is completed. And: flr_active rises or falls. */
void wire_flr(struct wire *w);
void wire_flr_active(struct wire *w, bool active);
/* The device answers an access of one DW at this offset in its registers. */
void wire_csr_answers(struct wire *w, uint16_t offset, uint32_t value);
/* One clock at the pins. Of rxfc `out` says how many credits were returned beyond those of the start. */
void wire_clock(struct wire *w, struct dut_in in, struct dut_out out);

/* Nothing was wrong up to here; this check failed, once, and no other (then the counters start anew); the end. */
void wire_is_legal(const struct wire *w);
void wire_breaks(struct wire *w, enum check_id id);
void wire_ends_well(struct wire *w);

#endif
