/* Inside queue/ only: the table of kinds, and the statements of the runner. */
#ifndef QUEUE_INTERNAL_H
#define QUEUE_INTERNAL_H

#include "queue/queue.h"

enum queue_backoff { BACKOFF_POLY4, BACKOFF_FLAT };

struct queue_kind {
    const char *name;
    enum job_lane lane;
    int tries_max;
    enum queue_backoff backoff;
    int64_t lease_ms;
    bool is_unique;
};
extern const struct queue_kind queue_kinds[J_COUNT];

struct queue_lane_info {
    const char *name;
    int threads, batch;
};
extern const struct queue_lane_info queue_lanes[JOB_LANE_COUNT];

/* A claimed row. */
struct queue_row {
    int64_t id, run_at_ms, lease_until_ms, created_ms;
    int tries;
    struct str kind, args, request_id;
};

/* The kind of a row; false when this program does not know it. */
bool queue_kind_find(struct str name, enum job_kind *out);
/* Pause before the next attempt, after so many. */
int64_t queue_pause_ms(enum queue_backoff backoff, int tries);
/* Wake the lane of this process, if it has a queue.  Any thread. */
void queue_wake(struct queue *q, enum job_lane lane);

/* ---- statements of the runner, each in a write transaction of the caller unless said otherwise ---------------- */

/* Take at most limit due rows under leases, oldest first; rows that have no tries left are buried and not given out. */
NODISCARD enum err queue_claim(struct ctx *c, enum job_lane lane, int64_t limit, struct queue_row **out, size_t *out_n);
NODISCARD enum err queue_finish(struct ctx *c, const int64_t *ids, size_t n);
/* Put off a claimed row.  counts: this attempt is one of its tries. */
NODISCARD enum err queue_put_off(
    struct ctx *c, const struct queue_row *row, int64_t run_at_ms, bool counts, struct str error);
NODISCARD enum err queue_bury(struct ctx *c, const struct queue_row *row, struct str error);
/* A new lease from now; row is updated.  NOT_FOUND when the row belongs to somebody else meanwhile. */
NODISCARD enum err queue_renew(struct ctx *c, struct queue_row *row, int64_t lease_ms);
/* After a commit: the lane of a struct queue_kind has work.  A hook for ctx_after_commit. */
void queue_wake_lane(struct ctx *c, void *kind);
/* Rows whose lease has run out wait again, but those of this process. */
NODISCARD enum err queue_reap(struct ctx *c, const int64_t *ours, size_t n);
/* Insert the next run of this kind when it is one of cron.def. */
NODISCARD enum err queue_cron_put(struct ctx *c, enum job_kind kind);
/* Reads: is something due, when is the next one due (0: none), how many wait (at most QUEUE_DEPTH_MAX + 1), is anything left to do now. */
NODISCARD enum err queue_next_due(struct ctx *c, enum job_lane lane, int64_t *out_ms);
NODISCARD enum err queue_depth(struct ctx *c, enum job_lane lane, int64_t *out);
NODISCARD enum err queue_is_busy(struct ctx *c, bool *out);

/* The first half of queue_stop: threads end after the handler they are in. */
void queue_stop_claiming(struct queue *q);
/* Milliseconds between two looks of a lane that nobody woke, before queue_start. */
void queue_set_look_for_tests(struct queue *q, int64_t ms);

/* ---- one job -------------------------------------------------------------------------------------------------- */

/*
 * Run a claimed row on c (fresh) and say what is to become of it: true when the row is to be removed; else it has been put off or
 * buried in a transaction of its own.
 */
bool queue_run_row(struct ctx *c, struct queue_row *row, const queue_fn *handlers);

#endif
