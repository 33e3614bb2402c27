/* Every special range of the registries, its edges, and every way to write IPv4 inside IPv6. */
#include "http/netgate.h"

#include "base/arena.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static enum netgate_answer
ask(const char *text, const struct cidr *allow, size_t n)
{
    struct sockaddr_storage ss = { 0 };
    struct sockaddr_in *in = (struct sockaddr_in *)&ss;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ss;

    if (inet_pton(AF_INET, text, &in->sin_addr) == 1)
        ss.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1)
        ss.ss_family = AF_INET6;
    else
        fail_msg("bad address in the test: %s", text);
    return netgate_check((struct sockaddr *)&ss, allow, n);
}

static void
expect(const char *text, enum netgate_answer want)
{
    if (ask(text, NULL, 0) != want)
        fail_msg("%s should be %s", text, want == NETGATE_PUBLIC ? "public" : "refused");
}

/* First and last address of each range are refused; the ones just outside are public, unless another range starts there. */
static const struct {
    const char *first, *last, *before, *after;
} ranges4[] = {
    { "0.0.0.0", "0.255.255.255", NULL, "1.0.0.0" },
    { "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0" },
    { "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0" },
    { "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0" },
    { "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0" },
    { "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0" },
    { "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0" },
    { "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0" },
    { "192.31.196.0", "192.31.196.255", "192.31.195.255", "192.31.197.0" },
    { "192.52.193.0", "192.52.193.255", "192.52.192.255", "192.52.194.0" },
    { "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0" },
    { "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0" },
    { "192.175.48.0", "192.175.48.255", "192.175.47.255", "192.175.49.0" },
    { "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0" },
    { "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0" },
    { "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0" },
    { "224.0.0.0", "239.255.255.255", "223.255.255.255", NULL },
    { "240.0.0.0", "255.255.255.255", NULL, NULL },
};

UNIT(netgate_refuses_special_v4)
{
    for (size_t i = 0; i < lengthof(ranges4); i++) {
        expect(ranges4[i].first, NETGATE_REFUSED);
        expect(ranges4[i].last, NETGATE_REFUSED);
        if (ranges4[i].before != NULL)
            expect(ranges4[i].before, NETGATE_PUBLIC);
        if (ranges4[i].after != NULL)
            expect(ranges4[i].after, NETGATE_PUBLIC);
    }
}

static const char *const refused6[] = {
    "::",
    "::1",
    "::ffff:0:0",
    "64:ff9b:1::1",
    "100::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::1",
    "2002:ffff::1",
    "2620:4f:8000::1",
    "2620:4f:8000:ffff::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "1fff:ffff::1",
    "4000::1",
    "5f00::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
};

static const char *const public6[] = {
    "2000::1",
    "2001:200::1",
    "2001:db7:ffff::1",
    "2001:db9::1",
    "2003::1",
    "2606:4700::1111",
    "2620:4f:7fff::1",
    "2620:4f:8001::1",
    "2a00:1450::1",
    "3ffe::1",
    "3fff:1000::1",
};

UNIT(netgate_refuses_special_v6)
{
    for (size_t i = 0; i < lengthof(refused6); i++)
        expect(refused6[i], NETGATE_REFUSED);
    for (size_t i = 0; i < lengthof(public6); i++)
        expect(public6[i], NETGATE_PUBLIC);
}

/* All forms that carry an IPv4 address are refused, whatever address they carry: none of them is how a real peer is reached. */
static const char *const embeddings[] = {
    "::%s",          /* v4-compatible */
    "::ffff:%s",     /* v4-mapped */
    "::ffff:0:%s",   /* SIIT */
    "64:ff9b::%s",   /* NAT64 */
    "64:ff9b:1::%s", /* local NAT64 */
    "2001:0:%s::",   /* Teredo server, written in hex below */
    "fe80::5efe:%s", /* ISATAP on link-local */
};

