/* What comes in and goes on: forwarding, second copies, servers set up anew, floods of names, types nobody acts on. */
#include "inbox/world_test.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "unit_db.h"

#define EVE "https://far.test/u/eve"
#define CAROL "https://third.test/u/carol"
#define DAVE "https://far.test/u/dave"
#define POST "https://far.test/p/1"
#define FIRST(who) "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"" who "\","
#define SIGNED ",\"signature\":{\"type\":\"RsaSignature2017\",\"signatureValue\":\"x\"}}"
#define REPLY(to)                                                                                                      \
    "{\"type\":\"Note\",\"id\":\"" POST "\",\"attributedTo\":\"" EVE "\",\"content\":\"x\",\"to\":\"" to               \
    "\",\"published\":\"2026-01-01T00:00:00Z\",\"updated\":\"2026-02-01T00:00:00Z\",\"inReplyTo\":\"" WORLD_PUBLIC     \
    "\"}"
#define CREATE(n, to) FIRST(EVE) "\"type\":\"Create\",\"id\":\"https://far.test/a/" n "\",\"object\":" REPLY(to)

static void
say(const char *who, int64_t inbox, const char *body)
{
    (void)world_deliver(str_z(who), inbox, str_z(body));
}

static void
follow_alice(const char *who, const char *name)
{
    web_put(str_z(who), web_person(who, name));
    (void)world_deliver(str_z(who), 0,
        str_fmt(unit_mem(),
            "{\"@context\":\"https://www.w3.org/ns/"
            "activitystreams\",\"actor\":\"%s\",\"type\":\"Follow\",\"id\":\"%s#f\",\"object\":\"" WORLD_OUR "\"}",
            who, who));
}

/* ---- forwarding ------------------------------------------------------------------------------------------------------ */

static int64_t
forwarded(void)
{
    return world_int("SELECT count(*) FROM delivery d JOIN activity a ON a.id = d.activity_id WHERE a.uri LIKE "
                     "'https://far.test/a/%'");
}

UNIT_DB(replies_are_passed_on_to_who_follows_the_thread)
{
    const char *create = CREATE("1", "as:Public") SIGNED;

    (void)world_new(db);
    web_put(S(EVE), web_person(EVE, "eve"));
    follow_alice(CAROL, "carol");
    follow_alice(DAVE, "dave"); /* of the server that sends it */
    assert_int_equal(forwarded(), 0);
    say(EVE, 0, create);
    assert_int_equal(forwarded(), 1);
    assert_str(world_text("SELECT inbox FROM delivery d JOIN activity a ON a.id = d.activity_id WHERE a.uri LIKE "
                          "'https://far.test/a/%'"),
        CAROL "/inbox");
    assert_true(str_starts(
        world_text("SELECT body FROM activity WHERE uri = 'https://far.test/a/1'"), str_z(create))); /* as it came */
    assert_int_equal(world_int("SELECT account_id FROM activity WHERE uri = 'https://far.test/a/1'"), WORLD_ALICE);
    say(EVE, WORLD_ALICE, create); /* each activity once */
    assert_int_equal(forwarded(), 1);
    say(EVE, 0, FIRST(EVE) "\"type\":\"Update\",\"id\":\"https://far.test/a/2\",\"object\":" REPLY("as:Public") SIGNED);
    say(EVE, 0, FIRST(EVE) "\"type\":\"Delete\",\"id\":\"https://far.test/a/3\",\"object\":\"" POST "\"" SIGNED);
    assert_int_equal(forwarded(), 3);
    world_reset();
    world_end();
}

UNIT(what_is_not_passed_on)
{
    static const char *const bodies[] = {
        CREATE("1", "as:Public") "}",         /* nothing in it proves it */
        CREATE("1", EVE "/followers") SIGNED, /* not for everybody */
        CREATE("1", WORLD_OUR) SIGNED,
        FIRST(EVE) "\"type\":\"Delete\",\"id\":\"https://far.test/a/3\",\"object\":\"https://far.test/p/404\"" SIGNED,
        FIRST(EVE) "\"type\":\"Like\",\"id\":\"https://far.test/a/4\",\"object\":\"" WORLD_PUBLIC "\"" SIGNED,
    };

    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    for (size_t i = 0; i < lengthof(bodies); i++) {
        web_put(S(EVE), web_person(EVE, "eve"));
        follow_alice(CAROL, "carol");
        world_follows(S(EVE), false);
        say(EVE, 0, bodies[i]);
        assert_int_equal(forwarded(), 0);
        world_reset();
    }
    world_end();
}

