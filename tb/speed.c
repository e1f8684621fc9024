/*
 * speed.c - the program build/CONFIG/bench: measures the block in clocks and the bench against the bare model, prints a
 * table and writes the figures as a flat JSON object. It holds nothing against a bar: that is for a script.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "speed_block.h"
#include "speed_ratio.h"

enum { EXIT_USAGE = 2, DEFAULT_CLOCKS = 100000, DEFAULT_ROUNDS = 5, MOST_CLOCKS = 10000000 };

struct options {
    const char *json;
    const char *suffix;
    uint64_t clocks, seed, rounds;
    bool help;
};

struct figures {
    struct speed_block block;
    struct speed_ratio typical, saturated;
};

static const char usage[] = "usage: bench [--json FILE] [--suffix TEXT] [--clocks N] [--rounds N] [--seed N]\n"
                            "Measures the block in clocks and the cost of the bench against the bare model.\n"
                            "  --json FILE    writes the figures as one flat JSON object\n"
                            "  --suffix TEXT  is added to every key of it, e.g. _max\n"
                            "  --clocks N     clocks under load in each timed run, 1000..10000000 (100000)\n"
                            "  --rounds N     timed pairs of runs, of which the median counts, 1..99 (5)\n"
                            "  --seed N       of stimulus and power-up values (1)\n";

/* --- options --- */

static bool parse_number(const char *text, uint64_t lowest, uint64_t highest, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 0);
    return errno == 0 && *end == '\0' && *value >= lowest && *value <= highest;
}

/* One option with its value. Returns false if it is not known or the value is not good. */
static bool parse_option(const char *name, const char *value, struct options *o)
{
    if (strcmp(name, "--clocks") == 0)
        return parse_number(value, 1000, MOST_CLOCKS, &o->clocks);
    if (strcmp(name, "--rounds") == 0)
        return parse_number(value, 1, SPEED_MAX_ROUNDS, &o->rounds);
    if (strcmp(name, "--seed") == 0)
        return parse_number(value, 0, UINT64_MAX, &o->seed);
    if (strcmp(name, "--json") == 0)
        o->json = value;
    else if (strcmp(name, "--suffix") == 0)
        o->suffix = value;
    else
        return false;
    return *value != '\0' && strpbrk(o->suffix, "\"\\") == NULL;
}

static bool parse(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0) {
            o->help = true;
            return true;
        }
        if (i + 1 == argc || !parse_option(argv[i], argv[i + 1], o)) {
            fprintf(stderr, "bench: '%s%s%s' is no option with a value that it takes; see bench --help\n", argv[i],
                    i + 1 < argc ? " " : "", i + 1 < argc ? argv[i + 1] : "");
            return false;
        }
    }
    return true;
}

/* --- figures --- */

static bool measure(const struct options *o, struct figures *f, char *error, size_t room)
{
    return speed_messages(o->seed, &f->block, error, room) && speed_latency(o->seed, &f->block, error, room) &&
           speed_utilisation(o->seed, &f->block, error, room) &&
           speed_measure_ratio(SPEED_TYPICAL, o->seed, o->clocks, (unsigned)o->rounds, &f->typical, error, room) &&
           speed_measure_ratio(SPEED_SATURATED, o->seed, o->clocks, (unsigned)o->rounds, &f->saturated, error, room);
}

static void print_table(const struct figures *f)
{
    const struct dut_config *c = dut_get_config();
    printf("configuration %s: %u vectors, %u-bit streams\n", c->name, c->nvec, 32 * c->data_dw);
    printf("  messages per clock, drain of all vectors  %10.3f\n", f->block.messages_per_clock);
    printf("  clocks from an event to tx_tvalid, idle   %10u\n", f->block.latency_clocks);
    printf("  use of tx, writes and messages waiting    %10.3f  data writes %.3f, messages %.3f\n",
           f->block.tx_utilisation, f->block.dma_share, f->block.message_share);
    printf("  %-22s %12s %12s %8s\n", "clocks per second", "bench", "bare model", "ratio");
    printf("  %-22s %12.0f %12.0f %8.3f\n", "load typical", f->typical.bench_cycles_per_s, f->typical.bare_cycles_per_s,
           f->typical.ratio);
    printf("  %-22s %12.0f %12.0f %8.3f\n", "load saturated", f->saturated.bench_cycles_per_s,
           f->saturated.bare_cycles_per_s, f->saturated.ratio);
}

static bool write_json(const struct options *o, const struct figures *f)
{
    const struct {
        const char *key;
        double value;
    } row[] = {
        {"messages_per_clock", f->block.messages_per_clock}, {"latency_clocks", f->block.latency_clocks},
        {"tx_utilisation", f->block.tx_utilisation},         {"bench_cycles_per_s", f->typical.bench_cycles_per_s},
        {"bare_cycles_per_s", f->typical.bare_cycles_per_s}, {"bench_ratio", f->typical.ratio},
        {"bench_ratio_saturated", f->saturated.ratio},
    };
    FILE *file = fopen(o->json, "w");
    if (file == NULL)
        return false;
    bool good = true;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        good =
            good && fprintf(file, "%s\n \"%s%s\": %.10g", i == 0 ? "{" : ",", row[i].key, o->suffix, row[i].value) > 0;
    good = good && fprintf(file, "\n}\n") > 0;
    return fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
    struct options o = {.suffix = "", .clocks = DEFAULT_CLOCKS, .seed = 1, .rounds = DEFAULT_ROUNDS};
    struct figures f = {0};
    char error[1200] = "";
    if (!parse(argc, argv, &o))
        return EXIT_USAGE;
    if (o.help) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    if (!measure(&o, &f, error, sizeof error)) {
        fprintf(stderr, "bench: nothing measured: %s\n", error);
        return EXIT_FAILURE;
    }
    print_table(&f);
    if (o.json != NULL && !write_json(&o, &f)) {
        fprintf(stderr, "bench: cannot write '%s': %s\n", o.json, strerror(errno));
        return EXIT_USAGE;
    }
    return EXIT_SUCCESS;
}
