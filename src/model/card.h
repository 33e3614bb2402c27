/* A link preview: what a page says about itself, once for the whole server.  doc/design/cards.md */
#ifndef MODEL_CARD_H
#define MODEL_CARD_H

#include "base/str.h"
#include "model/use.h"

struct account;

enum card_kind { CARD_LINK, CARD_PHOTO, CARD_VIDEO, CARD_RICH };
extern const char *const card_kind_names[]; /* NULL-terminated */

enum card_state { CARD_WAITING, CARD_READY, CARD_NONE /* the page has nothing to show */ };

struct card {
    int64_t id;
    struct str url;  /* as looked up: normalised, without fragment */
    struct str link; /* where a click leads */
    struct str host; /* of link: who answers for it among the trends */
    enum card_state state;
    enum card_kind kind;
    struct str title, description, language;
    struct str author_name, author_url, provider_name, provider_url;
    struct str html, embed_url; /* html: one iframe that is ours */
    int64_t width, height;
    struct str image, image_remote, image_text, blurhash; /* image: storage key */
    int64_t published_ms;                                 /* 0: not told */
    int64_t creator_id;                                   /* whom the page names as its author here; 0: nobody */
    bool creator_ok;                                      /* who agrees: the domain is among its attribution domains */
    int64_t fetched_ms, created_ms;

    struct account *creator; /* filled, when it agrees */
    struct use_day *history; /* USE_DAYS; filled by store_card_history */
};

bool card_is_embed(const struct card *k); /* it can be played in place */

struct cards {
    struct card **v;
    size_t n;
};

#endif
