/*
 * cpl_checker.c - see cpl_checker.h. Open slots form a ring through the extra slot at the end, in order of adding.
 */
#include "cpl_checker.h"

#include <inttypes.h>
#include <string.h>

enum { HEAD = CPL_CHECKER_TAGS, TAG_MASK = CPL_CHECKER_TAGS - 1, COMPARED_DW_MAX = 2 };

static struct cpl_slot *slot_of(struct cpl_checker *c, const struct cpl_expect *e)
{
    return &c->slot[e->request.tag & TAG_MASK];
}

void cpl_checker_init(struct cpl_checker *c)
{
    memset(c, 0, sizeof *c);
    c->slot[HEAD].next = c->slot[HEAD].prev = HEAD;
}

static void open_slot(struct cpl_checker *c, uint16_t tag)
{
    struct cpl_slot *slot = &c->slot[tag], *head = &c->slot[HEAD];

    slot->open = true;
    slot->prev = head->prev;
    slot->next = HEAD;
    c->slot[head->prev].next = tag;
    head->prev = tag;
    c->outstanding++;
}

static void close_slot(struct cpl_checker *c, struct cpl_slot *slot)
{
    slot->open = false;
    c->slot[slot->prev].next = slot->next;
    c->slot[slot->next].prev = slot->prev;
    c->outstanding--;
}

struct cpl_expect *cpl_checker_add(struct cpl_checker *c, const struct cpl_expect *expect)
{
    struct cpl_slot *slot = slot_of(c, expect);

    if (slot->open)
        return NULL;
    slot->expect = *expect;
    for (unsigned i = 0; i < COMPARED_DW_MAX; i++)
        slot->expect.care[i] &= tlp_payload_le((uint32_t)tlp_enabled_bits(tlp_byte_enables(&expect->request, i)));
    open_slot(c, expect->request.tag & TAG_MASK);
    return &slot->expect;
}

/* Judgement of one completion `t` against its expectation `e`. */

static const char *request_name(const struct cpl_expect *e)
{
    return tlp_kind_name(e->request.kind);
}

/* Memory reads state what the enabled bytes are; all others answer with Byte Count 4 and Lower Address 0 (MMIO-12). */
static bool is_memory_read(const struct tlp *request)
{
    return request->kind == TLP_MRD || request->kind == TLP_MRDLK;
}

static unsigned expected_payload_dw(const struct tlp *request, uint8_t status)
{
    const bool read = is_memory_read(request) || request->kind == TLP_IORD || request->kind == TLP_CFGRD0 ||
                      request->kind == TLP_CFGRD1;

    return status == TLP_SC && read ? request->length : 0;
}

/* A locked read that fails may be answered in either form. */
static bool kind_fits(const struct tlp *request, const struct tlp *t, bool data)
{
    const bool plain = t->kind == (data ? TLP_CPLD : TLP_CPL), locked = t->kind == (data ? TLP_CPLDLK : TLP_CPLLK);

    if (request->kind != TLP_MRDLK)
        return plain;
    return locked || (plain && !data);
}

static void judge_header(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    const unsigned payload_dw = expected_payload_dw(&e->request, t->status);
    const bool form = t->defect == TLP_OK && kind_fits(&e->request, t, payload_dw > 0) && t->payload_dw == payload_dw;
    const bool clean = !t->td && !t->ep && !t->th && !t->bcm && t->at == 0 && t->reserved == 0;

    if (!check(checks, CHECK_CPL_HEADER, form && clean))
        check_report(checks, CHECK_CPL_HEADER, -1,
                     "the completion of the %s with tag %03x is a %s with status %s and %u payload DWs, TD %d EP %d "
                     "TH %d BCM %d reserved bits %08" PRIx32 "; %u payload DWs and 0 in all of these were allowed",
                     request_name(e), t->tag, tlp_kind_name(t->kind), tlp_status_name(t->status), t->payload_dw, t->td,
                     t->ep, t->th, t->bcm, t->reserved, payload_dw);
}

static void judge_completer(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    const bool ok = t->completer_id == e->completer_old || t->completer_id == e->completer_new;
    char is[8], old[8], new[8];

    if (!check(checks, CHECK_CPL_COMPLETER, ok))
        check_report(checks, CHECK_CPL_COMPLETER, -1,
                     "the completion of the %s with tag %03x has Completer ID %s; %s or %s was allowed",
                     request_name(e), t->tag, tlp_format_id(t->completer_id, is), tlp_format_id(e->completer_old, old),
                     tlp_format_id(e->completer_new, new));
}

static void judge_attributes(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    const struct tlp *r = &e->request;
    const bool ok = t->tc == r->tc && t->ro == r->ro && t->ns == r->ns && (!t->ido || e->ido_allowed);

    if (!check(checks, CHECK_CPL_ATTRIBUTES, ok))
        check_report(checks, CHECK_CPL_ATTRIBUTES, -1,
                     "the completion of the %s with tag %03x has TC %u RO %d NS %d IDO %d; TC %u RO %d NS %d IDO 0 was "
                     "allowed",
                     request_name(e), t->tag, t->tc, t->ro, t->ns, t->ido, r->tc, r->ro, r->ns);
}

static void judge_status(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    if (!check(checks, CHECK_CPL_STATUS, e->allowed_status >> t->status & 1))
        check_report(checks, CHECK_CPL_STATUS, -1,
                     "the %s with tag %03x was completed with status %s; allowed were those of mask %02x "
                     "(bit 0 SC, 1 UR, 2 RRS, 4 CA)",
                     request_name(e), t->tag, tlp_status_name(t->status), e->allowed_status);
}

