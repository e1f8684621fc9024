/*
 * scenario.h - stimulus as data: a list of operations, one a line in a text file, and its reader and writer.
 *
 * docs/scenario-language.md describes the language for people; the table in scenario_ops.c is the language. What the
 * operations do on a bench is in scenario_run.h.
 *
 * A text is a line a operation; `#` begins a comment; blank lines mean nothing. The line `seed N` (at most one, before
 * the operations) is the seed of the bench's agents. scenario_print() writes the one canonical form: reading it gives
 * the same scenario, and writing that the same text.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum scenario_kind {
    SCENARIO_READ_CONFIG,
    SCENARIO_WRITE_CONFIG,
    SCENARIO_READ_TABLE,
    SCENARIO_WRITE_TABLE,
    SCENARIO_READ_PBA,
    SCENARIO_READ_PBA64,
    SCENARIO_READ_CSR,
    SCENARIO_WRITE_CSR,
    SCENARIO_READ_BAR,
    SCENARIO_WRITE_BAR,
    SCENARIO_CONTROL,
    SCENARIO_ENABLE,
    SCENARIO_FUNCTION_MASK,
    SCENARIO_BUS_MASTER,
    SCENARIO_MEMORY_SPACE,
    SCENARIO_ROUTE,
    SCENARIO_MASK,
    SCENARIO_UNMASK,
    SCENARIO_PROGRAM,
    SCENARIO_EVENT,
    SCENARIO_CLEAR,
    SCENARIO_DMA,
    SCENARIO_TX,
    SCENARIO_GAPS,
    SCENARIO_STALL_DMA,
    SCENARIO_CSR_DELAY,
    SCENARIO_CREDITS,
    SCENARIO_WINDOW,
    SCENARIO_GRANT,
    SCENARIO_RESET,
    SCENARIO_WAIT,
    SCENARIO_FLUSH,
    SCENARIO_FENCE,
    SCENARIO_SETTLE,
    SCENARIO_DRAIN,
    SCENARIO_DMA_READ,
    SCENARIO_ANSWERS,
    SCENARIO_ANSWER_ERRORS,
    SCENARIO_HOLD_ANSWERS,
    SCENARIO_STRAY,
    SCENARIO_INTX,
    SCENARIO_INTX_FLOW,
    SCENARIO_INTERRUPT_DISABLE,
    SCENARIO_STARVE,
    SCENARIO_INFINITE,
    SCENARIO_FLOOD,
    SCENARIO_ATTRIBUTES,
    SCENARIO_DEVICE_CONTROL,
    SCENARIO_IDO,
    SCENARIO_POWER,
    SCENARIO_FLR,
    SCENARIO_RECOVER,
    SCENARIO_LINK_DOWN,
    SCENARIO_ILLEGAL, /* the last one: what no sender may send, and no fuzzer does */
    SCENARIO_KINDS
};

/* Values of the argument FIELD of `read table` and `write table`. */
enum scenario_field {
    SCENARIO_FIELD_ADDRESS,
    SCENARIO_FIELD_UPPER,
    SCENARIO_FIELD_DATA,
    SCENARIO_FIELD_CONTROL,
    SCENARIO_FIELD_ADDRESS64,
    SCENARIO_FIELD_DATA64
};

/* Values of the argument MODE of `credits`, in the order of enum host_credit_mode. */
enum scenario_credits {
    SCENARIO_CREDITS_INFINITE,
    SCENARIO_CREDITS_GENEROUS,
    SCENARIO_CREDITS_SLOW,
    SCENARIO_CREDITS_FROZEN,
    SCENARIO_CREDITS_STINGY,
    SCENARIO_CREDITS_SCATTERED
};

/* Values of the argument FORM of `stray`: completions that nobody waits for. */
enum scenario_stray { SCENARIO_STRAY_DATA, SCENARIO_STRAY_STATUS, SCENARIO_STRAY_FOREIGN, SCENARIO_STRAY_LOCKED };

/* Values of the argument STATE of `power`. */
enum scenario_power { SCENARIO_POWER_D0, SCENARIO_POWER_D3HOT };

/* Values of the argument FORM of `illegal`. */
enum scenario_illegal {
    SCENARIO_ILLEGAL_MESSAGE,
    SCENARIO_ILLEGAL_MESSAGE_DATA,
    SCENARIO_ILLEGAL_IO_READ,
    SCENARIO_ILLEGAL_IO_WRITE,
    SCENARIO_ILLEGAL_LOCKED_READ,
    SCENARIO_ILLEGAL_FETCH_ADD,
    SCENARIO_ILLEGAL_SWAP,
    SCENARIO_ILLEGAL_CAS,
    SCENARIO_ILLEGAL_CONFIG1_READ,
    SCENARIO_ILLEGAL_CONFIG1_WRITE,
    SCENARIO_ILLEGAL_FUNCTION_READ,
    SCENARIO_ILLEGAL_FUNCTION_WRITE,
    SCENARIO_ILLEGAL_POISONED_WRITE,
    SCENARIO_ILLEGAL_POISONED_CONFIG,
    SCENARIO_ILLEGAL_DIGEST_READ,
    SCENARIO_ILLEGAL_DIGEST_WRITE,
    SCENARIO_ILLEGAL_HINTS,
    SCENARIO_ILLEGAL_ENABLES_READ,
    SCENARIO_ILLEGAL_ENABLES_WRITE,
    SCENARIO_ILLEGAL_CROSSING_READ,
    SCENARIO_ILLEGAL_CROSSING_WRITE,
    SCENARIO_ILLEGAL_LONG_CONFIG,
    SCENARIO_ILLEGAL_SHORT,
    SCENARIO_ILLEGAL_LONG,
    SCENARIO_ILLEGAL_READ_WITH_DATA,
    SCENARIO_ILLEGAL_NO_DIGEST,
    SCENARIO_ILLEGAL_OVER_MPS,
    SCENARIO_ILLEGAL_TYPE,
    SCENARIO_ILLEGAL_FORMS
};

