/* Statuses with all that hangs on them.  Who may see them is decided in service/visibility, never here. */
#ifndef STORE_STATUS_H
#define STORE_STATUS_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* One, not filled.  NOT_FOUND. */
NODISCARD enum err store_status_get(struct ctx *c, int64_t id, struct status **out);
/* The same in a write transaction: nobody else edits, deletes, reblogs or favourites it until the end of the transaction. */
NODISCARD enum err store_status_lock(struct ctx *c, int64_t id, struct status **out);
/*
 * Nobody edits or deletes these posts until the end of the transaction.  For whoever takes away or changes what hangs on a post before he
 * writes something else of it: first the post, then what hangs on it, as an edit and a deletion do; the other way round two would
 * wait for each other.  An insert of what refers to a post holds it by itself.  Those that are gone are no error.
 */
NODISCARD enum err store_status_hold(struct ctx *c, const struct ids *statuses);
NODISCARD enum err store_status_by_uri(struct ctx *c, struct str uri, struct status **out);
/* Many, in the order asked, each once; unknown ids are left out.  Not filled. */
NODISCARD enum err store_status_list(struct ctx *c, const struct ids *ids, struct statuses *out);
/* In v, sorted by id: the first with that id, or where it would be. */
size_t store_status_first(struct status *const *v, size_t n, int64_t id);
/*
 * Accounts, reblogged statuses (filled too), media, polls, mentions, tags, emojis, counters and applications of all, and, when viewer is
 * not 0, the viewer's relation to each: always the same number of queries, however many statuses.
 */
NODISCARD enum err store_status_fill(struct ctx *c, struct status **v, size_t n, int64_t viewer);

/*
 * In a write transaction.  insert stores the row, its counter row, mentions (account_id, silent), tags (name, display), links
 * the media rows (ids in s->media[i].id, of s->account_id, not attached), and moves the counters of the author, the parent and the
 * reblogged status.  CONFLICT when the uri, or the pair of account and reblogged status, is there.  INVALID when a media row is not free.
 */
NODISCARD enum err store_status_insert(struct ctx *c, struct status *s);
/* Text, spoiler, sensitive, language, media, mentions, tags, object_type, edited_ms; the caller stored the edit before. */
NODISCARD enum err store_status_update(struct ctx *c, struct status *s);
/* Remove with all that hangs on it; moves counters.  Reblogs go with it: their ids, and as cursors who made them.  NOT_FOUND when it is gone. */
NODISCARD enum err store_status_delete(struct ctx *c, const struct status *s, struct cursor_ids *reblogs);
/* What the origin claims; -1: it does not say, what it said before stays. */
struct status_totals {
    int64_t replies, reblogs, favourites;
};
/* A boost goes by the id of another Announce now. */
NODISCARD enum err store_status_set_uri(struct ctx *c, int64_t id, struct str uri);
NODISCARD enum err store_status_set_remote_totals(struct ctx *c, int64_t id, const struct status_totals *t);

/* The reblog of a status by an account, NULL when there is none. */
NODISCARD enum err store_status_reblog_by(struct ctx *c, int64_t account_id, int64_t status_id, struct status **out);
/* Replies that came before their parent: tie those waiting for uri to it. */
NODISCARD enum err store_status_adopt(struct ctx *c, const struct status *parent);
/*
 * A post and what it answers (S("") none): who asks for one of the two waits here until the end of the transaction, so that a reply that
 * looks for its parent and a parent that looks for its replies see each other.  In a write transaction, after the lock of the account.
 */
NODISCARD enum err store_status_lock_thread(struct ctx *c, struct str uri, struct str parent_uri);

/* A conversation by uri, made when missing (uri empty: a new one). */
NODISCARD enum err store_conversation_get(struct ctx *c, struct str uri, int64_t *out);
NODISCARD enum err store_conversation_uri(struct ctx *c, int64_t id, struct str *out); /* STR_NONE: none */

/* Versions before the present one: the first and the newest of STATUS_EDITS_MAX are kept. */
enum { STATUS_EDITS_MAX = 100 };
NODISCARD enum err store_status_edit_add(struct ctx *c, const struct status_edit *e);
NODISCARD enum err store_status_edits(struct ctx *c, int64_t status_id, struct status_edits *out);

/* A status and what its author posted below it in the same request, first on top. */
NODISCARD enum err store_status_own_thread(struct ctx *c, int64_t id, int64_t limit, struct ids *out);
/*
 * Ids along the thread: parents upwards (nearest last), children downwards in the order of the thread; bounded.  *more, which may be NULL:
 * there are others beyond the bounds.
 */
