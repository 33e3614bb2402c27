/*
 * What is in an archive.  Names and members are those of Mastodon's: actor.json, outbox.json, likes.json, bookmarks.json, the files where
 * the posts say they are.  The lists as CSV are ours.
 */
#include "service/archive_internal.h"

#include "ap/write_activity.h"
#include "ap/write_actor.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "db/db.h"
#include "media/media.h"
#include "service/document.h"
#include "service/exchange.h"
#include "store/interaction.h"
#include "store/status.h"

#include <unistd.h>

enum { PAGE = 20, IDS_PAGE = 200 };

#define FILES_DIR "media_attachments/files/"

/* ---- files ------------------------------------------------------------------------------------------------------------ */

/* One that has no room or is gone is counted, and the rest goes on. */
static enum err
put_file(struct ctx *c, struct zip *z, struct str name, struct str key, struct archive *r)
{
    struct media_file f;
    enum err e = media_store_get(media_store_of(c->env->media), key, &f);

    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_OK && zip_fits(z, name, f.bytes)) {
        e = zip_file(z, name, f.fd, f.bytes); /* pictures and films are packed already */
        r->files++;
    } else {
        r->left_out++;
    }
    if (e != ERR_NOT_FOUND)
        close(f.fd);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the actor ---------------------------------------------------------------------------------------------------------- */

static struct str
picture_name(struct ctx *c, const char *what, struct str key)
{
    ssize_t dot = str_chr(key, '.');

    return dot < 0 ? STR_NONE : str_cat(c->mem, str_z(what), str_sub(key, (size_t)dot, key.n), STR_NONE);
}

/* The document, with collections that are files of the archive. */
static enum err
put_actor(struct ctx *c, struct zip *z, const struct account *a)
{
    static const char *const files[] = { "outbox", "likes", "bookmarks" };
    struct ap_site site = service_site(c);
    struct ap_actor_out out;
    const struct val *v;
    struct json j;
    struct buf b;

    TRY(service_document_actor(c, a, &out));
    if (a->avatar.n > 0)
        out.icon_url = picture_name(c, "avatar", a->avatar);
    if (a->header.n > 0)
        out.image_url = picture_name(c, "header", a->header);
    TRY(json_parse(c->mem, ap_actor_write(c->mem, &site, &out), NULL, &v));
    buf_init(&b, c->mem, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    for (size_t i = 0; i < v->n; i++) {
        if (str_eqz(v->keys[i], "outbox"))
            continue;
        json_member(&j, v->keys[i]);
        json_val(&j, NULL, &v->v[i]);
    }
    for (size_t i = 0; i < lengthof(files); i++)
        json_str(&j, files[i], str_cat(c->mem, str_z(files[i]), S(".json"), STR_NONE));
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "actor of an archive");
    TRY(zip_begin(z, S("actor.json"), true));
    TRY(zip_write(z, buf_str(&b)));
    return zip_end(z);
}

static enum err
put_pictures(struct ctx *c, struct zip *z, const struct account *a, struct archive *r)
{
    if (a->avatar.n > 0)
        TRY(put_file(c, z, picture_name(c, "avatar", a->avatar), a->avatar, r));
    if (a->header.n > 0)
        TRY(put_file(c, z, picture_name(c, "header", a->header), a->header, r));
    return ERR_OK;
}

/* ---- collections, item by item ------------------------------------------------------------------------------------------- */

struct items {
    struct zip *z;
    int64_t n;
};

static enum err
items_begin(struct ctx *c, struct items *s, struct zip *z, struct str name)
{
    struct json j;
    struct buf b;

    *s = (struct items){ .z = z };
    buf_init(&b, c->mem, KB(16));
    json_init(&j, &b);
    json_obj(&j, NULL);
    ap_context_write(&j, AP_CONTEXT_QUOTE);
    json_str(&j, "id", name);
    json_str(&j, "type", S("OrderedCollection"));
    json_arr(&j, "orderedItems"); /* stays open: the items follow as they are read */
    TRY(zip_begin(z, name, true));
    return zip_write(z, buf_str(&b));
}

static enum err
items_put(struct items *s, struct str json)
{
    if (s->n++ > 0)
        TRY(zip_write(s->z, S(",\n")));
    return zip_write(s->z, json);
}

static enum err
items_end(struct ctx *c, struct items *s)
{
    TRY(zip_write(s->z, str_fmt(c->mem, "],\"totalItems\":%lld}", (long long)s->n)));
    return zip_end(s->z);
}

/* ---- posts ---------------------------------------------------------------------------------------------------------------- */

/* Addresses of our files become names in the archive. */
static void
point_to_files(struct ctx *c, struct ap_note_out *x)
{
    struct str base = str_cat(c->mem, c->env->conf->origin, S("/media/"), STR_NONE);
    struct ap_attachment_out *v = arena_vec(c->mem, struct ap_attachment_out, x->n_attachments);

    for (size_t i = 0; i < x->n_attachments; i++) {
        v[i] = x->attachments[i];
        if (str_starts(v[i].url, base))
            v[i].url = str_cat(c->mem, S(FILES_DIR), str_sub(v[i].url, base.n, v[i].url.n), STR_NONE);
    }
    x->attachments = v;
}

