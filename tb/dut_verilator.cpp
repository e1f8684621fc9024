/*
 * dut_verilator.cpp - dut.h on top of a Verilated msix_top. The only file that knows Verilator, and the only C++.
 *
 * Build: this file, the model and Verilator's runtime are compiled with `-include tb/dut_text.h`; this file also with
 * -DCFG_NVEC=... and the other numbers of tb/configs/NAME.mk (decimal, or C syntax), -DCFG_CONFIG_NAME='"NAME"', with
 * -DCFG_BLOCK='"FOLDER"' if the design is not that of rtl/, and
 * with -DVM_TRACE_FST=1 if the model was built with --trace-fst and -DVM_COVERAGE=1 if it was with --coverage-*. The same
 * numbers go to Verilator as -GNVEC=...
 * With -DDUT_MUTANTS it is the netlist of scripts/mutants.py, which holds many faults and takes the number of one from
 * the environment variable MUTANT.
 *
 * Interfaces of Verilator beyond its documented C++ API: VL_PRINTF and VL_USER_STOP/FATAL/FINISH (compile-time
 * overrides in verilatedos.h and verilated.cpp). Pins are copied by size, so that QData and VlWide are both fine.
 *
 * Text: the runtime prints without saying for whom, so the dut being evaluated is kept in a thread-local pointer.
 * It is set, together with Verilator's own thread context, which counts the errors, during dut_create, dut_cycle,
 * dut_waves_* and dut_destroy. Everything else that is mutable belongs to a
 * struct dut with a VerilatedContext of its own.
 */
#include "dut.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <type_traits>

#include "Vmsix_top.h"
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
#endif
#if VM_COVERAGE
#include <fstream>
#include <map>

#include "verilated_cov.h"
#endif

struct dut {
    std::unique_ptr<VerilatedContext> context;
    std::unique_ptr<Vmsix_top> model;
    dut_text_fn *text;
    void *text_ctx;
    std::string line;            /* text without its newline yet */
    uint64_t cycles;
#if VM_TRACE_FST
    std::unique_ptr<VerilatedFstC> fst;   /* registered with the model at the first window */
    bool fst_open;
#endif
};

namespace {

thread_local dut *current_dut = nullptr;

class current_scope {
public:
    explicit current_scope(dut *d) : previous(current_dut)
    {
        current_dut = d;
        if (d->context) Verilated::threadContextp(d->context.get());
    }
    ~current_scope() { current_dut = previous; }
    current_scope(const current_scope &) = delete;
    current_scope &operator=(const current_scope &) = delete;

private:
    dut *previous;
};

#ifndef CFG_BLOCK
#define CFG_BLOCK ""
#endif

const dut_config build_config = {
    CFG_CONFIG_NAME,
    CFG_NVEC,
    CFG_DATA_DW,
    CFG_MPS_MAX,
    CFG_BAR0_SIZE_LOG2,
    CFG_TABLE_OFFSET,
    CFG_PBA_OFFSET,
    CFG_CSR_OFFSET,
    CFG_MSI_VECTORS_LOG2,
    CFG_INTX_PIN,
    CFG_VENDOR_ID,
    CFG_DEVICE_ID,
    CFG_SUBSYS_VENDOR_ID,
    CFG_SUBSYS_ID,
    CFG_CLASS_CODE,
    CFG_REVISION_ID,
    CFG_NO_SOFT_RESET,
    0x40,
    0x70,
    0xB0,
    CFG_BLOCK,
};

constexpr size_t stream_bytes = 4 * CFG_DATA_DW;
constexpr uint32_t keep_mask = (1u << CFG_DATA_DW) - 1u;   /* the model wants unused bits of its inputs clear */
using keep_type = std::remove_reference<decltype(Vmsix_top::rx_tkeep)>::type;
static_assert(CFG_DATA_DW <= DUT_MAX_DW, "the stream is wider than struct dut_beat");
static_assert(sizeof(Vmsix_top::rx_tdata) == stream_bytes, "model and CFG_DATA_DW differ");
static_assert(sizeof(Vmsix_top::tx_tdata) == stream_bytes, "model and CFG_DATA_DW differ");

/* Text of the design. */

bool is_error(const std::string &line)
{
    return line.find("%Error") != std::string::npos || line.find("%Fatal") != std::string::npos;
}

void deliver(dut *d, const std::string &line)
{
    if (d && d->text) {
        d->text(d->text_ctx, is_error(line), line.c_str());
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
}

void append_text(const char *text)
{
    dut *const d = current_dut;
    if (!d) {
        std::fputs(text, stderr);
        return;
    }
    for (const char *c = text; *c; ++c) {
        if (*c != '\n') {
            d->line += *c;
        } else {
            deliver(d, d->line);
            d->line.clear();
        }
    }
}

void flush_text(dut *d)
{
    if (!d->line.empty()) {
        deliver(d, d->line);
        d->line.clear();
    }
}

}  // namespace

extern "C" int dut_text_printf(const char *format, ...)
{
    char small[512];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int length = std::vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length >= static_cast<int>(sizeof small)) {
        std::string large(static_cast<size_t>(length) + 1, '\0');
        std::vsnprintf(&large[0], large.size(), format, again);
        append_text(large.c_str());
    } else if (length > 0) {
        append_text(small);
    }
    va_end(again);
    return length;
}

