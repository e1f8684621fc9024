/*
 * main.c - the program sim: command line, lists, one run, exit status.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault.h"
#include "options.h"
#include "policy_file.h"
#include "report.h"
#include "results.h"
#include "runner.h"
#include "test.h"

enum { EXIT_NOTHING_JUDGED = 2, SENTENCE = 512, WORDS = 4400 };

/* The run as it is heard: by the report, and by the JSON lines if there are any. */
struct audience {
    struct runner_listener report;
    struct results *json; /* NULL: none */
};

static void begins(void *ctx, unsigned index, unsigned total, const char *name)
{
    const struct audience *audience = ctx;
    audience->report.begins(audience->report.ctx, index, total, name);
}

static void ended(void *ctx, const struct result *result)
{
    const struct audience *audience = ctx;
    audience->report.ended(audience->report.ctx, result);
    if (audience->json)
        results_add(audience->json, result);
}

/* --- lists --- */

static void list_tests(void)
{
    for (const struct test *const *t = all_tests; *t; t++)
        printf("%-40s %-40s %s\n", (*t)->name, (*t)->requirements, (*t)->story);
}

static void list_faults(void)
{
    const struct fault_info *f;
    for (unsigned i = 0; (f = fault_info(i)); i++)
        printf("%-32s %-24s %-36s %s\n", f->name, check_info(f->check)->name, f->test, f->sentence);
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

static int judge(const struct options *o, const struct policy *policy, struct audience *audience, struct report *report,
                 char *error, size_t room)
{
    const struct runner_options options = {
        .tests = all_tests,
        .pattern = o->test,
        .seed = o->seed,
        .power_up_given = o->power_up_given,
        .power_up = o->power_up,
        .waves = o->waves,
        .log = o->log,
        .fault = o->fault,
        .policy = policy,
        .verbose = o->verbose,
    };
    const struct runner_listener listener = {.ctx = audience, .begins = begins, .ended = ended};
    struct runner_totals totals;
    if (runner_run(&options, &listener, &totals, error, room) != 0) {
        report_end_progress(report);
        return EXIT_NOTHING_JUDGED;
    }
    if (audience->json)
        results_add_checks(audience->json, &totals.checks);
    report_summary(report, &totals);
    return totals.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct options *o, struct report *report, char *error, size_t room)
{
    struct policy policy = policy_default();
    struct audience audience = {.report = report_listener(report)};
    if (o->policy && policy_file_read(o->policy, &policy, error, room) != 0)
        return EXIT_NOTHING_JUDGED;
    if (o->json && !(audience.json = results_open(o->json, error, room)))
        return EXIT_NOTHING_JUDGED;
    int status = judge(o, &policy, &audience, report, error, room);
    if (audience.json && results_close(audience.json, error, room) != 0)
        status = EXIT_NOTHING_JUDGED;
    return status;
}

static int run_reported(const struct options *o)
{
    char error[SENTENCE] = "", further[WORDS] = "";
    struct report *report = calloc(1, sizeof *report);
    int status = EXIT_NOTHING_JUDGED;
    if (report) {
        if (o->policy)
            snprintf(further, sizeof further, " --policy %s", o->policy);
        report->to = stdout;
        report->terminal = isatty(STDOUT_FILENO) && !o->verbose;
        report->verbose = o->verbose;
        report->options = further;
        status = run(o, report, error, sizeof error);
    }
    if (status == EXIT_NOTHING_JUDGED)
        fprintf(stderr, "sim: %s\n", report ? error : "out of memory");
    free(report);
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
        return run_reported(&options);
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
    }
    return EXIT_SUCCESS;
}
