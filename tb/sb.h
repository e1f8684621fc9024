/*
 * sb.h - inside of the scoreboard, shared by its parts only:
 *   scoreboard.c    the object, the observer, the end of a test
 *   sb_tx.c         what leaves on tx: data writes, messages, INTx messages, read requests
 *   sb_requests.c   memory requests on rx, and completions of all requests
 *   sb_table.c      reads of the MSI-X table, and writes that overlap them
 *   sb_config.c     configuration requests, and what follows from their writes: controls, resets
 *   sb_trial.c      configuration writes that count only if they are successful
 *   sb_device.c     reads of the device logic, its INTx level
 *   sb_errors.c     errors that came in, against the error outputs
 *   sb_csr.c        device register accesses against what rx asked for
 *   sb_pins.c       what is judged at the pins, clock by clock: credits, acceptance
 *   sb_history.c    the recent past, for explaining a failure
 */
#ifndef SB_H
#define SB_H

#include "cfg_model.h"
#include "cpl_checker.h"
#include "credits.h"
#include "dmr_ledger.h"
#include "id_history.h"
#include "intx_model.h"
#include "msix_model.h"
#include "order_ledger.h"
#include "scoreboard.h"

enum { SB_CSR_ROOM = 8192, SB_HISTORY = 512, SB_HISTORY_DW = 8, SB_VIEWS = 8, SB_TRIALS = 1024 };

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
    bool csr_failed;                     /* the device logic refused the access for good */
    bool shaken;                         /* under way when a function-level reset began, or entered before its end */
    unsigned views;                      /* writes to its entries since it entered */
    struct sb_table_view view[SB_VIEWS]; /* what was there before each of the first of them */
    unsigned owed_bits, owed_pulses;     /* errors that it has caused for certain once it is completed */
    unsigned maybe_bits;                 /* errors that it may cause before it is */
};

/* A configuration write that counts only if it is successful, as a function-level reset may refuse it. */
struct sb_trial {
    uint64_t arrival;
    struct tlp request;
    uint32_t value;
    bool starts_flr; /* it writes Initiate Function Level Reset */
    bool successful; /* its completion says so, but not yet those of all earlier ones */
};

/* One access of the device registers: asked for by rx, or seen at the port. */
struct sb_csr_access {
    bool write;
    uint16_t address; /* byte offset in the page, multiple of 8 */
    uint8_t be;       /* a byte of the QWORD each */
    uint64_t data;    /* to write, or what the device answered */
    bool failed;      /* the device logic refused it for good */
    bool optional;    /* part of a read that the block may refuse as a whole: it need not come (odd_reads_served) */
    int dw[2];        /* which DW of the request the lower and upper half answer, -1: none */
    uint16_t tag;
    uint64_t dma_mark; /* dma writes accepted when it was done */
};

struct sb_csr_row {
    struct sb_csr_access *access; /* SB_CSR_ROOM of them */
    uint32_t head, count;
};

struct sb_past {
    uint64_t time;
    enum seen_kind kind;
    enum seen_stream stream;
    int vector; /* -1: concerns none, -2: concerns all */
    bool level; /* of FLR and INTX */
    unsigned n_dw;
    uint32_t dw[SB_HISTORY_DW];
};

/* Errors by their output; how many there must and may have been so far, and how many pulses there were. */
enum sb_pulse { SB_UR, SB_POISONED, SB_MALFORMED, SB_UNEXPECTED, SB_PULSES };

struct sb_errors {
    uint64_t least[SB_PULSES], most[SB_PULSES], seen[SB_PULSES];
    uint64_t last;                               /* moment of the last error */
    bool due;                                    /* least and most are to be held against seen */
    unsigned owed_bits, owed_pulses, maybe_bits; /* of the request that enters now */
    unsigned late; /* error status bits of requests that may be carried out behind the end of a function-level reset */
};

