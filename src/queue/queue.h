/*
 * Durable jobs.  A job is a row, inserted in the write transaction of the change that caused it, so that either both are on disk or
 * neither.  After the commit the runner is woken.  It claims due rows in batches, each under a lease; a crashed process's leases
 * run out and its jobs are claimed again.  So a job may run twice: **every handler is idempotent**, and says how.
 *
 * The code of a handler's result decides (base/err.h): DONE and DROP remove the row; RETRY puts it off with growing pauses until its
 * tries are used up; then it is dead and stays for the operator.  A handler that did not get its turn says so in c->fail.put_back_ms, and
 * that was no try.  doc/design/jobs.md
 */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include "base/val.h"
#include "db/db.h"

enum job_kind {
#define JOB(id, name, lane, tries, backoff, lease_s, unique) J_##id,
#include "queue/kinds.def"
#undef JOB
    J_COUNT
};

enum job_lane {
#define LANE(id, name, threads, batch) JOB_LANE_##id,
#include "queue/lanes.def"
#undef LANE
    JOB_LANE_COUNT
};

enum {
    QUEUE_ARGS_BYTES_MAX = 256 * 1024,
    QUEUE_DEPTH_MAX = 200000, /* waiting jobs of one lane; more is refused where the caller can say "later" */
    QUEUE_DEAD_MAX = 1000,    /* dead jobs kept, the newest */
};

/* ---- putting: services and entrances, inside a write transaction ---------------------------------------------- */

struct job_opts {
    int64_t run_at_ms;     /* clock_ms(); 0: now */
    struct str unique_key; /* instead of the arguments, for a UNIQUE kind; makes a MANY kind unique */
    bool replace;          /* a waiting job with this key gets the new arguments and time; else it stays as it is */
};

/*
 * Insert a job.  args is a JSON object ("{}" for none).  A second one with the same key is not a failure: while the first waits it
 * stands for both; once that runs, a new one is inserted, as the handler may have read the state of before.
 * opts may be NULL.  Errors: TOO_LARGE, INTERNAL (no write transaction), and those of db_exec.
 */
NODISCARD enum err queue_put(struct ctx *c, enum job_kind kind, struct str args, const struct job_opts *opts);
/* The usual case: {"id": "…"}. */
NODISCARD enum err queue_put_id(struct ctx *c, enum job_kind kind, int64_t id);
/* Remove a waiting job by its kind and key, e.g. of a scheduled post that is deleted; fine when there is none. */
NODISCARD enum err queue_cancel(struct ctx *c, enum job_kind kind, struct str unique_key);
/* True when the lane has more than QUEUE_DEPTH_MAX waiting jobs, as seen lately: the inbox answers 503.  Any thread. */
bool queue_is_full(const struct queue *q, enum job_lane lane);

/* ---- running -------------------------------------------------------------------------------------------------- */

/* In the handler's c->mem. */
struct job {
    int64_t id;
    enum job_kind kind;
    const struct val *args;
    int64_t arg_id; /* "id" of the arguments, or 0 */
    int tries;      /* this one included: 1 at first */
    int tries_max;
    int64_t created_ms;
    struct str request_id; /* of the request that caused it; also c->request_id */
};

/* Straight-line, like a request handler; no transaction open before or after; c->deadline_mono_ms is the end of the lease. */
typedef enum err (*queue_fn)(struct ctx *c, const struct job *job);

/*
 * Make the queue of this process; a belongs to the process.  Nothing runs before queue_start.  env->db is used; env->queue is to be
 * set to the result, so that putting wakes.
 */
NODISCARD struct queue *queue_new(struct arena *a, const struct env *env) __attribute__((returns_nonnull));
/* Start the threads of all lanes.  handlers has J_COUNT entries; a kind with NULL there goes back to wait for a newer program. */
NODISCARD enum err queue_start(struct queue *q, const queue_fn *handlers);
/* Stop claiming, wait for the running handlers, give back what was claimed.  Fine when it was not started. */
void queue_stop(struct queue *q);
/* Wait until nothing is due and nothing runs.  Tests only. */
void queue_drain_for_tests(struct queue *q);
/* Run what is due now on this thread, until nothing is left; for tests of services without threads.  Returns how many ran. */
NODISCARD enum err queue_run_due(struct ctx *c, const queue_fn *handlers, int *out_n);

/* ---- for the operator ----------------------------------------------------------------------------------------- */

struct job_count {
    enum job_lane lane;
    int64_t waiting, running, dead, oldest_due_ms; /* 0: none due */
};
NODISCARD enum err queue_counts(struct ctx *c, struct job_count out[JOB_LANE_COUNT]);

struct dead_job {
    int64_t id, created_ms, died_ms;
    int tries;
    struct str kind, args, last_error;
};
/* Newest first. */
NODISCARD enum err queue_dead(struct ctx *c, int64_t limit, struct dead_job **out, size_t *out_n);
/* Try it again from the beginning, or forget it; inside a write transaction.  NOT_FOUND. */
NODISCARD enum err queue_dead_retry(struct ctx *c, int64_t id);
NODISCARD enum err queue_dead_delete(struct ctx *c, int64_t id);

#endif
