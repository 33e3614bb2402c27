/* One decision for every spelling of a host; and ends of accounts that stand in one line. */
#include "service/domain.h"

#include "base/str.h"
#include "service/delivery.h"
#include "service/fixture_test.h"
#include "store/setting.h"
#include "unit_db.h"

static void
put(struct ctx *c, const char *domain, enum domain_severity s)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_domain_policy_put(c, &(struct domain_policy){ .domain = str_z(domain), .severity = s }));
    assert_ok(c, db_commit(c));
}

static void
allow(struct ctx *c, const char *domain)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_domain_allow_put(c, str_z(domain)));
    assert_ok(c, db_commit(c));
}

static void
limited(struct ctx *c)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_setting_put(c, "limited_federation", S("1")));
    assert_ok(c, db_commit(c));
}

static bool
closed(struct ctx *c, const char *host)
{
    struct domain_rule r;

    assert_ok(c, service_domain_rule(c, str_z(host), &r));
    return r.closed;
}

UNIT_DB(a_block_holds_for_every_spelling_and_nobody_else)
{
    static const char *const evil[] = { "evil.test", "EVIL.test", "evil.test.", "evil.test:8443", "a.evil.test",
        "a.b.c.d.evil.test", "A.Evil.Test.:443", "xn--bcher-kva.evil.test", "b\u00fccher.evil.test" };
    static const char *const good[] = { "notevil.test", "evil.test.other.test", "evil", "test", "evil-test", "eviltest",
        "xn--evl-0pa.test", "", ".", "evil.tes", "vil.test" };
    struct ctx *c = fixture_ctx(db);

    put(c, "evil.test", DOMAIN_SUSPEND);
    for (size_t i = 0; i < lengthof(evil); i++)
        assert_true(closed(c, evil[i]));
    for (size_t i = 0; i < lengthof(good); i++)
        assert_false(closed(c, good[i]));
}

UNIT_DB(the_nearest_name_decides_and_an_allowed_one_is_not_suspended)
{
    struct ctx *c = fixture_ctx(db);

    put(c, "evil.test", DOMAIN_SUSPEND);
    put(c, "mild.evil.test", DOMAIN_SILENCE);
    allow(c, "good.evil.test");
    put(c, "bad.good.evil.test", DOMAIN_SUSPEND);
    assert_true(closed(c, "evil.test"));
    assert_false(closed(c, "mild.evil.test"));
    assert_false(closed(c, "good.evil.test"));
    assert_false(closed(c, "www.good.evil.test"));
    assert_true(closed(c, "bad.good.evil.test"));
}

UNIT_DB(where_only_the_allowed_may_a_block_wins_and_we_are_always_in)
{
    struct ctx *c = fixture_ctx(db);
    struct domain_rule r;

    allow(c, "good.test");
    put(c, "bad.good.test", DOMAIN_SUSPEND);
    allow(c, "bad.good.test");
    limited(c);
    assert_false(closed(c, "good.test"));
    assert_false(closed(c, "a.good.test"));
    assert_true(closed(c, "bad.good.test"));
    assert_true(closed(c, "stranger.test"));
    assert_false(closed(c, "dassie.test"));
    assert_ok(c, service_domain_rule(c, S("stranger.test"), &r));
    assert_true(r.unlisted);
    assert_ok(c, service_domain_rule_of(c, S("mailto:a@good.test"), &r));
    assert_true(r.closed);
}

UNIT_DB(ends_of_accounts_stand_in_one_line)
{
    struct str inboxes[] = { S("https://a.test/inbox"), S("https://b.test/inbox"), S("https://c.test/inbox") };
    const struct strs to = { inboxes, lengthof(inboxes) };
    struct ctx *c = fixture_ctx(db);
    struct deliveries v;

    for (int64_t i = 1; i <= 3; i++)
        assert_ok(
            c, service_delivery_send(c,
                   &(struct activity){ .id = i, .uri = S("https://dassie.test/x"), .body = S("{}"), .created_ms = 1 },
                   &to, DELIVERY_SLOW));
    assert_ok(c, store_delivery_list(c, S(""), false, 100, &v));
    assert_int_equal(v.n, 9);
    for (size_t i = 1; i < v.n; i++) /* more where the line had come to its end before the next account was there */
        assert_true(v.v[i].next_ms - v.v[i - 1].next_ms >= 50);
}
