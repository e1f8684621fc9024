/*
 * bench.h - the bench object: one design, its agents, monitor, scoreboard and log, and one call a clock.
 *
 * A `struct bench` owns everything; there are no globals, two benches can live in one process. A run is a pure function
 * of (build configuration, test, seed). Tests call the blocking functions of host.h and app.h, which step the clock.
 *
 * When a run has failed for good (a check failed, or a call ran into its limit), bench_stopped() turns
 * true and every blocking call returns at once with zeros, so that a test unwinds quickly.
 */
#ifndef BENCH_H
#define BENCH_H

#include "app.h"
#include "check.h"
#include "dut.h"
#include "host.h"
#include "monitor.h"
#include "policy.h"
#include "rng.h"
#include "scoreboard.h"

struct coverage;
struct fault;
struct tlp_log;

struct bench_options {
    uint64_t seed;               /* stimulus */
    uint32_t power_up_seed;      /* start values of the design's registers */
    const struct policy *policy; /* borrowed; NULL: policy_default() */
    const char *fault;           /* name of a planted fault, or NULL */
    const char *waves;           /* FST file to write, or NULL */
    const char *log;             /* TLP log to write, or NULL (the log's hash is always made) */
    struct coverage *coverage;   /* borrowed; functional coverage of this run goes there (coverage.h); NULL: none */
    const char *design_coverage; /* file that the design's own coverage is added to, if the build has any; NULL: none */
    bool verbose;                /* print what the design prints, and each failure at once */
};

struct bench;

/* How the first failure of a run is kept. */
struct bench_failure {
    bool failed;
    enum check_id check;
    int vector;    /* -1: none */
    uint64_t time; /* clock */
    char text[1024];
    char history[4096]; /* lines: that vector's recent past and possible states, then the last on all streams */
};

/*
 * Builds a bench and holds the design in reset for a few clocks, then releases it with link up and flow control
 * initialised with finite, generous credits (host.h). Returns NULL with a sentence in `error` if something could not be
 * had (an unknown fault, a file).
 */
struct bench *bench_create(const struct bench_options *options, char *error, size_t room);
void bench_destroy(struct bench *b);

/* One clock: agents drive, the design moves, the monitor looks. */
void bench_step(struct bench *b);
/* `clocks` times bench_step(), fewer if the run stops. */
void bench_run(struct bench *b, uint64_t clocks);

/* Clocks so far. */
uint64_t bench_time(const struct bench *b);
bool bench_stopped(const struct bench *b);
const struct bench_failure *bench_failure(const struct bench *b);

/* Parts, all owned by the bench. */
const struct dut_config *bench_config(const struct bench *b);
const struct policy *bench_policy(const struct bench *b);
struct host *bench_host(const struct bench *b);
struct app *bench_app(const struct bench *b);
struct scoreboard *bench_scoreboard(const struct bench *b);
struct checks *bench_checks(struct bench *b);
struct monitor *bench_monitor(const struct bench *b);
struct rng *bench_rng(struct bench *b);               /* the test's own random numbers */
const struct dut_in *bench_in(const struct bench *b); /* pins of the last clock */
const struct dut_out *bench_out(const struct bench *b);

/* Hash of the TLP log so far: time, stream and bytes of every TLP, and every event and clear. */
uint64_t bench_log_hash(const struct bench *b);

/*
 * The verdict of a test about something that no model judges (CHECK_TEST_EXPECTATION): counts it, and if `ok` is false
 * the run fails with the sentence, led by the requirement ID. Returns ok.
 */
