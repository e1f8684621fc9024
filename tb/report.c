#include "report.h"

#include <inttypes.h>
#include <string.h>

enum {
    ALL_LINES = 40,
    FIXED_LINES = 8, /* counts, checks, the last line */
    FULL_FAILURE_LINES = 22,
    SHORT_FAILURE_LINES = 4,
};

/* --- progress --- */

static void begins(void *ctx, unsigned index, unsigned total, const char *name)
{
    struct report *report = ctx;
    if (!report->terminal)
        return;
    fprintf(report->to, "\r\033[K[%u/%u] %s%s", index + 1, total, name, report->failures ? " (failures so far)" : "");
    fflush(report->to);
}

void report_end_progress(struct report *report)
{
    if (report->terminal)
        fprintf(report->to, "\r\033[K");
    fflush(report->to);
}

static void count_reason(struct report *report, const char *reason)
{
    for (unsigned i = 0; i < report->reasons; i++)
        if (strcmp(report->reason[i].reason, reason) == 0) {
            report->reason[i].tests++;
            return;
        }
    if (report->reasons < REPORT_REASONS) {
        report->reason[report->reasons].reason = reason;
        report->reason[report->reasons++].tests = 1;
    } else {
        report->reason[REPORT_REASONS - 1].reason = "other reasons, see --json";
        report->reason[REPORT_REASONS - 1].tests++;
    }
}

static void print_test(struct report *report, const struct result *r)
{
    report_end_progress(report);
    if (r->outcome == RESULT_FAILED)
        fprintf(report->to, "FAILED   %s: %s\n", r->name, r->error.check);
    else if (r->outcome == RESULT_SKIPPED)
        fprintf(report->to, "skipped  %s: %s\n", r->name, r->reason);
    else
        fprintf(report->to, "passed   %s: %" PRIu64 " clocks, %" PRIu64 " messages, %.3f s", r->name, r->cycles,
                r->messages, r->wall_s);
    if (r->outcome == RESULT_PASSED && r->operations)
        fprintf(report->to, ", %zu operations (%zu left out)", r->operations, r->left_out);
    if (r->outcome == RESULT_PASSED)
        fputc('\n', report->to);
}

static void print_shrunk(struct report *report, const struct result *r)
{
    report_end_progress(report);
    fprintf(report->to, "shrunk   %s: %s%s%s\n", r->name, r->shrunk, r->shrunk_file[0] ? ": " : "", r->shrunk_file);
}

static void ended(void *ctx, const struct result *r)
{
    struct report *report = ctx;
    if (report->verbose || r->outcome == RESULT_FAILED)
        print_test(report, r);
    if (r->caught[0]) {
        report_end_progress(report);
        fprintf(report->to, "fault    %s: %s, in %s\n", r->fault, r->caught, r->name);
    }
    if (r->shrunk[0])
        print_shrunk(report, r);
    if (r->outcome == RESULT_SKIPPED)
        count_reason(report, r->reason);
    if (r->outcome == RESULT_FAILED && report->failures++ < REPORT_FAILURES)
        report->failure[report->failures - 1] = *r;
}

struct runner_listener report_listener(struct report *report)
{
    return (struct runner_listener){.ctx = report, .begins = begins, .ended = ended};
}

/* --- summary --- */

/* At most `most` lines of the history, the newest, indented. */
static void print_history(FILE *to, const char *history, unsigned most)
{
    unsigned lines = 0;
    for (const char *c = history; *c; c++)
        lines += *c == '\n' || c[1] == '\0';
    for (unsigned line = 0; *history; line++) {
        const size_t length = strcspn(history, "\n");
        if (line + most >= lines)
            fprintf(to, "    %.*s\n", (int)length, history);
        history += length + (history[length] == '\n');
    }
}

static void print_fault(const struct report *report, const struct result *r)
{
    fprintf(report->to, "%s%s%s", r->fault[0] ? " --fault " : "", r->fault, report->options);
}

/* How to have the same run again. */
static void print_replay(const struct report *report, const struct result *r)
{
    fprintf(report->to, "  replay: %s ", report->program);
    if (r->replay[0])
        fprintf(report->to, "--replay %s", r->replay);
    else
        fprintf(report->to, "--test %s --seed %" PRIu64, r->name, r->seed);
    print_fault(report, r);
    if (report->ops)
        fprintf(report->to, " --ops %u", report->ops);
    fputc('\n', report->to);
}

static bool has_scenario(const struct result *r)
{
    return r->generated || r->replay[0];
}

