/*
 * speed_run.h - one run that is measured: a bench of its own, a set-up that can be recorded, and a load.
 *
 * Everything here steps the clock through speed_step() only, so that a recording holds every clock from the reset that
 * begins the set-up on: played into a fresh design it makes the same run, whatever the design did before.
 */
#ifndef SPEED_RUN_H
#define SPEED_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.h"

/* Input pins of a row of clocks. */
struct speed_record {
    struct dut_in *in;
    size_t clocks, room;
    size_t setup;     /* clocks before the load */
    uint64_t tx_hash; /* of all that left on tx */
};

enum speed_load {
    SPEED_TYPICAL,  /* an event every 8 clocks, a 64-byte dma write every 16, a host access every 64 */
    SPEED_SATURATED /* an event every clock, always a 64-byte dma write waiting, a host access every 4 clocks */
};

struct speed_run {
    struct bench *b;
    struct speed_record *record; /* NULL: not recorded */
    uint64_t clock;              /* of the load */
    unsigned vector, access, masked_vector;
    bool masked;
};

/*
 * Starts a run with full checking and without waves: reset, BAR0, MSE, BME, all vectors programmed, unmasked unless
 * `masked`, below 4 GB, MSI-X enabled. `infinite`: credits are never a limit. Returns false with a sentence in `error`.
 */
bool speed_start(struct speed_run *run, uint64_t seed, bool infinite, bool masked, struct speed_record *record,
                 char *error, size_t room);
void speed_end(struct speed_run *run);

/* One clock; recorded if the run is. */
void speed_step(struct speed_run *run);
/* Steps until the host has no request under way and nothing is owed. */
void speed_settle(struct speed_run *run);
/* Writes MSI-X Message Control; does not step. */
void speed_control(struct speed_run *run, bool enable, bool function_mask);
/* One clock under load. */
void speed_load_step(struct speed_run *run, enum speed_load load);
/* Keeps a 64-byte dma write waiting at the port. */
void speed_keep_dma(struct speed_run *run);

/* False, with the first failure as a sentence in `error`, if a check has failed. */
bool speed_good(const struct speed_run *run, char *error, size_t room);

/* Continues a hash with a beat that was accepted. */
uint64_t speed_hash(uint64_t hash, const struct dut_beat *beat, unsigned data_dw);
void speed_record_free(struct speed_record *record);

#endif
