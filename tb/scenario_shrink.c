/*
 * scenario_shrink.c - see scenario_shrink.h.
 */
#define _POSIX_C_SOURCE 200809L

#include "scenario_shrink.h"

#include <string.h>
#include <time.h>

#include "bench.h"

enum { MOST_FOR_PAIRS = 24, MOST_ROUNDS = 8, SENTENCE = 256 };

#define SIMPLE_MESSAGE_ADDRESS UINT64_C(0xFEE00000)

struct work {
    struct scenario *best;
    struct scenario candidate;
    struct scenario_shrink *job;
    double end;
    bool out_of_memory;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- trials --- */

static bool may_try(struct work *w)
{
    w->job->cut_short = w->job->cut_short || (w->end > 0 && now() > w->end);
    return !w->job->cut_short && !w->out_of_memory;
}

/* Tries the candidate, and takes it if it still fails. */
static bool try_candidate(struct work *w)
{
    if (!may_try(w))
        return false;
    w->job->trials++;
    if (!w->job->fails(w->job->ctx, &w->candidate))
        return false;
    const struct scenario better = w->candidate;
    w->candidate = *w->best;
    *w->best = better;
    return true;
}

static bool copy_best(struct work *w)
{
    if (!scenario_copy(&w->candidate, w->best))
        w->out_of_memory = true;
    return !w->out_of_memory;
}

static void cut(struct scenario *s, size_t from, size_t count)
{
    memmove(&s->op[from], &s->op[from + count], (s->count - from - count) * sizeof s->op[0]);
    s->count -= count;
}

/* --- operations --- */

static bool try_without(struct work *w, size_t from, size_t count)
{
    if (!copy_best(w))
        return false;
    cut(&w->candidate, from, count);
    return try_candidate(w);
}

/* From the end to the beginning: what is late seldom matters for what is early. True if anything went. */
static bool drop_pieces(struct work *w, size_t size)
{
    bool any = false;
    for (size_t end = w->best->count; end > 0 && may_try(w);) {
        const size_t from = end > size ? end - size : 0;
        any = try_without(w, from, end - from) || any;
        end = from;
    }
    return any;
}

/* Two that only go together, like closing and opening. */
static bool drop_pair(struct work *w)
{
    for (size_t i = 0; i < w->best->count; i++)
        for (size_t j = i + 1; j < w->best->count && may_try(w); j++) {
            if (!copy_best(w))
                return false;
            cut(&w->candidate, j, 1);
            cut(&w->candidate, i, 1);
            if (try_candidate(w))
                return true;
        }
    return false;
}

static void drop_operations(struct work *w)
{
    for (size_t size = (w->best->count + 1) / 2; size > 1 && may_try(w); size = (size + 1) / 2) {
        if (size > w->best->count)
            size = w->best->count;
        drop_pieces(w, size);
    }
    do {
        while (drop_pieces(w, 1) && may_try(w))
            ;
    } while (w->best->count <= MOST_FOR_PAIRS && drop_pair(w));
}

/* --- values --- */

static uint64_t simplest(enum scenario_kind kind, unsigned index)
{
    if ((kind == SCENARIO_DMA || kind == SCENARIO_DMA_READ) && index == 0)
        return BENCH_DMA_BASE_LOW;
    if (kind == SCENARIO_PROGRAM && index == 1)
        return SIMPLE_MESSAGE_ADDRESS;
    if (kind == SCENARIO_DMA_READ && index == 2)
        return 0xF;
    if (kind == SCENARIO_TX)
        return 100;
    if (kind == SCENARIO_CREDITS)
        return SCENARIO_CREDITS_GENEROUS;
    return scenario_form(kind)->arg[index].least;
}

static bool try_value(struct work *w, size_t at, unsigned index, uint64_t value)
{
    char text[SENTENCE];
    if (w->best->op[at].arg[index] == value || !copy_best(w))
        return false;
    w->candidate.op[at].arg[index] = value;
    return !scenario_op_wrong(&w->candidate.op[at], text, sizeof text) && try_candidate(w);
}

/* The simplest value, or else half the way there, and half of that. */
static bool simplify_value(struct work *w, size_t at, unsigned index)
{
    const struct scenario_arg *const arg = &scenario_form(w->best->op[at].kind)->arg[index];
    const uint64_t goal = simplest(w->best->op[at].kind, index), step = arg->step ? arg->step : 1;
    if (try_value(w, at, index, goal))
        return true;
    bool any = false;
    for (;;) {
        const uint64_t is = w->best->op[at].arg[index];
        const uint64_t half = is > goal ? goal + (is - goal) / 2 / step * step : is;
        if (!try_value(w, at, index, half))
            return any;
        any = true;
    }
}

static bool simplify_values(struct work *w)
{
    bool any = false;
    for (size_t at = 0; at < w->best->count; at++)
        for (unsigned i = 0; i < SCENARIO_ARGS && may_try(w); i++) {
            const struct scenario_arg *const arg = &scenario_form(w->best->op[at].kind)->arg[i];
            if (arg->form != SCENARIO_ARG_NONE && !arg->is_vector)
                any = simplify_value(w, at, i) || any;
        }
    return any;
}

/* --- vectors: renamed everywhere at once; all to one if that will do, or else to the smallest numbers --- */

static bool has_vector(const struct scenario_op *op)
{
    return scenario_form(op->kind)->arg[0].is_vector;
}

static bool uses_vector(const struct scenario *s, uint64_t vector)
{
    for (size_t i = 0; i < s->count; i++)
        if (has_vector(&s->op[i]) && s->op[i].arg[0] == vector)
            return true;
    return false;
}

static bool rename_vector(struct work *w, uint64_t from, uint64_t to)
{
    if (!copy_best(w))
        return false;
    for (size_t i = 0; i < w->candidate.count; i++)
        if (has_vector(&w->candidate.op[i]) && w->candidate.op[i].arg[0] == from)
            w->candidate.op[i].arg[0] = to;
    return try_candidate(w);
}

static bool rename_vectors(struct work *w)
{
    bool any = false;
    for (size_t i = 0; i < w->best->count && may_try(w); i++) {
        const uint64_t is = w->best->op[i].arg[0];
        uint64_t free_number = 0;
        while (uses_vector(w->best, free_number))
            free_number++;
        if (!has_vector(&w->best->op[i]) || is == 0)
            continue;
        if (rename_vector(w, is, 0) || (free_number < is && rename_vector(w, is, free_number)))
            any = true;
    }
    return any;
}

/* Two waits in a row are one. */
static bool join_waits(struct work *w)
{
    bool any = false;
    for (size_t i = 0; i + 1 < w->best->count && may_try(w); i++) {
        const struct scenario_op *const op = &w->best->op[i];
        if (op[0].kind != SCENARIO_WAIT || op[1].kind != SCENARIO_WAIT || !copy_best(w))
            continue;
        char text[SENTENCE];
        w->candidate.op[i].arg[0] += op[1].arg[0];
        cut(&w->candidate, i + 1, 1);
        any = (!scenario_op_wrong(&w->candidate.op[i], text, sizeof text) && try_candidate(w)) || any;
    }
    return any;
}

bool scenario_shrink(struct scenario *s, struct scenario_shrink *job)
{
    const double begin = now();
    struct work w = {.best = s, .job = job, .end = job->seconds > 0 ? begin + job->seconds : 0};
    scenario_init(&w.candidate);
    job->before = s->count;
    job->trials = 0;
    job->cut_short = false;
    for (unsigned round = 0; round < MOST_ROUNDS && may_try(&w); round++) {
        drop_operations(&w);
        bool any = rename_vectors(&w);
        any = join_waits(&w) || any;
        if (!simplify_values(&w) && !any)
            break;
    }
    scenario_free(&w.candidate);
    job->after = s->count;
    job->wall_s = now() - begin;
    return !w.out_of_memory;
}
