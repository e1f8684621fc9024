#include "sb.h"

#include <string.h>

void sb_trial_begin(struct scoreboard *sb, const struct sb_trial *trial)
{
    if (sb->trials < SB_TRIALS)
        sb->trial[sb->trials++] = *trial;
    else
        sb->out_of_memory = true;
}

struct sb_trial *sb_trial_of(struct scoreboard *sb, uint64_t arrival)
{
    for (unsigned k = 0; k < sb->trials; k++)
        if (sb->trial[k].arrival == arrival)
            return &sb->trial[k];
    return NULL;
}

void sb_trial_end(struct scoreboard *sb, struct sb_trial *trial)
{
    const unsigned behind = (unsigned)(&sb->trial[sb->trials] - (trial + 1));
    memmove(trial, trial + 1, behind * sizeof *trial);
    sb->trials--;
}

uint64_t sb_trial_next_reset(const struct scoreboard *sb, uint64_t arrival)
{
    for (unsigned k = 0; k < sb->trials; k++)
        if (sb->trial[k].arrival > arrival && sb->trial[k].starts_flr)
            return sb->trial[k].arrival;
    return UINT64_MAX;
}

int sb_trial_resets(const struct scoreboard *sb)
{
    int n = 0;
    for (unsigned k = 0; k < sb->trials; k++)
        n += sb->trial[k].starts_flr;
    return n;
}

static bool has_reset(const struct sb_trial *trial, uint64_t fence)
{
    return trial->starts_flr && trial->successful && trial->arrival < fence;
}

int sb_trial_resets_proven(const struct scoreboard *sb, uint64_t fence)
{
    int n = 0;
    for (unsigned k = 0; k < sb->trials; k++)
        n += has_reset(&sb->trial[k], fence);
    return n;
}

void sb_trial_forget_resets(struct scoreboard *sb, uint64_t fence)
{
    for (unsigned k = 0; k < sb->trials; k++)
        if (has_reset(&sb->trial[k], fence))
            sb->trial[k].starts_flr = false;
}

bool sb_trial_controls(const struct scoreboard *sb)
{
    for (unsigned k = 0; k < sb->trials; k++)
        if (cfg_model_affects_messages(&sb->cfg, sb->trial[k].request.reg))
            return true;
    return false;
}
