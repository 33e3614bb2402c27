#include "ap/read.h"

#include "ap/read_activity.h"
#include "ap/read_actor.h"
#include "ap/read_note.h"
#include "base/json.h"
#include "base/url.h"
#include "unit.h"

static const int64_t now_ms = INT64_C(1783425600000);

static const struct val *
json(const char *text)
{
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), str_z(text), NULL, &v), ERR_OK);
    return v;
}

UNIT(documents_that_are_refused)
{
#define AS_ "\"@context\":\"https://www.w3.org/ns/activitystreams\""
    static const struct {
        const char *text;
        enum err want;
    } rows[] = {
        { "{" AS_ ",\"id\":\"x\"}", ERR_OK },
        { "{\"@context\":[\"x\",\"http://www.w3.org/ns/activitystreams\"]}", ERR_OK },
        { "{\"@context\":{\"@vocab\":\"x\"},\"id\":\"x\"}", ERR_BAD_REQUEST },
        { "{\"id\":\"x\"}", ERR_BAD_REQUEST },
        { "{\"context\":\"https://www.w3.org/ns/activitystreams\"}", ERR_BAD_REQUEST },
        { "[{" AS_ "}]", ERR_BAD_REQUEST },
        { "{" AS_ ",\"id\":\"x\",\"id\":\"y\"}", ERR_BAD_REQUEST },
        { "{" AS_ ",\"id\":\"x\",\"@id\":\"y\"}", ERR_BAD_REQUEST },
        { "{" AS_ ",\"object\":{\"type\":\"a\",\"@type\":\"b\"}}", ERR_BAD_REQUEST },
        { "{" AS_ ",\"object\":[{\"@graph\":[]}]}", ERR_BAD_REQUEST },
        { "{" AS_ ",\"@included\":[]}", ERR_BAD_REQUEST },
        { "{" AS_ ",\"a\":{\"b\":{\"@reverse\":{}}}}", ERR_BAD_REQUEST },
        { "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"actor\":\"https://evil.test/#x\"}]}",
            ERR_BAD_REQUEST },
        { "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"actor\":{\"@id\":\"as:object\"}}]}",
            ERR_BAD_REQUEST },
        { "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"as\":\"https://evil.test/\"}]}",
            ERR_BAD_REQUEST },
        { "{\"@context\":[\"https://www.w3.org/ns/"
          "activitystreams\",{\"actor\":{\"@id\":\"as:actor\",\"@type\":\"@id\"}}]}",
            ERR_OK },
        { "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"x\":{\"@id\":\"y\",\"@container\":\"@list\"}}]}",
            ERR_OK },
        { "{" AS_ ",\"object\":{\"@context\":{\"to\":\"https://evil.test/\"}}}", ERR_BAD_REQUEST },
        { "{" AS_ ",", ERR_BAD_REQUEST },
        { "", ERR_BAD_REQUEST },
    };
#undef AS_
    const struct val *doc;
    const char *why;
    struct buf big;

    for (size_t i = 0; i < lengthof(rows); i++)
        if (ap_doc_parse(unit_mem(), str_z(rows[i].text), AP_DOC_OBJECT, &doc, &why) != rows[i].want)
            fail_msg("%s: %s", rows[i].text, why);
    buf_init(&big, unit_mem(), 2 * AP_BODY_BYTES_MAX);
    while (big.n <= AP_BODY_BYTES_MAX)
        buf_putz(&big, "                                                                ");
    assert_int_equal(ap_doc_parse(unit_mem(), buf_str(&big), AP_DOC_ANY, &doc, &why), ERR_TOO_LARGE);
}

UNIT(references_in_every_shape)
{
    assert_str(ap_as_id(json("\"https://a.example/1\"")), "https://a.example/1");
    assert_str(ap_as_id(json("{\"id\":\"x\"}")), "x");
    assert_str(ap_as_id(json("{\"@id\":\"x\"}")), "x");
    assert_str(ap_as_id(json("{\"type\":\"Link\",\"href\":\"x\"}")), "x");
    assert_str(ap_as_id(json("[{\"id\":\"x\"},\"y\"]")), "x");
    assert_null(ap_as_id(json("null")).p);
    assert_null(ap_as_id(json("[]")).p);
    assert_null(ap_as_id(json("7")).p);
    assert_null(ap_as_id(json("\"\"")).p);
    assert_int_equal(ap_as_ids(unit_mem(), json("[\"a\",{\"id\":\"b\"},null,\"a\",7]"), 10).n, 2);
    assert_int_equal(ap_as_ids(unit_mem(), json("\"a\""), 10).n, 1);
    assert_int_equal(ap_as_ids(unit_mem(), json("[\"a\",\"b\",\"c\"]"), 2).n, 2);
}

