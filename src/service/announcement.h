/* What the operators say to everybody, and how people react to it. */
#ifndef SERVICE_ANNOUNCEMENT_H
#define SERVICE_ANNOUNCEMENT_H

#include "base/ctx.h"
#include "model/announcement.h"

enum {
    ANNOUNCEMENT_CHARS_MAX = 5000,
    ANNOUNCEMENTS_MAX = 100,
    ANNOUNCEMENT_REACTIONS_MAX = 8, /* different ones on one announcement, as Mastodon has it */
};

/* Those shown now, filled for the caller. */
NODISCARD enum err service_announcement_list(struct ctx *c, struct announcements *out);
NODISCARD enum err service_announcement_dismiss(struct ctx *c, int64_t id); /* NOT_FOUND */
/* name: an emoji, or the shortcode of one of ours.  Idempotent.  NOT_FOUND; INVALID (no emoji, too many different ones). */
NODISCARD enum err service_announcement_react(struct ctx *c, int64_t id, struct str name, bool on);

struct announcement_params {
    struct str text; /* Markdown */
    int64_t starts_ms, ends_ms;
    int64_t published_ms; /* 0: now */
    bool all_day;
};
/* For operators.  id 0: a new one.  INVALID with a public text. */
NODISCARD enum err service_announcement_put(
    struct ctx *c, int64_t id, const struct announcement_params *p, int64_t *out_id);
/* Tell the streams that it is shown now, or gone: the job that both verbs queue, as operators act from outside the server. */
NODISCARD enum err service_announcement_tell(struct ctx *c, int64_t id);
NODISCARD enum err service_announcement_remove(struct ctx *c, int64_t id); /* NOT_FOUND */
/* With those that are scheduled or over; not filled. */
NODISCARD enum err service_announcement_list_all(struct ctx *c, struct announcements *out);

#endif
