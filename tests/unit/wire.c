#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "intx_format.h"
#include "wire.h"

enum { BUS_1 = 0x0100, BAR0_LOG2 = 17 };

#define BAR0 UINT64_C(0x40000000)

/* --- telling --- */

static struct seen record(struct wire *w, enum seen_kind kind, int vector)
{
    return (struct seen){.kind = kind, .time = ++w->time, .end_time = w->time, .vector = vector};
}

static void tell(struct wire *w, enum seen_stream stream, const struct tlp *t, const uint32_t *values)
{
    uint32_t payload[128] = {0};
    struct seen what = record(w, SEEN_TLP, -1);
    for (unsigned k = 0; values && k < t->length; k++)
        payload[k] = tlp_payload_le(values[k]);
    what.stream = stream;
    what.n_dw = (unsigned)tlp_encode(t, payload, what.dw, SEEN_MAX_DW);
    what.dw[0] |= t->reserved;
    assert_true(what.n_dw > 0);
    tlp_decode(what.dw, what.n_dw, &what.tlp);
    w->observer.seen(w->observer.ctx, &what);
}

void wire_raw(struct wire *w, enum seen_stream stream, const uint32_t *dw, unsigned n)
{
    struct seen what = record(w, SEEN_TLP, -1);
    what.stream = stream;
    what.n_dw = n;
    memcpy(what.dw, dw, (n < SEEN_MAX_DW ? n : SEEN_MAX_DW) * sizeof *dw);
    tlp_decode(what.dw, n, &what.tlp);
    w->observer.seen(w->observer.ctx, &what);
}

void wire_begin(struct wire *w, unsigned nvec)
{
    memset(w, 0, sizeof *w);
    w->policy = policy_default();
    w->config = (struct dut_config){.name = "wire",
                                    .nvec = nvec,
                                    .data_dw = 16,
                                    .mps_max = 128,
                                    .bar0_size_log2 = BAR0_LOG2,
                                    .pba_offset = WIRE_PBA,
                                    .csr_offset = WIRE_CSR,
                                    .pm_cap = WIRE_PM,
                                    .pcie_cap = WIRE_PCIE,
                                    .msix_cap = WIRE_MSIX,
                                    .intx_pin = 1};
    w->sb = scoreboard_create(&w->config, &w->policy, &w->checks);
    assert_non_null(w->sb);
    w->observer = scoreboard_observer(w->sb);
    wire_clock(w, (struct dut_in){0}, (struct dut_out){0});
}

void wire_end(struct wire *w)
{
    scoreboard_destroy(w->sb);
}

void wire_clock(struct wire *w, struct dut_in in, struct dut_out out)
{
    in.rst_n = in.link_up = in.fc_init_done = true;
    out.cfg_mrrs = 2; /* reset values */
    out.cfg_ro_en = out.cfg_ns_en = true;
    out.rxfc_ph = (uint8_t)(16 + out.rxfc_ph);
    out.rxfc_pd = (uint16_t)(64 + out.rxfc_pd);
    out.rxfc_nph = (uint8_t)(32 + out.rxfc_nph);
    out.rxfc_npd = (uint16_t)(32 + out.rxfc_npd);
    scoreboard_cycle(w->sb, ++w->time, &in, &out);
}

/* --- the host --- */

uint8_t wire_request(struct wire *w, struct tlp t, const uint32_t *values)
{
    if (tlp_class(t.kind) == TLP_NONPOSTED) {
        t.tag = w->next_tag++;
        w->request[t.tag] = t;
    }
    tell(w, SEEN_RX, &t, values);
    return (uint8_t)t.tag;
}

static uint8_t config(struct wire *w, enum tlp_kind kind, uint16_t reg, uint8_t be, uint32_t value)
{
    const struct tlp t = {.kind = kind, .length = 1, .first_be = be, .completer_id = w->id ? w->id : BUS_1, .reg = reg};
    return wire_request(w, t, &value);
}

uint8_t wire_cfg_write(struct wire *w, uint16_t reg, uint8_t be, uint32_t value)
{
    const uint8_t tag = config(w, TLP_CFGWR0, reg, be, value);
    w->id = w->request[tag].completer_id;
    return tag;
}

