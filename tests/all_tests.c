/*
 * all_tests.c - the list of tests, in the order in which they run: what everything else needs comes first.
 */
#include "test.h"

/* test_enumeration.c */
extern const struct test capability_list_holds_one_msix, message_control_reads_table_size,
    capability_writes_follow_byte_enables, structures_fit_the_sized_bar, no_other_bar_is_implemented,
    capability_reachable_in_every_control_state, traffic_leaves_the_control_bits, identity_matches_the_build,
    command_register_bits, unimplemented_registers_read_zero;

/* test_reset.c */
extern const struct test table_starts_masked_and_zero, pba_starts_zero, reset_restores_masks_and_clears_pending,
    reset_in_mid_drain_leaves_no_stale_message, reset_drops_what_waits_behind_a_dead_tx,
    event_before_reset_sends_nothing_after_it, works_after_reset_of_any_length;

/* test_table.c */
extern const struct test table_dwords_are_distinct_upwards, table_qwords_are_distinct_downwards,
    table_fields_hold_walking_bits, read_behind_two_writes_sees_the_last, qword_read_beside_a_qword_write_is_whole,
    alternating_writes_and_reads_at_full_rate, dword_and_qword_accesses_mix, zero_length_accesses_change_nothing,
    undefined_partial_writes_follow_byte_enables, partial_reads_return_the_enabled_bytes,
    undefined_long_accesses_change_nothing, undefined_misaligned_qword_is_two_dwords,
    space_past_the_last_entry_is_empty, table_works_before_enable, table_reads_have_no_side_effect,
    table_and_pba_do_not_overlap, write_after_reset_brings_nothing_old_back;

/* test_message.c */
extern const struct test message_below_4gb_has_these_bytes, message_above_4gb_has_these_bytes,
    message_address_has_all_64_bits, message_data_is_32_bits_unmodified, requester_id_follows_each_configuration_write,
    configuration_reads_do_not_capture, one_event_gives_one_message_on_every_vector,
    vectors_beside_word_boundaries_send_alone, repeated_events_need_no_acknowledge, equal_entries_are_not_merged,
    equal_entries_owe_the_sum, events_past_the_table_do_nothing, idle_event_reaches_tx_in_time;

/* test_masking.c */
extern const struct test mask_holds_event_until_unmask, entry_and_function_mask_hold_alike,
    events_while_masked_give_one_message, unmask_without_pending_is_silent, rewriting_a_mask_value_does_nothing,
    function_mask_leaves_entry_masks, function_mask_clear_respects_entry_masks, masking_one_vector_leaves_the_others,
    mask_flush_holds_stalled_message, mask_flush_holds_message_without_header_credit,
    mask_flush_holds_message_without_data_credit, function_mask_flush_holds_stalled_message,
    undefined_reserved_control_bits_do_not_mask;

/* test_pba.c */
extern const struct test pending_bit_stands_at_its_place, random_pending_set_reads_exactly,
    all_pending_bits_and_no_more, undefined_write_past_the_last_bit_reads_zero, undefined_pba_writes_are_ignored,
    polling_works_without_messages, pending_bit_is_a_flag_for_data, pba_reads_during_a_drain_are_honest;

/* test_clear.c */
extern const struct test clear_drops_the_pending_bit, event_after_clear_counts_again, clear_works_under_function_mask,
    clears_without_cause_are_harmless, clear_of_idle_vector_is_silent, later_event_survives_clear,
    clear_against_unmask_sends_at_most_once, clear_of_a_waiting_message_leaves_no_trace;

/* test_enable.c */
extern const struct test disabled_function_is_silent_and_records, disable_keeps_pending_bits,
    enable_sends_each_retained_bit_once, enable_and_function_mask_in_one_write_is_silent, control_bits_change_together,
    enable_toggle_under_stall_does_not_duplicate, no_stale_message_after_reprogramming,
    interrupt_disable_and_mse_do_not_gate, operating_system_start_order_is_silent_until_unmask,
    resume_order_sends_new_values;

