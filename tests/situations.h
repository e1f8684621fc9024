/*
 * situations.h - the five situations of tx in which races and orders are tried, and sweeps of two actors against each
 * other in all of them.
 */
#ifndef SITUATIONS_H
#define SITUATIONS_H

#include "common.h"

enum situation {
    SITUATION_READY,   /* tx always ready, generous credits */
    SITUATION_RANDOM,  /* tx ready in half of the clocks */
    SITUATION_NO_PH,   /* no posted header credit */
    SITUATION_NO_PD,   /* posted headers, but no posted data credit */
    SITUATION_NO_CPLH, /* no completion header credit: what waits for a completion must wait for the release too */
    SITUATIONS
};

/* Windows that are soon used up, and a reset that puts them into force; the function is to be enumerated behind it. */
void situation_choose(struct bench *b, enum situation situation);
/*
 * From now on: posted credits are used up by dma writes (BME must be 1), completion credits by reads. In this order, so
 * that accesses which need a completion still work between the two.
 */
void situation_hold_posted(struct bench *b, enum situation situation);
void situation_hold_completions(struct bench *b, enum situation situation);
/* tx ready and credits generous. */
void situation_release(struct bench *b);

/* What a captured TLP is. */
enum leaves { LEAVES_DATA, LEAVES_MESSAGE, LEAVES_INTX, LEAVES_READ, LEAVES_COMPLETION, LEAVES_KINDS };

/* One round of a sweep; the actors and the judge of a race get it. */
struct round {
    struct bench *b;
    enum situation situation;
    int offset; /* clocks from the first actor to the second */
    unsigned vector;
    uint64_t messages; /* of the vector, before this round */
    uint64_t rises;    /* of the INTx wire, before this round */
    uint64_t buffer;   /* of this round, with `dws` numbers for it */
    unsigned dws;
    uint32_t payload[DMA_MAX_DW];
    uint8_t tag[3]; /* of the actors */
    uint32_t value; /* of the actors */
    struct capture seen;
    unsigned outcomes; /* bits, of all rounds so far; the race says what each means */
};

/*
 * A race: `prepare` makes the start state with everything open, `arm` adds what needs posted credits to be gone already; then the two
 * actors, each of which queues its deed for the next clock; 40 clocks later `held` looks at what came out so far, all is released, and
 * 60 clocks later `judge` says what was right. Any but the actors and the judge may be NULL.
 */
struct sweep_race {
    void (*prepare)(struct round *r);
    void (*arm)(struct round *r);
    bool dead_tx; /* tx is never ready on top of the situation */
    void (*first)(struct round *r);
    void (*second)(struct round *r);
    void (*held)(struct round *r);
    void (*judge)(struct round *r);
    unsigned outcomes; /* bits that the rounds must have seen in the end: the legal outcomes of the race */
    const char *requirement;
};

/*
 * From 8 clocks before to 8 clocks after in all situations, each of which begins with start_one() of some vector,
 * masked or not.
 */
void sweep_race(struct bench *b, const struct sweep_race *race, bool masked);

/* Position of the first TLP of this kind among what was captured since the actors struck; CAPTURE_TLPS if there is none. */
unsigned round_first(const struct round *r, enum leaves kind);
bool round_has(const struct round *r, enum leaves kind);
/* Messages of the vector in this round. */
unsigned round_messages(const struct round *r);
/* Both are actors: a dma write and an event some clocks behind its first beat; the event alone. */
void round_data_and_event(struct round *r);
void round_event(struct round *r);
/* The data of this round is in host memory; the vector has sent `count` messages in this round. */
void round_expect_data(struct round *r, const char *requirement);
void round_expect_messages(struct round *r, unsigned count, const char *requirement);

#endif
