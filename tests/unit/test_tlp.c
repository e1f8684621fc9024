/*
 * test_tlp.c - the TLP decoder and encoder against byte strings that were worked out by hand from the header layouts.
 */
#include "tlp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { VECTOR_BYTES_MAX = 28, ROUND_TRIPS = 20000 };

/* A TLP as bytes in wire order, and what it means. */
struct vector {
    const char *what;
    uint8_t bytes[VECTOR_BYTES_MAX];
    unsigned count; /* bytes */
    struct tlp means;
    uint32_t payload; /* first payload DW as a little-endian number */
};

static size_t to_dws(const uint8_t *bytes, unsigned count, uint32_t *dw)
{
    for (unsigned i = 0; i < count; i += 4)
        dw[i / 4] =
            (uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16 | (uint32_t)bytes[i + 2] << 8 | bytes[i + 3];
    return count / 4;
}

/* Field by field, so that padding never counts. */
static bool same_control(const struct tlp *a, const struct tlp *b)
{
    return a->kind == b->kind && a->tc == b->tc && a->ro == b->ro && a->ns == b->ns && a->ido == b->ido &&
           a->th == b->th && a->td == b->td && a->ep == b->ep && a->at == b->at && a->length == b->length;
}

static bool same_request(const struct tlp *a, const struct tlp *b)
{
    return a->requester_id == b->requester_id && a->tag == b->tag && a->first_be == b->first_be &&
           a->last_be == b->last_be && a->address == b->address && a->ph == b->ph && a->is_4dw == b->is_4dw &&
           a->reg == b->reg && a->msg_code == b->msg_code && a->msg_routing == b->msg_routing;
}

static bool same_completion(const struct tlp *a, const struct tlp *b)
{
    return a->completer_id == b->completer_id && a->status == b->status && a->bcm == b->bcm &&
           a->byte_count == b->byte_count && a->lower_address == b->lower_address;
}

static bool same(const struct tlp *a, const struct tlp *b)
{
    return same_control(a, b) && same_request(a, b) && same_completion(a, b);
}

static bool same_all(const struct tlp *a, const struct tlp *b)
{
    return same(a, b) && a->defect == b->defect && a->fmt == b->fmt && a->type == b->type &&
           a->reserved == b->reserved && a->header_dw == b->header_dw && a->payload_dw == b->payload_dw;
}

#define MESSAGE(req, t, addr, four)                                                                                    \
    {                                                                                                                  \
        .kind = TLP_MWR, .length = 1, .requester_id = (req), .tag = (t), .first_be = 0xF, .address = (addr),           \
        .is_4dw = (four)                                                                                               \
    }

/* Interrupt messages: 3 DW header, address, data; 4 DW header, upper address, address, data. */
static const struct vector messages[] = {
    {"worked example, 3 DW",
     {0x40, 0x00, 0x00, 0x01, 0x01, 0x00, 0x5A, 0x0F, 0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00},
     16,
     MESSAGE(0x0100, 0x5A, 0xFEE01004, false),
     0x00004123},
    {"worked example, 4 DW",
     {0x60, 0x00, 0x00, 0x01, 0x01, 0x00, 0x5A, 0x0F, 0x00, 0x00,
      0x00, 0x01, 0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00},
     20,
     MESSAGE(0x0100, 0x5A, UINT64_C(0x1FEE01004), true),
     0x00004123},
    {"lowest address, all zero",
     {0x40, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x0F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
     16,
     MESSAGE(0, 0, 0, false),
     0},
    {"second DW of memory, every byte of the data different, device 1",
     {0x40, 0x00, 0x00, 0x01, 0x00, 0x08, 0x01, 0x0F, 0x00, 0x00, 0x00, 0x04, 0x44, 0x33, 0x22, 0x11},
     16,
     MESSAGE(0x0008, 0x01, 4, false),
     0x11223344},
    {"last DW below 4 GB, everything set",
     {0x40, 0x00, 0x00, 0x01, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF},
     16,
     MESSAGE(0xFFFF, 0xFF, 0xFFFFFFFC, false),
     0xFFFFFFFF},
    {"first DW above 4 GB",
     {0x60, 0x00, 0x00, 0x01, 0x3B, 0x01, 0x80, 0x0F, 0x00, 0x00,
      0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00},
     20,
     MESSAGE(0x3B01, 0x80, UINT64_C(0x100000000), true),
     1},
    {"last DW of all",
     {0x60, 0x00, 0x00, 0x01, 0xFF, 0xF8, 0x7F, 0x0F, 0xFF, 0xFF,
      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC, 0x00, 0x00, 0x00, 0x80},
     20,
     MESSAGE(0xFFF8, 0x7F, UINT64_C(0xFFFFFFFFFFFFFFFC), true),
     0x80000000},
    {"highest address bit alone",
     {0x60, 0x00, 0x00, 0x01, 0x02, 0xF8, 0x10, 0x0F, 0x80, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00},
     20,
     MESSAGE(0x02F8, 0x10, UINT64_C(0x8000000000000000), true),
     0x00000100},
    {"bit 31 of the address alone",
     {0x40, 0x00, 0x00, 0x01, 0x80, 0x00, 0x02, 0x0F, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00},
     16,
     MESSAGE(0x8000, 0x02, 0x80000000, false),
     0x00010000},
    {"x86, destination 7Fh, vector FEh",
     {0x40, 0x00, 0x00, 0x01, 0x05, 0x50, 0xC3, 0x0F, 0xFE, 0xE7, 0xF0, 0x00, 0xFE, 0x00, 0x00, 0x00},
     16,
     MESSAGE(0x0550, 0xC3, 0xFEE7F000, false),
     0xFE},
    {"interrupt translation register at 08010040h, event 12345h",
     {0x40, 0x00, 0x00, 0x01, 0x00, 0x1F, 0x00, 0x0F, 0x08, 0x01, 0x00, 0x40, 0x45, 0x23, 0x01, 0x00},
     16,
     MESSAGE(0x001F, 0x00, 0x08010040, false),
     0x00012345},
    {"all bytes of a 64 bit address different",
     {0x60, 0x00, 0x00, 0x01, 0x12, 0x34, 0x56, 0x0F, 0x01, 0x23,
      0x45, 0x67, 0x89, 0xAB, 0xCD, 0xE8, 0x78, 0x56, 0x34, 0x12},
     20,
     MESSAGE(0x1234, 0x56, UINT64_C(0x0123456789ABCDE8), true),
     0x12345678},
    {"alternating bits",
     {0x60, 0x00, 0x00, 0x01, 0x55, 0xAA, 0x55, 0x0F, 0xAA, 0xAA,
      0xAA, 0xAA, 0x55, 0x55, 0x55, 0x54, 0xAA, 0x55, 0xAA, 0x55},
     20,
     MESSAGE(0x55AA, 0x55, UINT64_C(0xAAAAAAAA55555554), true),
     0x55AA55AA},
};

/* One for every other kind, some twice; each with fields that its neighbours do not have. */
static const struct vector others[] = {
    {"MRd 32, 2 DW, TC 5, RO, tag 3A5h",
     {0x00, 0xD8, 0x20, 0x02, 0x00, 0x10, 0xA5, 0x7C, 0x12, 0x34, 0x56, 0x78},
     12,
     {.kind = TLP_MRD,
      .tc = 5,
      .ro = true,
      .length = 2,
      .requester_id = 0x0010,
      .tag = 0x3A5,
      .first_be = 0xC,
      .last_be = 0x7,
      .address = 0x12345678},
     0},
    {"MRd 64, 1024 DW, NS, IDO, translated, TH with hint 2",
     {0x20, 0x05, 0x18, 0x00, 0xAB, 0xCD, 0x01, 0xFF, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x10, 0x02},
     16,
     {.kind = TLP_MRD,
      .ns = true,
      .ido = true,
      .th = true,
      .at = 2,
      .length = 1024,
      .requester_id = 0xABCD,
      .tag = 1,
      .first_be = 0xF,
      .last_be = 0xF,
      .address = UINT64_C(0x1000001000),
      .ph = 2,
      .is_4dw = true},
     0},
    {"MRdLk 32",
     {0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x11, 0x0F, 0x00, 0x0A, 0x00, 0x00},
     12,
     {.kind = TLP_MRDLK, .length = 1, .tag = 0x11, .first_be = 0xF, .address = 0x000A0000},
     0},
    {"MWr 32 of 2 DW, poisoned, bytes 1 to 6",
     {0x40, 0x00, 0x40, 0x02, 0x00, 0x18, 0x22, 0x7E, 0x00, 0x00,
      0x10, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08},
     20,
     {.kind = TLP_MWR,
      .ep = true,
      .length = 2,
      .requester_id = 0x0018,
      .tag = 0x22,
      .first_be = 0xE,
      .last_be = 0x7,
      .address = 0x1000},
     0x04030201},
    {"MWr 32 with digest",
     {0x40, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x0F, 0x00, 0x00,
      0x20, 0x00, 0xEF, 0xBE, 0xAD, 0xDE, 0x00, 0x00, 0x00, 0x00},
     20,
     {.kind = TLP_MWR, .td = true, .length = 1, .first_be = 0xF, .address = 0x2000},
     0xDEADBEEF},
    {"IORd",
     {0x02, 0x00, 0x00, 0x01, 0x00, 0x00, 0x33, 0x03, 0x00, 0x00, 0x03, 0xF8},
     12,
     {.kind = TLP_IORD, .length = 1, .tag = 0x33, .first_be = 0x3, .address = 0x3F8},
     0},
    {"IOWr",
     {0x42, 0x00, 0x00, 0x01, 0x00, 0x00, 0x34, 0x01, 0x00, 0x00, 0x00, 0x60, 0x5A, 0x00, 0x00, 0x00},
     16,
     {.kind = TLP_IOWR, .length = 1, .tag = 0x34, .first_be = 0x1, .address = 0x60},
     0x5A},
    {"CfgRd0 of register 3Ch",
     {0x04, 0x00, 0x00, 0x01, 0x00, 0x00, 0x44, 0x0F, 0x01, 0x00, 0x00, 0x3C},
     12,
     {.kind = TLP_CFGRD0, .length = 1, .tag = 0x44, .first_be = 0xF, .completer_id = 0x0100, .reg = 0x3C},
     0},
    {"CfgWr0 of register B0h, upper half",
     {0x44, 0x00, 0x00, 0x01, 0x00, 0x00, 0x45, 0x0C, 0x05, 0xF9, 0x00, 0xB0, 0x00, 0x00, 0x00, 0xC0},
     16,
     {.kind = TLP_CFGWR0, .length = 1, .tag = 0x45, .first_be = 0xC, .completer_id = 0x05F9, .reg = 0xB0},
     0xC0000000},
    {"CfgRd1 of the last register",
     {0x05, 0x00, 0x00, 0x01, 0x00, 0x00, 0x46, 0x0F, 0xFF, 0x00, 0x0F, 0xFC},
     12,
     {.kind = TLP_CFGRD1, .length = 1, .tag = 0x46, .first_be = 0xF, .completer_id = 0xFF00, .reg = 0xFFC},
     0},
    {"CfgWr1 of register 100h",
     {0x45, 0x00, 0x00, 0x01, 0x00, 0x00, 0x47, 0x08, 0x02, 0x08, 0x01, 0x00, 0, 0, 0, 0x99},
     16,
     {.kind = TLP_CFGWR1, .length = 1, .tag = 0x47, .first_be = 0x8, .completer_id = 0x0208, .reg = 0x100},
     0x99000000},
    {"Assert_INTA",
     {0x34, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 0, 0},
     16,
     {.kind = TLP_MSG, .requester_id = 0x0100, .is_4dw = true, .msg_code = 0x20, .msg_routing = 4},
     0},
    {"Deassert_INTD, tag 77h",
     {0x34, 0x00, 0x00, 0x00, 0x01, 0x00, 0x77, 0x27, 0, 0, 0, 0, 0, 0, 0, 0},
     16,
     {.kind = TLP_MSG, .requester_id = 0x0100, .tag = 0x77, .is_4dw = true, .msg_code = 0x27, .msg_routing = 4},
     0},
    {"Set_Slot_Power_Limit",
     {0x74, 0, 0, 0x01, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0x19, 0x02, 0, 0},
     20,
     {.kind = TLP_MSGD, .length = 1, .is_4dw = true, .msg_code = 0x50, .msg_routing = 4},
     0x00000219},
    {"Cpl, Unsupported Request",
     {0x0A, 0x00, 0x00, 0x00, 0x01, 0x00, 0x20, 0x04, 0x00, 0x08, 0x48, 0x00},
     12,
     {.kind = TLP_CPL, .requester_id = 0x0008, .tag = 0x48, .completer_id = 0x0100, .status = TLP_UR, .byte_count = 4},
     0},
    {"Cpl, retry",
     {0x0A, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x04, 0x00, 0x08, 0x49, 0x00},
     12,
     {.kind = TLP_CPL, .requester_id = 0x0008, .tag = 0x49, .status = TLP_RRS, .byte_count = 4},
     0},
    {"Cpl, abort, Byte Count 4096, Lower Address 7Fh",
     {0x0A, 0x00, 0x00, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x08, 0x4A, 0x7F},
     12,
     {.kind = TLP_CPL,
      .requester_id = 0x0008,
      .tag = 0x4A,
      .completer_id = 0x0100,
      .status = TLP_CA,
      .byte_count = 4096,
      .lower_address = 0x7F},
     0},
    {"CplD, 1 DW, TC 3, RO, NS, tag 1F0h",
     {0x4A, 0x38, 0x30, 0x01, 0x02, 0x00, 0x00, 0x03, 0x12, 0x34, 0xF0, 0x41, 0x78, 0x56, 0x34, 0x12},
     16,
     {.kind = TLP_CPLD,
      .tc = 3,
      .ro = true,
      .ns = true,
      .length = 1,
      .requester_id = 0x1234,
      .tag = 0x1F0,
      .completer_id = 0x0200,
      .byte_count = 3,
      .lower_address = 0x41},
     0x12345678},
    {"CplD with BCM set",
     {0x4A, 0x00, 0x00, 0x01, 0x00, 0x00, 0x10, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
     16,
     {.kind = TLP_CPLD, .length = 1, .bcm = true, .byte_count = 4},
     0},
    {"CplLk",
     {0x0B, 0x00, 0x00, 0x00, 0x01, 0x00, 0x20, 0x04, 0x00, 0x00, 0x4B, 0x00},
     12,
     {.kind = TLP_CPLLK, .tag = 0x4B, .completer_id = 0x0100, .status = TLP_UR, .byte_count = 4},
     0},
    {"CplDLk",
     {0x4B, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x04, 0x00, 0x00, 0x4C, 0x08, 0x01, 0, 0, 0},
     16,
     {.kind = TLP_CPLDLK, .length = 1, .tag = 0x4C, .completer_id = 0x0100, .byte_count = 4, .lower_address = 8},
     1},
    {"FetchAdd 32",
     {0x4C, 0x00, 0x00, 0x01, 0x00, 0x00, 0x51, 0x0F, 0x00, 0x00, 0x40, 0x00, 0x02, 0, 0, 0},
     16,
     {.kind = TLP_FETCHADD, .length = 1, .tag = 0x51, .first_be = 0xF, .address = 0x4000},
     2},
    {"Swap 64",
     {0x6D, 0x00, 0x04, 0x01, 0x00, 0x00, 0x52, 0x0F, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x40, 0x00, 0x03, 0, 0, 0},
     20,
     {.kind = TLP_SWAP,
      .at = 1,
      .length = 1,
      .tag = 0x52,
      .first_be = 0xF,
      .address = UINT64_C(0x200004000),
      .is_4dw = true},
     3},
    {"CAS 32 of two operands",
     {0x4E, 0x00, 0x00, 0x02, 0x00, 0x00, 0x53, 0xFF, 0x00, 0x00, 0x40, 0x08, 0x04, 0, 0, 0, 0x05, 0, 0, 0},
     20,
     {.kind = TLP_CAS, .length = 2, .tag = 0x53, .first_be = 0xF, .last_be = 0xF, .address = 0x4008},
     4},
};

enum { MESSAGES = sizeof messages / sizeof messages[0], OTHERS = sizeof others / sizeof others[0] };

static void decodes(const struct vector *v)
{
    uint32_t dw[VECTOR_BYTES_MAX / 4];
    const size_t n = to_dws(v->bytes, v->count, dw);
    struct tlp t;

    if (tlp_decode(dw, n, &t) != TLP_OK || t.defect != TLP_OK || t.reserved != 0 || !same(&t, &v->means))
        fail_msg("wrong fields: %s", v->what);
    assert_int_equal(t.fmt, v->bytes[0] >> 5);
    assert_int_equal(t.type, v->bytes[0] & 0x1F);
    assert_int_equal(t.header_dw, v->means.is_4dw ? 4 : 3);
    assert_int_equal(t.payload_dw, tlp_has_data(t.kind) ? t.length : 0);
    if (t.payload_dw > 0)
        assert_int_equal(tlp_payload_le(dw[t.header_dw]), v->payload);
}

static void encodes(const struct vector *v)
{
    uint32_t expected[VECTOR_BYTES_MAX / 4], dw[VECTOR_BYTES_MAX / 4];
    const size_t n = to_dws(v->bytes, v->count, expected);
    const unsigned header = v->means.is_4dw ? 4 : 3;

    if (tlp_encode(&v->means, expected + header, dw, n) != n)
        fail_msg("wrong length: %s", v->what);
    if (memcmp(dw, expected, n * sizeof *dw) != 0)
        fail_msg("wrong bytes: %s", v->what);
    assert_int_equal(tlp_encode(&v->means, expected + header, dw, n - 1), 0);
}

static void message_bytes_decode_to_its_fields(void **state)
{
    /* TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-06, TLP-07, TLP-17 */
    (void)state;
    for (unsigned i = 0; i < MESSAGES; i++)
        decodes(&messages[i]);
}

static void message_fields_encode_to_its_bytes(void **state)
{
    /* TLP-01, TLP-02, TLP-03, TLP-04, TLP-05, TLP-06, TLP-07, TLP-17 */
    (void)state;
    for (unsigned i = 0; i < MESSAGES; i++)
        encodes(&messages[i]);
}

static void every_kind_decodes_from_its_bytes(void **state)
{
    /* MMIO-08, CFG-09, INTX-01, INTX-02, TLP-14, TLP-21 */
    bool seen[TLP_UNKNOWN + 1] = {false};

    (void)state;
    for (unsigned i = 0; i < OTHERS; i++) {
        decodes(&others[i]);
        seen[others[i].means.kind] = true;
    }
    for (int kind = 0; kind < TLP_PREFIX; kind++)
        assert_true(seen[kind]);
}

static void every_kind_encodes_to_its_bytes(void **state)
{
    /* MMIO-08, CFG-09, INTX-01, INTX-02, TLP-14, TLP-21 */
    (void)state;
    for (unsigned i = 0; i < OTHERS; i++)
        encodes(&others[i]);
}

static void flips_are_seen(const struct vector *v)
{
    uint32_t dw[VECTOR_BYTES_MAX / 4];
    const size_t n = to_dws(v->bytes, v->count, dw);
    struct tlp clean, flipped;

    tlp_decode(dw, n, &clean);
    for (unsigned bit = 0; bit < 32 * clean.header_dw; bit++) {
        dw[bit / 32] ^= UINT32_C(1) << bit % 32;
        tlp_decode(dw, n, &flipped);
        if (same_all(&clean, &flipped))
            fail_msg("%s: bit %u of DW %u is not looked at", v->what, bit % 32, bit / 32);
        dw[bit / 32] ^= UINT32_C(1) << bit % 32;
    }
}

static void each_flipped_header_bit_changes_the_decoded_message(void **state)
{
    /* ENV-05, TLP-22 */
    (void)state;
    for (unsigned i = 0; i < MESSAGES; i++)
        flips_are_seen(&messages[i]);
}

static void each_flipped_header_bit_changes_the_decoded_tlp_of_other_kinds(void **state)
{
    /* ENV-05, TLP-22, MMIO-08, INTX-03 */
    (void)state;
    for (unsigned i = 0; i < OTHERS; i++)
        if (others[i].means.kind != TLP_MSGD) /* DW 2 and 3 depend on the code */
            flips_are_seen(&others[i]);
}

/* Which single bits of a header that has none of them set must show up in `reserved`. */
static void reserved_is(enum tlp_kind kind, const uint32_t expected[4])
{
    const struct tlp plain = {.kind = kind, .length = 1, .msg_code = 0x40, .byte_count = 4};
    const uint32_t payload = 0;
    uint32_t dw[5];
    const size_t n = tlp_encode(&plain, &payload, dw, 5);
    struct tlp t;

    tlp_decode(dw, n, &t);
    const unsigned header = t.header_dw;
    for (unsigned bit = 0; bit < 32 * header; bit++) {
        const uint32_t mask = UINT32_C(1) << bit % 32, before = dw[bit / 32];
        if (before & mask || (bit / 32 == 0 && mask >= UINT32_C(1) << 24) || bit < 10)
            continue; /* set already, or the kind or the length would change */
        dw[bit / 32] |= mask;
        tlp_decode(dw, n, &t);
        if (t.reserved != (expected[bit / 32] & mask))
            fail_msg("%s: bit %u of DW %u", tlp_kind_name(kind), bit % 32, bit / 32);
        dw[bit / 32] = before;
    }
}

static void reserved_bits_are_those_of_the_kind(void **state)
{
    /* TLP-22, INTX-03, MMIO-08 */
    static const uint32_t memory[4] = {0x00020000};
    static const uint32_t io[4] = {0x00070C00, 0, 0x00000003};
    static const uint32_t config[4] = {0x00070C00, 0, 0x0000F003};
    static const uint32_t completion[4] = {0x00030C00, 0, 0x00000080};
    static const uint32_t message[4] = {0x00030C00};

    (void)state;
    reserved_is(TLP_MWR, memory);
    reserved_is(TLP_MRD, memory);
    reserved_is(TLP_SWAP, memory);
    reserved_is(TLP_IOWR, io);
    reserved_is(TLP_CFGRD0, config);
    reserved_is(TLP_CFGWR1, config);
    reserved_is(TLP_CPL, completion);
    reserved_is(TLP_CPLD, completion);
    reserved_is(TLP_MSGD, message);
}

static void intx_messages_reserve_everything_but_class_requester_tag_and_code(void **state)
{
    /* INTX-02, INTX-03, INTX-05 */
    static const uint8_t not_intx[] = {0x1F, 0x28};
    uint32_t dw[4] = {0x34000000, 0x01000000, 0, 0};
    struct tlp t;

    (void)state;
    for (uint32_t code = 0x20; code <= 0x27; code++) {
        for (unsigned bit = 0; bit < 128; bit++) {
            static const uint32_t reserved[4] = {0x00037FFF, 0, 0xFFFFFFFF, 0xFFFFFFFF};
            uint32_t flipped[4] = {dw[0], dw[1] | code, 0, 0};
            const uint32_t mask = UINT32_C(1) << bit % 32;
            if (bit / 32 == 1 || (bit < 32 && bit >= 24))
                continue;
            flipped[bit / 32] ^= mask;
            tlp_decode(flipped, 4, &t);
            assert_int_equal(t.reserved, reserved[bit / 32] & mask);
        }
    }
    dw[2] = 0x12345678;
    for (unsigned i = 0; i < 2; i++) {
        dw[1] = 0x01000000U | not_intx[i];
        assert_int_equal(tlp_decode(dw, 4, &t), TLP_OK);
        assert_int_equal(t.reserved, 0);
    }
}

/* Byte Count and Lower Address the slow way: lay out the bytes and look for the first and the last enabled one. */
static void brute_force(const struct tlp *read, unsigned *byte_count, unsigned *lower_address)
{
    int first = -1, last = -1;

    for (int byte = 0; byte < 4 * read->length; byte++) {
        const int dw = byte / 4;
        const unsigned be = dw == 0 ? read->first_be : dw == read->length - 1 ? read->last_be : 0xF;
        if (!(be >> byte % 4 & 1))
            continue;
        if (first < 0)
            first = byte;
        last = byte;
    }
    *byte_count = first < 0 ? 1 : (unsigned)(last - first + 1);
    *lower_address = (unsigned)((read->address + (first < 0 ? 0U : (unsigned)first)) % 128);
}

static void agrees_with_brute_force(uint16_t length, unsigned first_be, unsigned last_be, uint64_t address)
{
    const struct tlp read = {.kind = TLP_MRD,
                             .length = length,
                             .first_be = (uint8_t)first_be,
                             .last_be = (uint8_t)last_be,
                             .address = address};
    unsigned count, lower;

    brute_force(&read, &count, &lower);
    assert_int_equal(tlp_read_byte_count(&read), count);
    assert_int_equal(tlp_read_lower_address(&read), lower);
}

static void byte_count_and_lower_address_of_one_dw_reads(void **state)
{
    /* MMIO-10, MMIO-11, MMIO-14 */
    (void)state;
    for (unsigned be = 0; be < 16; be++)
        for (uint64_t address = 0x1000; address < 0x1100; address += 4)
            agrees_with_brute_force(1, be, 0, address);
}

static void byte_count_and_lower_address_of_longer_reads(void **state)
{
    /* MMIO-10, MMIO-11 */
    static const uint16_t lengths[] = {2, 3, 31, 32, 33, 1023, 1024};

    (void)state;
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        for (unsigned first = 1; first < 16; first++)
            for (unsigned last = 1; last < 16; last++)
                agrees_with_brute_force(lengths[i], first, last, 0xFFFFFFF0 + 4 * (first % 4));
}

static void byte_count_of_illegal_enables_stays_in_range(void **state)
{
    /* MMIO-18 */
    (void)state;
    for (unsigned first = 0; first < 16; first++)
        for (unsigned last = 0; last < 16; last++) {
            const struct tlp read = {
                .kind = TLP_MRD, .length = 2, .first_be = (uint8_t)first, .last_be = (uint8_t)last};
            assert_in_range(tlp_read_byte_count(&read), 1, 8);
        }
}

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
        assert_true(same(&t, &back));
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

static void undefined_types_and_prefixes_are_named(void **state)
{
    /* TLP-23, MMIO-28: the only codes of Fmt and Type that stand for a header, listed by hand */
    static const uint8_t defined[] = {
        0x00, 0x20, 0x01, 0x21, 0x40, 0x60, 0x02, 0x42, 0x04, 0x44, 0x05, 0x45, 0x0A,
        0x4A, 0x0B, 0x4B, 0x4C, 0x6C, 0x4D, 0x6D, 0x4E, 0x6E, 0x30, 0x31, 0x32, 0x33,
        0x34, 0x35, 0x36, 0x37, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77,
    };

    (void)state;
    for (unsigned byte0 = 0; byte0 < 256; byte0++) {
        const uint32_t dw[5] = {(uint32_t)byte0 << 24 | 1};
        const bool known = memchr(defined, (int)byte0, sizeof defined) != NULL;
        struct tlp t;
        tlp_decode(dw, 5, &t);
        assert_int_equal(t.defect == TLP_BAD_TYPE, !known);
        assert_int_equal(t.kind == TLP_PREFIX, byte0 >> 5 == 4);
        assert_int_equal(t.kind >= TLP_PREFIX, !known);
    }
}

static void fewer_dws_than_the_header_are_short(void **state)
{
    /* MMIO-28, TLP-25 */
    static const uint32_t three[4] = {0x40000001, 0x0100000F, 0xFEE00000, 0};
    static const uint32_t four[5] = {0x60000001, 0x0100000F, 1, 0, 0};
    struct tlp t;

    (void)state;
    for (size_t n = 0; n < 5; n++) {
        assert_int_equal(tlp_decode(four, n, &t) == TLP_SHORT, n < 4);
        assert_int_equal(t.kind, n == 0 ? TLP_UNKNOWN : TLP_MWR);
        assert_int_equal(t.payload_dw, 0);
        if (n < 4)
            assert_int_equal(tlp_decode(three, n, &t) == TLP_SHORT, n < 3);
    }
}

static void dw_count_must_be_header_payload_and_digest(void **state)
{
    /* TLP-02, TLP-14, MMIO-28, MMIO-30 */
    uint32_t dw[12] = {0x40000003, 0x010000FF, 0x1000};
    struct tlp t;

    (void)state;
    for (size_t n = 3; n < 12; n++) {
        assert_int_equal(tlp_decode(dw, n, &t), n == 6 ? TLP_OK : TLP_BAD_LENGTH);
        assert_int_equal(t.payload_dw, n - 3);
        assert_int_equal(t.address, 0x1000);
    }
    dw[0] |= 0x8000; /* TD */
    for (size_t n = 3; n < 12; n++) {
        assert_int_equal(tlp_decode(dw, n, &t), n == 7 ? TLP_OK : TLP_BAD_LENGTH);
        assert_int_equal(t.payload_dw, n == 3 ? 0 : n - 4);
    }
    dw[0] = 0x00000003; /* MRd: Length announces no payload */
    assert_int_equal(tlp_decode(dw, 3, &t), TLP_OK);
    assert_int_equal(tlp_decode(dw, 4, &t), TLP_BAD_LENGTH);
    assert_int_equal(t.payload_dw, 1);
}

static void length_code_zero_is_1024_where_length_counts(void **state)
{
    /* MMIO-13, INTX-03 */
    static const struct {
        uint32_t dw0;
        unsigned length;
    } cases[] = {
        {0x00000000, 1024}, {0x40000000, 1024}, {0x44000000, 1024}, {0x04000000, 1024},
        {0x4A000000, 1024}, {0x0A000000, 0},    {0x0B000000, 0},    {0x34000000, 0},
        {0x74000000, 1024}, {0x0A0003FF, 1023}, {0x34000005, 5},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t dw[4] = {cases[i].dw0};
        struct tlp t;
        tlp_decode(dw, 4, &t);
        assert_int_equal(t.length, cases[i].length);
    }
}

static void low_address_bits_are_never_part_of_the_address(void **state)
{
    /* TLP-05, TLP-21 */
    static const uint32_t first[] = {0x02000001, 0x42000001, 0x00000001, 0x40000001};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        const uint32_t dw[4] = {first[i], 0x0000000F, 0x000003FB};
        struct tlp t;
        tlp_decode(dw, 4, &t);
        assert_int_equal(t.address, 0x3F8);
    }
}

static void what_cannot_be_encoded_is_refused(void **state)
{
    /* ENV-04 */
    struct tlp t = {.kind = TLP_MWR, .length = 1};
    const uint32_t payload = 0;
    uint32_t dw[8];

    (void)state;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 4);
    assert_int_equal(tlp_encode(&t, &payload, dw, 3), 0);
    assert_int_equal(tlp_encode(&t, NULL, dw, 8), 0);
    t.length = 0;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
    t.length = 1025;
    assert_int_equal(tlp_encode(&t, &payload, dw, 2000), 0);
    t.length = 1;
    t.kind = TLP_PREFIX;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
    t.kind = TLP_UNKNOWN;
    assert_int_equal(tlp_encode(&t, &payload, dw, 8), 0);
}

static void fields_of_other_kinds_do_not_leak_into_the_header(void **state)
{
    /* TLP-22 */
    const struct tlp base = {.length = 1,
                             .at = 3,
                             .ph = 3,
                             .address = UINT64_C(0xFFFFFFFFFFFFFFFF),
                             .reg = 0xFFFF,
                             .lower_address = 0xFF,
                             .msg_code = 0x50,
                             .reserved = UINT32_MAX};
    const uint32_t payload = 0;

    (void)state;
    for (int kind = 0; kind < TLP_PREFIX; kind++) {
        struct tlp t = base, back;
        uint32_t dw[5];
        t.kind = (enum tlp_kind)kind;
        if (kind == TLP_MSG) {
            t.msg_code = 0x20;
            t.length = 0;
        }
        const size_t n = tlp_encode(&t, &payload, dw, 5);
        assert_int_equal(tlp_decode(dw, n, &back), TLP_OK);
        assert_int_equal(back.reserved, 0);
    }
}

static void data_credits_come_from_length_alone(void **state)
{
    /* FC-01, FC-02 */
    static const struct {
        enum tlp_kind kind;
        uint16_t length;
        unsigned credits;
    } cases[] = {
        {TLP_MWR, 1, 1},    {TLP_MWR, 4, 1},      {TLP_MWR, 5, 2},    {TLP_MWR, 8, 2},
        {TLP_MWR, 128, 32}, {TLP_MWR, 1024, 256}, {TLP_CPLD, 1, 1},   {TLP_CPLD, 2, 1},
        {TLP_CFGWR0, 1, 1}, {TLP_MRD, 1024, 0},   {TLP_CPL, 1023, 0}, {TLP_MSG, 0, 0},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tlp t = {.kind = cases[i].kind, .length = cases[i].length, .address = 12};
        assert_int_equal(tlp_data_credits(&t), cases[i].credits);
    }
}

static void kinds_have_class_and_name(void **state)
{
    /* TLP-29, FC-01, FC-08 */
    static const struct {
        enum tlp_kind kind;
        enum tlp_class class;
        const char *name;
    } cases[] = {
        {TLP_MRD, TLP_NONPOSTED, "MRd"},        {TLP_MRDLK, TLP_NONPOSTED, "MRdLk"},
        {TLP_MWR, TLP_POSTED, "MWr"},           {TLP_IORD, TLP_NONPOSTED, "IORd"},
        {TLP_IOWR, TLP_NONPOSTED, "IOWr"},      {TLP_CFGRD0, TLP_NONPOSTED, "CfgRd0"},
        {TLP_CFGWR0, TLP_NONPOSTED, "CfgWr0"},  {TLP_CFGRD1, TLP_NONPOSTED, "CfgRd1"},
        {TLP_CFGWR1, TLP_NONPOSTED, "CfgWr1"},  {TLP_MSG, TLP_POSTED, "Msg"},
        {TLP_MSGD, TLP_POSTED, "MsgD"},         {TLP_CPL, TLP_COMPLETION, "Cpl"},
        {TLP_CPLD, TLP_COMPLETION, "CplD"},     {TLP_CPLLK, TLP_COMPLETION, "CplLk"},
        {TLP_CPLDLK, TLP_COMPLETION, "CplDLk"}, {TLP_FETCHADD, TLP_NONPOSTED, "FetchAdd"},
        {TLP_SWAP, TLP_NONPOSTED, "Swap"},      {TLP_CAS, TLP_NONPOSTED, "CAS"},
        {TLP_PREFIX, TLP_POSTED, "Prefix"},     {TLP_UNKNOWN, TLP_POSTED, "Unknown"},
    };

    (void)state;
    assert_int_equal(sizeof cases / sizeof cases[0], TLP_UNKNOWN + 1);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(tlp_class(cases[i].kind), cases[i].class);
        assert_string_equal(tlp_kind_name(cases[i].kind), cases[i].name);
    }
}

