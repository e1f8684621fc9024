/* liberal_errors.c - errors that came in: each shows on a pin and in status bits, some time later. */
#include <string.h>

#include "liberal_device.h"

void liberal_error(struct dut *d, uint64_t seq, uint32_t status, unsigned device_status, enum liberal_pulse pulse)
{
    const bool reports = d->policy->error_reporting == POLICY_YES || d->plan->seed & 16;
    if (!reports || d->errors == LIBERAL_ERRORS)
        return;
    d->error[d->errors++] = (struct liberal_error){.seq = seq,
                                                   .due = liberal_later(d, d->habit->error_latency),
                                                   .status = status,
                                                   .device_status = (uint16_t)device_status,
                                                   .pulse = (int)pulse};
}

void liberal_unsupported(struct dut *d, const struct liberal_request *r)
{
    const bool posted = tlp_class(r->tlp.kind) == TLP_POSTED;
    liberal_error(d, r->seq, 0, LIBERAL_URD | (posted ? LIBERAL_NONFATAL : LIBERAL_CORRECTABLE), LIBERAL_UR);
}

void liberal_poisoned(struct dut *d, uint64_t seq)
{
    liberal_error(d, seq, LIBERAL_DETECTED_PARITY, LIBERAL_NONFATAL, LIBERAL_POISONED);
}

/* A completion proves what came before its request, and that the request itself was looked at. */
bool liberal_error_waits(const struct dut *d, const struct liberal_answer *a)
{
    for (unsigned k = 0; k < d->errors; k++)
        if (d->error[k].seq < a->seq + 1)
            return true;
    return false;
}

/* In a function-level reset the status bits stay 0. */
static void set_bits(struct dut *d, const struct liberal_error *e)
{
    if (d->flr.active)
        return;
    const bool lacks = e->device_status & LIBERAL_URD && liberal_breaks(d, LIBERAL_UR_WITHOUT_STATUS, 100);
    d->status |= e->status;
    d->device_status = (uint16_t)(d->device_status | (e->device_status & ~(lacks ? LIBERAL_URD : 0)));
}

static bool *pulse_pin(struct dut *d, int pulse)
{
    switch (pulse) {
    case LIBERAL_UR:
        return &d->out.err_ur;
    case LIBERAL_POISONED:
        return &d->out.err_poisoned;
    case LIBERAL_MALFORMED:
        return &d->out.err_malformed;
    default:
        return &d->out.err_unexp_cpl;
    }
}

static bool show(struct dut *d, const struct liberal_error *e)
{
    if (e->pulse < LIBERAL_PULSES) {
        bool *pin = pulse_pin(d, e->pulse);
        if (*pin)
            return false; /* one a clock */
        *pin = true;
        if (e->pulse == LIBERAL_UR && liberal_breaks(d, LIBERAL_UR_WITHOUT_PULSE, 30)) {
            *pin = false;
            liberal_strike(d);
        }
    }
    set_bits(d, e);
    return true;
}

void liberal_errors_step(struct dut *d)
{
    for (int pulse = 0; pulse < LIBERAL_PULSES; pulse++)
        *pulse_pin(d, pulse) = false;
    for (unsigned k = 0; k < d->errors;) {
        if (d->error[k].due > d->clock || !show(d, &d->error[k])) {
            k++;
            continue;
        }
        d->errors--;
        memmove(&d->error[k], &d->error[k + 1], (d->errors - k) * sizeof d->error[0]);
    }
}
