/*
 * interactive_private.h - a session of `sim --interactive`, shared by interactive*.c only:
 *   interactive.c        the loop, the table of commands, errors
 *   interactive_time.c   commands that let the clock run, and what is watched meanwhile
 *   interactive_show.c   commands that look
 */
#ifndef INTERACTIVE_PRIVATE_H
#define INTERACTIVE_PRIVATE_H

#include "bench.h"
#include "interactive.h"
#include "line_input.h"

enum { SESSION_LINES = 1024, SESSION_LINE = 320, SESSION_WORDS = 6, SESSION_CLOCKS = 10000 };

/* What `run` and `next` may wait for. */
enum watch_kind { WATCH_NOTHING, WATCH_EVENT, WATCH_MESSAGE, WATCH_COMPLETION, WATCH_TIME, WATCH_FAILURE };

struct watch {
    enum watch_kind kind;
    int vector;      /* -1: any */
    uint64_t time;   /* of WATCH_TIME */
    uint64_t within; /* clocks */
    bool met;        /* of what is seen: it came */
};

struct session {
    struct bench *b;
    struct scenario_state *player;
    struct scenario done;          /* what `save` writes */
    const struct scenario *replay; /* NULL: none */
    size_t next;                   /* of its operations */
    struct line_input *input;
    FILE *out;
    unsigned line; /* of the input, from 1 */
    bool refused;  /* a command was not understood */
    bool failure_told;
    bool over;        /* quit */
    char waves[1000]; /* file that is being written, "": none */
    /* what was seen, newest at (seen - 1) % SESSION_LINES */
    char (*lines)[SESSION_LINE];
    uint64_t seen, told;
    struct watch watch;
    /* the last single-DW read of pending bits that was watched */
    struct {
        bool asked, sent, answered;
        uint64_t address;
        uint8_t tag;
        uint32_t value;
    } pba;
};

/* A command line, cut into words. */
struct words {
    char *word[SESSION_WORDS];
    unsigned count;
};

/* --- interactive.c --- */
/* To stderr with the number of the line; the session will end with status 2. Returns false. */
bool session_refuse(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Reads a word as a number up to `most`; refuses what is none. */
bool session_number(struct session *s, const char *word, const char *what, uint64_t most, uint64_t *value);
/* The word as a vector of the table; refuses what is none. */
bool session_vector(struct session *s, const char *word, unsigned *vector);
/* Plays an operation and keeps it for `save`; false if it was left out. */
bool session_play(struct session *s, const struct scenario_op *op);

/* --- interactive_time.c --- */
struct observer session_observer(struct session *s);
bool time_step(struct session *s, const struct words *w);
bool time_run(struct session *s, const struct words *w);
bool time_next(struct session *s, const struct words *w);
bool time_list(struct session *s, const struct words *w);
bool time_pending(struct session *s, const struct words *w);

/* --- interactive_show.c --- */
bool show_table(struct session *s, const struct words *w);
bool show_mask(struct session *s, const struct words *w);
bool show_pending(struct session *s, const struct words *w);
bool show_credits(struct session *s, const struct words *w);
bool show_controls(struct session *s, const struct words *w);
bool show_model(struct session *s, const struct words *w);
bool show_history(struct session *s, const struct words *w);
bool show_tlps(struct session *s, const struct words *w);
/* What came since the last call: the newest lines, and the failure if there is a new one. */
void show_seen(struct session *s);
/* The same, and the clock if it is not `since`. */
void show_news(struct session *s, uint64_t since);

#endif
