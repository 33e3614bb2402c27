/* Publishing: one post or a thread, now or later; with a key once. */
#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/draft.h"
#include "service/internal.h"
#include "service/quote.h"
#include "service/status_internal.h"
#include "store/draft.h"
#include "store/status.h"

enum { IDEMPOTENCY_KEY_BYTES_MAX = 255 };

/* ---- making and storing ------------------------------------------------------------------------------------------ */

static enum err
make(struct ctx *c, const struct posts *v, int64_t draft_id, struct account **out_me, struct draft **out)
{
    struct draft *d = arena_vec(c->mem, struct draft, v->n);
    struct account *me;

    TRY(service_me(c, &me));
    *out_me = me;
    if (me->moved_to_id != 0)
        return ctx_fail_public(c, ERR_FORBIDDEN, "Your account has moved; you can no longer post with it");
    if (v->n == 0 || v->n > THREAD_POSTS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: A thread has 1 to %d posts", THREAD_POSTS_MAX);
    for (size_t i = 0; i < v->n; i++) {
        d[i].above = i > 0 ? &d[i - 1] : NULL;
        TRY(status_draft_new(c, me, &v->v[i], draft_id, &d[i]));
    }
    *out = d;
    return ERR_OK;
}

enum err
status_try(struct ctx *c, struct posts *v, int64_t draft_id)
{
    struct account *me;
    struct draft *d;

    TRY(make(c, v, draft_id, &me, &d));
    for (size_t i = 0; i < v->n; i++) {
        v->v[i].visibility = v->v[i].visibility >= 0 ? v->v[i].visibility : (int)d[i].s.visibility;
        v->v[i].sensitive = d[i].s.sensitive;
        v->v[i].language = d[i].s.language;
    }
    return ERR_OK;
}

static enum err
store_all(struct ctx *c, const struct account *me, struct draft *d, size_t n, const struct draft_row *from,
    struct str key, int64_t stale)
{
    int64_t now = clock_ms();

    for (size_t i = 0; i < n; i++)
        d[i].s.id = id_new();
    if (from != NULL)
        TRY(store_draft_claim(c, from));
    if (stale != 0)
        TRY(store_idempotency_forget(c, me->id, key, stale));
    if (key.n > 0) /* first: another request with the key waits here, and not behind half of the work */
        TRY(store_idempotency_put(c, me->id, key, d[0].s.id));
    for (size_t i = 0; i < n; i++)
        if (d[i].quoted != NULL)
            TRY(service_quote_hold(c, me->id, d[i].quoted));
    for (size_t i = 0; i < n; i++)
        TRY(status_draft_store(c, me, &d[i], now));
    if (from == NULL)
        return ERR_OK;
    TRY(store_idempotency_move(c, me->id, from->id, d[0].s.id));
    return store_draft_delete(c, from->id);
}

enum err
status_publish(
    struct ctx *c, const struct posts *v, const struct draft_row *from, struct str key, int64_t stale, struct ids *out)
{
    struct account *me;
    struct draft *d;

    TRY(make(c, v, from != NULL ? from->id : 0, &me, &d));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_all(c, me, d, v->n, from, key, stale));
    *out = (struct ids){ arena_vec(c->mem, int64_t, v->n), v->n };
    for (size_t i = 0; i < v->n; i++)
        out->v[i] = d[i].s.id;
    return db_commit(c);
}

/* ---- once -------------------------------------------------------------------------------------------------------- */

static enum err
load_thread(struct ctx *c, int64_t id, struct statuses *out)
{
    struct ids ids;

    TRY(store_status_own_thread(c, id, THREAD_POSTS_MAX, &ids));
    return service_status_get_many(c, &ids, out);
}

/* What was posted or planned with this key; *stale is its id when it is gone since: then it is posted again. */
static enum err
find_again(struct ctx *c, struct str key, int64_t *stale, struct posted *out)
{
    int64_t id = 0;
    enum err e;

    *out = (struct posted){ 0 };
    *stale = 0;
    if (key.n == 0 || c->who.account_id == 0)
        return ERR_OK;
    if (key.n > IDEMPOTENCY_KEY_BYTES_MAX)
        return ctx_fail_field(c, ERR_INVALID, "Idempotency-Key", "longer than %d bytes", IDEMPOTENCY_KEY_BYTES_MAX);
    TRY(store_idempotency_find(c, c->who.account_id, key, &id));
    if (id == 0)
        return ERR_OK;
    TRY(load_thread(c, id, &out->now));
    if (out->now.n > 0)
        return ERR_OK;
    e = service_scheduled_get(c, id, &out->later);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    *stale = id;
    return ERR_OK;
}

static bool
found(const struct posted *p)
{
    return p->now.n > 0 || p->later != NULL;
}

static enum err
post(struct ctx *c, const struct posts *v, int64_t at_ms, struct str key, int64_t stale, struct posted *out)
{
    struct ids ids;

    if (at_ms > clock_ms())
        return draft_schedule(c, v, at_ms, key, stale, &out->later);
    TRY(status_publish(c, v, NULL, key, stale, &ids));
    return service_status_get_many(c, &ids, &out->now);
}

enum err
service_status_post_all(struct ctx *c, const struct posts *v, int64_t at_ms, struct str key, struct posted *out)
{
    int64_t stale;
    enum err e;

    TRY(find_again(c, key, &stale, out));
    if (found(out))
        return ERR_OK;
    e = post(c, v, at_ms, key, stale, out);
    if (e == ERR_OK)
        return e;
    db_rollback(c);
    if (key.n > 0 &&
        (e == ERR_CONFLICT || e == ERR_INVALID)) { /* another request with this key was faster, and took the media */
        struct failure why = c->fail;

        TRY(find_again(c, key, &stale, out));
        if (found(out)) {
            ctx_ok(c);
            return ERR_OK;
        }
        c->fail = why;
    }
    return e;
}
