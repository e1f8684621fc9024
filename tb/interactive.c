/*
 * interactive.c - see interactive.h: the loop, the table of commands, errors.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "interactive_private.h"
#include "options.h"
#include "runner.h"
#include "scenario_run.h"

enum { FAILED = 1, REFUSED = 2, SENTENCE = 512, NAME = 64 };

struct command {
    const char *name; /* one or two words */
    const char *arguments;
    unsigned least, most;                                  /* words behind the name */
    bool (*run)(struct session *s, const struct words *w); /* `w` without the name; false: refused */
    const char *help;
};

static bool help(struct session *s, const struct words *w);
static bool waves_start(struct session *s, const struct words *w);
static bool waves_stop(struct session *s, const struct words *w);
static bool save(struct session *s, const struct words *w);
static bool quit(struct session *s, const struct words *w);

static const struct command commands[] = {
    {"help", "[WORD]", 0, 1, help, "this list; with a word only what contains it"},
    {"step", "[N]", 0, 1, time_step, "N clocks, or one"},
    {"run", "event|message [VECTOR] [within N]", 1, 4, time_run, "until one is seen, N clocks at most (10000)"},
    {"run", "completion|failure [within N]", 1, 4, time_run, "until a completion leaves, a check fails"},
    {"run", "time CLOCK", 1, 4, time_run, "until this clock"},
    {"next", "[N | all | CONDITION]", 0, 4, time_next, "operations of --replay: N, all, until a condition of run"},
    {"list", "[N]", 0, 1, time_list, "the next operations of --replay"},
    {"pending", "VECTOR", 1, 1, time_pending, "fence, read pba VECTOR, fence: the block's own pending bit"},
    {"peek table", "VECTOR", 1, 1, show_table, "the entry as the host last wrote it, its events and messages"},
    {"peek mask", "VECTOR", 1, 1, show_mask, "its mask, and what else holds its messages back"},
    {"peek pending", "VECTOR", 1, 1, show_pending, "what the model allows the pending bit to be"},
    {"peek credits", "", 0, 0, show_credits, "of both directions: granted, and left"},
    {"peek controls", "", 0, 0, show_controls, "as last written, and at the pins"},
    {"model", "VECTOR", 1, 1, show_model, "every state that the model holds to be possible"},
    {"history", "[VECTOR]", 0, 1, show_history, "what concerned a vector, or all"},
    {"tlps", "[N]", 0, 1, show_tlps, "the last N things on all streams (16)"},
    {"waves start", "FILE.fst", 1, 1, waves_start, "a waveform from now on"},
    {"waves stop", "", 0, 0, waves_stop, "and its end"},
    {"save", "FILE", 1, 1, save, "what was done so far, as a scenario for --replay"},
    {"quit", "", 0, 0, quit, "the end; so is the end of the input"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

/* --- errors and arguments --- */

bool session_refuse(struct session *s, const char *format, ...)
{
    char text[2 * SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++) /* words that are repeated may be anything */
        if (*c < ' ' || *c > '~')
            *c = '?';
    fflush(s->out); /* so that both stand in order where both go to one place */
    fprintf(stderr, "line %u: %s\n", s->line, text);
    s->refused = true;
    return false;
}

bool session_number(struct session *s, const char *word, const char *what, uint64_t most, uint64_t *value)
{
    if (options_number(word, most, value))
        return true;
    return session_refuse(s, "%s is a number from 0 to %" PRIu64 ", not \"%s\"", what, most, word);
}

bool session_vector(struct session *s, const char *word, unsigned *vector)
{
    uint64_t value;
    if (!session_number(s, word, "VECTOR", bench_config(s->b)->nvec - 1, &value))
        return false;
    *vector = (unsigned)value;
    return true;
}

/* --- commands --- */

static void help_line(struct session *s, const char *filter, const char *name, const char *arguments, const char *text)
{
    char head[SENTENCE];
    snprintf(head, sizeof head, "%s%s%s", name, *arguments ? " " : "", arguments);
    if (!filter || strstr(head, filter) || strstr(text, filter))
        fprintf(s->out, "  %-42s %s\n", head, text);
}

static const char *form_arguments(const struct scenario_form *form, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < SCENARIO_ARGS && form->arg[i].form != SCENARIO_ARG_NONE && used < room; i++) {
        const bool optional = form->arg[i].form == SCENARIO_ARG_FLAG || form->arg[i].form == SCENARIO_ARG_OFFSET;
        used += (size_t)snprintf(text + used, room - used, "%s%s%s%s", i ? " " : "", optional ? "[" : "",
                                 form->arg[i].name, optional ? "]" : "");
    }
    return text;
}

static bool help(struct session *s, const struct words *w)
{
    const char *const filter = w->count ? w->word[0] : NULL;
    char arguments[SENTENCE];
    for (unsigned i = 0; i < COMMANDS; i++)
        help_line(s, filter, commands[i].name, commands[i].arguments, commands[i].help);
    if (!filter)
        fprintf(s->out,
                "operations of the scenario language; only wait, flush, fence, settle, drain and reset take time\n");
    for (unsigned kind = 0; kind < SCENARIO_KINDS; kind++) {
        const struct scenario_form *const form = scenario_form((enum scenario_kind)kind);
        help_line(s, filter, form->words, form_arguments(form, arguments, sizeof arguments), form->help);
    }
    return true;
}

static bool waves_start(struct session *s, const struct words *w)
{
    if (s->waves[0])
        return session_refuse(s, "waves start: %s is being written; `waves stop` ends it", s->waves);
    FILE *const probe = fopen(w->word[0], "w"); /* the writer of waves says nothing if it can't */
    if (!probe || bench_waves_start(s->b, w->word[0]) != 0)
        session_refuse(s, "waves start: cannot write %s", w->word[0]);
    else
        snprintf(s->waves, sizeof s->waves, "%s", w->word[0]);
    if (probe)
        fclose(probe);
    return s->waves[0];
}

static bool waves_stop(struct session *s, const struct words *w)
{
    (void)w;
    if (!s->waves[0])
        return session_refuse(s, "waves stop: none is being written");
    bench_waves_stop(s->b);
    fprintf(s->out, "%s ends before clock %" PRIu64 "\n", s->waves, bench_time(s->b));
    s->waves[0] = '\0';
    return true;
}

static bool save(struct session *s, const struct words *w)
{
    char error[SENTENCE], title[SENTENCE];
    const struct dut_config *const config = bench_config(s->b);
    snprintf(title, sizeof title, "by hand, %u vectors (configuration %s)%s", config->nvec, config->name,
             bench_stopped(s->b) ? ": fails " : "");
    if (bench_stopped(s->b))
        strncat(title, check_info(bench_failure(s->b)->check)->name, sizeof title - strlen(title) - 1);
    if (scenario_write_file(w->word[0], title, &s->done, error, sizeof error) != 0)
        return session_refuse(s, "save: %s", error);
    fprintf(s->out, "%zu operations in %s\n", s->done.count, w->word[0]);
    return true;
}

static bool quit(struct session *s, const struct words *w)
{
    (void)w;
    s->over = true;
    return true;
}

/* --- operations --- */

/* Waits that follow each other are one, as long as one may be. */
static bool joined(struct scenario *done, const struct scenario_op *op)
{
    if (op->kind != SCENARIO_WAIT || done->count == 0 || done->op[done->count - 1].kind != SCENARIO_WAIT)
        return false;
    uint64_t *const before = &done->op[done->count - 1].arg[0];
    if (*before + op->arg[0] > scenario_form(SCENARIO_WAIT)->arg[0].most)
        return false;
    *before += op->arg[0];
    return true;
}

bool session_play(struct session *s, const struct scenario_op *op)
{
    char text[SCENARIO_LINE];
    if (!scenario_player_play(s->player, op)) {
        fprintf(s->out, "left out, because it is not defined in this state: %s\n",
                scenario_op_print(op, text, sizeof text));
        return false;
    }
    if (!joined(&s->done, op) && !scenario_add(&s->done, op))
        session_refuse(s, "out of memory: `save` will not have this");
    return true;
}

static bool play_line(struct session *s, char *line)
{
    char error[SENTENCE];
    struct scenario_op op;
    struct scenario seed = {.seed = 0};
    const int is = scenario_read_line(line, &seed, &op, error, sizeof error);
    if (is == 1)
        session_play(s, &op);
    else if (is == 2 && seed.seed != s->done.seed)
        return session_refuse(s, "the seed is %" PRIu64 " already; start with --seed %" PRIu64, s->done.seed,
                              seed.seed);
    else if (is < 0)
        return session_refuse(s, "%s%s", error, strncmp(error, "there is no", 11) == 0 ? "; help lists all" : "");
    return true;
}

/* --- the loop --- */

/* False if there are more words than any command has: then it can only be an operation. */
static bool split(char *line, struct words *w)
{
    static const char blanks[] = " \t";
    *w = (struct words){.count = 0};
    line[strcspn(line, "#")] = '\0';
    for (char *c = line + strspn(line, blanks); *c; c += strspn(c, blanks)) {
        if (w->count == SESSION_WORDS)
            return false;
        w->word[w->count++] = c;
        c += strcspn(c, blanks);
        if (*c)
            *c++ = '\0';
    }
    return true;
}

/* How many words of the line name this command; 0: they do not. */
static unsigned names(const struct words *w, const struct command *command)
{
    char name[NAME];
    if (w->count && strcmp(w->word[0], command->name) == 0)
        return 1;
    if (w->count < 2)
        return 0;
    snprintf(name, sizeof name, "%s %s", w->word[0], w->word[1]);
    return strcmp(name, command->name) == 0 ? 2 : 0;
}

static bool run_command(struct session *s, const struct command *command, const struct words *w, unsigned named)
{
    struct words rest = {.count = w->count - named};
    for (unsigned i = 0; i < rest.count; i++)
        rest.word[i] = w->word[named + i];
    if (rest.count < command->least || rest.count > command->most)
        return session_refuse(s, "%s takes %s", command->name, *command->arguments ? command->arguments : "nothing");
    return command->run(s, &rest);
}

static bool obey(struct session *s, char *line)
{
    char copy[LINE_INPUT_MOST + 1];
    struct words w;
    snprintf(copy, sizeof copy, "%s", line);
    if (!split(copy, &w))
        return play_line(s, line);
    for (unsigned i = 0; i < COMMANDS; i++) {
        const unsigned named = names(&w, &commands[i]);
        if (named > 0)
            return run_command(s, &commands[i], &w, named);
    }
    return play_line(s, line);
}

static void loop(struct session *s)
{
    char prompt[NAME];
    bool whole;
    while (!s->over) {
        const uint64_t since = bench_time(s->b);
        snprintf(prompt, sizeof prompt, "%" PRIu64 "> ", since);
        char *const line = line_input_next(s->input, prompt, &whole);
        if (!line)
            break;
        s->line++;
        if (!whole)
            session_refuse(s, "a line has at most %d characters", LINE_INPUT_MOST);
        else
            obey(s, line);
        show_news(s, since);
        fflush(s->out);
    }
}

/* --- the session --- */

static const char *completion(unsigned number)
{
    if (number < COMMANDS)
        return commands[number].name;
    number -= COMMANDS;
    return number < SCENARIO_KINDS ? scenario_form((enum scenario_kind)number)->words : NULL;
}

static bool session_open(struct session *s, const struct interactive_options *o, FILE *in, char *error, size_t room)
{
    const uint64_t seed = o->replay ? o->replay->seed : o->seed;
    const struct bench_options options = {
        .seed = seed,
        .power_up_seed = o->power_up_given ? o->power_up : runner_power_up(seed),
        .policy = o->policy,
        .fault = o->fault,
        .log = o->log,
        .verbose = o->verbose,
    };
    scenario_init(&s->done);
    s->done.seed = seed;
    s->replay = o->replay;
    if (!(s->b = bench_create(&options, error, room)))
        return false;
    snprintf(error, room, "out of memory");
    s->lines = calloc(SESSION_LINES, sizeof *s->lines);
    s->input = line_input_open(in, s->out, "sim");
    if (!s->lines || !s->input)
        return false;
    line_input_complete(s->input, completion);
    const struct observer observer = session_observer(s);
    monitor_observe(bench_monitor(s->b), &observer);
    return (s->player = scenario_player_create(s->b)) != NULL;
}

static void greet(struct session *s)
{
    const struct dut_config *const config = bench_config(s->b);
    fprintf(s->out, "configuration %s, %u vectors, seed %" PRIu64 ", clock %" PRIu64 "; ", config->name, config->nvec,
            s->done.seed, bench_time(s->b));
    if (s->replay)
        fprintf(s->out, "%zu operations wait for `next`; ", s->replay->count);
    fprintf(s->out, "`help` lists the commands\n");
    s->told = s->seen;
    show_news(s, bench_time(s->b));
    fflush(s->out);
}

static void session_close(struct session *s)
{
    scenario_player_destroy(s->player);
    line_input_close(s->input);
    bench_destroy(s->b);
    scenario_free(&s->done);
    free(s->lines);
}

int interactive_run(const struct interactive_options *options, FILE *in, FILE *out, char *error, size_t room)
{
    struct session s = {.out = out};
    int status = -1;
    if (session_open(&s, options, in, error, room)) {
        greet(&s);
        loop(&s);
        if (line_input_is_terminal(s.input))
            fputc('\n', out);
        status = s.refused ? REFUSED : bench_stopped(s.b) ? FAILED : 0;
        bench_waves_stop(s.b);
        if (!bench_finish(s.b, error, room))
            status = -1;
    }
    session_close(&s);
    return status;
}
