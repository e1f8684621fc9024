/*
 * filter_line.h - lines from GTKWave, whatever comes: a filter must neither wait for ever nor eat all memory, because
 * GTKWave waits for its answer.
 */
#ifndef FILTER_LINE_H
#define FILTER_LINE_H

#include <stdbool.h>
#include <stdio.h>

enum { FILTER_LINE = 16384 /* wider than any value: 4096 bits and what stands around them */ };

/*
 * Reads a line without its end into `line` (FILTER_LINE bytes, terminated). What is longer is passed over and *whole is
 * false; a NUL in it reads as '?'. Returns false at the end of the input.
 */
bool filter_line(FILE *in, char *line, bool *whole);

#endif
