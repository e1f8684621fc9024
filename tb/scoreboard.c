#include "scoreboard.h"

#include "sb.h"

#include <inttypes.h>
#include <stdlib.h>

static struct cfg_params cfg_params_of(const struct dut_config *c)
{
    return (struct cfg_params){.nvec = c->nvec,
                               .bar0_size_log2 = c->bar0_size_log2,
                               .table_offset = c->table_offset,
                               .pba_offset = c->pba_offset,
                               .msix_cap_offset = (uint8_t)c->msix_cap,
                               .pm_cap_offset = (uint8_t)c->pm_cap,
                               .pcie_cap_offset = (uint8_t)c->pcie_cap,
                               .no_soft_reset = c->no_soft_reset,
                               .mps_max = c->mps_max,
                               .intx_pin = (uint8_t)c->intx_pin,
                               .vendor_id = c->vendor_id,
                               .device_id = c->device_id,
                               .subsys_vendor_id = c->subsys_vendor_id,
                               .subsys_id = c->subsys_id,
                               .class_code = c->class_code,
                               .revision_id = c->revision_id};
}

struct scoreboard *scoreboard_create(const struct dut_config *config, const struct policy *policy,
                                     struct checks *checks)
{
    struct scoreboard *sb = calloc(1, sizeof *sb);
    if (!sb)
        return NULL;
    sb->config = *config;
    sb->policy = policy;
    sb->checks = checks;
    sb->moment = sb->fence_moment = 1;
    sb->msix = msix_model_create(config->nvec, policy, checks);
    sb->ledger = malloc(sizeof *sb->ledger);
    sb->cpl = malloc(sizeof *sb->cpl);
    if (sb_csr_init(sb) || !sb->msix || !sb->ledger || !sb->cpl) {
        scoreboard_destroy(sb);
        return NULL;
    }
    const struct cfg_params params = cfg_params_of(config);
    cfg_model_init(&sb->cfg, &params);
    order_ledger_init(sb->ledger);
    cpl_checker_init(sb->cpl);
    dmr_ledger_init(&sb->dmr);
    intx_model_reset(&sb->intx, config->intx_pin > 0);
    host_memory_init(&sb->memory);
    sb_pins_reset(sb);
    return sb;
}

void scoreboard_destroy(struct scoreboard *sb)
{
    if (!sb)
        return;
    msix_model_destroy(sb->msix);
    host_memory_free(&sb->memory);
    sb_csr_free(sb);
    free(sb->ledger);
    free(sb->cpl);
    free(sb);
}

/* Conventional reset: everything that was under way is gone, and nobody asks for it. */
static void reset(struct scoreboard *sb)
{
    cfg_model_reset(&sb->cfg);
    msix_model_reset(sb->msix);
    order_ledger_init(sb->ledger);
    cpl_checker_drop_all(sb->cpl);
    id_history_init(&sb->ids);
    sb_csr_reset(sb);
    dmr_ledger_forget(&sb->dmr);
    intx_model_reset(&sb->intx, sb->config.intx_pin > 0);
    sb->errors = (struct sb_errors){.due = false};
    sb->flr = SB_FLR_NONE;
    sb->flr_moment = sb->flr_answered = 0;
    sb->flr_owed = 0;
    sb->trials = 0;
    sb->msix_moment = sb->parity_moment = sb->payload_moment = sb->ido_moment = sb->clear_moment = 0;
    sb->decode_moment = sb->config_moment = sb->requests = 0;
    sb->fence_moment = 1; /* reset is proven */
    sb->flush_moment = 0;
    sb->moment = 1;
}

/* --- the observer --- */

static void dma(struct scoreboard *sb, const struct seen *what)
{
    if (sb->flr == SB_FLR_ON) /* swallowed */
        return;
    if (what->tlp.ep && cfg_model_parity_response(&sb->cfg))
        sb_error(sb, 1U << CFG_MASTER_PARITY, 0, false); /* when it is sent, or is on its way */
    switch (order_ledger_accept(sb->ledger, &what->tlp, what->dw, what->n_dw)) {
    case LEDGER_ACCEPTED:
        break;
    case LEDGER_FULL:
        check(sb->checks, CHECK_DMA_LOST, false);
        check_report(sb->checks, CHECK_DMA_LOST, -1, "%u data writes were handed over and are waiting; allowed: fewer",
                     LEDGER_SLOTS);
        break;
    case LEDGER_TOO_LONG:
        check(sb->checks, CHECK_TEST_EXPECTATION, false);
        check_report(sb->checks, CHECK_TEST_EXPECTATION, -1,
                     "ENV-04: a data write of %u DWs was handed over; a device may hand over %u at most", what->n_dw,
                     LEDGER_TLP_DW);
        break;
    }
}

