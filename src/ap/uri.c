/* One table of paths, read in both directions. */
#include "ap/uri.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/url.h"
#include "base/utf8.h"

#define X(name, path) [AP_URI_##name] = { path, sizeof(path) - 1 },
static const struct str paths[AP_URI_COUNT] = { AP_URIS(X) };
#undef X

static struct str
make(struct arena *mem, struct str base, const struct ap_uri *u)
{
    struct str path = paths[u->kind];
    struct buf b;

    CHECK(u->kind != AP_URI_NONE && u->kind < AP_URI_COUNT);
    buf_init(&b, mem, base.n + path.n + u->name.n * 3 + 80);
    buf_put(&b, base);
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] != '{') {
            buf_putc(&b, path.p[i]);
            continue;
        }
        if (path.p[i + 1] == 'n')
            buf_put(&b, url_encode(mem, u->name));
        else
            buf_put_int(&b, path.p[i + 1] == 'a' ? u->a : path.p[i + 1] == 'b' ? u->b : u->c);
        i += 2;
    }
    CHECK(buf_ok(&b));
    return buf_str(&b);
}

struct str
ap_uri3(struct arena *mem, struct str base, enum ap_uri_kind kind, int64_t a, int64_t b, int64_t c)
{
    return make(mem, base, &(struct ap_uri){ .kind = kind, .a = a, .b = b, .c = c });
}

struct str
ap_uri(struct arena *mem, struct str base, enum ap_uri_kind kind, int64_t a, int64_t b)
{
    return ap_uri3(mem, base, kind, a, b, 0);
}

struct str
ap_uri_named(struct arena *mem, struct str base, enum ap_uri_kind kind, struct str name, int64_t b)
{
    return make(mem, base, &(struct ap_uri){ .kind = kind, .name = name, .b = b });
}

/* Digits off the front of *rest, without leading zeros, above 0. */
static bool
take_number(struct str *rest, int64_t *out)
{
    size_t n = 0;

    while (n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9')
        n++;
    if (n == 0 || rest->p[0] == '0' || !str_int(str_sub(*rest, 0, n), out))
        return false;
    *rest = str_sub(*rest, n, rest->n);
    return true;
}

static bool
take_name(struct arena *mem, struct str *rest, struct str *out)
{
    size_t n = 0;

    while (n < rest->n && rest->p[n] != '/' && rest->p[n] != '#')
        n++;
    if (n == 0 || !url_decode(mem, str_sub(*rest, 0, n), false, out) || !utf8_valid(*out) ||
        memchr(out->p, '\0', out->n) != NULL)
        return false;
    *rest = str_sub(*rest, n, rest->n);
    return true;
}

static bool
match(struct arena *mem, struct str path, struct str rest, struct ap_uri *out)
{
    for (size_t i = 0; i < path.n; i++) {
        bool ok;

        if (path.p[i] != '{') {
            if (rest.n == 0 || rest.p[0] != path.p[i])
                return false;
            rest = str_sub(rest, 1, rest.n);
            continue;
        }
        switch (path.p[i + 1]) {
        case 'a':
            ok = take_number(&rest, &out->a);
            break;
        case 'b':
            ok = take_number(&rest, &out->b);
            break;
        case 'c':
            ok = take_number(&rest, &out->c);
            break;
        default:
            ok = take_name(mem, &rest, &out->name);
            break;
        }
        if (!ok)
            return false;
        i += 2;
    }
    return rest.n == 0;
}

bool
ap_uri_parse_local(struct arena *mem, struct str base, struct str uri, struct ap_uri *out)
{
    struct url u;
    struct str rest;

    *out = (struct ap_uri){ .kind = AP_URI_NONE };
    if (!url_parse(mem, uri, &u) || !str_eqi(u.origin, base))
        return false;
    rest = u.path;
    if (u.fragment.p != NULL)
        rest = str_cat(mem, u.path, S("#"), u.fragment, STR_NONE);
    for (size_t k = 1; k < AP_URI_COUNT; k++) {
        struct ap_uri found = { .kind = (enum ap_uri_kind)k };

        if (match(mem, paths[k], rest, &found)) {
            *out = found;
            break;
        }
    }
    return true;
}

int64_t
ap_uri_local_account(struct arena *mem, struct str base, struct str uri)
{
    struct ap_uri u;

    return ap_uri_parse_local(mem, base, uri, &u) && u.kind == AP_URI_ACTOR ? u.a : 0;
}

int64_t
ap_uri_local_status(struct arena *mem, struct str base, struct str uri)
{
    struct ap_uri u;

    if (!ap_uri_parse_local(mem, base, uri, &u))
        return 0;
    return u.kind == AP_URI_STATUS || u.kind == AP_URI_PROFILE_STATUS ? u.b : 0;
}