/* A design that stops itself does not stop the bench: the error count says that the run has failed. */
void vl_stop(const char *, int, const char *) VL_MT_UNSAFE {}

void vl_finish(const char *file, int line, const char *) VL_MT_UNSAFE
{
    dut_text_printf("%%Error: %s:%d: the design called $finish\n", file, line);
    Verilated::threadContextp()->errorCountInc();
}

/* Called for faults of the simulation itself (no convergence, internal errors). */
void vl_fatal(const char *file, int line, const char *, const char *message) VL_MT_UNSAFE
{
    dut_text_printf("%%Error: %s:%d: %s\n", file ? file : "", line, message);
    Verilated::threadContextp()->errorCountInc();
}

/* Pins. */

namespace {

void drive(Vmsix_top &m, const dut_in &in)
{
    m.rst_n = in.rst_n;

    std::memcpy(&m.rx_tdata, in.rx.data, stream_bytes);
    m.rx_tkeep = static_cast<keep_type>(in.rx.keep & keep_mask);
    m.rx_tlast = in.rx.last;
    m.rx_tvalid = in.rx.valid;
    std::memcpy(&m.dma_tdata, in.dma.data, stream_bytes);
    m.dma_tkeep = static_cast<keep_type>(in.dma.keep & keep_mask);
    m.dma_tlast = in.dma.last;
    m.dma_tvalid = in.dma.valid;
    std::memcpy(&m.dmr_tdata, in.dmr.data, stream_bytes);
    m.dmr_tkeep = static_cast<keep_type>(in.dmr.keep & keep_mask);
    m.dmr_tlast = in.dmr.last;
    m.dmr_tvalid = in.dmr.valid;
    m.tx_tready = in.tx_tready;

    m.evt_valid = in.evt_valid;
    m.evt_vector = in.evt_vector & 0x7FFu;
    m.clr_valid = in.clr_valid;
    m.clr_vector = in.clr_vector & 0x7FFu;
    m.intx_level = in.intx_level;
    m.csr_ready = in.csr_ready;
    m.csr_error = in.csr_error;
    m.csr_rdata = in.csr_rdata;

    m.fc_ph = in.fc.ph;
    m.fc_nph = in.fc.nph;
    m.fc_cplh = in.fc.cplh;
    m.fc_pd = in.fc.pd & 0xFFFu;
    m.fc_npd = in.fc.npd & 0xFFFu;
    m.fc_cpld = in.fc.cpld & 0xFFFu;
    m.fc_ph_inf = in.fc.ph_inf;
    m.fc_nph_inf = in.fc.nph_inf;
    m.fc_cplh_inf = in.fc.cplh_inf;
    m.fc_pd_inf = in.fc.pd_inf;
    m.fc_npd_inf = in.fc.npd_inf;
    m.fc_cpld_inf = in.fc.cpld_inf;
    m.link_up = in.link_up;
    m.fc_init_done = in.fc_init_done;
    m.flr_done = in.flr_done;
}

void sample_beat(dut_beat &beat, const void *data, uint32_t keep, bool last, bool valid)
{
    std::memcpy(beat.data, data, stream_bytes);
    std::memset(beat.data + CFG_DATA_DW, 0, sizeof beat.data - stream_bytes);
    beat.keep = keep;
    beat.last = last;
    beat.valid = valid;
}

void sample(const Vmsix_top &m, dut_out &out)
{
    out.rx_tready = m.rx_tready;
    out.rxfc_ph = m.rxfc_ph;
    out.rxfc_nph = m.rxfc_nph;
    out.rxfc_pd = m.rxfc_pd;
    out.rxfc_npd = m.rxfc_npd;
    sample_beat(out.tx, &m.tx_tdata, m.tx_tkeep, m.tx_tlast, m.tx_tvalid);
    out.dma_tready = m.dma_tready;
    out.dmr_tready = m.dmr_tready;
    sample_beat(out.dmc, &m.dmc_tdata, m.dmc_tkeep, m.dmc_tlast, m.dmc_tvalid);
    out.evt_ready = m.evt_ready;
    out.clr_ready = m.clr_ready;

    out.csr_valid = m.csr_valid;
    out.csr_write = m.csr_write;
    out.csr_addr = m.csr_addr;
    out.csr_be = m.csr_be;
    out.csr_wdata = m.csr_wdata;

    out.cfg_requester_id = m.cfg_requester_id;
    out.cfg_bme = m.cfg_bme;
    out.cfg_mse = m.cfg_mse;
    out.cfg_int_disable = m.cfg_int_disable;
    out.cfg_msi_enable = m.cfg_msi_enable;
    out.cfg_msix_enable = m.cfg_msix_enable;
    out.cfg_msix_fmask = m.cfg_msix_fmask;
    out.cfg_mps = m.cfg_mps;
    out.cfg_mrrs = m.cfg_mrrs;
    out.cfg_ro_en = m.cfg_ro_en;
    out.cfg_ns_en = m.cfg_ns_en;
    out.cfg_ido_req_en = m.cfg_ido_req_en;
    out.cfg_ido_cpl_en = m.cfg_ido_cpl_en;
    out.cfg_dstate = m.cfg_dstate;
    out.err_ur = m.err_ur;
    out.err_poisoned = m.err_poisoned;
    out.err_malformed = m.err_malformed;
    out.err_unexp_cpl = m.err_unexp_cpl;
    out.flr_active = m.flr_active;
}

void dump_at(dut *d, uint64_t ns)
{
#if VM_TRACE_FST
    if (d->fst_open) d->fst->dump(ns);
#else
    (void)d;
    (void)ns;
#endif
}

}  // namespace

