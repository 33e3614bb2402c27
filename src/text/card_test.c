#include "text/card.h"

#include "unit.h"

UNIT(pages_tell_about_themselves)
{
    struct text_page p;

    text_page_read(unit_mem(),
        S("<!doctype html><html lang=de><head><title>plain &amp; simple</title>"
          "<meta property='og:title' content='Low &quot;water&quot;'><meta name=description content=' d '>"
          "<meta property=og:image content=/a.png><meta property='og:image:alt' content='a dry bed'>"
          "<meta name='fediverse:creator' content='@ines@social.example'><link rel=canonical href=https://a.test/x>"
          "<meta name=twitter:player content=https://a.test/p><meta name=twitter:player:width content=640>"
          "<meta name=twitter:player:height content=99999999>"
          "<link rel=alternate type=application/json+oembed href='/o?a=1&amp;b=2'>"
          "<script>document.write('<meta property=og:site_name content=no>')</script>"
          "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebSite\","
          "\"name\":\"no\"},{\"@type\":[\"NewsArticle\"],\"headline\":\"other\",\"datePublished\":\"2026-07-07T12:00:"
          "00Z\","
          "\"author\":[{\"name\":\"Ines\",\"url\":\"https://a.test/ines\"}],\"publisher\":{\"name\":\"The River\"}}]}"
          "</script></head>"),
        &p);
    assert_str(p.title, "Low \"water\"");
    assert_str(p.description, "d");
    assert_str(p.image, "/a.png");
    assert_str(p.image_text, "a dry bed");
    assert_str(p.creator, "@ines@social.example");
    assert_str(p.canonical, "https://a.test/x");
    assert_str(p.oembed, "/o?a=1&b=2");
    assert_str(p.language, "de");
    assert_str(p.author, "Ines");
    assert_str(p.author_url, "https://a.test/ines");
    assert_str(p.site, "The River");
    assert_str(p.published, "2026-07-07T12:00:00Z");
    assert_int_equal(p.player_width, 640);
    assert_int_equal(p.player_height, 0);
    text_page_read(unit_mem(), S("<p>nothing"), &p);
    assert_int_equal(p.title.n + p.image.n + p.oembed.n, 0);
}

UNIT(pages_of_other_encodings_become_utf8)
{
    static const struct {
        const char *page, *type, *text;
    } cases[] = {
        { "caf\xe9", "text/html; charset=ISO-8859-1", "café" },
        { "caf\xe9", "text/html", "caf\xef\xbf\xbd" },
        { "caf\xc3\xa9", "text/html; charset=\"utf-8\"", "café" },
        { "<meta charset=windows-1251>\xcf\xf0", "text/html", "<meta charset=windows-1251>Пр" },
        { "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xf0", "text/html",
            "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>П" },
        { "\x93\xfa\x96{", "text/html; charset=Shift_JIS", "日本" },
        { "\xef\xbb\xbf<p>", "text/html; charset=koi8-r", "<p>" },
        { "x", "text/html; charset=UTF-7", "x" },
        { "\x93", "text/html; charset=shift_jis", "\xef\xbf\xbd" },
    };

    for (size_t i = 0; i < lengthof(cases); i++)
        assert_str(text_page_utf8(unit_mem(), str_z(cases[i].page), str_z(cases[i].type)), cases[i].text);
}

UNIT(oembed_gives_one_frame)
{
    struct text_oembed o;

    assert_true(text_oembed_read(unit_mem(),
        S("{\"type\":\"video\",\"version\":\"1.0\",\"title\":\"a &amp; "
          "b\",\"width\":\"480\",\"height\":\"100%\",\"html\":"
          "\"<script>x()</script><iframe src='https://p.a.test/1?a=1&amp;b'></iframe><iframe "
          "src=https://evil.test>\"}"),
        &o));
    assert_int_equal(o.type, OEMBED_VIDEO);
    assert_str(o.title, "a & b");
    assert_str(o.frame, "https://p.a.test/1?a=1&b");
    assert_int_equal(o.width, 480);
    assert_int_equal(o.height, 0);
    assert_true(
        text_oembed_read(unit_mem(), S("{\"type\":\"photo\",\"url\":\"https://a.test/1.jpg\",\"width\":5}"), &o));
    assert_str(o.url, "https://a.test/1.jpg");
    assert_false(text_oembed_read(unit_mem(), S("{\"type\":\"page\"}"), &o));
    assert_false(text_oembed_read(unit_mem(), S("[]"), &o));
    assert_false(text_oembed_read(unit_mem(), S("<html>"), &o));
}

UNIT(links_of_a_post_are_not_its_mentions)
{
    struct strs v = text_html_links(unit_mem(),
        S("<p><span class=\"h-card\"><a href=\"https://a.test/@x\" class=\"u-url mention\">@x</a></span> "
          "<a href=\"https://a.test/tags/t\" rel=\"tag nofollow\">#t</a> <a href=\"https://b.test/?a=1&amp;b=2\">b</a> "
          "<a class=\"hashtag\" href=\"https://a.test/tags/u\">#u</a><a href=\"https://c.test/\">c</a></p>"));

    assert_int_equal(v.n, 2);
    assert_str(v.v[0], "https://b.test/?a=1&b=2");
    assert_str(v.v[1], "https://c.test/");
}
