/* Home by the ring design, public, local, tag. */
#ifndef SERVICE_TIMELINE_H
#define SERVICE_TIMELINE_H

#include "base/ctx.h"
#include "base/page.h"
#include "service/ring.h"
#include "store/status.h"

/*
 * The caller's home: store/home.h says what belongs there; a reblog is left out when the same original stands among the 40 places
 * below it.  The newest come from the ring, older ones from the statuses of each followee.
 */
NODISCARD enum err service_timeline_home(struct ctx *c, const struct page *p, struct statuses *out);
/* Of one of the caller's lists, gathered like the home.  NOT_FOUND. */
NODISCARD enum err service_timeline_list(struct ctx *c, int64_t list_id, const struct page *p, struct statuses *out);
/* local: 1 ours, 0 all, -1 remote. */
NODISCARD enum err service_timeline_public(
    struct ctx *c, int local, bool only_media, const struct page *p, struct statuses *out);
NODISCARD enum err service_timeline_tag(
    struct ctx *c, const struct tag_query *q, const struct page *p, struct statuses *out);

/* The fan_out job: rings of local followers, notifications of mentions and of those who asked for every post. */
NODISCARD enum err service_timeline_fan_out(struct ctx *c, int64_t status_id);
/* A post of before that is here now: rings get it at the place of its time; nobody is told, no stream shows it. */
NODISCARD enum err service_timeline_fill_in(struct ctx *c, const struct status *s);

#endif
