/* IP addresses and networks (CIDR, RFC 4632), as values.  IPv4 is kept as ::ffff:a.b.c.d, so that one comparison serves both. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include "base/str.h"

struct sockaddr;

struct ip {
    uint8_t b[16];
};

struct cidr {
    struct ip ip;
    int bits; /* of the 128: 96 more than written for IPv4 */
};

/* "192.0.2.1" or "2001:db8::1", strict as inet_pton(3); no brackets, no zone. */
bool ip_parse(struct str s, struct ip *out);
/* An AF_INET or AF_INET6 address; false for other families. */
bool ip_from_sockaddr(const struct sockaddr *sa, struct ip *out);
bool ip_is_v4(const struct ip *ip);
/* "192.0.2.1", "2001:db8::1" (RFC 5952). */
struct str ip_text(struct arena *a, const struct ip *ip);
/* What a limit for one client counts: the address, or the /64 of an IPv6 address. */
struct ip ip_client_network(const struct ip *ip);

/* "10.0.0.0/8", "fc00::/7" or one address; bits behind the prefix must be 0. */
bool cidr_parse(struct str s, struct cidr *out);
bool cidr_has(const struct cidr *net, const struct ip *ip);

#endif
