/*
 * tlp_log.h - what was seen, in order: as a hash (always), as the last few lines (for a failure), as a text file (if
 * asked for).
 *
 * An observer of the monitor, to be registered last, so that messages already carry their vector. The file reads like
 * the trace of a protocol analyser: clock, direction, decoded TLP.
 */
#ifndef TLP_LOG_H
#define TLP_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "monitor.h"

struct tlp_log;

/*
 * `file` NULL: no text. The text is written to FILE.part, which tlp_log_close() renames. Returns NULL with a sentence
 * in `error` if the file can't be had or memory runs out.
 */
struct tlp_log *tlp_log_create(const char *file, char *error, size_t room);

/* Ends the text file. Returns 0, or -1 with a sentence in `error`. To be called at most once. */
int tlp_log_close(struct tlp_log *log, char *error, size_t room);

/* Frees; a file not closed stays as FILE.part. NULL is allowed. */
void tlp_log_destroy(struct tlp_log *log);

struct observer tlp_log_observer(struct tlp_log *log);

/* Hash over everything seen so far: time, stream and bytes of TLPs; time and vector of events and clears; resets. */
uint64_t tlp_log_hash(const struct tlp_log *log);

/*
 * The last things seen as lines of text, oldest first: the newest `most` (up to 16), fewer if `room` ends. Returns the
 * length.
 */
size_t tlp_log_recent(const struct tlp_log *log, unsigned most, char *text, size_t room);

/* One line about `what`, without a newline; cut at `room`. Returns the length. */
size_t tlp_log_line(const struct seen *what, char *text, size_t room);

#endif
