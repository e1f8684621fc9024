/*
 * runner_scenario.c - tests that play a scenario: made and recorded.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "scenario_gen.h"

enum { FILE_NAME = 4096, SENTENCE = 512 };

int runner_scenario_make(const struct runner_options *options, const struct test *test, struct scenario *s, char *error,
                         size_t room)
{
    if (test->run)
        return 0;
    const struct scenario_profile *profile = test->profile ? scenario_profile_find(test->profile) : NULL;
    const unsigned ops = options->ops ? options->ops : SCENARIO_DEFAULT_OPS;
    if (!options->replay && !profile) {
        snprintf(error, room, "the test %s has nothing to run, and no profile \"%s\"", test->name,
                 test->profile ? test->profile : "");
        return -1;
    }
    const bool made = options->replay ? scenario_copy(s, options->replay)
                                      : scenario_generate(s, profile, options->seed, ops, dut_get_config()->nvec);
    if (!made)
        snprintf(error, room, "out of memory");
    return made ? 0 : -1;
}

int runner_scenario_record(const struct run *run, bool several, char *error, size_t room)
{
    char file[FILE_NAME], title[SENTENCE];
    snprintf(title, sizeof title, "%s, seed %" PRIu64 ", %u vectors (configuration %s): %zu operations",
             run->test->name, run->seed, dut_get_config()->nvec, dut_get_config()->name, run->scenario->count);
    return scenario_write_file(several ? runner_file_name(run->options->record, run->test->name, file, sizeof file)
                                       : run->options->record,
                               title, run->scenario, error, room);
}
