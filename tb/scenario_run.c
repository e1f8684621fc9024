/*
 * scenario_run.c - see scenario_run.h: what each operation does.
 */
#include "scenario_run.h"

#include <stdlib.h>

#include "rng.h"
#include "scenario_state.h"

enum { TABLE_ENTRY_BYTES = 16, MOST_HEADERS = 127, MOST_DATA = 2047 };

/* --- reads and writes of memory --- */

static bool read_memory(struct scenario_state *s, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    if (!state_may_request(s))
        return false;
    state_keep_tag(s, host_mem_read_start(s->b, address, dws, first_be, last_be), STATE_OTHER);
    return true;
}

static bool read_table(struct scenario_state *s, const uint64_t *arg)
{
    const enum scenario_field field = (enum scenario_field)arg[1];
    const bool quad = field >= SCENARIO_FIELD_ADDRESS64;
    const unsigned at = field == SCENARIO_FIELD_ADDRESS64 ? 0 : field == SCENARIO_FIELD_DATA64 ? 2 : (unsigned)field;
    return arg[0] < bench_config(s->b)->nvec &&
           read_memory(s, bench_table_address(s->b, (unsigned)arg[0], at), quad ? 2 : 1, 0xF, quad ? 0xF : 0);
}

static bool read_pba(struct scenario_state *s, unsigned vector, bool quad)
{
    const uint64_t address = bench_pba_address(s->b, vector) + (quad ? 0 : 4U * (vector % 64 / 32));
    return vector < bench_config(s->b)->nvec && read_memory(s, address, quad ? 2 : 1, 0xF, quad ? 0xF : 0);
}

/* Byte enables of a QWORD as those of one or two DWs: a request of two DWs enables a byte in both. */
struct qword_access {
    uint64_t address;
    unsigned dws, first_be, last_be;
    bool upper; /* only the upper DW */
};

static struct qword_access qword_access(uint64_t address, unsigned byte_enables)
{
    const unsigned low = byte_enables & 0xF, high = byte_enables >> 4 & 0xF;
    if (low && high)
        return (struct qword_access){address, 2, low, high, false};
    return high ? (struct qword_access){address + 4, 1, high, 0, true}
                : (struct qword_access){address, 1, low, 0, false};
}

static bool read_csr(struct scenario_state *s, unsigned offset, unsigned byte_enables)
{
    const struct qword_access a = qword_access(bench_csr_address(s->b, offset), byte_enables);
    return read_memory(s, a.address, a.dws, a.first_be, a.last_be);
}

static bool write_csr(struct scenario_state *s, unsigned offset, unsigned byte_enables, uint64_t value)
{
    const struct qword_access a = qword_access(bench_csr_address(s->b, offset), byte_enables);
    const uint32_t values[2] = {(uint32_t)(a.upper ? value >> 32 : value), (uint32_t)(value >> 32)};
    host_mem_write(s->b, a.address, values, a.dws, a.first_be, a.last_be);
    return true;
}

static bool touches(unsigned offset, unsigned bytes, unsigned start, unsigned size)
{
    return offset < start + size && start < offset + bytes;
}

static uint8_t read_config(struct scenario_state *s, unsigned reg, unsigned byte_enables)
{
    struct tlp tlp = {
        .kind = TLP_CFGRD0, .length = 1, .first_be = byte_enables & 0xF, .completer_id = s->route, .reg = reg & 0xFFC};
    return host_send(s->b, &tlp, NULL);
}

/* Table and PBA have accesses of their own; here they may only be read, in the sizes that are defined (MSIX-TBL-13). */
static bool raw_is_defined(const struct scenario_state *s, unsigned offset, unsigned dws, bool write)
{
    const struct dut_config *config = bench_config(s->b);
    const bool structure = touches(offset, 4 * dws, config->table_offset, TABLE_ENTRY_BYTES * config->nvec) ||
                           touches(offset, 4 * dws, config->pba_offset, 8 * ((config->nvec + 63) / 64));
    const bool plain = dws == 1 || (dws == 2 && offset % 8 == 0);
    return !structure || (plain && !write);
}

