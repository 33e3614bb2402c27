#include "text/html.h"

#include "base/json.h"
#include "text/internal.h"
#include "unit.h"

static void
assert_clean(const char *in, const char *want)
{
    assert_str(text_html_clean(unit_mem(), str_z(in), HTML_POST), want);
}

/* Nothing but the list, balanced, and cleaning again changes nothing. */
static void
check_output(struct str in, enum html_kind kind)
{
    static const char *const tags[] = { "p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong",
        "u", "i", "em", "ul", "ol", "li", "ruby", "rt", "rp" };
    static const char *const attrs[] = { "href", "lang", "class", "translate", "rel", "target", "start", "reversed",
        "value" };
    struct str out = text_html_clean(unit_mem(), in, kind), stack[HTML_DEPTH_MAX], name, value;
    struct html_lexer lex = { .in = out };
    struct html_token t;
    size_t depth = 0;

    while (html_next(&lex, &t)) {
        bool known = false;

        if (t.kind == HTML_TOKEN_TEXT) {
            assert_true(str_chr(t.text, '<') < 0 && str_chr(t.text, '>') < 0);
            continue;
        }
        for (size_t i = 0; i < lengthof(tags); i++)
            known = known || str_eqz(t.name, tags[i]);
        if (!known || kind == HTML_NONE)
            fail_msg("<%.*s> in %.*s", STR_ARG(t.name), STR_ARG(out));
        if (t.kind == HTML_TOKEN_END) {
            if (depth == 0 || !str_eq(stack[--depth], t.name))
                fail_msg("unbalanced: %.*s", STR_ARG(out));
            continue;
        }
        if (!str_eqz(t.name, "br")) {
            assert_true(depth < HTML_DEPTH_MAX);
            stack[depth++] = t.name;
            while (html_attr_next(&t.attrs, &name, &value)) {
                known = false;
                for (size_t i = 0; i < lengthof(attrs); i++)
                    known = known || str_eqz(name, attrs[i]);
                if (!known)
                    fail_msg("attribute %.*s in %.*s", STR_ARG(name), STR_ARG(out));
                if (str_eqz(name, "href"))
                    assert_true(text_href_ok(html_decode(unit_mem(), value, true)));
            }
        }
    }
    assert_int_equal(depth, 0);
    assert_int_equal(lex.at, out.n);
    struct str again = text_html_clean(unit_mem(), out, kind);
    if (!str_eq(again, out))
        fail_msg("not stable:\n%.*s\n%.*s\n%.*s", STR_ARG(in), STR_ARG(out), STR_ARG(again));
}

static void
check_all(struct str in)
{
    check_output(in, HTML_POST);
    check_output(in, HTML_LINE);
    check_output(in, HTML_NONE);
    check_output(in, HTML_OWN);
}

UNIT(mastodon_cases)
{
    const struct val *root, *cases;

    struct str text = unit_shared("corpora/text/mastodon-text-rules.json");
    struct json_limits lim = { .nodes = 100000, .string_bytes = text.n };
    assert_int_equal(json_parse(unit_mem(), text, &lim, &root), ERR_OK);
    cases = val_get(val_get(val_get(root, S("repos")), S("glitch-soc/mastodon")), S("sanitize"));
    assert_int_equal(cases->n, 17);
    for (size_t i = 0; i < cases->n; i++) {
        const struct val *c = val_at(cases, i);
        struct str in = val_str(val_get(c, S("input"))), want = val_str(val_get(c, S("expected")));
        struct str title = val_str(val_get(c, S("title")));

        check_all(in);
        /* The fork keeps headings and abbreviations, and its last case is about its own pages. */
        if (str_eq(title, S("keeps h1")) || str_find(title, S("abbr")) >= 0 || str_find(title, S("is local")) >= 0)
            continue;
        assert_str(text_html_clean(unit_mem(), in, HTML_POST), str_cz(unit_mem(), want));
    }
}

