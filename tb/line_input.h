/*
 * line_input.h - lines of text from a person or a script: with editing and history by libedit on a terminal, plain
 * from a pipe or a file.
 */
#ifndef LINE_INPUT_H
#define LINE_INPUT_H

#include <stdbool.h>
#include <stdio.h>

enum { LINE_INPUT_MOST = 1000 /* characters of a line */ };

struct line_input;

/* `in` and `out` are borrowed. NULL if memory runs out or the terminal can't be had. */
struct line_input *line_input_open(FILE *in, FILE *out, const char *program);
void line_input_close(struct line_input *input);

/*
 * What the tabulator key completes a line to, on a terminal: texts by number from 0 on, ended by NULL. The line up to
 * the cursor grows as far as all that begin with it agree.
 */
typedef const char *line_input_text(unsigned number);
void line_input_complete(struct line_input *input, line_input_text *text);

/* Is it a terminal, so that a prompt is shown? */
bool line_input_is_terminal(const struct line_input *input);

/*
 * The next line without its newline, up to LINE_INPUT_MOST characters; the rest of a longer one is passed over and
 * *whole is false. NULL at the end. `prompt` is shown on a terminal only. Owned by the input until the next call.
 */
char *line_input_next(struct line_input *input, const char *prompt, bool *whole);

#endif
