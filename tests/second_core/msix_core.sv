// msix_core - wrapper: plain_core behind the ports that msix_top connects.
//
// Most is renaming. What the two do differently: the bus of the block has QWORDs and one acknowledge, the core has
// words of 32 bits and a handshake of four phases. So an access with bytes in both words becomes two, the lower one
// first, with clocks in between in which the core may send: a QWORD is not atomic, which policy says (qword_atomic).
module msix_core #(
  parameter int unsigned NVEC = 32
) (
  input  logic           clk,
  input  logic           rst_n,
  input  logic           soft_rst_i,
  input  logic           enable_i,
  input  logic           bus_valid_i,
  input  logic           bus_write_i,
  input  logic           bus_pba_i,
  input  logic [11:0]    bus_addr_i,
  input  logic [7:0]     bus_be_i,
  input  logic [63:0]    bus_wdata_i,
  output logic           bus_ack_o,
  output logic [63:0]    bus_rdata_o,
  input  logic           evt_valid_i,
  output logic           evt_ready_o,
  input  logic [10:0]    evt_vector_i,
  input  logic           clr_valid_i,
  output logic           clr_ready_o,
  input  logic [10:0]    clr_vector_i,
  output logic           msg_valid_o,
  input  logic           msg_ready_i,
  output msix_pkg::msg_t msg_o
);

  // ---- one access of the block is one or two of the core
  typedef enum logic [2:0] {Idle, Low, LowEnd, High, HighEnd, Ack} state_e;

  state_e      state_q, state_d;
  logic [63:0] rdata_q;
  logic        upper, done;
  logic [31:0] rdata;

  assign upper = state_q == High;

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (bus_valid_i) state_d = (bus_be_i[3:0] != 4'd0) ? Low : High;
      Low:     if (done) state_d = LowEnd;
      LowEnd:  if (!done) state_d = (bus_be_i[7:4] != 4'd0) ? High : Ack;
      High:    if (done) state_d = HighEnd;
      HighEnd: if (!done) state_d = Ack;
      default: state_d = Idle;
    endcase
  end

  always_ff @(posedge clk) begin
    if (!rst_n) state_q <= Idle;
    else        state_q <= state_d;
    if (state_q == Idle) rdata_q <= '0;
    if (done && state_q == Low) rdata_q[31:0] <= rdata;
    if (done && state_q == High) rdata_q[63:32] <= rdata;
  end

  assign bus_ack_o   = state_q == Ack;
  assign bus_rdata_o = rdata_q;

  // ---- the core
  logic [63:0] address;
  logic        unused_address;

  plain_core #(.VECTORS(NVEC)) u_plain (
    .clock(clk), .reset(~rst_n | soft_rst_i), .may_send(enable_i),
    .reg_request((state_q == Low) | (state_q == High)), .reg_write(bus_write_i), .reg_pending(bus_pba_i),
    .reg_word({bus_addr_i, upper}), .reg_bytes(upper ? bus_be_i[7:4] : bus_be_i[3:0]),
    .reg_wdata(upper ? bus_wdata_i[63:32] : bus_wdata_i[31:0]), .reg_done(done), .reg_rdata(rdata),
    .rise(evt_valid_i), .rise_vector(evt_vector_i), .fall(clr_valid_i), .fall_vector(clr_vector_i),
    .send_request(msg_valid_o), .send_grant(msg_ready_i), .send_address(address), .send_data(msg_o.data)
  );

  assign evt_ready_o    = rst_n;
  assign clr_ready_o    = rst_n;
  assign msg_o.addr     = address[63:2];
  assign unused_address = ^address[1:0];

endmodule
