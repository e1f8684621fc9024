/*
 * id_history.h - which Requester and Completer IDs may be on the wire now (TLP-17, TLP-18, MMIO-08, RACE-40).
 *
 * Every completed CfgWr0 re-captures bus and device number. When it takes effect is hidden, so from the moment that it
 * enters until everything older has been flushed out of tx both the old and the new ID are legal, each whole.
 */
#ifndef ID_HISTORY_H
#define ID_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

enum { ID_HISTORY_SIZE = 64 };

struct id_history {
    uint16_t id[ID_HISTORY_SIZE];
    uint64_t moment[ID_HISTORY_SIZE];
    uint64_t head, floor; /* entries floor..head are possible */
    bool overflowed;      /* and others before them, that are forgotten */
};

/* Before the first capture: ID 0. */
void id_history_init(struct id_history *h);
/* A CfgWr0 that carries this destination entered at `moment`. */
void id_history_capture(struct id_history *h, uint64_t moment, uint16_t id);
/* Everything that was built before `moment` has left. */
void id_history_flush(struct id_history *h, uint64_t moment);
/* May a TLP carry this ID now? With more captures than are kept since the last flush: any. */
bool id_history_allows(const struct id_history *h, uint16_t id);
/*
 * The same for the completion of a request that entered at `moment`: it may have been built at any time since, and
 * completions of other requests may have passed it (ORD-15), so a flush later than `moment` proves nothing for it.
 */
bool id_history_allows_since(const struct id_history *h, uint16_t id, uint64_t moment);
/* Is only one ID possible? */
bool id_history_settled(const struct id_history *h);
/* The ID that was captured last. */
uint16_t id_history_newest(const struct id_history *h);

#endif
