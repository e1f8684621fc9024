#include "coverage_bins.h"

#include <stdio.h>
#include <string.h>

/* A name for each place; without names the places are the numbers from `first` on. */
struct axis {
    unsigned size;
    const char *const *name;
    int first;
    bool sign; /* numbers with their sign */
};

struct group {
    const char *name;
    enum check_id judge;
    struct axis axis[COVER_AXES];
};

static const char *const sizes[] = {"1", "2_to_31", "32", "33_to_2047", "2048"};
static const char *const places[] = {"first", "last", "below_32_edge", "at_32_edge", "below_64_edge", "at_64_edge"};
static const char *const masked[] = {"unmasked", "by_entry", "by_function", "by_both"};
static const char *const enabled[] = {"disabled", "enabled"};
static const char *const master[] = {"no_master", "master"};
static const char *const tx[] = {"free", "not_ready", "no_header", "no_data", "no_credit"};
static const char *const partners[] = {
    "event_mask",       "event_unmask",        "event_function_mask_set", "event_function_mask_clear", "event_enable",
    "event_disable",    "event_bus_master_on", "event_bus_master_off",    "event_own_message",         "event_clear",
    "event_table_read", "event_table_write",   "event_pba_read"};
static const char *const order[] = {"event_first", "same_clock", "event_last"};
static const char *const clear_partners[] = {"clear_unmask", "clear_message"};
static const char *const host_pairs[] = {"unmask_mask",         "function_clear_set", "mask_function_clear",
                                         "function_clear_mask", "disable_enable",     "enable_disable"};
static const char *const outcomes[] = {
    "RACE-01.sent",    "RACE-01.pending", "RACE-03.one",  "RACE-03.two",     "RACE-04.sent",    "RACE-04.pending",
    "RACE-06.sent",    "RACE-06.pending", "RACE-07.sent", "RACE-07.pending", "RACE-08.sent",    "RACE-08.pending",
    "RACE-09.sent",    "RACE-09.pending", "RACE-10.sent", "RACE-10.pending", "RACE-16.covered", "RACE-16.again",
    "RACE-17.zero",    "RACE-17.one",     "RACE-18.one",  "RACE-18.zero",    "RACE-20.none",    "RACE-20.one",
    "RACE-21.pending", "RACE-21.dropped", "RACE-22.sent", "RACE-22.pending", "RACE-26.sent",    "RACE-26.pending",
    "RACE-40.old",     "RACE-40.new"};
static const char *const headers[] = {"3dw", "4dw"};
static const char *const values[] = {"zero", "one"};
static const char *const requests[] = {"read_1",   "read_2",    "read_long", "read_zero_length",
                                       "cfg_read", "cfg_write", "other"};
static const char *const statuses[] = {"sc", "ur", "rrs", "ca"};
static const char *const targets[] = {"table", "pba", "registers", "gap", "outside"};
static const char *const access_sizes[] = {"dw", "qword", "misaligned_qword", "long", "zero_length"};
static const char *const dma_sizes[] = {"1", "2", "3_to_4", "5_to_16", "17_to_31", "32"};
static const char *const attributes[] = {"ro", "ns", "ido"};
static const char *const behind[] = {"none", "1", "2", "3", "4_or_more"};
static const char *const counters[] = {"header", "data"};
static const char *const levels[] = {"last_one", "exactly", "then_zero", "wrap", "infinite"};
static const char *const orders[] = {"message_behind_data", "data_behind_message", "completion_behind_posted",
                                     "posted_passes_completion"};
static const char *const reset_kinds[] = {"rst_n", "link_down", "flr", "d3hot"};
static const char *const resets[] = {"idle", "mid_tlp", "stall", "starved", "intx", "drain"};
static const char *const blocked[] = {"posted", "read", "completion"};
static const char *const moves[] = {"comes", "leaves"};
static const char *const read_sizes[] = {"0", "1", "2_to_4", "5_to_16", "17_to_32", "33_to_128"};
static const char *const host_attributes[] = {"ro", "ns", "ido", "tc"};
static const char *const answers[] = {"whole", "pieces", "between", "ur", "ca", "poisoned"};
static const char *const strays[] = {"data", "status", "foreign", "locked", "late"};
static const char *const edges[] = {"deassert", "assert"};
static const char *const wires[] = {"level", "interrupt_disable", "msix_enable", "power", "flr"};
static const char *const strikes[] = {"flr", "master_off", "d3hot", "enable"};
static const char *const aims[] = {"event", "message", "data", "intx"};
static const char *const illegals[] = {
    "message_ignored", "message_unsupported", "io",     "locked", "atomic_or_dmwr", "type_1",   "function",
    "poisoned_write",  "poisoned_config",     "digest", "hints",  "length",         "over_mps", "undefined_type"};
