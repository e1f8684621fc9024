// dmc_path_sva - assertions on the store for completions: one at a time, whole, and only when it was judged.
module dmc_path_sva (
  input logic clk,
  input logic rst_n,
  input logic rx_accept_i,
  input logic judge_i,
  input logic hold_o,
  input logic play_q,
  input logic in_tlp_q,
  input logic dmc_tlast_o
);

  always_ff @(posedge clk) begin
    if (rst_n) begin
      judges_what_is_stored : assert (!judge_i || (hold_o && !in_tlp_q && !play_q));
      judges_what_is_stored_reached : cover (judge_i);
      plays_only_what_is_stored : assert (!play_q || hold_o);
      plays_only_what_is_stored_reached : cover (play_q);
      store_is_not_overwritten : assert (!(rx_accept_i && hold_o));
      store_is_not_overwritten_reached : cover (rx_accept_i);
    end
  end

  logic plays_on_q;

  always_ff @(posedge clk) begin
    plays_on_q <= rst_n && play_q && !dmc_tlast_o;
    if (rst_n) begin
      dmc_has_no_gap : assert (!plays_on_q || play_q);
      dmc_has_no_gap_reached : cover (plays_on_q);
    end
  end

endmodule

bind dmc_path dmc_path_sva u_sva (.*);
