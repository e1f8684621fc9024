#include "rng.h"

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, unsigned k)
{
    return (x << k) | (x >> (64 - k));
}

void rng_seed(struct rng *rng, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++)
        rng->s[i] = splitmix64(&seed);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Lemire's method: the rejected part makes every number equally likely. */
uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    if (bound == 0)
        return 0;
    uint64_t product = (rng_next(rng) >> 32) * bound;
    uint32_t reject_below = (uint32_t)(-bound) % bound;
    while ((uint32_t)product < reject_below)
        product = (rng_next(rng) >> 32) * bound;
    return (uint32_t)(product >> 32);
}

bool rng_percent(struct rng *rng, unsigned percent)
{
    return rng_below(rng, 100) < percent;
}

void rng_shuffle(struct rng *rng, uint16_t *items, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = rng_below(rng, i);
        uint16_t swap = items[i - 1];
        items[i - 1] = items[k];
        items[k] = swap;
    }
}
