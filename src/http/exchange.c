/*
 * A request on its way: copied out of the loop's buffer when its head is complete, given its body piece by piece, freed by the
 * worker that ran it.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "http/internal.h"
#include "os/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    if (x->req.body_fd >= 0)
        close(x->req.body_fd);
    free(x->body);
    free(x);
}

/* A bump allocator over exchange.room. */
struct room {
    char *at, *end;
};

static struct str
keep(struct room *r, struct str s)
{
    struct str out = { r->at, s.n };

    if (s.p == NULL)
        return STR_NONE;
    CHECK((size_t)(r->end - r->at) >= s.n);
    if (s.n > 0)
        memcpy(r->at, s.p, s.n);
    r->at += s.n;
    return out;
}

/* The same view in the copy of the head; literals stay. */
static struct str
rebase(struct str s, struct str from, const char *to)
{
    if (s.p >= from.p && s.p <= from.p + from.n)
        s.p = to + (s.p - from.p);
    return s;
}

static void
fill_client(struct conn *c, const struct http_head *h, struct req *r, struct str *request_id)
{
    const struct server *s = c->net->server;
    struct ip ip = c->peer.ip;
    bool known = !c->peer.is_unix;
    struct str id;

    r->https = c->tls != NULL;
    if (c->trusted) {
        int https = forwarded_https(h);

        known |= forwarded_client(h, &s->trust, &ip);
        r->https = https >= 0 ? https == 1 : r->https || s->o.conf->https;
        id = http_head_get(h, S("X-Request-Id"));
        if (request_id_sane(id))
            *request_id = id;
    }
    r->client_ip = known ? ip_text(c->net->scratch, &ip) : S("unix");
}

/* Everything of the head that the request keeps views of, rebased onto its copy. */
static void
copy_head(struct exchange *x, struct room *room, struct str head, const struct http_head *h)
{
    struct http_header *fields = (struct http_header *)(void *)x->room;
    struct req *r = &x->req;
    const char *copy = keep(room, head).p;

    for (size_t i = 0; i < h->n_headers; i++) {
        fields[i].name = rebase(h->headers[i].name, head, copy);
        fields[i].value = rebase(h->headers[i].value, head, copy);
    }
    r->headers = fields;
    r->n_headers = h->n_headers;
    r->method_text = rebase(h->method_text, head, copy);
    r->target = rebase(h->target, head, copy);
    r->path = rebase(h->path, head, copy);
    r->query = h->query.p == NULL ? STR_NONE : rebase(h->query, head, copy);
}

struct exchange *
exchange_new(struct conn *c, struct str bytes, const struct http_head *h)
{
    const struct router *router = c->net->server->o.router;
    struct arena *mem = c->net->scratch;
    struct str head = str_sub(bytes, 0, h->bytes), request_id = STR_NONE, host = str_lower(mem, h->host);
    struct req *r = arena_new(mem, struct req);
    size_t fields_n = h->n_headers * sizeof(struct http_header), n;
    struct exchange *x;
    struct room room;

    r->method = h->method;
    r->body_fd = -1;
    r->res.fd = -1;
    r->begin_mono_ns = clock_mono_ns();
    fill_client(c, h, r, &request_id);
    if (h->path.p[0] == '/')
        r->route_err = router_find(router, mem, h->method, h->path, r, &r->route_allow);
    else
        r->route_err = ERR_NOT_FOUND; /* OPTIONS * */
    if (r->route_err != ERR_OK)
        r->route = NULL;
    n = fields_n + head.n + request_id.n + host.n + r->client_ip.n + r->route_allow.n;
    for (size_t i = 0; i < r->n_params; i++)
        n += r->params[i].name.n + r->params[i].value.n;
    x = malloc(sizeof(*x) + n);
    if (x == NULL)
        BUG("out of memory");
    *x = (struct exchange){ .conn = c,
        .req = *r,
        .head_minor_0 = h->minor == 0,
        .is_chunked = h->chunked,
        .expect_continue = h->expect_continue,
        .body_want = MAX(h->content_length, 0) };
    x->body_limit = (int64_t)MAX(r->route != NULL ? r->route->body_max : 0, (size_t)BODY_SMALL_MAX);
    room = (struct room){ x->room + fields_n, x->room + n };
    copy_head(x, &room, head, h);
    x->request_id = keep(&room, request_id);
    x->req.host = keep(&room, host);
    x->req.client_ip = keep(&room, r->client_ip);
    x->req.route_allow = keep(&room, r->route_allow);
    for (size_t i = 0; i < r->n_params; i++) {
        x->req.params[i].name = keep(&room, r->params[i].name);
        x->req.params[i].value = keep(&room, r->params[i].value);
    }
    arena_reset(mem);
    return x;
}

/* ---- body ---------------------------------------------------------------------------------------------------------- */

static bool
spool(struct exchange *x, const char *p, size_t n)
{
    struct req *r = &x->req;

    if (r->body_fd < 0) {
        r->body_fd = file_temp(x->conn->net->server->o.spool_dir);
        if (r->body_fd < 0 || file_write_all(r->body_fd, (struct str){ x->body, (size_t)r->body_n }) != ERR_OK)
            return false;
        free(x->body);
        x->body = NULL;
    }
    return file_write_all(r->body_fd, (struct str){ p, n }) == ERR_OK;
}

/* 0, or the status to refuse with. */
static int
append(struct exchange *x, const char *p, size_t n)
{
    size_t have = (size_t)x->req.body_n;

    if (n == 0)
        return 0;
    if ((int64_t)(have + n) > x->body_limit)
        return 413;
    if (x->req.body_fd >= 0 || have + n > BODY_MEMORY_MAX) {
        if (!spool(x, p, n))
            return 503;
    } else {
        if (have + n > x->body_cap) {
            size_t cap = MIN(MAX(x->body_cap * 2, have + n), (size_t)BODY_MEMORY_MAX);
            char *grown = realloc(x->body, cap);

            if (grown == NULL)
                BUG("out of memory");
            x->body = grown;
            x->body_cap = cap;
        }
        memcpy(x->body + have, p, n);
    }
    x->req.body_n += (int64_t)n;
    x->conn->moved += (int64_t)n;
    return 0;
}

void
exchange_end_body(struct exchange *x)
{
    struct req *r = &x->req;

    if (r->body_fd < 0)
        r->body = (struct str){ x->body == NULL ? "" : x->body, (size_t)r->body_n };
    else
        lseek(r->body_fd, 0, SEEK_SET);
}

int
exchange_feed(struct exchange *x, char *p, size_t n, size_t *used)
{
    enum chunked_state state = CHUNKED_MORE;
    size_t content;
    int status;

    if (x->is_chunked) {
        state = chunked_decode(&x->chunked, p, n, used, &content);
        if (state == CHUNKED_ERROR)
            return 400;
    } else {
        *used = content = (size_t)MIN(x->body_want - x->req.body_n, (int64_t)n);
        if (x->req.body_n + (int64_t)content == x->body_want)
            state = CHUNKED_DONE;
    }
    status = append(x, p, content);
    if (status != 0 || state == CHUNKED_MORE)
        return status;
    exchange_end_body(x);
    return BODY_COMPLETE;
}
