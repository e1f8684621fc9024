/*
 * scenario.c - lists of operations, and their text.
 */
#include "scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

enum { FIRST_ROOM = 64, MOST_WORDS = 12, SENTENCE = 256 };

static const char blanks[] = " \t\r\n";

/* --- lists --- */

void scenario_init(struct scenario *s)
{
    *s = (struct scenario){.seed = 1};
}

void scenario_free(struct scenario *s)
{
    free(s->op);
    scenario_init(s);
}

static bool make_room(struct scenario *s, size_t count)
{
    if (count <= s->room)
        return true;
    const size_t room = count > 2 * s->room ? count + FIRST_ROOM : 2 * s->room;
    struct scenario_op *op = realloc(s->op, room * sizeof *op);
    if (!op)
        return false;
    s->op = op;
    s->room = room;
    return true;
}

bool scenario_add(struct scenario *s, const struct scenario_op *op)
{
    if (!make_room(s, s->count + 1))
        return false;
    s->op[s->count++] = *op;
    return true;
}

bool scenario_copy(struct scenario *to, const struct scenario *from)
{
    if (!make_room(to, from->count))
        return false;
    if (from->count > 0)
        memcpy(to->op, from->op, from->count * sizeof *to->op);
    to->count = from->count;
    to->seed = from->seed;
    return true;
}

/* --- writing --- */

static int print_arg(const struct scenario_arg *arg, uint64_t value, char *text, size_t room)
{
    switch (arg->form) {
    case SCENARIO_ARG_NUMBER:
        return snprintf(text, room, " %" PRIu64, value);
    case SCENARIO_ARG_HEX:
        return snprintf(text, room, " 0x%" PRIX64, value);
    case SCENARIO_ARG_WORD:
        return snprintf(text, room, " %s", arg->words[value]);
    case SCENARIO_ARG_FLAG:
        return value ? snprintf(text, room, " %s", arg->name) : 0;
    case SCENARIO_ARG_OFFSET:
        return value ? snprintf(text, room, " at +%" PRIu64, value) : 0;
    case SCENARIO_ARG_NONE:
        break;
    }
    return 0;
}

char *scenario_op_print(const struct scenario_op *op, char *text, size_t room)
{
    const struct scenario_form *form = scenario_form(op->kind);
    size_t used = (size_t)snprintf(text, room, "%s", form->words);
    for (unsigned i = 0; i < SCENARIO_ARGS && used < room; i++)
        used += (size_t)print_arg(&form->arg[i], op->arg[i], text + used, room - used);
    return text;
}

void scenario_print(const struct scenario *s, FILE *to)
{
    char line[SCENARIO_LINE];
    fprintf(to, "seed %" PRIu64 "\n", s->seed);
    for (size_t i = 0; i < s->count; i++)
        fprintf(to, "%s\n", scenario_op_print(&s->op[i], line, sizeof line));
}

int scenario_write_file(const char *file, const char *title, const struct scenario *s, char *error, size_t room)
{
    FILE *to = fopen(file, "w");
    if (to) {
        fprintf(to, "# %s\n", title);
        scenario_print(s, to);
        const int broken = ferror(to);
        if (fclose(to) == 0 && !broken)
            return 0;
    }
    snprintf(error, room, "cannot write the scenario %s: %s", file, strerror(errno));
    return -1;
}

/* --- reading --- */

/* The words of a line that are not taken yet. */
struct words {
    char *word[MOST_WORDS];
    unsigned count, next;
};

/* False if there are more words than any operation has. */
static bool split(char *line, struct words *w)
{
    *w = (struct words){.count = 0};
    for (char *c = line + strspn(line, blanks); *c && *c != '#'; c += strspn(c, blanks)) {
        if (w->count == MOST_WORDS)
            return false;
        w->word[w->count++] = c;
        c += strcspn(c, " \t\r\n#");
        if (*c == '#') {
            *c = '\0';
            break;
        }
        if (*c)
            *c++ = '\0';
    }
    return true;
}

static const char *peek(const struct words *w)
{
    return w->next < w->count ? w->word[w->next] : "";
}

/* Number of words that name this operation, 0 if they do not. */
static unsigned names(const struct words *w, const struct scenario_form *form)
{
    const char *const blank = strchr(form->words, ' ');
    if (!blank)
        return strcmp(peek(w), form->words) == 0;
    const size_t first = (size_t)(blank - form->words);
    const bool same = w->count >= 2 && strlen(w->word[0]) == first && strncmp(w->word[0], form->words, first) == 0;
    return same && strcmp(w->word[1], blank + 1) == 0 ? 2 : 0;
}

static int read_word(struct words *w, const struct scenario_arg *arg, uint64_t *value, char *error, size_t room)
{
    for (uint64_t i = 0; arg->words[i]; i++)
        if (strcmp(peek(w), arg->words[i]) == 0) {
            *value = i;
            w->next++;
            return 0;
        }
    int used = snprintf(error, room, "%s is one of", arg->name);
    for (unsigned i = 0; arg->words[i] && used > 0 && (size_t)used < room; i++)
        used += snprintf(error + used, room - (size_t)used, "%s %s", i ? "," : "", arg->words[i]);
    if (used > 0 && (size_t)used < room)
        snprintf(error + used, room - (size_t)used, "; not \"%s\"", peek(w));
    return -1;
}

