/*
 * fault_list.c - the table of planted faults. See fault_plan.h for what the members mean.
 *
 * Header bits are those of the DW in wire order: byte 0 of the DW in bits 31:24. In DW 0 that makes T9 23, TC 22:20,
 * T8 19, IDO 18, reserved 17, TH 16, TD 15, EP 14, RO 13, NS 12, AT 11:10.
 */
#include "fault_plan.h"

#define BIT(n) (UINT32_C(1) << (n))

/* Framing and form of any TLP. */
static const struct fault_plan stream_faults[] = {
    {.info = {"stream_withdraw", "tx_tvalid falls for a clock while the beat waits", CHECK_STREAM_STABLE, "mask_flush_holds_stalled_message", false},
     .times = 1, .output = fault_withdraw},
    {.info = {"stream_change", "a waiting beat changes a bit of data", CHECK_STREAM_STABLE, "mask_flush_holds_stalled_message", false},
     .times = 1, .output = fault_change, .flip = BIT(9)},
    {.info = {"stream_keep_hole", "tkeep of a last beat has a hole", CHECK_STREAM_KEEP, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_MESSAGES | FAULT_READS, .tx = fault_keep_hole},
    {.info = {"stream_keep_short", "tkeep of a beat that is not the last lacks a bit", CHECK_STREAM_KEEP, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_keep_short},
    {.info = {"tlp_prefix", "a message starts with a TLP prefix's Fmt", CHECK_TLP_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(31) | BIT(30)},
    {.info = {"tlp_type", "a message has an undefined Type", CHECK_TLP_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(27)},
    {.info = {"tlp_io_write", "a message is an I/O write", CHECK_TLP_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .when = fault_is_3dw, .tx = fault_flip, .dw = 0, .flip = BIT(25)},
    {.info = {"tlp_msgd", "a message is an MsgD", CHECK_TLP_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_as_msgd},
    {.info = {"tlp_read", "the block sends a read that nobody asked for", CHECK_TLP_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_add_read},
    {.info = {"tlp_truncated", "a message ends one DW early", CHECK_TLP_LENGTH, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_truncate, .amount = 1},
    {.info = {"tlp_extended", "a completion has a DW too many", CHECK_TLP_LENGTH, "repeated_events_need_no_acknowledge", false},
     .skip = 3, .times = 1, .kinds = FAULT_READS, .tx = fault_extend, .amount = 1},
    {.info = {"tlp_length_field", "Length of a message is 3", CHECK_TLP_LENGTH, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(1)},
};

/* Every field of a message's header, then its fields, then what it may be sent for. */
static const struct fault_plan message_faults[] = {
    {.info = {"msg_two_dw", "a message carries two DWs", CHECK_MSG_LENGTH, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_lengthen},
    {.info = {"msg_first_be", "First DW BE of a message is 0111b", CHECK_MSG_BYTE_ENABLES, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 1, .flip = BIT(3)},
    {.info = {"msg_last_be", "Last DW BE of a message is 1111b", CHECK_MSG_BYTE_ENABLES, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 1, .flip = 0xF0},
    {.info = {"msg_wide_header", "a message below 4 GB has a 4 DW header", CHECK_MSG_HEADER_FORM, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_widen},
    {.info = {"msg_ro", "RO in a message", CHECK_MSG_ORDERING_ATTR, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(13)},
    {.info = {"msg_ns", "NS in a message", CHECK_MSG_ORDERING_ATTR, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(12)},
    {.info = {"msg_ido", "IDO in a message", CHECK_MSG_IDO, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(18)},
    {.info = {"msg_tc", "a message has TC 4", CHECK_MSG_TRAFFIC_CLASS, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(22)},
    {.info = {"msg_ep", "EP in a message", CHECK_MSG_POISON, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(14)},
    {.info = {"msg_td", "a message carries a digest", CHECK_MSG_DIGEST, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_add_digest},
    {.info = {"msg_at", "AT of a message is 10b", CHECK_MSG_ADDRESS_TYPE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(11)},
    {.info = {"msg_bus", "a message has another bus number", CHECK_MSG_REQUESTER, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 1, .flip = BIT(25)},
    {.info = {"msg_device", "a message has another device number", CHECK_MSG_REQUESTER, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 1, .flip = BIT(19)},
    {.info = {"msg_function", "a message has another function number", CHECK_MSG_REQUESTER, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 1, .flip = BIT(16)},
    {.info = {"msg_t9", "Tag[9] in a message", CHECK_MSG_TAG_HIGH, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(23)},
    {.info = {"msg_t8", "Tag[8] in a message", CHECK_MSG_TAG_HIGH, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(19)},
    {.info = {"msg_th", "TH in a message", CHECK_MSG_HINTS, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(16)},
    {.info = {"msg_reserved", "the reserved bit of byte 1 in a message", CHECK_MSG_RESERVED, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .dw = 0, .flip = BIT(17)},
    {.info = {"msg_ph", "address bit 1 is set in a message below 4 GB", CHECK_MSG_RESERVED, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .when = fault_is_3dw, .tx = fault_flip, .dw = 2, .flip = BIT(1)},
    {.info = {"msg_unknown", "a write to an address of no entry follows a message", CHECK_MSG_KNOWN, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_add_unknown, .flip = UINT32_C(0x7FFF0000)},
    {.info = {"msg_address", "a bit of a message's address is wrong", CHECK_MSG_FIELDS, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .when = fault_is_3dw, .tx = fault_flip, .dw = 2, .flip = BIT(30)},
    {.info = {"msg_upper", "a bit of a message's upper address is wrong", CHECK_MSG_FIELDS, "one_event_gives_one_message_on_every_vector", false},
     .times = 1, .kinds = FAULT_MESSAGES, .when = fault_is_4dw, .tx = fault_flip, .dw = 2, .flip = BIT(7)},
    {.info = {"msg_data", "a bit of a message's data is wrong", CHECK_MSG_FIELDS, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_flip, .payload = true, .flip = BIT(17)},
    {.info = {"msg_old_data", "a rewrite of Message Data does not reach the table", CHECK_MSG_FIELDS, "rewrite_under_entry_mask_takes_effect", false},
     .times = 1, .after_messages = 1, .port = FAULT_PORT_RX, .reaches = fault_to_data, .flip = 0xFFFF},
    {.info = {"msg_twice", "a message is sent twice in a row", CHECK_MSG_CAUSE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_duplicate},
    {.info = {"msg_again", "a message is sent again 50 clocks later", CHECK_MSG_CAUSE, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_repeat, .amount = 50},
    {.info = {"msg_spurious", "an entry without events sends a message", CHECK_MSG_CAUSE, "one_event_gives_one_message_on_every_vector", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_add_idle},
    {.info = {"msg_other_entry", "a message carries address and data of another entry", CHECK_MSG_CAUSE, "one_event_gives_one_message_on_every_vector", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_other_entry},
    {.info = {"event_extra", "the design sees an event that nobody sent", CHECK_MSG_CAUSE, "one_event_gives_one_message_on_every_vector", false},
     .times = 1, .after_messages = 1, .input = fault_extra_event, .which = FAULT_UNMASKED},
    {.info = {"event_elsewhere", "an event reaches the next vector", CHECK_MSG_CAUSE, "one_event_gives_one_message_on_every_vector", false},
     .times = 1, .input = fault_redirect_event, .which = FAULT_UNMASKED},
    {.info = {"msg_idle_masked", "a masked entry without events sends a message", CHECK_MSG_CAUSE, "mask_holds_event_until_unmask", false},
     .times = 1, .kinds = FAULT_MESSAGES | FAULT_READS, .tx = fault_add_idle_masked},
    {.info = {"msg_masked", "a masked entry with a pending event sends its message", CHECK_MSG_MASKED, "mask_holds_event_until_unmask", false},
     .times = 1, .kinds = FAULT_MESSAGES | FAULT_READS, .tx = fault_add_masked},
    {.info = {"mask_lost", "a write that masks an entry does not reach the table", CHECK_MSG_MASKED, "race_unmask_then_mask_again", false},
     .times = 1, .after_messages = 1, .port = FAULT_PORT_RX, .reaches = fault_to_control, .mask = 1, .match = 1,
     .flip = 1},
    {.info = {"function_mask_lost", "a write that sets Function Mask does not reach it", CHECK_MSG_MASKED, "race_event_with_function_mask", false},
     .times = 1, .port = FAULT_PORT_RX, .reaches = fault_to_msix, .mask = BIT(31) | BIT(30),
     .match = BIT(31) | BIT(30), .flip = BIT(30)},
    {.info = {"disable_lost", "a write that clears MSI-X Enable does not reach it", CHECK_MSG_DISABLED, "race_event_with_disable", false},
     .times = 1, .after_messages = 1, .port = FAULT_PORT_RX, .reaches = fault_to_msix, .mask = BIT(31), .match = 0,
     .flip = BIT(31)},
    {.info = {"bus_master_lost", "a write that clears Bus Master Enable does not reach it", CHECK_MSG_BUS_MASTER, "bus_master_off_holds_messages", false},
     .times = 1, .after_messages = 1, .port = FAULT_PORT_RX, .reaches = fault_to_command, .mask = BIT(2), .match = 0,
     .flip = BIT(2)},
    {.info = {"msg_overtakes_dma", "a message passes a data write", CHECK_MSG_ORDER, "message_follows_its_data", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_hold, .until = FAULT_MESSAGES, .count = 1},
    {.info = {"msg_starved", "the messages of one vector wait while others go", CHECK_MSG_FAIRNESS, "hot_vector_does_not_starve_another", false},
     .kinds = FAULT_MESSAGES, .tx = fault_starve, .until = FAULT_MESSAGES, .count = 2500},
    {.info = {"msg_dropped", "a message vanishes", CHECK_EVENT_LOST, "pending_bit_stands_at_its_place", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_drop},
    {.info = {"event_lost", "the design sees no event of an unmasked vector", CHECK_EVENT_LOST,
              "message_flood_does_not_starve_a_dma_write", false},
     .input = fault_swallow_event, .which = FAULT_UNMASKED},
};

/* Pending bits and clears. */
static const struct fault_plan pending_faults[] = {
    {.info = {"pba_set", "a pending bit without events reads 1", CHECK_PBA_VALUE, "polling_works_without_messages", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_PBA), .when = fault_has_data, .tx = fault_flip, .payload = true, .flip = BIT(4)},
    {.info = {"pba_zero", "the pending bit of a masked event is not set", CHECK_PBA_VALUE, "polling_works_without_messages", false},
     .times = 1, .input = fault_swallow_event, .which = FAULT_MASKED},
    {.info = {"event_extra_masked", "the design sees an event of a masked vector that nobody sent", CHECK_PBA_VALUE, "polling_works_without_messages", false},
     .times = 1, .after_events = 1, .input = fault_extra_event, .which = FAULT_MASKED},
    {.info = {"clear_lost", "the design does not see a clear", CHECK_PBA_VALUE, "clear_drops_the_pending_bit", false},
     .times = 1, .input = fault_swallow_clear},
    {.info = {"clear_extra", "a pending bit is cleared without a reason", CHECK_PBA_VALUE, "polling_works_without_messages", false},
     .times = 1, .after_events = 1, .input = fault_extra_clear, .which = FAULT_MASKED},
    {.info = {"pba_early", "a pending bit reads 0 in front of its message", CHECK_PBA_EARLY_CLEAR, "race_event_with_function_mask_clear", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_hold, .until = FAULT_SET(FAULT_KIND_PBA), .count = 1},
    {.info = {"pba_reserved", "a pending bit past the last vector reads 1", CHECK_PBA_RESERVED, "all_pending_bits_and_no_more", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_PBA), .tx = fault_flip, .payload = true, .dw = 1, .flip = BIT(31)},
};

/* Data writes. */
static const struct fault_plan dma_faults[] = {
    {.info = {"dma_swapped", "two data writes change places", CHECK_DMA_ORDER, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_hold, .until = FAULT_DMAS, .count = 1},
    {.info = {"dma_dropped", "a data write vanishes and others follow", CHECK_DMA_ORDER, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_drop},
    {.info = {"dma_payload", "a payload bit of a data write is wrong", CHECK_DMA_CONTENT, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_flip, .payload = true, .dw = 0, .flip = BIT(12)},
    {.info = {"dma_header", "Tag of a data write is altered", CHECK_DMA_CONTENT, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_flip, .dw = 1, .flip = BIT(9)},
    {.info = {"dma_twice", "a data write is sent twice", CHECK_DMA_ORDER, "dma_writes_keep_their_order", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_duplicate},
    {.info = {"dma_bus_master", "data writes go on after Bus Master Enable was cleared", CHECK_DMA_BUS_MASTER, "bus_master_off_in_mid_dma_write", false},
     .times = 1, .after_dma = 1, .port = FAULT_PORT_RX, .reaches = fault_to_command, .mask = BIT(2), .match = 0,
     .flip = BIT(2)},
    {.info = {"dma_lost", "all data writes vanish", CHECK_DMA_LOST, "dma_writes_keep_their_order", false},
     .kinds = FAULT_DMAS, .tx = fault_drop},
};

/* Completions and what they carry. */
static const struct fault_plan completion_faults[] = {
    {.info = {"cpl_unasked", "a completion comes that nobody asked for", CHECK_CPL_EXPECTED, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_add_completion},
    {.info = {"cpl_twice", "a request is answered twice", CHECK_CPL_EXPECTED, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_duplicate},
    {.info = {"cpl_tag", "a completion has another tag", CHECK_CPL_EXPECTED, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 2, .flip = BIT(15)},
    {.info = {"cpl_requester", "a completion goes to another requester", CHECK_CPL_EXPECTED, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 2, .flip = BIT(19)},
    {.info = {"cpl_ep", "EP in a completion", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(14)},
    {.info = {"cpl_th", "TH in a completion", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(16)},
    {.info = {"cpl_td", "a completion carries a digest", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_add_digest},
    {.info = {"cpl_at", "AT of a completion is 01b", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(10)},
    {.info = {"cpl_bcm", "BCM in a completion", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 1, .flip = BIT(12)},
    {.info = {"cpl_reserved", "the reserved bit of DW 2 in a completion", CHECK_CPL_HEADER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 2, .flip = BIT(7)},
    {.info = {"cpl_completer", "a completion has another completer", CHECK_CPL_COMPLETER, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 1, .flip = BIT(26)},
    {.info = {"cpl_tc", "a completion has TC 1", CHECK_CPL_ATTRIBUTES, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(20)},
    {.info = {"cpl_ro", "a completion has RO inverted", CHECK_CPL_ATTRIBUTES, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(13)},
    {.info = {"cpl_ns", "a completion has NS inverted", CHECK_CPL_ATTRIBUTES, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(12)},
    {.info = {"cpl_ido", "IDO in a completion", CHECK_CPL_ATTRIBUTES, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 0, .flip = BIT(18)},
    {.info = {"cpl_status", "a configuration write is answered with Completer Abort", CHECK_CPL_STATUS, "repeated_events_need_no_acknowledge", false},
     .skip = 1, .times = 1, .kinds = FAULT_SET(FAULT_KIND_CFG_WRITE), .tx = fault_flip, .dw = 1, .flip = BIT(15)},
    {.info = {"cpl_byte_count", "a completion has another Byte Count", CHECK_CPL_BYTE_COUNT, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 1, .flip = BIT(3)},
    {.info = {"cpl_lower_address", "a completion has another Lower Address", CHECK_CPL_LOWER_ADDRESS, "repeated_events_need_no_acknowledge", false},
     .skip = 2, .times = 1, .kinds = FAULT_COMPLETIONS, .tx = fault_flip, .dw = 2, .flip = BIT(2)},
    {.info = {"cpl_overtakes_dma", "a completion passes a data write", CHECK_CPL_ORDER, "status_register_read_flushes_data", false},
     .times = 1, .kinds = FAULT_DMAS, .tx = fault_hold, .until = FAULT_READS, .count = 1},
    {.info = {"cpl_lost", "a completion never comes", CHECK_CPL_MISSING, "repeated_events_need_no_acknowledge", false},
     .skip = 3, .times = 1, .kinds = FAULT_READS, .tx = fault_drop},
    {.info = {"cfg_value", "a bit of a configuration read is wrong", CHECK_CFG_VALUE, "identity_matches_the_build", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_CFG_READ), .when = fault_has_data, .tx = fault_flip, .payload = true,
     .flip = BIT(0)},
    {.info = {"table_value", "a bit of a table read is wrong", CHECK_TABLE_VALUE, "table_dwords_are_distinct_upwards", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_TABLE), .when = fault_has_data, .tx = fault_flip, .payload = true,
     .flip = BIT(14)},
    {.info = {"table_mask_value", "the mask bit of a table read is wrong", CHECK_TABLE_MASK_VALUE, "table_dwords_are_distinct_upwards", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_CONTROL), .when = fault_has_data, .tx = fault_flip, .payload = true,
     .flip = BIT(0)},
    {.info = {"gap_value", "address space of no structure reads 1", CHECK_BAR_GAP_VALUE, "space_past_the_last_entry_is_empty", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_GAP), .when = fault_has_data, .tx = fault_flip, .payload = true,
     .flip = BIT(0)},
    {.info = {"csr_value", "a bit of a device register read is wrong", CHECK_CSR_VALUE, "device_registers_honour_byte_enables", false},
     .times = 1, .kinds = FAULT_SET(FAULT_KIND_CSR), .when = fault_has_data, .tx = fault_flip, .payload = true,
     .flip = BIT(8)},
};

/* Device registers, flow control, liveness, and the run itself. */
static const struct fault_plan other_faults[] = {
    {.info = {"csr_address", "a device register access has another address", CHECK_CSR_ACCESS, "device_registers_honour_byte_enables", false},
     .times = 1, .output = fault_csr_address, .flip = 0x40},
    {.info = {"csr_enables", "a device register write has a byte more or less", CHECK_CSR_ACCESS, "device_registers_honour_byte_enables", false},
     .times = 1, .output = fault_csr_enables, .flip = 0x11},
    {.info = {"csr_data", "a device register write has a wrong bit", CHECK_CSR_ACCESS, "device_registers_honour_byte_enables", false},
     .times = 1, .output = fault_csr_data, .flip = BIT(5)},
    {.info = {"csr_direction", "a device register read comes as a write or the reverse", CHECK_CSR_ACCESS, "device_registers_honour_byte_enables", false},
     .times = 1, .output = fault_csr_direction},
    {.info = {"credit_posted", "a posted TLP leaves without credit", CHECK_CREDIT_POSTED, "each_header_credit_lets_one_message_go", false},
     .input = fault_infinite_credits},
    {.info = {"credit_completion", "a completion leaves without credit", CHECK_CREDIT_COMPLETION, "each_completion_takes_its_credits", false},
     .input = fault_infinite_credits},
    {.info = {"credit_nonposted", "an AtomicOp with more data than there is credit leaves", CHECK_CREDIT_NONPOSTED, "repeated_events_need_no_acknowledge", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_add_atomic, .amount = 132},
    {.info = {"fc_early", "a TLP leaves before flow control is initialised", CHECK_FC_INIT, "T_FCINIT", false},
     .times = 1, .input = fault_early_tlp},
    {.info = {"rx_credits_back", "granted posted credits are taken back", CHECK_RX_CREDITS, "repeated_events_need_no_acknowledge", false},
     .after_events = 1, .output = fault_grant_back, .amount = 1},
    {.info = {"rx_credits_ahead", "far too many posted credits are granted", CHECK_RX_CREDITS, "repeated_events_need_no_acknowledge", false},
     .after_events = 1, .output = fault_grant_back, .amount = 100},
    {.info = {"write_stuck", "rx closes for ever", CHECK_WRITE_ACCEPTANCE, "race_unmask_then_mask_again", false},
     .after_events = 1, .input = fault_close_rx, .output = fault_close_rx_out},
    {.info = {"tx_stuck", "no TLP leaves any more", CHECK_PROGRESS, "dma_writes_keep_their_order", false},
     .after_dma = 1, .input = fault_close_tx},
    {.info = {"dma_stuck", "the data port closes for ever", CHECK_PROGRESS, "dma_writes_keep_their_order", false},
     .after_dma = 1, .input = fault_close_dma, .output = fault_close_dma_out},
    {.info = {"msg_late", "a message of an idle block comes late", CHECK_LATENCY, "idle_event_reaches_tx_in_time", false},
     .times = 1, .kinds = FAULT_MESSAGES, .tx = fault_delay, .amount = 20},
    {.info = {"dma_illegal", "the data port of the design is handed a read", CHECK_HDL_ASSERTION, "dma_writes_keep_their_order", false},
     .times = 1, .input = fault_break_dma, .flip = BIT(30)},
    {.info = {"power_up_leak", "the Tag of messages holds what was in a register at power-up", CHECK_POWER_UP, "repeated_events_need_no_acknowledge", true},
     .kinds = FAULT_MESSAGES, .tx = fault_power_up_tag},
    {.info = {"event_lost_once", "the design does not see one event", CHECK_TEST_EXPECTATION,
              "repeated_events_need_no_acknowledge", false},
     .times = 1, .input = fault_swallow_event},
};

struct section {
    const struct fault_plan *plan;
    unsigned n;
};

#define SECTION(table) {table, sizeof(table) / sizeof(table)[0]}

const struct fault_plan *fault_plan_none(void)
{
    static const struct fault_plan none = {
        .info = {"none", "nothing: the layer is there and passes all on", CHECK_COUNT, "repeated_events_need_no_acknowledge", false}};
    return &none;
}

const struct fault_plan *fault_plan(unsigned index)
{
    static const struct section sections[] = {
        SECTION(stream_faults), SECTION(message_faults),    SECTION(pending_faults),
        SECTION(dma_faults),    SECTION(completion_faults), SECTION(other_faults),
    };
    for (unsigned i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (index < sections[i].n)
            return &sections[i].plan[index];
        index -= sections[i].n;
    }
    return NULL;
}
