// dmc_path - completions for the device logic's reads: stored, judged, and passed on untouched.
//
// Behaviour: a completion is stored while rx_parse takes it in. When its record comes up in order (judge_i), it is
// matched by Requester ID and tag. One that nobody waits for is unexpected; one that does not fit what is outstanding is
// malformed; both are dropped. The others go out on dmc, from DW 0. The tag is free when all bytes have come, or with a
// status other than Successful Completion.
// Latency: judged in cycle n, first beat on dmc in n+1.
// Back-pressure: none on dmc. hold_o is high from the last beat on rx to the last one on dmc: there is one store.
module dmc_path #(
  parameter int unsigned DATA_DW = 4,
  parameter int unsigned MPS_MAX = 128
) (
  input  logic                  clk,
  input  logic                  rst_n,
  // beats that rx_parse accepts
  input  logic [32*DATA_DW-1:0] rx_tdata_i,
  input  logic [DATA_DW-1:0]    rx_tkeep_i,
  input  logic                  rx_tlast_i,
  input  logic                  rx_accept_i,
  output logic                  hold_o,
  // the record
  input  logic                  judge_i,
  input  msix_pkg::rx_req_t     req_i,
  input  logic [15:0]           own_id_i,
  output msix_pkg::rx_errors_t  errors_o,
  // tag table
  output logic [7:0]            tag_o,
  input  logic                  tag_open_i,
  input  logic [12:0]           tag_bytes_i,
  output logic                  retire_o,
  output logic                  left_valid_o,
  output logic [12:0]           left_o,
  // to the device logic
  output logic [32*DATA_DW-1:0] dmc_tdata_o,
  output logic [DATA_DW-1:0]    dmc_tkeep_o,
  output logic                  dmc_tlast_o,
  output logic                  dmc_tvalid_o
);

  // Header, the longest payload, digest.
  localparam int unsigned Beats  = (3 + MPS_MAX / 4 + 1 + DATA_DW - 1) / DATA_DW;
  localparam int unsigned IndexW = $clog2(Beats + 1);

  // ---- store
  logic [32*DATA_DW-1:0] data_mem [Beats];
  logic [IndexW-1:0]     index_q, last_q, play_index_q;
  logic [DATA_DW-1:0]    last_keep_q;
  logic                  in_tlp_q, is_cpl_q, busy_q, play_q;
  logic                  is_cpl, room, pass;

  assign is_cpl = in_tlp_q ? is_cpl_q : msix_pkg::is_completion(rx_tdata_i[31:24]);
  assign room   = index_q != IndexW'(Beats);

  always_ff @(posedge clk) begin
    if (rx_accept_i && is_cpl && room) data_mem[index_q] <= rx_tdata_i;
    if (rx_accept_i && rx_tlast_i) begin
      last_q      <= index_q;
      last_keep_q <= rx_tkeep_i;
    end
    if (!rst_n) begin
      in_tlp_q <= 1'b0;
      is_cpl_q <= 1'b0;
      index_q  <= '0;
    end else if (rx_accept_i) begin
      in_tlp_q <= ~rx_tlast_i;
      is_cpl_q <= is_cpl;
      index_q  <= rx_tlast_i ? '0 : room ? index_q + IndexW'(1) : index_q;
    end
  end

  assign dmc_tvalid_o = play_q;
  assign dmc_tlast_o  = play_index_q == last_q;
  assign dmc_tdata_o  = data_mem[play_index_q];
  assign dmc_tkeep_o  = dmc_tlast_o ? last_keep_q : '1;
  assign hold_o       = busy_q;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      busy_q       <= 1'b0;
      play_q       <= 1'b0;
      play_index_q <= '0;
    end else begin
      if (rx_accept_i && rx_tlast_i && is_cpl) busy_q <= 1'b1;
      else if ((judge_i & ~pass) | (play_q & dmc_tlast_o)) busy_q <= 1'b0;
      if (judge_i) play_q <= pass;
      else if (dmc_tlast_o) play_q <= 1'b0;
      play_index_q <= (play_q & ~dmc_tlast_o) ? play_index_q + IndexW'(1) : '0;
    end
  end

  // ---- judgement
  logic [2:0]  status;
  logic [11:0] byte_count;
  logic [1:0]  skip;             // bytes of the first DW below Lower Address
  logic [12:0] given, fits;      // bytes of this payload; DWs that the rest needs
  logic        mine, sc, consistent;
  logic        unused_fields;

  assign status     = req_i.tag[7:5];                                     // DW 1
  assign byte_count = {req_i.tag[3:0], req_i.last_be, req_i.first_be};
  assign tag_o      = req_i.addr[13:6];                                   // DW 2
  assign skip       = req_i.addr_low;
  assign unused_fields = ^{req_i.kind, req_i.mem_read, req_i.ro, req_i.ns, req_i.tc, req_i.tag[4], req_i.req_id,
                           req_i.data_units, req_i.addr[61:30], req_i.addr[5:0], req_i.data};

  assign mine       = ~req_i.malformed & ~req_i.locked & (req_i.tag[9:8] == 2'd0) & tag_open_i &
                      (req_i.addr[29:14] == own_id_i);
  assign sc         = status == msix_pkg::CplSc;
  assign given      = {req_i.length, 2'b00} - 13'(skip);
  assign fits       = (tag_bytes_i + 13'(skip) + 13'd3) >> 2;
  assign consistent = req_i.has_data & (byte_count == tag_bytes_i[11:0]) & (13'(req_i.length) <= fits);
  assign pass       = mine & (~sc | consistent);

  assign left_o       = tag_bytes_i - given;
  assign left_valid_o = judge_i & pass & sc & (given < tag_bytes_i);
  assign retire_o     = judge_i & pass & ~left_valid_o;

  always_comb begin
    errors_o = '0;
    if (judge_i) begin
      errors_o.malformed    = req_i.malformed | (mine & ~pass);
      errors_o.unexp_cpl    = ~req_i.malformed & ~mine;
      errors_o.poisoned     = pass & req_i.poisoned;
      errors_o.poisoned_cpl = pass & req_i.poisoned;
      errors_o.cpl_ca       = pass & (status == msix_pkg::CplCa);
      errors_o.cpl_ur       = pass & ~sc & (status != msix_pkg::CplCa);
    end
  end

endmodule
