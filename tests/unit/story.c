#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "story.h"

void story_begin(struct story *s, unsigned nvec)
{
    *s = (struct story){.policy = policy_default(), .nvec = nvec, .moment = 1};
    s->m = msix_model_create(nvec, &s->policy, &s->checks);
    assert_non_null(s->m);
}

void story_end(struct story *s)
{
    msix_model_destroy(s->m);
    s->m = NULL;
}

void story_again(struct story *s)
{
    msix_model_reset(s->m);
    checks_init(&s->checks, NULL, NULL);
    s->moment = 1;
    s->data = s->data_sent = 0;
}

void story_ready(struct story *s)
{
    static const uint8_t all[4] = {0xF, 0xF, 0xF, 0xF};
    for (unsigned v = 0; v < s->nvec; v++) {
        const uint32_t value[4] = {(uint32_t)story_address(v), (uint32_t)(story_address(v) >> 32), story_data_of(v), 0};
        msix_model_write(s->m, ++s->moment, v, all, value);
    }
    story_control(s, true, false, true);
    story_fence(s);
}

int story_setup(void **state)
{
    static struct story story;
    story_begin(&story, STORY_NVEC);
    *state = &story;
    return 0;
}

int story_teardown(void **state)
{
    story_end(*state);
    return 0;
}

struct story *story_fresh(void **state)
{
    struct story *s = *state;
    s->policy = policy_default();
    story_again(s);
    story_ready(s);
    return s;
}

struct story *story_held(void **state, unsigned vector, bool by_function)
{
    struct story *s = story_fresh(state);
    story_set_mask(s, vector, by_function, true);
    story_fence(s);
    story_event(s, vector);
    return s;
}

void story_set_mask(struct story *s, unsigned vector, bool by_function, bool mask)
{
    if (by_function)
        story_control(s, true, mask, true);
    else
        story_dw(s, vector, 3, mask);
}

uint64_t story_control(struct story *s, bool enable, bool fmask, bool bme)
{
    s->moment++;
    msix_model_control(s->m, s->moment, s->moment, (struct msix_control){.enable = enable, .fmask = fmask, .bme = bme});
    return s->moment;
}

void story_completed(struct story *s, uint64_t moment)
{
    msix_model_fence(s->m, ++s->moment, moment + 1, false, moment);
}

void story_dw(struct story *s, unsigned vector, unsigned dw, uint32_t value)
{
    uint8_t be[4] = {0};
    uint32_t values[4] = {0};
    be[dw] = 0xF;
    values[dw] = value;
    msix_model_write(s->m, ++s->moment, vector, be, values);
}

void story_mask(struct story *s, unsigned vector)
{
    story_dw(s, vector, 3, 1);
}

void story_unmask(struct story *s, unsigned vector)
{
    story_dw(s, vector, 3, 0);
}

void story_fence(struct story *s)
{
    const uint64_t entered = ++s->moment;
    msix_model_fence(s->m, ++s->moment, entered, true, entered);
}

struct story_read story_read(struct story *s, unsigned first, unsigned n)
{
    const uint64_t moment = ++s->moment;
    return (struct story_read){.moment = moment, .token = msix_model_pba_start(s->m, moment, first, n)};
}

void story_answer(struct story *s, struct story_read read, uint64_t value)
{
    msix_model_fence(s->m, ++s->moment, read.moment, true, read.moment);
    msix_model_pba_end(s->m, read.token, value, UINT64_MAX, true, s->free_answers ? UINT64_MAX : s->data_sent);
}

void story_pending(struct story *s, unsigned vector, bool value)
{
    story_answer(s, story_read(s, vector, 1), value);
}

void story_event(struct story *s, unsigned vector)
{
    msix_model_event(s->m, ++s->moment, vector, s->data, false);
}

void story_clear(struct story *s, unsigned vector)
{
    msix_model_clear(s->m, ++s->moment, vector);
}

void story_data(struct story *s, unsigned handed_over, unsigned sent)
{
    s->data += handed_over;
    s->data_sent += sent;
}

void story_message(struct story *s, unsigned vector)
{
    story_message_with(s, story_address(vector), story_data_of(vector));
}

void story_message_with(struct story *s, uint64_t address, uint32_t data)
{
    (void)msix_model_message(s->m, ++s->moment, address, data, s->data_sent);
}

uint64_t story_address(unsigned vector)
{
    return (vector % 2 ? UINT64_C(0x100000000) : 0) + 0xFEE00000 + 16 * vector;
}

uint32_t story_data_of(unsigned vector)
{
    return 0xC0DE0000 + vector;
}

void story_is_legal(struct story *s)
{
    const char *wrong = msix_model_check_invariants(s->m);
    if (wrong)
        fail_msg("%s", wrong);
    for (enum check_id id = 0; id < CHECK_COUNT; id++)
        if (s->checks.counter[id].failed > 0)
            fail_msg("%s failed in a legal story", check_info(id)->name);
}

void story_breaks(struct story *s, enum check_id id)
{
    for (enum check_id k = 0; k < CHECK_COUNT; k++)
        if (s->checks.counter[k].failed != (k == id))
            fail_msg("%s failed %u times, and it should be %s that fails", check_info(k)->name,
                     (unsigned)s->checks.counter[k].failed, check_info(id)->name);
    checks_init(&s->checks, NULL, NULL);
}

void story_ends_well(struct story *s)
{
    story_is_legal(s);
    msix_model_finish(s->m);
    story_is_legal(s);
}
