// flr_ctl_sva - assertions on function level reset: it begins with a flush, and ends only when it may.
module flr_ctl_sva (
  input logic clk,
  input logic rst_n,
  input logic start_i,
  input logic done_i,
  input logic quiet_i,
  input logic active_q,
  input logic flush_q
);

  logic may_end_q, active_before_q, run_q;

  always_ff @(posedge clk) begin
    run_q           <= rst_n;
    active_before_q <= rst_n && active_q;
    may_end_q       <= done_i && quiet_i;
    if (rst_n) begin
      flr_is_not_asked_for_twice : assert (!(start_i && active_q));
      flush_is_the_first_cycle : assert (flush_q == (active_q && !active_before_q));
      flr_ends_when_all_is_quiet : assert (!run_q || active_q || !active_before_q || may_end_q);
    end
  end

endmodule

bind flr_ctl flr_ctl_sva u_sva (.*);
