/* Hashtags as people follow them. */
#ifndef SERVICE_TAG_H
#define SERVICE_TAG_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* By name in any spelling.  A name that nobody used yet is a tag too (id 0); NOT_FOUND when it cannot be one. */
NODISCARD enum err service_tag_get(struct ctx *c, struct str name, struct tag_ref *out);
/* The form by which spellings of one name are the same. */
struct str service_tag_key(struct arena *mem, struct str name);
/* Idempotent; public posts with it then appear in the caller's home. */
NODISCARD enum err service_tag_follow(struct ctx *c, struct str name, bool on, struct tag_ref *out);
/* Newest first, with the cursor of each row. */
NODISCARD enum err service_tag_followed(
    struct ctx *c, const struct page *p, struct tag_ref **tags, int64_t **cursors, size_t *n);

#endif
