#include "msix_keys.h"

#include <stdlib.h>

static struct msix_key **bucket_of(const struct msix_keys *keys, uint64_t address, uint32_t data)
{
    uint64_t h = (address ^ (uint64_t)data << 17) * UINT64_C(0x9E3779B97F4A7C15);
    return &keys->bucket[(h >> 32) & (keys->n_buckets - 1)];
}

static struct msix_key **find(const struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t vector)
{
    struct msix_key **at = bucket_of(keys, address, data);
    while (*at && ((*at)->address != address || (*at)->data != data || (*at)->vector != vector))
        at = &(*at)->next;
    return at;
}

int msix_keys_init(struct msix_keys *keys, uint32_t expected)
{
    *keys = (struct msix_keys){.n_buckets = 16};
    while (keys->n_buckets < 2 * expected)
        keys->n_buckets *= 2;
    keys->bucket = calloc(keys->n_buckets, sizeof *keys->bucket);
    return keys->bucket ? 0 : -1;
}

static void free_list(struct msix_key *key)
{
    while (key) {
        struct msix_key *next = key->next;
        free(key);
        key = next;
    }
}

void msix_keys_free(struct msix_keys *keys)
{
    for (uint32_t b = 0; keys->bucket && b < keys->n_buckets; b++)
        free_list(keys->bucket[b]);
    free_list(keys->spare);
    free(keys->bucket);
    *keys = (struct msix_keys){0};
}

static void retire(struct msix_keys *keys, struct msix_key **at)
{
    struct msix_key *key = *at;
    *at = key->next;
    key->next = keys->spare;
    keys->spare = key;
}

void msix_keys_clear(struct msix_keys *keys)
{
    for (uint32_t b = 0; b < keys->n_buckets; b++)
        while (keys->bucket[b])
            retire(keys, &keys->bucket[b]);
}

static struct msix_key *take_spare(struct msix_keys *keys)
{
    struct msix_key *key = keys->spare;
    if (!key)
        return malloc(sizeof *key);
    keys->spare = key->next;
    return key;
}

int msix_keys_add(struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t vector)
{
    struct msix_key **at = find(keys, address, data, vector);
    if (*at) {
        (*at)->references++;
        return 0;
    }
    struct msix_key *key = take_spare(keys);
    if (!key)
        return -1;
    *key = (struct msix_key){.address = address, .data = data, .references = 1, .vector = vector};
    *at = key;
    return 0;
}

void msix_keys_drop(struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t vector)
{
    struct msix_key **at = find(keys, address, data, vector);
    if (*at && --(*at)->references == 0)
        retire(keys, at);
}

uint32_t msix_keys_find(const struct msix_keys *keys, uint64_t address, uint32_t data, uint16_t *vectors, uint32_t room)
{
    uint32_t n = 0;
    for (const struct msix_key *key = *bucket_of(keys, address, data); key; key = key->next)
        if (key->address == address && key->data == data) {
            if (n < room)
                vectors[n] = key->vector;
            n++;
        }
    return n;
}
