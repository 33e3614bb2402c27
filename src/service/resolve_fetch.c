/* One fetch of a foreign document, with all checks between the URL and a document that may be believed. */
#include "service/resolve_internal.h"

#include "ap/httpsig.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/metric.h"
#include "base/url.h"
#include "http/client.h"
#include "service/account.h"
#include "service/delivery.h"
#include "service/domain.h"
#include "store/federation.h"
#include "text/html.h"
#include "text/idna.h"

#define ACCEPT_AP "application/ld+json; profile=\"" AP_AS "\", application/activity+json"

enum { LINK_HEADERS_MAX = 8, TURN_AGAIN_MS = 3 * SECOND_MS };

struct budget
budget_within(int64_t ms)
{
    return (struct budget){
        .fetches = 20, .new_accounts = 10, .depth = 3, .quotes = 2, .until_mono_ms = clock_mono_ms() + ms
    };
}

struct budget
budget_new(void)
{
    return budget_within(30 * SECOND_MS);
}

struct budget
budget_in_turn(void)
{
    struct budget b = budget_new();

    b.in_turn = true;
    return b;
}

struct ap_rules
resolve_rules(const struct ctx *c)
{
    return (struct ap_rules){ .origin = c->env->conf->origin, .allow_http = c->env->conf->federation_http };
}

static enum err
spend(struct ctx *c, struct budget *b)
{
    if (b->fetches <= 0)
        return ctx_fail(c, ERR_FORBIDDEN, "no fetches left for this cause");
    if (clock_mono_ms() >= b->until_mono_ms)
        return ctx_fail(c, ERR_REMOTE, "no time left for this cause");
    b->fetches--;
    return ERR_OK;
}

enum err
resolve_hop(
    struct ctx *c, void *arg UNUSED, const struct url *u, struct http_header *out UNUSED, size_t max UNUSED, size_t *n)
{
    *n = 0;
    return service_domain_check(c, u->authority);
}

enum err
service_resolve_allowed(struct ctx *c, struct str uri)
{
    struct url u;

    if (!url_parse(c->mem, uri, &u))
        return ctx_fail(c, ERR_INVALID, "%.*s is no web address", (int)MIN(uri.n, 200), uri.p);
    return service_domain_check(c, u.authority);
}

/* How to sign; no key: not at all. */
struct signing {
    const struct private_key *key;
    struct str key_id;
    enum ap_sig_dialect dialect;
    bool omit_query;
};

/* Before each request of a chain of redirects: may we go there, and the signature for this URL. */
static enum err
hop(struct ctx *c, void *arg, const struct url *u, struct http_header *out, size_t max, size_t *n)
{
    const struct signing *s = arg;
    struct ap_sig_headers h;

    *n = 0;
    TRY(service_domain_check(c, u->authority));
    if (s->key == NULL)
        return ERR_OK;
    TRY(ap_sig_make(c->mem,
        &(struct ap_sig_out){ .dialect = s->dialect,
            .method = S("GET"),
            .url = u->text,
            .keyid = s->key_id,
            .key = s->key,
            .omit_query = s->omit_query,
            .now_ms = clock_ms() },
        &h));
    CHECK(h.n <= max);
    for (size_t i = 0; i < h.n; i++)
        out[i] = h.v[i];
    *n = h.n;
    return ERR_OK;
}

