// tx_path - everything that leaves: posted, non-posted and completion queues in PCIe order, each by its credits.
//
// Behaviour: posted TLPs leave in the order of their admission. A completion or a read request leaves after every
// posted TLP that was admitted before it was pushed; posted TLPs pass both whenever those are stuck. While admit_i is
// low no read request begins. Wiring of
// posted_queue, two ord_queue, three fc_gate, the formatters and tx_out. flush_i drops all requests that have not begun;
// completions stay, and wait for nothing that was dropped.
// Latency: message accepted in cycle n shows tx_tvalid in n+2 when nothing is in the way.
// Back-pressure: per port, see posted_queue and ord_queue.
module tx_path #(
  parameter int unsigned DATA_DW  = 4,
  parameter int unsigned MPS_MAX  = 128,
  parameter logic [2:0]  INTX_PIN = 3'd1
) (
  input  logic                  clk,
  input  logic                  rst_n,
  input  logic                  admit_i,           // Bus Master Enable & D0
  input  logic                  flr_i,
  input  logic                  flush_i,
  output logic                  quiet_o,           // no request is waiting or leaving, no dma TLP is half taken in
  input  logic [15:0]           requester_id_i,
  input  logic [32*DATA_DW-1:0] dma_tdata_i,
  input  logic [DATA_DW-1:0]    dma_tkeep_i,
  input  logic                  dma_tlast_i,
  input  logic                  dma_tvalid_i,
  output logic                  dma_tready_o,
  input  logic                  msg_valid_i,
  output logic                  msg_ready_o,
  input  msix_pkg::msg_t        msg_i,
  input  logic                  intx_valid_i,
  output logic                  intx_ready_o,
  input  logic                  intx_assert_i,
  output logic                  intx_start_o,      // an INTx message begins
  output logic                  intx_start_assert_o,
  input  logic                  np_valid_i,
  output logic                  np_ready_o,
  input  msix_pkg::short_tlp_t  np_tlp_i,
  input  logic                  cpl_valid_i,
  output logic                  cpl_ready_o,
  input  msix_pkg::cpl_t        cpl_i,
  output logic                  cpl_left_o,
  output logic                  poisoned_write_o,  // a write of the device logic with EP = 1 begins
  input  logic                  fc_open_i,
  input  logic [7:0]            fc_ph_i,
  input  logic [11:0]           fc_pd_i,
  input  logic                  fc_ph_inf_i,
  input  logic                  fc_pd_inf_i,
  input  logic [7:0]            fc_nph_i,
  input  logic [11:0]           fc_npd_i,
  input  logic                  fc_nph_inf_i,
  input  logic                  fc_npd_inf_i,
  input  logic [7:0]            fc_cplh_i,
  input  logic [11:0]           fc_cpld_i,
  input  logic                  fc_cplh_inf_i,
  input  logic                  fc_cpld_inf_i,
  output logic [32*DATA_DW-1:0] tx_tdata_o,
  output logic [DATA_DW-1:0]    tx_tkeep_o,
  output logic                  tx_tlast_o,
  output logic                  tx_tvalid_o,
  input  logic                  tx_tready_i
);

  localparam int unsigned UnitsW  = $clog2(MPS_MAX / 16) + 1;
  localparam int unsigned NpDepth = 8;

  logic [2:0]                  may_go, start, done;   // {completion, non-posted, posted}
  logic [1:0]                  going;
  logic [msix_pkg::StampW-1:0] stamp, pop_count;
  logic                        p_empty, np_empty, dma_idle, request, unused_empty;

  assign quiet_o = p_empty & np_empty & dma_idle & ~request;

  // ---- posted
  logic                  p_valid, p_is_dma, p_is_intx, p_assert, p_ok, beat_last, beat_pop;
  logic [UnitsW-1:0]     p_units;
  msix_pkg::msg_t        p_msg;
  msix_pkg::short_tlp_t  p_tlp, msg_tlp, intx_tlp;
  logic [32*DATA_DW-1:0] beat_data;
  logic [DATA_DW-1:0]    beat_keep;

  posted_queue #(.DATA_DW(DATA_DW), .MPS_MAX(MPS_MAX)) u_posted (
    .clk, .rst_n, .admit_i, .flr_i, .flush_i, .kept_i(going[0]),
    .dma_tdata_i, .dma_tkeep_i, .dma_tlast_i, .dma_tvalid_i, .dma_tready_o,
    .msg_valid_i, .msg_ready_o, .msg_i, .intx_valid_i, .intx_ready_o, .intx_assert_i,
    .head_valid_o(p_valid), .head_is_dma_o(p_is_dma), .head_is_intx_o(p_is_intx), .head_assert_o(p_assert),
    .head_units_o(p_units), .head_msg_o(p_msg),
    .beat_data_o(beat_data), .beat_keep_o(beat_keep), .beat_last_o(beat_last),
    .pop_beat_i(beat_pop), .pop_i(done[0]),
    .stamp_o(stamp), .pop_count_o(pop_count), .empty_o(p_empty), .dma_idle_o(dma_idle)
  );

  msg_tlp u_msg_tlp (.msg_i(p_msg), .requester_id_i, .tlp_o(msg_tlp));
  intx_tlp #(.INTX_PIN(INTX_PIN)) u_intx_tlp (.assert_i(p_assert), .requester_id_i, .tlp_o(intx_tlp));
  assign p_tlp = p_is_intx ? intx_tlp : msg_tlp;

  fc_gate u_fc_posted (
    .clk, .rst_n, .open_i(fc_open_i),
    .limit_header_i(fc_ph_i), .limit_data_i(fc_pd_i), .inf_header_i(fc_ph_inf_i), .inf_data_i(fc_pd_inf_i),
    .need_data_i(9'(p_units)), .consume_i(start[0]), .ok_o(p_ok)
  );
  assign may_go[0]           = p_valid & p_ok;
  assign poisoned_write_o    = start[0] & p_is_dma & beat_data[14];   // DW 0
  assign intx_start_o        = start[0] & p_is_intx;
  assign intx_start_assert_o = p_assert;

  // ---- non-posted
  logic                 np_valid, np_ok;
  msix_pkg::short_tlp_t np_tlp;

  ord_queue #(.WIDTH($bits(np_tlp)), .DEPTH(NpDepth)) u_np (
    .clk, .rst_n,
    .push_valid_i(np_valid_i), .push_ready_o(np_ready_o), .push_data_i(np_tlp_i), .push_stamp_i(stamp),
    .pop_count_i(pop_count), .head_valid_o(np_valid), .head_data_o(np_tlp), .pop_i(done[1]),
    .flush_i, .kept_i(going[1]), .empty_o(np_empty)
  );

  fc_gate u_fc_np (
    .clk, .rst_n, .open_i(fc_open_i),
    .limit_header_i(fc_nph_i), .limit_data_i(fc_npd_i), .inf_header_i(fc_nph_inf_i), .inf_data_i(fc_npd_inf_i),
    .need_data_i(9'd0), .consume_i(start[1]), .ok_o(np_ok)
  );
  // A completion passes a read that waits for credit; so a fence alone would not keep it from leaving after BME = 0.
  assign may_go[1] = np_valid & np_ok & admit_i;

  // ---- completions
  logic                 cpl_valid, cpl_ok;
  msix_pkg::cpl_t       cpl;
  msix_pkg::short_tlp_t cpl_tlp;

  ord_queue #(.WIDTH($bits(cpl)), .DEPTH(msix_pkg::NphWindow)) u_cpl (
    .clk, .rst_n,
    .push_valid_i(cpl_valid_i), .push_ready_o(cpl_ready_o), .push_data_i(cpl_i), .push_stamp_i(stamp),
    .pop_count_i(pop_count), .head_valid_o(cpl_valid), .head_data_o(cpl), .pop_i(done[2]),
    .flush_i(1'b0), .kept_i(1'b0), .empty_o(unused_empty)
  );
  assign cpl_left_o = done[2];

  cpl_tlp u_cpl_tlp (.cpl_i(cpl), .tlp_o(cpl_tlp));

  fc_gate u_fc_cpl (
    .clk, .rst_n, .open_i(fc_open_i),
    .limit_header_i(fc_cplh_i), .limit_data_i(fc_cpld_i), .inf_header_i(fc_cplh_inf_i), .inf_data_i(fc_cpld_inf_i),
    .need_data_i(9'(cpl.has_data)), .consume_i(start[2]), .ok_o(cpl_ok)
  );
  assign may_go[2] = cpl_valid & cpl_ok;

  // ---- out
  tx_out #(.DATA_DW(DATA_DW)) u_out (
    .clk, .rst_n,
    .may_go_i(may_go), .start_o(start), .end_o(done), .going_o(going), .request_o(request),
    .posted_tlp_i(p_tlp), .np_tlp_i(np_tlp), .cpl_tlp_i(cpl_tlp),
    .posted_is_stream_i(p_is_dma), .beat_data_i(beat_data), .beat_keep_i(beat_keep), .beat_last_i(beat_last),
    .beat_pop_o(beat_pop),
    .tx_tdata_o, .tx_tkeep_o, .tx_tlast_o, .tx_tvalid_o, .tx_tready_i
  );

endmodule
