/*
 * What people write, made into the HTML that Mastodon's clients and servers expect.  The result needs no
 * cleaning.  Pure but for the resolver; any thread.
 */
#ifndef TEXT_FORMAT_H
#define TEXT_FORMAT_H

#include "text/link.h"

struct text_person {
    struct str url;      /* profile page: the link */
    struct str username; /* as shown */
    struct str acct;     /* user@domain; shown when two mentions share a username */
    int64_t account_id;  /* passed through, for the caller */
};

/* Who is meant by @user or @user@domain (domain as written, empty when none)?  False: stays text. */
typedef bool (*text_person_fn)(void *arg, struct str user, struct str domain, struct text_person *out);

struct text_format_opts {
    text_person_fn person; /* NULL: no mention becomes a link */
    void *person_arg;
    struct str tag_base; /* "https://social.example/tags/"; empty: tags stay text */
    bool one_line;       /* profile fields: no paragraphs */
    bool rel_me;         /* profile fields: links say rel="me" */
    bool with_domains;   /* always show user@domain */
};

struct text_formatted {
    struct str html;
    struct text_person *mentions; /* without doubles (by url), in the order of the text */
    size_t n_mentions;
    struct strs tags;       /* as written, without doubles by text_tag_key */
    struct strs urls;       /* http(s), as written, without doubles */
    struct strs shortcodes; /* names only; which exist is the caller's matter */
};

/* Plain text to paragraphs, breaks and links. */
void text_format(struct arena *a, struct str text, const struct text_format_opts *opts, struct text_formatted *out);
/* CommonMark through cmark; HTML in it is shown as text; mentions, tags and bare URLs work outside code and links. */
void text_format_markdown(
    struct arena *a, struct str text, const struct text_format_opts *opts, struct text_formatted *out);

#endif
