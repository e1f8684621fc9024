/*
 * tlp.c - see tlp.h. The layout follows the byte map of B 2.2.1 ff.: DW 0 is the same for every kind, the rest of the
 * header depends on one of five layouts.
 */
#include "tlp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum layout { LAYOUT_MEMORY, LAYOUT_IO, LAYOUT_CONFIG, LAYOUT_MESSAGE, LAYOUT_COMPLETION, LAYOUT_NONE };

/* Bits of header DW 0. */
#define DW0_T9 (UINT32_C(1) << 23)
#define DW0_T8 (UINT32_C(1) << 19)
#define DW0_IDO (UINT32_C(1) << 18)
#define DW0_BYTE1_BIT1 (UINT32_C(1) << 17)
#define DW0_TH (UINT32_C(1) << 16)
#define DW0_TD (UINT32_C(1) << 15)
#define DW0_EP (UINT32_C(1) << 14)
#define DW0_RO (UINT32_C(1) << 13)
#define DW0_NS (UINT32_C(1) << 12)
#define DW0_AT (UINT32_C(3) << 10)
#define DW0_LENGTH UINT32_C(0x3FF)

enum { FMT_4DW = 1, FMT_DATA = 2, FMT_PREFIX = 4 };
enum { ALLOW_3DW = 1, ALLOW_4DW = 2, ALLOW_BOTH = 3 };
enum { INTX_CODE_FIRST = 0x20, INTX_CODE_LAST = 0x27, FORMAT_MAX_DATA_DW = 4 };

struct kind_row {
    const char *name;
    enum layout layout;
    enum tlp_class class;
    uint8_t type, type_mask;
    uint8_t forms; /* header sizes that exist */
    bool data;
};

static const struct kind_row kinds[] = {
    [TLP_MRD] = {"MRd", LAYOUT_MEMORY, TLP_NONPOSTED, 0x00, 0x1F, ALLOW_BOTH, false},
    [TLP_MRDLK] = {"MRdLk", LAYOUT_MEMORY, TLP_NONPOSTED, 0x01, 0x1F, ALLOW_BOTH, false},
    [TLP_MWR] = {"MWr", LAYOUT_MEMORY, TLP_POSTED, 0x00, 0x1F, ALLOW_BOTH, true},
    [TLP_IORD] = {"IORd", LAYOUT_IO, TLP_NONPOSTED, 0x02, 0x1F, ALLOW_3DW, false},
    [TLP_IOWR] = {"IOWr", LAYOUT_IO, TLP_NONPOSTED, 0x02, 0x1F, ALLOW_3DW, true},
    [TLP_CFGRD0] = {"CfgRd0", LAYOUT_CONFIG, TLP_NONPOSTED, 0x04, 0x1F, ALLOW_3DW, false},
    [TLP_CFGWR0] = {"CfgWr0", LAYOUT_CONFIG, TLP_NONPOSTED, 0x04, 0x1F, ALLOW_3DW, true},
    [TLP_CFGRD1] = {"CfgRd1", LAYOUT_CONFIG, TLP_NONPOSTED, 0x05, 0x1F, ALLOW_3DW, false},
    [TLP_CFGWR1] = {"CfgWr1", LAYOUT_CONFIG, TLP_NONPOSTED, 0x05, 0x1F, ALLOW_3DW, true},
    [TLP_MSG] = {"Msg", LAYOUT_MESSAGE, TLP_POSTED, 0x10, 0x18, ALLOW_4DW, false},
    [TLP_MSGD] = {"MsgD", LAYOUT_MESSAGE, TLP_POSTED, 0x10, 0x18, ALLOW_4DW, true},
    [TLP_CPL] = {"Cpl", LAYOUT_COMPLETION, TLP_COMPLETION, 0x0A, 0x1F, ALLOW_3DW, false},
    [TLP_CPLD] = {"CplD", LAYOUT_COMPLETION, TLP_COMPLETION, 0x0A, 0x1F, ALLOW_3DW, true},
    [TLP_CPLLK] = {"CplLk", LAYOUT_COMPLETION, TLP_COMPLETION, 0x0B, 0x1F, ALLOW_3DW, false},
    [TLP_CPLDLK] = {"CplDLk", LAYOUT_COMPLETION, TLP_COMPLETION, 0x0B, 0x1F, ALLOW_3DW, true},
    [TLP_FETCHADD] = {"FetchAdd", LAYOUT_MEMORY, TLP_NONPOSTED, 0x0C, 0x1F, ALLOW_BOTH, true},
    [TLP_SWAP] = {"Swap", LAYOUT_MEMORY, TLP_NONPOSTED, 0x0D, 0x1F, ALLOW_BOTH, true},
    [TLP_CAS] = {"CAS", LAYOUT_MEMORY, TLP_NONPOSTED, 0x0E, 0x1F, ALLOW_BOTH, true},
    [TLP_DMWR] = {"DMWr", LAYOUT_MEMORY, TLP_NONPOSTED, 0x1B, 0x1F, ALLOW_BOTH, true},
    [TLP_PREFIX] = {"Prefix", LAYOUT_NONE, TLP_POSTED, 0, 0, 0, false},
    [TLP_UNKNOWN] = {"Unknown", LAYOUT_NONE, TLP_POSTED, 0, 0, 0, false},
};

