/* Accounts and their counters. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/account.h"

/* One by id, uri, or handle (username in any case; domain empty for ours, as A-label in lower case).  NOT_FOUND. With counters, not filled. */
NODISCARD enum err store_account_get(struct ctx *c, int64_t id, struct account **out);
NODISCARD enum err store_account_by_uri(struct ctx *c, struct str uri, struct account **out);
NODISCARD enum err store_account_by_handle(struct ctx *c, struct str username, struct str domain, struct account **out);
/* Many by id, in the order asked; unknown ids are left out. */
NODISCARD enum err store_account_list(struct ctx *c, const struct ids *ids, struct accounts *out);
/* Emojis, roles and `moved` of all in a fixed number of queries. */
NODISCARD enum err store_account_fill(struct ctx *c, struct account **v, size_t n);
/* May people without an account get its posts by mail? */
NODISCARD enum err store_account_wants_subscribers(struct ctx *c, int64_t id, bool on);

/* Write.  insert needs id, username, uri, created_ms; makes the counter row.  CONFLICT when handle or uri is taken. */
NODISCARD enum err store_account_insert(struct ctx *c, const struct account *a);
/*
 * One by id, to write it: whoever else holds the same row waits until the end of the transaction.  What was read before may be old by now.
 * The rows that are written together are held in this order: account, then user.
 */
NODISCARD enum err store_account_hold(struct ctx *c, int64_t id, struct account **out);
/* Everything but id and counters.  The row is held by this transaction; INTERNAL otherwise. */
NODISCARD enum err store_account_update(struct ctx *c, const struct account *a);
/*
 * Who asks for the same id waits here until the end of the transaction: two requests at once cannot pass a limit together.  It is a lock
 * by that number alone, no row is locked, so that nobody else waits.  In a write transaction, first, before what is looked at; 0: what the
 * staff has for the whole server.
 */
NODISCARD enum err store_account_lock(struct ctx *c, int64_t id);
/* What the origin of a remote account claims; -1: it does not say, what it said before stays. */
NODISCARD enum err store_account_set_remote_counts(
    struct ctx *c, int64_t id, int64_t statuses, int64_t followers, int64_t following);
/* When its posts and its numbers were last asked for. */
NODISCARD enum err store_account_asked(struct ctx *c, int64_t id, int64_t backfilled_ms, int64_t counted_ms);
/* The row and all that hangs on it. */
NODISCARD enum err store_account_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_account_name_reserved(struct ctx *c, struct str username, bool *out);
/* That name, and all that the account had before. */
NODISCARD enum err store_account_reserve_names(struct ctx *c, int64_t id, struct str username);
/* Whose name that was: NOT_FOUND.  put: CONFLICT; delete: only when it was this account's. */
NODISCARD enum err store_account_by_old_name(struct ctx *c, struct str username, struct account **out);
NODISCARD enum err store_account_old_name_put(struct ctx *c, struct str username, int64_t id);
NODISCARD enum err store_account_old_name_delete(struct ctx *c, struct str username, int64_t id);

/*
 * People whose username, or a word of whose name, begins with each word of q; "name@dom" narrows to domains that begin so.  An
 * exact username first, then people the viewer follows, then by followers.  Bounded: at most 500 candidates are ranked.
 */
NODISCARD enum err store_account_search(struct ctx *c, int64_t viewer, struct str q, bool following_only, int64_t limit,
    int64_t offset, struct accounts *out);
/* Discoverable accounts, of ours only or all, newest activity or newest account first. */
NODISCARD enum err store_account_directory(
    struct ctx *c, bool local, bool by_new, int64_t limit, int64_t offset, struct accounts *out);

/* Ids of ours above `after`, in order. */
NODISCARD enum err store_account_local_ids(struct ctx *c, int64_t after, int64_t limit, struct ids *out);

/* How many of ours; with posts; active since. */
NODISCARD enum err store_account_totals(
    struct ctx *c, int64_t active_since_ms, int64_t *accounts, int64_t *active, int64_t *statuses);
/* Known domains that begin so, in order. */
NODISCARD enum err store_account_domains_like(struct ctx *c, struct str prefix, int64_t limit, struct strs *out);
/* Number of known domains, and their names in order. */
NODISCARD enum err store_account_domains(struct ctx *c, struct strs *out);

#endif
