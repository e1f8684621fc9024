/*
 * liberal_switch.h - what the liberal device may choose (habits, all legal), and what it may break (one switch a run).
 *
 * A habit is a number that is drawn for each run; the device draws each single decision by it. A switch is one
 * violation of one rule. Everything that is not switched on stays legal, so that the first check to fire is the one
 * that watches the broken rule.
 */
#ifndef LIBERAL_SWITCH_H
#define LIBERAL_SWITCH_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "rng.h"

/* `percent` habits are 0..100, `clocks` habits are the most that something takes. */
struct liberal_habits {
    /* pins */
    unsigned rx_pauses, dma_pauses, event_pauses; /* percent of the clocks without ready */
    unsigned tx_pauses, tx_gaps;                  /* percent of the clocks between, and inside TLPs without valid */
    unsigned grants;                              /* percent of the clocks in which credits go back to the host */
    /* requests */
    unsigned write_latency, request_latency, completion_latency; /* clocks */
    unsigned in_order;                  /* percent of the requests that wait for all before them */
    unsigned split_writes, split_reads; /* percent of the QWORDs that are served as two DWs */
    /* events and messages */
    unsigned event_latency;       /* clocks until reads know; 0 where policy promises visibility */
    unsigned commit;              /* percent of the clocks in which a message is committed */
    unsigned room;                /* messages that may wait in the posted queue */
    unsigned merges;              /* percent of the events that join an unsent message, if it covers them */
    unsigned separates;           /* percent of the events that first push out what is pending */
    unsigned inserts;             /* percent of the messages put before data that came after their event */
    unsigned clears_late, clears; /* percent with the bit set while queued; of the clocks clearing one */
    unsigned withdraws;           /* percent of those that are taken back when a rule changes */
    unsigned drops;               /* percent lost where policy says EITHER */
    unsigned id_at_send;          /* percent of the TLPs that take their ID when they leave */
    /* order */
    unsigned relaxed_passes;         /* percent of the chances that RO = 1 data takes */
    unsigned completions_first;      /* percent of the TLPs for which a completion is preferred */
    unsigned holds_data, takes_held; /* percent of the BME clears that hold data; dma ready meanwhile */
    unsigned reads_first;            /* percent of the TLPs for which a read of the device logic is preferred */
    /* errors, resets, the rest */
    unsigned error_latency;            /* clocks until an error shows */
    unsigned extra_errors;             /* percent of what may be reported and need not */
    unsigned intx;                     /* percent of the clocks in which a wrong wire is noticed */
    unsigned repeats;                  /* percent of the INTx messages sent twice, where policy allows it */
    unsigned dmr_pauses, dmc_gaps;     /* percent of the clocks without ready; without valid */
    unsigned dmc_latency;              /* clocks */
    unsigned drains;                   /* percent of the queue that is sent although FLR has begun */
    unsigned flr_clocks, waits_in_flr; /* FLR takes at least; percent of the requests that wait for its end */
    unsigned ido;                      /* percent of the TLPs that use ID-based ordering, where enabled */
};

/* Draws all habits: mostly anything, sometimes an extreme. */
void liberal_habits_draw(struct liberal_habits *habits, struct rng *rng);

/* Name, value and meaning of habit `index`; false past the last. */
bool liberal_habit_get(const struct liberal_habits *habits, unsigned index, const char **name, unsigned *value);

