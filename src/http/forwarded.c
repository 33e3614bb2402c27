/* Proxies' fields.  Peers that are not trusted never get here. */
#include "http/forwarded.h"

#include "base/arena.h"

bool
trust_parse(struct arena *a, const struct strs *list, struct trust *out, struct str *bad)
{
    *out = (struct trust){ .nets = arena_vec(a, struct cidr, list->n) };
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->v[i], S("unix:"))) {
            out->unix_peers = true;
        } else if (cidr_parse(list->v[i], &out->nets[out->n])) {
            out->n++;
        } else {
            *bad = list->v[i];
            return false;
        }
    }
    return true;
}

static bool
has_ip(const struct trust *t, const struct ip *ip)
{
    for (size_t i = 0; i < t->n; i++)
        if (cidr_has(&t->nets[i], ip))
            return true;
    return false;
}

bool
trust_has(const struct trust *t, const struct peer *p)
{
    return p->is_unix ? t->unix_peers : has_ip(t, &p->ip);
}

/* "1.2.3.4", "1.2.3.4:567", "::1", "[::1]", "[::1]:567" */
static bool
parse_item(struct str s, struct ip *out)
{
    ptrdiff_t colon;

    s = str_trim(s);
    if (s.n > 0 && s.p[0] == '[') {
        ptrdiff_t end = str_chr(s, ']');

        return end > 0 && ip_parse(str_sub(s, 1, (size_t)end), out);
    }
    colon = str_chr(s, ':');
    if (colon > 0 && colon == str_rchr(s, ':'))
        s = str_sub(s, 0, (size_t)colon);
    return ip_parse(s, out);
}

bool
forwarded_client(const struct http_head *h, const struct trust *t, struct ip *out)
{
    bool found = false;

    for (size_t i = h->n_headers; i-- > 0;) {
        struct str list = h->headers[i].value;

        if (!str_eqi(h->headers[i].name, S("X-Forwarded-For")))
            continue;
        for (;;) {
            ptrdiff_t comma = str_rchr(list, ',');
            struct ip ip;

            if (!parse_item(comma < 0 ? list : str_sub(list, (size_t)comma + 1, list.n), &ip))
                return found;
            *out = ip;
            found = true;
            if (!has_ip(t, &ip))
                return true;
            if (comma < 0)
                break;
            list = str_sub(list, 0, (size_t)comma);
        }
    }
    return found;
}

int
forwarded_https(const struct http_head *h)
{
    struct str s = http_head_get(h, S("X-Forwarded-Proto"));

    return str_eqi(s, S("https")) ? 1 : str_eqi(s, S("http")) ? 0 : -1;
}

bool
request_id_sane(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];

        if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-' ||
                ch == '_' || ch == '.'))
            return false;
    }
    return s.n > 0 && s.n <= 64;
}
