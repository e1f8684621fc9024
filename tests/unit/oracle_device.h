/*
 * oracle_device.h - a random device that keeps the rules of oracle.h, and the traces that it makes.
 */
#ifndef ORACLE_DEVICE_H
#define ORACLE_DEVICE_H

#include "oracle.h"

struct rng {
    uint64_t state;
};

/* A number from 0 to n - 1; true once in n times. */
uint32_t below(struct rng *r, uint32_t n);
bool one_in(struct rng *r, uint32_t n);

/* A legal trace of 8 to ORACLE_OPS things. `o` is used for its record of the trace and its steps, not for its set. */
void oracle_device_trace(struct oracle *o, const struct policy *policy, struct rng *rng, struct trace *t);

#endif
