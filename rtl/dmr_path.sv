// dmr_path - read requests of the device logic on their way to the non-posted queue.
//
// Behaviour: takes in one whole Memory Read (3 or 4 DWs) and hands it on untouched. It counts as outstanding from its
// last beat on. One that is complete when admit_i falls (BME, D-state) is held back, as a dma write is. While flr_i is
// high a request that is half taken in is swallowed to its end, and one that is held is dropped.
// Latency: last beat accepted in cycle n, pushed in n+1; a dma write whose last beat came in n is ahead of it.
// Back-pressure: dmr_tready_o is low while a request waits for the queue, while admit_i is low (from the next TLP
// boundary on), and while the tag table is in use for a completion.
module dmr_path #(
  parameter int unsigned DATA_DW = 4
) (
  input  logic                  clk,
  input  logic                  rst_n,
  input  logic                  admit_i,       // low while flr_i is high
  input  logic                  flr_i,
  input  logic [32*DATA_DW-1:0] dmr_tdata_i,
  input  logic                  dmr_tlast_i,
  input  logic                  dmr_tvalid_i,
  output logic                  dmr_tready_o,
  // tag table
  input  logic                  tags_busy_i,
  output logic                  start_o,
  output logic [7:0]            start_tag_o,
  output logic [12:0]           start_bytes_o,
  // queue
  output logic                  push_o,
  input  logic                  push_ready_i,
  output msix_pkg::short_tlp_t  push_tlp_o,
  output logic                  idle_o         // not within a TLP
);

  logic         in_tlp_q, full_q, accept;
  logic [127:0] tlp_q, tlp;      // DW 0 in bits 31:0

  assign dmr_tready_o = rst_n & (admit_i | in_tlp_q) & (~full_q | push_o | flr_i) & ~tags_busy_i;
  assign accept       = dmr_tvalid_i & dmr_tready_o;
  assign push_o       = full_q & admit_i & push_ready_i;
  assign idle_o       = ~in_tlp_q;

  if (DATA_DW == 2) begin : gen_two_beats
    logic [63:0] first_q;
    always_ff @(posedge clk) begin
      if (accept && !in_tlp_q) first_q <= dmr_tdata_i;
    end
    assign tlp = {dmr_tdata_i, first_q};
  end else begin : gen_one_beat
    assign tlp = dmr_tdata_i[127:0];
    if (DATA_DW > 4) begin : gen_rest
      logic unused_rest;
      assign unused_rest = ^dmr_tdata_i[32*DATA_DW-1:128];
    end
  end

  assign start_o       = accept & dmr_tlast_i & ~flr_i;
  assign start_tag_o   = tlp[47:40];
  assign start_bytes_o = msix_pkg::read_bytes({tlp[9:0] == 10'd0, tlp[9:0]}, tlp[35:32], tlp[39:36]);

  always_ff @(posedge clk) begin
    if (start_o) tlp_q <= tlp;
    if (!rst_n) begin
      in_tlp_q <= 1'b0;
      full_q   <= 1'b0;
    end else begin
      if (accept) in_tlp_q <= ~dmr_tlast_i;
      full_q <= start_o | (full_q & ~push_o & ~flr_i);
    end
  end

  assign push_tlp_o.dws  = tlp_q[29] ? 3'd4 : 3'd3;
  assign push_tlp_o.data = {32'd0, tlp_q};

endmodule
