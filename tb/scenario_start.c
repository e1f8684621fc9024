/*
 * scenario_start.c - see scenario_start.h.
 */
#include "scenario_start.h"

enum { HALF = 50 };

/* Every second one above 4 GB, so that both header formats are there. */
#define START_ADDRESS UINT64_C(0xFEE00000)
#define START_ADDRESS_HIGH UINT64_C(0x100000000)

static bool add(struct scenario *s, struct scenario_op op)
{
    return scenario_add(s, &op);
}

static bool add_entry(struct scenario *s, unsigned vector, bool masked)
{
    const uint64_t address = START_ADDRESS + 16 * vector + (vector % 2 ? START_ADDRESS_HIGH : 0);
    return add(s, (struct scenario_op){.kind = SCENARIO_PROGRAM, .arg = {vector, address, 0x40 + vector, masked}});
}

static bool add_host(struct scenario *s, uint8_t start)
{
    switch (start & SCENARIO_START_HOST) {
    case 0x20:
        return add(s, (struct scenario_op){.kind = SCENARIO_TX, .arg = {HALF}});
    case 0x40:
        return add(s, (struct scenario_op){.kind = SCENARIO_CREDITS, .arg = {SCENARIO_CREDITS_SLOW}});
    case 0x60:
        return add(s, (struct scenario_op){.kind = SCENARIO_CREDITS, .arg = {SCENARIO_CREDITS_FROZEN}});
    default:
        return true;
    }
}

bool scenario_add_start(struct scenario *s, uint8_t start, unsigned nvec)
{
    const unsigned vectors = nvec < SCENARIO_START_VECTORS ? nvec : SCENARIO_START_VECTORS;
    const uint64_t enable = (start & SCENARIO_START_ENABLED) != 0, mask = (start & SCENARIO_START_FUNCTION_MASK) != 0;
    bool done = true;
    for (unsigned v = 0; v < vectors && done && start & SCENARIO_START_PROGRAMMED; v++)
        done = add_entry(s, v, start & SCENARIO_START_MASKED);
    if (done && (enable || mask))
        done = add(s, (struct scenario_op){.kind = SCENARIO_CONTROL, .arg = {enable, mask}});
    if (done && start & SCENARIO_START_FENCED)
        done = add(s, (struct scenario_op){.kind = SCENARIO_FENCE});
    done = done && add_host(s, start);
    for (unsigned v = 0; v < vectors && done && start & SCENARIO_START_EVENTS; v++)
        done = add(s, (struct scenario_op){.kind = SCENARIO_EVENT, .arg = {v}});
    return done;
}