/* Number of the first enabled byte, and of disabled bytes after the last enabled one; 0 if none is enabled. */
static const uint8_t first_enabled[16] = {0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0};
static const uint8_t trailing_disabled[16] = {0, 3, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};

enum tlp_class tlp_class(enum tlp_kind kind)
{
    return kinds[kind].class;
}

bool tlp_has_data(enum tlp_kind kind)
{
    return kinds[kind].data;
}

const char *tlp_kind_name(enum tlp_kind kind)
{
    return kinds[kind].name;
}

bool tlp_message_is_taken(uint8_t code)
{
    static const uint8_t taken[] = {0x00, 0x14, 0x19, 0x40, 0x41, 0x43, 0x44, 0x45, 0x47, 0x48, 0x50, 0x7F};
    return memchr(taken, code, sizeof taken) != NULL;
}

const char *tlp_status_name(uint8_t status)
{
    static const char *const names[8] = {
        [TLP_SC] = "SC",
        [TLP_UR] = "UR",
        [TLP_RRS] = "RRS",
        [TLP_CA] = "CA",
    };
    return status < 8 && names[status] ? names[status] : "reserved";
}

/* Decoding */

static bool row_matches(const struct kind_row *row, uint8_t fmt, uint8_t type)
{
    const uint8_t form = fmt & FMT_4DW ? ALLOW_4DW : ALLOW_3DW;

    return (row->forms & form) && row->data == !!(fmt & FMT_DATA) && (type & row->type_mask) == row->type;
}

static enum tlp_kind find_kind(uint8_t fmt, uint8_t type)
{
    if (fmt == FMT_PREFIX)
        return TLP_PREFIX;
    if (fmt > FMT_PREFIX)
        return TLP_UNKNOWN;
    for (int k = 0; k < TLP_PREFIX; k++)
        if (row_matches(&kinds[k], fmt, type))
            return (enum tlp_kind)k;
    return TLP_UNKNOWN;
}

/* In a Msg, Cpl or CplLk without data the Length field says nothing (MMIO-13); everywhere else 0 stands for 1024. */
static uint16_t decode_length(enum tlp_kind kind, uint32_t code)
{
    const enum layout layout = kinds[kind].layout;
    const bool counts = tlp_has_data(kind) || layout <= LAYOUT_CONFIG;

    return (uint16_t)(code == 0 && counts ? TLP_MAX_PAYLOAD_DW : code);
}

static void decode_dw0(uint32_t dw, struct tlp *t)
{
    t->fmt = (uint8_t)(dw >> 29);
    t->type = dw >> 24 & 0x1F;
    t->kind = find_kind(t->fmt, t->type);
    t->tc = dw >> 20 & 7;
    t->ido = dw & DW0_IDO;
    t->th = dw & DW0_TH;
    t->td = dw & DW0_TD;
    t->ep = dw & DW0_EP;
    t->ro = dw & DW0_RO;
    t->ns = dw & DW0_NS;
    t->length = decode_length(t->kind, dw & DW0_LENGTH);
    t->tag = (uint16_t)((dw & DW0_T9 ? 0x200 : 0) | (dw & DW0_T8 ? 0x100 : 0));
    t->is_4dw = t->fmt & FMT_4DW;
    t->header_dw = t->is_4dw ? 4 : 3;
    t->reserved = dw & DW0_BYTE1_BIT1;
}

static void decode_requester_tag(uint32_t dw, struct tlp *t)
{
    t->requester_id = (uint16_t)(dw >> 16);
    t->tag |= dw >> 8 & 0xFF;
}

