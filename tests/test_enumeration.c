/*
 * test_enumeration.c - what software finds before it uses the function: header, capability list, BAR, and the MSI-X capability.
 */
#include "common.h"

enum { CAP_DWORDS = 3, LIST_STEPS = 48, HEADER_END = 0x40, CAPABILITY_END = 0x100, CONFIG_END = 0x1000 };

#define MSIX_WRITABLE UINT32_C(0xC0000000)

/* Length of a capability structure, 0 for one that this bench does not know. */
static unsigned capability_bytes(unsigned id)
{
    switch (id) {
    case CAP_PM:
        return 8;
    case CAP_MSI:
        return 24;
    case CAP_PCIE:
        return 60;
    case CAP_MSIX:
        return 12;
    default:
        return 0;
    }
}

/* Walks the list; marks each DW that a capability owns and returns how many MSI-X capabilities it met. */
static unsigned walk(struct bench *b, bool owned[CAPABILITY_END / 4])
{
    unsigned msix = 0;
    unsigned steps = 0;
    for (unsigned at = host_cfg_read32(b, REG_CAPABILITIES) & 0xFFU; at != 0 && !bench_stopped(b); steps++) {
        if (!bench_expect(b, steps < LIST_STEPS && at >= HEADER_END && at % 4 == 0, "MSIX-CAP-02",
                          "capability %u stands at %02Xh", steps, at))
            return msix;
        const uint32_t head = host_cfg_read32(b, at);
        const unsigned bytes = capability_bytes(head & 0xFFU);
        bench_expect(b, bytes != 0 && at + bytes <= CAPABILITY_END, "MSIX-CAP-04",
                     "capability %02Xh at %02Xh is %u bytes long", (unsigned)(head & 0xFFU), at, bytes);
        for (unsigned dw = at / 4; dw < (at + bytes) / 4 && dw < CAPABILITY_END / 4; dw++) {
            bench_expect(b, !owned[dw], "MSIX-CAP-04", "two capabilities overlap at %02Xh", 4 * dw);
            owned[dw] = true;
        }
        msix += (head & 0xFFU) == CAP_MSIX;
        at = head >> 8 & 0xFFU;
    }
    return msix;
}

static void one_msix_in_the_list(struct bench *b)
{
    bool owned[CAPABILITY_END / 4] = {false};
    expect_value(b, "Status.Capabilities List", host_cfg_read32(b, REG_COMMAND) >> 20 & 1U, 1, "MSIX-CAP-26");
    expect_value(b, "the number of MSI-X capabilities", walk(b, owned), 1, "MSIX-CAP-03");
    bench_enumerate(b);
}

const struct test capability_list_holds_one_msix = {
    .name = "capability_list_holds_one_msix",
    .requirements = "MSIX-CAP-01, MSIX-CAP-02, MSIX-CAP-03, MSIX-CAP-04, MSIX-CAP-26, MSIX-CAP-27",
    .story = "The list from 34h ends, its structures lie apart inside 40h..FFh, and exactly one of them is MSI-X.",
    .run = one_msix_in_the_list,
};

static void message_control_after_reset(struct bench *b)
{
    const unsigned cap = capability_find(b, CAP_MSIX);
    const uint32_t control = host_cfg_read32(b, cap) >> 16;
    expect_value(b, "Table Size", control & 0x7FFU, bench_config(b)->nvec - 1U, "MSIX-CAP-05");
    expect_value(b, "Message Control 13:11", control & 0x3800U, 0, "MSIX-CAP-06");
    expect_value(b, "Function Mask", control & 0x4000U, 0, "MSIX-CAP-07");
    expect_value(b, "MSI-X Enable", control & 0x8000U, 0, "MSIX-CAP-08");
    expect_value(b, "the ID byte", host_cfg_read32(b, cap) & 0xFFU, CAP_MSIX, "MSIX-CAP-01");
    bench_enumerate(b);
}

const struct test message_control_reads_table_size = {
    .name = "message_control_reads_table_size",
    .requirements = "MSIX-CAP-01, MSIX-CAP-05, MSIX-CAP-06, MSIX-CAP-07, MSIX-CAP-08",
    .story = "Before anything is written Message Control holds the number of entries less one and nothing else.",
    .run = message_control_after_reset,
};

