/* Passkeys: making challenges, taking answers. */
#include "service/passkey.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/url.h"
#include "crypto/digest.h"
#include "crypto/secretbox.h"
#include "crypto/webauthn.h"
#include "db/db.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/passkey.h"
#include "store/user.h"
#include "text/unicode.h"

enum { CHALLENGE_MS = 5 * MINUTE_MS };

#define SEAL S("passkey.challenge")

static enum err
site_of(struct ctx *c, struct webauthn_site *out)
{
    struct url u;

    if (!url_parse(c->mem, c->env->conf->origin, &u))
        return ctx_fail(c, ERR_INTERNAL, "the server's own address is no URL");
    *out = (struct webauthn_site){ u.host, u.origin };
    return ERR_OK;
}

enum err
service_passkey_site(struct ctx *c, struct str *rp_id)
{
    struct webauthn_site site;

    TRY(site_of(c, &site));
    *rp_id = site.rp_id;
    return ERR_OK;
}

/* What an authenticator keeps as the name of the user: says nothing to anybody else. */
static struct str
handle_of(struct ctx *c, int64_t user_id)
{
    return str_fmt(c->mem, "%lld", (long long)user_id);
}

/* ---- challenges ------------------------------------------------------------------------------------------------ */

static struct str
seal(struct ctx *c, const char *what, struct str whom, int64_t user_id)
{
    struct str plain = str_fmt(
        c->mem, "%lld %s %lld %.*s", (long long)(clock_ms() + CHALLENGE_MS), what, (long long)user_id, STR_ARG(whom));

    return secret_box_seal(c->env->box, c->mem, SEAL, plain);
}

/* *until_ms: when it has to be remembered no longer that it was used. */
static enum err
unseal(struct ctx *c, struct str challenge, const char *what, struct str whom, int64_t user_id, int64_t *until_ms)
{
    struct str plain, time, right = str_fmt(c->mem, "%s %lld %.*s", what, (long long)user_id, STR_ARG(whom));

    if (secret_box_unseal(c->env->box, c->mem, SEAL, challenge, &plain) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "no challenge of ours");
    if (!str_cut(&plain, ' ', &time) || !str_int(time, until_ms) || !str_eq_secret(plain, right))
        return ctx_fail(c, ERR_INVALID, "a challenge for something else");
    return *until_ms < clock_ms() ? ctx_fail(c, ERR_INVALID, "an old challenge") : ERR_OK;
}

/* In the write transaction of what the answer is good for. */
static enum err
spend(struct ctx *c, struct str challenge, int64_t until_ms)
{
    struct sha256 hash = sha256(challenge);
    enum err e = store_passkey_spend(c, str_dup(c->mem, sha256_str(&hash)), until_ms);

    return e == ERR_CONFLICT ? ctx_fail(c, ERR_INVALID, "a challenge that was answered before") : e;
}

/* ---- making one ------------------------------------------------------------------------------------------------ */

static enum err
too_many(struct ctx *c)
{
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d passkeys", PASSKEYS_MAX);
}

enum err
service_passkey_list(struct ctx *c, int64_t user_id, struct passkeys *out)
{
    return store_passkey_list(c, user_id, out);
}

enum err
service_passkey_options(struct ctx *c, int64_t user_id, int64_t whom, struct passkey_options *out)
{
    struct webauthn_site site;
    struct account *a;
    struct user *u;

    TRY(site_of(c, &site));
    TRY(store_user_get(c, user_id, &u));
    TRY(store_account_get(c, u->account_id, &a));
    *out = (struct passkey_options){ .challenge = seal(c, "add", str_fmt(c->mem, "%lld", (long long)whom), user_id),
        .user_handle = handle_of(c, user_id),
        .name = str_cat(c->mem, a->username, S("@"), c->env->conf->domain, STR_NONE),
        .display_name = a->display_name.n > 0 ? a->display_name : a->username,
        .rp_id = site.rp_id,
#define X(n) n,
        .algs = { WEBAUTHN_ALGS(X) },
#undef X
#define X(n) +1
        .n_algs = 0 WEBAUTHN_ALGS(X) };
#undef X
    TRY(store_passkey_list(c, user_id, &out->known));
    return out->known.n >= PASSKEYS_MAX ? too_many(c) : ERR_OK;
}

