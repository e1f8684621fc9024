/*
 * scoreboard.h - the judge: an observer that feeds the models with what the monitor saw.
 *
 * It owns the configuration model, the MSI-X model, the INTx model, the ledgers of the device logic's writes and reads, the
 * completion checker, the credit ledger and the host memory, and classifies what leaves on tx: a data write handed over on dma, a
 * message, an INTx message, a read request handed over on dmr, a completion.
 */
#ifndef SCOREBOARD_H
#define SCOREBOARD_H

#include "check.h"
#include "credits.h"
#include "dut.h"
#include "host_memory.h"
#include "monitor.h"
#include "msix_ring.h"
#include "policy.h"

struct scoreboard;

/* `checks` and `policy` are borrowed and must outlive the scoreboard. NULL if memory runs out. */
struct scoreboard *scoreboard_create(const struct dut_config *config, const struct policy *policy,
                                     struct checks *checks);
void scoreboard_destroy(struct scoreboard *sb);

/* The observer to register; `ctx` is the scoreboard. */
struct observer scoreboard_observer(struct scoreboard *sb);

/*
 * Pins that are not TLPs, once a clock after monitor_cycle(): credit limits given to the block, credits that it
 * grants, configuration outputs, stalls of rx.
 */
void scoreboard_cycle(struct scoreboard *sb, uint64_t time, const struct dut_in *in, const struct dut_out *out);

/* Host memory as written by the block, in tx order (HOST-10). Owned by the scoreboard. */
struct host_memory *scoreboard_host_memory(struct scoreboard *sb);

/* Messages seen since the last reset, of one table entry (0..nvec-1), and of all. Messages that fit no entry count only in the total. */
uint64_t scoreboard_messages(const struct scoreboard *sb, unsigned vector);
uint64_t scoreboard_messages_total(const struct scoreboard *sb);

/* True while something that was asked for has not come: dma writes and read requests not yet sent, completions outstanding, an INTx
 * message owed. */
bool scoreboard_busy(const struct scoreboard *sb);

/* Can this vector still hold an event that no message has covered (pending or on its way)? */
bool scoreboard_may_hold_event(const struct scoreboard *sb, unsigned vector);

/* Is exactly one state of the vector left: no write under way, no message on its way, the pending bit known? True after a fence and a
 * fenced read of its pending bit, if no event came since. */
bool scoreboard_is_exact(const struct scoreboard *sb, unsigned vector);

/* What the host last wrote to the DW `field` (0 address, 1 upper, 2 data, 3 control) of an entry. */
uint32_t scoreboard_entry_field(const struct scoreboard *sb, unsigned vector, unsigned field);

/* The block is idle and nothing is on its way into it: a data write or a completion that is still owed will not come. Judges
 * DMA_LOST, DMR_LOST, DMC_LOST, INTX_STATE and CPL_MISSING; returns true if one of them failed. */
bool scoreboard_judge_owed(struct scoreboard *sb);

/* In a clock without movement, after scoreboard_cycle(): could the block have moved something that it owes? (progress.h) */
bool scoreboard_chance(const struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out);

/* The function-level controls, BAR0 and whether memory requests are decoded (MSE, D0), as the host last wrote them. Bus mastering
 * counts as off outside D0. */
struct msix_control scoreboard_control(const struct scoreboard *sb);
uint64_t scoreboard_bar0(const struct scoreboard *sb);
bool scoreboard_decodes(const struct scoreboard *sb);

/* The virtual INTx wire as the host sees it; reads of the device logic that are outstanding. */
bool scoreboard_intx_wire(const struct scoreboard *sb);
unsigned scoreboard_reads_outstanding(const struct scoreboard *sb);

/* End of a test, after the drain: nothing may be left (ENV-08). Judges what scoreboard_judge_owed() does,
 * EVENT_LOST, ERROR_PULSES, RX_CREDITS and CSR_ACCESS. */
void scoreboard_finish(struct scoreboard *sb);

/* By the model: may the pending bit of a vector be `value` now? */
bool scoreboard_can_pend(const struct scoreboard *sb, unsigned vector, bool value);

/* What the block grants the host, and what of it is unused. Owned by the scoreboard. */
const struct rx_grants *scoreboard_rx_grants(const struct scoreboard *sb);

/* The two halves of scoreboard_explain(): the recent past of a vector (-1: of all), and what may be true of it now. */
size_t scoreboard_history(const struct scoreboard *sb, int vector, char *text, size_t room);
size_t scoreboard_hypotheses(const struct scoreboard *sb, unsigned vector, char *text, size_t room);

/* Did a model run out of memory? Then the run proves nothing. */
bool scoreboard_out_of_memory(const struct scoreboard *sb);

/* Writes what the model believes about a vector, and its recent history, as text lines. Returns the length. */
size_t scoreboard_explain(const struct scoreboard *sb, unsigned vector, char *text, size_t room);

#endif
