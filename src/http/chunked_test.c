#include "http/chunked.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

/* Decode in pieces of `step` bytes; content in out, bytes read in *used. */
static enum chunked_state
decode(struct str in, size_t step, struct str *out, size_t *used)
{
    struct chunked c = { 0 };
    char *p = arena_alloc(unit_mem(), in.n + 1, 1), *to = arena_alloc(unit_mem(), in.n + 1, 1);
    size_t at = 0, n_out = 0;
    enum chunked_state s = CHUNKED_MORE;

    memcpy(p, in.p, in.n);
    while (at < in.n && s == CHUNKED_MORE) {
        size_t u, o;

        s = chunked_decode(&c, p + at, MIN(step, in.n - at), &u, &o);
        memcpy(to + n_out, p + at, o);
        at += u;
        n_out += o;
    }
    *out = (struct str){ to, n_out };
    *used = at;
    return s;
}

static void
check(enum chunked_state want, struct str in, const char *content)
{
    for (size_t step = 1; step <= in.n; step++) {
        size_t used;
        struct str out;
        enum chunked_state s = decode(in, step, &out, &used);

        if (s != want)
            print_error("step %zu of %.*s\n", step, STR_ARG(in));
        assert_int_equal(s, want);
        if (content != NULL)
            assert_str(out, content);
    }
}

UNIT(chunked_decodes_at_every_split)
{
    struct str out;
    size_t used;

    check(CHUNKED_DONE, S("0\r\n\r\n"), "");
    check(CHUNKED_DONE, S("5\r\nhello\r\n1\r\n \r\n00005\r\nworld\r\n0\r\n\r\n"), "hello world");
    check(CHUNKED_DONE, S("A\r\n0123456789\r\na;x=y;z;q=\"1;\\\" 2\"\r\nabcdefghij\r\n0\r\n\r\n"),
        "0123456789abcdefghij");
    check(CHUNKED_DONE, S("1\r\nx\r\n0\r\nX-Sum: 5\r\nOther:\r\n\r\n"), "x");
    assert_int_equal(decode(S("1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1"), 100, &out, &used), CHUNKED_DONE);
    assert_int_equal(used, 11);
}

UNIT(a07_chunk_sizes)
{
    static const char *const bad[] = { "-1\r\n", "+1\r\n", " 1\r\n", "1 \r\n", "0x1\r\n", "\r\n", "g\r\n", "1\n",
        "1\r\nxy", "1\r\nx\n", "1\r\nx\r\r", "10000000000000000\r\n", "fffffffffffffffff\r\n", ";x\r\n",
        "1\r\nx\r\n\r\n", "1;a\nb\r\n", "1;\x01\r\n", "1\rX", "0\r\n\n", "0\r\n\rX", "1; a\r\n", "1;a =b\r\n", "1;\r\n",
        "1;a=\r\n", "1;\"a\"\r\n", "1;a=\"b\"c\r\n", "1;a;;b\r\n", "1;a=\"\x01\"\r\n" };

    for (size_t i = 0; i < lengthof(bad); i++)
        check(CHUNKED_ERROR, str_z(bad[i]), NULL);
    check(CHUNKED_MORE, S("5\r\nhello\r\n"), "hello");
    check(CHUNKED_MORE, S("0\r\n"), "");
    check(CHUNKED_MORE, S("0\r\n\r"), "");
}

UNIT(a07_chunk_extensions_are_bounded)
{
    char big[4000];
    struct str in = S("");

    memset(big, 'x', sizeof(big));
    check(CHUNKED_ERROR, str_fmt(unit_mem(), "1;%.*s\r\n", CHUNK_LINE_MAX + 1, big), NULL);
    check(CHUNKED_MORE, str_fmt(unit_mem(), "1;%.*s\r\n", CHUNK_LINE_MAX - 1, big), NULL);
    for (int i = 0; i < 40; i++)
        in = str_cat(unit_mem(), in, str_fmt(unit_mem(), "1;%.*s\r\nx\r\n", 200, big), STR_NONE);
    {
        struct str out;
        size_t used;

        assert_int_equal(decode(in, 1000, &out, &used), CHUNKED_ERROR);
    }
}

UNIT(a07_trailers)
{
    static const char *const bad[] = { "Host: x", "content-LENGTH: 5", "Authorization: x", "Transfer-Encoding: chunked",
        ": x", "A b: c", "A : b", " a: b", "A: b\x01", "A" };

    for (size_t i = 0; i < lengthof(bad); i++)
        check(CHUNKED_ERROR, str_fmt(unit_mem(), "0\r\n%s\r\n\r\n", bad[i]), NULL);
    check(CHUNKED_DONE, S("0\r\nX-Content-Length-Of-What: 5\r\n\r\n"), "");
    {
        char big[CHUNK_TRAILERS_MAX];
        struct str out;
        size_t used;

        memset(big, 'x', sizeof(big));
        assert_int_equal(decode(str_fmt(unit_mem(), "0\r\nA: %.*s\r\n\r\n", (int)sizeof(big), big), 100, &out, &used),
            CHUNKED_ERROR);
    }
}

UNIT(a07_chunk_extensions_have_one_form)
{
    static const char *const bad[] = { "1; a\r\n", "1;a =b\r\n", "1;a= b\r\n", "1;\r\n", "1;a=\r\n", "1;\"a\"\r\n",
        "1;a=\"b\"c\r\n", "1;a;;b\r\n", "1;a=\"\x01\"\r\n", "1;a=\"b\r\n" };

    for (size_t i = 0; i < lengthof(bad); i++)
        check(CHUNKED_ERROR, str_z(bad[i]), NULL);
    check(CHUNKED_DONE, S("1;a;b=c;d=\"e\\\" f\"\r\nx\r\n0;last\r\n\r\n"), "x");
}
