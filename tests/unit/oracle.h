/*
 * oracle.h - the rules of one table entry by brute force: every state that the block may be in, one by one.
 *
 * The model of models/msix_vector.h keeps intervals; this keeps the states themselves and knows nothing of it. Both get
 * the same trace. Hidden steps of the block: a write takes effect (an entry write may pass earlier configuration
 * writes, nothing else passes anything), a pending event is committed as a message, the bit of a committed message
 * falls, a read samples the bit: 1 while an event is pending, and while the bit of a message has not fallen. It falls at
 * the latest when the message leaves, with a clear, and where the policy drops pending bits (MSIX-PBA-10, -12, -18). An
 * event of an open entry may be left to a message that has not left yet, if that one then waits for its data (EDGE-04).
 * Everything else is in the trace.
 *
 * Rules: requirements 0.3 (coverage, fence), MSIX-PBA-06..18, -23..-29, EDGE-02a, EDGE-04, ORD-06, ORD-24, ORD-25.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "policy.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ORACLE_OPS = 96,      /* longest trace */
    ORACLE_QUEUE = 6,     /* messages committed and not sent */
    ORACLE_READS = 3,     /* reads under way */
    ORACLE_STATES = 4096, /* power of two */
    ORACLE_SUCCESSORS = 8 + 2 * ORACLE_READS
};

enum trace_kind {
    TRACE_EVENT,        /* an interrupt cause, behind all data handed over so far */
    TRACE_CLEAR,        /* its cause was satisfied */
    TRACE_DATA,         /* a dma write was handed over */
    TRACE_DATA_SENT,    /* the oldest dma write has left */
    TRACE_CONTROL,      /* a configuration write entered */
    TRACE_CONTROL_DONE, /* its completion left */
    TRACE_ENTRY,        /* a write to the table entry entered */
    TRACE_READ,         /* a read entered; it samples the pending bit, or something else */
    TRACE_READ_DONE,    /* its completion left with this value */
    TRACE_MESSAGE,      /* a message left */
    TRACE_FINISH,       /* nothing moves any more: nothing may be owed */
    TRACE_KINDS
};

struct trace_op {
    enum trace_kind kind;
    uint8_t id; /* of a read or a configuration write, counted from 0 each */
    /* TRACE_CONTROL */
    bool enable, fmask, bme;
    /* TRACE_ENTRY: byte enables and values of the four DWs */
    uint8_t be[4];
    uint32_t value[4];
    /* TRACE_READ: relaxed ordering, and not of the pending bit; TRACE_READ_DONE: likewise, and what it returned */
    bool relaxed, other, bit;
    /* TRACE_MESSAGE */
    uint64_t address;
    uint32_t data;
};

struct trace {
    struct trace_op op[ORACLE_OPS];
    unsigned n;
};

struct oracle_message {
    uint8_t fields; /* number of the entry state whose address and data it carries */
    uint8_t mark;   /* dma writes that must leave before it */
    uint8_t shows;  /* its pending bit need not have fallen yet */
};

struct oracle_read {
    uint8_t id, sampled, value;
    uint8_t ahead; /* messages that were committed before it was sampled and have not left */
};

/* One concrete state. Bytes only and no padding: states are compared as memory; what is unused is 0. */
struct oracle_state {
    uint8_t controls, entries; /* writes of each kind in force */
    uint8_t pending, mark;
    uint8_t n_queue, n_reads;
    struct oracle_message queue[ORACLE_QUEUE];
    struct oracle_read read[ORACLE_READS];
    uint8_t unused[4]; /* so that it fills five QWORDs */
};

struct oracle_control {
    bool enable, fmask, bme;
    uint8_t entries_before; /* entry writes that entered earlier */
};

struct oracle_entry {
    uint32_t dw[4];
    uint8_t fields; /* the first entry state with the same address and data */
};

struct oracle_read_info {
    uint8_t controls_before, entries_before;
    bool relaxed, other;
};

struct oracle {
    struct policy policy;
    struct oracle_control control[ORACLE_OPS]; /* 0: reset; k: after the k-th write */
    struct oracle_entry entry[ORACLE_OPS];
    struct oracle_read_info read[ORACLE_OPS];
    uint8_t n_controls, n_entries, n_reads; /* seen so far */
    uint8_t data, data_sent;
    struct oracle_state *state; /* all that are possible: one of the two tables */
    unsigned n_states;
    bool overflow; /* too many states or messages: no verdict */
    struct oracle_state table[2][ORACLE_STATES];
    uint16_t slot[2 * ORACLE_STATES]; /* hash table of state numbers + 1 */
};

/* Reset state, with nothing seen. `o` was all zero before its first use. The policies that are asked:
 * record_while_disabled, keep_on_disable, hold_while_bme_off (not POLICY_NO), record_masked_while_bme_off. */
void oracle_init(struct oracle *o, const struct policy *policy);

/* One thing that was seen. Returns false when no state is left that explains it. */
bool oracle_step(struct oracle *o, const struct trace_op *op);

/* The hidden steps that are possible in `from`; room for ORACLE_SUCCESSORS. Returns how many. */
unsigned oracle_successors(struct oracle *o, const struct oracle_state *from, struct oracle_state *to);

/* What `op` makes of one state. Returns how many states (0: impossible, 1 or 2); o's record of the trace is not
 * changed. */
unsigned oracle_apply(const struct oracle *o, const struct oracle_state *from, const struct trace_op *op,
                      struct oracle_state to[2]);

/* Only the record of the trace: writes, reads and data that were seen. */
void oracle_record(struct oracle *o, const struct trace_op *op);

/* Address and data of an entry state. */
uint64_t oracle_address(const struct oracle *o, unsigned fields);
uint32_t oracle_data(const struct oracle *o, unsigned fields);

#endif
