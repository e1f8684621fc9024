/*
 * liberal_device.h - inside of the liberal device, shared by its parts only:
 *   liberal_dut.c     the functions of dut.h, one clock, reset
 *   liberal_rx.c      requests: arrival, credits, service, completions
 *   liberal_answers.c completions of these requests
 *   liberal_config.c  configuration space
 *   liberal_resets.c  function-level reset, D3hot to D0
 *   liberal_errors.c  error outputs and status bits
 *   liberal_intx.c    the legacy interrupt
 *   liberal_reads.c   reads of the device logic and their completions
 *   liberal_table.c   table and pending bits as the host sees them
 *   liberal_core.c    masks, pending bits, events, commit
 *   liberal_queue.c   posted queue: places, withdrawal, what BME holds back
 *   liberal_tx.c      what leaves
 *
 * Two kinds of truth: what is in force in the device, and what has arrived (`arrived_*`), which is all that an observer
 * knows. The second one serves only to count a strike of a switch where it can be told from outside.
 */
#ifndef LIBERAL_DEVICE_H
#define LIBERAL_DEVICE_H

#include "liberal.h"
#include "rng.h"
#include "tlp.h"

enum {
    LIBERAL_VECTORS = 130,
    LIBERAL_QUEUE = 64,     /* posted TLPs */
    LIBERAL_REQUESTS = 128, /* of each class, not yet served */
    LIBERAL_ANSWERS = 256,  /* completions: one a tag */
    LIBERAL_TLP_DW = 4 + 128 + 1,
    LIBERAL_READS = 64,      /* requests of the device logic, not on tx */
    LIBERAL_DELIVERIES = 32, /* completions for the device logic */
    LIBERAL_ERRORS = 256,    /* that have not had their effect */
    LIBERAL_TAGS = 256,
    LIBERAL_NEVER = 0 /* a sequence number that is older than all */
};

struct liberal_request {
    struct tlp tlp;
    uint32_t payload[2]; /* numbers */
    uint64_t seq;        /* place on rx, from 1 */
    uint64_t due;        /* clock from which it may be served */
    uint64_t behind;     /* host writes that arrived before it */
    uint64_t data_mark;  /* data writes that were accepted before it */
    bool bme_proven;     /* bus mastering: what was last written was in force for certain when it arrived */
    unsigned done_dw;    /* DWs that have been served */
    bool split, in_order;
    int hidden;       /* a vector whose bit it read as 0 although the message waits, -1: none */
    uint32_t data[2]; /* read so far, numbers */
    bool failed;      /* a device register was refused for good; a write: it is known to be poisoned */
};

struct liberal_answer {
    struct tlp tlp;
    uint32_t payload[2]; /* wire order */
    uint64_t seq;        /* of the request */
    uint64_t ready;      /* clock */
    uint64_t stamp;      /* posted TLPs with smaller numbers go first */
    bool ordered;        /* or else the stamp means nothing */
    bool id_late;
    uint64_t data_mark; /* of the request */
    bool bme_proven;
    bool passes_messages; /* a switch: only data is respected */
    int hidden;
};

struct liberal_posted {
    bool message, intx; /* neither: data */
    bool asserts;       /* an INTx message */
    bool strict;        /* and everybody knows which data it must follow */
    bool relaxed, held, offered, shown, id_late, stale;
    unsigned vector;
    uint64_t number;    /* in order of entering the queue */
    uint64_t mark;      /* message: data writes that it must follow; data: its place among all */
    bool illegal, copy; /* a switch made it; a switch sends it once more */
    uint16_t origin_id;
    unsigned n_dw;
    uint32_t dw[LIBERAL_TLP_DW];
};

struct liberal_vector {
    uint32_t field[4]; /* in force */
    bool pending;
    uint64_t mark;        /* data writes before the last event that is pending */
    unsigned shown;       /* messages in the queue whose bit still reads 1 */
    uint64_t blind_until; /* clock until which reads see blind_bit */
    bool blind_bit;
    uint64_t address; /* what a message takes, fetched when the entry was unmasked */
    uint32_t data;
    uint64_t old_address;
    uint32_t old_data;
    uint64_t fetched;   /* request that made the fetched fields differ from the old ones */
    uint64_t rewritten; /* last request that wrote address or data */
    bool arrived_mask;
    uint64_t mask_seq, old_mask_seq; /* requests that last changed arrived_mask */
    /* for switches and their strikes */
    uint64_t half_until; /* new data comes in this clock */
    uint32_t half_data;
    uint32_t truth[4]; /* the fields as they should be */
    unsigned written;  /* by the host, one bit each */
    bool lost;         /* an event is lost, and nothing has covered or cleared it since */
    uint64_t busy_seq; /* request behind which nothing has happened to this vector */
    uint64_t zero_seq; /* last fence that read its bit as 0 with nothing on its way */
    unsigned loose;    /* events since it was last known from outside that nothing is on its way */
};

