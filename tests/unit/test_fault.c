/*
 * test_fault.c - the planted-fault layer against a scripted design: transparent when it breaks nothing, and each kind
 * of damage is exactly that. The design here is a few functions behind dut.h; nothing of the real one is linked.
 */
#include "fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "stream.h"
#include "tlp.h"

enum { DATA_DW = 4, MAX_TLPS = 64, MAX_DW = 40, VECTOR_ADDRESS = 0x1000, DMA_ADDRESS = 0x20000000 };

struct packet {
    unsigned n_dw;
    uint32_t dw[MAX_DW];
};

struct row {
    unsigned count;
    struct packet packet[MAX_TLPS];
};

/* The scripted design: plays `script` on tx and notes what it sees on its inputs. */
struct dut {
    struct row script;
    unsigned next, offset; /* packet, DW */
    unsigned hold_back;    /* clocks before the first packet */
    unsigned events, clears, last_event;
    struct row rx;
    bool rx_open;
    bool flr_done; /* as last seen */
    uint64_t cycles;
};

static const struct dut_config config = {
    .name = "scripted",
    .nvec = 8,
    .data_dw = DATA_DW,
    .mps_max = 128,
    .bar0_size_log2 = 16,
    .pba_offset = 0x8000,
    .csr_offset = 0x9000,
};

static void note_rx(struct dut *d, const struct dut_beat *beat)
{
    struct packet *p = &d->rx.packet[d->rx.count];
    if (!d->rx_open)
        p->n_dw = 0;
    p->n_dw = stream_take_beat(p->dw, MAX_DW, p->n_dw, beat, DATA_DW);
    d->rx_open = !beat->last;
    d->rx.count += beat->last;
}

void dut_cycle(struct dut *d, const struct dut_in *in, struct dut_out *out)
{
    memset(out, 0, sizeof *out);
    out->rx_tready = out->dma_tready = out->evt_ready = out->clr_ready = true;
    d->cycles++;
    if (in->evt_valid)
        d->last_event = in->evt_vector;
    d->flr_done = in->flr_done;
    d->events += in->evt_valid;
    d->clears += in->clr_valid;
    if (in->rx.valid)
        note_rx(d, &in->rx);
    if (!in->rst_n || d->cycles <= d->hold_back || d->next == d->script.count)
        return;
    const struct packet *p = &d->script.packet[d->next];
    stream_put_beat(&out->tx, p->dw, p->n_dw, d->offset, DATA_DW);
    if (!in->tx_tready)
        return;
    d->offset = out->tx.last ? 0 : d->offset + DATA_DW;
    d->next += out->tx.last;
}

/* The bench's half: a design, a fault, and the TLPs that come out. */
struct rig {
    struct dut dut;
    struct fault *fault;
    struct dut_in in;
    struct dut_out out;
    struct row seen;
    bool open;
    unsigned withdrawn; /* valid fell, or data changed, while a beat waited */
    struct dut_beat waiting;
};

static struct rig *rig_new(const char *name)
{
    struct rig *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->fault = fault_create(name, &config);
    assert_non_null(r->fault);
    r->in.rst_n = r->in.tx_tready = r->in.link_up = r->in.fc_init_done = true;
    return r;
}

static void rig_free(struct rig *r)
{
    fault_destroy(r->fault);
    free(r);
}

static void step(struct rig *r)
{
    fault_cycle(r->fault, &r->dut, &r->in, &r->out);
    const struct dut_beat *tx = &r->out.tx;
    if (r->waiting.valid && memcmp(&r->waiting, tx, sizeof *tx) != 0)
        r->withdrawn++;
    r->waiting = *tx;
    if (!tx->valid || !r->in.tx_tready)
        return;
    r->waiting.valid = false;
    struct packet *p = &r->seen.packet[r->seen.count];
    if (!r->open)
        p->n_dw = 0;
    p->n_dw = stream_take_beat(p->dw, MAX_DW, p->n_dw, tx, DATA_DW);
    r->open = !tx->last;
    r->seen.count += tx->last;
}

static void run(struct rig *r, unsigned clocks)
{
    while (clocks-- > 0)
        step(r);
}

static void script(struct rig *r, const struct tlp *t, const uint32_t *payload)
{
    struct packet *p = &r->dut.script.packet[r->dut.script.count++];
    p->n_dw = (unsigned)tlp_encode(t, payload, p->dw, MAX_DW);
    assert_true(p->n_dw > 0);
}

