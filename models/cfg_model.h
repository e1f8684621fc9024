/*
 * cfg_model.h - the configuration space of a Type 0 function, as PCIe sees it from outside.
 *
 * 1024 registers of one DW, each with a value, masks of bits that software can write or clear by writing 1, and a mask
 * of bits whose read value is predicted ("care"). A bit that is not cared for may read as anything: the specification
 * leaves it open, or its value is not certain now.
 *
 * Modelled: Type 0 header, power management, PCI Express and MSI-X capability (CFG-01, CFG-06..CFG-08, CFG-10, CFG-14,
 * CFG-16, CFG-17, CFG-24, CFG-25, MSIX-CAP-01..14, MSIX-CAP-24, MSIX-CAP-26). The capability list is a table in
 * cfg_model.c; another capability is another row.
 *
 * Error status bits (MMIO-38) are raised by whoever saw the error, with the moment of the TLP that is to blame. When the
 * function sets the bit is hidden, so until a later request was completed the bit may read 0 or 1.
 *
 * Register values are numbers: bit 0 of the DW at byte offset r is bit 0 of byte r. The bytes of a configuration
 * TLP's payload DW are turned into such a number by tlp_payload_le(). Callers decide what reaches the model: a poisoned
 * write (CFG-13) or one that was answered with Unsupported Request is not handed over. No allocation; the caller owns
 * the structure.
 */
#ifndef CFG_MODEL_H
#define CFG_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { CFG_MODEL_REGS = 1024 };

/* Byte offsets of the registers that the bench talks about by name. */
enum cfg_offset {
    CFG_ID = 0x00,
    CFG_COMMAND = 0x04, /* Status in the upper half */
    CFG_CLASS = 0x08,
    CFG_HEADER_TYPE = 0x0C,
    CFG_BAR0 = 0x10,
    CFG_BAR1 = 0x14,
    CFG_SUBSYSTEM = 0x2C,
    CFG_CAP_POINTER = 0x34,
    CFG_INTERRUPT = 0x3C
};

/* Bits of the DW at CFG_COMMAND and of the first DW of the MSI-X capability. */
#define CFG_COMMAND_MSE UINT32_C(0x00000002)
#define CFG_COMMAND_BME UINT32_C(0x00000004)
#define CFG_COMMAND_PARITY UINT32_C(0x00000040)
#define CFG_COMMAND_INT_DISABLE UINT32_C(0x00000400)
#define CFG_STATUS_INTERRUPT UINT32_C(0x00080000)
#define CFG_STATUS_CAP_LIST UINT32_C(0x00100000)
#define CFG_MSIX_FMASK UINT32_C(0x40000000)
#define CFG_MSIX_ENABLE UINT32_C(0x80000000)

/* Device Status bit 5 as a bit of its DW. */
#define CFG_TRANSACTIONS_PENDING UINT32_C(0x00200000)

/* Registers inside the capabilities, bytes from their beginning. */
enum { CFG_PMCSR = 0x04, CFG_DEVICE_CONTROL = 0x08, CFG_LINK_CONTROL = 0x10, CFG_DEVICE_CONTROL2 = 0x28 };

/* Error status bits: those of Status, then those of Device Status (MMIO-38). For sets: 1U << bit. */
enum cfg_error {
    CFG_MASTER_PARITY,         /* Status 8 */
    CFG_SIGNALED_TARGET_ABORT, /* 11 */
    CFG_RECEIVED_TARGET_ABORT, /* 12 */
    CFG_RECEIVED_MASTER_ABORT, /* 13 */
    CFG_DETECTED_PARITY,       /* 15 */
    CFG_CORRECTABLE,           /* Device Status 0 */
    CFG_NONFATAL,              /* 1 */
    CFG_FATAL,                 /* 2 */
    CFG_UNSUPPORTED,           /* 3 */
    CFG_ERRORS
};

