/*
 * test_stage.c - a message that waits for room in front of a full ordered queue: it is chosen but not committed, so
 * clears, masks, controls and further events must still reach it.
 *
 * Posted credits are used up, then data writes fill the block until it takes no more. What is read while
 * it is stuck is asked for before credits come back, so that its completion stands in front of whatever is committed later.
 */
#include "common.h"

#include "skips.h"

enum {
    STRIKE = 4,
    SETTLED = 16,
    OFFSETS = 7,
    FILL_LIMIT = 64,
    FILL_CLOCKS = 6,
    OTHER_CLEARS = 40,
    LEAVES_WITHIN = 300,
    HOT_CLOCKS = 600
};

/* Small posted windows, so that the block can be starved in a few writes. */
static void start_small(struct bench *b, unsigned vector)
{
    host_set_window(b, 1, 2, 0, 0);
    bench_reset(b, 2);
    start_one(b, vector, false);
}

/* No posted credit, and data writes until the block takes no more. */
static void fill(struct bench *b)
{
    const uint32_t filler = 0;
    starve_posted(b, STARVED_HEADERS);
    for (unsigned i = 0; i < FILL_LIMIT && !bench_stopped(b); i++) {
        app_dma_write_start(b, dma_buffer(DMA_FILLER), &filler, 1);
        bench_run(b, FILL_CLOCKS);
        if (!bench_out(b)->dma_tready)
            return;
    }
}

/* Masks the vector and asks for its pending bit while all is stuck; then credits come back. Returns the bit. */
static unsigned masked_bit_behind_the_queue(struct bench *b, unsigned vector)
{
    msix_mask(b, vector);
    const uint8_t tag = host_mem_read_start(b, bench_pba_address(b, vector) + vector / 32 % 2 * 4, 1, 0xF, 0);
    bench_run(b, SETTLED);
    feed(b);
    const unsigned bit = host_wait(b, tag).data[0] >> vector % 32 & 1U;
    quiesce(b);
    return bit;
}

static void let_go(struct bench *b, unsigned vector)
{
    msix_unmask(b, vector);
    msix_bus_master(b, true);
    msix_control(b, true, false);
    quiesce(b);
}

static uint64_t sent_by(struct bench *b, unsigned vector)
{
    return scoreboard_messages(bench_scoreboard(b), vector);
}

/* --- clear --- */

static void clear_of_staged(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_small(b, v);
    for (unsigned offset = 1; offset <= OFFSETS && !bench_stopped(b); offset++) {
        const uint64_t before = sent_by(b, v);
        fill(b);
        app_event_at(b, v, STRIKE);
        app_clear_at(b, v, STRIKE + offset);
        bench_run(b, SETTLED);
        const unsigned bit = masked_bit_behind_the_queue(b, v);
        expect_value(b, "the pending bit of a vector whose cause was cleared", bit, 0, "MSIX-PBA-18");
        let_go(b, v);
        bench_expect(b, sent_by(b, v) <= before + 1, "RACE-20", "one event and one clear gave more than one message");
        expect_pending(b, v, false, "MSIX-PBA-18");
    }
}

const struct test clear_reaches_a_message_without_room = {
    .name = "clear_reaches_a_message_without_room",
    .requirements = "MSIX-PBA-18, RACE-20, EDGE-03",
    .story = "The message waits for room while its cause is cleared, one to seven clocks after the event; then it is "
             "masked: the pending bit reads zero.",
    .run = clear_of_staged,
};

static void event_with_clear_of_staged(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_small(b, v);
    for (unsigned offset = 1; offset <= OFFSETS && !bench_stopped(b); offset++) {
        const uint64_t before = sent_by(b, v);
        fill(b);
        app_event_at(b, v, STRIKE);
        app_clear_at(b, v, STRIKE + offset);
        app_event_at(b, v, STRIKE + offset);
        bench_run(b, SETTLED);
        const unsigned bit = masked_bit_behind_the_queue(b, v);
        const uint64_t early = sent_by(b, v) - before;
        bench_expect(b, bit == 1 || early > 0, "RACE-21",
                     "an event in the clock of a clear, %u clocks after another event: the pending bit reads 0 and no "
                     "message was sent",
                     offset);
        let_go(b, v);
        bench_expect(b, sent_by(b, v) > before, "EDGE-13", "the event in the clock of the clear is lost");
    }
}

