/*
 * paper_block.h - a host that only writes down what it is asked, and a block as it must be assumed: for
 * test_scenario_legal.c, which includes it once. It stands in the place of the bench and of both agents, so it defines
 * their functions; that is why it is no source file of its own.
 *
 * block.complaint says what was undefined, in the order of requirements MSIX-TBL-04, -08, -10, -13, -15, -19 and
 * MSIX-PBA-05; block.stuck says that a blocking call was made that could not end.
 */
#ifndef PAPER_BLOCK_H
#define PAPER_BLOCK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench.h"
#include "scenario.h"

enum { NVEC = 40, CAPABILITY = 0x40, COMMAND = 4, TAGS = 256, REQUESTS = 4000, LATENCY = 9, ENTRY = 16, PBA = 0x1000 };

/* --- the host that writes down, and the block as it must be assumed --- */

struct request {
    bool config; /* else a memory write */
    unsigned serial;
    unsigned reg, byte_enables;
    uint64_t offset; /* in BAR0 */
    unsigned dws;
    uint32_t value[8];
};

struct entry {
    unsigned written; /* a bit a DW */
    uint64_t address;
    bool unmasked;
};

/* Configuration writes that may not be in force yet are counted by what they would make of a bit. */
struct bits {
    bool now;              /* by completed writes */
    unsigned sets, clears; /* under way */
};

static struct block {
    struct request last;          /* for the tests that look */
    unsigned requests, newest[2]; /* newest completed write of Command, and of the others */
    struct entry entry[NVEC];
    struct bits enable, function_mask, memory_space;
    struct {
        bool taken, config;
        unsigned due; /* clock of the completion */
        struct request write;
    } tag[TAGS];
    unsigned clock, outstanding, next_tag;
    unsigned ready_percent;
    bool frozen, stuck; /* a blocking call was made that could not end */
    unsigned blocking;
    char complaint[200];
} block;

static void complain(const char *text)
{
    if (!block.complaint[0])
        snprintf(block.complaint, sizeof block.complaint, "clock %u: %s", block.clock, text);
}

static bool certain(const struct bits *bits, bool value)
{
    return bits->now == value && (value ? bits->clears : bits->sets) == 0;
}

static void under_way(struct bits *bits, bool value, int step)
{
    unsigned *const count = value ? &bits->sets : &bits->clears;
    *count = step > 0 ? *count + 1 : *count - 1;
    if (step == -1)
        bits->now = value;
}

/* `step`: 1 sent, -1 completed, -2 completed behind a newer one. */
static void config_bits(const struct request *r, int step)
{
    if (r->reg == CAPABILITY && (r->byte_enables & 8)) {
        under_way(&block.enable, r->value[0] >> 31, step);
        under_way(&block.function_mask, r->value[0] >> 30 & 1, step);
    }
    if (r->reg == COMMAND && (r->byte_enables & 1))
        under_way(&block.memory_space, r->value[0] >> 1 & 1, step);
}

static void complete(unsigned most)
{
    for (unsigned i = 0; i < TAGS; i++)
        if (block.tag[i].taken && block.tag[i].config && block.tag[i].due <= most) {
            const struct request *const r = &block.tag[i].write;
            unsigned *const newest = &block.newest[r->reg != COMMAND];
            config_bits(r, r->serial > *newest ? -1 : -2);
            *newest = r->serial > *newest ? r->serial : *newest;
            block.tag[i].config = false;
        }
}

static void pass(unsigned clocks)
{
    block.clock += clocks;
    complete(block.clock);
}

/* One DW of the table, judged. */
static void write_dw(unsigned vector, unsigned field, uint32_t value, bool quad)
{
    struct entry *const e = &block.entry[vector];
    const bool closed = certain(&block.function_mask, true) || certain(&block.enable, false);
    if (field < 3 && e->unmasked && !closed)
        complain("address or data of an open entry is written (MSIX-TBL-19)");
    if (field == 0 && (value & 3))
        complain("bits 1:0 of an address (MSIX-TBL-04)");
    if (field < 2)
        e->address =
            field ? (e->address & UINT32_MAX) | (uint64_t)value << 32 : (e->address & ~(uint64_t)UINT32_MAX) | value;
    if (field == 3 && value > 1)
        complain("reserved bits of Vector Control (MSIX-TBL-08)");
    if (field == 3 && value == 1 && e->unmasked && quad)
        complain("a QWORD masks an unmasked entry (MSIX-TBL-15)");
    if (field == 3 && value == 0 && e->written != 7)
        complain("an entry without address or data is unmasked (MSIX-TBL-10)");
    if (field == 3)
        e->unmasked = value == 0;
    else
        e->written |= 1U << field;
}