/* Writes `value` to DW `dw` of the capability under each pattern of byte enables; only Enable and Function Mask may follow. */
static void sweep_byte_enables(struct bench *b, unsigned cap, unsigned dw, uint32_t value)
{
    for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
        uint32_t wanted = host_cfg_read32(b, cap + 4 * dw);
        if (dw == 0 && (be & 8U))
            wanted = (wanted & ~MSIX_WRITABLE) | (value & MSIX_WRITABLE);
        host_cfg_write(b, cap + 4 * dw, be, value);
        expect_value(b, "a DW of the capability", host_cfg_read32(b, cap + 4 * dw), wanted, "MSIX-CAP-24");
    }
}

static void every_byte_enable_pattern(struct bench *b)
{
    bench_enumerate(b);
    const unsigned cap = capability_find(b, CAP_MSIX);
    for (unsigned dw = 0; dw < CAP_DWORDS; dw++) {
        sweep_byte_enables(b, cap, dw, 0xFFFFFFFFU);
        sweep_byte_enables(b, cap, dw, 0x00000000U);
        sweep_byte_enables(b, cap, dw, 0x40FF00FFU);
        sweep_byte_enables(b, cap, dw, 0xBF00FF00U);
    }
}

const struct test capability_writes_follow_byte_enables = {
    .name = "capability_writes_follow_byte_enables",
    .requirements = "MSIX-CAP-06, MSIX-CAP-10, MSIX-CAP-12, MSIX-CAP-13, MSIX-CAP-24, CFG-10",
    .story = "All 16 byte enable patterns on the three DWORDs: only Enable and Function Mask are writable, only "
             "through byte 3.",
    .run = every_byte_enable_pattern,
};

struct range {
    uint64_t start, end; /* bytes, end excluded */
};

static bool apart(struct range x, struct range y)
{
    return x.end <= y.start || y.end <= x.start;
}

static struct range whole_pages(struct range r)
{
    return (struct range){r.start & ~UINT64_C(0xFFF), (r.end + 0xFFF) & ~UINT64_C(0xFFF)};
}

/* Sizes BAR0 as software does, with MSE = 0. */
static uint64_t size_bar0(struct bench *b)
{
    const uint32_t type = host_cfg_read32(b, REG_BAR0) & 0xFU;
    expect_value(b, "BAR0 bits 2:0 (memory, 64 bits wide)", type & 0x7U, 4, "MSIX-CAP-15");
    host_cfg_write32(b, REG_BAR0, 0xFFFFFFFFU);
    host_cfg_write32(b, REG_BAR0 + 4, 0xFFFFFFFFU);
    const uint64_t high = host_cfg_read32(b, REG_BAR0 + 4);
    const uint64_t mask = high << 32 | (host_cfg_read32(b, REG_BAR0) & ~UINT32_C(0xF));
    return ~mask + 1U;
}

/* The range that one Offset/BIR register describes; the BIR must be BAR0, the one that is implemented. */
static struct range resolve(struct bench *b, unsigned reg, uint64_t bytes)
{
    const uint32_t value = host_cfg_read32(b, reg);
    expect_value(b, "BIR", value & 7U, 0, "MSIX-CAP-14");
    const uint64_t start = value & ~UINT32_C(7);
    return (struct range){start, start + bytes};
}

static void structures_inside_the_bar(struct bench *b)
{
    const struct dut_config *config = bench_config(b);
    const uint64_t size = size_bar0(b);
    const unsigned cap = capability_find(b, CAP_MSIX);
    const struct range table = resolve(b, cap + 4, (uint64_t)ENTRY_BYTES * config->nvec);
    const struct range pba = resolve(b, cap + 8, 8U * (uint64_t)pba_qwords(b));
    const struct range csr = {config->csr_offset, config->csr_offset + 4096U};

    expect_value(b, "the size of BAR0", size, UINT64_C(1) << config->bar0_size_log2, "CFG-08");
    expect_value(b, "the table's offset", table.start, config->table_offset, "MSIX-CAP-12");
    expect_value(b, "the PBA's offset", pba.start, config->pba_offset, "MSIX-CAP-13");
    bench_expect(b, table.end <= size && pba.end <= size, "MSIX-CAP-17", "table or PBA stick out of BAR0");
    bench_expect(b, apart(table, pba), "MSIX-CAP-18", "table and PBA overlap");
    bench_expect(b, apart(whole_pages(table), csr) && apart(whole_pages(pba), csr), "MSIX-CAP-19",
                 "the device registers share a 4 KB page with table or PBA");
    bench_enumerate(b);
}

