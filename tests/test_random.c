/*
 * test_random.c - generated scenarios: a test for each profile of the generator (tb/scenario_profiles.c). The models
 * judge; `--record`, `--replay` and `--shrink` work on all of them (docs/scenario-language.md).
 */
#include "common.h"

const struct test random_mixed = {
    .name = "random_mixed",
    .requirements = "ENV-01, ENV-04, ENV-08, EDGE-03, MSIX-PBA-34, MSIX-PBA-35, MSIX-TBL-23, MSIX-TBL-29, ORD-06",
    .story = "A little of everything; the models judge each TLP.",
    .profile = "mixed",
};

const struct test random_mask_storm = {
    .name = "random_mask_storm",
    .requirements = "RACE-01, RACE-02, RACE-03, RACE-06, RACE-07, MSIX-PBA-14, MSIX-PBA-15, MSIX-PBA-34",
    .story = "Entry masks toggle in neighbouring clocks around events and waiting messages.",
    .profile = "mask_storm",
};

const struct test random_drain = {
    .name = "random_drain",
    .requirements = "RACE-08, RACE-09, RACE-10, RACE-18, MSIX-PBA-16, MSIX-PBA-17",
    .story = "Many vectors pend, are let out at once, and are stopped, read and hit again on the way.",
    .profile = "drain",
};

const struct test random_dma_heavy = {
    .name = "random_dma_heavy",
    .requirements = "ORD-02, ORD-03, ORD-05, ORD-06, ORD-12, EDGE-14, RACE-19, RACE-46",
    .story = "Events announce data while all streams are slow or stalled.",
    .profile = "dma_heavy",
};

const struct test random_function_mask = {
    .name = "random_function_mask",
    .requirements = "RACE-04, RACE-05, RACE-08, RACE-09, RACE-10, RACE-13, MSIX-CAP-09",
    .story = "Function Mask toggles around events, rewrites and drains.",
    .profile = "function_mask",
};

const struct test random_enable_toggle = {
    .name = "random_enable_toggle",
    .requirements = "RACE-22, RACE-23, RACE-24, RACE-25, MSIX-PBA-24, MSIX-PBA-25, MSIX-PBA-26",
    .story = "MSI-X Enable toggles, alone and together with Function Mask, around events and waiting messages.",
    .profile = "enable_toggle",
};

const struct test random_bus_master = {
    .name = "random_bus_master",
    .requirements = "RACE-26, RACE-27, MSIX-PBA-27, MSIX-PBA-28, MSIX-PBA-29",
    .story = "Bus Master Enable toggles around events, data writes and waiting messages.",
    .profile = "bus_master",
};

const struct test random_rewrite = {
    .name = "random_rewrite",
    .requirements = "RACE-11, RACE-12, RACE-13, RACE-14, RACE-15, RACE-37, RACE-38, MSIX-TBL-14, MSIX-TBL-16, "
                    "MSIX-TBL-18, MSIX-TBL-20, TLP-26",
    .story = "Entries get other addresses and data under each kind of mask, with events all around.",
    .profile = "rewrite",
};

const struct test random_pba_poll = {
    .name = "random_pba_poll",
    .requirements = "RACE-17, RACE-18, RACE-19, MSIX-PBA-04, MSIX-PBA-11, MSIX-PBA-12, MSIX-PBA-20",
    .story = "Pending bits are read while they are set, cleared and sent.",
    .profile = "pba_poll",
};

const struct test random_clear = {
    .name = "random_clear",
    .requirements = "RACE-20, RACE-21, MSIX-PBA-18, MSIX-PBA-19, EDGE-13",
    .story = "Clears meet events, unmasks and commits in all offsets.",
    .profile = "clear",
};

const struct test random_credit_starved = {
    .name = "random_credit_starved",
    .requirements = "FC-03, FC-08, FC-09, FC-10, FC-12, ORD-08, RACE-44, RACE-45, RACE-48",
    .story = "Credits come slowly, late, one by one or not at all.",
    .profile = "credit_starved",
};

