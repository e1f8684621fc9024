/* skips.c - see skips.h. */
#include "skips.h"

#include <stddef.h>

#include "dut.h"

enum { EVENT_NUMBERS = 2048, QWORD_BITS = 64, REGISTER_BYTES = 4096 };

const char *skip_below_two_vectors(const struct dut_config *config)
{
    return config->nvec < 2 ? "the rule is about two different vectors, and the table has one" : NULL;
}

const char *skip_if_every_number_exists(const struct dut_config *config)
{
    return config->nvec == EVENT_NUMBERS ? "the event port cannot express a vector past the table" : NULL;
}

const char *skip_if_last_qword_is_full(const struct dut_config *config)
{
    return config->nvec % QWORD_BITS == 0 ? "the last QWORD of the PBA has no bits past the last vector" : NULL;
}

const char *skip_if_registers_end_the_bar(const struct dut_config *config)
{
    return config->csr_offset + REGISTER_BYTES == UINT32_C(1) << config->bar0_size_log2
               ? "the device registers reach to the end of BAR0, where an access across it is theirs to begin with"
               : NULL;
}
