/* What accounts are to each other: for the caller (c->who), and for remote actors through the inbox. */
#ifndef SERVICE_RELATION_H
#define SERVICE_RELATION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/account.h"
#include "model/relation.h"

struct follow_params {
    int reblogs, notify; /* -1: unchanged or default */
    bool has_languages;
    struct strs languages;
};
/* Each gives the relation after it.  Errors: NOT_FOUND; FORBIDDEN (self, blocked, moved or suspended target, limits). */
NODISCARD enum err service_relation_follow(
    struct ctx *c, int64_t target, const struct follow_params *p, struct relation *out);
NODISCARD enum err service_relation_unfollow(struct ctx *c, int64_t target, struct relation *out);
NODISCARD enum err service_relation_block(struct ctx *c, int64_t target, bool on, struct relation *out);
NODISCARD enum err service_relation_mute(
    struct ctx *c, int64_t target, bool notifications, int64_t duration_s, struct relation *out);
NODISCARD enum err service_relation_unmute(struct ctx *c, int64_t target, struct relation *out);
NODISCARD enum err service_relation_note(struct ctx *c, int64_t target, struct str note, struct relation *out);
NODISCARD enum err service_relation_remove_follower(struct ctx *c, int64_t target, struct relation *out);
/* Answer the follow request of `from`. */
NODISCARD enum err service_relation_answer(struct ctx *c, int64_t from, bool accept, struct relation *out);
NODISCARD enum err service_relation_list(
    struct ctx *c, const struct ids *targets, bool with_suspended, struct relations *out);
NODISCARD enum err service_relation_requests(
    struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
NODISCARD enum err service_relation_blocks(
    struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
/* expires_ms beside each account, 0: never. */
NODISCARD enum err service_relation_mutes(
    struct ctx *c, const struct page *p, struct accounts *out, struct cursor_ids *cursors, int64_t **expires_ms);

/* The Follows of our people to a remote account once more, with the ids they have. */
NODISCARD enum err service_relation_follow_again(struct ctx *c, int64_t target);

/* ---- for the inbox: `from` is the verified remote sender --------------------------------------------------------- */

/* Accepted, requested (locked or silenced), or rejected; repeated ones are answered again. */
NODISCARD enum err service_relation_follow_received(
    struct ctx *c, struct account *from, struct account *target, struct str uri);
/* Answers to our requests; false also ends an existing follow. */
NODISCARD enum err service_relation_answer_received(
    struct ctx *c, struct account *from, struct account *requester, bool accept);
NODISCARD enum err service_relation_block_received(
    struct ctx *c, struct account *from, struct account *target, struct str uri);

#endif