/* A function-level reset: none; written and not begun; under way (flr_active). */
enum sb_flr { SB_FLR_NONE, SB_FLR_ASKED, SB_FLR_ON };

struct sb_pins {
    bool started;
    struct dut_credit_limits fc;
    uint16_t rxfc[4];
    bool tx_inside, rx_inside, dma_inside;
    bool flr_active, flr_done; /* in the clock before */
    uint64_t rx_stalled;       /* clocks for which rx has waited */
    bool tx_offered;           /* the TLP at the port has been offered before */
    uint64_t rx_begun;         /* TLPs that entered rx */
    uint64_t dma_ended;        /* data writes that were accepted */
    unsigned dma_units;        /* data credits of the largest of them */
    uint64_t outputs;          /* configuration outputs, packed */
    bool outputs_due;          /* they changed, or what they must be became certain */
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
    struct dmr_ledger dmr;
    struct intx_model intx;
    struct sb_errors errors;
    enum sb_flr flr;
    uint64_t flr_moment;   /* of the write */
    int flr_owed;          /* writes that certainly start a reset, less resets that have begun */
    uint64_t flr_answered; /* arrival of the first configuration request that was successful behind it */
    /* in the order in which they entered, which is the order in which they are carried out */
    struct sb_trial trial[SB_TRIALS];
    unsigned trials;
    bool out_of_memory;      /* there were more than are kept */
    uint64_t msix_moment;    /* last write that changed MSI-X Enable */
    uint64_t parity_moment;  /* last write that changed Parity Error Response */
    uint64_t payload_moment; /* last write that changed MPS */
    uint64_t clear_moment;   /* last write that clears error status bits */
    uint64_t ido_moment;     /* last write that changed one of the IDO enables */
    struct host_memory memory;
    struct sb_read read[CPL_CHECKER_TAGS];
    uint64_t decode_moment; /* last write that changed MSE or BAR0 */
    uint64_t config_moment; /* last configuration write */
    uint64_t requests;      /* TLPs of rx that were told */
    uint64_t fence_moment;  /* writes before this are in force */
    uint64_t flush_moment;  /* and what was committed before this has been seen */
    struct sb_csr_row asked, done;
    struct sb_pins pins;
    struct sb_past past[SB_HISTORY];
    uint64_t n_past;
};

/* sb_tx.c */
void sb_tx(struct scoreboard *sb, struct seen *what);

/* sb_config.c */
void sb_config_write(struct scoreboard *sb, const struct seen *what);
void sb_config_read(struct scoreboard *sb, const struct seen *what);
/* A completion of a configuration request: did a write count that was on trial? */
void sb_config_done(struct scoreboard *sb, const struct cpl_expect *e, const struct tlp *cpl);
/* Configuration reads under way: a later change may pass them (ORD-16), so these bits of `reg` may be old or new. */
void sb_loosen_config_reads(struct scoreboard *sb, uint16_t reg, uint32_t bits);
void sb_flr_changed(struct scoreboard *sb, bool active);
/* Does a request that enters now fall into a function-level reset? */
bool sb_is_shaky(const struct scoreboard *sb);
/* Dma writes that must be ahead of what is committed now: those accepted, or none if some may be held back by BME = 0. */
uint64_t sb_data_mark(const struct scoreboard *sb);
/* Registers that the function's configuration has, or may have: a write is proven once a later request was completed. */
bool sb_proven(const struct scoreboard *sb, uint64_t moment);

/* May a message or INTx message carry IDO = 1? Also one that was committed before the enable was cleared. */
bool sb_ido_allowed(const struct scoreboard *sb);

/* May a memory request leave? A write of BME that may be refused counts from its completion on, and may be in force before. */
bool sb_may_master(const struct scoreboard *sb);

