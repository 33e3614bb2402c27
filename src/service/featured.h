/* What people show on their profiles beside posts: other people and hashtags. */
#ifndef SERVICE_FEATURED_H
#define SERVICE_FEATURED_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/relation.h"
#include "model/status.h"

/* Endorse somebody whom the caller follows; INVALID else.  Idempotent.  An endorsement ends with the follow. */
NODISCARD enum err service_endorse(struct ctx *c, int64_t target, bool on, struct relation *out);
/* Of an account, 0: of the caller.  Nobody when the viewer is blocked, or the profile hides what it features. */
NODISCARD enum err service_endorsements(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);

/* Of an account, 0: of the caller; as before.  *owner: NULL when there is nothing to see. */
NODISCARD enum err service_featured_tags(struct ctx *c, int64_t id, struct account **owner, struct featured_tags *out);
/* By name in any spelling; followers elsewhere are told.  INVALID: no hashtag, or more than FEATURED_TAGS_MAX. */
NODISCARD enum err service_featured_tag_set(struct ctx *c, struct str name, bool on, struct tag_ref *out);
/* By the id of the list's entry.  NOT_FOUND. */
NODISCARD enum err service_featured_tag_delete(struct ctx *c, int64_t id);
/* What the caller uses most and does not show yet. */
NODISCARD enum err service_featured_tag_suggestions(struct ctx *c, struct tag_ref **v, size_t *n);
/* A remote account shows a hashtag, or no longer.  In a write transaction of its own. */
NODISCARD enum err service_featured_tag_received(struct ctx *c, struct account *from, struct str name, bool on);

#endif
