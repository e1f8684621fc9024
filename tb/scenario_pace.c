/*
 * scenario_pace.c - back-pressure in a running scenario: tx, gaps, stalls, credits.
 */
#include "scenario_do.h"

enum { MOST_HEADERS = 127, MOST_DATA = 2047 };

static bool tx(struct scenario_state *s, unsigned percent)
{
    s->tx_percent = percent;
    host_set_ready(s->b,
                   percent == 0     ? HOST_READY_NEVER
                   : percent == 100 ? HOST_READY_ALWAYS
                                    : HOST_READY_RANDOM,
                   percent);
    return true;
}

static bool gaps(struct scenario_state *s, enum scenario_stream stream, unsigned percent)
{
    if (stream == SCENARIO_STREAM_RX)
        host_set_gaps(s->b, percent);
    else
        app_set_gaps(s->b, percent);
    return true;
}

void scenario_stall_dma(struct scenario_state *s, bool stall)
{
    s->stalled = stall;
    app_stall_dma(s->b, stall);
}

static bool credits(struct scenario_state *s, enum scenario_credits mode)
{
    static const enum host_credit_mode modes[] = {HOST_CREDITS_INFINITE, HOST_CREDITS_GENEROUS, HOST_CREDITS_SLOW,
                                                  HOST_CREDITS_FROZEN,   HOST_CREDITS_STINGY,   HOST_CREDITS_SCATTERED};
    s->frozen = mode == SCENARIO_CREDITS_FROZEN;
    host_set_credits(s->b, modes[mode]);
    return true;
}

static bool window(struct scenario_state *s, const uint64_t *arg)
{
    s->window = arg[1] ? (unsigned)arg[1] : s->window;
    host_set_window(s->b, (unsigned)arg[0], state_window(s, (unsigned)arg[1]), (unsigned)arg[4], (unsigned)arg[5]);
    host_set_window_nonposted(s->b, (unsigned)arg[2], (unsigned)arg[3]);
    return true;
}

/* What is unused must stay countable: at most half the counter (FC-04). */
static unsigned fitting(uint64_t wanted, unsigned left, unsigned most)
{
    return left >= most ? 0 : wanted < most - left ? (unsigned)wanted : most - left;
}

static bool grant(struct scenario_state *s, const uint64_t *arg)
{
    const struct host_credits_left left = host_credits_left(s->b);
    host_grant(s->b, fitting(arg[0], left.ph, MOST_HEADERS), fitting(arg[1], left.pd, MOST_DATA),
               fitting(arg[4], left.cplh, MOST_HEADERS), fitting(arg[5], left.cpld, MOST_DATA));
    host_grant_nonposted(s->b, fitting(arg[2], left.nph, MOST_HEADERS), fitting(arg[3], left.npd, MOST_DATA));
    return true;
}

bool scenario_pace(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_TX:
        return tx(s, (unsigned)arg[0]);
    case SCENARIO_GAPS:
        return gaps(s, (enum scenario_stream)arg[0], (unsigned)arg[1]);
    case SCENARIO_STALL_DMA:
        scenario_stall_dma(s, arg[0]);
        return true;
    case SCENARIO_CREDITS:
        return credits(s, (enum scenario_credits)arg[0]);
    case SCENARIO_WINDOW:
        return window(s, arg);
    case SCENARIO_GRANT:
        return grant(s, arg);
    case SCENARIO_STARVE:
        host_starve(s->b, (unsigned)arg[0], (unsigned)arg[1]);
        return true;
    case SCENARIO_INFINITE:
        host_set_infinite(s->b, (unsigned)arg[0]);
        return true;
    default: /* SCENARIO_CSR_DELAY */
        app_set_csr_delay(s->b, (unsigned)arg[0]);
        return true;
    }
}
