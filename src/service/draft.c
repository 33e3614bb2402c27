/* Drafts and scheduled posts. */
#include "service/draft.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/status_internal.h"
#include "store/account.h"
#include "store/draft.h"
#include "store/status.h"
#include "store/user.h"

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static enum err
get(struct ctx *c, int64_t id, bool scheduled, struct draft_row **out)
{
    TRY(store_draft_get(c, c->who.account_id, id, out));
    if (((*out)->scheduled_ms != 0) != scheduled)
        return ctx_fail(c, ERR_NOT_FOUND, "draft %lld has %s time", (long long)id, scheduled ? "no" : "a");
    return store_draft_fill(c, *out, 1);
}

enum err
service_draft_get(struct ctx *c, int64_t id, struct draft_row **out)
{
    return get(c, id, false, out);
}

enum err
service_scheduled_get(struct ctx *c, int64_t id, struct draft_row **out)
{
    return get(c, id, true, out);
}

enum err
service_draft_page(struct ctx *c, const struct page *p, struct draft_rows *out)
{
    TRY(store_draft_page(c, c->who.account_id, false, p, out));
    return store_draft_fill(c, out->v, out->n);
}

enum err
service_scheduled_page(struct ctx *c, const struct page *p, struct draft_rows *out)
{
    TRY(store_draft_page(c, c->who.account_id, true, p, out));
    return store_draft_fill(c, out->v, out->n);
}

/* ---- drafts ------------------------------------------------------------------------------------------------------ */

static enum err
check_size(struct ctx *c, const struct posts *v)
{
    if (v->n == 0 || v->n > THREAD_POSTS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: A draft has 1 to %d posts", THREAD_POSTS_MAX);
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].media_ids.n > MEDIA_PER_STATUS_MAX)
            return ctx_fail_public(
                c, ERR_INVALID, "Validation failed: Cannot attach more than %d files", MEDIA_PER_STATUS_MAX);
    return ERR_OK;
}

static struct draft_row
new_row(struct ctx *c, const struct posts *v)
{
    int64_t now = clock_ms();

    return (struct draft_row){ .id = id_new(),
        .account_id = c->who.account_id,
        .user_id = c->who.user_id,
        .app_id = c->who.app_id,
        .posts = *v,
        .version = 1,
        .created_ms = now,
        .updated_ms = now };
}

/* Writers of one account come one after the other, so that two at once cannot pass a limit. */
static enum err
lock_account(struct ctx *c)
{
    return store_account_lock(c, c->who.account_id);
}

enum err
service_draft_create(struct ctx *c, const struct posts *v, struct draft_row **out)
{
    struct draft_row d = new_row(c, v);
    int64_t n;

    TRY(check_size(c, v));
    TRY(db_begin(c, DB_WRITE));
    TRY(lock_account(c));
    TRY(store_draft_count(c, d.account_id, &n));
    if (n >= DRAFTS_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You have already saved the maximum number of drafts (%d)", DRAFTS_MAX);
    TRY(store_draft_insert(c, &d));
    TRY(store_draft_hold(c, &d));
    TRY(db_commit(c));
    return get(c, d.id, false, out);
}

static enum err
other_version(struct ctx *c)
{
    return ctx_fail_public(c, ERR_CONFLICT, "The draft was changed by another request; read it again");
}

enum err
service_draft_update(struct ctx *c, int64_t id, int64_t version, const struct posts *v, struct draft_row **out)
{
    struct draft_row *d;
    enum err e;

    TRY(get(c, id, false, &d));
    if (d->version != version)
        return other_version(c);
    TRY(check_size(c, v));
    d->posts = *v;
    d->updated_ms = clock_ms();
    TRY(db_begin(c, DB_WRITE));
    e = store_draft_update(c, d);
    if (e == ERR_CONFLICT)
        return other_version(c);
    TRY(e);
    TRY(store_draft_hold(c, d));
    TRY(db_commit(c));
    return get(c, id, false, out);
}

enum err
service_draft_delete(struct ctx *c, int64_t id)
{
    struct draft_row *d;

    TRY(get(c, id, false, &d));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_draft_delete(c, id));
    return db_commit(c);
}

