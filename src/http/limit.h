/*
 * Rate limits: fixed windows aligned to their period, counted in a table of fixed size, so that no number of strangers costs memory.
 * The numbers are Mastodon's, because clients and operators know them.  Any thread.  doc/design/limits.md
 */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "http/route.h"

/* X(name, requests, period in seconds) */
#define LIMIT_LIST(X)                                                                                                  \
    X(API_USER, 1500, 300) /* all tokens of a user together */                                                         \
    X(API_TOKEN, 300, 300)                                                                                             \
    X(API_IP, 300, 300)        /* without credentials */                                                               \
    X(PAGING, 300, 900)        /* requests with a cursor; user, or address without credentials */                      \
    X(BAD_TOKEN, 300, 300)     /* credentials that were refused; address */                                            \
    X(MEDIA, 30, 1800)         /* user */                                                                              \
    X(DELETE, 30, 1800)        /* user */                                                                              \
    X(SIGNUP, 5, 1800)         /* address */                                                                           \
    X(APPS, 5, 600)            /* address */                                                                           \
    X(LOGIN, 25, 300)          /* address */                                                                           \
    X(PROXY, 30, 600)          /* address */                                                                           \
    X(LOGIN_NAME, 25, 3600)    /* the name or e-mail address somebody tries to log in with */                          \
    X(MAIL, 5, 1800)           /* e-mail address that a reset or confirmation is sent to */                            \
    X(SECOND_FACTOR, 10, 3600) /* failed; user */                                                                      \
    X(PASSWORD, 10, 600)       /* changes; user */                                                                     \
    X(POST, 300, 10800)        /* create and edit; account */                                                          \
    X(FOLLOW, 400, 86400)      /* account */                                                                           \
    X(REPORT, 400, 86400)      /* account */

enum limit {
#define X(name, requests, period) LIMIT_##name,
    LIMIT_LIST(X)
#undef X
        LIMIT_COUNT
};

/*
 * Count one request of key against a limit and remember it for the X-RateLimit-* headers when it is the tightest so far.  Errors:
 * RATE (with retry_after_ms).  Always OK with `rate_limits off`.
 */
NODISCARD enum err limit_take(struct ctx *c, struct req *r, enum limit l, struct str key);
NODISCARD enum err limit_take_id(struct ctx *c, struct req *r, enum limit l, int64_t id);
/* As limit_take, without counting: RATE when the limit is used up. */
NODISCARD enum err limit_peek(struct ctx *c, struct req *r, enum limit l, struct str key);
/* What an address counts as: itself, or its /64. */
struct str limit_ip_key(struct ctx *c, const struct req *r);

/* For the dispatcher: before it is known who asks, and after. */
NODISCARD enum err limit_before(struct ctx *c, struct req *r);
NODISCARD enum err limit_after(struct ctx *c, struct req *r, enum err before);

/* Forget all counts: for tests. */
void limit_reset(void);

#endif
