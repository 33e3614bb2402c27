/* Web Push: the key of this server, and posting one message. */
#include "base/b64.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/url.h"
#include "crypto/p256.h"
#include "crypto/secretbox.h"
#include "crypto/webpush.h"
#include "db/db.h"
#include "http/client.h"
#include "service/push.h"
#include "store/push.h"
#include "store/setting.h"

enum {
    TIMEOUT_MS = 15 * SECOND_MS,
    TTL_S = 48 * 60 * 60,   /* how long the service keeps it for a device that sleeps */
    TOKEN_S = 12 * 60 * 60, /* life of a VAPID token; at most a day */
    GIVE_UP_MS = 7 * DAY_MS,
    HEADERS_MAX = 8,
};

#define KEY_SETTING "push_key"

/* ---- our key ---------------------------------------------------------------------------------------------------------------- */

/* The setting is the private key and the point, sealed. */
static bool
open_key(struct ctx *c, struct str text, struct vapid_key *out)
{
    struct str sealed, plain;

    if (text.n == 0 || !b64_decode(c->mem, text, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, S(KEY_SETTING), sealed, &plain) != ERR_OK ||
        plain.n != P256_PRIVATE_BYTES + P256_PUBLIC_BYTES)
        return false;
    *out = (struct vapid_key){ str_sub(plain, 0, P256_PRIVATE_BYTES), str_sub(plain, P256_PRIVATE_BYTES, plain.n) };
    return true;
}

/* Of two processes that make one at the same time, the first to store it wins. */
static enum err
make_key(struct ctx *c, struct vapid_key *out)
{
    struct str text, plain;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_setting_get(c, KEY_SETTING, STR_NONE, &text));
    if (!open_key(c, text, out)) {
        TRY(p256_new(c->mem, &out->private, &out->public));
        plain = str_cat(c->mem, out->private, out->public, STR_NONE);
        TRY(store_setting_put(
            c, KEY_SETTING, b64_encode(c->mem, secret_box_seal(c->env->box, c->mem, S(KEY_SETTING), plain))));
    }
    return db_commit(c);
}

static enum err
get_key(struct ctx *c, struct vapid_key *out)
{
    struct str text;

    TRY(store_setting_get(c, KEY_SETTING, STR_NONE, &text));
    return open_key(c, text, out) ? ERR_OK : make_key(c, out);
}

enum err
service_push_key(struct ctx *c, struct arena *a, struct str *public)
{
    struct vapid_key key;

    TRY(get_key(c, &key));
    *public = str_cat(a, b64url_encode(c->mem, key.public), S("="), STR_NONE); /* 65 bytes: one sign of padding */
    return ERR_OK;
}

/* ---- one message -------------------------------------------------------------------------------------------------------------- */

/* A request in the making. */
struct message {
    struct http_header headers[HEADERS_MAX];
    size_t n;
    struct str body;
};

static void
add(struct message *m, struct str name, struct str value)
{
    CHECK(m->n < HEADERS_MAX);
    m->headers[m->n++] = (struct http_header){ name, value };
}

static enum err
encrypt(struct ctx *c, const struct push_subscription *p, const struct vapid_key *key, struct str token,
    struct str payload, struct message *m)
{
    const struct webpush_receiver to = { p->p256dh, p->auth };
    const struct webpush_sender anew = { 0 };
    struct str public = b64url_encode(c->mem, key->public);
    struct webpush_sender used;

    if (p->standard) {
        TRY(webpush_encrypt(c->mem, &to, payload, &anew, &m->body));
        add(m, S("Content-Encoding"), S("aes128gcm"));
        add(m, S("Authorization"), str_cat(c->mem, S("vapid t="), token, S(",k="), public, STR_NONE));
        return ERR_OK;
    }
    TRY(webpush_encrypt_draft(c->mem, &to, payload, &anew, &m->body, &used));
    add(m, S("Content-Encoding"), S("aesgcm"));
    add(m, S("Encryption"), str_cat(c->mem, S("salt="), b64url_encode(c->mem, used.salt), STR_NONE));
    add(m, S("Crypto-Key"),
        str_cat(c->mem, S("dh="), b64url_encode(c->mem, used.public), S(";p256ecdsa="), public, STR_NONE));
    add(m, S("Authorization"), str_cat(c->mem, S("WebPush "), token, STR_NONE));
    return ERR_OK;
}

/* Messages wake people up; what may be collected waits for the device to wake by itself.  Of a group the service keeps the last. */
static void
add_urgency(struct ctx *c, const struct notification *n, struct message *m)
{
    const struct notification_trait *t = &notification_traits[n->kind];

    add(m, S("TTL"), str_fmt(c->mem, "%d", TTL_S));
    add(m, S("Urgency"), t->grouped ? S("normal") : S("high"));
    if (t->grouped && n->group_hour != 0)
        add(m, S("Topic"),
            str_fmt(c->mem, "g%d-%llx", (int)n->kind, (unsigned long long)(n->group_on != 0 ? n->group_on : n->id)));
}

/* ---- what came of it ------------------------------------------------------------------------------------------------------------ */

static enum err
end_subscription(struct ctx *c, const struct push_subscription *p, int status)
{
    log_info(c, "push.end", LOG_INT("subscription", p->id), LOG_INT("status", status));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_push_delete(c, p->id));
    return db_commit(c);
}

static enum err
note(struct ctx *c, const struct push_subscription *p, int64_t since_ms)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_push_failing(c, p->id, since_ms));
    return db_commit(c);
}

/* What the service says: fine; never again (the address is unknown, the keys are refused); later. */
static enum err
judge(struct ctx *c, const struct push_subscription *p, const struct fetch_response *r)
{
    int status = r->status;
    int64_t since_ms = p->failing_ms != 0 ? p->failing_ms : clock_ms();

    if (status >= 200 && status < 300)
        return p->failing_ms == 0 ? ERR_OK : note(c, p, 0);
    if (status == 413) /* this one is too large; the next may not be */
        return ERR_OK;
    if ((status >= 400 && status < 500 && status != 408 && status != 429) || since_ms < clock_ms() - GIVE_UP_MS)
        return end_subscription(c, p, status);
    if (p->failing_ms == 0)
        TRY(note(c, p, since_ms));
    return ctx_fail(c, ERR_REMOTE, "push service: %s, status %d", fetch_fail_text(r->fail), status);
}

enum err
service_push_send(struct ctx *c, const struct push_subscription *p, const struct notification *n, struct str payload)
{
    struct message m = { .n = 0 };
    struct fetch_response *answer;
    struct vapid_key key;
    struct str token;
    struct url u;
    enum err e;

    if (!url_parse(c->mem, p->endpoint, &u))
        return ctx_fail(c, ERR_INVALID, "subscription %lld has no URL", (long long)p->id);
    TRY(get_key(c, &key));
    TRY(vapid_token(c->mem, &key, u.origin, c->env->conf->origin, clock_ms() / 1000 + TOKEN_S, &token));
    TRY(encrypt(c, p, &key, token, payload, &m));
    add(&m, S("Content-Type"), S("application/octet-stream"));
    add_urgency(c, n, &m);
    e = http_client_fetch(c,
        &(struct fetch_request){ .method = HTTP_POST,
            .url = p->endpoint,
            .headers = m.headers,
            .n_headers = m.n,
            .body = m.body,
            .body_max = KB(16),
            .timeout_ms = TIMEOUT_MS,
            .any_status = true },
        &answer);
    if (e != ERR_OK && e != ERR_REMOTE)
        return e;
    ctx_ok(c);
    return judge(c, p, answer);
}