UNIT(allowed_stays)
{
    assert_clean("<p>Hello <b>you</b> &amp; me<br>x</p>", "<p>Hello <b>you</b> &amp; me<br />x</p>");
    assert_clean("<h2 class=x>T</h2>rest", "<p><strong>T</strong></p>rest");
    assert_clean("<p class='quote-inline x h-entry'>q", "<p class=\"quote-inline h-entry\">q</p>");
    assert_clean("<A HREF='https://a.example/?x=1&copy=2&amp;b' CLASS=\"mention status\" onclick=x>a</A>",
        "<a href=\"https://a.example/?x=1&amp;copy=2&amp;b\" class=\"mention\" rel=\"nofollow noopener\" "
        "target=\"_blank\">a</a>");
    assert_clean("<ol start=3 reversed><li value='2'>a<li value=x>b</ol>",
        "<ol start=\"3\" reversed=\"\"><li value=\"2\">a</li><li>b</li></ol>");
    assert_clean("<p lang=\"pt-BR\">x</p><p lang='\"'>y", "<p lang=\"pt-BR\">x</p><p>y</p>");
    assert_clean("<ruby>a<rt>b<rt>c</ruby>", "<ruby>a<rt>b</rt><rt>c</rt></ruby>");
    assert_clean("&eacute;&NotEqualTilde;&notit;&#x80;&#0;&#x110000;&nope;&amp",
        "é≂̸¬it;€\xef\xbf\xbd\xef\xbf\xbd&amp;nope;&amp;");
}

#define LINK "<a href=\"https://evil.example/x\" rel=\"nofollow noopener\" target=\"_blank\">"

UNIT(a_link_cannot_hide_where_it_leads)
{
    static const char *const stay[] = {
        LINK "<span class=\"invisible\">https://</span><span class=\"ellipsis\">evil.example</span>"
             "<span class=\"invisible\">/x</span></a>",
        LINK "to EVIL.example<span class=\"invisible\">, or so</span></a>",
        LINK "<span class=\"invisible\"></span>x</a>",
    };
    static const char *const go[][2] = {
        { LINK "<span class=\"invisible\">https://evil.example</span>bank</a>",
            "<span>https://evil.example</span>bank" },
        { LINK "notevil.example<span class=\"invisible\">x</span></a>", "notevil.example<span>x</span>" },
        { LINK "evil.example.org<span class=\"h-x invisible\">x</span></a>",
            "evil.example.org<span class=\"h-x\">x</span>" },
        { LINK "<span class=\"invisible\">http://<b>evil</b></span></a>", "<span>http://<b>evil</b></span>" },
        { "evil.example " LINK "bank<span class=\"invisible\">x</span></a>", "bank<span>x</span>" },
        { LINK "evil.example</a><span class=\"invisible\">x</span>", "</a><span>x</span>" },
        { "<span class=\"invisible\">words</span>", "<span>words</span>" },
    };

    for (size_t i = 0; i < lengthof(stay); i++)
        assert_clean(stay[i], stay[i]);
    for (size_t i = 0; i < lengthof(go); i++) {
        struct str out = text_html_clean(unit_mem(), str_z(go[i][0]), HTML_POST);

        assert_true(str_find(out, str_z(go[i][1])) >= 0);
    }
}

#define RLO "\xe2\x80\xae"
#define PDF "\xe2\x80\xac"
#define RLI "\xe2\x81\xa7"
#define PDI "\xe2\x81\xa9"

UNIT(what_turns_the_text_ends_with_its_line)
{
    assert_clean("<p>a" RLO "b<p>c", "<p>a" RLO "b" PDF "</p><p>c</p>");
    assert_clean("&#x202e;<b>" RLI "x</b>", RLO "<b>" RLI "x</b>" PDI PDF);
    assert_clean(RLO "a<br>b" PDF PDI, RLO "a" PDF "<br />b");
    struct str many = text_html_clean(unit_mem(),
        str_z(RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO RLO
                RLO RLO RLO RLO RLO RLO RLO RLO),
        HTML_POST);

    assert_int_equal(many.n, 2 * 96);
}

