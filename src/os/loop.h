/*
 * Event loop: epoll, a mailbox, and timers.  One thread runs it and owns all that is added; other threads only loop_post.
 */
#ifndef OS_LOOP_H
#define OS_LOOP_H

#include "os/mailbox.h"

struct loop;

/* Readiness as the source sees it; the values are epoll's. */
enum { LOOP_IN = 0x001, LOOP_OUT = 0x004, LOOP_ERR = 0x008, LOOP_HUP = 0x010, LOOP_RDHUP = 0x2000 };

enum loop_mode {
    LOOP_LEVEL,  /* reported as long as it lasts */
    LOOP_EDGE,   /* reported once for each change; the source remembers */
    LOOP_SHARED, /* level-triggered descriptor watched by several loops; one of them is woken */
};

struct loop_source {
    int fd;
    void (*fn)(struct loop_source *s, uint32_t events); /* loop thread; may delete any source, also this one */
};

/* A function to run on the loop, embedded in the sender's struct, which may free itself inside fn. */
struct loop_call {
    struct mail mail;
    void (*fn)(struct loop_call *call);
};

struct loop_timer {
    struct loop_timer *next;
    bool armed;
    int64_t at_mono_ms;
    void (*fn)(struct loop_timer *t); /* loop thread; one shot: set it again inside to repeat */
};

NODISCARD struct loop *loop_new(void); /* NULL when the kernel has no descriptors left */
void loop_free(struct loop *l);

/* Loop thread, or before loop_run.  events: LOOP_IN | LOOP_OUT | LOOP_RDHUP.  Errors: INTERNAL (errno says why). */
NODISCARD enum err loop_add(struct loop *l, struct loop_source *s, uint32_t events, enum loop_mode mode);
/* Must come before the close; events of this source that were already fetched are dropped. */
void loop_del(struct loop *l, struct loop_source *s);

/* Loop thread.  Few timers (a list is scanned); moving one that is armed is fine. */
void loop_timer_set(struct loop *l, struct loop_timer *t, int64_t at_mono_ms);
void loop_timer_stop(struct loop *l, struct loop_timer *t);

/* Any thread: call->fn runs on the loop, in the order of the posts of one thread. */
void loop_post(struct loop *l, struct loop_call *call);

/* Run until loop_stop; posts made before the stop by the same thread are still run. */
void loop_run(struct loop *l);
/* Run what was posted, on the calling thread; only while nobody is in loop_run. */
void loop_drain(struct loop *l);
/* Any thread. */
void loop_stop(struct loop *l);
/* The monotonic time of the current round in milliseconds; loop thread. */
int64_t loop_now_ms(const struct loop *l);

#endif
