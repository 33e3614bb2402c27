#include "base/url.h"

#include "base/ip.h"
#include "unit.h"

static struct url
parse(const char *z)
{
    struct url u;

    if (!url_parse(unit_mem(), str_z(z), &u))
        fail_msg("refused: %s", z);
    return u;
}

UNIT(url_splits)
{
    struct url u = parse("HTTPS://Social.EXAMPLE:8443/a/b%20c?x=1&y#Frag");

    assert_str(u.scheme, "https");
    assert_str(u.host, "social.example");
    assert_int_equal(u.port, 8443);
    assert_true(u.has_port);
    assert_str(u.authority, "social.example:8443");
    assert_str(u.path, "/a/b%20c");
    assert_str(u.query, "x=1&y");
    assert_str(u.fragment, "Frag");
    assert_str(u.target, "/a/b%20c?x=1&y");
    assert_str(u.origin, "https://social.example:8443");
    assert_str(u.text, "https://social.example:8443/a/b%20c?x=1&y#Frag");
}

UNIT(url_fills_what_is_not_written)
{
    struct url u = parse("http://a.example:80?q");

    assert_int_equal(u.port, 80);
    assert_false(u.has_port);
    assert_str(u.authority, "a.example");
    assert_str(u.path, "/");
    assert_str(u.target, "/?q");
    assert_str(u.text, "http://a.example?q");
    assert_null(u.fragment.p);
    u = parse("https://a.example/?#");
    assert_int_equal(u.port, 443);
    assert_true(u.query.p != NULL && u.query.n == 0 && u.fragment.p != NULL && u.fragment.n == 0);
    assert_null(parse("https://a.example/").query.p);
}

UNIT(url_takes_hosts)
{
    assert_str(parse("https://127.0.0.1/").host, "127.0.0.1");
    assert_str(parse("https://[2001:DB8::1]:8443/").authority, "[2001:db8::1]:8443");
    assert_str(parse("https://xn--bcher-kva.example/").host, "xn--bcher-kva.example");
    assert_str(parse("https://b\xc3\xbc"
                     "cher.example/")
                   .host,
        "b\xc3\xbc"
        "cher.example");
    assert_str(parse("https://1.2.3.4.example/").host, "1.2.3.4.example");
    assert_str(parse("https://0xcafe.coffee/").host, "0xcafe.coffee");
    assert_str(parse("http://localhost:3000").authority, "localhost:3000");
    assert_str(parse("https://a_b.example/").host, "a_b.example");
}

UNIT(url_refuses)
{
    static const char *const cases[] = { "", "/a", "//a.example/", "ftp://a.example/", "javascript:alert(1)",
        "https:a.example", "https:/a.example", "https://", "https:///a", "https://?q", "https://user@a.example/",
        "https://u:p@a.example/", "https://@a.example/", "https://a.example@/", "https://a.example\\@b.example/",
        "https://a.example/\\b", "https://a b.example/", "https://a.example/a b", " https://a.example/",
        "https://a.example/\n", "https://a.example/\x7f", "https://a.example:0/", "https://a.example:65536/",
        "https://a.example:/", "https://a.example:080/", "https://a.example:+80/", "https://a.example:80:80/",
        "https://a.example:8x/", "https://.a.example/", "https://a..example/", "https://a.example./",
        "https://a%2eexample/", "https://a,b/", "https://a'b/", "https://a;b/", "https://[::1/", "https://[]/",
        "https://[::1]x/", "https://[fe80::1%25eth0]/", "https://[1.2.3.4]/", "https://::1/", "https://2130706433/",
        "https://0x7f000001/", "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://127.0.0.01/",
        "https://256.0.0.1/", "https://1.2.3.4.5/", "https://1.2.3/", "https://a.0x/", "https://a.09/",
        "https://a.example/<script>", "https://a.example/\"", "https://a.example/\xff", "https://a\xc3.example/" };
    char label[80] = "https://", *p = arena_alloc(unit_mem(), URL_BYTES_MAX + 2, 1);
    struct url u;

    for (size_t i = 0; i < lengthof(cases); i++)
        if (url_parse(unit_mem(), str_z(cases[i]), &u))
            fail_msg("taken: %s", cases[i]);
    assert_false(url_parse(unit_mem(), S("https://a.example/\0"), &u));
    memset(label + 8, 'a', 64);
    assert_false(url_parse(unit_mem(), str_z(label), &u));
    label[71] = '\0';
    assert_true(url_parse(unit_mem(), str_z(label), &u));
    memset(p, 'a', URL_BYTES_MAX + 1);
    memcpy(p, "https://a.example/", 18);
    assert_true(url_parse(unit_mem(), (struct str){ p, URL_BYTES_MAX }, &u));
    assert_false(url_parse(unit_mem(), (struct str){ p, URL_BYTES_MAX + 1 }, &u));
}

