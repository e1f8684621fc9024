/*
 * main.c - the program sim: command line, lists, one run, exit status.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "coverage.h"
#include "coverage_bins.h"
#include "fault.h"
#include "interactive.h"
#include "options.h"
#include "out_folder.h"
#include "policy_file.h"
#include "report.h"
#include "results.h"
#include "runner.h"
#include "scenario_gen.h"
#include "test.h"

enum { EXIT_NOTHING_JUDGED = 2, SENTENCE = 512, WORDS = 4400, LIST_COLUMNS = 100 };

/* The run as it is heard: by the report, and by the JSON lines if there are any. */
struct audience {
    struct runner_listener report;
    struct results *json; /* NULL: none */
    FILE *lines;          /* NULL: none; of a batch */
    bool told;            /* a line was printed */
};

static void begins(void *ctx, unsigned index, unsigned total, const char *name)
{
    const struct audience *audience = ctx;
    audience->report.begins(audience->report.ctx, index, total, name);
}

static void ended(void *ctx, const struct result *result)
{
    struct audience *audience = ctx;
    audience->report.ended(audience->report.ctx, result);
    if (audience->json)
        results_add(audience->json, result);
    if (audience->lines)
        results_print(audience->lines, result);
    audience->told = true;
}

/* --- lists --- */

