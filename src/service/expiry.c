/* Posts that delete themselves: one waiting job for each, which moves when an edit moves the time. */
#include "service/expiry.h"

#include "base/clock.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/status.h"
#include "store/status.h"

enum err
service_expiry_draft(struct ctx *c, const struct post_params *p, int64_t *out)
{
    int64_t now = clock_ms(), at = p->expires_ms;

    *out = 0;
    if (at == 0 && p->expires_in == 0)
        return ERR_OK;
    if (p->expires_in < 0 || p->expires_in > POST_SECONDS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Expires in must be between %d and %d seconds",
            POST_SECONDS_MIN, POST_SECONDS_MAX);
    if (at == 0)
        at = now + p->expires_in * SECOND_MS;
    if (at < now + POST_SECONDS_MIN * SECOND_MS)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: A post lives at least %d seconds", POST_SECONDS_MIN);
    if (at > now + POST_SECONDS_MAX * (int64_t)SECOND_MS)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Expires at is too far into the future");
    *out = at;
    return ERR_OK;
}

enum err
service_expiry_put(struct ctx *c, const struct status *s)
{
    struct str key = str_fmt(c->mem, "%lld", (long long)s->id);

    if (s->expires_ms == 0)
        return queue_cancel(c, J_EXPIRE_STATUS, key);
    return queue_put(c, J_EXPIRE_STATUS, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)s->id),
        &(struct job_opts){ .run_at_ms = s->expires_ms, .unique_key = key, .replace = true });
}

/* In the transaction, on the locked row: an edit may have moved the time. */
static enum err
expire(struct ctx *c, struct status *s)
{
    struct status *now;

    TRY(store_status_lock(c, s->id, &now));
    if (now->expires_ms == 0 || now->expires_ms > clock_ms())
        return service_expiry_put(c, now);
    return service_status_remove(c, s, true);
}

enum err
service_expiry_run(struct ctx *c, int64_t status_id)
{
    struct status *s;
    enum err e = store_status_get(c, status_id, &s);

    if (e == ERR_OK)
        e = store_status_fill(c, &s, 1, 0);
    if (e == ERR_OK)
        e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = db_end(c, expire(c, s));
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c); /* deleted before its time */
    return ERR_OK;
}
