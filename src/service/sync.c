/*
 * Who follows, as both servers see it.  What the other says about its own account's followers counts, because it decides who may read;
 * but only when the whole list was read, from its own origin, and is the one that the signed delivery spoke of.
 */
#include "service/sync.h"

#include "ap/read_collection.h"
#include "ap/sync.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/federate.h"
#include "service/relation.h"
#include "service/relation_internal.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/relation.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAUSE_MS = HOUR_MS,
    PAGES_MAX = 10,
    LOCAL_MAX = SYNC_FOLLOWERS_MAX,
    FETCH_MS = 60 * SECOND_MS,
    PORTION = 50,
    CLAIMED_MAX = 500,
};

/* ---- what we say --------------------------------------------------------------------------------------------------- */

/* A clash of two origins, once in 2^64, gives a wrong digest, which nobody acts on. */
static uint64_t
key_of(struct str origin)
{
    struct sha256 d = sha256(origin);
    uint64_t key;

    memcpy(&key, d.b, sizeof(key));
    return key;
}

static int
by_key(const void *x, const void *y)
{
    const struct sync_sum *a = x, *b = y;

    return a->key < b->key ? -1 : a->key > b->key;
}

/* "https://b.example" of "https://b.example/users/1"; empty when there is nothing behind it. */
static struct str
origin_of(struct str uri)
{
    ptrdiff_t scheme = str_find(uri, S("://")), slash;

    if (scheme < 0)
        return S("");
    slash = str_chr(str_sub(uri, (size_t)scheme + 3, uri.n), '/');
    return slash < 0 ? S("") : str_sub(uri, 0, (size_t)scheme + 3 + (size_t)slash);
}

enum err
service_sync_sums(struct ctx *c, int64_t account_id, struct sync_sums *out)
{
    struct strs uris;
    size_t n = 0;

    TRY(store_follower_uris(c, account_id, false, SYNC_FOLLOWERS_MAX, &uris, NULL));
    out->v = arena_vec(c->mem, struct sync_sum, uris.n);
    for (size_t i = 0; i < uris.n; i++) {
        out->v[i] = (struct sync_sum){ .key = key_of(origin_of(uris.v[i])) };
        ap_sync_add(&out->v[i].sum, uris.v[i]);
    }
    if (uris.n > 0)
        qsort(out->v, uris.n, sizeof(*out->v), by_key);
    for (size_t i = 0; i < uris.n; i++) {
        if (n == 0 || out->v[n - 1].key != out->v[i].key) {
            out->v[n++] = out->v[i];
            continue;
        }
        for (size_t k = 0; k < sizeof(out->v[i].sum.b); k++)
            out->v[n - 1].sum.b[k] ^= out->v[i].sum.b[k];
    }
    out->n = n;
    return ERR_OK;
}

struct str
service_sync_header(
    struct arena *a, struct str our_origin, int64_t account_id, const struct sync_sums *sums, struct str inbox)
{
    const struct sha256 none = { 0 };
    const struct sync_sum *found;
    struct sync_sum key;
    struct url u;

    if (!url_parse(a, inbox, &u))
        return S("");
    key.key = key_of(u.origin);
    found = sums->n == 0 ? NULL : bsearch(&key, sums->v, sums->n, sizeof(key), by_key);
    return ap_sync_header(a, ap_uri(a, our_origin, AP_URI_FOLLOWERS, account_id, 0),
        ap_uri(a, our_origin, AP_URI_FOLLOWERS_SYNC, account_id, 0), found != NULL ? &found->sum : &none);
}

enum err
service_sync_list(struct ctx *c, const struct account *a, const struct account *signer, struct strs *out)
{
    struct strs all;
    struct url u;

    if (a->followers >= SYNC_FOLLOWERS_MAX || !url_parse(c->mem, signer->uri, &u))
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld does not take part in synchronisation", (long long)a->id);
    TRY(store_follower_uris(c, a->id, false, SYNC_FOLLOWERS_MAX, &all, NULL));
    *out = (struct strs){ arena_vec(c->mem, struct str, all.n), 0 };
    for (size_t i = 0; i < all.n; i++)
        if (ap_sync_is_of(all.v[i], u.origin))
            out->v[out->n++] = all.v[i];
    return ERR_OK;
}

