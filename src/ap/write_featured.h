/* Our collections of accounts (FEP-7aa9). */
#ifndef AP_WRITE_FEATURED_H
#define AP_WRITE_FEATURED_H

#include "ap/write.h"

struct ap_featured_item_out {
    int64_t id;
    struct str object;        /* id of the account */
    enum ap_type type;        /* of its actor */
    struct str authorization; /* its stamp */
};

struct ap_featured_out {
    int64_t id, account_id;
    struct str name, language; /* text; language empty: unknown */
    struct str summary;        /* HTML */
    struct str topic;          /* hashtag without #; empty: none */
    bool sensitive, discoverable;
    int64_t created_ms, updated_ms;
    const struct ap_featured_item_out *items;
    size_t n;
};

/* JSON without @context, as part of an activity or page; and the document. */
struct str ap_featured_json(struct arena *a, const struct ap_site *site, const struct ap_featured_out *x);
struct str ap_featured_write(struct arena *a, const struct ap_site *site, const struct ap_featured_out *x);
struct str ap_featured_item_json(
    struct arena *a, const struct ap_site *site, int64_t account_id, const struct ap_featured_item_out *x);
struct str ap_featured_item_write(
    struct arena *a, const struct ap_site *site, int64_t account_id, const struct ap_featured_item_out *x);
/* The collections of an account; next empty: the last page.  first: without items, only where they begin. */
struct ap_featured_page {
    struct str id, part_of, first, next;
    int64_t total;
    const struct ap_featured_out *v;
    size_t n;
};
struct str ap_featured_page_write(struct arena *a, const struct ap_site *site, const struct ap_featured_page *x);

#endif
