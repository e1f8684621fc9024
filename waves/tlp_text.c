/*
 * tlp_text.c - see tlp_text.h.
 */
#include "tlp_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tlp.h"

enum { SHOWN_DW = 4, INTX_ASSERT = 0x20, INTX_DEASSERT = 0x24, INTX_END = 0x28 };

struct text {
    char *at;
    size_t room;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const int n = vsnprintf(t->at, t->room, format, args);
    va_end(args);
    const size_t used = n < 0 ? 0 : (size_t)n < t->room ? (size_t)n : t->room - 1;
    t->at += used;
    t->room -= used;
}

static void put_data(struct text *out, const struct tlp *t, const uint32_t *payload)
{
    if (t->payload_dw == 0)
        return;
    put(out, " =");
    for (unsigned i = 0; i < t->payload_dw && i < SHOWN_DW; i++)
        put(out, " %08" PRIX32, tlp_payload_le(payload[i]));
    if (t->payload_dw > SHOWN_DW)
        put(out, " ..");
}

static void put_message(struct text *out, const struct tlp *t)
{
    if (t->msg_code >= INTX_ASSERT && t->msg_code < INTX_END)
        put(out, " %s_INT%c", t->msg_code < INTX_DEASSERT ? "Assert" : "Deassert", 'A' + (t->msg_code & 3));
    else
        put(out, " code %02X", t->msg_code);
}

/* What the TLP is aimed at, and its data. */
static void put_core(struct text *out, const struct tlp *t, const uint32_t *payload)
{
    switch (t->kind) {
    case TLP_CFGRD0:
    case TLP_CFGWR0:
    case TLP_CFGRD1:
    case TLP_CFGWR1:
        put(out, " %03X", t->reg);
        break;
    case TLP_MSG:
    case TLP_MSGD:
        put_message(out, t);
        break;
    case TLP_CPL:
    case TLP_CPLD:
    case TLP_CPLLK:
    case TLP_CPLDLK:
        put(out, " tag %02X", t->tag);
        if (t->status != TLP_SC || t->kind == TLP_CPL)
            put(out, " %s", tlp_status_name(t->status));
        break;
    default:
        put(out, " %08" PRIX64, t->address);
        if (t->length != 1)
            put(out, " x%u", t->length);
        break;
    }
    put_data(out, t, payload);
}

/* The rest, as far as it is not the usual. */
static void put_details(struct text *out, const struct tlp *t)
{
    const unsigned usual_last = t->length > 1 ? 0xF : 0;
    char id[8];

    if (tlp_class(t->kind) == TLP_NONPOSTED)
        put(out, " tag %02X", t->tag);
    if (tlp_class(t->kind) != TLP_COMPLETION && t->kind != TLP_MSG && t->kind != TLP_MSGD &&
        (t->first_be != 0xF || t->last_be != usual_last))
        put(out, " be %X/%X", t->first_be, t->last_be);
    if (t->ep)
        put(out, " POISONED");
    if (t->reserved)
        put(out, " RESERVED %08" PRIX32, t->reserved);
    if (t->ro || t->ns || t->ido)
        put(out, "%s%s%s", t->ro ? " RO" : "", t->ns ? " NS" : "", t->ido ? " IDO" : "");
    if (t->tc)
        put(out, " TC%u", t->tc);
    put(out, " req %s", tlp_format_id(t->requester_id, id));
}

static const char *colour(const struct tlp *t)
{
    if (t->defect != TLP_OK || t->ep || t->reserved)
        return "red4";
    switch (tlp_class(t->kind)) {
    case TLP_NONPOSTED:
        return "royalblue4";
    case TLP_COMPLETION:
        return t->status == TLP_SC ? "purple4" : "red4";
    case TLP_POSTED:
        break;
    }
    return t->kind == TLP_MWR && t->length > 1 ? "darkslategray" : "darkgreen";
}

const char *tlp_text(const uint32_t *dw, size_t n, char *text, size_t room)
{
    static const char *const defect[] = {
        [TLP_OK] = "", [TLP_SHORT] = "SHORT ", [TLP_BAD_TYPE] = "BAD TYPE ", [TLP_BAD_LENGTH] = "BAD LENGTH "};
    struct text out = {text, room};
    struct tlp t;

    tlp_decode(dw, n, &t);
    put(&out, "%s%s", defect[t.defect], tlp_kind_name(t.kind));
    if (t.defect == TLP_OK || t.defect == TLP_BAD_LENGTH) {
        put_core(&out, &t, dw + t.header_dw);
        put_details(&out, &t);
    } else {
        for (size_t i = 0; i < n && i < SHOWN_DW; i++)
            put(&out, " %08" PRIX32, dw[i]);
    }
    return colour(&t);
}