const struct test event_with_clear_of_a_message_without_room = {
    .name = "event_with_clear_of_a_message_without_room",
    .requirements = "EDGE-13, RACE-21, MSIX-PBA-19",
    .story = "The message waits for room when its clear and a new event come in one clock: the event wins.",
    .run = event_with_clear_of_staged,
};

/* --- withdrawal --- */

enum withdrawal { BY_MASK, BY_FUNCTION_MASK, BY_ENABLE, BY_BUS_MASTER, WITHDRAWALS };

static void withdraw(struct bench *b, unsigned vector, enum withdrawal how)
{
    const unsigned capability = bench_capability(b, CAP_MSIX);
    if (how == BY_MASK)
        msix_mask(b, vector);
    else if (how == BY_BUS_MASTER)
        host_forget(b, host_cfg_write_start(b, REG_COMMAND, 0x1, COMMAND_MSE));
    else
        host_forget(b, control_start(b, capability, how != BY_ENABLE, how == BY_FUNCTION_MASK));
}

/* Stuck message, withdrawn `delay` clocks after it was asked for; with `clears`, another vector is cleared in every clock
 * meanwhile. */
static void withdrawn_is_pending(struct bench *b, unsigned v, enum withdrawal how, unsigned delay, bool clears)
{
    const uint64_t before = sent_by(b, v);
    fill(b);
    app_event_at(b, v, STRIKE);
    bench_run(b, delay);
    withdraw(b, v, how);
    for (unsigned i = 0; clears && i < OTHER_CLEARS; i++)
        app_clear_start(b, other_vector(b, v));
    const uint8_t tag = host_mem_read_start(b, bench_table_address(b, v, 3), 1, 0xF, 0);
    bench_run(b, OTHER_CLEARS);
    feed(b);
    host_wait(b, tag);
    const uint64_t at_fence = sent_by(b, v);
    quiesce(b);
    expect_value(b, "messages after the fence of their withdrawal", sent_by(b, v) - at_fence, 0, "RACE-07");
    expect_pending(b, v, at_fence == before, "RACE-07");
    let_go(b, v);
    expect_messages(b, v, before + 1, "EDGE-03");
}

static void each_withdrawal(struct bench *b, bool clears)
{
    const unsigned v = any_vector(b);
    start_small(b, v);
    for (unsigned round = 0; round < 2 * WITHDRAWALS && !bench_stopped(b); round++)
        withdrawn_is_pending(b, v, (enum withdrawal)(round % WITHDRAWALS), SETTLED, clears);
}

static void withdrawn_in_quiet(struct bench *b)
{
    each_withdrawal(b, false);
}

const struct test message_without_room_can_be_withdrawn = {
    .name = "message_without_room_can_be_withdrawn",
    .requirements = "RACE-07, RACE-04, RACE-22, RACE-26, MSIX-PBA-34, MSIX-PBA-35",
    .story = "The message waits for room while it is masked, by its entry or the function, disabled, or loses bus "
             "mastering: it is pending behind the fence, and sent once in the end.",
    .run = withdrawn_in_quiet,
};

static void withdrawn_at_any_clock(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_small(b, v);
    for (unsigned delay = 0; delay < SETTLED && !bench_stopped(b); delay++)
        for (unsigned how = 0; how < WITHDRAWALS && !bench_stopped(b); how++)
            withdrawn_is_pending(b, v, (enum withdrawal)how, delay, false);
}

const struct test message_without_room_can_be_withdrawn_at_any_clock = {
    .name = "message_without_room_can_be_withdrawn_at_any_clock",
    .requirements = "RACE-01, RACE-04, RACE-07, RACE-22, RACE-26, MSIX-PBA-34, MSIX-PBA-35",
    .story = "The same in each clock around the one in which the block comes upon the vector: what was looked at too "
             "early is looked at again.",
    .run = withdrawn_at_any_clock,
};

static void withdrawn_under_clears(struct bench *b)
{
    each_withdrawal(b, true);
}

const struct test withdrawn_message_survives_clears_of_others = {
    .name = "withdrawn_message_survives_clears_of_others",
    .requirements = "EDGE-03, MSIX-PBA-22, RACE-07",
    .story = "The same while another vector is cleared in every clock.",
    .skip = skip_below_two_vectors,
    .run = withdrawn_under_clears,
};

