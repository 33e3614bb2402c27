/* Accounts: showing, finding, changing profiles, and the end of an account. */
#ifndef SERVICE_ACCOUNT_H
#define SERVICE_ACCOUNT_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* Filled.  Suspended ones are shown emptied; deleted and unknown are NOT_FOUND. */
NODISCARD enum err service_account_get(struct ctx *c, int64_t id, struct account **out);
/* The same for somebody who opens the profile: what is missing of it is asked for, by a job. */
NODISCARD enum err service_account_open(struct ctx *c, int64_t id, struct account **out);
NODISCARD enum err service_account_get_many(struct ctx *c, const struct ids *ids, struct accounts *out);
/* acct: name, name@domain, @name@domain; only known accounts, no network.  NOT_FOUND. */
NODISCARD enum err service_account_lookup(struct ctx *c, struct str acct, struct account **out);

/* "name", "@name@domain", "acct:…" to its parts: domain normal, empty when ours; false when it cannot be a handle. */
bool service_account_parse_handle(struct ctx *c, struct str acct, struct str *username, struct str *domain);

struct account_statuses_params {
    bool only_media, exclude_replies, exclude_reblogs, exclude_direct, pinned;
    struct str tagged;
};
NODISCARD enum err service_account_statuses(
    struct ctx *c, int64_t id, const struct account_statuses_params *f, const struct page *p, struct statuses *out);
/* Empty when the owner hides them and is not the viewer, or the viewer is blocked. */
NODISCARD enum err service_account_followers(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
NODISCARD enum err service_account_following(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);

struct profile_params { /* p NULL or -1: unchanged */
    struct str display_name, note;
    int locked, bot, discoverable, indexable, hide_collections, show_media, show_media_replies, show_featured;
    bool has_fields;
    struct account_field *fields; /* name, text */
    size_t n_fields;
    bool has_avatar, has_header; /* files: storage keys from service/media; empty: none */
    struct str avatar, avatar_static, header, header_static;
    struct str avatar_text, header_text;
    bool has_attribution_domains;
    struct strs attribution_domains;
    int privacy, sensitive; /* posting defaults: enum visibility; bool */
    int quote_policy;       /* enum quote_choice */
    struct str language;
};
/* Nothing is changed: what is to be, is set in a copy. */
extern const struct profile_params profile_unchanged;
/* Change the caller's own profile; queues the Update to other servers and the check of rel=me links. */
NODISCARD enum err service_account_update(struct ctx *c, const struct profile_params *p, struct account **out);

/* The caller's account (filled), its user, and how many people wait for an answer to their follow request. */
struct user;
NODISCARD enum err service_account_credentials(
    struct ctx *c, struct account **a, struct user **u, int64_t *follow_requests);

/* The account, its URLs and its Ed25519 pair, inside the caller's write transaction.  CONFLICT: the name is taken. */
NODISCARD enum err service_account_insert_local(struct ctx *c, struct str username, struct account **out);
/*
 * Keys of one of ours, private parts sealed.  The RSA pair is made when it is first wanted, which takes 0.1 s: a sign-up that nobody
 * lets in, or who never speaks with another server, costs none.  Never inside a write transaction.
 */
struct account_keys;
NODISCARD enum err service_account_own_keys(struct ctx *c, int64_t account_id, struct account_keys *out);

/* For each account asked: those the caller follows who follow it too, at most 40; none where the network is hidden. */
struct familiar {
    int64_t id;
    struct accounts accounts;
};
NODISCARD enum err service_account_familiar(struct ctx *c, const struct ids *ids, struct familiar **out, size_t *n);

/* Another name for one of ours; the old one leads to it for as long as the account lives.  INVALID, CONFLICT with a public text. */
NODISCARD enum err service_account_rename(struct ctx *c, int64_t id, struct str name);
/* Suspend (reversible) or delete for good: posts, relations, files; other servers are told.  Local and remote. */
NODISCARD enum err service_account_suspend(struct ctx *c, int64_t id, bool on);
NODISCARD enum err service_account_delete(struct ctx *c, int64_t id);
NODISCARD enum err service_account_delete_in(
    struct ctx *c, struct account *a); /* held, in the caller's write transaction */

/* In every spelling: name, @user@server, server/@user, acct:, URL.  resolve may use the network (logged-in callers). */
NODISCARD enum err service_account_search(
    struct ctx *c, struct str q, bool resolve, bool following, int64_t limit, int64_t offset, struct accounts *out);

/* Private key of an account (0: the instance actor, made at first use), opened; and the key id to sign with. */
struct private_key;
NODISCARD enum err service_account_signing_key(
    struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id);
/* The key it had before, for two days after a rotation; then the present one. */
NODISCARD enum err service_account_old_key(
    struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id);
/* Ed25519, for integrity proofs.  NOT_FOUND. */
NODISCARD enum err service_account_proof_key(
    struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id);
/* New keys for one of ours, or for all (*n: how many); other servers are told with the old key. */
NODISCARD enum err service_account_rotate_keys(struct ctx *c, int64_t account_id);
NODISCARD enum err service_account_rotate_all(struct ctx *c, int64_t *n);
/* The instance actor's key: its id, and its public part as PEM. */
NODISCARD enum err service_instance_public_key(struct ctx *c, struct str *key_id, struct str *pem);
/* A new one under a new id.  Nobody is told: who meets the new id reads /actor. */
NODISCARD enum err service_instance_rotate_key(struct ctx *c);

#endif
