#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { STREAM_FIRST_ROOM = 4096 };

static uint32_t full_keep(unsigned data_dw)
{
    return (uint32_t)((UINT64_C(1) << data_dw) - 1);
}

size_t stream_beats(size_t n_dw, unsigned data_dw)
{
    return (n_dw + data_dw - 1) / data_dw;
}

unsigned stream_put_beat(struct dut_beat *beat, const uint32_t *dw, size_t n, size_t offset, unsigned data_dw)
{
    size_t left = n - offset;
    unsigned here = left < data_dw ? (unsigned)left : data_dw;
    memcpy(beat->data, dw + offset, here * sizeof *dw);
    memset(beat->data + here, 0, (data_dw - here) * sizeof *dw);
    beat->keep = full_keep(here);
    beat->last = left <= data_dw;
    beat->valid = true;
    return here;
}

bool stream_keep_legal(const struct dut_beat *beat, unsigned data_dw)
{
    uint32_t full = full_keep(data_dw);
    if (beat->keep == full)
        return true;
    bool contiguous = (beat->keep & (beat->keep + 1)) == 0;
    return beat->last && beat->keep != 0 && (beat->keep & ~full) == 0 && contiguous;
}

unsigned stream_beat_dws(const struct dut_beat *beat, unsigned data_dw)
{
    uint32_t missing = ~beat->keep & full_keep(data_dw);
    return missing ? (unsigned)__builtin_ctz(missing) : data_dw;
}

unsigned stream_take_beat(uint32_t *dw, unsigned room, unsigned n, const struct dut_beat *beat, unsigned data_dw)
{
    unsigned here = stream_beat_dws(beat, data_dw);
    unsigned fit = n < room ? room - n : 0;
    memcpy(dw + (fit ? n : 0), beat->data, (here < fit ? here : fit) * sizeof *dw);
    return n + here;
}

void stream_source_init(struct stream_source *source, unsigned data_dw, uint64_t seed)
{
    memset(source, 0, sizeof *source);
    source->data_dw = data_dw;
    rng_seed(&source->rng, seed);
}

void stream_source_free(struct stream_source *source)
{
    free(source->words);
    source->words = NULL;
    source->room = 0;
    stream_source_clear(source);
}

void stream_source_clear(struct stream_source *source)
{
    source->offered = false;
    source->position = 0;
    source->queued = 0;
    source->head = source->tail = 0;
}

void stream_source_drop_waiting(struct stream_source *source)
{
    if (source->position == 0 && !source->offered) {
        stream_source_clear(source);
    } else if (source->queued > 1) {
        source->queued = 1;
        source->tail = source->head + 1 + source->words[source->head];
    }
}

void stream_source_set_gaps(struct stream_source *source, unsigned percent)
{
    source->gap_percent = percent < 100 ? percent : 99;
}

void stream_source_set_stall(struct stream_source *source, bool stall)
{
    source->stalled = stall;
}

/* Makes room for `words` more at the tail: by moving down if half is free, else by growing. */
static void make_room(struct stream_source *source, size_t words)
{
    size_t used = source->tail - source->head;
    if (source->head > 0 && used + words <= source->room / 2) {
        memmove(source->words, source->words + source->head, used * sizeof *source->words);
        source->head = 0;
        source->tail = used;
        return;
    }
    while (source->tail + words > source->room)
        source->room = source->room ? source->room * 2 : STREAM_FIRST_ROOM;
    source->words = memory_resize(source->words, source->room * sizeof *source->words);
}

void stream_source_push(struct stream_source *source, const uint32_t *dw, size_t n)
{
    if (source->tail + n + 1 > source->room)
        make_room(source, n + 1);
    source->words[source->tail] = (uint32_t)n;
    memcpy(source->words + source->tail + 1, dw, n * sizeof *dw);
    source->tail += n + 1;
    source->queued++;
}

bool stream_source_at_start(const struct stream_source *source)
{
    return source->queued > 0 && source->position == 0 && !source->offered;
}

bool stream_source_in_tlp(const struct stream_source *source)
{
    return source->position > 0;
}

uint32_t *stream_source_first(struct stream_source *source, size_t *n)
{
    if (source->queued == 0)
        return NULL;
    *n = source->words[source->head];
    return source->words + source->head + 1;
}

bool stream_source_drive(struct stream_source *source, struct dut_beat *beat, bool may_start)
{
    if (source->offered)
        return false;
    beat->valid = false;
    if (source->queued == 0 || source->stalled || (source->position == 0 && !may_start))
        return false;
    if (source->gap_percent && rng_percent(&source->rng, source->gap_percent))
        return false;
    const uint32_t *first = source->words + source->head;
    stream_put_beat(beat, first + 1, first[0], source->position, source->data_dw);
    source->offered = true;
    return source->position == 0;
}

bool stream_source_sample(struct stream_source *source, bool ready)
{
    if (!source->offered || !ready)
        return false;
    source->offered = false;
    source->position += source->data_dw;
    if (source->position < source->words[source->head])
        return false;
    source->position = 0;
    source->head += 1 + source->words[source->head];
    if (--source->queued == 0)
        source->head = source->tail = 0;
    return true;
}
