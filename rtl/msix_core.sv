// msix_core - MSI-X table, masks, pending bits, and the scheduler that turns pending bits into messages.
//
// Behaviour, latency: event accepted in cycle n -> pending bit in n+1, where the scheduler picks it (cyclic order)
// and reads the table -> stage in n+2, where every condition is checked again and the message is offered; msg_ready_i
// there is the commit. One message a clock, for any set of pending vectors.
//  - The pick moves the bit from pending to the stage; the PBA shows pending OR staged.
//  - A stage whose conditions no longer hold, or whose entry the host writes, goes back to pending (and fetches again).
//  - A clear drops the bit wherever it is, unless the message commits in that very cycle.
//  - An event is the last word: it wins over clear, commit and put-back. One for a staged vector that does not commit
//    in that cycle merges with it.
//  - `enable_i` gates pick and commit together and never touches a vector's own state.
// Events and clears of vectors that do not exist are accepted and ignored. While soft_rst_i is high everything is at its
// reset value, and events and clears are accepted and ignored.
// Back-pressure: evt/clr are taken in every cycle; the bus acks in the second cycle of a request.
module msix_core #(
  parameter int unsigned NVEC = 32
) (
  input  logic           clk,
  input  logic           rst_n,
  input  logic           soft_rst_i,    // of the function
  input  logic           enable_i,      // Enable & ~Function Mask & Bus Master & D0
  // register bus: fields are held until ack
  input  logic           bus_valid_i,
  input  logic           bus_write_i,
  input  logic           bus_pba_i,     // PBA, else table
  input  logic [11:0]    bus_addr_i,    // QWORD in the structure
  input  logic [7:0]     bus_be_i,
  input  logic [63:0]    bus_wdata_i,
  output logic           bus_ack_o,
  output logic [63:0]    bus_rdata_o,
  // causes
  input  logic           evt_valid_i,
  output logic           evt_ready_o,
  input  logic [10:0]    evt_vector_i,
  input  logic           clr_valid_i,
  output logic           clr_ready_o,
  input  logic [10:0]    clr_vector_i,
  // messages: acceptance is the commit
  output logic           msg_valid_o,
  input  logic           msg_ready_i,
  output msix_pkg::msg_t msg_o
);

  localparam int unsigned IdxW = (NVEC > 1) ? $clog2(NVEC) : 1;
  localparam int unsigned PbaQwords = (NVEC + 63) / 64;

  logic            run;
  logic [NVEC-1:0] pend_q;
  logic [NVEC-1:0] mask_q;
  logic            stage_valid_q;
  logic [IdxW-1:0] stage_index_q;   // also the last one picked

  assign run = rst_n & ~soft_rst_i;

  // ---- causes
  logic            evt, clr;
  logic [IdxW-1:0] evt_index, clr_index;

  assign evt_ready_o = rst_n;
  assign clr_ready_o = rst_n;
  assign evt_index   = evt_vector_i[IdxW-1:0];
  assign clr_index   = clr_vector_i[IdxW-1:0];
  assign evt         = evt_valid_i & (12'(evt_vector_i) < 12'(NVEC));
  assign clr         = clr_valid_i & (12'(clr_vector_i) < 12'(NVEC));

  // ---- register bus: read in the first cycle, answer (and write) in the second
  logic            bus_second_q;
  logic [IdxW-1:0] bus_index;
  logic            bus_control;       // the QWORD with data and Vector Control
  logic            unused_addr;
  logic            table_write;
  logic [63:0]     table_rdata, pba_rdata;

  assign bus_index   = bus_addr_i[IdxW:1];
  assign bus_control = bus_addr_i[0];
  assign unused_addr = ^bus_addr_i;   // its top bits in small configurations
  assign bus_ack_o   = bus_valid_i & bus_second_q;
  assign table_write = bus_ack_o & bus_write_i & ~bus_pba_i;

  always_ff @(posedge clk) begin
    if (!run) bus_second_q <= 1'b0;
    else bus_second_q <= bus_valid_i & ~bus_second_q;
  end

  // ---- scheduler
  logic            pick_any, pick, commit, put_back, stage_hit;
  logic [IdxW-1:0] pick_index;

  msix_pick #(.NVEC(NVEC)) u_pick (
    .request_i(pend_q & ~mask_q), .last_i(stage_index_q), .any_o(pick_any), .index_o(pick_index)
  );

  assign stage_hit   = table_write & (bus_index == stage_index_q);
  assign msg_valid_o = stage_valid_q & enable_i & ~mask_q[stage_index_q];
  assign commit      = msg_valid_o & msg_ready_i;
  assign put_back    = stage_valid_q & ~commit & (~msg_valid_o | stage_hit);
  assign pick        = pick_any & enable_i & ~table_write & (~stage_valid_q | commit);

  always_ff @(posedge clk) begin
    if (!run) begin
      stage_valid_q <= 1'b0;
      stage_index_q <= IdxW'(NVEC - 1);
    end else if (pick) begin
      stage_valid_q <= ~(clr & (clr_index == pick_index));
      stage_index_q <= pick_index;
    end else if (commit | put_back | (clr & (clr_index == stage_index_q))) begin
      stage_valid_q <= 1'b0;
    end
  end

  // What is staged, or gets staged now, is not committed yet: it will cover the event too, so that there is never more
  // than one uncommitted message of a vector, and its one PBA bit says all.
  logic evt_clear, evt_merges;

  assign evt_clear  = clr & (clr_index == evt_index);
  assign evt_merges = ~evt_clear & ((stage_valid_q & ~commit & ~put_back & (stage_index_q == evt_index)) |
                                    (pick & (pick_index == evt_index)));

  // In rising order of precedence; the event is the last assignment.
  always_ff @(posedge clk) begin
    if (!run) begin
      pend_q <= '0;
    end else begin
      if (pick) pend_q[pick_index] <= 1'b0;
      if (put_back) pend_q[stage_index_q] <= 1'b1;
      if (clr) pend_q[clr_index] <= 1'b0;
      if (evt & ~evt_merges) pend_q[evt_index] <= 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    if (!run) mask_q <= '1;
    else if (table_write && bus_control && bus_be_i[4]) mask_q[bus_index] <= bus_wdata_i[32];
  end

  // ---- table
  msix_table #(.NVEC(NVEC)) u_table (
    .clk, .rst_n(run),
    .host_read_i(bus_valid_i & ~bus_second_q), .host_write_i(table_write), .host_upper_i(bus_control),
    .host_index_i(bus_index), .host_be_i(bus_be_i), .host_wdata_i(bus_wdata_i), .host_rdata_o(table_rdata),
    .fetch_i(pick), .fetch_index_i(pick_index), .fetch_o(msg_o)
  );

  // ---- PBA: pending or staged
  logic [64*PbaQwords-1:0] pend_padded;
  logic [63:0]             pend_qword;

  assign pend_padded = (64*PbaQwords)'(pend_q);
  if (PbaQwords == 1) begin : gen_single
    assign pend_qword = pend_padded;
  end else begin : gen_select
    assign pend_qword = pend_padded[{bus_addr_i[$clog2(PbaQwords)-1:0], 6'd0} +: 64];
  end

  always_comb begin
    pba_rdata = pend_qword;
    if (stage_valid_q && (11'(stage_index_q) >> 6) == 11'(bus_addr_i[4:0])) begin
      pba_rdata = pba_rdata | (64'd1 << 6'(stage_index_q));
    end
  end

  always_comb begin
    bus_rdata_o = bus_pba_i ? pba_rdata : table_rdata;
    if (!bus_pba_i && bus_control) bus_rdata_o[32] = mask_q[bus_index];
  end

endmodule
