// rx_path - the target side: received TLPs, the credits for them, and their completions.
//
// Behaviour: rx_parse makes records, rx_exec carries them out in order. Posted credits come back when a request has
// been processed, whatever became of it. A non-posted header credit stands for one slot of the completion queue and
// comes back when the completion has left; non-posted data credits come back when the request has been processed.
// Completions for the device logic's reads keep their place among the requests, and go through dmc_path.
// Back-pressure: rx_tready_o paces and never depends on the transmit side.
module rx_path #(
  parameter int unsigned NVEC           = 32,
  parameter int unsigned DATA_DW        = 4,
  parameter int unsigned MPS_MAX        = 128,
  parameter int unsigned BAR0_SIZE_LOG2 = 16,
  parameter int unsigned TABLE_OFFSET   = 0,
  parameter int unsigned PBA_OFFSET     = 32'h8000,
  parameter int unsigned CSR_OFFSET     = 32'h9000
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic [32*DATA_DW-1:0]    rx_tdata_i,
  input  logic [DATA_DW-1:0]       rx_tkeep_i,
  input  logic                     rx_tlast_i,
  input  logic                     rx_tvalid_i,
  output logic                     rx_tready_o,
  output logic [7:0]               rxfc_ph_o,
  output logic [11:0]              rxfc_pd_o,
  output logic [7:0]               rxfc_nph_o,
  output logic [11:0]              rxfc_npd_o,
  output logic                     cfg_write_o,
  output logic [9:0]               cfg_addr_o,
  output logic [3:0]               cfg_be_o,
  output logic [31:0]              cfg_wdata_o,
  output logic [12:0]              cfg_bus_dev_o,
  input  logic [31:0]              cfg_rdata_i,
  input  logic [12:0]              bus_dev_i,
  input  logic                     mem_enable_i,
  input  logic [63:BAR0_SIZE_LOG2] bar0_i,
  input  logic [2:0]               mps_i,
  input  logic                     flr_i,
  output msix_pkg::rx_errors_t     errors_o,         // of the TLP that is judged in this cycle
  output logic                     err_ur_o,         // the same as registered pulses
  output logic                     err_poisoned_o,
  output logic                     err_malformed_o,
  output logic                     err_unexp_cpl_o,
  output logic                     bus_valid_o,
  output logic                     bus_write_o,
  output logic                     bus_pba_o,
  output logic [11:0]              bus_addr_o,
  output logic [7:0]               bus_be_o,
  output logic [63:0]              bus_wdata_o,
  input  logic                     bus_ack_i,
  input  logic [63:0]              bus_rdata_i,
  output logic                     csr_valid_o,
  output logic                     csr_write_o,
  output logic [11:0]              csr_addr_o,
  output logic [7:0]               csr_be_o,
  output logic [63:0]              csr_wdata_o,
  input  logic                     csr_ready_i,
  input  logic                     csr_error_i,
  input  logic [63:0]              csr_rdata_i,
  output logic                     cpl_valid_o,
  output msix_pkg::cpl_t           cpl_o,
  input  logic                     cpl_ready_i,
  input  logic                     cpl_left_i,      // a completion left its queue
  // completions for the device logic's reads, and the table of its tags
  input  logic [15:0]              own_id_i,
  output logic [7:0]               tag_o,
  input  logic                     tag_open_i,
  input  logic [12:0]              tag_bytes_i,
  output logic                     tag_retire_o,
  output logic                     tag_left_valid_o,
  output logic [12:0]              tag_left_o,
  output logic [32*DATA_DW-1:0]    dmc_tdata_o,
  output logic [DATA_DW-1:0]       dmc_tkeep_o,
  output logic                     dmc_tlast_o,
  output logic                     dmc_tvalid_o
);

  logic                 req_valid, req_take, hold;
  msix_pkg::rx_req_t    req;
  msix_pkg::rx_errors_t exec_errors, cpl_errors;

  rx_parse #(.DATA_DW(DATA_DW)) u_parse (
    .clk, .rst_n,
    .rx_tdata_i, .rx_tkeep_i, .rx_tlast_i, .rx_tvalid_i, .rx_tready_o,
    .hold_i(hold), .mps_i,
    .req_valid_o(req_valid), .req_o(req), .req_take_i(req_take)
  );

  rx_exec #(
    .NVEC(NVEC), .BAR0_SIZE_LOG2(BAR0_SIZE_LOG2), .TABLE_OFFSET(TABLE_OFFSET), .PBA_OFFSET(PBA_OFFSET),
    .CSR_OFFSET(CSR_OFFSET)
  ) u_exec (
    .clk, .rst_n,
    .req_valid_i(req_valid), .req_i(req), .req_take_o(req_take), .flr_i, .errors_o(exec_errors),
    .cfg_write_o, .cfg_addr_o, .cfg_be_o, .cfg_wdata_o, .cfg_bus_dev_o, .cfg_rdata_i,
    .bus_dev_i, .mem_enable_i, .bar0_i,
    .bus_valid_o, .bus_write_o, .bus_pba_o, .bus_addr_o, .bus_be_o, .bus_wdata_o, .bus_ack_i, .bus_rdata_i,
    .csr_valid_o, .csr_write_o, .csr_addr_o, .csr_be_o, .csr_wdata_o, .csr_ready_i, .csr_error_i, .csr_rdata_i,
    .cpl_valid_o, .cpl_o, .cpl_ready_i
  );

  dmc_path #(.DATA_DW(DATA_DW), .MPS_MAX(MPS_MAX)) u_dmc (
    .clk, .rst_n,
    .rx_tdata_i, .rx_tkeep_i, .rx_tlast_i, .rx_accept_i(rx_tvalid_i & rx_tready_o), .hold_o(hold),
    .judge_i(req_take & (req.kind == msix_pkg::KIND_CPL)), .req_i(req), .own_id_i, .errors_o(cpl_errors),
    .tag_o, .tag_open_i, .tag_bytes_i, .retire_o(tag_retire_o), .left_valid_o(tag_left_valid_o), .left_o(tag_left_o),
    .dmc_tdata_o, .dmc_tkeep_o, .dmc_tlast_o, .dmc_tvalid_o
  );

  // ---- pulses
  assign errors_o = exec_errors | cpl_errors;

  always_ff @(posedge clk) begin
    err_ur_o        <= rst_n & errors_o.ur;
    err_poisoned_o  <= rst_n & errors_o.poisoned;
    err_malformed_o <= rst_n & errors_o.malformed;
    err_unexp_cpl_o <= rst_n & errors_o.unexp_cpl;
  end

  // ---- credits granted to the host, cumulative
  logic posted_done, np_done, np_dropped;

  assign posted_done = req_take & ((req.kind == msix_pkg::KIND_MWR) | (req.kind == msix_pkg::KIND_P_DROP) |
                                   (req.kind == msix_pkg::KIND_P_UR));
  assign np_done     = req_take & ~posted_done & (req.kind != msix_pkg::KIND_NONE) &
                       (req.kind != msix_pkg::KIND_CPL);
  assign np_dropped  = np_done & (req.kind == msix_pkg::KIND_NP_DROP);

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      rxfc_ph_o  <= 8'(msix_pkg::PhWindow);
      rxfc_pd_o  <= 12'(msix_pkg::PdWindow);
      rxfc_nph_o <= 8'(msix_pkg::NphWindow);
      rxfc_npd_o <= 12'(msix_pkg::NpdWindow);
    end else begin
      rxfc_nph_o <= rxfc_nph_o + 8'(cpl_left_i) + 8'(np_dropped);
      if (posted_done) begin
        rxfc_ph_o <= rxfc_ph_o + 8'd1;
        rxfc_pd_o <= rxfc_pd_o + 12'(req.data_units);
      end
      if (np_done) rxfc_npd_o <= rxfc_npd_o + 12'(req.data_units);
    end
  end

endmodule
