/* Looking at something of another server, step by step. */
#include "service/inspect.h"

#include "ap/accept.h"
#include "ap/uri.h"
#include "ap/webfinger.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "service/domain.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/status.h"

static void
say_text(struct inspection *in, enum inspect_result result, const char *name, struct str text)
{
    if (in->n < INSPECT_STEPS_MAX)
        in->v[in->n++] = (struct inspect_step){ name, result, text };
}

#define say(c, in, result, name, ...) say_text(in, result, name, str_fmt((c)->mem, __VA_ARGS__))

/* A failure of a step ends the look; one of ours ends the command. */
static bool
is_theirs(enum err e)
{
    return e != ERR_OK && e != ERR_BUSY && e != ERR_INTERNAL;
}

/* ---- before anything is sent ------------------------------------------------------------------------------------------ */

static enum err
look_at_policy(struct ctx *c, struct inspection *in, struct str authority, bool *go_on)
{
    struct domain_rule r;

    TRY(service_domain_rule(c, authority, &r));
    *go_on = !r.closed;
    if (r.closed)
        say(c, in, INSPECT_FAIL, "policy", "%.*s is %s", STR_ARG(authority),
            r.unlisted ? "not among the allowed servers" : "suspended here");
    else
        say(c, in, INSPECT_OK, "policy", "%.*s is exchanged with%s%s%s", STR_ARG(authority),
            r.silenced ? ", limited" : "", r.reject_media ? ", without pictures" : "",
            r.reject_reports ? ", without reports" : "");
    return ERR_OK;
}

static enum err
look_at_address(struct ctx *c, struct inspection *in, struct str url, bool *go_on)
{
    struct ap_rules rules = resolve_rules(c);
    const char *why = "";
    struct url u;

    *go_on = url_parse(c->mem, url, &u) && ap_id_check(c->mem, &rules, u.text, &why) == ERR_OK;
    say(c, in, *go_on ? INSPECT_OK : INSPECT_FAIL, "address", "%.*s%s%s", (int)MIN(url.n, 500), url.p,
        *go_on ? "" : ": ", *go_on ? "" : (*why != '\0' ? why : "no web address"));
    return *go_on ? look_at_policy(c, in, u.authority, go_on) : ERR_OK;
}

/* What is here under that id. */
static enum err
look_in_store(struct ctx *c, struct inspection *in, struct str uri)
{
    struct account *a;
    struct status *s;
    bool gone;
    enum err e = store_account_by_uri(c, uri, &a);

    if (e == ERR_OK) {
        say(c, in, INSPECT_NOTE, "known", "an account: %.*s@%.*s%s%s%s", STR_ARG(a->username), STR_ARG(a->domain),
            a->suspended_ms != 0 ? ", suspended" : "", a->silenced_ms != 0 ? ", limited" : "",
            a->handle_ok ? "" : ", its name not proven");
        return ERR_OK;
    }
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        e = store_status_by_uri(c, uri, &s);
    }
    if (e == ERR_OK) {
        say(c, in, INSPECT_NOTE, "known", "a post, number %lld here", (long long)s->id);
        return ERR_OK;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    TRY(store_tombstone_has(c, uri, uri, &gone));
    say(c, in, INSPECT_NOTE, "known", "%s", gone ? "it was deleted: nothing comes in under this id" : "not known here");
    return ERR_OK;
}

/* ---- the request ---------------------------------------------------------------------------------------------------- */

static enum err
look_at_handle(struct ctx *c, struct inspection *in, struct budget *b, const struct handle *h, struct str *url)
{
    struct handle canonical;
    enum err e = resolve_webfinger(c, b, h, &canonical, url);

    if (e == ERR_OK) {
        say(c, in, INSPECT_OK, "webfinger", "%.*s@%.*s is %.*s, called %.*s@%.*s", STR_ARG(h->username),
            STR_ARG(h->domain), STR_ARG(*url), STR_ARG(canonical.username), STR_ARG(canonical.domain));
        return ERR_OK;
    }
    if (!is_theirs(e))
        return e;
    say(c, in, INSPECT_FAIL, "webfinger", "%.*s", STR_ARG(c->fail.detail));
    ctx_ok(c);
    *url = STR_NONE;
    return ERR_OK;
}

