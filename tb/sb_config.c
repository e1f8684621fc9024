#include "sb.h"

/* --- what a write changes --- */

bool sb_proven(const struct scoreboard *sb, uint64_t moment)
{
    return moment == 0 || moment < sb->fence_moment;
}

bool sb_is_shaky(const struct scoreboard *sb)
{
    return sb->flr != SB_FLR_NONE || sb->trials > 0;
}

uint64_t sb_data_mark(const struct scoreboard *sb)
{
    const bool moving = msix_model_bme_on_since(sb->msix, msix_model_control_floor(sb->msix));
    return moving ? sb->ledger->accepted : 0;
}

bool sb_ido_allowed(const struct scoreboard *sb)
{
    return cfg_model_ido_request(&sb->cfg) || (sb->ido_moment > 0 && sb->ido_moment >= sb->flush_moment);
}

bool sb_may_master(const struct scoreboard *sb)
{
    return msix_model_may_write(sb->msix) || sb->trials > 0;
}

/* It may be refused now, and that is an error then. */
static void loosen_read(struct scoreboard *sb, struct cpl_expect *e)
{
    if (!(e->allowed_status & 1U << TLP_UR))
        sb_error_may_come(sb, &sb->read[e->request.tag], 1U << CFG_UNSUPPORTED | 1U << CFG_CORRECTABLE, 1U << SB_UR);
    e->allowed_status |= 1U << TLP_SC | 1U << TLP_UR;
}

/* Reads that are under way may or may not be claimed any more, or now. */
static void loosen_decode(struct scoreboard *sb)
{
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_MRD)
            loosen_read(sb, e);
}

void sb_loosen_config_reads(struct scoreboard *sb, uint16_t reg, uint32_t bits)
{
    if (bits == 0 || cpl_checker_outstanding(sb->cpl) == 0)
        return;
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_CFGRD0 && e->request.reg == reg)
            e->care[0] &= ~tlp_payload_le(bits);
}

/* What the rest of the scoreboard hangs on, to notice that it has changed. */
struct controls {
    bool decodes, msix, parity, moving;
    unsigned mps, ido;
    uint64_t bar;
};

static struct controls controls_of(const struct scoreboard *sb)
{
    return (struct controls){.decodes = scoreboard_decodes(sb),
                             .msix = cfg_model_msix_enable(&sb->cfg),
                             .moving = scoreboard_control(sb).bme,
                             .parity = cfg_model_parity_response(&sb->cfg),
                             .ido = cfg_model_ido_request(&sb->cfg) * 2U + cfg_model_ido_completion(&sb->cfg),
                             .mps = cfg_model_mps(&sb->cfg),
                             .bar = cfg_model_bar0(&sb->cfg)};
}

static bool intx_gate(const struct scoreboard *sb)
{
    return sb->config.intx_pin && cfg_model_dstate(&sb->cfg) == 0 && !cfg_model_int_disable(&sb->cfg) &&
           !cfg_model_msix_enable(&sb->cfg);
}

/* The registers have changed from what they were with `before`, by a write that entered at `since`. */
static void changed(struct scoreboard *sb, const struct controls *before, uint64_t since)
{
    const struct controls now = controls_of(sb);
    sb->config_moment = sb->moment;
    if (now.decodes != before->decodes || now.bar != before->bar) {
        sb->decode_moment = sb->moment;
        loosen_decode(sb);
    }
    if (now.msix != before->msix) {
        sb->msix_moment = sb->moment;
        sb_loosen_config_reads(sb, CFG_COMMAND, CFG_STATUS_INTERRUPT);
    }
    if (now.parity != before->parity)
        sb->parity_moment = sb->moment;
    if (now.mps != before->mps)
        sb->payload_moment = sb->moment;
    if (now.ido != before->ido)
        sb->ido_moment = sb->moment;
    msix_model_control(sb->msix, sb->moment, since, scoreboard_control(sb));
    if (before->moving && !now.moving)
        intx_model_unorder(&sb->intx);
    intx_model_gate(&sb->intx, sb->moment, intx_gate(sb), sb_data_mark(sb));
}

static void loosen_all_config_reads(struct scoreboard *sb)
{
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_CFGRD0)
            e->care[0] = 0;
}

/* Requests under way may be passed by the write that starts the reset (ORD-16), and are answered as in it. */
static void loosen_for_flr(struct scoreboard *sb)
{
    loosen_decode(sb);
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_CFGRD0 && sb->policy->flr_answers_rrs != POLICY_NO)
            e->allowed_status |= 1U << TLP_RRS;
}

/* Unless the reset that this write starts has begun already, or is over. */
static void ask_flr(struct scoreboard *sb, uint64_t moment)
{
    sb->flr_owed++;
    if (sb->flr == SB_FLR_NONE && sb->flr_owed > 0)
        sb->flr = SB_FLR_ASKED;
    loosen_for_flr(sb);
    sb->flr_moment = moment;
    sb->flr_answered = UINT64_MAX;
    loosen_all_config_reads(sb);
}

