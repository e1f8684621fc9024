/*
 * speed_block.h - how fast the block is, in clocks: message rate, latency, use of tx.
 */
#ifndef SPEED_BLOCK_H
#define SPEED_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct speed_block {
    double messages_per_clock; /* from the first to the last beat of a drain of all vectors */
    unsigned latency_clocks;   /* event accepted in clock n, tx_tvalid in n + this; the worst seen in an idle block */
    double tx_utilisation;     /* share of clocks with a beat on tx, data writes and messages always waiting */
    double dma_share, message_share; /* of the clocks: beats of these */
};

/* Each returns false with a sentence in `error` if a run could not be made or a check failed in it. */
bool speed_messages(uint64_t seed, struct speed_block *result, char *error, size_t room);
bool speed_latency(uint64_t seed, struct speed_block *result, char *error, size_t room);
bool speed_utilisation(uint64_t seed, struct speed_block *result, char *error, size_t room);

#endif
