/*
 * coverage_bins.h - the names of all situations that count: groups, each the cross of its axes.
 *
 * A bin is a group and a place on each of its axes; its name is made of theirs: "race.event_mask.-3". Bins that would
 * need undefined stimulus do not exist (coverage_bin_exists). Adding a bin means a name here and a note_*() call in
 * coverage.c, coverage_race.c or coverage_traffic.c.
 */
#ifndef COVERAGE_BINS_H
#define COVERAGE_BINS_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"

enum { COVER_AXES = 4, COVER_SWEEP = 8 /* offsets of a race: -8..+8 clocks */, COVER_OFFSETS = 2 * COVER_SWEEP + 1 };

enum cover_group {
    COVER_TABLE_SIZE,      /* size */
    COVER_VECTOR_EVENT,    /* place of the vector */
    COVER_VECTOR_MESSAGE,  /* place of the vector */
    COVER_VECTOR_PENDING,  /* place of the vector: its pending bit read as 1 */
    COVER_STATE_EVENT,     /* masked, enabled, bus master, tx */
    COVER_STATE_UNMASK,    /* the same, before the write */
    COVER_STATE_MASK,      /* the same */
    COVER_STATE_REWRITE,   /* the same: address or data written */
    COVER_STATE_PBA_READ,  /* the same, of a vector that is read */
    COVER_RACE,            /* partner, offset: clock of the event minus clock of the partner */
    COVER_RACE_TX,         /* partner, order, tx */
    COVER_RACE_CLEAR,      /* partner, offset: clock of the clear minus clock of the partner */
    COVER_RACE_HOST,       /* two host writes, clocks between them */
    COVER_OUTCOME,         /* the outcomes of races that have two */
    COVER_MESSAGE_FORM,    /* header */
    COVER_MESSAGE_DATA,    /* value, bit */
    COVER_MESSAGE_ADDRESS, /* value, bit */
    COVER_COMPLETION,      /* request, status */
    COVER_READ_BE,         /* first byte enables of a read of 1 DW */
    COVER_READ2_FIRST_BE,  /* of 2 DW: first, last */
    COVER_READ2_LAST_BE,
    COVER_CFG_READ_BE,
    COVER_CFG_WRITE_BE,
    COVER_TAG_LOW,        /* bits 3:0 of a completion's tag */
    COVER_TAG_HIGH,       /* bits 7:4 */
    COVER_HOST_READ,      /* target, size */
    COVER_HOST_WRITE,     /* target, size */
    COVER_DMA_SIZE,       /* size */
    COVER_DMA_ATTRIBUTE,  /* attribute, value */
    COVER_DMA_HEADER,     /* header */
    COVER_EVENT_BEHIND,   /* data writes that wait when an event comes */
    COVER_CREDIT_POSTED,  /* counter, level */
    COVER_CREDIT_CPL,     /* counter, level */
    COVER_ORDER,          /* what waits behind what */
    COVER_RESET,          /* kind, in the middle of what */
    COVER_MODE,           /* switches of MSI-X Enable */
    COVER_PAST_THE_TABLE, /* port */
    COVER_PAIR_DATA,      /* of the ordering table: what is blocked; a data write comes, or leaves */
    COVER_PAIR_MESSAGE,   /* the same for a message: its event comes, or it leaves */
    COVER_PAIR_INTX,      /* an INTx message: its edge comes, or it leaves */
    COVER_PAIR_READ,      /* a read of the device */
    COVER_PAIR_COMPLETION,
    COVER_CREDIT_NONPOSTED, /* level, of headers */
    COVER_READ_BE_STATUS,   /* first byte enables of a read of 1 DW, status */
    COVER_TAG,              /* of a completion */
    COVER_READ_TAG,         /* of a read of the device that was answered */
    COVER_READ_SIZE,        /* of a read of the device */
    COVER_READ_ATTRIBUTE,   /* attribute, value */
    COVER_HOST_ATTRIBUTE,   /* attribute of a read of the host, value */
    COVER_ANSWER,           /* how a read of the device was answered */
    COVER_STRAY,            /* completions that nobody waits for */
    COVER_DATA_BEHIND,      /* data writes that wait when another one comes */
    COVER_INTX,             /* message, what has changed before */
    COVER_STRIKE,           /* control write, what it is aimed at, offset: clock of the write minus clock of that */
    COVER_ILLEGAL,          /* kind of request */
    COVER_GROUPS
};

