/*
 * cfg_model.c - see cfg_model.h. Every register is value, reset value, writable bits and predicted bits; what a
 * function has is laid down once by cfg_model_init(), and nothing after it knows one register from another.
 */
#include "cfg_model.h"

#include <stddef.h>

enum {
    CAP_ID_MSIX = 0x11,
    CAP_FIRST = 0x40, /* capabilities live in 40h..FFh */
    CAP_END = 0x100
};

#define ALL_BITS UINT32_MAX
#define BAR_MEMORY_64 UINT32_C(0x4) /* memory, 64 bits, not prefetchable */

/* Bits that software writes: MSE, BME, Parity Error Response, SERR# Enable, Interrupt Disable. */
#define COMMAND_WRITABLE UINT32_C(0x00000546)
/* I/O Space Enable may be RW or 0 in a function without I/O space (CFG-01). */
#define COMMAND_IO_ENABLE UINT32_C(0x00000001)
/* Error bits of Status are set by errors, which are not followed here (MMIO-38). */
#define STATUS_ERRORS UINT32_C(0xF9000000)
/* Cache Line Size is a scratch byte or 0; it has no meaning in PCIe. */
#define CACHE_LINE_SIZE UINT32_C(0x000000FF)

static unsigned index_of(uint16_t reg)
{
    return reg / 4U % CFG_MODEL_REGS;
}

static void define(struct cfg_model *m, uint16_t reg, uint32_t reset, uint32_t writable, uint32_t care)
{
    m->reg[index_of(reg)] = (struct cfg_reg){.value = reset, .reset = reset, .writable = writable, .care = care};
}

/* Capabilities: one row each, linked in the order of the rows. */

struct capability {
    uint8_t id;
    uint8_t dwords;
    size_t offset_field; /* in struct cfg_params: where the capability is, 0 if the function has none */
    void (*define)(struct cfg_model *m, uint16_t base, uint32_t first_word); /* first_word: ID and next pointer */
};

static void define_msix(struct cfg_model *m, uint16_t base, uint32_t first_word)
{
    const struct cfg_params *p = &m->params;

    define(m, base, (p->nvec - 1) << 16 | first_word, CFG_MSIX_ENABLE | CFG_MSIX_FMASK, ALL_BITS);
    define(m, base + 4, p->table_offset, 0, ALL_BITS); /* BIR 0 in both */
    define(m, base + 8, p->pba_offset, 0, ALL_BITS);
}

static const struct capability capabilities[] = {
    {CAP_ID_MSIX, 3, offsetof(struct cfg_params, msix_cap_offset), define_msix},
};

enum { CAPABILITIES = sizeof capabilities / sizeof capabilities[0] };

static uint8_t capability_offset(const struct cfg_model *m, unsigned row)
{
    return *((const uint8_t *)&m->params + capabilities[row].offset_field);
}

/* Builds from the last row to the first, so that each knows its successor; returns the head of the list. */
static uint8_t define_capabilities(struct cfg_model *m)
{
    uint8_t next = 0;

    for (unsigned row = CAPABILITIES; row-- > 0;) {
        const uint8_t base = capability_offset(m, row);
        if (base == 0)
            continue;
        capabilities[row].define(m, base, (uint32_t)next << 8 | capabilities[row].id);
        next = base;
    }
    return next;
}

static void define_header(struct cfg_model *m, uint8_t cap_pointer)
{
    const struct cfg_params *p = &m->params;
    const uint64_t bar_writable = ~((UINT64_C(1) << p->bar0_size_log2) - 1);
    const uint32_t status = cap_pointer ? CFG_STATUS_CAP_LIST : 0;
    const uint32_t open_bits = COMMAND_IO_ENABLE | STATUS_ERRORS | (p->intx_pin ? CFG_STATUS_INTERRUPT : 0);
    const uint32_t line = 0xFF;

    define(m, CFG_ID, (uint32_t)p->device_id << 16 | p->vendor_id, 0, ALL_BITS);
    define(m, CFG_COMMAND, status, COMMAND_WRITABLE, ~open_bits);
    define(m, CFG_CLASS, p->class_code << 8 | p->revision_id, 0, ALL_BITS);
    define(m, CFG_HEADER_TYPE, 0, 0, ~CACHE_LINE_SIZE);
    define(m, CFG_BAR0, BAR_MEMORY_64, (uint32_t)bar_writable & ~UINT32_C(0xF), ALL_BITS);
    define(m, CFG_BAR1, 0, (uint32_t)(bar_writable >> 32), ALL_BITS);
    define(m, CFG_SUBSYSTEM, (uint32_t)p->subsys_id << 16 | p->subsys_vendor_id, 0, ALL_BITS);
    define(m, CFG_CAP_POINTER, cap_pointer, 0, ALL_BITS);
    /* Interrupt Line is asked for only where there is a pin (CFG-07); without one it may be scratch as well. */
    define(m, CFG_INTERRUPT, (uint32_t)p->intx_pin << 8, p->intx_pin ? line : 0, p->intx_pin ? ALL_BITS : ~line);
}

void cfg_model_init(struct cfg_model *m, const struct cfg_params *params)
{
    *m = (struct cfg_model){.params = *params};
    for (unsigned i = 0; i < CFG_MODEL_REGS; i++)
        m->reg[i].care = ALL_BITS; /* not implemented: reads 0 (CFG-10) */
    define_header(m, define_capabilities(m));
}

