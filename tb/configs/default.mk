# Build configuration 'default': 32 vectors, 256-bit streams
NVEC             := 32
DATA_DW          := 8
MPS_MAX          := 256
BAR0_SIZE_LOG2   := 16
TABLE_OFFSET     := 0x0000
PBA_OFFSET       := 0x8000
CSR_OFFSET       := 0x9000
MSI_VECTORS_LOG2 := 5
INTX_PIN         := 1
NO_SOFT_RESET    := 0
VENDOR_ID        := 0x1AF4
DEVICE_ID        := 0x1020
SUBSYS_VENDOR_ID := 0x1AF4
SUBSYS_ID        := 0x0020
CLASS_CODE       := 0x020000
REVISION_ID      := 0x03
