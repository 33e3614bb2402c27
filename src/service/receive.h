/*
 * What a verified remote sender may do to our database: set operations, idempotent, in any order (doc/design/inbox.md).
 * The inbox reads documents into structs of ap/ and calls these; relations are in relation.h.
 */
#ifndef SERVICE_RECEIVE_H
#define SERVICE_RECEIVE_H

#include "base/ctx.h"
#include "model/status.h"

struct ap_actor;
struct ap_note;
struct budget;

/* May something be delivered to this account of ours?  NOT_FOUND, GONE (deleted). */
NODISCARD enum err service_receive_inbox(struct ctx *c, int64_t account_id);
/* Is this actor in the store?  Does anybody here follow it, or wait for its consent? */
NODISCARD enum err service_receive_knows(struct ctx *c, struct str actor_uri, bool *out);
NODISCARD enum err service_receive_followed(struct ctx *c, const struct account *a, bool *out);
/* An activity as accepted at the door: stored with its job in one transaction; *added false when it was here before. */
NODISCARD enum err service_receive_accept(
    struct ctx *c, struct str actor_uri, struct str uri, int64_t inbox_account_id, struct str body, bool *added);
/* For the job: what was accepted; NOT_FOUND when it is done or pruned.  Then done. */
NODISCARD enum err service_receive_next(
    struct ctx *c, int64_t id, struct str *signer, int64_t *inbox_account_id, struct str *body);
NODISCARD enum err service_receive_done(struct ctx *c, int64_t id);

/* Store or renew an account from a checked actor document; handle_ok says whether WebFinger agreed. */
NODISCARD enum err service_receive_actor(struct ctx *c, const struct ap_actor *x, struct str username,
    struct str domain, bool handle_ok, struct account **out);
NODISCARD enum err service_receive_actor_delete(struct ctx *c, struct account *from);
/* Is a note worth keeping: followed author, addressed, reply to ours, personal inbox. */
NODISCARD enum err service_receive_relevant(
    struct ctx *c, const struct ap_note *x, struct account *author, int64_t inbox_account_id, bool *out);
/*
 * Store a post of `author` from a checked note.  *out NULL when it was dropped (tombstone, or a row of another author).  Mentioned
 * people whom nobody knows yet are fetched from b; b NULL: only known ones count.  Not filled.
 */
NODISCARD enum err service_receive_note(
    struct ctx *c, struct budget *b, const struct ap_note *x, struct account *author, struct status **out);
/* An edit when `updated` is newer; else only counts.  *out NULL when the post is not here or not of this author. */
NODISCARD enum err service_receive_note_update(
    struct ctx *c, struct budget *b, const struct ap_note *x, struct account *author, struct status **out);
/* A vote in a poll of ours; one that does not count (closed, hidden from them, unknown option, voted before) is dropped. */
NODISCARD enum err service_receive_vote(struct ctx *c, const struct account *from, const struct ap_note *x);
/* Only rows of `from`; remembers the uri when unknown. */
NODISCARD enum err service_receive_delete(struct ctx *c, struct account *from, struct str uri);
/*
 * A deletion is taken back: the post may be fetched again, which its server answers or not.  *was: it had been deleted.  Only for ids on
 * the origin of `from`: the author, or the group whose moderators thought better of it.
 */
NODISCARD enum err service_receive_undelete(struct ctx *c, const struct account *from, struct str uri, bool *was);
NODISCARD enum err service_receive_like(struct ctx *c, struct account *from, struct str status_uri, struct str uri);
struct boost {
    struct str uri; /* of the Announce */
    enum visibility visibility;
    int64_t published_ms; /* 0: now */
    bool history;         /* found later: nobody is told */
    struct str stamp;     /* the consent that it claims; looked at by service_interaction_boost_ok */
};
NODISCARD enum err service_receive_announce(
    struct ctx *c, struct account *from, struct status *original, const struct boost *b);
NODISCARD enum err service_receive_unannounce(
    struct ctx *c, struct account *from, struct str uri, struct str object_uri);
/* Undo of a follow; one that came before its Follow is remembered. */
NODISCARD enum err service_receive_unfollow(
    struct ctx *c, struct account *from, struct account *target, struct str uri);
/* Undo of a block, in the same way. */
NODISCARD enum err service_receive_unblock(struct ctx *c, struct account *from, struct account *target, struct str uri);
/* Undo by nothing but the id of an activity of `from`: boost, like, follow, request or block; else remembered. */
NODISCARD enum err service_receive_undo(struct ctx *c, struct account *from, struct str uri);
/* Undo of a reaction or a like, which has the id and object of `like`. */
struct ap_activity;
NODISCARD enum err service_receive_unlike(struct ctx *c, struct account *from, const struct ap_activity *like);
NODISCARD enum err service_receive_pin(struct ctx *c, struct account *from, struct str status_uri, bool on);

#endif
