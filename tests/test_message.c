/*
 * test_message.c - the message TLP itself: exact DWs on tx, addresses, data, requester, and how soon it comes.
 */
#include "common.h"

#include "skips.h"

enum { LEAVES_WITHIN = 200, FIRST_BE_ONLY = 0x0F, TAG_BITS = 0xFF00 };

/* Programs vector 0 anew under its mask, raises one event and captures the one TLP that follows. */
static void send_one(struct bench *b, struct capture *c, uint64_t address, uint32_t data)
{
    msix_mask(b, 0);
    msix_program(b, 0, address, data, false);
    host_fence(b);
    capture_start(c);
    app_event_at(b, 0, 1);
    capture_until(b, c, 1, LEAVES_WITHIN, "EDGE-03");
    capture_run(b, c, 20);
    expect_value(b, "the number of TLPs for one event", c->count, 1, "EDGE-02a");
    c->tlp[0].dw[1] &= ~(uint32_t)TAG_BITS; /* TLP-19: any tag is right */
}

/* What that TLP must be, from the worked example of the requirements. */
static void expect_message(struct bench *b, const struct capture *c, uint16_t requester, uint64_t address,
                           uint32_t data)
{
    const uint32_t second = (uint32_t)requester << 16 | FIRST_BE_ONLY;
    const uint32_t short_form[] = {0x40000001U, second, (uint32_t)address, tlp_payload_le(data)};
    const uint32_t long_form[] = {0x60000001U, second, (uint32_t)(address >> 32), (uint32_t)address,
                                  tlp_payload_le(data)};
    if (address >> 32)
        expect_captured(b, c, 0, long_form, 5, "TLP-04");
    else
        expect_captured(b, c, 0, short_form, 4, "TLP-04");
}

static void worked_example_3dw(struct bench *b)
{
    static const uint32_t wanted[] = {0x40000001U, 0x0100000FU, 0xFEE01004U, 0x23410000U};
    struct capture c;
    start_one(b, 0, true);
    send_one(b, &c, UINT64_C(0xFEE01004), 0x00004123U);
    expect_captured(b, &c, 0, wanted, 4, "TLP-02");
}

const struct test message_below_4gb_has_these_bytes = {
    .name = "message_below_4gb_has_these_bytes",
    .requirements = "TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-07, TLP-08, TLP-11, TLP-13, TLP-14, TLP-16, TLP-20, "
                    "TLP-21, TLP-22, TLP-23",
    .story = "FEE01004h and 00004123h from 01:00.0 leave as 40000001 010000xx FEE01004 23410000 with byte enables 0Fh.",
    .run = worked_example_3dw,
};

static void worked_example_4dw(struct bench *b)
{
    static const uint32_t wanted[] = {0x60000001U, 0x0100000FU, 0x00000001U, 0xFEE01004U, 0x23410000U};
    struct capture c;
    start_one(b, 0, true);
    send_one(b, &c, UINT64_C(0x1FEE01004), 0x00004123U);
    expect_captured(b, &c, 0, wanted, 5, "TLP-04");
}

const struct test message_above_4gb_has_these_bytes = {
    .name = "message_above_4gb_has_these_bytes",
    .requirements = "TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-07, TLP-08, TLP-22",
    .story = "The same with upper address 1 leaves with a 4 DW header.",
    .run = worked_example_4dw,
};

/* Bit 29 alone would be the start of the dma buffers below 4 GB. */
static uint64_t single_bit_address(unsigned bit)
{
    const uint64_t address = UINT64_C(1) << bit;
    return address == BENCH_DMA_BASE_LOW ? address | UINT64_C(0x80000000) : address;
}

static void address_bits(struct bench *b)
{
    struct capture c;
    start_one(b, 0, true);
    for (unsigned bit = 2; bit < 64 && !bench_stopped(b); bit++) {
        const uint64_t one = single_bit_address(bit);
        const uint64_t zero = ~(UINT64_C(1) << bit) & ~UINT64_C(3);
        send_one(b, &c, one, bit);
        expect_message(b, &c, 0x0100, one, bit);
        send_one(b, &c, zero, ~bit);
        expect_message(b, &c, 0x0100, zero, ~bit);
    }
}

const struct test message_address_has_all_64_bits = {
    .name = "message_address_has_all_64_bits",
    .requirements = "TLP-04, TLP-05, TLP-06, MSIX-TBL-02, MSIX-TBL-16",
    .story =
        "A one and a zero walk through address bits 63:2; each appears on tx unmodified, in the header form that fits.",
    .run = address_bits,
};