UNIT(netgate_refuses_v4_in_v6)
{
    static const char *const v4[] = { "127.0.0.1", "10.1.2.3", "169.254.169.254", "8.8.8.8", "0.0.0.0" };

    for (size_t e = 0; e < lengthof(embeddings); e++)
        for (size_t i = 0; i < lengthof(v4); i++) {
            struct str f = str_z(embeddings[e]);
            ptrdiff_t at = str_find(f, S("%s"));
            struct str addr = str_z(v4[i]);

            if (str_ends(f, S("::")) || at < 0) { /* the dotted form is legal at the end only */
                uint8_t b[4];

                inet_pton(AF_INET, v4[i], b);
                addr = str_fmt(unit_mem(), "%x:%x", b[0] << 8 | b[1], b[2] << 8 | b[3]);
            }
            expect(str_cz(unit_mem(),
                       str_cat(unit_mem(), str_sub(f, 0, (size_t)at), addr, str_sub(f, (size_t)at + 2, f.n), STR_NONE)),
                NETGATE_REFUSED);
        }
    for (size_t i = 0; i < lengthof(v4); i++) { /* 6to4 */
        uint8_t b[4];

        inet_pton(AF_INET, v4[i], b);
        expect(str_fmt(unit_mem(), "2002:%x:%x::1", b[0] << 8 | b[1], b[2] << 8 | b[3]).p, NETGATE_REFUSED);
    }
}

UNIT(netgate_allow_list_is_exact)
{
    struct cidr allow[2];

    assert_true(cidr_parse(S("127.0.0.0/8"), &allow[0]));
    assert_true(cidr_parse(S("fd00::/8"), &allow[1]));
    assert_int_equal(ask("127.9.9.9", allow, 2), NETGATE_ALLOWED);
    assert_int_equal(ask("fd99::1", allow, 2), NETGATE_ALLOWED);
    assert_int_equal(ask("10.0.0.1", allow, 2), NETGATE_REFUSED);
    assert_int_equal(ask("::ffff:10.0.0.1", allow, 2), NETGATE_REFUSED);
    assert_int_equal(ask("::127.0.0.1", allow, 2), NETGATE_REFUSED);
    assert_int_equal(ask("8.8.8.8", allow, 2), NETGATE_PUBLIC);
    /* 0x7f00::/8 starts with the same byte as 127/8 and must not match across families */
    assert_int_equal(ask("7f00::1", allow, 2), NETGATE_REFUSED);
}

UNIT(netgate_refuses_other_families)
{
    struct sockaddr sa = { .sa_family = AF_UNIX };

    assert_int_equal(netgate_check(&sa, NULL, 0), NETGATE_REFUSED);
}

static bool
is_own(const struct netgate_own *own, const char *text)
{
    struct sockaddr_in in = { .sin_family = AF_INET };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return netgate_is_own(own, (struct sockaddr *)&in);
    assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
    return netgate_is_own(own, (struct sockaddr *)&in6);
}

UNIT(netgate_knows_its_own)
{
    struct str listen[] = { S("8.8.4.4:443"), S("[2600::5]:443"), S("unix:/run/x"), S("0.0.0.0:80"), S("[::]:80"),
        S("junk") };
    struct netgate_own own = { .n = 0 };
    struct ip ip;

    netgate_own_find(&own, &(struct strs){ listen, lengthof(listen) });
    assert_true(is_own(&own, "8.8.4.4"));
    assert_true(is_own(&own, "::ffff:8.8.4.4"));
    assert_true(is_own(&own, "2600::5"));
    assert_false(is_own(&own, "8.8.4.5"));
    assert_false(is_own(&own, "2600::6"));
    for (int i = 0; i < 200; i++) { /* however many come, it is a list of 64 */
        assert_true(ip_parse(str_fmt(unit_mem(), "9.0.0.%d", i + 1), &ip));
        netgate_own_add(&own, &ip);
        netgate_own_add(&own, &ip);
    }
    assert_int_equal(own.n, lengthof(own.v));
    assert_true(is_own(&own, "9.0.0.200") && is_own(&own, "9.0.0.137") && !is_own(&own, "9.0.0.136"));
}
