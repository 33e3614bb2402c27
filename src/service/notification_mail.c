/* Notifications by mail: whom, when, and what of it.  The list is the notifications themselves; a row says how far they were mailed. */
#include "service/notification_mail.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "crypto/secretbox.h"
#include "db/db.h"
#include "model/preferences.h"
#include "queue/queue.h"
#include "service/notification_internal.h"
#include "store/account.h"
#include "store/notification_mail.h"
#include "store/user.h"
#include "text/html.h"
#include "text/unicode.h"

enum {
    SOON_MS = 5 * MINUTE_MS,  /* what comes together is one mail */
    EVERY_MS = HOUR_MS,       /* between two mails */
    AWAY_MS = 90 * MINUTE_MS, /* since somebody was last seen, which is noted once an hour */
    STALE_MS = 2 * DAY_MS,    /* no news any more */
    LOOK_MAX = 100,           /* notifications for one mail; those beyond have the next */
    TEXT_CHARS_MAX = 500,
};

#define TOKEN_END S("notification_mail.end")

/* ---- whether and when -------------------------------------------------------------------------------------------- */

static uint64_t
wanted_kinds(const struct preferences *p)
{
    uint64_t kinds = 0;

    for (int k = 0; k < NOTIFY_KIND_COUNT; k++)
        if (p->mail[k])
            kinds |= UINT64_C(1) << k;
    return kinds;
}

static bool
may_have_mail(const struct user *u)
{
    return u->confirmed_ms != 0 && u->approved && !u->disabled;
}

static enum err
put_job(struct ctx *c, int64_t user_id, int64_t at_ms)
{
    struct str args = str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)user_id);

    return queue_put(c, J_MAIL_NOTIFICATIONS, args, &(struct job_opts){ .run_at_ms = at_ms });
}

enum err
service_notification_mail_put(struct ctx *c, const struct notification *n)
{
    struct preferences p;
    struct user *u;
    enum err e;

    if (c->env->conf->smtp.n == 0)
        return ERR_OK;
    e = store_user_by_account(c, n->account_id, &u);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    preferences_read(c->mem, u->settings, &p);
    return p.mail[n->kind] && may_have_mail(u) ? put_job(c, u->id, clock_ms() + SOON_MS) : ERR_OK;
}

/* Before that moment there is to be no mail. */
static int64_t
not_before(const struct user *u, const struct preferences *p, const struct mail_progress *at)
{
    int64_t t = at->sent_ms == 0 ? 0 : at->sent_ms + EVERY_MS;

    if (at->sent_today >= MAILS_A_DAY && at->day == clock_ms() / DAY_MS)
        t = MAX(t, (at->day + 1) * DAY_MS);
    return p->mail_always ? t : MAX(t, u->last_active_ms + AWAY_MS);
}

/* After that notification there is something to tell. */
static enum err
begins_after(
    struct ctx *c, const struct user *u, const struct preferences *p, const struct mail_progress *at, int64_t *after)
{
    int64_t read = 0;

    *after = MAX(at->upto_id, id_at(clock_ms() - STALE_MS));
    if (p->mail_always)
        return ERR_OK;
    TRY(service_notification_read_up_to(c, &read));
    *after = MAX(*after, MAX(read, id_at(u->last_active_ms)));
    return ERR_OK;
}

/* ---- what ---------------------------------------------------------------------------------------------------------- */

/* What the reader's own filters make of it: to be left out, or told without its text. */
static void
ask_filters(const struct status *s, bool *hide, bool *warn)
{
    for (size_t i = 0; i < s->filtered.n; i++) {
        const struct filter *f = s->filtered.v[i].filter;

        if ((f->contexts & (1u << FILTER_NOTIFICATIONS)) == 0)
            continue;
        *hide = *hide || f->action == FILTER_HIDE;
        *warn = *warn || f->action == FILTER_WARN;
    }
}

/*
 * A mail lies in the open on its way and with whoever keeps the mailbox, so that only what anybody may read is written into it: no
 * message, nothing for followers or for this server alone.
 */
static struct str
text_of(struct ctx *c, const struct status *s)
{
    bool hide = false, warn = false;

    ask_filters(s, &hide, &warn);
    if (warn || s->local_only || (s->visibility != VIS_PUBLIC && s->visibility != VIS_UNLISTED))
        return S("");
    return text_grapheme_cut(
        s->spoiler_text.n > 0 ? s->spoiler_text : text_html_to_plain(c->mem, s->content), TEXT_CHARS_MAX);
}

/* Staff decide about who waits; who was let in, or came in without, is no work. */
static enum err
find_waiting(struct ctx *c, const struct notifications *all, struct ids *out)
{
    struct ids new = { arena_vec(c->mem, int64_t, all->n), 0 };

    *out = (struct ids){ 0 };
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].kind == NOTIFY_ADMIN_SIGN_UP)
            new.v[new.n++] = all->v[i].from_account_id;
    return new.n == 0 ? ERR_OK : store_accounts_waiting(c, &new, out);
}

