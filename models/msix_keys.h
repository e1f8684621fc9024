/*
 * msix_keys.h - which table entries could send a message with this address and data.
 *
 * A hash table from (address, data) to the entries that have held these values while unmasked and may still have such a
 * message on its way. Several entries may share one key (EDGE-05), and one entry may hold a key more than once (mask
 * toggled): references are counted.
 */
#ifndef MSIX_KEYS_H
#define MSIX_KEYS_H

#include <stdint.h>

struct msix_key {
    uint64_t address;
    uint32_t data;
    uint32_t references;
    uint16_t vector;
    struct msix_key *next; /* in the bucket */
};

struct msix_keys {
    struct msix_key **bucket;
    uint32_t n_buckets; /* power of two */
    struct msix_key *spare;
};

/* For about `expected` entries. Returns 0, or -1 without memory. */
int msix_keys_init(struct msix_keys *keys, uint32_t expected);
void msix_keys_free(struct msix_keys *keys);
/* Forgets all references. */
void msix_keys_clear(struct msix_keys *keys);
/* One reference more or less. add returns 0, or -1 without memory; dropping what is not there does nothing. */
int msix_keys_add(struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t vector);
void msix_keys_drop(struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t vector);
/* Writes up to `room` entries that hold this key to `vectors`; returns how many there are. */
uint32_t msix_keys_find(const struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t *vectors,
                        uint32_t room);

#endif
