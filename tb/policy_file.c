#include "policy_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 256, SENTENCE = 256, MOST_LINES = 1000 };

static const char blanks[] = " \t\r\n";

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]))
        text[--length] = '\0';
    return text;
}

static int read_line(char *line, struct policy *policy, char *error, size_t room)
{
    char *const comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    if (*trim(line) == '\0')
        return 0;
    char *const equals = strchr(line, '=');
    if (!equals) {
        snprintf(error, room, "a line reads \"name = value\", not \"%s\"", trim(line));
        return -1;
    }
    *equals = '\0';
    return policy_set(policy, trim(line), trim(equals + 1), error, room);
}

/* True if the line ends where the buffer says: with a newline, or with the file. */
static bool line_is_whole(const char *line, FILE *file)
{
    return strchr(line, '\n') || feof(file);
}

static int read_lines(FILE *from, const char *file, struct policy *policy, char *error, size_t room)
{
    char line[LINE], sentence[SENTENCE];
    for (unsigned number = 1; fgets(line, sizeof line, from); number++) {
        int status = 0;
        if (!line_is_whole(line, from) || number > MOST_LINES) {
            snprintf(sentence, sizeof sentence,
                     "this is no policy file: lines have at most %d characters, and there are at most %d", LINE - 2,
                     MOST_LINES);
            status = -1;
        } else {
            status = read_line(line, policy, sentence, sizeof sentence);
        }
        if (status != 0) {
            snprintf(error, room, "%s, line %u: %s", file, number, sentence);
            return -1;
        }
    }
    return 0;
}

int policy_file_read(const char *file, struct policy *policy, char *error, size_t room)
{
    FILE *from = fopen(file, "r");
    int status = -1;
    if (!from) {
        snprintf(error, room, "cannot read the policy file %s: %s", file, strerror(errno));
        return -1;
    }
    status = read_lines(from, file, policy, error, room);
    if (status == 0 && ferror(from)) {
        snprintf(error, room, "cannot read the policy file %s: %s", file, strerror(errno));
        status = -1;
    }
    fclose(from);
    return status;
}
