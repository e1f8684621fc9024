/* liberal_plan.c - what one seed stands for: geometry, policy, habits. */
#include "liberal.h"

#include <string.h>

enum { PAGE = 4096, BAR_LEAST_LOG2 = 14 };

static unsigned pick(struct rng *rng, const unsigned *from, unsigned n)
{
    return from[rng_below(rng, n)];
}

/* --- geometry --- */

/* Table, pending bits and registers in any order, a page each or more, with gaps. */
static void place(struct dut_config *c, struct rng *rng)
{
    uint16_t order[3] = {0, 1, 2};
    uint32_t *const offset[3] = {&c->table_offset, &c->pba_offset, &c->csr_offset};
    uint32_t at = 0;
    rng_shuffle(rng, order, 3);
    for (unsigned k = 0; k < 3; k++) {
        const uint32_t size = order[k] == 0 ? 16 * c->nvec : order[k] == 1 ? (c->nvec + 63) / 64 * 8 : PAGE;
        at += rng_below(rng, 2) * PAGE;
        *offset[order[k]] = at;
        if (order[k] != 2)
            *offset[order[k]] += rng_below(rng, 4) * 8;
        at = (*offset[order[k]] + size + PAGE - 1) / PAGE * PAGE;
    }
    c->bar0_size_log2 = BAR_LEAST_LOG2;
    while (UINT32_C(1) << c->bar0_size_log2 < at)
        c->bar0_size_log2++;
    c->bar0_size_log2 += rng_below(rng, 3);
}

/* Anywhere from 40h on, in any order; the list is that of their IDs. Without one of them now and then. */
static void place_capabilities(struct dut_config *c, struct rng *rng, bool may_lack)
{
    static const uint16_t size[3] = {8, 60, 12};
    uint16_t order[3] = {0, 1, 2}, at = 0x40;
    uint16_t *const offset[3] = {&c->pm_cap, &c->pcie_cap, &c->msix_cap};
    rng_shuffle(rng, order, 3);
    for (unsigned k = 0; k < 3; k++) {
        at = (uint16_t)(at + 4 * rng_below(rng, 8));
        *offset[order[k]] = at;
        at = (uint16_t)(at + size[order[k]]);
    }
    if (may_lack && rng_percent(rng, 5))
        c->pm_cap = 0;
    if (may_lack && rng_percent(rng, 5))
        c->pcie_cap = 0;
}

static void draw_config(struct dut_config *c, struct rng *rng, bool may_lack)
{
    static const unsigned nvec[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 31, 32, 33, 63, 64, 65, 100, 129};
    static const unsigned data_dw[] = {2, 4, 8, 16}, mps_max[] = {128, 256, 512};
    *c = (struct dut_config){.name = "liberal", .vendor_id = 0x1AF4, .subsys_vendor_id = 0x1AF4};
    c->nvec = pick(rng, nvec, sizeof nvec / sizeof nvec[0]);
    c->data_dw = pick(rng, data_dw, 4);
    c->mps_max = pick(rng, mps_max, 3);
    c->device_id = (uint16_t)rng_next(rng);
    c->subsys_id = (uint16_t)rng_next(rng);
    c->class_code = (uint32_t)rng_next(rng) & 0xFFFFFF;
    c->revision_id = (uint8_t)rng_next(rng);
    place(c, rng);
    c->intx_pin = rng_below(rng, 5);
    c->no_soft_reset = rng_percent(rng, 50);
    place_capabilities(c, rng, may_lack);
}

/* --- policy --- */

static enum policy_tristate draw_choice(struct rng *rng)
{
    const unsigned n = rng_below(rng, 4);
    return n < 2 ? POLICY_YES : n == 2 ? POLICY_NO : POLICY_EITHER;
}

static enum policy_tristate yes_or_either(struct rng *rng)
{
    return rng_percent(rng, 50) ? POLICY_YES : POLICY_EITHER;
}

static void draw_policy(struct policy *p, struct rng *rng)
{
    *p = policy_default();
    p->error_reporting = rng_percent(rng, 80) ? POLICY_YES : draw_choice(rng);
    p->intx_duplicates = draw_choice(rng);
    p->flr_answers_rrs = draw_choice(rng);
    p->record_while_disabled = draw_choice(rng);
    p->keep_on_disable = draw_choice(rng);
    p->hold_while_bme_off = draw_choice(rng);
    p->record_masked_while_bme_off = draw_choice(rng);
    p->table_zero_after_reset = yes_or_either(rng);
    p->pba_writes_ignored = yes_or_either(rng);
    p->gap_reads_zero = yes_or_either(rng);
    p->vector_control_reserved_zero = yes_or_either(rng);
    p->prompt_visibility = rng_percent(rng, 75) ? POLICY_YES : POLICY_EITHER;
    p->fairness_slack = rng_percent(rng, 50) ? 0 : 64;
    p->write_acceptance_clocks = 300;
    p->idle_latency_clocks = 0;
}

