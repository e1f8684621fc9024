#include "id_history.h"

void id_history_init(struct id_history *h)
{
    *h = (struct id_history){0};
}

void id_history_capture(struct id_history *h, uint64_t moment, uint16_t id)
{
    if (id_history_newest(h) == id)
        return;
    h->head++;
    h->id[h->head % ID_HISTORY_SIZE] = id;
    h->moment[h->head % ID_HISTORY_SIZE] = moment;
    if (h->head - h->floor < ID_HISTORY_SIZE)
        return;
    h->floor++;
    h->overflowed = true;
}

void id_history_flush(struct id_history *h, uint64_t moment)
{
    if (h->moment[h->floor % ID_HISTORY_SIZE] < moment)
        h->overflowed = false;
    while (h->floor < h->head && h->moment[(h->floor + 1) % ID_HISTORY_SIZE] < moment)
        h->floor++;
}

bool id_history_allows(const struct id_history *h, uint16_t id)
{
    for (uint64_t k = h->floor; k <= h->head; k++)
        if (h->id[k % ID_HISTORY_SIZE] == id)
            return true;
    return h->overflowed;
}

bool id_history_allows_since(const struct id_history *h, uint16_t id, uint64_t moment)
{
    for (uint64_t k = h->head; h->head - k < ID_HISTORY_SIZE; k--) {
        if (h->id[k % ID_HISTORY_SIZE] == id)
            return true;
        if (k == 0 || h->moment[k % ID_HISTORY_SIZE] < moment)
            return id_history_allows(h, id);
    }
    return true; /* more captures than are kept since then: any */
}

bool id_history_settled(const struct id_history *h)
{
    return h->floor == h->head && !h->overflowed;
}

uint16_t id_history_newest(const struct id_history *h)
{
    return h->id[h->head % ID_HISTORY_SIZE];
}
