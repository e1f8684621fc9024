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
    char text[LINE_INPUT_MOST + 2];
};

static char *prompt_of(EditLine *edit)
{
    struct line_input *input = NULL;
    el_get(edit, EL_CLIENTDATA, &input);
    return input->prompt;
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
