// flr_ctl - function level reset: when it begins, and when it is over.
//
// Behaviour: start_i (the configuration write takes effect) makes active_o high from the next cycle on; flush_o is high
// in the first of these cycles. It is over when the device logic has stopped (done_i) and nothing of the time before is
// left: nothing on tx, INTx deasserted, no TLP half handed over.
module flr_ctl (
  input  logic clk,
  input  logic rst_n,
  input  logic start_i,
  input  logic done_i,       // looked at while active_o is high
  input  logic quiet_i,
  output logic active_o,
  output logic flush_o
);

  logic active_q, flush_q;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      active_q <= 1'b0;
      flush_q  <= 1'b0;
    end else begin
      active_q <= start_i | (active_q & (flush_q | ~done_i | ~quiet_i));
      flush_q  <= start_i;
    end
  end

  assign active_o = active_q;
  assign flush_o  = flush_q;

endmodule
