/* Emoji with which people react to posts. */
#ifndef STORE_REACTION_H
#define STORE_REACTION_H

#include "base/ctx.h"
#include "model/status.h"

/* What was chosen: an emoji (key in name, as written in shown), or a shortcode of a domain ('' ours) in name and shown. */
struct reaction_name {
    struct str name, domain, shown;
};

struct reaction_row {
    int64_t id, status_id, account_id;
    struct reaction_name what;
};

struct reaction_rows {
    struct reaction_row *v;
    size_t n;
};

/* In a write transaction; numbers move with it.  *added and *removed: something changed. */
NODISCARD enum err store_reaction_put(struct ctx *c, const struct reaction_row *r, struct str uri, bool *added);
NODISCARD enum err store_reaction_delete(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, int64_t *id, bool *removed);
/* The id of the activity that it came with; n 0: none, or no such reaction. */
NODISCARD enum err store_reaction_uri(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, struct str *uri);
NODISCARD enum err store_reaction_set_uri(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, struct str uri);
NODISCARD enum err store_reaction_by_uri(struct ctx *c, struct str uri, struct reaction_row **out); /* NOT_FOUND */
/* Of one account, oldest first, without `shown`. */
NODISCARD enum err store_reaction_of_account(
    struct ctx *c, int64_t account_id, int64_t limit, struct reaction_rows *out);
/* Of one post, newest first. */
NODISCARD enum err store_reaction_of_status(struct ctx *c, int64_t status_id, int64_t limit, struct reaction_rows *out);
/* How many different ones a post has, and has of one account; has_it: this one is among the first. */
NODISCARD enum err store_reaction_numbers(struct ctx *c, int64_t status_id, int64_t account_id,
    const struct reaction_name *what, int64_t *on_status, int64_t *of_account, bool *has_it);
/* Did the account favourite or react to the post? */
NODISCARD enum err store_reaction_likes(struct ctx *c, int64_t status_id, int64_t account_id, bool *out);

/* Fill `reactions` of those that have some; v sorted by id.  No query when none has. */
NODISCARD enum err store_reaction_fill_statuses(struct ctx *c, struct status **v, size_t n, int64_t viewer);

#endif
