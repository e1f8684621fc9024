/*
 * test_cfg_model.c - the configuration space: reset values, writable bits, capability list, capture.
 */
#include "cfg_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MSIX = 0xB0 };

static const struct cfg_params typical = {
    .nvec = 32,
    .bar0_size_log2 = 16,
    .table_offset = 0x2000,
    .pba_offset = 0x3000,
    .msix_cap_offset = MSIX,
    .intx_pin = 1,
    .vendor_id = 0x1234,
    .device_id = 0x5678,
    .subsys_vendor_id = 0x9ABC,
    .subsys_id = 0xDEF0,
    .class_code = 0x020000,
    .revision_id = 0x42,
};

static int set_up(void **state)
{
    static struct cfg_model model;

    cfg_model_init(&model, &typical);
    *state = &model;
    return 0;
}

static int still_sound(void **state)
{
    const char *wrong = cfg_model_check_invariants(*state);

    if (wrong)
        print_error("%s\n", wrong);
    return wrong ? -1 : 0;
}

static uint32_t read32(const struct cfg_model *m, uint16_t reg)
{
    return cfg_model_read(m, reg, NULL);
}

static uint32_t care(const struct cfg_model *m, uint16_t reg)
{
    uint32_t mask;

    cfg_model_read(m, reg, &mask);
    return mask;
}

static void write32(struct cfg_model *m, uint16_t reg, uint32_t value)
{
    cfg_model_write(m, reg, 0xF, value);
}

static void header_reads_the_identity_of_the_function(void **state)
{
    /* CFG-08, MSIX-CAP-26 */
    const struct cfg_model *m = *state;

    assert_int_equal(read32(m, CFG_ID), 0x56781234);
    assert_int_equal(read32(m, CFG_COMMAND), 0x00100000);
    assert_int_equal(read32(m, CFG_CLASS), 0x02000042);
    assert_int_equal(read32(m, CFG_HEADER_TYPE), 0);
    assert_int_equal(read32(m, CFG_SUBSYSTEM), 0xDEF09ABC);
    assert_int_equal(read32(m, CFG_CAP_POINTER), MSIX);
    assert_int_equal(read32(m, CFG_INTERRUPT), 0x00000100);
    for (uint16_t bar = 0x18; bar <= 0x24; bar += 4)
        assert_int_equal(read32(m, bar), 0);
    assert_int_equal(read32(m, 0x30), 0);
}

static void command_has_its_five_bits_and_resets_to_zero(void **state)
{
    /* CFG-01 */
    struct cfg_model *m = *state;

    write32(m, CFG_COMMAND, UINT32_MAX);
    assert_int_equal(read32(m, CFG_COMMAND), 0x00100546);
    cfg_model_reset(m);
    assert_int_equal(read32(m, CFG_COMMAND), 0x00100000);
}

static void each_control_has_its_bit(void **state)
{
    /* CFG-01, MSIX-CAP-07, MSIX-CAP-08 */
    static const struct {
        uint16_t reg;
        unsigned bit;
        bool (*get)(const struct cfg_model *m);
    } controls[] = {
        {CFG_COMMAND, 1, cfg_model_mse},  {CFG_COMMAND, 2, cfg_model_bme},   {CFG_COMMAND, 10, cfg_model_int_disable},
        {MSIX, 30, cfg_model_msix_fmask}, {MSIX, 31, cfg_model_msix_enable},
    };
    struct cfg_model *m = *state;

    for (unsigned i = 0; i < sizeof controls / sizeof controls[0]; i++)
        for (unsigned bit = 0; bit < 32; bit++) {
            cfg_model_reset(m);
            assert_false(controls[i].get(m));
            write32(m, controls[i].reg, UINT32_C(1) << bit);
            assert_int_equal(controls[i].get(m), bit == controls[i].bit);
        }
}

