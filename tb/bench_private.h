/*
 * bench_private.h - the inside of the bench object, shared by bench*.c only.
 */
#ifndef BENCH_PRIVATE_H
#define BENCH_PRIVATE_H

#include "bench.h"
#include "coverage.h"
#include "fault.h"
#include "progress.h"
#include "tlp_log.h"

struct bench {
    struct dut_in in; /* agents own their pins in it; it keeps its content from clock to clock */
    struct dut_out out;
    uint64_t time;
    struct dut *dut;
    struct fault *fault; /* NULL: none */
    struct host *host;
    struct app *app;
    struct monitor *monitor;
    struct scoreboard *scoreboard;
    struct tlp_log *log;
    struct coverage_run *coverage; /* NULL: none */
    const char *design_coverage;
    struct progress progress;
    const char *waves; /* NULL: none, or over */
    uint64_t waves_from, waves_to, limit;
    bool waves_failed; /* the file could not be made */
    struct policy policy;
    struct checks checks;
    struct rng rng;
    struct bench_failure failure;
    bool history_taken;
    bool hdl_judged; /* the design has printed an error, which failed CHECK_HDL_ASSERTION */
    bool verbose;
    bool capabilities_known;
    uint8_t capability[256]; /* offset by ID, 0: none */
};

#endif
