#include "text/idna.h"

#include "unit.h"

static void
assert_domain(struct str in, const char *want)
{
    struct str out = STR_NONE;

    if (want == NULL) {
        if (text_domain_normal(unit_mem(), in, &out))
            fail_msg("%.*s gave %.*s", STR_ARG(in), STR_ARG(out));
        return;
    }
    if (!text_domain_normal(unit_mem(), in, &out))
        fail_msg("%.*s was refused", STR_ARG(in));
    assert_str(out, want);
}

UNIT(domains_become_a_labels)
{
    assert_domain(S("Example.ORG."), "example.org");
    assert_domain(S("localhost"), "localhost");
    assert_domain(S("Bücher.example"), "xn--bcher-kva.example");
    assert_domain(S("faß.de"), "xn--fa-hia.de"); /* non-transitional */
    assert_domain(S("みんな。jp"), "xn--q9jyb4c.jp");
    assert_domain(S("xn--bcher-kva.example"), "xn--bcher-kva.example");
    assert_domain(S("XN--BCHER-KVA.example"), "xn--bcher-kva.example");
    assert_domain(S("a_b.example"), "a_b.example");
}

UNIT(bad_domains_are_refused)
{
    static const char label64[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example";

    assert_domain(S(""), NULL);
    assert_domain(S("."), NULL);
    assert_domain(S("a..b"), NULL);
    assert_domain(S(".a"), NULL);
    assert_domain(S("a.."), NULL);
    assert_domain(S("a b"), NULL);
    assert_domain(S("a/b"), NULL);
    assert_domain(S("a@b"), NULL);
    assert_domain(S("a\0b"), NULL);
    assert_domain(S("\xff.example"), NULL);
    assert_domain(S("127.0.0.1"), NULL);
    assert_domain(S("0x7f.0x1"), NULL);
    assert_domain(S("1"), NULL);
    assert_domain(S("[::1]"), NULL);
    assert_domain(S("xn--example-.org"), NULL);
    assert_domain(S("xn--.org"), NULL);
    assert_domain(S("xn--a.org"), NULL);
    assert_domain(S("a\xe2\x80\xae.example"), NULL); /* bidi override */
    assert_domain(str_z(label64), NULL);
    assert_domain(str_z(label64 + 1), label64 + 1);
}

UNIT(authorities_keep_their_port)
{
    struct str out;

    assert_true(text_authority_normal(unit_mem(), S("Bücher.example:8443"), &out));
    assert_str(out, "xn--bcher-kva.example:8443");
    assert_true(text_authority_normal(unit_mem(), S("a.example"), &out));
    assert_str(out, "a.example");
    assert_false(text_authority_normal(unit_mem(), S("a.example:"), &out));
    assert_false(text_authority_normal(unit_mem(), S("a.example:0"), &out));
    assert_false(text_authority_normal(unit_mem(), S("a.example:65536"), &out));
    assert_false(text_authority_normal(unit_mem(), S("a.example:-1"), &out));
}

UNIT(within_is_on_label_boundaries)
{
    assert_true(text_domain_within(S("a.evil.example"), S("evil.example")));
    assert_true(text_domain_within(S("evil.example"), S("evil.example")));
    assert_false(text_domain_within(S("notevil.example"), S("evil.example")));
    assert_false(text_domain_within(S("evil.example"), S("a.evil.example")));
    assert_false(text_domain_within(S("evil.example"), S("")));
}