static void data_patterns(struct bench *b)
{
    static const uint32_t fixed[] = {0x11223344U, 0xFFFFFFFFU, 0x00000000U, 0x80000001U, 0x0000FFFFU, 0xFFFF0000U};
    struct capture c;
    start_one(b, 0, true);
    for (unsigned i = 0; i < 6 + 32 && !bench_stopped(b); i++) {
        const uint32_t data = i < 6 ? fixed[i] : UINT32_C(1) << (i - 6);
        const uint64_t address = own_address(i & 1U);
        send_one(b, &c, address, data);
        expect_message(b, &c, 0x0100, address, data);
    }
    send_one(b, &c, own_address(0), 0x11223344U);
    expect_value(b, "the payload DW on the wire", c.tlp[0].dw[3], 0x44332211U, "TLP-07");
}

const struct test message_data_is_32_bits_unmodified = {
    .name = "message_data_is_32_bits_unmodified",
    .requirements = "TLP-07, MSIX-TBL-24, MSIX-TBL-02",
    .story =
        "Asymmetric data, all ones, zero and walking ones leave least significant byte first and otherwise untouched.",
    .run = data_patterns,
};

static void recapture(struct bench *b)
{
    static const uint8_t bus[] = {0x01, 0x5A, 0xFF, 0x00, 0xA5};
    static const uint8_t device[] = {0x00, 0x13, 0x1F, 0x01, 0x0A};
    struct capture c;
    start_one(b, 0, true);
    for (unsigned i = 0; i < 5 && !bench_stopped(b); i++) {
        host_set_route(b, bus[i], device[i]);
        host_cfg_write(b, REG_INTERRUPT, 0, 0);
        send_one(b, &c, own_address(0), i);
        expect_message(b, &c, (uint16_t)(bus[i] << 8 | device[i] << 3), own_address(0), i);
    }
    host_set_route(b, 1, 0);
    host_cfg_write(b, REG_INTERRUPT, 0, 0);
}

const struct test requester_id_follows_each_configuration_write = {
    .name = "requester_id_follows_each_configuration_write",
    .requirements = "TLP-17, TLP-18",
    .story = "Each configuration write, even one with no byte enabled, captures bus and device anew; the next message "
             "carries them.",
    .run = recapture,
};

static void reads_do_not_capture(struct bench *b)
{
    struct capture c;
    start_one(b, 0, true);
    host_set_route(b, 0x77, 0x07);
    host_cfg_read32(b, REG_ID);
    host_set_route(b, 1, 0);
    send_one(b, &c, own_address(0), 1);
    expect_message(b, &c, 0x0100, own_address(0), 1);
}

const struct test configuration_reads_do_not_capture = {
    .name = "configuration_reads_do_not_capture",
    .requirements = "TLP-17",
    .story = "A configuration read that was routed to another number leaves the requester ID of messages alone.",
    .run = reads_do_not_capture,
};

static void one_each(struct bench *b)
{
    start_all(b, false);
    for (unsigned v = 0; v < bench_config(b)->nvec && !bench_stopped(b); v++) {
        app_event(b, v);
        bench_run(b, 4);
    }
    quiesce(b);
    expect_messages_each(b, 1, "EDGE-02a");
    expect_total(b, bench_config(b)->nvec, "EDGE-02a");
    expect_pba_clear(b, "MSIX-PBA-10");
}

const struct test one_event_gives_one_message_on_every_vector = {
    .name = "one_event_gives_one_message_on_every_vector",
    .requirements = "EDGE-01, EDGE-02, EDGE-02a, EDGE-03, EDGE-12, MSIX-PBA-10, TLP-05, TLP-28",
    .story = "Each vector in turn gets one event, and sends its own message exactly once.",
    .run = one_each,
};

static void boundaries(struct bench *b)
{
    unsigned v;
    start_all(b, false);
    for (unsigned i = 0; boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        app_event(b, v);
        bench_wait_messages(b, v, 1, LEAVES_WITHIN, "EDGE-03");
        quiesce(b);
        expect_total(b, i + 1U, "MSIX-PBA-22");
        expect_messages(b, v, 1, "EDGE-02a");
    }
    expect_pba_clear(b, "MSIX-PBA-10");
}

const struct test vectors_beside_word_boundaries_send_alone = {
    .name = "vectors_beside_word_boundaries_send_alone",
    .requirements = "EDGE-03, EDGE-02a, MSIX-PBA-22, MSIX-TBL-26",
    .story = "An event on the first, the last and the vectors beside each 32 and 64 boundary sends that vector and no "
             "other.",
    .run = boundaries,
};

static void twice_per_vector(struct bench *b)
{
    start_one(b, 0, false);
    for (unsigned i = 1; i <= 50 && !bench_stopped(b); i++) {
        app_event(b, 0);
        bench_wait_messages(b, 0, i, LEAVES_WITHIN, "EDGE-06");
    }
    quiesce(b);
    expect_messages(b, 0, 50, "EDGE-02a");
}