static void decode_byte_enables(uint32_t dw, struct tlp *t)
{
    t->last_be = dw >> 4 & 0xF;
    t->first_be = dw & 0xF;
}

static void decode_memory(const uint32_t *dw, struct tlp *t)
{
    const uint32_t low = dw[t->header_dw - 1];

    decode_requester_tag(dw[1], t);
    decode_byte_enables(dw[1], t);
    t->at = dw[0] >> 10 & 3;
    t->address = (t->is_4dw ? (uint64_t)dw[2] << 32 : 0) | (low & ~UINT32_C(3));
    t->ph = low & 3;
}

static void decode_io(const uint32_t *dw, struct tlp *t)
{
    decode_requester_tag(dw[1], t);
    decode_byte_enables(dw[1], t);
    t->address = dw[2] & ~UINT32_C(3);
    t->reserved |= (dw[0] & (DW0_AT | DW0_TH | DW0_IDO)) | (dw[2] & 3);
}

static void decode_config(const uint32_t *dw, struct tlp *t)
{
    decode_requester_tag(dw[1], t);
    decode_byte_enables(dw[1], t);
    t->completer_id = (uint16_t)(dw[2] >> 16);
    t->reg = dw[2] & 0xFFC;
    t->reserved |= (dw[0] & (DW0_AT | DW0_TH | DW0_IDO)) | (dw[2] & 0xF003);
}

/* INTx messages leave almost everything reserved (INTX-03). In others DW 2 and 3 depend on the code: not judged. */
static void decode_message(const uint32_t *dw, struct tlp *t)
{
    decode_requester_tag(dw[1], t);
    t->msg_code = dw[1] & 0xFF;
    t->msg_routing = t->type & 7;
    t->reserved |= dw[0] & (DW0_AT | DW0_TH);
    if (t->msg_code >= INTX_CODE_FIRST && t->msg_code <= INTX_CODE_LAST)
        t->reserved |= (dw[0] & (DW0_EP | DW0_RO | DW0_NS | DW0_LENGTH)) | dw[2] | dw[3];
}

static void decode_completion(const uint32_t *dw, struct tlp *t)
{
    t->completer_id = (uint16_t)(dw[1] >> 16);
    t->status = dw[1] >> 13 & 7;
    t->bcm = dw[1] >> 12 & 1;
    t->byte_count = (dw[1] & 0xFFF) ? (uint16_t)(dw[1] & 0xFFF) : 4096;
    decode_requester_tag(dw[2], t);
    t->lower_address = dw[2] & 0x7F;
    t->reserved |= (dw[0] & (DW0_AT | DW0_TH)) | (dw[2] & 0x80);
}

static void decode_layout(const uint32_t *dw, struct tlp *t)
{
    switch (kinds[t->kind].layout) {
    case LAYOUT_MEMORY:
        decode_memory(dw, t);
        break;
    case LAYOUT_IO:
        decode_io(dw, t);
        break;
    case LAYOUT_CONFIG:
        decode_config(dw, t);
        break;
    case LAYOUT_MESSAGE:
        decode_message(dw, t);
        break;
    case LAYOUT_COMPLETION:
        decode_completion(dw, t);
        break;
    case LAYOUT_NONE: /* not reached: tlp_decode() has named the defect */
        break;
    }
}

static enum tlp_defect set_defect(struct tlp *t, enum tlp_defect defect)
{
    t->defect = defect;
    return defect;
}

enum tlp_defect tlp_decode(const uint32_t *dw, size_t n, struct tlp *out)
{
    *out = (struct tlp){.kind = TLP_UNKNOWN, .header_dw = 3};
    if (n == 0)
        return set_defect(out, TLP_SHORT);
    decode_dw0(dw[0], out);
    if (out->kind >= TLP_PREFIX)
        return set_defect(out, TLP_BAD_TYPE);
    if (n < out->header_dw)
        return set_defect(out, TLP_SHORT);
    decode_layout(dw, out);

    const size_t after_header = n - out->header_dw, digest = out->td;
    const size_t expected = tlp_has_data(out->kind) ? out->length : 0;
    out->payload_dw = (unsigned)(after_header > digest ? after_header - digest : 0);
    return set_defect(out, after_header == expected + digest ? TLP_OK : TLP_BAD_LENGTH);
}

/* Encoding */

static uint32_t bit_if(bool set, uint32_t bit)
{
    return set ? bit : 0;
}