struct liberal_control {
    bool enable, fmask, bme, mse; /* bme, mse: 0 outside D0 */
    bool bme_bit, mse_bit, int_disable, d3hot;
    uint64_t enable_seq, fmask_seq, bme_seq; /* requests that last changed them */
    uint64_t disable_seq;                    /* int_disable */
};

struct liberal_input {
    unsigned vector;
    uint64_t mark;   /* data writes before an event */
    uint64_t due;    /* late clear: clock in which it acts */
    bool took_event; /* late clear: one came meanwhile */
};

struct liberal_csr {
    bool offered, done, failed;
    uint64_t owner; /* request */
    bool write;
    uint16_t address;
    uint8_t be;
    uint64_t data;
};

struct liberal_sender {
    bool active, offered;
    struct liberal_posted *posted; /* being sent, in the queue until its first beat is taken; NULL: a completion */
    bool is_read;                  /* of the device logic; then neither of both */
    struct liberal_answer answer;
    unsigned n_dw, offset;
    uint32_t dw[LIBERAL_TLP_DW];
    uint16_t used_h[3], used_d[3]; /* credits: posted, completion, non-posted */
};

/* A read request of the device logic. */
struct liberal_read {
    bool held, again; /* by BME = 0; a switch sends it once more */
    uint8_t tag;
    uint64_t mark;  /* data writes that were accepted before it */
    uint64_t stamp; /* posted TLPs with smaller numbers go first */
    unsigned n_dw;
    uint32_t dw[4];
};

struct liberal_delivery {
    uint64_t due;
    uint8_t tag;
    unsigned n_dw;
    uint32_t dw[LIBERAL_TLP_DW];
};

struct liberal_reads {
    struct liberal_read waiting[LIBERAL_READS];
    unsigned n_waiting;
    struct {
        bool outstanding;
        uint32_t remaining; /* bytes */
    } tag[LIBERAL_TAGS];
    unsigned outstanding;
    struct liberal_delivery delivery[LIBERAL_DELIVERIES]; /* in order of arrival */
    unsigned deliveries;
    unsigned offset; /* of the first, which is on its way if not 0 */
    bool stuck;      /* a switch: Transactions Pending does not fall */
};

struct liberal_error {
    uint64_t seq;    /* of the TLP that is to blame */
    uint64_t due;    /* clock */
    uint32_t status; /* bits of the DW of Command and Status */
    uint16_t device_status;
    int pulse; /* enum liberal_pulse */
};

enum liberal_pulse { LIBERAL_UR, LIBERAL_POISONED, LIBERAL_MALFORMED, LIBERAL_UNEXPECTED, LIBERAL_PULSES };

struct liberal_intx {
    bool level, wanted;
    bool wire;   /* as committed */
    bool sent;   /* as the host sees it */
    bool lost;   /* a switch: the last edge is not followed */
    bool strict; /* there was one edge of the level since the last message, and nothing else moved */
    unsigned edges;
    uint64_t edge_clock;
    uint64_t mark;               /* data writes before the last edge */
    uint64_t edge_seq, spurious; /* first request behind the last edge of the level; clock of what a switch sent */
};

struct liberal_flr {
    bool active, waits;          /* waits: configuration requests are carried out behind it */
    uint64_t until;              /* clock */
    uint64_t ended;              /* clock; 0: never */
    bool done;                   /* the device logic says so */
    struct liberal_posted stale; /* a switch: sent behind the end */
    bool has_stale;
};

struct liberal_assembly {
    unsigned n_dw;
    uint64_t data_mark; /* rx: data writes that were accepted before its first beat */
    uint32_t dw[TLP_MAX_DW];
};

struct liberal_grant {
    uint32_t limit, owed, mask;
};

