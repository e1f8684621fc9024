/*
 * tlp.h - transaction-layer packets: decode from and encode to raw DWs (non-Flit mode).
 *
 * A raw TLP is an array of DWs in wire order. DW i holds wire bytes 4i..4i+3 with byte 4i in bits 31:24, header
 * and payload alike; so the first header DW of a 3 DW memory write reads 0x40000001. Payload DWs are kept in this
 * wire order too: tlp_payload_le() turns one into the number a little-endian host sees at that address.
 *
 * The decoder takes any DWs and never fails silently: what it cannot make sense of is named in `enum tlp_defect`. It
 * shares nothing with the block under test (ENV-05). No allocation, no I/O.
 */
#ifndef TLP_H
#define TLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TLP_MAX_PAYLOAD_DW = 1024,
    TLP_MAX_DW = 4 + TLP_MAX_PAYLOAD_DW + 1, /* longest header, payload, digest */
};

enum tlp_kind {
    TLP_MRD,
    TLP_MRDLK,
    TLP_MWR,
    TLP_IORD,
    TLP_IOWR,
    TLP_CFGRD0,
    TLP_CFGWR0,
    TLP_CFGRD1,
    TLP_CFGWR1,
    TLP_MSG,
    TLP_MSGD,
    TLP_CPL,
    TLP_CPLD,
    TLP_CPLLK,
    TLP_CPLDLK,
    TLP_FETCHADD,
    TLP_SWAP,
    TLP_CAS,
    TLP_DMWR,   /* Deferrable Memory Write */
    TLP_PREFIX, /* Fmt 100b: a TLP prefix where a header was expected */
    TLP_UNKNOWN /* undefined Fmt/Type */
};

/* Flow-control and ordering class (B 2.4.1, 2.6.1). */
enum tlp_class { TLP_POSTED, TLP_NONPOSTED, TLP_COMPLETION };

enum tlp_status { TLP_SC = 0, TLP_UR = 1, TLP_RRS = 2, TLP_CA = 4 };

enum tlp_defect {
    TLP_OK = 0,
    TLP_SHORT,     /* fewer DWs than the header needs */
    TLP_BAD_TYPE,  /* TLP_PREFIX or TLP_UNKNOWN */
    TLP_BAD_LENGTH /* DW count is not header + payload + digest */
};

/* A decoded TLP. Fields that a kind does not have are 0. */
struct tlp {
    enum tlp_kind kind;
    enum tlp_defect defect;
    uint8_t fmt, type; /* raw, 3 and 5 bits */
    uint8_t tc;        /* 0..7 */
    bool ro, ns, ido;  /* Attr[1], Attr[0], Attr[2] */
    bool th, td, ep;
    uint8_t at; /* 0..3 */
    uint16_t
        length; /* payload or read length in DWs, 1..1024 (the code 0 is 1024); raw for Msg and Cpl without data: 0..1023 */
    uint16_t requester_id; /* bus 15:8, device 7:3, function 2:0 */
    uint16_t tag;          /* 10 bits: T9, T8, Tag[7:0] */
    uint8_t first_be, last_be;
    uint64_t address;      /* memory and I/O: byte address, bits 1:0 zero; PH bits apart */
    uint8_t ph;            /* address bits 1:0 as sent (processing hint, else reserved) */
    bool is_4dw;           /* 4 DW header */
    uint16_t completer_id; /* completions; config requests: the destination ID */
    uint16_t reg;          /* config requests: byte offset 0..4092, bits 1:0 zero */
    uint8_t status;        /* enum tlp_status, raw 3 bits */
    bool bcm;
    uint16_t byte_count;   /* 1..4096 */
    uint8_t lower_address; /* 7 bits */
    uint8_t msg_code, msg_routing;
    uint32_t reserved;   /* OR of all header bits that are reserved in this kind; 0 in a clean TLP */
    unsigned header_dw;  /* 3 or 4 */
    unsigned payload_dw; /* DWs of payload present, 0 without data */
};

/*
 * Decodes `n` DWs at `dw` into `out` (never NULL; all fields written). Returns out->defect. A TLP with
 * TLP_BAD_LENGTH has its header fields decoded and payload_dw = what is really there. Payload DW k is dw[out->header_dw + k].
 */
enum tlp_defect tlp_decode(const uint32_t *dw, size_t n, struct tlp *out);

/*
 * Encodes `t` (kind, fields; fmt/type/header_dw/payload_dw/defect/reserved are derived and ignored) with `payload`
 * (t->length DWs in wire order; NULL if the kind has none) into `dw`, room `max` DWs. Memory requests take the 4 DW
 * header if and only if t->is_4dw. A set `td` appends one digest DW of value 0. Returns the number of DWs written, or
 * 0 if `max` is too small or the kind cannot be encoded.
 */
size_t tlp_encode(const struct tlp *t, const uint32_t *payload, uint32_t *dw, size_t max);

/* Ordering and flow-control class of a kind. TLP_PREFIX and TLP_UNKNOWN count as posted. */
enum tlp_class tlp_class(enum tlp_kind kind);

/* True if the kind carries a payload. */
bool tlp_has_data(enum tlp_kind kind);

/* Short name in the notation of the specification: "MWr", "CfgRd0", "CplD" ... Static storage. */
const char *tlp_kind_name(enum tlp_kind kind);

/* True for codes of messages that an endpoint takes and does nothing about (MMIO-27): Unlock, power management, the
 * ignored ones of old hot-plug designs, slot power limit, Vendor_Defined Type 1. All others are unsupported. */
bool tlp_message_is_taken(uint8_t code);

/* "SC", "UR", "RRS", "CA" or "reserved". Static storage. */
const char *tlp_status_name(uint8_t status);

/* Data credits of a TLP: one for each started 16 bytes of payload, 0 without data (FC-01, FC-02). */
unsigned tlp_data_credits(const struct tlp *t);

/* Byte Count that a completion of this read must carry when it is the only one (MMIO-10), 1..4096. */
unsigned tlp_read_byte_count(const struct tlp *read);

/* Lower Address that the first completion of this read must carry (MMIO-11), 7 bits. */
unsigned tlp_read_lower_address(const struct tlp *read);

/* Byte enables of DW `dw` (0 .. Length - 1) of a memory request: bit k is byte k. */
uint8_t tlp_byte_enables(const struct tlp *t, unsigned dw);

/* The bits of a number whose bytes are enabled: bit k of `be` stands for bits 8k+7..8k. Four enables for a DW, eight for a
 * QWORD. */
uint64_t tlp_enabled_bits(uint8_t be);

/* A payload DW in wire order <-> the 32-bit number at that address (little endian: first byte lowest, TLP-07). */
static inline uint32_t tlp_payload_le(uint32_t wire)
{
    return __builtin_bswap32(wire);
}

/*
 * One line of text as a protocol analyser shows it, e.g.
 *   MWr  32 00FEE01004 len 1 be F/0 req 01:00.0 tag 00 tc 0 attr -- data 00004123
 * including the first payload DWs as numbers. Returns the length written without the final NUL;
 * always terminated, cut at `room`.
 */
size_t tlp_format(const uint32_t *dw, size_t n, char *text, size_t room);

/* "bb:dd.f" into `text` (room for 8 bytes at least). Returns text. */
char *tlp_format_id(uint16_t id, char text[8]);

#endif
