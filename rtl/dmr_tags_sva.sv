// dmr_tags_sva - assertions on the tags of reads: the device logic uses a free one, and the table has one writer.
module dmr_tags_sva (
  input logic         clk,
  input logic         rst_n,
  input logic         start_i,
  input logic [7:0]   start_tag_i,
  input logic [12:0]  start_bytes_i,
  input logic [7:0]   look_tag_i,
  input logic         retire_i,
  input logic         left_valid_i,
  input logic [12:0]  left_i,
  input logic [12:0]  look_bytes_o,
  input logic [255:0] open_q
);

  always_ff @(posedge clk) begin
    if (rst_n) begin
      read_takes_a_free_tag : assert (!start_i || !open_q[start_tag_i]);
      read_takes_a_free_tag_reached : cover (start_i && (|open_q));
      read_asks_for_bytes : assert (!start_i || (start_bytes_i != '0 && start_bytes_i <= 13'd4096));
      read_asks_for_bytes_reached : cover (start_i && start_bytes_i == 13'd1);
      tags_have_one_writer : assert (!(start_i && left_valid_i) && !(retire_i && left_valid_i));
      tags_have_one_writer_reached : cover (left_valid_i);
      completion_belongs_to_a_read : assert (!(retire_i || left_valid_i) || open_q[look_tag_i]);
      completion_belongs_to_a_read_reached : cover (retire_i);
      read_comes_nearer_to_its_end : assert (!left_valid_i || (left_i != '0 && left_i < look_bytes_o));
      read_comes_nearer_to_its_end_reached : cover (left_valid_i);
    end
  end

endmodule

bind dmr_tags dmr_tags_sva u_sva (.*);
