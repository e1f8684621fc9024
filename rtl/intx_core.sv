// intx_core - emulation of the level interrupt wire by Assert_INTx and Deassert_INTx messages.
//
// Behaviour: when the wire (cause and allow_i) differs from what the last committed message said, a message is offered
// until it is committed or the difference has gone; so messages alternate, and a short pulse may go unseen. When
// flush_i drops messages that were committed and have not left, what counts is what has left.
// Latency: a change of level_i in cycle n is offered in n+1, behind dma writes whose last beat came in n.
// Back-pressure: ready_i is the commit.
module intx_core (
  input  logic clk,
  input  logic rst_n,
  input  logic level_i,          // the cause
  input  logic allow_i,          // there is a pin, nothing disables INTx
  input  logic flush_i,
  output logic cause_o,          // level_i, registered
  output logic valid_o,
  output logic assert_o,         // else deassert
  input  logic ready_i,
  input  logic start_i,          // a message begins on tx
  input  logic start_assert_i,
  output logic idle_o            // the wire is deasserted by all that was committed
);

  logic level_q;
  logic wire_q;       // by what was committed
  logic left_q;       // by what has left
  logic left_now;

  assign cause_o  = level_q;
  assign assert_o = level_q & allow_i;
  assign valid_o  = assert_o ^ wire_q;
  assign left_now = start_i ? start_assert_i : left_q;
  assign idle_o   = ~wire_q;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      level_q <= 1'b0;
      wire_q  <= 1'b0;
      left_q  <= 1'b0;
    end else begin
      level_q <= level_i;
      left_q  <= left_now;
      if (flush_i) wire_q <= left_now;
      else if (valid_o && ready_i) wire_q <= assert_o;
    end
  end

endmodule
