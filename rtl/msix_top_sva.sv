// msix_top_sva - assertions on the ports of msix_top: stream rules in both directions, device register port, and
// what the device logic may hand over as dma and dmr.
//
// Immediate assertions in clocked processes, here and in the other *_sva files: concurrent ones copy every signal they
// name in every clock, which costs the simulation a third of its speed.
module msix_top_sva #(
  parameter int unsigned DATA_DW = 4,
  parameter int unsigned MPS_MAX = 128
) (
  input logic                  clk,
  input logic                  rst_n,
  input logic                  link_up,
  input logic [32*DATA_DW-1:0] rx_tdata,
  input logic [DATA_DW-1:0]    rx_tkeep,
  input logic                  rx_tlast,
  input logic                  rx_tvalid,
  input logic                  rx_tready,
  input logic [32*DATA_DW-1:0] tx_tdata,
  input logic [DATA_DW-1:0]    tx_tkeep,
  input logic                  tx_tlast,
  input logic                  tx_tvalid,
  input logic                  tx_tready,
  input logic [32*DATA_DW-1:0] dma_tdata,
  input logic [DATA_DW-1:0]    dma_tkeep,
  input logic                  dma_tlast,
  input logic                  dma_tvalid,
  input logic                  dma_tready,
  input logic [32*DATA_DW-1:0] dmr_tdata,
  input logic [DATA_DW-1:0]    dmr_tkeep,
  input logic                  dmr_tlast,
  input logic                  dmr_tvalid,
  input logic                  dmr_tready,
  input logic [DATA_DW-1:0]    dmc_tkeep,
  input logic                  dmc_tlast,
  input logic                  dmc_tvalid,
  input logic                  csr_valid,
  input logic                  csr_write,
  input logic [11:0]           csr_addr,
  input logic [7:0]            csr_be,
  input logic [63:0]           csr_wdata,
  input logic                  csr_ready,
  input logic                  evt_ready,
  input logic                  clr_ready
);

  localparam logic [DATA_DW-1:0] AllDw = '1;
  localparam logic [DATA_DW-1:0] OneDw = DATA_DW'(1);

  logic up;

  assign up = rst_n && link_up;

  // ---- streams: stable while they wait, full beats but for the last, contiguous from DW 0 (adding 1 to a run of
  // ones from bit 0 leaves no bit in common)
  logic [32*DATA_DW-1:0] tx_data_q, rx_data_q, dma_data_q, dmr_data_q;
  logic [DATA_DW:0]      tx_ctl_q, rx_ctl_q, dma_ctl_q, dmr_ctl_q;
  logic [84:0]           csr_q;
  logic                  tx_waits_q, rx_waits_q, dma_waits_q, dmr_waits_q, csr_waits_q;

  always_ff @(posedge clk) begin
    tx_waits_q  <= up && tx_tvalid && !tx_tready;
    rx_waits_q  <= up && rx_tvalid && !rx_tready;
    dma_waits_q <= up && dma_tvalid && !dma_tready;
    dmr_waits_q <= up && dmr_tvalid && !dmr_tready;
    csr_waits_q <= up && csr_valid && !csr_ready;
    if (tx_tvalid && !tx_tready) {tx_data_q, tx_ctl_q} <= {tx_tdata, tx_tlast, tx_tkeep};
    if (rx_tvalid && !rx_tready) {rx_data_q, rx_ctl_q} <= {rx_tdata, rx_tlast, rx_tkeep};
    if (dma_tvalid && !dma_tready) {dma_data_q, dma_ctl_q} <= {dma_tdata, dma_tlast, dma_tkeep};
    if (dmr_tvalid && !dmr_tready) {dmr_data_q, dmr_ctl_q} <= {dmr_tdata, dmr_tlast, dmr_tkeep};
    if (csr_valid && !csr_ready) csr_q <= {csr_write, csr_addr, csr_be, csr_wdata};
    if (up) begin
      if (tx_waits_q) begin
        tx_stays_until_taken : assert (tx_tvalid && tx_tdata == tx_data_q && {tx_tlast, tx_tkeep} == tx_ctl_q);
      end
      if (rx_waits_q) begin
        rx_stays_until_taken : assert (rx_tvalid && rx_tdata == rx_data_q && {rx_tlast, rx_tkeep} == rx_ctl_q);
      end
      if (dma_waits_q) begin
        dma_stays_until_taken : assert (dma_tvalid && dma_tdata == dma_data_q && {dma_tlast, dma_tkeep} == dma_ctl_q);
      end
      if (dmr_waits_q) begin
        dmr_stays_until_taken : assert (dmr_tvalid && dmr_tdata == dmr_data_q && {dmr_tlast, dmr_tkeep} == dmr_ctl_q);
      end
      if (csr_waits_q) begin
        csr_stays_until_taken : assert (csr_valid && {csr_write, csr_addr, csr_be, csr_wdata} == csr_q);
      end
      if (tx_tvalid) begin
        tx_beats_are_full : assert (tx_tkeep[0] && (tx_tkeep & (tx_tkeep + OneDw)) == '0 &&
                                    (tx_tlast || tx_tkeep == AllDw));
      end
      if (rx_tvalid) begin
        rx_beats_are_full : assert (rx_tkeep[0] && (rx_tkeep & (rx_tkeep + OneDw)) == '0 &&
                                    (rx_tlast || rx_tkeep == AllDw));
      end
      if (dma_tvalid) begin
        dma_beats_are_full : assert (dma_tkeep[0] && (dma_tkeep & (dma_tkeep + OneDw)) == '0 &&
                                     (dma_tlast || dma_tkeep == AllDw));
      end
      if (dmr_tvalid) begin
        dmr_beats_are_full : assert (dmr_tkeep[0] && (dmr_tkeep & (dmr_tkeep + OneDw)) == '0 &&
                                     (dmr_tlast || dmr_tkeep == AllDw));
      end
      if (dmc_tvalid) begin
        dmc_beats_are_full : assert (dmc_tkeep[0] && (dmc_tkeep & (dmc_tkeep + OneDw)) == '0 &&
                                     (dmc_tlast || dmc_tkeep == AllDw));
      end
      if (csr_valid) begin
        csr_access_has_bytes : assert (csr_be != 8'd0);
      end
      causes_are_always_taken : assert (evt_ready && clr_ready);
    end
  end

  // ---- dma: one whole Memory Write of at most MPS_MAX, as long as its header says
  logic        in_tlp_q;
  logic [11:0] left_q, left, beat_dws;
  logic [31:0] header;
  logic        unused_header;

  assign header        = dma_tdata[31:0];
  assign unused_header = ^header;
  assign beat_dws      = 12'($countones(dma_tkeep));
  assign left          = in_tlp_q ? left_q : 12'd3 + 12'(header[29]) + 12'(header[15]) + 12'(header[9:0]);

  always_ff @(posedge clk) begin
    if (!up) begin
      in_tlp_q <= 1'b0;
      left_q   <= '0;
    end else if (dma_tvalid) begin
      if (!in_tlp_q) begin
        dma_is_memory_write : assert (header[31:30] == 2'b01 && header[28:24] == 5'd0);
        dma_fits_mps_max : assert (header[9:0] != 10'd0 && 12'(header[9:0]) <= 12'(MPS_MAX / 4));
      end
      dma_length_is_true : assert (dma_tlast ? left == beat_dws : left > beat_dws);
      if (dma_tready) begin
        in_tlp_q <= !dma_tlast;
        left_q   <= left - beat_dws;
      end
    end
  end

  // ---- dmr: one whole Memory Read with an 8 bit tag and no digest
  logic        dmr_in_tlp_q;
  logic [2:0]  dmr_left_q, dmr_left;
  logic [31:0] dmr_header;
  logic [4:0]  dmr_beat_dws;

  assign dmr_header   = dmr_tdata[31:0];
  assign dmr_beat_dws = 5'($countones(dmr_tkeep));
  assign dmr_left     = dmr_in_tlp_q ? dmr_left_q : dmr_header[29] ? 3'd4 : 3'd3;

  always_ff @(posedge clk) begin
    if (!up) begin
      dmr_in_tlp_q <= 1'b0;
      dmr_left_q   <= '0;
    end else if (dmr_tvalid) begin
      if (!dmr_in_tlp_q) begin
        dmr_is_memory_read : assert ((dmr_header & 32'hDF88_8000) == 32'd0);
      end
      dmr_length_is_true : assert (dmr_tlast ? 5'(dmr_left) == dmr_beat_dws : 5'(dmr_left) > dmr_beat_dws);
      if (dmr_tready) begin
        dmr_in_tlp_q <= !dmr_tlast;
        dmr_left_q   <= dmr_left - 3'(dmr_beat_dws);
      end
    end
  end

endmodule

bind msix_top msix_top_sva #(.DATA_DW(DATA_DW), .MPS_MAX(MPS_MAX)) u_sva (.*);
