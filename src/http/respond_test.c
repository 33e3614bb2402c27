#include "http/respond.h"

#include "http/fake_test.h"
#include "http/params.h"
#include "http/static.h"

#include <fcntl.h>
#include <unistd.h>

UNIT(res_redirect_never_leaves_by_accident)
{
    static const struct {
        const char *url, *location;
    } cases[] = {
        { "/settings?x=1#y", "/settings?x=1#y" },
        { "/", "/" },
        { "https://other.example/a?b", "https://other.example/a?b" },
        { "com.example.app://oauth?code=1", "com.example.app://oauth?code=1" },
        { "tusky:/x", "tusky:/x" },
        { "/a b\xc3\xa9\"", "/a%20b%C3%A9%22" },
        { "/a\r\nSet-Cookie: x=y", "/aSet-Cookie:%20x=y" },
        { "//evil.example", "/" },
        { "/\\evil.example", "/" },
        { "/\r/evil.example", "/" },
        { "\\\\evil.example", "/" },
        { "https:evil.example", "/" },
        { "https://u@evil.example/", "/" },
        { "%2f%2fevil.example", "/" },
        { "evil.example", "/" },
        { "javascript:alert(1)", "/" },
        { "JavaScript:alert(1)", "/" },
        { "java\nscript:alert(1)", "/" },
        { "data:text/html,x", "/" },
        { ":x", "/" },
        { "", "/" },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct fake *f = fake_new(NULL);

        res_redirect(&f->c, &f->r, 302, str_z(cases[i].url));
        assert_int_equal(f->r.res.status, 302);
        assert_str(fake_answer(f, "location"), cases[i].location);
    }
}

UNIT(res_header_is_cut_at_controls)
{
    struct fake *f = fake_new(NULL);

    res_header(&f->c, &f->r, "X-A", S("a\tb\r\nX-B: c"));
    res_header(&f->c, &f->r, "X-C", S("a\0b"));
    assert_str(fake_answer(f, "X-A"), "a\tb");
    assert_str(fake_answer(f, "X-C"), "a");
}

UNIT(res_attachment_encodes)
{
    struct fake *f = fake_new(NULL);

    res_attachment(&f->c, &f->r, S("a\"b\r\n\xc3\xa9.csv"));
    assert_str(fake_answer(f, "Content-Disposition"),
        "attachment; filename=\"a_b____.csv\"; filename*=UTF-8''a%22b%0D%0A%C3%A9.csv");
}

UNIT(res_file_ranges)
{
    static const struct {
        const char *range, *if_range, *content_range;
        int status;
        int64_t size, off, n;
    } cases[] = {
        { NULL, NULL, NULL, 200, 100, 0, 100 },
        { "bytes=0-9", NULL, "bytes 0-9/100", 206, 100, 0, 10 },
        { "bytes=90-", NULL, "bytes 90-99/100", 206, 100, 90, 10 },
        { "bytes=90-1000", NULL, "bytes 90-99/100", 206, 100, 90, 10 },
        { "bytes=0-18446744073709551615", NULL, NULL, 200, 100, 0, 100 },
        { "bytes=0-9223372036854775807", NULL, "bytes 0-99/100", 206, 100, 0, 100 },
        { "bytes=-10", NULL, "bytes 90-99/100", 206, 100, 90, 10 },
        { "bytes=-1000", NULL, "bytes 0-99/100", 206, 100, 0, 100 },
        { "bytes=-0", NULL, "bytes */100", 416, 100, 0, 0 },
        { "bytes=100-", NULL, "bytes */100", 416, 100, 0, 0 },
        { "bytes=0-", NULL, "bytes */0", 416, 0, 0, 0 },
        { "bytes=-1", NULL, "bytes */0", 416, 0, 0, 0 },
        { "bytes=9-0", NULL, NULL, 200, 100, 0, 100 },
        { "bytes=0-1,5-6", NULL, NULL, 200, 100, 0, 100 },
        { "bytes=-", NULL, NULL, 200, 100, 0, 100 },
        { "bytes=a-b", NULL, NULL, 200, 100, 0, 100 },
        { "lines=0-1", NULL, NULL, 200, 100, 0, 100 },
        { "bytes=0-9", "\"tag\"", "bytes 0-9/100", 206, 100, 0, 10 },
        { "bytes=0-9", "\"old\"", NULL, 200, 100, 0, 100 },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct fake *f = fake_new(NULL);
        int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

        assert_true(fd >= 0);
        if (cases[i].range != NULL)
            fake_header(f, "Range", cases[i].range);
        if (cases[i].if_range != NULL)
            fake_header(f, "If-Range", cases[i].if_range);
        res_header(&f->c, &f->r, "ETag", S("\"tag\""));
        res_file_take(&f->c, &f->r, fd, cases[i].size, S("video/mp4"));
        if (f->r.res.status != cases[i].status)
            fail_msg("%s: %d", cases[i].range, f->r.res.status);
        if (cases[i].content_range == NULL)
            assert_null(fake_answer(f, "Content-Range").p);
        else
            assert_str(fake_answer(f, "Content-Range"), cases[i].content_range);
        if (cases[i].status == 416) {
            assert_int_equal(fcntl(fd, F_GETFD), -1); /* closed */
            continue;
        }
        assert_int_equal(f->r.res.file_off, cases[i].off);
        assert_int_equal(f->r.res.file_n, cases[i].n);
        close(fd);
    }
}

