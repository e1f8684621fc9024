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

enum {
    NVEC = 40,
    CAPABILITY = 0x40,
    PM = 0x60,
    PCIE = 0x80,
    DEVICE_CONTROL = PCIE + 8,
    DEVICE_CONTROL2 = PCIE + 0x28,
    COMMAND = 4,
    TAGS = 256,
    REQUESTS = 4000,
    LATENCY = 9,
    ENTRY = 16,
    PBA = 0x1000,
    DWS = 32,      /* of a data write with MPS at its reset value */
    MOST_DWS = 64, /* of a data write of this function */
    READS = 64,
};

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
    unsigned requests, newest[4]; /* newest completed write of Command, PowerState, Device Control, and of the others */
    struct entry entry[NVEC];
    struct bits enable, function_mask, memory_space, asleep;
    bool lost, may_be_illegal;
    bool stalled, held;           /* data writes, answers */
    bool attributes;              /* of memory requests: any is set */
    unsigned reads, dws, now_dws; /* dma reads under way; the largest data write that is legal for certain */
    unsigned sizes;               /* writes to Device Control under way */
    bool read_tag[TAGS];
    unsigned next_read, route;
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

static void write_sizes(uint32_t value, int step)
{
    const unsigned dws = DWS << (value >> 5 & 7);
    block.sizes += step > 0 ? 1 : -1U;
    if (dws > MOST_DWS)
        complain("MPS above what is supported");
    if (step > 0 && dws < block.dws && block.reads > 0)
        complain("MPS shrinks while reads are under way");
    if (step == -1)
        block.now_dws = dws;
    if (step > 0 && dws < block.dws)
        block.dws = dws; /* the smallest of what may be in force */
    if (block.sizes == 0)
        block.dws = block.now_dws;
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
    if (r->reg == PM + 4 && (r->byte_enables & 1))
        under_way(&block.asleep, r->value[0] & 3, step);
    if (r->reg == DEVICE_CONTROL && (r->byte_enables & 1))
        write_sizes(r->value[0], step);
}

static unsigned row_of(unsigned reg)
{
    return reg == COMMAND ? 0 : reg == PM + 4 ? 1 : reg == DEVICE_CONTROL ? 2 : 3;
}

static void complete(unsigned most)
{
    for (unsigned i = 0; i < TAGS; i++)
        if (block.tag[i].taken && block.tag[i].config && block.tag[i].due <= most) {
            const struct request *const r = &block.tag[i].write;
            unsigned *const newest = &block.newest[row_of(r->reg)];
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
    if (!certain(&block.memory_space, true) || !certain(&block.asleep, false))
        complain("a table write that may or may not be taken");
    if (block.attributes)
        complain("a table write that may pass others (ORD-25)");
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
                                             .mps_max = 4 * MOST_DWS,
                                             .bar0_size_log2 = 14,
                                             .pba_offset = PBA,
                                             .csr_offset = 0x2000,
                                             .pm_cap = PM,
                                             .pcie_cap = PCIE};
    (void)b;
    return &config;
}

unsigned bench_capability(struct bench *b, uint8_t id)
{
    (void)b;
    (void)id;
    return CAPABILITY;
}

static void end_reads(void)
{
    memset(block.read_tag, 0, sizeof block.read_tag);
    block.reads = 0;
}

static void start_block(void)
{
    memset(block.entry, 0, sizeof block.entry);
    memset(block.tag, 0, sizeof block.tag);
    block.outstanding = 0;
    block.enable = block.function_mask = (struct bits){0};
    block.memory_space = (struct bits){.now = true};
    block.asleep = (struct bits){0};
    block.lost = false;
    block.dws = block.now_dws = DWS;
    block.sizes = 0;
    end_reads();
}

void bench_enumerate(struct bench *b)
{
    (void)b;
    must_end();
    start_block();
    block.route = 0x0100;
}

/* All that FLR leaves: tags, and MPS. */
void bench_place(struct bench *b)
{
    (void)b;
    must_end();
    if (block.reads > 0)
        complain("a function that was reset is used before the answers of before have come (CFG-19)");
    memset(block.entry, 0, sizeof block.entry);
    block.enable = block.function_mask = block.asleep = (struct bits){0};
    block.memory_space = (struct bits){.now = true};
    block.lost = false;
}

void bench_set_link(struct bench *b, bool link_up, bool fc_init_done)
{
    (void)b;
    (void)fc_init_done;
    if (!link_up)
        start_block();
}

bool bench_wait(struct bench *b, bench_done_fn *done, const void *ctx, const char *what)
{
    (void)what;
    for (unsigned i = 0; i < 2 * LATENCY; i++) {
        if (done(b, ctx))
            return true;
        must_end();
        if (!block.held)
            end_reads();
    }
    block.stuck = true;
    return false;
}

bool bench_expect(struct bench *b, bool ok, const char *requirement, const char *format, ...)
{
    (void)b;
    (void)format;
    if (!ok)
        complain(requirement);
    return ok;
}

struct app *bench_app(const struct bench *b)
{
    (void)b;
    return NULL;
}

struct scoreboard *bench_scoreboard(const struct bench *b)
{
    (void)b;
    return NULL;
}

