/*
 * msix_private.h - what the files of the reference model share: msix_model.c (writes, events, questions),
 * msix_message.c (messages), msix_pba.c (reads of pending bits), msix_follow.c (entries that are followed state by
 * state), msix_explain.c (text).
 */
#ifndef MSIX_PRIVATE_H
#define MSIX_PRIVATE_H

#include "msix_keys.h"
#include "msix_model.h"
#include "msix_twins.h"
#include "msix_vector.h"

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

/* An open entry that was idle, and has had one event since: it takes no set of states to know what it may be doing. */
struct msix_single {
    bool on;
    unsigned reads; /* under way, and all of them entered after the event */
    uint64_t i, j, mark;
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
    /* entries that are followed state by state, NULL: not this one; see msix_exact.h */
    struct msix_exact **exact;
    struct msix_exact *spare_exact;
    struct msix_single *single;
    struct msix_states_pool states;
    struct msix_twins_pool twins;
    uint64_t moment;    /* of what is being told */
    uint64_t data_sent; /* as far as was told */
    uint64_t crowds;    /* how often an entry had too many states to be followed */
    bool out_of_memory;
    bool in_flr;
};

/* The one way to a vector: its cells are up to date, its keys are those of its versions. */
struct msix_vector *msix_model_touch(struct msix_model *m, unsigned v);
/* The same, when a read of its pending bit has ended and nothing else was seen. And when one has entered: it can sample
 * only what comes, so the states of an entry that is followed need no catching up. */
struct msix_vector *msix_model_touch_reading(struct msix_model *m, unsigned v);
struct msix_vector *msix_model_touch_intervals(struct msix_model *m, unsigned v);
/* A message that must have been committed before a fence was never seen: says so, and forgets what was believed. */
void msix_model_tell_flushed(struct msix_model *m, unsigned v);
/* The cells of a vector have changed: what may reads that are under way sample now? */
void msix_pba_update(struct msix_model *m, unsigned v);

/* An event, before the intervals are told of it. An idle entry is followed from here on. */
void msix_follow_event(struct msix_model *m, unsigned v, uint64_t moment, uint64_t data_mark, bool unsettled);
/* Something else than its message is about to be seen of an entry that has had but one event. */
void msix_follow_single(struct msix_model *m, unsigned v);
void msix_follow_catch_up(struct msix_model *m, unsigned v);
/* Something was seen of it: is it idle? Is it still possible with what its twins sent? */
void msix_follow_settle(struct msix_model *m, unsigned v);
/* Can these entries together have sent one message more? They can if some of them are not followed. *most: what their
 * events allow. */
bool msix_follow_sum_allows(struct msix_model *m, const uint16_t *candidate, uint32_t n,
                            const struct msix_letter *letter, uint64_t *most);
/* Any of these entries may have sent it. */
void msix_follow_share(struct msix_model *m, const uint16_t *candidate, uint32_t n, const struct msix_letter *letter);
/* A contradiction: nothing is believed about this entry any more. */
void msix_follow_forget(struct msix_model *m, unsigned v);
void msix_follow_reset(struct msix_model *m);
void msix_follow_free(struct msix_model *m);

#endif
