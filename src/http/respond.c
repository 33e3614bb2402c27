/*
 * Answers.  Whatever reaches a header field passes through here, so that no text of a user can end a field or lead to another site.
 * Files and ranges are in respond_file.c, cookies in cookie.c.
 */
#include "http/respond.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/route.h"

#include <string.h>
#include <unistd.h>

/* What was begun before is dropped; headers stay. */
static void
begin(struct req *r, int status, struct str content_type)
{
    if (r->res.kind == RES_FILE && r->res.fd >= 0)
        close(r->res.fd);
    r->res.kind = RES_BODY;
    r->res.fd = -1;
    r->res.status = status;
    r->res.content_type = content_type;
    r->res.body = (struct buf){ 0 };
    r->res.json = (struct json){ 0 };
    r->res.stream = NULL;
    r->res.etag = false;
}

struct json *
res_json_type(struct ctx *c, struct req *r, int status, struct str content_type)
{
    begin(r, status, content_type);
    buf_init(&r->res.body, c->mem, RES_BODY_BYTES_MAX);
    json_init(&r->res.json, &r->res.body);
    return &r->res.json;
}

struct json *
res_json(struct ctx *c, struct req *r, int status)
{
    return res_json_type(c, r, status, S("application/json; charset=utf-8"));
}

void
res_empty_object(struct ctx *c, struct req *r)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_end(j);
}

void
res_text(struct ctx *c, struct req *r, int status, struct str content_type, struct str body)
{
    begin(r, status, content_type);
    /* Not copied; the buffer is full from the start, so nobody writes into it. */
    r->res.body = (struct buf){ .p = (char *)(uintptr_t)body.p, .n = body.n, .cap = body.n, .max = body.n };
}

void
res_status(struct ctx *c, struct req *r, int status)
{
    begin(r, status, STR_NONE);
}

void
res_header(struct ctx *c, struct req *r, const char *name, struct str value)
{
    size_t n = 0;

    CHECK(r->res.n_headers < lengthof(r->res.headers));
    while (n < value.n && ((unsigned char)value.p[n] >= ' ' || value.p[n] == '\t') && value.p[n] != 0x7f)
        n++;
    r->res.headers[r->res.n_headers++] = (struct http_header){ str_z(name), str_sub(value, 0, n) };
}

/* ---- redirects ------------------------------------------------------------------------------------------------- */

/* scheme ":" of an app, e.g. com.example.app: or tusky:.  Schemes that browsers run or read themselves are not for redirects. */
static bool
is_app_url(struct str s)
{
    static const char *const refused[] = { "javascript", "data", "vbscript", "file", "blob", "about", "http", "https",
        "filesystem", "view-source" };
    ptrdiff_t colon = str_chr(s, ':');
    struct str scheme = str_sub(s, 0, colon < 0 ? 0 : (size_t)colon);

    for (size_t i = 0; i < scheme.n; i++) {
        char c = scheme.p[i] | 0x20;

        if (!(c >= 'a' && c <= 'z') && (i == 0 || (strchr("+-.", scheme.p[i]) == NULL && (c < '0' || c > '9'))))
            return false;
    }
    for (size_t i = 0; i < lengthof(refused); i++)
        if (str_eqi(scheme, str_z(refused[i])))
            return false;
    return scheme.n > 0;
}

static bool
is_safe_target(struct arena *a, struct str url)
{
    struct url u;

    if (str_starts(url, S("/")))
        return url.n < 2 || (url.p[1] != '/' && url.p[1] != '\\');
    return is_app_url(url) || url_parse(a, url, &u);
}

/* Percent-encode what may not stand in a URL; '%' stays, so that an encoded one is not encoded again. */
struct str
res_clean_url(struct arena *a, struct str url)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b;

    buf_init(&b, a, 3 * url.n + 1);
    for (size_t i = 0; i < url.n; i++) {
        unsigned char c = (unsigned char)url.p[i];

        if (c > ' ' && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL)
            buf_putc(&b, (char)c);
        else if (c != '\r' && c != '\n')
            buf_put(&b, (struct str){ (const char[]){ '%', digits[c >> 4], digits[c & 15] }, 3 });
    }
    return buf_str(&b);
}