static void status_has_a_name(void **state)
{
    /* MMIO-09 */
    static const char *const names[] = {"SC",       "UR",       "RRS",      "reserved", "CA",
                                        "reserved", "reserved", "reserved", "reserved"};

    (void)state;
    for (uint8_t status = 0; status < 9; status++)
        assert_string_equal(tlp_status_name(status), names[status]);
}

struct line {
    uint8_t bytes[VECTOR_BYTES_MAX];
    unsigned count;
    const char *text;
};

static const struct line lines[] = {
    {{0x40, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x0F, 0xFE, 0xE0, 0x10, 0x04, 0x23, 0x41, 0x00, 0x00},
     16,
     "MWr  32 00FEE01004 len 1 be F/0 req 01:00.0 tag 00 tc 0 attr -- data 00004123"},
    {{0x20, 0x7D, 0x78, 0x02, 0x3B, 0xF9, 0xA5, 0x7C, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9B},
     16,
     "MRd  64 1234567898 len 2 be C/7 req 3b:1f.1 tag 1a5 tc 7 attr RNI ep th at 2 ph 3"},
    {{0x4A, 0x00, 0x00, 0x02, 0x01, 0x00, 0x00, 0x08, 0x00, 0x08, 0x12, 0x40, 1, 0, 0, 0, 2, 0, 0, 0},
     20,
     "CplD 01:00.0 SC bc 8 la 40 req 00:01.0 tag 12 tc 0 attr -- data 00000001 00000002"},
    {{0x0A, 0x00, 0x80, 0x00, 0x01, 0x00, 0x30, 0x04, 0x00, 0x08, 0x12, 0x80, 0, 0, 0, 0},
     16,
     "Cpl  01:00.0 UR bc 4 la 00 req 00:01.0 tag 12 tc 0 attr -- td bcm reserved 00000080"},
    {{0x44, 0x00, 0x00, 0x01, 0x00, 0x00, 0x05, 0x0F, 0x02, 0x00, 0x01, 0x04, 6, 0, 0, 0},
     16,
     "CfgWr0 02:00.0 reg 104 be F/0 req 00:00.0 tag 05 tc 0 attr -- data 00000006"},
    {{0x34, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x21, 0, 0, 0, 0, 0, 0, 0, 0},
     16,
     "Msg  code 21 routing 4 req 01:00.0 tag 00 tc 0 attr --"},
    {{0x02, 0x00, 0x00, 0x01, 0x00, 0x00, 0x33, 0x03, 0x00, 0x00, 0x03, 0xF8},
     12,
     "IORd 000003F8 be 3/0 req 00:00.0 tag 33 tc 0 attr --"},
    {{0x40, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0xFF, 0, 0, 0x10, 0, 7, 0, 0, 0},
     16,
     "MWr  32 0000001000 len 3 be F/F req 00:00.0 tag 00 tc 0 attr -- data 00000007 !bad length"},
    {{0x80, 0x00, 0x00, 0x00}, 4, "Prefix fmt 4 type 00 !bad type"},
    {{0x40, 0x00, 0x00, 0x01}, 4, "MWr  !short"},
    {{0}, 0, "Unknown !short"},
};