uint8_t wire_cfg_read(struct wire *w, uint16_t reg)
{
    return config(w, TLP_CFGRD0, reg, 0xF, 0);
}

struct tlp wire_memory(enum tlp_kind kind, uint32_t offset, unsigned dws)
{
    return (struct tlp){
        .kind = kind, .length = (uint16_t)dws, .first_be = 0xF, .last_be = dws > 1 ? 0xF : 0, .address = BAR0 + offset};
}

void wire_write(struct wire *w, uint32_t offset, unsigned dws, const uint32_t *values)
{
    wire_request(w, wire_memory(TLP_MWR, offset, dws), values);
}

void wire_write32(struct wire *w, uint32_t offset, uint32_t value)
{
    wire_write(w, offset, 1, &value);
}

uint8_t wire_read(struct wire *w, uint32_t offset, unsigned dws)
{
    return wire_request(w, wire_memory(TLP_MRD, offset, dws), NULL);
}

uint8_t wire_command(struct wire *w, uint32_t value)
{
    return wire_cfg_write(w, CFG_COMMAND, 0x3, value);
}

uint8_t wire_msix(struct wire *w, bool enable, bool function_mask)
{
    return wire_cfg_write(w, WIRE_MSIX, 0xC, (enable ? CFG_MSIX_ENABLE : 0) | (function_mask ? CFG_MSIX_FMASK : 0));
}

void wire_place(struct wire *w)
{
    wire_complete(w, wire_cfg_write(w, CFG_BAR0, 0xF, (uint32_t)BAR0), NULL);
    wire_complete(w, wire_command(w, CFG_COMMAND_MSE | CFG_COMMAND_BME), NULL);
}

void wire_ready(struct wire *w, unsigned n)
{
    wire_place(w);
    wire_complete(w, wire_msix(w, true, false), NULL);
    for (unsigned v = 0; v < n; v++) {
        const uint64_t address = wire_address(v);
        const uint32_t values[4] = {(uint32_t)address, (uint32_t)(address >> 32), wire_data_of(v), 0};
        wire_write(w, 16 * v, 2, values);
        wire_write(w, 16 * v + 8, 2, values + 2);
    }
    wire_fence(w);
    wire_is_legal(w);
}

int wire_set_up(void **state)
{
    static struct wire w;
    wire_begin(&w, WIRE_VECTORS);
    wire_ready(&w, WIRE_VECTORS);
    *state = &w;
    return 0;
}

int wire_tear_down(void **state)
{
    wire_end(*state);
    return 0;
}

struct wire *wire_fresh(void **state)
{
    wire_tear_down(state);
    wire_set_up(state);
    return *state;
}

/* --- the block --- */

void wire_tx(struct wire *w, const struct tlp *t, const uint32_t *values)
{
    tell(w, SEEN_TX, t, values);
}

struct tlp wire_completion(const struct wire *w, uint8_t tag, uint8_t status)
{
    const struct tlp *r = &w->request[tag];
    const bool data = status == TLP_SC && (r->kind == TLP_MRD || r->kind == TLP_CFGRD0);
    return (struct tlp){.kind = data ? TLP_CPLD : TLP_CPL,
                        .tc = r->tc,
                        .ro = r->ro,
                        .ns = r->ns,
                        .length = data ? r->length : 0,
                        .tag = tag,
                        .completer_id = w->id,
                        .status = status,
                        .byte_count = (uint16_t)(r->kind == TLP_MRD ? tlp_read_byte_count(r) : 4),
                        .lower_address = (uint8_t)(r->kind == TLP_MRD ? tlp_read_lower_address(r) : 0)};
}

void wire_complete(struct wire *w, uint8_t tag, const uint32_t *values)
{
    const struct tlp t = wire_completion(w, tag, TLP_SC);
    wire_tx(w, &t, values);
}

void wire_cfg_reads(struct wire *w, uint16_t reg, uint32_t value)
{
    wire_complete(w, wire_cfg_read(w, reg), &value);
}

void wire_fence(struct wire *w)
{
    wire_cfg_reads(w, CFG_ID, 0);
}

void wire_reads(struct wire *w, uint32_t offset, uint32_t value)
{
    wire_complete(w, wire_read(w, offset, 1), &value);
}

