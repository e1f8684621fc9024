/* liberal_layer.c - traffic around the messages: reads of the device logic, INTx, registers, requests that are wrong. */
#include "liberal_software.h"

enum {
    READS_MOST = 20,
    DEVICE_CONTROL = 8,
    LINK_CONTROL = 16,
    DEVICE_CONTROL2 = 40,
    INTERRUPT = 0x3C,
    FREE_TAG = 200 /* the device logic uses 0..31 */
};

/* --- reads of the device logic --- */

void traffic_collect(struct traffic *t)
{
    for (unsigned k = 0; k < t->reads;) {
        if (!app_read_done(t->b, t->read[k])) {
            k++;
            continue;
        }
        app_read_wait(t->b, t->read[k], NULL);
        t->read[k] = t->read[--t->reads];
    }
}

static bool host_is_idle(struct bench *b)
{
    return host_idle(bench_host(b));
}

/* Behind a function-level reset tags are not used before the answers to the old reads have come. */
static bool may_read(struct traffic *t)
{
    traffic_collect(t);
    t->late_answers = t->late_answers && !host_is_idle(t->b);
    return !t->late_answers && t->reads < READS_MOST;
}

void traffic_read_host(struct traffic *t)
{
    const uint64_t base = traffic_chance(t, 50) ? BENCH_DMA_BASE : BENCH_DMA_BASE_LOW;
    for (unsigned n = 1 + traffic_below(t, 3); n > 0 && may_read(t); n--) {
        const unsigned dws = 1 + traffic_below(t, traffic_chance(t, 70) ? 8 : 100);
        app_set_attributes(t->b, traffic_chance(t, 30), traffic_chance(t, 30), false);
        t->read[t->reads++] =
            app_read_start(t->b, base + 4096U * traffic_below(t, 64) + 4U * traffic_below(t, 900), dws);
    }
}

/* Data that is known to be bad. */
void traffic_poisoned_data(struct traffic *t)
{
    uint32_t dw[8];
    const uint32_t payload[2] = {(uint32_t)rng_next(&t->rng), (uint32_t)rng_next(&t->rng)};
    const struct tlp tlp = {.kind = TLP_MWR,
                            .length = 2,
                            .first_be = 0xF,
                            .last_be = 0xF,
                            .ep = true,
                            .is_4dw = true,
                            .requester_id = bench_out(t->b)->cfg_requester_id,
                            .address = BENCH_DMA_BASE + 4096U * traffic_below(t, 64) + 8U * traffic_below(t, 500)};
    app_dma_send_raw(t->b, dw, tlp_encode(&tlp, payload, dw, 8));
}

/* Everything but reads gets credit. */
static void grant_others(struct traffic *t)
{
    const struct host_credits_left left = host_credits_left(t->b);
    host_grant(t->b, left.ph < 40 ? 20 : 0, left.pd < 400 ? 300 : 0, left.cplh < 40 ? 20 : 0, left.cpld < 40 ? 20 : 0);
}

/* The answer comes although reads wait; a device that lets them block everything is not helped. */
static void fence_without_reads(struct traffic *t)
{
    const uint8_t tag = host_cfg_read_start(t->b, 0);
    for (unsigned k = 0; k < 100 && !host_done(t->b, tag) && !bench_stopped(t->b); k++) {
        grant_others(t);
        bench_run(t->b, 8);
    }
    if (!host_done(t->b, tag) && t->plan->illegal != LIBERAL_READ_BLOCKS)
        traffic_revive(t);
    host_wait(t->b, tag);
}

/* Reads lack credit; everything else goes on (ORD-09, ORD-10). */
void traffic_starve_reads(struct traffic *t)
{
    struct bench *b = t->b;
    if (t->dead || !t->bme || !traffic_make_certain(t))
        return;
    host_set_credits(b, HOST_CREDITS_FROZEN);
    for (unsigned k = 0; k < 3 && !bench_stopped(b); k++) {
        const struct host_credits_left left = host_credits_left(b);
        for (unsigned n = left.nph < 8 ? left.nph + 1 : 1; n > 0; n--)
            traffic_read_host(t);
        app_event_start(b, traffic_any_vector(t));
        bench_run(b, 30);
        fence_without_reads(t);
    }
    traffic_revive(t);
}

