// msix_core_sva - assertions on the vector core: where a pending bit may be, and when a message may commit.
module msix_core_sva #(
  parameter  int unsigned NVEC = 32,
  localparam int unsigned IdxW = (NVEC > 1) ? $clog2(NVEC) : 1
) (
  input logic            clk,
  input logic            run,
  input logic            enable_i,
  input logic            bus_valid_i,
  input logic            bus_write_i,
  input logic            bus_pba_i,
  input logic [11:0]     bus_addr_i,
  input logic [7:0]      bus_be_i,
  input logic [63:0]     bus_wdata_i,
  input logic            bus_ack_o,
  input logic            table_write,
  input logic [NVEC-1:0] pend_q,
  input logic [NVEC-1:0] mask_q,
  input logic            stage_valid_q,
  input logic [IdxW-1:0] stage_index_q,
  input logic            evt,
  input logic [IdxW-1:0] evt_index,
  input logic            clr,
  input logic [IdxW-1:0] clr_index,
  input logic            pick_any,
  input logic            pick,
  input logic [IdxW-1:0] pick_index,
  input logic            commit,
  input logic            put_back
);

  logic            run_q, evt_q, clr_q, put_back_q, stage_held_q, staged_write_q;
  logic [IdxW-1:0] evt_index_q, clr_index_q, stage_before_q;

  always_ff @(posedge clk) begin
    run_q        <= run;
    evt_q          <= evt;
    evt_index_q    <= evt_index;
    clr_q          <= clr && !(evt && evt_index == clr_index);
    clr_index_q    <= clr_index;
    put_back_q     <= put_back && !clr;
    stage_held_q   <= stage_valid_q && !commit && !put_back && !clr;
    staged_write_q <= table_write && stage_valid_q && bus_addr_i[IdxW:1] == stage_index_q;
    stage_before_q <= stage_index_q;
    if (run) begin
      commit_is_allowed : assert (!commit || (enable_i && stage_valid_q && !mask_q[stage_index_q]));
      commit_is_allowed_reached : cover (commit);
      pick_is_allowed : assert (!pick || (enable_i && pend_q[pick_index] && !mask_q[pick_index]));
      pick_is_allowed_reached : cover (pick);
      pick_never_meets_table_write : assert (!(pick && table_write));
      pick_never_meets_table_write_reached : cover (table_write && enable_i && pick_any);
      pick_needs_an_empty_stage : assert (!pick || !stage_valid_q || commit);
      pick_needs_an_empty_stage_reached : cover (pick && commit);
      put_back_excludes_commit : assert (!(put_back && commit));
      put_back_excludes_commit_reached : cover (put_back);
      staged_is_not_pending : assert (!stage_valid_q || !pend_q[stage_index_q]);
      staged_is_not_pending_reached : cover (stage_valid_q && put_back);
      stage_index_exists : assert (12'(stage_index_q) < 12'(NVEC));
      stage_index_exists_reached : cover (stage_valid_q && 12'(stage_index_q) == 12'(NVEC - 1));
    end
    if (run && run_q) begin
      event_is_kept : assert (!evt_q || pend_q[evt_index_q] || (stage_valid_q && stage_index_q == evt_index_q));
      event_is_kept_reached : cover (evt_q);
      clear_drops_the_bit : assert (!clr_q || (!pend_q[clr_index_q] &&
                                               !(stage_valid_q && stage_index_q == clr_index_q)));
      clear_drops_the_bit_reached : cover (clr_q);
      put_back_is_kept : assert (!put_back_q || pend_q[stage_before_q]);
      put_back_is_kept_reached : cover (put_back_q);
      stage_is_kept : assert (!stage_held_q || (stage_valid_q && stage_index_q == stage_before_q));
      stage_is_kept_reached : cover (stage_held_q);
      write_to_staged_entry_fetches_again : assert (!staged_write_q || !stage_valid_q);
      write_to_staged_entry_fetches_again_reached : cover (staged_write_q);
    end
  end

  logic        bus_waits_q;
  logic [85:0] bus_q;

  always_ff @(posedge clk) begin
    bus_waits_q <= run && bus_valid_i && !bus_ack_o;
    if (bus_valid_i) bus_q <= {bus_write_i, bus_pba_i, bus_addr_i, bus_be_i, bus_wdata_i};
    if (run && bus_waits_q) begin
      bus_holds_until_ack : assert (bus_valid_i &&
                                    bus_q == {bus_write_i, bus_pba_i, bus_addr_i, bus_be_i, bus_wdata_i});
      bus_holds_until_ack_reached : cover (1'b1);
    end
    if (run && bus_valid_i) begin
      bus_stays_inside : assert (13'(bus_addr_i) < (bus_pba_i ? 13'((NVEC + 63) / 64) : 13'(2 * NVEC)));
      bus_stays_inside_reached : cover (13'(bus_addr_i) == (bus_pba_i ? 13'((NVEC + 63) / 64 - 1) : 13'(2 * NVEC - 1)));
    end
  end

endmodule

bind msix_core msix_core_sva #(.NVEC(NVEC)) u_sva (.*);
