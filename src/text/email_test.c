#include "text/email.h"

#include "base/arena.h"
#include "unit.h"

UNIT(email_takes_plain_addresses)
{
    static const struct {
        const char *in, *out, *key;
    } good[] = {
        { "ines@social.example", "ines@social.example", "ines@social.example" },
        { "  Ines.Roth+Fedi@Social.EXAMPLE ", "Ines.Roth+Fedi@social.example", "ines.roth+fedi@social.example" },
        { "o'neil@b\xc3\xbc"
          "cher.example",
            "o'neil@xn--bcher-kva.example", "o'neil@xn--bcher-kva.example" },
        { "root@localhost", "root@localhost", "root@localhost" },
        { "a{b}~@x.example", "a{b}~@x.example", "a{b}~@x.example" },
    };
    struct email e;

    for (size_t i = 0; i < lengthof(good); i++) {
        assert_true(email_parse(unit_mem(), str_z(good[i].in), &e));
        assert_str(e.text, good[i].out);
        assert_str(e.key, good[i].key);
    }
}

UNIT(email_refuses_what_means_something_else_to_a_relay)
{
    static const char *const bad[] = { "", "@", "a@", "@b", "a", "a%b@c.example", "b!a@c.example", "a,b@c.example",
        "\"x y\"@c.example", "\"x\"@c.example", "<a@b.example>", "A <a@b.example>", "a@b.example (me)",
        "(me)a@b.example", "a@b@c.example", "a b@c.example", "a@b c.example", "a@b.example\r\nBcc: x@y.example",
        "a\nb@c.example", "a@c.example\n.", "a@[127.0.0.1]", "a@127.0.0.1", "a@[IPv6:::1]", ".a@c.example",
        "a.@c.example", "a..b@c.example", "a@-c.example", "a@c..example", "a@.example", "a@c.example.",
        "m\xc3\xbcller@c.example", "a@c.example, b@d.example", "a;b@c.example", "a:b@c.example", "a\\b@c.example",
        "a\x7f@c.example", "a@c.example>", "@r.example:a@c.example", "\xff@c.example", "a@\xff.example" };
    struct email e;

    for (size_t i = 0; i < lengthof(bad); i++)
        if (email_parse(unit_mem(), str_z(bad[i]), &e))
            fail_msg("accepted \"%s\" as %.*s", bad[i], STR_ARG(e.text));
    assert_false(email_parse(unit_mem(), (struct str){ "a\0b@c.example", 13 }, &e));
    assert_false(email_parse(unit_mem(), (struct str){ "a@c.exa\0mple", 12 }, &e));
}

UNIT(email_has_a_length)
{
    char local[80], whole[400];
    struct email e;

    memset(local, 'a', sizeof(local));
    local[64] = '\0';
    snprintf(whole, sizeof(whole), "%s@c.example", local);
    assert_true(email_parse(unit_mem(), str_z(whole), &e));
    local[64] = 'a';
    local[65] = '\0';
    snprintf(whole, sizeof(whole), "%s@c.example", local);
    assert_false(email_parse(unit_mem(), str_z(whole), &e));
    local[60] = '\0';
    snprintf(whole, sizeof(whole), "%s@%s.%s.%s.%s", local, local, local, local, "long.example");
    assert_false(email_parse(unit_mem(), str_z(whole), &e));
}
