/* Remote people and posts: from the store when known and fresh, else fetched.  The fetch itself is in resolve_fetch.c. */
#include "service/resolve.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "service/receive.h"
#include "service/receive_collection.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/receive.h"
#include "store/status.h"
#include "text/idna.h"

enum {
    ACTOR_FRESH_MS = 7 * DAY_MS,    /* machines ask */
    ACTOR_SEARCH_FRESH_MS = DAY_MS, /* a person asks */
    HANDLE_RETRY_MS = HOUR_MS,      /* the handle was not proven */
};

static enum err
fill_account(struct ctx *c, struct account *a, struct account **out)
{
    *out = a;
    return store_account_fill(c, out, 1);
}

bool
resolve_is_theirs(enum err e)
{
    return e == ERR_REMOTE || e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID;
}

/* ---- actors --------------------------------------------------------------------------------------------------------- */

/* An actor that is not in the store: within the budget, and not one of a flood of host names. */
static enum err
check_new_actor(struct ctx *c, struct budget *b, const struct ap_actor *x)
{
    struct url u;
    bool known;

    if (b->new_accounts-- <= 0)
        return ctx_fail(c, ERR_FORBIDDEN, "no new accounts left for this cause");
    CHECK(url_parse(c->mem, x->id, &u)); /* ap_actor_check took it */
    TRY(store_domain_known(c, u.authority, &known));
    if (!known && !resolve_new_host(u.host))
        return ctx_fail(c, ERR_REMOTE, "too many new hosts like %.*s in this hour", STR_ARG(u.host));
    return ERR_OK;
}

enum err
resolve_take_actor(
    struct ctx *c, struct budget *b, const struct val *doc, const struct account *before, struct account **out)
{
    struct ap_rules rules = resolve_rules(c);
    struct ap_actor x;
    struct handle h;
    const char *why;
    bool ok;
    enum err e = ap_actor_read(c->mem, doc, clock_ms(), &x, &why);

    if (e == ERR_OK)
        e = ap_actor_check(c->mem, &rules, &x, &why);
    if (e != ERR_OK)
        return ctx_fail(c, ERR_NOT_FOUND, "actor %.*s: %s", STR_ARG(ap_id_of(doc)), why);
    if (before == NULL) {
        struct account *known;

        e = store_account_by_uri(c, x.id, &known);
        if (e != ERR_OK && e != ERR_NOT_FOUND)
            return e;
        if (e == ERR_OK)
            before = known;
        else
            ctx_ok(c);
    }
    if (before == NULL)
        TRY(check_new_actor(c, b, &x));
    TRY(resolve_actor_handle(c, b, &x, before, &h, &ok));
    return service_receive_actor(c, &x, h.username, h.domain, ok, out);
}

