// tx_out_sva - assertions on the last stage: one TLP at a time, whole, and only one that may go.
module tx_out_sva (
  input logic       clk,
  input logic       rst_n,
  input logic [2:0] may_go_i,
  input logic [2:0] start_o,
  input logic [2:0] end_o,
  input logic [2:0] class_q,
  input logic       in_tlp_q,
  input logic       room,
  input logic       valid_q
);

  logic loads_q;

  always_ff @(posedge clk) begin
    loads_q <= rst_n && room && may_go_i != 3'd0;
    if (rst_n) begin
      starts_one_that_may_go : assert ($onehot0(start_o) && (start_o & ~may_go_i) == 3'd0);
      starts_one_that_may_go_reached : cover (start_o != 3'd0 && !$onehot(may_go_i));
      ends_one : assert ($onehot0(end_o));
      ends_one_reached : cover (end_o != 3'd0);
      never_interleaves : assert (!in_tlp_q || (start_o == 3'd0 && (end_o == 3'd0 || end_o == class_q)));
      never_interleaves_reached : cover (in_tlp_q && may_go_i != 3'd0);
      no_bubble : assert (!loads_q || valid_q);
      no_bubble_reached : cover (loads_q);
    end
  end

endmodule

bind tx_out tx_out_sva u_sva (.*);
