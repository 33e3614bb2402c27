/* The names say which item of the project's list of bad HTTP input a test covers (a01 …). */
#include "http/parse.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#define HOST "Host: social.example\r\n"

static struct http_head head;

/* The status the bytes are refused with; 0 when accepted, 1 when more is needed.  Also: no prefix may say something else. */
static int
answer(struct str bytes)
{
    enum parse_state whole = http_parse_head(bytes, &head);
    int status = whole == PARSE_ERROR ? head.status : whole == PARSE_MORE ? 1 : 0;
    size_t step = bytes.n > 3000 ? bytes.n / 300 : 1;

    for (size_t n = 0; n < bytes.n; n += step) {
        enum parse_state s = http_parse_head(str_sub(bytes, 0, n), &head);

        if (s == PARSE_ERROR)
            assert_int_equal(head.status, status);
        if (s == PARSE_DONE)
            assert_int_equal(status, 0);
        if (whole == PARSE_MORE)
            assert_int_equal(s, PARSE_MORE);
    }
    http_parse_head(bytes, &head);
    return status;
}

static void
check(int status, const char *bytes)
{
    int got = answer(str_z(bytes));

    if (got != status)
        print_error("%d instead of %d for: %.200s\n", got, status, bytes);
    assert_int_equal(got, status);
}

/* A request with one more field line. */
static void
check_field(int status, const char *line)
{
    check(status, str_fmt(unit_mem(), "POST / HTTP/1.1\r\n" HOST "%s\r\n\r\n", line).p);
}

static void
check_line(int status, const char *line)
{
    check(status, str_fmt(unit_mem(), "%s\r\n" HOST "\r\n", line).p);
}

static const char *
many(char c, size_t n)
{
    char *p = arena_alloc(unit_mem(), n + 1, 1);

    memset(p, c, n);
    return p;
}

UNIT(parse_takes_an_ordinary_request)
{
    check(0,
        "GET /api/v1/statuses?limit=2&x=%20 HTTP/1.1\r\nhost: A.example:8080\r\nAccept:  a,b \r\nX-Empty:\r\n\r\nrest");
    assert_int_equal(head.method, HTTP_GET);
    assert_str(head.target, "/api/v1/statuses?limit=2&x=%20");
    assert_str(head.path, "/api/v1/statuses");
    assert_str(head.query, "limit=2&x=%20");
    assert_str(head.host, "A.example:8080");
    assert_str(http_head_get(&head, S("ACCEPT")), "a,b");
    assert_str(http_head_get(&head, S("x-empty")), "");
    assert_int_equal(head.n_headers, 3);
    assert_int_equal(head.content_length, -1);
    assert_true(head.keep_alive && !head.chunked && !head.expect_continue);
    assert_ptr_equal(head.headers[2].value.p + 4, head.method_text.p + head.bytes);
}

