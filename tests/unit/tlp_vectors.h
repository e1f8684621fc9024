/*
 * tlp_vectors.h - TLPs as byte strings that were worked out by hand from the header layouts, and what they mean.
 */
#ifndef TLP_VECTORS_H
#define TLP_VECTORS_H

#include "tlp.h"

enum { TLP_VECTOR_BYTES = 28 };

/* A TLP as bytes in wire order, and what it means. */
struct tlp_vector {
    const char *what;
    uint8_t bytes[TLP_VECTOR_BYTES];
    unsigned count; /* bytes */
    struct tlp means;
    uint32_t payload; /* first payload DW as a little-endian number */
};

/* Interrupt messages. */
extern const struct tlp_vector tlp_messages[];
extern const unsigned tlp_messages_count;
/* One for every other kind, some twice; each with fields that its neighbours do not have. */
extern const struct tlp_vector tlp_others[];
extern const unsigned tlp_others_count;

/* `count` bytes, a multiple of 4, as DWs in wire order. Returns the number of DWs. */
size_t tlp_vector_dws(const uint8_t *bytes, unsigned count, uint32_t *dw);

/* Do both say the same? Field by field, so that padding never counts; the second one looks at derived fields too. */
bool tlp_same(const struct tlp *a, const struct tlp *b);
bool tlp_same_all(const struct tlp *a, const struct tlp *b);

#endif
