#include "sb.h"

#include <inttypes.h>

static const struct cpl_expect PLAIN = {.data_check = CHECK_CFG_VALUE, .pba_qword = -1};

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
    return cfg_model_mse(&sb->cfg) && t->address - cfg_model_bar0(&sb->cfg) < bar_size(sb);
}

/* A request that begins in the BAR and ends behind it crosses a 4 KB boundary: undefined (MMIO-36). */
static bool crosses_end(const struct scoreboard *sb, const struct tlp *t)
{
    return claimed(sb, t) && t->address - cfg_model_bar0(&sb->cfg) + 4U * t->length > bar_size(sb);
}

/* --- configuration requests --- */

static void add(struct scoreboard *sb, const struct seen *what, struct cpl_expect expect)
{
    expect.request = what->tlp;
    expect.arrival = sb->moment;
    expect.dma_mark = sb->ledger->accepted;
    sb->read[what->tlp.tag].control_floor = msix_model_control_floor(sb->msix);
    cpl_checker_add(sb->cpl, &expect);
}

static void add_status(struct scoreboard *sb, const struct seen *what, enum tlp_status status)
{
    struct cpl_expect expect = PLAIN;
    expect.allowed_status = (uint8_t)(1U << status);
    add(sb, what, expect);
}

/* Reads that are under way may or may not be claimed any more, or now. */
static void loosen_decode(struct scoreboard *sb)
{
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_MRD)
            e->allowed_status |= 1U << TLP_SC | 1U << TLP_UR;
}

/* Configuration reads under way: a later write may pass them (ORD-16), so either value of its bits may come back. */
static void loosen_config_reads(struct scoreboard *sb, uint16_t reg, uint32_t changed)
{
    if (changed == 0)
        return;
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e))
        if (e->request.kind == TLP_CFGRD0 && e->request.reg == reg)
            e->care[0] &= ~tlp_payload_le(changed);
}

static void config_write(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    if ((t->completer_id & 7) != 0 || t->ep) {
        add_status(sb, what, TLP_UR);
        return;
    }
    const bool mse = cfg_model_mse(&sb->cfg);
    const uint64_t bar = cfg_model_bar0(&sb->cfg);
    const uint32_t before = cfg_model_read(&sb->cfg, t->reg, NULL);
    add_status(sb, what, TLP_SC);
    cfg_model_write(&sb->cfg, t->reg, t->first_be, tlp_payload_le(what->dw[t->header_dw]));
    loosen_config_reads(sb, t->reg, before ^ cfg_model_read(&sb->cfg, t->reg, NULL));
    cfg_model_capture(&sb->cfg, t->completer_id);
    sb->config_moment = sb->moment;
    id_history_capture(&sb->ids, sb->moment, cfg_model_requester_id(&sb->cfg));
    if (mse != cfg_model_mse(&sb->cfg) || bar != cfg_model_bar0(&sb->cfg)) {
        sb->decode_moment = sb->moment;
        loosen_decode(sb);
    }
    msix_model_control(sb->msix, sb->moment, scoreboard_control(sb));
}

static void config_read(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    uint32_t care;
    if ((t->completer_id & 7) != 0) {
        add_status(sb, what, TLP_UR);
        return;
    }
    struct cpl_expect expect = PLAIN;
    expect.allowed_status = 1U << TLP_SC;
    expect.data_dw = 1;
    expect.data[0] = tlp_payload_le(cfg_model_read(&sb->cfg, t->reg, &care));
    expect.care[0] = tlp_payload_le(care);
    add(sb, what, expect);
}

/* --- memory writes --- */

static void write_table(struct scoreboard *sb, const struct seen *what, uint32_t offset, unsigned dw, unsigned n)
{
    uint8_t be[4] = {0};
    uint32_t value[4] = {0};
    for (unsigned k = 0; k < n; k++) {
        be[offset / 4 % 4 + k] = tlp_byte_enables(&what->tlp, dw + k);
        value[offset / 4 % 4 + k] = tlp_payload_le(what->dw[what->tlp.header_dw + dw + k]);
    }
    if (!(be[0] | be[1] | be[2] | be[3]))
        return;
    sb_table_write(sb, offset / 16);
    msix_model_write(sb->msix, sb->moment, offset / 16, be, value);
}

