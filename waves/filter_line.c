/*
 * filter_line.c - see filter_line.h.
 */
#include "filter_line.h"

#include <string.h>

bool filter_line(FILE *in, char *line, bool *whole)
{
    size_t length = 0;
    int c;

    while ((c = fgetc(in)) != EOF && c != '\n')
        if (length++ < FILTER_LINE - 1)
            line[length - 1] = (char)(c ? c : '?');
    *whole = length < FILTER_LINE;
    line[*whole ? length : FILTER_LINE - 1] = '\0';
    if (*whole && length > 0 && line[length - 1] == '\r')
        line[length - 1] = '\0';
    return c != EOF || length > 0;
}
