#include "http/websocket.h"

#include "unit.h"

#include <string.h>

static enum ws_result
parse(struct str in, size_t max, struct ws_frame *f)
{
    char *p = arena_alloc(unit_mem(), in.n, 1);

    memcpy(p, in.p, in.n);
    return ws_parse(p, in.n, max, f);
}

UNIT(websocket_accept_of_the_rfc)
{
    struct str out;

    assert_true(ws_accept(unit_mem(), S("dGhlIHNhbXBsZSBub25jZQ=="), &out));
    assert_str(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(ws_accept(unit_mem(), S("dGhlIHNhbXBsZSBub25jZQ"), &out));
    assert_false(ws_accept(unit_mem(), S("c2hvcnQ="), &out));
    assert_false(ws_accept(unit_mem(), S(""), &out));
}

UNIT(websocket_frame_of_the_rfc)
{
    struct ws_frame f;

    assert_int_equal(parse(S("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58rest"), 100, &f), WS_FRAME);
    assert_int_equal(f.op, WS_TEXT);
    assert_true(f.fin);
    assert_str(f.payload, "Hello");
    assert_int_equal(f.bytes, 11);
    for (size_t n = 0; n < 11; n++)
        assert_int_equal(parse(str_sub(S("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), 0, n), 100, &f), WS_MORE);
}

UNIT(websocket_lengths_have_one_form)
{
    char big[70000];
    struct ws_frame f;

    memset(big, 0, sizeof(big));
    assert_int_equal(parse(S("\x81\xfe\x00\x7d\0\0\0\0"), 1000, &f), WS_ERROR);                /* 125 in 16 bits */
    assert_int_equal(parse(S("\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0"), 1 << 20, &f), WS_ERROR); /* 65535 in 64 bits */
    assert_int_equal(parse(S("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 1000, &f), WS_ERROR);
    assert_int_equal(f.close_code, 1009);
    memcpy(big, "\x82\xfe\x00\x7e", 4);
    assert_int_equal(parse((struct str){ big, 4 + 4 + 126 }, 126, &f), WS_FRAME);
    assert_int_equal(parse((struct str){ big, 4 + 4 + 126 }, 125, &f), WS_ERROR);
    memcpy(big, "\x82\xff\0\0\0\0\0\x01\0\0", 10);
    assert_int_equal(parse((struct str){ big, 14 + 65536 }, 65536, &f), WS_FRAME);
    assert_int_equal(f.payload.n, 65536);
}

UNIT(websocket_head_is_shortest)
{
    char h[WS_HEAD_MAX];

    assert_int_equal(ws_head(h, WS_TEXT, 125), 2);
    assert_memory_equal(h, "\x81\x7d", 2);
    assert_int_equal(ws_head(h, WS_TEXT, 126), 4);
    assert_memory_equal(h, "\x81\x7e\x00\x7e", 4);
    assert_int_equal(ws_head(h, WS_BINARY, 65536), 10);
    assert_memory_equal(h, "\x82\x7f\0\0\0\0\0\x01\0\0", 10);
}

UNIT(websocket_close_codes)
{
    unsigned code;

    assert_true(ws_close_valid(S(""), &code) && code == 1005);
    assert_true(ws_close_valid(S("\x03\xe8"), &code) && code == 1000);
    assert_true(ws_close_valid(S("\x0f\xa0why"), &code) && code == 4000);
    assert_false(ws_close_valid(S("\x03"), &code));
    assert_false(ws_close_valid(S("\x03\xed"), &code));     /* 1005 */
    assert_false(ws_close_valid(S("\x03\xf7"), &code));     /* 1015 */
    assert_false(ws_close_valid(S("\x07\xd0"), &code));     /* 2000 */
    assert_false(ws_close_valid(S("\x03\xe8\xff"), &code)); /* not UTF-8 */
}
