/*
 * What a page says about itself, for link previews: OpenGraph, Twitter cards, JSON-LD, oEmbed, meta elements.  One linear look at the bytes of
 * a stranger; no scripts run, no tree is built.  Pure; any thread.  doc/design/cards.md
 */
#ifndef TEXT_CARD_H
#define TEXT_CARD_H

#include "base/str.h"

struct arena;

enum { PAGE_LINKS_MAX = 64 };

/* Targets of the links in clean HTML that are neither mentions nor hashtags, in their order; at most PAGE_LINKS_MAX. */
struct strs text_html_links(struct arena *a, struct str html);

/*
 * The page as UTF-8: by the charset of content_type, a byte order mark, or the meta element in its first 1024 bytes; only encodings
 * that the web knows.  What is no such text gets U+FFFD.
 */
struct str text_page_utf8(struct arena *a, struct str page, struct str content_type);

/* Every member is text as written (references decoded), empty when absent; addresses are not resolved and not checked. */
struct text_page {
    struct str title, description, language;
    struct str canonical;                /* <link rel="canonical">, else og:url */
    struct str site;                     /* name of the place */
    struct str author, author_url;       /* who wrote it, as a name and a page */
    struct str creator;                  /* fediverse:creator, "@user@domain" */
    struct str image, image_text;        /* address, and what it shows */
    struct str published;                /* RFC 3339, as written */
    struct str player;                   /* address of a player */
    int64_t player_width, player_height; /* 0: not told */
    struct str oembed;                   /* address of its oEmbed form in JSON */
};

/* page is UTF-8. */
void text_page_read(struct arena *a, struct str page, struct text_page *out);

enum oembed_type { OEMBED_LINK, OEMBED_PHOTO, OEMBED_VIDEO, OEMBED_RICH };

struct text_oembed {
    enum oembed_type type;
    struct str title, author, author_url, provider, provider_url;
    struct str thumbnail, url; /* url: of a photo */
    struct str frame;          /* src of the one iframe in its HTML, empty: none */
    int64_t width, height;     /* 0: not told */
};

/* False: not an oEmbed document of version 1.0. */
bool text_oembed_read(struct arena *a, struct str json, struct text_oembed *out);

#endif
