/*
 * msix_model.h - the reference model of MSI-X: may this message be sent, was every event served, is this pending bit
 * possible?
 *
 * The model is told, in the order of monitor.h, what entered and left the block, each thing with its moment (a number
 * that grows by at least one a thing). It never looks inside the block and counts no clocks: see msix_vector.h for the
 * hypotheses. The cost of a call does not depend on the number of entries.
 *
 * Judged here: CHECK_MSG_KNOWN, _FIELDS, _CAUSE, _MASKED, _DISABLED, _BUS_MASTER, _ORDER, _FAIRNESS, CHECK_EVENT_LOST,
 * CHECK_PBA_VALUE, _EARLY_CLEAR. Message headers are judged by msg_format.h.
 *
 * An entry with something to tell is followed state by state (msix_exact.h), and then nothing passes that no history
 * explains: on random traces of one entry the model and brute force agree about every single one
 * (tests/unit/test_msix_oracle.c). Intervals (msix_vector.h) run beside it and judge alone what is too much for that.
 *
 * Leniencies, known and wanted in a sound model:
 * - a crowd: an entry with more than 6 messages on their way or 2048 states has intervals only, until it is idle; so has
 *   a fifth read under way of the same pending bit, and all reads where the policy promises no prompt visibility;
 * - entries with equal address and data are judged by the sum of their messages (EDGE-05), not by who sent which;
 * - what a fence has disproved is noticed when the entry is looked at next, at the latest at the end.
 */
#ifndef MSIX_MODEL_H
#define MSIX_MODEL_H

#include "check.h"
#include "msix_ring.h"
#include "policy.h"

#include <stddef.h>

struct msix_model;

/* `nvec` 1..2048; `policy` and `checks` are borrowed. NULL if memory runs out. */
struct msix_model *msix_model_create(unsigned nvec, const struct policy *policy, struct checks *checks);
void msix_model_destroy(struct msix_model *m);

/* Conventional reset: all as after power-up (MSIX-TBL-05, MSIX-PBA-02). */
void msix_model_reset(struct msix_model *m);

/* Function-level reset: from begin to end events, clears, writes and fences mean nothing, and what was on its way may leave or be
 * dropped; at the end all is as after msix_model_reset(), but for the counts of messages (MSIX-PBA-33, EDGE-20). */
void msix_model_flr_begin(struct msix_model *m);
void msix_model_flr_end(struct msix_model *m);

/* A write that entered at `since` puts all entries into their reset state, D3hot to D0 (MSIX-PBA-31); msix_model_control() tells the
 * controls. That it counts may be known only now: events since then came before or behind it. */
void msix_model_soft_reset(struct msix_model *m, uint64_t moment, uint64_t since);

/* A write that entered at `since` sets the function-level controls (MSIX-CAP-07, -08, CFG-01). Unchanged controls cost nothing. */
void msix_model_control(struct msix_model *m, uint64_t moment, uint64_t since, struct msix_control control);

/* A write to DWs of entry `vector` (0..nvec-1) entered; be[k], value[k] for DW k, 0 = not written. One call is atomic.
 * */
void msix_model_write(struct msix_model *m, uint64_t moment, unsigned vector, const uint8_t be[4],
                      const uint32_t value[4]);

/* A completion left: what it proves (see msix_ring_fence). */
void msix_model_fence(struct msix_model *m, uint64_t moment, uint64_t fence_moment, bool ordered,
                      uint64_t flush_moment);

/* An event was accepted, behind `data_mark` dma writes; or the cause was cleared. `unsettled`: writes of controls are under way of
 * which it is not known yet whether they count. Vectors past the last are ignored (EDGE-12). */
void msix_model_event(struct msix_model *m, uint64_t moment, unsigned vector, uint64_t data_mark, bool unsettled);
void msix_model_clear(struct msix_model *m, uint64_t moment, unsigned vector);

/* A message left when `data_sent` dma writes, in order, had left. Judges it; returns its vector or -1. */
int msix_model_message(struct msix_model *m, uint64_t moment, uint64_t address, uint32_t data, uint64_t data_sent);

/* Has any entry held this address and data, or one of them? For telling messages from other writes; slow. */
bool msix_model_knows(const struct msix_model *m, uint64_t address, uint32_t data);
bool msix_model_knows_address(const struct msix_model *m, uint64_t address);
/* The same for both together and fast: entries that may send it now. */
bool msix_model_expects(const struct msix_model *m, uint64_t address, uint32_t data);

/*
 * A read of `n` pending bits (1..64) from vector `first` on entered. Returns a token for msix_model_pba_end(), or -1 if
 * too many reads are open (then this one is not judged).
 */
int msix_model_pba_start(struct msix_model *m, uint64_t moment, unsigned first, unsigned n);
/* Its completion left: bit k of `value` is vector first+k, compared where `care` has a 1; `ordered` as in msix_model_fence(),
 * which is called before. `data_sent` dma writes have left: an ordered completion that shows an event stands behind the data that came
 * before it (RACE-19); UINT64_MAX: not judged. */
void msix_model_pba_end(struct msix_model *m, int token, uint64_t value, uint64_t care, bool ordered,
                        uint64_t data_sent);
/* Software wrote `n` pending bits from vector `first` on: undefined (MSIX-PBA-05). Unless the policy says that such writes are
 * ignored, nothing is known about these vectors until reset. */
void msix_model_pba_write(struct msix_model *m, unsigned first, unsigned n);
/* The read was not answered with data: forget it. */
void msix_model_pba_drop(struct msix_model *m, int token);

/* The DW `field` of an entry as last written; *care gets the mask of bits whose read value is certain for a read that
 * entered at `moment` (no write since). */
uint32_t msix_model_field(const struct msix_model *m, unsigned vector, unsigned field, uint64_t moment, uint32_t *care);

/* Was bus mastering certainly on, in every state the block may have been in since control index `from`? And the index
 * to remember for that: the oldest state possible now. */
bool msix_model_bme_on_since(const struct msix_model *m, uint64_t from);
uint64_t msix_model_control_floor(const struct msix_model *m);
/* May a write still leave, because bus mastering may have been on when it was committed? */
bool msix_model_may_write(const struct msix_model *m);

uint64_t msix_model_messages(const struct msix_model *m, unsigned vector);
uint64_t msix_model_messages_total(const struct msix_model *m);

/* Can this entry hold an event that no message has covered? */
bool msix_model_may_hold(struct msix_model *m, unsigned vector);
/* May its pending bit be `value` now? */
bool msix_model_can_pend(struct msix_model *m, unsigned vector, bool value);
/* Is exactly one state left: nothing on its way, and the pending bit known? */
bool msix_model_is_exact(struct msix_model *m, unsigned vector);

/* How often, since reset, an entry had so many possibilities that only intervals were left to judge it. */
uint64_t msix_model_crowds(const struct msix_model *m);
/* Did the model ever run out of memory? Then it has not seen everything, and nothing that it passed counts. */
bool msix_model_out_of_memory(const struct msix_model *m);

/* After the drain: every event must be covered. Judges CHECK_EVENT_LOST for every entry that had events (ENV-08). */
void msix_model_finish(struct msix_model *m);

/* What the model believes about an entry, as text lines. Returns the length without the NUL; cut at `room`. */
size_t msix_model_explain(const struct msix_model *m, unsigned vector, char *text, size_t room);

/* For tests; a sentence or NULL. */
const char *msix_model_check_invariants(const struct msix_model *m);

#endif
