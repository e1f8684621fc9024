/*
 * test_stream.c - framing of TLPs in beats, and the source that plays a queue of them.
 */
#include "stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LONGEST = 40 };

static void fill(uint32_t *dw, size_t n, uint32_t first)
{
    for (size_t i = 0; i < n; i++)
        dw[i] = first + (uint32_t)i;
}

static void there_and_back(unsigned data_dw, size_t n)
{
    uint32_t sent[LONGEST], got[LONGEST] = {0};
    struct dut_beat beat;
    size_t beats = 0, offset = 0;
    unsigned have = 0;
    fill(sent, n, 100);
    do {
        offset += stream_put_beat(&beat, sent, n, offset, data_dw);
        assert_true(beat.valid);
        assert_true(stream_keep_legal(&beat, data_dw));
        assert_int_equal(beat.last, offset == n);
        have = stream_take_beat(got, LONGEST, have, &beat, data_dw);
        beats++;
    } while (!beat.last);
    assert_int_equal(beats, stream_beats(n, data_dw));
    assert_int_equal(have, n);
    assert_memory_equal(sent, got, n * sizeof sent[0]);
}

static void every_length_survives_every_width(void **state)
{
    (void)state;
    for (unsigned data_dw = 2; data_dw <= 16; data_dw *= 2)
        for (size_t n = 1; n <= LONGEST; n++)
            there_and_back(data_dw, n);
}

static void keep_rule_is_exact(void **state)
{
    (void)state;
    struct dut_beat beat = {.valid = true};
    unsigned legal_last = 0, legal_inner = 0;
    for (uint32_t keep = 0; keep < 512; keep++) {
        beat.keep = keep;
        beat.last = true;
        legal_last += stream_keep_legal(&beat, 8);
        beat.last = false;
        legal_inner += stream_keep_legal(&beat, 8);
    }
    assert_int_equal(legal_last, 8); /* 1, 3, 7 ... 255 */
    assert_int_equal(legal_inner, 1);
}

static void dws_past_the_room_are_counted_only(void **state)
{
    (void)state;
    uint32_t small[5] = {0};
    const struct dut_beat beat = {.data = {1, 2, 3, 4}, .keep = 15, .last = true, .valid = true};
    assert_int_equal(stream_take_beat(small, 4, 2, &beat, 4), 6);
    assert_int_equal(small[2], 1);
    assert_int_equal(small[3], 2);
    assert_int_equal(small[4], 0);
    assert_int_equal(stream_take_beat(small, 4, 6, &beat, 4), 10);
}

/* Plays until the queue is empty; `ready` is taken on every `pace`-th clock. Returns clocks. */
static unsigned play(struct stream_source *source, unsigned pace, uint32_t *got, unsigned *n, unsigned *tlps)
{
    struct dut_beat beat = {.valid = false};
    unsigned clocks = 0;
    for (; source->queued > 0; clocks++) {
        const struct dut_beat before = beat;
        const bool stalled = source->offered, ready = clocks % pace == 0;
        stream_source_drive(source, &beat, true);
        if (stalled)
            assert_memory_equal(&before, &beat, sizeof beat);
        if (beat.valid && ready)
            *n = stream_take_beat(got, 1000, *n, &beat, source->data_dw);
        *tlps += stream_source_sample(source, ready);
    }
    return clocks;
}

static void source_plays_its_queue_in_order(void **state)
{
    (void)state;
    uint32_t dw[LONGEST], got[1000];
    for (unsigned pace = 1; pace <= 3; pace++) {
        struct stream_source source;
        unsigned n = 0, tlps = 0, pushed = 0;
        stream_source_init(&source, 4, 1);
        for (unsigned i = 1; i <= 30; i++) {
            fill(dw, i, pushed);
            stream_source_push(&source, dw, i);
            pushed += i;
        }
        play(&source, pace, got, &n, &tlps);
        assert_int_equal(tlps, 30);
        assert_int_equal(n, pushed);
        for (unsigned i = 0; i < n; i++)
            assert_int_equal(got[i], i);
        stream_source_free(&source);
    }
}

