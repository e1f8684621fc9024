/*
 * sb.h - inside of the scoreboard, shared by its parts only:
 *   scoreboard.c    the object, what leaves on tx, the end of a test
 *   sb_requests.c   requests on rx and their completions
 *   sb_table.c      reads of the MSI-X table, and writes that overlap them
 *   sb_csr.c        device register accesses against what rx asked for
 *   sb_pins.c       what is judged at the pins, clock by clock: credits, acceptance
 *   sb_history.c    the recent past, for explaining a failure
 */
#ifndef SB_H
#define SB_H

#include "cfg_model.h"
#include "cpl_checker.h"
#include "credits.h"
#include "id_history.h"
#include "msix_model.h"
#include "order_ledger.h"
#include "scoreboard.h"

enum { SB_CSR_ROOM = 8192, SB_HISTORY = 512, SB_HISTORY_DW = 8, SB_VIEWS = 8 };

/* What a DW of a memory request means. */
enum sb_target { SB_NONE, SB_TABLE, SB_PBA, SB_CSR, SB_GAP };

/* The two DWs of a read of the table, at one moment; numbers. */
struct sb_table_view {
    uint32_t value[2], care[2];
};

/* What the scoreboard keeps with a read that is under way, by tag. */
struct sb_read {
    enum sb_target target[2]; /* of each DW */
    uint32_t offset[2];       /* in its structure, bytes */
    int pba_token[2];
    uint32_t csr_data[2];
    bool csr_known[2];
    uint64_t csr_mark;                   /* dma writes accepted when its device register was sampled */
    uint64_t control_floor;              /* oldest control state possible when it entered */
    unsigned views;                      /* writes to its entries since it entered */
    struct sb_table_view view[SB_VIEWS]; /* what was there before each of the first of them */
};

/* One access of the device registers: asked for by rx, or seen at the port. */
struct sb_csr_access {
    bool write;
    uint16_t address; /* byte offset in the page, multiple of 8 */
    uint8_t be;       /* a byte of the QWORD each */
    uint64_t data;    /* to write, or what the device answered */
    int dw[2];        /* which DW of the request the lower and upper half answer, -1: none */
    uint16_t tag;
    uint64_t dma_mark; /* dma writes accepted when it was done */
};

struct sb_csr_row {
    struct sb_csr_access access[SB_CSR_ROOM];
    uint32_t head, count;
};

struct sb_past {
    uint64_t time;
    enum seen_kind kind;
    enum seen_stream stream;
    int vector; /* -1: concerns none, -2: concerns all */
    unsigned n_dw;
    uint32_t dw[SB_HISTORY_DW];
};

struct sb_pins {
    bool started;
    struct dut_credit_limits fc;
    uint16_t rxfc[4];
    bool tx_inside, rx_inside, dma_inside;
    uint64_t rx_stalled; /* clocks for which rx has waited */
    bool tx_offered;     /* the TLP at the port has been offered before */
    uint64_t rx_begun;   /* TLPs that entered rx */
    uint64_t dma_ended;  /* data writes that were accepted */
    unsigned dma_units;  /* data credits of the largest of them */
    uint32_t outputs;    /* configuration outputs, packed */
    bool outputs_due;    /* they changed, or what they must be became certain */
    struct credits tx;
    struct rx_grants grants;
};

struct scoreboard {
    struct dut_config config;
    const struct policy *policy;
    struct checks *checks;
    uint64_t moment;
    struct cfg_model cfg;
    struct msix_model *msix;
    struct order_ledger *ledger;
    struct cpl_checker *cpl;
    struct id_history ids;
    struct host_memory memory;
    struct sb_read read[CPL_CHECKER_TAGS];
    uint64_t decode_moment; /* last write that changed MSE or BAR0 */
    uint64_t config_moment; /* last configuration write */
    uint64_t requests;      /* TLPs of rx that were told */
    uint64_t fence_moment;  /* writes before this are in force */
    struct sb_csr_row asked, done;
    struct sb_pins pins;
    struct sb_past past[SB_HISTORY];
    uint64_t n_past;
};

/* sb_requests.c */
/* A TLP on rx. Returns the table entry that it concerns, -1 none, -2 all. */
int sb_request(struct scoreboard *sb, const struct seen *what);
void sb_completion(struct scoreboard *sb, const struct seen *what); /* Cpl or CplD on tx */

/* sb_table.c */
/* A write to this entry is about to be told to the model: reads that are under way may see it or not. */
void sb_table_write(struct scoreboard *sb, unsigned vector);
/* The first `n` DWs of a read came back, as numbers. Judges those that are in the table (MSIX-TBL-23, MSIX-TBL-29). */
void sb_table_read(struct scoreboard *sb, const struct cpl_expect *e, const uint32_t *value, unsigned n);

/* sb_csr.c */
void sb_csr_reset(struct scoreboard *sb);
void sb_csr_ask(struct scoreboard *sb, const struct sb_csr_access *access);
void sb_csr_seen(struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out);
bool sb_csr_settled(const struct scoreboard *sb);

/* sb_pins.c */
void sb_pins_reset(struct scoreboard *sb);

/* sb_history.c */
void sb_history_add(struct scoreboard *sb, const struct seen *what, int vector);
size_t sb_history_write(const struct scoreboard *sb, int vector, char *text, size_t room);

#endif
