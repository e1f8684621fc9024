/*
 * out_folder.h - one folder for everything that a run writes (`--out DIR`).
 */
#ifndef OUT_FOLDER_H
#define OUT_FOLDER_H

#include "options.h"

enum { OUT_FOLDER_NAME = 4096, OUT_FOLDER_FILES = 6 };

/* Where the names are kept that `struct options` then points to. */
struct out_folder {
    char name[OUT_FOLDER_FILES][OUT_FOLDER_NAME];
};

/*
 * Makes o->out with the folders above it, and moves the file names of waves, log, json, cover, record and shrink into
 * it; json is result.json if none was given. A name that begins with / stays. Without o->out nothing happens. Returns 0,
 * or -1 with a sentence in `error`.
 */
int out_folder_place(struct options *o, struct out_folder *folder, char *error, size_t room);

#endif
