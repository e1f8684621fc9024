/*
 * liberal_main.c - runs the liberal device against the checks.
 *
 *   liberal [--seeds FROM..TO] [--clocks N] [--illegal NAME|all] [--list] [--verbose] [--log FILE]
 *
 * Without --illegal every seed must pass: a check that fires is a false alarm. With it the switch must have struck, and
 * in nearly all seeds in which it did the right check must have fired first. Exit status 0 if so, 1 if not, 2 for wrong
 * arguments.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "liberal.h"

enum {
    LEGAL_SEEDS = 300,
    ILLEGAL_SEEDS = 100,
    CLOCKS = 2000,
    SHOWN_ALARMS = 12,
    CAUGHT_PERCENT = 90 /* of the seeds in which a switch struck */
};

struct options {
    uint64_t from, to;
    unsigned clocks;
    int illegal; /* enum liberal_illegal, -1: all of them in turn */
    bool verbose;
    const char *log; /* file for all TLPs of the last seed, or NULL */
};

/* What came out of one seed. */
struct outcome {
    bool failed;
    enum check_id check;
    unsigned strikes;
    uint64_t clocks, messages;
};

struct tally {
    uint64_t seeds, passed, clocks, messages;
    unsigned hit, right, wrong, missed, by[CHECK_COUNT];
};

/* --- one seed --- */

static void show_failure(const struct bench *b, const struct liberal_plan *plan, const struct options *o)
{
    const struct bench_failure *f = bench_failure(b);
    printf("seed %" PRIu64 ", clock %" PRIu64 ", check %s: %s\n%s  replay: build/liberal/liberal --seeds %" PRIu64
           "..%" PRIu64 " --clocks %u --verbose\n",
           plan->seed, f->time, check_info(f->check)->name, f->text, o->verbose ? f->history : "", plan->seed,
           plan->seed, o->clocks);
}

static void show_plan(const struct liberal_plan *plan)
{
    const char *name;
    char value[32];
    unsigned number;
    printf("nvec %u, data_dw %u, mps_max %u, bar0 2^%u, table %" PRIX32 "h, pba %" PRIX32 "h, csr %" PRIX32 "h\n",
           plan->config.nvec, plan->config.data_dw, plan->config.mps_max, plan->config.bar0_size_log2,
           plan->config.table_offset, plan->config.pba_offset, plan->config.csr_offset);
    for (unsigned k = 0; policy_get(&plan->policy, k, &name, value, sizeof value); k++)
        printf("  %s %s\n", name, value);
    for (unsigned k = 0; liberal_habit_get(&plan->habits, k, &name, &number); k++)
        printf("  %s %u\n", name, number);
}

