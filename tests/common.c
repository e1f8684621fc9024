/* common.c - see common.h. */
#include "common.h"

#include <inttypes.h>
#include <string.h>

#include "host_memory.h"

enum { RACE_CLOCKS = 8 }; /* on either side of a race */
enum {
    IN_FLIGHT = 16,  /* reads of a group */
    LIST_LIMIT = 48, /* capabilities that fit */
    FILL_LIMIT = 64, /* dma writes that no block stores */
    FILL_CLOCKS = 6,
    LEAVE_CLOCKS = 40, /* the longest dma write leaves an idle block within them */
};

/* --- starts --- */

uint64_t own_address(unsigned vector)
{
    const uint64_t low = UINT64_C(0xFEE00000) + 16U * vector + 4U;
    return (vector & 1U) ? low | ((uint64_t)(vector + 1U) << 40) : low;
}

uint32_t own_data(unsigned vector)
{
    return 0xA5C30000U | vector;
}

void start_one(struct bench *b, unsigned vector, bool masked)
{
    bench_enumerate(b);
    msix_program(b, vector, own_address(vector), own_data(vector), masked);
    msix_control(b, true, false);
    host_fence(b);
}

void start_all(struct bench *b, bool masked)
{
    bench_enumerate(b);
    msix_setup_all(b, masked, true);
}

unsigned search_clocks(const struct bench *b)
{
    return bench_policy(b)->search_clocks;
}

int sweep_end(const struct bench *b)
{
    return RACE_CLOCKS + RACE_CLOCKS * ((int)search_clocks(b) / RACE_CLOCKS);
}

int sweep_next(int offset)
{
    return offset + (offset < -RACE_CLOCKS || offset >= RACE_CLOCKS ? RACE_CLOCKS : 1);
}

unsigned any_vector(struct bench *b)
{
    return rng_below(bench_rng(b), bench_config(b)->nvec);
}

unsigned other_vector(struct bench *b, unsigned vector)
{
    const unsigned nvec = bench_config(b)->nvec;
    return (vector + 1U + rng_below(bench_rng(b), nvec - 1U)) % nvec;
}

bool boundary_vector(const struct bench *b, unsigned index, unsigned *vector)
{
    static const unsigned edge[] = {0, 31, 32, 63, 64, 127, 128, 1023, 1024};
    const unsigned nvec = bench_config(b)->nvec;
    unsigned inside = 0;
    while (inside < sizeof edge / sizeof edge[0] && edge[inside] < nvec - 1U)
        inside++;
    *vector = index < inside ? edge[index] : nvec - 1U;
    return index <= inside;
}

unsigned capability_find(struct bench *b, unsigned id)
{
    unsigned at = host_cfg_read32(b, REG_CAPABILITIES) & 0xFCU;
    for (unsigned steps = 0; at != 0 && steps < LIST_LIMIT; steps++) {
        const uint32_t head = host_cfg_read32(b, at);
        if ((head & 0xFFU) == id)
            return at;
        at = head >> 8 & 0xFCU;
    }
    return 0;
}

uint8_t control_start(struct bench *b, unsigned capability, bool enable, bool function_mask)
{
    const uint32_t value = (uint32_t)enable << 31 | (uint32_t)function_mask << 30;
    return host_cfg_write_start(b, capability, 0x8, value);
}

/* --- quiet --- */

void quiesce(struct bench *b)
{
    bench_settle(b);
    host_fence(b);
}

/* --- power states, function-level reset, link --- */

unsigned reg_pmcsr(const struct bench *b)
{
    return bench_config(b)->pm_cap + 4U;
}

unsigned reg_device(const struct bench *b)
{
    return bench_config(b)->pcie_cap + 8U;
}

unsigned reg_link(const struct bench *b)
{
    return bench_config(b)->pcie_cap + 0x10U;
}

unsigned reg_device2(const struct bench *b)
{
    return bench_config(b)->pcie_cap + 0x28U;
}

void set_dstate(struct bench *b, unsigned dstate)
{
    host_cfg_write(b, reg_pmcsr(b), 0x1, dstate);
    host_fence(b);
}

uint8_t flr_start(struct bench *b)
{
    return host_cfg_write_start(b, reg_device(b), 0x2, DEVICE_CONTROL_FLR);
}

static bool flr_is_on(struct bench *b, const void *ctx)
{
    return bench_out(b)->flr_active == *(const bool *)ctx;
}

