/* Uploads of local people, and the pictures of remote posts and people. */
#include "service/media.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "http/client.h"
#include "media/media.h"
#include "media/probe.h"
#include "media/rules.h"
#include "service/internal.h"
#include "store/account.h"
#include "store/federation.h"
#include "store/media.h"
#include "text/unicode.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FETCH_TIMEOUT_PICTURE_MS = 60 * SECOND_MS };

bool
service_media_focus(struct str focus, double *x, double *y)
{
    char text[48];
    int used = 0;

    if (focus.n == 0 || focus.n >= sizeof(text) || str_find(focus, S(" ")) >= 0)
        return false;
    snprintf(text, sizeof(text), "%.*s", STR_ARG(focus));
    if (sscanf(text, "%lf,%lf%n", x, y, &used) != 2 || (size_t)used != focus.n || !isfinite(*x) || !isfinite(*y))
        return false;
    *x = fmax(-1, fmin(1, *x));
    *y = fmax(-1, fmin(1, *y));
    return true;
}

enum err
service_media_apply(struct ctx *c, const struct media_params *p, struct media_row *m)
{
    if (p->description.p != NULL) {
        m->description = text_lines(c->mem, p->description);
        if (utf8_count(m->description) > MEDIA_TEXT_CHARS_MAX)
            return ctx_fail_public(c, ERR_INVALID,
                "Validation failed: Description is too long (maximum is %d characters)", MEDIA_TEXT_CHARS_MAX);
    }
    if (p->focus.n > 0 && !service_media_focus(p->focus, &m->focus_x, &m->focus_y))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Focus is not two numbers between -1 and 1");
    return ERR_OK;
}

static void
unmap(void *arg)
{
    struct str *s = arg;

    munmap((void *)(uintptr_t)s->p, s->n);
}

/* The bytes of an upload: in memory, or mapped from the spooled body, where a part begins anywhere. */
static enum err
input_of(struct ctx *c, const struct media_params *p, struct media_input *in)
{
    int64_t page = sysconf(_SC_PAGESIZE), from = p->off / page * page;
    struct str *map;
    void *at;

    *in = (struct media_input){ .fd = -1, .bytes = p->bytes };
    if (p->fd < 0)
        return ERR_OK;
    if (p->n <= 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: File is empty");
    at = mmap(NULL, (size_t)(p->off - from + p->n), PROT_READ, MAP_PRIVATE, p->fd, from);
    if (at == MAP_FAILED)
        return ctx_fail(c, ERR_INTERNAL, "an upload could not be mapped");
    map = arena_new(c->mem, struct str);
    *map = (struct str){ at, (size_t)(p->off - from + p->n) };
    arena_defer(c->mem, unmap, map);
    in->bytes = (struct str){ map->p + (p->off - from), (size_t)p->n };
    return ERR_OK;
}

/* What was made, onto the row. */
static void
apply_result(struct media_row *m, const struct media_result *r)
{
    m->kind = r->kind;
    m->state = MEDIA_READY;
    m->mime = str_z(media_type_mime(r->file.type));
    m->file = r->file.key;
    m->thumb = r->small.key;
    m->bytes = r->file.bytes + r->small.bytes;
    m->width = r->file.width;
    m->height = r->file.height;
    m->thumb_width = r->small.width;
    m->thumb_height = r->small.height;
    m->duration_ms = r->duration_ms;
    m->blurhash = r->blurhash;
}

enum err
service_media_upload(struct ctx *c, const struct media_params *p, struct media_row **out)
{
    struct media_row *m = arena_new(c->mem, struct media_row);
    struct media_result made;
    struct media_input in;
    struct account *me;
    enum err e;

    TRY(service_me(c, &me));
    m->id = id_new();
    m->account_id = me->id;
    m->created_ms = clock_ms();
    TRY(service_media_apply(c, p, m));
    TRY(input_of(c, p, &in));
    TRY(media_process(c, in, MEDIA_FOR_POST, &made));
    apply_result(m, &made);
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_media_insert(c, m);
    if (e == ERR_OK)
        e = db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
        media_discard(c, &made);
        return e;
    }
    *out = m;
    return ERR_OK;
}

