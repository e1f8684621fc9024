/*
 * fuzz_scenario.c - the target of `make fuzz`: bytes are a scenario, played on a fresh bench and drained; the scoreboard
 * and all other checks judge. A failed check is a crash for libFuzzer. docs/fuzzing.md
 *
 *   fuzz --scenario BYTES FILE.scn    what the bytes say, as text for `sim --replay`
 *   fuzz --bytes FILE.scn BYTES       the other way, for a corpus
 *   fuzz --random RUNS SEED TALLY     random bytes without any feedback, sizes as in this TALLY of a search
 *   FUZZ_FAULT=NAME fuzz ...          with a planted fault (`sim --list-faults`)
 *   FUZZ_TALLY=FILE fuzz ...          writes executions, bins and sizes at the end (fuzz_measure.h)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "fuzz_measure.h"
#include "rng.h"
#include "runner.h"
#include "scenario_bytes.h"
#include "scenario_run.h"

enum { MOST_BYTES = 1 << 16, SENTENCE = 512 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void give_up(const char *sentence)
{
    fprintf(stderr, "fuzz: %s\n", sentence);
    exit(2);
}

/* --- bytes and text --- */

static void decode(struct scenario *s, const uint8_t *bytes, size_t size)
{
    scenario_init(s);
    if (!scenario_from_bytes(s, bytes, size, dut_get_config()->nvec))
        give_up("out of memory");
}

static void bytes_to_text(const char *bytes_name, const char *text_name)
{
    static uint8_t bytes[MOST_BYTES];
    char error[SENTENCE], title[SENTENCE];
    FILE *const from = fopen(bytes_name, "rb");
    if (!from)
        give_up("the file of bytes cannot be read");
    const size_t size = fread(bytes, 1, sizeof bytes, from);
    fclose(from);
    struct scenario s;
    decode(&s, bytes, size);
    snprintf(title, sizeof title, "found by the fuzzer, configuration %s: %zu operations", dut_get_config()->name,
             s.count);
    if (scenario_write_file(text_name, title, &s, error, sizeof error) != 0)
        give_up(error);
    scenario_free(&s);
}

static void text_to_bytes(const char *text_name, const char *bytes_name)
{
    static uint8_t bytes[MOST_BYTES];
    char error[SENTENCE];
    struct scenario s;
    scenario_init(&s);
    if (scenario_read_file(text_name, &s, error, sizeof error) != 0)
        give_up(error);
    const size_t size = scenario_to_bytes(&s, dut_get_config()->nvec, bytes, sizeof bytes);
    scenario_free(&s);
    FILE *const to = fopen(bytes_name, "wb");
    if (!to)
        give_up("the file of bytes cannot be written");
    const size_t written = fwrite(bytes, 1, size, to);
    if (fclose(to) != 0 || written != size)
        give_up("the file of bytes cannot be written");
}

static void write_tally(void)
{
    fuzz_measure_write(getenv("FUZZ_TALLY"));
}

/* The size of the `nth` of all executions in that tally, in order of size. */
static size_t size_of(const struct fuzz_figures *figures, uint64_t nth)
{
    size_t size = 0;
    while (size < FUZZ_MOST_BYTES && nth >= figures->size[size])
        nth -= figures->size[size++];
    return size;
}

/* The same effort without guidance, as a measure for it. */
static void play_random(uint64_t runs, uint64_t seed, const char *tally)
{
    static uint8_t bytes[FUZZ_MOST_BYTES];
    struct fuzz_figures figures;
    struct rng rng;
    const uint64_t sum = fuzz_measure_read(tally, &figures);
    if (!sum)
        give_up("the tally cannot be read");
    rng_seed(&rng, seed);
    for (uint64_t run = 0; run < runs; run++) {
        const size_t size = size_of(&figures, rng_next(&rng) % sum);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)rng_next(&rng);
        LLVMFuzzerTestOneInput(bytes, size);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char **const word = *argv;
    if (!fuzz_measure_start())
        give_up("there are more bins than the feedback has room for");
    if (getenv("FUZZ_TALLY"))
        atexit(write_tally);
    if (*argc == 5 && strcmp(word[1], "--random") == 0) {
        play_random(strtoull(word[2], NULL, 0), strtoull(word[3], NULL, 0), word[4]);
        exit(0);
    }
    if (*argc != 4 || (strcmp(word[1], "--scenario") != 0 && strcmp(word[1], "--bytes") != 0))
        return 0;
    if (strcmp(word[1], "--scenario") == 0)
        bytes_to_text(word[2], word[3]);
    else
        text_to_bytes(word[2], word[3]);
    exit(0);
}

/* --- a run --- */

/* As the first of the two runs of `sim --replay`. */
static void play(const struct scenario *s, size_t size)
{
    struct coverage *const coverage = fuzz_measure_begin();
    const struct bench_options options = {.seed = s->seed,
                                          .power_up_seed = runner_power_up(s->seed),
                                          .fault = getenv("FUZZ_FAULT"),
                                          .coverage = coverage};
    struct scenario_outcome outcome;
    char error[SENTENCE];
    struct bench *const b = bench_create(&options, error, sizeof error);
    if (!b)
        give_up(error);
    if (!scenario_run(b, s, &outcome))
        give_up("out of memory");
    bench_drain(b);
    if (!bench_finish(b, error, sizeof error))
        give_up(error);
    const struct bench_failure *const failure = bench_failure(b);
    if (failure->failed) {
        const struct check_info *const info = check_info(failure->check);
        fuzz_measure_end(coverage, size);
        if (getenv("FUZZ_TALLY")) /* an abort writes none */
            write_tally();
        fprintf(stderr, "fuzz: check %s [%s] failed: %s\n", info->name, info->requirements, failure->text);
        abort();
    }
    bench_destroy(b);
    fuzz_measure_end(coverage, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct scenario s;
    decode(&s, bytes, size);
    play(&s, size);
    scenario_free(&s);
    return 0;
}
