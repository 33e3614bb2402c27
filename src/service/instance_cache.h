/* What the server says about itself: counts, which cost a walk through a table, and whole answers, kept for a while.  Any thread. */
#ifndef SERVICE_INSTANCE_CACHE_H
#define SERVICE_INSTANCE_CACHE_H

#include "service/instance.h"

struct instance_counts {
    int64_t users, active_month, statuses, domains;
};

/* False when nothing of the last minute is kept. */
bool service_instance_cache_get(struct instance_counts *out);
void service_instance_cache_put(const struct instance_counts *n);

/* The same for the weeks of activity, for an hour. */
bool service_instance_cache_get_weeks(struct instance_week out[INSTANCE_WEEKS]);
void service_instance_cache_put_weeks(const struct instance_week v[INSTANCE_WEEKS]);

/*
 * The bytes of an answer of the last minute, made under this version of the settings, copied into a; STR_NONE: nothing.  Answers that
 * are larger than INSTANCE_ANSWER_MAX are not kept.
 */
enum { INSTANCE_ANSWER_MAX = 256 * 1024 };
struct str service_instance_cache_get_answer(struct arena *a, enum instance_answer which, int64_t version);
void service_instance_cache_put_answer(enum instance_answer which, int64_t version, struct str bytes);

#endif
