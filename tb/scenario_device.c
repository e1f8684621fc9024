/*
 * scenario_device.c - the device logic in a running scenario: data writes and reads, causes; and the host's answers.
 */
#include "rng.h"
#include "scenario_do.h"

enum { STRAY_DWS = 4 };

static void dma(struct scenario_state *s, const uint64_t *arg)
{
    uint32_t values[SCENARIO_MOST_DW];
    const unsigned most = state_write_dws(s), dws = arg[1] < most ? (unsigned)arg[1] : most;
    struct rng rng;
    rng_seed(&rng, arg[2]);
    for (unsigned i = 0; i < dws; i++)
        values[i] = (uint32_t)rng_next(&rng);
    app_set_attributes(s->b, arg[SCENARIO_DMA_RO], arg[SCENARIO_DMA_NS], arg[SCENARIO_DMA_IDO]);
    app_dma_write_start(s->b, arg[0], values, dws);
}

/* A read that MRRS cuts to its beginning has all bytes enabled. */
static bool dma_read(struct scenario_state *s, const uint64_t *arg)
{
    const unsigned most = state_read_dws(s);
    const bool cut = arg[1] > most;
    if (!state_may_read(s))
        return false;
    app_set_attributes(s->b, arg[SCENARIO_DMA_RO], arg[SCENARIO_DMA_NS], arg[SCENARIO_DMA_IDO]);
    const unsigned tag = cut ? app_read_start(s->b, arg[0], most)
                             : app_read_bytes_start(s->b, arg[0], (unsigned)arg[1], arg[2] & 0xF, arg[2] >> 4 & 0xF);
    app_read_forget(s->b, tag);
    return true;
}

/* --- answers --- */

static bool answers(struct scenario_state *s, const struct scenario_op *op)
{
    struct host_answer_style *const style = &s->answers;
    switch (op->kind) {
    case SCENARIO_ANSWERS:
        style->most = (unsigned)op->arg[0];
        style->delay = (unsigned)op->arg[1];
        style->mixed = op->arg[2];
        break;
    case SCENARIO_ANSWER_ERRORS:
        style->ur = (unsigned)op->arg[0];
        style->ca = (unsigned)op->arg[1];
        style->poisoned = (unsigned)op->arg[2];
        break;
    default: /* SCENARIO_HOLD_ANSWERS */
        style->hold = op->arg[0];
        break;
    }
    state_apply_answers(s);
    return true;
}

/*
 * A completion to another function, or with a tag that no read has and none gets before this one has entered (CFG-19).
 */
static bool stray(struct scenario_state *s, unsigned offset, enum scenario_stray form)
{
    static const uint32_t payload[STRAY_DWS] = {0};
    const unsigned tag = (app_read_next_tag(s->b) + STATE_STRAY_TAG + offset) % APP_READ_TAGS;
    const bool foreign = form == SCENARIO_STRAY_FOREIGN || app_read_tag_used(s->b, tag);
    struct tlp tlp = {
        .kind = form == SCENARIO_STRAY_STATUS   ? TLP_CPL
                : form == SCENARIO_STRAY_LOCKED ? TLP_CPLDLK
                                                : TLP_CPLD,
        .status = form == SCENARIO_STRAY_STATUS ? TLP_UR : TLP_SC,
        .length = form == SCENARIO_STRAY_STATUS ? 0 : STRAY_DWS,
        .byte_count = 4 * STRAY_DWS,
        .requester_id = (uint16_t)(s->route | (foreign ? 5 : 0)),
        .tag = (uint16_t)tag,
    };
    host_send(s->b, &tlp, payload);
    return true;
}

/* --- the operations --- */

static bool event_or_clear(struct scenario_state *s, const struct scenario_op *op)
{
    const unsigned vector = (unsigned)op->arg[0], at = (unsigned)op->arg[SCENARIO_AT];
    if (op->kind == SCENARIO_EVENT && at)
        app_event_at(s->b, vector, at);
    else if (op->kind == SCENARIO_EVENT)
        app_event_start(s->b, vector);
    else if (at)
        app_clear_at(s->b, vector, at);
    else
        app_clear_start(s->b, vector);
    return true;
}

bool scenario_device(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_EVENT:
    case SCENARIO_CLEAR:
        return event_or_clear(s, op);
    case SCENARIO_DMA:
        dma(s, arg);
        return true;
    case SCENARIO_DMA_READ:
        return dma_read(s, arg);
    case SCENARIO_STRAY:
        return stray(s, (unsigned)arg[0], (enum scenario_stray)arg[1]);
    case SCENARIO_INTX:
        app_set_intx_at(s->b, arg[0], arg[SCENARIO_AT] ? (unsigned)arg[SCENARIO_AT] : 1);
        return true;
    case SCENARIO_INTX_FLOW:
        app_set_intx_flow(s->b, arg[0]);
        return true;
    default:
        return answers(s, op);
    }
}