/* What an answer other than 200 means. */
static enum err
status_error(struct ctx *c, const struct fetch_response *r)
{
    static const struct {
        int status;
        enum err err;
    } table[] = { { 401, ERR_FORBIDDEN }, { 403, ERR_FORBIDDEN }, { 404, ERR_NOT_FOUND }, { 406, ERR_NOT_FOUND },
        { 410, ERR_GONE }, { 451, ERR_FORBIDDEN } };
    enum err e = ERR_REMOTE;

    for (size_t i = 0; i < lengthof(table); i++)
        if (table[i].status == r->status)
            e = table[i].err;
    if (r->status == 0 && (r->fail == FETCH_ADDRESS || r->fail == FETCH_SCHEME || r->fail == FETCH_PORT ||
                              r->fail == FETCH_OWN || r->fail == FETCH_URL || r->fail == FETCH_REDIRECT))
        e = ERR_FORBIDDEN;
    if (r->fail == FETCH_TOO_LARGE)
        e = ERR_NOT_FOUND;
    (void)ctx_fail(c, e, "%.*s: status %d, %s", STR_ARG(r->url), r->status, fetch_fail_text(r->fail));
    c->fail.retry_after_ms = r->retry_after_ms;
    return e;
}

static int64_t
time_max(const struct budget *b)
{
    return b->history ? HISTORY_FETCH_MS : INT64_MAX;
}

static enum err
enter_turn(struct ctx *c, struct str url, struct host_turn *out)
{
    struct url u;

    if (!url_parse(c->mem, url, &u))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is no web address", (int)MIN(url.n, 200), url.p);
    if (resolve_turn_enter(u.host, out))
        return ERR_OK;
    (void)ctx_fail(c, ERR_BUSY, "%.*s has its share of the fetches", STR_ARG(u.host));
    c->fail.put_back_ms = TURN_AGAIN_MS;
    return ERR_BUSY;
}

/* One GET with this signature; *out is set when an answer came, whatever its status. */
static enum err
get(struct ctx *c, struct budget *b, struct str url, struct str accept, struct signing *s, struct fetch_response **out)
{
    const struct http_header headers[] = { { S("Accept"), accept } };
    struct fetch_request rq = { .method = HTTP_GET,
        .url = url,
        .headers = headers,
        .n_headers = lengthof(headers),
        .body_max = AP_BODY_BYTES_MAX,
        .timeout_ms = MAX(MIN(b->until_mono_ms - clock_mono_ms(), time_max(b)), 1),
        .any_status = true,
        .again_ms = b->again_ms,
        .hop = hop,
        .hop_arg = s };
    struct host_turn turn;
    enum err e;

    TRY(spend(c, b));
    if (b->in_turn)
        TRY(enter_turn(c, url, &turn));
    e = http_client_fetch(c, &rq, out);
    if (b->in_turn)
        resolve_turn_leave(turn);
    if (e == ERR_REMOTE) {
        ctx_ok(c);
        return status_error(c, *out);
    }
    return e;
}

/*
 * Some servers fail on the signature of a GET, not on the GET.  What they say without one counts when it is the document: a server
 * that has real trouble and shows nothing to strangers must not turn a 500, after which we come again, into a 401, which is the end.
 * Asked only after 500: 502 to 504 come from what stands before a server that has enough to do.
 */
static void
get_unsigned(struct ctx *c, struct budget *b, struct str url, struct str accept, struct fetch_response **out)
{
    struct signing unsigned_ = { 0 };
    struct fetch_response *r = NULL;
    enum err e = get(c, b, url, accept, &unsigned_, &r);

    if (e != ERR_OK)
        ctx_ok(c);
    else if (r->status == 200)
        *out = r;
}

/*
 * draft-cavage first, as everybody knows it; RFC 9421 when that is refused, or first where a delivery found that out; for URLs with a
 * query also the old form that signs the path alone.  After a 500 once without a signature.
 */