static void text_shows_what_an_analyser_shows(void **state)
{
    /* ENV-05 */
    char text[256];

    (void)state;
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        uint32_t dw[VECTOR_BYTES_MAX / 4];
        const size_t n = to_dws(lines[i].bytes, lines[i].count, dw);
        assert_int_equal(tlp_format(dw, n, text, sizeof text), strlen(lines[i].text));
        assert_string_equal(text, lines[i].text);
    }
}

static void long_payload_is_cut_in_text(void **state)
{
    /* ENV-05 */
    uint32_t dw[12] = {0x40000009, 0x000000FF, 0x1000};
    char text[256];

    (void)state;
    tlp_format(dw, 12, text, sizeof text);
    assert_non_null(strstr(text, " data 00000000 00000000 00000000 00000000 ... (9)"));
}

static void text_is_cut_at_its_room_and_always_ends(void **state)
{
    /* ENV-05 */
    char whole[256], text[256];
    uint32_t dw[4];
    const size_t n = to_dws(lines[0].bytes, lines[0].count, dw), length = tlp_format(dw, n, whole, sizeof whole);

    (void)state;
    for (size_t room = 1; room <= length + 1; room++) {
        memset(text, '#', sizeof text);
        assert_int_equal(tlp_format(dw, n, text, room), room - 1);
        assert_int_equal(strlen(text), room - 1);
        assert_memory_equal(text, whole, room - 1);
        assert_int_equal(text[room], '#');
    }
    text[0] = '#';
    assert_int_equal(tlp_format(dw, n, text, 0), 0);
    assert_int_equal(text[0], '#');
}

