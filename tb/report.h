/*
 * report.h - what the engineer reads on the terminal: progress, and a summary of at most 40 lines that ends with the
 * next command.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "results.h"
#include "runner.h"

enum { REPORT_FAILURES = 6, REPORT_REASONS = 6 };

struct report {
    FILE *to;
    bool terminal;       /* a progress line is kept */
    bool verbose;        /* a line a test */
    const char *program; /* as it was called */
    const char *block;   /* folder of the design, if it is not rtl/, else "" */
    const char *options; /* further options that any replay needs, as " --policy FILE", else "" */
    const char *args;    /* those of them that make does not give by itself */
    unsigned ops;        /* of --ops, which the run of a generated scenario needs as well; 0: not given */
    unsigned failures;   /* seen; the first REPORT_FAILURES are kept */
    struct result failure[REPORT_FAILURES];
    unsigned reasons;
    struct {
        const char *reason;
        unsigned tests;
    } reason[REPORT_REASONS]; /* of skips; the last place takes all others */
};

/* The listener of a run; `report` must outlive it. */
struct runner_listener report_listener(struct report *report);

/* Ends the progress line, if there is one. */
void report_end_progress(struct report *report);

/* The summary; its last line is "N passed, N failed, N skipped". */
void report_summary(struct report *report, const struct runner_totals *totals);

#endif
