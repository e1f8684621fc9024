/*
 * policy.c - see policy.h. One row a field; text goes in and out through the row's offset.
 */
#include "policy.h"

#include <stdio.h>
#include <string.h>

enum field_type { FIELD_TRISTATE, FIELD_COUNT };

struct field {
    const char *name;
    size_t offset;
    enum field_type type;
};

#define TRISTATE(name)                                                                                                 \
    {                                                                                                                  \
#name, offsetof(struct policy, name), FIELD_TRISTATE                                                           \
    }
#define COUNT(name)                                                                                                    \
    {                                                                                                                  \
#name, offsetof(struct policy, name), FIELD_COUNT                                                              \
    }

static const struct field fields[] = {
    TRISTATE(record_while_disabled),
    TRISTATE(keep_on_disable),
    TRISTATE(hold_while_bme_off),
    TRISTATE(record_masked_while_bme_off),
    TRISTATE(table_zero_after_reset),
    TRISTATE(pba_writes_ignored),
    TRISTATE(gap_reads_zero),
    COUNT(max_access_dw),
    TRISTATE(odd_reads_served),
    TRISTATE(qword_atomic),
    TRISTATE(vector_control_reserved_zero),
    COUNT(fairness_slack),
    TRISTATE(intx_duplicates),
    TRISTATE(error_reporting),
    TRISTATE(flr_answers_rrs),
    TRISTATE(prompt_visibility),
    COUNT(write_acceptance_clocks),
    COUNT(progress_clocks),
    COUNT(search_clocks),
    COUNT(idle_latency_clocks),
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

/* A field added to the structure without a row here changes its size. */
_Static_assert(sizeof(struct policy) == FIELDS * sizeof(unsigned), "every field of struct policy has a row");
_Static_assert(sizeof(enum policy_tristate) == sizeof(unsigned), "tristates are as wide as counts");

static const char *const tristate_names[] = {[POLICY_NO] = "no", [POLICY_YES] = "yes", [POLICY_EITHER] = "either"};

struct policy policy_default(void)
{
    return (struct policy){
        .record_while_disabled = POLICY_YES,
        .keep_on_disable = POLICY_YES,
        .hold_while_bme_off = POLICY_YES,
        .record_masked_while_bme_off = POLICY_YES,
        .table_zero_after_reset = POLICY_YES,
        .pba_writes_ignored = POLICY_YES,
        .gap_reads_zero = POLICY_YES,
        .max_access_dw = 2,
        .odd_reads_served = POLICY_YES,
        .qword_atomic = POLICY_YES,
        .vector_control_reserved_zero = POLICY_YES,
        .fairness_slack = 16,
        .intx_duplicates = POLICY_NO,
        .error_reporting = POLICY_YES,
        .flr_answers_rrs = POLICY_YES,
        .prompt_visibility = POLICY_YES,
        .write_acceptance_clocks = 2000,
        .progress_clocks = 4000,
        .search_clocks = 0,
        .idle_latency_clocks = 4,
    };
}

static const struct field *find_field(const char *name)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

static bool parse_tristate(const char *text, unsigned *value)
{
    for (unsigned i = 0; i <= POLICY_EITHER; i++)
        if (strcmp(tristate_names[i], text) == 0) {
            *value = i;
            return true;
        }
    return false;
}

/* Digits only, at most 9 of them: no sign, no white space, no overflow. */
static bool parse_count(const char *text, unsigned *value)
{
    const size_t digits = strspn(text, "0123456789");

    if (digits < 1 || digits > 9 || text[digits] != '\0')
        return false;
    *value = 0;
    for (; *text; text++)
        *value = *value * 10 + (unsigned)(*text - '0');
    return true;
}

int policy_set(struct policy *policy, const char *name, const char *value, char *error, size_t room)
{
    const struct field *field = find_field(name);
    unsigned number;

    if (!field) {
        snprintf(error, room, "there is no policy \"%s\"", name);
        return -1;
    }
    const bool tristate = field->type == FIELD_TRISTATE;
    if (!(tristate ? parse_tristate(value, &number) : parse_count(value, &number))) {
        snprintf(error, room, "policy \"%s\" is %s, not \"%s\"", name,
                 tristate ? "yes, no or either" : "a number of up to 9 digits", value);
        return -1;
    }
    memcpy((char *)policy + field->offset, &number, sizeof number);
    return 0;
}

bool policy_get(const struct policy *policy, unsigned index, const char **name, char *value, size_t room)
{
    unsigned number;

    if (index >= FIELDS)
        return false;
    memcpy(&number, (const char *)policy + fields[index].offset, sizeof number);
    *name = fields[index].name;
    if (fields[index].type == FIELD_COUNT)
        snprintf(value, room, "%u", number);
    else
        snprintf(value, room, "%s", number <= POLICY_EITHER ? tristate_names[number] : "?");
    return true;
}
