/*
 * test_fairness.c - nobody starves: one vector against busy ones, messages against dma writes and the reverse.
 */
#include "common.h"

#include "skips.h"

enum { WARM_UP = 40, LIMIT = 6000, ENOUGH_TLPS = 64 };

/*
 * `hot` vectors from 0 up fire in turn in every clock; `cold` fires once. Its message must come within NVEC messages, plus what
 * had been committed before.
 */
static void cold_among_hot(struct bench *b, unsigned hot, unsigned cold)
{
    struct scoreboard *sb = bench_scoreboard(b);
    const uint64_t before = scoreboard_messages(sb, cold);
    uint64_t at_event = 0;
    for (unsigned clock = 0; clock < LIMIT && scoreboard_messages(sb, cold) == before && !bench_stopped(b); clock++) {
        app_event_start(b, clock == WARM_UP ? cold : clock % hot);
        bench_step(b);
        if (clock == WARM_UP)
            at_event = scoreboard_messages_total(sb);
    }
    const uint64_t passed = scoreboard_messages_total(sb) - at_event;
    const unsigned bound = bench_config(b)->nvec + bench_policy(b)->fairness_slack;
    bench_expect(b, scoreboard_messages(sb, cold) == before + 1, "EDGE-09", "vector %u starves", cold);
    bench_expect(b, passed <= bound, "EDGE-09", "vector %u was sent after %u messages, %u are allowed", cold,
                 (unsigned)passed, bound);
    quiesce(b);
    expect_messages(b, cold, before + 1, "EDGE-02a");
}

static void one_hot_vector(struct bench *b)
{
    const unsigned last = bench_config(b)->nvec - 1U;
    start_all(b, false);
    cold_among_hot(b, 1, last);
    host_set_ready(b, HOST_READY_RANDOM, 50);
    cold_among_hot(b, 1, last);
    cold_among_hot(b, 1, 1);
    release_tx(b);
}

const struct test hot_vector_does_not_starve_another = {
    .name = "hot_vector_does_not_starve_another",
    .requirements = "EDGE-09, EDGE-03, EDGE-04",
    .story = "Vector 0 fires in every clock; another one fires once and is sent within NVEC messages.",
    .skip = skip_below_two_vectors,
    .run = one_hot_vector,
};

static void many_hot_vectors(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    const unsigned hot = nvec - 1U < 200 ? nvec - 1U : 200;
    start_all(b, false);
    host_set_ready(b, HOST_READY_RANDOM, 30);
    for (unsigned i = 0; i < 3; i++)
        cold_among_hot(b, hot, nvec - 1U);
    release_tx(b);
}

const struct test many_hot_vectors_do_not_starve_one = {
    .name = "many_hot_vectors_do_not_starve_one",
    .requirements = "EDGE-09, EDGE-03, EDGE-04",
    .story = "All vectors but one (at most 200) fire in turn faster than tx takes messages; the last one is sent "
             "within NVEC messages.",
    .skip = skip_below_two_vectors,
    .run = many_hot_vectors,
};

/* Posted TLPs of the other sort that a capture saw before the first of this sort. */
static unsigned others_before(const struct capture *c, bool message)
{
    unsigned others = 0;
    while (others < c->count && others < CAPTURE_TLPS && captured_is_message(&c->tlp[others]) != message)
        others++;
    return others;
}

static void message_in_a_flood_of_dma(struct bench *b)
{
    struct capture c;
    uint32_t payload[DMA_MAX_DW];
    start_one(b, 0, false);
    random_payload(b, payload, DMA_MAX_DW);
    for (unsigned i = 0; i < 200; i++)
        app_dma_write_start(b, dma_buffer(i), payload, 1 + i % DMA_MAX_DW);
    bench_run(b, 100);
    capture_start(&c);
    app_event_start(b, 0);
    for (unsigned i = 0; i < LIMIT && scoreboard_messages(bench_scoreboard(b), 0) == 0 && c.count < 2 * ENOUGH_TLPS;
         i++)
        capture_step(b, &c);
    const unsigned before = others_before(&c, true);
    bench_expect(b, before <= ENOUGH_TLPS, "EDGE-10", "%u dma writes went ahead of the message", before);
    expect_messages(b, 0, 1, "EDGE-10");
    app_dma_flush(b);
}

const struct test dma_flood_does_not_starve_a_message = {
    .name = "dma_flood_does_not_starve_a_message",
    .requirements = "EDGE-10, EDGE-03",
    .story =
        "A dma source that never pauses lets a message through after the writes that were accepted before its event.",
    .run = message_in_a_flood_of_dma,
};

static void dma_in_a_flood_of_messages(struct bench *b)
{
    const uint32_t mark = 0xD00DFEEDU;
    const unsigned hot = bench_config(b)->nvec < 200 ? bench_config(b)->nvec : 200;
    struct capture c;
    start_all(b, false);
    for (unsigned clock = 0; clock < WARM_UP; clock++) {
        app_event_start(b, clock % hot);
        bench_step(b);
    }
    capture_start(&c);
    app_dma_write_start(b, dma_buffer(0), &mark, 1);
    for (unsigned clock = 0; clock < 2 * ENOUGH_TLPS && !bench_stopped(b); clock++) {
        app_event_start(b, clock % hot);
        capture_step(b, &c);
    }
    const unsigned before = others_before(&c, false);
    bench_expect(b, before < c.count && before <= ENOUGH_TLPS, "EDGE-10", "%u messages went ahead of the dma write",
                 before);
    quiesce(b);
    expect_host_memory(b, dma_buffer(0), &mark, 1, "EDGE-10");
}

const struct test message_flood_does_not_starve_a_dma_write = {
    .name = "message_flood_does_not_starve_a_dma_write",
    .requirements = "EDGE-10, EDGE-04",
    .story = "With an event in every clock a dma write still gets out within a bounded number of messages.",
    .run = dma_in_a_flood_of_messages,
};
