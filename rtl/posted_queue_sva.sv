// posted_queue_sva - assertions on the order of posted TLPs and on the room for them.
module posted_queue_sva #(
  parameter int unsigned BeatW  = 5,
  parameter int unsigned OrderW = 3
) (
  input logic            clk,
  input logic            rst_n,
  input logic            admit_i,
  input logic            msg_push,
  input logic            intx_push,
  input logic            dma_admitted,
  input logic            dma_push,
  input logic            dma_store,
  input logic            flush_i,
  input logic            kept_i,
  input logic            dma_tlast_i,
  input logic            dma_in_tlp_q,
  input logic            dma_end_q,
  input logic            head_valid_o,
  input logic            head_is_dma_o,
  input logic            pop_i,
  input logic            pop_beat_i,
  input logic            beat_last_o,
  input logic [BeatW:0]  beat_used,
  input logic [OrderW:0] order_used
);

  logic dma_ended_q;

  always_ff @(posedge clk) begin
    dma_ended_q <= rst_n && dma_store && dma_tlast_i;
    if (rst_n) begin
      beats_fit : assert (beat_used <= (BeatW+1)'(2 ** BeatW) && !(dma_store && beat_used[BeatW]));
      order_fits : assert (order_used <= (OrderW+1)'(2 ** OrderW) && !((msg_push || dma_push || intx_push) && order_used[OrderW]));
      one_push_a_clock : assert ($onehot0({msg_push, dma_push, intx_push}));
      message_never_passes_finished_dma : assert (!(msg_push && dma_end_q));
      intx_never_passes_admitted_dma : assert (!(intx_push && dma_admitted));
      finished_dma_is_never_overwritten : assert (!(dma_store && dma_end_q) || dma_push);
      message_is_admitted : assert (!msg_push || admit_i);
      dma_starts_only_when_admitted : assert (!dma_store || dma_in_tlp_q || admit_i);
      nothing_enters_while_flushing : assert (!flush_i || !(msg_push || dma_push || intx_push || dma_store));
      kept_is_the_head : assert (!(flush_i && kept_i) || (head_valid_o && !pop_i));
      dma_end_is_noticed : assert (!dma_ended_q || dma_end_q);
      pop_needs_a_head : assert (!pop_i || head_valid_o);
      if (pop_beat_i) begin
        beat_pop_needs_a_beat : assert (beat_used != '0 && head_valid_o && head_is_dma_o);
        dma_leaves_with_its_last_beat : assert (pop_i == beat_last_o);
      end
    end
  end

endmodule

bind posted_queue posted_queue_sva #(.BeatW(BeatW), .OrderW(OrderW)) u_sva (.*);
