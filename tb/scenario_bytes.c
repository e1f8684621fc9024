/*
 * scenario_bytes.c - see scenario_bytes.h.
 */
#include "scenario_bytes.h"

#include <string.h>

#include "bench.h"

enum {
    PAGE = 4096,
    BYTE_VALUES = 256,
    MOST_WAIT = 256,
    /* A vector is a byte: from the first one up, from the last one down, or one that the table does not have. */
    FROM_LAST = 128,
    OUTSIDE = 248,
    OUTSIDE_STEP = 37,
    MOST_OP_BYTES = 1 + SCENARIO_ARGS * 9,
};

static uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* --- what an argument may be --- */

/* Values 0 .. most in steps of 1, before least and step of the argument are applied. */
static uint64_t most_of(enum scenario_kind kind, const struct scenario_arg *arg)
{
    uint64_t words = 0;
    switch (arg->form) {
    case SCENARIO_ARG_WORD:
        while (arg->words[words])
            words++;
        return words - 1;
    case SCENARIO_ARG_FLAG:
        return 1;
    case SCENARIO_ARG_OFFSET:
        return least_of(arg->most, BYTE_VALUES - 1);
    default:
        return (kind == SCENARIO_WAIT ? MOST_WAIT - arg->least : arg->most - arg->least) / (arg->step ? arg->step : 1);
    }
}

static unsigned vector_of(uint8_t byte, unsigned nvec)
{
    if (byte >= OUTSIDE && nvec < SCENARIO_MOST_VECTORS)
        return (unsigned)least_of(nvec + (unsigned)(byte - OUTSIDE) * OUTSIDE_STEP, SCENARIO_MOST_VECTORS - 1);
    return byte >= FROM_LAST ? nvec - 1 - (byte - FROM_LAST) % nvec : byte % nvec;
}

/* The byte whose vector comes nearest. */
static uint8_t byte_of_vector(uint64_t vector, unsigned nvec)
{
    unsigned best = 0;
    uint64_t best_distance = UINT64_MAX;
    for (unsigned byte = 0; byte < BYTE_VALUES; byte++) {
        const unsigned candidate = vector_of((uint8_t)byte, nvec);
        const uint64_t distance = candidate > vector ? candidate - vector : vector - candidate;
        if (distance < best_distance) {
            best = byte;
            best_distance = distance;
        }
    }
    return (uint8_t)best;
}

/* --- combinations of arguments that are not legal become the nearest that are --- */

static void repair_dma(struct scenario_op *op)
{
    const uint64_t base = op->arg[0] >> 32 ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW;
    const uint64_t offset = op->arg[0] % BENCH_DMA_SIZE;
    const uint64_t last = PAGE - 4 * op->arg[1]; /* where the write may begin in its page */
    op->arg[0] = base + offset - offset % PAGE + least_of(offset % PAGE, last);
}

static void repair_dma_read(struct scenario_op *op)
{
    char text[128];
    repair_dma(op);
    if (!scenario_op_wrong(op, text, sizeof text))
        return;
    op->arg[2] = op->arg[1] == 1 ? op->arg[2] & 0xF : 0xFF;
}

static void repair_field(struct scenario_op *op)
{
    static const uint64_t bits[] = {
        [SCENARIO_FIELD_ADDRESS] = UINT32_MAX - 3,   [SCENARIO_FIELD_UPPER] = UINT32_MAX,
        [SCENARIO_FIELD_DATA] = UINT32_MAX,          [SCENARIO_FIELD_CONTROL] = 1,
        [SCENARIO_FIELD_ADDRESS64] = UINT64_MAX - 3, [SCENARIO_FIELD_DATA64] = UINT64_C(0x1FFFFFFFF),
    };
    op->arg[2] &= bits[op->arg[1]];
}

