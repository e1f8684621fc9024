#include "sb.h"

#include <inttypes.h>

const struct cpl_expect sb_plain = {.data_check = CHECK_CFG_VALUE, .pba_qword = -1};

/* --- where an address leads --- */

static enum sb_target target_of(const struct scoreboard *sb, uint64_t offset, uint32_t *inside)
{
    const struct dut_config *c = &sb->config;
    const struct {
        enum sb_target target;
        uint32_t from, size;
    } map[] = {{SB_TABLE, c->table_offset, 16 * c->nvec},
               {SB_PBA, c->pba_offset, (c->nvec + 63) / 64 * 8},
               {SB_CSR, c->csr_offset, 4096}};
    for (unsigned k = 0; k < 3; k++) {
        *inside = (uint32_t)offset - map[k].from;
        if (offset >= map[k].from && offset < (uint64_t)map[k].from + map[k].size)
            return map[k].target;
    }
    *inside = (uint32_t)offset;
    return SB_GAP;
}

static uint64_t bar_size(const struct scoreboard *sb)
{
    return UINT64_C(1) << sb->config.bar0_size_log2;
}

static bool claimed(const struct scoreboard *sb, const struct tlp *t)
{
    return scoreboard_decodes(sb) && t->address - cfg_model_bar0(&sb->cfg) < bar_size(sb);
}

/* A request that begins in the BAR and ends behind it crosses a 4 KB boundary: undefined (MMIO-36). */
static bool crosses_end(const struct scoreboard *sb, const struct tlp *t)
{
    return claimed(sb, t) && t->address - cfg_model_bar0(&sb->cfg) + 4U * t->length > bar_size(sb);
}

/* --- expectations --- */

void sb_expect(struct scoreboard *sb, const struct seen *what, struct cpl_expect expect)
{
    struct sb_read *read = &sb->read[what->tlp.tag];
    if (what->tlp.kind != TLP_MRD)
        *read = (struct sb_read){.pba_token = {-1, -1}};
    expect.request = what->tlp;
    expect.arrival = sb->moment;
    expect.dma_mark = sb->ledger->accepted;
    read->control_floor = msix_model_control_floor(sb->msix);
    read->shaken = sb_is_shaky(sb);
    read->owed_bits = sb->errors.owed_bits;
    read->owed_pulses = sb->errors.owed_pulses;
    read->maybe_bits = sb->errors.maybe_bits;
    sb->errors.owed_bits = sb->errors.owed_pulses = sb->errors.maybe_bits = 0;
    cpl_checker_add(sb->cpl, &expect);
}

void sb_expect_status(struct scoreboard *sb, const struct seen *what, unsigned allowed_status)
{
    struct cpl_expect expect = sb_plain;
    expect.allowed_status = (uint8_t)allowed_status;
    sb_expect(sb, what, expect);
}

/* A request that nobody here supports (MMIO-26, MMIO-27). */
static void unsupported(struct scoreboard *sb, const struct tlp *t, bool certain)
{
    const bool posted = tlp_class(t->kind) == TLP_POSTED;
    if (posted)
        sb_error(sb, 1U << CFG_UNSUPPORTED | 1U << CFG_NONFATAL, 1U << SB_UR, certain);
    else
        sb_error_owed(sb, 1U << CFG_UNSUPPORTED | 1U << CFG_CORRECTABLE, 1U << SB_UR, certain);
}

static void poisoned(struct scoreboard *sb, bool posted)
{
    const unsigned bits = 1U << CFG_DETECTED_PARITY | 1U << CFG_NONFATAL;
    if (posted)
        sb_error(sb, bits, 1U << SB_POISONED, true);
    else
        sb_error_owed(sb, bits, 1U << SB_POISONED, true);
}

/* May the decoding of addresses still be another one than that of the registers? */
static bool decode_unsettled(const struct scoreboard *sb)
{
    return !sb_proven(sb, sb->decode_moment);
}

/* --- memory writes --- */

