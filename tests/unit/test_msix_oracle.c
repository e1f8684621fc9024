/*
 * test_msix_oracle.c - the model of one table entry against brute force, on random traces.
 *
 * A random device that keeps the rules makes traces; the model and the oracle must accept all of them (soundness: no
 * exception). Then each trace is spoilt in one place and both judge again: what the oracle refuses the model must
 * refuse, and nothing else. Traces with more states than the oracle or the model can hold are counted apart.
 *
 * 100,000 traces by default. ORACLE_TRACES=n in the environment tries n seeds instead (each gives up to two traces);
 * SHOW_LENIENT=1 prints every trace that the model lets pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msix_model.h"
#include "oracle_device.h"

enum { VECTOR = 1, NVEC = 3 };

/* --- the two judges: the number of the first op that is refused, or t->n --- */

static unsigned ask_oracle(struct oracle *o, const struct policy *policy, const struct trace *t)
{
    oracle_init(o, policy);
    for (unsigned k = 0; k < t->n; k++)
        if (!oracle_step(o, &t->op[k]))
            return k;
    return t->n;
}

struct driver {
    struct msix_model *m;
    struct checks *checks;
    uint64_t moment, data, data_sent;
    uint64_t control_moment[ORACLE_OPS], read_moment[ORACLE_OPS];
    int token[ORACLE_OPS];
};

static uint64_t failures(const struct checks *checks)
{
    uint64_t n = 0;
    for (unsigned k = 0; k < CHECK_COUNT; k++)
        n += checks->counter[k].failed;
    return n;
}

static void drive(struct driver *d, const struct trace_op *op)
{
    const uint64_t now = ++d->moment;
    switch (op->kind) {
    case TRACE_EVENT:
        msix_model_event(d->m, now, VECTOR, d->data, false);
        break;
    case TRACE_CLEAR:
        msix_model_clear(d->m, now, VECTOR);
        break;
    case TRACE_DATA:
        d->data++;
        break;
    case TRACE_DATA_SENT:
        d->data_sent++;
        break;
    case TRACE_CONTROL:
        d->control_moment[op->id] = now;
        msix_model_control(d->m, now, now, (struct msix_control){op->enable, op->fmask, op->bme});
        break;
    case TRACE_CONTROL_DONE:
        msix_model_fence(d->m, now, d->control_moment[op->id] + 1, false, d->control_moment[op->id]);
        break;
    case TRACE_ENTRY:
        msix_model_write(d->m, now, VECTOR, op->be, op->value);
        break;
    case TRACE_READ:
        d->read_moment[op->id] = now;
        if (!op->other)
            d->token[op->id] = msix_model_pba_start(d->m, now, 0, NVEC);
        break;
    case TRACE_READ_DONE:
        msix_model_fence(d->m, now, d->read_moment[op->id], !op->relaxed, d->read_moment[op->id]);
        if (!op->other)
            msix_model_pba_end(d->m, d->token[op->id], (uint64_t)op->bit << VECTOR, 7, !op->relaxed, UINT64_MAX);
        break;
    case TRACE_MESSAGE:
        msix_model_message(d->m, now, op->address, op->data, d->data_sent);
        break;
    default:
        msix_model_finish(d->m);
        break;
    }
}

static unsigned ask_model(struct msix_model *m, struct checks *checks, const struct trace *t)
{
    struct driver d = {.m = m, .checks = checks, .moment = 1};
    checks_init(checks, NULL, NULL);
    msix_model_reset(m);
    for (unsigned k = 0; k < t->n; k++) {
        drive(&d, &t->op[k]);
        if (failures(checks))
            return k;
        const char *wrong = msix_model_check_invariants(m);
        if (wrong)
            fail_msg("%s", wrong);
    }
    (void)msix_model_may_hold(m, VECTOR); /* what a fence has disproved is noticed when the entry is looked at */
    return failures(checks) ? t->n - 1 : t->n;
}

/* --- printing a trace that divides them --- */