/* The boundary. */

extern "C" const dut_config *dut_get_config(void)
{
    return &build_config;
}

extern "C" dut *dut_create(uint32_t power_up_seed, dut_text_fn *text, void *ctx)
try {
    std::unique_ptr<dut> d(new dut());
    d->text = text;
    d->text_ctx = ctx;
    const current_scope scope(d.get());
    d->context.reset(new VerilatedContext);
    Verilated::threadContextp(d->context.get());
#if VM_COVERAGE
    d->context->randReset(0);   /* random start values would cover, before reset, what never happens after it */
#else
    d->context->randReset(2);
#endif
    /* 0 would mean a seed from the clock */
    d->context->randSeed(static_cast<int>(power_up_seed % 0x7FFFFFFFu) + 1);
    d->context->fatalOnError(false);
#if VM_TRACE_FST
    d->context->traceEverOn(true);
#endif
    d->model.reset(new Vmsix_top(d->context.get(), "top"));
    d->model->clk = 0;
#ifdef DUT_MUTANTS
    const char *const mutant = std::getenv("MUTANT");
    d->model->mutsel = static_cast<uint16_t>(mutant ? std::strtoul(mutant, nullptr, 10) : 0);
#endif
    return d.release();
} catch (const std::bad_alloc &) {
    return nullptr;
}