/* test_bus_master.c */
extern const struct test bus_master_off_holds_messages, bus_master_on_sends_each_held_vector_once,
    bus_master_off_holds_dma_writes, masked_event_is_recorded_without_bus_master, completions_leave_without_bus_master,
    bus_master_off_drains_only_up_to_the_fence, bus_master_off_in_mid_dma_write;

/* test_drain.c */
extern const struct test function_mask_clear_sends_each_vector_once, all_events_back_to_back_are_sent,
    all_events_twice_into_a_stalled_tx, unmasking_upwards_sends_each_once, unmasking_downwards_sends_each_once,
    unmasking_in_random_order_sends_each_once, each_unmask_releases_its_own_vector,
    function_mask_stops_a_drain_half_way, function_mask_pulses_neither_lose_nor_repeat;

/* test_fairness.c */
extern const struct test hot_vector_does_not_starve_another, many_hot_vectors_do_not_starve_one,
    dma_flood_does_not_starve_a_message, message_flood_does_not_starve_a_dma_write;

/* test_rewrite.c */
extern const struct test rewrite_under_entry_mask_takes_effect, rewrite_under_function_mask_alone_takes_effect,
    header_form_follows_a_rewritten_upper_address, rewriting_one_entry_leaves_the_sending_one,
    qword_unmask_carries_the_new_data, undefined_qword_rewrite_is_old_or_new,
    rewrite_without_fence_is_all_old_or_all_new, stalled_message_is_old_before_the_fence_only;

/* test_producer.c */
extern const struct test producer_announces_by_flag, producer_announces_by_message, producer_announces_by_intx,
    producer_announces_by_pending_bit, producer_announces_by_register;

/* test_side_band.c */
extern const struct test side_band_interrupt_overtakes_its_data, message_instead_of_a_side_band_finds_its_data;

/* test_race_resets.c */
extern const struct test race_data_and_event_with_bus_master_off, race_data_and_event_with_bus_master_on,
    race_data_and_event_with_flr, race_requests_with_flr, race_intx_with_flr, race_data_and_event_with_link_down,
    race_data_and_event_with_d3hot;

/* test_race_modes.c */
extern const struct test race_intx_with_enable, race_intx_with_disable, race_message_with_bus_number_capture,
    race_accesses_with_memory_space_off;

/* test_race_flow.c */
extern const struct test race_message_with_a_write_too_large_for_the_credit,
    race_event_with_a_write_whose_source_pauses, race_completion_with_data, race_stuck_completion_with_data,
    race_message_and_completion_with_a_stuck_read, race_table_write_with_event_under_a_dead_tx,
    race_credit_update_with_consumption;

/* test_illegal.c */
extern const struct test block_works_after_illegal_requests;

/* test_races.c */
extern const struct test race_event_with_mask, race_event_with_unmask, race_event_with_unmask_of_pending,
    race_event_with_function_mask, race_event_with_function_mask_clear, race_unmask_then_mask_again,
    race_function_mask_clear_then_set, race_entry_mask_with_function_mask_clear, race_event_with_own_message,
    race_two_events_with_mask, race_event_with_disable, race_event_with_enable, race_event_with_bus_master_off,
    race_event_with_bus_master_on, race_event_with_table_read, race_event_with_table_write, race_event_with_pba_read,
    race_unmask_with_pba_read, race_event_with_bus_number_capture;

/* test_ordering.c */
extern const struct test message_follows_its_data, message_does_not_pass_relaxed_data,
    message_follows_a_backlog_of_data, event_beside_the_last_beat_of_a_write, data_between_two_events_is_covered,
    pending_event_still_follows_its_data, completion_waits_behind_posted_data,
    clear_pending_bit_is_seen_behind_the_message_only, status_register_read_flushes_data, dma_writes_keep_their_order,
    interleaved_data_and_events_keep_order, host_writes_take_effect_in_order;

