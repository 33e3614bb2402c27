/*
 * OAuth scopes as bits.  A parent covers its children; `follow` is the old name for the relationship scopes.
 * https://docs.joinmastodon.org/api/oauth-scopes/
 */
#ifndef MODEL_SCOPE_H
#define MODEL_SCOPE_H

#include "base/buf.h"

#define SCOPE_LIST(X)                                                                                                  \
    X(PROFILE, "profile", 0)                                                                                           \
    X(PUSH, "push", 0)                                                                                                 \
    X(FOLLOW, "follow", 0)                                                                                             \
    X(READ, "read", 0)                                                                                                 \
    X(READ_ACCOUNTS, "read:accounts", 1)                                                                               \
    X(READ_BLOCKS, "read:blocks", 1)                                                                                   \
    X(READ_BOOKMARKS, "read:bookmarks", 1)                                                                             \
    X(READ_COLLECTIONS, "read:collections", 1)                                                                         \
    X(READ_FAVOURITES, "read:favourites", 1)                                                                           \
    X(READ_FILTERS, "read:filters", 1)                                                                                 \
    X(READ_FOLLOWS, "read:follows", 1)                                                                                 \
    X(READ_LISTS, "read:lists", 1)                                                                                     \
    X(READ_MUTES, "read:mutes", 1)                                                                                     \
    X(READ_NOTIFICATIONS, "read:notifications", 1)                                                                     \
    X(READ_SEARCH, "read:search", 1)                                                                                   \
    X(READ_STATUSES, "read:statuses", 1)                                                                               \
    X(WRITE, "write", 0)                                                                                               \
    X(WRITE_ACCOUNTS, "write:accounts", 2)                                                                             \
    X(WRITE_BLOCKS, "write:blocks", 2)                                                                                 \
    X(WRITE_BOOKMARKS, "write:bookmarks", 2)                                                                           \
    X(WRITE_COLLECTIONS, "write:collections", 2)                                                                       \
    X(WRITE_CONVERSATIONS, "write:conversations", 2)                                                                   \
    X(WRITE_FAVOURITES, "write:favourites", 2)                                                                         \
    X(WRITE_FILTERS, "write:filters", 2)                                                                               \
    X(WRITE_FOLLOWS, "write:follows", 2)                                                                               \
    X(WRITE_LISTS, "write:lists", 2)                                                                                   \
    X(WRITE_MEDIA, "write:media", 2)                                                                                   \
    X(WRITE_MUTES, "write:mutes", 2)                                                                                   \
    X(WRITE_NOTIFICATIONS, "write:notifications", 2)                                                                   \
    X(WRITE_REPORTS, "write:reports", 2)                                                                               \
    X(WRITE_STATUSES, "write:statuses", 2)                                                                             \
    X(ADMIN_READ, "admin:read", 0)                                                                                     \
    X(ADMIN_READ_ACCOUNTS, "admin:read:accounts", 3)                                                                   \
    X(ADMIN_READ_CANONICAL_EMAIL_BLOCKS, "admin:read:canonical_email_blocks", 3)                                       \
    X(ADMIN_READ_DOMAIN_ALLOWS, "admin:read:domain_allows", 3)                                                         \
    X(ADMIN_READ_DOMAIN_BLOCKS, "admin:read:domain_blocks", 3)                                                         \
    X(ADMIN_READ_EMAIL_DOMAIN_BLOCKS, "admin:read:email_domain_blocks", 3)                                             \
    X(ADMIN_READ_IP_BLOCKS, "admin:read:ip_blocks", 3)                                                                 \
    X(ADMIN_READ_REPORTS, "admin:read:reports", 3)                                                                     \
    X(ADMIN_WRITE, "admin:write", 0)                                                                                   \
    X(ADMIN_WRITE_ACCOUNTS, "admin:write:accounts", 4)                                                                 \
    X(ADMIN_WRITE_CANONICAL_EMAIL_BLOCKS, "admin:write:canonical_email_blocks", 4)                                     \
    X(ADMIN_WRITE_DOMAIN_ALLOWS, "admin:write:domain_allows", 4)                                                       \
    X(ADMIN_WRITE_DOMAIN_BLOCKS, "admin:write:domain_blocks", 4)                                                       \
    X(ADMIN_WRITE_EMAIL_DOMAIN_BLOCKS, "admin:write:email_domain_blocks", 4)                                           \
    X(ADMIN_WRITE_IP_BLOCKS, "admin:write:ip_blocks", 4)                                                               \
    X(ADMIN_WRITE_REPORTS, "admin:write:reports", 4)

enum scope_index {
#define X(name, text, family) SCOPE_I_##name,
    SCOPE_LIST(X)
#undef X
        SCOPE_COUNT
};

#define SCOPE(name) (UINT64_C(1) << SCOPE_I_##name)

/* "read write:statuses" to bits; false when a word is unknown.  Repeated words are fine; empty text is no scope. */
bool scope_parse(struct str text, uint64_t *out);
/* Bits to words in the order of the table, separated by sep. */
void scope_put(struct buf *b, uint64_t scopes, char sep);
/* Does a token with `have` satisfy a route that accepts any of `any_of`?  0 in any_of: always. */
bool scope_allows(uint64_t have, uint64_t any_of);
/* Everything that `scopes` covers, children included: to compare what an app asks with what it registered. */
uint64_t scope_closure(uint64_t scopes);
/* Name of one bit. */
const char *scope_name(enum scope_index i);

#endif