UNIT(cookies_round_trip)
{
    struct fake *f = fake_new(NULL);

    res_cookie(&f->c, &f->r, S("session"), S("a b;=\xc3\xa9\r\n"), 60);
    assert_str(fake_answer(f, "Set-Cookie"),
        "__Host-session=a%20b%3B%3D%C3%A9%0D%0A; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    fake_header(f, "Cookie", "session=plain; x; __Host-session=a%20b%3B%3D%C3%A9%0D%0A");
    fake_header(f, "cookie", "other=1;empty=;__Host-bad=%zz");
    assert_str(req_cookie(&f->c, &f->r, S("session")), "a b;=\xc3\xa9\r\n"); /* not the one without the prefix */
    assert_null(req_cookie(&f->c, &f->r, S("bad")).p);
    assert_null(req_cookie(&f->c, &f->r, S("missing")).p);
    f->conf.https = false;
    assert_str(req_cookie(&f->c, &f->r, S("session")), "plain");
    assert_str(req_cookie(&f->c, &f->r, S("other")), "1");
    assert_true(req_cookie(&f->c, &f->r, S("empty")).p != NULL);
    assert_null(req_cookie(&f->c, &f->r, S("x")).p);
    f->r.res.n_headers = 0;
    res_cookie(&f->c, &f->r, S("s"), S("v"), -1);
    assert_str(fake_answer(f, "Set-Cookie"), "s=v; Path=/; HttpOnly; SameSite=Lax");
}

UNIT(respond_error_shapes)
{
    struct fake *f = fake_new(NULL);
    enum err e;

    res_cookie(&f->c, &f->r, S("session"), S("x"), 1);
    e = ctx_fail_public(&f->c, ERR_INVALID, "Validation failed: Text can't be blank");
    respond_error(&f->c, &f->r, e);
    assert_int_equal(f->r.res.status, 422);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Validation failed: Text can't be blank\"}");
    assert_null(fake_answer(f, "Set-Cookie").p);
    e = ctx_fail_field(&f->c, ERR_INVALID, "in_reply_to_id", "secret detail");
    respond_error(&f->c, &f->r, e);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Validation failed: In reply to is invalid\"}");
    e = ctx_fail(&f->c, ERR_NOT_FOUND, "secret detail");
    respond_error(&f->c, &f->r, e);
    assert_str(buf_str(&f->r.res.body), "{\"error\":\"Record not found\"}");
    respond_error(&f->c, &f->r, ERR_BUSY); /* the recorded failure is another one */
    assert_str(fake_answer(f, "Retry-After"), "30");
    respond_error(&f->c, &f->r, ERR_UNAUTHORIZED);
    assert_true(fake_answer(f, "WWW-Authenticate").n > 0);
    f->r.route_allow = S("GET, HEAD");
    respond_error(&f->c, &f->r, ERR_METHOD);
    assert_str(fake_answer(f, "Allow"), "GET, HEAD");
}

UNIT(req_header_joins)
{
    struct fake *f = fake_new(NULL);

    fake_header(f, "Accept", "a/b");
    fake_header(f, "X", "");
    fake_header(f, "ACCEPT", "c/d");
    assert_str(req_header(&f->c, &f->r, S("accept")), "a/b, c/d");
    assert_true(req_header(&f->c, &f->r, S("x")).p != NULL);
    assert_null(req_header(&f->c, &f->r, S("y")).p);
}

static const char *
link_for(const char *query, enum page_style style, bool always_next, size_t count, int64_t newest, int64_t oldest)
{
    static const char *const keep[] = { "local", "any", NULL };
    struct fake *f = fake_new(query);
    struct page p;

    assert_int_equal(page_read(&f->c, &f->r, 20, 40, &p), ERR_OK);
    page_link(&f->c, &f->r, &p, style, always_next, count, newest, oldest, keep);
    return str_cz(unit_mem(), fake_answer(f, "Link"));
}