/* ---- what others say ----------------------------------------------------------------------------------------------- */

static enum err
our_side(struct ctx *c, int64_t account_id, struct strs *uris, struct ids *ids, struct sha256 *sum)
{
    *sum = (struct sha256){ 0 };
    TRY(store_follower_uris(c, account_id, true, LOCAL_MAX, uris, ids));
    if (uris->n == LOCAL_MAX)
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld has too many followers here to compare", (long long)account_id);
    for (size_t i = 0; i < uris->n; i++)
        ap_sync_add(sum, uris->v[i]);
    return ERR_OK;
}

static enum err
put_job(struct ctx *c, const struct account *from, const struct ap_sync *s)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(16));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", from->id);
    json_str(&j, "url", s->url);
    json_str(&j, "digest", s->digest);
    json_end(&j);
    if (!json_done(&j))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_sync_put(c, from->id, clock_ms()));
    TRY(queue_put(c, J_SYNC_FOLLOWERS, buf_str(&b),
        &(struct job_opts){ .unique_key = str_fmt(c->mem, "%lld", (long long)from->id) }));
    return db_commit(c);
}

enum err
service_sync_received(struct ctx *c, const struct account *from, struct str header)
{
    struct strs uris;
    struct sha256 sum;
    struct ap_sync s;
    struct ids ids;
    int64_t last_ms;

    if (header.p == NULL || !ap_sync_parse(c->mem, header, &s) || !str_eq(s.collection, from->followers_uri) ||
        s.url.n > URL_BYTES_MAX || !url_same_origin(c->mem, s.url, from->uri))
        return ERR_OK;
    TRY(our_side(c, from->id, &uris, &ids, &sum));
    if (ap_sync_eq(&s, &sum))
        return ERR_OK;
    TRY(store_sync_ms(c, from->id, &last_ms));
    if (last_ms > clock_ms() - PAUSE_MS)
        return ERR_OK;
    log_debug(c, "sync.differs", LOG_STR("actor", from->uri));
    return put_job(c, from, &s);
}

/* The items of a page as it stands: ids or objects with one. */
static void
take_items(struct arena *a, const struct val *page, struct sha256 *sum, struct strs *out)
{
    const struct val *list = val_get(page, val_has(page, S("orderedItems")) ? S("orderedItems") : S("items"));

    for (size_t i = 0; i < ap_as_count(list) && out->n < LOCAL_MAX; i++) {
        struct str id = ap_as_id(ap_as_at(list, i));

        ap_sync_add(sum, id);
        out->v[out->n++] = id;
    }
}

/* The whole list, or an error; *sum is of what was read. */
static enum err
fetch_list(struct ctx *c, const struct account *from, struct str url, struct strs *out, struct sha256 *sum)
{
    struct budget b = budget_within(FETCH_MS);
    struct ap_collection page;
    const char *why = "";
    struct fetched f;

    *sum = (struct sha256){ 0 };
    *out = (struct strs){ arena_vec(c->mem, struct str, LOCAL_MAX), 0 };
    for (int i = 0; url.n > 0; i++) {
        if (i > PAGES_MAX || !url_same_origin(c->mem, url, from->uri))
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s is no page of this list", STR_ARG(url));
        TRY(resolve_fetch(c, &b, url, AP_DOC_OBJECT, FETCH_AGAIN, &f));
        if (ap_collection_read(c->mem, f.doc, &page, &why) != ERR_OK)
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s: %s", STR_ARG(url), why);
        take_items(c->mem, f.doc, sum, out);
        if (page.first_val->kind == VAL_OBJ) {
            take_items(c->mem, page.first_val, sum, out);
            url = ap_as_id(val_get(page.first_val, S("next")));
        } else {
            url = page.is_page ? page.next : page.first;
        }
    }
    return ERR_OK;
}

static struct strs
sorted(struct arena *a, const struct strs *v)
{
    struct strs out = { arena_vec(a, struct str, v->n), v->n };

    if (v->n > 0)
        memcpy(out.v, v->v, v->n * sizeof(*v->v));
    strs_sort(&out);
    return out;
}