/* test_backpressure.c */
extern const struct test slow_tx_loses_and_repeats_nothing, message_is_offered_until_taken,
    writes_are_taken_behind_stuck_reads, table_writes_take_effect_without_credits,
    dma_source_stalled_in_mid_tlp_blocks_nobody, slow_device_registers_do_not_stop_messages,
    device_registers_honour_byte_enables, gaps_on_all_streams_change_nothing, all_tags_are_answered,
    events_into_a_full_block_stay_pending;

/* test_flow_control.c */
extern const struct test each_header_credit_lets_one_message_go, each_data_credit_lets_one_message_go,
    message_waits_behind_a_larger_write, posted_credits_are_spent_one_tlp_at_a_time, data_units_are_counted_from_length,
    smallest_windows_one_credit_at_a_time, smallest_windows_from_the_first_credit, credit_counters_wrap,
    infinite_credits_never_throttle, infinite_and_finite_types_mix, each_completion_takes_its_credits,
    stuck_completion_causes_no_deadlock, withdrawn_message_spends_no_credit,
    nothing_leaves_before_flow_control_is_initialised;

/* test_coverage.c */
extern const struct test every_deed_in_every_control_state, races_without_any_credit,
    undefined_accesses_of_every_size_harm_nothing, reads_with_all_byte_enables, messages_of_the_host_are_dropped,
    reset_drops_what_waits_for_credit, completion_data_credits_wrap, dma_attributes_pass_untouched;

/* test_random.c */
extern const struct test random_mixed, random_mask_storm, random_drain, random_dma_heavy, random_function_mask,
    random_enable_toggle, random_bus_master, random_rewrite, random_pba_poll, random_clear, random_credit_starved,
    random_quiet, random_corners, random_registers, random_dma_reads, random_credit_servers, random_intx, random_resets,
    random_power, random_target, random_illegal;

/* test_stage.c */
extern const struct test nothing_of_before_a_reset_is_sent, clears_of_one_vector_leave_every_other,
    messages_in_a_full_queue_keep_their_fields, writes_in_a_full_queue_keep_their_size,
    undefined_rewrite_of_a_waiting_message_reads_the_entry_again, hot_neighbours_starve_nobody,
    clear_reaches_a_message_without_room, event_with_clear_of_a_message_without_room,
    message_without_room_can_be_withdrawn, message_without_room_can_be_withdrawn_at_any_clock,
    withdrawn_message_survives_clears_of_others, message_without_room_ignores_clears_of_others,
    data_in_the_clock_of_the_commit_is_covered, each_field_alone_is_refreshed_by_function_mask;

/* test_target.c */
extern const struct test zero_length_register_accesses_do_nothing, configuration_reads_of_several_dws_are_dropped,
    undefined_single_bytes_of_every_field, requests_with_up_to_a_thousand_dws_too_many_are_dropped,
    bar_works_at_every_place, undefined_write_across_the_end_of_the_bar_harms_nothing,
    undefined_long_writes_of_every_length_are_refused, undefined_long_reads_are_refused_with_their_counts,
    messages_and_unexpected_completions_are_ignored, requests_of_the_wrong_size_are_dropped,
    completions_copy_wide_tags_and_requesters, completions_copy_attributes_and_class, digests_are_not_payload,
    poisoned_writes_change_nothing, malformed_requests_are_dropped, unsupported_requests_are_refused,
    other_functions_do_not_answer, every_address_bit_is_decoded, the_bar_ends_where_it_says,
    register_accesses_across_qwords_are_split, undefined_control_bytes_mask_by_byte_0_alone;

/* test_stuck.c */
extern const struct test completion_survives_many_posted_tlps, no_more_reads_are_taken_than_can_be_answered,
    each_credit_type_may_be_infinite_alone, waiting_counts_chances_only,
    short_writes_back_to_back_do_not_starve_a_message;

/* test_smoke.c */
extern const struct test random_mix_of_everything, random_masks_and_events, random_function_controls,
    random_back_pressure;

