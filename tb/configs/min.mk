# Build configuration 'min': one vector, 64-bit streams, table and PBA share one 4 KB page
NVEC             := 1
DATA_DW          := 2
MPS_MAX          := 128
BAR0_SIZE_LOG2   := 13
TABLE_OFFSET     := 0x0000
PBA_OFFSET       := 0x0800
CSR_OFFSET       := 0x1000
MSI_VECTORS_LOG2 := 0
INTX_PIN         := 0
NO_SOFT_RESET    := 1
VENDOR_ID        := 0x1AF4
DEVICE_ID        := 0x1001
SUBSYS_VENDOR_ID := 0x1AF4
SUBSYS_ID        := 0x0001
CLASS_CODE       := 0x020000
REVISION_ID      := 0x01
