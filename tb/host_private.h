/*
 * host_private.h - the inside of the host agent, shared by host*.c only.
 */
#ifndef HOST_PRIVATE_H
#define HOST_PRIVATE_H

#include "credits.h"
#include "host.h"
#include "host_credits.h"
#include "stream.h"

enum { HOST_TAGS = 256 };

enum host_tag_state { HOST_TAG_FREE, HOST_TAG_TAKEN, HOST_TAG_FORGOTTEN };

struct host_tag {
    enum host_tag_state state;
    struct host_completion completion;
};

struct host {
    struct bench *bench;
    struct rng rng;
    struct stream_source rx;

    /* what the block grants */
    struct credits credits;
    struct credit_limits limits;
    bool limits_known; /* seen since the last reset */
    struct tlp first;  /* the first TLP of the queue, decoded */
    bool first_known;

    /* what the host grants */
    struct host_grants grants;
    bool tx_inside; /* in mid-TLP on tx */

    /* tags: the free ones wait in a ring, so that all are used in turn */
    struct host_tag tag[HOST_TAGS];
    uint8_t free_tag[HOST_TAGS];
    unsigned free_head, free_count;
    unsigned outstanding; /* taken or forgotten, and not completed */

    enum host_ready ready;
    unsigned ready_percent;
    uint16_t route; /* bus 15:8, device 7:3 */
    bool ro, ns, ido;
    uint8_t tc;
    bool answers;
};

/* The completion of a request of the host, decoded. */
void host_completion_seen(struct host *host, const struct seen *what);

/* A read request of the block: queues its completions. */
void host_answer_read(struct host *host, const struct tlp *read);

/* All tags are free. */
void host_tags_reset(struct host *host);

#endif
