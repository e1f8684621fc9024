/* fault.c - planted faults: the layer itself. What each fault does is in fault_list.c. */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "fault_plan.h"

const struct fault_info *fault_info(unsigned index)
{
    const struct fault_plan *plan = fault_plan(index);
    return plan != NULL ? &plan->info : NULL;
}

static const struct fault_plan *plan_find(const char *name)
{
    const struct fault_plan *plan;
    for (unsigned i = 0; (plan = fault_plan(i)) != NULL; i++) {
        if (strcmp(plan->info.name, name) == 0)
            return plan;
    }
    plan = fault_plan_none();
    return strcmp(plan->info.name, name) == 0 ? plan : NULL;
}

const struct fault_info *fault_find(const char *name)
{
    const struct fault_plan *plan = plan_find(name);
    return plan != NULL ? &plan->info : NULL;
}

struct fault *fault_create(const char *name, const struct dut_config *config)
{
    const struct fault_plan *plan = plan_find(name);
    struct fault *f = plan != NULL ? calloc(1, sizeof *f) : NULL;
    if (f == NULL)
        return NULL;
    f->plan = plan;
    f->config = config;
    f->first_vector = f->vector = -1;
    tx_proxy_init(&f->tx, config->data_dw);
    tx_proxy_init(&f->dmc, config->data_dw);
    fault_view_init(&f->view, config);
    return f;
}

void fault_destroy(struct fault *fault)
{
    free(fault);
}

unsigned fault_strikes(const struct fault *fault)
{
    return fault->strikes;
}

bool fault_armed(const struct fault *f)
{
    const struct fault_plan *p = f->plan;
    return f->matches >= p->skip && (p->times == 0 || f->strikes < p->times) && f->view.events >= p->after_events &&
           f->messages >= p->after_messages && f->view.dma_writes >= p->after_dma;
}

static void reset(struct fault *f)
{
    tx_proxy_reset(&f->tx);
    tx_proxy_reset(&f->dmc);
    fault_view_reset(&f->view);
    f->tx.stalled = false;
    f->due = 0;
    f->passed = f->in_front = 0;
    f->before.valid = false;
    f->inbound_hit = false;
}

/* Before the first clock edge the outputs show what the design's registers were at power-up. */
static void note_power_up(struct fault *f, const struct dut_out *out)
{
    uint32_t hash = UINT32_C(2166136261);
    for (unsigned i = 0; i < f->config->data_dw; i++)
        hash = (hash ^ out->tx.data[i]) * UINT32_C(16777619);
    f->power_up = hash ^ hash >> 16;
}

static void strike_packet(struct fault *f, struct tx_packet *packet)
{
    const struct fault_plan *plan = f->plan;
    const struct fault_what what = fault_view_name(&f->view, packet->dw, packet->n_dw);
    fault_view_completion(&f->view, &what, packet->dw);
    bool armed = fault_armed(f);
    f->messages += what.kind == FAULT_KIND_MESSAGE;
    f->view.reads_sent += what.kind == FAULT_KIND_READ;
    if (plan->tx == NULL || (plan->kinds & FAULT_SET(what.kind)) == 0)
        return;
    if (plan->when != NULL && !plan->when(f, packet, &what))
        return;
    f->matches++;
    if (armed)
        f->strikes += plan->tx(f, packet, &what);
}

static void release_held(struct fault *f, const struct tx_packet *gone)
{
    const struct fault_what what = fault_view_name(&f->view, gone->dw, gone->n_dw);
    bool any = false;
    if (f->in_front > 0) {
        f->in_front--;
        return;
    }
    for (unsigned i = 0; i < f->tx.count; i++)
        any = any || f->tx.queue[i]->held;
    if (!any || (f->plan->until & FAULT_SET(what.kind)) == 0 || ++f->passed < f->plan->count)
        return;
    for (unsigned i = 0; i < f->tx.count; i++)
        f->tx.queue[i]->held = false;
}

/* A delay is over, or a copy goes out. */
static void wake(struct fault *f)
{
    if (f->due == 0 || f->time < f->due)
        return;
    f->due = 0;
    f->tx.stalled = false;
    if (f->copy.n_dw > 0)
        tx_proxy_insert(&f->tx, f->tx.count > 0 ? f->tx.queue[f->tx.count - 1] : NULL, f->copy.dw, f->copy.n_dw);
    f->copy.n_dw = 0;
}

/* tx from the design into the proxy, and from the proxy to the host. */
static void forward_tx(struct fault *f, const struct dut_in *altered, const struct dut_in *in, struct dut_out *out)
{
    if (out->tx.valid && altered->tx_tready) {
        struct tx_packet *packet = tx_proxy_take(&f->tx, &out->tx);
        if (packet != NULL)
            strike_packet(f, packet);
    }
    tx_proxy_present(&f->tx, &out->tx);
    if (f->plan->output != NULL)
        f->plan->output(f, in, out);
    f->before = out->tx;
    if (!out->tx.valid || !in->tx_tready)
        return;
    f->before.valid = false;
    const struct tx_packet *gone = tx_proxy_accept(&f->tx);
    if (gone != NULL)
        release_held(f, gone);
}

static void strike_dmc(struct fault *f, struct tx_packet *packet)
{
    struct tlp t;
    tlp_decode(packet->dw, packet->n_dw, &t);
    const bool armed = fault_armed(f);
    f->matches++;
    if (armed)
        f->strikes += f->plan->dmc(f, packet, &t);
}

/* dmc in the same way. There is no ready: whole completions go on, one that is held behind the next. */
static void forward_dmc(struct fault *f, struct dut_out *out)
{
    if (out->dmc.valid) {
        struct tx_packet *packet = tx_proxy_take(&f->dmc, &out->dmc);
        if (packet != NULL)
            strike_dmc(f, packet);
    }
    tx_proxy_present(&f->dmc, &out->dmc);
    if (!out->dmc.valid || tx_proxy_accept(&f->dmc) == NULL)
        return;
    for (unsigned i = 0; i < f->dmc.count; i++)
        f->dmc.queue[i]->held = false;
}

void fault_cycle(struct fault *fault, struct dut *dut, const struct dut_in *in, struct dut_out *out)
{
    if (fault == NULL) {
        dut_cycle(dut, in, out);
        return;
    }
    struct fault *f = fault;
    struct dut_in altered = *in;
    wake(f);
    if (!in->rst_n || !in->link_up)
        reset(f);
    altered.tx_tready = tx_proxy_ready(&f->tx);
    altered.flr_done = in->flr_done && tx_proxy_empty(&f->tx); /* else what is stored here would leave after FLR */
    if (f->plan->port != FAULT_PORT_NONE)
        fault_inbound(f, &altered);
    if (f->plan->input != NULL)
        f->plan->input(f, &altered);
    dut_cycle(dut, &altered, out);
    if (f->time == 0)
        note_power_up(f, out);
    forward_tx(f, &altered, in, out);
    if (f->plan->dmc != NULL)
        forward_dmc(f, out);
    if (!in->rst_n || !in->link_up)
        reset(f);
    fault_inbound_done(f, in, out);
    fault_view_cycle(&f->view, in, out);
    f->time++;
}
