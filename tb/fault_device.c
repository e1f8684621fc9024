/*
 * fault_device.c - planted faults of what belongs to the device logic and the function as a whole: reads and their completions,
 * INTx, errors, function-level reset. See fault_plan.h.
 */
#include "fault_plan.h"

#define BIT(n) (UINT32_C(1) << (n))

/* --- completions on dmc --- */

bool fault_dmc_flip(struct fault *f, struct tx_packet *packet, const struct tlp *t)
{
    (void)t;
    packet->dw[f->plan->dw] ^= f->plan->flip;
    return true;
}

bool fault_dmc_drop(struct fault *f, struct tx_packet *packet, const struct tlp *t)
{
    (void)t;
    tx_proxy_remove(&f->dmc, packet);
    return true;
}

/* Only then is it wrong if the next read passes the write: one that was handed over before it may leave before or behind. */
static bool reads_are_behind(const struct fault *f, const struct tx_packet *packet, const struct fault_what *what)
{
    (void)packet;
    return fault_view_reads_are_behind(&f->view, what->tlp.address);
}

bool fault_dmc_swap(struct fault *f, struct tx_packet *packet, const struct tlp *t)
{
    (void)f;
    packet->held = t->byte_count > 4U * t->payload_dw;
    return packet->held;
}

/* --- pins --- */

void fault_note_flr(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (f->on && !out->flr_active && f->copy.n_dw > 0)
        f->due = f->time + 1;
    f->on = out->flr_active;
}

void fault_hide_flr(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    f->strikes += out->flr_active;
    out->flr_active = false;
}

void fault_lose_pulse(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    f->strikes += out->err_ur;
    out->err_ur = false;
}

static bool once_after_requests(struct fault *f)
{
    const bool now = f->strikes == 0 && f->view.requests >= f->plan->amount;
    f->strikes += now;
    return now;
}

void fault_extra_pulse(struct fault *f, const struct dut_in *in, struct dut_out *out)
{
    (void)in;
    if (once_after_requests(f))
        out->err_ur = true;
}

void fault_extra_level(struct fault *f, struct dut_in *in)
{
    if (!in->intx_level && once_after_requests(f))
        in->intx_level = true;
}

const struct fault_plan fault_device_plans[] = {
    {.info = {"tlp_read", "the block sends a read that nobody asked for", CHECK_DMR_CONTENT,
              "device_reads_return_host_memory", false},
     .times = 1,
     .kinds = FAULT_DMAS,
     .tx = fault_add_read},
    {.info = {"dmr_altered", "a read request asks for other bytes", CHECK_DMR_CONTENT,
              "device_reads_return_host_memory", false},
     .times = 1,
     .kinds = FAULT_DEVICE_READS,
     .tx = fault_flip,
     .dw = 1,
     .flip = BIT(0)},
    {.info = {"dmr_twice", "a read request is sent twice", CHECK_DMR_CONTENT, "device_reads_return_host_memory", false},
     .times = 1,
     .kinds = FAULT_DEVICE_READS,
     .tx = fault_duplicate},
    {.info = {"dmr_overtakes", "a read request passes the data write in front of it", CHECK_DMR_ORDER,
              "device_read_waits_behind_writes", false},
     .skip = 16,
     .times = 1,
     .kinds = FAULT_DMAS,
     .when = reads_are_behind,
     .tx = fault_hold,
     .until = FAULT_DEVICE_READS,
     .count = 1},
    {.info = {"dmr_bus_master", "read requests go on after Bus Master Enable was cleared", CHECK_DMR_BUS_MASTER,
              "bus_master_off_holds_reads", false},
     .port = FAULT_PORT_RX,
     .reaches = fault_to_command,
     .mask = BIT(2),
     .match = 0,
     .flip = BIT(2),
     .output = fault_hide_bme},
    {.info = {"dmr_lost", "a read request is never sent", CHECK_DMR_LOST, "device_reads_return_host_memory", false},
     .times = 1,
     .kinds = FAULT_DEVICE_READS,
     .tx = fault_drop},
    {.info = {"dmc_altered", "a completion reaches the device logic with a wrong bit", CHECK_DMC_CONTENT,
              "device_reads_return_host_memory", false},
     .times = 1,
     .dmc = fault_dmc_flip,
     .dw = 3,
     .flip = BIT(20)},
    {.info = {"dmc_swapped", "two completions of a read change places", CHECK_DMC_ORDER,
              "device_reads_return_host_memory", false},
     .times = 1,
     .dmc = fault_dmc_swap},
    {.info = {"dmc_lost", "completions never reach the device logic", CHECK_DMC_LOST, "device_reads_return_host_memory",
              false},
     .dmc = fault_dmc_drop},
    {.info = {"intx_routing", "an INTx message has another routing", CHECK_INTX_FORMAT, "intx_wire_follows_the_level",
              false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_flip,
     .dw = 0,
     .flip = BIT(24)},
    {.info = {"intx_other_wire", "an INTx message is that of another pin", CHECK_INTX_FORMAT,
              "intx_wire_follows_the_level", false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_flip,
     .dw = 1,
     .flip = BIT(0)},
    {.info = {"intx_reserved", "a reserved byte of an INTx message is not 0", CHECK_INTX_FORMAT,
              "intx_wire_follows_the_level", false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_flip,
     .dw = 3,
     .flip = BIT(9)},
    {.info = {"intx_requester", "an INTx message has another requester", CHECK_INTX_REQUESTER,
              "intx_wire_follows_the_level", false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_flip,
     .dw = 1,
     .flip = BIT(27)},
    {.info = {"intx_twice", "Assert_INTx is sent twice", CHECK_INTX_DUPLICATE, "intx_wire_follows_the_level", false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_duplicate},
    {.info = {"intx_spurious", "the design sees a cause that nobody raised", CHECK_INTX_CAUSE,
              "intx_waits_behind_data_without_credit", false},
     .amount = 2,
     .input = fault_extra_level},
    {.info = {"intx_overtakes", "Assert_INTx passes the data write in front of it", CHECK_INTX_ORDER,
              "intx_waits_behind_data_without_credit", false},
     .skip = 16,
     .times = 1,
     .kinds = FAULT_DMAS,
     .tx = fault_hold,
     .until = FAULT_INTX,
     .count = 1},
    {.info = {"intx_lost", "Assert_INTx is never sent", CHECK_INTX_STATE, "intx_wire_follows_the_level", false},
     .times = 1,
     .kinds = FAULT_INTX,
     .tx = fault_drop},
    {.info = {"pulse_lost", "an Unsupported Request is not pulsed", CHECK_ERROR_PULSES,
              "unsupported_requests_set_their_status", false},
     .output = fault_lose_pulse},
    {.info = {"pulse_extra", "an error is pulsed that nobody sent", CHECK_ERROR_PULSES,
              "unsupported_requests_set_their_status", false},
     .amount = 2,
     .output = fault_extra_pulse},
    {.info = {"flr_hidden", "flr_active is never set", CHECK_FLR_ACTIVE, "flr_resets_all_but_what_it_keeps", false},
     .output = fault_hide_flr},
    {.info = {"flr_stale", "a data write of before a function-level reset is sent after it", CHECK_FLR_STALE,
              "data_sent_before_flr_stays_in_memory", false},
     .times = 1,
     .kinds = FAULT_DMAS,
     .tx = fault_keep_over_flr,
     .output = fault_note_flr},
};

const unsigned fault_device_plan_count = sizeof fault_device_plans / sizeof fault_device_plans[0];