/* sb_trial.c */
void sb_trial_begin(struct scoreboard *sb, const struct sb_trial *trial);
/* The trial that entered at `arrival`, or NULL. And: it is over. */
struct sb_trial *sb_trial_of(struct scoreboard *sb, uint64_t arrival);
void sb_trial_end(struct scoreboard *sb, struct sb_trial *trial);
/* Writes of Initiate Function Level Reset among them; arrival of the first that entered behind `arrival`, UINT64_MAX: none. */
int sb_trial_resets(const struct scoreboard *sb);
uint64_t sb_trial_next_reset(const struct scoreboard *sb, uint64_t arrival);
/* Those that were successful, and whose reset has begun as they entered before `fence`. And: no such reset comes any more. */
int sb_trial_resets_proven(const struct scoreboard *sb, uint64_t fence);
void sb_trial_forget_resets(struct scoreboard *sb, uint64_t fence);
/* May one of them change what becomes of an event? */
bool sb_trial_controls(const struct scoreboard *sb);

/* sb_device.c */
void sb_dmr_accepted(struct scoreboard *sb, const struct seen *what);
void sb_dmr_sent(struct scoreboard *sb, const struct seen *what);
void sb_dmr_answered(struct scoreboard *sb, const struct seen *what); /* a completion on rx */
void sb_dmc_delivered(struct scoreboard *sb, const struct seen *what);
void sb_intx_sent(struct scoreboard *sb, const struct seen *what);
void sb_intx_level(struct scoreboard *sb, bool level);
/* Interrupt Status and Transactions Pending, as a read that enters now must find them. */
void sb_dynamic_bits(const struct scoreboard *sb, uint16_t reg, uint32_t *value, uint32_t *care);

/* sb_errors.c */
/* Something came in that is an error: sets of 1U << enum cfg_error and 1U << enum sb_pulse. `certain` false: or is none. */
void sb_error(struct scoreboard *sb, unsigned bits, unsigned pulses, bool certain);
void sb_error_at(struct scoreboard *sb, uint64_t moment, unsigned bits, unsigned pulses, bool certain);
/* The same for a non-posted request that enters now: others may pass it (ORD-16), so nothing is certain before it is
 * completed itself. sb_expect() takes it over, and its completion settles it. */
void sb_error_owed(struct scoreboard *sb, unsigned bits, unsigned pulses, bool certain);
void sb_error_may_come(struct scoreboard *sb, struct sb_read *read, unsigned bits, unsigned pulses); /* under way */
void sb_error_settles(struct scoreboard *sb, const struct cpl_expect *e, const struct sb_read *read);
/* The error in a TLP on rx that none of the others knows of: malformed, poisoned, a message that is not supported. */
bool sb_malformed(const struct scoreboard *sb, const struct seen *what, bool *certain);
void sb_errors_cycle(struct scoreboard *sb, const struct dut_out *out);
void sb_errors_finish(struct scoreboard *sb);

/* sb_requests.c */
/* A TLP on rx. Returns the table entry that it concerns, -1 none, -2 all. */
int sb_request(struct scoreboard *sb, const struct seen *what);
/* Expect a completion: `expect` with this request. */
void sb_expect(struct scoreboard *sb, const struct seen *what, struct cpl_expect expect);
void sb_expect_status(struct scoreboard *sb, const struct seen *what, unsigned allowed_status);
extern const struct cpl_expect sb_plain;
void sb_completion(struct scoreboard *sb, const struct seen *what); /* Cpl or CplD on tx */

/* sb_table.c */
/* A write to this entry (-1: a reset of all of them) is about to be told to the model: reads that are under way may see it or not. */
void sb_table_write(struct scoreboard *sb, int vector);
/* The first `n` DWs of a read came back, as numbers. Judges those that are in the table (MSIX-TBL-23, MSIX-TBL-29). */
void sb_table_read(struct scoreboard *sb, const struct cpl_expect *e, const uint32_t *value, unsigned n);

/* sb_csr.c */
int sb_csr_init(struct scoreboard *sb); /* 0, or -1 without memory */
void sb_csr_free(struct scoreboard *sb);
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
