#include "liberal_switch.h"

#include <stdint.h>
#include <string.h>

/* --- habits --- */

enum habit_type { HABIT_PAUSE, HABIT_PERCENT, HABIT_OFTEN, HABIT_CLOCKS, HABIT_ROOM };

struct habit {
    const char *name;
    size_t offset;
    enum habit_type type;
};

#define HABIT(name, type)                                                                                              \
    {                                                                                                                  \
#name, offsetof(struct liberal_habits, name), type                                                             \
    }

static const struct habit habits_of_all[] = {
    HABIT(rx_pauses, HABIT_PAUSE),
    HABIT(dma_pauses, HABIT_PAUSE),
    HABIT(event_pauses, HABIT_PAUSE),
    HABIT(tx_pauses, HABIT_PAUSE),
    HABIT(tx_gaps, HABIT_PAUSE),
    HABIT(grants, HABIT_OFTEN),
    HABIT(write_latency, HABIT_CLOCKS),
    HABIT(request_latency, HABIT_CLOCKS),
    HABIT(completion_latency, HABIT_CLOCKS),
    HABIT(in_order, HABIT_PERCENT),
    HABIT(split_writes, HABIT_PERCENT),
    HABIT(split_reads, HABIT_PERCENT),
    HABIT(event_latency, HABIT_CLOCKS),
    HABIT(commit, HABIT_OFTEN),
    HABIT(room, HABIT_ROOM),
    HABIT(merges, HABIT_PERCENT),
    HABIT(separates, HABIT_PERCENT),
    HABIT(inserts, HABIT_PERCENT),
    HABIT(clears_late, HABIT_PERCENT),
    HABIT(clears, HABIT_PAUSE),
    HABIT(withdraws, HABIT_PERCENT),
    HABIT(drops, HABIT_PERCENT),
    HABIT(id_at_send, HABIT_PERCENT),
    HABIT(relaxed_passes, HABIT_PERCENT),
    HABIT(completions_first, HABIT_PERCENT),
    HABIT(holds_data, HABIT_PERCENT),
    HABIT(takes_held, HABIT_PERCENT),
    HABIT(reads_first, HABIT_PERCENT),
    HABIT(error_latency, HABIT_CLOCKS),
    HABIT(extra_errors, HABIT_PERCENT),
    HABIT(intx, HABIT_OFTEN),
    HABIT(repeats, HABIT_PERCENT),
    HABIT(dmr_pauses, HABIT_PAUSE),
    HABIT(dmc_gaps, HABIT_PAUSE),
    HABIT(dmc_latency, HABIT_CLOCKS),
    HABIT(drains, HABIT_PERCENT),
    HABIT(flr_clocks, HABIT_CLOCKS),
    HABIT(waits_in_flr, HABIT_PERCENT),
    HABIT(ido, HABIT_PERCENT),
};

enum { HABITS = sizeof habits_of_all / sizeof habits_of_all[0] };

_Static_assert(sizeof(struct liberal_habits) == HABITS * sizeof(unsigned), "every habit has a row");

static unsigned draw(enum habit_type type, struct rng *rng)
{
    static const unsigned pauses[] = {0, 0, 10, 40, 75}, often[] = {4, 15, 40, 80, 100};
    static const unsigned clocks[] = {0, 1, 4, 12, 30}, rooms[] = {1, 2, 4, 12, 24};
    const unsigned pick = rng_below(rng, 5);
    switch (type) {
    case HABIT_PAUSE:
        return pauses[pick];
    case HABIT_OFTEN:
        return often[pick];
    case HABIT_CLOCKS:
        return clocks[pick];
    case HABIT_ROOM:
        return rooms[pick];
    default:
        return pick == 0 ? 0 : pick == 1 ? 100 : rng_below(rng, 101);
    }
}

void liberal_habits_draw(struct liberal_habits *habits, struct rng *rng)
{
    for (unsigned i = 0; i < HABITS; i++) {
        const unsigned value = draw(habits_of_all[i].type, rng);
        memcpy((char *)habits + habits_of_all[i].offset, &value, sizeof value);
    }
}

