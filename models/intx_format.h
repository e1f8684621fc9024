/*
 * intx_format.h - judges every header bit of an Assert_INTx or Deassert_INTx (INTX-01..INTX-03, INTX-05, INTX-15).
 */
#ifndef INTX_FORMAT_H
#define INTX_FORMAT_H

#include "check.h"
#include "tlp.h"

/* Message codes: these and the three that follow, for INTA to INTD. */
enum { INTX_ASSERT_CODE = 0x20, INTX_DEASSERT_CODE = 0x24 };

/* Is this TLP an INTx message, by its code? Right or wrong otherwise. */
bool intx_format_is_message(const struct tlp *t);
/* Assert or Deassert? Which wire, 0 INTA .. 3 INTD? */
bool intx_format_asserts(const struct tlp *t);
unsigned intx_format_wire(const struct tlp *t);

/* Judges CHECK_INTX_FORMAT. `pin` is the Interrupt Pin register: 1 INTA .. 4 INTD, 0: no message is right. `ido_allowed`: IDO
 * Request Enable is or may be 1. Returns true if all is well. */
bool intx_format_judge(struct checks *checks, const struct tlp *t, unsigned pin, bool ido_allowed);

#endif
