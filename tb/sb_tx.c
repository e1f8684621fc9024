#include "sb.h"

#include "intx_format.h"
#include "memory.h"
#include "msg_format.h"

#include <inttypes.h>

static void judge_data_write(struct scoreboard *sb, const struct seen *what, enum ledger_verdict verdict)
{
    static const char *const wrong[] = {
        [LEDGER_OVERTAKES] =
            "overtook one that was handed over before it; allowed: the order of their last beats, unless it "
            "carries RO = 1 (ORD-05)",
        [LEDGER_AGAIN] = "was sent a second time; allowed: once (ORD-27)",
        [LEDGER_ALTERED] = "differs from the one handed over for this address; allowed: every DW untouched (ORD-27)",
        [LEDGER_DROPPED] = "was handed over before a function-level reset that has ended; allowed: dropped for good "
                           "(RACE-30)",
        [LEDGER_UNKNOWN] =
            "was never handed over and fits no table entry; allowed: what the device logic gave (ORD-27)"};
    const bool order = verdict == LEDGER_SENT || verdict == LEDGER_OVERTAKES || verdict == LEDGER_AGAIN;
    const enum check_id id = order ? CHECK_DMA_ORDER : verdict == LEDGER_DROPPED ? CHECK_FLR_STALE : CHECK_DMA_CONTENT;
    if (!check(sb->checks, id, verdict == LEDGER_SENT))
        check_report(sb->checks, id, -1, "the data write to %016" PRIX64 " %s", what->tlp.address, wrong[verdict]);
    if (verdict == LEDGER_SENT) {
        check(sb->checks, CHECK_DMA_CONTENT, true);
        check(sb->checks, CHECK_FLR_STALE, true);
    }
    if (!check(sb->checks, CHECK_DMA_BUS_MASTER, sb_may_write(sb)))
        check_report(sb->checks, CHECK_DMA_BUS_MASTER, -1,
                     "a data write to %016" PRIX64 " was sent although bus mastering is off; allowed: none after the "
                     "fence (MSIX-PBA-27)",
                     what->tlp.address);
}

/* A poisoned data write sets Master Data Parity Error if Parity Error Response is 1 (CFG-25). */
static void poisoned_write(struct scoreboard *sb)
{
    const bool proven = sb_proven(sb, sb->parity_moment);
    if (cfg_model_parity_response(&sb->cfg) || !proven)
        sb_error(sb, 1U << CFG_MASTER_PARITY, 0, proven);
}

static void judge_message(struct scoreboard *sb, struct seen *what)
{
    const struct tlp *t = &what->tlp;
    msg_format_judge(sb->checks, t, cfg_model_ido_request(&sb->cfg) || !sb_proven(sb, sb->ido_moment));
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
    if (verdict == LEDGER_ALTERED || verdict == LEDGER_DROPPED)
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
    if (host_memory_apply(&sb->memory, t, what->dw + t->header_dw) != 0)
        memory_exhausted("pages of host memory");
    if (message)
        judge_message(sb, what);
    else if (t->ep)
        poisoned_write(sb);
}

static bool may_send(const struct tlp *t)
{
    return t->kind == TLP_MWR || t->kind == TLP_MRD || t->kind == TLP_CPL || t->kind == TLP_CPLD ||
           intx_format_is_message(t);
}

void sb_tx(struct scoreboard *sb, struct seen *what)
{
    const struct tlp *t = &what->tlp;
    if (!check(sb->checks, CHECK_TLP_TYPE, t->defect != TLP_BAD_TYPE && may_send(t))) {
        check_report(sb->checks, CHECK_TLP_TYPE, -1,
                     "a TLP with Fmt %u Type %u (%s) was sent; allowed: MWr, MRd, INTx messages, Cpl and CplD (TLP-01, "
                     "TLP-23)",
                     t->fmt, t->type, tlp_kind_name(t->kind));
        return;
    }
    /* what is longer than SEEN_MAX_DW was not kept whole, and is longer than any TLP that this block may send */
    if (!check(sb->checks, CHECK_TLP_LENGTH, t->defect == TLP_OK && what->n_dw <= SEEN_MAX_DW)) {
        check_report(sb->checks, CHECK_TLP_LENGTH, -1,
                     "a %s of %u DWs was sent, and its header says Length %u, TD %d; allowed: exactly that, and 512 "
                     "bytes at most (TLP-02, TLP-25)",
                     tlp_kind_name(t->kind), what->n_dw, t->length, t->td);
        return;
    }
    if (t->kind == TLP_MWR)
        memory_write(sb, what);
    else if (t->kind == TLP_MRD)
        sb_dmr_sent(sb, what);
    else if (intx_format_is_message(t))
        sb_intx_sent(sb, what);
    else
        sb_completion(sb, what);
}
