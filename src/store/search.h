/* The index of posts by their words.  What a post is found by is decided in service/search_index.c, who may see it elsewhere. */
#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "base/ctx.h"
#include "base/page.h"
#include "text/query.h"

/* Marks beside the words of a post. */
struct search_marks {
    int64_t account_id;     /* of the author */
    bool public;            /* may be found by everybody, not only by those who have to do with it */
    unsigned properties;    /* bit i: query_properties[i] */
    struct str language;    /* as the post says; what is no language tag is left out */
    const struct str *tags; /* folded names */
    size_t n_tags;
};

/* ---- writing, in a write transaction ---- */

/* The post has to be indexed anew. */
NODISCARD enum err store_search_touch(struct ctx *c, int64_t status_id);
/* The newest posts with that card which are in the index or wait for it. */
NODISCARD enum err store_search_touch_card(struct ctx *c, int64_t card_id, int64_t limit);
/* Each post, when the index is empty. */
NODISCARD enum err store_search_touch_all(struct ctx *c);
/* The same when it is not in the index and does not wait yet; *added says so. */
NODISCARD enum err store_search_want(struct ctx *c, int64_t status_id, bool *added);
/* Out of the index, before the post is deleted. */
NODISCARD enum err store_search_remove(struct ctx *c, int64_t status_id);
/* Its words are no longer true: out of the index at once, and indexed anew. */
NODISCARD enum err store_search_renew(struct ctx *c, int64_t status_id);
/* Posts of an account below an id, newest first, at most limit; *last is where to go on, 0 at the end. */
NODISCARD enum err store_search_touch_account(
    struct ctx *c, int64_t account_id, int64_t below, int64_t limit, int64_t *last);
/*
 * Put the words of a post, or with words NULL take it out.  Only when it still waits with that stamp: else it was edited, deleted or
 * done meanwhile, and nothing happens.  After store_status_hold.
 */
NODISCARD enum err store_search_put(
    struct ctx *c, int64_t status_id, int64_t stamp, const struct strs *words, const struct search_marks *marks);

/* ---- reading ---- */

struct search_pending {
    int64_t *status_id, *stamp;
    size_t n;
};
/* Newest first. */
NODISCARD enum err store_search_pending(struct ctx *c, int64_t limit, struct search_pending *out);
/* Which of these posts somebody of ours wrote, is mentioned in, favourited, bookmarked, reblogged or voted on; sorted. */
NODISCARD enum err store_search_in_library(struct ctx *c, const struct ids *ids, struct ids *out);

/* What to look for; terms of kind QUERY_FROM are in from and not_from instead. */
struct search_query {
    const struct text_query *text;
    struct ids from, not_from; /* accounts; each of from must be the author */
    int64_t viewer;            /* whose library */
};
/* Ids of posts that match and are public or of the viewer's library, newest first; offset counts what matches.  TIMEOUT. */
NODISCARD enum err store_search_page(
    struct ctx *c, const struct search_query *q, const struct page *p, int64_t offset, struct ids *out);

#endif
