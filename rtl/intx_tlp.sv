// intx_tlp - one Assert_INTx or Deassert_INTx message as a TLP.
//
// Behaviour: combinational. Msg without data, 'local, terminate at receiver'; 4 DW header; TC 0, no attributes, tag 0.
module intx_tlp #(
  parameter logic [2:0] INTX_PIN = 3'd1      // 1..4: INTA..INTD
) (
  input  logic                 assert_i,
  input  logic [15:0]          requester_id_i,
  output msix_pkg::short_tlp_t tlp_o
);

  localparam logic [31:0] Dw0  = 32'h3400_0000;
  localparam logic [1:0]  Wire = 2'(INTX_PIN - 3'd1);

  assign tlp_o.dws  = 3'd4;
  assign tlp_o.data = {96'd0, requester_id_i, 8'h00, 5'b00100, ~assert_i, Wire, Dw0};

endmodule
