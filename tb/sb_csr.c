#include "sb.h"

#include <inttypes.h>
#include <stdlib.h>

/* Both rows are in the order of the requests; the seen one may run ahead, because the monitor tells about a request only when
 * every TLP before it is complete. */

int sb_csr_init(struct scoreboard *sb)
{
    sb->asked.access = malloc(SB_CSR_ROOM * sizeof *sb->asked.access);
    sb->done.access = malloc(SB_CSR_ROOM * sizeof *sb->done.access);
    return sb->asked.access && sb->done.access ? 0 : -1;
}

void sb_csr_free(struct scoreboard *sb)
{
    free(sb->asked.access);
    free(sb->done.access);
}

void sb_csr_reset(struct scoreboard *sb)
{
    sb->asked.head = sb->asked.count = 0;
    sb->done.head = sb->done.count = 0;
}

static struct sb_csr_access *front(struct sb_csr_row *row)
{
    return &row->access[row->head];
}

static void push(struct scoreboard *sb, struct sb_csr_row *row, const struct sb_csr_access *access)
{
    if (row->count == SB_CSR_ROOM) {
        check(sb->checks, CHECK_CSR_ACCESS, false);
        check_report(sb->checks, CHECK_CSR_ACCESS, -1,
                     "%u device register accesses are not accounted for: asked for and not done, or done unasked",
                     SB_CSR_ROOM);
        row->count = 0;
    }
    row->access[(row->head + row->count++) % SB_CSR_ROOM] = *access;
}

static void pop(struct sb_csr_row *row)
{
    row->head = (row->head + 1) % SB_CSR_ROOM;
    row->count--;
}

static bool matches(const struct sb_csr_access *asked, const struct sb_csr_access *done)
{
    if (asked->write != done->write || asked->address != done->address || asked->be != done->be)
        return false;
    return !asked->write || ((asked->data ^ done->data) & tlp_enabled_bits(asked->be)) == 0;
}

/* Certain once the read is completed, as other errors of non-posted requests, unless it may be answered otherwise. */
static void abort_read(struct scoreboard *sb, struct sb_read *read, bool open)
{
    const unsigned bits = 1U << CFG_SIGNALED_TARGET_ABORT | 1U << CFG_CORRECTABLE;
    sb_error_may_come(sb, read, bits, 0);
    if (!open)
        read->owed_bits |= bits;
}

static void answer(struct scoreboard *sb, const struct sb_csr_access *asked, const struct sb_csr_access *done)
{
    if (done->failed && asked->write) /* whether a write that is lost is an abort is open */
        sb_error(sb, 1U << CFG_SIGNALED_TARGET_ABORT | 1U << CFG_NONFATAL, 0, false);
    if (asked->write)
        return;
    if (done->failed && !sb->read[asked->tag].csr_failed)
        abort_read(sb, &sb->read[asked->tag], asked->optional);
    if (asked->optional) /* neither status nor data is compared */
        return;
    sb->read[asked->tag].csr_failed |= done->failed;
    sb->read[asked->tag].csr_mark = done->dma_mark;
    for (unsigned half = 0; half < 2; half++) {
        int dw = asked->dw[half];
        if (dw < 0)
            continue;
        sb->read[asked->tag].csr_data[dw] = (uint32_t)(done->data >> 32 * half);
        sb->read[asked->tag].csr_known[dw] = true;
    }
}

static bool may_be_left_out(const struct sb_csr_access *asked)
{
    return asked->be == 0 || asked->optional;
}

/* Pairs what was asked for with what was done. */
static void pair(struct scoreboard *sb)
{
    while (sb->asked.count && sb->done.count) {
        const struct sb_csr_access *asked = front(&sb->asked), *done = front(&sb->done);
        bool ok = matches(asked, done);
        if (!ok && may_be_left_out(asked)) {
            pop(&sb->asked);
            continue;
        }
        if (!check(sb->checks, CHECK_CSR_ACCESS, ok))
            check_report(sb->checks, CHECK_CSR_ACCESS, -1,
                         "device registers: %s at %03Xh, enables %02Xh, data %016" PRIX64
                         "; allowed: what the host asked for next, %s at %03Xh, enables %02Xh, data %016" PRIX64,
                         done->write ? "write" : "read", done->address, done->be, done->data,
                         asked->write ? "write" : "read", asked->address, asked->be, asked->data);
        answer(sb, asked, done);
        pop(&sb->asked);
        pop(&sb->done);
    }
}

void sb_csr_ask(struct scoreboard *sb, const struct sb_csr_access *access)
{
    push(sb, &sb->asked, access);
    pair(sb);
}

void sb_csr_seen(struct scoreboard *sb, const struct dut_in *in, const struct dut_out *out)
{
    struct sb_csr_access access = {.write = out->csr_write,
                                   .address = out->csr_addr,
                                   .be = out->csr_be,
                                   .data = out->csr_write ? out->csr_wdata : in->csr_rdata,
                                   .failed = in->csr_error,
                                   .dma_mark = sb->pins.dma_ended};
    push(sb, &sb->done, &access);
    pair(sb);
}

bool sb_csr_settled(const struct scoreboard *sb)
{
    for (uint32_t k = 0; k < sb->asked.count; k++)
        if (!may_be_left_out(&sb->asked.access[(sb->asked.head + k) % SB_CSR_ROOM]))
            return false;
    return sb->done.count == 0;
}
