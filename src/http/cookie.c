/* Cookies (RFC 6265bis): always HttpOnly, SameSite=Lax, Path=/, and with https Secure and the __Host- prefix. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"

/* With https only a cookie that this host set over https is ours; the prefix proves it. */
static struct str
wire_name(struct ctx *c, struct str name)
{
    return c->env->conf->https ? str_cat(c->mem, S("__Host-"), name, STR_NONE) : name;
}

struct str
req_cookie(struct ctx *c, const struct req *r, struct str name)
{
    struct str wanted = wire_name(c, name), out;

    for (size_t i = 0; i < r->n_headers; i++) {
        struct str rest = r->headers[i].value, pair, key;

        if (!str_eqi(r->headers[i].name, S("Cookie")))
            continue;
        while (str_cut(&rest, ';', &pair)) {
            pair = str_trim(pair);
            if (!str_cut(&pair, '=', &key) || !str_eq(key, wanted) || pair.p == NULL)
                continue;
            return url_decode(c->mem, pair, false, &out) ? out : STR_NONE;
        }
    }
    return STR_NONE;
}

void
res_cookie(struct ctx *c, struct req *r, struct str name, struct str value, int64_t max_age_s)
{
    struct buf b;

    buf_init(&b, c->mem, KB(8));
    buf_put(&b, wire_name(c, name));
    buf_putc(&b, '=');
    buf_put(&b, url_encode(c->mem, value));
    buf_put(&b, S("; Path=/; HttpOnly; SameSite=Lax"));
    if (c->env->conf->https)
        buf_put(&b, S("; Secure"));
    if (max_age_s >= 0) {
        buf_put(&b, S("; Max-Age="));
        buf_put_int(&b, max_age_s);
    }
    CHECK(buf_ok(&b));
    res_header(c, r, "Set-Cookie", buf_str(&b));
}
