/*
 * Our own URLs, in one table: ids to URL and URL to ids.  Base is the origin of the server ("https://social.example").
 * a is the account id, b the second number.
 */
#ifndef AP_URI_H
#define AP_URI_H

#include "base/str.h"

struct arena;

/* One line = enum name, path; {a} account id, {b} other id, {c} third number, {n} name. */
#define AP_URIS(X)                                                                                                     \
    X(ROOT, "/")                                                                                                       \
    X(SITE_ACTOR, "/actor")                                                                                            \
    X(SITE_INBOX, "/actor/inbox")                                                                                      \
    X(SITE_OUTBOX, "/actor/outbox")                                                                                    \
    X(SITE_KEY, "/actor#main-key")                                                                                     \
    X(SITE_KEY_N, "/actor#main-key-{b}")                                                                               \
    X(SITE_FOLLOW, "/actor#follows/{b}")                                                                               \
    X(SITE_FLAG, "/actor#reports/{b}")                                                                                 \
    X(SITE_REJECT, "/actor#rejects/{b}")                                                                               \
    X(SITE_ANNOUNCE, "/actor#announces/{b}")                                                                           \
    X(SHARED_INBOX, "/inbox")                                                                                          \
    X(ACTOR, "/ap/users/{a}")                                                                                          \
    X(KEY, "/ap/users/{a}#main-key")                                                                                   \
    X(KEY_ED25519, "/ap/users/{a}#ed25519-key")                                                                        \
    X(KEY_N, "/ap/users/{a}#main-key-{b}")                                                                             \
    X(KEY_ED25519_N, "/ap/users/{a}#ed25519-key-{b}")                                                                  \
    X(INBOX, "/ap/users/{a}/inbox")                                                                                    \
    X(OUTBOX, "/ap/users/{a}/outbox")                                                                                  \
    X(FOLLOWERS, "/ap/users/{a}/followers")                                                                            \
    X(FOLLOWING, "/ap/users/{a}/following")                                                                            \
    X(FOLLOWERS_SYNC, "/ap/users/{a}/followers_synchronization")                                                       \
    X(FEATURED, "/ap/users/{a}/collections/featured")                                                                  \
    X(FEATURED_TAGS, "/ap/users/{a}/collections/tags")                                                                 \
    X(STATUS, "/ap/users/{a}/statuses/{b}")                                                                            \
    X(STATUS_ACTIVITY, "/ap/users/{a}/statuses/{b}/activity")                                                          \
    X(STATUS_REPLIES, "/ap/users/{a}/statuses/{b}/replies")                                                            \
    X(STATUS_LIKES, "/ap/users/{a}/statuses/{b}/likes")                                                                \
    X(STATUS_SHARES, "/ap/users/{a}/statuses/{b}/shares")                                                              \
    X(STATUS_DELETE, "/ap/users/{a}/statuses/{b}#delete")                                                              \
    X(STATUS_UNDO, "/ap/users/{a}/statuses/{b}#undo")                                                                  \
    X(STATUS_UPDATE, "/ap/users/{a}/statuses/{b}#updates/{c}")                                                         \
    X(QUOTE_AUTHORIZATION, "/ap/users/{a}/quote_authorizations/{b}")                                                   \
    X(QUOTE_REQUEST, "/ap/users/{a}#quote_requests/{b}")                                                               \
    X(QUOTE_ACCEPT, "/ap/users/{a}#accepts/quote_requests/{b}")                                                        \
    X(QUOTE_REJECT, "/ap/users/{a}#rejects/quote_requests/{b}")                                                        \
    X(FEATURED_COLLECTIONS, "/ap/users/{a}/featured_collections")                                                      \
    X(FEATURED_COLLECTION, "/ap/users/{a}/featured_collections/{b}")                                                   \
    X(FEATURED_COLLECTION_ADD, "/ap/users/{a}/featured_collections/{b}#add/{c}")                                       \
    X(FEATURED_COLLECTION_UPDATE, "/ap/users/{a}/featured_collections/{b}#updates/{c}")                                \
    X(FEATURED_COLLECTION_REMOVE, "/ap/users/{a}/featured_collections/{b}#remove/{c}")                                 \
    X(FEATURED_ITEM, "/ap/users/{a}/featured_items/{b}")                                                               \
    X(FEATURE_AUTHORIZATION, "/ap/users/{a}/feature_authorizations/{b}")                                               \
    X(FEATURE_REQUEST, "/ap/users/{a}#feature_requests/{b}")                                                           \
    X(FEATURE_ACCEPT, "/ap/users/{a}#accepts/feature_requests/{b}")                                                    \
    X(FEATURE_REJECT, "/ap/users/{a}#rejects/feature_requests/{b}")                                                    \
    X(LIKE_AUTHORIZATION, "/ap/users/{a}/like_authorizations/{b}")                                                     \
    X(REPLY_AUTHORIZATION, "/ap/users/{a}/reply_authorizations/{b}")                                                   \
    X(ANNOUNCE_AUTHORIZATION, "/ap/users/{a}/announce_authorizations/{b}")                                             \
    X(LIKE_REQUEST, "/ap/users/{a}#like_requests/{b}")                                                                 \
    X(REPLY_REQUEST, "/ap/users/{a}#reply_requests/{b}")                                                               \
    X(ANNOUNCE_REQUEST, "/ap/users/{a}#announce_requests/{b}")                                                         \
    X(INTERACTION_ACCEPT, "/ap/users/{a}#accepts/interactions/{b}")                                                    \
    X(INTERACTION_REJECT, "/ap/users/{a}#rejects/interactions/{b}")                                                    \
    X(FOLLOW, "/ap/users/{a}#follows/{b}")                                                                             \
    X(FOLLOW_UNDO, "/ap/users/{a}#follows/{b}/undo")                                                                   \
    X(FOLLOW_ACCEPT, "/ap/users/{a}#accepts/follows/{b}")                                                              \
    X(FOLLOW_REJECT, "/ap/users/{a}#rejects/follows/{b}")                                                              \
    X(LIKE, "/ap/users/{a}#likes/{b}")                                                                                 \
    X(LIKE_UNDO, "/ap/users/{a}#likes/{b}/undo")                                                                       \
    X(BLOCK, "/ap/users/{a}#blocks/{b}")                                                                               \
    X(BLOCK_UNDO, "/ap/users/{a}#blocks/{b}/undo")                                                                     \
    X(VOTE, "/ap/users/{a}#votes/{b}")                                                                                 \
    X(VOTE_CREATE, "/ap/users/{a}#votes/{b}/activity")                                                                 \
    X(ACTOR_UPDATE, "/ap/users/{a}#updates/{b}")                                                                       \
    X(ACTOR_DELETE, "/ap/users/{a}#delete")                                                                            \
    X(PIN_ADD, "/ap/users/{a}#pins/{b}/add")                                                                           \
    X(PIN_REMOVE, "/ap/users/{a}#pins/{b}/remove")                                                                     \
    X(MOVE, "/ap/users/{a}#moves/{b}")                                                                                 \
    X(CONTEXT, "/contexts/{a}-{b}")                                                                                    \
    X(CONTEXT_ITEMS, "/contexts/{a}-{b}/items")                                                                        \
    X(EMOJI, "/emojis/{b}")                                                                                            \
    X(COLLECTION, "/collections/{b}")                                                                                  \
    X(TAG, "/tags/{n}")                                                                                                \
    X(PROFILE, "/@{n}")                                                                                                \
    X(PROFILE_STATUS, "/@{n}/{b}")

