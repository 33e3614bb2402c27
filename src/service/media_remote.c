/* Pictures of remote posts and people: fetched by jobs, and again when somebody asks for one that went. */
#include "service/media.h"

#include "base/clock.h"
#include "db/db.h"
#include "http/client.h"
#include "service/domain.h"
#include "service/media_internal.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/emoji.h"
#include "store/media.h"
#include "store/media_cache.h"

#include <stdatomic.h>

enum {
    FETCH_TIMEOUT_PICTURE_MS = 60 * SECOND_MS,
    ON_DEMAND_MS = 10 * SECOND_MS, /* somebody waits */
    ON_DEMAND_AT_ONCE = 3,         /* workers that may wait for strangers; the others go on */
    ON_DEMAND_LATER_MS = 5 * SECOND_MS,
};

struct picture {
    struct str file, small; /* storage keys, empty: none */
    int64_t bytes;          /* of both */
};

/* In the transaction that names the file. */
static enum err
remember(struct ctx *c, enum media_cached kind, int64_t owner_id, struct str file, int64_t bytes)
{
    return store_cached_put(c, &(struct cached_file){ file, kind, owner_id, bytes, clock_ms() });
}

/* No pictures from domains whose media an admin refuses. */
static enum err
domain_media_ok(struct ctx *c, struct str domain, bool *out)
{
    struct domain_rule rule = { 0 };

    if (domain.n > 0)
        TRY(service_domain_rule(c, domain, &rule));
    *out = !rule.reject_media && !rule.closed;
    return ERR_OK;
}

/* Where the picture is counts as much as whose it is: nothing comes from hosts that are closed or whose media are refused. */
static enum err
media_hop(
    struct ctx *c, void *arg UNUSED, const struct url *u, struct http_header *out UNUSED, size_t max UNUSED, size_t *n)
{
    bool ok;

    *n = 0;
    TRY(domain_media_ok(c, u->authority, &ok));
    return ok ? ERR_OK : ctx_fail(c, ERR_FORBIDDEN, "no pictures from %.*s", STR_ARG(u->authority));
}

static enum err
fetch_picture(struct ctx *c, struct str url, enum media_purpose purpose, struct media_result *out)
{
    struct fetch_request rq = { .method = HTTP_GET,
        .url = url,
        .body_max = media_rules[purpose].bytes_max,
        .timeout_ms = FETCH_TIMEOUT_PICTURE_MS,
        .hop = media_hop };
    struct fetch_response *answer;

    TRY(http_client_fetch(c, &rq, &answer));
    return media_process(c, (struct media_input){ .fd = -1, .bytes = answer->body }, purpose, out);
}

static enum err
record_fetched(struct ctx *c, const struct media_row *m, const struct media_result *made)
{
    struct media_row *now;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_media_lock(c, m->id, &now));
    if (now->file.n > 0 || !str_eq(now->remote_url, m->remote_url))
        return ctx_fail(c, ERR_CONFLICT, "media %lld was fetched by another job, or is another", (long long)m->id);
    media_apply_result(now, made);
    TRY(store_media_update(c, now));
    TRY(remember(c, MEDIA_CACHED_ATTACHMENT, now->id, now->file, now->bytes));
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
    if (media_is_final(e)) {
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
fetch_one(struct ctx *c, struct str url, enum media_purpose purpose, struct picture *out)
{
    struct media_result made;
    enum err e;

    if (url.n == 0)
        return ERR_OK;
    e = fetch_picture(c, url, purpose, &made);
    if (media_is_final(e)) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    *out = (struct picture){ made.file.key, made.small.key, made.file.bytes + made.small.bytes };
    return ERR_OK;
}

/* A fetched picture goes into the row, or dies when the row names another by now or has one. */
static enum err
take_picture(struct ctx *c, enum media_cached kind, int64_t id, bool wanted, const struct picture *p, struct str *row,
    struct str *row_static)
{
    if (p->file.n == 0 || str_eq(p->file, *row))
        return ERR_OK;
    if (!wanted || row->n > 0) {
        TRY(store_dead_file_put(c, p->file));
        return p->small.n > 0 ? store_dead_file_put(c, p->small) : ERR_OK;
    }
    *row = p->file;
    *row_static = p->small;
    return remember(c, kind, id, p->file, p->bytes);
}

enum err
service_media_fetch_account(struct ctx *c, int64_t account_id)
{
    struct account *a, *now;
    struct picture avatar = { 0 }, header = { 0 };
    bool ok;
    enum err e = ERR_OK;

    TRY(store_account_get(c, account_id, &a));
    if (account_is_local(a) || a->suspended_ms != 0)
        return ERR_OK;
    TRY(domain_media_ok(c, a->domain, &ok));
    if (!ok)
        return ERR_OK;
    if (a->avatar.n == 0)
        e = fetch_one(c, a->avatar_remote, MEDIA_FOR_AVATAR, &avatar);
    if (e == ERR_OK && a->header.n == 0)
        e = fetch_one(c, a->header_remote, MEDIA_FOR_HEADER, &header);
    if (avatar.file.n == 0 && header.file.n == 0)
        return e;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(
        c, account_id, &now)); /* the profile may have changed meanwhile: only the pictures are ours */
    TRY(take_picture(c, MEDIA_CACHED_AVATAR, now->id, str_eq(now->avatar_remote, a->avatar_remote), &avatar,
        &now->avatar, &now->avatar_static));
    TRY(take_picture(c, MEDIA_CACHED_HEADER, now->id, str_eq(now->header_remote, a->header_remote), &header,
        &now->header, &now->header_static));
    TRY(store_account_update(c, now));
    TRY(db_commit(c));
    return e;
}

