#include "ap/check.h"

#include "base/json.h"
#include "unit.h"

static const struct ap_rules rules = { { "https://social.example", 22 }, false };

UNIT(ids_that_may_come_in)
{
    static const struct {
        const char *id;
        enum err want;
    } rows[] = { { "https://b.example/u/1", ERR_OK }, { "https://b.example:8443/u/1", ERR_OK },
        { "https://fed.brid.gy/convert/ap/at://did:plc:x/app.bsky.feed.post/1", ERR_OK },
        { "http://b.example/u/1", ERR_INVALID }, { "http://abcdefgh.onion/u/1", ERR_OK },
        { "https://social.example/ap/users/1", ERR_FORBIDDEN }, { "https://SOCIAL.EXAMPLE/x", ERR_FORBIDDEN },
        { "https://social.example:443/x", ERR_FORBIDDEN }, { "https://b\xc3\xbc.example/u", ERR_INVALID },
        { "https://social.example./x", ERR_INVALID }, { "ftp://b.example/", ERR_INVALID },
        { "acct:a@b.example", ERR_INVALID }, { "https://a@b.example/", ERR_INVALID }, { "", ERR_INVALID } };
    struct ap_rules test = { rules.origin, true };
    const char *why;

    for (size_t i = 0; i < lengthof(rows); i++)
        if (ap_id_check(unit_mem(), &rules, str_z(rows[i].id), &why) != rows[i].want)
            fail_msg("%s: %s", rows[i].id, why);
    assert_int_equal(ap_id_check(unit_mem(), &test, S("http://b.test:3001/u/1"), &why), ERR_OK);
}

UNIT(where_a_document_may_come_from)
{
    static const struct {
        const char *requested, *final, *id;
        bool first;
        enum ap_fetched want;
    } rows[] = {
        { "https://b.example/1", "https://b.example/1", "https://b.example/1", true, AP_FETCHED_OK },
        { "https://b.example/@tom", "https://b.example/@tom", "https://b.example/u/tom", true, AP_FETCHED_REFETCH },
        { "https://b.example/@tom", "https://b.example/@tom", "https://b.example/u/tom", false, AP_FETCHED_REFUSE },
        { "https://www.b.example/1", "https://b.example/1", "https://b.example/1", true, AP_FETCHED_OK },
        { "https://b.example/1", "https://c.example/1", "https://b.example/1", true, AP_FETCHED_REFUSE },
        { "https://b.example/1", "https://b.example/1", "https://c.example/1", true, AP_FETCHED_REFUSE },
        { "https://b.example/1", "https://b.example/1", "https://social.example/1", true, AP_FETCHED_REFUSE },
        { "https://b.example/1", "https://b.example/1", "", true, AP_FETCHED_REFUSE },
        { "https://b.example/1/", "https://b.example/1/", "https://b.example/1", false, AP_FETCHED_REFUSE },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        const char *why = "";

        if (ap_fetched_check(unit_mem(), &rules, str_z(rows[i].requested), str_z(rows[i].final), str_z(rows[i].id),
                rows[i].first, &why) != rows[i].want)
            fail_msg("row %zu: %s", i, why);
    }
}

static const struct val *
json(const char *text)
{
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), str_z(text), NULL, &v), ERR_OK);
    return v;
}

UNIT(embedded_objects_are_believed_of_their_owner_only)
{
    struct str owner = S("https://b.example/u/tom");

    assert_true(ap_embedded_is_trusted(unit_mem(),
        json("{\"type\":\"Note\",\"id\":\"https://b.example/1\",\"attributedTo\":\"https://b.example/u/tom\"}"),
        owner));
    assert_true(ap_embedded_is_trusted(unit_mem(), json("{\"type\":\"Note\",\"content\":\"x\"}"), owner));
    assert_false(ap_embedded_is_trusted(unit_mem(),
        json("{\"type\":\"Note\",\"id\":\"https://b.example/1\",\"attributedTo\":\"https://b.example/u/eve\"}"),
        owner));
    assert_false(ap_embedded_is_trusted(unit_mem(),
        json("{\"type\":\"Note\",\"id\":\"https://c.example/1\",\"attributedTo\":\"https://b.example/u/tom\"}"),
        owner));
    assert_false(ap_embedded_is_trusted(unit_mem(), json("{\"type\":\"Note\",\"id\":\"https://b.example/1\"}"), owner));
    assert_false(
        ap_embedded_is_trusted(unit_mem(), json("{\"type\":\"Person\",\"id\":\"https://b.example/u/eve\"}"), owner));
    assert_false(ap_embedded_is_trusted(unit_mem(), json("\"https://b.example/1\""), owner));
}

UNIT(owners_and_keys_of_other_origins_are_dropped)
{
    struct ap_key keys[] = { { .id = S("https://b.example/u/tom#k"), .owner = S("https://b.example/u/tom") },
        { .id = S("https://b.example/u/tom#k2"), .owner = S("https://b.example/u/eve") },
        { .id = S("https://c.example/k"), .owner = S("https://b.example/u/tom") } };
    struct ap_actor x = {
        .id = S("https://b.example/u/tom"), .inbox = S("https://b.example/in"), .keys = keys, .n_keys = 3
    };
    struct ap_note n = { .id = S("https://b.example/1"), .attributed_to = S("https://c.example/u") };
    struct ap_activity act = {
        .type = AP_CREATE, .actor = S("https://b.example/u/tom"), .id = S("https://c.example/a")
    };
    const char *why;

    assert_int_equal(ap_actor_check(unit_mem(), &rules, &x, &why), ERR_OK);
    assert_int_equal(x.n_keys, 1);
    x.inbox = S("https://social.example/inbox");
    assert_int_equal(ap_actor_check(unit_mem(), &rules, &x, &why), ERR_FORBIDDEN);
    assert_int_equal(ap_note_check(unit_mem(), &rules, &n, &why), ERR_INVALID);
    n.attributed_to = S("https://b.example/u");
    assert_int_equal(ap_note_check(unit_mem(), &rules, &n, &why), ERR_OK);
    assert_int_equal(ap_activity_check(unit_mem(), &rules, &act, &why), ERR_INVALID);
    act.id = STR_NONE;
    assert_int_equal(ap_activity_check(unit_mem(), &rules, &act, &why), ERR_INVALID);
    act.type = AP_ADD;
    assert_int_equal(ap_activity_check(unit_mem(), &rules, &act, &why), ERR_OK);
}

UNIT(content_types)
{
    assert_true(ap_media_type_is_ap(S("application/activity+json; charset=utf-8")));
    assert_true(ap_media_type_is_ap(S("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"")));
    assert_true(ap_media_type_is_ap(
        S("application/ld+json;charset=utf-8;profile=\"http://x.test/y https://www.w3.org/ns/activitystreams\"")));
    assert_false(ap_media_type_is_ap(S("application/ld+json")));
    assert_false(ap_media_type_is_ap(S("application/json")));
    assert_false(ap_media_type_is_ap(S("application/octet-stream")));
    assert_false(ap_media_type_is_ap(S("")));
    assert_true(ap_media_type_is_ap_post(S("Application/LD+JSON")));
    assert_false(ap_media_type_is_ap_post(S("text/html")));
}
