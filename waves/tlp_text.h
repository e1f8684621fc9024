/*
 * tlp_text.h - one TLP in a few words, the most telling first, because a box in a wave window is narrow.
 *
 * "MWr FEE01004 = 00004123", "MRd 4080008000 x2 tag 05", "CfgWr0 004 = 00000406 tag 06", "CplD tag 05 = 00000001".
 */
#ifndef TLP_TEXT_H
#define TLP_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Writes the text of `n` DWs at `dw` to `text` (cut at `room`, always terminated) and returns the colour of its box, a name
 * that GTKWave knows. Static storage.
 */
const char *tlp_text(const uint32_t *dw, size_t n, char *text, size_t room);

#endif
