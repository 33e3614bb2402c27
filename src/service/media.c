/* Uploads of local people.  Pictures from elsewhere: media_remote.c; what goes: media_clean.c. */
#include "service/media.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/utf8.h"
#include "db/db.h"
#include "media/media.h"
#include "media/probe.h"
#include "media/rules.h"
#include "queue/queue.h"
#include "service/internal.h"
#include "service/media_internal.h"
#include "store/media.h"
#include "text/unicode.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { UNCLAIMED_MS = HOUR_MS };

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
bytes_of(struct ctx *c, const struct media_given *p, struct str *out)
{
    int64_t page = sysconf(_SC_PAGESIZE), from = p->off / page * page;
    struct str *map;
    void *at;

    *out = p->bytes;
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
    *out = (struct str){ map->p + (p->off - from), (size_t)p->n };
    return ERR_OK;
}

/* A file that will not be recorded; when it cannot be deleted now, a sweeper finds it. */
static void
discard_file(struct ctx *c, struct str key)
{
    if (media_store_delete(media_store_of(c->env->media), key) != ERR_OK)
        return;
}

/* What was made, onto the row. */
void
media_apply_result(struct media_row *m, const struct media_result *r)
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

bool
media_is_final(enum err e)
{
    return e == ERR_INVALID || e == ERR_TOO_LARGE || e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN ||
           e == ERR_BAD_REQUEST;
}

/* Pictures take well under a second; the rest may take minutes. */
static bool
can_wait(enum media_type t, bool gif_now)
{
    return media_type_kind(t) != MEDIA_IMAGE || (t == MT_GIF && !gif_now);
}

static enum err
register_unclaimed(struct ctx *c, const struct media_result *made)
{
    int64_t due_ms = clock_ms() + UNCLAIMED_MS;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_dead_file_put_at(c, made->file.key, due_ms));
    if (made->small.key.n > 0)
        TRY(store_dead_file_put_at(c, made->small.key, due_ms));
    return db_commit(c);
}

/* A picture whose file goes in an hour unless somebody records it. */
static enum err
make_unclaimed(struct ctx *c, const struct media_given *from, enum media_purpose purpose, struct media_result *made)
{
    struct media_input in = { .fd = -1 };
    enum err e;

    TRY(bytes_of(c, from, &in.bytes));
    db_rollback(c); /* no connection while it is decoded */
    TRY(media_process(c, in, purpose, made));
    e = register_unclaimed(c, made);
    if (e != ERR_OK) {
        db_rollback(c);
        media_discard(c, made);
    }
    return e;
}

/* The looks of a file that is not decoded, or only heard, are those of its thumbnail. */
static void
take_thumb(struct media_row *m, const struct media_row *own)
{
    m->thumb = own->thumb;
    m->thumb_width = own->thumb_width;
    m->thumb_height = own->thumb_height;
    m->blurhash = own->blurhash;
}

enum err
service_media_thumb(struct ctx *c, const struct media_given *in, struct media_row *m)
{
    struct media_result made;

    TRY(make_unclaimed(c, in, MEDIA_FOR_THUMB, &made));
    take_thumb(m, &(struct media_row){ .thumb = made.file.key,
                      .thumb_width = made.file.width,
                      .thumb_height = made.file.height,
                      .blurhash = made.blurhash });
    return ERR_OK;
}

enum err
service_media_thumb_kept(struct ctx *c, struct str was, const struct media_row *m)
{
    if (m->thumb.n > 0)
        TRY(store_dead_file_forget(c, m->thumb));
    return was.n > 0 ? store_dead_file_put(c, was) : ERR_OK;
}

/* In place of the one that was just made of the file. */
static void
use_own_thumb(struct ctx *c, struct media_row *m, const struct media_row *own)
{
    if (m->thumb.n > 0)
        discard_file(c, m->thumb);
    take_thumb(m, own);
}

static enum err
insert_ready(struct ctx *c, struct str bytes, struct media_row *m)
{
    struct media_result made;
    struct media_row own;
    enum err e;

    TRY(media_process(c, (struct media_input){ .fd = -1, .bytes = bytes }, MEDIA_FOR_POST, &made));
    own = *m;
    media_apply_result(m, &made);
    if (own.thumb.n > 0)
        use_own_thumb(c, m, &own);
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_media_insert(c, m);
    if (e == ERR_OK)
        e = service_media_thumb_kept(c, STR_NONE, &own);
    e = db_end(c, e);
    if (e != ERR_OK)
        media_discard(c, &made);
    return e;
}