/* What is read is stored: nothing may be longer than a URL is. */
UNIT(references_are_no_longer_than_a_url)
{
    char *p = arena_alloc(unit_mem(), URL_BYTES_MAX + 1, 1);
    struct ap_note_hints hints = { .now_ms = now_ms };
    struct str fits, longer;
    struct ap_actor actor;
    struct ap_note note;
    const char *why;

    memset(p, 'a', URL_BYTES_MAX + 1);
    memcpy(p, "https://a.test/", 15);
    fits = (struct str){ p, URL_BYTES_MAX };
    longer = (struct str){ p, URL_BYTES_MAX + 1 };
    for (int i = 0; i < 2; i++) {
        struct str uri = i == 0 ? fits : longer;
        const char *text = str_fmt(unit_mem(),
            "{\"id\":\"https://a.test/1\",\"type\":\"Note\",\"attributedTo\":\"https://a.test/"
            "a\",\"inReplyTo\":\"%.*s\","
            "\"context\":{\"id\":\"%.*s\"},\"conversation\":\"%.*s\",\"atomUri\":\"%.*s\",\"quote\":\"%.*s\","
            "\"quoteAuthorization\":\"%.*s\",\"replies\":\"%.*s\",\"to\":[\"%.*s\"],\"url\":\"%.*s\",\"tag\":["
            "{\"type\":\"Mention\",\"href\":\"%.*s\"},{\"type\":\"Emoji\",\"id\":\"%.*s\",\"name\":\":x:\","
            "\"icon\":\"https://a.test/x.png\"}]}%c",
            STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri),
            STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), '\0')
                               .p;
        struct str read[9];

        assert_int_equal(ap_note_read(unit_mem(), json(text), &hints, &note, &why), ERR_OK);
        memcpy(read,
            (struct str[9]){ note.in_reply_to, note.context, note.conversation, note.atom_uri, note.quote,
                note.quote_authorization, note.replies, note.to.n > 0 ? note.to.v[0] : STR_NONE, note.emojis[0].id },
            sizeof(read));
        for (size_t k = 0; k < lengthof(read); k++)
            assert_true(i == 0 ? str_eq(read[k], uri) : read[k].n == 0);
        assert_int_equal(note.n_mentions, i == 0);
        assert_true(note.url.n <= URL_BYTES_MAX);

        text = str_fmt(unit_mem(),
            "{\"id\":\"https://a.test/1\",\"type\":\"Person\",\"inbox\":\"https://a.test/in\",\"outbox\":\"%.*s\","
            "\"followers\":\"%.*s\",\"featured\":\"%.*s\",\"movedTo\":\"%.*s\",\"alsoKnownAs\":[\"%.*s\"]}%c",
            STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), STR_ARG(uri), '\0')
                   .p;
        assert_int_equal(ap_actor_read(unit_mem(), json(text), now_ms, &actor, &why), ERR_OK);
        assert_int_equal(actor.outbox.n, i == 0 ? URL_BYTES_MAX : 0);
        assert_int_equal(actor.followers.n, i == 0 ? URL_BYTES_MAX : 0);
        assert_int_equal(actor.featured.n, i == 0 ? URL_BYTES_MAX : 0);
        assert_int_equal(actor.moved_to.n, i == 0 ? URL_BYTES_MAX : 0);
        assert_int_equal(actor.also_known_as.n, i == 0);
    }
}

UNIT(types_in_every_shape)
{
    assert_int_equal(ap_type_of(json("{\"type\":\"Note\"}")), AP_NOTE);
    assert_int_equal(ap_type_of(json("{\"type\":\"as:Note\"}")), AP_NOTE);
    assert_int_equal(ap_type_of(json("{\"@type\":\"https://www.w3.org/ns/activitystreams#Note\"}")), AP_NOTE);
    assert_int_equal(ap_type_of(json("{\"type\":[\"schema:Thing\",\"Person\"]}")), AP_PERSON);
    assert_int_equal(ap_type_of(json("{\"type\":\"note\"}")), AP_UNKNOWN);
    assert_int_equal(ap_type_of(json("{\"type\":{\"id\":\"Note\"}}")), AP_UNKNOWN);
    assert_true(ap_has_type(json("{\"type\":[\"Person\",\"Service\"]}"), AP_SERVICE));
}

