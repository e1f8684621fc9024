/*
 * tlp_filter.c - see tlp_filter.h.
 *
 * Three steps: the VCD reader keeps the value of each wire before and after the current time; at a rising edge of clk the values
 * before it are what the edge sees, and the assembler adds a beat; a finished TLP becomes a box, and at the end of the query
 * the boxes are laid out in rows.
 */
#include "tlp_filter.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "filter_line.h"
#include "tlp.h"
#include "tlp_text.h"

enum {
    MAX_WIRES = 64,
    MAX_ROWS = 8,
    MAX_WIDTH = 4096,   /* bits of a wire */
    MAX_BOXES = 200000, /* further ones are not shown */
    TEXT_ROOM = 160,
    SPREAD_CLOCKS = 16, /* a box that has not had this long keeps its row if another one is free */
    HOLD_CLOCKS = 30    /* a box ends this long after its last beat at the latest */
};

enum role { CLK, RST_N, VALID, READY, LAST, KEEP, DATA, VECTOR, ROLES, NO_ROLE = ROLES };

/* A value is one character a bit, the highest bit first; NULL if the stream does not have the wire. */
struct wire {
    char *now, *next;
    size_t width;
};

struct box {
    uint64_t start, end; /* first and last beat */
    const char *colour;
    unsigned row;
    char text[TEXT_ROOM];
};

struct query {
    char title[32];
    unsigned rows;
    struct wire wire[ROLES];
    enum role role_of[MAX_WIRES]; /* by VCD identifier, a small number */
    uint64_t time, min_time;
    uint64_t last_edge, period;

    /* the TLP that is being assembled */
    bool in_tlp, has_x, seen_end;
    uint64_t start;
    size_t n;
    uint32_t dw[TLP_MAX_DW];

    struct box *box;
    size_t boxes, room;
};

/* --- boxes --- */

static struct box *add_box(struct query *q, uint64_t start, const char *colour)
{
    if (q->boxes == MAX_BOXES)
        return NULL;
    if (q->boxes == q->room) {
        const size_t room = q->room ? 2 * q->room : 256;
        struct box *grown = realloc(q->box, room * sizeof *grown);
        if (!grown)
            return NULL;
        q->box = grown;
        q->room = room;
    }
    struct box *box = &q->box[q->boxes++];
    *box = (struct box){.start = start, .end = q->time, .colour = colour};
    return box;
}

static void add_note(struct query *q, const char *text)
{
    struct box *box = add_box(q, q->time, "red4");

    if (box)
        snprintf(box->text, sizeof box->text, "%s", text);
}

static void add_tlp(struct query *q)
{
    struct box *box = add_box(q, q->start, NULL);

    if (!box)
        return;
    box->colour = tlp_text(q->dw, q->n, box->text, sizeof box->text);
    if (q->has_x) {
        char plain[TEXT_ROOM];
        memcpy(plain, box->text, sizeof plain);
        snprintf(box->text, sizeof box->text, "X in %.*s", TEXT_ROOM - 8, plain);
        box->colour = "red4";
    } else if (!q->seen_end && q->min_time > 0 && strcmp(box->colour, "red4") == 0) {
        snprintf(box->text, sizeof box->text, "(began before this window)");
        box->colour = "gray24";
    }
}

/* What is left at the end of the window: a TLP that never ended, for the engineer who looks for a hang. */
static void add_unfinished(struct query *q)
{
    struct box *box = q->in_tlp ? add_box(q, q->start, "red4") : NULL;
    char plain[TEXT_ROOM];

    if (!box)
        return;
    tlp_text(q->dw, q->n, plain, sizeof plain);
    snprintf(box->text, sizeof box->text, "unfinished: %.*s", TEXT_ROOM - 16, plain);
}

/* --- beats --- */

static char level(const struct query *q, enum role role, char missing)
{
    return q->wire[role].now ? q->wire[role].now[q->wire[role].width - 1] : missing;
}

/* The number in `count` bits that end `low` bits above bit 0; other levels than 0 and 1 read 0 and set *has_x. */
static uint32_t number(const struct wire *wire, size_t low, size_t count, bool *has_x)
{
    uint32_t value = 0;

    for (size_t bit = low + count; bit-- > low;) {
        const char c = bit < wire->width ? wire->now[wire->width - 1 - bit] : '0';
        if (c != '0' && c != '1')
            *has_x = true;
        value = value << 1 | (c == '1');
    }
    return value;
}

