/*
 * app_lane.h - the driver of an event or clear port: a queue of vectors sent back to back, and a schedule of vectors
 * with a clock of their own, which goes first. Private to app*.c.
 */
#ifndef APP_LANE_H
#define APP_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app_scheduled {
    uint64_t due; /* lane clock from which it may be driven */
    uint16_t vector;
};

struct app_lane {
    uint64_t clock; /* clocks driven so far */
    uint16_t *queue;
    size_t head, tail, room;            /* queue[head .. tail-1] waits */
    struct app_scheduled *schedule;     /* by due, first come first */
    size_t first, count, schedule_room; /* schedule[first .. count-1] waits */
    bool offered;                       /* on the pins and not yet taken */
    bool from_queue;                    /* what is offered */
    uint64_t queued, accepted;          /* through the queue */
};

/* Gives the memory back. A lane of zeros is ready for use. */
void app_lane_free(struct app_lane *lane);

/* Forgets what waits. */
void app_lane_clear(struct app_lane *lane);

/* Queues a vector; its number in the row of all that were queued is lane->queued afterwards. */
void app_lane_push(struct app_lane *lane, uint16_t vector);

/* Driven `delay` clocks from now, at least 1; later if others are due in the same clock or the port is not ready. */
void app_lane_schedule(struct app_lane *lane, uint16_t vector, unsigned delay);

/* Nothing waits and nothing is on the pins. */
bool app_lane_idle(const struct app_lane *lane);

/* Puts the next vector on the pins if one is due. For app_lane_drive() only. */
void app_lane_offer(struct app_lane *lane, bool *valid, uint16_t *vector);

/* Before a clock. The pins keep their content from one clock to the next. */
static inline void app_lane_drive(struct app_lane *lane, bool *valid, uint16_t *vector)
{
    if (!lane->offered) {
        *valid = false;
        if (lane->head != lane->tail || lane->first != lane->count)
            app_lane_offer(lane, valid, vector);
    }
    lane->clock++;
}

/* After it: what was offered has been taken if `ready`. */
void app_lane_sample(struct app_lane *lane, bool ready);

#endif