bool bench_expect(struct bench *b, bool ok, const char *requirement, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Steps until `done` says so. If nothing at all moves on any port for the policy's progress_clocks, or 64 times as long
 * has passed, the run fails with CHECK_PROGRESS, naming `what` was waited for. Returns true if it was done, false if
 * the run has stopped.
 */
typedef bool bench_done_fn(struct bench *b, const void *ctx);
bool bench_wait(struct bench *b, bench_done_fn *done, const void *ctx, const char *what);

/*
 * Ends a run: a run that failed goes on for 20 clocks, so that the wave shows what followed; then what the design
 * printed is judged (CHECK_HDL_ASSERTION), waves and log are closed. To be called once, last; the verdict is
 * bench_failure(). Returns false with a sentence in `error` if a file could not be written.
 */
bool bench_finish(struct bench *b, char *error, size_t room);

/* Fault planted by the options: how often it has struck; 0 without a fault. */
unsigned bench_fault_strikes(const struct bench *b);

/*
 * The pins link_up and fc_init_done from the next clock on (FC-07). Both are set after reset. Link down is a conventional reset of
 * the function (RACE-33): the agents forget what they had queued, and flow control starts anew.
 */
void bench_set_link(struct bench *b, bool link_up, bool fc_init_done);

/*
 * Holds rst_n low from the next clock on until it is released; the agents forget what they had queued. For tests that
 * look into the reset itself; bench_reset() does both.
 */
void bench_hold_reset(struct bench *b, bool hold);

/*
 * Offset of the capability with this ID in configuration space, found by walking the list (once); 0 if there is none.
 */
unsigned bench_capability(struct bench *b, uint8_t id);

/* Steps until all is quiet: nothing on any stream for a while, no dma write or completion outstanding. Fails with
 * CHECK_PROGRESS if it does not happen within the policy's progress_clocks of no movement. */
void bench_settle(struct bench *b);

/*
 * End-of-test drain (ENV-08): generous credits and ready, MSE = BME = 1, MSI-X enabled, function mask 0; every vector
 * that may hold an event is given a unique address and is unmasked; then all is settled and fenced, the PBA is read and
 * must be zero, and scoreboard_finish() judges what is left.
 */
void bench_drain(struct bench *b);

/* Conventional reset: rst_n low for `clocks` (at least 1), agents forget what they had queued. */
void bench_reset(struct bench *b, unsigned clocks);

/*
 * Usual start of a test: writes BAR0, MSE and BME, captures bus and device number (through CfgWr0 to bus 1, device 0),
 * and leaves MSI-X disabled, all entries as reset.
 */
void bench_enumerate(struct bench *b);
/* The same without the route: where configuration requests go now. */
void bench_place(struct bench *b);

/*
 * BAR0 as bench_enumerate() places it, and where messages and dma writes go by convention. Dma buffers and message
 * addresses never overlap, so that a tx write is one or the other.
 */
#define BENCH_BAR0 UINT64_C(0x0000004080000000)
#define BENCH_DMA_BASE UINT64_C(0x0000000810000000) /* 256 MB of host memory above 4 GB */
#define BENCH_DMA_BASE_LOW UINT64_C(0x20000000)     /* 256 MB below 4 GB */
#define BENCH_DMA_SIZE UINT64_C(0x10000000)

/* Addresses in BAR0. */
uint64_t bench_table_address(const struct bench *b, unsigned vector, unsigned field); /* field 0..3, DW */
uint64_t bench_pba_address(const struct bench *b, unsigned vector);                   /* of the QWORD */
uint64_t bench_csr_address(const struct bench *b, unsigned offset);

/*
 * Short cuts that tests share. msix_program: writes address, data (masked or not) of an entry by QWORDs.
 * msix_setup_all: every entry gets a unique address (below 4 GB if `wide` is false, a mix if true) and unique data,
 * mask = `masked`, then Enable = 1, FM = 0, and a fence.
 */
void msix_program(struct bench *b, unsigned vector, uint64_t address, uint32_t data, bool masked);
void msix_setup_all(struct bench *b, bool masked, bool wide);
void msix_mask(struct bench *b, unsigned vector);                    /* posted DW write of 1 to Vector Control */
void msix_unmask(struct bench *b, unsigned vector);                  /* posted DW write of 0 */
void msix_control(struct bench *b, bool enable, bool function_mask); /* CfgWr, waits for its completion */
void msix_bus_master(struct bench *b, bool on);      /* CfgWr to Command, MSE stays 1, waits for its completion */
bool msix_pending(struct bench *b, unsigned vector); /* reads the PBA (DW), blocking */

/*
 * Steps until vector has sent `count` messages in all, or `limit` clocks have passed (then the run fails, citing
 * `requirement`).
 */
void bench_wait_messages(struct bench *b, unsigned vector, uint64_t count, uint64_t limit, const char *requirement);

#endif
