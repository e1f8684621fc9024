/*
 * stream.h - beats <-> TLPs: the framing of the rx, tx, dma, dmr and dmc streams.
 *
 * A TLP starts at DW 0 of a beat; `keep` is all ones except on the last beat, where it is contiguous from DW 0. The
 * loose functions know one beat; a `struct stream_source` holds a queue of TLPs and plays it beat by beat.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dut.h"
#include "rng.h"

/* Beats that a TLP of `n_dw` DWs takes on a stream of `data_dw` DWs. */
size_t stream_beats(size_t n_dw, unsigned data_dw);

/*
 * Puts DWs `offset`.. of the TLP dw[0..n-1] on `beat`: data, keep, last, valid. DWs past the end are zero. Returns the
 * number of DWs on the beat. `offset` must be below n and a multiple of data_dw.
 */
unsigned stream_put_beat(struct dut_beat *beat, const uint32_t *dw, size_t n, size_t offset, unsigned data_dw);

/* Does `keep` obey the framing rule? */
bool stream_keep_legal(const struct dut_beat *beat, unsigned data_dw);

/* DWs that a beat carries: the ones of `keep` counted from DW 0 up to the first zero. */
unsigned stream_beat_dws(const struct dut_beat *beat, unsigned data_dw);

/*
 * Appends the DWs of a beat to a TLP of which `n` DWs are known; `dw` has room for `room` DWs, more are counted only.
 * Returns the new count.
 */
unsigned stream_take_beat(uint32_t *dw, unsigned room, unsigned n, const struct dut_beat *beat, unsigned data_dw);

/* A queue of TLPs and its driver. All members are private. */
struct stream_source {
    unsigned data_dw;
    unsigned gap_percent;
    bool stalled;
    bool offered;    /* a beat is on the pins and not yet taken */
    size_t position; /* DWs of the first TLP that have been taken */
    size_t queued;   /* TLPs, the one being sent included */
    uint32_t *words; /* per TLP: its DW count, its DWs */
    size_t head, tail, room;
    struct rng rng;
};

/* Empty, no gaps. Takes memory when the first TLP comes; stream_source_free() gives it back. */
void stream_source_init(struct stream_source *source, unsigned data_dw, uint64_t seed);
void stream_source_free(struct stream_source *source);

/* Forgets everything queued, also a TLP half sent. Gaps and stall stay. */
void stream_source_clear(struct stream_source *source);

/* Forgets what has not been offered yet; a TLP of which a beat is on the pins or was taken stays. */
void stream_source_drop_waiting(struct stream_source *source);

/* `percent` of the clocks carry no beat (0..99). A beat on the pins is never withdrawn. */
void stream_source_set_gaps(struct stream_source *source, unsigned percent);

/* While set no further beat is offered, also in mid-TLP. */
void stream_source_set_stall(struct stream_source *source, bool stall);

/* Queues a TLP (copied, n > 0). */
void stream_source_push(struct stream_source *source, const uint32_t *dw, size_t n);

/* True if the next beat to be offered would be the first of a TLP. */
bool stream_source_at_start(const struct stream_source *source);

/* True if part of a TLP has been taken and part has not. */
bool stream_source_in_tlp(const struct stream_source *source);

/*
 * The first TLP of the queue; its DW count goes to `n`. NULL if the queue is empty. May be changed until it is offered.
 */
uint32_t *stream_source_first(struct stream_source *source, size_t *n);

/*
 * Before a clock: puts the next beat on `beat`, or none. A TLP is only begun if `may_start`. `beat` must keep its
 * content from one clock to the next: a beat that was not taken is left as it is. Returns true if a TLP was begun.
 */
bool stream_source_drive(struct stream_source *source, struct dut_beat *beat, bool may_start);

/* After a clock in which the offered beat (if any) was taken if `ready`. Returns true if that was the end of a TLP. */
bool stream_source_sample(struct stream_source *source, bool ready);

#endif
