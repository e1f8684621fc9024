/*
 * test_races.c - two things at once: each pair of actors is swept from -8 to +8 clocks apart, further if policy grants a
 * search, with tx always ready, at random ready, without posted header credit, without posted data credit, and with the block
 * full of stuck data writes.
 *
 * A race is data: the state before, the two actors, and what may come out. Actor `first` strikes `offset` clocks before `second` (a negative
 * offset: after it). What came out is counted when all is quiet, then the vector is let go, and what was
 * held must turn into exactly its messages.
 */
#include "common.h"

enum { SETTLE_CLOCKS = 30, STALL_CLOCKS = 40 };

/* Rounds that ended so before the vector was let go. */
struct outcomes {
    unsigned sent, held;
};

struct scene {
    struct bench *b;
    unsigned vector;
    unsigned capability;
    struct outcomes *outcomes;
};

/* What the pending bit may say after the race. */
enum rest {
    REST_CLEAR, /* it reads zero */
    REST_EXACT, /* it reads one exactly if something is still to be sent */
    REST_OPEN   /* it may read anything; what is to be sent shows after the vector was let go */
};

struct race {
    bool masked, function_mask, disabled, no_bus_master; /* the state before */
    bool pending;                                        /* one event before, while held */
    void (*first)(const struct scene *s);
    void (*second)(const struct scene *s);
    unsigned least, most; /* messages in the end, after everything was let go */
    enum rest rest;
    bool contested; /* the sweep must see both: sent at once, and held back */
    const char *requirement;
};

/* --- actors: each queues its deed for the next clock --- */

static void raise_event(const struct scene *s)
{
    app_event_start(s->b, s->vector);
}

static void raise_twice(const struct scene *s)
{
    app_event_start(s->b, s->vector);
    app_event_start(s->b, s->vector);
}

static void mask(const struct scene *s)
{
    msix_mask(s->b, s->vector);
}

static void unmask(const struct scene *s)
{
    msix_unmask(s->b, s->vector);
}

static void control(const struct scene *s, bool enable, bool function_mask)
{
    host_forget(s->b, control_start(s->b, s->capability, enable, function_mask));
}

static void set_function_mask(const struct scene *s)
{
    control(s, true, true);
}

static void clear_function_mask(const struct scene *s)
{
    control(s, true, false);
}

static void disable(const struct scene *s)
{
    control(s, false, false);
}

static void bus_master_off(const struct scene *s)
{
    host_forget(s->b, host_cfg_write_start(s->b, REG_COMMAND, 0x1, COMMAND_MSE));
}

static void bus_master_on(const struct scene *s)
{
    host_forget(s->b, host_cfg_write_start(s->b, REG_COMMAND, 0x1, COMMAND_MSE | COMMAND_BME));
}

/* A write of what Data holds already is a real write to the memory, and changes nothing. */
static void touch_entry(const struct scene *s)
{
    host_forget(s->b, host_mem_read_start(s->b, bench_table_address(s->b, s->vector, 0), 2, 0xF, 0xF));
    host_forget(s->b, host_mem_read_start(s->b, bench_table_address(s->b, s->vector, 2), 2, 0xF, 0xF));
}

static void rewrite_entry(const struct scene *s)
{
    host_mem_write32(s->b, bench_table_address(s->b, s->vector, 2), own_data(s->vector) ^ 0xFFFFU);
    host_mem_write32(s->b, bench_table_address(s->b, s->vector, 2), own_data(s->vector));
}

static void read_pending(const struct scene *s)
{
    host_forget(s->b, host_mem_read_start(s->b, bench_pba_address(s->b, s->vector), 2, 0xF, 0xF));
}

static void recapture(const struct scene *s)
{
    host_set_route(s->b, (uint8_t)(1 + rng_below(bench_rng(s->b), 200)), (uint8_t)rng_below(bench_rng(s->b), 32));
    host_forget(s->b, host_cfg_write_start(s->b, REG_INTERRUPT, 0x0, 0));
}

/* --- one round --- */

static void prepare(const struct scene *s, const struct race *race)
{
    const bool held = race->masked || race->function_mask || race->disabled;
    msix_control(s->b, !race->disabled, race->function_mask);
    if (race->masked)
        msix_mask(s->b, s->vector);
    if (race->no_bus_master)
        msix_bus_master(s->b, false);
    host_fence(s->b);
    if (race->pending && (held || race->no_bus_master))
        app_event(s->b, s->vector);
}

