/* The web of world_test.h: pages in a table, actors that can sign, WebFinger for them. */
#include "inbox/world_test.h"

#include "ap/check.h"
#include "ap/webfinger.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/url.h"
#include "http/client.h"
#include "unit.h"

enum { PAGES_MAX = 4000, PEOPLE_MAX = 4000 };

struct web_page {
    struct str url, body;
    int status;
    int if_signed; /* instead of status, for signed requests; 0: the same */
};

struct person {
    struct str id, name, host;
};

static struct {
    struct str pem;
    struct web_page pages[PAGES_MAX];
    size_t n_pages;
    struct person people[PEOPLE_MAX];
    size_t n_people;
    int requests;
} web;

struct str (*web_other)(struct str url);

void
web_clear(void)
{
    web.n_pages = web.n_people = 0;
}

void
web_key(struct str pem)
{
    web.pem = pem;
}

static struct web_page *
find_page(struct str url)
{
    for (size_t i = 0; i < web.n_pages; i++)
        if (str_eq(web.pages[i].url, url))
            return &web.pages[i];
    return NULL;
}

static struct web_page *
page_of(struct str url)
{
    struct web_page *p = find_page(url);

    if (p != NULL)
        return p;
    CHECK(web.n_pages < PAGES_MAX);
    p = &web.pages[web.n_pages++];
    *p = (struct web_page){ .url = str_dup(unit_mem(), url) };
    return p;
}

void
web_put(struct str url, struct str body)
{
    struct web_page *p = page_of(url);

    p->body = body;
    p->status = body.p == NULL ? 404 : 200;
}

void
web_status(struct str url, int status)
{
    page_of(url)->status = status;
}

void
web_status_signed(struct str url, int status)
{
    page_of(url)->if_signed = status;
}

int
web_requests(void)
{
    int n = web.requests;

    web.requests = 0;
    return n;
}

struct str
web_person(const char *id, const char *name)
{
    return str_fmt(unit_mem(),
        "{\"@context\":\"" AP_AS "\",\"id\":\"%s\",\"type\":\"Person\",\"preferredUsername\":\"%s\",\"inbox\":\"%s/"
        "inbox\",\"outbox\":\"%s/outbox\",\"followers\":\"%s/followers\",\"following\":\"%s/following\","
        "\"featured\":\"%s/featured\"}",
        id, name, id, id, id, id, id);
}

/* The same actor with the key of the test instead of its own. */
static struct str
with_key(const struct val *doc)
{
    struct str id = ap_id_of(doc);
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), MB(2));
    json_init(&j, &b);
    json_obj(&j, NULL);
    for (size_t i = 0; i < doc->n; i++) {
        if (str_eq(doc->keys[i], S("publicKey")))
            continue;
        json_member(&j, doc->keys[i]);
        json_val(&j, NULL, &doc->v[i]);
    }
    json_obj(&j, "publicKey");
    json_str(&j, "id", str_cat(unit_mem(), id, S("#k"), STR_NONE));
    json_str(&j, "owner", id);
    json_str(&j, "publicKeyPem", web.pem);
    json_end(&j);
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

static void
remember_person(const struct val *doc)
{
    struct person p = { .id = ap_id_of(doc), .name = val_str(val_get(doc, S("preferredUsername"))) };
    struct url u;

    if (!url_parse(unit_mem(), p.id, &u) || p.name.n == 0)
        return;
    p.host = u.authority;
    CHECK(web.n_people < PEOPLE_MAX);
    web.people[web.n_people++] = p;
}

static struct str
prepare(struct str body)
{
    const struct val *doc;
    const char *why;

    if (body.p == NULL || ap_doc_parse(unit_mem(), body, AP_DOC_ANY, &doc, &why) != ERR_OK || ap_id_of(doc).n == 0 ||
        !val_has(doc, S("inbox")))
        return body;
    remember_person(doc);
    return with_key(doc);
}

static struct str
webfinger(struct str url)
{
    ptrdiff_t at = str_find(url, S("resource="));
    struct str acct, user, domain;

    if (at < 0 || !url_decode(unit_mem(), str_sub(url, (size_t)at + 9, url.n), true, &acct) ||
        !ap_acct_parse(unit_mem(), acct, &user, &domain))
        return STR_NONE;
    for (size_t i = web.n_people; i-- > 0;) {
        const struct person *p = &web.people[i];

        if (str_eqi(p->name, user) && str_eqi(p->host, domain))
            return str_fmt(unit_mem(),
                "{\"subject\":\"acct:%.*s@%.*s\",\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","
                "\"href\":\"%.*s\"}]}",
                STR_ARG(p->name), STR_ARG(p->host), STR_ARG(p->id));
    }
    return STR_NONE;
}

static struct str
answer(struct str url, bool is_signed, int *status)
{
    const struct web_page *p = find_page(url);
    struct str body = STR_NONE;

    *status = 200;
    if (p != NULL) {
        *status = is_signed && p->if_signed != 0 ? p->if_signed : p->status;
        body = p->body;
    } else if (str_find(url, S("/.well-known/webfinger?")) >= 0) {
        body = webfinger(url);
    } else if (web_other != NULL) {
        body = web_other(url);
    }
    if (body.p == NULL && *status == 200)
        *status = 404;
    return prepare(body);
}

/* In place of the client: one request, one answer. */
enum err __wrap_http_client_fetch(struct ctx *c, const struct fetch_request *rq, struct fetch_response **out);
enum err
__wrap_http_client_fetch(struct ctx *c, const struct fetch_request *rq, struct fetch_response **out)
{
    struct fetch_response *r = *out = arena_new(c->mem, struct fetch_response);
    struct http_header headers[FETCH_HEADERS_MAX];
    struct url u;
    size_t n = 0;

    *r = (struct fetch_response){ .url = rq->url, .content_type = S("application/activity+json"), .body = S("") };
    CHECK(url_parse(c->mem, rq->url, &u));
    if (rq->hop != NULL)
        TRY(rq->hop(c, rq->hop_arg, &u, headers, lengthof(headers), &n));
    web.requests++;
    r->body = answer(rq->url, n > 0, &r->status);
    r->body_n = (int64_t)r->body.n;
    if (r->status == 200 || rq->any_status)
        return ERR_OK;
    r->fail = FETCH_STATUS;
    return ctx_fail(c, ERR_REMOTE, "status %d", r->status);
}