void flr_wait_begin(struct bench *b)
{
    bench_wait(b, flr_is_on, &(bool){true}, "a function-level reset to begin");
}

void flr_wait_end(struct bench *b)
{
    bench_wait(b, flr_is_on, &(bool){false}, "a function-level reset to end");
}

void flr(struct bench *b)
{
    host_wait(b, flr_start(b));
    bench_run(b, 2);
    flr_wait_end(b);
}

void link_bounce(struct bench *b, unsigned clocks)
{
    bench_set_link(b, false, false);
    bench_run(b, clocks);
    bench_set_link(b, true, true);
    bench_run(b, 1);
}

/* --- INTx --- */

unsigned own_wire(const struct bench *b)
{
    return (bench_config(b)->intx_pin + 3U) % 4U;
}

static bool wire_is(struct bench *b, const void *ctx)
{
    return host_intx_asserted(b, own_wire(b)) == *(const bool *)ctx;
}

void expect_wire(struct bench *b, bool asserted, const char *requirement)
{
    if (bench_config(b)->intx_pin == 0) {
        bench_run(b, IN_FLIGHT);
        for (unsigned wire = 0; wire < 4; wire++)
            bench_expect(b, !host_intx_asserted(b, wire), "INTX-15", "INTx is asserted by a function without a pin");
        return;
    }
    bench_wait(b, wire_is, &asserted, "the INTx wire to change");
    bench_expect(b, bench_stopped(b) || host_intx_asserted(b, own_wire(b)) == asserted, requirement,
                 "the INTx wire is %d, %d is right", !asserted, asserted);
}

void set_interrupt_disable(struct bench *b, bool disable)
{
    const uint32_t command = COMMAND_MSE | COMMAND_BME | (disable ? COMMAND_INTX_DISABLE : 0);
    host_cfg_write(b, REG_COMMAND, 0x3, command);
}

/* --- reads in bulk --- */

/* One group of reads of 1 or 2 DW, all in flight together. */
static void read_group(struct bench *b, uint64_t address, unsigned dws, unsigned count, uint64_t *values)
{
    uint8_t tag[IN_FLIGHT];
    for (unsigned i = 0; i < count; i++)
        tag[i] = host_mem_read_start(b, address + 4U * dws * i, dws, 0xF, dws == 1 ? 0x0 : 0xF);
    for (unsigned i = 0; i < count; i++) {
        const struct host_completion answer = host_wait(b, tag[i]);
        values[i] = dws == 1 ? answer.data[0] : (uint64_t)answer.data[1] << 32 | answer.data[0];
    }
}

void read_dwords(struct bench *b, uint64_t address, unsigned count, uint32_t *values)
{
    for (unsigned done = 0; done < count && !bench_stopped(b); done += IN_FLIGHT) {
        uint64_t group[IN_FLIGHT];
        const unsigned n = count - done < IN_FLIGHT ? count - done : IN_FLIGHT;
        read_group(b, address + 4U * done, 1, n, group);
        for (unsigned i = 0; i < n; i++)
            values[done + i] = (uint32_t)group[i];
    }
}

void read_qwords(struct bench *b, uint64_t address, unsigned count, uint64_t *values)
{
    for (unsigned done = 0; done < count && !bench_stopped(b); done += IN_FLIGHT) {
        const unsigned n = count - done < IN_FLIGHT ? count - done : IN_FLIGHT;
        read_group(b, address + 8U * done, 2, n, values + done);
    }
}

unsigned pba_qwords(const struct bench *b)
{
    return (bench_config(b)->nvec + 63U) / 64U;
}

void read_pba(struct bench *b, uint64_t *bits)
{
    memset(bits, 0, pba_qwords(b) * sizeof bits[0]);
    read_qwords(b, bench_pba_address(b, 0), pba_qwords(b), bits);
}

/* --- expectations --- */

void expect_messages(struct bench *b, unsigned vector, uint64_t count, const char *requirement)
{
    const uint64_t sent = scoreboard_messages(bench_scoreboard(b), vector);
    bench_expect(b, sent == count, requirement, "vector %u has sent %" PRIu64 " messages, %" PRIu64 " are right",
                 vector, sent, count);
}

void expect_total(struct bench *b, uint64_t count, const char *requirement)
{
    const uint64_t sent = scoreboard_messages_total(bench_scoreboard(b));
    bench_expect(b, sent == count, requirement, "%" PRIu64 " messages in all, %" PRIu64 " are right", sent, count);
}