static void take_beat(struct query *q)
{
    const struct wire *keep = &q->wire[KEEP];

    if (!q->in_tlp) {
        q->in_tlp = true;
        q->has_x = false;
        q->start = q->time;
        q->n = 0;
    }
    for (size_t i = 0; i < keep->width; i++) {
        const char kept = keep->now[keep->width - 1 - i];
        if (kept != '0' && kept != '1')
            q->has_x = true;
        if (kept == '1' && q->n < TLP_MAX_DW)
            q->dw[q->n++] = number(&q->wire[DATA], 32 * i, 32, &q->has_x);
    }
    const char last = level(q, LAST, '1');
    if (last == '0')
        return;
    q->has_x |= last != '1';
    add_tlp(q);
    q->in_tlp = false;
    q->seen_end = true;
}

static void take_event(struct query *q)
{
    bool has_x = false;
    const uint32_t vector = number(&q->wire[VECTOR], 0, q->wire[VECTOR].width, &has_x);
    struct box *box = add_box(q, q->time, has_x ? "red4" : "darkgreen");

    if (box && has_x)
        snprintf(box->text, sizeof box->text, "X");
    else if (box)
        snprintf(box->text, sizeof box->text, "%" PRIu32, vector);
}

static void rising_edge(struct query *q)
{
    if (q->last_edge && (q->period == 0 || q->time - q->last_edge < q->period))
        q->period = q->time - q->last_edge;
    q->last_edge = q->time;

    const char rst_n = level(q, RST_N, '1'), valid = level(q, VALID, '0'), ready = level(q, READY, '1');
    if (rst_n == '0') {
        q->in_tlp = false;
        q->seen_end = true;
    } else if (valid == '0' || (valid == '1' && ready == '0')) {
        return;
    } else if (valid != '1' || ready != '1') {
        add_note(q, valid != '1' ? "X on valid" : "X on ready");
    } else if (q->wire[DATA].now && q->wire[KEEP].now) {
        take_beat(q);
    } else if (q->wire[VECTOR].now) {
        take_event(q);
    }
}

/* --- VCD --- */

static bool ends_with(const char *name, const char *end)
{
    const size_t n = strlen(name), e = strlen(end);

    return n >= e && strcmp(name + n - e, end) == 0;
}

/* By the end of the name, without its range and without the _i or _o of a port inside the block. */
static enum role role_of_name(char *name)
{
    static const char *const ends[ROLES] = {"clk", "rst_n", "valid", "ready", "last", "keep", "data", "vector"};

    name[strcspn(name, "[")] = '\0';
    if (ends_with(name, "_i") || ends_with(name, "_o"))
        name[strlen(name) - 2] = '\0';
    for (enum role role = 0; role < ROLES; role++)
        if (ends_with(name, ends[role]))
            return role;
    return NO_ROLE;
}

static void declare(struct query *q, const char *line)
{
    char name[256];
    unsigned width, id;

    if (sscanf(line, "$var %*s %u %u %255s", &width, &id, name) != 3 || id >= MAX_WIRES || width == 0 ||
        width > MAX_WIDTH)
        return;
    const enum role role = role_of_name(name);
    if (role == NO_ROLE || q->wire[role].now)
        return;
    struct wire wire = {calloc(1, width), calloc(1, width), width};
    if (!wire.now || !wire.next) {
        free(wire.now);
        free(wire.next);
        return;
    }
    memset(wire.now, 'x', width);
    memset(wire.next, 'x', width);
    q->wire[role] = wire;
    q->role_of[id] = role;
}

/* `bits` lacks leading digits that follow from its first one: 0 and 1 are extended by 0, any other by itself. */
static void change(struct query *q, const char *bits, size_t n, const char *identifier)
{
    const unsigned long id = strtoul(identifier, NULL, 10);

    if (id >= MAX_WIRES || q->role_of[id] == NO_ROLE || n == 0)
        return;
    struct wire *wire = &q->wire[q->role_of[id]];
    if (n > wire->width) {
        bits += n - wire->width;
        n = wire->width;
    }
    memset(wire->next, bits[0] == '1' ? '0' : bits[0], wire->width - n);
    memcpy(wire->next + wire->width - n, bits, n);
}

