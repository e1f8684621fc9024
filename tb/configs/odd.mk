# Build configuration 'odd': 65 vectors (one past a PBA QWORD), 128-bit streams, PBA below the table
NVEC             := 65
DATA_DW          := 4
MPS_MAX          := 256
BAR0_SIZE_LOG2   := 15
TABLE_OFFSET     := 0x3000
PBA_OFFSET       := 0x1000
CSR_OFFSET       := 0x0000
MSI_VECTORS_LOG2 := 3
INTX_PIN         := 3
NO_SOFT_RESET    := 1
VENDOR_ID        := 0x1AF4
DEVICE_ID        := 0x1041
SUBSYS_VENDOR_ID := 0x1AF4
SUBSYS_ID        := 0x0041
CLASS_CODE       := 0x020000
REVISION_ID      := 0x04