static const char *const modes[] = {"enable_empty", "enable_pending", "disable_empty", "disable_pending"};
static const char *const ports[] = {"event", "clear"};

/* clang-format off */
#define NAMES(names) {.size = sizeof names / sizeof names[0], .name = names}
static const struct group groups[COVER_GROUPS] = {
    [COVER_TABLE_SIZE]      = {"table_size", CHECK_EVENT_LOST, {NAMES(sizes)}},
    [COVER_VECTOR_EVENT]    = {"vector_event", CHECK_EVENT_LOST, {NAMES(places)}},
    [COVER_VECTOR_MESSAGE]  = {"vector_message", CHECK_MSG_CAUSE, {NAMES(places)}},
    [COVER_VECTOR_PENDING]  = {"vector_pending", CHECK_PBA_VALUE, {NAMES(places)}},
    [COVER_STATE_EVENT]     = {"state_event", CHECK_EVENT_LOST, {NAMES(masked), NAMES(enabled), NAMES(master), NAMES(tx)}},
    [COVER_STATE_UNMASK]    = {"state_unmask", CHECK_EVENT_LOST, {NAMES(masked), NAMES(enabled), NAMES(master), NAMES(tx)}},
    [COVER_STATE_MASK]      = {"state_mask", CHECK_EVENT_LOST, {NAMES(masked), NAMES(enabled), NAMES(master), NAMES(tx)}},
    [COVER_STATE_REWRITE]   = {"state_rewrite", CHECK_MSG_FIELDS, {NAMES(masked), NAMES(enabled), NAMES(master), NAMES(tx)}},
    [COVER_STATE_PBA_READ]  = {"state_pba_read", CHECK_PBA_VALUE, {NAMES(masked), NAMES(enabled), NAMES(master), NAMES(tx)}},
    [COVER_RACE]            = {"race", CHECK_EVENT_LOST, {NAMES(partners), {COVER_OFFSETS, NULL, -COVER_SWEEP, true}}},
    [COVER_RACE_TX]         = {"race_tx", CHECK_EVENT_LOST, {NAMES(partners), NAMES(order), NAMES(tx)}},
    [COVER_RACE_CLEAR]      = {"race_clear", CHECK_EVENT_LOST, {NAMES(clear_partners), {COVER_OFFSETS, NULL, -COVER_SWEEP, true}}},
    [COVER_RACE_HOST]       = {"race_host", CHECK_EVENT_LOST, {NAMES(host_pairs), {COVER_SWEEP, NULL, 1, false}}},
    [COVER_OUTCOME]         = {"outcome", CHECK_PBA_VALUE, {NAMES(outcomes)}},
    [COVER_MESSAGE_FORM]    = {"message_header", CHECK_MSG_HEADER_FORM, {NAMES(headers)}},
    [COVER_MESSAGE_DATA]    = {"message_data", CHECK_MSG_FIELDS, {NAMES(values), {32, NULL, 0, false}}},
    [COVER_MESSAGE_ADDRESS] = {"message_address", CHECK_MSG_FIELDS, {NAMES(values), {62, NULL, 2, false}}},
    [COVER_COMPLETION]      = {"completion", CHECK_CPL_STATUS, {NAMES(requests), NAMES(statuses)}},
    [COVER_READ_BE]         = {"read_be", CHECK_CPL_BYTE_COUNT, {{16, NULL, 0, false}}},
    [COVER_READ2_FIRST_BE]  = {"read_2_first_be", CHECK_CPL_BYTE_COUNT, {{15, NULL, 1, false}}},
    [COVER_READ2_LAST_BE]   = {"read_2_last_be", CHECK_CPL_BYTE_COUNT, {{15, NULL, 1, false}}},
    [COVER_CFG_READ_BE]     = {"cfg_read_be", CHECK_CPL_BYTE_COUNT, {{16, NULL, 0, false}}},
    [COVER_CFG_WRITE_BE]    = {"cfg_write_be", CHECK_CFG_VALUE, {{16, NULL, 0, false}}},
    [COVER_TAG_LOW]         = {"tag_low", CHECK_CPL_EXPECTED, {{16, NULL, 0, false}}},
    [COVER_TAG_HIGH]        = {"tag_high", CHECK_CPL_EXPECTED, {{16, NULL, 0, false}}},
    [COVER_HOST_READ]       = {"host_read", CHECK_CPL_STATUS, {NAMES(targets), NAMES(access_sizes)}},
    [COVER_HOST_WRITE]      = {"host_write", CHECK_WRITE_ACCEPTANCE, {NAMES(targets), NAMES(access_sizes)}},
    [COVER_DMA_SIZE]        = {"dma_dws", CHECK_DMA_CONTENT, {NAMES(dma_sizes)}},
    [COVER_DMA_ATTRIBUTE]   = {"dma_attribute", CHECK_DMA_CONTENT, {NAMES(attributes), NAMES(values)}},
    [COVER_DMA_HEADER]      = {"dma_header", CHECK_DMA_CONTENT, {NAMES(headers)}},
    [COVER_EVENT_BEHIND]    = {"event_behind_data", CHECK_MSG_ORDER, {NAMES(behind)}},
    [COVER_CREDIT_POSTED]   = {"credit_posted", CHECK_CREDIT_POSTED, {NAMES(counters), NAMES(levels)}},
    [COVER_CREDIT_CPL]      = {"credit_completion", CHECK_CREDIT_COMPLETION, {NAMES(counters), NAMES(levels)}},
    [COVER_ORDER]           = {"order", CHECK_CPL_ORDER, {NAMES(orders)}},
    [COVER_RESET]           = {"reset", CHECK_CPL_STATUS, {NAMES(reset_kinds), NAMES(resets)}},
    [COVER_MODE]            = {"mode", CHECK_EVENT_LOST, {NAMES(modes)}},
    [COVER_PAST_THE_TABLE]  = {"past_the_table", CHECK_CPL_STATUS, {NAMES(ports)}},
    [COVER_PAIR_DATA]       = {"pair_data", CHECK_DMA_ORDER, {NAMES(blocked), NAMES(moves)}},
    [COVER_PAIR_MESSAGE]    = {"pair_message", CHECK_MSG_ORDER, {NAMES(blocked), NAMES(moves)}},
    [COVER_PAIR_INTX]       = {"pair_intx", CHECK_INTX_ORDER, {NAMES(blocked), NAMES(moves)}},
    [COVER_PAIR_READ]       = {"pair_read", CHECK_DMR_ORDER, {NAMES(blocked), NAMES(moves)}},
    [COVER_PAIR_COMPLETION] = {"pair_completion", CHECK_CPL_ORDER, {NAMES(blocked), NAMES(moves)}},
    [COVER_CREDIT_NONPOSTED] = {"credit_nonposted", CHECK_CREDIT_NONPOSTED, {NAMES(levels)}},
    [COVER_READ_BE_STATUS]  = {"read_be_status", CHECK_CPL_BYTE_COUNT, {{16, NULL, 0, false}, NAMES(statuses)}},
    [COVER_TAG]             = {"tag", CHECK_CPL_EXPECTED, {{256, NULL, 0, false}}},
    [COVER_READ_TAG]        = {"read_tag", CHECK_DMC_CONTENT, {{256, NULL, 0, false}}},
    [COVER_READ_SIZE]       = {"read_dws", CHECK_DMR_CONTENT, {NAMES(read_sizes)}},
    [COVER_READ_ATTRIBUTE]  = {"read_attribute", CHECK_DMR_CONTENT, {NAMES(attributes), NAMES(values)}},
    [COVER_HOST_ATTRIBUTE]  = {"host_attribute", CHECK_CPL_ATTRIBUTES, {NAMES(host_attributes), NAMES(values)}},
    [COVER_ANSWER]          = {"answer", CHECK_DMC_CONTENT, {NAMES(answers)}},
    [COVER_STRAY]           = {"stray", CHECK_ERROR_PULSES, {NAMES(strays)}},
    [COVER_DATA_BEHIND]     = {"data_behind_data", CHECK_DMA_ORDER, {NAMES(behind)}},
    [COVER_INTX]            = {"intx", CHECK_INTX_CAUSE, {NAMES(edges), NAMES(wires)}},
    [COVER_STRIKE]          = {"strike", CHECK_EVENT_LOST, {NAMES(strikes), NAMES(aims), {COVER_OFFSETS, NULL, -COVER_SWEEP, true}}},
    [COVER_ILLEGAL]         = {"illegal", CHECK_ERROR_PULSES, {NAMES(illegals)}},
};
#undef NAMES
/* clang-format on */

