/* Collections of accounts (FEP-7aa9): FeaturedCollection and FeaturedItem. */
#ifndef AP_READ_FEATURED_H
#define AP_READ_FEATURED_H

#include "ap/read.h"

enum {
    AP_FEATURED_ITEMS_MAX = 150,
    AP_FEATURED_NAME_CHARS_MAX = 256,
    AP_FEATURED_TEXT_CHARS_MAX = 2048,
};

struct ap_featured_item {
    struct str id;
    struct str object;        /* id of the account */
    struct str authorization; /* of its stamp; may be absent */
};

struct ap_featured {
    struct str id, attributed_to;
    struct str url;               /* page on the host of id, else the id */
    struct ap_text name;          /* text */
    struct ap_text summary;       /* HTML of a stranger */
    struct str topic;             /* hashtag without #; p NULL: none */
    bool sensitive, discoverable; /* discoverable unless it says no */
    int64_t published_ms, updated_ms;
    struct ap_featured_item *items; /* the first AP_FEATURED_ITEMS_MAX that can be read */
    size_t n;
};

/* Errors: INVALID with *why (not one, no id, no owner).  Nothing is compared with anything. */
NODISCARD enum err ap_featured_read(
    struct arena *a, const struct val *doc, int64_t now_ms, struct ap_featured *out, const char **why);
/* One item, embedded; false: it names nobody. */
bool ap_featured_item_read(const struct val *doc, struct ap_featured_item *out);

#endif