/* A QWORD that is not atomic is two writes, of which the lower may be in force without the other. */
static void write_table(struct scoreboard *sb, const struct seen *what, uint32_t offset, unsigned dw, unsigned n)
{
    if (n == 2 && sb->policy->qword_atomic != POLICY_YES) {
        write_table(sb, what, offset, dw, 1);
        write_table(sb, what, offset + 4, dw + 1, 1);
        return;
    }
    uint8_t be[4] = {0};
    uint32_t value[4] = {0};
    for (unsigned k = 0; k < n; k++) {
        be[offset / 4 % 4 + k] = tlp_byte_enables(&what->tlp, dw + k);
        value[offset / 4 % 4 + k] = tlp_payload_le(what->dw[what->tlp.header_dw + dw + k]);
    }
    if (!(be[0] | be[1] | be[2] | be[3]))
        return;
    sb_table_write(sb, (int)(offset / 16));
    msix_model_write(sb->msix, sb->moment, offset / 16, be, value);
}

/* One access of the device registers, `n` DWs from DW `dw` of the request on. */
static void ask_csr(struct scoreboard *sb, const struct seen *what, uint32_t offset, unsigned dw, unsigned n,
                    bool optional)
{
    struct sb_csr_access access = {.write = what->tlp.kind == TLP_MWR,
                                   .address = (uint16_t)(offset & ~7U),
                                   .optional = optional,
                                   .dw = {-1, -1},
                                   .tag = what->tlp.tag};
    for (unsigned k = 0; k < n; k++) {
        unsigned half = offset / 4 % 2 + k;
        access.dw[half] = (int)(dw + k);
        access.be = (uint8_t)(access.be | tlp_byte_enables(&what->tlp, dw + k) << 4 * half);
        if (access.write)
            access.data |= (uint64_t)tlp_payload_le(what->dw[what->tlp.header_dw + dw + k]) << 32 * half;
    }
    sb_csr_ask(sb, &access);
}

/* An aligned QWORD is one access, anything else is one for each DW, in ascending order. */
static unsigned piece(const struct tlp *t, uint64_t address)
{
    return t->length == 2 && address % 8 == 0 && address == t->address ? 2 : 1;
}

static int memory_write(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    int vector = -1;
    const bool refused = !claimed(sb, t) || t->length > sb->policy->max_access_dw;
    if (t->ep)
        poisoned(sb, true); /* that alone (MMIO-24) */
    else if (refused || crosses_end(sb, t) || decode_unsettled(sb) || sb_is_shaky(sb))
        unsupported(sb, t, refused && !decode_unsettled(sb));
    if (refused || crosses_end(sb, t) || t->ep || sb_is_shaky(sb))
        return -1;
    for (unsigned dw = 0, n; dw < t->length; dw += n) {
        const uint64_t address = t->address + 4 * dw;
        uint32_t offset;
        n = piece(t, address);
        switch (target_of(sb, address - cfg_model_bar0(&sb->cfg), &offset)) {
        case SB_TABLE:
            write_table(sb, what, offset, dw, n);
            vector = (int)(offset / 16);
            break;
        case SB_CSR:
            ask_csr(sb, what, offset, dw, n, false);
            break;
        case SB_PBA:
            msix_model_pba_write(sb->msix, 8 * offset, 32 * n);
            break;
        default: /* ignored there (MSIX-TBL-27) */
            break;
        }
    }
    return vector;
}

/* --- memory reads --- */

static void plan_read(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct sb_read *read = &sb->read[t->tag];
    for (unsigned dw = 0, n; dw < t->length && dw < 2; dw += n) { /* longer reads: only the first two are compared */
        const uint64_t address = t->address + 4 * dw;
        n = piece(t, address);
        for (unsigned k = dw; k < dw + n; k++) {
            read->target[k] = target_of(sb, address + 4 * (k - dw) - cfg_model_bar0(&sb->cfg), &read->offset[k]);
            if (read->target[k] == SB_PBA)
                read->pba_token[k] = msix_model_pba_start(sb->msix, sb->moment, read->offset[k] * 8, 32);
        }
        if (read->target[dw] == SB_CSR)
            ask_csr(sb, what, read->offset[dw], dw, n, false);
    }
}