UNIT(texts_and_their_languages)
{
    static const struct {
        const char *json, *text, *lang;
    } rows[] = { { "{\"c\":\"x\"}", "x", "" },
        { "{\"c\":\"x\",\"cMap\":{\"en\":\"y\",\"zh-cn\":\"x\"}}", "x", "zh-CN" },
        { "{\"cMap\":{\"de\":\"x\"}}", "x", "de" }, { "{\"c\":null,\"cMap\":{\"de\":\"x\",\"en\":\"y\"}}", "x", "de" },
        { "{\"c\":\"x\",\"cMap\":{\"fr\":\"other\"}}", "x", "fr" },
        { "{\"c\":{\"@value\":\"x\",\"@language\":\"PT-br\"}}", "x", "pt-BR" }, { "{\"c\":[\"x\",\"y\"]}", "x", "" },
        { "{\"c\":7}", "", "" }, { "{\"c\":\"x\",\"cMap\":{\"und\":\"x\"}}", "x", "" },
        { "{\"c\":\"x\",\"cMap\":{\"sr-latn-RS\":\"x\"}}", "x", "sr-Latn-RS" },
        { "{\"c\":\"a\\u0000b\"}",
            "a\xef\xbf\xbd"
            "b",
            "" } };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct ap_text t = ap_as_text(unit_mem(), json(rows[i].json), S("c"));

        assert_str(t.text, rows[i].text);
        assert_str(t.lang, rows[i].lang);
    }
}

UNIT(numbers_times_and_durations)
{
    assert_int_equal(ap_as_number(json("12")), 12);
    assert_int_equal(ap_as_number(json("12.7")), 12);
    assert_int_equal(ap_as_number(json("\"12\"")), 12);
    assert_int_equal(ap_as_number(json("-5")), 0);
    assert_int_equal(ap_as_number(json("1e999")), -1);
    assert_int_equal(ap_as_number(json("1e18")), INT64_C(9007199254740992));
    assert_int_equal(ap_as_number(json("\"NaN\"")), -1);
    assert_int_equal(ap_as_number(json("\"0x10\"")), -1);
    assert_int_equal(ap_as_number(json("null")), -1);
    assert_int_equal(ap_as_time(json("\"2026-07-07T12:00:00Z\""), now_ms, 0), now_ms);
    assert_int_equal(ap_as_time(json("\"2026-07-07t14:00:00.123456+02:00\""), now_ms, 0), now_ms + 123);
    assert_int_equal(ap_as_time(json("\"2036-07-07T12:00:00Z\""), now_ms, 0), now_ms);
    assert_int_equal(ap_as_time(json("\"yesterday\""), now_ms, 7), 7);
    assert_int_equal(ap_as_duration_ms(json("\"PT1145S\"")), 1145000);
    assert_int_equal(ap_as_duration_ms(json("\"PT1H2M3.5S\"")), 3723500);
    assert_int_equal(ap_as_duration_ms(json("\"P1DT1S\"")), 86401000);
    assert_int_equal(ap_as_duration_ms(json("\"1145\"")), -1);
    assert_int_equal(ap_as_duration_ms(json("3")), 3000);
    assert_true(ap_as_bool(json("\"true\"")) && ap_as_bool(json("true")) && !ap_as_bool(json("\"false\"")) &&
                !ap_as_bool(json("null")));
}

UNIT(urls_and_images)
{
    struct ap_image img;

    assert_str(ap_as_url(unit_mem(), json("\" https://A.example/x?a=1&#038;b=2&amp;c=3 \"")),
        "https://a.example/x?a=1&b=2&c=3");
    assert_null(ap_as_url(unit_mem(), json("\"javascript:alert(1)\"")).p);
    assert_null(ap_as_url(unit_mem(), json("\"data:image/png;base64,AA\"")).p);
    img =
        ap_as_image(unit_mem(), json("[{\"type\":\"Image\",\"url\":\"https://a.example/"
                                     "s\",\"width\":40},{\"type\":\"Image\",\"mediaType\":\"image/webp\","
                                     "\"url\":[{\"href\":\"https://a.example/l\"}],\"width\":400,\"summary\":\"alt\"},"
                                     "{\"mediaType\":\"video/mp4\",\"url\":\"https://a.example/v\",\"width\":4000}]"));
    assert_str(img.url, "https://a.example/l");
    assert_str(img.alt, "alt");
    assert_str(ap_as_image(unit_mem(), json("\"https://a.example/i.png\"")).url, "https://a.example/i.png");
    assert_str(ap_page_url(unit_mem(),
                   json("[{\"type\":\"Link\",\"mediaType\":\"text/markdown\",\"href\":\"https://a.example/m\"},"
                        "[{\"type\":\"Link\",\"mediaType\":\"text/html\",\"href\":\"https://a.example/h\"}]]"),
                   S("https://a.example/id")),
        "https://a.example/h");
    assert_str(
        ap_page_url(unit_mem(), json("\"https://evil.test/h\""), S("https://a.example/id")), "https://a.example/id");
}

