#include "scoreboard.h"

#include "msg_format.h"
#include "sb.h"

#include <inttypes.h>
#include <stdlib.h>

static struct cfg_params cfg_params_of(const struct dut_config *c)
{
    return (struct cfg_params){.nvec = c->nvec,
                               .bar0_size_log2 = c->bar0_size_log2,
                               .table_offset = c->table_offset,
                               .pba_offset = c->pba_offset,
                               .msix_cap_offset = 0xB0,
                               .intx_pin = 0,
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
    sb->ledger = calloc(1, sizeof *sb->ledger);
    sb->cpl = calloc(1, sizeof *sb->cpl);
    if (!sb->msix || !sb->ledger || !sb->cpl) {
        scoreboard_destroy(sb);
        return NULL;
    }
    const struct cfg_params params = cfg_params_of(config);
    cfg_model_init(&sb->cfg, &params);
    cpl_checker_init(sb->cpl);
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
    sb->decode_moment = sb->config_moment = sb->requests = 0;
    sb->fence_moment = 1; /* reset is proven */
    sb->moment = 1;
}

/* --- tx --- */

static void judge_data_write(struct scoreboard *sb, const struct seen *what, enum ledger_verdict verdict)
{
    static const char *const wrong[] = {
        [LEDGER_OVERTAKES] =
            "overtook one that was handed over before it; allowed: the order of their last beats, unless it "
            "carries RO = 1 (ORD-05)",
        [LEDGER_AGAIN] = "was sent a second time; allowed: once (ORD-27)",
        [LEDGER_ALTERED] = "differs from the one handed over for this address; allowed: every DW untouched (ORD-27)",
        [LEDGER_UNKNOWN] =
            "was never handed over and fits no table entry; allowed: what the device logic gave (ORD-27)"};
    const bool order = verdict == LEDGER_SENT || verdict == LEDGER_OVERTAKES || verdict == LEDGER_AGAIN;
    const enum check_id id = order ? CHECK_DMA_ORDER : CHECK_DMA_CONTENT;
    if (!check(sb->checks, id, verdict == LEDGER_SENT))
        check_report(sb->checks, id, -1, "the data write to %016" PRIX64 " %s", what->tlp.address, wrong[verdict]);
    if (verdict == LEDGER_SENT)
        check(sb->checks, CHECK_DMA_CONTENT, true);
    if (!check(sb->checks, CHECK_DMA_BUS_MASTER, msix_model_may_write(sb->msix)))
        check_report(sb->checks, CHECK_DMA_BUS_MASTER, -1,
                     "a data write to %016" PRIX64 " was sent although bus mastering is off; allowed: none after the "
                     "fence (MSIX-PBA-27)",
                     what->tlp.address);
}

static void judge_message(struct scoreboard *sb, struct seen *what)
{
    const struct tlp *t = &what->tlp;
    msg_format_judge(sb->checks, t);
    if (!check(sb->checks, CHECK_MSG_REQUESTER, id_history_allows(&sb->ids, t->requester_id)))
        check_report(sb->checks, CHECK_MSG_REQUESTER, -1,
                     "a message carries Requester ID %04X; allowed: %04X, captured from the last CfgWr0 (TLP-17)",
                     t->requester_id, id_history_newest(&sb->ids));
    what->vector =
        msix_model_message(sb->msix, sb->moment, t->address, tlp_payload_le(what->dw[t->header_dw]), sb->ledger->sent);
}

/* A write that is neither a data write that is due nor a message that is known by its fields: which of the two was it meant to be? */
static bool looks_like_message(const struct scoreboard *sb, const struct tlp *t, enum ledger_verdict verdict)
{
    if (verdict == LEDGER_ALTERED)
        return false;
    return msix_model_knows_address(sb->msix, t->address) || (verdict == LEDGER_UNKNOWN && t->length == 1);
}

static void memory_write(struct scoreboard *sb, struct seen *what)
{
    const struct tlp *t = &what->tlp;
    bool message = t->length == 1 && msix_model_expects(sb->msix, t->address, tlp_payload_le(what->dw[t->header_dw]));
    if (!message) {
        enum ledger_verdict verdict = order_ledger_send(sb->ledger, t, what->dw, what->n_dw);
        what->is_dma = verdict == LEDGER_SENT || !looks_like_message(sb, t, verdict);
        if (what->is_dma)
            judge_data_write(sb, what, verdict);
        message = !what->is_dma;
    }
    (void)host_memory_apply(&sb->memory, t, what->dw + t->header_dw);
    if (message)
        judge_message(sb, what);
}

static void tx(struct scoreboard *sb, struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const bool known = t->defect != TLP_BAD_TYPE && (t->kind == TLP_MWR || t->kind == TLP_CPL || t->kind == TLP_CPLD);
    if (!check(sb->checks, CHECK_TLP_TYPE, known)) {
        check_report(sb->checks, CHECK_TLP_TYPE, -1,
                     "a TLP with Fmt %u Type %u (%s) was sent; allowed: MWr, Cpl and CplD (TLP-01, TLP-23)", t->fmt,
                     t->type, tlp_kind_name(t->kind));
        return;
    }
    if (!check(sb->checks, CHECK_TLP_LENGTH, t->defect == TLP_OK)) {
        check_report(
            sb->checks, CHECK_TLP_LENGTH, -1,
            "a %s of %u DWs was sent, but its header says Length %u, TD %d; allowed: exactly that (TLP-02, TLP-25)",
            tlp_kind_name(t->kind), what->n_dw, t->length, t->td);
        return;
    }
    if (t->kind == TLP_MWR)
        memory_write(sb, what);
    else
        sb_completion(sb, what);
}

/* --- the observer --- */

static void dma(struct scoreboard *sb, const struct seen *what)
{
    if (order_ledger_accept(sb->ledger, &what->tlp, what->dw, what->n_dw) == 0)
        return;
    check(sb->checks, CHECK_DMA_LOST, false);
    check_report(sb->checks, CHECK_DMA_LOST, -1, "%u data writes were handed over and none of them was sent",
                 LEDGER_SLOTS);
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
        msix_model_event(sb->msix, sb->moment, (unsigned)what->vector, sb->ledger->accepted);
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
        break;
    }
    sb_history_add(sb, what, concerns); /* before tx is judged, so that a failure shows the TLP that it is about */
    if (what->kind == SEEN_TLP && what->stream == SEEN_TX) {
        tx(sb, what);
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
    return order_ledger_waiting(sb->ledger) > 0 || cpl_checker_outstanding(sb->cpl) > 0;
}

bool scoreboard_may_hold_event(const struct scoreboard *sb, unsigned vector)
{
    return msix_model_may_hold(sb->msix, vector);
}

bool scoreboard_is_exact(const struct scoreboard *sb, unsigned vector)
{
    return msix_model_is_exact(sb->msix, vector);
}

bool scoreboard_entry_masked(const struct scoreboard *sb, unsigned vector)
{
    return scoreboard_entry_field(sb, vector, 3) & 1;
}

uint32_t scoreboard_entry_field(const struct scoreboard *sb, unsigned vector, unsigned field)
{
    uint32_t care;
    return msix_model_field(sb->msix, vector, field, UINT64_MAX, &care);
}

bool scoreboard_judge_owed(struct scoreboard *sb)
{
    uint64_t waiting = order_ledger_waiting(sb->ledger);
    if (!check(sb->checks, CHECK_DMA_LOST, waiting == 0))
        check_report(sb->checks, CHECK_DMA_LOST, -1,
                     "%" PRIu64 " data writes were handed over and never sent; allowed: all of them by the end of the "
                     "drain (ORD-27, ENV-08)",
                     waiting);
    return cpl_checker_missing(sb->cpl, sb->checks) > 0 || waiting > 0;
}

struct msix_control scoreboard_control(const struct scoreboard *sb)
{
    return (struct msix_control){.enable = cfg_model_msix_enable(&sb->cfg),
                                 .fmask = cfg_model_msix_fmask(&sb->cfg),
                                 .bme = cfg_model_bme(&sb->cfg)};
}

uint64_t scoreboard_bar0(const struct scoreboard *sb)
{
    return cfg_model_bar0(&sb->cfg);
}

bool scoreboard_decodes(const struct scoreboard *sb)
{
    return cfg_model_mse(&sb->cfg);
}

void scoreboard_finish(struct scoreboard *sb)
{
    msix_model_finish(sb->msix);
    scoreboard_judge_owed(sb);
    rx_grants_drained(&sb->pins.grants, sb->checks);
    if (!check(sb->checks, CHECK_CSR_ACCESS, sb_csr_settled(sb)))
        check_report(sb->checks, CHECK_CSR_ACCESS, -1,
                     "device register accesses are left: %u asked for and not done, %u done unasked", sb->asked.count,
                     sb->done.count);
}

bool scoreboard_out_of_memory(const struct scoreboard *sb)
{
    return msix_model_out_of_memory(sb->msix);
}

size_t scoreboard_explain(const struct scoreboard *sb, unsigned vector, char *text, size_t room)
{
    const int v = vector < sb->config.nvec ? (int)vector : -1;
    size_t used = sb_history_write(sb, v, text, room);
    if (v >= 0)
        used += msix_model_explain(sb->msix, vector, text + used, room - used);
    return used;
}