static void what_the_specification_leaves_open_is_not_compared(void **state)
{
    /* CFG-01, CFG-04, CFG-05, CFG-07, MMIO-38 */
    const struct cfg_model *m = *state;
    struct cfg_params params = typical;
    static struct cfg_model without_pin;

    assert_int_equal(care(m, CFG_COMMAND), ~UINT32_C(0xF9080001));
    assert_int_equal(care(m, CFG_HEADER_TYPE), 0xFFFFFF00);
    assert_int_equal(care(m, CFG_INTERRUPT), 0xFFFFFFFF);
    params.intx_pin = 0;
    cfg_model_init(&without_pin, &params);
    assert_int_equal(care(&without_pin, CFG_COMMAND), ~UINT32_C(0xF9000001));
    assert_int_equal(care(&without_pin, CFG_INTERRUPT), 0xFFFFFF00);
}

static void bar0_sizes_as_a_64_bit_memory_bar(void **state)
{
    /* CFG-08, MSIX-CAP-15 */
    (void)state;
    for (unsigned log2 = 4; log2 < 64; log2++) {
        struct cfg_params params = typical;
        struct cfg_model m;
        params.bar0_size_log2 = log2;
        cfg_model_init(&m, &params);
        assert_int_equal(read32(&m, CFG_BAR0), 0x4);
        write32(&m, CFG_BAR0, UINT32_MAX);
        write32(&m, CFG_BAR1, UINT32_MAX);
        const uint64_t mask = (uint64_t)read32(&m, CFG_BAR1) << 32 | read32(&m, CFG_BAR0);
        assert_int_equal(mask & 0xF, 0x4);
        assert_true(~(mask & ~UINT64_C(0xF)) + 1 == UINT64_C(1) << log2);
        assert_true(cfg_model_bar0(&m) == (mask & ~UINT64_C(0xF)));
    }
}

static void bar0_base_has_both_halves(void **state)
{
    /* MMIO-03 */
    struct cfg_model *m = *state;

    write32(m, CFG_BAR0, 0x89ABCDEF);
    write32(m, CFG_BAR1, 0x01234567);
    assert_true(cfg_model_bar0(m) == UINT64_C(0x0123456789AB0000));
    assert_int_equal(read32(m, CFG_BAR0), 0x89AB0004);
}

static void msix_capability_reads_its_layout(void **state)
{
    /* MSIX-CAP-01, MSIX-CAP-02, MSIX-CAP-12, MSIX-CAP-13, MSIX-CAP-14 */
    const struct cfg_model *m = *state;

    assert_int_equal(read32(m, MSIX), 0x001F0011);
    assert_int_equal(read32(m, MSIX + 4), 0x2000);
    assert_int_equal(read32(m, MSIX + 8), 0x3000);
}

static void table_size_is_entries_minus_one(void **state)
{
    /* MSIX-CAP-05 */
    static const unsigned sizes[] = {1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 1024, 2047, 2048};

    (void)state;
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct cfg_params params = typical;
        struct cfg_model m;
        params.nvec = sizes[i];
        params.bar0_size_log2 = 20;
        params.pba_offset = 0x20000;
        cfg_model_init(&m, &params);
        assert_int_equal(read32(&m, MSIX) >> 16, sizes[i] - 1);
        assert_null(cfg_model_check_invariants(&m));
    }
}

static void only_two_bits_of_the_capability_are_writable(void **state)
{
    /* MSIX-CAP-01, MSIX-CAP-02, MSIX-CAP-06, MSIX-CAP-10, MSIX-CAP-12, MSIX-CAP-13, MSIX-CAP-24 */
    struct cfg_model *m = *state;

    for (uint8_t be = 0; be < 16; be++) {
        cfg_model_reset(m);
        for (uint16_t reg = MSIX; reg < MSIX + 12; reg += 4)
            cfg_model_write(m, reg, be, UINT32_MAX);
        assert_int_equal(read32(m, MSIX), be & 8 ? 0xC01F0011 : 0x001F0011);
        assert_int_equal(read32(m, MSIX + 4), 0x2000);
        assert_int_equal(read32(m, MSIX + 8), 0x3000);
    }
}

static void byte_enables_select_the_bytes_written(void **state)
{
    /* CFG-10, MSIX-CAP-24 */
    struct cfg_model *m = *state;

    for (uint8_t be = 0; be < 16; be++) {
        cfg_model_reset(m);
        cfg_model_write(m, CFG_BAR1, be, 0x11223345);
        assert_int_equal(read32(m, CFG_BAR1), (be & 1 ? 0x45U : 0) | (be & 2 ? 0x3300U : 0) | (be & 4 ? 0x220000U : 0) |
                                                  (be & 8 ? 0x11000000U : 0));
    }
}

