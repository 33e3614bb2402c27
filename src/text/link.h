/*
 * Mentions, hashtags, URLs and custom emoji in plain text, by Mastodon's rules (its extractor over twitter-text).  One pass,
 * linear; entities do not overlap and come in the order of the text.  Pure; any thread.
 */
#ifndef TEXT_LINK_H
#define TEXT_LINK_H

#include "base/str.h"

struct arena;

enum link_kind { LINK_URL, LINK_MENTION, LINK_TAG };

struct link {
    enum link_kind kind;
    size_t from, to;   /* bytes of the text, with the @ or # */
    struct str text;   /* URL; tag without #; user name of a mention */
    struct str domain; /* mentions: as written, empty when local */
};

struct links {
    struct link *v;
    size_t n;
};

enum { LINKS_MAX = 1000 };

/* At most LINKS_MAX; what follows stays text. */
struct links text_links(struct arena *a, struct str text);

/* A tag on its own, as for following: with or without '#'. */
bool text_tag_valid(struct str name);
/* How a tag is looked up, as Mastodon does: "Café" and "cafe" are one tag; see text_tag_fold. */
struct str text_tag_key(struct arena *a, struct str name);

/*
 * Length of a post as clients count it: graphemes, each http(s) URL as 23, mentions of remote people without their domain.
 * The warning counts plainly and is added.
 */
size_t text_count(struct arena *a, struct str text, struct str spoiler);
enum { TEXT_URL_LENGTH = 23 };

/* Names of :shortcodes: in the order of the text, without doubles.  Two letters, digits, _ or more, not inside a word. */
struct strs text_shortcodes(struct arena *a, struct str text);
bool text_shortcode_valid(struct str name);

#endif
