/*
 * For the streams: one status and many viewers, and who of those that listen is concerned.  Fixed numbers of queries for any number of
 * people.  All lists of accounts and tokens are sorted and have each id once.
 */
#ifndef SERVICE_LIVE_H
#define SERVICE_LIVE_H

#include "base/ctx.h"
#include "base/page.h"
#include "service/visibility.h"

/* Filled for nobody: to find its streams and viewers, not to be shown.  NOT_FOUND when it was deleted meanwhile. */
NODISCARD enum err service_live_status(struct ctx *c, int64_t id, struct status **out);
/*
 * What a viewer gets.  All who get COMMON get the same, all who get FOLLOWER too (they may quote what others may not); OWN: it looks
 * different for this viewer (their own, with their marks, in a conversation they muted, matched by a filter of theirs, around a quoted
 * post that is something else to them): to be loaded for them alone.
 */
enum live_look { LOOK_HIDDEN, LOOK_COMMON, LOOK_FOLLOWER, LOOK_OWN };
/* s is from service_live_status; out has a place for each viewer. */
NODISCARD enum err service_live_audience(
    struct ctx *c, struct status *s, enum view_purpose purpose, const struct ids *viewers, enum live_look *out);
/* Which of these lists (any order) have the status. */
NODISCARD enum err service_live_lists(struct ctx *c, int64_t status_id, const struct ids *lists, struct ids *out);
/* Whose home had a status of this author, with these tags, among readers; sorted. */
NODISCARD enum err service_live_followers(
    struct ctx *c, const struct ids *readers, int64_t account_id, const struct ids *tags, struct ids *out);
/* Those tokens whose users may still act, sorted. */
NODISCARD enum err service_live_tokens(struct ctx *c, const struct ids *tokens, struct ids *out);

#endif