static void print_op(unsigned k, const struct trace_op *op)
{
    static const char *const name[TRACE_KINDS] = {"event",     "clear",        "data",        "data sent",
                                                  "control",   "control done", "entry write", "read",
                                                  "read done", "message",      "finish"};
    printf("%3u %-12s", k, name[op->kind]);
    if (op->kind == TRACE_CONTROL)
        printf(" %u: enable %d fmask %d bme %d", op->id, op->enable, op->fmask, op->bme);
    if (op->kind == TRACE_CONTROL_DONE)
        printf(" %u", op->id);
    for (unsigned dw = 0; op->kind == TRACE_ENTRY && dw < 4; dw++)
        if (op->be[dw])
            printf(" [%u]=%X", dw, (unsigned)op->value[dw]);
    if (op->kind == TRACE_READ || op->kind == TRACE_READ_DONE)
        printf(" %u%s%s", op->id, op->relaxed ? " relaxed" : "", op->other ? " of something else" : "");
    if (op->kind == TRACE_READ_DONE && !op->other)
        printf(" = %d", op->bit);
    if (op->kind == TRACE_MESSAGE)
        printf(" %llX %X", (unsigned long long)op->address, (unsigned)op->data);
    printf("\n");
}

static void print_trace(const struct trace *t)
{
    for (unsigned k = 0; k < t->n; k++)
        print_op(k, &t->op[k]);
}

static void print_failure(void *ctx, const struct check_failure *failure)
{
    (void)ctx;
    printf("    %s: %s\n", check_info(failure->id)->name, failure->text);
}

/* The model refuses what is legal: shows the trace and why. */
static void fail_unsound(struct msix_model *m, struct checks *checks, const struct trace *t, uint64_t seed, unsigned at)
{
    struct driver d = {.m = m, .checks = checks, .moment = 1};
    printf("seed %llu: the model refuses op %u, the oracle does not\n", (unsigned long long)seed, at);
    print_trace(t);
    checks_init(checks, print_failure, NULL);
    msix_model_reset(m);
    for (unsigned k = 0; k <= at; k++)
        drive(&d, &t->op[k]);
    fail_msg("the model refuses a legal trace");
}

/* --- spoiling --- */

enum spoil {
    SPOIL_DROP,      /* a message is not sent */
    SPOIL_DUPLICATE, /* a message is sent again later */
    SPOIL_MOVE,      /* a message leaves at some other time */
    SPOIL_NUDGE,     /* a message and its neighbour change places */
    SPOIL_BIT,       /* a pending bit reads inverted */
    SPOIL_FIELDS,    /* a message carries fields of other entry states, or mixed ones */
    SPOIL_EVENT,     /* an event did not happen */
    SPOIL_SPURIOUS,  /* a message with the newest fields, at any time */
    SPOILS
};

static const char *const SPOIL_NAME[SPOILS] = {"message dropped", "message doubled",     "message moved",
                                               "message nudged",  "pending bit flipped", "fields exchanged",
                                               "event withdrawn", "message invented"};

/* A random op of this kind, or -1. */
static int find_op(const struct trace *t, enum trace_kind kind, struct rng *rng)
{
    int found = -1;
    uint32_t n = 0;
    for (unsigned k = 0; k < t->n; k++)
        if (t->op[k].kind == kind && one_in(rng, ++n))
            found = (int)k;
    return found;
}

/* The ops before the end of the drain. */
static unsigned spoilable(const struct trace *t)
{
    return t->n > 0 && t->op[t->n - 1].kind == TRACE_FINISH ? t->n - 1 : t->n;
}

static void remove_op(struct trace *t, unsigned at)
{
    memmove(t->op + at, t->op + at + 1, (--t->n - at) * sizeof t->op[0]);
}

static void insert_op(struct trace *t, unsigned at, struct trace_op op)
{
    memmove(t->op + at + 1, t->op + at, (t->n++ - at) * sizeof t->op[0]);
    t->op[at] = op;
}

