/*
 * interactive_time.c - commands that let the clock run, and what is watched meanwhile.
 */
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "interactive_private.h"
#include "tlp_log.h"

enum { LISTED = 8 };

/* --- watching --- */

static bool matches(const struct watch *watch, const struct seen *what)
{
    const bool vector = what->vector >= 0 && (watch->vector < 0 || watch->vector == what->vector);
    const bool tx = what->kind == SEEN_TLP && what->stream == SEEN_TX;
    switch (watch->kind) {
    case WATCH_EVENT:
        return what->kind == SEEN_EVENT && vector;
    case WATCH_MESSAGE:
        return tx && vector;
    case WATCH_COMPLETION:
        return tx && tlp_class(what->tlp.kind) == TLP_COMPLETION;
    default:
        return false;
    }
}

/* The request for the pending bits is known by its address, its answer by the tag. */
static void follow_pba(struct session *s, const struct seen *what)
{
    if (what->kind != SEEN_TLP || !s->pba.asked)
        return;
    const struct tlp *const t = &what->tlp;
    if (what->stream == SEEN_RX && t->kind == TLP_MRD && t->address == s->pba.address) {
        s->pba.sent = true;
        s->pba.tag = (uint8_t)t->tag;
    } else if (what->stream == SEEN_TX && s->pba.sent && t->kind == TLP_CPLD && (uint8_t)t->tag == s->pba.tag) {
        s->pba.answered = true;
        s->pba.sent = false;
        s->pba.value = tlp_payload_le(what->dw[t->header_dw]);
    }
}

static void seen(void *ctx, struct seen *what)
{
    struct session *const s = ctx;
    tlp_log_line(what, s->lines[s->seen++ % SESSION_LINES], SESSION_LINE);
    s->watch.met = s->watch.met || matches(&s->watch, what);
    follow_pba(s, what);
}

struct observer session_observer(struct session *s)
{
    return (struct observer){.name = "session", .ctx = s, .seen = seen};
}

/* --- conditions --- */

/* What the words say; `within` may end them. */
static bool read_watch(struct session *s, const struct words *w, struct watch *watch)
{
    static const char *const kinds[] = {
        [WATCH_EVENT] = "event", [WATCH_MESSAGE] = "message", [WATCH_COMPLETION] = "completion",
        [WATCH_TIME] = "time",   [WATCH_FAILURE] = "failure",
    };
    unsigned at = 1, vector;
    *watch = (struct watch){.vector = -1, .within = SESSION_CLOCKS};
    for (unsigned kind = WATCH_EVENT; kind <= WATCH_FAILURE; kind++)
        if (strcmp(w->word[0], kinds[kind]) == 0)
            watch->kind = (enum watch_kind)kind;
    if (watch->kind == WATCH_NOTHING)
        return session_refuse(s, "there is nothing like \"%s\" to wait for: event, message, completion, time, failure",
                              w->word[0]);
    if (watch->kind == WATCH_TIME) {
        if (w->count < 2)
            return session_refuse(s, "time takes a CLOCK");
        if (!session_number(s, w->word[at++], "CLOCK", UINT32_MAX, &watch->time))
            return false;
        watch->within = UINT64_MAX;
    }
    if (watch->kind <= WATCH_MESSAGE && w->count > at && strcmp(w->word[at], "within") != 0) {
        if (!session_vector(s, w->word[at++], &vector))
            return false;
        watch->vector = (int)vector;
    }
    if (w->count == at + 2 && strcmp(w->word[at], "within") == 0 && watch->kind != WATCH_TIME)
        return session_number(s, w->word[at + 1], "within", UINT32_MAX, &watch->within);
    return w->count == at || session_refuse(s, "\"%s\" stands where nothing or `within N` may stand", w->word[at]);
}

static bool is_met(const struct session *s, bool had_failed)
{
    const struct watch *const watch = &s->watch;
    return watch->met || (watch->kind == WATCH_TIME && bench_time(s->b) >= watch->time) ||
           (!had_failed && bench_stopped(s->b));
}

/* For `save`: what the clocks were, as operations. They have passed already. */
static void keep_clocks(struct session *s, uint64_t clocks)
{
    const uint64_t most = scenario_form(SCENARIO_WAIT)->arg[0].most;
    while (clocks > 0) {
        struct scenario_op *const last = s->done.count ? &s->done.op[s->done.count - 1] : NULL;
        const bool join = last && last->kind == SCENARIO_WAIT && last->arg[0] < most;
        const uint64_t room = join ? most - last->arg[0] : most, n = clocks < room ? clocks : room;
        const struct scenario_op wait = {.kind = SCENARIO_WAIT, .arg = {n}};
        if (join)
            last->arg[0] += n;
        else if (!scenario_add(&s->done, &wait))
            return;
        clocks -= n;
    }
}

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* A failure ends it, once; behind that the block may still be looked at. So does Ctrl-C on a terminal. */
static void run_clocks(struct session *s, uint64_t most)
{
    const uint64_t since = bench_time(s->b);
    const bool had_failed = bench_stopped(s->b), terminal = line_input_is_terminal(s->input);
    void (*const before)(int) = terminal ? signal(SIGINT, interrupt) : SIG_DFL;
    interrupted = 0;
    while (bench_time(s->b) - since < most && !is_met(s, had_failed) && !interrupted)
        bench_step(s->b);
    if (terminal)
        signal(SIGINT, before);
    keep_clocks(s, bench_time(s->b) - since);
}