bool liberal_habit_get(const struct liberal_habits *habits, unsigned index, const char **name, unsigned *value)
{
    if (index >= HABITS)
        return false;
    *name = habits_of_all[index].name;
    memcpy(value, (const char *)habits + habits_of_all[index].offset, sizeof *value);
    return true;
}

/* --- switches --- */

#define LIST_END CHECK_COUNT
#define CHECKS_1(a)                                                                                                    \
    {                                                                                                                  \
        CHECK_##a, LIST_END                                                                                            \
    }
#define CHECKS_2(a, b)                                                                                                 \
    {                                                                                                                  \
        CHECK_##a, CHECK_##b, LIST_END                                                                                 \
    }
#define CHECKS_3(a, b, c)                                                                                              \
    {                                                                                                                  \
        CHECK_##a, CHECK_##b, CHECK_##c, LIST_END                                                                      \
    }
#define CHECKS_4(a, b, c, d)                                                                                           \
    {                                                                                                                  \
        CHECK_##a, CHECK_##b, CHECK_##c, CHECK_##d, LIST_END                                                           \
    }
#define CHECKS_5(a, b, c, d, e)                                                                                        \
    {                                                                                                                  \
        CHECK_##a, CHECK_##b, CHECK_##c, CHECK_##d, CHECK_##e, LIST_END                                                \
    }
#define CHECKS_7(a, b, c, d, e, f, g)                                                                                  \
    {                                                                                                                  \
        CHECK_##a, CHECK_##b, CHECK_##c, CHECK_##d, CHECK_##e, CHECK_##f, CHECK_##g, LIST_END                          \
    }

