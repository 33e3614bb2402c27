/* Who is the client when proxies stand in between: X-Forwarded-For and X-Forwarded-Proto of trusted peers only. */
#ifndef HTTP_FORWARDED_H
#define HTTP_FORWARDED_H

#include "http/parse.h"
#include "os/socket.h"

struct trust {
    bool unix_peers;
    struct cidr *nets; /* owned by whoever filled it */
    size_t n;
};

/* From the configuration's list of networks and "unix:"; nets in a.  false with *bad on a word that is neither. */
NODISCARD bool trust_parse(struct arena *a, const struct strs *list, struct trust *out, struct str *bad);
bool trust_has(const struct trust *t, const struct peer *p);
/*
 * The client behind a trusted peer: the last address of X-Forwarded-For that is not itself a trusted proxy.  Items with a port or
 * in brackets are understood; reading stops at junk.  false when the field says nothing.
 */
bool forwarded_client(const struct http_head *h, const struct trust *t, struct ip *out);
/* X-Forwarded-Proto: 1 https, 0 http, -1 absent or something else. */
int forwarded_https(const struct http_head *h);
/* An X-Request-Id we may repeat in logs and answers: 1 to 64 of letters, digits, '-', '_', '.'. */
bool request_id_sane(struct str s);

#endif
