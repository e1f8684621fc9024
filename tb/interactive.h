/*
 * interactive.h - `sim --interactive`: one block on a bench, driven by commands from a terminal or a pipe.
 *
 * A command is an operation of the scenario language (scenario.h), or one of the words that `help` lists: let the clock
 * run, look, play a scenario step by step, save what was done as a scenario. Looking costs no clock. What is saved
 * plays the same traffic by `sim --replay`, clock by clock.
 */
#ifndef INTERACTIVE_H
#define INTERACTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy.h"
#include "scenario.h"

/* All borrowed; NULL: none. */
struct interactive_options {
    uint64_t seed; /* of the bench; that of `replay` if there is one */
    bool power_up_given;
    uint32_t power_up;
    const struct policy *policy;
    const char *fault, *log;
    const struct scenario *replay; /* its operations wait for the command `next` */
    bool verbose;
};

/*
 * Reads commands from `in` until it ends or `quit`. Answers go to `out`; a command that is not understood goes to
 * stderr with the number of its line, and the session goes on. Nothing is drained or judged at the end but what failed
 * on the way. Returns the exit status: 0, 1 if a check failed, 2 if a command was not understood or could not be done;
 * or -1 with a sentence in `error` if there is no bench.
 */
int interactive_run(const struct interactive_options *options, FILE *in, FILE *out, char *error, size_t room);

#endif
