/*
 * msix_exact_private.h - what the files of msix_exact share: msix_exact.c (hidden steps), msix_exact_seen.c
 * (observations), msix_exact_ask.c (questions).
 */
#ifndef MSIX_EXACT_PRIVATE_H
#define MSIX_EXACT_PRIVATE_H

#include "msix_exact.h"

static inline uint64_t least_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

enum msix_exact_result msix_exact_result_of(enum msix_room room);
/* State k becomes the next one of those that stay, of which there are *n. */
void msix_exact_keep(struct msix_exact *e, uint32_t *n, uint32_t k);
/* Whatever may still have been committed only now was so before this moment; what is pending may be committed later. */
void msix_exact_freeze(struct msix_exact *e, uint64_t moment);
/* Does it stand at one place, the newest? */
bool msix_exact_is_at_rest(const struct msix_exact *e);
/* The bit of messages that are on their way falls. */
void msix_state_hide(struct msix_state *s);

#endif
