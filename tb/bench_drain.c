/*
 * bench_drain.c - end of a test (ENV-08): from whatever state a test left, everything that is owed is let out and
 * judged.
 */
#include <inttypes.h>

#include "bench.h"
#include "bench_private.h"

enum { CAPABILITY_PCIE = 0x10, DEVICE_CONTROL2 = 0x28, IDO_COMPLETIONS = 0x200 };
enum { CAPABILITY_PM = 0x01, CAPABILITY_MSIX = 0x11, BAR0 = 0x10, COMMAND = 0x04, COMMAND_MSE_BME = 0x6, PMCSR = 4 };

/* Messages of the drain go where no test sends any: below 4 GB, 16 bytes a vector. */
#define DRAIN_ADDRESS UINT64_C(0xFEF00000)
#define DRAIN_DATA UINT32_C(0xD7000000)

static void release_everything(struct bench *b)
{
    b->in.rst_n = true;
    bench_set_link(b, true, true);
    host_set_ready(b, HOST_READY_ALWAYS, 0);
    host_set_credits(b, HOST_CREDITS_GENEROUS);
    host_set_window(b, 32, 128, 32, 128);
    host_set_window_nonposted(b, 32, 32);
    host_set_gaps(b, 0);
    host_set_attributes(b, false, false, false, 0);
    host_set_answers(b, true);
    host_set_answer_style(b, &(struct host_answer_style){.mixed = false});
    app_set_gaps(b, 0);
    app_stall_dma(b, false);
    app_set_csr_delay(b, 0);
    app_set_flr_delay(b, 0);
}

static bool flr_is_over(struct bench *b, const void *ctx)
{
    (void)ctx;
    return !b->out.flr_active;
}

/* A register that may have any value is only written if it must be, so that no window of doubt opens for nothing. */
static void ensure_register(struct bench *b, unsigned reg, uint32_t clear, uint32_t set)
{
    const uint32_t is = host_cfg_read32(b, reg), wanted = (is & ~clear) | set;
    if (wanted != is)
        host_cfg_write32(b, reg, wanted);
}

static void restore_configuration(struct bench *b)
{
    const unsigned pm = bench_capability(b, CAPABILITY_PM);
    if (pm && (host_cfg_read32(b, pm + PMCSR) & 3) != 0)
        host_cfg_write(b, pm + PMCSR, 0x1, 0);
    const unsigned pcie = bench_capability(b, CAPABILITY_PCIE);
    if (pcie) /* completions with IDO are no fence while the ID changes (ENV-03) */
        ensure_register(b, pcie + DEVICE_CONTROL2, IDO_COMPLETIONS, 0);
    ensure_register(b, BAR0, 0xFFFFFFF0, (uint32_t)BENCH_BAR0);
    ensure_register(b, BAR0 + 4, 0xFFFFFFFF, (uint32_t)(BENCH_BAR0 >> 32));
    /* Only the lower half: the upper one, Status, is cleared by writing ones. */
    const uint32_t command = host_cfg_read32(b, COMMAND) & 0xFFFF;
    if ((command & COMMAND_MSE_BME) != COMMAND_MSE_BME)
        host_cfg_write(b, COMMAND, 0x3, command | COMMAND_MSE_BME);
}

/* Under Function Mask every entry may be rewritten. */
static void release_vectors(struct bench *b)
{
    for (unsigned v = 0; v < bench_config(b)->nvec && !b->failure.failed; v++)
        if (scoreboard_may_hold_event(b->scoreboard, v))
            msix_program(b, v, DRAIN_ADDRESS + 16U * v, DRAIN_DATA | v, false);
}

static void expect_pba_empty(struct bench *b)
{
    for (unsigned v = 0; v < bench_config(b)->nvec && !b->failure.failed; v += 64) {
        const uint64_t bits = host_mem_read64(b, bench_pba_address(b, v));
        bench_expect(b, bits == 0 || b->failure.failed, "ENV-08",
                     "after the drain the pending bits of vectors %u and up read %016" PRIX64
                     "h; all events have been let out, so 0 is right",
                     v, bits);
    }
}

/* After a fence and a fenced read of all pending bits the model must be down to one state for every vector; if it is
 * not, it has become lenient. */
static void expect_exact_model(struct bench *b)
{
    if (b->policy.pba_writes_ignored != POLICY_YES || b->policy.prompt_visibility != POLICY_YES)
        return; /* then a read does not say everything */
    for (unsigned v = 0; v < bench_config(b)->nvec && !b->failure.failed; v++)
        if (!scoreboard_is_exact(b->scoreboard, v))
            bench_expect(b, false, "ENV-01", "the model still holds several states of vector %u to be possible", v);
}

void bench_drain(struct bench *b)
{
    if (b->failure.failed)
        return;
    release_everything(b);
    bench_wait(b, flr_is_over, NULL, "function-level reset to end");
    host_flush(b);
    restore_configuration(b);
    bench_settle(b);
    host_fence(b);
    if (bench_capability(b, CAPABILITY_MSIX)) {
        msix_control(b, true, true);
        host_fence(b);
        release_vectors(b);
        host_fence(b);
        msix_control(b, true, false);
        host_fence(b);
    }
    bench_settle(b);
    host_fence(b);
    bench_settle(b); /* credits of the fence itself may come back a while after its completion */
    if (!b->failure.failed)
        scoreboard_finish(b->scoreboard);
    expect_pba_empty(b);
    expect_exact_model(b);
    bench_settle(b);
}
