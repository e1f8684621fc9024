/*
 * fuzz_measure.h - what a search has reached: the functional bins of the bench, as feedback for libFuzzer and as figures.
 *
 * Bins that a run hits (coverage.h) are told to libFuzzer beside its own branch counters, so that an input which brings
 * about a new race is kept like one that takes a new branch. FUZZ_NO_BINS in the environment leaves that out.
 */
#ifndef FUZZ_MEASURE_H
#define FUZZ_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "coverage.h"

enum { FUZZ_MOST_BYTES = 1024 /* sizes that are told apart */ };

struct fuzz_figures {
    uint64_t executions;
    uint64_t size[FUZZ_MOST_BYTES + 1]; /* executions with inputs of so many bytes */
};

/* Before the first run. False if memory runs out. */
int fuzz_measure_start(void);

/* Bins of one run, to be given to its bench. NULL: not measured. */
struct coverage *fuzz_measure_begin(void);

/* The run of an input of `size` bytes is over: its bins are added up and fed back. */
void fuzz_measure_end(struct coverage *run, size_t size);

/* Writes "executions N", "bins N" and "size BYTES N" lines. */
void fuzz_measure_write(const char *file);
/* Reads the sizes of such a file. Returns the sum of their counts, 0 if it cannot be read. */
uint64_t fuzz_measure_read(const char *file, struct fuzz_figures *figures);

#endif
