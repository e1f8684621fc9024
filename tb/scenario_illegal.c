/*
 * scenario_illegal.c - requests that the function does not support or that no sender may send (ENV-06): malformed ones,
 * other types, poisoned ones, byte enables and addresses against the rules.
 *
 * They go to device registers and free space, not to the table: what an illegal write does to an entry is open, what it
 * does to everything else is not. Poisoned writes go to the table too, because they must not change it.
 */
#include "rng.h"
#include "scenario_do.h"

enum { PAYLOAD_DWS = 260, PAGE = 4096, CONFIG1_ROUTE = 0x0200, OVER = 4, RESERVED_TYPES = 16 };

/* What a form is made of: the value chooses among what it leaves open. */
struct request {
    struct tlp tlp;
    bool answered; /* by a completion; else it is dropped, or posted */
    int change;    /* DWs that are added behind its end, or missing */
};

static uint64_t csr_address(const struct scenario_state *s, unsigned value)
{
    return bench_csr_address(s->b, 8 * (value % 256));
}

static struct request memory(const struct scenario_state *s, enum tlp_kind kind, unsigned value, unsigned dws)
{
    return (struct request){.tlp = {.kind = kind,
                                    .length = (uint16_t)dws,
                                    .address = csr_address(s, value),
                                    .is_4dw = true,
                                    .first_be = 0xF,
                                    .last_be = dws > 1 ? 0xF : 0},
                            .answered = tlp_class(kind) == TLP_NONPOSTED};
}

static struct request config(const struct scenario_state *s, enum tlp_kind kind, unsigned value)
{
    return (struct request){.tlp = {.kind = kind,
                                    .length = 1,
                                    .first_be = 0xF,
                                    .completer_id = s->route,
                                    .reg = (uint16_t)(4 * (value % 64))},
                            .answered = true};
}

static struct request message(enum tlp_kind kind, unsigned value)
{
    return (struct request){
        .tlp = {.kind = kind, .length = kind == TLP_MSGD, .msg_code = (uint8_t)value, .msg_routing = 4}};
}

static struct request poisoned(struct request r)
{
    r.tlp.ep = true;
    return r;
}

/* Dropped without an answer. */
static struct request malformed(struct request r, int change)
{
    r.answered = false;
    r.change = change;
    return r;
}

/* An end without bytes in a request of several DWs, or a last DW in one of a single DW (MMIO-18). */
static struct request odd_enables(struct request r, unsigned value)
{
    r.tlp.length = value & 0x100 ? 2 : 1;
    r.tlp.first_be = r.tlp.length == 1 ? 0xF : value & 0x200 ? 0 : 0x5;
    r.tlp.last_be = (uint8_t)(r.tlp.length == 1 ? 1 + value % 15 : value & 0x200 ? 0xA : 0);
    return r;
}

/* From the end of the register page into the next one (MMIO-36). */
static struct request crossing(const struct scenario_state *s, struct request r)
{
    r.tlp.address = bench_csr_address(s->b, PAGE - 4);
    r.tlp.length = 2;
    r.tlp.last_be = 0xF;
    return r;
}

static struct request poisoned_write(const struct scenario_state *s, unsigned value)
{
    struct request r = poisoned(memory(s, TLP_MWR, value, 1 + (value >> 8) % 2));
    if (value & 0x8000)
        r.tlp.address = bench_table_address(s->b, value % bench_config(s->b)->nvec, 2 * (value >> 8) % 4);
    return r;
}

static struct request other_function(struct request r, unsigned value)
{
    r.tlp.completer_id |= (uint16_t)(1 + value % 7);
    return r;
}

static struct request digest(struct request r)
{
    r.tlp.td = true;
    return r;
}

static struct request hints(struct request r, unsigned value)
{
    r.tlp.th = true;
    r.tlp.ph = value & 3;
    return r;
}

static struct request upstream_message(struct request r, unsigned value)
{
    static const uint8_t routing[] = {0, 3, 4, 5};
    r.tlp.msg_routing = routing[value >> 8 & 3];
    return r;
}

