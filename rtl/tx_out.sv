// tx_out - chooses the next TLP and sends its beats.
//
// Behaviour: round robin among the classes that may go (posted, non-posted, completion). A TLP that was chosen is
// sent to its end. Beats stand in an output register: valid is never withdrawn and data never changes until taken.
// Latency: a class that may go in cycle n shows tx_tvalid_o in n+1; TLPs follow each other without a gap.
// Back-pressure: tx_tready_i low stops the register; start_o and the pops then stay low.
module tx_out #(
  parameter int unsigned DATA_DW = 4
) (
  input  logic                   clk,
  input  logic                   rst_n,
  // classes: {completion, non-posted, posted}
  input  logic [2:0]             may_go_i,
  output logic [2:0]             start_o,     // first beat goes into the output register: consume credit
  output logic [2:0]             end_o,       // last beat goes into the output register: pop
  output logic [1:0]             going_o,     // request begun that does not end in this cycle: {non-posted, posted}
  output logic                   request_o,   // the output register holds a beat of a request
  input  msix_pkg::short_tlp_t   posted_tlp_i,
  input  msix_pkg::short_tlp_t   np_tlp_i,
  input  msix_pkg::short_tlp_t   cpl_tlp_i,
  // posted TLPs that are streams of beats
  input  logic                   posted_is_stream_i,
  input  logic [32*DATA_DW-1:0]  beat_data_i,
  input  logic [DATA_DW-1:0]     beat_keep_i,
  input  logic                   beat_last_i,
  output logic                   beat_pop_o,
  output logic [32*DATA_DW-1:0]  tx_tdata_o,
  output logic [DATA_DW-1:0]     tx_tkeep_o,
  output logic                   tx_tlast_o,
  output logic                   tx_tvalid_o,
  input  logic                   tx_tready_i
);

  localparam int unsigned ShortBeats = (msix_pkg::ShortDw + DATA_DW - 1) / DATA_DW;
  localparam int unsigned PadDw      = ShortBeats * DATA_DW;

  logic [32*DATA_DW-1:0] data_q;
  logic [DATA_DW-1:0]    keep_q;
  logic                  last_q, valid_q;

  // ---- choice
  logic       room, in_tlp_q, start, load, last;
  logic [2:0] class_q;              // of the TLP under way, and of the last one
  logic [2:0] choice, class_now;

  assign room = ~valid_q | tx_tready_i;

  always_comb begin
    unique case (class_q)
      3'b001:  choice = may_go_i[1] ? 3'b010 : may_go_i[2] ? 3'b100 : {2'b00, may_go_i[0]};
      3'b010:  choice = may_go_i[2] ? 3'b100 : may_go_i[0] ? 3'b001 : {1'b0, may_go_i[1], 1'b0};
      default: choice = may_go_i[0] ? 3'b001 : may_go_i[1] ? 3'b010 : {may_go_i[2], 2'b00};
    endcase
  end

  assign start      = room & ~in_tlp_q & (|choice);
  assign load       = start | (room & in_tlp_q);
  assign class_now  = in_tlp_q ? class_q : choice;
  assign start_o    = start ? choice : 3'b000;
  assign end_o      = (load & last) ? class_now : 3'b000;
  assign going_o    = (in_tlp_q ? class_q[1:0] : start_o[1:0]) & ~end_o[1:0];
  assign request_o  = valid_q & (|class_q[1:0]);
  assign beat_pop_o = load & class_now[0] & posted_is_stream_i;

  // ---- beats of a short TLP
  logic [1:0]            beat_q;
  msix_pkg::short_tlp_t  short_tlp;
  logic [32*PadDw-1:0]   short_data;
  logic [32*DATA_DW-1:0] beat_data;
  logic [DATA_DW-1:0]    beat_keep;
  logic                  beat_last, stream;

  assign short_tlp  = class_now[2] ? cpl_tlp_i : class_now[1] ? np_tlp_i : posted_tlp_i;
  assign short_data = (32*PadDw)'(short_tlp.data);
  assign stream     = class_now[0] & posted_is_stream_i;

  if (ShortBeats == 1) begin : gen_one_beat
    assign beat_data = short_data;
    assign beat_keep = (DATA_DW'(1) << short_tlp.dws) - DATA_DW'(1);
    assign beat_last = 1'b1;
  end else begin : gen_beats
    logic [7:0] below, shifted;
    always_comb begin
      below     = (8'd1 << short_tlp.dws) - 8'd1;
      beat_data = short_data[32*DATA_DW-1:0];
      shifted   = below;
      for (int unsigned b = 1; b < ShortBeats; b++) begin
        if (beat_q == 2'(b)) begin
          beat_data = short_data[32*DATA_DW*b +: 32*DATA_DW];
          shifted   = below >> (b * DATA_DW);
        end
      end
    end
    assign beat_keep = shifted[DATA_DW-1:0];
    assign beat_last = (shifted >> DATA_DW) == 8'd0;
  end

  assign last = stream ? beat_last_i : beat_last;

  always_ff @(posedge clk) begin
    if (load) begin
      data_q <= stream ? beat_data_i : beat_data;
      keep_q <= stream ? beat_keep_i : beat_keep;
      last_q <= last;
    end
    if (!rst_n) begin
      valid_q  <= 1'b0;
      in_tlp_q <= 1'b0;
      class_q  <= 3'b100;
      beat_q   <= 2'd0;
    end else begin
      if (room) valid_q <= load;
      if (load) begin
        in_tlp_q <= ~last;
        class_q  <= class_now;
        beat_q   <= last ? 2'd0 : beat_q + 2'd1;
      end
    end
  end

  assign tx_tdata_o  = data_q;
  assign tx_tkeep_o  = keep_q;
  assign tx_tlast_o  = last_q;
  assign tx_tvalid_o = valid_q;

endmodule
