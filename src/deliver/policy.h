/* What an answer means for a delivery, and when to try again.  Pure functions over tables; doc/design/delivery.md has the reasons. */
#ifndef DELIVER_POLICY_H
#define DELIVER_POLICY_H

#include "deliver/deliver.h"

enum deliver_fate {
    ROW_OK,
    ROW_DROP,       /* for good */
    ROW_RETRY,      /* on the schedule */
    ROW_RETRY_SLOW, /* on the schedule, but not before its slow part */
    ROW_RETRY_ONCE, /* again if this was the first attempt, else for good */
    ROW_KNOCK,      /* now, in the other dialect */
    ROW_FOLLOW,     /* now, at Location if that is the same host */
    ROW_GIVE_BACK,  /* says nothing about row or host */
};

enum host_news { NEWS_NONE, NEWS_GOOD, NEWS_BAD };

struct deliver_verdict {
    enum deliver_fate fate;
    enum host_news news;
};

/*
 * knocked: this answer is already to the last knock; followed: already to the second address.  Then ROW_KNOCK and ROW_FOLLOW are
 * not returned.
 */
struct deliver_verdict deliver_judge(enum fetch_fail fail, int status, bool knocked, bool followed);

/* How long to wait after the failed attempt number `tries` (from 1), with jitter of +-25 % chosen by random (any value). */
int64_t deliver_delay_ms(int tries, bool slow, uint64_t random);

#endif