static void write_memory(const struct request *r)
{
    const bool quad = r->dws == 2 && r->offset % 8 == 0;
    if (r->offset >= PBA && r->offset < PBA + 8)
        complain("the PBA is written (MSIX-PBA-05)");
    if (r->offset >= ENTRY * NVEC)
        return;
    if (!certain(&block.memory_space, true))
        complain("a table write that may or may not be taken");
    if (r->dws != 1 && !quad)
        complain("a table write that is no DW or QWORD (MSIX-TBL-13)");
    if (r->byte_enables != (r->dws == 1 ? 0xF : 0xFF))
        complain("a table write with partial byte enables (MSIX-TBL-13)");
    for (unsigned i = 0; i < r->dws && i < 2; i++)
        write_dw((unsigned)(r->offset + 4 * i) / ENTRY, (unsigned)(r->offset + 4 * i) % ENTRY / 4, r->value[i], quad);
    if (!scenario_message_address_legal(block.entry[r->offset / ENTRY].address))
        complain("a message address inside the dma buffers");
}

static uint8_t take_tag(void)
{
    if (block.outstanding == TAGS)
        complain("out of tags");
    while (block.tag[block.next_tag % TAGS].taken && block.outstanding < TAGS)
        block.next_tag++;
    const uint8_t tag = (uint8_t)(block.next_tag++ % TAGS);
    memset(&block.tag[tag], 0, sizeof block.tag[tag]);
    block.tag[tag].taken = true;
    block.tag[tag].due = block.ready_percent == 0 || block.frozen ? UINT32_MAX : block.clock + LATENCY;
    block.outstanding++;
    return tag;
}

static void ask(const struct request *r)
{
    block.last = *r;
    block.requests++;
    if (!r->config)
        write_memory(r);
}

/* What would never end with tx or credits closed. */
static void must_end(void)
{
    block.blocking++;
    if (block.ready_percent == 0 || block.frozen)
        block.stuck = true;
    for (unsigned i = 0; i < TAGS; i++)
        block.tag[i].due = block.tag[i].taken ? block.clock : 0;
    pass(LATENCY);
}

/* --- in the place of the bench and its agents --- */

static int nothing; /* what a bench is here */
#define BENCH ((struct bench *)&nothing)

const struct dut_config *bench_config(const struct bench *b)
{
    static const struct dut_config config = {.name = "none",
                                             .nvec = NVEC,
                                             .data_dw = 4,
                                             .mps_max = 128,
                                             .bar0_size_log2 = 14,
                                             .pba_offset = PBA,
                                             .csr_offset = 0x2000};
    (void)b;
    return &config;
}

unsigned bench_capability(struct bench *b, uint8_t id)
{
    (void)b;
    (void)id;
    return CAPABILITY;
}

static void start_block(void)
{
    memset(block.entry, 0, sizeof block.entry);
    memset(block.tag, 0, sizeof block.tag);
    block.outstanding = 0;
    block.enable = block.function_mask = (struct bits){0};
    block.memory_space = (struct bits){.now = true};
}

void bench_enumerate(struct bench *b)
{
    (void)b;
    must_end();
    start_block();
}

void bench_reset(struct bench *b, unsigned clocks)
{
    (void)b;
    pass(clocks);
    start_block();
}

bool bench_stopped(const struct bench *b)
{
    (void)b;
    return false;
}

void bench_run(struct bench *b, uint64_t clocks)
{
    (void)b;
    pass((unsigned)clocks);
}

void bench_settle(struct bench *b)
{
    (void)b;
    must_end();
}

uint64_t bench_table_address(const struct bench *b, unsigned vector, unsigned field)
{
    (void)b;
    return BENCH_BAR0 + ENTRY * vector + 4 * field;
}

uint64_t bench_pba_address(const struct bench *b, unsigned vector)
{
    (void)b;
    return BENCH_BAR0 + PBA + 8 * (vector / 64);
}

uint64_t bench_csr_address(const struct bench *b, unsigned offset)
{
    (void)b;
    return BENCH_BAR0 + 0x2000 + offset;
}

void msix_program(struct bench *b, unsigned vector, uint64_t address, uint32_t data, bool masked)
{
    host_mem_write64(b, bench_table_address(b, vector, 0), address);
    host_mem_write64(b, bench_table_address(b, vector, 2), (uint64_t)masked << 32 | data);
}

void host_mem_write(struct bench *b, uint64_t address, const uint32_t *values, unsigned dws, unsigned first_be,
                    unsigned last_be)
{
    struct request r = {.offset = address - BENCH_BAR0, .dws = dws, .byte_enables = first_be | last_be << 4};
    (void)b;
    memcpy(r.value, values, dws * sizeof r.value[0]);
    if (dws > 1 && (first_be == 0 || last_be == 0))
        complain("a request of several DWs with an empty end");
    ask(&r);
}

void host_mem_write32(struct bench *b, uint64_t address, uint32_t value)
{
    host_mem_write(b, address, &value, 1, 0xF, 0);
}

void host_mem_write64(struct bench *b, uint64_t address, uint64_t value)
{
    const uint32_t values[2] = {(uint32_t)value, (uint32_t)(value >> 32)};
    host_mem_write(b, address, values, 2, 0xF, 0xF);
}

