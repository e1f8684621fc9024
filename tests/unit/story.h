/*
 * story.h - tells the model of MSI-X a story in short sentences, and asks what it made of it.
 */
#ifndef STORY_H
#define STORY_H

#include "msix_model.h"

enum { STORY_NVEC = 5 };

struct story {
    struct policy policy;
    struct checks checks;
    struct msix_model *m;
    unsigned nvec;
    uint64_t moment;          /* of the last sentence */
    uint64_t data, data_sent; /* dma writes handed over, and sent */
    bool free_answers;        /* answers say nothing about the order of data */
};

/* A read of pending bits that is under way. */
struct story_read {
    uint64_t moment;
    int token;
};

/* After reset, with the block's own choices. */
void story_begin(struct story *s, unsigned nvec);
void story_end(struct story *s);
/* The same from the start: reset, no check evaluated. */
void story_again(struct story *s);
/* All entries have fields of their own and are unmasked, messages are enabled, and all that is proven. */
void story_ready(struct story *s);

/* Set-up and tear-down of a group of tests: *state is a story of STORY_NVEC entries. And each test's beginning: the
 * block's own choices, nothing evaluated, story_ready(). */
int story_setup(void **state);
int story_teardown(void **state);
struct story *story_fresh(void **state);

/* story_fresh(), with `vector` masked by its own bit or by Function Mask, proven, and an event pending. And: sets or
 * clears that mask. */
struct story *story_held(void **state, unsigned vector, bool by_function);
void story_set_mask(struct story *s, unsigned vector, bool by_function, bool mask);

/* What the host does. Configuration writes return their moment, for story_completed(). */
uint64_t story_control(struct story *s, bool enable, bool fmask, bool bme);
void story_completed(struct story *s, uint64_t moment);
void story_dw(struct story *s, unsigned vector, unsigned dw, uint32_t value);
void story_mask(struct story *s, unsigned vector);
void story_unmask(struct story *s, unsigned vector);
/* An ordered read that has nothing to do with pending bits enters and is answered at once. */
void story_fence(struct story *s);
struct story_read story_read(struct story *s, unsigned first, unsigned n);
void story_answer(struct story *s, struct story_read read, uint64_t value);
/* Both at once, for one vector. */
void story_pending(struct story *s, unsigned vector, bool value);

/* What the device does. */
void story_event(struct story *s, unsigned vector);
void story_clear(struct story *s, unsigned vector);
void story_data(struct story *s, unsigned handed_over, unsigned sent);
/* A message of this vector, with the fields that it has after story_ready(); or with any. */
void story_message(struct story *s, unsigned vector);
void story_message_with(struct story *s, uint64_t address, uint32_t data);
uint64_t story_address(unsigned vector);
uint32_t story_data_of(unsigned vector);

/* Nothing was wrong up to here. */
void story_is_legal(struct story *s);
/* This check failed, once, and no other; then the counters start anew. */
void story_breaks(struct story *s, enum check_id id);
/* The drain is over: nothing was wrong and nothing is owed. */
void story_ends_well(struct story *s);

#endif
