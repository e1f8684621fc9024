#include "sb.h"

#include <string.h>

void sb_trial_begin(struct scoreboard *sb, const struct sb_trial *trial)
{
    if (sb->trials < SB_TRIALS)
        sb->trial[sb->trials++] = *trial;
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