/* One signed GET; NULL in *out when no answer can be used. */
static enum err
look_at_answer(struct ctx *c, struct inspection *in, struct budget *b, struct str url, struct fetch_response **out)
{
    struct fetch_response *r = NULL;
    enum err e = resolve_get(c, b, url, &r);

    *out = NULL;
    if (e != ERR_OK && !is_theirs(e))
        return e;
    if (e != ERR_OK) { /* no name, no way, no trust in its certificate, a redirect to where we do not go */
        say(c, in, INSPECT_FAIL, "request", "%.*s", STR_ARG(c->fail.detail));
        ctx_ok(c);
        return ERR_OK;
    }
    say(c, in, r->status == 200 ? INSPECT_OK : INSPECT_FAIL, "request", "%d from %.*s%s", r->status, STR_ARG(r->url),
        r->redirects > 0 ? ", after redirects" : "");
    if (r->status == 401 || r->status == 403)
        say(c, in, INSPECT_NOTE, "request", "that server does not accept our signature, or has blocked us");
    if (r->status != 200)
        return ERR_OK;
    if (!ap_media_type_is_ap(r->content_type)) {
        say(c, in, INSPECT_FAIL, "type", "%.*s is not ActivityPub", (int)MIN(r->content_type.n, 200),
            r->content_type.p);
        return ERR_OK;
    }
    say(c, in, INSPECT_OK, "type", "%.*s", (int)MIN(r->content_type.n, 200), r->content_type.p);
    *out = r;
    return ERR_OK;
}

/* The document of an answer, when it is what was asked for; *again: it must be fetched by its own id. */
static void
look_at_document(struct ctx *c, struct inspection *in, struct str asked, const struct fetch_response *r, bool first,
    const struct val **doc, struct str *again)
{
    struct ap_rules rules = resolve_rules(c);
    const char *why = "";
    struct str id;

    *again = STR_NONE;
    if (ap_doc_parse(c->mem, r->body, AP_DOC_OBJECT, doc, &why) != ERR_OK) {
        say(c, in, INSPECT_FAIL, "document", "%s", why);
        *doc = NULL;
        return;
    }
    id = ap_id_of(*doc);
    say(c, in, INSPECT_OK, "document", "%zu bytes, %.*s", r->body.n, STR_ARG(ap_type_name(ap_type_of(*doc))));
    switch (ap_fetched_check(c->mem, &rules, asked, r->url, id, first, &why)) {
    case AP_FETCHED_OK:
        say(c, in, INSPECT_OK, "id", "%.*s", STR_ARG(id));
        return;
    case AP_FETCHED_REFETCH:
        say(c, in, INSPECT_NOTE, "id", "it calls itself %.*s: asked for there", STR_ARG(id));
        *again = id;
        return;
    case AP_FETCHED_REFUSE:
        say(c, in, INSPECT_FAIL, "id", "%.*s: %s", STR_ARG(id), why);
    }
    *doc = NULL;
}

static enum err
fetch(struct ctx *c, struct inspection *in, struct budget *b, struct str url, const struct val **doc)
{
    struct fetch_response *r;
    struct str asked = url, again = url;

    *doc = NULL;
    for (int i = 0; i < 2 && again.n > 0; i++) {
        asked = again;
        again = STR_NONE;
        TRY(look_at_answer(c, in, b, asked, &r));
        if (r != NULL)
            look_at_document(c, in, asked, r, i == 0, doc, &again);
    }
    if (again.n > 0)
        *doc = NULL;
    return ERR_OK;
}

/* ---- what it is ------------------------------------------------------------------------------------------------------ */

static enum err
look_at_actor(struct ctx *c, struct inspection *in, struct budget *b, const struct val *doc)
{
    struct ap_rules rules = resolve_rules(c);
    struct handle claim, canonical;
    const char *why = "";
    struct ap_actor x;
    struct str self;
    struct url u;
    enum err e = ap_actor_read(c->mem, doc, clock_ms(), &x, &why);

    if (e == ERR_OK)
        e = ap_actor_check(c->mem, &rules, &x, &why);
    if (e != ERR_OK) {
        say(c, in, INSPECT_FAIL, "actor", "%s", why);
        return ERR_OK;
    }
    say(c, in, x.n_keys > 0 ? INSPECT_OK : INSPECT_FAIL, "keys", "%zu that are its own", x.n_keys);
    say(c, in, INSPECT_NOTE, "inbox", "%.*s%s", STR_ARG(x.inbox),
        url_same_origin(c->mem, x.inbox, x.shared_inbox) ? ", with a shared one" : "");
    CHECK(url_parse(c->mem, x.id, &u));
    claim = (struct handle){ x.username, u.authority };
    if (x.webfinger.p != NULL)
        (void)ap_acct_parse(c->mem, x.webfinger, &claim.username, &claim.domain);
    e = resolve_webfinger(c, b, &claim, &canonical, &self);
    if (e != ERR_OK && !is_theirs(e))
        return e;
    in->accepted = true;
    if (e == ERR_OK && str_eq(self, x.id)) {
        say(c, in, INSPECT_OK, "name", "%.*s@%.*s", STR_ARG(canonical.username), STR_ARG(canonical.domain));
    } else {
        say(c, in, INSPECT_FAIL, "name", "%.*s@%.*s is not proven: %.*s", STR_ARG(claim.username),
            STR_ARG(claim.domain), STR_ARG(e == ERR_OK ? S("WebFinger names another actor") : c->fail.detail));
        ctx_ok(c);
    }
    say(c, in, INSPECT_OK, "becomes", "an account%s%s", x.suspended ? ", suspended by its server" : "",
        e == ERR_OK ? "" : " under a name in place of its own, until that is proven");
    return ERR_OK;
}

