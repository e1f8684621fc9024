/* liberal_shocks.c - traffic that resets: power states, function-level reset, link down. */
#include "liberal_software.h"

enum { PMCSR = 4, DEVICE_CONTROL = 8, LINK_CONTROL = 16, INTERRUPT = 0x3C };

static bool host_is_idle(struct bench *b, const void *ctx)
{
    (void)ctx;
    return host_idle(bench_host(b));
}

static bool wait_idle(struct traffic *t)
{
    return bench_wait(t->b, host_is_idle, NULL, "the host's requests to be answered");
}

static void forget_function(struct traffic *t)
{
    t->enable = t->fmask = t->bme = t->parity = false;
    for (unsigned v = 0; v < t->nvec; v++) {
        t->programmed[v] = false;
        t->masked[v] = true;
    }
}

/* Things that may come at any time, whatever state the function is in. */
static void disturb(struct traffic *t)
{
    switch (traffic_below(t, 6)) {
    case 0:
        app_event_start(t->b, traffic_any_vector(t));
        break;
    case 1:
        traffic_level(t);
        break;
    case 2:
        traffic_data(t);
        break;
    case 3:
        traffic_read_host(t);
        break;
    case 4:
        traffic_status(t);
        break;
    default:
        app_clear_start(t->b, traffic_any_vector(t));
        break;
    }
    bench_run(t->b, traffic_below(t, 10));
}

/* Memory requests that must be refused, or are dropped. */
static void knock(struct traffic *t)
{
    const unsigned v = traffic_any_vector(t);
    if (traffic_chance(t, 50))
        host_mem_write32(t->b, bench_table_address(t->b, v, 3), traffic_chance(t, 50));
    else
        traffic_read_and_forget(t, bench_table_address(t->b, v, 0), 1, 0xF, 0);
    if (traffic_chance(t, 30))
        traffic_read_and_forget(t, bench_csr_address(t->b, 8), 1, 0xF, 0);
}

/* Memory requests are not on their way while it changes what is decoded. */
void traffic_power(struct traffic *t)
{
    const unsigned pm = bench_config(t->b)->pm_cap;
    if (pm == 0 || t->dead || !traffic_make_certain(t) || !wait_idle(t))
        return;
    for (unsigned k = traffic_below(t, 3); k > 0; k--)
        disturb(t);
    host_cfg_write(t->b, pm + PMCSR, 0x1, 3);
    for (unsigned k = 1 + traffic_below(t, 10); k > 0 && !bench_stopped(t->b); k--) {
        disturb(t);
        if (traffic_chance(t, 30))
            knock(t);
        if (traffic_chance(t, 20))
            host_fence(t->b);
        if (traffic_chance(t, 20)) /* D1: not there */
            host_forget(t->b, host_cfg_write_start(t->b, pm + PMCSR, 0x1, 1));
    }
    wait_idle(t);
    host_cfg_write(t->b, pm + PMCSR, 0x1, 0);
    if (bench_config(t->b)->no_soft_reset)
        return;
    if (traffic_chance(t, 50))
        traffic_status(t);
    forget_function(t);
    traffic_begin(t);
}

/* Configuration requests and others in the reset, some of which are told to try again. Writes are waited for later. Returns true if
 * it was one of a control, which may be carried out behind the reset. */
static bool ask_in_reset(struct traffic *t)
{
    const unsigned pcie = bench_config(t->b)->pcie_cap, pm = bench_config(t->b)->pm_cap;
    bool control = false;
    switch (traffic_below(t, 8)) {
    case 0:
        traffic_control_start(t, INTERRUPT, 0x1, 0x55);
        break;
    case 1:
        traffic_control_start(t, pcie + LINK_CONTROL, 0x1, 0xC8);
        break;
    case 2:
        host_forget(t->b, host_cfg_read_start(t->b, traffic_chance(t, 50) ? 0 : pcie + DEVICE_CONTROL));
        break;
    case 3:
        control = true;
        traffic_control_start(t, t->capability, 0x8, traffic_below(t, 4) << 30);
        break;
    case 4:
        control = true;
        traffic_control_start(t, TRAFFIC_COMMAND, 0x1, traffic_chance(t, 50) ? 4 : 0);
        break;
    case 5:
        control = true;
        if (pm)
            traffic_control_start(t, pm + PMCSR, 0x1, traffic_chance(t, 50) ? 3 : 0);
        break;
    default:
        knock(t);
        break;
    }
    bench_run(t->b, traffic_below(t, 8));
    return control;
}

/* Awake and disabled, as a reset leaves a function. */
static void undo_controls(struct traffic *t)
{
    const unsigned pm = bench_config(t->b)->pm_cap;
    if (pm)
        host_cfg_write(t->b, pm + PMCSR, 0x1, 0);
    host_cfg_write(t->b, t->capability, 0x8, 0);
}

static bool reset_is_over(struct bench *b, const void *ctx)
{
    (void)ctx;
    return !bench_out(b)->flr_active;
}

void traffic_flr(struct traffic *t)
{
    const unsigned pcie = bench_config(t->b)->pcie_cap;
    if (pcie == 0 || t->dead || !traffic_make_certain(t))
        return;
    bool controls = false;
    app_set_flr_delay(t->b, traffic_chance(t, 50) ? 0 : traffic_below(t, 60));
    if (traffic_chance(t, 40))
        traffic_control_start(t, pcie + LINK_CONTROL, 0x1, traffic_below(t, 256));
    for (unsigned k = traffic_below(t, 6); k > 0; k--)
        disturb(t);
    const uint8_t tag = host_cfg_write_start(t->b, pcie + DEVICE_CONTROL, 0x2, 0xA800);
    for (unsigned k = traffic_below(t, 8); k > 0; k--) {
        if (traffic_chance(t, 50))
            disturb(t);
        else
            controls |= ask_in_reset(t);
    }
    traffic_revive(t);
    host_wait(t->b, tag);
    bench_wait(t->b, reset_is_over, NULL, "the function-level reset to end");
    traffic_make_certain(t);
    t->late_answers = true;
    bench_run(t->b, traffic_below(t, 20));
    if (traffic_chance(t, 50))
        wait_idle(t);
    if (traffic_chance(t, 50))
        host_cfg_read32(t->b, pcie + LINK_CONTROL);
    if (controls)
        undo_controls(t);
    forget_function(t);
    traffic_begin(t);
}

void traffic_link_down(struct traffic *t)
{
    if (!traffic_chance(t, 40))
        return;
    for (unsigned k = traffic_below(t, 4); k > 0; k--)
        disturb(t);
    t->controls = 0;
    bench_set_link(t->b, false, false);
    bench_run(t->b, 1 + traffic_below(t, 4));
    if (traffic_chance(t, 30)) {
        bench_set_link(t->b, true, false);
        bench_run(t->b, 1 + traffic_below(t, 20));
    }
    bench_set_link(t->b, true, true);
    traffic_revive(t);
    traffic_collect(t);
    t->route = 0x0100;
    forget_function(t);
    traffic_begin(t);
}
