/* Keys of local accounts and of the instance actor: made, sealed, opened for signing. */
#include "service/account.h"

#include "ap/uri.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "crypto/secretbox.h"
#include "crypto/sign.h"
#include "db/db.h"
#include "service/federate.h"
#include "store/account.h"
#include "store/account_key.h"
#include "store/setting.h"

/* A sealed private key opens only with the words it was sealed with; they do not name the row, as it has no id yet. */
#define RSA_CONTEXT S("account.rsa")
#define ED_CONTEXT S("account.ed25519")
#define INSTANCE_CONTEXT S("instance.rsa")
#define INSTANCE_SETTING "instance_key"

enum { ROTATE_BATCH = 100 };

static enum err
make_pair(struct ctx *c, enum key_kind kind, struct str context, struct str *public, struct str *private)
{
    struct private_key priv;
    struct public_key pub;

    TRY(key_new(c->mem, kind, &priv, &pub));
    *public = key_pack(c->mem, &pub);
    *private = secret_box_seal(c->env->box, c->mem, context, priv.der);
    return ERR_OK;
}

static enum err
make_key(struct ctx *c, enum key_kind kind, struct str uri, struct account_key *out)
{
    *out = (struct account_key){ .uri = uri, .kind = (int)kind };
    return make_pair(c, kind, kind == KEY_RSA ? RSA_CONTEXT : ED_CONTEXT, &out->public, &out->private);
}

enum err
service_account_insert_local(struct ctx *c, struct str username, struct account **out)
{
    struct account *a = arena_new(c->mem, struct account);
    struct str base = c->env->conf->origin;
    struct account_key ed;

    a->id = id_new();
    a->username = username;
    a->actor_type = S("Person");
    a->uri = ap_uri(c->mem, base, AP_URI_ACTOR, a->id, 0);
    a->url = ap_uri_named(c->mem, base, AP_URI_PROFILE, username, 0);
    a->inbox = ap_uri(c->mem, base, AP_URI_INBOX, a->id, 0);
    a->outbox = ap_uri(c->mem, base, AP_URI_OUTBOX, a->id, 0);
    a->followers_uri = ap_uri(c->mem, base, AP_URI_FOLLOWERS, a->id, 0);
    a->following_uri = ap_uri(c->mem, base, AP_URI_FOLLOWING, a->id, 0);
    a->featured_uri = ap_uri(c->mem, base, AP_URI_FEATURED, a->id, 0);
    a->shared_inbox = str_cat(c->mem, base, S("/inbox"), STR_NONE);
    a->show_media = a->show_media_replies = a->show_featured = a->handle_ok = true;
    a->created_ms = clock_ms();
    TRY(store_account_insert(c, a));
    TRY(make_key(c, KEY_ED25519, ap_uri(c->mem, base, AP_URI_KEY_ED25519, a->id, 0), &ed));
    TRY(store_account_keys_set(c, a->id, &ed, 1));
    *out = a;
    return ERR_OK;
}

static bool
has_rsa(const struct account_keys *keys)
{
    for (size_t i = 0; i < keys->n; i++)
        if (keys->v[i].kind == KEY_RSA)
            return true;
    return false;
}

/* Of two that make one at the same time the first to store it wins. */
static enum err
add_rsa(struct ctx *c, int64_t account_id, const struct account_key *rsa, struct account_keys *out)
{
    struct account_key *v;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_keys(c, account_id, out));
    if (out->n == 0 || has_rsa(out))
        return db_commit(c);
    v = arena_vec(c->mem, struct account_key, out->n + 1);
    v[0] = *rsa;
    memcpy(v + 1, out->v, out->n * sizeof(*v));
    *out = (struct account_keys){ v, out->n + 1 };
    TRY(store_account_keys_set(c, account_id, out->v, out->n));
    return db_commit(c);
}

enum err
service_account_own_keys(struct ctx *c, int64_t account_id, struct account_keys *out)
{
    struct account_key rsa;

    TRY(store_account_keys(c, account_id, out));
    if (out->n == 0 || has_rsa(out))
        return ERR_OK;
    CHECK(!db_in_write(c));
    db_rollback(c); /* no connection is held while the key is made */
    TRY(make_key(c, KEY_RSA, ap_uri(c->mem, c->env->conf->origin, AP_URI_KEY, account_id, 0), &rsa));
    return add_rsa(c, account_id, &rsa, out);
}

/* ---- the instance actor ------------------------------------------------------------------------------------------ */

/* The setting: base64 of the sealed key; of one that is not the first, the number in its id and a space in front. */
static enum err
put_instance_key(struct ctx *c, const struct private_key *priv, int64_t n)
{
    struct str sealed = b64_encode(c->mem, secret_box_seal(c->env->box, c->mem, INSTANCE_CONTEXT, priv->der));

    if (n != 0)
        sealed = str_fmt(c->mem, "%lld %.*s", (long long)n, STR_ARG(sealed));
    return store_setting_put(c, INSTANCE_SETTING, sealed);
}

/* Made once: of two processes that make one at the same time the first to store it wins. */
static enum err
make_instance_key(struct ctx *c)
{
    struct private_key priv;
    struct public_key pub;
    struct str now;

    TRY(key_new(c->mem, KEY_RSA, &priv, &pub));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_setting_get(c, INSTANCE_SETTING, S(""), &now));
    if (now.n == 0)
        TRY(put_instance_key(c, &priv, 0));
    return db_commit(c);
}

