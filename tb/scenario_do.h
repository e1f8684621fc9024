/*
 * scenario_do.h - what each operation of a running scenario does, by theme. Private to scenario_*.c.
 *
 * Each function takes operations of its theme only, and returns false if the operation was left out because it would be
 * undefined now (ENV-04).
 */
#ifndef SCENARIO_DO_H
#define SCENARIO_DO_H

#include "scenario_state.h"

typedef bool scenario_doer(struct scenario_state *s, const struct scenario_op *op);

/* scenario_host.c: requests of the host and their attributes. */
scenario_doer scenario_request;
/* scenario_device.c: the device logic, and how the host answers it. */
scenario_doer scenario_device;
/* scenario_pace.c: back-pressure. */
scenario_doer scenario_pace;
/* scenario_life.c: resets, power, and waiting. */
scenario_doer scenario_life;
/* scenario_illegal.c: what the function does not support, and what no sender may send. */
scenario_doer scenario_illegal;

/* Data writes go on. */
void scenario_stall_dma(struct scenario_state *s, bool stall);

#endif
