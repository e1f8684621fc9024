#include "sb.h"

#include <inttypes.h>

/* What the two DWs of a read hold now. */
static struct sb_table_view view_now(const struct scoreboard *sb, const struct sb_read *read)
{
    struct sb_table_view view = {0};
    for (unsigned dw = 0; dw < 2; dw++)
        if (read->target[dw] == SB_TABLE)
            view.value[dw] =
                msix_model_field(sb->msix, read->offset[dw] / 16, read->offset[dw] / 4 % 4, UINT64_MAX, &view.care[dw]);
    return view;
}

void sb_table_write(struct scoreboard *sb, int vector)
{
    for (struct cpl_expect *e = cpl_checker_next(sb->cpl, NULL); e; e = cpl_checker_next(sb->cpl, e)) {
        struct sb_read *read = &sb->read[e->request.tag];
        bool concerned = false;
        for (unsigned dw = 0; dw < 2 && e->request.kind == TLP_MRD; dw++)
            concerned |= read->target[dw] == SB_TABLE && (vector < 0 || (int)(read->offset[dw] / 16) == vector);
        if (!concerned)
            continue;
        if (read->views < SB_VIEWS)
            read->view[read->views] = view_now(sb, read);
        read->views++;
    }
}

static bool fits(const struct sb_table_view *view, unsigned dw, uint32_t value, uint32_t enabled)
{
    return ((value ^ view->value[dw]) & view->care[dw] & enabled) == 0;
}

static void judge_dw(struct scoreboard *sb, const struct sb_read *read, unsigned dw, uint32_t value, uint32_t enabled)
{
    const unsigned vector = read->offset[dw] / 16, field = read->offset[dw] / 4 % 4;
    const enum check_id id = field == 3 ? CHECK_TABLE_MASK_VALUE : CHECK_TABLE_VALUE;
    const struct sb_table_view now = view_now(sb, read);
    bool ok = fits(&now, dw, value, enabled);
    for (unsigned k = 0; k < read->views; k++)
        ok |= fits(&read->view[k], dw, value, enabled);
    if (!check(sb->checks, id, ok))
        check_report(sb->checks, id, (int)vector,
                     "a read of the MSI-X table at %Xh gives %08" PRIX32 "; allowed: %08" PRIX32 " in bits %08" PRIX32
                     "%s (%s)",
                     read->offset[dw], value, now.value[dw], now.care[dw] & enabled,
                     read->views > 0 ? ", or what it held before the writes that came after the read" : "",
                     check_info(id)->requirements);
}

static void judge_qword(struct scoreboard *sb, const struct sb_read *read, const uint32_t value[2],
                        const uint32_t enabled[2])
{
    const struct sb_table_view now = view_now(sb, read);
    bool ok = fits(&now, 0, value[0], enabled[0]) && fits(&now, 1, value[1], enabled[1]);
    bool each[2] = {fits(&now, 0, value[0], enabled[0]), fits(&now, 1, value[1], enabled[1])};
    for (unsigned k = 0; k < read->views; k++) {
        const bool fit[2] = {fits(&read->view[k], 0, value[0], enabled[0]),
                             fits(&read->view[k], 1, value[1], enabled[1])};
        ok |= fit[0] && fit[1];
        each[0] |= fit[0];
        each[1] |= fit[1];
    }
    if (!each[0] || !each[1]) /* told already */
        return;
    if (!check(sb->checks, CHECK_TABLE_VALUE, ok))
        check_report(sb->checks, CHECK_TABLE_VALUE, (int)(read->offset[0] / 16),
                     "a read of the MSI-X table at %Xh gives %08" PRIX32 " %08" PRIX32
                     ": one DW from before a write and one from after it; allowed: both from one moment (MSIX-TBL-29)",
                     read->offset[0], value[0], value[1]);
}

void sb_table_read(struct scoreboard *sb, const struct cpl_expect *e, const uint32_t *value, unsigned n)
{
    const struct sb_read *read = &sb->read[e->request.tag];
    uint32_t enabled[2] = {0};
    if (read->views > SB_VIEWS) /* more writes came after it than are remembered */
        return;
    for (unsigned dw = 0; dw < n; dw++) {
        enabled[dw] = (uint32_t)tlp_enabled_bits(tlp_byte_enables(&e->request, dw));
        if (read->target[dw] == SB_TABLE)
            judge_dw(sb, read, dw, value[dw], enabled[dw]);
    }
    const bool whole = n == 2 && e->request.length == 2 && e->request.address % 8 == 0 && read->target[0] == SB_TABLE;
    if (whole && read->views > 0 && sb->policy->qword_atomic == POLICY_YES)
        judge_qword(sb, read, value, enabled);
}