static const struct liberal_switch switches[LIBERAL_ILLEGALS] = {
    [LIBERAL_LEGAL] = {"none", "nothing is broken", {LIST_END}},
    [LIBERAL_MESSAGE_AFTER_MASK] = {"message_after_mask", "sends although the entry is masked, behind the fence",
                                    CHECKS_2(MSG_MASKED, MSG_FIELDS)},
    [LIBERAL_MESSAGE_AFTER_FMASK] = {"message_after_fmask", "sends under Function Mask, behind the fence",
                                     CHECKS_2(MSG_MASKED, MSG_FIELDS)},
    [LIBERAL_MESSAGE_AFTER_DISABLE] = {"message_after_disable", "sends while MSI-X is disabled, behind the fence",
                                       CHECKS_2(MSG_DISABLED, MSG_FIELDS)},
    [LIBERAL_MESSAGE_AFTER_BME] = {"message_after_bme", "sends a message while BME = 0, behind the fence",
                                   CHECKS_2(MSG_BUS_MASTER, MSG_FIELDS)},
    [LIBERAL_DATA_AFTER_BME] = {"data_after_bme", "sends data that it held while BME = 0, behind the fence",
                                CHECKS_1(DMA_BUS_MASTER)},
    [LIBERAL_CONTROL_GLITCH] = {"control_glitch", "takes Enable a few clocks before Function Mask from one write",
                                CHECKS_3(MSG_MASKED, MSG_DISABLED, MSG_FIELDS)},
    [LIBERAL_FMASK_SETS_MASKS] = {"fmask_sets_masks", "setting Function Mask sets the mask of some entries",
                                  CHECKS_3(TABLE_MASK_VALUE, PBA_VALUE, EVENT_LOST)},
    [LIBERAL_FMASK_CLEARS_MASKS] = {"fmask_clears_masks", "clearing Function Mask clears the mask of some entries",
                                    CHECKS_3(TABLE_MASK_VALUE, MSG_MASKED, MSG_FIELDS)},
    [LIBERAL_MASK_RESETS_CLEAR] = {"mask_resets_clear", "some entry is not masked after reset",
                                   CHECKS_3(TABLE_MASK_VALUE, MSG_MASKED, MSG_KNOWN)},
    [LIBERAL_LOSES_WRITE] = {"loses_write", "a write to Vector Control changes nothing",
                             CHECKS_5(TABLE_MASK_VALUE, MSG_MASKED, MSG_FIELDS, PBA_VALUE, EVENT_LOST)},
    [LIBERAL_TABLE_ALIASES] = {"table_aliases", "a write behind the last entry lands in an entry",
                               CHECKS_5(TABLE_VALUE, TABLE_MASK_VALUE, MSG_MASKED, MSG_FIELDS, MSG_KNOWN)},
    [LIBERAL_CLEAR_BEATS_SET] = {"clear_beats_set", "an event in the clock of a clear of its vector is lost",
                                 CHECKS_3(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_SEND_BEATS_SET] = {"send_beats_set", "an event in the first clock of its vector's message is lost",
                                CHECKS_3(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_MERGES_TOO_LATE] = {"merges_too_late", "an event joins a message that stands before the event's data",
                                 CHECKS_4(MSG_ORDER, PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_CLEAR_TAKES_LATER] = {"clear_takes_later", "a clear waits and takes an event that came after it",
                                   CHECKS_5(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR, MSG_CAUSE, MSG_ORDER)},
    [LIBERAL_DUPLICATE] = {"duplicate", "a message leaves twice",
                           CHECKS_5(MSG_CAUSE, MSG_FIELDS, MSG_KNOWN, MSG_MASKED, MSG_DISABLED)},
    [LIBERAL_STAYS_PENDING] = {"stays_pending", "the pending bit stays set although the message was sent",
                               CHECKS_2(PBA_VALUE, MSG_CAUSE)},
    [LIBERAL_WITHDRAWS_AND_LOSES] = {"withdraws_and_loses", "a message is taken back and its bit is not set",
                                     CHECKS_3(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_WITHDRAWS_AND_SENDS] = {"withdraws_and_sends", "the bit is set again, and the message leaves as well",
                                     CHECKS_4(PBA_VALUE, MSG_CAUSE, MSG_ORDER, TEST_EXPECTATION)},
    [LIBERAL_DROPS_ON_DISABLE] = {"drops_on_disable", "disabling clears pending bits against the policy",
                                  CHECKS_3(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_DROPS_ON_BME] = {"drops_on_bme", "events are lost while BME = 0 against the policy",
                              CHECKS_3(PBA_VALUE, EVENT_LOST, PBA_EARLY_CLEAR)},
    [LIBERAL_EVENT_PAST_LAST] = {"event_past_last", "an event behind the last entry counts for an entry",
                                 CHECKS_3(PBA_VALUE, MSG_CAUSE, MSG_ORDER)},
    [LIBERAL_STARVES] = {"starves", "one vector is not served while others wait", CHECKS_1(MSG_FAIRNESS)},
    [LIBERAL_NEIGHBOUR_BIT] = {"neighbour_bit", "an event sets the bit of another vector",
                               CHECKS_5(PBA_VALUE, MSG_CAUSE, EVENT_LOST, PBA_EARLY_CLEAR, MSG_ORDER)},
    [LIBERAL_BIT_CLEARS_EARLY] = {"bit_clears_early", "a completion with the bit cleared passes the message",
                                  CHECKS_5(PBA_EARLY_CLEAR, PBA_VALUE, MSG_CAUSE, MSG_MASKED, MSG_FIELDS)},
    [LIBERAL_BITS_BEYOND] = {"bits_beyond", "bits behind the last vector read 1", CHECKS_1(PBA_RESERVED)},
    [LIBERAL_STALE_AFTER_FMASK] = {"stale_after_fmask", "clearing Function Mask does not refresh what is cached",
                                   CHECKS_2(MSG_FIELDS, MSG_KNOWN)},
    [LIBERAL_TORN_FIELDS] = {"torn_fields", "a message has the new address and the old data",
                             CHECKS_2(MSG_FIELDS, MSG_KNOWN)},
    [LIBERAL_OLD_AFTER_FENCE] = {"old_after_fence", "a message has old address and data, behind the fence",
                                 CHECKS_2(MSG_FIELDS, MSG_KNOWN)},
    [LIBERAL_QWORD_OLD_DATA] = {"qword_old_data", "a QWORD that unmasks takes its new data later",
                                CHECKS_1(MSG_FIELDS)},
    [LIBERAL_LONG_HEADER] = {"long_header", "a 4 DW header below 4 GB", CHECKS_1(MSG_HEADER_FORM)},
    [LIBERAL_OLD_REQUESTER] = {"old_requester", "a message has the Requester ID of before, behind the fence",
                               CHECKS_1(MSG_REQUESTER)},
    [LIBERAL_MIXED_REQUESTER] = {"mixed_requester", "a message has the new bus and the old device number",
                                 CHECKS_1(MSG_REQUESTER)},
    [LIBERAL_PASSES_RELAXED_DATA] = {"passes_relaxed_data", "a message passes earlier data that has RO = 1",
                                     CHECKS_4(MSG_ORDER, PBA_VALUE, PBA_EARLY_CLEAR, EVENT_LOST)},
    [LIBERAL_PASSES_STARVED_DATA] = {"passes_starved_data", "a message passes earlier data that lacks credits",
                                     CHECKS_4(MSG_ORDER, PBA_VALUE, PBA_EARLY_CLEAR, EVENT_LOST)},
    [LIBERAL_DATA_PASSES_DATA] = {"data_passes_data", "data with RO = 0 passes earlier data", CHECKS_1(DMA_ORDER)},
    [LIBERAL_COMPLETION_PASSES] = {"completion_passes", "a completion with RO = 0 passes earlier data",
                                   CHECKS_1(CPL_ORDER)},
    [LIBERAL_LOSES_DATA] = {"loses_data", "a data write is never sent",
                            CHECKS_7(DMA_ORDER, DMA_LOST, CPL_ORDER, MSG_ORDER, DMR_ORDER, INTX_ORDER, PROGRESS)},
    [LIBERAL_BYTE_COUNT] = {"byte_count", "a completion has a wrong Byte Count", CHECKS_1(CPL_BYTE_COUNT)},
    [LIBERAL_OLD_COMPLETER] = {"old_completer", "a completion has the ID from before an earlier request",
                               CHECKS_1(CPL_COMPLETER)},
    [LIBERAL_LOSES_COMPLETION] = {"loses_completion", "a request is not answered",
                                  CHECKS_3(CPL_MISSING, PROGRESS, DMA_LOST)},
    [LIBERAL_ANSWERS_TWICE] = {"answers_twice", "a request is answered twice", CHECKS_1(CPL_EXPECTED)},
    [LIBERAL_FAILED_BYTE_COUNT] = {"failed_byte_count", "a memory read that fails is answered with another Byte Count",
                                   CHECKS_1(CPL_BYTE_COUNT)},
    [LIBERAL_RETRY_OUTSIDE_RESET] = {"retry_outside_reset", "RRS long after the last function-level reset",
                                     CHECKS_1(CPL_STATUS)},
    [LIBERAL_IDO_UNASKED] = {"ido_unasked", "ID-based ordering in a TLP while it is not enabled",
                             CHECKS_3(MSG_IDO, CPL_ATTRIBUTES, INTX_FORMAT)},
    [LIBERAL_READ_PASSES_DATA] = {"read_passes_data", "a read of the device logic passes earlier data",
                                  CHECKS_1(DMR_ORDER)},
    [LIBERAL_READ_BLOCKS] = {"read_blocks", "nothing passes a read that lacks credit",
                             CHECKS_3(PROGRESS, DMR_LOST, CPL_MISSING)},
    [LIBERAL_READ_TWICE] = {"read_twice", "a read of the device logic is sent twice", CHECKS_1(DMR_CONTENT)},
    [LIBERAL_READ_LOST] = {"read_lost", "a read of the device logic is not sent", CHECKS_2(DMR_LOST, PROGRESS)},
    [LIBERAL_READ_AFTER_BME] = {"read_after_bme", "a read is sent while BME = 0, behind the fence",
                                CHECKS_1(DMR_BUS_MASTER)},
    [LIBERAL_FORWARDS_UNEXPECTED] = {"forwards_unexpected", "the device logic gets a completion that it is not due",
                                     CHECKS_1(DMC_CONTENT)},
    [LIBERAL_LOSES_DELIVERY] = {"loses_delivery", "the device logic does not get a completion",
                                CHECKS_3(DMC_LOST, DMC_ORDER, PROGRESS)},
    [LIBERAL_SWAPS_DELIVERIES] = {"swaps_deliveries", "completions of one read change their places",
                                  CHECKS_1(DMC_ORDER)},
    [LIBERAL_PENDING_STUCK] = {"pending_stuck", "Transactions Pending does not fall", CHECKS_1(CFG_VALUE)},
    [LIBERAL_ASSERT_PASSES_DATA] = {"assert_passes_data", "an INTx message passes earlier data", CHECKS_1(INTX_ORDER)},
    [LIBERAL_INTX_WHILE_DISABLED] = {"intx_while_disabled", "Interrupt Disable does nothing",
                                     CHECKS_2(INTX_STATE, INTX_CAUSE)},
    [LIBERAL_INTX_WITH_MSIX] = {"intx_with_msix", "INTx is asserted while MSI-X is enabled",
                                CHECKS_2(INTX_STATE, INTX_CAUSE)},
    [LIBERAL_INTX_IN_D3HOT] = {"intx_in_d3hot", "INTx is asserted in D3hot", CHECKS_2(INTX_STATE, INTX_CAUSE)},
    [LIBERAL_INTX_THROUGH_FLR] = {"intx_through_flr", "INTx is asserted when a function-level reset ends",
                                  CHECKS_1(INTX_STATE)},
    [LIBERAL_INTX_CODE] = {"intx_code", "an INTx message of another wire", CHECKS_1(INTX_FORMAT)},
    [LIBERAL_INTX_REPEATS] = {"intx_repeats", "an INTx message is sent twice against the policy",
                              CHECKS_1(INTX_DUPLICATE)},
    [LIBERAL_INTX_LOSES_EDGE] = {"intx_loses_edge", "an edge of the cause is lost", CHECKS_1(INTX_STATE)},
    [LIBERAL_INTX_FUNCTION] = {"intx_function", "an INTx message with another function number",
                               CHECKS_1(INTX_REQUESTER)},
    [LIBERAL_INTX_SPURIOUS] = {"intx_spurious", "INTx is asserted without a cause", CHECKS_1(INTX_CAUSE)},
    [LIBERAL_UR_WITHOUT_STATUS] = {"ur_without_status", "Unsupported Request Detected is not set", CHECKS_1(CFG_VALUE)},
    [LIBERAL_UR_WITHOUT_PULSE] = {"ur_without_pulse", "err_ur does not pulse", CHECKS_1(ERROR_PULSES)},
    [LIBERAL_STATUS_CLEARED_BY_ZERO] = {"status_cleared_by_zero", "an error status bit is cleared by writing 0",
                                        CHECKS_1(CFG_VALUE)},
    [LIBERAL_TAKES_POISONED] = {"takes_poisoned", "a poisoned write is carried out",
                                CHECKS_5(TABLE_VALUE, TABLE_MASK_VALUE, CSR_ACCESS, MSG_MASKED, MSG_FIELDS)},
    [LIBERAL_SERVES_IN_D3HOT] = {"serves_in_d3hot", "memory requests are served in D3hot",
                                 CHECKS_4(CPL_STATUS, CSR_ACCESS, TABLE_MASK_VALUE, ERROR_PULSES)},
    [LIBERAL_MESSAGE_IN_D3HOT] = {"message_in_d3hot", "messages leave in D3hot, behind the fence",
                                  CHECKS_3(MSG_BUS_MASTER, DMA_BUS_MASTER, DMR_BUS_MASTER)},
    [LIBERAL_SOFT_RESET_KEEPS] = {"soft_reset_keeps", "D3hot to D0 resets nothing without No_Soft_Reset",
                                  CHECKS_7(CFG_VALUE, CFG_OUTPUTS, TABLE_MASK_VALUE, CPL_STATUS, MSG_DISABLED,
                                           DMA_BUS_MASTER, DMR_BUS_MASTER)},
    [LIBERAL_FLR_KEEPS_CONTROLS] = {"flr_keeps_controls", "MSI-X Enable survives a function-level reset",
                                    CHECKS_2(CFG_VALUE, CFG_OUTPUTS)},
    [LIBERAL_FLR_KEEPS_MASKS] = {"flr_keeps_masks", "entries stay unmasked through a function-level reset",
                                 CHECKS_4(TABLE_MASK_VALUE, MSG_MASKED, MSG_FIELDS, MSG_KNOWN)},
    [LIBERAL_FLR_CLEARS_LINK_CONTROL] = {"flr_clears_link", "a function-level reset changes Link Control",
                                         CHECKS_1(CFG_VALUE)},
    [LIBERAL_FLR_STALE_DATA] = {"flr_stale_data", "data of before leaves behind a function-level reset",
                                CHECKS_2(FLR_STALE, DMA_BUS_MASTER)},
    [LIBERAL_FLR_STALE_MESSAGE] = {"flr_stale_message", "a message of before leaves behind a function-level reset",
                                   CHECKS_5(MSG_KNOWN, MSG_FIELDS, MSG_CAUSE, MSG_MASKED, MSG_DISABLED)},
    [LIBERAL_FLR_SPOILS_CREDIT] = {"flr_spoils_credit", "a function-level reset begins the credit counts anew",
                                   CHECKS_7(CREDIT_POSTED, CREDIT_COMPLETION, CREDIT_NONPOSTED, PROGRESS, CPL_MISSING,
                                            DMA_LOST, DMR_LOST)},
    [LIBERAL_FLR_IGNORED] = {"flr_ignored", "Initiate Function Level Reset does nothing", CHECKS_1(FLR_ACTIVE)},
    [LIBERAL_NONPOSTED_OVERRUN] = {"nonposted_overrun", "a read starts one header credit short",
                                   CHECKS_1(CREDIT_NONPOSTED)},
    [LIBERAL_POSTED_OVERRUN] = {"posted_overrun", "a posted TLP starts one header credit short",
                                CHECKS_1(CREDIT_POSTED)},
    [LIBERAL_DATA_OVERRUN] = {"data_overrun", "a posted TLP starts one data credit short", CHECKS_1(CREDIT_POSTED)},
    [LIBERAL_COMPLETION_OVERRUN] = {"completion_overrun", "a completion starts one header credit short",
                                    CHECKS_1(CREDIT_COMPLETION)},
    [LIBERAL_KEEPS_CREDIT] = {"keeps_credit", "a credit is never given back to the host",
                              CHECKS_2(RX_CREDITS, PROGRESS)},
    [LIBERAL_WRITES_WAIT_FOR_TX] = {"writes_wait_for_tx", "host writes are not taken while a completion can't leave",
                                    CHECKS_1(WRITE_ACCEPTANCE)},
    [LIBERAL_WITHDRAWS_VALID] = {"withdraws_valid", "a beat on tx is withdrawn before it was taken",
                                 CHECKS_1(STREAM_STABLE)},
};

const struct liberal_switch *liberal_switch(enum liberal_illegal illegal)
{
    return &switches[illegal];
}

int liberal_switch_find(const char *name)
{
    for (int k = 0; k < LIBERAL_ILLEGALS; k++)
        if (strcmp(switches[k].name, name) == 0)
            return k;
    return -1;
}

bool liberal_switch_resets(enum liberal_illegal illegal)
{
    const bool range = illegal >= LIBERAL_SERVES_IN_D3HOT && illegal <= LIBERAL_FLR_IGNORED;
    return range || illegal == LIBERAL_INTX_IN_D3HOT || illegal == LIBERAL_INTX_THROUGH_FLR;
}

bool liberal_switch_expects(enum liberal_illegal illegal, enum check_id id)
{
    for (unsigned k = 0; k < LIBERAL_CHECKS && switches[illegal].check[k] != LIST_END; k++)
        if (switches[illegal].check[k] == id)
            return true;
    return false;
}