/* Values of the argument STREAM of `gaps`. */
enum scenario_stream { SCENARIO_STREAM_RX, SCENARIO_STREAM_DMA };

/* Indices of the arguments of `event`, `clear` and `dma` that are optional. */
enum { SCENARIO_AT = 1, SCENARIO_DMA_RO = 3, SCENARIO_DMA_NS = 4, SCENARIO_DMA_IDO = 5 };

enum {
    SCENARIO_ARGS = 6,
    SCENARIO_MOST_VECTORS = 2048,
    SCENARIO_MOST_DW = 128,     /* of a dma write or read; cut to MPS or MRRS when it is done */
    SCENARIO_MOST_BAR_DW = 8,   /* of `read bar` and `write bar` */
    SCENARIO_LEAST_PD = 8,      /* the smallest window of posted data: one write of MPS (FC-09) */
    SCENARIO_LINE = 200,        /* characters of the longest line that is read or written */
    SCENARIO_MOST_OPS = 100000, /* that are read from a file */
};

/* One operation; arguments that it does not have are 0. */
struct scenario_op {
    enum scenario_kind kind;
    uint64_t arg[SCENARIO_ARGS];
};

/* Owned by its user: scenario_init() first, scenario_free() last. */
struct scenario {
    uint64_t seed;
    struct scenario_op *op;
    size_t count, room;
};

/* What kind of argument stands at a place. */
enum scenario_arg_form {
    SCENARIO_ARG_NONE,
    SCENARIO_ARG_NUMBER, /* printed in decimal */
    SCENARIO_ARG_HEX,
    SCENARIO_ARG_WORD,   /* one of `words`; the value is its index */
    SCENARIO_ARG_FLAG,   /* the optional word `name`; 0 or 1 */
    SCENARIO_ARG_OFFSET, /* optional `at +N`; 0: not given */
};

struct scenario_arg {
    const char *name;
    enum scenario_arg_form form;
    uint64_t least, most, step; /* of numbers; a value is a multiple of step (0 counts as 1) */
    const char *const *words;   /* ended by NULL */
    bool is_vector;
};

struct scenario_form {
    const char *words; /* one or two: "event", "read table" */
    struct scenario_arg arg[SCENARIO_ARGS];
    const char *help;
};

/* How an operation is written. Static storage. */
const struct scenario_form *scenario_form(enum scenario_kind kind);

/*
 * Is the operation legal by itself, whatever the state: arguments in range, data of dma writes and messages apart from
 * each other, no 4 KB border crossed? Returns NULL, or a sentence that says what is wrong (written to text, room
 * bytes).
 */
const char *scenario_op_wrong(const struct scenario_op *op, char *text, size_t room);

/*
 * Message addresses may lie anywhere but in the dma buffers of bench.h and where the drain sends its own messages
 * (FEF00000h, 64 KB); dma writes go into these buffers only.
 */
bool scenario_message_address_legal(uint64_t address);

/* Empty, seed 1. */
void scenario_init(struct scenario *s);
void scenario_free(struct scenario *s);
/* Adds a copy at the end. False if memory runs out; the scenario is unchanged then. */
bool scenario_add(struct scenario *s, const struct scenario_op *op);
/* Makes `to` (initialised) a copy. False if memory runs out. */
bool scenario_copy(struct scenario *to, const struct scenario *from);

/* The line of an operation, without a newline; cut at room. Returns text. */
char *scenario_op_print(const struct scenario_op *op, char *text, size_t room);
/* The whole scenario: seed, operations. */
void scenario_print(const struct scenario *s, FILE *to);

/*
 * Reads one line (changed in place): returns 1 if it was an operation, 0 if it was blank or comment, 2 if it was a seed
 * (in s->seed), or -1 with a sentence in `error`.
 */
int scenario_read_line(char *line, struct scenario *s, struct scenario_op *op, char *error, size_t room);

/*
 * Reads a text; `name` stands in front of errors. Returns 0, or -1 with "NAME:LINE: sentence" in `error`; `s`
 * (initialised) has what was read until then.
 */
int scenario_read(FILE *from, const char *name, struct scenario *s, char *error, size_t room);
/* The same from a file. */
int scenario_read_file(const char *file, struct scenario *s, char *error, size_t room);

/* Writes a file whose first line is the comment `title`. Returns 0, or -1 with a sentence in `error`. */
int scenario_write_file(const char *file, const char *title, const struct scenario *s, char *error, size_t room);

#endif
