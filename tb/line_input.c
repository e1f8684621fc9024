/*
 * line_input.c - see line_input.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "line_input.h"

#include <histedit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REMEMBERED = 1000 };

struct line_input {
    FILE *in;
    EditLine *edit; /* NULL: no terminal */
    History *history;
    char prompt[64];
    line_input_text *completion; /* NULL: none */
    char text[LINE_INPUT_MOST + 2];
};

static char *prompt_of(EditLine *edit)
{
    struct line_input *input = NULL;
    el_get(edit, EL_CLIENTDATA, &input);
    return input->prompt;
}

/* How far all texts that begin with these `length` characters agree; *agreed is one of them, NULL if there is none. */
static size_t agreement(line_input_text *text, const char *begun, size_t length, const char **agreed)
{
    size_t common = 0;
    const char *candidate;
    *agreed = NULL;
    for (unsigned i = 0; (candidate = text(i)); i++) {
        if (strncmp(candidate, begun, length) != 0)
            continue;
        size_t same = *agreed ? 0 : strlen(candidate);
        while (*agreed && same < common && (*agreed)[same] == candidate[same])
            same++;
        common = same;
        *agreed = *agreed ? *agreed : candidate;
    }
    return common;
}

static unsigned char complete(EditLine *edit, int key)
{
    struct line_input *input = NULL;
    const LineInfo *const line = el_line(edit);
    const char *agreed;
    char more[LINE_INPUT_MOST];
    (void)key;
    el_get(edit, EL_CLIENTDATA, &input);
    if (!input->completion)
        return CC_ERROR;
    const size_t length = (size_t)(line->cursor - line->buffer);
    const size_t common = agreement(input->completion, line->buffer, length, &agreed);
    if (!agreed || common <= length || common - length >= sizeof more)
        return CC_ERROR;
    snprintf(more, sizeof more, "%.*s", (int)(common - length), agreed + length);
    return el_insertstr(edit, more) == 0 ? CC_REFRESH : CC_ERROR;
}

void line_input_complete(struct line_input *input, line_input_text *text)
{
    input->completion = text;
}

static bool open_editor(struct line_input *input, FILE *in, FILE *out, const char *program)
{
    HistEvent event;
    input->history = history_init();
    input->edit = el_init(program, in, out, stderr);
    if (!input->history || !input->edit)
        return false;
    history(input->history, &event, H_SETSIZE, REMEMBERED);
    history(input->history, &event, H_SETUNIQUE, 1);
    el_set(input->edit, EL_CLIENTDATA, input);
    el_set(input->edit, EL_PROMPT, prompt_of);
    el_set(input->edit, EL_EDITOR, "emacs");
    el_set(input->edit, EL_SIGNAL, 1);
    el_set(input->edit, EL_HIST, history, input->history);
    el_set(input->edit, EL_ADDFN, "complete", "completes a command", complete);
    el_set(input->edit, EL_BIND, "^I", "complete", NULL);
    return true;
}

struct line_input *line_input_open(FILE *in, FILE *out, const char *program)
{
    struct line_input *input = calloc(1, sizeof *input);
    if (!input)
        return NULL;
    input->in = in;
    if (isatty(fileno(in)) && !open_editor(input, in, out, program)) {
        line_input_close(input);
        return NULL;
    }
    return input;
}

void line_input_close(struct line_input *input)
{
    if (!input)
        return;
    if (input->edit)
        el_end(input->edit);
    if (input->history)
        history_end(input->history);
    free(input);
}

bool line_input_is_terminal(const struct line_input *input)
{
    return input->edit != NULL;
}

static bool edit_line(struct line_input *input, bool *whole)
{
    HistEvent event;
    int length = 0;
    const char *const line = el_gets(input->edit, &length);
    if (!line || length <= 0)
        return false;
    if (line[0] != '\n')
        history(input->history, &event, H_ENTER, line);
    *whole = length <= LINE_INPUT_MOST + 1;
    snprintf(input->text, sizeof input->text, "%s", line);
    return true;
}

/* A NUL in the line ends it. */
static bool read_line(struct line_input *input, bool *whole)
{
    size_t length = 0;
    int c;
    while ((c = fgetc(input->in)) != EOF && c != '\n')
        if (length++ < LINE_INPUT_MOST)
            input->text[length - 1] = (char)c;
    *whole = length <= LINE_INPUT_MOST;
    input->text[*whole ? length : LINE_INPUT_MOST] = '\0';
    return c != EOF || length > 0;
}

char *line_input_next(struct line_input *input, const char *prompt, bool *whole)
{
    snprintf(input->prompt, sizeof input->prompt, "%s", prompt);
    if (!(input->edit ? edit_line(input, whole) : read_line(input, whole)))
        return NULL;
    input->text[strcspn(input->text, "\r\n")] = '\0';
    return input->text;
}
