#include "ap/uri.h"

#include "ap/accept.h"
#include "ap/sync.h"
#include "vectors.h"

UNIT(every_kind_of_uri_comes_back)
{
    for (int k = 1; k < AP_URI_COUNT; k++) {
        struct str made = ap_uri3(unit_mem(), S("https://social.example"), (enum ap_uri_kind)k, 114, 9001, 7);
        struct ap_uri u;

        if (k == AP_URI_TAG || k == AP_URI_PROFILE || k == AP_URI_PROFILE_STATUS)
            made = ap_uri_named(unit_mem(), S("https://social.example"), (enum ap_uri_kind)k,
                S("r\xc3\xa9"
                  "d#1"),
                9001);
        assert_true(ap_uri_parse_local(unit_mem(), S("https://social.example"), made, &u));
        assert_int_equal(u.kind, k);
        assert_true(u.a == 0 || u.a == 114);
        assert_true(u.b == 0 || u.b == 9001);
        assert_true(u.name.p == NULL || str_eqz(u.name, "r\xc3\xa9"
                                                        "d#1"));
    }
}

UNIT(uris_that_are_ours_but_unknown_or_not_ours)
{
    static const struct {
        const char *uri;
        bool local;
        enum ap_uri_kind kind;
    } rows[] = {
        { "https://social.example/ap/users/114", true, AP_URI_ACTOR },
        { "https://SOCIAL.example/ap/users/114", true, AP_URI_ACTOR },
        { "https://social.example:443/ap/users/114", true, AP_URI_ACTOR },
        { "https://social.example/ap/users/114/outbox?page=true&max_id=3", true, AP_URI_OUTBOX },
        { "https://social.example/ap/users/0114", true, AP_URI_NONE },
        { "https://social.example/ap/users/0", true, AP_URI_NONE },
        { "https://social.example/ap/users/-1", true, AP_URI_NONE },
        { "https://social.example/ap/users/99999999999999999999", true, AP_URI_NONE },
        { "https://social.example/ap/users/114/", true, AP_URI_NONE },
        { "https://social.example/ap/users/114#other", true, AP_URI_NONE },
        { "https://social.example/AP/users/114", true, AP_URI_NONE },
        { "https://social.example/@ines", true, AP_URI_PROFILE },
        { "https://social.example/@ines/9001", true, AP_URI_PROFILE_STATUS },
        { "https://social.example", true, AP_URI_ROOT },
        { "http://social.example/ap/users/114", false, AP_URI_NONE },
        { "https://social.example:444/ap/users/114", false, AP_URI_NONE },
        { "https://social.example.evil.test/ap/users/114", false, AP_URI_NONE },
        { "https://social.example@evil.test/ap/users/114", false, AP_URI_NONE },
        { "social.example/ap/users/114", false, AP_URI_NONE },
        { "", false, AP_URI_NONE },
    };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct ap_uri u;
        bool local = ap_uri_parse_local(unit_mem(), S("https://social.example"), str_z(rows[i].uri), &u);

        if (local != rows[i].local || u.kind != rows[i].kind)
            fail_msg("%s: local %d kind %d", rows[i].uri, local, u.kind);
    }
    assert_int_equal(
        ap_uri_local_account(unit_mem(), S("https://social.example"), S("https://social.example/ap/users/7")), 7);
    assert_int_equal(
        ap_uri_local_status(unit_mem(), S("https://social.example"), S("https://social.example/@a/12")), 12);
    assert_int_equal(
        ap_uri_local_status(unit_mem(), S("https://social.example"), S("https://other.example/ap/users/1/statuses/12")),
        0);
}

UNIT(accept_headers)
{
    static const struct {
        const char *accept;
        enum ap_wants otherwise, want;
    } rows[] = {
        { "", AP_WANTS_HTML, AP_WANTS_HTML },
        { "", AP_WANTS_AP, AP_WANTS_AP },
        { "*/*", AP_WANTS_AP, AP_WANTS_AP },
        { "*/*", AP_WANTS_HTML, AP_WANTS_HTML },
        { "application/activity+json", AP_WANTS_HTML, AP_WANTS_AP },
        { "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\", application/activity+json",
            AP_WANTS_HTML, AP_WANTS_AP },
        { "application/ld+json", AP_WANTS_HTML, AP_WANTS_AP },
        { "application/json", AP_WANTS_HTML, AP_WANTS_AP },
        { "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", AP_WANTS_AP, AP_WANTS_HTML },
        { "text/html;q=0.1, application/activity+json", AP_WANTS_HTML, AP_WANTS_AP },
        { "text/html, application/activity+json;q=0.9", AP_WANTS_AP, AP_WANTS_HTML },
        { "application/activity+json;q=0, text/html", AP_WANTS_AP, AP_WANTS_HTML },
        { "APPLICATION/ACTIVITY+JSON", AP_WANTS_HTML, AP_WANTS_AP },
        { "application/activity+json, */*;q=0.1", AP_WANTS_HTML, AP_WANTS_AP },
        { ";;;,,q=", AP_WANTS_HTML, AP_WANTS_HTML },
        { "image/png", AP_WANTS_AP, AP_WANTS_AP },
    };

    for (size_t i = 0; i < lengthof(rows); i++)
        if (ap_accept(str_z(rows[i].accept), rows[i].otherwise) != rows[i].want)
            fail_msg("%s", rows[i].accept);
}

UNIT(followers_digest_fep_8fcf)
{
    const struct val *f = val_get(vectors("vectors/signatures.json"), S("followers_digest")),
                     *ids = val_get(f, S("ids"));
    struct sha256 sum = { 0 };
    struct ap_sync s;
    struct str header;

    for (size_t i = 0; i < ids->n; i++)
        ap_sync_add(&sum, val_str(&ids->v[i]));
    assert_true(str_eq(sha256_str(&sum), unhex(member(f, "digest"))));
    header = ap_sync_header(unit_mem(), S("https://a.example/f"), S("https://a.example/s"), &sum);
    assert_true(ap_sync_parse(unit_mem(), header, &s));
    assert_str(s.collection, "https://a.example/f");
    assert_str(s.url, "https://a.example/s");
    assert_true(ap_sync_eq(&s, &sum));
    ap_sync_add(&sum, val_str(&ids->v[0]));
    assert_false(ap_sync_eq(&s, &sum));
    assert_false(ap_sync_parse(unit_mem(), S("collectionId=\"x\""), &s));
    assert_false(ap_sync_parse(unit_mem(), S("collectionId=x, digest=\"\", url=\"y\""), &s));
    assert_true(ap_sync_is_of(S("https://b.example/u/1"), S("https://b.example")));
    assert_false(ap_sync_is_of(S("https://b.example.evil/u/1"), S("https://b.example")));
}
