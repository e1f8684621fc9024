#include "options.h"

#include <inttypes.h>
#include <string.h>

enum option_id {
    OPTION_HELP,
    OPTION_LIST,
    OPTION_LIST_FAULTS,
    OPTION_LIST_CHECKS,
    OPTION_LIST_PROFILES,
    OPTION_TEST,
    OPTION_SEED,
    OPTION_POWER_UP,
    OPTION_WAVES,
    OPTION_LOG,
    OPTION_JSON,
    OPTION_COVER,
    OPTION_FAULT,
    OPTION_POLICY,
    OPTION_PROFILE,
    OPTION_OPS,
    OPTION_RECORD,
    OPTION_REPLAY,
    OPTION_SHRINK,
    OPTION_NO_SHRINK,
    OPTION_WAVES_WINDOW,
    OPTION_LIMIT,
    OPTION_FAULT_AS_BUG,
    OPTION_OUT,
    OPTION_BATCH,
    OPTION_INTERACTIVE,
    OPTION_VERBOSE,
    OPTION_COUNT
};

struct option_row {
    const char *name;
    const char *value; /* what the value is called; NULL: takes none */
    const char *help;
};

static const struct option_row rows[OPTION_COUNT] = {
    [OPTION_HELP] = {"--help", NULL, "this text; -h means the same"},
    [OPTION_LIST] = {"--list", NULL, "the tests: name, requirements, story"},
    [OPTION_LIST_FAULTS] = {"--list-faults", NULL, "the planted faults: name, check that must fire, test, what breaks"},
    [OPTION_LIST_CHECKS] = {"--list-checks", NULL, "the checks: name, requirements, rule"},
    [OPTION_LIST_PROFILES] = {"--list-profiles", NULL,
                              "the profiles of generated scenarios: name, what they are after"},
    [OPTION_TEST] = {"--test", "GLOB", "run the tests whose name matches (default: all); a bare word means the same"},
    [OPTION_SEED] = {"--seed", "N", "seed of the stimulus (default 1)"},
    [OPTION_POWER_UP] = {"--power-up", "N",
                         "seed of the registers' start values; there is no second run with others then"},
    [OPTION_WAVES] = {"--waves", "FILE.fst", "write a waveform; with several tests NAME goes before the extension"},
    [OPTION_LOG] = {"--log", "FILE", "write what was seen on all streams as text; named like waves"},
    [OPTION_JSON] = {"--json", "FILE", "write one JSON line a test and one with the counts of all checks"},
    [OPTION_COVER] = {"--cover", "FILE",
                      "count what passing tests cover; a coverage build adds the points of the design"},
    [OPTION_FAULT] = {"--fault", "NAME", "plant a fault: passes if the check that it names fires first"},
    [OPTION_POLICY] = {"--policy", "FILE", "what the block under test chose where the specification leaves a choice"},
    [OPTION_PROFILE] = {"--profile", "NAME", "run the tests that this profile generates"},
    [OPTION_OPS] = {"--ops", "N", "operations of a generated scenario (default 800)"},
    [OPTION_RECORD] = {"--record", "FILE", "save the scenario that a test plays; named like waves"},
    [OPTION_REPLAY] = {"--replay", "FILE", "play this scenario, as a test of its own; it has its own seed"},
    [OPTION_SHRINK] = {"--shrink", "FILE", "where the shortest scenario goes that fails like the one that failed"},
    [OPTION_NO_SHRINK] = {"--no-shrink", NULL,
                          "do not look for it (with --fault it is looked for if --shrink is given)"},
    [OPTION_WAVES_WINDOW] = {"--waves-window", "FROM:TO", "the clocks that --waves is about (default: all)"},
    [OPTION_LIMIT] = {"--limit", "N", "a run that comes to this clock has failed (default 10000000)"},
    [OPTION_FAULT_AS_BUG] = {"--fault-as-bug", "NAME", "plant a fault as a bug of the block: what finds it fails"},
    [OPTION_OUT] = {"--out", "DIR", "make this folder; file names above are meant in it; writes result.json there"},
    [OPTION_BATCH] = {"--batch", "FILE",
                      "run each line TEST SEED [DIR] of FILE (-: standard input), print JSON lines only"},
    [OPTION_INTERACTIVE] = {"--interactive", NULL,
                            "debug by hand: commands from the terminal or a pipe; `help` lists them"},
    [OPTION_VERBOSE] = {"-v", NULL, "a line a test, what the design prints, and each failure at once"},
};

static int fail(char *error, size_t room, const char *format, const char *name, const char *value)
{
    snprintf(error, room, format, name, value);
    return -1;
}

/* --- numbers --- */

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

