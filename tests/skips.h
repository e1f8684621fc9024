/*
 * skips.h - the reviewed reasons for leaving a test out of a build configuration.
 *
 * Each function is a `struct test` skip: it returns one sentence, or NULL if the test applies. A new reason is added here and
 * nowhere else, so that the whole list can be read in one place. A skip is for a rule that the configuration cannot
 * express, never for one that is inconvenient to try.
 */
#ifndef SKIPS_H
#define SKIPS_H

struct dut_config;

/* The rule is about two different vectors. */
const char *skip_below_two_vectors(const struct dut_config *config);

/* The rule is about vector numbers that the event port can express and the table does not have. */
const char *skip_if_every_number_exists(const struct dut_config *config);

/* The rule is about bits past the last vector in the last PBA QWORD. */
const char *skip_if_last_qword_is_full(const struct dut_config *config);

/* The rule is about the end of BAR0, and the device registers reach to it: what they do with an access across it is undefined. */
const char *skip_if_registers_end_the_bar(const struct dut_config *config);

#endif
