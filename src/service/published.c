/* Loading what other servers read. */
#include "service/published.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/copy.h"
#include "store/featured_tag.h"
#include "store/emoji.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum { COPIES_MAX = 1000 }; /* servers, or people of small ones, that are remembered for one post */

/* ---- accounts -------------------------------------------------------------------------------------------------- */

/* NOT_FOUND, or GONE when there was such an account of ours. */
static enum err
missing_account(struct ctx *c, int64_t id)
{
    struct str uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_ACTOR, id, 0);
    bool gone;

    ctx_ok(c);
    TRY(store_tombstone_has(c, uri, uri, &gone));
    return ctx_fail(c, gone ? ERR_GONE : ERR_NOT_FOUND, "account %lld", (long long)id);
}

enum err
service_published_account(struct ctx *c, int64_t id, struct account **out)
{
    enum err e = store_account_get(c, id, out);

    if (e == ERR_NOT_FOUND)
        return missing_account(c, id);
    if (e != ERR_OK)
        return e;
    if (!account_is_local(*out))
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld is not ours", (long long)id);
    return store_account_fill(c, out, 1);
}

enum err
service_published_account_named(struct ctx *c, struct str username, struct account **out)
{
    enum err e = store_account_by_handle(c, username, S(""), out);
    bool reserved;

    if (e == ERR_OK)
        return store_account_fill(c, out, 1);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    e = store_account_by_old_name(c, username, out);
    if (e == ERR_OK)
        return store_account_fill(c, out, 1);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    TRY(store_account_name_reserved(c, username, &reserved));
    return ctx_fail(c, reserved ? ERR_GONE : ERR_NOT_FOUND, "account %.*s", STR_ARG(username));
}

enum err
service_published_owner(struct ctx *c, int64_t id, struct account **out)
{
    TRY(service_published_account(c, id, out));
    if ((*out)->suspended_ms != 0)
        return ctx_fail(c, ERR_FORBIDDEN, "account %lld is suspended", (long long)id);
    return ERR_OK;
}

enum err
service_published_people(
    struct ctx *c, const struct account *a, bool followers, const struct page *p, struct strs *out, int64_t *next)
{
    struct cursor_ids page;
    struct accounts people;

    if (a->hide_collections)
        return ctx_fail(c, ERR_FORBIDDEN, "account %lld hides its network", (long long)a->id);
    TRY(store_relation_page(c, followers ? LIST_FOLLOWERS : LIST_FOLLOWING, a->id, p, &page));
    TRY(store_account_list(c, &(struct ids){ page.id, page.n }, &people));
    *out = (struct strs){ arena_vec(c->mem, struct str, people.n), people.n };
    for (size_t i = 0; i < people.n; i++)
        out->v[i] = people.v[i]->uri;
    *next = page.n > 0 && (int64_t)page.n == p->limit ? page.cursor[page.n - 1] : 0;
    return ERR_OK;
}

/* ---- statuses -------------------------------------------------------------------------------------------------- */

static enum err
no_status(struct ctx *c, int64_t id)
{
    ctx_ok(c);
    return ctx_fail(c, ERR_NOT_FOUND, "status %lld", (long long)id);
}

/* Does the author block the domain of who asks?  service_visible knows what the viewer blocks. */
static enum err
is_unwanted(struct ctx *c, int64_t author, int64_t viewer, bool *out)
{
    struct relations r = { 0 };

    if (viewer != 0)
        TRY(store_relations_visible(c, author, &(struct ids){ &viewer, 1 }, &r));
    *out = r.n > 0 && r.v[0].domain_blocking && !r.v[0].following;
    return ERR_OK;
}

enum err
service_published_status(struct ctx *c, int64_t account_id, int64_t status_id, int64_t viewer, struct status **out)
{
    const struct ids one = { &status_id, 1 };
    struct account *owner;
    struct statuses v;
    bool unwanted;

    TRY(service_published_owner(c, account_id, &owner));
    TRY(service_status_load(c, viewer, VIEW_DIRECT, &one, &v));
    if (v.n == 0 || v.v[0]->account_id != account_id || !v.v[0]->local)
        return no_status(c, status_id);
    TRY(is_unwanted(c, account_id, viewer, &unwanted));
    if (unwanted)
        return no_status(c, status_id);
    *out = v.v[0];
    return ERR_OK;
}