/* File first, then row and job: a crash in between leaves a file that the store sweeps. */
static enum err
insert_waiting(struct ctx *c, struct str bytes, enum media_type type, struct media_row *m)
{
    struct media_store *store = media_store_of(c->env->media);
    enum err e;

    m->kind = media_type_kind(type); /* a GIF is a picture until a job has seen it move */
    m->state = MEDIA_PROCESSING;
    m->mime = str_z(media_type_mime(type));
    m->bytes = (int64_t)bytes.n;
    if (media_store_wait(store, bytes, c->mem, &m->file) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "the media directory does not take an upload");
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_media_insert(c, m);
    if (e == ERR_OK)
        e = service_media_thumb_kept(c, STR_NONE, m);
    if (e == ERR_OK)
        e = queue_put_id(c, J_PROCESS_MEDIA, m->id);
    e = db_end(c, e);
    if (e != ERR_OK)
        discard_file(c, m->file);
    return e;
}

enum err
service_media_upload(struct ctx *c, const struct media_params *p, struct media_row **out)
{
    struct media_row *m = arena_new(c->mem, struct media_row);
    struct str bytes;
    enum media_type type;
    struct account *me;

    TRY(service_me(c, &me));
    m->id = id_new();
    m->account_id = me->id;
    m->created_ms = clock_ms();
    TRY(service_media_apply(c, p, m));
    TRY(bytes_of(c, &p->file, &bytes));
    TRY(media_check(c, bytes, (int64_t)bytes.n, MEDIA_FOR_POST, &type));
    db_rollback(c); /* no connection while it is decoded or written */
    if (p->thumb != NULL)
        TRY(service_media_thumb(c, p->thumb, m));
    if (can_wait(type, p->gif_now))
        TRY(insert_waiting(c, bytes, type, m));
    else
        TRY(insert_ready(c, bytes, m));
    *out = m;
    return ERR_OK;
}

/* Once and for all: what was made, or that nothing can be made. */
static enum err
finish(struct ctx *c, struct media_row *m, struct str waiting, bool *won)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_finish(c, m, waiting, won));
    TRY(db_commit(c));
    discard_file(c, waiting); /* else the prune job does, as it is in dead_file */
    return ERR_OK;
}

static enum err
decode_waiting(struct ctx *c, struct str waiting, struct media_result *out)
{
    struct media_input in;
    enum err e = media_store_waiting(media_store_of(c->env->media), waiting, &in.fd);

    if (e == ERR_NOT_FOUND)
        return ctx_fail(c, ERR_INVALID, "the waiting upload is not in the media directory");
    if (e != ERR_OK)
        return ctx_fail(c, e, "the media directory does not give back an upload");
    in.bytes = STR_NONE;
    e = media_process(c, in, MEDIA_FOR_POST, out);
    close(in.fd);
    return e;
}

enum err
service_media_process(struct ctx *c, int64_t id, bool last)
{
    struct media_result made = { 0 };
    struct media_row *m;
    struct str waiting, why;
    bool won = false;
    enum err e = store_media_get(c, id, &m);

    if (e == ERR_NOT_FOUND) { /* deleted meanwhile */
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (m->state != MEDIA_PROCESSING)
        return ERR_OK;
    waiting = m->file;
    db_rollback(c); /* no connection while it is decoded */
    e = decode_waiting(c, waiting, &made);
    if (e != ERR_OK && !media_is_final(e) && !last)
        return e;
    m->file = STR_NONE;
    m->state = MEDIA_FAILED;
    if (e == ERR_OK)
        media_apply_result(m, &made);
    why = c->fail.detail;
    ctx_ok(c);
    e = finish(c, m, waiting, &won);
    if (e == ERR_OK && won && m->state == MEDIA_FAILED)
        log_info(c, "media.failed", LOG_INT("media", id), LOG_STR("detail", why));
    if (e != ERR_OK)
        db_rollback(c);
    if (!won) /* after a commit without an answer, files too many are better than files too few */
        media_discard(c, &made);
    return e;
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
    struct media_row made = { 0 };
    struct str was;

    TRY(service_media_get(c, id, out));
    TRY(service_media_apply(c, p, *out));
    if (p->thumb != NULL) {
        db_rollback(c); /* no connection while it is decoded */
        TRY(service_media_thumb(c, p->thumb, &made));
    }
    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_describe(c, *out)); /* a job may be writing the rest */
    if (p->thumb != NULL) {
        TRY(store_media_lock(c, id, out)); /* of two who send one the last wins, and the file of the first goes */
        was = (*out)->thumb;
        take_thumb(*out, &made);
        TRY(store_media_set_thumb(c, *out));
        TRY(service_media_thumb_kept(c, was, *out));
    }
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
    if (m->draft_id != 0)
        return ctx_fail_public(c, ERR_INVALID, "Media attachment is currently used by a draft or scheduled post");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_delete(c, id));
    return db_commit(c);
}

enum err
service_media_picture(
    struct ctx *c, const struct media_given *from, bool header, struct str *file, struct str *file_static)
{
    struct media_result made;

    TRY(make_unclaimed(c, from, header ? MEDIA_FOR_HEADER : MEDIA_FOR_AVATAR, &made));
    *file = made.file.key;
    *file_static = made.small.key;
    return ERR_OK;
}
