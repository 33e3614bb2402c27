/* Which threads were looked for at other servers, and when the posts of one were asked for their replies. */
#ifndef STORE_THREAD_H
#define STORE_THREAD_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

struct thread_fetch {
    int64_t status_id, opened_id; /* the topmost post that was known; the one that is read first */
    int64_t started_ms, done_ms;  /* done_ms 0: it goes on */
    int64_t portions, pages, found;
};

/* NULL: never, or long ago. */
NODISCARD enum err store_thread_get(struct ctx *c, int64_t status_id, struct thread_fetch **out);
/* The one that began last of all these posts; NULL: none. */
NODISCARD enum err store_thread_newest(struct ctx *c, const struct ids *statuses, struct thread_fetch **out);
/* As store_thread_get, held until the end of the transaction. */
NODISCARD enum err store_thread_lock(struct ctx *c, int64_t status_id, struct thread_fetch **out);
/* Insert, or write all members. */
NODISCARD enum err store_thread_put(struct ctx *c, const struct thread_fetch *t);
/* The same for one that was read by another post, unless it is being read now, from a beginning after lost_ms on. */
NODISCARD enum err store_thread_put_done(struct ctx *c, const struct thread_fetch *t, int64_t lost_ms);
/* How far it is; fine when its post was deleted meanwhile. */
NODISCARD enum err store_thread_update(struct ctx *c, const struct thread_fetch *t);
NODISCARD enum err store_thread_prune(struct ctx *c, int64_t before_ms);

/* What the walk of a thread must know of its posts. */
struct thread_post {
    int64_t id, created_ms, walked_ms;
    enum visibility visibility;
    bool local;
    struct str uri;
};
/* In order of ids. */
NODISCARD enum err store_thread_posts(struct ctx *c, const struct ids *ids, struct thread_post **out, size_t *n);
/* Its replies were asked for now, and with them its numbers. */
NODISCARD enum err store_thread_walked(struct ctx *c, int64_t status_id, int64_t now_ms);

/* When were the numbers of a post last asked for?  0: never.  walked_ms as above. */
NODISCARD enum err store_status_asked(struct ctx *c, int64_t status_id, int64_t *counted_ms, int64_t *walked_ms);
NODISCARD enum err store_status_counted(struct ctx *c, int64_t status_id, int64_t now_ms);

#endif
