/* Reading a request: header fields and path parameters.  Its body and query are read in params.c. */
#include "http/http.h"

#include "base/arena.h"
#include "base/clock.h"
#include "http/route.h"

struct str
req_header(struct ctx *c, const struct req *r, struct str name)
{
    struct str out = STR_NONE;

    for (size_t i = 0; i < r->n_headers; i++) {
        if (!str_eqi(r->headers[i].name, name))
            continue;
        out = out.p == NULL ? r->headers[i].value : str_cat(c->mem, out, S(", "), r->headers[i].value, STR_NONE);
    }
    return out.p == NULL || out.n > 0 ? out : S("");
}

static const struct path_param *
find_param(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->n_params; i++)
        if (str_eqz(r->params[i].name, name))
            return &r->params[i];
    BUG("route %s has no parameter %s", r->route == NULL ? "(none)" : r->route->pattern, name);
}

struct str
req_param(const struct req *r, const char *name)
{
    return find_param(r, name)->value;
}

int64_t
req_param_id(const struct req *r, const char *name)
{
    return find_param(r, name)->id;
}

void
req_wait(struct req *r, struct str host, struct str address)
{
    CHECK(r->wait == WAIT_NOT);
    r->wait = WAIT_ASKED;
    r->wait_mono_ms = clock_mono_ms();
    r->wait_shares[0] = str_hash(host);
    r->wait_shares[1] = str_hash(address);
}