UNIT(structure_is_what_a_browser_builds)
{
    assert_clean("<p>a<p>b", "<p>a</p><p>b</p>");
    assert_clean("<p>a<ul><li>b<li>c</ul>d", "<p>a</p><ul><li>b</li><li>c</li></ul>d");
    assert_clean("<a href=http://x.example>a<a href=http://y.example>b",
        "<a href=\"http://x.example\" rel=\"nofollow noopener\" target=\"_blank\">a</a>"
        "<a href=\"http://y.example\" rel=\"nofollow noopener\" target=\"_blank\">b</a>");
    assert_clean("<b><i>x</b>y</i>", "<b><i>x</i></b>y");
    assert_clean("</p></b>x</ul>", "x");
    assert_clean("<pre>\n\n a\n</pre>", "<pre> a\n</pre>");
    assert_clean("<ul><li>a<ul><li>b</ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>");
    assert_clean("a<div>b</div>c", "a b c");
}

UNIT(scripts_and_foreign_content_vanish)
{
    assert_clean("a<script>alert('</b>')</script>b", "ab");
    assert_clean("a<style><b></style>b<xmp><i>x</xmp><iframe src=x><p>y</iframe>", "ab");
    assert_clean("a<script>b", "a");
    assert_clean("<svg><p>x", "<p>x</p>");
    assert_clean("<math><mi><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "");
    assert_clean("<math display=block><semantics><mi>x</mi><annotation encoding='application/x-tex'>x &lt; 1"
                 "</annotation></semantics></math>",
        "$$x &lt; 1$$");
    assert_clean("<textarea><b>x</textarea>", "&lt;b&gt;x");
    assert_clean("<!--x--><!-->a<!--->b<!-- --!>c<!doctype html><?php ?><![CDATA[x]]>d</ e>f</>g", "abcdfg");
    assert_clean("1 < 2 <3 <", "1 &lt; 2 &lt;3 &lt;");
    assert_clean("<b>x<i", "<b>x</b>");
}

UNIT(schemes_are_listed)
{
    static const char *const bad[] = { "javascript:alert(1)", "JaVa\tScript:x", " javascript:x", "&#106;avascript:x",
        "javascript&colon;x", "data:text/html,x", "vbscript:x", "blob:x", "//x.example", "/x", "x", "", "http:x",
        "https:/x", "\x01https://x", "http\n://x", "file:///x", "mailto:a@b" };

    for (size_t i = 0; i < lengthof(bad); i++)
        assert_str(
            text_html_clean(unit_mem(),
                str_cat(unit_mem(), S("<a href=\""), str_z(bad[i]), S("\">t<b>u</b></a>v"), STR_NONE), HTML_POST),
            "tuv");
}

UNIT(lines_and_names_have_no_blocks)
{
    struct str in = S("<p>a <b>b</b><br>\n c</p><ul><li><a href=gemini://x>d</a></ul>");

    assert_str(text_html_clean(unit_mem(), in, HTML_LINE),
        "a <b>b</b> c <a href=\"gemini://x\" rel=\"nofollow noopener\" target=\"_blank\">d</a>");
    assert_str(text_html_clean(unit_mem(), in, HTML_NONE), "a b c d");
    assert_str(text_html_clean(unit_mem(), S("<script>x</script>Bob & <Eve"), HTML_NONE), "Bob &amp;");
}

UNIT(own_links_keep_their_rel)
{
    assert_str(text_html_clean(unit_mem(),
                   S("<a href=\"https://a.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#x</a>"), HTML_OWN),
        "<a href=\"https://a.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#x</a>");
}

/* Every string under "payload" and its like, by hand: the file is JavaScript. */
UNIT(dompurify_corpus)
{
    struct str s = unit_shared("corpora/html/dompurify/fixtures/expect.mjs"), key = S("\"payload\":");
    size_t seen = 0;
    ptrdiff_t at;

    while ((at = str_find(s, key)) >= 0) {
        const struct val *v;
        size_t i;

        s = str_trim(str_sub(s, (size_t)at + key.n, s.n));
        if (s.p[0] != '"')
            continue;
        for (i = 1; i < s.n && s.p[i] != '"'; i++)
            i += s.p[i] == '\\';
        if (json_parse(unit_mem(), str_sub(s, 0, i + 1), NULL, &v) == ERR_OK) {
            check_all(val_str(v));
            seen++;
        }
        s = str_sub(s, i + 1, s.n);
    }
    assert_true(seen > 100);
}

UNIT(loofah_corpus)
{
    struct str s = unit_shared("corpora/html/loofah/testdata_sanitizer_tests1.dat"), line;
    size_t seen = 0;

    while (str_cut(&s, '\n', &line)) {
        const struct val *v;

        line = str_trim(line);
        if (!str_starts(line, S("\"input\":")))
            continue;
        line = str_trim(str_sub(line, 8, line.n));
        if (str_ends(line, S(",")))
            line.n--;
        if (json_parse(unit_mem(), line, NULL, &v) == ERR_OK) {
            check_all(val_str(v));
            seen++;
        }
    }
    assert_true(seen > 50);
}

UNIT(naughty_strings)
{
    struct str text = unit_shared("corpora/text/blns/blns.json");
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), text, NULL, &v), ERR_OK);
    for (size_t i = 0; i < v->n; i++)
        check_all(val_str(val_at(v, i)));
}