enum liberal_illegal {
    LIBERAL_LEGAL,
    /* rules in force */
    LIBERAL_MESSAGE_AFTER_MASK,
    LIBERAL_MESSAGE_AFTER_FMASK,
    LIBERAL_MESSAGE_AFTER_DISABLE,
    LIBERAL_MESSAGE_AFTER_BME,
    LIBERAL_DATA_AFTER_BME,
    LIBERAL_CONTROL_GLITCH,
    LIBERAL_FMASK_SETS_MASKS,
    LIBERAL_FMASK_CLEARS_MASKS,
    LIBERAL_MASK_RESETS_CLEAR,
    LIBERAL_LOSES_WRITE,
    LIBERAL_TABLE_ALIASES,
    /* events */
    LIBERAL_CLEAR_BEATS_SET,
    LIBERAL_SEND_BEATS_SET,
    LIBERAL_MERGES_TOO_LATE,
    LIBERAL_CLEAR_TAKES_LATER,
    LIBERAL_DUPLICATE,
    LIBERAL_STAYS_PENDING,
    LIBERAL_WITHDRAWS_AND_LOSES,
    LIBERAL_WITHDRAWS_AND_SENDS,
    LIBERAL_DROPS_ON_DISABLE,
    LIBERAL_DROPS_ON_BME,
    LIBERAL_EVENT_PAST_LAST,
    LIBERAL_STARVES,
    /* pending bits */
    LIBERAL_NEIGHBOUR_BIT,
    LIBERAL_BIT_CLEARS_EARLY,
    LIBERAL_BITS_BEYOND,
    /* fields */
    LIBERAL_STALE_AFTER_FMASK,
    LIBERAL_TORN_FIELDS,
    LIBERAL_OLD_AFTER_FENCE,
    LIBERAL_QWORD_OLD_DATA,
    LIBERAL_LONG_HEADER,
    LIBERAL_OLD_REQUESTER,
    LIBERAL_MIXED_REQUESTER,
    /* order */
    LIBERAL_PASSES_RELAXED_DATA,
    LIBERAL_PASSES_STARVED_DATA,
    LIBERAL_DATA_PASSES_DATA,
    LIBERAL_COMPLETION_PASSES,
    LIBERAL_LOSES_DATA,
    /* completions */
    LIBERAL_BYTE_COUNT,
    LIBERAL_OLD_COMPLETER,
    LIBERAL_LOSES_COMPLETION,
    LIBERAL_ANSWERS_TWICE,
    LIBERAL_FAILED_BYTE_COUNT,
    LIBERAL_RETRY_OUTSIDE_RESET,
    LIBERAL_IDO_UNASKED,
    /* reads of the device logic */
    LIBERAL_READ_PASSES_DATA,
    LIBERAL_READ_BLOCKS,
    LIBERAL_READ_TWICE,
    LIBERAL_READ_LOST,
    LIBERAL_READ_AFTER_BME,
    LIBERAL_FORWARDS_UNEXPECTED,
    LIBERAL_LOSES_DELIVERY,
    LIBERAL_SWAPS_DELIVERIES,
    LIBERAL_PENDING_STUCK,
    /* the legacy interrupt */
    LIBERAL_ASSERT_PASSES_DATA,
    LIBERAL_INTX_WHILE_DISABLED,
    LIBERAL_INTX_WITH_MSIX,
    LIBERAL_INTX_IN_D3HOT,
    LIBERAL_INTX_THROUGH_FLR,
    LIBERAL_INTX_CODE,
    LIBERAL_INTX_REPEATS,
    LIBERAL_INTX_LOSES_EDGE,
    LIBERAL_INTX_FUNCTION,
    LIBERAL_INTX_SPURIOUS,
    /* errors */
    LIBERAL_UR_WITHOUT_STATUS,
    LIBERAL_UR_WITHOUT_PULSE,
    LIBERAL_STATUS_CLEARED_BY_ZERO,
    LIBERAL_TAKES_POISONED,
    /* power states and resets */
    LIBERAL_SERVES_IN_D3HOT,
    LIBERAL_MESSAGE_IN_D3HOT,
    LIBERAL_SOFT_RESET_KEEPS,
    LIBERAL_FLR_KEEPS_CONTROLS,
    LIBERAL_FLR_KEEPS_MASKS,
    LIBERAL_FLR_CLEARS_LINK_CONTROL,
    LIBERAL_FLR_STALE_DATA,
    LIBERAL_FLR_STALE_MESSAGE,
    LIBERAL_FLR_SPOILS_CREDIT,
    LIBERAL_FLR_IGNORED,
    /* credits and pins */
    LIBERAL_NONPOSTED_OVERRUN,
    LIBERAL_POSTED_OVERRUN,
    LIBERAL_DATA_OVERRUN,
    LIBERAL_COMPLETION_OVERRUN,
    LIBERAL_KEEPS_CREDIT,
    LIBERAL_WRITES_WAIT_FOR_TX,
    LIBERAL_WITHDRAWS_VALID,
    LIBERAL_ILLEGALS
};

enum { LIBERAL_CHECKS = 8 };

struct liberal_switch {
    const char *name;                    /* "message_after_mask" */
    const char *sentence;                /* what it breaks */
    enum check_id check[LIBERAL_CHECKS]; /* one of these must fire first; CHECK_COUNT ends the list */
};

/* Row of a switch; LIBERAL_LEGAL has the name "none". */
const struct liberal_switch *liberal_switch(enum liberal_illegal illegal);

/* The switch of that name, or -1. */
int liberal_switch_find(const char *name);

/* Does it take a reset or another power state to strike? Without, the traffic of a switch has none of them. */
bool liberal_switch_resets(enum liberal_illegal illegal);

/* Is this check the right one for the switch? */
bool liberal_switch_expects(enum liberal_illegal illegal, enum check_id id);

#endif
