// cfg_space - configuration space of the function: Type 0 header and capability list.
//
// Behaviour: reads are combinational, writes take effect at the end of their cycle, byte by byte. Registers that do
// not exist read 0 and ignore writes. Every write captures bus and device number from its routing fields.
// MSI-X Enable and Function Mask are one register, so that nobody sees them change in different cycles.
module cfg_space #(
  parameter int unsigned NVEC            = 32,
  parameter int unsigned BAR0_SIZE_LOG2  = 16,
  parameter int unsigned TABLE_OFFSET    = 0,
  parameter int unsigned PBA_OFFSET      = 32'h8000,
  parameter logic [15:0] VENDOR_ID       = 16'h1AF4,
  parameter logic [15:0] DEVICE_ID       = 16'h1020,
  parameter logic [15:0] SUBSYS_VENDOR_ID = 16'h1AF4,
  parameter logic [15:0] SUBSYS_ID       = 16'h0020,
  parameter logic [23:0] CLASS_CODE      = 24'h020000,
  parameter logic [7:0]  REVISION_ID     = 8'h00
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic                     write_i,
  input  logic [9:0]               addr_i,      // DWORD
  input  logic [3:0]               be_i,
  input  logic [31:0]              wdata_i,
  input  logic [12:0]              bus_dev_i,
  output logic [31:0]              rdata_o,
  output logic [12:0]              bus_dev_o,   // captured
  output logic [63:BAR0_SIZE_LOG2] bar0_o,
  output logic                     mem_enable_o,
  output logic                     bus_master_o,
  output logic                     int_disable_o,
  output logic                     msix_enable_o,
  output logic                     msix_fmask_o
);

  localparam logic [9:0] RegId       = 10'h000;
  localparam logic [9:0] RegCommand  = 10'h001;
  localparam logic [9:0] RegClass    = 10'h002;
  localparam logic [9:0] RegBar0     = 10'h004;
  localparam logic [9:0] RegBar1     = 10'h005;
  localparam logic [9:0] RegSubsys   = 10'h00B;
  localparam logic [9:0] RegCapPtr   = 10'h00D;
  localparam logic [9:0] RegMsixCtl  = 10'h02C;   // B0h
  localparam logic [9:0] RegMsixTbl  = 10'h02D;
  localparam logic [9:0] RegMsixPba  = 10'h02E;

  localparam logic [7:0]  MsixCapPtr = 8'hB0;
  localparam logic [7:0]  MsixCapId  = 8'h11;
  localparam logic [10:0] TableSize  = 11'(NVEC - 1);

  logic [12:0]              bus_dev_q;
  logic                     mse_q, bme_q, perr_q, serr_q, int_disable_q;
  logic [63:BAR0_SIZE_LOG2] bar0_q;
  logic [1:0]               msix_ctl_q;    // {Enable, Function Mask}

  always_comb begin
    unique case (addr_i)
      RegId:      rdata_o = {DEVICE_ID, VENDOR_ID};
      RegCommand: rdata_o = {16'h0010, 5'd0, int_disable_q, 1'b0, serr_q, 1'b0, perr_q, 3'd0, bme_q, mse_q, 1'b0};
      RegClass:   rdata_o = {CLASS_CODE, REVISION_ID};
      RegBar0:    rdata_o = {bar0_q[31:BAR0_SIZE_LOG2], (BAR0_SIZE_LOG2)'(4)};   // memory, 64 bits wide
      RegBar1:    rdata_o = bar0_q[63:32];
      RegSubsys:  rdata_o = {SUBSYS_ID, SUBSYS_VENDOR_ID};
      RegCapPtr:  rdata_o = {24'd0, MsixCapPtr};
      RegMsixCtl: rdata_o = {msix_ctl_q, 3'd0, TableSize, 8'd0, MsixCapId};
      RegMsixTbl: rdata_o = TABLE_OFFSET;
      RegMsixPba: rdata_o = PBA_OFFSET;
      default:    rdata_o = 32'd0;
    endcase
  end

  logic [63:0] bar0_now, bar0_new;
  logic        unused_bar0;

  always_comb begin
    bar0_now = {bar0_q, BAR0_SIZE_LOG2'(0)};
    bar0_new = bar0_now;
    for (int unsigned i = 0; i < 4; i++) begin
      if (be_i[i] && addr_i == RegBar0) bar0_new[8*i +: 8] = wdata_i[8*i +: 8];
      if (be_i[i] && addr_i == RegBar1) bar0_new[32+8*i +: 8] = wdata_i[8*i +: 8];
    end
  end
  assign unused_bar0 = ^bar0_new[BAR0_SIZE_LOG2-1:0];

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      bus_dev_q     <= '0;
      mse_q         <= 1'b0;
      bme_q         <= 1'b0;
      perr_q        <= 1'b0;
      serr_q        <= 1'b0;
      int_disable_q <= 1'b0;
      bar0_q        <= '0;
      msix_ctl_q    <= '0;
    end else if (write_i) begin
      bus_dev_q <= bus_dev_i;
      bar0_q    <= bar0_new[63:BAR0_SIZE_LOG2];
      if (addr_i == RegCommand) begin
        if (be_i[0]) {perr_q, bme_q, mse_q} <= {wdata_i[6], wdata_i[2:1]};
        if (be_i[1]) {int_disable_q, serr_q} <= {wdata_i[10], wdata_i[8]};
      end
      if (addr_i == RegMsixCtl && be_i[3]) msix_ctl_q <= wdata_i[31:30];
    end
  end

  assign bus_dev_o     = bus_dev_q;
  assign bar0_o        = bar0_q;
  assign mem_enable_o  = mse_q;
  assign bus_master_o  = bme_q;
  assign int_disable_o = int_disable_q;
  assign msix_enable_o = msix_ctl_q[1];
  assign msix_fmask_o  = msix_ctl_q[0];

endmodule