/* test_power.c */
extern const struct test power_state_takes_d0_and_d3hot_only, d3hot_refuses_memory_requests,
    d3hot_sends_no_message_and_no_data, d3hot_to_d0_resets_or_keeps_everything, race_event_with_d3hot,
    d3hot_keeps_payload_size_and_link_control, race_event_with_d3hot_behind_flr;

/* test_config.c */
extern const struct test payload_and_read_sizes_take_legal_values_only, capability_registers_follow_their_masks,
    interrupt_line_is_scratch_where_there_is_a_pin;

/* test_intx.c */
extern const struct test intx_needs_no_data_credit, intx_wire_follows_the_level,
    reset_takes_the_wire_down_without_a_message, interrupt_disable_takes_the_wire_down, msix_enable_takes_the_wire_down,
    intx_needs_no_bus_master, d3hot_takes_the_wire_down, intx_pulses_may_be_swallowed_and_never_invented,
    intx_waits_behind_data_without_credit, intx_driver_reads_its_register_and_then_trusts_memory,
    nothing_passes_an_intx_message, intx_passes_a_data_write_that_is_held_back;

/* test_dma_read.c */
extern const struct test device_reads_return_host_memory, device_reads_with_each_address_bit,
    device_read_waits_behind_writes, messages_data_and_completions_pass_a_stalled_read, bus_master_off_holds_reads,
    no_read_leaves_before_the_first_configuration_write, reads_that_fail_are_reported,
    stalled_read_stays_when_bus_mastering_goes, device_read_waits_behind_messages, reads_with_all_tags_at_a_time,
    completions_of_the_largest_payload_are_passed_on, flr_keeps_the_credits_of_reads, reads_do_not_starve_completions;

/* test_dma_answers.c */
extern const struct test completions_that_match_no_read_are_dropped, any_status_but_success_ends_a_read,
    completions_with_a_digest_are_taken, read_of_a_whole_page_is_answered, malformed_completions_are_dropped;

/* test_flr.c */
extern const struct test flr_resets_all_but_what_it_keeps, flr_is_completed_behind_a_full_queue,
    flr_drops_what_waits_for_credit, data_sent_before_flr_stays_in_memory, race_flr_with_traffic_in_flight,
    flr_deasserts_intx_first, completion_after_flr_is_unexpected, requests_during_flr_are_answered_and_do_nothing,
    race_flr_with_a_read_that_is_held, flr_waits_for_the_end_of_a_write, race_flr_with_deassert_behind_data,
    lasting_cause_does_not_hold_intx_in_flr;

/* test_strikes.c */
extern const struct test race_intx_against_control, race_data_and_messages_against_control,
    race_flr_with_a_message_on_a_stalled_tx, race_flr_with_a_read_half_sent, intx_passes_a_stalled_read;

/* test_errors.c */
extern const struct test unsupported_requests_set_their_status, poisoned_requests_set_their_status,
    poisoned_writes_of_the_device, malformed_requests_set_their_status, every_undefined_type_is_dropped,
    registers_that_fail_are_answered_with_abort, poisoned_data_of_the_device_is_noted,
    status_bits_are_cleared_by_their_own_ones, each_message_code_is_taken_or_refused;

/* test_link.c */
extern const struct test link_down_resets_everything, link_down_in_mid_traffic_leaves_nothing, link_down_ends_reads;

/* test_layer.c */
extern const struct test random_transaction_layer, interrupt_handler_finds_the_data_of_its_event;