static enum err
put_copies(struct ctx *c, const struct ids *ids, int64_t account_id)
{
    struct ids missing;

    TRY(store_copy_missing(c, ids, account_id, &missing));
    if (missing.n == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    return db_end(c, store_copy_put(c, &missing, account_id, COPIES_MAX));
}

void
service_published_read_by(struct ctx *c, const struct statuses *v, const struct account *by)
{
    int64_t kept_ms = clock_ms() - COPY_KEPT_MS;
    struct ids ids;
    enum err e;

    if (by == NULL)
        return;
    ids = (struct ids){ arena_vec(c->mem, int64_t, v->n), 0 };
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i]->reblog_of_id == 0 && v->v[i]->created_ms > kept_ms)
            ids.v[ids.n++] = v->v[i]->id;
    e = ids.n == 0 ? ERR_OK : put_copies(c, &ids, by->id);
    if (e == ERR_OK)
        return;
    log_failure(c, "published.copy", e);
    ctx_ok(c);
}

static enum err
fetch_outbox(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    return store_status_page_outbox(c, *(const int64_t *)arg, p, out);
}

enum err
service_published_outbox(struct ctx *c, int64_t account_id, int64_t viewer, const struct page *p, struct statuses *out)
{
    return service_status_page(c, viewer, VIEW_DIRECT, p, fetch_outbox, &account_id, out);
}

enum err
service_published_featured(struct ctx *c, int64_t account_id, int64_t viewer, struct statuses *out)
{
    struct ids ids;

    TRY(store_pin_list(c, account_id, &ids));
    return service_status_load(c, viewer, VIEW_DIRECT, &ids, out);
}

enum err
service_published_featured_tags(struct ctx *c, const struct account *a, struct featured_tags *out)
{
    *out = (struct featured_tags){ 0 };
    return a->show_featured ? store_featured_tag_list(c, a->id, out) : ERR_OK;
}

/* Ids to URIs, without those nobody may see (suspended authors). */
static enum err
uris_of(struct ctx *c, const struct ids *ids, struct strs *out)
{
    struct statuses v;

    TRY(service_status_load(c, 0, VIEW_DIRECT, ids, &v));
    *out = (struct strs){ arena_vec(c->mem, struct str, v.n), v.n };
    for (size_t i = 0; i < v.n; i++)
        out->v[i] = v.v[i]->uri;
    return ERR_OK;
}

enum err
service_published_replies(
    struct ctx *c, const struct status *s, bool others, int64_t above, int64_t limit, struct strs *out, int64_t *last)
{
    struct ids ids;

    TRY(store_status_replies(c, s->id, s->account_id, others, above, limit, &ids));
    *last = (int64_t)ids.n == limit ? ids.v[ids.n - 1] : 0;
    return uris_of(c, &ids, out);
}

enum err
service_published_context(
    struct ctx *c, struct str uri, int64_t above, int64_t limit, struct strs *out, int64_t *last, struct str *root)
{
    struct account *author;
    struct ids ids;
    struct ap_uri u;

    if (!ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &u) || u.kind != AP_URI_CONTEXT)
        return ctx_fail(c, ERR_NOT_FOUND, "no context");
    TRY(service_published_owner(c, u.a, &author));
    TRY(store_status_conversation(c, uri, above, limit, &ids));
    if (ids.n == 0 && above == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "nothing public in %.*s", STR_ARG(uri));
    *root = author->uri;
    *last = (int64_t)ids.n == limit ? ids.v[ids.n - 1] : 0;
    return uris_of(c, &ids, out);
}

enum err
service_published_active(struct ctx *c, int days, int64_t *out)
{
    int64_t accounts, statuses;

    return store_account_totals(c, clock_ms() - days * (int64_t)DAY_MS, &accounts, out, &statuses);
}

enum err
service_published_emoji(struct ctx *c, int64_t id, struct emoji_ref **out)
{
    struct str domain;

    TRY(store_emoji_get(c, id, out, &domain));
    if (domain.n > 0 || (*out)->file.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "emoji %lld", (long long)id);
    return ERR_OK;
}