/* Work grows with the input and not faster, whatever the input is: steps, not time. */
UNIT(bombs_are_linear)
{
    static const char *const units[] = { "<b>", "<b></p>", "</b>", "<p><b>", "<li>", "<ul><li>", "<a href=http://x>",
        "<a x>", "<!--", "<!-", "<!", "</", "<", "<script>", "</script", "<script></scrip", "<a ", "x=\"", "<h1>", "&",
        "&a", "&amp", "&#", "&#x41", "<ruby><rt>", "<math>", "<math><p>", "<svg><b>", "<textarea>", "<pre>\n",
        "<span class='", "<table><td>", "<p lang=x a=b", "\xf0", "<b a='", "<x/y/", "<i><u><s><p>", "<a href='",
        "<title><", "<!--->", "--!>", "<math><annotation encoding=x>" };
    char *p = arena_alloc(unit_mem(), 64 * 1024, 1);

    for (size_t i = 0; i < lengthof(units); i++) {
        struct arena_mark m = arena_save(unit_mem());
        size_t n = strlen(units[i]), small = 0, large = 0;

        for (size_t k = 0; k < 64 * 1024; k++)
            p[k] = units[i][k % n];
        struct str half = html_clean_counted(unit_mem(), (struct str){ p, 32 * 1024 }, HTML_POST, &small);
        struct str all = html_clean_counted(unit_mem(), (struct str){ p, 64 * 1024 }, HTML_POST, &large);
        if (large > 80 * 64 * 1024 || large > small * 5 / 2 + 1024)
            fail_msg("%s: %zu steps, then %zu", units[i], small, large);
        assert_true(half.n <= 8 * 32 * 1024 + 256 && all.n <= 8 * 64 * 1024 + 256);
        check_output((struct str){ p, 8 * 1024 }, HTML_POST);
        arena_restore(unit_mem(), m);
    }
}

UNIT(output_is_bounded)
{
    size_t n = 600 * 1024;
    char *p = arena_alloc(unit_mem(), n, 1);

    for (size_t i = 0; i < n; i++)
        p[i] = "<i>&&<b>"[i % 8];
    struct str out = text_html_clean(unit_mem(), (struct str){ p, n }, HTML_POST);
    assert_true(out.n <= HTML_OUT_BYTES_MAX && str_ends(out, S("</i>")));
}

