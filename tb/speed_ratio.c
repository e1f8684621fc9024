/* speed_ratio.c - see speed_ratio.h */
#define _POSIX_C_SOURCE 200809L
#include "speed_ratio.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One run; `seconds` (may be NULL) gets the time of the load. */
static bool run_bench(enum speed_load load, uint64_t seed, uint64_t clocks, struct speed_record *record,
                      double *seconds, char *error, size_t room)
{
    struct speed_run run;
    bool good = speed_start(&run, seed, false, false, record, error, room);
    double start = now();
    for (uint64_t i = 0; good && i < clocks; i++)
        speed_load_step(&run, load);
    if (seconds != NULL)
        *seconds = now() - start;
    good = good && speed_good(&run, error, room);
    speed_end(&run);
    return good;
}

/* Plays the recording into a fresh design. Returns the seconds that the load took, below 0 without memory. */
static double run_bare(const struct speed_record *record, uint64_t seed)
{
    struct dut_out out;
    struct dut *dut = dut_create((uint32_t)seed, NULL, NULL);
    if (dut == NULL)
        return -1;
    for (size_t i = 0; i < record->setup; i++)
        dut_cycle(dut, &record->in[i], &out);
    double start = now();
    for (size_t i = record->setup; i < record->clocks; i++)
        dut_cycle(dut, &record->in[i], &out);
    double seconds = now() - start;
    dut_destroy(dut);
    return seconds;
}

/* Is the recording what it claims to be? The same pins must make the same TLPs. */
static bool replay_is_true(const struct speed_record *record, uint64_t seed, char *error, size_t room)
{
    struct dut_out out;
    uint64_t hash = 0;
    struct dut *dut = dut_create((uint32_t)seed, NULL, NULL);
    for (size_t i = 0; dut != NULL && i < record->clocks; i++) {
        dut_cycle(dut, &record->in[i], &out);
        if (record->in[i].rst_n && out.tx.valid && record->in[i].tx_tready)
            hash = speed_hash(hash, &out.tx, dut_get_config()->data_dw);
    }
    if (dut == NULL || hash != record->tx_hash)
        snprintf(error, room, dut == NULL ? "out of memory" : "the replay of a run made other TLPs than the run");
    bool good = dut != NULL && hash == record->tx_hash;
    dut_destroy(dut);
    return good;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value, unsigned n)
{
    qsort(value, n, sizeof *value, by_size);
    return (value[(n - 1) / 2] + value[n / 2]) / 2;
}

bool speed_measure_ratio(enum speed_load load, uint64_t seed, uint64_t clocks, unsigned rounds,
                         struct speed_ratio *result, char *error, size_t room)
{
    double bench[SPEED_MAX_ROUNDS], bare[SPEED_MAX_ROUNDS], ratio[SPEED_MAX_ROUNDS];
    struct speed_record record = {0};
    bool good = run_bench(load, seed, clocks, &record, NULL, error, room) && replay_is_true(&record, seed, error, room);
    for (unsigned i = 0; good && i < rounds; i++) {
        double bench_s, bare_s = 0;
        good = run_bench(load, seed, clocks, NULL, &bench_s, error, room) && (bare_s = run_bare(&record, seed)) > 0;
        if (!good)
            break;
        bench[i] = (double)clocks / bench_s;
        bare[i] = (double)clocks / bare_s;
        ratio[i] = bare_s / bench_s;
    }
    if (good)
        *result = (struct speed_ratio){median(bench, rounds), median(bare, rounds), median(ratio, rounds)};
    speed_record_free(&record);
    return good;
}
