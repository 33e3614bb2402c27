/*
 * Filters: what a person does not want to see.  The server says which statuses match, in `filtered` of each status, whatever the place it
 * is shown in; the client knows the place, looks at the contexts of the filter and warns, blurs or hides.  doc/design/filters.md
 */
#ifndef SERVICE_FILTER_H
#define SERVICE_FILTER_H

#include "base/ctx.h"
#include "model/filter.h"
#include "model/status.h"

enum {
    FILTERS_MAX = 500, /* of an account, like the following */
    FILTER_KEYWORDS_MAX = 2000,
    FILTER_KEYWORD_BYTES_MAX = 64 * 1024, /* of all keywords together */
    FILTER_STATUSES_MAX = 2000,
    FILTER_TITLE_CHARS_MAX = 256,
    FILTER_KEYWORD_CHARS_MAX = 512,
};

struct filter_keyword_params {
    int64_t id;         /* 0: a new one */
    struct str keyword; /* p NULL: unchanged */
    int whole_word;     /* -1: unchanged; a new one asks for whole words */
    bool destroy;
};

struct filter_params {
    struct str title; /* p NULL: unchanged */
    struct strs contexts;
    bool has_contexts;
    int action; /* enum filter_action, -1: unchanged */
    bool has_expires;
    int64_t expires_in_s; /* from now, 0: never */
    const struct filter_keyword_params *keywords;
    size_t n_keywords;
};

/* ---- the caller's filters, filled.  NOT_FOUND: no such one, or somebody else's.  INVALID (public text): a rule or a limit ------------- */

NODISCARD enum err service_filter_list(struct ctx *c, struct filters *out);
NODISCARD enum err service_filter_get(struct ctx *c, int64_t id, struct filter **out);
NODISCARD enum err service_filter_create(struct ctx *c, const struct filter_params *p, struct filter **out);
NODISCARD enum err service_filter_update(struct ctx *c, int64_t id, const struct filter_params *p, struct filter **out);
NODISCARD enum err service_filter_delete(struct ctx *c, int64_t id);

NODISCARD enum err service_filter_keyword_get(struct ctx *c, int64_t id, struct filter_keyword **out);
NODISCARD enum err service_filter_keyword_add(
    struct ctx *c, int64_t filter_id, const struct filter_keyword_params *p, struct filter_keyword **out);
NODISCARD enum err service_filter_keyword_update(
    struct ctx *c, int64_t id, const struct filter_keyword_params *p, struct filter_keyword **out);
NODISCARD enum err service_filter_keyword_delete(struct ctx *c, int64_t id);

NODISCARD enum err service_filter_status_get(struct ctx *c, int64_t id, struct filter_status **out);
/* NOT_FOUND also when the caller cannot see the status; of a boost the boost itself is meant. */
NODISCARD enum err service_filter_status_add(
    struct ctx *c, int64_t filter_id, int64_t status_id, struct filter_status **out);
NODISCARD enum err service_filter_status_delete(struct ctx *c, int64_t id, struct filter_status **out);

/*
 * The first version of the API: each keyword is a filter of its own, with the keyword's id.  Created ones have one keyword; of a filter
 * with more only keyword and whole_word can be changed.  Deleting the last keyword of a filter without statuses deletes the filter.
 */
NODISCARD enum err service_filter_v1_get(struct ctx *c, int64_t keyword_id, struct filter **out, size_t *keyword);
NODISCARD enum err service_filter_v1_update(
    struct ctx *c, int64_t keyword_id, const struct filter_params *p, struct filter **out, size_t *keyword);
NODISCARD enum err service_filter_v1_delete(struct ctx *c, int64_t keyword_id);

/* ---- matching --------------------------------------------------------------------------------------------------------------------------- */

/*
 * Sets `filtered` of n statuses, which are filled, and of what they boost.  One query for people without filters, and for others as long
 * as their filters do not change.  service_status_load does it for every list.
 */
NODISCARD enum err service_filter_apply(struct ctx *c, int64_t viewer, struct status **v, size_t n);

/* Many viewers (sorted, each once) and one filled status: sets match[i] where the filters of viewer i match.  One query in ordinary times. */
NODISCARD enum err service_filter_viewers(
    struct ctx *c, const struct ids *viewers, const struct status *s, bool *match);

/* The compiled filters of an account; NULL: it has none.  Lives as long as c->mem. */
struct filter_set;
NODISCARD enum err service_filter_set(struct ctx *c, int64_t account_id, const struct filter_set **out);
/* What keywords are looked for in, folded, of one filled status that is no boost: the same for every viewer. */
struct strs service_filter_texts(struct arena *mem, const struct status *s);
/* Pure: s is the status or the boost of it, texts those of the status itself.  Expired filters match nothing. */
struct filter_matches service_filter_match(
    struct arena *mem, const struct filter_set *set, const struct status *s, const struct strs *texts);

#endif