const struct test *const all_tests[] = {
    /* enumeration */
    &capability_list_holds_one_msix,
    &message_control_reads_table_size,
    &capability_writes_follow_byte_enables,
    &structures_fit_the_sized_bar,
    &no_other_bar_is_implemented,
    &capability_reachable_in_every_control_state,
    &traffic_leaves_the_control_bits,
    &identity_matches_the_build,
    &command_register_bits,
    &unimplemented_registers_read_zero,
    /* reset */
    &table_starts_masked_and_zero,
    &pba_starts_zero,
    &reset_restores_masks_and_clears_pending,
    &reset_in_mid_drain_leaves_no_stale_message,
    &reset_drops_what_waits_behind_a_dead_tx,
    &event_before_reset_sends_nothing_after_it,
    &works_after_reset_of_any_length,
    /* table */
    &table_dwords_are_distinct_upwards,
    &table_qwords_are_distinct_downwards,
    &table_fields_hold_walking_bits,
    &read_behind_two_writes_sees_the_last,
    &qword_read_beside_a_qword_write_is_whole,
    &alternating_writes_and_reads_at_full_rate,
    &dword_and_qword_accesses_mix,
    &zero_length_accesses_change_nothing,
    &undefined_partial_writes_follow_byte_enables,
    &partial_reads_return_the_enabled_bytes,
    &undefined_long_accesses_change_nothing,
    &undefined_misaligned_qword_is_two_dwords,
    &space_past_the_last_entry_is_empty,
    &table_works_before_enable,
    &table_reads_have_no_side_effect,
    &table_and_pba_do_not_overlap,
    &write_after_reset_brings_nothing_old_back,
    /* message */
    &message_below_4gb_has_these_bytes,
    &message_above_4gb_has_these_bytes,
    &message_address_has_all_64_bits,
    &message_data_is_32_bits_unmodified,
    &requester_id_follows_each_configuration_write,
    &configuration_reads_do_not_capture,
    &one_event_gives_one_message_on_every_vector,
    &vectors_beside_word_boundaries_send_alone,
    &repeated_events_need_no_acknowledge,
    &equal_entries_are_not_merged,
    &equal_entries_owe_the_sum,
    &events_past_the_table_do_nothing,
    &idle_event_reaches_tx_in_time,
    /* masking */
    &mask_holds_event_until_unmask,
    &entry_and_function_mask_hold_alike,
    &events_while_masked_give_one_message,
    &unmask_without_pending_is_silent,
    &rewriting_a_mask_value_does_nothing,
    &function_mask_leaves_entry_masks,
    &function_mask_clear_respects_entry_masks,
    &masking_one_vector_leaves_the_others,
    &mask_flush_holds_stalled_message,
    &mask_flush_holds_message_without_header_credit,
    &mask_flush_holds_message_without_data_credit,
    &function_mask_flush_holds_stalled_message,
    &undefined_reserved_control_bits_do_not_mask,
    /* pba */
    &pending_bit_stands_at_its_place,
    &random_pending_set_reads_exactly,
    &all_pending_bits_and_no_more,
    &undefined_write_past_the_last_bit_reads_zero,
    &undefined_pba_writes_are_ignored,
    &polling_works_without_messages,
    &pending_bit_is_a_flag_for_data,
    &pba_reads_during_a_drain_are_honest,
    /* clear */
    &clear_drops_the_pending_bit,
    &event_after_clear_counts_again,
    &clear_works_under_function_mask,
    &clears_without_cause_are_harmless,
    &clear_of_idle_vector_is_silent,
    &later_event_survives_clear,
    &clear_against_unmask_sends_at_most_once,
    &clear_of_a_waiting_message_leaves_no_trace,
    /* enable */
    &disabled_function_is_silent_and_records,
    &disable_keeps_pending_bits,
    &enable_sends_each_retained_bit_once,
    &enable_and_function_mask_in_one_write_is_silent,
    &control_bits_change_together,
    &enable_toggle_under_stall_does_not_duplicate,
    &no_stale_message_after_reprogramming,
    &interrupt_disable_and_mse_do_not_gate,
    &operating_system_start_order_is_silent_until_unmask,
    &resume_order_sends_new_values,
    /* bus master */
    &bus_master_off_holds_messages,
    &bus_master_on_sends_each_held_vector_once,
    &bus_master_off_holds_dma_writes,
    &masked_event_is_recorded_without_bus_master,
    &completions_leave_without_bus_master,
    &bus_master_off_drains_only_up_to_the_fence,
    &bus_master_off_in_mid_dma_write,
    /* drain */
    &function_mask_clear_sends_each_vector_once,
    &all_events_back_to_back_are_sent,
    &all_events_twice_into_a_stalled_tx,
    &unmasking_upwards_sends_each_once,
    &unmasking_downwards_sends_each_once,
    &unmasking_in_random_order_sends_each_once,
    &each_unmask_releases_its_own_vector,
    &function_mask_stops_a_drain_half_way,
    &function_mask_pulses_neither_lose_nor_repeat,
    /* fairness */
    &hot_vector_does_not_starve_another,
    &many_hot_vectors_do_not_starve_one,
    &dma_flood_does_not_starve_a_message,
    &message_flood_does_not_starve_a_dma_write,
    /* rewrite */
    &rewrite_under_entry_mask_takes_effect,
    &rewrite_under_function_mask_alone_takes_effect,
    &header_form_follows_a_rewritten_upper_address,
    &rewriting_one_entry_leaves_the_sending_one,
    &qword_unmask_carries_the_new_data,
    &undefined_qword_rewrite_is_old_or_new,
    &rewrite_without_fence_is_all_old_or_all_new,
    &stalled_message_is_old_before_the_fence_only,
    /* races */
    &race_event_with_mask,
    &race_event_with_unmask,
    &race_event_with_unmask_of_pending,
    &race_event_with_function_mask,
    &race_event_with_function_mask_clear,
    &race_unmask_then_mask_again,
    &race_function_mask_clear_then_set,
    &race_entry_mask_with_function_mask_clear,
    &race_event_with_own_message,
    &race_two_events_with_mask,
    &race_event_with_disable,
    &race_event_with_enable,
    &race_event_with_bus_master_off,
    &race_event_with_bus_master_on,
    &race_event_with_table_read,
    &race_event_with_table_write,
    &race_event_with_pba_read,
    &race_unmask_with_pba_read,
    &race_event_with_bus_number_capture,

    /* producer */
    &intx_needs_no_data_credit,
    &producer_announces_by_flag,
    &producer_announces_by_message,
    &producer_announces_by_intx,
    &producer_announces_by_pending_bit,
    &producer_announces_by_register,

    /* side_band */
    &side_band_interrupt_overtakes_its_data,
    &message_instead_of_a_side_band_finds_its_data,

    /* illegal */
    &block_works_after_illegal_requests,

    /* race_resets */
    &race_data_and_event_with_bus_master_off,
    &race_data_and_event_with_bus_master_on,
    &race_data_and_event_with_flr,
    &race_requests_with_flr,
    &race_intx_with_flr,
    &race_data_and_event_with_link_down,
    &race_data_and_event_with_d3hot,

    /* race_modes */
    &race_intx_with_enable,
    &race_intx_with_disable,
    &race_message_with_bus_number_capture,
    &race_accesses_with_memory_space_off,

    /* race_flow */
    &race_message_with_a_write_too_large_for_the_credit,
    &race_event_with_a_write_whose_source_pauses,
    &race_completion_with_data,
    &race_stuck_completion_with_data,
    &race_message_and_completion_with_a_stuck_read,
    &race_table_write_with_event_under_a_dead_tx,
    &race_credit_update_with_consumption,
    /* ordering */
    &message_follows_its_data,
    &message_does_not_pass_relaxed_data,
    &message_follows_a_backlog_of_data,
    &event_beside_the_last_beat_of_a_write,
    &data_between_two_events_is_covered,
    &pending_event_still_follows_its_data,
    &completion_waits_behind_posted_data,
    &clear_pending_bit_is_seen_behind_the_message_only,
    &status_register_read_flushes_data,
    &dma_writes_keep_their_order,
    &interleaved_data_and_events_keep_order,
    &host_writes_take_effect_in_order,
    /* backpressure */
    &slow_tx_loses_and_repeats_nothing,
    &message_is_offered_until_taken,
    &writes_are_taken_behind_stuck_reads,
    &table_writes_take_effect_without_credits,
    &dma_source_stalled_in_mid_tlp_blocks_nobody,
    &slow_device_registers_do_not_stop_messages,
    &device_registers_honour_byte_enables,
    &gaps_on_all_streams_change_nothing,
    &all_tags_are_answered,
    &events_into_a_full_block_stay_pending,
    /* flow control */
    &each_header_credit_lets_one_message_go,
    &each_data_credit_lets_one_message_go,
    &message_waits_behind_a_larger_write,
    &posted_credits_are_spent_one_tlp_at_a_time,
    &data_units_are_counted_from_length,
    &smallest_windows_one_credit_at_a_time,
    &smallest_windows_from_the_first_credit,
    &credit_counters_wrap,
    &infinite_credits_never_throttle,
    &infinite_and_finite_types_mix,
    &each_completion_takes_its_credits,
    &stuck_completion_causes_no_deadlock,
    &withdrawn_message_spends_no_credit,
    &nothing_leaves_before_flow_control_is_initialised,
    /* stage */
    &nothing_of_before_a_reset_is_sent,
    &clears_of_one_vector_leave_every_other,
    &messages_in_a_full_queue_keep_their_fields,
    &writes_in_a_full_queue_keep_their_size,
    &undefined_rewrite_of_a_waiting_message_reads_the_entry_again,
    &hot_neighbours_starve_nobody,
    &clear_reaches_a_message_without_room,
    &event_with_clear_of_a_message_without_room,
    &message_without_room_can_be_withdrawn,
    &message_without_room_can_be_withdrawn_at_any_clock,
    &withdrawn_message_survives_clears_of_others,
    &message_without_room_ignores_clears_of_others,
    &data_in_the_clock_of_the_commit_is_covered,
    &each_field_alone_is_refreshed_by_function_mask,
    /* target */
    &zero_length_register_accesses_do_nothing,
    &configuration_reads_of_several_dws_are_dropped,
    &undefined_single_bytes_of_every_field,
    &requests_with_up_to_a_thousand_dws_too_many_are_dropped,
    &bar_works_at_every_place,
    &undefined_write_across_the_end_of_the_bar_harms_nothing,
    &undefined_long_writes_of_every_length_are_refused,
    &undefined_long_reads_are_refused_with_their_counts,
    &messages_and_unexpected_completions_are_ignored,
    &requests_of_the_wrong_size_are_dropped,
    &completions_copy_wide_tags_and_requesters,
    &completions_copy_attributes_and_class,
    &digests_are_not_payload,
    &poisoned_writes_change_nothing,
    &malformed_requests_are_dropped,
    &unsupported_requests_are_refused,
    &other_functions_do_not_answer,
    &every_address_bit_is_decoded,
    &the_bar_ends_where_it_says,
    &register_accesses_across_qwords_are_split,
    &undefined_control_bytes_mask_by_byte_0_alone,
    /* stuck */
    &completion_survives_many_posted_tlps,
    &no_more_reads_are_taken_than_can_be_answered,
    &each_credit_type_may_be_infinite_alone,
    &waiting_counts_chances_only,
    &short_writes_back_to_back_do_not_starve_a_message,
    /* power */
    &power_state_takes_d0_and_d3hot_only,
    &d3hot_refuses_memory_requests,
    &d3hot_sends_no_message_and_no_data,
    &d3hot_to_d0_resets_or_keeps_everything,
    &race_event_with_d3hot,
    &race_event_with_d3hot_behind_flr,
    &d3hot_keeps_payload_size_and_link_control,
    /* config */
    &payload_and_read_sizes_take_legal_values_only,
    &capability_registers_follow_their_masks,
    &interrupt_line_is_scratch_where_there_is_a_pin,
    /* intx */
    &intx_wire_follows_the_level,
    &reset_takes_the_wire_down_without_a_message,
    &interrupt_disable_takes_the_wire_down,
    &msix_enable_takes_the_wire_down,
    &intx_needs_no_bus_master,
    &d3hot_takes_the_wire_down,
    &intx_pulses_may_be_swallowed_and_never_invented,
    &intx_waits_behind_data_without_credit,
    &intx_driver_reads_its_register_and_then_trusts_memory,
    &nothing_passes_an_intx_message,
    &intx_passes_a_data_write_that_is_held_back,
    /* dma read */
    &device_reads_return_host_memory,
    &device_reads_with_each_address_bit,
    &device_read_waits_behind_writes,
    &messages_data_and_completions_pass_a_stalled_read,
    &bus_master_off_holds_reads,
    &no_read_leaves_before_the_first_configuration_write,
    &reads_that_fail_are_reported,
    &completions_that_match_no_read_are_dropped,
    &stalled_read_stays_when_bus_mastering_goes,
    &device_read_waits_behind_messages,
    &reads_with_all_tags_at_a_time,
    &completions_of_the_largest_payload_are_passed_on,
    &any_status_but_success_ends_a_read,
    &completions_with_a_digest_are_taken,
    &read_of_a_whole_page_is_answered,
    &flr_keeps_the_credits_of_reads,
    &reads_do_not_starve_completions,
    &malformed_completions_are_dropped,
    /* flr */
    &flr_resets_all_but_what_it_keeps,
    &flr_drops_what_waits_for_credit,
    &flr_is_completed_behind_a_full_queue,
    &data_sent_before_flr_stays_in_memory,
    &race_flr_with_traffic_in_flight,
    &flr_deasserts_intx_first,
    &completion_after_flr_is_unexpected,
    &requests_during_flr_are_answered_and_do_nothing,
    &race_flr_with_a_read_that_is_held,
    &flr_waits_for_the_end_of_a_write,
    &race_flr_with_deassert_behind_data,
    &lasting_cause_does_not_hold_intx_in_flr,
    /* strikes */
    &race_intx_against_control,
    &race_data_and_messages_against_control,
    &race_flr_with_a_message_on_a_stalled_tx,
    &race_flr_with_a_read_half_sent,
    &intx_passes_a_stalled_read,
    /* errors */
    &unsupported_requests_set_their_status,
    &poisoned_requests_set_their_status,
    &poisoned_writes_of_the_device,
    &malformed_requests_set_their_status,
    &every_undefined_type_is_dropped,
    &registers_that_fail_are_answered_with_abort,
    &poisoned_data_of_the_device_is_noted,
    &status_bits_are_cleared_by_their_own_ones,
    &each_message_code_is_taken_or_refused,
    /* link */
    &link_down_resets_everything,
    &link_down_in_mid_traffic_leaves_nothing,
    &link_down_ends_reads,
    /* layer */
    &random_transaction_layer,
    &interrupt_handler_finds_the_data_of_its_event,
    /* smoke */
    &random_mix_of_everything,
    &random_masks_and_events,
    &random_function_controls,
    &random_back_pressure,
    /* coverage */
    &every_deed_in_every_control_state,
    &races_without_any_credit,
    &undefined_accesses_of_every_size_harm_nothing,
    &reads_with_all_byte_enables,
    &messages_of_the_host_are_dropped,
    &reset_drops_what_waits_for_credit,
    &completion_data_credits_wrap,
    &dma_attributes_pass_untouched,
    /* random */
    &random_mixed,
    &random_mask_storm,
    &random_drain,
    &random_dma_heavy,
    &random_function_mask,
    &random_enable_toggle,
    &random_bus_master,
    &random_rewrite,
    &random_pba_poll,
    &random_clear,
    &random_credit_starved,
    &random_quiet,
    &random_corners,
    &random_registers,
    &random_dma_reads,
    &random_credit_servers,
    &random_intx,
    &random_resets,
    &random_power,
    &random_target,
    &random_illegal,
    NULL,
};
