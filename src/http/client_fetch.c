/* The blocking call: one chain of redirects, each hop checked and signed anew on the caller's thread. */
#include "http/client_xfer.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    struct fetch_response *r;
};

static void
on_done(void *arg, struct fetch_response *r)
{
    struct waiter *w = arg;

    pthread_mutex_lock(&w->lock);
    w->r = r;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

static void
free_response(void *r)
{
    fetch_response_free(r);
}

/* One request and its answer, which then belongs to the arena. */
static struct fetch_response *
ask(struct ctx *c, const struct fetch_request *rq)
{
    struct waiter w = { .r = NULL };

    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.cond, NULL);
    http_client_start(c->env->client, c->mem, rq, on_done, &w);
    pthread_mutex_lock(&w.lock);
    while (w.r == NULL)
        pthread_cond_wait(&w.cond, &w.lock);
    pthread_mutex_unlock(&w.lock);
    pthread_cond_destroy(&w.cond);
    pthread_mutex_destroy(&w.lock);
    arena_defer(c->mem, free_response, w.r);
    return w.r;
}

static bool
is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* libcurl's own resolver, then our strict reader. */
bool
http_client_location(struct arena *mem, struct str base, struct str location, struct url *out)
{
    CURLU *u = curl_url();
    char *text = NULL;
    bool ok;

    if (u == NULL)
        BUG("out of memory");
    ok = location.n > 0 && location.n <= URL_BYTES_MAX &&
         curl_url_set(u, CURLUPART_URL, str_cz(mem, base), CURLU_PATH_AS_IS) == CURLUE_OK &&
         curl_url_set(u, CURLUPART_URL, str_cz(mem, location), CURLU_PATH_AS_IS | CURLU_DISALLOW_USER) == CURLUE_OK &&
         curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK;
    if (ok)
        ok = client_url(mem, str_dup(mem, str_z(text)), out);
    curl_free(text);
    curl_url_cleanup(u);
    return ok;
}

/* https never becomes http; http may become https where http was permitted. */
static bool
scheme_may_follow(const struct url *from, const struct url *to)
{
    return str_eq(from->scheme, to->scheme) || str_eqz(to->scheme, "https");
}

/* Credentials are for the origin they were given for. */
static size_t
drop_credentials(struct http_header *v, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!str_eqi(v[i].name, S("authorization")) && !str_eqi(v[i].name, S("cookie")))
            v[kept++] = v[i];
    return kept;
}

struct chain {
    struct str seen[FETCH_REDIRECTS + 1];
    int n;
};

/* Where the answer leads to, or FETCH_REDIRECT.  *u is replaced. */
static enum fetch_fail
follow(struct ctx *c, struct chain *ch, const struct fetch_response *r, struct url *u)
{
    struct url next;

    if (ch->n > FETCH_REDIRECTS || !http_client_location(c->mem, r->url, r->location, &next) ||
        !scheme_may_follow(u, &next))
        return FETCH_REDIRECT;
    for (int i = 0; i < ch->n; i++)
        if (str_eq(ch->seen[i], next.text))
            return FETCH_REDIRECT;
    ch->seen[ch->n++] = next.text;
    *u = next;
    return FETCH_NONE;
}

static enum err
fail_remote(struct ctx *c, const struct fetch_response *r)
{
    enum err e =
        ctx_fail(c, ERR_REMOTE, "%.*s: %s: %.*s", STR_ARG(r->url), fetch_fail_text(r->fail), STR_ARG(r->detail));

    c->fail.retry_after_ms = r->retry_after_ms;
    return e;
}

static struct fetch_response *
made_up(struct ctx *c, struct str url, enum fetch_fail fail)
{
    struct fetch_response *r = arena_new(c->mem, struct fetch_response);

    r->fail = fail;
    r->url = url;
    r->detail = str_z(fetch_fail_text(fail));
    r->content_type = r->location = r->body = S("");
    return r;
}

enum err
http_client_fetch(struct ctx *c, const struct fetch_request *rq, struct fetch_response **out)
{
    struct fetch_request hop = *rq;
    struct http_header own[FETCH_HEADERS_MAX], all[2 * FETCH_HEADERS_MAX];
    size_t n_own = rq->n_headers;
    struct chain ch = { 0 };
    struct url u, first;
    int64_t deadline = clock_mono_ms() + (rq->timeout_ms > 0 ? rq->timeout_ms : FETCH_TIMEOUT_MS);

    CHECK(!client_is_own_thread(c->env->client));
    if (c->tx != 0) {
        log_error(c, "fetch.in_transaction", LOG_STR("url", rq->url));
        return ctx_fail(c, ERR_INTERNAL, "no transaction waits for the network");
    }
    CHECK(rq->n_headers <= FETCH_HEADERS_MAX);
    if (c->deadline_mono_ms > 0)
        deadline = MIN(deadline, c->deadline_mono_ms);
    if (!client_url(c->mem, rq->url, &u)) {
        *out = made_up(c, rq->url, FETCH_URL);
        return fail_remote(c, *out);
    }
    first = u;
    ch.seen[ch.n++] = u.text;
    for (size_t i = 0; i < n_own; i++)
        own[i] = rq->headers[i];
    for (;;) {
        size_t n_hop = 0;

        for (size_t i = 0; i < n_own; i++)
            all[i] = own[i];
        if (rq->hop != NULL) {
            *out = made_up(c, u.text, FETCH_URL);
            TRY(rq->hop(c, rq->hop_arg, &u, all + n_own, FETCH_HEADERS_MAX, &n_hop));
            CHECK(n_hop <= FETCH_HEADERS_MAX);
        }
        hop.url = u.text;
        hop.headers = all;
        hop.n_headers = n_own + n_hop;
        hop.timeout_ms = MAX(deadline - clock_mono_ms(), 1);
        ctx_release(c); /* nobody waits for the network with a database connection in hand */
        *out = ask(c, &hop);
        (*out)->redirects = ch.n - 1;
        if ((*out)->fail != FETCH_STATUS || !is_redirect((*out)->status) || rq->no_redirect ||
            (rq->method != HTTP_GET && rq->method != HTTP_HEAD))
            break;
        enum fetch_fail bad = follow(c, &ch, *out, &u);

        if (bad != FETCH_NONE) {
            (*out)->fail = bad;
            break;
        }
        if (!str_eq(u.origin, first.origin))
            n_own = drop_credentials(own, n_own);
    }
    if ((*out)->fail == FETCH_NONE ||
        ((*out)->fail == FETCH_STATUS && (rq->any_status || (rq->no_redirect && is_redirect((*out)->status)))))
        return ERR_OK;
    return fail_remote(c, *out);
}