static void clears_of_others(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_small(b, v);
    for (unsigned round = 0; round < 4 && !bench_stopped(b); round++) {
        const uint64_t before = sent_by(b, v);
        fill(b);
        app_event_at(b, v, STRIKE);
        for (unsigned i = 0; i < OTHER_CLEARS; i++)
            app_clear_start(b, other_vector(b, v));
        bench_run(b, OTHER_CLEARS + SETTLED);
        feed(b);
        quiesce(b);
        expect_messages(b, v, before + 1, "MSIX-PBA-22");
    }
}

const struct test message_without_room_ignores_clears_of_others = {
    .name = "message_without_room_ignores_clears_of_others",
    .requirements = "EDGE-03, MSIX-PBA-22",
    .story = "The message waits for room while other vectors are cleared: it is sent all the same.",
    .skip = skip_below_two_vectors,
    .run = clears_of_others,
};

/* --- commit --- */

/* Two events `apart` clocks apart, and a short data write begun `data` clocks after the start. */
static void events_around_data(struct bench *b, unsigned apart, unsigned data)
{
    const uint32_t mark = 16 * apart + data;
    const uint64_t before = sent_by(b, 0);
    app_event_at(b, 0, STRIKE);
    app_event_at(b, 0, STRIKE + apart);
    bench_run(b, data);
    app_dma_write_start(b, dma_buffer(data), &mark, 1);
    app_dma_flush(b);
    app_event_flush(b);
    quiesce(b);
    const uint64_t sent = sent_by(b, 0) - before;
    bench_expect(b, sent == 1 || sent == 2, "EDGE-14", "two events gave %u messages", (unsigned)sent);
    expect_pending(b, 0, false, "EDGE-13"); /* and the model knows if something is still owed */
}

static void commit_beside_data(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned apart = 1; apart <= OFFSETS; apart++)
        for (unsigned data = 1; data <= STRIKE + OFFSETS && !bench_stopped(b); data++)
            events_around_data(b, apart, data);
}

const struct test data_in_the_clock_of_the_commit_is_covered = {
    .name = "data_in_the_clock_of_the_commit_is_covered",
    .requirements = "EDGE-13, EDGE-14, RACE-16, ORD-06, RACE-46",
    .story = "Two events and a data write in all arrangements of a few clocks: the write that ends with the second "
             "event is followed by a message, also if the first message commits in that very clock.",
    .run = commit_beside_data,
};

/* --- fields --- */

/* One DW of the entry is changed under the function mask alone, and the vector that was sent last is sent again. */
static void one_field(struct bench *b, unsigned v, unsigned field, uint32_t value)
{
    const uint64_t before = sent_by(b, v);
    app_event(b, v);
    bench_wait_messages(b, v, before + 1, LEAVES_WITHIN, "EDGE-03");
    msix_control(b, true, true);
    host_fence(b);
    host_mem_write32(b, bench_table_address(b, v, field), value);
    msix_control(b, true, false);
    host_fence(b);
    app_event(b, v);
    bench_wait_messages(b, v, before + 2, LEAVES_WITHIN, "RACE-13");
}

static void single_fields(struct bench *b)
{
    const unsigned v = any_vector(b);
    start_one(b, v, false);
    for (unsigned round = 1; round <= 4 && !bench_stopped(b); round++) {
        one_field(b, v, 0, 0xFEE00000U + 0x1000U * round);
        one_field(b, v, 1, round & 1U ? round << 8 : 0);
        one_field(b, v, 2, 0xBEEF0000U + round);
    }
}

const struct test each_field_alone_is_refreshed_by_function_mask = {
    .name = "each_field_alone_is_refreshed_by_function_mask",
    .requirements = "MSIX-TBL-18, MSIX-TBL-20, RACE-13, TLP-26",
    .story = "A vector sends, one DW of its entry is rewritten under the function mask alone, and it sends again: the "
             "new value, whichever DW it was.",
    .run = single_fields,
};

/* --- rewriting what waits, unmasked --- */

