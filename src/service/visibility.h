/*
 * The one visibility function.  Every path that shows a status to anybody (API, pages, feeds, ActivityPub, streams, search,
 * notifications) goes through service_visible; a reference model in the tests checks all paths against it.
 */
#ifndef SERVICE_VISIBILITY_H
#define SERVICE_VISIBILITY_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/relation.h"
#include "model/status.h"

enum view_purpose {
    VIEW_DIRECT, /* asked for by id or as part of a thread or profile: mutes do not hide */
    VIEW_TIMELINE, /* also hides mutes, user domain blocks, reblogs of hidden authors, and what names whom the viewer blocks or mutes */
    VIEW_PUBLIC, /* also hides mutes, user domain blocks, and silenced accounts unless followed */
};

/*
 * May the viewer see each status?  v must be filled.  viewer is an account id (ours or a remote signer), 0 for anonymous.
 *
 * Nobody sees: statuses of suspended accounts; direct and limited ones who is neither author nor mentioned; private ones who is
 * neither author, mentioned nor follower; posts for this server alone who is not one of ours; anything across a block in either direction (author or reblogged author); a reblog whose
 * original is not visible.  A fixed number of queries.
 */
NODISCARD enum err service_visible(
    struct ctx *c, int64_t viewer, enum view_purpose purpose, struct status **v, size_t n, bool *out);

/*
 * The same for one filled status and many viewers (account ids, sorted, each once; none anonymous): for the streams.  shown: what each
 * is to the author of the status, or of what it reblogs.
 */
NODISCARD enum err service_visible_to(struct ctx *c, enum view_purpose purpose, const struct status *s,
    const struct ids *viewers, bool *out, struct relations *shown);

/*
 * The pipeline of every list: load by id, fill for the viewer, drop what is not visible, put what the viewer may see of quoted posts
 * into them (service/quote.h), say which filters match; order kept.
 */
NODISCARD enum err service_status_load(
    struct ctx *c, int64_t viewer, enum view_purpose purpose, const struct ids *ids, struct statuses *out);

/*
 * A full page although some rows are hidden: calls fetch for candidates until limit visible ones are found, the rows end, or 5
 * rounds passed.  fetch gives ids newest first (or, with min_id, the adjacent page), as the store's page functions do.
 */
typedef enum err (*status_fetch_fn)(struct ctx *c, void *arg, const struct page *p, struct ids *out);
NODISCARD enum err service_status_page(struct ctx *c, int64_t viewer, enum view_purpose purpose, const struct page *p,
    status_fetch_fn fetch, void *arg, struct statuses *out);

#endif