static enum err
check_name(struct ctx *c, struct str *name)
{
    *name = str_trim(text_one_line(c->mem, *name));
    if (name->n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Name can't be blank");
    if (text_graphemes(*name) > PASSKEY_NAME_CHARS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Name is too long (maximum is %d characters)", PASSKEY_NAME_CHARS_MAX);
    return ERR_OK;
}

/* In a write transaction. */
static enum err
keep(struct ctx *c, const struct passkey *p, struct str challenge, int64_t until_ms)
{
    struct passkeys known;
    struct user *u;
    enum err e;

    TRY(store_user_hold(c, p->user_id, &u)); /* two at once do not pass the limit */
    TRY(store_passkey_list(c, p->user_id, &known));
    if (known.n >= PASSKEYS_MAX)
        return too_many(c);
    TRY(spend(c, challenge, until_ms));
    e = store_passkey_insert(c, p);
    if (e == ERR_CONFLICT)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: This passkey is known already");
    TRY(e);
    return service_user_mail(c, u, USER_MAIL_PASSKEY, u->email);
}

/* The log reads why; people read that it did not work. */
static enum err
refuse(struct ctx *c, enum err e, const char *why)
{
    (void)ctx_fail_public(c, e, "The passkey was not accepted");
    c->fail.detail = str_z(why);
    return e;
}

enum err
service_passkey_add(struct ctx *c, int64_t user_id, int64_t whom, struct str name, struct str client_data,
    struct str attestation, struct passkey **out)
{
    struct webauthn_site site;
    struct webauthn_key key;
    struct str challenge;
    const char *why = "";
    int64_t until_ms;

    TRY(check_name(c, &name));
    TRY(site_of(c, &site));
    if (webauthn_client_data(c->mem, &site, WEBAUTHN_CREATE, client_data, &challenge, &why) != ERR_OK ||
        webauthn_register(c->mem, &site, client_data, attestation, &key, &why) != ERR_OK)
        return refuse(c, ERR_INVALID, why);
    if (unseal(c, challenge, "add", str_fmt(c->mem, "%lld", (long long)whom), user_id, &until_ms) != ERR_OK)
        return ctx_fail_public(c, ERR_INVALID, "That took too long. Try again.");
    *out = arena_new(c->mem, struct passkey);
    **out = (struct passkey){ .id = id_new(),
        .user_id = user_id,
        .credential = key.id,
        .public_key = key.key,
        .alg = key.alg,
        .sign_count = key.sign_count,
        .name = name,
        .created_ms = clock_ms() };
    TRY(db_begin(c, DB_WRITE));
    TRY(keep(c, *out, challenge, until_ms));
    return db_commit(c);
}

enum err
service_passkey_rename(struct ctx *c, int64_t user_id, int64_t id, struct str name, struct passkey **out)
{
    struct passkeys all;
    bool found;

    TRY(check_name(c, &name));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_passkey_rename(c, user_id, id, name, &found));
    TRY(store_passkey_list(c, user_id, &all));
    TRY(db_commit(c));
    for (size_t i = 0; found && i < all.n; i++)
        if (all.v[i].id == id) {
            *out = &all.v[i];
            return ERR_OK;
        }
    return ctx_fail(c, ERR_NOT_FOUND, "no passkey %lld of this user", (long long)id);
}

enum err
service_passkey_remove(struct ctx *c, int64_t user_id, int64_t id, int64_t keep_token)
{
    bool found;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_passkey_delete(c, user_id, id, &found));
    if (!found)
        return ctx_fail(c, ERR_NOT_FOUND, "no passkey %lld of this user", (long long)id);
    TRY(service_user_end_all(c, user_id, 0, keep_token));
    return db_commit(c);
}

/* ---- logging in with one --------------------------------------------------------------------------------------- */

enum err
service_passkey_challenge(struct ctx *c, struct str whom, int64_t user_id, struct str *out)
{
    *out = seal(c, "in", whom, user_id);
    return ERR_OK;
}

/* The key that answered, and the answer is right but for the challenge.  INVALID with *why. */
static enum err
check_answer(struct ctx *c, const struct webauthn_site *site, int64_t user_id, const struct passkey_answer *a,
    const struct passkey *p, int64_t *count, const char **why)
{
    struct webauthn_key key = { p->credential, p->public_key, p->alg, p->sign_count };
    struct webauthn_answer answer = { a->client_data, a->auth_data, a->signature };

    *why = "a passkey of somebody else";
    if (user_id != 0 && p->user_id != user_id)
        return ERR_INVALID;
    if ((user_id == 0 || a->user_handle.n > 0) && !str_eq(a->user_handle, handle_of(c, p->user_id)))
        return ERR_INVALID;
    return webauthn_verify(site, &key, &answer, user_id == 0, count, why);
}

/* In a write transaction. */
static enum err
note_use(struct ctx *c, const struct passkey *p, struct str challenge, int64_t until_ms, int64_t count)
{
    bool ok;

    TRY(spend(c, challenge, until_ms));
    TRY(store_passkey_use(c, p->id, count, clock_ms(), &ok));
    return ok ? ERR_OK : ctx_fail(c, ERR_INVALID, "the counter of passkey %lld did not go up", (long long)p->id);
}

enum err
service_passkey_log_in(struct ctx *c, struct str whom, int64_t user_id, const struct passkey_answer *a, int64_t *out)
{
    struct str challenge;
    struct webauthn_site site;
    struct passkey *p;
    const char *why = "";
    int64_t until_ms, count;
    enum err e;

    TRY(site_of(c, &site));
    if (webauthn_client_data(c->mem, &site, WEBAUTHN_GET, a->client_data, &challenge, &why) != ERR_OK)
        return refuse(c, ERR_UNAUTHORIZED, why);
    if (unseal(c, challenge, "in", whom, user_id, &until_ms) != ERR_OK)
        return refuse(c, ERR_UNAUTHORIZED, "no challenge that may be answered");
    e = store_passkey_by_credential(c, a->credential, &p);
    if (e == ERR_NOT_FOUND)
        return refuse(c, ERR_UNAUTHORIZED, "an unknown passkey");
    TRY(e);
    if (check_answer(c, &site, user_id, a, p, &count, &why) != ERR_OK)
        return refuse(c, ERR_UNAUTHORIZED, why);
    TRY(db_begin(c, DB_WRITE));
    e = note_use(c, p, challenge, until_ms, count);
    if (e == ERR_INVALID) {
        db_rollback(c);
        return refuse(c, ERR_UNAUTHORIZED, "answered before, or the counter did not go up");
    }
    TRY(e);
    *out = p->user_id;
    return db_commit(c);
}
