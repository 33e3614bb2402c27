/* A poll: what a status asks, and how it was answered. */
#ifndef MODEL_POLL_H
#define MODEL_POLL_H

#include "base/str.h"

enum {
    POLL_OPTIONS_MIN = 2,
    POLL_OPTIONS_MAX = 4, /* of ours; others have more */
    POLL_OPTION_CHARS_MAX = 50,
    POLL_SECONDS_MIN = 300,
    POLL_SECONDS_MAX = 2629746, /* a month */
};

struct poll_option {
    struct str title;
    int64_t votes;
};

struct poll {
    int64_t id, status_id;
    bool multiple, hide_totals;
    int64_t expires_ms; /* 0: never (only remote ones) */
    int64_t voters;     /* -1: the origin does not say */
    struct poll_option *options;
    size_t n;
    bool closed_told;   /* its end was announced */
    int64_t checked_ms; /* remote: when its tallies were told or asked for last */
    int64_t created_ms;

    /* the viewer's own choices, ascending; filled by store_poll_fill_statuses */
    bool has_viewer;
    int64_t *own;
    size_t n_own;
};

struct poll_vote {
    int64_t id, poll_id, account_id, choice, created_ms;
};

bool poll_is_over(const struct poll *p, int64_t now_ms);
int64_t poll_votes(const struct poll *p);
/* The same question: kind and titles in their order. */
bool poll_same_question(const struct poll *a, const struct poll *b);
/* Titles of the options; v NULL when p is NULL. */
struct strs poll_titles(struct arena *mem, const struct poll *p);

#endif