static enum err
get_signed(struct ctx *c, struct budget *b, const struct url *u, struct str accept, struct fetch_response **out)
{
    struct private_key *key;
    struct host_row *host;
    struct signing s = { 0 };

    TRY(service_account_signing_key(c, 0, &key, &s.key_id));
    s.key = key;
    TRY(store_host_get(c, u->authority, &host));
    s.dialect = host != NULL && host->dialect >= HOST_DIALECT_RFC9421 ? AP_SIG_RFC9421 : AP_SIG_CAVAGE;
    TRY(get(c, b, u->text, accept, &s, out));
    if ((*out)->status == 401 || (*out)->status == 400) {
        s.dialect = s.dialect == AP_SIG_CAVAGE ? AP_SIG_RFC9421 : AP_SIG_CAVAGE;
        TRY(get(c, b, u->text, accept, &s, out));
    }
    if ((*out)->status == 401 && u->query.p != NULL) {
        s.dialect = AP_SIG_CAVAGE;
        s.omit_query = true;
        TRY(get(c, b, u->text, accept, &s, out));
    }
    if ((*out)->status == 500)
        get_unsigned(c, b, u->text, accept, out);
    return ERR_OK;
}

/* The strict form of a URL that may be fetched at all: https (or http in closed networks), A-labels, not ours, not suspended. */
static enum err
fetchable(struct ctx *c, struct str url, struct url *u)
{
    struct ap_rules rules = resolve_rules(c);
    struct str host, text;
    const char *why;
    enum err e;

    if (!url_parse(c->mem, url, u))
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s is no web address", (int)MIN(url.n, 200), url.p);
    if (text_domain_normal(c->mem, u->host, &host) && !str_eq(host, u->host)) {
        text = str_cat(c->mem, u->scheme, S("://"), host, u->has_port ? str_fmt(c->mem, ":%d", u->port) : S(""),
            u->target, STR_NONE);
        if (!url_parse(c->mem, text, u)) /* the name is longer so, and the whole may be too long now */
            return ctx_fail(c, ERR_NOT_FOUND, "%.*s is no web address", (int)MIN(url.n, 200), url.p);
    }
    e = ap_id_check(c->mem, &rules, u->text, &why);
    if (e != ERR_OK)
        return ctx_fail(c, ERR_FORBIDDEN, "%.*s: %s", STR_ARG(u->text), why);
    return service_domain_check(c, u->authority);
}

/* ---- documents ------------------------------------------------------------------------------------------------------ */

/* <url>; rel="alternate"; type="application/activity+json" in a Link header. */
static struct str
link_of_headers(const struct fetch_response *r)
{
    int seen = 0;

    for (size_t i = 0; i < r->n_headers && seen < LINK_HEADERS_MAX; i++) {
        struct str rest = r->headers[i].value, one;

        if (!str_eqi(r->headers[i].name, S("link")))
            continue;
        seen++;
        while (str_cut(&rest, ',', &one)) {
            ptrdiff_t from = str_chr(one, '<'), to = str_chr(one, '>');

            if (from >= 0 && to > from && str_find(one, S("alternate")) > to &&
                (str_find(one, S("application/activity+json")) > to || str_find(one, S(AP_AS)) > to))
                return str_sub(one, (size_t)from + 1, (size_t)to);
        }
    }
    return STR_NONE;
}

static bool
is_html(struct str content_type)
{
    return str_startsi(content_type, S("text/html")) || str_startsi(content_type, S("application/xhtml+xml"));
}

static void
take_page(struct ctx *c, const struct fetch_response *r, struct fetched *out)
{
    struct str link = link_of_headers(r);
    struct url u;

    if (link.p == NULL)
        link = text_find_alternate(c->mem, r->body);
    out->doc = NULL;
    out->id = STR_NONE;
    out->link = link.p != NULL && http_client_location(c->mem, r->url, link, &u) ? u.text : STR_NONE;
}

/* The document of an answer; *again when it must be fetched once more by its own id. */
static enum err
take_document(struct ctx *c, struct str asked, enum ap_doc_kind kind, bool first, const struct fetch_response *r,
    struct fetched *out, bool *again)
{
    struct ap_rules rules = resolve_rules(c);
    const char *why = "not an ActivityPub media type";

