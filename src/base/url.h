/* URLs of strangers, split strictly (RFC 3986 with refusals), and percent-coding. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/str.h"

enum { URL_BYTES_MAX = 2048 };

struct url {
    struct str scheme;    /* lower case: "https", "http" */
    struct str host;      /* lower case as written; not yet A-label when it has non-ASCII: see text/idna.h */
    int port;             /* 443 or 80 when not written */
    bool has_port;        /* written and not the default */
    struct str authority; /* host, or host:port when has_port */
    struct str path;      /* "/" when empty */
    struct str query;     /* without '?', p NULL when absent */
    struct str fragment;  /* without '#', p NULL when absent */
    struct str target;    /* path and query as sent */
    struct str origin;    /* scheme://authority */
    struct str text;      /* the whole as written, but scheme and host in lower case and no default port */
};

/*
 * Absolute http(s) URL.  Refused: user info, backslash, controls and spaces, empty host, port 0 or > 65535, longer than
 * URL_BYTES_MAX, not UTF-8, the characters " < >, an empty port, host characters outside letters digits . - _ [ ] : and bytes
 * >= 0x80, empty labels (so also a dot at the end), labels over 63 and hosts over 253 bytes, numeric hosts in odd forms (octal, hex,
 * one number), IPv6 literals that inet_pton(3) does not take.  Everything lives in a.  https://www.rfc-editor.org/rfc/rfc3986
 */
bool url_parse(struct arena *a, struct str s, struct url *out);
/* Would url_parse() take this host, written in lower case?  A name, an IPv4 address, or an IPv6 address in brackets. */
bool url_is_host(struct str host);
/* Same scheme, host and port (G1 of doc/design/ap.md).  Both must parse. */
bool url_same_origin(struct arena *a, struct str x, struct str y);

/* Percent-encode all but unreserved characters. */
struct str url_encode(struct arena *a, struct str s);
/* Decode once; false on a bad escape.  plus: '+' is a space (forms, queries). */
bool url_decode(struct arena *a, struct str s, bool plus, struct str *out);

#endif