void expect_pending(struct bench *b, unsigned vector, bool pending, const char *requirement)
{
    const bool bit = msix_pending(b, vector);
    bench_expect(b, bit == pending, requirement, "the pending bit of vector %u reads %d, %d is right", vector, bit,
                 pending);
}

void expect_value(struct bench *b, const char *what, uint64_t got, uint64_t wanted, const char *requirement)
{
    bench_expect(b, got == wanted, requirement, "%s is %" PRIX64 "h, %" PRIX64 "h is right", what, got, wanted);
}

void expect_dword(struct bench *b, uint64_t address, uint32_t wanted, const char *requirement)
{
    const uint32_t got = host_mem_read32(b, address);
    bench_expect(b, got == wanted, requirement, "BAR0 + %05" PRIX64 "h reads %08" PRIX32 "h, %08" PRIX32 "h is right",
                 address - BENCH_BAR0, got, wanted);
}

void expect_config(struct bench *b, unsigned reg, uint32_t mask, uint32_t wanted, const char *requirement)
{
    const uint32_t got = host_cfg_read32(b, reg) & mask;
    bench_expect(b, got == wanted, requirement,
                 "register %03Xh reads %08" PRIX32 "h in bits %08" PRIX32 "h, %08" PRIX32 "h is right", reg, got, mask,
                 wanted);
}

void expect_messages_each(struct bench *b, uint64_t count, const char *requirement)
{
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++)
        expect_messages(b, v, count, requirement);
}

void expect_pba_clear(struct bench *b, const char *requirement)
{
    uint64_t bits[32];
    read_pba(b, bits);
    for (unsigned q = 0; q < pba_qwords(b) && !bench_stopped(b); q++)
        expect_value(b, "a QWORD of the PBA", bits[q], 0, requirement);
}

static bool table_is_zero_after_reset(const struct bench *b)
{
    return bench_policy(b)->table_zero_after_reset == POLICY_YES;
}

void expect_table_reset(struct bench *b, const char *requirement)
{
    const unsigned qwords = 2U * bench_config(b)->nvec;
    const uint64_t fixed[2] = {3, UINT64_C(0xFFFFFFFF) << 32}; /* address bits 1:0 and Vector Control */
    for (unsigned done = 0; done < qwords && !bench_stopped(b); done += IN_FLIGHT) {
        uint64_t half[IN_FLIGHT];
        const unsigned n = qwords - done < IN_FLIGHT ? qwords - done : IN_FLIGHT;
        read_qwords(b, bench_table_address(b, 0, 0) + 8U * done, n, half);
        for (unsigned i = 0; i < n && !bench_stopped(b); i++)
            expect_value(b, "a QWORD of the table after reset",
                         table_is_zero_after_reset(b) ? half[i] : half[i] & fixed[i & 1U],
                         (i & 1U) ? UINT64_C(1) << 32 : 0, requirement);
    }
}

void expect_field_reset(struct bench *b, unsigned vector, unsigned field, const char *requirement)
{
    if (table_is_zero_after_reset(b))
        expect_dword(b, bench_table_address(b, vector, field), 0, requirement);
}

void expect_vector_control(struct bench *b, unsigned vector, uint32_t written, const char *requirement)
{
    const uint32_t read = host_mem_read32(b, bench_table_address(b, vector, 3));
    const enum policy_tristate zero = bench_policy(b)->vector_control_reserved_zero;
    expect_value(b, "Vector Control", zero == POLICY_EITHER ? read & 1U : read,
                 zero == POLICY_NO ? written : written & 1U, requirement);
}

uint32_t host_memory_dword(struct bench *b, uint64_t address)
{
    return host_memory_read32(scoreboard_host_memory(bench_scoreboard(b)), address);
}

void expect_host_memory(struct bench *b, uint64_t address, const uint32_t *values, unsigned dws,
                        const char *requirement)
{
    for (unsigned i = 0; i < dws && !bench_stopped(b); i++)
        expect_value(b, "a DW in host memory", host_memory_dword(b, address + 4U * i), values[i], requirement);
}

/* --- back-pressure and credits --- */

void stall_tx(struct bench *b)
{
    host_set_ready(b, HOST_READY_NEVER, 0);
}

void release_tx(struct bench *b)
{
    host_set_ready(b, HOST_READY_ALWAYS, 100);
}

