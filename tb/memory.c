#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

void *memory_resize(void *old, size_t size)
{
    void *resized = realloc(old, size);
    if (!resized) {
        fprintf(stderr, "out of memory: a buffer of %zu bytes could not be had\n", size);
        exit(2);
    }
    return resized;
}

void memory_exhausted(const char *what)
{
    fprintf(stderr, "out of memory: no more %s could be had\n", what);
    exit(2);
}