static void interrupt_line_is_scratch_only_where_there_is_a_pin(void **state)
{
    /* CFG-06, CFG-07 */
    (void)state;
    for (uint8_t pin = 0; pin <= 4; pin++) {
        struct cfg_params params = typical;
        struct cfg_model m;
        params.intx_pin = pin;
        cfg_model_init(&m, &params);
        assert_int_equal(read32(&m, CFG_INTERRUPT), (uint32_t)pin << 8);
        write32(&m, CFG_INTERRUPT, UINT32_MAX);
        assert_int_equal(read32(&m, CFG_INTERRUPT), (uint32_t)pin << 8 | (pin ? 0xFFU : 0));
    }
}

static void registers_that_do_not_exist_read_zero_and_ignore_writes(void **state)
{
    /* CFG-10 */
    static const uint16_t known[] = {CFG_ID,        CFG_COMMAND, CFG_CLASS,     CFG_HEADER_TYPE,
                                     CFG_BAR0,      CFG_BAR1,    CFG_SUBSYSTEM, CFG_CAP_POINTER,
                                     CFG_INTERRUPT, MSIX,        MSIX + 4,      MSIX + 8};
    struct cfg_model *m = *state;
    unsigned empty = 0;

    for (uint16_t reg = 0; reg < 4096; reg += 4) {
        bool exists = false;
        for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
            exists |= known[i] == reg;
        write32(m, reg, UINT32_MAX);
        if (exists)
            continue;
        assert_int_equal(read32(m, reg), 0);
        assert_int_equal(care(m, reg), UINT32_MAX);
        empty++;
    }
    assert_int_equal(empty, CFG_MODEL_REGS - sizeof known / sizeof known[0]);
}

static void read_only_registers_keep_their_value(void **state)
{
    /* CFG-08, MSIX-CAP-11 */
    static const uint16_t fixed[] = {CFG_ID, CFG_CLASS, CFG_HEADER_TYPE, CFG_SUBSYSTEM, CFG_CAP_POINTER};
    struct cfg_model *m = *state;

    for (unsigned i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        const uint32_t before = read32(m, fixed[i]);
        write32(m, fixed[i], ~before);
        assert_int_equal(read32(m, fixed[i]), before);
    }
}

static void capture_takes_bus_and_device_of_the_latest_write(void **state)
{
    /* TLP-17, TLP-18, MMIO-08 */
    struct cfg_model *m = *state;

    assert_int_equal(cfg_model_requester_id(m), 0);
    cfg_model_capture(m, 0x3BF8);
    assert_int_equal(cfg_model_requester_id(m), 0x3BF8);
    cfg_model_capture(m, 0xFF0F);
    assert_int_equal(cfg_model_requester_id(m), 0xFF08);
}

static void reset_forgets_the_captured_id_and_flr_keeps_it(void **state)
{
    /* CFG-16, CFG-21, CFG-01 */
    struct cfg_model *m = *state;

    for (unsigned flr = 0; flr < 2; flr++) {
        cfg_model_capture(m, 0x0500);
        write32(m, CFG_COMMAND, UINT32_MAX);
        write32(m, CFG_BAR0, UINT32_MAX);
        write32(m, CFG_INTERRUPT, UINT32_MAX);
        write32(m, MSIX, UINT32_MAX);
        (flr ? cfg_model_flr : cfg_model_reset)(m);
        assert_false(cfg_model_bme(m) || cfg_model_mse(m) || cfg_model_int_disable(m));
        assert_false(cfg_model_msix_enable(m) || cfg_model_msix_fmask(m));
        assert_true(cfg_model_bar0(m) == 0);
        assert_int_equal(read32(m, CFG_INTERRUPT), 0x100);
        assert_int_equal(cfg_model_requester_id(m), flr ? 0x0500 : 0);
    }
}

static void command_and_message_control_affect_messages(void **state)
{
    /* MSIX-PBA-25, MSIX-PBA-27, EDGE-15 */
    const struct cfg_model *m = *state;

    for (uint16_t reg = 0; reg < 4096; reg++)
        assert_int_equal(cfg_model_affects_messages(m, reg), reg / 4 == CFG_COMMAND / 4 || reg / 4 == MSIX / 4);
}

