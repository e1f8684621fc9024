/*
 * host_requests.c - requests of the host, their tags and completions.
 */
#include <string.h>

#include "bench.h"
#include "host_private.h"

/* --- tags --- */

void host_tags_reset(struct host *host)
{
    memset(host->tag, 0, sizeof host->tag);
    for (unsigned i = 0; i < HOST_TAGS; i++)
        host->free_tag[i] = (uint8_t)i;
    host->free_head = 0;
    host->free_count = HOST_TAGS;
    host->outstanding = 0;
}

static void free_tag(struct host *host, uint8_t tag)
{
    if (host->tag[tag].state == HOST_TAG_FREE)
        return;
    host->tag[tag].state = HOST_TAG_FREE;
    host->free_tag[(host->free_head + host->free_count++) % HOST_TAGS] = tag;
}

static bool tag_is_free(struct bench *b, const void *ctx)
{
    (void)ctx;
    return bench_host(b)->free_count > 0;
}

uint8_t host_take_tag(struct bench *b)
{
    struct host *host = bench_host(b);
    if (host->free_count == 0 && !bench_wait(b, tag_is_free, NULL, "one of the host's 256 tags to become free"))
        return 0;
    uint8_t tag = host->free_tag[host->free_head];
    host->free_head = (host->free_head + 1) % HOST_TAGS;
    host->free_count--;
    host->tag[tag] = (struct host_tag){.state = HOST_TAG_TAKEN};
    host->outstanding++;
    return tag;
}

void host_forget(struct bench *b, uint8_t tag)
{
    struct host *host = bench_host(b);
    struct host_tag *slot = &host->tag[tag];
    if (slot->state == HOST_TAG_TAKEN && slot->completion.done)
        free_tag(host, tag);
    else if (slot->state == HOST_TAG_TAKEN)
        slot->state = HOST_TAG_FORGOTTEN;
}

void host_abandon(struct bench *b, uint8_t tag)
{
    struct host *host = bench_host(b);
    struct host_tag *slot = &host->tag[tag];
    if (slot->state == HOST_TAG_FREE)
        return;
    if (!slot->completion.done)
        host->outstanding--;
    free_tag(host, tag);
}

void host_completion_seen(struct host *host, const struct seen *what)
{
    struct host_tag *slot = &host->tag[what->tlp.tag & (HOST_TAGS - 1)];
    if (slot->state == HOST_TAG_FREE || slot->completion.done || what->tlp.tag >= HOST_TAGS)
        return;
    struct host_completion *completion = &slot->completion;
    completion->done = true;
    completion->status = what->tlp.status;
    completion->data_dw = what->tlp.payload_dw;
    completion->time = what->time;
    for (unsigned i = 0; i < 2 && i < what->tlp.payload_dw; i++)
        completion->data[i] = tlp_payload_le(what->dw[what->tlp.header_dw + i]);
    host->outstanding--;
    if (slot->state == HOST_TAG_FORGOTTEN)
        free_tag(host, (uint8_t)what->tlp.tag);
}

/* --- sending --- */

void host_send_raw(struct bench *b, const uint32_t *dw, size_t n)
{
    if (n > 0 && !bench_stopped(b))
        stream_source_push(&bench_host(b)->rx, dw, n);
}

uint8_t host_send(struct bench *b, struct tlp *tlp, const uint32_t *payload)
{
    uint32_t dw[TLP_MAX_DW];
    const enum tlp_class class = tlp_class(tlp->kind);
    if (class == TLP_NONPOSTED)
        tlp->tag = host_take_tag(b);
    if (class != TLP_COMPLETION)
        tlp->requester_id = 0;
    const size_t n = tlp_encode(tlp, payload, dw, TLP_MAX_DW);
    bench_expect(b, n > 0, "ENV-04", "the test asked the host for a %s of %u DWs, which can't be encoded",
                 tlp_kind_name(tlp->kind), tlp->length);
    host_send_raw(b, dw, n);
    return class == TLP_NONPOSTED ? (uint8_t)tlp->tag : 0;
}

size_t host_queued(const struct bench *b)
{
    return bench_host(b)->rx.queued;
}

static bool queue_is_empty(struct bench *b, const void *ctx)
{
    (void)ctx;
    return bench_host(b)->rx.queued == 0;
}

void host_flush(struct bench *b)
{
    bench_wait(b, queue_is_empty, NULL, "the host's requests to enter the block");
}