static struct request make(const struct scenario_state *s, enum scenario_illegal form, unsigned value)
{
    const unsigned over = state_write_dws(s) + 1 + value % OVER;
    struct request r;
    switch (form) {
    case SCENARIO_ILLEGAL_MESSAGE:
        return upstream_message(message(TLP_MSG, value), value);
    case SCENARIO_ILLEGAL_MESSAGE_DATA:
        return upstream_message(message(TLP_MSGD, value), value);
    case SCENARIO_ILLEGAL_IO_READ:
    case SCENARIO_ILLEGAL_IO_WRITE:
        r = memory(s, form == SCENARIO_ILLEGAL_IO_READ ? TLP_IORD : TLP_IOWR, value, 1);
        r.tlp.address &= UINT32_MAX;
        return r;
    case SCENARIO_ILLEGAL_LOCKED_READ:
        return memory(s, TLP_MRDLK, value, 1 + value % 2);
    case SCENARIO_ILLEGAL_FETCH_ADD:
        return memory(s, TLP_FETCHADD, value, 1 + value % 2);
    case SCENARIO_ILLEGAL_SWAP:
        return memory(s, TLP_SWAP, value, 1 + value % 2);
    case SCENARIO_ILLEGAL_CAS:
        return memory(s, TLP_CAS, value, value & 1 ? 2 : 4);
    case SCENARIO_ILLEGAL_CONFIG1_READ:
    case SCENARIO_ILLEGAL_CONFIG1_WRITE:
        r = config(s, form == SCENARIO_ILLEGAL_CONFIG1_READ ? TLP_CFGRD1 : TLP_CFGWR1, value);
        r.tlp.completer_id = CONFIG1_ROUTE;
        return r;
    case SCENARIO_ILLEGAL_FUNCTION_READ:
        return other_function(config(s, TLP_CFGRD0, value), value);
    case SCENARIO_ILLEGAL_FUNCTION_WRITE:
        return other_function(config(s, TLP_CFGWR0, value), value);
    case SCENARIO_ILLEGAL_POISONED_WRITE:
        return poisoned_write(s, value);
    case SCENARIO_ILLEGAL_POISONED_CONFIG:
        return poisoned(config(s, TLP_CFGWR0, value));
    case SCENARIO_ILLEGAL_DIGEST_READ:
        return digest(memory(s, TLP_MRD, value, 1 + value % 2));
    case SCENARIO_ILLEGAL_DIGEST_WRITE:
        return digest(memory(s, TLP_MWR, value, 1 + value % 2));
    case SCENARIO_ILLEGAL_HINTS:
        return hints(memory(s, value & 0x8000 ? TLP_MRD : TLP_MWR, value, 1), value);
    case SCENARIO_ILLEGAL_ENABLES_READ:
        return odd_enables(memory(s, TLP_MRD, value, 1), value);
    case SCENARIO_ILLEGAL_ENABLES_WRITE:
        return odd_enables(memory(s, TLP_MWR, value, 1), value);
    case SCENARIO_ILLEGAL_CROSSING_READ:
        return crossing(s, memory(s, TLP_MRD, value, 2));
    case SCENARIO_ILLEGAL_CROSSING_WRITE:
        return crossing(s, memory(s, TLP_MWR, value, 2));
    case SCENARIO_ILLEGAL_LONG_CONFIG:
        r = malformed(config(s, value & 0x8000 ? TLP_CFGWR0 : TLP_CFGRD0, value), 0);
        r.tlp.length = 2;
        return r;
    case SCENARIO_ILLEGAL_SHORT:
        return malformed(memory(s, TLP_MWR, value, 2 + value % 8), -1);
    case SCENARIO_ILLEGAL_LONG:
        return malformed(memory(s, TLP_MWR, value, 1 + value % 8), 1);
    case SCENARIO_ILLEGAL_READ_WITH_DATA:
        return malformed(memory(s, TLP_MRD, value, 1 + value % 2), 1 + (value >> 8) % 4);
    case SCENARIO_ILLEGAL_NO_DIGEST:
        return malformed(digest(memory(s, value & 0x8000 ? TLP_MRD : TLP_MWR, value, 1)), -1);
    case SCENARIO_ILLEGAL_OVER_MPS:
        return malformed(memory(s, TLP_MWR, value, over), 0);
    default: /* SCENARIO_ILLEGAL_TYPE */
        return malformed(memory(s, TLP_MWR, value, 1), 0);
    }
}

/* Fmt and Type that mean nothing, prefixes, and known types with a header of the wrong size. */
static uint32_t undefined_type(uint32_t dw0, unsigned value)
{
    static const uint8_t types[RESERVED_TYPES] = {0x03, 0x06, 0x07, 0x08, 0x0F, 0x18, 0x1F, 0x23,
                                                  0x43, 0x46, 0x4F, 0x63, 0x24, 0x2A, 0x80, 0xE0};
    return (dw0 & 0x00FFFFFF) | (uint32_t)types[value % RESERVED_TYPES] << 24;
}

bool scenario_illegal(struct scenario_state *s, const struct scenario_op *op)
{
    const enum scenario_illegal form = (enum scenario_illegal)op->arg[0];
    const unsigned value = (unsigned)op->arg[1];
    uint32_t payload[PAYLOAD_DWS], dw[PAYLOAD_DWS + 8];
    struct request r = make(s, form, value);
    struct rng rng;
    if (!state_may_request(s))
        return false;
    rng_seed(&rng, value);
    for (unsigned i = 0; i < PAYLOAD_DWS; i++)
        payload[i] = (uint32_t)rng_next(&rng);
    const bool tagged = tlp_class(r.tlp.kind) == TLP_NONPOSTED;
    if (tagged)
        r.tlp.tag = host_take_tag(s->b);
    size_t n = tlp_encode(&r.tlp, tlp_has_data(r.tlp.kind) ? payload : NULL, dw, PAYLOAD_DWS);
    for (int i = 0; i < r.change; i++)
        dw[n++] = payload[i];
    n -= r.change < 0 ? (size_t)-r.change : 0;
    if (form == SCENARIO_ILLEGAL_TYPE)
        dw[0] = undefined_type(dw[0], value);
    host_send_raw(s->b, dw, n);
    if (tagged && r.answered)
        state_keep_tag(s, (uint8_t)r.tlp.tag, STATE_OTHER);
    else if (tagged)
        host_abandon(s->b, (uint8_t)r.tlp.tag);
    return true;
}
