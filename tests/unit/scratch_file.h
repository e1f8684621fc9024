/*
 * scratch_file.h - a file of a unit test's own, in the directory for temporary files.
 */
#ifndef SCRATCH_FILE_H
#define SCRATCH_FILE_H

#include <stddef.h>

enum { SCRATCH_NAME = 256 };

/* Makes a new file with this content; its name goes to `name`. Fails the test if that can't be done. */
void scratch_file_make(char name[SCRATCH_NAME], const char *content);

/* Reads a file as a string, at most room - 1 bytes. Fails the test if there is none. */
void scratch_file_read(const char *name, char *text, size_t room);

#endif