void cfg_model_flr(struct cfg_model *m)
{
    for (unsigned i = 0; i < CFG_MODEL_REGS; i++)
        m->reg[i].value = m->reg[i].reset;
}

void cfg_model_reset(struct cfg_model *m)
{
    cfg_model_flr(m);
    m->captured_id = 0;
}

void cfg_model_write(struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value)
{
    struct cfg_reg *r = &m->reg[index_of(reg)];
    uint32_t bits = 0;

    for (unsigned byte = 0; byte < 4; byte++)
        if (first_be >> byte & 1)
            bits |= UINT32_C(0xFF) << 8 * byte;
    bits &= r->writable;
    r->value = (r->value & ~bits) | (value & bits);
}

uint32_t cfg_model_read(const struct cfg_model *m, uint16_t reg, uint32_t *care)
{
    const struct cfg_reg *r = &m->reg[index_of(reg)];

    if (care)
        *care = r->care;
    return r->value;
}

void cfg_model_capture(struct cfg_model *m, uint16_t destination_id)
{
    m->captured_id = destination_id & 0xFFF8;
}

uint16_t cfg_model_requester_id(const struct cfg_model *m)
{
    return m->captured_id;
}

static bool bit(const struct cfg_model *m, uint16_t reg, uint32_t mask)
{
    return cfg_model_read(m, reg, NULL) & mask;
}

bool cfg_model_bme(const struct cfg_model *m)
{
    return bit(m, CFG_COMMAND, CFG_COMMAND_BME);
}

bool cfg_model_mse(const struct cfg_model *m)
{
    return bit(m, CFG_COMMAND, CFG_COMMAND_MSE);
}

bool cfg_model_int_disable(const struct cfg_model *m)
{
    return bit(m, CFG_COMMAND, CFG_COMMAND_INT_DISABLE);
}

bool cfg_model_msix_enable(const struct cfg_model *m)
{
    return m->params.msix_cap_offset && bit(m, m->params.msix_cap_offset, CFG_MSIX_ENABLE);
}

bool cfg_model_msix_fmask(const struct cfg_model *m)
{
    return m->params.msix_cap_offset && bit(m, m->params.msix_cap_offset, CFG_MSIX_FMASK);
}

uint64_t cfg_model_bar0(const struct cfg_model *m)
{
    const uint64_t high = cfg_model_read(m, CFG_BAR1, NULL);

    return high << 32 | (cfg_model_read(m, CFG_BAR0, NULL) & ~UINT32_C(0xF));
}

bool cfg_model_affects_messages(const struct cfg_model *m, uint16_t reg)
{
    const uint8_t msix = m->params.msix_cap_offset;

    return index_of(reg) == index_of(CFG_COMMAND) || (msix && index_of(reg) == index_of(msix));
}

/* Invariants */

static const char *check_registers(const struct cfg_model *m)
{
    for (unsigned i = 0; i < CFG_MODEL_REGS; i++)
        if ((m->reg[i].value ^ m->reg[i].reset) & ~m->reg[i].writable)
            return "a read-only bit has changed";
    if (m->captured_id & 7)
        return "the captured ID has a function number other than 0";
    return NULL;
}

static unsigned capability_size(uint8_t id)
{
    for (unsigned row = 0; row < CAPABILITIES; row++)
        if (capabilities[row].id == id)
            return 4U * capabilities[row].dwords;
    return 0;
}

/*
 * Walks the list as software does; `used` has one bit a DW of 00h..FFh. A list that comes back to itself overlaps
 * itself, so that the walk ends.
 */
static const char *check_capability_list(const struct cfg_model *m)
{
    uint64_t used = 0;
    unsigned at = cfg_model_read(m, CFG_CAP_POINTER, NULL) & 0xFF, msix = 0;

    while (at != 0) {
        if (at < CAP_FIRST || at % 4)
            return "a capability pointer is below 40h or not aligned";
        const uint32_t first = cfg_model_read(m, (uint16_t)at, NULL);
        const unsigned size = capability_size(first & 0xFF);
        if (size == 0 || at + size > CAP_END)
            return "a capability is unknown or reaches past FFh";
        const uint64_t mine = ((UINT64_C(1) << size / 4) - 1) << at / 4;
        if (used & mine)
            return "two capabilities overlap";
        used |= mine;
        msix += (first & 0xFF) == CAP_ID_MSIX;
        at = first >> 8 & 0xFF;
    }
    return msix > 1 ? "there is more than one MSI-X capability" : NULL;
}

static const char *check_structures(const struct cfg_model *m)
{
    const struct cfg_params *p = &m->params;
    const uint64_t size = UINT64_C(1) << p->bar0_size_log2;
    const uint64_t table = p->table_offset, table_end = table + 16 * (uint64_t)p->nvec;
    const uint64_t pba = p->pba_offset, pba_end = pba + 8 * (((uint64_t)p->nvec + 63) / 64);

    if (p->nvec < 1 || p->nvec > 2048)
        return "the number of vectors is not 1..2048";
    if (table % 8 || pba % 8)
        return "a structure is not aligned to 8 bytes";
    if (table_end > size || pba_end > size)
        return "a structure reaches past the end of its BAR";
    if (table < pba_end && pba < table_end)
        return "table and pending-bit array overlap";
    return NULL;
}

const char *cfg_model_check_invariants(const struct cfg_model *m)
{
    const char *wrong = check_registers(m);

    if (!wrong)
        wrong = check_capability_list(m);
    if (!wrong && m->params.msix_cap_offset)
        wrong = check_structures(m);
    return wrong;
}