static void rewritten_while_staged(struct bench *b)
{
    start_small(b, any_vector(b));
    for (unsigned round = 0; round < 12 && !bench_stopped(b); round++) {
        const unsigned v = any_vector(b);
        msix_program(b, v, own_address(v), own_data(v), false);
        const uint64_t before = sent_by(b, v);
        const uint32_t value = round % 3 == 1 ? round : 0xFEE01000U + 0x10000U * round;
        fill(b);
        app_event_at(b, v, STRIKE);
        bench_run(b, SETTLED);
        host_mem_write32(b, bench_table_address(b, v, round % 3), value);
        const uint8_t tag = host_mem_read_start(b, bench_table_address(b, v, round % 3), 1, 0xF, 0);
        bench_run(b, SETTLED);
        feed(b);
        host_wait(b, tag);
        quiesce(b);
        expect_messages(b, v, before + 1, "EDGE-03");
    }
}

const struct test undefined_rewrite_of_a_waiting_message_reads_the_entry_again = {
    .name = "undefined_rewrite_of_a_waiting_message_reads_the_entry_again",
    .requirements = "RACE-39, MSIX-TBL-19, TLP-26, ENV-06",
    .story = "A message waits for room while one DW of its unmasked entry is rewritten: behind the fence of that write "
             "nothing old is sent.",
    .run = rewritten_while_staged,
};

/* --- fairness while the queue is full --- */

/* `hot` and `hot_too` fire all the time, `victim` once; tx takes a TLP now and then. */
static void hot_against_one(struct bench *b, unsigned hot, unsigned hot_too, unsigned victim)
{
    const uint64_t before = sent_by(b, victim);
    host_set_ready(b, HOST_READY_RANDOM, 30);
    for (unsigned i = 0; i < HOT_CLOCKS && sent_by(b, victim) == before && !bench_stopped(b); i++) {
        app_event_start(b, i == HOT_CLOCKS / 10 ? victim : i & 1U ? hot : hot_too);
        bench_step(b);
    }
    expect_value(b, "messages of the vector that waits among a hot one's", sent_by(b, victim) - before, 1, "EDGE-09");
    release_tx(b);
    app_event_flush(b);
    quiesce(b);
}

static void two_against_each(struct bench *b)
{
    const unsigned n = bench_config(b)->nvec < 8 ? bench_config(b)->nvec : 8;
    for (unsigned h = 0; h + 1 < n; h++)
        for (unsigned victim = 0; victim < n && !bench_stopped(b); victim++)
            if (victim != h && victim != h + 1)
                hot_against_one(b, h, h + 1, victim);
}

static void each_against_each(struct bench *b)
{
    unsigned hot, victim;
    start_all(b, false);
    for (unsigned i = 0; boundary_vector(b, i, &hot) && i < 4; i++)
        for (unsigned k = 0; boundary_vector(b, k, &victim) && k < 4 && !bench_stopped(b); k++)
            if (hot != victim)
                hot_against_one(b, hot, hot, victim);
    for (unsigned v = 0; v + 1 < bench_config(b)->nvec && v < 4 && !bench_stopped(b); v++) {
        hot_against_one(b, v, v, v + 1);
        hot_against_one(b, v + 1, v + 1, v);
    }
    two_against_each(b);
}

const struct test hot_neighbours_starve_nobody = {
    .name = "hot_neighbours_starve_nobody",
    .requirements = "EDGE-09, EDGE-03, EDGE-04",
    .story = "One vector fires in every clock while tx is slow, and another once: that one is sent soon, whichever two "
             "they are.",
    .skip = skip_below_two_vectors,
    .run = each_against_each,
};

/* --- what stands in a full queue --- */

/* Up to eight vectors with random addresses (below 4 GB, or with all upper bits in play) and data, unmasked. */
static unsigned program_random(struct bench *b)
{
    const unsigned n = bench_config(b)->nvec < 8 ? bench_config(b)->nvec : 8;
    for (unsigned v = 0; v < n; v++) {
        const uint64_t upper = rng_percent(bench_rng(b), 50) ? 0 : rng_next(bench_rng(b)) | UINT64_C(1) << 63;
        const uint64_t address = (upper & ~UINT64_C(0xFFFFFFFF)) | 0xC0000000U | (rng_next(bench_rng(b)) & 0x3FFFFFFCU);
        msix_mask(b, v);
        msix_program(b, v, address, (uint32_t)rng_next(bench_rng(b)), false);
    }
    host_fence(b);
    return n;
}

