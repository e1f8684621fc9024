/*
 * check.h - the register of checks: every rule that the models and the bench judge, by name.
 *
 * A check has a name, the requirement IDs that it stands for, a severity and two counters: how often it
 * was evaluated and how often it failed. A check that was never evaluated is no evidence; a check that was never seen failing
 * is not trusted (ENV-07): each has a planted fault in tb/fault.c.
 *
 * Use:   if (!check(set, CHECK_MSG_LENGTH, t->length == 1))
 *            check_report(set, CHECK_MSG_LENGTH, vector, "the message has Length %u, ...", t->length);
 * so that no text is built for a check that passes.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

enum check_severity { CHECK_ERROR, CHECK_WARNING };

enum check_id {
    /* stream protocol */
    CHECK_STREAM_STABLE,
    CHECK_STREAM_KEEP,
    /* any TLP of the block */
    CHECK_TLP_TYPE,
    CHECK_TLP_LENGTH,
    /* message format */
    CHECK_MSG_LENGTH,
    CHECK_MSG_BYTE_ENABLES,
    CHECK_MSG_HEADER_FORM,
    CHECK_MSG_ORDERING_ATTR,
    CHECK_MSG_IDO,
    CHECK_MSG_TRAFFIC_CLASS,
    CHECK_MSG_POISON,
    CHECK_MSG_DIGEST,
    CHECK_MSG_ADDRESS_TYPE,
    CHECK_MSG_REQUESTER,
    CHECK_MSG_TAG_HIGH,
    CHECK_MSG_HINTS,
    CHECK_MSG_RESERVED,
    /* message against table, masks and events */
    CHECK_MSG_KNOWN,
    CHECK_MSG_FIELDS,
    CHECK_MSG_CAUSE,
    CHECK_MSG_MASKED,
    CHECK_MSG_DISABLED,
    CHECK_MSG_BUS_MASTER,
    CHECK_MSG_ORDER,
    CHECK_MSG_FAIRNESS,
    CHECK_EVENT_LOST,
    /* pending-bit array */
    CHECK_PBA_VALUE,
    CHECK_PBA_EARLY_CLEAR,
    CHECK_PBA_RESERVED,
    /* dma writes */
    CHECK_DMA_ORDER,
    CHECK_DMA_CONTENT,
    CHECK_DMA_BUS_MASTER,
    CHECK_DMA_LOST,
    /* reads of the device logic */
    CHECK_DMR_ORDER,
    CHECK_DMR_CONTENT,
    CHECK_DMR_BUS_MASTER,
    CHECK_DMR_LOST,
    CHECK_DMC_CONTENT,
    CHECK_DMC_ORDER,
    CHECK_DMC_LOST,
    /* the legacy interrupt */
    CHECK_INTX_FORMAT,
    CHECK_INTX_REQUESTER,
    CHECK_INTX_DUPLICATE,
    CHECK_INTX_CAUSE,
    CHECK_INTX_ORDER,
    CHECK_INTX_STATE,
    /* completions */
    CHECK_CPL_EXPECTED,
    CHECK_CPL_HEADER,
    CHECK_CPL_COMPLETER,
    CHECK_CPL_ATTRIBUTES,
    CHECK_CPL_STATUS,
    CHECK_CPL_BYTE_COUNT,
    CHECK_CPL_LOWER_ADDRESS,
    CHECK_CPL_ORDER,
    CHECK_CPL_MISSING,
    CHECK_CFG_VALUE,
    CHECK_CFG_OUTPUTS,
    CHECK_TABLE_VALUE,
    CHECK_TABLE_MASK_VALUE,
    CHECK_BAR_GAP_VALUE,
    CHECK_CSR_VALUE,
    CHECK_CSR_ACCESS,
    /* errors and function-level reset */
    CHECK_ERROR_PULSES,
    CHECK_FLR_ACTIVE,
    CHECK_FLR_STALE,
    /* flow control */
    CHECK_CREDIT_POSTED,
    CHECK_CREDIT_NONPOSTED,
    CHECK_CREDIT_COMPLETION,
    CHECK_FC_INIT,
    CHECK_RX_CREDITS,
    /* liveness and the run itself */
    CHECK_WRITE_ACCEPTANCE,
    CHECK_PROGRESS,
    CHECK_LATENCY,
    CHECK_HDL_ASSERTION,
    CHECK_POWER_UP,
    CHECK_TEST_EXPECTATION,
    CHECK_COUNT
};

struct check_info {
    const char *name;         /* "msg_length" */
    const char *requirements; /* comma-separated IDs: "TLP-02, TLP-24" */
    enum check_severity severity;
    const char *rule; /* what must hold, one sentence */
};

struct check_counter {
    uint64_t evaluated, failed;
};

/* What a failing check tells whoever listens. Valid during the call only. */
struct check_failure {
    enum check_id id;
    int vector;       /* table entry concerned, -1 if none */
    const char *text; /* what happened and what was allowed, one or two sentences */
};

typedef void check_report_fn(void *ctx, const struct check_failure *failure);

struct checks {
    struct check_counter counter[CHECK_COUNT];
    check_report_fn *report; /* may be NULL */
    void *ctx;
};

/* Zeroes all counters and sets the listener. `set` is owned by the caller. */
void checks_init(struct checks *set, check_report_fn *report, void *ctx);

/* Name, requirements, severity, rule. Static storage. `id` must be below CHECK_COUNT. */
const struct check_info *check_info(enum check_id id);

/* The check of that name, or -1. */
int check_find(const char *name);

/* Counts one evaluation and its outcome; returns `ok`. */
static inline bool check(struct checks *set, enum check_id id, bool ok)
{
    set->counter[id].evaluated++;
    if (__builtin_expect(!ok, 0))
        set->counter[id].failed++;
    return ok;
}

/* Tells the listener about a failure that check() has just counted. `vector` -1: none. */
void check_report(struct checks *set, enum check_id id, int vector, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds the counters of `from` to `into`. */
void checks_add(struct checks *into, const struct checks *from);

#endif
