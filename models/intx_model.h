/*
 * intx_model.h - the emulated interrupt wire of one function: may this Assert_INTx or Deassert_INTx be sent, and what must
 * the wire be when all is quiet? (INTX-06..INTX-15, INTX-17, ORD-28)
 *
 * The wire follows level AND gate. The level is a pin of the device logic; the gate is open if the function has a pin,
 * is in D0, and neither Interrupt Disable nor MSI-X Enable forbids it. A write that moves the gate takes effect at a hidden moment
 * between its entry and the completion of a later request, so the model keeps the row of gate states that may be in force.
 * For each of them, and for either state of the wire as committed last, it keeps the largest number of messages that may have
 * been committed. A message that no history can have committed has no cause. A pulse may be swallowed (INTX-09): nothing says
 * how few messages there are, but when all is quiet the wire must be right.
 *
 * Moments are those of msix_ring.h. No allocation; the caller owns the structure.
 */
#ifndef INTX_MODEL_H
#define INTX_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { INTX_GATES = 64, INTX_STEPS = 512, INTX_MARKS = 256 };

/* What was possible from this moment on. */
struct intx_step {
    uint64_t moment;
    uint64_t floor, head; /* gate states that may be in force */
    uint64_t data_mark;   /* dma writes that a message committed from now on must stand behind */
    bool level;
};

struct intx_model {
    struct {
        bool open;
        uint64_t seq; /* moment of the write */
    } gate[INTX_GATES];
    uint64_t floor, head;        /* indices that grow for ever */
    int64_t most[INTX_GATES][2]; /* messages committed so far, at most, by gate and state of the wire; -1: impossible */
    uint64_t mark[INTX_MARKS];   /* of message n: fewest dma writes that may precede it */
    int64_t marked;              /* messages that have a mark */
    bool unmarked;               /* more were possible than there are marks: order is not judged up to the next flush */
    struct intx_step step[INTX_STEPS];
    uint64_t n_steps;
    uint64_t flush_seq;
    int64_t seen; /* messages seen; odd: the wire is asserted */
    bool level, in_flr;
};

enum intx_verdict {
    INTX_ALLOWED,
    INTX_DUPLICATE, /* the wire is in that state already (INTX-06, INTX-07) */
    INTX_NO_CAUSE,  /* no history commits it */
    INTX_EARLY      /* it has passed dma writes that were there before its edge (ORD-28) */
};

/* Power-up, and conventional reset: deasserted without a message (INTX-14). Level 0, gate as given. */
void intx_model_reset(struct intx_model *m, bool gate);

/* The level changed at `moment`; `data_mark` dma writes were accepted before, or fewer if some may have been held back. */
void intx_model_level(struct intx_model *m, uint64_t moment, bool level, uint64_t data_mark);
/* Dma writes may be held back from now on that were accepted before: nothing stands behind them any more. */
void intx_model_unorder(struct intx_model *m);
/* A write entered after which the gate is as given. Unchanged: costs nothing. */
void intx_model_gate(struct intx_model *m, uint64_t moment, bool open, uint64_t data_mark);
/*
 * A completion left at `moment` which proves that writes before `fence_moment` are in force; if `ordered`, also that all
 * messages committed before `flush_moment` have been seen. `flush_mark`: dma writes accepted before `flush_moment`.
 */
void intx_model_fence(struct intx_model *m, uint64_t moment, uint64_t fence_moment, bool ordered, uint64_t flush_moment,
                      uint64_t flush_mark, uint64_t data_mark);

/* A message left behind `data_sent` dma writes. The wire follows it, whatever the verdict is. */
enum intx_verdict intx_model_message(struct intx_model *m, bool assert, uint64_t data_sent);

/* Function-level reset: from begin to end a Deassert_INTx is always right (INTX-13). At the end the wire must be 0. */
void intx_model_flr_begin(struct intx_model *m);
void intx_model_flr_end(struct intx_model *m, uint64_t moment, bool gate, uint64_t data_mark);

/* The wire as the host sees it. */
bool intx_model_wire(const struct intx_model *m);
/* What the wire must become: 0 or 1, -1 while a write is not proven. */
int intx_model_target(const struct intx_model *m);
/* Is a message certainly owed? */
bool intx_model_owes(const struct intx_model *m);
/* Level as it is now. */
bool intx_model_cause(const struct intx_model *m);

/* For tests; a sentence or NULL. */
const char *intx_model_check_invariants(const struct intx_model *m);

#endif
