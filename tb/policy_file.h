/*
 * policy_file.h - reads a struct policy from a text file.
 *
 * One `name = value` a line; the names are those of policy.h; `#` begins a comment; empty lines are allowed. What the
 * file does not name stays as it was.
 */
#ifndef POLICY_FILE_H
#define POLICY_FILE_H

#include <stddef.h>

#include "policy.h"

/*
 * Returns 0, or -1 with one sentence in `error` that names the file and, if there is one, the line. `policy` is
 * undefined then.
 */
int policy_file_read(const char *file, struct policy *policy, char *error, size_t room);

#endif
