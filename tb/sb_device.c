#include "sb.h"

#include "intx_format.h"

#include <inttypes.h>

/* --- reads of the device logic --- */

static uint16_t device_register(const struct scoreboard *sb)
{
    return (uint16_t)(sb->config.pcie_cap + CFG_DEVICE_CONTROL);
}

/* Transactions Pending may change. */
static void pending_changes(struct scoreboard *sb)
{
    if (sb->config.pcie_cap)
        sb_loosen_config_reads(sb, device_register(sb), CFG_TRANSACTIONS_PENDING);
}

void sb_dmr_accepted(struct scoreboard *sb, const struct seen *what)
{
    if (sb->flr == SB_FLR_ON) /* swallowed */
        return;
    /* what it returns is not looked at: a request that is none is caught by the design's assertions */
    (void)dmr_ledger_accept(&sb->dmr, &what->tlp, what->dw, what->n_dw, sb_data_mark(sb));
    pending_changes(sb);
}

void sb_dmr_sent(struct scoreboard *sb, const struct seen *what)
{
    const enum dmr_sent verdict = dmr_ledger_send(&sb->dmr, &what->tlp, what->dw, what->n_dw, sb->ledger->sent);
    const bool whole = verdict == DMR_SENT || verdict == DMR_EARLY;
    if (!check(sb->checks, CHECK_FLR_STALE, verdict != DMR_DROPPED))
        check_report(
            sb->checks, CHECK_FLR_STALE, -1,
            "the read request with tag %02Xh was handed over before a reset that has ended; allowed: dropped for "
            "good (RACE-30)",
            what->tlp.tag);
    else if (!check(sb->checks, CHECK_DMR_CONTENT, whole))
        check_report(sb->checks, CHECK_DMR_CONTENT, -1, "the read request with tag %02Xh %s (ORD-27)", what->tlp.tag,
                     verdict == DMR_ALTERED ? "differs from the one handed over; allowed: every DW untouched"
                                            : "was not handed over, or has left before; allowed: each once");
    if (whole && !check(sb->checks, CHECK_DMR_ORDER, verdict == DMR_SENT))
        check_report(sb->checks, CHECK_DMR_ORDER, -1,
                     "the read request with tag %02Xh overtook data writes that were handed over before it: %" PRIu64
                     " have been sent; allowed: the request behind them (ORD-11)",
                     what->tlp.tag, sb->ledger->sent);
    if (!check(sb->checks, CHECK_DMR_BUS_MASTER, sb_may_master(sb)))
        check_report(sb->checks, CHECK_DMR_BUS_MASTER, -1,
                     "the read request with tag %02Xh was sent although bus mastering is off; allowed: none after the "
                     "fence (CFG-02)",
                     what->tlp.tag);
}

/* Error status of a completion that the block takes. */
static void completion_errors(struct scoreboard *sb, const struct tlp *t, bool certain)
{
    if (t->ep && t->payload_dw > 0) {
        sb_error(sb, 1U << CFG_DETECTED_PARITY | 1U << CFG_NONFATAL, 1U << SB_POISONED, certain);
        if (cfg_model_parity_response(&sb->cfg) || !sb_proven(sb, sb->parity_moment))
            sb_error(sb, 1U << CFG_MASTER_PARITY, 0, certain && sb_proven(sb, sb->parity_moment));
    }
    if (t->status != TLP_SC)
        sb_error(sb, t->status == TLP_CA ? 1U << CFG_RECEIVED_TARGET_ABORT : 1U << CFG_RECEIVED_MASTER_ABORT, 0,
                 certain);
}

void sb_dmr_answered(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const bool captured = sb_proven(sb, sb->config_moment); /* the ID of the registers is in force */
    const bool ours =
        captured ? t->requester_id == id_history_newest(&sb->ids) : id_history_allows(&sb->ids, t->requester_id);
    const bool certain = !sb_is_shaky(sb) && (captured || id_history_settled(&sb->ids));
    switch (dmr_ledger_complete(&sb->dmr, t, what->dw, what->n_dw, ours, certain)) {
    case DMR_DELIVER:
        completion_errors(sb, t, certain);
        if (!certain)
            sb_error(sb, 1U << CFG_CORRECTABLE, 1U << SB_UNEXPECTED, false);
        break;
    case DMR_UNEXPECTED: /* CFG-19; a poisoned one is reported as both or as one */
        sb_error(sb, 1U << CFG_CORRECTABLE, 1U << SB_UNEXPECTED, true);
        if (t->ep && t->payload_dw > 0)
            sb_error(sb, 1U << CFG_DETECTED_PARITY | 1U << CFG_NONFATAL, 1U << SB_POISONED, false);
        break;
    case DMR_MALFORMED:
        sb_error(sb, 1U << CFG_FATAL, 1U << SB_MALFORMED, true);
        if (t->ep && t->payload_dw > 0)
            sb_error(sb, 1U << CFG_DETECTED_PARITY | 1U << CFG_NONFATAL, 1U << SB_POISONED, false);
        break;
    }
    pending_changes(sb);
}