static bool raw_access(struct scenario_state *s, unsigned offset, unsigned dws, bool write, uint32_t payload)
{
    uint32_t values[SCENARIO_MOST_BAR_DW];
    struct rng rng;
    if (!raw_is_defined(s, offset, dws, write))
        return false;
    if (!write)
        return read_memory(s, BENCH_BAR0 + offset, dws, 0xF, dws > 1 ? 0xF : 0);
    rng_seed(&rng, payload);
    for (unsigned i = 0; i < dws; i++)
        values[i] = (uint32_t)rng_next(&rng);
    host_mem_write(s->b, BENCH_BAR0 + offset, values, dws, 0xF, dws > 1 ? 0xF : 0);
    return true;
}

/* --- device logic --- */

static void dma(struct scenario_state *s, const uint64_t *arg)
{
    uint32_t values[SCENARIO_MOST_DW];
    const unsigned dws = (unsigned)arg[1];
    struct rng rng;
    rng_seed(&rng, arg[2]);
    for (unsigned i = 0; i < dws; i++)
        values[i] = (uint32_t)rng_next(&rng);
    app_set_attributes(s->b, arg[SCENARIO_DMA_RO], arg[SCENARIO_DMA_NS], false);
    app_dma_write_start(s->b, arg[0], values, dws);
}

static bool cause(struct scenario_state *s, const struct scenario_op *op)
{
    const unsigned vector = (unsigned)op->arg[0], at = (unsigned)op->arg[SCENARIO_AT];
    if (op->kind == SCENARIO_DMA)
        dma(s, op->arg);
    else if (op->kind == SCENARIO_EVENT && at)
        app_event_at(s->b, vector, at);
    else if (op->kind == SCENARIO_EVENT)
        app_event_start(s->b, vector);
    else if (at)
        app_clear_at(s->b, vector, at);
    else
        app_clear_start(s->b, vector);
    return true;
}

/* --- back-pressure --- */

static bool tx(struct scenario_state *s, unsigned percent)
{
    s->tx_percent = percent;
    host_set_ready(s->b,
                   percent == 0     ? HOST_READY_NEVER
                   : percent == 100 ? HOST_READY_ALWAYS
                                    : HOST_READY_RANDOM,
                   percent);
    return true;
}

static bool gaps(struct scenario_state *s, enum scenario_stream stream, unsigned percent)
{
    if (stream == SCENARIO_STREAM_RX)
        host_set_gaps(s->b, percent);
    else
        app_set_gaps(s->b, percent);
    return true;
}

static bool stall_dma(struct scenario_state *s, bool stall)
{
    s->stalled = stall;
    app_stall_dma(s->b, stall);
    return true;
}

static bool credits(struct scenario_state *s, enum scenario_credits mode)
{
    static const enum host_credit_mode modes[] = {HOST_CREDITS_INFINITE, HOST_CREDITS_GENEROUS, HOST_CREDITS_SLOW,
                                                  HOST_CREDITS_FROZEN};
    s->frozen = mode == SCENARIO_CREDITS_FROZEN;
    host_set_credits(s->b, modes[mode]);
    return true;
}

static bool window(struct scenario_state *s, const uint64_t *arg)
{
    host_set_window(s->b, (unsigned)arg[0], (unsigned)arg[1], (unsigned)arg[4], (unsigned)arg[5]);
    host_set_window_nonposted(s->b, (unsigned)arg[2], (unsigned)arg[3]);
    return true;
}

/* What is unused must stay countable: at most half the counter (FC-04). */
static unsigned fitting(uint64_t wanted, unsigned left, unsigned most)
{
    return left >= most ? 0 : wanted < most - left ? (unsigned)wanted : most - left;
}