#define X(name, path) AP_URI_##name,
enum ap_uri_kind { AP_URI_NONE, AP_URIS(X) AP_URI_COUNT };
#undef X

struct ap_uri {
    enum ap_uri_kind kind;
    int64_t a, b, c;
    struct str name; /* percent-decoded, valid UTF-8 */
};

/* The URL; numbers that the path does not name are ignored. */
struct str ap_uri(struct arena *mem, struct str base, enum ap_uri_kind kind, int64_t a, int64_t b);
struct str ap_uri3(struct arena *mem, struct str base, enum ap_uri_kind kind, int64_t a, int64_t b, int64_t c);
struct str ap_uri_named(struct arena *mem, struct str base, enum ap_uri_kind kind, struct str name, int64_t b);

/*
 * Is this on our origin, and what is it?  false: not on our origin.  True with kind AP_URI_NONE: ours, but nothing we know.
 * A query is ignored (collections page by it); numbers are plain decimals without leading zeros, > 0.
 */
bool ap_uri_parse_local(struct arena *mem, struct str base, struct str uri, struct ap_uri *out);
/* The account behind one of our actor ids, or 0. */
int64_t ap_uri_local_account(struct arena *mem, struct str base, struct str uri);
/* The status behind one of our status ids or its HTML page, or 0. */
int64_t ap_uri_local_status(struct arena *mem, struct str base, struct str uri);

#endif