/* Of a read that the block may serve or refuse, the DWs in the device registers. */
static void plan_open_read(struct scoreboard *sb, const struct seen *what)
{
    for (unsigned dw = 0, n; dw < what->tlp.length; dw += n) {
        const uint64_t address = what->tlp.address + 4 * dw;
        uint32_t offset;
        n = piece(&what->tlp, address);
        if (target_of(sb, address - cfg_model_bar0(&sb->cfg), &offset) == SB_CSR)
            ask_csr(sb, what, offset, dw, n, true);
    }
}

/* A read of table or pending bits that is neither an aligned DWORD or QWORD nor of zero length. */
static bool odd_read(const struct scoreboard *sb, const struct tlp *t)
{
    const bool dword = t->length == 1 && (t->first_be == 0xF || t->first_be == 0);
    const bool qword = t->length == 2 && t->address % 8 == 0 && t->first_be == 0xF && t->last_be == 0xF;
    const uint64_t offset = t->address - cfg_model_bar0(&sb->cfg);
    uint32_t inside;
    for (unsigned dw = 0; dw < t->length && !dword && !qword; dw++) {
        const enum sb_target target = target_of(sb, offset + 4 * dw, &inside);
        if (target == SB_TABLE || target == SB_PBA)
            return true;
    }
    return false;
}

static void memory_read(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct cpl_expect expect = sb_plain;
    const bool ours = claimed(sb, t) && sb->flr == SB_FLR_NONE;
    const bool unsettled = decode_unsettled(sb) || sb->trials > 0;
    const bool reads = ours && t->length <= sb->policy->max_access_dw;
    sb->read[t->tag] = (struct sb_read){.pba_token = {-1, -1}};
    expect.allowed_status = (uint8_t)(1U << (reads ? TLP_SC : TLP_UR));
    if ((unsettled || crosses_end(sb, t)) && t->length <= sb->policy->max_access_dw)
        expect.allowed_status = 1U << TLP_SC | 1U << TLP_UR;
    const bool open = ours && sb->policy->odd_reads_served != POLICY_YES && odd_read(sb, t);
    if (open)
        expect.allowed_status = 1U << TLP_SC | 1U << TLP_UR | 1U << TLP_CA;
    if (expect.allowed_status & 1U << TLP_UR)
        unsupported(sb, t, expect.allowed_status == 1U << TLP_UR);
    if (reads && !crosses_end(sb, t))
        (open ? plan_open_read : plan_read)(sb, what);
    sb_expect(sb, what, expect);
}

static void other_request(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    const bool posted = tlp_class(t->kind) == TLP_POSTED;
    if (t->ep && t->payload_dw > 0)
        poisoned(sb, posted);
    if (!posted || (!tlp_message_is_taken(t->msg_code) && !t->ep))
        unsupported(sb, t, true);
    if (!posted)
        sb_expect_status(sb, what, 1U << TLP_UR);
}

/* Dropped, and nothing comes back (MMIO-28). */
static bool drop_malformed(struct scoreboard *sb, const struct seen *what)
{
    bool certain;
    if (!sb_malformed(sb, what, &certain))
        return false;
    sb_error(sb, 1U << CFG_FATAL, 1U << SB_MALFORMED, certain);
    return true;
}

int sb_request(struct scoreboard *sb, const struct seen *what)
{
    if (drop_malformed(sb, what))
        return -1;
    switch (what->tlp.kind) {
    case TLP_CFGWR0:
        sb_config_write(sb, what);
        return cfg_model_affects_messages(&sb->cfg, what->tlp.reg) ? -2 : -1;
    case TLP_CFGRD0:
        sb_config_read(sb, what);
        return -1;
    case TLP_MWR:
        return memory_write(sb, what);
    case TLP_MRD:
        memory_read(sb, what);
        return -1;
    default:
        if (tlp_class(what->tlp.kind) == TLP_COMPLETION)
            sb_dmr_answered(sb, what);
        else
            other_request(sb, what);
        return -1;
    }
}

