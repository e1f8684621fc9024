/*
 * bits_filter_main.c - a process filter of GTKWave: a line with a value in, a line with its text out.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>

#include "bits_text.h"

int main(void)
{
    char *line = NULL, text[200];
    size_t room = 0;

    while (getline(&line, &room, stdin) > 0) {
        bits_text(line, text, sizeof text);
        puts(text);
        fflush(stdout);
    }
    free(line);
    return EXIT_SUCCESS;
}
