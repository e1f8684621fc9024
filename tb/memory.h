/*
 * memory.h - growing a buffer in the middle of a run, where nobody could do anything about a failure.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* realloc() that never returns NULL for `size` > 0: ends the program with a sentence and exit status 2 instead. */
void *memory_resize(void *old, size_t size);

/* The same end for memory that somebody else could not get: `what` is a plural, "pages of host memory". */
_Noreturn void memory_exhausted(const char *what);

#endif