static uint32_t encode_dw0(const struct tlp *t, bool four)
{
    const struct kind_row *row = &kinds[t->kind];
    const uint32_t fmt = bit_if(four, FMT_4DW) | bit_if(row->data, FMT_DATA);
    const uint32_t routing = row->layout == LAYOUT_MESSAGE ? t->msg_routing & 7U : 0;
    const uint32_t at = row->layout == LAYOUT_MEMORY ? t->at & 3U : 0;

    return fmt << 29 | (row->type | routing) << 24 | bit_if(t->tag & 0x200, DW0_T9) | (t->tc & 7U) << 20 |
           bit_if(t->tag & 0x100, DW0_T8) | bit_if(t->ido, DW0_IDO) | bit_if(t->th, DW0_TH) | bit_if(t->td, DW0_TD) |
           bit_if(t->ep, DW0_EP) | bit_if(t->ro, DW0_RO) | bit_if(t->ns, DW0_NS) | at << 10 | (t->length & DW0_LENGTH);
}

static void encode_request(const struct tlp *t, bool four, uint32_t *dw)
{
    const uint32_t low_byte =
        kinds[t->kind].layout == LAYOUT_MESSAGE ? t->msg_code : (t->last_be & 0xFU) << 4 | (t->first_be & 0xFU);

    dw[1] = (uint32_t)t->requester_id << 16 | (t->tag & 0xFFU) << 8 | low_byte;
    if (four)
        dw[2] = (uint32_t)(t->address >> 32);
    dw[four ? 3 : 2] = ((uint32_t)t->address & ~UINT32_C(3)) | (t->ph & 3U);
}

static void encode_completion(const struct tlp *t, uint32_t *dw)
{
    dw[1] =
        (uint32_t)t->completer_id << 16 | (t->status & 7U) << 13 | bit_if(t->bcm, 1U << 12) | (t->byte_count & 0xFFFU);
    dw[2] = (uint32_t)t->requester_id << 16 | (t->tag & 0xFFU) << 8 | (t->lower_address & 0x7FU);
}

/* DW 1 to the end of the header. I/O has no PH, messages no address: whatever `t` holds there does not go out. */
static void encode_layout(const struct tlp *t, bool four, uint32_t *dw)
{
    struct tlp clean = *t;

    switch (kinds[t->kind].layout) {
    case LAYOUT_COMPLETION:
        encode_completion(t, dw);
        return;
    case LAYOUT_CONFIG:
        clean.address = (uint64_t)t->completer_id << 16 | (t->reg & 0xFFCU);
        clean.ph = 0;
        break;
    case LAYOUT_MESSAGE:
        clean.address = 0;
        clean.ph = 0;
        break;
    case LAYOUT_IO:
        clean.ph = 0;
        break;
    case LAYOUT_MEMORY:
    case LAYOUT_NONE:
        break;
    }
    encode_request(&clean, four, dw);
}

size_t tlp_encode(const struct tlp *t, const uint32_t *payload, uint32_t *dw, size_t max)
{
    const struct kind_row *row = &kinds[t->kind];
    const bool four = row->forms == ALLOW_4DW || (row->forms == ALLOW_BOTH && t->is_4dw);
    const size_t header = four ? 4 : 3, data = row->data ? t->length : 0, total = header + data + t->td;

    if (row->layout == LAYOUT_NONE || total > max)
        return 0;
    if (row->data && (data < 1 || data > TLP_MAX_PAYLOAD_DW || !payload))
        return 0;
    dw[0] = encode_dw0(t, four);
    encode_layout(t, four, dw);
    if (data)
        memcpy(dw + header, payload, data * sizeof *dw);
    if (t->td)
        dw[total - 1] = 0;
    return total;
}

/* Sizes */

unsigned tlp_data_credits(const struct tlp *t)
{
    return tlp_has_data(t->kind) ? (t->length + 3U) / 4U : 0;
}

unsigned tlp_read_byte_count(const struct tlp *read)
{
    const uint8_t first = read->first_be & 0xF, last = read->length > 1 ? read->last_be & 0xF : first;

    if (read->length == 1 && first == 0)
        return 1;
    return 4U * read->length - first_enabled[first] - trailing_disabled[last];
}

unsigned tlp_read_lower_address(const struct tlp *read)
{
    return (unsigned)(read->address & 0x7C) | first_enabled[read->first_be & 0xF];
}

/* Text */

struct writer {
    char *text;
    size_t room, used;
};

