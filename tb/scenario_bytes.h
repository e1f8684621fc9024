/*
 * scenario_bytes.h - bytes as a scenario, for a fuzzer: any bytes are one, and every operation in it is legal by itself.
 *
 * The first byte gives the seed; then each operation is a byte that chooses its kind and, argument by argument as the
 * table of scenario_ops.c lists them, a byte for what has few values and a length byte with so many bytes of a number
 * for the rest. Everything is folded into its legal range. Bytes that are missing at the end are 0.
 *
 * What bytes cannot say: `illegal`, because a fuzzer stays with defined stimulus (ENV-04); and, so that a run is short,
 * waits of more than 256 clocks, `at` of more than 255. Of the vectors that a table does not have they can say a few, of
 * a table of more than 248 vectors the first and the last ones.
 */
#ifndef SCENARIO_BYTES_H
#define SCENARIO_BYTES_H

#include "scenario.h"

enum { SCENARIO_BYTES_OPS = 200 /* most operations of a scenario; further bytes mean nothing */ };

/*
 * Makes `s` (initialised, empty) what the bytes say for a table of `nvec` vectors. Returns false if memory runs out.
 */
bool scenario_from_bytes(struct scenario *s, const uint8_t *bytes, size_t size, unsigned nvec);

/*
 * The other way, for a corpus that begins with recorded scenarios: bytes that give `s` again, the first
 * SCENARIO_BYTES_OPS operations of it at most. What bytes cannot say comes out as the nearest that they can. Returns
 * how many bytes were written; stops before the operation that has no room left.
 */
size_t scenario_to_bytes(const struct scenario *s, unsigned nvec, uint8_t *bytes, size_t room);

#endif