NODISCARD enum err store_status_ancestors(struct ctx *c, int64_t id, int64_t limit, struct ids *out, bool *more);
NODISCARD enum err store_status_descendants(
    struct ctx *c, int64_t id, int64_t limit, int64_t depth, struct ids *out, bool *more);

/* ---- pages: newest first, ids only ---------------------------------------------------------------------------- */

struct status_filter {
    int64_t account_id; /* statuses of one account */
    bool only_media, exclude_replies, exclude_reblogs;
    struct str tag;     /* folded name, with account_id or alone */
    int max_visibility; /* enum visibility: rows up to it: VIS_UNLISTED for strangers, VIS_DIRECT for all */
};
NODISCARD enum err store_status_page_account(
    struct ctx *c, const struct status_filter *f, const struct page *p, struct ids *out);
/* Conversations stay out: no replies to others.  local: 1 only ours, 0 all, -1 only remote. */
NODISCARD enum err store_status_page_public(
    struct ctx *c, int local, bool only_media, const struct page *p, struct ids *out);
/* Public statuses with the tag; any/all/none are folded names, at most 4 each. */
struct tag_query {
    struct str tag;
    struct strs any, all, none;
    int local;
    bool only_media;
};
NODISCARD enum err store_status_page_tag(
    struct ctx *c, const struct tag_query *q, const struct page *p, struct ids *out);
/* Public and unlisted of ours, for the outbox: Notes and reblogs. */
NODISCARD enum err store_status_page_outbox(struct ctx *c, int64_t account_id, const struct page *p, struct ids *out);
/* Own replies (or those of others) to a status that are public or unlisted, ascending, for the replies collection. */
NODISCARD enum err store_status_replies(
    struct ctx *c, int64_t id, int64_t account_id, bool others, int64_t above, int64_t limit, struct ids *out);
/* Public and unlisted ones of the conversation with that uri, ascending. */
NODISCARD enum err store_status_conversation(
    struct ctx *c, struct str uri, int64_t above, int64_t limit, struct ids *out);

/* Accounts that reblogged; the cursor is the reblog's id. */
NODISCARD enum err store_status_reblogged_by(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out);

/* Tag rows by folded names, made when missing. */
NODISCARD enum err store_tag_ids(struct ctx *c, struct tag_ref *v, size_t n);
NODISCARD enum err store_tag_get(struct ctx *c, struct str name, struct tag_ref **out); /* NOT_FOUND */
/* By the beginning of the folded name: the name itself, then the most used since a day (days since 1970). */
struct tag_search {
    struct str prefix;
    int64_t since_day;
    bool reviewed; /* only tags that a moderator has seen */
    int64_t limit, offset;
};
NODISCARD enum err store_tag_search(struct ctx *c, const struct tag_search *q, struct tag_ref **v, size_t *n);

NODISCARD enum err store_idempotency_find(
    struct ctx *c, int64_t account_id, struct str key, int64_t *status_id); /* 0: none */
NODISCARD enum err store_idempotency_put(
    struct ctx *c, int64_t account_id, struct str key, int64_t status_id); /* CONFLICT */
/* The key, as long as it means that status. */
NODISCARD enum err store_idempotency_forget(struct ctx *c, int64_t account_id, struct str key, int64_t status_id);
/* What was planned with a key is published: the key means that from now on. */
NODISCARD enum err store_idempotency_move(struct ctx *c, int64_t account_id, int64_t from_id, int64_t to_id);
NODISCARD enum err store_idempotency_prune(struct ctx *c, int64_t before_ms);

/* URIs that may not come back, as said by the actor that owns them.  expires_ms 0: for good. */
NODISCARD enum err store_tombstone_put(struct ctx *c, struct str uri, struct str actor_uri, int64_t expires_ms);
NODISCARD enum err store_tombstone_has(struct ctx *c, struct str uri, struct str actor_uri, bool *out);
/* *removed false: there was none. */
NODISCARD enum err store_tombstone_delete(struct ctx *c, struct str uri, struct str actor_uri, bool *removed);
/* Of everything that an actor deleted. */
NODISCARD enum err store_tombstone_forget(struct ctx *c, struct str actor_uri);
NODISCARD enum err store_tombstone_prune(struct ctx *c, int64_t now_ms);

#endif