static void a_function_without_msix_has_an_empty_list(void **state)
{
    /* MSIX-CAP-26, MSIX-CAP-03 */
    struct cfg_params params = typical;
    struct cfg_model m;

    (void)state;
    params.msix_cap_offset = 0;
    cfg_model_init(&m, &params);
    write32(&m, CFG_ID, UINT32_MAX);
    assert_int_equal(read32(&m, CFG_CAP_POINTER), 0);
    assert_int_equal(read32(&m, CFG_COMMAND), 0);
    assert_false(cfg_model_msix_enable(&m) || cfg_model_msix_fmask(&m));
    assert_false(cfg_model_affects_messages(&m, CFG_ID));
    assert_null(cfg_model_check_invariants(&m));
}

static void unsound_with(struct cfg_params params)
{
    struct cfg_model m;

    cfg_model_init(&m, &params);
    assert_non_null(cfg_model_check_invariants(&m));
}

static void invariants_notice_an_illegal_build(void **state)
{
    /* MSIX-CAP-04, MSIX-CAP-16, MSIX-CAP-17, MSIX-CAP-18, MSIX-CAP-25 */
    struct cfg_params p;

    (void)state;
    p = typical, p.nvec = 0, unsound_with(p);
    p = typical, p.nvec = 2049, p.bar0_size_log2 = 20, p.pba_offset = 0x80000, unsound_with(p);
    p = typical, p.table_offset = 0x2004, unsound_with(p);
    p = typical, p.pba_offset = 0x3004, unsound_with(p);
    p = typical, p.table_offset = 0x10000 - 16 * 32 + 8, unsound_with(p);
    p = typical, p.pba_offset = 0x10000, unsound_with(p);
    p = typical, p.pba_offset = 0x2000 + 16 * 32 - 8, unsound_with(p);
    p = typical, p.table_offset = 0x3000, unsound_with(p);
    p = typical, p.msix_cap_offset = 0x3C, unsound_with(p);
    p = typical, p.msix_cap_offset = 0xF8, unsound_with(p);
    p = typical, p.msix_cap_offset = 0xB2, unsound_with(p);
}

static void invariants_hold_at_the_edge_of_what_is_legal(void **state)
{
    /* MSIX-CAP-04, MSIX-CAP-17, MSIX-CAP-18, MSIX-CAP-20 */
    struct cfg_params p = typical;
    struct cfg_model m;

    (void)state;
    p.table_offset = 0x10000 - 16 * 32;
    p.pba_offset = 0x10000 - 16 * 32 - 8;
    p.msix_cap_offset = 0xF4;
    cfg_model_init(&m, &p);
    assert_null(cfg_model_check_invariants(&m));
    p.pba_offset = 0x10000 - 8;
    p.table_offset = 0x10000 - 8 - 16 * 32;
    cfg_model_init(&m, &p);
    assert_null(cfg_model_check_invariants(&m));
    p.table_offset = 0;
    p.pba_offset = 16 * 32;
    p.msix_cap_offset = 0x40;
    cfg_model_init(&m, &p);
    assert_null(cfg_model_check_invariants(&m));
}

static void invariants_notice_damage(void **state)
{
    /* MSIX-CAP-02, MSIX-CAP-03, MSIX-CAP-04, MSIX-CAP-11, TLP-17 */
    struct cfg_model *m = *state;
    struct cfg_reg *msix = &m->reg[MSIX / 4], *free_reg = &m->reg[0x60 / 4];

    m->reg[0].value ^= 1;
    assert_non_null(cfg_model_check_invariants(m));
    m->reg[0].value ^= 1;
    m->captured_id = 1;
    assert_non_null(cfg_model_check_invariants(m));
    m->captured_id = 0;
    msix->value = msix->reset = 0x001FB011; /* points to itself */
    assert_string_equal(cfg_model_check_invariants(m), "two capabilities overlap");
    msix->value = msix->reset = 0x001FB811; /* points to its own last DW, which looks like a capability */
    msix[2].value = msix[2].reset = 0x11;
    assert_string_equal(cfg_model_check_invariants(m), "two capabilities overlap");
    msix->value = msix->reset = 0x001FBC11; /* a second MSI-X capability right behind it */
    msix[3].value = msix[3].reset = 0x11;
    assert_string_equal(cfg_model_check_invariants(m), "there is more than one MSI-X capability");
    msix->value = msix->reset = 0x001F6011; /* and one elsewhere */
    free_reg->value = free_reg->reset = 0x11;
    assert_string_equal(cfg_model_check_invariants(m), "there is more than one MSI-X capability");
    free_reg->value = free_reg->reset = 0x05; /* one that is not known */
    assert_non_null(cfg_model_check_invariants(m));
    cfg_model_init(m, &typical);
}

