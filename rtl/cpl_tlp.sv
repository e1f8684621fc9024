// cpl_tlp - one completion as a TLP, with no data or with one or two DWs.
//
// Behaviour: combinational. 3 DW header; IDO, TD, EP and BCM are 0.
module cpl_tlp (
  input  msix_pkg::cpl_t       cpl_i,
  output msix_pkg::short_tlp_t tlp_o
);

  logic [9:0]  length;
  logic [31:0] dw0, dw1, dw2, data0, data1;

  assign length = cpl_i.has_data ? {8'd0, cpl_i.two_dw, ~cpl_i.two_dw} : 10'd0;
  assign dw0    = {1'b0, cpl_i.has_data, 1'b0, 5'b01010,
                   cpl_i.tag[9], cpl_i.tc, cpl_i.tag[8], 3'b000,
                   2'b00, cpl_i.ro, cpl_i.ns, 2'b00, length};
  assign dw1    = {cpl_i.cpl_id, cpl_i.status, 1'b0, cpl_i.byte_count};
  assign dw2    = {cpl_i.req_id, cpl_i.tag[7:0], 1'b0, cpl_i.lower_addr};
  assign data0  = cpl_i.has_data ? msix_pkg::bswap32(cpl_i.data[31:0]) : 32'd0;
  assign data1  = (cpl_i.has_data & cpl_i.two_dw) ? msix_pkg::bswap32(cpl_i.data[63:32]) : 32'd0;

  assign tlp_o.dws  = 3'd3 + 3'(length[1:0]);
  assign tlp_o.data = {data1, data0, dw2, dw1, dw0};

endmodule
