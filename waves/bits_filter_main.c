/*
 * bits_filter_main.c - a process filter of GTKWave: a line with a value in, a line with its text out.
 */
#include <stdlib.h>

#include "bits_text.h"
#include "filter_line.h"

int main(void)
{
    static char line[FILTER_LINE];
    char text[200];
    bool whole;

    while (filter_line(stdin, line, &whole)) {
        if (whole)
            bits_text(line, text, sizeof text);
        puts(whole ? text : "too wide");
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}
