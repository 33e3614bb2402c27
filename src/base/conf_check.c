/* Configuration: what each value must look like, which combinations are refused, and what follows from them. */
#include "base/arena.h"
#include "base/internal.h"
#include "base/ip.h"
#include "base/log.h"
#include "base/url.h"
#include "base/utf8.h"

static bool
is_port(struct str s, int64_t least)
{
    int64_t port;

    return s.n > 0 && s.n <= 5 && str_int(s, &port) && port >= least && port <= 65535;
}

/* "host", "host:port" or "[v6]:port" cut at the colon before the port; port->p NULL when there is none. */
static void
split_port(struct str s, struct str *host, struct str *port)
{
    ptrdiff_t colon = str_rchr(s, ':');

    *host = s;
    *port = STR_NONE;
    if (colon >= 0 && str_chr(str_sub(s, (size_t)colon, s.n), ']') < 0) {
        *host = str_sub(s, 0, (size_t)colon);
        *port = str_sub(s, (size_t)colon + 1, s.n);
    }
}

static bool
is_authority(struct arena *a, struct str s)
{
    struct str host, port;

    split_port(s, &host, &port);
    return str_is_ascii(s) && url_is_host(str_lower(a, host)) && (port.p == NULL || is_port(port, 1));
}

static bool
is_base_url(struct arena *a, struct str s)
{
    struct url u;

    return url_parse(a, s, &u) && str_is_ascii(s) && u.path.n == 1 && u.query.p == NULL && u.fragment.p == NULL;
}

static bool
is_path(struct arena *a, struct str s)
{
    return s.n > 0;
}

static bool
is_listen(struct arena *a, struct str s)
{
    struct str host, port;
    struct ip ip;

    if (str_starts(s, S("unix:")))
        return s.n > 5;
    split_port(s, &host, &port);
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = str_sub(host, 1, host.n - 1);
    else if (str_chr(host, ':') >= 0)
        return false;
    return port.p != NULL && is_port(port, 0) && ip_parse(host, &ip);
}

static bool
is_database(struct arena *a, struct str s)
{
    if (str_starts(s, S("sqlite:")))
        return s.n > 7;
    return str_starts(s, S("postgresql://")) || str_starts(s, S("postgres://"));
}

static bool
is_media(struct arena *a, struct str s)
{
    return str_starts(s, S("dir:")) && s.n > 4;
}

/* redis://[[user]:password@]host[:port][/] */
static bool
is_bus(struct arena *a, struct str s)
{
    ptrdiff_t at = str_rchr(s, '@');

    if (str_eqz(s, "none") || (str_starts(s, S("unix:/")) && s.n > 6))
        return true;
    if (!str_starts(s, S("redis://")))
        return false;
    if (at >= 0 && str_chr(str_sub(s, 8, (size_t)at), ':') < 0)
        return false; /* a user without a password, or a password that looks like one */
    s = str_sub(s, at >= 0 ? (size_t)at + 1 : 8, s.n);
    if (str_ends(s, S("/")))
        s.n--;
    return is_authority(a, s);
}

static bool
is_network(struct arena *a, struct str s)
{
    struct cidr net;

    return cidr_parse(s, &net);
}

static bool
is_proxy(struct arena *a, struct str s)
{
    return str_eqz(s, "unix:") || is_network(a, s);
}

static bool
is_smtp(struct arena *a, struct str s)
{
    struct str rest = str_sub(s, str_starts(s, S("smtps://")) ? 8 : 7, s.n);
    ptrdiff_t at = str_rchr(rest, '@');

    if (!str_starts(s, S("smtp://")) && !str_starts(s, S("smtps://")))
        return false;
    if (str_ends(rest, S("/")))
        rest.n--;
    return is_authority(a, at < 0 ? rest : str_sub(rest, (size_t)at + 1, rest.n));
}

static bool
is_service_url(struct arena *a, struct str s)
{
    struct url u;

    return url_parse(a, s, &u) && u.query.p == NULL && u.fragment.p == NULL && !str_ends(s, S("/"));
}

static bool
is_mail_address(struct arena *a, struct str s)
{
    ptrdiff_t at = str_rchr(s, '@');

    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '<' || s.p[i] == '>' || s.p[i] == ',')
            return false;
    return at > 0 && url_is_host(str_lower(a, str_sub(s, (size_t)at + 1, s.n)));
}

static bool
is_registration_mode(struct arena *a, struct str s)
{
    return str_eqz(s, "open") || str_eqz(s, "approval") || str_eqz(s, "closed");
}

static bool
is_log_level(struct arena *a, struct str s)
{
    enum log_level level;

    return log_level_parse(s, &level);
}

/* host:port:address[:port]; an IPv6 address stands in brackets. */
static bool
is_resolve(struct arena *a, struct str s)
{
    struct str host, port, address, to_port;
    struct ip ip;

    if (!str_cut(&s, ':', &host) || !url_is_host(str_lower(a, host)) || !str_cut(&s, ':', &port) || !is_port(port, 1) ||
        s.p == NULL)
        return false;
    split_port(s, &address, &to_port);
    if (str_starts(address, S("[")) && str_ends(address, S("]")))
        address = str_sub(address, 1, address.n - 1);
    return ip_parse(address, &ip) && (to_port.p == NULL || is_port(to_port, 1));
}