static enum err
post_json(struct ctx *c, const struct status *s, struct str *out)
{
    struct ap_site site = service_site(c);
    struct ap_announce_out announce;
    struct ap_activity_out act = { 0 };
    struct ap_note_out note;
    struct json j;
    struct buf b;

    if (s->reblog_of_id != 0) {
        TRY(service_document_announce(c, s, &announce));
        ap_announce_of(c->mem, &site, &announce, &act);
    } else {
        TRY(service_document_note(c, s, &note));
        point_to_files(c, &note);
        ap_create_of(c->mem, &site, &note, &act);
    }
    buf_init(&b, c->mem, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    ap_activity_write_in(&j, c->mem, &site, NULL, AP_CONTEXT_NONE, &act);
    *out = ap_json_done(&j);
    return ERR_OK;
}

typedef enum err (*each_fn)(struct ctx *c, const struct status *s, void *arg);

/* Newest first; the memory of a page is given back after it, and no connection is held while files are written. */
static enum err
each_post(struct ctx *c, const struct account *a, bool only_media, each_fn fn, void *arg)
{
    const struct status_filter mine = { .account_id = a->id, .max_visibility = VIS_COUNT, .only_media = only_media };
    struct page p = { .limit = PAGE };
    size_t n = PAGE;

    while (n == PAGE) {
        struct arena_mark m = arena_save(c->mem);
        struct statuses v;
        struct ids ids;

        TRY(store_status_page_account(c, &mine, &p, &ids));
        TRY(store_status_list(c, &ids, &v));
        TRY(store_status_fill(c, v.v, v.n, 0));
        for (size_t i = 0; i < v.n; i++)
            TRY(fn(c, v.v[i], arg));
        db_rollback(c);
        n = ids.n;
        p.max_id = n > 0 ? ids.v[n - 1] : 0;
        arena_restore(c->mem, m);
        if (c->deadline_mono_ms != 0 && clock_mono_ms() > c->deadline_mono_ms)
            return ctx_fail(c, ERR_TIMEOUT, "an archive takes longer than its job may");
    }
    return ERR_OK;
}

static enum err
put_post(struct ctx *c, const struct status *s, void *arg)
{
    struct str json;

    TRY(post_json(c, s, &json));
    return items_put(arg, json);
}

struct files {
    struct zip *z;
    struct archive *r;
};

static enum err
put_post_files(struct ctx *c, const struct status *s, void *arg)
{
    struct files *f = arg;

    if (s->reblog_of_id != 0)
        return ERR_OK;
    db_rollback(c);
    for (size_t i = 0; i < s->n_media; i++) {
        struct str key = s->media[i].file;

        if (key.n > 0)
            TRY(put_file(c, f->z, str_cat(c->mem, S(FILES_DIR), key, STR_NONE), key, f->r));
    }
    return ERR_OK;
}

static enum err
put_outbox(struct ctx *c, struct zip *z, const struct account *a, struct archive *r)
{
    struct items s;

    TRY(items_begin(c, &s, z, S("outbox.json")));
    TRY(each_post(c, a, false, put_post, &s));
    r->posts = s.n;
    return items_end(c, &s);
}

/* ---- ids of what is others' ------------------------------------------------------------------------------------------------- */

typedef enum err (*page_fn)(struct ctx *c, int64_t account_id, const struct page *p, struct cursor_ids *out);

static enum err
put_ids(struct ctx *c, struct items *s, const struct cursor_ids *v)
{
    struct ids ids = { v->id, v->n };
    struct statuses posts;

    TRY(store_status_list(c, &ids, &posts));
    for (size_t i = 0; i < posts.n; i++) {
        struct json j;
        struct buf b;

        buf_init(&b, c->mem, KB(64));
        json_init(&j, &b);
        json_str(&j, NULL, posts.v[i]->uri);
        TRY(items_put(s, buf_str(&b)));
    }
    return ERR_OK;
}

static enum err
put_list(struct ctx *c, struct zip *z, const struct account *a, struct str name, page_fn page)
{
    struct page p = { .limit = IDS_PAGE };
    size_t n = IDS_PAGE;
    struct items s;

    TRY(items_begin(c, &s, z, name));
    while (n == IDS_PAGE) {
        struct arena_mark m = arena_save(c->mem);
        struct cursor_ids v;

        TRY(page(c, a->id, &p, &v));
        TRY(put_ids(c, &s, &v));
        db_rollback(c);
        n = v.n;
        p.max_id = n > 0 ? v.cursor[n - 1] : 0;
        arena_restore(c->mem, m);
    }
    return items_end(c, &s);
}

static enum err
put_csv(struct ctx *c, struct zip *z)
{
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct arena_mark m = arena_save(c->mem);
        struct str csv;

        TRY(service_export(c, (enum list_kind)kind, &csv));
        db_rollback(c);
        TRY(zip_begin(z, str_cat(c->mem, str_z(list_kind_names[kind]), S(".csv"), STR_NONE), true));
        TRY(zip_write(z, csv));
        TRY(zip_end(z));
        arena_restore(c->mem, m);
    }
    return ERR_OK;
}

/* What is small and cannot be had again comes first; files take the room that is left, the newest first. */
enum err
archive_write(struct ctx *c, struct zip *z, struct account *a, struct archive *r)
{
    struct files f = { z, r };

    TRY(put_actor(c, z, a));
    TRY(put_outbox(c, z, a, r));
    TRY(put_list(c, z, a, S("likes.json"), store_favourite_page));
    TRY(put_list(c, z, a, S("bookmarks.json"), store_bookmark_page));
    TRY(put_csv(c, z));
    TRY(put_pictures(c, z, a, r));
    return each_post(c, a, true, put_post_files, &f);
}
