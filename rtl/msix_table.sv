// msix_table - storage of message address and data: one host port, one fetch port.
//
// Behaviour: three memories (address low, address high, data), one word an entry, with synchronous reads. A flag a
// DW says 'written since reset'; an unwritten DW reads 0, so that reset needs no sweep. A host write is a
// read-modify-write: host_read_i in one cycle, host_write_i in a later one with the same index.
// Latency: one clock for both reads. host_rdata_o follows the last host_read_i, fetch_o the last fetch_i.
// The owner must not fetch in the cycle of a host write.
module msix_table #(
  parameter  int unsigned NVEC = 32,
  localparam int unsigned IdxW = (NVEC > 1) ? $clog2(NVEC) : 1
) (
  input  logic            clk,
  input  logic            rst_n,
  // host: one QWORD, {address high, address low} or {-, data}
  input  logic            host_read_i,
  input  logic            host_write_i,
  input  logic            host_upper_i,     // the QWORD at offset 8
  input  logic [IdxW-1:0] host_index_i,
  input  logic [7:0]      host_be_i,
  input  logic [63:0]     host_wdata_i,
  output logic [63:0]     host_rdata_o,     // bits 63:32 are 0 for the QWORD at offset 8
  // fetch
  input  logic            fetch_i,
  input  logic [IdxW-1:0] fetch_index_i,
  output msix_pkg::msg_t  fetch_o
);

  logic [29:0] lo_mem   [NVEC];
  logic [31:0] hi_mem   [NVEC];
  logic [31:0] data_mem [NVEC];
  logic [NVEC-1:0] lo_written_q, hi_written_q, data_written_q;

  // ---- host read
  logic [29:0] host_lo_q;
  logic [31:0] host_hi_q, host_data_q;
  logic        host_lo_ok_q, host_hi_ok_q, host_data_ok_q;
  logic [31:0] host_lo, host_hi, host_data;

  always_ff @(posedge clk) begin
    if (host_read_i) begin
      host_lo_q      <= lo_mem[host_index_i];
      host_hi_q      <= hi_mem[host_index_i];
      host_data_q    <= data_mem[host_index_i];
      host_lo_ok_q   <= lo_written_q[host_index_i];
      host_hi_ok_q   <= hi_written_q[host_index_i];
      host_data_ok_q <= data_written_q[host_index_i];
    end
  end

  assign host_lo      = host_lo_ok_q ? {host_lo_q, 2'b00} : 32'd0;
  assign host_hi      = host_hi_ok_q ? host_hi_q : 32'd0;
  assign host_data    = host_data_ok_q ? host_data_q : 32'd0;
  assign host_rdata_o = host_upper_i ? {32'd0, host_data} : {host_hi, host_lo};

  // ---- host write
  logic [63:0] merged;
  logic        write_lo, write_hi, write_data;
  logic        unused_low;

  always_comb begin
    merged = host_rdata_o;
    for (int unsigned i = 0; i < 8; i++) begin
      if (host_be_i[i]) merged[8*i +: 8] = host_wdata_i[8*i +: 8];
    end
  end
  assign unused_low = ^merged[1:0];   // not stored while the QWORD is the address

  assign write_lo   = host_write_i & ~host_upper_i & (|host_be_i[3:0]);
  assign write_hi   = host_write_i & ~host_upper_i & (|host_be_i[7:4]);
  assign write_data = host_write_i & host_upper_i & (|host_be_i[3:0]);

  always_ff @(posedge clk) begin
    if (write_lo) lo_mem[host_index_i] <= merged[31:2];
    if (write_hi) hi_mem[host_index_i] <= merged[63:32];
    if (write_data) data_mem[host_index_i] <= merged[31:0];
  end

  always_ff @(posedge clk) begin
    if (!rst_n) lo_written_q <= '0;
    else if (write_lo) lo_written_q[host_index_i] <= 1'b1;
  end
  always_ff @(posedge clk) begin
    if (!rst_n) hi_written_q <= '0;
    else if (write_hi) hi_written_q[host_index_i] <= 1'b1;
  end
  always_ff @(posedge clk) begin
    if (!rst_n) data_written_q <= '0;
    else if (write_data) data_written_q[host_index_i] <= 1'b1;
  end

  // ---- fetch
  logic [29:0] fetch_lo_q;
  logic [31:0] fetch_hi_q, fetch_data_q;
  logic        fetch_lo_ok_q, fetch_hi_ok_q, fetch_data_ok_q;

  always_ff @(posedge clk) begin
    if (fetch_i) begin
      fetch_lo_q      <= lo_mem[fetch_index_i];
      fetch_hi_q      <= hi_mem[fetch_index_i];
      fetch_data_q    <= data_mem[fetch_index_i];
      fetch_lo_ok_q   <= lo_written_q[fetch_index_i];
      fetch_hi_ok_q   <= hi_written_q[fetch_index_i];
      fetch_data_ok_q <= data_written_q[fetch_index_i];
    end
  end

  assign fetch_o.addr = {fetch_hi_ok_q ? fetch_hi_q : 32'd0, fetch_lo_ok_q ? fetch_lo_q : 30'd0};
  assign fetch_o.data = fetch_data_ok_q ? fetch_data_q : 32'd0;

endmodule
