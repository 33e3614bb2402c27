/* The address tables and their matching.  Not here: names, ports and URLs, which client.c checks before a request is made. */
#include "http/netgate.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

/* Table rows: the first bytes of the network and its length. */
struct net {
    uint8_t addr[8];
    uint8_t bits;
};

static const struct net special4[] = {
    { { 0 }, 8 },             /* this network */
    { { 10 }, 8 },            /* private */
    { { 100, 64 }, 10 },      /* carrier-grade NAT */
    { { 127 }, 8 },           /* loopback */
    { { 169, 254 }, 16 },     /* link-local, cloud metadata */
    { { 172, 16 }, 12 },      /* private */
    { { 192, 0, 0 }, 24 },    /* protocol assignments */
    { { 192, 0, 2 }, 24 },    /* documentation */
    { { 192, 31, 196 }, 24 }, /* AS112 */
    { { 192, 52, 193 }, 24 }, /* AMT */
    { { 192, 88, 99 }, 24 },  /* 6to4 relays */
    { { 192, 168 }, 16 },     /* private */
    { { 192, 175, 48 }, 24 }, /* AS112 */
    { { 198, 18 }, 15 },      /* benchmarks */
    { { 198, 51, 100 }, 24 }, /* documentation */
    { { 203, 0, 113 }, 24 },  /* documentation */
    { { 224 }, 4 },           /* multicast */
    { { 240 }, 4 },           /* reserved, broadcast */
};

/* IPv6 works the other way round: only global unicast is good, and that holds every form that embeds IPv4 but these. */
static const struct net global6 = { { 0x20 }, 3 };

static const struct net special6[] = {
    { { 0x20, 0x01 }, 23 },                         /* protocol assignments, with Teredo and ORCHID */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },             /* documentation */
    { { 0x20, 0x02 }, 16 },                         /* 6to4 */
    { { 0x26, 0x20, 0x00, 0x4f, 0x80, 0x00 }, 48 }, /* AS112 */
    { { 0x3f, 0xff }, 20 },                         /* documentation */
};

static bool
contains(const struct net *n, const uint8_t *addr)
{
    size_t whole = n->bits / 8;
    unsigned rest = n->bits % 8;

    if (memcmp(n->addr, addr, whole) != 0)
        return false;
    return rest == 0 || ((n->addr[whole] ^ addr[whole]) & (0xff00u >> rest) & 0xff) == 0;
}

static bool
any_contains(const struct net *v, size_t n, const uint8_t *addr)
{
    for (size_t i = 0; i < n; i++)
        if (contains(&v[i], addr))
            return true;
    return false;
}

static bool
is_public(const struct sockaddr *sa)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (sa->sa_family == AF_INET) {
        memcpy(&in, sa, sizeof(in));
        return !any_contains(special4, lengthof(special4), (const uint8_t *)&in.sin_addr);
    }
    if (sa->sa_family == AF_INET6) {
        const uint8_t *addr = in6.sin6_addr.s6_addr;

        memcpy(&in6, sa, sizeof(in6));
        return contains(&global6, addr) && !any_contains(special6, lengthof(special6), addr);
    }
    return false;
}

enum netgate_answer
netgate_check(const struct sockaddr *sa, const struct cidr *allow, size_t n_allow)
{
    struct ip ip;

    if (!ip_from_sockaddr(sa, &ip))
        return NETGATE_REFUSED;
    for (size_t i = 0; i < n_allow; i++)
        if (cidr_has(&allow[i], &ip))
            return NETGATE_ALLOWED;
    return is_public(sa) ? NETGATE_PUBLIC : NETGATE_REFUSED;
}

/* ---- our own ------------------------------------------------------------------------------------------------------ */

bool
netgate_is_own(const struct netgate_own *own, const struct sockaddr *sa)
{
    struct ip ip;

    if (!ip_from_sockaddr(sa, &ip))
        return false;
    for (size_t i = 0; i < own->n; i++)
        if (memcmp(own->v[i].b, ip.b, sizeof(ip.b)) == 0)
            return true;
    return false;
}

void
netgate_own_add(struct netgate_own *own, const struct ip *ip)
{
    for (size_t i = 0; i < own->n; i++)
        if (memcmp(own->v[i].b, ip->b, sizeof(ip->b)) == 0)
            return;
    if (own->n == lengthof(own->v)) {
        memmove(own->v, own->v + 1, sizeof(own->v) - sizeof(own->v[0]));
        own->n--;
    }
    own->v[own->n++] = *ip;
}

static void
add_literal(struct netgate_own *own, struct str listen)
{
    ptrdiff_t at = str_rchr(listen, ':');
    struct ip ip;

    if (at < 0)
        return;
    listen = str_sub(listen, 0, (size_t)at);
    if (listen.n > 2 && listen.p[0] == '[')
        listen = str_sub(listen, 1, listen.n - 1);
    if (ip_parse(listen, &ip))
        netgate_own_add(own, &ip);
}

void
netgate_own_find(struct netgate_own *own, const struct strs *listen)
{
    struct ifaddrs *all, *i;
    struct ip ip;

    for (size_t k = 0; k < listen->n; k++)
        add_literal(own, listen->v[k]);
    if (getifaddrs(&all) != 0)
        return;
    for (i = all; i != NULL; i = i->ifa_next)
        if (i->ifa_addr != NULL && is_public(i->ifa_addr) && ip_from_sockaddr(i->ifa_addr, &ip))
            netgate_own_add(own, &ip);
    freeifaddrs(all);
}
