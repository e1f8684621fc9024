/*
 * msix_versions.h - the registers of one table entry, write by write.
 *
 * Every write makes a version. Which of the versions is in force nobody outside can see, so the model keeps all that may
 * still be, or whose messages may still be on their way; see msix_vector.h and msix_exact.h.
 */
#ifndef MSIX_VERSIONS_H
#define MSIX_VERSIONS_H

#include "msix_ring.h"

/* One state of the entry's registers, between two writes to it. */
struct msix_version {
    uint64_t seq; /* moment of the write that made it */
    uint64_t address;
    uint32_t data;
    bool mask;
    bool reset; /* made by a reset, which drops the pending bit too */
    bool late;  /* events that came since that write entered may have come before or behind it */
};

struct msix_versions {
    /* registers as the last write left them, and when each was last written */
    uint32_t field[4];
    uint16_t written; /* one bit a byte; unwritten bytes hold the reset value */
    uint64_t field_seq[4];
    /* versions base .. base + n - 1, the last is the newest */
    struct msix_version *version;
    uint32_t n, room;
    uint64_t base;
    bool trimmed; /* old_*: fields of the last version that was dropped, for telling what a stale message is */
    uint64_t old_address;
    uint32_t old_data;
};

/* Reset state: one version, masked. Returns 0, or -1 without memory; a second call on the same object cannot fail. */
int msix_versions_reset(struct msix_versions *v);
void msix_versions_free(struct msix_versions *v);

/* Version `j`, base .. base + n - 1. */
static inline const struct msix_version *msix_versions_at(const struct msix_versions *v, uint64_t j)
{
    return &v->version[j - v->base];
}

/* Index of the newest version, and the version. */
static inline uint64_t msix_versions_head(const struct msix_versions *v)
{
    return v->base + v->n - 1;
}

static inline const struct msix_version *msix_versions_newest(const struct msix_versions *v)
{
    return &v->version[v->n - 1];
}

/* A write to DWs of this entry entered rx at `seq`, all of them at once (an aligned QWORD is atomic): be[k] are the
 * byte enables of DW k, 0 = not written. Returns 0, or -1 without memory. */
int msix_versions_write(struct msix_versions *v, uint64_t seq, const uint8_t be[4], const uint32_t value[4]);

/* A write that entered at `seq` puts the entry into its reset state, pending bit included, when it takes effect (MSIX-PBA-31).
 * `late`: it may have done so already, before an event. Returns 0, or -1 without memory. */
int msix_versions_soft_reset(struct msix_versions *v, uint64_t seq, bool late);

/* First version that must be in force when control write `i` is: host writes are not passed by later config writes
 * (ORD-25). */
uint64_t msix_versions_needed(const struct msix_versions *v, const struct msix_ring *ring, uint64_t i);
/* First version that is possible when all that entered before moment `seq` is in force. */
uint64_t msix_versions_floor(const struct msix_versions *v, uint64_t seq);
/* Forgets the oldest `n` versions. */
void msix_versions_trim(struct msix_versions *v, uint32_t n);
/* Has some version held this address, and, if `both`, this data? Entries that were never written hold nothing. */
bool msix_versions_held(const struct msix_versions *v, uint64_t address, uint32_t data, bool both);

/* Would a message be committed for a pending event with these controls and this version? */
static inline bool msix_versions_allow(const struct msix_control *control, const struct msix_version *version)
{
    return control->enable && !control->fmask && control->bme && !version->mask;
}

/* Does an event set the pending bit? `unsettled`: the controls may be others, by writes of which it is not known yet whether
 * they count. */
static inline enum policy_tristate msix_versions_record(const struct msix_control *control,
                                                        const struct msix_version *version, const struct policy *policy,
                                                        bool unsettled)
{
    const enum policy_tristate disabled = policy->record_while_disabled, masked = policy->record_masked_while_bme_off,
                               held = policy->hold_while_bme_off;
    if (unsettled && (disabled != POLICY_YES || masked != POLICY_YES || (held != POLICY_YES && !version->mask)))
        return POLICY_EITHER;
    if (!control->enable)
        return disabled;
    if (!control->bme)
        return control->fmask || version->mask ? masked : held;
    return POLICY_YES;
}

/* Does the pending bit stay when version `j` takes effect? (MSIX-PBA-31) */
static inline enum policy_tristate msix_versions_keep(const struct msix_versions *v, uint64_t j)
{
    const struct msix_version *write = msix_versions_at(v, j);
    return !write->reset ? POLICY_YES : write->late ? POLICY_EITHER : POLICY_NO;
}

#endif
