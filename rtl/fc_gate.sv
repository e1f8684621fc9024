// fc_gate - may a TLP of one class start, by the credits that the host has granted?
//
// Behaviour: combinational answer for one header and need_data_i data units, against registers that count what was
// consumed. A TLP fits if (limit - (consumed + need)) mod 2^n is at most 2^(n-1), n = 8 and 12, separately for header
// and data. An infinite type never throttles. consume_i is given in the cycle in which the TLP starts.
module fc_gate (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        open_i,          // link up, flow control initialised
  input  logic [7:0]  limit_header_i,
  input  logic [11:0] limit_data_i,
  input  logic        inf_header_i,
  input  logic        inf_data_i,
  input  logic [8:0]  need_data_i,
  input  logic        consume_i,
  output logic        ok_o
);

  logic [7:0]  header_q, header_next, header_left;
  logic [11:0] data_q, data_next, data_left;
  logic        header_ok, data_ok;

  assign header_next = header_q + 8'd1;
  assign data_next   = data_q + 12'(need_data_i);
  assign header_left = limit_header_i - header_next;
  assign data_left   = limit_data_i - data_next;
  assign header_ok   = inf_header_i | (header_left <= 8'h80);
  assign data_ok     = inf_data_i | (need_data_i == 9'd0) | (data_left <= 12'h800);
  assign ok_o        = open_i & header_ok & data_ok;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      header_q <= '0;
      data_q   <= '0;
    end else if (consume_i) begin
      header_q <= header_next;
      data_q   <= data_next;
    end
  end

endmodule