UNIT(plain_is_what_is_read)
{
    assert_str(text_html_to_plain(unit_mem(), S("<p>a  b<br>c</p>\n<p>d &lt; <b>e</b></p><ul><li>f</li><li>g</ul>")),
        "a b\nc\n\nd < e\n\nf\ng");
    assert_str(text_html_to_plain(unit_mem(), S("<script>x</script><pre>a\n  b</pre>")), "a\n  b");
    assert_str(text_html_escape(unit_mem(), S("<a \"b\" & 'c'>")), "&lt;a &quot;b&quot; &amp; &#39;c&#39;&gt;");
}

UNIT(rel_me_is_found)
{
    struct str me = S("https://social.example/@ines");

    assert_true(text_find_rel_me(
        unit_mem(), S("<p><a class=x rel='nofollow ME' href='https://SOCIAL.example/@ines/'>x</a>"), me));
    assert_true(text_find_rel_me(unit_mem(), S("<head><link href=https://social.example/@ines#x rel=me>"), me));
    assert_false(text_find_rel_me(unit_mem(), S("<!--<a rel=me href=https://social.example/@ines>-->"), me));
    assert_false(text_find_rel_me(unit_mem(), S("<script><a rel=me href=https://social.example/@ines></script>"), me));
    assert_false(text_find_rel_me(unit_mem(), S("<a rel=home href=https://social.example/@ines>"), me));
    assert_false(text_find_rel_me(unit_mem(), S("<a rel=me href=https://social.example/@Ines2>"), me));
    assert_false(text_find_rel_me(unit_mem(), S("<a rel=me href=https://social.example.evil/@ines>"), me));
}

UNIT(alternates_and_metas_are_found)
{
    struct str page = S("<html><head><title>A &amp; B\n</title><link rel=alternate type=application/rss+xml href=/feed>"
                        "<link rel='alternate' type=\"application/activity+json\" href='/ap/1?a=1&amp;b=2'>"
                        "<meta property=\"og:title\" content=\"T\"><meta name=Description content=d>"
                        "<meta property=og:title content=second>");
    struct text_metas m = text_find_metas(unit_mem(), page);

    assert_str(text_find_alternate(unit_mem(), page), "/ap/1?a=1&b=2");
    assert_true(text_find_alternate(unit_mem(), S("<p>")).p == NULL);
    assert_str(text_meta(&m, S("title")), "A & B");
    assert_str(text_meta(&m, S("og:title")), "T");
    assert_str(text_meta(&m, S("description")), "d");
    assert_true(text_meta(&m, S("og:image")).p == NULL);
}

UNIT(quote_links_are_put_in_and_taken_out)
{
    static const struct {
        const char *html, *without;
    } cases[] = {
        { "<p>a</p>", "<p>a</p>" },
        { "<p class=\"quote-inline\">RE: <a href=\"https://a.test/1\">x</a></p><p>a</p>", "<p>a</p>" },
        { "<p>a</p><p class=\"h-cite quote-inline\">RE: x</p><p>b</p>", "<p>a</p><p>b</p>" },
        { "<p>a<span class=\"quote-inline\"><br><br>RE: <a href=\"x\"><span class=\"invisible\">y</span></a></span> "
          "b</p>",
            "<p>a b</p>" },
        { "<p class=\"quote-inline-not\">a</p>", "<p class=\"quote-inline-not\">a</p>" },
        { "<p>class=\"quote-inline\"</p>", "<p>class=\"quote-inline\"</p>" },
        { "<p>a</p><p class=\"quote-inline\">never closed", "<p>a</p>" },
        { "<p class=\"quote-inline\">1</p>x<p class=\"quote-inline\">2</p>", "x" },
    };

    for (size_t i = 0; i < lengthof(cases); i++)
        assert_str(text_html_without_quote_link(unit_mem(), str_z(cases[i].html)), cases[i].without);
    assert_str(text_html_quote_link(unit_mem(), S("https://a.test/?a&\"b")),
        "<p class=\"quote-inline\">RE: <a "
        "href=\"https://a.test/?a&amp;&quot;b\">https://a.test/?a&amp;&quot;b</a></p>");
    assert_str(text_html_without_quote_link(unit_mem(), text_html_quote_link(unit_mem(), S("https://a.test/<p>"))), "");
}
