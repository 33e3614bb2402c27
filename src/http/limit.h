/*
 * Rate limits: fixed windows aligned to their period, counted in a table of fixed size, so that no number of strangers costs memory.
 * The numbers are Mastodon's, because clients and operators know them.  Those that protect accounts outlive the process: whoever owns the
 * process gives back what was kept before the first request, and keeps what has changed now and then.  Any thread.  doc/design/limits.md
 */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "base/limit_count.h"
#include "http/route.h"

/* X(name, requests, period in seconds, outlives the process) */
#define LIMIT_LIST(X)                                                                                                  \
    X(API_USER, 1500, 300, false) /* all tokens of a user together */                                                  \
    X(API_TOKEN, 300, 300, false)                                                                                      \
    X(API_IP, 300, 300, false)        /* without credentials */                                                        \
    X(PAGING, 300, 900, false)        /* requests with a cursor; user, or address without credentials */               \
    X(BAD_TOKEN, 300, 300, false)     /* credentials that were refused; address */                                     \
    X(MEDIA, 30, 1800, true)          /* user */                                                                       \
    X(DELETE, 30, 1800, true)         /* user */                                                                       \
    X(SIGNUP, 5, 1800, true)          /* address */                                                                    \
    X(APPS, 5, 600, true)             /* address */                                                                    \
    X(LOGIN, 25, 300, true)           /* address */                                                                    \
    X(PROXY, 30, 600, false)          /* address */                                                                    \
    X(LOGIN_NAME, 25, 3600, true)     /* the name or e-mail address somebody tries to log in with */                   \
    X(MAIL, 5, 1800, true)            /* e-mail address that a reset or confirmation is sent to */                     \
    X(SECOND_FACTOR, 10, 3600, true)  /* failed; user */                                                               \
    X(PASSWORD, 10, 600, true)        /* changes; user */                                                              \
    X(POST, 300, 10800, true)         /* create and edit; account */                                                   \
    X(DELIVERY_RETRY, 10, 3600, true) /* account */                                                                    \
    X(FOLLOW, 400, 86400, true)       /* account */                                                                    \
    X(INBOX_HOST, 1000, 10, false)    /* verified activities; host that signs */                                       \
    X(INBOX_ACTOR, 300, 10, false)    /* the same; actor that signs */                                                 \
    X(INBOX_BAD, 300, 300, false)     /* deliveries that were refused; address */                                      \
    X(REPORT, 400, 86400, true)       /* account */

enum limit {
#define X(name, requests, period, kept) LIMIT_##name,
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

/* ---- counts that outlive the process --------------------------------------------------------------------------- */

/* The seed of the keys; the same after each start, or what was kept means nothing.  Before the first request. */
void limit_seed(const uint64_t seed[2]);
/* Take over running windows. */
void limit_restore(const struct limit_count *v, size_t n);
/*
 * Up to max counts that are worth keeping and were not kept as they are: at least an eighth of the limit is used up, so that one post
 * or follow costs no write.  Gives how many.  limit_kept says that they are durable; what was counted meanwhile has changed again.
 */
size_t limit_changed(struct limit_count *out, size_t max);
void limit_kept(const struct limit_count *v, size_t n);

/* ---- several processes on one database ------------------------------------------------------------------------- */

/*
 * Up to max counters that are an eighth full at least, with what was counted here (in used) since they were last asked for; each is
 * given once.  The other processes add it to theirs: with n processes a limit is at most (n + 7) / 8 as wide, and late by as long as they
 * need to tell.  Seeds must be the same.
 */
size_t limit_untold(struct limit_count *out, size_t max);
void limit_add(const struct limit_count *v, size_t n);

/* Forget all counts: for tests. */
void limit_reset(void);

#endif
