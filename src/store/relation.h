/* Follows, requests, blocks, mutes, notes. */
#ifndef STORE_RELATION_H
#define STORE_RELATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/account.h"
#include "model/relation.h"

/* What the viewer is to each target, in the order asked, with a fixed number of queries. */
NODISCARD enum err store_relations(struct ctx *c, int64_t viewer, const struct ids *targets, struct relations *out);
/* Only what decides whether something is shown: following, blocking, blocked_by, muting, domain_blocking. */
NODISCARD enum err store_relations_visible(
    struct ctx *c, int64_t viewer, const struct ids *targets, struct relations *out);
/* Those among the targets whom the viewer blocks or mutes; sorted, each once. */
NODISCARD enum err store_relations_unwanted(struct ctx *c, int64_t viewer, const struct ids *targets, struct ids *out);
NODISCARD enum err store_relation(struct ctx *c, int64_t viewer, int64_t target, struct relation *out);

/*
 * Whoever changes what is between these two, in whichever direction, or writes what holds only while it stands, waits here until the end of
 * the transaction.  In a write transaction, before the look.  Again is fine; store_account_lock comes before it.
 */
NODISCARD enum err store_relation_lock(struct ctx *c, int64_t a, int64_t b);
/* The same with each of these, in an order of its own: two who take some of the same do not wait in a circle. */
NODISCARD enum err store_relation_lock_all(struct ctx *c, int64_t account_id, const struct ids *others);
/* Write.  put inserts or renews (uri, reblogs, notify, languages); *added says which.  Counters of both move with it. */
NODISCARD enum err store_follow_put(struct ctx *c, const struct follow *f, bool *added);
NODISCARD enum err store_follow_request_put(struct ctx *c, const struct follow *f, bool *added);
/* NULL in *out when there is none. */
NODISCARD enum err store_follow_get(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out);
NODISCARD enum err store_follow_request_get(struct ctx *c, int64_t account_id, int64_t target_id, struct follow **out);
NODISCARD enum err store_follow_by_uri(struct ctx *c, struct str uri, bool request, struct follow **out);
NODISCARD enum err store_follow_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed);
NODISCARD enum err store_follow_request_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed);

NODISCARD enum err store_block_put(
    struct ctx *c, int64_t id, int64_t account_id, int64_t target_id, struct str uri, bool *added);
NODISCARD enum err store_block_uri(struct ctx *c, int64_t account_id, int64_t target_id, bool *found, struct str *uri);
NODISCARD enum err store_block_delete(
    struct ctx *c, int64_t account_id, int64_t target_id, struct str *uri, bool *removed);
NODISCARD enum err store_block_by_uri(
    struct ctx *c, struct str uri, int64_t *account_id, int64_t *target_id); /* NOT_FOUND */
NODISCARD enum err store_mute_put(
    struct ctx *c, int64_t account_id, int64_t target_id, bool notifications, int64_t expires_ms);
NODISCARD enum err store_mute_delete(struct ctx *c, int64_t account_id, int64_t target_id, bool *removed);
NODISCARD enum err store_mute_prune(struct ctx *c, int64_t now_ms);
NODISCARD enum err store_note_put(
    struct ctx *c, int64_t account_id, int64_t target_id, struct str note); /* empty: removed */

/* Lists; each entry with the cursor of its row. */
enum relation_list { LIST_FOLLOWERS, LIST_FOLLOWING, LIST_REQUESTS, LIST_BLOCKS, LIST_MUTES, LIST_COUNT };
NODISCARD enum err store_relation_page(
    struct ctx *c, enum relation_list which, int64_t account_id, const struct page *p, struct cursor_ids *out);
NODISCARD enum err store_follow_request_count(struct ctx *c, int64_t target_id, int64_t *out);

/* Accounts that viewer follows and that follow target, newest follow first. */
NODISCARD enum err store_followers_familiar(
    struct ctx *c, int64_t viewer, int64_t target, int64_t limit, struct ids *out);
/* Followees with their newest status id, newest first: for the home ring. */
struct followee {
    int64_t account_id, last_status_id;
    bool reblogs;
    struct str languages;
};
NODISCARD enum err store_followees_active(
    struct ctx *c, int64_t account_id, int64_t limit, struct followee **v, size_t *n);
/* Distinct inboxes of remote followers: shared inbox where there is one. */
NODISCARD enum err store_follower_inboxes(struct ctx *c, int64_t target_id, struct strs *out);
/* Inboxes of the remote ones among these accounts, in no order; suspended ones are left out. */
struct account_inbox {
    struct str inbox, shared_inbox;
};
NODISCARD enum err store_account_inboxes(struct ctx *c, const struct ids *ids, struct account_inbox **v, size_t *n);
/* Remote accounts that reblogged, favourited, answered or quoted a status: at most 5000 of each. */
NODISCARD enum err store_status_touched_by(struct ctx *c, int64_t status_id, struct ids *out);
/* Ids (URLs) of followers, ours or those of others, at most limit; account_ids beside them may be NULL. */
NODISCARD enum err store_follower_uris(
    struct ctx *c, int64_t target_id, bool local, int64_t limit, struct strs *out, struct ids *account_ids);
/* When the followers were compared with what their server says, 0: never; and that they were. */
NODISCARD enum err store_sync_ms(struct ctx *c, int64_t account_id, int64_t *out);
NODISCARD enum err store_sync_put(struct ctx *c, int64_t account_id, int64_t now_ms);
/* Does anybody of that domain follow this account? */
NODISCARD enum err store_followed_from(struct ctx *c, int64_t target_id, struct str domain, bool *out);
/* Does any local account follow this one?  awaited: or has asked to; what follows the answer may come before it. */
NODISCARD enum err store_followed_here(struct ctx *c, int64_t target_id, bool *out);
NODISCARD enum err store_awaited_here(struct ctx *c, int64_t target_id, bool *out);

#endif
