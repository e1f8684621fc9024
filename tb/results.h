/*
 * results.h - what came out of a test, and the JSON lines that say so.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check.h"

enum result_outcome { RESULT_PASSED, RESULT_FAILED, RESULT_SKIPPED };

/* First error of a test that failed. */
struct result_error {
    const char *check;        /* name; "" if the run failed otherwise */
    const char *requirements; /* comma-separated */
    uint64_t time;            /* clock */
    int vector;               /* that it is about; -1: none */
    char text[1200];
    char history[4096]; /* lines; not in the JSON */
};

struct result {
    const char *name, *config;
    uint64_t seed;
    enum result_outcome outcome;
    const char *reason; /* of a skip, else "" */
    const char *fault;  /* planted, else "" */
    char caught[256];   /* how the planted fault was caught, a sentence, else "" */
    const char *replay; /* file of the scenario that was replayed, else "" */
    bool generated;     /* the scenario was made by a profile */
    size_t operations;  /* of the scenario, played until the end of the first run; 0: none */
    size_t left_out;    /* of these, because they were illegal in their state */
    char shrunk[512];   /* what became of the scenario of a failure, a sentence, else "" */
    char shrunk_file[4096];
    uint64_t cycles;
    double wall_s;
    uint64_t messages;
    uint64_t log_hash;
    struct checks checks;      /* as they were evaluated in this test */
    struct result_error error; /* of a failure */
};

struct results;

/* Begins FILE.part. Returns NULL with a sentence in `error` if it can't be had. */
struct results *results_open(const char *file, char *error, size_t room);

/* Writes one line and flushes it, so that it survives a crash of the next test. Of the checks, the ones evaluated. */
void results_add(struct results *results, const struct result *result);

/* Writes that line to a file of the caller's own; flushing it is the caller's too. */
void results_print(FILE *to, const struct result *result);

/* The line of a run that could not be judged: {"name", "seed", "result": "refused", "reason": SENTENCE}. */
void results_print_refused(FILE *to, const char *name, uint64_t seed, const char *reason);

/* Writes the line {"checks": {NAME: {"evaluated": N, "failed": N}, ...}}. */
void results_add_checks(struct results *results, const struct checks *checks);

/* Renames FILE.part to FILE and frees. Returns 0, or -1 with a sentence in `error`; FILE.part stays then. */
int results_close(struct results *results, char *error, size_t room);

/* "passed", "failed" or "skipped". */
const char *result_outcome_name(enum result_outcome outcome);

#endif