void
res_redirect(struct ctx *c, struct req *r, int status, struct str url)
{
    /* Judged after cleaning: dropping a line end must not make "//" out of "/\r/". */
    struct str cleaned = res_clean_url(c->mem, url);

    CHECK(status >= 301 && status <= 308);
    res_status(c, r, status);
    res_header(c, r, "Location", is_safe_target(c->mem, url) && is_safe_target(c->mem, cleaned) ? cleaned : S("/"));
}

/* ---- caching --------------------------------------------------------------------------------------------------- */

void
res_cache(struct ctx *c, struct req *r, const char *cache_control)
{
    res_header(c, r, "Cache-Control", str_z(cache_control));
    r->res.etag = true;
}

/* If-None-Match compares weakly (RFC 9110, 13.1.2). */
static bool
has_tag(struct str list, struct str quoted)
{
    struct str item;

    while (str_cut(&list, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, S("W/")))
            item = str_sub(item, 2, item.n);
        if (str_eq(item, quoted) || str_eqz(item, "*"))
            return true;
    }
    return false;
}

bool
res_not_modified(struct ctx *c, struct req *r, struct str tag)
{
    struct str quoted = str_cat(c->mem, S("\""), tag, S("\""), STR_NONE);
    bool known = has_tag(req_header(c, r, S("If-None-Match")), quoted);

    if (known)
        res_status(c, r, 304);
    res_header(c, r, "ETag", quoted);
    return known;
}

/* ---- file names ------------------------------------------------------------------------------------------------ */

void
res_attachment(struct ctx *c, struct req *r, struct str filename)
{
    char *ascii = arena_alloc(c->mem, filename.n + 1, 1);

    for (size_t i = 0; i < filename.n; i++) {
        char b = filename.p[i];

        ascii[i] = b >= ' ' && b < 0x7f && strchr("\"\\/%;", b) == NULL ? b : '_';
    }
    res_header(c, r, "Content-Disposition",
        str_cat(c->mem, S("attachment; filename=\""), (struct str){ ascii, filename.n }, S("\"; filename*=UTF-8''"),
            url_encode(c->mem, filename), STR_NONE));
}

/* ---- errors ---------------------------------------------------------------------------------------------------- */

/* "status" is "Status", "in_reply_to_id" is "In reply to": as Rails names attributes to people. */
struct str
respond_field_name(struct arena *a, struct str field)
{
    char *p;

    if (str_ends(field, S("_id")) && field.n > 3)
        field.n -= 3;
    p = arena_alloc(a, field.n + 1, 1);
    for (size_t i = 0; i < field.n; i++)
        p[i] = field.p[i] == '_' ? ' ' : field.p[i];
    if (field.n > 0 && p[0] >= 'a' && p[0] <= 'z')
        p[0] = (char)(p[0] - 32);
    return (struct str){ p, field.n };
}

/* "Validation failed: Status is invalid".  What is recorded stays. */
static struct str
field_text(struct ctx *c, struct str field)
{
    struct failure recorded = c->fail;
    struct str text;

    (void)ctx_fail_invalid(c, respond_field_name(c->mem, field), "is invalid");
    text = c->fail.public_text;
    c->fail = recorded;
    return text;
}

struct str
respond_error_text(struct ctx *c, enum err e)
{
    struct failure *f = &c->fail;

    if (f->err != e)
        return ctx_tr(c, err_text(e));
    if (f->public_text.n > 0)
        return f->public_text;
    if (e == ERR_INVALID && f->field.n > 0)
        return field_text(c, f->field);
    return ctx_tr(c, err_text(e));
}

void
respond_error_headers(struct ctx *c, struct req *r, enum err e)
{
    int64_t wait_ms = c->fail.err == e ? c->fail.retry_after_ms : 0;

    if (e == ERR_BUSY && wait_ms == 0)
        wait_ms = 30000;
    if (e == ERR_METHOD)
        res_header(c, r, "Allow", r->route_allow);
    if (e == ERR_UNAUTHORIZED)
        res_header(c, r, "WWW-Authenticate", S("Bearer realm=\"dassie\""));
    if (wait_ms > 0)
        res_header(c, r, "Retry-After", str_fmt(c->mem, "%lld", (long long)((wait_ms + 999) / 1000)));
}

void
respond_error(struct ctx *c, struct req *r, enum err e)
{
    struct str text = respond_error_text(c, e);
    struct json *j;

    r->res.n_headers = 0;
    j = res_json(c, r, err_status(e));
    json_obj(j, NULL);
    json_str(j, "error", text);
    json_end(j);
    respond_error_headers(c, r, e);
}