UNIT(url_same_origin_compares)
{
    assert_true(url_same_origin(unit_mem(), S("https://A.example/x"), S("https://a.example:443/y")));
    assert_false(url_same_origin(unit_mem(), S("https://a.example/"), S("http://a.example/")));
    assert_false(url_same_origin(unit_mem(), S("https://a.example/"), S("https://a.example:8443/")));
    assert_false(url_same_origin(unit_mem(), S("https://a.example/"), S("https://b.a.example/")));
    assert_false(url_same_origin(unit_mem(), S("bad"), S("bad")));
}

UNIT(url_codes)
{
    struct str out;

    assert_str(url_encode(unit_mem(), S("a b&c/\xc3\xa9~_.-")), "a%20b%26c%2F%C3%A9~_.-");
    assert_true(url_decode(unit_mem(), S("a%20b+%c3%A9"), false, &out));
    assert_str(out, "a b+\xc3\xa9");
    assert_true(url_decode(unit_mem(), S("a+%2B"), true, &out));
    assert_str(out, "a +");
    assert_true(url_decode(unit_mem(), S("%2541"), false, &out)); /* once */
    assert_str(out, "%41");
    assert_true(url_decode(unit_mem(), S("%00"), false, &out));
    assert_int_equal(out.n, 1);
    assert_false(url_decode(unit_mem(), S("%"), false, &out));
    assert_false(url_decode(unit_mem(), S("%a"), false, &out));
    assert_false(url_decode(unit_mem(), S("%zz"), false, &out));
}

UNIT(cidr_matches)
{
    static const struct {
        const char *net, *ip;
        bool in;
    } cases[] = {
        { "10.0.0.0/8", "10.255.1.2", true },
        { "10.0.0.0/8", "11.0.0.1", false },
        { "10.128.0.0/9", "10.127.0.1", false },
        { "0.0.0.0/0", "255.1.1.1", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "127.0.0.1", "127.0.0.1", true },
        { "127.0.0.1", "127.0.0.2", false },
        { "::1/128", "::1", true },
        { "fc00::/7", "fdff::1", true },
        { "fc00::/7", "fe00::1", false },
        { "::/0", "1.2.3.4", true },
        { "192.0.2.0/24", "::ffff:192.0.2.9", true },
    };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct cidr net;
        struct ip ip;

        assert_true(cidr_parse(str_z(cases[i].net), &net));
        assert_true(ip_parse(str_z(cases[i].ip), &ip));
        if (cidr_has(&net, &ip) != cases[i].in)
            fail_msg("%s in %s", cases[i].ip, cases[i].net);
    }
}

UNIT(cidr_refuses)
{
    static const char *const cases[] = { "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.1/8", "10.0.0/8",
        "::/129", "fc00::1/7", "a/8", "10.0.0.0/8/8", "010.0.0.0/8", "[::1]", "::1%lo" };
    struct cidr net;

    for (size_t i = 0; i < lengthof(cases); i++)
        if (cidr_parse(str_z(cases[i]), &net))
            fail_msg("taken: %s", cases[i]);
}

UNIT(ip_prints_and_masks)
{
    struct ip ip, net;

    assert_true(ip_parse(S("2001:db8:1:2:3:4:5:6"), &ip));
    net = ip_client_network(&ip);
    assert_str(ip_text(unit_mem(), &net), "2001:db8:1:2::");
    assert_true(ip_parse(S("192.0.2.1"), &ip));
    net = ip_client_network(&ip);
    assert_str(ip_text(unit_mem(), &net), "192.0.2.1");
}