static void judge_byte_count(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    const unsigned expected = is_memory_read(&e->request) ? tlp_read_byte_count(&e->request) : 4;

    if (!check(checks, CHECK_CPL_BYTE_COUNT, t->byte_count == expected))
        check_report(checks, CHECK_CPL_BYTE_COUNT, -1,
                     "the completion of the %s with tag %03x (len %u be %x/%x) has Byte Count %u; %u was allowed",
                     request_name(e), t->tag, e->request.length, e->request.first_be, e->request.last_be, t->byte_count,
                     expected);
}

static void judge_lower_address(struct checks *checks, const struct cpl_expect *e, const struct tlp *t)
{
    const unsigned expected = is_memory_read(&e->request) ? tlp_read_lower_address(&e->request) : 0;

    if (!check(checks, CHECK_CPL_LOWER_ADDRESS, t->lower_address == expected))
        check_report(checks, CHECK_CPL_LOWER_ADDRESS, -1,
                     "the completion of the %s with tag %03x (be %x/%x) has Lower Address %02x; %02x was allowed",
                     request_name(e), t->tag, e->request.first_be, e->request.last_be, t->lower_address, expected);
}

/* The first DW that differs, -1 if none does. */
static int first_difference(const struct cpl_expect *e, const uint32_t *payload)
{
    for (unsigned i = 0; i < e->data_dw; i++)
        if ((payload[i] ^ e->data[i]) & e->care[i])
            return (int)i;
    return -1;
}

static void judge_data(struct checks *checks, const struct cpl_expect *e, const struct tlp *t, const uint32_t *payload)
{
    if (t->status != TLP_SC || e->data_dw == 0 || e->data_dw > COMPARED_DW_MAX || t->payload_dw < e->data_dw)
        return;
    const int dw = first_difference(e, payload);
    if (!check(checks, e->data_check, dw < 0))
        check_report(checks, e->data_check, -1,
                     "DW %d of the completion of the %s with tag %03x (%s %" PRIx64 ") reads %08" PRIx32 "; %08" PRIx32
                     " was allowed in the bits of %08" PRIx32,
                     dw, request_name(e), t->tag, is_memory_read(&e->request) ? "address" : "register",
                     is_memory_read(&e->request) ? e->request.address : e->request.reg, tlp_payload_le(payload[dw]),
                     tlp_payload_le(e->data[dw]), tlp_payload_le(e->care[dw]));
}

static struct cpl_slot *find_open(struct cpl_checker *c, const struct tlp *cpl)
{
    struct cpl_slot *slot = &c->slot[cpl->tag & TAG_MASK];
    const bool readable = tlp_class(cpl->kind) == TLP_COMPLETION && cpl->defect != TLP_SHORT;
    const bool found = slot->open && slot->expect.request.requester_id == cpl->requester_id;

    return readable && found ? slot : NULL;
}

const struct cpl_expect *cpl_checker_match(struct cpl_checker *c, struct checks *checks, const struct tlp *cpl,
                                           const uint32_t *payload)
{
    struct cpl_slot *slot = find_open(c, cpl);
    char id[8];

    if (!check(checks, CHECK_CPL_EXPECTED, slot)) {
        check_report(checks, CHECK_CPL_EXPECTED, -1, "a %s for requester %s tag %03x answers no outstanding request",
                     tlp_kind_name(cpl->kind), tlp_format_id(cpl->requester_id, id), cpl->tag);
        return NULL;
    }
    close_slot(c, slot);
    check(checks, CHECK_CPL_MISSING, true);
    judge_header(checks, &slot->expect, cpl);
    judge_completer(checks, &slot->expect, cpl);
    judge_attributes(checks, &slot->expect, cpl);
    judge_status(checks, &slot->expect, cpl);
    judge_byte_count(checks, &slot->expect, cpl);
    judge_lower_address(checks, &slot->expect, cpl);
    judge_data(checks, &slot->expect, cpl, payload);
    return &slot->expect;
}

unsigned cpl_checker_outstanding(const struct cpl_checker *c)
{
    return c->outstanding;
}

const struct cpl_expect *cpl_checker_oldest(const struct cpl_checker *c)
{
    const uint16_t first = c->slot[HEAD].next;

    return first == HEAD ? NULL : &c->slot[first].expect;
}

struct cpl_expect *cpl_checker_next(struct cpl_checker *c, const struct cpl_expect *after)
{
    const uint16_t next = after ? slot_of(c, after)->next : c->slot[HEAD].next;

    return next == HEAD ? NULL : &c->slot[next].expect;
}

void cpl_checker_drop_all(struct cpl_checker *c)
{
    while (c->outstanding)
        close_slot(c, &c->slot[c->slot[HEAD].next]);
}

unsigned cpl_checker_missing(struct cpl_checker *c, struct checks *checks)
{
    const unsigned missing = c->outstanding;
    const struct cpl_expect *e;

    while ((e = cpl_checker_oldest(c))) {
        check(checks, CHECK_CPL_MISSING, false);
        check_report(checks, CHECK_CPL_MISSING, -1,
                     "the %s with tag %03x (sequence number %" PRIu64
                     ") was never completed; every non-posted request must be",
                     request_name(e), e->request.tag, e->arrival);
        close_slot(c, slot_of(c, e));
    }
    return missing;
}
