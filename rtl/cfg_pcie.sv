// cfg_pcie - PCI Express capability, version 2, of an endpoint.
//
// Behaviour: reads are combinational, writes take effect at the end of their cycle, byte by byte; what does not exist
// reads 0. Error bits are set by events and cleared by writing 1; an event wins. soft_rst_i resets all but the payload
// size and the link control bits. flr_start_o is high in the cycle of a write that asks for a function level reset.
module cfg_pcie #(
  parameter logic [7:0]  CAP_OFFSET = 8'h70,
  parameter logic [7:0]  NEXT_PTR   = 8'hB0,
  parameter int unsigned MPS_MAX    = 256
) (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        soft_rst_i,
  input  logic        write_i,
  input  logic [9:0]  addr_i,      // DWORD
  input  logic [3:0]  be_i,
  input  logic [31:0] wdata_i,
  output logic [31:0] rdata_o,
  // events
  input  logic        correctable_i,
  input  logic        non_fatal_i,
  input  logic        fatal_i,
  input  logic        ur_i,
  input  logic        trans_pending_i,   // level
  output logic        flr_start_o,
  output logic [2:0]  mps_o,             // Device Control encoding
  output logic [2:0]  mrrs_o,
  output logic        ro_en_o,
  output logic        ns_en_o,
  output logic        ido_req_en_o,
  output logic        ido_cpl_en_o
);

  localparam logic [7:0] CapId      = 8'h10;
  localparam logic [9:0] RegCap     = {4'd0, CAP_OFFSET[7:2]};
  localparam logic [9:0] RegDevCap  = RegCap + 10'd1;
  localparam logic [9:0] RegDev     = RegCap + 10'd2;    // Device Control and Status
  localparam logic [9:0] RegLinkCap = RegCap + 10'd3;
  localparam logic [9:0] RegLink    = RegCap + 10'd4;    // Link Control and Status
  localparam logic [9:0] RegDev2    = RegCap + 10'd10;   // Device Control 2

  localparam logic [2:0]  MpsSupported = (MPS_MAX == 512) ? 3'd2 : (MPS_MAX == 256) ? 3'd1 : 3'd0;
  // FLR, role-based error reporting, extended tags
  localparam logic [31:0] DevCap  = {3'b000, 1'b1, 12'd0, 1'b1, 9'd0, 1'b1, 2'b00, MpsSupported};
  // ASPM optionality, x1, 2.5 GT/s
  localparam logic [31:0] LinkCap = 32'h0040_0011;
  localparam logic [15:0] LinkSta = 16'h0011;

  logic [3:0] report_q;      // error reporting enables; no error message is ever sent
  logic       ro_q, ext_tag_q, ns_q;
  logic [2:0] mps_q, mrrs_q;
  logic [3:0] status_q;      // {unsupported request, fatal, non-fatal, correctable}
  logic [1:0] aspm_q;
  logic       rcb_q, common_clock_q, ext_synch_q;
  logic       ido_req_q, ido_cpl_q;

  logic [15:0] dev_control, dev_status, link_control;

  assign dev_control  = {1'b0, mrrs_q, ns_q, 2'b00, ext_tag_q, mps_q, ro_q, report_q};
  assign dev_status   = {10'd0, trans_pending_i, 1'b0, status_q};
  assign link_control = {8'd0, ext_synch_q, common_clock_q, 2'b00, rcb_q, 1'b0, aspm_q};

  always_comb begin
    unique case (addr_i)
      RegCap:     rdata_o = {16'h0002, NEXT_PTR, CapId};   // version 2, endpoint
      RegDevCap:  rdata_o = DevCap;
      RegDev:     rdata_o = {dev_status, dev_control};
      RegLinkCap: rdata_o = LinkCap;
      RegLink:    rdata_o = {LinkSta, link_control};
      RegDev2:    rdata_o = {22'd0, ido_cpl_q, ido_req_q, 8'd0};
      default:    rdata_o = 32'd0;
    endcase
  end

  logic write_dev, write_link, write_dev2;
  logic unused_wdata;

  assign write_dev    = write_i & (addr_i == RegDev);
  assign write_link   = write_i & (addr_i == RegLink);
  assign write_dev2   = write_i & (addr_i == RegDev2);
  assign flr_start_o  = write_dev & be_i[1] & wdata_i[15];
  assign unused_wdata = ^{wdata_i[31:20], wdata_i[10], be_i[3]};

  // ---- not reset with the function
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      mps_q          <= 3'd0;
      aspm_q         <= 2'd0;
      rcb_q          <= 1'b0;
      common_clock_q <= 1'b0;
      ext_synch_q    <= 1'b0;
    end else begin
      if (write_dev && be_i[0] && wdata_i[7:5] <= MpsSupported) mps_q <= wdata_i[7:5];
      if (write_link && be_i[0]) begin
        {ext_synch_q, common_clock_q, rcb_q, aspm_q} <= {wdata_i[7:6], wdata_i[3], wdata_i[1:0]};
      end
    end
  end

  // ---- reset with the function
  always_ff @(posedge clk) begin
    if (!rst_n || soft_rst_i) begin
      report_q  <= 4'd0;
      ro_q      <= 1'b1;
      ext_tag_q <= 1'b0;
      ns_q      <= 1'b1;
      mrrs_q    <= 3'd2;
      status_q  <= 4'd0;
      ido_req_q <= 1'b0;
      ido_cpl_q <= 1'b0;
    end else begin
      if (write_dev && be_i[0]) {ro_q, report_q} <= wdata_i[4:0];
      if (write_dev && be_i[1]) begin
        {ns_q, ext_tag_q} <= {wdata_i[11], wdata_i[8]};
        if (wdata_i[14:12] < 3'd6) mrrs_q <= wdata_i[14:12];
      end
      if (write_dev2 && be_i[1]) {ido_cpl_q, ido_req_q} <= wdata_i[9:8];
      status_q <= (status_q & ~({4{write_dev & be_i[2]}} & wdata_i[19:16])) |
                  {ur_i, fatal_i, non_fatal_i, correctable_i};
    end
  end

  assign mps_o        = mps_q;
  assign mrrs_o       = mrrs_q;
  assign ro_en_o      = ro_q;
  assign ns_en_o      = ns_q;
  assign ido_req_en_o = ido_req_q;
  assign ido_cpl_en_o = ido_cpl_q;

endmodule