const struct test random_quiet = {
    .name = "random_quiet",
    .requirements = "ENV-01, EDGE-03, MSIX-PBA-06, MSIX-PBA-09, MSIX-PBA-10",
    .story = "One thing at a time with pauses: every wait reaches an idle block.",
    .profile = "quiet",
};

const struct test random_corners = {
    .name = "random_corners",
    .requirements = "ENV-01, MSIX-PBA-07, MSIX-PBA-23, MSIX-PBA-25, MSIX-PBA-28, MSIX-PBA-29, RACE-25",
    .story = "Each combination of entry mask, Function Mask, Enable, Bus Master and back-pressure, and an event in it.",
    .profile = "corners",
};

const struct test random_registers = {
    .name = "random_registers",
    .requirements = "RACE-40, RACE-41, EDGE-19, MSIX-TBL-27, MMIO-02, MMIO-04, MMIO-10, MMIO-11, TLP-17",
    .story = "Device registers, raw offsets, configuration space and Memory Space Enable around messages.",
    .profile = "registers",
};

const struct test random_dma_reads = {
    .name = "random_dma_reads",
    .requirements = "ORD-09, ORD-11, ORD-14, ORD-22, ORD-27, CFG-02, CFG-19, RACE-49, MMIO-38",
    .story =
        "The device logic reads; completions come cut, in turns, late, wrong, poisoned, stray, or not until asked.",
    .profile = "dma_reads",
};

const struct test random_credit_servers = {
    .name = "random_credit_servers",
    .requirements = "FC-03, FC-04, FC-05, FC-06, FC-08, FC-09, FC-10, ORD-08, ORD-09, ORD-10, RACE-44, RACE-49",
    .story =
        "Every way to give credits back: generous, stingy, one by one, in any order, one type starved, types infinite.",
    .profile = "credit_servers",
};

const struct test random_intx = {
    .name = "random_intx",
    .requirements = "INTX-02, INTX-06, INTX-08, INTX-10, INTX-11, INTX-12, INTX-17, CFG-03, CFG-04, RACE-35, RACE-36",
    .story = "The legacy interrupt: its level against Interrupt Disable, MSI-X Enable, data writes and D-states.",
    .profile = "intx",
};

const struct test random_resets = {
    .name = "random_resets",
    .requirements =
        "CFG-14, CFG-15, CFG-16, CFG-17, CFG-18, CFG-19, INTX-13, INTX-14, MSIX-TBL-32, MSIX-PBA-33, RACE-29, RACE-30, "
        "RACE-31, RACE-32, RACE-33",
    .story =
        "Function-level reset, link down, reset and D3hot when idle, in mid-TLP, stalled, without credit, in a drain.",
    .profile = "resets",
};

const struct test random_power = {
    .name = "random_power",
    .requirements = "MSIX-PBA-30, MSIX-PBA-31, MSIX-PBA-32, MMIO-34, CFG-24, INTX-19, RACE-34",
    .story = "D3hot and back around events, data, reads and the legacy interrupt.",
    .profile = "power",
};

const struct test random_target = {
    .name = "random_target",
    .requirements =
        "MMIO-04, MMIO-06, MMIO-14, MMIO-29, MMIO-31, MMIO-32, MMIO-33, ORD-20, ORD-21, ORD-24, ORD-25, RACE-50",
    .story = "The host asks at full rate, with all tags under way and any attributes, around messages.",
    .profile = "target",
};

const struct test random_illegal = {
    .name = "random_illegal",
    .requirements = "ENV-06, MMIO-15, MMIO-24, MMIO-26, MMIO-27, MMIO-28, MMIO-30, MMIO-38, CFG-11, CFG-13, FC-11",
    .story =
        "Requests that the function does not support and that no sender may send; all else goes on as if nothing was.",
    .profile = "illegal",
};
