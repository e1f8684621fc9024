/*
 * host_private.h - the inside of the host agent, shared by host*.c only.
 */
#ifndef HOST_PRIVATE_H
#define HOST_PRIVATE_H

#include "credits.h"
#include "host.h"
#include "host_credits.h"
#include "stream.h"

enum { HOST_TAGS = 256, HOST_WIRES = 4 };

/* A read of the block that is being answered. */
struct host_answer {
    struct tlp read;
    uint64_t due;     /* clock of the agent from which its next completion may go */
    uint64_t address; /* of the next DW */
    unsigned left;    /* DWs */
    unsigned bytes;   /* Byte Count of the next completion */
    unsigned lower_address;
    uint8_t status; /* of the last completion: enum tlp_status */
};

struct host_answers {
    bool automatic;
    struct host_answer_style style;
    struct host_answer waiting[HOST_TAGS]; /* in order of arrival */
    unsigned count;
    uint64_t clock;
};

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
    struct host_answers answers;
    bool wire[HOST_WIRES];
    uint64_t rises[HOST_WIRES];
    host_handler_fn *handler;
    void *handler_ctx;
};

/* The completion of a request of the host, decoded. */
void host_completion_seen(struct host *host, const struct seen *what);

/* A read request of the block. And once a clock: queues the completions that are due. */
void host_answer_read(struct host *host, const struct tlp *read);
void host_answers_drive(struct host *host);

/* A message or INTx message of the block. */
void host_interrupt_seen(struct host *host, const struct seen *what);

/* All tags are free. */
void host_tags_reset(struct host *host);

#endif
