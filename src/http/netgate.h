/*
 * Which addresses outbound requests may reach: the last check before a socket is opened, on the address itself, so that no
 * answer of a name server, redirect or literal gets around it.  Tables of the IANA special-purpose registries, RFC 6890.
 * https://www.iana.org/assignments/iana-ipv4-special-registry  https://www.iana.org/assignments/iana-ipv6-special-registry
 */
#ifndef HTTP_NETGATE_H
#define HTTP_NETGATE_H

#include "base/ip.h"

#include <stddef.h>
#include <sys/socket.h>

enum netgate_answer {
    NETGATE_PUBLIC,  /* a public address */
    NETGATE_ALLOWED, /* special, but in the operator's list */
    NETGATE_REFUSED,
};

/* IPv4 and IPv6 only; every other family is refused.  allow wins over the tables; ::ffff:a.b.c.d counts as a.b.c.d there only. */
enum netgate_answer netgate_check(const struct sockaddr *sa, const struct cidr *allow, size_t n_allow);

/*
 * Public addresses of ours: a request to one of them is refused, as it would ask us, or a neighbour service of ours, in a stranger's
 * name.  allow wins here too.  Not thread-safe.
 */
struct netgate_own {
    struct ip v[64];
    size_t n;
};

/* Twice is once; beyond 64 the oldest that was added goes. */
void netgate_own_add(struct netgate_own *own, const struct ip *ip);
/* The addresses of this machine's interfaces, and those of listen ("192.0.2.1:443", "[2001:db8::1]:443", "unix:/path"). */
void netgate_own_find(struct netgate_own *own, const struct strs *listen);
bool netgate_is_own(const struct netgate_own *own, const struct sockaddr *sa);

#endif
