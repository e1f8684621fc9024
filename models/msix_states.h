/*
 * msix_states.h - sets of concrete states of one table entry, and the room for them.
 *
 * States that differ only in what makes one of them more tolerant than the other (a smaller data mark, a later moment
 * of commit, a bit that may still show, more that reads may have sampled, or with fewer messages ahead of it) are one:
 * the more tolerant one stays, because whatever is possible for the other is possible for it.
 */
#ifndef MSIX_STATES_H
#define MSIX_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    MSIX_STATE_QUEUE = 6,      /* messages committed and not sent */
    MSIX_STATE_READS = 4,      /* reads under way */
    MSIX_STATES_MOST = 2048,   /* of one entry; a power of two */
    MSIX_STATES_FEW = 24,      /* of one entry, to be compared one by one */
    MSIX_STATES_TOTAL = 65536, /* of all entries together */
    MSIX_STATES_CLASSES = 6    /* sizes of buffers: 2, 8, 32, 128, 512, 2048 */
};

/* A message that was committed and has not been seen. */
struct msix_unsent {
    uint64_t address;
    uint64_t mark;  /* dma writes that must leave before it */
    uint64_t until; /* it has certainly left when what entered after this moment is completed in order; UINT64_MAX:
                     * it may as well be committed only now */
    uint32_t data;
    bool shows; /* the bit may read 1 until it has left (MSIX-PBA-10, MSIX-PBA-12) */
};

/* A sample with no message ahead of it; with n messages ahead it is n less. */
enum { MSIX_SAMPLED = MSIX_STATE_QUEUE + 1 };

struct msix_state {
    uint64_t i, j;  /* newest control write and newest version in force */
    uint64_t mark;  /* of the pending event: dma writes that must leave before its message */
    uint16_t taken; /* messages that it shares with its twins, see msix_twins.h */
    uint8_t pending, n_queue;
    uint8_t sampled[2][MSIX_STATE_READS]; /* as 0 and as 1, by each read; 0: it cannot have sampled so */
    struct msix_unsent queue[MSIX_STATE_QUEUE];
};

/* Zero-initialise: no states. */
struct msix_states {
    struct msix_state *state;
    uint32_t n;
    uint8_t size; /* class of the buffer + 1; 0: none */
};

/* What is being closed under hidden steps: states, and which of them are still to be looked at. */
struct msix_closure {
    struct msix_state state[MSIX_STATES_MOST + 1]; /* the one behind the others is the draft */
    uint32_t hash[MSIX_STATES_MOST];
    uint16_t slot[2 * MSIX_STATES_MOST]; /* hash table of state numbers + 1 */
    uint16_t slot_of[MSIX_STATES_MOST];
    uint16_t todo[MSIX_STATES_MOST];
    bool waits[MSIX_STATES_MOST]; /* in `todo` */
    uint32_t n, n_todo;
    bool overflow;
};

struct msix_states_pool {
    struct msix_state *spare[MSIX_STATES_CLASSES]; /* buffers that are free; each begins with the address of the next */
    uint32_t in_use;                               /* room of all buffers that are lent */
    struct msix_closure *closure;
    struct msix_state few[MSIX_STATES_FEW + 2]; /* for closing a few states */
};

/* Returns 0, or -1 without memory. */
int msix_states_pool_init(struct msix_states_pool *pool);
void msix_states_pool_free(struct msix_states_pool *pool);

enum msix_room { MSIX_ROOM, MSIX_NO_ROOM /* past a bound */, MSIX_NO_MEMORY };

/* Room for n states; those that are there stay. */
enum msix_room msix_states_reserve(struct msix_states_pool *pool, struct msix_states *set, uint32_t n);
/* No states; the buffer goes back. */
void msix_states_release(struct msix_states_pool *pool, struct msix_states *set);

/* As an assignment, but without the part of the queue that is not used. */
static inline void msix_state_copy(struct msix_state *to, const struct msix_state *from)
{
    memcpy(to, from, offsetof(struct msix_state, queue));
    for (unsigned k = 0; k < from->n_queue; k++)
        to->queue[k] = from->queue[k];
}

/* State n is new, behind n others. It stays unless one of these covers it, and takes the place of one that it covers.
 * Returns its place; n: behind them; UINT32_MAX: it was covered. For few states. */
uint32_t msix_states_enter(struct msix_state *state, uint32_t n);

void msix_closure_begin(struct msix_closure *c);
/* A copy of this state, to be changed and then entered. The states that are there stay where they are. */
struct msix_state *msix_closure_draft(struct msix_closure *c, const struct msix_state *from);
/* The draft becomes a state, unless one of them covers it; it takes the place of one that it covers. */
void msix_closure_enter(struct msix_closure *c);
/* The next state to be looked at, or NULL. It changes only if a state is entered that covers it. */
const struct msix_state *msix_closure_next(struct msix_closure *c);

#endif
