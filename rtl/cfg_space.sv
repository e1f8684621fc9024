// cfg_space - configuration space of the function: header, power management, PCI Express and MSI-X capabilities.
//
// Behaviour: reads are combinational, writes take effect at the end of their cycle, byte by byte. Registers that do
// not exist read 0 and ignore writes. Every write captures bus and device number from its routing fields; nothing but
// rst_n resets them. MSI-X Enable and Function Mask are one register, so that nobody sees them change in different
// cycles. The function is reset while flr_i is high and in the cycle of a write that leads from D3hot to D0, if that
// is a reset (soft_rst_o). One received TLP a cycle may report errors: they set status bits at the end of that cycle.
module cfg_space #(
  parameter int unsigned NVEC             = 32,
  parameter int unsigned MPS_MAX          = 256,
  parameter int unsigned BAR0_SIZE_LOG2   = 16,
  parameter int unsigned TABLE_OFFSET     = 0,
  parameter int unsigned PBA_OFFSET       = 32'h8000,
  parameter logic [2:0]  INTX_PIN         = 3'd1,
  parameter bit          NO_SOFT_RESET    = 1'b0,
  parameter logic [15:0] VENDOR_ID        = 16'h1AF4,
  parameter logic [15:0] DEVICE_ID        = 16'h1020,
  parameter logic [15:0] SUBSYS_VENDOR_ID = 16'h1AF4,
  parameter logic [15:0] SUBSYS_ID        = 16'h0020,
  parameter logic [23:0] CLASS_CODE       = 24'h020000,
  parameter logic [7:0]  REVISION_ID      = 8'h00
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic                     write_i,
  input  logic [9:0]               addr_i,      // DWORD
  input  logic [3:0]               be_i,
  input  logic [31:0]              wdata_i,
  input  logic [12:0]              bus_dev_i,
  output logic [31:0]              rdata_o,
  // what happened, and levels that are shown
  input  msix_pkg::rx_errors_t     errors_i,
  input  logic                     poisoned_write_i,   // a memory write with EP = 1 was sent
  input  logic                     intx_cause_i,
  input  logic                     trans_pending_i,
  // resets of the function
  input  logic                     flr_i,
  output logic                     flr_start_o,
  output logic                     soft_rst_o,
  // registers
  output logic [12:0]              bus_dev_o,   // captured
  output logic [63:BAR0_SIZE_LOG2] bar0_o,
  output logic                     mem_enable_o,
  output logic                     bus_master_o,
  output logic                     int_disable_o,
  output logic                     msix_enable_o,
  output logic                     msix_fmask_o,
  output logic [2:0]               mps_o,
  output logic [2:0]               mrrs_o,
  output logic                     ro_en_o,
  output logic                     ns_en_o,
  output logic                     ido_req_en_o,
  output logic                     ido_cpl_en_o,
  output logic [1:0]               dstate_o
);

  localparam logic [7:0]  PmCapPtr   = 8'h40;
  localparam logic [7:0]  PcieCapPtr = 8'h70;
  localparam logic [7:0]  MsixCapPtr = 8'hB0;
  localparam logic [7:0]  MsixCapId  = 8'h11;
  localparam logic [9:0]  RegMsixCtl = {4'd0, MsixCapPtr[7:2]};
  localparam logic [9:0]  RegMsixTbl = RegMsixCtl + 10'd1;
  localparam logic [9:0]  RegMsixPba = RegMsixCtl + 10'd2;
  localparam logic [10:0] TableSize  = 11'(NVEC - 1);

  logic        soft_rst;
  logic [31:0] header_rdata, pm_rdata, pcie_rdata, msix_rdata;

  assign soft_rst = flr_i | soft_rst_o;

  cfg_header #(
    .BAR0_SIZE_LOG2(BAR0_SIZE_LOG2), .VENDOR_ID(VENDOR_ID), .DEVICE_ID(DEVICE_ID),
    .SUBSYS_VENDOR_ID(SUBSYS_VENDOR_ID), .SUBSYS_ID(SUBSYS_ID), .CLASS_CODE(CLASS_CODE), .REVISION_ID(REVISION_ID),
    .CAP_PTR(PmCapPtr), .INTX_PIN(INTX_PIN)
  ) u_header (
    .clk, .rst_n, .soft_rst_i(soft_rst), .write_i, .addr_i, .be_i, .wdata_i, .rdata_o(header_rdata),
    .intx_cause_i, .detected_parity_i(errors_i.poisoned), .master_parity_i(errors_i.poisoned_cpl | poisoned_write_i),
    .received_ma_i(errors_i.cpl_ur), .received_ta_i(errors_i.cpl_ca), .signaled_ta_i(errors_i.ca_sent),
    .bar0_o, .mem_enable_o, .bus_master_o, .int_disable_o
  );

  cfg_pm #(.CAP_OFFSET(PmCapPtr), .NEXT_PTR(PcieCapPtr), .NO_SOFT_RESET(NO_SOFT_RESET)) u_pm (
    .clk, .rst_n, .soft_rst_i(soft_rst), .write_i, .addr_i, .be0_i(be_i[0]), .wdata_i(wdata_i[1:0]),
    .rdata_o(pm_rdata), .soft_rst_o, .dstate_o
  );

  cfg_pcie #(.CAP_OFFSET(PcieCapPtr), .NEXT_PTR(MsixCapPtr), .MPS_MAX(MPS_MAX)) u_pcie (
    .clk, .rst_n, .soft_rst_i(soft_rst), .write_i, .addr_i, .be_i, .wdata_i, .rdata_o(pcie_rdata),
    .correctable_i((errors_i.ur & ~errors_i.ur_posted) | errors_i.ca_sent | errors_i.unexp_cpl),
    .non_fatal_i(errors_i.ur_posted | errors_i.poisoned), .fatal_i(errors_i.malformed), .ur_i(errors_i.ur),
    .trans_pending_i, .flr_start_o, .mps_o, .mrrs_o, .ro_en_o, .ns_en_o, .ido_req_en_o, .ido_cpl_en_o
  );

  // ---- MSI-X
  logic [1:0] msix_ctl_q;    // {Enable, Function Mask}

  always_comb begin
    unique case (addr_i)
      RegMsixCtl: msix_rdata = {msix_ctl_q, 3'd0, TableSize, 8'd0, MsixCapId};
      RegMsixTbl: msix_rdata = TABLE_OFFSET;
      RegMsixPba: msix_rdata = PBA_OFFSET;
      default:    msix_rdata = 32'd0;
    endcase
  end

  always_ff @(posedge clk) begin
    if (!rst_n || soft_rst) msix_ctl_q <= '0;
    else if (write_i && addr_i == RegMsixCtl && be_i[3]) msix_ctl_q <= wdata_i[31:30];
  end

  // ---- identity
  logic [12:0] bus_dev_q;

  always_ff @(posedge clk) begin
    if (!rst_n) bus_dev_q <= '0;
    else if (write_i) bus_dev_q <= bus_dev_i;
  end

  assign rdata_o       = header_rdata | pm_rdata | pcie_rdata | msix_rdata;
  assign bus_dev_o     = bus_dev_q;
  assign msix_enable_o = msix_ctl_q[1];
  assign msix_fmask_o  = msix_ctl_q[0];

endmodule
