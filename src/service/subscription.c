/* Subscriptions by mail.  The tokens of their links are sealed ids: the database holds nothing that confirms or ends one. */
#include "service/subscription.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "crypto/secretbox.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/status.h"
#include "store/account.h"
#include "store/setting.h"
#include "store/subscription.h"
#include "text/email.h"
#include "text/html.h"

enum { BATCH = 100, MAIL_EVERY_MS = HOUR_MS, NEWS_MS = DAY_MS };

#define TOKEN_CONFIRM S("subscription.confirm")
#define TOKEN_END S("subscription.end")

/* NOT_FOUND unless mail is sent for this account. */
static enum err
load_account(struct ctx *c, int64_t id, struct account **out)
{
    struct str on;

    TRY(store_account_get(c, id, out));
    TRY(store_setting_get(c, "email_subscriptions", S("0"), &on));
    if (!account_is_local(*out) || !(*out)->wants_subscribers || (*out)->suspended_ms != 0 || !str_eqz(on, "1") ||
        c->env->conf->smtp.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "no subscriptions for account %lld", (long long)id);
    return ERR_OK;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

static struct str
link_of(struct ctx *c, const char *path, struct str purpose, int64_t id)
{
    struct str plain = str_fmt(c->mem, "%lld", (long long)id);
    struct str token = b64url_encode(c->mem, secret_box_seal(c->env->box, c->mem, purpose, plain));

    return str_cat(c->mem, c->env->conf->origin, str_z(path), S("?token="), token, STR_NONE);
}

static enum err
open_token(struct ctx *c, struct str purpose, struct str token, int64_t *id)
{
    struct str sealed, plain;

    if (!b64url_decode(c->mem, token, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, purpose, sealed, &plain) != ERR_OK || !str_int(plain, id))
        return ctx_fail(c, ERR_NOT_FOUND, "no token of a subscription");
    return ERR_OK;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static enum err
put_mail(struct ctx *c, int64_t id, int64_t after, int64_t upto)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(1));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", id);
    json_id(&j, "after", after);
    json_id(&j, "upto", upto);
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "mail job");
    return queue_put(c, J_MAIL_SUBSCRIPTION, buf_str(&b), NULL);
}

static enum err
check_email(struct ctx *c, struct str text, struct email *out, struct sign_up_problems *why)
{
    static const struct sign_up_problem blank = { "email", "ERR_BLANK", "can't be blank" };
    static const struct sign_up_problem bad = { "email", "ERR_INVALID", "is not a valid e-mail address" };

    if (str_trim(text).n > 0 && email_parse(c->mem, text, out))
        return ERR_OK;
    why->v[why->n++] = str_trim(text).n == 0 ? blank : bad;
    return ctx_fail(c, ERR_INVALID, "subscription: bad address");
}

/* Who was only asked takes nobody's place, but there is an end to that too. */
static enum err
check_room(struct ctx *c, int64_t account_id)
{
    int64_t confirmed, waiting;

    TRY(store_account_lock(c, account_id));
    TRY(store_subscription_count(c, account_id, &confirmed, &waiting));
    if (confirmed >= SUBSCRIBERS_MAX || waiting >= WAITING_MAX)
        return ctx_fail_public(c, ERR_INVALID, "This account has as many subscribers as it can have");
    return ERR_OK;
}

/* In a write transaction.  The limit is looked at first: it answers the same for those who are subscribed. */
static enum err
ask(struct ctx *c, int64_t account_id, const struct email *e)
{
    struct email_subscription s = { .id = id_new(),
        .account_id = account_id,
        .email = e->text,
        .email_key = e->key,
        .locale = c->locale,
        .created_ms = clock_ms() };

    TRY(check_room(c, account_id));
    TRY(store_subscription_put(c, &s));
    return s.confirmed_ms != 0 ? ERR_OK : put_mail(c, s.id, 0, 0);
}

enum err
service_subscription_ask(struct ctx *c, int64_t account_id, struct str email, struct sign_up_problems *why)
{
    struct account *a;
    struct email parsed;

    TRY(load_account(c, account_id, &a));
    TRY(check_email(c, email, &parsed, why));
    TRY(db_begin(c, DB_WRITE));
    TRY(ask(c, a->id, &parsed));
    return db_commit(c);
}

enum err
service_subscription_confirm(struct ctx *c, struct str token)
{
    struct email_subscription s;
    int64_t id;

    TRY(open_token(c, TOKEN_CONFIRM, token, &id));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_subscription_get(c, id, &s));
    if (s.confirmed_ms == 0)
        TRY(check_room(c, s.account_id));
    TRY(store_subscription_confirm(c, id, clock_ms(), id_new()));
    return db_commit(c);
}

