#define _POSIX_C_SOURCE 200809L

#include "out_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Each folder of the path in turn; what is there already is well. Returns 0 or an error number. */
static int make_folders(const char *path)
{
    char part[OUT_FOLDER_NAME];
    for (size_t end = 1; path[end - 1]; end++) {
        if (path[end] != '/' && path[end] != '\0')
            continue;
        snprintf(part, sizeof part, "%.*s", (int)end, path);
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return errno;
    }
    return 0;
}

int out_folder_place(struct options *o, struct out_folder *folder, char *error, size_t room)
{
    const char **const files[OUT_FOLDER_FILES] = {&o->waves, &o->log, &o->json, &o->cover, &o->record, &o->shrink};
    if (!o->out)
        return 0;
    const int broken = strlen(o->out) < OUT_FOLDER_NAME ? make_folders(o->out) : ENAMETOOLONG;
    if (broken) {
        snprintf(error, room, "cannot make the folder %.300s: %s", o->out, strerror(broken));
        return -1;
    }
    if (!o->json)
        o->json = "result.json";
    for (unsigned i = 0; i < OUT_FOLDER_FILES; i++) {
        if (!*files[i] || **files[i] == '/')
            continue;
        if (snprintf(folder->name[i], OUT_FOLDER_NAME, "%s/%s", o->out, *files[i]) >= OUT_FOLDER_NAME) {
            snprintf(error, room, "the name of a file is too long: %.300s", *files[i]);
            return -1;
        }
        *files[i] = folder->name[i];
    }
    return 0;
}