static void __attribute__((format(printf, 2, 3))) put(struct writer *w, const char *format, ...)
{
    if (w->used + 1 >= w->room)
        return;

    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->used, w->room - w->used, format, args);
    va_end(args);
    const size_t left = w->room - w->used - 1;
    w->used += (size_t)n < left ? (size_t)n : left;
}

char *tlp_format_id(uint16_t id, char text[8])
{
    snprintf(text, 8, "%02x:%02x.%x", (unsigned)id >> 8, id >> 3 & 0x1FU, id & 7U);
    return text;
}

static void put_target(struct writer *w, const struct tlp *t)
{
    char id[8];

    switch (kinds[t->kind].layout) {
    case LAYOUT_MEMORY:
        put(w, " %s %010" PRIX64 " len %u be %X/%X", t->is_4dw ? "64" : "32", t->address, t->length, t->first_be,
            t->last_be);
        break;
    case LAYOUT_IO:
        put(w, " %08" PRIX64 " be %X/%X", t->address, t->first_be, t->last_be);
        break;
    case LAYOUT_CONFIG:
        put(w, " %s reg %03X be %X/%X", tlp_format_id(t->completer_id, id), t->reg, t->first_be, t->last_be);
        break;
    case LAYOUT_MESSAGE:
        put(w, " code %02X routing %u", t->msg_code, t->msg_routing);
        break;
    case LAYOUT_COMPLETION:
        put(w, " %s %s bc %u la %02X", tlp_format_id(t->completer_id, id), tlp_status_name(t->status), t->byte_count,
            t->lower_address);
        break;
    case LAYOUT_NONE:
        put(w, " fmt %u type %02X", t->fmt, t->type);
        break;
    }
}

/* Fields that are 0 in nearly every TLP are named only when they are not. */
static void put_rare_fields(struct writer *w, const struct tlp *t)
{
    if (t->td)
        put(w, " td");
    if (t->ep)
        put(w, " ep");
    if (t->th)
        put(w, " th");
    if (t->bcm)
        put(w, " bcm");
    if (t->at)
        put(w, " at %u", t->at);
    if (t->ph)
        put(w, " ph %u", t->ph);
    if (t->reserved)
        put(w, " reserved %08" PRIX32, t->reserved);
}

static void put_common(struct writer *w, const struct tlp *t)
{
    char id[8];

    put(w, " req %s tag %02x tc %u attr %c%c%s", tlp_format_id(t->requester_id, id), t->tag, t->tc, t->ro ? 'R' : '-',
        t->ns ? 'N' : '-', t->ido ? "I" : "");
    put_rare_fields(w, t);
}

static void put_payload(struct writer *w, const uint32_t *payload, unsigned count)
{
    const unsigned shown = count < FORMAT_MAX_DATA_DW ? count : FORMAT_MAX_DATA_DW;

    if (count)
        put(w, " data");
    for (unsigned i = 0; i < shown; i++)
        put(w, " %08" PRIX32, tlp_payload_le(payload[i]));
    if (count > shown)
        put(w, " ... (%u)", count);
}

size_t tlp_format(const uint32_t *dw, size_t n, char *text, size_t room)
{
    static const char *const defects[] = {
        [TLP_OK] = "",
        [TLP_SHORT] = " !short",
        [TLP_BAD_TYPE] = " !bad type",
        [TLP_BAD_LENGTH] = " !bad length",
    };
    struct writer w = {text, room, 0};
    struct tlp t;

    if (room)
        text[0] = '\0';
    const enum tlp_defect defect = tlp_decode(dw, n, &t);
    put(&w, "%-4s", tlp_kind_name(t.kind));
    if (defect != TLP_SHORT)
        put_target(&w, &t);
    if (defect == TLP_OK || defect == TLP_BAD_LENGTH) {
        put_common(&w, &t);
        put_payload(&w, dw + t.header_dw, t.payload_dw);
    }
    put(&w, "%s", defects[defect]);
    return w.used;
}

uint8_t tlp_byte_enables(const struct tlp *t, unsigned dw)
{
    if (dw == 0)
        return t->first_be;
    return dw + 1U == t->length ? t->last_be : 0xF;
}

uint64_t tlp_enabled_bits(uint8_t be)
{
    uint64_t bits = 0;
    for (unsigned k = 0; k < 8; k++)
        if (be >> k & 1)
            bits |= UINT64_C(0xFF) << 8 * k;
    return bits;
}