/* --- the legacy interrupt --- */

void traffic_level(struct traffic *t)
{
    app_set_intx(t->b, traffic_chance(t, 50));
    if (traffic_chance(t, 30)) {
        bench_run(t->b, 1 + traffic_below(t, 4));
        app_set_intx(t->b, traffic_chance(t, 50));
    }
}

void traffic_int_disable(struct traffic *t)
{
    traffic_control_start(t, TRAFFIC_COMMAND, 0x2, traffic_chance(t, 50) ? 0x400 : 0);
}

/* MSI-X off, a level: then the wire has something to say. */
void traffic_intx_phase(struct traffic *t)
{
    traffic_msix_start(t, false, t->fmask);
    traffic_control_start(t, TRAFFIC_COMMAND, 0x2, 0);
    for (unsigned k = 1 + traffic_below(t, 4); k > 0; k--) {
        traffic_level(t);
        if (traffic_chance(t, 40))
            traffic_data(t);
        if (traffic_chance(t, 30))
            traffic_bus_master(t);
        bench_run(t->b, traffic_below(t, 30));
        if (traffic_chance(t, 30) && !t->dead)
            host_fence(t->b);
        if (traffic_chance(t, 20))
            traffic_int_disable(t);
    }
    if (traffic_chance(t, 70))
        traffic_msix_start(t, true, false);
}

/* --- registers --- */

static unsigned pcie(const struct traffic *t, unsigned offset)
{
    const unsigned cap = bench_config(t->b)->pcie_cap;
    return cap ? cap + offset : INTERRUPT;
}

void traffic_status(struct traffic *t)
{
    static const uint32_t all = 0xFFFF0000;
    const unsigned reg = traffic_chance(t, 50) ? TRAFFIC_COMMAND : pcie(t, DEVICE_CONTROL);
    if (traffic_chance(t, 30))
        host_forget(t->b,
                    host_cfg_write_start(t->b, reg, 0xC, traffic_chance(t, 50) ? all : (uint32_t)rng_next(&t->rng)));
    host_forget(t->b, host_cfg_read_start(t->b, reg));
}

void traffic_features(struct traffic *t)
{
    const uint32_t value = (uint32_t)rng_next(&t->rng);
    switch (traffic_below(t, 6)) {
    case 0:
        traffic_control_start(t, pcie(t, DEVICE_CONTROL), 0x3, value & 0x7FFF);
        break;
    case 1:
        traffic_control_start(t, pcie(t, DEVICE_CONTROL2), 0x3, value);
        break;
    case 2:
        traffic_control_start(t, pcie(t, LINK_CONTROL), 0x1, value);
        break;
    case 3:
        traffic_control_start(t, INTERRUPT, 0x1, value);
        break;
    case 4:
        t->parity = !t->parity;
        traffic_control_start(t, TRAFFIC_COMMAND, 0x1, traffic_command(t));
        break;
    default:
        host_forget(t->b, host_cfg_read_start(t->b, 4 * traffic_below(t, traffic_chance(t, 80) ? 64 : 1024)));
        break;
    }
}

/* --- requests that nobody can carry out --- */

static void send(struct traffic *t, struct tlp tlp)
{
    static const uint32_t payload[4] = {0x01000000, 0x02000000, 0x03000000, 0x04000000};
    const uint8_t tag = host_send(t->b, &tlp, payload);
    if (tlp_class(tlp.kind) == TLP_NONPOSTED)
        host_forget(t->b, tag);
}

static void send_poisoned(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    const uint64_t address[3] = {bench_table_address(t->b, v, 3), bench_table_address(t->b, v, traffic_below(t, 3)),
                                 bench_csr_address(t->b, 4 * traffic_below(t, 8))};
    send(t, (struct tlp){.kind = TLP_MWR,
                         .length = 1,
                         .first_be = 0xF,
                         .ep = true,
                         .is_4dw = true,
                         .address = address[traffic_below(t, 3)]});
}