/* What a write does besides changing its register. */
enum cfg_effect {
    CFG_NO_EFFECT,
    CFG_FLR,       /* Initiate Function Level Reset; the model waits for cfg_model_flr() */
    CFG_SOFT_RESET /* D3hot to D0 without No_Soft_Reset: the model has reset itself (MSIX-PBA-31) */
};

/* What the function was built with. */
struct cfg_params {
    unsigned nvec;           /* MSI-X table entries, 1..2048 */
    unsigned bar0_size_log2; /* BAR0 is 2^n bytes, 4..63 */
    uint32_t table_offset;   /* in BAR0, bytes, multiple of 8 */
    uint32_t pba_offset;     /* in BAR0, bytes, multiple of 8 */
    uint8_t msix_cap_offset; /* byte offset of the capability, 40h..F4h, multiple of 4; 0: no MSI-X capability */
    uint8_t pm_cap_offset;   /* the same for power management */
    uint8_t pcie_cap_offset; /* and for PCI Express; without it error status bits are not predicted */
    bool no_soft_reset;      /* D3hot to D0 keeps all (MSIX-PBA-32) */
    unsigned mps_max;        /* largest payload supported: 128, 256 or 512 bytes; 0 counts as 128 */
    uint8_t intx_pin;        /* what register 3Dh must read: 0 none, 1..4 INTA..INTD */
    uint16_t vendor_id, device_id, subsys_vendor_id, subsys_id;
    uint32_t class_code; /* 24 bits: base class, sub-class, interface */
    uint8_t revision_id;
};

struct cfg_reg {
    uint32_t value;    /* now */
    uint32_t reset;    /* after reset and FLR */
    uint32_t writable; /* bits that a configuration write changes */
    uint32_t keep;     /* bits that FLR leaves as they are (CFG-17) */
    uint32_t care;     /* bits whose read value is predicted */
};

/* A field that takes some values only; another one leaves it unchanged. */
struct cfg_field {
    uint16_t reg;
    uint8_t shift, mask;
    uint8_t legal; /* bit v: the value v is taken */
};

/* An error status bit: 0 or 1 for certain, 1 as soon as what happened at `since` is proven, or unknown. */
struct cfg_error_bit {
    enum { CFG_BIT_0, CFG_BIT_RISING, CFG_BIT_1, CFG_BIT_UNKNOWN } state;
    uint64_t since; /* of CFG_BIT_RISING */
    uint64_t last;  /* moment of the last error that sets it */
    unsigned owed;  /* requests under way that set it before they are completed */
};

enum { CFG_FIELDS = 3 };

struct cfg_model {
    struct cfg_params params;
    struct cfg_reg reg[CFG_MODEL_REGS];
    struct cfg_field field[CFG_FIELDS];
    unsigned n_fields;
    struct cfg_error_bit error[CFG_ERRORS];
    uint64_t proven;      /* TLPs before this moment have had their effect */
    uint16_t captured_id; /* bus 15:8, device 7:3, function 2:0 = 0; 0 before the first capture */
};

/* Builds the space of such a function, in its reset state. `params` is copied. */
void cfg_model_init(struct cfg_model *m, const struct cfg_params *params);

/* Conventional reset: all registers at their reset values, the captured bus and device numbers forgotten (CFG-01). */
void cfg_model_reset(struct cfg_model *m);

/* Function-level reset: as cfg_model_reset(), but the captured numbers stay, and what CFG-17 names (CFG-16, CFG-21). */
void cfg_model_flr(struct cfg_model *m);

/*
 * A configuration write of `value` to the DW at byte offset `reg` (0..4092; bits 1:0 are ignored) with byte enables
 * `first_be` (bit k: byte k). Bits that are not writable keep their value (CFG-10, MSIX-CAP-10, MSIX-CAP-24).
 * Status bits that are written 1 are cleared. Returns what else it does.
 */
enum cfg_effect cfg_model_write(struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value);

