/*
 * msix_driver.c - the msix_* short cuts of bench.h: what a driver does with the capability and the table.
 */
#include "bench.h"

enum { CAPABILITY_MSIX = 0x11, COMMAND = 0x04, COMMAND_MSE = 0x2, COMMAND_BME = 0x4 };

void msix_program(struct bench *b, unsigned vector, uint64_t address, uint32_t data, bool masked)
{
    host_mem_write64(b, bench_table_address(b, vector, 0), address);
    host_mem_write64(b, bench_table_address(b, vector, 2), (uint64_t)masked << 32 | data);
}

/* Unique for each vector; with `wide` the odd ones lie above 4 GB, no two with the same upper half. */
static uint64_t message_address(unsigned vector, bool wide)
{
    const uint64_t low = UINT64_C(0xFEE00000) + 16U * vector;
    return wide && vector % 2 ? (uint64_t)(0x10000 + vector) << 32 | low : low;
}

/* Unique, because the factor is odd, and busy in every bit. */
static uint32_t message_data(unsigned vector)
{
    return (vector + 1) * UINT32_C(0x9E3779B1);
}

void msix_setup_all(struct bench *b, bool masked, bool wide)
{
    if (bench_out(b)->cfg_msix_enable) {
        msix_control(b, true, true);
        host_fence(b);
    }
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++)
        msix_program(b, v, message_address(v, wide), message_data(v), masked);
    msix_control(b, true, false);
    host_fence(b);
}

void msix_mask(struct bench *b, unsigned vector)
{
    host_mem_write32(b, bench_table_address(b, vector, 3), 1);
}

void msix_unmask(struct bench *b, unsigned vector)
{
    host_mem_write32(b, bench_table_address(b, vector, 3), 0);
}

void msix_control(struct bench *b, bool enable, bool function_mask)
{
    const uint32_t control = (uint32_t)enable << 31 | (uint32_t)function_mask << 30;
    host_cfg_write(b, bench_capability(b, CAPABILITY_MSIX), 0xC, control);
}

void msix_bus_master(struct bench *b, bool on)
{
    host_cfg_write(b, COMMAND, 0x3, on ? COMMAND_MSE | COMMAND_BME : COMMAND_MSE);
}

bool msix_pending(struct bench *b, unsigned vector)
{
    const uint64_t address = bench_pba_address(b, vector) + 4U * (vector % 64 / 32);
    return host_mem_read32(b, address) >> (vector % 32) & 1;
}
