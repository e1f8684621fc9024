// bar_decode - says which structure in BAR0 a QWORD belongs to, and its place there.
//
// Behaviour: combinational. Everything that belongs to no structure is REGION_NONE.
module bar_decode #(
  parameter int unsigned NVEC           = 32,
  parameter int unsigned BAR0_SIZE_LOG2 = 16,
  parameter int unsigned TABLE_OFFSET   = 0,
  parameter int unsigned PBA_OFFSET     = 32'h8000,
  parameter int unsigned CSR_OFFSET     = 32'h9000
) (
  input  logic [BAR0_SIZE_LOG2-4:0] qword_i,        // offset in BAR0, in QWORDs
  output logic [1:0]                region_o,
  output logic [11:0]               qword_index_o   // in the table or the PBA
);

  localparam int unsigned QW          = BAR0_SIZE_LOG2 - 3;
  localparam int unsigned TableQwords = 2 * NVEC;
  localparam int unsigned PbaQwords   = (NVEC + 63) / 64;

  logic [QW:0] from_table, from_pba;   // distance; below the base it wraps to something large
  logic        in_table, in_pba, in_csr;

  assign from_table = {1'b0, qword_i} - (QW+1)'(TABLE_OFFSET / 8);
  assign from_pba   = {1'b0, qword_i} - (QW+1)'(PBA_OFFSET / 8);
  assign in_table   = from_table < (QW+1)'(TableQwords);
  assign in_pba     = from_pba < (QW+1)'(PbaQwords);
  assign in_csr     = qword_i[QW-1:9] == (QW-9)'(CSR_OFFSET / 4096);

  always_comb begin
    region_o      = msix_pkg::REGION_NONE;
    qword_index_o = 12'(from_table);
    if (in_table) begin
      region_o = msix_pkg::REGION_TABLE;
    end else if (in_pba) begin
      region_o      = msix_pkg::REGION_PBA;
      qword_index_o = 12'(from_pba);
    end else if (in_csr) begin
      region_o = msix_pkg::REGION_CSR;
    end
  end

endmodule
