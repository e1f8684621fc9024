/*
 * dut.h - the boundary between the C bench and the device under test.
 *
 * Everything below this header is replaceable: other RTL behind the same port list, another
 * simulator, a netlist, a model in C. The bench fills one `struct dut_in`, calls `dut_cycle()` once
 * a clock and reads one `struct dut_out`. There are no per-pin calls and no other way in or out.
 *
 * Sampling: `dut_cycle()` applies the inputs while clk is low, lets the combinational paths
 * settle, samples every output there (the values that the rising edge will see), and then
 * raises the clock. A handshake therefore happened in a cycle exactly if valid (from one side)
 * and ready (from the other) are both set in that cycle's `in` and `out`.
 *
 * Streams carry TLPs in DWs. TLP byte 4i+j (byte 0 is first on the wire) is bits
 * 8*(3-j)+7 : 8*(3-j) of `data[i mod data_dw]` in beat `i / data_dw`, header and payload alike.
 */
#ifndef DUT_H
#define DUT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The widest stream that any build configuration has, in DWs. */
enum { DUT_MAX_DW = 16 };

/* What the design was built with: the numbers of tb/configs/NAME.mk, in effect. */
struct dut_config {
    const char *name;          /* name of the build configuration, e.g. "default" */
    unsigned nvec;             /* table entries, 1..2048 */
    unsigned data_dw;          /* stream width in DWs: 2, 4, 8 or 16 */
    unsigned mps_max;          /* largest payload, bytes: 128, 256 or 512 */
    unsigned bar0_size_log2;   /* BAR0 is 2^n bytes */
    uint32_t table_offset;     /* of the MSI-X table in BAR0, bytes, multiple of 8 */
    uint32_t pba_offset;       /* of the pending-bit array in BAR0, bytes, multiple of 8 */
    uint32_t csr_offset;       /* of the device registers' 4 KB page in BAR0, bytes */
    unsigned msi_vectors_log2; /* 0..5 */
    unsigned intx_pin;         /* 0 none, 1..4 INTA..INTD */
    uint16_t vendor_id, device_id, subsys_vendor_id, subsys_id;
    uint32_t class_code; /* 24 bits: base class, sub-class, interface */
    uint8_t revision_id;
    bool no_soft_reset; /* PMCSR bit 3: D3hot to D0 keeps the function's state */
    /* capabilities in configuration space, byte offsets */
    uint16_t pm_cap, pcie_cap, msix_cap;
    const char *block; /* folder of the design (`make BLOCK=`); empty or NULL: rtl/ */
};

/* One beat on a stream, driver's side. */
struct dut_beat {
    uint32_t data[DUT_MAX_DW]; /* only the first data_dw words exist */
    uint32_t keep;             /* one bit a DW */
    bool last;
    bool valid;
};

/* Cumulative credit limits of the host's receive buffers (what the block may send). Headers count modulo 256, data
 * units of 16 bytes modulo 4096. A set `*_inf` flag means: never throttle this type. */
struct dut_credit_limits {
    uint8_t ph, nph, cplh;
    uint16_t pd, npd, cpld;
    bool ph_inf, nph_inf, cplh_inf, pd_inf, npd_inf, cpld_inf;
};

struct dut_in {
    bool rst_n;          /* synchronous, active low */
    struct dut_beat rx;  /* TLPs from the host */
    struct dut_beat dma; /* posted memory writes of the device logic */
    struct dut_beat dmr; /* memory read requests of the device logic */
    bool tx_tready;
    bool evt_valid;      /* an interrupt cause */
    bool clr_valid;      /* a cause was satisfied: drop its pending bit */
    uint16_t evt_vector; /* 0..2047 */
    uint16_t clr_vector;
    bool intx_level; /* legacy cause */
    bool csr_ready;  /* device registers: request taken, csr_rdata valid in this cycle */
    bool csr_error;  /* with csr_ready: the access failed for good */
    uint64_t csr_rdata;
    struct dut_credit_limits fc;
    bool link_up;
    bool fc_init_done;
    bool flr_done; /* the device logic has stopped */
};

struct dut_out {
    bool rx_tready;
    uint8_t rxfc_ph, rxfc_nph; /* cumulative credits that the block grants the host */
    uint16_t rxfc_pd, rxfc_npd;
    struct dut_beat tx; /* TLPs to the host */
    bool dma_tready;
    bool dmr_tready;
    struct dut_beat dmc; /* completions for dmr; no ready */
    bool evt_ready;
    bool clr_ready;
    bool csr_valid; /* held with stable fields until csr_ready */
    bool csr_write;
    uint16_t csr_addr; /* byte offset in the page, multiple of 8 */
    uint8_t csr_be;    /* one bit a byte of the QWORD */
    uint64_t csr_wdata;
    uint16_t cfg_requester_id; /* bus 15:8, device 7:3, function 2:0 */
    bool cfg_bme, cfg_mse, cfg_int_disable;
    bool cfg_msi_enable, cfg_msix_enable, cfg_msix_fmask;
    uint8_t cfg_mps;  /* Device Control encoding: 0 = 128 bytes, 1 = 256, 2 = 512 */
    uint8_t cfg_mrrs; /* Device Control encoding */
    bool cfg_ro_en, cfg_ns_en, cfg_ido_req_en, cfg_ido_cpl_en;
    uint8_t cfg_dstate;                                      /* 0 = D0, 3 = D3hot */
    bool err_ur, err_poisoned, err_malformed, err_unexp_cpl; /* one-clock pulses */
    bool flr_active;
};

struct dut;

/* Text that the design printed ($display, $error, a failing assertion). `error` is set if it counts as a failure. The
 * text ends without a newline and is only valid during the call. */
typedef void dut_text_fn(void *ctx, bool error, const char *text);

/* The parameters of this build. Static storage, never NULL. */
const struct dut_config *dut_get_config(void);

/*
 * Builds a design whose registers and memories start with random values drawn from
 * `power_up_seed` (any value; the same seed gives the same start). Nothing is clocked yet. `text` may be
 * NULL. Returns NULL if memory runs out. The caller owns the result and frees it with dut_destroy().
 */
struct dut *dut_create(uint32_t power_up_seed, dut_text_fn *text, void *ctx);

/* Closes waves, frees. NULL is allowed. */
void dut_destroy(struct dut *dut);

/* One clock. `in` is only read; every field of `out` is written (words past data_dw are zero). */
void dut_cycle(struct dut *dut, const struct dut_in *in, struct dut_out *out);

/* Clocks since dut_create(). The wave file counts 10 ns a clock, rising edge of cycle n at 10n + 5 ns. */
uint64_t dut_cycles(const struct dut *dut);

/* $error, failing assertions and $fatal so far; a run with any of them has failed. */
unsigned dut_errors(const struct dut *dut);

/*
 * Starts an FST wave file at the current cycle, or ends it. Windows may be opened and closed at will within
 * one run, one at a time, each with a file name of its own. dut_waves_open returns 0, or -1 if the build has no
 * waves or one is open already.
 */
int dut_waves_open(struct dut *dut, const char *file);
void dut_waves_close(struct dut *dut);

/*
 * Adds what this run has covered of the design to a file in the format of Verilator's coverage.dat, which is made if
 * there is none: points are lines, each with a count. To be called once, last. Returns 0; 1 if the file could not be
 * read or written; -1, and no file, if the build has no coverage.
 */
int dut_coverage_add(struct dut *dut, const char *file);

#ifdef __cplusplus
}
#endif
#endif
