/*
 * struct ctx: what one request, job or command carries through every layer.  One thread owns it at a time.
 *
 * A failure is made and reported in one expression: `return ctx_fail(c, ERR_NOT_FOUND, "status %lld", id);`.  The code
 * decides what a stranger reads; the formatted detail goes to the log only.
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct bridge;
struct config;
struct db;
struct db_conn;
struct hub;
struct http_client;
struct pwpool;
struct queue;
struct ring;
struct media;
struct secret_box;
struct signer;
struct streams;

/* Long-lived parts of the process, made by main.c in this order and shared by all threads. */
struct env {
    const struct config *conf;
    struct db *db;
    struct secret_box *box;     /* encrypts what may not stand in the database in clear */
    struct pwpool *passwords;   /* bounded threads for argon2id */
    struct http_client *client; /* everything outbound */
    struct hub *hub;            /* publish/subscribe */
    struct bridge *bridge;      /* to the hubs of other processes; NULL: this one is alone */
    struct queue *queue;        /* durable jobs: waking the runners */
    struct ring *ring;          /* home timelines in memory */
    struct media *media;        /* decoder children and storage */
    struct str push_key;        /* public, by which push services know this server: base64url */
    struct streams *streams;    /* who listens to what; NULL but in the server */
};

/* Who acts.  All zero: anonymous.  A user acts through an account by a membership; an app-only token has no user. */
struct who {
    int64_t user_id;
    int64_t account_id;
    int64_t token_id;
    int64_t app_id;
    uint64_t scopes;      /* bits of model/scope.h */
    uint64_t permissions; /* role bits of model/role.h */
    bool moved;           /* the account points elsewhere: it speaks to nobody any more */
};

struct failure {
    enum err err;
    struct str field;       /* parameter at fault, may be empty */
    struct str public_text; /* what the client reads instead of the table's text, may be empty */
    struct str detail;      /* for the log only */
    int64_t retry_after_ms; /* 0: not said */
    int64_t put_back_ms;    /* > 0: a job did not get its turn; again after that, and this was none of its tries */
    bool raced; /* a row is there already, or what it hangs on is gone: somebody else wrote since the look */
};

struct ctx {
    struct arena *mem;
    const struct env *env;
    struct who who;
    struct str request_id;
    struct str locale;        /* "en", "de", "fr" */
    int64_t deadline_mono_ms; /* of the whole request or job; 0: none */
    struct failure fail;      /* the last ctx_fail* */
    /* Owned by db/: */
    struct db_conn *conn;
    int tx; /* 0 none, 1 read, 2 write */
    struct ctx_hook *after_commit;
    struct db_last *before_commit;
};

/* Begin with an empty arena owned by the caller; env may be NULL in unit tests. */
void ctx_begin(struct ctx *c, struct arena *mem, const struct env *env);
/* Rolls back an open transaction and gives the connection back: what is still held must not wait for a slow client. */
void ctx_release(struct ctx *c);
/* ctx_release, then resets the arena. */
void ctx_end(struct ctx *c);

/* Record the failure and return e.  e must not be ERR_OK.  The detail is for the log; no secrets. */
enum err ctx_fail(struct ctx *c, enum err e, const char *fmt, ...) PRINTF(3, 4);
/* The same, naming the parameter at fault. */
enum err ctx_fail_field(struct ctx *c, enum err e, const char *field, const char *fmt, ...) PRINTF(4, 5);
/* The same, and the client reads the formatted text, in its language when fmt is in the catalogue; the log has it in English. */
enum err ctx_fail_public(struct ctx *c, enum err e, const char *fmt, ...) PRINTF(3, 4);
/*
 * INVALID, and the client reads "Validation failed: In reply to is not an id" in its language.  label: the parameter as people call it;
 * what: the end of the sentence.
 */
enum err ctx_fail_invalid(struct ctx *c, struct str label, const char *what, ...) PRINTF(3, 4);
/* Forget a failure that was expected and handled. */
void ctx_ok(struct ctx *c);
/* e comes from a row that was there already, or whose owner was gone: whoever looks again sees why.  No verdict on what was wanted. */
bool ctx_is_raced(const struct ctx *c, enum err e);

/* fn(c, arg) runs after the write transaction is durable, on this thread; only for in-memory consequences such as waking. */
void ctx_after_commit(struct ctx *c, void (*fn)(struct ctx *c, void *arg), void *arg);
/* For db/: run and forget the hooks; or forget them. */
void ctx_run_after_commit(struct ctx *c);

/* db/ registers here how to roll back and give back, so that base/ knows nothing of databases. */
void ctx_set_release(void (*fn)(struct ctx *c));
/*
 * text/ is registered here, so that base/ and http/ speak the reader's language without knowing catalogues: fn gives the text, or
 * msgid itself, followed by a NUL.  A translation has the conversions of its original (msgfmt checks it).
 */
void ctx_set_translate(struct str (*fn)(struct str locale, struct str msgid));
/* A text in the language of c->locale. */
struct str ctx_tr(const struct ctx *c, const char *msgid);

#endif