/* --- power management, PCI Express, errors --- */

enum { PM = 0x40, PCIE = 0x70, PMCSR = PM + CFG_PMCSR, DEVICE = PCIE + CFG_DEVICE_CONTROL };

static struct cfg_model full(bool no_soft_reset, unsigned mps_max)
{
    struct cfg_params params = typical;
    struct cfg_model m;
    params.pm_cap_offset = PM;
    params.pcie_cap_offset = PCIE;
    params.no_soft_reset = no_soft_reset;
    params.mps_max = mps_max;
    cfg_model_init(&m, &params);
    assert_null(cfg_model_check_invariants(&m));
    return m;
}

static void capabilities_are_linked_in_order(void **state)
{
    /* CFG-08, CFG-14 */
    (void)state;
    const struct cfg_model m = full(true, 512);
    assert_int_equal(read32(&m, CFG_CAP_POINTER), PM);
    assert_int_equal(read32(&m, PM), 0x00037001);
    assert_int_equal(read32(&m, PMCSR), 8);
    assert_int_equal(read32(&m, PCIE), 0x0002B010);
    assert_int_equal(read32(&m, PCIE + 4), 0x10008022);
    assert_int_equal(read32(&m, DEVICE), 0x2810);
    assert_int_equal(read32(&m, PCIE + 0x0C), 0x00400011);
    assert_int_equal(read32(&m, PCIE + CFG_LINK_CONTROL), 0x00110000);
    assert_int_equal(care(&m, PCIE + 0x14), UINT32_MAX);
}

static void fields_refuse_what_is_not_supported(void **state)
{
    /* CFG-24, CFG-25 */
    (void)state;
    for (unsigned mps_max = 128, largest = 0; mps_max <= 512; mps_max *= 2, largest++) {
        struct cfg_model m = full(true, mps_max);
        for (unsigned code = 0; code < 8; code++) {
            const unsigned mps = cfg_model_mps(&m), mrrs = cfg_model_mrrs(&m), dstate = cfg_model_dstate(&m);
            cfg_model_write(&m, DEVICE, 0x3, code << 5 | code << 12);
            assert_int_equal(cfg_model_mps(&m), code <= largest ? code : mps);
            assert_int_equal(cfg_model_mrrs(&m), code <= 5 ? code : mrrs);
            cfg_model_write(&m, PMCSR, 0x1, code);
            assert_int_equal(cfg_model_dstate(&m), code % 4 == 0 || code % 4 == 3 ? code % 4 : dstate);
        }
    }
}

static void enables_show_their_bits(void **state)
{
    /* CFG-25 */
    (void)state;
    struct cfg_model m = full(true, 128);
    assert_true(cfg_model_relaxed_ordering(&m) && cfg_model_no_snoop(&m));
    assert_false(cfg_model_ido_request(&m) || cfg_model_ido_completion(&m) || cfg_model_parity_response(&m));
    cfg_model_write(&m, DEVICE, 0x3, 1U << 11);
    assert_true(!cfg_model_relaxed_ordering(&m) && cfg_model_no_snoop(&m));
    cfg_model_write(&m, PCIE + CFG_DEVICE_CONTROL2, 0x3, 1U << 8);
    assert_true(cfg_model_ido_request(&m) && !cfg_model_ido_completion(&m));
    cfg_model_write(&m, PCIE + CFG_DEVICE_CONTROL2, 0x3, 1U << 9);
    assert_true(!cfg_model_ido_request(&m) && cfg_model_ido_completion(&m));
    cfg_model_write(&m, CFG_COMMAND, 0x1, CFG_COMMAND_PARITY);
    assert_true(cfg_model_parity_response(&m));
    assert_true(cfg_model_relaxed_ordering(&(struct cfg_model){0}) && cfg_model_mrrs(&(struct cfg_model){0}) == 2);
}