static bool grant(struct scenario_state *s, const uint64_t *arg)
{
    const struct host_credits_left left = host_credits_left(s->b);
    host_grant(s->b, fitting(arg[0], left.ph, MOST_HEADERS), fitting(arg[1], left.pd, MOST_DATA),
               fitting(arg[4], left.cplh, MOST_HEADERS), fitting(arg[5], left.cpld, MOST_DATA));
    host_grant_nonposted(s->b, fitting(arg[2], left.nph, MOST_HEADERS), fitting(arg[3], left.npd, MOST_DATA));
    return true;
}

/* --- blocking --- */

static void run_fence(struct scenario_state *s)
{
    state_open(s);
    host_fence(s->b);
    state_may_request(s);
}

/* With BME = 0 data writes wait outside, and quiet never comes: a fence is all there is then. */
static void settle(struct scenario_state *s)
{
    run_fence(s);
    if (!s->bus_master)
        return;
    stall_dma(s, false);
    bench_settle(s->b);
    state_may_request(s);
}

static void drain(struct scenario_state *s)
{
    run_fence(s);
    state_command(s, true, true);
    run_fence(s);
    for (unsigned v = 0; v < bench_config(s->b)->nvec; v++)
        if (!s->entry[v].unmasked)
            state_mask(s, v, false);
    state_control(s, true, false);
    settle(s);
    run_fence(s);
}

static void reset(struct scenario_state *s, unsigned clocks)
{
    bench_reset(s->b, clocks);
    state_open(s);
    state_start(s);
}

static bool block(struct scenario_state *s, const struct scenario_op *op)
{
    switch (op->kind) {
    case SCENARIO_RESET:
        reset(s, (unsigned)op->arg[0]);
        break;
    case SCENARIO_WAIT:
        bench_run(s->b, op->arg[0]);
        break;
    case SCENARIO_FLUSH:
        state_open(s);
        host_flush(s->b);
        break;
    case SCENARIO_FENCE:
        run_fence(s);
        break;
    case SCENARIO_SETTLE:
        settle(s);
        break;
    default:
        drain(s);
        break;
    }
    return true;
}

/* --- the operations --- */

static bool read_or_write(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_READ_CONFIG:
        if (!state_may_request(s))
            return false;
        state_keep_tag(s, read_config(s, (unsigned)arg[0], (unsigned)arg[1]), STATE_OTHER);
        return true;
    case SCENARIO_READ_TABLE:
        return read_table(s, arg);
    case SCENARIO_READ_PBA:
    case SCENARIO_READ_PBA64:
        return read_pba(s, (unsigned)arg[0], op->kind == SCENARIO_READ_PBA64);
    case SCENARIO_READ_CSR:
        return read_csr(s, (unsigned)arg[0], (unsigned)arg[1]);
    case SCENARIO_WRITE_CSR:
        return write_csr(s, (unsigned)arg[0], (unsigned)arg[1], arg[2]);
    default:
        return raw_access(s, (unsigned)arg[0], (unsigned)arg[1], op->kind == SCENARIO_WRITE_BAR, (uint32_t)arg[2]);
    }
}

static bool configure(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_WRITE_CONFIG:
        return state_write_config(s, (unsigned)arg[0], (unsigned)arg[1], (uint32_t)arg[2]);
    case SCENARIO_CONTROL:
        return state_control(s, arg[0], arg[1]);
    case SCENARIO_ENABLE:
        return state_control(s, arg[0], s->function_mask);
    case SCENARIO_FUNCTION_MASK:
        return state_control(s, s->enable, arg[0]);
    case SCENARIO_BUS_MASTER:
        return state_command(s, arg[0], s->memory_space);
    case SCENARIO_MEMORY_SPACE:
        return state_command(s, s->bus_master, arg[0]);
    case SCENARIO_WRITE_TABLE:
        return state_write_field(s, (unsigned)arg[0], (enum scenario_field)arg[1], arg[2]);
    case SCENARIO_MASK:
    case SCENARIO_UNMASK:
        return state_mask(s, (unsigned)arg[0], op->kind == SCENARIO_MASK);
    case SCENARIO_PROGRAM:
        return state_program(s, (unsigned)arg[0], arg[1], (uint32_t)arg[2], arg[3]);
    default: /* SCENARIO_ROUTE */
        s->route = (uint16_t)(arg[0] << 8 | arg[1] << 3);
        host_set_route(s->b, (uint8_t)arg[0], (uint8_t)arg[1]);
        return true;
    }
}

