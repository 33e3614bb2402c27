/* Answering with a file: one byte range (RFC 9110, 14), the rest of the protocol is in the server core. */
#include "base/arena.h"
#include "http/respond.h"

#include <unistd.h>

enum range_result { RANGE_NONE, RANGE_ONE, RANGE_BAD };

/* "bytes=0-99", "bytes=100-" or "bytes=-100".  Several ranges, other units and junk are ignored, as the RFC allows. */
static enum range_result
parse_range(struct str s, int64_t size, int64_t *off, int64_t *n)
{
    struct str first, last;
    int64_t from, to = INT64_MAX;

    if (!str_starts(s, S("bytes=")) || str_chr(s, ',') >= 0)
        return RANGE_NONE;
    last = str_sub(s, 6, s.n);
    if (!str_cut(&last, '-', &first) || last.p == NULL)
        return RANGE_NONE;
    first = str_trim(first);
    last = str_trim(last);
    if (last.n > 0 && (!str_int(last, &to) || to < 0))
        return RANGE_NONE;
    if (first.n == 0) { /* the last so many bytes */
        if (last.n == 0)
            return RANGE_NONE;
        if (to == 0 || size == 0)
            return RANGE_BAD;
        *n = MIN(to, size);
        *off = size - *n;
        return RANGE_ONE;
    }
    if (!str_int(first, &from) || from < 0 || to < from)
        return RANGE_NONE;
    if (from >= size)
        return RANGE_BAD;
    *off = from;
    *n = MIN(to, size - 1) - from + 1;
    return RANGE_ONE;
}

/* A range of another version would be garbage: If-Range must be our own strong tag. */
static bool
range_is_current(struct ctx *c, const struct req *r)
{
    struct str want = req_header(c, r, S("If-Range"));

    if (want.p == NULL)
        return true;
    for (size_t i = 0; i < r->res.n_headers; i++)
        if (str_eqi(r->res.headers[i].name, S("ETag")))
            return str_eq(r->res.headers[i].value, want);
    return false;
}

void
res_file_take(struct ctx *c, struct req *r, int fd, int64_t size, struct str content_type)
{
    enum range_result range = RANGE_NONE;
    int64_t off = 0, n = size;

    CHECK(fd >= 0 && size >= 0);
    res_status(c, r, 200);
    res_header(c, r, "Accept-Ranges", S("bytes"));
    if ((r->method == HTTP_GET || r->method == HTTP_HEAD) && range_is_current(c, r))
        range = parse_range(req_header(c, r, S("Range")), size, &off, &n);
    if (range == RANGE_BAD) {
        close(fd);
        r->res.status = 416;
        res_header(c, r, "Content-Range", str_fmt(c->mem, "bytes */%lld", (long long)size));
        return;
    }
    if (range == RANGE_ONE) {
        r->res.status = 206;
        res_header(c, r, "Content-Range",
            str_fmt(c->mem, "bytes %lld-%lld/%lld", (long long)off, (long long)(off + n - 1), (long long)size));
    }
    r->res.kind = RES_FILE;
    r->res.fd = fd;
    r->res.file_off = off;
    r->res.file_n = n;
    r->res.content_type = content_type;
}