/* --- waiting --- */

bool host_done(const struct bench *b, uint8_t tag)
{
    return bench_host(b)->tag[tag].completion.done;
}

static bool completion_has_come(struct bench *b, const void *ctx)
{
    return host_done(b, *(const uint8_t *)ctx);
}

struct host_completion host_wait(struct bench *b, uint8_t tag)
{
    struct host *host = bench_host(b);
    if (!bench_wait(b, completion_has_come, &tag, "the completion of a host request"))
        return (struct host_completion){0};
    const struct host_completion completion = host->tag[tag].completion;
    free_tag(host, tag);
    return completion;
}

/* --- configuration space --- */

static uint8_t config_start(struct bench *b, enum tlp_kind kind, unsigned reg, unsigned byte_enables, uint32_t value)
{
    const uint32_t wire = tlp_payload_le(value);
    struct tlp tlp = {
        .kind = kind,
        .length = 1,
        .first_be = byte_enables & 0xF,
        .completer_id = bench_host(b)->route,
        .reg = reg & 0xFFC,
    };
    return host_send(b, &tlp, kind == TLP_CFGWR0 ? &wire : NULL);
}

uint8_t host_cfg_read_start(struct bench *b, unsigned reg)
{
    return config_start(b, TLP_CFGRD0, reg, 0xF, 0);
}

uint8_t host_cfg_write_start(struct bench *b, unsigned reg, unsigned byte_enables, uint32_t value)
{
    return config_start(b, TLP_CFGWR0, reg, byte_enables, value);
}

uint32_t host_cfg_read32(struct bench *b, unsigned reg)
{
    return host_wait(b, host_cfg_read_start(b, reg)).data[0];
}

void host_cfg_write(struct bench *b, unsigned reg, unsigned byte_enables, uint32_t value)
{
    host_wait(b, host_cfg_write_start(b, reg, byte_enables, value));
}

void host_cfg_write32(struct bench *b, unsigned reg, uint32_t value)
{
    host_cfg_write(b, reg, 0xF, value);
}

void host_fence(struct bench *b)
{
    host_cfg_read32(b, 0);
}

/* --- memory --- */

static struct tlp memory_request(const struct bench *b, enum tlp_kind kind, uint64_t address, unsigned dws,
                                 unsigned first_be, unsigned last_be)
{
    const struct host *host = bench_host(b);
    return (struct tlp){
        .kind = kind,
        .length = (uint16_t)dws,
        .address = address,
        .is_4dw = address >> 32 != 0,
        .first_be = first_be & 0xF,
        .last_be = last_be & 0xF,
        .ro = host->ro,
        .ns = host->ns,
        .ido = host->ido,
        .tc = host->tc,
    };
}

uint8_t host_mem_read_start(struct bench *b, uint64_t address, unsigned dws, unsigned first_be, unsigned last_be)
{
    struct tlp tlp = memory_request(b, TLP_MRD, address, dws, first_be, last_be);
    return host_send(b, &tlp, NULL);
}

uint32_t host_mem_read32(struct bench *b, uint64_t address)
{
    return host_wait(b, host_mem_read_start(b, address, 1, 0xF, 0)).data[0];
}

uint64_t host_mem_read64(struct bench *b, uint64_t address)
{
    const struct host_completion completion = host_wait(b, host_mem_read_start(b, address, 2, 0xF, 0xF));
    return (uint64_t)completion.data[1] << 32 | completion.data[0];
}

void host_mem_write(struct bench *b, uint64_t address, const uint32_t *values, unsigned dws, unsigned first_be,
                    unsigned last_be)
{
    uint32_t wire[TLP_MAX_PAYLOAD_DW];
    struct tlp tlp = memory_request(b, TLP_MWR, address, dws, first_be, last_be);
    for (unsigned i = 0; i < dws && i < TLP_MAX_PAYLOAD_DW; i++)
        wire[i] = tlp_payload_le(values[i]);
    host_send(b, &tlp, wire);
}

void host_mem_write32(struct bench *b, uint64_t address, uint32_t value)
{
    host_mem_write(b, address, &value, 1, 0xF, 0);
}

void host_mem_write64(struct bench *b, uint64_t address, uint64_t value)
{
    const uint32_t values[2] = {(uint32_t)value, (uint32_t)(value >> 32)};
    host_mem_write(b, address, values, 2, 0xF, 0xF);
}