/* All changes of one time have been read. */
static void end_of_time(struct query *q)
{
    const struct wire *clk = &q->wire[CLK];

    if (clk->now && clk->now[0] == '0' && clk->next[0] == '1')
        rising_edge(q);
    for (enum role role = 0; role < ROLES; role++)
        if (q->wire[role].now)
            memcpy(q->wire[role].now, q->wire[role].next, q->wire[role].width);
}

static void take_comment(struct query *q, const char *line)
{
    sscanf(line, "$comment min_time %" SCNu64, &q->min_time);
    sscanf(line, "$comment args \"%31[^ \"] %u", q->title, &q->rows);
}

static void take_line(struct query *q, char *line)
{
    if (line[0] == '#') {
        end_of_time(q);
        q->time = strtoull(line + 1, NULL, 10);
    } else if (strncmp(line, "$var", 4) == 0) {
        declare(q, line);
    } else if (strncmp(line, "$comment", 8) == 0) {
        take_comment(q, line);
    } else if (line[0] == 'b' || line[0] == 'B') {
        const size_t n = strcspn(line + 1, " ");
        change(q, line + 1, n, line + 1 + n);
    } else if (line[0] != '\0' && strchr("01xXzZhHlLuUwW-", line[0])) {
        change(q, line, 1, line + 1);
    }
}

/* --- the answer --- */

/* Prefers the first row whose last box has had its time, else takes the one that began first. */
static void choose_rows(struct query *q)
{
    uint64_t busy_until[MAX_ROWS] = {0}, began[MAX_ROWS] = {0};

    for (size_t i = 0; i < q->boxes; i++) {
        struct box *box = &q->box[i];
        unsigned best = 0;
        for (unsigned row = 0; row < q->rows && busy_until[best] > box->start; row++)
            if (busy_until[row] <= box->start || began[row] < began[best])
                best = row;
        box->row = best;
        began[best] = box->start;
        busy_until[best] = box->end + SPREAD_CLOCKS * q->period;
    }
}

static void write_row(const struct query *q, unsigned row, FILE *out)
{
    uint64_t until = 0; /* where the box before this one ends */
    bool open = false;

    if (row == 0)
        fprintf(out, "$name %s\n", q->title);
    else
        fprintf(out, "$next\n$name +\n");
    fprintf(out, "#0\n");
    for (size_t i = 0; i < q->boxes; i++) {
        const struct box *box = &q->box[i];
        if (box->row != row)
            continue;
        if (open && until < box->start)
            fprintf(out, "#%" PRIu64 "\n", until);
        fprintf(out, "#%" PRIu64 " ?%s?%s\n", box->start, box->colour, box->text);
        until = box->end + HOLD_CLOCKS * q->period;
        open = true;
    }
    if (open)
        fprintf(out, "#%" PRIu64 "\n", until);
}

static void write_answer(struct query *q, FILE *out)
{
    if (q->rows < 1)
        q->rows = 1;
    if (q->rows > MAX_ROWS)
        q->rows = MAX_ROWS;
    if (q->period == 0)
        q->period = 1;
    choose_rows(q);
    for (unsigned row = 0; row < q->rows; row++)
        write_row(q, row, out);
    fprintf(out, "$finish\n");
    fflush(out);
}

static struct query *query_create(void)
{
    struct query *q = calloc(1, sizeof *q);

    if (!q)
        return NULL;
    for (size_t id = 0; id < MAX_WIRES; id++)
        q->role_of[id] = NO_ROLE;
    snprintf(q->title, sizeof q->title, "TLPs");
    return q;
}

static void query_destroy(struct query *q)
{
    for (enum role role = 0; role < ROLES; role++) {
        free(q->wire[role].now);
        free(q->wire[role].next);
    }
    free(q->box);
    free(q);
}

bool tlp_filter_answer(FILE *in, FILE *out)
{
    struct query *q = query_create();
    char *const line = malloc(FILTER_LINE);
    bool ended = false, whole;

    while (q && line && !ended && filter_line(in, line, &whole)) {
        ended = strncmp(line, "$comment data_end", 17) == 0;
        if (!ended && whole)
            take_line(q, line);
    }
    if (ended) {
        end_of_time(q);
        add_unfinished(q);
        write_answer(q, out);
    }
    if (q)
        query_destroy(q);
    free(line);
    return ended;
}