static int read_offset(struct words *w, const struct scenario_arg *arg, uint64_t *value, char *error, size_t room)
{
    if (strcmp(peek(w), "at") != 0)
        return 0;
    w->next++;
    const char *const text = peek(w);
    if (text[0] != '+' || !options_number(text + 1, arg->most, value) || *value == 0) {
        snprintf(error, room, "behind \"at\" stands +1 to +%" PRIu64 " clocks from now, not \"%s\"", arg->most, text);
        return -1;
    }
    w->next++;
    return 0;
}

static int read_number(struct words *w, const struct scenario_arg *arg, uint64_t *value, char *error, size_t room)
{
    if (!options_number(peek(w), UINT64_MAX, value)) {
        snprintf(error, room, "%s is a number, not \"%s\"", arg->name, peek(w));
        return -1;
    }
    w->next++;
    return 0;
}

static int read_arg(struct words *w, const struct scenario_arg *arg, uint64_t *value, char *error, size_t room)
{
    switch (arg->form) {
    case SCENARIO_ARG_NUMBER:
    case SCENARIO_ARG_HEX:
        return read_number(w, arg, value, error, room);
    case SCENARIO_ARG_WORD:
        return read_word(w, arg, value, error, room);
    case SCENARIO_ARG_OFFSET:
        return read_offset(w, arg, value, error, room);
    case SCENARIO_ARG_FLAG:
        *value = strcmp(peek(w), arg->name) == 0;
        w->next += *value != 0;
        break;
    case SCENARIO_ARG_NONE:
        break;
    }
    return 0;
}

static int read_op(struct words *w, struct scenario_op *op, char *error, size_t room)
{
    const struct scenario_form *form = scenario_form(op->kind);
    char text[SENTENCE];
    for (unsigned i = 0; i < SCENARIO_ARGS; i++)
        if (read_arg(w, &form->arg[i], &op->arg[i], text, sizeof text) != 0) {
            snprintf(error, room, "%s: %s", form->words, text);
            return -1;
        }
    if (w->next < w->count) {
        snprintf(error, room, "%s: there is a word too many, \"%s\"", form->words, peek(w));
        return -1;
    }
    const char *const wrong = scenario_op_wrong(op, text, sizeof text);
    if (wrong)
        snprintf(error, room, "%s: %s", form->words, wrong);
    return wrong ? -1 : 1;
}

static int read_seed(const struct words *w, struct scenario *s, char *error, size_t room)
{
    if (w->count == 2 && options_number(w->word[1], UINT64_MAX, &s->seed))
        return 2;
    snprintf(error, room, "seed takes one number from 0 to %" PRIu64, UINT64_MAX);
    return -1;
}

int scenario_read_line(char *line, struct scenario *s, struct scenario_op *op, char *error, size_t room)
{
    struct words w;
    if (!split(line, &w)) {
        snprintf(error, room, "no operation has more than %d words", MOST_WORDS);
        return -1;
    }
    if (w.count == 0)
        return 0;
    if (strcmp(w.word[0], "seed") == 0)
        return read_seed(&w, s, error, room);
    for (unsigned kind = 0; kind < SCENARIO_KINDS; kind++) {
        const unsigned n = names(&w, scenario_form((enum scenario_kind)kind));
        if (n == 0)
            continue;
        *op = (struct scenario_op){.kind = (enum scenario_kind)kind};
        w.next = n;
        return read_op(&w, op, error, room);
    }
    snprintf(error, room, "there is no operation \"%s%s%s\"", w.word[0], w.count > 1 ? " " : "",
             w.count > 1 ? w.word[1] : "");
    return -1;
}

/* The number that scenario_read_line() returns, after what belongs to the list has been looked at too. */
static int take_line(char *line, bool whole, struct scenario *s, bool *seeded, char *error, size_t room)
{
    struct scenario_op op;
    if (!whole) {
        snprintf(error, room, "a line has at most %d characters", SCENARIO_LINE - 2);
        return -1;
    }
    const int is = scenario_read_line(line, s, &op, error, room);
    const char *problem = NULL;
    if (is == 2 && (*seeded || s->count > 0))
        problem = "the seed stands once, in front of all operations";
    else if (is == 1 && s->count == SCENARIO_MOST_OPS)
        problem = "there are too many operations";
    else if (is == 1 && !scenario_add(s, &op))
        problem = "out of memory";
    *seeded = *seeded || is == 2;
    if (problem)
        snprintf(error, room, "%s", problem);
    return problem ? -1 : is;
}

int scenario_read(FILE *from, const char *name, struct scenario *s, char *error, size_t room)
{
    char line[SCENARIO_LINE], sentence[2 * SENTENCE];
    bool seeded = false;
    for (unsigned number = 1; fgets(line, sizeof line, from); number++) {
        const bool whole = strchr(line, '\n') || feof(from);
        if (take_line(line, whole, s, &seeded, sentence, sizeof sentence) < 0) {
            snprintf(error, room, "%s:%u: %s", name, number, sentence);
            return -1;
        }
    }
    if (!ferror(from))
        return 0;
    snprintf(error, room, "cannot read the scenario %s: %s", name, strerror(errno));
    return -1;
}

int scenario_read_file(const char *file, struct scenario *s, char *error, size_t room)
{
    FILE *from = fopen(file, "r");
    if (!from) {
        snprintf(error, room, "cannot read the scenario %s: %s", file, strerror(errno));
        return -1;
    }
    const int status = scenario_read(from, file, s, error, room);
    fclose(from);
    return status;
}
