#include "sb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 14, LINE = 256 };

void sb_history_add(struct scoreboard *sb, const struct seen *what, int vector)
{
    struct sb_past *past = &sb->past[sb->n_past++ % SB_HISTORY];
    past->time = what->time;
    past->kind = what->kind;
    past->stream = what->stream;
    past->vector = vector;
    past->n_dw = what->n_dw;
    past->level = (what->kind == SEEN_FLR || what->kind == SEEN_INTX) && what->vector;
    if (what->kind == SEEN_TLP)
        memcpy(past->dw, what->dw, (what->n_dw < SB_HISTORY_DW ? what->n_dw : SB_HISTORY_DW) * sizeof *past->dw);
}

static void format(const struct sb_past *past, char line[LINE])
{
    static const char *const streams[SEEN_STREAMS] = {"rx ", "tx ", "dma", "dmr", "dmc"};
    int n = snprintf(line, LINE, "  %8" PRIu64 "  ", past->time);
    if (past->kind == SEEN_RESET)
        snprintf(line + n, LINE - (size_t)n, "reset");
    else if (past->kind == SEEN_FLR || past->kind == SEEN_INTX)
        snprintf(line + n, LINE - (size_t)n, "%s %s", past->kind == SEEN_FLR ? "flr_active" : "intx_level",
                 past->level ? "rises" : "falls");
    else if (past->kind != SEEN_TLP)
        snprintf(line + n, LINE - (size_t)n, "%s vector %d", past->kind == SEEN_EVENT ? "event" : "clear",
                 past->vector);
    else {
        n += snprintf(line + n, LINE - (size_t)n, "%s ", streams[past->stream]);
        tlp_format(past->dw, past->n_dw < SB_HISTORY_DW ? past->n_dw : SB_HISTORY_DW, line + n, LINE - (size_t)n);
    }
}

/* Does this concern the vector? Everything does if there is none. */
static bool concerns(const struct sb_past *past, int vector)
{
    return vector < 0 || past->vector == vector || past->vector == -2;
}

size_t sb_history_write(const struct scoreboard *sb, int vector, char *text, size_t room)
{
    uint64_t first = sb->n_past;
    uint64_t oldest = sb->n_past > SB_HISTORY ? sb->n_past - SB_HISTORY : 0;
    for (unsigned shown = 0; first > oldest && shown < SHOWN; first--)
        shown += concerns(&sb->past[(first - 1) % SB_HISTORY], vector);
    size_t used = 0;
    for (uint64_t k = first; k < sb->n_past && used + LINE < room; k++) {
        const struct sb_past *past = &sb->past[k % SB_HISTORY];
        if (!concerns(past, vector))
            continue;
        char line[LINE];
        format(past, line);
        used += (size_t)snprintf(text + used, room - used, "%s\n", line);
    }
    return used;
}