/* Fields of two random entry states of the trace. */
static void exchange_fields(struct oracle *o, const struct policy *policy, const struct trace *t,
                            struct trace_op *message, struct rng *rng)
{
    oracle_init(o, policy);
    for (unsigned k = 0; k < t->n; k++)
        oracle_record(o, &t->op[k]);
    const unsigned a = below(rng, o->n_entries + 1U);
    const unsigned b = one_in(rng, 2) ? a : below(rng, o->n_entries + 1U);
    message->address = oracle_address(o, a);
    message->data = oracle_data(o, b);
}

static bool spoil_message(struct trace *t, enum spoil how, unsigned at, struct rng *rng)
{
    const struct trace_op op = t->op[at];
    switch (how) {
    case SPOIL_DROP:
        remove_op(t, at);
        return true;
    case SPOIL_DUPLICATE:
        insert_op(t, at + 1 + below(rng, spoilable(t) - at), op);
        return true;
    case SPOIL_MOVE:
        remove_op(t, at);
        insert_op(t, below(rng, spoilable(t) + 1), op);
        return true;
    default:
        if (at + 1 >= spoilable(t) || t->op[at + 1].kind == TRACE_MESSAGE)
            return false;
        t->op[at] = t->op[at + 1];
        t->op[at + 1] = op;
        return true;
    }
}

/* Returns false if the trace has nothing to spoil in this way. */
static bool spoil(struct oracle *o, const struct policy *policy, struct trace *t, enum spoil how, struct rng *rng)
{
    const enum trace_kind kind = how == SPOIL_BIT ? TRACE_READ_DONE : how == SPOIL_EVENT ? TRACE_EVENT : TRACE_MESSAGE;
    const int at = find_op(t, kind, rng);
    if ((at < 0 && how != SPOIL_SPURIOUS) || t->n == ORACLE_OPS)
        return false;
    switch (how) {
    case SPOIL_BIT:
        t->op[at].bit = !t->op[at].bit;
        return !t->op[at].other;
    case SPOIL_FIELDS:
        exchange_fields(o, policy, t, &t->op[at], rng);
        return true;
    case SPOIL_EVENT:
        remove_op(t, (unsigned)at);
        return true;
    case SPOIL_SPURIOUS:
        insert_op(t, below(rng, spoilable(t) + 1), (struct trace_op){.kind = TRACE_MESSAGE});
        for (unsigned k = 0; k < t->n; k++)
            if (t->op[k].kind == TRACE_MESSAGE && t->op[k].address == 0 && t->op[k].data == 0) {
                struct trace before = *t;
                before.n = k;
                exchange_fields(o, policy, &before, &t->op[k], rng);
            }
        return true;
    default:
        return spoil_message(t, how, (unsigned)at, rng);
    }
}

/* --- tests --- */

struct tally {
    unsigned traces, skipped, crowds, legal, illegal, let_pass;
    unsigned illegal_by[SPOILS], let_pass_by[SPOILS];
};

struct bench {
    struct policy policy;
    struct checks checks;
    struct msix_model *model;
    struct oracle *oracle;
};

static int set_up_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    b->policy = policy_default();
    b->model = msix_model_create(NVEC, &b->policy, &b->checks);
    b->oracle = calloc(1, sizeof *b->oracle);
    *state = b;
    return b->model && b->oracle ? 0 : -1;
}

static int tear_down_bench(void **state)
{
    struct bench *b = *state;
    msix_model_destroy(b->model);
    free(b->oracle);
    free(b);
    return 0;
}

