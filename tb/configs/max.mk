# Build configuration 'max': 2048 vectors, 512-bit streams
NVEC             := 2048
DATA_DW          := 16
MPS_MAX          := 512
BAR0_SIZE_LOG2   := 16
TABLE_OFFSET     := 0x0000
PBA_OFFSET       := 0x8000
CSR_OFFSET       := 0xA000
MSI_VECTORS_LOG2 := 5
INTX_PIN         := 4
NO_SOFT_RESET    := 0
VENDOR_ID        := 0x1AF4
DEVICE_ID        := 0x1800
SUBSYS_VENDOR_ID := 0x1AF4
SUBSYS_ID        := 0x0800
CLASS_CODE       := 0x020000
REVISION_ID      := 0x05
