// ord_queue - first-in first-out queue of TLPs that may not pass earlier posted TLPs.
//
// Behaviour: each entry carries a stamp, the running count of posted pushes when it was taken. It is released once
// the running count of posted pops has reached the stamp, and stays released: a release pointer walks over the
// entries at up to one a clock, so that counters may wrap any number of times while the queue itself is stuck. flush_i
// drops everything but the head, if that is on its way out (kept_i); nothing may be pushed in its cycle.
// Latency: pushed in cycle n, head in n+1 if already released.
// Back-pressure: push_ready_o is low while all slots are taken.
module ord_queue #(
  parameter  int unsigned WIDTH = 64,
  parameter  int unsigned DEPTH = 32,     // a power of two
  localparam int unsigned PtrW  = $clog2(DEPTH)
) (
  input  logic                          clk,
  input  logic                          rst_n,
  input  logic                          push_valid_i,
  output logic                          push_ready_o,
  input  logic [WIDTH-1:0]              push_data_i,
  input  logic [msix_pkg::StampW-1:0]   push_stamp_i,
  input  logic [msix_pkg::StampW-1:0]   pop_count_i,   // posted TLPs that have left
  output logic                          head_valid_o,
  output logic [WIDTH-1:0]              head_data_o,
  input  logic                          pop_i,
  input  logic                          flush_i,
  input  logic                          kept_i,
  output logic                          empty_o
);

  logic [WIDTH-1:0]            data_mem  [DEPTH];
  logic [msix_pkg::StampW-1:0] stamp_mem [DEPTH];
  logic [PtrW:0]               push_ptr_q, release_ptr_q, pop_ptr_q;
  logic [PtrW:0]               used, after_head;
  logic [msix_pkg::StampW-1:0] distance;
  logic                        push, reached;

  assign used         = push_ptr_q - pop_ptr_q;
  assign push_ready_o = ~used[PtrW];
  assign empty_o      = used == '0;
  assign after_head   = pop_ptr_q + ((pop_i | kept_i) ? (PtrW+1)'(1) : '0);
  assign push         = push_valid_i & push_ready_o;

  assign distance     = pop_count_i - stamp_mem[release_ptr_q[PtrW-1:0]];
  assign reached      = (release_ptr_q != push_ptr_q) & ~distance[msix_pkg::StampW-1];
  assign head_valid_o = (pop_ptr_q != release_ptr_q) | reached;
  assign head_data_o  = data_mem[pop_ptr_q[PtrW-1:0]];

  always_ff @(posedge clk) begin
    if (push) begin
      data_mem[push_ptr_q[PtrW-1:0]]  <= push_data_i;
      stamp_mem[push_ptr_q[PtrW-1:0]] <= push_stamp_i;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      push_ptr_q    <= '0;
      release_ptr_q <= '0;
      pop_ptr_q     <= '0;
    end else begin
      if (flush_i) push_ptr_q <= after_head;
      else if (push) push_ptr_q <= push_ptr_q + (PtrW+1)'(1);
      if (flush_i) release_ptr_q <= after_head;
      else if (reached) release_ptr_q <= release_ptr_q + (PtrW+1)'(1);
      if (pop_i) pop_ptr_q <= pop_ptr_q + (PtrW+1)'(1);
    end
  end

endmodule
