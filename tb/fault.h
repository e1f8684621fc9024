/*
 * fault.h - planted faults: a layer between the design and the monitor that breaks one thing on purpose.
 *
 * A check is trusted after it has been seen failing (ENV-07). Each fault names the check that must fire first and the
 * test to run it with; any other verdict is a failure of the bench. The layer stands around dut_cycle(): it may change
 * inputs on their way in (a lost event), outputs on their way out (a wrong bit), or hold whole TLPs of tx in a queue of
 * its own (drop, duplicate, swap, delay).
 *
 * The fault `none` has the layer at work and breaks nothing: its `check` is CHECK_COUNT, every test must pass. It is
 * found by name and is not in the list. Where a TLP takes one beat the layer adds no clock; a longer one starts with
 * its last beat (tx_proxy.h), which a test of latency notices where messages are that long.
 */
#ifndef FAULT_H
#define FAULT_H

#include "check.h"
#include "dut.h"

struct fault;

struct fault_info {
    const char *name;     /* "msg_ep" */
    const char *sentence; /* what it breaks */
    enum check_id check;  /* that must fire first; CHECK_COUNT: none may */
    const char *test;     /* the test that it is run with by default */
    bool both_power_ups;  /* shows only if the second power-up run (CHECK_POWER_UP) is made with the fault as well */
};

/* Entry `index` of the list of faults that break something, or NULL past its end. Static storage. */
const struct fault_info *fault_info(unsigned index);

/* The fault of that name, `none` included, or NULL. */
const struct fault_info *fault_find(const char *name);

/* NULL if the name is unknown or memory runs out. */
struct fault *fault_create(const char *name, const struct dut_config *config);
void fault_destroy(struct fault *fault);

/* In place of dut_cycle(). With `fault` NULL it is dut_cycle(). */
void fault_cycle(struct fault *fault, struct dut *dut, const struct dut_in *in, struct dut_out *out);

/* How often the fault has struck so far: a fault that never struck proves nothing. */
unsigned fault_strikes(const struct fault *fault);

#endif