_Static_assert(sizeof outcomes / sizeof outcomes[0] == COVER_OUTCOMES, "every outcome has a name");
_Static_assert(sizeof partners / sizeof partners[0] == COVER_PARTNERS, "every partner has a name");

static unsigned axis_size(const struct group *group, unsigned axis)
{
    return group->axis[axis].size ? group->axis[axis].size : 1;
}

static unsigned group_size(const struct group *group)
{
    unsigned size = 1;
    for (unsigned a = 0; a < COVER_AXES; a++)
        size *= axis_size(group, a);
    return size;
}

static unsigned group_start(enum cover_group group)
{
    unsigned start = 0;
    for (unsigned g = 0; g < group; g++)
        start += group_size(&groups[g]);
    return start;
}

unsigned coverage_bins_total(void)
{
    return group_start(COVER_GROUPS);
}

/* Of a number inside a group: the last axis counts fastest. */
static void places_of(const struct group *group, unsigned number, unsigned place[COVER_AXES])
{
    for (unsigned a = COVER_AXES; a-- > 0;) {
        place[a] = number % axis_size(group, a);
        number /= axis_size(group, a);
    }
}

unsigned coverage_bin_at(unsigned start, enum cover_group group, const unsigned place[COVER_AXES])
{
    unsigned number = 0;
    for (unsigned a = 0; a < COVER_AXES; a++)
        number = number * axis_size(&groups[group], a) + place[a];
    return start + number;
}

