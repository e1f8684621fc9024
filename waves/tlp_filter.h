/*
 * tlp_filter.h - raw beats to readable TLPs, for GTKWave.
 *
 * GTKWave starts the program build/waves/tlp_filter as a transaction filter. For each combined trace it sends the wires
 * of one stream as a small VCD and gets back coloured boxes with text. The wires are told apart by how their names end:
 *
 *   clk, rst_n                         as they are; rst_n may be missing
 *   *tvalid *tready *tlast *tkeep *tdata   a stream of TLPs; tready may be missing (always taken)
 *   *valid *ready *vector              an event port; shows the vector number
 *
 * The stream's width is that of its tkeep. A box begins at the rising edge that accepts the first beat, the moment that
 * counts for ordering; it lasts longer than the beats so that the text can be read, until its row is needed again. The trace's
 * arguments are a title and a number of rows: "tx 3".
 */
#ifndef TLP_FILTER_H
#define TLP_FILTER_H

#include <stdbool.h>
#include <stdio.h>

/* Reads one query from `in` and writes its answer to `out`, flushed. Returns false at the end of `in`. */
bool tlp_filter_answer(FILE *in, FILE *out);

#endif
