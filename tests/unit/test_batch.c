/*
 * test_batch.c - the lines of a batch, and the folder that a run writes into.
 */
#define _POSIX_C_SOURCE 200809L

#include "batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "out_folder.h"

/* --- lines --- */

static FILE *lines(const char *text)
{
    FILE *to = tmpfile();
    assert_non_null(to);
    fputs(text, to);
    rewind(to);
    return to;
}

static void lines_are_jobs(void **state)
{
    (void)state;
    struct batch_job job;
    char error[256];
    FILE *from = lines("one 1\n\n  two   0x10  out/a  \n");
    assert_int_equal(batch_next(from, &job, error, sizeof error), 1);
    assert_string_equal(job.test, "one");
    assert_int_equal(job.seed, 1);
    assert_string_equal(job.folder, "");
    assert_int_equal(batch_next(from, &job, error, sizeof error), 1);
    assert_string_equal(job.test, "two");
    assert_int_equal(job.seed, 16);
    assert_string_equal(job.folder, "out/a");
    assert_int_equal(batch_next(from, &job, error, sizeof error), 0);
    fclose(from);
}

static void other_lines_are_refused(void **state)
{
    (void)state;
    static char endless[8000];
    memset(endless, 'x', sizeof endless - 1);
    const char *const bad[] = {"one\n", "one x\n", "one -1\n", "one 1 folder more\n", endless};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct batch_job job;
        char error[256] = "";
        FILE *from = lines(bad[i]);
        assert_int_equal(batch_next(from, &job, error, sizeof error), -1);
        assert_non_null(strstr(error, "expected a line TEST SEED [DIR]"));
        fclose(from);
    }
}

/* --- folder --- */

static void names_move_into_the_folder(void **state)
{
    (void)state;
    char base[] = "/tmp/out_folder_XXXXXX", path[64], error[256];
    static struct out_folder folder;
    assert_non_null(mkdtemp(base));
    snprintf(path, sizeof path, "%s/a/b", base);
    struct options o = {.out = path, .log = "run.log", .waves = "/elsewhere/w.fst"};
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), 0);
    assert_int_equal(access(path, W_OK), 0);
    assert_true(strncmp(o.log, path, strlen(path)) == 0 && strcmp(o.log + strlen(path), "/run.log") == 0);
    assert_string_equal(o.json + strlen(path), "/result.json");
    assert_string_equal(o.waves, "/elsewhere/w.fst");
    assert_null(o.cover);
    o = (struct options){.out = path, .json = "other.json"}; /* what is there already is well */
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), 0);
    assert_string_equal(o.json + strlen(path), "/other.json");
    rmdir(path);
    path[strlen(path) - 2] = '\0';
    rmdir(path);
    rmdir(base);
}

static void without_a_folder_nothing_moves(void **state)
{
    (void)state;
    static struct out_folder folder;
    char error[256];
    struct options o = {.log = "run.log"};
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), 0);
    assert_string_equal(o.log, "run.log");
    assert_null(o.json);
}

static void folders_that_cannot_be_are_named(void **state)
{
    (void)state;
    static struct out_folder folder;
    static char endless[8000];
    char error[512] = "";
    struct options o = {.out = "/dev/null/x"};
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), -1);
    assert_non_null(strstr(error, "/dev/null/x"));
    memset(endless, 'x', sizeof endless - 1);
    o.out = endless;
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), -1);
    o = (struct options){.out = "/tmp", .log = endless};
    assert_int_equal(out_folder_place(&o, &folder, error, sizeof error), -1);
    assert_non_null(strstr(error, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_jobs),
        cmocka_unit_test(other_lines_are_refused),
        cmocka_unit_test(names_move_into_the_folder),
        cmocka_unit_test(without_a_folder_nothing_moves),
        cmocka_unit_test(folders_that_cannot_be_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