uint8_t host_mem_read_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    const uint64_t offset = address - BENCH_BAR0;
    const bool structure = offset < ENTRY * NVEC || (offset < PBA + 8 && offset + 4 * dws > PBA);
    (void)b;
    if (structure && (dws > 2 || (dws == 2 && offset % 8 != 0) || first_be != 0xF || (dws == 2 && last_be != 0xF)))
        complain("a read of table or PBA that is no DW or QWORD (MSIX-TBL-13)");
    if (dws > 1 && (first_be == 0 || last_be == 0))
        complain("a request of several DWs with an empty end");
    return take_tag();
}

uint8_t host_send(struct bench *b, struct tlp *tlp, const uint32_t *payload)
{
    (void)b;
    assert_int_equal(tlp->kind, TLP_CFGRD0);
    assert_int_equal(tlp->length, 1);
    assert_null(payload);
    return take_tag();
}

uint8_t host_cfg_write_start(struct bench *b, unsigned reg, unsigned byte_enables, uint32_t value)
{
    const struct request r = {
        .config = true, .serial = block.requests + 1, .reg = reg, .byte_enables = byte_enables, .value = {value}};
    const uint8_t tag = take_tag();
    (void)b;
    if (reg >= 0x10 && reg < 0x28)
        complain("a base address is written");
    if (reg >= 0x40 && reg >= CAPABILITY + 12)
        complain("another capability is written");
    block.tag[tag].config = true;
    block.tag[tag].write = r;
    config_bits(&r, 1);
    ask(&r);
    return tag;
}

bool host_done(const struct bench *b, uint8_t tag)
{
    (void)b;
    return block.tag[tag].taken && block.tag[tag].due <= block.clock;
}

void host_forget(struct bench *b, uint8_t tag)
{
    (void)b;
    assert_true(block.tag[tag].taken);
    block.tag[tag].taken = false;
    block.outstanding--;
}

void host_fence(struct bench *b)
{
    (void)b;
    must_end();
}

void host_flush(struct bench *b)
{
    (void)b;
    must_end();
}

void host_set_ready(struct bench *b, enum host_ready mode, unsigned percent)
{
    (void)b;
    block.ready_percent = mode == HOST_READY_ALWAYS ? 100 : mode == HOST_READY_NEVER ? 0 : percent;
}

void host_set_credits(struct bench *b, enum host_credit_mode mode)
{
    (void)b;
    block.frozen = mode == HOST_CREDITS_FROZEN;
}

struct host_credits_left host_credits_left(const struct bench *b)
{
    (void)b;
    return (struct host_credits_left){100, 2000, 127, UINT32_MAX, 0, 0};
}

void host_grant(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld)
{
    (void)b;
    if (ph > 27 || pd > 47 || cplh > 127 || cpld > 2047)
        complain("more credits than a counter can tell (FC-04)");
}

void host_grant_nonposted(struct bench *b, unsigned nph, unsigned npd)
{
    (void)b;
    if (nph > 0 || npd > 0)
        complain("more credits than a counter can tell (FC-04)");
}

void host_set_window(struct bench *b, unsigned ph, unsigned pd, unsigned cplh, unsigned cpld)
{
    (void)b;
    (void)ph;
    (void)cplh;
    (void)cpld;
    if (pd > 0 && pd < 8)
        complain("a window that a write of 128 bytes does not fit in (FC-09)");
}

void host_set_window_nonposted(struct bench *b, unsigned nph, unsigned npd)
{
    (void)b;
    (void)nph;
    (void)npd;
}

void host_set_gaps(struct bench *b, unsigned percent)
{
    (void)b;
    (void)percent;
}

void host_set_route(struct bench *b, uint8_t bus, uint8_t device)
{
    (void)b;
    (void)bus;
    (void)device;
}

void app_set_attributes(struct bench *b, bool ro, bool ns, bool ido)
{
    (void)b;
    (void)ro;
    (void)ns;
    if (ido)
        complain("IDO is not enabled (TLP-09)");
}

void app_dma_write_start(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws)
{
    (void)b;
    (void)payload;
    if (scenario_message_address_legal(address) || address % 4096 + 4 * dws > 4096 || dws > 32)
        complain("a dma write outside its buffers, or too large (TLP-31)");
}

void app_event_start(struct bench *b, unsigned vector)
{
    (void)b;
    (void)vector;
}

void app_event_at(struct bench *b, unsigned vector, unsigned delay)
{
    (void)b;
    (void)vector;
    (void)delay;
}

void app_clear_start(struct bench *b, unsigned vector)
{
    (void)b;
    (void)vector;
}

void app_clear_at(struct bench *b, unsigned vector, unsigned delay)
{
    (void)b;
    (void)vector;
    (void)delay;
}

void app_set_gaps(struct bench *b, unsigned percent)
{
    (void)b;
    (void)percent;
}

void app_stall_dma(struct bench *b, bool stall)
{
    (void)b;
    (void)stall;
}

void app_set_csr_delay(struct bench *b, unsigned clocks)
{
    (void)b;
    (void)clocks;
}

#endif