uint64_t wire_address(unsigned vector)
{
    return (vector % 2 ? UINT64_C(0x100000000) : 0) + 0xFEE00000 + 16 * vector;
}

uint32_t wire_data_of(unsigned vector)
{
    return 0x11C0DE00 + vector;
}

struct tlp wire_message_tlp(const struct wire *w, unsigned vector)
{
    return (struct tlp){.kind = TLP_MWR,
                        .length = 1,
                        .first_be = 0xF,
                        .requester_id = w->id,
                        .address = wire_address(vector),
                        .is_4dw = wire_address(vector) >> 32 != 0};
}

void wire_message(struct wire *w, unsigned vector)
{
    const struct tlp t = wire_message_tlp(w, vector);
    const uint32_t data = wire_data_of(vector);
    wire_tx(w, &t, &data);
}

/* --- the device logic --- */

static void data_write(struct wire *w, enum seen_stream stream, unsigned k, unsigned dws, bool ro)
{
    const struct tlp t = {.kind = TLP_MWR,
                          .length = (uint16_t)dws,
                          .first_be = 0xF,
                          .last_be = dws > 1 ? 0xF : 0,
                          .ro = ro,
                          .requester_id = w->id,
                          .address = 0x80000000 + UINT64_C(0x1000) * k};
    uint32_t values[32];
    for (unsigned i = 0; i < 32; i++)
        values[i] = 0xDA7A0000 + 32 * k + i;
    tell(w, stream, &t, values);
}

void wire_data(struct wire *w, unsigned k, unsigned dws, bool ro)
{
    data_write(w, SEEN_DMA, k, dws, ro);
    wire_clock(w, (struct dut_in){.dma = {.valid = true, .last = true}}, (struct dut_out){.dma_tready = true});
}

void wire_data_sent(struct wire *w, unsigned k, unsigned dws, bool ro)
{
    data_write(w, SEEN_TX, k, dws, ro);
}

void wire_event(struct wire *w, unsigned vector)
{
    struct seen what = record(w, SEEN_EVENT, (int)vector);
    w->observer.seen(w->observer.ctx, &what);
}

void wire_intx_level(struct wire *w, bool level)
{
    struct seen what = record(w, SEEN_INTX, level);
    w->observer.seen(w->observer.ctx, &what);
}

void wire_intx(struct wire *w, bool assert)
{
    const struct tlp t = {.kind = TLP_MSG,
                          .is_4dw = true,
                          .msg_routing = 4,
                          .msg_code = assert ? INTX_ASSERT_CODE : INTX_DEASSERT_CODE,
                          .requester_id = w->id};
    wire_tx(w, &t, NULL);
}

void wire_flr_active(struct wire *w, bool active)
{
    struct seen what = record(w, SEEN_FLR, active);
    w->observer.seen(w->observer.ctx, &what);
}

void wire_flr(struct wire *w)
{
    const uint8_t tag = wire_cfg_write(w, WIRE_PCIE + CFG_DEVICE_CONTROL, 0x3, 0xA810);
    wire_flr_active(w, true);
    wire_complete(w, tag, NULL);
}

void wire_csr_answers(struct wire *w, uint16_t offset, uint32_t value)
{
    wire_clock(w, (struct dut_in){.csr_ready = true, .csr_rdata = value},
               (struct dut_out){.csr_valid = true, .csr_addr = offset, .csr_be = 0xF});
}

/* --- verdicts --- */

void wire_is_legal(const struct wire *w)
{
    for (enum check_id id = 0; id < CHECK_COUNT; id++)
        if (w->checks.counter[id].failed > 0)
            fail_msg("%s failed, and all was legal", check_info(id)->name);
}

void wire_breaks(struct wire *w, enum check_id id)
{
    for (enum check_id k = 0; k < CHECK_COUNT; k++)
        if (w->checks.counter[k].failed != (k == id))
            fail_msg("%s failed %u times, and it should be %s that fails", check_info(k)->name,
                     (unsigned)w->checks.counter[k].failed, check_info(id)->name);
    checks_init(&w->checks, NULL, NULL);
}

void wire_ends_well(struct wire *w)
{
    wire_is_legal(w);
    scoreboard_finish(w->sb);
    wire_is_legal(w);
}