/* --- commands --- */

bool time_step(struct session *s, const struct words *w)
{
    uint64_t clocks = 1;
    if (w->count && !session_number(s, w->word[0], "N", UINT32_MAX, &clocks))
        return false;
    s->watch = (struct watch){.kind = WATCH_NOTHING};
    run_clocks(s, clocks);
    return true;
}

static void tell_missing(struct session *s, uint64_t since)
{
    show_seen(s);
    if (!s->watch.met && s->watch.kind != WATCH_TIME && !bench_stopped(s->b))
        fprintf(s->out, "it did not come in %" PRIu64 " clocks\n", bench_time(s->b) - since);
}

bool time_run(struct session *s, const struct words *w)
{
    const uint64_t since = bench_time(s->b);
    struct watch watch;
    if (!read_watch(s, w, &watch))
        return false;
    if (watch.kind == WATCH_TIME && watch.time < since)
        return session_refuse(s, "clock %" PRIu64 " has passed: it is %" PRIu64, watch.time, since);
    s->watch = watch;
    run_clocks(s, watch.within);
    tell_missing(s, since);
    return true;
}

/* Plays up to `most` operations; the condition is looked at behind each. */
static void play(struct session *s, uint64_t most)
{
    const bool had_failed = bench_stopped(s->b);
    char text[SCENARIO_LINE];
    if (s->next == s->replay->count)
        fprintf(s->out, "all %zu operations have been played\n", s->next);
    for (uint64_t i = 0; i < most && s->next < s->replay->count && !is_met(s, had_failed); i++) {
        const struct scenario_op *const op = &s->replay->op[s->next++];
        fprintf(s->out, "%zu: %s\n", s->next, scenario_op_print(op, text, sizeof text));
        session_play(s, op);
    }
}

bool time_next(struct session *s, const struct words *w)
{
    uint64_t count = w->count ? UINT64_MAX : 1;
    struct watch watch = {.kind = WATCH_NOTHING};
    if (!s->replay)
        return session_refuse(s, "there is no scenario: start with --replay FILE");
    if (w->count && w->word[0][0] >= '0' && w->word[0][0] <= '9') {
        if (w->count > 1 || !session_number(s, w->word[0], "N", UINT32_MAX, &count))
            return session_refuse(s, "next takes a number, all, or a condition");
    } else if (w->count && (strcmp(w->word[0], "all") != 0 || w->count > 1)) {
        if (!read_watch(s, w, &watch))
            return false;
    }
    s->watch = watch;
    play(s, count);
    return true;
}

bool time_list(struct session *s, const struct words *w)
{
    uint64_t count = LISTED;
    char text[SCENARIO_LINE];
    if (!s->replay)
        return session_refuse(s, "there is no scenario: start with --replay FILE");
    if (w->count && !session_number(s, w->word[0], "N", SCENARIO_MOST_OPS, &count))
        return false;
    for (size_t i = s->next; i < s->replay->count && i - s->next < count; i++)
        fprintf(s->out, "%zu: %s\n", i + 1, scenario_op_print(&s->replay->op[i], text, sizeof text));
    fprintf(s->out, "%zu of %zu have been played\n", s->next, s->replay->count);
    return true;
}

bool time_pending(struct session *s, const struct words *w)
{
    const struct scenario_op fence = {.kind = SCENARIO_FENCE};
    unsigned vector;
    if (!session_vector(s, w->word[0], &vector))
        return false;
    const struct scenario_op read = {.kind = SCENARIO_READ_PBA, .arg = {vector}};
    session_play(s, &fence);
    memset(&s->pba, 0, sizeof s->pba);
    s->pba.asked = true;
    s->pba.address = bench_pba_address(s->b, vector) + 4U * (vector % 64 / 32);
    session_play(s, &read);
    session_play(s, &fence);
    s->pba.asked = false;
    show_seen(s);
    if (s->pba.answered)
        fprintf(s->out, "vector %u: the block's pending bit reads %u\n", vector, s->pba.value >> vector % 32 & 1);
    else
        fprintf(s->out, "vector %u: the read was not answered with data\n", vector);
    return true;
}