static enum err
instance_key(struct ctx *c, struct private_key *priv, struct public_key *pub, struct str *key_id)
{
    struct str text, sealed, der;
    ptrdiff_t space;
    int64_t n = 0;

    TRY(store_setting_get(c, INSTANCE_SETTING, S(""), &text));
    if (text.n == 0) {
        TRY(make_instance_key(c));
        TRY(store_setting_get(c, INSTANCE_SETTING, S(""), &text));
    }
    space = str_chr(text, ' ');
    if (space > 0 && !str_int(str_sub(text, 0, (size_t)space), &n))
        return ctx_fail(c, ERR_INTERNAL, "the instance key has no number");
    *key_id = ap_uri(c->mem, c->env->conf->origin, n != 0 ? AP_URI_SITE_KEY_N : AP_URI_SITE_KEY, 0, n);
    if (!b64_decode(c->mem, str_sub(text, (size_t)(space + 1), text.n), &sealed) ||
        secret_box_unseal(c->env->box, c->mem, INSTANCE_CONTEXT, sealed, &der) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "the instance key does not open: was the server key file replaced?");
    return key_private_read(c->mem, der, priv, pub);
}

enum err
service_instance_public_key(struct ctx *c, struct str *key_id, struct str *pem)
{
    struct private_key priv;
    struct public_key pub;

    TRY(instance_key(c, &priv, &pub, key_id));
    *pem = key_pem(c->mem, &pub);
    return ERR_OK;
}

enum err
service_instance_rotate_key(struct ctx *c)
{
    struct private_key priv;
    struct public_key pub;

    TRY(key_new(c->mem, KEY_RSA, &priv, &pub));
    TRY(db_begin(c, DB_WRITE));
    TRY(put_instance_key(c, &priv, clock_ms()));
    return db_commit(c);
}

/* ---- signing ------------------------------------------------------------------------------------------------------- */

static enum err
unseal(struct ctx *c, const struct account_key *k, struct str context, enum key_kind kind, struct private_key **out,
    struct str *key_id)
{
    struct str der;

    if (secret_box_unseal(c->env->box, c->mem, context, k->private, &der) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "the key of account %lld does not open: was the server key file replaced?",
            (long long)k->account_id);
    *out = arena_new(c->mem, struct private_key);
    **out = (struct private_key){ kind, der };
    *key_id = k->uri;
    return ERR_OK;
}

static enum err
own_key(struct ctx *c, int64_t account_id, enum key_kind kind, struct private_key **out, struct str *key_id)
{
    struct account_keys keys;

    TRY((kind == KEY_RSA ? service_account_own_keys : store_account_keys)(c, account_id, &keys));
    for (size_t i = 0; i < keys.n; i++)
        if (keys.v[i].kind == (int)kind && keys.v[i].private.n > 0)
            return unseal(c, &keys.v[i], kind == KEY_RSA ? RSA_CONTEXT : ED_CONTEXT, kind, out, key_id);
    return ctx_fail(c, ERR_NOT_FOUND, "account %lld has no such key of ours", (long long)account_id);
}

enum err
service_account_signing_key(struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id)
{
    struct public_key pub;

    if (account_id != 0)
        return own_key(c, account_id, KEY_RSA, out, key_id);
    *out = arena_new(c->mem, struct private_key);
    return instance_key(c, *out, &pub, key_id);
}

enum err
service_account_old_key(struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id)
{
    struct account_key *k;
    enum err e = store_account_key_old(c, account_id, &k);

    if (e == ERR_NOT_FOUND) { /* two days are over: whoever gets the news now reads the profile anew */
        ctx_ok(c);
        return own_key(c, account_id, KEY_RSA, out, key_id);
    }
    TRY(e);
    return unseal(c, k, RSA_CONTEXT, KEY_RSA, out, key_id);
}

enum err
service_account_proof_key(struct ctx *c, int64_t account_id, struct private_key **out, struct str *key_id)
{
    return own_key(c, account_id, KEY_ED25519, out, key_id);
}

/* ---- other keys ---------------------------------------------------------------------------------------------------- */

static enum err
put_rotated(struct ctx *c, int64_t account_id, const struct account_key keys[2], int64_t now)
{
    struct account_keys old;

    TRY(store_account_keys(c, account_id, &old));
    for (size_t i = 0; i < old.n; i++)
        if (old.v[i].kind == KEY_RSA && old.v[i].private.n > 0)
            TRY(store_account_key_old_put(c, &old.v[i], now));
    TRY(store_account_keys_set(c, account_id, keys, 2));
    return service_federate(c, &(struct fed_action){ .kind = FED_ACTOR_KEYS, .account_id = account_id });
}

enum err
service_account_rotate_keys(struct ctx *c, int64_t account_id)
{
    struct str base = c->env->conf->origin;
    struct account_key keys[2];
    int64_t now = clock_ms();
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    if (!account_is_local(a))
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld is not ours", (long long)account_id);
    db_rollback(c); /* no connection is held while the keys are made */
    /* New ids, so that nobody takes an old key for the new one. */
    TRY(make_key(c, KEY_RSA, ap_uri(c->mem, base, AP_URI_KEY_N, account_id, now), &keys[0]));
    TRY(make_key(c, KEY_ED25519, ap_uri(c->mem, base, AP_URI_KEY_ED25519_N, account_id, now), &keys[1]));
    TRY(db_begin(c, DB_WRITE));
    TRY(put_rotated(c, account_id, keys, now));
    return db_commit(c);
}

enum err
service_account_rotate_all(struct ctx *c, int64_t *n)
{
    struct ids ids;
    int64_t after = 0;

    *n = 0;
    do {
        TRY(store_account_local_ids(c, after, ROTATE_BATCH, &ids));
        for (size_t i = 0; i < ids.n; i++) {
            TRY(service_account_rotate_keys(c, ids.v[i]));
            after = ids.v[i];
            *n += 1;
        }
    } while (ids.n == ROTATE_BATCH);
    return ERR_OK;
}