/* --- what a switch needs --- */

static void keep_everything(struct policy *p)
{
    p->record_while_disabled = p->keep_on_disable = p->hold_while_bme_off = p->record_masked_while_bme_off = POLICY_YES;
    p->prompt_visibility = p->pba_writes_ignored = p->error_reporting = POLICY_YES;
    p->intx_duplicates = POLICY_NO;
}

static void at_least(unsigned *value, unsigned least)
{
    if (*value < least)
        *value = least;
}

static void bend(struct liberal_plan *p, struct rng *rng)
{
    struct liberal_habits *h = &p->habits;
    keep_everything(&p->policy);
    at_least(&h->commit, 15);
    if (p->illegal >= LIBERAL_ASSERT_PASSES_DATA && p->illegal <= LIBERAL_INTX_SPURIOUS && p->config.intx_pin == 0)
        p->config.intx_pin = 1 + rng_below(rng, 4);
    switch (p->illegal) {
    case LIBERAL_STARVES:
        p->config.nvec = 2 + rng_below(rng, 6);
        p->policy.fairness_slack = 8;
        h->room = 2;
        h->commit = h->grants = 100;
        h->withdraws = 0;
        h->tx_pauses = h->tx_gaps = h->event_pauses = 0;
        break;
    case LIBERAL_WITHDRAWS_AND_LOSES:
    case LIBERAL_WITHDRAWS_AND_SENDS:
        at_least(&h->clears_late, 60);
        at_least(&h->withdraws, 60);
        at_least(&h->tx_pauses, 40);
        h->clears = 0;
        break;
    case LIBERAL_MERGES_TOO_LATE:
    case LIBERAL_BIT_CLEARS_EARLY:
        at_least(&h->tx_pauses, 40);
        h->clears_late = 0;
        break;
    case LIBERAL_SOFT_RESET_KEEPS:
        p->config.no_soft_reset = false;
        break;
    case LIBERAL_FLR_STALE_DATA:
    case LIBERAL_FLR_STALE_MESSAGE:
        h->drains = 0;
        at_least(&h->tx_pauses, 40);
        break;
    case LIBERAL_ASSERT_PASSES_DATA:
        h->intx = 100;
        h->inserts = 0;
        at_least(&h->tx_pauses, 40);
        break;
    case LIBERAL_READ_AFTER_BME:
        h->takes_held = 100;
        break;
    case LIBERAL_DATA_AFTER_BME:
        h->holds_data = h->takes_held = 100;
        break;
    case LIBERAL_TABLE_ALIASES:
    case LIBERAL_BITS_BEYOND:
    case LIBERAL_EVENT_PAST_LAST:
        p->config.nvec |= 1;
        break;
    case LIBERAL_NEIGHBOUR_BIT:
    case LIBERAL_TORN_FIELDS:
        if (p->config.nvec < 2)
            p->config.nvec = 2;
        break;
    case LIBERAL_OLD_COMPLETER:
    case LIBERAL_OLD_REQUESTER:
    case LIBERAL_MIXED_REQUESTER:
        at_least(&h->grants, 40);
        break;
    default:
        break;
    }
}

void liberal_plan(struct liberal_plan *plan, uint64_t seed, enum liberal_illegal illegal)
{
    struct rng rng;
    rng_seed(&rng, seed ^ UINT64_C(0x6C6962));
    memset(plan, 0, sizeof *plan);
    plan->seed = seed;
    plan->illegal = illegal;
    draw_config(&plan->config, &rng, illegal == LIBERAL_LEGAL);
    draw_policy(&plan->policy, &rng);
    liberal_habits_draw(&plan->habits, &rng);
    plan->policy.qword_atomic = yes_or_either(&rng);
    if (illegal != LIBERAL_LEGAL)
        bend(plan, &rng);
    if (plan->policy.prompt_visibility == POLICY_YES)
        plan->habits.event_latency = 0;
    if (plan->policy.qword_atomic == POLICY_YES)
        plan->habits.split_reads = plan->habits.split_writes = 0;
}