static void repair(struct scenario_op *op)
{
    switch (op->kind) {
    case SCENARIO_DMA:
        repair_dma(op);
        break;
    case SCENARIO_DMA_READ:
        repair_dma_read(op);
        break;
    case SCENARIO_ANSWER_ERRORS:
        op->arg[1] = least_of(op->arg[1], 100 - op->arg[0]);
        break;
    case SCENARIO_WRITE_TABLE:
        repair_field(op);
        break;
    case SCENARIO_READ_BAR:
    case SCENARIO_WRITE_BAR:
        op->arg[1] = least_of(op->arg[1], (PAGE - op->arg[0] % PAGE) / 4);
        break;
    case SCENARIO_PROGRAM:
        if (!scenario_message_address_legal(op->arg[1]))
            op->arg[1] ^= UINT64_C(1) << 30;
        break;
    case SCENARIO_WINDOW:
        if (op->arg[1] > 0 && op->arg[1] < SCENARIO_LEAST_PD)
            op->arg[1] = SCENARIO_LEAST_PD;
        break;
    default:
        break;
    }
}

/* --- from bytes --- */

struct source {
    const uint8_t *bytes;
    size_t size, at;
};

static uint8_t take(struct source *from)
{
    return from->at < from->size ? from->bytes[from->at++] : 0;
}

static uint64_t take_number(struct source *from)
{
    uint64_t number = 0;
    const unsigned bytes = take(from) % (sizeof number + 1);
    for (unsigned i = 0; i < bytes; i++)
        number |= (uint64_t)take(from) << 8 * i;
    return number;
}

static uint64_t take_arg(struct source *from, enum scenario_kind kind, const struct scenario_arg *arg, unsigned nvec)
{
    if (arg->is_vector)
        return vector_of(take(from), nvec);
    const uint64_t most = most_of(kind, arg);
    const uint64_t number = most < BYTE_VALUES ? take(from) : take_number(from);
    return arg->least + (most == UINT64_MAX ? number : number % (most + 1)) * (arg->step ? arg->step : 1);
}

bool scenario_from_bytes(struct scenario *s, const uint8_t *bytes, size_t size, unsigned nvec)
{
    struct source from = {.bytes = bytes, .size = size};
    s->seed = UINT64_C(1) + take(&from);
    while (from.at < from.size && s->count < SCENARIO_BYTES_OPS) {
        struct scenario_op op = {.kind = (enum scenario_kind)(take(&from) % SCENARIO_ILLEGAL)};
        const struct scenario_arg *const arg = scenario_form(op.kind)->arg;
        for (unsigned i = 0; i < SCENARIO_ARGS && arg[i].form != SCENARIO_ARG_NONE; i++)
            op.arg[i] = take_arg(&from, op.kind, &arg[i], nvec);
        repair(&op);
        if (!scenario_add(s, &op))
            return false;
    }
    return true;
}

/* --- to bytes --- */

static size_t put_number(uint64_t number, uint8_t *to)
{
    size_t bytes = 0;
    for (; number; number >>= 8)
        to[++bytes] = (uint8_t)number;
    to[0] = (uint8_t)bytes;
    return bytes + 1;
}

static size_t put_arg(enum scenario_kind kind, const struct scenario_arg *arg, uint64_t value, unsigned nvec,
                      uint8_t *to)
{
    const uint64_t most = most_of(kind, arg);
    const uint64_t number = least_of((value - arg->least) / (arg->step ? arg->step : 1), most);
    if (!arg->is_vector && most >= BYTE_VALUES)
        return put_number(number, to);
    to[0] = arg->is_vector ? byte_of_vector(value, nvec) : (uint8_t)number;
    return 1;
}

size_t scenario_to_bytes(const struct scenario *s, unsigned nvec, uint8_t *bytes, size_t room)
{
    size_t used = 0;
    if (room == 0)
        return 0;
    bytes[used++] = (uint8_t)(s->seed - 1);
    for (size_t n = 0; n < s->count && n < SCENARIO_BYTES_OPS; n++) {
        const struct scenario_op *const op = &s->op[n];
        const struct scenario_arg *const arg = scenario_form(op->kind)->arg;
        if (op->kind == SCENARIO_ILLEGAL)
            continue;
        uint8_t text[MOST_OP_BYTES] = {(uint8_t)op->kind};
        size_t length = 1;
        for (unsigned i = 0; i < SCENARIO_ARGS && arg[i].form != SCENARIO_ARG_NONE; i++)
            length += put_arg(op->kind, &arg[i], op->arg[i], nvec, text + length);
        if (length > room - used)
            break;
        memcpy(bytes + used, text, length);
        used += length;
    }
    return used;
}
