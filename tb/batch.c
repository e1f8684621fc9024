#include "batch.h"

#include <string.h>

#include "options.h"

enum { LINE = BATCH_TEST + BATCH_FOLDER + 64 };

/* Copies the next word; false if there is none or it does not fit. */
static bool take_word(const char **text, char *word, size_t room)
{
    *text += strspn(*text, " ");
    const size_t length = strcspn(*text, " ");
    const bool fits = length > 0 && length < room;
    snprintf(word, room, "%.*s", fits ? (int)length : 0, *text);
    *text += length;
    return fits;
}

static bool parse(const char *line, struct batch_job *job)
{
    char seed[32];
    if (!take_word(&line, job->test, sizeof job->test) || !take_word(&line, seed, sizeof seed) ||
        !options_number(seed, UINT64_MAX, &job->seed))
        return false;
    job->folder[0] = '\0';
    line += strspn(line, " ");
    return !*line || (take_word(&line, job->folder, sizeof job->folder) && !line[strspn(line, " ")]);
}

int batch_next(FILE *from, struct batch_job *job, char *error, size_t room)
{
    char line[LINE];
    while (fgets(line, sizeof line, from)) {
        line[strcspn(line, "\n")] = '\0';
        if (!line[strspn(line, " ")])
            continue;
        if (parse(line, job))
            return 1;
        snprintf(error, room, "expected a line TEST SEED [DIR], not \"%.200s\"", line);
        return -1;
    }
    return 0;
}