void sb_dmc_delivered(struct scoreboard *sb, const struct seen *what)
{
    const enum dmr_delivery verdict = dmr_ledger_deliver(&sb->dmr, &what->tlp, what->dw, what->n_dw);
    const bool due = verdict == DMC_DUE || verdict == DMC_OVERTAKES;
    if (!check(sb->checks, CHECK_DMC_CONTENT, due))
        check_report(sb->checks, CHECK_DMC_CONTENT, -1,
                     "a completion with tag %02Xh was given to the device logic that %s (CFG-19)", what->tlp.tag,
                     verdict == DMC_ALTERED ? "differs from what the host sent; allowed: every DW untouched"
                                            : "is not due; allowed: completions of outstanding reads, once");
    if (due && !check(sb->checks, CHECK_DMC_ORDER, verdict == DMC_DUE))
        check_report(
            sb->checks, CHECK_DMC_ORDER, -1,
            "a completion with tag %02Xh overtook an earlier one of the same read; allowed: their order (ORD-14)",
            what->tlp.tag);
    pending_changes(sb);
}

/* --- the legacy interrupt --- */

void sb_intx_level(struct scoreboard *sb, bool level)
{
    intx_model_level(&sb->intx, sb->moment, level, sb_data_mark(sb));
    sb_loosen_config_reads(sb, CFG_COMMAND, CFG_STATUS_INTERRUPT);
}

void sb_intx_sent(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const bool ido = sb_ido_allowed(sb);
    const bool assert = intx_format_asserts(t);
    if (!intx_format_judge(sb->checks, t, sb->config.intx_pin, ido))
        return;
    if (!check(sb->checks, CHECK_INTX_REQUESTER, id_history_allows(&sb->ids, t->requester_id)))
        check_report(
            sb->checks, CHECK_INTX_REQUESTER, -1,
            "an INTx message carries Requester ID %04X; allowed: %04X, captured from the last CfgWr0 (INTX-04)",
            t->requester_id, id_history_newest(&sb->ids));
    const enum intx_verdict verdict = intx_model_message(&sb->intx, assert, sb->ledger->sent);
    const char *name = assert ? "Assert_INTx" : "Deassert_INTx";
    const bool twice = verdict == INTX_DUPLICATE && sb->policy->intx_duplicates == POLICY_NO;
    if (!check(sb->checks, CHECK_INTX_DUPLICATE, !twice))
        check_report(sb->checks, CHECK_INTX_DUPLICATE, -1,
                     "%s was sent twice in a row; allowed: that they alternate (INTX-06)", name);
    /* a write that may be refused counts from its completion on, and may be in force before */
    if (!check(sb->checks, CHECK_INTX_CAUSE, verdict != INTX_NO_CAUSE || sb->trials > 0))
        check_report(
            sb->checks, CHECK_INTX_CAUSE, -1,
            "%s was sent, but level %d, Interrupt Disable %d, MSI-X Enable %d and D%u say otherwise since the last "
            "fence; allowed: a message for an edge (INTX-06)",
            name, intx_model_cause(&sb->intx), cfg_model_int_disable(&sb->cfg), cfg_model_msix_enable(&sb->cfg),
            cfg_model_dstate(&sb->cfg));
    if (!check(sb->checks, CHECK_INTX_ORDER, verdict != INTX_EARLY))
        check_report(sb->checks, CHECK_INTX_ORDER, -1,
                     "%s overtook data writes that were handed over before its edge: only %" PRIu64
                     " have been sent; allowed: the message behind them (ORD-28)",
                     name, sb->ledger->sent);
}

/* --- what configuration reads show of both --- */

void sb_dynamic_bits(const struct scoreboard *sb, uint16_t reg, uint32_t *value, uint32_t *care)
{
    const bool prompt = sb->policy->prompt_visibility == POLICY_YES;
    if (reg == CFG_COMMAND && sb->config.intx_pin) {
        *value |= intx_model_cause(&sb->intx) ? CFG_STATUS_INTERRUPT : 0;
        if (prompt && !cfg_model_msix_enable(&sb->cfg) && sb_proven(sb, sb->msix_moment)) /* CFG-05 */
            *care |= CFG_STATUS_INTERRUPT;
    } else if (sb->config.pcie_cap && reg == device_register(sb)) {
        *value |= dmr_ledger_outstanding(&sb->dmr) > 0 ? CFG_TRANSACTIONS_PENDING : 0;
        if (prompt && dmr_ledger_settled(&sb->dmr))
            *care |= CFG_TRANSACTIONS_PENDING;
    }
}