const struct test structures_fit_the_sized_bar = {
    .name = "structures_fit_the_sized_bar",
    .requirements = "MSIX-CAP-12, MSIX-CAP-13, MSIX-CAP-14, MSIX-CAP-15, MSIX-CAP-16, MSIX-CAP-17, MSIX-CAP-18, "
                    "MSIX-CAP-19, CFG-08",
    .story = "BAR0 is sized as software does it; table and PBA resolve inside it, apart, and away from the device "
             "registers' page.",
    .run = structures_inside_the_bar,
};

static void upper_bars_do_not_exist(struct bench *b)
{
    for (unsigned reg = REG_BAR0 + 8; reg < 0x28; reg += 4) {
        host_cfg_write32(b, reg, 0xFFFFFFFFU);
        expect_value(b, "a BAR past BAR1", host_cfg_read32(b, reg), 0, "CFG-08");
    }
    host_cfg_write32(b, 0x30, 0xFFFFFFFFU);
    expect_value(b, "the expansion ROM BAR", host_cfg_read32(b, 0x30), 0, "MMIO-37");
    bench_enumerate(b);
}

const struct test no_other_bar_is_implemented = {
    .name = "no_other_bar_is_implemented",
    .requirements = "CFG-08, CFG-10, MMIO-37",
    .story = "BAR2 to BAR5 and the expansion ROM read zero after all ones, so that there is one mapping of the "
             "structures only.",
    .run = upper_bars_do_not_exist,
};

/* A short image of the MSI-X capability apart from the two control bits. */
static void expect_capability(struct bench *b, unsigned cap, const uint32_t image[CAP_DWORDS], uint32_t control)
{
    for (unsigned dw = 0; dw < CAP_DWORDS; dw++)
        expect_value(b, "a DW of the capability", host_cfg_read32(b, cap + 4 * dw), image[dw] | (dw == 0 ? control : 0),
                     "MSIX-CAP-23");
}

static void sixteen_control_states(struct bench *b)
{
    bench_enumerate(b);
    const unsigned cap = capability_find(b, CAP_MSIX);
    uint32_t image[CAP_DWORDS];
    for (unsigned dw = 0; dw < CAP_DWORDS; dw++)
        image[dw] = host_cfg_read32(b, cap + 4 * dw);
    for (unsigned state = 0; state < 16 && !bench_stopped(b); state++) {
        const uint32_t command = (state & 3U) << 1;
        const uint32_t control = (state & 0xCU) << 28;
        host_cfg_write32(b, REG_COMMAND, command);
        host_cfg_write32(b, cap, control);
        expect_capability(b, cap, image, control);
        expect_value(b, "Command", host_cfg_read32(b, REG_COMMAND) & 6U, command, "MSIX-CAP-23");
    }
}

const struct test capability_reachable_in_every_control_state = {
    .name = "capability_reachable_in_every_control_state",
    .requirements = "MSIX-CAP-07, MSIX-CAP-08, MSIX-CAP-23",
    .story = "The capability reads the same in all 16 combinations of MSE, BME, MSI-X Enable and Function Mask.",
    .run = sixteen_control_states,
};

static void hardware_leaves_the_control_bits(struct bench *b)
{
    start_one(b, 0, false);
    const unsigned cap = capability_find(b, CAP_MSIX);
    for (unsigned state = 0; state < 4 && !bench_stopped(b); state++) {
        host_cfg_write32(b, cap, state << 30);
        for (unsigned i = 0; i < 20; i++)
            app_event(b, 0);
        bench_run(b, 100);
        expect_value(b, "{Enable, Function Mask}", host_cfg_read32(b, cap) >> 30, state, "MSIX-CAP-11");
    }
}

const struct test traffic_leaves_the_control_bits = {
    .name = "traffic_leaves_the_control_bits",
    .requirements = "MSIX-CAP-11",
    .story = "Events in all four states of Enable and Function Mask leave the two bits as software wrote them.",
    .run = hardware_leaves_the_control_bits,
};

