/*
 * test_msix_memory.c - the reference model of MSI-X without memory: it says so, and does not break. The Makefile puts
 * the functions below in front of the allocator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* The allocation that fails, counted down; below 0: none. */
static int countdown = -1;

static bool fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

/* A story that needs memory of every kind: versions, cells, keys, states, groups of twins. */
static void tell(struct story *s)
{
    for (uint32_t k = 0; k < 6; k++) {
        story_mask(s, 0);
        story_dw(s, 0, 2, story_data_of(1) + k % 2);
        story_control(s, true, k % 2, true);
        story_unmask(s, 0);
        story_event(s, 0);
        (void)story_read(s, 0, 2);
        story_event(s, 1);
    }
    story_dw(s, 0, 0, (uint32_t)story_address(1));
    story_dw(s, 0, 1, (uint32_t)(story_address(1) >> 32));
    story_dw(s, 0, 2, story_data_of(1));
    story_control(s, true, false, true);
    story_fence(s);
    story_event(s, 0);
    story_event(s, 1);
    story_message(s, 1);
}

/* Every allocation of the story in turn. */
static void missing_memory_is_told(void **state)
{
    int failed = 0;
    (void)state;
    for (int k = 0;; k++, failed++) {
        struct story s;
        story_begin(&s, 2);
        story_ready(&s);
        countdown = k;
        tell(&s);
        const bool all = countdown >= 0; /* it had all the memory that it asked for */
        countdown = -1;
        assert_int_equal(msix_model_out_of_memory(s.m), !all);
        story_end(&s);
        if (all)
            break;
    }
    assert_true(failed > 10);
}

/* Nothing is made, and nothing is left behind. */
static void model_is_not_made_without_memory(void **state)
{
    struct checks checks;
    const struct policy policy = policy_default();
    struct msix_model *m = NULL;
    (void)state;
    for (int k = 0; !m; k++) {
        countdown = k;
        m = msix_model_create(3, &policy, &checks);
        assert_int_equal(m == NULL, countdown < 0);
    }
    countdown = -1;
    msix_model_destroy(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_memory_is_told),
        cmocka_unit_test(model_is_not_made_without_memory),
    };
    return cmocka_run_group_tests_name("msix_memory", tests, NULL, NULL);
}
