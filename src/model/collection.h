/* A collection: people whom somebody recommends to others, each with their consent. */
#ifndef MODEL_COLLECTION_H
#define MODEL_COLLECTION_H

#include "base/str.h"

enum collection_item_state {
    ITEM_ACCEPTED,
    ITEM_REVOKED, /* left it; kept, so that they are not put in again */
};

struct collection_item {
    int64_t id, collection_id, account_id;
    enum collection_item_state state;
    int64_t created_ms;
};

struct collection {
    int64_t id, account_id;
    struct str name, description, language;
    bool sensitive, discoverable;
    int64_t tag_id;
    int64_t created_ms, updated_ms;

    /* filled */
    struct str tag;                /* empty: none */
    struct collection_item *items; /* without those that left */
    size_t n;
};

struct collections {
    struct collection *v;
    size_t n;
};

#endif
