/*
 * test_config.c - the registers of the power management and PCI Express capabilities.
 */
#include "common.h"

static void sizes(struct bench *b)
{
    const unsigned largest = bench_config(b)->mps_max / 256;
    bench_enumerate(b);
    expect_config(b, bench_config(b)->pcie_cap + 4, 0x7, largest, "CFG-08");
    for (unsigned code = 8; code-- > 0 && !bench_stopped(b);) {
        const unsigned before = host_cfg_read32(b, reg_device(b)) >> 5 & 7, mrrs = code;
        host_cfg_write(b, reg_device(b), 0x1, 0x10 | code << 5);
        expect_config(b, reg_device(b), 7U << 5, (code <= largest ? code : before) << 5, "CFG-25");
        host_cfg_write(b, reg_device(b), 0x2, mrrs << 12 | 0x800);
        host_fence(b);
        expect_value(b, "cfg_mps", bench_out(b)->cfg_mps, code <= largest ? code : before, "CFG-25");
        if (mrrs < 6)
            expect_config(b, reg_device(b), 7U << 12, mrrs << 12, "CFG-25");
    }
}

const struct test payload_and_read_sizes_take_legal_values_only = {
    .name = "payload_and_read_sizes_take_legal_values_only",
    .requirements = "CFG-08, CFG-25, CFG-10",
    .story = "All codes are written to MPS and MRRS; what is not supported leaves the field as it is.",
    .run = sizes,
};

static void sweep(struct bench *b)
{
    const unsigned from = bench_config(b)->pm_cap, to = bench_config(b)->msix_cap;
    bench_enumerate(b);
    for (unsigned reg = from; reg < to && !bench_stopped(b); reg += 4) {
        const uint32_t flr = reg == reg_device(b) ? DEVICE_CONTROL_FLR : 0, state = reg == reg_pmcsr(b) ? 3 : 0;
        const uint32_t before = host_cfg_read32(b, reg);
        for (unsigned be = 0; be < 16 && !bench_stopped(b); be++) {
            host_cfg_write(b, reg, be, (uint32_t)rng_next(bench_rng(b)) & ~(flr | state));
            host_cfg_read32(b, reg);
        }
        host_cfg_write32(b, reg, UINT32_MAX & ~(flr | state));
        host_cfg_read32(b, reg);
        host_cfg_write32(b, reg, before & ~flr);
        bench_expect(b, host_cfg_read32(b, reg) == before || bench_stopped(b), "CFG-10",
                     "register %03Xh does not take back what it read", reg);
    }
}

const struct test capability_registers_follow_their_masks = {
    .name = "capability_registers_follow_their_masks",
    .requirements = "CFG-10, CFG-14, CFG-24, CFG-25, MSIX-CAP-24",
    .story = "Every register from the first capability to MSI-X: all byte enables, ones, and back; the model compares.",
    .run = sweep,
};

static void line(struct bench *b)
{
    const unsigned pin = bench_config(b)->intx_pin;
    bench_enumerate(b);
    for (unsigned value = 1; value < 256 && !bench_stopped(b); value <<= 1) {
        host_cfg_write(b, REG_INTERRUPT, 0xF, 0xFFFFFF00U | value);
        expect_config(b, REG_INTERRUPT, 0xFFFF, pin << 8 | (pin ? value : 0), "CFG-07");
    }
}

const struct test interrupt_line_is_scratch_where_there_is_a_pin = {
    .name = "interrupt_line_is_scratch_where_there_is_a_pin",
    .requirements = "CFG-06, CFG-07, INTX-15",
    .story = "Interrupt Line keeps what is written if Interrupt Pin is not 0; Interrupt Pin is read-only.",
    .run = line,
};
