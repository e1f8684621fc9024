/*
 * interactive_show.c - commands that look: nothing here lets the clock run.
 */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "interactive_private.h"

enum { NEWS = 16, TEXT = 8192 };

/* --- vectors --- */

static bool is_masked(const struct session *s, unsigned vector)
{
    return scoreboard_entry_field(bench_scoreboard(s->b), vector, 3) & 1;
}

bool show_table(struct session *s, const struct words *w)
{
    const struct scoreboard *const sb = bench_scoreboard(s->b);
    unsigned vector;
    if (!session_vector(s, w->word[0], &vector))
        return false;
    fprintf(s->out,
            "entry %u: address %08" PRIX32 "%08" PRIX32 " data %08" PRIX32 " mask %d; %" PRIu64 " messages seen\n",
            vector, scoreboard_entry_field(sb, vector, 1), scoreboard_entry_field(sb, vector, 0),
            scoreboard_entry_field(sb, vector, 2), is_masked(s, vector), scoreboard_messages(sb, vector));
    return true;
}

bool show_mask(struct session *s, const struct words *w)
{
    const struct msix_control control = scoreboard_control(bench_scoreboard(s->b));
    unsigned vector;
    if (!session_vector(s, w->word[0], &vector))
        return false;
    fprintf(s->out, "vector %u: mask %d", vector, is_masked(s, vector));
    if (!control.enable)
        fprintf(s->out, "; MSI-X Enable is 0");
    if (control.fmask)
        fprintf(s->out, "; Function Mask is 1");
    if (!control.bme)
        fprintf(s->out, "; Bus Master Enable is 0");
    fprintf(s->out, "\n");
    return true;
}

bool show_pending(struct session *s, const struct words *w)
{
    const struct scoreboard *const sb = bench_scoreboard(s->b);
    unsigned vector;
    if (!session_vector(s, w->word[0], &vector))
        return false;
    const bool zero = scoreboard_can_pend(sb, vector, false), one = scoreboard_can_pend(sb, vector, true);
    fprintf(s->out, "vector %u: pending %s by the model", vector,
            zero && one ? "0 or 1"
            : one       ? "1"
            : zero      ? "0"
                        : "?");
    fprintf(s->out, "%s\n", scoreboard_is_exact(sb, vector) ? ", one state is left" : "; `model` lists the states");
    return true;
}

bool show_model(struct session *s, const struct words *w)
{
    char text[TEXT] = "";
    unsigned vector;
    if (!session_vector(s, w->word[0], &vector))
        return false;
    scoreboard_hypotheses(bench_scoreboard(s->b), vector, text, sizeof text);
    fputs(text, s->out);
    return true;
}

bool show_history(struct session *s, const struct words *w)
{
    char text[TEXT] = "";
    unsigned vector = 0;
    if (w->count && !session_vector(s, w->word[0], &vector))
        return false;
    scoreboard_history(bench_scoreboard(s->b), w->count ? (int)vector : -1, text, sizeof text);
    fputs(text, s->out);
    return true;
}

/* --- the function --- */

static void show_left(struct session *s, const char *name, unsigned limit, unsigned left)
{
    if (left == UINT_MAX)
        fprintf(s->out, "  %-5s infinite\n", name);
    else
        fprintf(s->out, "  %-5s limit %4u, %4u left\n", name, limit, left);
}

bool show_credits(struct session *s, const struct words *w)
{
    const struct dut_credit_limits *const fc = &bench_in(s->b)->fc;
    const struct dut_out *const pins = bench_out(s->b);
    const struct host_credits_left left = host_credits_left(s->b);
    const struct rx_grants *const grants = scoreboard_rx_grants(bench_scoreboard(s->b));
    (void)w;
    fprintf(s->out, "host to block, for what the block sends:\n");
    show_left(s, "PH", fc->ph, left.ph);
    show_left(s, "PD", fc->pd, left.pd);
    show_left(s, "NPH", fc->nph, left.nph);
    show_left(s, "NPD", fc->npd, left.npd);
    show_left(s, "CPLH", fc->cplh, left.cplh);
    show_left(s, "CPLD", fc->cpld, left.cpld);
    fprintf(s->out, "block to host, for what the host sends:\n");
    show_left(s, "PH", pins->rxfc_ph, (unsigned)grants->ph.unused);
    show_left(s, "PD", pins->rxfc_pd, (unsigned)grants->pd.unused);
    show_left(s, "NPH", pins->rxfc_nph, (unsigned)grants->nph.unused);
    show_left(s, "NPD", pins->rxfc_npd, (unsigned)grants->npd.unused);
    return true;
}

bool show_controls(struct session *s, const struct words *w)
{
    const struct scoreboard *const sb = bench_scoreboard(s->b);
    const struct msix_control control = scoreboard_control(sb);
    const struct dut_out *const pins = bench_out(s->b);
    (void)w;
    fprintf(s->out,
            "%-14s MSI-X Enable %d, Function Mask %d, Bus Master Enable %d, Memory Space Enable %d, BAR0 %016" PRIX64
            "\n",
            "last written:", control.enable, control.fmask, control.bme, scoreboard_decodes(sb), scoreboard_bar0(sb));
    fprintf(s->out,
            "%-14s MSI-X Enable %d, Function Mask %d, Bus Master Enable %d, Memory Space Enable %d, ID %02x:%02x.%x\n",
            "at the pins:", pins->cfg_msix_enable, pins->cfg_msix_fmask, pins->cfg_bme, pins->cfg_mse,
            pins->cfg_requester_id >> 8U, pins->cfg_requester_id >> 3 & 31U, pins->cfg_requester_id & 7U);
    return true;
}

/* --- what was seen --- */

static void show_lines(struct session *s, uint64_t most)
{
    const uint64_t kept = s->seen < SESSION_LINES ? s->seen : SESSION_LINES, n = most < kept ? most : kept;
    for (uint64_t i = s->seen - n; i < s->seen; i++)
        fprintf(s->out, "%s\n", s->lines[i % SESSION_LINES]);
}

bool show_tlps(struct session *s, const struct words *w)
{
    uint64_t n = NEWS;
    if (w->count && !session_number(s, w->word[0], "N", SESSION_LINES, &n))
        return false;
    show_lines(s, n);
    return true;
}

void show_seen(struct session *s)
{
    const uint64_t news = s->seen - s->told;
    const struct bench_failure *const failure = bench_failure(s->b);
    if (news > NEWS)
        fprintf(s->out, "... %" PRIu64 " more before these; `tlps %" PRIu64 "` shows them\n", news - NEWS,
                news < SESSION_LINES ? news : SESSION_LINES);
    show_lines(s, news < NEWS ? news : NEWS);
    s->told = s->seen;
    if (failure->failed && !s->failure_told) {
        const struct check_info *const info = check_info(failure->check);
        fprintf(s->out, "FAILED in clock %" PRIu64 ": %s [%s] %s\n", failure->time, info->name, info->requirements,
                failure->text);
        s->failure_told = true;
    }
}

void show_news(struct session *s, uint64_t since)
{
    show_seen(s);
    if (bench_time(s->b) != since && !line_input_is_terminal(s->input))
        fprintf(s->out, "clock %" PRIu64 "\n", bench_time(s->b));
}
