// dmr_tags - which tags of the device logic's reads are outstanding, and how many bytes each still waits for.
//
// Behaviour: start_i opens a tag. look_tag_i is answered combinationally; in the same cycle retire_i closes that tag or
// left_valid_i notes what remains. clear_i closes all (function level reset).
// Back-pressure: there is one write port: start_i is not allowed together with left_valid_i.
module dmr_tags (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        clear_i,
  input  logic        start_i,
  input  logic [7:0]  start_tag_i,
  input  logic [12:0] start_bytes_i,   // 1..4096
  input  logic [7:0]  look_tag_i,
  output logic        look_open_o,
  output logic [12:0] look_bytes_o,
  input  logic        retire_i,
  input  logic        left_valid_i,
  input  logic [12:0] left_i,
  output logic        any_o
);

  logic [255:0] open_q;
  logic [12:0]  bytes_mem [256];

  assign look_open_o  = open_q[look_tag_i];
  assign look_bytes_o = bytes_mem[look_tag_i];
  assign any_o        = |open_q;

  always_ff @(posedge clk) begin
    if (start_i | left_valid_i) bytes_mem[start_i ? start_tag_i : look_tag_i] <= start_i ? start_bytes_i : left_i;
    if (!rst_n || clear_i) begin
      open_q <= '0;
    end else begin
      if (retire_i) open_q[look_tag_i] <= 1'b0;
      if (start_i) open_q[start_tag_i] <= 1'b1;
    end
  end

endmodule
