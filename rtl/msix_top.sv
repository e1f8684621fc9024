// msix_top - interrupt block of a PCIe endpoint function: wiring of its parts, and nothing else.
//
// Streams: a TLP starts at DW 0 of a beat, DW i of the TLP is tdata[32*(i mod DATA_DW) +: 32] with byte 0 of the DW
// in the top byte, tkeep has one bit a DW. Limits and grants of credits are cumulative counts, modulo.
// Latency: an event in cycle n shows its message on tx in n+4 when nothing is in the way.
// Resets: rst_n low or link_up low resets everything; a function level reset all but the list in cfg_space.
// Back-pressure: see rx_path (receive side never waits for transmit), posted_queue (dma), msix_core (evt, clr).
module msix_top #(
  parameter int unsigned NVEC             = 32,
  parameter int unsigned DATA_DW          = 8,
  parameter int unsigned MPS_MAX          = 256,
  parameter int unsigned BAR0_SIZE_LOG2   = 16,
  parameter int unsigned TABLE_OFFSET     = 32'h0000,
  parameter int unsigned PBA_OFFSET       = 32'h8000,
  parameter int unsigned CSR_OFFSET       = 32'h9000,
  parameter int unsigned MSI_VECTORS_LOG2 = 5,
  parameter int unsigned INTX_PIN         = 1,
  parameter int unsigned NO_SOFT_RESET    = 0,
  parameter int unsigned VENDOR_ID        = 32'h1AF4,
  parameter int unsigned DEVICE_ID        = 32'h1020,
  parameter int unsigned SUBSYS_VENDOR_ID = 32'h1AF4,
  parameter int unsigned SUBSYS_ID        = 32'h0020,
  parameter int unsigned CLASS_CODE       = 32'h020000,
  parameter int unsigned REVISION_ID      = 32'h03
) (
  input  logic                  clk,
  input  logic                  rst_n,
  // TLPs from the host
  input  logic [32*DATA_DW-1:0] rx_tdata,
  input  logic [DATA_DW-1:0]    rx_tkeep,
  input  logic                  rx_tlast,
  input  logic                  rx_tvalid,
  output logic                  rx_tready,
  output logic [7:0]            rxfc_ph,
  output logic [11:0]           rxfc_pd,
  output logic [7:0]            rxfc_nph,
  output logic [11:0]           rxfc_npd,
  // TLPs to the host
  output logic [32*DATA_DW-1:0] tx_tdata,
  output logic [DATA_DW-1:0]    tx_tkeep,
  output logic                  tx_tlast,
  output logic                  tx_tvalid,
  input  logic                  tx_tready,
  // memory writes of the device logic
  input  logic [32*DATA_DW-1:0] dma_tdata,
  input  logic [DATA_DW-1:0]    dma_tkeep,
  input  logic                  dma_tlast,
  input  logic                  dma_tvalid,
  output logic                  dma_tready,
  // memory read requests of the device logic, and their completions
  input  logic [32*DATA_DW-1:0] dmr_tdata,
  input  logic [DATA_DW-1:0]    dmr_tkeep,
  input  logic                  dmr_tlast,
  input  logic                  dmr_tvalid,
  output logic                  dmr_tready,
  output logic [32*DATA_DW-1:0] dmc_tdata,
  output logic [DATA_DW-1:0]    dmc_tkeep,
  output logic                  dmc_tlast,
  output logic                  dmc_tvalid,
  // causes
  input  logic                  evt_valid,
  output logic                  evt_ready,
  input  logic [10:0]           evt_vector,
  input  logic                  clr_valid,
  output logic                  clr_ready,
  input  logic [10:0]           clr_vector,
  input  logic                  intx_level,
  // device registers
  output logic                  csr_valid,
  output logic                  csr_write,
  output logic [11:0]           csr_addr,
  output logic [7:0]            csr_be,
  output logic [63:0]           csr_wdata,
  input  logic                  csr_ready,
  input  logic                  csr_error,
  input  logic [63:0]           csr_rdata,
  // credit limits of the host
  input  logic [7:0]            fc_ph,
  input  logic [7:0]            fc_nph,
  input  logic [7:0]            fc_cplh,
  input  logic [11:0]           fc_pd,
  input  logic [11:0]           fc_npd,
  input  logic [11:0]           fc_cpld,
  input  logic                  fc_ph_inf,
  input  logic                  fc_nph_inf,
  input  logic                  fc_cplh_inf,
  input  logic                  fc_pd_inf,
  input  logic                  fc_npd_inf,
  input  logic                  fc_cpld_inf,
  input  logic                  link_up,
  input  logic                  fc_init_done,
  // configuration
  output logic [15:0]           cfg_requester_id,
  output logic                  cfg_bme,
  output logic                  cfg_mse,
  output logic                  cfg_int_disable,
  output logic                  cfg_msi_enable,
  output logic                  cfg_msix_enable,
  output logic                  cfg_msix_fmask,
  output logic [2:0]            cfg_mps,
  output logic [2:0]            cfg_mrrs,
  output logic                  cfg_ro_en,
  output logic                  cfg_ns_en,
  output logic                  cfg_ido_req_en,
  output logic                  cfg_ido_cpl_en,
  output logic [1:0]            cfg_dstate,
  output logic                  err_ur,
  output logic                  err_poisoned,
  output logic                  err_malformed,
  output logic                  err_unexp_cpl,
  // function level reset
  output logic                  flr_active,
  input  logic                  flr_done
);

  // ---- illegal parameters stop elaboration
  localparam int unsigned BarSize  = 2 ** BAR0_SIZE_LOG2;
  localparam int unsigned TableEnd = TABLE_OFFSET + 16 * NVEC;
  localparam int unsigned PbaEnd   = PBA_OFFSET + 8 * ((NVEC + 63) / 64);

  if (NVEC < 1 || NVEC > 2048) begin : gen_bad_nvec
    $error("NVEC must be 1 to 2048");
  end
  if (DATA_DW != 2 && DATA_DW != 4 && DATA_DW != 8 && DATA_DW != 16) begin : gen_bad_data_dw
    $error("DATA_DW must be 2, 4, 8 or 16");
  end
  if (MPS_MAX != 128 && MPS_MAX != 256 && MPS_MAX != 512) begin : gen_bad_mps_max
    $error("MPS_MAX must be 128, 256 or 512");
  end
  if (BAR0_SIZE_LOG2 < 13 || BAR0_SIZE_LOG2 > 31) begin : gen_bad_bar0_size
    $error("BAR0_SIZE_LOG2 must be 13 to 31");
  end
  if (TABLE_OFFSET % 8 != 0 || PBA_OFFSET % 8 != 0) begin : gen_bad_alignment
    $error("TABLE_OFFSET and PBA_OFFSET must be multiples of 8");
  end
  if (TABLE_OFFSET >= BarSize || TableEnd > BarSize) begin : gen_bad_table
    $error("the table (16 bytes a vector at TABLE_OFFSET) must lie in BAR0");
  end
  if (PBA_OFFSET >= BarSize || PbaEnd > BarSize) begin : gen_bad_pba
    $error("the PBA (8 bytes for 64 vectors at PBA_OFFSET) must lie in BAR0");
  end
  if (TABLE_OFFSET < PbaEnd && PBA_OFFSET < TableEnd) begin : gen_bad_overlap
    $error("the table and the PBA must not overlap");
  end
  if (CSR_OFFSET % 4096 != 0 || CSR_OFFSET >= BarSize) begin : gen_bad_csr
    $error("CSR_OFFSET must be a multiple of 4096 in BAR0");
  end
  if ((TABLE_OFFSET < CSR_OFFSET + 4096 && CSR_OFFSET < TableEnd) ||
      (PBA_OFFSET < CSR_OFFSET + 4096 && CSR_OFFSET < PbaEnd)) begin : gen_bad_csr_page
    $error("the table and the PBA must not reach into the 4096 bytes at CSR_OFFSET");
  end
  if (MSI_VECTORS_LOG2 > 5) begin : gen_bad_msi
    $error("MSI_VECTORS_LOG2 must be 0 to 5");
  end
  if (INTX_PIN > 4) begin : gen_bad_intx
    $error("INTX_PIN must be 0 to 4");
  end
  if (NO_SOFT_RESET > 1) begin : gen_bad_soft_reset
    $error("NO_SOFT_RESET must be 0 or 1");
  end
  if (VENDOR_ID > 32'hFFFF || DEVICE_ID > 32'hFFFF || SUBSYS_VENDOR_ID > 32'hFFFF || SUBSYS_ID > 32'hFFFF ||
      CLASS_CODE > 32'hFF_FFFF || REVISION_ID > 32'hFF) begin : gen_bad_ids
    $error("an identification number has too many bits");
  end

  // ---- not yet: MSI
  assign cfg_msi_enable = 1'b0;

  // ---- resets: of everything, and of the function
  logic run, flr_start, flr_flush, tx_quiet, dmr_idle, intx_idle, unused_keep;

  assign run         = rst_n & link_up;
  assign unused_keep = ^dmr_tkeep;   // a read request says its own length

  flr_ctl u_flr (
    .clk, .rst_n(run),
    .start_i(flr_start), .done_i(flr_done), .quiet_i(tx_quiet & dmr_idle & intx_idle),
    .active_o(flr_active), .flush_o(flr_flush)
  );

  // ---- configuration space
  logic                     cfg_write;
  logic [9:0]               cfg_addr;
  logic [3:0]               cfg_be;
  logic [31:0]              cfg_wdata, cfg_rdata;
  logic [12:0]              cfg_bus_dev, bus_dev;
  logic [63:BAR0_SIZE_LOG2] bar0;
  msix_pkg::rx_errors_t     errors;
  logic                     poisoned_write, soft_rst, active, intx_cause, trans_pending;

  cfg_space #(
    .NVEC(NVEC), .MPS_MAX(MPS_MAX), .BAR0_SIZE_LOG2(BAR0_SIZE_LOG2), .TABLE_OFFSET(TABLE_OFFSET),
    .PBA_OFFSET(PBA_OFFSET), .INTX_PIN(3'(INTX_PIN)), .NO_SOFT_RESET(1'(NO_SOFT_RESET)),
    .VENDOR_ID(16'(VENDOR_ID)), .DEVICE_ID(16'(DEVICE_ID)),
    .SUBSYS_VENDOR_ID(16'(SUBSYS_VENDOR_ID)), .SUBSYS_ID(16'(SUBSYS_ID)),
    .CLASS_CODE(24'(CLASS_CODE)), .REVISION_ID(8'(REVISION_ID))
  ) u_cfg (
    .clk, .rst_n(run),
    .write_i(cfg_write), .addr_i(cfg_addr), .be_i(cfg_be), .wdata_i(cfg_wdata), .bus_dev_i(cfg_bus_dev),
    .rdata_o(cfg_rdata),
    .errors_i(errors), .poisoned_write_i(poisoned_write), .intx_cause_i(intx_cause), .trans_pending_i(trans_pending),
    .flr_i(flr_active), .flr_start_o(flr_start), .soft_rst_o(soft_rst),
    .bus_dev_o(bus_dev), .bar0_o(bar0),
    .mem_enable_o(cfg_mse), .bus_master_o(cfg_bme), .int_disable_o(cfg_int_disable),
    .msix_enable_o(cfg_msix_enable), .msix_fmask_o(cfg_msix_fmask),
    .mps_o(cfg_mps), .mrrs_o(cfg_mrrs), .ro_en_o(cfg_ro_en), .ns_en_o(cfg_ns_en),
    .ido_req_en_o(cfg_ido_req_en), .ido_cpl_en_o(cfg_ido_cpl_en), .dstate_o(cfg_dstate)
  );
  assign cfg_requester_id = {bus_dev, 3'd0};
  assign active           = (cfg_dstate == 2'd0) & ~flr_active;

  // ---- target side
  logic           bus_valid, bus_write, bus_pba, bus_ack;
  logic [11:0]    bus_addr;
  logic [7:0]     bus_be;
  logic [63:0]    bus_wdata, bus_rdata;
  logic           cpl_valid, cpl_ready, cpl_left;
  msix_pkg::cpl_t cpl;
  logic [7:0]     tag;
  logic           tag_open, tag_retire, tag_left_valid;
  logic [12:0]    tag_bytes, tag_left;

  rx_path #(
    .NVEC(NVEC), .DATA_DW(DATA_DW), .MPS_MAX(MPS_MAX), .BAR0_SIZE_LOG2(BAR0_SIZE_LOG2),
    .TABLE_OFFSET(TABLE_OFFSET), .PBA_OFFSET(PBA_OFFSET), .CSR_OFFSET(CSR_OFFSET)
  ) u_rx (
    .clk, .rst_n(run),
    .rx_tdata_i(rx_tdata), .rx_tkeep_i(rx_tkeep), .rx_tlast_i(rx_tlast), .rx_tvalid_i(rx_tvalid),
    .rx_tready_o(rx_tready),
    .rxfc_ph_o(rxfc_ph), .rxfc_pd_o(rxfc_pd), .rxfc_nph_o(rxfc_nph), .rxfc_npd_o(rxfc_npd),
    .cfg_write_o(cfg_write), .cfg_addr_o(cfg_addr), .cfg_be_o(cfg_be), .cfg_wdata_o(cfg_wdata),
    .cfg_bus_dev_o(cfg_bus_dev), .cfg_rdata_i(cfg_rdata), .bus_dev_i(bus_dev), .mem_enable_i(cfg_mse & active),
    .bar0_i(bar0), .mps_i(cfg_mps), .flr_i(flr_active), .errors_o(errors),
    .err_ur_o(err_ur), .err_poisoned_o(err_poisoned), .err_malformed_o(err_malformed),
    .err_unexp_cpl_o(err_unexp_cpl),
    .bus_valid_o(bus_valid), .bus_write_o(bus_write), .bus_pba_o(bus_pba), .bus_addr_o(bus_addr),
    .bus_be_o(bus_be), .bus_wdata_o(bus_wdata), .bus_ack_i(bus_ack), .bus_rdata_i(bus_rdata),
    .csr_valid_o(csr_valid), .csr_write_o(csr_write), .csr_addr_o(csr_addr), .csr_be_o(csr_be),
    .csr_wdata_o(csr_wdata), .csr_ready_i(csr_ready), .csr_error_i(csr_error), .csr_rdata_i(csr_rdata),
    .cpl_valid_o(cpl_valid), .cpl_o(cpl), .cpl_ready_i(cpl_ready), .cpl_left_i(cpl_left),
    .own_id_i(cfg_requester_id), .tag_o(tag), .tag_open_i(tag_open), .tag_bytes_i(tag_bytes),
    .tag_retire_o(tag_retire), .tag_left_valid_o(tag_left_valid), .tag_left_o(tag_left),
    .dmc_tdata_o(dmc_tdata), .dmc_tkeep_o(dmc_tkeep), .dmc_tlast_o(dmc_tlast), .dmc_tvalid_o(dmc_tvalid)
  );

  // ---- reads of the device logic
  logic                 np_push, np_ready, read_start;
  logic [7:0]           read_tag;
  logic [12:0]          read_bytes;
  msix_pkg::short_tlp_t np_tlp;

  dmr_path #(.DATA_DW(DATA_DW)) u_dmr (
    .clk, .rst_n(run), .admit_i(cfg_bme & active), .flr_i(flr_active),
    .dmr_tdata_i(dmr_tdata), .dmr_tlast_i(dmr_tlast), .dmr_tvalid_i(dmr_tvalid), .dmr_tready_o(dmr_tready),
    .tags_busy_i(tag_left_valid), .start_o(read_start), .start_tag_o(read_tag), .start_bytes_o(read_bytes),
    .push_o(np_push), .push_ready_i(np_ready), .push_tlp_o(np_tlp), .idle_o(dmr_idle)
  );

  dmr_tags u_tags (
    .clk, .rst_n(run), .clear_i(flr_active),
    .start_i(read_start), .start_tag_i(read_tag), .start_bytes_i(read_bytes),
    .look_tag_i(tag), .look_open_o(tag_open), .look_bytes_o(tag_bytes),
    .retire_i(tag_retire), .left_valid_i(tag_left_valid), .left_i(tag_left), .any_o(trans_pending)
  );

  // ---- vectors
  logic           msg_valid, msg_ready;
  msix_pkg::msg_t msg;

  msix_core #(.NVEC(NVEC)) u_core (
    .clk, .rst_n(run), .soft_rst_i(soft_rst | flr_active),
    .enable_i(cfg_msix_enable & ~cfg_msix_fmask & cfg_bme & active),
    .bus_valid_i(bus_valid), .bus_write_i(bus_write), .bus_pba_i(bus_pba), .bus_addr_i(bus_addr),
    .bus_be_i(bus_be), .bus_wdata_i(bus_wdata), .bus_ack_o(bus_ack), .bus_rdata_o(bus_rdata),
    .evt_valid_i(evt_valid), .evt_ready_o(evt_ready), .evt_vector_i(evt_vector),
    .clr_valid_i(clr_valid), .clr_ready_o(clr_ready), .clr_vector_i(clr_vector),
    .msg_valid_o(msg_valid), .msg_ready_i(msg_ready), .msg_o(msg)
  );

  // ---- INTx
  logic intx_valid, intx_ready, intx_assert, intx_start, intx_start_assert;

  intx_core u_intx (
    .clk, .rst_n(run),
    .level_i(intx_level), .allow_i((INTX_PIN != 0) & ~cfg_int_disable & ~cfg_msix_enable & active), .flush_i(flr_flush),
    .cause_o(intx_cause), .valid_o(intx_valid), .assert_o(intx_assert), .ready_i(intx_ready),
    .start_i(intx_start), .start_assert_i(intx_start_assert), .idle_o(intx_idle)
  );

  // ---- transmit side
  tx_path #(.DATA_DW(DATA_DW), .MPS_MAX(MPS_MAX), .INTX_PIN(3'(INTX_PIN))) u_tx (
    .clk, .rst_n(run),
    .admit_i(cfg_bme & active), .flr_i(flr_active), .flush_i(flr_flush), .quiet_o(tx_quiet),
    .requester_id_i(cfg_requester_id),
    .dma_tdata_i(dma_tdata), .dma_tkeep_i(dma_tkeep), .dma_tlast_i(dma_tlast), .dma_tvalid_i(dma_tvalid),
    .dma_tready_o(dma_tready),
    .msg_valid_i(msg_valid), .msg_ready_o(msg_ready), .msg_i(msg),
    .intx_valid_i(intx_valid), .intx_ready_o(intx_ready), .intx_assert_i(intx_assert),
    .intx_start_o(intx_start), .intx_start_assert_o(intx_start_assert),
    .np_valid_i(np_push), .np_ready_o(np_ready), .np_tlp_i(np_tlp),
    .cpl_valid_i(cpl_valid), .cpl_ready_o(cpl_ready), .cpl_i(cpl), .cpl_left_o(cpl_left),
    .poisoned_write_o(poisoned_write),
    .fc_open_i(fc_init_done),
    .fc_ph_i(fc_ph), .fc_pd_i(fc_pd), .fc_ph_inf_i(fc_ph_inf), .fc_pd_inf_i(fc_pd_inf),
    .fc_nph_i(fc_nph), .fc_npd_i(fc_npd), .fc_nph_inf_i(fc_nph_inf), .fc_npd_inf_i(fc_npd_inf),
    .fc_cplh_i(fc_cplh), .fc_cpld_i(fc_cpld), .fc_cplh_inf_i(fc_cplh_inf), .fc_cpld_inf_i(fc_cpld_inf),
    .tx_tdata_o(tx_tdata), .tx_tkeep_o(tx_tkeep), .tx_tlast_o(tx_tlast), .tx_tvalid_o(tx_tvalid),
    .tx_tready_i(tx_tready)
  );

endmodule
