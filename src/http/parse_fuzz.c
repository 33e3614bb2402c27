/*
 * Heads and chunked bodies.  Beyond "no crash": a result never changes when more bytes come, views stay inside the input, a head
 * never has two framings, and the chunked decoder gives the same content for any split.
 */
#include "http/chunked.h"
#include "http/parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_inside(struct str all, struct str s)
{
    CHECK(s.p == NULL || (s.n == 1 && s.p[0] == '/') || (s.p >= all.p && s.p + s.n <= all.p + all.n));
}

static void
check_head(struct str bytes, size_t split)
{
    static struct http_head part, whole;
    enum parse_state a = http_parse_head(str_sub(bytes, 0, split), &part), b = http_parse_head(bytes, &whole);

    if (a != PARSE_MORE) {
        CHECK(a == b);
        CHECK(a != PARSE_DONE || part.bytes == whole.bytes);
        CHECK(a != PARSE_ERROR || part.status == whole.status);
    }
    if (b != PARSE_DONE)
        return;
    CHECK(whole.bytes <= bytes.n && whole.bytes <= HEAD_BYTES_MAX && !(whole.chunked && whole.content_length >= 0));
    CHECK(memcmp(bytes.p + whole.bytes - 4, "\r\n\r\n", 4) == 0);
    check_inside(bytes, whole.target);
    check_inside(bytes, whole.path);
    check_inside(bytes, whole.query);
    check_inside(bytes, whole.host);
    for (size_t i = 0; i < whole.n_headers; i++) {
        check_inside(bytes, whole.headers[i].name);
        check_inside(bytes, whole.headers[i].value);
        CHECK(http_is_token(whole.headers[i].name) && http_is_field_value(whole.headers[i].value));
    }
}

static void
check_chunked(struct str bytes, size_t split)
{
    struct chunked one = { 0 }, two = { 0 };
    char *p = malloc(bytes.n + 1), *q = malloc(bytes.n + 1);
    size_t used = 0, out = 0, used2 = 0, out2 = 0, u, o;
    enum chunked_state a, b;

    CHECK(p != NULL && q != NULL);
    memcpy(p, bytes.p, bytes.n);
    memcpy(q, bytes.p, bytes.n);
    a = chunked_decode(&one, p, bytes.n, &used, &out);
    b = chunked_decode(&two, q, split, &used2, &out2);
    if (b == CHUNKED_MORE) {
        CHECK(used2 == split);
        b = chunked_decode(&two, q + split, bytes.n - split, &u, &o);
        memmove(q + out2, q + split, o);
        used2 += u;
        out2 += o;
    }
    CHECK(a == b && used == used2 && used <= bytes.n && out <= used);
    CHECK(a == CHUNKED_ERROR || (out == out2 && memcmp(p, q, out) == 0));
    free(p);
    free(q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t split;
    struct str bytes;

    if (n < 3)
        return 0;
    bytes = (struct str){ (const char *)data + 2, n - 2 };
    split = ((size_t)data[0] << 8 | data[1]) % (bytes.n + 1);
    check_head(bytes, split);
    check_chunked(bytes, split);
    return 0;
}
