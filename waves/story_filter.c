/*
 * story_filter.c - see story_filter.h.
 */
#include "story_filter.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filter_line.h"

enum { MAX_ROWS = 16, TITLE = 32, COLOUR = 32, FILE_NAME = 1024 };

struct story {
    char title[TITLE], file[FILE_NAME];
    unsigned rows;
};

static void write_box(const char *line, unsigned row, uint64_t *until, FILE *out)
{
    char colour[COLOUR];
    unsigned of;
    uint64_t time;
    int text = 0;

    if (sscanf(line, "%u %" SCNu64 " %31s%n", &of, &time, colour, &text) < 3 || of != row || time < *until)
        return;
    *until = time;
    text += (int)strspn(line + text, " ");
    if (line[text] == '\0')
        fprintf(out, "#%" PRIu64 "\n", time);
    else
        fprintf(out, "#%" PRIu64 " ?%s?%s\n", time, colour, line + text);
}

static void write_row(const struct story *story, unsigned row, char *line, FILE *out)
{
    FILE *const from = fopen(story->file, "r");
    uint64_t until = 0;
    bool whole;

    fprintf(out, "%s$name %s\n#0\n", row ? "$next\n" : "", row ? "+" : story->title);
    while (from && filter_line(from, line, &whole))
        write_box(line, row, &until, out);
    if (from)
        fclose(from);
}

bool story_filter_answer(FILE *in, FILE *out)
{
    struct story story = {.title = "story", .rows = 1};
    char *const line = malloc(FILTER_LINE);
    bool ended = false, whole;

    while (line && !ended && filter_line(in, line, &whole)) {
        sscanf(line, "$comment args \"%31s %u %1023[^\"]", story.title, &story.rows, story.file);
        ended = strncmp(line, "$comment data_end", 17) == 0;
    }
    for (char *c = story.title; *c; c++) /* a title is one word */
        *c = *c == '_' ? ' ' : *c;
    for (unsigned row = 0; ended && row < story.rows && row < MAX_ROWS; row++)
        write_row(&story, row, line, out);
    if (ended)
        fprintf(out, "$finish\n");
    fflush(out);
    free(line);
    return ended;
}
