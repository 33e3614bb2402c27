/*
 * Counters beside what they count: posts, followers and followed of an account; answers, boosts, favourites, reactions and quotes of a post.
 *
 * What a verb adds is kept for its transaction and written just before the commit, in one order: first posts, then accounts, by id.
 * Counters are the rows that everybody writes.  Locked last they are locked shortly, and two verbs cannot wait for each other there; until
 * the commit the transaction itself reads the numbers from before.  Negative numbers take away, never below 0.
 */
#ifndef STORE_COUNT_H
#define STORE_COUNT_H

#include "db/db.h"

struct account_counts {
    int statuses, followers, following;
    int64_t last_status_id, last_status_ms; /* 0: no newer post */
};
struct status_counts {
    int replies, reblogs, favourites, reactions, quotes;
};

/* In a write transaction; the first statement is sent by db_commit. */
void store_count_account(struct ctx *c, int64_t account_id, struct account_counts by);
void store_count_status(struct ctx *c, int64_t status_id, struct status_counts by);

#endif