/* Words in lines of LIST_COLUMNS at most, indented. */
static void print_folded(const char *text)
{
    int column = 0;
    while (*text) {
        const int length = (int)strcspn(text, " ");
        if (column && column + 1 + length > LIST_COLUMNS) {
            putchar('\n');
            column = 0;
        }
        column += printf("%s%.*s", column ? " " : "    ", length, text);
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void list_tests(void)
{
    for (const struct test *const *t = all_tests; *t; t++) {
        printf("%s\n", (*t)->name);
        print_folded((*t)->story);
        print_folded((*t)->requirements);
    }
}

static void list_faults(void)
{
    const struct fault_info *f;
    for (unsigned i = 0; (f = fault_info(i)); i++)
        printf("%-32s %-24s %-36s %s\n", f->name, check_info(f->check)->name, f->test, f->sentence);
}

static void list_profiles(void)
{
    const struct scenario_profile *p;
    for (unsigned i = 0; (p = scenario_profile(i)); i++)
        printf("%-16s %s\n", p->name, p->story);
}

static void list_checks(void)
{
    for (unsigned id = 0; id < CHECK_COUNT; id++) {
        const struct check_info *info = check_info((enum check_id)id);
        printf("%-24s %-40s %s%s\n", info->name, info->requirements, info->rule,
               info->severity == CHECK_WARNING ? " (warning)" : "");
    }
}

/* --- the run --- */

/* The file is made anew: the design adds to it run by run, the bins are added here, last. */
static int write_coverage(const struct coverage *coverage, const char *file, char *error, size_t room)
{
    unsigned bins = 0;
    if (coverage_write(coverage, file, error, room) != 0)
        return -1;
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++)
        bins += coverage_bin_exists(bin);
    printf("functional coverage: %u of %u bins\n", coverage_hit(coverage), bins);
    return 0;
}

/* What `--replay` runs. */
static const struct test replayed = {
    .name = "replay",
    .requirements = "ENV-01, ENV-04",
    .story = "The scenario of a file.",
};
static const struct test *const replay_tests[] = {&replayed, NULL};

static int judge(const struct options *o, const struct policy *policy, struct coverage *coverage,
                 const struct scenario *replay, struct audience *audience, struct report *report, char *error,
                 size_t room)
{
    const struct runner_options options = {
        .tests = o->replay ? replay_tests : all_tests,
        .pattern = o->test,
        .seed = o->seed,
        .power_up_given = o->power_up_given,
        .power_up = o->power_up,
        .waves = o->waves,
        .log = o->log,
        .waves_from = o->waves_from,
        .waves_to = o->waves_to,
        .limit = o->limit,
        .fault = o->bug ? o->bug : o->fault,
        .fault_is_bug = o->bug != NULL,
        .coverage = coverage,
        .design_coverage = o->cover,
        .profile = o->profile,
        .ops = o->ops,
        .replay = o->replay ? replay : NULL,
        .replay_file = o->replay,
        .record = o->record,
        .shrink = o->shrink,
        .no_shrink = o->no_shrink,
        .policy = policy,
        .verbose = o->verbose,
    };
    const struct runner_listener listener = {.ctx = audience, .begins = begins, .ended = ended};
    struct runner_totals totals;
    const bool whole = runner_run(&options, &listener, &totals, error, room) == 0;
    if (audience->json)
        results_add_checks(audience->json, &totals.checks);
    const bool written = !whole || !coverage || write_coverage(coverage, o->cover, error, room) == 0;
    if (whole || totals.passed + totals.failed > 0) /* what was judged is told, whatever came then */
        report_summary(report, &totals);
    report_end_progress(report);
    if (!whole || !written)
        return EXIT_NOTHING_JUDGED;
    return totals.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int refuse_profile(const struct options *o, char *error, size_t room)
{
    if (!o->profile || scenario_profile_find(o->profile))
        return 0;
    snprintf(error, room, "there is no profile \"%s\"; --list-profiles lists all", o->profile);
    return -1;
}

static int run(const struct options *o, struct report *report, struct audience *audience, char *error, size_t room)
{
    struct policy policy = policy_default();
    struct coverage *coverage = NULL;
    struct scenario replay;
    if (refuse_profile(o, error, room) != 0)
        return EXIT_NOTHING_JUDGED;
    if (o->policy && policy_file_read(o->policy, &policy, error, room) != 0)
        return EXIT_NOTHING_JUDGED;
    if (o->json && !(audience->json = results_open(o->json, error, room)))
        return EXIT_NOTHING_JUDGED;
    if (o->cover) {
        remove(o->cover);
        snprintf(error, room, "out of memory");
        if (!(coverage = coverage_create()))
            return EXIT_NOTHING_JUDGED;
    }
    int status = EXIT_NOTHING_JUDGED;
    scenario_init(&replay);
    if (!o->replay || scenario_read_file(o->replay, &replay, error, room) == 0)
        status = judge(o, &policy, coverage, &replay, audience, report, error, room);
    scenario_free(&replay);
    coverage_destroy(coverage);
    if (audience->json && results_close(audience->json, error, room) != 0)
        status = EXIT_NOTHING_JUDGED;
    return status;
}

static int debug_by_hand(const struct options *o)
{
    char error[SENTENCE];
    struct policy policy = policy_default();
    struct scenario replay;
    int status = -1;
    scenario_init(&replay);
    struct interactive_options options = {
        .seed = o->seed,
        .power_up_given = o->power_up_given,
        .power_up = o->power_up,
        .policy = &policy,
        .fault = o->bug ? o->bug : o->fault,
        .log = o->log,
        .replay = o->replay ? &replay : NULL,
        .verbose = o->verbose,
    };
    if ((!o->policy || policy_file_read(o->policy, &policy, error, sizeof error) == 0) &&
        (!o->replay || scenario_read_file(o->replay, &replay, error, sizeof error) == 0))
        status = interactive_run(&options, stdin, stdout, error, sizeof error);
    scenario_free(&replay);
    if (status < 0)
        fprintf(stderr, "sim: %s\n", error);
    return status < 0 ? EXIT_NOTHING_JUDGED : status;
}

/* What could not be judged is said: as a line of the batch, or else on stderr. */
static void tell_refusal(const struct options *o, const struct audience *audience, const char *error)
{
    if (!audience->lines)
        fprintf(stderr, "sim: %s\n", error);
    else if (!audience->told)
        results_print_refused(audience->lines, o->test, o->seed, error);
}

static const char *block_folder(void)
{
    const char *block = dut_get_config()->block;
    return block ? block : "";
}

/* The policy of another block is in its folder, and `make BLOCK=` gives it by itself. */
static bool is_policy_of_block(const char *policy)
{
    char own[WORDS];
    snprintf(own, sizeof own, "%s/policy", block_folder());
    return block_folder()[0] && strcmp(policy, own) == 0;
}

/* Options that a replay needs beside test and seed; with `make` those that it does not know. */
static void write_options(const struct options *o, bool make, char *text, size_t room)
{
    text[0] = '\0';
    if (o->bug)
        snprintf(text, room, " --fault-as-bug %s", o->bug);
    if (o->policy && !(make && is_policy_of_block(o->policy)))
        snprintf(text + strlen(text), room - strlen(text), " --policy %s", o->policy);
    if (o->limit != OPTIONS_LIMIT)
        snprintf(text + strlen(text), room - strlen(text), " --limit %" PRIu64, o->limit);
    if (o->power_up_given)
        snprintf(text + strlen(text), room - strlen(text), " --power-up %u", o->power_up);
}

/* `lines` is where a batch has its JSON lines; NULL: no batch. */
static int run_reported(const struct options *o, FILE *lines)
{
    char error[SENTENCE] = "out of memory", further[WORDS], args[WORDS];
    struct audience audience = {.lines = lines};
    struct report *report = calloc(1, sizeof *report);
    int status = EXIT_NOTHING_JUDGED;
    if (report) {
        write_options(o, false, further, sizeof further);
        write_options(o, true, args, sizeof args);
        report->ops = o->ops;
        report->to = stdout;
        report->terminal = isatty(STDOUT_FILENO) && !o->verbose;
        report->verbose = o->verbose;
        report->program = o->program;
        report->block = block_folder();
        report->options = further;
        report->args = args;
        audience.report = report_listener(report);
        status = run(o, report, &audience, error, sizeof error);
    }
    if (status == EXIT_NOTHING_JUDGED)
        tell_refusal(o, &audience, error);
    free(report);
    return status;
}

static int run_placed(const struct options *given, FILE *lines)
{
    char error[SENTENCE];
    struct out_folder folder;
    struct options o = *given;
    if (out_folder_place(&o, &folder, error, sizeof error) == 0)
        return run_reported(&o, lines);
    tell_refusal(&o, &(struct audience){.lines = lines}, error);
    return EXIT_NOTHING_JUDGED;
}

/* --- the batch --- */

static int run_lines(const struct options *given, FILE *from, FILE *lines)
{
    char error[SENTENCE];
    struct batch_job job;
    int worst = EXIT_SUCCESS, found;
    while ((found = batch_next(from, &job, error, sizeof error)) > 0) {
        struct options o = *given;
        o.test = job.test;
        o.seed = job.seed;
        o.out = job.folder[0] ? job.folder : NULL;
        const int status = run_placed(&o, lines);
        worst = status > worst ? status : worst;
        fflush(lines); /* not before all files of the run are there */
    }
    if (found == 0)
        return worst;
    fprintf(stderr, "sim: %s\n", error);
    return EXIT_NOTHING_JUDGED;
}

/* Stdout is for the JSON lines alone: what else is printed goes nowhere. */
static int run_batch(const struct options *o)
{
    FILE *const from = strcmp(o->batch, "-") == 0 ? stdin : fopen(o->batch, "r");
    FILE *const lines = fdopen(dup(STDOUT_FILENO), "w");
    int status = EXIT_NOTHING_JUDGED;
    if (from && lines && freopen("/dev/null", "w", stdout))
        status = run_lines(o, from, lines);
    else
        fprintf(stderr, "sim: cannot read the batch %s: %s\n", o->batch, strerror(errno));
    if (from && from != stdin)
        fclose(from);
    if (lines)
        fclose(lines);
    return status;
}

int main(int argc, char *argv[])
{
    struct options options;
    char error[SENTENCE];
    if (options_parse(argc, argv, &options, error, sizeof error) != 0) {
        fprintf(stderr, "sim: %s\n", error);
        return EXIT_NOTHING_JUDGED;
    }
    switch (options.action) {
    case OPTIONS_RUN:
        if (options.interactive)
            return debug_by_hand(&options);
        return options.batch ? run_batch(&options) : run_placed(&options, NULL);
    case OPTIONS_HELP:
        options_print_help(stdout, argv[0]);
        break;
    case OPTIONS_LIST:
        list_tests();
        break;
    case OPTIONS_LIST_FAULTS:
        list_faults();
        break;
    case OPTIONS_LIST_CHECKS:
        list_checks();
        break;
    case OPTIONS_LIST_PROFILES:
        list_profiles();
        break;
    }
    return EXIT_SUCCESS;
}
