#include "msg_format.h"

#include <inttypes.h>

static bool rule(struct checks *checks, enum check_id id, bool ok, const char *field, unsigned seen,
                 const char *allowed)
{
    if (!check(checks, id, ok))
        check_report(checks, id, -1, "a message has %s %Xh; allowed: %s (%s)", field, seen, allowed,
                     check_info(id)->requirements);
    return ok;
}

static bool judge_size(struct checks *c, const struct tlp *t)
{
    bool ok = rule(c, CHECK_MSG_LENGTH, t->length == 1 && t->payload_dw == 1, "Length", t->length, "1");
    ok &= rule(c, CHECK_MSG_BYTE_ENABLES, t->first_be == 0xF && t->last_be == 0, "Last and First DW BE",
               (unsigned)t->last_be << 4 | t->first_be, "0Fh");
    ok &= rule(c, CHECK_MSG_HEADER_FORM, t->is_4dw == (t->address >> 32 != 0), "header DWs", t->header_dw,
               "3 below 4 GB, 4 above");
    return ok;
}

static bool judge_attributes(struct checks *c, const struct tlp *t, bool ido_allowed)
{
    bool ok = rule(c, CHECK_MSG_ORDERING_ATTR, !t->ro && !t->ns, "Attr[1:0]", (t->ro ? 2U : 0U) + t->ns, "0");
    ok &= rule(c, CHECK_MSG_IDO, !t->ido || ido_allowed, "IDO", t->ido, "0 while IDO Request Enable is 0");
    ok &= rule(c, CHECK_MSG_TRAFFIC_CLASS, t->tc == 0, "traffic class", t->tc, "0, there is no VC capability");
    ok &= rule(c, CHECK_MSG_ADDRESS_TYPE, t->at == 0, "AT", t->at, "0");
    ok &= rule(c, CHECK_MSG_HINTS, !t->th, "TH", t->th, "0");
    return ok;
}

bool msg_format_judge(struct checks *c, const struct tlp *t, bool ido_allowed)
{
    const uint32_t reserved = t->reserved | (t->th ? 0U : t->ph); /* address bits 1:0 are the hint if TH says so */
    bool ok = judge_size(c, t);
    ok &= judge_attributes(c, t, ido_allowed);
    ok &= rule(c, CHECK_MSG_POISON, !t->ep, "EP", t->ep, "0");
    ok &= rule(c, CHECK_MSG_DIGEST, !t->td, "TD", t->td, "0 while ECRC generation is off");
    ok &= rule(c, CHECK_MSG_TAG_HIGH, t->tag >> 8 == 0, "Tag[9:8]", (unsigned)t->tag >> 8, "0 in posted requests");
    ok &= rule(c, CHECK_MSG_RESERVED, reserved == 0, "reserved header bits", reserved, "0");
    return ok;
}
