/*
 * test_tlp_random.c - round trips of random TLPs and random DWs through the encoder and the decoder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tlp_vectors.h"

enum { ROUND_TRIPS = 20000 };

/* xorshift64*: the same numbers in every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static void randomise_request(uint64_t *seed, struct tlp *t)
{
    const bool is_message = t->kind == TLP_MSG || t->kind == TLP_MSGD;
    const bool is_config = t->kind >= TLP_CFGRD0 && t->kind <= TLP_CFGWR1;
    const bool is_io = t->kind == TLP_IORD || t->kind == TLP_IOWR;

    t->is_4dw = is_message || (!is_config && !is_io && next_random(seed) & 1);
    if (is_message) {
        t->msg_code = 0x40 | (uint8_t)(next_random(seed) % 64);
        t->msg_routing = next_random(seed) % 8;
        return;
    }
    t->first_be = next_random(seed) % 16;
    t->last_be = next_random(seed) % 16;
    if (is_config) {
        t->completer_id = (uint16_t)next_random(seed);
        t->reg = next_random(seed) & 0xFFC;
        return;
    }
    t->address = next_random(seed) & (t->is_4dw ? ~UINT64_C(3) : 0xFFFFFFFC);
    t->at = is_io ? 0 : next_random(seed) % 4;
    t->ph = is_io ? 0 : next_random(seed) % 4;
}

static void randomise_completion(uint64_t *seed, struct tlp *t)
{
    t->completer_id = (uint16_t)next_random(seed);
    t->status = next_random(seed) % 8;
    t->bcm = next_random(seed) & 1;
    t->byte_count = (uint16_t)(1 + next_random(seed) % 4096);
    t->lower_address = next_random(seed) % 128;
}

static struct tlp random_tlp(uint64_t *seed)
{
    const uint64_t bits = next_random(seed);
    struct tlp t = {.kind = (enum tlp_kind)(bits % TLP_PREFIX),
                    .tc = bits >> 8 & 7,
                    .ro = bits >> 11 & 1,
                    .ns = bits >> 12 & 1,
                    .td = bits >> 13 & 1,
                    .ep = bits >> 14 & 1,
                    .requester_id = bits >> 16 & 0xFFFF,
                    .tag = bits >> 32 & 0x3FF,
                    .length = (uint16_t)(1 + (bits >> 44) % 1023)};
    const bool is_memory = t.kind <= TLP_MWR || t.kind >= TLP_FETCHADD;

    t.th = is_memory && bits >> 60 & 1;
    t.ido = bits >> 61 & 1 && (is_memory || t.kind >= TLP_MSG);
    if (tlp_class(t.kind) == TLP_COMPLETION)
        randomise_completion(seed, &t);
    else
        randomise_request(seed, &t);
    return t;
}

static void random_tlps_survive_encode_and_decode(void **state)
{
    /* ENV-05 */
    static uint32_t payload[TLP_MAX_PAYLOAD_DW], dw[TLP_MAX_DW];
    uint64_t seed = 0x123456789ABCDEF;

    (void)state;
    for (unsigned i = 0; i < TLP_MAX_PAYLOAD_DW; i++)
        payload[i] = (uint32_t)next_random(&seed);
    for (unsigned i = 0; i < ROUND_TRIPS; i++) {
        const struct tlp t = random_tlp(&seed);
        struct tlp back;
        const size_t n = tlp_encode(&t, payload, dw, TLP_MAX_DW);
        assert_int_equal(tlp_decode(dw, n, &back), TLP_OK);
        assert_true(tlp_same(&t, &back));
        assert_int_equal(back.reserved, 0);
        assert_memory_equal(dw + back.header_dw, payload, 4 * back.payload_dw);
    }
}

static void the_longest_tlp_fits(void **state)
{
    /* MMIO-10 */
    static uint32_t payload[TLP_MAX_PAYLOAD_DW], dw[TLP_MAX_DW];
    const struct tlp t = {.kind = TLP_MWR, .length = 1024, .td = true, .is_4dw = true, .first_be = 0xF, .last_be = 0xF};
    struct tlp back;

    (void)state;
    payload[TLP_MAX_PAYLOAD_DW - 1] = 0x01020304;
    dw[TLP_MAX_DW - 1] = 0xFFFFFFFF;
    assert_int_equal(tlp_encode(&t, payload, dw, TLP_MAX_DW), TLP_MAX_DW);
    assert_int_equal(dw[0] & 0x3FF, 0);
    assert_int_equal(dw[TLP_MAX_DW - 2], 0x01020304);
    assert_int_equal(dw[TLP_MAX_DW - 1], 0); /* the digest */
    assert_int_equal(tlp_decode(dw, TLP_MAX_DW, &back), TLP_OK);
    assert_int_equal(back.length, 1024);
    assert_int_equal(back.payload_dw, 1024);
}

static void random_dws_survive_decode_and_encode(void **state)
{
    /* ENV-05: whatever decodes without defect and without reserved bits encodes to the same bits */
    uint64_t seed = 42;
    unsigned clean = 0;

    (void)state;
    for (unsigned i = 0; i < 10 * ROUND_TRIPS; i++) {
        uint32_t dw[5], back[5];
        struct tlp t;
        for (unsigned k = 0; k < 5; k++)
            dw[k] = (uint32_t)(next_random(&seed) >> 16);
        dw[0] &= 0x7FFC3C01; /* not a prefix, no digest, Length 0 or 1 */
        for (size_t n = 3; n <= 5; n++) {
            if (tlp_decode(dw, n, &t) != TLP_OK || t.reserved || t.kind == TLP_MSG || t.kind == TLP_MSGD)
                continue;
            assert_int_equal(tlp_encode(&t, dw + t.header_dw, back, 5), n);
            assert_memory_equal(dw, back, 4 * n);
            clean++;
        }
    }
    assert_true(clean > ROUND_TRIPS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tlps_survive_encode_and_decode),
        cmocka_unit_test(the_longest_tlp_fits),
        cmocka_unit_test(random_dws_survive_decode_and_encode),
    };
    return cmocka_run_group_tests_name("tlp_random", tests, NULL, NULL);
}