bool scoreboard_busy(const struct scoreboard *sb)
{
    (void)sb;
    return block.reads > 0;
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
    if (block.held || block.stalled || block.lost || block.asleep.now)
        block.stuck = true;
    end_reads();
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
    if (tlp_class(tlp->kind) == TLP_COMPLETION) {
        if ((tlp->requester_id & 7) == 0 && (block.read_tag[tlp->tag] || tlp->requester_id != block.route))
            complain("a completion that somebody may wait for");
        return 0;
    }
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
    if (reg >= CAPABILITY + 12 && !(reg >= PM && reg < PM + 8) && !(reg >= PCIE && reg < PCIE + 0x3C))
        complain("another capability is written");
    if (reg == DEVICE_CONTROL && (byte_enables & 3) != 3 && (byte_enables & 3) != 0)
        complain("half of Device Control is written");
    if (reg == DEVICE_CONTROL && (byte_enables & 2) && value >> 15 & 1)
        block.lost = true;
    if (reg == PM + 4 && (byte_enables & 1) && (value & 3) == 0 && !certain(&block.asleep, false))
        block.lost = true;
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

void host_abandon(struct bench *b, uint8_t tag)
{
    host_forget(b, tag);
}

void host_send_raw(struct bench *b, const uint32_t *dw, size_t n)
{
    (void)b;
    assert_non_null(dw);
    assert_true(n > 0);
    if (!block.may_be_illegal)
        complain("an illegal request");
}

uint8_t host_take_tag(struct bench *b)
{
    (void)b;
    return take_tag();
}

uint8_t host_cfg_read_start(struct bench *b, unsigned reg)
{
    (void)b;
    (void)reg;
    return take_tag();
}

/* A function-level reset ends when no data write is half handed over. */
struct host_completion host_wait(struct bench *b, uint8_t tag)
{
    must_end();
    host_forget(b, tag);
    return (struct host_completion){.done = true, .status = block.lost && block.stalled ? TLP_RRS : TLP_SC};
}

void host_fence(struct bench *b)
{
    (void)b;
    if (block.outstanding == TAGS)
        block.stuck = true;
    must_end();
}

size_t host_queued(const struct bench *b)
{
    (void)b;
    return 0;
}

unsigned host_answers_waiting(const struct bench *b)
{
    (void)b;
    return block.reads;
}

void host_set_answer_style(struct bench *b, const struct host_answer_style *style)
{
    (void)b;
    block.held = style->hold;
    if (style->most > 4 * block.dws)
        complain("completions above MPS");
}

void host_set_attributes(struct bench *b, bool ro, bool ns, bool ido, uint8_t tc)
{
    (void)b;
    block.attributes = ro || ns || ido || tc;
}

void host_starve(struct bench *b, unsigned type, unsigned clocks)
{
    (void)b;
    if (type > 5 || clocks > 2000)
        complain("a type that does not exist, or is starved for too long");
}

void host_set_infinite(struct bench *b, unsigned host_infinite_bits)
{
    (void)b;
    if (host_infinite_bits > HOST_INFINITE_ALL)
        complain("a type that does not exist");
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
    block.route = (unsigned)bus << 8 | (unsigned)device << 3;
}

void app_set_attributes(struct bench *b, bool ro, bool ns, bool ido)
{
    (void)b;
    (void)ro;
    (void)ns;
    (void)ido; /* the agent leaves out what is not enabled (TLP-09, TLP-32) */
}

void app_dma_write_start(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws)
{
    (void)b;
    (void)payload;
    if (scenario_message_address_legal(address) || address % 4096 + 4 * dws > 4096 || dws > block.dws)
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

unsigned app_read_bytes_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    const unsigned tag = block.next_read++ % TAGS;
    (void)b;
    if (scenario_message_address_legal(address) || address % 4096 + 4 * dws > 4096 || dws > 128)
        complain("a dma read outside its buffers, or too large");
    if (dws == 1 ? last_be != 0 : first_be == 0 || last_be == 0)
        complain("byte enables of a dma read (MMIO-18)");
    if (block.lost || block.reads >= READS || block.read_tag[tag])
        complain("a dma read that must wait");
    block.read_tag[tag] = true;
    block.reads++;
    return tag;
}

unsigned app_read_start(struct bench *b, uint64_t address, unsigned dws)
{
    return app_read_bytes_start(b, address, dws, 0xF, dws > 1 ? 0xF : 0);
}

void app_read_forget(struct bench *b, unsigned tag)
{
    (void)b;
    assert_true(block.read_tag[tag]);
}

unsigned app_reads_waiting(const struct bench *b)
{
    (void)b;
    return block.reads;
}

unsigned app_read_next_tag(const struct bench *b)
{
    (void)b;
    return block.next_read % TAGS;
}

bool app_read_tag_used(const struct bench *b, unsigned tag)
{
    (void)b;
    return block.read_tag[tag];
}

bool app_idle(const struct app *app)
{
    (void)app;
    return block.reads == 0;
}

void app_set_intx_at(struct bench *b, bool level, unsigned delay)
{
    (void)b;
    (void)level;
    (void)delay;
}

void app_set_intx_flow(struct bench *b, bool on)
{
    (void)b;
    (void)on;
}

void app_set_flr_delay(struct bench *b, unsigned clocks)
{
    (void)b;
    (void)clocks;
}

void app_set_gaps(struct bench *b, unsigned percent)
{
    (void)b;
    (void)percent;
}

void app_stall_dma(struct bench *b, bool stall)
{
    (void)b;
    block.stalled = stall;
}

void app_set_csr_delay(struct bench *b, unsigned clocks)
{
    (void)b;
    (void)clocks;
}

#endif