struct dut {
    struct liberal_plan *plan;
    const struct liberal_habits *habit;
    const struct dut_config *config;
    const struct policy *policy;
    struct rng rng;
    uint64_t clock;
    struct dut_out out; /* of the next clock */
    /* requests */
    struct liberal_assembly rx, dma, dmr;
    struct liberal_grant grant[4]; /* ph, pd, nph, npd */
    uint64_t seq;
    struct liberal_request write[LIBERAL_REQUESTS]; /* ring */
    uint64_t writes_in, writes_done;
    struct liberal_request request[LIBERAL_REQUESTS]; /* in order of arrival */
    unsigned requests;
    struct liberal_answer answer[LIBERAL_ANSWERS];
    unsigned answers;
    struct liberal_csr csr;
    uint64_t flushed; /* newest request behind whose ordered completion everything older has been seen */
    /* configuration */
    uint32_t bar[2];
    uint32_t command, status; /* bits of one DW */
    uint16_t device_control, device_status, link_control, device_control2;
    uint8_t scratch[2];
    uint16_t id, old_id, older_id;
    uint64_t id_seq, id_flushed, ido_seq;
    struct liberal_control control, arrived;
    uint64_t glitch_until;  /* a switch: Function Mask comes in this clock */
    uint64_t glitch_before; /* request that had disabled MSI-X before */
    struct liberal_error error[LIBERAL_ERRORS];
    unsigned errors;
    struct liberal_flr flr;
    struct liberal_intx intx;
    struct liberal_reads reads;
    /* vectors */
    struct liberal_vector vector[LIBERAL_VECTORS];
    unsigned pendings;
    unsigned next_vector; /* fair: where the search begins */
    unsigned victim;      /* a switch: this vector suffers */
    unsigned skipped;     /* a switch: others that were served while it waits */
    uint64_t served_clock;
    uint64_t blocked;                /* a switch: clocks for which rx has waited */
    struct liberal_input late_clear; /* a switch */
    bool late_clear_waits;
    /* posted */
    struct liberal_posted slot[LIBERAL_QUEUE];
    struct liberal_posted *order[LIBERAL_QUEUE], *spare[LIBERAL_QUEUE];
    unsigned queued, spares, messages;
    uint64_t next_number, data_in, data_before; /* data_before: at the begin of this clock */
    bool holding;
    struct liberal_sender tx;
    struct liberal_posted twin; /* a switch: sent again */
    bool twin_waits;
    bool tx_dead; /* something is offered and not taken, or nothing may leave */
    int sent_now; /* vector whose message began to leave in this clock, -1: none */
};

/* --- liberal_dut.c --- */
bool liberal_chance(struct dut *d, unsigned percent);
uint64_t liberal_later(struct dut *d, unsigned most); /* a clock, at most so many from now */
/* Is this switch on, and is it time, `percent` times in a hundred? */
bool liberal_breaks(struct dut *d, enum liberal_illegal illegal, unsigned percent);
void liberal_strike(struct dut *d);
/* Has everybody seen what was in force before this request? */
bool liberal_proven(const struct dut *d, uint64_t seq);
bool liberal_choose(struct dut *d, enum policy_tristate choice); /* EITHER: drawn, NO as often as habit `drops` says */

/* --- liberal_rx.c --- */
void liberal_rx_reset(struct dut *d);
void liberal_rx_sample(struct dut *d, const struct dut_in *in);
void liberal_rx_step(struct dut *d);

/* --- liberal_answers.c --- */
/* A completion with `n` DWs of what was read. */
void liberal_answer(struct dut *d, const struct liberal_request *r, enum tlp_status status, unsigned n);

/* --- liberal_config.c --- */
void liberal_config_reset(struct dut *d);
uint32_t liberal_config_read(const struct dut *d, unsigned reg);
void liberal_config_write(struct dut *d, const struct liberal_request *r);
/* A CfgWr has arrived; it is not in force yet. */
void liberal_config_arrives(struct dut *d, const struct liberal_request *r);
void liberal_config_step(struct dut *d);
uint64_t liberal_bar(const struct dut *d);
/* Function-level reset, or D3hot to D0: the registers that go back. */
void liberal_config_clear(struct dut *d);
/* Does this write reset the function, or change what it decodes? Initiate FLR? */
bool liberal_config_is_heavy(const struct dut *d, const struct liberal_request *r);
bool liberal_config_is_flr(const struct dut *d, const struct liberal_request *r);
unsigned liberal_config_mps_dw(const struct dut *d); /* largest payload of a request */
bool liberal_parity_response(const struct dut *d);
/* Does the function use ID-based ordering in this TLP? */
bool liberal_ido(struct dut *d, bool completion);

/* --- liberal_resets.c --- */
void liberal_flr_begin(struct dut *d, const struct liberal_request *r);
void liberal_flr_step(struct dut *d, const struct dut_in *in);
void liberal_soft_reset(struct dut *d, uint64_t seq);

