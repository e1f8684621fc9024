#define _POSIX_C_SOURCE 200809L

#include "scratch_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

void scratch_file_make(char name[SCRATCH_NAME], const char *content)
{
    const char *directory = getenv("TMPDIR");
    snprintf(name, SCRATCH_NAME, "%s/unit_XXXXXX", directory ? directory : "/tmp");
    const int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    FILE *to = fdopen(descriptor, "w");
    assert_non_null(to);
    fputs(content, to);
    assert_int_equal(fclose(to), 0);
}

void scratch_file_read(const char *name, char *text, size_t room)
{
    FILE *from = fopen(name, "r");
    assert_non_null(from);
    text[fread(text, 1, room - 1, from)] = '\0';
    fclose(from);
}