UNIT(page_link_leads_to_the_neighbours)
{
    assert_string_equal(
        link_for("limit=2&local=true&any[]=a%20b&any[]=c&dropped=1&max_id=5", PAGE_MIN_ID, true, 1, 9, 7),
        "<https://social.example/x?limit=2&local=true&any[]=a%20b&any[]=c&max_id=7>; rel=\"next\", "
        "<https://social.example/x?limit=2&local=true&any[]=a%20b&any[]=c&min_id=9>; rel=\"prev\"");
    assert_string_equal(link_for(NULL, PAGE_SINCE_ID, false, 20, 9, 7),
        "<https://social.example/x?max_id=7>; rel=\"next\", <https://social.example/x?since_id=9>; rel=\"prev\"");
    assert_string_equal(
        link_for(NULL, PAGE_SINCE_ID, false, 19, 9, 7), "<https://social.example/x?since_id=9>; rel=\"prev\"");
    assert_string_equal(link_for(NULL, PAGE_MIN_ID, true, 0, 0, 0), "");
    assert_string_equal(link_for("local=%3E%0d%0a%22", PAGE_SINCE_ID, false, 0, 9, 7),
        "<https://social.example/x?local=%3E%0D%0A%22&since_id=9>; rel=\"prev\"");
}

UNIT(page_read_is_lenient)
{
    static const struct {
        const char *query;
        int64_t max_id, limit;
    } cases[] = {
        { NULL, 0, 20 },
        { "max_id=5&limit=10", 5, 10 },
        { "max_id=junk&limit=junk", 0, 20 },
        { "max_id=-5&limit=-7", 0, 7 },
        { "limit=0", 0, 1 },
        { "limit=1000000000", 0, 40 },
        { "limit=99999999999999999999&max_id=18446744073709551616", INT64_MAX, 40 },
        { "limit=-9223372036854775808&max_id[]=4", 0, 40 },
        { "limit=1e3&max_id=", 0, 20 },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct fake *f = fake_new(cases[i].query);
        struct page p;

        assert_int_equal(page_read(&f->c, &f->r, 20, 40, &p), ERR_OK);
        if (p.max_id != cases[i].max_id || p.limit != cases[i].limit)
            fail_msg("%s: %lld %lld", cases[i].query, (long long)p.max_id, (long long)p.limit);
    }
}

UNIT(static_serves)
{
    static const struct static_file files[] = {
        { "b.js", { "var b;", 6 }, { "BR", 2 }, true },
        { "a/x.css", { "x{}", 3 }, { NULL, 0 }, false },
    };
    struct static_files *s = static_new(files, lengthof(files));
    struct fake *f = fake_new(NULL);
    struct str tag;

    assert_int_equal(static_serve(&f->c, &f->r, s, S("a/x.css")), ERR_OK);
    assert_str(buf_str(&f->r.res.body), "x{}");
    assert_str(f->r.res.content_type, "text/css; charset=utf-8");
    assert_str(fake_answer(f, "Cache-Control"), "public, no-cache");
    tag = fake_answer(f, "ETag");
    assert_int_equal(tag.n, 18);
    assert_int_equal(static_serve(&f->c, &f->r, s, S("a")), ERR_NOT_FOUND);

    f = fake_new(NULL);
    fake_header(f, "If-None-Match", str_fmt(unit_mem(), "\"other\", W/%.*s", STR_ARG(tag)).p);
    assert_int_equal(static_serve(&f->c, &f->r, s, S("a/x.css")), ERR_OK);
    assert_int_equal(f->r.res.status, 304);
    assert_int_equal(f->r.res.body.n, 0);

    f = fake_new(NULL);
    fake_header(f, "Accept-Encoding", "gzip, br;q=1.0");
    assert_int_equal(static_serve(&f->c, &f->r, s, S("b.js")), ERR_OK);
    assert_str(buf_str(&f->r.res.body), "BR");
    assert_str(fake_answer(f, "Content-Encoding"), "br");
    f = fake_new(NULL);
    fake_header(f, "Accept-Encoding", "br;q=0, gzip");
    assert_int_equal(static_serve(&f->c, &f->r, s, S("b.js")), ERR_OK);
    assert_str(buf_str(&f->r.res.body), "var b;");
    assert_ptr_equal(static_find(s, S("b.js")), &files[0]);
    assert_null(static_find(s, S("c")));
    static_free(s);
}