/* --- completions --- */

static void judge_dw(struct scoreboard *sb, enum check_id id, uint32_t value, uint32_t expected, uint32_t care,
                     const char *where, uint32_t offset)
{
    if (!check(sb->checks, id, ((value ^ expected) & care) == 0))
        check_report(sb->checks, id, -1,
                     "a read of %s at %Xh gives %08" PRIX32 "; allowed: %08" PRIX32 " in bits %08" PRIX32 " (%s)",
                     where, offset, value, expected, care, check_info(id)->requirements);
}

/* May data have been held back by BME = 0 since this read entered? Then it is not in the ordered queue. */
static bool held_back(const struct scoreboard *sb, const struct sb_read *read)
{
    return !msix_model_bme_on_since(sb->msix, read->control_floor);
}

static void judge_pba(struct scoreboard *sb, const struct sb_read *read, unsigned dw, uint32_t value, uint32_t care,
                      bool ordered)
{
    const unsigned first = read->offset[dw] * 8;
    const uint32_t beyond = first >= sb->config.nvec        ? UINT32_MAX
                            : first + 32 <= sb->config.nvec ? 0
                                                            : UINT32_MAX << (sb->config.nvec - first);
    if (beyond)
        judge_dw(sb, CHECK_PBA_RESERVED, value, 0, beyond & care, "the pending-bit array", read->offset[dw]);
    msix_model_pba_end(sb->msix, read->pba_token[dw], value, care, ordered,
                       held_back(sb, read) ? UINT64_MAX : sb->ledger->sent);
}

static void judge_read_dw(struct scoreboard *sb, const struct cpl_expect *e, unsigned dw, uint32_t value, bool ordered)
{
    const struct sb_read *read = &sb->read[e->request.tag];
    const uint32_t enabled = (uint32_t)tlp_enabled_bits(tlp_byte_enables(&e->request, dw));
    const uint32_t offset = read->offset[dw];
    switch (read->target[dw]) {
    case SB_PBA:
        judge_pba(sb, read, dw, value, enabled, ordered);
        break;
    case SB_CSR:
        if (read->csr_known[dw])
            judge_dw(sb, CHECK_CSR_VALUE, value, read->csr_data[dw], enabled, "the device registers", offset);
        break;
    default:
        if (read->target[dw] == SB_GAP && sb->policy->gap_reads_zero == POLICY_YES)
            judge_dw(sb, CHECK_BAR_GAP_VALUE, value, 0, enabled, "BAR space of no structure", offset);
        break;
    }
}

static void judge_order(struct scoreboard *sb, const struct cpl_expect *e)
{
    const struct sb_read *read = &sb->read[e->request.tag];
    const bool sampled_later = e->request.kind == TLP_MRD && read->csr_mark > e->dma_mark;
    const uint64_t mark = sampled_later ? read->csr_mark : e->dma_mark;
    if (held_back(sb, read))
        return;
    if (!check(sb->checks, CHECK_CPL_ORDER, sb->ledger->sent >= mark))
        check_report(sb->checks, CHECK_CPL_ORDER, -1,
                     "the completion of tag %02Xh passed posted writes: %" PRIu64 " dma writes were handed over before "
                     "%s, %" PRIu64 " have been sent; allowed: the completion behind them (ORD-12)",
                     e->request.tag, mark, sampled_later ? "its register was sampled" : "its request entered",
                     sb->ledger->sent);
}

static void judge_data(struct scoreboard *sb, const struct cpl_expect *e, const struct seen *what, bool ordered)
{
    const struct sb_read *read = &sb->read[e->request.tag];
    uint32_t value[2];
    unsigned n = 0;
    for (unsigned dw = 0; dw < 2 && dw < e->request.length; dw++) {
        if (!read->shaken && what->tlp.kind == TLP_CPLD && what->tlp.status == TLP_SC && dw < what->tlp.payload_dw) {
            value[n++] = tlp_payload_le(what->dw[what->tlp.header_dw + dw]);
            judge_read_dw(sb, e, dw, value[dw], ordered);
        } else {
            msix_model_pba_drop(sb->msix, read->pba_token[dw]);
        }
    }
    sb_table_read(sb, e, value, n);
}

