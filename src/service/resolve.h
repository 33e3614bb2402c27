/*
 * Remote people and posts: from the store when known and fresh, else fetched (WebFinger, actor, object) under the rules G1 to
 * G9 of doc/design/ap.md.  All of these may use the network: no transaction may be open; each takes from the budget of its root cause.
 */
#ifndef SERVICE_RESOLVE_H
#define SERVICE_RESOLVE_H

#include "base/clock.h"
#include "base/ctx.h"
#include "crypto/sign.h"
#include "model/status.h"

struct val;

struct budget { /* G9: one for each root cause */
    int fetches, new_accounts, depth;
    int quotes; /* levels of quotes inside quotes that are followed */
    int64_t until_mono_ms;
    /*
     * What is fetched is history: nobody is told, it stands in homes at its own time only, strangers who are named are not fetched,
     * pictures wait until somebody looks, posts that are not public or unlisted are refused, and no server may take more than
     * HISTORY_FETCH_MS for an answer.
     */
    bool history;
    /*
     * A job on whose thread the jobs of all others wait: hosts share it (turn_cache.c), and one that has its share gives BUSY, with which
     * the queue puts the job back for a while.
     */
    bool in_turn;
    /* The host has just spoken to us: what failed longer ago than this is asked for again, whatever is remembered of it.  0: it has not. */
    int64_t again_ms;
    int history_quotes; /* posts that quote, whose quotes may be looked at */
};
enum { HISTORY_FETCH_MS = 10 * SECOND_MS };
struct budget budget_new(void);     /* 20 fetches, 10 accounts, depth 3, 2 quotes, 30 s */
struct budget budget_in_turn(void); /* the same for a job, in_turn */
/* The same for a request that somebody waits for, and whose thread others need: with less time, in milliseconds. */
struct budget budget_within(int64_t ms);

/* Known or fetched; filled.  NOT_FOUND: no such actor; GONE: deleted; FORBIDDEN: refused; REMOTE: not reachable now. */
NODISCARD enum err service_resolve_actor(struct ctx *c, struct budget *b, struct str uri, struct account **out);
/* user@domain, domain not ours; WebFinger, then the actor. */
NODISCARD enum err service_resolve_handle(
    struct ctx *c, struct budget *b, struct str username, struct str domain, struct account **out);
/*
 * Where user@domain, of us or of others, is asked about uri: what the host says by WebFinger.  Only its host is known of *url; it is an
 * address of the web.  NOT_FOUND: it does not say; else as service_resolve_handle.
 */
NODISCARD enum err service_resolve_interaction(
    struct ctx *c, struct budget *b, struct str username, struct str domain, struct str uri, struct str *url);
/* A post by its id; ours come from the store. */
NODISCARD enum err service_resolve_status(struct ctx *c, struct budget *b, struct str uri, struct status **out);
/* What a post answers to, upwards from in_reply_to_uri, as far as depth and budget reach; failures of others are no failure. */
NODISCARD enum err service_resolve_ancestors(struct ctx *c, struct budget *b, const struct status *s);
/* Whatever a person pasted: URL of a profile, post or collection of accounts (HTML too).  Exactly one of these is set. */
struct resolved {
    struct account *account;
    struct status *status;
    int64_t collection_id;
};
NODISCARD enum err service_resolve_url(struct ctx *c, struct budget *b, struct str url, struct resolved *out);
/* Read the actor again now, e.g. when older than a day. */
NODISCARD enum err service_resolve_refresh(struct ctx *c, struct budget *b, struct account **account);
/* A checked actor document that the actor itself has sent, signed.  Errors: NOT_FOUND (not this actor's, or not one). */
NODISCARD enum err service_resolve_actor_said(
    struct ctx *c, struct budget *b, const struct val *doc, struct account *from, struct account **out);
/*
 * Read a known post of others again: an edit is taken over, one that is gone is removed when it was public or unlisted.
 * NOT_FOUND, GONE: it is not here (any more).
 */
NODISCARD enum err service_resolve_status_again(struct ctx *c, struct budget *b, struct str uri, struct status **out);
/* FORBIDDEN when the host of uri is suspended here, INVALID when uri is no web address. */
NODISCARD enum err service_resolve_allowed(struct ctx *c, struct str uri);
/* What somebody has to register of a host's name: names below it cost nothing.  An address is itself. */
struct str resolve_registered(struct str host);
/* The public key with that id and its owner; fetches when unknown or when fresh is asked. */
struct remote_key {
    struct str id;
    int kind;          /* enum key_kind */
    struct str public; /* as in store/account.h */
    struct public_key key;
    struct account *owner; /* not filled */
};
NODISCARD enum err service_resolve_key_known(
    struct ctx *c, struct str key_id, bool *known, struct remote_key *out); /* without the network */
NODISCARD enum err service_resolve_key(
    struct ctx *c, struct budget *b, struct str key_id, bool fresh, struct remote_key *out);

#endif
