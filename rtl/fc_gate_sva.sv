// fc_gate_sva - assertions on credits: nothing starts that the host has no room for.
module fc_gate_sva (
  input logic        clk,
  input logic        rst_n,
  input logic        open_i,
  input logic        ok_o,
  input logic        consume_i,
  input logic        inf_header_i,
  input logic        inf_data_i,
  input logic [8:0]  need_data_i,
  input logic [7:0]  header_left,
  input logic [11:0] data_left
);

  always_ff @(posedge clk) begin
    if (rst_n && consume_i) begin
      consumes_only_what_is_granted : assert (ok_o);
      consumes_only_what_is_granted_reached : cover (1'b1);
      starts_only_on_a_ready_link : assert (open_i);
      starts_only_on_a_ready_link_reached : cover (open_i);
      header_within_limit : assert (inf_header_i || header_left <= 8'h80);
      header_within_limit_reached : cover (!inf_header_i && header_left == '0);
      data_within_limit : assert (inf_data_i || need_data_i == '0 || data_left <= 12'h800);
      data_within_limit_reached : cover (!inf_data_i && need_data_i != '0 && data_left == '0);
    end
  end

endmodule

bind fc_gate fc_gate_sva u_sva (.*);
