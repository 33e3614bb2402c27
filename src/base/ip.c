/* IP addresses and networks.  Which networks are special is known in http/client, not here. */
#include "base/ip.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool
ip_parse(struct str s, struct ip *out)
{
    char z[INET6_ADDRSTRLEN];

    if (s.n == 0 || s.n >= sizeof(z) || str_chr(s, '\0') >= 0)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    memcpy(out->b, v4_prefix, sizeof(v4_prefix));
    return inet_pton(AF_INET, z, out->b + 12) == 1 || inet_pton(AF_INET6, z, out->b) == 1;
}

bool
ip_from_sockaddr(const struct sockaddr *sa, struct ip *out)
{
    if (sa->sa_family == AF_INET) {
        memcpy(out->b, v4_prefix, sizeof(v4_prefix));
        memcpy(out->b + 12, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        memcpy(out->b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
        return true;
    }
    return false;
}

bool
ip_is_v4(const struct ip *ip)
{
    return memcmp(ip->b, v4_prefix, sizeof(v4_prefix)) == 0;
}

struct str
ip_text(struct arena *a, const struct ip *ip)
{
    char *z = arena_alloc(a, INET6_ADDRSTRLEN, 1);
    bool v4 = ip_is_v4(ip);

    CHECK(inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip->b + 12 : ip->b, z, INET6_ADDRSTRLEN) != NULL);
    return str_z(z);
}

struct ip
ip_client_network(const struct ip *ip)
{
    struct ip net = *ip;

    if (!ip_is_v4(ip))
        memset(net.b + 8, 0, 8);
    return net;
}

bool
cidr_has(const struct cidr *net, const struct ip *ip)
{
    size_t whole = (size_t)net->bits / 8;
    int left = net->bits % 8;

    if (memcmp(net->ip.b, ip->b, whole) != 0)
        return false;
    return left == 0 || (net->ip.b[whole] ^ ip->b[whole]) >> (8 - left) == 0;
}

bool
cidr_parse(struct str s, struct cidr *out)
{
    struct str rest = s, address;
    int64_t bits;
    int base;

    if (!str_cut(&rest, '/', &address) || !ip_parse(address, &out->ip))
        return false;
    base = str_chr(address, ':') < 0 ? 96 : 0;
    out->bits = 128;
    if (rest.p != NULL) {
        if (rest.n > 3 || !str_int(rest, &bits) || bits < 0 || bits > 128 - base)
            return false;
        out->bits = (int)bits + base;
    }
    for (int i = out->bits; i < 128; i++)
        if ((out->ip.b[i / 8] >> (7 - i % 8) & 1) != 0)
            return false;
    return true;
}
