/*
 * What people type into a search for posts: words, "phrases", #tags, beginnings of words*, each with + or -, and Mastodon's operators
 * has: is: language: from: before: after: during: in:.  Forgiving: what is no operator is words, what says nothing is left out.
 */
#ifndef TEXT_QUERY_H
#define TEXT_QUERY_H

#include "base/str.h"

struct arena;

enum { QUERY_TERMS_MAX = 16, QUERY_WORDS_MAX = 32 };

enum query_kind {
    QUERY_WORDS,    /* one word, or several that stand next to each other */
    QUERY_PREFIX,   /* the beginning of a word */
    QUERY_TAG,      /* text: as text_tag_key makes it */
    QUERY_PROPERTY, /* text: one of query_properties */
    QUERY_LANGUAGE, /* text: lower case, as posts of ours name it: "de" or "zh-tw" */
    QUERY_FROM,     /* text: a handle without the first @, or "me" */
};

struct query_term {
    enum query_kind kind;
    bool exclude;
    struct strs words; /* tokens of text_tokens */
    struct str text;
};

enum query_scope { QUERY_ALL, QUERY_PUBLIC, QUERY_LIBRARY };

struct text_query {
    struct query_term v[QUERY_TERMS_MAX];
    size_t n;
    enum query_scope scope;
    int64_t from_ms, to_ms; /* made in [from, to); to is INT64_MAX without a limit */
    bool nothing;           /* no post can match: "has:cheese", or a query of signs alone */
};

/* What has: and is: may ask for; NULL-terminated. */
extern const char *const query_properties[];

/* Days are those of UTC.  More terms than QUERY_TERMS_MAX are left out.  Never fails. */
void text_query_parse(struct arena *a, struct str q, struct text_query *out);

#endif