static void full_of_messages(struct bench *b)
{
    start_small(b, 0);
    for (unsigned round = 0; round < 12 && !bench_stopped(b); round++) {
        const unsigned n = program_random(b);
        starve_posted(b, STARVED_HEADERS);
        for (unsigned i = 0; i < 12; i++) {
            app_event(b, (round + i) % n);
            bench_run(b, FILL_CLOCKS);
        }
        feed(b);
        quiesce(b);
    }
}

const struct test messages_in_a_full_queue_keep_their_fields = {
    .name = "messages_in_a_full_queue_keep_their_fields",
    .requirements = "TLP-26, TLP-05, TLP-06, MSIX-TBL-24, RACE-15",
    .story = "Eight messages with random addresses and data fill the queue while others wait behind it: each leaves as "
             "its entry says.",
    .run = full_of_messages,
};

static void full_of_writes(struct bench *b)
{
    uint32_t payload[DMA_MAX_DW];
    start_small(b, 0);
    for (unsigned round = 0; round < 12 && !bench_stopped(b); round++) {
        starve_posted(b, STARVED_HEADERS);
        for (unsigned i = 0; i < 10; i++) {
            const unsigned dws = round % 3 == 0 ? 5 : 1 + rng_below(bench_rng(b), 12);
            random_payload(b, payload, dws);
            app_dma_write_start(b, dma_buffer(i), payload, dws);
            bench_run(b, 3 * FILL_CLOCKS);
            app_event_start(b, 0);
        }
        host_set_credits(b, HOST_CREDITS_SLOW);
        app_dma_flush(b);
        quiesce(b);
        feed(b);
        quiesce(b);
    }
}

const struct test writes_in_a_full_queue_keep_their_size = {
    .name = "writes_in_a_full_queue_keep_their_size",
    .requirements = "FC-01, FC-02, ORD-05, ORD-27, TLP-25",
    .story = "Data writes of one to three data units and messages fill the queue; then credits come one by one.",
    .run = full_of_writes,
};

/* --- clears beside picks --- */

static void clears_beside(struct bench *b)
{
    const unsigned n = bench_config(b)->nvec < 8 ? bench_config(b)->nvec : 8;
    start_all(b, false);
    for (unsigned v = 0; v < n; v++)
        for (unsigned w = 0; w < n && !bench_stopped(b); w++) {
            if (v == w)
                continue;
            const uint64_t before = sent_by(b, v);
            for (unsigned i = 0; i < SETTLED; i++)
                app_clear_start(b, w);
            app_event_at(b, v, STRIKE);
            bench_wait_messages(b, v, before + 1, LEAVES_WITHIN, "MSIX-PBA-22");
            app_event_flush(b);
        }
    quiesce(b);
}

const struct test clears_of_one_vector_leave_every_other = {
    .name = "clears_of_one_vector_leave_every_other",
    .requirements = "MSIX-PBA-22, EDGE-03",
    .story = "One vector is cleared in every clock while another sends, for each pair of the first eight.",
    .skip = skip_below_two_vectors,
    .run = clears_beside,
};

/* --- nothing of before a reset --- */

/* Of an entry that was in use before a reset only one DW is written again; all three, if the others are not zero then. */
static void unwritten(struct bench *b)
{
    const unsigned n = bench_config(b)->nvec < 8 ? bench_config(b)->nvec : 8;
    const bool zero = bench_policy(b)->table_zero_after_reset == POLICY_YES;
    for (unsigned written = 0; written < 3 && !bench_stopped(b); written++) {
        start_all(b, false);
        bench_reset(b, 2);
        bench_enumerate(b);
        for (unsigned v = 0; v < n; v++) {
            for (unsigned field = 0; field < 3; field++)
                if (field == written || !zero)
                    host_mem_write32(b, bench_table_address(b, v, field), 0xFEE00000U + 0x100U * v + 0x10U);
            msix_unmask(b, v);
        }
        msix_control(b, true, false);
        host_fence(b);
        for (unsigned v = 0; v < n && !bench_stopped(b); v++) {
            app_event(b, v);
            quiesce(b);
        }
    }
}

const struct test nothing_of_before_a_reset_is_sent = {
    .name = "nothing_of_before_a_reset_is_sent",
    .requirements = "MSIX-TBL-31, MSIX-TBL-10, TLP-05",
    .story =
        "All entries are in use, reset, and one DW of each is written again: messages carry that DW and zeros; all "
        "three where policy does not say zero.",
    .run = unwritten,
};
