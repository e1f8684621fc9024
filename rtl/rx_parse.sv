// rx_parse - turns the beats of one TLP into one request record.
//
// Behaviour: captures the first six DWs (header and up to two payload DWs), counts all DWs, and judges the TLP
// after its last beat: type, header size, and DW count against the header (Length and digest included). A malformed
// request becomes a KIND_*_DROP record, so it changes nothing but credits. A digest is counted and ignored.
// Latency: last beat accepted in cycle n, record valid in n+2 if the record register is free.
// Back-pressure: rx_tready_o falls while one whole TLP waits behind a record that is not taken yet, and while hold_i
// (the store for completions is in use).
module rx_parse #(
  parameter int unsigned DATA_DW = 4
) (
  input  logic                   clk,
  input  logic                   rst_n,
  input  logic [32*DATA_DW-1:0]  rx_tdata_i,
  input  logic [DATA_DW-1:0]     rx_tkeep_i,
  input  logic                   rx_tlast_i,
  input  logic                   rx_tvalid_i,
  output logic                   rx_tready_o,
  input  logic                   hold_i,
  input  logic [2:0]             mps_i,        // Device Control encoding
  output logic                   req_valid_o,
  output msix_pkg::rx_req_t      req_o,
  input  logic                   req_take_i
);

  localparam int unsigned CapDw = 6;

  logic [32*CapDw-1:0] cap_q;        // first DWs of the TLP
  logic [11:0]         dw_count_q;   // DWs so far; stays at or above 2048 once there
  logic [11:0]         total_q;      // DWs of the whole TLP
  logic                cap_full_q;
  logic                req_valid_q;
  msix_pkg::rx_req_t   req_q, req_d;

  // ---- capture
  logic                accept, move;
  logic [31:0]         keep_pad, keep_top;
  logic [4:0]          last_index;
  logic [11:0]         total_d;

  assign rx_tready_o = rst_n & ~hold_i & (~cap_full_q | move);
  assign accept      = rx_tvalid_i & rx_tready_o;
  assign move        = cap_full_q & (~req_valid_q | req_take_i);

  assign keep_pad   = 32'(rx_tkeep_i);
  assign keep_top   = keep_pad & ~(keep_pad >> 1);
  assign last_index = msix_pkg::encode32(keep_top);
  assign total_d    = dw_count_q + 12'(last_index) + 12'd1;

  always_ff @(posedge clk) begin
    if (accept) begin
      for (int unsigned i = 0; i < CapDw; i++) begin
        if (dw_count_q == 12'(i / DATA_DW * DATA_DW)) begin
          cap_q[32*i +: 32] <= rx_tdata_i[32*(i % DATA_DW) +: 32];
        end
      end
      total_q <= total_d;
    end
    if (!rst_n) begin
      dw_count_q <= '0;
      cap_full_q <= 1'b0;
    end else begin
      if (accept) begin
        if (rx_tlast_i) dw_count_q <= '0;
        else if (!dw_count_q[11]) dw_count_q <= dw_count_q + 12'(DATA_DW);
      end
      if (accept && rx_tlast_i) cap_full_q <= 1'b1;
      else if (move) cap_full_q <= 1'b0;
    end
  end

  // ---- judgement
  logic [31:0] dw0, dw1, dw2, dw3, pay0, pay1;
  logic [1:0]  fmt_hi;      // {prefix, with data}
  logic        hdr4, has_data, td;
  logic [4:0]  tlp_type;
  logic [10:0] length;
  logic [11:0] expected;
  logic        over_mps, malformed;
  logic        known, posted, nonposted, one_dw_only;
  logic [3:0]  kind;
  logic        msg_known;
  logic        unused_bits;

  assign dw0  = cap_q[31:0];
  assign dw1  = cap_q[63:32];
  assign dw2  = cap_q[95:64];
  assign dw3  = cap_q[127:96];
  assign pay0 = hdr4 ? cap_q[159:128] : cap_q[127:96];
  assign pay1 = hdr4 ? cap_q[191:160] : cap_q[159:128];

  assign fmt_hi   = dw0[31:30];
  assign hdr4     = dw0[29];
  assign has_data = dw0[30];
  assign tlp_type = dw0[28:24];
  assign td       = dw0[15];
  assign length   = {dw0[9:0] == 10'd0, dw0[9:0]};
  assign expected = 12'd3 + 12'(hdr4) + 12'(td) + (has_data ? 12'(length) : 12'd0);
  assign over_mps = has_data & (12'(length) > (12'd32 << mps_i));

  // Messages that an endpoint takes: Unlock, PM_Active_State_Nak, PME_Turn_Off, the seven ignored ones of old hot-plug
  // designs, Set_Slot_Power_Limit, Vendor_Defined Type 1.
  always_comb begin
    unique case (dw1[7:0])
      8'h00, 8'h14, 8'h19, 8'h40, 8'h41, 8'h43, 8'h44, 8'h45, 8'h47, 8'h48, 8'h50, 8'h7F: msg_known = 1'b1;
      default: msg_known = 1'b0;
    endcase
  end

  always_comb begin
    kind        = msix_pkg::KIND_NONE;
    known       = 1'b0;
    posted      = 1'b0;
    nonposted   = 1'b0;
    one_dw_only = 1'b0;
    unique case ({fmt_hi, tlp_type})
      {2'b00, 5'b00000}: begin  // MRd
        kind = msix_pkg::KIND_MRD;
        known = 1'b1;
        nonposted = 1'b1;
      end
      {2'b01, 5'b00000}: begin  // MWr
        kind = msix_pkg::KIND_MWR;
        known = 1'b1;
        posted = 1'b1;
      end
      {2'b00, 5'b00100}: begin  // CfgRd0
        kind = msix_pkg::KIND_CFG_RD;
        known = ~hdr4;
        nonposted = ~hdr4;
        one_dw_only = 1'b1;
      end
      {2'b01, 5'b00100}: begin  // CfgWr0
        kind = msix_pkg::KIND_CFG_WR;
        known = ~hdr4;
        nonposted = ~hdr4;
        one_dw_only = 1'b1;
      end
      {2'b00, 5'b00010}, {2'b01, 5'b00010},          // IORd, IOWr
      {2'b00, 5'b00101}, {2'b01, 5'b00101}: begin    // CfgRd1, CfgWr1
        kind = msix_pkg::KIND_NP_UR;
        known = ~hdr4;
        nonposted = ~hdr4;
        one_dw_only = 1'b1;
      end
      {2'b00, 5'b00001},                             // MRdLk
      {2'b01, 5'b01100}, {2'b01, 5'b01101},          // FetchAdd, Swap
      {2'b01, 5'b01110}, {2'b01, 5'b11011}: begin    // CAS, DMWr
        kind = msix_pkg::KIND_NP_UR;
        known = 1'b1;
        nonposted = 1'b1;
      end
      {2'b00, 5'b10000}, {2'b00, 5'b10001}, {2'b00, 5'b10010}, {2'b00, 5'b10011},
      {2'b00, 5'b10100}, {2'b00, 5'b10101}, {2'b00, 5'b10110}, {2'b00, 5'b10111},
      {2'b01, 5'b10000}, {2'b01, 5'b10001}, {2'b01, 5'b10010}, {2'b01, 5'b10011},
      {2'b01, 5'b10100}, {2'b01, 5'b10101}, {2'b01, 5'b10110}, {2'b01, 5'b10111}: begin  // Msg, MsgD
        kind = msg_known ? msix_pkg::KIND_P_DROP : msix_pkg::KIND_P_UR;
        known = hdr4;
        posted = hdr4;
      end
      {2'b00, 5'b01010}, {2'b00, 5'b01011},
      {2'b01, 5'b01010}, {2'b01, 5'b01011}: begin    // Cpl, CplD, CplLk, CplDLk
        kind = hdr4 ? msix_pkg::KIND_NONE : msix_pkg::KIND_CPL;
        known = ~hdr4;
      end
      default: ;
    endcase
  end

  assign malformed = ~known | (total_q != expected) | over_mps | (one_dw_only & (length != 11'd1));

  always_comb begin
    req_d.kind = kind;
    if (malformed) begin
      if (posted) req_d.kind = msix_pkg::KIND_P_DROP;
      else if (nonposted) req_d.kind = msix_pkg::KIND_NP_DROP;
      else if (kind != msix_pkg::KIND_CPL) req_d.kind = msix_pkg::KIND_NONE;
    end
    req_d.malformed  = malformed;
    req_d.has_data   = has_data;
    req_d.poisoned   = dw0[14] & has_data & ~malformed;
    req_d.locked     = tlp_type[0];
    req_d.mem_read   = (fmt_hi == 2'b00) & (tlp_type[4:1] == 4'd0);
    req_d.ro         = dw0[13];
    req_d.ns         = dw0[12];
    req_d.tc         = dw0[22:20];
    req_d.tag        = {dw0[23], dw0[19], dw1[15:8]};
    req_d.req_id     = dw1[31:16];
    req_d.length     = length;
    req_d.data_units = has_data ? 9'((12'(length) + 12'd3) >> 2) : 9'd0;
    req_d.first_be   = dw1[3:0];
    req_d.last_be    = dw1[7:4];
    req_d.addr       = hdr4 ? {dw2, dw3[31:2]} : {32'd0, dw2[31:2]};
    req_d.addr_low   = hdr4 ? dw3[1:0] : dw2[1:0];
    req_d.data       = {msix_pkg::bswap32(pay1), msix_pkg::bswap32(pay0)};
  end

  assign unused_bits = ^{dw0[18:16], dw0[11:10]};  // IDO, LN, TH, AT, PH: accepted and ignored

  always_ff @(posedge clk) begin
    if (move) req_q <= req_d;
    if (!rst_n) req_valid_q <= 1'b0;
    else if (move) req_valid_q <= 1'b1;
    else if (req_take_i) req_valid_q <= 1'b0;
  end

  assign req_valid_o = req_valid_q;
  assign req_o       = req_q;

endmodule