static void strike(const struct scene *s, const struct race *race, int offset)
{
    if (offset >= 0) {
        race->first(s);
        bench_run(s->b, (uint64_t)offset);
        race->second(s);
    } else {
        race->second(s);
        bench_run(s->b, (uint64_t)-offset);
        race->first(s);
    }
}

/* Unmasks, enables and lets everything leave. */
static void let_go(const struct scene *s)
{
    msix_unmask(s->b, s->vector);
    msix_bus_master(s->b, true);
    msix_control(s->b, true, false);
    quiesce(s->b);
}

static void judge(const struct scene *s, const struct race *race, int offset, uint64_t before)
{
    struct bench *b = s->b;
    const unsigned sent = (unsigned)(scoreboard_messages(bench_scoreboard(b), s->vector) - before);
    const unsigned pending = msix_pending(b, s->vector);
    let_go(s);
    const unsigned total = (unsigned)(scoreboard_messages(bench_scoreboard(b), s->vector) - before);
    bench_expect(b, total >= race->least && total <= race->most, race->requirement,
                 "offset %d: %u messages in all, %u to %u are legal", offset, total, race->least, race->most);
    if (race->rest == REST_CLEAR)
        bench_expect(b, pending == 0 && total == sent, race->requirement,
                     "offset %d: %u messages, then pending bit %u and %u more", offset, sent, pending, total - sent);
    if (race->rest == REST_EXACT)
        bench_expect(b, total == sent + pending, race->requirement,
                     "offset %d: %u messages and pending bit %u, in the end %u", offset, sent, pending, total);
    expect_pending(b, s->vector, false, "MSIX-PBA-10");
    s->outcomes->sent += sent > 0;
    s->outcomes->held += total > sent;
}

enum pace { PACE_ALWAYS, PACE_RANDOM, PACE_NO_HEADERS, PACE_NO_DATA, PACE_FULL, PACES };

/* Small windows, so that the block can be starved in one write. */
static void set_pace(struct bench *b, enum pace pace)
{
    host_set_window(b, pace == PACE_NO_DATA ? 2 : 1, pace == PACE_NO_DATA ? 1 : 2, 0, 0);
    host_set_ready(b, pace == PACE_RANDOM ? HOST_READY_RANDOM : HOST_READY_ALWAYS, 50);
    bench_reset(b, 2);
}

static void one_round(const struct scene *s, const struct race *race, enum pace pace, int offset)
{
    const bool starved = pace >= PACE_NO_HEADERS;
    const uint64_t before = scoreboard_messages(bench_scoreboard(s->b), s->vector);
    if (starved)
        starve_posted(s->b, pace == PACE_NO_DATA ? STARVED_DATA : STARVED_HEADERS);
    prepare(s, race);
    if (pace == PACE_FULL)
        fill_posted(s->b);
    strike(s, race, offset);
    bench_run(s->b, (starved ? STALL_CLOCKS : SETTLE_CLOCKS) + search_clocks(s->b));
    feed(s->b);
    quiesce(s->b);
    judge(s, race, offset, before);
}

static void sweep(struct bench *b, const struct race *race, enum pace pace, struct outcomes *outcomes)
{
    set_pace(b, pace);
    host_set_route(b, 1, 0);
    const unsigned vector = any_vector(b);
    start_one(b, vector, false);
    const struct scene scene = {b, vector, capability_find(b, CAP_MSIX), outcomes};
    for (int offset = -sweep_end(b); offset <= sweep_end(b) && !bench_stopped(b); offset = sweep_next(offset))
        one_round(&scene, race, pace, offset);
}

static void run_race(struct bench *b, const struct race *race)
{
    struct outcomes outcomes = {0, 0};
    for (unsigned pace = 0; pace < PACES && !bench_stopped(b); pace++)
        sweep(b, race, (enum pace)pace, &outcomes);
    const bool tried = !race->contested || (outcomes.sent > 0 && outcomes.held > 0);
    bench_expect(b, tried || bench_stopped(b), race->requirement,
                 "%u rounds sent at once and %u held back: the sweep misses the race", outcomes.sent, outcomes.held);
    release_tx(b);
}

/* --- the races --- */

static void event_and_mask(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-01"};
    run_race(b, &race);
}

const struct test race_event_with_mask = {
    .name = "race_event_with_mask",
    .requirements = "RACE-01, RACE-07, MSIX-PBA-34, MSIX-PBA-35",
    .story = "An event against the write that masks: sent, or pending, never both and never neither.",
    .run = event_and_mask,
};

