#include "tlp_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECENT = 16, LINE = 320, FILE_NAME = 4096 };

struct tlp_log {
    uint64_t hash;
    uint64_t seen;              /* things so far */
    struct seen recent[RECENT]; /* the last ones; dw[] up to n_dw only */
    FILE *text;                 /* NULL: none */
    char part[FILE_NAME], file[FILE_NAME];
};

/* --- hash --- */

static inline uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static unsigned kept_dws(const struct seen *what)
{
    return what->n_dw < SEEN_MAX_DW ? what->n_dw : SEEN_MAX_DW;
}

static uint64_t hash_tlp(uint64_t hash, const struct seen *what)
{
    const unsigned n = kept_dws(what);
    hash = mix(hash, what->end_time);
    hash = mix(hash, (uint64_t)what->stream << 32 | what->n_dw);
    for (unsigned i = 0; i + 1 < n; i += 2)
        hash = mix(hash, (uint64_t)what->dw[i] << 32 | what->dw[i + 1]);
    return n % 2 ? mix(hash, what->dw[n - 1]) : hash;
}

static uint64_t hash_seen(uint64_t hash, const struct seen *what)
{
    hash = mix(hash, what->time << 3 | what->kind);
    if (what->kind == SEEN_TLP)
        return hash_tlp(hash, what);
    return what->kind == SEEN_RESET ? hash : mix(hash, (uint64_t)what->vector);
}

uint64_t tlp_log_hash(const struct tlp_log *log)
{
    return log->hash;
}

/* --- lines --- */

static const char *direction(const struct seen *what)
{
    static const char *const streams[SEEN_STREAMS] = {
        [SEEN_RX] = "host -> dev", [SEEN_TX] = "dev -> host", [SEEN_DMA] = "dma write",
        [SEEN_DMR] = "dma read",   [SEEN_DMC] = "dma answer",
    };
    static const char *const kinds[] = {[SEEN_RESET] = "reset",
                                        [SEEN_CLEAR] = "clear",
                                        [SEEN_EVENT] = "event",
                                        [SEEN_FLR] = "flr",
                                        [SEEN_INTX] = "intx level"};
    return what->kind == SEEN_TLP ? streams[what->stream] : kinds[what->kind];
}

static const char *annotation(const struct seen *what, char text[32])
{
    text[0] = '\0';
    if (what->kind == SEEN_TLP && what->stream == SEEN_TX && what->is_dma)
        return "  dma";
    if (what->kind == SEEN_FLR || what->kind == SEEN_INTX)
        snprintf(text, 32, "%d", what->vector);
    else if (what->kind != SEEN_RESET && what->vector >= 0)
        snprintf(text, 32, "%svector %d", what->kind == SEEN_TLP ? "  message " : "", what->vector);
    return text;
}

size_t tlp_log_line(const struct seen *what, char *text, size_t room)
{
    char tlp[LINE] = "", note[32];
    if (what->kind == SEEN_TLP)
        tlp_format(what->dw, kept_dws(what), tlp, sizeof tlp);
    const int length =
        snprintf(text, room, "%10" PRIu64 "  %-11s  %s%s", what->time, direction(what), tlp, annotation(what, note));
    return length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

size_t tlp_log_recent(const struct tlp_log *log, unsigned most, char *text, size_t room)
{
    char lines[RECENT][LINE];
    size_t length[RECENT], total = 0, used = 0;
    const unsigned kept = log->seen < RECENT ? (unsigned)log->seen : RECENT, have = kept < most ? kept : most;
    unsigned fit = 0;
    for (; fit < have; fit++) {
        length[fit] = tlp_log_line(&log->recent[(log->seen - 1 - fit) % RECENT], lines[fit], LINE);
        if (total + length[fit] + 2 > room)
            break;
        total += length[fit] + 1;
    }
    while (fit-- > 0)
        used += (size_t)snprintf(text + used, room - used, "%s\n", lines[fit]);
    if (used == 0 && room > 0)
        text[0] = '\0';
    return used;
}

/* --- observing --- */

static void keep(struct tlp_log *log, const struct seen *what)
{
    struct seen *slot = &log->recent[log->seen++ % RECENT];
    memcpy(slot, what, offsetof(struct seen, dw));
    if (what->kind == SEEN_TLP)
        memcpy(slot->dw, what->dw, kept_dws(what) * sizeof what->dw[0]);
}

static void seen(void *ctx, struct seen *what)
{
    struct tlp_log *log = ctx;
    log->hash = hash_seen(log->hash, what);
    keep(log, what);
    if (log->text) {
        char line[LINE];
        tlp_log_line(what, line, sizeof line);
        fprintf(log->text, "%s\n", line);
    }
}

struct observer tlp_log_observer(struct tlp_log *log)
{
    return (struct observer){.name = "log", .ctx = log, .seen = seen};
}

/* --- the file --- */

static int open_text(struct tlp_log *log, const char *file, char *error, size_t room)
{
    const int length = snprintf(log->part, sizeof log->part, "%s.part", file);
    if (length < 0 || (size_t)length >= sizeof log->part) {
        snprintf(error, room, "the name of the log file is too long");
        return -1;
    }
    snprintf(log->file, sizeof log->file, "%s", file);
    log->text = fopen(log->part, "w");
    if (!log->text) {
        snprintf(error, room, "cannot write the log %s: %s", log->part, strerror(errno));
        return -1;
    }
    fprintf(log->text, "%10s  %-11s  %s\n", "clock", "direction", "what");
    return 0;
}

struct tlp_log *tlp_log_create(const char *file, char *error, size_t room)
{
    struct tlp_log *log = calloc(1, sizeof *log);
    if (!log) {
        snprintf(error, room, "out of memory");
        return NULL;
    }
    log->hash = UINT64_C(0xCBF29CE484222325);
    if (file && open_text(log, file, error, room) != 0) {
        free(log);
        return NULL;
    }
    return log;
}

int tlp_log_close(struct tlp_log *log, char *error, size_t room)
{
    if (!log->text)
        return 0;
    const int broken = ferror(log->text);
    const int closed = fclose(log->text);
    log->text = NULL;
    if (broken || closed != 0 || rename(log->part, log->file) != 0) {
        snprintf(error, room, "cannot write the log %s: %s", log->file, strerror(errno));
        return -1;
    }
    return 0;
}

void tlp_log_destroy(struct tlp_log *log)
{
    if (log && log->text)
        fclose(log->text);
    free(log);
}
