/*
 * Emoji with which people react to posts.  On the wire a Like with the emoji as content, which servers without reactions count as a
 * favourite.  Whoever wrote the post is told as of a favourite.  doc/design/reactions.md
 */
#ifndef SERVICE_REACTION_H
#define SERVICE_REACTION_H

#include "ap/read_activity.h"
#include "base/ctx.h"
#include "model/status.h"

enum {
    REACTIONS_OF_ACCOUNT_MAX = 10, /* different ones of one account on one post */
    REACTIONS_MAX = 50,            /* different ones on one post */
    REACTORS_MAX = 200,            /* shown by name */
};

/*
 * The caller reacts to a post, or takes it back (also when the post cannot be seen any more); repeated calls change nothing.  name: an
 * emoji, the shortcode of one of ours, or shortcode@domain that is among the reactions already; colons around it are fine.  Errors:
 * NOT_FOUND; INVALID (public text): no such emoji, a limit.
 */
NODISCARD enum err service_reaction_set(struct ctx *c, int64_t id, struct str name, bool on, struct status **out);

/* Who reacted, the newest REACTORS_MAX of the post; names as in s->reactions.  Suspended accounts and those across a block are left out. */
struct reactor {
    struct str name;
    struct account *account;
};
struct reactors {
    struct reactor *v;
    size_t n;
};
NODISCARD enum err service_reaction_list(struct ctx *c, int64_t id, struct status **s, struct reactors *out);

/* In a write transaction: tell the author no more of somebody who neither favourites the post nor reacts to it. */
NODISCARD enum err service_reaction_unnotify(struct ctx *c, const struct status *s, int64_t from);

/* A Like with an emoji, or an EmojiReact, of a remote account: to a post of ours that it may see; else dropped. */
NODISCARD enum err service_reaction_received(struct ctx *c, struct account *from, const struct ap_activity *a);
/* In a write transaction: taken back, by the id of the activity or else by what it says.  *done false: no such reaction. */
NODISCARD enum err service_reaction_undone(
    struct ctx *c, struct account *from, const struct ap_activity *inner, bool *done);

#endif
