/*
 * scenario_run.c - see scenario_run.h: goes through the list; what writes registers is here, the rest in scenario_do.h.
 */
#include "scenario_run.h"

#include <stdlib.h>

#include "scenario_do.h"

enum { COMMAND = 0x04, INTERRUPT_DISABLE = 0x400 };

/* --- the operations --- */

static bool configure(struct scenario_state *s, const struct scenario_op *op)
{
    const uint64_t *const arg = op->arg;
    switch (op->kind) {
    case SCENARIO_WRITE_CONFIG:
        return state_write_config(s, (unsigned)arg[0], (unsigned)arg[1], (uint32_t)arg[2]);
    case SCENARIO_CONTROL:
        return state_control(s, arg[0], arg[1]);
    case SCENARIO_ENABLE:
        return state_control(s, arg[0], s->function_mask);
    case SCENARIO_FUNCTION_MASK:
        return state_control(s, s->enable, arg[0]);
    case SCENARIO_BUS_MASTER:
        return state_command(s, arg[0], s->memory_space);
    case SCENARIO_MEMORY_SPACE:
        return state_command(s, s->bus_master, arg[0]);
    case SCENARIO_WRITE_TABLE:
        return state_write_field(s, (unsigned)arg[0], (enum scenario_field)arg[1], arg[2]);
    case SCENARIO_MASK:
    case SCENARIO_UNMASK:
        return state_mask(s, (unsigned)arg[0], op->kind == SCENARIO_MASK);
    case SCENARIO_PROGRAM:
        return state_program(s, (unsigned)arg[0], arg[1], (uint32_t)arg[2], arg[3]);
    case SCENARIO_INTERRUPT_DISABLE:
        return state_write_config(s, COMMAND, 0x2, arg[0] ? INTERRUPT_DISABLE : 0);
    case SCENARIO_DEVICE_CONTROL:
        return state_device_control(s, (unsigned)arg[0], (unsigned)arg[1], arg[2], arg[3]);
    case SCENARIO_IDO:
        return state_ido(s, arg[0], arg[1]);
    default: /* SCENARIO_ROUTE */
        return state_route(s, (unsigned)arg[0], (unsigned)arg[1]);
    }
}

/* False: left out. */
static bool execute(struct scenario_state *s, const struct scenario_op *op)
{
    static scenario_doer *const doers[SCENARIO_KINDS] = {
        [SCENARIO_READ_CONFIG] = scenario_request,
        [SCENARIO_READ_TABLE] = scenario_request,
        [SCENARIO_READ_PBA] = scenario_request,
        [SCENARIO_READ_PBA64] = scenario_request,
        [SCENARIO_READ_CSR] = scenario_request,
        [SCENARIO_WRITE_CSR] = scenario_request,
        [SCENARIO_READ_BAR] = scenario_request,
        [SCENARIO_WRITE_BAR] = scenario_request,
        [SCENARIO_FLOOD] = scenario_request,
        [SCENARIO_ATTRIBUTES] = scenario_request,
        [SCENARIO_WRITE_CONFIG] = configure,
        [SCENARIO_WRITE_TABLE] = configure,
        [SCENARIO_CONTROL] = configure,
        [SCENARIO_ENABLE] = configure,
        [SCENARIO_FUNCTION_MASK] = configure,
        [SCENARIO_BUS_MASTER] = configure,
        [SCENARIO_MEMORY_SPACE] = configure,
        [SCENARIO_ROUTE] = configure,
        [SCENARIO_MASK] = configure,
        [SCENARIO_UNMASK] = configure,
        [SCENARIO_PROGRAM] = configure,
        [SCENARIO_INTERRUPT_DISABLE] = configure,
        [SCENARIO_DEVICE_CONTROL] = configure,
        [SCENARIO_IDO] = configure,
        [SCENARIO_EVENT] = scenario_device,
        [SCENARIO_CLEAR] = scenario_device,
        [SCENARIO_DMA] = scenario_device,
        [SCENARIO_DMA_READ] = scenario_device,
        [SCENARIO_ANSWERS] = scenario_device,
        [SCENARIO_ANSWER_ERRORS] = scenario_device,
        [SCENARIO_HOLD_ANSWERS] = scenario_device,
        [SCENARIO_STRAY] = scenario_device,
        [SCENARIO_INTX] = scenario_device,
        [SCENARIO_INTX_FLOW] = scenario_device,
        [SCENARIO_TX] = scenario_pace,
        [SCENARIO_GAPS] = scenario_pace,
        [SCENARIO_STALL_DMA] = scenario_pace,
        [SCENARIO_CSR_DELAY] = scenario_pace,
        [SCENARIO_CREDITS] = scenario_pace,
        [SCENARIO_WINDOW] = scenario_pace,
        [SCENARIO_GRANT] = scenario_pace,
        [SCENARIO_STARVE] = scenario_pace,
        [SCENARIO_INFINITE] = scenario_pace,
        [SCENARIO_RESET] = scenario_life,
        [SCENARIO_WAIT] = scenario_life,
        [SCENARIO_FLUSH] = scenario_life,
        [SCENARIO_FENCE] = scenario_life,
        [SCENARIO_SETTLE] = scenario_life,
        [SCENARIO_DRAIN] = scenario_life,
        [SCENARIO_POWER] = scenario_life,
        [SCENARIO_FLR] = scenario_life,
        [SCENARIO_RECOVER] = scenario_life,
        [SCENARIO_LINK_DOWN] = scenario_life,
        [SCENARIO_ILLEGAL] = scenario_illegal,
    };
    return doers[op->kind](s, op);
}

bool scenario_run(struct bench *b, const struct scenario *s, struct scenario_outcome *outcome)
{
    struct scenario_state *state = calloc(1, sizeof *state);
    *outcome = (struct scenario_outcome){0};
    if (!state)
        return false;
    state->b = b;
    state->tx_percent = 100;
    state_start(state);
    while (outcome->executed < s->count && !bench_stopped(b))
        outcome->left_out += !execute(state, &s->op[outcome->executed++]);
    state_end(state);
    free(state);
    return true;
}