UNIT(one_sender_does_not_make_us_shout)
{
    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    web_put(S(EVE), web_person(EVE, "eve"));
    follow_alice(CAROL, "carol");
    clock_shift(HOUR_MS); /* what other tests counted has ended */
    for (int i = 0; i < 40; i++)
        (void)world_deliver(S(EVE), 0,
            str_fmt(unit_mem(),
                FIRST(EVE) "\"type\":\"Create\",\"id\":\"https://far.test/a/"
                           "%d\",\"object\":{\"type\":\"Note\",\"id\":\"https://far.test/p/%d\","
                           "\"attributedTo\":\"" EVE
                           "\",\"content\":\"x\",\"to\":\"as:Public\",\"inReplyTo\":\"" WORLD_PUBLIC "\"}" SIGNED,
                i, i));
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE NOT local"), 40);
    assert_int_equal(forwarded(), 30);
    clock_shift(-HOUR_MS);
    world_reset();
    world_end();
}

/* ---- readers --------------------------------------------------------------------------------------------------------- */

#define HIDDEN CREATE("1", "https://far.test/u/somebody") "}"

UNIT_DB(each_inbox_adds_its_reader)
{
    (void)world_new(db);
    web_put(S(EVE), web_person(EVE, "eve"));
    say(EVE, WORLD_ALICE, HIDDEN); /* bto: the copy says nothing about her */
    assert_int_equal(world_int("SELECT account_id FROM mention"), WORLD_ALICE);
    say(EVE, WORLD_BOB, HIDDEN);
    assert_int_equal(world_int("SELECT count(*) FROM mention WHERE silent"), 2);
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE NOT local"), 1);
    say(EVE, 0, HIDDEN);
    assert_int_equal(world_int("SELECT count(*) FROM mention"), 2);
    world_reset();
    world_end();
}

/* ---- actors ---------------------------------------------------------------------------------------------------------- */

#define FOLLOWS_AGAIN "SELECT count(*) FROM job WHERE kind = 'refollow'"
#define LIKE_US FIRST(EVE) "\"type\":\"Like\",\"id\":\"https://far.test/a/9\",\"object\":\"" WORLD_PUBLIC "\"}"

UNIT_DB(a_server_set_up_anew)
{
    (void)world_new(db);
    web_put(S(EVE), web_person(EVE, "eve"));
    world_follows(S(EVE), false);
    say(EVE, 0, FIRST(EVE) "\"type\":\"Delete\",\"id\":\"https://far.test/a/1\",\"object\":\"" POST "\"}");
    assert_int_equal(world_int("SELECT count(*) FROM tombstone"), 1);
    world_new_key();
    clock_shift(10 * MINUTE_MS);
    say(EVE, 0, LIKE_US); /* by a key that is not known: the actor is read again */
    assert_int_equal(world_int("SELECT count(*) FROM favourite"), 1);
    assert_int_equal(world_int("SELECT count(*) FROM tombstone"), 0);
    assert_int_equal(world_int(FOLLOWS_AGAIN), 1);
    clock_shift(10 * MINUTE_MS);
    say(EVE, 0,
        FIRST(EVE) "\"type\":\"Update\",\"id\":\"https://far.test/a/2\",\"object\":\"" EVE "\"}"); /* the same keys */
    assert_int_equal(world_int(FOLLOWS_AGAIN), 1);
    clock_shift(-20 * MINUTE_MS);
    world_reset();
    world_end();
}

UNIT(a_profile_is_its_owners)
{
    static const char *const evil =
        FIRST("https://evil.test/u/mal") "\"type\":\"Update\",\"id\":\"https://evil.test/a/1\",\"object\":";
    struct str doc;

    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    web_put(S(EVE), web_person(EVE, "eve"));
    web_put(S("https://evil.test/u/mal"), web_person("https://evil.test/u/mal", "mal"));
    world_knows(S(EVE));
    doc = str_fmt(unit_mem(),
        "{\"id\":\"" EVE "\",\"type\":\"Person\",\"preferredUsername\":\"eve\",\"name\":\"New\",\"inbox\":\"" EVE
        "/inbox\"}");
    (void)world_deliver(S("https://evil.test/u/mal"), 0, str_cat(unit_mem(), str_z(evil), doc, S("}"), STR_NONE));
    assert_str(world_text("SELECT display_name FROM account WHERE uri = '" EVE "'"), "");
    (void)world_deliver(S(EVE), 0,
        str_cat(unit_mem(), S(FIRST(EVE) "\"type\":\"Update\",\"id\":\"https://far.test/a/1\",\"object\":"), doc,
            S("}"), STR_NONE));
    assert_str(world_text("SELECT display_name FROM account WHERE uri = '" EVE "'"), "New");
    world_reset();
    world_end();
}

