/*
 * host_memory.h - the memory of the host: all of 64 bits, sparse.
 *
 * Posted writes of the block are applied in the order in which they left (HOST-10, ORD-30). Bytes never written read
 * as 0.
 *
 * Pages of 4 KB live in a hash table and are taken when they are first written, 256 of them with one allocation, which
 * the system backs with memory only where it is touched. Everything else allocates nothing. So a run pays for one
 * allocation in 256 new pages, and how many pages there are is up to its stimulus.
 * Addresses wrap at 2^64.
 */
#ifndef HOST_MEMORY_H
#define HOST_MEMORY_H

#include "tlp.h"

#include <stddef.h>
#include <stdint.h>

enum { HOST_MEMORY_PAGE = 4096, HOST_MEMORY_BUCKETS = 1024, HOST_MEMORY_SLAB = 256 };

struct host_memory_page;
struct host_memory_slab;

struct host_memory {
    struct host_memory_page *bucket[HOST_MEMORY_BUCKETS];
    struct host_memory_slab *slab; /* the newest one has the free pages */
    size_t pages;                  /* taken */
};

/* Empty memory. The caller owns the structure and frees its pages with host_memory_free(). */
void host_memory_init(struct host_memory *m);

/* Frees all pages; the memory is empty and usable afterwards. */
void host_memory_free(struct host_memory *m);

/*
 * Applies a memory write: mwr->length DWs of `payload` in wire order (tlp.h) from the DW at mwr->address, bytes as
 * enabled by First and Last DW BE (MMIO-15, MMIO-17). Returns 0, or -1 if memory for a page ran out (bytes before it
 * are written then). A TLP of another kind changes nothing and returns 0.
 */
int host_memory_apply(struct host_memory *m, const struct tlp *mwr, const uint32_t *payload);

/* The byte at `address`. */
uint8_t host_memory_read8(const struct host_memory *m, uint64_t address);

/* Four bytes from `address` (any alignment), lowest address in bits 7:0 (TLP-07). */
uint32_t host_memory_read32(const struct host_memory *m, uint64_t address);

/* Copies `n` bytes from `address` to `bytes`. */
void host_memory_read(const struct host_memory *m, uint64_t address, void *bytes, size_t n);

/* Copies `n` bytes to `address`, for setting up a test. Returns 0, or -1 if memory ran out. */
int host_memory_write(struct host_memory *m, uint64_t address, const void *bytes, size_t n);

#endif