static void script_message(struct rig *r, unsigned vector)
{
    const uint32_t payload = tlp_payload_le(0x4000 + vector);
    const struct tlp t = {
        .kind = TLP_MWR, .length = 1, .first_be = 0xF, .requester_id = 0x0100, .address = VECTOR_ADDRESS + 16 * vector};
    script(r, &t, &payload);
}

/* Hands a TLP to a port of the design, a beat a clock. */
static void drive(struct rig *r, struct dut_beat *port, const struct packet *p)
{
    for (unsigned offset = 0; offset < p->n_dw; offset += DATA_DW) {
        stream_put_beat(port, p->dw, p->n_dw, offset, DATA_DW);
        step(r);
    }
    memset(port, 0, sizeof *port);
}

static struct packet dma_write(unsigned number, unsigned dws)
{
    struct packet p;
    uint32_t payload[MAX_DW];
    for (unsigned i = 0; i < dws; i++)
        payload[i] = number * 256 + i;
    const struct tlp t = {.kind = TLP_MWR,
                          .length = (uint16_t)dws,
                          .first_be = 0xF,
                          .last_be = dws > 1 ? 0xF : 0,
                          .address = DMA_ADDRESS + 4096 * number};
    p.n_dw = (unsigned)tlp_encode(&t, payload, p.dw, MAX_DW);
    return p;
}

/* The layer hears of a data write on dma; the design sends it at its turn in the script. */
static void script_dma(struct rig *r, unsigned number, unsigned dws)
{
    const struct packet p = dma_write(number, dws);
    r->dut.script.packet[r->dut.script.count++] = p;
    r->dut.hold_back += 1 + (unsigned)stream_beats(p.n_dw, DATA_DW);
    drive(r, &r->in.dma, &p);
}

static void write_entry(struct rig *r, unsigned vector, unsigned field, uint32_t value)
{
    struct packet p;
    const uint32_t payload = tlp_payload_le(value);
    const struct tlp t = {.kind = TLP_MWR, .length = 1, .first_be = 0xF, .address = 16 * vector + 4 * field};
    p.n_dw = (unsigned)tlp_encode(&t, &payload, p.dw, MAX_DW);
    drive(r, &r->in.rx, &p);
}

static bool same(const struct packet *a, const struct packet *b)
{
    return a->n_dw == b->n_dw && memcmp(a->dw, b->dw, a->n_dw * sizeof a->dw[0]) == 0;
}

/* --- the list --- */

static void every_check_has_a_fault(void **state)
{
    (void)state;
    bool has[CHECK_COUNT] = {false};
    const struct fault_info *info;
    for (unsigned i = 0; (info = fault_info(i)) != NULL; i++) {
        has[info->check] = true;
        assert_ptr_equal(fault_find(info->name), info); /* so names are unique */
        assert_non_null(info->test);
        assert_true(strlen(info->sentence) > 0);
    }
    for (int id = 0; id < CHECK_COUNT; id++) {
        if (!has[id])
            fail_msg("no fault for check %s", check_info((enum check_id)id)->name);
    }
    assert_int_equal(fault_find("none")->check, CHECK_COUNT);
    assert_null(fault_find("no_such_fault"));
    assert_null(fault_create("no_such_fault", &config));
}

/* --- transparent --- */

static void without_a_fault_it_is_the_design(void **state)
{
    (void)state;
    struct dut d = {0};
    struct dut_in in = {.rst_n = true, .evt_valid = true};
    struct dut_out out;
    fault_cycle(NULL, &d, &in, &out);
    assert_int_equal(d.events, 1);
    assert_true(out.evt_ready);
}

static void one_beat_takes_no_clock(void **state)
{
    (void)state;
    struct rig *r = rig_new("none");
    for (unsigned v = 0; v < 8; v++)
        script_message(r, v);
    run(r, 8);
    assert_int_equal(r->seen.count, 8);
    rig_free(r);
}

static void long_tlps_fill_the_stream(void **state)
{
    (void)state;
    struct rig *r = rig_new("none");
    for (unsigned k = 0; k < 6; k++)
        r->dut.script.packet[r->dut.script.count++] = dma_write(k, 16); /* 5 beats */
    run(r, 6 * 5 + 4);
    assert_int_equal(r->seen.count, 6);
    rig_free(r);
}

