// msix_pick - cyclic choice: the first set bit after last_i, around the end.
//
// Behaviour: combinational, in two levels. Groups of 32 bits are ORed; the rest of the last group is tried first,
// then the groups after it, then the groups from 0 to the last one inclusive.
module msix_pick #(
  parameter  int unsigned NVEC = 32,
  localparam int unsigned IdxW = (NVEC > 1) ? $clog2(NVEC) : 1
) (
  input  logic [NVEC-1:0] request_i,
  input  logic [IdxW-1:0] last_i,
  output logic            any_o,
  output logic [IdxW-1:0] index_o
);

  localparam int unsigned Groups = (NVEC + 31) / 32;

  logic [32*Groups-1:0] request;
  logic [Groups-1:0]    group_any;
  logic [63:0]          any, any_after, any_pick, any_onehot;
  logic [10:0]          last;
  logic [31:0]          rest, bits, bits_onehot;
  logic [31:0]          last_bits, group_bits;
  logic                 use_rest;
  logic [5:0]           group;

  assign request = (32*Groups)'(request_i);
  assign last    = 11'(last_i);

  for (genvar g = 0; g < Groups; g++) begin : gen_group
    assign group_any[g] = |request[32*g +: 32];
  end

  if (Groups == 1) begin : gen_single
    assign last_bits  = request;
    assign group_bits = request;
  end else begin : gen_select
    assign last_bits  = request[{last[IdxW-1:5], 5'd0} +: 32];
    assign group_bits = request[{group[IdxW-6:0], 5'd0} +: 32];
  end

  // `after` masks: everything above a bit position
  assign rest       = last_bits & ~((32'd2 << last[4:0]) - 32'd1);
  assign use_rest   = |rest;
  assign any        = 64'(group_any);
  assign any_after  = any & ~((64'd2 << last[10:5]) - 64'd1);
  assign any_pick   = (any_after != 64'd0) ? any_after : any;
  assign any_onehot = any_pick & (~any_pick + 64'd1);
  assign group      = use_rest ? last[10:5] : msix_pkg::encode64(any_onehot);

  assign bits        = use_rest ? rest : group_bits;
  assign bits_onehot = bits & (~bits + 32'd1);

  assign any_o   = |group_any;
  assign index_o = IdxW'({group, msix_pkg::encode32(bits_onehot)});

endmodule
