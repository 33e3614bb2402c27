/* The verbs of statuses for local accounts; c->who acts.  Every function that gives a status gives it filled and visible. */
#ifndef SERVICE_STATUS_H
#define SERVICE_STATUS_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/async_refresh.h"
#include "model/post.h"
#include "model/status.h"

/* How a text would look.  People of other servers who are not known here stay text: nobody is asked. */
struct status_preview {
    struct str html;
    size_t characters;
};
NODISCARD enum err service_status_preview(struct ctx *c, const struct post_params *p, struct status_preview *out);

/*
 * Publish a post, or a whole thread, all or nothing: each answers the one above, the first whatever it names.  Checks, formats, resolves
 * unknown remote mentions (network, before the transaction), stores status, mentions, tags, media and conversation, queues fan_out and
 * federation in one transaction.  at_ms in the future: kept until then (draft.h), with the same key rules.  A repeated key within an hour
 * gives what became of the first request, by now.  Errors: INVALID (public text), NOT_FOUND (reply target not visible), RATE, BUSY.
 */
struct posted {
    struct statuses now;
    struct draft_row *later; /* NULL: published */
};
NODISCARD enum err service_status_post_all(
    struct ctx *c, const struct posts *v, int64_t at_ms, struct str key, struct posted *out);
/* Own statuses only.  Keeps the old version as an edit when something visible changed. */
NODISCARD enum err service_status_edit(struct ctx *c, int64_t id, const struct post_params *p, struct status **out);
/* Own statuses only.  *out is the status as it was, for redrafting.  delete_media false: attachments become loose again. */
NODISCARD enum err service_status_delete(struct ctx *c, int64_t id, bool delete_media, struct status **out);
/* One that the caller may see; NOT_FOUND otherwise, without telling why. */
NODISCARD enum err service_status_get(struct ctx *c, int64_t id, struct status **out);
/* A public or unlisted post of ours by its page or id, no reblog.  NOT_FOUND. */
NODISCARD enum err service_status_of_url(struct ctx *c, struct str url, struct status **out);
NODISCARD enum err service_status_get_many(struct ctx *c, const struct ids *ids, struct statuses *out);
struct thread_context {
    struct statuses ancestors, descendants;
    bool cut_above, cut_below; /* more is known here than one answer may have */
};
/*
 * 4096 each way for users; 40 ancestors and 60 descendants, 20 deep, for others.  refresh: what the caller may wait for while the thread is
 * made whole (service/thread.h); NULL: nothing is fetched.
 */
NODISCARD enum err service_status_context(
    struct ctx *c, int64_t id, struct thread_context *out, struct async_refresh *refresh);
/* Every version, oldest first, the current one last. */
NODISCARD enum err service_status_history(struct ctx *c, int64_t id, struct status **s, struct status_edits *out);

/* Idempotent interactions. */
NODISCARD enum err service_status_favourite(struct ctx *c, int64_t id, bool on, struct status **out);
NODISCARD enum err service_status_bookmark(struct ctx *c, int64_t id, bool on, struct status **out);
NODISCARD enum err service_status_pin(struct ctx *c, int64_t id, bool on, struct status **out);
NODISCARD enum err service_status_mute(struct ctx *c, int64_t id, bool on, struct status **out);
/* out: the reblog (its `reblog` is the original); visibility -1: public, or as the original when it is narrower. */
NODISCARD enum err service_status_reblog(struct ctx *c, int64_t id, int visibility, struct status **out);
/* out: the original. */
NODISCARD enum err service_status_unreblog(struct ctx *c, int64_t id, struct status **out);
/* Who did; cursors for paging. */
NODISCARD enum err service_status_reblogged_by(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
NODISCARD enum err service_status_favourited_by(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
/* What the caller did; cursors for paging. */
NODISCARD enum err service_status_favourites(
    struct ctx *c, const struct page *p, struct statuses *out, struct cursor_ids *cursors);
NODISCARD enum err service_status_bookmarks(
    struct ctx *c, const struct page *p, struct statuses *out, struct cursor_ids *cursors);

/*
 * Remove any status with all consequences (reblogs, files, rings; other servers when federate): for moderation, account deletion
 * and the inbox.  Inside the caller's write transaction.  s is filled.  NOT_FOUND: it went meanwhile, a boost also with its post.
 */
NODISCARD enum err service_status_remove(struct ctx *c, struct status *s, bool federate);
/* The same, and other servers hear it when there is time. */
NODISCARD enum err service_status_remove_slowly(struct ctx *c, struct status *s);
/* Other servers are told that it is gone for them: s of ours, filled, in a write transaction; others' posts: nothing. */
NODISCARD enum err service_status_tell_gone(struct ctx *c, const struct status *s);

#endif
