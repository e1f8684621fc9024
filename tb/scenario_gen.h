/*
 * scenario_gen.h - constrained-random scenarios: by seed and profile.
 *
 * A scenario is a row of moves of a few operations each: races of an event with a control write from -8 to +8 clocks,
 * storms, drains, rewrites under a mask, back-pressure. A profile is the weights of the moves. The activity stays on a
 * few vectors: neighbours, and those on both sides of a border of the pending-bit array.
 */
#ifndef SCENARIO_GEN_H
#define SCENARIO_GEN_H

#include "scenario.h"

enum scenario_move {
    MOVE_RACE,      /* an event against a control write */
    MOVE_EVENTS,    /* a few events, on one vector or several */
    MOVE_STORM,     /* masks and unmasks in neighbouring clocks, events between */
    MOVE_DRAIN,     /* many pending, let out at once, disturbed on the way */
    MOVE_DATA,      /* dma writes with an event each */
    MOVE_FUNCTION,  /* Function Mask against events */
    MOVE_ENABLE,    /* MSI-X Enable, also together with Function Mask */
    MOVE_MASTER,    /* Bus Master Enable against events and data */
    MOVE_REWRITE,   /* an entry gets other address and data under a mask */
    MOVE_POLL,      /* events under the mask, pending bits read */
    MOVE_CLEAR,     /* clears against events and unmasks */
    MOVE_CREDITS,   /* credit modes, windows, grants */
    MOVE_STARVE,    /* no posted credit is left: of headers, of data, or both */
    MOVE_PACE,      /* tx ready, gaps, stalls, delay of registers */
    MOVE_STATE,     /* a corner of {entry mask} x {Function Mask} x {Enable} x {Bus Master}, and an event in it */
    MOVE_READS,     /* reads of everything */
    MOVE_REGISTERS, /* device registers, raw offsets, configuration space, Memory Space Enable */
    MOVE_QUIET,     /* wait, fence, settle */
    MOVE_RESET,
    MOVE_READ_DATA, /* dma reads among data writes and events */
    MOVE_ANSWERS,   /* how the host answers them; late, held, wrong and stray completions */
    MOVE_SERVER,    /* a credit server: one mode, one type starved, types infinite from a reset on */
    MOVE_FLOOD,     /* as many requests of the host as there are tags, with attributes */
    MOVE_INTX,      /* the level against Interrupt Disable, MSI-X Enable, data; the handler's read and write */
    MOVE_DEVICE,    /* MPS, MRRS, attribute and IDO enables */
    MOVE_POWER,     /* D3hot and back */
    MOVE_FLR,       /* function-level reset in the middle of something, requests during it */
    MOVE_LINK,      /* link down, or reset, in the middle of something */
    MOVE_AIMED,     /* FLR, Bus Master, D3hot, Enable at an offset from an event, data, a message, an INTx edge */
    MOVE_ILLEGAL,   /* requests that the function does not support, or that no sender may send */
    MOVES
};

struct scenario_profile {
    const char *name;  /* "mask_storm" */
    const char *story; /* what it is after, a sentence without a full stop */
    unsigned vectors;  /* that are active, at most 8 */
    unsigned pause;    /* longest wait between two moves, clocks */
    unsigned starved;  /* percentage of scenarios that begin with small windows of credit */
    unsigned char weight[MOVES];
};

/* Operations if the user does not say how many. */
enum { SCENARIO_DEFAULT_OPS = 800 };

/* Entry `index` of the list of profiles, or NULL past its end. Static storage. */
const struct scenario_profile *scenario_profile(unsigned index);
/* The profile of that name, or NULL. */
const struct scenario_profile *scenario_profile_find(const char *name);

/*
 * Makes `s` (initialised, empty) a scenario of `ops` operations for a table of `nvec` vectors: a pure function of all
 * its arguments. Returns false if memory runs out.
 */
bool scenario_generate(struct scenario *s, const struct scenario_profile *profile, uint64_t seed, unsigned ops,
                       unsigned nvec);

#endif
