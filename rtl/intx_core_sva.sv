// intx_core_sva - assertions on INTx: messages alternate, and are offered only while they say something new.
module intx_core_sva (
  input logic clk,
  input logic rst_n,
  input logic allow_i,
  input logic valid_o,
  input logic assert_o,
  input logic start_i,
  input logic start_assert_i,
  input logic left_q,
  input logic wire_q
);

  always_ff @(posedge clk) begin
    if (rst_n) begin
      intx_messages_alternate : assert (!start_i || start_assert_i != left_q);
      intx_offers_a_change : assert (!valid_o || assert_o != wire_q);
      intx_asserts_only_when_allowed : assert (!(valid_o && assert_o) || allow_i);
    end
  end

endmodule

bind intx_core intx_core_sva u_sva (.*);
