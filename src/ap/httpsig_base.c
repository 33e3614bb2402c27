/* The signing string (draft-cavage, 2.3) and the signature base (RFC 9421, 2.5): the same for making and for verifying. */
#include "ap/httpsig_internal.h"
#include "base/arena.h"
#include "base/buf.h"

enum { BASE_BYTES_MAX = 64 * 1024 };

static struct str
authority_of(struct str origin)
{
    ptrdiff_t at = str_find(origin, S("://"));

    return at < 0 ? origin : str_sub(origin, (size_t)at + 3, origin.n);
}

/* Ours that the Host field names, else the first.  Never from a forwarded header. */
static struct str
own_origin(struct arena *a, const struct ap_sig_request *r)
{
    struct str host;

    (void)httpsig_header(a, r, S("host"), &host);
    for (size_t i = 0; i < r->origins.n; i++)
        if (str_eqi(authority_of(r->origins.v[i]), host))
            return r->origins.v[i];
    CHECK(r->origins.n > 0);
    return r->origins.v[0];
}

/* Path and query of the target; the query with its question mark. */
static void
split_target(struct str target, struct str *path, struct str *query)
{
    ptrdiff_t at = str_chr(target, '?');

    *path = at < 0 ? target : str_sub(target, 0, (size_t)at);
    *query = at < 0 ? S("") : str_sub(target, (size_t)at, target.n);
}

static bool
put_field(struct buf *b, const struct ap_sig_request *r, struct str name)
{
    struct str value;

    if (httpsig_header(b->mem, r, name, &value) == 0)
        return false;
    buf_put(b, value);
    return true;
}

static bool
put_cavage(struct buf *b, const struct ap_sig_request *r, const struct ap_sig *s, struct str c, bool omit_query)
{
    struct str path, query;

    buf_put(b, c);
    buf_putz(b, ": ");
    if (str_eq(c, S("(request-target)"))) {
        split_target(r->target, &path, &query);
        buf_put(b, str_lower(b->mem, r->method));
        buf_putc(b, ' ');
        buf_put(b, path);
        if (!omit_query)
            buf_put(b, query);
        return true;
    }
    if (str_eq(c, S("(created)")) || str_eq(c, S("(expires)"))) {
        bool is_created = c.p[1] == 'c';

        buf_put_int(b, is_created ? s->created_s : s->expires_s);
        return is_created ? s->has_created : s->has_expires;
    }
    return put_field(b, r, c);
}

static bool
put_derived(struct buf *b, const struct ap_sig_request *r, struct str c)
{
    struct str origin = own_origin(b->mem, r), path, query;

    split_target(r->target, &path, &query);
    if (str_eq(c, S("@method"))) {
        buf_put(b, r->method);
    } else if (str_eq(c, S("@target-uri"))) {
        buf_put(b, origin);
        buf_put(b, r->target);
    } else if (str_eq(c, S("@authority"))) {
        buf_put(b, str_lower(b->mem, authority_of(origin)));
    } else if (str_eq(c, S("@scheme"))) {
        buf_put(b, str_sub(origin, 0, (size_t)str_chr(origin, ':')));
    } else if (str_eq(c, S("@request-target"))) {
        buf_put(b, r->target);
    } else if (str_eq(c, S("@path"))) {
        buf_put(b, path.n == 0 ? S("/") : path);
    } else if (str_eq(c, S("@query"))) {
        buf_put(b, query.n == 0 ? S("?") : query);
    } else {
        return false;
    }
    return true;
}

bool
httpsig_base(struct arena *a, const struct ap_sig_request *r, const struct ap_sig *s, bool omit_query, struct str *out)
{
    struct buf b;

    buf_init(&b, a, BASE_BYTES_MAX);
    for (size_t i = 0; i < s->components.n; i++) {
        struct str c = s->components.v[i];

        if (i > 0)
            buf_putc(&b, '\n');
        if (s->dialect == AP_SIG_CAVAGE) {
            if (!put_cavage(&b, r, s, c, omit_query))
                return false;
            continue;
        }
        buf_putc(&b, '"');
        buf_put(&b, c);
        buf_putz(&b, "\": ");
        if (!(c.p[0] == '@' ? put_derived(&b, r, c) : put_field(&b, r, c)))
            return false;
    }
    if (s->dialect == AP_SIG_RFC9421) {
        if (s->components.n > 0)
            buf_putc(&b, '\n');
        buf_putz(&b, "\"@signature-params\": ");
        buf_put(&b, s->params);
    }
    if (!buf_ok(&b))
        return false;
    *out = buf_str(&b);
    return true;
}