bool options_number(const char *text, uint64_t most, uint64_t *value)
{
    const bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const unsigned base = hexadecimal ? 16 : 10;
    uint64_t number = 0;
    const char *c = text + (hexadecimal ? 2 : 0);
    if (!*c)
        return false;
    for (; *c; c++) {
        const unsigned digit = (unsigned)digit_value(*c);
        if (digit >= base || digit > most || number > (most - digit) / base)
            return false;
        number = number * base + digit;
    }
    *value = number;
    return true;
}

static int take_number(const char *name, const char *text, uint64_t most, uint64_t *value, char *error, size_t room)
{
    if (options_number(text, most, value))
        return 0;
    snprintf(error, room, "%s takes a number from 0 to %" PRIu64 ", not \"%s\"", name, most, text);
    return -1;
}

/* --- one option --- */

static int take_ops(struct options *o, const char *text, char *error, size_t room)
{
    uint64_t number = 0;
    if (take_number(rows[OPTION_OPS].name, text, OPTIONS_MOST_OPS, &number, error, room) != 0)
        return -1;
    o->ops = (unsigned)number;
    return number ? 0 : fail(error, room, "%s takes a number from 1 on, not %s", rows[OPTION_OPS].name, text);
}

static int take_power_up(struct options *o, const char *text, char *error, size_t room)
{
    uint64_t number = 0;
    if (take_number(rows[OPTION_POWER_UP].name, text, UINT32_MAX, &number, error, room) != 0)
        return -1;
    o->power_up_given = true;
    o->power_up = (uint32_t)number;
    return 0;
}

static int take_limit(struct options *o, const char *text, char *error, size_t room)
{
    if (take_number(rows[OPTION_LIMIT].name, text, UINT64_MAX, &o->limit, error, room) != 0)
        return -1;
    return o->limit ? 0 : fail(error, room, "%s takes a number from 1 on, not %s", rows[OPTION_LIMIT].name, text);
}

static int take_window(struct options *o, const char *text, char *error, size_t room)
{
    char from[24];
    const size_t length = strcspn(text, ":");
    snprintf(from, sizeof from, "%.*s", (int)length, text);
    if (length < sizeof from && text[length] == ':' && options_number(from, UINT64_MAX, &o->waves_from) &&
        options_number(text + length + 1, UINT64_MAX, &o->waves_to) && o->waves_from <= o->waves_to)
        return 0;
    return fail(error, room, "%s takes two clocks as 100:250, not \"%s\"", rows[OPTION_WAVES_WINDOW].name, text);
}

static int take_flag(enum option_id id, struct options *o, char *error, size_t room)
{
    if (id == OPTION_VERBOSE) {
        o->verbose = true;
        return 0;
    }
    if (id == OPTION_NO_SHRINK) {
        o->no_shrink = true;
        return 0;
    }
    if (id == OPTION_INTERACTIVE) {
        o->interactive = true;
        return 0;
    }
    static const enum options_action actions[OPTION_COUNT] = {
        [OPTION_HELP] = OPTIONS_HELP,
        [OPTION_LIST] = OPTIONS_LIST,
        [OPTION_LIST_FAULTS] = OPTIONS_LIST_FAULTS,
        [OPTION_LIST_CHECKS] = OPTIONS_LIST_CHECKS,
        [OPTION_LIST_PROFILES] = OPTIONS_LIST_PROFILES,
    };
    if (o->action != OPTIONS_RUN)
        return fail(error, room, "%s cannot be combined with another list or help%s", rows[id].name, "");
    o->action = actions[id];
    return 0;
}

static int take_value(enum option_id id, const char *value, struct options *o, char *error, size_t room)
{
    const char **const text[OPTION_COUNT] = {
        [OPTION_TEST] = &o->test,     [OPTION_WAVES] = &o->waves,     [OPTION_LOG] = &o->log,
        [OPTION_JSON] = &o->json,     [OPTION_COVER] = &o->cover,     [OPTION_FAULT] = &o->fault,
        [OPTION_POLICY] = &o->policy, [OPTION_PROFILE] = &o->profile, [OPTION_RECORD] = &o->record,
        [OPTION_REPLAY] = &o->replay, [OPTION_SHRINK] = &o->shrink,   [OPTION_FAULT_AS_BUG] = &o->bug,
        [OPTION_OUT] = &o->out,       [OPTION_BATCH] = &o->batch,
    };
    if (!*value)
        return fail(error, room, "%s needs a %s, not an empty word", rows[id].name, rows[id].value);
    if (id == OPTION_SEED)
        return take_number(rows[id].name, value, UINT64_MAX, &o->seed, error, room);
    if (id == OPTION_POWER_UP)
        return take_power_up(o, value, error, room);
    if (id == OPTION_OPS)
        return take_ops(o, value, error, room);
    if (id == OPTION_LIMIT)
        return take_limit(o, value, error, room);
    if (id == OPTION_WAVES_WINDOW)
        return take_window(o, value, error, room);
    *text[id] = value;
    return 0;
}