static void all_passes_unaltered_under_back_pressure(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 1);
    for (unsigned round = 0; round < 200; round++) {
        struct rig *r = rig_new("none");
        while (r->dut.script.count < 40) {
            if (rng_percent(&rng, 50))
                script_message(r, rng_below(&rng, 8));
            else
                r->dut.script.packet[r->dut.script.count++] = dma_write(rng_below(&rng, 90), 1 + rng_below(&rng, 32));
        }
        for (unsigned i = 0; i < 2000 && r->seen.count < 40; i++) {
            r->in.tx_tready = rng_percent(&rng, 1 + round % 100);
            step(r);
        }
        for (unsigned k = 0; k < r->seen.count; k++)
            assert_true(same(&r->seen.packet[k], &r->dut.script.packet[k]));
        assert_true(r->seen.count == 40 || round % 100 < 40);
        assert_int_equal(r->withdrawn, 0);
        assert_int_equal(fault_strikes(r->fault), 0);
        rig_free(r);
    }
}

static void a_stalled_host_leaves_one_message_in_the_layer(void **state)
{
    (void)state;
    struct rig *r = rig_new("none");
    for (unsigned v = 0; v < 8; v++)
        script_message(r, v);
    r->in.tx_tready = false;
    r->in.flr_done = true;
    run(r, 20);
    assert_int_equal(r->dut.next, 1);
    assert_false(r->dut.flr_done); /* a function-level reset may not end before it has left */
    r->in.rst_n = false;
    step(r);
    r->in.rst_n = r->in.tx_tready = true;
    r->dut.next = r->dut.script.count;
    run(r, 20);
    assert_int_equal(r->seen.count, 0); /* reset emptied it */
    rig_free(r);
}

/* --- damage on tx --- */

/* Plays two messages under the fault; returns the rig. */
static struct rig *play(const char *fault, unsigned messages)
{
    struct rig *r = rig_new(fault);
    for (unsigned v = 0; v < messages; v++)
        script_message(r, v);
    run(r, 200);
    assert_int_equal(fault_strikes(r->fault), 1);
    return r;
}

static void one_bit_of_one_message(void **state)
{
    (void)state;
    struct rig *r = play("msg_ep", 3);
    struct packet wanted = r->dut.script.packet[0];
    wanted.dw[0] ^= UINT32_C(0x4000);
    assert_true(same(&r->seen.packet[0], &wanted));
    assert_true(same(&r->seen.packet[1], &r->dut.script.packet[1]));
    assert_int_equal(r->seen.count, 3);
    rig_free(r);
}

static void payload_bits_are_numbers(void **state)
{
    (void)state;
    struct rig *r = play("msg_data", 1);
    assert_int_equal(tlp_payload_le(r->seen.packet[0].dw[3]), 0x4000 ^ 0x20000);
    rig_free(r);
}

static void dropped(void **state)
{
    (void)state;
    struct rig *r = play("msg_dropped", 3);
    assert_int_equal(r->seen.count, 2);
    assert_true(same(&r->seen.packet[0], &r->dut.script.packet[1]));
    rig_free(r);
}

static void twice_and_again_later(void **state)
{
    (void)state;
    const struct {
        const char *name;
        unsigned copy;
    } row[] = {{"msg_twice", 1}, {"msg_again", 2}};
    for (unsigned i = 0; i < 2; i++) {
        struct rig *r = play(row[i].name, 2);
        assert_int_equal(r->seen.count, 3);
        assert_true(same(&r->seen.packet[row[i].copy], &r->dut.script.packet[0]));
        assert_true(same(&r->seen.packet[3 - row[i].copy], &r->dut.script.packet[1]));
        rig_free(r);
    }
}

static void sizes_and_forms(void **state)
{
    (void)state;
    const struct {
        const char *name;
        unsigned n_dw;
        enum tlp_defect defect;
    } row[] = {{"tlp_truncated", 3, TLP_BAD_LENGTH}, {"msg_two_dw", 5, TLP_OK},  {"msg_td", 5, TLP_OK},
               {"msg_wide_header", 5, TLP_OK},       {"tlp_msgd", 5, TLP_OK},    {"tlp_prefix", 4, TLP_BAD_TYPE},
               {"tlp_type", 4, TLP_BAD_TYPE},        {"tlp_io_write", 4, TLP_OK}};
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct rig *r = play(row[i].name, 1);
        struct tlp t;
        assert_int_equal(r->seen.packet[0].n_dw, row[i].n_dw);
        assert_int_equal(tlp_decode(r->seen.packet[0].dw, row[i].n_dw, &t), row[i].defect);
        rig_free(r);
    }
}

