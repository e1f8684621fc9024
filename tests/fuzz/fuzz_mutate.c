/*
 * fuzz_mutate.c - how libFuzzer changes a scenario: by whole operations, because a byte that is put in or taken out
 * would give all bytes behind it another meaning.
 *
 * Inputs stay bytes (scenario_bytes.h); only where they are cut is known here.
 */
#include <string.h>

#include "rng.h"
#include "scenario_bytes.h"

enum { HEADER = 2, MOST_BLOCK = 40, OP_ROOM = 64, CHANGES = 4 };

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *to,
                                 size_t room, unsigned seed);

struct cuts {
    size_t at[SCENARIO_BYTES_OPS + 1]; /* where operations begin, and the end of the last one */
    unsigned ops;
};

static void find_cuts(struct cuts *cuts, const uint8_t *bytes, size_t size)
{
    size_t at = HEADER < size ? HEADER : size;
    cuts->ops = 0;
    while (at < size && cuts->ops < SCENARIO_BYTES_OPS) {
        cuts->at[cuts->ops++] = at;
        at += scenario_bytes_op(bytes + at, size - at);
    }
    cuts->at[cuts->ops] = at < size ? at : size;
}

static unsigned below(struct rng *rng, unsigned limit)
{
    return (unsigned)(rng_next(rng) % limit);
}

/* Puts `n` bytes in at a place, if they fit. */
static size_t put_in(uint8_t *bytes, size_t size, size_t room, size_t at, const uint8_t *what, size_t n)
{
    if (n > room - size)
        return size;
    memmove(bytes + at + n, bytes + at, size - at);
    memcpy(bytes + at, what, n);
    return size + n;
}

/* New operations, half of them of a kind that is there already. */
static size_t insert_new(uint8_t *bytes, size_t size, size_t room, const struct cuts *cuts, struct rng *rng)
{
    uint8_t op[OP_ROOM];
    const unsigned most = 1U << below(rng, 6), n = 1 + below(rng, most);
    const size_t at = cuts->at[below(rng, cuts->ops + 1)];
    for (unsigned i = 0; i < n; i++) {
        for (unsigned k = 0; k < sizeof op; k++)
            op[k] = (uint8_t)rng_next(rng);
        if (cuts->ops && below(rng, 2))
            op[0] = bytes[cuts->at[below(rng, cuts->ops)]];
        size = put_in(bytes, size, room, at, op, scenario_bytes_op(op, sizeof op));
    }
    return size;
}

/* What led somewhere, and from there on something new, as long as there is room for. */
static size_t new_end(uint8_t *bytes, size_t room, const struct cuts *cuts, struct rng *rng)
{
    size_t size = cuts->at[below(rng, cuts->ops + 1)];
    const size_t end = size + 1 + below(rng, (unsigned)(room - size));
    while (size < end && size < room)
        bytes[size++] = (uint8_t)rng_next(rng);
    return size;
}

static size_t remove_block(uint8_t *bytes, size_t size, const struct cuts *cuts, struct rng *rng)
{
    if (cuts->ops < 2)
        return size;
    const unsigned from = below(rng, cuts->ops), most = cuts->ops - from;
    const size_t begin = cuts->at[from], end = cuts->at[from + 1 + below(rng, most > 8 ? 8 : most)];
    memmove(bytes + begin, bytes + end, size - end);
    return size - (end - begin);
}

static size_t repeat_block(uint8_t *bytes, size_t size, size_t room, const struct cuts *cuts, struct rng *rng)
{
    uint8_t block[MOST_BLOCK * OP_ROOM];
    if (!cuts->ops)
        return size;
    const unsigned from = below(rng, cuts->ops), most = cuts->ops - from;
    const size_t begin = cuts->at[from], end = cuts->at[from + 1 + below(rng, most > 8 ? 8 : most)];
    if (end - begin > sizeof block)
        return size;
    memcpy(block, bytes + begin, end - begin);
    return put_in(bytes, size, room, cuts->at[below(rng, cuts->ops + 1)], block, end - begin);
}

/* New arguments for one operation. */
static size_t change_args(uint8_t *bytes, size_t size, const struct cuts *cuts, struct rng *rng)
{
    if (!cuts->ops)
        return size;
    const unsigned op = below(rng, cuts->ops);
    const size_t begin = cuts->at[op], end = cuts->at[op + 1];
    if (end > begin + 1)
        LLVMFuzzerMutate(bytes + begin + 1, end - begin - 1, end - begin - 1);
    return size;
}

static size_t change(uint8_t *bytes, size_t size, size_t room, struct rng *rng)
{
    struct cuts cuts;
    find_cuts(&cuts, bytes, size);
    switch (below(rng, 12)) {
    case 8:
    case 9:
    case 10:
    case 11:
        return cuts.at[cuts.ops] < room ? new_end(bytes, room, &cuts, rng) : size;
    case 0:
        bytes[below(rng, HEADER)] = (uint8_t)rng_next(rng);
        return size;
    case 1:
        return remove_block(bytes, size, &cuts, rng);
    case 2:
        return repeat_block(bytes, size, room, &cuts, rng);
    case 3:
    case 4:
        return change_args(bytes, size, &cuts, rng);
    default:
        return insert_new(bytes, size, room, &cuts, rng);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    while (size < HEADER && size < room)
        bytes[size++] = 0;
    if (size < HEADER)
        return size;
    for (unsigned n = 1 + below(&rng, CHANGES); n > 0; n--)
        size = change(bytes, size, room, &rng);
    return size;
}

/* The beginning of one and the end of another. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *to,
                                 size_t room, unsigned seed)
{
    struct cuts first, second;
    struct rng rng;
    rng_seed(&rng, seed);
    find_cuts(&first, a, a_size);
    find_cuts(&second, b, b_size);
    const size_t head = first.at[below(&rng, first.ops + 1)], from = second.at[below(&rng, second.ops + 1)];
    const size_t end = second.at[second.ops], tail = end > from ? end - from : 0;
    if (head + tail > room || head + tail == 0)
        return 0;
    memcpy(to, a, head);
    memcpy(to + head, b + from, tail);
    return head + tail;
}