/* What the expectation could not know when the request entered. */
static void complete_expectation(struct scoreboard *sb, const struct tlp *t, struct cpl_expect *e)
{
    const bool allowed = id_history_allows_since(&sb->ids, t->completer_id, e->arrival);
    e->completer_new = id_history_newest(&sb->ids);
    e->completer_old = allowed ? t->completer_id : e->completer_new;
    e->ido_allowed = cfg_model_ido_completion(&sb->cfg) || !sb_proven(sb, sb->ido_moment) ||
                     (sb->ido_moment > 0 && e->arrival < sb->ido_moment);
    if (e->request.kind == TLP_MRD && sb->read[e->request.tag].csr_failed)
        e->allowed_status = 1U << TLP_CA;
}

/* Has a reset not begun although a request that entered behind its write was completed? */
static bool reset_is_late(const struct scoreboard *sb, uint64_t fence)
{
    const int begun = sb->flr_owed < 0 ? -sb->flr_owed : 0; /* without a write that is known to count */
    return (sb->flr == SB_FLR_ASKED && fence > sb->flr_moment) || sb_trial_resets_proven(sb, fence) > begun;
}

/* Writes that entered before `fence` are in force. */
static void prove(struct scoreboard *sb, uint64_t fence)
{
    if (fence <= sb->fence_moment)
        return;
    sb->pins.outputs_due |= sb->config_moment >= sb->fence_moment;
    sb->fence_moment = fence;
    cfg_model_proven(&sb->cfg, fence);
    if (!reset_is_late(sb, fence))
        return;
    check(sb->checks, CHECK_FLR_ACTIVE, false);
    check_report(
        sb->checks, CHECK_FLR_ACTIVE, -1,
        "the write of Initiate Function Level Reset, or a later request, was completed, but flr_active did not "
        "rise; allowed: the reset first (CFG-15)");
    if (sb->flr == SB_FLR_ASKED)
        sb->flr = SB_FLR_NONE;
    sb->flr_owed = 0;
    sb_trial_forget_resets(sb, fence);
}

void sb_completion(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct cpl_slot *slot = &sb->cpl->slot[t->tag];
    if (slot->open)
        complete_expectation(sb, t, &slot->expect);
    const struct cpl_expect *e = cpl_checker_match(sb->cpl, sb->checks, t, what->dw + t->header_dw);
    if (!e)
        return;
    const struct sb_read *read = &sb->read[e->request.tag];
    const bool shaken = read->shaken;
    const bool config_write = e->request.kind == TLP_CFGWR0;
    /* nothing is ordered between traffic classes (ORD-19) */
    /* IDO frees from posted requests of other IDs only: one function has one, unless it is changing */
    const bool own = !t->ido || id_history_settled(&sb->ids);
    const bool ordered =
        !t->ro && own && t->tc == 0 && !config_write && e->request.kind != TLP_IOWR && e->request.kind != TLP_CFGWR1;
    const uint64_t fence = e->arrival + (config_write ? 1 : 0);
    sb_error_settles(sb, e, read);
    if (!shaken) {
        msix_model_fence(sb->msix, sb->moment, fence, ordered, e->arrival);
        intx_model_fence(&sb->intx, sb->moment, fence, ordered, e->arrival, held_back(sb, read) ? 0 : e->dma_mark,
                         sb_data_mark(sb));
    }
    prove(sb, fence);
    if (ordered && !shaken) {
        if (e->arrival > sb->flush_moment)
            sb->flush_moment = e->arrival;
        id_history_flush(&sb->ids, e->arrival);
        judge_order(sb, e);
    }
    if (e->request.kind == TLP_MRD)
        judge_data(sb, e, what, ordered);
    else if (e->request.kind == TLP_CFGRD0 || config_write)
        sb_config_done(sb, e, t);
}