static bool pace(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_TX:
        return tx(s, (unsigned)arg[0]);
    case SCENARIO_GAPS:
        return gaps(s, (enum scenario_stream)arg[0], (unsigned)arg[1]);
    case SCENARIO_STALL_DMA:
        return stall_dma(s, arg[0]);
    case SCENARIO_CREDITS:
        return credits(s, (enum scenario_credits)arg[0]);
    case SCENARIO_WINDOW:
        return window(s, arg);
    case SCENARIO_GRANT:
        return grant(s, arg);
    default: /* SCENARIO_CSR_DELAY */
        app_set_csr_delay(s->b, (unsigned)arg[0]);
        return true;
    }
}

typedef bool doer(struct scenario_state *s, const struct scenario_op *op);

bool scenario_player_play(struct scenario_state *s, const struct scenario_op *op)
{
    static doer *const doers[SCENARIO_KINDS] = {
        [SCENARIO_READ_CONFIG] = read_or_write,
        [SCENARIO_WRITE_CONFIG] = configure,
        [SCENARIO_READ_TABLE] = read_or_write,
        [SCENARIO_WRITE_TABLE] = configure,
        [SCENARIO_READ_PBA] = read_or_write,
        [SCENARIO_READ_PBA64] = read_or_write,
        [SCENARIO_READ_CSR] = read_or_write,
        [SCENARIO_WRITE_CSR] = read_or_write,
        [SCENARIO_READ_BAR] = read_or_write,
        [SCENARIO_WRITE_BAR] = read_or_write,
        [SCENARIO_CONTROL] = configure,
        [SCENARIO_ENABLE] = configure,
        [SCENARIO_FUNCTION_MASK] = configure,
        [SCENARIO_BUS_MASTER] = configure,
        [SCENARIO_MEMORY_SPACE] = configure,
        [SCENARIO_ROUTE] = configure,
        [SCENARIO_MASK] = configure,
        [SCENARIO_UNMASK] = configure,
        [SCENARIO_PROGRAM] = configure,
        [SCENARIO_EVENT] = cause,
        [SCENARIO_CLEAR] = cause,
        [SCENARIO_DMA] = cause,
        [SCENARIO_TX] = pace,
        [SCENARIO_GAPS] = pace,
        [SCENARIO_STALL_DMA] = pace,
        [SCENARIO_CSR_DELAY] = pace,
        [SCENARIO_CREDITS] = pace,
        [SCENARIO_WINDOW] = pace,
        [SCENARIO_GRANT] = pace,
        [SCENARIO_RESET] = block,
        [SCENARIO_WAIT] = block,
        [SCENARIO_FLUSH] = block,
        [SCENARIO_FENCE] = block,
        [SCENARIO_SETTLE] = block,
        [SCENARIO_DRAIN] = block,
    };
    return doers[op->kind](s, op);
}

struct scenario_state *scenario_player_create(struct bench *b)
{
    struct scenario_state *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->b = b;
    state->tx_percent = 100;
    state_start(state);
    return state;
}

void scenario_player_destroy(struct scenario_state *player)
{
    free(player);
}

bool scenario_run(struct bench *b, const struct scenario *s, struct scenario_outcome *outcome)
{
    struct scenario_state *state = scenario_player_create(b);
    *outcome = (struct scenario_outcome){0};
    if (!state)
        return false;
    while (outcome->executed < s->count && !bench_stopped(b))
        outcome->left_out += !scenario_player_play(state, &s->op[outcome->executed++]);
    scenario_player_destroy(state);
    return true;
}
