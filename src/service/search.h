/* Search over accounts, hashtags and posts. */
#ifndef SERVICE_SEARCH_H
#define SERVICE_SEARCH_H

#include "base/ctx.h"
#include "model/collection.h"
#include "model/status.h"

enum search_type { SEARCH_ALL = -1, SEARCH_ACCOUNTS, SEARCH_HASHTAGS, SEARCH_STATUSES, SEARCH_COLLECTIONS };

struct search_params {
    struct str q;
    int type; /* enum search_type */
    bool resolve, following, exclude_unreviewed;
    int64_t account_id; /* only posts of this one; 0: of all */
    int64_t min_id, max_id;
    int64_t limit, offset; /* the offset counts only with a type */
};

struct search_result {
    struct accounts accounts;
    struct statuses statuses;
    struct tag_ref *tags;
    size_t n_tags;
    struct collections collections; /* only by their URL */
};

/*
 * A URL or a full handle is looked up, over the network when resolve is set; anything else is searched here.  Posts only for who is
 * logged in, with the operators of text/query.h.  Only what the caller may see.  Errors: BUSY, INTERNAL; what is not found is not an
 * error.
 */
NODISCARD enum err service_search(struct ctx *c, const struct search_params *p, struct search_result *out);

#endif