/* ---- scheduling -------------------------------------------------------------------------------------------------- */

static enum err
put_job(struct ctx *c, const struct draft_row *d)
{
    return queue_put(c, J_PUBLISH, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)d->id),
        &(struct job_opts){
            .run_at_ms = d->scheduled_ms, .unique_key = str_fmt(c->mem, "%lld", (long long)d->id), .replace = true });
}

static enum err
check_time(struct ctx *c, int64_t at_ms)
{
    if (at_ms <= clock_ms() + SCHEDULE_AHEAD_MS)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: Scheduled at The scheduled date must be in the future");
    return ERR_OK;
}

/* In the transaction: n posts more on the day of at_ms, had that many until now. */
static enum err
check_limits(struct ctx *c, const struct draft_row *d, int64_t before_ms)
{
    int64_t day = date_midnight(d->scheduled_ms), n = (int64_t)d->posts.n, all, that_day;

    TRY(lock_account(c));
    TRY(store_scheduled_count(c, d->account_id, day, day + DAY_MS, &all, &that_day));
    if (before_ms == 0 && all + n > SCHEDULED_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: You have exceeded the limit of %d scheduled posts", SCHEDULED_MAX);
    if ((before_ms == 0 || date_midnight(before_ms) != day) && that_day + n > SCHEDULED_DAY_MAX)
        return ctx_fail_public(c, ERR_INVALID,
            "Validation failed: You have exceeded the limit of %d scheduled posts for today", SCHEDULED_DAY_MAX);
    return ERR_OK;
}

/* An end at a fixed time must come after the beginning. */
static enum err
check_ends(struct ctx *c, const struct posts *v, int64_t at_ms)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].expires_ms != 0 && v->v[i].expires_ms < at_ms + POST_SECONDS_MIN * SECOND_MS)
            return ctx_fail_public(
                c, ERR_INVALID, "Validation failed: A post lives at least %d seconds", POST_SECONDS_MIN);
    return ERR_OK;
}

enum err
draft_schedule(
    struct ctx *c, const struct posts *v, int64_t at_ms, struct str key, int64_t stale, struct draft_row **out)
{
    struct posts checked = { arena_vec(c->mem, struct post_params, v->n), v->n };
    struct draft_row d;

    TRY(check_time(c, at_ms));
    TRY(check_ends(c, v, at_ms));
    for (size_t i = 0; i < v->n; i++)
        checked.v[i] = v->v[i];
    TRY(status_try(c, &checked, 0));
    d = new_row(c, &checked);
    d.scheduled_ms = at_ms;
    d.key = key;
    TRY(db_begin(c, DB_WRITE));
    if (stale != 0)
        TRY(store_idempotency_forget(c, d.account_id, key, stale));
    if (key.n > 0)
        TRY(store_idempotency_put(c, d.account_id, key, d.id));
    TRY(check_limits(c, &d, 0));
    TRY(store_draft_insert(c, &d));
    TRY(store_draft_hold(c, &d));
    TRY(put_job(c, &d));
    TRY(db_commit(c));
    return get(c, d.id, true, out);
}

/* In the transaction: the row gets its (new) time. */
static enum err
set_time(struct ctx *c, struct draft_row *d, int64_t at_ms)
{
    int64_t before = d->scheduled_ms;
    enum err e;

    d->scheduled_ms = at_ms;
    d->failed_ms = 0;
    d->failure = S("");
    d->updated_ms = clock_ms();
    TRY(check_limits(c, d, before));
    e = store_draft_update(c, d);
    if (e == ERR_CONFLICT)
        return other_version(c);
    TRY(e);
    return put_job(c, d);
}

enum err
service_scheduled_move(struct ctx *c, int64_t id, int64_t at_ms, struct draft_row **out)
{
    struct draft_row *d;

    TRY(get(c, id, true, &d));
    TRY(check_time(c, at_ms));
    TRY(check_ends(c, &d->posts, at_ms));
    TRY(db_begin(c, DB_WRITE));
    TRY(set_time(c, d, at_ms));
    TRY(db_commit(c));
    return get(c, id, true, out);
}

