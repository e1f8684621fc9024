// cfg_header - Type 0 header: identification, Command, Status, BAR0, Interrupt Line and Pin.
//
// Behaviour: reads are combinational, writes take effect at the end of their cycle, byte by byte; what does not exist
// reads 0. Status bits are set by events and cleared by writing 1; an event wins. soft_rst_i puts all registers of the
// function to their reset values.
module cfg_header #(
  parameter int unsigned BAR0_SIZE_LOG2   = 16,
  parameter logic [15:0] VENDOR_ID        = 16'h1AF4,
  parameter logic [15:0] DEVICE_ID        = 16'h1020,
  parameter logic [15:0] SUBSYS_VENDOR_ID = 16'h1AF4,
  parameter logic [15:0] SUBSYS_ID        = 16'h0020,
  parameter logic [23:0] CLASS_CODE       = 24'h020000,
  parameter logic [7:0]  REVISION_ID      = 8'h00,
  parameter logic [7:0]  CAP_PTR          = 8'h40,
  parameter logic [2:0]  INTX_PIN         = 3'd1
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic                     soft_rst_i,
  input  logic                     write_i,
  input  logic [9:0]               addr_i,      // DWORD
  input  logic [3:0]               be_i,
  input  logic [31:0]              wdata_i,
  output logic [31:0]              rdata_o,
  // events
  input  logic                     intx_cause_i,        // level, whatever masks it
  input  logic                     detected_parity_i,
  input  logic                     master_parity_i,     // counts while Parity Error Response is set
  input  logic                     received_ma_i,
  input  logic                     received_ta_i,
  input  logic                     signaled_ta_i,
  output logic [63:BAR0_SIZE_LOG2] bar0_o,
  output logic                     mem_enable_o,
  output logic                     bus_master_o,
  output logic                     int_disable_o
);

  localparam logic [9:0] RegId      = 10'h000;
  localparam logic [9:0] RegCommand = 10'h001;   // and Status
  localparam logic [9:0] RegClass   = 10'h002;
  localparam logic [9:0] RegBar0    = 10'h004;
  localparam logic [9:0] RegBar1    = 10'h005;
  localparam logic [9:0] RegSubsys  = 10'h00B;
  localparam logic [9:0] RegCapPtr  = 10'h00D;
  localparam logic [9:0] RegInt     = 10'h00F;

  logic                     mse_q, bme_q, perr_q, serr_q, int_disable_q;
  logic                     detected_parity_q, received_ma_q, received_ta_q, signaled_ta_q, master_parity_q;
  logic [63:BAR0_SIZE_LOG2] bar0_q;
  logic [7:0]               int_line_q;
  logic [15:0]              command, status;

  assign command = {5'd0, int_disable_q, 1'b0, serr_q, 1'b0, perr_q, 3'd0, bme_q, mse_q, 1'b0};
  assign status  = {detected_parity_q, 1'b0, received_ma_q, received_ta_q, signaled_ta_q, 2'b00, master_parity_q,
                    3'd0, 1'b1, intx_cause_i & (INTX_PIN != 3'd0), 3'd0};

  always_comb begin
    unique case (addr_i)
      RegId:      rdata_o = {DEVICE_ID, VENDOR_ID};
      RegCommand: rdata_o = {status, command};
      RegClass:   rdata_o = {CLASS_CODE, REVISION_ID};
      RegBar0:    rdata_o = {bar0_q[31:BAR0_SIZE_LOG2], (BAR0_SIZE_LOG2)'(4)};   // memory, 64 bits wide
      RegBar1:    rdata_o = bar0_q[63:32];
      RegSubsys:  rdata_o = {SUBSYS_ID, SUBSYS_VENDOR_ID};
      RegCapPtr:  rdata_o = {24'd0, CAP_PTR};
      RegInt:     rdata_o = {16'd0, 5'd0, INTX_PIN, int_line_q};
      default:    rdata_o = 32'd0;
    endcase
  end

  // ---- BAR0
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

  // ---- writes
  always_ff @(posedge clk) begin
    if (!rst_n || soft_rst_i) begin
      mse_q         <= 1'b0;
      bme_q         <= 1'b0;
      perr_q        <= 1'b0;
      serr_q        <= 1'b0;
      int_disable_q <= 1'b0;
      bar0_q        <= '0;
      int_line_q    <= 8'd0;
    end else if (write_i) begin
      bar0_q <= bar0_new[63:BAR0_SIZE_LOG2];
      if (addr_i == RegCommand) begin
        if (be_i[0]) {perr_q, bme_q, mse_q} <= {wdata_i[6], wdata_i[2:1]};
        if (be_i[1]) {int_disable_q, serr_q} <= {wdata_i[10], wdata_i[8]};
      end
      if (addr_i == RegInt && be_i[0] && INTX_PIN != 3'd0) int_line_q <= wdata_i[7:0];
    end
  end

  // ---- status: written 1 clears, an event sets
  logic clear;

  assign clear = write_i & (addr_i == RegCommand) & be_i[3];   // the byte with bits 8..15 of Status

  always_ff @(posedge clk) begin
    if (!rst_n || soft_rst_i) begin
      detected_parity_q <= 1'b0;
      received_ma_q     <= 1'b0;
      received_ta_q     <= 1'b0;
      signaled_ta_q     <= 1'b0;
      master_parity_q   <= 1'b0;
    end else begin
      detected_parity_q <= (detected_parity_q & ~(clear & wdata_i[31])) | detected_parity_i;
      received_ma_q     <= (received_ma_q & ~(clear & wdata_i[29])) | received_ma_i;
      received_ta_q     <= (received_ta_q & ~(clear & wdata_i[28])) | received_ta_i;
      signaled_ta_q     <= (signaled_ta_q & ~(clear & wdata_i[27])) | signaled_ta_i;
      master_parity_q   <= (master_parity_q & ~(clear & wdata_i[24])) | (master_parity_i & perr_q);
    end
  end

  assign bar0_o        = bar0_q;
  assign mem_enable_o  = mse_q;
  assign bus_master_o  = bme_q;
  assign int_disable_o = int_disable_q;

endmodule