void feed(struct bench *b)
{
    host_set_credits(b, HOST_CREDITS_GENEROUS);
}

void starve_posted(struct bench *b, enum starved what)
{
    const uint32_t filler[DMA_MAX_DW] = {0};
    host_set_credits(b, HOST_CREDITS_FROZEN);
    for (;;) {
        const struct host_credits_left left = host_credits_left(b);
        const unsigned fitting = what == STARVED_HEADERS ? left.ph : 4 * left.pd;
        if (fitting == 0 || bench_stopped(b))
            return;
        app_dma_write(b, dma_buffer(DMA_FILLER), filler,
                      what == STARVED_HEADERS ? 1
                      : fitting < DMA_MAX_DW  ? fitting
                                              : DMA_MAX_DW);
        bench_run(b, LEAVE_CLOCKS);
    }
}

void fill_posted(struct bench *b)
{
    const uint32_t filler = 0;
    for (unsigned i = 0; i < FILL_LIMIT && !bench_stopped(b); i++) {
        app_dma_write_start(b, dma_buffer(DMA_FILLER), &filler, 1);
        bench_run(b, FILL_CLOCKS);
        if (!bench_out(b)->dma_tready)
            return;
    }
}

void start_frozen(struct bench *b, unsigned vector, bool masked, unsigned ph, unsigned pd)
{
    host_set_window(b, ph, pd, 0, 0);
    bench_reset(b, 4);
    start_one(b, vector, masked);
    host_set_credits(b, HOST_CREDITS_FROZEN);
}

/* --- dma --- */

void random_payload(struct bench *b, uint32_t *payload, unsigned dws)
{
    for (unsigned i = 0; i < dws; i++)
        payload[i] = (uint32_t)rng_next(bench_rng(b));
}

uint64_t dma_buffer(unsigned number)
{
    const uint64_t base = (number & 1U) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW;
    return base + 4096U * (uint64_t)(number & 1023U);
}

/* --- capture --- */

void capture_start(struct capture *c)
{
    memset(c, 0, sizeof *c);
}

void capture_step(struct bench *b, struct capture *c)
{
    bench_step(b);
    const struct dut_beat *beat = &bench_out(b)->tx;
    if (!beat->valid || !bench_in(b)->tx_tready || c->count >= CAPTURE_TLPS)
        return;
    struct captured *t = &c->tlp[c->count];
    if (!c->inside)
        t->time = bench_time(b);
    for (unsigned i = 0; i < bench_config(b)->data_dw && (beat->keep >> i & 1U); i++) {
        if (t->n_dw < CAPTURE_DW)
            t->dw[t->n_dw] = beat->data[i];
        t->n_dw++;
    }
    c->inside = !beat->last;
    if (beat->last)
        c->count++;
}

void capture_run(struct bench *b, struct capture *c, unsigned clocks)
{
    for (unsigned i = 0; i < clocks && !bench_stopped(b); i++)
        capture_step(b, c);
}

void capture_until(struct bench *b, struct capture *c, unsigned count, unsigned limit, const char *requirement)
{
    while (c->count < count && limit-- > 0 && !bench_stopped(b))
        capture_step(b, c);
    bench_expect(b, c->count >= count || bench_stopped(b), requirement, "%u TLPs on tx, %u were waited for", c->count,
                 count);
}

bool captured_is_message(const struct captured *t)
{
    struct tlp tlp;
    const size_t n = t->n_dw < CAPTURE_DW ? t->n_dw : CAPTURE_DW;
    tlp_decode(t->dw, n, &tlp);
    return tlp.kind == TLP_MWR && tlp.address - BENCH_DMA_BASE >= BENCH_DMA_SIZE &&
           tlp.address - BENCH_DMA_BASE_LOW >= BENCH_DMA_SIZE;
}

void expect_captured(struct bench *b, const struct capture *c, unsigned index, const uint32_t *dw, unsigned n_dw,
                     const char *requirement)
{
    if (!bench_expect(b, index < c->count, requirement, "TLP %u was waited for, %u came", index, c->count))
        return;
    const struct captured *t = &c->tlp[index];
    expect_value(b, "the number of DWs of the TLP", t->n_dw, n_dw, requirement);
    for (unsigned i = 0; i < n_dw && i < CAPTURE_DW && !bench_stopped(b); i++)
        expect_value(b, "a DW of the TLP", t->dw[i], dw[i], requirement);
}
