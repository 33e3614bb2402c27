/* Answering.  One answer a request; the last call wins.  Header values are encoded or refused here, never by callers. */
#ifndef HTTP_RESPOND_H
#define HTTP_RESPOND_H

#include "http/http.h"

enum { RES_BODY_BYTES_MAX = 16 * 1024 * 1024 };

/* Begin a JSON body with that status and give its writer; finished by the dispatcher.  Content-Type application/json. */
struct json *res_json(struct ctx *c, struct req *r, int status);
/* The same with another type, e.g. application/activity+json; charset=utf-8. */
struct json *res_json_type(struct ctx *c, struct req *r, int status, struct str content_type);
/* {} with 200. */
void res_empty_object(struct ctx *c, struct req *r);
/* body must live as long as the request: it is not copied. */
void res_text(struct ctx *c, struct req *r, int status, struct str content_type, struct str body);
/* No body: 202, 204. */
void res_status(struct ctx *c, struct req *r, int status);
/*
 * status 301, 302, 303, 307, 308; url is absolute http(s), an app's custom scheme, or starts with one '/'; whatever else ("//evil",
 * "https:evil", "javascript:") goes to "/".  Characters that may not stand in a URL are percent-encoded.
 */
void res_redirect(struct ctx *c, struct req *r, int status, struct str url);
/* url with line ends dropped and whatever may not stand in a URL percent-encoded; '%' is left alone. */
struct str res_clean_url(struct arena *a, struct str url);
/* A file of size bytes, or a part of it: one Range is honoured, with If-Range when an ETag was set before.  Takes fd. */
void res_file_take(struct ctx *c, struct req *r, int fd, int64_t size, struct str content_type);
/* Add a header.  name is a literal; a value is cut at the first control character. */
void res_header(struct ctx *c, struct req *r, const char *name, struct str value);
/* Set-Cookie with Path=/, HttpOnly, SameSite=Lax, Secure when the base URL is https (then the name gets the __Host-
 * prefix, also in req_cookie). The value may be any bytes. max_age_s < 0: session; 0: delete. */
void res_cookie(struct ctx *c, struct req *r, struct str name, struct str value, int64_t max_age_s);
/* Content-Disposition: attachment with that file name, encoded as RFC 6266 says. */
void res_attachment(struct ctx *c, struct req *r, struct str filename);
/* A strong ETag of the finished body (added by the dispatcher), 304 when If-None-Match has it; and Cache-Control (a literal). */
void res_cache(struct ctx *c, struct req *r, const char *cache_control);
/* The same for a body whose tag is known, e.g. of a file: adds ETag "tag"; true when the client has it and 304 was answered. */
bool res_not_modified(struct ctx *c, struct req *r, struct str tag);
/*
 * JSON {"error": …} as Mastodon shapes it: status from the table, text from c->fail when it is about e; also Allow, Retry-After and
 * WWW-Authenticate.  Headers and cookies set before are dropped.
 */
void respond_error(struct ctx *c, struct req *r, enum err e);
/* For groups that render failures themselves: the text a stranger may read, in the request's arena; and the headers named above. */
struct str respond_error_text(struct ctx *c, enum err e);
void respond_error_headers(struct ctx *c, struct req *r, enum err e);
/* "in_reply_to_id" is "In reply to": a field's name for people. */
struct str respond_field_name(struct arena *a, struct str field);

#endif