static void back_to_back_without_gaps_and_slower_with(void **state)
{
    (void)state;
    uint32_t dw[8], got[1000];
    unsigned n = 0, tlps = 0;
    struct stream_source source;
    stream_source_init(&source, 4, 1);
    fill(dw, 8, 0);
    for (unsigned i = 0; i < 50; i++)
        stream_source_push(&source, dw, 8);
    assert_int_equal(play(&source, 1, got, &n, &tlps), 100);
    stream_source_set_gaps(&source, 50);
    n = 0;
    for (unsigned i = 0; i < 50; i++)
        stream_source_push(&source, dw, 8);
    assert_in_range(play(&source, 1, got, &n, &tlps), 150, 270);
    stream_source_free(&source);
}

static void start_is_held_back_but_never_the_middle(void **state)
{
    (void)state;
    const uint32_t dw[6] = {1, 2, 3, 4, 5, 6};
    struct dut_beat beat = {.valid = false};
    struct stream_source source;
    stream_source_init(&source, 4, 1);
    stream_source_push(&source, dw, 6);
    assert_true(stream_source_at_start(&source));
    assert_false(stream_source_drive(&source, &beat, false));
    assert_false(beat.valid);
    assert_true(stream_source_drive(&source, &beat, true));
    assert_false(stream_source_at_start(&source));
    assert_false(stream_source_sample(&source, true));
    assert_true(stream_source_in_tlp(&source));
    assert_false(stream_source_drive(&source, &beat, false));
    assert_true(beat.valid);
    assert_true(beat.last);
    assert_true(stream_source_sample(&source, true));
    stream_source_free(&source);
}

static void stall_stops_the_middle_but_withdraws_nothing(void **state)
{
    (void)state;
    const uint32_t dw[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct dut_beat beat = {.valid = false};
    struct stream_source source;
    stream_source_init(&source, 4, 1);
    stream_source_push(&source, dw, 8);
    stream_source_drive(&source, &beat, true);
    stream_source_set_stall(&source, true);
    stream_source_drive(&source, &beat, true);
    assert_true(beat.valid);
    stream_source_sample(&source, true);
    stream_source_drive(&source, &beat, true);
    assert_false(beat.valid);
    stream_source_set_stall(&source, false);
    stream_source_drive(&source, &beat, true);
    assert_true(beat.valid && beat.last);
    stream_source_free(&source);
}

static void dropping_spares_what_has_begun(void **state)
{
    (void)state;
    const uint32_t dw[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct dut_beat beat = {.valid = false};
    struct stream_source source;
    stream_source_init(&source, 4, 1);
    for (unsigned i = 0; i < 3; i++)
        stream_source_push(&source, dw, 8);
    stream_source_drive(&source, &beat, true);
    stream_source_drop_waiting(&source);
    assert_int_equal(source.queued, 1);
    stream_source_push(&source, dw, 4);
    stream_source_sample(&source, true);
    stream_source_drive(&source, &beat, true);
    assert_true(beat.last);
    assert_int_equal(beat.data[0], 5);
    stream_source_sample(&source, true);
    assert_int_equal(source.queued, 1);
    stream_source_drop_waiting(&source);
    assert_int_equal(source.queued, 0);
    stream_source_free(&source);
}

/* The buffer moves down and grows while TLPs stream through it. */
static void long_runs_keep_their_content(void **state)
{
    (void)state;
    uint32_t dw[LONGEST], next = 0;
    struct dut_beat beat = {.valid = false};
    struct stream_source source;
    stream_source_init(&source, 16, 1);
    for (uint32_t i = 0; i < 20000; i++) {
        fill(dw, LONGEST, i);
        stream_source_push(&source, dw, LONGEST);
        for (unsigned clock = 0; clock < (i % 7 == 0 ? 2U : 3U); clock++) {
            if (stream_source_drive(&source, &beat, true))
                assert_int_equal(beat.data[0], next++);
            stream_source_sample(&source, true);
        }
    }
    assert_true(source.queued > 500);
    stream_source_free(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_survives_every_width),
        cmocka_unit_test(keep_rule_is_exact),
        cmocka_unit_test(dws_past_the_room_are_counted_only),
        cmocka_unit_test(source_plays_its_queue_in_order),
        cmocka_unit_test(back_to_back_without_gaps_and_slower_with),
        cmocka_unit_test(start_is_held_back_but_never_the_middle),
        cmocka_unit_test(stall_stops_the_middle_but_withdraws_nothing),
        cmocka_unit_test(dropping_spares_what_has_begun),
        cmocka_unit_test(long_runs_keep_their_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
