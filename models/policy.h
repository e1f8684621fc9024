/*
 * policy.h - the choices that the specification leaves to the device (level D and P rows), as data.
 *
 * The models never assume one of these silently: they ask this structure. Another block is checked
 * by other values (`sim --policy FILE`). The names in the file are the names of the fields.
 */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

enum policy_tristate { POLICY_NO, POLICY_YES, POLICY_EITHER };

struct policy {
    /* MSIX-PBA-23: does an event while neither MSI nor MSI-X is enabled set the pending bit? */
    enum policy_tristate record_while_disabled;
    /* MSIX-PBA-24: are pending bits kept when MSI-X Enable goes 1 to 0? */
    enum policy_tristate keep_on_disable;
    /* MSIX-PBA-28: is an event on an enabled, unmasked vector held while BME = 0? (NO: dropped) */
    enum policy_tristate hold_while_bme_off;
    /* MSIX-PBA-29: does BME = 0 still let events of masked vectors set their pending bit? */
    enum policy_tristate record_masked_while_bme_off;
    /* MSIX-TBL-10 / CFG-20: address and data of the table read zero after reset. EITHER: not compared until written. */
    enum policy_tristate table_zero_after_reset;
    /* MSIX-PBA-05: writes to the pending-bit array are ignored. EITHER: not compared after a write. */
    enum policy_tristate pba_writes_ignored;
    /* MSIX-TBL-27: BAR space of no structure reads zero, writes are dropped. NO and EITHER: data not compared. */
    enum policy_tristate gap_reads_zero;
    /* MMIO-19, MMIO-20: longest access (DWs) to BAR0 that completes successfully; longer ones are UR. */
    unsigned max_access_dw;
    /* MMIO-19, MSIX-TBL-13: is a read of table or pending bits that is no aligned DWORD or QWORD served as any other, SC
     * up to max_access_dw and UR beyond? NO and EITHER: SC, UR and CA are all taken, data is not compared. */
    enum policy_tristate odd_reads_served;
    /* MSIX-TBL-29: does a QWORD access to the table act on both DWs at once? NO and EITHER: on each DW by itself, the lower
     * one first. */
    enum policy_tristate qword_atomic;
    /* MSIX-TBL-07, -08: Vector Control bits 31:1 read zero whatever is written. EITHER: not compared once written. */
    enum policy_tristate vector_control_reserved_zero;
    /* EDGE-09: an allowed waiting vector is sent within NVEC + fairness_slack messages; slack covers what was
     * committed before. 0 switches the check off. */
    unsigned fairness_slack;
    /* INTX-07: may an INTx message repeat the state that the wire has already? */
    enum policy_tristate intx_duplicates;
    /* MMIO-38: error status bits and error outputs follow each error. NO and EITHER: not compared. */
    enum policy_tristate error_reporting;
    /* CFG-12: are configuration requests answered with RRS during a function-level reset? (NO: carried out behind it) */
    enum policy_tristate flr_answers_rrs;
    /* Visibility contract: events, clears and dma data accepted before the first beat of a host read are seen by it. */
    enum policy_tristate prompt_visibility;
    /* MMIO-33: clocks within which a host write that has credit must be accepted. */
    unsigned write_acceptance_clocks;
    /* Clocks in which something owed could move and nothing does, after which that is a hang (FC-10, liveness). */
    unsigned progress_clocks;
    /* Clocks that the block may take to come upon the next vector to be sent, beside the few of a pipeline: tests wait
     * longer and sweep races further by as many (ENV-02). */
    unsigned search_clocks;
    /* design promise: clocks from an event to tx valid when all is idle; 0 promises nothing. */
    unsigned idle_latency_clocks;
};

/* The choices of the block in rtl/. */
struct policy policy_default(void);

/*
 * Sets one field by name from text ("yes", "no", "either", or a decimal number for counts). Returns 0, or -1 with a
 * sentence in `error` (room bytes) if the name or the value is not known.
 */
int policy_set(struct policy *policy, const char *name, const char *value, char *error, size_t room);

/* The name and current value of field `index` (0, 1, ...), for listings; returns false past the last. */
bool policy_get(const struct policy *policy, unsigned index, const char **name, char *value, size_t room);

#endif
