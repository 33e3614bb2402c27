/* What a person does not want to see: keywords and posts, and what to do about them. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "base/page.h"
#include "base/str.h"

/* Bits of `contexts`, in the order of filter_context_names. */
enum filter_context {
    FILTER_HOME,
    FILTER_NOTIFICATIONS,
    FILTER_PUBLIC,
    FILTER_THREAD,
    FILTER_ACCOUNT,
    FILTER_CONTEXTS
};
extern const char *const filter_context_names[]; /* NULL-terminated */

/* Stored as numbers. */
enum filter_action { FILTER_WARN, FILTER_HIDE, FILTER_BLUR };
extern const char *const filter_action_names[]; /* NULL-terminated */

struct filter_keyword {
    int64_t id, filter_id;
    struct str keyword;
    bool whole_word;
};

struct filter_status {
    int64_t id, filter_id, status_id;
};

struct filter {
    int64_t id, account_id;
    struct str title;
    unsigned contexts;
    enum filter_action action;
    int64_t expires_ms; /* 0: never */
    int64_t created_ms;
    /* filled */
    struct filter_keyword *keywords;
    size_t n_keywords;
    struct filter_status *statuses;
    size_t n_statuses;
};

struct filters {
    struct filter *v;
    size_t n;
};

/* A filter that a status matches. */
struct filter_match {
    const struct filter *filter;
    struct strs keywords; /* those that were found, as typed */
    struct ids statuses;  /* ids among the filter's that are this status or what it boosts */
};

struct filter_matches {
    struct filter_match *v;
    size_t n;
};

#endif