static void identity_is_read_only(struct bench *b)
{
    const struct dut_config *c = bench_config(b);
    for (unsigned pass = 0; pass < 2; pass++) {
        expect_value(b, "Vendor and Device ID", host_cfg_read32(b, REG_ID), (uint32_t)c->device_id << 16 | c->vendor_id,
                     "CFG-08");
        expect_value(b, "Class Code and Revision", host_cfg_read32(b, REG_CLASS), c->class_code << 8 | c->revision_id,
                     "CFG-08");
        expect_value(b, "Header Type", host_cfg_read32(b, REG_HEADER_TYPE) >> 16 & 0xFFU, 0, "CFG-08");
        expect_value(b, "Subsystem IDs", host_cfg_read32(b, REG_SUBSYSTEM),
                     (uint32_t)c->subsys_id << 16 | c->subsys_vendor_id, "CFG-08");
        host_cfg_write32(b, REG_ID, 0xFFFFFFFFU);
        host_cfg_write32(b, REG_CLASS, 0xFFFFFFFFU);
        host_cfg_write32(b, REG_SUBSYSTEM, 0xFFFFFFFFU);
    }
    bench_enumerate(b);
}

const struct test identity_matches_the_build = {
    .name = "identity_matches_the_build",
    .requirements = "CFG-08",
    .story =
        "Vendor, device, class and subsystem read what the block was built with, also after all ones were written.",
    .run = identity_is_read_only,
};

static void command_bits_toggle_alone(struct bench *b)
{
    static const uint32_t toggles[] = {COMMAND_MSE, COMMAND_BME, COMMAND_INTX_DISABLE};
    expect_value(b, "Command after reset", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, 0, "CFG-01");
    host_cfg_write32(b, REG_COMMAND, 0xFFFFU);
    const uint32_t all = host_cfg_read32(b, REG_COMMAND) & 0xFFFFU;
    expect_value(b, "Command bits 3, 4, 5, 7, 9 and 15:11", all & 0xFAB8U, 0, "CFG-01");
    for (unsigned i = 0; i < 3; i++) {
        host_cfg_write32(b, REG_COMMAND, toggles[i]);
        expect_value(b, "Command", host_cfg_read32(b, REG_COMMAND) & 0xFFFFU, toggles[i], "CFG-01");
    }
    host_cfg_write(b, REG_COMMAND, 0xD, 0);
    expect_value(b, "Interrupt Disable without its byte", host_cfg_read32(b, REG_COMMAND) & COMMAND_INTX_DISABLE,
                 COMMAND_INTX_DISABLE, "CFG-10");
    bench_enumerate(b);
}

const struct test command_register_bits = {
    .name = "command_register_bits",
    .requirements = "CFG-01, CFG-10",
    .story = "MSE, BME and Interrupt Disable toggle one at a time, and the bits that PCIe does not use read zero.",
    .run = command_bits_toggle_alone,
};

/* Reads the first 256 bytes. */
static void image_of_registers(struct bench *b, uint32_t image[CAPABILITY_END / 4])
{
    for (unsigned dw = 0; dw < CAPABILITY_END / 4; dw++)
        image[dw] = host_cfg_read32(b, 4 * dw);
}

/* A register that the function does not have: reads 0, takes a write, still reads 0. */
static void try_unimplemented(struct bench *b, unsigned reg)
{
    expect_value(b, "an unimplemented register", host_cfg_read32(b, reg), 0, "CFG-10");
    host_cfg_write32(b, reg, 0xFFFFFFFFU);
    expect_value(b, "an unimplemented register", host_cfg_read32(b, reg), 0, "CFG-10");
}

static void sweep_of_configuration_space(struct bench *b)
{
    bool owned[CAPABILITY_END / 4] = {false};
    uint32_t before[CAPABILITY_END / 4];
    uint32_t after[CAPABILITY_END / 4];
    bench_enumerate(b);
    walk(b, owned);
    image_of_registers(b, before);
    for (unsigned reg = HEADER_END; reg < CONFIG_END && !bench_stopped(b); reg += 4)
        if (reg >= CAPABILITY_END || !owned[reg / 4])
            try_unimplemented(b, reg);
    image_of_registers(b, after);
    for (unsigned dw = 0; dw < CAPABILITY_END / 4; dw++)
        expect_value(b, "a register that was not written", after[dw], before[dw], "CFG-10");
}

const struct test unimplemented_registers_read_zero = {
    .name = "unimplemented_registers_read_zero",
    .requirements = "CFG-09, CFG-10",
    .story =
        "All 1024 DWORDs of configuration space: what is not there reads zero, takes writes, and harms no neighbour.",
    .run = sweep_of_configuration_space,
};
