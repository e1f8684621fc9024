/* liberal_answers.c - completions of the host's requests. */
#include "liberal_device.h"

static struct tlp completion(struct dut *d, const struct liberal_request *r, enum tlp_status status, unsigned n)
{
    const bool memory = r->tlp.kind == TLP_MRD || r->tlp.kind == TLP_MRDLK;
    const bool locked = r->tlp.kind == TLP_MRDLK;
    return (struct tlp){.kind = n                              ? TLP_CPLD
                                : locked && d->plan->seed & 64 ? TLP_CPLLK
                                                               : TLP_CPL,
                        .tc = r->tlp.tc,
                        .ro = r->tlp.ro,
                        .ns = r->tlp.ns,
                        .ido = liberal_ido(d, true),
                        .length = (uint16_t)n,
                        .requester_id = r->tlp.requester_id,
                        .tag = r->tlp.tag,
                        .completer_id = d->id,
                        .status = (uint8_t)status,
                        .byte_count = memory ? (uint16_t)tlp_read_byte_count(&r->tlp) : 4,
                        .lower_address = memory ? tlp_read_lower_address(&r->tlp) & 0x7F : 0};
}

/* Switches: counts that nobody can accept, answers that do not come or come twice. */
static void spoil(struct dut *d, struct liberal_answer *a, const struct liberal_request *r)
{
    const bool failed = r->tlp.kind == TLP_MRD && a->tlp.status != TLP_SC && a->tlp.byte_count != 4;
    if (liberal_breaks(d, LIBERAL_BYTE_COUNT, 3) || (failed && liberal_breaks(d, LIBERAL_FAILED_BYTE_COUNT, 100))) {
        a->tlp.byte_count = a->tlp.byte_count == 4 ? 3 : 4;
        liberal_strike(d);
    }
    const bool apart = d->flr.ended == 0 && !d->flr.active;
    if (apart && r->tlp.kind == TLP_CFGRD0 && liberal_breaks(d, LIBERAL_RETRY_OUTSIDE_RESET, 3)) {
        a->tlp.status = TLP_RRS;
        a->tlp.kind = TLP_CPL;
        a->tlp.length = 0;
        liberal_strike(d);
    }
    if (d->answers < LIBERAL_ANSWERS && liberal_breaks(d, LIBERAL_ANSWERS_TWICE, 3)) {
        d->answer[d->answers++] = *a;
        liberal_strike(d);
    }
    if (liberal_breaks(d, LIBERAL_LOSES_COMPLETION, 3)) {
        d->answers--;
        liberal_strike(d);
    }
}

void liberal_answer(struct dut *d, const struct liberal_request *r, enum tlp_status status, unsigned n)
{
    struct liberal_answer *a = &d->answer[d->answers++];
    const bool write = r->tlp.kind == TLP_CFGWR0 || r->tlp.kind == TLP_CFGWR1 || r->tlp.kind == TLP_IOWR;
    *a = (struct liberal_answer){.tlp = completion(d, r, status, n),
                                 .seq = r->seq,
                                 .ready = liberal_later(d, d->habit->completion_latency),
                                 .stamp = d->next_number,
                                 .id_late = liberal_chance(d, d->habit->id_at_send),
                                 .data_mark = r->data_mark,
                                 .bme_proven = r->bme_proven,
                                 .hidden = r->hidden};
    a->ordered = !a->tlp.ro && r->tlp.tc == 0 && !write;
    for (unsigned k = 0; k < n; k++)
        a->payload[k] = tlp_payload_le(r->data[k]);
    a->passes_messages = a->ordered && r->hidden >= 0 && liberal_breaks(d, LIBERAL_BIT_CLEARS_EARLY, 70);
    spoil(d, a, r);
}