static bool run_seed(uint64_t seed, const struct options *o, enum liberal_illegal illegal, bool show,
                     struct outcome *out)
{
    struct liberal_plan plan;
    char error[256];
    liberal_plan(&plan, seed, illegal);
    liberal_use(&plan);
    if (o->verbose)
        show_plan(&plan);
    const struct bench_options options = {
        .seed = seed, .power_up_seed = (uint32_t)seed, .policy = &plan.policy, .verbose = o->verbose, .log = o->log};
    struct bench *b = bench_create(&options, error, sizeof error);
    if (!b) {
        fprintf(stderr, "%s\n", error);
        return false;
    }
    liberal_traffic(b, &plan, o->clocks);
    bench_drain(b);
    if (!bench_finish(b, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        bench_destroy(b);
        return false;
    }
    const struct bench_failure *f = bench_failure(b);
    *out = (struct outcome){.failed = f->failed,
                            .check = f->check,
                            .clocks = bench_time(b),
                            .messages = scoreboard_messages_total(bench_scoreboard(b))};
    if (f->failed && show)
        show_failure(b, &plan, o);
    bench_destroy(b);
    out->strikes = plan.strikes; /* some are counted at the very end */
    return true;
}

/* --- many seeds --- */

static bool run_legal(const struct options *o)
{
    struct tally t = {0};
    struct outcome out;
    for (uint64_t seed = o->from; seed <= o->to; seed++) {
        if (!run_seed(seed, o, LIBERAL_LEGAL, t.seeds - t.passed < SHOWN_ALARMS, &out))
            return false;
        t.seeds++;
        t.passed += !out.failed;
        t.clocks += out.clocks;
        t.messages += out.messages;
        if (out.failed)
            t.by[out.check]++;
    }
    for (int id = 0; id < CHECK_COUNT; id++)
        if (t.by[id])
            printf("%6u false alarms of %s\n", t.by[id], check_info((enum check_id)id)->name);
    printf("%" PRIu64 " clocks, %" PRIu64 " messages\n", t.clocks, t.messages);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", t.passed, t.seeds - t.passed);
    return t.passed == t.seeds;
}

static void count(struct tally *t, enum liberal_illegal illegal, const struct outcome *out)
{
    t->seeds++;
    t->hit += out->strikes > 0 || out->failed;
    if (out->failed)
        t->by[out->check]++;
    if (out->failed && liberal_switch_expects(illegal, out->check))
        t->right++;
    else if (out->failed)
        t->wrong++;
    else if (out->strikes > 0)
        t->missed++;
}

/* It must have struck, and the right check must have fired first in nearly all seeds in which it did: in all but one, or
 * in all but a tenth. */
static bool is_caught(const struct tally *t)
{
    return t->right > 0 && (t->right + 1 >= t->hit || t->right * 100 >= t->hit * CAUGHT_PERCENT);
}

static bool run_illegal(const struct options *o, enum liberal_illegal illegal)
{
    struct tally t = {0};
    struct outcome out;
    for (uint64_t seed = o->from; seed <= o->to; seed++) {
        if (!run_seed(seed, o, illegal, o->verbose, &out))
            return false;
        count(&t, illegal, &out);
    }
    printf("%-8s %-22s struck in %u of %" PRIu64 " seeds, caught in %u, by another check in %u, missed in %u:",
           is_caught(&t) ? "caught" : "MISSED", liberal_switch(illegal)->name, t.hit, t.seeds, t.right, t.wrong,
           t.missed);
    for (int id = 0; id < CHECK_COUNT; id++)
        if (t.by[id])
            printf(" %s %u", check_info((enum check_id)id)->name, t.by[id]);
    printf("\n");
    fflush(stdout);
    return is_caught(&t);
}

static bool run_all_illegal(const struct options *o)
{
    unsigned passed = 0, failed = 0;
    const int first = o->illegal < 0 ? LIBERAL_LEGAL + 1 : o->illegal;
    const int last = o->illegal < 0 ? LIBERAL_ILLEGALS - 1 : o->illegal;
    for (int k = first; k <= last; k++) {
        const bool caught = run_illegal(o, (enum liberal_illegal)k);
        passed += caught;
        failed += !caught;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0;
}

/* --- the command line --- */

static void list(void)
{
    for (int k = LIBERAL_LEGAL + 1; k < LIBERAL_ILLEGALS; k++) {
        const struct liberal_switch *s = liberal_switch((enum liberal_illegal)k);
        printf("%-22s %s:", s->name, s->sentence);
        for (unsigned i = 0; i < LIBERAL_CHECKS && s->check[i] != CHECK_COUNT; i++)
            printf(" %s", check_info(s->check[i])->name);
        printf("\n");
    }
}

static bool parse_number(const char *text, char end, uint64_t *value, const char **rest)
{
    char *stop;
    errno = 0;
    *value = strtoull(text, &stop, 10);
    *rest = stop;
    return errno == 0 && *text >= '0' && *text <= '9' && *stop == end;
}

static bool parse_seeds(const char *text, struct options *o)
{
    const char *rest;
    return parse_number(text, '.', &o->from, &rest) && strncmp(rest, "..", 2) == 0 &&
           parse_number(rest + 2, '\0', &o->to, &rest) && o->from <= o->to;
}

static bool parse_illegal(const char *text, struct options *o)
{
    o->illegal = strcmp(text, "all") == 0 ? -1 : liberal_switch_find(text);
    return o->illegal != LIBERAL_LEGAL && (o->illegal > 0 || strcmp(text, "all") == 0);
}

static bool parse_option(const char *name, const char *value, struct options *o)
{
    const char *rest;
    uint64_t clocks;
    if (strcmp(name, "--seeds") == 0)
        return parse_seeds(value, o);
    if (strcmp(name, "--log") == 0) {
        o->log = value;
        return true;
    }
    if (strcmp(name, "--illegal") == 0)
        return parse_illegal(value, o);
    if (strcmp(name, "--clocks") != 0 || !parse_number(value, '\0', &clocks, &rest) || clocks > 1000000)
        return false;
    o->clocks = (unsigned)clocks;
    return true;
}

int main(int argc, char **argv)
{
    struct options o = {.clocks = CLOCKS};
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--list") == 0) {
            list();
            return 0;
        }
        if (strcmp(argv[k], "--verbose") == 0) {
            o.verbose = true;
        } else if (k + 1 == argc || !parse_option(argv[k], argv[k + 1], &o)) {
            fprintf(stderr,
                    "liberal: do not understand \"%s\"; usage: liberal [--seeds FROM..TO] [--clocks N] "
                    "[--illegal NAME|all] [--list] [--verbose] [--log FILE]\n",
                    argv[k]);
            return 2;
        } else {
            k++;
        }
    }
    if (o.to == 0) {
        o.from = 1;
        o.to = o.illegal == LIBERAL_LEGAL ? LEGAL_SEEDS : ILLEGAL_SEEDS;
    }
    const bool ok = o.illegal == LIBERAL_LEGAL ? run_legal(&o) : run_all_illegal(&o);
    return ok ? 0 : 1;
}