extern "C" void dut_destroy(dut *d)
{
    if (!d) return;
    dut_waves_close(d);
    const current_scope scope(d);
    d->model->final();
    flush_text(d);
    d->model.reset();
    delete d;
}

extern "C" void dut_cycle(dut *d, const dut_in *in, dut_out *out)
{
    const current_scope scope(d);
    Vmsix_top &m = *d->model;
    const uint64_t ns = 10 * d->cycles;

    m.clk = 0;
    drive(m, *in);
    d->context->time(ns);
    m.eval();
    sample(m, *out);
    dump_at(d, ns);

    m.clk = 1;
    d->context->time(ns + 5);
    m.eval();
    dump_at(d, ns + 5);

    ++d->cycles;
    if (!d->line.empty()) flush_text(d);
}

extern "C" uint64_t dut_cycles(const dut *d)
{
    return d->cycles;
}

extern "C" unsigned dut_errors(const dut *d)
{
    return static_cast<unsigned>(d->context->errorCount());
}

extern "C" int dut_waves_open(dut *d, const char *file)
{
#if VM_TRACE_FST
    if (d->fst_open) return -1;
    const current_scope scope(d);
    if (!d->fst) {
        d->fst.reset(new VerilatedFstC);
        d->fst->set_time_unit("1ns");
        d->fst->set_time_resolution("1ns");
        d->model->trace(d->fst.get(), 99);
    }
    d->fst->open(file);
    d->fst_open = d->fst->isOpen();
    return d->fst_open ? 0 : -1;
#else
    (void)d;
    (void)file;
    return -1;
#endif
}

extern "C" void dut_waves_close(dut *d)
{
#if VM_TRACE_FST
    if (!d->fst_open) return;
    const current_scope scope(d);
    dump_at(d, 10 * d->cycles);   /* the file lasts to the end of the last cycle */
    d->fst->close();
    d->fst_open = false;
#else
    (void)d;
#endif
}

/* Coverage: the file has a line for each point, its keys in quotes and then its count; a header begins with '#'. */

#if VM_COVERAGE
namespace {

/* Adds the points of a file. A file that is not there has none. */
void read_points(const std::string &file, std::map<std::string, uint64_t> &points)
{
    std::ifstream from(file);
    std::string line;
    while (std::getline(from, line)) {
        const size_t end = line.rfind("' ");
        if (line[0] == 'C' && end != std::string::npos) points[line.substr(0, end + 2)] += std::stoull(line.substr(end + 2));
    }
}

bool write_points(const std::string &file, const std::map<std::string, uint64_t> &points)
{
    std::ofstream to(file);
    to << "# SystemC::Coverage-3\n";
    for (const auto &point : points) to << point.first << point.second << '\n';
    to.close();
    return !to.fail();
}

}  // namespace
#endif

extern "C" int dut_coverage_add(dut *d, const char *file)
{
#if VM_COVERAGE
    const current_scope scope(d);
    const std::string sum = file, one = sum + ".run";
    std::map<std::string, uint64_t> points;
    d->context->coveragep()->write(one.c_str());
    read_points(one, points);
    read_points(sum, points);
    std::remove(one.c_str());
    return write_points(one, points) && std::rename(one.c_str(), sum.c_str()) == 0 ? 0 : 1;
#else
    (void)d;
    (void)file;
    return -1;
#endif
}