static enum err
fetch_actor(
    struct ctx *c, struct budget *b, struct str uri, const struct account *before, unsigned flags, struct account **out)
{
    struct fetched f;

    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, flags, &f));
    if (before != NULL && !ap_id_eq(c->mem, f.id, before->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s gave another actor", STR_ARG(uri));
    if (ap_type_class(ap_type_of(f.doc)) == AP_CLASS_POST)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is not an actor", STR_ARG(uri));
    return resolve_take_actor(c, b, f.doc, before, out);
}

enum err
service_resolve_actor_said(
    struct ctx *c, struct budget *b, const struct val *doc, struct account *from, struct account **out)
{
    if (!ap_id_eq(c->mem, ap_id_of(doc), from->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is not the sender", STR_ARG(ap_id_of(doc)));
    return resolve_take_actor(c, b, doc, from, out);
}

static enum err
refresh(struct ctx *c, struct budget *b, unsigned flags, struct account **account)
{
    struct account *fresh;
    enum err e;

    if (account_is_local(*account))
        return ERR_OK;
    e = fetch_actor(c, b, (*account)->uri, *account, flags, &fresh);
    if (e == ERR_GONE && (flags & FETCH_AGAIN) != 0) {
        TRY(service_receive_actor_delete(c, *account));
        return ctx_fail(c, ERR_GONE, "%.*s is gone", STR_ARG((*account)->uri));
    }
    TRY(e);
    *account = fresh;
    return ERR_OK;
}

enum err
service_resolve_refresh(struct ctx *c, struct budget *b, struct account **account)
{
    return refresh(c, b, FETCH_AGAIN, account);
}

/* A known account, read again when it is older than that; what cannot be reached now stays as it is. */
static enum err
known_actor(struct ctx *c, struct budget *b, struct account *a, int64_t fresh_ms, struct account **out)
{
    int64_t age = clock_ms() - a->fetched_ms;
    enum err e = ERR_OK;

    if (!account_is_local(a) && a->suspended_ms == 0 && (age > fresh_ms || (!a->handle_ok && age > HANDLE_RETRY_MS)))
        e = refresh(c, b, 0, &a);
    if (e != ERR_OK && !resolve_is_theirs(e))
        return e;
    if (e != ERR_OK)
        ctx_ok(c);
    return fill_account(c, a, out);
}

/* The name it has, or had. */
static enum err
by_any_name(struct ctx *c, struct str name, struct account **out)
{
    enum err e = store_account_by_handle(c, name, S(""), out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return store_account_by_old_name(c, name, out);
}

static enum err
local_actor(struct ctx *c, const struct ap_uri *at, struct account **out)
{
    struct account *a;
    enum err e;

    if (at->kind == AP_URI_ACTOR)
        e = store_account_get(c, at->a, &a);
    else if (at->kind == AP_URI_PROFILE)
        e = by_any_name(c, at->name, &a);
    else
        e = ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND || (e == ERR_OK && !account_is_local(a)))
        return ctx_fail(c, ERR_NOT_FOUND, "no such account here");
    TRY(e);
    return fill_account(c, a, out);
}

/* In the store?  NULL when not. */
static enum err
find_actor(struct ctx *c, struct str uri, struct account **out)
{
    enum err e = store_account_by_uri(c, uri, out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    *out = NULL;
    return ERR_OK;
}

static enum err
unknown_actor(struct ctx *c, struct budget *b, struct str uri, struct account **out)
{
    struct account *a = NULL;
    struct flight flight;
    bool gone;
    enum err e = ERR_OK;

    TRY(store_tombstone_has(c, uri, uri, &gone));
    if (gone)
        return ctx_fail(c, ERR_GONE, "%.*s was deleted", STR_ARG(uri));
    flight = resolve_flight_of(c, b, FLIGHT_ACTOR, uri);
    if (flight.waited)
        e = find_actor(c, uri, &a);
    if (e == ERR_OK && a == NULL)
        e = fetch_actor(c, b, uri, NULL, 0, &a);
    resolve_flight_leave(flight);
    TRY(e);
    return fill_account(c, a, out);
}

static enum err
resolve_actor(struct ctx *c, struct budget *b, struct str uri, int64_t fresh_ms, struct account **out)
{
    struct account *a;
    struct ap_uri at;

    if (ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &at))
        return local_actor(c, &at, out);
    TRY(find_actor(c, uri, &a));
    return a != NULL ? known_actor(c, b, a, fresh_ms, out) : unknown_actor(c, b, uri, out);
}

enum err
service_resolve_actor(struct ctx *c, struct budget *b, struct str uri, struct account **out)
{
    return resolve_actor(c, b, uri, ACTOR_FRESH_MS, out);
}

enum err
service_resolve_handle(struct ctx *c, struct budget *b, struct str username, struct str domain, struct account **out)
{
    struct handle h = { username, domain }, canonical;
    struct str actor_id;
    struct account *a;
    enum err e;

    if (!account_remote_username_ok(username) || !text_authority_normal(c->mem, domain, &h.domain))
        return ctx_fail(c, ERR_NOT_FOUND, "not a handle");
    e = store_account_by_handle(c, username, h.domain, &a);
    if (e == ERR_OK)
        return known_actor(c, b, a, ACTOR_SEARCH_FRESH_MS, out);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    TRY(resolve_webfinger(c, b, &h, &canonical, &actor_id));
    TRY(resolve_actor(c, b, actor_id, ACTOR_SEARCH_FRESH_MS, out));
    /* The actor decides its name; a stranger's pointer to it is no alias. */
    if (!(*out)->handle_ok || (!str_eqi((*out)->username, canonical.username) && !str_eqi((*out)->username, username)))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s does not call itself so", STR_ARG((*out)->uri));
    return ERR_OK;
}

/* ---- posts ---------------------------------------------------------------------------------------------------------- */

static enum err
fill_status(struct ctx *c, struct status *s, struct status **out)
{
    *out = s;
    return store_status_fill(c, out, 1, 0);
}

static enum err
find_status(struct ctx *c, struct str uri, struct status **out)
{
    enum err e = store_status_by_uri(c, uri, out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    *out = NULL;
    return ERR_OK;
}

static enum err
read_note(struct ctx *c, const struct val *doc, struct str followers, struct ap_note *out)
{
    struct ap_note_hints hints = { .followers = followers, .origin = c->env->conf->origin, .now_ms = clock_ms() };
    struct ap_rules rules = resolve_rules(c);
    const char *why;
    enum err e = ap_note_read(c->mem, doc, &hints, out, &why);

    if (e == ERR_OK)
        e = ap_note_check(c->mem, &rules, out, &why);
    return e == ERR_OK ? e : ctx_fail(c, ERR_NOT_FOUND, "post %.*s: %s", STR_ARG(ap_id_of(doc)), why);
}

/* Store the post of a document whose author is known. */
static enum err
store_note(struct ctx *c, struct budget *b, const struct val *doc, struct account *author, struct status **out)
{
    struct ap_note x;
    struct status *s;

    if (author->suspended_ms != 0)
        return ctx_fail(c, ERR_FORBIDDEN, "the author of %.*s is suspended", STR_ARG(ap_id_of(doc)));
    TRY(read_note(c, doc, author->followers_uri, &x)); /* its visibility depends on the author's collection */
    if (b->history && x.visibility > VIS_UNLISTED)
        return ctx_fail(c, ERR_FORBIDDEN, "%.*s is not for everybody", STR_ARG(x.id));
    TRY(service_receive_note(c, b, &x, author, &s));
    if (s == NULL)
        return ctx_fail(c, ERR_GONE, "%.*s was deleted", STR_ARG(x.id));
    return fill_status(c, s, out);
}

/* Store the post of a document that came from its own id. */
static enum err
take_status(struct ctx *c, struct budget *b, const struct val *doc, struct status **out)
{
    struct account *author;
    struct ap_note x;

    TRY(read_note(c, doc, STR_NONE, &x));
    TRY(service_resolve_actor(c, b, x.attributed_to, &author));
    return store_note(c, b, doc, author, out);
}

enum err
resolve_take_own(struct ctx *c, struct budget *b, const struct val *doc, struct account *author, struct status **out)
{
    struct ap_note x;

    TRY(read_note(c, doc, STR_NONE, &x));
    if (!ap_embedded_is_trusted(c->mem, doc, author->uri) || !ap_id_eq(c->mem, x.attributed_to, author->uri))
        return ctx_fail(c, ERR_FORBIDDEN, "%.*s belongs to somebody else", STR_ARG(x.id));
    TRY(find_status(c, x.id, out));
    if (*out != NULL)
        return fill_status(c, *out, out);
    return store_note(c, b, doc, author, out);
}

static enum err
fetch_status(struct ctx *c, struct budget *b, struct str uri, struct status **out)
{
    struct fetched f;
    struct status *s = NULL;

    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, 0, &f));
    if (!str_eq(f.id, uri))
        TRY(find_status(c, f.id, &s));
    return s != NULL ? fill_status(c, s, out) : take_status(c, b, f.doc, out);
}

static enum err
one_status(struct ctx *c, struct budget *b, struct str uri, struct status **out)
{
    int64_t local = ap_uri_local_status(c->mem, c->env->conf->origin, uri);
    struct status *s = NULL;
    struct flight flight;
    struct ap_uri at;
    enum err e = ERR_OK;

    if (local != 0) {
        TRY(store_status_get(c, local, &s));
        return s->local ? fill_status(c, s, out) : ctx_fail(c, ERR_NOT_FOUND, "no such post here");
    }
    TRY(find_status(c, uri, &s)); /* also our reblogs, by the id of their Announce */
    if (s != NULL)
        return fill_status(c, s, out);
    if (ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &at))
        return ctx_fail(c, ERR_NOT_FOUND, "no such post here");
    flight = resolve_flight_of(c, b, FLIGHT_POST, uri);
    if (flight.waited)
        e = find_status(c, uri, &s);
    if (e == ERR_OK && s == NULL)
        e = fetch_status(c, b, uri, out);
    else if (e == ERR_OK)
        e = fill_status(c, s, out);
    resolve_flight_leave(flight);
    return e;
}

enum err
service_resolve_ancestors(struct ctx *c, struct budget *b, const struct status *s)
{
    struct str uri = s->in_reply_to_uri;
    bool open = s->visibility <= VIS_UNLISTED;
    char kept[URL_BYTES_MAX];

    while (open && uri.n > 0 && uri.n <= sizeof(kept) && b->depth-- > 0) {
        struct arena_mark mark = arena_save(c->mem);
        struct status *parent;
        enum err e = one_status(c, b, uri, &parent);

        if (e != ERR_OK && !resolve_is_theirs(e))
            return e;
        if (e != ERR_OK) {
            ctx_ok(c);
            break;
        }
        open = parent->visibility <= VIS_UNLISTED;
        uri = (struct str){ kept, MIN(parent->in_reply_to_uri.n, sizeof(kept) + 1) };
        if (uri.n > 0)
            memcpy(kept, parent->in_reply_to_uri.p, MIN(uri.n, sizeof(kept)));
        arena_restore(c->mem, mark); /* a chain of large documents */
    }
    return ERR_OK;
}

enum err
service_resolve_status(struct ctx *c, struct budget *b, struct str uri, struct status **out)
{
    int64_t id;

    TRY(one_status(c, b, uri, out));
    if ((*out)->in_reply_to_uri.n == 0 || (*out)->local)
        return ERR_OK;
    id = (*out)->id;
    TRY(service_resolve_ancestors(c, b, *out));
    TRY(store_status_get(c, id, out)); /* now tied to its parent */
    return fill_status(c, *out, out);
}

/* What 404 and 410 mean for a post that is here: others may have lost access to what was never public. */
static enum err
post_is_gone(struct ctx *c, struct status *s)
{
    struct status *filled;

    if (s->visibility > VIS_UNLISTED)
        return ERR_OK;
    TRY(fill_status(c, s, &filled));
    return service_receive_delete(c, filled->account, filled->uri);
}

enum err
resolve_status_note(struct ctx *c, struct budget *b, struct str uri, struct status **out, struct ap_note *x)
{
    struct account *author;
    struct status *s;
    struct fetched f;
    enum err e;

    TRY(find_status(c, uri, &s));
    if (s == NULL || s->local || s->reblog_of_id != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is not a post of others that is here", STR_ARG(uri));
    e = resolve_fetch(c, b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f);
    if (e == ERR_GONE || e == ERR_NOT_FOUND || (e == ERR_OK && ap_has_type(f.doc, AP_TOMBSTONE))) {
        ctx_ok(c);
        TRY(post_is_gone(c, s));
        return ctx_fail(c, ERR_GONE, "%.*s is gone", STR_ARG(uri));
    }
    TRY(e);
    TRY(store_account_get(c, s->account_id, &author));
    TRY(read_note(c, f.doc, author->followers_uri, x));
    if (!ap_id_eq(c->mem, x->id, uri) || !ap_id_eq(c->mem, x->attributed_to, author->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s changed its author", STR_ARG(uri));
    TRY(service_receive_note_update(c, b, x, author, out));
    return *out == NULL ? ctx_fail(c, ERR_GONE, "%.*s is gone", STR_ARG(uri)) : fill_status(c, *out, out);
}

enum err
service_resolve_status_again(struct ctx *c, struct budget *b, struct str uri, struct status **out)
{
    struct ap_note x;

    return resolve_status_note(c, b, uri, out, &x);
}

static enum err
fetch_wanted(struct ctx *c, struct budget *b, struct str uri, resolve_wanted wanted, void *arg, struct status **out,
    struct ap_note *x)
{
    struct fetched f;
    bool yes;

    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, 0, &f));
    if (!str_eq(f.id, uri))
        TRY(find_status(c, f.id, out));
    if (*out != NULL)
        return ERR_OK;
    TRY(read_note(c, f.doc, STR_NONE, x));
    TRY(wanted(c, arg, x, &yes));
    return yes ? take_status(c, b, f.doc, out) : ERR_OK;
}

enum err
resolve_status_wanted(struct ctx *c, struct budget *b, struct str uri, resolve_wanted wanted, void *arg,
    struct status **out, struct ap_note *x)
{
    struct flight flight;
    enum err e = ERR_OK;

    *x = (struct ap_note){ 0 };
    TRY(find_status(c, uri, out));
    if (*out != NULL)
        return ERR_OK;
    flight = resolve_flight_of(c, b, FLIGHT_POST, uri);
    if (flight.waited)
        e = find_status(c, uri, out);
    if (e == ERR_OK && *out == NULL)
        e = fetch_wanted(c, b, uri, wanted, arg, out, x);
    resolve_flight_leave(flight);
    return e;
}

/* ---- whatever a person pasted ---------------------------------------------------------------------------------------- */

static enum err
local_url(struct ctx *c, struct budget *b, const struct ap_uri *at, struct str url, struct resolved *out)
{
    if (at->kind == AP_URI_FEATURED_COLLECTION || at->kind == AP_URI_COLLECTION) {
        out->collection_id = at->b;
        return ERR_OK;
    }
    if (at->kind == AP_URI_ACTOR || (at->kind == AP_URI_PROFILE && str_chr(at->name, '@') < 0))
        return local_actor(c, at, &out->account);
    return one_status(c, b, url, &out->status);
}

static enum err
take_anything(struct ctx *c, struct budget *b, const struct fetched *f, struct resolved *out)
{
    if (ap_has_type(f->doc, AP_FEATURED_COLLECTION))
        return service_resolve_collection_doc(c, b, f->doc, &out->collection_id);
    if (!val_has(f->doc, S("inbox"))) { /* types that nobody has heard of may be posts too */
        TRY(find_status(c, f->id, &out->status));
        if (out->status != NULL)
            return fill_status(c, out->status, &out->status);
        TRY(take_status(c, b, f->doc, &out->status));
        return service_resolve_ancestors(c, b, out->status);
    }
    TRY(resolve_take_actor(c, b, f->doc, NULL, &out->account));
    return fill_account(c, out->account, &out->account);
}

enum err
service_resolve_url(struct ctx *c, struct budget *b, struct str url, struct resolved *out)
{
    struct fetched f;
    struct ap_uri at;

    *out = (struct resolved){ 0 };
    if (ap_uri_parse_local(c->mem, c->env->conf->origin, url, &at))
        return local_url(c, b, &at, url, out);
    TRY(find_actor(c, url, &out->account));
    if (out->account != NULL)
        return known_actor(c, b, out->account, ACTOR_SEARCH_FRESH_MS, &out->account);
    TRY(find_status(c, url, &out->status));
    if (out->status != NULL)
        return fill_status(c, out->status, &out->status);
    TRY(resolve_fetch(c, b, url, AP_DOC_OBJECT, FETCH_HTML_OK, &f));
    if (f.doc == NULL) { /* one hop from the page to what it is a page of */
        if (f.link.p == NULL)
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s is a page without an ActivityPub form", STR_ARG(f.final));
        TRY(resolve_fetch(c, b, f.link, AP_DOC_OBJECT, 0, &f));
    }
    return take_anything(c, b, &f, out);
}
