// plain_core - an MSI-X vector core of the plain kind: one state machine, one message at a time, ports of its own.
//
// The example of docs/your-own-rtl.md. It shares nothing with rtl/msix_core.sv; msix_core.sv beside this file wraps it.
//
// Behaviour: Scan looks at 32 pending bits a clock, from the vector after the last one sent downwards. Fetch reads the
// entry, Check asks whether it may still be sent, Offer holds it until it is granted: four clocks a message at least. The
// pending bit falls with the grant. Before that a mask, a cause that falls, or may_send low stops the offer in the same
// clock, and a write to the entry makes it begin anew: nothing has to be put back.
// Reset: mask bits are set and pending bits are clear at once. Sweep then fills the table with ones, an entry a clock;
// until it is done no register access is answered.
// Registers: words of 32 bits; `reg_done` answers `reg_request` and stays until that falls. A read that does not ask for
// all four bytes gets zero. All bits of Vector Control can be written, bit 0 masks. Writes to pending bits do nothing.
// Causes are taken in every clock. A cause that rises wins over one that falls and over a grant.
module plain_core #(
  parameter int unsigned VECTORS = 32
) (
  input  logic        clock,
  input  logic        reset,
  input  logic        may_send,
  // registers
  input  logic        reg_request,
  input  logic        reg_write,
  input  logic        reg_pending,     // pending bits, else table
  input  logic [12:0] reg_word,
  input  logic [3:0]  reg_bytes,
  input  logic [31:0] reg_wdata,
  output logic        reg_done,
  output logic [31:0] reg_rdata,
  // causes
  input  logic        rise,
  input  logic [10:0] rise_vector,
  input  logic        fall,
  input  logic [10:0] fall_vector,
  // the message
  output logic        send_request,
  input  logic        send_grant,
  output logic [63:0] send_address,
  output logic [31:0] send_data
);

  // As many rows as the pending bits have places, in QWORDs; those past VECTORS stay as reset leaves them.
  localparam int unsigned Rows = 64 * ((VECTORS + 63) / 64);
  localparam int unsigned RowW = $clog2(Rows);
  localparam logic [RowW-1:0] LastRow = RowW'(Rows - 1);

  typedef enum logic [2:0] {Sweep, Scan, Fetch, Check, Offer} state_e;

  state_e          state_q;
  logic [RowW-1:0] place_q;        // row of the sweep, where the scan goes on, or the vector that is handled
  logic [Rows-1:0] pending_q, masked_q;
  logic            done_q;
  logic [31:0]     rdata_q, low_q, high_q, data_q;

  logic [31:0] low_mem     [Rows];
  logic [31:0] high_mem    [Rows];
  logic [31:0] data_mem    [Rows];
  logic [31:1] control_mem [Rows];

  // ---- the table: one port, for the sweep, the fetch or a register access
  logic            access, store, touched;
  logic [RowW-1:0] row;
  logic [31:0]     low, high, data, control, selected, merged;

  assign access  = reg_request & ~done_q & (state_q != Sweep) & (state_q != Fetch);
  assign store   = access & reg_write & ~reg_pending;
  assign row     = access ? RowW'(reg_word[12:2]) : place_q;
  assign touched = store & (row == place_q);
  assign low     = low_mem[row];
  assign high    = high_mem[row];
  assign data    = data_mem[row];
  assign control = {control_mem[row], masked_q[row]};

  always_comb begin
    unique case (reg_word[1:0])
      2'd0:    selected = low;
      2'd1:    selected = high;
      2'd2:    selected = data;
      default: selected = control;
    endcase
    for (int b = 0; b < 4; b++) merged[8*b +: 8] = reg_bytes[b] ? reg_wdata[8*b +: 8] : selected[8*b +: 8];
  end

  always_ff @(posedge clock) begin
    if (state_q == Sweep) begin
      low_mem[row]     <= 32'hFFFF_FFFC;
      high_mem[row]    <= 32'hFFFF_FFFF;
      data_mem[row]    <= 32'hFFFF_FFFF;
      control_mem[row] <= '0;
    end else if (store) begin
      unique case (reg_word[1:0])
        2'd0:    low_mem[row]     <= merged;
        2'd1:    high_mem[row]    <= merged;
        2'd2:    data_mem[row]    <= merged;
        default: control_mem[row] <= merged[31:1];
      endcase
    end
  end

  always_ff @(posedge clock) begin
    if (reset) done_q <= 1'b0;
    else       done_q <= reg_request & (done_q | access);
    if (access) begin
      if (reg_bytes != 4'hF) rdata_q <= '0;
      else if (reg_pending)  rdata_q <= pending_q[{reg_word[RowW-6:0], 5'd0} +: 32];
      else                   rdata_q <= selected;
    end
  end
  assign reg_done  = done_q;
  assign reg_rdata = rdata_q;

  // ---- masks and pending bits
  logic commit;

  always_ff @(posedge clock) begin
    if (reset) begin
      masked_q  <= '1;
      pending_q <= '0;
    end else begin
      if (store && reg_word[1:0] == 2'd3) masked_q[row] <= merged[0];
      if (commit) pending_q[place_q] <= 1'b0;
      if (fall && 12'(fall_vector) < 12'(VECTORS)) pending_q[RowW'(fall_vector)] <= 1'b0;
      if (rise && 12'(rise_vector) < 12'(VECTORS)) pending_q[RowW'(rise_vector)] <= 1'b1;
    end
  end

  // ---- the state machine
  function automatic logic [4:0] highest(input logic [31:0] bits);
    highest = '0;
    for (int i = 0; i < 32; i++) if (bits[i]) highest = 5'(i);
  endfunction

  logic [RowW-1:0] base;       // of the word that the scan looks at
  logic [31:0]     found;
  logic            wanted;     // the vector that is handled may be sent

  assign base   = {place_q[RowW-1:5], 5'd0};
  assign found  = pending_q[base +: 32] & ~masked_q[base +: 32] & (32'hFFFF_FFFF >> (5'd31 - place_q[4:0]));
  assign wanted = may_send & pending_q[place_q] & ~masked_q[place_q];
  assign commit = send_request & send_grant;

  always_ff @(posedge clock) begin
    if (reset) begin
      state_q <= Sweep;
      place_q <= LastRow;
    end else begin
      unique case (state_q)
        Sweep: begin
          place_q <= (place_q == '0) ? LastRow : place_q - RowW'(1);
          if (place_q == '0) state_q <= Scan;
        end
        Scan: begin
          if (may_send && found != '0) begin
            place_q[4:0] <= highest(found);
            state_q      <= Fetch;
          end else begin
            place_q <= (base == '0) ? LastRow : base - RowW'(1);
          end
        end
        Fetch:   state_q <= Check;
        Check:   state_q <= (wanted && !touched) ? Offer : Scan;
        default: begin
          if (commit) place_q <= (place_q == '0) ? LastRow : place_q - RowW'(1);
          if (commit || !wanted || touched) state_q <= Scan;
        end
      endcase
    end
    if (state_q == Fetch) begin
      low_q  <= low;
      high_q <= high;
      data_q <= data;
    end
  end

  assign send_request = (state_q == Offer) & wanted;
  assign send_address = {high_q, low_q};
  assign send_data    = data_q;

endmodule
