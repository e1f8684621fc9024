#include "intx_format.h"

#include <inttypes.h>

enum { LOCAL = 4 /* routing r = 100b: local, ends at the receiver */, LAST_CODE = 0x27 };

bool intx_format_is_message(const struct tlp *t)
{
    const bool message = t->kind == TLP_MSG || t->kind == TLP_MSGD;
    return message && t->msg_code >= INTX_ASSERT_CODE && t->msg_code <= LAST_CODE;
}

bool intx_format_asserts(const struct tlp *t)
{
    return t->msg_code < INTX_DEASSERT_CODE;
}

unsigned intx_format_wire(const struct tlp *t)
{
    return t->msg_code & 3;
}

bool intx_format_judge(struct checks *checks, const struct tlp *t, unsigned pin, bool ido_allowed)
{
    const bool shape = t->kind == TLP_MSG && t->msg_routing == LOCAL && t->payload_dw == 0;
    const bool clean = t->reserved == 0 && t->tc == 0 && !t->ro && !t->ns && !t->th && !t->td && !t->ep && t->at == 0 &&
                       t->length == 0 && (ido_allowed || !t->ido);
    const bool wire = pin > 0 && intx_format_wire(t) == pin - 1;

    if (!check(checks, CHECK_INTX_FORMAT, shape && clean && wire))
        check_report(
            checks, CHECK_INTX_FORMAT, -1,
            "a message with code %02Xh is a %s with routing %u, TC %u, RO %d NS %d IDO %d TH %d TD %d EP %d AT %u, "
            "Length %u and reserved bits %08" PRIX32 "; allowed: a Msg with routing 4, the wire of pin %u (0: no "
            "message at all) and 0 in all of these (INTX-01..INTX-03, INTX-15)",
            t->msg_code, tlp_kind_name(t->kind), t->msg_routing, t->tc, t->ro, t->ns, t->ido, t->th, t->td, t->ep,
            t->at, t->length, t->reserved, pin);
    return shape && clean && wire;
}
