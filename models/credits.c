/*
 * credits.c - see credits.h. All arithmetic is modulo the range of the counter: 256 for headers, 4096 for data.
 */
#include "credits.h"

enum { HEADER_RANGE = 256, DATA_RANGE = 4096, UNIT_BYTES = 16 };

/* A receiver never has this many credits granted and unused, or the sender could not tell forward from backward. */
enum { HEADER_AHEAD = HEADER_RANGE / 2, DATA_AHEAD = DATA_RANGE / 2 };

static uint16_t modulo(int value, int range)
{
    return (uint16_t)(value & (range - 1));
}

/* FC-04: (LIMIT - (CONSUMED + need)) mod range <= range / 2. */
static bool count_fits(const struct credit_count *c, unsigned need, int range)
{
    return c->infinite || modulo(c->limit - c->consumed - (int)need, range) <= range / 2;
}

static void count_take(struct credit_count *c, unsigned need, int range)
{
    c->consumed = modulo(c->consumed + (int)need, range);
}

/* The flag decides; the number of an infinite type is kept but never looked at (FC-06). */
static void count_set(struct credit_count *c, uint16_t limit, bool infinite, int range)
{
    c->limit = modulo(limit, range);
    c->infinite = infinite;
}

void credits_init(struct credits *c)
{
    *c = (struct credits){.header = {{0}}};
}

void credits_set_limits(struct credits *c, const struct credit_limits *limits)
{
    const struct credit_limits *l = limits;

    count_set(&c->header[TLP_POSTED], l->ph, l->ph_inf, HEADER_RANGE);
    count_set(&c->header[TLP_NONPOSTED], l->nph, l->nph_inf, HEADER_RANGE);
    count_set(&c->header[TLP_COMPLETION], l->cplh, l->cplh_inf, HEADER_RANGE);
    count_set(&c->data[TLP_POSTED], l->pd, l->pd_inf, DATA_RANGE);
    count_set(&c->data[TLP_NONPOSTED], l->npd, l->npd_inf, DATA_RANGE);
    count_set(&c->data[TLP_COMPLETION], l->cpld, l->cpld_inf, DATA_RANGE);
}

bool credits_fit(const struct credits *c, enum tlp_class class, unsigned data)
{
    return count_fits(&c->header[class], 1, HEADER_RANGE) &&
           (data == 0 || count_fits(&c->data[class], data, DATA_RANGE));
}

/* A sender counts nothing for a Fmt and Type that nobody has defined. */
static bool is_counted(const struct tlp *t)
{
    return t->kind != TLP_PREFIX && t->kind != TLP_UNKNOWN;
}

bool credits_can_send(const struct credits *c, const struct tlp *t)
{
    return !is_counted(t) || credits_fit(c, tlp_class(t->kind), tlp_data_credits(t));
}

void credits_take(struct credits *c, const struct tlp *t)
{
    const enum tlp_class class = tlp_class(t->kind);

    if (!is_counted(t))
        return;
    count_take(&c->header[class], 1, HEADER_RANGE);
    count_take(&c->data[class], tlp_data_credits(t), DATA_RANGE);
}

static uint16_t count_left(const struct credit_count *c, int range)
{
    return c->infinite ? UINT16_MAX : modulo(c->limit - c->consumed, range);
}

uint16_t credits_left_header(const struct credits *c, enum tlp_class class)
{
    return count_left(&c->header[class], HEADER_RANGE);
}

uint16_t credits_left_data(const struct credits *c, enum tlp_class class)
{
    return count_left(&c->data[class], DATA_RANGE);
}

