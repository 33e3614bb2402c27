/*
 * The server's end of the media child: starts it when first needed, runs at most POOL_SLOTS jobs at once, lets some more wait, and
 * survives whatever becomes of the child.
 */
#ifndef MEDIA_POOL_H
#define MEDIA_POOL_H

#include "base/err.h"
#include "media/wire.h"

struct arena;

enum { POOL_SLOTS = 2, POOL_WAITING_MAX = 32, POOL_GRACE_MS = 15 * 1000 };

struct media_pool;

/* exe: program whose first argument "media-child" runs media_child_main; NULL: this one.  Starts nothing yet.  Lives in a. */
struct media_pool *media_pool_open(struct arena *a, const char *exe);
/* From now on no job begins, and those under way are given up: media_pool_run says BUSY.  Any thread. */
void media_pool_stop(struct media_pool *p);
/* No job may be running.  NULL is fine. */
void media_pool_close(struct media_pool *p);

/*
 * media_pool_run — run one job and wait for it.
 *
 * job          purpose, type, bytes, wall_ms filled in
 * in, file, small   descriptors the worker gets; they stay the caller's
 * deadline_mono_ms  until when to wait for a slot; 0: at most a minute
 * out          verdict is one of DONE, REFUSED, TIMEOUT, CRASHED, INTERNAL; every field is in range; files written are closed
 * errors       BUSY (no slot in time, too many waiting, stopped), INTERNAL (cannot start the child)
 * thread       any that may block
 */
NODISCARD enum err media_pool_run(struct media_pool *p, const struct wire_job *job, int in, int file, int small,
    int64_t deadline_mono_ms, struct wire_reply *out);

/* Process id of the child, 0 when none runs; for tests and metrics. */
int media_pool_pid(struct media_pool *p);
/* Jobs running now, at most POOL_SLOTS. */
int media_pool_running(struct media_pool *p);

#endif
