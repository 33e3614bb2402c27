/* E-mail addresses as people type them, RFC 5321 without its museum: no quotes, routes, comments, literals.  Pure; any thread. */
#ifndef TEXT_EMAIL_H
#define TEXT_EMAIL_H

#include "base/str.h"

struct arena;

enum { EMAIL_BYTES_MAX = 254, EMAIL_LOCAL_BYTES_MAX = 64 };

struct email {
    struct str text;   /* local@domain, as it may be used on the wire */
    struct str local;  /* as typed: case counts to its server */
    struct str domain; /* lower case, A-labels */
    struct str key;    /* text in lower case: two of them are the same person's, for uniqueness and blocks */
};

/*
 * False for anything that is not one plain address: spaces around it are taken off, others refused; control characters, quotes,
 * commas, `%` and `!` (old routing), a local part beyond ASCII, dots at its ends or doubled, a domain that text_domain_normal()
 * refuses, an address in brackets, more than 254 bytes.
 */
bool email_parse(struct arena *a, struct str s, struct email *out);

#endif
