/* Pages without a server: texts, what may load, and that every template renders. */
#include "web/internal.h"

#include "http/fake_test.h"

static struct emoji_refs
emojis(void)
{
    static struct emoji_ref v[] = {
        { .shortcode = { "leaf", 4 }, .file = { "e/leaf.png", 10 } },
        { .shortcode = { "far", 3 }, .remote_url = { "https://b.example/far.png", 25 } },
        { .shortcode = { "moves", 5 }, .file = { "e/m.gif", 7 }, .file_static = { "e/m.png", 7 } },
    };

    return (struct emoji_refs){ v, lengthof(v) };
}

#define IMG(file, code)                                                                                                \
    "<img class=\"emoji\" draggable=\"false\" width=\"20\" height=\"20\" src=\"https://social.example/media/" file     \
    "\" alt=\":" code ":\" title=\":" code ":\">"

UNIT(web_emoji_stand_in_text_only)
{
    static const struct {
        const char *html, *want;
    } cases[] = {
        { "", "" },
        { "no emoji", "no emoji" },
        { "<p>a :leaf: b</p>", "<p>a " IMG("e/leaf.png", "leaf") " b</p>" },
        { ":leaf::leaf:", IMG("e/leaf.png", "leaf") IMG("e/leaf.png", "leaf") },
        { "::leaf:", ":" IMG("e/leaf.png", "leaf") },
        { ":leaf", ":leaf" },
        { ":", ":" },
        { "::", "::" },
        { ":leafy: :Leaf:", ":leafy: :Leaf:" },
        { "<a href=\"https://a.example/:leaf:\" title=\":leaf:\">x</a>",
            "<a href=\"https://a.example/:leaf:\" title=\":leaf:\">x</a>" },
        { ":far:", ":far:" }, /* not fetched: would load from elsewhere */
        { ":moves:", IMG("e/m.png", "moves") },
    };
    struct emoji_refs list = emojis();
    struct fake *f = fake_new(NULL);

    for (size_t i = 0; i < lengthof(cases); i++)
        assert_str(web_emojify(&f->c, str_z(cases[i].html), &list), cases[i].want);
}

UNIT(web_dates_speak_the_language)
{
    static const int64_t ms = 1782259389000; /* 2026-06-24T00:03:09Z */
    static const struct {
        const char *locale, *day, *time;
    } cases[] = {
        { "en", "June 24, 2026", "June 24, 2026 at 00:03 UTC" },
        { "de", "24. Juni 2026", "24. Juni 2026 um 00:03 UTC" },
        { "fr", "24 juin 2026", "24 juin 2026 à 00:03 UTC" },
    };
    struct fake *f = fake_new(NULL);

    for (size_t i = 0; i < lengthof(cases); i++) {
        f->c.locale = str_z(cases[i].locale);
        assert_str(web_date(&f->c, ms), cases[i].day);
        assert_str(web_date_time(&f->c, ms), cases[i].time);
    }
    f->c.locale = S("en");
    assert_str(web_date(&f->c, 0), "January 1, 1970");
}

UNIT(web_excerpt_cuts_between_graphemes)
{
    struct fake *f = fake_new(NULL);

    assert_str(web_excerpt(&f->c, S("one\n\ntwo"), 20), "one  two");
    assert_str(web_excerpt(&f->c, S("abcdef"), 6), "abcdef");
    assert_str(web_excerpt(&f->c, S("abc def"), 4), "abc…");
    assert_str(
        web_excerpt(&f->c, S("👩‍👩‍👧👩‍👩‍👧x"), 2), "👩‍👩‍👧👩‍👩‍👧…");
    assert_str(web_excerpt(&f->c, S(""), 4), "");
}

