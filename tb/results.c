#include "results.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_NAME = 4096 };

struct results {
    FILE *to;
    char part[FILE_NAME], file[FILE_NAME];
};

const char *result_outcome_name(enum result_outcome outcome)
{
    static const char *const names[] = {
        [RESULT_PASSED] = "passed", [RESULT_FAILED] = "failed", [RESULT_SKIPPED] = "skipped"};
    return names[outcome];
}

/* Everything that is not printable ASCII is escaped byte by byte, so that any text gives well-formed JSON. */
static void write_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(to, "\\%c", *c);
        else if (*c < 0x20 || *c > 0x7E)
            fprintf(to, "\\u%04x", *c);
        else
            fputc(*c, to);
    }
    fputc('"', to);
}

static void write_member(FILE *to, const char *name, const char *text)
{
    fprintf(to, "\"%s\": ", name);
    write_string(to, text ? text : "");
}

static void write_error(FILE *to, const struct result_error *error)
{
    fprintf(to, ", \"error\": {");
    write_member(to, "check", error->check);
    fprintf(to, ", ");
    write_member(to, "requirements", error->requirements);
    fprintf(to, ", \"time\": %" PRIu64 ", \"vector\": %d, ", error->time, error->vector);
    write_member(to, "text", error->text);
    fputc('}', to);
}

static void write_evaluated(FILE *to, const struct checks *checks)
{
    const char *separator = "";
    fprintf(to, ", \"evaluated\": {");
    for (unsigned id = 0; id < CHECK_COUNT; id++) {
        if (checks->counter[id].evaluated == 0)
            continue;
        fprintf(to, "%s\"%s\": %" PRIu64, separator, check_info((enum check_id)id)->name,
                checks->counter[id].evaluated);
        separator = ", ";
    }
    fputc('}', to);
}

void results_add(struct results *results, const struct result *r)
{
    results_print(results->to, r);
    fflush(results->to);
}

void results_print_refused(FILE *to, const char *name, uint64_t seed, const char *reason)
{
    fputc('{', to);
    write_member(to, "name", name);
    fprintf(to, ", \"seed\": %" PRIu64 ", \"result\": \"refused\", ", seed);
    write_member(to, "reason", reason);
    fprintf(to, "}\n");
}

void results_print(FILE *to, const struct result *r)
{
    fputc('{', to);
    write_member(to, "name", r->name);
    fprintf(to, ", ");
    write_member(to, "config", r->config);
    fprintf(to, ", \"seed\": %" PRIu64 ", ", r->seed);
    write_member(to, "result", result_outcome_name(r->outcome));
    fprintf(to, ", ");
    write_member(to, "reason", r->reason);
    fprintf(to, ", ");
    write_member(to, "fault", r->fault);
    fprintf(to,
            ", \"cycles\": %" PRIu64 ", \"wall_s\": %.6f, \"messages\": %" PRIu64 ", \"log_hash\": \"%016" PRIx64 "\"",
            r->cycles, r->wall_s, r->messages, r->log_hash);
    write_evaluated(to, &r->checks);
    if (r->outcome == RESULT_FAILED)
        write_error(to, &r->error);
    if (r->shrunk_file[0]) {
        fprintf(to, ", ");
        write_member(to, "shrunk", r->shrunk_file);
    }
    fprintf(to, "}\n");
}

void results_add_checks(struct results *results, const struct checks *checks)
{
    fprintf(results->to, "{\"checks\": {");
    for (unsigned id = 0; id < CHECK_COUNT; id++) {
        fprintf(results->to, "%s", id ? ", " : "");
        write_string(results->to, check_info((enum check_id)id)->name);
        fprintf(results->to, ": {\"evaluated\": %" PRIu64 ", \"failed\": %" PRIu64 "}", checks->counter[id].evaluated,
                checks->counter[id].failed);
    }
    fprintf(results->to, "}}\n");
    fflush(results->to);
}

struct results *results_open(const char *file, char *error, size_t room)
{
    struct results *results = calloc(1, sizeof *results);
    if (!results || strlen(file) + sizeof ".part" > sizeof results->part) {
        snprintf(error, room, "cannot write results: %s",
                 results ? "the name of the file is too long" : "out of memory");
        free(results);
        return NULL;
    }
    snprintf(results->part, sizeof results->part, "%.*s.part", FILE_NAME - 8, file);
    snprintf(results->file, sizeof results->file, "%s", file);
    results->to = fopen(results->part, "w");
    if (!results->to) {
        snprintf(error, room, "cannot write results to %s: %s", file, strerror(errno));
        free(results);
        return NULL;
    }
    return results;
}

int results_close(struct results *results, char *error, size_t room)
{
    const int broken = ferror(results->to);
    int status = fclose(results->to);
    if (status != 0 || broken || rename(results->part, results->file) != 0) {
        snprintf(error, room, "cannot write results to %s: %s", results->file, strerror(errno));
        status = -1;
    }
    free(results);
    return status;
}
