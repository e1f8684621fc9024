#include "msix_versions.h"

#include <stdlib.h>
#include <string.h>

int msix_versions_reset(struct msix_versions *v)
{
    struct msix_version *version = v->version ? v->version : malloc(4 * sizeof *version);
    const uint32_t room = v->version ? v->room : 4;
    *v = (struct msix_versions){.version = version, .room = room, .n = 1, .field = {0, 0, 0, 1}};
    if (!version)
        return -1;
    version[0] = (struct msix_version){.mask = true};
    return 0;
}

void msix_versions_free(struct msix_versions *v)
{
    free(v->version);
    *v = (struct msix_versions){0};
}

static uint32_t merge_bytes(uint32_t old, uint32_t value, uint8_t be)
{
    uint32_t mask = 0;
    for (unsigned k = 0; k < 4; k++)
        if (be >> k & 1)
            mask |= UINT32_C(0xFF) << 8 * k;
    return (old & ~mask) | (value & mask);
}

static int reserve(struct msix_versions *v)
{
    if (v->n < v->room)
        return 0;
    struct msix_version *more = realloc(v->version, 2 * v->room * sizeof *more);
    if (!more)
        return -1;
    v->version = more;
    v->room *= 2;
    return 0;
}

int msix_versions_write(struct msix_versions *v, uint64_t seq, const uint8_t be[4], const uint32_t value[4])
{
    if (reserve(v))
        return -1;
    for (unsigned k = 0; k < 4; k++) {
        if (!be[k])
            continue;
        v->field[k] = merge_bytes(v->field[k], value[k], be[k]);
        v->written = (uint16_t)(v->written | be[k] << 4 * k);
        v->field_seq[k] = seq;
    }
    v->version[v->n++] = (struct msix_version){.seq = seq,
                                               .address = (uint64_t)v->field[1] << 32 | (v->field[0] & ~3U),
                                               .data = v->field[2],
                                               .mask = v->field[3] & 1};
    return 0;
}

int msix_versions_soft_reset(struct msix_versions *v, uint64_t seq, bool late)
{
    if (reserve(v))
        return -1;
    for (unsigned k = 0; k < 4; k++) {
        v->field[k] = k == 3;
        v->field_seq[k] = seq;
    }
    v->written = 0;
    v->version[v->n++] = (struct msix_version){.seq = seq, .mask = true, .reset = true, .late = late};
    return 0;
}

uint64_t msix_versions_needed(const struct msix_versions *v, const struct msix_ring *ring, uint64_t i)
{
    return msix_versions_floor(v, msix_ring_at(ring, i)->seq);
}

uint64_t msix_versions_floor(const struct msix_versions *v, uint64_t seq)
{
    uint64_t j = msix_versions_head(v);
    while (j > v->base && msix_versions_at(v, j)->seq >= seq)
        j--;
    return j;
}

void msix_versions_trim(struct msix_versions *v, uint32_t n)
{
    if (n == 0)
        return;
    const struct msix_version *newest = msix_versions_newest(v);
    for (uint32_t k = 0; k < n; k++) {
        const bool differs = v->version[k].address != newest->address || v->version[k].data != newest->data;
        if (v->trimmed && (v->version[k].mask || !differs))
            continue; /* a stale message is most likely of another version that was unmasked */
        v->trimmed = true;
        v->old_address = v->version[k].address;
        v->old_data = v->version[k].data;
    }
    v->n -= n;
    memmove(v->version, v->version + n, v->n * sizeof *v->version);
    v->base += n;
}

bool msix_versions_held(const struct msix_versions *v, uint64_t address, uint32_t data, bool both)
{
    for (uint32_t k = v->written ? 0 : v->n; k < v->n; k++)
        if (v->version[k].address == address && (!both || v->version[k].data == data))
            return true;
    return v->trimmed && v->old_address == address && (!both || v->old_data == data);
}