/* Would this write start a function-level reset (CFG-14)? */
bool cfg_model_starts_flr(const struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value);

/* A write behind which the function has been reset already: only bits that FLR leaves as they are take its value (CFG-17). */
void cfg_model_write_before_flr(struct cfg_model *m, uint16_t reg, uint8_t first_be, uint32_t value);

/*
 * Something seen at `moment` sets these error status bits (a set of 1U << enum cfg_error); `certain` false: it may or may
 * not have. And: whatever was seen before `moment` has had its effect.
 */
void cfg_model_error(struct cfg_model *m, unsigned errors, uint64_t moment, bool certain);
void cfg_model_proven(struct cfg_model *m, uint64_t moment);
/* A request that entered at `moment` sets them at some time before it is completed; and: it has been completed. Pairs. */
void cfg_model_owe(struct cfg_model *m, unsigned errors, uint64_t moment);
void cfg_model_settle(struct cfg_model *m, unsigned errors);
/* Register and bit of an error status bit, as in its DW. */
uint16_t cfg_model_error_register(const struct cfg_model *m, enum cfg_error error, uint32_t *bit);

/* The value that a read of the DW at `reg` returns; `*care` (may be NULL) gets the mask of predicted bits. */
uint32_t cfg_model_read(const struct cfg_model *m, uint16_t reg, uint32_t *care);

/*
 * A Type 0 configuration write to `destination_id` was completed: bus and device are captured, whatever register it
 * wrote (TLP-17, TLP-18). The function number is the function's own, 0.
 */
void cfg_model_capture(struct cfg_model *m, uint16_t destination_id);

/* The ID of the function: captured bus and device, function 0; 0 before the first capture (MMIO-08, TLP-17). */
uint16_t cfg_model_requester_id(const struct cfg_model *m);

/* Command register bits 2, 1 and 10 (CFG-01). */
bool cfg_model_bme(const struct cfg_model *m);
bool cfg_model_mse(const struct cfg_model *m);
bool cfg_model_int_disable(const struct cfg_model *m);

bool cfg_model_parity_response(const struct cfg_model *m); /* bit 6 */

/* PowerState: 0 D0, 3 D3hot; 0 without the capability (CFG-24). */
unsigned cfg_model_dstate(const struct cfg_model *m);

/* Device Control and Device Control 2 (CFG-25); the reset values without the capability. Sizes as the registers code them: 0 = 128
 * bytes. */
unsigned cfg_model_mps(const struct cfg_model *m);
unsigned cfg_model_mrrs(const struct cfg_model *m);
bool cfg_model_relaxed_ordering(const struct cfg_model *m);
bool cfg_model_no_snoop(const struct cfg_model *m);
bool cfg_model_ido_request(const struct cfg_model *m);
bool cfg_model_ido_completion(const struct cfg_model *m);

/* Message Control bits 15 and 14 (MSIX-CAP-07, MSIX-CAP-08); false without the capability. */
bool cfg_model_msix_enable(const struct cfg_model *m);
bool cfg_model_msix_fmask(const struct cfg_model *m);

/* Base address of BAR0, 64 bits, type bits removed. Means nothing to memory requests while MSE is 0. */
uint64_t cfg_model_bar0(const struct cfg_model *m);

/* True if a write to the DW at `reg` can change when messages are sent: Command, MSI-X Message Control, PMCSR, Device
 * Control. */
bool cfg_model_affects_messages(const struct cfg_model *m, uint16_t reg);

/*
 * For tests: read-only bits at their reset values, capability list well-formed (inside 40h..FFh, aligned, no overlap,
 * no loop, MSI-X at most once: MSIX-CAP-02, -03, -04), structures inside the BAR and apart (MSIX-CAP-17, -18).
 * Returns NULL, or a sentence that says what is wrong. Static storage.
 */
const char *cfg_model_check_invariants(const struct cfg_model *m);

#endif