/* An empty value of a key whose default is empty is never judged: it means "not set". */
static bool
is_page(struct arena *a, struct str s)
{
    (void)a;
    return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

static const struct {
    const char *key;
    bool (*ok)(struct arena *a, struct str value);
    const char *want;
} checks[] = {
    { "url", is_base_url,
        "an http or https URL without a path, such as https://social.example; international names in xn-- form" },
    { "handle_domain", is_authority, "a domain, such as example.org; international names in xn-- form" },
    { "listen", is_listen, "address:port, [IPv6 address]:port or unix:/path" },
    { "data_dir", is_path, "a directory" },
    { "database", is_database, "sqlite:FILE or postgresql://user:password@host/name" },
    { "bus", is_bus, "redis://user:password@host:port, unix:/path or none" },
    { "media", is_media, "dir:PATH" },
    { "trusted_proxies", is_proxy, "a network such as 10.0.0.0/8 without bits behind its prefix, or unix:" },
    { "smtp", is_smtp, "smtp://user:password@host:587 or smtps://user:password@host" },
    { "translate_url", is_service_url,
        "an http or https URL without a slash at its end, such as https://translate.example" },
    { "source_url", is_page, "the address of a page, such as https://code.example/dassie" },
    { "mail_from", is_mail_address, "an e-mail address without a display name" },
    { "registrations", is_registration_mode, "open, approval or closed" },
    { "log_level", is_log_level, "debug, info, warn or error" },
    { "resolve", is_resolve, "host:port:address or host:port:address:port" },
    { "allow_networks", is_network, "a network such as 10.0.0.0/8 without bits behind its prefix" },
};

static enum err
refuse(struct arena *a, struct conf_error *why, const char *key, struct str text)
{
    why->key = str_z(key);
    why->text = text;
    return ERR_INVALID;
}

static enum err
check_values(struct arena *a, struct config *c, struct conf_error *why)
{
    for (size_t i = 0; i < lengthof(checks); i++) {
        const struct conf_key *k = conf_key_find(str_z(checks[i].key));
        struct strs list;

        CHECK(k != NULL && (k->type == CONF_TYPE_STR || k->type == CONF_TYPE_STRS));
        if (k->type == CONF_TYPE_STRS)
            list = *(struct strs *)conf_key_value(k, c);
        else
            list = (struct strs){ conf_key_value(k, c), 1 };
        for (size_t n = 0; n < list.n; n++) {
            if ((list.v[n].n == 0 && k->dflt[0] == '\0') || checks[i].ok(a, list.v[n]))
                continue;
            return refuse(a, why, k->name,
                k->secret ? str_fmt(a, "the value must be %s", checks[i].want)
                          : str_fmt(a, "\"%.*s\" must be %s", STR_ARG(utf8_cut(list.v[n], 100)), checks[i].want));
        }
    }
    return ERR_OK;
}

/* Names that never leave the machine or the laboratory (RFC 6761), and loopback addresses. */
static bool
is_test_host(struct str host)
{
    struct cidr loopback = { 0 };
    struct ip ip;

    if (str_eqz(host, "localhost") || str_ends(host, S(".localhost")) || str_ends(host, S(".test")) ||
        str_eqz(host, "[::1]"))
        return true;
    return cidr_parse(S("127.0.0.0/8"), &loopback) && ip_parse(host, &ip) && cidr_has(&loopback, &ip);
}

static enum err
check_combinations(struct arena *a, const struct config *c, const struct url *u, struct conf_error *why)
{
    bool test_host = is_test_host(u->host);

    if (c->listen.n == 0)
        return refuse(a, why, "listen", S("at least one address to listen on is needed"));
    if ((c->tls_cert.n > 0) != (c->tls_key.n > 0))
        return refuse(a, why, c->tls_cert.n > 0 ? "tls_key" : "tls_cert", S("tls_cert and tls_key need each other"));
    if (c->federation_http && (c->https || !test_host))
        return refuse(a, why, "federation_http",
            S("it is refused unless url is http on localhost, a .test name or a loopback address, because ids over "
              "http can be "
              "forged"));
    if (c->bus.n > 0 && !str_eqz(c->bus, "none") && str_starts(c->database, S("sqlite:")))
        return refuse(a, why, "bus", S("it needs PostgreSQL as database: one server at most uses a SQLite file"));
    if (c->test_clock && c->https && !test_host)
        return refuse(a, why, "test_clock",
            S("it is refused for an https url outside .test and localhost, because anybody could then move the clock"));
    return ERR_OK;
}

enum err
conf_check(struct arena *a, struct config *c, struct conf_error *why)
{
    struct url u;
    const char *data;

    TRY(check_values(a, c, why));
    CHECK(url_parse(a, c->url, &u));
    c->origin = u.origin;
    c->url = u.origin;
    c->host = u.authority;
    c->https = u.scheme.n == 5;
    c->domain = c->handle_domain.n > 0 ? str_lower(a, c->handle_domain) : c->host;
    data = str_cz(a, c->data_dir);
    if (c->database.n == 0)
        c->database = str_fmt(a, "sqlite:%s/dassie.db", data);
    if (c->media.n == 0)
        c->media = str_fmt(a, "dir:%s/media", data);
    if (c->server_key_file.n == 0)
        c->server_key_file = str_fmt(a, "%s/server.key", data);
    if (c->mail_from.n == 0)
        c->mail_from = str_fmt(a, "dassie@%.*s", STR_ARG(u.host));
    return check_combinations(a, c, &u, why);
}
