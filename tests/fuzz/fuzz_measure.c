/*
 * fuzz_measure.c - see fuzz_measure.h. libFuzzer calls a function without a context, so what it adds up is kept here.
 */
#include "fuzz_measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "coverage_bins.h"

enum { MOST_BINS = 4096 };

/* libFuzzer clears these before a run and reads them after it; nobody here reads them, hence volatile. */
__attribute__((section("__libfuzzer_extra_counters"))) static volatile uint8_t bin_feedback[MOST_BINS];

static uint8_t bin_seen[MOST_BINS];
static struct fuzz_figures figures;
static int feeds_back = 1;

int fuzz_measure_start(void)
{
    feeds_back = !getenv("FUZZ_NO_BINS");
    return coverage_bins_total() <= MOST_BINS;
}

struct coverage *fuzz_measure_begin(void)
{
    return coverage_create();
}

void fuzz_measure_end(struct coverage *run, size_t size)
{
    for (unsigned bin = 0; run && bin < coverage_bins_total(); bin++)
        if (coverage_count(run, bin) > 0) {
            bin_seen[bin] = 1;
            bin_feedback[bin] = (uint8_t)feeds_back;
        }
    figures.executions++;
    figures.size[size < FUZZ_MOST_BYTES ? size : FUZZ_MOST_BYTES]++;
    coverage_destroy(run);
}

void fuzz_measure_write(const char *file)
{
    unsigned bins = 0;
    FILE *const to = fopen(file, "w");
    if (!to)
        return;
    for (unsigned bin = 0; bin < coverage_bins_total(); bin++)
        bins += bin_seen[bin];
    fprintf(to, "executions %" PRIu64 "\nbins %u\n", figures.executions, bins);
    for (unsigned size = 0; size <= FUZZ_MOST_BYTES; size++)
        if (figures.size[size])
            fprintf(to, "size %u %" PRIu64 "\n", size, figures.size[size]);
    fclose(to);
}

uint64_t fuzz_measure_read(const char *file, struct fuzz_figures *read)
{
    char line[128];
    unsigned size;
    uint64_t count, sum = 0;
    FILE *const from = fopen(file, "r");
    *read = (struct fuzz_figures){0};
    while (from && fgets(line, sizeof line, from))
        if (sscanf(line, "size %u %" SCNu64, &size, &count) == 2 && size <= FUZZ_MOST_BYTES) {
            read->size[size] = count;
            sum += count;
        }
    if (from)
        fclose(from);
    return sum;
}
