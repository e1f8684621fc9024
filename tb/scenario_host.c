/*
 * scenario_host.c - requests of the host in a running scenario: reads and writes of memory, reads of configuration space.
 */
#include "rng.h"
#include "scenario_do.h"

enum { TABLE_ENTRY_BYTES = 16 };

static bool read_memory(struct scenario_state *s, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    if (!state_may_request(s))
        return false;
    host_set_attributes(s->b, s->ro, s->ns, s->ido, s->tc);
    state_keep_tag(s, host_mem_read_start(s->b, address, dws, first_be, last_be), STATE_OTHER);
    host_set_attributes(s->b, false, false, false, 0);
    return true;
}

/* Not to table or PBA: there the order of writes matters, and RO would give it up. */
static void write_memory(struct scenario_state *s, uint64_t address, const uint32_t *values, unsigned dws,
                         unsigned first_be, unsigned last_be)
{
    host_set_attributes(s->b, s->ro, s->ns, s->ido, s->tc);
    host_mem_write(s->b, address, values, dws, first_be, last_be);
    host_set_attributes(s->b, false, false, false, 0);
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
    write_memory(s, a.address, values, a.dws, a.first_be, a.last_be);
    return true;
}

static bool touches(unsigned offset, unsigned bytes, unsigned start, unsigned size)
{
    return offset < start + size && start < offset + bytes;
}

static bool read_config(struct scenario_state *s, unsigned reg, unsigned byte_enables)
{
    if (!state_may_request(s))
        return false;
    struct tlp tlp = {
        .kind = TLP_CFGRD0, .length = 1, .first_be = byte_enables & 0xF, .completer_id = s->route, .reg = reg & 0xFFC};
    state_keep_tag(s, host_send(s->b, &tlp, NULL), STATE_OTHER);
    return true;
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
    write_memory(s, BENCH_BAR0 + offset, values, dws, 0xF, dws > 1 ? 0xF : 0);
    return true;
}

/* One read of anything. */
static bool read_something(struct scenario_state *s, struct rng *rng)
{
    const struct dut_config *const config = bench_config(s->b);
    const unsigned vector = rng_below(rng, config->nvec), choice = rng_below(rng, 1024);
    switch (rng_below(rng, 6)) {
    case 0:
        return read_table(s, (const uint64_t[]){vector, choice % 6});
    case 1:
        return read_pba(s, vector, choice & 1);
    case 2:
        return read_csr(s, 8 * (choice % 512), 0xFF);
    case 3:
        return read_csr(s, 8 * (choice % 512), choice & 1 ? 0 : 0xF0); /* a zero-length read too */
    case 4:
        return read_memory(s, BENCH_BAR0 + (UINT64_C(1) << config->bar0_size_log2) + 4 * choice, 1, 0xF, 0);
    default:
        return read_config(s, 4 * choice, 0xF);
    }
}

/* True if there was a tag for one of them at least. */
static bool flood(struct scenario_state *s, unsigned count, uint64_t choice)
{
    struct rng rng;
    rng_seed(&rng, choice);
    bool any = false;
    while (count-- > 0)
        any = read_something(s, &rng) || any;
    return any;
}

/* --- the operations --- */

bool scenario_request(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_READ_CONFIG:
        return read_config(s, (unsigned)arg[0], (unsigned)arg[1]);
    case SCENARIO_READ_TABLE:
        return read_table(s, arg);
    case SCENARIO_READ_PBA:
    case SCENARIO_READ_PBA64:
        return read_pba(s, (unsigned)arg[0], op->kind == SCENARIO_READ_PBA64);
    case SCENARIO_READ_CSR:
        return read_csr(s, (unsigned)arg[0], (unsigned)arg[1]);
    case SCENARIO_WRITE_CSR:
        return write_csr(s, (unsigned)arg[0], (unsigned)arg[1], arg[2]);
    case SCENARIO_FLOOD:
        return flood(s, (unsigned)arg[0], arg[1]);
    case SCENARIO_ATTRIBUTES:
        s->ro = arg[0];
        s->ns = arg[1];
        s->ido = arg[2];
        s->tc = (uint8_t)arg[3];
        return true;
    default:
        return raw_access(s, (unsigned)arg[0], (unsigned)arg[1], op->kind == SCENARIO_WRITE_BAR, (uint32_t)arg[2]);
    }
}
