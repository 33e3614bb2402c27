/* A collection: people whom somebody recommends to others, each with their consent. */
#ifndef MODEL_COLLECTION_H
#define MODEL_COLLECTION_H

#include "base/str.h"

enum { COLLECTIONS_MAX = 10 }; /* of one account */

enum collection_item_state {
    ITEM_ACCEPTED,
    ITEM_REVOKED, /* left it, or said no; kept, so that they are not put in again */
    ITEM_PENDING, /* somebody of another server was asked by one of ours */
};
extern const char *const collection_item_state_names[]; /* as clients get them; NULL-terminated */

struct collection_item {
    int64_t id, collection_id, account_id;
    enum collection_item_state state;
    int64_t created_ms;
    struct str uri;          /* of a collection elsewhere; empty: by number */
    int64_t position;        /* of a collection elsewhere */
    struct str approval_uri; /* the stamp of a member elsewhere */
};

struct collection_items {
    struct collection_item *v;
    size_t n;
};

struct collection {
    int64_t id, account_id;
    struct str name, description, language;
    bool sensitive, discoverable;
    int64_t tag_id;
    int64_t created_ms, updated_ms;
    struct str uri, url; /* of a collection elsewhere; uri empty: ours */
    int64_t fetched_ms;

    /* filled */
    struct str tag;                /* empty: none */
    struct collection_item *items; /* accepted and pending ones */
    size_t n, n_left_out;          /* left out: members that are not told here */
};

struct collections {
    struct collection *v;
    size_t n;
};

#endif
