// rx_exec - carries out received requests, strictly in the order of their arrival.
//
// Behaviour: BAR0 accesses of one or two DWs go to the register bus of the vector core or to the csr port; one
// aligned QWORD is one access, two DWs across a QWORD boundary are two, in ascending order. Configuration requests
// take one cycle. Reads produce a completion at once, for which a slot is reserved by the credit that the host
// spent; so nothing here ever waits for the transmit side. Accesses without any byte enabled, or to BAR space
// without a structure, end at once: they read 0 and write nothing. A device register that fails makes a read Completer
// Abort; a write is dropped. Completions are passed to dmc_path in one cycle. errors_o reports each TLP once.
// While flr_i is high memory requests are dropped or UR, configuration requests are answered RRS and have no effect,
// and none of them is an error.
// Latency: 1 cycle for a request that is refused or dropped, 2 for configuration, 2 + bus for memory.
// Back-pressure: req_take_o ends a request; the bus and csr ports hold their fields until ack.
module rx_exec #(
  parameter int unsigned NVEC           = 32,
  parameter int unsigned BAR0_SIZE_LOG2 = 16,
  parameter int unsigned TABLE_OFFSET   = 0,
  parameter int unsigned PBA_OFFSET     = 32'h8000,
  parameter int unsigned CSR_OFFSET     = 32'h9000
) (
  input  logic                       clk,
  input  logic                       rst_n,
  // requests
  input  logic                       req_valid_i,
  input  msix_pkg::rx_req_t          req_i,
  output logic                       req_take_o,
  input  logic                       flr_i,
  output msix_pkg::rx_errors_t       errors_o,
  // configuration space
  output logic                       cfg_write_o,
  output logic [9:0]                 cfg_addr_o,
  output logic [3:0]                 cfg_be_o,
  output logic [31:0]                cfg_wdata_o,
  output logic [12:0]                cfg_bus_dev_o,     // of the request: to be captured by a write
  input  logic [31:0]                cfg_rdata_i,
  input  logic [12:0]                bus_dev_i,         // captured
  input  logic                       mem_enable_i,
  input  logic [63:BAR0_SIZE_LOG2]   bar0_i,
  // register bus of the vector core
  output logic                       bus_valid_o,
  output logic                       bus_write_o,
  output logic                       bus_pba_o,
  output logic [11:0]                bus_addr_o,
  output logic [7:0]                 bus_be_o,
  output logic [63:0]                bus_wdata_o,
  input  logic                       bus_ack_i,
  input  logic [63:0]                bus_rdata_i,
  // device registers
  output logic                       csr_valid_o,
  output logic                       csr_write_o,
  output logic [11:0]                csr_addr_o,
  output logic [7:0]                 csr_be_o,
  output logic [63:0]                csr_wdata_o,
  input  logic                       csr_ready_i,
  input  logic                       csr_error_i,
  input  logic [63:0]                csr_rdata_i,
  // completions
  output logic                       cpl_valid_o,
  output msix_pkg::cpl_t             cpl_o,
  input  logic                       cpl_ready_i
);

  typedef enum logic [1:0] {StIdle, StBus, StCpl} state_e;

  localparam int unsigned QW = BAR0_SIZE_LOG2 - 3;

  state_e      state_q, state_d;
  logic        second_q;     // second half of a split access
  logic [2:0]  status_q;
  logic [63:0] rdata_q;
  logic        unused_fields;

  assign unused_fields = ^{req_i.data_units, req_i.has_data, req_i.locked, req_i.addr_low};   // rx_path, dmc_path

  // ---- what the request is
  logic is_mem, is_write, is_cfg, is_np, two_dw, odd, split;
  logic bar_hit, mem_fits, mem_ok, cfg_mine, cfg_ok;
  logic [QW-1:0] qword;

  assign is_mem   = (req_i.kind == msix_pkg::KIND_MRD) | (req_i.kind == msix_pkg::KIND_MWR);
  assign is_write = req_i.kind == msix_pkg::KIND_MWR;
  assign is_cfg   = (req_i.kind == msix_pkg::KIND_CFG_RD) | (req_i.kind == msix_pkg::KIND_CFG_WR);
  assign is_np    = is_cfg | (req_i.kind == msix_pkg::KIND_MRD) | (req_i.kind == msix_pkg::KIND_NP_UR);
  assign two_dw   = req_i.length == 11'd2;
  assign odd      = req_i.addr[0];
  assign split    = two_dw & odd;
  assign qword    = req_i.addr[QW:1];

  // The last DW of the request must lie in the BAR too.
  assign bar_hit = mem_enable_i & (req_i.addr[61:BAR0_SIZE_LOG2-2] == bar0_i) & ~(split & (&qword));
  assign mem_fits = is_mem & bar_hit & (two_dw | (req_i.length == 11'd1)) & ~flr_i;
  assign mem_ok   = mem_fits & ~req_i.poisoned;
  assign cfg_mine = is_cfg & (req_i.addr[16:14] == 3'd0);
  assign cfg_ok   = cfg_mine & ~req_i.poisoned & ~flr_i;

  // ---- the access to BAR0
  logic [QW-1:0] acc_qword;
  logic [1:0]    region;
  logic [11:0]   qword_index;
  logic [7:0]    acc_be;
  logic [63:0]   acc_wdata, acc_rdata;
  logic          acc_real, acc_ack, acc_last;

  assign acc_qword = qword + QW'(second_q);

  bar_decode #(
    .NVEC(NVEC), .BAR0_SIZE_LOG2(BAR0_SIZE_LOG2), .TABLE_OFFSET(TABLE_OFFSET), .PBA_OFFSET(PBA_OFFSET),
    .CSR_OFFSET(CSR_OFFSET)
  ) u_bar_decode (
    .qword_i(acc_qword), .region_o(region), .qword_index_o(qword_index)
  );

  always_comb begin
    if (second_q) begin
      acc_be    = {4'd0, req_i.last_be};
      acc_wdata = {32'd0, req_i.data[63:32]};
    end else if (odd) begin
      acc_be    = {req_i.first_be, 4'd0};
      acc_wdata = {req_i.data[31:0], 32'd0};
    end else begin
      acc_be    = {two_dw ? req_i.last_be : 4'd0, req_i.first_be};
      acc_wdata = req_i.data;
    end
  end

  assign acc_real    = (state_q == StBus) & (|acc_be);
  assign bus_valid_o = acc_real & ((region == msix_pkg::REGION_TABLE) | (region == msix_pkg::REGION_PBA));
  assign bus_write_o = is_write;
  assign bus_pba_o   = region == msix_pkg::REGION_PBA;
  assign bus_addr_o  = qword_index;
  assign bus_be_o    = acc_be;
  assign bus_wdata_o = acc_wdata;
  assign csr_valid_o = acc_real & (region == msix_pkg::REGION_CSR);
  assign csr_write_o = is_write;
  assign csr_addr_o  = {acc_qword[8:0], 3'd0};
  assign csr_be_o    = acc_be;
  assign csr_wdata_o = acc_wdata;

  always_comb begin
    acc_ack   = 1'b1;
    acc_rdata = '0;
    if (bus_valid_o) begin
      acc_ack   = bus_ack_i;
      acc_rdata = bus_rdata_i;
    end else if (csr_valid_o) begin
      acc_ack   = csr_ready_i;
      acc_rdata = csr_rdata_i;
    end
  end
  assign acc_last = acc_ack & (second_q | ~split);

  // ---- configuration space: read or written in the first cycle
  assign cfg_write_o   = req_valid_i & (state_q == StIdle) & cfg_ok & (req_i.kind == msix_pkg::KIND_CFG_WR);
  assign cfg_addr_o    = req_i.addr[9:0];
  assign cfg_be_o      = req_i.first_be;
  assign cfg_wdata_o   = req_i.data[31:0];
  assign cfg_bus_dev_o = req_i.addr[29:17];

  // ---- sequence
  always_comb begin
    state_d    = state_q;
    req_take_o = 1'b0;
    unique case (state_q)
      StIdle: begin
        if (req_valid_i) begin
          if (mem_ok) state_d = StBus;
          else if (is_np) state_d = StCpl;
          else req_take_o = 1'b1;
        end
      end
      StBus: begin
        if (acc_last) begin
          state_d    = is_write ? StIdle : StCpl;
          req_take_o = is_write;
        end
      end
      StCpl: begin
        if (cpl_ready_i) begin
          state_d    = StIdle;
          req_take_o = 1'b1;
        end
      end
      default: state_d = StIdle;
    endcase
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      state_q  <= StIdle;
      second_q <= 1'b0;
    end else begin
      state_q <= state_d;
      if (state_q == StBus && acc_ack) second_q <= split & ~second_q;
    end
    if (state_q == StIdle) begin
      status_q <= (cfg_mine & flr_i) ? msix_pkg::CplRrs : (mem_ok | cfg_ok) ? msix_pkg::CplSc : msix_pkg::CplUr;
      rdata_q  <= {32'd0, cfg_rdata_i};
    end else if (state_q == StBus && acc_ack) begin
      if (csr_valid_o && csr_error_i) status_q <= msix_pkg::CplCa;
      if (second_q) rdata_q[63:32] <= acc_rdata[31:0];
      else if (odd) rdata_q <= {32'd0, acc_rdata[63:32]};
      else rdata_q <= acc_rdata;
    end
  end

  // ---- errors: a poisoned posted request is only that, a poisoned non-posted one is refused too
  always_comb begin
    errors_o           = '0;
    errors_o.ca_sent   = cpl_valid_o & cpl_ready_i & (status_q == msix_pkg::CplCa);
    if (req_valid_i && state_q == StIdle && req_i.kind != msix_pkg::KIND_CPL) begin
      errors_o.malformed = req_i.malformed;
    end
    if (req_valid_i && state_q == StIdle && req_i.kind != msix_pkg::KIND_CPL && !flr_i) begin
      errors_o.poisoned  = req_i.poisoned;
      errors_o.ur_posted = ((is_write & ~mem_fits) | (req_i.kind == msix_pkg::KIND_P_UR)) & ~req_i.poisoned;
      errors_o.ur        = errors_o.ur_posted | (is_np & ~mem_ok & ~cfg_ok);
    end
  end

  // ---- completion
  logic [11:0] byte_count;
  logic [1:0]  lead;   // disabled bytes at the beginning

  assign lead       = msix_pkg::first_byte(req_i.first_be);
  assign byte_count = 12'(msix_pkg::read_bytes(req_i.length, req_i.first_be, req_i.last_be));

  assign cpl_valid_o = state_q == StCpl;
  always_comb begin
    cpl_o.has_data   = (status_q == msix_pkg::CplSc) & (req_i.kind != msix_pkg::KIND_CFG_WR);
    cpl_o.two_dw     = two_dw;
    cpl_o.status     = status_q;
    cpl_o.ro         = req_i.ro;
    cpl_o.ns         = req_i.ns;
    cpl_o.tc         = req_i.tc;
    cpl_o.tag        = req_i.tag;
    cpl_o.req_id     = req_i.req_id;
    cpl_o.cpl_id     = {bus_dev_i, 3'd0};
    cpl_o.byte_count = req_i.mem_read ? byte_count : 12'd4;
    cpl_o.lower_addr = req_i.mem_read ? {req_i.addr[4:0], lead} : 7'd0;
    cpl_o.data       = rdata_q;
  end

endmodule