UNIT(web_name_of_an_account_is_never_empty)
{
    struct account a = { .username = S("ines"), .display_name = S(" \xe2\x80\x8b ") };

    assert_str(web_name(&a), "ines");
    a.display_name = S("Inês");
    assert_str(web_name(&a), "Inês");
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

static struct str
body(struct fake *f)
{
    return buf_str(&f->r.res.body);
}

static bool
has(struct str page, const char *what)
{
    return str_find(page, str_z(what)) >= 0;
}

static struct account
stranger(void)
{
    static struct account_field fields[] = { { .name = { "<i>", 3 }, .value = { "v", 1 }, .verified_ms = 1 } };

    return (struct account){ .id = 7,
        .username = S("tom"),
        .domain = S("b.example"),
        .uri = S("https://b.example/u/tom"),
        .url = S("https://b.example/@tom"),
        .display_name = S("Tom <script>"),
        .avatar_remote = S("https://b.example/avatar.png"),
        .header_remote = S("https://b.example/header.png"),
        .fields = fields,
        .n_fields = 1,
        .emojis = emojis() };
}

static struct status
post_of(struct account *a)
{
    static struct media_row media[] = {
        { .id = 1, .kind = MEDIA_IMAGE, .state = MEDIA_REMOTE, .remote_url = { "https://b.example/1.png", 23 } },
        { .id = 2, .kind = MEDIA_VIDEO, .state = MEDIA_REMOTE, .remote_url = { "javascript:alert(1)", 19 } },
        { .id = 3,
            .kind = MEDIA_IMAGE,
            .state = MEDIA_READY,
            .file = { "m/3.webp", 8 },
            .description = { "\"><x", 4 } },
        { .id = 4, .kind = MEDIA_AUDIO, .state = MEDIA_READY, .file = { "m/4.mp3", 7 } },
    };

    return (struct status){ .id = 9,
        .uri = S("https://b.example/n/9"),
        .url = S("https://b.example/@tom/9"),
        .account_id = 7,
        .account = a,
        .visibility = VIS_PUBLIC,
        .content = S("<p>text :leaf: :far:</p>"),
        .media = media,
        .n_media = lengthof(media),
        .emojis = emojis() };
}

/* Every src, poster and stylesheet of the page is ours. */
static void
assert_loads_only_ours(struct str page)
{
    static const char *const attributes[] = { " src=\"", " poster=\"" };

    for (size_t i = 0; i < lengthof(attributes); i++) {
        struct str rest = page, mark = str_z(attributes[i]);
        ptrdiff_t at;

        while ((at = str_find(rest, mark)) >= 0) {
            rest = str_sub(rest, (size_t)at + mark.n, rest.n);
            assert_true(str_starts(rest, S("/static/")) || str_starts(rest, S("https://social.example/")));
        }
    }
}

/* None but ours in <head>, which is not there when the client was not built. */
static void
assert_own_script(struct str page)
{
    int64_t at = str_find(page, S("<script"));

    if (at < 0)
        return;
    page = str_sub(page, (size_t)at, page.n);
    assert_true(str_starts(page, S("<script type=\"module\" src=\"/static/client/boot-")));
    assert_true(str_find(str_sub(page, 1, page.n), S("<script")) < 0);
}

UNIT(web_post_of_a_stranger_loads_nothing_from_there)
{
    struct account a = stranger();
    struct status s = post_of(&a);
    struct fake *f = fake_new(NULL);
    struct web_page w;

    web_templates_load();
    f->c.locale = S("en");
    web_begin(&f->c, &f->r, &(struct web_head){ .title = S("x") }, &w);
    web_put_posts(&w, "posts", &(struct statuses){ (struct status *[]){ &s }, 1 }, &(struct web_post_options){ 0 });
    json_str(&w.j, "author_name", web_name(&a));
    assert_int_equal(web_end(&w, 200, S("post.html")), ERR_OK);
    assert_loads_only_ours(body(f));
    assert_true(has(body(f), "https://social.example/media_proxy/avatar/"));
    assert_true(has(body(f), "href=\"https://b.example/1.png\" rel=\"nofollow noopener noreferrer\""));
    assert_true(has(body(f), "alt=\"&quot;&gt;&lt;x\""));
    assert_true(has(body(f), "<audio "));
    assert_true(has(body(f), IMG("e/leaf.png", "leaf") " :far:"));
    assert_false(has(body(f), "javascript:"));
    assert_own_script(body(f));
}

UNIT(web_profile_fields_and_emoji_are_escaped)
{
    struct account a = stranger();
    struct fake *f = fake_new(NULL);
    struct web_page w;

    web_templates_load();
    f->c.locale = S("de");
    a.display_name = S(":leaf: <b>");
    web_begin(&f->c, &f->r, &(struct web_head){ .title = S("x") }, &w);
    web_put_account(&w, &a);
    assert_int_equal(web_end(&w, 200, S("profile.html")), ERR_OK);
    assert_loads_only_ours(body(f));
    assert_true(has(body(f), IMG("e/leaf.png", "leaf") " &lt;b&gt;"));
    assert_true(has(body(f), ">&lt;i&gt;</dt>"));
    assert_true(has(body(f), "bestätigt"));
}

UNIT(web_feed_holds_only_what_xml_may)
{
    struct account a = stranger();
    struct status s = post_of(&a);
    struct fake *f = fake_new(NULL);
    struct web_page w;

    web_templates_load();
    f->c.locale = S("en");
    s.spoiler_text = S("a\x01\x1b\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\tb]]>");
    web_begin(&f->c, &f->r, &(struct web_head){ .title = S("x") }, &w);
    web_put_posts(&w, "posts", &(struct statuses){ (struct status *[]){ &s }, 1 }, &(struct web_post_options){ 0 });
    assert_int_equal(web_end_feed(&w, S("feed.atom.xml"), S("application/atom+xml")), ERR_OK);
    assert_true(has(body(f), "&lt;strong&gt;a\xef\xbf\xbd\tb]]&amp;gt;"));
    for (size_t i = 0; i < body(f).n; i++)
        assert_true((unsigned char)body(f).p[i] >= ' ' || body(f).p[i] == '\n' || body(f).p[i] == '\t');
    assert_true(has(body(f), "<link rel=\"enclosure\" href=\"https://b.example/1.png\"/>"));
}

UNIT(web_every_error_has_its_page)
{
    web_templates_load();
    for (int e = ERR_OK + 1; e < ERR_COUNT; e++) {
        struct fake *f = fake_new(NULL);

        fake_header(f, "Accept-Language", "fr");
        web_on_error(&f->c, &f->r, (enum err)e);
        assert_int_equal(f->r.res.status, err_status((enum err)e));
        assert_str(f->r.res.content_type, "text/html; charset=utf-8");
        assert_true(has(body(f), "<html lang=\"fr\""));
        assert_true(has(body(f), "noindex"));
        assert_false(has(body(f), "Something went wrong")); /* French has all of them */
    }
}

UNIT(web_error_of_a_program_is_json)
{
    struct fake *f = fake_new(NULL);

    web_templates_load();
    fake_header(f, "Accept", "application/activity+json");
    web_on_error(&f->c, &f->r, ERR_NOT_FOUND);
    assert_str(f->r.res.content_type, "application/json; charset=utf-8");
    assert_str(body(f), "{\"error\":\"Record not found\"}");
}

UNIT(web_elsewhere_shows_web_addresses_only)
{
    struct fake *f = fake_new(NULL);

    web_templates_load();
    f->c.locale = S("en");
    assert_int_equal(web_answer_elsewhere(&f->c, &f->r, S("https://b.example/@tom?\"'"), S("tom@b.example")), ERR_OK);
    assert_true(has(body(f), "href=\"https://b.example/@tom?&quot;&#39;\""));
    assert_int_equal(web_answer_elsewhere(&f->c, &f->r, S("javascript:alert(1)"), S("tom@b.example")), ERR_NOT_FOUND);
}