    *again = false;
    if (!ap_media_type_is_ap(r->content_type) || ap_doc_parse(c->mem, r->body, kind, &out->doc, &why) != ERR_OK)
        return ctx_fail(c, ERR_NOT_FOUND, "%.*s: %s", STR_ARG(r->url), why);
    out->id = ap_id_of(out->doc);
    switch (ap_fetched_check(c->mem, &rules, asked, r->url, out->id, first, &why)) {
    case AP_FETCHED_OK:
        return ERR_OK;
    case AP_FETCHED_REFETCH:
        *again = true;
        return ERR_OK;
    case AP_FETCHED_REFUSE:
        break;
    }
    return ctx_fail(c, ERR_NOT_FOUND, "%.*s: %s", STR_ARG(r->url), why);
}

static enum err
fetch_once(struct ctx *c, struct budget *b, struct str url, enum ap_doc_kind kind, unsigned flags, bool first,
    struct fetched *out, bool *again)
{
    bool html_ok = (flags & FETCH_HTML_OK) != 0;
    struct fetch_response *r;
    struct url u, from;

    *again = false;
    TRY(fetchable(c, url, &u));
    TRY(get_signed(c, b, &u, html_ok ? S(ACCEPT_AP ", text/html;q=0.1") : S(ACCEPT_AP), &r));
    if (r->status != 200)
        return status_error(c, r);
    if (url_parse(c->mem, r->url, &from)) /* it lives: what is held for it may go */
        service_delivery_host_ok(from.authority, false);
    out->final = r->url;
    out->link = STR_NONE;
    if (html_ok && is_html(r->content_type)) {
        take_page(c, r, out);
        return ERR_OK;
    }
    return take_document(c, u.text, kind, first, r, out, again);
}

enum err
resolve_fetch(
    struct ctx *c, struct budget *b, struct str url, enum ap_doc_kind kind, unsigned flags, struct fetched *out)
{
    enum err e = (flags & FETCH_AGAIN) != 0 ? ERR_OK : resolve_failed_before(url, b->again_ms);
    bool again;

    struct url u;

    *out = (struct fetched){ 0 };
    if (e != ERR_OK)
        return ctx_fail(c, e, "%.*s failed a short while ago", (int)MIN(url.n, 200), url.p);
    TRY(fetchable(c, url, &u)); /* what we refuse ourselves is not remembered: the policy may change */
    e = fetch_once(c, b, url, kind, flags, true, out, &again);
    if (e == ERR_OK && again)
        e = fetch_once(c, b, out->id, kind, flags & ~(unsigned)FETCH_HTML_OK, false, out, &again);
    if (e == ERR_OK)
        resolve_note_success(url);
    else if (b->fetches > 0 && clock_mono_ms() < b->until_mono_ms)
        resolve_note_failure(url, e);
    if (b->history)
        metric_add(e == ERR_OK ? METRIC_HISTORY_FETCHED : METRIC_HISTORY_FAILED, 1);
    return e;
}

enum err
resolve_fetch_plain(struct ctx *c, struct budget *b, struct str url, struct str accept, struct str *body)
{
    struct signing unsigned_ = { 0 };
    enum err e = resolve_failed_before(url, b->again_ms);
    struct fetch_response *r;
    struct url u;

    if (e != ERR_OK)
        return ctx_fail(c, e, "%.*s failed a short while ago", (int)MIN(url.n, 200), url.p);
    TRY(fetchable(c, url, &u));
    e = get(c, b, u.text, accept, &unsigned_, &r);
    if (e == ERR_OK && r->status != 200)
        e = status_error(c, r);
    if (e == ERR_OK)
        resolve_note_success(url);
    else
        resolve_note_failure(url, e);
    TRY(e);
    *body = r->body;
    return ERR_OK;
}

enum err
resolve_get(struct ctx *c, struct budget *b, struct str url, struct fetch_response **out)
{
    struct url u;

    TRY(fetchable(c, url, &u));
    return get_signed(c, b, &u, S(ACCEPT_AP), out);
}