/* Status and Device Status. */
static bool has_error_bits(const struct scoreboard *sb, uint16_t reg)
{
    return reg == CFG_COMMAND || (sb->config.pcie_cap && reg == sb->config.pcie_cap + CFG_DEVICE_CONTROL);
}

static void write_register(struct scoreboard *sb, uint16_t reg, uint8_t first_be, uint32_t value, uint64_t moment)
{
    const struct controls before = controls_of(sb);
    const uint32_t was = cfg_model_read(&sb->cfg, reg, NULL);
    const enum cfg_effect effect = cfg_model_write(&sb->cfg, reg, first_be, value);
    sb_loosen_config_reads(sb, reg, was ^ cfg_model_read(&sb->cfg, reg, NULL));
    if (has_error_bits(sb, reg) && ((first_be & 8 ? value >> 24 : 0) | (first_be & 4 ? value >> 16 & 0xFF : 0)))
        sb->clear_moment = sb->moment;
    changed(sb, &before, moment);
    if (effect == CFG_SOFT_RESET) {
        loosen_all_config_reads(sb);
        sb_table_write(sb, -1);
        msix_model_soft_reset(sb->msix, sb->moment, moment);
    } else if (effect == CFG_FLR) {
        ask_flr(sb, moment);
    }
}

/* --- requests --- */

/* TLP-17: the ID by which a configuration write that counts has reached the function. */
static void capture(struct scoreboard *sb, uint16_t id)
{
    cfg_model_capture(&sb->cfg, id);
    id_history_capture(&sb->ids, sb->moment, cfg_model_requester_id(&sb->cfg));
}

/* Answered in a function-level reset, or behind it. */
static unsigned shaky_status(const struct scoreboard *sb)
{
    return 1U << TLP_SC | (sb->policy->flr_answers_rrs == POLICY_NO ? 0 : 1U << TLP_RRS);
}

/* Which of the two it was tells its completion; until then nothing is known of what it wrote. */
static void write_on_trial(struct scoreboard *sb, const struct seen *what, uint32_t value)
{
    const struct tlp *t = &what->tlp;
    const bool starts_flr = cfg_model_starts_flr(&sb->cfg, t->reg, t->first_be, value);
    sb_expect_status(sb, what, shaky_status(sb));
    sb_trial_begin(sb,
                   &(struct sb_trial){.arrival = sb->moment, .request = *t, .value = value, .starts_flr = starts_flr});
    id_history_capture(&sb->ids, sb->moment, t->completer_id & 0xFFF8);
}

void sb_config_write(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const uint32_t value = tlp_payload_le(what->dw[t->header_dw]);
    if (t->ep)
        sb_error_owed(sb, 1U << CFG_DETECTED_PARITY | 1U << CFG_NONFATAL, 1U << SB_POISONED, true);
    if ((t->completer_id & 7) != 0 || t->ep) {
        sb_error_owed(sb, 1U << CFG_UNSUPPORTED | 1U << CFG_CORRECTABLE, 1U << SB_UR, true);
        sb_expect_status(sb, what, sb_is_shaky(sb) ? 1U << TLP_UR | 1U << TLP_RRS : 1U << TLP_UR);
        return;
    }
    if (sb_is_shaky(sb)) {
        write_on_trial(sb, what, value);
        return;
    }
    sb_expect_status(sb, what, 1U << TLP_SC);
    capture(sb, t->completer_id);
    write_register(sb, t->reg, t->first_be, value, sb->moment);
}

/* Error status bits of a register, if policy does not say that they follow the errors. */
static uint32_t unjudged_errors(const struct scoreboard *sb, uint16_t reg)
{
    uint32_t bits = 0, bit;
    for (unsigned k = 0; k < CFG_ERRORS && sb->policy->error_reporting != POLICY_YES; k++)
        if ((cfg_model_error_register(&sb->cfg, (enum cfg_error)k, &bit) ^ reg) < 4)
            bits |= bit;
    return bits;
}

void sb_config_read(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    uint32_t care;
    if ((t->completer_id & 7) != 0) {
        sb_error_owed(sb, 1U << CFG_UNSUPPORTED | 1U << CFG_CORRECTABLE, 1U << SB_UR, true);
        sb_expect_status(sb, what, 1U << TLP_UR);
        return;
    }
    if (sb_is_shaky(sb)) {
        sb_expect_status(sb, what, shaky_status(sb));
        return;
    }
    struct cpl_expect expect = sb_plain;
    expect.allowed_status = 1U << TLP_SC;
    expect.data_dw = 1;
    uint32_t value = cfg_model_read(&sb->cfg, t->reg, &care);
    sb_dynamic_bits(sb, t->reg, &value, &care);
    expect.data[0] = tlp_payload_le(value);
    expect.care[0] = tlp_payload_le(care & ~unjudged_errors(sb, t->reg));
    sb_expect(sb, what, expect);
}

