#include "intx_model.h"

#include <stddef.h>

static int64_t *most_at(struct intx_model *m, uint64_t i)
{
    return m->most[i % INTX_GATES];
}

static bool gate_open(const struct intx_model *m, uint64_t i)
{
    return m->gate[i % INTX_GATES].open;
}

static void forget_states(struct intx_model *m)
{
    for (unsigned i = 0; i < INTX_GATES; i++)
        m->most[i][0] = m->most[i][1] = -1;
}

static void raise_to(int64_t *most, int64_t count)
{
    if (count > *most)
        *most = count;
}

/* Message number `count` may be committed from now on, behind `mark` dma writes. */
static void note_mark(struct intx_model *m, int64_t count, uint64_t mark)
{
    m->unmarked = m->unmarked || count - m->seen >= INTX_MARKS;
    for (; m->marked < count; m->marked++)
        m->mark[(m->marked + 1) % INTX_MARKS] = mark;
}

/* From every state to the later ones, with a commit wherever wire and cause differ. */
static void close_states(struct intx_model *m, const struct intx_step *s)
{
    for (uint64_t i = s->floor; i <= s->head; i++) {
        const bool wanted = s->level && gate_open(m, i);
        int64_t *most = most_at(m, i);
        if (most[!wanted] >= 0) {
            raise_to(&most[wanted], most[!wanted] + 1);
            note_mark(m, most[wanted], s->data_mark);
        }
        for (unsigned c = 0; c < 2 && i < s->head; c++)
            raise_to(&most_at(m, i + 1)[c], most[c]);
    }
}

static void apply(struct intx_model *m, const struct intx_step *s)
{
    for (uint64_t i = s->floor > INTX_GATES / 2 ? s->floor - INTX_GATES / 2 : 0; i < s->floor; i++)
        most_at(m, i)[0] = most_at(m, i)[1] = -1;
    close_states(m, s);
}

static void step(struct intx_model *m, uint64_t moment, uint64_t data_mark)
{
    struct intx_step *s = &m->step[m->n_steps++ % INTX_STEPS];
    *s = (struct intx_step){
        .moment = moment, .floor = m->floor, .head = m->head, .data_mark = data_mark, .level = m->level};
    apply(m, s);
}

static void restart(struct intx_model *m, bool gate, uint64_t moment, uint64_t data_mark)
{
    m->gate[m->head % INTX_GATES].open = gate;
    m->gate[m->head % INTX_GATES].seq = moment;
    m->floor = m->head;
    m->seen = m->marked = 0;
    m->unmarked = false;
    m->n_steps = 0;
    m->flush_seq = moment;
    m->in_flr = false;
    forget_states(m);
    most_at(m, m->head)[0] = 0;
    step(m, moment, data_mark);
}

void intx_model_reset(struct intx_model *m, bool gate)
{
    *m = (struct intx_model){.level = false};
    restart(m, gate, 0, 0);
}

void intx_model_level(struct intx_model *m, uint64_t moment, bool level, uint64_t data_mark)
{
    if (m->level == level)
        return;
    m->level = level;
    step(m, moment, data_mark);
}

void intx_model_gate(struct intx_model *m, uint64_t moment, bool open, uint64_t data_mark)
{
    if (gate_open(m, m->head) == open)
        return;
    m->head++;
    m->gate[m->head % INTX_GATES].open = open;
    m->gate[m->head % INTX_GATES].seq = moment;
    most_at(m, m->head)[0] = most_at(m, m->head)[1] = -1;
    if (m->head - m->floor >= INTX_GATES / 2) /* more than fits: the oldest counts as proven */
        m->floor++;
    step(m, moment, data_mark);
}

void intx_model_unorder(struct intx_model *m)
{
    const uint64_t kept = m->n_steps < INTX_STEPS ? m->n_steps : INTX_STEPS;
    for (uint64_t k = m->n_steps - kept; k < m->n_steps; k++)
        m->step[k % INTX_STEPS].data_mark = 0;
    for (unsigned k = 0; k < INTX_MARKS; k++)
        m->mark[k] = 0;
}

static uint64_t newest_before(const struct intx_model *m, const struct intx_step *s, uint64_t moment)
{
    uint64_t i = s->floor;
    while (i < s->head && m->gate[(i + 1) % INTX_GATES].seq < moment)
        i++;
    return i;
}

/* What was committed before a request was served that entered at `moment` has been seen, and writes before it were in force then:
 * the states begin anew there, and what happened since is played again. */
