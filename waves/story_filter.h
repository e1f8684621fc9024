/*
 * story_filter.h - the story of a failure as boxes, for GTKWave: what happened to a vector, and the rule that broke.
 *
 * GTKWave starts build/waves/story_filter as a transaction filter and sends a query as it does to tlp_filter. The wires
 * do not matter. The trace's arguments are a title, a number of rows and a file; the file has a line a box,
 *
 *     ROW TIME COLOUR TEXT
 *
 * ROW from 0 on, TIME in ns and not falling within a row, COLOUR a name that GTKWave knows. A box without a text ends
 * the one before it. Lines that are not so are passed over.
 */
#ifndef STORY_FILTER_H
#define STORY_FILTER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Reads one query from `in` and writes its answer to `out`, flushed: also if there is no such file, or nothing readable
 * in it. Returns false at the end of `in`.
 */
bool story_filter_answer(FILE *in, FILE *out);

#endif
