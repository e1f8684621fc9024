/*
 * app.h - the application agent: the device's own logic behind the block.
 *
 * It hands over dma writes and reads, raises and clears interrupt causes, drives the INTx level and serves the device registers
 * (csr_*), a plain read-write memory of 4 KB with byte enables. Accesses of its last APP_CSR_BROKEN bytes fail for good
 * (csr_error); the register at 0 is the cause register of the INTx flow while that is on, see app_set_intx_flow().
 *
 * `_start` calls queue and return at once, in order per port; the others step the clock until accepted.
 *
 * Function-level reset: when flr_active rises the device logic drops the dma writes and reads that it has not begun to
 * hand over, and its reads still unanswered. It raises flr_done when no TLP is half handed over and the delay of
 * app_set_flr_delay() has passed, and holds it until flr_active falls. Events, clears and the registers are not
 * touched.
 */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dut.h"
#include "monitor.h"

struct bench;
struct app;

/* --- used by the bench only --- */
struct app *app_create(unsigned data_dw, unsigned mps_max, uint64_t seed);
void app_destroy(struct app *app);
void app_reset(struct app *app);
void app_drive(struct app *app, struct dut_in *in);
void app_sample(struct app *app, const struct dut_in *in, const struct dut_out *out);
struct observer app_observer(struct app *app); /* completions of its reads arrive through the monitor */
bool app_idle(const struct app *app);          /* nothing queued on any port, no read unanswered */

/* One event / clear for `vector` (0..2047): returns after the clock in which it was accepted. */
void app_event(struct bench *b, unsigned vector);
void app_clear(struct bench *b, unsigned vector);
/* Queued, back to back, one a clock. */
void app_event_start(struct bench *b, unsigned vector);
void app_clear_start(struct bench *b, unsigned vector);
/* Queued so that it is driven `delay` clocks from now (1: in the next clock), independent of the queue above. */
void app_event_at(struct bench *b, unsigned vector, unsigned delay);
void app_clear_at(struct bench *b, unsigned vector, unsigned delay);

/*
 * A dma write of `dws` DWs (1..mps_max/4) to `address` (DW-aligned, must not cross 4 KB), all bytes enabled; payload
 * are numbers. The blocking form returns after the clock in which its last beat was accepted.
 */
void app_dma_write(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws);
void app_dma_write_start(struct bench *b, uint64_t address, const uint32_t *payload, unsigned dws);
/*
 * Attributes of later dma writes and reads (default 0). One that Device Control does not enable when the TLP is begun is left out
 * (TLP-09, TLP-32).
 */
void app_set_attributes(struct bench *b, bool ro, bool ns, bool ido);
/* Any TLP on the dma port, raw (n DWs in wire order). */
void app_dma_send_raw(struct bench *b, const uint32_t *dw, size_t n);
/* Later dma writes are poisoned (EP), or no longer (default). */
void app_set_poisoned(struct bench *b, bool poisoned);
/* Steps until the dma queue is empty / all queued and scheduled events and clears were accepted. */
void app_dma_flush(struct bench *b);
void app_event_flush(struct bench *b);
/* TLPs queued on the dma port that have not been handed over completely. */
size_t app_dma_queued(const struct bench *b);

/*
 * A read of host memory by the device logic (dmr): `dws` DWs (1..APP_READ_MAX_DW) from `address`, must not cross 4 KB.
 * _start returns the tag (0..255, used in turn; at most 256 may be under way); _done: has it been answered completely (or ended by an
 * error)? _wait steps until then, copies the numbers to `values` (may be NULL) and frees the tag; it returns the
 * status: enum tlp_status, or -1 if FLR or reset ended the read. _forget: nobody will wait, the tag is free when it is done. The long
 * form takes byte enables of the first and the last DW.
 */
enum { APP_READ_MAX_DW = 128, APP_READ_TAGS = 256 };
unsigned app_read_start(struct bench *b, uint64_t address, unsigned dws);
unsigned app_read_bytes_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be);
void app_read_forget(struct bench *b, unsigned tag);
/* Reads queued or under way; the tag that the next one gets if it is free; is that tag in use? */
unsigned app_reads_waiting(const struct bench *b);
unsigned app_read_next_tag(const struct bench *b);
bool app_read_tag_used(const struct bench *b, unsigned tag);
bool app_read_done(const struct bench *b, unsigned tag);
int app_read_wait(struct bench *b, unsigned tag, uint32_t *values);
/* Any TLP on the dmr port, raw. */
void app_read_send_raw(struct bench *b, const uint32_t *dw, size_t n);

/*
 * Random gaps between dma and dmr beats: `percent` of the clocks idle. Stall: no further dma beat while set, also in
 * mid-TLP.
 */
void app_set_gaps(struct bench *b, unsigned percent);
void app_stall_dma(struct bench *b, bool stall);
/*
 * Clocks that a device register access waits before csr_ready, beyond the first (0..255, default 0; 256: random 0..7).
 */
void app_set_csr_delay(struct bench *b, unsigned clocks);
enum { APP_CSR_BROKEN = 64 };
/* The legacy cause, at once; or as of `delay` clocks from now (1: the next clock). */
void app_set_intx(struct bench *b, bool level);
void app_set_intx_at(struct bench *b, bool level, unsigned delay);
/*
 * INTx flow: bit 0 of the register at 0 is the cause, and the INTx level follows it. app_intx_raise() sets it; the host clears it by
 * writing 1 (HOST-11). Off, the state of a new bench: that register is memory as all others.
 */
void app_set_intx_flow(struct bench *b, bool on);
void app_intx_raise(struct bench *b);
/* Clocks from flr_active to flr_done at least (default 0: the next clock). */
void app_set_flr_delay(struct bench *b, unsigned clocks);
/* flr_done is raised even while a TLP is half handed over: the block has to wait for its end by itself. */
void app_set_flr_prompt(struct bench *b, bool prompt);

/* The device's own view of its registers. */
uint32_t app_csr_read(const struct bench *b, unsigned offset);
void app_csr_write(struct bench *b, unsigned offset, uint32_t value);

#endif