unsigned coverage_bin(enum cover_group group, const unsigned place[COVER_AXES])
{
    return coverage_bin_at(group_start(group), group, place);
}

enum cover_group coverage_bin_group(unsigned bin)
{
    unsigned g = 0;
    for (unsigned start = group_size(&groups[0]); bin >= start; start += group_size(&groups[g]))
        g++;
    return (enum cover_group)g;
}

enum check_id coverage_bin_judge(unsigned bin)
{
    return groups[coverage_bin_group(bin)].judge;
}

static void append(char *text, size_t room, const struct axis *axis, unsigned place)
{
    const size_t used = strlen(text);
    if (axis->name)
        snprintf(text + used, room - used, ".%s", axis->name[place]);
    else
        snprintf(text + used, room - used, axis->sign ? ".%+d" : ".%d", axis->first + (int)place);
}

char *coverage_bin_name(unsigned bin, char *text, size_t room)
{
    const enum cover_group g = coverage_bin_group(bin);
    unsigned place[COVER_AXES];
    places_of(&groups[g], bin - group_start(g), place);
    snprintf(text, room, "%s", groups[g].name);
    for (unsigned a = 0; a < COVER_AXES && groups[g].axis[a].size; a++)
        append(text, room, &groups[g].axis[a], place[a]);
    return text;
}

/* Long reads and other requests are never successful here; only a register fails for good; only configuration waits. */
static bool completion_exists(enum cover_request request, unsigned status)
{
    const bool config = request == COVER_CFG_READ || request == COVER_CFG_WRITE;
    switch (status) {
    case COVER_SC:
        return request != COVER_READ_LONG && request != COVER_OTHER_REQUEST;
    case COVER_RRS:
        return config;
    case COVER_CA:
        return request == COVER_READ_1 || request == COVER_READ_2;
    default:
        return true;
    }
}

/* What leaves while that is blocked: nothing passes a posted TLP, and a queue has one head. */
static bool pair_may_pass(enum cover_group later, enum cover_blocked first)
{
    return first != COVER_BLOCKED_POSTED && !(later == COVER_PAIR_READ && first == COVER_BLOCKED_READ) &&
           !(later == COVER_PAIR_COMPLETION && first == COVER_BLOCKED_COMPLETION);
}

/*
 * What does not exist: rewriting address or data of an entry that is unmasked and enabled is undefined (MSIX-TBL-19);
 * an access that is no QWORD at all cannot be misaligned; a header credit is one for each TLP, so `exactly` is
 * `last_one`, and a completion never has more than one unit of data.
 */
bool coverage_bin_exists(unsigned bin)
{
    const enum cover_group g = coverage_bin_group(bin);
    unsigned place[COVER_AXES];
    places_of(&groups[g], bin - group_start(g), place);
    if (g == COVER_STATE_REWRITE)
        return place[0] != COVER_UNMASKED || place[1] == 0;
    if (g == COVER_CREDIT_POSTED)
        return place[0] == 1 || place[1] != COVER_EXACTLY;
    if (g == COVER_CREDIT_CPL)
        return place[1] != COVER_EXACTLY;
    if (g == COVER_COMPLETION)
        return completion_exists((enum cover_request)place[0], place[1]);
    if (g == COVER_CREDIT_NONPOSTED)
        return place[0] != COVER_EXACTLY;
    if (g == COVER_READ_BE_STATUS) /* nothing is asked of a register if no byte is enabled */
        return place[1] != COVER_RRS && (place[1] != COVER_CA || place[0] != 0);
    if (g == COVER_INTX)
        return place[0] == 0 || place[1] != COVER_WIRE_FLR;
    if (g >= COVER_PAIR_DATA && g <= COVER_PAIR_COMPLETION)
        return place[1] == 0 || pair_may_pass(g, (enum cover_blocked)place[0]);
    return true;
}

int coverage_bin_find(const char *name)
{
    char text[128];
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++)
        if (strcmp(coverage_bin_name(bin, text, sizeof text), name) == 0)
            return (int)bin;
    return -1;
}