/* No later request may be told to try again once one was successful behind the reset (CFG-12), up to the next reset. */
static void no_more_rrs(struct scoreboard *sb, uint64_t arrival)
{
    const uint64_t reset = sb_trial_next_reset(sb, arrival);
    if (arrival >= sb->flr_answered || arrival <= sb->flr_moment)
        return;
    sb->flr_answered = arrival;
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->arrival > arrival && e->arrival <= reset && (e->allowed_status & 1U << TLP_SC))
            e->allowed_status = (uint8_t)(e->allowed_status & ~(1U << TLP_RRS));
}

static void refused_reset(struct scoreboard *sb)
{
    const bool ok = -sb->flr_owed <= sb_trial_resets(sb);
    if (check(sb->checks, CHECK_FLR_ACTIVE, ok))
        return;
    check_report(sb->checks, CHECK_FLR_ACTIVE, -1,
                 "a write of Initiate Function Level Reset was refused, and flr_active has risen for it; allowed: no "
                 "effect of a write that is refused (CFG-12, CFG-14)");
    sb->flr_owed = 0;
}

static void refused(struct scoreboard *sb, struct sb_trial *trial)
{
    const bool starts_flr = trial->starts_flr;
    sb_trial_end(sb, trial);
    id_history_capture(&sb->ids, sb->moment, cfg_model_requester_id(&sb->cfg));
    if (starts_flr)
        refused_reset(sb);
}

/*
 * `done` was the oldest trial, was successful, and has been taken out of the row. Has a reset begun behind it, its own or
 * that of a later write? Resets that no carried-out write explains belong to the oldest trials.
 */
static void carry_out(struct scoreboard *sb, const struct sb_trial *done)
{
    const struct tlp *t = &done->request;
    const bool reset_behind = -sb->flr_owed > 0 && (done->starts_flr || sb_trial_resets(sb) > 0);
    capture(sb, t->completer_id); /* another may have been refused since it entered */
    if (!reset_behind) {
        write_register(sb, t->reg, t->first_be, done->value, done->arrival);
        msix_model_fence(sb->msix, sb->moment, sb->moment + 1, false, 0); /* as it is completed */
    } else {
        const struct controls before = controls_of(sb);
        cfg_model_write_before_flr(&sb->cfg, t->reg, t->first_be, done->value);
        changed(sb, &before, done->arrival);
        if (done->starts_flr)
            ask_flr(sb, done->arrival);
    }
    if (has_error_bits(sb, t->reg)) /* it was carried out before now: errors since then have set bits again */
        sb_error(sb, (1U << CFG_ERRORS) - 1, 0, false);
}

/* Completions may pass each other (ORD-15); configuration requests are carried out in their order. */
void sb_config_done(struct scoreboard *sb, const struct cpl_expect *e, const struct tlp *cpl)
{
    struct sb_trial *trial = sb_trial_of(sb, e->arrival);
    if (sb->read[e->request.tag].shaken && cpl->status == TLP_SC && !(trial && trial->starts_flr))
        no_more_rrs(sb, e->arrival);
    if (!trial)
        return;
    trial->successful = cpl->status == TLP_SC;
    if (!trial->successful)
        refused(sb, trial);
    while (sb->trials > 0 && sb->trial[0].successful) {
        const struct sb_trial done = sb->trial[0];
        sb_trial_end(sb, &sb->trial[0]);
        carry_out(sb, &done);
    }
}

/* --- function-level reset --- */

static void flr_begins(struct scoreboard *sb)
{
    const bool asked = sb->flr_owed + sb_trial_resets(sb) > 0;
    if (!check(sb->checks, CHECK_FLR_ACTIVE, asked))
        check_report(
            sb->checks, CHECK_FLR_ACTIVE, -1,
            "flr_active has risen, but Initiate Function Level Reset was not written; allowed: only then (CFG-14)");
    sb->flr = SB_FLR_ON;
    sb->flr_owed -= asked;
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e)) {
        sb->read[e->request.tag].shaken = true;
        e->data_dw = 0;
    }
    msix_model_flr_begin(sb->msix);
    intx_model_flr_begin(&sb->intx);
}

static void flr_ends(struct scoreboard *sb)
{
    const struct controls before = controls_of(sb);
    sb->flr = sb->flr_owed > 0 ? SB_FLR_ASKED : SB_FLR_NONE;
    if (!check(sb->checks, CHECK_INTX_STATE, !intx_model_wire(&sb->intx)))
        check_report(
            sb->checks, CHECK_INTX_STATE, -1,
            "a function-level reset has ended and INTx is still asserted; allowed: Deassert_INTx before (INTX-13)");
    cfg_model_flr(&sb->cfg);
    msix_model_flr_end(sb->msix);
    order_ledger_drop(sb->ledger);
    dmr_ledger_forget(&sb->dmr);
    intx_model_flr_end(&sb->intx, sb->moment, intx_gate(sb), sb->ledger->accepted);
    changed(sb, &before, sb->moment);
    sb_error(sb, sb->errors.late, 0, false);
    sb->errors.late = 0;
}

void sb_flr_changed(struct scoreboard *sb, bool active)
{
    if (active)
        flr_begins(sb);
    else
        flr_ends(sb);
}