enum err
service_media_get(struct ctx *c, int64_t id, struct media_row **out)
{
    TRY(store_media_get(c, id, out));
    if ((*out)->account_id != c->who.account_id || (*out)->status_id != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "media %lld is another account's or attached", (long long)id);
    return ERR_OK;
}

enum err
service_media_update(struct ctx *c, int64_t id, const struct media_params *p, struct media_row **out)
{
    TRY(service_media_get(c, id, out));
    TRY(service_media_apply(c, p, *out));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_update(c, *out));
    return db_commit(c);
}

enum err
service_media_delete(struct ctx *c, int64_t id)
{
    struct media_row *m;

    TRY(store_media_get(c, id, &m));
    if (m->account_id != c->who.account_id)
        return ctx_fail(c, ERR_NOT_FOUND, "media %lld is another account's", (long long)id);
    if (m->status_id != 0)
        return ctx_fail_public(c, ERR_INVALID, "Media attachment is currently used by a post");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_delete(c, id));
    return db_commit(c);
}

enum err
service_media_picture(
    struct ctx *c, const struct media_params *p, bool header, struct str *file, struct str *file_static)
{
    struct media_result made;
    struct media_input in;

    TRY(input_of(c, p, &in));
    TRY(media_process(c, in, header ? MEDIA_FOR_HEADER : MEDIA_FOR_AVATAR, &made));
    *file = made.file.key;
    *file_static = made.small.key;
    return ERR_OK;
}

/* ---- remote pictures ---------------------------------------------------------------------------------------------- */

/* No pictures from domains whose media an admin refuses. */
static enum err
domain_media_ok(struct ctx *c, struct str domain, bool *out)
{
    struct domain_policy *p = NULL;

    if (domain.n > 0)
        TRY(store_domain_policy(c, domain, &p));
    *out = p == NULL || (!p->reject_media && p->severity != DOMAIN_SUSPEND);
    return ERR_OK;
}

static enum err
fetch_picture(struct ctx *c, struct str url, enum media_purpose purpose, struct media_result *out)
{
    struct fetch_request rq = { .method = HTTP_GET,
        .url = url,
        .body_max = purpose == MEDIA_FOR_POST ? MEDIA_IMAGE_BYTES_MAX : MEDIA_AVATAR_BYTES_MAX,
        .timeout_ms = FETCH_TIMEOUT_PICTURE_MS };
    struct fetch_response *answer;

    TRY(http_client_fetch(c, &rq, &answer));
    return media_process(c, (struct media_input){ .fd = -1, .bytes = answer->body }, purpose, out);
}

/* A picture that cannot be had stays a link: only what may be better later is tried again. */
static bool
is_final(enum err e)
{
    return e == ERR_INVALID || e == ERR_TOO_LARGE || e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN ||
           e == ERR_BAD_REQUEST;
}

static enum err
record_fetched(struct ctx *c, struct media_row *m, const struct media_result *made)
{
    struct media_row *now;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_get(c, m->id, &now));
    if (now->file.n > 0)
        return ctx_fail(c, ERR_CONFLICT, "media %lld was fetched by another job", (long long)m->id);
    apply_result(m, made);
    m->description = now->description;
    TRY(store_media_update(c, m));
    return db_commit(c);
}