/* --- liberal_errors.c --- */
/* Status bits as in their DWs, LIBERAL_PULSES: no pulse. `certain` false: policy or nobody asks for it. */
void liberal_error(struct dut *d, uint64_t seq, uint32_t status, unsigned device_status, enum liberal_pulse pulse);
void liberal_unsupported(struct dut *d, const struct liberal_request *r);
void liberal_poisoned(struct dut *d, uint64_t seq);
/* Must something have had its effect before this completion? */
bool liberal_error_waits(const struct dut *d, const struct liberal_answer *a);
void liberal_errors_step(struct dut *d);
enum {
    LIBERAL_CORRECTABLE = 1,
    LIBERAL_NONFATAL = 2,
    LIBERAL_FATAL = 4,
    LIBERAL_URD = 8, /* Device Status */
};
#define LIBERAL_MASTER_PARITY UINT32_C(0x01000000)
#define LIBERAL_SIGNALED_ABORT UINT32_C(0x08000000)
#define LIBERAL_RECEIVED_TARGET_ABORT UINT32_C(0x10000000)
#define LIBERAL_RECEIVED_MASTER_ABORT UINT32_C(0x20000000)
#define LIBERAL_DETECTED_PARITY UINT32_C(0x80000000)

/* --- liberal_intx.c --- */
void liberal_intx_reset(struct dut *d);
void liberal_intx_sample(struct dut *d, const struct dut_in *in);
void liberal_intx_step(struct dut *d);
void liberal_intx_flr(struct dut *d); /* behind the dropping of messages: what is left of the wire */
void liberal_intx_sent(struct dut *d, const struct liberal_posted *p);

/* --- liberal_reads.c --- */
void liberal_reads_reset(struct dut *d);
void liberal_dmr_sample(struct dut *d, const struct dut_in *in);
void liberal_completion(struct dut *d, const struct tlp *t, const uint32_t *dw, unsigned n);
void liberal_dmc_step(struct dut *d);
void liberal_reads_flr(struct dut *d);
void liberal_reads_hold(struct dut *d, bool hold);
bool liberal_pending(const struct dut *d); /* Transactions Pending */
/* The read that leaves next, -1: none. And: it leaves. */
int liberal_read_choose(struct dut *d, bool fits);
void liberal_read_take(struct dut *d, unsigned k);

/* --- liberal_table.c --- */
uint32_t liberal_table_read(struct dut *d, unsigned vector, unsigned field);
/* The same for the host: a strike if a switch has spoiled it. */
uint32_t liberal_table_show(struct dut *d, unsigned vector, unsigned field);
/* DWs first..first+n-1 of an entry, all at once. */
void liberal_table_write(struct dut *d, unsigned vector, unsigned first, unsigned n, const uint32_t *value,
                         const struct liberal_request *r);
void liberal_table_arrives(struct dut *d, unsigned vector, unsigned field, uint32_t value, uint64_t seq);
uint32_t liberal_pba_read(struct dut *d, unsigned dw, struct liberal_request *r);
/* What messages take from now on, if the entry may send. */
void liberal_fetch(struct dut *d, unsigned vector, uint64_t seq);
void liberal_table_step(struct dut *d);

/* --- liberal_core.c --- */
void liberal_core_reset(struct dut *d);
void liberal_core_clear(struct dut *d, uint64_t seq); /* entries and pending bits, by a reset of the function */
void liberal_core_sample(struct dut *d, const struct dut_in *in);
void liberal_core_step(struct dut *d);
/* An event of this vector is lost. Nobody can tell if a message still to come covers it. */
void liberal_lose(struct dut *d, unsigned vector);
/* Something happened to this vector that a read on its way may miss. */
void liberal_touch(struct dut *d, unsigned vector);
/* Enable, Function Mask or BME has changed, or a mask (`vector` >= 0). `before`: the old controls. */
void liberal_rules_changed(struct dut *d, const struct liberal_control *before, int vector, uint64_t seq);
void liberal_set_pending(struct dut *d, unsigned vector, bool pending);
bool liberal_masked(const struct dut *d, unsigned vector);

/* --- liberal_queue.c --- */
void liberal_queue_reset(struct dut *d);
void liberal_dma_sample(struct dut *d, const struct dut_in *in);
bool liberal_is_data(const struct liberal_posted *p);
/* A free slot, or NULL; then entered behind everything that it may not pass. */
struct liberal_posted *liberal_queue_take(struct dut *d);
void liberal_queue_enter(struct dut *d, struct liberal_posted *p, unsigned place);
unsigned liberal_queue_first_place(const struct dut *d, uint64_t mark);
void liberal_queue_remove(struct dut *d, unsigned place);
unsigned liberal_queue_find(const struct dut *d, const struct liberal_posted *p);
void liberal_unshow(struct dut *d, struct liberal_posted *p);
/* Takes messages back by habit: those of `vector`, or of all (-1), from `place` on. `always`: no choice left. */
void liberal_withdraw(struct dut *d, int vector, unsigned place, bool always);
void liberal_bus_master_off(struct dut *d);
void liberal_bus_master_on(struct dut *d);

/* --- liberal_tx.c --- */
void liberal_tx_reset(struct dut *d);
void liberal_tx_sample(struct dut *d, const struct dut_in *in);
void liberal_tx_step(struct dut *d, const struct dut_in *in);

#endif
