// posted_queue - posted TLPs in their order: writes of the device logic, stored and forwarded, and messages of both kinds.
//
// Behaviour: beats of a dma TLP go to a beat memory; the TLP takes its place in the order queue in the cycle after
// its last beat, or as soon as there is room. It has priority over a message there, hence a message whose event
// came in or after the cycle of that last beat is behind it. While admit_i is low (BME, D-state) nothing is admitted
// to the order queue, and the dma stream stops at the next TLP boundary; what was admitted leaves, also a dma TLP that
// only waits for room (completions may already count on it). INTx messages are admitted always; they too stay behind a
// dma TLP that is complete, unless admit_i holds that one back. flush_i drops everything but the TLP that is on its way
// out (kept_i); pop_count_o then is at or past every stamp that was given out. While flr_i is high a dma TLP that is half
// taken in is swallowed to its end.
// Latency: message accepted in cycle n, head in n+1; last dma beat accepted in n, head in n+2.
// Back-pressure: the ready outputs depend on room; when dma and messages wait they take turns, INTx comes first.
module posted_queue #(
  parameter  int unsigned DATA_DW = 4,
  parameter  int unsigned MPS_MAX = 128,
  localparam int unsigned UnitsW  = $clog2(MPS_MAX / 16) + 1
) (
  input  logic                        clk,
  input  logic                        rst_n,
  input  logic                        admit_i,        // low while flr_i is high
  input  logic                        flr_i,
  input  logic                        flush_i,        // in the first cycle of flr_i
  input  logic                        kept_i,         // the head is on its way out and does not end in this cycle
  // writes of the device logic
  input  logic [32*DATA_DW-1:0]       dma_tdata_i,
  input  logic [DATA_DW-1:0]          dma_tkeep_i,
  input  logic                        dma_tlast_i,
  input  logic                        dma_tvalid_i,
  output logic                        dma_tready_o,
  // messages
  input  logic                        msg_valid_i,
  output logic                        msg_ready_o,
  input  msix_pkg::msg_t              msg_i,
  // INTx messages
  input  logic                        intx_valid_i,
  output logic                        intx_ready_o,
  input  logic                        intx_assert_i,
  // the head
  output logic                        head_valid_o,
  output logic                        head_is_dma_o,
  output logic                        head_is_intx_o,
  output logic                        head_assert_o,
  output logic [UnitsW-1:0]           head_units_o,
  output msix_pkg::msg_t              head_msg_o,
  output logic [32*DATA_DW-1:0]       beat_data_o,
  output logic [DATA_DW-1:0]          beat_keep_o,
  output logic                        beat_last_o,
  input  logic                        pop_beat_i,     // a dma beat was taken
  input  logic                        pop_i,          // with the last beat of any TLP
  // running counts
  output logic [msix_pkg::StampW-1:0] stamp_o,        // of what a read that is sampled now must stay behind
  output logic [msix_pkg::StampW-1:0] pop_count_o,
  output logic                        empty_o,
  output logic                        dma_idle_o      // not within a dma TLP
);

  localparam int unsigned OrderDepth = 8;
  localparam int unsigned OrderW     = $clog2(OrderDepth);
  // Two TLPs with the longest payload and header.
  localparam int unsigned TlpBeats   = (MPS_MAX / 4 + 4 + DATA_DW - 1) / DATA_DW;
  localparam int unsigned BeatW      = $clog2(2 * TlpBeats);
  localparam int unsigned BeatDepth  = 2 ** BeatW;

  // ---- dma side
  logic [32*DATA_DW-1:0] data_mem [BeatDepth];
  logic [DATA_DW:0]      keep_mem [BeatDepth];   // {last, keep}
  logic [BeatW:0]        beat_push_q, beat_pop_q, beat_used;
  logic                  dma_in_tlp_q;
  logic                  dma_end_q;              // a whole TLP is in, but not yet in the order queue
  logic                  dma_admitted_q;         // and it only waits for room there
  logic [UnitsW-1:0]     dma_units_q;
  logic                  drain_q;                // the last of what was flushed leaves: then its beats go
  logic                  dma_accept, dma_store, dma_admitted, dma_push;
  logic [UnitsW+1:0]     dma_round_up;
  logic                  unused_round_up;

  logic                  order_room;

  assign beat_used    = beat_push_q - beat_pop_q;
  assign dma_tready_o = rst_n & (admit_i | dma_in_tlp_q) &
                        (flr_i | (~beat_used[BeatW] &
                                  ~(dma_end_q & (~order_room | msg_valid_i | intx_valid_i))));
  assign dma_accept   = dma_tvalid_i & dma_tready_o;
  assign dma_store    = dma_accept & ~flr_i;
  assign dma_idle_o   = ~dma_in_tlp_q;
  assign dma_admitted = dma_end_q & (admit_i | dma_admitted_q);
  assign dma_push     = dma_admitted & order_room & ~flush_i;
  assign dma_round_up = dma_tdata_i[UnitsW+1:0] + (UnitsW+2)'(3);   // DW 0 holds the length
  assign unused_round_up = ^dma_round_up[1:0];

  always_ff @(posedge clk) begin
    if (dma_store) begin
      data_mem[beat_push_q[BeatW-1:0]] <= dma_tdata_i;
      keep_mem[beat_push_q[BeatW-1:0]] <= {dma_tlast_i, dma_tkeep_i};
      if (!dma_in_tlp_q) dma_units_q <= dma_round_up[UnitsW+1:2];
    end
    if (!rst_n) begin
      beat_push_q    <= '0;
      beat_pop_q     <= '0;
      dma_in_tlp_q   <= 1'b0;
      dma_end_q      <= 1'b0;
      dma_admitted_q <= 1'b0;
      drain_q        <= 1'b0;
    end else begin
      dma_admitted_q <= dma_admitted & ~dma_push & ~flush_i;
      drain_q        <= flush_i ? kept_i : drain_q & ~pop_i;
      if (dma_accept) dma_in_tlp_q <= ~dma_tlast_i;
      if (dma_store) beat_push_q <= beat_push_q + (BeatW+1)'(1);
      if (flush_i ? ~kept_i : (drain_q & pop_i)) beat_pop_q <= beat_push_q;
      else if (pop_beat_i) beat_pop_q <= beat_pop_q + (BeatW+1)'(1);
      if (dma_store && dma_tlast_i) dma_end_q <= 1'b1;
      else if (dma_push || flush_i) dma_end_q <= 1'b0;
    end
  end

  // ---- order
  logic [UnitsW+1:0]           order_mem [OrderDepth];   // {is dma, is INTx, data units}
  logic [OrderDepth-1:0]       assert_q;                 // of INTx messages
  logic [$bits(msg_i)-1:0]     msg_mem   [OrderDepth];   // no struct: Yosys 0.23 takes the index for a bit's
  logic [OrderW:0]             order_push_q, order_pop_q, order_used;
  logic                        msg_push, intx_push, push;
  logic [UnitsW-1:0]           units;
  logic [msix_pkg::StampW-1:0] push_count_q, pop_count_q;

  assign order_used   = order_push_q - order_pop_q;
  assign order_room   = ~order_used[OrderW];
  assign intx_ready_o = order_room & ~dma_admitted & ~flush_i;
  assign intx_push    = intx_valid_i & intx_ready_o;
  assign msg_ready_o  = order_room & ~dma_end_q & ~intx_valid_i & ~flush_i;
  assign msg_push     = msg_valid_i & msg_ready_o;
  assign push         = dma_push | msg_push | intx_push;
  assign units        = dma_push ? dma_units_q : intx_push ? '0 : UnitsW'(1);

  always_ff @(posedge clk) begin
    if (push) order_mem[order_push_q[OrderW-1:0]] <= {dma_push, intx_push, units};
    if (push) assert_q[order_push_q[OrderW-1:0]] <= intx_assert_i;
    if (push) msg_mem[order_push_q[OrderW-1:0]] <= msg_i;
    if (!rst_n) begin
      order_push_q <= '0;
      order_pop_q  <= '0;
      push_count_q <= '0;
      pop_count_q  <= '0;
    end else begin
      if (pop_i) order_pop_q <= order_pop_q + (OrderW+1)'(1);
      if (flush_i) begin
        order_push_q <= order_pop_q + ((pop_i | kept_i) ? (OrderW+1)'(1) : '0);
        push_count_q <= push_count_q + (msix_pkg::StampW)'(2);   // past stamp_o of this cycle, also without what is kept
        pop_count_q  <= push_count_q + (kept_i ? (msix_pkg::StampW)'(1) : (msix_pkg::StampW)'(2));
      end else begin
        if (push) order_push_q <= order_push_q + (OrderW+1)'(1);
        if (push) push_count_q <= push_count_q + (msix_pkg::StampW)'(1);
        if (pop_i) pop_count_q <= pop_count_q + (msix_pkg::StampW)'(1);
      end
    end
  end

  assign {head_is_dma_o, head_is_intx_o, head_units_o} = order_mem[order_pop_q[OrderW-1:0]];
  assign head_assert_o = assert_q[order_pop_q[OrderW-1:0]];
  assign head_msg_o    = msg_mem[order_pop_q[OrderW-1:0]];
  assign head_valid_o  = order_used != '0;
  assign beat_data_o   = data_mem[beat_pop_q[BeatW-1:0]];
  assign {beat_last_o, beat_keep_o} = keep_mem[beat_pop_q[BeatW-1:0]];

  // A write that is admitted and waits for room counts, one that is held back does not.
  assign stamp_o     = push_count_q + (msix_pkg::StampW)'(dma_admitted);
  assign pop_count_o = pop_count_q;
  assign empty_o     = order_used == '0;

endmodule
