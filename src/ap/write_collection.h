/* Our collections and small documents. */
#ifndef AP_WRITE_COLLECTION_H
#define AP_WRITE_COLLECTION_H

#include "ap/write_activity.h"

enum ap_item_kind { AP_ITEM_ID, AP_ITEM_NOTE, AP_ITEM_CREATE, AP_ITEM_ANNOUNCE, AP_ITEM_HASHTAG };
struct ap_item_out {
    enum ap_item_kind kind;
    struct str id;                  /* AP_ITEM_ID: the id; AP_ITEM_HASHTAG: the name without # */
    const struct ap_note_out *note; /* AP_ITEM_NOTE, AP_ITEM_CREATE */
    const struct ap_announce_out *announce;
};

struct ap_collection_out {
    struct str id;
    enum ap_type type;                                          /* one of the four */
    int64_t total;                                              /* -1: not sent */
    struct str first, last, next, prev, part_of, attributed_to; /* empty: not sent */
    const struct ap_item_out *items;                            /* sent when has_items */
    size_t n;
    bool has_items;
};
struct str ap_collection_write(struct arena *a, const struct ap_site *site, const struct ap_collection_out *x);

/* Ours: /ap/users/<a>/quote_authorizations/<n> and its kin. */
struct ap_stamp_out {
    enum ap_type type; /* AP_QUOTE_AUTHORIZATION … */
    struct str id, attributed_to, interacting, target;
};
struct str ap_stamp_write(struct arena *a, const struct ap_stamp_out *x);
struct str ap_emoji_write(struct arena *a, const struct ap_site *site, const struct ap_emoji_out *e);

#endif