static void send_unsupported(struct traffic *t)
{
    static const enum tlp_kind kinds[] = {TLP_IORD,  TLP_IOWR,     TLP_CFGRD1, TLP_CFGWR1,
                                          TLP_MRDLK, TLP_FETCHADD, TLP_SWAP};
    const enum tlp_kind kind = kinds[traffic_below(t, 7)];
    struct tlp tlp = {.kind = kind, .length = 1, .first_be = 0xF, .ep = tlp_has_data(kind) && traffic_chance(t, 20)};
    if (kind == TLP_MRDLK || kind == TLP_FETCHADD || kind == TLP_SWAP) {
        tlp.is_4dw = true;
        tlp.address = bench_csr_address(t->b, 16);
    }
    send(t, tlp);
}

static void send_config(struct traffic *t)
{
    const bool other = traffic_chance(t, 50);
    send(t, (struct tlp){.kind = other && traffic_chance(t, 50) ? TLP_CFGRD0 : TLP_CFGWR0,
                         .length = 1,
                         .first_be = 0xF,
                         .ep = !other,
                         .reg = INTERRUPT,
                         .completer_id = (uint16_t)(t->route | (other ? 1 + traffic_below(t, 7) : 0))});
}

static void send_unexpected(struct traffic *t)
{
    const bool data = traffic_chance(t, 60);
    send(t, (struct tlp){.kind = data ? TLP_CPLD : TLP_CPL,
                         .length = data,
                         .byte_count = 4,
                         .status = data ? TLP_SC : TLP_UR,
                         .tag = (uint16_t)(FREE_TAG + traffic_below(t, 40)),
                         .ep = data && traffic_chance(t, 20),
                         .requester_id = traffic_chance(t, 70) ? bench_out(t->b)->cfg_requester_id : 0x7700});
}

/* Too long, or not of the length that the header says. */
static void send_malformed(struct traffic *t)
{
    static const uint32_t zero[130];
    uint32_t dw[8] = {0x60000003, 0x0000000F, 0, 0, 1, 2, 3, 4};
    if (!traffic_make_certain(t) || t->dead)
        return;
    const unsigned most = bench_config(t->b)->mps_max / 4; /* there is credit for that */
    if (traffic_chance(t, 50) && most > 32)
        host_mem_write(t->b, BENCH_BAR0, zero, 33 + traffic_below(t, most - 32), 0xF, 0xF);
    else
        host_send_raw(t->b, dw, 5 + traffic_below(t, 4));
}

/* With nothing broken half of them are sure to be taken, for few codes are. */
static void send_message(struct traffic *t)
{
    const bool taken = t->plan->illegal == LIBERAL_LEGAL && traffic_chance(t, 50);
    uint8_t code = (uint8_t)traffic_below(t, 256);
    while (taken && !tlp_message_is_taken(code))
        code = (uint8_t)traffic_below(t, 256);
    send(t, (struct tlp){.kind = TLP_MSG, .msg_routing = 4, .msg_code = code});
}

void traffic_wrong_request(struct traffic *t)
{
    switch (traffic_below(t, 8)) {
    case 0:
    case 1:
        send_poisoned(t);
        break;
    case 2:
        send_unsupported(t);
        break;
    case 3:
        send_config(t);
        break;
    case 4:
        send_unexpected(t);
        break;
    case 5:
        send_malformed(t);
        break;
    case 6:
        send_message(t);
        break;
    default:
        host_mem_write32(t->b, BENCH_BAR0 - 0x100000 * (uint64_t)(1 + traffic_below(t, 3)), 0);
        break;
    }
}

/* Device registers that refuse. */
void traffic_broken_register(struct traffic *t)
{
    const uint64_t address = bench_csr_address(t->b, 4096 - APP_CSR_BROKEN + 8 * traffic_below(t, APP_CSR_BROKEN / 8));
    const unsigned dws = 1 + traffic_below(t, 2);
    if (traffic_chance(t, 30))
        host_mem_write32(t->b, address, 1);
    else
        traffic_read_and_forget(t, address, dws, traffic_chance(t, 50) ? 0xF : 0x2, dws == 2 ? 0xF : 0);
}
