# Build configuration 'small': five vectors, 128-bit streams; the size that toggle coverage, mutants and proofs can afford
NVEC             := 5
DATA_DW          := 4
MPS_MAX          := 128
BAR0_SIZE_LOG2   := 14
TABLE_OFFSET     := 0x0000
PBA_OFFSET       := 0x1000
CSR_OFFSET       := 0x2000
MSI_VECTORS_LOG2 := 2
INTX_PIN         := 2
NO_SOFT_RESET    := 0
VENDOR_ID        := 0x1AF4
DEVICE_ID        := 0x1005
SUBSYS_VENDOR_ID := 0x1AF4
SUBSYS_ID        := 0x0005
CLASS_CODE       := 0x020000
REVISION_ID      := 0x02
