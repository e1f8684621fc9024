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
  typedef enum logic [2:0] {
    KIND_NONE    = 3'd0,  // completion, or undefined type: nothing to do
    KIND_MRD     = 3'd1,
    KIND_MWR     = 3'd2,
    KIND_CFG_RD  = 3'd3,  // type 0
    KIND_CFG_WR  = 3'd4,  // type 0
    KIND_NP_UR   = 3'd5,  // non-posted request that this function does not support
    KIND_P_DROP  = 3'd6,  // message, or malformed posted request: credits only
    KIND_NP_DROP = 3'd7   // malformed non-posted request: credits only
  } rx_kind_e;

  // One received request. For configuration requests addr[31:16] is the routing ID and addr[11:2] the register.
  typedef struct packed {
    logic [2:0]  kind;
    logic        mem_read;    // byte count and lower address of a UR follow the request
    logic        ep;
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
    logic [63:0] data;        // first two payload DWs, little-endian
  } rx_req_t;

  localparam logic [2:0] CplSc = 3'b000;
  localparam logic [2:0] CplUr = 3'b001;

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
