/*
 * scenario_start.h - what a scenario made of bytes begins with: one byte for what would take a search many right ones.
 *
 * Entries programmed, MSI-X enabled, a host with little credit: each is a row of operations that must be right as a
 * whole before anything behind it matters. The byte 0 adds nothing.
 */
#ifndef SCENARIO_START_H
#define SCENARIO_START_H

#include "scenario.h"

enum scenario_start {
    SCENARIO_START_PROGRAMMED = 0x01, /* the first entries, at most eight, get an address and data and are unmasked */
    SCENARIO_START_MASKED = 0x02,     /* those entries stay masked */
    SCENARIO_START_ENABLED = 0x04,    /* MSI-X Enable */
    SCENARIO_START_FUNCTION_MASK = 0x08, /* Function Mask */
    SCENARIO_START_EVENTS = 0x10,        /* an event for each of these vectors */
    SCENARIO_START_HOST = 0x60,  /* 0x20: tx ready in half of the clocks; 0x40: slow credits; 0x60: frozen ones */
    SCENARIO_START_FENCED = 0x80 /* all of it is in force before what follows */
};

enum { SCENARIO_START_VECTORS = 8, SCENARIO_START_OPS = 2 * SCENARIO_START_VECTORS + 3 /* added at most */ };

/* Adds the operations of such a byte to `s` for a table of `nvec` vectors. Returns false if memory runs out. */
bool scenario_add_start(struct scenario *s, uint8_t start, unsigned nvec);

#endif