static void id_is_bus_device_function(void **state)
{
    /* TLP-17 */
    char text[8];

    (void)state;
    assert_string_equal(tlp_format_id(0x0000, text), "00:00.0");
    assert_string_equal(tlp_format_id(0x3BF9, text), "3b:1f.1");
    assert_string_equal(tlp_format_id(0xFFFF, text), "ff:1f.7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_bytes_decode_to_its_fields),
        cmocka_unit_test(message_fields_encode_to_its_bytes),
        cmocka_unit_test(every_kind_decodes_from_its_bytes),
        cmocka_unit_test(every_kind_encodes_to_its_bytes),
        cmocka_unit_test(each_flipped_header_bit_changes_the_decoded_message),
        cmocka_unit_test(each_flipped_header_bit_changes_the_decoded_tlp_of_other_kinds),
        cmocka_unit_test(reserved_bits_are_those_of_the_kind),
        cmocka_unit_test(intx_messages_reserve_everything_but_class_requester_tag_and_code),
        cmocka_unit_test(byte_count_and_lower_address_of_one_dw_reads),
        cmocka_unit_test(byte_count_and_lower_address_of_longer_reads),
        cmocka_unit_test(byte_count_of_illegal_enables_stays_in_range),
        cmocka_unit_test(random_tlps_survive_encode_and_decode),
        cmocka_unit_test(the_longest_tlp_fits),
        cmocka_unit_test(random_dws_survive_decode_and_encode),
        cmocka_unit_test(undefined_types_and_prefixes_are_named),
        cmocka_unit_test(fewer_dws_than_the_header_are_short),
        cmocka_unit_test(dw_count_must_be_header_payload_and_digest),
        cmocka_unit_test(length_code_zero_is_1024_where_length_counts),
        cmocka_unit_test(low_address_bits_are_never_part_of_the_address),
        cmocka_unit_test(what_cannot_be_encoded_is_refused),
        cmocka_unit_test(fields_of_other_kinds_do_not_leak_into_the_header),
        cmocka_unit_test(data_credits_come_from_length_alone),
        cmocka_unit_test(kinds_have_class_and_name),
        cmocka_unit_test(status_has_a_name),
        cmocka_unit_test(text_shows_what_an_analyser_shows),
        cmocka_unit_test(long_payload_is_cut_in_text),
        cmocka_unit_test(text_is_cut_at_its_room_and_always_ends),
        cmocka_unit_test(id_is_bus_device_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
