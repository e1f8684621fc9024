/*
 * msg_format.h - is this memory write, taken as an MSI-X message, well formed? Area D of the requirements, bit by bit.
 *
 * Judged here: CHECK_MSG_LENGTH, _BYTE_ENABLES, _HEADER_FORM, _ORDERING_ATTR, _IDO, _TRAFFIC_CLASS, _POISON, _DIGEST,
 * _ADDRESS_TYPE, _TAG_HIGH, _HINTS, _RESERVED. The Requester ID depends on configuration writes: see id_history.h.
 * Address and data are judged against the table: see msix_model.h.
 */
#ifndef MSG_FORMAT_H
#define MSG_FORMAT_H

#include "check.h"
#include "tlp.h"

/* `t`: a memory write that was decoded without defect. `ido_allowed`: IDO Request Enable is or may be 1 (TLP-09). Returns true if
 * every rule holds. */
bool msg_format_judge(struct checks *checks, const struct tlp *t, bool ido_allowed);

#endif
