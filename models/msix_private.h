/*
 * msix_private.h - what the files of the reference model share: msix_model.c (writes, events, questions),
 * msix_message.c (messages), msix_pba.c (reads of pending bits), msix_explain.c (text).
 */
#ifndef MSIX_PRIVATE_H
#define MSIX_PRIVATE_H

#include "msix_keys.h"
#include "msix_model.h"

enum { WATCHES = 64 /* one bit each of `open` */, CANDIDATES = 2048 };

/* A read of pending bits that is under way, and what each bit may have been since it entered. */
struct watch {
    unsigned first, n;
    uint64_t moment;
    uint64_t head;   /* newest control write when it entered */
    uint64_t can[2]; /* bit k: vector first+k may have been pending = 0 / 1 */
    uint64_t could;  /* can[1] when the read entered */
    uint64_t owed;   /* bit k: something of it was certainly pending or on its way when the read entered */
};

struct msix_model {
    unsigned nvec;
    const struct policy *policy;
    struct checks *checks;
    struct msix_ring ring;
    struct msix_vector *vector;
    struct msix_keys keys;
    struct msix_scratch scratch;
    struct watch watch[WATCHES];
    uint64_t open; /* watches in use, one bit each */
    uint64_t messages;
    uint64_t settled_mark; /* messages when the newest control write was proven */
    uint16_t candidate[CANDIDATES];
    uint64_t groups; /* sets of vectors that shared a message, counted */
};

/* The one way to a vector: its cells are up to date, its keys are those of its versions. */
struct msix_vector *msix_model_touch(struct msix_model *m, unsigned v);
/* The cells of a vector have changed: what may reads that are under way sample now? */
void msix_pba_update(struct msix_model *m, unsigned v);

#endif
