/*
 * The rings of homes (service/ring.h) in all processes that share the database: each change is made here and told to the others, and
 * what they tell is made here.  Without rings (commands) nothing happens.
 */
#ifndef SERVICE_HOMES_H
#define SERVICE_HOMES_H

#include "base/ctx.h"
#include "base/page.h"
#include "store/home.h"

enum { HOMES_READERS_MAX = 1000 }; /* of one message */

/* A status is new in these homes; HOMES_READERS_MAX at most. */
void service_homes_push(struct ctx *c, const struct ids *readers, struct home_item item);
/* What belongs into this home has changed; to be called after the commit. */
void service_homes_drop(struct ctx *c, int64_t account_id);
/* These statuses are gone; after the commit. */
void service_homes_remove(struct ctx *c, const struct ids *statuses);

/* How old a ring may be, in milliseconds; 0: it is right whatever its age, because everything that others do is heard. */
int64_t service_homes_age_ms(const struct env *env);

/* ---- for whoever owns the bridge ------------------------------------------------------------------------------------ */

#define HOMES_TOPIC S("homes") /* of the hub */

/* Another process has said it; mem is a scratch arena.  Junk is ignored. */
void service_homes_heard(const struct env *env, struct arena *mem, struct str event, struct str payload);
/* Something that others said is lost. */
void service_homes_lost(const struct env *env);

#endif
