#include "app_lane.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { FIRST_ROOM = 256 };

void app_lane_free(struct app_lane *lane)
{
    free(lane->queue);
    free(lane->schedule);
    memset(lane, 0, sizeof *lane);
}

void app_lane_clear(struct app_lane *lane)
{
    lane->head = lane->tail = 0;
    lane->first = lane->count = 0;
    lane->offered = false;
    lane->accepted = lane->queued;
}

void app_lane_push(struct app_lane *lane, uint16_t vector)
{
    if (lane->tail == lane->room && lane->head > lane->room / 2) {
        memmove(lane->queue, lane->queue + lane->head, (lane->tail - lane->head) * sizeof *lane->queue);
        lane->tail -= lane->head;
        lane->head = 0;
    } else if (lane->tail == lane->room) {
        lane->room = lane->room ? 2 * lane->room : FIRST_ROOM;
        lane->queue = memory_resize(lane->queue, lane->room * sizeof *lane->queue);
    }
    lane->queue[lane->tail++] = vector;
    lane->queued++;
}

void app_lane_schedule(struct app_lane *lane, uint16_t vector, unsigned delay)
{
    const uint64_t due = lane->clock + (delay ? delay : 1) - 1;
    if (lane->first == lane->count)
        lane->first = lane->count = 0;
    if (lane->count == lane->schedule_room) {
        lane->schedule_room = lane->schedule_room ? 2 * lane->schedule_room : FIRST_ROOM;
        lane->schedule = memory_resize(lane->schedule, lane->schedule_room * sizeof *lane->schedule);
    }
    size_t place = lane->count++;
    for (; place > lane->first && lane->schedule[place - 1].due > due; place--)
        lane->schedule[place] = lane->schedule[place - 1];
    lane->schedule[place] = (struct app_scheduled){due, vector};
}

bool app_lane_idle(const struct app_lane *lane)
{
    return lane->head == lane->tail && lane->first == lane->count && !lane->offered;
}

/* Takes the next vector out of the schedule or the queue. */
static bool next_vector(struct app_lane *lane, uint16_t *vector)
{
    if (lane->first < lane->count && lane->schedule[lane->first].due <= lane->clock) {
        *vector = lane->schedule[lane->first++].vector;
        lane->from_queue = false;
        return true;
    }
    if (lane->head == lane->tail)
        return false;
    *vector = lane->queue[lane->head++];
    lane->from_queue = true;
    if (lane->head == lane->tail)
        lane->head = lane->tail = 0;
    return true;
}

void app_lane_offer(struct app_lane *lane, bool *valid, uint16_t *vector)
{
    *valid = lane->offered = next_vector(lane, vector);
}

void app_lane_sample(struct app_lane *lane, bool ready)
{
    if (!lane->offered || !ready)
        return;
    lane->offered = false;
    if (lane->from_queue)
        lane->accepted++;
}
