/*
 * batch.h - many runs by one process, named by lines of text: how a regression saves the start of a process a run.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { BATCH_TEST = 128, BATCH_FOLDER = 3000 };

struct batch_job {
    char test[BATCH_TEST];
    uint64_t seed;
    char folder[BATCH_FOLDER]; /* for --out; "": none */
};

/*
 * Reads the next line `TEST SEED [DIR]`; the seed as in options.h, no blanks in names, empty lines are passed over.
 * Returns 1 with a job, 0 at the end, -1 with a sentence in `error` for a line that is none.
 */
int batch_next(FILE *from, struct batch_job *job, char *error, size_t room);

#endif