/* The row of an argument; what follows `=` goes to `value`. OPTION_COUNT: unknown. */
static enum option_id find_option(const char *argument, const char **value)
{
    if (strcmp(argument, "-h") == 0)
        argument = rows[OPTION_HELP].name;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const size_t length = strlen(rows[id].name);
        if (strncmp(argument, rows[id].name, length) != 0 || (argument[length] != '\0' && argument[length] != '='))
            continue;
        *value = argument[length] == '=' ? argument + length + 1 : NULL;
        return (enum option_id)id;
    }
    return OPTION_COUNT;
}

/* Takes argv[*index] and, if it stands apart, its value; moves *index on. */
static int take_argument(int argc, char *const argv[], int *index, bool given[], struct options *o, char *error,
                         size_t room)
{
    const char *argument = argv[(*index)++], *value = NULL;
    const bool bare = argument[0] != '-';
    const enum option_id id = bare ? OPTION_TEST : find_option(argument, &value);
    if (id == OPTION_COUNT)
        return fail(error, room, "unknown option \"%s\"%s", argument, "; --help lists all");
    if (given[id])
        return fail(error, room, "%s is given twice%s", rows[id].name, "");
    given[id] = true;
    if (bare)
        return take_value(id, argument, o, error, room);
    if (!rows[id].value)
        return value ? fail(error, room, "%s takes no value, but \"%s\" is given", rows[id].name, value)
                     : take_flag(id, o, error, room);
    if (!value && *index == argc)
        return fail(error, room, "%s needs a %s after it", rows[id].name, rows[id].value);
    return take_value(id, value ? value : argv[(*index)++], o, error, room);
}

/*
 * A scenario from a file has its operations and its seed, and is a test of its own; the lines of a batch name test, seed
 * and folder; a fault is either wanted or not.
 */
static int refuse_contradictions(const bool given[], char *error, size_t room)
{
    static const enum option_id pairs[][2] = {
        {OPTION_REPLAY, OPTION_TEST},        {OPTION_REPLAY, OPTION_SEED},     {OPTION_REPLAY, OPTION_PROFILE},
        {OPTION_REPLAY, OPTION_OPS},         {OPTION_BATCH, OPTION_TEST},      {OPTION_BATCH, OPTION_SEED},
        {OPTION_BATCH, OPTION_REPLAY},       {OPTION_BATCH, OPTION_OUT},       {OPTION_BATCH, OPTION_PROFILE},
        {OPTION_FAULT, OPTION_FAULT_AS_BUG}, {OPTION_SHRINK, OPTION_NO_SHRINK}};
    for (unsigned i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (given[pairs[i][0]] && given[pairs[i][1]])
            return fail(error, room, "%s and %s contradict each other", rows[pairs[i][0]].name, rows[pairs[i][1]].name);
    if (given[OPTION_WAVES_WINDOW] && !given[OPTION_WAVES])
        return fail(error, room, "%s needs %s", rows[OPTION_WAVES_WINDOW].name, rows[OPTION_WAVES].name);
    return 0;
}

/* Nothing is judged as a test by hand, so nothing that belongs to tests makes sense beside it. */
static int refuse_beside_interactive(const bool given[], char *error, size_t room)
{
    static const enum option_id others[] = {OPTION_TEST,  OPTION_JSON,  OPTION_COVER,       OPTION_PROFILE,
                                            OPTION_OPS,   OPTION_WAVES, OPTION_RECORD,      OPTION_SHRINK,
                                            OPTION_BATCH, OPTION_OUT,   OPTION_WAVES_WINDOW};
    for (unsigned i = 0; given[OPTION_INTERACTIVE] && i < sizeof others / sizeof others[0]; i++)
        if (given[others[i]])
            return fail(error, room, "%s and %s contradict each other", rows[OPTION_INTERACTIVE].name,
                        rows[others[i]].name);
    return 0;
}

int options_parse(int argc, char *const argv[], struct options *options, char *error, size_t room)
{
    bool given[OPTION_COUNT] = {false};
    *options = (struct options){.program = argc > 0 ? argv[0] : "sim",
                                .action = OPTIONS_RUN,
                                .seed = 1,
                                .limit = OPTIONS_LIMIT,
                                .waves_to = UINT64_MAX};
    for (int i = 1; i < argc;)
        if (take_argument(argc, argv, &i, given, options, error, room) != 0)
            return -1;
    if (refuse_contradictions(given, error, room) != 0)
        return -1;
    return refuse_beside_interactive(given, error, room);
}

void options_print_help(FILE *to, const char *program)
{
    fprintf(to, "%s [options] [GLOB]: runs the tests against the block, and says what they found.\n\n", program);
    for (unsigned id = 0; id < OPTION_COUNT; id++)
        fprintf(to, "  %-15s %-9s %s\n", rows[id].name, rows[id].value ? rows[id].value : "", rows[id].help);
    fprintf(to, "\nExit status: 0 if tests ran and all passed, 1 if a test failed, 2 if nothing could be judged.\n");
}
