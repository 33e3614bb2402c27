/*
 * What belongs into a home timeline (doc/design/home.md): the rules stand here once, as SQL, for reading a home together and for
 * finding the homes that get a new status.  Who may see a status (blocks, mutes) is decided in service/visibility when it is read.
 *
 * Own statuses; those of followees: reblogs unless the follow hides them, replies only to the author itself, to the reader or to
 * people that the reader follows, direct ones only when the reader is mentioned, only the languages of the follow.  Public originals
 * with a followed tag, unless their author is limited.  What members of an exclusive list write stays in the list.
 *
 * The timeline of a list is a home with other sources: its members as far as they are followed, no direct posts, and the replies that
 * its policy says.
 */
#ifndef STORE_HOME_H
#define STORE_HOME_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/list.h"

struct home_feed {
    int64_t reader;
    const struct list *list; /* of the reader; NULL: the home */
};

struct home_source {
    int64_t account_id; /* the reader itself or a followee; 0: a tag */
    int64_t tag_id;
    int64_t last_id; /* nothing newer comes from here; INT64_MAX for tags */
    bool reblogs;
    struct str languages;
};
/* Newest last_id first. */
NODISCARD enum err store_home_sources(struct ctx *c, const struct home_feed *f, struct home_source **out, size_t *n);

struct home_item {
    int64_t id, original; /* the reblogged status, or id */
};
/* Of one source, between above and below (both excluded): the newest, newest first; up: the oldest, oldest first. */
NODISCARD enum err store_home_heads(struct ctx *c, const struct home_feed *f, const struct home_source *s, bool up,
    int64_t above, int64_t below, int64_t limit, struct home_item **out, size_t *n);

/* The same for many followees at once: at most `limit` of each, those of one followee together. */
struct home_head {
    int64_t account_id;
    struct home_item item;
};
NODISCARD enum err store_home_heads_many(struct ctx *c, const struct home_feed *f, const struct ids *followees, bool up,
    int64_t above, int64_t below, int64_t limit, struct home_head **out, size_t *n);

/*
 * Local followers whose home or an exclusive list gets this status, in order of id after after_id, at most limit.  readers: in their
 * homes; notify: those who asked to be told of each post.  *last is where to go on, 0 at the end.
 */
NODISCARD enum err store_home_readers(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit,
    struct ids *readers, struct ids *notify, int64_t *last);
/* The same for followers of its tags. */
NODISCARD enum err store_home_tag_readers(
    struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct ids *readers);
/* Which of these lists have this status. */
NODISCARD enum err store_home_lists(struct ctx *c, int64_t status_id, const struct ids *lists, struct ids *out);

#endif