static void event_and_unmask(struct bench *b)
{
    const struct race race = {.masked = true,
                              .first = raise_event,
                              .second = unmask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-02"};
    run_race(b, &race);
}

const struct test race_event_with_unmask = {
    .name = "race_event_with_unmask",
    .requirements = "RACE-02, MSIX-PBA-09",
    .story = "An event against the write that unmasks an idle vector: exactly one message.",
    .run = event_and_unmask,
};

static void event_and_unmask_pending(struct bench *b)
{
    const struct race race = {.masked = true,
                              .pending = true,
                              .first = raise_event,
                              .second = unmask,
                              .least = 1,
                              .most = 2,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-03"};
    run_race(b, &race);
}

const struct test race_event_with_unmask_of_pending = {
    .name = "race_event_with_unmask_of_pending",
    .requirements = "RACE-03, EDGE-13, RACE-16",
    .story = "A second event against the unmask of a pending vector: one or two messages, nothing stuck.",
    .run = event_and_unmask_pending,
};

static void event_and_function_mask(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = set_function_mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-04"};
    run_race(b, &race);
}

const struct test race_event_with_function_mask = {
    .name = "race_event_with_function_mask",
    .requirements = "RACE-04, MSIX-PBA-34",
    .story = "An event against the configuration write that sets the function mask: sent or pending.",
    .run = event_and_function_mask,
};

static void event_and_function_unmask(struct bench *b)
{
    const struct race race = {.function_mask = true,
                              .first = raise_event,
                              .second = clear_function_mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-05"};
    run_race(b, &race);
}

const struct test race_event_with_function_mask_clear = {
    .name = "race_event_with_function_mask_clear",
    .requirements = "RACE-05, MSIX-TBL-18",
    .story = "An event against the configuration write that clears the function mask: exactly one message.",
    .run = event_and_function_unmask,
};

static void unmask_and_mask(struct bench *b)
{
    const struct race race = {.masked = true,
                              .pending = true,
                              .first = unmask,
                              .second = mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-06"};
    run_race(b, &race);
}

const struct test race_unmask_then_mask_again = {
    .name = "race_unmask_then_mask_again",
    .requirements = "RACE-06, MSIX-PBA-34, MSIX-PBA-35",
    .story = "A pending vector is unmasked and masked again at once: one message, or still pending.",
    .run = unmask_and_mask,
};

static void function_mask_off_and_on(struct bench *b)
{
    const struct race race = {.function_mask = true,
                              .pending = true,
                              .first = clear_function_mask,
                              .second = set_function_mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-09"};
    run_race(b, &race);
}

const struct test race_function_mask_clear_then_set = {
    .name = "race_function_mask_clear_then_set",
    .requirements = "RACE-09, MSIX-PBA-34, MSIX-PBA-35",
    .story = "The function mask is cleared and set again at once with a vector pending: one message, or still pending.",
    .run = function_mask_off_and_on,
};

static void entry_mask_and_function_unmask(struct bench *b)
{
    const struct race race = {.function_mask = true,
                              .pending = true,
                              .first = mask,
                              .second = clear_function_mask,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-10"};
    run_race(b, &race);
}

const struct test race_entry_mask_with_function_mask_clear = {
    .name = "race_entry_mask_with_function_mask_clear",
    .requirements = "RACE-10, MSIX-PBA-16",
    .story = "A pending vector's own mask is set while the function mask is cleared: one message, or still pending.",
    .run = entry_mask_and_function_unmask,
};

static void event_and_own_message(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = raise_event,
                              .least = 1,
                              .most = 2,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-16"};
    run_race(b, &race);
}

const struct test race_event_with_own_message = {
    .name = "race_event_with_own_message",
    .requirements = "RACE-16, EDGE-04, EDGE-13, EDGE-14",
    .story =
        "Two more events in every clock around commit, sending and clearing of the first one's message: none is lost.",
    .run = event_and_own_message,
};

static void events_and_mask(struct bench *b)
{
    const struct race race = {
        .first = raise_twice, .second = mask, .least = 1, .most = 2, .rest = REST_EXACT, .requirement = "RACE-16"};
    run_race(b, &race);
}

const struct test race_two_events_with_mask = {
    .name = "race_two_events_with_mask",
    .requirements = "RACE-16, RACE-01, EDGE-13",
    .story = "Two events in consecutive clocks against a mask write: the second is sent, or pending, and never lost.",
    .run = events_and_mask,
};

static void event_and_disable(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = disable,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .contested = true,
                              .requirement = "RACE-22"};
    run_race(b, &race);
}

const struct test race_event_with_disable = {
    .name = "race_event_with_disable",
    .requirements = "RACE-22, MSIX-PBA-24, MSIX-PBA-25",
    .story = "An event against MSI-X Enable 1 to 0: sent before the fence, or recorded.",
    .run = event_and_disable,
};

static void event_and_enable(struct bench *b)
{
    const struct race race = {.disabled = true,
                              .pending = true,
                              .first = raise_event,
                              .second = clear_function_mask,
                              .least = 1,
                              .most = 2,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-23"};
    run_race(b, &race);
}

const struct test race_event_with_enable = {
    .name = "race_event_with_enable",
    .requirements = "RACE-23, MSIX-PBA-23",
    .story = "A second event against Enable 0 to 1 with a bit retained: one or two messages, nothing stuck.",
    .run = event_and_enable,
};

static void event_and_bus_master_off(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = bus_master_off,
                              .least = 1,
                              .most = 1,
                              .rest = REST_OPEN,
                              .contested = true,
                              .requirement = "RACE-26"};
    run_race(b, &race);
}

const struct test race_event_with_bus_master_off = {
    .name = "race_event_with_bus_master_off",
    .requirements = "RACE-26, MSIX-PBA-28",
    .story = "An event against BME 1 to 0: its one message comes before the fence or after BME is back.",
    .run = event_and_bus_master_off,
};

static void event_and_bus_master_on(struct bench *b)
{
    const struct race race = {.no_bus_master = true,
                              .first = raise_event,
                              .second = bus_master_on,
                              .least = 1,
                              .most = 1,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-27"};
    run_race(b, &race);
}

const struct test race_event_with_bus_master_on = {
    .name = "race_event_with_bus_master_on",
    .requirements = "RACE-27, MSIX-PBA-28",
    .story = "An event against BME 0 to 1: exactly one message.",
    .run = event_and_bus_master_on,
};

static void event_and_table_read(struct bench *b)
{
    const struct race race = {.first = raise_event,
                              .second = touch_entry,
                              .least = 1,
                              .most = 1,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-42"};
    run_race(b, &race);
}

const struct test race_event_with_table_read = {
    .name = "race_event_with_table_read",
    .requirements = "RACE-42, MSIX-TBL-22, MSIX-TBL-29",
    .story = "An event while the host reads the same entry: the reads are right and the message goes once.",
    .run = event_and_table_read,
};

static void event_and_table_write(struct bench *b)
{
    const struct race race = {.masked = true,
                              .first = raise_event,
                              .second = rewrite_entry,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .requirement = "RACE-42"};
    run_race(b, &race);
}

const struct test race_event_with_table_write = {
    .name = "race_event_with_table_write",
    .requirements = "RACE-37, RACE-42, MSIX-TBL-29",
    .story = "An event while the host rewrites the same masked entry: neither the event nor the write is lost.",
    .run = event_and_table_write,
};

static void event_and_pba_read(struct bench *b)
{
    const struct race race = {.masked = true,
                              .first = raise_event,
                              .second = read_pending,
                              .least = 1,
                              .most = 1,
                              .rest = REST_EXACT,
                              .requirement = "RACE-17"};
    run_race(b, &race);
}

const struct test race_event_with_pba_read = {
    .name = "race_event_with_pba_read",
    .requirements = "RACE-17, MSIX-PBA-04",
    .story = "A masked event while the host reads its pending bit: either value, and one afterwards.",
    .run = event_and_pba_read,
};

static void unmask_and_pba_read(struct bench *b)
{
    const struct race race = {.masked = true,
                              .pending = true,
                              .first = unmask,
                              .second = read_pending,
                              .least = 1,
                              .most = 1,
                              .rest = REST_CLEAR,
                              .requirement = "RACE-18"};
    run_race(b, &race);
}

const struct test race_unmask_with_pba_read = {
    .name = "race_unmask_with_pba_read",
    .requirements = "RACE-18, MSIX-PBA-11, MSIX-PBA-12",
    .story = "The pending bit is read while its message leaves: zero only behind the message.",
    .run = unmask_and_pba_read,
};

static void event_and_recapture(struct bench *b)
{
    const struct race race = {
        .first = raise_event, .second = recapture, .least = 1, .most = 1, .rest = REST_CLEAR, .requirement = "RACE-40"};
    run_race(b, &race);
}

const struct test race_event_with_bus_number_capture = {
    .name = "race_event_with_bus_number_capture",
    .requirements = "RACE-40, TLP-17, TLP-18",
    .story = "An event against a configuration write with other routing numbers: the message carries the old or the "
             "new ID, never a mixture.",
    .run = event_and_recapture,
};