/* What became of the scenario, or else how to cut it down. */
static void print_scenario(const struct report *report, const struct result *r)
{
    if (r->shrunk_file[0]) {
        fprintf(report->to, "  shrunk: %s: %s --replay %s", r->shrunk, report->program, r->shrunk_file);
        print_fault(report, r);
        fputc('\n', report->to);
    } else if (r->shrunk[0])
        fprintf(report->to, "  shrunk: %s\n", r->shrunk);
    else if (r->generated)
        fprintf(report->to, "  shrink: the replay line with --shrink FILE; --record FILE saves the whole scenario\n");
    else if (r->replay[0])
        fprintf(report->to, "  shrink: the replay line with --shrink FILE\n");
}

static void print_make_waves(const struct report *report, const struct result *r)
{
    const bool fault = r->fault[0];
    fprintf(report->to, "make waves%s%s CONFIG=%s TEST=%s SEED=%" PRIu64, report->block[0] ? " BLOCK=" : "",
            report->block, r->config, r->name, r->seed);
    if (r->error.time > 0) /* two runs that differ say no clock */
        fprintf(report->to, " AT=%" PRIu64, r->error.time);
    if (fault || report->args[0] || report->ops) {
        char ops[24] = "";
        if (report->ops)
            snprintf(ops, sizeof ops, " --ops %u", report->ops);
        fprintf(report->to, " ARGS='%s%s%s%s'", fault ? "--fault " : "", r->fault,
                report->args + (!fault && report->args[0]), ops + (!fault && !report->args[0]));
    }
}

static void print_commands(const struct report *report, const struct result *r)
{
    print_replay(report, r);
    print_scenario(report, r);
    fprintf(report->to, "  waves:  ");
    if (r->replay[0])
        fprintf(report->to, "the replay line with --waves FILE.fst");
    else
        print_make_waves(report, r);
    if (r->error.time > 0)
        fprintf(report->to, "   (look at clock %" PRIu64 ")", r->error.time);
    fputc('\n', report->to);
}

static void print_failure(const struct report *report, const struct result *r, unsigned history_lines)
{
    fprintf(report->to, "%s, clock %" PRIu64 ": %s%s[%s] %s\n", r->name, r->error.time, r->error.check,
            r->error.check[0] ? " " : "", r->error.requirements, r->error.text);
    print_history(report->to, r->error.history, history_lines - has_scenario(r));
    print_commands(report, r);
}

static void print_failures(const struct report *report)
{
    unsigned left = ALL_LINES - FIXED_LINES - report->reasons;
    const unsigned kept = report->failures < REPORT_FAILURES ? report->failures : REPORT_FAILURES;
    unsigned printed = 0;
    for (; printed < kept && left >= SHORT_FAILURE_LINES; printed++) {
        const unsigned lines = printed == 0 && left >= FULL_FAILURE_LINES ? FULL_FAILURE_LINES : SHORT_FAILURE_LINES;
        print_failure(report, &report->failure[printed], lines - 3);
        left -= lines;
    }
    if (report->failures > printed)
        fprintf(report->to, "... and %u more failed tests, named above\n", report->failures - printed);
}

static void print_checks(FILE *to, const struct checks *checks)
{
    uint64_t evaluated = 0;
    unsigned never = 0;
    for (unsigned id = 0; id < CHECK_COUNT; id++) {
        evaluated += checks->counter[id].evaluated;
        never += checks->counter[id].evaluated == 0;
    }
    fprintf(to, "%" PRIu64 " verdicts by %d checks; never evaluated: %u", evaluated, CHECK_COUNT - (int)never, never);
    unsigned named = 0;
    for (unsigned id = 0; id < CHECK_COUNT && never <= 8; id++)
        if (checks->counter[id].evaluated == 0)
            fprintf(to, "%s%s", named++ ? ", " : " (", check_info((enum check_id)id)->name);
    fprintf(to, "%s\n", named ? ")" : "");
}

void report_summary(struct report *report, const struct runner_totals *totals)
{
    report_end_progress(report);
    print_failures(report);
    fprintf(report->to, "%" PRIu64 " clocks in %.2f s, %.0f clocks/s; %" PRIu64 " messages checked\n", totals->cycles,
            totals->wall_s, totals->wall_s > 0 ? (double)totals->cycles / totals->wall_s : 0, totals->messages);
    print_checks(report->to, &totals->checks);
    for (unsigned i = 0; i < report->reasons; i++)
        fprintf(report->to, "%u skipped: %s\n", report->reason[i].tests, report->reason[i].reason);
    fprintf(report->to, "%u passed, %u failed, %u skipped\n", totals->passed, totals->failed, totals->skipped);
}
