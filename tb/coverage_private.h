/*
 * coverage_private.h - inside of functional coverage, shared by its parts only:
 *   coverage.c          the objects, notes and hits, what the observer is told
 *   coverage_race.c     what came within a few clocks of what, and how races ended
 *   coverage_traffic.c  TLPs: messages, completions, accesses of the host, data writes, credits
 *   coverage_layer.c    the rest of the transaction layer: ordering pairs, reads of the device, INTx, resets, illegal requests
 */
#ifndef COVERAGE_PRIVATE_H
#define COVERAGE_PRIVATE_H

#include "coverage.h"
#include "coverage_bins.h"
#include "credits.h"
#include "msix_ring.h"

enum { COVER_DEEDS = 64, COVER_WATCHES = 16, COVER_VECTORS = 2048, COVER_TAGS = 1024 };

/* Something that may take part in a race. `n` vectors from `vector` on; function-level deeds concern all. */
struct cover_deed {
    enum cover_partner kind; /* or COVER_EVENT */
    uint64_t time;           /* clock of the beat that completed it; messages: of their first beat */
    unsigned vector, n;
    uint16_t tag; /* of a read of the PBA */
};

/* A vector that a race has touched, until a later read of its pending bit says how it ended. */
struct cover_watch {
    bool open;
    unsigned vector;
    uint64_t last;     /* clock of its last deed */
    uint32_t races;    /* one bit each, see coverage_race.c */
    bool unmasked;     /* opened by the unmask of a vector that owed a message */
    unsigned messages; /* since the first deed */
    unsigned own;      /* messages before the one that raced with a second event */
};

/* A non-posted request under way, by tag. */
struct cover_read {
    bool open, pba;
    unsigned first, n;               /* vectors of a PBA read */
    uint64_t time;                   /* clock in which it entered */
    int event_vector, unmask_vector; /* raced with an event / an unmask of a pending vector; -1: no */
    struct tlp request;
};

/* What leaves waits for what? */
struct cover_flow {
    bool started, tx_inside, tx_stalled;
    struct dut_credit_limits fc;
    struct credits credits;
    uint64_t dma_waiting; /* accepted and not sent */
    uint64_t messages[3]; /* clocks of the last three, newest first; 0: none */
    unsigned completions_waiting;
};

/* coverage_layer.c. Clocks are counted from 1, 0: never. */
struct cover_layer {
    uint64_t struck[COVER_STRIKES], aimed[COVER_AIMS];
    unsigned reads_waiting; /* reads of the device that were accepted and have not left */
    uint8_t read_open[256]; /* outstanding: 1, and 2 if a piece has come */
    uint8_t was_reset[256]; /* outstanding when the function was reset: an answer comes late */
    unsigned last_answered; /* tag, plus 1 */
    unsigned mps;           /* as coded */
    enum cover_wire gate;   /* what has changed last of what opens and closes the wire */
    bool intx_wire, int_disable, asleep;
    int reset_in; /* situation of a reset whose kind is not known yet, -1: none */
};

struct coverage_run {
    struct coverage *into;
    const struct scoreboard *scoreboard;
    const struct checks *checks;
    struct dut_config config;
    uint64_t before[CHECK_COUNT]; /* evaluations up to the clock before this one */
    uint64_t *count;              /* a bin each: situations seen */
    uint64_t *mark;               /* a bin each: evaluations of its judge before the first one */
    unsigned start[COVER_GROUPS]; /* first bin of each group */
    /* the function as the host last wrote it */
    struct msix_control control;
    uint64_t masked[COVER_VECTORS / 64];
    uint16_t id, id_before; /* bus and device of the last CfgWr0, and before it */
    uint64_t id_time;
    /* the vectors */
    uint8_t owed[COVER_VECTORS]; /* events since the last message or clear; stops at 255 */
    uint64_t event_time[COVER_VECTORS];
    unsigned owing; /* vectors that owe something */
    unsigned last_event;
    /* coverage_race.c */
    struct cover_deed deed[COVER_DEEDS];
    uint64_t deeds;
    struct cover_watch watch[COVER_WATCHES];
    unsigned next_watch;
    bool drain_stopped; /* Function Mask was set in a drain, and no read of the PBA has told the rest yet */
    /* coverage_traffic.c */
    struct cover_read read[COVER_TAGS];
    uint64_t address_seen[2]; /* message address bits seen as 0, as 1 */
    uint32_t data_seen[2];
    struct cover_flow flow;
    struct cover_layer layer;
};

/* coverage.c */
void cover_note(struct coverage_run *run, enum cover_group group, unsigned a, unsigned b, unsigned c, unsigned d);
enum cover_tx cover_tx_state(const struct coverage_run *run);
bool cover_is_masked(const struct coverage_run *run, unsigned vector);
bool cover_is_allowed(const struct coverage_run *run, unsigned vector); /* may send, as last written */
void cover_note_place(struct coverage_run *run, enum cover_group group, unsigned vector);
void cover_note_state(struct coverage_run *run, enum cover_group group, unsigned vector);
void cover_answered(struct coverage_run *run, unsigned vector); /* a message or a clear: nothing is owed */

/* coverage_race.c */
void cover_race_reset(struct coverage_run *run);
void cover_race_deed(struct coverage_run *run, struct cover_deed deed);
void cover_race_message(struct coverage_run *run, unsigned vector);
void cover_race_pending(struct coverage_run *run, const struct cover_read *read, unsigned vector, bool pending);
void cover_race_pba(struct coverage_run *run, bool any_pending);

/* coverage_traffic.c */
void cover_traffic_reset(struct coverage_run *run);
void cover_traffic_rx(struct coverage_run *run, const struct seen *what);
void cover_traffic_tx(struct coverage_run *run, const struct seen *what);
void cover_traffic_dma(struct coverage_run *run, const struct seen *what);
void cover_traffic_cycle(struct coverage_run *run, const struct dut_in *in, const struct dut_out *out);
/* coverage_layer.c: told of everything before the others */
void cover_layer_reset(struct coverage_run *run);
void cover_layer_seen(struct coverage_run *run, const struct seen *what);
void cover_layer_cycle(struct coverage_run *run, const struct dut_in *in, const struct dut_out *out);
enum cover_reset cover_reset_situation(const struct coverage_run *run); /* coverage.c */

#endif