/* One access of the device registers, `n` DWs from DW `dw` of the request on. */
static void ask_csr(struct scoreboard *sb, const struct seen *what, uint32_t offset, unsigned dw, unsigned n)
{
    struct sb_csr_access access = {
        .write = what->tlp.kind == TLP_MWR, .address = (uint16_t)(offset & ~7U), .dw = {-1, -1}, .tag = what->tlp.tag};
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
    if (!claimed(sb, t) || crosses_end(sb, t) || t->ep || t->length > sb->policy->max_access_dw)
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
            ask_csr(sb, what, offset, dw, n);
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
            ask_csr(sb, what, read->offset[dw], dw, n);
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
    struct cpl_expect expect = PLAIN;
    const bool ours = claimed(sb, t);
    const bool unsettled = sb->decode_moment >= sb->fence_moment && sb->decode_moment != 0;
    const bool reads = ours && t->length <= sb->policy->max_access_dw;
    sb->read[t->tag] = (struct sb_read){.pba_token = {-1, -1}};
    expect.allowed_status = (uint8_t)(1U << (reads ? TLP_SC : TLP_UR));
    if ((unsettled || crosses_end(sb, t)) && t->length <= sb->policy->max_access_dw)
        expect.allowed_status = 1U << TLP_SC | 1U << TLP_UR;
    const bool open = ours && sb->policy->odd_reads_served != POLICY_YES && odd_read(sb, t);
    if (open)
        expect.allowed_status = 1U << TLP_SC | 1U << TLP_UR | 1U << TLP_CA;
    else if (reads && !crosses_end(sb, t))
        plan_read(sb, what);
    add(sb, what, expect);
}

/* Configuration and I/O requests are of one DW; others are malformed and dropped (MMIO-28). */
static bool well_formed(const struct tlp *t)
{
    const bool one_dw = t->kind >= TLP_IORD && t->kind <= TLP_CFGWR1;
    return t->defect == TLP_OK && (!one_dw || t->length == 1);
}

int sb_request(struct scoreboard *sb, const struct seen *what)
{
    switch (well_formed(&what->tlp) ? what->tlp.kind : TLP_UNKNOWN) {
    case TLP_CFGWR0:
        config_write(sb, what);
        return cfg_model_affects_messages(&sb->cfg, what->tlp.reg) ? -2 : -1;
    case TLP_CFGRD0:
        config_read(sb, what);
        return -1;
    case TLP_MWR:
        return memory_write(sb, what);
    case TLP_MRD:
        memory_read(sb, what);
        return -1;
    default:
        if (well_formed(&what->tlp) && tlp_class(what->tlp.kind) == TLP_NONPOSTED)
            add_status(sb, what, TLP_UR);
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
        if (what->tlp.kind == TLP_CPLD && what->tlp.status == TLP_SC && dw < what->tlp.payload_dw) {
            value[n++] = tlp_payload_le(what->dw[what->tlp.header_dw + dw]);
            judge_read_dw(sb, e, dw, value[dw], ordered);
        } else {
            msix_model_pba_drop(sb->msix, read->pba_token[dw]);
        }
    }
    sb_table_read(sb, e, value, n);
}

void sb_completion(struct scoreboard *sb, const struct seen *what)
{
    const struct tlp *t = &what->tlp;
    struct cpl_slot *slot = &sb->cpl->slot[t->tag];
    if (slot->open) {
        const bool allowed = id_history_allows_since(&sb->ids, t->completer_id, slot->expect.arrival);
        slot->expect.completer_new = id_history_newest(&sb->ids);
        slot->expect.completer_old = allowed ? t->completer_id : slot->expect.completer_new;
    }
    const struct cpl_expect *e = cpl_checker_match(sb->cpl, sb->checks, t, what->dw + t->header_dw);
    if (!e)
        return;
    const bool config_write = e->request.kind == TLP_CFGWR0;
    /* nothing is ordered between traffic classes (ORD-19) */
    const bool ordered =
        !t->ro && t->tc == 0 && !config_write && e->request.kind != TLP_IOWR && e->request.kind != TLP_CFGWR1;
    const uint64_t fence = e->arrival + (config_write ? 1 : 0);
    msix_model_fence(sb->msix, sb->moment, fence, ordered, e->arrival);
    if (fence > sb->fence_moment) {
        sb->pins.outputs_due |= sb->config_moment >= sb->fence_moment;
        sb->fence_moment = fence;
    }
    if (ordered) {
        id_history_flush(&sb->ids, e->arrival);
        judge_order(sb, e);
    }
    if (e->request.kind == TLP_MRD)
        judge_data(sb, e, what, ordered);
}
