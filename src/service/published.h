/*
 * What other servers may read of us: loaded for `viewer`, the account that signed the request (0: nobody), and judged by
 * service_visible like every other path.  Unknown and invisible are both NOT_FOUND, without a difference.
 */
#ifndef SERVICE_PUBLISHED_H
#define SERVICE_PUBLISHED_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* A local account, filled; a suspended one too.  GONE: deleted. */
NODISCARD enum err service_published_account(struct ctx *c, int64_t id, struct account **out);
NODISCARD enum err service_published_account_named(struct ctx *c, struct str username, struct account **out);
/* The same for what hangs on it: FORBIDDEN when it is suspended. */
NODISCARD enum err service_published_owner(struct ctx *c, int64_t id, struct account **out);
/* A local status of that account, filled; a reblog too. */
NODISCARD enum err service_published_status(
    struct ctx *c, int64_t account_id, int64_t status_id, int64_t viewer, struct status **out);

/*
 * These posts of ours are answered to `by` (NULL: nobody signed): its server has them from now on, and is told when they are deleted.
 * For as long as COPY_KEPT_MS after they were posted.  That it cannot be written is no reason not to answer: it is logged.
 */
#define COPY_KEPT_MS (180 * (int64_t)DAY_MS)
void service_published_read_by(struct ctx *c, const struct statuses *v, const struct account *by);
/* Public and unlisted posts and reblogs, newest first.  Nothing for those whom the owner blocks. */
NODISCARD enum err service_published_outbox(
    struct ctx *c, int64_t account_id, int64_t viewer, const struct page *p, struct statuses *out);
/* Pinned posts that the viewer may see. */
NODISCARD enum err service_published_featured(struct ctx *c, int64_t account_id, int64_t viewer, struct statuses *out);
/* Hashtags that the profile shows. */
NODISCARD enum err service_published_featured_tags(struct ctx *c, const struct account *a, struct featured_tags *out);
/* Ids of followers, or of those followed; *next: cursor of the page after this one, 0: none.  FORBIDDEN when they are hidden. */
NODISCARD enum err service_published_people(
    struct ctx *c, const struct account *a, bool followers, const struct page *p, struct strs *out, int64_t *next);
/* Ids of public and unlisted replies by the author, or by others, oldest first after the status `above`. */
NODISCARD enum err service_published_replies(
    struct ctx *c, const struct status *s, bool others, int64_t above, int64_t limit, struct strs *out, int64_t *last);
/* Ids of public and unlisted posts of a conversation of ours, oldest first; *root is who began it.  NOT_FOUND: no such. */
NODISCARD enum err service_published_context(
    struct ctx *c, struct str uri, int64_t above, int64_t limit, struct strs *out, int64_t *last, struct str *root);
/* Accounts of ours that were active in the last so many days. */
NODISCARD enum err service_published_active(struct ctx *c, int days, int64_t *out);
NODISCARD enum err service_published_emoji(struct ctx *c, int64_t id, struct emoji_ref **out);

#endif
