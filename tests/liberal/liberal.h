/*
 * liberal.h - a device in C behind tb/dut.h that takes any legal choice at random.
 *
 * The block in rtl/ takes one choice wherever the specification leaves several; a check that forbids the others would
 * go unnoticed with it. This device takes them all: with nothing broken no check may fire (a false alarm is a defect of
 * the checks, or of the device), and with one switch of liberal_switch.h the right check must.
 *
 * What it does: any latency from a control write to its effect; a MWr in force before an earlier CfgWr; requests
 * served and answered in any order that B 2.4.1 allows; messages committed at any time while allowed, in any order,
 * with the pending bit cleared at commit, at send or between; withdrawn or sent when a rule changes; merged or not;
 * RO = 1 data and completions passing what they may pass; credits, gaps and ready in any rhythm; everything that a
 * policy leaves EITHER. Reads of the device logic in any order, INTx edges late or swallowed, errors that show late,
 * function-level resets that drop or drain, registers of all capabilities.
 *
 * What it does not do, because the checks take it as given: no request passes a CfgWr that has not been completed;
 * host writes do not pass the write that starts a function-level reset; a write that changes what is decoded does not
 * pass a read of a device register, nor one that is half done; every non-posted request is answered, in a reset too;
 * device registers are accessed in the order of rx; an event acts on masks in the clock in which it is accepted (only
 * reads may learn of it later, where policy does not promise more); of one vector at most one message can be taken
 * back; messages of one vector keep their order.
 *
 * A plan is a pure function of its seed. dut.h has no way to hand one in, so the plan in use is the one thing here that
 * is static: one device at a time lives by it.
 */
#ifndef LIBERAL_H
#define LIBERAL_H

#include <stdint.h>

#include "dut.h"
#include "liberal_switch.h"
#include "policy.h"

struct liberal_plan {
    uint64_t seed;
    struct dut_config config;
    struct policy policy; /* what the bench is to be told: the device keeps to it */
    struct liberal_habits habits;
    enum liberal_illegal illegal;
    unsigned strikes; /* counted by the device: how often the switch struck so that somebody outside could tell */
};

/* Geometry, policy and habits of a seed; `illegal` bends them so that the switch can strike. */
void liberal_plan(struct liberal_plan *plan, uint64_t seed, enum liberal_illegal illegal);

/* dut_get_config() and the next dut_create() go by this plan. Borrowed; must outlive the device. */
void liberal_use(struct liberal_plan *plan);

struct bench;

/* Random software and random device logic (liberal_traffic.c, liberal_layer.c, liberal_shocks.c) for about `clocks` clocks, by legal stimulus only (ENV-04). */
void liberal_traffic(struct bench *b, const struct liberal_plan *plan, unsigned clocks);

#endif
