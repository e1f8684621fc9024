// msix_pkg - types and constants that the modules of the block share.
//
// Header DWs hold byte 0 of the DW in bits 31:24, as on the stream. Register data and payload inside the block
// are little-endian (byte at the lowest address in bits 7:0); bswap32() converts where payload meets the stream.
package msix_pkg;

  // Credit windows granted to the host: headers, and data units of 16 bytes.
  localparam int unsigned PhWindow  = 16;
  localparam int unsigned PdWindow  = 64;
  localparam int unsigned NphWindow = 32;  // one completion slot each
  localparam int unsigned NpdWindow = 32;

  // Running counts of posted pushes and pops, compared modulo 2^StampW. A queue releases its entries within 32
  // pops of their stamp, so 8 bits never alias (see ord_queue).
  localparam int unsigned StampW = 8;

  // The longest TLP that is built inside the block: 4 DW header and 1 DW payload, or 3 and 2.
  localparam int unsigned ShortDw = 5;

  // What a received TLP asks for.
  typedef enum logic [3:0] {
    KIND_NONE    = 4'd0,  // undefined type: no credits
    KIND_MRD     = 4'd1,
    KIND_MWR     = 4'd2,
    KIND_CFG_RD  = 4'd3,  // type 0
    KIND_CFG_WR  = 4'd4,  // type 0
    KIND_NP_UR   = 4'd5,  // non-posted request that this function does not support
    KIND_P_DROP  = 4'd6,  // message that is ignored, or malformed posted request: credits only
    KIND_NP_DROP = 4'd7,  // malformed non-posted request: credits only
    KIND_P_UR    = 4'd8,  // message that this function does not support
    KIND_CPL     = 4'd9   // any completion, malformed ones too: its beats are in the store of dmc_path
  } rx_kind_e;

  // One received TLP. For configuration requests addr[31:16] is the routing ID and addr[11:2] the register; for
  // completions req_id, tag[7:0], last_be, first_be are DW 1, and addr[31:2], addr_low DW 2.
  typedef struct packed {
    logic [3:0]  kind;
    logic        malformed;
    logic        mem_read;    // byte count and lower address of a UR follow the request
    logic        has_data;
    logic        poisoned;    // EP, with data, not malformed
    logic        locked;      // CplLk, CplDLk
    logic        ro;
    logic        ns;
    logic [2:0]  tc;
    logic [9:0]  tag;
    logic [15:0] req_id;
    logic [10:0] length;      // DWs, 1..1024
    logic [8:0]  data_units;  // credits of its payload
    logic [3:0]  first_be;
    logic [3:0]  last_be;
    logic [61:0] addr;        // bits 63:2
    logic [1:0]  addr_low;    // bits 1:0 of the DW with bits 31:2
    logic [63:0] data;        // first two payload DWs, little-endian
  } rx_req_t;

  localparam logic [2:0] CplSc  = 3'b000;
  localparam logic [2:0] CplUr  = 3'b001;
  localparam logic [2:0] CplRrs = 3'b010;
  localparam logic [2:0] CplCa  = 3'b100;

  // What went wrong with one received TLP, in the clock in which it is judged.
  typedef struct packed {
    logic ur;             // a request is refused
    logic ur_posted;      // and it gets no completion
    logic poisoned;
    logic poisoned_cpl;   // and it is a completion
    logic malformed;
    logic unexp_cpl;
    logic ca_sent;        // Completer Abort
    logic cpl_ur;         // an own read was answered by UR, or by a status that counts as UR
    logic cpl_ca;
  } rx_errors_t;

  // One completion.
  typedef struct packed {
    logic        has_data;
    logic        two_dw;
    logic [2:0]  status;
    logic        ro;
    logic        ns;
    logic [2:0]  tc;
    logic [9:0]  tag;
    logic [15:0] req_id;
    logic [15:0] cpl_id;
    logic [11:0] byte_count;
    logic [6:0]  lower_addr;
    logic [63:0] data;        // little-endian
  } cpl_t;

  // One interrupt message.
  typedef struct packed {
    logic [61:0] addr;        // bits 63:2
    logic [31:0] data;
  } msg_t;

  // A short TLP as DWs in stream order, DW 0 in bits 31:0, with its length in DWs.
  typedef struct packed {
    logic [2:0]   dws;
    logic [159:0] data;
  } short_tlp_t;

  // Where in BAR0 an access falls.
  typedef enum logic [1:0] {
    REGION_NONE  = 2'd0,
    REGION_TABLE = 2'd1,
    REGION_PBA   = 2'd2,
    REGION_CSR   = 2'd3
  } region_e;

  function automatic logic [31:0] bswap32(input logic [31:0] dw);
    bswap32 = {dw[7:0], dw[15:8], dw[23:16], dw[31:24]};
  endfunction

  // Disabled bytes at the beginning; 0 if none is enabled.
  function automatic logic [1:0] first_byte(input logic [3:0] first_be);
    first_byte = first_be[0] ? 2'd0 : first_be[1] ? 2'd1 : first_be[2] ? 2'd2 : {2{first_be[3]}};
  endfunction

  // Bytes that a Memory Read asks for, from the first enabled to the last one; 1 if there is none.
  function automatic logic [12:0] read_bytes(input logic [10:0] length, input logic [3:0] first_be,
                                             input logic [3:0] last_be);
    logic [3:0] be;
    logic [1:0] trail;   // disabled bytes at the end
    be         = (length == 11'd1) ? first_be : last_be;
    trail      = be[3] ? 2'd0 : be[2] ? 2'd1 : be[1] ? 2'd2 : (be[0] | (length == 11'd1)) ? 2'd3 : 2'd0;
    read_bytes = {length, 2'b00} - 13'(first_byte(first_be)) - 13'(trail);
  endfunction

  // Is this first byte of a TLP that of a completion? Cpl, CplD, CplLk, CplDLk with a 3 DW header.
  function automatic logic is_completion(input logic [7:0] fmt_type);
    is_completion = (fmt_type & 8'b1011_1110) == 8'b0000_1010;
  endfunction

  // One-hot to binary. Masks instead of a loop: some eight times faster in simulation.
  function automatic logic [4:0] encode32(input logic [31:0] onehot);
    encode32 = {|(onehot & 32'hFFFF_0000), |(onehot & 32'hFF00_FF00), |(onehot & 32'hF0F0_F0F0),
                |(onehot & 32'hCCCC_CCCC), |(onehot & 32'hAAAA_AAAA)};
  endfunction

  function automatic logic [5:0] encode64(input logic [63:0] onehot);
    encode64 = {|(onehot & 64'hFFFF_FFFF_0000_0000), |(onehot & 64'hFFFF_0000_FFFF_0000),
                |(onehot & 64'hFF00_FF00_FF00_FF00), |(onehot & 64'hF0F0_F0F0_F0F0_F0F0),
                |(onehot & 64'hCCCC_CCCC_CCCC_CCCC), |(onehot & 64'hAAAA_AAAA_AAAA_AAAA)};
  endfunction

endpackage
