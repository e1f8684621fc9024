/*
 * rng.h - small, fast random numbers (xoshiro256** seeded by splitmix64); the same seed gives the same row everywhere.
 */
#ifndef RNG_H
#define RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

/* Any seed, 0 included. */
void rng_seed(struct rng *rng, uint64_t seed);

/* 64 random bits. */
uint64_t rng_next(struct rng *rng);

/* Uniform in 0 .. bound-1; 0 if bound is 0. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

/* True `percent` times in a hundred (0..100). */
bool rng_percent(struct rng *rng, unsigned percent);

/* Shuffles `n` numbers in place. */
void rng_shuffle(struct rng *rng, uint16_t *items, uint32_t n);

#endif
