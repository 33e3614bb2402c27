/*
 * Posts kept for later: drafts, which their author finishes, and scheduled threads, which a job publishes (doc/design/drafts.md).
 * One's own only: NOT_FOUND otherwise.  Rows come filled.
 */
#ifndef SERVICE_DRAFT_H
#define SERVICE_DRAFT_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/post.h"
#include "service/status.h"

/* ---- drafts: whatever is not ready; only sizes and files are checked --------------------------------------------- */

/* INVALID: more than DRAFTS_MAX, too large, a file that is not free. */
NODISCARD enum err service_draft_create(struct ctx *c, const struct posts *v, struct draft_row **out);
NODISCARD enum err service_draft_get(struct ctx *c, int64_t id, struct draft_row **out);
NODISCARD enum err service_draft_page(struct ctx *c, const struct page *p, struct draft_rows *out);
/* version: what the author has seen.  CONFLICT when another request was faster. */
NODISCARD enum err service_draft_update(
    struct ctx *c, int64_t id, int64_t version, const struct posts *v, struct draft_row **out);
NODISCARD enum err service_draft_delete(struct ctx *c, int64_t id);
/* As service_status_post_all; the draft goes, or becomes the scheduled thread.  version 0: whichever it has. */
NODISCARD enum err service_draft_publish(struct ctx *c, int64_t id, int64_t version, int64_t at_ms, struct posted *out);

/* ---- scheduled --------------------------------------------------------------------------------------------------- */

NODISCARD enum err service_scheduled_get(struct ctx *c, int64_t id, struct draft_row **out);
NODISCARD enum err service_scheduled_page(struct ctx *c, const struct page *p, struct draft_rows *out);
/* Another time; one that failed is tried again then.  INVALID: too soon, too many. */
NODISCARD enum err service_scheduled_move(struct ctx *c, int64_t id, int64_t at_ms, struct draft_row **out);
NODISCARD enum err service_scheduled_delete(struct ctx *c, int64_t id);
/* The job.  last: it will not be tried again, so that any failure is told to the author. */
NODISCARD enum err service_scheduled_run(struct ctx *c, int64_t id, bool last);

/* For status_post.c: check everything now, keep it until then.  stale as in status_publish. */
NODISCARD enum err draft_schedule(
    struct ctx *c, const struct posts *v, int64_t at_ms, struct str key, int64_t stale, struct draft_row **out);

#endif