/* Its author: known here, or at least of a server that is exchanged with. */
static enum err
look_at_author(struct ctx *c, struct inspection *in, struct str uri, struct str *followers, bool *ok)
{
    struct account *a;
    enum err e = store_account_by_uri(c, uri, &a);

    *followers = STR_NONE;
    *ok = true;
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        say(c, in, INSPECT_NOTE, "author", "%.*s is not known here yet and would be fetched", STR_ARG(uri));
        return ERR_OK;
    }
    TRY(e);
    *followers = a->followers_uri;
    *ok = a->suspended_ms == 0;
    say(c, in, *ok ? INSPECT_OK : INSPECT_FAIL, "author", "%.*s@%.*s%s", STR_ARG(a->username), STR_ARG(a->domain),
        *ok ? "" : " is suspended");
    return ERR_OK;
}

static enum err
look_at_post(struct ctx *c, struct inspection *in, const struct val *doc)
{
    struct ap_note_hints hints = { .origin = c->env->conf->origin, .now_ms = clock_ms() };
    struct ap_rules rules = resolve_rules(c);
    const char *why = "";
    struct ap_note x;
    bool ok = true;
    enum err e = ap_note_read(c->mem, doc, &hints, &x, &why);

    if (e == ERR_OK)
        e = ap_note_check(c->mem, &rules, &x, &why);
    if (e != ERR_OK) {
        say(c, in, INSPECT_FAIL, "owner", "%s", why);
        return ERR_OK;
    }
    say(c, in, INSPECT_OK, "owner", "%.*s", STR_ARG(x.attributed_to));
    TRY(look_at_author(c, in, x.attributed_to, &hints.followers, &ok));
    if (hints.followers.p != NULL) /* what it is for followers only depends on the collection of its author */
        TRY(ap_note_read(c->mem, doc, &hints, &x, &why));
    say(c, in, INSPECT_NOTE, "visibility", "%s", visibility_names[x.visibility]);
    if (x.in_reply_to.n > 0)
        say(c, in, INSPECT_NOTE, "thread", "answers %.*s, which would be fetched too", STR_ARG(x.in_reply_to));
    if (x.quote.n > 0)
        say(c, in, INSPECT_NOTE, "quote", "%.*s, %s", STR_ARG(x.quote),
            x.quote_authorization.n > 0 ? "with a stamp that would be checked" : "without consent: shown as a link");
    in->accepted = ok;
    say(c, in, ok ? INSPECT_OK : INSPECT_FAIL, "becomes", "%s",
        ok ? "a post when somebody looks it up; when it is delivered, if its author is followed here or it concerns "
             "somebody here"
           : "nothing");
    return ERR_OK;
}

static enum err
look_at_thing(struct ctx *c, struct inspection *in, struct budget *b, const struct val *doc)
{
    enum ap_type type = ap_type_of(doc);

    if (ap_has_type(doc, AP_TOMBSTONE)) {
        say(c, in, INSPECT_FAIL, "becomes", "nothing: it is gone");
        return ERR_OK;
    }
    switch (ap_type_class(type)) {
    case AP_CLASS_POST:
        return look_at_post(c, in, doc);
    case AP_CLASS_ACTIVITY:
    case AP_CLASS_COLLECTION:
        say(c, in, INSPECT_FAIL, "becomes", "nothing by itself: neither an actor nor a post");
        return ERR_OK;
    default:
        return val_has(doc, S("inbox")) || ap_type_class(type) == AP_CLASS_ACTOR ? look_at_actor(c, in, b, doc)
                                                                                 : look_at_post(c, in, doc);
    }
}

enum err
service_inspect(struct ctx *c, struct str what, struct inspection *out)
{
    struct budget budget = budget_new();
    struct handle h;
    const struct val *doc;
    bool go_on = true;

    *out = (struct inspection){ 0 };
    what = str_trim(what);
    if (str_find(what, S("://")) < 0) {
        if (!ap_acct_parse(c->mem, what, &h.username, &h.domain))
            return ctx_fail_public(c, ERR_BAD_REQUEST, "name a web address, or somebody as user@domain");
        TRY(look_at_policy(c, out, h.domain, &go_on));
        if (go_on)
            TRY(look_at_handle(c, out, &budget, &h, &what));
        go_on = go_on && what.n > 0;
    }
    if (go_on)
        TRY(look_at_address(c, out, what, &go_on));
    if (!go_on)
        return ERR_OK;
    TRY(look_in_store(c, out, what));
    TRY(fetch(c, out, &budget, what, &doc));
    return doc == NULL ? ERR_OK : look_at_thing(c, out, &budget, doc);
}