/* Somebody here who follows, as the other server says: asked and not answered yet, or never meant. */
static enum err
settle_claimed(struct ctx *c, struct account *from, struct str uri)
{
    int64_t id = ap_uri_local_account(c->mem, c->env->conf->origin, uri), follow_id = id_new();
    struct follow *f, *q;
    struct account *me;
    enum err e;

    if (id == 0)
        return ERR_OK;
    e = store_account_get(c, id, &me);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && !account_is_local(me))) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(store_relation_lock(c, id, from->id));
    TRY(store_follow_get(c, id, from->id, &f));
    if (f != NULL)
        return ERR_OK;
    TRY(store_follow_request_get(c, id, from->id, &q));
    if (q != NULL)
        return service_relation_grant(c, from, me, q);
    return service_federate(c, &(struct fed_action){ .kind = FED_UNDO_FOLLOW,
                                   .account_id = id,
                                   .target_id = from->id,
                                   .uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_FOLLOW, id, follow_id) });
}

struct differences {
    struct ids gone;     /* who follows here and is not named */
    struct strs claimed; /* who is named and does not follow here */
};

/* A list that names somebody twice is none of followers: its digest would be whatever its sender wants. */
static enum err
compare(struct ctx *c, const struct account *from, const struct strs *said, struct differences *out)
{
    struct strs ours, theirs = sorted(c->mem, said), known;
    struct sha256 sum;
    struct ids ids;

    for (size_t i = 1; i < theirs.n; i++)
        if (str_eq(theirs.v[i - 1], theirs.v[i]))
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s is named twice", STR_ARG(theirs.v[i]));
    TRY(our_side(c, from->id, &ours, &ids, &sum));
    known = sorted(c->mem, &ours);
    out->gone = (struct ids){ arena_vec(c->mem, int64_t, ids.n), 0 };
    for (size_t i = 0; i < ours.n; i++)
        if (!strs_has_sorted(&theirs, ours.v[i]))
            out->gone.v[out->gone.n++] = ids.v[i];
    out->claimed = (struct strs){ arena_vec(c->mem, struct str, CLAIMED_MAX), 0 };
    for (size_t i = 0; i < said->n && out->claimed.n < CLAIMED_MAX; i++)
        if (!strs_has_sorted(&known, said->v[i]))
            out->claimed.v[out->claimed.n++] = said->v[i];
    return ERR_OK;
}

/* Nobody's follow ends but of those who follow now and whom the list does not name. */
static enum err
settle_gone(struct ctx *c, struct account *from, int64_t id)
{
    struct account *me;

    TRY(store_account_get(c, id, &me));
    log_debug(c, "sync.removed", LOG_STR("actor", from->uri), LOG_INT("follower", id));
    return service_relation_end_follow(c, me, from, END_QUIETLY);
}

/* One transaction; what was done is not a difference any more when the job runs again. */
static enum err
settle_portion(struct ctx *c, struct account *from, const struct differences *d, size_t at)
{
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = at; i < MIN(at + PORTION, d->gone.n + d->claimed.n); i++)
        TRY(i < d->gone.n ? settle_gone(c, from, d->gone.v[i]) : settle_claimed(c, from, d->claimed.v[i - d->gone.n]));
    return db_commit(c);
}

enum err
service_sync_run(struct ctx *c, int64_t account_id, struct str url, struct str digest)
{
    const struct ap_sync claimed = { .digest = digest };
    struct differences d;
    struct account *from;
    struct sha256 sum;
    struct strs said;

    TRY(store_account_get(c, account_id, &from));
    TRY(fetch_list(c, from, url, &said, &sum));
    if (!ap_sync_eq(&claimed, &sum))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is another list than the one that was announced", STR_ARG(url));
    TRY(compare(c, from, &said, &d));
    for (size_t at = 0; at < d.gone.n + d.claimed.n; at += PORTION) {
        struct arena_mark mark = arena_save(c->mem);

        TRY(settle_portion(c, from, &d, at));
        arena_restore(c->mem, mark);
    }
    return ERR_OK;
}
