/*
 * host_memory.c - see host_memory.h. Pages of one bucket are a singly linked list.
 */
#include "host_memory.h"

#include <stdlib.h>
#include <string.h>

struct host_memory_page {
    uint64_t number; /* address / HOST_MEMORY_PAGE */
    struct host_memory_page *next;
    uint8_t byte[HOST_MEMORY_PAGE];
};

struct host_memory_slab {
    struct host_memory_slab *next;
    struct host_memory_page page[HOST_MEMORY_SLAB];
};

void host_memory_init(struct host_memory *m)
{
    *m = (struct host_memory){.pages = 0};
}

void host_memory_free(struct host_memory *m)
{
    while (m->slab) {
        struct host_memory_slab *slab = m->slab;
        m->slab = slab->next;
        free(slab);
    }
    host_memory_init(m);
}

/* Neighbouring pages fall into different buckets, far ones are mixed by a multiplication. */
static size_t bucket_of(uint64_t number)
{
    return (size_t)((number ^ (number * UINT64_C(0x9E3779B97F4A7C15)) >> 54) % HOST_MEMORY_BUCKETS);
}

static struct host_memory_page *find_page(const struct host_memory *m, uint64_t number)
{
    struct host_memory_page *page = m->bucket[bucket_of(number)];

    while (page && page->number != number)
        page = page->next;
    return page;
}

/* A page that nobody has; NULL if memory ran out. */
static struct host_memory_page *new_page(struct host_memory *m)
{
    const size_t used = m->pages % HOST_MEMORY_SLAB;

    if (used == 0) {
        struct host_memory_slab *slab = malloc(sizeof *slab); /* 1 MB, of which a run may need a page */
        if (!slab)
            return NULL;
        slab->next = m->slab;
        m->slab = slab;
    }
    m->pages++;
    return &m->slab->page[used];
}

/* The page, taken and zero if it was not there; NULL if memory ran out. */
static struct host_memory_page *touch_page(struct host_memory *m, uint64_t number)
{
    struct host_memory_page **head = &m->bucket[bucket_of(number)], *page = find_page(m, number);

    if (page || !(page = new_page(m)))
        return page;
    memset(page->byte, 0, sizeof page->byte);
    page->number = number;
    page->next = *head;
    *head = page;
    return page;
}

/* Writes the bytes of one DW whose enables are set. DWs are aligned, so they never cross a page. */
static int write_dw(struct host_memory *m, uint64_t address, uint8_t be, uint32_t wire)
{
    if (be == 0)
        return 0;
    struct host_memory_page *page = touch_page(m, address / HOST_MEMORY_PAGE);
    if (!page)
        return -1;
    for (unsigned i = 0; i < 4; i++)
        if (be >> i & 1)
            page->byte[address % HOST_MEMORY_PAGE + i] = (uint8_t)(wire >> 8 * (3 - i));
    return 0;
}

int host_memory_apply(struct host_memory *m, const struct tlp *mwr, const uint32_t *payload)
{
    if (mwr->kind != TLP_MWR)
        return 0;
    for (unsigned i = 0; i < mwr->length; i++)
        if (write_dw(m, (mwr->address & ~UINT64_C(3)) + 4U * i, tlp_byte_enables(mwr, i), payload[i]))
            return -1;
    return 0;
}

uint8_t host_memory_read8(const struct host_memory *m, uint64_t address)
{
    const struct host_memory_page *page = find_page(m, address / HOST_MEMORY_PAGE);

    return page ? page->byte[address % HOST_MEMORY_PAGE] : 0;
}

uint32_t host_memory_read32(const struct host_memory *m, uint64_t address)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 4; i++)
        value |= (uint32_t)host_memory_read8(m, address + i) << 8 * i;
    return value;
}

/* Bytes from `address` to the end of its page, at most `n`. */
static size_t chunk(uint64_t address, size_t n)
{
    const size_t left = HOST_MEMORY_PAGE - (size_t)(address % HOST_MEMORY_PAGE);

    return n < left ? n : left;
}

void host_memory_read(const struct host_memory *m, uint64_t address, void *bytes, size_t n)
{
    uint8_t *to = bytes;

    while (n > 0) {
        const size_t part = chunk(address, n);
        const struct host_memory_page *page = find_page(m, address / HOST_MEMORY_PAGE);
        if (page)
            memcpy(to, page->byte + address % HOST_MEMORY_PAGE, part);
        else
            memset(to, 0, part);
        to += part;
        address += part;
        n -= part;
    }
}

int host_memory_write(struct host_memory *m, uint64_t address, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;

    while (n > 0) {
        const size_t part = chunk(address, n);
        struct host_memory_page *page = touch_page(m, address / HOST_MEMORY_PAGE);
        if (!page)
            return -1;
        memcpy(page->byte + address % HOST_MEMORY_PAGE, from, part);
        from += part;
        address += part;
        n -= part;
    }
    return 0;
}
