/*
 * options.h - the command line of sim, read strictly.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum options_action {
    OPTIONS_RUN,
    OPTIONS_HELP,
    OPTIONS_LIST,
    OPTIONS_LIST_FAULTS,
    OPTIONS_LIST_CHECKS,
    OPTIONS_LIST_PROFILES
};

enum { OPTIONS_MOST_OPS = 100000, OPTIONS_LIMIT = 10000000 };

/* Strings are borrowed from argv; NULL: not given. */
struct options {
    const char *program; /* argv[0] */
    enum options_action action;
    const char *test; /* pattern of fnmatch(3) */
    uint64_t seed;    /* default 1 */
    bool power_up_given;
    uint32_t power_up; /* of the registers' start values */
    const char *waves, *log, *json, *cover, *fault, *policy;
    const char *profile, *record, *replay, *shrink;
    bool no_shrink;
    const char *bug;               /* a planted fault that nobody knows of: what it breaks fails the test */
    const char *out;               /* folder that the names of files are meant in */
    const char *batch;             /* file of runs, batch.h; "-": standard input */
    unsigned ops;                  /* 0: not given */
    uint64_t limit;                /* clocks of a run, from 1 on */
    uint64_t waves_from, waves_to; /* clocks that are in the waveform, both included */
    bool verbose;
    bool interactive;
};

/*
 * Reads argv[1..argc-1]: `--name VALUE`, `--name=VALUE`, flags, and one bare word that stands for `--test WORD`.
 * Numbers are decimal or 0x hexadecimal, without sign or blanks, in range. Nothing may be given twice. Returns 0, or -1
 * with one sentence in `error`.
 */
int options_parse(int argc, char *const argv[], struct options *options, char *error, size_t room);

/* Reads a whole string as such a number. Returns false if it is none or exceeds `most`. */
bool options_number(const char *text, uint64_t most, uint64_t *value);

/* The help text; `program` is argv[0]. */
void options_print_help(FILE *to, const char *program);

#endif