enum err
service_scheduled_delete(struct ctx *c, int64_t id)
{
    struct draft_row *d;

    TRY(get(c, id, true, &d));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_draft_delete(c, id));
    TRY(queue_cancel(c, J_PUBLISH, str_fmt(c->mem, "%lld", (long long)id)));
    return db_commit(c);
}

/* ---- publishing -------------------------------------------------------------------------------------------------- */

enum err
service_draft_publish(struct ctx *c, int64_t id, int64_t version, int64_t at_ms, struct posted *out)
{
    struct draft_row *d;
    struct ids ids;
    enum err e;

    *out = (struct posted){ 0 };
    TRY(get(c, id, false, &d));
    if (version != 0 && d->version != version)
        return other_version(c);
    if (at_ms > clock_ms()) {
        TRY(check_time(c, at_ms));
        TRY(check_ends(c, &d->posts, at_ms));
        TRY(status_try(c, &d->posts, id));
        TRY(db_begin(c, DB_WRITE));
        TRY(set_time(c, d, at_ms));
        TRY(db_commit(c));
        return get(c, id, true, &out->later);
    }
    e = status_publish(c, &d->posts, d, S(""), 0, &ids);
    if (e == ERR_CONFLICT)
        return other_version(c);
    TRY(e);
    return service_status_get_many(c, &ids, &out->now);
}

/* The author, as at the time of writing; what they may not do now is a failure like any other. */
static enum err
act_as_author(struct ctx *c, const struct draft_row *d)
{
    struct account *a;
    struct user *u;

    c->who = (struct who){ .user_id = d->user_id, .account_id = d->account_id, .app_id = d->app_id };
    TRY(store_account_get(c, d->account_id, &a));
    if (a->suspended_ms != 0)
        return ctx_fail_public(c, ERR_FORBIDDEN, "Your account is suspended");
    if (d->user_id == 0)
        return ERR_OK;
    TRY(store_user_get(c, d->user_id, &u));
    c->locale = u->locale; /* of the reason, if it fails */
    if (u->disabled || !u->approved || u->confirmed_ms == 0)
        return ctx_fail_public(c, ERR_FORBIDDEN, "Your login is currently disabled");
    return ERR_OK;
}

static enum err
publish_due(struct ctx *c, const struct draft_row *d)
{
    struct ids ids;

    TRY(act_as_author(c, d));
    return status_publish(c, &d->posts, d, S(""), 0, &ids);
}

/* It stays in the list with the reason until its author moves or deletes it. */
static enum err
keep_failure(struct ctx *c, struct draft_row *d, enum err why)
{
    struct str text = c->fail.public_text.n > 0 ? c->fail.public_text : ctx_tr(c, err_text(why));
    enum err e;

    log_info(c, "scheduled.failed", LOG_INT("draft", d->id), LOG_STR("detail", c->fail.detail));
    d->failed_ms = clock_ms();
    d->failure = str_dup(c->mem, text);
    ctx_ok(c);
    TRY(db_begin(c, DB_WRITE));
    e = db_end(c, store_draft_update(c, d));
    return e == ERR_CONFLICT ? ctx_fail(c, ERR_BUSY, "draft %lld was changed", (long long)d->id) : e;
}

enum err
service_scheduled_run(struct ctx *c, int64_t id, bool last)
{
    struct draft_row *d;
    enum err e = store_draft_any(c, id, &d);

    if (e == ERR_NOT_FOUND) { /* published or deleted */
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (d->scheduled_ms == 0 || d->failed_ms != 0)
        return ERR_OK;
    if (d->scheduled_ms > clock_ms()) { /* the clock went back, or its author moved it: there is a job for that */
        TRY(db_begin(c, DB_WRITE));
        TRY(put_job(c, d));
        return db_commit(c);
    }
    e = publish_due(c, d);
    if (e == ERR_OK)
        return e;
    db_rollback(c);
    if (e == ERR_CONFLICT || ctx_is_raced(c, e)) /* its author, or somebody whom it concerns, was at it: look again */
        return ctx_fail(c, ERR_BUSY, "draft %lld was changed", (long long)id);
    return err_fate(e) == FATE_RETRY && !last ? e : keep_failure(c, d, e);
}