enum err
service_media_fetch(struct ctx *c, int64_t media_id)
{
    struct media_row *m;
    struct account *owner;
    struct media_result made;
    bool ok;
    enum err e;

    TRY(store_media_get(c, media_id, &m));
    if (m->state != MEDIA_REMOTE || m->remote_url.n == 0 || m->kind != MEDIA_IMAGE)
        return ERR_OK;
    TRY(store_account_get(c, m->account_id, &owner));
    TRY(domain_media_ok(c, owner->domain, &ok));
    if (!ok)
        return ERR_OK;
    e = fetch_picture(c, m->remote_url, MEDIA_FOR_POST, &made);
    if (is_final(e)) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    e = record_fetched(c, m, &made);
    if (e != ERR_OK) {
        db_rollback(c);
        media_discard(c, &made);
    }
    if (e == ERR_CONFLICT || e == ERR_NOT_FOUND) { /* done by another job, or the post was deleted meanwhile */
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

/* One picture of an account; file stays empty when it cannot be had. */
static enum err
fetch_one(struct ctx *c, struct str url, enum media_purpose purpose, struct str *file, struct str *file_static)
{
    struct media_result made;
    enum err e;

    if (url.n == 0)
        return ERR_OK;
    e = fetch_picture(c, url, purpose, &made);
    if (is_final(e)) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    *file = made.file.key;
    *file_static = made.small.key;
    return ERR_OK;
}

/* A fetched picture goes into the row, or dies when the row names another by now or has one. */
static enum err
take_picture(
    struct ctx *c, bool wanted, struct str file, struct str file_static, struct str *row, struct str *row_static)
{
    if (file.n == 0 || str_eq(file, *row))
        return ERR_OK;
    if (!wanted || row->n > 0) {
        TRY(store_dead_file_put(c, file));
        return file_static.n > 0 ? store_dead_file_put(c, file_static) : ERR_OK;
    }
    *row = file;
    *row_static = file_static;
    return ERR_OK;
}

enum err
service_media_fetch_account(struct ctx *c, int64_t account_id)
{
    struct account *a, *now;
    struct str avatar = STR_NONE, avatar_static = STR_NONE, header = STR_NONE, header_static = STR_NONE;
    bool ok;
    enum err e = ERR_OK;

    TRY(store_account_get(c, account_id, &a));
    if (account_is_local(a) || a->suspended_ms != 0)
        return ERR_OK;
    TRY(domain_media_ok(c, a->domain, &ok));
    if (!ok)
        return ERR_OK;
    if (a->avatar.n == 0)
        e = fetch_one(c, a->avatar_remote, MEDIA_FOR_AVATAR, &avatar, &avatar_static);
    if (e == ERR_OK && a->header.n == 0)
        e = fetch_one(c, a->header_remote, MEDIA_FOR_HEADER, &header, &header_static);
    if (avatar.n == 0 && header.n == 0)
        return e;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_get(
        c, account_id, &now)); /* the profile may have changed meanwhile: only the pictures are ours */
    TRY(take_picture(
        c, str_eq(now->avatar_remote, a->avatar_remote), avatar, avatar_static, &now->avatar, &now->avatar_static));
    TRY(take_picture(
        c, str_eq(now->header_remote, a->header_remote), header, header_static, &now->header, &now->header_static));
    TRY(store_account_update(c, now));
    TRY(db_commit(c));
    return e;
}

/* ---- clean-up ------------------------------------------------------------------------------------------------------ */

enum err
service_media_prune(struct ctx *c, int64_t loose_before_ms)
{
    struct ids loose;
    struct strs dead;
    enum err failed = ERR_OK;

    TRY(store_media_loose(c, loose_before_ms, 500, &loose));
    if (loose.n > 0) {
        TRY(db_begin(c, DB_WRITE));
        for (size_t i = 0; i < loose.n; i++) {
            enum err e = store_media_delete(c, loose.v[i]);

            if (e != ERR_NOT_FOUND) /* attached meanwhile: stays */
                TRY(e);
        }
        TRY(db_commit(c));
    }
    TRY(store_dead_file_list(c, 500, &dead));
    for (size_t i = 0; i < dead.n; i++) {
        enum err e = media_store_delete(media_store_of(c->env->media), dead.v[i]);

        if (e != ERR_OK && e != ERR_NOT_FOUND) { /* one that cannot be deleted must not keep the others */
            failed = e;
            continue;
        }
        TRY(db_begin(c, DB_WRITE));
        TRY(store_dead_file_forget(c, dead.v[i]));
        TRY(db_commit(c));
    }
    return failed == ERR_OK ? ERR_OK : ctx_fail(c, failed, "a file could not be deleted from storage");
}