static void flush(struct intx_model *m, uint64_t moment, uint64_t mark)
{
    const uint64_t kept = m->n_steps < INTX_STEPS ? m->n_steps : INTX_STEPS;
    uint64_t first = m->n_steps;
    while (first > m->n_steps - kept && m->step[(first - 1) % INTX_STEPS].moment > moment)
        first--;
    if (first == m->n_steps - kept)
        return; /* too long ago */
    struct intx_step begin = m->step[(first - 1) % INTX_STEPS];
    begin.data_mark = begin.data_mark > mark ? begin.data_mark : mark;
    if (m->head - begin.floor >= INTX_GATES)
        return;
    forget_states(m);
    m->marked = m->seen;
    m->unmarked = false;
    for (uint64_t i = newest_before(m, &begin, moment); i <= begin.head; i++) {
        most_at(m, i)[m->seen & 1] = m->seen;
        if (m->seen > 0)
            most_at(m, i)[!(m->seen & 1)] = m->seen - 1;
    }
    apply(m, &begin);
    for (uint64_t k = first; k < m->n_steps; k++)
        apply(m, &m->step[k % INTX_STEPS]);
}

void intx_model_fence(struct intx_model *m, uint64_t moment, uint64_t fence_moment, bool ordered, uint64_t flush_moment,
                      uint64_t flush_mark, uint64_t data_mark)
{
    const uint64_t floor = m->floor;
    if (m->in_flr)
        return;
    while (m->floor < m->head && m->gate[(m->floor + 1) % INTX_GATES].seq < fence_moment)
        m->floor++;
    if (m->floor != floor)
        step(m, moment, data_mark);
    if (!ordered || flush_moment <= m->flush_seq)
        return;
    m->flush_seq = flush_moment;
    flush(m, flush_moment, flush_mark);
}

/* Some history has committed this many messages? Those that have not are no longer possible. */
static bool keep_with(struct intx_model *m, int64_t count)
{
    bool found = false;
    for (uint64_t i = m->floor; i <= m->head; i++)
        for (unsigned c = 0; c < 2; c++)
            found = found || most_at(m, i)[c] >= count;
    for (uint64_t i = m->floor; found && i <= m->head; i++)
        for (unsigned c = 0; c < 2; c++)
            if (most_at(m, i)[c] < count)
                most_at(m, i)[c] = -1;
    return found;
}

/* After a contradiction the wire is taken as it is. */
static void believe(struct intx_model *m)
{
    for (uint64_t i = m->floor; i <= m->head; i++) {
        most_at(m, i)[m->seen & 1] = m->seen;
        most_at(m, i)[!(m->seen & 1)] = -1;
    }
    m->marked = m->seen;
    apply(m, &m->step[(m->n_steps - 1) % INTX_STEPS]);
}

enum intx_verdict intx_model_message(struct intx_model *m, bool assert, uint64_t data_sent)
{
    if (assert == intx_model_wire(m))
        return m->in_flr && !assert ? INTX_ALLOWED : INTX_DUPLICATE;
    m->seen++;
    if (!keep_with(m, m->seen)) {
        const bool owed = m->in_flr && !assert;
        believe(m);
        return owed ? INTX_ALLOWED : INTX_NO_CAUSE;
    }
    const bool alone = m->in_flr && !assert; /* the data writes before it were dropped (INTX-13, RACE-30) */
    const bool judged = !m->unmarked && !alone;
    return judged && data_sent < m->mark[m->seen % INTX_MARKS] ? INTX_EARLY : INTX_ALLOWED;
}

void intx_model_flr_begin(struct intx_model *m)
{
    m->in_flr = true;
}

void intx_model_flr_end(struct intx_model *m, uint64_t moment, bool gate, uint64_t data_mark)
{
    restart(m, gate, moment, data_mark);
}

bool intx_model_wire(const struct intx_model *m)
{
    return m->seen & 1;
}

int intx_model_target(const struct intx_model *m)
{
    if (m->in_flr)
        return 0;
    return m->floor == m->head ? m->level && gate_open(m, m->head) : -1;
}

bool intx_model_owes(const struct intx_model *m)
{
    const int target = intx_model_target(m);
    return target >= 0 && target != intx_model_wire(m);
}

bool intx_model_cause(const struct intx_model *m)
{
    return m->level;
}

const char *intx_model_check_invariants(const struct intx_model *m)
{
    bool any = false;
    if (m->floor > m->head || m->head - m->floor >= INTX_GATES)
        return "the row of gates is out of order";
    for (uint64_t i = m->floor; i <= m->head; i++)
        for (unsigned c = 0; c < 2; c++) {
            const int64_t count = m->most[i % INTX_GATES][c];
            any = any || count >= m->seen;
            if (count >= 0 && (count & 1) != (int)c)
                return "a count of messages contradicts the state of the wire";
        }
    return any ? NULL : "no state is possible";
}