static void seen(void *ctx, struct seen *what)
{
    struct scoreboard *sb = ctx;
    int concerns = what->vector;
    sb->moment++;
    switch (what->kind) {
    case SEEN_RESET:
        reset(sb);
        concerns = -2;
        break;
    case SEEN_EVENT:
        msix_model_event(sb->msix, sb->moment, (unsigned)what->vector, sb->ledger->accepted, sb_trial_controls(sb));
        break;
    case SEEN_CLEAR:
        msix_model_clear(sb->msix, sb->moment, (unsigned)what->vector);
        break;
    case SEEN_TLP:
        concerns = -1;
        if (what->stream == SEEN_RX) {
            sb->requests++;
            concerns = sb_request(sb, what);
        } else if (what->stream == SEEN_DMA)
            dma(sb, what);
        else if (what->stream == SEEN_DMR)
            sb_dmr_accepted(sb, what);
        else if (what->stream == SEEN_DMC)
            sb_dmc_delivered(sb, what);
        break;
    case SEEN_FLR:
        sb_flr_changed(sb, what->vector);
        concerns = -2;
        break;
    case SEEN_INTX:
        sb_intx_level(sb, what->vector);
        concerns = -1;
        break;
    }
    sb_history_add(sb, what, concerns); /* before tx is judged, so that a failure shows the TLP that it is about */
    if (what->kind == SEEN_TLP && what->stream == SEEN_TX) {
        sb_tx(sb, what);
        sb->past[(sb->n_past - 1) % SB_HISTORY].vector = what->vector;
    }
}

struct observer scoreboard_observer(struct scoreboard *sb)
{
    return (struct observer){.name = "scoreboard", .ctx = sb, .seen = seen};
}

/* --- questions --- */

struct host_memory *scoreboard_host_memory(struct scoreboard *sb)
{
    return &sb->memory;
}

uint64_t scoreboard_messages(const struct scoreboard *sb, unsigned vector)
{
    return msix_model_messages(sb->msix, vector);
}

uint64_t scoreboard_messages_total(const struct scoreboard *sb)
{
    return msix_model_messages_total(sb->msix);
}

bool scoreboard_busy(const struct scoreboard *sb)
{
    return order_ledger_waiting(sb->ledger) > 0 || cpl_checker_outstanding(sb->cpl) > 0 ||
           dmr_ledger_waiting(&sb->dmr) > 0 || dmr_ledger_owed(&sb->dmr) > 0 || intx_model_owes(&sb->intx);
}

bool scoreboard_may_hold_event(const struct scoreboard *sb, unsigned vector)
{
    return msix_model_may_hold(sb->msix, vector);
}

bool scoreboard_is_exact(const struct scoreboard *sb, unsigned vector)
{
    return msix_model_is_exact(sb->msix, vector);
}

uint32_t scoreboard_entry_field(const struct scoreboard *sb, unsigned vector, unsigned field)
{
    uint32_t care;
    return msix_model_field(sb->msix, vector, field, UINT64_MAX, &care);
}

/* Both return true if something is missing. */
static bool judge_reads_owed(struct scoreboard *sb)
{
    const unsigned waiting = dmr_ledger_waiting(&sb->dmr), owed = dmr_ledger_owed(&sb->dmr);
    if (!check(sb->checks, CHECK_DMR_LOST, waiting == 0))
        check_report(sb->checks, CHECK_DMR_LOST, -1,
                     "%u read requests were handed over and never sent; allowed: all of them by the end (ORD-27)",
                     waiting);
    if (!check(sb->checks, CHECK_DMC_LOST, owed == 0))
        check_report(
            sb->checks, CHECK_DMC_LOST, -1,
            "%u completions of the device logic's reads came in and were never delivered; allowed: all of them "
            "(ORD-22)",
            owed);
    return waiting > 0 || owed > 0;
}

