/*
 * scenario_maker.h - a scenario in the making, and the moves that it is made of. Private to the generator
 * (scenario_gen.h).
 */
#ifndef SCENARIO_MAKER_H
#define SCENARIO_MAKER_H

#include "rng.h"
#include "scenario_gen.h"

enum { MAKER_MOST_VECTORS = 8 };

/*
 * A move knows what the moves before have written to masks and controls, and so aims at what is open or closed. It need
 * not be right: what would be undefined the run leaves out (scenario_run.h).
 */
struct maker {
    struct scenario *s;
    struct rng rng;
    const struct scenario_profile *profile;
    unsigned nvec, ops; /* of the table; to be made */
    unsigned vectors;   /* active */
    unsigned vector[MAKER_MOST_VECTORS];
    bool masked[MAKER_MOST_VECTORS]; /* as last written, like the three below */
    bool enable, function_mask, bus_master;
    bool tx_closed, frozen; /* back-pressure that lets nothing through */
    bool held;              /* dma reads get no answers */
    bool asleep, lost;      /* D3hot; reset, and not enumerated again */
    bool intx;              /* level of the legacy cause */
    unsigned buffer;        /* of the next dma write */
    bool out_of_memory;
};

/* Adds an operation if there is room for it among `ops`. */
void maker_add(struct maker *m, const struct scenario_op *op);
/* The same for operations of up to two arguments. */
void maker_emit(struct maker *m, enum scenario_kind kind, uint64_t first, uint64_t second);

/* Random numbers: 0 .. bound-1; true `percent` times in a hundred; an index into the active vectors. */
unsigned maker_below(struct maker *m, unsigned bound);
bool maker_chance(struct maker *m, unsigned percent);
unsigned maker_choose(struct maker *m);

/* A wait of 0 .. most clocks. */
void maker_linger(struct maker *m, unsigned most);
/* An event of an active vector; `at` 0: queued. */
void maker_event(struct maker *m, unsigned index, unsigned at);
/* Control writes, noted. */
void maker_set_mask(struct maker *m, unsigned index, bool masked);
void maker_set_enable(struct maker *m, bool enable);
void maker_set_function_mask(struct maker *m, bool function_mask);
void maker_set_bus_master(struct maker *m, bool bus_master);
/* One of these and others, drawn; most of them change what is. */
void maker_control(struct maker *m, unsigned index);
/* Where the state closes everything nothing races: opens what is closed, each thing `percent` times in a hundred. */
void maker_reopen(struct maker *m, unsigned percent);
/* Back-pressure, noted. */
void maker_set_tx(struct maker *m, unsigned percent);
void maker_set_credits(struct maker *m, enum scenario_credits mode);
void maker_set_power(struct maker *m, bool asleep);
void maker_set_intx(struct maker *m, bool level, unsigned at);
/* Lost by a reset: enumerated, all active entries programmed again. */
void maker_recover(struct maker *m);
/* Something under way that a reset may hit: data, a stalled stream, no credit, INTx asserted, a drain, or nothing. */
void maker_upset(struct maker *m);
/* A dma write into a buffer of its own: of random size, or of `dws` DWs. */
void maker_data(struct maker *m);
void maker_data_of(struct maker *m, unsigned dws);
/* New address and data for an entry. */
void maker_program(struct maker *m, unsigned index, bool masked);
/* A read of the pending bit, DW or QWORD. */
void maker_read_pending(struct maker *m, unsigned index);
/* Behind a control write, `percent` times in a hundred: a fence, and an event that shows whether it is in force. */
void maker_probe(struct maker *m, unsigned index, unsigned percent);
/* All active entries programmed, MSI-X enabled. */
void maker_start(struct maker *m);

/* The moves, in the order of enum scenario_move. scenario_moves.c: */
void move_race(struct maker *m);
void move_events(struct maker *m);
void move_storm(struct maker *m);
void move_drain(struct maker *m);
void move_data_and_events(struct maker *m);
void move_function(struct maker *m);
void move_enable(struct maker *m);
void move_master(struct maker *m);
void move_rewrite(struct maker *m);
void move_poll(struct maker *m);
void move_clear(struct maker *m);
/* scenario_surroundings.c: */
void move_credits(struct maker *m);
void move_starve(struct maker *m);
void move_pace(struct maker *m);
void move_corner(struct maker *m);
void move_reads(struct maker *m);
void move_registers(struct maker *m);
void move_quiet(struct maker *m);
void move_reset(struct maker *m);
/* scenario_device_moves.c: */
void move_read_data(struct maker *m);
void move_answers(struct maker *m);
void move_server(struct maker *m);
void move_flood(struct maker *m);
void move_intx(struct maker *m);
void move_device(struct maker *m);
/* scenario_reset_moves.c: */
void move_power(struct maker *m);
void move_flr(struct maker *m);
void move_link(struct maker *m);
void move_aimed(struct maker *m);
void move_illegal(struct maker *m);
/* Not a move: windows that a write or two use up, in force from a reset on. */
void move_small_start(struct maker *m);

#endif