enum err
service_subscription_end(struct ctx *c, struct str token)
{
    int64_t id;

    TRY(open_token(c, TOKEN_END, token, &id));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_subscription_delete(c, id));
    return db_commit(c);
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static enum err
put_send(struct ctx *c, int64_t account_id, int64_t at_ms)
{
    struct str id = str_fmt(c->mem, "%lld", (long long)account_id);

    return queue_put(c, J_MAIL_POSTS, str_cat(c->mem, S("{\"id\":\""), id, S("\"}"), STR_NONE),
        &(struct job_opts){ .unique_key = id, .run_at_ms = at_ms, .replace = at_ms == 0 });
}

enum err
service_subscription_published(struct ctx *c, const struct status *s)
{
    if (!s->local || s->visibility != VIS_PUBLIC || s->local_only || s->reblog_of_id != 0 || s->expires_ms != 0 ||
        s->in_reply_to_account_id != 0 || s->account == NULL || !s->account->wants_subscribers)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(put_send(c, s->account_id, 0)); /* one that waits for somebody's hour comes now: others may have their turn */
    return db_commit(c);
}

/* In a write transaction; *n is how many were looked at. */
static enum err
send_some(struct ctx *c, int64_t account_id, int64_t newest, size_t *n)
{
    int64_t now = clock_ms();
    struct email_subscriptions v;
    bool taken;

    TRY(store_subscription_due(c, account_id, newest, now, BATCH, &v));
    for (size_t i = 0; i < v.n; i++) {
        TRY(store_subscription_take(c, &v.v[i], newest, now, now + MAIL_EVERY_MS, &taken));
        if (taken)
            TRY(put_mail(c, v.v[i].id, v.v[i].sent_id, newest));
    }
    *n = v.n;
    return ERR_OK;
}

static enum err
come_again(struct ctx *c, int64_t account_id, int64_t newest)
{
    int64_t next;

    TRY(store_subscription_next(c, account_id, newest, &next));
    return next == 0 ? ERR_OK : put_send(c, account_id, next);
}

enum err
service_subscription_send(struct ctx *c, int64_t account_id)
{
    struct account *a;
    struct ids newest;
    size_t n = BATCH;

    TRY(load_account(c, account_id, &a));
    TRY(store_subscription_posts(c, a->id, id_at(clock_ms() - NEWS_MS), INT64_MAX, 1, &newest));
    if (newest.n == 0)
        return ERR_OK;
    while (n == BATCH) {
        struct arena_mark m = arena_save(c->mem);

        TRY(db_begin(c, DB_WRITE));
        TRY(send_some(c, a->id, newest.v[0], &n));
        TRY(db_commit(c));
        arena_restore(c->mem, m);
    }
    TRY(db_begin(c, DB_WRITE));
    TRY(come_again(c, a->id, newest.v[0]));
    return db_commit(c);
}

/* ---- a mail ------------------------------------------------------------------------------------------------------ */

static enum err
find_posts(struct ctx *c, int64_t account_id, int64_t after, int64_t upto, struct subscription_mail *out)
{
    int64_t old = id_at(id_ms(upto) - NEWS_MS); /* what was posted while mail was off is no news */
    struct ids ids;

    TRY(store_subscription_posts(c, account_id, after > old ? after : old, upto, SUBSCRIPTION_POSTS_MAX, &ids));
    for (size_t i = 0; i < ids.n / 2; i++) {
        int64_t t = ids.v[i];

        ids.v[i] = ids.v[ids.n - 1 - i];
        ids.v[ids.n - 1 - i] = t;
    }
    TRY(service_status_get_many(c, &ids, &out->posts));
    if (out->posts.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "the posts of this mail are gone");
    out->texts = arena_vec(c->mem, struct str, out->posts.n);
    for (size_t i = 0; i < out->posts.n; i++) {
        const struct status *s = out->posts.v[i];

        out->texts[i] = s->spoiler_text.n > 0 ? s->spoiler_text : text_html_to_plain(c->mem, s->content);
    }
    return ERR_OK;
}

enum err
service_subscription_mail(struct ctx *c, int64_t id, int64_t after, int64_t upto, struct subscription_mail *out)
{
    struct email_subscription s;
    struct account *a;

    TRY(store_subscription_get(c, id, &s));
    TRY(load_account(c, s.account_id, &a));
    *out = (struct subscription_mail){ .to = s.email,
        .locale = s.locale,
        .acct = str_cat(c->mem, a->username, S("@"), c->env->conf->domain, STR_NONE),
        .unsubscribe = link_of(c, "/unsubscribe", TOKEN_END, s.id) };
    if (upto != 0)
        return s.confirmed_ms != 0 ? find_posts(c, a->id, after, upto, out)
                                   : ctx_fail(c, ERR_NOT_FOUND, "not confirmed");
    if (s.confirmed_ms != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "confirmed meanwhile");
    out->link = link_of(c, "/email_subscriptions/confirmation", TOKEN_CONFIRM, s.id);
    return ERR_OK;
}