bool credits_consume(struct credits *c, struct checks *checks, const struct tlp *t)
{
    static const enum check_id ids[] = {
        [TLP_POSTED] = CHECK_CREDIT_POSTED,
        [TLP_NONPOSTED] = CHECK_CREDIT_NONPOSTED,
        [TLP_COMPLETION] = CHECK_CREDIT_COMPLETION,
    };
    const enum tlp_class class = tlp_class(t->kind);
    const struct credit_count *header = &c->header[class], *data = &c->data[class];
    const bool ok = check(checks, ids[class], credits_can_send(c, t));

    if (!ok)
        check_report(checks, ids[class], -1,
                     "a %s was started that needs 1 header credit and %u of data; headers: limit %u%s consumed %u, "
                     "data: limit %u%s consumed %u",
                     tlp_kind_name(t->kind), tlp_data_credits(t), header->limit, header->infinite ? " (infinite)" : "",
                     header->consumed, data->limit, data->infinite ? " (infinite)" : "", data->consumed);
    credits_take(c, t);
    return ok;
}

/* The block as a receiver */

void rx_grants_init(struct rx_grants *g, unsigned mps_max)
{
    *g = (struct rx_grants){.min_pd = mps_max / UNIT_BYTES};
}

/* How far the limit has moved forward; a step backward looks like a very long one forward. */
static int step_of(const struct rx_grant *grant, uint16_t limit, int range)
{
    return modulo(limit - grant->limit, range);
}

/* Judges one type and takes the new limit over. `range` is that of the counter. */
static bool update_one(struct rx_grants *g, struct checks *checks, struct rx_grant *grant, const char *name,
                       uint16_t limit, int minimum, int range)
{
    const int step = step_of(grant, limit, range), unused = grant->unused + step;
    const bool ok = unused < range / 2 && (g->started || unused >= minimum);

    if (!check(checks, CHECK_RX_CREDITS, ok))
        check_report(checks, CHECK_RX_CREDITS, -1,
                     "the %s limit went from %u to %u, a step of %d with %d unused before; at most %d may be unused, "
                     "at first at least %d, and it never goes back",
                     name, grant->limit, limit, step, grant->unused, range / 2 - 1, minimum);
    grant->limit = modulo(limit, range);
    grant->unused = unused % range;
    if (!g->started)
        grant->initial = grant->unused;
    return ok;
}

static bool unchanged(const struct rx_grants *g, const struct rx_limits *l)
{
    return g->ph.limit == l->ph && g->pd.limit == l->pd && g->nph.limit == l->nph && g->npd.limit == l->npd;
}

bool rx_grants_update(struct rx_grants *g, struct checks *checks, const struct rx_limits *limits)
{
    if (g->started && unchanged(g, limits))
        return true;

    bool ok = update_one(g, checks, &g->ph, "posted header", limits->ph, 1, HEADER_RANGE);
    ok &= update_one(g, checks, &g->pd, "posted data", limits->pd, (int)g->min_pd, DATA_RANGE);
    ok &= update_one(g, checks, &g->nph, "non-posted header", limits->nph, 1, HEADER_RANGE);
    ok &= update_one(g, checks, &g->npd, "non-posted data", limits->npd, 1, DATA_RANGE);
    g->started = true;
    return ok;
}

void rx_grants_use(struct rx_grants *g, const struct tlp *t)
{
    const bool posted = tlp_class(t->kind) == TLP_POSTED;

    if (tlp_class(t->kind) == TLP_COMPLETION || !is_counted(t))
        return;
    (posted ? &g->ph : &g->nph)->unused--;
    (posted ? &g->pd : &g->npd)->unused -= (int)tlp_data_credits(t);
}

static bool all_back(const struct rx_grant *grant)
{
    return grant->unused == grant->initial;
}

bool rx_grants_drained(const struct rx_grants *g, struct checks *checks)
{
    const bool ok = all_back(&g->ph) && all_back(&g->pd) && all_back(&g->nph) && all_back(&g->npd);

    if (!check(checks, CHECK_RX_CREDITS, ok))
        check_report(checks, CHECK_RX_CREDITS, -1,
                     "idle, yet credits granted and unused are PH %d PD %d NPH %d NPD %d; at first they were "
                     "PH %d PD %d NPH %d NPD %d and all must have come back",
                     g->ph.unused, g->pd.unused, g->nph.unused, g->npd.unused, g->ph.initial, g->pd.initial,
                     g->nph.initial, g->npd.initial);
    return ok;
}