static void flr_keeps_payload_size_and_link_control(void **state)
{
    /* CFG-16, CFG-17, CFG-21 */
    (void)state;
    struct cfg_model m = full(true, 512);
    cfg_model_capture(&m, 0x0108);
    cfg_model_write(&m, DEVICE, 0x3, 0x1F | 2U << 5 | 1U << 12);
    cfg_model_write(&m, PCIE + CFG_LINK_CONTROL, 0x3, UINT32_MAX);
    cfg_model_write(&m, CFG_COMMAND, 0x3, CFG_COMMAND_BME);
    assert_int_equal(cfg_model_write(&m, DEVICE, 0xC, 1U << 15), CFG_NO_EFFECT); /* that byte is not enabled */
    assert_int_equal(cfg_model_write(&m, DEVICE, 0x2, 1U << 15), CFG_FLR);
    assert_true(cfg_model_bme(&m)); /* the reset comes when it comes */
    cfg_model_flr(&m);
    assert_int_equal(read32(&m, DEVICE), 0x2810 | 2U << 5);
    assert_int_equal(read32(&m, PCIE + CFG_LINK_CONTROL), 0x001100CB);
    assert_int_equal(cfg_model_requester_id(&m), 0x0108);
    assert_false(cfg_model_bme(&m));
    cfg_model_reset(&m);
    assert_int_equal(read32(&m, DEVICE), 0x2810);
    assert_int_equal(read32(&m, PCIE + CFG_LINK_CONTROL), 0x00110000);
}

static void d3hot_to_d0_resets_as_no_soft_reset_says(void **state)
{
    /* MSIX-PBA-31, MSIX-PBA-32, CFG-24 */
    (void)state;
    for (unsigned keeps = 0; keeps < 2; keeps++) {
        struct cfg_model m = full(keeps, 128);
        cfg_model_write(&m, CFG_COMMAND, 0x3, CFG_COMMAND_BME);
        assert_int_equal(cfg_model_write(&m, PMCSR, 0x1, 0), CFG_NO_EFFECT);
        assert_int_equal(cfg_model_write(&m, PMCSR, 0x1, 3), CFG_NO_EFFECT);
        assert_int_equal(cfg_model_dstate(&m), 3);
        assert_int_equal(cfg_model_write(&m, PMCSR, 0x2, 0), CFG_NO_EFFECT);
        assert_int_equal(cfg_model_write(&m, PMCSR, 0x1, 0), keeps ? CFG_NO_EFFECT : CFG_SOFT_RESET);
        assert_int_equal(cfg_model_bme(&m), keeps);
    }
}

static void errors_are_certain_behind_a_fence(void **state)
{
    /* MMIO-38 */
    (void)state;
    struct cfg_model m = full(true, 128);
    for (unsigned e = 0; e < CFG_ERRORS; e++) {
        uint32_t bit;
        const uint16_t reg = cfg_model_error_register(&m, (enum cfg_error)e, &bit);
        assert_int_equal(read32(&m, reg) & bit, 0);
        assert_int_equal(care(&m, reg) & bit, bit);
        cfg_model_error(&m, 1U << e, 10 + 10 * e, true);
        assert_int_equal(care(&m, reg) & bit, 0);
        cfg_model_proven(&m, 11 + 10 * e);
        assert_int_equal(read32(&m, reg) & bit, bit);
        assert_int_equal(care(&m, reg) & bit, bit);
        cfg_model_write(&m, reg, 0xC, 0);
        assert_int_equal(read32(&m, reg) & bit, bit);
        cfg_model_write(&m, reg, 0x3, UINT32_MAX & ~(1U << 15));
        assert_int_equal(read32(&m, reg) & bit, bit);
        cfg_model_write(&m, reg, 0xC, bit);
        assert_int_equal(read32(&m, reg) & bit, 0);
        assert_int_equal(care(&m, reg) & bit, bit);
    }
}