static bool
is_news(const struct notification *n, const struct ids *waiting)
{
    bool hide = false, warn = false;

    if (n->status != NULL)
        ask_filters(n->status, &hide, &warn);
    for (size_t i = 0; i < waiting->n; i++)
        if (waiting->v[i] == n->from_account_id)
            return !hide;
    return !hide && n->kind != NOTIFY_ADMIN_SIGN_UP;
}

static enum err
collect(struct ctx *c, uint64_t kinds, int64_t after, struct notification_mail *out)
{
    const struct notification_filter f = { .kinds = kinds };
    struct notifications all;
    struct ids waiting;

    TRY(service_notification_page(c, &f, &(struct page){ .min_id = after, .limit = LOOK_MAX }, &all));
    TRY(find_waiting(c, &all, &waiting));
    out->lines.v = arena_vec(c->mem, struct notification, NOTIFICATION_MAIL_LINES);
    out->texts = arena_vec(c->mem, struct str, NOTIFICATION_MAIL_LINES);
    for (size_t i = all.n; i-- > 0;) {
        struct notification *n = &all.v[i];

        if (!is_news(n, &waiting))
            continue;
        out->upto_id = n->id;
        if (out->lines.n == NOTIFICATION_MAIL_LINES) {
            out->more++;
            continue;
        }
        out->texts[out->lines.n] = n->status == NULL ? S("") : text_of(c, n->status);
        out->lines.v[out->lines.n++] = *n;
    }
    return ERR_OK;
}

/* ---- the job ------------------------------------------------------------------------------------------------------- */

/* Too early: the job comes again, and until then stands for what happens. */
static enum err
come_again(struct ctx *c, int64_t user_id, int64_t at_ms)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(put_job(c, user_id, at_ms));
    return db_commit(c);
}

static enum err
load(struct ctx *c, int64_t user_id, struct user **u, struct account **a, struct preferences *p)
{
    TRY(store_user_get(c, user_id, u));
    TRY(store_account_get(c, (*u)->account_id, a));
    preferences_read(c->mem, (*u)->settings, p);
    if (!may_have_mail(*u) || (*a)->suspended_ms != 0 || wanted_kinds(p) == 0 || c->env->conf->smtp.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "user %lld gets no mail", (long long)user_id);
    return ERR_OK;
}

static struct str
end_link(struct ctx *c, int64_t user_id)
{
    struct str plain = str_fmt(c->mem, "%lld", (long long)user_id);
    struct str token = b64url_encode(c->mem, secret_box_seal(c->env->box, c->mem, TOKEN_END, plain));

    return str_cat(c->mem, c->env->conf->origin, S("/unsubscribe/notifications?token="), token, STR_NONE);
}

enum err
service_notification_mail_open(struct ctx *c, int64_t user_id, struct notification_mail *out)
{
    struct mail_progress at;
    struct preferences p;
    struct account *a;
    struct user *u;
    int64_t after, from_ms;

    *out = (struct notification_mail){ 0 };
    TRY(load(c, user_id, &u, &a, &p));
    TRY(store_mail_progress(c, user_id, &at));
    from_ms = not_before(u, &p, &at);
    if (from_ms > clock_ms())
        return come_again(c, user_id, from_ms);
    c->who = (struct who){ .user_id = u->id, .account_id = a->id };
    TRY(begins_after(c, u, &p, &at, &after));
    out->to = u->email;
    out->locale = u->locale;
    out->username = a->username;
    out->unsubscribe = end_link(c, u->id);
    return collect(c, wanted_kinds(&p), after, out);
}

enum err
service_notification_mail_sent(struct ctx *c, int64_t user_id, int64_t upto_id)
{
    struct mail_progress at;
    int64_t now = clock_ms(), today = now / DAY_MS;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_mail_progress(c, user_id, &at));
    at = (struct mail_progress){
        .upto_id = upto_id, .sent_ms = now, .day = today, .sent_today = at.day == today ? at.sent_today + 1 : 1
    };
    TRY(store_mail_progress_put(c, user_id, &at));
    return db_commit(c);
}

/* ---- the way out --------------------------------------------------------------------------------------------------- */

enum err
service_notification_mail_end(struct ctx *c, struct str token)
{
    struct str sealed, plain;
    struct preferences p;
    struct user *u;
    int64_t id;

    if (!b64url_decode(c->mem, token, &sealed) ||
        secret_box_unseal(c->env->box, c->mem, TOKEN_END, sealed, &plain) != ERR_OK || !str_int(plain, &id))
        return ctx_fail(c, ERR_NOT_FOUND, "no token of a mail about notifications");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_user_hold(c, id, &u));
    preferences_read(c->mem, u->settings, &p);
    for (int k = 0; k < NOTIFY_KIND_COUNT; k++)
        p.mail[k] = false;
    u->settings = preferences_put(c->mem, u->settings, &p);
    if (u->settings.p == NULL)
        return ctx_fail(c, ERR_TOO_LARGE, "settings");
    TRY(store_user_update(c, u));
    return db_commit(c);
}
