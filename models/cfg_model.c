/*
 * cfg_model.c - see cfg_model.h. Every register is value, reset value, writable bits and predicted bits; what a
 * function has is laid down once by cfg_model_init(). After it only error status bits, which set themselves, and the two
 * writes that reset the function know one register from another.
 */
#include "cfg_model.h"

#include <stddef.h>

enum {
    CAP_ID_PM = 0x01,
    CAP_ID_PCIE = 0x10,
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
/* Error bits of Status are set by errors; predicted only in a function that has the PCI Express capability (MMIO-38). */
#define STATUS_ERRORS UINT32_C(0xF9000000)
/* Cache Line Size is a scratch byte or 0; it has no meaning in PCIe. */
#define CACHE_LINE_SIZE UINT32_C(0x000000FF)

#define PMCSR_STATE UINT32_C(0x00000003)
#define PMCSR_NO_SOFT_RESET UINT32_C(0x00000008)
/* Power management version 3; no D1, no D2, no PME. */
#define PM_CAPABILITIES UINT32_C(0x00030000)
/* PCI Express capability version 2, endpoint, interrupt message number 0. */
#define PCIE_CAPABILITIES UINT32_C(0x00020000)
/* Extended tags, role-based error reporting, FLR. */
#define DEVICE_CAPABILITIES UINT32_C(0x10008020)
/* Error reporting, Relaxed Ordering, MPS, extended tags, No Snoop, MRRS. Initiate FLR reads 0. */
#define DEVICE_CONTROL_WRITABLE UINT32_C(0x000079FF)
#define DEVICE_CONTROL_RESET UINT32_C(0x00002810)
#define DEVICE_CONTROL_MPS UINT32_C(0x000000E0)
#define DEVICE_CONTROL_FLR UINT32_C(0x00008000)
/* 2.5 GT/s, one lane, ASPM optionality. */
#define LINK_CAPABILITIES UINT32_C(0x00400011)
/* ASPM, read completion boundary, common clock, extended synch. */
#define LINK_CONTROL_WRITABLE UINT32_C(0x000000CB)
#define LINK_STATUS UINT32_C(0x00110000)
#define DEVICE_CONTROL2_WRITABLE UINT32_C(0x00000300)

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

static void define_field(struct cfg_model *m, uint16_t reg, uint8_t shift, uint8_t mask, uint8_t legal)
{
    m->field[m->n_fields++] = (struct cfg_field){.reg = reg, .shift = shift, .mask = mask, .legal = legal};
}

static void define_pm(struct cfg_model *m, uint16_t base, uint32_t first_word)
{
    define(m, base, PM_CAPABILITIES | first_word, 0, ALL_BITS);
    define(m, base + CFG_PMCSR, m->params.no_soft_reset ? PMCSR_NO_SOFT_RESET : 0, PMCSR_STATE, ALL_BITS);
    define_field(m, base + CFG_PMCSR, 0, 3, 1U << 0 | 1U << 3); /* D1 and D2 are not supported */
}

static uint32_t mps_code(const struct cfg_params *p)
{
    return p->mps_max >= 512 ? 2 : p->mps_max >= 256 ? 1 : 0;
}

static void define_pcie(struct cfg_model *m, uint16_t base, uint32_t first_word)
{
    const uint32_t largest = mps_code(&m->params);

    define(m, base, PCIE_CAPABILITIES | first_word, 0, ALL_BITS);
    define(m, base + 4, DEVICE_CAPABILITIES | largest, 0, ALL_BITS);
    define(m, base + CFG_DEVICE_CONTROL, DEVICE_CONTROL_RESET, DEVICE_CONTROL_WRITABLE, ~CFG_TRANSACTIONS_PENDING);
    m->reg[index_of(base + CFG_DEVICE_CONTROL)].keep = DEVICE_CONTROL_MPS;
    define_field(m, base + CFG_DEVICE_CONTROL, 5, 7, (uint8_t)((2U << largest) - 1));
    define_field(m, base + CFG_DEVICE_CONTROL, 12, 7, 0x3F);
    define(m, base + 0x0C, LINK_CAPABILITIES, 0, ALL_BITS);
    define(m, base + CFG_LINK_CONTROL, LINK_STATUS, LINK_CONTROL_WRITABLE, ALL_BITS);
    m->reg[index_of(base + CFG_LINK_CONTROL)].keep = LINK_CONTROL_WRITABLE;
    define(m, base + CFG_DEVICE_CONTROL2, 0, DEVICE_CONTROL2_WRITABLE, ALL_BITS);
}

static void define_msix(struct cfg_model *m, uint16_t base, uint32_t first_word)
{
    const struct cfg_params *p = &m->params;

    define(m, base, (p->nvec - 1) << 16 | first_word, CFG_MSIX_ENABLE | CFG_MSIX_FMASK, ALL_BITS);
    define(m, base + 4, p->table_offset, 0, ALL_BITS); /* BIR 0 in both */
    define(m, base + 8, p->pba_offset, 0, ALL_BITS);
}

static const struct capability capabilities[] = {
    {CAP_ID_PM, 2, offsetof(struct cfg_params, pm_cap_offset), define_pm},
    {CAP_ID_PCIE, 15, offsetof(struct cfg_params, pcie_cap_offset), define_pcie},
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

/* Has the last error that sets this bit had its effect? */
static bool is_proven(const struct cfg_model *m, const struct cfg_error_bit *bit)
{
    return bit->owed == 0 && (bit->last == 0 || bit->last < m->proven);
}

void cfg_model_flr(struct cfg_model *m)
{
    for (unsigned i = 0; i < CFG_MODEL_REGS; i++)
        m->reg[i].value = (m->reg[i].reset & ~m->reg[i].keep) | (m->reg[i].value & m->reg[i].keep);
    for (unsigned i = 0; i < CFG_ERRORS; i++)
        m->error[i].state = is_proven(m, &m->error[i]) ? CFG_BIT_0 : CFG_BIT_UNKNOWN;
}

void cfg_model_reset(struct cfg_model *m)
{
    for (unsigned i = 0; i < CFG_MODEL_REGS; i++)
        m->reg[i].value = m->reg[i].reset;
    for (unsigned i = 0; i < CFG_ERRORS; i++)
        m->error[i] = (struct cfg_error_bit){.state = CFG_BIT_0};
    m->proven = 0;
    cfg_model_flr(m);
    m->captured_id = 0;
}

/* --- error status bits --- */

static const struct {
    bool device_status;
    uint8_t bit; /* in the DW */
} error_place[CFG_ERRORS] = {
    [CFG_MASTER_PARITY] = {false, 24},
    [CFG_SIGNALED_TARGET_ABORT] = {false, 27},
    [CFG_RECEIVED_TARGET_ABORT] = {false, 28},
    [CFG_RECEIVED_MASTER_ABORT] = {false, 29},
    [CFG_DETECTED_PARITY] = {false, 31},
    [CFG_CORRECTABLE] = {true, 16},
    [CFG_NONFATAL] = {true, 17},
    [CFG_FATAL] = {true, 18},
    [CFG_UNSUPPORTED] = {true, 19},
};

uint16_t cfg_model_error_register(const struct cfg_model *m, enum cfg_error error, uint32_t *bit)
{
    *bit = UINT32_C(1) << error_place[error].bit;
    return error_place[error].device_status ? (uint16_t)(m->params.pcie_cap_offset + CFG_DEVICE_CONTROL) : CFG_COMMAND;
}

/* A bit that rises has risen once what raised it is proven. */
static void settle(const struct cfg_model *m, struct cfg_error_bit *bit)
{
    if (bit->state == CFG_BIT_RISING && bit->since < m->proven)
        bit->state = CFG_BIT_1;
}

void cfg_model_proven(struct cfg_model *m, uint64_t moment)
{
    if (moment > m->proven)
        m->proven = moment;
}

void cfg_model_error(struct cfg_model *m, unsigned errors, uint64_t moment, bool certain)
{
    for (unsigned i = 0; i < CFG_ERRORS; i++) {
        struct cfg_error_bit *bit = &m->error[i];
        if (!(errors >> i & 1))
            continue;
        settle(m, bit);
        bit->last = moment > bit->last ? moment : bit->last;
        if (certain && (bit->state == CFG_BIT_0 || bit->state == CFG_BIT_UNKNOWN)) {
            bit->state = CFG_BIT_RISING;
            bit->since = moment;
        } else if (!certain && bit->state == CFG_BIT_0) {
            bit->state = CFG_BIT_UNKNOWN;
        }
    }
}

void cfg_model_owe(struct cfg_model *m, unsigned errors, uint64_t moment)
{
    cfg_model_error(m, errors, moment, false);
    for (unsigned i = 0; i < CFG_ERRORS; i++)
        m->error[i].owed += errors >> i & 1;
}

void cfg_model_settle(struct cfg_model *m, unsigned errors)
{
    for (unsigned i = 0; i < CFG_ERRORS; i++)
        m->error[i].owed -= errors >> i & 1;
}

/* Written 1: cleared, unless an error that is not proven yet sets it once more. */
static void clear_errors(struct cfg_model *m, uint16_t reg, uint32_t bits)
{
    for (unsigned i = 0; i < CFG_ERRORS; i++) {
        uint32_t mine;
        if (index_of(cfg_model_error_register(m, (enum cfg_error)i, &mine)) != index_of(reg) || !(bits & mine))
            continue;
        settle(m, &m->error[i]);
        m->error[i].state = is_proven(m, &m->error[i]) ? CFG_BIT_0 : CFG_BIT_UNKNOWN;
    }
}

static void read_errors(const struct cfg_model *m, uint16_t reg, uint32_t *value, uint32_t *care)
{
    for (unsigned i = 0; i < CFG_ERRORS && m->params.pcie_cap_offset; i++) {
        uint32_t mine;
        if (index_of(cfg_model_error_register(m, (enum cfg_error)i, &mine)) != index_of(reg))
            continue;
        struct cfg_error_bit bit = m->error[i];
        settle(m, &bit);
        *value |= bit.state == CFG_BIT_1 ? mine : 0;
        *care = bit.state == CFG_BIT_0 || bit.state == CFG_BIT_1 ? *care | mine : *care & ~mine;
    }
}

/* --- reads and writes --- */

/* Fields that refuse the value keep theirs: these bits of the write do not count. */
static uint32_t refused(const struct cfg_model *m, uint16_t reg, uint32_t value)
{
    uint32_t bits = 0;

    for (unsigned i = 0; i < m->n_fields; i++) {
        const struct cfg_field *f = &m->field[i];
        if (index_of(f->reg) == index_of(reg) && !(f->legal >> (value >> f->shift & f->mask) & 1))
            bits |= (uint32_t)f->mask << f->shift;
    }
    return bits;
}

static bool is_register(uint8_t capability, unsigned offset, uint16_t reg)
{
    return capability && index_of(reg) == index_of((uint16_t)(capability + offset));
}

static uint32_t enabled_bits(uint8_t first_be)
{
    uint32_t enabled = 0;

    for (unsigned byte = 0; byte < 4; byte++)
        if (first_be >> byte & 1)
            enabled |= UINT32_C(0xFF) << 8 * byte;
    return enabled;
}

bool cfg_model_starts_flr(const struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value)
{
    return is_register(m->params.pcie_cap_offset, CFG_DEVICE_CONTROL, reg) &&
           (enabled_bits(first_be) & value & DEVICE_CONTROL_FLR);
}

void cfg_model_write_before_flr(struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value)
{
    struct cfg_reg *r = &m->reg[index_of(reg)];
    const uint32_t bits = enabled_bits(first_be) & r->writable & r->keep & ~refused(m, reg, value);

    r->value = (r->value & ~bits) | (value & bits);
}

enum cfg_effect cfg_model_write(struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value)
{
    struct cfg_reg *r = &m->reg[index_of(reg)];
    const unsigned dstate = cfg_model_dstate(m);
    const uint32_t enabled = enabled_bits(first_be);
    const uint32_t bits = enabled & r->writable & ~refused(m, reg, value);
    r->value = (r->value & ~bits) | (value & bits);
    clear_errors(m, reg, enabled & value);
    if (cfg_model_starts_flr(m, reg, first_be, value))
        return CFG_FLR;
    if (dstate == 0 || cfg_model_dstate(m) != 0 || m->params.no_soft_reset)
        return CFG_NO_EFFECT;
    cfg_model_flr(m);
    return CFG_SOFT_RESET;
}

uint32_t cfg_model_read(const struct cfg_model *m, uint16_t reg, uint32_t *care)
{
    const struct cfg_reg *r = &m->reg[index_of(reg)];
    uint32_t value = r->value, certain = r->care;

    read_errors(m, reg, &value, &certain);
    if (care)
        *care = certain;
    return value;
}

void cfg_model_capture(struct cfg_model *m, uint16_t destination_id)
{
    m->captured_id = destination_id & 0xFFF8;
}

uint16_t cfg_model_requester_id(const struct cfg_model *m)
{
    return m->captured_id;
}

/* Of bits that are not error status; asked every clock. */
static bool bit(const struct cfg_model *m, uint16_t reg, uint32_t mask)
{
    return m->reg[index_of(reg)].value & mask;
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

bool cfg_model_parity_response(const struct cfg_model *m)
{
    return bit(m, CFG_COMMAND, CFG_COMMAND_PARITY);
}

unsigned cfg_model_dstate(const struct cfg_model *m)
{
    const uint8_t pm = m->params.pm_cap_offset;

    return pm ? m->reg[index_of(pm + CFG_PMCSR)].value & PMCSR_STATE : 0;
}

static uint32_t device_control(const struct cfg_model *m)
{
    const uint8_t pcie = m->params.pcie_cap_offset;

    return pcie ? m->reg[index_of(pcie + CFG_DEVICE_CONTROL)].value : DEVICE_CONTROL_RESET;
}

unsigned cfg_model_mps(const struct cfg_model *m)
{
    return device_control(m) >> 5 & 7;
}

unsigned cfg_model_mrrs(const struct cfg_model *m)
{
    return device_control(m) >> 12 & 7;
}

bool cfg_model_relaxed_ordering(const struct cfg_model *m)
{
    return device_control(m) >> 4 & 1;
}

bool cfg_model_no_snoop(const struct cfg_model *m)
{
    return device_control(m) >> 11 & 1;
}

bool cfg_model_ido_request(const struct cfg_model *m)
{
    const uint8_t pcie = m->params.pcie_cap_offset;

    return pcie && m->reg[index_of(pcie + CFG_DEVICE_CONTROL2)].value >> 8 & 1;
}

bool cfg_model_ido_completion(const struct cfg_model *m)
{
    const uint8_t pcie = m->params.pcie_cap_offset;

    return pcie && m->reg[index_of(pcie + CFG_DEVICE_CONTROL2)].value >> 9 & 1;
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

    return index_of(reg) == index_of(CFG_COMMAND) || is_register(msix, 0, reg) ||
           is_register(m->params.pm_cap_offset, CFG_PMCSR, reg) ||
           is_register(m->params.pcie_cap_offset, CFG_DEVICE_CONTROL, reg);
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
