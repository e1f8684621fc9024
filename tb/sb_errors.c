#include "sb.h"

#include <inttypes.h>

static const char *const names[SB_PULSES] = {"err_ur", "err_poisoned", "err_malformed", "err_unexp_cpl"};

void sb_error_at(struct scoreboard *sb, uint64_t moment, unsigned bits, unsigned pulses, bool certain)
{
    if (sb->policy->error_reporting != POLICY_YES)
        return;
    /* what is posted, a completion, or the block's own may pass a write that clears the bit (ORD-16, B 2.4.1 A4, D4) */
    cfg_model_error(&sb->cfg, bits, moment, certain && sb_proven(sb, sb->clear_moment));
    if (sb_is_shaky(sb))
        sb->errors.late |= bits;
    for (unsigned k = 0; k < CFG_ERRORS; k++) {
        uint32_t bit;
        if (!(bits >> k & 1))
            continue;
        const uint16_t reg = cfg_model_error_register(&sb->cfg, (enum cfg_error)k, &bit);
        sb_loosen_config_reads(sb, reg, bit);
    }
    for (unsigned k = 0; k < SB_PULSES; k++) {
        sb->errors.most[k] += pulses >> k & 1;
        sb->errors.least[k] += certain ? pulses >> k & 1 : 0;
    }
    sb->errors.last = moment;
    sb->errors.due = true;
}

void sb_error(struct scoreboard *sb, unsigned bits, unsigned pulses, bool certain)
{
    sb_error_at(sb, sb->moment, bits, pulses, certain && !sb_is_shaky(sb));
}

void sb_error_owed(struct scoreboard *sb, unsigned bits, unsigned pulses, bool certain)
{
    sb_error(sb, bits, pulses, false);
    cfg_model_owe(&sb->cfg, bits & ~sb->errors.maybe_bits, sb->moment);
    sb->errors.maybe_bits |= bits;
    if (!certain || sb_is_shaky(sb))
        return;
    sb->errors.owed_bits |= bits;
    sb->errors.owed_pulses |= pulses;
}

void sb_error_may_come(struct scoreboard *sb, struct sb_read *read, unsigned bits, unsigned pulses)
{
    sb_error(sb, bits, pulses, false);
    cfg_model_owe(&sb->cfg, bits & ~read->maybe_bits, sb->moment);
    read->maybe_bits |= bits;
}

/* A configuration write that came behind the request may have passed it, and may have cleared what it set. */
void sb_error_settles(struct scoreboard *sb, const struct cpl_expect *e, const struct sb_read *read)
{
    cfg_model_settle(&sb->cfg, read->maybe_bits);
    if (sb->policy->error_reporting != POLICY_YES || read->shaken || (read->owed_bits | read->owed_pulses) == 0)
        return;
    cfg_model_error(&sb->cfg, read->owed_bits, e->arrival, sb->config_moment <= e->arrival);
    for (unsigned k = 0; k < SB_PULSES; k++)
        sb->errors.least[k] += read->owed_pulses >> k & 1;
    sb->errors.due = true;
}

/* Configuration and I/O requests are of one DW (MMIO-28). */
static bool is_sound(const struct tlp *t)
{
    const bool one_dw = t->kind >= TLP_IORD && t->kind <= TLP_CFGWR1;
    return t->defect == TLP_OK && (!one_dw || t->length == 1);
}

bool sb_malformed(const struct scoreboard *sb, const struct seen *what, bool *certain)
{
    const struct tlp *t = &what->tlp;
    const bool over_mps = tlp_has_data(t->kind) && t->length > 32U << cfg_model_mps(&sb->cfg);
    *certain = true;
    if (!is_sound(t))
        return true;
    *certain = !tlp_has_data(t->kind) || t->length <= 32 || sb_proven(sb, sb->payload_moment);
    return over_mps;
}

static void judge(struct scoreboard *sb, bool complete)
{
    struct sb_errors *e = &sb->errors;
    for (unsigned k = 0; k < SB_PULSES; k++) {
        const bool ok = e->seen[k] <= e->most[k] && (!complete || e->seen[k] >= e->least[k]);
        if (!check(sb->checks, CHECK_ERROR_PULSES, ok)) {
            check_report(sb->checks, CHECK_ERROR_PULSES, -1,
                         "%s has pulsed %" PRIu64 " times; allowed: %" PRIu64 " to %" PRIu64
                         ", one for each such error that came in (MMIO-38)",
                         names[k], e->seen[k], e->least[k], e->most[k]);
            e->least[k] = e->most[k] = e->seen[k];
        }
    }
}

void sb_errors_cycle(struct scoreboard *sb, const struct dut_out *out)
{
    struct sb_errors *e = &sb->errors;
    const bool pulse[SB_PULSES] = {out->err_ur, out->err_poisoned, out->err_malformed, out->err_unexp_cpl};
    if (sb->policy->error_reporting != POLICY_YES)
        return;
    for (unsigned k = 0; k < SB_PULSES; k++) {
        e->seen[k] += pulse[k];
        e->due |= pulse[k];
    }
    if (!e->due || sb->pins.rx_begun != sb->requests) /* what is on its way in has not been told */
        return;
    const bool complete = sb_proven(sb, e->last);
    e->due = !complete;
    judge(sb, complete);
}

void sb_errors_finish(struct scoreboard *sb)
{
    if (sb->policy->error_reporting == POLICY_YES)
        judge(sb, true);
}