UNIT(visibility_is_never_wider_than_told)
{
    struct str author = S("https://b.example/u/1");
    struct str pub[] = { S("as:Public") }, fol[] = { S("https://b.example/u/1/followers") };
    struct str other[] = { S("https://c.example/u/9/followers"), S("https://c.example/u/9") };
    struct str similar[] = { S("https://b.example/u/12/followers") };
    struct strs none = { 0 };

#define VIS(to, cc, dm, untagged) ap_visibility_of((to), (cc), author, STR_NONE, (dm), (untagged))
    assert_int_equal(VIS(((struct strs){ pub, 1 }), none, -1, false), VIS_PUBLIC);
    assert_int_equal(VIS(none, ((struct strs){ pub, 1 }), -1, false), VIS_UNLISTED);
    assert_int_equal(VIS(((struct strs){ fol, 1 }), none, -1, false), VIS_PRIVATE);
    assert_int_equal(VIS(none, ((struct strs){ fol, 1 }), -1, false), VIS_PRIVATE);
    assert_int_equal(VIS(((struct strs){ other, 2 }), none, -1, false), VIS_DIRECT); /* followers of somebody else */
    assert_int_equal(VIS(((struct strs){ other, 2 }), none, 0, false), VIS_LIMITED);
    assert_int_equal(VIS(((struct strs){ other, 2 }), none, -1, true), VIS_LIMITED);
    assert_int_equal(VIS(((struct strs){ other, 2 }), none, 1, true), VIS_DIRECT);
    assert_int_equal(VIS(((struct strs){ similar, 1 }), none, -1, false), VIS_DIRECT);
    assert_int_equal(VIS(none, none, -1, false), VIS_DIRECT);
#undef VIS
    assert_int_equal(
        ap_visibility_of((struct strs){ fol, 1 }, none, author, S("https://b.example/f"), -1, false), VIS_DIRECT);
}

UNIT(activities_that_are_refused)
{
    static const char *const bad[] = { "{\"actor\":\"https://a.example\"}", "{\"type\":\"Like\"}",
        "{\"type\":\"Like\",\"actor\":[\"https://a.example\",\"https://b.example\"]}",
        "{\"type\":\"Like\",\"actor\":7}" };
    struct ap_activity x;
    const char *why;

    for (size_t i = 0; i < lengthof(bad); i++)
        assert_int_equal(ap_activity_read(unit_mem(), json(bad[i]), now_ms, &x, &why), ERR_INVALID);
    assert_int_equal(ap_activity_read(unit_mem(), json("{\"type\":\"Frobnicate\",\"actor\":\"https://a.example\"}"),
                         now_ms, &x, &why),
        ERR_OK);
    assert_int_equal(x.type, AP_UNKNOWN);
    assert_str(x.type_text, "Frobnicate");
}

UNIT(reactions)
{
    static const struct {
        const char *json, *reaction;
    } rows[] = { { "{\"type\":\"Like\",\"actor\":\"a\",\"object\":\"o\"}", "" },
        { "{\"type\":\"Like\",\"actor\":\"a\",\"content\":\"\xe2\x9d\xa4\xef\xb8\x8f\"}", "" },
        { "{\"type\":\"Like\",\"actor\":\"a\",\"content\":\"\xf0\x9f\x90\xa6\"}", "\xf0\x9f\x90\xa6" },
        { "{\"type\":\"EmojiReaction\",\"actor\":\"a\",\"content\":\"\xe2\x9d\xa4\"}", "\xe2\x9d\xa4" },
        { "{\"type\":\"EmojiReact\",\"actor\":\"a\",\"content\":\":x:\"}", "" }, /* no picture */
        { "{\"type\":\"EmojiReact\",\"actor\":\"a\",\"content\":\":x@c.example:\",\"tag\":{\"type\":\"Emoji\",\"id\":"
          "null,"
          "\"name\":\"x\",\"icon\":{\"url\":\"https://c.example/x.png\"}}}",
            ":x:" },
        { "{\"type\":\"Like\",\"actor\":\"a\",\"_misskey_reaction\":\"\xf0\x9f\x90\xa6\",\"content\":\"no\"}",
            "\xf0\x9f\x90\xa6" } };

    for (size_t i = 0; i < lengthof(rows); i++) {
        struct ap_activity x;
        const char *why;

        assert_int_equal(ap_activity_read(unit_mem(), json(rows[i].json), now_ms, &x, &why), ERR_OK);
        assert_str(x.reaction, rows[i].reaction);
    }
}

UNIT(flags_name_urls_in_their_text_too)
{
    struct ap_activity x;
    const char *why;
    struct strs t;

    assert_int_equal(ap_activity_read(unit_mem(),
                         json("{\"type\":\"Flag\",\"actor\":\"https://m.example/a\",\"object\":\"https://s.example/u\","
                              "\"content\":\"Note: https://s.example/n/1\\nhttps://s.example/u\\nbad\"}"),
                         now_ms, &x, &why),
        ERR_OK);
    t = ap_flag_targets(unit_mem(), &x, 20);
    assert_int_equal(t.n, 2);
    assert_str(t.v[1], "https://s.example/n/1");
    assert_int_equal(ap_flag_targets(unit_mem(), &x, 1).n, 1);
}
