/*
 * check.c - see check.h. One row a check, in the order of enum check_id.
 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_ROOM = 1024 };

static const struct check_info infos[] = {
    [CHECK_STREAM_STABLE] = {"stream_stable", "TLP-30, FC-13", CHECK_ERROR,
                             "a beat that is valid and not yet accepted stays valid and unchanged"},
    [CHECK_STREAM_KEEP] =
        {"stream_keep", "TLP-25, TLP-30", CHECK_ERROR,
         "tkeep is all ones except in the last beat of a TLP, where it is contiguous from DW 0 and not empty"},
    [CHECK_TLP_TYPE] = {"tlp_type", "TLP-01, TLP-23, INTX-01", CHECK_ERROR,
                        "every TLP of the block is of a kind that it may send, without a prefix"},
    [CHECK_TLP_LENGTH] = {"tlp_length", "TLP-02, TLP-14, TLP-25", CHECK_ERROR,
                          "a TLP has exactly the DWs that its header announces: header, payload and digest"},
    [CHECK_MSG_LENGTH] = {"msg_length", "TLP-02, TLP-24", CHECK_ERROR,
                          "an interrupt message carries exactly one DW and has Length 1"},
    [CHECK_MSG_BYTE_ENABLES] = {"msg_byte_enables", "TLP-03", CHECK_ERROR,
                                "an interrupt message has First DW BE 1111b and Last DW BE 0000b"},
    [CHECK_MSG_HEADER_FORM] = {"msg_header_form", "TLP-04, RACE-14", CHECK_ERROR,
                               "a message below 4 GB has the 3 DW header, one above has the 4 DW header"},
    [CHECK_MSG_ORDERING_ATTR] = {"msg_ordering_attr", "TLP-08", CHECK_ERROR,
                                 "Relaxed Ordering and No Snoop are 0 in every message"},
    [CHECK_MSG_IDO] = {"msg_ido", "TLP-09", CHECK_ERROR,
                       "ID-based ordering is 1 in a message only if the function is enabled to use it in requests"},
    [CHECK_MSG_TRAFFIC_CLASS] =
        {"msg_traffic_class", "TLP-10, TLP-11", CHECK_ERROR,
         "a message has the traffic class of the data that it announces, TC0 in a function without virtual channels"},
    [CHECK_MSG_POISON] = {"msg_poison", "TLP-13", CHECK_ERROR, "a message is not poisoned"},
    [CHECK_MSG_DIGEST] = {"msg_digest", "TLP-14", CHECK_ERROR,
                          "a message carries a digest only if ECRC generation is enabled"},
    [CHECK_MSG_ADDRESS_TYPE] = {"msg_address_type", "TLP-16", CHECK_ERROR,
                                "a message has an untranslated address: AT is 00b"},
    [CHECK_MSG_REQUESTER] =
        {"msg_requester", "TLP-17, TLP-18, RACE-40", CHECK_ERROR,
         "the Requester ID of a message is the captured bus and device with the function's own number"},
    [CHECK_MSG_TAG_HIGH] = {"msg_tag_high", "TLP-20", CHECK_ERROR, "tag bits 9 and 8 of a posted request are 0"},
    [CHECK_MSG_HINTS] = {"msg_hints", "TLP-21, MSIX-TBL-28", CHECK_ERROR,
                         "a message of a function without processing hints has TH 0"},
    [CHECK_MSG_RESERVED] = {"msg_reserved", "TLP-22, TLP-05", CHECK_ERROR,
                            "reserved header bits of a message are 0, address bits 1:0 among them"},
    [CHECK_MSG_KNOWN] = {"msg_known", "TLP-05, EDGE-12, MSIX-TBL-26", CHECK_ERROR,
                         "a memory write that is no data write of the device is the message of some table entry"},
    [CHECK_MSG_FIELDS] =
        {"msg_fields", "TLP-05, TLP-06, TLP-07, TLP-26, MSIX-TBL-16, MSIX-TBL-18, MSIX-TBL-24", CHECK_ERROR,
         "address and data of a message are those of one version of its table entry that was valid, not a mixture"},
    [CHECK_MSG_CAUSE] = {"msg_cause", "MSIX-PBA-14, MSIX-PBA-35, EDGE-01, EDGE-02a", CHECK_ERROR,
                         "a message has a cause: an event of its vector that no other message has answered for"},
    [CHECK_MSG_MASKED] =
        {"msg_masked", "MSIX-PBA-06, MSIX-PBA-07, MSIX-PBA-16, MSIX-TBL-09", CHECK_ERROR,
         "no message leaves for a vector that was certainly masked, by its own bit or by Function Mask"},
    [CHECK_MSG_DISABLED] = {"msg_disabled", "MSIX-PBA-25, RACE-22", CHECK_ERROR,
                            "no message leaves while MSI-X is certainly disabled"},
    [CHECK_MSG_BUS_MASTER] = {"msg_bus_master", "MSIX-PBA-27, MSIX-PBA-30, RACE-34, CFG-02", CHECK_ERROR,
                              "no message leaves while bus mastering is certainly disabled, or outside D0"},
    [CHECK_MSG_ORDER] = {"msg_order", "ORD-02, ORD-06, ORD-07", CHECK_ERROR,
                         "the data writes ordered before an event leave before the message that announces it"},
    [CHECK_MSG_FAIRNESS] =
        {"msg_fairness", "EDGE-09", CHECK_ERROR,
         "a waiting vector that is allowed to send is served within a bounded number of messages of others"},
    [CHECK_EVENT_LOST] =
        {"event_lost", "EDGE-03, EDGE-13, MSIX-PBA-34, ENV-08", CHECK_ERROR,
         "every event is answered by a later message, held in a pending bit, or dropped by a rule that allows it"},
    [CHECK_PBA_VALUE] = {"pba_value", "MSIX-PBA-01, MSIX-PBA-02, MSIX-PBA-06, MSIX-PBA-10, MSIX-PBA-22", CHECK_ERROR,
                         "a pending bit reads as the history of its vector says, wherever only one value is possible"},
    [CHECK_PBA_EARLY_CLEAR] = {"pba_early_clear", "MSIX-PBA-11, RACE-18", CHECK_ERROR,
                               "a completion that shows a pending bit cleared by sending comes after that message"},
    [CHECK_PBA_RESERVED] = {"pba_reserved", "MSIX-PBA-03", CHECK_ERROR,
                            "bits past the last vector in the pending-bit array read 0"},
    [CHECK_DMA_ORDER] =
        {"dma_order", "ORD-05, ORD-08", CHECK_ERROR,
         "data writes leave in the order in which they were handed over, unless the later one is relaxed"},
    [CHECK_DMA_CONTENT] = {"dma_content", "ORD-27, TLP-25", CHECK_ERROR,
                           "a data write leaves whole and exactly as it was handed over"},
    [CHECK_DMA_BUS_MASTER] = {"dma_bus_master", "MSIX-PBA-27, MSIX-PBA-30, CFG-02", CHECK_ERROR,
                              "no data write leaves while bus mastering is certainly disabled, or outside D0"},
    [CHECK_DMA_LOST] = {"dma_lost", "ORD-27, RACE-28, ENV-08", CHECK_ERROR,
                        "every data write that was accepted leaves, unless a reset let it be dropped"},
    [CHECK_DMR_ORDER] =
        {"dmr_order", "ORD-11", CHECK_ERROR,
         "a read request does not pass the data writes that were handed over before it, relaxed or not"},
    [CHECK_DMR_CONTENT] = {"dmr_content", "ORD-27", CHECK_ERROR,
                           "a read request leaves once, and exactly as it was handed over"},
    [CHECK_DMR_BUS_MASTER] = {"dmr_bus_master", "CFG-02, CFG-23, RACE-26", CHECK_ERROR,
                              "no read request leaves while bus mastering is certainly disabled, or outside D0"},
    [CHECK_DMR_LOST] = {"dmr_lost", "ORD-27, FC-10, ENV-08", CHECK_ERROR,
                        "every read request that was accepted leaves, unless a reset let it be dropped"},
    [CHECK_DMC_CONTENT] = {"dmc_content", "CFG-19, ORD-22", CHECK_ERROR,
                           "the device logic gets the completions of its outstanding reads, untouched, and no others"},
    [CHECK_DMC_ORDER] = {"dmc_order", "ORD-14, ORD-15", CHECK_ERROR,
                         "completions of one read reach the device logic in the order in which they came"},
    [CHECK_DMC_LOST] = {"dmc_lost", "ORD-22, CFG-18, ENV-08", CHECK_ERROR,
                        "every completion of an outstanding read reaches the device logic"},
    [CHECK_INTX_FORMAT] = {"intx_format", "INTX-01, INTX-02, INTX-03, INTX-15", CHECK_ERROR,
                           "an INTx message is a local Msg with the code of the function's pin, TC 0, and else zeros"},
    [CHECK_INTX_REQUESTER] = {"intx_requester", "INTX-04, TLP-17", CHECK_ERROR,
                              "the Requester ID of an INTx message is the captured bus and device with function 0"},
    [CHECK_INTX_DUPLICATE] = {"intx_duplicate", "INTX-06, INTX-07", CHECK_ERROR,
                              "Assert_INTx and Deassert_INTx alternate"},
    [CHECK_INTX_CAUSE] =
        {"intx_cause", "INTX-06, INTX-10, INTX-11, CFG-03, RACE-36", CHECK_ERROR,
         "an INTx message follows an edge of cause and gate: none while both say that the wire is right"},
    [CHECK_INTX_ORDER] = {"intx_order", "INTX-17, ORD-28", CHECK_ERROR,
                          "the data writes ordered before an edge leave before the INTx message that announces it"},
    [CHECK_INTX_STATE] =
        {"intx_state", "INTX-08, INTX-10, INTX-11, INTX-13, RACE-32, RACE-35", CHECK_ERROR,
         "when all is quiet, and at the end of a function-level reset, the virtual wire is what cause and gate say"},
    [CHECK_CPL_EXPECTED] =
        {"cpl_expected", "MMIO-04, MMIO-22", CHECK_ERROR,
         "a completion answers an outstanding non-posted request: same requester, same tag, not answered before"},
    [CHECK_CPL_HEADER] = {"cpl_header", "MMIO-05, MMIO-08, CFG-09, TLP-22", CHECK_ERROR,
                          "a completion carries the data that was asked for if it is successful and none otherwise; "
                          "TD, EP, TH, BCM, AT and reserved bits are 0"},
    [CHECK_CPL_COMPLETER] =
        {"cpl_completer", "MMIO-08, TLP-17", CHECK_ERROR,
         "the Completer ID is the captured bus and device with the function's own number, 0 before the first capture"},
    [CHECK_CPL_ATTRIBUTES] = {"cpl_attributes", "MMIO-06, MMIO-07", CHECK_ERROR,
                              "a completion copies traffic class, Relaxed Ordering and No Snoop of its request; "
                              "ID-based ordering is off unless "
                              "enabled for completions"},
    [CHECK_CPL_STATUS] = {"cpl_status", "MMIO-01, MMIO-02, MMIO-09, MMIO-34, CFG-11, CFG-12, CFG-13", CHECK_ERROR,
                          "the completion status is one that the request allows"},
    [CHECK_CPL_BYTE_COUNT] =
        {"cpl_byte_count", "MMIO-10, MMIO-12, CFG-09", CHECK_ERROR,
         "Byte Count spans the enabled bytes of a memory read and is 4 in answers to other requests"},
    [CHECK_CPL_LOWER_ADDRESS] =
        {"cpl_lower_address", "MMIO-11, MMIO-12, CFG-09", CHECK_ERROR,
         "Lower Address is that of the first enabled byte of a memory read and 0 in answers to other requests"},
    [CHECK_CPL_ORDER] =
        {"cpl_order", "ORD-12, RACE-19, RACE-47", CHECK_ERROR,
         "a completion that is not relaxed does not pass posted TLPs that were there before its request was served"},
    [CHECK_CPL_MISSING] = {"cpl_missing", "MMIO-04, MMIO-31, ENV-08", CHECK_ERROR,
                           "every non-posted request has been completed by the end"},
    [CHECK_CFG_VALUE] = {"cfg_value", "CFG-01, CFG-08, CFG-10, MSIX-CAP-05, MSIX-CAP-10", CHECK_ERROR,
                         "a configuration register reads as reset and the writes before it left it"},
    [CHECK_CFG_OUTPUTS] = {"cfg_outputs", "CFG-01, MSIX-CAP-07, MSIX-CAP-08, MSIX-CAP-11, TLP-17", CHECK_ERROR,
                           "the configuration outputs show what the registers hold"},
    [CHECK_TABLE_VALUE] = {"table_value", "MSIX-TBL-01, MSIX-TBL-02, MSIX-TBL-23, MSIX-TBL-29, MSIX-TBL-30",
                           CHECK_ERROR, "address and data of a table entry read as they were last written"},
    [CHECK_TABLE_MASK_VALUE] = {"table_mask_value",
                                "MSIX-TBL-05, MSIX-TBL-06, MSIX-TBL-32, MSIX-PBA-31, MSIX-PBA-32, MSIX-CAP-09",
                                CHECK_ERROR,
                                "Vector Control reads 1 after reset and then as its mask bit was last written"},
    [CHECK_BAR_GAP_VALUE] = {"bar_gap_value", "MSIX-TBL-27", CHECK_ERROR,
                             "address space that belongs to no structure reads 0 whatever was written"},
    [CHECK_CSR_VALUE] = {"csr_value", "MMIO-05, ORD-24", CHECK_ERROR,
                         "a read of a device register returns what the register port answered"},
    [CHECK_CSR_ACCESS] =
        {"csr_access", "MMIO-15, MMIO-17, ORD-25", CHECK_ERROR,
         "the device registers see each host access once, in order, with its address, byte enables and data"},
    [CHECK_ERROR_PULSES] = {"error_pulses", "MMIO-24, MMIO-26, MMIO-27, MMIO-28, MMIO-38, CFG-19", CHECK_ERROR,
                            "each error that came in is pulsed once on its error output by the time of a later "
                            "completion, and nothing else is"},
    [CHECK_FLR_ACTIVE] =
        {"flr_active", "CFG-14, CFG-15, CFG-18", CHECK_ERROR,
         "a function-level reset begins because it was written, before a later request is completed, and ends behind "
         "flr_done"},
    [CHECK_FLR_STALE] = {"flr_stale", "RACE-30, MSIX-PBA-33, CFG-16", CHECK_ERROR,
                         "nothing that a function-level reset has dropped is sent after it"},
    [CHECK_CREDIT_POSTED] = {"credit_posted", "FC-01, FC-02, FC-03, FC-04", CHECK_ERROR,
                             "a posted TLP starts only when header and data credits for all of it are there"},
    [CHECK_CREDIT_NONPOSTED] = {"credit_nonposted", "FC-01, FC-02, FC-03, FC-04", CHECK_ERROR,
                                "a non-posted TLP starts only when header and data credits for all of it are there"},
    [CHECK_CREDIT_COMPLETION] = {"credit_completion", "FC-01, FC-02, FC-03, FC-04", CHECK_ERROR,
                                 "a completion starts only when header and data credits for all of it are there"},
    [CHECK_FC_INIT] = {"fc_init", "FC-07", CHECK_ERROR, "no TLP leaves before flow control is initialised"},
    [CHECK_RX_CREDITS] =
        {"rx_credits", "FC-11, FC-04", CHECK_ERROR,
         "the block grants at least the minimum, only ever more, never an ambiguous amount, and returns all of it"},
    [CHECK_WRITE_ACCEPTANCE] =
        {"write_acceptance", "MMIO-33, ORD-20, ORD-23, RACE-50", CHECK_ERROR,
         "a host write that has credit is accepted within the limit, whatever happens on the transmit side"},
    [CHECK_PROGRESS] = {"progress", "FC-10, ORD-09, ORD-10, ENV-06", CHECK_ERROR,
                        "what may move and has room to move does so in the end"},
    [CHECK_LATENCY] =
        {"latency", "ENV-02", CHECK_ERROR,
         "an event in an idle block shows on the transmit port within the number of clocks that the design promises"},
    [CHECK_HDL_ASSERTION] = {"hdl_assertion", "ENV-06", CHECK_ERROR,
                             "no assertion of the design fails and it reports no error"},
    [CHECK_POWER_UP] = {"power_up", "MSIX-TBL-31, MSIX-TBL-10", CHECK_ERROR,
                        "nothing outside depends on what registers and memories held at power-up"},
    [CHECK_TEST_EXPECTATION] = {"test_expectation", "ENV-08", CHECK_ERROR,
                                "what a test itself expects at this point holds"},
};

_Static_assert(sizeof infos / sizeof infos[0] == CHECK_COUNT, "the table reaches to the last check");

void checks_init(struct checks *set, check_report_fn *report, void *ctx)
{
    *set = (struct checks){.report = report, .ctx = ctx};
}

const struct check_info *check_info(enum check_id id)
{
    return &infos[id];
}

int check_find(const char *name)
{
    for (int id = 0; id < CHECK_COUNT; id++)
        if (strcmp(infos[id].name, name) == 0)
            return id;
    return -1;
}

void check_report(struct checks *set, enum check_id id, int vector, const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list args;

    if (!set->report)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    set->report(set->ctx, &(struct check_failure){.id = id, .vector = vector, .text = text});
}

void checks_add(struct checks *into, const struct checks *from)
{
    for (int id = 0; id < CHECK_COUNT; id++) {
        into->counter[id].evaluated += from->counter[id].evaluated;
        into->counter[id].failed += from->counter[id].failed;
    }
}
