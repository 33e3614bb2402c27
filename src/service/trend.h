/*
 * Trends: hashtags, links and posts that are used more than usual.  A place of their own: nothing of it decides what stands in a timeline.
 * Only what a moderator allowed, or what nobody forbade where the setting trendable_by_default says so.  doc/design/trends.md
 */
#ifndef SERVICE_TREND_H
#define SERVICE_TREND_H

#include "base/ctx.h"
#include "model/status.h"

/* In the transaction of a new post: its hashtags were used by its author. */
NODISCARD enum err service_trend_posted(struct ctx *c, const struct status *s, const struct account *author);
/* In the transaction that ties a card to a post for the first time.  s is filled. */
NODISCARD enum err service_trend_linked(struct ctx *c, const struct status *s, int64_t card_id);
/* The job: reckon anew.  Again: the same result. */
NODISCARD enum err service_trend_refresh(struct ctx *c);

/* Empty when trends are turned off.  Tags and links have their history; posts are what the caller may see of *n, those of c->locale first, as links are. */
NODISCARD enum err service_trend_tags(struct ctx *c, int64_t limit, int64_t offset, struct tag_ref **v, size_t *n);
NODISCARD enum err service_trend_links(struct ctx *c, int64_t limit, int64_t offset, struct cards *out);
NODISCARD enum err service_trend_statuses(
    struct ctx *c, int64_t limit, int64_t offset, struct statuses *out, size_t *n);

/* For tags that are shown anywhere: their last seven days, and what they are to the caller. */
NODISCARD enum err service_tag_fill(struct ctx *c, struct tag_ref *v, size_t n);
/* A moderator's decision; name in any spelling.  NOT_FOUND: nobody used it yet. */
NODISCARD enum err service_tag_allow(struct ctx *c, struct str name, bool on);
/* The same for the page behind that address, NOT_FOUND: nobody posted it; and for all pages of a host, posted or not yet.  INVALID. */
NODISCARD enum err service_link_allow(struct ctx *c, struct str url, bool on);
NODISCARD enum err service_publisher_allow(struct ctx *c, struct str domain, bool on);

#endif