enum cover_masked { COVER_UNMASKED, COVER_BY_ENTRY, COVER_BY_FUNCTION, COVER_BY_BOTH };
enum cover_tx { COVER_TX_FREE, COVER_TX_NOT_READY, COVER_TX_NO_HEADER, COVER_TX_NO_DATA, COVER_TX_NO_CREDIT };

/* Partners of an event in a race, and the order in which the two came. */
enum cover_partner {
    COVER_MASK,
    COVER_UNMASK,
    COVER_FUNCTION_MASK_SET,
    COVER_FUNCTION_MASK_CLEAR,
    COVER_ENABLE,
    COVER_DISABLE,
    COVER_BUS_MASTER_ON,
    COVER_BUS_MASTER_OFF,
    COVER_SEND,
    COVER_CLEAR,
    COVER_TABLE_READ,
    COVER_TABLE_WRITE,
    COVER_PBA_READ,
    COVER_PARTNERS,
    COVER_EVENT = COVER_PARTNERS /* the event itself, where deeds are listed */
};
enum cover_before { COVER_EVENT_FIRST, COVER_SAME_CLOCK, COVER_EVENT_LAST };
enum cover_clear_partner { COVER_CLEAR_UNMASK, COVER_CLEAR_SEND };
enum cover_host_pair {
    COVER_UNMASK_THEN_MASK,
    COVER_FUNCTION_CLEAR_THEN_SET,
    COVER_MASK_THEN_FUNCTION_CLEAR,
    COVER_FUNCTION_CLEAR_THEN_MASK,
    COVER_DISABLE_THEN_ENABLE,
    COVER_ENABLE_THEN_DISABLE
};

enum cover_outcome {
    COVER_01_SENT,
    COVER_01_PENDING, /* event, mask */
    COVER_03_ONE,
    COVER_03_TWO, /* event, unmask of a pending vector */
    COVER_04_SENT,
    COVER_04_PENDING, /* event, function mask */
    COVER_06_SENT,
    COVER_06_PENDING, /* unmask, mask again */
    COVER_07_SENT,
    COVER_07_PENDING, /* mask of a message that waits */
    COVER_08_SENT,
    COVER_08_PENDING, /* function mask in a drain */
    COVER_09_SENT,
    COVER_09_PENDING, /* function mask cleared and set again */
    COVER_10_SENT,
    COVER_10_PENDING, /* mask, function mask cleared */
    COVER_16_COVERED,
    COVER_16_AGAIN, /* second event, own message */
    COVER_17_ZERO,
    COVER_17_ONE, /* PBA read, event of a masked vector */
    COVER_18_ONE,
    COVER_18_ZERO, /* PBA read, unmask of a pending vector */
    COVER_20_NONE,
    COVER_20_ONE, /* clear, unmask */
    COVER_21_PENDING,
    COVER_21_DROPPED, /* clear, event of a masked vector */
    COVER_22_SENT,
    COVER_22_PENDING, /* event, disable */
    COVER_26_SENT,
    COVER_26_PENDING, /* event, bus master off */
    COVER_40_OLD,
    COVER_40_NEW, /* new bus number, message that waits */
    COVER_OUTCOMES
};

