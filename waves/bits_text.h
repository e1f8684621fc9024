/*
 * bits_text.h - the numbers of the bits that are set in a wide value, for pending and mask bits: "0-7 12 31".
 */
#ifndef BITS_TEXT_H
#define BITS_TEXT_H

#include <stddef.h>

/*
 * `hex` is a value as GTKWave shows it, hexadecimal without prefix, of any length, with x, z and the like for unknown
 * digits; it ends at a NUL or a line end. Writes the text (cut at `room`, always terminated): "-" if no bit is set; what
 * is unknown as "x4-7" or, if high-impedance, "z4-7", and plainly "x" or "z" if that is all.
 */
void bits_text(const char *hex, char *text, size_t room);

#endif
