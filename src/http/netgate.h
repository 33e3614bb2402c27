/*
 * Which addresses outbound requests may reach: the last check before a socket is opened, on the address itself, so that no
 * answer of a name server, redirect or literal gets around it.  Tables of the IANA special-purpose registries, RFC 6890.
 * https://www.iana.org/assignments/iana-ipv4-special-registry  https://www.iana.org/assignments/iana-ipv6-special-registry
 */
#ifndef HTTP_NETGATE_H
#define HTTP_NETGATE_H

#include "base/ip.h"

#include <sys/socket.h>

enum netgate_answer {
    NETGATE_PUBLIC,  /* a public address */
    NETGATE_ALLOWED, /* special, but in the operator's list */
    NETGATE_REFUSED,
};

/* IPv4 and IPv6 only; every other family is refused.  allow wins over the tables; ::ffff:a.b.c.d counts as a.b.c.d there only. */
enum netgate_answer netgate_check(const struct sockaddr *sa, const struct cidr *allow, size_t n_allow);

#endif