static void a_request_under_way_keeps_its_error_bits_open(void **state)
{
    /* MMIO-38, ORD-16: later requests were completed, the one that is to blame was not */
    (void)state;
    struct cfg_model m = full(true, 128);
    const uint32_t bit = 1U << 19;
    cfg_model_owe(&m, 1U << CFG_UNSUPPORTED, 10);
    cfg_model_proven(&m, 20);
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_write(&m, DEVICE, 0x4, bit); /* it may set the bit behind this write */
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_settle(&m, 1U << CFG_UNSUPPORTED);
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_write(&m, DEVICE, 0x4, bit);
    assert_int_equal(care(&m, DEVICE) & bit, bit);
    cfg_model_owe(&m, 1U << CFG_UNSUPPORTED, 30);
    cfg_model_settle(&m, 1U << CFG_UNSUPPORTED);
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 30, true);
    cfg_model_proven(&m, 40);
    assert_int_equal(read32(&m, DEVICE) & bit, bit);
}

static void an_error_that_may_have_come_late_leaves_the_bit_open(void **state)
{
    /* MMIO-38 */
    (void)state;
    struct cfg_model m = full(true, 128);
    const uint32_t bit = 1U << 19;
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 10, true);
    cfg_model_write(&m, DEVICE, 0x4, bit); /* before or behind it? */
    cfg_model_proven(&m, 20);
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_write(&m, DEVICE, 0x4, bit);
    assert_int_equal(care(&m, DEVICE) & bit, bit);
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 30, false);
    cfg_model_proven(&m, 40);
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 50, true);
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 51, false);
    cfg_model_proven(&m, 60);
    assert_int_equal(read32(&m, DEVICE) & bit, bit);
    cfg_model_error(&m, 1U << CFG_UNSUPPORTED, 70, true);
    cfg_model_flr(&m); /* an error that is not proven may come behind the reset */
    assert_int_equal(care(&m, DEVICE) & bit, 0);
    cfg_model_reset(&m);
    assert_int_equal(care(&m, DEVICE) & bit, bit);
}

#define MODEL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, still_sound)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MODEL_TEST(header_reads_the_identity_of_the_function),
        MODEL_TEST(command_has_its_five_bits_and_resets_to_zero),
        MODEL_TEST(each_control_has_its_bit),
        MODEL_TEST(what_the_specification_leaves_open_is_not_compared),
        MODEL_TEST(bar0_sizes_as_a_64_bit_memory_bar),
        MODEL_TEST(bar0_base_has_both_halves),
        MODEL_TEST(msix_capability_reads_its_layout),
        MODEL_TEST(table_size_is_entries_minus_one),
        MODEL_TEST(only_two_bits_of_the_capability_are_writable),
        MODEL_TEST(byte_enables_select_the_bytes_written),
        MODEL_TEST(interrupt_line_is_scratch_only_where_there_is_a_pin),
        MODEL_TEST(registers_that_do_not_exist_read_zero_and_ignore_writes),
        MODEL_TEST(read_only_registers_keep_their_value),
        MODEL_TEST(capture_takes_bus_and_device_of_the_latest_write),
        MODEL_TEST(reset_forgets_the_captured_id_and_flr_keeps_it),
        MODEL_TEST(command_and_message_control_affect_messages),
        MODEL_TEST(a_function_without_msix_has_an_empty_list),
        MODEL_TEST(invariants_notice_an_illegal_build),
        MODEL_TEST(invariants_hold_at_the_edge_of_what_is_legal),
        MODEL_TEST(invariants_notice_damage),
        cmocka_unit_test(capabilities_are_linked_in_order),
        cmocka_unit_test(fields_refuse_what_is_not_supported),
        cmocka_unit_test(enables_show_their_bits),
        cmocka_unit_test(flr_keeps_payload_size_and_link_control),
        cmocka_unit_test(d3hot_to_d0_resets_as_no_soft_reset_says),
        cmocka_unit_test(errors_are_certain_behind_a_fence),
        cmocka_unit_test(a_request_under_way_keeps_its_error_bits_open),
        cmocka_unit_test(an_error_that_may_have_come_late_leaves_the_bit_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
