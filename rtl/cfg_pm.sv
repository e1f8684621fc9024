// cfg_pm - power management capability: D0 and D3hot.
//
// Behaviour: reads are combinational, a write takes effect at the end of its cycle. A write of D1 or D2 changes nothing.
// With NO_SOFT_RESET = 0 the write that leads from D3hot to D0 is a reset of the function: soft_rst_o is high in its
// cycle.
module cfg_pm #(
  parameter logic [7:0] CAP_OFFSET    = 8'h40,
  parameter logic [7:0] NEXT_PTR      = 8'h70,
  parameter bit         NO_SOFT_RESET = 1'b0
) (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        soft_rst_i,
  input  logic        write_i,
  input  logic [9:0]  addr_i,      // DWORD
  input  logic        be0_i,
  input  logic [1:0]  wdata_i,     // PowerState
  output logic [31:0] rdata_o,
  output logic        soft_rst_o,
  output logic [1:0]  dstate_o
);

  localparam logic [7:0] CapId  = 8'h01;
  localparam logic [9:0] RegCap = {4'd0, CAP_OFFSET[7:2]};
  localparam logic [9:0] RegCsr = RegCap + 10'd1;
  localparam logic [1:0] D0     = 2'd0;
  localparam logic [1:0] D3Hot  = 2'd3;

  logic d3_q, write;

  assign write      = write_i & (addr_i == RegCsr) & be0_i;
  assign soft_rst_o = write & (wdata_i == D0) & d3_q & ~NO_SOFT_RESET;

  always_comb begin
    unique case (addr_i)
      RegCap:  rdata_o = {16'h0003, NEXT_PTR, CapId};   // version 3; no D1, D2, PME
      RegCsr:  rdata_o = {28'd0, NO_SOFT_RESET, 1'b0, dstate_o};
      default: rdata_o = 32'd0;
    endcase
  end

  always_ff @(posedge clk) begin
    if (!rst_n || soft_rst_i) d3_q <= 1'b0;
    else if (write && (wdata_i == D0 || wdata_i == D3Hot)) d3_q <= wdata_i[0];
  end

  assign dstate_o = {2{d3_q}};

endmodule