/* Both judge one trace. `how`: how it was spoilt, SPOILS if not. */
static void compare(struct bench *b, const struct trace *t, enum spoil how, uint64_t seed, struct tally *tally)
{
    const unsigned legal_until = ask_oracle(b->oracle, &b->policy, t);
    tally->traces++;
    if (b->oracle->overflow) {
        tally->skipped++;
        return;
    }
    const unsigned accepted_until = ask_model(b->model, &b->checks, t);
    if (accepted_until < legal_until)
        fail_unsound(b->model, &b->checks, t, seed, accepted_until);
    if (msix_model_crowds(b->model) > 0) {
        tally->crowds++;
        return;
    }
    if (legal_until == t->n) {
        tally->legal++;
        return;
    }
    assert_true(how < SPOILS);
    const bool let_pass = accepted_until == t->n;
    tally->illegal++;
    tally->let_pass += let_pass;
    tally->illegal_by[how]++;
    tally->let_pass_by[how] += let_pass;
    if (let_pass && getenv("SHOW_LENIENT")) {
        printf("seed %llu, %s: the oracle refuses op %u, the model accepts\n", (unsigned long long)seed,
               SPOIL_NAME[how], legal_until);
        print_trace(t);
    }
}

static void run_traces(struct bench *b, uint64_t first_seed, unsigned n, struct tally *tally)
{
    for (uint64_t seed = first_seed; seed < first_seed + n; seed++) {
        struct rng rng = {.state = seed * 1000003};
        struct trace t;
        oracle_device_trace(b->oracle, &b->policy, &rng, &t);
        compare(b, &t, SPOILS, seed, tally);
        const enum spoil how = (enum spoil)(seed % SPOILS);
        if (spoil(b->oracle, &b->policy, &t, how, &rng))
            compare(b, &t, how, seed, tally);
    }
}

static void print_tally(const char *what, const struct tally *tally)
{
    printf("%s: %u traces, %u legal, %u illegal, %u of them let pass (%.2f %%); not counted: %u too large for the "
           "oracle, %u for the model\n",
           what, tally->traces, tally->legal, tally->illegal, tally->let_pass,
           100.0 * tally->let_pass / (tally->illegal ? tally->illegal : 1), tally->skipped, tally->crowds);
    for (unsigned k = 0; k < SPOILS; k++)
        printf("    %-20s %5u illegal, %4u let pass\n", SPOIL_NAME[k], tally->illegal_by[k], tally->let_pass_by[k]);
}

static unsigned seeds(unsigned by_default)
{
    const char *n = getenv("ORACLE_TRACES");
    return n ? (unsigned)atoi(n) : by_default;
}

/* Nothing illegal passed, and nearly everything was compared. */
static void demand_agreement(const char *what, const struct tally *tally)
{
    print_tally(what, tally);
    assert_int_equal(tally->let_pass, 0);
    assert_true((tally->skipped + tally->crowds) * 50 < tally->traces);
    assert_true(tally->illegal * 10 > tally->traces);
}

/* N.3, ENV-01: the choices of the block in rtl/. */
static void model_agrees_with_brute_force(void **state)
{
    struct bench *b = *state;
    struct tally tally = {0};
    run_traces(b, 1, seeds(50000), &tally);
    demand_agreement("block's own choices", &tally);
}

/* MSIX-PBA-23, -24, -28: a block that may keep or drop. */
static void model_agrees_with_brute_force_when_events_may_be_dropped(void **state)
{
    struct bench *b = *state;
    struct tally tally = {0};
    for (unsigned k = 0; k < 8; k++) {
        static const enum policy_tristate choice[3] = {POLICY_NO, POLICY_YES, POLICY_EITHER};
        b->policy.record_while_disabled = choice[k % 3];
        b->policy.keep_on_disable = choice[(k + k / 3) % 3];
        b->policy.hold_while_bme_off = k % 2 ? POLICY_EITHER : POLICY_YES;
        b->policy.record_masked_while_bme_off = choice[k / 2 % 3];
        run_traces(b, 100000000 * (k + 1), seeds(12800) / 8, &tally);
    }
    demand_agreement("other choices", &tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(model_agrees_with_brute_force, set_up_bench, tear_down_bench),
        cmocka_unit_test_setup_teardown(model_agrees_with_brute_force_when_events_may_be_dropped, set_up_bench,
                                        tear_down_bench),
    };
    return cmocka_run_group_tests_name("msix_oracle", tests, NULL, NULL);
}