enum cover_request {
    COVER_READ_1,
    COVER_READ_2,
    COVER_READ_LONG,
    COVER_READ_ZERO,
    COVER_CFG_READ,
    COVER_CFG_WRITE,
    COVER_OTHER_REQUEST
};
enum cover_status { COVER_SC, COVER_UR, COVER_RRS, COVER_CA };
enum cover_target { COVER_TABLE, COVER_PBA, COVER_CSR, COVER_GAP, COVER_OUTSIDE };
enum cover_size { COVER_DW, COVER_QWORD, COVER_QWORD_MISALIGNED, COVER_LONG, COVER_ZERO_LENGTH };
enum cover_level { COVER_LAST_ONE, COVER_EXACTLY, COVER_THEN_ZERO, COVER_WRAP, COVER_INFINITE };
enum cover_order {
    COVER_MESSAGE_BEHIND_DATA,
    COVER_DATA_BEHIND_MESSAGE,
    COVER_COMPLETION_BEHIND_POSTED,
    COVER_POSTED_PASSES_COMPLETION
};
enum cover_reset_kind { COVER_BY_RST_N, COVER_BY_LINK, COVER_BY_FLR, COVER_BY_D3HOT };
enum cover_reset {
    COVER_RESET_IDLE,
    COVER_RESET_MID_TLP,
    COVER_RESET_STALL,
    COVER_RESET_STARVED,
    COVER_RESET_INTX,
    COVER_RESET_DRAIN
};

/* What cannot go when a later TLP comes or leaves. */
enum cover_blocked { COVER_BLOCKED_POSTED, COVER_BLOCKED_READ, COVER_BLOCKED_COMPLETION };
enum cover_answer {
    COVER_ANSWER_WHOLE,
    COVER_ANSWER_PIECES,
    COVER_ANSWER_BETWEEN, /* a piece behind one of another read that is not answered */
    COVER_ANSWER_UR,
    COVER_ANSWER_CA,
    COVER_ANSWER_POISONED
};
enum cover_stray { COVER_STRAY_DATA, COVER_STRAY_STATUS, COVER_STRAY_FOREIGN, COVER_STRAY_LOCKED, COVER_STRAY_LATE };
enum cover_wire { COVER_WIRE_LEVEL, COVER_WIRE_DISABLE, COVER_WIRE_MSIX, COVER_WIRE_POWER, COVER_WIRE_FLR };
enum cover_strike { COVER_STRIKE_FLR, COVER_STRIKE_MASTER_OFF, COVER_STRIKE_D3HOT, COVER_STRIKE_ENABLE, COVER_STRIKES };
enum cover_aim { COVER_AIM_EVENT, COVER_AIM_MESSAGE, COVER_AIM_DATA, COVER_AIM_INTX, COVER_AIMS };
enum cover_illegal {
    COVER_ILLEGAL_MESSAGE, /* that is taken or ignored */
    COVER_ILLEGAL_OTHER_MESSAGE,
    COVER_ILLEGAL_IO,
    COVER_ILLEGAL_LOCKED,
    COVER_ILLEGAL_MEMORY, /* atomics and deferrable writes */
    COVER_ILLEGAL_TYPE1,
    COVER_ILLEGAL_FUNCTION,
    COVER_ILLEGAL_POISONED_WRITE,
    COVER_ILLEGAL_POISONED_CONFIG,
    COVER_ILLEGAL_DIGEST,
    COVER_ILLEGAL_HINTS,
    COVER_ILLEGAL_LENGTH,
    COVER_ILLEGAL_OVER_MPS,
    COVER_ILLEGAL_TYPE
};
enum cover_mode { COVER_ENABLE_EMPTY, COVER_ENABLE_PENDING, COVER_DISABLE_EMPTY, COVER_DISABLE_PENDING };

/* Number of bins, those that do not exist included. */
unsigned coverage_bins_total(void);
/* Number of the bin at these places of a group, each below the size of its axis. */
unsigned coverage_bin(enum cover_group group, const unsigned place[COVER_AXES]);
/* The same for a group that is known to start at `start`, its bin at all places 0. */
unsigned coverage_bin_at(unsigned start, enum cover_group group, const unsigned place[COVER_AXES]);
/* The group of a bin, the check that judges it, its name (returns text), and whether there is such a situation. */
enum cover_group coverage_bin_group(unsigned bin);
enum check_id coverage_bin_judge(unsigned bin);
char *coverage_bin_name(unsigned bin, char *text, size_t room);
bool coverage_bin_exists(unsigned bin);
/* The bin of that name, or -1. */
int coverage_bin_find(const char *name);

#endif
