/* What the configuration says about names, networks and trust, made ready for the client. */
#include "http/client_xfer.h"

#include "base/conf.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct http_client_options
http_client_options_from(struct arena *a, const struct config *conf)
{
    return (struct http_client_options){
        .user_agent = str_cat(a, S("dassie/" DASSIE_VERSION " (+"), conf->origin, S("/)"), STR_NONE),
        .own_origin = conf->origin,
        .resolve = conf->resolve,
        .allow_networks = conf->allow_networks,
        .listen = conf->listen,
        .ca_file = conf->ca_file,
        .http = conf->federation_http,
    };
}

static enum err
complain(struct conf_error *why, const char *key, const char *text)
{
    if (why != NULL)
        *why = (struct conf_error){ str_z(key), str_z(text) };
    return ERR_INVALID;
}

static bool
is_port(struct str s)
{
    int64_t n;

    return str_int(s, &n) && n > 0 && n < 65536;
}

/* The address of an entry: a literal, IPv6 in brackets or bare when no port follows. */
static bool
is_address(struct str s)
{
    char z[64];
    uint8_t bin[16];

    if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
        s = str_sub(s, 1, s.n - 1);
    if (s.n >= sizeof(z))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return inet_pton(AF_INET, z, bin) == 1 || inet_pton(AF_INET6, z, bin) == 1;
}

const char *
http_client_connect_to(struct arena *mem, struct str entry)
{
    struct str rest = entry, host, port, addr, to_port = S("");
    bool bare6;

    if (!str_cut(&rest, ':', &host) || !str_cut(&rest, ':', &port) || host.n == 0 || !is_port(port) || rest.p == NULL)
        return NULL;
    addr = rest;
    if (!is_address(addr)) {
        ptrdiff_t at = str_rchr(rest, ':');

        if (at < 0)
            return NULL;
        addr = str_sub(rest, 0, (size_t)at);
        to_port = str_sub(rest, (size_t)at + 1, rest.n);
        if (!is_address(addr) || !is_port(to_port))
            return NULL;
    }
    bare6 = addr.p[0] != '[' && str_chr(addr, ':') >= 0;
    return str_cz(mem, str_cat(mem, host, S(":"), port, S(":"), bare6 ? S("[") : S(""), addr, bare6 ? S("]") : S(""),
                           S(":"), to_port, STR_NONE));
}

static bool
add_resolve(struct xfer_shared *sh, struct arena *mem, struct str entry)
{
    const char *line = http_client_connect_to(mem, entry);
    struct curl_slist *l;

    if (line == NULL)
        return false;
    l = curl_slist_append(sh->connect_to, line);
    if (l == NULL)
        BUG("out of memory");
    sh->connect_to = l;
    return true;
}

static bool
add_resolves(struct xfer_shared *sh, const struct strs *entries)
{
    struct arena *mem = arena_new_heap();
    bool ok = true;

    for (size_t i = 0; i < entries->n && ok; i++)
        ok = add_resolve(sh, mem, entries->v[i]);
    arena_free(mem);
    return ok;
}

enum err
xfer_shared_init(struct xfer_shared *sh, const struct http_client_options *o, struct conf_error *why)
{
    *sh = (struct xfer_shared){ .http = o->http, .user_agent = xfer_copy_z(o->user_agent) };
    sh->allow = calloc(o->allow_networks.n + 1, sizeof(*sh->allow));
    sh->own = calloc(1, sizeof(*sh->own));
    if (sh->allow == NULL || sh->own == NULL)
        BUG("out of memory");
    netgate_own_find(sh->own, &o->listen);
    for (size_t i = 0; i < o->allow_networks.n; i++)
        if (!cidr_parse(o->allow_networks.v[i], &sh->allow[sh->n_allow++]))
            return complain(why, "allow_networks",
                "Each entry is a network such as 10.0.0.0/8 or fd00::/8, "
                "without bits behind the prefix.");
    if (!add_resolves(sh, &o->resolve))
        return complain(why, "resolve",
            "Each entry is host:port:address or host:port:address:port, "
            "such as a.test:443:127.0.0.1:8443.");
    sh->trust = trust_new(o->ca_file);
    if (sh->trust == NULL)
        return complain(why, "ca_file", "The file cannot be read or holds no certificate in PEM form.");
    return ERR_OK;
}

void
xfer_shared_done(struct xfer_shared *sh)
{
    free(sh->allow);
    free(sh->own);
    free(sh->user_agent);
    curl_slist_free_all(sh->connect_to);
    trust_free(sh->trust);
}