static void data_writes_change_places(void **state)
{
    (void)state;
    struct rig *r = rig_new("dma_swapped");
    script_dma(r, 1, 4);
    script_dma(r, 2, 9);
    script_dma(r, 3, 4);
    run(r, 60);
    assert_int_equal(r->seen.count, 3);
    assert_true(same(&r->seen.packet[0], &r->dut.script.packet[1]));
    assert_true(same(&r->seen.packet[1], &r->dut.script.packet[0]));
    assert_true(same(&r->seen.packet[2], &r->dut.script.packet[2]));
    rig_free(r);
}

static void a_message_passes_a_data_write(void **state)
{
    (void)state;
    struct rig *r = rig_new("msg_overtakes_dma");
    script_dma(r, 1, 4);
    script_dma(r, 2, 4);
    script_message(r, 0);
    run(r, 60);
    assert_int_equal(r->seen.count, 3);
    assert_true(same(&r->seen.packet[0], &r->dut.script.packet[1]));
    assert_true(same(&r->seen.packet[1], &r->dut.script.packet[2]));
    assert_true(same(&r->seen.packet[2], &r->dut.script.packet[0]));
    rig_free(r);
}

static void delayed(void **state)
{
    (void)state;
    struct rig *r = rig_new("msg_late");
    script_message(r, 0);
    run(r, 20);
    assert_int_equal(r->seen.count, 0);
    run(r, 1);
    assert_int_equal(r->seen.count, 1);
    rig_free(r);
}

static void a_waiting_beat_is_disturbed_once(void **state)
{
    (void)state;
    static const char *const name[] = {"stream_withdraw", "stream_change"};
    for (unsigned i = 0; i < 2; i++) {
        struct rig *r = rig_new(name[i]);
        script_message(r, 0);
        r->in.tx_tready = false;
        run(r, 10);
        r->in.tx_tready = true;
        run(r, 10);
        assert_in_range(r->withdrawn, 1, 2);
        assert_int_equal(fault_strikes(r->fault), 1);
        assert_int_equal(r->seen.count, 1);
        rig_free(r);
    }
}

/* --- damage on the way in --- */

static void an_event_is_swallowed(void **state)
{
    (void)state;
    struct rig *r = rig_new("pba_zero"); /* the first event of a masked vector */
    write_entry(r, 3, 3, 0);
    r->in.evt_valid = true;
    r->in.evt_vector = 3;
    step(r);
    r->in.evt_vector = 2;
    step(r);
    assert_true(r->out.evt_ready);
    assert_int_equal(r->dut.last_event, 3);
    step(r);
    assert_int_equal(r->dut.last_event, 2);
    assert_int_equal(fault_strikes(r->fault), 1);
    rig_free(r);
}

static void a_table_write_is_altered(void **state)
{
    (void)state;
    struct rig *r = rig_new("mask_lost");
    script_message(r, 0);
    run(r, 4); /* strikes after the first message */
    write_entry(r, 3, 2, 0xFFFFFFFF);
    write_entry(r, 3, 3, 0);
    write_entry(r, 3, 3, 1);
    write_entry(r, 4, 3, 1);
    assert_int_equal(r->dut.rx.count, 4);
    assert_int_equal(tlp_payload_le(r->dut.rx.packet[0].dw[3]), 0xFFFFFFFF);
    assert_int_equal(tlp_payload_le(r->dut.rx.packet[1].dw[3]), 0);
    assert_int_equal(tlp_payload_le(r->dut.rx.packet[2].dw[3]), 0); /* struck */
    assert_int_equal(tlp_payload_le(r->dut.rx.packet[3].dw[3]), 1);
    assert_int_equal(fault_strikes(r->fault), 1);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_has_a_fault),
        cmocka_unit_test(without_a_fault_it_is_the_design),
        cmocka_unit_test(one_beat_takes_no_clock),
        cmocka_unit_test(long_tlps_fill_the_stream),
        cmocka_unit_test(all_passes_unaltered_under_back_pressure),
        cmocka_unit_test(a_stalled_host_leaves_one_message_in_the_layer),
        cmocka_unit_test(one_bit_of_one_message),
        cmocka_unit_test(payload_bits_are_numbers),
        cmocka_unit_test(dropped),
        cmocka_unit_test(twice_and_again_later),
        cmocka_unit_test(sizes_and_forms),
        cmocka_unit_test(data_writes_change_places),
        cmocka_unit_test(a_message_passes_a_data_write),
        cmocka_unit_test(delayed),
        cmocka_unit_test(a_waiting_beat_is_disturbed_once),
        cmocka_unit_test(an_event_is_swallowed),
        cmocka_unit_test(a_table_write_is_altered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