enum err
service_media_fetch_emoji(struct ctx *c, int64_t emoji_id)
{
    struct emoji_ref *now;
    struct media_result made = { 0 };
    struct picture p = { 0 };
    struct str domain;
    bool ok, won = false;
    enum err e;

    TRY(store_emoji_get(c, emoji_id, &now, &domain));
    if (domain.n == 0 || now->file.n > 0)
        return ERR_OK;
    TRY(domain_media_ok(c, domain, &ok));
    if (!ok)
        return ERR_OK;
    TRY(fetch_one(c, now->remote_url, MEDIA_FOR_EMOJI, &p));
    if (p.file.n == 0)
        return ERR_OK;
    made.file.key = p.file;
    made.small.key = p.small;
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = store_emoji_fetched(c, emoji_id, now->remote_url, p.file, p.small, &won);
    if (e == ERR_OK && won)
        e = remember(c, MEDIA_CACHED_EMOJI, emoji_id, p.file, p.bytes);
    e = db_end(c, e);
    if (e != ERR_OK || !won)
        media_discard(c, &made);
    return e;
}

/* ---- on demand ------------------------------------------------------------------------------------------------------ */

/* Where a picture is: here as file or small, or elsewhere as remote. */
struct place {
    struct str file, small, remote;
};

static enum err
find_place(struct ctx *c, enum media_cached kind, int64_t id, struct place *out)
{
    struct media_row *m;
    struct account *a;
    struct emoji_ref *e;
    struct str domain;

    switch (kind) {
    case MEDIA_CACHED_ATTACHMENT:
        TRY(store_media_get(c, id, &m));
        *out = (struct place){ m->state == MEDIA_READY ? m->file : STR_NONE, m->thumb, m->remote_url };
        return ERR_OK;
    case MEDIA_CACHED_AVATAR:
        TRY(store_account_get(c, id, &a));
        *out = (struct place){ a->avatar, a->avatar_static, a->avatar_remote };
        return ERR_OK;
    case MEDIA_CACHED_HEADER:
        TRY(store_account_get(c, id, &a));
        *out = (struct place){ a->header, a->header_static, a->header_remote };
        return ERR_OK;
    case MEDIA_CACHED_EMOJI:
        TRY(store_emoji_get(c, id, &e, &domain));
        *out = (struct place){ e->file, e->file_static, e->remote_url };
        return ERR_OK;
    case MEDIA_CACHED_COUNT:
        break;
    }
    return ctx_fail(c, ERR_NOT_FOUND, "no such kind of picture");
}

enum err
service_media_find(struct ctx *c, enum media_cached kind, int64_t id, bool small, struct str *key)
{
    struct place p;

    TRY(find_place(c, kind, id, &p));
    *key = small && p.small.n > 0 ? p.small : p.file;
    return ERR_OK;
}

static enum err
fetch_kind(struct ctx *c, enum media_cached kind, int64_t id)
{
    if (kind == MEDIA_CACHED_ATTACHMENT)
        return service_media_fetch(c, id);
    if (kind == MEDIA_CACHED_EMOJI)
        return service_media_fetch_emoji(c, id);
    return service_media_fetch_account(c, id);
}

/* One at a time for each address, and what failed a moment ago is not asked for again. */
static enum err
fetch_in_turn(struct ctx *c, enum media_cached kind, int64_t id, struct str url)
{
    struct flight flight;
    struct place p;
    enum err e = resolve_failed_before(url, 0);

    if (e != ERR_OK)
        return ctx_fail(c, ERR_NOT_FOUND, "the picture could not be had a moment ago");
    db_rollback(c); /* no connection while others are waited for */
    flight = resolve_flight_enter(FLIGHT_FILE, url, c->deadline_mono_ms);
    if (!flight.waited)
        e = fetch_kind(c, kind, id);
    resolve_flight_leave(flight);
    if (e == ERR_OK)
        e = find_place(c, kind, id, &p);
    if (e == ERR_OK && p.file.n == 0)
        e = ctx_fail(c, ERR_NOT_FOUND, "the picture cannot be had");
    if (e == ERR_REMOTE || e == ERR_NOT_FOUND)
        resolve_note_failure(url, e);
    return e == ERR_REMOTE ? ctx_fail(c, ERR_NOT_FOUND, "the picture cannot be had now") : e;
}

enum err
service_media_fetch_now(struct ctx *c, enum media_cached kind, int64_t id)
{
    static atomic_int waiting;
    int64_t deadline_ms = c->deadline_mono_ms, mine_ms = clock_mono_ms() + ON_DEMAND_MS;
    struct place p;
    enum err e;

    TRY(find_place(c, kind, id, &p));
    if (p.file.n > 0)
        return ERR_OK;
    if (p.remote.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "there is no such picture");
    c->deadline_mono_ms = deadline_ms == 0 ? mine_ms : MIN(deadline_ms, mine_ms);
    if (atomic_fetch_add(&waiting, 1) < ON_DEMAND_AT_ONCE)
        e = fetch_in_turn(c, kind, id, p.remote);
    else {
        e = ctx_fail(c, ERR_BUSY, "too many pictures are being fetched");
        c->fail.retry_after_ms = ON_DEMAND_LATER_MS;
    }
    atomic_fetch_sub(&waiting, 1);
    c->deadline_mono_ms = deadline_ms;
    return e;
}
