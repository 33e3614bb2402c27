/*
 * HTML of strangers: own linear tokeniser, allow-list, balanced re-serialisation.  What comes out is made by us, never bytes of
 * the source: lower-case tags, quoted attributes, escaped text.  Linear in the input; cleaning twice changes nothing.
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/buf.h"

enum html_kind {
    HTML_POST, /* posts, bios, announcements: the list Mastodon keeps */
    HTML_LINE, /* profile fields: inline elements only, line breaks become spaces */
    HTML_NONE, /* display names, titles: escaped text without any tag */
    HTML_OWN,  /* our Markdown: as HTML_POST, and links of class "mention" keep their rel and get no target */
};

enum {
    HTML_BYTES_MAX = 96 * 1024,      /* input; the rest is cut */
    HTML_OUT_BYTES_MAX = 128 * 1024, /* output; tags still open are closed within it */
    HTML_DEPTH_MAX = 64,             /* deeper tags are dropped, their text is kept */
};

/* Never fails: what cannot be understood becomes text or nothing. */
struct str text_html_clean(struct arena *a, struct str html, enum html_kind kind);

/* The text a reader sees: paragraphs apart by an empty line, breaks as LF, references decoded.  For search, previews, feeds, mail. */
struct str text_html_to_plain(struct arena *a, struct str html);

/* & < > " ' escaped: right in text and in quoted attributes. */
struct str text_html_escape(struct arena *a, struct str s);
void text_html_put(struct buf *b, struct str s);

/* A paragraph of class quote-inline with a link to what is quoted: for readers that know no quotes.  url is plain text. */
struct str text_html_quote_link(struct arena *a, struct str url);
/* Clean HTML without the elements of that class; for readers that show the quote itself.  Linear. */
struct str text_html_without_quote_link(struct arena *a, struct str html);

/* Does the page link back with rel="me"?  `a` and `link` elements; compared without scheme case, fragment and one final slash. */
bool text_find_rel_me(struct arena *a, struct str page, struct str profile_url);
/*
 * href of the first <link rel="alternate"> with the type application/activity+json (or ld+json) in the first 1 MiB; STR_NONE
 * when absent.  As written: the caller resolves and checks it.
 */
struct str text_find_alternate(struct arena *a, struct str page);

/* One of our own pages' or a remote page's <meta property="…"|name="…" content="…">, and <title>: the first of each. */
struct text_meta {
    struct str name, content;
};
struct text_metas {
    struct text_meta *v;
    size_t n;
};
enum { TEXT_METAS_MAX = 128 };
/* The <title> comes as name "title"; <link rel="canonical"> as "canonical".  Names in lower case. */
struct text_metas text_find_metas(struct arena *a, struct str page);
/* Content by name, or STR_NONE. */
struct str text_meta(const struct text_metas *m, struct str name);

#endif
