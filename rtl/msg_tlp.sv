// msg_tlp - one interrupt message as a Memory Write TLP.
//
// Behaviour: combinational. 3 DW header if the upper address is 0, else 4 DW; TC 0, no attributes, tag 0, all bytes
// of one DW enabled.
module msg_tlp (
  input  msix_pkg::msg_t       msg_i,
  input  logic [15:0]          requester_id_i,
  output msix_pkg::short_tlp_t tlp_o
);

  logic        wide;
  logic [31:0] dw0, dw1, addr_lo, addr_hi, payload;

  assign addr_hi = msg_i.addr[61:30];
  assign addr_lo = {msg_i.addr[29:0], 2'b00};
  assign wide    = |addr_hi;
  assign dw0     = wide ? 32'h6000_0001 : 32'h4000_0001;
  assign dw1     = {requester_id_i, 8'h00, 8'h0F};
  assign payload = msix_pkg::bswap32(msg_i.data);

  assign tlp_o.dws  = wide ? 3'd5 : 3'd4;
  assign tlp_o.data = wide ? {payload, addr_lo, addr_hi, dw1, dw0} : {32'd0, payload, addr_lo, dw1, dw0};

endmodule
