/* The channels of the streaming API: their names, scopes and parameters.  https://docs.joinmastodon.org/methods/streaming/#streams */
#ifndef STREAM_CHANNEL_H
#define STREAM_CHANNEL_H

#include "base/ctx.h"
#include "model/scope.h"

/* X(id, name, scope, what it needs, whose it is) */
#define CHANNEL_LIST(X)                                                                                                \
    X(USER, "user", SCOPE(READ_STATUSES), NOTHING, MINE)                                                               \
    X(USER_NOTIFICATION, "user:notification", SCOPE(READ_NOTIFICATIONS), NOTHING, MINE)                                \
    X(PUBLIC, "public", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                                                     \
    X(PUBLIC_MEDIA, "public:media", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                                         \
    X(PUBLIC_LOCAL, "public:local", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                                         \
    X(PUBLIC_LOCAL_MEDIA, "public:local:media", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                             \
    X(PUBLIC_REMOTE, "public:remote", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                                       \
    X(PUBLIC_REMOTE_MEDIA, "public:remote:media", SCOPE(READ_STATUSES), NOTHING, EVERYBODYS)                           \
    X(HASHTAG, "hashtag", SCOPE(READ_STATUSES), TAG, EVERYBODYS)                                                       \
    X(HASHTAG_LOCAL, "hashtag:local", SCOPE(READ_STATUSES), TAG, EVERYBODYS)                                           \
    X(LIST, "list", SCOPE(READ_STATUSES), LIST, MINE)                                                                  \
    X(DIRECT, "direct", SCOPE(READ_STATUSES), NOTHING, MINE)                                                           \
    X(USER_CHANGES, "user:changes", SCOPE(READ_FOLLOWS), NOTHING,                                                      \
        MINE) /* not Mastodon's: events that apps do not know */

enum channel_id {
#define X(id, name, scope, need, whose) CHANNEL_##id,
    CHANNEL_LIST(X)
#undef X
        CHANNEL_COUNT
};

enum { CHANNEL_PARAM_BYTES_MAX = 1024 };

/* What a client asks for; all but name may be empty. */
struct channel_request {
    struct str name, tag, list;
    bool only_media; /* "public" is "public:media" then */
};

struct channel {
    enum channel_id id;
    struct str topic; /* the key of everybody who gets the same: "user:7", "public", "hashtag:cats", "list:3" */
    struct str name;  /* as a WebSocket frame says it, in JSON: ["hashtag","Cats"] */
};

/*
 * May the caller (c->who) listen, and to which topic?  Errors, each with a public text: BAD_REQUEST (unknown channel, a parameter is
 * missing or too long), UNAUTHORIZED (not the scope, not their list).
 */
NODISCARD enum err channel_find(struct ctx *c, const struct channel_request *q, struct channel *out);

/* "user:7" (an account), "list:3" (a list). */
struct str channel_topic_of(struct arena *mem, enum channel_id id, int64_t of);

#endif
