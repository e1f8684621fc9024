// ord_queue_sva - assertions on a queue behind posted TLPs. The pushing side must know that a slot is free.
module ord_queue_sva #(
  parameter int unsigned PtrW = 5
) (
  input logic                        clk,
  input logic                        rst_n,
  input logic                        push_valid_i,
  input logic                        push_ready_o,
  input logic                        pop_i,
  input logic                        flush_i,
  input logic                        kept_i,
  input logic                        head_valid_o,
  input logic                        reached,
  input logic [msix_pkg::StampW-1:0] push_stamp_i,
  input logic [msix_pkg::StampW-1:0] pop_count_i,
  input logic [PtrW:0]               push_ptr_q,
  input logic [PtrW:0]               release_ptr_q,
  input logic [PtrW:0]               pop_ptr_q
);

  logic [PtrW:0]               released, used;
  logic [msix_pkg::StampW-1:0] ahead;

  assign released = release_ptr_q - pop_ptr_q;
  assign used     = push_ptr_q - pop_ptr_q;
  assign ahead    = push_stamp_i - pop_count_i;

  always_ff @(posedge clk) begin
    if (rst_n) begin
      push_has_a_slot : assert (!push_valid_i || push_ready_o);
      stamp_is_near : assert (!push_valid_i || ahead < (msix_pkg::StampW)'(32));
      pop_has_a_released_head : assert (!pop_i || head_valid_o);
      pop_of_unreleased_releases : assert (!pop_i || released != '0 || reached);
      nothing_enters_while_flushing : assert (!(flush_i && push_valid_i));
      kept_is_the_head : assert (!(flush_i && kept_i) || (head_valid_o && !pop_i));
      released_is_a_part : assert (released <= used);
    end
  end

endmodule

bind ord_queue ord_queue_sva #(.PtrW(PtrW)) u_sva (.*);
