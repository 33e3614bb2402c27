/* Archives: asked for, made by a job, fetched. */
#include "service/archive.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"
#include "media/media.h"
#include "queue/queue.h"
#include "service/archive_internal.h"
#include "service/user_internal.h"
#include "store/account.h"
#include "store/archive.h"
#include "store/media.h"
#include "store/user.h"

/* ---- asking --------------------------------------------------------------------------------------------------------- */

/* In a write transaction. */
static enum err
request(struct ctx *c, struct archive *out)
{
    struct archives old;
    int64_t now = clock_ms();

    TRY(store_archive_list(c, c->who.account_id, &old));
    for (size_t i = 0; i < old.n; i++)
        if (old.v[i].state != ARCHIVE_FAILED && old.v[i].created_ms > now - ARCHIVE_EVERY_MS)
            return ctx_fail_public(c, ERR_INVALID, "An archive can be asked for once in 7 days");
    *out = (struct archive){
        .id = id_new(), .account_id = c->who.account_id, .created_ms = now, .expires_ms = now + ARCHIVE_EVERY_MS
    };
    TRY(store_archive_put(c, out));
    return queue_put_id(c, J_ARCHIVE, out->id);
}

enum err
service_archive_request(struct ctx *c, struct archive *out)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = request(c, out);
    if (e == ERR_CONFLICT) /* two requests at the same moment */
        return ctx_fail_public(c, ERR_INVALID, "An archive can be asked for once in 7 days");
    TRY(e);
    return db_commit(c);
}

enum err
service_archive_list(struct ctx *c, struct archives *out)
{
    return store_archive_list(c, c->who.account_id, out);
}

/* ---- fetching -------------------------------------------------------------------------------------------------------- */

enum err
service_archive_open(struct ctx *c, int64_t id, int *fd, int64_t *bytes, struct str *name)
{
    struct account *a;
    struct archives v;

    TRY(store_archive_list(c, c->who.account_id, &v));
    for (size_t i = 0; i < v.n; i++) {
        const struct archive *r = &v.v[i];

        if (r->state != ARCHIVE_READY || r->expires_ms < clock_ms() || (id != 0 && r->id != id))
            continue;
        TRY(store_account_get(c, r->account_id, &a));
        *bytes = r->bytes;
        *name = str_cat(c->mem, a->username, S("-"), c->env->conf->domain, S("-"), date_day(c->mem, r->created_ms),
            S(".zip"), STR_NONE);
        return media_store_waiting(media_store_of(c->env->media), r->place, fd);
    }
    return ctx_fail(c, ERR_NOT_FOUND, "no archive of this account");
}

/* ---- the job ---------------------------------------------------------------------------------------------------------- */

/* The file goes by itself when its time is over, or with the account. */
static enum err
note_end(struct ctx *c, struct archive *r, const struct user *u, bool *won)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_archive_end(c, r, won));
    if (*won && r->place.n > 0)
        TRY(store_dead_file_put_at(c, r->place, r->expires_ms));
    if (*won && r->state == ARCHIVE_READY)
        TRY(service_user_mail(c, u, USER_MAIL_ARCHIVE, u->email));
    return db_commit(c);
}

static enum err
write_file(struct ctx *c, int fd, struct account *a, struct archive *r)
{
    int64_t bytes;
    struct zip *z;
    enum err e;

    TRY(zip_open(fd, ARCHIVE_BYTES_MAX, clock_ms(), &z));
    e = archive_write(c, z, a, r);
    if (e == ERR_OK)
        e = zip_finish(z, &bytes);
    zip_close(z);
    return e;
}

static enum err
make(struct ctx *c, struct account *a, const struct user *u, struct archive *r)
{
    struct media_store *store = media_store_of(c->env->media);
    struct media_put put;
    bool won;
    enum err e;

    TRY(media_store_begin(store, &put));
    e = write_file(c, put.fd, a, r);
    if (e == ERR_OK)
        e = media_store_keep(store, &put, c->mem, &r->place, &r->bytes);
    media_store_abort(store, &put);
    TRY(e);
    r->state = ARCHIVE_READY;
    r->expires_ms = clock_ms() + ARCHIVE_EVERY_MS;
    e = note_end(c, r, u, &won);
    if (e != ERR_OK || !won)
        (void)!media_store_delete(store, r->place); /* the account is gone, or the job of somebody else was first */
    return e;
}

static enum err
start(struct ctx *c, int64_t id, struct archive *r, struct account **a, struct user **u)
{
    TRY(store_archive_get(c, id, r));
    TRY(store_account_get(c, r->account_id, a));
    TRY(store_account_fill(c, a, 1));
    TRY(store_user_by_account(c, r->account_id, u));
    c->who = (struct who){ .user_id = (*u)->id, .account_id = r->account_id };
    return ERR_OK;
}

enum err
service_archive_build(struct ctx *c, int64_t id, bool last)
{
    struct archive r;
    struct account *a;
    struct user *u;
    bool won;
    enum err e = start(c, id, &r, &a, &u);

    if (e == ERR_NOT_FOUND) { /* whoever asked is gone */
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (r.state != ARCHIVE_WAITING)
        return ERR_OK;
    e = make(c, a, u, &r);
    if (e == ERR_OK)
        log_info(c, "archive.ready", LOG_INT("bytes", r.bytes), LOG_INT("posts", r.posts), LOG_INT("files", r.files));
    if (e == ERR_OK || (!last && (err_fate(e) == FATE_RETRY || ctx_is_raced(c, e))))
        return e; /* whatever ends the job else ends the waiting too */
    db_rollback(c);
    r = (struct archive){ .id = id, .state = ARCHIVE_FAILED, .expires_ms = clock_ms() + DAY_MS };
    TRY(note_end(c, &r, u, &won));
    return e;
}