const struct test repeated_events_need_no_acknowledge = {
    .name = "repeated_events_need_no_acknowledge",
    .requirements = "EDGE-01, EDGE-02a, EDGE-06, TLP-28",
    .story =
        "Fifty events, each after the message of the one before, send fifty messages without anything from the host.",
    .run = twice_per_vector,
};

static void same_doorbell(struct bench *b)
{
    const unsigned nvec = bench_config(b)->nvec;
    const unsigned entries = nvec < 8 ? nvec : 8;
    bench_enumerate(b);
    for (unsigned v = 0; v < entries; v++)
        msix_program(b, v, own_address(0), own_data(0), v == 1);
    msix_control(b, true, false);
    host_fence(b);
    for (unsigned v = 0; v < entries; v++)
        app_event_start(b, v);
    app_event_flush(b);
    quiesce(b);
    expect_total(b, entries - 1U, "EDGE-05");
    expect_pending(b, 1, true, "MSIX-TBL-25");
    msix_unmask(b, 1);
    quiesce(b);
    expect_total(b, entries, "MSIX-TBL-25");
}

const struct test equal_entries_are_not_merged = {
    .name = "equal_entries_are_not_merged",
    .requirements = "EDGE-05, MSIX-TBL-25",
    .story = "Entries with one address and data send one message each, and masking one of them holds that one only.",
    .skip = skip_below_two_vectors,
    .run = same_doorbell,
};

/* Nothing is expected here but by the model: which entry sent which message nobody can tell, but it knows their sum. */
static void same_doorbell_for_two(struct bench *b)
{
    uint64_t bits[32];
    bench_enumerate(b);
    for (unsigned v = 0; v < 2; v++)
        msix_program(b, v, own_address(0), own_data(0), false);
    msix_control(b, true, false);
    host_fence(b);
    for (unsigned round = 0; round < 8; round++) {
        for (unsigned v = 0; v < 2; v++)
            app_event_start(b, v);
        app_event_flush(b);
        quiesce(b);
        read_pba(b, bits); /* nothing pending: a later event cannot cover for a message that is missing */
    }
}

const struct test equal_entries_owe_the_sum = {
    .name = "equal_entries_owe_the_sum",
    .requirements = "EDGE-03, EDGE-05",
    .story = "Two entries with one address and data send as many messages together as their events call for.",
    .skip = skip_below_two_vectors,
    .run = same_doorbell_for_two,
};

static void numbers_past_the_table(struct bench *b)
{
    start_all(b, false);
    for (unsigned v = bench_config(b)->nvec; v < 2048; v++)
        app_event_start(b, v);
    app_event_flush(b);
    quiesce(b);
    expect_total(b, 0, "EDGE-12");
    expect_pba_clear(b, "EDGE-12");
    msix_control(b, true, true);
    for (unsigned v = bench_config(b)->nvec; v < 2048; v++)
        app_event_start(b, v);
    app_event_flush(b);
    expect_pba_clear(b, "EDGE-12");
    msix_control(b, true, false);
    quiesce(b);
    expect_total(b, 0, "EDGE-12");
}

const struct test events_past_the_table_do_nothing = {
    .name = "events_past_the_table_do_nothing",
    .requirements = "EDGE-12, MSIX-TBL-26, MSIX-PBA-03",
    .story = "Events for every number from NVEC to 2047 send nothing and set no pending bit, unmasked or masked.",
    .skip = skip_if_every_number_exists,
    .run = numbers_past_the_table,
};

/* Clocks from the acceptance of one event on an idle block to tx_tvalid. */
static unsigned clocks_to_valid(struct bench *b, unsigned vector)
{
    unsigned clocks = 0;
    app_event_at(b, vector, 1);
    bench_step(b);
    while (!(bench_in(b)->evt_valid && bench_out(b)->evt_ready) && !bench_stopped(b))
        bench_step(b);
    while (!bench_out(b)->tx.valid && clocks < LEAVES_WITHIN && !bench_stopped(b)) {
        bench_step(b);
        clocks++;
    }
    return clocks;
}

static void idle_latency(struct bench *b)
{
    const unsigned bound = bench_policy(b)->idle_latency_clocks;
    unsigned v;
    start_all(b, false);
    for (unsigned i = 0; bound != 0 && boundary_vector(b, i, &v) && !bench_stopped(b); i++) {
        const unsigned clocks = clocks_to_valid(b, v);
        if (!check(bench_checks(b), CHECK_LATENCY, clocks <= bound))
            check_report(bench_checks(b), CHECK_LATENCY, (int)v,
                         "tx valid came %u clocks after the event, %u are promised", clocks, bound);
        bench_settle(b);
    }
}

const struct test idle_event_reaches_tx_in_time = {
    .name = "idle_event_reaches_tx_in_time",
    .requirements = "ENV-02, EDGE-03",
    .story = "With nothing else going on tx_tvalid follows an event within the clocks that the design promises.",
    .run = idle_latency,
};