static bool judge_wire(struct scoreboard *sb)
{
    const bool owes = intx_model_owes(&sb->intx);
    if (!check(sb->checks, CHECK_INTX_STATE, !owes))
        check_report(
            sb->checks, CHECK_INTX_STATE, -1,
            "all is quiet and INTx is %s; allowed: what level %d, Interrupt Disable %d, MSI-X Enable %d and D%u "
            "say (INTX-08)",
            intx_model_wire(&sb->intx) ? "asserted" : "deasserted", intx_model_cause(&sb->intx),
            cfg_model_int_disable(&sb->cfg), cfg_model_msix_enable(&sb->cfg), cfg_model_dstate(&sb->cfg));
    return owes;
}

bool scoreboard_judge_owed(struct scoreboard *sb)
{
    uint64_t waiting = order_ledger_waiting(sb->ledger);
    if (!check(sb->checks, CHECK_DMA_LOST, waiting == 0))
        check_report(sb->checks, CHECK_DMA_LOST, -1,
                     "%" PRIu64 " data writes were handed over and never sent; allowed: all of them by the end of the "
                     "drain (ORD-27, ENV-08)",
                     waiting);
    const bool reads = judge_reads_owed(sb), wire = judge_wire(sb);
    return cpl_checker_missing(sb->cpl, sb->checks) > 0 || waiting > 0 || reads || wire;
}

struct msix_control scoreboard_control(const struct scoreboard *sb)
{
    return (struct msix_control){.enable = cfg_model_msix_enable(&sb->cfg),
                                 .fmask = cfg_model_msix_fmask(&sb->cfg),
                                 .bme = cfg_model_bme(&sb->cfg) && cfg_model_dstate(&sb->cfg) == 0};
}

uint64_t scoreboard_bar0(const struct scoreboard *sb)
{
    return cfg_model_bar0(&sb->cfg);
}

bool scoreboard_decodes(const struct scoreboard *sb)
{
    return cfg_model_mse(&sb->cfg) && cfg_model_dstate(&sb->cfg) == 0;
}

bool scoreboard_intx_wire(const struct scoreboard *sb)
{
    return intx_model_wire(&sb->intx);
}

unsigned scoreboard_reads_outstanding(const struct scoreboard *sb)
{
    return dmr_ledger_outstanding(&sb->dmr);
}

void scoreboard_finish(struct scoreboard *sb)
{
    msix_model_finish(sb->msix);
    scoreboard_judge_owed(sb);
    sb_errors_finish(sb);
    rx_grants_drained(&sb->pins.grants, sb->checks);
    if (!check(sb->checks, CHECK_CSR_ACCESS, sb_csr_settled(sb)))
        check_report(sb->checks, CHECK_CSR_ACCESS, -1,
                     "device register accesses are left: %u asked for and not done, %u done unasked", sb->asked.count,
                     sb->done.count);
}

bool scoreboard_can_pend(const struct scoreboard *sb, unsigned vector, bool value)
{
    return msix_model_can_pend(sb->msix, vector, value);
}

const struct rx_grants *scoreboard_rx_grants(const struct scoreboard *sb)
{
    return &sb->pins.grants;
}

size_t scoreboard_history(const struct scoreboard *sb, int vector, char *text, size_t room)
{
    return sb_history_write(sb, vector, text, room);
}

size_t scoreboard_hypotheses(const struct scoreboard *sb, unsigned vector, char *text, size_t room)
{
    msix_model_may_hold(sb->msix, vector); /* catches up */
    return msix_model_explain(sb->msix, vector, text, room);
}

bool scoreboard_out_of_memory(const struct scoreboard *sb)
{
    return sb->out_of_memory || msix_model_out_of_memory(sb->msix);
}

size_t scoreboard_explain(const struct scoreboard *sb, unsigned vector, char *text, size_t room)
{
    const int v = vector < sb->config.nvec ? (int)vector : -1;
    size_t used = sb_history_write(sb, v, text, room);
    if (v >= 0)
        used += msix_model_explain(sb->msix, vector, text + used, room - used);
    return used;
}
