/* The tables of kinds, lanes and recurring jobs, and the pauses between attempts. */
#include "queue/internal.h"

#include "base/clock.h"
#include "base/rng.h"

#define UNIQUE true
#define MANY false
const struct queue_kind queue_kinds[J_COUNT] = {
#define JOB(id, name, lane, tries, backoff, lease_s, unique)                                                           \
    { #name, JOB_LANE_##lane, tries, BACKOFF_##backoff, INT64_C(lease_s) * SECOND_MS, unique },
#include "queue/kinds.def"
#undef JOB
};

const struct queue_lane_info queue_lanes[JOB_LANE_COUNT] = {
#define LANE(id, name, threads, batch) { #name, threads, batch },
#include "queue/lanes.def"
#undef LANE
};

static const struct {
    enum job_kind kind;
    int64_t every_ms;
} crons[] = {
#define CRON(job, every_ms) { J_##job, every_ms },
#include "queue/cron.def"
#undef CRON
};

bool
queue_kind_find(struct str name, enum job_kind *out)
{
    for (int i = 0; i < J_COUNT; i++)
        if (str_eqz(name, queue_kinds[i].name)) {
            *out = (enum job_kind)i;
            return true;
        }
    return false;
}

int64_t
queue_pause_ms(enum queue_backoff backoff, int tries)
{
    int64_t t = MIN(MAX(tries, 1), 50), ms;

    ms = backoff == BACKOFF_FLAT ? MINUTE_MS : (t * t * t * t + 15) * SECOND_MS;
    return ms + (int64_t)rng_below((uint64_t)ms / 2); /* so that what failed together does not come back together */
}

/* The row waits under one key for all processes; while it runs, the next moment is already in the table. */
enum err
queue_cron_put(struct ctx *c, enum job_kind kind)
{
    for (size_t i = 0; i < lengthof(crons); i++)
        if (crons[i].kind == kind) {
            int64_t next = (clock_ms() / crons[i].every_ms + 1) * crons[i].every_ms;

            TRY(queue_put(c, kind, S("{}"), &(struct job_opts){ .run_at_ms = next, .unique_key = S("cron") }));
        }
    return ERR_OK;
}
