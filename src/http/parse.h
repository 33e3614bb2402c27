/*
 * The head of an HTTP/1.1 request (RFC 9112), read strictly: whatever two parsers could read in two ways is refused, so that no
 * proxy in front can disagree about where a request ends.  Pure: bytes in, views out.
 */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "http/http.h"

enum {
    HEAD_BYTES_MAX = 16 * 1024,
    HEAD_LINE_MAX = 8 * 1024,
    HEAD_METHOD_MAX = 32,
};

enum parse_state { PARSE_MORE, PARSE_DONE, PARSE_ERROR };

struct http_head {
    enum http_method method;
    struct str method_text, target, path, query; /* query.p NULL without '?' */
    struct str host; /* as sent: reg-name, IPv4 or [IPv6], with or without a port; empty in HTTP/1.0 */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t n_headers;
    size_t bytes;           /* of the head, with the empty line */
    int minor;              /* HTTP/1.minor */
    int64_t content_length; /* -1: none */
    bool chunked;
    bool keep_alive;
    bool expect_continue;
    bool upgrade_websocket; /* Connection has upgrade and Upgrade is websocket */
    int status;             /* PARSE_ERROR: what to answer before closing */
    const char *why;        /* PARSE_ERROR: a literal, for the log */
};

/*
 * Parse from the start of bytes.  MORE: everything up to here is right, but the head is not complete (out is undefined).  The
 * answer for a prefix never changes when more bytes come, except from MORE.  Views point into bytes.
 */
enum parse_state http_parse_head(struct str bytes, struct http_head *out);

/* The first field of that name (any case), STR_NONE when absent; further ones are ignored. */
struct str http_head_get(const struct http_head *h, struct str name);
/* Is `token` an item of the comma-separated list in any field of that name?  Case-insensitive. */
bool http_head_has_token(const struct http_head *h, struct str name, struct str token);
/* Authority of a Host field: no user info, no path, port 1 to 65535 when there is one. */
bool http_host_valid(struct str host);
bool http_is_token(struct str s);
/* A field value without CR, LF, NUL and other controls. */
bool http_is_field_value(struct str s);

#endif