UNIT(names_below_one_domain_do_not_flood)
{
    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    log_set_level(LOG_LEVEL_ERROR);
    for (int i = 0; i < 12; i++) {
        struct str id = str_fmt(unit_mem(), "https://x%d.flood.test/u/a", i);

        web_put(id, web_person(id.p, "a"));
        assert_int_equal(world_search(id).err, i < 10 ? ERR_OK : ERR_REMOTE);
    }
    web_put(S("https://x1.flood.test/u/b"), web_person("https://x1.flood.test/u/b", "b")); /* a host that is known */
    assert_int_equal(world_search(S("https://x1.flood.test/u/b")).err, ERR_OK);
    web_put(S("https://other.test/u/a"), web_person("https://other.test/u/a", "a"));
    assert_int_equal(world_search(S("https://other.test/u/a")).err, ERR_OK);
    clock_shift(HOUR_MS + 1);
    assert_int_equal(world_search(S("https://x11.flood.test/u/a")).err, ERR_OK);
    clock_shift(-HOUR_MS - 1);
    log_set_level(LOG_LEVEL_INFO);
    world_reset();
    world_end();
}

/* ---- counted --------------------------------------------------------------------------------------------------------- */

UNIT(types_that_nobody_acts_on_are_counted)
{
    static const struct {
        const char *type;
        enum metric counter;
    } rows[] = { { "View", METRIC_INBOX_TYPE_VIEW }, { "Dislike", METRIC_INBOX_TYPE_DISLIKE },
        { "FeatureAuthorization", METRIC_INBOX_TYPE_OTHER }, { "Frobnicate", METRIC_INBOX_TYPE_UNKNOWN } };

    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    web_put(S(EVE), web_person(EVE, "eve"));
    for (size_t i = 0; i < lengthof(rows); i++) {
        int64_t before = metric_get(rows[i].counter);
        struct outcome o = world_deliver(S(EVE), 0,
            str_fmt(unit_mem(), FIRST(EVE) "\"type\":\"%s\",\"id\":\"https://far.test/a/1\",\"object\":\"x\"}",
                rows[i].type));

        assert_true(o.ignored);
        assert_int_equal(metric_get(rows[i].counter), before + 1);
        assert_int_equal(web_requests(), 0); /* nobody is asked for a key */
    }
    world_end();
}

/* ---- servers that fail on signatures ---------------------------------------------------------------------------------- */

UNIT(a_server_that_fails_on_signatures_is_read_without)
{
    static const struct {
        int signed_status, status, requests;
        enum err err;
    } rows[] = {
        { 500, 401, 2, ERR_REMOTE }, /* it does not get worse by that */
        { 500, 404, 2, ERR_REMOTE },
        { 500, 500, 2, ERR_REMOTE },
        { 503, 200, 1, ERR_REMOTE }, /* it has enough to do */
        { 403, 200, 1, ERR_FORBIDDEN },
        { 404, 200, 1, ERR_NOT_FOUND },
    };
    static const char reply[] = REPLY("as:Public");
    struct str body = str_fmt(unit_mem(), "{\"@context\":\"https://www.w3.org/ns/activitystreams\",%s", reply + 1);

    (void)world_new(unit_db_open(UNIT_SQLITE, 4));
    web_put(S(EVE), web_person(EVE, "eve"));
    world_knows(S(EVE));
    for (size_t i = 0; i < lengthof(rows); i++) {
        struct str url = str_fmt(unit_mem(), POST "%zu", i);

        web_put(url, body);
        web_status(url, rows[i].status);
        web_status_signed(url, rows[i].signed_status);
        (void)web_requests();
        assert_int_equal(world_search(url).err, rows[i].err);
        assert_int_equal(web_requests(), rows[i].requests);
    }
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE uri LIKE 'https://far.test/p/%'"), 0);
    web_put(S(POST), body);
    web_status_signed(S(POST), 500);
    assert_str(world_search(S(POST)).why, "");
    assert_int_equal(web_requests(), 2);
    assert_int_equal(world_int("SELECT count(*) FROM status WHERE uri = '" POST "'"), 1);
    world_reset();
    world_end();
}