UNIT(parse_takes_absolute_and_asterisk_targets)
{
    check(0, "GET http://Social.example/a?b HTTP/1.1\r\n" HOST "\r\n");
    assert_str(head.path, "/a");
    assert_str(head.query, "b");
    assert_str(head.target, "http://Social.example/a?b");
    check(0, "GET https://social.example?b HTTP/1.1\r\n" HOST "\r\n");
    assert_str(head.path, "/");
    assert_str(head.query, "b");
    check(0, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n");
    check(400, "GET * HTTP/1.1\r\n" HOST "\r\n");
    check(0, "GET /? HTTP/1.1\r\n" HOST "\r\n");
    assert_non_null(head.query.p);
    assert_int_equal(head.query.n, 0);
}

UNIT(parse_forgives_one_empty_line_before)
{
    check(0, "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
    assert_str(head.method_text, "GET");
    check(400, "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
}

UNIT(a01_request_line)
{
    check_line(400, "GET /");
    check_line(400, "GET");
    check(400, "\nGET / HTTP/1.1\r\n" HOST "\r\n");
    check_line(505, "PRI * HTTP/2.0");
    check_line(505, "GET / HTTP/0.9");
    check_line(505, "GET / HTTP/1.2");
    check_line(400, "GET / HTTP/1.10");
    check_line(400, "GET / http/1.1");
    check_line(400, "GET / HTTP/1.1 ");
    check_line(400, "GET  / HTTP/1.1");
    check_line(400, "GET /  HTTP/1.1");
    check_line(400, " GET / HTTP/1.1");
    check_line(400, "GET\t/ HTTP/1.1");
    check_line(400, "GET /\tHTTP/1.1");
    check_line(400, "GET /a b HTTP/1.1");
    check_line(400, "G(T / HTTP/1.1");
    check_line(405, "get / HTTP/1.1");
    check_line(405, "BREW / HTTP/1.1");
    check_line(405, "CONNECT social.example:443 HTTP/1.1");
    check_line(400, str_fmt(unit_mem(), "%s / HTTP/1.1", many('G', 65)).p);
    check_line(414, str_fmt(unit_mem(), "%s / HTTP/1.1", many('G', 65536)).p);
    check_line(414, str_fmt(unit_mem(), "GET /%s HTTP/1.1", many('a', HEAD_LINE_MAX)).p);
    check_line(0, str_fmt(unit_mem(), "GET /%s HTTP/1.1", many('a', HEAD_LINE_MAX - 15)).p);
    check_line(400, "GET /a#b HTTP/1.1");
    check_line(400, "GET /\x80 HTTP/1.1");
    check_line(400, "GET /\x7f HTTP/1.1");
    check_line(400, "GET ftp://social.example/ HTTP/1.1");
    check_line(400, "GET social.example HTTP/1.1");
    check_line(400, "\x16\x03\x01\x02");
}

UNIT(a02_line_ends_and_controls)
{
    check(400, "GET / HTTP/1.1\n" HOST "\n");
    check(400, "GET / HTTP/1.1\r\nHost: social.example\n\r\n");
    check(400, "GET / HTTP/1.1\r\n" HOST "\n");
    check(400, "GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n");
    check(400, "GET / HTTP/1.1\r\r\n" HOST "\r\n");
    check_field(400, "A: b\x01");
    check_field(400, "A: b\x7f");
    check_field(0, "A: b\tc\xff");
    check_field(400, "\xc3\xa4: b");
    check_field(400, "A\x7f: b");
    assert_int_equal(answer(S("GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n")), 400);
    assert_int_equal(answer(S("GET /\0 HTTP/1.1\r\n" HOST "\r\n")), 400);
    assert_int_equal(answer(S("GET / HTTP/1.1\r\n" HOST "A\0: c\r\n\r\n")), 400);
}

UNIT(a03_folded_line)
{
    check_field(400, "A: b\r\n c");
    check_field(400, "A: b\r\n\tc");
    check(400, "GET / HTTP/1.1\r\n " HOST "\r\n");
}

UNIT(a04_host)
{
    static const char *const bad[] = { "", " ", "a b", "user@social.example", "social.example/",
        "social.example:", "social.example:0", "social.example:99999", "social.example:+80", "social.example:080808",
        "a,b", "[::1", "[::1]x", "[::1]:0", "[1.2.3.4]", "::1", "[fe80::1%25eth0]", "soci\\al", "a:1:2", "%41.example",
        "<x>" };
    static const char *const good[] = { "social.example", "social.example:443", "127.0.0.1:3000", "[::1]", "[::1]:3000",
        "localhost", "xn--bcher-kva.example", "under_score.example", "social.example." };

    for (size_t i = 0; i < lengthof(bad); i++)
        check(400, str_fmt(unit_mem(), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", bad[i]).p);
    for (size_t i = 0; i < lengthof(good); i++)
        check(0, str_fmt(unit_mem(), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", good[i]).p);
    check(400, "GET / HTTP/1.1\r\n\r\n");
    check(0, "GET / HTTP/1.0\r\n\r\n");
    check_field(400, "Host: social.example");
    check_field(400, "host: other.example");
    check(400, "GET http://other.example/ HTTP/1.1\r\n" HOST "\r\n");
    check(400, "GET http://user@social.example/ HTTP/1.1\r\n" HOST "\r\n");
    check(400, "GET http:///x HTTP/1.1\r\n" HOST "\r\n");
}

UNIT(a05_content_length)
{
    static const char *const bad[] = { "5,5", "5, 5", "+5", "-1", "0x10", "5 5", "9223372036854775808",
        "18446744073709551621", "", "5a", "1e3", "99999999999999999999", "5;a", "\xc2\xb5" };

    for (size_t i = 0; i < lengthof(bad); i++)
        check_field(400, str_fmt(unit_mem(), "Content-Length: %s", bad[i]).p);
    check_field(0, "Content-Length:   5 ");
    assert_int_equal(head.content_length, 5);
    check_field(0, "content-length: 9223372036854775807");
    assert_int_equal(head.content_length, INT64_MAX);
}

UNIT(a05_content_length_twice)
{
    check_field(400, "Content-Length: 5\r\nContent-Length: 5");
    check_field(400, "Content-Length: 5\r\ncontent-length: 6");
}

UNIT(a06_transfer_encoding)
{
    static const char *const bad[] = { "chunked, identity", "identity", "xchunked", "chunked, chunked", "gzip, chunked",
        "chunked;q=1", "", "\"chunked\"", "chunked\x0b", "identity, chunked", ",chunked", "chunked," };

    for (size_t i = 0; i < lengthof(bad); i++)
        check_field(400, str_fmt(unit_mem(), "Transfer-Encoding: %s", bad[i]).p);
    check_field(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
    check_field(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity");
    check_field(400, "Transfer-Encoding : chunked");
    check_field(400, "Content-Length: 5\r\nTransfer-Encoding: chunked");
    check_field(400, "Transfer-Encoding: chunked\r\nContent-Length: 0");
    check(400, "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    check_field(0, "transfer-encoding: Chunked");
    assert_true(head.chunked && head.content_length == -1);
}

UNIT(a08_sizes)
{
    struct str long_head = S("GET / HTTP/1.1\r\n" HOST), fields = S("");

    check_field(431, str_fmt(unit_mem(), "A: %s", many('b', 1 << 20)).p);
    check_field(431, str_fmt(unit_mem(), "A: %s\r\nB: %s\r\nC: b", many('b', 8150), many('c', 8180)).p);
    for (int i = 0; i < HTTP_HEADERS_MAX - 1; i++)
        fields = str_cat(unit_mem(), fields, S("a: b\r\n"), STR_NONE);
    assert_int_equal(answer(str_cat(unit_mem(), long_head, fields, S("\r\n"), STR_NONE)), 0);
    assert_int_equal(answer(str_cat(unit_mem(), long_head, fields, S("a: b\r\n\r\n"), STR_NONE)), 431);
    /* 17 KB without an end must be refused, not waited for. */
    assert_int_equal(answer(str_cat(unit_mem(), long_head,
                         str_fmt(unit_mem(), "A: %s\r\nB: %s\r\nC: ", many('b', 8000), many('c', 8000)),
                         str_z(many('d', 1000)), STR_NONE)),
        431);
}

UNIT(a09_field_names)
{
    check_field(400, ": b");
    check_field(400, "A : b");
    check_field(400, "A\t: b");
    check_field(400, "A");
    check_field(400, "A b: c");
    check_field(400, "A(: b");
    check_field(400, "\"A\": b");
    check_field(0, "!#$%&'*+-.^_`|~09azAZ: b");
}

UNIT(a11_expect)
{
    check_field(0, "Expect: 100-Continue\r\nContent-Length: 5");
    assert_true(head.expect_continue);
    check_field(417, "Expect: 200-ok");
    check_field(417, "Expect: 100-continue, x");
    check(0, "POST / HTTP/1.0\r\n" HOST "Expect: 100-continue\r\n\r\n");
    assert_false(head.expect_continue);
}

UNIT(a16_upgrade)
{
    check(0, "GET / HTTP/1.1\r\n" HOST "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n");
    assert_true(head.upgrade_websocket);
    check(0, "GET / HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n");
    assert_false(head.upgrade_websocket);
    check(0, "POST / HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    assert_false(head.upgrade_websocket);
}

UNIT(a19_override_fields_change_nothing)
{
    check_field(0, "X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin");
    assert_int_equal(head.method, HTTP_POST);
    assert_str(head.path, "/");
}

UNIT(parse_connection_tokens)
{
    check_field(0, "Connection: close");
    assert_false(head.keep_alive);
    check_field(0, "Connection: foo\r\nConnection: bar , CLOSE");
    assert_false(head.keep_alive);
    check(0, "GET / HTTP/1.0\r\n" HOST "\r\n");
    assert_false(head.keep_alive);
    check(0, "GET / HTTP/1.0\r\n" HOST "Connection: Keep-Alive\r\n\r\n");
    assert_true(head.keep_alive);
}
