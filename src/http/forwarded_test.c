#include "http/forwarded.h"

#include "base/arena.h"
#include "http/addrs.h"
#include "http/compress.h"
#include "unit.h"

#include <string.h>
#include <zlib.h>

static const char *
client(const char *fields)
{
    static struct http_head h;
    struct str nets[] = { S("10.0.0.0/8"), S("unix:"), S("2001:db8::/32") }, bad;
    struct strs list = { nets, lengthof(nets) };
    struct trust t;
    struct ip ip;

    assert_true(trust_parse(unit_mem(), &list, &t, &bad));
    assert_int_equal(
        http_parse_head(str_fmt(unit_mem(), "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields), &h), PARSE_DONE);
    return forwarded_client(&h, &t, &ip) ? ip_text(unit_mem(), &ip).p : "none";
}

UNIT(forwarded_takes_the_last_address_that_is_no_proxy)
{
    static const struct {
        const char *fields, *want;
    } cases[] = {
        { "", "none" },
        { "X-Forwarded-For: 1.2.3.4\r\n", "1.2.3.4" },
        { "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n", "1.2.3.4" }, /* the first was claimed by the client itself */
        { "X-Forwarded-For: 1.2.3.4, 10.0.0.1,10.2.2.2\r\n", "1.2.3.4" },
        { "X-Forwarded-For: 10.0.0.7\r\n", "10.0.0.7" }, /* a client inside */
        { "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8, 10.0.0.1\r\n", "5.6.7.8" },
        { "X-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 10.0.0.1\r\n", "1.2.3.4" },
        { "X-Forwarded-For: 1.2.3.4:5678\r\n", "1.2.3.4" },
        { "X-Forwarded-For: [2620::1]:5678, 2001:db8::1\r\n", "2620::1" },
        { "X-Forwarded-For: 2620::1\r\n", "2620::1" },
        { "X-Forwarded-For: 1.2.3.4, junk, 10.0.0.1\r\n", "10.0.0.1" }, /* nothing behind junk is believed */
        { "X-Forwarded-For: unknown\r\n", "none" },
        { "X-Forwarded-For: , \r\n", "none" },
        { "Forwarded: for=1.2.3.4\r\nClient-Ip: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n", "none" },
    };

    for (size_t i = 0; i < lengthof(cases); i++)
        assert_string_equal(client(cases[i].fields), cases[i].want);
}

UNIT(trust_parse_names_the_bad_word)
{
    struct str nets[] = { S("10.0.0.0/8"), S("proxy.example") }, bad = STR_NONE;
    struct strs list = { nets, lengthof(nets) };
    struct trust t;

    assert_false(trust_parse(unit_mem(), &list, &t, &bad));
    assert_str(bad, "proxy.example");
}

UNIT(request_id_is_bounded)
{
    assert_true(request_id_sane(S("0aZ-_.9")));
    assert_false(request_id_sane(S("")));
    assert_false(request_id_sane(S("a b")));
    assert_false(request_id_sane(S("a\"b")));
    assert_false(request_id_sane(S("0123456789012345678901234567890123456789012345678901234567890123456789")));
}

UNIT(addrs_count_networks)
{
    static struct addrs a;
    struct ip one, same, other, v4;

    assert_true(ip_parse(S("2001:db8:1:2::3"), &one) && ip_parse(S("2001:db8:1:2:ffff::4"), &same) &&
                ip_parse(S("2001:db8:1:3::3"), &other) && ip_parse(S("192.0.2.1"), &v4));
    assert_true(addrs_enter(&a, &one, 2) && addrs_enter(&a, &same, 2));
    assert_false(addrs_enter(&a, &one, 2));
    assert_true(addrs_enter(&a, &other, 2) && addrs_enter(&a, &v4, 2));
    addrs_leave(&a, &same);
    assert_true(addrs_enter(&a, &one, 2));
    assert_false(addrs_enter(&a, &one, 2));
}

/* With 16,000 strangers of one connection each, nobody may be taken for somebody with 64. */
UNIT(addrs_do_not_mix_strangers)
{
    static struct addrs a;

    for (uint32_t i = 0; i < 16000; i++) {
        struct ip ip = { { [10] = 0xff,
            [11] = 0xff,
            [12] = 5,
            [13] = (uint8_t)(i >> 16),
            [14] = (uint8_t)(i >> 8),
            [15] = (uint8_t)i } };

        assert_true(addrs_enter(&a, &ip, 64));
    }
}

UNIT(gzip_is_negotiated)
{
    assert_true(gzip_accepted(S("gzip")));
    assert_true(gzip_accepted(S("deflate, GZIP;q=0.5, br")));
    assert_false(gzip_accepted(S("gzip;q=0")));
    assert_false(gzip_accepted(S("gzip; q=0.000")));
    assert_true(gzip_accepted(S("gzip; q=0.001")));
    assert_false(gzip_accepted(S("")));
    assert_false(gzip_accepted(S("br, deflate")));
    assert_false(gzip_accepted(S("xgzip")));
}

UNIT(gzip_round_trip)
{
    struct gzip *g = gzip_new();
    char text[5000], back[5000];
    struct str out;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i * i % 7);
    for (int round = 0; round < 3; round++) {
        z_stream z = { 0 };

        assert_true(gzip_run(g, unit_mem(), (struct str){ text, sizeof(text) }, &out));
        assert_true(out.n < sizeof(text) / 2);
        assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
        z.next_in = (Bytef *)(uintptr_t)out.p;
        z.avail_in = (uInt)out.n;
        z.next_out = (Bytef *)back;
        z.avail_out = sizeof(back);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_memory_equal(back, text, sizeof(text));
        inflateEnd(&z);
    }
    assert_false(gzip_run(g, unit_mem(), S("xy"), &out)); /* would grow */
    gzip_free(g);
}
