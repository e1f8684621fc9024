/*
 * host.c - the host agent clock by clock: what it drives, what it sees. Requests and tags are in host_requests.c, the
 * credit server is in host_credits.c.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "host_private.h"
#include "intx_format.h"

struct host *host_create(struct bench *b, unsigned data_dw, uint64_t seed)
{
    struct host *host = calloc(1, sizeof *host);
    if (!host)
        return NULL;
    host->bench = b;
    rng_seed(&host->rng, seed);
    stream_source_init(&host->rx, data_dw, seed ^ UINT64_C(0x7278));
    host_grants_init(&host->grants, bench_config(b)->mps_max, seed ^ UINT64_C(0x6663));
    host->route = 0x0100;
    host->answers.automatic = true;
    host_reset(host);
    return host;
}

void host_destroy(struct host *host)
{
    if (!host)
        return;
    stream_source_free(&host->rx);
    free(host);
}

void host_reset(struct host *host)
{
    stream_source_clear(&host->rx);
    credits_init(&host->credits);
    host->limits = (struct credit_limits){.cplh_inf = true, .cpld_inf = true};
    host->limits_known = false;
    host->first_known = false;
    host->tx_inside = false;
    host_grants_reset(&host->grants);
    host_tags_reset(host);
    host->answers.count = 0;
    memset(host->wire, 0, sizeof host->wire); /* the port clears its copy (INTX-14) */
}

bool host_idle(const struct host *host)
{
    return host->rx.queued == 0 && host->outstanding == 0 && host->answers.count == 0;
}

/* --- before a clock --- */

static bool may_start(struct host *host, const struct dut_in *in)
{
    if (!host->limits_known || !in->rst_n || !in->link_up || !in->fc_init_done || !stream_source_at_start(&host->rx))
        return false;
    if (!host->first_known) {
        size_t n = 0;
        const uint32_t *dw = stream_source_first(&host->rx, &n);
        tlp_decode(dw, n, &host->first);
        host->first_known = true;
    }
    return credits_can_send(&host->credits, &host->first);
}

static bool ready_now(struct host *host)
{
    if (host->ready == HOST_READY_RANDOM)
        return rng_percent(&host->rng, host->ready_percent);
    return host->ready == HOST_READY_ALWAYS;
}

void host_drive(struct host *host, struct dut_in *in)
{
    in->tx_tready = ready_now(host);
    host_grants_drive(&host->grants, &in->fc);
    host_answers_drive(host);
    if (host->rx.queued == 0) {
        in->rx.valid = false;
    } else if (stream_source_drive(&host->rx, &in->rx, may_start(host, in))) {
        credits_take(&host->credits, &host->first);
        host->first_known = false;
    }
}

/* --- after it --- */

/* Credits seen in this clock count from the next one on; those of a clock in reset never. */
static void take_limits(struct host *host, const struct dut_out *out)
{
    struct credit_limits *known = &host->limits;
    if (host->limits_known && known->ph == out->rxfc_ph && known->pd == out->rxfc_pd && known->nph == out->rxfc_nph &&
        known->npd == out->rxfc_npd)
        return;
    known->ph = out->rxfc_ph;
    known->pd = out->rxfc_pd;
    known->nph = out->rxfc_nph;
    known->npd = out->rxfc_npd;
    host->limits_known = true;
    credits_set_limits(&host->credits, known);
}

void host_sample(struct host *host, const struct dut_in *in, const struct dut_out *out)
{
    if (!in->rst_n || !in->link_up) {
        host->limits_known = false;
        return;
    }
    take_limits(host, out);
    if (host->rx.offered)
        stream_source_sample(&host->rx, out->rx_tready);
    if (out->tx.valid && in->tx_tready) {
        if (!host->tx_inside)
            host_grants_consume(&host->grants, out->tx.data[0]);
        host->tx_inside = !out->tx.last;
    }
}

static void seen(void *ctx, struct seen *what)
{
    struct host *host = ctx;
    if (what->kind != SEEN_TLP || what->stream != SEEN_TX || what->tlp.defect != TLP_OK)
        return;
    if (tlp_class(what->tlp.kind) == TLP_COMPLETION)
        host_completion_seen(host, what);
    else if (what->tlp.kind == TLP_MRD)
        host_answer_read(host, &what->tlp);
    else if (intx_format_is_message(&what->tlp) || (what->tlp.kind == TLP_MWR && what->vector >= 0))
        host_interrupt_seen(host, what);
}

struct observer host_observer(struct host *host)
{
    return (struct observer){.name = "host", .ctx = host, .seen = seen};
}

/* --- knobs --- */

void host_set_route(struct bench *b, uint8_t bus, uint8_t device)
{
    bench_host(b)->route = (uint16_t)(bus << 8 | (device & 31) << 3);
}

void host_set_attributes(struct bench *b, bool ro, bool ns, bool ido, uint8_t tc)
{
    struct host *host = bench_host(b);
    host->ro = ro;
    host->ns = ns;
    host->ido = ido;
    host->tc = tc;
}

void host_set_ready(struct bench *b, enum host_ready mode, unsigned percent)
{
    bench_host(b)->ready = mode;
    bench_host(b)->ready_percent = percent;
}

void host_set_gaps(struct bench *b, unsigned percent)
{
    stream_source_set_gaps(&bench_host(b)->rx, percent);
}
